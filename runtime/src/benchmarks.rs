//! What calls of FRAME's consensus pallets cost, of which they bring no benchmarks: reports of validators that run twice, session
//! keys, and what the council does after a stall.
//!
//! Reports are of the session that goes on, which is what a node reports, and the dearest: the proof of who owns a key is compared
//! with a trie of all keys of all validators, which is made for it.

use alloc::{boxed::Box, vec, vec::Vec};
use codec::Encode;
use core::marker::PhantomData;

use frame_benchmarking::v2::*;
use frame_support::{traits::KeyOwnerProofSystem, BoundedVec};
use frame_system::RawOrigin;
use pallet_validators::Validator;
use smartlink_primitives::{traits::Companies, CompanyKind};
use sp_application_crypto::RuntimeAppPublic;
use sp_consensus_babe::digests::{CompatibleDigestItem, PreDigest, SecondaryPlainPreDigest};
use sp_consensus_beefy::{
    known_payloads::MMR_ROOT_ID, Commitment, DoubleVotingProof, Payload, VoteMessage,
};
use sp_consensus_grandpa::{localized_payload, Equivocation, EquivocationProof};
use sp_core::{ecdsa, ed25519, sr25519, H256};
use sp_io::hashing::{blake2_256, keccak_256};
use sp_runtime::{traits::Header as _, Digest, DigestItem, KeyTypeId};
use sp_session::MembershipProof;

use crate::{
    configs::consensus::MAX_VALIDATORS, AccountId, Babe, Beefy, BlockNumber, Consortium, Grandpa,
    Hash, Header, Historical, Runtime, Session, SessionKeys, System,
};

/// A chain of which these can be measured: ours.
pub trait Config: frame_system::Config {}

impl Config for Runtime {}

impl frame_system_benchmarking::Config for Runtime {}

impl pallet_transaction_payment::BenchmarkConfig for Runtime {}

/// The calls measured.
pub struct Pallet<T: Config>(PhantomData<T>);

/// Keys that nobody has.
fn foreign_keys(of: u32) -> SessionKeys {
    let seed = blake2_256(&of.encode());
    let mut compressed = [2; 33];
    compressed[1..].copy_from_slice(&seed);
    SessionKeys {
        babe: sr25519::Public::from_raw(seed).into(),
        grandpa: ed25519::Public::from_raw(seed).into(),
        beefy: ecdsa::Public::from_raw(compressed).into(),
        authority_discovery: sr25519::Public::from_raw(seed).into(),
    }
}

/// Keys that are here, so that one can sign with them.
fn own_keys() -> SessionKeys {
    SessionKeys {
        babe: RuntimeAppPublic::generate_pair(None),
        grandpa: RuntimeAppPublic::generate_pair(None),
        beefy: RuntimeAppPublic::generate_pair(None),
        authority_discovery: RuntimeAppPublic::generate_pair(None),
    }
}

/// The session that goes on has so many validators. The keys of the last of them are here.
fn session_of(count: u32) -> Result<SessionKeys, BenchmarkError> {
    let company = <Consortium as Companies<AccountId>>::found(
        &account("admin", 0, 0),
        CompanyKind::Platform,
    )?;
    let accounts: Vec<AccountId> = (0..count).map(|n| account("validator", n, 0)).collect();
    let all = accounts.iter().map(|account| Validator { account: account.clone(), company });
    pallet_validators::Validators::<Runtime>::put(BoundedVec::truncate_from(all.collect()));
    let own = own_keys();
    for (n, account) in (1..).zip(&accounts) {
        let keys = if n == count { own.clone() } else { foreign_keys(n) };
        pallet_session::NextKeys::<Runtime>::insert(account, keys);
    }
    pallet_session::Validators::<Runtime>::put(accounts);
    // Sets of GRANDPA and BEEFY, and the epoch of BABE, are that session's.
    let session = Session::current_index();
    pallet_grandpa::SetIdSession::<Runtime>::insert(0, session);
    pallet_beefy::SetIdSession::<Runtime>::insert(0, session);
    Ok(own)
}

