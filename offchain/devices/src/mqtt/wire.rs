//! Bytes to packets and back, in either version.
//!
//! The codec is `rmqtt-codec`'s. It is given whole frames of a bounded size alone: by itself it makes room for as many
//! bytes as a header promises. It is never told the client's maximum packet size, because it subtracts from it without
//! looking; that bound is kept here.

mod v3;
mod v5;

use bytes::BytesMut;
use rmqtt_codec::{
    error::{DecodeError, EncodeError},
    version::{ProtocolVersion, VersionCodec},
};
use thiserror::Error;
use tokio_util::codec::Decoder;

use super::packet::{Connect, Inbound, Outbound, Qos, Reason};

/// Why bytes are not MQTT. After any of these the connection ends: MQTT has no way to find the next packet.
#[derive(Debug, Error)]
pub(crate) enum WireError {
    /// Longer than is allowed here.
    #[error("a packet of {length} bytes is longer than {most}: send less at once")]
    TooLarge {
        /// Its length.
        length: usize,
        /// The most.
        most: usize,
    },
    /// The length that follows the first byte has more than four bytes.
    #[error("the length of a packet has more than four bytes")]
    Length,
    /// A packet with content that has none.
    #[error("a packet of type {0} has a body, and must not")]
    Body(u8),
    /// No version of MQTT that is spoken here.
    #[error("the first packet is not the CONNECT of MQTT 3.1, 3.1.1 or 5: {0}")]
    Version(DecodeError),
    /// Something else that no client sends.
    #[error("a packet is malformed: {0}")]
    Malformed(DecodeError),
    /// Ours, which cannot be written.
    #[error("an answer cannot be written: {0}")]
    Encode(#[from] EncodeError),
}

impl WireError {
    /// What the client is told.
    pub(crate) fn reason(&self) -> Reason {
        match self {
            Self::TooLarge { .. } => Reason::TooLarge,
            Self::Version(_) => Reason::UnsupportedVersion,
            Self::Length | Self::Body(_) | Self::Malformed(_) | Self::Encode(_) => {
                Reason::Malformed
            }
        }
    }
}

/// One side of one connection, after its CONNECT.
#[derive(Debug)]
pub(crate) struct Wire {
    codec: Codec,
    max_in: usize,
    /// The client's.
    max_out: usize,
}

#[derive(Debug)]
enum Codec {
    V3(rmqtt_codec::v3::Codec),
    V5(rmqtt_codec::v5::Codec),
}

impl Wire {
    /// Reads the CONNECT. None: it is not there yet. Packets after it may have `max_in` bytes, it itself `max_connect`.
    pub(crate) fn accept(
        buffer: &mut BytesMut,
        max_connect: usize,
        max_in: usize,
    ) -> Result<Option<(Self, Connect)>, WireError> {
        // What is no MQTT is known by its first byte, before a length is believed.
        if buffer.first().is_some_and(|first| *first != CONNECT) {
            return Err(WireError::Version(DecodeError::UnsupportedPacketType));
        }
        if !has_frame(buffer, max_connect)? {
            return Ok(None);
        }
        match VersionCodec.decode(buffer).map_err(WireError::Version)? {
            None => Err(WireError::Version(DecodeError::InvalidLength)),
            Some(ProtocolVersion::MQTT3) => {
                let (codec, connect) = v3::accept(buffer)?;
                Ok(Some((Self { codec: Codec::V3(codec), max_in, max_out: usize::MAX }, connect)))
            }
            Some(ProtocolVersion::MQTT5) => {
                let (codec, connect) = v5::accept(buffer)?;
                let max_out = connect.max_packet.and_then(|most| usize::try_from(most).ok());
                let max_out = max_out.unwrap_or(usize::MAX);
                Ok(Some((Self { codec: Codec::V5(codec), max_in, max_out }, connect)))
            }
        }
    }

    /// The next packet. None: it is not there yet.
    pub(crate) fn read(&mut self, buffer: &mut BytesMut) -> Result<Option<Inbound>, WireError> {
        if !has_frame(buffer, self.max_in)? {
            return Ok(None);
        }
        match &mut self.codec {
            Codec::V3(codec) => v3::read(codec, buffer).map(Some),
            Codec::V5(codec) => v5::read(codec, buffer).map(Some),
        }
    }

    /// Appends a packet. False: it is longer than the client takes, and was left out.
    pub(crate) fn write(
        &mut self,
        packet: Outbound,
        out: &mut BytesMut,
    ) -> Result<bool, WireError> {
        let before = out.len();
        match &mut self.codec {
            Codec::V3(codec) => v3::write(codec, packet, out)?,
            Codec::V5(codec) => v5::write(codec, packet, out)?,
        }
        if out.len() - before > self.max_out {
            out.truncate(before);
            return Ok(false);
        }
        Ok(true)
    }
}

const CONNECT: u8 = 0x10;
const PINGREQ: u8 = 0xc0;

/// Whether a whole packet is there, which has at most `most` bytes with its header.
fn has_frame(buffer: &[u8], most: usize) -> Result<bool, WireError> {
    let Some((first, rest)) = buffer.split_first() else { return Ok(false) };
    let mut length = 0_usize;
    for (at, byte) in rest.iter().take(4).enumerate() {
        length |= usize::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 != 0 {
            continue;
        }
        let whole = length + at + 2;
        if whole > most {
            return Err(WireError::TooLarge { length: whole, most });
        }
        if *first == PINGREQ && length > 0 {
            return Err(WireError::Body(first >> 4));
        }
        return Ok(buffer.len() >= whole);
    }
    if rest.len() >= 4 {
        return Err(WireError::Length);
    }
    Ok(false)
}

fn qos(of: rmqtt_codec::types::QoS) -> Qos {
    match of {
        rmqtt_codec::types::QoS::AtMostOnce => Qos::AtMostOnce,
        rmqtt_codec::types::QoS::AtLeastOnce => Qos::AtLeastOnce,
        rmqtt_codec::types::QoS::ExactlyOnce => Qos::ExactlyOnce,
    }
}

fn codec_qos(packet: u16) -> rmqtt_codec::types::QoS {
    if packet == 0 {
        rmqtt_codec::types::QoS::AtMostOnce
    } else {
        rmqtt_codec::types::QoS::AtLeastOnce
    }
}

#[cfg(test)]
mod tests;
