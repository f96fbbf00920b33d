//! The connection to a node.

use std::{
    sync::{atomic::AtomicBool, Arc},
    time::Duration,
};

use subxt::{
    backend::LegacyBackend,
    client::Blocks,
    config::{substrate::SubstrateHeader, RpcConfigFor},
    ext::jsonrpsee::ws_client::WsClientBuilder,
    rpcs::{LegacyRpcMethods, RpcClient},
    utils::H256,
    OnlineClient, OnlineClientAtBlock, SubstrateConfig,
};

use crate::{signer::Account, socket::Prompt, ChainError};

/// The chain's types as subxt knows them: Substrate's.
pub type Config = SubstrateConfig;

/// The chain as it was at one block.
pub type At = OnlineClientAtBlock<Config>;

/// The largest request and answer: a batch of 65,536 rides is 2.3 MB, in hex 4.6 MB.
const MAX_MESSAGE_BYTES: u32 = 64 * 1024 * 1024;
/// How long one question may take. Auditors' questions read the whole state.
const REQUEST_PATIENCE: Duration = Duration::from_secs(60);
/// Questions that may be open at the same time on one connection.
const MAX_OPEN_REQUESTS: usize = 1024;
/// Notices of one subscription that may wait to be read.
const MAX_WAITING_NOTICES: usize = 4096;

/// A connection to a node. Clones share it.
#[derive(Clone, Debug)]
pub struct Chain {
    url: Arc<str>,
    client: OnlineClient<Config>,
    pub(crate) rpc: RpcClient,
    pub(crate) legacy: LegacyRpcMethods<RpcConfigFor<Config>>,
    /// Whether the node refuses questions about the states of many blocks.
    pub(crate) one_by_one: Arc<AtomicBool>,
}

impl Chain {
    /// Connects to the WebSocket of a node, such as `ws://127.0.0.1:9944`.
    ///
    /// # Errors
    /// Nobody answers there, or says nothing within `patience`.
    pub async fn connect(url: &str, patience: Duration) -> Result<Self, ChainError> {
        match tokio::time::timeout(patience, Self::open(url, patience)).await {
            Ok(chain) => chain,
            Err(_) => Err(ChainError::Silent { url: url.to_owned(), seconds: patience.as_secs() }),
        }
    }

    async fn open(url: &str, patience: Duration) -> Result<Self, ChainError> {
        let unreachable = |reason: String| ChainError::Unreachable { url: url.to_owned(), reason };
        let builder = WsClientBuilder::new()
            .connection_timeout(patience)
            .request_timeout(REQUEST_PATIENCE)
            .max_request_size(MAX_MESSAGE_BYTES)
            .max_response_size(MAX_MESSAGE_BYTES)
            .max_concurrent_requests(MAX_OPEN_REQUESTS)
            .max_buffer_capacity_per_subscription(MAX_WAITING_NOTICES);
        let socket = match Prompt::connect(url).await {
            Some(stream) => {
                let stream = stream.map_err(|e| unreachable(e.to_string()))?;
                builder.build_with_stream(url, stream).await
            }
            // Over TLS by the library's own socket.
            None => builder.build(url).await,
        };
        let socket = socket.map_err(|e| unreachable(e.to_string()))?;
        let rpc = RpcClient::new(socket);
        // The legacy methods report every status of a transaction, and answer for any block of an
        // archive node without a subscription that pins it.
        let backend: LegacyBackend<Config> = LegacyBackend::builder().build(rpc.clone());
        let client = OnlineClient::from_backend_with_config(Config::new(), Arc::new(backend))
            .await
            .map_err(|e| unreachable(e.to_string()))?;
        let legacy = LegacyRpcMethods::new(rpc.clone());
        Ok(Self { url: url.into(), client, rpc, legacy, one_by_one: Arc::default() })
    }

    /// The address of the node.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The hash of block 0.
    pub fn genesis(&self) -> H256 {
        self.client.genesis_hash()
    }

    /// The chain at a block.
    pub async fn at(&self, block: H256) -> Result<At, ChainError> {
        self.client.at_block(block).await.map_err(ChainError::query("a block"))
    }

    /// The chain at the block of this height on the best chain.
    pub async fn at_number(&self, number: u64) -> Result<At, ChainError> {
        self.client.at_block(number).await.map_err(ChainError::query("a block by its number"))
    }

    /// The chain at the last final block.
    pub async fn at_finalized(&self) -> Result<At, ChainError> {
        self.client.at_current_block().await.map_err(ChainError::query("the last final block"))
    }

    /// The header of the best block.
    pub async fn best_header(&self) -> Result<SubstrateHeader<H256>, ChainError> {
        self.header(None).await
    }

    /// The height of the best block.
    pub async fn best_number(&self) -> Result<u64, ChainError> {
        Ok(self.best_header().await?.number)
    }

    /// The height of the last final block.
    pub async fn finalized_number(&self) -> Result<u64, ChainError> {
        let head = self.legacy.chain_get_finalized_head().await;
        let head = head.map_err(ChainError::query("the last final block"))?;
        Ok(self.header(Some(head)).await?.number)
    }

    async fn header(&self, block: Option<H256>) -> Result<SubstrateHeader<H256>, ChainError> {
        let header = self.legacy.chain_get_header(block).await;
        let header = header.map_err(ChainError::query("a block's header"))?;
        header.ok_or_else(|| ChainError::Missing { what: format!("header of block {block:?}") })
    }

    /// Every final block from the next on, none left out. Falls silent when the connection breaks: give
    /// each wait a limit.
    pub async fn finalized_blocks(&self) -> Result<Blocks<Config>, ChainError> {
        self.client
            .stream_blocks()
            .await
            .map_err(ChainError::query("a subscription to final blocks"))
    }

    /// Blocks as they become the best. May skip and go back.
    pub async fn best_blocks(&self) -> Result<Blocks<Config>, ChainError> {
        let blocks = self.client.stream_best_blocks().await;
        blocks.map_err(ChainError::query("a subscription to best blocks"))
    }

    /// The nonce of the account's next transaction, those in the node's pool counted.
    pub async fn next_nonce(&self, account: &Account) -> Result<u64, ChainError> {
        let nonce = self.legacy.system_account_next_index(&account.id()).await;
        nonce.map_err(ChainError::query("an account's nonce"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn nobody_at_the_address_is_said_with_address_and_remedy() {
        let error = Chain::connect("ws://127.0.0.1:1", Duration::from_secs(5)).await.unwrap_err();
        let said = error.to_string();
        assert!(said.contains("ws://127.0.0.1:1") && said.contains("start the node"), "{said}");
    }

    #[tokio::test]
    async fn a_mute_peer_is_given_up_in_time() {
        let mute = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("ws://{}", mute.local_addr().unwrap());
        let error = Chain::connect(&url, Duration::from_millis(300)).await.unwrap_err();
        assert!(error.to_string().contains(&url), "{error}");
    }
}
