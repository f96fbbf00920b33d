//! A command and what became of it.

use super::Command;
use serde::{Deserialize, Serialize};
use smartlink_records::TerminalId;
use std::fmt;

/// The most bytes of an answer's text that are kept.
const MAX_TEXT: usize = 64 << 10;

/// A command's number. Later ones are larger.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct CommandId(pub u64);

impl fmt::Display for CommandId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "command {}", self.0)
    }
}

/// A command that was taken on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issued {
    /// Its number.
    pub id: CommandId,
    /// To whom.
    pub terminal: TerminalId,
    /// The caller's key.
    pub key: String,
    /// What to do.
    pub command: Command,
    /// When it was taken on.
    pub issued_ms: u64,
    /// When it is over without an answer.
    pub expires_ms: u64,
    /// How often it was given to a connection.
    pub attempts: u32,
    /// Where it is.
    #[serde(flatten)]
    pub state: CommandState,
}

/// Where a command is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum CommandState {
    /// It waits for the terminal.
    Queued,
    /// A connection has it.
    Sent {
        /// Since when.
        at_ms: u64,
    },
    /// The terminal answered.
    Answered {
        /// When.
        at_ms: u64,
        /// What.
        answer: Answer,
    },
    /// Its time was over.
    Expired {
        /// When that was seen.
        at_ms: u64,
    },
    /// It cannot be done.
    Failed {
        /// Since when.
        at_ms: u64,
        /// Why.
        why: String,
    },
}

impl CommandState {
    /// Whether nothing comes after it.
    pub const fn is_over(&self) -> bool {
        !matches!(self, Self::Queued | Self::Sent { .. })
    }
}

/// What a terminal answered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// Whether it did it.
    pub done: bool,
    /// The protocol's own result, where it has one (JT/T 808: 0 done, 1 failed, 2 message wrong, 3 not supported).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<u32>,
    /// What it said: the content of a JSON document, by the kind of command.
    #[serde(default, skip_serializing_if = "serde_json::Value::is_null")]
    pub content: serde_json::Value,
}

impl Answer {
    /// Without a content that is too large to keep.
    pub(super) fn cut(mut self) -> Self {
        if self.content.to_string().len() > MAX_TEXT {
            self.content = serde_json::json!({ "dropped": "the answer has more than 64 KiB" });
        }
        self
    }
}

/// What became of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The terminal answered.
    Answered(Answer),
    /// It cannot be sent, for a reason.
    Failed(String),
}
