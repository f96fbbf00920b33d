//! Terminals of JT/T 808 on real sockets.

#![allow(clippy::unwrap_used, reason = "in a test an unwrap is the assertion")]

mod company;
mod terminal;

use company::Company;
use smartlink_devices::{
    commands::CommandState, config::Registration, jt808::Jt808Config, log::LogError, Answer,
    Command, Devices, Enrolment, Identity, Issued, TerminalId, TerminalState,
};
use smartlink_jt808::{
    location::status,
    messages::{
        CameraAnswer, CanFrame, CanUpload, DriverCard, DriverIdentity, LocationAnswer, MediaReply,
        MediaUpload, Passthrough, RegistrationReply,
    },
    parameters::{Parameter, ParameterAnswer, Parameters, Value},
    BcdTime, Location, LocationBatch, Message, Text,
};
use smartlink_records::{Attachment, Channel, Flags, Quantity, Record};
use std::net::SocketAddr;
use terminal::{position, registering, Terminal};

const PHONE: &str = "13800138000";
const CODE: &str = "a-code-of-its-own";
const NOON: u64 = 1_795_406_400;

fn tcp(company: &Company) -> SocketAddr {
    company.devices().addresses().jt808_tcp.unwrap()
}

/// A terminal that is enrolled, connected and authenticated.
async fn connected(company: &Company) -> (Terminal, TerminalId) {
    let id = company.terminal(PHONE, CODE);
    let mut terminal = Terminal::tcp(tcp(company), PHONE).await;
    assert_eq!(terminal.authenticate(CODE).await, 0);
    (terminal, id)
}

fn records(company: &Company) -> Vec<Record> {
    company.devices().log().read(1, 1_000).unwrap()
}

fn other(kind: u16) -> impl Fn(&Record) -> bool {
    move |record| {
        record.report.attachment.as_ref().is_some_and(|attachment| attachment.kind == kind)
    }
}

#[tokio::test]
async fn a_terminal_registers_authenticates_and_reports() {
    for of_2019 in [false, true] {
        let company = Company::start().await;
        let identity = Identity::phone(PHONE).unwrap();
        let enrolled = company
            .gate()
            .enrol(Enrolment { vehicle: 42, ..Enrolment::of(identity, 1) })
            .unwrap()
            .0;
        let mut terminal = Terminal::tcp(tcp(&company), PHONE).await;
        if of_2019 {
            terminal = terminal.of_2019();
        }
        let sent = terminal.send(&registering("沪A12345")).await;
        let Some((_, Message::RegisterReply(reply))) = terminal.receive().await else { panic!() };
        assert_eq!((reply.serial, reply.result), (sent, RegistrationReply::SUCCESS));
        assert_eq!(terminal.authenticate(&reply.code.to_string()).await, 0);
        assert_eq!(terminal.ask(&Message::Heartbeat).await, 0);
        assert_eq!(terminal.ask(&Message::Location(position(NOON))).await, 0);

        let records = records(&company);
        let [record] = &records[..] else { panic!("{records:?}") };
        assert_eq!(
            (record.terminal, record.vehicle, record.channel),
            (enrolled.id, 42, Channel::Jt808)
        );
        assert_eq!(record.report.time_ms, NOON * 1_000);
        assert_eq!(record.report.position.unwrap().speed, 605);
        assert_eq!(record.report.reading(Quantity::Odometer), Some(1_234_500));
        let details = company.gate().registry().terminal(enrolled.id).unwrap().details;
        assert_eq!((details.plate.as_str(), details.model.as_str()), ("沪A12345", "BSJ-A6D"));
        assert_eq!(company.gate().online(), 1);
        let presence = company.gate().presence(enrolled.id).unwrap();
        assert_eq!(presence.connection.unwrap().channel, Channel::Jt808);
    }
}

#[tokio::test]
async fn frames_may_come_in_any_pieces_and_each_is_answered_once() {
    let company = Company::start().await;
    let (mut terminal, _) = connected(&company).await;
    let mut bytes = Vec::new();
    for second in 0..20 {
        bytes.extend(terminal.frames(&Message::Location(position(NOON + second))));
    }
    for piece in bytes.chunks(7) {
        terminal.write(piece).await;
    }
    for serial in 1..21 {
        assert_eq!(terminal.reply().await, (serial, 0));
    }
    let times: Vec<_> =
        records(&company).iter().map(|record| record.report.time_ms / 1_000 - NOON).collect();
    assert_eq!(times, (0..20).collect::<Vec<_>>());
}

