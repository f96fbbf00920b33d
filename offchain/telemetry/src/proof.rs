//! That a record was in the log: from ClickHouse alone, against the chain.
//!
//! ```text
//!  rows of the batch ─▶ records ─▶ their bytes ─▶ leaves ─▶ path ─▶ root
//!  (ClickHouse)                                                      ‖
//!                                                    anchor of the batch (chain)
//! ```
//!
//! [`prove`] reads all rows of the record's batch and makes the path; it refuses to make one from rows that do not lead
//! to the batch's root, and says which row is missing or double. [`RecordProof::verify`] needs nothing but the proof
//! and the anchor that a node of the chain answers: it does not trust whoever made the proof.

use crate::{
    error::QueryError,
    rows::{RecordRow, RowError, SELECTED},
};
use serde::{Deserialize, Serialize};
use smartlink_clickhouse::{Store, StoreError};
use smartlink_primitives::{
    hash::keccak,
    merkle::{self, ProofError},
    telemetry::{Anchor, MAX_RECORDS},
    AnchorNumber, CompanyId, H256,
};
use smartlink_records::{DecodeError, Record};

/// That one record is in a batch.
///
/// As JSON: numbers as numbers, hashes and bytes as hexadecimal digits after `0x`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordProof {
    /// The company in whose log the record is.
    pub company: u32,
    /// The number of its batch: the anchor of that number on chain has the root.
    pub batch: u64,
    /// The sequence of the batch's first record.
    pub first_sequence: u64,
    /// How many records the batch has.
    pub count: u32,
    /// The batch's root, as the service has it. [`verify`](Self::verify) takes the chain's.
    pub root: H256,
    /// When the service closed the batch, milliseconds.
    pub closed_at_ms: u64,
    /// The record's sequence. Its index in the batch is the difference to `first_sequence`.
    pub sequence: u64,
    /// The record: the encoding of `smartlink_records`.
    #[serde(with = "hexadecimal")]
    pub record: Vec<u8>,
    /// The partners on the way from the record's leaf to the root, from below.
    pub partners: Vec<H256>,
}

