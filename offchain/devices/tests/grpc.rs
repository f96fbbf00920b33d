//! What a company does with its terminals over gRPC, beside terminals on real sockets.

#![allow(clippy::unwrap_used, reason = "in a test an unwrap is the assertion")]

#[allow(dead_code, reason = "not every story needs every packet")]
#[path = "mqtt/client.rs"]
mod client;
mod company;
mod terminal;

use client::Client5;
use company::{Company, KEY};
use futures::StreamExt;
use rmqtt_codec::{
    types::QoS,
    v5::{self, ConnectAckReason, PublishAckReason, SubscribeAckReason},
};
use smartlink_devices::{grpc::Grpc, media::Item, TerminalId};
use smartlink_jt808::{messages::RegistrationReply, Message, Text};
use smartlink_primitives::telemetry::DeviceId;
use smartlink_proto::devices::{
    self as proto, devices_client::DevicesClient, devices_server::DevicesServer, CommandState,
    Protocol, State,
};
use smartlink_records::Channel;
use smartlink_service::{Secret, Transport};
use std::time::Duration;
use terminal::{position, registering, Terminal};
use tonic::{Code, Status};

/// Long enough for anything that happens at all.
const LONG: Duration = Duration::from_secs(20);
const NOON: u64 = 1_795_406_400;

type Client = DevicesClient<Transport>;

/// A company whose listeners listen for every protocol, and a client of its devices.
async fn open() -> (Company, Client) {
    let company = Company::with(|config| {
        config.mqtt.listen = Some(([127, 0, 0, 1], 0).into());
        config.http.listen = Some(([127, 0, 0, 1], 0).into());
    })
    .await;
    let client = client_of(&company);
    (company, client)
}

fn client_of(company: &Company) -> Client {
    let server = DevicesServer::new(Grpc::new(company.gate().clone()));
    DevicesClient::new(Transport::in_process(server))
}

fn enrolment(protocol: Protocol, identity: &str) -> proto::EnrolRequest {
    proto::EnrolRequest {
        protocol: protocol.into(),
        identity: identity.into(),
        ..proto::EnrolRequest::default()
    }
}

async fn enrol(client: &mut Client, protocol: Protocol, identity: &str) -> (u64, String) {
    let enrolled = client.enrol(enrolment(protocol, identity)).await.unwrap().into_inner();
    (enrolled.terminal.unwrap().id, enrolled.key)
}

async fn get(client: &mut Client, terminal: u64) -> proto::Terminal {
    client.get(proto::TerminalRequest { terminal }).await.unwrap().into_inner()
}

fn sending(terminal: u64, key: &str, command: &str) -> proto::SendRequest {
    proto::SendRequest {
        terminal,
        idempotency_key: key.into(),
        command_json: command.into(),
        lasting_ms: 0,
    }
}

async fn command(client: &mut Client, command: u64) -> proto::Command {
    client.get_command(proto::CommandRequest { command }).await.unwrap().into_inner()
}

fn refusal(status: &Status) -> (Code, &str) {
    let name = status.metadata().get("smartlink-refusal");
    (status.code(), name.map_or("", |name| name.to_str().unwrap()))
}

async fn mqtt(company: &Company, name: &str, key: &str) -> (Client5, ConnectAckReason) {
    let mut connect = Client5::introduction(name);
    connect.password = Some(key.to_owned().into());
    let address = company.devices().addresses().mqtt.unwrap();
    let (device, ack) = Client5::connect_as(address, connect).await;
    (device, ack.reason_code)
}

