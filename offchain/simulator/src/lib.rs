//! A city of riders and drivers that use the public API, and nothing else.
//!
//! [`run`] brings a seeded city to life: every rider and every driver is a task of its own that speaks
//! JSON-RPC over HTTP or WebSocket as an app would, sends some commands twice, loses its connection and
//! comes back. What they do is the same for the same seed; when it happens is not, because a network lies in
//! between. The city follows each order that was acknowledged to its end and checks what an app can see
//! ([`Violation`]): orders do not vanish, have one driver and one price, and a late acceptance fails.
//!
//! [`load`] is the other use of the same API: a fixed rate of requests of a documented mix, measured from
//! when each was due.
//!
//! [`terminal`] is a vehicle's terminal that speaks JT/T 808, and [`Person`] somebody who works for a company.

#![deny(missing_docs)]

pub mod city;
mod client;
mod driver;
mod error;
mod figures;
mod follow;
pub mod load;
mod person;
mod plan;
pub mod prng;
mod progress;
mod report;
mod rider;
mod run;
pub mod terminal;
mod view;
mod websocket;
mod witness;
mod world;

pub use error::Error;
pub use person::Person;
pub use plan::{DriverSeat, Follow, Habits, Plan};
pub use progress::{on_terminal, Progress};
pub use report::{MethodFigures, Report};
pub use run::run;
pub use view::State;
pub use witness::{Outcome, Party, Violation};
