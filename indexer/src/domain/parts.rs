//! Long work over rows, in parts that are done side by side.

use std::{num::NonZero, ops::Range, panic, thread};

/// Rows that are worth a thread.
const FEWEST: usize = 2_048;
/// Threads at a time, however many processors there are.
const MOST: usize = 8;

/// Does work over so many rows: all at once where they are few, and otherwise in parts, a thread each. What comes of the parts is
/// in the order of the rows.
pub fn side_by_side<T: Send>(count: usize, work: impl Fn(Range<usize>) -> T + Sync) -> Vec<T> {
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    in_parts(count, (count / FEWEST).clamp(1, processors.min(MOST)), &work)
}

fn in_parts<T: Send>(
    count: usize,
    parts: usize,
    work: &(impl Fn(Range<usize>) -> T + Sync),
) -> Vec<T> {
    let length = count.div_ceil(parts).max(1);
    let ranges =
        (0..parts).map(|part| (part * length).min(count)..((part + 1) * length).min(count));
    thread::scope(|scope| {
        let mut ranges = ranges;
        // The first is done here, while the others are on their way.
        let first = ranges.next();
        let others: Vec<_> = ranges.map(|range| scope.spawn(move || work(range))).collect();
        let first = first.map(work).into_iter();
        let others = others.into_iter().map(|other| match other.join() {
            Ok(done) => done,
            Err(panicked) => panic::resume_unwind(panicked),
        });
        first.chain(others).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_row_is_done_once_and_in_order(count in 0_usize..200, parts in 1_usize..9) {
            let done: Vec<usize> = in_parts(count, parts, &|range: Range<usize>| range.collect::<Vec<_>>()).concat();
            prop_assert_eq!(done, (0..count).collect::<Vec<_>>());
        }
    }
}