#[tokio::test]
async fn nothing_is_acknowledged_before_the_disk_has_it() {
    let company = Company::start().await;
    let (mut terminal, _) = connected(&company).await;
    company.devices().log().hold(true);
    terminal.send(&Message::Location(position(NOON))).await;
    // The position is taken on, and a connection that begins later is served before it is answered.
    let gate = company.gate().clone();
    while gate.figures().records.get() == 0 {
        tokio::task::yield_now().await;
    }
    company.terminal("13900139000", CODE);
    let mut other = Terminal::tcp(tcp(&company), "13900139000").await;
    assert_eq!(other.authenticate(CODE).await, 0);
    assert_eq!(company.devices().figures().jt808.acknowledged.get(), 0);
    company.devices().log().hold(false);
    assert_eq!(terminal.reply().await, (1, 0));
    assert_eq!(records(&company).len(), 1);
}

#[tokio::test]
async fn when_the_disk_fails_there_are_no_answers_any_more() {
    let company = Company::start().await;
    let (mut terminal, _) = connected(&company).await;
    company.devices().log().fail(LogError::Stopped("the test says so".into()));
    terminal.send(&Message::Location(position(NOON))).await;
    assert!(terminal.receive().await.is_none(), "the connection is closed without an answer");
    assert!(company.devices().failed().await.to_string().contains("the test says so"));
}

#[tokio::test]
async fn a_batch_from_a_blind_spot_is_marked_and_kept_in_order() {
    let company = Company::start().await;
    let (mut terminal, _) = connected(&company).await;
    let reports = (0..40).map(|second| position(NOON + second)).collect();
    // Longer than a frame: it comes in packages, and each package is answered when all of them are on disk.
    let batch = LocationBatch { kind: LocationBatch::LATE, reports, malformed: 0 };
    let first = terminal.send(&Message::LocationBatch(batch)).await;
    let mut answered = vec![terminal.reply().await, terminal.reply().await];
    answered.sort();
    assert_eq!(answered, [(first, 0), (terminal.serial - 1, 0)]);
    let records = records(&company);
    assert_eq!(records.len(), 40);
    assert!(records.iter().all(|record| record.report.flags.has(Flags::STORED)));
    assert!(records.windows(2).all(|pair| pair[0].report.time_ms < pair[1].report.time_ms));
}

#[tokio::test]
async fn a_bad_frame_costs_only_itself() {
    let company = Company::start().await;
    let (mut terminal, _) = connected(&company).await;
    let mut damaged = terminal.frames(&Message::Location(position(NOON)));
    damaged[20] ^= 0x11;
    let good = terminal.frames(&Message::Location(position(NOON + 1)));
    let mut cut = terminal.frames(&Message::Location(position(NOON + 2)));
    cut.truncate(5);
    cut.insert(0, 0x7e);
    let last = terminal.frames(&Message::Location(position(NOON + 3)));
    terminal.write(&[&damaged[..], &good, b"GET / HTTP/1.1\r\n", &cut, &last].concat()).await;
    assert_eq!((terminal.reply().await, terminal.reply().await), ((2, 0), (4, 0)));
    let short = Message::Unknown { id: 0x0200, body: vec![1, 2, 3] };
    assert_eq!(terminal.ask(&short).await, 2, "the message is wrong");
    let unknown = Message::Unknown { id: 0x0f00, body: vec![1] };
    assert_eq!(terminal.ask(&unknown).await, 3, "the message is not known");
    assert_eq!(records(&company).len(), 2);
    assert!(company.devices().figures().jt808.bad_frames.get() >= 2);
}

#[tokio::test]
async fn who_is_not_known_is_refused_and_shown() {
    let company = Company::start().await;
    let mut stranger = Terminal::tcp(tcp(&company), "13700137000").await;
    stranger.send(&registering("沪C00001")).await;
    let Some((_, Message::RegisterReply(reply))) = stranger.receive().await else { panic!() };
    assert_eq!((reply.result, reply.code.is_empty()), (RegistrationReply::TERMINAL_UNKNOWN, true));
    assert!(stranger.receive().await.is_none(), "the connection is closed");
    let shown = company.gate().quarantined(10);
    assert_eq!(shown[0].identity, Identity::phone("13700137000").unwrap());
    assert_eq!(shown[0].details.plate, "沪C00001");
    assert!(shown[0].frames[0].starts_with("7e0100"));

    // Somebody enrols it as it said it is; the next time it gets in.
    company.gate().enrol(Enrolment::of(shown[0].identity.clone(), 1)).unwrap();
    let mut known = Terminal::tcp(tcp(&company), "13700137000").await;
    known.send(&registering("沪C00001")).await;
    let Some((_, Message::RegisterReply(reply))) = known.receive().await else { panic!() };
    assert_eq!(known.authenticate(&reply.code.to_string()).await, 0);
}

