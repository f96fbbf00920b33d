//! A node of Ethereum that is asked over HTTP.

mod address;
mod answers;
mod error;
mod rpc;

use std::{fmt, time::Duration};

use alloy_primitives::{Address, Bytes, B256, U256, U64};
use serde_json::{json, Value};

pub use address::{host, is_local};
pub use answers::{Block, Event, Receipt, Transaction};
pub use error::{printable, EthereumError};

use answers::WithTransactions;
use rpc::Rpc;

/// Wei that are tipped for a unit of gas where a node has no opinion: 1 gwei.
const USUAL_TIP: u128 = 1_000_000_000;

/// A node of Ethereum. Clones share its connections.
#[derive(Clone, Debug)]
pub struct Ethereum(Rpc);

/// A state of Ethereum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// After the last block.
    Latest,
    /// After the last block, and what the node knows to come.
    Pending,
    /// After a block.
    Block(u64),
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Latest => f.write_str("latest"),
            Self::Pending => f.write_str("pending"),
            Self::Block(number) => write!(f, "{number:#x}"),
        }
    }
}

/// A call of a contract, or one that makes a contract.
#[derive(Clone, Debug)]
pub struct Call {
    /// By whom. `None`: by nobody.
    pub from: Option<Address>,
    /// The contract. `None`: `data` makes one.
    pub to: Option<Address>,
    /// What it is called with.
    pub data: Bytes,
}

impl Call {
    fn json(&self) -> Value {
        let mut call = json!({"data": self.data, "input": self.data});
        if let Some(from) = self.from {
            call["from"] = json!(from);
        }
        if let Some(to) = self.to {
            call["to"] = json!(to);
        }
        call
    }
}

impl Ethereum {
    /// The node at an address. Nothing is asked yet.
    ///
    /// # Errors
    /// It is no address.
    pub fn at(url: &str, patience: Duration) -> Result<Self, EthereumError> {
        Ok(Self(Rpc::new(url, patience)?))
    }

    /// Its address, without what may be secret in it.
    pub fn host(&self) -> String {
        self.0.host()
    }

    /// The id of its chain (EIP-155).
    ///
    /// # Errors
    /// There is no answer.
    pub async fn chain_id(&self) -> Result<u64, EthereumError> {
        Ok(self.0.ask::<U64>("eth_chainId", json!([])).await?.to())
    }

    /// The last block.
    ///
    /// # Errors
    /// There is no answer.
    pub async fn head(&self) -> Result<Block, EthereumError> {
        self.0.ask("eth_getBlockByNumber", json!(["latest", false])).await
    }

    /// What an account has, in wei.
    ///
    /// # Errors
    /// There is no answer.
    pub async fn balance(&self, of: Address) -> Result<U256, EthereumError> {
        self.0.ask("eth_getBalance", json!([of, "latest"])).await
    }

    /// How many transactions an account sent.
    ///
    /// # Errors
    /// There is no answer.
    pub async fn nonce(&self, of: Address, at: At) -> Result<u64, EthereumError> {
        let count = self.0.ask::<U64>("eth_getTransactionCount", json!([of, at.to_string()]));
        Ok(count.await?.to())
    }

    /// Whether there is code at an address.
    ///
    /// # Errors
    /// There is no answer.
    pub async fn has_code(&self, address: Address) -> Result<bool, EthereumError> {
        let code: Bytes = self.0.ask("eth_getCode", json!([address, "latest"])).await?;
        Ok(!code.is_empty())
    }

    /// What a call gives, without a transaction.
    ///
    /// # Errors
    /// There is no answer, or the contract refuses.
    pub async fn call(&self, call: &Call, at: At) -> Result<Bytes, EthereumError> {
        self.0.ask("eth_call", json!([call.json(), at.to_string()])).await
    }

    /// Gas that a call would take after the last block.
    ///
    /// # Errors
    /// There is no answer, or the contract refuses.
    pub async fn estimate(&self, call: &Call) -> Result<u64, EthereumError> {
        let at = At::Latest.to_string();
        Ok(self.0.ask::<U64>("eth_estimateGas", json!([call.json(), at])).await?.to())
    }

    /// Wei that are tipped for a unit of gas these days. Nodes that have no opinion: 1 gwei.
    ///
    /// # Errors
    /// There is no answer.
    pub async fn tip(&self) -> Result<u128, EthereumError> {
        match self.0.ask::<U256>("eth_maxPriorityFeePerGas", json!([])).await {
            Ok(tip) => Ok(tip.saturating_to()),
            Err(EthereumError::Refused { .. }) => Ok(USUAL_TIP),
            Err(error) => Err(error),
        }
    }

    /// Sends a signed transaction.
    ///
    /// # Errors
    /// There is no answer, or the node does not take it.
    pub async fn send(&self, signed: &[u8]) -> Result<B256, EthereumError> {
        self.0.ask("eth_sendRawTransaction", json!([Bytes::copy_from_slice(signed)])).await
    }

    /// What became of a transaction. `None`: it is in no block of the node's chain.
    ///
    /// # Errors
    /// There is no answer.
    pub async fn receipt(&self, transaction: B256) -> Result<Option<Receipt>, EthereumError> {
        self.0.ask_for("eth_getTransactionReceipt", json!([transaction])).await
    }

    /// A transaction. `None`: the node does not know it.
    ///
    /// # Errors
    /// There is no answer.
    pub async fn transaction(&self, hash: B256) -> Result<Option<Transaction>, EthereumError> {
        self.0.ask_for("eth_getTransactionByHash", json!([hash])).await
    }

    /// Transactions of an account that wait in the node's pool to be in the next block. Nodes that do not show it: none.
    ///
    /// # Errors
    /// There is no answer.
    pub async fn waiting_of(&self, account: Address) -> Result<Vec<Transaction>, EthereumError> {
        let pending = self.0.ask_for("eth_getBlockByNumber", json!(["pending", true])).await;
        match pending {
            Ok(Some(WithTransactions { mut transactions })) => {
                transactions.retain(|transaction| transaction.from == account);
                Ok(transactions)
            }
            Ok(None) | Err(EthereumError::Refused { .. } | EthereumError::Garbled { .. }) => {
                Ok(Vec::new())
            }
            Err(error) => Err(error),
        }
    }

    /// Events of a contract with these topics, in blocks from `first` to `last`. `None`: any.
    ///
    /// # Errors
    /// There is no answer, or the blocks are too many for the node.
    pub async fn events(
        &self,
        of: Address,
        topics: &[Option<B256>],
        first: u64,
        last: u64,
    ) -> Result<Vec<Event>, EthereumError> {
        let (from, to) = (format!("{first:#x}"), format!("{last:#x}"));
        let filter = json!({"address": of, "topics": topics, "fromBlock": from, "toBlock": to});
        self.0.ask("eth_getLogs", json!([filter])).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_named_as_nodes_want_it() {
        let named = [At::Latest, At::Pending, At::Block(0), At::Block(300)];
        assert_eq!(named.map(|at| at.to_string()), ["latest", "pending", "0x0", "0x12c"]);
    }

    #[test]
    fn a_call_that_makes_a_contract_goes_to_nobody() {
        let call = Call { from: None, to: None, data: Bytes::from(vec![1, 2]) };
        assert_eq!(call.json(), json!({"data": "0x0102", "input": "0x0102"}));
        let to = Some(Address::repeat_byte(7));
        let call = Call { from: Some(Address::ZERO), to, ..call };
        assert!(call.json()["to"].as_str().unwrap().starts_with("0x0707"));
    }
}
