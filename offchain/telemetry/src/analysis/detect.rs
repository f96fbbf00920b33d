//! What is watched for, a file each.

pub(crate) mod battery;
pub(crate) mod cargo;
pub(crate) mod fatigue;
pub(crate) mod fuel;
pub(crate) mod harsh;
pub(crate) mod speeding;
pub(crate) mod terminal;
pub(crate) mod tow;

use super::{
    alert::AlertKind,
    alerts::{Alerts, Measure, Scene},
    class::VehicleFacts,
    outcome::Outcome,
    rules::Rules,
};

/// What a detector sees and says.
pub(crate) struct Watch<'a> {
    pub rules: &'a Rules,
    pub facts: &'a VehicleFacts,
    pub alerts: &'a mut Alerts,
    pub out: &'a mut Outcome,
    pub scene: Scene,
}

impl Watch<'_> {
    /// The condition is there.
    pub(crate) fn raise(&mut self, kind: AlertKind, key: u32, measure: Measure) {
        self.alerts.raise(&self.rules.alerts, (kind, key), self.scene, measure, self.out);
    }

    /// Something happened that has no duration.
    pub(crate) fn event(&mut self, kind: AlertKind, key: u32, measure: Measure) {
        self.alerts.event(&self.rules.alerts, (kind, key), self.scene, measure, self.out);
    }

    /// The condition is over.
    pub(crate) fn end(&mut self, kind: AlertKind, key: u32) {
        self.end_at(kind, key, self.scene.time_ms, None);
    }

    /// The condition was over at some time.
    pub(crate) fn end_at(
        &mut self,
        kind: AlertKind,
        key: u32,
        time_ms: u64,
        measure: Option<Measure>,
    ) {
        self.alerts.end(&self.rules.alerts, (kind, key), time_ms, measure, self.out);
    }

    /// The same with the condition as it was at another time and place.
    pub(crate) fn at(&mut self, scene: Scene) -> Watch<'_> {
        Watch { rules: self.rules, facts: self.facts, alerts: self.alerts, out: self.out, scene }
    }
}
