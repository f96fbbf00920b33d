//! The command line: sc-cli's, with the defaults of this chain.

use crate::{chain_spec, company::CompanyCmd, gate::GateArgs, worker::WorkerArgs};
use clap::{CommandFactory, FromArgMatches};
use sc_cli::{
    BuildSpecCmd, ChainInfoCmd, CheckBlockCmd, ExportBlocksCmd, ExportChainSpecCmd,
    ImportBlocksCmd, KeySubcommand, PurgeChainCmd, RevertCmd, RunCmd, SubstrateCli,
};
use sc_service::ChainSpec;

/// Extrinsics that may wait in the pool: half a minute of transfers at the rate a block takes them.
const POOL_EXTRINSICS: &str = "65536";

/// Their size together, in KiB. A ride batch is hundreds of KiB, so this fills before the count.
const POOL_KIB: &str = "131072";

/// Nodes that may connect: all of some eighty members with three each.
const IN_PEERS: &str = "256";

/// What was asked of the binary. Without a subcommand it runs a node.
#[derive(Debug, clap::Parser)]
pub struct Cli {
    /// What to do instead of running a node.
    #[command(subcommand)]
    pub subcommand: Option<Subcommand>,

    /// How to run the node.
    #[clap(flatten)]
    pub run: RunCmd,

    /// For whom it carries ride batches and anchors.
    #[clap(flatten)]
    pub worker: WorkerArgs,

    /// Whether other machines may ask it.
    #[clap(flatten)]
    pub gate: GateArgs,
}

/// What the binary does besides running a node.
#[allow(clippy::large_enum_variant)] // There is one of it in a process.
#[derive(Debug, clap::Subcommand)]
pub enum Subcommand {
    /// Make, look at and insert keys.
    #[command(subcommand)]
    Key(KeySubcommand),

    /// Print a chain specification, with this machine as its bootnode.
    BuildSpec(BuildSpecCmd),

    /// Print a chain specification, or write it to a file.
    ExportChainSpec(ExportChainSpecCmd),

    /// Execute a block again and check it.
    CheckBlock(CheckBlockCmd),

    /// Write blocks to a file.
    ExportBlocks(ExportBlocksCmd),

    /// Import blocks from a file.
    ImportBlocks(ImportBlocksCmd),

    /// Delete the chain from this machine. Keys stay.
    PurgeChain(PurgeChainCmd),

    /// Take back the newest blocks that are not yet final.
    Revert(RevertCmd),

    /// Print best and final block of the database.
    ChainInfo(ChainInfoCmd),

    /// Become a validating member of a consortium, stay one, or leave.
    #[command(subcommand)]
    Company(CompanyCmd),
}

impl Cli {
    /// Reads the arguments of this process. On wrong ones, or when help was asked for, it prints
    /// and ends the process.
    pub fn from_command_line() -> Self {
        let matches = Self::with_our_defaults().get_matches();
        Self::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
    }

    /// sc-cli's command with the defaults of this chain, so that `--help` tells the truth about
    /// them and an operator's own choice always counts.
    fn with_our_defaults() -> clap::Command {
        Self::setup_command(Self::command())
            .mut_arg("pool_limit", |arg| arg.default_value(POOL_EXTRINSICS))
            .mut_arg("pool_kbytes", |arg| arg.default_value(POOL_KIB))
            .mut_arg("in_peers", |arg| arg.default_value(IN_PEERS))
            // The only one (see `service::prepare`).
            .mut_arg("network_backend", |arg| arg.default_value("libp2p").hide(true))
            // Always on (see `service::prepare`), and there is nobody to send telemetry to.
            .mut_arg("indexing_enabled", |arg| arg.hide(true))
            .mut_arg("telemetry_endpoints", |arg| arg.hide(true))
            .mut_arg("no_telemetry", |arg| arg.hide(true))
    }
}

impl SubstrateCli for Cli {
    fn impl_name() -> String {
        "SmartLinkDrive node".into()
    }

    fn impl_version() -> String {
        env!("SUBSTRATE_CLI_IMPL_VERSION").into()
    }

    fn description() -> String {
        env!("CARGO_PKG_DESCRIPTION").into()
    }

    fn author() -> String {
        "SmartLinkDrive".into()
    }

    fn support_url() -> String {
        "the operators' desk of your consortium".into()
    }

    fn copyright_start_year() -> i32 {
        2026
    }

    fn load_spec(&self, id: &str) -> Result<Box<dyn ChainSpec>, String> {
        let spec = chain_spec::load(id).map_err(|error| error.to_string())?;
        Ok(Box::new(spec))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> Cli {
        let arguments = ["smartlink-node"].iter().chain(arguments).copied();
        let matches = Cli::with_our_defaults().try_get_matches_from(arguments).unwrap();
        Cli::from_arg_matches(&matches).unwrap()
    }

    #[test]
    fn the_command_line_is_consistent() {
        Cli::with_our_defaults().debug_assert();
    }

    #[test]
    fn a_plain_start_has_our_defaults() {
        let run = parse(&[]).run;
        assert_eq!(run.pool_config.pool_limit.to_string(), POOL_EXTRINSICS);
        assert_eq!(run.pool_config.pool_kbytes.to_string(), POOL_KIB);
        assert_eq!(run.network_params.network_backend, sc_cli::NetworkBackendType::Libp2p);
        assert_eq!(run.network_params.in_peers.to_string(), IN_PEERS);
    }

    #[test]
    fn an_operators_choice_counts_even_when_it_is_the_usual_default() {
        let run = parse(&["--pool-limit", "8192", "--in-peers", "32"]).run;
        assert_eq!(run.pool_config.pool_limit, 8192);
        assert_eq!(run.network_params.in_peers, 32);
    }
}
