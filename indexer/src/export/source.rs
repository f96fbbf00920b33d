//! What can be exported: the tables of blocks, and entities.

use crate::{
    domain::{tables, Column, Entity, Table},
    entities::Registry,
    error::Error,
};

/// A table or an entity, as an export sees it.
#[derive(Clone, Debug)]
pub struct Source {
    /// The table of all rows. Of an entity: of all versions.
    pub table: &'static str,
    /// Its columns, in order.
    pub columns: Vec<Column>,
    /// The column with the block's height.
    pub block: &'static str,
    /// Whether one may have several versions.
    pub changes: bool,
    /// The columns that all its rows are ordered by. No two rows have the same values there.
    pub key: Vec<&'static str>,
}

impl Source {
    /// The one with a name.
    ///
    /// # Errors
    /// There is none, and which there are.
    pub fn find(registry: &Registry, name: &str) -> Result<Self, Error> {
        let table = tables::ALL.iter().find(|table| table.name == name).map(Self::of_table);
        let entity = || registry.all().iter().find(|entity| entity.name == name);
        table.or_else(|| entity().map(Self::of_entity)).ok_or_else(|| {
            let entities = registry.all().iter().map(|entity| entity.name);
            let known: Vec<_> =
                tables::ALL.iter().map(|table| table.name).chain(entities).collect();
            Error::Asked(format!(
                "there is no table or entity {name:?}: name one of {}",
                known.join(", ")
            ))
        })
    }

    fn of_table(table: &Table) -> Self {
        let digest = (table.name == tables::BLOCKS.name).then_some(tables::DIGEST);
        Self {
            table: table.name,
            columns: table.columns.iter().copied().chain(digest).collect(),
            block: table.block,
            changes: false,
            key: table.order.split(", ").collect(),
        }
    }

    fn of_entity(entity: &Entity) -> Self {
        // As their tables are ordered, so that rows are read in order and not sorted.
        let key = match entity.once {
            true => vec!["version", "id"],
            false => vec!["id", "version"],
        };
        Self {
            table: entity.name,
            columns: entity.all_columns(),
            block: "block",
            changes: !entity.once,
            key,
        }
    }

    /// A column by its name.
    ///
    /// # Errors
    /// There is none, and which there are.
    pub fn column(&self, name: &str) -> Result<Column, Error> {
        self.columns.iter().find(|column| column.name == name).copied().ok_or_else(|| {
            let known: Vec<_> = self.columns.iter().map(|column| column.name).collect();
            Error::Asked(format!(
                "{} has no column {name:?}: it has {}",
                self.table,
                known.join(", ")
            ))
        })
    }

    /// The column that says which company a row is of: its own, or the first that names one.
    ///
    /// # Errors
    /// There is none.
    pub fn company(&self) -> Result<Column, Error> {
        let own = self.columns.iter().find(|column| column.name == "company");
        let names = || self.columns.iter().find(|column| column.refers == Some("companies"));
        own.or_else(names).copied().ok_or_else(|| {
            Error::Asked(format!(
                "rows of {} are of no company: leave company out, and name columns in conditions (where)",
                self.table
            ))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_has_its_key_its_block_and_its_time() {
        let registry = Registry::default();
        let names = tables::ALL.iter().map(|table| table.name);
        for name in names.chain(registry.all().iter().map(|entity| entity.name)) {
            let source = Source::find(&registry, name).unwrap();
            for column in source.key.iter().chain([&source.block, &"time"]) {
                assert!(source.column(column).is_ok(), "{name}: {column}");
            }
        }
    }

    #[test]
    fn what_is_not_there_is_named_with_what_is() {
        let registry = Registry::default();
        let said = Source::find(&registry, "cars").unwrap_err().to_string();
        assert!(said.contains("\"cars\"") && said.contains("vehicles"), "{said}");
        let vehicles = Source::find(&registry, "vehicles").unwrap();
        let said = vehicles.column("colour").unwrap_err().to_string();
        assert!(said.contains("\"colour\"") && said.contains("plate"), "{said}");
        assert_eq!(vehicles.company().unwrap().name, "owner");
        assert_eq!(Source::find(&registry, "batches").unwrap().company().unwrap().name, "company");
        assert!(Source::find(&registry, "events").unwrap().company().is_err());
    }
}
