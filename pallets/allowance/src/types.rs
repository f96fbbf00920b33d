//! Allowances, what of them is used, and who draws on one beside those with a role.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use smartlink_primitives::CompanyId;
use sp_runtime::{traits::AtLeast32BitUnsigned, SaturatedConversion};

/// What a company may use without paying, in units of money of the fees that it saves.
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
pub struct Allowance {
    /// The most that can be used at a time. Zero: the company always pays.
    pub max: u128,
    /// How much of what was used comes back with each block.
    pub recovery_per_block: u128,
}

/// What a company has used of its allowance.
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
pub struct Usage<BlockNumber> {
    /// What was used and had not come back at `at_block`.
    pub used: u128,
    /// The block in which it was last written.
    pub at_block: BlockNumber,
    /// All that the company ever saved. It never falls between blocks.
    pub total: u128,
}

impl<BlockNumber: AtLeast32BitUnsigned + Copy> Usage<BlockNumber> {
    /// What is used at block `now`: what has come back since is not, and never more than the most.
    pub fn at(self, now: BlockNumber, allowance: &Allowance) -> Self {
        let blocks: u128 = now.saturating_sub(self.at_block).saturated_into();
        let back = allowance.recovery_per_block.saturating_mul(blocks);
        Self { used: self.used.saturating_sub(back).min(allowance.max), at_block: now, ..self }
    }

    /// With a fee more.
    pub fn drawn(self, fee: u128) -> Self {
        Self { used: self.used.saturating_add(fee), total: self.total.saturating_add(fee), ..self }
    }

    /// With a part of a fee less, that was drawn in this block and is not needed.
    pub fn returned(self, fee: u128) -> Self {
        Self { used: self.used.saturating_sub(fee), total: self.total.saturating_sub(fee), ..self }
    }
}

/// Who works for a company without a role in it: drivers, the treasury, validators' accounts. The
/// runtime says.
pub trait StaffOf<AccountId> {
    /// Whether `who` works for `company` now.
    fn works_for(company: CompanyId, who: &AccountId) -> bool;

    /// The company of which `who` is an account of its own: the treasury, or a validator's. Whether it may act is
    /// another question.
    fn owner(_who: &AccountId) -> Option<CompanyId> {
        None
    }
}

/// Nobody but those with a role.
impl<AccountId> StaffOf<AccountId> for () {
    fn works_for(_company: CompanyId, _who: &AccountId) -> bool {
        false
    }
}

/// Whoever one of the two knows.
impl<AccountId, A: StaffOf<AccountId>, B: StaffOf<AccountId>> StaffOf<AccountId> for (A, B) {
    fn works_for(company: CompanyId, who: &AccountId) -> bool {
        A::works_for(company, who) || B::works_for(company, who)
    }

    fn owner(who: &AccountId) -> Option<CompanyId> {
        A::owner(who).or_else(|| B::owner(who))
    }
}
