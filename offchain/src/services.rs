//! `smartlink-offchain serve`: the services of a company as roles of one process, or of several.
//!
//! A role that runs here is called directly; one that runs elsewhere is called at its address in
//! `peers`. Either way it is the same client of the same proto.

mod config;
mod herald;
mod process;
mod roles;
mod vehicles;

pub use config::{OrdersRole, Peers, Role, Served, Services, TelemetryRole};
pub use process::{Addresses, Ports, ServicesProcess, Setup};
pub use roles::serve;
