//! A node with network and RPC.

use super::{
    partial::{partial, Consensus, Partial},
    workers::{Checkpoints, Finality, Workers},
    FullBackend, FullClient, SelectChain,
};
use crate::{rpc, worker};
use sc_authority_discovery::WorkerConfig;
use sc_consensus_beefy::communication::{
    beefy_peers_set_config, request_response::BeefyJustifsRequestHandler,
};
use sc_consensus_grandpa::{
    grandpa_peers_set_config, warp_proof, FinalityProofProvider, LinkHalf, SharedVoterState,
};
use sc_network::{
    config::FullNetworkConfiguration, NetworkBackend, NotificationMetrics, NotificationService,
    ProtocolName,
};
use sc_rpc::SubscriptionTaskExecutor;
use sc_service::{
    BuildNetworkParams, Configuration, Error, SpawnTasksParams, TaskManager, WarpSyncConfig,
};
use smartlink_runtime::{opaque::Block, Hash};
use sp_blockchain::HeaderBackend;
use std::sync::Arc;

/// Starts a node on the network backend `N`.
pub fn full<N: NetworkBackend<Block, Hash>>(
    config: Configuration,
    assignments: worker::Assignments,
) -> Result<TaskManager, Error> {
    let Partial {
        client,
        backend,
        mut task_manager,
        import_queue,
        keystore_container,
        select_chain,
        transaction_pool,
        other: consensus,
    } = partial(&config)?;
    worker::assign(&*backend, &assignments)?;

    let registry = config.prometheus_registry().cloned();
    let metrics = N::register_notification_metrics(config.prometheus_registry());
    let mut net_config =
        FullNetworkConfiguration::<Block, Hash, N>::new(&config.network, registry.clone());
    let protocols = Protocols::join(&config, &client, &mut net_config, &metrics);
    let (network, system_rpc_tx, tx_handler_controller, sync_service, _bitswap) =
        sc_service::build_network(BuildNetworkParams {
            config: &config,
            net_config,
            client: client.clone(),
            transaction_pool: transaction_pool.clone(),
            spawn_handle: task_manager.spawn_handle(),
            spawn_essential_handle: task_manager.spawn_essential_handle(),
            import_queue,
            block_announce_validator_builder: None,
            warp_sync_config: Some(warp_sync(&backend, &consensus.grandpa_link)),
            block_relay: None,
            metrics,
            gap_sync_body_policy: None,
        })?;

    let voter_state = SharedVoterState::empty();
    let rpc = rpc::Sources {
        client: client.clone(),
        backend: backend.clone(),
        pool: transaction_pool.clone(),
        select_chain: select_chain.clone(),
        keystore: keystore_container.keystore(),
        babe_worker: consensus.babe_worker.clone(),
        authority_set: consensus.grandpa_link.shared_authority_set().clone(),
        voter_state: voter_state.clone(),
        justifications: consensus.grandpa_link.justification_stream(),
        finality_proofs: FinalityProofProvider::new_for_service(
            backend.clone(),
            Some(consensus.grandpa_link.shared_authority_set().clone()),
        ),
        beefy: consensus.beefy_rpc_links.clone(),
    };
    let choices = Choices::of(&config);
    sc_service::spawn_tasks(SpawnTasksParams {
        config,
        client: client.clone(),
        backend: backend.clone(),
        task_manager: &mut task_manager,
        keystore: keystore_container.keystore(),
        transaction_pool: transaction_pool.clone(),
        rpc_builder: Box::new(move |executor: SubscriptionTaskExecutor| {
            rpc::module(&rpc, executor).map_err(Error::Application)
        }),
        network: network.clone(),
        system_rpc_tx,
        tx_handler_controller,
        sync_service: sync_service.clone(),
        telemetry: None,
        tracing_execute_block: None,
    })?;

    let workers = Workers {
        client,
        backend,
        pool: transaction_pool,
        keystore: keystore_container.keystore(),
        network,
        sync: sync_service,
        role: choices.role,
        registry,
        tasks: &task_manager,
    };
    start_workers(workers, choices, consensus, protocols, select_chain, voter_state)?;
    Ok(task_manager)
}

