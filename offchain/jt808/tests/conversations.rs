//! What terminals and platforms say to each other, through frames.

#![allow(clippy::unwrap_used)]

use smartlink_jt808::{
    location::{status, AreaKind, Crossing},
    messages::*,
    obd::{self, isotp, CodeKind, Response, TroubleCode},
    reply, subpackage, BcdTime, Header, Item, Items, Location, LocationBatch, LocationReport,
    Message, Phone, Splitter, Version,
};

/// 2026-11-23 12:00:00 +08:00
const NOON: u64 = 1_795_406_400_000;

fn phones() -> [Phone; 2] {
    ["13812345678", "00000000013812345678"].map(|phone| phone.parse().unwrap())
}

/// The only frame in some bytes.
fn heard(bytes: &[u8]) -> (Header, Message) {
    let (mut splitter, mut rest) = (Splitter::default(), bytes);
    let frame = splitter.next_in(&mut rest).unwrap().unwrap();
    assert!(rest.is_empty());
    (frame.header, Message::decode(&frame.header, frame.body).unwrap())
}

/// Says a message and hears it at the other end.
fn say(phone: Phone, serial: u16, message: &Message) -> (Header, Message) {
    let mut wire = Vec::new();
    let header = Header::new(message.id(), phone, serial);
    assert_eq!(subpackage::encode(&header, message, &mut wire), Ok(1));
    heard(&wire)
}

#[test]
fn a_terminal_registers_authenticates_and_reports() {
    for phone in phones() {
        let registration = Registration {
            province: 44,
            city: 300,
            manufacturer: "SLINK".into(),
            model: "T-1".into(),
            terminal_id: "0000042".into(),
            plate_color: 2,
            plate: "粤B12345".into(),
        };
        let (header, message) = say(phone, 1, &Message::Register(registration.clone()));
        assert_eq!((header.phone, message), (phone, Message::Register(registration)));

        let mut wire = Vec::new();
        reply::registration(&header, 100, RegistrationReply::SUCCESS, "s3cret", &mut wire);
        let (back, answer) = heard(&wire);
        assert_eq!((back.phone, back.serial, back.version()), (phone, 100, header.version()));
        let Message::RegisterReply(answer) = answer else { panic!("{answer:?}") };
        assert_eq!((answer.serial, answer.result), (1, RegistrationReply::SUCCESS));

        let of_2019 = (header.version() == Version::V2019)
            .then(|| ("861234567890123".into(), "1.2.3".into()));
        let (imei, software) = of_2019.unzip();
        let authentication =
            Message::Authenticate(Authentication { code: answer.code, imei, software });
        let (header, message) = say(phone, 2, &authentication);
        assert_eq!(message, authentication);

        wire.clear();
        reply::general(&header, 101, GeneralReply::SUCCESS, &mut wire);
        let reply = GeneralReply { serial: 2, id: 0x0102, result: 0 };
        assert_eq!(heard(&wire).1, Message::PlatformReply(reply));

        let (header, message) = say(phone, 3, &Message::TimeQuery);
        assert_eq!(message, Message::TimeQuery);
        wire.clear();
        reply::time(&header, 102, NOON, &mut wire).unwrap();
        let Message::TimeAnswer(clock) = heard(&wire).1 else { panic!() };
        assert_eq!(clock.time.utc_millis(), Ok(NOON));
        assert_eq!(say(phone, 4, &Message::Heartbeat).1, Message::Heartbeat);
    }
}

fn position(speed: u16) -> Location {
    Location {
        alarms: 0b10,
        status: status::IGNITION | status::FIXED | status::BEIDOU,
        latitude: 22_543_100,
        longitude: -70_648_300,
        altitude: -12,
        speed,
        heading: 271,
        time: BcdTime::from_millis(NOON).unwrap(),
    }
}

#[test]
fn a_position_with_what_the_terminal_knows_besides() {
    let crossing = Crossing { kind: AreaKind::POLYGON, id: 77, direction: 0 };
    let known = [
        Item::Mileage(1_234_567),
        Item::Fuel(455),
        Item::Crossing(crossing),
        Item::CompartmentTemperature(-18),
        Item::Signal(28),
        Item::Other { id: 0xe1, bytes: &[1, 2, 3] },
    ];
    let mut items = Items::default();
    known.iter().for_each(|item| items.push(item).unwrap());
    let report = LocationReport { location: position(612), items };
    for phone in phones() {
        let (_, heard) = say(phone, 9, &Message::Location(report.clone()));
        let Message::Location(heard) = heard else { panic!("{heard:?}") };
        assert!(heard.location.is(status::WEST), "the sign of a coordinate is in the status");
        assert_eq!(
            heard.location,
            Location { status: report.location.status | status::WEST, ..report.location }
        );
        assert_eq!(heard.items.iter().collect::<Vec<_>>(), known);
        assert_eq!(heard.location.time.millis(), Ok(NOON));
    }
}

