//! What a liar would hand in: refused, each for its own reason.

#![allow(clippy::unwrap_used, reason = "in a test an unwrap is the assertion")]

mod support;

use serde_json::Value;
use smartlink_primitives::merkle::ProofError;
use smartlink_proofs::{
    bundle::sealed,
    mmr::NoRoot,
    roster::{NoSet, NoSigner},
    verify, Bundle, Bytes, Entry, Fixed, Item, NoBundle, Refused, Trust,
};
use support::{validators, Validators};

fn refused(bundle: &Bundle) -> Refused {
    verify(bundle, Some(&validators().trust())).unwrap_err()
}

/// Signs a bundle anew, for what somebody who has the keys could sign, or has signed somewhere else.
fn signed(mut bundle: Bundle, by: &Validators, who: impl IntoIterator<Item = u32>) -> Bundle {
    bundle.signatures = by.sign(&bundle.commitment, who);
    bundle
}

/// The way that shows that a state does not hold a key shows the same of its neighbours: then another key is another
/// statement, and as true.
fn is_as_true(other: &Bundle, bundle: &Bundle) -> bool {
    let (Item::Storage(said), Item::Storage(item)) = (&other.item, &bundle.item) else {
        return false;
    };
    let mut same = other.clone();
    same.item = bundle.item.clone();
    said.value.is_none() && item.value.is_none() && same == *bundle && !support::holds(&said.key.0)
}

/// No byte of the file can be another, and nothing can be put behind or before it.
#[test]
fn every_flipped_bit_of_the_text_is_refused() {
    for (name, bundle) in support::all() {
        let text = bundle.to_text().into_bytes();
        for at in 0..text.len() {
            for bit in 0..8 {
                let mut flipped = text.clone();
                flipped[at] ^= 1 << bit;
                assert!(Bundle::parse(&flipped).is_err(), "{name}: bit {bit} of byte {at}");
            }
        }
        for other in [[&text[..], b"\n"].concat(), [b" ", &text[..]].concat(), text[1..].to_vec()] {
            assert!(Bundle::parse(&other).is_err(), "{name}");
        }
    }
}

/// Whoever changes the text and seals it anew is refused all the same: by the form, or by the proof.
#[test]
fn every_flipped_bit_under_a_new_seal_is_refused() {
    let trust = validators().trust();
    for (name, bundle) in support::all() {
        if bundle.ethereum.is_some() {
            // What is not checked here has nothing but the seal.
            continue;
        }
        let body = serde_json::to_string(&bundle).unwrap();
        // Every bit of one, and a bit of every byte of the others.
        for at in 0..body.len() {
            for bit in if name == "receipt" { 0..7 } else { at % 7..at % 7 + 1 } {
                let mut flipped = body.clone().into_bytes();
                flipped[at] ^= 1_u8 << bit;
                let Ok(flipped) = String::from_utf8(flipped) else { continue };
                let Ok(read) = Bundle::parse(sealed(&flipped).as_bytes()) else { continue };
                let proves = verify(&read, Some(&trust)).is_ok() && !is_as_true(&read, &bundle);
                let before = String::from_utf8_lossy(&flipped.as_bytes()[..at]);
                assert!(!proves, "{name}: bit {bit} of byte {at}, behind {before}");
            }
        }
    }
}

/// Another text of the same is no bundle, though the seal is right.
#[test]
fn another_text_of_the_same_is_refused() {
    let body = serde_json::to_string(&support::receipt()).unwrap();
    let other = |from: &str, to: &str| {
        let changed = body.replacen(from, to, 1);
        assert_ne!(changed, body, "{from}");
        Bundle::parse(sealed(&changed).as_bytes()).unwrap_err()
    };
    assert!(matches!(other(",\"leaf\"", ", \"leaf\""), NoBundle::OtherText(_)));
    assert!(matches!(other("\"number\":\"9\"", "\"number\":\"09\""), NoBundle::OtherText(_)));
    assert!(matches!(other("\"number\":\"9\"", "\"number\":\"+9\""), NoBundle::OtherText(_)));
    assert!(matches!(other("\"row\":10", "\"row\":1e1"), NoBundle::Unread(_)));
    assert!(matches!(
        other("\"kind\":\"trip\"", "\"kind\":\"\\u0074rip\""),
        NoBundle::OtherText(_)
    ));
    assert!(matches!(other("}", ",\"ethereum\":null}"), NoBundle::Unread(_)));
    assert!(matches!(other("0x0808", "0X0808"), NoBundle::Unread(_)));
    assert!(matches!(other("\"row\":10", "\"row\":10,\"row\":10"), NoBundle::Unread(_)));
    assert!(matches!(other("\"row\":10", "\"row\":10,\"note\":1"), NoBundle::Unread(_)));
    assert!(matches!(other("proof-1", "proof-2"), NoBundle::Unread(_)));
    let upper = body.to_uppercase().replace("0X", "0x");
    assert!(Bundle::parse(sealed(&upper).as_bytes()).is_err());
    let ending = format!("{},\"ethereum\":null}}", body.strip_suffix('}').unwrap());
    let read = Bundle::parse(sealed(&ending).as_bytes());
    assert!(matches!(read, Err(NoBundle::OtherText(_))));
    assert!(matches!(Bundle::parse(&vec![b' '; 5 << 20]), Err(NoBundle::TooLong(_))));
    assert!(matches!(Bundle::parse(b""), Err(NoBundle::NoSeal)));
}

