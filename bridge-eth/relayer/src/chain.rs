//! The chain: what its validators sign, followed over a node that may be away, fall silent, or lie.
//!
//! A node's signatures wake the relayer, and are no more than that: whatever it brings is fetched when it is needed, and
//! verified against the set that the contract knows.

mod follow;
mod sessions;
mod told;

use std::{
    sync::{
        atomic::{AtomicU64, Ordering},
        Arc,
    },
    time::Duration,
};

use smartlink_anchor::ethereum::host;
use smartlink_chain::{queries, subxt::utils::H256, Chain};
use smartlink_proofs::{
    commitment::justification,
    roster::{self, NoSet},
    Commitment, Fixed, Hash, Signature,
};
use smartlink_proving::{
    witness::{self, Signed},
    ProveError,
};
use tokio::sync::{watch, Mutex};

use self::told::{roster_of, sound, without_secret};
use crate::{
    anchor::{Set, View},
    checkpoint::{Checkpoint, Handover, Refusal},
    config::BridgeConfig,
    plan, Error,
};

/// The last block that was signed, as a node has it.
#[derive(Clone, Debug)]
pub struct Last {
    signed: Signed,
    commitment: Commitment,
    signatures: Vec<Signature>,
}

impl Last {
    /// Which block, and by whom. It is not verified.
    pub const fn seen(&self) -> plan::Signed {
        plan::Signed { block: self.signed.number, set: self.commitment.set }
    }
}

/// A node of the chain. Clones share its connection.
#[derive(Clone)]
pub struct Node(Arc<Shared>);

struct Shared {
    url: String,
    connect_in: Duration,
    patience: Duration,
    silence: Duration,
    retry_most: Duration,
    connection: Mutex<Option<Chain>>,
    heard: watch::Sender<Option<plan::Signed>>,
    failures: AtomicU64,
}

impl Node {
    /// The node that is configured. Nothing is asked yet.
    pub fn of(config: &BridgeConfig) -> Self {
        let follow = &config.follow;
        Self(Arc::new(Shared {
            url: config.node.clone(),
            connect_in: Duration::from_millis(follow.connect_ms),
            patience: Duration::from_millis(follow.patience_ms),
            silence: Duration::from_millis(follow.silence_ms),
            retry_most: Duration::from_millis(follow.retry_most_ms),
            connection: Mutex::default(),
            heard: watch::Sender::new(None),
            failures: AtomicU64::new(0),
        }))
    }

    /// Its address, without what may be secret in it.
    pub fn host(&self) -> String {
        host(&self.0.url)
    }

    /// How often it could not be reached, fell silent, or ended a subscription.
    pub fn failures(&self) -> u64 {
        self.0.failures.load(Ordering::Relaxed)
    }

    /// The connection; made anew where there is none.
    ///
    /// # Errors
    /// Nobody answers.
    pub async fn chain(&self) -> Result<Chain, Error> {
        let mut connection = self.0.connection.lock().await;
        if let Some(chain) = &*connection {
            return Ok(chain.clone());
        }
        let connected = Chain::connect(&self.0.url, self.0.connect_in).await;
        let chain = connected.map_err(|error| without_secret(error, &self.0.url))?;
        *connection = Some(chain.clone());
        Ok(chain)
    }

    /// Gives the connection up: the next question makes another.
    pub async fn hang_up(&self) {
        self.0.failures.fetch_add(1, Ordering::Relaxed);
        *self.0.connection.lock().await = None;
    }

    /// The last block that was signed.
    ///
    /// # Errors
    /// The node does not answer, or has no signatures.
    pub async fn last(&self) -> Result<Last, Error> {
        self.in_time(async {
            let signed = witness::signed(&self.chain().await?).await?;
            let (commitment, signatures) = read(&signed)?;
            Ok(Last { signed, commitment, signatures })
        })
        .await
    }

    /// The hash of block 0.
    ///
    /// # Errors
    /// Nobody answers.
    pub async fn genesis(&self) -> Result<Hash, Error> {
        Ok(Fixed(self.chain().await?.genesis().0))
    }

