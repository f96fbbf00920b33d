//! Answers as HTTP has them.

use std::{
    convert::Infallible,
    future::Future,
    pin::Pin,
    sync::{
        atomic::{AtomicBool, Ordering},
        Arc,
    },
    task::{ready, Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http::{
    header::{CONTENT_ENCODING, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE},
    HeaderName, HeaderValue, Response, StatusCode,
};
use http_body::{Body, Frame};
use tokio::sync::mpsc;

use super::{
    call::Call,
    encoding::Encoder,
    exception::{code, Exception},
    sessions::Sessions,
    work::{Broken, Head, Piece},
};

const QUERY_ID: HeaderName = HeaderName::from_static("x-clickhouse-query-id");
const FORMAT: HeaderName = HeaderName::from_static("x-clickhouse-format");
const SUMMARY: HeaderName = HeaderName::from_static("x-clickhouse-summary");
const EXCEPTION_CODE: HeaderName = HeaderName::from_static("x-clickhouse-exception-code");
const EXCEPTION_TAG: HeaderName = HeaderName::from_static("x-clickhouse-exception-tag");
const SERVER: HeaderName = HeaderName::from_static("x-clickhouse-server-display-name");

/// The body of an answer.
pub(super) enum Answer {
    /// All of it.
    Whole(Option<Bytes>),
    /// As it comes.
    Pieces {
        pieces: mpsc::Receiver<Piece>,
        /// Stops the query when the body is dropped before its end.
        watch: Watch,
        /// The pause before the connection is cut, in which the last words are sent.
        broken: Option<Pin<Box<tokio::time::Sleep>>>,
    },
}

/// How long last words have to reach the wire before the connection is cut.
const LAST_WORDS: Duration = Duration::from_millis(20);

impl Body for Answer {
    type Data = Bytes;
    type Error = Broken;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        let (pieces, watch, broken) = match &mut *self {
            Self::Whole(bytes) => return Poll::Ready(bytes.take().map(Frame::data).map(Ok)),
            Self::Pieces { pieces, watch, broken } => (pieces, watch, broken),
        };
        if broken.is_none() {
            match ready!(pieces.poll_recv(context)) {
                Some(Ok(bytes)) => return Poll::Ready(Some(Ok(Frame::data(bytes)))),
                Some(Err(Broken)) => *broken = Some(Box::pin(tokio::time::sleep(LAST_WORDS))),
                None => {
                    watch.done();
                    return Poll::Ready(None);
                }
            }
        }
        if let Some(pause) = broken {
            ready!(pause.as_mut().poll(context));
        }
        watch.done();
        Poll::Ready(Some(Err(Broken)))
    }
}

/// Watches over a query for as long as somebody waits for it: dropped before [`Watch::done`] it stops the query.
pub(super) struct Watch {
    sessions: Arc<Sessions>,
    mark: String,
    gone: Arc<AtomicBool>,
    /// The thread that works on it has ended.
    ended: Arc<AtomicBool>,
    done: bool,
}

/// How often a query is told to stop until it does: it may not have begun yet.
const TELL_AGAIN: Duration = Duration::from_millis(50);

impl Watch {
    pub(super) fn over(sessions: Arc<Sessions>, mark: String, ended: Arc<AtomicBool>) -> Self {
        Self { sessions, mark, gone: Arc::default(), ended, done: false }
    }

    /// Set when the caller went away.
    pub(super) fn gone(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.gone)
    }

    /// Nothing has to be stopped any more.
    pub(super) fn done(&mut self) {
        self.done = true;
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if self.done || self.ended.load(Ordering::Acquire) {
            return;
        }
        self.gone.store(true, Ordering::Release);
        let (sessions, mark) = (Arc::clone(&self.sessions), std::mem::take(&mut self.mark));
        let ended = Arc::clone(&self.ended);
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        // The query ends within its time limit in any case, and this with it.
        runtime.spawn(async move {
            while !ended.load(Ordering::Acquire) {
                let (sessions, mark) = (Arc::clone(&sessions), mark.clone());
                if tokio::task::spawn_blocking(move || sessions.kill(&mark)).await.is_err() {
                    return;
                }
                tokio::time::sleep(TELL_AGAIN).await;
            }
        });
    }
}