fn owner_of(id: KeyTypeId, key: &[u8]) -> Result<MembershipProof, BenchmarkError> {
    Historical::prove((id, key)).ok_or(BenchmarkError::Stop("the key is one of the session's"))
}

/// Two blocks of one slot.
fn two_blocks(
    keys: &SessionKeys,
) -> Result<sp_consensus_babe::EquivocationProof<Header>, BenchmarkError> {
    let slot = pallet_babe::GenesisSlot::<Runtime>::get();
    let block = |state: u8| {
        let digest =
            PreDigest::SecondaryPlain(SecondaryPlainPreDigest { authority_index: 0, slot });
        let digest =
            Digest { logs: vec![<DigestItem as CompatibleDigestItem>::babe_pre_digest(digest)] };
        let mut header =
            Header::new(1, Hash::zero(), H256::repeat_byte(state), Hash::zero(), digest);
        let seal =
            keys.babe.sign(&header.hash()).ok_or(BenchmarkError::Stop("a block is sealed"))?;
        header.digest_mut().push(<DigestItem as CompatibleDigestItem>::babe_seal(seal));
        Ok::<_, BenchmarkError>(header)
    };
    let (first_header, second_header) = (block(1)?, block(2)?);
    let offender = keys.babe.clone();
    Ok(sp_consensus_babe::EquivocationProof { offender, slot, first_header, second_header })
}

/// Two prevotes of a round.
fn two_prevotes(
    keys: &SessionKeys,
) -> Result<EquivocationProof<Hash, BlockNumber>, BenchmarkError> {
    let (round_number, set_id) = (1, 0);
    let vote = |block: u8| {
        let vote = finality_grandpa::Prevote::new(H256::repeat_byte(block), 1);
        let message = finality_grandpa::Message::Prevote(vote.clone());
        let signature = keys.grandpa.sign(&localized_payload(round_number, set_id, &message));
        Ok::<_, BenchmarkError>((vote, signature.ok_or(BenchmarkError::Stop("a vote is signed"))?))
    };
    let (first, second) = (vote(1)?, vote(2)?);
    let identity = keys.grandpa.clone();
    let both = finality_grandpa::Equivocation { round_number, identity, first, second };
    Ok(EquivocationProof::new(set_id, Equivocation::Prevote(both)))
}

type Vote = VoteMessage<
    BlockNumber,
    sp_consensus_beefy::ecdsa_crypto::AuthorityId,
    sp_consensus_beefy::ecdsa_crypto::Signature,
>;

/// Two signatures for one height.
fn two_votes(
    keys: &SessionKeys,
) -> Result<
    DoubleVotingProof<
        BlockNumber,
        sp_consensus_beefy::ecdsa_crypto::AuthorityId,
        sp_consensus_beefy::ecdsa_crypto::Signature,
    >,
    BenchmarkError,
> {
    let vote = |root: u8| {
        let payload = Payload::from_single_entry(MMR_ROOT_ID, vec![root; 32]);
        let commitment = Commitment { payload, block_number: 1, validator_set_id: 0 };
        let hash = keccak_256(&commitment.encode());
        let id = keys.beefy.clone();
        let signature =
            sp_io::crypto::ecdsa_sign_prehashed(sp_consensus_beefy::KEY_TYPE, id.as_ref(), &hash)
                .ok_or(BenchmarkError::Stop("a commitment is signed"))?;
        Ok::<Vote, BenchmarkError>(VoteMessage { commitment, id, signature: signature.into() })
    };
    Ok(DoubleVotingProof { first: vote(1)?, second: vote(2)? })
}

/// An account that may have session keys, these, and what proves that they are its.
fn newcomer() -> (AccountId, SessionKeys, Vec<u8>) {
    let owner: AccountId = account("newcomer", 0, 0);
    System::inc_providers(&owner);
    let made = SessionKeys::generate(&owner.encode(), None);
    (owner, made.keys, made.proof.encode())
}

