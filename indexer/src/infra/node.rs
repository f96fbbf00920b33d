//! A node, asked for final blocks. It may be away, fall silent, or be another one the next time.

use std::{
    future::Future,
    ops::RangeInclusive,
    sync::{
        atomic::{AtomicU64, Ordering},
        Arc,
    },
    time::Duration,
};

use codec::Encode;
use smartlink_chain::{
    raw::RawError,
    subxt::{ext::frame_decode::storage::encode_storage_key_prefix, utils::H256},
    Chain,
};
use tokio::sync::{watch, Mutex};
use tokio_util::sync::CancellationToken;

use super::store::Backoff;
use crate::{
    config::FetchConfig,
    domain::{RawBlock, Runtime},
    entities::EACH_BLOCK,
};

/// A node. Clones share its connection.
#[derive(Clone)]
pub struct Node {
    url: Arc<str>,
    connect_in: Duration,
    silence: Duration,
    retry_most: Duration,
    chain: Arc<Mutex<Connection>>,
    failures: Arc<AtomicU64>,
    keys: Arc<[Vec<u8>]>,
}

/// The connection, if there is one, and how many were made before.
#[derive(Default)]
struct Connection {
    made: u64,
    chain: Option<Chain>,
}

impl Node {
    /// The node at a WebSocket. Nothing is asked yet.
    pub fn at(url: &str, config: &FetchConfig) -> Self {
        let of_each = EACH_BLOCK.iter().chain(&[("System", "Events")]);
        let keys = of_each.map(|(pallet, name)| encode_storage_key_prefix(pallet, name).to_vec());
        Self {
            url: url.into(),
            connect_in: Duration::from_millis(config.connect_ms),
            silence: Duration::from_millis(config.silence_ms),
            retry_most: Duration::from_millis(config.retry_most_ms),
            chain: Arc::default(),
            failures: Arc::default(),
            keys: keys.collect(),
        }
    }

    /// Its address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Attempts that failed and were made again.
    pub fn failures(&self) -> u64 {
        self.failures.load(Ordering::Relaxed)
    }

    /// The connection; made anew where there is none.
    async fn chain(&self) -> Result<Chain, RawError> {
        Ok(self.connection().await?.1)
    }

    /// The connection and its number.
    async fn connection(&self) -> Result<(u64, Chain), RawError> {
        let mut connection = self.chain.lock().await;
        if let Some(chain) = &connection.chain {
            return Ok((connection.made, chain.clone()));
        }
        let chain = Chain::connect(&self.url, self.connect_in).await?;
        connection.made += 1;
        connection.chain = Some(chain.clone());
        Ok((connection.made, chain))
    }

    /// Gives a connection up, unless somebody made another one already.
    async fn hang_up(&self, number: u64) {
        let mut connection = self.chain.lock().await;
        if connection.made == number {
            connection.chain = None;
        }
    }

    /// Asks until there is an answer, or one that will stay the same. After a failure the connection is made anew.
    async fn insist<T, F>(&self, ask: impl Fn(Chain) -> F) -> Result<T, RawError>
    where
        F: Future<Output = Result<T, RawError>>,
    {
        let mut backoff = Backoff::new(self.retry_most);
        loop {
            let (number, answer) = match self.connection().await {
                Ok((number, chain)) => (Some(number), ask(chain).await),
                Err(error) => (None, Err(error)),
            };
            match answer {
                Err(error) if error.is_passing() => {
                    if let Some(number) = number {
                        self.hang_up(number).await;
                    }
                    self.failures.fetch_add(1, Ordering::Relaxed);
                    let pause = backoff.pause();
                    tracing::warn!(%error, ?pause, "the node did not answer, it is asked again");
                    tokio::time::sleep(pause).await;
                }
                answer => return answer,
            }
        }
    }

