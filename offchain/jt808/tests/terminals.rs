//! Frames of real terminals and of other projects' tests, field by field.

#![allow(clippy::unwrap_used)]

use smartlink_jt808::{
    frame, location::status, messages::*, parameters::Value, BcdTime, Checksum, Header, Item,
    Location, LocationBatch, LocationReport, Message, Phone, Splitter, Text, Version,
};

/// The header and message of one frame.
fn read(hex: &str) -> (Header, Message) {
    let bytes = hex::decode(hex).unwrap();
    let (mut splitter, mut rest) = (Splitter::default(), &bytes[..]);
    let frame = splitter.next_in(&mut rest).unwrap().unwrap();
    let message = Message::decode(&frame.header, frame.body).unwrap();
    (frame.header, message)
}

fn report(message: Message) -> LocationReport<'static> {
    match message {
        Message::Location(report) => report,
        other => panic!("{other:?}"),
    }
}

fn phone(digits: &str) -> Phone {
    digits.parse().unwrap()
}

#[test]
fn a_registration_of_2013() {
    let (header, message) = read(
        "7e0100002d013511221122000500000000373031303748422d52303347424400000000000000000000003233363631303402cbd542413638363038\
         7e",
    );
    assert_eq!(header, Header { body_length: 45, ..Header::new(0x0100, phone("013511221122"), 5) });
    assert_eq!(header.version(), Version::V2013);
    let expected = Registration {
        province: 0,
        city: 0,
        manufacturer: "70107".into(),
        model: "HB-R03GBD".into(),
        terminal_id: "2366104".into(),
        plate_color: 2,
        plate: "苏BA6860".into(),
    };
    assert_eq!(message, Message::Register(expected));
}

#[test]
fn a_registration_of_2011_has_a_shorter_model() {
    let (_, message) = read(
        "7e01000021013345678906000f002c012f373031313142534a2d4d3742203030303030303001d4c1423838383838b47e",
    );
    let expected = Registration {
        province: 44,
        city: 303,
        manufacturer: "70111".into(),
        model: "BSJ-M7B".into(),
        terminal_id: "0000000".into(),
        plate_color: 1,
        plate: "粤B88888".into(),
    };
    assert_eq!(message, Message::Register(expected));
}

#[test]
fn a_registration_of_2019() {
    let (header, message) = read(
        "7e010040560100000000013912344329007b000b0002696439383736353433323174797065303031323334353637383132333435363738383736353433323149443030303031323334353637383132333435363738383736353433323101b8ca4a2d31323334353925\
         7e",
    );
    assert_eq!(header.protocol, Some(1));
    assert_eq!(header.phone, phone("00000000013912344329"));
    assert_eq!(header.phone.number(), "13912344329");
    let expected = Registration {
        province: 11,
        city: 2,
        manufacturer: "id987654321".into(),
        model: "type00123456781234567887654321".into(),
        terminal_id: "ID0000123456781234567887654321".into(),
        plate_color: 1,
        plate: "甘J-123459".into(),
    };
    assert_eq!(message, Message::Register(expected));
}

#[test]
fn authentications_of_three_terminals() {
    let code = |hex| match read(hex) {
        (header, Message::Authenticate(body)) => (header.phone, header.serial, body),
        other => panic!("{other:?}"),
    };
    let old = |code: &str| Authentication { code: code.into(), imei: None, software: None };
    let plain = code("7e0102000e013511221122000661757468656e7469636174696f6e3f7e");
    assert_eq!(plain, (phone("013511221122"), 6, old("authentication")));
    // A phone number that is not decimal.
    let hex = code("7e010200204f07788ef67601824f4459344f544d314d4459774d4441314d444977626d5633553235536457786cba7e");
    assert_eq!(hex, (phone("4f07788ef676"), 386, old("ODY4OTM1MDYwMDA1MDIwbmV3U25SdWxl")));
    // The version bit of 2019 with a header of 2013.
    let confused = code("7e0102400c01003000068109024a3130303330303030363831857e");
    assert_eq!(confused, (phone("010030000681"), 0x0902, old("J10030000681")));
}

