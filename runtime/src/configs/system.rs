//! The ground: blocks, weights, time, migrations.

use crate::{
    AccountId, Balance, Block, BlockNumber, Nonce, PalletInfo, Runtime, RuntimeCall, RuntimeEvent,
    RuntimeOrigin, RuntimeTask, SafeMode, TxPause, VERSION,
};
use frame_support::{
    derive_impl,
    dispatch::DispatchClass,
    migrations::{FailedMigrationHandler, FailedMigrationHandling},
    parameter_types,
    traits::{ConstU32, ConstU64, Contains, InsideBoth, SafeMode as Stand},
    weights::{
        constants::{RocksDbWeight, WEIGHT_REF_TIME_PER_SECOND},
        Weight,
    },
};
use frame_system::limits::{BlockLength, BlockWeights};
use sp_runtime::{generic::Era, traits::AccountIdLookup, Perbill};
use sp_version::RuntimeVersion;

/// Ordinary extrinsics may fill this much of a block; the rest is for operational ones.
const NORMAL_RATIO: Perbill = Perbill::from_percent(85);

/// A block may take one of its two seconds: the other validators need as long to import it.
const BLOCK_WEIGHT: Weight = Weight::from_parts(WEIGHT_REF_TIME_PER_SECOND, u64::MAX);

/// Bytes of a block. An extrinsic of 65,536 rides has 2.2 MB; a network message ends at 16 MiB.
const BLOCK_BYTES: u32 = 12 * 1024 * 1024;

parameter_types! {
    pub const BlockHashCount: BlockNumber = 4096;
    pub const Version: RuntimeVersion = VERSION;
    pub RuntimeBlockWeights: BlockWeights =
        BlockWeights::with_sensible_defaults(BLOCK_WEIGHT, NORMAL_RATIO);
    pub RuntimeBlockLength: BlockLength =
        BlockLength::builder()
            .max_length(BLOCK_BYTES)
            .modify_max_length_for_class(DispatchClass::Normal, |max| *max = NORMAL_RATIO * *max)
            .build();
    pub MigrationWeight: Weight = Perbill::from_percent(50) * BLOCK_WEIGHT;
    pub const Ss58Prefix: u16 = 42;
}

/// Every call but those that would break a promise of the chain.
pub struct Allowed;

impl Contains<RuntimeCall> for Allowed {
    fn contains(call: &RuntimeCall) -> bool {
        !matches!(
            call,
            // All money in existence is what the banks issued: nobody makes it less.
            RuntimeCall::Balances(pallet_balances::Call::burn { .. })
            // A validator leaves by the council's vote, not by dropping its keys.
            | RuntimeCall::Session(pallet_session::Call::purge_keys { .. })
            // Who sits in the council follows from who is a member.
            | RuntimeCall::Council(pallet_collective::Call::set_members { .. })
        )
    }
}

#[derive_impl(frame_system::config_preludes::SolochainDefaultConfig)]
impl frame_system::Config for Runtime {
    type BaseCallFilter = InsideBoth<Allowed, InsideBoth<SafeMode, TxPause>>;
    type Block = Block;
    type BlockWeights = RuntimeBlockWeights;
    type BlockLength = RuntimeBlockLength;
    type AccountId = AccountId;
    type Lookup = AccountIdLookup<AccountId, ()>;
    type Nonce = Nonce;
    type BlockHashCount = BlockHashCount;
    type DbWeight = RocksDbWeight;
    type Version = Version;
    type AccountData = pallet_balances::AccountData<Balance>;
    type SS58Prefix = Ss58Prefix;
    type MaxConsumers = ConstU32<64>;
    type MultiBlockMigrator = crate::MultiBlockMigrations;
    type SystemWeightInfo = frame_system::weights::SubstrateWeight<Runtime>;
    type ExtensionsWeightInfo = frame_system::SubstrateExtensionsWeight<Runtime>;
}

impl pallet_timestamp::Config for Runtime {
    type Moment = u64;
    type OnTimestampSet = crate::Babe;
    type MinimumPeriod = ConstU64<{ super::SLOT_MILLIS / 2 }>;
    type WeightInfo = pallet_timestamp::weights::SubstrateWeight<Runtime>;
}

/// When a migration fails, business stands without end, and the council goes on: it alone can mend what was half done. Were
/// transactions kept out altogether, which is the other way, it could not vote.
pub struct CouncilMends;

impl FailedMigrationHandler for CouncilMends {
    fn failed(_migration: Option<u32>) -> FailedMigrationHandling {
        let stands = match SafeMode::is_entered() {
            true => <SafeMode as Stand>::extend(BlockNumber::MAX),
            false => <SafeMode as Stand>::enter(BlockNumber::MAX),
        };
        match stands {
            Ok(()) => FailedMigrationHandling::ForceUnstuck,
            Err(_) => FailedMigrationHandling::KeepStuck,
        }
    }
}

impl pallet_migrations::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    #[cfg(not(feature = "runtime-benchmarks"))]
    type Migrations = ();
    #[cfg(feature = "runtime-benchmarks")]
    type Migrations = pallet_migrations::mock_helpers::MockedMigrations;
    type CursorMaxLen = ConstU32<65_536>;
    type IdentifierMaxLen = ConstU32<256>;
    type MigrationStatusHandler = ();
    type FailedMigrationHandler = CouncilMends;
    type MaxServiceWeight = MigrationWeight;
    type WeightInfo = pallet_migrations::weights::SubstrateWeight<Runtime>;
}

impl frame_system::offchain::SigningTypes for Runtime {
    type Public = <crate::Signature as sp_runtime::traits::Verify>::Signer;
    type Signature = crate::Signature;
}

impl<C> frame_system::offchain::CreateTransactionBase<C> for Runtime
where
    RuntimeCall: From<C>,
{
    type Extrinsic = crate::UncheckedExtrinsic;
    type RuntimeCall = RuntimeCall;
}

impl<C> frame_system::offchain::CreateBare<C> for Runtime
where
    RuntimeCall: From<C>,
{
    fn create_bare(call: RuntimeCall) -> Self::Extrinsic {
        crate::UncheckedExtrinsic::new_bare(call)
    }
}

impl<C> frame_system::offchain::CreateTransaction<C> for Runtime
where
    RuntimeCall: From<C>,
{
    type Extension = crate::TxExtension;

    fn create_transaction(call: RuntimeCall, extension: crate::TxExtension) -> Self::Extrinsic {
        crate::UncheckedExtrinsic::new_transaction(call, extension)
    }
}

impl<C> frame_system::offchain::CreateAuthorizedTransaction<C> for Runtime
where
    RuntimeCall: From<C>,
{
    /// Nobody signs the extrinsic, so nonce, era and tip say nothing: the call itself carries what
    /// authorizes it.
    fn create_extension() -> crate::TxExtension {
        (
            frame_system::AuthorizeCall::new(),
            frame_system::CheckNonZeroSender::new(),
            frame_system::CheckSpecVersion::new(),
            frame_system::CheckTxVersion::new(),
            frame_system::CheckGenesis::new(),
            frame_system::CheckEra::from(Era::Immortal),
            frame_system::CheckNonce::from(0),
            frame_system::CheckWeight::new(),
            pallet_transaction_payment::ChargeTransactionPayment::from(0),
            pallet_allowance::Fair::new(),
            frame_metadata_hash_extension::CheckMetadataHash::new(false),
            frame_system::WeightReclaim::new(),
        )
    }
}
