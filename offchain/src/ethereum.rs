//! Ethereum beside the consortium, as somebody outside of it would run it: anvil, the contract, and a relayer.
//!
//! Nothing here knows the bridge but by its binary. What the processes say lies in one folder, a pair of files each: `.out` is the
//! standard output, `.log` the standard error.

use std::{
    fmt, fs,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use smartlink_devnet::free_port;
use smartlink_primitives::{BatchNumber, CompanyId};
use tokio::time::sleep;

use crate::{
    program::{read, Process},
    Error,
};

/// The key of anvil's first account, which is everybody's.
const KEY: &str = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
/// Seconds that the proof of a ride may wait for a checkpoint.
const CHECKPOINT_SECONDS: u64 = 120;
/// How long such a proof may take with everything.
const PROOF: Duration = Duration::from_secs(CHECKPOINT_SECONDS + 60);
/// How long anvil may take until it answers.
const ANVIL: Duration = Duration::from_secs(30);
/// How long the validators may take to sign their first block.
const FIRST_SIGNATURES: Duration = Duration::from_secs(180);
/// How long one look at what they have signed may take.
const ONE_LOOK: Duration = Duration::from_secs(60);
/// Seconds that Ethereum may take for the contract.
const CONTRACT_SECONDS: u64 = 60;
/// How long making the contract may take with everything.
const CONTRACT: Duration = Duration::from_secs(CONTRACT_SECONDS + 30);
/// Time between two looks at what the validators have signed.
const PAUSE: Duration = Duration::from_secs(1);

/// The programs.
#[derive(Clone, Debug)]
pub struct Tools {
    /// Foundry's node of Ethereum.
    pub anvil: PathBuf,
    /// The binary `smartlink-bridge`.
    pub bridge: PathBuf,
}

/// A node of Ethereum, the contract on it, and a relayer that keeps it up to date. They end when this is dropped.
#[derive(Debug)]
pub struct Ethereum {
    bridge: Bridge,
    // In the order in which they end.
    relayer: Process,
    _anvil: Process,
}

/// A ride whose receipt the contract has checked.
#[derive(Clone, Debug)]
pub struct Proven {
    /// The order.
    pub order: u64,
    /// The address of the contract.
    pub contract: String,
    /// The block of the chain whose root, which the contract holds, leads to the receipt.
    pub block: u64,
    /// The file with the bundle.
    pub bundle: PathBuf,
    /// The node of Ethereum.
    pub url: String,
    /// The line that has the contract check it again.
    pub command: String,
}

impl Ethereum {
    /// Starts anvil, makes the contract as soon as the validators have signed a block, and starts to relay from this node.
    ///
    /// # Errors
    /// A program does not start, or does not do its part in time.
    pub async fn start(tools: &Tools, node: &str, folder: &Path) -> Result<Self, Error> {
        fs::create_dir_all(folder)
            .map_err(|source| Error::Io { what: "making Ethereum's folder", source })?;
        let (port, listen) = (free_port()?, format!("127.0.0.1:{}", free_port()?));
        let mut anvil = Command::new(&tools.anvil);
        anvil.args(["--port", &port.to_string(), "--block-time", "1", "--silent"]);
        let mut anvil = Process::start(anvil, folder, "anvil")?;
        anvil.listens(port, ANVIL).await?;
        let mut bridge = Bridge {
            binary: tools.bridge.clone(),
            node: node.to_owned(),
            url: format!("http://127.0.0.1:{port}"),
            listen,
            contract: String::new(),
            folder: folder.to_owned(),
        };
        bridge.signatures().await?;
        bridge.contract = bridge.deploy().await?;
        let relayer = Process::start(bridge.command("run"), folder, "relayer")?;
        println!(
            "Ethereum: anvil answers at {}; contract {} is made with the validators' keys, and a relayer brings it what they sign.",
            bridge.url, bridge.contract
        );
        Ok(Self { bridge, relayer, _anvil: anvil })
    }

    /// The node's JSON-RPC, and the contract.
    pub fn contract(&self) -> (&str, &str) {
        (&self.bridge.url, &self.bridge.contract)
    }

    /// Where everything is reached.
    pub fn addresses(&self) -> String {
        let Bridge { url, listen, contract, .. } = &self.bridge;
        let log = self.relayer.log.display();
        format!(
            "  {:<18} {url}  contract {contract}\n  {:<18} http://{listen}/metrics  log {log}",
            "anvil", "relayer"
        )
    }

    /// Proves a settled ride, and has the contract check it. The relayer is asked for a checkpoint if there is none yet.
    ///
    /// # Errors
    /// It is not proven in time.
    pub async fn prove(
        &self,
        company: CompanyId,
        batch: BatchNumber,
        order: u64,
    ) -> Result<Proven, Error> {
        let bundle = self.bridge.folder.join(format!("order-{order}.json"));
        let mut prove = self.bridge.command("prove");
        prove.args([&order.to_string(), "--company", &company.0.to_string()]);
        prove.args(["--batch", &batch.0.to_string(), "--wait", &CHECKPOINT_SECONDS.to_string()]);
        prove.arg("--out").arg(&bundle);
        let log = self.relayer.log.display();
        let because = |why: String| {
            Error::Asked(format!(
                "order {order} is not proven on Ethereum: {why}; the relayer's log is {log}"
            ))
        };
        let done = self.bridge.finished(prove, &format!("prove-{order}"), PROOF).await;
        let told =
            done.and_then(|done| read(&done.log)).map_err(|error| because(error.to_string()))?;
        let line = told.lines().map(str::trim).find(|line| line.starts_with("cast call "));
        let command = line.ok_or_else(|| because("no line for cast was printed".to_owned()))?;
        let json = serde_json::from_str::<serde_json::Value>(&read(&bundle)?);
        let json =
            json.map_err(|error| because(format!("{} is no bundle ({error})", bundle.display())))?;
        let block = json["commitment"]["block"].as_u64();
        let block = block.ok_or_else(|| because("the bundle names no block".to_owned()))?;
        let Bridge { url, contract, .. } = &self.bridge;
        let (contract, url, command) = (contract.clone(), url.clone(), command.to_owned());
        Ok(Proven { order, contract, block, bundle, url, command })
    }
}

impl fmt::Display for Proven {
    /// How anybody has it checked again, and in the last line that it is proven.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { order, contract, block, bundle, url, command } = self;
        writeln!(
            f,
            "Anybody can have the receipt of order {order} checked by the contract on Ethereum:"
        )?;
        writeln!(f, "  export ETH_RPC_URL={url}\n  {command}")?;
        write!(
            f,
            "Order {order} is proven on Ethereum: contract {contract} holds the root of block {block}, which leads to its receipt; the \
             bundle is {}",
            bundle.display()
        )
    }
}

