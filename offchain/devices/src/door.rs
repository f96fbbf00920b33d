//! How many connections there may be, in all and from one address.

use parking_lot::Mutex;
use rustc_hash::FxHashMap;
use std::{
    net::{IpAddr, Ipv6Addr},
    sync::Arc,
};

/// Counts connections. Clones share the count.
#[derive(Clone, Debug)]
pub(crate) struct Door {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    most: u32,
    most_of_one: u32,
    inside: Mutex<Inside>,
}

#[derive(Debug, Default)]
struct Inside {
    all: u32,
    by_address: FxHashMap<IpAddr, u32>,
}

/// The place of one connection, which is free again when this is dropped.
#[derive(Debug)]
#[must_use = "the place is free when this is dropped"]
pub(crate) struct Pass {
    door: Arc<Inner>,
    address: IpAddr,
}

impl Door {
    pub(crate) fn new(most: u32, most_of_one: u32) -> Self {
        Self { inner: Arc::new(Inner { most, most_of_one, inside: Mutex::default() }) }
    }

    /// A place for a connection from an address. None: there are as many as there may be.
    pub(crate) fn enter(&self, address: IpAddr) -> Option<Pass> {
        let address = network_of(address);
        let mut inside = self.inner.inside.lock();
        let of_one = inside.by_address.get(&address).copied().unwrap_or(0);
        if inside.all >= self.inner.most || of_one >= self.inner.most_of_one {
            return None;
        }
        inside.all += 1;
        inside.by_address.insert(address, of_one + 1);
        Some(Pass { door: self.inner.clone(), address })
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        let mut inside = self.door.inside.lock();
        inside.all -= 1;
        if let Some(of_one) = inside.by_address.get_mut(&self.address) {
            *of_one -= 1;
            if *of_one == 0 {
                inside.by_address.remove(&self.address);
            }
        }
    }
}

/// One address of version 4, or the 64 bits of version 6 that one customer has.
fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_does_not_take_all_places() {
        let door = Door::new(3, 2);
        let [one, other]: [IpAddr; 2] =
            ["10.0.0.1".parse().unwrap(), "::ffff:10.0.0.2".parse().unwrap()];
        let first = door.enter(one).unwrap();
        let _second = door.enter(one).unwrap();
        assert!(door.enter(one).is_none());
        let third = door.enter(other).unwrap();
        assert!(door.enter(other).is_none(), "three places are taken");
        drop(first);
        assert!(door.enter("10.0.0.2".parse().unwrap()).is_some(), "the same address in version 4");
        drop(third);
        assert!(door.inner.inside.lock().by_address.len() == 1);
    }

    #[test]
    fn a_network_of_version_6_is_one_address() {
        let door = Door::new(10, 1);
        let _pass = door.enter("2001:db8:1:2::1".parse().unwrap()).unwrap();
        assert!(door.enter("2001:db8:1:2:ffff::9".parse().unwrap()).is_none());
        assert!(door.enter("2001:db8:1:3::1".parse().unwrap()).is_some());
    }
}
