//! Chunks of raw blocks: those that are kept already, then the node's.

use std::{collections::HashMap, ops::RangeInclusive, sync::Arc, time::Instant};

use crate::{
    config::FetchConfig,
    decode::Plan,
    domain::{Cut, RawBlock},
    error::Error,
    infra::{Index, Node},
};

/// Blocks that are asked for at once. A chunk may end after each.
const STEP: u32 = 128;

/// Blocks that are decoded and stored together.
#[derive(Clone, Debug)]
pub struct Chunk {
    /// Which.
    pub cut: Cut,
    /// The blocks.
    pub blocks: Arc<Vec<RawBlock>>,
    /// Whether the index keeps them already.
    pub kept: bool,
    /// When it was begun.
    pub begun: Instant,
}

/// Gives chunks in order.
pub struct Fetcher {
    index: Index,
    node: Option<Node>,
    config: FetchConfig,
    kept_to: Option<u32>,
    plans: HashMap<u32, Arc<Plan>>,
}

impl Fetcher {
    /// From what an index keeps, then from a node, if there is one.
    ///
    /// # Errors
    /// ClickHouse does not say what it keeps, or the metadata that it keeps cannot be read.
    pub async fn new(index: Index, node: Option<Node>, config: FetchConfig) -> Result<Self, Error> {
        let kept_to = index.last_kept().await?;
        let mut fetcher = Self { index, node, config, kept_to, plans: HashMap::new() };
        for (spec, runtime) in fetcher.index.runtimes().await? {
            let plan = fetcher.plan_of(spec, &runtime.metadata)?;
            fetcher.plans.insert(spec, Arc::new(plan));
        }
        Ok(fetcher)
    }

    /// The height of the last raw block that the index keeps.
    pub fn kept_to(&self) -> Option<u32> {
        self.kept_to
    }

    /// The next chunk: from `first` up to `last` at most, or exactly what was cut before.
    ///
    /// # Errors
    /// The node cannot serve it.
    pub async fn next(&self, first: u32, last: u32, begun: Option<Cut>) -> Result<Chunk, Error> {
        let now = Instant::now();
        let end = match begun {
            Some(cut) => cut.last,
            None => last.min(aligned(first, self.config.chunk_blocks)),
        };
        let bounded = begun.is_none();
        if self.kept_to.is_some_and(|kept| first <= kept) {
            let blocks = self.gather(first..=end, bounded, true).await?;
            let whole = u32::try_from(blocks.len()) == Ok(end - first + 1);
            if !blocks.is_empty() && (bounded || whole) {
                return Ok(chunk(first, blocks, true, now));
            }
        }
        if self.node.is_none() {
            return Err(Error::Asked(format!(
                "block {first} is not among the raw blocks that are kept: `smartlink-indexer backfill` fetches it from a node"
            )));
        }
        Ok(chunk(first, self.gather(first..=end, bounded, false).await?, false, now))
    }

    /// Blocks of a range, step by step: all of them, or as many as a chunk may have; of those that are kept as far as
    /// they follow each other.
    async fn gather(
        &self,
        range: RangeInclusive<u32>,
        bounded: bool,
        kept: bool,
    ) -> Result<Vec<RawBlock>, Error> {
        let (mut bytes, mut events) = (0, 0);
        let mut blocks: Vec<RawBlock> = Vec::new();
        let mut at = *range.start();
        loop {
            let end = (*range.end()).min(at.saturating_add(STEP - 1));
            let step = self.step(at..=end, kept).await?;
            let ended = step.len() <= usize::try_from(end - at).unwrap_or(usize::MAX);
            for block in step {
                bytes += block.size();
                events += block.event_count();
                blocks.push(block);
                let full = bytes >= self.config.chunk_bytes || events >= self.config.chunk_events;
                if bounded && full {
                    return Ok(blocks);
                }
            }
            if ended || end == *range.end() {
                return Ok(blocks);
            }
            at = end + 1;
        }
    }

    async fn step(&self, range: RangeInclusive<u32>, kept: bool) -> Result<Vec<RawBlock>, Error> {
        match (&self.node, kept) {
            (Some(node), false) => Ok(node.blocks(range).await?),
            _ => self.index.kept(range).await,
        }
    }

    /// How the blocks of a chunk are decoded. The metadata of a runtime that is seen for the first time is fetched, and
    /// kept before any block of it.
    ///
    /// # Errors
    /// The node cannot serve it, or it cannot be read.
    pub async fn plans(&mut self, blocks: &[RawBlock]) -> Result<HashMap<u32, Arc<Plan>>, Error> {
        for block in blocks {
            if self.plans.contains_key(&block.spec) {
                continue;
            }
            let Some(node) = &self.node else {
                return Err(Error::Asked(format!(
                    "the metadata of runtime {} is not kept: `smartlink-indexer backfill` fetches it from a node",
                    block.spec
                )));
            };
            let runtime = node.runtime(block.spec, block.number).await?;
            let plan = self.plan_of(block.spec, &runtime.metadata)?;
            self.index.keep_runtime(&runtime).await?;
            tracing::info!(
                spec = block.spec,
                block = block.number,
                "a runtime seen for the first time"
            );
            self.plans.insert(block.spec, Arc::new(plan));
        }
        Ok(self.plans.clone())
    }

    fn plan_of(&self, spec: u32, metadata: &[u8]) -> Result<Plan, Error> {
        Ok(Plan::of(spec, metadata, self.index.registry().state())?)
    }
}

fn chunk(first: u32, blocks: Vec<RawBlock>, kept: bool, begun: Instant) -> Chunk {
    // There is one block at least.
    let last = blocks.last().map_or(first, |block| block.number);
    Chunk { cut: Cut { first, last }, blocks: Arc::new(blocks), kept, begun }
}

/// The end of the chunk that a block is in, where chunks have so many blocks and begin at multiples of it.
fn aligned(first: u32, blocks: u32) -> u32 {
    (first - first % blocks).saturating_add(blocks - 1)
}

#[cfg(test)]
mod tests {
    use super::aligned;

    #[test]
    fn chunks_end_at_multiples() {
        assert_eq!(aligned(0, 1_024), 1_023);
        assert_eq!(aligned(1_023, 1_024), 1_023);
        assert_eq!(aligned(1_024, 1_024), 2_047);
        assert_eq!(aligned(7, 1), 7);
        assert_eq!(aligned(u32::MAX, 1_024), u32::MAX);
    }
}
