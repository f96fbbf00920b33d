use super::*;
use crate::mqtt::packet::{Publish, Version, Welcome};
use bytes::Bytes;

const MAX_CONNECT: usize = 512;
const MAX: usize = 1024;

const CONNECT_V3: &[u8] =
    b"\x10\x1e\x00\x04MQTT\x04\xc2\x00\x3c\x00\x04van7\x00\x04van7\x00\x06s3cret";
const CONNECT_V5: &[u8] =
    b"\x10\x2c\x00\x04MQTT\x05\xc2\x00\x3c\x0d\x11\x00\x00\x00\x0a\x21\x00\x05\x27\x00\x00\x00\x40\x00\x04van7\x00\x04van7\x00\x06s3cret";

fn wire(connect: &[u8]) -> (Wire, Connect) {
    let mut buffer = BytesMut::from(connect);
    let accepted = Wire::accept(&mut buffer, MAX_CONNECT, MAX).unwrap().unwrap();
    assert!(buffer.is_empty());
    accepted
}

#[test]
fn both_versions_introduce_themselves() {
    let (_, connect) = wire(CONNECT_V3);
    assert_eq!(connect.version, Version::V3);
    assert_eq!(connect.client_id, "van7");
    assert_eq!(connect.username.as_deref(), Some("van7"));
    assert_eq!(connect.password.as_deref(), Some(b"s3cret".as_slice()));
    assert_eq!((connect.clean, connect.keep_alive, connect.expiry_s), (true, 60, 0));
    let (_, connect) = wire(CONNECT_V5);
    assert_eq!(connect.version, Version::V5);
    assert_eq!((connect.expiry_s, connect.receive_maximum, connect.max_packet), (10, 5, Some(64)));
}

#[test]
fn a_packet_may_come_byte_by_byte() {
    let mut buffer = BytesMut::new();
    for (at, byte) in CONNECT_V3.iter().enumerate() {
        assert!(Wire::accept(&mut buffer, MAX_CONNECT, MAX).unwrap().is_none(), "after {at} bytes");
        buffer.extend_from_slice(&[*byte]);
    }
    assert!(Wire::accept(&mut buffer, MAX_CONNECT, MAX).unwrap().is_some());
}

#[test]
fn a_header_makes_no_room_for_what_it_promises() {
    let (mut wire, _) = wire(CONNECT_V3);
    // 1,000 bytes are promised, and are allowed.
    let mut buffer = BytesMut::with_capacity(16);
    buffer.extend_from_slice(b"\x30\xe8\x07");
    assert_eq!(wire.read(&mut buffer).unwrap(), None);
    assert!(buffer.capacity() < 100);
    // 268,435,455 are not.
    let mut buffer = BytesMut::from(b"\x30\xff\xff\xff\x7f".as_slice());
    assert!(matches!(wire.read(&mut buffer), Err(WireError::TooLarge { most: MAX, .. })));
    let mut buffer = BytesMut::from(b"\x30\xff\xff\xff\xff\x01".as_slice());
    assert!(matches!(wire.read(&mut buffer), Err(WireError::Length)));
}

#[test]
fn what_is_no_mqtt_is_refused_at_its_first_byte() {
    for bytes in [b"GET / HTTP/1.1\r\n".as_slice(), b"~", b"\x30\x00"] {
        let mut buffer = BytesMut::from(bytes);
        let error = Wire::accept(&mut buffer, MAX_CONNECT, MAX).unwrap_err();
        assert_eq!(error.reason(), Reason::UnsupportedVersion);
    }
    let mut buffer = BytesMut::from(&b"\x10\x0c\x00\x04MQTT\x07\x02\x00\x00\x00\x00"[..]);
    let error = Wire::accept(&mut buffer, MAX_CONNECT, MAX).unwrap_err();
    assert_eq!(error.reason(), Reason::UnsupportedVersion);
}

#[test]
fn an_answer_that_the_client_does_not_take_is_left_out() {
    let (mut wire, _) = wire(CONNECT_V5);
    let mut out = BytesMut::new();
    let publish = |length| Outbound::Publish {
        topic: "t".to_owned(),
        packet: 1,
        duplicate: false,
        retain: false,
        payload: Bytes::from(vec![0; length]),
        answer_to: None,
    };
    assert!(!wire.write(publish(64), &mut out).unwrap());
    assert!(out.is_empty());
    assert!(wire.write(publish(40), &mut out).unwrap());
    // The smallest that a client may take, 1 byte, leaves nothing to say, and nothing breaks.
    wire.max_out = 1;
    let refused = Some((Reason::Payload, "no JSON".to_owned()));
    out.clear();
    let taken = Outbound::Taken { packet: 7, qos: Qos::AtLeastOnce, refused };
    assert!(!wire.write(taken, &mut out).unwrap());
}

