//! A chain with telemetry alone: companies answer from a fixed table.

use crate as pallet_telemetry;
use frame_support::{derive_impl, parameter_types, traits::Contains};
use frame_system::offchain::{
    CreateAuthorizedTransaction, CreateTransaction, CreateTransactionBase,
};
use smartlink_primitives::{
    receipt::ItemKind,
    traits::{Companies, Witness},
    CompanyId, CompanyKind, Permissions, H256,
};
use sp_keystore::{testing::MemoryKeystore, KeystoreExt};
use sp_runtime::{
    generic,
    traits::{BlakeTwo256, IdentityLookup},
    AccountId32, BuildStorage, DispatchError, DispatchResult, MultiSignature,
};
use std::{
    cell::{Cell, RefCell},
    time::Duration,
};

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Telemetry: pallet_telemetry,
    }
);

/// What an extrinsic carries beside its call: what lets authorized calls in.
pub type Extension = frame_system::AuthorizeCall<Test>;
pub type Extrinsic =
    generic::UncheckedExtrinsic<AccountId32, RuntimeCall, MultiSignature, Extension>;
pub type Block = generic::Block<generic::Header<u64, BlakeTwo256>, Extrinsic>;

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = Block;
    type BaseCallFilter = Valve;
    type AccountId = AccountId32;
    type Lookup = IdentityLookup<AccountId32>;
}

/// Closes telemetry, or not.
pub struct Valve;

impl Valve {
    pub fn close(closed: bool) {
        CLOSED.set(closed);
    }
}

impl Contains<RuntimeCall> for Valve {
    fn contains(call: &RuntimeCall) -> bool {
        !(CLOSED.get() && matches!(call, RuntimeCall::Telemetry(_)))
    }
}

impl<C> CreateTransactionBase<C> for Test
where
    RuntimeCall: From<C>,
{
    type Extrinsic = Extrinsic;
    type RuntimeCall = RuntimeCall;
}

impl<C> CreateTransaction<C> for Test
where
    RuntimeCall: From<C>,
{
    type Extension = Extension;

    fn create_transaction(call: RuntimeCall, extension: Extension) -> Extrinsic {
        Extrinsic::new_transaction(call, extension)
    }
}

impl<C> CreateAuthorizedTransaction<C> for Test
where
    RuntimeCall: From<C>,
{
    fn create_extension() -> Extension {
        Extension::new()
    }
}

parameter_types! {
    /// May change between blocks, as in a runtime upgrade.
    pub static RetentionPages: u64 = 2;
}

impl pallet_telemetry::Config for Test {
    type Companies = TwoCompanies;
    type Witness = Checkpoint;
    type Time = Clock;
    type RetentionPages = RetentionPages;
    type WeightInfo = ();
}

/// The platform whose vehicles report.
pub const PLATFORM: CompanyId = CompanyId(1);
/// Another company.
pub const CARRIER: CompanyId = CompanyId(2);
/// The time of every block: 2026-11-23 in milliseconds of the Unix epoch.
pub const NOW_MS: u64 = 1_795_392_000_000;

/// The account of a company that may do everything for it.
pub fn admin(company: CompanyId) -> AccountId32 {
    AccountId32::new([company.0 as u8; 32])
}

/// Companies 1 and 2, each with its admin, and a hired worker of the platform.
pub struct TwoCompanies;

impl TwoCompanies {
    pub fn hire(worker: &[u8; 32]) {
        WORKERS.with_borrow_mut(|w| w.push(AccountId32::new(*worker)));
    }

    pub fn dismiss(worker: &[u8; 32]) {
        WORKERS.with_borrow_mut(|w| w.retain(|one| *one != AccountId32::new(*worker)));
    }
}

impl Companies<AccountId32> for TwoCompanies {
    fn authorise(who: &AccountId32, company: CompanyId, needs: Permissions) -> DispatchResult {
        let founded = FOUNDERS.with_borrow(|f| f.contains(&(who.clone(), company)));
        let anchors = (company, needs) == (PLATFORM, Permissions::TELEMETRY)
            && WORKERS.with_borrow(|w| w.contains(who));
        match founded || anchors || *who == admin(company) {
            true => Ok(()),
            false => Err(DispatchError::BadOrigin),
        }
    }

    fn kind(_: CompanyId) -> Result<CompanyKind, DispatchError> {
        Ok(CompanyKind::Platform)
    }

    fn treasury(company: CompanyId) -> Result<AccountId32, DispatchError> {
        Ok(admin(company))
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn found(who: &AccountId32, _: CompanyKind) -> Result<CompanyId, DispatchError> {
        FOUNDERS.with_borrow_mut(|f| f.push((who.clone(), PLATFORM)));
        Ok(PLATFORM)
    }
}

thread_local! {
    static NOTES: RefCell<Vec<(ItemKind, H256)>> = const { RefCell::new(Vec::new()) };
    static ROOM: Cell<usize> = const { Cell::new(usize::MAX) };
    static FOUNDERS: RefCell<Vec<(AccountId32, CompanyId)>> = const { RefCell::new(Vec::new()) };
    static CLOSED: Cell<bool> = const { Cell::new(false) };
    static WORKERS: RefCell<Vec<AccountId32>> = const { RefCell::new(Vec::new()) };
}

/// A block's checkpoint, which remembers what was noted.
pub struct Checkpoint;

/// The block is full.
pub const FULL: DispatchError = DispatchError::Other("submit again in the next block");

impl Checkpoint {
    pub fn take() -> Vec<(ItemKind, H256)> {
        NOTES.with_borrow_mut(std::mem::take)
    }

    /// Leaves room for so many items in all.
    pub fn limit(items: usize) {
        ROOM.set(items);
    }
}

impl Witness for Checkpoint {
    fn note(_: CompanyId, kind: ItemKind, item: H256) -> DispatchResult {
        NOTES.with_borrow_mut(|notes| {
            if notes.len() >= ROOM.get() {
                return Err(FULL);
            }
            notes.push((kind, item));
            Ok(())
        })
    }
}

/// Stands at [`NOW_MS`].
pub struct Clock;

impl frame_support::traits::UnixTime for Clock {
    fn now() -> Duration {
        Duration::from_millis(NOW_MS)
    }
}

/// A chain at block 1.
pub fn chain() -> sp_io::TestExternalities {
    let storage =
        frame_system::GenesisConfig::<Test>::default().build_storage().expect("an empty genesis");
    let mut chain = sp_io::TestExternalities::new(storage);
    chain.register_extension(KeystoreExt::new(MemoryKeystore::new()));
    chain.execute_with(|| System::set_block_number(1));
    chain
}
