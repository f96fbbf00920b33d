//! Why the contract refused, as a sentence.

use alloy_primitives::{Bytes, B256};

use crate::{abi::number, artifact::artifact, ethereum::EthereumError, AnchorError};

/// Why the contract refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reverted {
    /// The block is not later than the last that it has.
    #[error("it has block {latest} already, and {height} is not later: somebody else was faster")]
    NotNewer {
        /// The block that was brought.
        height: u64,
        /// The last one that it has.
        latest: u64,
    },
    /// Another set than the one that it takes.
    #[error("set {found} signed, and it takes set {wanted} there: somebody else has brought the hand-over")]
    UnknownSet {
        /// Who signed.
        found: u64,
        /// Whose signatures it takes.
        wanted: u64,
    },
    /// It has no such root.
    #[error("it holds no such root for block {0}: prove against the last block that it has")]
    UnknownCheckpoint(u64),
    /// Anything else that it says.
    #[error("{0}")]
    Says(String),
    /// Nothing that it could have said.
    #[error("{0}: is ethereum.contract the bridge's contract?")]
    Unread(String),
}

impl Reverted {
    /// Whether somebody else did the same before.
    pub const fn is_a_lost_race(&self) -> bool {
        matches!(self, Self::NotNewer { .. } | Self::UnknownSet { .. })
    }

    /// What bytes that a call reverted with say.
    pub fn of(data: &[u8]) -> Self {
        Self::read(data).unwrap_or_else(|| {
            Self::Unread(format!("it reverted with {}", Bytes::copy_from_slice(data)))
        })
    }

    fn read(data: &[u8]) -> Option<Self> {
        let (selector, said) = data.split_first_chunk::<4>()?;
        let (name, types) = artifact().error(*selector)?;
        let (words, rest) = said.as_chunks::<32>();
        if !rest.is_empty() || words.len() != types.len() {
            return None;
        }
        let words: Vec<B256> = words.iter().map(B256::from).collect();
        let numbers: Vec<Option<u64>> = words.iter().map(number).collect();
        Some(match (name, numbers.as_slice()) {
            ("NotNewer", [Some(height), Some(latest)]) => {
                Self::NotNewer { height: *height, latest: *latest }
            }
            ("UnknownSet", [Some(found), Some(wanted)]) => {
                Self::UnknownSet { found: *found, wanted: *wanted }
            }
            ("UnknownCheckpoint", [Some(height), _]) => Self::UnknownCheckpoint(*height),
            _ => {
                let said = words.iter().zip(&numbers).zip(types).map(|((word, number), r#type)| {
                    match number {
                        Some(number) if r#type.starts_with("uint") => number.to_string(),
                        _ => word.to_string(),
                    }
                });
                Self::Says(format!("{name}({})", said.collect::<Vec<_>>().join(", ")))
            }
        })
    }
}

/// An error of a call: what the contract says, where it was the contract that refused.
pub(crate) fn told(error: EthereumError) -> AnchorError {
    match error {
        EthereumError::Refused { data: Some(data), .. } => Reverted::of(&data).into(),
        EthereumError::Refused { ref message, .. } if error.is_a_revert() => {
            Reverted::Unread(message.clone()).into()
        }
        error => error.into(),
    }
}

#[cfg(test)]
mod tests {
    use alloy_primitives::keccak256;

    use super::*;

    fn said(error: &str, words: &[u64]) -> Reverted {
        let mut data = keccak256(error)[..4].to_vec();
        words.iter().for_each(|word| data.extend(B256::left_padding_from(&word.to_be_bytes()).0));
        Reverted::of(&data)
    }

    #[test]
    fn a_lost_race_is_told_from_a_refusal() {
        let lost = said("NotNewer(uint32,uint32)", &[8, 9]);
        assert_eq!(lost, Reverted::NotNewer { height: 8, latest: 9 });
        assert!(lost.is_a_lost_race());
        assert!(said("UnknownSet(uint64,uint64)", &[8, 9]).is_a_lost_race());
        let refused = said("TooFewSignatures(uint256,uint256)", &[2, 3]);
        assert!(!refused.is_a_lost_race());
        assert_eq!(refused.to_string(), "TooFewSignatures(2, 3)");
        assert_eq!(said("StrayBits()", &[]).to_string(), "StrayBits()");
        // Of another contract, and cut off.
        assert!(matches!(said("Paused()", &[]), Reverted::Unread(_)));
        assert!(matches!(said("NotNewer(uint32,uint32)", &[8]), Reverted::Unread(_)));
        assert!(matches!(Reverted::of(&[1, 2]), Reverted::Unread(_)));
    }
}
