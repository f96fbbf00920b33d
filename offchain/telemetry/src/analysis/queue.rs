//! Records of one vehicle in the order of their times.
//!
//! A record waits until records as much later as the window have come, or until it has waited for the window itself by
//! the server's clock. What comes earlier than what was already handed on is late.

use std::collections::VecDeque;

use smartlink_records::{Channel, Flags, Position, Quantity, Reading, Record};

use super::{alert::mix, durable::durable, outcome::Verdict};

/// The most records of one vehicle that wait. At the bound the earliest is handed on before its time.
pub(crate) const MOST_WAITING: usize = 48;

/// Records of one vehicle whose content is remembered, to know them again.
const REMEMBERED: usize = 32;

/// What of a record is analysed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sample {
    pub sequence: u64,
    pub terminal: u64,
    pub time_ms: u64,
    pub received_ms: u64,
    pub flags: u32,
    pub position: Option<Position>,
    /// Whether the channel says in the flags if there is a fix.
    pub flags_fix: bool,
    pub readings: Box<[Reading]>,
}

durable!(Sample { sequence, terminal, time_ms, received_ms, flags, position, flags_fix, readings });

impl Sample {
    pub(crate) fn of(record: &Record) -> Self {
        let report = &record.report;
        let analysed = |reading: &&Reading| is_analysed(reading.quantity);
        Self {
            sequence: record.sequence,
            terminal: record.terminal.0,
            time_ms: report.time_ms,
            received_ms: record.received_ms,
            flags: report.flags.0,
            position: report.position,
            flags_fix: record.channel == Channel::Jt808,
            readings: report.readings.iter().filter(analysed).copied().collect(),
        }
    }

    pub(crate) fn flags(&self) -> Flags {
        Flags(self.flags)
    }

    /// The last value of a quantity's first instance.
    pub(crate) fn reading(&self, quantity: Quantity) -> Option<i64> {
        let mut of = self.readings.iter().rev();
        of.find(|one| one.quantity == quantity && one.instance == 0).map(|one| one.value)
    }
}

const fn is_analysed(quantity: Quantity) -> bool {
    matches!(
        quantity,
        Quantity::Odometer
            | Quantity::Fuel
            | Quantity::FuelLevel
            | Quantity::FuelUsed
            | Quantity::Charge
            | Quantity::EnergyUsed
            | Quantity::SupplyVoltage
            | Quantity::TerminalCharge
            | Quantity::Temperature
            | Quantity::Shock
            | Quantity::AccelerationForward
            | Quantity::AccelerationRight
            | Quantity::Accuracy
    )
}

/// What a record says, in 64 bits. That it was sent from the terminal's memory is left out: a record which is sent again
/// comes from there.
fn content(record: &Record) -> u64 {
    let report = &record.report;
    let mut sum = mix(record.terminal.0 ^ report.time_ms.rotate_left(20));
    let flags = report.flags.0 & !Flags::STORED.0;
    sum = mix(sum ^ (u64::from(flags) << 32 | u64::from(report.alarms.0)));
    if let Some(position) = &report.position {
        // The bits of both, side by side.
        let place = u64::from(position.latitude.cast_unsigned()) << 32
            | u64::from(position.longitude.cast_unsigned());
        let rest = u64::from(position.altitude.cast_unsigned()) << 32
            | u64::from(position.speed) << 16
            | u64::from(position.heading);
        sum = mix(mix(sum ^ place) ^ rest ^ (1 << 63));
    }
    for reading in &report.readings {
        let kind = u64::from(reading.quantity as u16) << 8 | u64::from(reading.instance);
        sum = mix(mix(sum ^ kind) ^ reading.value.cast_unsigned());
    }
    if let Some(attachment) = &report.attachment {
        sum = mix(sum ^ u64::from(attachment.kind) ^ (1 << 62));
        for chunk in attachment.bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            sum = mix(sum ^ u64::from_le_bytes(word));
        }
    }
    sum
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Queue {
    waiting: VecDeque<Sample>,
    newest_ms: u64,
    /// The time of the last that was handed on.
    handed_ms: u64,
    contents: [u64; REMEMBERED],
    next_content: u8,
}

durable!(Queue { waiting, newest_ms, handed_ms, contents, next_content });

impl Default for Queue {
    fn default() -> Self {
        Self {
            waiting: VecDeque::new(),
            newest_ms: 0,
            handed_ms: 0,
            contents: [0; REMEMBERED],
            next_content: 0,
        }
    }
}

