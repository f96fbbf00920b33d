//! Keeps a node's pool full with transactions that were signed in advance.

use std::time::{Duration, Instant};

use futures::{stream::FuturesUnordered, StreamExt};
use smartlink_chain::{Chain, ChainError};
use tokio::{sync::watch, time::timeout};

use super::window::{count, Counted, Window};
use crate::{table::grouped, Error};

/// Transactions on their way to the node at the same time.
const ON_THE_WAY: usize = 32;
/// How long the node may include nothing.
const SILENCE: Duration = Duration::from_secs(60);
/// How often progress is printed.
const PROGRESS: Duration = Duration::from_secs(5);

/// Load for a node.
pub(super) struct Pressure {
    /// Signed transactions, in the order of sending.
    pub signed: Vec<Vec<u8>>,
    /// How many wait in the pool at most.
    pub depth: u64,
    /// What is counted.
    pub counted: Counted,
    /// For how long.
    pub seconds: u64,
}

/// Sends the load, and measures the blocks that it fills.
///
/// # Errors
/// The node refused it, fell silent, or included nothing.
pub(super) async fn press(chain: &Chain, pressure: Pressure) -> Result<Window, Error> {
    let first = chain.best_number().await? + 1;
    let (counter, included) = watch::channel(0u64);
    let watcher = tokio::spawn(follow(chain.clone(), pressure.counted, first, counter));
    let sent = send(chain, &pressure, included).await;
    watcher.abort();
    sent?;
    let last = chain.best_number().await?;
    wait_final(chain, last).await?;
    Window::read(chain, pressure.counted, first, last, pressure.seconds).await
}

/// Counts the transactions that best blocks include, until nobody listens.
async fn follow(
    chain: Chain,
    counted: Counted,
    first: u64,
    counter: watch::Sender<u64>,
) -> Result<(), ChainError> {
    let mut next = first;
    let mut heads = chain.best_blocks().await?;
    while let Some(head) = heads.next().await {
        let head = head.map_err(ChainError::query("the next best block"))?;
        // Streams of best blocks skip some and go back.
        while next <= head.number() {
            let load = count(&chain.at_number(next).await?, counted).await?;
            counter.send_modify(|included| *included += load.transactions);
            next += 1;
        }
    }
    Ok(())
}

async fn send(
    chain: &Chain,
    pressure: &Pressure,
    mut included: watch::Receiver<u64>,
) -> Result<(), Error> {
    let mut on_the_way = FuturesUnordered::new();
    let (mut sent, mut printed) = (0u64, Instant::now());
    let mut began = None;
    for bytes in &pressure.signed {
        while sent.saturating_sub(*included.borrow_and_update()) >= pressure.depth {
            next_block(&mut included).await?;
        }
        if *included.borrow() > 0 {
            let began = *began.get_or_insert_with(Instant::now);
            if began.elapsed() > Duration::from_secs(pressure.seconds) {
                break;
            }
        }
        if on_the_way.len() >= ON_THE_WAY {
            if let Some(answer) = on_the_way.next().await {
                let _: smartlink_chain::subxt::utils::H256 = answer?;
            }
        }
        on_the_way.push(chain.send(bytes));
        sent += 1;
        if printed.elapsed() > PROGRESS {
            printed = Instant::now();
            println!(
                "  {} transactions sent, {} included",
                grouped(sent),
                grouped(*included.borrow())
            );
        }
    }
    while let Some(answer) = on_the_way.next().await {
        answer?;
    }
    // What still waits fills the rest of the window.
    let began = began.unwrap_or_else(Instant::now);
    while sent > *included.borrow_and_update()
        && began.elapsed() < Duration::from_secs(pressure.seconds)
    {
        next_block(&mut included).await?;
    }
    Ok(())
}

async fn next_block(included: &mut watch::Receiver<u64>) -> Result<(), Error> {
    match timeout(SILENCE, included.changed()).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) => Err(Error::Asked(
            "the node ended the subscription to its blocks: look at its log".to_owned(),
        )),
        Err(_) => {
            let what = "inclusion of the load".to_owned();
            Err(ChainError::TimedOut { what, seconds: SILENCE.as_secs() }.into())
        }
    }
}

/// Waits until a block is final.
async fn wait_final(chain: &Chain, number: u64) -> Result<(), Error> {
    let deadline = Instant::now() + Duration::from_secs(180);
    while chain.finalized_number().await? < number {
        if Instant::now() > deadline {
            return Err(ChainError::TimedOut {
                what: format!("finality of block {number}"),
                seconds: 180,
            }
            .into());
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    Ok(())
}
