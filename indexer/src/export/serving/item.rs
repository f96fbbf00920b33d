//! One export: how far it is, and its files.

use std::{
    path::PathBuf,
    sync::{
        atomic::{AtomicUsize, Ordering},
        Arc, Mutex, OnceLock, PoisonError,
    },
    time::{Duration, Instant},
};

use axum::http::StatusCode;
use serde::Serialize;
use tokio::sync::{watch, OwnedSemaphorePermit};
use tokio_util::sync::CancellationToken;

use crate::export::{
    target::{manifest_of, signature_of},
    Manifest, Progress,
};

/// How far an export is.
#[derive(Clone, Debug)]
pub(super) enum State {
    /// Others are made before it.
    Waiting,
    /// It is being made.
    Making(Progress),
    /// All its files are there.
    Ready(Box<Manifest>),
    /// It could not be made.
    Failed(Failure),
}

/// Why an export could not be made.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    pub status: StatusCode,
    pub why: String,
}

impl State {
    /// Whether nothing more will become of it.
    pub fn has_ended(&self) -> bool {
        matches!(self, Self::Ready(_) | Self::Failed(_))
    }

    /// Whether it could not be made.
    pub fn has_failed(&self) -> bool {
        matches!(self, Self::Failed(_))
    }

    /// Bytes that it has on the disk.
    pub fn bytes(&self) -> u64 {
        match self {
            Self::Waiting | Self::Failed(_) => 0,
            Self::Making(progress) => progress.bytes,
            Self::Ready(manifest) => manifest.bytes,
        }
    }

    /// How far it is, in words.
    pub fn told(&self) -> String {
        match self {
            Self::Making(Progress { rows: Some(rows), all, .. }) => format!("{rows} of {all} rows"),
            Self::Making(Progress { bytes, .. }) => format!("{bytes} bytes"),
            _ => "it waits for others".to_owned(),
        }
    }
}

/// A file of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Rows,
    Manifest,
    Signature,
}

/// An export.
pub(super) struct Item {
    pub id: String,
    /// What was known of it before it was made.
    pub planned: Manifest,
    /// Its own folder.
    pub folder: PathBuf,
    state: watch::Sender<State>,
    downloads: AtomicUsize,
    /// When nothing more became of it.
    since: OnceLock<Instant>,
    used: Mutex<Instant>,
    /// Whether it need not be made any more.
    pub dropped: CancellationToken,
}

impl Item {
    pub fn new(id: String, planned: Manifest, folder: PathBuf, dropped: CancellationToken) -> Self {
        Self {
            id,
            planned,
            folder,
            state: watch::Sender::new(State::Waiting),
            downloads: AtomicUsize::new(0),
            since: OnceLock::new(),
            used: Mutex::new(Instant::now()),
            dropped,
        }
    }

    /// The name of its rows' file. With the block, for the same may be asked for again later.
    pub fn name(&self) -> String {
        let Manifest { table, index, format, .. } = &self.planned;
        format!("{table}-{}.{}", index.block, format.ending())
    }

    /// The place of its rows.
    pub fn path(&self) -> PathBuf {
        self.folder.join(self.name())
    }

    /// The file of a name, and where it lies.
    pub fn piece(&self, name: &str) -> Option<(Piece, PathBuf)> {
        let rows = self.path();
        let (told, signed) = (manifest_of(&rows), signature_of(&rows));
        let mut pieces = vec![(Piece::Rows, rows), (Piece::Manifest, told)];
        if self.planned.signer.is_some() {
            pieces.push((Piece::Signature, signed));
        }
        pieces.into_iter().find(|(_, path)| path.file_name().is_some_and(|own| own == name))
    }

    pub fn state(&self) -> State {
        self.state.borrow().clone()
    }

    /// Whether it is so far.
    pub fn is(&self, so: fn(&State) -> bool) -> bool {
        so(&self.state.borrow())
    }

    /// Bytes that it has on the disk.
    pub fn bytes(&self) -> u64 {
        self.state.borrow().bytes()
    }

    pub fn set(&self, state: State) {
        self.used_now();
        if state.has_ended() {
            self.since.get_or_init(Instant::now);
        }
        self.state.send_replace(state);
    }

    /// How far it is when it has ended, or after a while.
    pub async fn ended(&self, within: Duration) -> State {
        let mut state = self.state.subscribe();
        let ended = state.wait_for(State::has_ended);
        // In time or not, it is told how far it is.
        let _ = tokio::time::timeout(within, ended).await;
        self.state()
    }

