//! JSON-RPC over HTTP: one question, one answer, each within its time and its size.

use std::time::Duration;

use alloy_primitives::Bytes;
use reqwest::{redirect::Policy, Client, Url};
use serde::{de::DeserializeOwned, Deserialize};
use serde_json::{json, Value};

use super::{address::host, error::printable, EthereumError};

/// Bytes of the longest answer that is read.
const LONGEST: usize = 16 << 20;

/// A node that is asked. Clones share its connections.
#[derive(Clone, Debug)]
pub struct Rpc {
    client: Client,
    url: Url,
    patience: Duration,
}

#[derive(Deserialize)]
struct Answer<T> {
    result: Option<T>,
    error: Option<Failure>,
}

#[derive(Deserialize)]
struct Failure {
    code: i64,
    message: String,
    data: Option<Value>,
}

impl Rpc {
    /// A node at an address. Nothing is asked yet.
    ///
    /// # Errors
    /// It is no address.
    pub fn new(url: &str, patience: Duration) -> Result<Self, EthereumError> {
        let url: Url = url.parse().map_err(|_| EthereumError::Unreachable {
            host: "an address that cannot be read".to_owned(),
            reason: "it is no URL".to_owned(),
        })?;
        // What may be secret in the address goes nowhere else.
        let client = Client::builder().redirect(Policy::none()).referer(false);
        let client = client.timeout(patience).connect_timeout(patience).build();
        let client = client.map_err(|error| EthereumError::NoClient(error.to_string()))?;
        Ok(Self { client, url, patience })
    }

    /// The node's address, without user, path and query: these may be secret.
    pub fn host(&self) -> String {
        host(self.url.as_str())
    }

    /// Asks a question whose answer may be `null`.
    ///
    /// # Errors
    /// There is no answer.
    pub async fn ask_for<T: DeserializeOwned>(
        &self,
        method: &'static str,
        params: Value,
    ) -> Result<Option<T>, EthereumError> {
        let body = self.post(method, params).await?;
        let answer: Answer<T> =
            serde_json::from_slice(&body).map_err(|error| self.garbled(method, error))?;
        match answer.error {
            None => Ok(answer.result),
            Some(Failure { code, message, data }) => {
                let (host, data) = (self.host(), data.and_then(reverted_with));
                let message = printable(&message);
                Err(EthereumError::Refused { host, method, code, message, data })
            }
        }
    }

    /// Asks a question that has an answer.
    ///
    /// # Errors
    /// There is none.
    pub async fn ask<T: DeserializeOwned>(
        &self,
        method: &'static str,
        params: Value,
    ) -> Result<T, EthereumError> {
        let answer = self.ask_for(method, params).await?;
        answer.ok_or_else(|| self.garbled(method, "it is nothing"))
    }

    async fn post(&self, method: &'static str, params: Value) -> Result<Vec<u8>, EthereumError> {
        let question = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
        let sent = self.client.post(self.url.clone()).json(&question).send().await;
        let mut answer = sent.map_err(|error| self.failed(method, error))?;
        // Nodes tell errors of JSON-RPC with other statuses as well, and then the body says more.
        let status = answer.status();
        let mut body = Vec::new();
        while let Some(piece) = answer.chunk().await.map_err(|error| self.failed(method, error))? {
            if body.len() + piece.len() > LONGEST {
                return Err(self.garbled(method, format!("it has more than {LONGEST} bytes")));
            }
            body.extend_from_slice(&piece);
        }
        if !status.is_success() && !body.starts_with(b"{") {
            return Err(EthereumError::Status {
                host: self.host(),
                method,
                status: status.as_u16(),
            });
        }
        Ok(body)
    }

    fn failed(&self, method: &'static str, error: reqwest::Error) -> EthereumError {
        let host = self.host();
        if error.is_timeout() {
            return EthereumError::Silent { host, method, seconds: self.patience.as_secs() };
        }
        let error = error.without_url();
        let mut reason = error.to_string();
        let mut source = std::error::Error::source(&error);
        while let Some(below) = source {
            reason = below.to_string();
            source = below.source();
        }
        EthereumError::Unreachable { host, reason }
    }

    fn garbled(&self, method: &'static str, reason: impl ToString) -> EthereumError {
        let reason = printable(&reason.to_string());
        EthereumError::Garbled { host: self.host(), method, reason }
    }
}

/// What a contract reverted with. Nodes write it as hexadecimal digits, some with words in front or inside of an object.
fn reverted_with(data: Value) -> Option<Bytes> {
    match data {
        Value::String(text) => text.get(text.find("0x")?..)?.parse().ok(),
        Value::Object(mut fields) => reverted_with(fields.remove("data")?),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_secret_in_an_address_is_not_shown() {
        let url = "https://user:word@eth.example:8443/v3/0123456789abcdef?key=secret";
        let rpc = Rpc::new(url, Duration::from_secs(1)).unwrap();
        assert_eq!(rpc.host(), "https://eth.example:8443");
    }

    #[tokio::test]
    async fn nobody_at_the_address_is_said_with_the_remedy() {
        let rpc = Rpc::new("http://127.0.0.1:1/secret", Duration::from_secs(5)).unwrap();
        let said = rpc.ask::<Value>("eth_chainId", json!([])).await.unwrap_err().to_string();
        assert!(said.contains("http://127.0.0.1:1 ") && said.contains("ethereum.url"), "{said}");
        assert!(!said.contains("secret"), "{said}");
    }

    #[test]
    fn a_revert_is_found_wherever_nodes_put_it() {
        let data = Some(Bytes::from(vec![0xab, 0xcd]));
        assert_eq!(reverted_with(json!("0xabcd")), data);
        assert_eq!(reverted_with(json!("Reverted 0xabcd")), data);
        assert_eq!(reverted_with(json!({"data": "0xabcd", "hash": "0x00"})), data);
        assert_eq!(reverted_with(json!(null)), None);
        assert_eq!(reverted_with(json!("no digits")), None);
    }
}
