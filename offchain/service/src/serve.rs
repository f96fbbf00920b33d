//! How services are served over the network.

mod incoming;

use std::{convert::Infallible, io, net::SocketAddr, time::Duration};

use futures::{stream::FuturesUnordered, StreamExt};
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tonic::{
    body::Body,
    server::NamedService,
    service::{Routes, RoutesBuilder},
    transport::Server,
};
use tonic_health::{
    pb::health_server::HealthServer,
    server::{HealthReporter, HealthService},
    ServingStatus,
};
use tower::{util::BoxCloneSyncService, Layer, Service, ServiceBuilder, ServiceExt};

use crate::{
    config::{Check, Validate},
    layers::{
        Answer, Answering, Call, Callee, ConcurrencyLayer, DeadlineLayer, DrainLayer,
        MessageSizeLayer, PanicLayer, Statuses, TokenLayer,
    },
    Readiness, Secret,
};

/// How long connections may take to end after everything on them was cut.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// What a server takes upon itself at most.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ServeLimits {
    /// Connections at a time. One more is closed as soon as it is made.
    pub max_connections: u32,
    /// Calls and streams at a time on one connection. One more waits at the client.
    pub max_streams: u32,
    /// Calls at a time over all connections, streams until their first message. One more is
    /// RESOURCE_EXHAUSTED at once. Health checks do not count.
    pub max_calls: u32,
    /// The largest message of a request, in bytes. A larger one is RESOURCE_EXHAUSTED.
    pub max_message_bytes: u32,
    /// How long a call may take, in milliseconds, whatever its caller allows; then it is DEADLINE_EXCEEDED.
    /// A stream: until its first message.
    pub timeout_ms: u64,
    /// After how many milliseconds without anything a client is asked whether it is there.
    pub keep_alive_ms: u64,
    /// How long it may take to answer that, in milliseconds, before the connection is closed.
    pub keep_alive_timeout_ms: u64,
    /// How long calls may go on when the server stops, in milliseconds; then they are UNAVAILABLE.
    pub stop_ms: u64,
    /// What callers must show. Empty: nothing, which is for networks that nobody else reaches.
    pub token: Secret<String>,
    /// A second one that is good as well, while services change from one token to another.
    pub retiring_token: Secret<String>,
}

impl Default for ServeLimits {
    fn default() -> Self {
        Self {
            max_connections: 1_024,
            max_streams: 1_024,
            max_calls: 4_096,
            max_message_bytes: 1024 * 1024,
            timeout_ms: 10_000,
            keep_alive_ms: 20_000,
            keep_alive_timeout_ms: 10_000,
            stop_ms: 5_000,
            token: Secret::default(),
            retiring_token: Secret::default(),
        }
    }
}

impl Validate for ServeLimits {
    fn validate(&self, check: &mut Check) {
        check.range("max_connections", self.max_connections, 1..=1_000_000);
        check.range("max_streams", self.max_streams, 1..=1_000_000);
        check.range("max_calls", self.max_calls, 1..=1_000_000);
        // Where tonic's generated servers stop decoding.
        check.range("max_message_bytes", self.max_message_bytes, 1..=4 * 1024 * 1024);
        check.range("timeout_ms", self.timeout_ms, 1..=3_600_000);
        check.range("keep_alive_ms", self.keep_alive_ms, 100..=3_600_000);
        check.range("keep_alive_timeout_ms", self.keep_alive_timeout_ms, 100..=3_600_000);
        check.range("stop_ms", self.stop_ms, 0..=600_000);
        check.token("token", &self.token);
        check.token("retiring_token", &self.retiring_token);
        check.require(
            self.retiring_token.expose().is_empty() || !self.token.expose().is_empty(),
            "retiring_token",
            "set `token` as well: the retiring one is good beside it",
        );
    }
}

/// gRPC services that share an address.
///
/// Beside them it answers gRPC's health checks (without a token, and under overload too) and, when given
/// descriptors, reflection.
pub struct GrpcServer {
    limits: ServeLimits,
    routes: RoutesBuilder,
    services: Vec<(&'static str, Readiness)>,
    reflection: Option<&'static [u8]>,
}

impl GrpcServer {
    /// Without any service yet.
    pub fn new(limits: ServeLimits) -> Self {
        let routes = RoutesBuilder::from(Routes::default());
        Self { limits, routes, services: Vec::new(), reflection: None }
    }

