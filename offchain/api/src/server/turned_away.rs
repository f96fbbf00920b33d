//! Connections that are one too many: each is told so, in HTTP, and closed.

use std::{sync::Arc, time::Duration};

use http::{header, HeaderValue, StatusCode};
use jsonrpsee::{
    server::{HttpBody, HttpResponse},
    types::ErrorObjectOwned,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::Semaphore,
};

use crate::refusal::{Code, Refusal};

/// Connections that are being told. One more is closed without a word.
const AT_ONCE: usize = 64;
/// How long one may take.
const PATIENCE: Duration = Duration::from_secs(2);
/// Bytes that are read of what it has to say, so that the answer is not lost with what nobody read.
const READ: usize = 64 * 1024;
/// When it has a chance again.
const RETRY_MS: u64 = 1_000;

/// Tells connections that there is no room.
#[derive(Debug)]
pub(super) struct Doorway(Arc<Semaphore>);

impl Doorway {
    pub fn new() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }

    /// What is said when the service has no room.
    pub fn full() -> Refusal {
        let said = "the service has all the connections that it takes";
        Refusal::new(Code::TooManyConnections, said).retry_after(RETRY_MS)
    }

    /// What is said when an address has all of its connections.
    pub fn too_many(most: u32) -> Refusal {
        let said = format!("this address has {most} connections, which is all that one may have");
        Refusal::new(Code::TooManyConnections, said).retry_after(RETRY_MS)
    }

    /// The refusal of a request that nobody has looked at.
    pub fn answer(refusal: &Refusal) -> HttpResponse {
        let mut response = HttpResponse::new(HttpBody::from(body(refusal)));
        *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        response
    }

    /// Says so and closes, on a task of its own.
    pub fn turn_away(&self, stream: TcpStream, refusal: Refusal) {
        let Ok(place) = self.0.clone().try_acquire_owned() else { return };
        tokio::spawn(async move {
            let _place = place;
            // Who does not listen is closed all the same.
            let _ = tokio::time::timeout(PATIENCE, tell(stream, &refusal)).await;
        });
    }
}

/// JSON-RPC's answer to a request whose id was not read.
pub(super) fn body(refusal: &Refusal) -> String {
    let error = ErrorObjectOwned::from(refusal.clone());
    serde_json::json!({ "jsonrpc": "2.0", "error": error, "id": null }).to_string()
}

async fn tell(mut stream: TcpStream, refusal: &Refusal) -> std::io::Result<()> {
    let body = body(refusal);
    let head = format!(
        "HTTP/1.1 429 Too Many Requests\r\ncontent-type: application/json\r\nretry-after: 1\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body.as_bytes()).await?;
    stream.shutdown().await?;
    let (mut bytes, mut read) = ([0; 1_024], 0);
    while read < READ {
        match stream.read(&mut bytes).await? {
            0 => break,
            count => read += count,
        }
    }
    Ok(())
}
