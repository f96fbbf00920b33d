//! How long after the notice of its finality a block is found in the index.

use std::time::{Duration, Instant};

use smartlink_chain::Chain;

use super::indexer::Indexer;
use crate::Error;

/// How long a block may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// Between two questions whether a block is there: each costs some milliseconds of a processor that others need.
const LOOK: Duration = Duration::from_millis(8);

/// Milliseconds, in order.
pub(super) struct Times(Vec<f64>);

impl Times {
    /// The least time within which that part of the blocks was there.
    pub fn quantile(&self, part: f64) -> f64 {
        let place = (part * self.0.len() as f64).ceil() as usize;
        self.0.get(place.max(1) - 1).copied().unwrap_or(f64::NAN)
    }

    pub fn count(&self) -> usize {
        self.0.len()
    }
}

/// Follows the chain, and looks for each block in ClickHouse from the moment at which the node tells that it is final.
pub(super) async fn measure(
    indexer: &Indexer,
    chain: &Chain,
    seconds: u64,
) -> Result<Times, Error> {
    let mut follower = indexer.follow()?;
    let failed = |error: smartlink_chain::raw::RawError| Error::Asked(error.to_string());
    let mut heads = chain.finalized_heads().await.map_err(failed)?;
    // What became final before is caught up with first.
    let first = heads.next(PATIENCE).await.map_err(failed)?;
    appears(indexer, first.ok_or_else(silent)?).await?;
    let (end, mut times) = (Instant::now() + Duration::from_secs(seconds), Vec::new());
    while Instant::now() < end {
        let height = heads.next(PATIENCE).await.map_err(failed)?.ok_or_else(silent)?;
        let noticed = Instant::now();
        appears(indexer, height).await?;
        times.push(noticed.elapsed().as_secs_f64() * 1_000.0);
        if let Ok(Some(status)) = follower.try_wait() {
            return Err(Error::Asked(format!("the indexer ended by itself: {status}")));
        }
    }
    let _ = follower.kill().await;
    times.sort_by(f64::total_cmp);
    Ok(Times(times))
}

fn silent() -> Error {
    Error::Asked("the node tells of no final block: look at its log".to_owned())
}

/// Waits until a block is found.
async fn appears(indexer: &Indexer, height: u32) -> Result<(), Error> {
    let sql = format!("SELECT count() FROM blocks WHERE number = {height}");
    let began = Instant::now();
    loop {
        let found = indexer.store.query(&sql).fetch_one::<u64>().await;
        if found.map_err(|error| Error::Asked(format!("{sql}: {error}")))? > 0 {
            return Ok(());
        }
        if began.elapsed() > PATIENCE {
            return Err(Error::Asked(format!(
                "block {height} is not in the index after {} s",
                PATIENCE.as_secs()
            )));
        }
        tokio::time::sleep(LOOK).await;
    }
}

#[cfg(test)]
mod tests {
    use super::Times;

    #[test]
    fn quantiles_are_times_that_occurred() {
        let times = Times((1..=60).map(f64::from).collect());
        assert_eq!(
            (times.quantile(0.5), times.quantile(0.99), times.quantile(1.0)),
            (30.0, 60.0, 60.0)
        );
    }
}
