//! How one service calls another.

use std::{
    convert::Infallible,
    fmt,
    task::{Context, Poll},
    time::Duration,
};

use serde::{Deserialize, Serialize};
use tonic::{body::Body, transport::Endpoint, Status};
use tower::{util::BoxCloneSyncService, Service, ServiceBuilder};

use crate::{
    config::{Check, Validate},
    layers::{
        Answer, Answering, BreakerLayer, BreakerLimits, Call, CircuitState, ConcurrencyLayer,
        DeadlineLayer, PanicLayer, PresentTokenLayer, RateLayer, RetryLayer, RetryLimits, Statuses,
    },
    Secret,
};

/// The way to a service, in this process or over the network; a generated client is built on it:
/// `OrdersClient::new(transport)`.
///
/// Either way the same calls have the same answers. Clones share the connection and all limits.
#[derive(Clone)]
pub struct Transport {
    service: BoxCloneSyncService<Call, Answer, Status>,
    breaker: Option<BreakerLayer>,
    callee: String,
}

impl Transport {
    /// To a service in this process: a call runs the handler in the caller's task, without a network, a
    /// queue or a copy of the connection's limits. A time-out that the caller sets for a call
    /// (`Request::set_timeout`) holds, and a handler that panics answers INTERNAL.
    pub fn in_process<S>(service: S) -> Self
    where
        S: Service<Call, Response = Answer, Error = Infallible, Future: Send + 'static>
            + Clone
            + Send
            + Sync
            + 'static,
    {
        let service = ServiceBuilder::new()
            .layer(DeadlineLayer::of_the_caller())
            .layer(PanicLayer)
            .service(Statuses::new(service));
        Self {
            service: BoxCloneSyncService::new(service),
            breaker: None,
            callee: "this process".to_owned(),
        }
    }

    /// To a service at `url` (`http://host:port`). Connects with the first call, and again whenever the
    /// connection is lost; until then, calls are UNAVAILABLE and are repeated as [`RetryLimits`] say.
    ///
    /// From outside to inside, a call passes: the time-out, the number of calls at a time, their rate,
    /// the token, retries, the circuit breaker (which counts each attempt), the connection.
    ///
    /// # Panics
    ///
    /// Outside of a Tokio runtime.
    pub fn connect(url: &str, limits: &ClientLimits) -> Result<Self, TransportError> {
        let endpoint = limits.endpoint(url)?;
        let token = match limits.token.expose().is_empty() {
            true => None,
            false => {
                let layer = PresentTokenLayer::new(&limits.token);
                Some(layer.ok_or_else(|| TransportError::Token(url.to_owned()))?)
            }
        };
        let rate = (limits.calls_per_second > 0)
            .then(|| RateLayer::new(limits.calls_per_second, limits.burst));
        let breaker = BreakerLayer::new(url, limits.breaker.clone());
        let attempt = ServiceBuilder::new()
            .layer(RetryLayer::new(limits.retry.clone()))
            .layer(breaker.clone())
            // So that the breaker hears of an attempt that took too long.
            .layer(DeadlineLayer::of_the_caller())
            .service(Statuses::new(endpoint.connect_lazy()));
        let attempt = match token {
            Some(token) => boxed(tower::Layer::layer(&token, attempt)),
            None => boxed(attempt),
        };
        let paced = match rate {
            Some(rate) => boxed(tower::Layer::layer(&rate, attempt)),
            None => attempt,
        };
        let service = ServiceBuilder::new()
            .layer(DeadlineLayer::new(Duration::from_millis(limits.timeout_ms)))
            .layer(ConcurrencyLayer::new(limits.max_calls as usize))
            .service(paced);
        Ok(Self {
            service: BoxCloneSyncService::new(service),
            breaker: Some(breaker),
            callee: url.to_owned(),
        })
    }

    /// The state of the circuit to the service. `None` in one process, where there is none.
    pub fn circuit(&self) -> Option<CircuitState> {
        self.breaker.as_ref().map(BreakerLayer::state)
    }
}

