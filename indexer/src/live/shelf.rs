//! Decoded blocks, by hash: those of the view first, then those of other branches, for the best one may go back to them.

use std::{cmp::Reverse, sync::Arc};

use rustc_hash::FxHashMap;

use super::{
    branches::Link,
    view::{LeftOut, LiveBlock},
};
use crate::domain::block::Hash;

/// Decoded blocks: once shown, no more than may be.
#[derive(Debug)]
pub struct Shelf {
    most: usize,
    most_bytes: usize,
    blocks: FxHashMap<Hash, Arc<LiveBlock>>,
}

/// What may still be decoded.
struct Room {
    blocks: usize,
    bytes: usize,
}

impl Room {
    /// Makes room for a block. Where there is none, nothing has room after it: what is left out is what is older.
    fn take(&mut self, block: &LiveBlock) -> Result<(), LeftOut> {
        match (self.blocks.checked_sub(1), self.bytes.checked_sub(block.size())) {
            (None, _) => Err(LeftOut::Blocks),
            (_, None) => {
                self.bytes = 0;
                Err(LeftOut::Bytes)
            }
            (Some(blocks), Some(bytes)) => {
                *self = Self { blocks, bytes };
                Ok(())
            }
        }
    }
}

impl Shelf {
    /// With so many blocks, and so many bytes in all, at most.
    pub fn new(most: usize, most_bytes: usize) -> Self {
        Self { most, most_bytes, blocks: FxHashMap::default() }
    }

    /// Puts a block onto it.
    pub fn put(&mut self, block: LiveBlock) {
        self.blocks.insert(block.id.hash, Arc::new(block));
    }

    /// Forgets what another node, or the same a while later, may give.
    pub fn forget_unread(&mut self) {
        self.blocks.retain(|_, block| block.contents.is_ok());
    }

    /// The highest block of a path that has room and is not here.
    pub fn wanted(&self, path: &[Link]) -> Option<Link> {
        self.fill(path).1
    }

    /// The blocks of a path, in order. What is not above the last final block goes, and what of other branches has no room.
    pub fn show(&mut self, path: &[Link], finalized: u32) -> Vec<Arc<LiveBlock>> {
        let (mut shown, _, mut room) = self.fill(path);
        let mut kept: FxHashMap<Hash, Arc<LiveBlock>> = FxHashMap::default();
        // A block that had no room for its bytes is not asked for again.
        let asked = shown.iter().filter(|block| block.contents != Err(LeftOut::Blocks));
        kept.extend(asked.map(|block| (block.id.hash, block.clone())));
        let mut others: Vec<_> = self.blocks.drain().collect();
        others.retain(|(hash, block)| !kept.contains_key(hash) && block.id.number > finalized);
        others.sort_by_key(|(hash, block)| (Reverse(block.id.number), *hash));
        for (hash, block) in others {
            if room.take(&block).is_err() {
                break;
            }
            kept.insert(hash, block);
        }
        self.blocks = kept;
        shown.reverse();
        shown
    }

    /// Goes down a path as long as blocks are here or have no room: those blocks, the first that is wanted, and the room
    /// that is left.
    fn fill(&self, path: &[Link]) -> (Vec<Arc<LiveBlock>>, Option<Link>, Room) {
        let mut room = Room { blocks: self.most, bytes: self.most_bytes };
        let mut shown = Vec::with_capacity(path.len());
        for link in path.iter().rev() {
            let without = |why| Arc::new(LiveBlock::without(*link, why));
            let block = match self.blocks.get(&link.id.hash) {
                _ if room.blocks == 0 => without(LeftOut::Blocks),
                None if room.bytes == 0 => without(LeftOut::Bytes),
                None => return (shown, Some(*link), room),
                // It was left out before, and all below it with it.
                Some(block) if block.contents == Err(LeftOut::Bytes) => {
                    room.bytes = 0;
                    block.clone()
                }
                Some(block) => match room.take(block) {
                    Ok(()) => block.clone(),
                    Err(why) => without(why),
                },
            };
            shown.push(block);
        }
        (shown, None, room)
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;
    use crate::live::{
        branches::BlockId,
        view::{Contents, LiveEvent},
    };

    /// A path of blocks 1 to `count`, of which those above `fork` are of another branch.
    fn path(count: usize, fork: usize, branch: u8) -> Vec<Link> {
        let hash = |number: usize| {
            let of = if number > fork { branch } else { 0 };
            [of, u8::try_from(number).unwrap()].repeat(16).try_into().unwrap()
        };
        let link = |number: usize| Link {
            id: BlockId { number: u32::try_from(number).unwrap(), hash: hash(number) },
            parent: hash(number - 1),
        };
        (1..=count).map(link).collect()
    }

    fn block(link: Link, bytes: usize) -> LiveBlock {
        let fields = "x".repeat(bytes);
        let event =
            LiveEvent { extrinsic: None, pallet: String::new(), name: String::new(), fields };
        let (extrinsics, events) = (Vec::new(), vec![event]);
        let contents =
            Contents { time: 0, slot: None, authority: None, spec: 1, extrinsics, events };
        LiveBlock { id: link.id, parent: link.parent, contents: Ok(contents) }
    }

    proptest! {
        #[test]
        fn what_is_decoded_is_the_highest_and_has_a_bound(
            most in 1..8_usize,
            most_bytes in 300..6_000_usize,
            paths in vec((1..12_usize, 0..12_usize, 0..3_u8, 0..3_000_usize), 1..12),
        ) {
            let mut shelf = Shelf::new(most, most_bytes);
            for (count, fork, branch, bytes) in paths {
                let path = path(count, fork, branch);
                let mut fetched = 0;
                while let Some(link) = shelf.wanted(&path) {
                    shelf.put(block(link, bytes));
                    fetched += 1;
                    prop_assert!(fetched <= most);
                }
                let shown = shelf.show(&path, 0);
                let same = |(block, link): (&Arc<LiveBlock>, &Link)| block.id == link.id;
                prop_assert!(shown.len() == path.len() && shown.iter().zip(&path).all(same));
                // Whatever is without contents is below whatever has some.
                let with: Vec<bool> = shown.iter().map(|block| block.contents.is_ok()).collect();
                prop_assert!(with.is_sorted(), "{:?}", with);
                let held = shelf.blocks.values().filter(|block| block.contents.is_ok());
                prop_assert!(held.clone().count() <= most);
                prop_assert!(held.map(|block| block.size()).sum::<usize>() <= most_bytes);
                // The same path again asks for nothing.
                prop_assert_eq!(shelf.wanted(&path), None);
                prop_assert_eq!(shelf.show(&path, 0), shown);
            }
        }
    }

    #[test]
    fn a_branch_that_is_the_best_again_is_not_decoded_again() {
        let mut shelf = Shelf::new(8, 1 << 20);
        let [first, second] = [path(3, 1, 1), path(3, 1, 2)];
        for (path, wanted) in [(&first, 3), (&second, 2), (&first, 0), (&second, 0)] {
            let mut fetched = 0;
            while let Some(link) = shelf.wanted(path) {
                shelf.put(block(link, 10));
                fetched += 1;
            }
            assert_eq!(fetched, wanted);
            assert!(shelf.show(path, 0).iter().all(|block| block.contents.is_ok()));
        }
    }
}
