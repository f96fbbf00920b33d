//! ClickHouse's own compressed form: blocks of a checksum, a method, two lengths, and the data.
//!
//! | bytes | what |
//! | --- | --- |
//! | 16 | CityHash 1.0.2 of all that follows, the high half first, little-endian |
//! | 1 | the method: 0x82 is LZ4, 0x02 is none |
//! | 4 | length of the compressed data and of these nine bytes, little-endian |
//! | 4 | length of the data, little-endian |
//!
//! Source: "Native format", ClickHouse's documentation of its interfaces.

use cityhash_rs::cityhash_102_128;
use lz4_flex::block;

use super::exception::{code, Exception};

const CHECKSUM: usize = 16;
const HEAD: usize = 9;
const LZ4: u8 = 0x82;
const NONE: u8 = 0x02;

/// The largest block that is taken, compressed or not. ClickHouse's clients send 1 MiB.
pub(super) const LARGEST: usize = 64 * 1024 * 1024;

/// Compresses data into one block after another of at most a mebibyte, onto `out`.
pub(super) fn compress(data: &[u8], out: &mut Vec<u8>) {
    for piece in data.chunks(1 << 20) {
        let start = out.len();
        let body = start + CHECKSUM + HEAD;
        out.resize(body + block::get_maximum_output_size(piece.len()), 0);
        let length = block::compress_into(piece, &mut out[body..])
            .expect("the place is as large as the largest output");
        out.truncate(body + length);
        // Both are at most a mebibyte and a little.
        #[allow(clippy::cast_possible_truncation)]
        let (compressed, plain) = ((length + HEAD) as u32, piece.len() as u32);
        out[start + CHECKSUM] = LZ4;
        out[start + CHECKSUM + 1..][..4].copy_from_slice(&compressed.to_le_bytes());
        out[start + CHECKSUM + 5..][..4].copy_from_slice(&plain.to_le_bytes());
        let checksum = cityhash_102_128(&out[start + CHECKSUM..]).rotate_right(64);
        out[start..][..CHECKSUM].copy_from_slice(&checksum.to_le_bytes());
    }
}

/// Decompresses blocks that arrive in pieces.
#[derive(Default)]
pub(super) struct Decompressor {
    pending: Vec<u8>,
}

impl Decompressor {
    /// Takes the next piece, and gives what is whole by now, onto `out`.
    pub(super) fn push(&mut self, piece: &[u8], out: &mut Vec<u8>) -> Result<(), Exception> {
        self.pending.extend_from_slice(piece);
        let mut at = 0;
        while let Some(length) = length(&self.pending[at..])? {
            let Some(block) = self.pending.get(at..at + length) else { break };
            decompress(block, out)?;
            at += length;
        }
        self.pending.drain(..at);
        Ok(())
    }

    /// Ends the data: half a block is an error.
    pub(super) fn finish(&self) -> Result<(), Exception> {
        match self.pending.is_empty() {
            true => Ok(()),
            false => Err(damaged("the last block is not whole")),
        }
    }
}

/// The length of the block that begins here, when enough of it is there to tell.
fn length(bytes: &[u8]) -> Result<Option<usize>, Exception> {
    let Some(head) = bytes.get(CHECKSUM..CHECKSUM + HEAD) else { return Ok(None) };
    let (compressed, plain) = (number(&head[1..5]), number(&head[5..9]));
    if !(HEAD..=LARGEST).contains(&compressed) || plain > LARGEST {
        return Err(damaged("a block is larger than 64 MiB, or smaller than its head"));
    }
    Ok(Some(CHECKSUM + compressed))
}

