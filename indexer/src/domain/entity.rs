//! Entities: what facts are about, version by version.
//!
//! An entity is one description: its columns, and how a fact changes it. Its tables, its rows, their place in the digest
//! and what can be asked about it follow from that. A version is the whole row as a fact left it; it is never changed.

use std::collections::BTreeMap;

use super::{
    fact::{Fact, Origin},
    table::{Cell, Column, Kind},
    value::Value,
};

/// Columns that every entity's rows begin with.
pub const HEAD: [Column; 6] = [
    // Which one. Numbers in decimal digits, accounts in hexadecimal ones, several joined by a hyphen.
    Column::new("id", Kind::Text),
    // Orders the versions of one and of all: the block's height, then the fact's place in it, 32 bits each.
    Column::new("version", Kind::U64),
    Column::new("block", Kind::U32),
    Column::new("fact", Kind::U32),
    Column::new("time", Kind::Time),
    // Whether it is gone from then on.
    Column::new("removed", Kind::Bool),
];

/// What facts are about.
#[derive(Clone, Copy)]
pub struct Entity {
    /// The name of its table, in the plural.
    pub name: &'static str,
    /// A sentence on it.
    pub about: &'static str,
    /// Its own columns, all of which may hold nothing: what is not known is not made up.
    pub columns: &'static [Column],
    /// The facts that change it: pallet and name, also those of earlier runtimes.
    pub facts: &'static [(Origin, &'static str, &'static str)],
    /// Whether each is born whole and never changes.
    pub once: bool,
    /// What a fact changes. It is called with its own facts alone.
    pub read: fn(&Fact<'_>) -> Result<Vec<Patch>, Unread>,
}

impl std::fmt::Debug for Entity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Entity").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Entity {
    /// The place of a column among its own.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// Whether a fact is one of those that change it.
    pub fn is_changed_by(&self, fact: &Fact<'_>) -> bool {
        self.facts.contains(&(fact.origin, fact.pallet, fact.name))
    }

    /// All columns of its table, in order.
    pub fn all_columns(&self) -> Vec<Column> {
        HEAD.iter().chain(self.columns).copied().collect()
    }
}

/// A fact that an entity knows by name and cannot read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{fact} in block {block} cannot be read: {why}; the runtime of that time is not known to this program: add its form to \
     the entity's file in indexer/src/entities"
)]
pub struct Unread {
    /// The block's height.
    pub block: u32,
    /// Pallet and name.
    pub fact: String,
    /// What is wrong with it.
    pub why: String,
}

/// How a column changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It holds this now.
    Set(Cell),
    /// It holds so much more. Of what is not known, the sum is not known.
    Add(u128),
    /// It holds so much less.
    Subtract(u128),
}

/// What a fact changes of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patch {
    /// Which one.
    pub id: String,
    /// Columns by name.
    pub changes: Vec<(&'static str, Change)>,
    /// Whether it is gone with this, or there again.
    pub removed: bool,
}

impl Patch {
    /// Of the one with this id; nothing is changed yet.
    pub fn of(id: impl ToString) -> Self {
        Self { id: id.to_string(), changes: Vec::new(), removed: false }
    }

    /// A column holds this now.
    #[must_use]
    pub fn set(mut self, column: &'static str, cell: impl Into<Cell>) -> Self {
        self.changes.push((column, Change::Set(cell.into())));
        self
    }

    /// A column holds so much more.
    #[must_use]
    pub fn add(mut self, column: &'static str, amount: u128) -> Self {
        self.changes.push((column, Change::Add(amount)));
        self
    }

    /// A column holds so much less.
    #[must_use]
    pub fn subtract(mut self, column: &'static str, amount: u128) -> Self {
        self.changes.push((column, Change::Subtract(amount)));
        self
    }

    /// A column of this kind holds a decoded value now.
    ///
    /// # Errors
    /// It cannot.
    pub fn take(mut self, fact: &Fact<'_>, column: &Column, value: &Value) -> Result<Self, Unread> {
        let cell = Cell::of(column.kind, value).ok_or_else(|| {
            fact.unread(format!("{} cannot be {:?}: {}", column.name, column.kind, short(value)))
        })?;
        self.changes.push((column.name, Change::Set(cell)));
        Ok(self)
    }

