//! What happens at each bound of the broker.

use super::{
    client::{id, publish, Client3, Client5},
    company::Company,
    said, until, House, MORNING,
};
use rmqtt_codec::{
    types::QoS,
    v3,
    v5::{self, DisconnectReasonCode, PublishProperties, SubscribeAckReason},
};
use std::time::Instant;
use tokio::{io::AsyncReadExt, net::TcpStream};

const UP: &str = "smartlink/v1/van7/up";

#[tokio::test]
async fn more_messages_than_may_be_open_end_the_connection() {
    let house = House::with(|config| config.in_flight = 3).await;
    house.enrol("van7");
    let mut connect = Client5::introduction("van7");
    connect.session_expiry_interval_secs = 60;
    let (mut device, ack) = Client5::connect_as(house.address, connect).await;
    assert_eq!(ack.receive_max, id(3));
    // Exactly once counts until it is released, whatever is on disk.
    for packet in 1..=3 {
        device.publish(UP, QoS::ExactlyOnce, packet, &said(MORNING)).await;
        device.taken().await;
    }
    device.publish(UP, QoS::AtLeastOnce, 4, &said(MORNING)).await;
    assert_eq!(device.goodbye().await, DisconnectReasonCode::ReceiveMaximumExceeded);
    assert_eq!(house.records().len(), 3);
}

#[tokio::test]
async fn a_device_of_version_3_is_read_no_further_while_the_disk_is_behind() {
    let house = House::with(|config| config.in_flight = 3).await;
    house.enrol("van7");
    let mut device = Client3::connect(house.address, "van7").await;
    house.gate().log().hold(true);
    for packet in 1..=3 {
        device.publish(UP, QoS::AtLeastOnce, packet, &said(MORNING)).await;
    }
    until("three messages came", || house.figures.messages.get() == 3).await;
    device.publish(UP, QoS::AtLeastOnce, 4, &said(MORNING)).await;
    assert!(device.is_silent::<v3::Packet>().await);
    assert_eq!(house.figures.messages.get(), 3);
    house.gate().log().hold(false);
    for packet in 1..=4 {
        assert_eq!(device.next().await, Some(v3::Packet::PublishAck { packet_id: id(packet) }));
    }
}

#[tokio::test]
async fn a_packet_that_is_too_long_ends_the_connection() {
    let house = House::with(|config| config.packet_bytes = 2_000).await;
    house.enrol("van7");
    let (mut device, ack) = Client5::connect_as(house.address, Client5::introduction("van7")).await;
    assert_eq!(ack.max_packet_size, Some(2_000));
    // What came before it is taken and acknowledged.
    device.publish(UP, QoS::AtLeastOnce, 1, &said(MORNING)).await;
    device.publish(&format!("{UP}/event"), QoS::AtLeastOnce, 2, &"x".repeat(2_000)).await;
    assert_eq!(device.taken().await.packet_id, id(1));
    assert_eq!(device.goodbye().await, DisconnectReasonCode::PacketTooLarge);
    assert_eq!(house.times(), [MORNING]);
}

#[tokio::test]
async fn what_is_not_mqtt_ends_the_connection() {
    let house = House::start().await;
    house.enrol("van7");
    for bytes in [b"GET / HTTP/1.1\r\n\r\n".as_slice(), b"\x10\xff\xff\xff\x7f", b"~\x00~"] {
        let mut client = Client5::open(house.address).await;
        client.raw(bytes).await;
        assert_eq!(client.next::<v5::Packet>().await, None);
    }
    let mut device = Client5::connect(house.address, "van7").await;
    device.raw(b"\x00\x00").await;
    assert_eq!(device.goodbye().await, DisconnectReasonCode::MalformedPacket);
    let mut device = Client5::connect(house.address, "van7").await;
    device.send(v5::Packet::from(Client5::introduction("van7"))).await;
    assert_eq!(device.goodbye().await, DisconnectReasonCode::ProtocolError);
    let mut device = Client3::connect(house.address, "van7").await;
    device.raw(b"\xd0\x00").await;
    assert_eq!(device.next::<v3::Packet>().await, None);
    assert_eq!(house.figures.protocol_errors.get(), 6);
}

