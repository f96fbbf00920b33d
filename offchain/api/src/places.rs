//! Places for the connections of each address.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::forwarded::counted;

/// How many connections each address has. An address without any takes no room, so there are never more entries
/// than connections.
#[derive(Debug)]
pub(crate) struct Places {
    most: u32,
    taken: Mutex<HashMap<IpAddr, u32>>,
}

/// A place. Dropping it gives it back.
#[derive(Debug)]
pub(crate) struct Place {
    places: Arc<Places>,
    address: IpAddr,
}

impl Places {
    /// `most` for each address.
    pub fn new(most: u32) -> Self {
        Self { most, taken: Mutex::default() }
    }

    fn taken(&self) -> MutexGuard<'_, HashMap<IpAddr, u32>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for a connection of this address. `None` when it has all that it may have.
    pub fn take(self: &Arc<Self>, address: IpAddr) -> Option<Place> {
        let address = counted(address);
        let mut taken = self.taken();
        let have = taken.entry(address).or_default();
        if *have >= self.most {
            return None;
        }
        *have += 1;
        Some(Place { places: self.clone(), address })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.taken();
        if let Some(have) = taken.get_mut(&self.address) {
            *have -= 1;
            if *have == 0 {
                taken.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_its_places_and_leaves_nothing_behind() {
        let places = Arc::new(Places::new(2));
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
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
