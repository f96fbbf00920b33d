//! Several nodes that make one chain.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use smartlink_chain::{Chain, ChainError};
use tempfile::TempDir;

use crate::{
    genesis, keystore,
    network::{self, VALIDATORS},
    DevnetError, Guest, Node, Options,
};

/// How often the chain is asked for its height.
const LOOK: Duration = Duration::from_millis(200);
/// How often a restarted node's ports are tried, and the pause in between: a connection that its death
/// left half open may hold one for a moment.
const RESTARTS: u32 = 6;
const RESTART_PAUSE: Duration = Duration::from_secs(1);
/// The chain of several validators.
const LOCAL: &str = "local";
/// The largest request and answer of JSON-RPC, in MiB.
const RPC_MIB: &str = "64";

/// Real validators on this machine. Ends with all of them when dropped.
#[derive(Debug)]
pub struct Consortium {
    nodes: Vec<Node>,
    patience: Duration,
    base_path: PathBuf,
    /// Deleted when dropped, after the nodes.
    scratch: Option<TempDir>,
}

impl Consortium {
    /// Starts the validators, and waits until each answers.
    ///
    /// # Errors
    /// A node did not start: says why, and what to do.
    pub async fn start(options: Options) -> Result<Self, DevnetError> {
        if !options.node.is_file() {
            return Err(DevnetError::NoNode { path: options.node });
        }
        if !(1..=VALIDATORS.len()).contains(&options.validators) {
            return Err(DevnetError::Validators {
                asked: options.validators,
                most: VALIDATORS.len(),
            });
        }
        let validators = options.validators;
        if let Some(place) = options.workers.keys().copied().find(|place| *place >= validators) {
            return Err(DevnetError::NoPlace { place, validators });
        }
        let (base_path, scratch) = folder(options.base_path.as_deref())?;
        let ports = choose_ports(&options)?;
        let specification = genesis::specification(&options.node, chain(&options), &base_path)?;
        let mut nodes = Vec::new();
        for place in 0..options.validators {
            nodes.push(prepare(place, &options, &specification, &base_path, &ports)?);
        }
        let patience = options.patience;
        let mut consortium = Self { nodes, patience, base_path, scratch };
        if let Err(error) = consortium.start_all().await {
            consortium.keep_folder();
            return Err(error);
        }
        Ok(consortium)
    }

    async fn start_all(&mut self) -> Result<(), DevnetError> {
        for node in &mut self.nodes {
            node.launch()?;
        }
        for node in &mut self.nodes {
            node.connect(self.patience).await?;
        }
        Ok(())
    }

    /// Starts a machine besides the validators, and waits until it answers. It ends when it is dropped.
    ///
    /// # Errors
    /// It did not start: says why.
    pub async fn host(&self, guest: Guest) -> Result<Node, DevnetError> {
        let specification = self.specification();
        let ports = self.nodes.iter().map(|node| node.p2p_port);
        let mut node = guest.node(&self.nodes[0].binary, &specification, &self.base_path, ports)?;
        node.launch()?;
        node.connect(self.patience).await?;
        Ok(node)
    }

    /// The specification of the chain of several validators: what a company that joins is given.
    pub fn specification(&self) -> PathBuf {
        self.base_path.join(format!("{LOCAL}.json"))
    }

    /// Does not delete the folder in the end, so that the logs can be read.
    pub fn keep_folder(&mut self) {
        if let Some(scratch) = &mut self.scratch {
            scratch.disable_cleanup(true);
        }
    }

    /// The number of nodes, running or not.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is no node. Never true.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The folder of all nodes.
    pub fn base_path(&self) -> &Path {
        &self.base_path
    }

    /// A node, from 0. Panics when there are not that many.
    pub fn node(&self, place: usize) -> &Node {
        &self.nodes[place]
    }

    /// A node to change. Panics when there are not that many.
    pub fn node_mut(&mut self, place: usize) -> &mut Node {
        &mut self.nodes[place]
    }

    /// A connection to a node, from 0. Panics when there are not that many.
    ///
    /// # Errors
    /// The node was stopped.
    pub fn chain(&self, place: usize) -> Result<Chain, DevnetError> {
        self.nodes[place].chain()
    }

    /// Kills a node with SIGKILL, as a power cut would.
    pub fn kill_9(&mut self, place: usize) {
        self.nodes[place].kill();
    }

    /// Starts a stopped node again with the folder, keys and ports that it had.
    ///
    /// # Errors
    /// It did not start, or its ports stayed occupied: says why.
    pub async fn restart(&mut self, place: usize) -> Result<(), DevnetError> {
        for _ in 1..RESTARTS {
            match self.start_again(place).await {
                Err(DevnetError::PortOccupied { port }) => {
                    tracing::info!(port, "occupied, trying again");
                    tokio::time::sleep(RESTART_PAUSE).await;
                }
                done => return done,
            }
        }
        self.start_again(place).await
    }

