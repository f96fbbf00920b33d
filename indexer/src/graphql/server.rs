//! The schema over HTTP: questions by POST and GET, subscriptions over WebSocket (`graphql-transport-ws`), the schema's text,
//! and GraphiQL. Beside it, exports.

use std::{
    net::SocketAddr,
    sync::{
        atomic::{AtomicBool, AtomicU64, Ordering},
        Arc,
    },
    time::{Duration, Instant},
};

use async_graphql::{
    dynamic::Schema,
    http::{WebSocketProtocols, WsMessage},
    parser::types::{DocumentOperations, OperationDefinition, OperationType},
    Data, Executor, Request, Response, ServerError,
};
use axum::{
    body::Bytes,
    extract::{
        ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade},
        DefaultBodyLimit, RawQuery, State,
    },
    http::{header, HeaderMap, StatusCode},
    middleware::from_fn_with_state,
    response::{IntoResponse, Response as HttpResponse},
    routing::get,
    Router,
};
use futures::{stream::BoxStream, SinkExt, StreamExt};
use tokio::{
    net::TcpListener,
    sync::{watch, OwnedSemaphorePermit, Semaphore},
    task::JoinHandle,
};
use tokio_util::sync::CancellationToken;

use super::{
    answer::coded,
    connections::{Connections, Patience},
    copy::{follow::Follower, Copy},
    cors, cost, graphiql,
    read::Reader,
    runtimes::Runtimes,
    schema,
    shape::Shapes,
    tip::{follow, tip_of, Tip},
};
use crate::{
    config::ApiConfig,
    export::{Exports, Figures},
    infra::{Index, Node},
    live::Live,
    Error, IndexerConfig,
};

/// The most requests of a batch.
const MOST_IN_A_BATCH: usize = 50;
/// How long a client of a WebSocket may take to introduce itself.
const INTRODUCTION: Duration = Duration::from_secs(10);
/// How often it is sent a ping, which browsers and libraries answer by themselves.
const PING: Duration = Duration::from_secs(15);
/// How long requests may go on when the server ends.
const FAREWELL: Duration = Duration::from_secs(3);
/// How long nothing may come or go on a connection, besides the time that a request may take.
const QUIET: Duration = Duration::from_secs(120);
/// Subscriptions and questions of a WebSocket at a time.
const MOST_ON_A_SOCKET: usize = 100;
/// How long nothing at all may come from it.
const SILENCE: Duration = Duration::from_secs(45);

