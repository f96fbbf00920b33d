//! Takes connections, tells members from everybody else, and hands their requests to jsonrpsee.

use super::{
    connection::{Connection, Socket},
    credentials,
    filter::{FilterLayer, Tier},
    limits::{
        Limits, BATCH, HEAD, MEMBERS_REQUEST, PING, RESPONSE, SILENCE, SILENT_LOOKS,
        STRANGERS_REQUEST, SUBSCRIPTIONS, WAITING,
    },
    members::Membership,
    methods::OPEN,
    metrics::Metrics,
    places::Places,
    rate::Bucket,
    reads::Reads,
    refusal::{Denial, Refusal},
    threshold::Threshold,
    token::{self, Token},
    GateError, Parts,
};
use futures::{future::BoxFuture, FutureExt};
use hyper::{
    body::Incoming,
    header::{
        HeaderValue, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
        ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_MAX_AGE, CONNECTION,
    },
    server::conn::http1,
    service::service_fn,
    Method, Request, StatusCode,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use jsonrpsee::{
    core::BoxError,
    server::{
        http::response::internal_error, stop_channel, ws, BatchRequestConfig, HttpBody,
        HttpResponse, PingConfig, RandomStringIdProvider, RegisterMethodError, RpcServiceBuilder,
        Server, ServerHandle, StopHandle, TowerServiceBuilder,
    },
    Methods, RpcModule,
};
use sc_rpc_api::DenyUnsafe;
use smartlink_runtime::Hash;
use std::{
    convert::Infallible,
    io::Write,
    sync::{
        atomic::{AtomicBool, Ordering},
        Arc,
    },
    time::{Duration, Instant},
};
use tokio::{
    net::{TcpListener, TcpStream},
    runtime::Handle,
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{sleep, timeout},
};
use tower::{layer::util::Identity, Service};

/// A pause after a connection that could not be taken, as when the process has no handles left.
const AFTER_FAILURE: Duration = Duration::from_millis(100);
/// For how long a browser remembers what it may send, in seconds: a day.
const PREFLIGHT: &str = "86400";
/// Characters of a subscription's id.
const ID: usize = 16;

/// What one tier is answered with.
struct Door {
    builder: TowerServiceBuilder<Identity, Identity>,
    methods: Methods,
}

/// The gate.
pub struct Gate {
    /// Its bounds.
    pub limits: Limits,
    /// What it counts.
    pub metrics: Metrics,
    /// Requests of all who show no token.
    strangers_rate: Bucket,
    /// Requests of members that read the state.
    pub reads: Reads,
    genesis: Hash,
    membership: Membership,
    connections: Arc<Semaphore>,
    strangers: Arc<Semaphore>,
    threshold: Threshold,
    accounts: Arc<Places>,
    public: Door,
    member: Door,
    stop: StopHandle,
    /// Connections end when this is dropped.
    _running: ServerHandle,
}

impl Gate {
    /// Puts it together. It asks who is a member on threads of their own.
    pub fn new(parts: Parts<'_>, questions: Handle) -> Result<Arc<Self>, GateError> {
        let Parts { limits, genesis, methods, members, registry } = parts;
        let all = methods.method_names().chain(["rpc_methods"]).collect();
        let open = OPEN.iter().map(|open| open.name).collect();
        let (stop, running) = stop_channel();
        let gate = Self {
            metrics: Metrics::new(registry)?,
            strangers_rate: Bucket::new(limits.strangers, Instant::now()),
            reads: Reads::new(limits.reads, limits.reads_of_an_account),
            genesis,
            membership: Membership::new(members, limits.memory, questions),
            connections: Arc::new(Semaphore::new(limits.connections)),
            strangers: Arc::new(Semaphore::new(limits.connections.div_ceil(2))),
            threshold: Threshold::new(limits.connections / 10),
            accounts: Arc::default(),
            public: Door {
                builder: builder(STRANGERS_REQUEST, &limits),
                methods: with_list(&methods, open)?,
            },
            member: Door {
                builder: builder(MEMBERS_REQUEST, &limits),
                methods: with_list(&methods, all)?,
            },
            stop,
            _running: running,
            limits,
        };
        Ok(Arc::new(gate))
    }

    /// Whether any tier has a method.
    pub fn knows(&self, method: &str) -> bool {
        self.member.methods.method(method).is_some()
    }

    /// Takes of the rates of those who show no token, of a connection's and of all together. Who is refused has asked as well.
    pub fn count_stranger(
        &self,
        connection: &Connection,
        units: u32,
        now: Instant,
    ) -> Result<(), Denial> {
        if !connection.stranger.take(units, now) {
            return Err(Denial::Stranger { rate: self.limits.stranger });
        }
        if !self.strangers_rate.take(units, now) {
            return Err(Denial::Strangers { rate: self.limits.strangers });
        }
        Ok(())
    }

    /// Takes connections for as long as it is polled.
    pub async fn listen(self: Arc<Self>, listener: TcpListener) {
        loop {
            match listener.accept().await {
                Ok((stream, _)) => self.receive(stream),
                Err(why) => {
                    log::warn!("the gate cannot take a connection: {why}");
                    sleep(AFTER_FAILURE).await;
                }
            }
        }
    }

    fn receive(self: &Arc<Self>, stream: TcpStream) {
        let Ok(place) = self.connections.clone().try_acquire_owned() else {
            self.metrics.refused(Refusal::Full.reason());
            turn_away(stream);
            return;
        };
        tokio::spawn(self.clone().serve(stream, place));
    }

    /// Speaks HTTP with a connection, until it ends or becomes a WebSocket.
    async fn serve(self: Arc<Self>, stream: TcpStream, place: OwnedSemaphorePermit) {
        let socket = match Socket::new(stream, place, &self.limits, self.metrics.clone()) {
            Ok(socket) => socket,
            Err(why) => return log::debug!("a connection of the gate failed: {why}"),
        };
        let connection = socket.connection();
        // Whoever says nothing is a stranger as well.
        if connection.be_a_stranger(&self.strangers).is_err() {
            self.threshold.wait(&connection);
        }
        let (head, patience) = (self.limits.head, self.limits.http);
        let answer = service_fn(move |request: Request<Incoming>| {
            let (gate, connection) = (self.clone(), connection.clone());
            async move { Ok::<_, Infallible>(gate.answer(connection, request).await) }
        });
        let served = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(head)
            .max_buf_size(HEAD)
            .serve_connection(TokioIo::new(socket), answer)
            .with_upgrades();
        if let Ok(Err(why)) = timeout(patience, served).await {
            log::debug!("a connection of the gate ended: {why}");
        }
    }

    /// Answers a request over HTTP.
    ///
    /// Any page may ask: nothing that a browser adds by itself, such as a cookie, counts here, and a token is sent by
    /// nobody but who has it. So a page of another origin can do no more than any other stranger.
    async fn answer(
        self: Arc<Self>,
        connection: Arc<Connection>,
        request: Request<Incoming>,
    ) -> HttpResponse {
        let answer = if request.method() == Method::OPTIONS {
            self.tell_what_may_be_sent(&connection)
        } else {
            self.pass(connection, request).await
        };
        let mut response = answer.unwrap_or_else(|refusal| {
            self.metrics.refused(refusal.reason());
            refusal.response()
        });
        let everybody = HeaderValue::from_static("*");
        response.headers_mut().insert(ACCESS_CONTROL_ALLOW_ORIGIN, everybody);
        response
    }

    /// Answers what a browser asks before a page's request, which never shows a token.
    fn tell_what_may_be_sent(&self, connection: &Connection) -> Result<HttpResponse, Refusal> {
        self.count_stranger(connection, 1, Instant::now())?;
        let mut response = preflight();
        // A member's page needs the answer, but no place.
        if connection.be_a_stranger(&self.strangers).is_err() {
            response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
        Ok(response)
    }

    /// Lets a request through, when it may pass.
    async fn pass(
        self: &Arc<Self>,
        connection: Arc<Connection>,
        request: Request<Incoming>,
    ) -> Result<HttpResponse, Refusal> {
        let websocket = ws::is_upgrade_request(&request);
        let shown = credentials::shown(request.headers(), request.uri().query(), websocket)?;
        let posted = request.method() == Method::POST;
        let (tier, token, place) = match shown {
            None => {
                connection.be_a_stranger(&self.strangers)?;
                if !posted {
                    self.count_stranger(&connection, 1, Instant::now())?;
                }
                (Tier::Public, None, None)
            }
            Some(text) => {
                let token = self.recognise(&text).await?;
                connection.be_a_member();
                let most = self.limits.of_an_account;
                let place = self.accounts.take(&token.account, most);
                let place = place.ok_or(Refusal::AccountFull { most })?;
                (Tier::Member(token.account.clone()), Some(token), Some(place))
            }
        };
        let stranger = (posted && tier == Tier::Public).then(|| connection.clone());
        let asked = Arc::new(AtomicBool::new(false));
        let (response, closed) = self.hand_over(tier, &connection, request, asked.clone());
        // A WebSocket has its place until it ends, a request until it is answered.
        let running = if websocket {
            if let Some(place) = place {
                connection.keep(place);
            }
            if let Some(token) = token {
                tokio::spawn(self.clone().accompany(token, connection, closed));
            }
            None
        } else {
            place
        };
        let response = timeout(self.limits.answer, response).await;
        drop(running);
        // What is no request over JSON-RPC counts as one.
        if let Some(connection) = stranger.filter(|_| !asked.load(Ordering::Relaxed)) {
            self.count_stranger(&connection, 1, Instant::now())?;
        }
        match response {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(why)) => {
                log::debug!("a request at the gate failed: {why}");
                Ok(internal_error())
            }
            Err(_) => Err(Refusal::Slow { seconds: self.limits.answer.as_secs() }),
        }
    }

    /// Whose token this is.
    async fn recognise(&self, text: &str) -> Result<Token, Refusal> {
        let token = token::read(text, self.genesis, token::now())?;
        self.membership.admit(&token.account).await?;
        Ok(token)
    }

    /// Has jsonrpsee answer a request. Gives the answer, and the end of the WebSocket if it becomes one.
    #[allow(clippy::type_complexity)] // Two futures, each used once.
    fn hand_over(
        self: &Arc<Self>,
        tier: Tier,
        connection: &Arc<Connection>,
        mut request: Request<Incoming>,
        asked: Arc<AtomicBool>,
    ) -> (BoxFuture<'static, Result<HttpResponse, BoxError>>, BoxFuture<'static, ()>) {
        // Members are not the operator: what is unsafe is done on the node's own machine.
        request.extensions_mut().insert(DenyUnsafe::Yes);
        let door = match tier {
            Tier::Public => &self.public,
            Tier::Member(_) => &self.member,
        };
        let filter =
            FilterLayer { gate: self.clone(), connection: connection.clone(), tier, asked };
        let mut service = door
            .builder
            .clone()
            .set_rpc_middleware(RpcServiceBuilder::new().layer(filter))
            .build(door.methods.clone(), self.stop.clone());
        let closed = service.on_session_closed().boxed();
        (service.call(request), closed)
    }

    /// Looks now and then whether a WebSocket's account is still a member's, and ends the connection when it is not.
    async fn accompany(
        self: Arc<Self>,
        token: Token,
        connection: Arc<Connection>,
        mut closed: BoxFuture<'static, ()>,
    ) {
        loop {
            let left = Duration::from_secs(token.expires.saturating_sub(token::now()));
            tokio::select! {
                () = &mut closed => return,
                () = sleep(left.min(self.limits.round)) => {}
            }
            let void = match token.expires.checked_sub(token::now()) {
                None | Some(0) => Some("its token has expired".to_owned()),
                Some(_) => {
                    let checked = self.membership.check_again(&token.account).await;
                    checked.err().map(|refusal| refusal.to_string())
                }
            };
            if let Some(why) = void {
                log::info!("the gate ends a connection of {}: {why}", token.account);
                self.metrics.refused("ended");
                return connection.cut();
            }
        }
    }
}

/// Says to a connection for which there is no place that there is none.
fn turn_away(stream: TcpStream) {
    // Nothing was sent yet, so there is room for a sentence. Who does not get it sees the connection end.
    if let Ok(mut stream) = stream.into_std() {
        let _ = stream.write_all(Refusal::Full.wire().as_bytes());
    }
}

/// Tells a browser what a page may send.
fn preflight() -> HttpResponse {
    let mut response = HttpResponse::new(HttpBody::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("POST, GET"));
    // A star would not cover the first.
    let sent = HeaderValue::from_static("authorization, content-type");
    headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, sent);
    headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(PREFLIGHT));
    response
}

/// jsonrpsee with our bounds.
fn builder(request: u32, limits: &Limits) -> TowerServiceBuilder<Identity, Identity> {
    let ping =
        PingConfig::new().ping_interval(PING).inactive_limit(SILENCE).max_failures(SILENT_LOOKS);
    Server::builder()
        // They are counted before they get here.
        .max_connections(u32::try_from(limits.connections).unwrap_or(u32::MAX))
        .max_request_body_size(request)
        .max_response_body_size(RESPONSE)
        .set_batch_request_config(BatchRequestConfig::Limit(BATCH))
        .max_subscriptions_per_connection(SUBSCRIPTIONS)
        .set_message_buffer_capacity(WAITING)
        .set_id_provider(RandomStringIdProvider::new(ID))
        .enable_ws_ping(ping)
        .to_service_builder()
}

/// These methods, and `rpc_methods` with this list.
fn with_list(
    methods: &Methods,
    mut list: Vec<&'static str>,
) -> Result<Methods, RegisterMethodError> {
    list.sort_unstable();
    let mut own = RpcModule::new(());
    own.register_method("rpc_methods", move |_, _, _| serde_json::json!({ "methods": list }))?;
    let mut methods = methods.clone();
    methods.merge(own)?;
    Ok(methods)
}
