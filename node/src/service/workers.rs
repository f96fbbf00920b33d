//! What runs in a node beside the import of blocks.

use super::{
    partial::{inherents, JUSTIFICATION_PERIOD},
    written, BeefyId, BlockImport, FullBackend, FullClient, SelectChain, TransactionPool,
};
use futures::{FutureExt, StreamExt};
use mmr_gadget::MmrGadget;
use sc_authority_discovery::WorkerConfig;
use sc_basic_authorship::ProposerFactory;
use sc_client_api::Backend;
use sc_consensus_babe::{BabeLink, BabeParams, SlotProportion};
use sc_consensus_beefy::{
    communication::request_response::BeefyJustifsRequestHandler, BeefyNetworkParams, BeefyParams,
    BeefyVoterLinks,
};
use sc_consensus_grandpa::{GrandpaParams, LinkHalf, SharedVoterState, VotingRulesBuilder};
use sc_network::{
    service::traits::NetworkService, Event, NetworkEventStream, NotificationService, ProtocolName,
};
use sc_network_sync::SyncingService;
use sc_offchain::{OffchainWorkerOptions, OffchainWorkers};
use sc_service::{Error, Role, TaskManager};
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use smartlink_runtime::opaque::Block;
use sp_consensus_beefy::mmr::MmrRootProvider;
use sp_keystore::KeystorePtr;
use std::{marker::PhantomData, sync::Arc, time::Duration};
use substrate_prometheus_endpoint::Registry;

/// The part of a slot in which its author fills the block. The rest is for everybody else to import
/// it.
const PROPOSING: f32 = 0.5;

/// The largest block that an author makes. A block travels in one answer of the network, which
/// holds 16 MiB with headers and justifications; the runtime's own limit is below this.
const BLOCK_BYTES: usize = 15 * 1024 * 1024;

/// Finalised blocks from one signed checkpoint to the next, at least.
const CHECKPOINT_PERIOD: u32 = 4;

/// How long a finality message takes to reach everybody.
const GOSSIP: Duration = Duration::from_millis(333);

/// What all workers share.
pub struct Workers<'a> {
    /// The node's client.
    pub client: Arc<FullClient>,
    /// The database.
    pub backend: Arc<FullBackend>,
    /// Extrinsics that wait.
    pub pool: Arc<TransactionPool>,
    /// The node's session keys.
    pub keystore: KeystorePtr,
    /// Peers and messages.
    pub network: Arc<dyn NetworkService>,
    /// The state of synchronisation.
    pub sync: Arc<SyncingService<Block>>,
    /// Whether the node is a validator.
    pub role: Role,
    /// The metrics.
    pub registry: Option<Registry>,
    /// Runs the workers.
    pub tasks: &'a TaskManager,
}

/// What the checkpoint voter needs besides.
pub struct Checkpoints {
    /// To import and RPC.
    pub links: BeefyVoterLinks<Block, BeefyId>,
    /// The name of the vote protocol.
    pub protocol: ProtocolName,
    /// Votes on the network.
    pub notifications: Box<dyn NotificationService>,
    /// Answers peers that lack a signed checkpoint.
    pub justifications: BeefyJustifsRequestHandler<Block, FullClient>,
}

/// What the finality voter needs besides.
pub struct Finality {
    /// The node's name.
    pub name: String,
    /// To import.
    pub link: LinkHalf<Block, FullClient, SelectChain>,
    /// The name of the vote protocol.
    pub protocol: ProtocolName,
    /// Votes on the network.
    pub notifications: Box<dyn NotificationService>,
    /// What RPC tells about the rounds.
    pub voter_state: SharedVoterState,
}

