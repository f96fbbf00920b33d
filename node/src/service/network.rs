//! The network of a node: sc-network's libp2p, put together here because every protocol on which a node answers questions stands
//! behind the gate of the [`Members`], which `sc_service::build_network` has no place for.
//!
//! Left out are the protocols that members have no use for: proofs for light clients, and Bitswap.

use super::{members::Members, FullBackend, FullClient, SelectChain, TransactionPool};
use futures::StreamExt;
use sc_client_api::{BlockBackend, BlockchainEvents};
use sc_consensus::{DefaultImportQueue, ImportQueue};
use sc_consensus_beefy::communication::request_response::BeefyJustifsRequestHandler;
use sc_consensus_grandpa::{grandpa_peers_set_config, warp_proof, LinkHalf};
use sc_network::{
    config::{
        FullNetworkConfiguration, NonReservedPeerMode, Params, RequestResponseConfig, SetConfig,
    },
    service::traits::{NetworkService, PeerStore, RequestResponseConfig as _},
    NetworkBackend, NetworkBlock, NetworkWorker, NotificationMetrics, NotificationService,
    ProtocolName, Roles,
};
use sc_network_sync::{
    block_relay_protocol::BlockRelayParams,
    block_request_handler::BlockRequestHandler,
    engine::SyncingEngine,
    service::network::NetworkServiceProvider,
    state_request_handler::StateRequestHandler,
    strategy::{
        polkadot::{PolkadotSyncingStrategy, PolkadotSyncingStrategyConfig},
        warp::WarpSyncProvider,
    },
    warp_request_handler::RequestHandler as WarpRequestHandler,
    SyncingService, WarpSyncConfig,
};
use sc_network_transactions::{TransactionsHandlerController, TransactionsHandlerPrototype};
use sc_service::{
    config::SyncMode, default_gap_sync_body_policy, Configuration, Error, TaskManager,
    TransactionPoolAdapter,
};
use sc_utils::mpsc::{tracing_unbounded, TracingUnboundedSender};
use smartlink_runtime::{opaque::Block, Hash};
use sp_blockchain::HeaderBackend;
use std::{collections::HashSet, sync::Arc};

type Libp2p = NetworkWorker<Block, Hash>;

/// The largest vote for a checkpoint, in bytes.
const CHECKPOINT_VOTE: u64 = 1024 * 1024;

/// Questions about the network that RPC has waiting before it warns.
const SYSTEM_QUESTIONS: usize = 10_000;

/// What the rest of the node needs of the network.
pub struct Network {
    /// Peers and messages.
    pub service: Arc<dyn NetworkService>,
    /// The state of synchronisation.
    pub sync: Arc<SyncingService<Block>>,
    /// Hands extrinsics on.
    pub transactions: TransactionsHandlerController<Hash>,
    /// Answers RPC about peers.
    pub system: TracingUnboundedSender<sc_rpc::system::Request<Block>>,
    /// The consensus protocols.
    pub protocols: Protocols,
}

/// The consensus protocols on the network, from the node's side.
pub struct Protocols {
    pub grandpa: ProtocolName,
    pub grandpa_notifications: Box<dyn NotificationService>,
    pub beefy: ProtocolName,
    pub beefy_notifications: Box<dyn NotificationService>,
    pub beefy_justifications: BeefyJustifsRequestHandler<Block, FullClient>,
}

/// What the network is put together from.
pub struct Parts<'a> {
    pub config: &'a Configuration,
    pub client: Arc<FullClient>,
    pub backend: Arc<FullBackend>,
    pub pool: Arc<TransactionPool>,
    pub import_queue: DefaultImportQueue<Block>,
    pub grandpa: &'a LinkHalf<Block, FullClient, SelectChain>,
    pub tasks: &'a TaskManager,
}

