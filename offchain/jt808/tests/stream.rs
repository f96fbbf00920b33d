//! Frames in a stream: however it is cut, whatever is between them, every good frame arrives and a bad one costs
//! only itself.

#![allow(clippy::unwrap_used)]

use bytes::BytesMut;
use proptest::{collection::vec, option, prelude::*};
use smartlink_jt808::{
    frame::{self, MAX_ESCAPED},
    Checksum, FrameError, Header, Package, Phone, Splitter,
};

type Sent = (Header, Vec<u8>);

fn headers() -> impl Strategy<Value = Header> {
    let phone = prop_oneof![
        any::<[u8; 6]>().prop_map(Phone::of_12_digits),
        any::<[u8; 10]>().prop_map(Phone::of_20_digits)
    ];
    let package =
        option::of((1_u16.., any::<u16>()).prop_map(|(total, index)| Package { total, index }));
    (any::<(u16, u16, u8)>(), 0_u8..8, phone, package).prop_map(
        |((id, serial, protocol), encryption, phone, package)| Header {
            encryption,
            protocol: phone.is_wide().then_some(protocol),
            package,
            ..Header::new(id, phone, serial)
        },
    )
}

fn bodies() -> impl Strategy<Value = Vec<u8>> {
    vec(prop_oneof![2 => any::<u8>(), 1 => 0x7b_u8..0x82], 0..200)
}

fn encoded((header, body): &Sent) -> Vec<u8> {
    let mut bytes = Vec::new();
    frame::encode(header, body, &mut bytes).unwrap();
    bytes
}

/// What a splitter finds in chunks that arrive one after the other.
fn received(splitter: &mut Splitter, chunks: &[&[u8]]) -> Vec<Result<Sent, FrameError>> {
    let (mut input, mut found) = (BytesMut::new(), Vec::new());
    for chunk in chunks {
        input.extend_from_slice(chunk);
        while let Some(frame) = splitter.push(&mut input) {
            found.push(frame.map(|frame| (frame.header, frame.body.to_vec())));
        }
        assert!(input.len() <= MAX_ESCAPED, "a splitter leaves no more than a frame");
    }
    found
}

fn cut(stream: &[u8], cuts: Vec<usize>) -> Vec<&[u8]> {
    let mut cuts: Vec<_> = cuts.into_iter().map(|cut| cut % (stream.len() + 1)).collect();
    cuts.extend([0, stream.len()]);
    cuts.sort_unstable();
    cuts.windows(2).map(|pair| &stream[pair[0]..pair[1]]).collect()
}

fn told((header, body): &Sent) -> Sent {
    (Header { body_length: u16::try_from(body.len()).unwrap(), ..*header }, body.clone())
}

