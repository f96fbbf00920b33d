//! The council of the companies: its seats, its motions, and the one way to put a motion through.
//!
//! Everything here waits for blocks and not for their finality: the council has to be able to decide while finality stands.

use std::time::Duration;

use smartlink_primitives::CompanyId;
use subxt::{
    config::{substrate::BlakeTwo256, Hasher},
    ext::scale_encode::{
        EncodeAsFields, EncodeAsType, Error as EncodeError, FieldIter, TypeResolver,
    },
    tx::StaticPayload,
    utils::{AccountId32, H256},
};

use crate::{
    api::{self, runtime_types::sp_weights::weight_v2::Weight},
    calls::Call,
    encoded::EncodedCall,
    queries,
    words::Words,
    Account, At, Chain, ChainError, Included, SubmitError,
};

/// How a motion is named: no two ever have the same index, and a call is up for votes once at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MotionId {
    /// The blake2-256 of its call.
    pub hash: H256,
    /// Its number. Motions are counted from 0.
    pub index: u32,
}

/// What the council votes about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Motion {
    /// Which.
    pub id: MotionId,
    /// The call, in SCALE.
    pub call: Vec<u8>,
    /// The votes with which it is carried.
    pub threshold: u32,
    /// Who is for it.
    pub ayes: Vec<AccountId32>,
    /// Who is against it.
    pub nays: Vec<AccountId32>,
    /// The first block at which it can be closed although votes are missing.
    pub end: u32,
}

/// A seat of the council.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seat {
    /// The account that votes.
    pub account: AccountId32,
    /// The company for which it does, and its name. `None`: none that the chain knows of.
    pub company: Option<(CompanyId, String)>,
}

/// The part of the seats that a decision needs, the smallest first. Who does not vote has not agreed.
///
/// The table is in `docs/consortium.md`, the runtime has it in `configs/governance.rs`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// More than half: stands of the chain, and preimages.
    MoreThanHalf,
    /// Two thirds.
    TwoThirds,
    /// Three quarters: what the chain's root does.
    ThreeQuarters,
}

impl Part {
    /// What a call needs when the council does it: the most of what it and the calls in it need.
    pub fn needed(call: &Words) -> Self {
        let own = |called: (&str, &str)| match called {
            ("Consortium", "enact") => Some(Self::ThreeQuarters),
            ("SafeMode", "force_enter" | "force_extend" | "force_exit")
            | ("TxPause" | "Preimage", _) => Some(Self::MoreThanHalf),
            // What is in it is done by the same council.
            ("Utility", _) => None,
            _ => Some(Self::TwoThirds),
        };
        call.members().into_iter().filter_map(own).max().unwrap_or(Self::TwoThirds)
    }

    /// The fewest of so many seats that are this part.
    pub const fn of(self, seats: u32) -> u32 {
        match self {
            Self::MoreThanHalf => seats / 2 + 1,
            Self::TwoThirds => seats.saturating_mul(2).div_ceil(3),
            Self::ThreeQuarters => seats.saturating_mul(3).div_ceil(4),
        }
    }
}

/// The chain at its best block, on which the council builds.
pub async fn best(chain: &Chain) -> Result<At, ChainError> {
    chain.at_number(chain.best_number().await?).await
}

/// The accounts that vote, sorted by their bytes.
pub async fn members(at: &At) -> Result<Vec<AccountId32>, ChainError> {
    let what = "the members of the council";
    let members = at.storage().fetch(api::storage().council().members(), ()).await;
    members.map_err(ChainError::query(what))?.decode().map_err(ChainError::query(what))
}

/// How many seats the council has.
pub async fn size(at: &At) -> Result<u32, ChainError> {
    let count = u32::try_from(members(at).await?.len());
    count.map_err(|_| ChainError::Answer {
        what: "the members of the council",
        reason: "they are more than can be counted".to_owned(),
    })
}

