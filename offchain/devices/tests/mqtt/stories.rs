//! What devices and operators live through with our broker.

use super::{
    client::{id, publish, Client3, Client5},
    said, until, House, KEY, MORNING,
};
use bytes::Bytes;
use flate2::{write::GzEncoder, Compression};
use rmqtt_codec::{
    types::QoS,
    v3,
    v5::{
        self, ConnectAckReason, DisconnectReasonCode, PublishAck2, PublishAck2Reason,
        PublishAckReason, SubscribeAckReason,
    },
};
use smartlink_devices::{
    commands::CommandState,
    mqtt::{OperatorAccount, EVENT, STATE},
    Command, TerminalState,
};
use smartlink_records::{Channel, Flags, Quantity};
use smartlink_service::Secret;
use std::{io::Write, time::Instant};

const UP: &str = "smartlink/v1/van7/up";
const DOWN: &str = "smartlink/v1/van7/down/command";

#[tokio::test]
async fn a_message_is_acknowledged_when_the_disk_has_it() {
    let house = House::start().await;
    let van = house.enrol("van7");
    let mut device = Client5::connect(house.address, "van7").await;
    house.gate().log().hold(true);
    device.publish(UP, QoS::AtLeastOnce, 1, &said(MORNING)).await;
    device.publish(UP, QoS::ExactlyOnce, 2, &said(MORNING + 1)).await;
    // The broker has read both: it answers what came after them.
    device.ping().await;
    assert!(device.is_silent::<v5::Packet>().await);
    assert!(house.times().is_empty());

    house.gate().log().hold(false);
    let taken = device.taken().await;
    assert_eq!((taken.packet_id, taken.reason_code), (id(1), PublishAckReason::Success));
    assert_eq!(device.taken().await.packet_id, id(2));
    let records = house.records();
    assert_eq!(records.len(), 2);
    assert!(records.iter().all(|record| record.terminal == van && record.channel == Channel::Mqtt));
    let report = &records[0].report;
    assert_eq!(report.position.unwrap().latitude, 31_230_416);
    assert_eq!(report.flags, Flags::IGNITION);
}

#[tokio::test]
async fn a_message_of_exactly_once_is_taken_once() {
    let house = House::start().await;
    house.enrol("van7");
    let mut connect = Client5::introduction("van7");
    connect.session_expiry_interval_secs = 60;
    connect.clean_start = false;
    let (mut device, ack) = Client5::connect_as(house.address, connect.clone()).await;
    assert!(!ack.session_present);
    let mut message = publish(UP, QoS::ExactlyOnce, 5, said(MORNING));
    device.send(v5::Packet::Publish(message.clone())).await;
    assert_eq!(device.taken().await.packet_id, id(5));
    message.dup = true;
    device.send(v5::Packet::Publish(message.clone())).await;
    assert_eq!(device.taken().await.packet_id, id(5));

    // The connection breaks; the session does not.
    drop(device);
    let (mut device, ack) = Client5::connect_as(house.address, connect).await;
    assert!(ack.session_present);
    device.send(v5::Packet::Publish(message)).await;
    assert_eq!(device.taken().await.packet_id, id(5));
    for reason in [PublishAck2Reason::Success, PublishAck2Reason::PacketIdNotFound] {
        let release = PublishAck2 { packet_id: id(5), ..PublishAck2::default() };
        device.send(v5::Packet::PublishRelease(release)).await;
        match device.next().await {
            Some(v5::Packet::PublishComplete(done)) => assert_eq!(done.reason_code, reason),
            other => panic!("instead of a PUBCOMP came {other:?}"),
        }
    }
    // The identifier is free again.
    device.publish(UP, QoS::ExactlyOnce, 5, &said(MORNING + 9)).await;
    device.taken().await;
    assert_eq!(house.times(), [MORNING, MORNING + 9]);
    assert_eq!(house.figures.duplicates.get(), 2);
}

