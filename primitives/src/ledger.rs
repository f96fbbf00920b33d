//! Sizes and answers of the drivers' ledgers.

use crate::{receipt::BatchRecord, DriverId, Money, Seat};
use codec::{Decode, Encode};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// Seats in one page of a company's ledger: one storage value holds the balances of this many drivers.
pub const PAGE_SEATS: u32 = 256;

/// What a company owes a driver, and may be withdrawn.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub struct DriverLedger<AccountId> {
    /// The driver.
    pub driver: DriverId,
    /// The driver's seat in the company's ledger.
    pub seat: Seat,
    /// Where a withdrawal goes.
    pub account: AccountId,
    /// Whether the seat takes new rides.
    pub active: bool,
    /// What may be withdrawn now.
    pub balance: Money,
}

/// The running totals of a company's settled rides. `gross` always equals
/// `drivers + platform + third_parties`.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Encode,
    Decode,
    codec::MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
pub struct Totals {
    /// Batches settled; also the number of the last one.
    pub batches: u64,
    /// Rides settled.
    pub rides: u64,
    /// What riders paid, tolls included.
    pub gross: Money,
    /// The drivers' part, tolls included.
    pub drivers: Money,
    /// The platform's own part.
    pub platform: Money,
    /// The part of all other companies.
    pub third_parties: Money,
}

impl Totals {
    /// Adds a settled batch. `None`, and nothing is added, when a sum leaves its range.
    #[must_use]
    pub fn add(&mut self, batch: &BatchRecord) -> Option<()> {
        *self = Self {
            batches: batch.number.0,
            rides: self.rides.checked_add(batch.rides.into())?,
            gross: self.gross.checked_add(batch.gross)?,
            drivers: self.drivers.checked_add(batch.drivers)?,
            platform: self.platform.checked_add(batch.platform)?,
            third_parties: self.third_parties.checked_add(batch.third_parties)?,
        };
        Some(())
    }
}

/// Where all money is, at one block. `issuance` always equals `free + held`, and `ledgers`, the sum of
/// all pages, is a part of `free`: it lies on the ledger's own account.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize,
)]
pub struct Supply {
    /// All money in existence.
    pub issuance: Money,
    /// The sum of the free balances of all accounts.
    pub free: Money,
    /// The sum of what is held or reserved on all accounts.
    pub held: Money,
    /// The balance of the account behind the drivers' ledgers.
    pub ledger_account: Money,
    /// The sum of all drivers' balances in all pages.
    pub ledgers: Money,
    /// Accounts counted.
    pub accounts: u32,
}
