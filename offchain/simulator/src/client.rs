//! JSON-RPC over HTTP: one bounded set of connections for everybody, a token for each request.

mod account;

use std::{
    path::Path,
    sync::{
        atomic::{AtomicU64, Ordering},
        Arc,
    },
    time::{Duration, Instant},
};

use http_body_util::{BodyExt, Full, Limited};
use hyper::{
    body::Bytes,
    header::{AUTHORIZATION, CONTENT_TYPE},
    Method, Request, Uri,
};
use hyper_util::{
    client::legacy::{connect::HttpConnector, Client as Pool},
    rt::TokioExecutor,
};
use serde::Deserialize;
use serde_json::Value;
use tokio::{io::AsyncWriteExt, sync::Semaphore, time::timeout};

pub(crate) use account::{now_ms, Account, Credentials, Manners};

use crate::{figures::Meter, Error};

/// Bytes of an answer, at most.
const MOST_ANSWER: usize = 4 << 20;

/// Where the API is.
#[derive(Clone, Debug)]
pub(crate) struct Address(Uri);

impl Address {
    /// Reads `http://host:port/path` or the same with `ws`.
    pub(crate) fn parse(url: &str) -> Result<Self, Error> {
        let wrong = || Error::Address { url: url.to_owned() };
        let plain = url.strip_prefix("ws://").map(|rest| format!("http://{rest}"));
        let uri: Uri = plain.as_deref().unwrap_or(url).parse().map_err(|_| wrong())?;
        let reachable = uri.scheme_str() == Some("http") && uri.host().is_some();
        if reachable && uri.port_u16().is_some() {
            Ok(Self(uri))
        } else {
            Err(wrong())
        }
    }

    /// `host:port`.
    pub(crate) fn authority(&self) -> &str {
        self.0.authority().map_or("", |authority| authority.as_str())
    }

    /// The path, at least `/`.
    pub(crate) fn path(&self) -> &str {
        match self.0.path() {
            "" => "/",
            path => path,
        }
    }
}

/// Why a request has no result.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Failure {
    /// The API said no.
    #[error("{}: {}", .0.name, .0.message)]
    Refused(Refusal),
    /// Whether the request arrived is not known.
    #[error("no connection: {0}")]
    Unreached(String),
    /// Whether the request was carried out is not known.
    #[error("no answer in time")]
    TimedOut,
    /// The answer is none of JSON-RPC, or not what the API promises.
    #[error("an answer that cannot be read: {0}")]
    Unreadable(String),
}

/// The error of a JSON-RPC answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub code: i64,
    pub name: String,
    pub message: String,
    pub retry_after: Option<Duration>,
}

impl Failure {
    /// The name under which it is counted.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Refused(refusal) => &refusal.name,
            Self::Unreached(_) => "no_connection",
            Self::TimedOut => "no_answer",
            Self::Unreadable(_) => "unreadable",
        }
    }

    /// Whether the same request may succeed a little later.
    pub(crate) fn passes(&self) -> bool {
        match self {
            Self::Refused(refusal) => refusal.passes(),
            Self::Unreached(_) | Self::TimedOut => true,
            Self::Unreadable(_) => false,
        }
    }

    /// Whether there is no such order, or not for whom asked.
    pub(crate) fn not_found(&self) -> bool {
        matches!(self, Self::Refused(refusal) if matches!(refusal.name.as_str(), "no_such_order" | "not_found"))
    }

    /// Whether a new token is needed.
    pub(crate) fn asks_for_login(&self) -> bool {
        let Self::Refused(refusal) = self else {
            return false;
        };
        matches!(
            refusal.name.as_str(),
            "unauthenticated" | "token_expired" | "session_revoked" | "http_401"
        )
    }
}

impl Refusal {
    /// Whether the service was only too busy.
    pub(crate) fn passes(&self) -> bool {
        self.retry_after.is_some()
            || is_shed(&self.name)
            || matches!(self.name.as_str(), "unavailable" | "timed_out" | "http_502" | "http_504")
    }
}