fn boxed<S: crate::layers::Callee>(service: S) -> BoxCloneSyncService<Call, Answer, Status> {
    BoxCloneSyncService::new(service)
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport").field("to", &self.callee).finish_non_exhaustive()
    }
}

impl Service<http::Request<Body>> for Transport {
    type Response = Answer;
    type Error = Status;
    type Future = Answering;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Status>> {
        self.service.poll_ready(cx)
    }

    fn call(&mut self, call: Call) -> Answering {
        self.service.call(call)
    }
}

/// Why there is no way to a service. Whether it can be reached shows in the first call.
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    /// It is not the address of a service.
    #[error("{url:?} is not the address of a service ({why}): write http://host:port")]
    Url {
        /// What was given.
        url: String,
        /// What is wrong with it.
        why: String,
    },
    /// The token cannot be sent.
    #[error("the token for {0} holds something else than visible ASCII: choose another one")]
    Token(String),
}

/// The limits of calls to a service over the network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ClientLimits {
    /// How long a call may take with all its attempts, in milliseconds. A stream: until its first message.
    pub timeout_ms: u64,
    /// How long a connection may take to be made, in milliseconds.
    pub connect_timeout_ms: u64,
    /// Calls at a time. One more is RESOURCE_EXHAUSTED.
    pub max_calls: u32,
    /// Calls a second on average. One more is RESOURCE_EXHAUSTED. 0: as many as come.
    pub calls_per_second: u32,
    /// Calls at once before `calls_per_second` holds.
    pub burst: u32,
    /// After how many milliseconds without anything the other side is asked whether it is there.
    pub keep_alive_ms: u64,
    /// How long it may take to answer that, in milliseconds, before the connection counts as lost.
    pub keep_alive_timeout_ms: u64,
    /// What the services of a company show each other. Empty: nothing.
    pub token: Secret<String>,
    /// Repeating what was UNAVAILABLE.
    pub retry: RetryLimits,
    /// Leaving a service alone that fails.
    pub breaker: BreakerLimits,
}

impl Default for ClientLimits {
    fn default() -> Self {
        Self {
            timeout_ms: 5_000,
            connect_timeout_ms: 1_000,
            max_calls: 4_096,
            calls_per_second: 0,
            burst: 1_000,
            keep_alive_ms: 10_000,
            keep_alive_timeout_ms: 5_000,
            token: Secret::default(),
            retry: RetryLimits::default(),
            breaker: BreakerLimits::default(),
        }
    }
}

impl Validate for ClientLimits {
    fn validate(&self, check: &mut Check) {
        check.range("timeout_ms", self.timeout_ms, 1..=3_600_000);
        check.range("connect_timeout_ms", self.connect_timeout_ms, 1..=60_000);
        check.range("max_calls", self.max_calls, 1..=1_000_000);
        check.range("burst", self.burst, 1..=1_000_000);
        check.range("keep_alive_ms", self.keep_alive_ms, 100..=3_600_000);
        check.range("keep_alive_timeout_ms", self.keep_alive_timeout_ms, 100..=3_600_000);
        check.token("token", &self.token);
        check.within("retry", &self.retry);
        check.within("breaker", &self.breaker);
    }
}

impl ClientLimits {
    fn endpoint(&self, url: &str) -> Result<Endpoint, TransportError> {
        let wrong = |why: &str| TransportError::Url { url: url.to_owned(), why: why.to_owned() };
        let uri: http::Uri =
            url.parse().map_err(|error: http::uri::InvalidUri| wrong(&error.to_string()))?;
        match uri.scheme_str() {
            Some("http") => {}
            Some("https") => return Err(wrong("calls between services are not encrypted by them")),
            _ => return Err(wrong("it does not begin with http://")),
        }
        if uri.port_u16().is_none() {
            return Err(wrong("it names no port"));
        }
        Ok(Endpoint::from(uri)
            .connect_timeout(Duration::from_millis(self.connect_timeout_ms))
            .http2_keep_alive_interval(Duration::from_millis(self.keep_alive_ms))
            .keep_alive_timeout(Duration::from_millis(self.keep_alive_timeout_ms))
            .keep_alive_while_idle(true))
    }
}
