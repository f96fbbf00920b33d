//! The sections of the rules, with their defaults and where these come from.

use serde::{Deserialize, Serialize};

use crate::analysis::alert::AlertKind;

macro_rules! section {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty = $default:expr;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $type,)*
        }

        impl Default for $name {
            fn default() -> Self {
                Self { $($field: $default,)* }
            }
        }
    };
}

section! {
    /// The clock on the wall.
    LocalTime {
        /// Minutes east of Greenwich. China has one time zone.
        utc_offset_min: i32 = 480;
        /// The hour at which the night begins. 22 and 6 are the night of Safety Management of Passenger Road Transport.
        night_from_h: u8 = 22;
        /// The hour at which it ends.
        night_to_h: u8 = 6;
    }
}

section! {
    /// What is believed of what terminals say.
    CleanRules {
        /// How long records wait for earlier ones that are still on their way.
        reorder_ms: u64 = 10_000;
        /// How far a terminal's clock may be ahead of ours. Beyond, a record is not analysed.
        ahead_ms: u64 = 300_000;
        /// The fastest that a vehicle gets from one fix to the next. Beyond, the later fix is a jump.
        fastest_kmh: u16 = 220;
        /// Metres that two fixes may always be apart: errors of both, and of their times.
        slack_m: u32 = 150;
        /// Fixes in a row that agree with each other and not with those before, after which they are believed.
        recover_fixes: u8 = 3;
        /// The largest error that a fix may name, in metres.
        accuracy_m: u32 = 200;
        /// How far a parked vehicle's fix may wander before it is believed to move, in metres.
        drift_m: u32 = 120;
    }
}

section! {
    /// Where trips begin and end.
    TripRules {
        /// What counts as moving, in km/h.
        moving_kmh: u16 = 5;
        /// How far a vehicle that stood must get to move, in metres: what lies below is the receiver's noise.
        start_m: u32 = 25;
        /// Distance is added in steps of so many metres at least, so that noise does not make a standing vehicle drive.
        step_m: u32 = 30;
        /// How long the ignition is off until the trip has ended: engines that stop at traffic lights start again.
        off_ms: u64 = 120_000;
        /// How long a vehicle stands until the trip has ended, when its terminal does not know the ignition.
        stand_ms: u64 = 300_000;
        /// How long a vehicle stands until the trip has ended, with the ignition on.
        idle_ms: u64 = 1_800_000;
        /// Silence after which a trip has ended.
        gap_ms: u64 = 600_000;
        /// Trips that are shorter are none, in metres.
        least_m: u32 = 200;
        /// Trips that are shorter are none, in time.
        least_ms: u64 = 60_000;
        /// Standing longer than this during a trip is a stop.
        stop_ms: u64 = 180_000;
        /// How often a trip that goes on is told again.
        update_ms: u64 = 60_000;
    }
}

section! {
    /// Too fast.
    SpeedingRules {
        /// Whether it is watched.
        enabled: bool = true;
        /// The limit where no geofence sets a lower one.
        limit_kmh: u16 = 120;
        /// How much faster is still let pass: speedometers and fixes are not exact.
        tolerance_kmh: u16 = 3;
        /// How far below the limit it is over.
        hysteresis_kmh: u16 = 3;
        /// How long it has to last: a single fix is no speeding.
        least_ms: u64 = 10_000;
        /// Fixes that are farther apart in time do not belong together.
        gap_ms: u64 = 60_000;
        /// The limit at night, in thousandths of the limit by day.
        night_permille: u16 = 1_000;
    }
}

section! {
    /// Harsh acceleration, braking and cornering, from fixes and from accelerometers, in thousandths of the
    /// gravity of 9.80665 m/s².
    HarshRules {
        /// Whether it is watched.
        enabled: bool = true;
        /// Faster.
        acceleration_mg: u32 = 300;
        /// Slower.
        braking_mg: u32 = 350;
        /// Sideways.
        cornering_mg: u32 = 400;
        /// Fixes closer in time say nothing: rounding of times and speeds is as large as the change.
        gap_least_ms: u64 = 500;
        /// Fixes farther in time say nothing: who knows what was between.
        gap_most_ms: u64 = 3_000;
        /// What each of two intervals in a row must have at least, in thousandths of the threshold that both together
        /// have to reach: one wrong fix makes one interval.
        each_permille: u16 = 500;
        /// Below this speed headings are noise, in km/h.
        cornering_kmh: u16 = 20;
        /// Events closer in time are one.
        merge_ms: u64 = 4_000;
    }
}

section! {
    /// Too long at the wheel. Regulation on the Implementation of the Road Traffic Safety Law, article 62 (7): four
    /// hours, then twenty minutes of rest; Safety Management of Passenger Road Transport, article 38: two
    /// hours at night, eight within 24.
    FatigueRules {
        /// Whether it is watched.
        enabled: bool = true;
        /// Driving without a rest, by day.
        day_ms: u64 = 4 * 3_600_000;
        /// Driving without a rest, at night.
        night_ms: u64 = 2 * 3_600_000;
        /// Driving within 24 hours.
        daily_ms: u64 = 8 * 3_600_000;
        /// What is a rest.
        rest_ms: u64 = 20 * 60_000;
        /// Standing no longer than this is driving: traffic lights, jams.
        pause_ms: u64 = 300_000;
    }
}

