//! Exports for whoever asks over HTTP: made one after the other into a folder, fetched from there, and deleted when nobody has
//! fetched them for a while.
//!
//! ```text
//! GET /exports/batches.csv?company=3 ─▶ Plan ─ its id ─▶ Item: waiting ─▶ making ─▶ ready, or failed
//!                                 303 to /exports/ID/batches-5000.csv ─────────────▶ the file, .json, .json.sig
//! ```
//!
//! The signature is over the hash of all bytes, which nobody has before the last of them: so the file is made whole before it is
//! sent, as the command makes it, and manifest and signature are files beside it. The id follows from what is asked for and from
//! the index at its block: who asks for the same gets the same file.

mod asked;
mod body;
mod config;
mod figures;
mod folder;
mod item;
mod range;
mod refusal;
mod room;
mod routes;
mod work;

use std::{
    collections::HashMap,
    fs::File,
    path::{Path, PathBuf},
    sync::{
        atomic::{AtomicU64, Ordering},
        Arc, Mutex, MutexGuard, PoisonError,
    },
    time::Duration,
};

use smartlink_clickhouse::Store;
use tokio::sync::{Semaphore, TryAcquireError};
use tokio_util::sync::CancellationToken;

pub use config::ExportsConfig;
pub use figures::Figures;

use self::{
    asked::Asked,
    folder::{delete, taken},
    item::{Download, Item, Keep, State},
    refusal::Refusal,
    room::held,
};
use super::{
    making::{Pace, Plan},
    Key, Selection,
};
use crate::{config::IndexerConfig, error::Error, infra::Index};

/// Requests at a time that ask ClickHouse about a block. It is asked about one after the other.
const ASKING: usize = 64;
/// How long one of them may wait for its turn.
const TURN: Duration = Duration::from_secs(10);
/// How long one waits that nobody asks about any more.
const FORGOTTEN: Duration = Duration::from_secs(120);
/// How many times as long as one that nobody fetches any other is kept.
const LIVES: u32 = 24;
/// How often is looked for what is no longer kept, at least.
const SWEEP: Duration = Duration::from_secs(30);

/// Exports over HTTP. Clones are the same.
#[derive(Clone)]
pub struct Exports(Arc<Inner>);

struct Inner {
    index: Index,
    store: Store,
    pace: Pace,
    config: ExportsConfig,
    /// Who signs. Nothing: nobody.
    key: Option<Key>,
    folder: PathBuf,
    /// As long as it is held, no other process has the folder.
    _lock: File,
    asking: Semaphore,
    turn: Semaphore,
    making: Semaphore,
    downloads: Arc<Semaphore>,
    items: Mutex<HashMap<String, Arc<Item>>>,
    /// Numbers the folders.
    begun: AtomicU64,
    figures: Arc<Figures>,
    stop: CancellationToken,
}

impl Exports {
    /// Takes the folder, and deletes what an earlier process left there. Nothing: none are offered, for no key is configured.
    ///
    /// # Errors
    /// The key or the folder cannot be used.
    pub fn open(
        config: &IndexerConfig,
        index: Index,
        figures: Arc<Figures>,
        stop: CancellationToken,
    ) -> Result<Option<Self>, Error> {
        let exports = config.exports.clone();
        if !exports.is_offered() {
            return Ok(None);
        }
        let key = match exports.key.as_str() {
            "" => None,
            file => Some(Key::read(Path::new(file))?),
        };
        let folder = PathBuf::from(&exports.folder);
        let lock = taken(&folder)?;
        let pace = Pace { seconds: exports.longest_s, threads: Some(exports.threads) };
        let own = Self(Arc::new(Inner {
            index,
            store: pace.store(&config.store, u64::from(exports.longest_s) * 1_000),
            pace,
            key,
            folder,
            _lock: lock,
            asking: Semaphore::new(ASKING),
            turn: Semaphore::new(1),
            making: Semaphore::new(exports.at_a_time),
            downloads: Arc::new(Semaphore::new(exports.downloads)),
            items: Mutex::default(),
            begun: AtomicU64::new(0),
            config: exports,
            figures,
            stop,
        }));
        tokio::spawn(own.clone().sweep_now_and_then());
        Ok(Some(own))
    }