    async fn start_again(&mut self, place: usize) -> Result<(), DevnetError> {
        self.launch(place)?;
        self.connect(place).await
    }

    /// Starts a stopped node's process without waiting until it answers.
    ///
    /// # Errors
    /// It cannot be started.
    pub fn launch(&mut self, place: usize) -> Result<(), DevnetError> {
        self.nodes[place].launch()
    }

    /// Waits until a launched node answers.
    ///
    /// # Errors
    /// It ended, or does not answer: says why.
    pub async fn connect(&mut self, place: usize) -> Result<(), DevnetError> {
        self.nodes[place].connect(self.patience).await
    }

    /// Waits until every running node has finalised the block of this height. Gives the least height.
    ///
    /// # Errors
    /// No node runs, one ended, or the height was not reached within `patience`.
    pub async fn wait_finalized(
        &mut self,
        height: u64,
        patience: Duration,
    ) -> Result<u64, DevnetError> {
        let mut lowest = None;
        let reach = async {
            loop {
                let now = self.lowest_finalized().await?;
                lowest = Some(now);
                if now >= height {
                    return Ok(now);
                }
                tokio::time::sleep(LOOK).await;
            }
        };
        if let Ok(reached) = tokio::time::timeout(patience, reach).await {
            return reached;
        }
        let all = match lowest {
            Some(block) => format!("all nodes have block {block}"),
            None => "a node did not even answer".to_owned(),
        };
        let what = format!("finality of block {height} ({all})");
        Err(ChainError::TimedOut { what, seconds: patience.as_secs() }.into())
    }

    /// The height that all running nodes have finalised.
    async fn lowest_finalized(&mut self) -> Result<u64, DevnetError> {
        let mut lowest = None;
        for node in self.nodes.iter_mut().filter(|node| node.child.is_some()) {
            node.check_alive()?;
            let height = node.chain()?.finalized_number().await?;
            lowest = Some(lowest.map_or(height, |lowest: u64| lowest.min(height)));
        }
        lowest.ok_or(DevnetError::NoneRuns)
    }

    /// Asks all nodes to end, and waits for them.
    pub async fn stop(mut self) {
        futures::future::join_all(self.nodes.iter_mut().map(Node::stop)).await;
    }
}

fn folder(given: Option<&Path>) -> Result<(PathBuf, Option<TempDir>), DevnetError> {
    match given {
        Some(path) => {
            let failed =
                |source| DevnetError::Path { path: path.to_owned(), action: "created", source };
            fs::create_dir_all(path).map_err(failed)?;
            Ok((path.to_owned(), None))
        }
        None => {
            let failed = |source| DevnetError::Path {
                path: std::env::temp_dir(),
                action: "written to",
                source,
            };
            let scratch =
                tempfile::Builder::new().prefix("smartlink-").tempdir().map_err(failed)?;
            Ok((scratch.path().to_owned(), Some(scratch)))
        }
    }
}

/// Ports of the nodes in their order: JSON-RPC and peers.
fn choose_ports(options: &Options) -> Result<Vec<(u16, u16)>, DevnetError> {
    let choose = |place: usize| -> Result<(u16, u16), DevnetError> {
        let rpc = match options.rpc_ports.get(place) {
            Some(port) => *port,
            None => network::free_port()?,
        };
        network::check_free(rpc)?;
        Ok((rpc, network::free_port()?))
    };
    (0..options.validators).map(choose).collect()
}

fn prepare(
    place: usize,
    options: &Options,
    specification: &Path,
    base: &Path,
    ports: &[(u16, u16)],
) -> Result<Node, DevnetError> {
    let validator = VALIDATORS[place];
    let base_path = base.join(validator.name);
    let failed = |source| DevnetError::Path { path: base_path.clone(), action: "created", source };
    fs::create_dir_all(&base_path).map_err(failed)?;
    if let Some(worker) = options.workers.get(&place) {
        let chain = chain(options);
        keystore::insert_worker_key(&options.node, &base_path, chain, &worker.suri)?;
    }
    let environment = match options.clock {
        Some(clock) => clock.environment(&base_path)?,
        None => Vec::new(),
    };
    let (rpc_port, p2p_port) = ports[place];
    Ok(Node {
        name: validator.name.to_owned(),
        peer_id: Some(validator.peer_id),
        binary: options.node.clone(),
        log: base_path.join("node.log"),
        log_before: 0,
        args: arguments(place, options, specification, &base_path, ports),
        environment,
        base_path,
        rpc_port,
        p2p_port,
        child: None,
        chain: None,
    })
}

/// The chain that the nodes run.
fn chain(options: &Options) -> &'static str {
    if options.validators == 1 {
        "dev"
    } else {
        LOCAL
    }
}

