//! The SmartLinkDrive chain: which pallets it has, how they are configured, and what it answers.
//!
//! `configs` holds one file a concern; `apis` what the node and apps may ask; `genesis` the presets.

#![cfg_attr(not(feature = "std"), no_std)]
#![recursion_limit = "256"]

extern crate alloc;

#[cfg(feature = "std")]
include!(concat!(env!("OUT_DIR"), "/wasm_binary.rs"));

pub mod api;
mod apis;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarks;
pub mod configs;
pub mod genesis;
mod proofs;

use alloc::{borrow::Cow, vec::Vec};
use sp_runtime::{
    generic, impl_opaque_keys,
    traits::{BlakeTwo256, IdentifyAccount, Verify},
    MultiAddress, MultiSignature,
};
use sp_version::RuntimeVersion;

pub use apis::{RuntimeApi, RUNTIME_API_VERSIONS};

/// The workers in a company's node, as the node assigns them.
pub mod worker {
    /// Where the node writes for whom it carries batches of rides.
    pub use pallet_settlement::worker::ASSIGNMENT as RIDES;
    pub use pallet_settlement::worker::{Assignment, MAX_URL};
    /// Where the node writes for whom it carries anchors of telemetry.
    pub use pallet_telemetry::worker::ASSIGNMENT as TELEMETRY;
}

/// Signature of an extrinsic: sr25519, ed25519 or ECDSA.
pub type Signature = MultiSignature;
/// An account: the public key of a person, a worker or a company's treasury.
pub type AccountId = <<Signature as Verify>::Signer as IdentifyAccount>::AccountId;
/// Money in units of 10⁻⁶ CNY.
pub type Balance = u128;
/// Extrinsics that an account has sent.
pub type Nonce = u32;
/// Hash of blocks and state.
pub type Hash = sp_core::H256;
/// Number of a block.
pub type BlockNumber = u32;
/// How a call names an account.
pub type Address = MultiAddress<AccountId, ()>;
/// Header of a block.
pub type Header = generic::Header<BlockNumber, BlakeTwo256>;
/// A block.
pub type Block = generic::Block<Header, UncheckedExtrinsic>;

/// What an extrinsic carries beside its call.
pub type TxExtension = (
    frame_system::AuthorizeCall<Runtime>,
    frame_system::CheckNonZeroSender<Runtime>,
    frame_system::CheckSpecVersion<Runtime>,
    frame_system::CheckTxVersion<Runtime>,
    frame_system::CheckGenesis<Runtime>,
    frame_system::CheckEra<Runtime>,
    frame_system::CheckNonce<Runtime>,
    frame_system::CheckWeight<Runtime>,
    pallet_transaction_payment::ChargeTransactionPayment<Runtime>,
    pallet_allowance::Fair<Runtime>,
    frame_metadata_hash_extension::CheckMetadataHash<Runtime>,
    frame_system::WeightReclaim<Runtime>,
);

/// An extrinsic as it comes from outside.
pub type UncheckedExtrinsic =
    generic::UncheckedExtrinsic<Address, RuntimeCall, Signature, TxExtension>;

/// Runs blocks.
pub type Executive = frame_executive::Executive<
    Runtime,
    Block,
    frame_system::ChainContext<Runtime>,
    Runtime,
    AllPalletsWithSystem,
>;

/// Types for the node, which need not know what an extrinsic says.
pub mod opaque {
    use super::*;
    pub use sp_runtime::OpaqueExtrinsic as UncheckedExtrinsic;

    /// Header of a block.
    pub type Header = generic::Header<BlockNumber, BlakeTwo256>;
    /// A block.
    pub type Block = generic::Block<Header, UncheckedExtrinsic>;
    /// Number and hash of a block.
    pub type BlockId = generic::BlockId<Block>;

    impl_opaque_keys! {
        /// The keys with which a validator takes part.
        pub struct SessionKeys {
            pub babe: Babe,
            pub grandpa: Grandpa,
            pub beefy: Beefy,
            pub authority_discovery: AuthorityDiscovery,
        }
    }
}

pub use opaque::SessionKeys;

/// Which chain this is, and which version of its rules.
#[sp_version::runtime_version]
pub const VERSION: RuntimeVersion = RuntimeVersion {
    spec_name: Cow::Borrowed("smartlinkdrive"),
    impl_name: Cow::Borrowed("smartlink-node"),
    authoring_version: 1,
    spec_version: 103,
    impl_version: 1,
    apis: RUNTIME_API_VERSIONS,
    transaction_version: 1,
    system_version: 1,
};

use pallet_session::historical as pallet_session_historical;

