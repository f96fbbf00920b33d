//! What is shown of unfinalised blocks, and how a view follows from the one before.

use std::{fmt, mem::size_of, sync::Arc};

use super::branches::{BlockId, Link, Move};
use crate::domain::block::Hash;

/// Blocks that were taken back of which views know: who looks less often has to begin anew.
const RETRACTIONS: usize = 1_024;

/// The unfinalised blocks of the node at one time. Nothing of it is certain: any of them may be taken back.
#[derive(Clone, Debug, Default)]
pub struct View {
    /// Whether the node is heard. Where it is not, `blocks` is empty.
    pub connected: bool,
    /// Counts the views: a larger one is a later one.
    pub revision: u64,
    /// The last final block. `None`: the node was never heard.
    pub finalized: Option<BlockId>,
    /// How many unfinalised blocks are between the final one and `blocks`: more than are shown.
    pub gap: u32,
    /// The blocks up to the best one, in order: each is the parent of the next.
    pub blocks: Vec<Arc<LiveBlock>>,
    /// The blocks that were taken back with this view, the highest first. See [`View::retracted_since`].
    pub retracted: Vec<BlockId>,
    /// What was taken back lately, with the view that did it.
    retractions: Arc<Vec<(u64, BlockId)>>,
    /// The first view from which on `retractions` has all.
    whole_since: u64,
}

impl View {
    /// The view before the first: those of a process that begins later have larger revisions.
    pub(super) fn first(revision: u64) -> Self {
        Self { revision, whole_since: revision, ..Self::default() }
    }

    /// The view that follows.
    pub(super) fn moved(&self, change: Move, blocks: Vec<Arc<LiveBlock>>) -> Self {
        let revision = self.revision + 1;
        let (mut retractions, mut whole_since) = (self.retractions.clone(), self.whole_since);
        if change.anew {
            (retractions, whole_since) = (Arc::default(), revision);
        } else if !change.retracted.is_empty() {
            let all = Arc::make_mut(&mut retractions);
            all.extend(change.retracted.iter().map(|id| (revision, *id)));
            let surplus = all.len().saturating_sub(RETRACTIONS);
            if let Some((last, _)) = all.drain(..surplus).next_back() {
                whole_since = last;
            }
        }
        Self {
            connected: true,
            revision,
            finalized: Some(change.finalized),
            gap: change.gap,
            blocks,
            retracted: change.retracted,
            retractions,
            whole_since,
        }
    }

    /// The view while the node is not heard: nothing, and nothing is said to be taken back, for nobody knows.
    pub(super) fn away(&self) -> Self {
        let revision = self.revision + 1;
        Self { revision, finalized: self.finalized, whole_since: revision, ..Self::default() }
    }

    /// The blocks of an earlier view, or of one between, that were taken back and are not in this one: what whoever saw that
    /// view has to undo before looking at `blocks`, however many views were missed. `None`: it is not known any more, and
    /// all that is not final has to be forgotten.
    pub fn retracted_since(&self, revision: u64) -> Option<Vec<BlockId>> {
        // A larger one than this is of another process.
        if revision < self.whole_since || revision > self.revision {
            return None;
        }
        let mut retracted: Vec<BlockId> = Vec::new();
        for (by, id) in self.retractions.iter() {
            let came_back = || self.blocks.iter().any(|block| block.id == *id);
            if *by > revision && !retracted.contains(id) && !came_back() {
                retracted.push(*id);
            }
        }
        Some(retracted)
    }
}

/// An unfinalised block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveBlock {
    /// Its height and hash.
    pub id: BlockId,
    /// The hash of the block before.
    pub parent: Hash,
    /// What is in it, or why that is not shown.
    pub contents: Result<Contents, LeftOut>,
}

impl LiveBlock {
    /// A block whose contents are not shown.
    pub(super) fn without(link: Link, why: LeftOut) -> Self {
        Self { id: link.id, parent: link.parent, contents: Err(why) }
    }

    /// About how many bytes its contents take.
    pub fn size(&self) -> usize {
        let Ok(contents) = &self.contents else { return 0 };
        let extrinsics = contents.extrinsics.iter().map(|extrinsic| {
            let texts = [&extrinsic.pallet, &extrinsic.name, &extrinsic.error];
            size_of::<LiveExtrinsic>() + texts.map(String::len).iter().sum::<usize>()
        });
        let events = contents.events.iter().map(|event| {
            let texts = [&event.pallet, &event.name, &event.fields];
            size_of::<LiveEvent>() + texts.map(String::len).iter().sum::<usize>()
        });
        size_of::<Contents>() + extrinsics.sum::<usize>() + events.sum::<usize>()
    }
}

