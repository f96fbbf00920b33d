//! What is different between the metadata of two runtimes: what an upgrade changes for whoever reads the chain.
//!
//! [`read`] lists what a runtime's metadata declares, [`shape`] tells whether two types are the same. Calls, events,
//! errors, pallets and so on are the same thing when their name is the same. What has an index beside (pallets, calls,
//! events, errors) is renamed when the index and the types are the same and the name is not. A whole pallet that comes or
//! goes is one change. Documentation is not compared.

mod read;
mod shape;

use std::{collections::BTreeMap, fmt};

use serde::Serialize;

use self::{
    read::{Item, Items, Runtime},
    shape::Shapes,
};
use crate::domain::value::hex;

/// Bytes of a value that are shown.
const SHOWN: usize = 64;

/// What a runtime declares. In this order changes are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// A pallet, and its index.
    Pallet,
    /// A call of a pallet.
    Call,
    /// An event of a pallet.
    Event,
    /// An error of a pallet.
    Error,
    /// An entry of a pallet's state. Its value is what stands for an entry that is not there.
    Storage,
    /// A constant of a pallet, and its value.
    Constant,
    /// A function of a pallet that anybody may ask.
    ViewFunction,
    /// A method of a runtime API.
    Api,
    /// What a transaction carries beside its call.
    Extension,
    /// How an extrinsic is encoded: address, signature, versions, the order of extensions.
    Extrinsic,
}

impl Part {
    /// Its name, as it is serialised.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pallet => "pallet",
            Self::Call => "call",
            Self::Event => "event",
            Self::Error => "error",
            Self::Storage => "storage",
            Self::Constant => "constant",
            Self::ViewFunction => "view_function",
            Self::Api => "api",
            Self::Extension => "extension",
            Self::Extrinsic => "extrinsic",
        }
    }
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Turn {
    /// It was not there. `now` says what it is.
    Added,
    /// It is not there any more. `was` says what it was.
    Removed,
    /// It has another name, and the same index and types.
    Renamed,
    /// It has another index.
    Moved,
    /// Its types are others. `was` and `now` say where they part.
    Retyped,
    /// Its value is another, of the same type.
    Revalued,
}

impl Turn {
    /// Its name, as it is serialised.
    pub fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Renamed => "renamed",
            Self::Moved => "moved",
            Self::Retyped => "retyped",
            Self::Revalued => "revalued",
        }
    }
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Change {
    /// Of what.
    pub part: Part,
    /// Its name in the new runtime, or in the old where it was removed: `Vehicles`, `Vehicles.PlateSet`, `Core.version`.
    pub name: String,
    /// What became of it.
    pub turn: Turn,
    /// What it was: a name, an index, a type, a value.
    pub was: Option<String>,
    /// What it is now.
    pub now: Option<String>,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { part, name, turn, was, now } = self;
        let part = part.name().replace('_', " ");
        let (was, now) = (was.as_deref().unwrap_or("?"), now.as_deref().unwrap_or("?"));
        match turn {
            Turn::Added => write!(f, "+ {part} {name}: {now}"),
            Turn::Removed => write!(f, "- {part} {name}: {was}"),
            Turn::Renamed => write!(f, "~ {part} {name}: was called {was}"),
            Turn::Moved => write!(f, "~ {part} {name}: its index was {was}, is {now}"),
            Turn::Retyped => write!(f, "~ {part} {name}: was {was}, is {now}"),
            Turn::Revalued => write!(f, "~ {part} {name}: its value was {was}, is {now}"),
        }
    }
}

/// What is different between two runtimes, in an order that the same two always have.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The changes, by part and name.
    pub changes: Vec<Change>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.changes.is_empty() {
            return writeln!(f, "no difference");
        }
        self.changes.iter().try_for_each(|change| writeln!(f, "{change}"))
    }
}

/// Metadata that cannot be compared.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the {which} metadata cannot be read ({why}): it has to be whole, of version 14, 15 or 16, with its magic number")]
pub struct Unreadable {
    /// Which of the two: `old` or `new`.
    pub which: &'static str,
    /// Why not.
    pub why: String,
}

/// Compares the metadata of two runtimes, each with the magic number in front, as `runtimes` keeps it.
///
/// Metadata of an older version declares less: what it cannot say counts as not there.
///
/// # Errors
/// One of them cannot be read.
pub fn difference(old: &[u8], new: &[u8]) -> Result<Difference, Unreadable> {
    let mut shapes = Shapes::default();
    let unreadable = |which| move |why| Unreadable { which, why };
    let old = Runtime::read(old, &mut shapes).map_err(unreadable("old"))?;
    let new = Runtime::read(new, &mut shapes).map_err(unreadable("new"))?;
    shapes.settle();
    let mut comparison = Comparison { shapes, changes: Vec::new() };
    comparison.runtimes(&old, &new);
    let mut changes = comparison.changes;
    changes.sort();
    Ok(Difference { changes })
}