/// The accounts that vote, with their companies.
pub async fn seats(at: &At) -> Result<Vec<Seat>, ChainError> {
    let what = "the seats of the council";
    let mut companies = Vec::new();
    let key = api::storage().consortium().seats();
    let mut entries = at.storage().iter(key, ()).await.map_err(ChainError::query(what))?;
    while let Some(entry) = entries.next().await {
        let entry = entry.map_err(ChainError::query(what))?;
        let key = entry.key().and_then(|key| key.decode()).map_err(ChainError::query(what))?;
        let account = entry.value().decode().map_err(ChainError::query(what))?;
        companies.push((account, key.0 .0));
    }
    let mut seats = Vec::new();
    for account in members(at).await? {
        let company = companies.iter().find(|(seat, _)| *seat == account).map(|(_, id)| *id);
        let company = match company {
            Some(id) => queries::company(at, id).await?.map(|company| (id, company.name)),
            None => None,
        };
        seats.push(Seat { account, company });
    }
    Ok(seats)
}

/// The motions that wait for votes or to be closed, the oldest first.
pub async fn motions(at: &At) -> Result<Vec<Motion>, ChainError> {
    let what = "the motions of the council";
    let hashes = at.storage().fetch(api::storage().council().proposals(), ()).await;
    let hashes = hashes.map_err(ChainError::query(what))?;
    let hashes = hashes.decode().map_err(ChainError::query(what))?;
    let mut motions = Vec::new();
    for hash in hashes.0 {
        motions.extend(motion(at, hash).await?);
    }
    motions.sort_by_key(|motion| motion.id.index);
    Ok(motions)
}

/// The motion whose call has this hash. `None` when there is none.
pub async fn motion(at: &At, hash: H256) -> Result<Option<Motion>, ChainError> {
    let what = "a motion of the council";
    let votes = at.storage().try_fetch(api::storage().council().voting(), (hash,)).await;
    let Some(votes) = votes.map_err(ChainError::query(what))? else { return Ok(None) };
    let votes = votes.decode().map_err(ChainError::query(what))?;
    // Only its bytes are looked at, so it may be of a runtime that has calls which this program does not know.
    let call = api::storage().council().proposal_of().unvalidated();
    let call = at.storage().try_fetch(call, (hash,)).await;
    let Some(call) = call.map_err(ChainError::query(what))? else { return Ok(None) };
    let call = call.into_bytes();
    // People vote by the hash, and are shown these bytes: a node that lies would have them vote for something else.
    if BlakeTwo256.hash(&call) != hash {
        let reason = format!(
            "the node shows another call than the one with the hash {hash:?}: ask another node"
        );
        return Err(ChainError::Answer { what, reason });
    }
    Ok(Some(Motion {
        id: MotionId { hash, index: votes.index },
        call,
        threshold: votes.threshold,
        ayes: votes.ayes,
        nays: votes.nays,
        end: votes.end,
    }))
}

/// What became of a proposal.
#[derive(Debug)]
pub enum Proposed {
    /// It is a motion, and waits for votes. Who proposed it has not voted yet.
    Waiting {
        /// Which.
        motion: MotionId,
        /// The transaction.
        included: Included,
    },
    /// One vote is enough, so the call was done at once.
    Done(Included),
}

/// Puts a call before the council, which carries it with `threshold` votes.
///
/// # Errors
/// The account has no seat, the same call is before the council already, or the transaction was in no block within
/// `patience`.
pub async fn propose(
    chain: &Chain,
    proposer: &Account,
    call: &EncodedCall,
    threshold: u32,
    patience: Duration,
) -> Result<Proposed, SubmitError> {
    let proposal = Proposal { threshold, call: call.bytes().to_vec() };
    let payload = StaticPayload::new("Council", "propose", proposal);
    let included = chain.execute_in_block(proposer, &payload, patience).await?;
    // As the pallet does.
    if threshold < 2 {
        return Ok(Proposed::Done(included));
    }
    let proposed = included.event::<api::council::events::Proposed>("Proposed")?;
    let motion = MotionId { hash: proposed.proposal_hash, index: proposed.proposal_index };
    Ok(Proposed::Waiting { motion, included })
}

