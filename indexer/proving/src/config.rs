//! What can be set about proofs.

use serde::{Deserialize, Serialize};
use smartlink_service::config::{Check, Validate};

/// How proofs are made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ProofsConfig {
    /// Proofs that are made at a time. A node makes two long answers at a time, and refuses more.
    pub at_a_time: usize,
    /// Proofs that may wait for that. More are refused.
    pub waiting: usize,
    /// Milliseconds that a proof may take, waiting included.
    pub patience_ms: u64,
}

impl Default for ProofsConfig {
    fn default() -> Self {
        Self { at_a_time: 2, waiting: 62, patience_ms: 30_000 }
    }
}

impl Validate for ProofsConfig {
    fn validate(&self, check: &mut Check) {
        check.range("at_a_time", self.at_a_time, 1..=64);
        check.range("waiting", self.waiting, 0..=10_000);
        check.range("patience_ms", self.patience_ms, 100..=600_000);
    }
}
