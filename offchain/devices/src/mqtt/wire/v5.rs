//! MQTT 5.

use bytes::BytesMut;
use rmqtt_codec::{
    error::{DecodeError, EncodeError},
    types::Publish,
    v5::{
        Codec, ConnectAck, ConnectAckReason, Disconnect, DisconnectReasonCode, Packet, PublishAck,
        PublishAck2, PublishAck2Reason, PublishAckReason, PublishProperties, SubscribeAck,
        SubscribeAckReason, UnsubscribeAck, UnsubscribeAckReason,
    },
};
use std::num::{NonZeroU16, NonZeroU32};
use tokio_util::codec::{Decoder, Encoder};

use super::{codec_qos, qos, WireError};
use crate::mqtt::packet::{self, Connect, Inbound, Outbound, Qos, Reason, Version, Welcome, Will};

fn decode(codec: &mut Codec, buffer: &mut BytesMut) -> Result<Packet, WireError> {
    let packet = codec.decode(buffer).map_err(WireError::Malformed)?;
    // A whole frame was in the buffer, so that there is no "not yet".
    packet.map(|(packet, _)| packet).ok_or(WireError::Malformed(DecodeError::InvalidLength))
}

pub(super) fn accept(buffer: &mut BytesMut) -> Result<(Codec, Connect), WireError> {
    let mut codec = Codec::new(0, 0);
    let Packet::Connect(connect) = decode(&mut codec, buffer)? else {
        return Err(WireError::Version(DecodeError::UnsupportedPacketType));
    };
    let connect = *connect;
    let connect = Connect {
        version: Version::V5,
        client_id: connect.client_id.to_string(),
        clean: connect.clean_start,
        keep_alive: connect.keep_alive,
        username: connect.username.map(|name| name.to_string()),
        password: connect.password,
        will: connect.last_will.map(|will| Will {
            topic: will.topic.to_string(),
            payload: will.message,
            retain: will.retain,
            delay_s: will.will_delay_interval_sec.unwrap_or(0),
        }),
        expiry_s: connect.session_expiry_interval_secs,
        receive_maximum: connect.receive_max.map_or(u16::MAX, NonZeroU16::get),
        max_packet: connect.max_packet_size.map(NonZeroU32::get),
        wants_exchange: connect.auth_method.is_some() || connect.auth_data.is_some(),
    };
    Ok((codec, connect))
}

pub(super) fn read(codec: &mut Codec, buffer: &mut BytesMut) -> Result<Inbound, WireError> {
    Ok(match decode(codec, buffer)? {
        Packet::Publish(publish) => {
            let properties = publish.properties.unwrap_or_default();
            if !properties.subscription_ids.is_empty() {
                return Ok(Inbound::OutOfPlace("a subscription identifier in a PUBLISH"));
            }
            if publish.topic.is_empty() && properties.topic_alias.is_none() {
                return Ok(Inbound::OutOfPlace("a PUBLISH with neither topic nor alias"));
            }
            Inbound::Publish(packet::Publish {
                qos: qos(publish.qos),
                retain: publish.retain,
                duplicate: publish.dup,
                topic: publish.topic.to_string(),
                alias: properties.topic_alias.map_or(0, NonZeroU16::get),
                packet: publish.packet_id.map_or(0, NonZeroU16::get),
                payload: publish.payload,
            })
        }
        Packet::PublishAck(ack) => Inbound::Acknowledged {
            packet: ack.packet_id.get(),
            refused: u8::from(ack.reason_code) >= 128,
        },
        Packet::PublishRelease(release) => Inbound::Released { packet: release.packet_id.get() },
        Packet::Subscribe(subscribe) => Inbound::Subscribe {
            packet: subscribe.packet_id.get(),
            filters: subscribe
                .topic_filters
                .into_iter()
                .map(|(filter, options)| (filter.to_string(), qos(options.qos)))
                .collect(),
            numbered: subscribe.id.is_some(),
        },
        Packet::Unsubscribe(unsubscribe) => Inbound::Unsubscribe {
            packet: unsubscribe.packet_id.get(),
            filters: unsubscribe
                .topic_filters
                .into_iter()
                .map(|filter| filter.to_string())
                .collect(),
        },
        Packet::PingRequest => Inbound::Ping,
        Packet::Disconnect(goodbye) => Inbound::Goodbye {
            with_will: goodbye.reason_code != DisconnectReasonCode::NormalDisconnection,
            expiry_s: goodbye.session_expiry_interval_secs,
        },
        Packet::Connect(_) => Inbound::OutOfPlace("a second CONNECT"),
        Packet::ConnectAck(_) => Inbound::OutOfPlace("a CONNACK"),
        Packet::PublishReceived(_) => Inbound::OutOfPlace("a PUBREC"),
        Packet::PublishComplete(_) => Inbound::OutOfPlace("a PUBCOMP"),
        Packet::SubscribeAck(_) => Inbound::OutOfPlace("a SUBACK"),
        Packet::UnsubscribeAck(_) => Inbound::OutOfPlace("an UNSUBACK"),
        Packet::PingResponse => Inbound::OutOfPlace("a PINGRESP"),
        Packet::Auth(_) => Inbound::OutOfPlace("an AUTH"),
    })
}

