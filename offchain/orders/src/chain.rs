//! What the service learns from the chain: the tariffs, and which of its batches are final.
//!
//! It asks rather than listens: each round reads the state of the last final block, so nothing is missed
//! however long the chain, the node or this service was away.

use crate::{
    command::{Ask, Command},
    service::{Orders, ServiceError},
    Engine, Refusal,
};
use smartlink_chain::{queries, At, Chain, ChainError};
use smartlink_primitives::{BatchNumber, CityCode, CompanyId};
use std::time::Duration;
use tokio::{sync::watch, time};

/// Time between two looks at the last final block: a block of the chain.
const ROUND: Duration = Duration::from_secs(2);
/// How long a connection and a round may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// The longest time between two attempts to reach the node.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Why a round failed. The next one begins where this one did.
#[derive(Debug, thiserror::Error)]
pub enum FollowError {
    /// The node.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// This service.
    #[error(transparent)]
    Orders(#[from] ServiceError),
    /// The node says nothing.
    #[error("the node at {url} did not answer within {} s: see whether it runs", PATIENCE.as_secs())]
    Silent {
        /// Where it should be.
        url: String,
    },
}

/// Follows the chain through a node, until dropped. Reports on `up` whether the last round succeeded.
pub async fn follow(orders: Orders, node: &str, up: watch::Sender<bool>) {
    let (mut pause, mut seen) = (ROUND, 0);
    loop {
        let ended = rounds(&orders, node, &up, &mut pause, &mut seen).await;
        up.send_replace(false);
        let Err(error) = ended;
        tracing::warn!(%error, again_in_s = pause.as_secs(), "the chain cannot be followed");
        time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

async fn rounds(
    orders: &Orders,
    node: &str,
    up: &watch::Sender<bool>,
    pause: &mut Duration,
    seen: &mut u64,
) -> Result<std::convert::Infallible, FollowError> {
    let chain = Chain::connect(node, PATIENCE).await?;
    let mut ticks = time::interval(ROUND);
    ticks.set_missed_tick_behavior(time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let round = time::timeout(PATIENCE, round(orders, &chain, seen)).await;
        round.map_err(|_| FollowError::Silent { url: node.to_owned() })??;
        up.send_replace(true);
        *pause = ROUND;
    }
}

async fn round(orders: &Orders, chain: &Chain, seen: &mut u64) -> Result<(), FollowError> {
    // A node that is behind would tell old tariffs, and a number that was used long ago.
    if chain.is_syncing().await? {
        return Ok(());
    }
    let at = chain.at_finalized().await?;
    if at.block_number() <= *seen {
        return Ok(());
    }
    let of = orders.look(|engine| {
        let open = engine.batches().open().keys().copied().collect::<Vec<_>>();
        (engine.rules().company, engine.rules().city, engine.batches().next(), open)
    });
    let (company, city, next, open) = of.await?;
    read_tariffs(orders, &at, company, city).await?;
    let totals = queries::totals(&at, company).await?;
    if next == 0 {
        tell(orders, Ask::BatchesBegin(totals.batches + 1)).await?;
    } else if totals.batches >= next {
        halt(orders).await?;
    }
    for number in open.into_iter().filter(|number| *number <= totals.batches) {
        read_batch(orders, &at, company, number).await?;
    }
    *seen = at.block_number();
    Ok(())
}

async fn read_tariffs(
    orders: &Orders,
    at: &At,
    company: CompanyId,
    city: CityCode,
) -> Result<(), FollowError> {
    let tariffs = queries::tariffs(at, company, city).await?;
    tell(orders, Ask::Tariffs(tariffs)).await
}

async fn read_batch(
    orders: &Orders,
    at: &At,
    company: CompanyId,
    number: u64,
) -> Result<(), FollowError> {
    let Some(record) = queries::batch(at, company, BatchNumber(number)).await? else {
        tracing::error!(number, "the chain has forgotten a batch before this service saw it: it keeps them for a long time, so this service was away for longer");
        return Ok(());
    };
    let settled = Ask::BatchSettled {
        number,
        evidence_root: record.evidence_root,
        block: record.block,
        receipts_root: record.receipts_root,
    };
    tell(orders, settled).await
}

async fn tell(orders: &Orders, ask: Ask) -> Result<(), FollowError> {
    match orders.submit(Command { key: 0, ask }).await {
        Ok(_) => Ok(()),
        Err(ServiceError::Refused(Refusal::ForeignBatch)) => halt(orders).await,
        Err(error) => Err(error.into()),
    }
}

/// The chain has settled a batch of this company that this service did not make. Which rides it paid is
/// not known here, so none goes out until a person has looked.
async fn halt(orders: &Orders) -> Result<(), FollowError> {
    tracing::error!("{}", Refusal::ForeignBatch);
    orders.look(Engine::halt_batches).await?;
    Ok(())
}