proptest! {
    #[test]
    fn every_frame_arrives_however_the_stream_is_cut(
        sent in vec((headers(), bodies()), 1..8),
        shared in any::<bool>(),
        cuts in vec(any::<usize>(), 0..30),
    ) {
        let mut stream = Vec::new();
        for frame in &sent {
            let bytes = encoded(frame);
            let skip = usize::from(shared && !stream.is_empty());
            stream.extend_from_slice(&bytes[skip..]);
        }
        let mut splitter = Splitter::default();
        let found = received(&mut splitter, &cut(&stream, cuts));
        prop_assert_eq!(found, sent.iter().map(|frame| Ok(told(frame))).collect::<Vec<_>>());
        prop_assert_eq!(splitter.skipped(), 0);
    }

    #[test]
    fn frames_without_escapes_arrive_however_the_stream_is_cut(
        sent in vec((headers(), bodies()), 1..6),
        cuts in vec(any::<usize>(), 0..30),
    ) {
        // What is in front of a delimiter in the middle passes for a frame one time in 256.
        let passes = |piece: &[u8]| piece.len() > 12 && piece.iter().fold(0, |sum, byte| sum ^ byte) == 0;
        let doubtful = |frame: &Sent| {
            let raw = unescaped(frame);
            let inner = &raw[1..raw.len() - 1];
            // No message's number, and no length, begins with a delimiter.
            inner[..3].contains(&0x7e)
                || inner.contains(&0x7e) && inner.split(|byte| *byte == 0x7e).any(passes)
                || inner.windows(2).any(|pair| matches!(pair, [0x7d, 1 | 2]))
        };
        let sent: Vec<_> = sent.into_iter().filter(|frame| !doubtful(frame)).collect();
        let stream = sent.iter().map(unescaped).collect::<Vec<_>>().concat();
        let found = received(&mut Splitter::default(), &cut(&stream, cuts));
        let good: Vec<_> = found.into_iter().flatten().collect();
        prop_assert_eq!(good, sent.iter().map(told).collect::<Vec<_>>());
    }

    #[test]
    fn noise_between_frames_is_skipped_and_counted(
        sent in vec((headers(), bodies()), 1..5),
        noise in vec(0_u8..0x7d, 1..100),
        cuts in vec(any::<usize>(), 0..30),
    ) {
        let mut stream = noise.clone();
        for frame in &sent {
            stream.extend(encoded(frame));
            stream.extend_from_slice(&noise);
        }
        let mut splitter = Splitter::default();
        // Noise is a frame by chance one time in 256, when it is long enough: then there is one more.
        let found: Vec<_> = received(&mut splitter, &cut(&stream, cuts)).into_iter().flatten().collect();
        let mut rest = found.iter();
        prop_assert!(sent.iter().all(|frame| rest.any(|found| *found == told(frame))));
        prop_assert!(splitter.skipped() >= noise.len() as u64);
    }

    #[test]
    fn a_damaged_frame_costs_only_itself(
        before in (headers(), bodies()),
        damaged in (headers(), bodies()),
        after in (headers(), bodies()),
        place in any::<usize>(),
        bit in 0_u8..8,
    ) {
        let mut bad = encoded(&damaged);
        let place = 1 + place % (bad.len() - 2);
        bad[place] ^= 1 << bit;
        prop_assume!(bad[place] != 0x7e);
        let stream = [encoded(&before), bad, encoded(&after)].concat();
        let found = received(&mut Splitter::default(), &[&stream]);
        prop_assert_eq!(found.first(), Some(&Ok(told(&before))));
        prop_assert_eq!(found.last(), Some(&Ok(told(&after))));
        prop_assert!(found.len() <= 3);
    }
}

fn heartbeat(serial: u16) -> Sent {
    let phone = "13812345678".parse().unwrap();
    (Header::new(0x0002, phone, serial), Vec::new())
}

#[test]
fn a_lost_delimiter_costs_no_frame() {
    let (first, second) = (encoded(&heartbeat(1)), encoded(&heartbeat(2)));
    let without_end = &first[..first.len() - 1];
    let found = received(&mut Splitter::default(), &[without_end, &second]);
    assert_eq!(found, [Ok(heartbeat(1)), Ok(heartbeat(2))]);
    let without_start = &first[1..];
    let mut splitter = Splitter::default();
    assert_eq!(received(&mut splitter, &[without_start, &second]), [Ok(heartbeat(2))]);
    assert_eq!(splitter.skipped(), without_start.len() as u64 - 1);
}

/// A frame as a terminal sends it that escapes nothing, and as many tools show it.
fn unescaped(frame: &Sent) -> Vec<u8> {
    let bytes = encoded(frame);
    let mut plain = vec![0x7e];
    let mut escape = false;
    for byte in &bytes[1..bytes.len() - 1] {
        match byte {
            0x7d if !escape => escape = true,
            1 | 2 if escape => {
                plain.push(if *byte == 1 { 0x7d } else { 0x7e });
                escape = false;
            }
            byte => plain.push(*byte),
        }
    }
    plain.push(0x7e);
    plain
}