/// Puts the network together and starts it.
pub fn join(parts: Parts<'_>) -> Result<Network, Error> {
    let Parts { config, client, backend, pool, import_queue, grandpa, tasks } = parts;
    let registry = config.prometheus_registry();
    let spawner = tasks.spawn_handle();
    let essential = tasks.spawn_essential_handle();
    let genesis = client.info().genesis_hash;
    let protocol_id = config.protocol_id();
    let fork_id = config.chain_spec.fork_id();
    let metrics = Libp2p::register_notification_metrics(registry);

    let reserved = &config.network.default_peers_set.reserved_nodes;
    let named: HashSet<_> = reserved.iter().map(|node| node.peer_id).collect();
    let members = Members::read(&client, named)?;
    let mut wanted = config.network.clone();
    if members.keeps_out() {
        // From the first connection on, not only from the first list on.
        wanted.default_peers_set.non_reserved_mode = NonReservedPeerMode::Deny;
    }
    let net = FullNetworkConfiguration::new(&wanted, registry.cloned());
    let mut answering = Answering { net, members: &members, spawner: &spawner };
    let protocols = consensus(config, &client, &mut answering, &metrics);

    // Blocks, state, and proofs of finality, which a new node begins from.
    let provider = NetworkServiceProvider::new();
    let peers =
        config.network.default_peers_set.in_peers + config.network.default_peers_set.out_peers;
    let BlockRelayParams { mut server, downloader, request_response_config } =
        BlockRequestHandler::new::<Libp2p>(
            provider.handle(),
            &protocol_id,
            fork_id,
            client.clone(),
            peers as usize,
        );
    let answers = async move { server.run().await };
    spawner.spawn("block-request-handler", Some("networking"), answers);
    answering.add(request_response_config);
    let asked = add_synchronisation(config, &client, &backend, grandpa, &mut answering);
    let Answering { mut net, .. } = answering;
    let strategy = PolkadotSyncingStrategy::new(
        PolkadotSyncingStrategyConfig {
            mode: sync_mode(config, &*client)?,
            max_parallel_downloads: config.network.max_parallel_downloads,
            max_blocks_per_request: config.network.max_blocks_per_request,
            min_peers_to_start_warp_sync: config.network.min_peers_to_start_warp_sync,
            metrics_registry: registry.cloned(),
            state_request_protocol_name: asked.state,
            block_downloader: downloader,
            gap_sync_body_policy: default_gap_sync_body_policy(config.blocks_pruning),
        },
        client.clone(),
        Some(WarpSyncConfig::WithProvider(asked.proofs)),
        Some(asked.warp),
    )?;
    let (engine, sync, announcements) = SyncingEngine::new(
        Roles::from(&config.role),
        client.clone(),
        registry,
        metrics.clone(),
        &net,
        protocol_id.clone(),
        fork_id,
        Box::new(sp_consensus::block_validation::DefaultBlockAnnounceValidator),
        Box::new(strategy),
        provider.handle(),
        import_queue.service(),
        net.peer_store_handle(),
    )?;
    let sync = Arc::new(sync);
    // A node that synchronises no more had better stop.
    essential.spawn_blocking("syncing", None, engine.run());

    let (handing_on, handing_on_config) = TransactionsHandlerPrototype::new::<_, Block, Libp2p>(
        protocol_id.clone(),
        genesis,
        fork_id,
        metrics.clone(),
        net.peer_store_handle(),
    );
    net.add_notification_protocol(handing_on_config);
    spawner.spawn("peer-store", Some("networking"), PeerStore::run(net.take_peer_store()));

    let blocks = announcements.protocol_name().clone();
    let runs = spawner.clone();
    let worker = <Libp2p as NetworkBackend<Block, Hash>>::new(Params {
        role: config.role,
        executor: Box::new(move |task| runs.spawn("libp2p-node", Some("networking"), task)),
        network_config: net,
        genesis_hash: genesis,
        protocol_id,
        fork_id: fork_id.map(ToOwned::to_owned),
        metrics_registry: registry.cloned(),
        block_announce_config: announcements,
        ipfs_config: None,
        notification_metrics: metrics,
    })?;
    let service = NetworkBackend::<Block, Hash>::network_service(&worker);
    members.impose(&*service, &blocks);

    let (hands_on, transactions) = handing_on.build(
        service.clone(),
        sync.clone(),
        Arc::new(TransactionPoolAdapter::new(pool, client.clone())),
        registry,
    )?;
    let networking = Some("networking");
    spawner.spawn_blocking("network-transactions-handler", networking, hands_on.run());
    spawner.spawn_blocking(
        "chain-sync-network-service-provider",
        networking,
        provider.run(Arc::new(service.clone())),
    );
    let link = sync.clone();
    spawner.spawn("import-queue", None, async move { import_queue.run(&*link).await });

    let (system, questions) = tracing_unbounded("mpsc_system_rpc", SYSTEM_QUESTIONS);
    let answers = sc_service::build_system_rpc_future::<_, _, Hash>(
        config.role,
        service.clone(),
        sync.clone(),
        client.clone(),
        questions,
        !config.network.boot_nodes.is_empty(),
    );
    spawner.spawn("system-rpc-handler", networking, answers);
    let runs = run(worker, client.clone(), sync.clone(), config.announce_block);
    // A node without network had better stop.
    essential.spawn_blocking("network-worker", networking, runs);
    spawner.spawn("members", networking, members.follow(client, service.clone(), blocks));

    Ok(Network { service, sync, transactions, system, protocols })
}

/// The network's configuration while the protocols are added on which this node answers.
struct Answering<'a> {
    net: FullNetworkConfiguration<Block, Hash, Libp2p>,
    members: &'a Arc<Members>,
    spawner: &'a sc_service::SpawnTaskHandle,
}

impl Answering<'_> {
    /// Adds a protocol behind the gate.
    fn add(&mut self, mut protocol: RequestResponseConfig) {
        self.members.guard(&mut protocol, self.spawner);
        self.net.add_request_response_protocol(protocol);
    }
}

