//! Follows the chain for what concerns vehicles.
//!
//! It asks rather than listens: each round goes on from the last final block that was taken, so nothing is left out. Each
//! connection begins with a comparison of everything, because nobody knows what happened before; so does whoever is
//! too far behind, for a node keeps the state of a few hundred blocks only. Nothing of it is kept on disk.

use std::{convert::Infallible, future::Future, time::Duration};

use smartlink_chain::{
    vehicles::{changes, Change},
    At, Chain, ChainError,
};
use smartlink_devices::RegistryError;
use smartlink_telemetry::CommandError;
use tokio::time;

/// Time between two looks at the last final block: a block of the chain.
const ROUND: Duration = Duration::from_secs(2);
/// How long a connection and a round may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long a comparison of everything may take. A node keeps the state of the block for about as long.
const COMPARISON: Duration = Duration::from_secs(8 * 60);
/// The longest time between two attempts to reach the node.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// Blocks of one round. What is left follows in the next.
const BLOCKS: u64 = 64;
/// Who is further behind compares everything.
const BEHIND: u64 = 200;

/// What is kept in step with the chain. Everything may come twice.
pub(super) trait Mirror: Send {
    /// What it is, for the log.
    const WHAT: &'static str;

    /// Compares everything with the chain as it is at a block.
    fn compare(&mut self, at: &At) -> impl Future<Output = Result<(), LedgerError>> + Send;

    /// Takes what a block changed.
    fn take(
        &mut self,
        at: &At,
        change: Change,
    ) -> impl Future<Output = Result<(), LedgerError>> + Send;

    /// Asks the chain, as it is at the last block that was taken, about what changed on this side.
    fn ask(&mut self, at: &At) -> impl Future<Output = Result<(), LedgerError>> + Send;
}

/// Why the chain is not followed now. The next attempt compares everything.
#[derive(Debug, thiserror::Error)]
pub(super) enum LedgerError {
    /// The node.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// The registry of terminals.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// The analysis.
    #[error(transparent)]
    Analysis(#[from] CommandError),
    /// Work beside the runtime ended early.
    #[error("work on the registry ended early: {0}")]
    Work(#[from] tokio::task::JoinError),
    /// The node says nothing, or not fast enough.
    #[error("the node at {url} did not answer within {seconds} s: see whether it runs")]
    Silent {
        /// Where it should be.
        url: String,
        /// How long it was waited for.
        seconds: u64,
    },
}

/// Keeps something in step with the chain through a node, until dropped.
pub(super) async fn follow<M: Mirror>(node: &str, mut mirror: M) -> Infallible {
    let mut pause = ROUND;
    loop {
        let Err(error) = rounds(node, &mut mirror, &mut pause).await;
        tracing::warn!(what = M::WHAT, %error, again_in_s = pause.as_secs(), "the chain cannot be followed");
        time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

async fn rounds<M: Mirror>(
    node: &str,
    mirror: &mut M,
    pause: &mut Duration,
) -> Result<Infallible, LedgerError> {
    let chain = Chain::connect(node, PATIENCE).await?;
    let mut ticks = time::interval(ROUND);
    ticks.set_missed_tick_behavior(time::MissedTickBehavior::Delay);
    // The last block that was taken.
    let mut taken: Option<At> = None;
    loop {
        ticks.tick().await;
        let Some(end) = within(node, PATIENCE, last_final(&chain)).await? else { continue };
        let near = |at: &At| end.block_number().saturating_sub(at.block_number()) <= BEHIND;
        let now = match taken.filter(near) {
            Some(taken) => within(node, PATIENCE, round(&chain, mirror, taken, &end)).await?,
            None => {
                within(node, COMPARISON, mirror.compare(&end)).await?;
                tracing::info!(what = M::WHAT, block = end.block_number(), "as on the chain");
                end
            }
        };
        taken = Some(now);
        *pause = ROUND;
    }
}

/// The last final block. `None` while the node is catching up: it would tell what was long ago.
async fn last_final(chain: &Chain) -> Result<Option<At>, LedgerError> {
    if chain.is_syncing().await? {
        return Ok(None);
    }
    Ok(Some(chain.at_finalized().await?))
}

/// Takes the blocks after one, and returns the last.
async fn round(
    chain: &Chain,
    mirror: &mut impl Mirror,
    mut taken: At,
    end: &At,
) -> Result<At, LedgerError> {
    let last = end.block_number().min(taken.block_number() + BLOCKS);
    while taken.block_number() < last {
        let at = chain.at_number(taken.block_number() + 1).await?;
        for change in changes(&at).await? {
            mirror.take(&at, change).await?;
        }
        taken = at;
    }
    mirror.ask(&taken).await?;
    Ok(taken)
}

async fn within<T>(
    node: &str,
    patience: Duration,
    work: impl Future<Output = Result<T, LedgerError>>,
) -> Result<T, LedgerError> {
    let done = time::timeout(patience, work).await;
    let silent = |_| LedgerError::Silent { url: node.to_owned(), seconds: patience.as_secs() };
    done.map_err(silent)?
}
