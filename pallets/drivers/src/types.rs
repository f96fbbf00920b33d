//! What the chain keeps of a driver.

use crate::Config;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{BoundedVec, CloneNoBound, DebugNoBound, EqNoBound, PartialEqNoBound};
use scale_info::TypeInfo;
use smartlink_primitives::{CompanyId, Seat};

/// Whether a driver works for a company.
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
pub enum DriverStatus {
    /// Takes rides.
    Active,
    /// Takes no rides for now.
    Suspended,
    /// Works there no longer. The seat, and the money on it, stay the driver's.
    Left,
}

/// A driver's work for one company.
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
pub struct Employment {
    /// For whom.
    pub company: CompanyId,
    /// The driver's place in the company's ledger, for ever.
    pub seat: Seat,
    /// Whether the driver works there now.
    pub status: DriverStatus,
}

/// A driver: an account, and the companies it works or worked for. Nothing personal.
#[derive(
    CloneNoBound, DebugNoBound, PartialEqNoBound, EqNoBound, Encode, Decode, MaxEncodedLen, TypeInfo,
)]
#[codec(mel_bound(T: Config))]
#[scale_info(skip_type_params(T))]
pub struct Driver<T: Config> {
    /// Where the driver's money goes, and who may change that.
    pub account: T::AccountId,
    /// One entry a company.
    pub employments: BoundedVec<Employment, T::MaxEmployers>,
}

impl<T: Config> Driver<T> {
    /// The driver's work for a company.
    pub fn employment(&self, company: CompanyId) -> Option<&Employment> {
        self.employments.iter().find(|employment| employment.company == company)
    }

    /// The companies it works for now.
    pub(crate) fn employers(&self) -> impl Iterator<Item = CompanyId> + '_ {
        let working = |work: &&Employment| work.status != DriverStatus::Left;
        self.employments.iter().filter(working).map(|work| work.company)
    }

    /// The driver's work for a company, to change it.
    pub(crate) fn employment_mut(&mut self, company: CompanyId) -> Option<&mut Employment> {
        self.employments.iter_mut().find(|employment| employment.company == company)
    }
}
