//! Blocks as the node has them, undecoded: for who keeps all of them, and decodes them by the metadata of their time.
//!
//! A block is a question of its own, and many are on their way at a time. A JSON-RPC batch would save little on
//! one socket and cost much: a batch whose answer is too large is refused without the id of any question, which
//! ends the connection. What many states hold under the same keys is one question, where the node allows it
//! (`state_queryStorage` is for its operator: a node serves it to its own machine, or with `--rpc-methods unsafe`); where it
//! does not, or the answer would be too large, each block is asked for.

use std::{collections::HashMap, ops::RangeInclusive, sync::atomic::Ordering, time::Duration};

use subxt::{
    config::substrate::SubstrateHeader,
    ext::{
        codec::{Decode, Encode},
        futures::{StreamExt, TryStreamExt},
    },
    rpcs::{
        client::{rpc_params, RpcSubscription},
        methods::legacy::StorageChangeSet,
        Error as RpcError,
    },
    utils::H256,
};

use crate::{Chain, ChainError};

/// Blocks that are asked for at a time. The node buffers 64 answers of a connection; a block is two of them.
const BLOCKS_AT_A_TIME: usize = 24;
/// The code of an answer to a question that the node does not take from strangers.
const REFUSED: i32 = -32601;
/// Keys of the state that are read with one question.
const KEYS_AT_A_TIME: u32 = 512;
/// The most bytes of a whole state that are taken.
const LARGEST_STATE: usize = 256 * 1024 * 1024;
/// Versions of metadata that are understood, the best first.
const METADATA_VERSIONS: [u32; 3] = [16, 15, 14];
/// The key of the runtime's code, which is megabytes and says nothing.
const CODE: &[u8] = b":code";

/// What a state holds under keys, in their order.
type Values = Vec<Option<Vec<u8>>>;

/// A block of which nothing was decoded.
#[derive(Clone, Debug)]
pub struct RawBlock {
    /// Its hash.
    pub hash: H256,
    /// Its header, with seals and digests.
    pub header: SubstrateHeader<H256>,
    /// Its extrinsics, each with its length in front.
    pub extrinsics: Vec<Vec<u8>>,
    /// What its state holds under the keys that were asked for, in their order.
    pub values: Vec<Option<Vec<u8>>>,
}

/// Why a raw answer is not there.
#[derive(Debug, thiserror::Error)]
pub enum RawError {
    /// The node cannot be asked, or refused.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// A single answer is larger than the node gives.
    #[error(
        "the node's answer for block {block:?} is larger than it may be: start the node with a larger \
         --rpc-max-response-size (megabytes)"
    )]
    TooLarge {
        /// The block.
        block: H256,
    },
    /// The node has thrown the block's state away.
    #[error(
        "the node has no state of block {block:?} any more: ask a node that runs with --state-pruning archive \
         and --blocks-pruning archive"
    )]
    Pruned {
        /// The block.
        block: H256,
    },
    /// The node has no such block.
    #[error("the node has no block {block}: is it of this chain, and has it imported so far?")]
    Missing {
        /// Its height, or its hash.
        block: String,
    },
    /// An answer is not what the protocol says.
    #[error("the node's answer to {what} cannot be read: {reason}")]
    Garbled {
        /// What was asked for.
        what: &'static str,
        /// Why not.
        reason: String,
    },
}

impl RawError {
    /// Names the question about a block to which this was the answer.
    fn about(what: &'static str, block: H256) -> impl FnOnce(RpcError) -> Self {
        move |error| {
            if let RpcError::User(user) = &error {
                let data = user.data.as_ref().map(|data| data.get()).unwrap_or_default();
                let words = format!("{} {data}", user.message).to_lowercase();
                // jsonrpsee's code for an answer beyond the server's limit.
                if user.code == -32008 || words.contains("too big") || words.contains("too large") {
                    return Self::TooLarge { block };
                }
                if words.contains("discarded") {
                    return Self::Pruned { block };
                }
            }
            Self::Chain(ChainError::query(what)(error))
        }
    }

