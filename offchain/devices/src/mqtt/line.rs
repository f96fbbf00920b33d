//! Packets over one connection.

use bytes::BytesMut;
use std::{io, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    time::timeout,
};

use super::{
    packet::{Connect, Inbound, Outbound},
    wire::{Wire, WireError},
};

/// The most bytes that one read brings.
const CHUNK: usize = 16_384;

/// The bytes that are made ready for a client that says nothing.
const IDLE: usize = 512;

/// One connection. What is read is bounded by the largest packet and one chunk.
#[derive(Debug)]
pub(crate) struct Line<S> {
    stream: S,
    input: BytesMut,
    output: BytesMut,
    /// Whether the last read filled what was made ready for it.
    filled: bool,
    wire: Wire,
    write_within: Duration,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Line<S> {
    /// Waits for the CONNECT. None: the other side said nothing and left.
    pub(crate) async fn open(
        mut stream: S,
        max_connect: usize,
        max_packet: usize,
        write_within: Duration,
    ) -> Result<Option<(Self, Connect)>, OpenError> {
        let mut input = BytesMut::with_capacity(IDLE);
        loop {
            if let Some((wire, connect)) = Wire::accept(&mut input, max_connect, max_packet)? {
                let output = BytesMut::new();
                let line = Self { stream, input, output, filled: false, wire, write_within };
                return Ok(Some((line, connect)));
            }
            if stream.read_buf(&mut input).await? == 0 {
                return Ok(None);
            }
        }
    }

    /// Reads what there is, and waits for something. False: the other side has closed. It may be dropped and called
    /// again.
    pub(crate) async fn read_more(&mut self) -> io::Result<bool> {
        if self.input.is_empty() && self.input.capacity() > CHUNK {
            self.input = BytesMut::new();
        }
        self.input.reserve(if self.filled || !self.input.is_empty() { CHUNK } else { IDLE });
        let read = self.stream.read_buf(&mut self.input).await?;
        self.filled = self.input.len() == self.input.capacity();
        Ok(read > 0)
    }

    /// The next packet of what was read.
    pub(crate) fn next(&mut self) -> Result<Option<Inbound>, WireError> {
        self.wire.read(&mut self.input)
    }

    /// Adds a packet to what is written next. False: it is larger than the client takes, and is left out.
    pub(crate) fn say(&mut self, packet: Outbound) -> Result<bool, WireError> {
        self.wire.write(packet, &mut self.output)
    }

    /// Writes everything.
    pub(crate) async fn flush(&mut self) -> io::Result<()> {
        if self.output.is_empty() {
            return Ok(());
        }
        let written = timeout(self.write_within, self.stream.write_all(&self.output)).await;
        self.output.clear();
        written.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?
    }

    /// Writes everything and closes.
    pub(crate) async fn close(mut self) {
        if self.flush().await.is_ok() {
            let _ = timeout(self.write_within, self.stream.shutdown()).await;
        }
    }
}

/// Why a connection does not begin.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OpenError {
    /// It is not MQTT.
    #[error(transparent)]
    Wire(#[from] WireError),
    /// It broke.
    #[error(transparent)]
    Io(#[from] io::Error),
}