    pub fn used_now(&self) {
        *self.used.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    /// How long nobody has used it. Nothing: somebody does, or it is not made yet.
    pub fn unused(&self) -> Option<Duration> {
        Some(self.free_since()?.elapsed())
    }

    /// When somebody used it for the last time. Nothing: somebody does, or it is not made yet.
    pub fn free_since(&self) -> Option<Instant> {
        let is_free =
            self.downloads.load(Ordering::Acquire) == 0 && self.state.borrow().has_ended();
        is_free.then(|| self.used())
    }

    /// How long nobody has asked about it while it waits. Nothing: it does not wait.
    pub fn forgotten(&self) -> Option<Duration> {
        self.is(|state| matches!(state, State::Waiting)).then(|| self.used().elapsed())
    }

    fn used(&self) -> Instant {
        *self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How long it is kept still when nobody fetches it. Nothing: somebody does, or it is not made yet.
    fn left(&self, keep: Keep) -> Option<Duration> {
        let unused = self.unused()?;
        let own = keep.unused.saturating_sub(unused);
        let age = self.since.get().map_or(Duration::ZERO, Instant::elapsed);
        Some(own.min(keep.oldest.saturating_sub(age)))
    }

    /// Whether it is kept no longer.
    pub fn is_over(&self, keep: Keep) -> bool {
        let forgotten = self.forgotten().is_some_and(|idle| idle >= keep.forgotten);
        forgotten || self.left(keep).is_some_and(|left| left.is_zero())
    }

    /// What it is, as others read it. Addresses are relative to where this is read.
    pub fn status(&self, keep: Keep) -> Status {
        let file = format!("{}/{}", self.id, self.name());
        let signer = self.planned.signer.clone();
        let mut status = Status {
            id: self.id.clone(),
            state: "waiting",
            table: self.planned.table.clone(),
            block: self.planned.index.block,
            manifest: format!("{file}.json"),
            signature: signer.is_some().then(|| format!("{file}.json.sig")),
            file,
            signer,
            rows: None,
            all: None,
            bytes: 0,
            sha256: None,
            kept_s: self.left(keep).map(|left| left.as_secs()),
            why: None,
        };
        let state = self.state();
        status.bytes = state.bytes();
        match state {
            State::Waiting => {}
            State::Making(progress) => {
                status.state = "making";
                (status.rows, status.all) = (progress.rows, Some(progress.all));
            }
            State::Ready(manifest) => {
                status.state = "ready";
                (status.rows, status.all) = (Some(manifest.rows), Some(manifest.rows));
                status.sha256 = Some(manifest.sha256);
            }
            State::Failed(failure) => {
                status.state = "failed";
                status.why = Some(failure.why);
            }
        }
        status
    }
}

/// How long exports are kept.
#[derive(Clone, Copy, Debug)]
pub(super) struct Keep {
    /// Since one was made, or fetched for the last time.
    pub unused: Duration,
    /// Since it was made, however often it is fetched.
    pub oldest: Duration,
    /// Since anybody has asked about one that waits.
    pub forgotten: Duration,
}

/// What an export is, as others read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Status {
    id: String,
    state: &'static str,
    table: String,
    block: u32,
    file: String,
    manifest: String,
    signature: Option<String>,
    signer: Option<String>,
    /// Rows that are written, where they can be counted on the way.
    rows: Option<u64>,
    /// Rows that there are.
    all: Option<u64>,
    bytes: u64,
    sha256: Option<String>,
    /// Seconds until it is deleted when nobody fetches it.
    kept_s: Option<u64>,
    why: Option<String>,
}

/// A download on its way: as long as this is there, the export is.
pub(super) struct Download {
    item: Arc<Item>,
    _place: OwnedSemaphorePermit,
}

impl Download {
    pub fn begin(item: Arc<Item>, place: OwnedSemaphorePermit) -> Self {
        item.downloads.fetch_add(1, Ordering::AcqRel);
        Self { item, _place: place }
    }
}

impl Drop for Download {
    fn drop(&mut self) {
        self.item.used_now();
        self.item.downloads.fetch_sub(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use proptest::{
        strategy::{Strategy, ValueTree},
        test_runner::TestRunner,
    };

    const KEEP: Keep = Keep {
        unused: Duration::from_secs(3_600),
        oldest: Duration::from_secs(86_400),
        forgotten: Duration::from_secs(120),
    };

    fn keep(unused: u64, oldest: u64, forgotten: u64) -> Keep {
        let [unused, oldest, forgotten] = [unused, oldest, forgotten].map(Duration::from_secs);
        Keep { unused, oldest, forgotten }
    }

    /// Some manifest.
    pub fn any_manifest() -> Manifest {
        let any = crate::export::manifest::tests::manifest();
        any.new_tree(&mut TestRunner::deterministic()).unwrap().current()
    }

    #[test]
    fn one_is_over_when_nobody_asks_fetches_or_after_a_day() {
        let dropped = CancellationToken::new();
        let item = Item::new(String::new(), any_manifest(), PathBuf::new(), dropped);
        let item = Arc::new(item);
        assert!(!item.is_over(KEEP), "it was asked for just now");
        assert!(item.is_over(keep(9, 9, 0)), "it waits, and nobody asks about it");
        assert!(!item.is_over(keep(0, 0, 9)), "it waits, and somebody asks about it");
        item.set(State::Making(Progress { rows: None, all: 0, bytes: 0 }));
        assert!(!item.is_over(keep(0, 0, 0)), "it is being made");
        item.set(State::Ready(Box::new(any_manifest())));
        assert!(item.is_over(keep(0, 9, 9)) && item.is_over(keep(9, 0, 9)));
        assert!(!item.is_over(KEEP) && !item.is_over(keep(9, 9, 0)));
        let place = Arc::new(tokio::sync::Semaphore::new(1)).try_acquire_owned().unwrap();
        let download = Download::begin(item.clone(), place);
        assert!(!item.is_over(keep(0, 0, 0)), "somebody fetches it");
        drop(download);
        assert!(item.is_over(keep(0, 0, 0)));
    }
}