/// Changes one value of the document in every way that there is one.
fn others(value: &Value) -> Vec<Value> {
    match value {
        Value::Null => vec![Value::from("0x00")],
        Value::Number(number) => {
            let number = number.as_u64().unwrap();
            let below = number.checked_sub(1).map(Value::from);
            below.into_iter().chain([Value::from(number + 1), Value::from(number ^ 0x80)]).collect()
        }
        Value::String(text) if text.starts_with("0x") => {
            let mut others = vec![Value::from(format!("{text}00"))];
            others.extend(text.strip_suffix("00").map(Value::from));
            for at in 2..text.len() {
                let digit = u8::from_str_radix(&text[at..=at], 16).unwrap();
                let flip =
                    |bit| format!("{}{:x}{}", &text[..at], digit ^ (1_u8 << bit), &text[at + 1..]);
                others.push(Value::from(flip(at as u32 % 4)));
            }
            others
        }
        Value::String(text) => match text.parse::<u128>() {
            Ok(number) => vec![
                Value::from((number + 1).to_string()),
                Value::from((number ^ 1 << 20).to_string()),
            ],
            Err(_) => {
                let words = ["cancelled", "economy", "van", "in_service", "scrapped", "", "L"];
                words
                    .iter()
                    .map(|word| Value::from(*word))
                    .chain([Value::from(format!("{text}X"))])
                    .collect()
            }
        },
        Value::Array(items) if !items.is_empty() => {
            let without = items[..items.len() - 1].to_vec();
            let twice = [&items[..], &items[items.len() - 1..]].concat();
            let turned: Vec<Value> = items.iter().rev().cloned().collect();
            [without, twice, turned]
                .into_iter()
                .filter(|other| other != items)
                .map(Value::Array)
                .collect()
        }
        _ => Vec::new(),
    }
}

/// Shows every document that differs from this one in one value.
fn each_other(value: &Value, show: &mut dyn FnMut(Value, &str), path: &str) {
    for other in others(value) {
        show(other, path);
    }
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                let mut put = |other: Value, path: &str| {
                    let mut changed = fields.clone();
                    changed.insert(name.clone(), other);
                    show(Value::Object(changed), path);
                };
                each_other(field, &mut put, &format!("{path}.{name}"));
            }
        }
        Value::Array(items) => {
            for (place, item) in items.iter().enumerate() {
                let mut put = |other: Value, path: &str| {
                    let mut changed = items.clone();
                    changed[place] = other;
                    show(Value::Array(changed), path);
                };
                each_other(item, &mut put, &format!("{path}.{place}"));
            }
        }
        _ => {}
    }
}

/// Another digit at any place of any field, one more or less in any number, an item more or less in any list: nothing is proven.
#[test]
fn a_change_of_any_field_is_refused() {
    let trust = validators().trust();
    for (name, bundle) in support::all() {
        if bundle.ethereum.is_some() {
            continue;
        }
        let (mut tried, mut read) = (0, 0);
        let document = serde_json::to_value(&bundle).unwrap();
        let mut show = |other: Value, path: &str| {
            tried += 1;
            let Ok(other) = serde_json::from_value::<Bundle>(other) else { return };
            assert_ne!(other, bundle, "{name}: {path}");
            read += 1;
            // What a liar would hand in: sealed anew.
            let other = Bundle::parse(other.to_text().as_bytes()).unwrap();
            let proves = verify(&other, Some(&trust)).is_ok() && !is_as_true(&other, &bundle);
            assert!(!proves, "{name}: {path}");
        };
        each_other(&document, &mut show, "");
        assert!(read > 700, "{name}: only {read} of {tried}");
    }
}

