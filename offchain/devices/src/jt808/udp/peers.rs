//! Who is remembered: as many as may be, the quietest leave first, and of them first those who have not authenticated.

use rustc_hash::FxHashMap;
use std::{collections::BTreeMap, net::SocketAddr};
use tokio::time::Instant;

/// A map that forgets. Addresses of UDP are easily invented: who has not authenticated takes no place from who has.
pub(super) struct Peers<T> {
    peers: FxHashMap<SocketAddr, Peer<T>>,
    order: BTreeMap<Rank, SocketAddr>,
    tick: u64,
    most: usize,
}

struct Peer<T> {
    rank: Rank,
    /// When it was heard.
    heard: Instant,
    peer: T,
}

/// Who leaves first is less: not admitted before admitted, then who was quiet for longest.
type Rank = (bool, u64);

impl<T> Peers<T> {
    pub(super) fn new(most: usize) -> Self {
        Self { peers: FxHashMap::default(), order: BTreeMap::new(), tick: 0, most }
    }

    pub(super) fn get(&self, address: &SocketAddr) -> Option<&T> {
        self.peers.get(address).map(|found| &found.peer)
    }

    /// Remembers somebody who was just heard.
    pub(super) fn put(&mut self, address: SocketAddr, peer: T, admitted: bool, heard: Instant) {
        self.remove(&address);
        if self.peers.len() >= self.most {
            if let Some((_, quiet)) = self.order.pop_first() {
                self.peers.remove(&quiet);
            }
        }
        self.tick += 1;
        let rank = (admitted, self.tick);
        self.order.insert(rank, address);
        self.peers.insert(address, Peer { rank, heard, peer });
    }

    pub(super) fn remove(&mut self, address: &SocketAddr) {
        if let Some(found) = self.peers.remove(address) {
            self.order.remove(&found.rank);
        }
    }

    /// When who was quiet for longest was heard.
    pub(super) fn quietest(&self) -> Option<Instant> {
        Some(self.quiet()?.1)
    }

    /// Forgets who was quiet for longest, admitted or not.
    pub(super) fn pop_quietest(&mut self) {
        if let Some((address, _)) = self.quiet() {
            self.remove(&address);
        }
    }

    fn quiet(&self) -> Option<(SocketAddr, Instant)> {
        // Each kind is ordered by when it was heard.
        let first = |admitted| self.order.range((admitted, 0)..=(admitted, u64::MAX)).next();
        let heard = |(_, address): (&Rank, &SocketAddr)| {
            self.peers.get(address).map(|found| (*address, found.heard))
        };
        let kinds = [first(false).and_then(heard), first(true).and_then(heard)];
        kinds.into_iter().flatten().min_by_key(|(_, heard)| *heard)
    }

    pub(super) fn len(&self) -> usize {
        self.peers.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_invents_addresses_pushes_nobody_out_who_has_authenticated() {
        let address = |port| SocketAddr::from(([10, 0, 0, 1], port));
        let mut peers = Peers::new(3);
        peers.put(address(1), "terminal", true, Instant::now());
        for port in 2..100 {
            peers.put(address(port), "invented", false, Instant::now());
        }
        assert_eq!((peers.len(), peers.get(&address(1))), (3, Some(&"terminal")));
        assert_eq!(peers.get(&address(97)), None);
        peers.put(address(99), "proved", true, Instant::now());
        peers.put(address(200), "invented", false, Instant::now());
        assert_eq!(peers.get(&address(98)), None, "the quietest of those who have not");
        peers.remove(&address(1));
        assert_eq!((peers.len(), peers.order.len()), (2, 2));
    }
}
