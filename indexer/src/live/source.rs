//! A connection to a node: which blocks are the best and the last final one, where a block belongs, and what is in it.

use std::{future::Future, sync::Arc, time::Duration};

use codec::Encode;
use rustc_hash::FxHashMap;
use smartlink_chain::{
    raw::{self, Heads, RawError},
    subxt::{
        client::{Block, Blocks},
        config::substrate::SubstrateHeader,
        error::BlocksError,
        ext::frame_decode::storage::encode_storage_key_prefix,
        utils::H256,
    },
    Chain, ChainError, Config,
};

use super::{
    branches::{BlockId, Link},
    config::LiveConfig,
    reading,
    view::Contents,
};
use crate::{
    decode::{scale::blake2_256, Plan},
    domain::{block::Hash, RawBlock},
    error::Error,
};

/// Runtimes whose metadata is kept: that of the chain, and those of branches that change it.
const RUNTIMES: usize = 4;

/// A connection to a node. Whatever is asked has a time-out; whoever gets an error that passes makes another connection.
pub struct Source {
    chain: Chain,
    patience: Duration,
    keys: [Vec<u8>; 1],
    plans: FxHashMap<u32, Arc<Plan>>,
}

impl Source {
    /// Connects to the WebSocket of a node.
    ///
    /// # Errors
    /// Nobody answers there in time.
    pub async fn connect(url: &str, config: &LiveConfig) -> Result<Self, RawError> {
        // A connection of its own: what is fetched for the index cannot hold it up.
        let chain = Chain::connect(url, Duration::from_millis(config.connect_ms)).await?;
        Ok(Self {
            chain,
            patience: Duration::from_millis(config.answer_ms),
            keys: [encode_storage_key_prefix("System", "Events").to_vec()],
            plans: FxHashMap::default(),
        })
    }

    /// Best blocks from now on: [`named`] says which. Falls silent when the connection breaks.
    ///
    /// # Errors
    /// The node does not answer.
    pub async fn best_blocks(&self) -> Result<Blocks<Config>, RawError> {
        let blocks = async { Ok(self.chain.best_blocks().await?) };
        self.within("a subscription to best blocks", blocks).await
    }

    /// Final heights from now on. Falls silent when the connection breaks.
    ///
    /// # Errors
    /// The node does not answer.
    pub async fn finalized_heads(&self) -> Result<Heads, RawError> {
        self.within("a subscription to final blocks", self.chain.finalized_heads()).await
    }

    /// The best block.
    ///
    /// # Errors
    /// The node does not answer.
    pub async fn best(&self) -> Result<Link, RawError> {
        let header = async { Ok(self.chain.best_header().await?) };
        let header = self.within("the best block", header).await?;
        link(blake2_256(&header.encode()), &header)
    }

    /// The last final block.
    ///
    /// # Errors
    /// The node does not answer.
    pub async fn finalized(&self) -> Result<BlockId, RawError> {
        let head = self.within("the last final block", self.chain.finalized_head());
        let (number, hash) = head.await?;
        Ok(BlockId { number, hash: hash.0 })
    }

    /// Where a block belongs.
    ///
    /// # Errors
    /// The node does not answer, or has it not.
    pub async fn link(&self, hash: Hash) -> Result<Link, RawError> {
        link(hash, &self.raw(hash, &[]).await?.header)
    }

    /// What is in a block. Its runtime is that of its parent's state, as ever.
    ///
    /// # Errors
    /// The node does not answer, has it not, or it cannot be decoded.
    pub async fn contents(&mut self, link: Link) -> Result<Contents, Error> {
        let parent = H256(link.parent);
        let (raw, spec) = tokio::try_join!(
            self.raw(link.id.hash, &self.keys),
            self.within("the runtime's version", self.chain.runtime_version(parent))
        )?;
        let Some(events) = raw.values.into_iter().flatten().next() else {
            let reason = format!("it has no events of block {}", link.id);
            return Err(RawError::Garbled { what: "what a block's state holds", reason }.into());
        };
        let plan = self.plan(spec, parent).await?;
        let raw = RawBlock {
            number: link.id.number,
            hash: link.id.hash,
            parent: link.parent,
            spec,
            header: raw.header.encode(),
            extrinsics: raw.extrinsics,
            events,
            state: Vec::new(),
        };
        reading::contents(plan, raw).await
    }

    /// How blocks of a runtime are decoded, whose metadata the state of a block has.
    async fn plan(&mut self, spec: u32, at: H256) -> Result<Arc<Plan>, Error> {
        if let Some(plan) = self.plans.get(&spec) {
            return Ok(plan.clone());
        }
        let metadata = self.chain.metadata_bytes(at);
        let metadata = self.within("the runtime's metadata", metadata).await?;
        let plan = Arc::new(Plan::of(spec, &metadata, [])?);
        if self.plans.len() >= RUNTIMES {
            self.plans.clear();
        }
        self.plans.insert(spec, plan.clone());
        Ok(plan)
    }

    /// A block as the node has it, with what its state holds under keys.
    async fn raw(&self, hash: Hash, keys: &[Vec<u8>]) -> Result<raw::RawBlock, RawError> {
        let hashes = [H256(hash)];
        let blocks = self.within("an unfinalised block", self.chain.raw_blocks(&hashes, keys));
        let missing = || RawError::Missing { block: format!("{:?}", hashes[0]) };
        blocks.await?.into_iter().next().ok_or_else(missing)
    }

    async fn within<T>(
        &self,
        what: &'static str,
        answer: impl Future<Output = Result<T, RawError>>,
    ) -> Result<T, RawError> {
        tokio::time::timeout(self.patience, answer).await.unwrap_or_else(|_| {
            let what = format!("an answer to the question for {what}");
            Err(ChainError::TimedOut { what, seconds: self.patience.as_secs() }.into())
        })
    }
}

/// Where the best block belongs that a subscription names.
///
/// # Errors
/// The subscription ended.
pub fn named(block: Option<Result<Block<Config>, BlocksError>>) -> Result<Link, RawError> {
    let what = "the next best block";
    match block {
        Some(Ok(block)) => link(block.hash().0, block.header()),
        Some(Err(error)) => Err(ChainError::query(what)(error).into()),
        None => Err(RawError::Garbled { what, reason: "the subscription ended".into() }),
    }
}

/// Where a block belongs. A height is 32 bits on this chain.
fn link(hash: Hash, header: &SubstrateHeader<H256>) -> Result<Link, RawError> {
    let number = u32::try_from(header.number).map_err(|_| RawError::Garbled {
        what: "a block's header",
        reason: format!("its height {} does not fit 32 bits", header.number),
    })?;
    Ok(Link { id: BlockId { number, hash }, parent: header.parent_hash.0 })
}
