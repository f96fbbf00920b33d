//! What analysis has found.

use serde::{Deserialize, Serialize};

use super::{
    alert::AlertChange,
    durable::durable_choice,
    fence::Crossing,
    score::DayTotals,
    trip::{Stop, TripChange},
};

macro_rules! verdicts {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        /// What became of a record.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Verdict {
            $($(#[$doc])* $name,)*
        }

        impl Verdict {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Its name in tables, metrics and JSON.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }
        }
    };
}

verdicts! {
    /// Analysed with everything in it.
    Clean = "clean";
    /// The same terminal has said the same of the same time. Not analysed.
    Duplicate = "duplicate";
    /// It came after later ones had been analysed. Not analysed, except for an emergency.
    Late = "late";
    /// The terminal's clock is ahead of ours. Not analysed.
    ClockAhead = "clock_ahead";
    /// The terminal is bound to no vehicle. Not analysed.
    NoVehicle = "no_vehicle";
    /// There are as many vehicles as may be. Not analysed.
    TooManyVehicles = "too_many_vehicles";
    /// The terminal had no fix. Analysed without its position.
    NoFix = "no_fix";
    /// At 0, 0 in the Gulf of Guinea, where receivers without a fix are. Analysed without its position.
    ZeroIsland = "zero_island";
    /// No vehicle can have such a position. Analysed without it.
    Range = "range";
    /// The fix says itself that it is bad. Analysed without it.
    Inaccurate = "inaccurate";
    /// Nobody gets there so fast. Analysed without its position.
    Jump = "jump";
    /// A parked vehicle whose fix wanders. Analysed with the position where it was parked.
    Drift = "drift";
}

durable_choice!(Verdict);

/// How much there was of what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Records by verdict, in the order of [`Verdict::ALL`].
    pub verdicts: [u64; Verdict::ALL.len()],
    /// Alerts that were not made because their vehicle had too many.
    pub alerts_refused: u64,
    /// Geofences that a vehicle was in beyond those that are followed.
    pub fences_refused: u64,
}

impl Counts {
    /// Records with a verdict.
    pub fn of(&self, verdict: Verdict) -> u64 {
        self.verdicts[verdict as usize]
    }
}

/// Facts, in the order in which they were found. Whoever calls takes them, clears it, and uses it again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// What happened to alerts.
    pub alerts: Vec<AlertChange>,
    /// What happened to trips.
    pub trips: Vec<TripChange>,
    /// Stops that ended.
    pub stops: Vec<Stop>,
    /// Borders of geofences that were crossed.
    pub crossings: Vec<Crossing>,
    /// What drivers did in a day, so far: told after each trip. The highest version of a driver, vehicle and day is the
    /// truth.
    pub days: Vec<DayTotals>,
    /// Records that are not [`Verdict::Clean`], by sequence.
    pub verdicts: Vec<(u64, Verdict)>,
    /// How much there was of what.
    pub counts: Counts,
}

impl Outcome {
    /// Empties it, and keeps its memory.
    pub fn clear(&mut self) {
        self.alerts.clear();
        self.trips.clear();
        self.stops.clear();
        self.crossings.clear();
        self.days.clear();
        self.verdicts.clear();
        self.counts = Counts::default();
    }

    /// Whether nothing was found. Counts are no findings.
    pub fn is_empty(&self) -> bool {
        self.alerts.is_empty()
            && self.trips.is_empty()
            && self.stops.is_empty()
            && self.crossings.is_empty()
            && self.days.is_empty()
            && self.verdicts.is_empty()
    }

    pub(crate) fn verdict(&mut self, sequence: u64, verdict: Verdict) {
        // `Verdict::ALL` has every variant in its order.
        self.counts.verdicts[verdict as usize] += 1;
        if verdict != Verdict::Clean {
            self.verdicts.push((sequence, verdict));
        }
    }
}
