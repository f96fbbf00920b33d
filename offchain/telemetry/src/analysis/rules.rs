//! What a company may set: every threshold, by class of vehicle.
//!
//! A [`RuleBook`] holds only what a company says otherwise than the defaults, for all its vehicles and by class. It is
//! compiled to a [`RuleSet`], which holds everything for every class, and which [`super::Analysis::set_rules`] takes at
//! any time.

mod check;
mod sections;

pub use check::RuleError;
pub use sections::{
    AlertRules, BatteryRules, CargoRules, CleanRules, EnergyRules, FatigueRules, FenceRules,
    FuelRules, HarshRules, LocalTime, OfflineRules, ScoreRules, SpeedingRules, TemperatureRange,
    TerminalRules, TowRules, TripRules,
};

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::class::Class;

/// All rules for one class of vehicles. Times are milliseconds unless the name says otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rules {
    /// The clock on the wall, and when it is night.
    pub local: LocalTime,
    /// What is believed.
    pub clean: CleanRules,
    /// Where trips begin and end.
    pub trips: TripRules,
    /// Too fast.
    pub speeding: SpeedingRules,
    /// Harsh acceleration, braking and cornering.
    pub harsh: HarshRules,
    /// Too long at the wheel.
    pub fatigue: FatigueRules,
    /// Crossing the borders of geofences.
    pub fences: FenceRules,
    /// Not heard from.
    pub offline: OfflineRules,
    /// Temperature and shock of the cargo.
    pub cargo: CargoRules,
    /// Fuel that is stolen or filled in.
    pub fuel: FuelRules,
    /// Batteries that run low.
    pub battery: BatteryRules,
    /// Moved without ignition.
    pub tow: TowRules,
    /// What terminals warn of themselves.
    pub terminal: TerminalRules,
    /// How alerts live.
    pub alerts: AlertRules,
    /// How trips and drivers are graded.
    pub score: ScoreRules,
    /// What is a usual consumption.
    pub energy: EnergyRules,
}

impl Rules {
    /// The defaults of a class. Where they differ between classes:
    ///
    /// * Limits: Regulation on the Implementation of the Road Traffic Safety Law, article 78 (120 km/h for small
    ///   passenger cars on motorways, 100 km/h for all others); GB 7258-2017, 10.5 (80 km/h for vehicles with dangerous goods).
    /// * Coaches at night: 80 % of the limit by day (Safety Management of Passenger Road Transport, Ministry of Transport).
    /// * Harsh events: no standard says what is harsh. Makers of terminals ship 200, 250, 300 mg (acceleration,
    ///   braking, cornering) for cars and trucks alike as their most sensitive, 450, 450, 560 mg as their least; ours lie
    ///   between, lower for what is heavy, whose cargo and centre of gravity suffer earlier.
    /// * Consumption: round figures of the classes in China's cities, to be replaced by a company's own.
    pub fn of(class: Class) -> Self {
        let mut rules = Self::default();
        let (limit_kmh, harsh_mg, fuel, energy) = match class {
            Class::Car => (120, [300, 350, 400], 80, 150),
            Class::Van => (120, [280, 330, 370], 95, 220),
            Class::Bus => (100, [200, 280, 280], 260, 900),
            Class::LightTruck => (100, [250, 300, 330], 130, 350),
            Class::HeavyTruck => (100, [200, 280, 270], 330, 1_400),
            Class::DangerousGoods => (80, [200, 280, 250], 330, 1_400),
        };
        rules.speeding.limit_kmh = limit_kmh;
        [rules.harsh.acceleration_mg, rules.harsh.braking_mg, rules.harsh.cornering_mg] = harsh_mg;
        rules.energy.fuel_dl_per_100km = fuel;
        rules.energy.energy_hwh_per_100km = energy;
        if class == Class::Bus {
            rules.speeding.night_permille = 800;
        }
        rules
    }
}

/// What a company sets otherwise than the defaults.
///
/// ```json
/// {
///   "rules": { "speeding": { "limit_kmh": 110 } },
///   "classes": { "heavy_truck": { "speeding": { "limit_kmh": 80 }, "tow": { "enabled": false } } }
/// }
/// ```
///
/// The later wins, field by field: the defaults of the class, `rules`, the class's own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RuleBook {
    /// For all vehicles: any part of [`Rules`].
    pub rules: Map<String, Value>,
    /// For the vehicles of a class.
    pub classes: BTreeMap<Class, Map<String, Value>>,
}