/// Whether an error says that the service sheds load.
pub(crate) fn is_shed(name: &str) -> bool {
    matches!(name, "overloaded" | "too_many_calls" | "http_429" | "http_503")
}

#[derive(Deserialize)]
struct Answer {
    result: Option<Value>,
    error: Option<AnswerError>,
}

/// The error object of JSON-RPC 2.0, with the data of our API.
#[derive(Deserialize)]
pub(crate) struct AnswerError {
    pub code: i64,
    #[serde(default)]
    pub message: String,
    #[serde(default)]
    pub data: Value,
}

impl From<AnswerError> for Refusal {
    fn from(error: AnswerError) -> Self {
        let name = error.data.get("name").and_then(Value::as_str);
        let retry_after = error.data.get("retry_after_ms").and_then(Value::as_u64);
        Self {
            code: error.code,
            name: name.map_or_else(|| format!("code_{}", error.code), str::to_owned),
            message: error.message,
            retry_after: retry_after.map(Duration::from_millis),
        }
    }
}

/// Everybody's connections to the API.
#[derive(Clone, Debug)]
pub(crate) struct Client(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    pool: Pool<HttpConnector, Full<Bytes>>,
    address: Address,
    /// A permit for each connection.
    connections: Semaphore,
    timeout: Duration,
    next_id: AtomicU64,
    meter: Arc<Meter>,
}

impl Client {
    /// A client with at most so many connections.
    pub(crate) fn new(
        address: Address,
        connections: usize,
        timeout: Duration,
        meter: Arc<Meter>,
    ) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        connector.set_connect_timeout(Some(timeout));
        let pool = Pool::builder(TokioExecutor::new())
            .pool_max_idle_per_host(connections)
            .build(connector);
        Self(Arc::new(Inner {
            pool,
            address,
            connections: Semaphore::new(connections.min(Semaphore::MAX_PERMITS)),
            timeout,
            next_id: AtomicU64::new(1),
            meter,
        }))
    }

    /// Where it leads.
    pub(crate) fn address(&self) -> &Address {
        &self.0.address
    }

    /// One request. Its time is measured from the moment it has a connection of the pool for itself.
    pub(crate) async fn call(
        &self,
        method: &'static str,
        params: &Value,
        token: Option<&str>,
    ) -> Result<Value, Failure> {
        let id = self.0.next_id.fetch_add(1, Ordering::Relaxed);
        let body = request_body(id, method, params);
        // The semaphore is never closed.
        let _permit = self.0.connections.acquire().await;
        let began = Instant::now();
        let answer = match timeout(self.0.timeout, self.exchange(body, token)).await {
            Ok(answer) => answer,
            Err(_) => Err(Failure::TimedOut),
        };
        self.0.meter.add(method, began.elapsed(), answer.as_ref().err());
        answer
    }

    /// Reads `path` into a file, a piece at a time, and says how many bytes it has.
    pub(crate) async fn download(
        &self,
        path: &str,
        token: &str,
        file: &Path,
    ) -> Result<u64, Failure> {
        let uri = format!("http://{}{path}", self.0.address.authority());
        let request = Request::builder()
            .uri(uri)
            .header(AUTHORIZATION, format!("Bearer {token}"))
            .body(Full::default())
            .map_err(|error| Failure::Unreached(error.to_string()))?;
        let unreached = |error: &dyn std::error::Error| Failure::Unreached(causes(error));
        let late = |_| Failure::TimedOut;
        let _permit = self.0.connections.acquire().await;
        let answer = timeout(self.0.timeout, self.0.pool.request(request)).await.map_err(late)?;
        let answer = answer.map_err(|error| unreached(&error))?;
        let status = answer.status().as_u16();
        let mut body = answer.into_body();
        if status != 200 {
            let said = Limited::new(body, MOST_ANSWER).collect().await;
            let said = said.map_err(|error| unreached(error.as_ref()))?.to_bytes();
            return Err(http_refusal(status, &said));
        }
        let disk =
            |error: std::io::Error| Failure::Unreadable(format!("{}: {error}", file.display()));
        let mut written = tokio::fs::File::create(file).await.map_err(disk)?;
        let mut bytes = 0;
        while let Some(frame) = timeout(self.0.timeout, body.frame()).await.map_err(late)? {
            let Ok(piece) = frame.map_err(|error| unreached(&error))?.into_data() else { continue };
            written.write_all(&piece).await.map_err(disk)?;
            bytes += piece.len() as u64;
        }
        written.flush().await.map_err(disk)?;
        Ok(bytes)
    }

    async fn exchange(&self, body: Vec<u8>, token: Option<&str>) -> Result<Value, Failure> {
        let mut request = Request::builder()
            .method(Method::POST)
            .uri(self.0.address.0.clone())
            .header(CONTENT_TYPE, "application/json");
        if let Some(token) = token {
            request = request.header(AUTHORIZATION, format!("Bearer {token}"));
        }
        let request = request.body(Full::new(Bytes::from(body)));
        let request = request.map_err(|error| Failure::Unreached(error.to_string()))?;
        let unreached = |error: &dyn std::error::Error| Failure::Unreached(causes(error));
        let response = self.0.pool.request(request).await.map_err(|error| unreached(&error))?;
        let status = response.status().as_u16();
        let body = Limited::new(response.into_body(), MOST_ANSWER).collect().await;
        let body = body.map_err(|error| unreached(error.as_ref()))?.to_bytes();
        read_answer(status, &body)
    }
}

