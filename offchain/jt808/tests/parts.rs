//! Long messages: split, lost, asked for again, put together.

#![allow(clippy::unwrap_used)]

use proptest::{collection::vec, prelude::*};
use smartlink_jt808::{
    messages::{MediaUpload, Resend},
    subpackage::{self, Assembler, Limits, PartError, Silent, Split, Whole},
    BcdTime, Header, Location, Message, Package, Phone, Splitter,
};

fn terminal() -> Phone {
    "013812345678".parse().unwrap()
}

fn photo() -> Message {
    let location = Location {
        latitude: 22_543_100,
        longitude: 114_057_900,
        time: BcdTime([0x26, 0x11, 0x23, 0x08, 0x00, 0x01]),
        ..Location::default()
    };
    let jpeg = (0..30_000_u32).flat_map(u32::to_be_bytes).take(50_000);
    Message::MediaUpload(MediaUpload {
        id: 7,
        kind: 0,
        format: 0,
        event: 1,
        channel: 2,
        location: Some(location),
        data: [0xff, 0xd8].into_iter().chain(jpeg).collect(),
    })
}

/// The parts of a message as they come out of the stream.
fn parts(message: &Message, serial: u16) -> Vec<(Header, Vec<u8>)> {
    let mut stream = Vec::new();
    let header = Header::new(message.id(), terminal(), serial);
    let frames = subpackage::encode(&header, message, &mut stream).unwrap();
    let (mut splitter, mut rest, mut parts) = (Splitter::default(), &stream[..], Vec::new());
    while let Some(frame) = splitter.next_in(&mut rest) {
        let frame = frame.unwrap();
        parts.push((frame.header, frame.body.to_vec()));
    }
    assert_eq!(parts.len(), usize::from(frames));
    parts
}

#[test]
fn a_photo_whose_parts_are_lost_arrives_when_they_are_asked_for() {
    let parts = parts(&photo(), 65_530);
    assert_eq!(parts[0].0.package, Some(Package { total: 49, index: 1 }));
    assert_eq!(parts[10].0.serial, 4, "serials count around");
    let mut assembler = Assembler::new(Limits::default());
    for (header, body) in parts.iter().rev().filter(|(header, _)| header.serial % 16 != 3) {
        assert_eq!(assembler.push(header, body, 1_000), Ok(None));
    }
    assert!(assembler.silent(10_999).is_empty());
    let asked = assembler.silent(11_000);
    let missing = vec![10, 26, 42];
    let resend = Resend { serial: 65_530, parts: missing.clone() };
    assert_eq!(asked, [Silent::Request { id: 0x0801, resend }]);
    let mut whole = None;
    for index in missing {
        let (header, body) = &parts[usize::from(index) - 1];
        whole = assembler.push(header, body, 12_000).unwrap();
    }
    let Whole { header, body } = whole.unwrap();
    assert_eq!((header.serial, header.package), (65_530, None));
    assert_eq!(Message::decode(&header, &body), Ok(photo()));
    assert_eq!((assembler.unfinished(), assembler.bytes()), (0, 0));
}

#[test]
fn a_message_that_stays_cut_is_given_up() {
    let parts = parts(&photo(), 1);
    let limits = Limits { requests: 2, silence_ms: 10, ..Limits::default() };
    let mut assembler = Assembler::new(limits);
    assembler.push(&parts[0].0, &parts[0].1, 0).unwrap();
    for now in [10, 20] {
        assert!(matches!(assembler.silent(now)[..], [Silent::Request { .. }]));
    }
    assert_eq!(assembler.silent(30), [Silent::GivenUp { id: 0x0801, parts: 1, total: 49 }]);
    assert_eq!(assembler.bytes(), 0);
}

#[test]
fn two_photos_at_once_do_not_mix_and_twice_is_once() {
    let (first, second) = (parts(&photo(), 100), parts(&photo(), 300));
    let mut assembler = Assembler::new(Limits::default());
    let mut whole = Vec::new();
    for (one, other) in first.iter().zip(&second) {
        for (header, body) in [one, other, one, other] {
            whole.extend(assembler.push(header, body, 0).unwrap());
        }
    }
    // The last part of each comes again when the message is whole already, and begins a new one.
    let serials: Vec<_> = whole.iter().map(|whole| whole.header.serial).collect();
    assert_eq!(serials, [100, 300]);
    assert!(whole.iter().all(|whole| Message::decode(&whole.header, &whole.body) == Ok(photo())));
}

