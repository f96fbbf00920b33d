//! An alert and its life.
//!
//! ```text
//!             condition begins                    a person: acknowledge            a person: close
//!                    │                                    │                              │
//!                    ▼                                    ▼                              ▼
//!                  open ──────────────────────────▶ acknowledged ───────────────────▶ closed
//!                    ▲ │                                  │                              ▲ │
//!                    │ └──── condition ends, and the kind does not wait for a person ────┘ │
//!                    └──────── condition comes again soon, and no person closed it ────────┘
//! ```
//!
//! There is one alert for a vehicle, a kind and a key (the geofence, the sensor) at a time: while it is open, the same
//! condition makes it worse, never a second one. Its id follows from what it is, so that analysing the same
//! records again gives the same ids.

use serde::{Deserialize, Serialize};

use super::{
    durable::{durable, durable_choice},
    geometry::Place,
};

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $severity:ident;)*) => {
        /// What an alert is about. Names are never reused.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum AlertKind {
            $($(#[$doc])* $name,)*
        }

        impl AlertKind {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Its name in tables, rules and JSON.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }

            /// The kind of a name.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|kind| kind.name() == name)
            }

            /// How urgent it is.
            pub const fn severity(self) -> Severity {
                match self {
                    $(Self::$name => Severity::$severity,)*
                }
            }
        }
    };
}

kinds! {
    /// Too fast. Value and threshold: 0.1 km/h. Mean: over its time.
    Speeding = "speeding", Warning;
    /// Value and threshold: mg.
    HarshAcceleration = "harsh_acceleration", Info;
    /// Value and threshold: mg.
    HarshBraking = "harsh_braking", Info;
    /// Value and threshold: mg.
    HarshCornering = "harsh_cornering", Info;
    /// Too long without a rest, by day. Value and threshold: ms.
    Fatigue = "fatigue", Warning;
    /// Too long without a rest at night. Value and threshold: ms.
    FatigueNight = "fatigue_night", Warning;
    /// Too long within 24 hours. Value and threshold: ms.
    DayLimit = "day_limit", Warning;
    /// A geofence that says so was entered. Key: its id.
    FenceEnter = "fence_enter", Info;
    /// A geofence that says so was left. Key: its id.
    FenceExit = "fence_exit", Info;
    /// Longer in a geofence than it allows. Key: its id. Value and threshold: ms.
    FenceDwell = "fence_dwell", Warning;
    /// Not heard from. Threshold: ms.
    Offline = "offline", Warning;
    /// The cargo is too warm or too cold. Key: the sensor. Value and threshold: 0.1 °C.
    Temperature = "temperature", Critical;
    /// The cargo was shaken. Value and threshold: mg.
    Shock = "shock", Warning;
    /// Fuel is missing from a standing vehicle. Value and threshold: ml.
    FuelTheft = "fuel_theft", Critical;
    /// Fuel was filled in. Value and threshold: ml.
    Refuel = "refuel", Info;
    /// Key 0, the supply: mV. Key 1, the traction battery, and key 2, the terminal's: 0.1 %.
    LowBattery = "low_battery", Warning;
    /// Somebody pressed the emergency button.
    Emergency = "emergency", Critical;
    /// The terminal warns of something. Key: the bit in the alarm word of JT/T 808.
    Terminal = "terminal", Warning;
    /// Moved without ignition. Value and threshold: m.
    Tow = "tow", Critical;
}

durable_choice!(AlertKind);

/// How urgent an alert is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// For reports.
    Info,
    /// Somebody should look.
    Warning,
    /// Somebody has to act.
    Critical,
}

/// Where an alert is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertState {
    /// Nobody has looked.
    Open,
    /// A person knows.
    Acknowledged,
    /// Done.
    Closed,
}

impl AlertState {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Open, Self::Acknowledged, Self::Closed];

    /// Its name in tables and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Acknowledged => "acknowledged",
            Self::Closed => "closed",
        }
    }
}

durable_choice!(AlertState);

/// Who did something, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deed {
    /// The person's account or name, as the API knows it.
    pub by: String,
    /// When.
    pub at_ms: u64,
}

durable!(Deed { by, at_ms });

