//! Bidding: a node without a partner takes the one that serves it best, from whomever that one is with,
//! and pays so much for it that it is left no better off than with its second choice.

use super::{
    side::{Links, Standing},
    NOBODY,
};

/// Lets every unsettled node of `own` bid until all are settled, or `most` bids are made.
///
/// With an `error` of zero no pair ever costs less than its two dual values, and a bidder who would gain nothing
/// stays unsettled. With a larger one each bid goes further by the error, which ends wars of small
/// steps, and dual values may be wrong by it.
pub(super) fn bid_all(
    links: &Links,
    own: &mut Standing,
    other: &mut Standing,
    error: i64,
    most: usize,
) {
    let mut bids = 0;
    for node in 0..own.dual.len() {
        let mut next = Some(node);
        while let Some(bidder) = next.filter(|bidder| own.unsettled(*bidder)) {
            if bids == most {
                return;
            }
            bids += 1;
            next = bid(links, own, other, bidder, error);
        }
    }
}

/// One bid; who lost a partner by it.
fn bid(
    links: &Links,
    own: &mut Standing,
    other: &mut Standing,
    bidder: usize,
    error: i64,
) -> Option<usize> {
    let alone = own.alone[bidder];
    let (mut first, mut second, mut target) = (alone, alone, NOBODY as usize);
    for (partner, cost) in links.of(bidder) {
        // Within 2^44, as all dual values and costs are.
        let left = cost.wrapping_sub(other.dual[partner]);
        if left < first {
            (first, second, target) = (left, first, partner);
        } else if left < second {
            second = left;
        }
    }
    if target == NOBODY as usize {
        own.dual[bidder] = alone;
        return None;
    }
    if first == second && other.mate[target] != NOBODY {
        // As good, and nobody has to be driven out.
        let equal = |(partner, cost): &(usize, i64)| {
            other.mate[*partner] == NOBODY && cost - other.dual[*partner] == first
        };
        if let Some((partner, _)) = links.of(bidder).find(equal) {
            target = partner;
        } else if error == 0 {
            own.dual[bidder] = first;
            return None;
        }
    }
    let dual = (second + error).min(alone);
    own.dual[bidder] = dual;
    other.dual[target] -= dual - first;
    // Nodes are numbered with 32 bits.
    own.mate[bidder] = target as u32;
    let driven_out = std::mem::replace(&mut other.mate[target], bidder as u32);
    if driven_out == NOBODY {
        return None;
    }
    own.mate[driven_out as usize] = NOBODY;
    Some(driven_out as usize)
}