/// A whole block.
fn decompress(block: &[u8], out: &mut Vec<u8>) -> Result<(), Exception> {
    let (checksum, rest) = block.split_at(CHECKSUM);
    if cityhash_102_128(rest).rotate_right(64).to_le_bytes() != checksum {
        return Err(damaged("a block's checksum is not that of its data"));
    }
    let (head, data) = rest.split_at(HEAD);
    let start = out.len();
    match head[0] {
        LZ4 => {
            out.resize(start + number(&head[5..9]), 0);
            let length = block::decompress_into(data, &mut out[start..])
                .map_err(|error| damaged(&format!("a block is no LZ4 ({error})")))?;
            if start + length != out.len() {
                return Err(damaged("a block holds less than it says"));
            }
        }
        NONE => out.extend_from_slice(data),
        method => return Err(damaged(&format!("the method {method:#04x} is not LZ4"))),
    }
    Ok(())
}

fn number(bytes: &[u8]) -> usize {
    bytes.iter().rev().fold(0, |number, byte| number << 8 | usize::from(*byte))
}

fn damaged(why: &str) -> Exception {
    let sentence = format!("the compressed data is damaged, {why}");
    Exception::new(code::CANNOT_DECOMPRESS, "CANNOT_DECOMPRESS", sentence)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_was_compressed_comes_back_however_it_is_cut(
            data in prop::collection::vec(any::<u8>(), 0..5_000),
            copies in 1_usize..4,
            cut in 1_usize..700,
        ) {
            let data = data.repeat(copies);
            let mut blocks = Vec::new();
            compress(&data, &mut blocks);
            let (mut decompressor, mut out) = (Decompressor::default(), Vec::new());
            for piece in blocks.chunks(cut) {
                decompressor.push(piece, &mut out).unwrap();
            }
            decompressor.finish().unwrap();
            prop_assert_eq!(out, data);
        }

        #[test]
        fn a_changed_byte_is_noticed(
            data in prop::collection::vec(any::<u8>(), 1..300),
            place: prop::sample::Index,
            change in 1_u8..,
        ) {
            let mut blocks = Vec::new();
            compress(&data, &mut blocks);
            let place = place.index(blocks.len());
            blocks[place] ^= change;
            let (mut decompressor, mut out) = (Decompressor::default(), Vec::new());
            let noticed = decompressor.push(&blocks, &mut out).and_then(|()| decompressor.finish());
            prop_assert!(noticed.is_err());
        }
    }

    /// The block that ClickHouse's own client makes of these bytes.
    #[test]
    fn a_known_block_is_the_same() {
        let data = [
            1, 0, 2, 255, 255, 255, 255, 0, 1, 1, 1, 115, 6, 83, 116, 114, 105, 110, 103, 3, 97,
            98, 99,
        ];
        let mut blocks = Vec::new();
        compress(&data, &mut blocks);
        let head = [
            245, 5, 222, 235, 225, 158, 59, 108, 225, 31, 65, 215, 66, 66, 36, 92, 130, 34, 0, 0,
            0, 23, 0, 0, 0,
        ];
        assert_eq!(blocks[..head.len()], head);
    }

    #[test]
    fn any_bytes_are_read_or_refused() {
        bolero::check!().for_each(|bytes: &[u8]| {
            let _ = Decompressor::default().push(bytes, &mut Vec::new());
        });
    }

    /// Bytes alone hardly ever have a right checksum: here they are what is behind one.
    #[test]
    fn any_data_behind_a_right_checksum_is_read_or_refused() {
        bolero::check!().for_each(|bytes: &[u8]| {
            let [method, low, high, data @ ..] = bytes else { return };
            let plain = u32::from(u16::from_le_bytes([*low, *high]));
            let length = u32::try_from(HEAD + data.len()).unwrap();
            let mut rest = vec![*method];
            rest.extend_from_slice(&length.to_le_bytes());
            rest.extend_from_slice(&plain.to_le_bytes());
            rest.extend_from_slice(data);
            let mut block = cityhash_102_128(&rest).rotate_right(64).to_le_bytes().to_vec();
            block.append(&mut rest);
            let (mut decompressor, mut out) = (Decompressor::default(), Vec::new());
            if decompressor.push(&block, &mut out).is_ok() {
                decompressor.finish().unwrap();
                assert!(*method == NONE || out.len() == plain as usize);
            }
        });
    }
}
