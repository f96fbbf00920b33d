//! How far and how long it is by road.
//!
//! [`GreatCircle`] reckons with a detour and a speed, needs nothing and never fails. [`Osrm`] asks a routing
//! engine, and falls back to the great circle where that does not answer, with a note that says so.

mod circuit;
mod great_circle;
mod osrm;

use futures::future::BoxFuture;

use crate::geo::Point;

pub use great_circle::GreatCircle;
pub use osrm::{Osrm, OsrmError};

/// From where to where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Journey {
    /// Where it begins.
    pub from: Point,
    /// Where it ends.
    pub to: Point,
}

/// A journey by road.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leg {
    /// Metres.
    pub distance_m: u32,
    /// Seconds.
    pub duration_s: u32,
}

/// Who reckoned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The great circle, with a detour and a speed.
    GreatCircle,
    /// OSRM, for at least one of the journeys.
    Osrm,
}

impl Source {
    /// The name in answers: `great-circle` or `osrm`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::GreatCircle => "great-circle",
            Self::Osrm => "osrm",
        }
    }
}

/// The answers for a list of journeys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Legs {
    /// One for each journey, in the same order.
    pub legs: Vec<Leg>,
    /// Who reckoned.
    pub source: Source,
    /// Why some of them are not what was asked for: a sentence for the decision.
    pub note: Option<String>,
}

/// Whoever knows travel times. Answers always: a source that fails says so in the note and reckons otherwise.
pub trait TravelTimes: Send + Sync + 'static {
    /// A leg for each journey, in the same order.
    fn legs<'a>(&'a self, journeys: &'a [Journey]) -> BoxFuture<'a, Legs>;
}
