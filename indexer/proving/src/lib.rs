//! Proofs of what is on the chain, made from a node and verified before they are given out.
//!
//! The indexer proves what it shows with them, the relayer what Ethereum has a root for.
//!
//! ```text
//!  receipt   smartlink_receiptProof ─────────────┐
//!  anchor    smartlink_telemetryProof ───────────┤
//!  vehicle   the block that changed it last,     ├─▶ item of block B ─┐
//!            and its checkpoint's items          │                    │
//!  storage   state_getReadProof, header ─────────┘                    ├─▶ verify ─▶ Bundle
//!                                                                     │
//!  K, a block after B that BEEFY signed: justification, ──────────────┘
//!  validators, and the leaf of block B + 1 in the MMR of block K
//! ```
//!
//! K is the last block whose root the contract on Ethereum has ([`on_ethereum`]), if one is configured and K is after B; or else
//! the last that was signed.
//!
//! What a node answers is believed in nothing: of a bundle that does not verify the witness is asked for again, and then it is
//! refused with the step at which it breaks. The proofs say what they are good for by themselves (`docs/proofs.md`).

#![deny(missing_docs)]

mod config;
mod error;
pub mod items;
pub mod on_ethereum;
pub mod witness;

pub use config::{EthereumConfig, ProofsConfig};
pub use error::ProveError;

use std::{future::Future, sync::Arc, time::Duration};

use on_ethereum::Looks;
use smartlink_chain::Chain;
use smartlink_primitives::{AnchorNumber, BatchNumber, CompanyId, VehicleId};
use smartlink_proofs::{Bundle, Item};
use tokio::{
    sync::{Mutex, Semaphore},
    time::timeout,
};

/// Makes bundles. Clones share the connections and the bounds.
#[derive(Clone)]
pub struct Prover {
    shared: Arc<Shared>,
    on_ethereum: bool,
}

struct Shared {
    url: String,
    connect_in: Duration,
    patience: Duration,
    config: ProofsConfig,
    chain: Mutex<Option<Chain>>,
    /// `None`: no contract on Ethereum is configured.
    ethereum: Option<Looks>,
    /// Places for proofs that are made or wait.
    admitted: Semaphore,
    /// Places for proofs that are made.
    working: Semaphore,
}

impl Prover {
    /// Makes proofs from the node with this WebSocket, to which connecting may take so long. Nothing is asked yet.
    pub fn new(
        node: &str,
        connect_in: Duration,
        config: &ProofsConfig,
        ethereum: &EthereumConfig,
    ) -> Self {
        let shared = Arc::new(Shared {
            url: node.to_owned(),
            connect_in,
            patience: Duration::from_millis(config.patience_ms),
            chain: Mutex::default(),
            ethereum: Looks::new(ethereum),
            admitted: Semaphore::new(config.at_a_time + config.waiting),
            working: Semaphore::new(config.at_a_time),
            config: config.clone(),
        });
        Self { shared, on_ethereum: false }
    }

    /// Makes proofs by roots that are on Ethereum alone, and refuses where there is none. Otherwise such a root is taken where
    /// there is one.
    pub fn on_ethereum(&self) -> Self {
        Self { on_ethereum: true, ..self.clone() }
    }

    /// Proves what a ride paid to whom.
    ///
    /// # Errors
    /// The order is not in that batch, the batch is not signed yet, or the node cannot prove it.
    pub async fn receipt(
        &self,
        company: CompanyId,
        batch: BatchNumber,
        order: u64,
    ) -> Result<Bundle, ProveError> {
        self.make(|chain| async move { items::receipt(&chain, company, batch, order).await }).await
    }

    /// Proves a vehicle as it is since its last change.
    ///
    /// # Errors
    /// There is none of this id, its last change is not signed yet, or the node cannot prove it.
    pub async fn vehicle(&self, id: VehicleId) -> Result<Bundle, ProveError> {
        self.make(|chain| async move { items::vehicle(&chain, id).await }).await
    }

    /// Proves an anchor of a company's telemetry.
    ///
    /// # Errors
    /// There is none of this number, it is not signed yet, or the node cannot prove it.
    pub async fn anchor(
        &self,
        company: CompanyId,
        number: AnchorNumber,
    ) -> Result<Bundle, ProveError> {
        self.make(|chain| async move { items::anchor(&chain, company, number).await }).await
    }

    /// Proves what the state held under a key after a block, or that it held nothing. Without a block: the last one that can
    /// be proven.
    ///
    /// # Errors
    /// The key is too long, the block is not signed yet, or the node cannot prove it.
    pub async fn storage(&self, key: &[u8], block: Option<u32>) -> Result<Bundle, ProveError> {
        self.make(|chain| async move {
            let block = match block {
                Some(block) => block,
                // The leaf about a block is in the MMR of the next.
                None => witness::signed(&chain).await?.number.saturating_sub(1),
            };
            Ok((block, items::storage(&chain, key, block).await?))
        })
        .await
    }

    /// Makes a proof of what is found, when there is a place, and within the time that it may take.
    async fn make<F>(&self, find: impl FnOnce(Chain) -> F) -> Result<Bundle, ProveError>
    where
        F: Future<Output = Result<(u32, Item), ProveError>>,
    {
        let Shared { patience, config, admitted, working, .. } = &*self.shared;
        let busy = |_| ProveError::Busy { limit: config.at_a_time + config.waiting };
        let _admitted = admitted.try_acquire().map_err(busy)?;
        let made = timeout(*patience, async {
            let _working = working.acquire().await.map_err(|_| ProveError::Busy { limit: 0 })?;
            let chain = self.chain().await?;
            let found = find(chain.clone()).await?;
            self.bundle(&chain, found).await
        });
        let seconds = patience.as_secs();
        let made = made.await.unwrap_or(Err(ProveError::TimedOut { seconds }));
        if made.as_ref().is_err_and(ProveError::is_of_the_connection) {
            *self.shared.chain.lock().await = None;
        }
        made
    }

    /// The bundle of an item of a block: by a root that is on Ethereum where there is one, or else by the last that was signed.
    async fn bundle(&self, chain: &Chain, found: (u32, Item)) -> Result<Bundle, ProveError> {
        let why = match &self.shared.ethereum {
            Some(looks) => match looks.bundle(chain, found.clone()).await {
                Ok(bundle) => return Ok(bundle),
                Err(why) => Some(why),
            },
            None => None,
        };
        match why {
            why if self.on_ethereum => return Err(why.unwrap_or(ProveError::NoContract)),
            Some(why @ ProveError::NotHeld { .. }) => tracing::debug!(%why, "not on Ethereum"),
            Some(why) => tracing::warn!(%why, "the proof does not say where it is on Ethereum"),
            None => {}
        }
        let (block, item) = found;
        witness::bundle(chain, block, item).await
    }

    /// The connection; made anew where there is none.
    async fn chain(&self) -> Result<Chain, ProveError> {
        let mut chain = self.shared.chain.lock().await;
        if let Some(chain) = &*chain {
            return Ok(chain.clone());
        }
        let made = Chain::connect(&self.shared.url, self.shared.connect_in).await?;
        *chain = Some(made.clone());
        Ok(made)
    }
}
