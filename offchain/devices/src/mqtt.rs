//! MQTT 3.1.1 and 5: a broker of our own, and a client of somebody else's.
//!
//! Why a broker of our own: a device may forget a message when it has the acknowledgement, so that it is given only
//! when the records are on our disk; and every topic belongs to one device, which is checked with the device's own
//! key. It is a broker for devices, not for anything else: what a device publishes goes into the log and to operators
//! who listen, never to another device.
//!
//! ```text
//!  PUBLISH ─▶ topic ─▶ payload ─▶ Gate::accept ─▶ receipt ─▶ PUBACK, PUBREC
//!             whose?   reports    one call a read   on disk     in their order
//!
//!  Gate ─▶ Outlet ─▶ PUBLISH smartlink/v1/{identity}/down/command ─▶ device ─▶ .../up/answer/{id} ─▶ Gate::settle
//! ```
//!
//! What is remembered of a client while it is away (`session`) is in memory. `docs/mqtt.md` tells devices how to
//! speak.

mod broker;
mod config;
mod device;
mod figures;
mod introduction;
mod line;
mod obd;
mod operator;
mod outside;
mod packet;
mod payload;
mod session;
mod shared;
mod topic;
mod wire;

pub use broker::{Broker, BrokerError};
pub use config::{MqttConfig, OperatorAccount, OutsideConfig};
pub use figures::MqttFigures;
pub use outside::{Outside, Vouch};
pub use payload::{EVENT, OBD, STATE};
