//! As much of the WebSocket protocol (RFC 6455) as a client of JSON-RPC needs: text both ways, pings answered,
//! no extensions. The load generator shares two cores with what it measures, so frames are written into
//! buffers that stay and read where they arrive.

use std::io;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::client::Address;

/// Bytes of one message, at most.
const MOST_MESSAGE: usize = 4 << 20;
/// Bytes of the server's answer to the handshake, at most.
const MOST_HEAD: usize = 16 << 10;
/// The nonce of the example in RFC 6455, section 1.3, and the answer to it. A nonce of our own would prove
/// no more: it tells a WebSocket server from another server, not one server from another.
const NONCE: &str = "dGhlIHNhbXBsZSBub25jZQ==";
const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

const CONTINUATION: u8 = 0x0;
const TEXT: u8 = 0x1;
const BINARY: u8 = 0x2;
const CLOSE: u8 = 0x8;
const PING: u8 = 0x9;
const PONG: u8 = 0xa;

/// Appends a text frame of a client.
///
/// The mask is zero, so that a payload is sent as it stands. A mask protects careless proxies from scripts
/// in browsers (section 10.3), and here are neither.
pub(crate) fn text_frame(payload: &[u8], out: &mut Vec<u8>) {
    frame(TEXT, payload, out);
}

fn frame(opcode: u8, payload: &[u8], out: &mut Vec<u8>) {
    const MASKED: u8 = 0x80;
    out.push(0x80 | opcode);
    match payload.len() {
        // Each fits: the arm says so.
        length @ 0..=125 => out.push(MASKED | length as u8),
        length @ 126..=0xffff => {
            out.push(MASKED | 126);
            out.extend_from_slice(&(length as u16).to_be_bytes());
        }
        length => {
            out.push(MASKED | 127);
            out.extend_from_slice(&(length as u64).to_be_bytes());
        }
    }
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(payload);
}

/// What a server said.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Message {
    /// A whole message.
    Text(Vec<u8>),
    /// To be answered by [`pong_frame`].
    Ping(Vec<u8>),
    /// The server closes, with its reason.
    Closed(String),
}

/// Appends the answer to a ping.
pub(crate) fn pong_frame(payload: &[u8], out: &mut Vec<u8>) {
    frame(PONG, payload, out);
}

/// The bytes are none of a WebSocket server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the server broke the WebSocket protocol: {0}")]
pub(crate) struct Broken(&'static str);

/// Makes messages of the bytes that arrive, in whatever pieces.
#[derive(Debug, Default)]
pub(crate) struct Assembler {
    bytes: Vec<u8>,
    /// Where the first frame that was not taken begins.
    start: usize,
    /// Parts of a message in several frames.
    parts: Vec<u8>,
    in_parts: bool,
}

impl Assembler {
    /// Adds what arrived.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        if self.start == self.bytes.len() {
            self.bytes.clear();
            self.start = 0;
        } else if self.start > 1 << 16 {
            self.bytes.drain(..self.start);
            self.start = 0;
        }
        self.bytes.extend_from_slice(bytes);
    }

    /// The next message, when it is complete.
    pub(crate) fn next(&mut self) -> Result<Option<Message>, Broken> {
        while let Some((first, header, length)) = head(self.bytes.get(self.start..).unwrap_or(&[]))?
        {
            let from = self.start + header;
            let Some(payload) = self.bytes.get(from..from + length) else {
                return Ok(None);
            };
            let payload = payload.to_vec();
            self.start = from + length;
            if let Some(message) = self.take(first, payload)? {
                return Ok(Some(message));
            }
        }
        Ok(None)
    }

    fn take(&mut self, first: u8, payload: Vec<u8>) -> Result<Option<Message>, Broken> {
        let last = first & 0x80 != 0;
        match first & 0x0f {
            PING => Ok(Some(Message::Ping(payload))),
            PONG => Ok(None),
            CLOSE => {
                let reason = String::from_utf8_lossy(payload.get(2..).unwrap_or(&[])).into_owned();
                Ok(Some(Message::Closed(reason)))
            }
            TEXT | BINARY if self.in_parts => Err(Broken("a message began inside of another")),
            TEXT | BINARY if last => Ok(Some(Message::Text(payload))),
            TEXT | BINARY => {
                (self.parts, self.in_parts) = (payload, true);
                Ok(None)
            }
            CONTINUATION if self.in_parts => {
                if self.parts.len() + payload.len() > MOST_MESSAGE {
                    return Err(Broken("a message is longer than 4 MiB"));
                }
                self.parts.extend_from_slice(&payload);
                if !last {
                    return Ok(None);
                }
                self.in_parts = false;
                Ok(Some(Message::Text(std::mem::take(&mut self.parts))))
            }
            CONTINUATION => Err(Broken("a continuation of nothing")),
            _ => Err(Broken("an unknown kind of frame")),
        }
    }
}

