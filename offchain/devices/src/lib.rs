//! Listeners for vehicles' terminals, their registry, and the log that is acknowledged.
//!
//! ```text
//!  JT/T 808 ─┐          ┌─ registry: which terminal, of which vehicle
//!  MQTT     ─┼─▶ Gate ──┼─ log: group commit ─▶ receipt ─▶ the protocol's own acknowledgement
//!  HTTP     ─┘    ▲     └─ state: who is connected
//!                 └── commands to the vehicle, durable until they are answered or expire
//! ```
//!
//! A listener asks the [`Gate`] who somebody is ([`Gate::admit`]), gives it what the terminal reports
//! ([`Gate::accept`]), waits for the [`Receipt`], and only then acknowledges. Commands come the other way through an
//! [`Outlet`] ([`Gate::attach`]).
//!
//! Everything that a terminal or an operator was told is on disk: the process may be killed at any time.

#![deny(missing_docs)]

mod bucket;
pub mod clock;
pub mod commands;
pub mod config;
mod door;
pub mod gate;
pub mod grpc;
pub mod http;
pub mod jt808;
pub mod log;
pub mod media;
pub mod mqtt;
pub mod obd;
pub mod quarantine;
pub mod registry;
pub mod service;
pub mod state;
mod store;
mod tally;

pub use commands::{Answer, Command, CommandId, Commands, Issued, Outcome};
pub use config::DevicesConfig;
pub use gate::{
    Admission, Closing, Credential, Event, Gate, NotAccepted, Outlet, Peer, Receipt, Refusal,
};
pub use log::{Log, LogError};
pub use registry::{
    ChainSalt, Enrolment, Identity, Registry, RegistryError, SaltError, Terminal, TerminalState,
};
pub use service::{Addresses, Devices, Figures, StartError};
pub use smartlink_records::TerminalId;
pub use store::StoreError;
pub use tally::Count;
