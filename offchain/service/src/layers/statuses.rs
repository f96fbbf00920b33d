//! Failures of any service as statuses.

use std::task::{Context, Poll};

use http_body_util::BodyExt;
use tonic::{body::Body, Code, Status};
use tower::{Service, ServiceExt};

use super::{Answer, Answering, Call};

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// The status that a failure of a call means.
///
/// A connection that cannot be made, or that broke while the call was under way, is UNAVAILABLE, as gRPC
/// has it for both: whether the call was carried out is then unknown, which is why every command between
/// services carries an idempotency key. A time-out of the channel is DEADLINE_EXCEEDED (tonic says
/// CANCELLED).
pub fn status_of(failure: impl Into<Failure>) -> Status {
    let failure = failure.into();
    if holds::<tonic::TimeoutExpired>(&*failure) {
        return Status::deadline_exceeded("the call took longer than it may");
    }
    let of_transport = failure.is::<tonic::transport::Error>();
    let status = Status::from_error(failure);
    if of_transport {
        broken(status)
    } else {
        status
    }
}

/// A status for which the transport has no better word than that something broke.
fn broken(status: Status) -> Status {
    match status.code() {
        Code::Unknown | Code::Internal | Code::Cancelled => {
            let why = std::error::Error::source(&status).map(deepest).unwrap_or_default();
            Status::unavailable(format!(
                "the connection broke: {} ({why}); try again, with the same idempotency key",
                status.message()
            ))
        }
        _ => status,
    }
}

fn deepest(mut error: &(dyn std::error::Error + 'static)) -> String {
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}

fn holds<E: std::error::Error + 'static>(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if error.is::<E>() {
            return true;
        }
        next = error.source();
    }
    false
}

/// A service whose failures are turned into statuses by [`status_of`], also those of a stream of answers
/// that breaks in its middle. The innermost of all layers.
#[derive(Clone, Debug)]
pub struct Statuses<S> {
    inner: S,
}

impl<S> Statuses<S> {
    /// Around a channel, or around a server in this process.
    pub fn new(inner: S) -> Self {
        Self { inner }
    }
}

impl<S> Service<Call> for Statuses<S>
where
    S: Service<Call, Response = Answer, Error: Into<Failure>, Future: Send + 'static>
        + Clone
        + Send
        + 'static,
{
    type Response = Answer;
    type Error = Status;
    type Future = Answering;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Status>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, call: Call) -> Answering {
        let inner = self.inner.clone();
        Box::pin(async move {
            let answer = inner.oneshot(call).await.map_err(status_of)?;
            Ok(answer.map(|body| Body::new(body.map_err(broken))))
        })
    }
}
