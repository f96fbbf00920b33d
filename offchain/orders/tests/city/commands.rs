//! Commands as the people of the city give them.

use smartlink_orders::{
    command::{Ask, Place, QuoteAsk, Step},
    order::Party,
};
use smartlink_primitives::{vehicle::VehicleClass, DriverId, Seat, VehicleId};

/// What every rider says to her driver.
pub const CODE: u16 = 4_711;

pub fn quote(rider: u64) -> QuoteAsk {
    let place = |name: &str, latitude_e6| Place {
        latitude_e6,
        longitude_e6: 114_060_000,
        name: name.to_owned(),
    };
    QuoteAsk {
        rider,
        class: VehicleClass::Economy,
        origin: place("Futian", 22_540_000),
        destination: place("Nanshan", 22_530_000),
        pickup_at_ms: 0,
        distance_m: 10_000,
        duration_s: 1_200,
        surge_permille: 1_000,
    }
}

pub fn place(order: u64, rider: u64) -> Ask {
    Ask::Place { order, rider, start_code: CODE }
}

pub fn on_duty(driver: u32, vehicle: VehicleId) -> Ask {
    let (driver, seat) = (DriverId(driver), Seat(driver + 10));
    Ask::OnDuty { driver, vehicle, seat, class: VehicleClass::Economy }
}

pub fn off_duty(driver: DriverId) -> Ask {
    Ask::OffDuty { driver }
}

pub fn decline(order: u64, driver: DriverId, attempt: u32) -> Ask {
    Ask::Decline { order, driver, attempt }
}

pub fn set_off(order: u64, driver: DriverId) -> Ask {
    Ask::Step { order, driver, step: Step::SetOff }
}

pub fn arrive(order: u64, driver: DriverId) -> Ask {
    Ask::Step { order, driver, step: Step::Arrive }
}

pub fn start(order: u64, driver: DriverId) -> Ask {
    Ask::Step { order, driver, step: Step::Start }
}

pub fn abandon(order: u64, driver: DriverId) -> Ask {
    Ask::Step { order, driver, step: Step::Abandon }
}

pub fn pick_up(order: u64, driver: DriverId, start_code: u16) -> Ask {
    Ask::PickUp { order, driver, start_code }
}

pub fn complete(order: u64, driver: DriverId, distance_m: u32) -> Ask {
    Ask::Complete { order, driver, distance_m, tolls_fen: 0 }
}

pub fn rider_cancels(order: u64, rider: u64) -> Ask {
    let reason = "another plan".to_owned();
    Ask::Cancel { order, by: Party::Rider, who: rider, fault: Party::Company, reason }
}

pub fn driver_cancels(order: u64, driver: DriverId) -> Ask {
    let reason = "nobody came".to_owned();
    let who = driver.0.into();
    Ask::Cancel { order, by: Party::Driver, who, fault: Party::Company, reason }
}

pub fn company_cancels(order: u64, fault: Party) -> Ask {
    let reason = "a call to the company".to_owned();
    Ask::Cancel { order, by: Party::Company, who: 0, fault, reason }
}

pub fn rider_rates(order: u64, rider: u64, stars: u8) -> Ask {
    Ask::Rate { order, by: Party::Rider, who: rider, stars }
}

pub fn driver_rates(order: u64, driver: DriverId, stars: u8) -> Ask {
    Ask::Rate { order, by: Party::Driver, who: driver.0.into(), stars }
}
