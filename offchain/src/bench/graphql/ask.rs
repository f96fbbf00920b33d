//! Requests over kept connections.

use std::{net::SocketAddr, time::Duration};

use reqwest::{header::CONTENT_TYPE, Client};
use serde_json::Value;

use crate::Error;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Somebody who asks.
#[derive(Clone)]
pub(super) struct Asking {
    client: Client,
    url: String,
}

impl Asking {
    /// Whom.
    pub(super) fn of(address: SocketAddr) -> Result<Self, Error> {
        let client = Client::builder().timeout(PATIENCE).tcp_nodelay(true).build();
        let client =
            client.map_err(|error| Error::Asked(format!("no client can be made: {error}")))?;
        Ok(Self { client, url: format!("http://{address}/graphql") })
    }

    /// Asks once, and reads the whole answer. One with errors is an error, and one without data.
    pub(super) async fn ask(&self, body: String) -> Result<Vec<u8>, String> {
        let asked = self.client.post(&self.url).header(CONTENT_TYPE, "application/json").body(body);
        let answer = asked.send().await.map_err(|error| error.to_string())?;
        let answer = answer.bytes().await.map_err(|error| error.to_string())?;
        // Data come first; errors at the end, or instead of them.
        let is = |text: &str| answer.windows(text.len()).any(|part| part == text.as_bytes());
        match is("\"errors\":[") || !answer.starts_with(b"{\"data\":{") {
            true => Err(String::from_utf8_lossy(&answer).chars().take(400).collect()),
            false => Ok(answer.to_vec()),
        }
    }

    /// The last block of which there are answers.
    pub(super) async fn last(&self) -> Result<Option<u64>, String> {
        let body = serde_json::json!({ "query": "{ _meta { block { number } } }" }).to_string();
        let answer: Value =
            serde_json::from_slice(&self.ask(body).await?).map_err(|error| error.to_string())?;
        Ok(answer["data"]["_meta"]["block"]["number"].as_u64())
    }
}
