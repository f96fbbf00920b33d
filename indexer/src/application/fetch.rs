//! Chunks of raw blocks: those that are kept already, then the node's.

use std::{collections::HashMap, ops::RangeInclusive, sync::Arc, time::Instant};

use super::ahead::{Ahead, Source};
use crate::{
    config::FetchConfig,
    decode::Plan,
    domain::{Cut, RawBlock},
    error::Error,
    infra::{Index, Node},
};

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
    /// What is on its way, and whether it is of what is kept.
    ahead: Option<(bool, Ahead)>,
}

impl Fetcher {
    /// From what an index keeps, then from a node, if there is one.
    ///
    /// # Errors
    /// ClickHouse does not say what it keeps, or the metadata that it keeps cannot be read.
    pub async fn new(index: Index, node: Option<Node>, config: FetchConfig) -> Result<Self, Error> {
        let kept_to = index.last_kept().await?;
        let mut fetcher = Self { index, node, config, kept_to, plans: HashMap::new(), ahead: None };
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
    pub async fn next(
        &mut self,
        first: u32,
        last: u32,
        begun: Option<Cut>,
    ) -> Result<Chunk, Error> {
        let now = Instant::now();
        let end = match begun {
            Some(cut) => cut.last,
            None => last.min(aligned(first, self.config.chunk_blocks)),
        };
        let bounded = begun.is_none();
        if let Some(kept) = self.kept_to.filter(|kept| first <= *kept) {
            // Of those that are kept as far as they follow each other.
            let blocks = self.gather(true, first..=end, kept.max(end), bounded).await?;
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
        let blocks = self.gather(false, first..=end, last.max(end), bounded).await?;
        Ok(chunk(first, blocks, false, now))
    }

    /// Blocks of a range: all of them, or as many as a chunk may have. What follows up to `last` may be asked for already.
    async fn gather(
        &mut self,
        kept: bool,
        range: RangeInclusive<u32>,
        last: u32,
        bounded: bool,
    ) -> Result<Vec<RawBlock>, Error> {
        let source = match (&self.node, kept) {
            (Some(node), false) => Source::Node(node.clone()),
            _ => Source::Kept(self.index.clone()),
        };
        let goes_on =
            |(of_kept, ahead): &(bool, Ahead)| *of_kept == kept && ahead.next() == *range.start();
        let (_, mut ahead) = self
            .ahead
            .take()
            .filter(goes_on)
            .unwrap_or_else(|| (kept, Ahead::new(source, *range.start())));
        let (mut bytes, mut events) = (0, 0);
        let mut blocks: Vec<RawBlock> = Vec::new();
        while ahead.next() <= *range.end() {
            let Some(block) = ahead.take(last).await? else { break };
            bytes += block.size();
            events += block.event_count();
            blocks.push(block);
            if bounded && (bytes >= self.config.chunk_bytes || events >= self.config.chunk_events) {
                break;
            }
        }
        self.ahead = Some((kept, ahead));
        Ok(blocks)
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
