//! Values by their keys, each with the layer that it came from.

use std::{collections::BTreeMap, fmt, path::PathBuf};

use figment::value::{Dict, Empty, Num, Tag, Value};

/// A key, cut at its dots.
pub(super) type Path = Vec<String>;

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nobody set it.
    Default,
    /// A TOML file.
    File {
        /// The file.
        path: PathBuf,
        /// The line, from 1. 0: not known.
        line: usize,
    },
    /// A variable of the environment, by its name.
    Variable(String),
    /// A flag of the command line, as it was given.
    Flag(String),
    /// A file that holds nothing but this value, and what names the file.
    Secret(PathBuf, Box<Origin>),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File { path, line: 0 } => write!(f, "{}", path.display()),
            Self::File { path, line } => write!(f, "{} line {line}", path.display()),
            Self::Variable(name) => write!(f, "environment {name}"),
            Self::Flag(given) => write!(f, "flag {given}"),
            Self::Secret(path, named) => write!(f, "{}, named by {named}", path.display()),
        }
    }
}

/// A value that is not a table, or an empty one.
#[derive(Clone, Debug)]
pub(super) struct Leaf {
    pub value: Value,
    pub origin: Origin,
    /// As it was written, where the layer knows text alone: `5` may be a number or a word.
    pub text: Option<String>,
}

/// All values of a layer, or of layers together. No key lies below another one.
#[derive(Clone, Debug, Default)]
pub(super) struct Leaves {
    by_path: BTreeMap<Path, Leaf>,
}

impl Leaves {
    /// The values of a tree.
    pub fn of(tree: Value, origin: &Origin) -> Self {
        let mut leaves = Self::default();
        leaves.add(Vec::new(), tree, origin);
        leaves
    }

    fn add(&mut self, path: Path, value: Value, origin: &Origin) {
        match value {
            Value::Dict(_, table) if !table.is_empty() || path.is_empty() => {
                for (key, value) in table {
                    self.add([&path[..], &[key]].concat(), value, origin);
                }
            }
            value => self.put(path, Leaf { value, origin: origin.clone(), text: None }),
        }
    }

    /// Sets a value, in the place of whatever was there, above or below.
    pub fn put(&mut self, path: Path, leaf: Leaf) {
        self.by_path.retain(|other, _| !other.starts_with(&path) && !path.starts_with(other));
        self.by_path.insert(path, Leaf { value: plain(leaf.value), ..leaf });
    }

    pub fn remove(&mut self, path: &[String]) {
        self.by_path.remove(path);
    }

    pub fn get(&self, path: &[String]) -> Option<&Leaf> {
        self.by_path.get(path)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&Path, &Leaf)> {
        self.by_path.iter()
    }

    /// The value that a key is, or lies within.
    pub fn around(&self, path: &[String]) -> Option<(&Path, &Leaf)> {
        (0..=path.len()).rev().find_map(|length| self.by_path.get_key_value(&path[..length]))
    }

    /// Whether a key may be set, when these are the defaults.
    pub fn knows(&self, path: &[String]) -> bool {
        match self.around(path) {
            Some((known, leaf)) => known.len() == path.len() || is_open(&leaf.value),
            // A table, which its type then refuses to be a plain value.
            None => self.by_path.keys().any(|known| known.starts_with(path)),
        }
    }

    /// The key for which `path` names a file: `token` for `token_file`, when these are the defaults.
    pub fn named_by(&self, path: &[String]) -> Option<Path> {
        let (last, above) = path.split_last()?;
        if self.by_path.contains_key(path) {
            return None;
        }
        let key = [above, &[last.strip_suffix("_file")?.to_owned()]].concat();
        let default = &self.by_path.get(&key)?.value;
        matches!(default, Value::String(..) | Value::Empty(..)).then_some(key)
    }

    /// The keys whose values differ, here or there.
    pub fn differences(&self, other: &Self) -> Vec<Path> {
        let all =
            self.by_path.keys().chain(other.by_path.keys().filter(|path| self.get(path).is_none()));
        all.filter(|path| {
            let values = [self, other].map(|leaves| leaves.get(path).map(|leaf| &leaf.value));
            values[0] != values[1]
        })
        .cloned()
        .collect()
    }

    /// All of it as one tree.
    pub fn tree(&self) -> Value {
        let mut root = Dict::new();
        for (path, leaf) in &self.by_path {
            let Some((last, above)) = path.split_last() else { continue };
            let mut table = &mut root;
            for key in above {
                let below = table.entry(key.clone()).or_insert_with(|| Value::from(Dict::new()));
                let Value::Dict(_, next) = below else {
                    unreachable!("no key lies below another one")
                };
                table = next;
            }
            table.insert(last.clone(), leaf.value.clone());
        }
        Value::from(root)
    }
}

/// What takes any keys below it.
fn is_open(default: &Value) -> bool {
    match default {
        Value::Empty(..) => true,
        Value::Dict(_, table) => table.is_empty(),
        _ => false,
    }
}

/// One kind of integer, whichever layer read it.
fn plain(value: Value) -> Value {
    match value {
        Value::Num(tag, number) => {
            let whole = number
                .to_i128()
                .and_then(|whole| i64::try_from(whole).ok())
                .or_else(|| number.to_u128().and_then(|whole| i64::try_from(whole).ok()));
            Value::Num(tag, whole.map_or(number, Num::I64))
        }
        Value::Array(tag, items) => Value::Array(tag, items.into_iter().map(plain).collect()),
        Value::Dict(tag, table) => {
            Value::Dict(tag, table.into_iter().map(|(key, value)| (key, plain(value))).collect())
        }
        Value::Char(tag, letter) => Value::String(tag, letter.to_string()),
        Value::Empty(tag, Empty::Unit) => Value::Empty(tag, Empty::None),
        other => other,
    }
}

/// A value of text.
pub(super) fn string(text: String) -> Value {
    Value::String(Tag::Default, text)
}

/// A value as TOML has it; nothing is the empty string.
pub(super) fn toml(value: &Value) -> toml_edit::Value {
    match value {
        Value::String(_, text) => text.as_str().into(),
        Value::Char(_, letter) => letter.to_string().into(),
        Value::Bool(_, truth) => (*truth).into(),
        Value::Num(_, number) => of_number(*number),
        Value::Empty(..) => "".into(),
        Value::Array(_, items) => items.iter().map(toml).collect(),
        Value::Dict(_, table) => table.iter().map(|(key, value)| (key, toml(value))).collect(),
    }
}

fn of_number(number: Num) -> toml_edit::Value {
    let whole = number.to_i128().or_else(|| number.to_u128().and_then(|n| i128::try_from(n).ok()));
    match (whole, number.to_f64()) {
        (Some(whole), _) => match i64::try_from(whole) {
            Ok(whole) => whole.into(),
            Err(_) => whole.to_string().into(),
        },
        (None, Some(float)) => float.into(),
        (None, None) => number.to_u128().map_or(0.to_string(), |n| n.to_string()).into(),
    }
}

/// A key with its dots.
pub(super) fn dotted(path: &[String]) -> String {
    path.join(".")
}

/// A key from its dots.
pub(super) fn cut(key: &str) -> Path {
    key.split('.').map(str::to_owned).collect()
}
