//! The indexer's binary at work.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Stdio,
};

use smartlink_clickhouse::{Store, StoreConfig};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

use crate::Error;

/// An indexer between a node and ClickHouse.
pub(in crate::bench) struct Indexer {
    pub binary: PathBuf,
    /// The node's address.
    pub node: String,
    pub config: StoreConfig,
    pub store: Store,
}

/// Blocks that were indexed in one piece.
#[derive(Clone, Debug)]
pub(in crate::bench) struct Stretch {
    /// Rows in `blocks` that came.
    pub blocks: u64,
    /// Rows in `events` that came.
    pub events: u64,
    /// From the first question to the node to the last acknowledgement, as the program says.
    pub seconds: f64,
    /// Where the time went, as the program says.
    pub stages: String,
}

impl Stretch {
    pub fn blocks_per_second(&self) -> f64 {
        self.blocks as f64 / self.seconds
    }

    pub fn events_per_second(&self) -> f64 {
        self.events as f64 / self.seconds
    }
}

impl Indexer {
    fn command(&self, job: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command.args(job);
        for (name, value) in [
            ("node", &self.node),
            ("store.url", &self.config.url),
            ("store.database", &self.config.database),
            // Nobody asks, and the ports may be somebody's.
            ("operations.listen", &String::new()),
            ("api.listen", &String::new()),
        ] {
            command.args(["--set", &format!("{name}=\"{value}\"")]);
        }
        command.stdin(Stdio::null()).kill_on_drop(true);
        command
    }

    /// Rows of a table of the index.
    pub async fn rows(&self, table: &str) -> Result<u64, Error> {
        let sql = format!("SELECT count() FROM {table}");
        let count = self.store.query(&sql).fetch_one::<u64>();
        count.await.map_err(|error| Error::Asked(format!("{sql}: {error}")))
    }

    /// Brings the index up to a block.
    pub async fn bring_to(&self, last: u32) -> Result<Stretch, Error> {
        let before = match last {
            0 => (0, 0),
            _ => (self.rows("blocks").await?, self.rows("events").await?),
        };
        let output = self.command(&["backfill", "--to", &last.to_string()]).output().await;
        let output = output.map_err(|source| Error::Io { what: "starting the indexer", source })?;
        let said = String::from_utf8_lossy(&output.stderr);
        if !output.status.success() {
            return Err(Error::Asked(format!("the indexer ended: {}", said.trim())));
        }
        let (blocks, events) = (self.rows("blocks").await?, self.rows("events").await?);
        if blocks != u64::from(last) + 1 {
            return Err(Error::Asked(format!("the index has {blocks} blocks up to {last}")));
        }
        let mut lines = said.lines().rev();
        let stages = lines.next().unwrap_or_default().to_owned();
        let seconds = lines.next().and_then(seconds).ok_or_else(|| {
            Error::Asked(format!("the indexer does not say how long it took: {said}"))
        })?;
        Ok(Stretch { blocks: blocks - before.0, events: events - before.1, seconds, stages })
    }

    /// Answers questions in GraphQL until it is dropped, with its copy in a folder. Where it listens comes with it.
    pub async fn serve(&self, folder: &Path) -> Result<(Child, SocketAddr), Error> {
        let mut command = self.command(&["serve"]);
        command.args(["--set", "api.listen=\"127.0.0.1:0\""]);
        command.args(["--set", &format!("api.folder=\"{}\"", folder.display())]);
        let starting = |source| Error::Io { what: "starting the indexer", source };
        let mut child =
            command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().map_err(starting)?;
        let said = child.stderr.take().map(|stderr| BufReader::new(stderr).lines());
        let mut said = said.ok_or_else(|| Error::Asked("the indexer says nothing".to_owned()))?;
        let mut all = String::new();
        while let Some(line) = said.next_line().await.map_err(starting)? {
            let address =
                line.strip_prefix("GraphQL at http://").and_then(|rest| rest.split('/').next());
            if let Some(address) = address.and_then(|address| address.parse().ok()) {
                // What it says later is nobody's matter, and must not hold it up.
                tokio::spawn(async move { while let Ok(Some(_)) = said.next_line().await {} });
                return Ok((child, address));
            }
            all.push_str(&line);
        }
        Err(Error::Asked(format!("the indexer ended: {all}")))
    }

    /// Follows the chain until it is dropped.
    pub fn follow(&self) -> Result<Child, Error> {
        let mut command = self.command(&["follow"]);
        if std::env::var_os("RUST_LOG").is_none() {
            command.env("RUST_LOG", "warn");
        }
        command.stdout(Stdio::null());
        command.spawn().map_err(|source| Error::Io { what: "starting the indexer", source })
    }
}

/// Of a line such as `7 blocks, ... in 1.25 s: ...`.
fn seconds(line: &str) -> Option<f64> {
    line.split(" in ").nth(1)?.split(" s").next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_time_is_read_from_what_the_program_says() {
        let said = "6001 blocks, 1 extrinsics, 2 events and 3 versions of entities in 2.875 s: 2087 blocks/s, 1 events/s";
        assert_eq!(super::seconds(said), Some(2.875));
        assert_eq!(super::seconds("nothing"), None);
    }
}
