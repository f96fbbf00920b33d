//! Files that a link leads to.

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;

use super::{Export, Medium};
use crate::{
    methods::{EXPORT, MEDIUM},
    refusal::Refusal,
};

/// A link to a file.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Link {
    /// Where it is, at this host and port.
    pub path: String,
    /// The name that the file will have.
    pub file_name: String,
    /// Until when a download can be begun, in milliseconds of the Unix epoch.
    pub expires_at_ms: u64,
}

/// A file that is asked for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Wanted {
    /// What vehicles did.
    Telemetry(Export),
    /// What a terminal uploaded.
    Medium(Medium),
}

impl Wanted {
    /// The method that gives links to it, whose row says who may have it.
    pub fn method(&self) -> &'static str {
        match self {
            Self::Telemetry(_) => EXPORT,
            Self::Medium(_) => MEDIUM,
        }
    }

    /// Whether it can be asked for.
    pub fn check(&self) -> Result<(), Refusal> {
        match self {
            Self::Telemetry(export) => export.request().map(drop),
            Self::Medium(_) => Ok(()),
        }
    }

    /// A name for the file: letters, digits and a few signs.
    pub fn file_name(&self) -> String {
        match self {
            Self::Telemetry(export) => export.file_name(),
            Self::Medium(medium) => medium.file_name(),
        }
    }

    /// What HTTP calls it.
    pub fn content_type(&self) -> &'static str {
        match self {
            Self::Telemetry(export) => export.format.content_type(),
            Self::Medium(medium) => medium.content_type(),
        }
    }
}

/// As the audit log has it.
impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Telemetry(export) => export.fmt(f),
            Self::Medium(medium) => {
                write!(f, "medium {} of terminal {}", medium.id.0, medium.terminal.0)
            }
        }
    }
}
