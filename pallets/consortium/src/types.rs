//! What the chain keeps of a company and of its people.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;
use smartlink_primitives::{CompanyKind, Permissions};

/// The name of a company: 1 to 64 bytes of UTF-8.
pub type Name = BoundedVec<u8, ConstU32<64>>;

/// A member of the consortium.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Company<AccountId> {
    /// Its name.
    pub name: Name,
    /// What it does.
    pub kind: CompanyKind,
    /// The account that holds its money. No other company's.
    pub treasury: AccountId,
    /// Whether its people may act for it. The council decides.
    pub active: bool,
    /// When it joined, in seconds of the Unix epoch. Zero for the companies of the genesis.
    pub registered: u64,
}

/// What somebody may do for a company, and until when.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Role<AccountId> {
    /// What it permits.
    pub permissions: Permissions,
    /// The first second of the Unix epoch at which it is void. `None`: until it is revoked.
    pub expires: Option<u64>,
    /// Who granted it. The first administrator, whom the council names, stands for itself.
    pub granted_by: AccountId,
}

impl<AccountId> Role<AccountId> {
    /// Whether it is void at `now`, in seconds of the Unix epoch.
    pub fn has_expired(&self, now: u64) -> bool {
        self.expires.is_some_and(|expires| expires <= now)
    }

    /// Whether its holder can always grant and revoke: a company must never be without.
    pub fn is_keeper(&self) -> bool {
        self.expires.is_none() && self.permissions.contains(Permissions::ROLES)
    }

    /// Whether it permits all of `permissions`, and for as long.
    pub fn covers(&self, permissions: Permissions, expires: Option<u64>) -> bool {
        self.permissions.contains(permissions) && self.outlasts(expires)
    }

    /// Whether it holds at least until `expires`.
    pub fn outlasts(&self, expires: Option<u64>) -> bool {
        match (self.expires, expires) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(own), Some(other)) => other <= own,
        }
    }
}

/// How many roles a company has granted.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct Count {
    /// All roles, expired ones too.
    pub roles: u32,
    /// Those without expiry that may grant roles. At least one.
    pub keepers: u32,
}
