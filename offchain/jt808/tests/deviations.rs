//! What terminals send otherwise than the standard says, made from what it says: the rest of the message is understood.

#![allow(clippy::unwrap_used)]

use smartlink_jt808::{
    frame,
    messages::*,
    parameters::{Parameter, ParameterAnswer, Parameters, Value},
    BcdTime, Header, Location, Message, Phone, Splitter, Version,
    Version::{V2011, V2013, V2019},
};

/// The body that the standard has.
fn body(message: &Message, version: Version) -> Vec<u8> {
    let mut body = Vec::new();
    message.encode_body(version, &mut body).unwrap();
    body
}

fn read(id: u16, version: Version, body: &[u8]) -> Message {
    Message::decode_body(id, version, body).unwrap()
}

fn noon() -> BcdTime {
    BcdTime([0x26, 0x11, 0x23, 0x12, 0, 0])
}

fn shenzhen() -> Location {
    Location { latitude: 22_543_100, longitude: 114_057_900, time: noon(), ..Location::default() }
}

#[test]
fn a_parameter_that_is_cut_costs_only_itself() {
    let parameter = |id, value| Parameter { id, value };
    let whole = [
        parameter(0x0001, Value::Dword(30)),
        parameter(0x0013, Value::Text("gate.example".into())),
        parameter(0x0055, Value::Dword(90)),
    ];
    let answer = |parameters: &[Parameter]| {
        let parameters = Parameters(parameters.to_vec());
        Message::ParameterAnswer(ParameterAnswer { serial: 7, parameters })
    };
    let bytes = body(&answer(&whole), V2013);
    // Nothing is left of the last one but its number, or a part of it.
    for cut in 5..=8 {
        assert_eq!(read(0x0104, V2013, &bytes[..bytes.len() - cut]), answer(&whole[..2]));
    }
    // A length of nothing where four bytes follow: that one has no value, and the bytes are no further one.
    let mut empty = body(&answer(&whole[..1]), V2013);
    let length = empty.len() - 5;
    empty[length] = 0;
    let unread = [parameter(0x0001, Value::Bytes(Vec::new()))];
    assert_eq!(read(0x0104, V2013, &empty), answer(&unread));
}

#[test]
fn properties_may_end_before_the_satellites() {
    let properties = TerminalProperties {
        kind: 0b10,
        manufacturer: "SLINK".into(),
        model: "T-1".into(),
        terminal_id: "0000042".into(),
        iccid: [0x89; 10],
        hardware: "hw-2".into(),
        firmware: "fw-1.7".into(),
        gnss: 0,
        network: 0,
    };
    for version in [V2013, V2019] {
        let message = Message::PropertyAnswer(properties.clone());
        let bytes = body(&message, version);
        for cut in 0..=2 {
            assert_eq!(read(0x0107, version, &bytes[..bytes.len() - cut]), message);
        }
    }
}

#[test]
fn a_can_frame_that_is_cut_costs_only_itself() {
    let frame = |id| CanFrame { id, data: [1, 2, 3, 4, 5, 6, 7, 8] };
    let upload = |frames: &[CanFrame]| {
        Message::Can(CanUpload { time: [0x12, 0, 0, 0, 0], frames: frames.to_vec() })
    };
    let frames = [frame(0x7e8), frame(0x4000_0123)];
    let bytes = body(&upload(&frames), V2019);
    assert_eq!(read(0x0705, V2019, &bytes[..bytes.len() - 1]), upload(&frames[..1]));
}

#[test]
fn what_a_terminal_found_is_believed_without_the_cut_piece() {
    let item = |id| MediaItem { id, kind: 0, channel: 1, event: 3, location: shenzhen() };
    let answer = |items: &[MediaItem]| {
        Message::MediaSearchAnswer(MediaSearchAnswer { serial: 9, items: items.to_vec() })
    };
    let items = [item(70), item(71)];
    let bytes = body(&answer(&items), V2013);
    assert_eq!(read(0x0802, V2013, &bytes), answer(&items));
    assert_eq!(read(0x0802, V2013, &bytes[..bytes.len() - 3]), answer(&items[..1]));
    // In 2011 a piece has no number, and the header looks like that of 2013.
    let unnumbered = [item(0), item(0)];
    assert_eq!(read(0x0802, V2013, &body(&answer(&unnumbered), V2011)), answer(&unnumbered));

    let camera = |ids: &[u32]| {
        Message::CameraAnswer(CameraAnswer { serial: 9, result: 0, ids: ids.to_vec() })
    };
    let bytes = body(&camera(&[70, 71]), V2013);
    assert_eq!(read(0x0805, V2013, &bytes[..bytes.len() - 1]), camera(&[70]));
}

