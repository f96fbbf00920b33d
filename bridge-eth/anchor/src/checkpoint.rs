//! A commitment that the contract will take: verified here against the set that the contract knows, before it costs anything.

use smartlink_proofs::{
    commitment::{NoMmrRoot, Unread},
    mmr, roster, signers, Address, Commitment, Hash, Leaf, Refused, Signature,
};

use crate::Set;

/// A commitment with what makes it believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// What was signed.
    pub commitment: Commitment,
    /// The root of the MMR that it names.
    pub root: Hash,
    /// The addresses of the whole set that signed it.
    pub roster: Vec<Address>,
    /// Signatures of it, in the set's order: as many as it takes, no more.
    pub signatures: Vec<Signature>,
    /// The way to the set after the one that signed, where that set takes over.
    pub handover: Option<Handover>,
}

/// The set after the one that signed, and the proof that it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handover {
    /// The leaf about the block before the signed one, which names it.
    pub leaf: Leaf,
    /// The proof of the leaf in the MMR that was signed.
    pub mmr: Vec<Hash>,
}

/// Why an answer of the node is no checkpoint.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The justification cannot be read.
    #[error(transparent)]
    Unread(#[from] Unread),
    /// It is of another block.
    #[error("the signatures that it has for block {asked} are of block {found}")]
    OtherBlock {
        /// Which was asked for.
        asked: u32,
        /// Which it is.
        found: u32,
    },
    /// Another set signed.
    #[error("block {block} is signed by set {found}, and the contract knows set {known} there")]
    OtherSet {
        /// Which block.
        block: u32,
        /// Who signed.
        found: u64,
        /// Who should have.
        known: u64,
    },
    /// The roster is not the set's.
    #[error(
        "the validators that it names for set {set} have the root {found}, and the contract knows {known}: it is a node of \
         another chain, or it lies"
    )]
    OtherRoster {
        /// Which set.
        set: u64,
        /// Of which root they are.
        found: Hash,
        /// Of which root they should be.
        known: Hash,
    },
    /// The roster has another length than the set.
    #[error(
        "it names {found} validators for set {set}, and the contract knows {known}: it is a node of another chain, or it lies"
    )]
    OtherLength {
        /// Which set.
        set: u64,
        /// How many it names.
        found: usize,
        /// How many there are.
        known: u32,
    },
    /// The commitment has no root.
    #[error(transparent)]
    NoRoot(#[from] NoMmrRoot),
    /// Signatures, roster, or the way from a leaf to the root.
    #[error(transparent)]
    Broken(#[from] Refused),
    /// The leaf is about another block.
    #[error("the leaf that it has for block {asked} is about block {found}")]
    OtherLeaf {
        /// About which it should be.
        asked: u32,
        /// About which it is.
        found: u32,
    },
    /// The leaf names another set.
    #[error(
        "the leaf about block {block} names set {found} as the next one, and that is {wanted}"
    )]
    OtherNextSet {
        /// The block that the leaf is about.
        block: u32,
        /// Whom it names.
        found: u64,
        /// Whom it should.
        wanted: u64,
    },
    /// The leaf names a set of a size that none has.
    #[error("the leaf names a next set of {0} validators: one has 1 to {most}", most = roster::MOST)]
    NextSetSize(u32),
}

impl Checkpoint {
    /// A commitment of the contract's current set, or of its next with the hand-over.
    ///
    /// # Errors
    /// The contract would not take it, and why.
    pub fn verified(
        commitment: Commitment,
        signatures: Vec<Signature>,
        roster: Vec<Address>,
        set: &Set,
        handover: Option<Handover>,
    ) -> Result<Self, Refusal> {
        let (block, found) = (commitment.block, commitment.set);
        if found != set.id {
            return Err(Refusal::OtherSet { block, found, known: set.id });
        }
        let root = commitment.mmr_root()?;
        if let Some(handover) = &handover {
            handover.verify(&commitment, root)?;
        }
        let found = roster::root(&roster).map_err(Refused::from)?;
        if found != set.root {
            return Err(Refusal::OtherRoster { set: set.id, found, known: set.root });
        }
        signers(&commitment.digest(), &signatures, &roster)?;
        // The others prove nothing more, and each would cost.
        let mut signatures = signatures;
        signatures.truncate(roster::threshold(roster.len()));
        Ok(Self { commitment, root, roster, signatures, handover })
    }

    /// The block whose MMR it is.
    pub const fn block(&self) -> u32 {
        self.commitment.block
    }
}

impl Handover {
    /// Checks that the leaf is in the signed MMR, and names the set after the one that signed.
    fn verify(&self, commitment: &Commitment, signed: Hash) -> Result<(), Refusal> {
        let Self { leaf, mmr: items } = self;
        let (about, next) = (commitment.block.saturating_sub(1), &leaf.next_set);
        if leaf.parent_number != about {
            return Err(Refusal::OtherLeaf { asked: about, found: leaf.parent_number });
        }
        let wanted = commitment.set.saturating_add(1);
        if next.id != wanted {
            return Err(Refusal::OtherNextSet { block: about, found: next.id, wanted });
        }
        if !(1..=roster::MOST).contains(&(next.len as usize)) {
            return Err(Refusal::NextSetSize(next.len));
        }
        let found = mmr::root(leaf.hash(), about.into(), commitment.block.into(), items);
        let found = found.map_err(Refused::from)?;
        if found != signed {
            return Err(Refused::OtherRoot { found, signed }.into());
        }
        Ok(())
    }
}
