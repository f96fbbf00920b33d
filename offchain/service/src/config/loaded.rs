//! A configuration that was read.

use std::{
    fmt::{self, Write},
    path::PathBuf,
    sync::Arc,
};

use figment::value::Value;
use serde::Serialize;

use super::{
    leaves::{cut, dotted, toml, Leaves, Origin, Path},
    Reloadable,
};

/// A value that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its key, with dots: `orders.rules.search_ms`.
    pub key: String,
    /// As TOML; a secret is `"***"`. `None`: the key has no value.
    pub value: Option<String>,
    /// Where it came from.
    pub origin: Origin,
    /// Whether it may change while the process runs.
    pub reloads: bool,
}

/// A configuration and where each of its values came from.
pub struct Loaded<T> {
    value: Arc<T>,
    leaves: Leaves,
}

/// Without what the layers say: that holds secrets in the clear.
impl<T: fmt::Debug> fmt::Debug for Loaded<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Loaded").field("value", &self.value).finish_non_exhaustive()
    }
}

impl<T> Loaded<T> {
    pub(super) fn new(value: T, leaves: Leaves) -> Self {
        Self { value: Arc::new(value), leaves }
    }

    /// The configuration.
    pub fn value(&self) -> &Arc<T> {
        &self.value
    }

    /// Where the value of a key came from. `None`: there is no such key.
    pub fn origin(&self, key: &str) -> Option<&Origin> {
        self.leaves.around(&cut(key)).map(|(_, leaf)| &leaf.origin)
    }

    pub(super) fn leaves(&self) -> &Leaves {
        &self.leaves
    }

    /// The files of single values.
    pub(super) fn secret_files(&self) -> Vec<PathBuf> {
        let origins = self.leaves.iter().map(|(_, leaf)| &leaf.origin);
        origins
            .filter_map(|origin| match origin {
                Origin::Secret(path, _) => Some(path.clone()),
                _ => None,
            })
            .collect()
    }
}

impl<T: Serialize> Loaded<T> {
    /// What holds, as TOML, with the layer that each value came from; secrets are `***`. Keys that have no
    /// value are comments.
    pub fn show(&self) -> String {
        let held = self.held();
        let mut rows: Vec<(&[String], &str, String, &Origin)> = held
            .iter()
            .filter_map(|(path, value, origin)| {
                let (last, table) = path.split_last()?;
                let key = toml_edit::Key::new(last.as_str()).to_string();
                let line = match value {
                    None => format!("# {key} ="),
                    Some(value) => format!("{key} = {value}"),
                };
                Some((table, last.as_str(), line, *origin))
            })
            .collect();
        // The values of a table stand before the tables within it.
        rows.sort_by(|one, other| (one.0, one.1).cmp(&(other.0, other.1)));
        let width = rows.iter().map(|row| row.2.chars().count()).filter(|width| *width <= 48).max();
        let width = width.unwrap_or(0);

        let mut text = String::new();
        let mut current: &[String] = &[];
        for (table, _, line, origin) in rows {
            if table != current {
                let keys: Vec<_> =
                    table.iter().map(|key| toml_edit::Key::new(key).to_string()).collect();
                let gap = if text.is_empty() { "" } else { "\n" };
                // Writing to a string cannot fail.
                let _ = writeln!(text, "{gap}[{}]", keys.join("."));
                current = table;
            }
            let _ = writeln!(text, "{line:width$} # {origin}");
        }
        text
    }

    /// What holds, with where each value came from, by key; secrets are `"***"`.
    pub fn settings(&self) -> Vec<Setting>
    where
        T: Reloadable,
    {
        let reloadable: Vec<Path> = T::reloadable().iter().map(|key| cut(key)).collect();
        let rows = self.held().into_iter().map(|(path, value, origin)| Setting {
            key: dotted(&path),
            value,
            origin: origin.clone(),
            reloads: reloadable.iter().any(|table| path.starts_with(table)),
        });
        rows.collect()
    }

    /// Each key, its value as TOML, and the layer that it came from.
    fn held(&self) -> Vec<(Path, Option<String>, &Origin)> {
        // Its defaults were a table when it was loaded, and it is of the same type.
        let tree = Value::serialize(&*self.value);
        let tree = tree.unwrap_or_else(|error| unreachable!("it was a table when read: {error}"));
        let effective = Leaves::of(tree, &Origin::Default);
        let rows = effective.iter().map(|(path, leaf)| {
            let origin =
                self.leaves.around(path).map_or(&Origin::Default, |(_, leaf)| &leaf.origin);
            let value = match &leaf.value {
                Value::Empty(..) => None,
                value => Some(toml(value).to_string().trim().to_owned()),
            };
            (path.clone(), value, origin)
        });
        rows.collect()
    }
}
