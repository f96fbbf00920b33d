//! What can stop a service.

use std::{io, path::PathBuf};

use smartlink_chain::{ChainError, SignerError, SubmitError};
use smartlink_devnet::DevnetError;
use smartlink_primitives::{snowflake::SnowflakeError, CompanyId};

use crate::{recompute::RecomputeError, trips::TripsError};

/// Why a service ended before its work was done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The nodes did not start, or did not go on.
    #[error(transparent)]
    Devnet(#[from] DevnetError),
    /// The chain did not answer.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// A transaction did not do what it should.
    #[error(transparent)]
    Submit(#[from] SubmitError),
    /// A secret gives no key.
    #[error(transparent)]
    Signer(#[from] SignerError),
    /// A file of trips is not one.
    #[error("{file}: {source}")]
    Trips {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        source: TripsError,
    },
    /// The city, or the load, ended without a result.
    #[error(transparent)]
    Simulator(#[from] smartlink_simulator::Error),
    /// A ride has no order id.
    #[error("an order id could not be given: {0}")]
    Order(#[from] SnowflakeError),
    /// The rides cannot be computed without the chain.
    #[error(transparent)]
    Recompute(#[from] RecomputeError),
    /// Something was asked for that cannot be.
    #[error("{0}")]
    Asked(String),
    /// The chain already holds settled rides.
    #[error(
        "{company} has settled {batches} batches on this chain already: give an empty --base-path"
    )]
    Used {
        /// The company.
        company: CompanyId,
        /// Its batches.
        batches: u64,
    },
    /// The chain and the recomputation differ.
    #[error("the chain and the recomputation differ: {0}")]
    Differs(String),
    /// An event that must be there is not.
    #[error("{expected} events of enrolment were expected, {found} came")]
    Enrolments {
        /// Drivers sent.
        expected: usize,
        /// Events that came back.
        found: usize,
    },
    /// A computation did not come to its end.
    #[error("a computation broke off, which is a fault of this program: {0}")]
    Thread(tokio::task::JoinError),
    /// The operating system refused something.
    #[error("{what}: {source}")]
    Io {
        /// What was tried.
        what: &'static str,
        /// Why it failed.
        source: io::Error,
    },
}

/// Names where chain and recomputation differ.
pub(crate) fn differs<T: std::fmt::Display>(what: &str, chain: T, own: T) -> Error {
    Error::Differs(format!("{what} is {chain} on the chain, {own} by recomputation"))
}
