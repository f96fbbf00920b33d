//! The circuit breaker: a service that fails is left alone for a while.
//!
//! ```text
//!             failures reach the share            open_ms are over
//!   Closed ─────────────────────────────▶ Open ─────────────────────▶ HalfOpen
//!     ▲                                     ▲   one probe fails          │  │
//!     │                                     └────────────────────────────┘  │
//!     └─────────────────────────────────────────────────────────────────────┘
//!                           all probes succeed
//! ```

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use serde::{Deserialize, Serialize};
use tokio::time::Instant;
use tonic::{Code, Status};
use tower::{Layer, Service, ServiceExt};

use super::{code_of, Answer, Answering, Call, Callee};
use crate::config::{Check, Validate};

/// Into how many parts the window is cut: what is older than the window leaves a part at a time.
const PARTS: usize = 10;

/// When a circuit opens, and how it closes again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BreakerLimits {
    /// Over which time calls are counted, in milliseconds.
    pub window_ms: u64,
    /// Fewer calls than this within the window never open it.
    pub min_calls: u32,
    /// The share of failures, in percent of the calls within the window, that opens it.
    pub failure_percent: u32,
    /// How long nothing is let through, in milliseconds.
    pub open_ms: u64,
    /// How many calls are tried after that; when all succeed it closes.
    pub probes: u32,
}

impl Default for BreakerLimits {
    fn default() -> Self {
        Self { window_ms: 10_000, min_calls: 20, failure_percent: 50, open_ms: 2_000, probes: 3 }
    }
}

impl Validate for BreakerLimits {
    fn validate(&self, check: &mut Check) {
        check.range("window_ms", self.window_ms, 100..=3_600_000);
        check.range("min_calls", self.min_calls, 1..=1_000_000);
        check.range("failure_percent", self.failure_percent, 1..=100);
        check.range("open_ms", self.open_ms, 1..=3_600_000);
        check.range("probes", self.probes, 1..=1_000);
    }
}

/// In which state a circuit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CircuitState {
    /// Calls pass and are counted.
    Closed,
    /// No call passes.
    Open,
    /// A few calls are tried.
    HalfOpen,
}

/// What came of a call, for the circuit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The service answered, and be it with a refusal.
    Success,
    /// UNAVAILABLE or DEADLINE_EXCEEDED.
    Failure,
    /// The caller went away before there was an answer.
    Abandoned,
}

/// That a call may pass; it is given back with what came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// The state for which it was given. Outcomes of calls from before do not count.
    era: u64,
}

/// Whether a call may pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// It may.
    Pass(Ticket),
    /// It may not, and asking again makes sense after this time.
    Refuse(Duration),
}

/// The states and what leads from one to the next, without a clock of its own.
#[derive(Clone, Debug)]
pub struct Circuit {
    limits: BreakerLimits,
    state: State,
    era: u64,
}

#[derive(Clone, Debug)]
enum State {
    Closed(Window),
    Open { until: Instant },
    HalfOpen { running: u32, succeeded: u32 },
}

impl Circuit {
    /// A closed one.
    pub fn new(limits: BreakerLimits, now: Instant) -> Self {
        let window = Window::new(&limits, now);
        Self { limits, state: State::Closed(window), era: 0 }
    }

    /// Its state. An open one becomes half open only when a call asks.
    pub fn state(&self) -> CircuitState {
        match self.state {
            State::Closed(_) => CircuitState::Closed,
            State::Open { .. } => CircuitState::Open,
            State::HalfOpen { .. } => CircuitState::HalfOpen,
        }
    }

    /// A call asks to pass.
    pub fn admit(&mut self, now: Instant) -> Admission {
        if let State::Open { until } = self.state {
            if now < until {
                return Admission::Refuse(until - now);
            }
            self.enter(State::HalfOpen { running: 0, succeeded: 0 });
        }
        if let State::HalfOpen { running, succeeded } = &mut self.state {
            if *running + *succeeded >= self.limits.probes {
                return Admission::Refuse(Duration::from_millis(self.limits.open_ms));
            }
            *running += 1;
        }
        Admission::Pass(Ticket { era: self.era })
    }

    /// What came of a call.
    pub fn record(&mut self, ticket: Ticket, outcome: Outcome, now: Instant) {
        if ticket.era != self.era {
            return;
        }
        match &mut self.state {
            State::Closed(window) => {
                if outcome == Outcome::Abandoned {
                    return;
                }
                window.count(outcome == Outcome::Failure, now);
                if window.is_bad(&self.limits, now) {
                    self.open(now);
                }
            }
            // No call passes while it is open, so no ticket is of this era.
            State::Open { .. } => {}
            State::HalfOpen { running, succeeded } => {
                *running = running.saturating_sub(1);
                match outcome {
                    Outcome::Failure => self.open(now),
                    Outcome::Abandoned => {}
                    Outcome::Success => {
                        *succeeded += 1;
                        if *succeeded >= self.limits.probes {
                            let window = Window::new(&self.limits, now);
                            self.enter(State::Closed(window));
                        }
                    }
                }
            }
        }
    }

    fn open(&mut self, now: Instant) {
        self.enter(State::Open { until: now + Duration::from_millis(self.limits.open_ms) });
    }

    fn enter(&mut self, state: State) {
        self.state = state;
        self.era += 1;
    }
}

/// Calls of the last while, counted in parts of it.
#[derive(Clone, Debug)]
struct Window {
    start: Instant,
    part: Duration,
    counts: [Count; PARTS],
}