#[test]
fn floods_of_parts_are_bounded() {
    let limits = Limits { messages: 3, bytes: 4_000, ..Limits::default() };
    let mut assembler = Assembler::new(limits);
    let part = |id, total, index| {
        let package = Some(Package { total, index });
        Header { package, ..Header::new(id, terminal(), index) }
    };
    for id in 0..50 {
        assembler.push(&part(id, 9, 1), &[0; 500], id.into()).unwrap();
        assert!(assembler.unfinished() <= 3 && assembler.bytes() <= 4_000);
    }
    let mut refused = None;
    for index in 1..60_000 {
        refused = assembler.push(&part(0x0801, 60_000, index), &[], 100).err();
        assert!(assembler.bytes() <= 4_000, "empty parts cost something too");
        if refused.is_some() {
            break;
        }
    }
    assert_eq!(refused, Some(PartError::TooLarge { id: 0x0801, limit: 4_000 }));
    assert_eq!(
        assembler.push(&part(1, 5, 6), &[], 0),
        Err(PartError::Number { index: 6, total: 5 })
    );
}

#[test]
fn a_part_that_a_terminal_misses_is_encoded_alone() {
    let body = [7; 2_500];
    let header = Header::new(0x8108, terminal(), 10);
    let split = Split::new(&header, &body, 1_000).unwrap();
    assert_eq!(split.frames(), 3);
    let mut bytes = Vec::new();
    split.encode_part(3, &mut bytes).unwrap();
    split.encode_part(4, &mut bytes).unwrap();
    let (mut splitter, mut rest) = (Splitter::default(), &bytes[..]);
    let frame = splitter.next_in(&mut rest).unwrap().unwrap();
    assert_eq!((frame.header.serial, frame.body.len()), (12, 500));
    assert_eq!(frame.header.package, Some(Package { total: 3, index: 3 }));
    assert!(rest.is_empty());
}

proptest! {
    #[test]
    fn whatever_is_split_comes_together_in_any_order(
        body in vec(any::<u8>(), 0..5_000),
        part in 1_usize..1_100,
        order in any::<u64>(),
        serial in any::<u16>(),
    ) {
        let header = Header::new(0x0900, terminal(), serial);
        let split = Split::new(&header, &body, part).unwrap();
        let mut indices: Vec<_> = (1..=split.frames()).collect();
        indices.sort_by_key(|index| (u64::from(*index) + 1).wrapping_mul(order | 1));
        let limits = Limits { bytes: 1 << 20, ..Limits::default() };
        let (mut assembler, mut whole) = (Assembler::new(limits), Vec::new());
        for index in indices {
            let mut bytes = Vec::new();
            split.encode_part(index, &mut bytes).unwrap();
            let (mut splitter, mut rest) = (Splitter::default(), &bytes[..]);
            let frame = splitter.next_in(&mut rest).unwrap().unwrap();
            whole.extend(assembler.push(&frame.header, frame.body, 0).unwrap());
        }
        prop_assert_eq!(whole.len(), 1);
        prop_assert_eq!(&whole[0].body, &body);
        prop_assert_eq!(whole[0].header.serial, serial);
    }
}

#[test]
fn parts_of_anybody_never_panic_and_stay_bounded() {
    bolero::check!().with_type::<Vec<(u8, u16, u16, u16, Vec<u8>)>>().for_each(|parts| {
        let limits = Limits { messages: 2, bytes: 1_000, silence_ms: 5, requests: 1 };
        let mut assembler = Assembler::new(limits);
        for (now, (id, serial, total, index, body)) in (0..).zip(parts) {
            let package = Some(Package { total: total % 5, index: index % 5 });
            let header = Header { package, ..Header::new((id % 3).into(), terminal(), *serial) };
            let _ = assembler.push(&header, body, now);
            assert!(assembler.unfinished() <= 2 && assembler.bytes() <= 1_000);
            if id % 4 == 0 {
                assembler.silent(now);
            }
        }
    });
}
