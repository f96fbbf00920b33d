//! The bundle as a text: JSON without blanks, keys in one order, sealed at its end.
//!
//! ```text
//! {"format":"smartlink-proof-1","item":{…},"leaf":{…}, … ,"seal":"0x…"}
//!  └──────────── what is read ───────────────────────┘     keccak of {what is read}
//! ```
//!
//! A text is taken when writing what was read gives the same bytes again: so no two texts mean the same, and a digit in
//! capitals, a blank or a key that is not known is refused. The seal is no signature: it tells a damaged file from a
//! sound one, also where nothing else does (`ethereum`). Who changes a bundle can seal it anew, and is found out by
//! [`verify`](crate::verify()).

use serde::{Deserialize, Serialize};
use smartlink_primitives::keccak;

use crate::{
    hexadecimal::{decimal, Address, Hash},
    Commitment, Item, Leaf, Signature,
};

/// The longest text that is read, in bytes. A receipt among 100 validators takes 20 KiB.
pub const LONGEST: usize = 4 << 20;

/// What stands between the rest and the seal.
const SEAL: &str = ",\"seal\":\"";
/// Bytes of `,"seal":"0x…"}`.
const TAIL: usize = SEAL.len() + 66 + 2;

/// The format of a bundle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Format {
    /// The first, and the only one so far.
    #[default]
    #[serde(rename = "smartlink-proof-1")]
    First,
}

/// What proves one item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bundle {
    /// Which format it is.
    pub format: Format,
    /// What is proven, up to the root that the leaf has.
    pub item: Item,
    /// The leaf that the block after the item's added to the MMR.
    pub leaf: Leaf,
    /// The MMR proof of the leaf: peaks to the left of the leaf's own from the left, partners from the leaf up, and the
    /// peaks to the right as one hash.
    pub mmr: Vec<Hash>,
    /// What was signed: the root of the MMR after a later block.
    pub commitment: Commitment,
    /// Who signed, in the order of the set.
    pub signatures: Vec<Signature>,
    /// The set of validators whose commitment it is, as addresses of their BEEFY keys, in its order.
    pub validators: Vec<Address>,
    /// Where the same root is on Ethereum. Not checked here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ethereum: Option<Ethereum>,
}

/// A transaction that brought the commitment to Ethereum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ethereum {
    /// The id of the chain (EIP-155).
    #[serde(with = "decimal")]
    pub chain_id: u64,
    /// The contract that keeps roots.
    pub contract: Address,
    /// The transaction.
    pub transaction: Hash,
    /// The block that it is in.
    #[serde(with = "decimal")]
    pub block: u64,
}

/// Why a text is no bundle.
#[derive(Debug, thiserror::Error)]
pub enum NoBundle {
    /// It is too long.
    #[error("it has {0} bytes, and a bundle has {LONGEST} at most: this is another file")]
    TooLong(usize),
    /// It does not end as a bundle does.
    #[error(
        "it does not end with a seal: the file is no bundle, was cut off, or something was added behind it"
    )]
    NoSeal,
    /// The seal is another one.
    #[error(
        "its seal is {written}, and of what stands before it {found}: the file was damaged or changed; \
         get it again"
    )]
    Broken {
        /// What stands there.
        written: Hash,
        /// What should.
        found: Hash,
    },
    /// It cannot be read.
    #[error("it cannot be read as a bundle: {0}")]
    Unread(#[from] serde_json::Error),
    /// There is another text for the same.
    #[error(
        "it is not written as bundles are from byte {0} on: JSON without blanks, keys in their order, small \
         hexadecimal digits, numbers without signs or zeros in front; get the bundle as it was made"
    )]
    OtherText(usize),
}

impl Bundle {
    /// The text of it, with its seal. It has no end of line.
    pub fn to_text(&self) -> String {
        // Maps with keys that are texts, and numbers that JSON has: nothing that it could not write.
        let body = serde_json::to_string(self).expect("a bundle is JSON");
        sealed(&body)
    }

    /// Reads the text of a bundle. What it says is not verified.
    ///
    /// # Errors
    /// It is none, or is not the one text of what it says.
    pub fn parse(text: &[u8]) -> Result<Self, NoBundle> {
        if text.len() > LONGEST {
            return Err(NoBundle::TooLong(text.len()));
        }
        let text = std::str::from_utf8(text).map_err(|_| NoBundle::NoSeal)?;
        let end = text.len().checked_sub(TAIL).ok_or(NoBundle::NoSeal)?;
        let (front, tail) = text.split_at_checked(end).ok_or(NoBundle::NoSeal)?;
        let written = tail.strip_prefix(SEAL).and_then(|rest| rest.strip_suffix("\"}"));
        let written: Hash = written.and_then(|seal| seal.parse().ok()).ok_or(NoBundle::NoSeal)?;
        let body = format!("{front}}}");
        let found = seal(&body);
        if written != found {
            return Err(NoBundle::Broken { written, found });
        }
        let bundle: Self = serde_json::from_str(&body)?;
        let again = bundle.to_text();
        if again != text {
            let same = again.bytes().zip(text.bytes()).take_while(|(a, b)| a == b).count();
            return Err(NoBundle::OtherText(same));
        }
        Ok(bundle)
    }
}

fn seal(body: &str) -> Hash {
    keccak(body.as_bytes()).into()
}

/// Seals the text of an object that has none yet. Anything else comes back without a seal.
pub fn sealed(body: &str) -> String {
    match body.strip_suffix('}') {
        Some(front) => format!("{front}{SEAL}{}\"}}", seal(body)),
        None => body.to_owned(),
    }
}
