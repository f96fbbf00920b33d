//! A town for the engine: places in metres from its middle, orders and drivers with what they usually have.

#![allow(dead_code)] // Each test binary uses its part.

use smartlink_dispatch::{
    class::VehicleClass,
    engine::Position,
    geo::Point,
    market::{DriverNews, OrderNews, Phase},
    DispatchConfig, DispatchEngine,
};

/// When the tests take place.
pub const NOW_MS: u64 = 1_781_452_800_000;

/// So many metres east and north of the middle of Shenzhen.
pub fn place(east_m: i32, north_m: i32) -> Point {
    // A degree of latitude has 111,195 m; of longitude 102,714 at 22.5 degrees north.
    Point::new(22_500_000 + north_m * 8_993 / 1000, 114_000_000 + east_m * 9_736 / 1000).unwrap()
}

pub fn engine() -> DispatchEngine {
    with(|_| {})
}

/// Without bonuses and penalties, unless `change` says so: the approach alone counts.
pub fn with(change: impl FnOnce(&mut DispatchConfig)) -> DispatchEngine {
    let mut config = DispatchConfig::default();
    config.cost.idle_permille = 0;
    config.cost.waiting_permille = 0;
    config.cost.unassigned_s = 3_600;
    change(&mut config);
    DispatchEngine::new(config).unwrap()
}

pub fn order(order: u64, pickup: Point) -> OrderNews {
    OrderNews {
        order,
        revision: 1,
        phase: Phase::Searching,
        class: VehicleClass::Economy,
        pickup,
        dropoff: place(0, 6_000),
        at_ms: NOW_MS,
        pickup_at_ms: None,
        driver: None,
        excluded: Vec::new(),
    }
}

pub fn driver(driver: u32) -> DriverNews {
    DriverNews {
        driver,
        on_duty: true,
        class: VehicleClass::Economy,
        order: None,
        next_order: None,
        offered: None,
        idle_since_ms: NOW_MS,
        rating_permille: None,
        offers: 0,
        accepted: 0,
        abandoned: 0,
    }
}

pub fn position(driver: u32, at: Point, at_ms: u64) -> Position {
    Position { driver, at, at_ms, heading: None, speed_dm_s: 0 }
}

/// A driver on duty with a fresh position.
pub fn on_duty(engine: &mut DispatchEngine, id: u32, at: Point) {
    assert!(engine.driver(driver(id)));
    assert!(engine.report(position(id, at, NOW_MS), NOW_MS));
}
