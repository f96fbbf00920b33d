//! What the node and apps may ask the runtime.

use crate::{
    genesis, AccountId, Allowance, AuthorityDiscovery, Babe, Balance, Beefy, BeefyMmr, Block,
    BlockNumber, Checkpoints, Consortium, Drivers, Executive, Grandpa, Hash, Historical,
    InherentDataExt, Mmr, Nodes, Nonce, Runtime, RuntimeCall, RuntimeGenesisConfig, SessionKeys,
    Settlement, System, Tariffs, Telemetry, TransactionPayment, Validators, Vehicles, VERSION,
};
use alloc::{string::String, vec::Vec};
use frame_support::{
    genesis_builder_helper::{build_state, get_preset},
    traits::KeyOwnerProofSystem,
    weights::Weight,
};
use pallet_transaction_payment::{FeeDetails, RuntimeDispatchInfo};
use smartlink_primitives::{
    ledger::{DriverLedger, Supply, Totals},
    receipt::{BatchRecord, ReceiptProof},
    telemetry::{AnchorHead, AnchorProof, AnchorRecord, DeviceBinding, DeviceId},
    traits::Drivers as _,
    AnchorNumber, BatchNumber, CompanyId, DriverId, Money,
};
use sp_api::impl_runtime_apis;
use sp_consensus_beefy::{ecdsa_crypto::AuthorityId as BeefyId, mmr as beefy_mmr};
use sp_core::{crypto::KeyTypeId, OpaqueMetadata};
use sp_mmr_primitives as mmr;
use sp_runtime::{
    traits::{Block as BlockT, NumberFor},
    transaction_validity::{TransactionSource, TransactionValidity},
    ApplyExtrinsicResult, OpaqueValue, TryRuntimeError,
};
use sp_session::OpaqueGeneratedSessionKeys;
use sp_version::RuntimeVersion;

#[cfg(feature = "runtime-benchmarks")]
frame_benchmarking::define_benchmarks!(
    [pallet_allowance, Allowance]
    [pallet_consortium, Consortium]
    [pallet_drivers, Drivers]
    [pallet_nodes, Nodes]
    [pallet_settlement, Settlement]
    [pallet_tariffs, Tariffs]
    [pallet_telemetry, Telemetry]
    [pallet_validators, Validators]
    [pallet_vehicles, Vehicles]
    [consensus, crate::benchmarks::Pallet::<Runtime>]
    [frame_system, frame_system_benchmarking::Pallet::<Runtime>]
    [frame_system_extensions, frame_system_benchmarking::extensions::Pallet::<Runtime>]
    [pallet_balances, Balances]
    [pallet_beefy_mmr, BeefyMmr]
    [pallet_collective, Council]
    [pallet_migrations, MultiBlockMigrations]
    [pallet_mmr, Mmr]
    [pallet_multisig, Multisig]
    [pallet_parameters, Parameters]
    [pallet_preimage, Preimage]
    [pallet_proxy, Proxy]
    [pallet_safe_mode, SafeMode]
    [pallet_scheduler, Scheduler]
    [pallet_timestamp, Timestamp]
    [pallet_transaction_payment, TransactionPayment]
    [pallet_tx_pause, TxPause]
    [pallet_utility, Utility]
);

