//! What each kind of layer says.

use std::path::Path as FilePath;

use figment::value::{Dict, Num, Tag, Value};
use toml_edit::{ImDocument, Item, TableLike};

use super::{
    leaves::{cut, string, Leaf, Leaves, Origin, Path},
    ConfigError,
};

/// What the names of variables begin with.
pub(super) const PREFIX: &str = "SMARTLINK_";

/// Variables with that prefix that are not configuration: where tests find the node and data, and where the
/// file of the configuration is.
pub(super) const OTHER_VARIABLES: [&str; 4] =
    ["SMARTLINK_NODE", "SMARTLINK_DATA", "SMARTLINK_REQUIRE_ALL", "SMARTLINK_CONFIG"];

/// The values of a TOML file, each with its line.
pub(super) fn of_file(path: &FilePath, text: &str) -> Result<Leaves, ConfigError> {
    let document = ImDocument::parse(text).map_err(|error| ConfigError::Syntax {
        path: path.to_owned(),
        line: error.span().map_or(0, |span| line_of(text, span.start)),
        why: error.message().trim().replace('\n', "; "),
    })?;
    let mut leaves = Leaves::default();
    let origin = |line| Origin::File { path: path.to_owned(), line };
    add_table(&mut leaves, &Vec::new(), document.as_table(), &|span: Option<usize>| {
        origin(span.map_or(0, |start| line_of(text, start)))
    });
    Ok(leaves)
}

fn line_of(text: &str, at: usize) -> usize {
    1 + text.bytes().take(at).filter(|byte| *byte == b'\n').count()
}

fn add_table(
    leaves: &mut Leaves,
    path: &Path,
    table: &dyn TableLike,
    origin: &dyn Fn(Option<usize>) -> Origin,
) {
    for (key, item) in table.iter() {
        let path = [&path[..], &[key.to_owned()]].concat();
        match item.as_table_like() {
            Some(below) => add_table(leaves, &path, below, origin),
            None => {
                let at = table.get_key_value(key).and_then(|(key, _)| key.span());
                let at = at.or_else(|| item.span()).map(|span| span.start);
                leaves.put(path, Leaf { value: value_of(item), origin: origin(at), text: None });
            }
        }
    }
}

fn value_of(item: &Item) -> Value {
    match item {
        Item::None => Value::from(Dict::new()),
        Item::Value(value) => value_of_value(value),
        Item::Table(table) => of_entries(table),
        Item::ArrayOfTables(tables) => {
            Value::Array(Tag::Default, tables.iter().map(|table| of_entries(table)).collect())
        }
    }
}

fn of_entries(table: &dyn TableLike) -> Value {
    Value::from(table.iter().map(|(key, item)| (key.to_owned(), value_of(item))).collect::<Dict>())
}

fn value_of_value(value: &toml_edit::Value) -> Value {
    match value {
        toml_edit::Value::String(text) => string(text.value().clone()),
        toml_edit::Value::Integer(whole) => Value::Num(Tag::Default, Num::I64(*whole.value())),
        toml_edit::Value::Float(float) => Value::Num(Tag::Default, Num::F64(*float.value())),
        toml_edit::Value::Boolean(truth) => Value::Bool(Tag::Default, *truth.value()),
        toml_edit::Value::Datetime(time) => string(time.value().to_string()),
        toml_edit::Value::Array(items) => {
            Value::Array(Tag::Default, items.iter().map(value_of_value).collect())
        }
        toml_edit::Value::InlineTable(table) => of_entries(table),
    }
}

/// The values of variables: `SMARTLINK_ORDERS__BATCH_ROWS` is `orders.batch_rows`.
pub(super) fn of_environment(variables: &[(String, String)]) -> Leaves {
    let mut leaves = Leaves::default();
    for (name, text) in variables {
        let Some(key) = name.strip_prefix(PREFIX) else { continue };
        if OTHER_VARIABLES.contains(&name.as_str()) {
            continue;
        }
        let path = key.to_lowercase().split("__").map(str::to_owned).collect();
        leaves.put(path, of_text(text, Origin::Variable(name.clone())));
    }
    leaves
}

/// The values of `--set key=value`, where the last one wins.
pub(super) fn of_assignments(assignments: &[String]) -> Result<Leaves, ConfigError> {
    let mut leaves = Leaves::default();
    for given in assignments {
        let (key, text) = match given.split_once('=') {
            Some((key, text)) if !key.trim().is_empty() => (key.trim(), text),
            _ => {
                return Err(ConfigError::Assignment(
                    given.split('=').next().unwrap_or_default().to_owned(),
                ))
            }
        };
        // Without the value, which may be secret.
        leaves.put(cut(key), of_text(text, Origin::Flag(format!("--set {key}"))));
    }
    Ok(leaves)
}

/// Text, read as TOML's values are written where that is possible (`500`, `true`, `["a", "b"]`), and otherwise as it
/// stands.
fn of_text(text: &str, origin: Origin) -> Leaf {
    let value = text.trim().parse::<toml_edit::Value>().ok();
    let value = value.map_or_else(|| string(text.to_owned()), |value| value_of_value(&value));
    Leaf { value, origin, text: Some(text.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_file_is_read_or_refused_with_a_line_of_it() {
        bolero::check!().for_each(|bytes: &[u8]| {
            let Ok(text) = std::str::from_utf8(bytes) else { return };
            let lines = 1 + text.matches('\n').count();
            match of_file(FilePath::new("smartlink.toml"), text) {
                Ok(leaves) => {
                    for (path, leaf) in leaves.iter() {
                        let Origin::File { line, .. } = &leaf.origin else { panic!("{path:?}") };
                        assert!(*line >= 1 && *line <= lines);
                    }
                    leaves.tree();
                }
                Err(ConfigError::Syntax { line, .. }) => assert!(line <= lines),
                Err(error) => panic!("{error}"),
            }
        });
    }

    #[test]
    fn any_assignment_is_read_or_refused() {
        bolero::check!().for_each(|bytes: &[u8]| {
            let given = String::from_utf8_lossy(bytes).into_owned();
            if let Ok(leaves) = of_assignments(std::slice::from_ref(&given)) {
                leaves.tree();
                of_environment(&[(format!("{PREFIX}{given}"), given)]).tree();
            }
        });
    }
}