    /// Adds a service that has nothing to wait for: it is SERVING from the start.
    pub fn service<S>(self, service: S) -> Self
    where
        S: Service<Call, Response = Answer, Error = Infallible, Future: Send + 'static>
            + NamedService
            + Clone
            + Send
            + Sync
            + 'static,
    {
        self.service_when(service, Readiness::at_once())
    }

    /// Adds a service that is SERVING when `ready` says so. Calls reach it in any case.
    pub fn service_when<S>(mut self, service: S, ready: Readiness) -> Self
    where
        S: Service<Call, Response = Answer, Error = Infallible, Future: Send + 'static>
            + NamedService
            + Clone
            + Send
            + Sync
            + 'static,
    {
        self.routes.add_service(service);
        self.services.push((S::NAME, ready));
        self
    }

    /// Answers reflection from an encoded `FileDescriptorSet` (`smartlink_proto::DESCRIPTORS`).
    pub fn reflection(mut self, descriptors: &'static [u8]) -> Self {
        self.reflection = Some(descriptors);
        self
    }

    /// Takes the address; port 0 takes a free one. Connections are accepted from here on, and answered
    /// by [`BoundServer::serve`].
    pub async fn bind(mut self, address: SocketAddr) -> Result<BoundServer, ServeError> {
        if let Some(descriptors) = self.reflection {
            let reflection = tonic_reflection::server::Builder::configure()
                .register_encoded_file_descriptor_set(descriptors)
                .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
                .build_v1()
                .map_err(|error| ServeError::Descriptors(error.to_string()))?;
            self.routes.add_service(reflection);
        }
        let in_use = |source| ServeError::Bind { address, source };
        let listener = TcpListener::bind(address).await.map_err(in_use)?;
        let local = listener.local_addr().map_err(in_use)?;
        let health = Health { reporter: HealthReporter::new(), services: self.services };
        health.report().await;
        Ok(BoundServer {
            limits: self.limits,
            routes: self.routes.routes(),
            health,
            listener,
            local,
        })
    }
}

/// A server that has its address.
pub struct BoundServer {
    limits: ServeLimits,
    routes: Routes,
    health: Health,
    listener: TcpListener,
    local: SocketAddr,
}

impl BoundServer {
    /// The address, with the port that was taken.
    pub fn local_addr(&self) -> SocketAddr {
        self.local
    }

    /// Serves until `stop`, then ends gracefully: all services are NOT_SERVING, no connection is accepted,
    /// streams end with UNAVAILABLE, calls have `stop_ms` left and are UNAVAILABLE after it.
    pub async fn serve(self, stop: CancellationToken) -> Result<(), ServeError> {
        let (drain, cut) = (CancellationToken::new(), CancellationToken::new());
        let door = self.door(DrainLayer::new(drain.clone(), cut.clone()));
        let Self { limits, health, listener, local, .. } = self;
        let incoming = incoming::connections(listener, limits.max_connections as usize);
        let serving = Server::builder()
            .max_concurrent_streams(limits.max_streams)
            .http2_keepalive_interval(Some(Duration::from_millis(limits.keep_alive_ms)))
            .http2_keepalive_timeout(Some(Duration::from_millis(limits.keep_alive_timeout_ms)))
            .serve_with_incoming_shutdown(door, incoming, drain.clone().cancelled_owned());
        let mut serving = std::pin::pin!(serving);
        let failed = |source| ServeError::Serve { address: local, source };

        tokio::select! {
            ended = &mut serving => return ended.map_err(failed),
            () = health.follow() => {}
            () = stop.cancelled() => {}
        }
        health.stopping().await;
        drain.cancel();
        let in_time = Duration::from_millis(limits.stop_ms);
        if let Ok(ended) = tokio::time::timeout(in_time, &mut serving).await {
            return ended.map_err(failed);
        }
        tracing::warn!(%local, stop_ms = limits.stop_ms, "calls are cut: they took longer than a stop may");
        cut.cancel();
        match tokio::time::timeout(LAST_WORDS, &mut serving).await {
            Ok(ended) => ended.map_err(failed),
            // Clients that read nothing: their connections end with the process.
            Err(_) => Ok(()),
        }
    }