    /// Columns hold the fact's fields of the same names now.
    ///
    /// # Errors
    /// A field is not there, or a column cannot hold it.
    pub fn copy(
        mut self,
        entity: &Entity,
        fact: &Fact<'_>,
        names: &[&'static str],
    ) -> Result<Self, Unread> {
        for name in names {
            let value = fact.field(name)?;
            self = self.rename(entity, fact, name, value)?;
        }
        Ok(self)
    }

    /// A column holds a decoded value, whatever its name was.
    ///
    /// # Errors
    /// There is no such column, or it cannot hold it.
    pub fn rename(
        self,
        entity: &Entity,
        fact: &Fact<'_>,
        name: &'static str,
        value: &Value,
    ) -> Result<Self, Unread> {
        let place = entity.column(name).ok_or_else(|| {
            fact.unread(format!("the entity {} has no column {name}", entity.name))
        })?;
        self.take(fact, &entity.columns[place], value)
    }

    /// It is gone with this.
    #[must_use]
    pub fn removed(self) -> Self {
        Self { removed: true, ..self }
    }
}

fn short(value: &Value) -> String {
    value.json().chars().take(80).collect()
}

/// The row of one as some fact left it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// The block's height.
    pub block: u32,
    /// The fact's place in the block.
    pub fact: u32,
    /// Whether it is gone.
    pub removed: bool,
    /// Its columns.
    pub cells: Vec<Cell>,
}

impl Version {
    /// Before anything is known of it. `whole`: nothing that was before is missing in the index, so sums begin at 0.
    pub fn unborn(entity: &Entity, whole: bool) -> Self {
        let empty = |column: &Column| match column.sum && whole {
            true => Cell::Money(0),
            false => Cell::Null,
        };
        let cells = entity.columns.iter().map(empty).collect();
        Self { block: 0, fact: 0, removed: false, cells }
    }

    /// Applies a patch.
    pub fn apply(&mut self, entity: &Entity, patch: &Patch) {
        self.removed = patch.removed;
        for (name, change) in &patch.changes {
            // Entities name their own columns: a test of all of them sees to it.
            let Some(place) = entity.column(name) else { continue };
            let cell = &mut self.cells[place];
            let sum = |amount: Option<u128>| amount.map_or(Cell::Null, Cell::Money);
            *cell = match (change, &*cell) {
                (Change::Set(cell), _) => cell.clone(),
                (Change::Add(amount), Cell::Money(held)) => sum(held.checked_add(*amount)),
                (Change::Subtract(amount), Cell::Money(held)) => sum(held.checked_sub(*amount)),
                (Change::Add(_) | Change::Subtract(_), _) => Cell::Null,
            };
        }
    }
}

/// Patches of one fact, joined: an id occurs once, in the order of ids.
pub fn joined(patches: Vec<Patch>) -> Vec<Patch> {
    let mut by_id: BTreeMap<String, Patch> = BTreeMap::new();
    for patch in patches {
        match by_id.get_mut(&patch.id) {
            Some(first) => {
                first.changes.extend(patch.changes);
                first.removed = patch.removed;
            }
            None => {
                by_id.insert(patch.id.clone(), patch);
            }
        }
    }
    by_id.into_values().collect()
}

/// The version of a fact.
pub fn version(block: u32, fact: u32) -> u64 {
    u64::from(block) << 32 | u64::from(fact)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nothing(_: &Fact<'_>) -> Result<Vec<Patch>, Unread> {
        Ok(Vec::new())
    }

    const PURSES: Entity = Entity {
        name: "purses",
        about: "",
        columns: &[Column::sum("free"), Column::new("owner", Kind::Text).optional()],
        facts: &[],
        once: false,
        read: nothing,
    };

    #[test]
    fn what_is_not_known_is_not_made_up() {
        let deposit = Patch::of(1).add("free", 5).set("owner", "Li");
        let mut known = Version::unborn(&PURSES, true);
        known.apply(&PURSES, &deposit);
        assert_eq!(known.cells, [Cell::Money(5), "Li".into()]);
        let mut unknown = Version::unborn(&PURSES, false);
        unknown.apply(&PURSES, &deposit);
        assert_eq!(unknown.cells, [Cell::Null, "Li".into()]);
        // More went than was there: something was not seen.
        known.apply(&PURSES, &Patch::of(1).subtract("free", 6));
        assert_eq!(known.cells[0], Cell::Null);
        known.apply(&PURSES, &Patch::of(1).set("free", Cell::Money(7)).removed());
        assert_eq!((&known.cells[0], known.removed), (&Cell::Money(7), true));
    }

    #[test]
    fn a_fact_makes_one_version_of_each() {
        let patches = vec![
            Patch::of("b").subtract("free", 1),
            Patch::of("a").add("free", 2),
            Patch::of("b").add("free", 1),
        ];
        let joined = joined(patches);
        assert_eq!(joined.iter().map(|patch| &*patch.id).collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(joined[1].changes.len(), 2);
        assert!(version(1, 0) > version(0, u32::MAX));
    }
}
