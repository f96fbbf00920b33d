//! Counts what a stretch of final blocks holds.

use std::{ops::RangeInclusive, time::Duration};

use smartlink_chain::{api::settlement::events::BatchSettled, queries, At, Chain, ChainError};

use super::press::check_success;
use crate::Error;

/// The time of a slot.
pub(super) const SLOT: Duration = Duration::from_secs(2);

/// What is counted in a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counted {
    /// Transfers of balances.
    Transfers,
    /// Settled rides.
    Rides,
}

/// Counts in one block, by its events: what failed is not counted.
async fn count(at: &At, counted: Counted) -> Result<u64, ChainError> {
    let events = at.events().fetch().await.map_err(ChainError::query("a block's events"))?;
    let mut items = 0;
    match counted {
        Counted::Transfers => {
            for event in events.iter() {
                let event = event.map_err(ChainError::query("an event"))?;
                if (event.pallet_name(), event.event_name()) == ("Balances", "Transfer") {
                    items += 1;
                }
            }
        }
        Counted::Rides => {
            for event in events.find::<BatchSettled>() {
                let event = event.map_err(ChainError::query("Settlement::BatchSettled"))?;
                items += u64::from(event.rides);
            }
        }
    }
    Ok(items)
}

/// One block.
#[derive(Clone, Copy, Debug, Default)]
struct Sample {
    /// Its time in milliseconds.
    time: u64,
    /// Transfers or rides.
    items: u64,
    /// Its extrinsics in bytes.
    bytes: u64,
    /// The part of the block's weight that was used.
    weight: f64,
}

impl Sample {
    async fn read(at: &At, counted: Counted) -> Result<Self, Error> {
        check_success(at).await?;
        let body = queries::body(at).await?;
        Ok(Self {
            time: queries::timestamp_ms(at).await?,
            items: count(at, counted).await?,
            bytes: body.iter().map(|extrinsic| extrinsic.len() as u64).sum(),
            weight: queries::weight_used(at).await?,
        })
    }
}

/// A stretch of blocks under load, without the block at its beginning.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Window {
    /// Milliseconds from the block before the first to the last, by the blocks' own times.
    pub milliseconds: u64,
    /// Blocks.
    pub blocks: u64,
    /// Transfers or rides in them.
    pub items: u64,
    /// Blocks that hold none.
    pub empty_blocks: u64,
    /// Bytes of all their extrinsics.
    pub bytes: u64,
    /// The sum of the parts of their weights that were used.
    pub weight: f64,
}

impl Window {
    /// Seconds from its beginning to its end.
    pub fn seconds(&self) -> f64 {
        self.milliseconds as f64 / 1000.0
    }

    /// Items a second.
    pub fn per_second(&self) -> f64 {
        self.items as f64 / self.seconds()
    }

    /// Items in the average block.
    pub fn items_per_block(&self) -> f64 {
        self.items as f64 / self.blocks as f64
    }

    /// Bytes of extrinsics in the average block.
    pub fn bytes_per_block(&self) -> f64 {
        self.bytes as f64 / self.blocks as f64
    }

    /// The part of the average block's weight that was used: 1 is full.
    pub fn weight_used(&self) -> f64 {
        self.weight / self.blocks as f64
    }

    /// The window of `seconds` in these blocks. It begins with the time of the first block that holds
    /// something, whose own items do not count, and ends with the last block in time, empty or not.
    ///
    /// # Errors
    /// Nothing was included, or the load was used up two slots before the end or earlier.
    fn of(samples: &[Sample], seconds: u64, exhausted: bool) -> Result<Self, Error> {
        let little = || {
            Error::Asked("the blocks hold too little to measure: look at the node's log".to_owned())
        };
        let first = samples.iter().position(|sample| sample.items > 0).ok_or_else(little)?;
        let (begin, whole) = (samples[first].time, seconds * 1000);
        let inside: Vec<&Sample> =
            samples[first + 1..].iter().take_while(|sample| sample.time <= begin + whole).collect();
        let mut milliseconds = inside.last().ok_or_else(little)?.time - begin;
        if Duration::from_millis(milliseconds) + 2 * SLOT < Duration::from_secs(seconds) {
            if exhausted {
                return Err(Error::Asked(format!(
                    "what was signed in advance lasted {:.0} s of {seconds} s: the chain is faster \
                     than this bench expects, raise its MOST_PER_SECOND in offchain/src/bench",
                    milliseconds as f64 / 1000.0
                )));
            }
            // The chain stood still at the end, under load: that is part of its figure.
            milliseconds = whole;
        }
        Ok(Self {
            milliseconds,
            blocks: inside.len() as u64,
            items: inside.iter().map(|sample| sample.items).sum(),
            empty_blocks: inside.iter().filter(|sample| sample.items == 0).count() as u64,
            bytes: inside.iter().map(|sample| sample.bytes).sum(),
            weight: inside.iter().map(|sample| sample.weight).sum(),
        })
    }

    /// Reads the window of `seconds` in these blocks. `exhausted` when the load was used up in the last of
    /// them.
    ///
    /// # Errors
    /// They hold too little, one holds a transaction that failed, or they cannot be read.
    pub async fn read(
        chain: &Chain,
        counted: Counted,
        blocks: RangeInclusive<u64>,
        seconds: u64,
        exhausted: bool,
    ) -> Result<Self, Error> {
        let mut samples = Vec::new();
        for number in blocks {
            samples.push(Sample::read(&chain.at_number(number).await?, counted).await?);
        }
        Self::of(&samples, seconds, exhausted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(of: &[(u64, u64)]) -> Vec<Sample> {
        let sample = |(time, items): &(u64, u64)| Sample {
            time: *time,
            items: *items,
            bytes: 10 * items,
            weight: 0.5,
        };
        of.iter().map(sample).collect()
    }

    #[test]
    fn the_first_block_sets_the_clock_and_empty_blocks_count_to_the_end() {
        let blocks =
            samples(&[(0, 0), (2_000, 7), (4_000, 10), (6_000, 0), (8_000, 10), (10_000, 0)]);
        let window = Window::of(&blocks, 8, false).unwrap();
        let expected = Window {
            milliseconds: 8_000,
            blocks: 4,
            items: 20,
            empty_blocks: 2,
            bytes: 200,
            weight: 2.0,
        };
        assert_eq!(window, expected);
        assert_eq!((window.per_second(), window.weight_used()), (2.5, 0.5));
        assert_eq!(Window::of(&blocks, 2, false).unwrap().items, 10);
        assert!(Window::of(&samples(&[(0, 0), (2_000, 5)]), 60, false).is_err());
    }

    #[test]
    fn a_load_that_was_used_up_is_no_measurement_and_a_chain_that_stood_still_is() {
        let blocks = samples(&[(2_000, 7), (4_000, 10), (6_000, 10)]);
        let error = Window::of(&blocks, 60, true).unwrap_err();
        assert!(error.to_string().contains("lasted 4 s of 60 s"), "{error}");
        assert_eq!(Window::of(&blocks, 8, true).unwrap().milliseconds, 4_000);
        assert_eq!(Window::of(&blocks, 60, false).unwrap().milliseconds, 60_000);
    }
}
