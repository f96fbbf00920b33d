//! What can be asked for: tables and entities, seen the same way.

use std::{collections::HashMap, sync::Arc};

use crate::{
    domain::{entity::HEAD, tables, Column, Entity, Kind, Table},
    entities::Registry,
    infra::store::schema::now,
};

/// How rows of a shape come to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    /// A row of a block's own tables.
    Plain,
    /// An entity that is born whole and never changes.
    Once,
    /// An entity with a version after each change.
    Changing,
}

/// A table or an entity as GraphQL shows it.
#[derive(Clone, Debug)]
pub struct Shape {
    /// The table of all rows. Of an entity: of all versions.
    pub table: &'static str,
    /// The table of present rows.
    pub now: String,
    /// The name of its type, such as `Vehicle`.
    pub type_name: String,
    /// The field of the query that gives one.
    pub one: String,
    /// The field that gives several.
    pub many: String,
    /// A sentence on it.
    pub about: &'static str,
    /// Its columns, in the order of the table.
    pub columns: Vec<Column>,
    /// Their names in GraphQL.
    pub names: Vec<String>,
    /// How its rows come to be.
    pub life: Life,
    /// The places of the columns that name a row, in the order of the table.
    pub key: Vec<usize>,
    /// The columns that its id consists of.
    pub id: Vec<usize>,
    /// The column with the block's height.
    pub block: usize,
    /// Its columns of text by which it is searched for.
    pub searched: Vec<usize>,
    /// Columns by whose values, together, its rows are looked for.
    pub lookups: Vec<Vec<usize>>,
}

impl Shape {
    fn of_table(table: &Table) -> Self {
        let mut columns = table.columns.to_vec();
        if table.name == tables::BLOCKS.name {
            columns.push(tables::DIGEST);
        }
        let place = |name: &str| columns.iter().position(|column| column.name == name);
        let key: Vec<usize> = table.order.split(", ").filter_map(place).collect();
        let block = place(table.block).unwrap_or(0);
        let about = match table.name {
            "blocks" => "Final blocks. The id is the height.",
            "extrinsics" => "Extrinsics of final blocks. The id is block-place.",
            "calls" => "Calls: the extrinsics' own, and those within them. The id is block-extrinsic-place.",
            _ => "Events of final blocks. The id is block-place.",
        };
        let names = columns.iter().map(|column| field_name(table.name, column)).collect();
        let looked_for: &[&[&str]] = match table.name {
            "blocks" => &[&["hash"]],
            "extrinsics" => &[&["hash"], &["signer"]],
            "calls" => &[&["pallet", "name"]],
            _ => &[&["pallet", "name"], &["accounts"], &["block", "extrinsic"]],
        };
        let places = |names: &&[&str]| names.iter().filter_map(|name| place(name)).collect();
        let lookups = looked_for.iter().map(places).collect();
        Self {
            table: table.name,
            now: table.name.to_owned(),
            type_name: pascal(&singular(table.name)),
            one: camel(&singular(table.name)),
            many: camel(table.name),
            about,
            names,
            life: Life::Plain,
            id: key.clone(),
            key,
            block,
            searched: Vec::new(),
            lookups,
            columns,
        }
    }

    fn of_entity(entity: &Entity) -> Self {
        let columns = entity.all_columns();
        let names = columns.iter().map(|column| field_name(entity.name, column)).collect();
        let (life, key) = match entity.once {
            true => (Life::Once, vec![1, 0]),
            false => (Life::Changing, vec![0]),
        };
        let texts = columns.iter().enumerate().skip(HEAD.len());
        // An id of something else is looked for as a whole.
        let own = texts.filter(|(_, column)| column.refers.is_none());
        let searched = own.filter(|(_, column)| column.indexed && column.kind == Kind::Text);
        let looked_for = columns.iter().enumerate();
        let looked_for = looked_for.filter(|(_, column)| column.indexed);
        // The key of what never changes begins with its version, and not with its id.
        let by_id = (life == Life::Once).then(|| vec![0]);
        let lookups = looked_for.map(|(place, _)| vec![place]).chain(by_id).collect();
        Self {
            table: entity.name,
            now: now(entity),
            type_name: pascal(&singular(entity.name)),
            one: camel(&singular(entity.name)),
            many: camel(entity.name),
            about: entity.about,
            names,
            life,
            key,
            id: vec![0],
            block: 2,
            searched: searched.map(|(place, _)| place).collect(),
            lookups,
            columns,
        }
    }

