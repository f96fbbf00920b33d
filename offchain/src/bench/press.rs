//! Keeps a node's pool full with transactions that were signed in advance.

use std::time::Duration;

use futures::{stream, stream::FuturesUnordered, StreamExt, TryStreamExt};
use smartlink_chain::{queries, AccountId32, At, Chain, ChainError};
use tokio::{
    sync::watch,
    time::{sleep, timeout_at, Instant},
};

use super::window::{Counted, Window, SLOT};
use crate::{table::grouped, Error};

/// Transactions on their way to the node at the same time.
const ON_THE_WAY: usize = 32;
/// How long the node may include nothing.
const SILENCE: Duration = Duration::from_secs(60);
/// How long it may take to empty the pool, or to make all blocks of a window final.
const DRAIN: Duration = Duration::from_secs(300);
/// How often progress is printed.
const PROGRESS: Duration = Duration::from_secs(5);
/// Accounts that are asked for at the same time.
const SIDE_BY_SIDE: usize = 64;

/// Load for a node.
pub(super) struct Pressure {
    /// Signed transactions, in the order of sending.
    pub signed: Vec<Vec<u8>>,
    /// Who signed them.
    pub senders: Vec<AccountId32>,
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
/// The node refused it, fell silent, or included too little; a transaction failed in its block; or the
/// load was used up before the time was.
pub(super) async fn press(chain: &Chain, pressure: Pressure) -> Result<Window, Error> {
    let start = chain.at_number(chain.best_number().await?).await?;
    let first = start.block_number() + 1;
    let before = nonces(&start, &pressure.senders).await?;
    let Pressure { signed, senders, depth, counted, seconds } = pressure;
    let (counter, included) = watch::channel(0u64);
    let run = Run::new(included, seconds);
    let sent = tokio::select! {
        sent = send(chain, signed, depth, run) => sent,
        watched = follow(chain, &senders, before, &counter) => watched.map(|()| false),
    };
    let last = chain.best_number().await?;
    let exhausted = match sent {
        Ok(exhausted) => exhausted,
        Err(error) => return Err(because_of_a_failure(chain, first, last).await.unwrap_or(error)),
    };
    wait_final(chain, last).await?;
    Window::read(chain, counted, first..=last, seconds, exhausted).await
}

/// Waits until no transaction waits in the node's pool.
///
/// # Errors
/// Some still wait after some minutes.
pub(super) async fn wait_until_quiet(chain: &Chain) -> Result<(), Error> {
    let deadline = Instant::now() + DRAIN;
    loop {
        let waiting = chain.ready_transactions().await?;
        if waiting == 0 {
            return Ok(());
        }
        if Instant::now() > deadline {
            let what = format!("an empty pool ({waiting} transactions wait)");
            return Err(ChainError::TimedOut { what, seconds: DRAIN.as_secs() }.into());
        }
        sleep(SLOT).await;
    }
}

/// The transactions of these accounts that are in blocks. On a fork this is the truth of the fork.
async fn nonces(at: &At, accounts: &[AccountId32]) -> Result<u64, ChainError> {
    stream::iter(accounts)
        .map(|id| async move { Ok(queries::account(at, *id).await?.nonce) })
        .buffer_unordered(SIDE_BY_SIDE)
        .try_fold(0, |sum, nonce| async move { Ok(sum + nonce) })
        .await
}

/// Tells how many transactions the best chain has included. Ends with an error only.
async fn follow(
    chain: &Chain,
    senders: &[AccountId32],
    before: u64,
    counter: &watch::Sender<u64>,
) -> Result<(), Error> {
    let mut heads = chain.best_blocks().await?;
    while let Some(head) = heads.next().await {
        let head = head.map_err(ChainError::query("the next best block"))?;
        let at = head.at().await.map_err(ChainError::query("the best block"))?;
        let now = nonces(&at, senders).await?.saturating_sub(before);
        // Who waits is woken by progress alone, so that an idle chain is noticed.
        counter.send_if_modified(|included| {
            let progress = now > *included;
            *included = now.max(*included);
            progress
        });
    }
    let said = "the node ended the subscription to its blocks: look at its log";
    Err(Error::Asked(said.to_owned()))
}

/// The clock of a measurement.
struct Run {
    included: watch::Receiver<u64>,
    sent: u64,
    /// How long the load is kept up from the first inclusion on: a little longer than the window.
    length: Duration,
    /// When the first inclusion was seen.
    began: Option<Instant>,
    /// The end of everything, however slow the node is.
    deadline: Instant,
}

impl Run {
    fn new(included: watch::Receiver<u64>, seconds: u64) -> Self {
        let length = Duration::from_secs(seconds) + 2 * SLOT;
        Self {
            included,
            sent: 0,
            length,
            began: None,
            deadline: Instant::now() + length + 2 * SILENCE,
        }
    }

