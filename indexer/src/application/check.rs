//! Whether an index is what it says, and whether two are the same.

use std::ops::RangeInclusive;

use crate::{
    domain::{digest, value::hex, Digest},
    error::Error,
    infra::{store::Stride, Index},
};

/// What was found in a range of blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// Every row is what it was, up to this block with this digest.
    Same {
        /// The last block.
        last: u32,
        /// Its digest.
        digest: Digest,
    },
    /// The first block that is not what it should be.
    Differs {
        /// Its height.
        block: u32,
        /// What its rows have.
        computed: Option<Digest>,
        /// What is stored, here or there.
        stored: Option<Digest>,
    },
}

/// Computes the digests of blocks again, from the rows in ClickHouse, and compares them with those that are stored. `told`
/// hears the height after each step.
///
/// # Errors
/// ClickHouse does not give the rows, or there are no such blocks.
pub async fn recompute(
    index: &Index,
    range: RangeInclusive<u32>,
    mut told: impl FnMut(u32),
) -> Result<Found, Error> {
    let first = *range.start();
    let mut before = match first == index.first() {
        true => digest::NONE,
        false => digest_at(index, first - 1).await?,
    };
    let mut at = first;
    let mut last = (first, before);
    let mut stride = Stride::default();
    while at <= *range.end() {
        let step = stride.next(index, at..=*range.end()).await?;
        let end = *step.end();
        let mut expected = at;
        for block in index.rows(step.clone()).await? {
            // The digest is in the row, its height is where it is.
            let computed = block.digest(&before, index.registry().all());
            let one = block.block.count == 1;
            if computed != block.digest || !one || number(&block.block.bytes) != Some(expected) {
                let (computed, stored) = (Some(computed), Some(block.digest));
                return Ok(Found::Differs { block: expected, computed, stored });
            }
            last = (expected, computed);
            before = computed;
            expected += 1;
        }
        if expected <= end {
            return Ok(Found::Differs { block: expected, computed: None, stored: None });
        }
        told(end);
        stride.went(&step);
        let Some(next) = end.checked_add(1) else { break };
        at = next;
    }
    Ok(Found::Same { last: last.0, digest: last.1 })
}

/// The height that a row of `blocks` begins with.
fn number(row: &[u8]) -> Option<u32> {
    Some(u32::from_le_bytes(*row.first_chunk()?))
}

/// Compares two indexes as far as both go, and finds the first block in which they differ: digests are chained, so half of
/// what is left is decided with each question.
///
/// # Errors
/// ClickHouse does not answer, or they have no block in common.
pub async fn compare(own: &Index, other: &Index) -> Result<Found, Error> {
    let (Some(mine), Some(theirs)) = (own.position().await?, other.position().await?) else {
        return Err(Error::Asked("one of the two indexes is empty: fill it first".into()));
    };
    if own.first() != other.first() {
        let (mine, theirs) = (own.first(), other.first());
        return Err(Error::Asked(format!(
            "this index begins with block {mine}, the other with {theirs}: only those with the same beginning can be compared"
        )));
    }
    let last = mine.last.min(theirs.last);
    let digest = digest_at(own, last).await?;
    if digest == digest_at(other, last).await? {
        return Ok(Found::Same { last, digest });
    }
    let (mut same, mut differs) = (None, last);
    let mut low = own.first();
    while low < differs {
        let middle = low + (differs - low) / 2;
        if digest_at(own, middle).await? == digest_at(other, middle).await? {
            same = Some(middle);
            low = middle + 1;
        } else {
            differs = middle;
        }
    }
    tracing::debug!(?same, differs, "found where they part");
    Ok(Found::Differs {
        block: differs,
        computed: Some(digest_at(own, differs).await?),
        stored: Some(digest_at(other, differs).await?),
    })
}

/// The digest of a block.
///
/// # Errors
/// The index does not have the block.
pub async fn digest_at(index: &Index, block: u32) -> Result<Digest, Error> {
    let digests = index.digests(block..=block).await?;
    digests.get(&block).copied().ok_or_else(|| {
        let database = index.store().database();
        Error::Asked(format!(
            "the index in {database} has no block {block}: `status` says how far it goes"
        ))
    })
}

impl std::fmt::Display for Found {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let digest = |digest: &Option<Digest>| match digest {
            Some(digest) => hex(digest),
            None => "nothing".to_owned(),
        };
        match self {
            Self::Same { last, digest } => {
                write!(f, "the same up to block {last}: {}", hex(digest))
            }
            Self::Differs { block, computed, stored } => {
                write!(f, "block {block} differs: {} against {}", digest(computed), digest(stored))
            }
        }
    }
}