#[derive(Clone, Copy, Debug, Default)]
struct Count {
    /// Which part of time, counted from the start, this place is used for.
    part: u128,
    calls: u32,
    failures: u32,
}

impl Window {
    fn new(limits: &BreakerLimits, now: Instant) -> Self {
        let part =
            (Duration::from_millis(limits.window_ms) / PARTS as u32).max(Duration::from_millis(1));
        Self { start: now, part, counts: [Count::default(); PARTS] }
    }

    fn part_of(&self, now: Instant) -> u128 {
        now.saturating_duration_since(self.start).as_nanos() / self.part.as_nanos()
    }

    fn count(&mut self, failed: bool, now: Instant) {
        let part = self.part_of(now);
        // Less than PARTS.
        let count = &mut self.counts[(part % PARTS as u128) as usize];
        if count.part != part {
            *count = Count { part, ..Count::default() };
        }
        count.calls = count.calls.saturating_add(1);
        count.failures = count.failures.saturating_add(u32::from(failed));
    }

    fn is_bad(&self, limits: &BreakerLimits, now: Instant) -> bool {
        let part = self.part_of(now);
        let recent = self.counts.iter().filter(|count| part - count.part.min(part) < PARTS as u128);
        let (calls, failures) = recent.fold((0u64, 0u64), |(calls, failures), count| {
            (calls + u64::from(count.calls), failures + u64::from(count.failures))
        });
        calls >= u64::from(limits.min_calls)
            && failures * 100 >= calls * u64::from(limits.failure_percent)
    }
}

/// The source of the status with which an open circuit refuses: such a call never left this process.
#[derive(Clone, Copy, Debug)]
pub struct CircuitOpen {
    /// After what time asking again makes sense.
    pub retry_after: Duration,
}

impl fmt::Display for CircuitOpen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the circuit is open for {} ms", self.retry_after.as_millis())
    }
}

impl std::error::Error for CircuitOpen {}

/// Keeps calls away from a service that fails: they are refused at once with UNAVAILABLE, whose source is
/// [`CircuitOpen`]. All services that one layer makes share the circuit.
///
/// UNAVAILABLE and DEADLINE_EXCEEDED are failures. RESOURCE_EXHAUSTED is not: a service that sheds load is
/// alive, and an open circuit would turn a part of its calls away from the rest. A stream counts when it begins.
#[derive(Clone, Debug)]
pub struct BreakerLayer {
    circuit: SharedCircuit,
    name: Arc<str>,
}

#[derive(Clone, Debug)]
struct SharedCircuit(Arc<Mutex<Circuit>>);

impl SharedCircuit {
    fn lock(&self) -> MutexGuard<'_, Circuit> {
        // No step of the circuit can panic half-way.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl BreakerLayer {
    /// A closed circuit. `name` is for the log: whom the calls are for.
    pub fn new(name: &str, limits: BreakerLimits) -> Self {
        let circuit = Circuit::new(limits, Instant::now());
        Self { circuit: SharedCircuit(Arc::new(Mutex::new(circuit))), name: name.into() }
    }

    /// The state of the circuit.
    pub fn state(&self) -> CircuitState {
        self.circuit.lock().state()
    }

    fn record(&self, ticket: Ticket, outcome: Outcome) {
        let mut circuit = self.circuit.lock();
        let before = circuit.state();
        circuit.record(ticket, outcome, Instant::now());
        let after = circuit.state();
        drop(circuit);
        match after {
            CircuitState::Open if before != after => {
                tracing::warn!(callee = &*self.name, "the circuit opened: calls fail");
            }
            CircuitState::Closed if before != after => {
                tracing::info!(callee = &*self.name, "the circuit closed: calls succeed again");
            }
            _ => {}
        }
    }
}

impl<S> Layer<S> for BreakerLayer {
    type Service = Breaker<S>;

    fn layer(&self, inner: S) -> Breaker<S> {
        Breaker { inner, layer: self.clone() }
    }
}

/// The service of [`BreakerLayer`].
#[derive(Clone, Debug)]
pub struct Breaker<S> {
    inner: S,
    layer: BreakerLayer,
}

impl<S: Callee> Service<Call> for Breaker<S> {
    type Response = Answer;
    type Error = Status;
    type Future = Answering;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Status>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, call: Call) -> Answering {
        let admission = self.layer.circuit.lock().admit(Instant::now());
        let ticket = match admission {
            Admission::Pass(ticket) => ticket,
            Admission::Refuse(retry_after) => {
                return Box::pin(std::future::ready(Err(refusal(&self.layer.name, retry_after))));
            }
        };
        let running = Running { layer: self.layer.clone(), ticket, outcome: Outcome::Abandoned };
        let inner = self.inner.clone();
        Box::pin(async move {
            let mut running = running;
            let answer = inner.oneshot(call).await;
            let code = match &answer {
                Ok(answer) => code_of(answer).unwrap_or(Code::Ok),
                Err(status) => status.code(),
            };
            running.outcome = match code {
                Code::Unavailable | Code::DeadlineExceeded => Outcome::Failure,
                _ => Outcome::Success,
            };
            answer
        })
    }
}

fn refusal(name: &str, retry_after: Duration) -> Status {
    let mut status = Status::unavailable(format!(
        "{name} failed too often, and is left alone: try again in {} ms",
        retry_after.as_millis()
    ));
    status.set_source(Arc::new(CircuitOpen { retry_after }));
    status
}

/// Gives the ticket back, also when the caller goes away.
struct Running {
    layer: BreakerLayer,
    ticket: Ticket,
    outcome: Outcome,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.layer.record(self.ticket, self.outcome);
    }
}

#[cfg(test)]
mod tests;