    /// What a step of the plan brings, verified. `None`: nothing.
    ///
    /// # Errors
    /// The node does not answer, or what it answers would not pass on Ethereum.
    pub async fn fetch(
        &self,
        step: plan::Step,
        last: Last,
        view: &View,
    ) -> Result<Option<Checkpoint>, Error> {
        self.in_time(async {
            let chain = self.chain().await?;
            let fetched = match step {
                plan::Step::Wait(_) => return Ok(None),
                plan::Step::Checkpoint(_) => of_last(&chain, last, &view.current, None).await,
                plan::Step::Handover => {
                    let handover = handover(&chain, last.signed.number, last.signed.hash).await?;
                    of_last(&chain, last, &view.next, Some(handover)).await
                }
                plan::Step::CatchUp => first_of(&chain, view).await,
            };
            fetched.map(Some)
        })
        .await
    }

    /// What an anchor begins with: the last block that was signed, by the set that the node names, and the set after it.
    ///
    /// # Errors
    /// The node does not answer, or contradicts itself.
    pub async fn beginning(&self) -> Result<(Checkpoint, Handover), Error> {
        let last = self.last().await?;
        self.in_time(async {
            let chain = self.chain().await?;
            let Signed { number, hash, .. } = last.signed;
            let keys = queries::beefy_validators(&chain.at(hash).await?).await?.keys;
            // Before there is computed with each of them.
            if keys.len() > roster::MOST {
                return Err(Refusal::Broken(NoSet::Size(keys.len()).into()).into());
            }
            let roster = witness::addresses_of(&keys)?;
            let root = roster::root(&roster).map_err(|why| Refusal::Broken(why.into()))?;
            let length = u32::try_from(roster.len()).unwrap_or(u32::MAX);
            let set = Set { id: last.commitment.set, length, root };
            let after = handover(&chain, number, hash).await?;
            let checkpoint = of_last(&chain, last, &set, Some(after.clone())).await?;
            Ok((checkpoint, after))
        })
        .await
    }

    async fn in_time<T>(
        &self,
        answer: impl std::future::Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        match tokio::time::timeout(self.0.patience, answer).await {
            Ok(answer) => answer,
            Err(_) => {
                self.hang_up().await;
                let seconds = self.0.patience.as_secs();
                Err(ProveError::TimedOut { seconds }.into())
            }
        }
    }
}

/// A commitment and its signatures, of the block that it says it is of.
fn read(signed: &Signed) -> Result<(Commitment, Vec<Signature>), Refusal> {
    let (commitment, signatures) = justification(&signed.justification)?;
    match commitment.block {
        block if block == signed.number => Ok((commitment, signatures)),
        found => Err(Refusal::OtherBlock { asked: signed.number, found }),
    }
}

/// The last block that was signed, which has to be by this set.
async fn of_last(
    chain: &Chain,
    last: Last,
    set: &Set,
    handover: Option<Handover>,
) -> Result<Checkpoint, Error> {
    let Last { signed, commitment, signatures } = last;
    let keys = queries::beefy_validators(&chain.at(signed.hash).await?).await?.keys;
    let roster = roster_of(&keys, set)?;
    let signatures = sound(&commitment, signatures, &roster);
    Ok(Checkpoint::verified(commitment, signatures, roster, set, handover)?)
}

/// The first block of the contract's next set: one that is always signed, and kept by every node.
async fn first_of(chain: &Chain, view: &View) -> Result<Checkpoint, Error> {
    let (head, at) = chain.finalized_head().await?;
    let longest = session_blocks(chain).await?;
    let begin = sessions::begin_of(chain, view.next.id, view.latest, head, longest).await?;
    let Some(signed) = witness::justified(chain, begin.hash).await? else {
        return Err(Error::Lacking(format!(
            "the node has no signatures of block {}, with which session {} began: ask a node that was there from the \
             beginning (node)",
            begin.block, begin.set
        )));
    };
    let (commitment, signatures) = read(&signed)?;
    let roster = roster_of(&begin.keys, &view.next)?;
    let signatures = sound(&commitment, signatures, &roster);
    // The state of the block itself may be gone, and that of the head has all leaves.
    let handover = handover(chain, signed.number, at).await?;
    Ok(Checkpoint::verified(commitment, signatures, roster, &view.next, Some(handover))?)
}

/// The leaf about the block before a signed one, with its proof.
async fn handover(chain: &Chain, signed: u32, at: H256) -> Result<Handover, Error> {
    let (leaf, mmr) = witness::leaf(chain, signed.saturating_sub(1), signed, at).await?;
    Ok(Handover { leaf, mmr })
}

/// Blocks that a session has at most.
async fn session_blocks(chain: &Chain) -> Result<u32, Error> {
    let slots = queries::session_slots(&chain.at_finalized().await?)?;
    Ok(u32::try_from(slots).unwrap_or(u32::MAX))
}
