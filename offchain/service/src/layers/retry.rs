//! Calls that could not be made are made again.

use std::{
    collections::VecDeque,
    future::poll_fn,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use http_body::{Body as _, Frame};
use http_body_util::Full;
use serde::{Deserialize, Serialize};
use tokio::time::Instant;
use tonic::{body::Body, Code, Status};
use tower::{
    retry::budget::{Budget, TpsBudget},
    Layer, Service, ServiceExt,
};

use super::{code_of, Answer, Answering, Call, CallDeadline, Callee, CircuitOpen};
use crate::config::{Check, Validate};

/// How often, and how fast.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RetryLimits {
    /// Attempts in all. 1: no retries.
    pub attempts: u32,
    /// The longest pause before the second attempt, in milliseconds. It doubles for each further one, and
    /// each pause is drawn evenly between nothing and its longest ("full jitter").
    pub pause_ms: u64,
    /// What the longest pause never exceeds, in milliseconds.
    pub longest_pause_ms: u64,
    /// Requests larger than this are not kept, and so not repeated. Bytes.
    pub keep_bytes: u32,
    /// Retries in percent of the calls of the last five to ten seconds, beyond a hundred in the same time that
    /// are always allowed: when everything fails, retries add this much to the load and no more.
    pub budget_percent: u32,
}

impl Default for RetryLimits {
    fn default() -> Self {
        Self {
            attempts: 4,
            pause_ms: 25,
            longest_pause_ms: 500,
            keep_bytes: 64 * 1024,
            budget_percent: 20,
        }
    }
}

impl Validate for RetryLimits {
    fn validate(&self, check: &mut Check) {
        check.range("attempts", self.attempts, 1..=20);
        check.range("pause_ms", self.pause_ms, 1..=60_000);
        check.range("longest_pause_ms", self.longest_pause_ms, self.pause_ms..=60_000);
        check.range("keep_bytes", self.keep_bytes, 0..=16 * 1024 * 1024);
        check.range("budget_percent", self.budget_percent, 0..=1_000);
    }
}

/// Repeats calls that were UNAVAILABLE, with pauses that grow and are drawn at random, until an attempt has any
/// other outcome, or attempts, time or the budget are used up; the last outcome is then the outcome.
///
/// Only requests that are complete at once (one message) are repeated, and only before any answer came: a
/// stream that has begun is not. What an open circuit refuses is not repeated either, for it would be refused
/// again.
#[derive(Clone, Debug)]
pub struct RetryLayer {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    limits: RetryLimits,
    budget: TpsBudget,
}

impl RetryLayer {
    /// All services that this layer makes share its budget.
    pub fn new(limits: RetryLimits) -> Self {
        // At most 1,000 by `validate`, and TpsBudget takes no more. It remembers in ten slots of a second, and
        // passes over one whenever a second and a little has gone by: five to ten seconds in all.
        let share = limits.budget_percent.min(1_000) as f32 / 100.0;
        let budget = TpsBudget::new(Duration::from_secs(10), 10, share);
        Self { shared: Arc::new(Shared { limits, budget }) }
    }
}

impl Shared {
    /// The pause after this many attempts; `None` when there is no further one.
    fn pause(&self, attempts: u32, deadline: Option<CallDeadline>) -> Option<Duration> {
        if attempts >= self.limits.attempts {
            return None;
        }
        let doubled = self.limits.pause_ms.saturating_mul(1 << (attempts - 1).min(30));
        let longest = Duration::from_millis(doubled.min(self.limits.longest_pause_ms));
        let pause = longest.mul_f64(fastrand::f64());
        let in_time = deadline.is_none_or(|deadline| Instant::now() + pause < deadline.0);
        (in_time && self.budget.withdraw()).then_some(pause)
    }
}

impl<S> Layer<S> for RetryLayer {
    type Service = Retry<S>;

    fn layer(&self, inner: S) -> Retry<S> {
        Retry { inner, shared: Arc::clone(&self.shared) }
    }
}

