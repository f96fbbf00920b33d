//! A node with network and RPC.

use super::{
    network::{self, Protocols},
    partial::{partial, Consensus, Partial},
    workers::{Checkpoints, Finality, Workers},
    SelectChain,
};
use crate::{
    gate::{self, GateArgs},
    rpc, worker,
};
use sc_authority_discovery::WorkerConfig;
use sc_consensus_grandpa::{FinalityProofProvider, SharedVoterState};
use sc_rpc::SubscriptionTaskExecutor;
use sc_service::{Configuration, Error, SpawnTasksParams, TaskManager};
use sp_blockchain::HeaderBackend;

/// Starts a node.
pub fn full(
    config: Configuration,
    assignments: worker::Assignments,
    gate: GateArgs,
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
    let network = network::join(network::Parts {
        config: &config,
        client: client.clone(),
        backend: backend.clone(),
        pool: transaction_pool.clone(),
        import_queue,
        grandpa: &consensus.grandpa_link,
        tasks: &task_manager,
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
    let answers = sc_service::spawn_tasks(SpawnTasksParams {
        config,
        client: client.clone(),
        backend: backend.clone(),
        task_manager: &mut task_manager,
        keystore: keystore_container.keystore(),
        transaction_pool: transaction_pool.clone(),
        rpc_builder: Box::new(move |executor: SubscriptionTaskExecutor| {
            rpc::module(&rpc, executor).map_err(Error::Application)
        }),
        network: network.service.clone(),
        system_rpc_tx: network.system,
        tx_handler_controller: network.transactions,
        sync_service: network.sync.clone(),
        telemetry: None,
        tracing_execute_block: None,
    })?;

    if let Some(addr) = gate.gate_addr {
        let gate = gate::open(
            addr,
            gate::Parts {
                limits: gate.limits(),
                genesis: client.info().genesis_hash,
                methods: (*answers.handle()).clone().into(),
                members: client.clone(),
                registry: registry.as_ref(),
            },
        )
        .map_err(|error| Error::Application(Box::new(error)))?;
        task_manager.keep_alive(gate);
    }

    let workers = Workers {
        client,
        backend,
        pool: transaction_pool,
        keystore: keystore_container.keystore(),
        network: network.service,
        sync: network.sync,
        role: choices.role,
        registry,
        tasks: &task_manager,
    };
    start_workers(workers, choices, consensus, network.protocols, select_chain, voter_state)?;
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