    /// Whether the same question may be answered later, over a new connection.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Chain(_) | Self::Missing { .. })
    }
}

/// Heights as they become final.
#[derive(Debug)]
pub struct Heads(RpcSubscription<SubstrateHeader<H256>>);

impl Heads {
    /// The next height that is final. Heights may be left out. `None`: nothing was heard within `patience`, which a
    /// broken subscription looks like as well.
    ///
    /// # Errors
    /// The subscription ended.
    pub async fn next(&mut self, patience: Duration) -> Result<Option<u32>, RawError> {
        let what = "the next final block";
        match tokio::time::timeout(patience, self.0.next()).await {
            Err(_) => Ok(None),
            Ok(Some(Ok(header))) => height(header.number).map(Some),
            Ok(Some(Err(error))) => Err(ChainError::query(what)(error).into()),
            Ok(None) => Err(RawError::Garbled { what, reason: "the subscription ended".into() }),
        }
    }
}

impl Chain {
    /// The hashes of the best chain's blocks at these heights, in order.
    ///
    /// # Errors
    /// The node has not all of them.
    pub async fn block_hashes(&self, heights: RangeInclusive<u32>) -> Result<Vec<H256>, RawError> {
        let numbers: Vec<u32> = heights.clone().collect();
        let hashes = self.rpc.request("chain_getBlockHash", rpc_params![numbers]).await;
        let hashes: Vec<Option<H256>> = hashes.map_err(ChainError::query("hashes of blocks"))?;
        if hashes.len() != heights.clone().count() {
            let reason = format!("{} hashes for {heights:?}", hashes.len());
            return Err(RawError::Garbled { what: "hashes of blocks", reason });
        }
        let found = heights.zip(hashes).map(|(height, hash)| {
            hash.ok_or_else(|| RawError::Missing { block: height.to_string() })
        });
        found.collect()
    }

    /// Blocks that follow each other, by their hashes, each with what its state holds under `keys`.
    ///
    /// # Errors
    /// The node has not all of them, or an answer is too large.
    pub async fn raw_blocks(
        &self,
        blocks: &[H256],
        keys: &[Vec<u8>],
    ) -> Result<Vec<RawBlock>, RawError> {
        let questions: Vec<_> = blocks.iter().map(|block| self.raw_block(*block)).collect();
        let answers = subxt::ext::futures::stream::iter(questions).buffered(BLOCKS_AT_A_TIME);
        let answers = answers.try_collect::<Vec<RawBlock>>();
        let values = self.values_of_each(blocks, keys);
        let (mut raw, values) = tokio::try_join!(answers, values)?;
        for (block, values) in raw.iter_mut().zip(values) {
            block.values = values;
        }
        Ok(raw)
    }

    async fn raw_block(&self, hash: H256) -> Result<RawBlock, RawError> {
        let block = self.legacy.chain_get_block(Some(hash)).await;
        let block = block.map_err(RawError::about("a block", hash))?;
        let block = block.ok_or_else(|| RawError::Missing { block: format!("{hash:?}") })?.block;
        let extrinsics = block.extrinsics.into_iter().map(|bytes| bytes.0).collect();
        Ok(RawBlock { hash, header: block.header, extrinsics, values: Vec::new() })
    }

    /// What the states of blocks that follow each other hold under keys.
    async fn values_of_each(
        &self,
        blocks: &[H256],
        keys: &[Vec<u8>],
    ) -> Result<Vec<Values>, RawError> {
        let ends = (blocks.first(), blocks.last());
        if let (&[_, _, ..], (Some(first), Some(last))) = (blocks, ends) {
            if !self.one_by_one.load(Ordering::Relaxed) {
                let asked = keys.iter().map(Vec::as_slice);
                match self.legacy.state_query_storage(asked, *first, Some(*last)).await {
                    Ok(sets) => return unfolded(blocks, keys, sets),
                    // Which of them is too large, or gone, is found one by one.
                    Err(RpcError::User(error)) => {
                        self.one_by_one.fetch_or(error.code == REFUSED, Ordering::Relaxed);
                    }
                    Err(error) => return Err(ChainError::query("values of states")(error).into()),
                }
            }
        }
        let questions: Vec<_> = blocks.iter().map(|block| self.values(*block, keys)).collect();
        let answers = subxt::ext::futures::stream::iter(questions).buffered(BLOCKS_AT_A_TIME);
        answers.try_collect().await
    }

