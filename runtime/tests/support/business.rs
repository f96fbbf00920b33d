//! A bit of business on the local chain: a platform with a tariff, a driver, a settled batch, a vehicle and an anchor, and
//! somebody who wants to join.

use super::signed;
use frame_support::assert_ok;
use pallet_consortium::{Name, Paper, PaperKind};
use smartlink_primitives::{
    ride::{Ride, RideBatch, RideKind},
    tariff::{FareTable, Share, SplitPolicy, Tariff, Window},
    telemetry::{AnchorRun, ClosedBatch},
    vehicle::VehicleClass,
    AnchorNumber, BatchNumber, CityCode, CompanyId, CompanyKind, Money, Permissions, Seat, H256,
};
use smartlink_runtime::{AccountId, Consortium, Drivers, Settlement, Tariffs, Telemetry, Vehicles};
use sp_keyring::Sr25519Keyring::{self, Alice, Eve, Ferdie, One};

/// The clock of the chain when the business is set up, in seconds of the Unix epoch.
pub const NOW: u64 = 1_790_000_000;
/// The platform: Alice's.
pub const PLATFORM: CompanyId = CompanyId(1);
/// Where it has a tariff.
pub const CITY: CityCode = CityCode(440_300);
/// The insurer among the founders: Dave's.
pub const INSURER: CompanyId = CompanyId(4);
/// The VIN of its vehicle, and one that no vehicle has.
pub const VINS: [[u8; 17]; 2] = [*b"1M8GDM9AXKP042788", *b"5GZCZ43D13S812715"];

/// The account of somebody.
pub fn account(who: Sr25519Keyring) -> AccountId {
    who.to_account_id()
}

/// A tariff with a rush hour, of which the insurer gets a twentieth.
pub fn tariff() -> Tariff {
    let rush = Window { days: 0x1f, from_minute: 420, until_minute: 540, surcharge_permille: 200 };
    let table = FareTable {
        base: 10_000_000,
        included_m: 2_000,
        per_km: 2_600_000,
        per_minute: 500_000,
        free_waiting_s: 180,
        per_waiting_minute: 800_000,
        minimum: 12_000_000,
        cancellation: 5_000_000,
        rounding: 10_000,
        utc_offset_minutes: 480,
        windows: vec![rush].try_into().expect("one window fits"),
        max_surge_permille: 3_000,
        max_distance_m: 500_000,
        max_duration_s: 43_200,
        max_waiting_s: 3_600,
        max_tolls_fen: 100_000,
    };
    let third = Share { company: INSURER, ppm: 50_000 };
    let split = SplitPolicy {
        driver_ppm: 800_000,
        platform_ppm: 150_000,
        third_parties: vec![third].try_into().expect("one third party fits"),
    };
    Tariff { table, split }
}

/// A batch of the platform with two rides of its first driver, which ended before [`NOW`].
pub fn batch(number: u64) -> RideBatch {
    let mut batch = RideBatch::new(PLATFORM, BatchNumber(number), CITY, NOW - 7_200);
    for (order, pickup) in [(2 * number, NOW - 7_200), (2 * number + 1, NOW - 3_600)] {
        let ride = Ride {
            order,
            seat: Seat(0),
            pickup,
            distance_m: 5_000,
            duration_s: 600,
            waiting_s: 200,
            tolls_fen: 500,
            surge_permille: 1_200,
            kind: RideKind::Trip,
        };
        batch.push(&ride).expect("two rides fit");
    }
    batch
}

/// A run of one anchor with ten records.
pub fn run(company: CompanyId, first: u64, first_sequence: u64) -> AnchorRun {
    let closed = ClosedBatch { count: 10, root: H256::repeat_byte(7), closed_at_ms: NOW * 1_000 };
    let batches = vec![closed].try_into().expect("one batch fits");
    AnchorRun { company, first: AnchorNumber(first), first_sequence, batches }
}

/// Sets the business up, in a block whose time is [`NOW`].
pub fn set_up() {
    let maker = Permissions::TARIFF_MAKER;
    assert_ok!(Consortium::grant_role(signed(Alice), PLATFORM, account(Eve), maker, None));
    let since = NOW - 86_400;
    assert_ok!(Tariffs::propose(signed(Eve), PLATFORM, CITY, since, Box::new(tariff())));
    assert_ok!(Tariffs::approve(signed(Alice), PLATFORM, CITY, 1.into()));
    assert_ok!(Drivers::enrol(signed(Alice), PLATFORM, account(Ferdie)));
    assert_ok!(Settlement::fund(signed(Alice), PLATFORM, Money::yuan(10_000)));
    assert_ok!(Settlement::settle_batch(signed(Alice), batch(1)));
    assert_ok!(Telemetry::anchor(signed(Alice), run(PLATFORM, 1, 1)));

    let plate = b"A1".to_vec().try_into().expect("short");
    let model = b"Qin".to_vec().try_into().expect("short");
    let (vin, class) = (VINS[0], VehicleClass::Comfort);
    assert_ok!(Vehicles::register(signed(Alice), PLATFORM, vin, plate, model, class));

    let licence = Paper { kind: PaperKind::BusinessLicence, hash: H256::repeat_byte(1) };
    let papers = vec![licence].try_into().expect("one paper fits");
    let name = Name::truncate_from(b"Ferne Fracht".to_vec());
    let kind = CompanyKind::Carrier;
    assert_ok!(Consortium::apply(signed(One), name, kind, account(One), papers));
}