/// Why GraphQL cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address cannot be had.
    #[error("{address} cannot be listened on ({source}): set `api.listen` to a free address")]
    Listen {
        /// The address.
        address: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// The index cannot be read.
    #[error(transparent)]
    Index(#[from] Error),
    /// The entities make no schema.
    #[error("the schema cannot be made: {0}")]
    Schema(String),
}

/// GraphQL, listening.
pub struct Server {
    listener: Connections,
    router: Router,
    tip: watch::Receiver<Tip>,
    /// The copy on its way behind the index.
    following: JoinHandle<()>,
    stop: CancellationToken,
}

/// What handlers of requests share.
#[derive(Clone)]
pub(super) struct Served {
    schema: Bounded,
    config: Arc<ApiConfig>,
    sockets: Arc<Semaphore>,
    stop: CancellationToken,
    sdl: Arc<str>,
    pub(super) graphiql: Arc<graphiql::Files>,
}

/// The schema, within its bounds.
#[derive(Clone)]
struct Bounded {
    schema: Schema,
    most: u64,
    within: Duration,
    /// What is under way on the WebSocket.
    places: Arc<Semaphore>,
}

impl Server {
    /// Listens, and begins to watch how far the index is. `figures` are of exports.
    ///
    /// # Errors
    /// The address cannot be had, the index cannot be read, or exports cannot be made as they are configured.
    pub async fn bind(
        index: Index,
        config: &IndexerConfig,
        figures: Arc<Figures>,
        stop: CancellationToken,
    ) -> Result<Self, ServeError> {
        let node = Node::at(&config.node, &config.fetch);
        let exports = Exports::open(config, index.clone(), figures, stop.clone())?;
        let live = Live::start(&node, &config.live, stop.clone());
        let stall = Duration::from_millis(config.exports.stall_ms);
        let (config, prover) = (&config.api, config.prover());
        let address = config.listen.clone();
        let listener = TcpListener::bind(&address).await;
        let listener = listener.map_err(|source| ServeError::Listen { address, source })?;
        let patience = Patience { quiet: QUIET + Duration::from_millis(config.query_ms), stall };
        let listener = Connections::new(listener, config.connections, patience);
        let shapes = Arc::new(Shapes::of(index.registry()));
        let copy = Copy::open(config, shapes.clone())?;
        let mut follower = Follower::new(copy.clone());
        let begin = follower.begin(&index, &tip_of(&index).await?).await?;
        let (tip, watched) = watch::channel(begin);
        let every = Duration::from_millis(config.poll_ms);
        let following = tokio::spawn(follow(index.clone(), follower, every, tip, stop.clone()));
        let reader = Reader::new(index, copy, shapes.clone(), config, watched.clone());
        let schema = schema::build(&shapes)
            .data(reader)
            .data(prover)
            .data(Runtimes::default())
            .data(live)
            .finish();
        let schema = schema.map_err(|error| ServeError::Schema(error.0))?;
        let served = Served {
            sdl: schema.sdl().into(),
            schema: Bounded {
                schema,
                most: config.most_values,
                within: Duration::from_millis(config.query_ms),
                places: Arc::new(Semaphore::new(MOST_ON_A_SOCKET)),
            },
            sockets: Arc::new(Semaphore::new(config.sockets)),
            stop: stop.clone(),
            config: Arc::new(config.clone()),
            graphiql: Arc::new(graphiql::Files::read(&config.graphiql)),
        };
        let router = Router::new()
            .route("/", get(graphiql::page))
            .route("/graphiql/{file}", get(graphiql::file))
            .route("/graphql", get(asked_by_get).post(asked))
            .route("/schema.graphql", get(text))
            .layer(DefaultBodyLimit::max(config.most_bytes))
            .with_state(served)
            .merge(Exports::routes(exports))
            .layer(from_fn_with_state(cors::origins(&config.origins), cors::judged));
        Ok(Self { listener, router, tip: watched, following, stop })
    }

    /// How far what it answers is.
    pub fn tip(&self) -> watch::Receiver<Tip> {
        self.tip.clone()
    }

    /// Where it listens.
    ///
    /// # Errors
    /// The system does not say.
    pub fn local_addr(&self) -> std::io::Result<SocketAddr> {
        axum::serve::Listener::local_addr(&self.listener)
    }

    /// Serves until it is stopped.
    ///
    /// # Errors
    /// The system does not go on.
    pub async fn serve(self) -> std::io::Result<()> {
        let stop = self.stop.clone();
        let serving = axum::serve(self.listener, self.router)
            .with_graceful_shutdown(stop.clone().cancelled_owned());
        let late = async {
            stop.cancelled().await;
            tokio::time::sleep(FAREWELL).await;
        };
        let served = tokio::select! {
            served = async { serving.await } => served,
            // Whoever has not asked to the end by then, or takes no answer.
            () = late => Ok(()),
        };
        self.stop.cancel();
        // It puts on the disk what it has in memory.
        self.following.await.map_err(std::io::Error::other)?;
        served
    }
}

impl Executor for Bounded {
    async fn execute(&self, mut request: Request) -> Response {
        if let Err(why) = self.allow(&mut request) {
            return refused(&why, "TOO_EXPENSIVE");
        }
        match tokio::time::timeout(self.within, self.schema.execute(request)).await {
            Ok(response) => coded(response),
            Err(_) => {
                let ms = self.within.as_millis();
                refused(&format!("this takes longer than {ms} ms: ask for less"), "TIMEOUT")
            }
        }
    }

    fn execute_stream(
        &self,
        mut request: Request,
        data: Option<Arc<Data>>,
    ) -> BoxStream<'static, Response> {
        let one = |answer: Response| futures::stream::once(async move { answer }).boxed();
        if let Err(why) = self.allow(&mut request) {
            return one(refused(&why, "TOO_EXPENSIVE"));
        }
        let Ok(place) = self.places.clone().try_acquire_owned() else {
            let why = format!("{MOST_ON_A_SOCKET} subscriptions are open on this WebSocket already: end one, or open another");
            return one(refused(&why, "TOO_MANY_REQUESTS"));
        };
        if !subscribes(&mut request) {
            let own = self.clone();
            let answer = async move {
                let _place = place;
                own.execute(request).await
            };
            return futures::stream::once(answer).boxed();
        }
        let answers =
            self.schema.execute_stream_with_session_data(request, data.unwrap_or_default());
        answers
            .map(move |answer| {
                // Held as long as the stream.
                let _place = &place;
                coded(answer)
            })
            .boxed()
    }
}

