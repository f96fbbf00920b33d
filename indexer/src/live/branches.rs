//! Which blocks are the view: the path from the last final block up to the best one, in whatever order word of them comes.
//!
//! ```text
//!            ┌─ 11' ─ 12'          before: the best is 12', the path is 11' 12'
//!  10 final ─┤
//!            └─ 11 ── 12 ── 13     now: the best is 13, the path is 11 12 13, and 12' 11' are retracted
//! ```
//!
//! It asks nobody: [`Branches::settle`] names the header that it lacks, and whoever has it teaches it by
//! [`Branches::learn`].

use std::fmt;

use rustc_hash::FxHashMap;

use crate::domain::{block::Hash, value::hex};

/// A block by height and hash.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct BlockId {
    /// Its height.
    pub number: u32,
    /// Its hash.
    pub hash: Hash,
}

impl fmt::Display for BlockId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.number, hex(&self.hash))
    }
}

impl fmt::Debug for BlockId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// What a header says of its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// The block.
    pub id: BlockId,
    /// The hash of the block before.
    pub parent: Hash,
}

/// What has become of the view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Nobody has named the best and the last final block yet.
    Waits,
    /// The header of this block is needed.
    Missing(Hash),
    /// It is as it was.
    Stays,
    /// It is another one.
    Moves(Move),
}

/// A view that is another than before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// The last final block.
    pub finalized: BlockId,
    /// How many unfinalised blocks are between it and the path: more than may be shown.
    pub gap: u32,
    /// The blocks up to the best one, in order. Empty: the best is final, or none that follows the final one was named yet.
    pub path: Vec<Link>,
    /// The blocks of the path before that are neither final nor below the best one any more, the highest first.
    pub retracted: Vec<BlockId>,
    /// Nothing is known of the path before: it is the first, or the chain has gone on too far since. `retracted` is empty.
    pub anew: bool,
}

/// Headers above the last final block, and the path through them.
#[derive(Debug)]
pub struct Branches {
    most: usize,
    links: FxHashMap<Hash, Link>,
    best: Option<Link>,
    finalized: Option<BlockId>,
    /// The view as it was settled last: final block, gap, path.
    settled: Option<(BlockId, u32, Vec<Link>)>,
}

impl Branches {
    /// Without any word yet. The path has at most so many blocks.
    pub fn new(most: usize) -> Self {
        let links = FxHashMap::default();
        Self { most, links, best: None, finalized: None, settled: None }
    }

    /// The best block is this one. The last word counts, also where its block is lower. Whether it is another one.
    pub fn best(&mut self, link: Link) -> bool {
        self.learn(link);
        self.best.replace(link) != Some(link)
    }

    /// The last final block is this one. Word of one that is not higher comes late, and is not heard. Whether it is higher.
    pub fn finalized(&mut self, id: BlockId) -> bool {
        let higher = self.finalized.is_none_or(|known| id.number > known.number);
        if higher {
            self.finalized = Some(id);
        }
        higher
    }

    /// There is a block with such a header.
    pub fn learn(&mut self, link: Link) {
        self.links.insert(link.id.hash, link);
    }

    /// Finds the path. Where it names a header that is missing, it wants to be called again when that was learnt: after at
    /// most four times as many as the path may have blocks, the path is there.
    pub fn settle(&mut self) -> Step {
        let (Some(best), Some(finalized)) = (self.best, self.finalized) else { return Step::Waits };
        let (path, gap) = match self.path(best, finalized) {
            Ok(found) => found,
            Err(missing) => return Step::Missing(missing),
        };
        let settled = (finalized, gap, path);
        if self.settled.as_ref() == Some(&settled) {
            self.prune(finalized);
            return Step::Stays;
        }
        let path = settled.2.clone();
        let end = path.last().map_or(finalized, |link| link.id);
        let kept = match self.kept(end).and_then(|end| Ok((end, self.kept(finalized)?))) {
            // What is below the best block or final was not taken back.
            Ok((end, last)) => end.zip(last).map(|(end, last)| end.max(last)),
            Err(missing) => return Step::Missing(missing),
        };
        let before = self.settled.take().map(|(_, _, path)| path).unwrap_or_default();
        let retracted = match kept {
            Some(kept) => before[kept..].iter().rev().map(|link| link.id).collect(),
            None => Vec::new(),
        };
        self.settled = Some(settled);
        self.prune(finalized);
        Step::Moves(Move { finalized, gap, path, retracted, anew: kept.is_none() })
    }

    /// The path down from the best block, at most so long, and how many blocks are between it and the final one.
    fn path(&self, best: Link, finalized: BlockId) -> Result<(Vec<Link>, u32), Hash> {
        let mut path = Vec::new();
        let mut at = best.id;
        while at.number > finalized.number && path.len() < self.most {
            let link = self.links.get(&at.hash).ok_or(at.hash)?;
            path.push(*link);
            at = BlockId { number: at.number - 1, hash: link.parent };
        }
        let gap = at.number.saturating_sub(finalized.number);
        // The best block is of a branch that is dead, or below the final one: word of a better one is on its way.
        if gap == 0 && at != finalized {
            path.clear();
        }
        path.reverse();
        Ok((path, gap))
    }

    /// How many blocks of the path before, from its beginning, are a block or below it. `None`: it cannot be told, for there
    /// was none, or too many came in between.
    fn kept(&self, end: BlockId) -> Result<Option<usize>, Hash> {
        let Some((_, _, before)) = &self.settled else { return Ok(None) };
        let (Some(first), Some(last)) = (before.first(), before.last()) else { return Ok(Some(0)) };
        let above = end.number.saturating_sub(last.id.number);
        if usize::try_from(above).map_or(true, |above| above > self.most) {
            return Ok(None);
        }
        let mut at = end;
        while at.number >= first.id.number {
            let place = usize::try_from(at.number - first.id.number).unwrap_or(usize::MAX);
            if before.get(place).is_some_and(|link| link.id == at) {
                return Ok(Some(place + 1));
            }
            if place == 0 {
                break;
            }
            let link = self.links.get(&at.hash).ok_or(at.hash)?;
            at = BlockId { number: at.number - 1, hash: link.parent };
        }
        Ok(Some(0))
    }

    /// Forgets headers that no path can need, and where there are too many, all beside the path.
    fn prune(&mut self, finalized: BlockId) {
        self.links.retain(|_, link| link.id.number > finalized.number);
        if self.links.len() > self.most * 4 {
            self.links.clear();
            let path = self.settled.iter().flat_map(|(_, _, path)| path);
            self.links.extend(path.chain(&self.best).map(|link| (link.id.hash, *link)));
        }
    }
}

#[cfg(test)]
mod tests;