#[test]
fn a_position_without_a_fix() {
    let (header, message) = read(
        "7e0200002c00160128561400020000000000040001005de1f7065c6cef00000000000017011710044201040000a9002a02000030011b3101030c7e",
    );
    assert_eq!((header.phone, header.serial), (phone("001601285614"), 2));
    let report = report(message);
    let expected = Location {
        alarms: 0,
        status: status::IGNITION | status::GPS,
        latitude: 6_152_695,
        longitude: 106_720_495,
        altitude: 0,
        speed: 0,
        heading: 0,
        time: BcdTime([0x17, 0x01, 0x17, 0x10, 0x04, 0x42]),
    };
    assert_eq!(report.location, expected);
    assert_eq!(report.location.time.millis(), Ok(1_484_618_682_000));
    let items: Vec<_> = report.items.iter().collect();
    assert_eq!(
        items,
        [Item::Mileage(43_264), Item::Inputs(0), Item::Signal(27), Item::Satellites(3)]
    );
}

#[test]
fn a_position_that_was_captured_without_its_escapes() {
    let frame = hex::decode(
        "02000070012040000004019c00000000000004030158df9706c9606b002c000000ab250417170023010400000c5305030000003001153101158202008b530b0101cc00262600000ff1137730017e19f100384d08026e73e0003a4d08037e19e800000000047e3b950000000005409017000000000640a6960000000033",
    )
    .unwrap();
    let frame = frame::parse_unescaped(&frame, Checksum::Required).unwrap();
    let report = LocationReport::decode(frame.body).unwrap();
    assert_eq!((report.location.latitude, report.location.longitude), (22_601_623, 113_860_715));
    assert_eq!((report.location.altitude, report.location.heading), (44, 171));
    let items: Vec<_> = report.items.iter().collect();
    assert_eq!(items[0], Item::Mileage(3_155));
    assert_eq!(items[1], Item::TyrePressures(&[0, 0, 0]));
    assert_eq!(items[4], Item::Other { id: 0x82, bytes: &[0, 0x8b] });
    let ids: Vec<_> = items.iter().map(Item::id).collect();
    assert_eq!(ids, [0x01, 0x05, 0x30, 0x31, 0x82, 0x53, 0x77]);
}

#[test]
fn positions_from_a_blind_spot() {
    let (_, message) = read(
        "7e070400f303030000024500640004\
         01003a000000000000000301618ac606c31f20000000000029180514202847010400000000eb16000c00b28986061708003732585700060089fffffffe\
         003a000000000000000301618ae806c31eb800000000009f180514202917010400000000eb16000c00b28986061708003732585700060089fffffffe\
         003a000000000000000301618ae806c31eb800000000009f180514202947010400000000eb16000c00b28986061708003732585700060089fffffffe\
         003a000001000000080301618ae806c31eb800000000009f180514203006010400000000eb16000c00b28986061708003732585700060089fffffffed7\
         7e",
    );
    let Message::LocationBatch(batch) = message else { panic!("{message:?}") };
    assert_eq!((batch.kind, batch.reports.len(), batch.malformed), (LocationBatch::LATE, 4, 0));
    assert_eq!(batch.reports[0].location.latitude, 23_169_734);
    let last = &batch.reports[3].location;
    assert_eq!((last.alarms, last.is(status::POWER_CUT)), (1 << 8, true));
    assert_eq!(last.time.to_string(), "2018-05-14 20:30:06");
}

#[test]
fn a_drivers_card_of_2013_and_of_2019() {
    let licence = |hex| match read(hex).1 {
        Message::Driver(DriverIdentity::Card(card)) => {
            (card.status, card.time, card.reading.unwrap().licence.unwrap())
        }
        other => panic!("{other:?}"),
    };
    let (status, time, card) = licence(
        "7e0702002201827061151401bc012510091507510000303032396238383500000000000000000000000000000000002b7e",
    );
    assert_eq!((status, time.to_string().as_str()), (1, "2025-10-09 15:07:51"));
    assert_eq!((card.certificate, card.id_card), ("0029b885".into(), None));
    let (_, _, card) = licence(
        "7e0702404d0100000000041587677411001101260617171000000ab2e2cad4d4b1bcd720204138383838382a2a2a2a2a2a2a2a2a2a2a2a00000d32303236303430323134303838201510203436303330303838383838383838383838383838b27e",
    );
    let expected = Licence {
        name: "测试员甲".into(),
        certificate: "A88888************".into(),
        issuer: "2026040214088".into(),
        expires: [0x20, 0x15, 0x10, 0x20],
        id_card: Some(Text::from("46030088888888888888")),
    };
    assert_eq!(card, expected);
}

