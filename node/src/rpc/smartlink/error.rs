//! Why a `smartlink_*` method has no answer.

use jsonrpsee::types::{ErrorObject, ErrorObjectOwned};
use smartlink_primitives::{AnchorNumber, BatchNumber, CompanyId};
use smartlink_runtime::{BlockNumber, Hash};

/// The first code; `docs/rpc.md` lists them. A code never changes its meaning.
const BASE: i32 = 20_000;

/// Why there is no answer, and what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(
        "block {block:?} is not known to this node: take a hash that chain_getBlockHash gives, or \
         wait until the node has caught up (system_health)"
    )]
    UnknownBlock { block: Hash },

    #[error(
        "this node no longer has the state of block {block:?}: ask an archive node, one started \
         with --state-pruning archive --blocks-pruning archive"
    )]
    StatePruned { block: Hash },

    #[error(
        "this node no longer has the extrinsics of block {block:?}: ask an archive node, one \
         started with --state-pruning archive --blocks-pruning archive"
    )]
    BodyPruned { block: Hash },

    #[error(
        "this node does not have block {block}: wait until it has caught up (system_health), or \
         ask an archive node, one started with --state-pruning archive --blocks-pruning archive"
    )]
    BlockMissing { block: BlockNumber },

    #[error(
        "{number} of {company} is not on the chain, or is older than what the chain keeps of \
         batches: smartlink_totals gives the number of the last one"
    )]
    UnknownBatch { company: CompanyId, number: BatchNumber },

    #[error(
        "{number} of {company} was settled in block {block}, which is not final yet: ask again \
         when chain_getFinalizedHead has passed it"
    )]
    NotFinal { company: CompanyId, number: BatchNumber, block: BlockNumber },

    #[error(
        "order {order} cannot be proven from {number} of {company} ({reason}): ask the company in \
         which of its batches the order was settled"
    )]
    UnknownOrder { company: CompanyId, number: BatchNumber, order: u64, reason: String },

    #[error(
        "the proof from block {block:?} does not lead to its checkpoint root {root:?} ({reason}): \
         nothing was returned. Ask another node; when it says the same, show this to the council"
    )]
    Unproven { block: Hash, root: Hash, reason: String },

    #[error(
        "{method} reads the whole state, so this node does not do it for everybody: ask a node \
         from its own machine, or one started with --rpc-methods unsafe"
    )]
    Refused { method: &'static str },

    #[error(
        "the runtime at block {block:?} could not answer ({reason}): if it is older than this \
         method ask at a later block, else look into the node's log"
    )]
    Runtime { block: Hash, reason: String },

    #[error(
        "this node is making {limit} long answers, and makes no more at a time: ask again, or ask \
         another node"
    )]
    Busy { limit: usize },

    #[error(
        "{number} of {company} is not on the chain, or is older than what the chain keeps of anchors: \
         smartlink_telemetryHead gives the number of the last one; for an old one name a block at which \
         the chain still knew it"
    )]
    UnknownAnchor { company: CompanyId, number: AnchorNumber },

    #[error(
        "{number} of {company} was taken by block {block}, which is not final yet: ask again when \
         chain_getFinalizedHead has passed it"
    )]
    AnchorNotFinal { company: CompanyId, number: AnchorNumber, block: BlockNumber },

    #[error("the node's database failed ({0}): look into the node's log, or ask another node")]
    Database(#[from] sp_blockchain::Error),
}

impl Error {
    /// The code by which a program tells errors apart.
    pub const fn code(&self) -> i32 {
        BASE + match self {
            Self::UnknownBlock { .. } => 1,
            Self::StatePruned { .. } => 2,
            Self::BodyPruned { .. } => 3,
            Self::BlockMissing { .. } => 4,
            Self::UnknownBatch { .. } => 5,
            Self::NotFinal { .. } => 6,
            Self::UnknownOrder { .. } => 7,
            Self::Unproven { .. } => 8,
            Self::Refused { .. } => 9,
            Self::Runtime { .. } => 10,
            Self::Database(_) => 11,
            Self::Busy { .. } => 12,
            Self::UnknownAnchor { .. } => 13,
            Self::AnchorNotFinal { .. } => 14,
        }
    }
}

impl From<Error> for ErrorObjectOwned {
    fn from(error: Error) -> Self {
        ErrorObject::owned(error.code(), error.to_string(), None::<()>)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_names_the_thing_and_the_remedy() {
        let error = Error::UnknownBatch { company: CompanyId(3), number: BatchNumber(7) };
        let object = ErrorObjectOwned::from(error);
        assert_eq!(object.code(), 20_005);
        assert!(object.message().starts_with("batch 7 of company 3"), "{}", object.message());
        assert!(object.message().contains("smartlink_totals"), "{}", object.message());
    }
}
