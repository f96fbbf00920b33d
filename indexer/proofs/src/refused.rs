//! Why a bundle proves nothing.

use smartlink_primitives::merkle::ProofError;

use crate::{
    commitment::NoMmrRoot,
    mmr::NoRoot,
    roster::{NoSet, NoSigner},
    trie::NoWay,
    Address, Hash,
};

/// Why a bundle proves nothing: at which step it breaks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// A text of a vehicle.
    #[error("the {what} has {bytes} bytes, which no vehicle's has")]
    Text {
        /// Which text.
        what: &'static str,
        /// Its length.
        bytes: usize,
    },
    /// From the item to the checkpoint root.
    #[error("the item does not lead to the checkpoint root of its block: {0}")]
    Path(ProofError),
    /// The header is none.
    #[error("the header cannot be read: it is forged or damaged")]
    Header,
    /// The header is not of the leaf's block.
    #[error("the header is of block {number} with the hash {hash}, and the leaf is about {of}: it is another block's")]
    OtherHeader {
        /// Its height.
        number: u32,
        /// Its hash.
        hash: Hash,
        /// Of which block it should be.
        of: Hash,
    },
    /// The way in the trie.
    #[error(transparent)]
    State(#[from] NoWay),
    /// Nodes that nothing leads to.
    #[error("the proof of the state has nodes that the way to the value does not pass: it is forged or damaged")]
    Superfluous,
    /// Another value.
    #[error("the state has another value under the key than the one in the bundle")]
    OtherValue,
    /// The commitment says nothing of the MMR.
    #[error(transparent)]
    Payload(#[from] NoMmrRoot),
    /// From the leaf to the root of the MMR.
    #[error(transparent)]
    Mmr(#[from] NoRoot),
    /// Another root.
    #[error(
        "the leaf leads to the MMR root {found}, and {signed} was signed: the leaf, its proof or the commitment is not \
         the one that is claimed"
    )]
    OtherRoot {
        /// Where it leads.
        found: Hash,
        /// What was signed.
        signed: Hash,
    },
    /// The set.
    #[error(transparent)]
    Set(#[from] NoSet),
    /// Signers out of order, or twice.
    #[error("signature {place} is by validator {by}, which does not come after the one before: each may sign once, in order")]
    Order {
        /// Its place.
        place: usize,
        /// By whom.
        by: u32,
    },
    /// A signer who is not in the set.
    #[error("signature {place} is by validator {by}, and the set has {validators}")]
    Stranger {
        /// Its place.
        place: usize,
        /// By whom.
        by: u32,
        /// How many the set has.
        validators: usize,
    },
    /// No signature.
    #[error("the signature of validator {by} is refused: {why}")]
    NoSigner {
        /// By whom it should be.
        by: u32,
        /// Why not.
        why: NoSigner,
    },
    /// The signature of somebody else, or of something else.
    #[error(
        "the signature of validator {by} was made by {signer}, not by {validator}: it is of another commitment, or of \
         somebody else"
    )]
    OtherSigner {
        /// By whom it should be.
        by: u32,
        /// By whom it is, when the commitment is what was signed.
        signer: Address,
        /// Who that validator is.
        validator: Address,
    },
    /// Not enough.
    #[error(
        "{signed} of {validators} validators signed, and it takes {wanted}: more than two thirds"
    )]
    TooFew {
        /// How many signed.
        signed: usize,
        /// How many the set has.
        validators: usize,
        /// How many it takes.
        wanted: usize,
    },
    /// Another set than the one that is trusted.
    #[error(
        "it is signed by set {id} with the root {root}, and {trusted} is trusted: it is of another chain, or of other \
         validators; take the root of that set from a source you trust, or get a bundle that the trusted set has signed"
    )]
    OtherSet {
        /// The number of the set that signed.
        id: u64,
        /// Its root.
        root: Hash,
        /// The root that is trusted.
        trusted: Hash,
    },
    /// Another number of the set.
    #[error("it is signed by set {id}, and set {trusted} is trusted: get a bundle that was signed in that session")]
    OtherSetId {
        /// The number of the set that signed.
        id: u64,
        /// The number that is trusted.
        trusted: u64,
    },
}
