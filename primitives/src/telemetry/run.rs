//! Anchors that follow each other: what a service answers the worker, and what a call carries.

use super::{Anchor, MAX_RECORDS};
use crate::{AnchorNumber, CompanyId, H256};
use alloc::vec::Vec;
use bounded_collections::{BoundedVec, ConstU32};
use codec::{Decode, DecodeAll, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::fmt;
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// Anchors that one call may carry.
pub const MAX_RUN: u32 = 64;

/// Bytes of the longest run in SCALE.
pub const MAX_RUN_BYTES: usize = 4 + 8 + 8 + 4 + MAX_RUN as usize * 44;

/// A batch in an [`AnchorRun`], which gives it number and first sequence.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
pub struct ClosedBatch {
    /// Records in it, 1 to [`MAX_RECORDS`].
    pub count: u32,
    /// Root of the tree of its records.
    pub root: H256,
    /// When the service closed it, in milliseconds of the Unix epoch.
    pub closed_at_ms: u64,
}

/// Anchors of one company, one following the other without a gap: gaps cannot be written down.
#[derive(
    Clone,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
pub struct AnchorRun {
    /// The company.
    pub company: CompanyId,
    /// Number of the first batch.
    pub first: AnchorNumber,
    /// Sequence of its first record.
    pub first_sequence: u64,
    /// The batches, in order.
    pub batches: BoundedVec<ClosedBatch, ConstU32<MAX_RUN>>,
}

/// Why anchors are no run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub enum RunFault {
    /// There is no anchor.
    Empty,
    /// There are more than [`MAX_RUN`].
    TooMany,
    /// The anchor at this place, from 0, is of another company, or does not follow the one before it.
    Apart {
        /// Its place.
        place: u8,
    },
    /// The batch at this place, from 0, has no records, or more than [`MAX_RECORDS`].
    Records {
        /// Its place.
        place: u8,
    },
    /// Numbers or sequences leave the range of 64 bits.
    Range,
}

impl fmt::Display for RunFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("a run of anchors has at least one: answer that there is nothing instead"),
            Self::TooMany => write!(f, "a run has at most {MAX_RUN} anchors: give the others in the next one"),
            Self::Apart { place } => write!(
                f,
                "anchor {place} of the run is of another company or does not follow the one before it: \
                 number batches from 1 and cut the log without gaps"
            ),
            Self::Records { place } => {
                write!(f, "batch {place} of the run does not have 1 to {MAX_RECORDS} records: cut it otherwise")
            }
            Self::Range => f.write_str("the run's numbers or sequences leave the range of 64 bits"),
        }
    }
}

impl core::error::Error for RunFault {}

/// Bytes that are no [`AnchorRun`] in SCALE.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoRun;

impl fmt::Display for NoRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the bytes are no run of anchors in SCALE: write them with AnchorRun::to_scale")
    }
}

impl core::error::Error for NoRun {}

impl AnchorRun {
    /// Anchors in their order.
    ///
    /// # Errors
    /// Which of them does not belong there.
    pub fn of(anchors: &[Anchor]) -> Result<Self, RunFault> {
        let first = *anchors.first().ok_or(RunFault::Empty)?;
        let batches = anchors
            .iter()
            .map(|a| ClosedBatch { count: a.count, root: a.root, closed_at_ms: a.closed_at_ms })
            .collect::<Vec<_>>();
        let run = Self {
            company: first.company,
            first: first.number,
            first_sequence: first.first_sequence,
            batches: batches.try_into().map_err(|_| RunFault::TooMany)?,
        };
        run.check()?;
        let apart = run.anchors().zip(anchors).position(|(follows, given)| follows != *given);
        match apart {
            // At most MAX_RUN, 64.
            Some(place) => Err(RunFault::Apart { place: place as u8 }),
            None => Ok(run),
        }
    }

    /// Whether every batch has as many records as it may, and no number overflows.
    ///
    /// # Errors
    /// What is wrong.
    pub fn check(&self) -> Result<(), RunFault> {
        if self.batches.is_empty() {
            return Err(RunFault::Empty);
        }
        let mut sequence = self.first_sequence;
        for (place, batch) in (0u8..).zip(&self.batches) {
            if !(1..=MAX_RECORDS).contains(&batch.count) {
                return Err(RunFault::Records { place });
            }
            sequence = sequence.checked_add(batch.count.into()).ok_or(RunFault::Range)?;
        }
        self.first.0.checked_add(self.batches.len() as u64).ok_or(RunFault::Range)?;
        Ok(())
    }