#[test]
fn a_vehicle_without_a_plate_registers_by_its_vin_in_every_edition() {
    let registration = Message::Register(Registration {
        province: 44,
        city: 300,
        manufacturer: "SLINK".into(),
        model: "T-1".into(),
        terminal_id: "0000042".into(),
        plate_color: 0,
        plate: "LSVAA4182E2123456".into(),
    });
    for (edition, header) in [(V2011, V2013), (V2013, V2013), (V2019, V2019)] {
        assert_eq!(read(0x0100, header, &body(&registration, edition)), registration);
    }
}

#[test]
fn a_sound_or_video_of_2011_has_no_position() {
    let upload = |file: &[u8]| {
        Message::MediaUpload(MediaUpload {
            id: 5,
            kind: 1,
            format: 3,
            event: 0,
            channel: 1,
            location: None,
            data: [file, &[0x55; 60]].concat(),
        })
    };
    for file in [&b"RIFF"[..], b"ID3", b"II*\0", &[0x30, 0x26, 0xb2, 0x75], &[0xff, 0xd8]] {
        assert_eq!(read(0x0801, V2013, &body(&upload(file), V2011)), upload(file));
    }
}

#[test]
fn a_driver_is_on_duty_although_the_licence_is_cut() {
    let licence = Licence {
        name: "张三".into(),
        certificate: "44030119800101".into(),
        issuer: "深圳".into(),
        expires: [0x20, 0x30, 0x01, 0x01],
        id_card: None,
    };
    let card = |licence| {
        let reading = Some(CardReading { result: 0, licence });
        Message::Driver(DriverIdentity::Card(DriverCard { status: 1, time: noon(), reading }))
    };
    let bytes = body(&card(Some(licence)), V2013);
    for cut in 1..=bytes.len() - 8 {
        assert_eq!(read(0x0702, V2013, &bytes[..bytes.len() - cut]), card(None));
    }
}

#[test]
fn parts_are_asked_for_with_the_number_of_before_2019() {
    let resend = Message::TerminalResend(Resend { serial: 300, parts: vec![2, 5, 6] });
    for edition in [V2013, V2019] {
        assert_eq!(read(0x0005, V2019, &body(&resend, edition)), resend);
    }
}

#[test]
fn doors_are_locked_in_the_words_of_before_2019() {
    let lock = Message::ControlVehicle(VehicleControl::doors(V2013, true));
    assert_eq!(read(0x8500, V2019, &body(&lock, V2013)), lock);
}

/// A command that is cut is none: a terminal that obeyed half of it would watch other areas than it was told.
#[test]
fn a_command_that_is_cut_is_refused() {
    let ids = Message::DeleteCircles(AreaIds { ids: vec![1, 2] });
    let bytes = body(&ids, V2013);
    assert!(Message::decode_body(0x8601, V2013, &bytes[..bytes.len() - 1]).is_err());
}

#[test]
fn a_header_of_2019_is_known_by_its_length_when_its_bit_is_not_set() {
    let phone: Phone = "00000000013812345678".parse().unwrap();
    let mut frame = Vec::new();
    frame::encode(&Header::new(0x0002, phone, 77), &[], &mut frame).unwrap();
    // Bit 14 of the properties, and the checksum over it.
    frame[3] &= !0x40;
    let sum = frame.len() - 2;
    frame[sum] ^= 0x40;
    let (mut splitter, mut rest) = (Splitter::default(), &frame[..]);
    let heard = splitter.next_in(&mut rest).unwrap().unwrap().header;
    assert_eq!((heard.version(), heard.phone, heard.serial), (V2019, phone, 77));
}
