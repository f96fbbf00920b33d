use std::collections::BTreeMap;

use smartlink_primitives::{ride::Ride, Seat, TariffVersion};

use super::*;
use crate::domain::{
    receipts::{Holder, Paid, Sums},
    rows::RowReader,
    Cell,
};

fn settled() -> SettledBatch {
    SettledBatch {
        fact: 5,
        extrinsic: Some(2),
        company: 1,
        number: 7,
        sums: Sums::default(),
        receipts_root: [0; 32],
        carried: Vec::new(),
        own: true,
    }
}

fn ridden(row: u32, order: u64) -> Ridden {
    let ride = Ride {
        order,
        seat: Seat(3),
        pickup: 1_781_452_800,
        distance_m: 1,
        duration_s: 2,
        waiting_s: 4,
        tolls_fen: 8,
        surge_permille: 1_500,
        kind: RideKind::Cancelled,
    };
    let holder = Holder { driver: Some(9), account: Some([6; 32]) };
    let paid = Paid {
        tariff: TariffVersion(4),
        fare: 16,
        tolls: 32,
        driver_share: 64,
        platform: 128,
        third_parties: 256,
    };
    Ridden { row, ride, holder, paid: Some(paid) }
}

fn read(rides: &[Ridden]) -> Vec<BTreeMap<&'static str, Cell>> {
    let mut rows = Rows::default();
    write(&mut rows, 12, 99, &settled(), 440_300, rides);
    let columns = RIDES.all_columns();
    let mut reader = RowReader::new(&rows.bytes);
    let read: Vec<_> = std::iter::from_fn(|| reader.row(&columns))
        .map(|(cells, _)| columns.iter().map(|column| column.name).zip(cells).collect())
        .collect();
    assert!(reader.rest().is_empty() && read.len() == rows.count);
    read
}

#[test]
fn every_column_holds_what_it_is_called() {
    let row = read(&[ridden(11, 1_234)]).remove(0);
    let expected: BTreeMap<&str, Cell> = [
        ("id", "1-7-1234".into()),
        ("version", Cell::Number((12 << 32) + 5)),
        ("block", 12_u32.into()),
        ("fact", 5_u32.into()),
        ("time", Cell::Time(99)),
        ("removed", false.into()),
        ("company", 1_u32.into()),
        ("batch", "1-7".into()),
        ("row", 11_u32.into()),
        ("order", 1_234_u32.into()),
        ("seat", 3_u32.into()),
        ("driver", 9_u32.into()),
        ("account", Cell::Bytes([6; 32])),
        ("city", 440_300_u32.into()),
        ("tariff", "1-440300-4".into()),
        ("kind", "Cancelled".into()),
        ("pickup", Cell::Time(1_781_452_800_000)),
        ("distance_m", 1_u32.into()),
        ("duration_s", 2_u32.into()),
        ("waiting_s", 4_u32.into()),
        ("surge_permille", 1_500_u32.into()),
        ("fare", Cell::Money(16)),
        ("tolls", Cell::Money(32)),
        ("driver_share", Cell::Money(64)),
        ("platform", Cell::Money(128)),
        ("third_parties", Cell::Money(256)),
        ("extrinsic", 2_u32.into()),
    ]
    .into();
    assert_eq!(row, expected);
}

#[test]
fn what_is_not_known_is_nothing() {
    let unknown = Ridden { holder: Holder::default(), paid: None, ..ridden(0, 1) };
    let row = read(&[unknown]).remove(0);
    let nothing: Vec<_> =
        row.iter().filter(|(_, cell)| **cell == Cell::Null).map(|(name, _)| *name).collect();
    let unknown = [
        "account",
        "driver",
        "driver_share",
        "fare",
        "platform",
        "tariff",
        "third_parties",
        "tolls",
    ];
    assert_eq!(nothing, unknown);
    assert_eq!(row["order"], 1_u32.into());
}

#[test]
fn rows_have_the_order_in_which_they_are_read_back() {
    let orders = [7, 9, 10, 11, 99, 100, 1_000];
    let rides: Vec<_> = (0..).zip(orders).map(|(row, order)| ridden(row, order)).collect();
    let ids: Vec<_> = read(&rides).iter().map(|row| row["id"].clone()).collect();
    let text = |cell: &Cell| match cell {
        Cell::Text(text) => text.clone(),
        other => panic!("{other:?}"),
    };
    assert!(ids.windows(2).all(|two| text(&two[0]) < text(&two[1])), "{ids:?}");
    assert_eq!(ids.len(), orders.len());
}
