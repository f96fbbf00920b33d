//! What can be set about exports over HTTP.

use serde::{Deserialize, Serialize};
use smartlink_service::config::{Check, Validate};

/// Exports that whoever may reach `api.listen` has made, and fetches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ExportsConfig {
    /// The file of the key that signs them: a seed phrase or a hex seed of sr25519 that nobody else may read. Empty: none is
    /// made, unless they are `unsigned`.
    pub key: String,
    /// Whether they are made without a key, and signed by nobody.
    pub unsigned: bool,
    /// The folder in which they lie until they are fetched. One process at a time has it; what an earlier one left there is
    /// deleted.
    pub folder: String,
    /// Exports that are made at a time. Each is one question to ClickHouse beside those of `api.queries`.
    pub at_a_time: usize,
    /// Threads that ClickHouse may take for each.
    pub threads: u32,
    /// Exports that may wait until others are made.
    pub waiting: usize,
    /// Seconds that making one may take.
    pub longest_s: u32,
    /// Exports that are there at a time, those that wait included.
    pub most: usize,
    /// Bytes of all of them.
    pub most_bytes: u64,
    /// Bytes of the folder's disk that stay free: none is made where less are.
    pub reserve_bytes: u64,
    /// Seconds that one is kept after it was made, or fetched for the last time; however often it is fetched, 24 times as long
    /// at most.
    pub keep_s: u64,
    /// Downloads at a time.
    pub downloads: usize,
    /// Milliseconds that a client may take nothing of a download, and that it may take for each MiB of it on the whole. A
    /// connection to `api.listen` breaks that takes nothing for so long.
    pub stall_ms: u64,
}

impl Default for ExportsConfig {
    fn default() -> Self {
        Self {
            key: String::new(),
            unsigned: false,
            folder: "data/exports".to_owned(),
            at_a_time: 1,
            threads: 1,
            waiting: 16,
            longest_s: 3_600,
            most: 100,
            most_bytes: 20 << 30,
            reserve_bytes: 1 << 30,
            keep_s: 3_600,
            downloads: 32,
            stall_ms: 60_000,
        }
    }
}

impl ExportsConfig {
    /// Whether any are made.
    pub fn is_offered(&self) -> bool {
        self.unsigned || !self.key.is_empty()
    }
}

impl Validate for ExportsConfig {
    fn validate(&self, check: &mut Check) {
        check.require(
            self.key.is_empty() || !self.unsigned,
            "unsigned",
            "set it to false, or leave `key` empty: an export is signed, or it is not",
        );
        check.require(!self.folder.is_empty(), "folder", "set it to a folder");
        check.range("at_a_time", self.at_a_time, 1..=64);
        check.range("threads", self.threads, 1..=256);
        check.range("waiting", self.waiting, 0..=10_000);
        check.range("longest_s", self.longest_s, 1..=86_400);
        check.range("most", self.most, 1..=100_000);
        check.range("most_bytes", self.most_bytes, 1 << 10..=1 << 50);
        check.range("reserve_bytes", self.reserve_bytes, 0..=1 << 50);
        check.range("keep_s", self.keep_s, 1..=31_536_000);
        check.range("downloads", self.downloads, 1..=100_000);
        check.range("stall_ms", self.stall_ms, 100..=3_600_000);
    }
}