    fn included(&self) -> u64 {
        *self.included.borrow()
    }

    fn waiting(&self) -> u64 {
        self.sent.saturating_sub(self.included())
    }

    /// Whether the time is up.
    fn over(&mut self) -> Result<bool, Error> {
        let now = Instant::now();
        if self.included() > 0 {
            let began = *self.began.get_or_insert(now);
            if now >= began + self.length {
                return Ok(true);
            }
        }
        if now < self.deadline {
            return Ok(false);
        }
        let what = "the end of a measurement".to_owned();
        let seconds = (self.length + 2 * SILENCE).as_secs();
        Err(ChainError::TimedOut { what, seconds }.into())
    }

    /// Waits until more is included, or the time is up.
    async fn progress(&mut self) -> Result<(), Error> {
        let silent = Instant::now() + SILENCE;
        let end = self.began.map_or(self.deadline, |began| began + self.length);
        match timeout_at(end.min(silent), self.included.changed()).await {
            Err(_) if silent < end => {
                let what = "inclusion of more of the load".to_owned();
                Err(ChainError::TimedOut { what, seconds: SILENCE.as_secs() }.into())
            }
            // Progress, or the end. The counter lives as long as the run.
            _ => Ok(()),
        }
    }
}

/// Sends until the time is up. True when the load was used up before.
async fn send(
    chain: &Chain,
    signed: Vec<Vec<u8>>,
    depth: u64,
    mut run: Run,
) -> Result<bool, Error> {
    let mut on_the_way = FuturesUnordered::new();
    let mut printed = Instant::now();
    for bytes in signed {
        while run.waiting() >= depth && !run.over()? {
            run.progress().await?;
        }
        if run.over()? {
            break;
        }
        if on_the_way.len() >= ON_THE_WAY {
            on_the_way.try_next().await?;
        }
        on_the_way.push(async move { chain.send(&bytes).await });
        run.sent += 1;
        if printed.elapsed() > PROGRESS {
            printed = Instant::now();
            let (sent, included) = (grouped(run.sent), grouped(run.included()));
            println!("  {sent} transactions sent, {included} included");
        }
    }
    while on_the_way.try_next().await?.is_some() {}
    // What still waits fills the rest of the window.
    while !run.over()? {
        if run.waiting() == 0 {
            return Ok(true);
        }
        run.progress().await?;
    }
    Ok(false)
}

/// The first transaction of these blocks that failed, as the reason why the load did not go on.
async fn because_of_a_failure(chain: &Chain, first: u64, last: u64) -> Option<Error> {
    for number in first..=last {
        let at = chain.at_number(number).await.ok()?;
        if let Err(error) = check_success(&at).await {
            return Some(error);
        }
    }
    None
}

/// Checks that no transaction of a block failed.
///
/// # Errors
/// Names the first that did.
pub(super) async fn check_success(at: &At) -> Result<(), Error> {
    match queries::first_failure(at).await? {
        None => Ok(()),
        Some(failure) => Err(Error::Asked(format!(
            "a transaction of the load failed in block {}: {failure}",
            at.block_number()
        ))),
    }
}

/// Waits until a block is final.
async fn wait_final(chain: &Chain, number: u64) -> Result<(), Error> {
    let deadline = Instant::now() + DRAIN;
    while chain.finalized_number().await? < number {
        if Instant::now() > deadline {
            let what = format!("finality of block {number}");
            return Err(ChainError::TimedOut { what, seconds: DRAIN.as_secs() }.into());
        }
        sleep(SLOT / 4).await;
    }
    Ok(())
}
