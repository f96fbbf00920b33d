//! A chain with companies, their validators and real sessions.

use crate as pallet_validators;
use core::time::Duration;
use frame_support::{
    derive_impl,
    traits::{ConstU32, ConstU64, Everything, UnixTime},
};
use frame_system::EnsureRoot;
use pallet_session::{
    disabling::UpToLimitWithReEnablingDisablingStrategy, historical as pallet_session_historical,
    historical::NoteHistoricalRoot, PeriodicSessions, TestSessionHandler,
};
use smartlink_primitives::{CompanyId, CompanyKind};
use sp_runtime::{testing::UintAuthorityId, traits::ConvertInto, BuildStorage};

type Block = frame_system::mocking::MockBlock<Test>;

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Balances: pallet_balances,
        Consortium: pallet_consortium,
        Validators: pallet_validators,
        Session: pallet_session,
        Historical: pallet_session_historical,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = Block;
    type AccountData = pallet_balances::AccountData<u64>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type AccountStore = System;
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
    type Observers = Validators;
    type ApplicationLife = ConstU64<1_000>;
    type MaxApplications = ConstU32<4>;
    type MaxSeats = ConstU32<8>;
    type MaxCompanies = ConstU32<8>;
    type MaxRoles = ConstU32<8>;
    type WeightInfo = ();
}

impl pallet_validators::Config for Test {
    type CouncilOrigin = EnsureRoot<u64>;
    type Companies = Consortium;
    type MaxValidators = ConstU32<5>;
    type MinValidators = ConstU32<1>;
    type SafeValidators = ConstU32<4>;
    type Patience = ConstU32<10>;
    type WeightInfo = ();
}

/// Tests rotate the sessions themselves.
type Period = PeriodicSessions<ConstU64<1_000_000>, ConstU64<1_000_000>>;

impl pallet_session::Config for Test {
    type RuntimeEvent = RuntimeEvent;
    type ValidatorId = u64;
    type ValidatorIdOf = ConvertInto;
    type ShouldEndSession = Period;
    type NextSessionRotation = Period;
    type SessionManager = NoteHistoricalRoot<Test, Validators>;
    type SessionHandler = TestSessionHandler;
    type Keys = UintAuthorityId;
    type DisablingStrategy = UpToLimitWithReEnablingDisablingStrategy;
    type WeightInfo = ();
    type Currency = Balances;
    type KeyDeposit = ConstU64<1>;
}

impl pallet_session_historical::Config for Test {
    type RuntimeEvent = RuntimeEvent;
    type FullIdentification = CompanyId;
    type FullIdentificationOf = pallet_validators::ValidatorCompany<Test>;
}

/// A ride hailing platform with two validators.
pub const SWIFT: CompanyId = CompanyId(1);
pub const SWIFT_A: u64 = 101;
pub const SWIFT_B: u64 = 102;
/// A carrier with two validators.
pub const OXCART: CompanyId = CompanyId(2);
pub const OXCART_A: u64 = 201;
pub const OXCART_B: u64 = 202;
/// An account with money.
pub const NEWCOMER: u64 = 103;

pub fn genesis() -> RuntimeGenesisConfig {
    let validators =
        vec![(SWIFT_A, SWIFT), (SWIFT_B, SWIFT), (OXCART_A, OXCART), (OXCART_B, OXCART)];
    let keys = validators.iter().map(|&(who, _)| (who, who, UintAuthorityId(who))).collect();
    let companies = vec![
        ("Swift".into(), CompanyKind::Platform, 10, 11),
        ("Oxcart".into(), CompanyKind::Carrier, 20, 21),
    ];
    RuntimeGenesisConfig {
        balances: pallet_balances::GenesisConfig {
            balances: vec![(NEWCOMER, 1_000), (104, 1_000)],
            ..Default::default()
        },
        consortium: pallet_consortium::GenesisConfig { companies },
        validators: pallet_validators::GenesisConfig { validators },
        session: pallet_session::GenesisConfig { keys, ..Default::default() },
        ..Default::default()
    }
}

pub fn new_test_ext() -> sp_io::TestExternalities {
    let mut ext: sp_io::TestExternalities = genesis().build_storage().expect("it fits").into();
    // Block 0 keeps no events.
    ext.execute_with(|| System::set_block_number(1));
    ext
}

/// Runs a test on a fresh chain, and checks afterwards that the state is sound.
pub fn on_chain(story: impl FnOnce()) {
    new_test_ext().execute_with(|| {
        story();
        Validators::check_invariants().expect("the state is sound");
        Consortium::check_invariants().expect("the state is sound");
    });
}
