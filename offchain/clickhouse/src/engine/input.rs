//! The body of a request, as the thread that works on it reads it.

use std::io::Write;

use bytes::Bytes;
use flate2::write::{MultiGzDecoder, ZlibDecoder};
use tokio::sync::mpsc;

use super::{
    blocks::Decompressor,
    exception::{code, Exception},
};

/// What arrives: a piece, the end (`None`), or why there will be no more.
pub(super) type Arrival = Result<Option<Bytes>, Exception>;

/// How much is inflated at a time: a piece of this size becomes at most a thousand times as large.
const SLICE: usize = 16 * 1024;

/// How the body is wrapped by HTTP.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Wrapping {
    #[default]
    Plain,
    Gzip,
    Zlib,
}

impl Wrapping {
    /// What a Content-Encoding says.
    pub(super) fn of(content_encoding: &str) -> Result<Self, Exception> {
        match content_encoding.trim().to_ascii_lowercase().as_str() {
            "" | "identity" => Ok(Self::Plain),
            "gzip" | "x-gzip" => Ok(Self::Gzip),
            "deflate" => Ok(Self::Zlib),
            other => Err(Exception::new(
                code::NOT_IMPLEMENTED,
                "NOT_IMPLEMENTED",
                format!("the Content-Encoding {other} is not served: send gzip, deflate or none"),
            )),
        }
    }
}

enum Inflate {
    Plain,
    Gzip(MultiGzDecoder<Vec<u8>>),
    Zlib(ZlibDecoder<Vec<u8>>),
}

/// A body, unwrapped.
pub(super) struct Input {
    arrivals: mpsc::Receiver<Arrival>,
    inflate: Inflate,
    /// What arrived and is not inflated yet.
    waiting: Bytes,
    blocks: Option<Decompressor>,
    /// Unwrapped bytes that may still come.
    left: u64,
    limit: u64,
    ended: bool,
}

impl Input {
    /// A body of which at most `limit` bytes, unwrapped, are taken; `blocks` when it is in ClickHouse's own
    /// compressed form (`decompress=1`).
    pub(super) fn new(
        arrivals: mpsc::Receiver<Arrival>,
        wrapping: Wrapping,
        blocks: bool,
        limit: u64,
    ) -> Self {
        let inflate = match wrapping {
            Wrapping::Plain => Inflate::Plain,
            Wrapping::Gzip => Inflate::Gzip(MultiGzDecoder::new(Vec::new())),
            Wrapping::Zlib => Inflate::Zlib(ZlibDecoder::new(Vec::new())),
        };
        let blocks = blocks.then(Decompressor::default);
        Self { arrivals, inflate, waiting: Bytes::new(), blocks, left: limit, limit, ended: false }
    }

    /// The next piece, never empty; `None` at the end. Blocks.
    pub(super) fn next(&mut self) -> Result<Option<Bytes>, Exception> {
        loop {
            let Some(piece) = self.inflated()? else { return Ok(None) };
            let piece = match &mut self.blocks {
                None => piece,
                Some(blocks) => {
                    let mut out = Vec::new();
                    blocks.push(&piece, &mut out)?;
                    out.into()
                }
            };
            self.left = self.left.checked_sub(piece.len() as u64).ok_or_else(|| {
                let sentence = format!(
                    "the body is larger than {} bytes: send it in several requests",
                    self.limit
                );
                Exception::new(code::TOO_MANY_BYTES, "TOO_MANY_BYTES", sentence)
            })?;
            if !piece.is_empty() {
                return Ok(Some(piece));
            }
        }
    }

    /// The next inflated piece, which may be empty.
    fn inflated(&mut self) -> Result<Option<Bytes>, Exception> {
        if self.waiting.is_empty() {
            if self.ended {
                return Ok(None);
            }
            match self.arrivals.blocking_recv() {
                Some(Ok(Some(piece))) => self.waiting = piece,
                Some(Ok(None)) => return self.last().map(Some),
                Some(Err(exception)) => return Err(exception),
                None => return Err(cancelled()),
            }
        }
        let decoder: &mut dyn Write = match &mut self.inflate {
            Inflate::Plain => return Ok(Some(std::mem::take(&mut self.waiting))),
            Inflate::Gzip(decoder) => decoder,
            Inflate::Zlib(decoder) => decoder,
        };
        let slice = self.waiting.split_to(self.waiting.len().min(SLICE));
        decoder.write_all(&slice).map_err(damaged)?;
        Ok(Some(take(&mut self.inflate).into()))
    }