    /// The height of its last final block, asked once.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn head(&self) -> Result<u32, RawError> {
        let (number, chain) = self.connection().await?;
        let head = chain.finalized_head().await;
        if head.is_err() {
            self.hang_up(number).await;
        }
        Ok(head?.0)
    }

    /// Blocks of a range of final ones, in order.
    ///
    /// # Errors
    /// The node cannot serve them, and will not.
    pub async fn blocks(&self, range: RangeInclusive<u32>) -> Result<Vec<RawBlock>, RawError> {
        self.insist(|chain| self.blocks_of(chain, range.clone())).await
    }

    /// Blocks of a range of final ones, asked for once.
    ///
    /// # Errors
    /// The node does not answer, or cannot serve them.
    pub async fn blocks_once(&self, range: RangeInclusive<u32>) -> Result<Vec<RawBlock>, RawError> {
        let chain = self.chain().await?;
        self.blocks_of(chain, range).await
    }

    async fn blocks_of(
        &self,
        chain: Chain,
        range: RangeInclusive<u32>,
    ) -> Result<Vec<RawBlock>, RawError> {
        let (first, last) = (*range.start(), *range.end());
        // With that of the block before, whose state has the runtime of the first. Block 0 is run by nobody: its state
        // is of its own runtime.
        let asked = first.saturating_sub(1)..=last;
        let (head, hashes) = tokio::join!(chain.finalized_head(), chain.block_hashes(asked));
        // The node that told of a head and the one that is asked now may be two; what is not final here may not stay.
        let (head, final_hash) = head?;
        if last > head {
            let block = format!("{last} among its final blocks yet, of which the last is {head}");
            return Err(RawError::Missing { block });
        }
        let hashes = hashes?;
        // The hash may have been told before its height was final, and be of another branch. Of the last block the final one is
        // known; what is before it is told by its parents.
        let told = hashes.last().copied();
        let sure = match last == head {
            true => Some(final_hash),
            false => chain.block_hashes(last..=last).await?.first().copied(),
        };
        if told != sure {
            let block = format!("{last} of its final branch yet: it changed while it was asked");
            return Err(RawError::Missing { block });
        }
        let (own, parents) = match first {
            0 => (&*hashes, hashes.iter().take(1).chain(&hashes).copied().collect::<Vec<_>>()),
            _ => (&hashes[1..], hashes.clone()),
        };
        let specs = specs(&parents[..own.len()], |block| chain.runtime_version(block));
        let blocks = chain.raw_blocks(own, &self.keys);
        let (specs, blocks) = tokio::try_join!(specs, blocks)?;
        let parents = blocks.iter().skip(1).map(|block| block.header.parent_hash);
        if !own.iter().zip(parents).all(|(hash, parent)| *hash == parent) {
            let block = format!("{first} to {last} of one branch: it changed while it was asked");
            return Err(RawError::Missing { block });
        }
        let mut raw = Vec::with_capacity(blocks.len());
        for ((number, block), spec) in range.zip(blocks).zip(specs) {
            let mut values = block.values;
            let events = values.pop().flatten();
            // Every block but the first tells at least that its time was set: without events the answer is not whole.
            if events.is_none() && number > 0 {
                let reason = format!("it has no events of block {number}: ask another node");
                return Err(RawError::Garbled { what: "what a block's state holds", reason });
            }
            let events = events.unwrap_or_default();
            let state = match number {
                0 => chain.state(block.hash).await?,
                _ => self
                    .keys
                    .iter()
                    .zip(values)
                    .filter_map(|(key, value)| Some((key.clone(), value?)))
                    .collect(),
            };
            raw.push(RawBlock {
                number,
                hash: block.hash.0,
                parent: block.header.parent_hash.0,
                spec,
                header: block.header.encode(),
                extrinsics: block.extrinsics,
                events,
                state,
            });
        }
        Ok(raw)
    }

    /// The runtime that ran a block.
    ///
    /// # Errors
    /// The node cannot serve its metadata, and will not.
    pub async fn runtime(&self, spec: u32, block: u32) -> Result<Runtime, RawError> {
        let parent = block.saturating_sub(1);
        let metadata = self
            .insist(|chain| async move {
                let hashes = chain.block_hashes(parent..=parent).await?;
                chain.metadata_bytes(hashes[0]).await
            })
            .await?;
        Ok(Runtime { spec, first: block, metadata })
    }

    /// Tells the height of the last final block as it grows, until it is stopped: by a subscription, and by asking when
    /// that falls silent.
    pub async fn watch_head(&self, head: watch::Sender<Option<u32>>, stop: CancellationToken) {
        let mut backoff = Backoff::new(self.retry_most);
        loop {
            let watching = self.watch_once(&head, &mut backoff);
            let error = tokio::select! {
                biased;
                () = stop.cancelled() => return,
                Err(error) = watching => error,
            };
            self.failures.fetch_add(1, Ordering::Relaxed);
            let pause = backoff.pause();
            tracing::warn!(%error, ?pause, "the node's final blocks are not heard, it is asked again");
            tokio::select! {
                biased;
                () = stop.cancelled() => return,
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    async fn watch_once(
        &self,
        head: &watch::Sender<Option<u32>>,
        backoff: &mut Backoff,
    ) -> Result<std::convert::Infallible, RawError> {
        // A connection of its own: what is fetched cannot hold it up.
        let chain = Chain::connect(&self.url, self.connect_in).await?;
        let mut heads = chain.finalized_heads().await?;
        let grow = |height: u32| {
            head.send_if_modified(|known| {
                let grows = known.is_none_or(|known| height > known);
                if grows {
                    *known = Some(height);
                }
                grows
            })
        };
        grow(chain.finalized_head().await?.0);
        *backoff = Backoff::new(self.retry_most);
        loop {
            match heads.next(self.silence).await? {
                Some(height) => {
                    grow(height);
                }
                None => {
                    // Silence: of the chain, or of a subscription that is broken.
                    if grow(chain.finalized_head().await?.0) {
                        tracing::warn!(
                            "the subscription to final blocks fell silent, it is made anew"
                        );
                        heads = chain.finalized_heads().await?;
                    }
                }
            }
        }
    }
}

/// The versions of the runtimes that ran the children of these blocks: each that of its parent's state. Versions only grow,
/// so equal ends are equal all between.
async fn specs<F>(parents: &[H256], version: impl Fn(H256) -> F) -> Result<Vec<u32>, RawError>
where
    F: Future<Output = Result<u32, RawError>>,
{
    let mut specs = vec![0; parents.len()];
    let Some(end) = parents.len().checked_sub(1) else { return Ok(specs) };
    specs[0] = version(parents[0]).await?;
    specs[end] = match end {
        0 => specs[0],
        end => version(parents[end]).await?,
    };
    let mut spans = vec![(0, end)];
    while let Some((low, high)) = spans.pop() {
        if specs[low] == specs[high] {
            let spec = specs[low];
            specs[low..high].fill(spec);
        } else if high - low > 1 {
            let middle = low + (high - low) / 2;
            specs[middle] = version(parents[middle]).await?;
            spans.extend([(low, middle), (middle, high)]);
        }
    }
    Ok(specs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[tokio::test]
    async fn each_block_has_the_runtime_of_its_parent_and_few_questions_tell() {
        let block = |number: usize| H256::from_low_u64_be(number as u64);
        for (first, second) in [(128, 128), (0, 0), (1, 1), (64, 65), (5, 120), (127, 127)] {
            let truth =
                |number: usize| 100 + u32::from(number >= first) + u32::from(number >= second);
            let asked = Cell::new(0);
            let version = |hash: H256| {
                asked.set(asked.get() + 1);
                let number = usize::try_from(hash.to_low_u64_be()).unwrap();
                async move { Ok(truth(number)) }
            };
            for count in [0, 1, 2, 128] {
                let parents: Vec<H256> = (0..count).map(block).collect();
                asked.set(0);
                let found = specs(&parents, version).await.unwrap();
                assert_eq!(found, (0..count).map(truth).collect::<Vec<_>>());
                assert!(asked.get() <= 2 + 2 * 7, "{} questions", asked.get());
            }
        }
    }
}
