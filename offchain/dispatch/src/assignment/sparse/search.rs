//! Shortest augmenting paths (Dijkstra's search over reduced costs, which are never negative).

use std::{cmp::Reverse, collections::BinaryHeap};

use super::{
    side::{Links, Standing},
    MAX_COLUMNS, MAX_ROWS, NOBODY,
};

/// Bits of a node's number in the queue's keys: the rest is its distance, which stays below 2^43.
const NODE_BITS: u32 = 20;
const _: () = assert!(MAX_ROWS <= 1 << NODE_BITS && MAX_COLUMNS <= 1 << NODE_BITS);

/// What nobody has reached is farther away than anything.
const FAR: i64 = i64::MAX;

/// Where a path ends, so that everybody on it is settled.
#[derive(Clone, Copy)]
enum End {
    /// At a node of the other side that has no partner.
    Free(usize),
    /// At a node of our own side, which will be alone.
    Alone(usize),
}

/// The memory of searches from one side, kept from one to the next.
pub(super) struct Search {
    /// How far away the nodes of the other side are.
    distance: Vec<i64>,
    /// The node of our own side from which each was reached.
    from: Vec<u32>,
    /// Which have a distance.
    reached: Vec<u32>,
    /// Which are in the tree of shortest paths, in the order of their distance.
    tree: Vec<u32>,
    /// Reached at the distance of the moment: they need no queue.
    level: Vec<u32>,
    /// Reached at a larger distance, the nearest first; of a node's entries the last one counts.
    queue: BinaryHeap<Reverse<u64>>,
}

impl Search {
    /// Memory for searches among so many nodes of the other side.
    pub(super) fn new(others: usize) -> Self {
        Self {
            distance: vec![FAR; others],
            from: vec![NOBODY; others],
            reached: Vec::new(),
            tree: Vec::new(),
            level: Vec::new(),
            queue: BinaryHeap::new(),
        }
    }

    /// Settles every unsettled node of `own`, one after the other. Dual values must allow every pair,
    /// and be exact for every pair that is together; they are so afterwards.
    pub(super) fn settle_all(&mut self, links: &Links, own: &mut Standing, other: &mut Standing) {
        for node in 0..own.dual.len() {
            if own.unsettled(node) {
                let (end, length) = self.grow(links, own, other, node);
                self.reprice(own, other, node, length);
                self.pair_along(own, other, node, end);
                self.forget();
            }
        }
    }

    /// Finds the shortest path from `root` to an end.
    fn grow(&mut self, links: &Links, own: &Standing, other: &Standing, root: usize) -> (End, i64) {
        let (mut end, mut length) = (End::Alone(root), own.alone[root] - own.dual[root]);
        let (mut node, mut distance) = (root, 0);
        loop {
            let base = distance - own.dual[node];
            for (partner, cost) in links.of(node) {
                let reach = base + cost - other.dual[partner];
                if reach >= length || reach >= self.distance[partner] {
                    continue;
                }
                self.reach(partner, reach, node);
                if other.mate[partner] == NOBODY {
                    (end, length) = (End::Free(partner), reach);
                } else if reach == distance {
                    self.level.push(partner as u32);
                } else {
                    self.queue.push(Reverse(key(reach, partner)));
                }
            }
            let alone = base + own.alone[node];
            if alone < length {
                (end, length) = (End::Alone(node), alone);
            }
            match self.nearest(distance, length) {
                Some((partner, at)) => {
                    self.tree.push(partner as u32);
                    (node, distance) = (other.mate[partner] as usize, at);
                }
                None => return (end, length),
            }
        }
    }

    #[inline]
    fn reach(&mut self, partner: usize, distance: i64, from: usize) {
        if self.distance[partner] == FAR {
            // Nodes are numbered with 20 bits.
            self.reached.push(partner as u32);
        }
        self.distance[partner] = distance;
        self.from[partner] = from as u32;
    }

    /// The nearest node that is not in the tree yet, if it is nearer than `length`.
    #[inline]
    fn nearest(&mut self, distance: i64, length: i64) -> Option<(usize, i64)> {
        if distance == length {
            return None;
        }
        if let Some(partner) = self.level.pop() {
            return Some((partner as usize, distance));
        }
        while let Some(Reverse(key)) = self.queue.pop() {
            let (at, partner) = unkey(key);
            if at >= length {
                return None;
            }
            if at == self.distance[partner] {
                return Some((partner, at));
            }
        }
        None
    }

    /// Shifts the dual values in the tree, so that the whole path costs exactly what they say.
    fn reprice(&self, own: &mut Standing, other: &mut Standing, root: usize, length: i64) {
        own.dual[root] += length;
        for partner in &self.tree {
            let partner = *partner as usize;
            let shift = length - self.distance[partner];
            other.dual[partner] -= shift;
            own.dual[other.mate[partner] as usize] += shift;
        }
    }

    /// Pairs everybody on the path with the next one on it.
    fn pair_along(&self, own: &mut Standing, other: &mut Standing, root: usize, end: End) {
        let mut partner = match end {
            End::Free(partner) => partner,
            End::Alone(node) if node == root => return,
            End::Alone(node) => std::mem::replace(&mut own.mate[node], NOBODY) as usize,
        };
        loop {
            let node = self.from[partner] as usize;
            other.mate[partner] = node as u32;
            let left = std::mem::replace(&mut own.mate[node], partner as u32);
            if node == root {
                return;
            }
            partner = left as usize;
        }
    }

    fn forget(&mut self) {
        for partner in self.reached.drain(..) {
            self.distance[partner as usize] = FAR;
        }
        self.tree.clear();
        self.level.clear();
        self.queue.clear();
    }
}

/// Orders by distance, then by number. Distances are not negative.
#[inline]
fn key(distance: i64, node: usize) -> u64 {
    distance.cast_unsigned() << NODE_BITS | node as u64
}

#[inline]
fn unkey(key: u64) -> (i64, usize) {
    ((key >> NODE_BITS).cast_signed(), (key & ((1 << NODE_BITS) - 1)) as usize)
}
