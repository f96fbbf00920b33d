//! The tables that follow from raw blocks, made from the descriptions of tables and entities.

use smartlink_clickhouse::{migrations::Migration, Layout};

use crate::{
    domain::{tables, Column, Entity, Kind, Table},
    entities::Registry,
};

/// Rows that are read for one: fewer than ClickHouse's usual 8,192, for most questions are about one or a few.
const GRANULE: u32 = 1_024;

/// The table of an entity's present rows: read it with `FINAL`. Of entities that never change it is a view of all rows.
pub fn now(entity: &Entity) -> String {
    format!("{}_now", entity.name)
}

/// Every table that follows from raw blocks, views before what they read.
pub fn derived(registry: &Registry) -> Vec<String> {
    let changing = registry.all().iter().filter(|entity| !entity.once);
    let now_views = changing.map(|entity| format!("{}_view", now(entity)));
    let plain = tables::ALL.iter().map(|table| table.name.to_owned());
    let entities = registry.all().iter().flat_map(|entity| [entity.name.to_owned(), now(entity)]);
    now_views.chain(plain).chain(entities).collect()
}

/// The statements that make them, for a layout.
pub fn create(registry: &Registry, layout: &Layout, fsync: bool) -> Vec<String> {
    let mut text = String::new();
    for table in tables::ALL {
        text.push_str(&plain(&table, fsync));
    }
    for entity in registry.all() {
        text.push_str(&of_entity(entity, fsync));
    }
    // The dialect's texts live as long as the program, and so does this one, of which there is one.
    let text: &'static str = Box::leak(text.into_boxed_str());
    Migration { version: 0, name: "derived", text }.statements(layout)
}

fn plain(of: &Table, fsync: bool) -> String {
    let digest = (of.name == tables::BLOCKS.name).then_some(tables::DIGEST);
    let columns: Vec<Column> = of.columns.iter().copied().chain(digest).collect();
    table(of.name, &declared(&columns), "MergeTree", of.order, of.block, fsync)
}

fn of_entity(entity: &Entity, fsync: bool) -> String {
    let columns = declared(&entity.all_columns());
    let (name, present) = (entity.name, now(entity));
    let key = "cityHash64(id)";
    // Versions of one lie together, in order; a block's are found by an index over blocks.
    let blocks = ",\n    INDEX by_block block TYPE minmax GRANULARITY 1";
    // Of what never changes there is one row each, and the newest are asked for most.
    let order = if entity.once { "version, id" } else { "id, version" };
    let history = table(name, &format!("{columns}{blocks}"), "MergeTree", order, key, fsync);
    let names = listed(&entity.all_columns());
    if entity.once {
        return format!(
            "{history}CREATE VIEW IF NOT EXISTS {present} {{{{on cluster}}}} AS\nSELECT {names} FROM {name};\n\n"
        );
    }
    let rows = table(&present, &columns, "ReplacingMergeTree version", "id", key, fsync);
    format!(
        "{history}{rows}CREATE MATERIALIZED VIEW IF NOT EXISTS {{{{local {present}}}}}_view {{{{on cluster}}}} \
         TO {{{{local {present}}}}} AS\nSELECT {names} FROM {{{{local {name}}}}};\n\n"
    )
}

fn table(name: &str, columns: &str, engine: &str, order: &str, shard: &str, fsync: bool) -> String {
    let fsync = match fsync {
        true => ", fsync_after_insert = 1, fsync_part_directory = 1",
        false => "",
    };
    format!(
        "CREATE TABLE IF NOT EXISTS {{{{local {name}}}}} {{{{on cluster}}}} (\n    {columns}\n)\n\
         ENGINE = {{{{engine {engine}}}}}\nORDER BY ({order})\nSETTINGS {{{{settings}}}}, index_granularity = {GRANULE}{fsync};\n\n\
         {{{{distribute {name} by {shard}}}}};\n\n"
    )
}

/// Columns with types and codecs. What rows are looked for by needs no index here: the copy beside GraphQL has it, and each
/// index is two files more that every insert waits for.
fn declared(columns: &[Column]) -> String {
    let column = |column: &Column| {
        let codec = match column.kind {
            Kind::Json => " CODEC(ZSTD(1))",
            Kind::Time if !column.nullable => " CODEC(Delta, Default)",
            _ => "",
        };
        format!("{} {}{codec}", quoted(column.name), column.sql_type())
    };
    columns.iter().map(column).collect::<Vec<_>>().join(",\n    ")
}

/// A column's name as it stands in SQL: some are words of SQL.
pub fn quoted(name: &str) -> String {
    format!("`{name}`")
}

/// Columns as they stand in a list of SQL.
pub fn listed(columns: &[Column]) -> String {
    columns.iter().map(|column| quoted(column.name)).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_text_makes_tables_for_one_server_and_for_a_cluster() {
        let registry = Registry::default();
        let single = create(&registry, &Layout::Single, true);
        let cluster = create(&registry, &Layout::Cluster("fleet".into()), true);
        let vehicles = single.iter().find(|sql| sql.contains("EXISTS vehicles ")).unwrap();
        assert!(vehicles.contains("INDEX by_block block TYPE minmax"), "{vehicles}");
        assert!(vehicles.contains("ORDER BY (id, version)"), "{vehicles}");
        assert!(!single.iter().any(|sql| sql.contains("{{") || sql.contains("_local")));
        let distributed = cluster.iter().filter(|sql| sql.contains("Distributed(")).count();
        let changing = registry.all().iter().filter(|entity| !entity.once).count();
        let entities = registry.all().len() + changing;
        assert_eq!(distributed, tables::ALL.len() + entities);
        // Dropped is what is made, and nothing else.
        let made = single.iter().filter(|sql| sql.starts_with("CREATE")).count();
        assert_eq!(made, derived(&registry).len());
    }
}