#[tokio::test]
async fn a_device_speaks_and_hears_below_its_own_identity_alone() {
    let house = House::start().await;
    house.enrol("van7");
    house.enrol("van8");
    let mut device = Client5::connect(house.address, "van7").await;
    for (packet, topic) in [(1, "smartlink/v1/van8/up"), (2, DOWN), (3, "elsewhere")] {
        device.publish(topic, QoS::AtLeastOnce, packet, &said(MORNING)).await;
        assert_eq!(device.taken().await.reason_code, PublishAckReason::NotAuthorized, "{topic}");
    }
    let granted = device
        .subscribe(&[DOWN, "smartlink/v1/van8/down/command", "#", "smartlink/v1/+/up", "a/#/b"])
        .await;
    assert_eq!(
        granted,
        [
            SubscribeAckReason::GrantedQos1,
            SubscribeAckReason::NotAuthorized,
            SubscribeAckReason::NotAuthorized,
            SubscribeAckReason::NotAuthorized,
            SubscribeAckReason::TopicFilterInvalid,
        ]
    );
    // Version 3 has no word for it: the connection ends.
    let mut device = Client3::connect(house.address, "van8").await;
    let filters =
        vec![("smartlink/v1/van8/down/#".into(), QoS::AtMostOnce), ("#".into(), QoS::AtMostOnce)];
    device.send(v3::Packet::Subscribe { packet_id: id(1), topic_filters: filters }).await;
    let status =
        vec![v3::SubscribeReturnCode::Success(QoS::AtMostOnce), v3::SubscribeReturnCode::Failure];
    assert_eq!(device.next().await, Some(v3::Packet::SubscribeAck { packet_id: id(1), status }));
    device.publish(UP, QoS::AtLeastOnce, 1, &said(MORNING)).await;
    assert_eq!(device.next::<v3::Packet>().await, None);
    assert!(house.times().is_empty());
    assert_eq!(house.figures.not_allowed.get(), 3 + 4 + 1 + 1);
}

#[tokio::test]
async fn who_does_not_prove_who_they_are_is_told_so() {
    let house = House::start().await;
    let van = house.enrol("van7");
    let refused = |change: fn(&mut v5::Connect)| {
        let mut connect = Client5::introduction("van7");
        change(&mut connect);
        async { Client5::connect_as(house.address, connect).await.1.reason_code }
    };
    let wrong_key = refused(|connect| connect.password = Some(Bytes::from_static(b"wrong"))).await;
    assert_eq!(wrong_key, ConnectAckReason::BadUserNameOrPassword);
    let no_key = refused(|connect| connect.password = None).await;
    assert_eq!(no_key, ConnectAckReason::BadUserNameOrPassword);
    let unknown = refused(|connect| {
        connect.client_id = "van9".into();
        connect.username = Some("van9".into());
    });
    assert_eq!(unknown.await, ConnectAckReason::BadUserNameOrPassword);
    let other_id = refused(|connect| connect.client_id = "somebody".into()).await;
    assert_eq!(other_id, ConnectAckReason::ClientIdentifierNotValid);
    let no_topic = refused(|connect| {
        connect.client_id = "van/7".into();
        connect.username = None;
    });
    assert_eq!(no_topic.await, ConnectAckReason::ClientIdentifierNotValid);
    let method = refused(|connect| connect.auth_method = Some("SCRAM-SHA-1".into())).await;
    assert_eq!(method, ConnectAckReason::BadAuthenticationMethod);
    house.gate().set_state(van, TerminalState::Suspended).unwrap();
    assert_eq!(refused(|_| {}).await, ConnectAckReason::NotAuthorized);
    let (_, ack) = Client3::connect_as(house.address, Client3::introduction("van7")).await;
    assert_eq!(ack.return_code, v3::ConnectAckReason::NotAuthorized);
    assert_eq!(house.figures.not_admitted.get(), 8);

    let strangers = house.gate().quarantined(10);
    assert_eq!(strangers.len(), 1, "who is unknown is shown");
    assert_eq!(strangers[0].identity.text(), "van9");
}

