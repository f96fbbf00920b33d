//! What may happen in the city, by chance.

use crate::city::{MINUTE, SECOND};
use proptest::prelude::*;
use smartlink_orders::{command::Step, order::Party};
use smartlink_primitives::vehicle::VehicleClass;

/// What somebody does. Orders are counted from the newest back.
#[derive(Clone, Debug)]
pub enum Move {
    Quote {
        rider: u64,
        minutes: u64,
        class: VehicleClass,
    },
    Place {
        order: usize,
        rider: u64,
    },
    Cancel {
        order: usize,
        by: Party,
        who: u64,
        fault: Party,
    },
    Rate {
        order: usize,
        by: Party,
        who: u64,
        stars: u8,
    },
    OnDuty {
        driver: u32,
        vehicle: u32,
        class: VehicleClass,
    },
    OffDuty {
        driver: u32,
    },
    Offer {
        order: usize,
        driver: u32,
        stale: bool,
        forward: bool,
    },
    Answer {
        order: usize,
        driver: u32,
        late: u32,
        yes: bool,
    },
    Step {
        order: usize,
        driver: u32,
        step: Step,
    },
    PickUp {
        order: usize,
        driver: u32,
        right: bool,
    },
    Complete {
        order: usize,
        driver: u32,
        distance_m: u32,
    },
    /// What usually comes next.
    Next {
        order: usize,
        driver: u32,
    },
    Wait {
        ms: u64,
    },
    Skip {
        ms: u64,
    },
    Again {
        back: usize,
    },
    Refuse {
        row: u32,
    },
    Settle {
        older: u32,
        fork: bool,
    },
    Release {
        order: usize,
    },
    ReleaseHeld,
    Restart,
}

fn party() -> impl Strategy<Value = Party> {
    prop_oneof![Just(Party::Rider), Just(Party::Driver), Just(Party::Company)]
}

fn class() -> impl Strategy<Value = VehicleClass> {
    prop_oneof![4 => Just(VehicleClass::Economy), 1 => Just(VehicleClass::Premium)]
}

fn step() -> impl Strategy<Value = Step> {
    use Step::*;
    prop_oneof![Just(SetOff), Just(Arrive), Just(Start), Just(Abandon)]
}

pub fn a_move() -> impl Strategy<Value = Move> {
    let (order, rider, driver) = (0usize..5, 1u64..4, 1u32..4);
    let ms = prop_oneof![6 => 0..SECOND, 3 => 10 * SECOND..20 * SECOND, 1 => MINUTE..7 * MINUTE];
    prop_oneof![
        6 => (rider.clone(), prop_oneof![4 => Just(0u64), 1 => 0..40u64], class())
            .prop_map(|(rider, minutes, class)| Move::Quote { rider, minutes, class }),
        4 => (order.clone(), rider.clone()).prop_map(|(order, rider)| Move::Place { order, rider }),
        2 => (order.clone(), party(), rider.clone(), party())
            .prop_map(|(order, by, who, fault)| Move::Cancel { order, by, who, fault }),
        2 => (order.clone(), party(), rider, 0u8..7)
            .prop_map(|(order, by, who, stars)| Move::Rate { order, by, who, stars }),
        4 => (driver.clone(), 1u32..4, class())
            .prop_map(|(driver, vehicle, class)| Move::OnDuty { driver, vehicle, class }),
        1 => driver.clone().prop_map(|driver| Move::OffDuty { driver }),
        6 => (order.clone(), driver.clone(), prop::bool::weighted(0.1), any::<bool>()).prop_map(
            |(order, driver, stale, forward)| Move::Offer { order, driver, stale, forward }
        ),
        4 => (order.clone(), driver.clone(), 0u32..3, prop::bool::weighted(0.8))
            .prop_map(|(order, driver, late, yes)| Move::Answer { order, driver, late, yes }),
        3 => (order.clone(), driver.clone(), step())
            .prop_map(|(order, driver, step)| Move::Step { order, driver, step }),
        2 => (order.clone(), driver.clone(), any::<bool>())
            .prop_map(|(order, driver, right)| Move::PickUp { order, driver, right }),
        2 => (order.clone(), driver.clone(), 0u32..60_000)
            .prop_map(|(order, driver, distance_m)| Move::Complete { order, driver, distance_m }),
        60 => (order.clone(), driver).prop_map(|(order, driver)| Move::Next { order, driver }),
        6 => ms.clone().prop_map(|ms| Move::Wait { ms }),
        1 => ms.prop_map(|ms| Move::Skip { ms }),
        5 => (0usize..30).prop_map(|back| Move::Again { back }),
        4 => (0u32..2).prop_map(|row| Move::Refuse { row }),
        4 => (0u32..3, prop::bool::weighted(0.2)).prop_map(|(older, fork)| Move::Settle { older, fork }),
        1 => order.prop_map(|order| Move::Release { order }),
        3 => Just(Move::ReleaseHeld),
        1 => Just(Move::Restart),
    ]
}
