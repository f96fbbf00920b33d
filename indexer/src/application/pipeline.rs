//! The way of blocks from where they are to ClickHouse. Every stage waits for the next: what is in memory is bounded.

use std::{
    sync::{atomic::Ordering, Arc},
    thread,
    time::Instant,
};

use tokio::sync::{mpsc, oneshot, watch};
use tokio_util::sync::CancellationToken;

use super::{
    fetch::{Chunk, Fetcher},
    storer::Storer,
    tally::Tally,
};
use crate::{
    config::IndexerConfig,
    decode::{self, Decoded, Plan},
    domain::{Cut, RawBlock},
    entities::Registry,
    error::Error,
    infra::{
        store::{Lease, Position},
        Index, Node,
    },
};

/// The stack of a thread that decodes: values may be nested `scale::DEEPEST` deep.
const STACK: usize = 64 << 20;

/// How far to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// Every block as it becomes final, for ever.
    Follow,
    /// Up to this block; where it is not final yet, that is waited for.
    Until(u32),
    /// Up to the last block that is final now.
    Now,
    /// As far as raw blocks are kept, without a node.
    Kept,
}

/// What goes from fetching to storing: the chunk, and its blocks as soon as they are decoded.
type Underway = (Chunk, oneshot::Receiver<Result<Vec<Decoded>, Error>>);

/// Brings an index to its goal, from where it has come to. It may be stopped, or killed, at any time. Returns how far the
/// index is.
///
/// # Errors
/// Another indexer writes the same index, or it cannot go on: says why. What was stored stays.
pub async fn run(
    index: Index,
    node: Option<Node>,
    config: &IndexerConfig,
    goal: Goal,
    tally: Arc<Tally>,
    stop: CancellationToken,
) -> Result<Option<Position>, Error> {
    let lease = Arc::new(index.lease().await?);
    // Whoever held it until now may have begun it anew.
    index.is_of_its_generation().await?;
    let ran = run_alone(index, node, config, goal, tally, stop, lease.clone()).await;
    // What it ran in has ended, and its parts with it.
    if let Some(lease) = Arc::into_inner(lease) {
        lease.release().await;
    }
    ran
}

/// Does it while nobody else writes the index.
async fn run_alone(
    index: Index,
    node: Option<Node>,
    config: &IndexerConfig,
    goal: Goal,
    tally: Arc<Tally>,
    stop: CancellationToken,
    lease: Arc<Lease>,
) -> Result<Option<Position>, Error> {
    // Whatever ends first ends the rest.
    let stop = stop.child_token();
    let _ended = stop.clone().drop_guard();
    let fetcher = Fetcher::new(index.clone(), node.clone(), config.fetch.clone()).await?;
    let storer = Storer::new(index.clone(), lease, config.storing.kept_rows, tally.clone()).await?;
    if let Some(last) = storer.position().map(|position| position.last) {
        tally.stored(last, index.time_of(last).await?);
    }
    let until = match (goal, &node) {
        (Goal::Until(last), _) => Some(last),
        (Goal::Kept, _) => match fetcher.kept_to() {
            Some(kept) => Some(kept),
            None => return Ok(storer.position()),
        },
        (Goal::Now, Some(node)) => Some(node.head().await?),
        (Goal::Follow, Some(_)) => None,
        (Goal::Now | Goal::Follow, None) => {
            return Err(Error::Asked("there is no node to follow: name one with --set node".into()))
        }
    };
    // What is kept is final.
    let (head, seen) = watch::channel(fetcher.kept_to());
    let more = until.is_none_or(|until| fetcher.kept_to().is_none_or(|kept| kept < until));
    let watching = node.filter(|_| more).map(|node| {
        let stop = stop.clone();
        tokio::spawn(async move { node.watch_head(head, stop).await })
    });
    let (send, receive) = mpsc::channel(config.fetch.chunks_ahead);
    let fetching = Fetching {
        fetcher,
        registry: index.registry().clone(),
        next: storer.next(),
        index,
        until,
        head: seen,
        tally: tally.clone(),
        send,
    };
    let stop_fetching = stop.clone();
    let fetching = tokio::spawn(async move {
        tokio::select! {
            biased;
            () = stop_fetching.cancelled() => Ok(()),
            done = fetching.run() => done,
        }
    });
    let stored = tokio::select! {
        biased;
        () = stop.cancelled() => Ok(None),
        done = storing(storer, receive) => done.map(Some),
    };
    stop.cancel();
    let fetched = fetching.await;
    if let Some(watching) = watching {
        // It ends when it is told to, which it was.
        let _ = watching.await;
    }
    let broke_off = |error: tokio::task::JoinError| Error::BrokeOff {
        part: "fetching",
        why: error.to_string(),
    };
    let stored = stored?;
    fetched.map_err(broke_off)??;
    Ok(stored.flatten())
}