#[test]
fn properties_of_a_terminal_of_2019() {
    let (_, message) = read(
        "7e010740660100000000010941000493000700ff3838383838434b31303043000000000000000000000000000000000000000000000000313030303439330000000000000000000000000000000000000000000000898603249475600329000748572d56322e350e434b313030432d4a542d5630323402209b\
         7e",
    );
    let Message::PropertyAnswer(properties) = message else { panic!("{message:?}") };
    assert_eq!(properties.kind, 0xff);
    assert_eq!((properties.manufacturer, properties.model), ("88888".into(), "CK100C".into()));
    assert_eq!(properties.terminal_id, "1000493");
    assert_eq!(properties.iccid, [0x89, 0x86, 0x03, 0x24, 0x94, 0x75, 0x60, 0x03, 0x29, 0x00]);
    assert_eq!(
        (properties.hardware, properties.firmware),
        ("HW-V2.5".into(), "CK100C-JT-V024".into())
    );
    assert_eq!((properties.gnss, properties.network), (2, 0x20));
}

#[test]
fn properties_whose_maker_has_eleven_bytes() {
    let (_, message) = read(
        "7e0107407f01000008686280748662930096000f00000000000000000000000000000000000000000000000000000000000000000000000000000000003000000000000000000000000000000000000000000000000000000000008986083319233076050122454332303041455548415230314132364d31365f363936303939323035323131303606362e322e383403ffe97e",
    );
    let Message::PropertyAnswer(properties) = message else { panic!("{message:?}") };
    assert_eq!((properties.kind, properties.terminal_id), (15, "0".into()));
    assert_eq!(properties.iccid, [0x89, 0x86, 0x08, 0x33, 0x19, 0x23, 0x30, 0x76, 0x05, 0x01]);
    assert_eq!(properties.hardware, "EC200AEUHAR01A26M16_69609920521106");
    assert_eq!((properties.firmware, properties.network), ("6.2.84".into(), 0xff));
}

#[test]
fn parameters_of_a_terminal_that_pads_with_zeros() {
    let (_, message) = read(
        "7e0104004b01801550511313ae000009000000\
         01040000000f00000002040000000a00000013103232332e3130382e3133332e31363300000000170100000000180400000328000000550400000078000000560400000000027e",
    );
    let Message::ParameterAnswer(answer) = message else { panic!("{message:?}") };
    let parameters = answer.parameters;
    assert_eq!(parameters.get(0x0001), Some(&Value::Dword(15)));
    assert_eq!(parameters.get(0x0013), Some(&Value::Text("223.108.133.163".into())));
    assert_eq!(parameters.get(0x0055).and_then(Value::number), Some(120));
}

#[test]
fn frames_of_a_can_bus() {
    let (_, message) = read(
        "7e0705002b0123456789017fff000300002359590102030401020304050607080102030401020304050607080102030401020304050607080d7e",
    );
    let Message::Can(upload) = message else { panic!("{message:?}") };
    assert_eq!(upload.millis_of_day(), None, "the fourth digit pair of this test frame is no time");
    assert_eq!(upload.frames.len(), 3);
    let frame = &upload.frames[0];
    assert_eq!((frame.channel(), frame.is_extended(), frame.can_id()), (0, false, 0x0102_0304));
    assert_eq!(frame.data, [1, 2, 3, 4, 5, 6, 7, 8]);
}

#[test]
fn circles_with_names_and_limits_at_night() {
    let body = hex::decode("02010000000100030001e0f30001b6b80000007b20072600000020072623235900c81e00280009b2e2cad4cea7c0b831").unwrap();
    let message = Message::decode_body(0x8600, Version::V2019, &body).unwrap();
    let Message::SetCircles(Circles { operation: 2, areas }) = &message else {
        panic!("{message:?}")
    };
    let circle = &areas[0];
    assert_eq!(
        (circle.centre.latitude, circle.centre.longitude, circle.radius),
        (123_123, 112_312, 123)
    );
    assert_eq!(circle.limit, Some(SpeedLimit { speed: 200, seconds: 30, night: Some(40) }));
    assert_eq!(circle.name, "测试围栏1");
    let mut again = Vec::new();
    message.encode_body(Version::V2019, &mut again).unwrap();
    assert_eq!(again, body);
}
