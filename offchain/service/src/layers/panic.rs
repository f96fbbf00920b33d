//! A handler that panics.

use std::{
    any::Any,
    panic::AssertUnwindSafe,
    task::{Context, Poll},
};

use futures::FutureExt;
use tonic::Status;
use tower::{Layer, Service, ServiceExt};

use super::{Answer, Answering, Call, Callee};

/// Answers INTERNAL for a handler that panicked, so that the caller hears of it and, within one process, does
/// not go down with it.
#[derive(Clone, Copy, Debug, Default)]
pub struct PanicLayer;

impl<S> Layer<S> for PanicLayer {
    type Service = CatchPanic<S>;

    fn layer(&self, inner: S) -> CatchPanic<S> {
        CatchPanic { inner }
    }
}

/// The service of [`PanicLayer`].
#[derive(Clone, Debug)]
pub struct CatchPanic<S> {
    inner: S,
}

impl<S: Callee> Service<Call> for CatchPanic<S> {
    type Response = Answer;
    type Error = Status;
    type Future = Answering;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Status>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, call: Call) -> Answering {
        let inner = self.inner.clone();
        let path = call.uri().path().to_owned();
        Box::pin(async move {
            // What the handler holds is dropped with it, and never looked at again.
            let outcome = AssertUnwindSafe(inner.oneshot(call)).catch_unwind().await;
            outcome.unwrap_or_else(|panic| {
                let said = said_by(&*panic);
                tracing::error!(path, said, "a handler panicked");
                Err(Status::internal(format!("{path} panicked: its service's log says where")))
            })
        })
    }
}

/// What a panic said.
pub(crate) fn said_by(panic: &(dyn Any + Send)) -> &str {
    match (panic.downcast_ref::<&'static str>(), panic.downcast_ref::<String>()) {
        (Some(said), _) => said,
        (None, Some(said)) => said,
        (None, None) => "something that is not text",
    }
}
