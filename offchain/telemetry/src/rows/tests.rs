use super::*;
use proptest::prelude::*;

/// Any record that can be in the log.
pub(crate) fn any_record() -> impl Strategy<Value = Record> {
    let position = (
        -90_000_000..=90_000_000i32,
        -180_000_000..=180_000_000i32,
        any::<i16>(),
        0..=4_000u16,
        0..360u16,
    );
    let position = position.prop_map(|(latitude, longitude, altitude, speed, heading)| Position {
        latitude,
        longitude,
        altitude,
        speed,
        heading,
    });
    let reading = (0..Quantity::ALL.len(), any::<u8>(), any::<i64>());
    let reading = reading.prop_map(|(quantity, instance, value)| Reading {
        quantity: Quantity::ALL[quantity],
        instance,
        value,
    });
    let attachment = (any::<u16>(), proptest::collection::vec(any::<u8>(), 0..300))
        .prop_map(|(kind, bytes)| Attachment { kind, bytes });
    let report = (
        any::<u64>(),
        proptest::option::of(position),
        any::<u32>(),
        any::<u32>(),
        proptest::collection::vec(reading, 0..200),
        proptest::option::of(attachment),
    );
    (any::<u64>(), any::<u32>(), any::<u64>(), 0..3usize, report).prop_map(
        |(terminal, vehicle, received_ms, channel, report)| {
            let (time_ms, position, flags, alarms, readings, attachment) = report;
            let (flags, alarms) = (Flags(flags), Alarms(alarms));
            Record {
                sequence: 1,
                terminal: TerminalId(terminal),
                vehicle,
                received_ms,
                channel: Channel::ALL[channel],
                report: Report { time_ms, position, flags, alarms, readings, attachment },
            }
        },
    )
}

/// What ClickHouse reads out of a row of RowBinary.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> [u8; N] {
        let (head, rest) = self.0.split_first_chunk().unwrap();
        self.0 = rest;
        *head
    }

    fn length(&mut self) -> usize {
        let mut length = 0;
        for shift in (0..).step_by(7) {
            let [byte] = self.take();
            length |= usize::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                break;
            }
        }
        length
    }

    fn row(&mut self) -> (RecordRow, u64) {
        let sequence = u64::from_le_bytes(self.take());
        let batch = u64::from_le_bytes(self.take());
        let row = RecordRow {
            sequence,
            terminal: u64::from_le_bytes(self.take()),
            vehicle: u32::from_le_bytes(self.take()),
            received_ms: i64::from_le_bytes(self.take()),
            time_ms: i64::from_le_bytes(self.take()),
            channel_number: self.take::<1>()[0],
            has_position: self.take::<1>()[0],
            latitude: i32::from_le_bytes(self.take()),
            longitude: i32::from_le_bytes(self.take()),
            altitude: i16::from_le_bytes(self.take()),
            speed: u16::from_le_bytes(self.take()),
            heading: u16::from_le_bytes(self.take()),
            flags: u32::from_le_bytes(self.take()),
            alarms: u32::from_le_bytes(self.take()),
            reading_kinds: (0..self.length()).map(|_| u16::from_le_bytes(self.take())).collect(),
            reading_instances: (0..self.length()).map(|_| self.take::<1>()[0]).collect(),
            reading_values: (0..self.length()).map(|_| i64::from_le_bytes(self.take())).collect(),
            has_attachment: self.take::<1>()[0],
            attachment_kind: u16::from_le_bytes(self.take()),
            attachment: (0..self.length()).map(|_| self.take::<1>()[0]).collect(),
        };
        (row, batch)
    }
}

proptest! {
    /// Through a row and back, a record keeps its bytes, and so its hash.
    #[test]
    fn a_record_is_the_same_after_it_was_a_row(records in proptest::collection::vec(any_record(), 1..5)) {
        let mut rows = Vec::new();
        for (record, sequence) in records.iter().zip(5..) {
            append(&mut rows, sequence, 77, &record.encode()).unwrap();
        }
        let mut reader = Reader(&rows);
        for (record, sequence) in records.iter().zip(5..) {
            let (row, batch) = reader.row();
            prop_assert_eq!((row.sequence, batch), (sequence, 77));
            prop_assert_eq!(Record::try_from(row).unwrap().encode(), record.encode());
        }
        prop_assert!(reader.0.is_empty());
    }

    #[test]
    fn the_time_of_receipt_is_read_from_the_bytes(record in any_record()) {
        prop_assert_eq!(received_ms(&record.encode()), record.received_ms);
    }
}

/// What decodes as a record is appended, and what is cut off or too long is refused without a trace.
#[test]
fn only_whole_records_become_rows() {
    bolero::check!().for_each(|bytes: &[u8]| {
        let mut rows = vec![1, 2, 3];
        let appended = append(&mut rows, 1, 1, bytes);
        if appended.is_err() {
            assert_eq!(rows, [1, 2, 3]);
            assert!(Record::decode(1, bytes).is_err());
        }
        if let Ok(record) = Record::decode(1, bytes) {
            appended.unwrap();
            let (row, _) = Reader(&rows[3..]).row();
            assert_eq!(Record::try_from(row), Ok(record));
        }
    });
}
