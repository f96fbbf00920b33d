//! Why there is no proof.

use smartlink_anchor::AnchorError;
use smartlink_chain::{
    raw::RawError,
    subxt::{self, rpcs::Error as RpcError},
    ChainError,
};
use smartlink_primitives::VehicleId;
use smartlink_proofs::{commitment::Unread, Hash, Refused};

/// The node's code for a batch that is not final.
const NOT_FINAL: i32 = 20_006;
/// The node's code when it makes as many long answers as it does at a time.
const BUSY: i32 = 20_012;
/// The node's code for an anchor that is not final.
const ANCHOR_NOT_FINAL: i32 = 20_014;

/// Why there is no proof.
#[derive(Debug, thiserror::Error)]
pub enum ProveError {
    /// The node cannot be asked.
    #[error("{0}")]
    Chain(ChainError),
    /// The node cannot serve a block.
    #[error("{0}")]
    Block(RawError),
    /// The node has an answer, and it is no proof.
    #[error("the node says: {message}")]
    Node {
        /// Its code (`docs/rpc.md`).
        code: i32,
        /// Its sentence, with the remedy.
        message: String,
    },
    /// No block has BEEFY's signatures.
    #[error(
        "the node has no signatures of BEEFY's validators for its last final blocks: the chain began a moment ago, the node \
         fetches blocks, or a third of the validators is away; try again in {seconds} s, or ask a validator's node"
    )]
    NothingSigned {
        /// When it is worth while to try again.
        seconds: u32,
    },
    /// The block has no signatures yet.
    #[error("block {block} is not final for BEEFY yet, which has signed up to block {signed}: try again in {seconds} s")]
    NotSigned {
        /// The item's block.
        block: u32,
        /// The last block that was signed.
        signed: u32,
        /// When it is worth while to try again.
        seconds: u32,
    },
    /// No root on Ethereum is of a later block.
    #[error(
        "block {block} is not on Ethereum yet: the contract's last block is {latest}, and it takes a later one; a relayer brings \
         one with the next session at the latest, try again then"
    )]
    NotHeld {
        /// The item's block.
        block: u32,
        /// The last one that the contract has.
        latest: u32,
    },
    /// Nobody has the signatures of a block whose root is on Ethereum.
    #[error(
        "the node has no signatures of block {block}, and transaction {transaction} of Ethereum did not bring them itself: ask \
         another node"
    )]
    NoSignatures {
        /// The block.
        block: u32,
        /// The transaction that had its root kept.
        transaction: Hash,
    },
    /// No contract is configured.
    #[error(
        "no proof on Ethereum can be made here: no contract is configured (ethereum.contract)"
    )]
    NoContract,
    /// What is asked of Ethereum has no answer.
    #[error("{0}")]
    Ethereum(#[from] AnchorError),
    /// A justification makes no sense.
    #[error(transparent)]
    Justification(#[from] Unread),
    /// No such vehicle.
    #[error("there is no {0} on the chain: look it up by its VIN or plate")]
    UnknownVehicle(VehicleId),
    /// What the checkpoint of a block does not have.
    #[error("the checkpoint of block {block} does not have {what}: what a genesis begins with cannot be proven so; prove its value in the state (`prove storage`)")]
    NotNoted {
        /// What.
        what: String,
        /// Of which block.
        block: u32,
    },
    /// The key is too long.
    #[error(
        "the key has {bytes} bytes, and {most} are taken: name the key of one value, not a value"
    )]
    LongKey {
        /// How long it is.
        bytes: usize,
        /// How long it may be.
        most: usize,
    },
    /// The proof is too long.
    #[error("the proof has {bytes} bytes, and {most} are read at most: a value this large (the runtime's code) is not proven")]
    TooLong {
        /// How long it is.
        bytes: usize,
        /// How long it may be.
        most: usize,
    },
    /// An answer makes no sense.
    #[error("the node's answer to {what} cannot be read: ask another node, and show this node's operator")]
    Garbled {
        /// What was asked for.
        what: &'static str,
    },
    /// What the node answers proves nothing.
    #[error(
        "what the node answered does not verify: {why}. Nothing is given out; ask another node"
    )]
    Wrong {
        /// Where it breaks.
        #[from]
        why: Refused,
    },
    /// Too many proofs.
    #[error("{limit} proofs are made or wait already, and no more at a time (proofs.at_a_time, proofs.waiting): try again in a moment")]
    Busy {
        /// How many.
        limit: usize,
    },
    /// It takes too long.
    #[error(
        "the proof was not made within {seconds} s (proofs.patience_ms): try again, or look whether the node is overloaded"
    )]
    TimedOut {
        /// How long it was given.
        seconds: u64,
    },
}

impl From<ChainError> for ProveError {
    fn from(error: ChainError) -> Self {
        match &error {
            ChainError::Query { source, .. } => match &**source {
                subxt::Error::OtherRpcClientError(RpcError::User(user)) => {
                    Self::Node { code: user.code, message: user.message.clone() }
                }
                _ => Self::Chain(error),
            },
            _ => Self::Chain(error),
        }
    }
}

impl From<RawError> for ProveError {
    fn from(error: RawError) -> Self {
        match error {
            RawError::Chain(error) => error.into(),
            error => Self::Block(error),
        }
    }
}

impl ProveError {
    /// Whether the same question may have an answer later.
    pub const fn is_passing(&self) -> bool {
        matches!(
            self,
            Self::NothingSigned { .. }
                | Self::NotSigned { .. }
                | Self::NotHeld { .. }
                | Self::Ethereum(_)
                | Self::Node { code: NOT_FINAL | BUSY | ANCHOR_NOT_FINAL, .. }
                | Self::Busy { .. }
                | Self::TimedOut { .. }
        ) || self.is_of_the_connection()
    }

    /// Whether the connection may be broken. What the node says of a block is said over a sound one.
    pub(super) const fn is_of_the_connection(&self) -> bool {
        matches!(self, Self::Chain(_) | Self::TimedOut { .. })
    }
}