    /// The anchors. Of a run that does not [`check`](Self::check), numbers stop at the largest there is.
    pub fn anchors(&self) -> impl Iterator<Item = Anchor> + '_ {
        let (company, mut number, mut first_sequence) =
            (self.company, self.first.0, self.first_sequence);
        self.batches.iter().map(move |batch| {
            let ClosedBatch { count, root, closed_at_ms } = *batch;
            let anchor = Anchor {
                company,
                number: AnchorNumber(number),
                first_sequence,
                count,
                root,
                closed_at_ms,
            };
            number = number.saturating_add(1);
            first_sequence = anchor.next_sequence();
            anchor
        })
    }

    /// What the service answers the worker, and the call carries: SCALE, at most [`MAX_RUN_BYTES`].
    pub fn to_scale(&self) -> Vec<u8> {
        self.encode()
    }

    /// Reads what [`to_scale`](Self::to_scale) wrote, and nothing behind it.
    ///
    /// # Errors
    /// The bytes are no run. Whether its batches are as they may be, [`check`](Self::check) says.
    pub fn from_scale(bytes: &[u8]) -> Result<Self, NoRun> {
        Self::decode_all(&mut &*bytes).map_err(|_| NoRun)
    }
}

#[cfg(test)]
mod tests {
    use super::{super::tests::anchor, *};
    use proptest::prelude::*;

    /// Anchors from `number` on that follow each other.
    fn in_order(number: u64, first_sequence: u64, counts: &[u32]) -> Vec<Anchor> {
        let mut sequence = first_sequence;
        (number..)
            .zip(counts)
            .map(|(number, count)| {
                let anchor = anchor(number, sequence, *count);
                sequence += u64::from(*count);
                anchor
            })
            .collect()
    }

    #[test]
    fn a_run_has_neither_gaps_nor_strangers() {
        let anchors = in_order(5, 900, &[1, 7, MAX_RECORDS]);
        assert!(AnchorRun::of(&anchors).is_ok());
        assert_eq!(AnchorRun::of(&[]), Err(RunFault::Empty));
        let with = |change: fn(&mut Anchor)| {
            let mut anchors = anchors.clone();
            change(&mut anchors[1]);
            AnchorRun::of(&anchors)
        };
        let apart = Err(RunFault::Apart { place: 1 });
        assert_eq!(with(|a| a.company.0 += 1), apart);
        assert_eq!(with(|a| a.number.0 += 1), apart);
        assert_eq!(with(|a| a.first_sequence += 1), apart);
        assert_eq!(with(|a| a.count += 1), Err(RunFault::Apart { place: 2 }));
        assert_eq!(with(|a| a.count = 0), Err(RunFault::Records { place: 1 }));
        assert_eq!(with(|a| a.count = MAX_RECORDS + 1), Err(RunFault::Records { place: 1 }));
        assert_eq!(AnchorRun::of(&in_order(1, 1, &[1; 64])).map(|run| run.batches.len()), Ok(64));
        assert_eq!(AnchorRun::of(&in_order(1, 1, &[1; 65])), Err(RunFault::TooMany));
        assert_eq!(AnchorRun::of(&[anchor(1, u64::MAX, 1)]), Err(RunFault::Range));
        assert_eq!(AnchorRun::of(&[anchor(u64::MAX, 1, 1)]), Err(RunFault::Range));
    }

    #[test]
    fn the_longest_run_has_as_many_bytes_as_is_said() {
        assert!(AnchorRun::max_encoded_len() <= MAX_RUN_BYTES);
    }

    proptest! {
        #[test]
        fn a_run_comes_back_as_the_anchors_that_it_was_made_of(
            number in 1u64..u64::MAX / 2, sequence in 1u64..u64::MAX / 2,
            counts in proptest::collection::vec(1..=MAX_RECORDS, 1..=MAX_RUN as usize),
        ) {
            let anchors = in_order(number, sequence, &counts);
            let run = AnchorRun::of(&anchors).unwrap();
            prop_assert_eq!(run.anchors().collect::<Vec<_>>(), anchors);
            let bytes = run.to_scale();
            prop_assert!(bytes.len() <= MAX_RUN_BYTES);
            prop_assert_eq!(AnchorRun::from_scale(&bytes), Ok(run));
            let mut longer = bytes;
            longer.push(0);
            prop_assert_eq!(AnchorRun::from_scale(&longer), Err(NoRun));
        }
    }

    #[test]
    fn any_bytes_as_a_run_are_refused_or_come_back() {
        bolero::check!().for_each(|bytes: &[u8]| {
            if let Ok(run) = AnchorRun::from_scale(bytes) {
                assert_eq!(run.to_scale(), bytes);
                let anchors: Vec<Anchor> = run.anchors().collect();
                if run.check().is_ok() {
                    assert_eq!(AnchorRun::of(&anchors), Ok(run));
                }
            }
        });
    }
}
