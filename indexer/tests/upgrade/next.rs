//! The next runtime, made out of the one that runs: the same code, with the next version and an event of another name.
//!
//! Building two further runtimes would take minutes. What is changed are bytes in the places where the compiler put the
//! version and the name; each has to be there as often as it is known to be, and the tests that follow see whether the
//! chain takes the result for what it says: it is executed, compares versions of transactions, and writes its own down.

use sp_maybe_compressed_blob::{compress_weakly, decompress, CODE_BLOB_BOMB_LIMIT};

/// The sections of a module that hold code and data, by their numbers.
const CODE: Section = Section::Numbered(10);
const DATA: Section = Section::Numbered(11);

/// A section, a pattern, how often it is there, and what it is.
type Place = (Section, &'static str, usize, &'static str);

/// Where the version is. `v` is its byte; in code, where integers are LEB128, `V` is its first of two, and `W` that of the
/// next version; `..` is any byte.
const PLACES: [Place; 7] = [
    (
        Section::Custom("runtime_version"),
        "01 00 00 00 v 00 00 00 01 00 00 00",
        1,
        "what the node reads: authoring, specification and implementation",
    ),
    (
        DATA,
        "01 00 00 00 v 00 00 00 01 00 00 00 01 00 00 00 01",
        2,
        "the constant VERSION: the same, and those of transactions and the system",
    ),
    (CODE, "42 V 80 80 80 10 37", 1, "what transactions are signed with, two versions in one word"),
    (CODE, "41 V 00 36 02 .. 20 .. 41 00 29 02", 1, "what is stored as the last runtime's"),
    (CODE, "41 V 00 36 02 .. 02 20 .. 41 00 29 02", 1, "the same, at a place further up in memory"),
    (CODE, "41 V 00 49 0d 00 20 .. 28 02 .. 02 41 0e 47", 1, "whether the last runtime's is older"),
    (CODE, "41 W 00 49", 1, "whether the code of an upgrade is newer"),
];

#[derive(Clone, Copy, Debug)]
enum Section {
    Numbered(u8),
    Custom(&'static str),
}

/// The code of version `version + 1`, compressed, out of that of `version`, with an event of another name of the same
/// length.
pub fn runtime(code: &[u8], version: u8, event: (&str, &str)) -> Vec<u8> {
    assert!((64..127).contains(&version), "one byte, and two in LEB128");
    let mut code = decompress(code, CODE_BLOB_BOMB_LIMIT).unwrap().into_owned();
    let places: Vec<usize> = PLACES.iter().flat_map(|place| found(&code, place, version)).collect();
    places.iter().for_each(|place| code[*place] += 1);
    let (old, new) = event;
    assert_eq!(old.len(), new.len());
    let range = range_of(DATA, &code);
    let data = &mut code[range];
    let at: Vec<usize> = data
        .windows(old.len())
        .enumerate()
        .filter(|(_, w)| *w == old.as_bytes())
        .map(|(at, _)| at)
        .collect();
    let [at] = at.as_slice() else { panic!("the name {old} is there {} times", at.len()) };
    data[*at..at + old.len()].copy_from_slice(new.as_bytes());
    compress_weakly(&code, CODE_BLOB_BOMB_LIMIT).unwrap()
}

/// Where the version's bytes are.
fn found(code: &[u8], (section, pattern, times, what): &Place, version: u8) -> Vec<usize> {
    let pattern: Vec<_> = pattern.split(' ').map(|token| byte(token, version)).collect();
    let of_version = pattern.iter().position(|(_, is_version)| *is_version).unwrap();
    let is = |window: &[u8]| {
        pattern.iter().zip(window).all(|((wanted, _), byte)| wanted.is_none_or(|w| w == *byte))
    };
    let range = range_of(*section, code);
    let windows = code[range.clone()].windows(pattern.len()).enumerate();
    let places = windows.filter(|(_, window)| is(window)).map(|(at, _)| at);
    let places: Vec<usize> = places.map(|at| range.start + at + of_version).collect();
    assert_eq!(
        places.len(),
        *times,
        "{what}, version {version} in {section:?}: the compiler puts it elsewhere now; look for it anew, and change PLACES \
         in indexer/tests/upgrade/next.rs"
    );
    places
}

/// A byte of a pattern, `None` for any, and whether it is the version's.
fn byte(token: &str, version: u8) -> (Option<u8>, bool) {
    match token {
        ".." => (None, false),
        "v" => (Some(version), true),
        "V" => (Some(version | 0x80), true),
        "W" => (Some((version + 1) | 0x80), true),
        hex => (Some(u8::from_str_radix(hex, 16).unwrap()), false),
    }
}

/// Where a section's contents are in a module.
fn range_of(section: Section, code: &[u8]) -> std::ops::Range<usize> {
    assert_eq!(&code[..8], b"\0asm\x01\0\0\0");
    let mut at = 8;
    while at < code.len() {
        let id = code[at];
        let (length, begin) = leb128(code, at + 1);
        let end = begin + length;
        let found = match section {
            Section::Numbered(number) => id == number,
            Section::Custom(name) => {
                id == 0 && {
                    let (length, begin) = leb128(code, begin);
                    &code[begin..begin + length] == name.as_bytes()
                }
            }
        };
        if found {
            return begin..end;
        }
        at = end;
    }
    panic!("the runtime has no section {section:?}")
}

/// An unsigned integer, and where it ends.
fn leb128(code: &[u8], mut at: usize) -> (usize, usize) {
    let (mut number, mut shift) = (0, 0);
    loop {
        let byte = code[at];
        number |= usize::from(byte & 0x7f) << shift;
        (at, shift) = (at + 1, shift + 7);
        if byte < 0x80 {
            return (number, at);
        }
    }
}