/// Votes for a motion, or against it.
///
/// # Errors
/// The account has no seat, has voted the same before, there is no such motion, or the transaction was in no block
/// within `patience`.
pub async fn vote(
    chain: &Chain,
    member: &Account,
    motion: MotionId,
    approve: bool,
    patience: Duration,
) -> Result<Included, SubmitError> {
    chain.execute_in_block(member, &ballot(motion, approve), patience).await
}

fn ballot(motion: MotionId, approve: bool) -> StaticPayload<api::council::calls::Vote> {
    api::transactions().council().vote(motion.hash, motion.index, approve)
}

/// Closes a motion that has enough votes, or cannot get them any more, or whose time is over. With enough votes its call
/// is done: what came of that is in the events ([`Chain::told`]). Anybody may close.
///
/// # Errors
/// It is too early, there is no such motion, or the transaction was in no block within `patience`.
pub async fn close(
    chain: &Chain,
    closer: &Account,
    motion: MotionId,
    patience: Duration,
) -> Result<Included, SubmitError> {
    let at = best(chain).await?;
    let Some(Motion { call, .. }) = self::motion(&at, motion.hash).await? else {
        let what = format!("motion {} with the hash {:?}", motion.index, motion.hash);
        return Err(ChainError::Missing { what }.into());
    };
    let info = queries::call_info(&at, &call, 0).await?;
    let weight = Weight { ref_time: info.ref_time, proof_size: info.proof_size };
    let close = api::transactions().council();
    let close = close.close(motion.hash, motion.index, weight, length_bound(&call));
    chain.execute_in_block(closer, &close, patience).await
}

/// The bytes of a call, and room for a length in front.
fn length_bound(call: &[u8]) -> u32 {
    u32::try_from(call.len()).unwrap_or(u32::MAX).saturating_add(4)
}

/// Puts a motion through: the first member proposes it, all of them vote for it, side by side, and the first closes it. It is
/// carried with as many votes as its call needs. Gives the transaction in which the call was done.
///
/// # Errors
/// A transaction failed or was in no block within `patience`, the votes of these members are not enough, or the call, or one
/// in it, was done and failed.
pub async fn carry(
    chain: &Chain,
    members: &[Account],
    call: Call,
    patience: Duration,
) -> Result<Included, SubmitError> {
    let at = best(chain).await?;
    let call = EncodedCall::of(&at.metadata(), &call)?;
    let threshold = Part::needed(call.words()).of(size(&at).await?);
    let [first, ..] = members else {
        let what = "member of the council to vote: name at least one".to_owned();
        return Err(ChainError::Missing { what }.into());
    };
    let done = match propose(chain, first, &call, threshold, patience).await? {
        Proposed::Done(included) => included,
        Proposed::Waiting { motion, .. } => {
            let ballot = ballot(motion, true);
            let mut waiting = Vec::new();
            for member in members {
                waiting.push(chain.submit(member, &ballot).await?);
            }
            for vote in waiting {
                vote.in_block(patience).await?;
            }
            close(chain, first, motion, patience).await?
        }
    };
    let told = chain.told(&done).await?;
    if let Some(failure) = told.iter().flat_map(Words::failures).next() {
        return Err(SubmitError::Failed { call: call.name(), failure: failure.clone() });
    }
    if !told.iter().any(|event| event.is("Council", "Executed")) {
        let what = "event Executed in the transaction: the motion was not carried".to_owned();
        return Err(ChainError::Missing { what }.into());
    }
    Ok(done)
}

/// The arguments of `council.propose`, with the proposal as it was written.
#[derive(Debug)]
struct Proposal {
    threshold: u32,
    call: Vec<u8>,
}

