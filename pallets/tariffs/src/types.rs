//! What waits for approval, and why a tariff can never be approved.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::PalletError;
use scale_info::TypeInfo;
use smartlink_primitives::tariff::{Tariff, TariffError};

/// A tariff that waits for somebody else's approval.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Proposal<AccountId> {
    /// The first second of the Unix epoch for whose pick-ups it shall hold.
    pub from: u64,
    /// The tariff.
    pub tariff: Tariff,
    /// Who proposed it, and so cannot approve it.
    pub proposed_by: AccountId,
}

/// Why a tariff can never come into force, as [`TariffError`] says it.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, PalletError,
)]
pub enum Fault {
    /// The shares must add up to 1,000,000 parts per million.
    Shares,
    /// A third party may be named once: add its shares up.
    ThirdParty,
    /// A window needs a day, minutes within the day, and a length.
    Window,
    /// The multiplier is at least 1000, and with the surcharges at most 10,000 thousandths.
    Multiplier,
    /// The rounding step is 10⁻⁶ to 100 CNY.
    Rounding,
    /// The local time is at most 14 hours from UTC.
    UtcOffset,
    /// The limits allow a ride of more than ten million CNY: lower a limit or a price.
    TooDear,
}

impl From<TariffError> for Fault {
    fn from(error: TariffError) -> Self {
        match error {
            TariffError::Shares => Self::Shares,
            TariffError::ThirdParty => Self::ThirdParty,
            TariffError::Window => Self::Window,
            TariffError::Multiplier => Self::Multiplier,
            TariffError::Rounding => Self::Rounding,
            TariffError::UtcOffset => Self::UtcOffset,
            TariffError::TooDear => Self::TooDear,
        }
    }
}
