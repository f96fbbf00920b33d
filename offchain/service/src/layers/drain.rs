//! The end of a server.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use futures::{future::BoxFuture, FutureExt};
use http::{HeaderMap, HeaderValue};
use http_body::Frame;
use tokio_util::sync::CancellationToken;
use tonic::{body::Body, Status};
use tower::{Layer, Service, ServiceExt};

use super::{Answer, Answering, Call, Callee, GRPC_STATUS};

/// Ends what is under way when a server stops, in two steps.
///
/// When it *drains*, streams that wait for something new are ended with UNAVAILABLE (a follower never ends by
/// itself) and calls go on. When it *cuts*, calls are answered with UNAVAILABLE as well.
#[derive(Clone, Debug)]
pub struct DrainLayer {
    drain: CancellationToken,
    cut: CancellationToken,
}

impl DrainLayer {
    /// Drains and cuts when these say so.
    pub fn new(drain: CancellationToken, cut: CancellationToken) -> Self {
        Self { drain, cut }
    }
}

impl<S> Layer<S> for DrainLayer {
    type Service = Drain<S>;

    fn layer(&self, inner: S) -> Drain<S> {
        Drain { inner, layer: self.clone() }
    }
}

/// The service of [`DrainLayer`].
#[derive(Clone, Debug)]
pub struct Drain<S> {
    inner: S,
    layer: DrainLayer,
}

impl<S: Callee> Service<Call> for Drain<S> {
    type Response = Answer;
    type Error = Status;
    type Future = Answering;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Status>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, call: Call) -> Answering {
        let (inner, layer) = (self.inner.clone(), self.layer.clone());
        Box::pin(async move {
            let answer = tokio::select! {
                biased;
                answer = inner.oneshot(call) => answer?,
                () = layer.cut.cancelled() => return Err(stopping()),
            };
            Ok(answer.map(|body| Body::new(Draining { body, layer, waiting: None, ended: false })))
        })
    }
}

fn stopping() -> Status {
    Status::unavailable("the service is stopping: try again, with the same idempotency key")
}

struct Draining {
    body: Body,
    layer: DrainLayer,
    /// Made when the body has nothing to say for the first time: most never do.
    waiting: Option<BoxFuture<'static, ()>>,
    ended: bool,
}

impl Draining {
    fn end(&mut self) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        self.ended = true;
        let mut trailers = HeaderMap::new();
        if stopping().add_header(&mut trailers).is_err() {
            trailers.insert(GRPC_STATUS, HeaderValue::from(tonic::Code::Unavailable as i32));
        }
        Poll::Ready(Some(Ok(Frame::trailers(trailers))))
    }
}

impl http_body::Body for Draining {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        if self.ended {
            return Poll::Ready(None);
        }
        if self.layer.cut.is_cancelled() {
            return self.end();
        }
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(cx) {
            return Poll::Ready(frame);
        }
        let mut waiting = match self.waiting.take() {
            Some(waiting) => waiting,
            None => self.layer.drain.clone().cancelled_owned().boxed(),
        };
        match waiting.poll_unpin(cx) {
            Poll::Ready(()) => self.end(),
            Poll::Pending => {
                self.waiting = Some(waiting);
                Poll::Pending
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.ended || self.body.is_end_stream()
    }

    fn size_hint(&self) -> http_body::SizeHint {
        self.body.size_hint()
    }
}