/// Why a proof does not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unproven {
    /// The anchor is of another batch.
    #[error("the proof is for batch {proof} of company {of}, the anchor for batch {anchor} of company {anchored}: ask the chain for the proof's batch")]
    OtherBatch {
        /// The proof's batch.
        proof: u64,
        /// The proof's company.
        of: u32,
        /// The anchor's batch.
        anchor: u64,
        /// The anchor's company.
        anchored: u32,
    },
    /// The anchor says otherwise about the batch.
    #[error("the chain has batch {0} with another root, count or first record: it is not the batch in this proof")]
    OtherAnchor(u64),
    /// The path.
    #[error(transparent)]
    Path(#[from] ProofError),
    /// The bytes.
    #[error(transparent)]
    Record(#[from] DecodeError),
}

impl RecordProof {
    /// Checks the proof against the batch's anchor, as the chain has it, and returns the record that is proven.
    ///
    /// # Errors
    /// Where it breaks.
    pub fn verify(&self, anchor: &Anchor) -> Result<Record, Unproven> {
        if (anchor.company.0, anchor.number.0) != (self.company, self.batch) {
            return Err(Unproven::OtherBatch {
                proof: self.batch,
                of: self.company,
                anchor: anchor.number.0,
                anchored: anchor.company.0,
            });
        }
        if *anchor != self.anchor() {
            return Err(Unproven::OtherAnchor(self.batch));
        }
        anchor.verify(self.sequence, &keccak(&self.record), &self.partners)?;
        Ok(Record::decode(self.sequence, &self.record)?)
    }

    /// The anchor that the chain must have for this proof to hold.
    pub fn anchor(&self) -> Anchor {
        Anchor {
            company: CompanyId(self.company),
            number: AnchorNumber(self.batch),
            first_sequence: self.first_sequence,
            count: self.count,
            root: self.root,
            closed_at_ms: self.closed_at_ms,
        }
    }
}

/// Why a record cannot be proven.
#[derive(Debug, thiserror::Error)]
pub enum ProveError {
    /// It is in no closed batch.
    #[error("record {0} is in no batch that is closed: there is no such record, or its batch is still open; try again when the batch was closed")]
    NoBatch(u64),
    /// A row is not there.
    #[error("record {sequence} of batch {batch} is missing in ClickHouse: nothing of the batch can be proven without it; restore it from a copy, or from another company that has it")]
    Missing {
        /// Which.
        sequence: u64,
        /// Of which batch.
        batch: u64,
    },
    /// There are two.
    #[error("record {sequence} of batch {batch} is in ClickHouse twice: remove one of them")]
    Twice {
        /// Which.
        sequence: u64,
        /// Of which batch.
        batch: u64,
    },
    /// The rows are not those of which the root was made.
    #[error("the rows of batch {batch} lead to the root {found}, not to {root}, with which it was closed: a column of one of its rows was changed")]
    Changed {
        /// Which batch.
        batch: u64,
        /// Its root.
        root: H256,
        /// What its rows lead to.
        found: H256,
    },
    /// The batch's row makes no sense.
    #[error("batch {0} has a count in ClickHouse that no batch has: its row was changed")]
    Batch(u64),
    /// ClickHouse.
    #[error(transparent)]
    Query(#[from] QueryError),
}

impl From<clickhouse::error::Error> for ProveError {
    fn from(error: clickhouse::error::Error) -> Self {
        Self::Query(error.into())
    }
}

impl From<StoreError> for ProveError {
    fn from(error: StoreError) -> Self {
        Self::Query(error.into())
    }
}

impl From<RowError> for ProveError {
    fn from(error: RowError) -> Self {
        Self::Query(error.into())
    }
}

#[derive(Clone, Debug, clickhouse::Row, Deserialize)]
struct BatchRow {
    batch: u64,
    first: u64,
    count: u32,
    root: [u8; 32],
    closed_ms: u64,
}

/// Makes the proof of a record, from ClickHouse alone. Reads all rows of its batch, one at a time, and
/// keeps 64 bytes of each.
///
/// # Errors
/// There is no closed batch with it, its rows are not complete or were changed, or ClickHouse does not answer.
pub async fn prove(store: &Store, company: u32, sequence: u64) -> Result<RecordProof, ProveError> {
    let found = store
        .query(
            "SELECT batch, first, count, root, toUInt64(toUnixTimestamp64Milli(closed_at)) AS closed_ms \
             FROM batches FINAL WHERE first <= ? ORDER BY first DESC LIMIT 1",
        )
        .bind(sequence)
        .fetch_optional::<BatchRow>();
    let found = store.in_time("a record's batch", found).await?;
    let batch = found.ok_or(ProveError::NoBatch(sequence))?;
    if sequence == 0 || sequence - batch.first >= u64::from(batch.count) {
        return Err(ProveError::NoBatch(sequence));
    }
    if batch.count > MAX_RECORDS {
        return Err(ProveError::Batch(batch.batch));
    }
    let (leaves, record) = leaves(store, &batch, sequence).await?;
    let root = H256(batch.root);
    let made = merkle::root(leaves.clone());
    if made != root {
        return Err(ProveError::Changed { batch: batch.batch, root, found: made });
    }
    // Below the count, which is a u32.
    let index =
        u32::try_from(sequence - batch.first).map_err(|_| ProveError::Batch(batch.batch))?;
    let partners = merkle::proof(leaves, index).ok_or(ProveError::Batch(batch.batch))?;
    Ok(RecordProof {
        company,
        batch: batch.batch,
        first_sequence: batch.first,
        count: batch.count,
        root,
        closed_at_ms: batch.closed_ms,
        sequence,
        record,
        partners,
    })
}

/// The leaves of all rows of a batch, and the bytes of one of them. Rows that are equal in everything count once: a
/// power loss may leave a chunk in the table twice.
async fn leaves(
    store: &Store,
    batch: &BatchRow,
    wanted: u64,
) -> Result<(Vec<H256>, Vec<u8>), ProveError> {
    let end = batch.first + u64::from(batch.count);
    let sql = format!(
        "SELECT DISTINCT {SELECTED} FROM records WHERE sequence >= ? AND sequence < ? ORDER BY sequence"
    );
    let mut rows = store.query(&sql).bind(batch.first).bind(end).fetch::<RecordRow>()?;
    let mut leaves = Vec::with_capacity(usize::try_from(batch.count).unwrap_or(0));
    let mut found = Vec::new();
    for index in 0..batch.count {
        let (sequence, number) = (batch.first + u64::from(index), batch.batch);
        let missing = ProveError::Missing { sequence, batch: number };
        let row = store.in_time("the rows of a batch", rows.next()).await?.ok_or(missing)?;
        if row.sequence > sequence {
            return Err(ProveError::Missing { sequence, batch: number });
        }
        if row.sequence < sequence {
            return Err(ProveError::Twice { sequence: row.sequence, batch: number });
        }
        let bytes = Record::try_from(row)?.encode();
        leaves.push(merkle::leaf(index, keccak(&bytes).as_bytes()));
        if sequence == wanted {
            found = bytes;
        }
    }
    match store.in_time("the rows of a batch", rows.next()).await? {
        Some(row) => Err(ProveError::Twice { sequence: row.sequence, batch: batch.batch }),
        None => Ok((leaves, found)),
    }
}

/// Bytes as hexadecimal digits after `0x`.
mod hexadecimal {
    use serde::{de::Error, Deserialize, Deserializer, Serializer};
    use std::fmt::Write;

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        let mut text = String::with_capacity(2 + 2 * bytes.len());
        text.push_str("0x");
        for byte in bytes {
            // Writing to a string does not fail.
            let _ = write!(text, "{byte:02x}");
        }
        serializer.serialize_str(&text)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(input: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(input)?;
        let wrong = || D::Error::custom("give 0x and an even number of hexadecimal digits");
        let digits = text.strip_prefix("0x").filter(|digits| digits.len() % 2 == 0);
        let digits = digits.ok_or_else(wrong)?.as_bytes();
        let pair = |pair: &[u8]| {
            let (high, low) =
                (char::from(pair[0]).to_digit(16)?, char::from(pair[1]).to_digit(16)?);
            u8::try_from(high * 16 + low).ok()
        };
        digits.chunks_exact(2).map(|two| pair(two).ok_or_else(wrong)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_proof_proves_nothing_that_is_anchored() {
        // Its three leaves are of one byte each, which is no record.
        let leaf = |byte: u8| merkle::leaf(byte.into(), keccak(&[byte]).as_bytes());
        let leaves: Vec<H256> = (0..3).map(leaf).collect();
        let anchored = RecordProof {
            company: 1,
            batch: 1,
            first_sequence: 1,
            count: 3,
            root: merkle::root(leaves.clone()),
            closed_at_ms: 1,
            sequence: 2,
            record: vec![1],
            partners: merkle::proof(leaves, 1).unwrap(),
        };
        let anchor = anchored.anchor();
        assert!(matches!(anchored.verify(&anchor), Err(Unproven::Record(_))));
        bolero::check!().for_each(|bytes: &[u8]| {
            let Ok(proof) = serde_json::from_slice::<RecordProof>(bytes) else { return };
            let again = serde_json::to_vec(&proof).unwrap();
            assert_eq!(serde_json::from_slice::<RecordProof>(&again).unwrap(), proof);
            assert!(proof.verify(&anchor).is_err());
            if let Ok(record) = proof.verify(&proof.anchor()) {
                assert_eq!(record.encode(), proof.record);
            }
        });
    }
}