    /// What every request goes through.
    fn door(&self, drain: DrainLayer) -> Door {
        let limits = &self.limits;
        let guarded = ServiceBuilder::new()
            .layer(ConcurrencyLayer::new(limits.max_calls as usize))
            .layer(DeadlineLayer::new(Duration::from_millis(limits.timeout_ms)))
            .layer(MessageSizeLayer::new(limits.max_message_bytes))
            .layer(PanicLayer)
            .service(Statuses::new(self.routes.clone().prepare()));
        let guarded = match limits.token.expose().is_empty() {
            true => boxed(guarded),
            false => {
                let tokens = [limits.token.clone(), limits.retiring_token.clone()];
                boxed(TokenLayer::new(tokens).layer(guarded))
            }
        };
        let health = HealthService::from_health_reporter(self.health.reporter.clone());
        Door {
            guarded: boxed(drain.layer(guarded)),
            health: boxed(drain.layer(Statuses::new(HealthServer::new(health)))),
        }
    }
}

fn boxed<S: Callee>(service: S) -> BoxCloneSyncService<Call, Answer, tonic::Status> {
    BoxCloneSyncService::new(service)
}

/// Leads health checks past the guards.
#[derive(Clone)]
struct Door {
    guarded: BoxCloneSyncService<Call, Answer, tonic::Status>,
    health: BoxCloneSyncService<Call, Answer, tonic::Status>,
}

impl Service<http::Request<Body>> for Door {
    type Response = Answer;
    type Error = tonic::Status;
    type Future = Answering;

    fn poll_ready(
        &mut self,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Result<(), tonic::Status>> {
        std::task::Poll::Ready(Ok(()))
    }

    fn call(&mut self, call: Call) -> Answering {
        let of_health = call
            .uri()
            .path()
            .strip_prefix('/')
            .and_then(|path| path.strip_prefix(<HealthServer<HealthService> as NamedService>::NAME))
            .is_some_and(|rest| rest.starts_with('/'));
        let service = if of_health { &self.health } else { &self.guarded };
        Box::pin(service.clone().oneshot(call))
    }
}

/// What the health service says: each service by its readiness, and the server as a whole (the empty name),
/// which is SERVING when all are.
struct Health {
    reporter: HealthReporter,
    services: Vec<(&'static str, Readiness)>,
}

impl Health {
    async fn report(&self) {
        let mut all = true;
        for (name, ready) in &self.services {
            all &= ready.is_ready();
            self.reporter.set_service_status(name, status(ready.is_ready())).await;
        }
        self.reporter.set_service_status("", status(all)).await;
    }

    /// Reports every change of readiness; never ends.
    async fn follow(&self) {
        let mut watchers: Vec<_> =
            self.services.iter().map(|(_, ready)| ready.subscribe()).collect();
        loop {
            // Changes between two rounds are seen by `changed`, for a watcher remembers what it saw.
            self.report().await;
            let mut changes: FuturesUnordered<_> =
                watchers.iter_mut().map(|watcher| watcher.changed()).collect();
            match changes.next().await {
                Some(Ok(())) => {}
                // Nobody can turn a switch any more, or there is none.
                Some(Err(_)) | None => std::future::pending().await,
            }
        }
    }

    async fn stopping(&self) {
        for (name, _) in &self.services {
            self.reporter.set_service_status(name, ServingStatus::NotServing).await;
        }
        self.reporter.set_service_status("", ServingStatus::NotServing).await;
    }
}

fn status(ready: bool) -> ServingStatus {
    if ready {
        ServingStatus::Serving
    } else {
        ServingStatus::NotServing
    }
}

/// Why services are not served.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address cannot be had.
    #[error("{address} cannot be listened on ({source}): free it, or set another address")]
    Bind {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// The descriptors are not an encoded FileDescriptorSet.
    #[error("reflection has no descriptors of the services: {0}")]
    Descriptors(String),
    /// The server failed while it served.
    #[error("serving on {address} failed: {source}")]
    Serve {
        /// The address.
        address: SocketAddr,
        /// What tonic says.
        source: tonic::transport::Error,
    },
}
