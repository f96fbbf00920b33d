//! What can be set about the view of unfinalised blocks.

use serde::{Deserialize, Serialize};
use smartlink_service::config::{Check, Validate};

/// How the node's unfinalised blocks are shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LiveConfig {
    /// Blocks that are shown, at most: the highest. How many unfinalised ones are below them is said.
    pub shown: usize,
    /// Blocks that are decoded, at most: the highest. Those below are shown without contents.
    pub decoded: usize,
    /// Bytes of what was decoded, at most.
    pub bytes: usize,
    /// Milliseconds that connecting to the node may take.
    pub connect_ms: u64,
    /// Milliseconds that an answer of the node may take.
    pub answer_ms: u64,
    /// Milliseconds between two questions whether the node tells of all new blocks by itself.
    pub silence_ms: u64,
    /// Milliseconds between two attempts to reach the node, at most.
    pub retry_most_ms: u64,
}

impl Default for LiveConfig {
    fn default() -> Self {
        Self {
            shown: 256,
            decoded: 64,
            bytes: 32 << 20,
            connect_ms: 10_000,
            answer_ms: 10_000,
            silence_ms: 8_000,
            retry_most_ms: 5_000,
        }
    }
}

impl Validate for LiveConfig {
    fn validate(&self, check: &mut Check) {
        check.range("shown", self.shown, 1..=4_096);
        check.range("decoded", self.decoded, 1..=4_096);
        check.range("bytes", self.bytes, 65_536..=(1 << 30));
        check.range("connect_ms", self.connect_ms, 100..=600_000);
        check.range("answer_ms", self.answer_ms, 100..=600_000);
        check.range("silence_ms", self.silence_ms, 100..=600_000);
        check.range("retry_most_ms", self.retry_most_ms, 100..=600_000);
    }
}