impl EncodeAsFields for Proposal {
    fn encode_as_fields_to<R: TypeResolver>(
        &self,
        fields: &mut dyn FieldIter<'_, R::TypeId>,
        types: &R,
        out: &mut Vec<u8>,
    ) -> Result<(), EncodeError> {
        for field in fields {
            match field.name {
                Some("threshold") => self.threshold.encode_as_type_to(field.id, types, out)?,
                Some("proposal") => out.extend_from_slice(&self.call),
                Some("length_bound") => {
                    length_bound(&self.call).encode_as_type_to(field.id, types, out)?;
                }
                other => {
                    let what =
                        format!("council.propose has an argument {other:?} that is not known");
                    return Err(EncodeError::custom_string(what));
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        motions,
        testing::{at, encoded, metadata},
    };

    fn needed(call: Call) -> Part {
        Part::needed(EncodedCall::of(&metadata(), &call).unwrap().words())
    }

    fn batch(calls: Vec<Call>) -> Call {
        Call::Utility(api::utility::Call::batch_all { calls })
    }

    fn stand() -> Call {
        Call::SafeMode(api::safe_mode::Call::force_enter)
    }

    #[test]
    fn a_part_is_the_fewest_seats_that_the_runtime_accepts() {
        // EnsureProportionMoreThan and EnsureProportionAtLeast of pallet-collective.
        let half = |votes: u32, seats: u32| votes * 2 > seats;
        let thirds = |votes: u32, seats: u32| votes * 3 >= seats * 2;
        let quarters = |votes: u32, seats: u32| votes * 4 >= seats * 3;
        for seats in 1..=100 {
            let fewest = |enough: &dyn Fn(u32, u32) -> bool| {
                (1..=seats).find(|votes| enough(*votes, seats)).unwrap()
            };
            assert_eq!(Part::MoreThanHalf.of(seats), fewest(&half), "{seats}");
            assert_eq!(Part::TwoThirds.of(seats), fewest(&thirds), "{seats}");
            assert_eq!(Part::ThreeQuarters.of(seats), fewest(&quarters), "{seats}");
        }
    }

    #[test]
    fn a_call_needs_what_its_pallet_asks_for() {
        let account = AccountId32([7; 32]);
        assert_eq!(needed(motions::reinstate(account)), Part::TwoThirds);
        assert_eq!(needed(motions::enact(motions::note_stalled(2, 10))), Part::ThreeQuarters);
        assert_eq!(needed(stand()), Part::MoreThanHalf);
        // The deposits of safe-mode are another matter than the stand.
        let slash = api::safe_mode::Call::force_slash_deposit { account, block: 1 };
        assert_eq!(needed(Call::SafeMode(slash)), Part::TwoThirds);
    }

    #[test]
    fn a_batch_needs_the_most_of_what_is_in_it() {
        assert_eq!(needed(batch(vec![stand(), stand()])), Part::MoreThanHalf);
        let reinstate = motions::reinstate(AccountId32([7; 32]));
        assert_eq!(needed(batch(vec![stand(), reinstate])), Part::TwoThirds);
        let enact = motions::enact(stand());
        assert_eq!(needed(batch(vec![stand(), batch(vec![enact])])), Part::ThreeQuarters);
        assert_eq!(needed(batch(Vec::new())), Part::TwoThirds);
    }

    #[test]
    fn a_proposal_is_encoded_as_the_chain_expects_it() {
        let call = stand();
        let bytes = encoded(&call);
        let length = length_bound(&bytes);
        let proposal = Proposal { threshold: 3, call: bytes };
        let own = StaticPayload::new("Council", "propose", proposal);
        let typed = api::transactions().council().propose(3, call, length);
        let at = at();
        assert_eq!(at.tx().call_data(&own).unwrap(), at.tx().call_data(&typed).unwrap());
    }
}