/// Rules that were checked, for every class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleSet {
    by_class: Vec<Rules>,
}

impl RuleSet {
    /// The rules for a class.
    pub fn of(&self, class: Class) -> &Rules {
        // `by_class` has an entry for each of `Class::ALL`, which are numbered from 0.
        &self.by_class[class as usize]
    }
}

impl Default for RuleSet {
    fn default() -> Self {
        Self { by_class: Class::ALL.map(Rules::of).into() }
    }
}

impl RuleBook {
    /// Lays what is set over the defaults, and checks the result.
    ///
    /// # Errors
    /// Names the class, the field, what it is and what it may be. An unknown field is an error.
    pub fn compile(&self) -> Result<RuleSet, RuleError> {
        let mut by_class = Vec::with_capacity(Class::ALL.len());
        for class in Class::ALL {
            let shape = |error: serde_json::Error| RuleError {
                class,
                field: "the rules".to_owned(),
                sentence: format!("cannot be read: {error}"),
            };
            let mut all = serde_json::to_value(Rules::of(class)).map_err(shape)?;
            lay_over(&mut all, &self.rules);
            if let Some(own) = self.classes.get(&class) {
                lay_over(&mut all, own);
            }
            let rules: Rules = serde_json::from_value(all).map_err(shape)?;
            rules.check(class)?;
            by_class.push(rules);
        }
        Ok(RuleSet { by_class })
    }
}

/// Objects are joined member by member, whatever else is replaced.
fn lay_over(below: &mut Value, above: &Map<String, Value>) {
    let Value::Object(below) = below else {
        *below = Value::Object(above.clone());
        return;
    };
    for (name, value) in above {
        match (below.get_mut(name), value) {
            (Some(lower @ Value::Object(_)), Value::Object(upper)) => lay_over(lower, upper),
            (Some(lower), _) => *lower = value.clone(),
            (None, _) => {
                below.insert(name.clone(), value.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn book(json: &str) -> RuleBook {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn nothing_said_is_the_defaults() {
        assert_eq!(RuleBook::default().compile().unwrap(), RuleSet::default());
    }

    #[test]
    fn a_class_wins_over_the_company_and_the_company_over_the_defaults() {
        let rules = book(
            r#"{"rules": {"speeding": {"limit_kmh": 110}, "tow": {"enabled": false}},
                "classes": {"heavy_truck": {"speeding": {"limit_kmh": 70}}}}"#,
        )
        .compile()
        .unwrap();
        assert_eq!(rules.of(Class::Car).speeding.limit_kmh, 110);
        assert_eq!(rules.of(Class::HeavyTruck).speeding.limit_kmh, 70);
        assert!(!rules.of(Class::HeavyTruck).tow.enabled);
        assert_eq!(rules.of(Class::Bus).speeding.night_permille, 800, "left as it was");
    }

    #[test]
    fn what_does_not_exist_or_makes_no_sense_is_named() {
        let error = |json| book(json).compile().unwrap_err().to_string();
        let unknown = error(r#"{"rules": {"speeding": {"limt_kmh": 110}}}"#);
        assert!(unknown.contains("limt_kmh") && unknown.contains("limit_kmh"), "{unknown}");
        assert_eq!(
            error(r#"{"classes": {"van": {"speeding": {"limit_kmh": 0}}}}"#),
            "for class van, speeding.limit_kmh is 0: give 5 to 400"
        );
        assert_eq!(
            error(r#"{"rules": {"harsh": {"gap_least_ms": 4000}}}"#),
            "for class car, harsh.gap_most_ms is 3000: give more than harsh.gap_least_ms, which is 4000"
        );
    }

    #[test]
    fn a_hostile_book_is_refused_or_makes_sense_for_every_class() {
        bolero::check!().for_each(|bytes: &[u8]| {
            let Ok(book) = serde_json::from_slice::<RuleBook>(bytes) else { return };
            let Ok(rules) = book.compile() else { return };
            for class in Class::ALL {
                assert_eq!(rules.of(class).check(class), Ok(()));
            }
        });
    }
}
