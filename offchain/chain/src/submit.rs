//! Signs transactions, sends them, and watches what becomes of them.

use std::time::{Duration, Instant};

use subxt::{
    client::OnlineClientAtBlockImpl,
    config::DefaultExtrinsicParamsBuilder,
    error::TransactionEventsError,
    extrinsics::ExtrinsicEvents,
    tx::{Payload, TransactionInBlock, TransactionProgress, TransactionStatus},
    utils::H256,
};

use crate::{
    error::{unsent, Failure},
    signer::NextNonce,
    Account, At, Chain, ChainError, Config, SubmitError,
};

/// Blocks after the last final one after which a transaction that nobody included is void. Finality may
/// lag by minutes; the chain remembers 4096 blocks' hashes.
const LIFETIME_BLOCKS: u64 = 1024;
/// The same in time, at two seconds a block: whoever waits longer waits for nothing.
pub const LIFETIME: Duration = Duration::from_secs(2 * LIFETIME_BLOCKS);
/// What subxt says of a transaction whose block was not final in the time that the node watches it.
const FINALITY_TIMEOUT: &str = "Finality timeout";

type Watched = TransactionProgress<Config, OnlineClientAtBlockImpl<Config>>;
type Landed = TransactionInBlock<Config, OnlineClientAtBlockImpl<Config>>;

/// A transaction in the node's pool.
pub struct Pending {
    call: String,
    sent: Instant,
    nonce: NextNonce,
    progress: Watched,
    in_block_after: Option<Duration>,
}

/// A transaction that succeeded in a block.
#[derive(Debug)]
pub struct Included {
    /// The block's hash.
    pub block: H256,
    /// The block's height.
    pub number: u64,
    /// What happened in the transaction.
    pub events: ExtrinsicEvents<Config>,
    /// Time from sending to the first block.
    pub in_block_after: Duration,
    /// Time from sending until its block was final. `None` when nobody waited for that.
    pub final_after: Option<Duration>,
}

impl Included {
    /// The first event of a kind in this transaction.
    ///
    /// # Errors
    /// There is none, or it cannot be read.
    pub fn event<E: subxt::events::DecodeAsEvent>(
        &self,
        what: &'static str,
    ) -> Result<E, ChainError> {
        match self.events.find_first::<E>() {
            Some(event) => event.map_err(ChainError::query(what)),
            None => Err(ChainError::Missing { what: format!("event {what} in the transaction") }),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    InBlock,
    Final,
}

impl Stage {
    const fn name(self) -> &'static str {
        match self {
            Self::InBlock => "in a block",
            Self::Final => "final",
        }
    }
}

impl Chain {
    /// Signs a call and puts it into the node's pool. Transactions of one account may be in flight side
    /// by side: they are numbered in the order of these calls.
    ///
    /// # Errors
    /// The node refused it, or it is unknown whether it took it.
    pub async fn submit<C: Payload>(
        &self,
        account: &Account,
        call: &C,
    ) -> Result<Pending, SubmitError> {
        let name = call_name(call);
        let at = self.at_finalized().await?;
        let mut nonce = account.nonce.lock().await;
        let next = match *nonce {
            Some(next) => next,
            None => self.next_nonce(account).await?,
        };
        let bytes = sign_mortal(&at, account, call, next)?;
        let sent = Instant::now();
        match at.tx().from_bytes(bytes).submit_and_watch().await {
            Ok(progress) => {
                *nonce = Some(next + 1);
                tracing::debug!(call = name, account = account.name(), nonce = next, "submitted");
                Ok(Pending {
                    call: name,
                    sent,
                    nonce: account.nonce.clone(),
                    progress,
                    in_block_after: None,
                })
            }
            Err(error) => {
                // The node counts what is in its pool. When it does not answer, it is asked next time.
                *nonce = self.next_nonce(account).await.ok();
                Err(unsent(name, &error))
            }
        }
    }

    /// Submits a call and waits until its block is final.
    ///
    /// # Errors
    /// It was refused, failed, or was not final within `patience`.
    pub async fn execute<C: Payload>(
        &self,
        account: &Account,
        call: &C,
        patience: Duration,
    ) -> Result<Included, SubmitError> {
        self.submit(account, call).await?.finalized(patience).await
    }

    /// Submits a call and waits until it is in a block, which may still be given up for another.
    ///
    /// # Errors
    /// It was refused, failed, or was in no block within `patience`.
    pub async fn execute_in_block<C: Payload>(
        &self,
        account: &Account,
        call: &C,
        patience: Duration,
    ) -> Result<Included, SubmitError> {
        self.submit(account, call).await?.in_block(patience).await
    }

    /// Sends a signed transaction into the pool without watching it.
    ///
    /// # Errors
    /// The node refused it, or did not answer.
    pub async fn send(&self, bytes: &[u8]) -> Result<H256, ChainError> {
        self.legacy
            .author_submit_extrinsic(bytes)
            .await
            .map_err(ChainError::query("room in its pool"))
    }
}

impl Pending {
    /// Waits until the transaction's block is final.
    ///
    /// # Errors
    /// It failed, was dropped, or was not final within `patience`.
    pub async fn finalized(self, patience: Duration) -> Result<Included, SubmitError> {
        self.wait(Stage::Final, patience).await
    }

