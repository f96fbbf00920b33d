//! Roles of a process: started in order, stopped in reverse.

use std::{collections::HashMap, future::Future, io, pin::Pin, time::Duration};

use futures::{Stream, StreamExt};
use serde::{Deserialize, Serialize};
use tokio::{
    signal::unix::{signal, SignalKind},
    task::{AbortHandle, Id, JoinError, JoinSet},
    time::Instant,
};
use tokio_util::sync::CancellationToken;

use crate::{
    config::{Check, Validate},
    layers::said_by,
    Readiness,
};

type Failure = Box<dyn std::error::Error + Send + Sync>;
type Outcome = Result<(), Failure>;
type Start = Box<dyn FnOnce(RoleContext) -> Pin<Box<dyn Future<Output = Outcome> + Send>> + Send>;

/// How long roles may take to start and to stop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Bounds {
    /// Until one role is ready, in milliseconds.
    pub start_ms: u64,
    /// Until one role has ended after it was told to, in milliseconds.
    pub role_stop_ms: u64,
    /// Until all have, in milliseconds.
    pub stop_ms: u64,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { start_ms: 120_000, role_stop_ms: 10_000, stop_ms: 30_000 }
    }
}

impl Validate for Bounds {
    fn validate(&self, check: &mut Check) {
        check.range("start_ms", self.start_ms, 1..=3_600_000);
        check.range("role_stop_ms", self.role_stop_ms, 1..=3_600_000);
        check.range("stop_ms", self.stop_ms, self.role_stop_ms..=3_600_000);
    }
}

/// What a role is given when it starts.
#[derive(Clone, Debug)]
pub struct RoleContext {
    /// When this says so, the role ends its work and returns.
    pub stop: CancellationToken,
    /// What the role turns when it does its work; the next role starts then.
    pub ready: Readiness,
}

/// The roles of a process.
///
/// Each starts when the one before it is ready, so a role finds those it needs. They stop in reverse, one after
/// the other, so a role has those it needs until its end. They stop on SIGINT, on SIGTERM, and when any of
/// them ends; a second signal stops all of them at once.
pub struct Runner {
    bounds: Bounds,
    roles: Vec<Role>,
}

struct Role {
    name: &'static str,
    ready: Readiness,
    start: Start,
}

impl Runner {
    /// Without any role yet.
    pub fn new(bounds: Bounds) -> Self {
        Self { bounds, roles: Vec::new() }
    }

