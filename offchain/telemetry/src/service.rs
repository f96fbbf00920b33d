//! All of telemetry, started and stopped together.

use crate::{
    analysis::{rules::RuleBook, Analysis, Outcome},
    analyst::{channel, Analyst, Worker},
    anchor::Anchors,
    carrier::Carrier,
    config::TelemetryConfig,
    error::TelemetryError,
    figures::{Figures, Tally},
    geofences::Geofences,
    journal::{EntryKey, Journal},
    live::Live,
    pipeline::{Builder, Cutter, Storer},
    proof::{prove, ProveError, RecordProof},
    queries::Queries,
};
use parking_lot::Mutex;
use smartlink_clickhouse::Store;
use smartlink_devices::log::Log;
use smartlink_service::config::Check;
use std::{
    future::Future,
    path::Path,
    sync::{
        atomic::{AtomicU64, Ordering},
        Arc,
    },
    thread::JoinHandle,
};
use tokio::{
    runtime::Handle,
    sync::{mpsc, watch},
    task::JoinSet,
};
use tokio_util::sync::CancellationToken;

/// Chunks that wait for the storer, beside the one that it has.
const ON_THE_WAY: usize = 1;

/// Telemetry of one company. Clones are the same one.
#[derive(Clone)]
pub struct Telemetry {
    inner: Arc<Inner>,
}

struct Inner {
    log: Log,
    tally: Arc<Tally>,
    anchors: Anchors,
    live: Live,
    analyst: Analyst,
    geofences: Geofences,
    queries: Queries,
    store: Store,
    company: u32,
    stored: watch::Receiver<u64>,
    ready: watch::Receiver<u64>,
    delivered: watch::Receiver<EntryKey>,
    ended: watch::Receiver<Option<Arc<TelemetryError>>>,
}

/// Waits for the end of telemetry's tasks.
pub struct Running {
    stop: CancellationToken,
    tasks: JoinSet<()>,
    thread: Option<JoinHandle<()>>,
}

/// Where the parts tell how they ended.
#[derive(Clone)]
struct Ends {
    stop: CancellationToken,
    ended: Arc<Mutex<watch::Sender<Option<Arc<TelemetryError>>>>>,
}

impl Ends {
    /// The first error is the reason; everything stops with it.
    fn tell(&self, part: &'static str, end: Result<(), TelemetryError>) {
        let Err(error) = end else { return };
        tracing::error!(part, %error, "telemetry stops: what it has taken on is in the log and in its journal");
        self.ended.lock().send_if_modified(|ended| {
            let first = ended.is_none();
            if first {
                *ended = Some(Arc::new(error));
            }
            first
        });
        self.stop.cancel();
    }
}

impl Telemetry {
    /// Opens the journal, gives the analysis what came after its last snapshot, and begins to follow the log. The tables
    /// must be there ([`smartlink_clickhouse::migrate`]). When ClickHouse is away, this starts all the same.
    ///
    /// # Errors
    /// A setting that cannot be; a journal or log that cannot be read, or that do not belong together.
    pub async fn start(
        config: TelemetryConfig,
        log: Log,
        store: &Store,
    ) -> Result<(Self, Running), TelemetryError> {
        if let Some(invalid) = Check::all(&config).into_iter().next() {
            return Err(TelemetryError::Config(invalid));
        }
        let opening = tokio::task::spawn_blocking(move || Opened::open(config, log));
        let opened = opening.await.map_err(TelemetryError::broke_off("opening the journal"))??;
        opened.start(store.clone())
    }

    /// What telemetry has done since it was started, and how far behind it is.
    pub fn figures(&self) -> Figures {
        self.inner.tally.figures(self.inner.log.next_sequence())
    }

    /// Batches for the chain, for [`crate::anchor_http::routes`].
    pub fn anchors(&self) -> &Anchors {
        &self.inner.anchors
    }

    /// Where every vehicle is.
    pub fn live(&self) -> &Live {
        &self.inner.live
    }

    /// Rules, and what is told of vehicles.
    pub fn analyst(&self) -> &Analyst {
        &self.inner.analyst
    }

    /// Geofences.
    pub fn geofences(&self) -> &Geofences {
        &self.inner.geofences
    }

    /// What has happened.
    pub fn queries(&self) -> &Queries {
        &self.inner.queries
    }

