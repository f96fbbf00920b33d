//! Geofences: areas on the map, and who crosses their borders.

mod geojson;
mod index;
mod shape;
mod watch;

pub use geojson::{FenceError, MOST_BYTES};
pub use shape::{Shape, MOST_VERTICES};
pub(crate) use watch::FenceWatch;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{class::Class, durable::durable_choice, geometry::Place};
use index::Index;

/// The most fences of a company.
pub const MOST_FENCES: usize = 100_000;

/// An area, and what is watched in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Fence {
    /// Its number, unique in a company. Never 0.
    pub id: u32,
    /// What people call it.
    pub name: String,
    /// Where it is.
    pub shape: Shape,
    /// The limit inside, in km/h, where it is lower than that of the class.
    pub speed_limit_kmh: Option<u16>,
    /// How long a vehicle may stay.
    pub dwell_ms: Option<u64>,
    /// Whether entering it is an alert. It is told as a crossing in any case.
    pub alert_enter: bool,
    /// Whether leaving it is an alert.
    pub alert_exit: bool,
    /// The classes of vehicles it is for. Empty: all.
    pub classes: Vec<Class>,
}

impl Fence {
    /// Whether it is for vehicles of a class.
    pub fn is_for(&self, class: Class) -> bool {
        self.classes.is_empty() || self.classes.contains(&class)
    }
}

/// The fences of a company, with an index that finds those around a place.
#[derive(Debug, Default)]
pub struct Fences {
    fences: Vec<Fence>,
    index: Index,
}

impl Fences {
    /// Indexes fences.
    ///
    /// # Errors
    /// There are too many, or two have the same id, or one has 0.
    pub fn new(fences: Vec<Fence>) -> Result<Self, FenceError> {
        if fences.len() > MOST_FENCES {
            return Err(FenceError::TooMany(fences.len()));
        }
        let by_id: BTreeMap<_, _> = fences.iter().map(|fence| (fence.id, fence)).collect();
        if by_id.contains_key(&0) {
            return Err(FenceError::Id(0));
        }
        if by_id.len() < fences.len() {
            let mut ids: Vec<_> = fences.iter().map(|fence| fence.id).collect();
            ids.sort_unstable();
            let twice = ids.windows(2).find(|pair| pair[0] == pair[1]).map_or(0, |pair| pair[0]);
            return Err(FenceError::Id(twice));
        }
        let mut fences = fences;
        fences.sort_by_key(|fence| fence.id);
        let index = Index::of(&fences);
        Ok(Self { fences, index })
    }

    /// All of them, by id.
    pub fn all(&self) -> &[Fence] {
        &self.fences
    }

    /// The fence of an id.
    pub fn get(&self, id: u32) -> Option<&Fence> {
        let place = self.fences.binary_search_by_key(&id, |fence| fence.id).ok()?;
        Some(&self.fences[place])
    }

    /// The fences that a place is in, by id.
    pub fn around(&self, place: Place) -> Vec<&Fence> {
        let mut found = Vec::new();
        self.index.visit(place, |number, whole| {
            let fence = &self.fences[number as usize];
            if whole || fence.shape.contains(place) {
                found.push(fence);
            }
        });
        found.sort_by_key(|fence| fence.id);
        found
    }
}

/// Which border was crossed how.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CrossingKind {
    /// From outside to inside. A vehicle that is first seen inside has entered then.
    Enter,
    /// From inside to outside.
    Exit,
    /// Stayed longer than the fence allows.
    Dwell,
}

impl CrossingKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Enter, Self::Exit, Self::Dwell];

    /// Its name in tables and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Enter => "enter",
            Self::Exit => "exit",
            Self::Dwell => "dwell",
        }
    }
}

durable_choice!(CrossingKind);

/// A vehicle and the border of a fence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Crossing {
    /// The vehicle.
    pub vehicle: u32,
    /// Who drove, if that is known.
    pub driver: Option<u32>,
    /// The fence.
    pub fence: u32,
    /// How.
    pub kind: CrossingKind,
    /// The time of the first fix on the other side, or when the time allowed was over.
    pub time_ms: u64,
    /// That fix.
    pub place: Place,
    /// How long the vehicle was inside. 0 when it enters.
    pub inside_ms: u64,
}
