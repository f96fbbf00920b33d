//! Why telemetry stops, and why it does not answer.

use crate::{
    analysis::{rules::RuleError, SnapshotError},
    journal::JournalError,
    rows::RowError,
};
use smartlink_clickhouse::StoreError;
use smartlink_devices::LogError;
use smartlink_service::config::Invalid;

/// Why telemetry does not start, or stops by itself. After any of these the process has to end; a restart goes on where
/// the journal says.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// A setting that cannot be.
    #[error("telemetry.{} cannot be so: {}", .0.key, .0.remedy)]
    Config(Invalid),
    /// The journal.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The log.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The log ends before what was taken from it.
    #[error("the log of records ends before record {end}, but telemetry has had records up to {next}: it is another log, or an older copy; give telemetry the log that it had, or begin both anew")]
    LogIsOlder {
        /// Where the log ends.
        end: u64,
        /// Up to where it was read.
        next: u64,
    },
    /// The log begins after what is still needed.
    #[error("the log of records begins with record {first}, but telemetry needs it from {needed} on: somebody truncated it, or it is another log; give telemetry the log that it had, or begin both anew")]
    LogIsShorter {
        /// Where the log begins.
        first: u64,
        /// From where it is needed.
        needed: u64,
    },
    /// The snapshot of the analysis.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
    /// The rules that are kept.
    #[error("the rules that the journal of telemetry keeps are not valid any more: {0}; use the program that wrote them")]
    Rules(RuleError),
    /// A thread or task ended as none does.
    #[error("{doing} broke off ({source}): this is a fault of the program, whose log says where")]
    BrokeOff {
        /// What.
        doing: &'static str,
        /// How.
        source: tokio::task::JoinError,
    },
    /// A thread panicked.
    #[error(
        "the thread of the analysis panicked: this is a fault of the program, whose log says where"
    )]
    Panicked,
    /// The system gives no thread.
    #[error("telemetry cannot start its thread: {0}")]
    Thread(#[from] std::io::Error),
}

impl TelemetryError {
    pub(crate) fn broke_off(doing: &'static str) -> impl FnOnce(tokio::task::JoinError) -> Self {
        move |source| Self::BrokeOff { doing, source }
    }
}

/// Why a question is not answered.
#[derive(Debug, thiserror::Error)]
pub enum QueryError {
    /// It cannot be asked so.
    #[error("{0}")]
    Asked(String),
    /// ClickHouse refused, did not answer, or not in time.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The answer broke off, or the question could not be put.
    #[error("ClickHouse did not answer: {0}; try again when it is there")]
    Broken(#[from] clickhouse::error::Error),
    /// ClickHouse let one wait for the next piece.
    #[error("ClickHouse gave nothing more for {milliseconds} ms: ask for less at once, or set telemetry.settings.queries.piece_ms to more")]
    Late {
        /// How long it had.
        milliseconds: u64,
    },
    /// A finding cannot be read.
    #[error("{what} in ClickHouse cannot be read ({source}): use the newer program")]
    Unreadable {
        /// What.
        what: &'static str,
        /// What the decoder says.
        source: serde_json::Error,
    },
    /// What ClickHouse has is no record.
    #[error(transparent)]
    Row(#[from] RowError),
    /// The journal.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// Telemetry has stopped.
    #[error("telemetry has stopped: try again when it runs")]
    Stopped,
}