#[test]
fn positions_of_a_tunnel_arrive_together() {
    let reports = (0..20)
        .map(|at| LocationReport { location: position(at), items: Items::default() })
        .collect();
    let batch = LocationBatch { kind: LocationBatch::LATE, reports, malformed: 0 };
    let (_, heard) = say(phones()[0], 5, &Message::LocationBatch(batch));
    let Message::LocationBatch(heard) = heard else { panic!("{heard:?}") };
    let speeds: Vec<_> = heard.reports.iter().map(|report| report.location.speed).collect();
    assert_eq!((heard.kind, speeds), (LocationBatch::LATE, (0..20).collect()));
}

#[test]
fn doors_are_locked_in_the_words_of_each_version() {
    for (phone, length) in phones().into_iter().zip([1, 5]) {
        let version = Header::new(0, phone, 0).version();
        let lock = Message::ControlVehicle(VehicleControl::doors(version, true));
        let (header, heard) = say(phone, 7, &lock);
        assert_eq!((usize::from(header.body_length), heard), (length, lock));
        let locked = Location { status: status::LOCKED, ..Location::default() };
        let report = LocationReport { location: locked, items: Items::default() };
        let answer = Message::VehicleControlAnswer(LocationAnswer { serial: 7, report });
        assert_eq!(say(phone, 8, &answer).1, answer);
    }
}

#[test]
fn a_fault_is_read_from_the_bus_and_from_transparent_data() {
    let frame = |id, data| CanFrame { id, data };
    let upload = CanUpload {
        time: [0x12, 0x00, 0x00, 0x01, 0x50],
        frames: vec![
            frame(0x7e8, [0x10, 0x08, 0x43, 0x03, 0x01, 0x33, 0x02, 0x44]),
            frame(0x7e9, [0x04, 0x41, 0x0c, 0x1a, 0xf8, 0, 0, 0]),
            frame(0x7e8, [0x21, 0xc1, 0x00, 0, 0, 0, 0, 0]),
        ],
    };
    let (_, heard) = say(phones()[1], 1, &Message::Can(upload));
    let Message::Can(upload) = heard else { panic!("{heard:?}") };
    assert_eq!(upload.millis_of_day(), Some(43_200_150));
    let mut bus = isotp::Assembler::new(1_000);
    let received: Vec<_> = upload
        .frames
        .iter()
        .filter_map(|frame| bus.push(frame.can_id(), &frame.data, NOON).unwrap())
        .collect();
    let rpm = Response::decode(&received[0].bytes).unwrap().values();
    assert_eq!((rpm[0].pid, rpm[0].value), (obd::pids::ENGINE_SPEED, 17_260));
    let codes =
        ["P0133", "P0244", "U0100"].map(|code| code.parse::<TroubleCode>().unwrap()).to_vec();
    assert_eq!(Response::decode(&received[1].bytes), Ok(Response::Codes(CodeKind::Stored, codes)));

    let framed = [3, 0x41, 0x0d, 0x3c, 3, 0x7f, 0x01, 0x12].to_vec();
    let passed = Message::Uplink(Passthrough { kind: Passthrough::OWN, data: framed });
    let Message::Uplink(heard) = say(phones()[0], 2, &passed).1 else { panic!() };
    let responses: Vec<_> = obd::framed_responses(&heard.data).map(Response::decode).collect();
    assert_eq!(responses[0].as_ref().unwrap().values()[0].value, 600);
    assert_eq!(responses[1], Ok(Response::Refused { service: 1, reason: 0x12 }));
}

#[test]
fn a_long_text_for_the_driver_takes_several_frames() {
    let text = "请在前方服务区休息".repeat(100);
    let message =
        Message::Text(TextMessage { flags: 0b1100, kind: None, text: text.as_str().into() });
    let mut wire = Vec::new();
    let header = Header::new(message.id(), phones()[0], 40);
    assert_eq!(subpackage::encode(&header, &message, &mut wire), Ok(2));
    let (mut splitter, mut rest) = (Splitter::default(), &wire[..]);
    let mut parts = subpackage::Assembler::new(subpackage::Limits::default());
    let mut whole = None;
    while let Some(frame) = splitter.next_in(&mut rest) {
        let frame = frame.unwrap();
        assert!(Message::decode(&frame.header, frame.body).is_err(), "a part is no message");
        whole = parts.push(&frame.header, frame.body, 0).unwrap();
    }
    let whole = whole.unwrap();
    assert_eq!(Message::decode(&whole.header, &whole.body), Ok(message));
}
