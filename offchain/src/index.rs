//! An index of the chain beside the consortium, as an auditor would run one: a ClickHouse of its own, and the indexer that
//! follows a node and answers GraphQL.

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use smartlink_devnet::free_port;

use crate::{program::Process, staff::PLATFORMS, Error};

/// How long ClickHouse may take until it answers.
const CLICKHOUSE: Duration = Duration::from_secs(60);
/// How long the indexer may take until it answers: it makes its tables first.
const INDEXER: Duration = Duration::from_secs(120);

/// What an index is made of.
#[derive(Clone, Debug)]
pub struct Setup<'a> {
    /// The binary `smartlink-indexer`.
    pub indexer: &'a Path,
    /// The services' binary, which has ClickHouse in it.
    pub offchain: &'a Path,
    /// The WebSocket of the node that it follows.
    pub node: &'a str,
    /// A node of Ethereum and the contract there, for proofs that end with it.
    pub ethereum: Option<(&'a str, &'a str)>,
    /// Origins of pages that may ask.
    pub origins: Vec<String>,
    /// Where everything is kept.
    pub folder: &'a Path,
}

/// An index that follows the chain. It ends when this is dropped.
#[derive(Debug)]
pub struct Index {
    address: String,
    clickhouse: String,
    // In the order in which they end.
    indexer: Process,
    _clickhouse: Process,
}

impl Index {
    /// Starts it, and waits until it answers. It may not have come to the last block yet.
    ///
    /// # Errors
    /// A program does not start, or does not listen in time.
    pub async fn start(setup: &Setup<'_>) -> Result<Self, Error> {
        fs::create_dir_all(setup.folder)
            .map_err(|source| Error::Io { what: "making the index's folder", source })?;
        let (store, port) = (free_port()?, free_port()?);
        let mut clickhouse = Process::start(setup.clickhouse(store), setup.folder, "clickhouse")?;
        clickhouse.listens(store, CLICKHOUSE).await?;
        let command = setup.follow(store, port, free_port()?)?;
        let mut indexer = Process::start(command, setup.folder, "indexer")?;
        indexer.listens(port, INDEXER).await?;
        Ok(Self {
            address: format!("127.0.0.1:{port}"),
            clickhouse: format!("http://127.0.0.1:{store}"),
            indexer,
            _clickhouse: clickhouse,
        })
    }

    /// Where GraphQL is asked.
    pub fn url(&self) -> String {
        format!("http://{}/graphql", self.address)
    }

    /// Where everything is reached.
    pub fn addresses(&self) -> String {
        let Self { address, clickhouse, indexer, .. } = self;
        let log = indexer.log.display();
        format!(
            "  {:<18} http://{address}/graphql  GraphiQL http://{address}/  clickhouse {clickhouse}  log {log}",
            "index"
        )
    }
}

impl Setup<'_> {
    fn clickhouse(&self, port: u16) -> Command {
        let mut command = Command::new(self.offchain);
        command.args(["serve", "--roles", "clickhouse"]);
        set(&mut command, "data", &self.folder.join("data").display().to_string());
        set(&mut command, "clickhouse.listen", &format!("127.0.0.1:{port}"));
        command
    }

    fn follow(&self, store: u16, port: u16, operations: u16) -> Result<Command, Error> {
        let mut command = Command::new(self.indexer);
        command.arg("follow");
        let folder = |name: &str| self.folder.join(name).display().to_string();
        for (key, value) in [
            ("node", self.node.to_owned()),
            ("store.url", format!("http://127.0.0.1:{store}")),
            ("api.listen", format!("127.0.0.1:{port}")),
            ("api.folder", folder("copy")),
            ("exports.folder", folder("exports")),
            ("exports.key", self.key()?.display().to_string()),
            ("operations.listen", format!("127.0.0.1:{operations}")),
        ] {
            set(&mut command, key, &value);
        }
        command.args(["--set", &format!("api.origins={:?}", self.origins)]);
        if let Some((url, contract)) = self.ethereum {
            set(&mut command, "ethereum.contract", contract);
            command.env("SMARTLINK_ETHEREUM__URL", url);
        }
        Ok(command)
    }

    /// The key that signs exports: that of the first company, which everybody knows, as all keys of a development consortium.
    fn key(&self) -> Result<PathBuf, Error> {
        let failed = |source| Error::Io { what: "writing the key that signs exports", source };
        let path = self.folder.join("exports.key");
        fs::write(&path, PLATFORMS[0].admin).map_err(failed)?;
        fs::set_permissions(&path, Permissions::from_mode(0o600)).map_err(failed)?;
        Ok(path)
    }
}

fn set(command: &mut Command, key: &str, value: &str) {
    command.args(["--set", &format!("{key}={value:?}")]);
}
