//! Wrong keys by address.

use parking_lot::Mutex;
use rustc_hash::FxHashMap;
use std::net::{IpAddr, Ipv6Addr};

const MINUTE: u64 = 60_000;
/// Addresses that are remembered. With one more, all whose minute is over are forgotten; if there are none, all.
const ADDRESSES: usize = 65_536;

/// How many wrong keys came from where in the last minute. IPv6 is counted by /64, which is one subscriber.
#[derive(Debug)]
pub(super) struct Attempts {
    by_address: Mutex<FxHashMap<IpAddr, (u64, u32)>>,
    per_minute: u32,
}

impl Attempts {
    pub(super) fn new(per_minute: u32) -> Self {
        Self { by_address: Mutex::default(), per_minute }
    }

    pub(super) fn too_many(&self, address: IpAddr, now_ms: u64) -> bool {
        let by_address = self.by_address.lock();
        let of = by_address.get(&subscriber(address));
        of.is_some_and(|(since, count)| {
            now_ms.saturating_sub(*since) < MINUTE && *count >= self.per_minute
        })
    }

    pub(super) fn failed(&self, address: IpAddr, now_ms: u64) {
        let mut by_address = self.by_address.lock();
        if by_address.len() >= ADDRESSES {
            by_address.retain(|_, (since, _)| now_ms.saturating_sub(*since) < MINUTE);
            if by_address.len() >= ADDRESSES {
                by_address.clear();
            }
        }
        let (since, count) = by_address.entry(subscriber(address)).or_insert((now_ms, 0));
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
        attempts.failed(one, 1_000);
        assert!(!attempts.too_many(one, 1_000));
        attempts.failed(one, 2_000);
        assert!(attempts.too_many(one, 2_000));
        assert!(!attempts.too_many(other, 2_000));
        assert!(!attempts.too_many(one, 61_000));
        let of_one_subscriber: [IpAddr; 2] =
            ["2001:db8::1".parse().unwrap(), "2001:db8::2".parse().unwrap()];
        of_one_subscriber.iter().for_each(|address| attempts.failed(*address, 0));
        assert!(attempts.too_many("2001:db8::3".parse().unwrap(), 0));
    }
}
