//! Counts what a stretch of final blocks holds.

use smartlink_chain::{api::settlement::events::BatchSettled, queries, At, Chain, ChainError};

use crate::Error;

/// What is counted in a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counted {
    /// Transfers of balances.
    Transfers,
    /// Settled rides.
    Rides,
}

/// What one block holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Load {
    /// Transactions of the kind that is counted.
    pub transactions: u64,
    /// Transfers or rides.
    pub items: u64,
}

/// Counts in one block, by its events: what failed is not counted.
pub(super) async fn count(at: &At, counted: Counted) -> Result<Load, ChainError> {
    let events = at.events().fetch().await.map_err(ChainError::query("a block's events"))?;
    let mut load = Load { transactions: 0, items: 0 };
    match counted {
        Counted::Transfers => {
            for event in events.iter() {
                let event = event.map_err(ChainError::query("an event"))?;
                if (event.pallet_name(), event.event_name()) == ("Balances", "Transfer") {
                    load.transactions += 1;
                    load.items += 1;
                }
            }
        }
        Counted::Rides => {
            for event in events.find::<BatchSettled>() {
                let event = event.map_err(ChainError::query("Settlement::BatchSettled"))?;
                load.transactions += 1;
                load.items += u64::from(event.rides);
            }
        }
    }
    Ok(load)
}

/// A stretch of blocks under load, without the block at its beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Window {
    /// Milliseconds from the block before the first to the last, by the blocks' own times.
    pub milliseconds: u64,
    /// Blocks.
    pub blocks: u64,
    /// Transfers or rides in them.
    pub items: u64,
    /// Blocks that hold none.
    pub empty_blocks: u64,
}

/// A block's time in milliseconds, and its items.
type Sample = (u64, u64);

impl Window {
    /// Seconds from its beginning to its end.
    pub fn seconds(&self) -> f64 {
        self.milliseconds as f64 / 1000.0
    }

    /// Items a second.
    pub fn per_second(&self) -> f64 {
        self.items as f64 / self.seconds()
    }

    /// The window of at most so many seconds in these blocks: it begins with the time of the first block
    /// that holds something, whose own items do not count, and ends at the last that holds something.
    fn of(samples: &[Sample], seconds: u64) -> Option<Self> {
        let first = samples.iter().position(|(_, items)| *items > 0)?;
        let begin = samples[first].0;
        let within = |sample: &&Sample| sample.0 <= begin + seconds * 1000;
        let inside: Vec<&Sample> = samples[first + 1..].iter().take_while(within).collect();
        let last = inside.iter().rposition(|(_, items)| *items > 0)?;
        let inside = &inside[..=last];
        Some(Self {
            milliseconds: inside[last].0 - begin,
            blocks: inside.len() as u64,
            items: inside.iter().map(|(_, items)| items).sum(),
            empty_blocks: inside.iter().filter(|(_, items)| *items == 0).count() as u64,
        })
    }

    /// Reads the blocks from `first` to `last`.
    ///
    /// # Errors
    /// They hold nothing that is counted, or cannot be read.
    pub async fn read(
        chain: &Chain,
        counted: Counted,
        first: u64,
        last: u64,
        seconds: u64,
    ) -> Result<Self, Error> {
        let mut samples = Vec::new();
        for number in first..=last {
            let at = chain.at_number(number).await?;
            samples.push((queries::timestamp_ms(&at).await?, count(&at, counted).await?.items));
        }
        Self::of(&samples, seconds).ok_or_else(|| {
            Error::Asked(format!(
                "blocks {first} to {last} hold too little to measure: look at the node's log"
            ))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_block_sets_the_clock_and_is_not_counted() {
        let samples = [(0, 0), (2_000, 7), (4_000, 10), (6_000, 0), (8_000, 10), (10_000, 0)];
        let window = Window::of(&samples, 60).unwrap();
        assert_eq!(window, Window { milliseconds: 6_000, blocks: 3, items: 20, empty_blocks: 1 });
        assert_eq!(Window::of(&samples, 2).unwrap().items, 10);
        assert_eq!(Window::of(&[(0, 0), (2_000, 5)], 60), None);
    }
}
