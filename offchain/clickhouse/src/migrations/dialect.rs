//! One text of a migration, two ways to run it: on a single server and on a cluster.
//!
//! | in the text | single | cluster |
//! | --- | --- | --- |
//! | `{{local x}}` | `x` | `x_local`, the shard's own table |
//! | `{{on cluster}}` | | `ON CLUSTER 'name'` |
//! | `{{engine XMergeTree version}}` | `XMergeTree(version)` | `ReplicatedXMergeTree('path', '{replica}', version)` |
//! | `{{settings}}` | window of deduplication | the same for replicas |
//! | `{{distribute x by key}};` | | the table `x` over all shards, parted by `key` |

use serde::{Deserialize, Serialize};

use crate::store::is_name;

/// How many of the last inserts of a table are remembered by their tokens.
const WINDOW: u32 = 10_000;

/// What the tables lie on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Layout {
    /// One server, embedded or not.
    #[default]
    Single,
    /// Replicated shards of this name in ClickHouse's `remote_servers`, with the macros `shard` and `replica`.
    Cluster(String),
}

impl Layout {
    /// The table that holds a shard's own rows.
    pub fn local(&self, table: &str) -> String {
        match self {
            Self::Single => table.to_owned(),
            Self::Cluster(_) => format!("{table}_local"),
        }
    }

    /// What makes a statement run everywhere.
    pub(super) fn on_cluster(&self) -> String {
        match self {
            Self::Single => String::new(),
            Self::Cluster(name) => format!("ON CLUSTER '{name}'"),
        }
    }

    pub(super) fn engine(&self, family: &str, arguments: &[&str]) -> String {
        let arguments = arguments.join(", ");
        match self {
            Self::Single => format!("{family}({arguments})"),
            Self::Cluster(_) => {
                let path = "'/clickhouse/tables/{shard}/{database}/{table}', '{replica}'";
                let comma = if arguments.is_empty() { "" } else { ", " };
                format!("Replicated{family}({path}{comma}{arguments})")
            }
        }
    }

    fn settings(&self) -> String {
        match self {
            Self::Single => format!("non_replicated_deduplication_window = {WINDOW}"),
            Self::Cluster(_) => format!(
                "replicated_deduplication_window = {WINDOW}, replicated_deduplication_window_seconds = 604800"
            ),
        }
    }

    fn distributed(&self, table: &str, key: &str) -> String {
        match self {
            Self::Single => String::new(),
            Self::Cluster(name) => format!(
                "CREATE TABLE IF NOT EXISTS {table} ON CLUSTER '{name}' AS {table}_local\n\
                 ENGINE = Distributed('{name}', currentDatabase(), {table}_local, intHash64({key}))"
            ),
        }
    }

    /// The name of the cluster can stand in SQL.
    pub(super) fn is_valid(&self) -> bool {
        match self {
            Self::Single => true,
            Self::Cluster(name) => is_name(name),
        }
    }

    /// The statements of a text, in order.
    ///
    /// The texts are this crate's own: what they cannot be is found by a test, and stays as it is here.
    pub(super) fn statements(&self, text: &str) -> Vec<String> {
        without_comments(text)
            .split(";\n")
            .map(|statement| self.fill(statement).trim().to_owned())
            .filter(|statement| !statement.is_empty())
            .collect()
    }

    fn fill(&self, text: &str) -> String {
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            let Some((inside, behind)) = after.split_once("}}") else { break };
            filled.push_str(before);
            let words: Vec<_> = inside.split(' ').collect();
            match words.as_slice() {
                ["local", table] => filled.push_str(&self.local(table)),
                ["on", "cluster"] => filled.push_str(&self.on_cluster()),
                ["engine", family, arguments @ ..] => {
                    filled.push_str(&self.engine(family, arguments))
                }
                ["settings"] => filled.push_str(&self.settings()),
                ["distribute", table, "by", key] => filled.push_str(&self.distributed(table, key)),
                _ => filled.push_str(inside),
            }
            rest = behind;
        }
        filled.push_str(rest);
        filled
    }
}

fn without_comments(text: &str) -> String {
    let kept = text.lines().filter(|line| !line.trim_start().starts_with("--"));
    kept.flat_map(|line| [line, "\n"]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "-- a; comment\nCREATE TABLE {{local t}} {{on cluster}} (a UInt8)\n\
        ENGINE = {{engine ReplacingMergeTree version}} ORDER BY a SETTINGS {{settings}};\n\
        {{distribute t by a}};\nCREATE VIEW v AS SELECT a FROM {{local t}};\n";

    #[test]
    fn a_single_server_has_plain_tables() {
        assert_eq!(
            Layout::Single.statements(TEXT),
            [
                "CREATE TABLE t  (a UInt8)\nENGINE = ReplacingMergeTree(version) ORDER BY a \
                 SETTINGS non_replicated_deduplication_window = 10000",
                "CREATE VIEW v AS SELECT a FROM t",
            ]
        );
    }

    #[test]
    fn a_cluster_has_replicated_shards_and_tables_over_them() {
        assert_eq!(
            Layout::Cluster("fleet".into()).statements(TEXT),
            [
                "CREATE TABLE t_local ON CLUSTER 'fleet' (a UInt8)\nENGINE = \
                 ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', version) \
                 ORDER BY a SETTINGS replicated_deduplication_window = 10000, \
                 replicated_deduplication_window_seconds = 604800",
                "CREATE TABLE IF NOT EXISTS t ON CLUSTER 'fleet' AS t_local\n\
                 ENGINE = Distributed('fleet', currentDatabase(), t_local, intHash64(a))",
                "CREATE VIEW v AS SELECT a FROM t_local",
            ]
        );
    }
}
