//! How many connections an account has.

use smartlink_runtime::AccountId;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// The places that are taken, of each account that has any.
#[derive(Default)]
pub struct Places(Mutex<HashMap<AccountId, usize>>);

impl Places {
    /// Takes a place for an account that may have so many. `None`: it has as many.
    pub fn take(self: &Arc<Self>, account: &AccountId, most: usize) -> Option<Place> {
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = taken.get(account).copied().unwrap_or(0);
        if count >= most {
            return None;
        }
        taken.insert(account.clone(), count + 1);
        Some(Place { places: self.clone(), account: account.clone() })
    }

    fn leave(&self, account: &AccountId) {
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match taken.get_mut(account) {
            Some(count) if *count > 1 => *count -= 1,
            _ => {
                taken.remove(account);
            }
        }
    }
}

/// A place of an account, until it is dropped.
pub struct Place {
    places: Arc<Places>,
    account: AccountId,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.places.leave(&self.account);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_account_has_its_own_places_which_come_back() {
        let places = Arc::new(Places::default());
        let [ann, ben] = [AccountId::new([1; 32]), AccountId::new([2; 32])];
        let first = places.take(&ann, 2).unwrap();
        let second = places.take(&ann, 2).unwrap();
        assert!(places.take(&ann, 2).is_none());
        let other = places.take(&ben, 2).unwrap();
        drop(first);
        let again = places.take(&ann, 2).unwrap();
        assert!(places.take(&ann, 2).is_none());
        drop((second, again, other));
        assert!(places.0.lock().unwrap().is_empty(), "nothing is kept of who is gone");
    }
}
