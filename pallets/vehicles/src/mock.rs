//! A chain with companies, their money, their vehicles, and a witness that remembers what it is
//! told.

use crate as pallet_vehicles;
use core::time::Duration;
use frame_support::{
    derive_impl, parameter_types,
    traits::{ConstU128, ConstU32, ConstU64, Everything, UnixTime},
};
use frame_system::EnsureRoot;
use smartlink_primitives::{
    receipt::ItemKind, traits::Witness, CompanyId, CompanyKind, Money, H256,
};
use sp_runtime::{BuildStorage, DispatchError, DispatchResult};

type Block = frame_system::mocking::MockBlock<Test>;

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Balances: pallet_balances,
        Consortium: pallet_consortium,
        Vehicles: pallet_vehicles,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = Block;
    type AccountData = pallet_balances::AccountData<u128>;
}

/// What an account must keep: a fen.
pub const DEPOSIT: u128 = 10_000;

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type AccountStore = System;
    type Balance = u128;
    type ExistentialDeposit = ConstU128<DEPOSIT>;
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

parameter_types! {
    /// What the witness was told.
    pub static Noted: Vec<H256> = Vec::new();
    /// How many items a block may have.
    pub static MaxItems: u32 = 16;
}

/// A block's checkpoint.
pub struct Checkpoint;

/// The block is full.
pub const FULL: DispatchError = DispatchError::Other("submit again in the next block");

impl Witness for Checkpoint {
    fn note(_: CompanyId, kind: ItemKind, item: H256) -> DispatchResult {
        assert_eq!(kind, ItemKind::Vehicle);
        let room = MaxItems::get() as usize;
        Noted::mutate(|items| {
            if items.len() >= room {
                return Err(FULL);
            }
            items.push(item);
            Ok(())
        })
    }
}

impl pallet_vehicles::Config for Test {
    type Companies = Consortium;
    type Currency = Balances;
    type Witness = Checkpoint;
    type WeightInfo = ();
}

pub const SWIFT: CompanyId = CompanyId(1);
pub const SWIFT_TREASURY: u64 = 10;
pub const SWIFT_ADMIN: u64 = 11;
pub const OXCART: CompanyId = CompanyId(2);
pub const OXCART_TREASURY: u64 = 20;
pub const OXCART_ADMIN: u64 = 21;
pub const LOTUS: CompanyId = CompanyId(3);
pub const LOTUS_ADMIN: u64 = 31;

/// What [`SWIFT`] and [`OXCART`] have in their treasuries.
pub const WEALTH: Money = Money::yuan(500_000);

pub fn new_test_ext() -> sp_io::TestExternalities {
    let companies = vec![
        ("Swift".into(), CompanyKind::Platform, SWIFT_TREASURY, SWIFT_ADMIN),
        ("Oxcart".into(), CompanyKind::Carrier, OXCART_TREASURY, OXCART_ADMIN),
        ("Lotus".into(), CompanyKind::Carrier, 30, LOTUS_ADMIN),
    ];
    let balances = vec![(SWIFT_TREASURY, WEALTH.units()), (OXCART_TREASURY, WEALTH.units())];
    let genesis = RuntimeGenesisConfig {
        balances: pallet_balances::GenesisConfig { balances, ..Default::default() },
        consortium: pallet_consortium::GenesisConfig { companies },
        ..Default::default()
    };
    let mut ext: sp_io::TestExternalities = genesis.build_storage().expect("it fits").into();
    // Block 0 keeps no events.
    ext.execute_with(|| System::set_block_number(1));
    Noted::set(Vec::new());
    MaxItems::set(16);
    ext
}

/// Runs a test on a fresh chain, and checks afterwards that the state is sound and no money is
/// lost.
pub fn on_chain(story: impl FnOnce()) {
    new_test_ext().execute_with(|| {
        let issuance = Balances::total_issuance();
        story();
        Vehicles::check_invariants().expect("the state is sound");
        assert_eq!(Balances::total_issuance(), issuance);
    });
}
