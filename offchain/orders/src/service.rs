//! The service: one thread decides, one writes, and nobody is answered before the disk has it.
//!
//! ```text
//! submit ─▶ queue ─▶ engine thread ─▶ (groups, at most two on their way) ─▶ writer thread ─▶ answers
//!                     decides a group                                        one synced write
//!                     └ shows a piece of a snapshot, if one is on its way ─▶ snapshot thread
//! ```
//!
//! While one group is written, the engine already decides the next one. When a write fails the service stops
//! for good: what is in memory may be ahead of the disk, and only a restart can tell.

mod archive;
mod threads;

use crate::{
    clock::Clock,
    command::Command,
    driver::Driver,
    engine::Answer,
    order::Order,
    refusal::Refusal,
    rules::{RuleError, Rules},
    store::{Store, StoreError, Whose},
    Engine,
};
use archive::Left;
use std::{
    path::Path,
    sync::{
        atomic::{AtomicBool, Ordering},
        mpsc::{SyncSender, TrySendError},
        Arc,
    },
    thread::JoinHandle,
};
use tokio::sync::{broadcast, oneshot, watch};

/// Requests that may wait for the engine. One more is refused as overloaded.
const QUEUE: usize = 16_384;
/// Groups of changes that a follower may be behind. Further behind it is cut off.
const FOLLOWED: usize = 4_096;

/// A service for the orders of one company in one city. Clones share it.
#[derive(Clone)]
pub struct Orders {
    shared: Arc<Shared>,
}

struct Shared {
    queue: SyncSender<Request>,
    changes: broadcast::Sender<Arc<Vec<Change>>>,
    left: Left,
    failed: AtomicBool,
    /// Whether the disk still has to take a snapshot.
    snapshot_on_its_way: AtomicBool,
    ended: watch::Receiver<Option<Arc<StoreError>>>,
}

/// Waits for the end of the threads.
pub struct Running {
    threads: Vec<JoinHandle<()>>,
    orders: Orders,
}

/// What a command came to: the order or driver as it is then.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// An order.
    Order(Box<Order>),
    /// A driver.
    Driver(Driver),
    /// It is done.
    Done,
}

/// A change, in the order of the log. On disk before anybody hears of it.
#[derive(Clone, Debug)]
pub struct Change {
    /// The last entry of the log that this shows.
    pub sequence: u64,
    /// When.
    pub at_ms: u64,
    /// Of what.
    pub what: Changed,
}

/// What changed.
#[derive(Clone, Debug)]
pub enum Changed {
    /// An order.
    Order(Arc<Order>),
    /// A driver.
    Driver(Driver),
}

/// Why there is no answer from the engine.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ServiceError {
    /// The command was refused.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The queue is full.
    #[error("the orders service is overloaded: try again in a second")]
    Overloaded,
    /// The service has stopped, and it is unknown what became of the command.
    #[error("the orders service has stopped: try again with the same idempotency key")]
    Stopped,
}

