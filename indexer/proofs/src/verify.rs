//! Every step from the item to the validators who signed.

use std::fmt;

use crate::{
    commitment::SIGNATURE_BYTES, mmr, roster, Address, Bundle, Ethereum, Hash, Refused, Signature,
};

/// Whose signatures are believed: the set of validators with this root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trust {
    /// The root over their addresses ([`roster::root`]).
    pub root: Hash,
    /// The number of the set, where only one session is trusted.
    pub id: Option<u64>,
}

impl From<Hash> for Trust {
    fn from(root: Hash) -> Self {
        Self { root, id: None }
    }
}

/// Who signed a bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignedBy {
    /// The number of the set.
    pub id: u64,
    /// The root over its addresses.
    pub root: Hash,
    /// Validators in it.
    pub validators: usize,
    /// How many of them signed.
    pub signed: usize,
}

/// What a bundle proves, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// What is proven, as a sentence.
    pub claim: String,
    /// The block in which it happened, or after which it was so.
    pub block: u32,
    /// Its hash.
    pub block_hash: Hash,
    /// The block whose MMR root was signed.
    pub signed_block: u32,
    /// That root.
    pub mmr_root: Hash,
    /// By whom.
    pub signed_by: SignedBy,
    /// Whether that set is the one that is trusted. Otherwise it was taken from the bundle.
    pub trusted: bool,
    /// Where the root is said to be on Ethereum. Not checked.
    pub ethereum: Option<Ethereum>,
    /// Every step that was checked, as a sentence.
    pub steps: Vec<String>,
}

/// Checks every step of a bundle, and that the set that signed is the one that is trusted.
///
/// Without `trust` the set is taken from the bundle: then it is proven only that *this* set signed, which anybody can make
/// up; compare [`Verified::signed_by`] with what is known.
///
/// # Errors
/// Where it breaks.
pub fn verify(bundle: &Bundle, trust: Option<&Trust>) -> Result<Verified, Refused> {
    let Bundle { format: _, item, leaf, mmr, commitment, signatures, validators, ethereum } =
        bundle;
    let (block, signed_block) = (leaf.parent_number, commitment.block);
    let mut steps = item.verify(leaf)?;
    if !matches!(item, crate::Item::Storage(_)) {
        steps.push(format!("the checkpoint root of block {block} is {}", leaf.extra));
    }

    let mmr_root = commitment.mmr_root()?;
    // Every block from the first adds a leaf, about the one before it: index and count follow from the heights.
    let found = mmr::root(leaf.hash(), block.into(), signed_block.into(), mmr)?;
    if found != mmr_root {
        return Err(Refused::OtherRoot { found, signed: mmr_root });
    }
    steps.push(format!("the leaf about block {block} is in the MMR of block {signed_block}, with the root {mmr_root}"));

    let root = roster::root(validators)?;
    let signed = signers(&commitment.digest(), signatures, validators)?;
    let signed_by = SignedBy { id: commitment.set, root, validators: validators.len(), signed };
    let SignedBy { id, .. } = signed_by;
    steps.push(format!(
        "{signed} of {} validators of set {id} signed that root, more than two thirds",
        validators.len()
    ));

    if let Some(trust) = trust {
        if trust.root != root {
            return Err(Refused::OtherSet { id, root, trusted: trust.root });
        }
        if let Some(trusted) = trust.id.filter(|trusted| *trusted != id) {
            return Err(Refused::OtherSetId { id, trusted });
        }
        steps.push(format!("the set has the root that you trust, {root}"));
    }
    Ok(Verified {
        claim: item.claim(),
        block,
        block_hash: leaf.parent_hash,
        signed_block,
        mmr_root,
        signed_by,
        trusted: trust.is_some(),
        ethereum: ethereum.clone(),
        steps,
    })
}

/// How many of a set signed. Every signature has to be right: one that is not is no mishap.
///
/// # Errors
/// A signature is not by the validator that it names, they are out of order, or they are not more than two thirds.
pub fn signers(
    digest: &Hash,
    signatures: &[Signature],
    validators: &[Address],
) -> Result<usize, Refused> {
    let (signed, wanted) = (signatures.len(), roster::threshold(validators.len()));
    let mut before = None;
    for (place, Signature { by, signature }) in signatures.iter().enumerate() {
        let by = *by;
        if before.is_some_and(|before| by <= before) {
            return Err(Refused::Order { place, by });
        }
        before = Some(by);
        let stranger = Refused::Stranger { place, by, validators: validators.len() };
        let validator = *validators.get(by as usize).ok_or(stranger)?;
        let signature: &[u8; SIGNATURE_BYTES] = &signature.0;
        let signer =
            roster::signer(digest, signature).map_err(|why| Refused::NoSigner { by, why })?;
        if signer != validator {
            return Err(Refused::OtherSigner { by, signer, validator });
        }
    }
    if signed < wanted {
        return Err(Refused::TooFew { signed, validators: validators.len(), wanted });
    }
    Ok(signed)
}

impl fmt::Display for Verified {
    /// Each step on a line, then what is proven, and to whom.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.steps {
            writeln!(f, "  ✓ {step}")?;
        }
        let SignedBy { id, root, validators, signed } = &self.signed_by;
        if let Some(Ethereum { chain_id, contract, transaction, block }) = &self.ethereum {
            writeln!(
                f,
                "  - not checked here: contract {contract} on Ethereum's chain {chain_id} is said to have that root by \
                 transaction {transaction} in block {block}"
            )?;
        }
        writeln!(f, "signed by: set {id}, root {root}, {signed} of {validators} validators")?;
        if self.trusted {
            writeln!(f, "That is the set you trust. Proven:")?;
        } else {
            writeln!(
                f,
                "That set was taken from the bundle: anybody can make one up. Compare its root with what a node of yours or \
                 the contract on Ethereum says, and verify with --trust. If it is right, this is proven:"
            )?;
        }
        let Self { block, block_hash, claim, .. } = self;
        writeln!(f, "  At block {block} ({block_hash}) {claim}.")
    }
}
