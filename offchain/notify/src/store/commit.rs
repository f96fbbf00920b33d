//! Group commit: one thread writes, and many commands share one sync.
//!
//! The thread takes the commands that wait, carries them out one after the other, syncs the log once, and
//! then answers all of them. So commands never see each other half done, and a disk that syncs a few
//! hundred times a second accepts many thousand messages.

use std::sync::Arc;

use tokio::sync::{mpsc, oneshot, watch};

use super::{layout::Tables, ledger::Ledger, StoreError};

/// Commands that wait for the thread.
const QUEUE: usize = 8_192;
/// Commands that share one sync.
const GROUP: usize = 1_024;

/// A command: what it does, and then what it does with the outcome of the sync.
pub(super) type Command = Box<dyn FnOnce(&mut Ledger) -> Answer + Send>;
type Answer = Box<dyn FnOnce(Result<(), StoreError>) + Send>;

/// The way to the thread.
pub(super) type Queue = mpsc::Sender<Command>;

/// Why nothing is accepted any more.
pub(super) type Failure = watch::Sender<Option<StoreError>>;

/// Starts the thread. It ends when the queue is closed and empty.
pub(super) fn start(
    mut ledger: Ledger,
    failure: Failure,
) -> Result<(Queue, std::thread::JoinHandle<()>), StoreError> {
    let (queue, mut commands) = mpsc::channel::<Command>(QUEUE);
    let thread = std::thread::Builder::new().name("notify-store".into()).spawn(move || {
        // After a failed write or sync nobody knows what the disk holds: nothing is accepted any more.
        let mut broken = false;
        while let Some(first) = commands.blocking_recv() {
            let mut answers = Vec::new();
            let mut command = Some(first);
            while let Some(next) = command {
                if broken {
                    ledger.refuse();
                }
                answers.push(next(&mut ledger));
                command = if answers.len() < GROUP { commands.try_recv().ok() } else { None };
            }
            broken = !commit(&mut ledger, answers, &failure);
        }
    });
    Ok((queue, thread.map_err(|error| StoreError::Thread(Arc::new(error)))?))
}

/// Syncs, tells the world, and answers; whether the store can go on.
fn commit(ledger: &mut Ledger, answers: Vec<Answer>, failure: &Failure) -> bool {
    let tables: Arc<Tables> = ledger.tables();
    let durable = failure.borrow().is_none()
        && match ledger.unwritten().map_or_else(|| tables.sync(), Err) {
            Ok(()) => true,
            Err(error) => {
                tracing::error!(%error, "the store cannot be written; nothing is accepted any more");
                failure.send_replace(Some(error));
                false
            }
        };
    if durable {
        ledger.publish();
    }
    for answer in answers {
        answer(if durable { Ok(()) } else { Err(StoreError::Broken) });
    }
    durable
}

/// Hands a command to the thread and waits until its outcome is durable.
///
/// # Errors
/// Those of the command; [`StoreError::Busy`] when the queue is full and `patient` is false;
/// [`StoreError::Broken`] when the disk failed.
pub(super) async fn carry_out<T: Send + 'static>(
    queue: &Queue,
    patient: bool,
    command: impl FnOnce(&mut Ledger) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    let (reply, outcome) = oneshot::channel();
    let command: Command = Box::new(move |ledger| {
        let done = command(ledger);
        Box::new(move |synced: Result<(), StoreError>| {
            // Whoever asked may have gone away; the command stands all the same.
            let _ = reply.send(synced.and(done));
        })
    });
    if patient {
        queue.send(command).await.map_err(|_| StoreError::Broken)?;
    } else {
        queue.try_send(command).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => StoreError::Busy { commands: QUEUE },
            mpsc::error::TrySendError::Closed(_) => StoreError::Broken,
        })?;
    }
    outcome.await.map_err(|_| StoreError::Broken)?
}
