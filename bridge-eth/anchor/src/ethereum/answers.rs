//! What a node of Ethereum answers: the fields that are read, and no others.

use alloy_primitives::{Address, Bytes, B256, U128, U64};
use serde::{Deserialize, Deserializer};

/// A block, by its header.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Block {
    /// Its height.
    #[serde(deserialize_with = "quantity")]
    pub number: u64,
    /// Its hash.
    pub hash: B256,
    /// Wei that a unit of gas costs in it without a tip. `None`: the chain is older than EIP-1559.
    #[serde(default, deserialize_with = "wei")]
    pub base_fee_per_gas: Option<u128>,
}

/// What became of a transaction that is in a block.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Receipt {
    /// Which transaction.
    pub transaction_hash: B256,
    /// The block.
    #[serde(deserialize_with = "quantity")]
    pub block_number: u64,
    /// The block's hash.
    pub block_hash: B256,
    /// 1: it did what it should.
    #[serde(deserialize_with = "quantity")]
    pub status: u64,
    /// Gas that it took.
    #[serde(deserialize_with = "quantity")]
    pub gas_used: u64,
    /// Wei that it paid for a unit.
    #[serde(default, deserialize_with = "wei")]
    pub effective_gas_price: Option<u128>,
    /// The contract that it made.
    #[serde(default)]
    pub contract_address: Option<Address>,
}

/// A transaction.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Transaction {
    /// Its hash.
    pub hash: B256,
    /// By whom.
    pub from: Address,
    /// To whom. `None`: it makes a contract.
    #[serde(default)]
    pub to: Option<Address>,
    /// How many of the sender's were before it.
    #[serde(deserialize_with = "quantity")]
    pub nonce: u64,
    /// Gas that it may take.
    #[serde(deserialize_with = "quantity")]
    pub gas: u64,
    /// Wei that it pays for a unit at most.
    #[serde(default, deserialize_with = "wei")]
    pub max_fee_per_gas: Option<u128>,
    /// Wei of these that go to the block's author.
    #[serde(default, deserialize_with = "wei")]
    pub max_priority_fee_per_gas: Option<u128>,
    /// What a contract is called with.
    pub input: Bytes,
}

/// A block with its transactions.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct WithTransactions {
    pub transactions: Vec<Transaction>,
}

/// An event.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// The block.
    #[serde(deserialize_with = "quantity")]
    pub block_number: u64,
    /// The transaction.
    pub transaction_hash: B256,
    /// Its signature, and its indexed fields.
    pub topics: Vec<B256>,
    /// Its other fields.
    pub data: Bytes,
}

/// A number as nodes write it: `0x12c`.
fn quantity<'de, D: Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
    Ok(U64::deserialize(from)?.to())
}

/// An amount in wei, or `null`.
fn wei<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u128>, D::Error> {
    Ok(Option::<U128>::deserialize(from)?.map(|wei| wei.to()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_block_is_read_with_or_without_a_base_fee() {
        let hash = B256::repeat_byte(7);
        let block = |fee| {
            let answer =
                json!({"number": "0x12c", "hash": hash, "baseFeePerGas": fee, "size": "0x1"});
            serde_json::from_value::<Block>(answer).unwrap()
        };
        let expected = Block { number: 300, hash, base_fee_per_gas: Some(1_000_000_000) };
        assert_eq!(block(json!("0x3b9aca00")), expected);
        assert_eq!(block(json!(null)).base_fee_per_gas, None);
    }
}
