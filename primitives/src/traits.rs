//! How the pallets know each other: each takes in its `Config` what it needs, as one of these.

use crate::{
    receipt::ItemKind,
    ride::RowFault,
    tariff::{Schedule, TariffError},
    telemetry::RunFault,
    vin::VinError,
    CityCode, CompanyId, CompanyKind, DriverId, Permissions, Seat, H256,
};
use frame_support::traits::PalletError;
use sp_runtime::{DispatchError, DispatchResult};

/// The companies of the consortium. The pallet `consortium` is one.
pub trait Companies<AccountId> {
    /// Whether `who` may do all of `needs` for `company` now.
    ///
    /// # Errors
    /// The company is unknown or suspended, the role is missing, too narrow, or expired.
    fn authorise(who: &AccountId, company: CompanyId, needs: Permissions) -> DispatchResult;

    /// What a company does.
    ///
    /// # Errors
    /// The company is unknown or suspended.
    fn kind(company: CompanyId) -> Result<CompanyKind, DispatchError>;

    /// The account that holds a company's money.
    ///
    /// # Errors
    /// The company is unknown.
    fn treasury(company: CompanyId) -> Result<AccountId, DispatchError>;

    /// Makes `who` able to do everything for a new company with treasury `who`. For benchmarks.
    #[cfg(feature = "runtime-benchmarks")]
    fn found(who: &AccountId, kind: CompanyKind) -> Result<CompanyId, DispatchError>;
}

/// The seats of drivers in companies' ledgers. The pallet `settlement` keeps them.
pub trait Seats<AccountId> {
    /// Gives a driver a seat in a company's ledger.
    ///
    /// # Errors
    /// The company has all the seats that it may have.
    fn open(
        company: CompanyId,
        driver: DriverId,
        account: &AccountId,
    ) -> Result<Seat, DispatchError>;

    /// Lets a seat take new rides, or not. Its balance stays.
    ///
    /// # Errors
    /// There is no such seat.
    fn set_active(company: CompanyId, seat: Seat, active: bool) -> DispatchResult;

    /// Where withdrawals from a seat go from now on.
    ///
    /// # Errors
    /// There is no such seat.
    fn set_account(company: CompanyId, seat: Seat, account: &AccountId) -> DispatchResult;
}

/// The drivers. The pallet `drivers` is one.
pub trait Drivers<AccountId> {
    /// The seat of a driver in the ledger of a company.
    fn seat(driver: DriverId, company: CompanyId) -> Option<Seat>;
}

/// The tariffs in force. The pallet `tariffs` is one.
pub trait TariffBook {
    /// All approved tariffs of a company in a city.
    fn schedule(company: CompanyId, city: CityCode) -> Schedule;

    /// Puts a tariff in force from the beginning of time. For benchmarks.
    #[cfg(feature = "runtime-benchmarks")]
    fn put(company: CompanyId, city: CityCode, tariff: crate::tariff::Tariff);
}

/// Collects what a block proves to the outside. The pallet `checkpoints` is one.
pub trait Witness {
    /// Adds an item to this block's checkpoint.
    ///
    /// # Errors
    /// The block has all the items that it may have: submit again in the next block.
    fn note(kind: ItemKind, item: H256) -> DispatchResult;
}

// What is wrong with an input travels inside the pallets' errors, which have four bytes in all.
impl PalletError for RowFault {
    const MAX_ENCODED_SIZE: usize = 1;
}

impl PalletError for TariffError {
    const MAX_ENCODED_SIZE: usize = 1;
}

impl PalletError for RunFault {
    const MAX_ENCODED_SIZE: usize = 2;
}

impl PalletError for VinError {
    const MAX_ENCODED_SIZE: usize = 2;
}