fn arguments(
    place: usize,
    options: &Options,
    specification: &Path,
    base_path: &Path,
    ports: &[(u16, u16)],
) -> Vec<String> {
    let (rpc_port, p2p_port) = ports[place];
    let mut args: Vec<String> = Vec::new();
    // What the caller gives counts: an option may not be given twice.
    let theirs = |option: &str| options.extra_args.iter().any(|arg| arg == option);
    let mut add = |parts: &[&str]| {
        if !theirs(parts[0]) {
            args.extend(parts.iter().map(|part| (*part).to_owned()));
        }
    };
    if options.validators == 1 {
        add(&["--dev"]);
    } else {
        add(&[&format!("--{}", VALIDATORS[place].name)]);
    }
    add(&["--chain", &specification.to_string_lossy()]);
    add(&["--base-path", &base_path.to_string_lossy()]);
    add(&["--node-key", &network::node_key(place)]);
    add(&["--listen-addr", &format!("/ip4/127.0.0.1/tcp/{p2p_port}")]);
    add(&["--rpc-port", &rpc_port.to_string()]);
    for [option, value] in [
        ["--rpc-methods", "unsafe"],
        ["--rpc-cors", "all"],
        ["--rpc-max-request-size", RPC_MIB],
        ["--rpc-max-response-size", RPC_MIB],
        ["--state-pruning", "archive"],
        ["--blocks-pruning", "archive"],
    ] {
        add(&[option, value]);
    }
    for option in network::ALONE {
        add(&[option]);
    }
    if let Some(worker) = options.workers.get(&place) {
        add(&["--worker-company", &worker.company.0.to_string()]);
        add(&["--worker-url", &worker.url]);
        if let Some(url) = &worker.telemetry_url {
            add(&["--worker-telemetry-url", url]);
        }
    }
    for (other, (_, port)) in ports.iter().enumerate().filter(|(other, _)| *other != place) {
        add(&["--bootnodes", &network::address(other, *port)]);
    }
    args.extend(options.extra_args.iter().cloned());
    args
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_missing_node_says_how_to_build_it() {
        let error = Consortium::start(Options::new("/nowhere/smartlink-node")).await.unwrap_err();
        assert!(error.to_string().contains("cargo build -p smartlink-node"), "{error}");
    }

    #[tokio::test]
    async fn a_worker_of_a_node_that_is_not_there_is_refused() {
        let worker = crate::Worker {
            company: 1.into(),
            suri: "//Alice//worker".into(),
            url: "http://127.0.0.1:9100".into(),
            telemetry_url: Some("http://127.0.0.1:9101".into()),
        };
        let options = Options::new("/bin/true").validators(2).worker(2, worker);
        let error = Consortium::start(options).await.unwrap_err();
        assert!(matches!(error, DevnetError::NoPlace { place: 2, validators: 2 }), "{error}");
    }

    #[test]
    fn a_worker_is_assigned_to_its_node_alone() {
        let worker = crate::Worker {
            company: 7.into(),
            suri: "//Alice//worker".into(),
            url: "http://127.0.0.1:9100".into(),
            telemetry_url: Some("http://127.0.0.1:9101".into()),
        };
        let options = Options::new("node").worker(1, worker);
        let ports = [(1, 11), (2, 12), (3, 13), (4, 14)];
        let specification = Path::new("/base/local.json");
        let of = |place| arguments(place, &options, specification, Path::new("/base"), &ports);
        let company = of(1).iter().position(|arg| arg == "--worker-company").unwrap();
        assert_eq!(of(1)[company + 1], "7");
        // The secret goes into the keystore, never onto the command line of a running node.
        assert!(!of(1).iter().any(|arg| arg.contains("//Alice")));
        assert!(!of(0).iter().any(|arg| arg.starts_with("--worker")));
    }

    #[test]
    fn every_validator_knows_all_others() {
        let options = Options::new("node");
        let ports = [(1, 11), (2, 12), (3, 13), (4, 14)];
        let specification = Path::new("/base/local.json");
        let args = arguments(1, &options, specification, Path::new("/base"), &ports);
        let chain = args.iter().position(|arg| arg == "--chain").unwrap();
        assert_eq!(args[chain + 1], "/base/local.json");
        assert_eq!(args.iter().filter(|arg| *arg == "--bootnodes").count(), 3);
        assert!(args.contains(&"--bob".to_owned()) && !args.contains(&"--dev".to_owned()));
        assert!(!args.iter().any(|arg| arg.contains("/tcp/12/p2p/")));
    }

    #[test]
    fn an_argument_of_the_caller_replaces_our_own() {
        let options = Options::new("node").validators(1).extra_args(["--rpc-methods", "safe"]);
        let specification = Path::new("/base/dev.json");
        let args = arguments(0, &options, specification, Path::new("/base"), &[(1, 11)]);
        assert_eq!(args.iter().filter(|arg| *arg == "--rpc-methods").count(), 1);
        assert_eq!(args.iter().filter(|arg| *arg == "unsafe").count(), 0);
        assert!(args.ends_with(&["--rpc-methods".to_owned(), "safe".to_owned()]));
    }
}
