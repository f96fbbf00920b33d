//! Hears of the node's best and final blocks, fetches what is new, and shows it.

use std::{
    convert::Infallible,
    sync::{
        atomic::{AtomicU64, Ordering},
        Arc,
    },
    time::Duration,
};

use futures::FutureExt;
use smartlink_chain::raw::RawError;
use tokio::{
    sync::watch,
    time::{interval_at, sleep, Instant, MissedTickBehavior},
};
use tokio_util::sync::CancellationToken;

use super::{
    branches::{Branches, Move, Step},
    config::LiveConfig,
    shelf::Shelf,
    source::{named, Source},
    view::{LeftOut, LiveBlock, View},
};
use crate::{error::Error, infra::store::Backoff};

/// How long the subscription to final blocks is listened to: whether it fell silent is looked at beside it.
const FOR_EVER: Duration = Duration::from_secs(3_600);

/// Keeps the view of a node.
pub struct Listener {
    url: Arc<str>,
    config: LiveConfig,
    branches: Branches,
    shelf: Shelf,
    view: watch::Sender<Arc<View>>,
    failures: Arc<AtomicU64>,
}

/// Of which blocks there was word.
#[derive(Clone, Copy, Default)]
struct Heard {
    best: bool,
    finalized: bool,
}

impl Listener {
    /// Of the node at a WebSocket. Nothing is asked yet.
    pub fn new(
        url: &str,
        config: &LiveConfig,
        view: watch::Sender<Arc<View>>,
        failures: Arc<AtomicU64>,
    ) -> Self {
        Self {
            url: url.into(),
            branches: Branches::new(config.shown),
            shelf: Shelf::new(config.decoded, config.bytes),
            config: config.clone(),
            view,
            failures,
        }
    }

    /// Keeps the view until it is stopped, or nobody looks any more.
    pub async fn run(mut self, stop: CancellationToken) {
        let mut backoff = self.backoff();
        let view = self.view.clone();
        let ended = async {
            tokio::select! {
                () = stop.cancelled() => {}
                () = view.closed() => {}
            }
        };
        tokio::pin!(ended);
        loop {
            let error = tokio::select! {
                biased;
                () = &mut ended => break,
                Err(error) = self.listen(&mut backoff) => error,
            };
            self.away();
            self.failures.fetch_add(1, Ordering::Relaxed);
            let pause = backoff.pause();
            tracing::warn!(%error, ?pause, "the node's best blocks are not heard, it is asked again");
            tokio::select! {
                biased;
                () = &mut ended => break,
                () = sleep(pause) => {}
            }
        }
        self.away();
    }

    fn backoff(&self) -> Backoff {
        Backoff::new(Duration::from_millis(self.config.retry_most_ms))
    }

    /// Keeps the view over one connection, as long as that lasts.
    async fn listen(&mut self, backoff: &mut Backoff) -> Result<Infallible, RawError> {
        let mut source = Source::connect(&self.url, &self.config).await?;
        self.branches = Branches::new(self.config.shown);
        self.shelf.forget_unread();
        let mut best = source.best_blocks().await?;
        let mut finals = source.finalized_heads().await?;
        self.ask(&source).await?;
        self.follow(&mut source).await?;
        *backoff = self.backoff();
        let silence = Duration::from_millis(self.config.silence_ms);
        let mut looks = interval_at(Instant::now() + silence, silence);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut heard = Heard::default();
        loop {
            tokio::select! {
                block = best.next() => {
                    self.branches.best(named(block)?);
                    heard.best = true;
                }
                height = finals.next(FOR_EVER) => {
                    heard.finalized |= height?.is_some();
                    self.branches.finalized(source.finalized().await?);
                }
                _ = looks.tick() => {
                    let moved = self.ask(&source).await?;
                    if (moved.best && !heard.best) || (moved.finalized && !heard.finalized) {
                        tracing::warn!("the subscriptions to new blocks fell silent, they are made anew");
                        best = source.best_blocks().await?;
                        finals = source.finalized_heads().await?;
                    }
                    heard = Heard::default();
                }
            }
            // Of what has come meanwhile, the last word counts.
            while let Some(block) = best.next().now_or_never() {
                self.branches.best(named(block)?);
                heard.best = true;
            }
            self.follow(&mut source).await?;
        }
    }

    /// Asks for the best and the last final block. Which of them are others than was known.
    async fn ask(&mut self, source: &Source) -> Result<Heard, RawError> {
        let best = self.branches.best(source.best().await?);
        let finalized = self.branches.finalized(source.finalized().await?);
        Ok(Heard { best, finalized })
    }

    /// Shows what the view is now.
    async fn follow(&mut self, source: &mut Source) -> Result<(), RawError> {
        let moved = loop {
            match self.branches.settle() {
                Step::Waits | Step::Stays => return Ok(()),
                Step::Moves(moved) => break moved,
                Step::Missing(hash) => self.branches.learn(source.link(hash).await?),
            }
        };
        while let Some(link) = self.shelf.wanted(&moved.path) {
            let contents = match source.contents(link).await {
                Ok(contents) => Ok(contents),
                // Whoever does not answer is asked again, over a new connection.
                Err(Error::Node(RawError::Chain(error))) => return Err(error.into()),
                Err(error) => {
                    tracing::warn!(block = %link.id, %error, "a best block is shown without contents");
                    Err(LeftOut::Unread(error.to_string()))
                }
            };
            self.shelf.put(LiveBlock { id: link.id, parent: link.parent, contents });
        }
        self.show(moved);
        Ok(())
    }

    fn show(&mut self, moved: Move) {
        if let (Some(highest), Some(lowest)) = (moved.retracted.first(), moved.retracted.last()) {
            let blocks = moved.retracted.len();
            tracing::info!(blocks, %highest, %lowest, "unfinalised blocks were taken back");
        }
        let blocks = self.shelf.show(&moved.path, moved.finalized.number);
        let next = self.view.borrow().moved(moved, blocks);
        self.view.send_replace(Arc::new(next));
    }

    /// Shows that the node is not heard.
    fn away(&self) {
        self.view.send_if_modified(|view| {
            let connected = view.connected;
            if connected {
                *view = Arc::new(view.away());
            }
            connected
        });
    }
}
