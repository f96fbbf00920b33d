//! The rows of a real chain, repeated at other heights until there are as many as a large chain has.

use std::time::Duration;

use smartlink_clickhouse::Store;

use crate::Error;

/// Tables whose rows are repeated, with the column of the height.
const TABLES: [(&str, &str); 5] = [
    ("blocks", "number"),
    ("extrinsics", "block"),
    ("calls", "block"),
    ("events", "block"),
    ("transfers", "block"),
];

/// What there is when rows were repeated.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grown {
    /// Blocks of the chain itself.
    pub span: u32,
    /// The last block.
    pub last: u32,
    /// Events.
    pub events: u64,
}

/// Repeats the rows until there are so many events. The index then says that it has come to the last of them.
pub(super) async fn repeat(store: &Store, events: u64) -> Result<Grown, Error> {
    let own: u64 = number(store, "SELECT count() FROM events").await?;
    let last: u64 = number(store, "SELECT toUInt64(max(number)) FROM blocks").await?;
    let span = u32::try_from(last + 1).unwrap_or(u32::MAX);
    let times = u32::try_from(events.div_ceil(own.max(1)).max(1)).unwrap_or(u32::MAX);
    for (table, height) in TABLES {
        let columns = columns(store, table).await?;
        let shifted: Vec<_> = columns.iter().map(|name| shifted(name, height, span)).collect();
        // One repetition at a time: each is an insert of its own, as it is when a chain is indexed.
        for again in 1..times {
            let sql = format!(
                "INSERT INTO {table} ({}) SELECT {} FROM (SELECT *, toUInt32({again}) AS again FROM {table} WHERE {height} < {span})",
                columns.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "),
                shifted.join(", ")
            );
            execute(store, &sql).await?;
        }
    }
    let grown = Grown { span, last: span * times - 1, events: own * u64::from(times) };
    come_to(store, grown.last).await?;
    let there: u64 = number(store, "SELECT count() FROM events").await?;
    match there == grown.events {
        true => Ok(grown),
        false => Err(Error::Asked(format!("there are {there} events, not {}", grown.events))),
    }
}

/// A column of a repetition.
fn shifted(name: &str, height: &str, span: u32) -> String {
    let by = format!("again * {span}");
    match name {
        name if name == height => format!("toUInt32(`{name}` + {by})"),
        "time" => format!("`time` + toIntervalSecond(2 * {by})"),
        "hash" => "CAST(keccak256(concat(`hash`, toString(again))) AS FixedString(32))".to_owned(),
        // Each block follows the one before, and the first of a repetition the last of the one before it.
        "parent" => {
            let end = format!("(SELECT any(hash) FROM blocks WHERE number = {})", span - 1);
            format!(
                "CAST(multiIf({height} > 0, keccak256(concat(`parent`, toString(again))), again = 1, {end}, \
                 keccak256(concat({end}, toString(again - 1)))) AS FixedString(32))"
            )
        }
        "version" => format!("`version` + bitShiftLeft(toUInt64({by}), 32)"),
        "id" => format!("concat(toString(toUInt32(`block` + {by})), '-', toString(`fact`))"),
        name => format!("`{name}`"),
    }
}

/// Blocks go on to come, each with the events of an earlier one, until this is dropped.
pub(super) async fn go_on(store: Store, grown: Grown, every: Duration) -> Result<(), Error> {
    let from: u64 = number(&store, "SELECT toUInt64(argMax(number, events)) FROM blocks").await?;
    let mut ticks = tokio::time::interval(every);
    for next in grown.last + 1.. {
        ticks.tick().await;
        for (table, height) in TABLES {
            let columns = columns(&store, table).await?;
            let list =
                columns.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            let moved: Vec<_> = columns
                .iter()
                .map(|name| match name.as_str() {
                    name if name == height => format!("toUInt32({next})"),
                    "hash" => {
                        format!("CAST(keccak256(concat(`hash`, '{next}')) AS FixedString(32))")
                    }
                    "parent" => {
                        format!("(SELECT any(hash) FROM blocks WHERE number = {})", next - 1)
                    }
                    "version" => format!("bitShiftLeft(toUInt64({next}), 32) + `fact`"),
                    "id" => format!("concat('{next}-', toString(`fact`))"),
                    name => format!("`{name}`"),
                })
                .collect();
            let sql = format!(
                "INSERT INTO {table} ({list}) SELECT {} FROM {table} WHERE {height} = {from} LIMIT 500",
                moved.join(", ")
            );
            execute(&store, &sql).await?;
        }
        come_to(&store, next).await?;
    }
    Ok(())
}

/// Says how far the index has come.
async fn come_to(store: &Store, last: u32) -> Result<(), Error> {
    let sql = format!(
        "INSERT INTO progress SELECT max(generation), toUInt32({last}), any(hash), any(digest) FROM progress"
    );
    execute(store, &sql).await
}

async fn columns(store: &Store, table: &str) -> Result<Vec<String>, Error> {
    let sql = "SELECT name FROM system.columns WHERE database = ? AND table = ? ORDER BY position";
    let columns = store.query(sql).bind(store.database()).bind(table).fetch_all::<String>();
    columns.await.map_err(|error| Error::Asked(format!("{table}: {error}")))
}

pub(super) async fn number(store: &Store, sql: &str) -> Result<u64, Error> {
    let number = store.query(sql).fetch_one::<u64>();
    number.await.map_err(|error| Error::Asked(format!("{sql}: {error}")))
}

async fn execute(store: &Store, sql: &str) -> Result<(), Error> {
    store.execute(sql).await.map_err(|error| Error::Asked(error.to_string()))
}