impl Queue {
    /// Puts a record in its place. A verdict means that it is not analysed.
    pub(crate) fn put(&mut self, record: &Record, ahead_ms: u64) -> Option<Verdict> {
        let content = content(record);
        if self.contents.contains(&content) {
            return Some(Verdict::Duplicate);
        }
        let time_ms = record.report.time_ms;
        if time_ms > record.received_ms.saturating_add(ahead_ms) {
            return Some(Verdict::ClockAhead);
        }
        self.contents[usize::from(self.next_content) % REMEMBERED] = content;
        self.next_content = (self.next_content + 1) % REMEMBERED as u8;
        if time_ms < self.handed_ms {
            return Some(Verdict::Late);
        }
        self.newest_ms = self.newest_ms.max(time_ms);
        // From the back: most records come in order.
        let behind = self.waiting.iter().rev().take_while(|one| one.time_ms > time_ms).count();
        let place = self.waiting.len() - behind;
        self.waiting.insert(place, Sample::of(record));
        None
    }

    /// The next whose time has come.
    pub(crate) fn next(&mut self, window_ms: u64, clock_ms: u64) -> Option<Sample> {
        let first = self.waiting.front()?;
        let overtaken = self.newest_ms.saturating_sub(first.time_ms) >= window_ms;
        let waited = clock_ms.saturating_sub(first.received_ms) >= window_ms;
        if !overtaken && !waited && self.waiting.len() <= MOST_WAITING {
            return None;
        }
        let first = self.waiting.pop_front()?;
        self.handed_ms = self.handed_ms.max(first.time_ms);
        if self.waiting.is_empty() && self.waiting.capacity() > 8 {
            // After a burst the memory is given back.
            self.waiting = VecDeque::new();
        }
        Some(first)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use smartlink_records::{Report, TerminalId};

    fn record(sequence: u64, time_ms: u64) -> Record {
        Record {
            sequence,
            terminal: TerminalId(1),
            vehicle: 1,
            received_ms: 1_000_000 + sequence,
            channel: Channel::Jt808,
            report: Report { time_ms, ..Report::default() },
        }
    }

    fn all(queue: &mut Queue, clock_ms: u64) -> Vec<u64> {
        std::iter::from_fn(|| queue.next(10_000, clock_ms)).map(|one| one.time_ms).collect()
    }

    #[test]
    fn records_are_put_in_order_within_the_window() {
        let mut queue = Queue::default();
        for (sequence, time_ms) in [(1, 5_000), (2, 3_000), (3, 9_000), (4, 14_000)] {
            assert_eq!(queue.put(&record(sequence, time_ms), 0), None);
        }
        assert_eq!(all(&mut queue, 1_000_004), [3_000], "11 s before the newest");
        assert_eq!(queue.put(&record(5, 2_999), 0), Some(Verdict::Late));
        assert_eq!(queue.put(&record(6, 3_001), 0), None);
        assert_eq!(all(&mut queue, 1_010_006), [3_001, 5_000, 9_000, 14_000], "waited long enough");
    }

    #[test]
    fn a_record_that_is_sent_again_from_memory_is_known() {
        let mut queue = Queue::default();
        let first = record(1, 5_000);
        let mut again = record(2, 5_000);
        again.report.flags = Flags::STORED;
        assert_eq!(queue.put(&first, 0), None);
        assert_eq!(queue.put(&again, 0), Some(Verdict::Duplicate));
        again.report.flags = Flags::IGNITION;
        assert_eq!(queue.put(&again, 0), None, "this one says something else");
    }

    #[test]
    fn a_clock_that_is_ahead_is_seen() {
        let mut queue = Queue::default();
        assert_eq!(queue.put(&record(1, 1_300_002), 300_000), Some(Verdict::ClockAhead));
        assert_eq!(queue.put(&record(1, 1_300_001), 300_000), None);
    }

    proptest! {
        #[test]
        fn what_is_handed_on_is_in_order_and_nothing_is_lost(
            times in proptest::collection::vec(0..200_000u64, 1..300),
        ) {
            let mut queue = Queue::default();
            let (mut handed, mut refused) = (Vec::new(), 0);
            for (sequence, time_ms) in (0..).zip(&times) {
                refused += usize::from(queue.put(&record(sequence, *time_ms), 0).is_some());
                handed.extend(all(&mut queue, 1_000_000 + sequence));
                prop_assert!(queue.waiting.len() <= MOST_WAITING);
            }
            handed.extend(all(&mut queue, u64::MAX));
            prop_assert!(handed.is_sorted());
            prop_assert_eq!(handed.len() + refused, times.len());
        }
    }
}
