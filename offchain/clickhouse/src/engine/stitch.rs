//! How the pieces of a streamed answer become one.
//!
//! The library formats every piece of a stream as if it were the whole answer. Where that leaves a heading on each
//! piece, all but the first lose it here; formats that cannot be put together at all are documents, which go by way
//! of a file.

/// What stands at the beginning of each piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Heading {
    None,
    /// Lines without line ends in them.
    Lines(u8),
    /// Lines of CSV, whose quoted names may hold line ends.
    Csv(u8),
    /// A count, and then as many names, and as many types.
    Counted {
        lists: u8,
    },
}

/// Puts pieces together.
#[derive(Debug)]
pub(super) struct Stitcher {
    heading: Heading,
    begun: bool,
}

impl Stitcher {
    /// For a format whose pieces can be put together; `None` for documents.
    pub(super) fn of(format: &str) -> Option<Self> {
        let heading = match format.to_ascii_lowercase().as_str() {
            "tabseparated"
            | "tsv"
            | "tabseparatedraw"
            | "tsvraw"
            | "raw"
            | "csv"
            | "jsoneachrow"
            | "jsonlines"
            | "ndjson"
            | "jsoncompacteachrow"
            | "jsonstringseachrow"
            | "jsoncompactstringseachrow"
            | "rowbinary"
            | "native"
            | "lineasstring"
            | "tskv"
            | "msgpack"
            | "null" => Heading::None,
            "tabseparatedwithnames"
            | "tsvwithnames"
            | "tabseparatedrawwithnames"
            | "tsvrawwithnames"
            | "rawwithnames"
            | "jsoncompacteachrowwithnames"
            | "jsoncompactstringseachrowwithnames" => Heading::Lines(1),
            "tabseparatedwithnamesandtypes"
            | "tsvwithnamesandtypes"
            | "tabseparatedrawwithnamesandtypes"
            | "tsvrawwithnamesandtypes"
            | "rawwithnamesandtypes"
            | "jsoncompacteachrowwithnamesandtypes"
            | "jsoncompactstringseachrowwithnamesandtypes" => Heading::Lines(2),
            "csvwithnames" => Heading::Csv(1),
            "csvwithnamesandtypes" => Heading::Csv(2),
            "rowbinarywithnames" => Heading::Counted { lists: 1 },
            "rowbinarywithnamesandtypes" => Heading::Counted { lists: 2 },
            _ => return None,
        };
        Some(Self { heading, begun: false })
    }

    /// What is to be sent of the next piece; `None` if it has not the heading that it must have.
    pub(super) fn next<'a>(&mut self, piece: &'a [u8]) -> Option<&'a [u8]> {
        if !std::mem::replace(&mut self.begun, true) {
            return Some(piece);
        }
        match self.heading {
            Heading::None => Some(piece),
            Heading::Lines(count) => (0..count).try_fold(piece, |rest, _| line(rest, false)),
            Heading::Csv(count) => (0..count).try_fold(piece, |rest, _| line(rest, true)),
            Heading::Counted { lists } => {
                let (columns, rest) = varint(piece)?;
                (0..columns.checked_mul(lists.into())?).try_fold(rest, |rest, _| {
                    let (length, rest) = varint(rest)?;
                    rest.get(usize::try_from(length).ok()?..)
                })
            }
        }
    }
}

/// What follows the first line.
fn line(text: &[u8], quotes: bool) -> Option<&[u8]> {
    let mut quoted = false;
    for (at, byte) in text.iter().enumerate() {
        match byte {
            b'"' if quotes => quoted = !quoted,
            b'\n' if !quoted => return Some(&text[at + 1..]),
            _ => {}
        }
    }
    None
}

/// A number of seven bits a byte, the lowest first, and what follows it.
fn varint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut number = 0;
    for (at, byte) in bytes.iter().take(9).enumerate() {
        number |= u64::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 == 0 {
            return Some((number, &bytes[at + 1..]));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stitched(format: &str, pieces: &[&[u8]]) -> Vec<u8> {
        let mut stitcher = Stitcher::of(format).unwrap();
        pieces.iter().flat_map(|piece| stitcher.next(piece).unwrap().to_vec()).collect()
    }

    #[test]
    fn headings_stand_once() {
        assert_eq!(stitched("TSV", &[b"1\n", b"2\n"]), b"1\n2\n");
        assert_eq!(
            stitched("TSVWithNamesAndTypes", &[b"a\nInt8\n1\n", b"a\nInt8\n2\n"]),
            b"a\nInt8\n1\n2\n"
        );
        let csv: [&[u8]; 2] = [b"\"a\n\"\"b\",\"c\"\n1,2\n", b"\"a\n\"\"b\",\"c\"\n3,4\n"];
        assert_eq!(stitched("CSVWithNames", &csv), b"\"a\n\"\"b\",\"c\"\n1,2\n3,4\n");
        let heading = b"\x01\x01a\x04Int8";
        let pieces = [[heading.as_slice(), &[1]].concat(), [heading.as_slice(), &[2]].concat()];
        let pieces: Vec<_> = pieces.iter().map(Vec::as_slice).collect();
        assert_eq!(
            stitched("RowBinaryWithNamesAndTypes", &pieces),
            [heading.as_slice(), &[1, 2]].concat()
        );
        assert!(Stitcher::of("Parquet").is_none() && Stitcher::of("JSON").is_none());
    }

    #[test]
    fn any_pieces_are_put_together_or_refused() {
        bolero::check!().for_each(|bytes: &[u8]| {
            for format in ["CSVWithNames", "TSVWithNamesAndTypes", "RowBinaryWithNamesAndTypes"] {
                let mut stitcher = Stitcher::of(format).unwrap();
                stitcher.next(b"");
                let _ = stitcher.next(bytes);
            }
        });
    }
}