    /// The proof of a record, from ClickHouse.
    ///
    /// # Errors
    /// As [`prove`].
    pub async fn prove(&self, sequence: u64) -> Result<RecordProof, ProveError> {
        prove(&self.inner.store, self.inner.company, sequence).await
    }

    /// Waits until all records below a sequence are in ClickHouse. False when telemetry stopped before.
    pub async fn stored(&self, below: u64) -> bool {
        reached(&self.inner.stored, below).await
    }

    /// Waits until a batch may go to the chain. False when telemetry stopped before.
    pub async fn ready(&self, batch: u64) -> bool {
        reached(&self.inner.ready, batch).await
    }

    /// Waits until all findings below a number are in ClickHouse ([`Figures::found`] and those of before). False when
    /// telemetry stopped before.
    pub async fn delivered(&self, below: EntryKey) -> bool {
        reached(&self.inner.delivered, below).await
    }

    /// Ends when telemetry has ended by itself, with the reason; never when it was stopped.
    pub async fn failed(&self) -> Arc<TelemetryError> {
        let mut ended = self.inner.ended.clone();
        let seen = ended.wait_for(Option::is_some).await.map(|error| error.clone());
        match seen {
            Ok(Some(error)) => error,
            // It was stopped.
            _ => std::future::pending().await,
        }
    }
}

async fn reached(watched: &watch::Receiver<u64>, number: u64) -> bool {
    watched.clone().wait_for(|reached| *reached >= number).await.is_ok()
}

/// What is read from disk before anything starts.
struct Opened {
    config: TelemetryConfig,
    log: Log,
    journal: Arc<Journal>,
    tally: Arc<Tally>,
    live: Live,
    cutter: (Builder, crate::journal::Course),
    worker: Worker,
    geofences: crate::geofences::Set,
}

impl Opened {
    fn open(config: TelemetryConfig, log: Log) -> Result<Self, TelemetryError> {
        let journal = Arc::new(Journal::open(Path::new(&config.path))?);
        let tally = Arc::new(Tally::default());
        let course = journal.course()?;
        let builder = Builder::recover(log.clone(), &course.open, course.next())?;
        tally.stored.store(course.stored, Ordering::Relaxed);
        tally.ready.store(course.ready, Ordering::Relaxed);
        let outbox = journal.outbox()?;
        tally.waiting.store(outbox.end - outbox.start, Ordering::Relaxed);
        let geofences = crate::geofences::Set::load(&journal)?;
        let book: RuleBook = journal.rules()?.unwrap_or_default();
        let live = Live::new(config.live_groups);
        let (position, analysis) = analysis(&journal, &book, &geofences)?;
        // As they were then. What came since is told when it was analysed once more.
        live.reset(analysis.last_states());
        tally.analysed.store(position.sequence, Ordering::Relaxed);
        let worker = Worker {
            log: log.clone(),
            journal: journal.clone(),
            config: config.analysis.clone(),
            tally: tally.clone(),
            live: live.clone(),
            analysis,
            rules: watch::Sender::new(book),
            position,
            outcome: Outcome::default(),
            reached_ms: 0,
            entries: Vec::new(),
            next_entry: outbox.end,
            keep: Arc::new(AtomicU64::new(position.sequence)),
            news: Arc::default(),
            next_tick_ms: 0,
            next_snapshot_ms: 0,
        };
        tracing::info!(stored = course.stored, analysed = position.sequence, "the journal is open");
        let cutter = (builder, course);
        Ok(Self { config, log, journal, tally, live, cutter, worker, geofences })
    }