impl_runtime_apis! {
    impl sp_api::Core<Block> for Runtime {
        fn version() -> RuntimeVersion {
            VERSION
        }

        fn execute_block(block: <Block as BlockT>::LazyBlock) {
            Executive::execute_block(block)
        }

        fn initialize_block(
            header: &<Block as BlockT>::Header,
        ) -> sp_runtime::ExtrinsicInclusionMode {
            Executive::initialize_block(header)
        }
    }

    impl sp_api::Metadata<Block> for Runtime {
        fn metadata() -> OpaqueMetadata {
            OpaqueMetadata::new(Runtime::metadata().into())
        }

        fn metadata_at_version(version: u32) -> Option<OpaqueMetadata> {
            Runtime::metadata_at_version(version)
        }

        fn metadata_versions() -> Vec<u32> {
            Runtime::metadata_versions()
        }
    }

    impl sp_block_builder::BlockBuilder<Block> for Runtime {
        fn apply_extrinsic(extrinsic: <Block as BlockT>::Extrinsic) -> ApplyExtrinsicResult {
            Executive::apply_extrinsic(extrinsic)
        }

        fn finalize_block() -> <Block as BlockT>::Header {
            Executive::finalize_block()
        }

        fn inherent_extrinsics(
            data: sp_inherents::InherentData,
        ) -> Vec<<Block as BlockT>::Extrinsic> {
            data.create_extrinsics()
        }

        fn check_inherents(
            block: <Block as BlockT>::LazyBlock,
            data: sp_inherents::InherentData,
        ) -> sp_inherents::CheckInherentsResult {
            data.check_extrinsics(&block)
        }
    }

    impl sp_transaction_pool::runtime_api::TaggedTransactionQueue<Block> for Runtime {
        fn validate_transaction(
            source: TransactionSource,
            tx: <Block as BlockT>::Extrinsic,
            block_hash: <Block as BlockT>::Hash,
        ) -> TransactionValidity {
            Executive::validate_transaction(source, tx, block_hash)
        }
    }

    impl sp_offchain::OffchainWorkerApi<Block> for Runtime {
        fn offchain_worker(header: &<Block as BlockT>::Header) {
            Executive::offchain_worker(header)
        }
    }

    impl sp_consensus_babe::BabeApi<Block> for Runtime {
        fn configuration() -> sp_consensus_babe::BabeConfiguration {
            let epoch = Babe::epoch_config().unwrap_or(genesis::BABE_EPOCH);
            sp_consensus_babe::BabeConfiguration {
                slot_duration: Babe::slot_duration(),
                epoch_length: crate::configs::EPOCH_BLOCKS.into(),
                c: epoch.c,
                authorities: Babe::authorities().to_vec(),
                randomness: Babe::randomness(),
                allowed_slots: epoch.allowed_slots,
            }
        }

        fn current_epoch_start() -> sp_consensus_babe::Slot {
            Babe::current_epoch_start()
        }

        fn current_epoch() -> sp_consensus_babe::Epoch {
            Babe::current_epoch()
        }

        fn next_epoch() -> sp_consensus_babe::Epoch {
            Babe::next_epoch()
        }

        fn generate_key_ownership_proof(
            _: sp_consensus_babe::Slot,
            authority: sp_consensus_babe::AuthorityId,
        ) -> Option<sp_consensus_babe::OpaqueKeyOwnershipProof> {
            prove_key(sp_consensus_babe::KEY_TYPE, authority)
                .map(sp_consensus_babe::OpaqueKeyOwnershipProof::new)
        }

        fn submit_report_equivocation_unsigned_extrinsic(
            proof: sp_consensus_babe::EquivocationProof<<Block as BlockT>::Header>,
            owner: sp_consensus_babe::OpaqueKeyOwnershipProof,
        ) -> Option<()> {
            Babe::submit_unsigned_equivocation_report(proof, owner.decode()?)
        }
    }

    impl sp_consensus_grandpa::GrandpaApi<Block> for Runtime {
        fn grandpa_authorities() -> sp_consensus_grandpa::AuthorityList {
            Grandpa::grandpa_authorities()
        }

        fn current_set_id() -> sp_consensus_grandpa::SetId {
            pallet_grandpa::CurrentSetId::<Runtime>::get()
        }

        fn submit_report_equivocation_unsigned_extrinsic(
            proof: sp_consensus_grandpa::EquivocationProof<
                <Block as BlockT>::Hash,
                NumberFor<Block>,
            >,
            owner: sp_consensus_grandpa::OpaqueKeyOwnershipProof,
        ) -> Option<()> {
            Grandpa::submit_unsigned_equivocation_report(proof, owner.decode()?)
        }

        fn generate_key_ownership_proof(
            _: sp_consensus_grandpa::SetId,
            authority: sp_consensus_grandpa::AuthorityId,
        ) -> Option<sp_consensus_grandpa::OpaqueKeyOwnershipProof> {
            prove_key(sp_consensus_grandpa::KEY_TYPE, authority)
                .map(sp_consensus_grandpa::OpaqueKeyOwnershipProof::new)
        }
    }

    impl sp_consensus_beefy::BeefyApi<Block, BeefyId> for Runtime {
        fn beefy_genesis() -> Option<BlockNumber> {
            pallet_beefy::GenesisBlock::<Runtime>::get()
        }

        fn validator_set() -> Option<sp_consensus_beefy::ValidatorSet<BeefyId>> {
            Beefy::validator_set()
        }

        fn submit_report_double_voting_unsigned_extrinsic(
            proof: sp_consensus_beefy::DoubleVotingProof<
                BlockNumber,
                BeefyId,
                sp_consensus_beefy::ecdsa_crypto::Signature,
            >,
            owner: sp_consensus_beefy::OpaqueKeyOwnershipProof,
        ) -> Option<()> {
            Beefy::submit_unsigned_double_voting_report(proof, owner.decode()?)
        }

        fn submit_report_fork_voting_unsigned_extrinsic(
            proof: sp_consensus_beefy::ForkVotingProof<
                <Block as BlockT>::Header,
                BeefyId,
                OpaqueValue,
            >,
            owner: sp_consensus_beefy::OpaqueKeyOwnershipProof,
        ) -> Option<()> {
            Beefy::submit_unsigned_fork_voting_report(proof.try_into()?, owner.decode()?)
        }

        fn submit_report_future_block_voting_unsigned_extrinsic(
            proof: sp_consensus_beefy::FutureBlockVotingProof<BlockNumber, BeefyId>,
            owner: sp_consensus_beefy::OpaqueKeyOwnershipProof,
        ) -> Option<()> {
            Beefy::submit_unsigned_future_block_voting_report(proof, owner.decode()?)
        }

        fn generate_key_ownership_proof(
            _: sp_consensus_beefy::ValidatorSetId,
            authority: BeefyId,
        ) -> Option<sp_consensus_beefy::OpaqueKeyOwnershipProof> {
            prove_key(sp_consensus_beefy::KEY_TYPE, authority)
                .map(sp_consensus_beefy::OpaqueKeyOwnershipProof::new)
        }
    }

    impl mmr::MmrApi<Block, Hash, BlockNumber> for Runtime {
        fn mmr_root() -> Result<Hash, mmr::Error> {
            Ok(pallet_mmr::RootHash::<Runtime>::get())
        }

        fn mmr_leaf_count() -> Result<mmr::LeafIndex, mmr::Error> {
            Ok(pallet_mmr::NumberOfLeaves::<Runtime>::get())
        }

        fn generate_proof(
            blocks: Vec<BlockNumber>,
            best_known: Option<BlockNumber>,
        ) -> Result<(Vec<mmr::EncodableOpaqueLeaf>, mmr::LeafProof<Hash>), mmr::Error> {
            let (leaves, proof) = Mmr::generate_proof(blocks, best_known)?;
            let opaque =
                leaves.into_iter().map(|leaf| mmr::EncodableOpaqueLeaf::from_leaf(&leaf)).collect();
            Ok((opaque, proof))
        }

        fn generate_ancestry_proof(
            previous: BlockNumber,
            best_known: Option<BlockNumber>,
        ) -> Result<mmr::AncestryProof<Hash>, mmr::Error> {
            Mmr::generate_ancestry_proof(previous, best_known)
        }

        fn verify_proof(
            leaves: Vec<mmr::EncodableOpaqueLeaf>,
            proof: mmr::LeafProof<Hash>,
        ) -> Result<(), mmr::Error> {
            type Leaf = <<Runtime as pallet_mmr::Config>::LeafData as mmr::LeafDataProvider>::LeafData;
            let leaves = leaves
                .into_iter()
                .map(|leaf| {
                    leaf.into_opaque_leaf().try_decode::<Leaf>().ok_or(mmr::Error::Verify)
                })
                .collect::<Result<Vec<Leaf>, _>>()?;
            Mmr::verify_leaves(leaves, proof)
        }

        fn verify_proof_stateless(
            root: Hash,
            leaves: Vec<mmr::EncodableOpaqueLeaf>,
            proof: mmr::LeafProof<Hash>,
        ) -> Result<(), mmr::Error> {
            type Hashing = <Runtime as pallet_mmr::Config>::Hashing;
            let nodes =
                leaves.into_iter().map(|leaf| mmr::DataOrHash::Data(leaf.into_opaque_leaf()));
            pallet_mmr::verify_leaves_proof::<Hashing, _>(root, nodes.collect(), proof)
        }
    }

    impl pallet_beefy_mmr::BeefyMmrApi<Block, Hash> for Runtime {
        fn authority_set_proof() -> beefy_mmr::BeefyAuthoritySet<Hash> {
            BeefyMmr::authority_set_proof()
        }

        fn next_authority_set_proof() -> beefy_mmr::BeefyNextAuthoritySet<Hash> {
            BeefyMmr::next_authority_set_proof()
        }
    }

    impl sp_authority_discovery::AuthorityDiscoveryApi<Block> for Runtime {
        fn authorities() -> Vec<sp_authority_discovery::AuthorityId> {
            AuthorityDiscovery::authorities()
        }
    }

    impl sp_session::SessionKeys<Block> for Runtime {
        fn generate_session_keys(
            owner: Vec<u8>,
            seed: Option<Vec<u8>>,
        ) -> OpaqueGeneratedSessionKeys {
            SessionKeys::generate(&owner, seed).into()
        }

        fn decode_session_keys(encoded: Vec<u8>) -> Option<Vec<(Vec<u8>, KeyTypeId)>> {
            SessionKeys::decode_into_raw_public_keys(&encoded)
        }
    }

    impl frame_system_rpc_runtime_api::AccountNonceApi<Block, AccountId, Nonce> for Runtime {
        fn account_nonce(account: AccountId) -> Nonce {
            System::account_nonce(account)
        }
    }

    impl pallet_transaction_payment_rpc_runtime_api::TransactionPaymentApi<Block, Balance>
        for Runtime
    {
        fn query_info(
            extrinsic: <Block as BlockT>::Extrinsic,
            bytes: u32,
        ) -> RuntimeDispatchInfo<Balance> {
            TransactionPayment::query_info(extrinsic, bytes)
        }

        fn query_fee_details(
            extrinsic: <Block as BlockT>::Extrinsic,
            bytes: u32,
        ) -> FeeDetails<Balance> {
            TransactionPayment::query_fee_details(extrinsic, bytes)
        }

        fn query_weight_to_fee(weight: Weight) -> Balance {
            TransactionPayment::weight_to_fee(weight)
        }

        fn query_length_to_fee(bytes: u32) -> Balance {
            TransactionPayment::length_to_fee(bytes)
        }
    }

    impl pallet_transaction_payment_rpc_runtime_api::TransactionPaymentCallApi<
        Block,
        Balance,
        RuntimeCall,
    > for Runtime
    {
        fn query_call_info(call: RuntimeCall, bytes: u32) -> RuntimeDispatchInfo<Balance> {
            TransactionPayment::query_call_info(call, bytes)
        }

        fn query_call_fee_details(call: RuntimeCall, bytes: u32) -> FeeDetails<Balance> {
            TransactionPayment::query_call_fee_details(call, bytes)
        }

        fn query_weight_to_fee(weight: Weight) -> Balance {
            TransactionPayment::weight_to_fee(weight)
        }

        fn query_length_to_fee(bytes: u32) -> Balance {
            TransactionPayment::length_to_fee(bytes)
        }
    }

    impl sp_genesis_builder::GenesisBuilder<Block> for Runtime {
        fn build_state(json: Vec<u8>) -> sp_genesis_builder::Result {
            build_state::<RuntimeGenesisConfig>(json)
        }

        fn get_preset(id: &Option<sp_genesis_builder::PresetId>) -> Option<Vec<u8>> {
            get_preset::<RuntimeGenesisConfig>(id, genesis::preset)
        }

        fn preset_names() -> Vec<sp_genesis_builder::PresetId> {
            genesis::preset_names()
        }
    }

    impl crate::api::NodesApi<Block> for Runtime {
        fn admitted_nodes() -> Option<Vec<[u8; 32]>> {
            let keys = Nodes::admitted()?;
            Some(keys.into_iter().map(|key| key.0).collect())
        }
    }

    impl crate::api::AllowanceApi<Block, AccountId> for Runtime {
        fn payer(account: AccountId) -> Option<CompanyId> {
            Allowance::payer(&account)
        }

        fn member(account: AccountId) -> Option<CompanyId> {
            Allowance::member(&account)
        }

        fn allowance(company: CompanyId) -> (u128, u128, u128) {
            Allowance::left(company)
        }
    }

    impl crate::api::SmartlinkApi<Block, AccountId> for Runtime {
        fn totals(company: CompanyId) -> Totals {
            pallet_settlement::CompanyTotals::<Runtime>::get(company)
        }

        fn batch(company: CompanyId, number: BatchNumber) -> Option<BatchRecord> {
            pallet_settlement::BatchesOf::<Runtime>::get(company, number)
        }

        fn driver_ledger(company: CompanyId, driver: DriverId) -> Option<DriverLedger<AccountId>> {
            Settlement::driver_ledger(company, Drivers::seat(driver, company)?)
        }

        fn receipt_proof(
            body: Vec<<Block as BlockT>::Extrinsic>,
            company: CompanyId,
            number: BatchNumber,
            order: u64,
        ) -> Result<ReceiptProof, String> {
            crate::proofs::prove_ride(&body, company, number, order)
        }

        fn telemetry_head(company: CompanyId) -> AnchorHead {
            Telemetry::head(company)
        }

        fn telemetry_anchor(company: CompanyId, number: AnchorNumber) -> Option<AnchorRecord> {
            Telemetry::anchor_record(company, number)
        }

        fn telemetry_anchor_of(company: CompanyId, sequence: u64) -> Option<AnchorRecord> {
            Telemetry::anchor_of(company, sequence)
        }

        fn telemetry_proof(
            company: CompanyId,
            number: AnchorNumber,
        ) -> Result<AnchorProof, String> {
            crate::proofs::prove_anchor(company, number)
        }

        fn device(company: CompanyId, device: DeviceId) -> Option<DeviceBinding> {
            Vehicles::device(company, device)
        }

        fn checkpoint_root() -> Hash {
            pallet_checkpoints::LatestRoot::<Runtime>::get()
        }

        fn supply() -> Supply {
            supply()
        }

        fn check_invariants() -> Result<(), String> {
            check_invariants().map_err(|broken| {
                let sentence: &'static str = broken.into();
                sentence.into()
            })
        }
    }

    #[cfg(feature = "runtime-benchmarks")]
    impl frame_benchmarking::Benchmark<Block> for Runtime {
        fn benchmark_metadata(
            extra: bool,
        ) -> (
            Vec<frame_benchmarking::BenchmarkList>,
            Vec<frame_support::traits::StorageInfo>,
        ) {
            use crate::*;
            use frame_benchmarking::BenchmarkList;
            use frame_support::traits::StorageInfoTrait;
            let mut list = Vec::<BenchmarkList>::new();
            list_benchmarks!(list, extra);
            (list, AllPalletsWithSystem::storage_info())
        }

        fn dispatch_benchmark(
            config: frame_benchmarking::BenchmarkConfig,
        ) -> Result<Vec<frame_benchmarking::BenchmarkBatch>, String> {
            use crate::*;
            use frame_benchmarking::BenchmarkBatch;
            use frame_support::traits::WhitelistedStorageKeys;
            let whitelist = AllPalletsWithSystem::whitelisted_storage_keys();
            let mut batches = Vec::<BenchmarkBatch>::new();
            let params = (&config, &whitelist);
            add_benchmarks!(params, batches);
            Ok(batches)
        }
    }

    #[cfg(feature = "try-runtime")]
    impl frame_try_runtime::TryRuntime<Block> for Runtime {
        fn on_runtime_upgrade(checks: frame_try_runtime::UpgradeCheckSelect) -> (Weight, Weight) {
            let used = Executive::try_runtime_upgrade(checks).expect("the upgrade passes its checks");
            (used, crate::configs::system::RuntimeBlockWeights::get().max_block)
        }

        fn execute_block(
            block: <Block as BlockT>::LazyBlock,
            state_root_check: bool,
            signature_check: bool,
            select: frame_try_runtime::TryStateSelect,
        ) -> Weight {
            Executive::try_execute_block(block, state_root_check, signature_check, select)
                .expect("the block keeps the state's invariants")
        }
    }
}

