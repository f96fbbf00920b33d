//! Where sessions began, from the headers alone: every node keeps those, and few keep old states.
//!
//! The first block of a session names its validators in its digest, and always has their signatures. A session has as many
//! blocks as slots at most, so there is a beginning in every stretch of that length.

use std::ops::RangeInclusive;

use futures::{stream, StreamExt, TryStreamExt};
use smartlink_chain::{
    subxt::{
        config::substrate::{DigestItem, SubstrateHeader},
        ext::codec::Decode,
        utils::H256,
    },
    Chain, ChainError,
};

use crate::Error;

/// The engine of BEEFY's digests.
const BEEFY: [u8; 4] = *b"BEEF";
/// The digest in which a session's validators are named.
const AUTHORITIES_CHANGE: u8 = 1;
/// Headers that are fetched together, and that are looked at until one is found.
const TOGETHER: u32 = 64;
/// Of these, questions that are open at a time.
const AT_A_TIME: usize = 16;

/// The first block of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begin {
    /// Its height.
    pub block: u32,
    /// Its hash.
    pub hash: H256,
    /// The number of the set that signs from here on.
    pub set: u64,
    /// The compressed keys of that set, in its order.
    pub keys: Vec<[u8; 33]>,
}

/// The first block of the session of a set, which is after `after` and not after `head`.
///
/// The stretch is halved until it has few sessions, and each half costs as many headers as a session has.
///
/// # Errors
/// The node does not answer, or its headers do not have it.
pub async fn begin_of(
    chain: &Chain,
    set: u64,
    after: u32,
    head: u32,
    longest: u32,
) -> Result<Begin, Error> {
    let (mut low, last) = stretch(after, head, longest);
    let mut high = last;
    while low <= high {
        let middle = match high - low {
            few if few <= longest.saturating_mul(2) => low,
            many => low + many / 2,
        };
        let until = high.min(middle.saturating_add(longest));
        match first_in(chain, middle..=until).await? {
            Some(begin) if begin.set == set => return Ok(begin),
            Some(begin) if begin.set < set => match begin.block.checked_add(1) {
                Some(next) => low = next,
                None => break,
            },
            // A later one, or none before the head: it is before the middle.
            _ if middle > low => high = middle - 1,
            _ => break,
        }
    }
    Err(Error::Lacking(format!(
        "no block from {} to {last} begins the session of set {set}, though the node says that a later set has signed: ask \
         another node (node)",
        after.saturating_add(1)
    )))
}

/// Where the session after that of block `after` can begin: it does so before another session has passed. After block 0 nothing is
/// known, for the contract may have been made at any time.
fn stretch(after: u32, head: u32, longest: u32) -> (u32, u32) {
    let last = if after > 0 { head.min(after.saturating_add(longest)) } else { head };
    (after.saturating_add(1), last)
}

/// The first block that begins a session.
async fn first_in(chain: &Chain, mut blocks: RangeInclusive<u32>) -> Result<Option<Begin>, Error> {
    while !blocks.is_empty() {
        let last = blocks.start().saturating_add(TOGETHER - 1).min(*blocks.end());
        let hashes = chain.block_hashes(*blocks.start()..=last).await?;
        let looks = (*blocks.start()..).zip(hashes).map(|(block, hash)| look(chain, block, hash));
        let looks: Vec<_> = looks.collect();
        let mut looks = stream::iter(looks).buffered(AT_A_TIME);
        while let Some(found) = looks.try_next().await? {
            if found.is_some() {
                return Ok(found);
            }
        }
        match last.checked_add(1) {
            Some(next) => blocks = next..=*blocks.end(),
            None => break,
        }
    }
    Ok(None)
}

/// A block, if it begins a session.
async fn look(chain: &Chain, block: u32, hash: H256) -> Result<Option<Begin>, Error> {
    let header = chain.header_bytes(hash).await?;
    let garbled = |_| ChainError::Answer {
        what: "a block's header",
        reason: "what the node answers cannot be read".to_owned(),
    };
    let header = SubstrateHeader::<H256>::decode(&mut &*header).map_err(garbled)?;
    let named = header.digest.logs.iter().find_map(authorities);
    Ok(named.map(|(keys, set)| Begin { block, hash, set, keys }))
}

/// The validators that a digest names.
fn authorities(item: &DigestItem) -> Option<(Vec<[u8; 33]>, u64)> {
    match item {
        DigestItem::Consensus(BEEFY, bytes) => match bytes.split_first() {
            Some((&AUTHORITIES_CHANGE, mut named)) => Decode::decode(&mut named).ok(),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use smartlink_chain::subxt::ext::codec::Encode;

    #[test]
    fn the_next_session_is_looked_for_in_one_session_alone() {
        assert_eq!(stretch(940, 1_300_000, 300), (941, 1_240));
        assert_eq!(stretch(940, 1_000, 300), (941, 1_000));
        assert_eq!(stretch(0, 1_300_000, 300), (1, 1_300_000));
        assert_eq!(stretch(u32::MAX - 1, u32::MAX, u32::MAX), (u32::MAX, u32::MAX));
    }

    #[test]
    fn only_the_digest_that_names_validators_begins_a_session() {
        let keys = vec![[2_u8; 33], [3; 33]];
        let named = [vec![AUTHORITIES_CHANGE], (keys.clone(), 12_u64).encode()].concat();
        let read =
            |engine, bytes: &[u8]| authorities(&DigestItem::Consensus(engine, bytes.to_vec()));
        assert_eq!(read(BEEFY, &named), Some((keys, 12)));
        assert_eq!(read(*b"BABE", &named), None);
        // The root of the MMR, which every block has.
        assert_eq!(read(BEEFY, &[&[3][..], &[7; 32]].concat()), None);
        assert_eq!(read(BEEFY, &named[..40]), None);
        assert_eq!(read(BEEFY, &[]), None);
    }
}
