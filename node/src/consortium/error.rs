//! What is wrong with a consortium's file, where, and what to do.

use std::{fmt, io};

/// Faults that are told at once.
const SHOWN: usize = 20;

/// Why a file makes no chain.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file cannot be read.
    #[error(
        "'{file}' cannot be read ({source}): correct the path or its permissions; a consortium's file is described in \
         docs/chains.md, and `--chain city` is one to begin with"
    )]
    Unreadable {
        /// The file.
        file: String,
        /// What the system says.
        source: io::Error,
    },

    /// The file is too large.
    #[error("'{file}' has more than {most} bytes: a consortium's file has less, so give that one")]
    TooLarge {
        /// The file.
        file: String,
        /// The most bytes.
        most: u64,
    },

    /// The file is no text.
    #[error("'{file}' is no UTF-8 text from byte {at} on: save it as UTF-8")]
    NoText {
        /// The file.
        file: String,
        /// The first byte that is none.
        at: usize,
    },

    /// The file is no TOML.
    #[error("{file} line {line} is not TOML ({why}): correct the line")]
    Syntax {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// What was expected there.
        why: String,
    },

    /// The file describes no consortium.
    #[error("{}", together(.0))]
    Faults(Vec<Fault>),

    /// The runtime does not build the genesis.
    #[error(
        "{file} makes no genesis ({why}): the runtime of this binary refuses what the file says; compare it with \
         docs/chains.md of the same version"
    )]
    Genesis {
        /// The file.
        file: String,
        /// What the runtime says.
        why: String,
    },
}

fn together(faults: &[Fault]) -> String {
    let mut lines: Vec<_> = faults.iter().take(SHOWN).map(Fault::to_string).collect();
    if faults.len() > SHOWN {
        lines.push(format!("and {} more", faults.len() - SHOWN));
    }
    lines.join("\n")
}

/// One thing that is wrong, and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The file.
    pub file: String,
    /// Where in it.
    pub spot: Spot,
    /// What is wrong, and what to do.
    pub wrong: Wrong,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, spot, wrong } = self;
        write!(f, "{file}")?;
        if let Some(line) = spot.line {
            write!(f, " line {line}")?;
        }
        if !spot.place.is_empty() {
            write!(f, ", {}", spot.place)?;
        }
        write!(f, ", {}: {}; {}", spot.key, wrong.what, wrong.remedy)
    }
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// The line, from 1. `None`: the whole file.
    pub line: Option<usize>,
    /// The table as people know it: `company 2 'Xinghe Ride', validator 1`. Empty for the top of the file.
    pub place: String,
    /// The key in the table.
    pub key: String,
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.place.is_empty() {
            write!(f, "{}, ", self.place)?;
        }
        write!(f, "{}", self.key)?;
        match self.line {
            Some(line) => write!(f, " (line {line})"),
            None => Ok(()),
        }
    }
}

/// What is wrong with a value, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub remedy: String,
}

impl Wrong {
    /// Both in words.
    pub fn new(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { what: what.into(), remedy: remedy.into() }
    }
}
