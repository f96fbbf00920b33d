//! A trie of the state, written by its format (state version 1: values above 32 bytes by their hash).

use smartlink_proofs::{trie::blake2, Hash};

pub struct Trie {
    root: Hash,
    nodes: Vec<Vec<u8>>,
}

type Entry = (Vec<u8>, Vec<u8>);

fn nibbles(key: &[u8]) -> Vec<u8> {
    key.iter().flat_map(|byte| [byte >> 4, byte & 15]).collect()
}

/// A length in SCALE's compact form, up to 16,383.
fn compact(length: usize) -> Vec<u8> {
    match u16::try_from(length).unwrap() {
        short @ 0..64 => vec![(short << 2) as u8],
        long => (long << 2 | 1).to_le_bytes().to_vec(),
    }
}

fn header(prefix: u8, bits: u32, partial: &[u8]) -> Vec<u8> {
    let most = (1_usize << bits) - 1;
    let mut bytes = if partial.len() < most {
        vec![prefix | partial.len() as u8]
    } else {
        let mut rest = partial.len() - most;
        let mut bytes = vec![prefix | most as u8];
        while rest >= 255 {
            bytes.push(255);
            rest -= 255;
        }
        bytes.push(rest as u8);
        bytes
    };
    let mut padded = if partial.len() % 2 == 1 { vec![0] } else { vec![] };
    padded.extend(partial);
    bytes.extend(padded.chunks(2).map(|pair| pair[0] << 4 | pair[1]));
    bytes
}

impl Trie {
    pub fn new(entries: Vec<(Vec<u8>, Vec<u8>)>) -> Self {
        let mut nodes = Vec::new();
        let mut entries: Vec<Entry> =
            entries.into_iter().map(|(key, value)| (nibbles(&key), value)).collect();
        entries.sort();
        let root = if entries.is_empty() { vec![0] } else { node(&entries, &mut nodes) };
        nodes.push(root.clone());
        Self { root: blake2(&root), nodes }
    }

    pub fn root(&self) -> Hash {
        self.root
    }

    /// Its nodes, and the values that nodes have the hash of.
    pub fn nodes(&self) -> &[Vec<u8>] {
        &self.nodes
    }
}

fn value(value: &[u8], nodes: &mut Vec<Vec<u8>>) -> Vec<u8> {
    if value.len() > 32 {
        nodes.push(value.to_vec());
        blake2(value).0.to_vec()
    } else {
        [compact(value.len()), value.to_vec()].concat()
    }
}

/// The node over sorted entries with different keys.
fn node(entries: &[Entry], nodes: &mut Vec<Vec<u8>>) -> Vec<u8> {
    let (first, last) = (&entries[0].0, &entries[entries.len() - 1].0);
    let same = first.iter().zip(last).take_while(|(a, b)| a == b).count();
    let partial = &first[..same];
    if let [(_, held)] = entries {
        let hashed = held.len() > 32;
        let (prefix, bits) = if hashed { (0b0010_0000, 5) } else { (0b0100_0000, 6) };
        return [header(prefix, bits, partial), value(held, nodes)].concat();
    }
    let (held, below) = match entries {
        [(key, held), below @ ..] if key.len() == same => (Some(held), below),
        _ => (None, entries),
    };
    let (prefix, bits) = match held {
        None => (0b1000_0000, 6),
        Some(held) if held.len() > 32 => (0b0001_0000, 4),
        Some(_) => (0b1100_0000, 6),
    };
    let mut there = 0_u16;
    let mut children = Vec::new();
    for nibble in 0..16 {
        let child: Vec<Entry> = below
            .iter()
            .filter(|(key, _)| key[same] == nibble)
            .map(|(key, held)| (key[same + 1..].to_vec(), held.clone()))
            .collect();
        if child.is_empty() {
            continue;
        }
        there |= 1 << nibble;
        let mut child = node(&child, nodes);
        if child.len() >= 32 {
            let hash = blake2(&child).0.to_vec();
            nodes.push(std::mem::replace(&mut child, hash));
        }
        children.extend([compact(child.len()), child].concat());
    }
    let held = held.map(|held| value(held, nodes)).unwrap_or_default();
    [header(prefix, bits, partial), there.to_le_bytes().to_vec(), held, children].concat()
}
