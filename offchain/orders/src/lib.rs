//! Orders that are never lost.
//!
//! One engine for the orders and the drivers of one company in one city. It is event-sourced:
//! [`Engine::apply`] decides what a command leads to, writes it down as events, and changes the state by
//! those events alone, so that the state after a crash is the one before it. [`Store`] keeps the events in
//! RocksDB; [`Orders`] is the service around both, and answers a command only when its events are on disk.
//!
//! ```text
//! command ─▶ engine ─▶ events ─▶ log (one synced write for many commands) ─▶ answer, followers
//!                        └─▶ closed orders, batches of rides for the chain
//! ```
//!
//! Architecture invariant: the engine knows no clock, no disk and no network. Time is part of a
//! command; the same commands at the same times give the same events.

#![deny(missing_docs)]

mod answers;
pub mod batch;
pub mod chain;
pub mod clock;
pub mod command;
pub mod driver;
pub mod engine;
pub mod event;
pub mod grpc;
pub mod order;
pub mod refusal;
pub mod rules;
pub mod service;
pub mod state;
pub mod store;
pub mod timers;
pub mod worker_http;

pub use command::Command;
pub use driver::Driver;
pub use engine::{Answer, Archive, Engine};
pub use event::{DriverEvent, Event, OrderEvent};
pub use order::Order;
pub use refusal::Refusal;
pub use rules::Rules;
pub use service::{Orders, Running};
pub use state::{Action, State};
pub use store::Store;
