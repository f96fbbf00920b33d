//! What always holds of the validators.

use crate::{Config, LastAuthored, Leavers, Offences, Pallet, Session, Validators};
use alloc::collections::BTreeSet;
use frame_support::ensure;
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// Checks the whole state of this pallet. Reads everything: for tests, try-runtime and
    /// auditors.
    pub fn check_invariants() -> Result<(), TryRuntimeError> {
        let mut accounts = BTreeSet::new();
        for validator in Validators::<T>::get() {
            ensure!(accounts.insert(validator.account), "an account is a validator twice");
        }
        for leaver in Leavers::<T>::get() {
            ensure!(accounts.insert(leaver.account), "an account that leaves is listed twice");
        }
        for (account, offence) in Offences::<T>::iter() {
            ensure!(accounts.contains(&account), "an offence of somebody who is no validator");
            ensure!(offence.reports > 0, "an offence that nobody reported");
        }
        let now = frame_system::Pallet::<T>::block_number();
        let session = Session::<T>::validators();
        for (account, last) in LastAuthored::<T>::iter() {
            ensure!(session.contains(&account), "the clock of somebody who is in no session");
            ensure!(last <= now, "a block of the future");
        }
        Ok(())
    }
}