/// The answer to a query that works, or has worked.
pub(super) fn success(call: &Call, head: &Head, tag: &str, body: Answer) -> Response<Answer> {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(&call.id) {
        headers.insert(QUERY_ID, id);
    }
    if let Ok(summary) = HeaderValue::from_str(&summary(head)) {
        headers.insert(SUMMARY, summary);
    }
    if let Ok(tag) = HeaderValue::from_str(tag) {
        headers.insert(EXCEPTION_TAG, tag);
    }
    headers.insert(SERVER, HeaderValue::from_static("smartlink-clickhouse"));
    if let Some(format) = &head.format {
        if let Ok(name) = HeaderValue::from_str(format) {
            headers.insert(FORMAT, name);
        }
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type(format)));
        if let Some(encoding) = call.encoding.name() {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
    } else {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=UTF-8"));
    }
    response
}

/// What a query cost, as ClickHouse writes it: numbers as texts.
fn summary(head: &Head) -> String {
    let progress = &head.progress;
    format!(
        r#"{{"read_rows":"{}","read_bytes":"{}","written_rows":"{}","written_bytes":"{}","total_rows_to_read":"0","result_rows":"{}","result_bytes":"0","elapsed_ns":"{}"}}"#,
        progress.read_rows,
        progress.read_bytes,
        progress.written_rows,
        progress.written_bytes,
        progress.result_rows,
        head.elapsed.as_nanos(),
    )
}

/// The type of a format's bytes.
fn content_type(format: &str) -> &'static str {
    match format {
        "TabSeparated"
        | "TSV"
        | "TabSeparatedRaw"
        | "TSVRaw"
        | "TabSeparatedWithNames"
        | "TSVWithNames"
        | "TabSeparatedWithNamesAndTypes"
        | "TSVWithNamesAndTypes" => "text/tab-separated-values; charset=UTF-8",
        "CSV" => "text/csv; charset=UTF-8; header=absent",
        "CSVWithNames" | "CSVWithNamesAndTypes" => "text/csv; charset=UTF-8; header=present",
        "JSON" | "JSONCompact" | "JSONStrings" | "JSONColumns" | "JSONColumnsWithMetadata" => {
            "application/json; charset=UTF-8"
        }
        name if name.starts_with("JSON") => "application/x-ndjson; charset=UTF-8",
        "Parquet" => "application/vnd.apache.parquet",
        "XML" => "application/xml; charset=UTF-8",
        name if name.starts_with("RowBinary") => "application/octet-stream",
        "Native" | "Arrow" | "ArrowStream" | "ORC" | "Avro" | "MsgPack" => {
            "application/octet-stream"
        }
        _ => "text/plain; charset=UTF-8",
    }
}

/// The answer to a query that failed before anything of its answer was sent.
pub(super) fn failure(
    exception: &Exception,
    call: Option<&Call>,
    version: &str,
) -> Response<Answer> {
    let text = format!("{}\n", exception.sentence(version));
    // The caller unwraps what it is told by header or asked for, errors too.
    let encoding = call.map(|call| call.encoding).unwrap_or_default();
    let mut encoder = Encoder::new(encoding);
    let mut body = encoder.encode(text.as_bytes());
    body.extend(encoder.finish());
    let mut response = Response::new(Answer::Whole(Some(body.into())));
    *response.status_mut() = exception.status();
    let headers = response.headers_mut();
    headers.insert(EXCEPTION_CODE, HeaderValue::from(exception.code));
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=UTF-8"));
    if let Some(encoding) = encoding.name() {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    if let Some(id) = call.and_then(|call| HeaderValue::from_str(&call.id).ok()) {
        headers.insert(QUERY_ID, id);
    }
    match exception.code {
        code::AUTHENTICATION_FAILED => {
            let realm = HeaderValue::from_static("Basic realm=\"ClickHouse server HTTP API\"");
            headers.insert(WWW_AUTHENTICATE, realm);
        }
        code::TOO_MANY_SIMULTANEOUS_QUERIES => {
            headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        _ => {}
    }
    response
}

/// A short text with a status.
pub(super) fn plain(
    status: StatusCode,
    text: &'static str,
) -> Result<Response<Answer>, Infallible> {
    let mut response = Response::new(Answer::Whole(Some(Bytes::from_static(text.as_bytes()))));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=UTF-8"));
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::super::chdb::Progress;
    use super::*;

    #[test]
    fn the_summary_is_an_object_of_texts() {
        let progress = Progress { read_rows: 3, written_rows: 2, ..Progress::default() };
        let head = Head { format: None, progress, elapsed: Duration::from_micros(5) };
        let fields: std::collections::HashMap<String, String> =
            serde_json::from_str(&summary(&head)).unwrap();
        assert_eq!((fields["read_rows"].as_str(), fields["elapsed_ns"].as_str()), ("3", "5000"));
    }
}