async fn storing(
    mut storer: Storer,
    mut chunks: mpsc::Receiver<Underway>,
) -> Result<Option<Position>, Error> {
    while let Some((chunk, decoded)) = chunks.recv().await {
        let broke_off = |_| Error::BrokeOff { part: "decoding", why: "its thread ended".into() };
        let blocks = decoded.await.map_err(broke_off)??;
        storer.store(&chunk, &blocks).await?;
    }
    Ok(storer.position())
}

struct Fetching {
    fetcher: Fetcher,
    registry: Arc<Registry>,
    index: Index,
    next: u32,
    /// The last block that is wanted, if any is.
    until: Option<u32>,
    /// Up to where blocks are final.
    head: watch::Receiver<Option<u32>>,
    tally: Arc<Tally>,
    send: mpsc::Sender<Underway>,
}

impl Fetching {
    /// Fetches until there is nothing more, or nobody stores any more.
    async fn run(mut self) -> Result<(), Error> {
        // A chunk that was begun and not written down had one block: see `Storer::store`.
        let alone = Cut { first: self.next, last: self.next };
        let mut begun = self.index.pending(self.next).await?.or(Some(alone));
        loop {
            let Some(last) = self.wait().await else { return Ok(()) };
            let began = Instant::now();
            let chunk = self.fetcher.next(self.next, last, begun.take()).await?;
            let plans = self.fetcher.plans(&chunk.blocks).await?;
            Tally::spent(&self.tally.fetching_us, began);
            self.next = chunk.cut.last + 1;
            let decoded = decode_apart(
                chunk.blocks.clone(),
                plans,
                self.registry.clone(),
                self.tally.clone(),
            )?;
            if self.send.send((chunk, decoded)).await.is_err() {
                return Ok(());
            }
        }
    }

    /// Waits for the next block. The height up to which there are blocks; `None`: there will be none.
    async fn wait(&mut self) -> Option<u32> {
        loop {
            let seen = *self.head.borrow_and_update();
            let goal = self.until.or(seen);
            self.tally.goal.store(goal.unwrap_or(0).into(), Ordering::Relaxed);
            if self.until.is_some_and(|until| self.next > until) {
                return None;
            }
            if let Some(last) = seen.filter(|last| *last >= self.next) {
                return Some(self.until.map_or(last, |until| last.min(until)));
            }
            // Nobody watches: what there is was all.
            self.head.changed().await.ok()?;
        }
    }
}

/// Decodes blocks on a thread of their own, whose stack is deep enough for whatever they hold.
fn decode_apart(
    blocks: Arc<Vec<RawBlock>>,
    plans: std::collections::HashMap<u32, Arc<Plan>>,
    registry: Arc<Registry>,
    tally: Arc<Tally>,
) -> Result<oneshot::Receiver<Result<Vec<Decoded>, Error>>, Error> {
    let (send, receive) = oneshot::channel();
    let work = move || {
        let began = Instant::now();
        let decoded = blocks.iter().map(|block| {
            let plan = plans.get(&block.spec).ok_or_else(|| Error::BrokeOff {
                part: "decoding",
                why: format!("runtime {} of block {} is missing", block.spec, block.number),
            })?;
            Ok(decode::decode(plan, &registry, block)?)
        });
        let decoded = decoded.collect();
        Tally::spent(&tally.decoding_us, began);
        // Nobody waits any more when everything stops.
        let _ = send.send(decoded);
    };
    let thread = thread::Builder::new().name("decode".into()).stack_size(STACK).spawn(work);
    thread.map_err(|error| Error::BrokeOff { part: "decoding", why: error.to_string() })?;
    Ok(receive)
}
