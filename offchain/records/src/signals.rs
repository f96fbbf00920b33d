//! Bits that terminals send: what is on, and what they warn of.

use std::ops::{BitAnd, BitOr, BitOrAssign};

macro_rules! bits {
    ($(#[$type_doc:meta])* $type:ident { $($(#[$doc:meta])* $name:ident = $bit:literal, $text:literal;)* }) => {
        $(#[$type_doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        pub struct $type(pub u32);

        impl $type {
            $($(#[$doc])* pub const $name: Self = Self(1 << $bit);)*

            /// Each bit that has a meaning, with its name in JSON, tables and exports.
            pub const NAMED: &'static [(Self, &'static str)] = &[$((Self::$name, $text),)*];

            /// Nothing.
            pub const NONE: Self = Self(0);

            /// Whether all bits of `other` are in.
            pub const fn has(self, other: Self) -> bool {
                self.0 & other.0 == other.0
            }

            /// Whether there is none.
            pub const fn is_empty(self) -> bool {
                self.0 == 0
            }

            /// With `other` when `on`.
            #[must_use]
            pub const fn with(self, other: Self, on: bool) -> Self {
                if on { Self(self.0 | other.0) } else { self }
            }

            /// The names of what is in, from the lowest bit.
            pub fn names(self) -> impl Iterator<Item = &'static str> {
                Self::NAMED.iter().filter(move |(bit, _)| self.has(*bit)).map(|(_, name)| *name)
            }
        }

        impl BitOr for $type {
            type Output = Self;
            fn bitor(self, other: Self) -> Self {
                Self(self.0 | other.0)
            }
        }

        impl BitOrAssign for $type {
            fn bitor_assign(&mut self, other: Self) {
                self.0 |= other.0;
            }
        }

        impl BitAnd for $type {
            type Output = Self;
            fn bitand(self, other: Self) -> Self {
                Self(self.0 & other.0)
            }
        }
    };
}

bits! {
    /// What is on in a vehicle. Ours, whatever the protocol.
    Flags {
        /// The ignition, or what stands for it.
        IGNITION = 0, "ignition";
        /// The position comes from a fix of this moment.
        FIXED = 1, "fixed";
        /// The vehicle is out of operation (JT/T 808 status bit 4).
        OUT_OF_OPERATION = 2, "out_of_operation";
        /// The terminal sent this late, from its memory.
        STORED = 3, "stored";
        /// Half loaded or more than empty (JT/T 808 status bits 8 and 9).
        LOADED = 4, "loaded";
        /// Fully loaded.
        FULL = 5, "full";
        /// The fuel line is cut.
        FUEL_CUT = 6, "fuel_cut";
        /// The vehicle's circuit is cut.
        POWER_CUT = 7, "power_cut";
        /// Doors are locked.
        LOCKED = 8, "locked";
        /// Some door is open.
        DOOR_OPEN = 9, "door_open";
        /// The traction battery is being charged.
        CHARGING = 10, "charging";
        /// Emergency braking system warns.
        FORWARD_COLLISION = 11, "forward_collision";
        /// The lane is being left.
        LANE_DEPARTURE = 12, "lane_departure";
        /// There is a passenger, or a trip is on.
        OCCUPIED = 13, "occupied";
    }
}

bits! {
    /// What a terminal warns of: the bits of the alarm word of JT/T 808-2019, table 24, as they are.
    Alarms {
        /// Somebody pressed the emergency button.
        EMERGENCY = 0, "emergency";
        /// Too fast.
        OVERSPEED = 1, "overspeed";
        /// The driver is tired.
        FATIGUE = 2, "fatigue";
        /// Dangerous driving.
        DANGER = 3, "danger";
        /// The satellite receiver failed.
        RECEIVER = 4, "receiver";
        /// The antenna is not connected or cut.
        ANTENNA_CUT = 5, "antenna_cut";
        /// The antenna is shorted.
        ANTENNA_SHORT = 6, "antenna_short";
        /// The terminal's main supply is low.
        SUPPLY_LOW = 7, "supply_low";
        /// The terminal's main supply is gone.
        SUPPLY_LOST = 8, "supply_lost";
        /// The terminal's display failed.
        DISPLAY = 9, "display";
        /// The speech module failed.
        SPEECH = 10, "speech";
        /// The camera failed.
        CAMERA = 11, "camera";
        /// The card reader of the road transport certificate failed.
        CARD_READER = 12, "card_reader";
        /// Soon too fast.
        OVERSPEED_SOON = 13, "overspeed_soon";
        /// The driver is soon tired.
        FATIGUE_SOON = 14, "fatigue_soon";
        /// A rule was broken while driving.
        VIOLATION = 15, "violation";
        /// A tyre's pressure.
        TYRE = 16, "tyre";
        /// The right blind spot.
        BLIND_SPOT = 17, "blind_spot";
        /// Too much driving in one day.
        DAY_LIMIT = 18, "day_limit";
        /// Parked too long.
        PARKED_LONG = 19, "parked_long";
        /// An area was entered or left.
        AREA = 20, "area";
        /// A route was entered or left.
        ROUTE = 21, "route";
        /// Too long or too short on a section of a route.
        SECTION_TIME = 22, "section_time";
        /// Off the route.
        OFF_ROUTE = 23, "off_route";
        /// The speed sensor failed.
        SPEED_SENSOR = 24, "speed_sensor";
        /// The fuel is not as it should be.
        FUEL = 25, "fuel";
        /// Stolen.
        STOLEN = 26, "stolen";
        /// Started by who may not.
        ILLEGAL_START = 27, "illegal_start";
        /// Moved by who may not.
        ILLEGAL_MOVE = 28, "illegal_move";
        /// A collision or roll-over is near.
        COLLISION_NEAR = 29, "collision_near";
        /// The vehicle rolled over.
        ROLLED_OVER = 30, "rolled_over";
        /// A door was opened by who may not.
        ILLEGAL_DOOR = 31, "illegal_door";
    }
}
