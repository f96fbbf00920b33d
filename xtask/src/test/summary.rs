//! How many tests passed, failed and were skipped.

use std::{fmt, ops::AddAssign};

/// The outcome of some test runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Tests that passed, flaky and slow ones included.
    pub passed: u64,
    /// Tests that failed, ran out of time or could not be started.
    pub failed: u64,
    /// Tests that were not asked for.
    pub skipped: u64,
}

impl Tally {
    /// Reads nextest's summary, if `line` is one:
    /// `     Summary [  12.3s] 45 tests run: 43 passed (2 slow), 1 failed, 1 timed out, 3 skipped`.
    pub fn of_summary(line: &str) -> Option<Self> {
        let plain = without_escapes(line);
        let rest = plain.trim_start().strip_prefix("Summary [")?;
        let (_, rest) = rest.split_once(']')?;
        let (run, outcomes) = rest.split_once(" run:")?;
        if !run.trim_end().ends_with("test") && !run.trim_end().ends_with("tests") {
            return None;
        }
        let mut tally = Self::default();
        for outcome in without_parentheses(outcomes).split(',') {
            let (count, what) = outcome.trim().split_once(' ')?;
            let count: u64 = count.parse().ok()?;
            match what.trim() {
                "passed" => tally.passed += count,
                "skipped" => tally.skipped += count,
                // failed, timed out, exec failed, and whatever a later nextest has to complain of.
                _ => tally.failed += count,
            }
        }
        Some(tally)
    }

    /// Whether nothing ran.
    pub fn is_empty(&self) -> bool {
        self.passed == 0 && self.failed == 0
    }

    /// Whether something ran and nothing failed.
    pub fn is_success(&self) -> bool {
        self.passed > 0 && self.failed == 0
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        match self.skipped {
            0 => Ok(()),
            skipped => write!(f, ", {skipped} skipped"),
        }
    }
}

/// Drops the colours: escape, bracket, and all up to a letter.
pub fn without_escapes(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut characters = line.chars();
    while let Some(c) = characters.next() {
        if c == '\u{1b}' {
            characters.by_ref().skip(1).find(|c| c.is_ascii_alphabetic());
        } else {
            plain.push(c);
        }
    }
    plain
}

/// Drops remarks such as `(1 slow, 2 leaky)`, whose tests are counted before them.
fn without_parentheses(text: &str) -> String {
    let mut depth = 0_u32;
    text.chars()
        .filter(|c| {
            match c {
                '(' => depth += 1,
                ')' => {
                    depth = depth.saturating_sub(1);
                    return false;
                }
                _ => {}
            }
            depth == 0
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(passed: u64, failed: u64, skipped: u64) -> Option<Tally> {
        Some(Tally { passed, failed, skipped })
    }

    #[test]
    fn summaries_of_nextest_are_read() {
        let read = Tally::of_summary;
        let plain = "     Summary [  12.345s] 45 tests run: 45 passed, 0 skipped\n";
        assert_eq!(read(plain), tally(45, 0, 0));
        assert_eq!(read("Summary [ 0.1s] 1 test run: 1 passed, 0 skipped"), tally(1, 0, 0));
        let bad = "  Summary [ 1.0s] 9 tests run: 5 passed (1 slow, 2 flaky), 2 failed, \
                   1 timed out, 1 exec failed, 3 skipped";
        assert_eq!(read(bad), tally(5, 4, 3));
        let cancelled = "  Summary [ 1.0s] 2/9 tests run: 1 passed, 1 failed, 0 skipped";
        assert_eq!(read(cancelled), tally(1, 1, 0));
        let leaky =
            " Summary [ 1.0s] 2 tests run: 1 passed, 1 failed (1 due to being leaky), 0 skipped";
        assert_eq!(read(leaky), tally(1, 1, 0));
        let none = "     Summary [   0.000s] 0 tests run: 0 passed, 7 skipped";
        assert_eq!(read(none), tally(0, 0, 7));
    }

    #[test]
    fn colours_do_not_matter() {
        let line = "\u{1b}[32;1m     Summary\u{1b}[0m [   0.0s] \u{1b}[1m3\u{1b}[0m tests run: \
                    \u{1b}[1m3\u{1b}[0m \u{1b}[32;1mpassed\u{1b}[0m, \u{1b}[1m0\u{1b}[0m \
                    \u{1b}[33;1mskipped\u{1b}[0m\n";
        assert_eq!(Tally::of_summary(line), tally(3, 0, 0));
    }

    #[test]
    fn other_lines_are_none() {
        for line in ["", "Summary", "PASS [ 0.1s] a test", "Summary [1s] 3 tests run: some passed"]
        {
            assert_eq!(Tally::of_summary(line), None, "{line}");
        }
    }

    #[test]
    fn the_last_line_is_what_readers_expect() {
        let mut all = Tally { passed: 2, failed: 0, skipped: 0 };
        assert_eq!(all.to_string(), "2 passed, 0 failed");
        assert!(all.is_success());
        all += Tally { passed: 1, failed: 1, skipped: 3 };
        assert_eq!(all.to_string(), "3 passed, 1 failed, 3 skipped");
        assert!(!all.is_success());
        assert!(Tally::default().is_empty() && !Tally::default().is_success());
    }
}
