//! ClickHouse's HTTP interface.

use std::{
    convert::Infallible,
    sync::{
        atomic::{AtomicBool, Ordering},
        Arc,
    },
    time::Duration,
};

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body_util::BodyExt;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    runtime::Handle,
    sync::{mpsc, oneshot, OwnedSemaphorePermit, Semaphore},
    task::JoinSet,
};
use tokio_util::sync::CancellationToken;

use super::{
    answer::{failure, plain, success, Answer, Watch},
    call::{self, Call},
    credentials::Credentials,
    exception::{code, Exception},
    input::{Arrival, Input},
    sessions::Sessions,
    work::Work,
    EngineConfig,
};

/// How long to wait when the system has no connection to give.
const PAUSE: Duration = Duration::from_millis(50);
/// How long a caller may take to send its headers.
const HEADERS_IN: Duration = Duration::from_secs(30);
/// Pieces of a body or an answer on their way between a connection and a thread.
const ON_THE_WAY: usize = 4;
/// What is read of a body after it was refused, so that the caller can read why.
const READ_ON: usize = 16 * 1024 * 1024;

/// What answers requests.
pub(super) struct Server {
    pub(super) sessions: Arc<Sessions>,
    pub(super) credentials: Credentials,
    pub(super) config: EngineConfig,
}

