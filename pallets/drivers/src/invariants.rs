//! What always holds of the drivers.

use crate::{Config, DriverOf, Drivers, NextDriver, Pallet};
use alloc::collections::BTreeSet;
use frame_support::ensure;
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// Checks the whole state of this pallet. Reads everything: for tests, try-runtime and
    /// auditors.
    pub fn check_invariants() -> Result<(), TryRuntimeError> {
        let next = NextDriver::<T>::get().0;
        let mut drivers = 0usize;
        let mut seats = BTreeSet::new();
        for (id, driver) in Drivers::<T>::iter() {
            ensure!((1..next).contains(&id.0), "a driver has an id that was never given");
            let of_account = DriverOf::<T>::get(&driver.account);
            ensure!(of_account == Some(id), "an account does not lead back to its driver");
            ensure!(!driver.employments.is_empty(), "a driver who never worked for anybody");
            let mut companies = BTreeSet::new();
            for employment in &driver.employments {
                let company = employment.company;
                ensure!(companies.insert(company), "a driver is in a company twice");
                ensure!(seats.insert((company, employment.seat)), "two drivers have one seat");
            }
            drivers += 1;
        }
        ensure!(drivers == (next as usize).saturating_sub(1), "a driver is missing");
        let accounts = DriverOf::<T>::iter_keys().count();
        ensure!(accounts == drivers, "an account leads to no driver");
        Ok(())
    }
}