#[cfg(test)]
fn with_keystore() -> sp_io::TestExternalities {
    let mut chain = sp_io::TestExternalities::default();
    chain.register_extension(sp_keystore::KeystoreExt::new(
        sp_keystore::testing::MemoryKeystore::new(),
    ));
    chain
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn babe_report_equivocation(v: Linear<1, { MAX_VALIDATORS }>) -> Result<(), BenchmarkError> {
        let keys = session_of(v)?;
        let proof = Box::new(two_blocks(&keys)?);
        let owner = owner_of(sp_consensus_babe::KEY_TYPE, keys.babe.as_ref())?;

        #[block]
        {
            Babe::report_equivocation_unsigned(RawOrigin::None.into(), proof, owner)
                .map_err(|error| error.error)?;
        }

        assert_eq!(pallet_validators::Offences::<Runtime>::iter().count(), 1);
        Ok(())
    }

    #[benchmark]
    fn grandpa_report_equivocation(v: Linear<1, { MAX_VALIDATORS }>) -> Result<(), BenchmarkError> {
        let keys = session_of(v)?;
        let proof = Box::new(two_prevotes(&keys)?);
        let owner = owner_of(sp_consensus_grandpa::KEY_TYPE, keys.grandpa.as_ref())?;

        #[block]
        {
            Grandpa::report_equivocation_unsigned(RawOrigin::None.into(), proof, owner)
                .map_err(|error| error.error)?;
        }

        assert_eq!(pallet_validators::Offences::<Runtime>::iter().count(), 1);
        Ok(())
    }

    #[benchmark]
    fn beefy_report_voting_equivocation(
        v: Linear<1, { MAX_VALIDATORS }>,
    ) -> Result<(), BenchmarkError> {
        let keys = session_of(v)?;
        let proof = Box::new(two_votes(&keys)?);
        let owner = owner_of(sp_consensus_beefy::KEY_TYPE, keys.beefy.as_ref())?;

        #[block]
        {
            Beefy::report_double_voting_unsigned(RawOrigin::None.into(), proof, owner)
                .map_err(|error| error.error)?;
        }

        assert_eq!(pallet_validators::Offences::<Runtime>::iter().count(), 1);
        Ok(())
    }

    #[benchmark]
    fn babe_plan_config_change() -> Result<(), BenchmarkError> {
        let config = sp_consensus_babe::digests::NextConfigDescriptor::V1 {
            c: (1, 4),
            allowed_slots: sp_consensus_babe::AllowedSlots::PrimaryAndSecondaryVRFSlots,
        };

        #[block]
        {
            Babe::plan_config_change(RawOrigin::Root.into(), config)?;
        }

        assert!(pallet_babe::PendingEpochConfigChange::<Runtime>::exists());
        Ok(())
    }

    #[benchmark]
    fn grandpa_note_stalled() -> Result<(), BenchmarkError> {
        #[block]
        {
            Grandpa::note_stalled(RawOrigin::Root.into(), 10, 1)?;
        }

        assert!(Grandpa::stalled().is_some());
        Ok(())
    }

    #[benchmark]
    fn beefy_set_new_genesis() -> Result<(), BenchmarkError> {
        #[block]
        {
            Beefy::set_new_genesis(RawOrigin::Root.into(), 1)?;
        }

        assert!(pallet_beefy::GenesisBlock::<Runtime>::get().is_some());
        Ok(())
    }

    #[benchmark]
    fn session_set_keys() -> Result<(), BenchmarkError> {
        let (owner, keys, proof) = newcomer();

        #[block]
        {
            Session::set_keys(RawOrigin::Signed(owner.clone()).into(), keys, proof)?;
        }

        assert!(pallet_session::NextKeys::<Runtime>::contains_key(owner));
        Ok(())
    }

    #[benchmark]
    fn session_purge_keys() -> Result<(), BenchmarkError> {
        let (owner, keys, proof) = newcomer();
        Session::set_keys(RawOrigin::Signed(owner.clone()).into(), keys, proof)?;

        #[block]
        {
            Session::purge_keys(RawOrigin::Signed(owner.clone()).into())?;
        }

        assert!(!pallet_session::NextKeys::<Runtime>::contains_key(owner));
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, crate::benchmarks::with_keystore(), Runtime);
}