/// The status with which the listener for HTTP answers a position.
async fn osmand(company: &Company, name: &str, key: &str) -> u16 {
    let address = company.devices().addresses().http.unwrap();
    let url = format!(
        "http://{address}/?id={name}&key={key}&lat=31.230416&lon=121.473701&timestamp={NOON}"
    );
    let client = reqwest::Client::builder().no_proxy().timeout(LONG).build().unwrap();
    client.get(url).send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn a_device_that_is_enrolled_reports_and_answers_what_it_is_told() {
    let (company, mut client) = open().await;
    let wanted = proto::EnrolRequest { vehicle: 42, ..enrolment(Protocol::Key, "van7") };
    let enrolled = client.enrol(wanted.clone()).await.unwrap().into_inner();
    let (key, shown) = (enrolled.key.clone(), format!("{enrolled:?} {enrolled:#?}"));
    assert!(key.len() >= 16 && !shown.contains(&key), "{shown}");
    let van = enrolled.terminal.unwrap();
    assert_eq!((van.vehicle, van.state(), van.connection.clone()), (42, State::Active, None));
    let again = client.enrol(wanted.clone()).await.unwrap().into_inner();
    assert_eq!((again.key.as_str(), again.terminal), ("", Some(van.clone())), "the same, no key");
    let other = proto::EnrolRequest { vehicle: 43, ..wanted };
    let taken = client.enrol(other).await.unwrap_err();
    assert_eq!(refusal(&taken), (Code::AlreadyExists, "identity_taken"));

    let send = sending(van.id, "where", r#"{"kind":"query_position"}"#);
    let issued = client.send(send.clone()).await.unwrap().into_inner();
    assert_eq!((issued.state(), issued.at_ms, issued.attempts), (CommandState::Queued, 0, 0));

    let (mut device, reason) = mqtt(&company, "van7", &key).await;
    assert_eq!(reason, ConnectAckReason::Success);
    let report =
        format!(r#"{{"time":{NOON},"position":{{"latitude":31.230416,"longitude":121.473701}}}}"#);
    device.publish("smartlink/v1/van7/up", QoS::AtLeastOnce, 1, &report).await;
    assert_eq!(device.taken().await.reason_code, PublishAckReason::Success);
    let records = company.devices().log().read(1, 10).unwrap();
    let [record] = &records[..] else { panic!("{records:?}") };
    assert_eq!(
        (record.terminal, record.vehicle, record.channel),
        (TerminalId(van.id), 42, Channel::Mqtt)
    );
    let seen = get(&mut client, van.id).await;
    assert_eq!(seen.connection.unwrap().channel, "mqtt");
    assert!(seen.last_seen_ms >= record.received_ms);

    let down = "smartlink/v1/van7/down/command";
    assert_eq!(device.subscribe(&[down]).await, [SubscribeAckReason::GrantedQos1]);
    let message = device.message().await;
    let said: serde_json::Value = serde_json::from_slice(&message.payload).unwrap();
    assert_eq!(
        (&said["id"], &said["command"]["kind"]),
        (&issued.id.into(), &"query_position".into())
    );
    let sent = command(&mut client, issued.id).await;
    assert_eq!((sent.state(), sent.attempts), (CommandState::Sent, 1));
    let packet_id = message.packet_id.unwrap();
    device.send(v5::Packet::PublishAck(v5::PublishAck { packet_id, ..Default::default() })).await;
    let answer = format!("smartlink/v1/van7/up/answer/{}", issued.id);
    device.publish(&answer, QoS::AtLeastOnce, 2, r#"{"done":true,"content":{"lat":31}}"#).await;
    assert_eq!(device.taken().await.reason_code, PublishAckReason::Success);

    let over = command(&mut client, issued.id).await;
    assert_eq!((over.state(), over.at_ms > 0), (CommandState::Answered, true));
    let answer: serde_json::Value = serde_json::from_str(&over.answer_json).unwrap();
    assert_eq!((&answer["done"], &answer["content"]["lat"]), (&true.into(), &31.into()));
    assert_eq!(client.send(send).await.unwrap().into_inner(), over, "sent twice, it is the same");
    let reused = sending(van.id, "where", r#"{"kind":"query_attributes"}"#);
    let reused = client.send(reused).await.unwrap_err();
    assert_eq!(refusal(&reused), (Code::AlreadyExists, "key_taken"));
}

#[tokio::test]
async fn a_terminal_of_jt808_is_enrolled_by_its_number_and_gets_its_code_when_it_registers() {
    let (company, mut client) = open().await;
    let (id, key) = enrol(&mut client, Protocol::Jt808, "13800138000").await;
    assert_eq!(key, "", "it is given a code when it registers");
    let bind = proto::BindRequest { terminal: id, vehicle: 42 };
    for _ in 0..2 {
        assert_eq!(client.bind(bind).await.unwrap().into_inner().vehicle, 42);
    }
    let address = company.devices().addresses().jt808_tcp.unwrap();
    let mut terminal = Terminal::tcp(address, "13800138000").await;
    terminal.send(&registering("沪A12345")).await;
    let Some((_, Message::RegisterReply(reply))) = terminal.receive().await else { panic!() };
    assert_eq!(reply.result, RegistrationReply::SUCCESS);
    assert_eq!(terminal.authenticate(&reply.code.to_string()).await, 0);
    assert_eq!(terminal.ask(&Message::Location(position(NOON))).await, 0);
    let records = company.devices().log().read(1, 10).unwrap();
    assert_eq!((records.len(), records[0].vehicle), (1, 42));
    let known = get(&mut client, id).await;
    assert_eq!(known.details.unwrap().plate, "沪A12345");
    let of_vehicle = proto::ListRequest { vehicle: 42, limit: 10, after: 0 };
    let page = client.list(of_vehicle).await.unwrap().into_inner();
    assert_eq!((page.terminals.len(), page.terminals[0].id, page.next), (1, id, 0));

    let mut changes = company.gate().commands().subscribe();
    let text = sending(id, "text", r#"{"kind":"text","text":"前方拥堵"}"#);
    let issued = client.send(text).await.unwrap().into_inner();
    let Some((header, Message::Text(shown))) = terminal.receive().await else { panic!() };
    assert_eq!(shown.text, Text::from("前方拥堵"));
    assert_eq!(command(&mut client, issued.id).await.state(), CommandState::Sent);
    terminal.acknowledge(&header, 0).await;
    let answered = async {
        while command(&mut client, issued.id).await.state() == CommandState::Sent {
            changes.changed().await.unwrap();
        }
    };
    tokio::time::timeout(LONG, answered).await.expect("the answer is noted in time");
    let over = command(&mut client, issued.id).await;
    assert_eq!(
        (over.state(), over.answer_json.as_str()),
        (CommandState::Answered, r#"{"done":true,"code":0}"#)
    );

    // The fleet finds that somebody else's terminal registered in its place.
    let details = Some(proto::Details { serial: "7654321".into(), ..proto::Details::default() });
    let expected = proto::ExpectRegistrationRequest { terminal: id, details };
    client.expect_registration(expected).await.unwrap();
    assert!(terminal.receive().await.is_none(), "it is disconnected");
    let mut again = Terminal::tcp(address, "13800138000").await;
    assert_ne!(again.authenticate(&reply.code.to_string()).await, 0, "its code is void");
}

#[tokio::test]
async fn a_terminal_has_a_name_on_the_chain_where_the_company_has_a_salt() {
    let company = Company::with(|config| config.chain_salt = Secret::new("5a".repeat(32))).await;
    let mut client = client_of(&company);
    let (id, _) = enrol(&mut client, Protocol::Jt808, "013800138000").await;
    let expected = DeviceId::salted(&[0x5a; 32], b"13800138000");
    let shown = get(&mut client, id).await.device_id;
    assert_eq!(shown, format!("0x{}", hex::encode(expected.0)));

    let (_without, mut client) = open().await;
    let (id, _) = enrol(&mut client, Protocol::Jt808, "013800138000").await;
    assert_eq!(get(&mut client, id).await.device_id, "");
}

#[tokio::test]
async fn a_stranger_is_seen_enrolled_and_let_in_and_a_renewed_key_shuts_out_the_old_one() {
    let (company, mut client) = open().await;
    assert_eq!(osmand(&company, "phone1", "whatever").await, 401);
    let strangers = proto::StrangersRequest { limit: 10 };
    let list = client.strangers(strangers).await.unwrap().into_inner();
    let [stranger] = &list.strangers[..] else { panic!("{list:?}") };
    assert_eq!((list.total, stranger.identity.as_str()), (1, "phone1"));
    assert_eq!((stranger.channel.as_str(), stranger.protocol()), ("http", Protocol::Key));

    let (id, first) = enrol(&mut client, Protocol::Key, "phone1").await;
    assert_eq!(client.strangers(strangers).await.unwrap().into_inner().total, 0);
    assert_eq!(osmand(&company, "phone1", &first).await, 200);

    let (mut device, _) = mqtt(&company, "phone1", &first).await;
    device.ping().await;
    let renewed = client.renew_key(proto::TerminalRequest { terminal: id }).await.unwrap();
    let renewed = renewed.into_inner().key;
    assert!(!renewed.is_empty() && renewed != first);
    device.goodbye().await;
    assert_eq!(osmand(&company, "phone1", &first).await, 401);
    assert_eq!(osmand(&company, "phone1", &renewed).await, 200);
    let (_, reason) = mqtt(&company, "phone1", &first).await;
    assert_eq!(reason, ConnectAckReason::BadUserNameOrPassword);
}

#[tokio::test]
async fn a_terminal_that_may_not_work_is_disconnected_until_it_may_again() {
    let (company, mut client) = open().await;
    let (id, key) = enrol(&mut client, Protocol::Key, "van7").await;
    let (mut device, _) = mqtt(&company, "van7", &key).await;
    device.ping().await;
    let suspend = proto::SetStateRequest { terminal: id, state: State::Suspended.into() };
    for _ in 0..2 {
        let suspended = client.set_state(suspend).await.unwrap().into_inner();
        assert_eq!(suspended.state(), State::Suspended);
    }
    device.goodbye().await;
    assert_eq!(osmand(&company, "van7", &key).await, 403);
    let activate = proto::SetStateRequest { terminal: id, state: State::Active.into() };
    client.set_state(activate).await.unwrap();
    assert_eq!(osmand(&company, "van7", &key).await, 200);
}

#[tokio::test]
async fn lists_are_read_page_by_page_and_a_command_can_be_taken_back() {
    let (mut company, mut client) = open().await;
    for name in ["a", "b", "c"] {
        enrol(&mut client, Protocol::Key, name).await;
    }
    let mut names = Vec::new();
    let mut after = 0;
    loop {
        let request = proto::ListRequest { after, limit: 2, vehicle: 0 };
        let page = client.list(request).await.unwrap().into_inner();
        names.extend(page.terminals.into_iter().map(|terminal| terminal.identity));
        after = page.next;
        if after == 0 {
            break;
        }
    }
    assert_eq!(names, ["a", "b", "c"]);

    let call = r#"{"kind":"call","number":"10086"}"#;
    for key in ["1", "2", "3"] {
        client.send(sending(1, key, call)).await.unwrap();
    }
    let page = proto::ListCommandsRequest { terminal: 1, before: 0, limit: 2 };
    let newest = client.list_commands(page).await.unwrap().into_inner();
    let keys = |page: &proto::CommandPage| -> Vec<String> {
        page.commands.iter().map(|command| command.idempotency_key.clone()).collect()
    };
    assert_eq!(keys(&newest), ["3", "2"]);
    let page = proto::ListCommandsRequest { before: newest.next, ..page };
    let oldest = client.list_commands(page).await.unwrap().into_inner();
    assert_eq!((keys(&oldest), oldest.next), (vec!["1".to_owned()], 0));

    let first = proto::CommandRequest { command: oldest.commands[0].id };
    let withdrawn = client.withdraw(first).await.unwrap().into_inner();
    assert_eq!(withdrawn.state(), CommandState::Failed);
    assert_eq!(client.withdraw(first).await.unwrap().into_inner(), withdrawn);
    // All of it is on disk. The client goes first: it holds the registry open.
    drop(client);
    company.restart().await;
    let mut client = client_of(&company);
    assert_eq!(command(&mut client, first.command).await, withdrawn);
    assert_eq!(get(&mut client, 2).await.identity, "b");
}

#[tokio::test]
async fn an_upload_comes_in_pieces_and_is_whole() {
    let (company, mut client) = open().await;
    let (id, _) = enrol(&mut client, Protocol::Jt808, "13800138000").await;
    let photo: Vec<u8> = (0..200_000_u32).map(|number| (number % 251) as u8).collect();
    let item = Item {
        id: 0,
        terminal: TerminalId(id),
        vehicle: 42,
        number: 7,
        kind: 0,
        format: 0,
        event: 0,
        channel: 1,
        time_ms: NOON * 1_000,
        received_ms: NOON * 1_000 + 5,
        bytes: 0,
    };
    company.gate().media().keep(item, &photo).unwrap();
    let page = proto::ListMediaRequest { terminal: id, before: 0, limit: 10 };
    let page = client.list_media(page).await.unwrap().into_inner();
    let [medium] = &page.media[..] else { panic!("{page:?}") };
    assert_eq!((medium.number, medium.vehicle, medium.bytes), (7, 42, 200_000));
    let read = client.read_media(proto::MediaRequest { medium: medium.id }).await.unwrap();
    let pieces: Vec<_> = read.into_inner().map(|piece| piece.unwrap().content).collect().await;
    assert!(pieces.len() > 1 && pieces.iter().all(|piece| piece.len() <= 64 << 10));
    assert!(pieces.concat() == photo);
    let none = client.read_media(proto::MediaRequest { medium: 99 }).await.unwrap_err();
    assert_eq!(none.code(), Code::NotFound);
}

#[tokio::test]
async fn what_cannot_be_is_refused_with_a_sentence() {
    let (_company, mut client) = open().await;
    let (id, _) = enrol(&mut client, Protocol::Key, "van7").await;
    let mut refused = Vec::new();
    for limit in [0, 501] {
        let list = proto::ListRequest { after: 0, limit, vehicle: 0 };
        refused.push(client.list(list).await.unwrap_err());
    }
    let colour = proto::Details { plate_colour: 10, ..Default::default() };
    for wrong in [
        enrolment(Protocol::Unspecified, "van8"),
        enrolment(Protocol::Key, "van 8"),
        enrolment(Protocol::Jt808, "138-001"),
        proto::EnrolRequest { key: "short".into(), ..enrolment(Protocol::Key, "van8") },
        proto::EnrolRequest { details: Some(colour), ..enrolment(Protocol::Key, "van8") },
    ] {
        refused.push(client.enrol(wrong).await.unwrap_err());
    }
    let state = proto::SetStateRequest { terminal: id, state: 0 };
    refused.push(client.set_state(state).await.unwrap_err());
    let query = r#"{"kind":"query_position"}"#;
    for (key, wrong) in [
        ("a", "{}"),
        ("b", r#"{"kind":"explode"}"#),
        ("c", r#"{"kind":"text","text":""}"#),
        ("d", r#"{"kind":"query_position","why":1}"#),
        ("", query),
    ] {
        refused.push(client.send(sending(id, key, wrong)).await.unwrap_err());
    }
    let ages = proto::SendRequest { lasting_ms: 1, ..sending(id, "e", query) };
    refused.push(client.send(ages).await.unwrap_err());
    for status in refused {
        assert_eq!(status.code(), Code::InvalidArgument, "{status:?}");
        assert!(status.message().len() > 10, "{status:?}");
    }
    let unknown = client.get(proto::TerminalRequest { terminal: 99 }).await.unwrap_err();
    assert_eq!(unknown.code(), Code::NotFound);
    let nobody = client.send(sending(99, "f", query)).await.unwrap_err();
    assert_eq!(nobody.code(), Code::NotFound);
    // A key that the caller chose is never answered.
    let own = proto::EnrolRequest { key: KEY.into(), ..enrolment(Protocol::Key, "van8") };
    assert!(!format!("{own:?}").contains(KEY));
    assert_eq!(client.enrol(own).await.unwrap().into_inner().key, "");
}
