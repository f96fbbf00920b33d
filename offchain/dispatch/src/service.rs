//! The dispatcher as a service: it follows orders, ticks, makes offers, keeps decisions and answers.

mod answers;
mod follower;
mod news;
mod orders;
mod reports;
mod ticker;

use std::{
    future::Future,
    sync::{
        atomic::{AtomicU64, Ordering},
        Arc, Mutex, MutexGuard, PoisonError,
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use futures::{future::BoxFuture, FutureExt};
use smartlink_proto::dispatch::dispatch_server::DispatchServer;
use tokio::{
    sync::watch,
    task::{spawn_blocking, JoinError},
};

use crate::{
    config::{ConfigError, DispatchConfig},
    decision::{DecisionLog, LogError},
    engine::DispatchEngine,
    travel::{GreatCircle, Osrm, OsrmError, TravelTimes},
};

pub use answers::DispatchService;
pub use news::UnreadableNews;
pub use orders::OrdersService;
use reports::Reports;

/// Why the dispatcher did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The configuration is out of its bounds.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The log of decisions did not open.
    #[error(transparent)]
    Log(#[from] LogError),
    /// OSRM is configured with an address that is none.
    #[error(transparent)]
    Osrm(#[from] OsrmError),
}

/// Why the dispatcher ended before it was told to.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// A tick panicked: what the engine knows can no longer be trusted.
    #[error("a tick of the dispatcher panicked: {0}; start it anew, it reads everything again from the orders service")]
    Tick(tokio::task::JoinError),
}

/// A dispatcher that has everything but time to run.
pub struct Dispatch {
    /// Answers `dispatch.proto`, in process or on a server.
    pub server: DispatchServer<DispatchService>,
    /// Whether all open orders and drivers are known. The dispatcher makes offers only while this is so.
    pub ready: watch::Receiver<bool>,
    /// The dispatcher itself: drive it until it ends. It ends well only after the shutdown that was given to [`start`], when
    /// the tick that is under way and its offers are through.
    pub run: BoxFuture<'static, Result<(), RunError>>,
}

/// What all parts of the service share.
pub(crate) struct Shared {
    config: DispatchConfig,
    engine: Mutex<DispatchEngine>,
    /// What the engine is told of positions when it is locked next by [`Shared::with_engine`].
    reports: Reports,
    travel: Arc<dyn TravelTimes>,
    /// The engine's own great circles do: nobody else is asked.
    by_great_circle: bool,
    log: DecisionLog,
    orders: Box<dyn OrdersService>,
    ready: watch::Sender<bool>,
    last_tick_us: AtomicU64,
}

impl Shared {
    fn new(config: DispatchConfig, orders: impl OrdersService) -> Result<Self, StartError> {
        let engine = DispatchEngine::new(config.clone())?;
        let great_circle = GreatCircle {
            detour_permille: config.travel.detour_permille,
            speed_m_per_h: config.travel.speed_m_per_h,
        };
        let travel: Arc<dyn TravelTimes> = match &config.travel.osrm {
            Some(osrm) => Arc::new(Osrm::new(osrm.clone(), great_circle)?),
            None => Arc::new(great_circle),
        };
        let log = DecisionLog::open(&config.path, config.decisions.clone())?;
        Ok(Self {
            by_great_circle: config.travel.osrm.is_none(),
            reports: Reports::new(&config.candidates),
            config,
            engine: Mutex::new(engine),
            travel,
            log,
            orders: Box::new(orders),
            ready: watch::Sender::new(false),
            last_tick_us: AtomicU64::new(0),
        })
    }

    /// A panic while the engine is locked ends the service (see [`RunError::Tick`]); until then the others go on with what
    /// it knows.
    fn engine(&self) -> MutexGuard<'_, DispatchEngine> {
        self.engine.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does something with the engine after it has read all positions that wait. It may have to wait for a tick's search,
    /// and the search itself is long: both on a thread where nobody else is kept waiting.
    async fn with_engine<T: Send + 'static>(
        self: &Arc<Self>,
        act: impl FnOnce(&mut DispatchEngine) -> T + Send + 'static,
    ) -> Result<T, JoinError> {
        let shared = Arc::clone(self);
        spawn_blocking(move || {
            let mut engine = shared.engine();
            let now_ms = now_ms();
            for position in shared.reports.read() {
                engine.report(position, now_ms);
            }
            act(&mut engine)
        })
        .await
    }

    /// Tells the engine something short: here when it is free, as [`Shared::with_engine`] does while it is not.
    async fn tell<T: Send + 'static>(
        self: &Arc<Self>,
        act: impl FnOnce(&mut DispatchEngine) -> T + Send + 'static,
    ) -> T {
        if let Ok(mut engine) = self.engine.try_lock() {
            return act(&mut engine);
        }
        match self.with_engine(act).await.map_err(JoinError::try_into_panic) {
            Ok(told) => told,
            Err(Ok(panic)) => std::panic::resume_unwind(panic),
            // The runtime ends, and this with it.
            Err(Err(_)) => std::future::pending().await,
        }
    }
}

/// Prepares a dispatcher: opens its decisions and checks its configuration. Nothing runs before [`Dispatch::run`] is
/// driven, inside a Tokio runtime.
///
/// `orders` is a client of `orders.proto` on any transport: a channel, or the server itself in the same process.
///
/// # Errors
/// The configuration is out of its bounds, or the decisions cannot be opened.
pub fn start(
    config: DispatchConfig,
    orders: impl OrdersService,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<Dispatch, StartError> {
    let shared = Arc::new(Shared::new(config, orders)?);
    let server = DispatchServer::new(DispatchService::new(Arc::clone(&shared)));
    let ready = shared.ready.subscribe();
    Ok(Dispatch { server, ready, run: run(shared, shutdown).boxed() })
}

/// Follows and ticks until the shutdown.
async fn run(
    shared: Arc<Shared>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), RunError> {
    let follower = follower::follow(&shared);
    let ticker = ticker::tick(&shared, shutdown);
    tokio::select! {
        () = follower => Ok(()),
        ended = ticker => ended,
    }
}

/// Milliseconds of the Unix epoch, by the clock of this machine.
fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

fn load(number: &AtomicU64) -> u64 {
    number.load(Ordering::Relaxed)
}
