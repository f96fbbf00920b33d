//! Why the contract has no answer.

use alloy_primitives::Address;
use smartlink_proofs::Hash;

use crate::{ethereum::EthereumError, Reverted};

/// Why the contract has no answer.
#[derive(Clone, Debug, thiserror::Error)]
pub enum AnchorError {
    /// No contract is configured.
    #[error(
        "no contract is configured: set ethereum.contract to the one that is there, or make one with `smartlink-bridge deploy`"
    )]
    NoneConfigured,
    /// Nothing has the contract's address.
    #[error(
        "there is no contract at {address} on Ethereum's chain {chain_id}: set ethereum.contract to what `smartlink-bridge \
         deploy` printed, and ethereum.url to a node of that chain"
    )]
    NoContract {
        /// Where it should be.
        address: Address,
        /// On which chain.
        chain_id: u64,
    },
    /// Another chain of Ethereum.
    #[error(
        "the node of Ethereum is on chain {found}, and ethereum.chain_id is {wanted}: set ethereum.url to a node of that chain"
    )]
    OtherEthereum {
        /// Which it is.
        found: u64,
        /// Which it should be.
        wanted: u64,
    },
    /// The contract is of another chain.
    #[error(
        "the contract is of the chain whose block 0 is {contract}, and the node's is {node}: set node or ethereum.contract to \
         what belongs together"
    )]
    OtherChain {
        /// The hash that the contract has.
        contract: Hash,
        /// The hash that the node has.
        node: Hash,
    },
    /// It takes too long.
    #[error(
        "Ethereum was not asked to the end within {milliseconds} ms (ethereum.patience_ms): its node at {host} may be overloaded"
    )]
    Late {
        /// The node.
        host: String,
        /// How long it was given.
        milliseconds: u64,
    },
    /// No event of a checkpoint.
    #[error(
        "no transaction of the last {back} blocks of Ethereum brought block {height}: set ethereum.events_back to more, or \
         ethereum.url to a node that keeps events"
    )]
    NoEvent {
        /// The block that it should have brought.
        height: u32,
        /// How many blocks of Ethereum were looked at.
        back: u64,
    },
    /// An event of another checkpoint than the contract has.
    #[error(
        "the node of Ethereum at {host} contradicts itself: the contract's last block is {height} by set {set}, and the event \
         of that names block {found} by set {by}; ask another node (ethereum.url)"
    )]
    OtherEvent {
        /// The node.
        host: String,
        /// The contract's last block.
        height: u32,
        /// The set that signed it.
        set: u64,
        /// The block in the event.
        found: u64,
        /// The set in the event.
        by: u64,
    },
    /// The root in the event is another one than was signed.
    #[error(
        "Ethereum has the root {held} for block {height}, and the chain's validators signed {signed}: ethereum.contract is of \
         another chain, or the node of Ethereum lies"
    )]
    OtherRoot {
        /// The block.
        height: u32,
        /// The root on Ethereum.
        held: Hash,
        /// The root that was signed.
        signed: Hash,
    },
    /// The contract refuses.
    #[error("the contract refuses it: {0}")]
    Reverted(#[from] Reverted),
    /// The node of Ethereum cannot serve what is needed.
    #[error("{0}")]
    Ethereum(#[from] EthereumError),
}
