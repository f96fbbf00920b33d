//! What to start.

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use smartlink_primitives::CompanyId;

use crate::Clock;

/// A node's workers: they carry a company's closed ride batches, and roots of what its vehicles reported, to the chain.
#[derive(Clone, Debug)]
pub struct Worker {
    /// For whom.
    pub company: CompanyId,
    /// The secret of its key, such as `//Alice//worker`. The key's account needs the SETTLEMENT role, and TELEMETRY for
    /// roots.
    pub suri: String,
    /// Where the company's orders service answers, such as `http://127.0.0.1:9100`.
    pub url: String,
    /// Where its telemetry service answers, such as `http://127.0.0.1:9101`. `None`: roots are not carried.
    pub telemetry_url: Option<String>,
}

/// How to start a consortium.
#[derive(Clone, Debug)]
pub struct Options {
    pub(crate) node: PathBuf,
    pub(crate) validators: usize,
    pub(crate) base_path: Option<PathBuf>,
    pub(crate) rpc_ports: Vec<u16>,
    pub(crate) extra_args: Vec<String>,
    pub(crate) workers: BTreeMap<usize, Worker>,
    pub(crate) patience: Duration,
    pub(crate) clock: Option<Clock>,
}

impl Options {
    /// Four validators from this binary, in a folder that is deleted afterwards, on free ports.
    pub fn new(node: impl Into<PathBuf>) -> Self {
        Self {
            node: node.into(),
            validators: 4,
            base_path: None,
            rpc_ports: Vec::new(),
            extra_args: Vec::new(),
            workers: BTreeMap::new(),
            patience: Duration::from_secs(90),
            clock: None,
        }
    }

    /// So many validators: one runs the chain `dev`, more run the chain `local`.
    pub fn validators(mut self, validators: usize) -> Self {
        self.validators = validators;
        self
    }

    /// Keeps chain data and logs in this folder, a subfolder for each node.
    pub fn base_path(mut self, path: impl Into<PathBuf>) -> Self {
        self.base_path = Some(path.into());
        self
    }

    /// Ports for JSON-RPC of the first nodes. Nodes without one get a free port.
    pub fn rpc_ports(mut self, ports: impl Into<Vec<u16>>) -> Self {
        self.rpc_ports = ports.into();
        self
    }

    /// Further arguments for every node. An option that the devnet gives as well, such as
    /// `--rpc-methods`, replaces the devnet's own: write name and value apart.
    pub fn extra_args<S: Into<String>>(mut self, args: impl IntoIterator<Item = S>) -> Self {
        self.extra_args = args.into_iter().map(Into::into).collect();
        self
    }

    /// Gives a node, from 0, a settlement worker with its key.
    pub fn worker(mut self, place: usize, worker: Worker) -> Self {
        self.workers.insert(place, worker);
        self
    }

    /// Gives all nodes another clock than the machine's.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = Some(clock);
        self
    }

    /// How long a node may take until it answers.
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }
}
