//! What all services share: configuration in layers, what stands around every call between services,
//! and how a process of roles starts, is watched, and stops.
//!
//! * [`config`]: defaults, a TOML file, the environment, flags; errors that say where a value came from;
//!   [`Watched`] follows the file while the process runs.
//! * [`Transport`]: how one service calls another, in its own process or over the network.
//! * [`GrpcServer`]: how a service is served: limits, health, reflection, a shared token, a graceful end.
//! * [`Runner`]: a set of roles, started in order, stopped in reverse.
//! * [`Origins`]: which web pages may call a server of HTTP.
//! * [`layers`]: the tower layers of which transport and server are made.

#![deny(missing_docs)]

pub mod config;
pub mod layers;
pub mod origins;
mod readiness;
mod roles;
mod serve;
mod transport;

pub use config::{Secret, Sources, Validate, Watched};
pub use origins::Origins;
pub use readiness::Readiness;
pub use roles::{Bounds, RoleContext, Runner, RunnerError};
pub use serve::{BoundServer, GrpcServer, ServeError, ServeLimits};
pub use tokio_util::sync::CancellationToken;
pub use transport::{ClientLimits, Transport, TransportError};
