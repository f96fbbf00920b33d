//! Tables of a TOML file: values are taken out by key, and what is wrong with them is noted with line and place.

use super::error::{Fault, Spot, Wrong};
use std::cell::RefCell;
use toml_edit::{Item, TableLike, Value};

/// Characters of a name that are shown where a company is named.
const NAME_SHOWN: usize = 64;

/// A file that is read, and what was found wrong with it.
pub struct Source<'a> {
    file: &'a str,
    /// Where its lines end, in order.
    breaks: Vec<usize>,
    faults: RefCell<Vec<Fault>>,
}

impl<'a> Source<'a> {
    /// A file and its content.
    pub fn new(file: &'a str, text: &str) -> Self {
        let breaks = text.match_indices('\n').map(|(at, _)| at).collect();
        Self { file, breaks, faults: RefCell::default() }
    }

    /// The table of the whole file.
    pub fn root(&'a self, table: &'a dyn TableLike) -> Section<'a> {
        Section { source: self, table, place: String::new(), line: None }
    }

    /// What was found wrong.
    pub fn faults(self) -> Vec<Fault> {
        self.faults.into_inner()
    }

    /// The line, from 1, of a byte.
    pub fn line(&self, at: usize) -> usize {
        1 + self.breaks.partition_point(|end| *end < at)
    }
}

/// A table, and where it stands.
pub struct Section<'a> {
    source: &'a Source<'a>,
    table: &'a dyn TableLike,
    place: String,
    line: Option<usize>,
}

impl<'a> Section<'a> {
    /// Where the value of a key is, or would be.
    pub fn spot(&self, key: &str) -> Spot {
        let entry = self.table.get_key_value(key);
        let span = entry.and_then(|(key, item)| key.span().or_else(|| item.span()));
        Spot {
            line: span.map(|span| self.source.line(span.start)).or(self.line),
            place: self.place.clone(),
            key: key.into(),
        }
    }

    /// Notes what is wrong with the value of a key.
    pub fn fault(&self, key: &str, wrong: Wrong) {
        let fault = Fault { file: self.source.file.into(), spot: self.spot(key), wrong };
        self.source.faults.borrow_mut().push(fault);
    }

    /// Notes every key that is none of these.
    pub fn only(&self, keys: &[&str]) {
        for (key, _) in self.table.iter().filter(|(key, _)| !keys.contains(key)) {
            // Any text can stand as a key.
            let shown = shortened(key);
            let wrong =
                Wrong::new("there is no such key", format!("keys here are {}", keys.join(", ")));
            let spot = Spot { key: shown, ..self.spot(key) };
            self.source.faults.borrow_mut().push(Fault {
                file: self.source.file.into(),
                spot,
                wrong,
            });
        }
    }

    /// The value of a key that must be there. `None`: what is wrong was noted.
    pub fn required<T>(
        &self,
        key: &str,
        read: impl FnOnce(&Item) -> Result<T, Wrong>,
    ) -> Option<T> {
        let Some(item) = self.table.get(key) else {
            self.fault(key, Wrong::new("it is missing", "write it; docs/chains.md has all keys"));
            return None;
        };
        self.taken(key, read(item))
    }

    /// The value of a key, or the default when it is not there. `None`: what is wrong was noted.
    pub fn or<T>(
        &self,
        key: &str,
        default: T,
        read: impl FnOnce(&Item) -> Result<T, Wrong>,
    ) -> Option<T> {
        match self.table.get(key) {
            Some(item) => self.taken(key, read(item)),
            None => Some(default),
        }
    }

    fn taken<T>(&self, key: &str, value: Result<T, Wrong>) -> Option<T> {
        value.map_err(|wrong| self.fault(key, wrong)).ok()
    }

    /// Whether there is such a key.
    pub fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// The table below a key, if there is one. What is no table is noted.
    pub fn section(&self, key: &str) -> Option<Section<'a>> {
        let item = self.table.get(key)?;
        let Some(table) = item.as_table_like() else {
            self.fault(key, wrong_type(item, &format!("a table, as in [{key}]")));
            return None;
        };
        let place =
            if self.place.is_empty() { key.into() } else { format!("{}, {key}", self.place) };
        Some(Section { source: self.source, table, place, line: self.spot(key).line })
    }

    /// The tables of a list, in their order: those of `[[key]]`, or inline ones. Anything else in its place is noted.
    pub fn sections(&self, key: &str) -> Vec<Section<'a>> {
        let Some(item) = self.table.get(key) else { return Vec::new() };
        let tables: Option<Vec<(&'a dyn TableLike, Option<usize>)>> = match item {
            Item::ArrayOfTables(tables) => Some(
                tables
                    .iter()
                    .map(|table| {
                        let start = table.span().map(|span| span.start);
                        (table as &'a dyn TableLike, start)
                    })
                    .collect(),
            ),
            Item::Value(Value::Array(values)) => values
                .iter()
                .map(|value| {
                    let table = value.as_inline_table()?;
                    let start = table.span().map(|span| span.start);
                    Some((table as &'a dyn TableLike, start))
                })
                .collect(),
            _ => None,
        };
        let Some(tables) = tables else {
            self.fault(key, wrong_type(item, &format!("tables, each under [[{key}]]")));
            return Vec::new();
        };
        let numbered = (1_usize..).zip(tables);
        numbered
            .map(|(number, (table, start))| Section {
                source: self.source,
                table,
                place: self.below(key, number, table),
                line: start.map(|at| self.source.line(at)).or_else(|| self.spot(key).line),
            })
            .collect()
    }

    /// How people know the table with this number in a list.
    fn below(&self, key: &str, number: usize, table: &dyn TableLike) -> String {
        let mut place = self.place.clone();
        if !place.is_empty() {
            place.push_str(", ");
        }
        place.push_str(&format!("{key} {number}"));
        if let Some(name) = table.get("name").and_then(Item::as_str) {
            place.push_str(&format!(" '{}'", shortened(name)));
        }
        place
    }
}

/// Text from outside as it can be shown in one line.
pub fn shortened(text: &str) -> String {
    let mut shown = String::new();
    for character in text.chars().take(NAME_SHOWN) {
        if character.is_control() {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    if text.chars().nth(NAME_SHOWN).is_some() {
        shown.push('…');
    }
    shown
}

/// A value of another type than the one that is wanted.
pub fn wrong_type(item: &Item, wanted: &str) -> Wrong {
    Wrong::new(format!("it is of type {}", item.type_name()), format!("write {wanted}"))
}

/// Reads a value that is text.
pub fn text<T>(
    read: impl FnOnce(&str) -> Result<T, Wrong>,
) -> impl FnOnce(&Item) -> Result<T, Wrong> {
    move |item: &Item| match item.as_str() {
        Some(text) => read(text),
        None => Err(wrong_type(item, "it as text in double quotes")),
    }
}
