//! What may change about tables that are there: how long rows are kept, and how hard they are written.

use serde::{Deserialize, Serialize};
use smartlink_service::config::{Check, Validate};

use super::Layout;
use crate::store::{Store, StoreError};

/// Tables of which every row follows from what vehicles sent, and the column of its month.
const KEPT: [(&str, &str); 6] = [
    ("records", "toDate(received)"),
    ("positions_by_area", "received_on"),
    ("sensors", "received_on"),
    ("alarms", "received_on"),
    ("track_minutely", "received_on"),
    ("counters_daily", "received_on"),
];

/// Tables that records come to.
const WRITTEN: [&str; 12] = [
    "records",
    "positions_by_area",
    "sensors",
    "alarms",
    "track_minutely",
    "counters_daily",
    "batches",
    "alerts",
    "trips",
    "stops",
    "crossings",
    "driver_days",
];

/// How tables are kept. It is brought about at every start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// For how many days after a record was received it is kept, with all that follows from it. 0: for ever.
    ///
    /// A record that is gone cannot be proved any more, though its batch is on chain.
    pub keep_days: u32,
    /// After how many days records are compressed anew, to two thirds of what they take. 0: never.
    pub recompress_days: u32,
    /// Whether an insert is acknowledged only when the disk has it, which survives a loss of power. Without it an
    /// acknowledged insert survives the end of the process in whatever way, but not of the machine.
    pub fsync: bool,
}

impl Default for Policy {
    fn default() -> Self {
        Self { keep_days: 0, recompress_days: 7, fsync: true }
    }
}

impl Validate for Policy {
    fn validate(&self, check: &mut Check) {
        check.range("keep_days", self.keep_days, 0..=36_500);
        check.range("recompress_days", self.recompress_days, 0..=36_500);
    }
}

impl Policy {
    /// Changes what is not so yet.
    pub(super) async fn bring_about(
        self,
        store: &Store,
        layout: &Layout,
    ) -> Result<(), StoreError> {
        for (table, day) in KEPT {
            self.keep(store, layout, table, day).await?;
        }
        for table in WRITTEN {
            let table = layout.local(table);
            let wanted = format!(
                "fsync_after_insert = {0}, fsync_part_directory = {0}",
                u8::from(self.fsync)
            );
            // Another program's tables are not these.
            let Some(definition) = definition(store, &table).await? else { continue };
            // What was never set is off.
            let is_on = definition.contains("fsync_after_insert = 1");
            if is_on != self.fsync {
                let on_cluster = layout.on_cluster();
                store
                    .execute(&format!("ALTER TABLE {table} {on_cluster} MODIFY SETTING {wanted}"))
                    .await?;
            }
        }
        Ok(())
    }

    async fn keep(
        self,
        store: &Store,
        layout: &Layout,
        table: &str,
        day: &str,
    ) -> Result<(), StoreError> {
        let table = layout.local(table);
        let Some(definition) = definition(store, &table).await? else { return Ok(()) };
        let after = |days: u32, what: &str| {
            (days > 0).then(|| format!("{day} + toIntervalDay({days}){what}"))
        };
        let recompressed = after(self.recompress_days, " RECOMPRESS CODEC(ZSTD(1))");
        let wanted: Vec<_> = recompressed.into_iter().chain(after(self.keep_days, "")).collect();
        let wanted = wanted.join(", ");
        let found = definition.split_once(" TTL ").map(|(_, rest)| rest);
        let found = found.map(|rest| rest.split(" SETTINGS ").next().unwrap_or(rest));
        let on_cluster = layout.on_cluster();
        let sql = match (wanted.is_empty(), found) {
            (true, None) => return Ok(()),
            (false, Some(found)) if found == wanted => return Ok(()),
            (true, Some(_)) => format!("ALTER TABLE {table} {on_cluster} REMOVE TTL"),
            // Old rows are changed by the next merges of their months, and not all at once.
            (false, _) => format!(
                "ALTER TABLE {table} {on_cluster} MODIFY TTL {wanted} SETTINGS materialize_ttl_after_modify = 0"
            ),
        };
        store.execute(&sql).await
    }
}

/// The engine of a table with all that belongs to it, as ClickHouse writes it. `None`: the database has no such table,
/// for its migrations are another program's.
async fn definition(store: &Store, table: &str) -> Result<Option<String>, StoreError> {
    let sql = "SELECT engine_full FROM system.tables WHERE database = ? AND name = ?";
    let query = store.query(sql).bind(store.database()).bind(table);
    store.in_time(sql, query.fetch_optional::<String>()).await
}