#[tokio::test]
async fn in_quarantine_what_a_stranger_sends_is_shown_and_refused() {
    let company =
        Company::with(|config| config.registry.registration = Registration::Quarantine).await;
    let mut stranger = Terminal::tcp(tcp(&company), "13700137000").await;
    stranger.send(&registering("沪C00001")).await;
    let Some((_, Message::RegisterReply(reply))) = stranger.receive().await else { panic!() };
    assert_eq!(reply.result, RegistrationReply::TERMINAL_UNKNOWN);
    assert_eq!(
        stranger.ask(&Message::Location(position(NOON))).await,
        1,
        "refused, not lost in silence"
    );
    let shown = company.gate().quarantined(10);
    assert!(shown[0].frames.back().unwrap().starts_with("7e0200"));
    assert!(records(&company).is_empty());
}

#[tokio::test]
async fn who_has_not_authenticated_reports_nothing() {
    let company = Company::start().await;
    company.terminal(PHONE, CODE);
    let mut terminal = Terminal::tcp(tcp(&company), PHONE).await;
    assert_eq!(terminal.ask(&Message::Location(position(NOON))).await, 1);
    assert_eq!(terminal.authenticate("somebody else's").await, 1);
    assert_eq!(terminal.ask(&Message::Location(position(NOON))).await, 1);
    assert_eq!(terminal.authenticate(CODE).await, 0);
    assert_eq!(terminal.ask(&Message::Location(position(NOON))).await, 0);
    // Who has authenticated does not speak for others.
    terminal.phone = "13900139000".parse().unwrap();
    assert_eq!(terminal.ask(&Message::Location(position(NOON))).await, 1);
    assert_eq!(records(&company).len(), 1);
}

#[tokio::test]
async fn the_newest_connection_of_a_terminal_is_the_one_that_counts() {
    let company = Company::start().await;
    let (mut older, id) = connected(&company).await;
    let (mut newer, _) = connected(&company).await;
    assert!(older.receive().await.is_none(), "the older is closed");
    assert_eq!(newer.ask(&Message::Heartbeat).await, 0);
    company.gate().set_state(id, TerminalState::Suspended).unwrap();
    assert!(newer.receive().await.is_none());
    let mut again = Terminal::tcp(tcp(&company), PHONE).await;
    assert_eq!(again.authenticate(CODE).await, 1);
    assert!(again.receive().await.is_none());
}

#[tokio::test]
async fn a_photo_comes_in_packages_and_is_kept() {
    let mut company = Company::start().await;
    let (mut terminal, id) = connected(&company).await;
    let location = Location { status: status::FIXED, ..position(NOON).location };
    let data: Vec<u8> = (0..5_000u32).map(|at| (at % 251) as u8).collect();
    let upload = MediaUpload {
        id: 9,
        kind: 0,
        format: 0,
        event: 1,
        channel: 2,
        location: Some(location),
        data,
    };
    for _ in 0..2 {
        terminal.send(&Message::MediaUpload(upload.clone())).await;
        loop {
            match terminal.receive().await.unwrap().1 {
                Message::PlatformReply(reply) => assert_eq!(reply.result, 0),
                Message::MediaReply(MediaReply { id, missing }) => {
                    break assert_eq!((id, missing), (9, vec![]))
                }
                other => panic!("{other:?}"),
            }
        }
    }
    let media = company.gate().media();
    let items = media.list(id, u64::MAX, 10).unwrap();
    assert_eq!(items.len(), 1, "one that comes again is kept once");
    assert_eq!((items[0].number, items[0].channel, items[0].time_ms), (9, 2, NOON * 1_000));
    assert_eq!(media.content(items[0].id).unwrap(), upload.data);
    let records = records(&company);
    let reference = Attachment { kind: 0x0801, bytes: items[0].id.to_be_bytes().to_vec() };
    assert_eq!(records[0].report.attachment, Some(reference));
    assert!(records[0].report.position.is_some());
    company.restart().await;
    assert_eq!(company.gate().media().content(items[0].id).unwrap(), upload.data);
}

