//! What can be set. `smartlink-indexer config` prints all of it.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use smartlink_clickhouse::{Layout, StoreConfig};
use smartlink_service::{
    config::{Check, Validate},
    origins::is_origin,
};

use crate::{
    export::ExportsConfig,
    live::LiveConfig,
    proving::{EthereumConfig, ProofsConfig, Prover},
};

/// The indexer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IndexerConfig {
    /// The WebSocket of a node that keeps all blocks and states.
    pub node: String,
    /// ClickHouse. The database is the index's own.
    pub store: StoreConfig,
    /// The cluster in whose name the tables are made. Empty: a single server, as the embedded one is.
    pub cluster: String,
    /// How blocks are fetched.
    pub fetch: FetchConfig,
    /// How rows are stored.
    pub storing: StoringConfig,
    /// How proofs are made.
    pub proofs: ProofsConfig,
    /// The contract on Ethereum, which proofs are led to where one is configured.
    pub ethereum: EthereumConfig,
    /// GraphQL.
    pub api: ApiConfig,
    /// Exports over HTTP, beside GraphQL.
    pub exports: ExportsConfig,
    /// Blocks that are not final yet.
    pub live: LiveConfig,
    /// What operators look at.
    pub operations: OperationsConfig,
}

impl Default for IndexerConfig {
    fn default() -> Self {
        Self {
            node: "ws://127.0.0.1:9944".to_owned(),
            store: StoreConfig { database: "smartlink_index".to_owned(), ..StoreConfig::default() },
            cluster: String::new(),
            fetch: FetchConfig::default(),
            storing: StoringConfig::default(),
            proofs: ProofsConfig::default(),
            ethereum: EthereumConfig::default(),
            api: ApiConfig::default(),
            exports: ExportsConfig::default(),
            live: LiveConfig::default(),
            operations: OperationsConfig::default(),
        }
    }
}

impl IndexerConfig {
    /// What the tables lie on.
    pub fn layout(&self) -> Layout {
        match self.cluster.as_str() {
            "" => Layout::Single,
            name => Layout::Cluster(name.to_owned()),
        }
    }

    /// Makes proofs from the node. Nothing is asked yet.
    pub fn prover(&self) -> Prover {
        let connect_in = Duration::from_millis(self.fetch.connect_ms);
        Prover::new(&self.node, connect_in, &self.proofs, &self.ethereum)
    }
}

/// How blocks are fetched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FetchConfig {
    /// Blocks of a chunk, at most: what is stored together. Chunks end at multiples of it.
    pub chunk_blocks: u32,
    /// Events of a chunk, about: it ends with the block that has the last of them.
    pub chunk_events: u32,
    /// Bytes of a chunk, about.
    pub chunk_bytes: usize,
    /// Chunks that may wait between fetching, decoding and storing.
    pub chunks_ahead: usize,
    /// Milliseconds that connecting to the node may take.
    pub connect_ms: u64,
    /// Milliseconds without word of a new final block after which the node is asked.
    pub silence_ms: u64,
    /// Milliseconds between two attempts to reach the node, at most.
    pub retry_most_ms: u64,
}

impl Default for FetchConfig {
    fn default() -> Self {
        Self {
            chunk_blocks: 1_024,
            chunk_events: 100_000,
            // Of rides there is eight times as much in rows.
            chunk_bytes: 16 << 20,
            chunks_ahead: 2,
            connect_ms: 10_000,
            silence_ms: 8_000,
            retry_most_ms: 5_000,
        }
    }
}

/// How rows are stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StoringConfig {
    /// Inserts at a time.
    pub inserts: usize,
    /// Rows of entities that are kept in memory, so that ClickHouse need not be asked for them.
    pub kept_rows: usize,
    /// Milliseconds between two attempts at an insert, at most.
    pub retry_most_ms: u64,
    /// Whether an insert is acknowledged only when the disk has it, which survives a loss of power. It holds for tables when
    /// they are made.
    pub fsync: bool,
}

impl Default for StoringConfig {
    fn default() -> Self {
        Self { inserts: 8, kept_rows: 200_000, retry_most_ms: 5_000, fsync: true }
    }
}

/// What operators look at while the chain is followed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OperationsConfig {
    /// The address at which `follow` serves health and metrics over HTTP. Empty: it does not.
    pub listen: String,
    /// Blocks that the index may be behind the node and be ready.
    pub ready_blocks: u64,
    /// Seconds that it may be behind and be ready.
    pub ready_seconds: u64,
    /// Milliseconds that node and ClickHouse may take to answer when somebody looks.
    pub answer_ms: u64,
}

impl Default for OperationsConfig {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:9620".to_owned(),
            ready_blocks: 20,
            ready_seconds: 60,
            answer_ms: 2_000,
        }
    }
}