/// Changes as they are found.
struct Comparison {
    shapes: Shapes,
    changes: Vec<Change>,
}

impl Comparison {
    fn runtimes(&mut self, old: &Runtime, new: &Runtime) {
        let renamed = self.items(Part::Pallet, None, &old.pallets, &new.pallets);
        let none = BTreeMap::new();
        // A pallet that came is a change as a whole; one under another name is the same pallet.
        for pallet in new.pallets.keys() {
            let before = renamed.get(pallet).unwrap_or(pallet);
            if !old.pallets.contains_key(before) {
                continue;
            }
            for part in read::OF_PALLETS {
                let was = old.of_pallets.get(&(part, before.clone())).unwrap_or(&none);
                let now = new.of_pallets.get(&(part, pallet.clone())).unwrap_or(&none);
                self.items(part, Some(pallet), was, now);
            }
        }
        for part in [Part::Api, Part::Extension, Part::Extrinsic] {
            let was = old.of_all.get(&part).unwrap_or(&none);
            let now = new.of_all.get(&part).unwrap_or(&none);
            self.items(part, None, was, now);
        }
    }

    /// Compares items of one part, of one pallet. Returns new names of what was renamed, with the old ones.
    fn items(
        &mut self,
        part: Part,
        pallet: Option<&str>,
        old: &Items,
        new: &Items,
    ) -> BTreeMap<String, String> {
        let mut gone: BTreeMap<&String, &Item> =
            old.iter().filter(|(name, _)| !new.contains_key(*name)).collect();
        let mut renamed = BTreeMap::new();
        for (name, now) in new {
            if let Some(was) = old.get(name) {
                self.item(part, &full(pallet, name), was, now);
                continue;
            }
            let same = |was: &Item| {
                now.index.is_some()
                    && was.index == now.index
                    && self.shapes.same(was.node, now.node)
            };
            let before =
                gone.iter().find(|(_, was)| same(was)).map(|(before, _)| (*before).clone());
            let change = match &before {
                Some(before) => (Turn::Renamed, Some(before.clone()), Some(name.clone())),
                None => (Turn::Added, None, Some(self.said(now))),
            };
            self.change(part, full(pallet, name), change);
            if let Some(before) = before {
                gone.remove(&before);
                renamed.insert(name.clone(), before);
            }
        }
        for (name, was) in gone {
            let change = (Turn::Removed, Some(self.said(was)), None);
            self.change(part, full(pallet, name), change);
        }
        renamed
    }

    /// Compares one that is in both.
    fn item(&mut self, part: Part, name: &str, was: &Item, now: &Item) {
        if was.index != now.index {
            let index = |item: &Item| item.index.map(|index| index.to_string());
            self.change(part, name.to_owned(), (Turn::Moved, index(was), index(now)));
        }
        if !self.shapes.same(was.node, now.node) {
            let (before, after) = self.shapes.parting(was.node, now.node);
            self.change(part, name.to_owned(), (Turn::Retyped, Some(before), Some(after)));
        } else if was.value != now.value {
            let value = |item: &Item| item.value.as_deref().map(shortened);
            self.change(part, name.to_owned(), (Turn::Revalued, value(was), value(now)));
        }
    }

    /// An item in words.
    fn said(&self, item: &Item) -> String {
        match item.index {
            Some(index) => format!("{} (index {index})", self.shapes.describe(item.node)),
            None => self.shapes.describe(item.node),
        }
    }

    fn change(
        &mut self,
        part: Part,
        name: String,
        (turn, was, now): (Turn, Option<String>, Option<String>),
    ) {
        self.changes.push(Change { part, name, turn, was, now });
    }
}

/// The name of what belongs to a pallet.
fn full(pallet: Option<&str>, name: &str) -> String {
    match pallet {
        Some(pallet) => format!("{pallet}.{name}"),
        None => name.to_owned(),
    }
}

/// A value as people read it: the beginning of one that is long.
fn shortened(value: &[u8]) -> String {
    match value.get(..SHOWN) {
        Some(first) if value.len() > SHOWN => format!("{}… ({} bytes)", hex(first), value.len()),
        _ => hex(value),
    }
}

#[cfg(test)]
mod tests;
