//! Who makes blocks, who finalises them, and what happens to offenders.

use crate::{
    AccountId, Babe, BeefyMmr, BlockNumber, Hash, Header, Historical, Mmr, Offences, Runtime,
    RuntimeEvent, SessionKeys, Validators,
};
use alloc::vec::Vec;
use frame_support::{
    parameter_types,
    traits::{ConstU32, ConstU64, KeyOwnerProofSystem},
    weights::Weight,
};
use pallet_session::{
    historical::{IdentificationTuple, NoteHistoricalRoot},
    SessionManager,
};
use smartlink_primitives::CompanyId;
use sp_consensus_beefy::{
    ecdsa_crypto::AuthorityId as BeefyId, mmr::MmrLeafVersion, AncestryHelper,
    AncestryHelperWeightInfo, Commitment,
};
use sp_core::crypto::KeyTypeId;
use sp_mmr_primitives::AncestryProof;
use sp_runtime::traits::{ConvertInto, Keccak256, OpaqueKeys};
use sp_staking::SessionIndex;

/// Milliseconds from one block to the next. Cannot change after genesis.
pub const SLOT_MILLIS: u64 = 2_000;

/// Blocks in a session: ten minutes, or forty seconds with `fast-epochs`. Cannot change after genesis.
pub const EPOCH_BLOCKS: BlockNumber = if cfg!(feature = "fast-epochs") { 20 } else { 300 };

/// The most validators that all companies together may run.
pub const MAX_VALIDATORS: u32 = 100;

/// Sessions for which an offence can be reported: two days.
const REPORT_SESSIONS: SessionIndex = 2 * 24 * 6;

parameter_types! {
    pub const EpochDuration: u64 = EPOCH_BLOCKS as u64;
    pub const ReportLongevity: u64 = REPORT_SESSIONS as u64 * EPOCH_BLOCKS as u64;
    pub LeafVersion: MmrLeafVersion = MmrLeafVersion::new(0, 0);
}

impl pallet_babe::Config for Runtime {
    type EpochDuration = EpochDuration;
    type ExpectedBlockTime = ConstU64<SLOT_MILLIS>;
    type EpochChangeTrigger = pallet_babe::ExternalTrigger;
    type DisabledValidators = crate::Session;
    type WeightInfo = ();
    type MaxAuthorities = ConstU32<MAX_VALIDATORS>;
    type MaxNominators = ConstU32<0>;
    type KeyOwnerProof = sp_session::MembershipProof;
    type EquivocationReportSystem =
        pallet_babe::EquivocationReportSystem<Self, Offences, Historical, ReportLongevity>;
}

impl pallet_grandpa::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type WeightInfo = ();
    type MaxAuthorities = ConstU32<MAX_VALIDATORS>;
    type MaxNominators = ConstU32<0>;
    type MaxSetIdSessionEntries = ConstU64<{ REPORT_SESSIONS as u64 }>;
    type KeyOwnerProof = sp_session::MembershipProof;
    type EquivocationReportSystem =
        pallet_grandpa::EquivocationReportSystem<Self, Offences, Historical, ReportLongevity>;
}

impl pallet_authorship::Config for Runtime {
    type FindAuthor = pallet_session::FindAccountFromAuthorIndex<Self, Babe>;
    type EventHandler = Validators;
}

impl pallet_session::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type ValidatorId = AccountId;
    type ValidatorIdOf = ConvertInto;
    type ShouldEndSession = Babe;
    type NextSessionRotation = Babe;
    type SessionManager = Sessions;
    type SessionHandler = <SessionKeys as OpaqueKeys>::KeyTypeIdProviders;
    type Keys = SessionKeys;
    type DisablingStrategy = pallet_session::disabling::UpToLimitDisablingStrategy;
    type WeightInfo = pallet_session::weights::SubstrateWeight<Runtime>;
    type Currency = crate::Balances;
    // A validator's account belongs to a member: nothing to secure by a deposit.
    type KeyDeposit = ();
}

/// The sessions of the companies' validators, provable for as long as their offences are.
pub struct Sessions;

type Noted = NoteHistoricalRoot<Runtime, Validators>;

impl SessionManager<AccountId> for Sessions {
    fn new_session(planned: SessionIndex) -> Option<Vec<AccountId>> {
        <Noted as SessionManager<_>>::new_session(planned)
    }

    fn new_session_genesis(planned: SessionIndex) -> Option<Vec<AccountId>> {
        <Noted as SessionManager<_>>::new_session_genesis(planned)
    }

    fn start_session(starting: SessionIndex) {
        <Noted as SessionManager<_>>::start_session(starting)
    }

    fn end_session(ending: SessionIndex) {
        <Noted as SessionManager<_>>::end_session(ending);
        Historical::prune_up_to(ending.saturating_sub(REPORT_SESSIONS));
    }
}

impl pallet_session::historical::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type FullIdentification = CompanyId;
    type FullIdentificationOf = pallet_validators::ValidatorCompany<Runtime>;
}

impl pallet_offences::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type IdentificationTuple = IdentificationTuple<Runtime>;
    type OnOffenceHandler = Validators;
}

