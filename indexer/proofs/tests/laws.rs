//! What holds for every tree, every set and every text.

#![allow(clippy::unwrap_used, reason = "in a test an unwrap is the assertion")]

mod support;

use std::path::Path;

use proptest::prelude::*;
use smartlink_primitives::keccak;
use smartlink_proofs::{
    mmr, roster, trie, verify, Bundle, Bytes, Fixed, Hash, Item, Refused, StorageItem, Trust,
};
use support::{mountain::Mountain, trie::Trie, Validators};

fn leaves(count: u64) -> Vec<Hash> {
    (0..count).map(|n| keccak(&n.to_be_bytes()).into()).collect()
}

proptest! {

    /// Every leaf of every mountain is proven at its own index, and with its own number of hashes alone.
    #[test]
    fn a_leaf_is_proven_in_a_mountain(count in 1_u64..300, at in any::<prop::sample::Index>(), other in 0_u64..400) {
        let leaves = leaves(count);
        let index = at.index(leaves.len()) as u64;
        let leaf = leaves[index as usize];
        let mountain = Mountain::new(&leaves);
        let proof = mountain.proof(index);
        prop_assert_eq!(mmr::root(leaf, index, count, &proof), Ok(mountain.root()));
        if other != index {
            prop_assert_ne!(mmr::root(leaf, other, count, &proof), Ok(mountain.root()));
        }
        let longer = [&proof[..], &[leaf]].concat();
        prop_assert!(mmr::root(leaf, index, count, &longer).is_err());
        if let Some((_, shorter)) = proof.split_last() {
            prop_assert!(mmr::root(leaf, index, count, shorter).is_err());
        }
        let refused = mmr::root(leaf, count, count, &proof);
        prop_assert_eq!(refused, Err(mmr::NoRoot::Index { index: count, count }));
    }

    /// Another set has another root: whatever is left out, put in, or put elsewhere.
    #[test]
    fn a_set_is_known_by_its_root(count in 1_u8..30, one in any::<prop::sample::Index>(), two in any::<prop::sample::Index>()) {
        let set = Validators::new(count, "any").addresses();
        let root = roster::root(&set).unwrap();
        let (one, two) = (one.index(set.len()), two.index(set.len()));
        let mut swapped = set.clone();
        swapped.swap(one, two);
        prop_assert_eq!(roster::root(&swapped) == Ok(root), one == two);
        let mut shorter = set.clone();
        shorter.remove(one);
        prop_assert_ne!(roster::root(&shorter), Ok(root));
        let mut longer = set.clone();
        longer.push(Fixed([9; 20]));
        prop_assert_ne!(roster::root(&longer), Ok(root));
        let mut twice = set.clone();
        twice.push(set[one]);
        prop_assert_eq!(roster::root(&twice), Err(roster::NoSet::Twice(set[one])));
    }
}

proptest! {
    // Each case signs and verifies some hundred bundles.
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Every entry of every state is found, what is not there is not, and no node can be left out or put in.
    #[test]
    fn a_state_is_proven(
        entries in prop::collection::btree_map(
            prop::collection::vec(0_u8..4, 0..5), prop::collection::vec(any::<u8>(), 0..40), 0..30,
        ),
        asked in prop::collection::vec(0_u8..4, 0..5),
        tail in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        // Keys that are long in common have partial keys that take more than a byte to count.
        let long = |key: &[u8]| [&tail[..], key].concat();
        let state = Trie::new(entries.iter().map(|(k, v)| (long(k), v.clone())).collect());
        let keys = entries.keys().chain([&asked]);
        for key in keys {
            let header = support::header(state.root());
            let item = StorageItem::assemble(long(key), header, state.nodes()).unwrap();
            prop_assert_eq!(item.value.as_ref().map(|value| &value.0), entries.get(key));
            let bundle = |item: StorageItem| {
                let hash = trie::blake2(&item.header.0);
                support::bundle(Item::Storage(item), Fixed([0; 32]), hash)
            };
            prop_assert!(verify(&bundle(item.clone()), None).is_ok());
            for place in 0..item.nodes.len() {
                let mut shorter = item.clone();
                shorter.nodes.remove(place);
                prop_assert!(verify(&bundle(shorter), None).is_err());
                let mut twice = item.clone();
                twice.nodes.insert(place, item.nodes[place].clone());
                prop_assert!(verify(&bundle(twice), None).is_err());
            }
            let mut superfluous = item.clone();
            superfluous.nodes.push(Bytes(vec![0]));
            prop_assert_eq!(verify(&bundle(superfluous), None), Err(Refused::Superfluous));
            let mut other = item.clone();
            other.value = match other.value {
                None => Some(Bytes(vec![])),
                Some(_) => None,
            };
            prop_assert_eq!(verify(&bundle(other), None), Err(Refused::OtherValue));
        }
    }
}

