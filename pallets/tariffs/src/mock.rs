//! A chain with companies and their tariffs.

use crate as pallet_tariffs;
use core::time::Duration;
use frame_support::{
    derive_impl, parameter_types,
    traits::{ConstU32, ConstU64, Everything, UnixTime},
};
use frame_system::EnsureRoot;
use smartlink_primitives::{CityCode, CompanyId, CompanyKind, Permissions};
use sp_runtime::BuildStorage;

type Block = frame_system::mocking::MockBlock<Test>;

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Consortium: pallet_consortium,
        Tariffs: pallet_tariffs,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = Block;
}

/// When the tests begin: 2023-11-14 22:13:20 UTC.
pub const START: u64 = 1_700_000_000;

parameter_types! {
    /// The time in seconds of the Unix epoch.
    pub static Now: u64 = START;
}

/// A clock that stands where the test puts it.
pub struct Clock;

impl UnixTime for Clock {
    fn now() -> Duration {
        Duration::from_secs(Now::get())
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
    type MaxCompanies = ConstU32<16>;
    type MaxRoles = ConstU32<8>;
    type WeightInfo = ();
}

impl pallet_tariffs::Config for Test {
    type Companies = Consortium;
    type Time = Clock;
    type MaxVersions = ConstU32<3>;
    type MaxProposals = ConstU32<4>;
    type WeightInfo = ();
}

/// A ride hailing platform.
pub const SWIFT: CompanyId = CompanyId(1);
pub const SWIFT_ADMIN: u64 = 11;
/// Proposes tariffs of [`SWIFT`].
pub const MAKER: u64 = 12;
/// Approves tariffs of [`SWIFT`].
pub const CHECKER: u64 = 13;
/// A carrier.
pub const OXCART: CompanyId = CompanyId(2);
pub const OXCART_ADMIN: u64 = 21;
/// An insurer.
pub const SHIELD: CompanyId = CompanyId(3);

pub const BEIJING: CityCode = CityCode(110_000);
pub const SHANGHAI: CityCode = CityCode(310_000);

pub fn new_test_ext() -> sp_io::TestExternalities {
    let companies = vec![
        ("Swift".into(), CompanyKind::Platform, 10, SWIFT_ADMIN),
        ("Oxcart".into(), CompanyKind::Carrier, 20, OXCART_ADMIN),
        ("Shield".into(), CompanyKind::Insurer, 30, 31),
    ];
    let genesis = RuntimeGenesisConfig {
        consortium: pallet_consortium::GenesisConfig { companies },
        ..Default::default()
    };
    let mut ext: sp_io::TestExternalities = genesis.build_storage().expect("it fits").into();
    Now::set(START);
    ext.execute_with(|| {
        // Block 0 keeps no events.
        System::set_block_number(1);
        let roles = [(MAKER, Permissions::TARIFF_MAKER), (CHECKER, Permissions::TARIFF_CHECKER)];
        for (who, permissions) in roles {
            let admin = RuntimeOrigin::signed(SWIFT_ADMIN);
            Consortium::grant_role(admin, SWIFT, who, permissions, None).expect("an admin grants");
        }
    });
    ext
}

/// Runs a test on a fresh chain, and checks afterwards that the state is sound.
pub fn on_chain(story: impl FnOnce()) {
    new_test_ext().execute_with(|| {
        story();
        Tariffs::check_invariants().expect("the state is sound");
    });
}
