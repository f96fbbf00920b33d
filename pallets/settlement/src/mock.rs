//! A chain with settlement alone: companies and tariffs answer from fixed tables.

use crate as pallet_settlement;
use frame_support::{
    derive_impl, parameter_types,
    traits::{ConstU128, Contains},
    PalletId,
};
use frame_system::offchain::{
    CreateAuthorizedTransaction, CreateTransaction, CreateTransactionBase,
};
use smartlink_primitives::{
    receipt::ItemKind,
    tariff::{FareTable, InForce, Schedule, Share, SplitPolicy, Tariff, Window},
    traits::{Companies, TariffBook, Witness},
    CityCode, CompanyId, CompanyKind, Permissions, TariffVersion, H256,
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
        Money: pallet_balances,
        Settlement: pallet_settlement,
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
    type AccountData = pallet_balances::AccountData<u128>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type AccountStore = System;
    type Balance = u128;
    type ExistentialDeposit = ConstU128<1>;
}

/// Closes settlement, or not.
pub struct Valve;

impl Valve {
    pub fn close(closed: bool) {
        CLOSED.set(closed);
    }
}

impl Contains<RuntimeCall> for Valve {
    fn contains(call: &RuntimeCall) -> bool {
        !(CLOSED.get() && matches!(call, RuntimeCall::Settlement(_)))
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
    pub const SettlementId: PalletId = PalletId(*b"sl/rides");
    pub const MaxSeats: u32 = 64 * 256;
    pub const BatchRetention: u64 = 3;
}

impl pallet_settlement::Config for Test {
    type Companies = TwoCompanies;
    type Tariffs = CityTariffs;
    type Witness = Notes;
    type Currency = Money;
    type Time = Clock;
    type PalletId = SettlementId;
    type MaxSeats = MaxSeats;
    type BatchRetention = BatchRetention;
    type WeightInfo = ();
}

/// The platform, in whose name rides are settled.
pub const PLATFORM: CompanyId = CompanyId(1);
/// The insurer, who takes a share.
pub const INSURER: CompanyId = CompanyId(2);
/// The city with tariffs.
pub const CITY: CityCode = CityCode(440_300);
/// When the second tariff comes into force: 2024-06-01 in Shanghai.
pub const DEARER_FROM: u64 = 1_717_171_200;
/// The time of every block: a week after that.
pub const NOW: u64 = DEARER_FROM + 7 * 86_400;

/// The account of a company's treasury; of its staff member; of a driver.
pub fn treasury(company: CompanyId) -> AccountId32 {
    AccountId32::new([company.0 as u8; 32])
}

pub fn driver(number: u32) -> AccountId32 {
    let mut bytes = [0xd0; 32];
    bytes[..4].copy_from_slice(&number.to_be_bytes());
    AccountId32::new(bytes)
}

/// Companies 1 and 2. The treasury's account may do everything for its company, and a hired worker may
/// settle for the platform.
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
        let settles = (company, needs) == (PLATFORM, Permissions::SETTLEMENT)
            && WORKERS.with_borrow(|w| w.contains(who));
        match founded || settles || *who == treasury(company) {
            true => Ok(()),
            false => Err(DispatchError::BadOrigin),
        }
    }

    fn kind(company: CompanyId) -> Result<CompanyKind, DispatchError> {
        Ok(if company == PLATFORM { CompanyKind::Platform } else { CompanyKind::Insurer })
    }

    fn treasury(company: CompanyId) -> Result<AccountId32, DispatchError> {
        Ok(treasury(company))
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn found(who: &AccountId32, kind: CompanyKind) -> Result<CompanyId, DispatchError> {
        let company = if kind == CompanyKind::Platform { PLATFORM } else { INSURER };
        FOUNDERS.with_borrow_mut(|f| f.push((who.clone(), company)));
        Ok(company)
    }
}

/// The city's tariffs: a fifth of the platform's goes up in the second one.
pub struct CityTariffs;

