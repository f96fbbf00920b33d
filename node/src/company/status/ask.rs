//! Questions to a node over JSON-RPC, each with a time-out.

use crate::company::error::Error;
use codec::{Decode, DecodeAll};
use jsonrpsee::{
    core::{client::ClientT, params::ArrayParams},
    http_client::HttpClient,
    rpc_params,
};
use serde::{de::DeserializeOwned, Deserialize};
use smartlink_runtime::{opaque::Header, Hash};
use sp_core::Bytes;
use std::{collections::BTreeMap, time::Duration};

/// How long a node has for an answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// The most bytes of an answer.
const MAX_ANSWER: u32 = 4 * 1024 * 1024;

/// A node that is asked.
pub struct Node {
    url: String,
    client: HttpClient,
}

/// How a node is connected (`system_health`).
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Health {
    /// Nodes that it is connected with.
    pub peers: usize,
    /// Whether it is far behind them.
    pub is_syncing: bool,
    /// Whether it ought to have some.
    pub should_have_peers: bool,
}

/// The rules of a chain at a block (`state_getRuntimeVersion`).
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Version {
    /// Whose rules these are.
    pub spec_name: String,
    /// Which of them.
    pub spec_version: u32,
}

/// Values at a block (`state_queryStorageAt`).
#[derive(Debug, Deserialize)]
struct Changes {
    /// Each key that was asked for, with what stands there.
    changes: Vec<(Bytes, Option<Bytes>)>,
}

/// Values of a chain's state at a block, by their keys.
#[derive(Debug, Default)]
pub struct State(BTreeMap<Vec<u8>, Vec<u8>>);

impl State {
    /// The value at a key. `None`: there is none.
    ///
    /// # Errors
    /// It is no `T`: the chain's version is not this binary's.
    pub fn get<T: Decode>(&self, what: &'static str, key: &[u8]) -> Result<Option<T>, Error> {
        self.0.get(key).map(|value| decode(what, value)).transpose()
    }
}

impl Node {
    /// A node at an address. Nothing is asked yet.
    pub fn at(url: &str) -> Result<Self, Error> {
        let client = HttpClient::builder()
            .request_timeout(PATIENCE)
            .max_response_size(MAX_ANSWER)
            .build(url)
            .map_err(|error| failed(url, "anything", &error))?;
        Ok(Self { url: url.into(), client })
    }

    async fn ask<T: DeserializeOwned>(
        &self,
        method: &'static str,
        params: ArrayParams,
    ) -> Result<T, Error> {
        self.client.request(method, params).await.map_err(|error| failed(&self.url, method, &error))
    }

    /// The name of its chain.
    pub async fn chain(&self) -> Result<String, Error> {
        self.ask("system_chain", rpc_params![]).await
    }

    /// How it is connected.
    pub async fn health(&self) -> Result<Health, Error> {
        self.ask("system_health", rpc_params![]).await
    }

    /// Its final block.
    pub async fn final_hash(&self) -> Result<Hash, Error> {
        self.ask("chain_getFinalizedHead", rpc_params![]).await
    }

    /// The number of a block; without a hash, of the best.
    pub async fn number(&self, of: Option<Hash>) -> Result<u32, Error> {
        let header: Option<Header> = self.ask("chain_getHeader", rpc_params![of]).await?;
        header.map(|header| header.number).ok_or_else(|| Error::Node {
            url: self.url.clone(),
            method: "chain_getHeader",
            reason: "it does not have its own block".into(),
        })
    }

    /// The rules at a block.
    pub async fn version(&self, at: Hash) -> Result<Version, Error> {
        self.ask("state_getRuntimeVersion", rpc_params![at]).await
    }

    /// What stands in the state of a block at these keys.
    pub async fn state(&self, keys: Vec<Vec<u8>>, at: Hash) -> Result<State, Error> {
        if keys.is_empty() {
            return Ok(State::default());
        }
        let keys: Vec<_> = keys.into_iter().map(Bytes).collect();
        let sets: Vec<Changes> = self.ask("state_queryStorageAt", rpc_params![keys, at]).await?;
        let values = sets.into_iter().flat_map(|set| set.changes);
        Ok(State(values.filter_map(|(key, value)| Some((key.0, value?.0))).collect()))
    }

    /// What a function of the runtime answers at a block.
    pub async fn call<T: Decode>(
        &self,
        function: &'static str,
        arguments: Vec<u8>,
        at: Hash,
    ) -> Result<T, Error> {
        let params = rpc_params![function, Bytes(arguments), at];
        let answer: Bytes = self.ask("state_call", params).await?;
        decode(function, &answer.0)
    }
}

/// The address at which a node is asked over HTTP. It answers there and by WebSocket at one port.
pub fn url(text: &str) -> Result<String, String> {
    let (scheme, rest) = text.split_once("://").unwrap_or(("", text));
    let scheme = match scheme {
        "http" | "ws" => "http",
        "https" | "wss" => "https",
        _ => "",
    };
    if scheme.is_empty() || rest.is_empty() {
        return Err(format!("'{text}' is no address of a node: write http://HOST:PORT"));
    }
    Ok(format!("{scheme}://{rest}"))
}

fn decode<T: Decode>(what: &'static str, bytes: &[u8]) -> Result<T, Error> {
    T::decode_all(&mut &*bytes)
        .map_err(|error| Error::OtherForm { what, reason: error.to_string() })
}

/// A failure with all that led to it: the outermost sentence alone says nothing.
fn failed(url: &str, method: &'static str, error: &dyn std::error::Error) -> Error {
    let mut reason = error.to_string();
    let mut cause = error.source();
    while let Some(deeper) = cause {
        reason = format!("{reason}: {deeper}");
        cause = deeper.source();
    }
    Error::Node { url: url.into(), method, reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_may_be_that_of_the_websocket() {
        assert_eq!(url("ws://127.0.0.1:9944"), Ok("http://127.0.0.1:9944".into()));
        assert_eq!(url("wss://node.example"), Ok("https://node.example".into()));
        assert_eq!(url("http://[::1]:9944"), Ok("http://[::1]:9944".into()));
        for wrong in ["", "127.0.0.1:9944", "http://", "ftp://node"] {
            assert!(url(wrong).unwrap_err().contains("http://HOST:PORT"), "{wrong}");
        }
    }
}