/// GraphQL, and what its users may ask for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ApiConfig {
    /// The address that `follow` and `serve` listen on. Empty: `follow` does not serve.
    pub listen: String,
    /// Origins of web pages that may ask, such as `https://portal.example.com`; `*` allows any. GraphiQL may, where it is
    /// reached by a number or as `localhost`.
    pub origins: Vec<String>,
    /// The folder with the copy of the index's rows from which points and lists are answered. One process has it at a time; it
    /// is made, and filled anew where it is removed.
    pub folder: String,
    /// Bytes of the copy that are kept in memory.
    pub cache_bytes: usize,
    /// Milliseconds between two looks at how far the index is.
    pub poll_ms: u64,
    /// Milliseconds that a request may take.
    pub query_ms: u64,
    /// Questions that ClickHouse is asked at a time.
    pub queries: usize,
    /// Threads that ClickHouse may take for a question.
    pub threads: u32,
    /// Questions that may wait. Beyond that, who asks is told to come again.
    pub waiting: usize,
    /// Answers that are kept until the next block, at most.
    pub answers: usize,
    /// Rows of these answers, at most about.
    pub answer_rows: usize,
    /// Rows of a list, at most.
    pub most_rows: u32,
    /// Values of an answer, at most.
    pub most_values: u64,
    /// Bytes of a request, at most.
    pub most_bytes: usize,
    /// Connections at a time, WebSockets included. One more is closed at once.
    pub connections: usize,
    /// WebSockets at a time.
    pub sockets: usize,
    /// The folder with the files of GraphiQL, the page on which questions are tried. Empty: the developer's cache, where
    /// `cargo xtask setup` puts them.
    pub graphiql: String,
}

impl Default for ApiConfig {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:9630".to_owned(),
            origins: Vec::new(),
            folder: "data/index".to_owned(),
            cache_bytes: 256 << 20,
            poll_ms: 100,
            query_ms: 10_000,
            queries: 4,
            threads: 2,
            waiting: 2_000,
            answers: 4_096,
            answer_rows: 200_000,
            most_rows: 1_000,
            most_values: 100_000,
            most_bytes: 128 << 10,
            connections: 2_000,
            sockets: 1_000,
            graphiql: String::new(),
        }
    }
}

impl Validate for IndexerConfig {
    fn validate(&self, check: &mut Check) {
        check.require(
            self.node.starts_with("ws://") || self.node.starts_with("wss://"),
            "node",
            "set it to ws:// and the address of a node",
        );
        check.within("store", &self.store);
        check.within("fetch", &self.fetch);
        check.within("storing", &self.storing);
        check.within("proofs", &self.proofs);
        check.within("ethereum", &self.ethereum);
        check.within("api", &self.api);
        check.within("exports", &self.exports);
        check.within("live", &self.live);
        check.within("operations", &self.operations);
    }
}

impl Validate for FetchConfig {
    fn validate(&self, check: &mut Check) {
        check.range("chunk_blocks", self.chunk_blocks, 1..=65_536);
        check.range("chunk_events", self.chunk_events, 1..=1_000_000);
        check.range("chunk_bytes", self.chunk_bytes, 65_536..=(512 << 20));
        check.range("chunks_ahead", self.chunks_ahead, 1..=64);
        check.range("connect_ms", self.connect_ms, 100..=600_000);
        check.range("silence_ms", self.silence_ms, 100..=600_000);
        check.range("retry_most_ms", self.retry_most_ms, 100..=600_000);
    }
}

impl Validate for StoringConfig {
    fn validate(&self, check: &mut Check) {
        check.range("inserts", self.inserts, 1..=64);
        check.range("kept_rows", self.kept_rows, 1..=100_000_000);
        check.range("retry_most_ms", self.retry_most_ms, 100..=600_000);
    }
}

impl Validate for OperationsConfig {
    fn validate(&self, check: &mut Check) {
        check.require(
            self.listen.is_empty() || self.listen.parse::<std::net::SocketAddr>().is_ok(),
            "listen",
            "set it to an address and a port, such as 127.0.0.1:9620, or leave it empty",
        );
        check.range("ready_blocks", self.ready_blocks, 1..=1_000_000);
        check.range("ready_seconds", self.ready_seconds, 1..=86_400);
        check.range("answer_ms", self.answer_ms, 10..=60_000);
    }
}

impl Validate for ApiConfig {
    fn validate(&self, check: &mut Check) {
        check.require(
            self.listen.is_empty() || self.listen.parse::<std::net::SocketAddr>().is_ok(),
            "listen",
            "set it to an address and a port, such as 127.0.0.1:9630, or leave it empty",
        );
        check.require(
            self.origins.iter().all(|origin| is_origin(origin)),
            "origins",
            "write each as https://host or https://host:port, with nothing behind it, or * for all",
        );
        check.require(!self.folder.is_empty(), "folder", "set it to a folder");
        check.range("cache_bytes", self.cache_bytes, (1 << 20)..=(1 << 40));
        check.range("poll_ms", self.poll_ms, 10..=60_000);
        check.range("query_ms", self.query_ms, 100..=600_000);
        check.range("queries", self.queries, 1..=1_024);
        check.range("threads", self.threads, 1..=256);
        check.range("waiting", self.waiting, 1..=1_000_000);
        check.range("answers", self.answers, 1..=1_000_000);
        check.range("answer_rows", self.answer_rows, 1_000..=100_000_000);
        check.range("most_rows", self.most_rows, 1..=10_000);
        check.range("most_values", self.most_values, 100..=100_000_000);
        check.range("most_bytes", self.most_bytes, 1_024..=(16 << 20));
        check.range("connections", self.connections, 1..=100_000);
        check.range("sockets", self.sockets, 1..=100_000);
    }
}
