//! The digest of a block: one hash over all rows of the index up to it.
//!
//! ```text
//! content = keccak( "smartlink-index-1" ‖ for each of blocks, extrinsics, calls, events:  name ‖ count ‖ rows )
//! digest  = keccak( digest of the block before ‖ content ‖ for each entity with rows, by name:  name ‖ count ‖ rows )
//! ```
//!
//! Names and rows have their length in front (u32, little-endian), counts are u32; rows are RowBinary in the order of the
//! table. So two indexers that agree on one digest agree on every row before it. Block 0 follows 32 zeros.

use tiny_keccak::{Hasher, Keccak};

use super::{
    block::Hash,
    rows::{RowReader, Rows},
};

/// A digest.
pub type Digest = Hash;

/// The digest before the first block.
pub const NONE: Digest = [0; 32];

/// Names what is hashed: another encoding has another name.
const ENCODING: &[u8] = b"smartlink-index-1";

/// The hash over the rows of a block that do not depend on the blocks before: `tables` are `blocks`, `extrinsics`,
/// `calls` and `events`, each with its name.
pub fn content<'a>(tables: impl IntoIterator<Item = (&'a str, &'a Rows)>) -> Hash {
    let mut keccak = Keccak::v256();
    keccak.update(ENCODING);
    for (name, rows) in tables {
        feed(&mut keccak, name, rows);
    }
    finish(keccak)
}

/// The digest of a block: `entities` are those with rows in it, by name.
pub fn chained<'a>(
    before: &Digest,
    content: &Hash,
    entities: impl IntoIterator<Item = (&'a str, &'a Rows)>,
) -> Digest {
    let mut keccak = Keccak::v256();
    keccak.update(before);
    keccak.update(content);
    for (name, rows) in entities {
        feed(&mut keccak, name, rows);
    }
    finish(keccak)
}

fn feed(keccak: &mut Keccak, name: &str, rows: &Rows) {
    let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes();
    keccak.update(&number(name.len()));
    keccak.update(name.as_bytes());
    keccak.update(&number(rows.count));
    keccak.update(&number(rows.bytes.len()));
    keccak.update(&rows.bytes);
}

fn finish(keccak: Keccak) -> Hash {
    let mut hash = [0; 32];
    keccak.finalize(&mut hash);
    hash
}

/// The hash of bytes.
pub fn keccak(bytes: &[u8]) -> Hash {
    let mut keccak = Keccak::v256();
    keccak.update(bytes);
    finish(keccak)
}

/// Whether rows are whole rows of these columns: what a digest is recomputed from.
pub fn are_rows(rows: &Rows, columns: &[super::Column]) -> bool {
    let mut reader = RowReader::new(&rows.bytes);
    let count = std::iter::from_fn(|| reader.row(columns)).count();
    count == rows.count && reader.rest().is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rows(bytes: &[u8]) -> Rows {
        Rows { bytes: bytes.to_vec(), count: 1 }
    }

    proptest! {
        #[test]
        fn any_other_row_gives_another_digest(bytes in proptest::collection::vec(any::<u8>(), 1..50), place: usize, bit in 0_u8..8) {
            let mut other = bytes.clone();
            let place = place % bytes.len();
            other[place] ^= 1 << bit;
            let digest = |bytes: &[u8]| chained(&NONE, &content([("events", &rows(bytes))]), []);
            prop_assert_ne!(digest(&bytes), digest(&other));
            let entity = |bytes: &[u8]| chained(&NONE, &NONE, [("vehicles", &rows(bytes))]);
            prop_assert_ne!(entity(&bytes), entity(&other));
        }
    }

    #[test]
    fn rows_do_not_slip_from_a_table_into_the_next() {
        let (one, two) = (rows(b"ab"), rows(b"c"));
        let (other, another) = (rows(b"a"), rows(b"bc"));
        let first = content([("calls", &one), ("events", &two)]);
        let second = content([("calls", &other), ("events", &another)]);
        assert_ne!(first, second);
    }
}
