//! The server: HTTP and WebSocket on one port.

mod cors;
mod export;
mod portal;
mod relay;
mod stall;
mod turned_away;

use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::{atomic::AtomicU64, atomic::Ordering::Relaxed, Arc, Mutex, OnceLock},
    time::Duration,
};

use http::{header::AUTHORIZATION, HeaderValue, Method as Verb, Request, StatusCode};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use jsonrpsee::{
    server::{
        stop_channel, ws::is_upgrade_request, BatchRequestConfig, HttpBody, HttpResponse, Methods,
        PingConfig, RegisterMethodError, Server, ServerHandle, StopHandle, TowerServiceBuilder,
    },
    RpcModule,
};
use serde_json::value::RawValue;
use smartlink_primitives::snowflake::{SnowflakeError, Snowflakes};
use smartlink_service::Origins;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    task::JoinHandle,
};
use tower::{layer::util::Identity as NoLayer, Service};

use crate::{
    audit::{self, AuditFault},
    clock::Clock,
    config::{ApiConfig, ConfigError},
    confirmations::Confirmations,
    desk::{Connection, Desk, Inner, Origin, Settings},
    exports::{self, Exports},
    forwarded::{counted, Proxies},
    identity::Roles,
    limits::{Bucket, Buckets, Load},
    methods,
    people::{People, Seated},
    places::Places,
    refusal::{Code, Refusal},
    sessions::{Challenges, Passwords, Sessions, Tickets, Tokens},
    store::{Store, StoreError},
    table::{Handler, Method},
    upstream::Upstream,
};
use portal::Portal;
use stall::Stalling;
use turned_away::Doorway;

pub use portal::PortalError;

/// How long a client may take for the head of a request, and may be idle between two.
const HEAD_PATIENCE: Duration = Duration::from_secs(60);
/// How long a client may take for a body, on top of the call.
const BODY_PATIENCE: Duration = Duration::from_secs(15);
/// How long open calls may take when the server stops.
const STOP_PATIENCE: Duration = Duration::from_secs(10);
/// The number, in the audit log, of what came over no connection. Connections are counted from 1.
const NO_CONNECTION: u64 = 0;
/// How often what is over is cleared away.
const SWEEP: Duration = Duration::from_secs(600);

