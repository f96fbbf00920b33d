//! Blocks that somebody wants to prove from.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::Notify;

/// Wishes that are open, at most. The furthest ones are forgotten, and whoever still waits asks again.
const MOST: usize = 64;

/// The blocks that are wanted, the lowest first: no wish for a later one stands in the way of it. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Wishes(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    blocks: Mutex<BTreeSet<u32>>,
    woken: Notify,
}

impl Wishes {
    /// Notes a wish, and wakes the relayer.
    pub fn want(&self, block: u32) {
        self.with(|blocks| {
            blocks.insert(block);
            if blocks.len() > MOST {
                blocks.pop_last();
            }
        });
        self.0.woken.notify_one();
    }

    /// The lowest block that is wanted, of those that the contract has no later one than. The others are met.
    pub fn open(&self, latest: u32) -> Option<u32> {
        self.with(|blocks| {
            blocks.retain(|block| *block >= latest);
            blocks.first().copied()
        })
    }

    /// Waits until one is noted.
    pub async fn noted(&self) {
        self.0.woken.notified().await;
    }

    fn with<T>(&self, look: impl FnOnce(&mut BTreeSet<u32>) -> T) -> T {
        // Whatever broke off left a set of wishes.
        look(&mut self.0.blocks.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wish_is_open_until_a_later_block_is_held() {
        let wishes = Wishes::default();
        assert_eq!(wishes.open(0), None);
        wishes.want(9);
        wishes.want(5);
        assert_eq!(wishes.open(3), Some(5));
        assert_eq!(wishes.open(8), Some(9));
        // The leaf about block 9 is in the MMR of block 10.
        assert_eq!(wishes.open(9), Some(9));
        assert_eq!(wishes.open(10), None);
    }

    #[test]
    fn wishes_for_later_blocks_do_not_displace_an_earlier_one() {
        let wishes = Wishes::default();
        wishes.want(940);
        (0..1_000).for_each(|more| wishes.want(u32::MAX - more));
        assert_eq!(wishes.open(930), Some(940));
        // At the bound as well.
        wishes.want(935);
        assert_eq!(wishes.open(930), Some(935));
        assert_eq!(wishes.with(|blocks| blocks.len()), MOST);
    }
}