pub(super) fn write(
    codec: &mut Codec,
    packet: Outbound,
    out: &mut BytesMut,
) -> Result<(), WireError> {
    let packet = match packet {
        Outbound::Welcome(welcome) => Packet::ConnectAck(Box::new(connect_ack(welcome))),
        Outbound::Publish { topic, packet, duplicate, retain, payload, answer_to } => {
            let (response_topic, correlation_data) = answer_to.unzip();
            let properties = PublishProperties {
                response_topic: response_topic.map(Into::into),
                correlation_data,
                ..PublishProperties::default()
            };
            Packet::Publish(Box::new(Publish {
                dup: duplicate,
                retain,
                qos: codec_qos(packet),
                topic: topic.into(),
                packet_id: NonZeroU16::new(packet),
                payload,
                properties: Some(properties),
            }))
        }
        Outbound::Taken { packet, qos, refused } => {
            let (reason, because) = refused.unzip();
            let ack = PublishAck {
                packet_id: id(packet)?,
                reason_code: reason.map_or(PublishAckReason::Success, publish_reason),
                properties: Vec::new(),
                reason_string: because.map(|because| short(because).into()),
            };
            match qos {
                Qos::ExactlyOnce => Packet::PublishReceived(ack),
                Qos::AtMostOnce | Qos::AtLeastOnce => Packet::PublishAck(ack),
            }
        }
        Outbound::Completed { packet, known } => Packet::PublishComplete(PublishAck2 {
            packet_id: id(packet)?,
            reason_code: if known {
                PublishAck2Reason::Success
            } else {
                PublishAck2Reason::PacketIdNotFound
            },
            properties: Vec::new(),
            reason_string: None,
        }),
        Outbound::Subscribed { packet, granted } => Packet::SubscribeAck(SubscribeAck {
            packet_id: id(packet)?,
            properties: Vec::new(),
            reason_string: None,
            status: granted.into_iter().map(subscribe_reason).collect(),
        }),
        Outbound::Unsubscribed { packet, known } => Packet::UnsubscribeAck(UnsubscribeAck {
            packet_id: id(packet)?,
            properties: Vec::new(),
            reason_string: None,
            status: known
                .into_iter()
                .map(|known| match known {
                    true => UnsubscribeAckReason::Success,
                    false => UnsubscribeAckReason::NoSubscriptionExisted,
                })
                .collect(),
        }),
        Outbound::Pong => Packet::PingResponse,
        Outbound::Goodbye { reason, because } => {
            let mut goodbye = Disconnect::new(disconnect_reason(reason));
            goodbye.reason_string = Some(short(because).into());
            Packet::Disconnect(goodbye)
        }
    };
    Ok(codec.encode(packet, out)?)
}

fn connect_ack(welcome: Welcome) -> ConnectAck {
    match welcome {
        Welcome::Accepted {
            session_present,
            expiry_s,
            receive_maximum,
            max_packet,
            alias_maximum,
            keep_alive,
        } => ConnectAck {
            session_present,
            session_expiry_interval_secs: Some(expiry_s),
            // A window of nothing cannot be told; the configuration has at least 1.
            receive_max: NonZeroU16::new(receive_maximum).unwrap_or(NonZeroU16::MIN),
            max_packet_size: Some(max_packet),
            topic_alias_max: alias_maximum,
            subscription_identifiers_available: false,
            shared_subscription_available: false,
            server_keepalive_sec: keep_alive,
            ..ConnectAck::default()
        },
        Welcome::Refused { reason, because } => ConnectAck {
            reason_code: connect_reason(reason),
            reason_string: Some(short(because).into()),
            ..ConnectAck::default()
        },
    }
}

/// The codec's arithmetic for lengths holds for strings below 128 bytes.
fn short(mut because: String) -> String {
    let mut end = because.len().min(100);
    while !because.is_char_boundary(end) {
        end -= 1;
    }
    because.truncate(end);
    because
}

fn id(packet: u16) -> Result<NonZeroU16, EncodeError> {
    NonZeroU16::new(packet).ok_or(EncodeError::PacketIdRequired)
}

fn connect_reason(reason: Reason) -> ConnectAckReason {
    ConnectAckReason::try_from(reason as u8).unwrap_or(ConnectAckReason::UnspecifiedError)
}

fn publish_reason(reason: Reason) -> PublishAckReason {
    PublishAckReason::try_from(reason as u8).unwrap_or(PublishAckReason::UnspecifiedError)
}

fn disconnect_reason(reason: Reason) -> DisconnectReasonCode {
    DisconnectReasonCode::try_from(reason as u8).unwrap_or(DisconnectReasonCode::UnspecifiedError)
}

fn subscribe_reason(granted: Result<Qos, Reason>) -> SubscribeAckReason {
    match granted {
        Ok(Qos::AtMostOnce) => SubscribeAckReason::GrantedQos0,
        Ok(_) => SubscribeAckReason::GrantedQos1,
        Err(reason) => SubscribeAckReason::try_from(reason as u8)
            .unwrap_or(SubscribeAckReason::UnspecifiedError),
    }
}