impl Bounded {
    /// The same, with places of its own.
    fn of_a_socket(&self) -> Self {
        Self { places: Arc::new(Semaphore::new(MOST_ON_A_SOCKET)), ..self.clone() }
    }

    /// Whether a request is within its bounds.
    fn allow(&self, request: &mut Request) -> Result<(), String> {
        cost::readable(&request.query)?;
        let variables = request.variables.clone();
        // What cannot be parsed is refused by the schema, with its place.
        let Ok(document) = request.parsed_query() else { return Ok(()) };
        cost::cost(document, &variables, self.most).map(drop)
    }
}

/// Whether a request has a subscription in it.
fn subscribes(request: &mut Request) -> bool {
    let subscribes = |operation: &OperationDefinition| operation.ty == OperationType::Subscription;
    match request.parsed_query().map(|document| &document.operations) {
        Ok(DocumentOperations::Single(operation)) => subscribes(&operation.node),
        Ok(DocumentOperations::Multiple(all)) => {
            all.values().any(|operation| subscribes(&operation.node))
        }
        Err(_) => false,
    }
}

fn refused(why: &str, code: &str) -> Response {
    let mut error = ServerError::new(why, None);
    let mut extensions = async_graphql::ErrorExtensionValues::default();
    extensions.set("code", code);
    error.extensions = Some(extensions);
    Response::from_errors(vec![error])
}

async fn asked(State(served): State<Served>, body: Bytes) -> HttpResponse {
    let request: async_graphql::BatchRequest = match serde_json::from_slice(&body) {
        Ok(request) => request,
        Err(error) => return wrong(&format!("the body is no request of GraphQL in JSON: {error}")),
    };
    match request {
        async_graphql::BatchRequest::Single(request) => {
            answer(&served.schema.execute(request).await)
        }
        async_graphql::BatchRequest::Batch(requests) if requests.len() > MOST_IN_A_BATCH => {
            wrong(&format!("a batch has {MOST_IN_A_BATCH} requests at most"))
        }
        batch => answer(&served.schema.execute_batch(batch).await),
    }
}

