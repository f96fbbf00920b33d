//! The encoding of a record is one: what is decoded is what was encoded, byte for byte.

#![allow(clippy::unwrap_used)]

use proptest::{collection::vec, option, prelude::*, sample::select};
use smartlink_primitives::merkle;
use smartlink_records::{
    root, Alarms, Attachment, Channel, DecodeError, Flags, Position, Quantity, Reading, Record,
    Report, TerminalId,
};

fn positions() -> impl Strategy<Value = Position> {
    let degrees = (-90_000_000..=90_000_000, -180_000_000..=180_000_000);
    (degrees, any::<i16>(), 0_u16..=4_000, 0_u16..360).prop_map(
        |((latitude, longitude), altitude, speed, heading)| Position {
            latitude,
            longitude,
            altitude,
            speed,
            heading,
        },
    )
}

fn records() -> impl Strategy<Value = Record> {
    let reading = (select(Quantity::ALL), any::<u8>(), any::<i64>())
        .prop_map(|(quantity, instance, value)| Reading { quantity, instance, value });
    let attachment = (any::<u16>(), vec(any::<u8>(), 0..300))
        .prop_map(|(kind, bytes)| Attachment { kind, bytes });
    let report = (
        any::<u64>(),
        option::of(positions()),
        any::<(u32, u32)>(),
        vec(reading, 0..20),
        option::of(attachment),
    )
        .prop_map(|(time_ms, position, (flags, alarms), readings, attachment)| Report {
            time_ms,
            position,
            flags: Flags(flags),
            alarms: Alarms(alarms),
            readings,
            attachment,
        });
    (any::<(u64, u64, u32, u64)>(), select(&Channel::ALL[..]), report).prop_map(
        |((sequence, terminal, vehicle, received_ms), channel, report)| Record {
            sequence,
            terminal: TerminalId(terminal),
            vehicle,
            received_ms,
            channel,
            report,
        },
    )
}

proptest! {
    #[test]
    fn what_is_written_is_read(record in records()) {
        prop_assert_eq!(Record::decode(record.sequence, &record.encode()), Ok(record));
    }

    #[test]
    fn a_record_that_was_cut_is_refused(record in records(), part in 0.0..1.0_f64) {
        let bytes = record.encode();
        let cut = (bytes.len() as f64 * part) as usize;
        prop_assert_eq!(Record::decode(1, &bytes[..cut]), Err(DecodeError::Short(cut)));
    }

    #[test]
    fn each_record_of_a_batch_has_a_proof_at_its_own_place_alone(
        batch in vec(records(), 1..12), at in any::<proptest::sample::Index>(),
    ) {
        let index = at.index(batch.len());
        let leaves: Vec<_> = (0..).zip(&batch).map(|(index, record)| record.leaf(index)).collect();
        let index = u32::try_from(index).unwrap();
        let proof = merkle::proof(leaves, index).unwrap();
        let count = u32::try_from(batch.len()).unwrap();
        let data = batch[index as usize].hash();
        let root = root(&batch);
        prop_assert_eq!(merkle::verify(data.as_bytes(), index, count, &proof, &root), Ok(()));
        let elsewhere = (index + 1) % count;
        if elsewhere != index {
            prop_assert!(merkle::verify(data.as_bytes(), elsewhere, count, &proof, &root).is_err());
        }
    }
}

#[test]
fn whatever_bytes_are_accepted_are_the_only_ones_of_their_record() {
    bolero::check!().for_each(|bytes| {
        if let Ok(record) = Record::decode(7, bytes) {
            assert_eq!(record.encode(), bytes);
        }
    });
}

#[test]
fn no_number_of_a_quantity_stands_for_two() {
    for quantity in Quantity::ALL {
        assert_eq!(Quantity::from_number(*quantity as u16), Some(*quantity));
    }
    let names: std::collections::BTreeSet<_> =
        Quantity::ALL.iter().map(|each| each.name()).collect();
    assert_eq!(names.len(), Quantity::ALL.len());
}
