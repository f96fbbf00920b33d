//! A chain with money, fees, and companies whose people the test names.

use crate as pallet_allowance;
use crate::{StaffOf, WithinAllowance};
use frame_support::{
    derive_impl, parameter_types,
    traits::{tokens::imbalance::ResolveTo, ConstU8},
    weights::{Weight, WeightToFee},
};
use frame_system::{
    limits::{BlockWeights, BlockWeightsBuilder},
    EnsureRoot,
};
use pallet_transaction_payment::FungibleAdapter;
use smartlink_primitives::{traits::Companies, CompanyId, CompanyKind, Permissions};
use sp_runtime::{BuildStorage, DispatchError, DispatchResult};
use std::collections::{BTreeMap, BTreeSet};

type Block = frame_system::mocking::MockBlock<Test>;

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Balances: pallet_balances,
        TransactionPayment: pallet_transaction_payment,
        Allowances: pallet_allowance,
    }
);

/// Blocks of a million units of time, and extrinsics that cost nothing beside their call.
fn block_weights() -> BlockWeights {
    let builder: BlockWeightsBuilder = BlockWeights::builder();
    builder
        .base_block(Weight::zero())
        .for_class(frame_support::dispatch::DispatchClass::all(), |weights| {
            weights.base_extrinsic = Weight::zero();
        })
        .for_class(frame_support::dispatch::DispatchClass::non_mandatory(), |weights| {
            weights.max_total = Some(Weight::from_parts(BLOCK_TIME, u64::MAX));
        })
        .build_or_panic()
}

/// What fits into a block.
pub const BLOCK_TIME: u64 = 1_000_000;

parameter_types! {
    pub TestBlockWeights: BlockWeights = block_weights();
    /// Where fees and tips go.
    pub const Collector: u64 = 99;
    /// The allowance of a company that has none of its own.
    pub static Max: u128 = 1_000;
    pub static Recovery: u128 = 10;
    /// The companies that cannot act.
    pub static Still: BTreeSet<CompanyId> = BTreeSet::new();
    /// The companies, and who governs each.
    pub static Admins: BTreeMap<CompanyId, u64> = founders();
    /// Those with a role.
    pub static Clerks: BTreeSet<(CompanyId, u64)> = clerks();
    /// Those who work without a role.
    pub static Drivers: BTreeSet<(CompanyId, u64)> = BTreeSet::new();
    /// The companies' own accounts.
    pub static Owned: BTreeMap<u64, CompanyId> = BTreeMap::new();
}

fn founders() -> BTreeMap<CompanyId, u64> {
    BTreeMap::from([(SWIFT, SWIFT_ADMIN), (OXCART, OXCART_ADMIN)])
}

fn clerks() -> BTreeSet<(CompanyId, u64)> {
    founders().into_iter().collect()
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = Block;
    type BlockWeights = TestBlockWeights;
    type AccountData = pallet_balances::AccountData<u64>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type AccountStore = System;
}

/// A unit of money for a unit of time, or for a byte.
pub struct OneForOne;

impl WeightToFee for OneForOne {
    type Balance = u64;

    fn weight_to_fee(weight: &Weight) -> u64 {
        weight.ref_time()
    }
}

impl pallet_transaction_payment::Config for Test {
    type RuntimeEvent = RuntimeEvent;
    type OnChargeTransaction =
        WithinAllowance<FungibleAdapter<Balances, ResolveTo<Collector, Balances>>>;
    type WeightToFee = OneForOne;
    type LengthToFee = OneForOne;
    type FeeMultiplierUpdate = ();
    type OperationalFeeMultiplier = ConstU8<5>;
    type WeightInfo = ();
}

/// The companies.
pub struct Members;

impl Companies<u64> for Members {
    fn authorise(who: &u64, company: CompanyId, _needs: Permissions) -> DispatchResult {
        Self::role_of(company, who).map(|_| ()).ok_or(DispatchError::Other("no role"))
    }

    fn kind(company: CompanyId) -> Result<CompanyKind, DispatchError> {
        if Self::may_act(company) {
            Ok(CompanyKind::Carrier)
        } else {
            Err(DispatchError::Other("suspended"))
        }
    }

    fn treasury(company: CompanyId) -> Result<u64, DispatchError> {
        Admins::get().get(&company).copied().ok_or(DispatchError::Other("unknown company"))
    }

    fn may_act(company: CompanyId) -> bool {
        Admins::get().contains_key(&company) && !Still::get().contains(&company)
    }

    fn role_of(company: CompanyId, who: &u64) -> Option<Permissions> {
        Clerks::get().contains(&(company, *who)).then_some(Permissions::FLEET)
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn found(who: &u64, _kind: CompanyKind) -> Result<CompanyId, DispatchError> {
        let last = Admins::get().keys().next_back().map_or(0, |company| company.0);
        let company = CompanyId(last.saturating_add(1));
        Admins::mutate(|admins| admins.insert(company, *who));
        Clerks::mutate(|clerks| clerks.insert((company, *who)));
        Ok(company)
    }
}

/// Those who drive.
pub struct Behind;

impl StaffOf<u64> for Behind {
    fn works_for(company: CompanyId, who: &u64) -> bool {
        Drivers::get().contains(&(company, *who))
    }
}

/// The companies' own accounts, which work for them.
pub struct Own;

impl StaffOf<u64> for Own {
    fn works_for(company: CompanyId, who: &u64) -> bool {
        Self::owner(who) == Some(company)
    }

    fn owner(who: &u64) -> Option<CompanyId> {
        Owned::get().get(who).copied()
    }
}

impl pallet_allowance::Config for Test {
    type CouncilOrigin = EnsureRoot<u64>;
    type Companies = Members;
    type Staff = (Behind, Own);
    type Max = Max;
    type Recovery = Recovery;
    type WeightInfo = ();
}

/// A ride hailing platform, and who governs it.
pub const SWIFT: CompanyId = CompanyId(1);
pub const SWIFT_ADMIN: u64 = 11;
/// A carrier, and who governs it.
pub const OXCART: CompanyId = CompanyId(2);
pub const OXCART_ADMIN: u64 = 21;
/// Who works for nobody.
pub const STRANGER: u64 = 31;
/// Money of each of the three.
pub const PURSE: u64 = 1_000_000;

pub fn new_test_ext() -> sp_io::TestExternalities {
    Max::set(1_000);
    Recovery::set(10);
    Still::set(BTreeSet::new());
    Admins::set(founders());
    Clerks::set(clerks());
    Drivers::set(BTreeSet::new());
    Owned::set(BTreeMap::new());
    let purses = [SWIFT_ADMIN, OXCART_ADMIN, STRANGER, Collector::get()];
    let genesis = RuntimeGenesisConfig {
        balances: pallet_balances::GenesisConfig {
            balances: purses.into_iter().map(|who| (who, PURSE)).collect(),
            ..Default::default()
        },
        allowances: pallet_allowance::GenesisConfig {
            draws: vec![(SWIFT_ADMIN, SWIFT), (OXCART_ADMIN, OXCART)],
        },
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
        Allowances::check_invariants().expect("the state is sound");
    });
}
