//! A chain with nothing but the companies.

use crate as pallet_consortium;
use core::time::Duration;
use frame_support::{
    derive_impl, parameter_types,
    traits::{ConstU32, UnixTime},
};
use frame_system::EnsureRoot;
use smartlink_primitives::{CompanyId, CompanyKind};
use sp_runtime::BuildStorage;

type Block = frame_system::mocking::MockBlock<Test>;

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Consortium: pallet_consortium,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = Block;
}

parameter_types! {
    /// The time in seconds of the Unix epoch.
    pub static Now: u64 = 1_700_000_000;
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
    type Time = Clock;
    type MaxCompanies = ConstU32<4>;
    type MaxRoles = ConstU32<4>;
    type WeightInfo = ();
}

/// A ride hailing platform.
pub const SWIFT: CompanyId = CompanyId(1);
/// A carrier.
pub const OXCART: CompanyId = CompanyId(2);

/// Treasury and first administrator of [`SWIFT`].
pub const SWIFT_TREASURY: u64 = 10;
pub const SWIFT_ADMIN: u64 = 11;
/// Treasury and first administrator of [`OXCART`].
pub const OXCART_TREASURY: u64 = 20;
pub const OXCART_ADMIN: u64 = 21;

pub fn new_test_ext() -> sp_io::TestExternalities {
    let companies = vec![
        ("Swift 迅达".into(), CompanyKind::Platform, SWIFT_TREASURY, SWIFT_ADMIN),
        ("Oxcart".into(), CompanyKind::Carrier, OXCART_TREASURY, OXCART_ADMIN),
    ];
    let genesis = RuntimeGenesisConfig {
        consortium: pallet_consortium::GenesisConfig { companies },
        ..Default::default()
    };
    let mut ext: sp_io::TestExternalities = genesis.build_storage().expect("it fits").into();
    // Block 0 keeps no events.
    ext.execute_with(|| System::set_block_number(1));
    ext
}

/// Runs a test on a fresh chain, and checks afterwards that the state is sound.
pub fn on_chain(story: impl FnOnce()) {
    new_test_ext().execute_with(|| {
        story();
        Consortium::check_invariants().expect("the state is sound");
    });
}
