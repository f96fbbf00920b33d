//! From records to facts: what is believed, where vehicles are and were, what they did, and who should know.
//!
//! ```text
//!             ┌ last state, alarms of the terminal: at once
//!  Record ────┤
//!             └ queue: in the order of times ─▶ fix believed? ─▶ motion ─▶ trips, fences, speeding, …
//!                       (a window)                                              └─▶ Outcome
//! ```
//!
//! [`Analysis`] does no input or output and has no clock. It is told records in the order of the log and the
//! time, and says what follows. Vehicles do not know of each other, so that a company's vehicles may be shared out between
//! several of these.
//!
//! *Deterministic:* the same calls in the same order give the same facts, also when the state was written down and read
//! again between any two of them.
//!
//! *Ticks only tell earlier:* [`Analysis::tick`] finds what the next record of the vehicle would find before anything else. So
//! it does not matter when and how often there are ticks, as long as none is later than the `received_ms` of the
//! records after it: tick with the time that the log has reached, not with the wall's.
//!
//! *Bounded:* vehicles by number ([`Analysis::with_most_vehicles`]), records that wait and alerts that are followed by
//! number for each vehicle; each bound says what happens at it.

pub mod alert;
mod alerts;
pub mod class;
mod detect;
mod durable;
pub mod fence;
pub mod gcj02;
mod geometry;
mod last;
mod meters;
mod motion;
mod outcome;
mod queue;
pub mod rules;
mod score;
mod snapshot;
mod track;
mod trip;
mod trips;
mod vehicle;

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use smartlink_records::Record;

use vehicle::{Surroundings, Vehicle};

pub use alert::{Alert, AlertChange, AlertError, AlertKind, AlertState, AlertStep, Deed, Severity};
pub use class::{Capacities, CapacityError, Class, Fact, FactError, VehicleFacts};
pub use fence::{Crossing, CrossingKind, Fence, FenceError, Fences};
pub use geometry::Place;
pub use last::LastState;
pub use outcome::{Counts, Outcome, Verdict};
pub use rules::{RuleBook, RuleError, RuleSet, Rules};
pub use score::{DayTotals, Driving};
pub use snapshot::SnapshotError;
pub use trip::{Stop, StopKind, Trip, TripChange, TripEnd, TripStep};

/// Vehicles that are followed when nobody says how many.
pub const MOST_VEHICLES: usize = 1_000_000;

/// The analysis of a company's vehicles, or of a share of them.
#[derive(Debug)]
pub struct Analysis {
    rules: Arc<RuleSet>,
    fences: Arc<Fences>,
    most_vehicles: usize,
    // Boxed: a map that grows moves its values.
    vehicles: FxHashMap<u32, Box<Vehicle>>,
    /// Vehicles whose last state changed since it was taken, each once.
    changed: Vec<u32>,
    is_changed: FxHashSet<u32>,
}

impl Analysis {
    /// Knows no vehicle and no fence.
    pub fn new(rules: impl Into<Arc<RuleSet>>) -> Self {
        Self {
            rules: rules.into(),
            fences: Arc::default(),
            most_vehicles: MOST_VEHICLES,
            vehicles: FxHashMap::default(),
            changed: Vec::new(),
            is_changed: FxHashSet::default(),
        }
    }

    /// Follows at most so many vehicles. Records of further ones get [`Verdict::TooManyVehicles`] and are not analysed.
    #[must_use]
    pub fn with_most_vehicles(mut self, most: usize) -> Self {
        self.most_vehicles = most;
        self
    }

    /// From now on these rules. What has begun goes on and is measured by the new ones.
    pub fn set_rules(&mut self, rules: impl Into<Arc<RuleSet>>) {
        self.rules = rules.into();
    }

    /// From now on these fences. A vehicle in a fence of the same id is still in it; one that is gone was not left.
    pub fn set_fences(&mut self, fences: impl Into<Arc<Fences>>) {
        self.fences = fences.into();
    }

