//! How many requests of members read the state at a time: of each account, and of all together.

use smartlink_runtime::AccountId;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
};
use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore};

/// The turns that are taken, and those who wait for one.
pub struct Reads {
    of_an_account: usize,
    all: Arc<Semaphore>,
    /// Of each account that reads or waits. A turn keeps its semaphore, so that who comes anew finds what is still running.
    accounts: Mutex<HashMap<AccountId, Weak<Semaphore>>>,
}

/// A turn, until it is dropped.
#[derive(Debug)]
pub struct Turn {
    _own: OwnedSemaphorePermit,
    _all: OwnedSemaphorePermit,
}

impl Reads {
    /// So many in all, and so many of an account.
    pub fn new(all: usize, of_an_account: usize) -> Self {
        Self { of_an_account, all: Arc::new(Semaphore::new(all)), accounts: Mutex::default() }
    }

    /// Waits for a turn of an account.
    ///
    /// # Errors
    /// Never: nothing closes the semaphores.
    pub async fn turn(&self, account: &AccountId) -> Result<Turn, AcquireError> {
        // First among its own: who asks for much waits behind itself, and not before the others.
        let own = self.of(account).acquire_owned().await?;
        let all = self.all.clone().acquire_owned().await?;
        Ok(Turn { _own: own, _all: all })
    }

    fn of(&self, account: &AccountId) -> Arc<Semaphore> {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = accounts.get(account).and_then(Weak::upgrade) {
            return own;
        }
        // Nothing is kept of who is gone.
        accounts.retain(|_, own| own.strong_count() > 0);
        let own = Arc::new(Semaphore::new(self.of_an_account));
        accounts.insert(account.clone(), Arc::downgrade(&own));
        own
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;

    /// A turn, when there is one at once.
    fn now(reads: &Reads, account: u8) -> Option<Turn> {
        reads.turn(&AccountId::new([account; 32])).now_or_never().map(Result::unwrap)
    }

    #[test]
    fn an_account_has_so_many_turns_and_all_together_have_so_many() {
        let reads = Reads::new(3, 2);
        let first = now(&reads, 1).unwrap();
        let second = now(&reads, 1).unwrap();
        assert!(now(&reads, 1).is_none(), "of an account");
        let third = now(&reads, 2).unwrap();
        assert!(now(&reads, 3).is_none(), "of all");
        drop(first);
        let fourth = now(&reads, 1).unwrap();
        assert!(now(&reads, 1).is_none(), "what still runs counts");
        drop((second, third, fourth));
        assert!(now(&reads, 3).is_some());
        assert_eq!(reads.accounts.lock().unwrap().len(), 1, "nothing is kept of who is gone");
    }
}