#[tokio::test]
async fn missing_packages_are_asked_for() {
    let company = Company::with(|config| config.jt808.package_ms = 200).await;
    let (mut terminal, _) = connected(&company).await;
    let reports: Vec<_> = (0..40).map(|second| position(NOON + second)).collect();
    let batch = Message::LocationBatch(LocationBatch { kind: 0, reports, malformed: 0 });
    let first = terminal.serial;
    let frames = terminal.frames(&batch);
    // Frames begin and end with the delimiter: the second one is lost.
    let ends: Vec<_> =
        frames.iter().enumerate().filter(|(_, byte)| **byte == 0x7e).map(|(at, _)| at).collect();
    let (begin, end) = (ends[2], ends[3] + 1);
    terminal.write(&[&frames[..begin], &frames[end..]].concat()).await;
    let Some((_, Message::PlatformResend(resend))) = terminal.receive().await else { panic!() };
    assert_eq!((resend.serial, resend.parts), (first, vec![2]));
    terminal.write(&frames[begin..end]).await;
    terminal.reply().await;
    assert_eq!(records(&company).len(), 40);
}

#[tokio::test]
async fn what_drivers_peripherals_and_the_engine_say_is_kept() {
    let company = Company::start().await;
    let (mut terminal, _) = connected(&company).await;
    let card =
        DriverCard { status: 2, time: BcdTime::from_millis(NOON * 1_000).unwrap(), reading: None };
    assert_eq!(terminal.ask(&Message::Driver(DriverIdentity::Card(card))).await, 0);
    let obd = Passthrough { kind: 0xf1, data: vec![3, 0x41, 0x0d, 60] };
    assert_eq!(terminal.ask(&Message::Uplink(obd)).await, 0);
    let answer = CanFrame { id: 0x7e8, data: [0x04, 0x41, 0x0c, 0x1a, 0xf8, 0, 0, 0] };
    let can = CanUpload { time: [0x12, 0, 0, 0, 0], frames: vec![answer] };
    assert_eq!(terminal.ask(&Message::Can(can)).await, 0);
    let records = records(&company);
    let of = |kind| {
        records.iter().find(|record| other(kind)(record)).map(|record| &record.report).unwrap()
    };
    assert_eq!(of(0x0702).time_ms, NOON * 1_000);
    assert_eq!(of(0x0900).reading(Quantity::VehicleSpeed), Some(600));
    assert_eq!(of(0x0705).reading(Quantity::EngineSpeed), Some(17_260));
}

async fn over(company: &Company, issued: &Issued) -> CommandState {
    let mut changes = company.gate().commands().subscribe();
    loop {
        let state = company.gate().commands().command(issued.id).unwrap().state;
        if state.is_over() {
            return state;
        }
        changes.changed().await.unwrap();
    }
}

#[tokio::test]
async fn a_text_goes_to_the_driver_and_comes_back_as_answered() {
    for of_2019 in [false, true] {
        let company = Company::start().await;
        let id = company.terminal(PHONE, CODE);
        let text = Command::Text { text: "前方拥堵".into(), shown: Default::default() };
        let issued = company.gate().command(id, "text-1", text, None).unwrap();
        let mut terminal = Terminal::tcp(tcp(&company), PHONE).await;
        if of_2019 {
            terminal = terminal.of_2019();
        }
        terminal.authenticate(CODE).await;
        let Some((header, Message::Text(text))) = terminal.receive().await else { panic!() };
        assert_eq!((text.text, text.kind.is_some()), (Text::from("前方拥堵"), of_2019));
        terminal.acknowledge(&header, 0).await;
        let state = over(&company, &issued).await;
        assert!(matches!(
            state,
            CommandState::Answered { answer: Answer { done: true, code: Some(0), .. }, .. }
        ));
    }
}

