//! What the chain keeps of validators.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use smartlink_primitives::CompanyId;
use sp_runtime::Perbill;
use sp_staking::SessionIndex;

/// A validator of a company.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Validator<AccountId> {
    /// Its account, which owns the session keys.
    pub account: AccountId,
    /// Who runs it and answers for it.
    pub company: CompanyId,
}

/// A validator that was removed, and still is in sessions that were planned before.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Leaver<AccountId> {
    /// Its account.
    pub account: AccountId,
    /// Who runs it and answers for it.
    pub company: CompanyId,
    /// The first session without it.
    pub gone: SessionIndex,
}

/// What a validator did, the graver first.
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
)]
pub enum OffenceKind {
    /// It signed two things of which it may sign one.
    Equivocation,
    /// It made no block for longer than anybody is unlucky.
    Unavailable,
}

/// What waits for the council about a validator. It is disabled for as long, if the chain bears it.
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
pub struct Offence {
    /// How often it was reported. One offence with several offenders may be reported several times.
    pub reports: u32,
    /// The gravest of them.
    pub kind: OffenceKind,
    /// The session of the last reported offence.
    pub session: SessionIndex,
    /// The heaviest of them, as the part of a stake that would be slashed.
    pub severity: Perbill,
}
