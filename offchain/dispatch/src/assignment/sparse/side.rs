//! The problem as it looks from one side: rows towards columns, or columns towards rows.

use super::NOBODY;

/// Who could be paired with whom, and for how much.
#[derive(Clone, Debug, Default)]
pub(super) struct Links {
    /// Where the partners of each node begin, and in the end where the last one's end. At most 2^26.
    pub(super) starts: Vec<u32>,
    /// The partners of all nodes, one node after the other.
    pub(super) partners: Vec<u32>,
    /// What each pair costs.
    pub(super) costs: Vec<i64>,
}

impl Links {
    /// The partners of a node, and what each pair costs.
    #[inline]
    pub(super) fn of(&self, node: usize) -> impl Iterator<Item = (usize, i64)> + '_ {
        let range = self.starts[node] as usize..self.starts[node + 1] as usize;
        let partners = self.partners[range.clone()].iter();
        partners.zip(&self.costs[range]).map(|(partner, cost)| (*partner as usize, *cost))
    }

    /// The same pairs, seen from the `others` nodes of the other side.
    pub(super) fn turned(&self, others: usize) -> Self {
        let mut starts = vec![0; others + 1];
        for partner in &self.partners {
            starts[*partner as usize + 1] += 1;
        }
        for node in 0..others {
            starts[node + 1] += starts[node];
        }
        let mut next = starts.clone();
        let mut partners = vec![0; self.partners.len()];
        let mut costs = vec![0; self.costs.len()];
        for (node, range) in (0..).zip(self.starts.windows(2)) {
            for pair in range[0] as usize..range[1] as usize {
                let place = &mut next[self.partners[pair] as usize];
                partners[*place as usize] = node;
                costs[*place as usize] = self.costs[pair];
                *place += 1;
            }
        }
        Self { starts, partners, costs }
    }
}

/// How the nodes of one side stand.
#[derive(Clone, Debug)]
pub(super) struct Standing {
    /// What being alone costs each: for a row that of waiting, for a column nothing.
    pub(super) alone: Vec<i64>,
    /// The dual values: never above `alone`.
    pub(super) dual: Vec<i64>,
    /// The partner of each, or [`NOBODY`].
    pub(super) mate: Vec<u32>,
}

impl Standing {
    /// Everybody without a partner.
    pub(super) fn new(alone: Vec<i64>, dual: Vec<i64>) -> Self {
        let mate = vec![NOBODY; alone.len()];
        Self { alone, dual, mate }
    }

    /// Whether the node still needs a partner: it has none, and being alone would cost it too much.
    #[inline]
    pub(super) fn unsettled(&self, node: usize) -> bool {
        self.mate[node] == NOBODY && self.dual[node] != self.alone[node]
    }
}

/// Separates all pairs and gives every node of `own` the largest dual value that the others'
/// allow, so that no pair costs less than its two dual values; then pairs who can be at no loss.
pub(super) fn start_over(links: &Links, own: &mut Standing, other: &mut Standing) {
    other.mate.fill(NOBODY);
    for node in 0..own.dual.len() {
        let (mut least, mut best) = (own.alone[node], NOBODY);
        for (partner, cost) in links.of(node) {
            let left = cost - other.dual[partner];
            if left < least {
                // Nodes are numbered with 32 bits.
                (least, best) = (left, partner as u32);
            }
        }
        own.dual[node] = least;
        own.mate[node] = NOBODY;
        if best != NOBODY && other.mate[best as usize] == NOBODY {
            own.mate[node] = best;
            other.mate[best as usize] = node as u32;
        }
    }
}