#[tokio::test]
async fn a_device_that_is_suspended_is_sent_away() {
    let house = House::start().await;
    let van = house.enrol("van7");
    let mut device = Client5::connect(house.address, "van7").await;
    device.ping().await;
    house.gate().set_state(van, TerminalState::Suspended).unwrap();
    assert_eq!(device.goodbye().await, DisconnectReasonCode::AdministrativeAction);
}

#[tokio::test]
async fn a_payload_that_says_nothing_costs_only_itself() {
    let house = House::start().await;
    house.enrol("van7");
    let mut device = Client5::connect(house.address, "van7").await;
    device.publish(UP, QoS::AtLeastOnce, 1, r#"{"time":1795420800,"sped":3}"#).await;
    device.publish(UP, QoS::ExactlyOnce, 2, "no JSON").await;
    device.publish(UP, QoS::AtLeastOnce, 3, &said(MORNING)).await;
    let refused = device.taken().await;
    assert_eq!(
        (refused.packet_id, refused.reason_code),
        (id(1), PublishAckReason::PayloadFormatInvalid)
    );
    assert!(refused.reason_string.unwrap().contains("`sped`"));
    // What is refused is over: it needs no release.
    assert_eq!(device.taken().await.reason_code, PublishAckReason::PayloadFormatInvalid);
    let taken = device.taken().await;
    assert_eq!((taken.packet_id, taken.reason_code), (id(3), PublishAckReason::Success));

    // Version 3 cannot be told; not to acknowledge it would bring it back for ever.
    let mut device = Client3::connect(house.address, "van7").await;
    device.publish(UP, QoS::AtLeastOnce, 7, "no JSON").await;
    assert_eq!(device.next().await, Some(v3::Packet::PublishAck { packet_id: id(7) }));
    device.publish(UP, QoS::ExactlyOnce, 8, "no JSON").await;
    assert_eq!(device.next().await, Some(v3::Packet::PublishReceived { packet_id: id(8) }));
    device.send(v3::Packet::PublishRelease { packet_id: id(8) }).await;
    assert_eq!(device.next().await, Some(v3::Packet::PublishComplete { packet_id: id(8) }));
    assert_eq!(house.times(), [MORNING]);
    assert_eq!(house.figures.bad_payloads.get(), 4);
}

#[tokio::test]
async fn the_newer_connection_of_a_device_holds() {
    let house = House::start().await;
    house.enrol("van7");
    let mut older = Client5::connect(house.address, "van7").await;
    older.ping().await;
    let mut newer = Client5::connect(house.address, "van7").await;
    assert_eq!(older.goodbye().await, DisconnectReasonCode::SessionTakenOver);
    newer.publish(UP, QoS::AtLeastOnce, 1, &said(MORNING)).await;
    newer.taken().await;
    assert_eq!(house.gate().online(), 1);
    assert_eq!(house.figures.taken_over.get(), 1);
}

#[tokio::test]
async fn who_is_silent_for_too_long_is_gone_and_the_will_says_so() {
    let house = House::start().await;
    house.enrol("van7");
    let mut connect = Client5::introduction("van7");
    connect.keep_alive = 1;
    connect.last_will = Some(will("up/state", "offline"));
    let (mut device, _) = Client5::connect_as(house.address, connect).await;
    let start = Instant::now();
    assert_eq!(device.goodbye().await, DisconnectReasonCode::KeepAliveTimeout);
    let silent = start.elapsed().as_millis();
    assert!((1_400..3_500).contains(&silent), "{silent} ms");
    house.has(1).await;
    let attachment = house.reports().remove(0).attachment.unwrap();
    assert_eq!((attachment.kind, attachment.bytes.as_slice()), (STATE, b"offline".as_slice()));
    assert_eq!(house.figures.silent.get(), 1);
}

fn will(below: &str, message: &'static str) -> v5::LastWill {
    v5::LastWill {
        qos: QoS::AtLeastOnce,
        retain: true,
        topic: format!("smartlink/v1/van7/{below}").into(),
        message: Bytes::from_static(message.as_bytes()),
        will_delay_interval_sec: None,
        correlation_data: None,
        message_expiry_interval: None,
        content_type: None,
        user_properties: Vec::new(),
        is_utf8_payload: None,
        response_topic: None,
    }
}

#[tokio::test]
async fn a_will_is_said_unless_the_device_says_goodbye_or_comes_back() {
    let house = House::start().await;
    house.enrol("van7");
    let mut connect = Client5::introduction("van7");
    connect.last_will = Some(will("up/event", "gone"));
    let (mut device, _) = Client5::connect_as(house.address, connect.clone()).await;
    device.send(v5::Packet::from(v5::Disconnect::default())).await;
    assert_eq!(device.next::<v5::Packet>().await, None);
    assert_eq!(house.figures.wills.get(), 0);

    // A will that waits is taken back by who comes back in time.
    let mut waiting = connect.clone();
    waiting.clean_start = false;
    waiting.session_expiry_interval_secs = 60;
    waiting.last_will.as_mut().unwrap().will_delay_interval_sec = Some(30);
    let (device, _) = Client5::connect_as(house.address, waiting.clone()).await;
    drop(device);
    until("the device is gone", || house.gate().online() == 0).await;
    let (device, ack) = Client5::connect_as(house.address, waiting.clone()).await;
    assert!(ack.session_present);
    drop(device);
    until("the device is gone", || house.gate().online() == 0).await;
    assert_eq!(house.figures.wills.get(), 0);

    // It is said when its session ends, because a clean one begins.
    let (device, ack) = Client5::connect_as(house.address, connect.clone()).await;
    assert!(!ack.session_present);
    assert_eq!(house.figures.wills.get(), 1);
    // And at once by a connection that breaks.
    drop(device);
    house.has(2).await;
    assert!(house.reports().iter().all(|report| report.attachment.as_ref().unwrap().kind == EVENT));

    // A will below somebody else is none.
    connect.last_will.as_mut().unwrap().topic = "smartlink/v1/van8/up/event".into();
    let (_, ack) = Client5::connect_as(house.address, connect).await;
    assert_eq!(ack.reason_code, ConnectAckReason::NotAuthorized);
}

#[tokio::test]
async fn a_command_goes_down_and_its_answer_comes_up() {
    let house = House::start().await;
    let van = house.enrol("van7");
    let first = house.gate().command(van, "first", Command::QueryPosition, None).unwrap();
    let mut device = Client5::connect(house.address, "van7").await;
    // It is given to who listens, not to who is merely there.
    device.ping().await;
    assert_eq!(device.subscribe(&[DOWN]).await, [SubscribeAckReason::GrantedQos1]);
    let message = device.message().await;
    assert_eq!((&*message.topic, message.qos), (DOWN, QoS::AtLeastOnce));
    let command: serde_json::Value = serde_json::from_slice(&message.payload).unwrap();
    assert_eq!(command["id"], first.id.0);
    assert_eq!(command["command"]["kind"], "query_position");
    let properties = message.properties.unwrap();
    let answer_to = properties.response_topic.unwrap();
    assert_eq!(&*answer_to, format!("{UP}/answer/{}", first.id.0));
    assert_eq!(properties.correlation_data.unwrap(), first.id.0.to_string());
    let packet_id = message.packet_id.unwrap();
    device.send(v5::Packet::PublishAck(v5::PublishAck { packet_id, ..Default::default() })).await;

    device.publish(&answer_to, QoS::AtLeastOnce, 3, r#"{"done":true,"content":{"lat":31}}"#).await;
    assert_eq!(device.taken().await.reason_code, PublishAckReason::Success);
    match house.gate().commands().command(first.id).unwrap().state {
        CommandState::Answered { answer, .. } => assert_eq!(answer.content["lat"], 31),
        state => panic!("instead of answered it is {state:?}"),
    }

    // A command that comes later goes out at once; one that the device refuses has failed.
    let custom = Command::Custom { name: "beep".into(), payload: serde_json::json!({"times": 3}) };
    let second = house.gate().command(van, "second", custom, None).unwrap();
    let packet_id = device.message().await.packet_id.unwrap();
    let reason_code = PublishAckReason::ImplementationSpecificError;
    let refusal = v5::PublishAck { packet_id, reason_code, ..Default::default() };
    device.send(v5::Packet::PublishAck(refusal)).await;
    device.ping().await;
    let state = house.gate().commands().command(second.id).unwrap().state;
    assert!(matches!(state, CommandState::Failed { .. }), "{state:?}");

    // An answer to what was never asked, and one that is none.
    device.publish(&format!("{UP}/answer/999"), QoS::AtLeastOnce, 4, r#"{"done":true}"#).await;
    assert_eq!(device.taken().await.reason_code, PublishAckReason::TopicNameInvalid);
    device.publish(&format!("{UP}/answer/1"), QoS::AtLeastOnce, 5, "yes").await;
    assert_eq!(device.taken().await.reason_code, PublishAckReason::PayloadFormatInvalid);
}

#[tokio::test]
async fn a_command_that_was_not_answered_goes_to_the_next_connection() {
    let house = House::start().await;
    let van = house.enrol("van7");
    let mut connect = Client5::introduction("van7");
    connect.clean_start = false;
    connect.session_expiry_interval_secs = 60;
    let (mut device, _) = Client5::connect_as(house.address, connect.clone()).await;
    device.subscribe(&[DOWN]).await;
    let issued = house.gate().command(van, "one", Command::QueryAttributes, None).unwrap();
    device.message().await;
    drop(device);
    // The session knows what the device hears.
    let (mut device, ack) = Client5::connect_as(house.address, connect).await;
    assert!(ack.session_present);
    let command: serde_json::Value =
        serde_json::from_slice(&device.message().await.payload).unwrap();
    assert_eq!(command["id"], issued.id.0);
}

#[tokio::test]
async fn every_topic_of_a_device_has_its_form() {
    let house = House::start().await;
    house.enrol("van7");
    let mut device = Client5::connect(house.address, "van7").await;
    let list = format!("[{},{}]", said(MORNING), said(MORNING + 1));
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(list.as_bytes()).unwrap();
    let batch = publish(&format!("{UP}/batch"), QoS::AtLeastOnce, 1, gzip.finish().unwrap());
    device.send(v5::Packet::Publish(batch)).await;
    device.publish(UP, QoS::AtLeastOnce, 2, &list).await;
    device.publish(&format!("{UP}/obd"), QoS::AtLeastOnce, 3, "41 0D 3C").await;
    device.publish(&format!("{UP}/event"), QoS::AtLeastOnce, 4, &said(MORNING + 2)).await;
    device.publish(&format!("{UP}/event"), QoS::AtLeastOnce, 5, "door forced").await;
    for packet in 1..=5 {
        let taken = device.taken().await;
        assert_eq!((taken.packet_id, taken.reason_code), (id(packet), PublishAckReason::Success));
    }
    let reports = house.reports();
    assert_eq!(house.times()[..4], [MORNING, MORNING + 1, MORNING, MORNING + 1]);
    assert_eq!(reports[4].reading(Quantity::VehicleSpeed), Some(600));
    assert_eq!(reports[5].time_ms, (MORNING + 2) * 1000);
    assert_eq!(reports[6].attachment.as_ref().unwrap().bytes, b"door forced");
}

#[tokio::test]
async fn an_operator_hears_what_devices_say_and_says_nothing() {
    const OPERATOR_KEY: &str = "the operator's own key";
    let house = House::with(|config| {
        let key = Secret::new(OPERATOR_KEY.to_owned());
        config.operators = vec![OperatorAccount { name: "control-room".to_owned(), key }];
    })
    .await;
    house.enrol("van7");
    house.enrol("van8");
    let mut device = Client5::connect(house.address, "van7").await;
    let mut state = publish(&format!("{UP}/state"), QoS::AtLeastOnce, 1, "awake");
    state.retain = true;
    device.send(v5::Packet::Publish(state)).await;
    device.taken().await;

    let mut connect = Client5::introduction("control-room");
    let (_, ack) = Client5::connect_as(house.address, connect.clone()).await;
    assert_eq!(ack.reason_code, ConnectAckReason::BadUserNameOrPassword);
    connect.password = Some(Bytes::from_static(OPERATOR_KEY.as_bytes()));
    connect.client_id = "desk-3".into();
    let (mut operator, ack) = Client5::connect_as(house.address, connect.clone()).await;
    assert_eq!(ack.reason_code, ConnectAckReason::Success);
    let granted = operator
        .subscribe(&["smartlink/v1/+/up", "smartlink/v1/+/up/state", "smartlink/v1/+/down/command"])
        .await;
    assert_eq!(
        granted,
        [
            SubscribeAckReason::GrantedQos0,
            SubscribeAckReason::GrantedQos0,
            SubscribeAckReason::NotAuthorized
        ]
    );
    let retained = operator.message().await;
    assert!(retained.retain);
    assert_eq!(
        (&*retained.topic, &*retained.payload),
        ("smartlink/v1/van7/up/state", b"awake".as_slice())
    );
    // Whatever form a report came in, an operator hears it in one.
    device
        .publish(&format!("{UP}/batch"), QoS::AtMostOnce, 0, &format!("[{}]", said(MORNING)))
        .await;
    let heard = operator.message().await;
    assert_eq!(&*heard.topic, UP);
    let report: serde_json::Value = serde_json::from_slice(&heard.payload).unwrap();
    assert_eq!(report["position"]["latitude"].to_string(), "31.230416");
    operator.publish(UP, QoS::AtMostOnce, 0, &said(MORNING)).await;
    assert_eq!(operator.goodbye().await, DisconnectReasonCode::NotAuthorized);
    assert_eq!(house.records().len(), 2);
}

#[tokio::test]
async fn when_the_service_stops_devices_are_told_to_come_again() {
    let mut house = House::start().await;
    house.enrol("van7");
    let mut device = Client5::connect(house.address, "van7").await;
    let mut old = Client3::connect(house.address, "van7").await;
    assert_eq!(device.goodbye().await, DisconnectReasonCode::SessionTakenOver);
    old.publish(UP, QoS::AtLeastOnce, 1, &said(MORNING)).await;
    assert_eq!(old.next().await, Some(v3::Packet::PublishAck { packet_id: id(1) }));
    house.company.stop().await;
    assert_eq!(old.next::<v3::Packet>().await, None);
    house.broker.await.unwrap();
    assert_eq!(house.figures.connections.get(), 0);
}

#[tokio::test]
async fn an_empty_name_is_the_users_and_a_key_is_all_it_takes() {
    let house = House::start().await;
    house.enrol("van7");
    let mut connect = Client3::introduction("van7");
    connect.client_id = "".into();
    let (_, ack) = Client3::connect_as(house.address, connect).await;
    assert_eq!(ack.return_code, v3::ConnectAckReason::ConnectionAccepted);
    let mut connect = Client3::introduction("van7");
    connect.username = None;
    connect.password = Some(Bytes::from_static(KEY.as_bytes()));
    let (_, ack) = Client3::connect_as(house.address, connect).await;
    assert_eq!(ack.return_code, v3::ConnectAckReason::ConnectionAccepted);
}

#[tokio::test]
async fn a_command_that_the_older_connection_could_not_send_is_the_newers() {
    let house = House::start().await;
    let van = house.enrol("van7");
    let mut older = Client5::connect(house.address, "van7").await;
    older.ping().await;
    let issued = house.gate().command(van, "one", Command::QueryPosition, None).unwrap();
    older.ping().await;
    let waits = house.gate().commands().command(issued.id).unwrap();
    assert_eq!((waits.state, waits.attempts), (CommandState::Queued, 0), "it was not sent");
    let mut newer = Client5::connect(house.address, "van7").await;
    assert_eq!(older.goodbye().await, DisconnectReasonCode::SessionTakenOver);
    newer.subscribe(&[DOWN]).await;
    let command: serde_json::Value =
        serde_json::from_slice(&newer.message().await.payload).unwrap();
    assert_eq!(command["id"], issued.id.0);
    assert_eq!(house.gate().commands().command(issued.id).unwrap().attempts, 1);
}