/// Something that somebody should know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// Follows from vehicle, kind, key and time of opening.
    pub id: u64,
    /// Rises with every change. The highest is the truth.
    pub version: u32,
    /// Whose.
    pub vehicle: u32,
    /// Who drove, if that is known.
    pub driver: Option<u32>,
    /// What it is about.
    pub kind: AlertKind,
    /// Which of several: see [`AlertKind`]. 0 where there is one.
    pub key: u32,
    /// Where it is in its life.
    pub state: AlertState,
    /// When the condition began.
    pub opened_ms: u64,
    /// When the condition was last seen.
    pub last_ms: u64,
    /// When the condition ended. None while it lasts.
    pub ended_ms: Option<u64>,
    /// When the alert was closed.
    pub closed_ms: Option<u64>,
    /// Where it began. None when no position was known.
    pub place: Option<Place>,
    /// The worst value, in the unit of its kind.
    pub value: i64,
    /// The mean value, where there is one.
    pub mean: Option<i64>,
    /// What the value was compared with.
    pub threshold: i64,
    /// How often the condition began: more than once when it was re-opened.
    pub count: u32,
    /// The trip during which it began.
    pub trip: Option<u64>,
    /// Who acknowledged it. Anew after each re-opening.
    pub acknowledged: Option<Deed>,
    /// Who closed it. None when the end of the condition did.
    pub closed: Option<Deed>,
}

durable!(Alert {
    id,
    version,
    vehicle,
    driver,
    kind,
    key,
    state,
    opened_ms,
    last_ms,
    ended_ms,
    closed_ms,
    place,
    value,
    mean,
    threshold,
    count,
    trip,
    acknowledged,
    closed,
});

/// Why a person cannot do what she wants with an alert.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AlertError {
    /// It is over.
    #[error("alert {0} is closed: look at it as it is now, closed alerts change no more")]
    Closed(u64),
    /// Analysis does not follow it.
    #[error("alert {0} is not followed any more: change it where it is stored, by Alert::acknowledge or Alert::close")]
    NotFollowed(u64),
    /// Names are for tables.
    #[error("a name of {0} bytes is too long: give 1 to 128")]
    Name(usize),
}

/// The longest name of a person, in bytes.
pub const MAX_NAME: usize = 128;

impl Alert {
    /// The id of an alert.
    pub fn id_of(vehicle: u32, kind: AlertKind, key: u32, opened_ms: u64) -> u64 {
        let name = kind.name().bytes().fold(0, |sum, byte| mix(sum ^ u64::from(byte)));
        mix(mix(mix(name ^ u64::from(vehicle)) ^ u64::from(key)) ^ opened_ms)
    }

    /// A person knows. The same person again, or another after her, changes nothing: whether it changed is returned.
    ///
    /// # Errors
    /// The alert is closed, or the name is empty or too long.
    pub fn acknowledge(&mut self, by: &str, at_ms: u64) -> Result<bool, AlertError> {
        let deed = self.deed(by, at_ms)?;
        match self.state {
            AlertState::Closed => Err(AlertError::Closed(self.id)),
            AlertState::Acknowledged => Ok(false),
            AlertState::Open => {
                self.state = AlertState::Acknowledged;
                self.acknowledged = Some(deed);
                self.version += 1;
                Ok(true)
            }
        }
    }

    /// A person closes it, whether the condition lasts or not. While it lasts there will be no second one; when it
    /// begins anew there will. Whether it changed is returned: closing what the same person closed changes nothing.
    ///
    /// # Errors
    /// Somebody else, or the end of the condition, has closed it, or the name is empty or too long.
    pub fn close(&mut self, by: &str, at_ms: u64) -> Result<bool, AlertError> {
        let deed = self.deed(by, at_ms)?;
        if self.state == AlertState::Closed {
            let same = self.closed.as_ref().is_some_and(|closed| closed.by == by);
            return if same { Ok(false) } else { Err(AlertError::Closed(self.id)) };
        }
        self.state = AlertState::Closed;
        self.closed_ms = Some(at_ms);
        self.closed = Some(deed);
        self.version += 1;
        Ok(true)
    }

    fn deed(&self, by: &str, at_ms: u64) -> Result<Deed, AlertError> {
        if by.is_empty() || by.len() > MAX_NAME {
            return Err(AlertError::Name(by.len()));
        }
        Ok(Deed { by: by.to_owned(), at_ms })
    }
}

/// A number in which every bit depends on every bit of another (the finaliser of SplitMix64).
pub(crate) const fn mix(value: u64) -> u64 {
    let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

/// What happened to an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertStep {
    /// It is new.
    Opened,
    /// It got worse, or goes on.
    Updated,
    /// Its condition ended. The alert is closed by that, unless its kind waits for a person.
    Ended,
    /// Its condition is there again.
    Reopened,
    /// A person knows.
    Acknowledged,
    /// A person closed it.
    Closed,
}

/// An alert as it is after something happened to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertChange {
    /// What happened.
    pub step: AlertStep,
    /// The whole alert.
    pub alert: Alert,
}