#[test]
fn too_few_signatures_prove_nothing() {
    // Two thirds exactly.
    let three = Validators::new(3, "three");
    let mut bundle = support::receipt();
    bundle.validators = three.addresses();
    let trust = Trust { root: three.trust().root, id: None };
    let two = signed(bundle.clone(), &three, [0, 2]);
    let too_few = Refused::TooFew { signed: 2, validators: 3, wanted: 3 };
    assert_eq!(verify(&two, Some(&trust)), Err(too_few));
    assert!(verify(&signed(bundle, &three, [0, 1, 2]), Some(&trust)).is_ok());

    let two_of_four = signed(support::receipt(), &validators(), [1, 2]);
    assert_eq!(refused(&two_of_four), Refused::TooFew { signed: 2, validators: 4, wanted: 3 });
    let none = signed(support::receipt(), &validators(), []);
    assert_eq!(refused(&none), Refused::TooFew { signed: 0, validators: 4, wanted: 3 });
}

#[test]
fn a_validator_signs_once_and_in_turn() {
    let ours = validators();
    let twice = signed(support::receipt(), &ours, [0, 1, 1, 3]);
    assert_eq!(refused(&twice), Refused::Order { place: 2, by: 1 });
    let turned = signed(support::receipt(), &ours, [0, 3, 1]);
    assert_eq!(refused(&turned), Refused::Order { place: 2, by: 1 });

    // The same key under two numbers.
    let mut copied = support::receipt();
    copied.signatures[2] = copied.signatures[1].clone();
    copied.signatures[2].by = 2;
    assert!(matches!(refused(&copied), Refused::OtherSigner { by: 2, .. }));
    copied.validators[2] = copied.validators[1];
    assert_eq!(refused(&copied), Refused::Set(NoSet::Twice(copied.validators[1])));

    let mut stranger = support::receipt();
    stranger.signatures[2].by = 4;
    assert_eq!(refused(&stranger), Refused::Stranger { place: 2, by: 4, validators: 4 });
}

/// The order of the curve less s, with the other parity, is a signature by the same key.
#[test]
fn the_second_form_of_a_signature_is_refused() {
    let mut high = support::receipt();
    let bytes = &mut high.signatures[1].signature.0;
    let numbers = k256::ecdsa::Signature::from_slice(&bytes[..64]).unwrap();
    let (r, s) = numbers.split_scalars();
    let second = k256::ecdsa::Signature::from_scalars(r.to_bytes(), (-*s).to_bytes()).unwrap();
    bytes[..64].copy_from_slice(&second.to_bytes());
    bytes[64] ^= 1;
    assert_eq!(refused(&high), Refused::NoSigner { by: 1, why: NoSigner::HighS });

    for parity in [2, 3, 27, 28, 255] {
        let mut other = support::receipt();
        other.signatures[0].signature.0[64] = parity;
        assert_eq!(refused(&other), Refused::NoSigner { by: 0, why: NoSigner::Form });
    }
    let mut zero = support::receipt();
    zero.signatures[0].signature = Fixed([0; 65]);
    assert_eq!(refused(&zero), Refused::NoSigner { by: 0, why: NoSigner::Form });
}

#[test]
fn signatures_of_another_commitment_prove_nothing() {
    let ours = validators();
    let mut later = support::receipt().commitment;
    later.set += 1;
    let mut bundle = support::receipt();
    bundle.signatures = ours.sign(&later, [0, 1, 3]);
    assert!(matches!(refused(&bundle), Refused::OtherSigner { by: 0, .. }));

    // Of another set's number, where one is trusted.
    bundle.commitment = later;
    assert_eq!(refused(&bundle), Refused::OtherSetId { id: 10, trusted: 9 });
    let any_session = Trust::from(ours.trust().root);
    assert!(verify(&bundle, Some(&any_session)).is_ok());
}

#[test]
fn the_validators_of_another_chain_prove_nothing() {
    let theirs = Validators::new(4, "theirs");
    let mut bundle = support::receipt();
    bundle.validators = theirs.addresses();
    let bundle = signed(bundle, &theirs, 0..4);
    // They have signed it, which is all that can be said without knowing whom to trust.
    assert!(!verify(&bundle, None).unwrap().trusted);
    assert!(matches!(refused(&bundle), Refused::OtherSet { .. }));

    let mut nobody = support::receipt();
    nobody.validators[2] = Fixed([0; 20]);
    assert_eq!(refused(&nobody), Refused::Set(NoSet::Nobody(2)));
    let mut none = support::receipt();
    none.validators.clear();
    assert_eq!(refused(&none), Refused::Set(NoSet::Size(0)));
}