impl pallet_authority_discovery::Config for Runtime {
    type MaxAuthorities = ConstU32<MAX_VALIDATORS>;
}

impl pallet_mmr::Config for Runtime {
    const INDEXING_PREFIX: &'static [u8] = sp_mmr_primitives::INDEXING_PREFIX;
    type Hashing = Keccak256;
    type LeafData = crate::BeefyMmr;
    type OnNewRoot = pallet_beefy_mmr::DepositBeefyDigest<Runtime>;
    type BlockHashProvider = pallet_mmr::DefaultBlockHashProvider<Runtime>;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = ();
}

impl pallet_beefy::Config for Runtime {
    type BeefyId = BeefyId;
    type MaxAuthorities = ConstU32<MAX_VALIDATORS>;
    type MaxNominators = ConstU32<0>;
    type MaxSetIdSessionEntries = ConstU64<{ REPORT_SESSIONS as u64 }>;
    type OnNewValidatorSet = crate::BeefyMmr;
    type AncestryHelper = KnownLeaves;
    type WeightInfo = ();
    type KeyOwnerProof = <Historical as KeyOwnerProofSystem<(KeyTypeId, BeefyId)>>::Proof;
    type EquivocationReportSystem =
        pallet_beefy::EquivocationReportSystem<Self, Offences, Historical, ReportLongevity>;
}

/// Proofs of ancestry as `pallet-beefy-mmr` checks them, but of no more leaves than the chain has. That pallet reckons with the
/// numbers of a proof before any signature is checked: whoever reports a fork could have it reckon beyond 64 bits.
pub struct KnownLeaves;

impl KnownLeaves {
    /// Whether the chain has had as many leaves as the proof says, both times.
    fn are_in(proof: &AncestryProof<Hash>) -> bool {
        let AncestryProof { prev_leaf_count, leaf_count, .. } = proof;
        (1..=*leaf_count).contains(prev_leaf_count) && *leaf_count <= Mmr::mmr_leaves()
    }
}

impl AncestryHelper<Header> for KnownLeaves {
    type Proof = AncestryProof<Hash>;
    type ValidationContext = Hash;

    fn is_proof_optimal(proof: &AncestryProof<Hash>) -> bool {
        Self::are_in(proof) && <BeefyMmr as AncestryHelper<Header>>::is_proof_optimal(proof)
    }

    fn extract_validation_context(header: Header) -> Option<Hash> {
        <BeefyMmr as AncestryHelper<Header>>::extract_validation_context(header)
    }

    fn is_non_canonical(
        commitment: &Commitment<BlockNumber>,
        proof: AncestryProof<Hash>,
        context: Hash,
    ) -> bool {
        Self::are_in(&proof)
            && <BeefyMmr as AncestryHelper<Header>>::is_non_canonical(commitment, proof, context)
    }
}

impl AncestryHelperWeightInfo<Header> for KnownLeaves {
    fn is_proof_optimal(proof: &AncestryProof<Hash>) -> Weight {
        let read = <Runtime as frame_system::Config>::DbWeight::get().reads(1);
        <BeefyMmr as AncestryHelperWeightInfo<Header>>::is_proof_optimal(proof).saturating_add(read)
    }

    fn extract_validation_context() -> Weight {
        <BeefyMmr as AncestryHelperWeightInfo<Header>>::extract_validation_context()
    }

    fn is_non_canonical(proof: &AncestryProof<Hash>) -> Weight {
        <BeefyMmr as AncestryHelperWeightInfo<Header>>::is_non_canonical(proof)
    }
}

impl pallet_beefy_mmr::Config for Runtime {
    type LeafVersion = LeafVersion;
    type BeefyAuthorityToMerkleLeaf = pallet_beefy_mmr::BeefyEcdsaToEthereum;
    type LeafExtra = sp_core::H256;
    type BeefyDataProvider = CheckpointRoot;
    type WeightInfo = ();
}

/// Puts the checkpoint root of the block before into its MMR leaf.
pub struct CheckpointRoot;

impl sp_consensus_beefy::mmr::BeefyDataProvider<sp_core::H256> for CheckpointRoot {
    fn extra_data() -> sp_core::H256 {
        pallet_checkpoints::LatestRoot::<Runtime>::get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proof_of_ancestry_tells_of_no_more_leaves_than_there_are() {
        let known = |prev_leaf_count, leaf_count| {
            let (prev_peaks, items) = (vec![], vec![]);
            KnownLeaves::are_in(&AncestryProof { prev_peaks, prev_leaf_count, leaf_count, items })
        };
        sp_io::TestExternalities::default().execute_with(|| {
            pallet_mmr::NumberOfLeaves::<Runtime>::put(10);
            for (before, after) in [(1, 1), (4, 10), (10, 10)] {
                assert!(known(before, after), "{before} of {after}");
            }
            let huge = 1 << 63;
            for (before, after) in
                [(0, 0), (0, 10), (5, 4), (10, 11), (huge, 10), (1, huge), (u64::MAX, u64::MAX)]
            {
                assert!(!known(before, after), "{before} of {after}");
            }
        });
    }
}