#[tokio::test]
async fn questions_are_answered_with_what_was_asked_for() {
    let company = Company::start().await;
    let (mut terminal, id) = connected(&company).await;
    let gate = company.gate();

    let issued = gate.command(id, "1", Command::QueryParameters { ids: vec![1] }, None).unwrap();
    let (header, _) = terminal.receive().await.unwrap();
    terminal.acknowledge(&header, 0).await;
    let parameters = Parameters(vec![Parameter { id: 1, value: Value::Dword(60) }]);
    terminal
        .send(&Message::ParameterAnswer(ParameterAnswer { serial: header.serial, parameters }))
        .await;
    let CommandState::Answered { answer, .. } = over(&company, &issued).await else { panic!() };
    assert_eq!(answer.content["parameters"][0]["value"]["dword"], 60);
    assert_eq!(answer.content["parameters"][0]["name"], "heartbeat_interval");
    terminal.reply().await;

    let issued = gate.command(id, "2", Command::QueryPosition, None).unwrap();
    let (header, _) = terminal.receive().await.unwrap();
    terminal
        .send(&Message::LocationAnswer(LocationAnswer {
            serial: header.serial,
            report: position(NOON),
        }))
        .await;
    let CommandState::Answered { answer, .. } = over(&company, &issued).await else { panic!() };
    assert_eq!(answer.content["latitude"], 31_230_416);
    terminal.reply().await;
    assert_eq!(records(&company).len(), 1, "a position that was asked for is one as well");

    let issued = gate.command(id, "3", Command::TakePhoto(Default::default()), None).unwrap();
    let (header, _) = terminal.receive().await.unwrap();
    terminal
        .send(&Message::CameraAnswer(CameraAnswer {
            serial: header.serial,
            result: 2,
            ids: vec![],
        }))
        .await;
    let CommandState::Answered { answer, .. } = over(&company, &issued).await else { panic!() };
    assert_eq!((answer.done, answer.code), (false, Some(2)));
}

#[tokio::test]
async fn a_command_that_is_not_answered_is_sent_again_and_fails_in_the_end() {
    let company = Company::with(|config| {
        config.jt808.answer_ms = 100;
        config.jt808.answer_attempts = 2;
    })
    .await;
    let (mut terminal, id) = connected(&company).await;
    let issued = company.gate().command(id, "1", Command::QueryAttributes, None).unwrap();
    let (first, _) = terminal.receive().await.unwrap();
    let (second, _) = terminal.receive().await.unwrap();
    assert_eq!(first, second, "with the same serial");
    assert!(matches!(over(&company, &issued).await, CommandState::Failed { .. }));
    let own = Command::Custom { name: "dance".into(), payload: Default::default() };
    let issued = company.gate().command(id, "2", own, None).unwrap();
    assert!(
        matches!(over(&company, &issued).await, CommandState::Failed { why, .. } if why.contains("JT/T 808"))
    );
}

#[tokio::test]
async fn udp_is_the_same_conversation() {
    let company = Company::start().await;
    let id = company.terminal(PHONE, CODE);
    let address = company.devices().addresses().jt808_udp.unwrap();
    let mut terminal = Terminal::udp(address, PHONE).await;
    assert_eq!(terminal.ask(&Message::Location(position(NOON))).await, 1);
    assert_eq!(terminal.authenticate(CODE).await, 0);
    let mut datagram = Vec::new();
    for second in 0..10 {
        datagram.extend(terminal.frames(&Message::Location(position(NOON + second))));
    }
    terminal.write(&datagram).await;
    for serial in 2..12 {
        assert_eq!(terminal.reply().await, (serial, 0));
    }
    assert_eq!(records(&company).len(), 10);

    let text = Command::Text { text: "slow down".into(), shown: Default::default() };
    let issued = company.gate().command(id, "1", text, None).unwrap();
    let (header, _) = terminal.receive().await.unwrap();
    terminal.acknowledge(&header, 0).await;
    assert!(matches!(over(&company, &issued).await, CommandState::Answered { .. }));
}

#[tokio::test]
async fn who_says_nothing_or_nonsense_is_cut() {
    let company = Company::with(|config| {
        config.jt808.first_frame_ms = 300;
        config.jt808.authenticate_ms = 600;
        config.jt808.garbage_bytes = 1_000;
    })
    .await;
    let address = tcp(&company);
    let mut silent = Terminal::tcp(address, PHONE).await;
    assert!(silent.receive().await.is_none());
    // One byte at a time is no frame either.
    let mut slow = Terminal::tcp(address, PHONE).await;
    let whole = slow.frames(&Message::Heartbeat);
    slow.write(&whole[..3]).await;
    assert!(slow.receive().await.is_none());
    let mut polite = Terminal::tcp(address, PHONE).await;
    assert_eq!(polite.ask(&Message::Heartbeat).await, 1);
    assert!(polite.receive().await.is_none(), "it never authenticates");
    let figures = company.devices().figures().jt808.clone();
    assert_eq!(figures.silent.get(), 3);
    let mut noisy = Terminal::tcp(address, PHONE).await;
    noisy.write(&[b'x'; 4_000]).await;
    assert!(noisy.receive().await.is_none());
    assert_eq!(figures.garbage.get(), 1);
}