#[frame_support::runtime]
mod runtime {
    #[runtime::runtime]
    #[runtime::derive(
        RuntimeCall,
        RuntimeEvent,
        RuntimeError,
        RuntimeOrigin,
        RuntimeFreezeReason,
        RuntimeHoldReason,
        RuntimeSlashReason,
        RuntimeLockId,
        RuntimeTask,
        RuntimeViewFunction
    )]
    pub struct Runtime;

    #[runtime::pallet_index(0)]
    pub type System = frame_system::Pallet<Runtime>;
    #[runtime::pallet_index(1)]
    pub type Timestamp = pallet_timestamp::Pallet<Runtime>;

    // Consensus. The order is also that of genesis: the companies, then their validators, then the
    // session that asks for them; the session before the MMR that records its authorities.
    #[runtime::pallet_index(2)]
    pub type Babe = pallet_babe::Pallet<Runtime>;
    #[runtime::pallet_index(3)]
    pub type Authorship = pallet_authorship::Pallet<Runtime>;
    #[runtime::pallet_index(4)]
    pub type Balances = pallet_balances::Pallet<Runtime>;
    #[runtime::pallet_index(5)]
    pub type TransactionPayment = pallet_transaction_payment::Pallet<Runtime>;
    #[runtime::pallet_index(6)]
    pub type Consortium = pallet_consortium::Pallet<Runtime>;
    #[runtime::pallet_index(7)]
    pub type Validators = pallet_validators::Pallet<Runtime>;
    #[runtime::pallet_index(8)]
    pub type Historical = pallet_session_historical::Pallet<Runtime>;
    #[runtime::pallet_index(9)]
    pub type Session = pallet_session::Pallet<Runtime>;
    #[runtime::pallet_index(10)]
    pub type Offences = pallet_offences::Pallet<Runtime>;
    #[runtime::pallet_index(11)]
    pub type Grandpa = pallet_grandpa::Pallet<Runtime>;
    #[runtime::pallet_index(12)]
    pub type AuthorityDiscovery = pallet_authority_discovery::Pallet<Runtime>;
    #[runtime::pallet_index(13)]
    pub type Mmr = pallet_mmr::Pallet<Runtime>;
    #[runtime::pallet_index(14)]
    pub type Beefy = pallet_beefy::Pallet<Runtime>;
    #[runtime::pallet_index(15)]
    pub type BeefyMmr = pallet_beefy_mmr::Pallet<Runtime>;

    // Before the scheduler: it forgets the items of the block before, not those that a scheduled call
    // notes.
    #[runtime::pallet_index(16)]
    pub type Checkpoints = pallet_checkpoints::Pallet<Runtime>;

    // Governance.
    #[runtime::pallet_index(20)]
    pub type Council = pallet_collective::Pallet<Runtime, Instance1>;
    #[runtime::pallet_index(21)]
    pub type Preimage = pallet_preimage::Pallet<Runtime>;
    #[runtime::pallet_index(22)]
    pub type Scheduler = pallet_scheduler::Pallet<Runtime>;
    #[runtime::pallet_index(23)]
    pub type Parameters = pallet_parameters::Pallet<Runtime>;
    #[runtime::pallet_index(24)]
    pub type SafeMode = pallet_safe_mode::Pallet<Runtime>;
    #[runtime::pallet_index(25)]
    pub type TxPause = pallet_tx_pause::Pallet<Runtime>;
    #[runtime::pallet_index(26)]
    pub type MultiBlockMigrations = pallet_migrations::Pallet<Runtime>;

    // Whose machines join the network, and who pays no fees.
    #[runtime::pallet_index(27)]
    pub type Nodes = pallet_nodes::Pallet<Runtime>;
    #[runtime::pallet_index(28)]
    pub type Allowance = pallet_allowance::Pallet<Runtime>;

    // Wallets.
    #[runtime::pallet_index(30)]
    pub type Utility = pallet_utility::Pallet<Runtime>;
    #[runtime::pallet_index(31)]
    pub type Multisig = pallet_multisig::Pallet<Runtime>;
    #[runtime::pallet_index(32)]
    pub type Proxy = pallet_proxy::Pallet<Runtime>;

    // The business.
    #[runtime::pallet_index(40)]
    pub type Drivers = pallet_drivers::Pallet<Runtime>;
    #[runtime::pallet_index(41)]
    pub type Vehicles = pallet_vehicles::Pallet<Runtime>;
    #[runtime::pallet_index(42)]
    pub type Tariffs = pallet_tariffs::Pallet<Runtime>;
    #[runtime::pallet_index(43)]
    pub type Settlement = pallet_settlement::Pallet<Runtime>;
    #[runtime::pallet_index(44)]
    pub type Telemetry = pallet_telemetry::Pallet<Runtime>;
}
