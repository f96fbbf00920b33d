//! Bundles in the MMR of a block whose root is on Ethereum.

use std::time::{Duration, Instant};

use smartlink_anchor::{ethereum::host, read, Anchor, AnchorError, Held, Source};
use smartlink_chain::Chain;
use smartlink_proofs::{verify, Bundle, Fixed, Item, Trust};
use tokio::{sync::Mutex, time::timeout};

use crate::{
    witness::{self, Signed},
    EthereumConfig, ProveError,
};

/// The bundle of an item that the leaf about a block proves, by the root that the contract has, with where that is. The set
/// that signed is the one that the contract knows, and the root is the one in the contract's event.
///
/// # Errors
/// The contract's block is not later, no node has its signatures, or what they answer does not fit together.
pub async fn bundle(
    chain: &Chain,
    anchor: &Anchor,
    held: &Held,
    (block, item): (u32, Item),
) -> Result<Bundle, ProveError> {
    if !held.covers(block) {
        return Err(ProveError::NotHeld { block, latest: held.block });
    }
    let signed = signed(chain, anchor, held).await?;
    let mut bundle = witness::bundle_in(chain, &signed, block, item).await?;
    let trust = Trust { root: held.set.root, id: Some(held.set.id) };
    let verified = verify(&bundle, Some(&trust))?;
    held.name_in(&mut bundle, verified.mmr_root)?;
    Ok(bundle)
}

/// The signatures of the block whose root the contract has: from the node, or, where that was not told of them, from the
/// transaction that brought them.
async fn signed(chain: &Chain, anchor: &Anchor, held: &Held) -> Result<Signed, ProveError> {
    let number = held.block;
    let hashes = chain.block_hashes(number..=number).await?;
    let hash = *hashes.first().ok_or(ProveError::Garbled { what: "the hash of a block" })?;
    if let Some(signed) = witness::justified(chain, hash).await? {
        return Ok(signed);
    }
    let transaction = held.place.transaction;
    let found = anchor.ethereum().transaction(transaction.0.into()).await;
    let found = found.map_err(|error| ProveError::Ethereum(error.into()))?;
    let brought = found.and_then(|found| read(&found.input).ok());
    let brought = brought.ok_or(ProveError::NoSignatures { block: number, transaction })?;
    Ok(Signed { number, hash, justification: brought.justification() })
}

/// What the contract has, looked at no more often than is configured, and for no longer: so much, and no more, can those who
/// want proofs have Ethereum asked.
pub struct Looks {
    source: Source,
    within: Duration,
    every: Duration,
    last: Mutex<Option<Look>>,
}

struct Look {
    at: Instant,
    found: Result<(Anchor, Option<Held>), AnchorError>,
}

impl Looks {
    /// As they are configured. `None`: no contract is.
    pub fn new(config: &EthereumConfig) -> Option<Self> {
        let source = Source::from(config);
        source.contract?;
        let within = Duration::from_millis(config.patience_ms);
        let every = Duration::from_millis(config.poll_ms);
        Some(Self { source, within, every, last: Mutex::default() })
    }

    /// The bundle of an item, by the last root that the contract has.
    ///
    /// # Errors
    /// As [`bundle`], and Ethereum does not answer.
    pub async fn bundle(
        &self,
        chain: &Chain,
        (block, item): (u32, Item),
    ) -> Result<Bundle, ProveError> {
        let (anchor, held) = self.look(chain).await?;
        let held = held.ok_or(ProveError::NotHeld { block, latest: 0 })?;
        bundle(chain, &anchor, &held, (block, item)).await
    }

    /// The last look; another one where that is too old. Who comes while somebody looks waits for what he finds.
    async fn look(&self, chain: &Chain) -> Result<(Anchor, Option<Held>), AnchorError> {
        let mut last = self.last.lock().await;
        if let Some(look) = last.as_ref().filter(|look| look.at.elapsed() < self.every) {
            return look.found.clone();
        }
        let look = async {
            let anchor = Anchor::open(self.source.clone()).await?;
            anchor.check_chain(Fixed(chain.genesis().0)).await?;
            let held = anchor.held().await?;
            Ok((anchor, held))
        };
        let late = |_| {
            let milliseconds = u64::try_from(self.within.as_millis()).unwrap_or(u64::MAX);
            Err(AnchorError::Late { host: host(&self.source.url), milliseconds })
        };
        let found = timeout(self.within, look).await.unwrap_or_else(late);
        *last = Some(Look { at: Instant::now(), found: found.clone() });
        found
    }
}