    /// Adds a role, which starts after those before it. It runs until its context says stop; when it returns before,
    /// with or without an error, or panics, all others are stopped.
    pub fn role<F, R, E>(self, name: &'static str, start: F) -> Self
    where
        F: FnOnce(RoleContext) -> R + Send + 'static,
        R: Future<Output = Result<(), E>> + Send + 'static,
        E: Into<Failure>,
    {
        self.role_with(name, Readiness::new(), start)
    }

    /// As [`role`](Self::role), with a switch that others watch as well: a server, for its health.
    pub fn role_with<F, R, E>(mut self, name: &'static str, ready: Readiness, start: F) -> Self
    where
        F: FnOnce(RoleContext) -> R + Send + 'static,
        R: Future<Output = Result<(), E>> + Send + 'static,
        E: Into<Failure>,
    {
        let start: Start = Box::new(move |context| {
            let role = start(context);
            Box::pin(async move { role.await.map_err(Into::into) })
        });
        self.roles.push(Role { name, ready, start });
        self
    }

    /// Runs all roles until they have ended. Then the runtime may still hold tasks that do not yield: end the
    /// process rather than wait for it.
    pub async fn run(self) -> Result<(), RunnerError> {
        let interrupt = signal(SignalKind::interrupt()).map_err(RunnerError::Signals)?;
        let terminate = signal(SignalKind::terminate()).map_err(RunnerError::Signals)?;
        let each = |signal| {
            futures::stream::unfold(signal, |mut signal: tokio::signal::unix::Signal| async move {
                signal.recv().await.map(|()| ((), signal))
            })
        };
        self.run_with(futures::stream::select(Box::pin(each(interrupt)), Box::pin(each(terminate))))
            .await
    }

    /// As [`run`](Self::run), with other signals than those of the process.
    pub async fn run_with(
        self,
        signals: impl Stream<Item = ()> + Unpin + Send,
    ) -> Result<(), RunnerError> {
        let names = self.roles.iter().map(|role| role.name).collect();
        let mut running = Running {
            bounds: self.bounds,
            names,
            tasks: JoinSet::new(),
            by_task: HashMap::new(),
            stops: Vec::new(),
            ended: Vec::new(),
            first: None,
            signals: signals.chain(futures::stream::pending()),
        };
        if running.start(self.roles).await {
            running.watch().await;
        }
        running.stop().await;
        running.first.map_or(Ok(()), Err)
    }
}

struct Running<S> {
    bounds: Bounds,
    names: Vec<&'static str>,
    /// Dropped with this, and every role with it.
    tasks: JoinSet<Outcome>,
    /// Which role a task is, as an index.
    by_task: HashMap<Id, usize>,
    /// Of those that were started.
    stops: Vec<(CancellationToken, AbortHandle)>,
    ended: Vec<bool>,
    first: Option<RunnerError>,
    signals: S,
}

impl<S: Stream<Item = ()> + Unpin> Running<S> {
    /// Starts one after the other. False when one of them failed, or a signal came.
    async fn start(&mut self, roles: Vec<Role>) -> bool {
        for (index, role) in roles.into_iter().enumerate() {
            let Role { name, ready, start } = role;
            let stop = CancellationToken::new();
            let role = start(RoleContext { stop: stop.clone(), ready: ready.clone() });
            let task = self.tasks.spawn(role);
            self.by_task.insert(task.id(), index);
            self.stops.push((stop, task));
            self.ended.push(false);
            tracing::info!(role = name, "starting");
            let in_time = Duration::from_millis(self.bounds.start_ms);
            tokio::select! {
                // A role that is ready and ends at once has ended.
                biased;
                Some(ended) = self.tasks.join_next_with_id() => {
                    self.early(ended);
                    return false;
                }
                () = ready.ready() => tracing::info!(role = name, "ready"),
                _ = self.signals.next() => return false,
                () = tokio::time::sleep(in_time) => {
                    self.fail(RunnerError::NotReady { role: name, ms: self.bounds.start_ms });
                    return false;
                }
            }
        }
        true
    }

    /// Until the first role ends or the first signal comes.
    async fn watch(&mut self) {
        tokio::select! {
            biased;
            Some(ended) = self.tasks.join_next_with_id() => self.early(ended),
            _ = self.signals.next() => {}
        }
    }

    /// Stops in reverse what was started.
    async fn stop(&mut self) {
        let all = Instant::now() + Duration::from_millis(self.bounds.stop_ms);
        for index in (0..self.stops.len()).rev() {
            if self.ended[index] {
                continue;
            }
            let role = self.names[index];
            tracing::info!(role, "stopping");
            self.stops[index].0.cancel();
            let one = Instant::now() + Duration::from_millis(self.bounds.role_stop_ms);
            while !self.ended[index] {
                tokio::select! {
                    biased;
                    Some(ended) = self.tasks.join_next_with_id() => self.late(ended),
                    _ = self.signals.next() => {
                        self.tasks.abort_all();
                        self.fail(RunnerError::Forced { role });
                        return;
                    }
                    () = tokio::time::sleep_until(one.min(all)) => {
                        self.ended[index] = true;
                        self.stops[index].1.abort();
                        self.fail(RunnerError::NotStopped { role });
                    }
                }
            }
        }
    }

    /// A role ended though nobody told it to.
    fn early(&mut self, ended: Result<(Id, Outcome), JoinError>) {
        if let Some((index, failure)) = self.outcome(ended) {
            let role = self.names[index];
            self.fail(failure.unwrap_or(RunnerError::Ended { role }));
        }
    }

    /// A role ended while all are being stopped.
    fn late(&mut self, ended: Result<(Id, Outcome), JoinError>) {
        if let Some((index, failure)) = self.outcome(ended) {
            match failure {
                Some(failure) => self.fail(failure),
                None => tracing::info!(role = self.names[index], "stopped"),
            }
        }
    }

    /// Which role ended, and what went wrong with it.
    fn outcome(
        &mut self,
        ended: Result<(Id, Outcome), JoinError>,
    ) -> Option<(usize, Option<RunnerError>)> {
        let id = ended.as_ref().map_or_else(JoinError::id, |(id, _)| *id);
        let index = self.by_task.remove(&id)?;
        self.ended[index] = true;
        let role = self.names[index];
        let failure = match ended {
            Ok((_, Ok(()))) => None,
            Ok((_, Err(source))) => Some(RunnerError::Failed { role, source }),
            Err(error) => Some(match error.try_into_panic() {
                Ok(panic) => RunnerError::Panicked { role, said: said_by(&*panic).to_owned() },
                Err(_) => RunnerError::NotStopped { role },
            }),
        };
        Some((index, failure))
    }

    /// Keeps the first failure, which is the reason; those that follow from it are in the log.
    fn fail(&mut self, failure: RunnerError) {
        tracing::error!(%failure, "a role failed");
        self.first.get_or_insert(failure);
    }
}

/// Why a process of roles ended otherwise than by being told to.
#[derive(Debug, thiserror::Error)]
pub enum RunnerError {
    /// Signals cannot be received.
    #[error("signals cannot be received: {0}")]
    Signals(io::Error),
    /// A role ended with an error.
    #[error("{role} failed: {source}")]
    Failed {
        /// The role.
        role: &'static str,
        /// Its error.
        source: Failure,
    },
    /// A role panicked.
    #[error("{role} panicked ({said}): this is a fault of the program, whose log says where")]
    Panicked {
        /// The role.
        role: &'static str,
        /// What the panic said.
        said: String,
    },
    /// A role returned though nobody told it to stop.
    #[error("{role} ended by itself, which no role does")]
    Ended {
        /// The role.
        role: &'static str,
    },
    /// A role did not become ready.
    #[error("{role} was not ready within {ms} ms: its log says what it waits for")]
    NotReady {
        /// The role.
        role: &'static str,
        /// The bound.
        ms: u64,
    },
    /// A role did not end in time when it was told to.
    #[error(
        "{role} did not stop in time and was cut off: give it a longer bound if this is usual"
    )]
    NotStopped {
        /// The role.
        role: &'static str,
    },
    /// A second signal came while a role was stopping.
    #[error("a second signal cut everything off while {role} was stopping")]
    Forced {
        /// The role.
        role: &'static str,
    },
}