/// First byte, length of the header and length of the payload, once they are there.
fn head(bytes: &[u8]) -> Result<Option<(u8, usize, usize)>, Broken> {
    let &[first, second, ref rest @ ..] = bytes else {
        return Ok(None);
    };
    if first & 0x70 != 0 {
        return Err(Broken("an extension that was not agreed on"));
    }
    if second & 0x80 != 0 {
        return Err(Broken("a masked frame, which only clients send"));
    }
    let (header, length) = match second & 0x7f {
        126 => match rest.first_chunk::<2>() {
            Some(length) => (4, u64::from(u16::from_be_bytes(*length))),
            None => return Ok(None),
        },
        127 => match rest.first_chunk::<8>() {
            Some(length) => (10, u64::from_be_bytes(*length)),
            None => return Ok(None),
        },
        length => (2, u64::from(length)),
    };
    match usize::try_from(length) {
        Ok(length) if length <= MOST_MESSAGE => Ok(Some((first, header, length))),
        _ => Err(Broken("a message is longer than 4 MiB")),
    }
}

/// Connects, shakes hands with a token, and returns the stream with what arrived behind the handshake.
pub(crate) async fn connect(address: &Address, token: &str) -> io::Result<(TcpStream, Assembler)> {
    let mut stream = TcpStream::connect(address.authority()).await?;
    stream.set_nodelay(true)?;
    let request = format!(
        "GET {} HTTP/1.1\r\nHost: {}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Key: {NONCE}\r\nSec-WebSocket-Version: 13\r\nAuthorization: Bearer {token}\r\n\r\n",
        address.path(),
        address.authority(),
    );
    stream.write_all(request.as_bytes()).await?;
    let mut head = Vec::with_capacity(1024);
    let end = loop {
        if let Some(end) = head.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
        if head.len() > MOST_HEAD || stream.read_buf(&mut head).await? == 0 {
            return Err(io::Error::other("the server did not end its answer to the handshake"));
        }
    };
    let (text, rest) = head.split_at(end);
    check_handshake(&String::from_utf8_lossy(text))?;
    let mut assembler = Assembler::default();
    assembler.push(rest);
    Ok((stream, assembler))
}

fn check_handshake(text: &str) -> io::Result<()> {
    let mut lines = text.split("\r\n");
    let status = lines.next().unwrap_or_default();
    if status.split(' ').nth(1) != Some("101") {
        return Err(io::Error::other(format!("the server refused the WebSocket: {status}")));
    }
    let accept = lines.filter_map(|line| line.split_once(':')).any(|(name, value)| {
        name.eq_ignore_ascii_case("sec-websocket-accept") && value.trim() == ACCEPT
    });
    if accept {
        Ok(())
    } else {
        Err(io::Error::other(
            "the server is no WebSocket server: its Sec-WebSocket-Accept is wrong",
        ))
    }
}

