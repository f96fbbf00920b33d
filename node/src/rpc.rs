//! What a node answers over JSON-RPC, besides what every Substrate node does (chain, state, author,
//! system, chainHead, archive), which the service adds by itself.

mod smartlink;
mod wide;

use crate::service::{BeefyId, FullBackend, FullClient, SelectChain, TransactionPool};
use jsonrpsee::RpcModule;
use mmr_rpc::{Mmr, MmrApiServer};
use pallet_transaction_payment_rpc::{TransactionPayment, TransactionPaymentApiServer};
use sc_client_api::Backend;
use sc_consensus_babe::BabeWorkerHandle;
use sc_consensus_babe_rpc::{Babe, BabeApiServer};
use sc_consensus_beefy::BeefyRPCLinks;
use sc_consensus_beefy_rpc::{Beefy, BeefyApiServer};
use sc_consensus_grandpa::{
    FinalityProofProvider, GrandpaJustificationStream, SharedAuthoritySet, SharedVoterState,
};
use sc_consensus_grandpa_rpc::{Grandpa, GrandpaApiServer};
use sc_rpc::SubscriptionTaskExecutor;
use smartlink::{Smartlink, SmartlinkRpcServer};
use smartlink_runtime::{opaque::Block, AccountId, BlockNumber, Hash, Nonce};
use sp_keystore::KeystorePtr;
use std::{error::Error, sync::Arc};
use substrate_frame_rpc_system::{System, SystemApiServer};

/// Where the answers come from.
pub struct Sources {
    /// The node's client.
    pub client: Arc<FullClient>,
    /// The database.
    pub backend: Arc<FullBackend>,
    /// Extrinsics that wait.
    pub pool: Arc<TransactionPool>,
    /// Chooses the best chain.
    pub select_chain: SelectChain,
    /// The node's session keys.
    pub keystore: KeystorePtr,
    /// Answers questions about epochs.
    pub babe_worker: BabeWorkerHandle<Block>,
    /// The finality voters.
    pub authority_set: SharedAuthoritySet<Hash, BlockNumber>,
    /// The finality rounds.
    pub voter_state: SharedVoterState,
    /// Finality justifications as they come.
    pub justifications: GrandpaJustificationStream<Block>,
    /// Proves that a block is final.
    pub finality_proofs: Arc<FinalityProofProvider<FullBackend, Block>>,
    /// Signed checkpoints as they come.
    pub beefy: BeefyRPCLinks<Block, BeefyId>,
}

/// Composes the methods.
pub fn module(
    sources: &Sources,
    executor: SubscriptionTaskExecutor,
) -> Result<RpcModule<()>, Box<dyn Error + Send + Sync>> {
    let client = &sources.client;
    let mut module = RpcModule::new(());

    let system =
        System::<TransactionPool, FullClient, Block>::new(client.clone(), sources.pool.clone());
    module.merge(SystemApiServer::<Hash, AccountId, Nonce>::into_rpc(system))?;
    module.merge(TransactionPayment::<FullClient, Block>::new(client.clone()).into_rpc())?;
    module.merge(
        Babe::new(
            client.clone(),
            sources.babe_worker.clone(),
            sources.keystore.clone(),
            sources.select_chain.clone(),
        )
        .into_rpc(),
    )?;
    module.merge(
        Grandpa::new(
            executor.clone(),
            sources.authority_set.clone(),
            sources.voter_state.clone(),
            sources.justifications.clone(),
            sources.finality_proofs.clone(),
        )
        .into_rpc(),
    )?;
    module.merge(
        Beefy::<Block, BeefyId>::new(
            sources.beefy.from_voter_justif_stream.clone(),
            sources.beefy.from_voter_best_beefy_stream.clone(),
            executor,
        )?
        .into_rpc(),
    )?;
    let offchain_storage = sources.backend.offchain_storage().ok_or(
        "the database keeps no off-chain storage, which MMR proofs are read from: start the node \
         with --database rocksdb or --database paritydb",
    )?;
    module.merge(
        Mmr::<FullClient, (Block, Hash), _>::new(client.clone(), offchain_storage).into_rpc(),
    )?;
    module.merge(Smartlink::new(client.clone()).into_rpc())?;
    Ok(module)
}