/// Adds the protocols of GRANDPA and BEEFY.
fn consensus(
    config: &Configuration,
    client: &Arc<FullClient>,
    answering: &mut Answering<'_>,
    metrics: &NotificationMetrics,
) -> Protocols {
    let genesis = client.info().genesis_hash;
    let fork_id = config.chain_spec.fork_id();
    let peers = answering.net.peer_store_handle();

    let grandpa = sc_consensus_grandpa::protocol_standard_name(&genesis, &config.chain_spec);
    let (protocol, grandpa_notifications) = grandpa_peers_set_config::<Block, Libp2p>(
        grandpa.clone(),
        metrics.clone(),
        Arc::clone(&peers),
    );
    answering.net.add_notification_protocol(protocol);

    // As BEEFY's own, but for peers of whom synchronisation does not know: it has none here.
    let beefy = sc_consensus_beefy::gossip_protocol_name(genesis, fork_id);
    let (protocol, beefy_notifications) =
        <Libp2p as NetworkBackend<Block, Hash>>::notification_config(
            beefy.clone(),
            Vec::new(),
            CHECKPOINT_VOTE,
            None,
            SetConfig {
                in_peers: 0,
                out_peers: 0,
                reserved_nodes: Vec::new(),
                non_reserved_mode: NonReservedPeerMode::Deny,
            },
            metrics.clone(),
            peers,
        );
    answering.net.add_notification_protocol(protocol);

    let (beefy_justifications, protocol) =
        BeefyJustifsRequestHandler::<Block, FullClient>::new::<_, Libp2p>(
            genesis,
            fork_id,
            client.clone(),
            config.prometheus_registry().cloned(),
        );
    answering.add(protocol);

    Protocols { grandpa, grandpa_notifications, beefy, beefy_notifications, beefy_justifications }
}

/// What synchronisation asks others for, beside blocks.
struct Asked {
    state: ProtocolName,
    warp: ProtocolName,
    proofs: Arc<dyn WarpSyncProvider<Block>>,
}

/// Adds the protocols on which state and proofs of finality are asked for.
fn add_synchronisation(
    config: &Configuration,
    client: &Arc<FullClient>,
    backend: &Arc<FullBackend>,
    grandpa: &LinkHalf<Block, FullClient, SelectChain>,
    answering: &mut Answering<'_>,
) -> Asked {
    let protocol_id = config.protocol_id();
    let fork_id = config.chain_spec.fork_id();
    let networking = Some("networking");
    let peers = config.network.default_peers_set_num_full as usize
        + config.network.default_peers_set.reserved_nodes.len();
    let (answers, protocol) =
        StateRequestHandler::new::<Libp2p>(&protocol_id, fork_id, client.clone(), peers);
    let state = protocol.protocol_name().clone();
    answering.spawner.spawn("state-request-handler", networking, answers.run());
    answering.add(protocol);

    let proofs = Arc::new(warp_proof::NetworkProvider::new(
        backend.clone(),
        grandpa.shared_authority_set().clone(),
        Vec::new(),
    ));
    let (answers, protocol) = WarpRequestHandler::new::<_, Libp2p>(
        protocol_id,
        client.info().genesis_hash,
        fork_id,
        proofs.clone(),
    );
    let warp = protocol.protocol_name().clone();
    answering.spawner.spawn("warp-sync-request-handler", networking, answers.run());
    answering.add(protocol);
    Asked { state, warp, proofs }
}

/// How a new node gets what the others have.
fn sync_mode<C: BlockBackend<Block>>(
    config: &Configuration,
    client: &C,
) -> Result<SyncMode, Error> {
    let mode = config.network.sync_mode;
    if client.requires_full_sync() && mode != SyncMode::Full {
        return Err(Error::Other(
            "a node that keeps all blocks and states (--state-pruning archive) has to execute them: start it \
             with --sync full"
                .into(),
        ));
    }
    Ok(mode)
}

/// Drives the network, and tells synchronisation of blocks as they come. Ends when the client or the network does.
async fn run(
    worker: Libp2p,
    client: Arc<FullClient>,
    sync: Arc<SyncingService<Block>>,
    announces: bool,
) {
    let mut imported = client.import_notification_stream();
    let mut finalised = client.finality_notification_stream();
    let driven = NetworkBackend::<Block, Hash>::run(worker);
    tokio::pin!(driven);
    loop {
        tokio::select! {
            block = imported.next() => {
                let Some(block) = block else { return };
                if announces {
                    sync.announce_block(block.hash, None);
                }
                if block.is_new_best {
                    sync.new_best_block_imported(block.hash, block.header.number);
                }
            }
            Some(block) = finalised.next() => sync.on_block_finalized(block.hash, block.header),
            () = &mut driven => {
                log::warn!("the network has ended: unless the node was told to stop, start it again");
                return;
            }
        }
    }
}