    /// The place of a column by its name in GraphQL.
    pub fn named(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|known| known == name)
    }

    /// The place of a column by its name in the table.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// The column that says whether an entity is gone.
    pub fn removed(&self) -> Option<usize> {
        (self.life != Life::Plain).then_some(5)
    }
}

/// All shapes, and how they are connected.
#[derive(Debug)]
pub struct Shapes {
    all: Vec<Arc<Shape>>,
    by_table: HashMap<&'static str, usize>,
}

impl Shapes {
    /// Of all tables, and all entities of a registry.
    pub fn of(registry: &Registry) -> Self {
        let tables = tables::ALL.iter().map(Shape::of_table);
        let entities = registry.all().iter().map(Shape::of_entity);
        let all: Vec<_> = tables.chain(entities).map(Arc::new).collect();
        let by_table = all.iter().enumerate().map(|(place, shape)| (shape.table, place)).collect();
        Self { all, by_table }
    }

    /// All of them: tables, then entities by name.
    pub fn all(&self) -> &[Arc<Shape>] {
        &self.all
    }

    /// One by the name of its table.
    pub fn table(&self, name: &str) -> Option<&Arc<Shape>> {
        self.by_table.get(name).map(|place| &self.all[*place])
    }

    /// One by the name of its type.
    pub fn type_named(&self, name: &str) -> Option<&Arc<Shape>> {
        self.all.iter().find(|shape| shape.type_name == name)
    }
}

/// How a column is called in GraphQL. The scalar of what is shown as an object as well has the object's name with what it
/// is at its end.
fn field_name(table: &str, column: &Column) -> String {
    match (table, column.name) {
        ("blocks", "extrinsics") => "extrinsicCount".to_owned(),
        ("blocks", "calls") => "callCount".to_owned(),
        ("blocks", "events") => "eventCount".to_owned(),
        ("batches", "rides") => "rideCount".to_owned(),
        (_, "block") => "blockNumber".to_owned(),
        (_, "extrinsic") => "extrinsicPlace".to_owned(),
        (_, name) if column.refers.is_some() => format!("{}Id", camel(name)),
        (_, name) => camel(name),
    }
}

/// `first_sequence` as `firstSequence`.
pub fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| name + &capital(word))
}

/// `ride_receipt` as `RideReceipt`.
pub fn pascal(name: &str) -> String {
    capital(&camel(name))
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The singular of a table's name.
fn singular(plural: &str) -> String {
    if let Some(stem) = plural.strip_suffix("ies") {
        return format!("{stem}y");
    }
    for end in ["ches", "sses", "xes"] {
        if plural.ends_with(end) {
            return plural[..plural.len() - 2].to_owned();
        }
    }
    plural.strip_suffix('s').unwrap_or(plural).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_has_a_name_that_people_would_give_it() {
        let shapes = Shapes::of(&Registry::default());
        let types: Vec<_> = shapes.all().iter().map(|shape| &*shape.type_name).collect();
        assert_eq!(
            types,
            [
                "Block",
                "Extrinsic",
                "Call",
                "Event",
                "Allowance",
                "Anchor",
                "Application",
                "Balance",
                "Batch",
                "Checkpoint",
                "Company",
                "Device",
                "Draw",
                "Driver",
                "Entry",
                "Loss",
                "Machine",
                "Paper",
                "Ride",
                "Role",
                "Seat",
                "Session",
                "Share",
                "Tariff",
                "Transfer",
                "Validator",
                "Vehicle",
                "Withdrawal"
            ]
        );
        let vehicles = shapes.table("vehicles").unwrap();
        assert_eq!((&*vehicles.one, &*vehicles.many), ("vehicle", "vehicles"));
        assert!(vehicles.named("ownerId").is_some() && vehicles.named("blockNumber").is_some());
        let searched: Vec<_> =
            vehicles.searched.iter().map(|place| vehicles.columns[*place].name).collect();
        assert_eq!(searched, ["vin", "plate"]);
    }

    #[test]
    fn no_two_fields_of_a_type_have_one_name() {
        for shape in Shapes::of(&Registry::default()).all() {
            let mut names = shape.names.clone();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), shape.columns.len(), "{}", shape.type_name);
            assert!(!shape.key.is_empty() && shape.columns[shape.block].kind == Kind::U32);
        }
    }
}