/// The api could not begin.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// A setting cannot be.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The key that signs tokens could not be had.
    #[error(transparent)]
    Key(#[from] crate::sessions::KeyError),
    /// The settings for passwords are none that argon2 takes.
    #[error("argon2 does not take the settings in login ({0}): use the defaults")]
    Argon(argon2::Error),
    /// The machine's number is too large.
    #[error(transparent)]
    Ids(#[from] SnowflakeError),
    /// The port could not be had.
    #[error(
        "the api cannot listen on {address} ({reason}): choose another address or stop who has it"
    )]
    Listen {
        /// Where.
        address: SocketAddr,
        /// Why not.
        reason: std::io::Error,
    },
    /// The portal cannot be served.
    #[error(transparent)]
    Portal(#[from] PortalError),
    /// Two rows of the table have one name.
    #[error("a method is in the table twice: {0}")]
    Table(#[from] RegisterMethodError),
}

/// The api with its store open.
pub struct Api {
    desk: Desk,
    portal: Option<Arc<Portal>>,
}

/// A server that runs. Dropping it stops the server without waiting.
#[derive(Debug)]
pub struct ApiHandle {
    stop: ServerHandle,
    task: JoinHandle<()>,
}

impl ApiHandle {
    /// Takes no more connections, and waits until open calls are done, at most ten seconds.
    pub async fn stop(self) {
        // Already stopped is stopped.
        let _ = self.stop.stop();
        let _ = self.task.await;
    }
}

impl Api {
    /// Opens the store and prepares everything. `settings` tells what is set in this process. The machine's clock is
    /// used.
    ///
    /// # Errors
    /// A setting cannot be, or the store, the key or the portal cannot be read.
    pub fn open(
        config: ApiConfig,
        upstream: Upstream,
        people: Arc<dyn People>,
        settings: Settings,
    ) -> Result<Self, ApiError> {
        Self::open_at(config, upstream, people, settings, Clock::default())
    }

    /// The same with another clock.
    ///
    /// # Errors
    /// As [`Api::open`].
    pub fn open_at(
        config: ApiConfig,
        upstream: Upstream,
        people: Arc<dyn People>,
        settings: Settings,
        clock: Clock,
    ) -> Result<Self, ApiError> {
        config.validate()?;
        config.portal.look()?;
        let (limits, login) = (&config.limits, &config.login);
        let store = Store::open(&config.folder, config.sync, limits.audit_queue)?;
        let key = config.token_key_file.as_deref();
        let tokens = Tokens::open(config.company, key, &store, limits.remembered_tokens)?;
        let ids = Snowflakes::new(config.machine)?;
        let sessions = Sessions::open(store.clone(), clock.clone(), login.clone(), tokens, ids)?;
        let confirmations = Confirmations::new(store.clone(), config.confirmation.clone());
        let genesis = people.genesis();
        let portal = Portal::open(&config.portal, config.company, genesis)?.map(Arc::new);
        let challenges =
            Challenges::new(config.company, genesis, login.challenge_s, login.challenges);
        let desk = Desk::new(Inner {
            clock,
            sessions: Arc::new(sessions),
            challenges,
            passwords: Passwords::new(login).map_err(ApiError::Argon)?,
            store,
            upstream,
            people,
            settings,
            confirmations,
            exports: Exports::new(config.exports.clone()),
            tickets: Tickets::new(config.exports.ticket_s, config.exports.tickets),
            load: Arc::new(Load::new(limits.calls_in_flight, limits.lateness_ms)),
            accounts: Buckets::new(limits.account_rate),
            names: Buckets::new(login.name_rate),
            addresses: Buckets::new(login.address_rate),
            forwarded: Buckets::new(limits.connection_rate),
            document: OnceLock::new(),
            health: Mutex::default(),
            unidentified: AtomicU64::new(0),
            methods: methods::table(),
            config,
        });
        Ok(Self { desk, portal })
    }

    /// Begins a session for somebody whom the process itself vouches for, and gives its access token. Nobody logs in.
    ///
    /// # Errors
    /// The session cannot be stored.
    pub async fn vouch(
        &self,
        account: u64,
        roles: Roles,
        driver: Option<Seated>,
    ) -> Result<String, Refusal> {
        Ok(self.desk.sessions.begin(account, roles, driver).await?.access_token)
    }

    /// Answers a call of the process itself, that came over no connection, as it would answer one that did. `params` is
    /// a JSON object, `token` an access token.
    ///
    /// # Errors
    /// The refusal that a client would see; [`Code::NotFound`] where the table has no such method, and
    /// [`Code::WebSocketOnly`] for one that pushes.
    pub async fn call(
        &self,
        method: &str,
        params: &str,
        token: Option<&str>,
    ) -> Result<Box<RawValue>, Refusal> {
        let row = self.desk.methods.iter().find(|row| row.name == method);
        let row = row.ok_or_else(|| {
            Refusal::new(Code::NotFound, format!("there is no method {method:?}"))
        })?;
        let Handler::Call(act) = &row.handler else { return Err(Code::WebSocketOnly.into()) };
        let bearer = token.map(|token| HeaderValue::from_str(&format!("Bearer {token}")));
        let bearer = bearer.transpose().map_err(|_| Code::Unauthenticated)?;
        let address = IpAddr::from(Ipv4Addr::LOCALHOST);
        let now_ms = self.desk.clock.now_ms();
        let bucket = Bucket::full(self.desk.config.limits.connection_rate, now_ms);
        let connection = Arc::new(Connection::new(NO_CONNECTION, address, bucket, None));
        let origin = Origin { connection, address, forwarded: false, bearer, websocket: false };
        let act = |desk, call| act(desk, call, params);
        self.desk.answer(row, act, params, Arc::new(origin)).await
    }

    /// Calls that are being worked on.
    pub fn calls_in_flight(&self) -> usize {
        self.desk.load.in_flight()
    }

    /// Ends when the disk has failed: from then on nothing is accepted, and only a restart can tell what is on it.
    pub async fn failed(&self) -> StoreError {
        self.desk.store.failed().await
    }

    /// Checks the whole audit log. Gives the number of its entries. Reads all of it: not for a thread
    /// that answers.
    ///
    /// # Errors
    /// Where the log was changed.
    pub fn verify_audit(&self) -> Result<u64, AuditFault> {
        audit::verify(&self.desk.store)
    }

    /// Serves until the handle says stop. Gives the address, which matters when the port was 0.
    ///
    /// # Errors
    /// The port cannot be had.
    pub async fn serve(&self) -> Result<(SocketAddr, ApiHandle), ApiError> {
        let address = self.desk.config.listen;
        let listen = |reason| ApiError::Listen { address, reason };
        let listener = TcpListener::bind(address).await.map_err(listen)?;
        let local = listener.local_addr().map_err(listen)?;
        let (stopped, stop) = stop_channel();
        let server = Arc::new(Listening::new(self.desk.clone(), self.portal.clone(), stopped)?);
        let task = tokio::spawn(server.run(listener));
        Ok((local, ApiHandle { stop, task }))
    }
}

/// The methods of the table as jsonrpsee takes them.
fn module(desk: &Desk) -> Result<Methods, RegisterMethodError> {
    let mut module = RpcModule::new(desk.clone());
    for method in &desk.methods {
        let row = Arc::new(method.clone());
        match &method.handler {
            Handler::Call(act) => {
                let act = act.clone();
                module.register_async_method(method.name, move |params, desk, extensions| {
                    let (row, act) = (row.clone(), act.clone());
                    let origin = extensions.get::<Arc<Origin>>().cloned();
                    async move {
                        let origin = origin.ok_or(Refusal::from(Code::Internal))?;
                        let text = params.as_str().unwrap_or_default();
                        let act = |desk, call| act(desk, call, text);
                        desk.answer(&row, act, text, origin).await
                    }
                })?;
            }
            Handler::Subscription { notification, unsubscribe, begin } => {
                let begin = begin.clone();
                let subscribe =
                    move |params: jsonrpsee::types::Params<'static>,
                          pending,
                          desk: Arc<Desk>,
                          extensions: http::Extensions| {
                        let (row, begin): (Arc<Method>, _) = (row.clone(), begin.clone());
                        let origin = extensions.get::<Arc<Origin>>().cloned();
                        async move {
                            let text = params.as_str().unwrap_or_default();
                            let begin = |desk, call| begin(desk, call, text);
                            relay::relay(&desk, &row, begin, pending, origin).await
                        }
                    };
                module.register_subscription(method.name, notification, unsubscribe, subscribe)?;
            }
        }
    }
    Ok(module.into())
}

/// The server while it runs.
struct Listening {
    desk: Desk,
    methods: Methods,
    stopped: StopHandle,
    builder: TowerServiceBuilder<NoLayer, NoLayer>,
    origins: Origins,
    portal: Option<Arc<Portal>>,
    proxies: Proxies,
    places: Arc<Semaphore>,
    addresses: Arc<Places<IpAddr>>,
    doorway: Doorway,
    numbers: AtomicU64,
}

impl Listening {
    fn new(
        desk: Desk,
        portal: Option<Arc<Portal>>,
        stopped: StopHandle,
    ) -> Result<Self, RegisterMethodError> {
        let limits = &desk.config.limits;
        let ping = PingConfig::new()
            .ping_interval(Duration::from_secs(20))
            .inactive_limit(Duration::from_secs(45))
            .max_failures(1);
        let builder = Server::builder()
            .max_connections(limits.connections)
            .max_request_body_size(limits.body_bytes)
            .max_response_body_size(limits.answer_bytes)
            .max_subscriptions_per_connection(limits.subscriptions)
            .set_message_buffer_capacity(limits.connection_buffer)
            .set_batch_request_config(BatchRequestConfig::Limit(limits.batch_calls))
            .enable_ws_ping(ping)
            .to_service_builder();
        Ok(Self {
            methods: module(&desk)?,
            stopped,
            builder,
            origins: cors::origins(&desk.config.origins, portal.is_some()),
            portal,
            proxies: Proxies::new(&desk.config.trusted_proxies, desk.config.forwarded_by),
            places: Arc::new(Semaphore::new(limits.connections as usize)),
            addresses: Arc::new(Places::new(limits.connections_per_address)),
            doorway: Doorway::new(),
            numbers: AtomicU64::new(1),
            desk,
        })
    }

    async fn run(self: Arc<Self>, listener: TcpListener) {
        let watcher = tokio::spawn(Load::watch(Arc::downgrade(&self.desk.load)));
        let sweeper = tokio::spawn(sweep(Arc::downgrade(&self.desk.sessions)));
        let stopped = self.stopped.clone().shutdown();
        tokio::pin!(stopped);
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                () = &mut stopped => break,
            };
            match accepted {
                Ok((stream, address)) => self.clone().take(stream, address),
                Err(error) => {
                    // Out of file handles, mostly: it gets better when connections end.
                    tracing::warn!(%error, "could not accept a connection");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
        }
        drop(listener);
        let all = self.desk.config.limits.connections;
        let done = self.places.acquire_many(all);
        if tokio::time::timeout(STOP_PATIENCE, done).await.is_err() {
            tracing::warn!("connections were cut that did not end in time");
        }
        watcher.abort();
        sweeper.abort();
    }

    /// Takes a connection, or turns it away when there are too many.
    fn take(self: Arc<Self>, stream: TcpStream, address: SocketAddr) {
        let peer = address.ip().to_canonical();
        let Ok(place) = self.places.clone().try_acquire_owned() else {
            tracing::debug!(%address, "turned a connection away: there are too many");
            return self.doorway.turn_away(stream, Doorway::full());
        };
        // A proxy's connections are many people's, who are known with their requests.
        let own_place = match self.proxies.trusts(peer) {
            true => None,
            false => match self.addresses.take(counted(peer)) {
                Some(own_place) => Some(own_place),
                None => {
                    tracing::debug!(%address, "turned a connection away: the address has too many");
                    let most = self.desk.config.limits.connections_per_address;
                    return self.doorway.turn_away(stream, Doorway::too_many(most));
                }
            },
        };
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection was gone before it began");
            return;
        }
        let limits = &self.desk.config.limits;
        let bucket = Bucket::full(limits.connection_rate, self.desk.clock.now_ms());
        let number = self.numbers.fetch_add(1, Relaxed);
        let connection = Arc::new(Connection::new(number, peer, bucket, Some(place)));
        if let Some(own_place) = own_place {
            connection.keep(own_place);
        }
        let io = Stalling::new(stream, Duration::from_millis(limits.stall_ms));
        let server = self.clone();
        let service = service_fn(move |request| {
            let (server, connection) = (server.clone(), connection.clone());
            async move { server.request(request, connection).await }
        });
        tokio::spawn(async move {
            let serving = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(HEAD_PATIENCE)
                .serve_connection(TokioIo::new(io), service)
                .with_upgrades();
            let stopped = self.stopped.clone().shutdown();
            tokio::pin!(serving, stopped);
            let ended = tokio::select! {
                ended = &mut serving => ended,
                () = &mut stopped => {
                    serving.as_mut().graceful_shutdown();
                    serving.await
                }
            };
            if let Err(error) = ended {
                tracing::debug!(%address, %error, "a connection ended badly");
            }
        });
    }

    async fn request(
        &self,
        mut request: Request<Incoming>,
        connection: Arc<Connection>,
    ) -> Result<HttpResponse, Infallible> {
        let allowed = match cors::judge(&self.origins, &request) {
            Ok(allowed) => allowed,
            Err(answer) => return Ok(answer),
        };
        let websocket = is_upgrade_request(&request);
        let bearer = request.headers().get(AUTHORIZATION).cloned();
        let forwarded = self.proxies.trusts(connection.peer);
        let address = self.proxies.client(connection.peer, request.headers());
        // Until the answer, or for as long as the WebSocket lasts.
        let mut own_place = None;
        if forwarded {
            own_place = self.addresses.take(counted(address));
            if own_place.is_none() {
                let most = self.desk.config.limits.connections_per_address;
                return Ok(Doorway::answer(&Doorway::too_many(most)));
            }
        }
        if let Some(own_place) = own_place.take_if(|_| websocket) {
            connection.keep(own_place);
        }
        let origin = Arc::new(Origin { connection, address, forwarded, bearer, websocket });
        let mut response = if request.uri().path() == exports::PATH && !websocket {
            export::answer(&self.desk, request.into_parts().0, origin, own_place).await
        } else if let Some(portal) = self.portal.as_ref().filter(|_| !websocket && reads(&request))
        {
            portal.answer(&request.into_parts().0, own_place)
        } else {
            request.extensions_mut().insert(origin);
            self.call(request).await
        };
        allowed.put(response.headers_mut());
        Ok(response)
    }

    /// JSON-RPC.
    async fn call(&self, request: Request<Incoming>) -> HttpResponse {
        let mut service = self.builder.clone().build(self.methods.clone(), self.stopped.clone());
        let patience = Duration::from_millis(self.desk.config.limits.call_ms.saturating_mul(2))
            .saturating_add(BODY_PATIENCE);
        match tokio::time::timeout(patience, service.call(request)).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => {
                tracing::error!(%error, "a request could not be answered");
                said(StatusCode::INTERNAL_SERVER_ERROR, "the request could not be answered\n")
            }
            Err(_) => said(StatusCode::REQUEST_TIMEOUT, "the request took too long\n"),
        }
    }
}

/// Whether a request only reads, as those of the portal's files do.
fn reads<B>(request: &Request<B>) -> bool {
    matches!(*request.method(), Verb::GET | Verb::HEAD)
}

fn said(status: StatusCode, words: &'static str) -> HttpResponse {
    let mut response = HttpResponse::new(HttpBody::from(words));
    *response.status_mut() = status;
    response
}

/// Clears away what is over, for as long as anybody else holds the sessions.
async fn sweep(sessions: std::sync::Weak<Sessions>) {
    loop {
        tokio::time::sleep(SWEEP).await;
        let Some(sessions) = sessions.upgrade() else { return };
        if let Err(error) = sessions.sweep().await {
            tracing::warn!(%error, "old sessions could not be cleared away");
        }
    }
}
