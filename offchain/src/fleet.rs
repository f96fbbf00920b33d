//! Registers the vehicles and enrols the drivers of a company.

use std::collections::BTreeMap;

use smartlink_chain::{
    api::{
        drivers::events::Enrolled as EnrolledEvent, vehicles::events::Registered as RegisteredEvent,
    },
    calls::{self, NewVehicle},
    Account, AccountId32, Chain, ChainError, Included, Pending, SignerError,
};
use smartlink_primitives::{
    keccak,
    vehicle::VehicleClass,
    vin::{Vin, VinError, VIN_LENGTH},
    CompanyId, DriverId, Seat, VehicleId,
};

use crate::{
    staff::{Company, Staff, PATIENCE},
    Error,
};

/// Enrolments or registrations in one transaction.
const ITEMS: usize = 100;
/// Drivers of each company who have a key.
pub const KEY_HOLDERS: usize = 512;
/// The least number of the serial part of a VIN that does not fit it any more.
const SERIALS: u32 = 100_000_000;

/// A driver with a seat in a company's ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Enrolled {
    /// The driver.
    pub driver: DriverId,
    /// The seat.
    pub seat: Seat,
    /// Where the money goes.
    pub account: AccountId32,
}

/// The drivers of a company.
#[derive(Clone, Debug)]
pub struct Roster {
    drivers: Vec<Enrolled>,
    by_seat: BTreeMap<Seat, usize>,
}

impl Roster {
    /// A roster of these drivers. At least one.
    pub fn new(drivers: Vec<Enrolled>) -> Self {
        let by_seat =
            drivers.iter().enumerate().map(|(place, driver)| (driver.seat, place)).collect();
        Self { drivers, by_seat }
    }

    /// The driver of a ride, when they take turns. Panics when the roster is empty.
    pub fn in_turn(&self, ride: usize) -> &Enrolled {
        &self.drivers[ride % self.drivers.len()]
    }

    /// The driver in a seat.
    pub fn in_seat(&self, seat: Seat) -> Option<&Enrolled> {
        self.by_seat.get(&seat).map(|place| &self.drivers[*place])
    }

    /// All drivers.
    pub fn drivers(&self) -> &[Enrolled] {
        &self.drivers
    }
}

/// The key of one of a company's first drivers: `//Alice//driver//0017` for number 16 of the company whose
/// administrator is `//Alice`.
pub fn driver_key(company: &Company, number: usize) -> Result<Account, SignerError> {
    Account::from_uri(&format!("{}//driver//{:04}", company.admin, number + 1))
}

/// The account of a made-up driver. The first have keys and can withdraw. Nobody holds the keys of the
/// others, their balances stay in the ledger: deriving a key takes a millisecond.
pub fn driver_account(company: &Company, number: usize) -> Result<AccountId32, SignerError> {
    if number < KEY_HOLDERS {
        return Ok(driver_key(company, number)?.id());
    }
    Ok(AccountId32(keccak(format!("smartlink driver {} {number}", company.id.0).as_bytes()).0))
}

/// Enrols so many drivers, and reads their seats from the events.
///
/// # Errors
/// The chain refused them, or an event is missing.
pub async fn enrol(chain: &Chain, staff: &Staff, drivers: usize) -> Result<Roster, Error> {
    let company = staff.company.id;
    let accounts: Vec<AccountId32> = (0..drivers)
        .map(|number| driver_account(&staff.company, number))
        .collect::<Result<_, _>>()?;
    let mut pending = Vec::new();
    for accounts in accounts.chunks(ITEMS) {
        let items =
            accounts.iter().map(|account| calls::enrol_in_batch(company, *account)).collect();
        pending.push(chain.submit(&staff.personnel, &calls::batch_all(items)).await?);
    }
    let mut enrolled = Vec::new();
    for included in finalized(pending).await? {
        enrolled.extend(seats(&included)?);
    }
    if enrolled.len() != drivers {
        return Err(Error::Enrolments { expected: drivers, found: enrolled.len() });
    }
    Ok(Roster::new(enrolled))
}