/// Why the service does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The rules make no sense.
    #[error(transparent)]
    Rules(#[from] RuleError),
    /// The store does not open.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The system gives no threads.
    #[error("the orders service cannot start its threads: {0}")]
    Threads(#[from] std::io::Error),
}

/// Something to be called when the group is on disk.
type Reply = Box<dyn FnOnce() + Send>;

/// What the engine thread is asked.
enum Request {
    /// One command.
    One(Command, oneshot::Sender<Result<Outcome, Refusal>>),
    /// Many commands, whose answers are wanted without the orders.
    Many(Vec<Command>, oneshot::Sender<Vec<Result<Answer, Refusal>>>),
    /// A look at the engine. What it returns is called when everything that it saw is on disk.
    Look(Box<dyn FnOnce(&mut Engine) -> Reply + Send>),
    /// The end.
    Stop,
}

impl Orders {
    /// Opens the store in a folder and starts the service on it.
    ///
    /// # Errors
    /// The rules make no sense, or the store does not open.
    pub fn start(path: &Path, rules: Rules) -> Result<(Self, Running), StartError> {
        rules.validate()?;
        let store = Arc::new(Store::open(path)?);
        let began = std::time::Instant::now();
        let recovered = store.recover(rules)?;
        tracing::info!(
            entries = recovered.replayed,
            orders = recovered.engine.orders().count(),
            took_ms = began.elapsed().as_millis() as u64,
            "the orders are as they were"
        );
        let clock = Clock::start(recovered.engine.now_ms());
        let (queue, requests) = std::sync::mpsc::sync_channel(QUEUE);
        let (ended_by, ended) = watch::channel(None);
        let shared = Shared {
            queue,
            changes: broadcast::Sender::new(FOLLOWED),
            left: Left::new(store.clone()),
            failed: AtomicBool::new(false),
            snapshot_on_its_way: AtomicBool::new(false),
            ended,
        };
        let orders = Self { shared: Arc::new(shared) };
        let threads = threads::start(&orders.shared, recovered, store, clock, requests, ended_by)?;
        Ok((orders.clone(), Running { threads, orders }))
    }

    fn send(&self, request: Request) -> Result<(), ServiceError> {
        if self.shared.failed.load(Ordering::Acquire) {
            return Err(ServiceError::Stopped);
        }
        self.shared.queue.try_send(request).map_err(|error| match error {
            TrySendError::Full(_) => ServiceError::Overloaded,
            TrySendError::Disconnected(_) => ServiceError::Stopped,
        })
    }

    /// Gives a command to the engine, and its answer when that is on disk.
    ///
    /// # Errors
    /// It was refused, for now or for ever.
    pub async fn submit(&self, command: Command) -> Result<Outcome, ServiceError> {
        let (reply, answer) = oneshot::channel();
        self.send(Request::One(command, reply))?;
        Ok(answer.await.map_err(|_| ServiceError::Stopped)??)
    }

    /// Gives many commands to the engine, and all their answers when they are on disk.
    ///
    /// # Errors
    /// None of them was decided, or the service stopped.
    pub async fn submit_many(
        &self,
        commands: Vec<Command>,
    ) -> Result<Vec<Result<Answer, Refusal>>, ServiceError> {
        let (reply, answers) = oneshot::channel();
        self.send(Request::Many(commands, reply))?;
        answers.await.map_err(|_| ServiceError::Stopped)
    }

    /// Looks at the engine between two commands; the answer comes when all that was seen is on disk.
    ///
    /// # Errors
    /// The service is overloaded or has stopped.
    pub async fn look<T: Send + 'static>(
        &self,
        see: impl FnOnce(&mut Engine) -> T + Send + 'static,
    ) -> Result<T, ServiceError> {
        let (reply, seen) = oneshot::channel();
        let look = move |engine: &mut Engine| -> Reply {
            let saw = see(engine);
            // Whoever asked may have gone.
            Box::new(move || drop(reply.send(saw)))
        };
        self.send(Request::Look(Box::new(look)))?;
        seen.await.map_err(|_| ServiceError::Stopped)
    }

    /// An order, here or in the archive.
    ///
    /// # Errors
    /// There is none, or the service cannot look.
    pub async fn order(&self, id: u64) -> Result<Order, ServiceError> {
        let shared = self.shared.clone();
        // What is on its way now is on disk when the answer comes; what comes on its way later may not be.
        let seen = self.look(move |engine| {
            let left = || Order::restore(id, &shared.left.on_its_way(id)?).ok();
            engine.order(id).cloned().or_else(left)
        });
        let found = match seen.await? {
            None => self.kept(id),
            found => found,
        };
        found.ok_or(ServiceError::Refused(Refusal::NoSuchOrder))
    }

    /// An order that has left the engine, as the disk has it.
    fn kept(&self, id: u64) -> Option<Order> {
        let history = self.shared.left.store().history(id);
        let history =
            history.map_err(|error| tracing::error!(order = id, %error, "an order cannot be read"));
        Order::restore(id, &history.ok()??).ok()
    }

    /// An order that has left the engine.
    pub(crate) fn left(&self, id: u64) -> Option<Order> {
        use crate::engine::Archive;
        let history = self.shared.left.history(id)?;
        Order::restore(id, &history).ok()
    }

    /// Orders that have left the engine, below `before`, the newest first.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn over(&self, of: Whose, before: u64, limit: usize) -> Result<Vec<u64>, StoreError> {
        self.store().list(of, before, limit)
    }

    /// The store, for lists of batches.
    pub(crate) fn store(&self) -> &Store {
        self.shared.left.store()
    }

    /// Sees the engine as it is, and then every change of it, none twice and none left out.
    ///
    /// # Errors
    /// The service is overloaded or has stopped.
    pub async fn follow<T: Send + 'static>(
        &self,
        see: impl FnOnce(&Engine) -> T + Send + 'static,
    ) -> Result<(T, Followed), ServiceError> {
        let changes = self.shared.changes.clone();
        // Subscribed while the engine stands still: changes of groups that are still being written come
        // once more, and are left out by their number.
        let seen = self.look(move |engine| {
            let receiver = changes.subscribe();
            (see(engine), Followed { after: engine.sequence(), receiver })
        });
        seen.await
    }

    /// Ends when the service has ended by itself. `None`: it was stopped.
    pub async fn failed(&self) -> Option<Arc<StoreError>> {
        let mut ended = self.shared.ended.clone();
        // The sender lives in the writer thread, and sends before it ends.
        let seen = ended.wait_for(Option::is_some).await;
        seen.ok().and_then(|error| error.clone())
    }
}

/// Changes, as they come.
pub struct Followed {
    after: u64,
    receiver: broadcast::Receiver<Arc<Vec<Change>>>,
}

/// A follower was too slow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("you are too far behind: begin again from a snapshot")]
pub struct Behind;

impl Followed {
    /// The next changes. `None` when the service has stopped.
    ///
    /// # Errors
    /// The follower was too slow, and has lost changes.
    pub async fn next(&mut self) -> Result<Option<Vec<Change>>, Behind> {
        loop {
            match self.receiver.recv().await {
                Ok(changes) => {
                    let new: Vec<_> = changes
                        .iter()
                        .filter(|change| change.sequence > self.after)
                        .cloned()
                        .collect();
                    if !new.is_empty() {
                        return Ok(Some(new));
                    }
                }
                Err(broadcast::error::RecvError::Closed) => return Ok(None),
                Err(broadcast::error::RecvError::Lagged(_)) => return Err(Behind),
            }
        }
    }
}

impl Running {
    /// Stops the service when everything that it has taken on is answered and on disk.
    pub fn stop(self) {
        // When the queue is full, the engine takes from it: this waits.
        let _ = self.orders.shared.queue.send(Request::Stop);
        for thread in self.threads {
            if thread.join().is_err() {
                tracing::error!("a thread of the orders service has panicked");
            }
        }
    }
}
