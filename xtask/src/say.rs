//! What the commands tell the developer.
//!
//! Everything goes to stderr: stdout belongs to results, such as the last line of `cargo xtask test`.

use std::time::{Duration, Instant};

/// A step under way; [`Step::done`] says how long it took.
#[must_use = "a step ends with `done`"]
pub struct Step(Instant);

/// Announces a step before it begins.
pub fn step(what: impl AsRef<str>) -> Step {
    eprintln!("==> {}", what.as_ref());
    Step(Instant::now())
}

/// A remark inside a step.
pub fn note(what: impl AsRef<str>) {
    eprintln!("    {}", what.as_ref());
}

impl Step {
    /// Ends the step.
    pub fn done(self) {
        note(format!("done in {}", human(self.0.elapsed())));
    }

    /// Ends the step with what it came to, if that was not success.
    pub fn ended(self, how: &str) {
        note(format!("{how} after {}", human(self.0.elapsed())));
    }
}

fn human(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..=9 => format!("{:.1} s", time.as_secs_f64()),
        10..=59 => format!("{seconds} s"),
        _ => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_well() {
        assert_eq!(human(Duration::from_millis(1_234)), "1.2 s");
        assert_eq!(human(Duration::from_secs(42)), "42 s");
        assert_eq!(human(Duration::from_secs(61)), "1 min 1 s");
    }
}