/// What the operator chose, apart from the configuration that the service consumes.
struct Choices {
    role: sc_service::Role,
    name: String,
    force_authoring: bool,
    finality: bool,
    offchain_workers: bool,
    discovery: WorkerConfig,
}

impl Choices {
    fn of(config: &Configuration) -> Self {
        Self {
            role: config.role,
            name: config.network.node_name.clone(),
            force_authoring: config.force_authoring,
            finality: !config.disable_grandpa,
            offchain_workers: config.offchain_worker.enabled,
            discovery: WorkerConfig {
                publish_non_global_ips: config.network.allow_non_globals_in_dht,
                public_addresses: config.network.public_addresses.clone(),
                // Every node of this chain signs its record.
                strict_record_validation: true,
                persisted_cache_directory: config.network.net_config_path.clone(),
                ..Default::default()
            },
        }
    }
}

/// The consensus protocols on the network, from the node's side.
struct Protocols {
    grandpa: ProtocolName,
    grandpa_notifications: Box<dyn NotificationService>,
    beefy: ProtocolName,
    beefy_notifications: Box<dyn NotificationService>,
    beefy_justifications: BeefyJustifsRequestHandler<Block, FullClient>,
}

impl Protocols {
    /// Adds the protocols to the network before it starts.
    fn join<N: NetworkBackend<Block, Hash>>(
        config: &Configuration,
        client: &Arc<FullClient>,
        net_config: &mut FullNetworkConfiguration<Block, Hash, N>,
        metrics: &NotificationMetrics,
    ) -> Self {
        let genesis = client.info().genesis_hash;
        let fork_id = config.chain_spec.fork_id();
        let peers = net_config.peer_store_handle();

        let grandpa = sc_consensus_grandpa::protocol_standard_name(&genesis, &config.chain_spec);
        let (protocol, grandpa_notifications) = grandpa_peers_set_config::<Block, N>(
            grandpa.clone(),
            metrics.clone(),
            Arc::clone(&peers),
        );
        net_config.add_notification_protocol(protocol);

        let beefy = sc_consensus_beefy::gossip_protocol_name(genesis, fork_id);
        let (protocol, beefy_notifications) =
            beefy_peers_set_config::<Block, N>(beefy.clone(), metrics.clone(), peers);
        net_config.add_notification_protocol(protocol);

        let (beefy_justifications, protocol) =
            BeefyJustifsRequestHandler::<Block, FullClient>::new::<_, N>(
                genesis,
                fork_id,
                client.clone(),
                config.prometheus_registry().cloned(),
            );
        net_config.add_request_response_protocol(protocol);

        Self { grandpa, grandpa_notifications, beefy, beefy_notifications, beefy_justifications }
    }
}

/// Lets a new node start from a proof of finality instead of every block.
fn warp_sync(
    backend: &Arc<FullBackend>,
    grandpa: &LinkHalf<Block, FullClient, SelectChain>,
) -> WarpSyncConfig<Block> {
    WarpSyncConfig::WithProvider(Arc::new(warp_proof::NetworkProvider::new(
        backend.clone(),
        grandpa.shared_authority_set().clone(),
        Vec::new(),
    )))
}

fn start_workers(
    workers: Workers<'_>,
    choices: Choices,
    consensus: Consensus,
    protocols: Protocols,
    select_chain: SelectChain,
    voter_state: SharedVoterState,
) -> Result<(), Error> {
    if choices.role.is_authority() {
        workers.author(
            select_chain,
            consensus.block_import,
            consensus.babe_link,
            choices.force_authoring,
        )?;
        workers.discover_authorities(choices.discovery);
    }
    workers.sign_checkpoints(Checkpoints {
        links: consensus.beefy_voter_links,
        protocol: protocols.beefy,
        notifications: protocols.beefy_notifications,
        justifications: protocols.beefy_justifications,
    });
    workers.keep_mmr();
    workers.watch_database();
    if choices.finality {
        workers.finalize(Finality {
            name: choices.name,
            link: consensus.grandpa_link,
            protocol: protocols.grandpa,
            notifications: protocols.grandpa_notifications,
            voter_state,
        })?;
    }
    if choices.offchain_workers {
        workers.run_offchain_workers()?;
    }
    Ok(())
}