    /// The export of what is asked for: one that is there, or one that is begun.
    async fn ask(&self, asked: &Asked) -> Result<Arc<Item>, Refusal> {
        let Inner { index, key, .. } = &*self.0;
        let selection = Selection::of(index.registry(), &asked.wanted)?;
        let _asking = self.0.asking.try_acquire().map_err(|_| Refusal::Busy)?;
        let turn = tokio::time::timeout(TURN, self.0.turn.acquire()).await;
        let turn = turn.map_err(|_| Refusal::Busy)?;
        let signer = key.as_ref().map(Key::account);
        let plan = Plan::of(index, selection, asked.format, asked.at, signer).await?;
        drop(turn);
        let id = plan.id()?;
        let disk = self.has_disk();
        let mut items = self.items();
        self.sweep(&mut items);
        if let Some(item) = items.get(&id) {
            if !item.is(State::has_failed) {
                item.used_now();
                return Ok(item.clone());
            }
            items.remove(&id);
        }
        disk?;
        self.has_room(&mut items)?;
        let number = self.0.begun.fetch_add(1, Ordering::Relaxed);
        let folder = self.0.folder.join(format!("{id}-{number}"));
        let (planned, dropped) = (plan.manifest().clone(), self.0.stop.child_token());
        let item = Arc::new(Item::new(id.clone(), planned, folder, dropped));
        items.insert(id, item.clone());
        self.publish(&items);
        drop(items);
        tokio::spawn(self.clone().make(item.clone(), plan));
        Ok(item)
    }

    /// The one with an id. It waits as long as somebody asks about it.
    fn find(&self, id: &str) -> Result<Arc<Item>, Refusal> {
        let mut items = self.items();
        self.sweep(&mut items);
        let item = items.get(id).ok_or(Refusal::Unknown)?;
        if item.forgotten().is_some() {
            item.used_now();
        }
        Ok(item.clone())
    }

    /// A place among the downloads, of one that is still there.
    fn download(&self, item: Arc<Item>) -> Result<Download, Refusal> {
        let items = self.items();
        if !items.get(&item.id).is_some_and(|there| Arc::ptr_eq(there, &item)) {
            return Err(Refusal::Unknown);
        }
        match self.0.downloads.clone().try_acquire_owned() {
            Ok(place) => {
                Figures::add(&self.0.figures.downloads, 1);
                Ok(Download::begin(item, place))
            }
            Err(TryAcquireError::NoPermits | TryAcquireError::Closed) => {
                Err(Refusal::Downloads(self.0.config.downloads))
            }
        }
    }

    async fn sweep_now_and_then(self) {
        let every = SWEEP.min(Duration::from_secs(self.0.config.keep_s));
        while self.0.stop.run_until_cancelled(tokio::time::sleep(every)).await.is_some() {
            self.sweep(&mut self.items());
        }
    }

    /// Deletes what is no longer kept.
    fn sweep(&self, items: &mut HashMap<String, Arc<Item>>) {
        let keep = self.keep();
        items.retain(|_, item| {
            let over = item.is_over(keep);
            if over {
                discard(item);
            }
            !over
        });
        self.publish(items);
    }

    /// How long one is kept.
    fn keep(&self) -> Keep {
        let unused = Duration::from_secs(self.0.config.keep_s);
        Keep { unused, oldest: unused.saturating_mul(LIVES), forgotten: FORGOTTEN }
    }

    fn publish(&self, items: &HashMap<String, Arc<Item>>) {
        let figures = &self.0.figures;
        let count =
            |is: fn(&State) -> bool| items.values().filter(|item| item.is(is)).count() as u64;
        let set = |figure: &AtomicU64, value| figure.store(value, Ordering::Relaxed);
        set(&figures.waiting, count(|state| matches!(state, State::Waiting)));
        set(&figures.making, count(|state| matches!(state, State::Making(_))));
        set(&figures.kept, count(|state| matches!(state, State::Ready(_))));
        set(&figures.bytes, held(items));
    }

    fn items(&self) -> MutexGuard<'_, HashMap<String, Arc<Item>>> {
        self.0.items.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Deletes one that is no longer among them.
fn discard(item: &Item) {
    item.dropped.cancel();
    let folder = item.folder.clone();
    tokio::task::spawn_blocking(move || delete(&folder));
}