/// The seats that a transaction gave.
fn seats(included: &Included) -> Result<Vec<Enrolled>, ChainError> {
    let events = included.events.find::<EnrolledEvent>();
    let seats = events.map(|event| {
        let event = event.map_err(ChainError::query("Drivers::Enrolled"))?;
        Ok(Enrolled { driver: event.driver.0, seat: event.seat.0, account: event.account })
    });
    seats.collect()
}

/// Registers so many vehicles, and reads their ids from the events.
///
/// # Errors
/// The chain refused them, or an event is missing.
pub async fn register(
    chain: &Chain,
    staff: &Staff,
    vehicles: u32,
) -> Result<Vec<VehicleId>, Error> {
    let company = staff.company.id;
    let numbers: Vec<u32> = (0..vehicles).collect();
    let mut pending = Vec::new();
    for numbers in numbers.chunks(ITEMS) {
        let mut items = Vec::new();
        for number in numbers {
            let vehicle = vehicle(company, *number).map_err(|e| Error::Asked(e.to_string()))?;
            items.push(calls::register_vehicle_in_batch(company, vehicle));
        }
        pending.push(chain.submit(&staff.fleet, &calls::batch_all(items)).await?);
    }
    let mut ids = Vec::new();
    for included in finalized(pending).await? {
        for event in included.events.find::<RegisteredEvent>() {
            ids.push(event.map_err(ChainError::query("Vehicles::Registered"))?.vehicle.0);
        }
    }
    if ids.len() != vehicles as usize {
        return Err(Error::Enrolments { expected: vehicles as usize, found: ids.len() });
    }
    Ok(ids)
}

async fn finalized(pending: Vec<Pending>) -> Result<Vec<Included>, Error> {
    let mut included = Vec::new();
    for transaction in pending {
        included.push(transaction.finalized(PATIENCE).await?);
    }
    Ok(included)
}

/// A made-up vehicle with a right VIN.
///
/// # Errors
/// Never below 100,000,000 vehicles of a company below 10.
pub fn vehicle(company: CompanyId, number: u32) -> Result<NewVehicle, VinError> {
    let text = format!("LSLSML{}00{:08}", company.0 % 10, number % SERIALS);
    let bytes: [u8; VIN_LENGTH] = text.as_bytes().try_into().map_err(|_| VinError::Length)?;
    Ok(NewVehicle {
        vin: *Vin::with_check_digit(bytes)?.as_bytes(),
        plate: format!("粤B{}{number:05}", if company.0 == 1 { 'D' } else { 'F' }),
        model: "BYD Qin PLUS EV".to_owned(),
        class: if number.is_multiple_of(5) { VehicleClass::Comfort } else { VehicleClass::Economy },
    })
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::staff::PLATFORMS;

    pub fn roster(drivers: u32) -> Roster {
        let enrolled = |number: u32| Enrolled {
            driver: DriverId(number + 100),
            seat: Seat(number),
            account: AccountId32([number as u8; 32]),
        };
        Roster::new((0..drivers).map(enrolled).collect())
    }

    #[test]
    fn vehicles_have_right_and_different_vins() {
        let vins: std::collections::BTreeSet<_> = (1..3)
            .flat_map(|c| (0..500).map(move |n| vehicle(CompanyId(c), n).unwrap().vin))
            .collect();
        assert_eq!(vins.len(), 1_000);
        assert!(vins.iter().all(|vin| Vin::new(*vin).is_ok()));
    }

    #[test]
    fn every_driver_has_an_account_of_her_own_and_the_first_can_sign() {
        let accounts: std::collections::BTreeSet<_> = PLATFORMS
            .iter()
            .flat_map(|company| (0..100).map(|n| driver_account(company, n).unwrap()))
            .collect();
        assert_eq!(accounts.len(), 200);
        let key = driver_key(&PLATFORMS[0], 16).unwrap();
        assert_eq!(key.name(), "//Alice//driver//0017");
        assert_eq!(key.id(), driver_account(&PLATFORMS[0], 16).unwrap());
    }

    #[test]
    fn drivers_take_turns_and_are_found_by_seat() {
        let roster = roster(3);
        assert_eq!(roster.in_turn(4).seat, Seat(1));
        assert_eq!(roster.in_seat(Seat(2)).map(|driver| driver.driver), Some(DriverId(102)));
        assert_eq!(roster.in_seat(Seat(3)), None);
    }
}