/// The text of a request.
pub(crate) fn request_body(id: u64, method: &str, params: &Value) -> Vec<u8> {
    format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"{method}","params":{params}}}"#).into_bytes()
}

fn read_answer(status: u16, body: &[u8]) -> Result<Value, Failure> {
    match serde_json::from_slice::<Answer>(body) {
        Ok(Answer { error: Some(error), .. }) => Err(Failure::Refused(error.into())),
        Ok(Answer { result, .. }) if status == 200 => Ok(result.unwrap_or(Value::Null)),
        Err(error) if status == 200 => Err(Failure::Unreadable(error.to_string())),
        _ => Err(http_refusal(status, body)),
    }
}

/// A refusal by HTTP's own means.
fn http_refusal(status: u16, body: &[u8]) -> Failure {
    Failure::Refused(Refusal {
        code: i64::from(status),
        name: format!("http_{status}"),
        message: String::from_utf8_lossy(body.get(..200).unwrap_or(body)).into_owned(),
        retry_after: None,
    })
}

/// An error with everything below it: hyper's own sentence is only the outermost.
fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut below = error.source();
    while let Some(cause) = below {
        text = format!("{text}: {cause}");
        below = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_host_and_a_port() {
        let address = Address::parse("ws://127.0.0.1:8000").unwrap();
        assert_eq!((address.authority(), address.path()), ("127.0.0.1:8000", "/"));
        for wrong in ["https://127.0.0.1:8000", "127.0.0.1:8000", "http://127.0.0.1", ""] {
            assert!(Address::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_error_has_the_name_and_the_time_that_the_api_gave() {
        let body = br#"{"jsonrpc":"2.0","id":1,"error":{"code":30001,"message":"too much","data":{"name":"overloaded","remedy":"wait","retry_after_ms":250}}}"#;
        let Err(failure) = read_answer(200, body) else { panic!("an error is no result") };
        assert!(failure.passes() && failure.name() == "overloaded");
        let Err(failure) = read_answer(429, b"too many") else { panic!("429 is no result") };
        assert!(failure.passes() && failure.name() == "http_429");
        assert!(matches!(read_answer(200, b"<html>"), Err(Failure::Unreadable(_))));
        assert_eq!(read_answer(200, br#"{"id":1,"result":null}"#), Ok(Value::Null));
    }

    #[test]
    fn any_answer_is_read_or_refused() {
        bolero::check!().for_each(|bytes: &[u8]| {
            let _ = read_answer(200, bytes);
        });
    }
}