    /// What the state of a block holds under keys.
    async fn values(&self, block: H256, keys: &[Vec<u8>]) -> Result<Values, RawError> {
        let asked = keys.iter().map(Vec::as_slice);
        let sets = self.legacy.state_query_storage_at(asked, Some(block)).await;
        let sets = sets.map_err(RawError::about("values of a block's state", block))?;
        let mut values = vec![None; keys.len()];
        for (key, value) in sets.into_iter().flat_map(|set| set.changes) {
            if let Some(place) = keys.iter().position(|asked| *asked == key.0) {
                values[place] = value.map(|bytes| bytes.0);
            }
        }
        Ok(values)
    }

    /// The version of the runtime in a block's state: that which runs the next block.
    pub async fn runtime_version(&self, block: H256) -> Result<u32, RawError> {
        let version = self.legacy.state_get_runtime_version(Some(block)).await;
        Ok(version.map_err(RawError::about("the runtime's version", block))?.spec_version)
    }

    /// The metadata of the runtime in a block's state, as `Metadata::decode_from` reads it: of the best version that is
    /// understood here.
    pub async fn metadata_bytes(&self, block: H256) -> Result<Vec<u8>, RawError> {
        let what = "the runtime's metadata";
        let garbled = |reason: String| RawError::Garbled { what, reason };
        let call = |name: &'static str, argument: Vec<u8>| async move {
            let answer = self.legacy.state_call(name, Some(&argument), Some(block)).await;
            answer.map_err(RawError::about(what, block))
        };
        let versions = call("Metadata_metadata_versions", Vec::new()).await?;
        let versions: Vec<u32> =
            Decode::decode(&mut &*versions).map_err(|e| garbled(e.to_string()))?;
        let best = METADATA_VERSIONS.into_iter().find(|version| versions.contains(version));
        let best = best.ok_or_else(|| garbled(format!("it has the versions {versions:?} only")))?;
        let metadata = call("Metadata_metadata_at_version", best.encode()).await?;
        let metadata: Option<Vec<u8>> =
            Decode::decode(&mut &*metadata).map_err(|e| garbled(e.to_string()))?;
        metadata.ok_or_else(|| garbled(format!("it has no version {best} after all")))
    }

    /// All of a block's state but the runtime's code: what a genesis begins with.
    ///
    /// # Errors
    /// It is larger than 256 MiB, or the node does not have it.
    pub async fn state(&self, block: H256) -> Result<Vec<(Vec<u8>, Vec<u8>)>, RawError> {
        let what = "a block's whole state";
        let mut state = Vec::new();
        let mut bytes = 0;
        let mut after: Option<Vec<u8>> = None;
        loop {
            let page = self
                .legacy
                .state_get_keys_paged(&[], KEYS_AT_A_TIME, after.as_deref(), Some(block))
                .await
                .map_err(RawError::about(what, block))?;
            let Some(last) = page.last() else { return Ok(state) };
            after = Some(last.clone());
            let keys: Vec<Vec<u8>> = page.into_iter().filter(|key| key != CODE).collect();
            let values = self.values(block, &keys).await?;
            for (key, value) in keys.into_iter().zip(values) {
                let Some(value) = value else { continue };
                bytes += key.len() + value.len();
                state.push((key, value));
            }
            if bytes > LARGEST_STATE {
                let reason = format!("it is larger than {LARGEST_STATE} bytes");
                return Err(RawError::Garbled { what, reason });
            }
        }
    }

    /// The height and the hash of the last final block.
    pub async fn finalized_head(&self) -> Result<(u32, H256), RawError> {
        let what = "the last final block";
        let hash = self.legacy.chain_get_finalized_head().await.map_err(ChainError::query(what))?;
        let header = self.legacy.chain_get_header(Some(hash)).await;
        let header = header.map_err(RawError::about(what, hash))?;
        let header = header.ok_or_else(|| RawError::Missing { block: format!("{hash:?}") })?;
        Ok((height(header.number)?, hash))
    }

    /// Heights from now on, as they become final. Falls silent when the connection breaks.
    pub async fn finalized_heads(&self) -> Result<Heads, RawError> {
        let heads = self.legacy.chain_subscribe_finalized_heads().await;
        Ok(Heads(heads.map_err(ChainError::query("a subscription to final blocks"))?))
    }
}

