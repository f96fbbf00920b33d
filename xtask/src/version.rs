//! Versions as tools print them.

use std::fmt;

/// A version, as far as it matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// The first number.
    pub major: u32,
    /// The second number.
    pub minor: u32,
}

impl Version {
    /// The first word of `text` that reads as a version: `rustc 1.95.0 (59807616e 2026-04-14)` is
    /// 1.95.
    pub fn find(text: &str) -> Option<Self> {
        text.split_whitespace().find_map(Self::parse)
    }

    fn parse(word: &str) -> Option<Self> {
        let mut numbers = word.split(['.', '-', '+']);
        let major = numbers.next()?.parse().ok()?;
        let minor = numbers.next()?.parse().ok()?;
        Some(Self { major, minor })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_found_and_ordered() {
        let found = Version::find("rustc 1.95.0 (59807616e 2026-04-14)");
        assert_eq!(found, Some(Version { major: 1, minor: 95 }));
        assert_eq!(Version::find("rustc 1.97.0-nightly (aaa)").map(|v| v.minor), Some(97));
        assert_eq!(Version::find("1.95"), Some(Version { major: 1, minor: 95 }));
        assert_eq!(Version::find("no version here"), None);
        assert!(Version { major: 1, minor: 95 } > Version { major: 1, minor: 9 });
    }
}