async fn asked_by_get(
    State(served): State<Served>,
    upgrade: Result<WebSocketUpgrade, axum::extract::ws::rejection::WebSocketUpgradeRejection>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> HttpResponse {
    match upgrade {
        Ok(upgrade) => open(&served, upgrade, &headers),
        Err(_) => match async_graphql::http::parse_query_string(&query.unwrap_or_default()) {
            Ok(request) => answer(&served.schema.execute(request).await),
            Err(error) => wrong(&format!("{error}; a request is sent by POST, or as ?query=…")),
        },
    }
}

fn answer(response: &impl serde::Serialize) -> HttpResponse {
    match serde_json::to_vec(response) {
        Ok(body) => ([(header::CONTENT_TYPE, "application/json")], body).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

fn wrong(why: &str) -> HttpResponse {
    let response = Response::from_errors(vec![ServerError::new(why, None)]);
    (StatusCode::BAD_REQUEST, answer(&response)).into_response()
}

async fn text(State(served): State<Served>) -> HttpResponse {
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], served.sdl.to_string()).into_response()
}

fn open(served: &Served, upgrade: WebSocketUpgrade, headers: &HeaderMap) -> HttpResponse {
    let asked = headers.get(header::SEC_WEBSOCKET_PROTOCOL).and_then(|value| value.to_str().ok());
    let known: Option<WebSocketProtocols> =
        asked.unwrap_or_default().split(',').find_map(|name| name.trim().parse().ok());
    let Some(protocol) = known else {
        let why = "the WebSocket names no protocol that is known: it is graphql-transport-ws";
        return (StatusCode::BAD_REQUEST, why).into_response();
    };
    let Ok(place) = served.sockets.clone().try_acquire_owned() else {
        let why = format!("{} WebSockets are open already: try again later", served.config.sockets);
        return (StatusCode::SERVICE_UNAVAILABLE, why).into_response();
    };
    let (schema, most, stop) =
        (served.schema.of_a_socket(), served.config.most_bytes, served.stop.clone());
    upgrade
        .max_message_size(most)
        .max_frame_size(most)
        .protocols([protocol.sec_websocket_protocol()])
        .on_upgrade(move |socket| converse(socket, schema, protocol, stop, place))
}

/// When a client of a WebSocket was heard.
struct Heard {
    opened: Instant,
    /// Milliseconds after that.
    last: AtomicU64,
    /// Whether it has said something, and not only answered pings.
    spoke: AtomicBool,
}

impl Heard {
    fn now(&self, message: &Message) {
        let since = u64::try_from(self.opened.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.last.store(since, Ordering::Relaxed);
        if matches!(message, Message::Text(_) | Message::Binary(_)) {
            self.spoke.store(true, Ordering::Relaxed);
        }
    }

    /// The code and the reason to end it for, if there is one.
    fn is_lost(&self) -> Option<(u16, &'static str)> {
        let since = self.opened.elapsed();
        let silent = since.saturating_sub(Duration::from_millis(self.last.load(Ordering::Relaxed)));
        match self.spoke.load(Ordering::Relaxed) {
            false if since >= INTRODUCTION => Some((4408, "Connection initialisation timeout")),
            _ if silent >= SILENCE => {
                Some((1001, "nothing was heard for too long, not even an answer to a ping"))
            }
            _ => None,
        }
    }
}

/// Serves subscriptions on a WebSocket until it ends.
async fn converse(
    socket: WebSocket,
    schema: Bounded,
    protocol: WebSocketProtocols,
    stop: CancellationToken,
    _place: OwnedSemaphorePermit,
) {
    let (mut sink, stream) = socket.split();
    let heard =
        Heard { opened: Instant::now(), last: AtomicU64::new(0), spoke: AtomicBool::new(false) };
    let texts = stream
        .take_while(|message| {
            if let Ok(message) = message {
                heard.now(message);
            }
            let open = !matches!(message, Err(_) | Ok(Message::Close(_)));
            async move { open }
        })
        .filter_map(|message| async move {
            match message {
                Ok(Message::Text(text)) => Some(Bytes::from(text).to_vec()),
                Ok(Message::Binary(bytes)) => Some(bytes.to_vec()),
                _ => None,
            }
        });
    let mut answers = async_graphql::http::WebSocket::new(schema, Box::pin(texts), protocol);
    let mut pings = tokio::time::interval_at(tokio::time::Instant::now() + INTRODUCTION, PING);
    loop {
        let message = tokio::select! {
            answer = answers.next() => match answer {
                Some(WsMessage::Text(text)) => Message::Text(text.into()),
                Some(WsMessage::Close(code, reason)) => close(code, &reason),
                None => return,
            },
            _ = pings.tick() => match heard.is_lost() {
                Some((code, reason)) => close(code, reason),
                None => Message::Ping(Bytes::new()),
            },
            () = stop.cancelled() => close(1001, "the server ends: connect again"),
        };
        let last = matches!(message, Message::Close(_));
        // Who takes nothing for so long is gone as well.
        let sent = tokio::time::timeout(SILENCE, sink.send(message)).await;
        if last || !matches!(sent, Ok(Ok(()))) {
            return;
        }
    }
}

fn close(code: u16, reason: &str) -> Message {
    Message::Close(Some(CloseFrame { code, reason: reason.into() }))
}
