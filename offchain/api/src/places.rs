//! Places for the connections of each address, and for the exports of each account.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// How many places each has. Who has none takes no room, so there are never more entries than places that are taken.
#[derive(Debug)]
pub(crate) struct Places<K> {
    most: u32,
    taken: Mutex<HashMap<K, u32>>,
}

/// A place. Dropping it gives it back.
#[derive(Debug)]
pub(crate) struct Place<K: Hash + Eq> {
    places: Arc<Places<K>>,
    whose: K,
}

impl<K: Hash + Eq + Clone> Places<K> {
    /// `most` for each.
    pub fn new(most: u32) -> Self {
        Self { most, taken: Mutex::default() }
    }

    /// A place of this one's. `None` when it has all that it may have.
    pub fn take(self: &Arc<Self>, whose: K) -> Option<Place<K>> {
        let mut taken = self.taken();
        let have = taken.entry(whose.clone()).or_default();
        if *have >= self.most {
            return None;
        }
        *have += 1;
        Some(Place { places: self.clone(), whose })
    }
}

impl<K> Places<K> {
    fn taken(&self) -> MutexGuard<'_, HashMap<K, u32>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Hash + Eq> Drop for Place<K> {
    fn drop(&mut self) {
        let mut taken = self.places.taken();
        if let Some(have) = taken.get_mut(&self.whose) {
            *have -= 1;
            if *have == 0 {
                taken.remove(&self.whose);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forwarded::counted;
    use std::net::IpAddr;

    #[test]
    fn an_address_has_its_places_and_leaves_nothing_behind() {
        let places = Arc::new(Places::new(2));
        let ip = |text: &str| counted(text.parse::<IpAddr>().unwrap());
        let first = places.take(ip("192.0.2.1")).unwrap();
        let _second = places.take(ip("192.0.2.1")).unwrap();
        assert!(places.take(ip("192.0.2.1")).is_none());
        let other = places.take(ip("192.0.2.2")).unwrap();
        drop(first);
        let third = places.take(ip("192.0.2.1")).unwrap();
        drop((third, other));
        assert_eq!(places.taken().len(), 1);
        // All of a /64 are one.
        let _a = places.take(ip("2001:db8::1")).unwrap();
        let _b = places.take(ip("2001:db8::2")).unwrap();
        assert!(places.take(ip("2001:db8::3")).is_none());
    }
}
