//! Starts a consortium of real `smartlink-node` processes on this machine, for development and tests.
//!
//! Nothing is imitated: every validator is a process of its own with its own folder, keys, ports and
//! log, so it can be killed like one. All of them end with the process that started them, however it
//! ends.

#![deny(missing_docs)]

mod clock;
mod consortium;
mod diagnosis;
mod error;
mod genesis;
mod guest;
mod keystore;
mod network;
mod node;
mod options;
mod spawner;

pub use clock::Clock;
pub use consortium::Consortium;
pub use error::DevnetError;
pub use guest::Guest;
pub use network::{free_port, VISITOR_KEY};
pub use node::Node;
pub use options::{Options, Worker};
pub use spawner::spawn;
