//! Names that the chain keeps: of companies, and of machines.

use pallet_consortium::Name;

/// The most bytes of a name, as the chain bounds them.
const MAX_BYTES: usize = 64;

/// Why a text is no name.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing to read.
    #[error("a name has at least one letter: write one")]
    Empty,
    /// Too long for the chain.
    #[error("'{text}' has {bytes} bytes, and may have {MAX_BYTES}: shorten it")]
    Long {
        /// What was written.
        text: String,
        /// How long it is in UTF-8.
        bytes: usize,
    },
    /// Line breaks, or worse.
    #[error("a name is one line: leave control characters out of {0:?}")]
    Control(String),
}

/// A name of 1 to 64 bytes of UTF-8 in one line. Companies and machines are named alike.
pub fn parse(text: &str) -> Result<Name, NameError> {
    if text.trim().is_empty() {
        return Err(NameError::Empty);
    }
    if text.chars().any(char::is_control) {
        return Err(NameError::Control(text.into()));
    }
    Name::try_from(text.as_bytes().to_vec())
        .map_err(|bytes| NameError::Long { text: text.into(), bytes: bytes.len() })
}

/// A name of the chain to read. What is no UTF-8, which the chain takes from nobody, is replaced; control characters, which other
/// programs may have sent, are written out: they would move the lines of whoever reads.
pub fn text(name: &Name) -> String {
    let shown = |letter: char| match letter.is_control() {
        true => letter.escape_default().collect::<String>(),
        false => letter.to_string(),
    };
    String::from_utf8_lossy(name).chars().map(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_1_to_64_bytes_in_one_line() {
        assert_eq!(text(&parse("深行 Mobility").unwrap()), "深行 Mobility");
        assert!(parse(&"x".repeat(64)).is_ok());
        assert_eq!(parse(" "), Err(NameError::Empty));
        let long = parse(&"行".repeat(22)).unwrap_err().to_string();
        assert!(long.contains("66 bytes"), "{long}");
        let sent = Name::try_from(b"a\n\x1b[2Kb".to_vec()).unwrap();
        assert_eq!(text(&sent), r"a\n\u{1b}[2Kb");
        let control = parse("a\nb").unwrap_err().to_string();
        assert!(control.contains(r#""a\nb""#), "{control}");
    }
}