#[tokio::test]
async fn connections_are_bounded_and_floods_are_read_slowly() {
    let company = Company::with(|config| {
        let bounds = Jt808Config {
            connections_per_address: 2,
            frames_per_second: 50,
            ..config.jt808.clone()
        };
        config.jt808 = bounds;
    })
    .await;
    let (mut first, _) = connected(&company).await;
    let _second = Terminal::tcp(tcp(&company), PHONE).await;
    let mut third = Terminal::tcp(tcp(&company), PHONE).await;
    assert!(third.receive().await.is_none());
    assert_eq!(company.devices().figures().jt808.crowded.get(), 1);

    let began = std::time::Instant::now();
    let mut sent = 0;
    while sent < 200 {
        let mut burst = Vec::new();
        for _ in 0..20 {
            burst.extend(first.frames(&Message::Heartbeat));
            sent += 1;
        }
        first.write(&burst).await;
        for _ in 0..20 {
            first.reply().await;
        }
    }
    assert!(began.elapsed().as_secs_f64() > 1.0, "200 at 50 a second, 100 of them at once");
    assert!(company.devices().figures().jt808.throttled.get() > 0);
}

#[tokio::test]
async fn two_roles_do_not_listen_on_one_address() {
    let company = Company::start().await;
    let folder = tempfile::tempdir().unwrap();
    let mut config =
        smartlink_devices::DevicesConfig { path: folder.path().to_owned(), ..Default::default() };
    config.jt808.udp = company.devices().addresses().jt808_udp;
    config.jt808.tcp = None;
    let Err(error) = Devices::start(config).await else { panic!("both listen") };
    assert!(error.to_string().contains("JT/T 808"), "{error}");
}

#[tokio::test]
async fn who_says_nothing_over_udp_is_forgotten() {
    let company = Company::with(|config| config.jt808.idle_ms = 1_000).await;
    let id = company.terminal(PHONE, CODE);
    let address = company.devices().addresses().jt808_udp.unwrap();
    let mut terminal = Terminal::udp(address, PHONE).await;
    assert_eq!(terminal.authenticate(CODE).await, 0);
    let figures = company.devices().figures().jt808.clone();
    assert_eq!((figures.udp_peers.get(), company.gate().online()), (1, 1));
    tokio::time::timeout(terminal::SOON, async {
        // Bytes that are no frame are no sign of life.
        while company.gate().online() > 0 {
            terminal.write(b"still here").await;
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    })
    .await
    .expect("it is not connected any more");
    assert_eq!((figures.udp_peers.get(), figures.silent.get()), (0, 1));
    assert!(company.gate().presence(id).unwrap().connection.is_none());
    assert_eq!(terminal.ask(&Message::Heartbeat).await, 1, "it has to authenticate again");
    assert_eq!(terminal.authenticate(CODE).await, 0);
}

#[tokio::test]
async fn who_has_the_old_key_is_cut_even_with_all_its_commands_unanswered() {
    for udp in [false, true] {
        let company = Company::start().await;
        let id = company.terminal(PHONE, CODE);
        let mut terminal = if udp {
            let address = company.devices().addresses().jt808_udp.unwrap();
            Terminal::udp(address, PHONE).await
        } else {
            Terminal::tcp(tcp(&company), PHONE).await
        };
        assert_eq!(terminal.authenticate(CODE).await, 0);
        for number in 0..20 {
            let key = number.to_string();
            company.gate().command(id, &key, Command::QueryAttributes, None).unwrap();
        }
        for _ in 0..4 {
            terminal.receive().await.unwrap();
        }
        company.gate().renew_key(id).unwrap();
        let cut = async {
            while company.gate().online() > 0 {
                tokio::task::yield_now().await;
            }
        };
        let soon = std::time::Duration::from_secs(2);
        tokio::time::timeout(soon, cut).await.expect("it is cut at once");
        if udp {
            assert_eq!(terminal.ask(&Message::Heartbeat).await, 1);
            assert_eq!(terminal.ask(&Message::Location(position(NOON))).await, 1);
            assert_eq!(terminal.authenticate(CODE).await, 1);
        }
    }
}
