//! Raw blocks as a file has them.

use codec::{Decode, Encode};

use crate::domain::{block::Hash, RawBlock};

/// What a file begins with.
const MAGIC: &[u8; 15] = b"smartlink-raw-1";

/// The fields of a block in their order.
type Fields = (u32, Hash, Hash, u32, Vec<u8>, Vec<Vec<u8>>, Vec<u8>, Vec<(Vec<u8>, Vec<u8>)>);

/// The bytes of a file.
pub(super) fn write(blocks: &[RawBlock]) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    for block in blocks {
        let RawBlock { number, hash, parent, spec, header, extrinsics, events, state } = block;
        let one = (number, hash, parent, spec, header, extrinsics, events, state).encode();
        // A block is megabytes.
        bytes.extend_from_slice(&u32::try_from(one.len()).unwrap_or(u32::MAX).to_le_bytes());
        bytes.extend_from_slice(&one);
    }
    bytes
}

/// The blocks of a file. `Err`: the place of the first byte that is none of a block.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<RawBlock>, usize> {
    let mut rest = bytes.strip_prefix(MAGIC).ok_or(0_usize)?;
    let mut blocks = Vec::new();
    while !rest.is_empty() {
        let place = bytes.len() - rest.len();
        let (block, after) = one(rest).ok_or(place)?;
        blocks.push(block);
        rest = after;
    }
    Ok(blocks)
}

fn one(bytes: &[u8]) -> Option<(RawBlock, &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    let (mut one, rest) = rest.split_at_checked(length)?;
    let (number, hash, parent, spec, header, extrinsics, events, state) =
        Fields::decode(&mut one).ok()?;
    let whole = one.is_empty();
    let block = RawBlock { number, hash, parent, spec, header, extrinsics, events, state };
    whole.then_some((block, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn bytes() -> impl Strategy<Value = Vec<u8>> {
        proptest::collection::vec(any::<u8>(), 0..40)
    }

    fn block() -> impl Strategy<Value = RawBlock> {
        let lists = (
            proptest::collection::vec(bytes(), 0..4),
            proptest::collection::vec((bytes(), bytes()), 0..4),
        );
        (any::<(u32, Hash, Hash, u32)>(), bytes(), bytes(), lists).prop_map(
            |((number, hash, parent, spec), header, events, (extrinsics, state))| RawBlock {
                number,
                hash,
                parent,
                spec,
                header,
                extrinsics,
                events,
                state,
            },
        )
    }

    proptest! {
        #[test]
        fn what_was_written_is_read(blocks in proptest::collection::vec(block(), 0..5)) {
            prop_assert_eq!(read(&write(&blocks)), Ok(blocks));
        }

        #[test]
        fn half_a_file_is_none(blocks in proptest::collection::vec(block(), 1..4), cut in 1_usize..60) {
            let bytes = write(&blocks);
            let end = bytes.len().saturating_sub(cut);
            let found = read(&bytes[..end]);
            prop_assert!(found.is_err() || found.is_ok_and(|found| found.len() < blocks.len()));
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let mut file = MAGIC.to_vec();
            file.extend(bytes);
            let _ = read(&file);
        }
    }
}
