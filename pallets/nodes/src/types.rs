//! What the chain keeps of a machine, and how its key stands in a peer id.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::fmt;
use frame_support::{traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use smartlink_primitives::{CompanyId, H256};

/// Bytes of a peer id of an ed25519 key.
pub const PEER_ID_BYTES: usize = 38;

/// What every such peer id begins with: an identity multihash (0x00) of 36 bytes (0x24), which are a
/// key in protobuf: the field of its type (0x08) says ed25519 (0x01), the field of its data (0x12)
/// has 32 bytes (0x20).
const PEER_ID_PREFIX: [u8; PEER_ID_BYTES - 32] = [0x00, 0x24, 0x08, 0x01, 0x12, 0x20];

/// How the company calls a machine: 1 to 64 bytes of UTF-8.
pub type Label = BoundedVec<u8, ConstU32<64>>;

/// The public ed25519 key by which a node is known in the network. In JSON: 32 bytes in hexadecimal.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
#[serde(from = "H256", into = "H256")]
pub struct NodeKey(pub [u8; 32]);

impl NodeKey {
    /// The key in the bytes of a libp2p peer id.
    ///
    /// # Errors
    /// The bytes are no peer id of an ed25519 key.
    pub fn from_peer_id(peer_id: &[u8]) -> Result<Self, PeerIdError> {
        if peer_id.len() != PEER_ID_BYTES {
            return Err(PeerIdError::Length);
        }
        let key = peer_id.strip_prefix(&PEER_ID_PREFIX).ok_or(PeerIdError::Form)?;
        <[u8; 32]>::try_from(key).map(Self).map_err(|_| PeerIdError::Length)
    }

    /// The bytes of the libp2p peer id with this key.
    pub fn to_peer_id(self) -> [u8; PEER_ID_BYTES] {
        let mut peer_id = [0; PEER_ID_BYTES];
        let (prefix, key) = peer_id.split_at_mut(PEER_ID_PREFIX.len());
        prefix.copy_from_slice(&PEER_ID_PREFIX);
        key.copy_from_slice(&self.0);
        peer_id
    }
}

impl From<H256> for NodeKey {
    fn from(key: H256) -> Self {
        Self(key.0)
    }
}

impl From<NodeKey> for H256 {
    fn from(key: NodeKey) -> Self {
        Self(key.0)
    }
}

/// Why bytes are no peer id of a node of this chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeerIdError {
    /// There are not 38 bytes.
    Length,
    /// It does not begin as the peer id of an ed25519 key does.
    Form,
}

impl fmt::Display for PeerIdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length => write!(
                f,
                "a peer id has {PEER_ID_BYTES} bytes here: decode its base58, and use a node's ed25519 key"
            ),
            Self::Form => write!(f, "the peer id is not of an ed25519 key: use the node's own key"),
        }
    }
}

impl core::error::Error for PeerIdError {}

/// What a machine does in the network.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum NodeKind {
    /// Makes and finalizes blocks.
    Validator,
    /// Serves its company.
    Full,
    /// Only reads: an auditor's or a regulator's.
    Reader,
}

/// A machine of a company.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Node<BlockNumber> {
    /// Whose it is.
    pub company: CompanyId,
    /// What it does.
    pub kind: NodeKind,
    /// How the company calls it.
    pub label: Label,
    /// The block in which it was first registered.
    pub since: BlockNumber,
}

/// Why a machine is not registered any more.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub enum Removal {
    /// Its company took it out.
    Company,
    /// The council took it out.
    Council,
    /// Its company was expelled.
    Expulsion,
}