/// What is in a block, as the index will have it if it becomes final.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contents {
    /// Its time, in milliseconds of the Unix epoch.
    pub time: i64,
    /// The slot for which it was made.
    pub slot: Option<u64>,
    /// The place of its author among the validators of the session.
    pub authority: Option<u32>,
    /// The version of the runtime that ran it.
    pub spec: u32,
    /// Its extrinsics, in order.
    pub extrinsics: Vec<LiveExtrinsic>,
    /// Its events, in order.
    pub events: Vec<LiveEvent>,
}

/// An extrinsic of an unfinalised block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveExtrinsic {
    /// Its blake2b-256.
    pub hash: Hash,
    /// Who signed it, if anybody.
    pub signer: Option<Hash>,
    /// The pallet that it calls.
    pub pallet: String,
    /// The name of the call.
    pub name: String,
    /// Whether it did what it should.
    pub success: bool,
    /// Why not, by name; empty where it did.
    pub error: String,
}

/// An event of an unfinalised block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveEvent {
    /// The place of the extrinsic in which it happened. `None`: before or after all of them.
    pub extrinsic: Option<u32>,
    /// The pallet.
    pub pallet: String,
    /// The event's name.
    pub name: String,
    /// Its fields: JSON, as in the index.
    pub fields: String,
}

/// Why the contents of a block are not shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// As many blocks above it are decoded as may be.
    Blocks,
    /// With it, or with blocks above it, more bytes would be decoded than may be.
    Bytes,
    /// The node does not give them, or they cannot be decoded: says why.
    Unread(String),
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Blocks => f.write_str("more blocks are not final than live.decoded allows"),
            Self::Bytes => {
                f.write_str("it and the blocks above it are larger than live.bytes allows")
            }
            Self::Unread(why) => f.write_str(why),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::{collection::vec, prelude::*};

    use super::*;

    fn id(number: u32, branch: u8) -> BlockId {
        BlockId { number, hash: [branch; 32] }
    }

    /// Blocks are taken back from the top, come on top, and become final at the bottom.
    fn moved(view: &View, [back, more, last]: [usize; 3], branch: u8, anew: bool) -> View {
        let mut ids: Vec<BlockId> = view.blocks.iter().map(|block| block.id).collect();
        let finalized = view.finalized.unwrap_or(id(0, 0));
        let mut retracted = ids.split_off(ids.len().saturating_sub(back));
        for _ in 0..more {
            ids.push(id(ids.last().map_or(finalized.number, |id| id.number) + 1, branch));
        }
        retracted.retain(|id| !ids.contains(id));
        let last = ids.drain(..last.min(ids.len())).next_back().unwrap_or(finalized);
        let change = Move {
            finalized: last,
            gap: 0,
            path: Vec::new(),
            retracted: if anew { Vec::new() } else { retracted.into_iter().rev().collect() },
            anew,
        };
        let block = |id: BlockId| {
            Arc::new(LiveBlock { id, parent: [0; 32], contents: Err(LeftOut::Blocks) })
        };
        view.moved(change, ids.into_iter().map(block).collect())
    }

    proptest! {
        /// Who undoes what was taken back, and drops what may be final, has what the view has, however many were missed.
        #[test]
        fn whoever_misses_views_can_still_undo(
            moves in vec(([0..4_usize, 0..4_usize, 0..3_usize], 0..3_u8, 0..12, any::<bool>()), 1..60),
        ) {
            let mut view = View::default();
            let mut own: Option<(u64, BTreeSet<(u32, Hash)>)> = None;
            for (steps, branch, kind, looks) in moves {
                view = match kind {
                    0 => view.away(),
                    kind => moved(&view, steps, branch, kind == 1 || !view.connected),
                };
                if !looks {
                    continue;
                }
                let (seen, mut had) = own.take().unwrap_or_default();
                match view.retracted_since(seen) {
                    Some(retracted) => {
                        for id in retracted {
                            had.remove(&(id.number, id.hash));
                        }
                    }
                    None => had.clear(),
                }
                let last = view.finalized.map_or(0, |last| last.number);
                had.retain(|(number, _)| *number > last);
                had.extend(view.blocks.iter().map(|block| (block.id.number, block.id.hash)));
                let shown = view.blocks.iter().map(|block| (block.id.number, block.id.hash));
                prop_assert_eq!(&had, &shown.collect::<BTreeSet<_>>());
                own = Some((view.revision, had));
            }
        }
    }

    #[test]
    fn what_was_taken_back_long_ago_is_forgotten_and_that_is_said() {
        let mut view = moved(&View::default(), [0, 1, 0], 1, true);
        let seen = view.revision;
        for branch in (2..=3_u8).cycle().take(RETRACTIONS) {
            view = moved(&view, [1, 1, 0], branch, false);
        }
        assert_eq!(view.retracted_since(seen), Some(vec![id(1, 1), id(1, 2)]));
        view = moved(&view, [1, 1, 0], 4, false);
        assert_eq!(view.retracted_since(seen), None);
        assert_eq!(view.retracted_since(view.revision), Some(Vec::new()));
        assert_eq!(view.away().retracted_since(view.revision), None);
    }
}