#[test]
fn a_payload_names_one_root() {
    let ours = validators();
    let with = |payload: Vec<Entry>| {
        let mut bundle = support::receipt();
        bundle.commitment.payload = payload;
        refused(&signed(bundle, &ours, [0, 1, 3])).to_string()
    };
    let entry = |id: &[u8; 2], data: &[u8]| Entry { id: Fixed(*id), data: Bytes(data.to_vec()) };
    assert!(with(vec![]).contains("says nothing of the MMR"));
    assert!(with(vec![entry(b"mh", &[1; 31])]).contains("says nothing of the MMR"));
    assert!(with(vec![entry(b"mh", &[1; 32]), entry(b"mh", &[2; 32])]).contains("do not ascend"));
    assert!(with(vec![entry(b"zz", &[]), entry(b"mh", &[2; 32])]).contains("do not ascend"));
}

/// The leaf of a block is proven in the MMR of a later one alone.
#[test]
fn a_leaf_that_is_not_in_the_signed_mountain_is_refused() {
    let ours = validators();
    let mut early = support::receipt();
    early.commitment.block = support::BLOCK;
    let early = signed(early, &ours, [0, 1, 3]);
    let index = u64::from(support::BLOCK);
    assert_eq!(refused(&early), Refused::Mmr(NoRoot::Index { index, count: index }));

    // Another count with as many peaks has a proof of the same length: the height that was signed forbids it.
    let mut superfluous = support::receipt();
    superfluous.mmr.push(Fixed([1; 32]));
    assert!(matches!(refused(&superfluous), Refused::Mmr(NoRoot::Length { .. })));
    let mut none = support::receipt();
    none.mmr.clear();
    assert!(matches!(refused(&none), Refused::Mmr(NoRoot::Length { .. })));
}

/// The last row of a batch of eleven has a short proof: it holds at its own place alone.
#[test]
fn a_short_proof_of_the_last_row_holds_at_one_place() {
    for row in 0..40 {
        let mut bundle = support::receipt();
        let Item::Receipt(item) = &mut bundle.item else { panic!("it is a receipt") };
        item.row = row;
        match row {
            10 => assert!(verify(&bundle, None).is_ok()),
            0..=10 => assert!(matches!(
                refused(&bundle),
                Refused::Path(ProofError::Length | ProofError::Root)
            )),
            _ => assert_eq!(refused(&bundle), Refused::Path(ProofError::Index)),
        }
    }
    let mut superfluous = support::receipt();
    let Item::Receipt(item) = &mut superfluous.item else { panic!("it is a receipt") };
    item.partners.push(Fixed([1; 32]));
    assert_eq!(refused(&superfluous), Refused::Path(ProofError::Length));
    let mut place = support::anchor();
    let Item::Anchor(item) = &mut place.item else { panic!("it is an anchor") };
    item.place.partners.push(Fixed([1; 32]));
    assert_eq!(refused(&place), Refused::Path(ProofError::Length));
}

#[test]
fn the_header_of_another_block_is_refused() {
    let mut bundle = support::storage(b"balances: bob");
    let Item::Storage(item) = &mut bundle.item else { panic!("it is a value") };
    item.header.0[40] ^= 1;
    assert!(matches!(refused(&bundle), Refused::OtherHeader { .. }));
    item_header(&mut bundle).truncate(50);
    assert_eq!(refused(&bundle), Refused::Header);
}

fn item_header(bundle: &mut Bundle) -> &mut Vec<u8> {
    let Item::Storage(item) = &mut bundle.item else { panic!("it is a value") };
    &mut item.header.0
}

/// Any bytes: as a file, as what a seal is put on, as a justification, as a node of the trie and as a leaf.
#[test]
fn any_bytes_as_a_bundle_are_refused_without_panic() {
    let trust = Trust::from(Fixed([1; 32]));
    bolero::check!().for_each(|bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        for text in [bytes, sealed(&text).as_bytes()] {
            if let Ok(bundle) = Bundle::parse(text) {
                assert_eq!(bundle.to_text().as_bytes(), text);
                let _ = verify(&bundle, None);
                assert!(verify(&bundle, Some(&trust)).is_err());
            }
        }
        let _ = smartlink_proofs::commitment::justification(bytes);
        let _ = smartlink_proofs::Leaf::decode(bytes);
        let hash = smartlink_proofs::trie::blake2(bytes);
        let _ = smartlink_proofs::trie::find(hash, b"key", |_| Some(bytes));
    });
}
