//! What a command tells: lines, and the next steps with numbers.

/// What is told, line by line.
#[derive(Debug, Default)]
pub struct Said(String);

impl Said {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A line more.
    pub fn line(&mut self, line: impl AsRef<str>) {
        self.0.push_str(line.as_ref());
        self.0.push('\n');
    }

    /// What is to be done next, in this order.
    pub fn steps(&mut self, steps: impl IntoIterator<Item = String>) {
        self.line("\nNext:");
        for (number, step) in (1u8..).zip(steps) {
            self.line(format!("  {number}. {step}"));
        }
    }
}

impl From<Said> for String {
    fn from(said: Said) -> Self {
        said.0
    }
}
