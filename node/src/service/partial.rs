//! The parts of a node through which a block is imported.

use super::{
    BeefyId, BlockImport, FullBackend, FullClient, HostFunctions, SelectChain, TransactionPool,
};
use sc_consensus::DefaultImportQueue;
use sc_consensus_babe::{BabeLink, BabeWorkerHandle, ImportQueueParams};
use sc_consensus_beefy::{BeefyRPCLinks, BeefyVoterLinks};
use sc_consensus_grandpa::{GrandpaPruningFilter, LinkHalf};
use sc_service::{Configuration, Error, PartialComponents};
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use smartlink_runtime::{opaque::Block, Hash, RuntimeApi};
use sp_consensus_babe::{
    inherents::{BabeCreateInherentDataProviders, InherentDataProvider as SlotProvider},
    SlotDuration,
};
use std::sync::Arc;

/// Blocks between two finality justifications that are kept: about a quarter of an hour. Those at
/// which the validators change are kept in any case.
pub const JUSTIFICATION_PERIOD: u32 = 512;

/// A node without network.
pub type Partial = PartialComponents<
    FullClient,
    FullBackend,
    SelectChain,
    DefaultImportQueue<Block>,
    TransactionPool,
    Consensus,
>;

/// What connects the import of blocks with the workers that make, finalise and sign them.
pub struct Consensus {
    /// Imports the node's own blocks.
    pub block_import: BlockImport,
    /// Between import and authorship.
    pub babe_link: BabeLink<Block>,
    /// Answers questions about epochs.
    pub babe_worker: BabeWorkerHandle<Block>,
    /// Between import and the finality voter.
    pub grandpa_link: LinkHalf<Block, FullClient, SelectChain>,
    /// Between import and the checkpoint voter.
    pub beefy_voter_links: BeefyVoterLinks<Block, BeefyId>,
    /// Between the checkpoint voter and RPC.
    pub beefy_rpc_links: BeefyRPCLinks<Block, BeefyId>,
}

/// Opens the database and connects the import of blocks: BABE's, around BEEFY's, around GRANDPA's.
pub fn partial(config: &Configuration) -> Result<Partial, Error> {
    let executor = sc_service::new_wasm_executor::<HostFunctions>(&config.executor);
    let (client, backend, keystore_container, task_manager) =
        sc_service::new_full_parts::<Block, RuntimeApi, _>(
            config,
            None,
            executor,
            vec![Arc::new(GrandpaPruningFilter)],
        )?;
    let client = Arc::new(client);
    let select_chain = SelectChain::new(backend.clone());
    let transaction_pool = Arc::new(
        sc_transaction_pool::Builder::<Block, FullClient>::new(
            task_manager.spawn_essential_handle(),
            client.clone(),
            config.role.is_authority().into(),
        )
        .with_options(config.transaction_pool.clone())
        .with_prometheus(config.prometheus_registry())
        .build(),
    );

    let (grandpa_import, grandpa_link) =
        sc_consensus_grandpa::block_import::<FullBackend, Block, FullClient, SelectChain>(
            client.clone(),
            JUSTIFICATION_PERIOD,
            &client,
            select_chain.clone(),
            None,
        )?;
    let (beefy_import, beefy_voter_links, beefy_rpc_links) =
        sc_consensus_beefy::beefy_block_import_and_links(
            grandpa_import.clone(),
            backend.clone(),
            client.clone(),
            config.prometheus_registry().cloned(),
        );
    let babe_config = sc_consensus_babe::configuration(&*client)?;
    let slot_duration = babe_config.slot_duration();
    let (block_import, babe_link) = sc_consensus_babe::block_import(
        babe_config,
        beefy_import,
        client.clone(),
        inherents(slot_duration),
        select_chain.clone(),
        OffchainTransactionPoolFactory::new(transaction_pool.clone()),
    )?;
    let (import_queue, babe_worker) = sc_consensus_babe::import_queue(ImportQueueParams {
        link: babe_link.clone(),
        block_import: block_import.clone(),
        justification_import: Some(Box::new(grandpa_import)),
        client: client.clone(),
        slot_duration,
        spawner: &task_manager.spawn_essential_handle(),
        registry: config.prometheus_registry(),
        telemetry: None,
    })?;

    Ok(PartialComponents {
        client,
        backend,
        task_manager,
        keystore_container,
        select_chain,
        import_queue,
        transaction_pool,
        other: Consensus {
            block_import,
            babe_link,
            babe_worker,
            grandpa_link,
            beefy_voter_links,
            beefy_rpc_links,
        },
    })
}

/// What a block's author states, and its importers check: the time, and the slot that it falls in.
pub fn inherents(slot_duration: SlotDuration) -> BabeCreateInherentDataProviders<Block> {
    Arc::new(move |_parent: Hash, _: ()| async move {
        let time = sp_timestamp::InherentDataProvider::from_system_time();
        let slot = SlotProvider::from_timestamp_and_slot_duration(*time, slot_duration);
        Ok::<_, Box<dyn std::error::Error + Send + Sync>>((slot, time))
    })
}
