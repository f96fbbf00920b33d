//! Companies: what they are, and what their people may do.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::ops::BitOr;
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// What a member company does in the consortium.
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
#[serde(rename_all = "lowercase")]
pub enum CompanyKind {
    /// Brings riders and drivers together and settles rides.
    Platform,
    /// Owns or runs vehicles.
    Carrier,
    /// Sends freight.
    Shipper,
    /// Insures vehicles and rides.
    Insurer,
    /// Inspects vehicles.
    Inspector,
    /// Repairs vehicles.
    Garage,
    /// Values vehicles.
    Appraiser,
    /// Issues and redeems money, holds liens.
    Bank,
    /// Reads everything that is shared.
    Auditor,
    /// Licenses drivers and vehicles.
    Regulator,
}

/// What a person or a worker may do for a company: a set of bits.
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
    Serialize,
    Deserialize,
)]
#[serde(transparent)]
pub struct Permissions(pub u32);

impl Permissions {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// Grants and revokes the company's roles, up to what the granter may do.
    pub const ROLES: Self = Self(1);
    /// Registers vehicles and sets their status.
    pub const FLEET: Self = Self(1 << 1);
    /// Enrols drivers and sets their status.
    pub const PERSONNEL: Self = Self(1 << 2);
    /// Moves the company's money: clearing account, purchase and sale of vehicles.
    pub const FINANCE: Self = Self(1 << 3);
    /// Proposes tariffs.
    pub const TARIFF_MAKER: Self = Self(1 << 4);
    /// Approves tariffs proposed by somebody else.
    pub const TARIFF_CHECKER: Self = Self(1 << 5);
    /// Submits ride batches.
    pub const SETTLEMENT: Self = Self(1 << 6);
    /// Runs the company's orders and dispatch: operations staff.
    pub const DISPATCH: Self = Self(1 << 7);
    /// Reads everything of the company.
    pub const AUDIT: Self = Self(1 << 8);
    /// Anchors the roots of the company's telemetry.
    pub const TELEMETRY: Self = Self(1 << 9);
    /// Attests the papers of applicants in the company's name.
    pub const ATTEST: Self = Self(1 << 10);
    /// Everything there is.
    pub const ALL: Self = Self((1 << 11) - 1);

    /// Whether every permission of `other` is in this set.
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether the set is empty.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether all bits have a meaning.
    pub const fn is_known(self) -> bool {
        Self::ALL.contains(self)
    }
}

impl BitOr for Permissions {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_all_named_permissions_and_each_has_a_bit_of_its_own() {
        let named = [
            Permissions::ROLES,
            Permissions::FLEET,
            Permissions::PERSONNEL,
            Permissions::FINANCE,
            Permissions::TARIFF_MAKER,
            Permissions::TARIFF_CHECKER,
            Permissions::SETTLEMENT,
            Permissions::DISPATCH,
            Permissions::AUDIT,
            Permissions::TELEMETRY,
            Permissions::ATTEST,
        ];
        let together = named.into_iter().fold(Permissions::NONE, BitOr::bitor);
        assert_eq!(together, Permissions::ALL);
        assert_eq!(Permissions::ALL.0.count_ones() as usize, named.len());
        assert!(!Permissions(Permissions::ALL.0 + 1).is_known());
    }
}