    fn start(self, store: Store) -> Result<(Telemetry, Running), TelemetryError> {
        let client = store.client().clone();
        let Self { config, log, journal, tally, live, cutter, worker, geofences } = self;
        let (builder, course) = cutter;
        let (stop, mut tasks) = (CancellationToken::new(), JoinSet::new());
        let (ended_by, ended) = watch::channel(None);
        let ends = Ends { stop: stop.clone(), ended: Arc::new(Mutex::new(ended_by)) };
        let (stored_by, stored) = watch::channel(course.stored);
        let (ready_by, ready) = watch::channel(course.ready);
        let (delivered_by, delivered) = watch::channel(journal.outbox()?.start);
        let (steps, waiting) = mpsc::channel(ON_THE_WAY);
        let open_first = Arc::new(AtomicU64::new(course.open.first));
        let cutter = Cutter {
            journal: journal.clone(),
            config: config.pipeline.clone(),
            tally: tally.clone(),
            builder,
            open: course.open,
            keep: open_first.clone(),
            end: log.subscribe(),
            steps,
        };
        let storer = Storer {
            client: client.clone(),
            journal: journal.clone(),
            log: log.clone(),
            config: config.pipeline.clone(),
            company: config.company,
            tally: tally.clone(),
            stored: stored_by,
            ready: ready_by,
            keep: vec![open_first, worker.keep.clone()],
        };
        let carrier = Carrier {
            client,
            journal: journal.clone(),
            config: config.analysis.clone(),
            inserts: config.pipeline.clone(),
            company: config.company,
            tally: tally.clone(),
            news: worker.news.clone(),
            delivered: delivered_by,
        };
        let (analyst, commands) = channel(worker.rules.subscribe());
        let thread = analysing(worker, commands, log.subscribe(), &ends)?;
        part(&mut tasks, &ends, "cutter", cutter.run(course.cuts, stop.clone()));
        part(&mut tasks, &ends, "storer", storer.run(waiting, stop.clone()));
        part(&mut tasks, &ends, "carrier", carrier.run(stop.clone()));
        let kept = config.pipeline.batches_kept;
        let inner = Inner {
            anchors: Anchors::new(config.company, journal, ready.clone(), kept, tally.clone()),
            geofences: Geofences::new(geofences, analyst.clone(), config.geofences),
            queries: Queries::new(
                store.clone(),
                &config.queries,
                analyst.clone(),
                delivered.clone(),
            ),
            store,
            company: config.company,
            log,
            tally,
            live,
            analyst,
            stored,
            ready,
            delivered,
            ended,
        };
        let running = Running { stop, tasks, thread: Some(thread) };
        Ok((Telemetry { inner: Arc::new(inner) }, running))
    }
}

/// The analysis as it was when it was last kept.
fn analysis(
    journal: &Journal,
    book: &RuleBook,
    geofences: &crate::geofences::Set,
) -> Result<(crate::journal::Position, Analysis), TelemetryError> {
    let rules = book.compile().map_err(TelemetryError::Rules)?;
    let rules = Arc::new(rules);
    let index = geofences.index();
    if let Some((position, bytes)) = journal.snapshot()? {
        return Ok((position, Analysis::restore(rules, index, &bytes)?));
    }
    let mut analysis = Analysis::new(rules);
    analysis.set_fences(index);
    Ok((Default::default(), analysis))
}

fn part(
    tasks: &mut JoinSet<()>,
    ends: &Ends,
    name: &'static str,
    run: impl Future<Output = Result<(), TelemetryError>> + Send + 'static,
) {
    let ends = ends.clone();
    tasks.spawn(async move {
        // A panic is told as well: it must not leave the others going on without it.
        let end = tokio::spawn(run)
            .await
            .unwrap_or_else(|source| Err(TelemetryError::BrokeOff { doing: name, source }));
        ends.tell(name, end);
    });
}

fn analysing(
    worker: Worker,
    commands: mpsc::Receiver<crate::analyst::Command>,
    end: watch::Receiver<u64>,
    ends: &Ends,
) -> Result<JoinHandle<()>, TelemetryError> {
    let (handle, ends) = (Handle::current(), ends.clone());
    let thread = std::thread::Builder::new().name("telemetry-analysis".into());
    let run = move || {
        let stop = ends.stop.clone();
        let run = std::panic::AssertUnwindSafe(|| worker.run(&handle, commands, end, &stop));
        let end = std::panic::catch_unwind(run).unwrap_or(Err(TelemetryError::Panicked));
        ends.tell("analysis", end);
    };
    Ok(thread.spawn(run)?)
}

impl Running {
    /// Stops telemetry: what is being inserted may finish within five seconds, the analysis is kept.
    pub async fn stop(mut self) {
        self.stop.cancel();
        while self.tasks.join_next().await.is_some() {}
        if let Some(thread) = self.thread.take() {
            let joined = tokio::task::spawn_blocking(move || thread.join()).await;
            if !matches!(joined, Ok(Ok(()))) {
                tracing::error!("the thread of the analysis has panicked");
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // The tasks end with their set, the thread when it sees this.
        self.stop.cancel();
    }
}
