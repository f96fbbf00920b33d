//! Moved without ignition: towed, carried away, or rolling.
//!
//! A vehicle whose terminal knows the ignition is parked where it was turned off. When several fixes in a row are
//! farther from there than receivers err, it is moved. The condition ends with the ignition.

use super::Watch;
use crate::analysis::{
    alert::AlertKind, alerts::Measure, durable::durable, geometry::Place, motion::Fix,
};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tow {
    parked: Option<Place>,
    away: u8,
}

durable!(Tow { parked, away });

impl Tow {
    /// Where the vehicle was parked with the ignition off.
    pub(crate) fn parked(&self) -> Option<Place> {
        self.parked
    }

    /// The next fix, as the receiver has it.
    pub(crate) fn step(&mut self, watch: &mut Watch<'_>, fix: &Fix) {
        if fix.ignition != Some(false) {
            self.parked = None;
            self.away = 0;
            watch.end(AlertKind::Tow, 0);
            return;
        }
        let parked = *self.parked.get_or_insert(fix.place);
        let rules = &watch.rules.tow;
        let metres = parked.metres_to(fix.place);
        if metres < f64::from(rules.distance_m) {
            self.away = 0;
            return;
        }
        self.away = self.away.saturating_add(1);
        if rules.enabled && self.away >= rules.fixes {
            // At most half the Earth.
            watch.raise(AlertKind::Tow, 0, Measure::of(metres as i64, rules.distance_m.into()));
        }
    }
}