#[test]
fn reason_codes_are_those_of_the_standard() {
    let (mut wire, _) = wire(CONNECT_V5);
    wire.max_out = usize::MAX;
    let mut written = |packet| {
        let mut out = BytesMut::new();
        assert!(wire.write(packet, &mut out).unwrap());
        out.to_vec()
    };
    let refused = |reason| Some((reason, String::new()));
    let taken = |qos, refused| Outbound::Taken { packet: 258, qos, refused };
    assert_eq!(written(taken(Qos::AtLeastOnce, None))[..5], [0x40, 4, 1, 2, 0]);
    assert_eq!(written(taken(Qos::ExactlyOnce, refused(Reason::Payload)))[2..5], [1, 2, 153]);
    assert_eq!(written(taken(Qos::AtLeastOnce, refused(Reason::NotAuthorized)))[2..5], [1, 2, 135]);
    assert_eq!(written(Outbound::Completed { packet: 1, known: false })[..5], [0x70, 4, 0, 1, 146]);
    let granted =
        vec![Ok(Qos::AtLeastOnce), Err(Reason::NotAuthorized), Err(Reason::FilterInvalid)];
    assert_eq!(written(Outbound::Subscribed { packet: 1, granted })[4..], [0, 1, 135, 143]);
    let because = "taken over".to_owned();
    assert_eq!(written(Outbound::Goodbye { reason: Reason::TakenOver, because })[2], 142);
    let because = "\u{4eac}".repeat(100);
    let refused = Outbound::Welcome(Welcome::Refused { reason: Reason::BadCredentials, because });
    assert_eq!(written(refused)[3], 134);
}

#[test]
fn a_message_in_version_3_has_what_was_sent() {
    let (mut wire, _) = wire(CONNECT_V3);
    let mut buffer = BytesMut::from(&b"\x3b\x07\x00\x01t\x00\x09{}\xc0\x00"[..]);
    let publish = Publish {
        qos: Qos::AtLeastOnce,
        retain: true,
        duplicate: true,
        topic: "t".to_owned(),
        alias: 0,
        packet: 9,
        payload: Bytes::from_static(b"{}"),
    };
    assert_eq!(wire.read(&mut buffer).unwrap(), Some(Inbound::Publish(publish)));
    assert_eq!(wire.read(&mut buffer).unwrap(), Some(Inbound::Ping));
    assert_eq!(wire.read(&mut buffer).unwrap(), None);
}

#[test]
fn hostile_bytes_after_a_connect_break_nothing() {
    bolero::check!().for_each(|bytes: &[u8]| {
        for connect in [CONNECT_V3, CONNECT_V5] {
            let (mut wire, _) = wire(connect);
            let mut buffer = BytesMut::from(bytes);
            while let Ok(Some(_)) = wire.read(&mut buffer) {}
        }
    });
}

#[test]
fn hostile_packets_with_right_lengths_break_nothing() {
    bolero::check!().for_each(|bytes: &[u8]| {
        let Some((first, body)) = bytes.split_first() else { return };
        let body = &body[..body.len().min(MAX - 3)];
        let mut framed = vec![*first];
        if body.len() < 128 {
            framed.push(body.len() as u8);
        } else {
            framed.extend([(body.len() & 0x7f) as u8 | 0x80, (body.len() >> 7) as u8]);
        }
        framed.extend_from_slice(body);
        for connect in [CONNECT_V3, CONNECT_V5] {
            let (mut wire, _) = wire(connect);
            let _ = wire.read(&mut BytesMut::from(&framed[..]));
        }
    });
}

#[test]
fn hostile_introductions_break_nothing() {
    bolero::check!().for_each(|bytes: &[u8]| {
        let _ = Wire::accept(&mut BytesMut::from(bytes), MAX_CONNECT, MAX);
        for (level, prefix) in
            [(3_u8, &b"\x00\x06MQIsdp"[..]), (4, b"\x00\x04MQTT"), (5, b"\x00\x04MQTT")]
        {
            let body = &bytes[..bytes.len().min(100)];
            let length = u8::try_from(prefix.len() + 1 + body.len()).unwrap();
            let framed = [&[0x10, length], prefix, &[level], body].concat();
            let _ = Wire::accept(&mut BytesMut::from(&framed[..]), MAX_CONNECT, MAX);
        }
    });
}