#[tokio::test]
async fn who_takes_too_long_to_connect_is_closed() {
    let house = House::with(|config| config.connect_ms = 200).await;
    let mut client = Client5::open(house.address).await;
    client.raw(b"\x10\x20\x00\x04MQ").await;
    let start = Instant::now();
    assert_eq!(client.next::<v5::Packet>().await, None);
    assert!(start.elapsed().as_millis() < 5_000);
    assert_eq!(house.figures.slow_to_connect.get(), 1);
}

#[tokio::test]
async fn one_address_has_so_many_connections() {
    let house = House::with(|config| config.connections_per_address = 2).await;
    house.enrol("van7");
    let first = Client5::open(house.address).await;
    let mut second = Client5::connect(house.address, "van7").await;
    let mut third = TcpStream::connect(house.address).await.unwrap();
    // A reset or an end, as the system has it.
    assert_eq!(third.read(&mut [0; 8]).await.unwrap_or(0), 0);
    assert_eq!(house.figures.crowded.get(), 1);
    second.ping().await;
    drop(first);
    until("a place is free", || house.figures.connections.get() == 1).await;
    Client5::connect(house.address, "van7").await.ping().await;
}

#[tokio::test]
async fn who_sends_too_fast_is_read_more_slowly() {
    let house = House::with(|config| {
        config.messages_per_second = 100;
        config.message_burst = 10;
    })
    .await;
    house.enrol("van7");
    let mut device = Client3::connect(house.address, "van7").await;
    let start = Instant::now();
    for second in 0..60 {
        device.publish(UP, QoS::AtMostOnce, 0, &said(MORNING + second)).await;
        // One packet a segment, so that they are not read all at once.
        tokio::task::yield_now().await;
    }
    device.publish(UP, QoS::AtLeastOnce, 1, &said(MORNING + 60)).await;
    assert_eq!(device.next().await, Some(v3::Packet::PublishAck { packet_id: id(1) }));
    // Nothing is lost by it.
    assert_eq!(house.times(), (MORNING..=MORNING + 60).collect::<Vec<_>>());
    assert!(house.figures.throttled.get() > 0);
    device.send(v3::Packet::PingRequest).await;
    assert_eq!(device.next().await, Some(v3::Packet::PingResponse));
    assert!(start.elapsed().as_millis() >= 400, "{:?}", start.elapsed());
}

#[tokio::test]
async fn when_more_waits_than_may_wait_nothing_is_acknowledged() {
    let company = Company::with(|config| config.log.waiting_bytes = 1 << 20).await;
    let house = House::of(company, |_| {}).await;
    house.enrol("van7");
    let mut device = Client5::connect(house.address, "van7").await;
    house.gate().log().hold(true);
    let event = "x".repeat(60_000);
    for packet in 1..=20 {
        device.publish(&format!("{UP}/event"), QoS::AtLeastOnce, packet, &event).await;
    }
    until("the connection ends", || house.figures.cut.get() > 0).await;
    house.gate().log().hold(false);
    let mut acknowledged = 0;
    loop {
        match device.next().await {
            Some(v5::Packet::PublishAck(ack)) => {
                acknowledged += 1;
                assert_eq!(ack.packet_id, id(acknowledged));
            }
            Some(v5::Packet::Disconnect(goodbye)) => {
                assert_eq!(goodbye.reason_code, DisconnectReasonCode::ServerBusy);
                break;
            }
            other => panic!("instead of an acknowledgement came {other:?}"),
        }
    }
    assert_eq!(house.records().len(), usize::from(acknowledged));
    assert!((10..20).contains(&acknowledged), "{acknowledged}");
}

