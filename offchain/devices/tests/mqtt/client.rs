//! A client that says exactly what a test wants, in either version.

use bytes::{Bytes, BytesMut};
use rmqtt_codec::{
    types::{Publish, QoS},
    v3, v5,
};
use std::{net::SocketAddr, num::NonZeroU16, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};
use tokio_util::codec::{Decoder, Encoder};

use super::{KEY, LONG};

pub fn id(number: u16) -> NonZeroU16 {
    NonZeroU16::new(number).unwrap()
}

pub fn publish(topic: &str, qos: QoS, packet: u16, payload: impl Into<Bytes>) -> Box<Publish> {
    Box::new(Publish {
        dup: false,
        retain: false,
        qos,
        topic: topic.to_owned().into(),
        packet_id: NonZeroU16::new(packet),
        payload: payload.into(),
        properties: None,
    })
}

/// A connection of one version, whose packets are `P`.
pub struct Client<C> {
    pub stream: TcpStream,
    buffer: BytesMut,
    codec: C,
}

pub type Client3 = Client<v3::Codec>;
pub type Client5 = Client<v5::Codec>;

impl<C> Client<C> {
    async fn over(address: SocketAddr, codec: C) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        Self { stream, buffer: BytesMut::new(), codec }
    }

    pub async fn raw(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).await.unwrap();
    }

    pub async fn send<P>(&mut self, packet: P)
    where
        C: Encoder<P>,
        C::Error: std::fmt::Debug,
    {
        let mut out = BytesMut::new();
        self.codec.encode(packet, &mut out).unwrap();
        self.stream.write_all(&out).await.unwrap();
    }

    /// The next packet; none when the other side has closed.
    pub async fn next<P>(&mut self) -> Option<P>
    where
        C: Decoder<Item = (P, u32)>,
        C::Error: std::fmt::Debug,
    {
        let read = async {
            loop {
                if let Some((packet, _)) = self.codec.decode(&mut self.buffer).unwrap() {
                    return Some(packet);
                }
                if self.stream.read_buf(&mut self.buffer).await.unwrap_or(0) == 0 {
                    return None;
                }
            }
        };
        timeout(LONG, read).await.expect("a packet or the end comes in time")
    }

    /// Whether nothing comes for a moment.
    pub async fn is_silent<P>(&mut self) -> bool
    where
        C: Decoder<Item = (P, u32)>,
        C::Error: std::fmt::Debug,
    {
        timeout(Duration::from_millis(150), self.next()).await.is_err()
    }
}

impl Client5 {
    pub async fn open(address: SocketAddr) -> Self {
        Self::over(address, v5::Codec::new(0, 0)).await
    }

    /// A CONNECT as a device sends it.
    pub fn introduction(identity: &str) -> v5::Connect {
        v5::Connect {
            clean_start: true,
            keep_alive: 60,
            client_id: identity.to_owned().into(),
            username: Some(identity.to_owned().into()),
            password: Some(Bytes::from_static(KEY.as_bytes())),
            ..v5::Connect::default()
        }
    }

    pub async fn connect_as(
        address: SocketAddr,
        connect: v5::Connect,
    ) -> (Self, Box<v5::ConnectAck>) {
        let mut client = Self::open(address).await;
        client.send(v5::Packet::from(connect)).await;
        match client.next().await {
            Some(v5::Packet::ConnectAck(ack)) => (client, ack),
            other => panic!("instead of a CONNACK came {other:?}"),
        }
    }

    pub async fn connect(address: SocketAddr, identity: &str) -> Self {
        let (client, ack) = Self::connect_as(address, Self::introduction(identity)).await;
        assert_eq!(ack.reason_code, v5::ConnectAckReason::Success);
        client
    }

    pub async fn publish(&mut self, topic: &str, qos: QoS, packet: u16, payload: &str) {
        self.send(v5::Packet::Publish(publish(topic, qos, packet, payload.to_owned()))).await;
    }

    pub async fn taken(&mut self) -> v5::PublishAck {
        match self.next().await {
            Some(v5::Packet::PublishAck(ack) | v5::Packet::PublishReceived(ack)) => ack,
            other => panic!("instead of a PUBACK or PUBREC came {other:?}"),
        }
    }

    pub async fn ping(&mut self) {
        self.send(v5::Packet::PingRequest).await;
        assert_eq!(self.next().await, Some(v5::Packet::PingResponse));
    }

    /// Why the other side says goodbye.
    pub async fn goodbye(&mut self) -> v5::DisconnectReasonCode {
        match self.next().await {
            Some(v5::Packet::Disconnect(goodbye)) => {
                assert_eq!(self.next::<v5::Packet>().await, None, "it closes then");
                goodbye.reason_code
            }
            other => panic!("instead of a DISCONNECT came {other:?}"),
        }
    }

    pub async fn subscribe(&mut self, filters: &[&str]) -> Vec<v5::SubscribeAckReason> {
        let options = v5::SubscriptionOptions { qos: QoS::ExactlyOnce, ..Default::default() };
        let filters = filters.iter().map(|filter| ((*filter).to_owned().into(), options)).collect();
        let subscribe = v5::Subscribe {
            packet_id: id(9),
            id: None,
            user_properties: Vec::new(),
            topic_filters: filters,
        };
        self.send(v5::Packet::from(subscribe)).await;
        match self.next().await {
            Some(v5::Packet::SubscribeAck(ack)) => ack.status,
            other => panic!("instead of a SUBACK came {other:?}"),
        }
    }

    pub async fn message(&mut self) -> Box<Publish> {
        match self.next().await {
            Some(v5::Packet::Publish(publish)) => publish,
            other => panic!("instead of a message came {other:?}"),
        }
    }
}

impl Client3 {
    pub fn introduction(identity: &str) -> v3::Connect {
        v3::Connect {
            clean_session: true,
            keep_alive: 60,
            client_id: identity.to_owned().into(),
            username: Some(identity.to_owned().into()),
            password: Some(Bytes::from_static(KEY.as_bytes())),
            ..v3::Connect::default()
        }
    }

    pub async fn connect_as(address: SocketAddr, connect: v3::Connect) -> (Self, v3::ConnectAck) {
        let mut client = Self::over(address, v3::Codec::new(0)).await;
        client.send(v3::Packet::from(connect)).await;
        match client.next().await {
            Some(v3::Packet::ConnectAck(ack)) => (client, ack),
            other => panic!("instead of a CONNACK came {other:?}"),
        }
    }

    pub async fn connect(address: SocketAddr, identity: &str) -> Self {
        let (client, ack) = Self::connect_as(address, Self::introduction(identity)).await;
        assert_eq!(ack.return_code, v3::ConnectAckReason::ConnectionAccepted);
        client
    }

    pub async fn publish(&mut self, topic: &str, qos: QoS, packet: u16, payload: &str) {
        self.send(v3::Packet::Publish(publish(topic, qos, packet, payload.to_owned()))).await;
    }
}