/// One connection that is used by one task.
#[derive(Debug)]
pub(crate) struct Socket {
    stream: TcpStream,
    assembler: Assembler,
    out: Vec<u8>,
}

impl Socket {
    /// Connects as the holder of a token.
    pub(crate) async fn open(address: &Address, token: &str) -> io::Result<Self> {
        let (stream, assembler) = connect(address, token).await?;
        Ok(Self { stream, assembler, out: Vec::new() })
    }

    /// Sends a text.
    pub(crate) async fn send(&mut self, text: &[u8]) -> io::Result<()> {
        self.out.clear();
        text_frame(text, &mut self.out);
        self.stream.write_all(&self.out).await
    }

    /// The next text. Nothing is lost when the future is dropped.
    pub(crate) async fn receive(&mut self) -> io::Result<Vec<u8>> {
        loop {
            match self.assembler.next().map_err(io::Error::other)? {
                Some(Message::Text(text)) => return Ok(text),
                Some(Message::Closed(reason)) => {
                    return Err(io::Error::other(format!("the server closed: {reason}")));
                }
                Some(Message::Ping(payload)) => {
                    self.out.clear();
                    pong_frame(&payload, &mut self.out);
                    self.stream.write_all(&self.out).await?;
                }
                None => {
                    let mut piece = [0; 4096];
                    match self.stream.read(&mut piece).await? {
                        0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                        read => self.assembler.push(piece.get(..read).unwrap_or(&[])),
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A frame as servers send it: without a mask.
    fn served(first: u8, payload: &[u8]) -> Vec<u8> {
        let mut frame = vec![first];
        match payload.len() {
            length @ 0..=125 => frame.push(length as u8),
            length @ 126..=0xffff => {
                frame.push(126);
                frame.extend_from_slice(&(length as u16).to_be_bytes());
            }
            length => {
                frame.push(127);
                frame.extend_from_slice(&(length as u64).to_be_bytes());
            }
        }
        frame.extend_from_slice(payload);
        frame
    }

    #[test]
    fn a_ping_between_the_parts_of_a_message_does_not_break_it() {
        let mut assembler = Assembler::default();
        assembler.push(&served(TEXT, b"half "));
        assembler.push(&served(0x80 | PING, b"there?"));
        assembler.push(&served(0x80 | CONTINUATION, b"and half"));
        assembler.push(&served(0x80 | CLOSE, b"\x03\xe9too slow"));
        assert_eq!(assembler.next(), Ok(Some(Message::Ping(b"there?".to_vec()))));
        assert_eq!(assembler.next(), Ok(Some(Message::Text(b"half and half".to_vec()))));
        assert_eq!(assembler.next(), Ok(Some(Message::Closed("too slow".to_owned()))));
        assert_eq!(assembler.next(), Ok(None));
    }

    #[test]
    fn a_length_beyond_the_limit_is_refused_before_it_is_kept() {
        let mut assembler = Assembler::default();
        assembler.push(&[0x81, 127, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
        assert!(assembler.next().is_err());
    }

    #[test]
    fn whatever_a_server_sends_is_a_message_or_an_error() {
        bolero::check!().for_each(|bytes: &[u8]| {
            let mut assembler = Assembler::default();
            for piece in bytes.chunks(7) {
                assembler.push(piece);
                while let Ok(Some(_)) = assembler.next() {}
            }
        });
    }

    proptest! {
        #[test]
        fn messages_survive_any_cut(
            texts in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..70_000), 1..4),
            cut in 1usize..5_000,
        ) {
            let bytes: Vec<u8> = texts.iter().flat_map(|text| served(0x80 | TEXT, text)).collect();
            let (mut assembler, mut came) = (Assembler::default(), Vec::new());
            for piece in bytes.chunks(cut) {
                assembler.push(piece);
                while let Some(message) = assembler.next().unwrap() {
                    came.push(message);
                }
            }
            prop_assert_eq!(came, texts.into_iter().map(Message::Text).collect::<Vec<_>>());
        }
    }
}