/// The service of [`RetryLayer`].
#[derive(Clone, Debug)]
pub struct Retry<S> {
    inner: S,
    shared: Arc<Shared>,
}

impl<S: Callee> Service<Call> for Retry<S> {
    type Response = Answer;
    type Error = Status;
    type Future = Answering;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Status>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, call: Call) -> Answering {
        let (inner, shared) = (self.inner.clone(), Arc::clone(&self.shared));
        Box::pin(async move {
            shared.budget.deposit();
            let (parts, body) = call.into_parts();
            let message = match keep(body, shared.limits.keep_bytes as usize).await {
                Kept::Whole(message) => message,
                Kept::Passing(body) => {
                    return inner.oneshot(Call::from_parts(parts, body)).await;
                }
            };
            let deadline = parts.extensions.get::<CallDeadline>().copied();
            let mut attempts = 1;
            loop {
                let body = Body::new(Full::new(message.clone()));
                let call = Call::from_parts(parts.clone(), body);
                let answer = inner.clone().oneshot(call).await;
                if !worth_repeating(&answer) {
                    return answer;
                }
                let Some(pause) = shared.pause(attempts, deadline) else { return answer };
                tracing::debug!(
                    path = parts.uri.path(),
                    attempts,
                    ?pause,
                    "unavailable, trying again"
                );
                tokio::time::sleep(pause).await;
                attempts += 1;
            }
        })
    }
}

fn worth_repeating(answer: &Result<Answer, Status>) -> bool {
    match answer {
        Ok(answer) => code_of(answer) == Some(Code::Unavailable),
        Err(status) => {
            let of_circuit =
                std::error::Error::source(status).is_some_and(|source| source.is::<CircuitOpen>());
            status.code() == Code::Unavailable && !of_circuit
        }
    }
}

enum Kept {
    /// All of it.
    Whole(Bytes),
    /// It is not complete yet, or too large: it can be sent once.
    Passing(Body),
}

/// Keeps a body that is complete at once. Waits for nothing: a stream of requests goes on while it is sent.
async fn keep(mut body: Body, limit: usize) -> Kept {
    let mut frames = VecDeque::new();
    let mut length = 0;
    loop {
        // Not registering for more: whoever sends the rest polls again.
        let next = poll_fn(|cx| Poll::Ready(Pin::new(&mut body).poll_frame(cx))).await;
        match next {
            Poll::Ready(None) => return Kept::Whole(joined(frames)),
            Poll::Ready(Some(Ok(frame))) => match frame.into_data() {
                Ok(data) => {
                    length += data.len();
                    frames.push_back(Ok(Frame::data(data)));
                    if length > limit {
                        break;
                    }
                }
                Err(trailers) => {
                    frames.push_back(Ok(trailers));
                    break;
                }
            },
            Poll::Ready(Some(Err(status))) => {
                frames.push_back(Err(status));
                break;
            }
            Poll::Pending => break,
        }
    }
    Kept::Passing(Body::new(Begun { frames, rest: body }))
}

/// The data of frames, without a copy when it is one.
fn joined(mut frames: VecDeque<Result<Frame<Bytes>, Status>>) -> Bytes {
    let mut parts = frames.drain(..).flatten().filter_map(|frame| frame.into_data().ok());
    let first = parts.next().unwrap_or_default();
    let Some(second) = parts.next() else { return first };
    let mut all = BytesMut::from(first);
    all.extend_from_slice(&second);
    parts.for_each(|part| all.extend_from_slice(&part));
    all.freeze()
}

/// A body whose first frames were looked at already.
struct Begun {
    frames: VecDeque<Result<Frame<Bytes>, Status>>,
    rest: Body,
}

impl http_body::Body for Begun {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        match self.frames.pop_front() {
            Some(frame) => Poll::Ready(Some(frame)),
            None => Pin::new(&mut self.rest).poll_frame(cx),
        }
    }
}

#[cfg(test)]
mod tests;
