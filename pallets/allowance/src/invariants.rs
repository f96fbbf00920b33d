//! What always holds of allowances and their usage.

use crate::{Config, Overrides, Pallet, Used};
use frame_support::ensure;
use smartlink_primitives::traits::Companies;
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// Checks the whole state of this pallet. Reads everything: for tests, try-runtime and
    /// auditors.
    pub fn check_invariants() -> Result<(), TryRuntimeError> {
        let now = frame_system::Pallet::<T>::block_number();
        for (company, usage) in Used::<T>::iter() {
            ensure!(T::Companies::treasury(company).is_ok(), "usage of an unknown company");
            ensure!(usage.at_block <= now, "an allowance was used in the future");
            ensure!(usage.used <= usage.total, "more is used than was ever drawn");
            let (left, max, _) = Self::left(company);
            let used = Self::usage(company).used;
            ensure!(used <= max, "more is used than the allowance has");
            ensure!(left.checked_add(used) == Some(max), "an allowance does not add up");
        }
        for company in Overrides::<T>::iter_keys() {
            ensure!(T::Companies::treasury(company).is_ok(), "an allowance of an unknown company");
        }
        Ok(())
    }
}