pub fn tariff(per_km: u64, driver_ppm: u32) -> Tariff {
    let night = Window { days: 127, from_minute: 1380, until_minute: 300, surcharge_permille: 300 };
    let table = FareTable {
        base: 10_000_000,
        included_m: 2_000,
        per_km,
        per_minute: 500_000,
        free_waiting_s: 180,
        per_waiting_minute: 800_000,
        minimum: 12_000_000,
        cancellation: 5_000_000,
        rounding: 10_000,
        utc_offset_minutes: 480,
        windows: vec![night].try_into().expect("one window"),
        max_surge_permille: 3_000,
        max_distance_m: 500_000,
        max_duration_s: 43_200,
        max_waiting_s: 3_600,
        max_tolls_fen: 100_000,
    };
    let insurer = Share { company: INSURER, ppm: 20_000 };
    let split = SplitPolicy {
        driver_ppm,
        platform_ppm: 980_000 - driver_ppm,
        third_parties: vec![insurer].try_into().expect("one party"),
    };
    Tariff { table, split }
}

/// The tariffs of the city, from their first seconds.
pub fn schedule() -> Schedule {
    Schedule::new(vec![
        InForce {
            version: TariffVersion(1),
            from: 1_700_000_000,
            tariff: tariff(2_600_000, 780_000),
        },
        InForce {
            version: TariffVersion(2),
            from: DEARER_FROM,
            tariff: tariff(3_100_000, 733_333),
        },
    ])
}

impl TariffBook for CityTariffs {
    fn schedule(company: CompanyId, city: CityCode) -> Schedule {
        if let Some(tariff) = PUT.with_borrow(Option::clone) {
            return Schedule::new(vec![InForce { version: TariffVersion(1), from: 0, tariff }]);
        }
        match (company, city) {
            (PLATFORM, CITY) => schedule(),
            _ => Schedule::default(),
        }
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn put(_: CompanyId, _: CityCode, tariff: Tariff) {
        PUT.set(Some(tariff));
    }
}

thread_local! {
    static NOTES: RefCell<Vec<(ItemKind, H256)>> = const { RefCell::new(Vec::new()) };
    static FOUNDERS: RefCell<Vec<(AccountId32, CompanyId)>> = const { RefCell::new(Vec::new()) };
    static PUT: RefCell<Option<Tariff>> = const { RefCell::new(None) };
    static CLOSED: Cell<bool> = const { Cell::new(false) };
    static WORKERS: RefCell<Vec<AccountId32>> = const { RefCell::new(Vec::new()) };
}

/// Remembers what was noted.
pub struct Notes;

impl Notes {
    pub fn take() -> Vec<(ItemKind, H256)> {
        NOTES.with_borrow_mut(std::mem::take)
    }
}

impl Witness for Notes {
    fn note(_: CompanyId, kind: ItemKind, item: H256) -> DispatchResult {
        NOTES.with_borrow_mut(|notes| notes.push((kind, item)));
        Ok(())
    }
}

/// Stands at [`NOW`].
pub struct Clock;

impl frame_support::traits::UnixTime for Clock {
    fn now() -> Duration {
        Duration::from_secs(NOW)
    }
}

/// A chain on which both companies have a million CNY.
pub fn chain() -> sp_io::TestExternalities {
    let balances = pallet_balances::GenesisConfig::<Test> {
        balances: [PLATFORM, INSURER].map(|c| (treasury(c), 1_000_000_000_000)).to_vec(),
        ..Default::default()
    };
    let mut storage =
        frame_system::GenesisConfig::<Test>::default().build_storage().expect("an empty genesis");
    balances.assimilate_storage(&mut storage).expect("two balances");
    let mut chain = sp_io::TestExternalities::new(storage);
    chain.register_extension(KeystoreExt::new(MemoryKeystore::new()));
    chain.execute_with(|| System::set_block_number(1));
    chain
}
