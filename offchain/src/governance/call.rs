//! Calls as other programs write them: one line of hex.

use std::{fs::File, io::Read, path::PathBuf, str::FromStr};

use crate::Error;

/// The largest call, in bytes: some more than a runtime's code.
const MOST_BYTES: usize = 8 * 1024 * 1024;
/// The same as a line of a file, with spaces around it.
const MOST_CHARACTERS: u64 = 2 * MOST_BYTES as u64 + 64;

/// Where a call is.
#[derive(Clone, PartialEq, Eq)]
pub enum CallSource {
    /// It was given itself, in SCALE.
    Given(Vec<u8>),
    /// In this file.
    File(PathBuf),
}

/// The bytes may be megabytes.
impl std::fmt::Debug for CallSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Given(bytes) => write!(f, "Given({} bytes)", bytes.len()),
            Self::File(file) => write!(f, "File({})", file.display()),
        }
    }
}

impl FromStr for CallSource {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.starts_with("0x") {
            return unhex(text).map(Self::Given);
        }
        Ok(Self::File(text.into()))
    }
}

impl CallSource {
    /// The bytes of the call.
    ///
    /// # Errors
    /// The file cannot be read, or holds no line 0x...
    pub fn read(self) -> Result<Vec<u8>, Error> {
        let file = match self {
            Self::Given(bytes) => return Ok(bytes),
            Self::File(file) => file,
        };
        let asked = |why: String| Error::Asked(format!("{}: {why}", file.display()));
        let opened = File::open(&file).map_err(|error| asked(error.to_string()))?;
        let mut text = String::new();
        let read = opened.take(MOST_CHARACTERS + 1).read_to_string(&mut text);
        read.map_err(|error| {
            asked(format!("{error}; a call is a line of hex that begins with 0x"))
        })?;
        if text.len() as u64 > MOST_CHARACTERS {
            return Err(asked(format!(
                "this is larger than a call, which has {MOST_BYTES} bytes at most"
            )));
        }
        unhex(text.trim()).map_err(asked)
    }
}

/// Reads 0x...
pub fn unhex(text: &str) -> Result<Vec<u8>, String> {
    let Some(digits) = text.strip_prefix("0x").filter(|digits| !digits.is_empty()) else {
        return Err("a call is one line of hex that begins with 0x".to_owned());
    };
    if digits.chars().any(char::is_whitespace) {
        return Err("there is more than one line or word: give one call at a time".to_owned());
    }
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let mut bytes = Vec::with_capacity(digits.len() / 2);
    let pairs = digits.as_bytes().chunks(2);
    for (place, pair) in pairs.enumerate() {
        let &[high, low] = pair else {
            return Err(
                "the number of hex digits is odd: has all of the call been copied?".to_owned()
            );
        };
        match (digit(high), digit(low)) {
            (Some(high), Some(low)) => bytes.push((high << 4) | low),
            _ => return Err(format!("there is no hex digit at byte {place} of the call")),
        }
    }
    if bytes.len() > MOST_BYTES {
        return Err(format!("this is larger than a call, which has {MOST_BYTES} bytes at most"));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &[u8]) -> Result<Vec<u8>, Error> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("call.hex");
        std::fs::write(&file, text).unwrap();
        file.to_str().unwrap().parse::<CallSource>().unwrap().read()
    }

    #[test]
    fn a_call_is_read_from_the_command_line_and_from_a_file() {
        let given: CallSource = "0x00Ff07".parse().unwrap();
        assert_eq!(given.read().unwrap(), [0, 0xff, 7]);
        assert_eq!(file(b"0x00ff07\n").unwrap(), [0, 0xff, 7]);
    }

    #[test]
    fn what_is_no_call_is_refused_with_a_remedy() {
        let wrong: [(&[u8], &str); 7] = [
            (b"00ff", "begins with 0x"),
            (b"0x", "begins with 0x"),
            (b"", "begins with 0x"),
            (b"0x123", "odd"),
            (b"0x12zz", "byte 1"),
            (b"0x12\n0x13\n", "one call at a time"),
            (b"\xff\xfe", "line of hex"),
        ];
        for (text, remedy) in wrong {
            let error = file(text).unwrap_err().to_string();
            assert!(error.contains("call.hex: ") && error.contains(remedy), "{error}");
        }
        assert!("0xzz".parse::<CallSource>().is_err());
    }

    #[test]
    fn a_file_that_is_not_there_or_too_large_is_named() {
        let error = CallSource::File("nowhere.hex".into()).read().unwrap_err().to_string();
        assert!(error.starts_with("nowhere.hex: "), "{error}");
        let large = [b"0x".to_vec(), vec![b'0'; 2 * MOST_BYTES + 100]].concat();
        let error = file(&large).unwrap_err().to_string();
        assert!(error.contains("larger than a call"), "{error}");
    }
}