    /// Tells one thing of a vehicle. Another driver ends the trip, and begins a new time at the wheel. The same again
    /// changes nothing.
    ///
    /// # Errors
    /// As [`changes`](Self::changes): then nothing changes.
    pub fn set_fact(
        &mut self,
        vehicle: u32,
        fact: Fact,
        out: &mut Outcome,
    ) -> Result<(), FactError> {
        if !self.changes(vehicle, fact)? {
            return Ok(());
        }
        let (rules, fences) = (Arc::clone(&self.rules), Arc::clone(&self.fences));
        let Some(known) = self.vehicle(vehicle) else { return Ok(()) };
        let around = Surroundings { rules: rules.of(known.facts.class), fences: &fences };
        known.change_facts(around, known.facts.with(fact), out);
        // Whoever was never heard of is not shown.
        if !known.is_empty() {
            self.mark(vehicle);
        }
        Ok(())
    }

    /// Whether something would be new of a vehicle.
    ///
    /// # Errors
    /// The number is 0, it is a further vehicle and there are as many as may be, or no vehicle can hold that much.
    pub fn changes(&self, vehicle: u32, fact: Fact) -> Result<bool, FactError> {
        if vehicle == 0 {
            return Err(FactError::NoVehicle);
        }
        if let Fact::Capacities(capacities) = fact {
            capacities.check()?;
        }
        let facts = self.facts(vehicle);
        let changes = facts.with(fact) != facts;
        if changes && self.is_full() && !self.vehicles.contains_key(&vehicle) {
            return Err(FactError::TooManyVehicles(self.most_vehicles));
        }
        Ok(changes)
    }

    /// What was told of a vehicle.
    pub fn facts(&self, vehicle: u32) -> VehicleFacts {
        self.vehicles.get(&vehicle).map(|known| known.facts).unwrap_or_default()
    }

