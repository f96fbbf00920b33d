//! The laws of every message: written and read it is the same, in each version in which it is made, and
//! whatever can be read can be written.

use super::*;
use crate::{fields::Entropy, frame::Version::*};
use proptest::{collection::vec, prelude::*, sample::select};

/// Numbers of the standard, and one that it does not have.
fn ids() -> impl Strategy<Value = u16> {
    prop_oneof![60 => select(Message::IDS), 1 => Just(0x0f01_u16)]
}

fn written(message: &Message, version: Version) -> Vec<u8> {
    let mut body = Vec::new();
    message.encode_body(version, &mut body).unwrap();
    body
}

/// What is read from a body that nobody wrote is read again from what it is written as.
fn reads_again(id: u16, version: Version, body: &[u8]) {
    let Ok(message) = Message::decode_body(id, version, body) else { return };
    // In a body that is damaged, the editions of 2011 and 2013 cannot always be told apart.
    let whole_card = |card: &DriverCard| matches!(card.status, 1 | 2);
    match &message {
        Message::Driver(DriverIdentity::Edition2011(_)) if version != V2011 => return,
        // Nor can a maker of 5 bytes and one of 11.
        Message::Upgrade(_) | Message::PropertyAnswer(_) if version == V2019 => return,
        // Zeros before a plate are not kept, and its place tells the edition.
        Message::Register(_)
            if Registration::edition(version, body)
                != Registration::edition(version, &written(&message, version)) =>
        {
            return
        }
        Message::Driver(DriverIdentity::Card(card)) if version == V2013 && !whole_card(card) => {
            return
        }
        _ => {}
    }
    let again = Message::decode_body(id, version, &written(&message, version));
    assert_eq!(again, Ok(message), "{id:#06x} of {version:?} from {body:02x?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn every_message_comes_back_in_every_version(
        id in ids(),
        version in select(&[V2011, V2013, V2019][..]),
        bytes in vec(any::<u8>(), 0..600),
    ) {
        let message = Message::any(id, &mut Entropy(&bytes), version);
        prop_assert_eq!(message.id(), id);
        let body = written(&message, version);
        prop_assert_eq!(Message::decode_body(id, version, &body), Ok(message));
    }

    #[test]
    fn what_can_be_read_can_be_written(
        id in ids(),
        version in select(&[V2011, V2013, V2019][..]),
        body in vec(prop_oneof![3 => 0_u8..6, 1 => any::<u8>()], 0..200),
    ) {
        reads_again(id, version, &body);
    }

    #[test]
    fn a_message_that_is_cut_is_read_or_refused(
        id in ids(),
        version in select(&[V2011, V2013, V2019][..]),
        bytes in vec(any::<u8>(), 0..600),
        cut in 0_usize..600,
    ) {
        let mut body = written(&Message::any(id, &mut Entropy(&bytes), version), version);
        body.truncate(cut);
        reads_again(id, version, &body);
    }
}

/// Each number of the standard can be read from some bytes: the laws above are not empty.
#[test]
fn every_number_of_the_standard_has_its_fields() {
    for id in Message::IDS {
        let message = Message::any(*id, &mut Entropy(&[1; 600]), V2013);
        assert!(!matches!(message, Message::Unknown { .. }), "{id:#06x}");
        assert_eq!(message.is_downlink(), *id >= 0x8000, "{}", message.name());
    }
}

#[test]
fn bytes_of_anybody_never_panic() {
    bolero::check!().for_each(|bytes: &[u8]| {
        let [high, low, version, body @ ..] = bytes else { return };
        let number = u16::from_be_bytes([*high, *low]);
        // A number that the standard does not have mostly stands for one that it has.
        let other = Message::IDS.get(usize::from(number) % (Message::IDS.len() + 1)).copied();
        let id = if Message::IDS.contains(&number) { number } else { other.unwrap_or(number) };
        reads_again(id, [V2011, V2013, V2019][usize::from(*version) % 3], body);
    });
}