/// The bound is BEEFY's, and the same as "more than two thirds".
#[test]
fn more_than_two_thirds_have_to_sign() {
    for validators in 1..=1_000_usize {
        let least = (0..=validators).find(|signed| 3 * signed > 2 * validators).unwrap();
        assert_eq!(roster::threshold(validators), least, "of {validators}");
    }
}

#[test]
fn a_bundle_is_its_text_and_is_verified() {
    let trust = support::validators().trust();
    for (name, bundle) in support::all() {
        let text = bundle.to_text();
        assert_eq!(Bundle::parse(text.as_bytes()).unwrap(), bundle, "{name}");
        let verified =
            verify(&bundle, Some(&trust)).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(verified.trusted);
        assert_eq!((verified.block, verified.signed_block), (support::BLOCK, support::SIGNED));
        assert_eq!((verified.signed_by.signed, verified.signed_by.validators), (3, 4));
        // Whoever trusts nobody is told so.
        let untrusting = verify(&bundle, None).unwrap();
        assert!(!untrusting.trusted);
        assert!(untrusting.to_string().contains("taken from the bundle"), "{untrusting}");
        assert_eq!(untrusting.to_string().contains("not checked here"), bundle.ethereum.is_some());
    }
    let paid = verify(&support::receipt(), Some(&trust)).unwrap().to_string();
    assert!(paid.contains("the rider paid ¥35.00, and of it driver 10 got ¥29.00"), "{paid}");
}

/// The encoding of a vehicle, to the byte.
#[test]
fn a_vehicle_is_encoded_as_the_chain_does() {
    let Item::Vehicle(item) = support::vehicle().item else { panic!("it is a vehicle") };
    let bytes = item.vehicle.encode().unwrap();
    assert_eq!(bytes[..14], [0, 0, 0, 12, 0, 0, 0, 3, 0, 0, 0, 2, 2, 2]);
    assert_eq!(&bytes[14..31], b"LSVAA4182E2123456");
    assert_eq!((bytes[31], &bytes[32..41], bytes[41]), (9, "粤B12345".as_bytes(), 0));
    assert_eq!((bytes[48], &bytes[49..58], bytes[58]), (9, "BYD \"Han\"".as_bytes(), 0));
    assert_eq!(bytes.len(), 81);
    let mut long = item.vehicle;
    long.plate = "粤B1234567890123".to_owned();
    assert_eq!(long.item(), Err(Refused::Text { what: "plate", bytes: 17 }));
}

/// What a real chain has signed stays proven, with the set whose root that chain has told.
#[test]
fn bundles_of_a_real_chain_are_verified() {
    let corpus = "tests/__fuzz__/any_bytes_as_a_bundle_are_refused_without_panic/corpus";
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join(corpus);
    let root: Hash =
        "0xaeb47a269393297f4b0a3c9c9cfd00c7a4195255274cf39d83dabc2fcc9ff3d7".parse().unwrap();
    let trust = Trust::from(root);
    for name in ["receipt", "vehicle", "anchor", "next-vehicle", "beefy-authorities", "nothing"] {
        let text = std::fs::read(corpus.join(name)).unwrap();
        let bundle = Bundle::parse(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let verified = verify(&bundle, Some(&trust)).unwrap_or_else(|why| panic!("{name}: {why}"));
        assert!(verified.trusted, "{name}");
    }
}
