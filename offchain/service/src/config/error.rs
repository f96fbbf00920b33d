//! What is wrong with a configuration, where, and what to do.

use std::{fmt, io, path::PathBuf};

use super::{
    leaves::{cut, dotted, toml, Leaf, Leaves, Origin},
    secret::HIDDEN,
    Invalid,
};

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// Keys that do not exist, or values that cannot be: all of them.
    #[error("{}", lines(.0))]
    Faults(Vec<Fault>),
    /// A file cannot be read.
    #[error("{path} cannot be read ({source}): correct the path, or its permissions")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A file is not TOML.
    #[error("{} line {line} is not TOML: {why}", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What was expected there.
        why: String,
    },
    /// What follows `--set` sets nothing. What it is without its value.
    #[error("--set {0} sets nothing: write --set key=value, as in --set orders.batch_rows=500")]
    Assignment(String),
    /// Flags, or the defaults of a configuration, cannot be written as a table.
    #[error("the {what} of the configuration are not a table of values: {why}")]
    NoTable {
        /// Whether it is the flags or the defaults.
        what: &'static str,
        /// Why not.
        why: String,
    },
    /// A key is declared reloadable that does not exist.
    #[error("{0} is declared reloadable, but there is no such key")]
    Reloadable(String),
}

fn lines(faults: &[Fault]) -> String {
    faults.iter().map(Fault::to_string).collect::<Vec<_>>().join("\n")
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The key, from the top: `orders.batch_rows`.
    pub key: String,
    /// Its value as TOML, `***` when its name is that of a secret.
    pub value: String,
    /// Which layer set it.
    pub origin: Origin,
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub remedy: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { key, value, origin, what, remedy } = self;
        write!(f, "{key} = {value} ({origin}): {what}; {remedy}")
    }
}

impl Fault {
    /// A key that is none of `known`.
    pub(super) fn unknown(path: &[String], leaf: &Leaf, known: &Leaves) -> Self {
        let key = dotted(path);
        let nearest = nearest(&key, known);
        Self {
            value: shown(&key, leaf),
            origin: leaf.origin.clone(),
            what: "there is no such key".to_owned(),
            remedy: format!("the nearest one is {nearest}"),
            key,
        }
    }

    /// A value that its type does not take.
    pub(super) fn of_type(error: &figment::Error, leaves: &Leaves, defaults: &Leaves) -> Self {
        use figment::error::Kind;
        let mut path = error.path.clone();
        if let Kind::UnknownField(field, _) = &error.kind {
            path.push(field.clone());
        }
        let found = leaves.around(&path);
        let key = dotted(&path);
        let what = match &error.kind {
            // Without the value, which may be secret and stands before it if it is not.
            Kind::InvalidType(_, expected) | Kind::InvalidValue(_, expected) => {
                format!("it must be {expected}")
            }
            Kind::UnknownVariant(_, variants) => format!("it must be {}", either(variants)),
            Kind::UnknownField(_, fields) => {
                format!("there is no such key, only {}", either(fields))
            }
            Kind::MissingField(field) => format!("{field} is missing below it"),
            _ if is_secret(&key) => "it cannot be that".to_owned(),
            other => other.to_string(),
        };
        Self {
            value: found.map_or_else(|| "a table".to_owned(), |(_, leaf)| shown(&key, leaf)),
            origin: found.map_or(Origin::Default, |(_, leaf)| leaf.origin.clone()),
            what,
            remedy: match defaults.get(&path) {
                Some(default) => format!("its default is {}", shown(&key, default)),
                None => "correct it, or leave it out".to_owned(),
            },
            key,
        }
    }

    /// A value that does not make sense.
    pub(super) fn of_value(invalid: Invalid, leaves: &Leaves) -> Self {
        let found = leaves.around(&cut(&invalid.key));
        Self {
            value: found
                .map_or_else(|| "a table".to_owned(), |(_, leaf)| shown(&invalid.key, leaf)),
            origin: found.map_or(Origin::Default, |(_, leaf)| leaf.origin.clone()),
            what: "it cannot be that".to_owned(),
            remedy: invalid.remedy,
            key: invalid.key,
        }
    }
}

fn either(names: &[&str]) -> String {
    if names.is_empty() {
        "nothing".to_owned()
    } else {
        names.join(" or ")
    }
}

fn shown(key: &str, leaf: &Leaf) -> String {
    if is_secret(key) {
        HIDDEN.to_owned()
    } else {
        toml(&leaf.value).to_string().trim().to_owned()
    }
}

/// Whether a key has the name of a secret, which is what there is to go by before its type is known.
fn is_secret(key: &str) -> bool {
    let last = key.rsplit('.').next().unwrap_or(key);
    let names =
        ["token", "secret", "password", "passphrase", "private", "seed", "mnemonic", "salt"];
    names.iter().any(|name| last.contains(name)) || last == "key" || last.ends_with("_key")
}

/// The key with the fewest letters to change, add, leave out or swap.
fn nearest(key: &str, known: &Leaves) -> String {
    known
        .iter()
        .map(|(path, _)| dotted(path))
        .min_by_key(|candidate| strsim::damerau_levenshtein(key, candidate))
        .unwrap_or_else(|| "none: nothing can be set".to_owned())
}
