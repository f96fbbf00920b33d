//! What can go wrong with processes of nodes.

use std::{io, path::PathBuf};

use smartlink_chain::ChainError;

/// A consortium did not start, or did not go on.
#[derive(Debug, thiserror::Error)]
pub enum DevnetError {
    /// There is no node binary.
    #[error("there is no node at {path}: build it with `cargo build -p smartlink-node`")]
    NoNode {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// More validators than there are development keys for.
    #[error("a consortium on one machine has 1 to {most} validators, not {asked}")]
    Validators {
        /// How many were asked for.
        asked: usize,
        /// How many there may be.
        most: usize,
    },
    /// A file or folder cannot be used.
    #[error("{path} cannot be {action}: {source}")]
    Path {
        /// The file or folder.
        path: PathBuf,
        /// What was to be done with it.
        action: &'static str,
        /// Why not.
        source: io::Error,
    },
    /// The process could not be started at all.
    #[error("{path} cannot be started: {source}")]
    Spawn {
        /// The binary.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The genesis could not be made.
    #[error("the genesis of the chain {chain} could not be made: {said}")]
    Genesis {
        /// The chain.
        chain: String,
        /// What the node's command said.
        said: String,
    },
    /// The node's keystore did not take a key.
    #[error("the keystore in {path} did not take the worker's key: {said}")]
    Key {
        /// The node's folder.
        path: PathBuf,
        /// What the node's command said.
        said: String,
    },
    /// There is no such node for a worker.
    #[error("node {place} is to have a worker, but there are {validators}: the first is 0")]
    NoPlace {
        /// The place that was asked for.
        place: usize,
        /// How many nodes there are.
        validators: usize,
    },
    /// Another program has the port.
    #[error("port {port} is occupied: end the program that listens on it, or choose another port")]
    PortOccupied {
        /// The port.
        port: u16,
    },
    /// Every port that was tried is taken.
    #[error("none of {tried} ports below {below} is free: end programs that listen on them")]
    NoPort {
        /// How many were tried.
        tried: u16,
        /// The ports that the system gives to outgoing connections begin here.
        below: u16,
    },
    /// The node ended because the disk is full.
    #[error("the disk that holds {path} is full: free some space, then start {node} again; nothing final is lost (log: {log})")]
    DiskFull {
        /// The node.
        node: String,
        /// Its folder.
        path: PathBuf,
        /// Its log.
        log: PathBuf,
    },
    /// The node ended by itself.
    #[error("{node} ended by itself ({status}). The end of its log, {log}:\n{tail}")]
    Exited {
        /// The node.
        node: String,
        /// Exit code or signal.
        status: String,
        /// Its log.
        log: PathBuf,
        /// Its last lines.
        tail: String,
    },
    /// Something else answers at the node's address.
    #[error("another node answers at {url}: end it, or choose another port")]
    Stranger {
        /// The address.
        url: String,
    },
    /// The node runs, but does not answer.
    #[error("{node} did not answer within {seconds} s. The end of its log, {log}:\n{tail}")]
    Slow {
        /// The node.
        node: String,
        /// How long it was given.
        seconds: u64,
        /// Its log.
        log: PathBuf,
        /// Its last lines.
        tail: String,
    },
    /// The node was stopped, so it cannot be asked.
    #[error("{node} does not run: restart it first")]
    Stopped {
        /// The node.
        node: String,
    },
    /// No node runs that could be asked.
    #[error("none of the nodes runs: restart one first")]
    NoneRuns,
    /// The chain could not be asked.
    #[error(transparent)]
    Chain(#[from] ChainError),
}
