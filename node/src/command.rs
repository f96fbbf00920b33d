//! Does what the command line asks.

use crate::{
    cli::{Cli, Subcommand},
    service::{self, FullBackend, FullClient, Partial},
};
use sc_cli::{Result, RevertCmd, SubstrateCli};
use sc_service::Configuration;
use smartlink_runtime::{opaque::Block, BlockNumber};
use std::sync::Arc;

/// Reads the arguments of this process and does what they ask. Returns when it is done, or when a
/// node was told to stop.
pub fn run() -> Result<()> {
    let cli = Cli::from_command_line();
    match &cli.subcommand {
        None => {
            let assignments = cli
                .worker
                .assignments()
                .map_err(|error| sc_cli::Error::Input(error.to_string()))?;
            let gate = cli.gate.clone();
            cli.create_runner(&cli.run)?.run_node_until_exit(|config| async move {
                service::start(config, assignments, gate).map_err(sc_cli::Error::Service)
            })
        }
        Some(Subcommand::Key(command)) => command.run(&cli),
        Some(Subcommand::BuildSpec(command)) => cli
            .create_runner(command)?
            .sync_run(|config| command.run(config.chain_spec, config.network)),
        Some(Subcommand::ExportChainSpec(command)) => command.run(cli.load_spec(&command.chain)?),
        Some(Subcommand::CheckBlock(command)) => cli.create_runner(command)?.async_run(|config| {
            let Partial { client, import_queue, task_manager, .. } = open(config)?;
            Ok((command.run(client, import_queue), task_manager))
        }),
        Some(Subcommand::ExportBlocks(command)) => {
            cli.create_runner(command)?.async_run(|config| {
                let database = config.database.clone();
                let Partial { client, task_manager, .. } = open(config)?;
                Ok((command.run(client, database), task_manager))
            })
        }
        Some(Subcommand::ImportBlocks(command)) => {
            cli.create_runner(command)?.async_run(|config| {
                let Partial { client, import_queue, task_manager, .. } = open(config)?;
                Ok((command.run(client, import_queue), task_manager))
            })
        }
        Some(Subcommand::PurgeChain(command)) => {
            cli.create_runner(command)?.sync_run(|config| command.run(config.database))
        }
        Some(Subcommand::Revert(command)) => revert(&cli, command),
        Some(Subcommand::ChainInfo(command)) => {
            cli.create_runner(command)?.sync_run(|config| command.run::<Block>(&config))
        }
        Some(Subcommand::Company(command)) => command.run(),
    }
}

/// Opens the chain's database without joining the network.
fn open(config: Configuration) -> Result<Partial> {
    let config = service::prepare(config)?;
    Ok(service::partial(&config)?)
}

/// Takes back blocks, and with them what BABE and GRANDPA wrote down about them.
fn revert(cli: &Cli, command: &RevertCmd) -> Result<()> {
    cli.create_runner(command)?.async_run(|config| {
        let Partial { client, backend, task_manager, .. } = open(config)?;
        let done = command.run::<Block, FullBackend, FullClient>(
            client,
            backend,
            Some(Box::new(forget_consensus)),
        );
        Ok((done, task_manager))
    })
}

fn forget_consensus(
    client: Arc<FullClient>,
    backend: Arc<FullBackend>,
    blocks: BlockNumber,
) -> Result<()> {
    sc_consensus_babe::revert(client.clone(), backend, blocks)?;
    sc_consensus_grandpa::revert(client, blocks)?;
    Ok(())
}
