//! How answers are written on the wire.

use std::io::Write;

use flate2::{
    write::{GzEncoder, ZlibEncoder},
    Compression,
};
use lz4_flex::block;

use super::blocks;

/// What the caller wants its answer wrapped in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Encoding {
    /// Nothing.
    #[default]
    Plain,
    /// ClickHouse's own blocks (`compress=1`).
    Blocks,
    /// An LZ4 frame.
    Lz4,
    Gzip,
    /// What HTTP calls deflate.
    Zlib,
}

impl Encoding {
    /// The best of what an Accept-Encoding allows.
    pub(super) fn of_accept(accept: &str) -> Self {
        let accepts = |name: &str| {
            accept.split(',').any(|one| {
                let (one, quality) = one.split_once(';').unwrap_or((one, ""));
                let refused = quality
                    .trim()
                    .strip_prefix("q=")
                    .is_some_and(|q| q.trim().parse::<f32>().is_ok_and(|quality| quality <= 0.0));
                one.trim().eq_ignore_ascii_case(name) && !refused
            })
        };
        match () {
            () if accepts("lz4") => Self::Lz4,
            () if accepts("gzip") => Self::Gzip,
            () if accepts("deflate") => Self::Zlib,
            () => Self::Plain,
        }
    }

    /// Its name as a Content-Encoding.
    pub(super) fn name(self) -> Option<&'static str> {
        match self {
            Self::Plain | Self::Blocks => None,
            Self::Lz4 => Some("lz4"),
            Self::Gzip => Some("gzip"),
            Self::Zlib => Some("deflate"),
        }
    }
}

/// An LZ4 frame's magic number and descriptor: independent blocks of at most 4 MiB, no checksums. The last byte
/// is the checksum of the descriptor (LZ4 frame format 1.6.1).
const FRAME: [u8; 7] = [0x04, 0x22, 0x4d, 0x18, 0x60, 0x70, 0x73];
/// The most that a block of the frame holds.
const FRAME_BLOCK: usize = 4 * 1024 * 1024;

/// Encodes an answer piece by piece.
pub(super) enum Encoder {
    Plain,
    Blocks,
    Lz4 { begun: bool },
    Gzip(GzEncoder<Vec<u8>>),
    Zlib(ZlibEncoder<Vec<u8>>),
}

impl Encoder {
    pub(super) fn new(encoding: Encoding) -> Self {
        match encoding {
            Encoding::Plain => Self::Plain,
            Encoding::Blocks => Self::Blocks,
            Encoding::Lz4 => Self::Lz4 { begun: false },
            Encoding::Gzip => Self::Gzip(GzEncoder::new(Vec::new(), Compression::fast())),
            Encoding::Zlib => Self::Zlib(ZlibEncoder::new(Vec::new(), Compression::fast())),
        }
    }

    /// The bytes to send for a piece; what deflate keeps back comes later.
    pub(super) fn encode(&mut self, data: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        match self {
            Self::Plain => out.extend_from_slice(data),
            Self::Blocks => blocks::compress(data, &mut out),
            Self::Lz4 { begun } => {
                if !std::mem::replace(begun, true) {
                    out.extend_from_slice(&FRAME);
                }
                data.chunks(FRAME_BLOCK).for_each(|piece| frame_block(piece, &mut out));
            }
            Self::Gzip(encoder) => {
                encoder.write_all(data).expect("a vector takes all");
                out.append(encoder.get_mut());
            }
            Self::Zlib(encoder) => {
                encoder.write_all(data).expect("a vector takes all");
                out.append(encoder.get_mut());
            }
        }
        out
    }

    /// The bytes that end the answer.
    pub(super) fn finish(self) -> Vec<u8> {
        match self {
            Self::Plain | Self::Blocks => Vec::new(),
            Self::Lz4 { begun } => {
                let mut out = if begun { Vec::new() } else { FRAME.to_vec() };
                out.extend_from_slice(&[0; 4]);
                out
            }
            Self::Gzip(encoder) => encoder.finish().expect("a vector takes all"),
            Self::Zlib(encoder) => encoder.finish().expect("a vector takes all"),
        }
    }
}

/// A block of an LZ4 frame: its length, with the highest bit when it is not compressed, and the data.
fn frame_block(piece: &[u8], out: &mut Vec<u8>) {
    let start = out.len();
    out.resize(start + 4 + block::get_maximum_output_size(piece.len()), 0);
    let length = block::compress_into(piece, &mut out[start + 4..])
        .expect("the place is as large as the largest output");
    let (length, plain) = match length < piece.len() {
        true => (length, 0),
        false => {
            out[start + 4..][..piece.len()].copy_from_slice(piece);
            (piece.len(), 1 << 31)
        }
    };
    out.truncate(start + 4 + length);
    // At most 4 MiB.
    #[allow(clippy::cast_possible_truncation)]
    out[start..][..4].copy_from_slice(&(length as u32 | plain).to_le_bytes());
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn the_best_encoding_that_is_accepted_is_taken() {
        assert_eq!(Encoding::of_accept("gzip, deflate, lz4"), Encoding::Lz4);
        assert_eq!(Encoding::of_accept("br;q=1.0, gzip;q=0.8, *;q=0.1"), Encoding::Gzip);
        assert_eq!(Encoding::of_accept("gzip;q=0, deflate"), Encoding::Zlib);
        assert_eq!(Encoding::of_accept("zstd"), Encoding::Plain);
    }

    #[test]
    fn deflated_answers_are_whole_when_they_are_finished() {
        let pieces = [b"a".repeat(100_000), b"b".repeat(3)];
        for encoding in [Encoding::Gzip, Encoding::Zlib] {
            let mut encoder = Encoder::new(encoding);
            let mut sent: Vec<u8> = pieces.iter().flat_map(|piece| encoder.encode(piece)).collect();
            sent.extend(encoder.finish());
            let mut read = Vec::new();
            match encoding {
                Encoding::Gzip => flate2::read::GzDecoder::new(&sent[..]).read_to_end(&mut read),
                _ => flate2::read::ZlibDecoder::new(&sent[..]).read_to_end(&mut read),
            }
            .unwrap();
            assert_eq!(read, pieces.concat());
        }
    }

    /// Read back by hand: block after block, as the frame format has it.
    #[test]
    fn an_lz4_frame_holds_its_pieces() {
        // The second cannot be compressed.
        let noise: Vec<u8> =
            (0..5_000_u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()).collect();
        let pieces = [b"abc".repeat(2_000_000), noise];
        let mut encoder = Encoder::new(Encoding::Lz4);
        let mut sent: Vec<u8> = pieces.iter().flat_map(|piece| encoder.encode(piece)).collect();
        sent.extend(encoder.finish());
        let mut rest = sent.strip_prefix(&FRAME).unwrap();
        let mut read = Vec::new();
        loop {
            let (head, behind) = rest.split_at(4);
            let length = u32::from_le_bytes(head.try_into().unwrap());
            let (data, behind) = behind.split_at((length & !(1 << 31)) as usize);
            rest = behind;
            match length {
                0 => break,
                _ if length >> 31 == 1 => read.extend_from_slice(data),
                _ => {
                    let mut plain = vec![0; FRAME_BLOCK];
                    let length = block::decompress_into(data, &mut plain).unwrap();
                    read.extend_from_slice(&plain[..length]);
                }
            }
        }
        assert!(rest.is_empty() && read == pieces.concat());
    }
}
