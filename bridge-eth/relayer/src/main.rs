//! `smartlink-bridge`: carries commitments of the chain's validators to Ethereum.

mod commands;

use std::{io::IsTerminal, path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};
use smartlink_bridge::{config::BridgeConfig, ethereum::Key, Error};
use smartlink_service::Sources;
use tokio::runtime::Runtime;
use tracing_subscriber::EnvFilter;

/// The exit code of a program that was interrupted, by the shells' convention.
const INTERRUPTED: u8 = 130;

/// Carries what the chain's validators sign to a contract on Ethereum, and proves from there what the chain says.
///
/// It is trusted with nothing: the contract verifies everything. It keeps nothing: it may be killed and started again at any
/// time, and several may run. Logs go to the standard error, as RUST_LOG says. Ends with 0 when the work is done, 1 with a
/// sentence when it is not, 130 when interrupted.
#[derive(Debug, Parser)]
#[command(name = "smartlink-bridge", version)]
struct Cli {
    #[command(subcommand)]
    job: Job,
}

#[derive(Debug, Subcommand)]
enum Job {
    /// Relays until it is interrupted: the hand-over of each session, and checkpoints in between as the policy says.
    Run(commands::run::Run),
    /// Says how far both sides are, what is due, and what it costs.
    Status(Configured),
    /// Makes the contract, with the validators that sign now and those after them as the node has them.
    ///
    /// The node is believed here, and never again: use one of your own. What the contract was made with is printed, and everybody
    /// who relies on the contract compares it with the chain.
    Deploy(commands::deploy::Deploy),
    /// Proves an order, a vehicle or an anchor on Ethereum: prints a bundle, and the line with which anybody lets the contract
    /// check it.
    Prove(commands::prove::Prove),
    /// Lets the contract check a bundle that anybody has made, such as an indexer, and says what it proves.
    ///
    /// Needs a node of Ethereum and the contract's address, from sources that you trust. What the bundle says of Ethereum is not
    /// followed.
    Check(commands::check::Check),
    /// Looks at everything that the relayer needs, and says what is wrong and how to mend it.
    Doctor(Configured),
    /// Prints what is configured, as TOML, with the layer that each value came from. Secrets are ***.
    Config(Configured),
}

#[derive(Debug, clap::Args)]
struct Configured {
    /// A TOML file.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Sets one value, such as node=ws://127.0.0.1:9944 or ethereum.contract=0x…. May be given many times; variables of the
    /// environment do the same (SMARTLINK_ETHEREUM__CONTRACT).
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
}

impl Configured {
    fn sources(&self) -> Sources {
        let sources = Sources::new().environment_of_process().set(self.set.clone());
        match &self.config {
            Some(file) => sources.file(file),
            None => sources,
        }
    }

    fn load(&self) -> Result<BridgeConfig, Error> {
        Ok((**self.sources().load::<BridgeConfig>()?.value()).clone())
    }
}

/// How a job ended.
enum Outcome {
    Done,
    Interrupted,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new("warn,smartlink_bridge=info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .init();
    let runtime = match Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("smartlink-bridge: no thread can be started ({error}): free memory, or raise the limits");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(perform(cli.job)) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Interrupted) => ExitCode::from(INTERRUPTED),
        Err(error) => {
            eprintln!("smartlink-bridge: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn perform(job: Job) -> Result<Outcome, Error> {
    match job {
        Job::Run(asked) => commands::run::perform(&asked).await,
        Job::Status(configured) => commands::status::perform(&configured.load()?).await,
        Job::Deploy(asked) => commands::deploy::perform(&asked).await,
        Job::Prove(asked) => commands::prove::perform(&asked).await,
        Job::Check(asked) => commands::check::perform(&asked).await,
        Job::Doctor(configured) => commands::doctor::perform(&configured.load()?).await,
        Job::Config(configured) => {
            print!("{}", configured.sources().load::<BridgeConfig>()?.show());
            Ok(Outcome::Done)
        }
    }
}

/// The key that is configured. Opening a keystore takes a second of computing.
async fn key(config: &BridgeConfig) -> Result<Key, Error> {
    let config = config.key.clone();
    let opened = tokio::task::spawn_blocking(move || Key::open(&config)).await;
    let broke = |error: tokio::task::JoinError| Error::BrokeOff {
        part: "opening the key",
        why: error.to_string(),
    };
    Ok(opened.map_err(broke)??)
}