#[tokio::test]
async fn an_alias_stands_for_the_topic_it_was_given_to() {
    let house = House::with(|config| config.aliases = 2).await;
    house.enrol("van7");
    let aliased = |topic: &str, alias, packet, second| {
        let mut message = publish(topic, QoS::AtLeastOnce, packet, said(MORNING + second));
        let properties = PublishProperties { topic_alias: Some(id(alias)), ..Default::default() };
        message.properties = Some(properties);
        v5::Packet::Publish(message)
    };
    let (mut device, ack) = Client5::connect_as(house.address, Client5::introduction("van7")).await;
    assert_eq!(ack.topic_alias_max, 2);
    device.send(aliased(UP, 2, 1, 0)).await;
    device.send(aliased("", 2, 2, 1)).await;
    device.taken().await;
    device.taken().await;
    assert_eq!(house.times(), [MORNING, MORNING + 1]);
    device.send(aliased("", 1, 3, 2)).await;
    assert_eq!(device.goodbye().await, DisconnectReasonCode::ProtocolError);
    let mut device = Client5::connect(house.address, "van7").await;
    device.send(aliased(UP, 3, 3, 2)).await;
    assert_eq!(device.goodbye().await, DisconnectReasonCode::TopicAliasInvalid);
}

#[tokio::test]
async fn subscriptions_are_counted_and_a_command_that_is_too_long_fails() {
    let house = House::with(|config| config.subscriptions = 1).await;
    let van = house.enrol("van7");
    let mut connect = Client5::introduction("van7");
    connect.max_packet_size = std::num::NonZeroU32::new(600);
    let (mut device, _) = Client5::connect_as(house.address, connect).await;
    let granted =
        device.subscribe(&["smartlink/v1/van7/down/command", "smartlink/v1/van7/down/#"]).await;
    assert_eq!(granted, [SubscribeAckReason::GrantedQos1, SubscribeAckReason::QuotaExceeded]);
    let long = smartlink_devices::Command::Text {
        text: "x".repeat(1_000),
        shown: smartlink_devices::commands::TextShown::default(),
    };
    let issued = house.gate().command(van, "long", long, None).unwrap();
    let short = smartlink_devices::Command::QueryPosition;
    house.gate().command(van, "short", short, None).unwrap();
    let message = device.message().await;
    assert!(message.payload.windows(14).any(|part| part == b"query_position"));
    let state = house.gate().commands().command(issued.id).unwrap().state;
    assert!(state.is_over(), "{state:?}");
}

#[tokio::test]
async fn a_keep_alive_that_is_too_long_is_replaced() {
    let house = House::with(|config| config.keep_alive_s = 100).await;
    house.enrol("van7");
    for (wanted, told) in [(0, Some(100)), (101, Some(100)), (100, None), (7, None)] {
        let mut connect = Client5::introduction("van7");
        connect.keep_alive = wanted;
        let (_, ack) = Client5::connect_as(house.address, connect).await;
        assert_eq!(ack.server_keepalive_sec, told);
    }
}

#[tokio::test]
async fn hostile_bytes_after_connect_harm_nobody_else() {
    let house = House::start().await;
    house.enrol("van7");
    house.enrol("van8");
    let mut other = Client5::connect(house.address, "van8").await;
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    for _ in 0..50 {
        let mut device = Client5::connect(house.address, "van7").await;
        let noise: Vec<u8> = (0..200)
            .map(|_| {
                seed ^= seed << 13;
                seed ^= seed >> 7;
                seed ^= seed << 17;
                seed.to_le_bytes()[0]
            })
            .collect();
        device.raw(&noise).await;
        drop(device);
    }
    other.publish("smartlink/v1/van8/up", QoS::AtLeastOnce, 1, &said(MORNING)).await;
    other.taken().await;
    assert_eq!(house.times().len(), 1);
}