    /// What the end sets free.
    fn last(&mut self) -> Result<Bytes, Exception> {
        self.ended = true;
        match &mut self.inflate {
            Inflate::Plain => {}
            Inflate::Gzip(decoder) => decoder.try_finish().map_err(damaged)?,
            Inflate::Zlib(decoder) => decoder.try_finish().map_err(damaged)?,
        }
        let rest = take(&mut self.inflate);
        if let Some(blocks) = &mut self.blocks {
            let mut out = Vec::new();
            blocks.push(&rest, &mut out)?;
            blocks.finish()?;
            // `next` would push it once more: nothing is pending, so what is whole is handed out through it.
            self.blocks = None;
            return Ok(out.into());
        }
        Ok(rest.into())
    }
}

fn take(inflate: &mut Inflate) -> Vec<u8> {
    match inflate {
        Inflate::Plain => Vec::new(),
        Inflate::Gzip(decoder) => std::mem::take(decoder.get_mut()),
        Inflate::Zlib(decoder) => std::mem::take(decoder.get_mut()),
    }
}

fn damaged(error: std::io::Error) -> Exception {
    let sentence = format!("the compressed body is damaged ({error})");
    Exception::new(code::CANNOT_DECOMPRESS, "CANNOT_DECOMPRESS", sentence)
}

/// The caller is gone.
pub(super) fn cancelled() -> Exception {
    let sentence = "the caller went away before the query ended";
    Exception::new(code::QUERY_WAS_CANCELLED, "QUERY_WAS_CANCELLED", sentence)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{
        blocks,
        encoding::{Encoder, Encoding},
    };

    fn read(
        sent: &[u8],
        cut: usize,
        wrapping: Wrapping,
        blocks: bool,
        limit: u64,
    ) -> Result<Vec<u8>, Exception> {
        let pieces: Vec<Bytes> = sent.chunks(cut).map(Bytes::copy_from_slice).collect();
        let (sender, arrivals) = mpsc::channel(pieces.len() + 1);
        for piece in pieces {
            sender.try_send(Ok(Some(piece))).unwrap();
        }
        sender.try_send(Ok(None)).unwrap();
        let mut input = Input::new(arrivals, wrapping, blocks, limit);
        let mut read = Vec::new();
        while let Some(piece) = input.next()? {
            read.extend_from_slice(&piece);
        }
        assert_eq!(input.next(), Ok(None));
        Ok(read)
    }

    #[test]
    fn a_body_is_unwrapped_twice_however_it_arrives() {
        let body = b"position,".repeat(30_000);
        let mut in_blocks = Vec::new();
        blocks::compress(&body, &mut in_blocks);
        let mut gzip = Encoder::new(Encoding::Gzip);
        let mut sent = gzip.encode(&in_blocks);
        sent.extend(gzip.finish());
        for cut in [1, 7, 1_000, usize::MAX] {
            assert!(read(&sent, cut, Wrapping::Gzip, true, 1 << 20).unwrap() == body);
        }
        assert!(read(&in_blocks, 100, Wrapping::Plain, true, 1 << 20).unwrap() == body);
        let cut_off = read(&sent[..sent.len() - 20], 1_000, Wrapping::Gzip, true, 1 << 20);
        assert_eq!(cut_off.unwrap_err().code, code::CANNOT_DECOMPRESS);
        let too_large = read(&sent, 1_000, Wrapping::Gzip, true, 1 << 10);
        assert_eq!(too_large.unwrap_err().code, code::TOO_MANY_BYTES);
    }

    #[test]
    fn a_caller_that_goes_away_is_no_end() {
        let (sender, arrivals) = mpsc::channel(1);
        sender.try_send(Ok(Some(Bytes::from_static(b"half")))).unwrap();
        drop(sender);
        let mut input = Input::new(arrivals, Wrapping::Plain, false, 100);
        assert_eq!(input.next(), Ok(Some(Bytes::from_static(b"half"))));
        assert_eq!(input.next().unwrap_err().code, code::QUERY_WAS_CANCELLED);
    }

    #[test]
    fn any_bytes_are_inflated_or_refused() {
        bolero::check!().for_each(|bytes: &[u8]| {
            let _ = read(bytes, 100, Wrapping::Gzip, true, 1 << 20);
        });
    }
}
