//! Wrong keys, by address and by whom they were for.
//!
//! Many terminals share an address behind a provider's gateway: one that has an old key must not lock out the others. So a
//! wrong key of a known terminal counts for that terminal at that address alone, and names that nobody has count for
//! the address, where they refuse further such names.

use parking_lot::Mutex;
use rustc_hash::{FxBuildHasher, FxHashMap};
use std::{
    hash::BuildHasher,
    net::{IpAddr, Ipv6Addr},
};

use crate::registry::Identity;

const MINUTE: u64 = 60_000;
/// Pairs that are remembered. With one more, all whose minute is over are forgotten; if there are none, all.
const REMEMBERED: usize = 65_536;

/// From where a key came, and for whom.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tried<'a> {
    /// From where. IPv6 is counted by /64, which is one subscriber.
    pub(super) address: IpAddr,
    /// For whom. `None`: for names that nobody has.
    pub(super) identity: Option<&'a Identity>,
}

impl Tried<'_> {
    fn key(self) -> (IpAddr, u64) {
        let whom = self.identity.map_or(0, |identity| FxBuildHasher.hash_one(identity));
        (subscriber(self.address), whom)
    }
}

/// How many wrong keys came in the last minute.
#[derive(Debug)]
pub(super) struct Attempts {
    tried: Mutex<FxHashMap<(IpAddr, u64), (u64, u32)>>,
    per_minute: u32,
}

impl Attempts {
    pub(super) fn new(per_minute: u32) -> Self {
        Self { tried: Mutex::default(), per_minute }
    }

    pub(super) fn too_many(&self, tried: Tried<'_>, now_ms: u64) -> bool {
        let counts = self.tried.lock();
        let of = counts.get(&tried.key());
        of.is_some_and(|(since, count)| {
            now_ms.saturating_sub(*since) < MINUTE && *count >= self.per_minute
        })
    }

    pub(super) fn failed(&self, tried: Tried<'_>, now_ms: u64) {
        let mut counts = self.tried.lock();
        if counts.len() >= REMEMBERED {
            counts.retain(|_, (since, _)| now_ms.saturating_sub(*since) < MINUTE);
            if counts.len() >= REMEMBERED {
                counts.clear();
            }
        }
        let (since, count) = counts.entry(tried.key()).or_insert((now_ms, 0));
        if now_ms.saturating_sub(*since) >= MINUTE {
            (*since, *count) = (now_ms, 0);
        }
        *count = count.saturating_add(1);
    }
}

/// The address by which somebody is counted.
pub(crate) fn subscriber(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_tries_keys_is_refused_for_the_rest_of_the_minute() {
        let attempts = Attempts::new(2);
        let (one, other) = ("10.0.0.1".parse().unwrap(), "10.0.0.2".parse().unwrap());
        let van = Identity::name("van").unwrap();
        let truck = Identity::name("truck").unwrap();
        let of = |address, identity| Tried { address, identity };
        attempts.failed(of(one, Some(&van)), 1_000);
        assert!(!attempts.too_many(of(one, Some(&van)), 1_000));
        attempts.failed(of(one, Some(&van)), 2_000);
        assert!(attempts.too_many(of(one, Some(&van)), 2_000));
        // Behind the same gateway, and the same from elsewhere.
        assert!(!attempts.too_many(of(one, Some(&truck)), 2_000));
        assert!(!attempts.too_many(of(one, None), 2_000));
        assert!(!attempts.too_many(of(other, Some(&van)), 2_000));
        assert!(!attempts.too_many(of(one, Some(&van)), 61_000));
        let of_one_subscriber: [IpAddr; 2] =
            ["2001:db8::1".parse().unwrap(), "2001:db8::2".parse().unwrap()];
        of_one_subscriber.iter().for_each(|address| attempts.failed(of(*address, None), 0));
        assert!(attempts.too_many(of("2001:db8::3".parse().unwrap(), None), 0));
    }
}
