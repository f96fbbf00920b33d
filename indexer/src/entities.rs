//! Every entity, one file each.
//!
//! A new pallet's entity is one file more, and a line in [`ALL`]: its table, its history, what it adds to the digest and
//! what is asked of the chain's state follow from its description. A changed description is another index: `reindex`
//! makes it, from the raw blocks.

mod allowances;
mod anchors;
mod applications;
mod balances;
mod batches;
mod checkpoints;
mod companies;
mod devices;
mod draws;
mod drivers;
mod entries;
mod losses;
mod machines;
mod papers;
pub(crate) mod rides;
mod roles;
mod seats;
mod sessions;
mod shares;
mod tariffs;
mod transfers;
mod validators;
mod vehicles;
mod withdrawals;

use rustc_hash::FxHashMap;

pub(crate) use self::{rides::RIDES, seats::SEATS, tariffs::TARIFFS};
use crate::domain::{digest, entity::HEAD, tables, Column, Entity, Fact, Origin};

/// All entities, by name.
pub const ALL: [Entity; 24] = [
    allowances::ALLOWANCES,
    anchors::ANCHORS,
    applications::APPLICATIONS,
    balances::BALANCES,
    batches::BATCHES,
    checkpoints::CHECKPOINTS,
    companies::COMPANIES,
    devices::DEVICES,
    draws::DRAWS,
    drivers::DRIVERS,
    entries::ENTRIES,
    losses::LOSSES,
    machines::MACHINES,
    papers::PAPERS,
    rides::RIDES,
    roles::ROLES,
    seats::SEATS,
    sessions::SESSIONS,
    shares::SHARES,
    tariffs::TARIFFS,
    transfers::TRANSFERS,
    validators::VALIDATORS,
    vehicles::VEHICLES,
    withdrawals::WITHDRAWALS,
];

/// Entries of the state that are facts in every block. They have no keys.
pub const EACH_BLOCK: [(&str, &str); 1] = [checkpoints::LATEST];

/// Counts what changes about tables beside their columns: orders, indexes, engines.
const TABLES: u32 = 3;

/// Places of entities by pallet and name of the facts that change them.
type Named = FxHashMap<&'static str, FxHashMap<&'static str, Vec<usize>>>;

/// Entities, found by the facts that concern them.
pub struct Registry {
    entities: Vec<Entity>,
    by_event: Named,
    by_state: Named,
}

impl Default for Registry {
    fn default() -> Self {
        Self::of(ALL.to_vec())
    }
}

impl Registry {
    /// Of some entities, which are put in the order of their names.
    pub fn of(mut entities: Vec<Entity>) -> Self {
        entities.sort_by_key(|entity| entity.name);
        let (mut by_event, mut by_state) = (Named::default(), Named::default());
        for (place, entity) in entities.iter().enumerate() {
            for (origin, pallet, name) in entity.facts {
                let named = match origin {
                    Origin::Event => &mut by_event,
                    Origin::State => &mut by_state,
                };
                named.entry(pallet).or_default().entry(name).or_default().push(place);
            }
        }
        Self { entities, by_event, by_state }
    }

    /// All of them, by name.
    pub fn all(&self) -> &[Entity] {
        &self.entities
    }

    /// The entity of a place.
    pub fn entity(&self, place: usize) -> &Entity {
        &self.entities[place]
    }

    /// The place of an entity by its name.
    pub fn place(&self, name: &str) -> Option<usize> {
        self.entities.iter().position(|entity| entity.name == name)
    }

    /// The places of the entities that a fact changes.
    pub fn concerned(&self, fact: &Fact<'_>) -> &[usize] {
        let named = match fact.origin {
            Origin::Event => &self.by_event,
            Origin::State => &self.by_state,
        };
        let places = named.get(fact.pallet).and_then(|names| names.get(fact.name));
        places.map_or(&[], Vec::as_slice)
    }

    /// The entries of the state that entities ask for, pallet and name.
    pub fn state(&self) -> Vec<(&'static str, &'static str)> {
        let entries = self.by_state.iter();
        entries.flat_map(|(pallet, names)| names.keys().map(|name| (*pallet, *name))).collect()
    }

    /// Names the form of the whole index: every table with its columns, and every fact that changes an entity, hexadecimal. What
    /// has another form is another index.
    pub fn form(&self) -> String {
        let mut text = format!("tables {TABLES}\n");
        let mut table = |name: &str, columns: &[Column]| {
            text.push_str(name);
            for column in columns {
                text.push_str(&format!(" {}:{}", column.name, column.sql_type()));
            }
            text.push('\n');
        };
        for of in tables::ALL {
            table(of.name, of.columns);
        }
        for entity in &self.entities {
            table(entity.name, &HEAD);
            table(entity.name, entity.columns);
        }
        // Who learns of another fact has rows that an index of before has not.
        for entity in &self.entities {
            for (origin, pallet, name) in entity.facts {
                text.push_str(&format!("{} {origin:?} {pallet}.{name}\n", entity.name));
            }
        }
        crate::domain::value::hex(&digest::keccak(text.as_bytes())[..16])
    }
}

#[cfg(test)]
mod tests;