impl Workers<'_> {
    /// Makes a block in every slot that falls to this node.
    pub fn author(
        &self,
        select_chain: SelectChain,
        block_import: BlockImport,
        babe_link: BabeLink<Block>,
        force_authoring: bool,
    ) -> Result<(), Error> {
        let mut proposer = ProposerFactory::new(
            self.tasks.spawn_handle(),
            self.client.clone(),
            self.pool.clone(),
            self.registry.as_ref(),
            None,
        );
        proposer.set_default_block_size_limit(BLOCK_BYTES);
        let slot_duration = babe_link.config().slot_duration();
        let babe = sc_consensus_babe::start_babe(BabeParams {
            keystore: self.keystore.clone(),
            client: self.client.clone(),
            select_chain,
            env: proposer,
            block_import,
            sync_oracle: self.sync.clone(),
            justification_sync_link: self.sync.clone(),
            create_inherent_data_providers: inherents(slot_duration),
            force_authoring,
            // Companies keep settling while finality waits for an absent validator.
            backoff_authoring_blocks: None::<()>,
            babe_link,
            block_proposal_slot_portion: SlotProportion::new(PROPOSING),
            max_block_proposal_slot_portion: None,
            telemetry: None,
        })?;
        self.essential("babe-proposer", Some("block-authoring"), babe);
        Ok(())
    }

    /// Publishes this validator's addresses and finds those of the others.
    pub fn discover_authorities(&self, config: WorkerConfig) {
        let events = self.network.event_stream("authority-discovery");
        let found = events.filter_map(|event| async move {
            match event {
                Event::Dht(found) => Some(found),
                _ => None,
            }
        });
        let (worker, _service) =
            sc_authority_discovery::new_worker_and_service_with_config::<FullClient, Block, _>(
                config,
                self.client.clone(),
                Arc::new(self.network.clone()),
                Box::pin(found),
                sc_authority_discovery::Role::PublishAndDiscover(self.keystore.clone()),
                self.registry.clone(),
                self.tasks.spawn_handle(),
            );
        self.tasks.spawn_handle().spawn(
            "authority-discovery-worker",
            Some("networking"),
            worker.run(),
        );
    }

    /// Signs the root of the MMR every few finalised blocks, and follows what others sign. Nodes
    /// that are no validators follow.
    pub fn sign_checkpoints(&self, checkpoints: Checkpoints) {
        let Checkpoints { links, protocol, notifications, justifications } = checkpoints;
        let gadget = sc_consensus_beefy::start_beefy_gadget(BeefyParams {
            client: self.client.clone(),
            backend: self.backend.clone(),
            payload_provider: MmrRootProvider::<Block, FullClient>::new(self.client.clone()),
            runtime: self.client.clone(),
            key_store: self.voting_keys(),
            network_params: BeefyNetworkParams {
                network: Arc::new(self.network.clone()),
                sync: self.sync.clone(),
                notification_service: notifications,
                gossip_protocol_name: protocol,
                justifications_protocol_name: justifications.protocol_name(),
                _phantom: PhantomData,
            },
            min_block_delta: CHECKPOINT_PERIOD,
            prometheus_registry: self.registry.clone(),
            links,
            on_demand_justifications_handler: justifications,
            is_authority: self.role.is_authority(),
        });
        self.essential("beefy-gadget", None, gadget);
    }

    /// Moves the MMR's nodes of finalised blocks to where proofs find them.
    pub fn keep_mmr(&self) {
        let gadget = MmrGadget::<Block, FullBackend, FullClient>::start(
            self.client.clone(),
            self.backend.clone(),
            sp_mmr_primitives::INDEXING_PREFIX.to_vec(),
        );
        self.essential("mmr-gadget", None, gadget);
    }

    /// Votes for finality when the node is a validator, and follows the votes in any case.
    pub fn finalize(&self, finality: Finality) -> Result<(), Error> {
        let Finality { name, link, protocol, notifications, voter_state } = finality;
        let voter = sc_consensus_grandpa::run_grandpa_voter(GrandpaParams {
            config: sc_consensus_grandpa::Config {
                gossip_duration: GOSSIP,
                justification_generation_period: JUSTIFICATION_PERIOD,
                observer_enabled: false,
                local_role: self.role,
                name: Some(name),
                keystore: self.voting_keys(),
                telemetry: None,
                protocol_name: protocol,
            },
            link,
            network: self.network.clone(),
            sync: self.sync.clone(),
            notification_service: notifications,
            voting_rule: VotingRulesBuilder::<Block, FullClient>::default().build(),
            prometheus_registry: self.registry.clone(),
            shared_voter_state: voter_state,
            telemetry: None,
            offchain_tx_pool_factory: OffchainTransactionPoolFactory::new(self.pool.clone()),
        })?;
        self.essential("grandpa-voter", None, voter);
        Ok(())
    }

    /// Ends the node when the database did not take a block.
    pub fn watch_database(&self) {
        self.essential("database-watch", None, written::watch(self.backend.clone()));
    }

    /// Runs the runtime's off-chain workers after every new best block.
    pub fn run_offchain_workers(&self) -> Result<(), Error> {
        let workers = OffchainWorkers::new(OffchainWorkerOptions {
            runtime_api_provider: self.client.clone(),
            keystore: Some(self.keystore.clone()),
            offchain_db: self.backend.offchain_storage(),
            transaction_pool: Some(OffchainTransactionPoolFactory::new(self.pool.clone())),
            network_provider: Arc::new(self.network.clone()),
            is_validator: self.role.is_authority(),
            enable_http_requests: true,
            custom_extensions: |_| Vec::new(),
        })?;
        self.tasks.spawn_handle().spawn(
            "offchain-workers-runner",
            "offchain-worker",
            workers.run(self.client.clone(), self.tasks.spawn_handle()).boxed(),
        );
        Ok(())
    }

    /// A node that is no validator must not vote, whatever keys it holds.
    fn voting_keys(&self) -> Option<KeystorePtr> {
        self.role.is_authority().then(|| self.keystore.clone())
    }

    /// Runs a worker without which the node is better stopped, so that somebody notices.
    fn essential(
        &self,
        name: &'static str,
        group: Option<&'static str>,
        worker: impl std::future::Future<Output = ()> + Send + 'static,
    ) {
        self.tasks.spawn_essential_handle().spawn_blocking(name, group, worker);
    }
}