impl Server {
    /// Serves the listener until `stop`; then connections end with the requests that they carry.
    pub(super) async fn serve(self: Arc<Self>, listener: TcpListener, stop: CancellationToken) {
        let places = Arc::new(Semaphore::new(self.config.max_connections as usize));
        let mut connections = JoinSet::new();
        loop {
            let accepted = tokio::select! {
                () = stop.cancelled() => break,
                accepted = listener.accept() => accepted,
            };
            while connections.try_join_next().is_some() {}
            match accepted {
                Ok((stream, _)) => {
                    // One connection more than may be is closed at once.
                    let Ok(place) = Arc::clone(&places).try_acquire_owned() else { continue };
                    connections.spawn(Arc::clone(&self).connection(stream, place, stop.clone()));
                }
                Err(error) => {
                    tracing::warn!(%error, "no connection can be accepted");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
        drop(listener);
        while connections.join_next().await.is_some() {}
    }

    async fn connection(
        self: Arc<Self>,
        stream: TcpStream,
        _place: OwnedSemaphorePermit,
        stop: CancellationToken,
    ) {
        stream.set_nodelay(true).ok();
        let service = service_fn(|request| Arc::clone(&self).answer(request));
        let serving = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEADERS_IN)
            .serve_connection(TokioIo::new(stream), service);
        let mut serving = std::pin::pin!(serving);
        let ended = tokio::select! {
            ended = &mut serving => ended,
            () = stop.cancelled() => {
                serving.as_mut().graceful_shutdown();
                serving.await
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%error, "a connection ended before its time");
        }
    }

    async fn answer(
        self: Arc<Self>,
        request: Request<Incoming>,
    ) -> Result<Response<Answer>, Infallible> {
        match (request.method(), request.uri().path()) {
            (&Method::GET | &Method::HEAD, "/ping" | "/replicas_status") => {
                plain(StatusCode::OK, "Ok.\n")
            }
            (&Method::GET | &Method::HEAD, "/") if request.uri().query().is_none() => {
                plain(StatusCode::OK, "Ok.\n")
            }
            (&Method::GET | &Method::POST | &Method::HEAD, "/") => Ok(self.query(request).await),
            (_, "/") => plain(StatusCode::METHOD_NOT_ALLOWED, "Send a GET or a POST.\n"),
            _ => plain(
                StatusCode::NOT_FOUND,
                "There is no such place: use / with a query, /ping or /replicas_status.\n",
            ),
        }
    }

    async fn query(&self, request: Request<Incoming>) -> Response<Answer> {
        let (parts, mut body) = request.into_parts();
        let version = &self.sessions.version;
        let call = match call::read(&parts, &self.sessions.settings, &self.credentials) {
            Ok(call) => call,
            Err(exception) => {
                read_on(&mut body).await;
                return failure(&exception, None, version);
            }
        };
        match self.work(&call, &mut body).await {
            Ok(response) => response,
            Err(exception) => {
                tracing::debug!(%exception, id = call.id, "a query failed");
                read_on(&mut body).await;
                failure(&exception, Some(&call), version)
            }
        }
    }

    /// Has a thread work on the request, feeds it the body, and answers as soon as it has a head.
    async fn work(&self, call: &Call, body: &mut Incoming) -> Result<Response<Answer>, Exception> {
        let place = self.sessions.place().await?;
        let (arriving, arrivals) = mpsc::channel(ON_THE_WAY);
        let (head, when_head) = oneshot::channel();
        let (pieces, answer) = mpsc::channel(ON_THE_WAY);
        let (mark, tag) = (super::unique(), super::unique().replace('-', "")[..16].to_owned());
        let ended = Arc::new(AtomicBool::new(false));
        let mut watch = Watch::over(Arc::clone(&self.sessions), mark.clone(), Arc::clone(&ended));
        let work = Work {
            call: call.clone(),
            mark,
            input: Input::new(arrivals, call.wrapping, call.decompress, self.config.max_body_bytes),
            head,
            pieces,
            patience: Duration::from_millis(self.config.idle_ms),
            gone: watch.gone(),
            tag: tag.clone(),
        };
        let (sessions, runtime) = (Arc::clone(&self.sessions), Handle::current());
        tokio::task::spawn_blocking(move || {
            work.run(&sessions, &runtime);
            ended.store(true, Ordering::Release);
            drop(place);
        });
        let mut when_head = std::pin::pin!(when_head);
        let head = tokio::select! {
            biased;
            head = &mut when_head => head,
            () = self.feed(body, arriving) => when_head.await,
        };
        // The thread ends without a head only when it panics, which its code does not.
        let head = head.map_err(|_| {
            Exception::new(
                code::LOGICAL_ERROR,
                "LOGICAL_ERROR",
                "the query ended without an answer",
            )
        })?;
        match head {
            Ok(head) => {
                let body = Answer::Pieces { pieces: answer, watch, broken: None };
                Ok(success(call, &head, &tag, body))
            }
            Err(exception) => {
                watch.done();
                Err(exception)
            }
        }
    }

    /// Hands the body to the thread, piece by piece, and then its end or why there is none.
    async fn feed(&self, body: &mut Incoming, arriving: mpsc::Sender<Arrival>) {
        loop {
            let arrival = self.arrival(body).await;
            let last = !matches!(arrival, Ok(Some(_)));
            if arriving.send(arrival).await.is_err() || last {
                return;
            }
        }
    }

    async fn arrival(&self, body: &mut Incoming) -> Arrival {
        let patience = Duration::from_millis(self.config.idle_ms);
        loop {
            match tokio::time::timeout(patience, body.frame()).await {
                Ok(None) => return Ok(None),
                Ok(Some(Ok(frame))) => match frame.into_data() {
                    Ok(data) => return Ok(Some(data)),
                    // Trailers say nothing.
                    Err(_) => continue,
                },
                Ok(Some(Err(error))) => {
                    let sentence = format!("the body broke off: {error}");
                    return Err(Exception::new(code::NETWORK_ERROR, "NETWORK_ERROR", sentence));
                }
                Err(_) => {
                    let sentence = "the caller does not send the rest of the body";
                    return Err(Exception::new(code::SOCKET_TIMEOUT, "SOCKET_TIMEOUT", sentence));
                }
            }
        }
    }
}

/// Reads on for a while: a caller that is cut off while it sends does not see the answer.
async fn read_on(body: &mut Incoming) {
    let reading = async {
        let mut read = 0;
        while let Some(Ok(frame)) = body.frame().await {
            read += frame.data_ref().map_or(0, Bytes::len);
            if read > READ_ON {
                return;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(2), reading).await.ok();
}
