//! The part of a file that a client asks for (RFC 9110, section 14): where a download goes on that broke off.

/// What of a file is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// All of it.
    All,
    /// From the first of these bytes to the last, both included.
    Bytes(u64, u64),
    /// There are no such bytes.
    Beyond,
}

impl Part {
    /// Reads a `Range` over a file of a length. What is no range of bytes, or several, asks for all of it.
    pub fn read(range: &str, length: u64) -> Self {
        let Some(said) = range.trim().strip_prefix("bytes=") else { return Self::All };
        let Some((first, last)) = said.split_once('-') else { return Self::All };
        let number = |digits: &str| match digits.bytes().all(|digit| digit.is_ascii_digit()) {
            // More digits than a number has are of a place beyond every file.
            true => Some(digits.parse().unwrap_or(u64::MAX)),
            false => None,
        };
        let (Some(from), Some(to)) = (number(first.trim()), number(last.trim())) else {
            return Self::All;
        };
        match (first.trim().is_empty(), last.trim().is_empty()) {
            (true, true) => Self::All,
            // So many at its end.
            (true, false) if to == 0 || length == 0 => Self::Beyond,
            (true, false) => Self::Bytes(length.saturating_sub(to), length - 1),
            (false, _) if from >= length => Self::Beyond,
            (false, true) => Self::Bytes(from, length - 1),
            (false, false) if to < from => Self::All,
            (false, false) => Self::Bytes(from, to.min(length - 1)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ranges_are_read_as_the_standard_has_them() {
        for (range, part) in [
            ("bytes=0-499", Part::Bytes(0, 499)),
            ("bytes=500-", Part::Bytes(500, 999)),
            ("bytes=-1", Part::Bytes(999, 999)),
            ("bytes=-5000", Part::Bytes(0, 999)),
            ("bytes=900-5000", Part::Bytes(900, 999)),
            ("bytes=1000-", Part::Beyond),
            ("bytes=99999999999999999999999-", Part::Beyond),
            ("bytes=-0", Part::Beyond),
            ("bytes=5-4", Part::All),
            ("bytes=0-1,3-4", Part::All),
            ("bytes=-", Part::All),
            ("bytes=a-b", Part::All),
            ("lines=0-1", Part::All),
            ("", Part::All),
        ] {
            assert_eq!(Part::read(range, 1_000), part, "{range}");
        }
        assert_eq!(Part::read("bytes=0-", 0), Part::Beyond);
        assert_eq!(Part::read("bytes=-3", 0), Part::Beyond);
    }

    proptest! {
        #[test]
        fn no_range_leaves_the_file(range in "bytes=[0-9]{0,21}-[0-9]{0,21}", length in 0_u64..10_000) {
            if let Part::Bytes(first, last) = Part::read(&range, length) {
                prop_assert!(first <= last && last < length);
            }
        }

        #[test]
        fn any_range_is_read(range in any::<String>(), length: u64) {
            Part::read(&range, length);
        }
    }
}
