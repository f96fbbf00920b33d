//! How far the index is, as everybody who asks sees it: as far as the copy has come.

use std::time::Duration;

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::copy::follow::Follower;
use crate::{
    domain::{block::Hash, Digest},
    infra::Index,
    Error,
};

/// The longest pause after a failure.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// The last block of the index.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tip {
    /// The first block of the index.
    pub first: u32,
    /// The height of the last. `None`: it is empty.
    pub last: Option<u32>,
    /// Its hash.
    pub hash: Hash,
    /// Its digest.
    pub digest: Digest,
    /// How often the index was begun anew.
    pub generation: u32,
    /// Whether ClickHouse has more already, and not only what came this moment.
    pub behind: bool,
}

/// Keeps the copy where the index is, until it is stopped. Whoever is told of a tip finds the rows of the blocks up to there, in
/// the copy and in ClickHouse.
pub async fn follow(
    index: Index,
    mut follower: Follower,
    every: Duration,
    tip: watch::Sender<Tip>,
    stop: CancellationToken,
) {
    let mut pause = every;
    while stop.run_until_cancelled(tokio::time::sleep(pause)).await.is_some() {
        match catch_up(&index, &mut follower, &tip, &stop).await {
            Ok(()) => pause = every,
            Err(error) => {
                pause = (pause * 2).min(LONGEST_PAUSE.max(every));
                tracing::warn!(%error, "the copy of the index cannot go on");
            }
        }
    }
    if let Err(error) = follower.end() {
        tracing::warn!(%error, "the end of the copy is read again at the next start");
    }
}

async fn catch_up(
    index: &Index,
    follower: &mut Follower,
    tip: &watch::Sender<Tip>,
    stop: &CancellationToken,
) -> Result<(), Error> {
    let to = tip_of(index).await?;
    while !stop.is_cancelled() {
        let Some(now) = follower.step(index, &to).await? else { return Ok(()) };
        tip.send_replace(now);
    }
    Ok(())
}

/// How far an index is now.
///
/// # Errors
/// ClickHouse does not say.
pub async fn tip_of(index: &Index) -> Result<Tip, Error> {
    let position = index.position().await?;
    let tip = Tip { first: index.first(), generation: index.generation(), ..Tip::default() };
    Ok(position.map_or(tip, |position| Tip {
        last: Some(position.last),
        hash: position.hash,
        digest: position.digest,
        ..tip
    }))
}