section! {
    /// Crossing the borders of geofences.
    FenceRules {
        /// Whether it is watched.
        enabled: bool = true;
        /// A vehicle is inside for sure when it is so far from the border, and has left when it is so far outside.
        margin_m: u32 = 30;
        /// Fixes in a row that decide when a vehicle is near the border.
        confirm_fixes: u8 = 2;
    }
}

section! {
    /// Not heard from.
    OfflineRules {
        /// Whether alerts are made. Whether a vehicle is online is known in any case.
        enabled: bool = true;
        /// Silence after which a vehicle is offline. JT/T 808 terminals beat every minute or so by default.
        after_ms: u64 = 300_000;
        /// Silence after which an alert is made when the ignition was off: terminals sleep.
        parked_ms: u64 = 24 * 3_600_000;
        /// Silence after which a vehicle is forgotten.
        forget_ms: u64 = 90 * 24 * 3_600_000;
    }
}

/// A range of temperatures in 0.1 °C, both ends allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TemperatureRange {
    /// The lowest.
    pub low: i32,
    /// The highest.
    pub high: i32,
}

section! {
    /// Temperature and shock of the cargo.
    CargoRules {
        /// Whether it is watched.
        enabled: bool = true;
        /// The range that is right, when a vehicle has none of its own. There is none by default.
        temperature: Option<TemperatureRange> = None;
        /// How long it may be outside: doors open while loading.
        temperature_ms: u64 = 600_000;
        /// How far inside it is right again, in 0.1 °C.
        temperature_hysteresis: u16 = 5;
        /// The acceleration that is a shock, in mg. Pavement joints stay below 2 g.
        shock_mg: u32 = 2_500;
    }
}

section! {
    /// Fuel that is stolen or filled in. Sensors err by a litre or two, and fuel sloshes: medians of five readings of a
    /// standing vehicle are compared.
    FuelRules {
        /// Whether it is watched.
        enabled: bool = true;
        /// What is missing at least, in ml.
        theft_ml: u32 = 10_000;
        /// What is added at least, in ml.
        refuel_ml: u32 = 10_000;
        /// What a tank holds when nobody says, in ml, for sensors that tell parts of the tank.
        tank_ml: u32 = 60_000;
        /// What an engine may burn while standing, in ml an hour: it is not missing.
        idle_ml_per_h: u32 = 3_000;
    }
}

section! {
    /// Batteries that run low.
    BatteryRules {
        /// Whether it is watched.
        enabled: bool = true;
        /// The lowest voltage of a 12 V supply, in mV. At rest a lead battery at 11.5 V is empty.
        supply_12v_mv: u32 = 11_500;
        /// The lowest voltage of a 24 V supply, in mV.
        supply_24v_mv: u32 = 23_000;
        /// The lowest charge of the traction battery, in 0.1 %.
        traction_permille: u16 = 150;
        /// The lowest charge of the terminal's own battery, in 0.1 %.
        terminal_permille: u16 = 200;
        /// How long it has to be low: starting an engine takes a volt or three for seconds.
        least_ms: u64 = 300_000;
    }
}

section! {
    /// Moved without ignition.
    TowRules {
        /// Whether it is watched.
        enabled: bool = true;
        /// How far from where it was parked, in metres.
        distance_m: u32 = 200;
        /// Fixes in a row that are so far.
        fixes: u8 = 3;
    }
}

section! {
    /// What terminals warn of themselves.
    TerminalRules {
        /// Whether it is watched. An emergency button is always heard.
        enabled: bool = true;
        /// Names of alarms that become no alert. By default those that another rule of ours tells better, that only
        /// announce others, or that a terminal repeats for areas which it was given.
        ignore: Vec<String> =
            ["overspeed_soon", "fatigue_soon", "area", "route", "section_time"].map(str::to_owned).into();
    }
}

section! {
    /// How alerts live.
    AlertRules {
        /// A condition that comes again within so long after it ended re-opens its alert.
        reopen_ms: u64 = 60_000;
        /// How often an open alert that gets worse is told again.
        update_ms: u64 = 300_000;
        /// Alerts that stay open after their condition ended, until a person closes them. The others are closed
        /// by the end of the condition.
        held: Vec<AlertKind> = vec![AlertKind::Emergency, AlertKind::FuelTheft, AlertKind::Tow];
    }
}

section! {
    /// How trips and drivers are graded: 100 less the points below, and never less than 0.
    ScoreRules {
        /// Points (in tenths) for each harsh acceleration in 100 km.
        acceleration_tenths: u32 = 15;
        /// For each harsh braking in 100 km.
        braking_tenths: u32 = 20;
        /// For each harsh cornering in 100 km.
        cornering_tenths: u32 = 15;
        /// At most for harsh events.
        harsh_most: u32 = 50;
        /// Points (in tenths) for each per cent of the moving time above the limit.
        speeding_tenths: u32 = 20;
        /// At most for speeding.
        speeding_most: u32 = 40;
        /// Points (in tenths) for each per cent of the moving time at night.
        night_tenths: u32 = 1;
        /// Points (in tenths) for each per cent of idling beyond 10 % of the trip.
        idling_tenths: u32 = 2;
        /// The distance that counts at least, in metres: one braking on a kilometre is not a hundred on 100 km.
        least_m: u32 = 20_000;
    }
}

section! {
    /// What is a usual consumption.
    EnergyRules {
        /// Decilitres of fuel for 100 km.
        fuel_dl_per_100km: u32 = 80;
        /// Hundreds of watt-hours for 100 km.
        energy_hwh_per_100km: u32 = 150;
        /// The distance below which nothing is said, in metres.
        least_m: u32 = 3_000;
    }
}
