//! A chain with companies, drivers, and a ledger that only knows its seats.

use crate as pallet_drivers;
use core::time::Duration;
use frame_support::{
    derive_impl, parameter_types,
    traits::{ConstU32, ConstU64, Everything, UnixTime},
};
use frame_system::EnsureRoot;
use smartlink_primitives::{
    traits::{Membership, Seats},
    CompanyId, CompanyKind, DriverId, Seat,
};
use sp_runtime::{BuildStorage, DispatchError, DispatchResult};
use std::collections::BTreeMap;

type Block = frame_system::mocking::MockBlock<Test>;

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Consortium: pallet_consortium,
        Drivers: pallet_drivers,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = Block;
}

/// A clock that stands still.
pub struct Clock;

impl UnixTime for Clock {
    fn now() -> Duration {
        Duration::from_secs(1_700_000_000)
    }
}

impl pallet_consortium::Config for Test {
    type CouncilOrigin = EnsureRoot<u64>;
    type EnactOrigin = EnsureRoot<u64>;
    type RuntimeCall = RuntimeCall;
    type Sound = Everything;
    type Time = Clock;
    type Attesters = Everything;
    type Council = ();
    type CouncilWeight = ();
    type Observers = ();
    type ApplicationLife = ConstU64<1_000>;
    type MaxApplications = ConstU32<4>;
    type MaxSeats = ConstU32<8>;
    type MaxCompanies = ConstU32<8>;
    type MaxRoles = ConstU32<8>;
    type WeightInfo = ();
}

/// A seat as the ledger sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub driver: DriverId,
    pub account: u64,
    pub active: bool,
}

parameter_types! {
    /// All seats of all companies.
    pub static Places: BTreeMap<(CompanyId, Seat), Place> = BTreeMap::new();
    /// How many seats each company may have.
    pub static MaxSeats: u32 = 3;
}

/// The ledger's seats.
pub struct Ledger;

impl Ledger {
    fn change(company: CompanyId, seat: Seat, change: impl FnOnce(&mut Place)) -> DispatchResult {
        Places::mutate(|places| {
            let place = places.get_mut(&(company, seat));
            change(place.ok_or(DispatchError::Other("there is no such seat"))?);
            Ok(())
        })
    }
}

impl Seats<u64> for Ledger {
    fn open(company: CompanyId, driver: DriverId, account: &u64) -> Result<Seat, DispatchError> {
        Places::mutate(|places| {
            let taken = places.keys().filter(|(owner, _)| *owner == company).count() as u32;
            if taken >= MaxSeats::get() {
                return Err(DispatchError::Other("the company has all its seats"));
            }
            let place = Place { driver, account: *account, active: true };
            places.insert((company, Seat(taken)), place);
            Ok(Seat(taken))
        })
    }

    fn set_active(company: CompanyId, seat: Seat, active: bool) -> DispatchResult {
        Self::change(company, seat, |place| place.active = active)
    }

    fn set_account(company: CompanyId, seat: Seat, account: &u64) -> DispatchResult {
        Self::change(company, seat, |place| place.account = *account)
    }
}

parameter_types! {
    /// Who joined and who left, in order.
    pub static Told: Vec<(bool, CompanyId, u64)> = Vec::new();
}

/// Hears who drives for whom.
pub struct Staff;

impl Membership<u64> for Staff {
    fn joined(company: CompanyId, who: &u64) {
        Told::mutate(|told| told.push((true, company, *who)));
    }

    fn left(company: CompanyId, who: &u64) {
        Told::mutate(|told| told.push((false, company, *who)));
    }
}

impl pallet_drivers::Config for Test {
    type Companies = Consortium;
    type Seats = Ledger;
    type Observers = Staff;
    type MaxEmployers = ConstU32<2>;
    type WeightInfo = ();
}

pub const SWIFT: CompanyId = CompanyId(1);
pub const SWIFT_ADMIN: u64 = 11;
pub const OXCART: CompanyId = CompanyId(2);
pub const OXCART_ADMIN: u64 = 21;
pub const LOTUS: CompanyId = CompanyId(3);
pub const LOTUS_ADMIN: u64 = 31;

pub fn new_test_ext() -> sp_io::TestExternalities {
    let companies = vec![
        ("Swift".into(), CompanyKind::Platform, 10, SWIFT_ADMIN),
        ("Oxcart".into(), CompanyKind::Carrier, 20, OXCART_ADMIN),
        ("Lotus".into(), CompanyKind::Platform, 30, LOTUS_ADMIN),
    ];
    let genesis = RuntimeGenesisConfig {
        consortium: pallet_consortium::GenesisConfig { companies },
        ..Default::default()
    };
    let mut ext: sp_io::TestExternalities = genesis.build_storage().expect("it fits").into();
    // Block 0 keeps no events.
    ext.execute_with(|| System::set_block_number(1));
    Places::set(BTreeMap::new());
    MaxSeats::set(3);
    ext
}

/// Runs a test on a fresh chain, and checks afterwards that the state is sound and the ledger
/// agrees.
pub fn on_chain(story: impl FnOnce()) {
    new_test_ext().execute_with(|| {
        story();
        Drivers::check_invariants().expect("the state is sound");
        for ((company, seat), place) in Places::get() {
            let driver = crate::Drivers::<Test>::get(place.driver).expect("the driver is known");
            let employment = driver.employment(company).expect("the driver was employed");
            assert_eq!(employment.seat, seat);
            assert_eq!(driver.account, place.account);
            assert_eq!(place.active, employment.status == crate::DriverStatus::Active);
        }
    });
}
