//! Why the city, or a measurement, ended without a result.

use crate::report::Report;

/// What can stop a simulation or a measurement.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The plan cannot be carried out.
    #[error("{what}: {remedy}")]
    Plan {
        /// What is wrong with it.
        what: String,
        /// What to give instead.
        remedy: &'static str,
    },
    /// The URL is none that can be reached.
    #[error("{url} is no address of the API: give one like http://127.0.0.1:8000")]
    Address {
        /// What was given.
        url: String,
    },
    /// A secret gives no key.
    #[error("the secret of {whose} gives no key: give a phrase, a seed of 0x and 64 digits, or a path like //Alice")]
    Secret {
        /// Whose secret. The secret itself is never shown.
        whose: String,
    },
    /// Somebody could not log in, or not get ready.
    #[error("{who} could not begin: {reason}")]
    Begin {
        /// Who.
        who: String,
        /// What the API answered.
        reason: String,
    },
    /// The API said no to somebody.
    #[error("{who} was refused {what}: {reason}")]
    Refused {
        /// Who.
        who: String,
        /// What she asked for.
        what: &'static str,
        /// What the API answered.
        reason: String,
    },
    /// The city saw what must never be seen.
    #[error("{} of the API's promises did not hold, the first: {}", .0.violations, .0.first_violation())]
    Broken(Box<Report>),
    /// A task of the city ended by a panic.
    #[error("a task of the simulator failed: {0}")]
    Task(#[from] tokio::task::JoinError),
    /// A connection of the load generator could not be made.
    #[error("connection {place} to the API failed: {reason}")]
    Connection {
        /// Which connection.
        place: usize,
        /// What happened.
        reason: String,
    },
    /// A thread could not be started.
    #[error("a thread of the load generator could not be started: {0}")]
    Thread(#[from] std::io::Error),
}
