//! MQTT 3.1 and 3.1.1.

use bytes::BytesMut;
use rmqtt_codec::{
    error::{DecodeError, EncodeError},
    types::{Publish, QoS},
    v3::{Codec, ConnectAck, ConnectAckReason, Packet, SubscribeReturnCode},
};
use std::num::NonZeroU16;
use tokio_util::codec::{Decoder, Encoder};

use super::{codec_qos, qos, WireError};
use crate::mqtt::packet::{self, Connect, Inbound, Outbound, Qos, Reason, Version, Welcome, Will};

fn decode(codec: &mut Codec, buffer: &mut BytesMut) -> Result<Packet, WireError> {
    let packet = codec.decode(buffer).map_err(WireError::Malformed)?;
    // A whole frame was in the buffer, so that there is no "not yet".
    packet.map(|(packet, _)| packet).ok_or(WireError::Malformed(DecodeError::InvalidLength))
}

pub(super) fn accept(buffer: &mut BytesMut) -> Result<(Codec, Connect), WireError> {
    let mut codec = Codec::new(0);
    let Packet::Connect(connect) = decode(&mut codec, buffer)? else {
        return Err(WireError::Version(DecodeError::UnsupportedPacketType));
    };
    let connect = *connect;
    let connect = Connect {
        version: Version::V3,
        client_id: connect.client_id.to_string(),
        clean: connect.clean_session,
        keep_alive: connect.keep_alive,
        username: connect.username.map(|name| name.to_string()),
        password: connect.password,
        will: connect.last_will.map(|will| Will {
            topic: will.topic.to_string(),
            payload: will.message,
            retain: will.retain,
            delay_s: 0,
        }),
        // A session of version 3 that is not clean lasts as long as the server lets it.
        expiry_s: if connect.clean_session { 0 } else { u32::MAX },
        receive_maximum: u16::MAX,
        max_packet: None,
        wants_exchange: false,
    };
    Ok((codec, connect))
}

pub(super) fn read(codec: &mut Codec, buffer: &mut BytesMut) -> Result<Inbound, WireError> {
    Ok(match decode(codec, buffer)? {
        Packet::Publish(publish) => Inbound::Publish(packet::Publish {
            qos: qos(publish.qos),
            retain: publish.retain,
            duplicate: publish.dup,
            topic: publish.topic.to_string(),
            alias: 0,
            packet: publish.packet_id.map_or(0, NonZeroU16::get),
            payload: publish.payload,
        }),
        Packet::PublishAck { packet_id } => {
            Inbound::Acknowledged { packet: packet_id.get(), refused: false }
        }
        Packet::PublishRelease { packet_id } => Inbound::Released { packet: packet_id.get() },
        Packet::Subscribe { packet_id, topic_filters } => Inbound::Subscribe {
            packet: packet_id.get(),
            filters: topic_filters
                .into_iter()
                .map(|(filter, wanted)| (filter.to_string(), qos(wanted)))
                .collect(),
            numbered: false,
        },
        Packet::Unsubscribe { packet_id, topic_filters } => Inbound::Unsubscribe {
            packet: packet_id.get(),
            filters: topic_filters.into_iter().map(|filter| filter.to_string()).collect(),
        },
        Packet::PingRequest => Inbound::Ping,
        Packet::Disconnect => Inbound::Goodbye { with_will: false, expiry_s: None },
        Packet::Connect(_) => Inbound::OutOfPlace("a second CONNECT"),
        Packet::ConnectAck(_) => Inbound::OutOfPlace("a CONNACK"),
        Packet::PublishReceived { .. } => Inbound::OutOfPlace("a PUBREC"),
        Packet::PublishComplete { .. } => Inbound::OutOfPlace("a PUBCOMP"),
        Packet::SubscribeAck { .. } => Inbound::OutOfPlace("a SUBACK"),
        Packet::UnsubscribeAck { .. } => Inbound::OutOfPlace("an UNSUBACK"),
        Packet::PingResponse => Inbound::OutOfPlace("a PINGRESP"),
    })
}

pub(super) fn write(
    codec: &mut Codec,
    packet: Outbound,
    out: &mut BytesMut,
) -> Result<(), WireError> {
    let packet = match packet {
        Outbound::Welcome(Welcome::Accepted { session_present, .. }) => {
            Packet::ConnectAck(ConnectAck {
                return_code: ConnectAckReason::ConnectionAccepted,
                session_present,
            })
        }
        Outbound::Welcome(Welcome::Refused { reason, .. }) => {
            Packet::ConnectAck(ConnectAck { return_code: refusal(reason), session_present: false })
        }
        Outbound::Publish { topic, packet, duplicate, retain, payload, answer_to: _ } => {
            Packet::Publish(Box::new(Publish {
                dup: duplicate,
                retain,
                qos: codec_qos(packet),
                topic: topic.into(),
                packet_id: NonZeroU16::new(packet),
                payload,
                properties: None,
            }))
        }
        Outbound::Taken { packet, qos: Qos::ExactlyOnce, .. } => {
            Packet::PublishReceived { packet_id: id(packet)? }
        }
        Outbound::Taken { packet, .. } => Packet::PublishAck { packet_id: id(packet)? },
        Outbound::Completed { packet, .. } => Packet::PublishComplete { packet_id: id(packet)? },
        Outbound::Subscribed { packet, granted } => Packet::SubscribeAck {
            packet_id: id(packet)?,
            status: granted
                .into_iter()
                .map(|granted| match granted {
                    Ok(Qos::AtMostOnce) => SubscribeReturnCode::Success(QoS::AtMostOnce),
                    Ok(_) => SubscribeReturnCode::Success(QoS::AtLeastOnce),
                    Err(_) => SubscribeReturnCode::Failure,
                })
                .collect(),
        },
        Outbound::Unsubscribed { packet, .. } => Packet::UnsubscribeAck { packet_id: id(packet)? },
        Outbound::Pong => Packet::PingResponse,
        // A server of version 3 closes without a word.
        Outbound::Goodbye { .. } => return Ok(()),
    };
    Ok(codec.encode(packet, out)?)
}

fn id(packet: u16) -> Result<NonZeroU16, EncodeError> {
    NonZeroU16::new(packet).ok_or(EncodeError::PacketIdRequired)
}

fn refusal(reason: Reason) -> ConnectAckReason {
    match reason {
        Reason::UnsupportedVersion => ConnectAckReason::UnacceptableProtocolVersion,
        Reason::ClientId => ConnectAckReason::IdentifierRejected,
        Reason::BadCredentials => ConnectAckReason::BadUserNameOrPassword,
        Reason::Unavailable | Reason::Busy | Reason::ShuttingDown | Reason::Quota => {
            ConnectAckReason::ServiceUnavailable
        }
        _ => ConnectAckReason::NotAuthorized,
    }
}