/// Proves that a session key belongs to a validator, for a report of its offence.
fn prove_key<K: AsRef<[u8]> + codec::Encode>(kind: KeyTypeId, key: K) -> Option<Vec<u8>> {
    use codec::Encode;
    Historical::prove((kind, key)).map(|proof| proof.encode())
}

/// Adds up all accounts.
fn supply() -> Supply {
    use frame_support::traits::fungible::Inspect;
    let mut supply = Supply {
        issuance: Money(pallet_balances::TotalIssuance::<Runtime>::get()),
        ledgers: Settlement::owed(),
        ledger_account: Money(crate::Balances::balance(&Settlement::ledger_account())),
        ..Supply::default()
    };
    for account in frame_system::Account::<Runtime>::iter_values() {
        supply.free += Money(account.data.free);
        supply.held += Money(account.data.reserved);
        supply.accounts += 1;
    }
    supply
}

/// Checks every invariant of the pallets of ours, and that no money appeared or disappeared.
fn check_invariants() -> Result<(), TryRuntimeError> {
    Consortium::check_invariants()?;
    Validators::check_invariants()?;
    Nodes::check_invariants()?;
    Allowance::check_invariants()?;
    Drivers::check_invariants()?;
    Vehicles::check_invariants()?;
    Tariffs::check_invariants()?;
    Settlement::check_invariants()?;
    Telemetry::check_invariants()?;
    Checkpoints::check_invariants()?;
    let supply = supply();
    if supply.issuance.checked_sub(supply.free) != Some(supply.held) {
        return Err("the issuance is not the sum of all accounts".into());
    }
    Ok(())
}