    /// What was told of all vehicles of which something was, in no order.
    pub fn all_facts(&self) -> impl Iterator<Item = (u32, VehicleFacts)> + '_ {
        let all = self.vehicles.iter().map(|(id, vehicle)| (*id, vehicle.facts));
        all.filter(|(_, facts)| *facts != VehicleFacts::default())
    }

    /// The next record of the log.
    pub fn observe(&mut self, record: &Record, out: &mut Outcome) {
        if record.vehicle == 0 {
            out.verdict(record.sequence, Verdict::NoVehicle);
            return;
        }
        let (rules, fences) = (Arc::clone(&self.rules), Arc::clone(&self.fences));
        let Some(vehicle) = self.vehicle(record.vehicle) else {
            out.verdict(record.sequence, Verdict::TooManyVehicles);
            return;
        };
        let around = Surroundings { rules: rules.of(vehicle.facts.class), fences: &fences };
        vehicle.observe(around, record, out);
        self.mark(record.vehicle);
    }

    /// The log has reached this time: every record after it was received at `now_ms` or later.
    pub fn tick(&mut self, now_ms: u64, out: &mut Outcome) {
        let mut ids: Vec<_> = self.vehicles.keys().copied().collect();
        // Facts come in the same order on every machine.
        ids.sort_unstable();
        for id in ids {
            let Some(vehicle) = self.vehicles.get_mut(&id) else { continue };
            let rules = self.rules.of(vehicle.facts.class);
            let changed =
                vehicle.advance(Surroundings { rules, fences: &self.fences }, now_ms, out);
            if vehicle.is_empty() && vehicle.facts == VehicleFacts::default() {
                self.vehicles.remove(&id);
            } else if changed {
                self.mark(id);
            }
        }
    }

    /// A person knows of an alert. Vehicles are searched for it: people are few. Returns the alert as it is then.
    ///
    /// # Errors
    /// It is closed, or it is not followed any more: then it is changed where it is stored, by [`Alert::acknowledge`].
    pub fn acknowledge(
        &mut self,
        alert: u64,
        by: &str,
        at_ms: u64,
        out: &mut Outcome,
    ) -> Result<Alert, AlertError> {
        let followed = self.follows(alert)?;
        followed.by_hand(alert, AlertStep::Acknowledged, |alert| alert.acknowledge(by, at_ms), out)
    }

    /// A person closes an alert. Returns the alert as it is then.
    ///
    /// # Errors
    /// Somebody else has, or it is not followed any more: then it is changed where it is stored, by [`Alert::close`].
    pub fn close(
        &mut self,
        alert: u64,
        by: &str,
        at_ms: u64,
        out: &mut Outcome,
    ) -> Result<Alert, AlertError> {
        let followed = self.follows(alert)?;
        followed.by_hand(alert, AlertStep::Closed, |alert| alert.close(by, at_ms), out)
    }

    /// The last state of a vehicle.
    pub fn last_state(&self, vehicle: u32) -> Option<LastState> {
        self.vehicles.get(&vehicle).map(|vehicle| vehicle.last.clone())
    }

    /// The last states of all vehicles that were heard of, in no order.
    pub fn last_states(&self) -> impl Iterator<Item = LastState> + '_ {
        let heard = self.vehicles.values().filter(|vehicle| !vehicle.is_empty());
        heard.map(|vehicle| vehicle.last.clone())
    }

    /// The last states that changed since this was last called, each vehicle once: also those that went offline by a
    /// tick. After a restart there is nothing to take: begin with [`last_states`](Self::last_states).
    pub fn take_changed(&mut self) -> Vec<LastState> {
        self.is_changed.clear();
        let changed = std::mem::take(&mut self.changed);
        changed.iter().filter_map(|vehicle| self.last_state(*vehicle)).collect()
    }

    /// The alerts of a vehicle whose condition lasts, or that are followed for a while longer.
    pub fn alerts(&self, vehicle: u32) -> impl Iterator<Item = &Alert> {
        self.vehicles.get(&vehicle).into_iter().flat_map(|vehicle| vehicle.alerts())
    }

    /// An alert that is followed, of a vehicle when that is known; otherwise vehicles are searched for it.
    pub fn alert(&self, alert: u64, vehicle: Option<u32>) -> Option<&Alert> {
        match vehicle {
            Some(vehicle) => self.alerts(vehicle).find(|one| one.id == alert),
            None => self.vehicles.values().flat_map(|one| one.alerts()).find(|one| one.id == alert),
        }
    }

    /// The fences that a vehicle is in.
    pub fn fences_of(&self, vehicle: u32) -> impl Iterator<Item = u32> + '_ {
        self.vehicles.get(&vehicle).into_iter().flat_map(|vehicle| vehicle.fences())
    }

    /// How many vehicles are known.
    pub fn vehicles(&self) -> usize {
        self.vehicles.len()
    }

    fn follows(&mut self, alert: u64) -> Result<&mut Vehicle, AlertError> {
        let follows = |vehicle: &&mut Box<Vehicle>| vehicle.alerts().any(|one| one.id == alert);
        let vehicle = self.vehicles.values_mut().find(follows);
        vehicle.map(Box::as_mut).ok_or(AlertError::NotFollowed(alert))
    }

    fn vehicle(&mut self, id: u32) -> Option<&mut Vehicle> {
        if !self.vehicles.contains_key(&id) {
            if self.is_full() {
                return None;
            }
            let new = Vehicle::new(id, VehicleFacts::default());
            self.vehicles.insert(id, Box::new(new));
        }
        self.vehicles.get_mut(&id).map(|vehicle| vehicle.as_mut())
    }

    fn is_full(&self) -> bool {
        self.vehicles.len() >= self.most_vehicles
    }

    fn mark(&mut self, vehicle: u32) {
        if self.is_changed.insert(vehicle) {
            self.changed.push(vehicle);
        }
    }
}
