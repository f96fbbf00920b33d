//! Puts a node together.
//!
//! `partial` opens the database and connects the parts through which a block is imported; it is all
//! that a command without network needs. `network` puts the network together behind the gate of the
//! `members`. `full` adds RPC, and starts the `workers`: authorship, finality, checkpoints, authority discovery, off-chain workers. `written` ends a node
//! whose database did not take a block.

mod full;
mod members;
mod network;
mod partial;
mod workers;
mod written;

pub use partial::{partial, Partial};

use crate::{
    gate::{self, GateArgs},
    worker::Assignments,
};
use sc_consensus_babe::BabeBlockImport;
use sc_consensus_beefy::import::BeefyBlockImport;
use sc_consensus_grandpa::GrandpaBlockImport;
use sc_network::config::NetworkBackendType;
use sc_service::{Configuration, Error, TFullBackend, TFullClient, TaskManager};
use smartlink_runtime::{opaque::Block, RuntimeApi};
use sp_consensus_babe::inherents::BabeCreateInherentDataProviders;

/// What a runtime may call in the node.
pub type HostFunctions = sp_io::SubstrateHostFunctions;
/// Executes the runtime, calls its API and imports blocks.
pub type FullClient = TFullClient<Block, RuntimeApi, sc_executor::WasmExecutor<HostFunctions>>;
/// The database.
pub type FullBackend = TFullBackend<Block>;
/// Chooses the chain to build on.
pub type SelectChain = sc_consensus::LongestChain<FullBackend, Block>;
/// Extrinsics that wait for a block.
pub type TransactionPool = sc_transaction_pool::TransactionPoolHandle<Block, FullClient>;
/// A validator's key for checkpoints.
pub type BeefyId = sp_consensus_beefy::ecdsa_crypto::AuthorityId;

/// Imports finality justifications.
pub type GrandpaImport = GrandpaBlockImport<FullBackend, Block, FullClient, SelectChain>;
/// Imports signed checkpoints, then what is GRANDPA's.
pub type BeefyImport = BeefyBlockImport<Block, FullBackend, FullClient, GrandpaImport, BeefyId>;
/// Imports blocks: checks slot and author, then what is BEEFY's.
pub type BlockImport = BabeBlockImport<
    Block,
    FullClient,
    BeefyImport,
    BabeCreateInherentDataProviders<Block>,
    SelectChain,
>;

/// Starts a node. It runs until the task manager is dropped.
/// With assignments it carries ride batches and anchors of a company. With an address the gate is opened.
pub fn start(
    config: Configuration,
    workers: Assignments,
    gate: GateArgs,
) -> Result<TaskManager, Error> {
    let config = prepare(config)?;
    crate::worker::check(&config, &workers)?;
    gate::warn_of_open_port(&config);
    full::full(config, workers, gate)
}

/// Settles what is not an operator's choice on this chain.
pub fn prepare(mut config: Configuration) -> Result<Configuration, Error> {
    let asked = config.telemetry_endpoints.take();
    if asked.is_some_and(|endpoints| !endpoints.is_empty()) {
        return Err(Error::Other(
            "this node sends no telemetry, because nobody outside the consortium reads the chain: \
             remove --telemetry-url and the telemetryEndpoints of the chain specification, and \
             read the Prometheus metrics instead"
                .into(),
        ));
    }
    if matches!(config.network.network_backend, NetworkBackendType::Litep2p) {
        return Err(Error::Other(
            "this node speaks libp2p alone, because the gate that keeps strangers out stands in it: remove \
             --network-backend"
                .into(),
        ));
    }
    // The leaves of the MMR are written while blocks are imported. A node that imported one block
    // without them could never prove it.
    config.offchain_worker.indexing_enabled = true;
    Ok(config)
}