/// The binary of the bridge, and what all of its commands are told.
#[derive(Debug)]
struct Bridge {
    binary: PathBuf,
    /// The WebSocket of the chain's node.
    node: String,
    /// The node of Ethereum.
    url: String,
    /// Where the relayer is asked for checkpoints.
    listen: String,
    /// Empty until it is made.
    contract: String,
    folder: PathBuf,
}

impl Bridge {
    fn command(&self, job: &str) -> Command {
        let mut command = Command::new(&self.binary);
        command
            // `SMARTLINK_NODE` may name the node's binary, so this one is no variable.
            .args([job, "--set", &format!("node={:?}", self.node)])
            .env("SMARTLINK_ETHEREUM__URL", &self.url)
            .env("SMARTLINK_ETHEREUM__CONTRACT", &self.contract)
            // Nobody reorganises anvil's chain, whose blocks come each second.
            .env("SMARTLINK_ETHEREUM__CONFIRMATIONS", "1")
            .env("SMARTLINK_ETHEREUM__POLL_MS", "500")
            .env("SMARTLINK_KEY__SECRET", format!("\"{KEY}\""))
            .env("SMARTLINK_POLICY__EVERY_BLOCKS", "20")
            .env("SMARTLINK_POLICY__ASKED_PAUSE_MS", "1000")
            .env("SMARTLINK_OPERATIONS__LISTEN", &self.listen);
        command
    }

    /// Waits until the validators have signed a block. A trial sends nothing, so it may be repeated.
    async fn signatures(&self) -> Result<(), Error> {
        let deadline = Instant::now() + FIRST_SIGNATURES;
        loop {
            let mut trial = self.command("deploy");
            trial.arg("--dry-run");
            match self.finished(trial, "deploy-trial", ONE_LOOK).await {
                Err(_) if Instant::now() < deadline => sleep(PAUSE).await,
                done => return done.map(drop),
            }
        }
    }

    /// Makes the contract. Its address.
    async fn deploy(&self) -> Result<String, Error> {
        let mut deploy = self.command("deploy");
        deploy.args(["--patience", &CONTRACT_SECONDS.to_string()]);
        let done = self.finished(deploy, "deploy", CONTRACT).await?;
        let said = read(&done.out)?;
        let address = said.lines().find_map(|line| line.strip_prefix("contract")).map(str::trim);
        let address = address.filter(|address| address.len() == 42 && address.starts_with("0x"));
        address.map(str::to_owned).ok_or_else(|| {
            Error::Asked(format!(
                "`smartlink-bridge deploy` named no contract: see {}",
                done.out.display()
            ))
        })
    }

    /// A command that has ended well.
    async fn finished(
        &self,
        command: Command,
        name: &str,
        patience: Duration,
    ) -> Result<Process, Error> {
        let mut process = Process::start(command, &self.folder, name)?;
        process.finishes(patience).await?;
        Ok(process)
    }
}
