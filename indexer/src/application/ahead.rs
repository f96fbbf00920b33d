//! Blocks in order, asked for before they are wanted: several steps are on their way at a time, each so large that its answer is
//! about a megabyte or two. What was not taken into a chunk waits for the next.

use std::{collections::VecDeque, ops::RangeInclusive};

use tokio::task::JoinHandle;

use crate::{
    domain::RawBlock,
    error::Error,
    infra::{Index, Node},
};

/// Steps on their way at a time.
const STEPS: usize = 4;
/// Blocks of a step, at most.
const MOST: u32 = 128;
/// Blocks of the first step: nobody knows yet how large they are.
const FIRST: u32 = 8;
/// Bytes that a step should have, about.
const BYTES: usize = 2 << 20;

/// Where blocks are.
#[derive(Clone)]
pub enum Source {
    /// The node.
    Node(Node),
    /// The raw blocks that the index keeps.
    Kept(Index),
}

impl Source {
    async fn blocks(self, range: RangeInclusive<u32>) -> Result<Vec<RawBlock>, Error> {
        match self {
            Self::Node(node) => Ok(node.blocks(range).await?),
            Self::Kept(index) => index.kept(range).await,
        }
    }
}

/// A step on its way: how many blocks were asked for, and the answer.
type Step = (usize, JoinHandle<Result<Vec<RawBlock>, Error>>);

/// Blocks of a source from some height on. What is on its way ends when this is dropped.
pub struct Ahead {
    source: Source,
    /// The height of the next block that is taken.
    next: u32,
    /// The height from which on nothing was asked for yet.
    unasked: u32,
    steps: VecDeque<Step>,
    blocks: VecDeque<RawBlock>,
    /// Blocks of the next step.
    size: u32,
    /// Whether the source has no more.
    ended: bool,
}

impl Ahead {
    /// From a height on.
    pub fn new(source: Source, next: u32) -> Self {
        Self {
            source,
            next,
            unasked: next,
            steps: VecDeque::new(),
            blocks: VecDeque::new(),
            size: FIRST,
            ended: false,
        }
    }

    /// The height of the next block.
    pub fn next(&self) -> u32 {
        self.next
    }

    /// The next block; what is behind it, up to `last`, may be asked for already. `None`: it is behind `last`, or the source
    /// has it not.
    ///
    /// # Errors
    /// The source cannot give it.
    pub async fn take(&mut self, last: u32) -> Result<Option<RawBlock>, Error> {
        loop {
            self.ask(last);
            if let Some(block) = self.blocks.pop_front() {
                self.next += 1;
                return Ok(Some(block));
            }
            let Some((wanted, answer)) = self.steps.pop_front() else { return Ok(None) };
            let blocks = answer
                .await
                .map_err(|error| Error::BrokeOff { part: "fetching", why: error.to_string() })??;
            self.ended = blocks.len() < wanted;
            if self.ended {
                self.forget_steps();
            }
            self.size = fitting(self.size, &blocks);
            self.blocks.extend(blocks);
        }
    }

    fn ask(&mut self, last: u32) {
        while !self.ended && self.steps.len() < STEPS && self.unasked <= last {
            let end = last.min(self.unasked.saturating_add(self.size - 1));
            let wanted = usize::try_from(end - self.unasked + 1).unwrap_or(usize::MAX);
            let answer = tokio::spawn(self.source.clone().blocks(self.unasked..=end));
            self.steps.push_back((wanted, answer));
            self.unasked = end.saturating_add(1);
        }
    }

    fn forget_steps(&mut self) {
        for (_, answer) in self.steps.drain(..) {
            answer.abort();
        }
    }
}

impl Drop for Ahead {
    fn drop(&mut self) {
        self.forget_steps();
    }
}

/// How many blocks fit the next step, when these are like those to come. It grows slowly and shrinks at once.
fn fitting(size: u32, blocks: &[RawBlock]) -> u32 {
    let bytes: usize = blocks.iter().map(RawBlock::size).sum();
    let fit = (BYTES * blocks.len()).checked_div(bytes).unwrap_or(1);
    u32::try_from(fit).unwrap_or(MOST).clamp(1, MOST).min(size * 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(bytes: usize, count: usize) -> Vec<RawBlock> {
        vec![RawBlock { events: vec![0; bytes], ..RawBlock::default() }; count]
    }

    #[test]
    fn steps_are_large_where_blocks_are_small() {
        assert_eq!(fitting(FIRST, &of(300, 8)), 32);
        assert_eq!(fitting(64, &of(300, 64)), MOST);
        assert_eq!(fitting(MOST, &of(1 << 20, 16)), 2);
        assert_eq!(fitting(2, &of(5 << 20, 2)), 1);
        assert_eq!(fitting(1, &of(300, 1)), 4);
        assert_eq!(fitting(8, &[]), 1);
    }
}