#[test]
fn a_frame_without_escapes_is_understood_whatever_is_in_it() {
    let phone = "13812345678".parse().unwrap();
    let bodies = [
        &[9, 0x7d, 0x01, 9][..],
        &[9, 0x7d, 0x02, 9],
        &[9, 0x7e, 9],
        &[0x7e, 0x7d, 0x01, 0x7e, 0x7e, 0x7e],
    ];
    for body in bodies {
        let frame = (Header::new(0x0900, phone, 3), body.to_vec());
        let raw = unescaped(&frame);
        assert_eq!(raw.len(), body.len() + 15);
        let stream = [encoded(&heartbeat(1)), raw, encoded(&heartbeat(4))].concat();
        for size in 1..stream.len() {
            let chunks: Vec<_> = stream.chunks(size).collect();
            let found = received(&mut Splitter::default(), &chunks);
            let good: Vec<_> = found.into_iter().flatten().collect();
            assert_eq!(good, [heartbeat(1), told(&frame), heartbeat(4)], "{body:02x?}");
        }
    }
}

#[test]
fn a_frame_that_never_ends_takes_no_more_than_a_frame() {
    let endless = [&[0x7e][..], &vec![0x11; 3 * MAX_ESCAPED]].concat();
    let chunks: Vec<_> = endless.chunks(700).collect();
    let mut splitter = Splitter::default();
    let found = received(&mut splitter, &chunks);
    assert_eq!(found, [Err(FrameError::TooLong { limit: MAX_ESCAPED })]);
    let good = encoded(&heartbeat(7));
    assert_eq!(received(&mut splitter, &[&[0x11, 0x7e], &good]), [Ok(heartbeat(7))]);
}

#[test]
fn a_wrong_checksum_is_named_and_can_be_ignored() {
    let mut bytes = encoded(&heartbeat(1));
    let sum = bytes.len() - 2;
    bytes[sum] ^= 1;
    let found = received(&mut Splitter::default(), &[&bytes]);
    let computed = bytes[sum] ^ 1;
    assert_eq!(found, [Err(FrameError::Checksum { computed, sent: bytes[sum] })]);
    assert_eq!(received(&mut Splitter::new(Checksum::Ignored), &[&bytes]), [Ok(heartbeat(1))]);
    let short = received(&mut Splitter::default(), &[&[0x7e, 1, 2, 3, 0, 0x7e]]);
    assert_eq!(short, [Err(FrameError::TooShort { length: 3 })]);
}

#[test]
fn datagrams_do_not_run_into_each_other() {
    let bytes = encoded(&heartbeat(1));
    let mut splitter = Splitter::default();
    let mut cut = &bytes[..9];
    assert!(splitter.next_in(&mut cut).is_none());
    splitter.reset();
    let mut whole = &bytes[..];
    assert_eq!(splitter.next_in(&mut whole).unwrap().unwrap().header, heartbeat(1).0);
}

#[test]
fn a_body_beyond_one_frame_is_refused() {
    let (header, _) = heartbeat(1);
    assert!(frame::encode(&header, &[0; Header::MAX_BODY], &mut Vec::new()).is_ok());
    assert!(frame::encode(&header, &[0; Header::MAX_BODY + 1], &mut Vec::new()).is_err());
}

#[test]
fn streams_of_anybody_never_panic_and_what_is_found_comes_back() {
    bolero::check!().for_each(|stream: &[u8]| {
        let whole = received(&mut Splitter::default(), &[stream]);
        let bytes: Vec<_> = stream.chunks(1).collect();
        assert_eq!(received(&mut Splitter::default(), &bytes), whole);
        for found in whole.into_iter().flatten().filter(|found| found.1.len() <= Header::MAX_BODY) {
            let again = received(&mut Splitter::default(), &[&encoded(&found)]);
            assert_eq!(again, [Ok(told(&found))]);
        }
    });
}
