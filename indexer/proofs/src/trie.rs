//! The state's trie: base 16, blake2 of 256 bits, as sp-trie writes its nodes.
//!
//! ```text
//! node    = header ‖ nibbles ‖ rest
//! header  = kind in the first bits, number of nibbles in the others, and in further bytes when they are full
//!           00000000 empty   01 leaf   10 branch   11 branch with value   001 leaf, 0001 branch, whose value is hashed
//! nibbles = two a byte, a zero in front when they are odd
//! rest    = leaf: value; branch: bits of its children (u16 LE), value if it has one, children
//! value   = compact length ‖ bytes, or its hash; child = compact length ‖ node of less than 32 bytes, or its hash
//! ```
//!
//! A proof is the way down: every node that is known by its hash, from the root, each once.

use blake2::{digest::consts::U32, Blake2b, Digest};
use codec::{Compact, Decode};

use crate::{Fixed, Hash};

/// The deepest way that is walked: a nibble a node at least, of a key of 2 KiB.
const DEEPEST: usize = 4_096;

/// Why a proof shows nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoWay {
    /// A node is not there, or is another one.
    #[error("the node {0} of the state's trie is missing, or another stands in its place: the proof is forged or damaged")]
    Node(Hash),
    /// A node makes no sense.
    #[error(
        "a node of the state's trie is not written as nodes are: the proof is forged or damaged"
    )]
    Form,
    /// The way does not end.
    #[error("the way in the state's trie is deeper than {DEEPEST} nodes: no key is that long")]
    Deep,
}

/// What stands at the end of the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found<'n> {
    /// Nothing: the state has no such key.
    Nothing,
    /// A value.
    Value(&'n [u8]),
    /// The hash of a value.
    Hashed(Hash),
}

/// The hash of nodes, values and headers.
pub fn blake2(bytes: &[u8]) -> Hash {
    Fixed(Blake2b::<U32>::digest(bytes).into())
}

/// What a trie has under a key. Nodes are asked for by their hash, and are not looked at unless they have it.
///
/// # Errors
/// A node is missing, or is none.
pub fn find<'n>(
    root: Hash,
    key: &[u8],
    mut node: impl FnMut(&Hash) -> Option<&'n [u8]>,
) -> Result<Found<'n>, NoWay> {
    let mut known = |hash: Hash| match node(&hash) {
        Some(bytes) if blake2(bytes) == hash => Ok(bytes),
        _ => Err(NoWay::Node(hash)),
    };
    let mut nibbles = key.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    let mut bytes = known(root)?;
    for _ in 0..DEEPEST {
        let read = read(bytes)?;
        if !read.partial.into_iter().all(|nibble| nibbles.next() == Some(nibble)) {
            return Ok(Found::Nothing);
        }
        let Some(next) = nibbles.next() else { return Ok(read.value) };
        bytes = match read.children[usize::from(next)] {
            Child::None => return Ok(Found::Nothing),
            Child::Inline(bytes) => bytes,
            Child::Hashed(hash) => known(hash)?,
        };
    }
    Err(NoWay::Deep)
}

#[derive(Clone, Copy)]
enum Child<'n> {
    None,
    Inline(&'n [u8]),
    Hashed(Hash),
}

struct Node<'n> {
    partial: Vec<u8>,
    value: Found<'n>,
    children: [Child<'n>; 16],
}

/// What follows from the first bits.
enum Kind {
    Leaf { hashed: bool },
    Branch { value: Option<bool> },
}

fn read(node: &[u8]) -> Result<Node<'_>, NoWay> {
    let mut rest = node;
    let first = byte(&mut rest)?;
    let (kind, bits) = match first {
        0b0100_0000.. if first >> 6 == 0b01 => (Kind::Leaf { hashed: false }, 6),
        0b1000_0000.. if first >> 6 == 0b10 => (Kind::Branch { value: None }, 6),
        0b1100_0000.. => (Kind::Branch { value: Some(false) }, 6),
        0b0010_0000.. => (Kind::Leaf { hashed: true }, 5),
        0b0001_0000.. => (Kind::Branch { value: Some(true) }, 4),
        0 if rest.is_empty() => {
            let (partial, value) = (Vec::new(), Found::Nothing);
            return Ok(Node { partial, value, children: [Child::None; 16] });
        }
        _ => return Err(NoWay::Form),
    };
    let partial = partial(first, bits, &mut rest)?;
    let mut children = [Child::None; 16];
    let value = match kind {
        Kind::Leaf { hashed } => value(hashed, &mut rest)?,
        Kind::Branch { value: has } => {
            let there = u16::from_le_bytes([byte(&mut rest)?, byte(&mut rest)?]);
            let value = has.map_or(Ok(Found::Nothing), |hashed| value(hashed, &mut rest))?;
            for (place, child) in children.iter_mut().enumerate() {
                if there >> place & 1 == 1 {
                    let bytes = counted(&mut rest)?;
                    *child = bytes
                        .try_into()
                        .map_or(Child::Inline(bytes), |hash| Child::Hashed(Fixed(hash)));
                }
            }
            value
        }
    };
    if rest.is_empty() {
        Ok(Node { partial, value, children })
    } else {
        Err(NoWay::Form)
    }
}

fn byte(rest: &mut &[u8]) -> Result<u8, NoWay> {
    let (first, behind) = rest.split_first().ok_or(NoWay::Form)?;
    *rest = behind;
    Ok(*first)
}

fn take<'n>(rest: &mut &'n [u8], count: usize) -> Result<&'n [u8], NoWay> {
    let (taken, behind) = rest.split_at_checked(count).ok_or(NoWay::Form)?;
    *rest = behind;
    Ok(taken)
}

fn counted<'n>(rest: &mut &'n [u8]) -> Result<&'n [u8], NoWay> {
    let Compact(count) = Compact::<u32>::decode(rest).map_err(|_| NoWay::Form)?;
    take(rest, count as usize)
}

fn value<'n>(hashed: bool, rest: &mut &'n [u8]) -> Result<Found<'n>, NoWay> {
    if !hashed {
        return counted(rest).map(Found::Value);
    }
    let hash = take(rest, 32)?.try_into().map_err(|_| NoWay::Form)?;
    Ok(Found::Hashed(Fixed(hash)))
}

fn partial(first: u8, bits: u32, rest: &mut &[u8]) -> Result<Vec<u8>, NoWay> {
    let most = (1_usize << bits) - 1;
    let mut count = usize::from(first) & most;
    if count == most {
        loop {
            let more = byte(rest)?;
            count += usize::from(more);
            if more < u8::MAX {
                break;
            }
        }
    }
    let bytes = take(rest, count.div_ceil(2))?;
    let mut nibbles: Vec<u8> = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).collect();
    if count % 2 == 1 && nibbles.remove(0) != 0 {
        return Err(NoWay::Form);
    }
    Ok(nibbles)
}
