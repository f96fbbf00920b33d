//! The tower layers around calls between services.
//!
//! Each takes and gives a [`Callee`]: a service of gRPC requests whose failures are statuses. Such a
//! service is always ready (tonic's generated clients turn whatever `poll_ready` reports into UNKNOWN),
//! so a layer refuses in `call`, with a status that says what to do. What a client sees:
//!
//! | Layer | Refuses when | Status |
//! | --- | --- | --- |
//! | [`DeadlineLayer`] | the time for the call is over | DEADLINE_EXCEEDED |
//! | [`ConcurrencyLayer`] | as many calls are under way as may be | RESOURCE_EXHAUSTED |
//! | [`RateLayer`] | calls come faster than they may | RESOURCE_EXHAUSTED |
//! | [`BreakerLayer`] | the service failed too often lately | UNAVAILABLE |
//! | [`TokenLayer`] | the shared token is missing or another | UNAUTHENTICATED |
//! | [`MessageSizeLayer`] | a message of the request is too large | RESOURCE_EXHAUSTED |
//! | [`PanicLayer`] | the handler panicked | INTERNAL |
//! | [`DrainLayer`] | the server stops | UNAVAILABLE |
//!
//! [`RetryLayer`] refuses nothing: it repeats what was UNAVAILABLE.

mod admission;
mod breaker;
mod deadline;
mod drain;
mod message_size;
mod panic;
mod retry;
mod statuses;
mod token;

pub use admission::{ConcurrencyLayer, ConcurrencyLimited, RateLayer, RateLimited};
pub use breaker::{
    Admission, Breaker, BreakerLayer, BreakerLimits, Circuit, CircuitOpen, CircuitState, Outcome,
    Ticket,
};
pub use deadline::{parse_grpc_timeout, CallDeadline, Deadline, DeadlineLayer};
pub use drain::{Drain, DrainLayer};
pub use message_size::{MessageSize, MessageSizeLayer};
pub(crate) use panic::said_by;
pub use panic::{CatchPanic, PanicLayer};
pub use retry::{Retry, RetryLayer, RetryLimits};
pub use statuses::{status_of, Statuses};
pub use token::{PresentToken, PresentTokenLayer, RequireToken, TokenLayer};

use futures::future::BoxFuture;
use http::{Request, Response};
use tonic::{body::Body, Status};
use tower::Service;

/// A request of gRPC as it goes through the layers.
pub type Call = Request<Body>;

/// An answer of gRPC: a stream of messages and then a status, or a status alone in its headers.
pub type Answer = Response<Body>;

/// What a layer's service returns.
pub type Answering = BoxFuture<'static, Result<Answer, Status>>;

/// A gRPC service whose failures are statuses, and which can be called from many tasks.
pub trait Callee:
    Service<Call, Response = Answer, Error = Status, Future: Send + 'static>
    + Clone
    + Send
    + Sync
    + 'static
{
}

impl<S> Callee for S where
    S: Service<Call, Response = Answer, Error = Status, Future: Send + 'static>
        + Clone
        + Send
        + Sync
        + 'static
{
}

/// Where an answer says how the call ended (gRPC over HTTP/2, "Status").
pub(crate) const GRPC_STATUS: &str = "grpc-status";

/// The code of an answer that is a status alone; `None` while messages follow.
pub(crate) fn code_of(answer: &Answer) -> Option<tonic::Code> {
    let code = answer.headers().get(GRPC_STATUS)?;
    Some(tonic::Code::from_bytes(code.as_bytes()))
}