    /// Waits until the transaction is in a block.
    ///
    /// # Errors
    /// It failed, was dropped, or was in no block within `patience`.
    pub async fn in_block(self, patience: Duration) -> Result<Included, SubmitError> {
        self.wait(Stage::InBlock, patience).await
    }

    async fn wait(mut self, stage: Stage, patience: Duration) -> Result<Included, SubmitError> {
        let reached = match tokio::time::timeout(patience, self.reach(stage)).await {
            Ok(reached) => reached,
            Err(_) => Err(SubmitError::TimedOut {
                call: self.call.clone(),
                stage: stage.name(),
                seconds: patience.as_secs(),
            }),
        };
        if let Err(SubmitError::Dropped { .. } | SubmitError::Unknown { .. }) = reached {
            // The nonce may have become free again: ask the chain next time. After a mere time-out it is
            // still taken.
            *self.nonce.lock().await = None;
        }
        self.outcome(reached?, stage).await
    }

    async fn reach(&mut self, stage: Stage) -> Result<Landed, SubmitError> {
        while let Some(status) = self.progress.next().await {
            let status = match status {
                Ok(status) => status,
                Err(error) => return Err(self.unknown(error.to_string())),
            };
            match status {
                TransactionStatus::InBestBlock(block) => {
                    self.in_block_after.get_or_insert(self.sent.elapsed());
                    if stage == Stage::InBlock {
                        return Ok(block);
                    }
                }
                TransactionStatus::InFinalizedBlock(block) => return Ok(block),
                TransactionStatus::Dropped { message } if message == FINALITY_TIMEOUT => {
                    return Err(self.unknown("its block is not final yet".to_owned()));
                }
                TransactionStatus::Error { message: reason }
                | TransactionStatus::Invalid { message: reason }
                | TransactionStatus::Dropped { message: reason } => {
                    return Err(SubmitError::Dropped { call: self.call.clone(), reason });
                }
                _ => {}
            }
        }
        Err(self.unknown("the node ended the subscription".to_owned()))
    }

    fn unknown(&self, reason: String) -> SubmitError {
        SubmitError::Unknown { call: self.call.clone(), reason }
    }

    async fn outcome(self, block: Landed, stage: Stage) -> Result<Included, SubmitError> {
        let elapsed = self.sent.elapsed();
        let at = block.at().await.map_err(ChainError::query("a transaction's block"))?;
        let events = match block.wait_for_success().await {
            Ok(events) => events,
            Err(TransactionEventsError::ExtrinsicFailed(error)) => {
                return Err(SubmitError::Failed { call: self.call, failure: Failure::from(error) });
            }
            Err(other) => return Err(ChainError::query("a transaction's events")(other).into()),
        };
        Ok(Included {
            block: block.block_hash(),
            number: at.block_number(),
            events,
            in_block_after: self.in_block_after.unwrap_or(elapsed),
            final_after: (stage == Stage::Final).then_some(elapsed),
        })
    }
}

/// Signs a call so that it is void some blocks after `at`.
///
/// # Errors
/// The call does not fit the chain's metadata.
pub fn sign_mortal<C: Payload>(
    at: &At,
    account: &Account,
    call: &C,
    nonce: u64,
) -> Result<Vec<u8>, SubmitError> {
    let params = DefaultExtrinsicParamsBuilder::<Config>::new()
        .nonce(nonce)
        .mortal_from_unchecked(LIFETIME_BLOCKS, at.block_number(), at.block_hash())
        .build();
    sign(at, account, call, params)
}

/// Signs a call that stays valid until its nonce is used: for load prepared in advance.
///
/// # Errors
/// The call does not fit the chain's metadata.
pub fn sign_immortal<C: Payload>(
    at: &At,
    account: &Account,
    call: &C,
    nonce: u64,
) -> Result<Vec<u8>, SubmitError> {
    let params = DefaultExtrinsicParamsBuilder::<Config>::new().nonce(nonce).immortal().build();
    sign(at, account, call, params)
}

fn sign<C: Payload>(
    at: &At,
    account: &Account,
    call: &C,
    params: subxt::config::DefaultExtrinsicParams<Config>,
) -> Result<Vec<u8>, SubmitError> {
    let failed = |e: subxt::error::ExtrinsicError| SubmitError::Encode {
        call: call_name(call),
        reason: e.to_string(),
    };
    let mut signable = at.tx().create_signable_offline(call, params).map_err(failed)?;
    let signed = signable.sign(account.keypair()).map_err(failed)?;
    Ok(signed.into_encoded())
}

fn call_name<C: Payload>(call: &C) -> String {
    format!("{}::{}", call.pallet_name(), call.call_name())
}