/// What each block's state holds, of an answer that has only what is not as in the block before.
fn unfolded(
    blocks: &[H256],
    keys: &[Vec<u8>],
    sets: Vec<StorageChangeSet<H256>>,
) -> Result<Vec<Values>, RawError> {
    let mut changes: HashMap<H256, _> =
        sets.into_iter().map(|set| (set.block, set.changes)).collect();
    let mut values: Values = vec![None; keys.len()];
    let mut each = Vec::with_capacity(blocks.len());
    for block in blocks {
        for (key, value) in changes.remove(block).into_iter().flatten() {
            if let Some(place) = keys.iter().position(|asked| *asked == key.0) {
                values[place] = value.map(|bytes| bytes.0);
            }
        }
        each.push(values.clone());
    }
    // Of another branch, or another chain.
    match changes.keys().next() {
        None => Ok(each),
        Some(block) => Err(RawError::Garbled {
            what: "values of states",
            reason: format!("it has block {block:?}, which was not asked for"),
        }),
    }
}

/// A height is 32 bits on this chain.
fn height(number: u64) -> Result<u32, RawError> {
    u32::try_from(number).map_err(|_| RawError::Garbled {
        what: "a block's header",
        reason: format!("its height {number} does not fit 32 bits"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use subxt::rpcs::UserError;

    fn said(code: i32, message: &str) -> RawError {
        let user = UserError { code, message: message.to_owned(), data: None };
        RawError::about("a block", H256::zero())(RpcError::User(user))
    }

    #[test]
    fn what_does_not_change_is_said_once_and_held_by_every_block() {
        let block = H256::from_low_u64_be;
        let [events, root] = [b"events".to_vec(), b"root".to_vec()];
        let set = |number, changes: &[(&[u8], Option<&[u8]>)]| StorageChangeSet {
            block: block(number),
            changes: changes
                .iter()
                .map(|(key, value)| (key.to_vec().into(), value.map(|value| value.to_vec().into())))
                .collect(),
        };
        let sets = || {
            vec![
                set(1, &[(b"events", Some(b"a")), (b"root", None)]),
                set(3, &[(b"root", Some(b"r")), (b"events", Some(b"b"))]),
                set(4, &[(b"events", None)]),
            ]
        };
        let blocks = [1, 2, 3, 4].map(block);
        let keys = [events, root];
        let held = |value: &[u8]| Some(value.to_vec());
        let expected = [
            vec![held(b"a"), None],
            vec![held(b"a"), None],
            vec![held(b"b"), held(b"r")],
            vec![None, held(b"r")],
        ];
        assert_eq!(unfolded(&blocks, &keys, sets()).unwrap(), expected);
        assert!(unfolded(&blocks[..3], &keys, sets()).is_err());
    }

    #[test]
    fn what_only_somebody_else_can_mend_is_said_with_the_remedy() {
        let large = said(-32008, "Response is too big");
        assert!(!large.is_passing());
        assert!(large.to_string().contains("--rpc-max-response-size"), "{large}");
        let pruned = said(4003, "Client error: UnknownBlock: State already discarded for 0x00");
        assert!(!pruned.is_passing());
        assert!(pruned.to_string().contains("--state-pruning archive"), "{pruned}");
        assert!(said(-32000, "try again").is_passing());
    }
}
