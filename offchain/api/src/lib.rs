//! The one API that apps talk to: JSON-RPC 2.0 over HTTP and WebSocket, on one port.
//!
//! [`table`] says for each method who may call it, whether it changes something, what goes in and out;
//! the server, the OpenRPC document, docs/api.md and the tests read that one table. A call goes through
//! `desk` (limits, who, whether, audit), then through `methods` to the services behind ([`Upstream`]) and
//! to the chain ([`People`]).
//!
//! On the same port it serves the portal, the web application for people, where it is told its folder.
//!
//! One deployment serves one company. Tokens of another are refused.
//!
//! Architecture invariant: the api keeps no order and no position; what it stores itself is accounts, sessions,
//! codes that confirm addresses, and the audit log.
//!
//! Architecture invariant: a change that cannot be noted in the audit log is not begun, and none is
//! answered before it is noted.

#![deny(missing_docs)]

mod audit;
mod clock;
mod config;
mod confirmations;
mod desk;
mod exports;
mod forwarded;
mod identity;
mod limits;
mod methods;
mod openrpc;
mod people;
mod places;
mod refusal;
mod server;
mod sessions;
mod store;
pub mod table;
pub mod types;
mod upstream;

pub use audit::AuditFault;
pub use clock::Clock;
pub use config::{
    Address, ApiConfig, ConfigError, Confirmation, EthereumPortal, Exports, Limits, Login,
    NoAddress, Portal, Rate, Scheme,
};
pub use desk::Settings;
pub use forwarded::{ForwardedBy, Network, NoNetwork};
pub use identity::{Identity, Roles};
pub use openrpc::{document, method_table};
pub use people::{Answer, OnChain, People, Seated, Standing, Vehicle};
pub use refusal::{Closing, Code, Refusal, RefusalData};
pub use server::{Api, ApiError, ApiHandle, PortalError};
pub use sessions::KeyError;
pub use store::StoreError;
pub use upstream::Upstream;

/// All methods, in the order of the document.
pub fn methods() -> Vec<table::Method> {
    methods::table()
}
