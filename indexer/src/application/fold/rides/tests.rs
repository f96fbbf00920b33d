//! Whatever happens to tariffs and seats before, between and after batches, rides come out as the chain's receipts.

use std::{collections::BTreeMap, sync::LazyLock};

use codec::Encode;
use proptest::{collection::vec, prelude::*};
use smartlink_chain::calls;
use smartlink_offchain::prices;
use smartlink_primitives::{
    fare::fare,
    merkle,
    receipt::{Receipt, Settled},
    ride::{Ride, RideBatch, RideKind},
    split::MAX_PARTS,
    tariff::{InForce, Schedule, Tariff},
    BatchNumber, CityCode, CompanyId, DriverId, Seat, TariffVersion,
};

use super::super::Fold;
use crate::{
    decode::{
        block,
        tests::{a_block, an_event, bare, call, during, events, timestamp, PLAN},
    },
    domain::{rows::RowReader, Cell, RawBlock},
    entities::RIDES,
    error::Error,
    Registry,
};

static REGISTRY: LazyLock<Registry> = LazyLock::new(Registry::default);

/// The first second for which there is a tariff.
const BEGIN: u64 = 1_700_000_000;
const COMPANY: u32 = 1;

/// Something that a company does.
#[derive(Clone, Debug)]
enum Deed {
    Open,
    Move { seat: prop::sample::Index },
    Propose { city: u32, base: u64, driver_ppm: u32 },
    Approve { city: u32, which: prop::sample::Index },
    Retire { city: u32 },
    Settle { city: u32, rides: Vec<(prop::sample::Index, u32, u16, bool)>, spoilt: bool },
    NextBlock,
}

fn deed() -> impl Strategy<Value = Deed> {
    let index = any::<prop::sample::Index>;
    let ride = (index(), 0..9_000_u32, 0..400_u16, any::<bool>());
    prop_oneof![
        2 => Just(Deed::Open),
        1 => index().prop_map(|seat| Deed::Move { seat }),
        2 => (0..2_u32, 0..9_u64, 1..900_000_u32)
            .prop_map(|(city, base, driver_ppm)| Deed::Propose { city, base, driver_ppm }),
        2 => (0..2_u32, index()).prop_map(|(city, which)| Deed::Approve { city, which }),
        1 => (0..2_u32).prop_map(|city| Deed::Retire { city }),
        4 => (0..2_u32, vec(ride, 1..9), any::<bool>())
            .prop_map(|(city, rides, spoilt)| Deed::Settle { city, rides, spoilt }),
        2 => Just(Deed::NextBlock),
    ]
}

/// The chain: what it has, and what it did in the present block.
#[derive(Default)]
struct Model {
    seats: Vec<(u32, [u8; 32])>,
    /// Tariffs that wait, by city and version.
    proposals: BTreeMap<(u32, u32), Tariff>,
    in_force: BTreeMap<u32, Vec<InForce>>,
    versions: BTreeMap<u32, u32>,
    batches: u64,
    accounts: u8,
    orders: u64,
    extrinsics: Vec<Vec<u8>>,
    events: Vec<Vec<u8>>,
    /// What was settled in the present block.
    receipts: Vec<Receipt>,
}

impl Model {
    fn event(&mut self, pallet: &str, name: &str, fields: &impl Encode) {
        // The inherent is before what people send.
        let extrinsic = self.extrinsics.len() as u32 + 1;
        self.events.push(an_event(&during(extrinsic), pallet, name, &fields.encode()));
    }

    fn account(&mut self) -> [u8; 32] {
        self.accounts = self.accounts.wrapping_add(1);
        [self.accounts; 32]
    }

    fn act(&mut self, deed: &Deed) {
        match deed {
            Deed::Open => {
                let (seat, account) = (self.seats.len() as u32, self.account());
                let driver = 100 + seat;
                self.seats.push((driver, account));
                self.event("Settlement", "SeatOpened", &(COMPANY, seat, driver, account));
            }
            Deed::Move { seat } if !self.seats.is_empty() => {
                let (seat, account) = (seat.index(self.seats.len()), self.account());
                self.seats[seat].1 = account;
                self.event("Settlement", "SeatAccount", &(COMPANY, seat as u32, account));
            }
            Deed::Propose { city, base, driver_ppm } => {
                let mut tariff = prices::shenzhen();
                tariff.table.base += base;
                tariff.split.driver_ppm = *driver_ppm;
                tariff.split.platform_ppm = 980_000 - driver_ppm;
                let version = self.versions.entry(*city).or_default();
                *version += 1;
                let version = *version;
                let fields = (COMPANY, *city, version, BEGIN, &tariff, [9_u8; 32]);
                self.event("Tariffs", "Proposed", &fields);
                self.proposals.insert((*city, version), tariff);
            }
            Deed::Approve { city, which } => self.approve(*city, which),
            Deed::Retire { city } => {
                let tariffs = self.in_force.entry(*city).or_default();
                if !tariffs.is_empty() {
                    let version = tariffs.remove(0).version;
                    self.event("Tariffs", "Retired", &(COMPANY, *city, version));
                }
            }
            Deed::Settle { city, rides, spoilt } if !self.seats.is_empty() => {
                self.settle(*city, rides, *spoilt);
            }
            _ => {}
        }
    }

    fn approve(&mut self, city: u32, which: &prop::sample::Index) {
        let waiting: Vec<_> = self.proposals.keys().filter(|(own, _)| *own == city).collect();
        if waiting.is_empty() {
            return;
        }
        let key = **which.get(&waiting);
        let tariff = self.proposals.remove(&key).unwrap();
        let tariffs = self.in_force.entry(city).or_default();
        let from = tariffs.last().map_or(BEGIN, |last| last.from + 2_000);
        let version = TariffVersion(key.1);
        tariffs.push(InForce { version, from, tariff });
        self.event("Tariffs", "Approved", &(COMPANY, city, version, from, [8_u8; 32]));
    }

    /// A batch; what cannot be settled fails, and there is no event of it.
    fn settle(&mut self, city: u32, rides: &[(prop::sample::Index, u32, u16, bool)], spoilt: bool) {
        let number = BatchNumber(self.batches + 1);
        let mut batch = RideBatch::new(CompanyId(COMPANY), number, CityCode(city), BEGIN - 100);
        for (seat, after, surge, trip) in rides {
            self.orders += 7;
            let ride = Ride {
                order: self.orders,
                seat: Seat(seat.index(self.seats.len()) as u32),
                pickup: BEGIN - 100 + u64::from(*after),
                distance_m: if *trip { after * 3 } else { 0 },
                duration_s: if *trip { 60 + after / 9 } else { 0 },
                waiting_s: u32::from(*surge),
                tolls_fen: if *trip { after % 50 } else { 0 },
                surge_permille: 1_000 + surge,
                kind: if *trip { RideKind::Trip } else { RideKind::Cancelled },
            };
            batch.push(&ride).unwrap();
        }
        let mut calls = vec![call(&calls::settle(batch.clone()))];
        if spoilt {
            let mut failed = batch.clone();
            failed.surges_permille[0] += 1;
            calls.insert(0, call(&calls::settle(failed)));
        }
        if let Some((receipts, sums)) = self.receipts_of(&batch) {
            let leaves = (0..).zip(&receipts).map(|(row, receipt)| receipt.leaf(row)).collect();
            let root = merkle::root(leaves);
            let fields = (COMPANY, number, receipts.len() as u32, sums, root);
            self.event("Settlement", "BatchSettled", &fields);
            self.receipts.extend(receipts);
            self.batches += 1;
        }
        self.extrinsics.push(bare(&crate::decode::rides::tests::together(&calls)));
    }

    /// As pallet-settlement computes it: sums are gross, drivers, platform, third parties.
    fn receipts_of(&self, batch: &RideBatch) -> Option<(Vec<Receipt>, [u128; 4])> {
        let tariffs = self.in_force.get(&batch.city.0).cloned().unwrap_or_default();
        let schedule = Schedule::new(tariffs);
        let (mut receipts, mut sums) = (Vec::new(), [0_u128; 4]);
        for row in 0..batch.rows().unwrap() {
            let ride = batch.ride(row).unwrap().ok()?;
            let one = schedule.get(schedule.at(ride.pickup)?)?;
            let settled = Settled::new(
                ride,
                fare(&one.tariff.table, &ride).ok()?,
                &one.tariff.split.shares().unwrap(),
            );
            let (driver, account) = self.seats[ride.seat.0 as usize];
            let parts: [u128; MAX_PARTS] = settled.parts;
            let drivers = parts[0] + u128::from(settled.fare.tolls);
            let third: u128 = parts[2..].iter().sum();
            sums[0] += drivers + parts[1] + third;
            sums[1] += drivers;
            sums[2] += parts[1];
            sums[3] += third;
            receipts.push(Receipt {
                company: batch.company,
                batch: batch.number,
                order: ride.order,
                driver: DriverId(driver),
                account,
                tariff: one.version,
                kind: ride.kind,
                pickup: ride.pickup,
                distance_m: ride.distance_m,
                duration_s: ride.duration_s,
                waiting_s: ride.waiting_s,
                surge_permille: ride.surge_permille,
                fare: settled.fare.fare,
                tolls: settled.fare.tolls,
                driver_share: settled.driver_share(),
            });
        }
        Some((receipts, sums))
    }

    /// The present block, and the receipts of what it settled; the next one begins.
    fn close(&mut self, number: u32) -> (RawBlock, Vec<Receipt>) {
        let mut extrinsics = vec![timestamp(1_790_000_000_000)];
        extrinsics.append(&mut self.extrinsics);
        let events = events(&std::mem::take(&mut self.events));
        let block = RawBlock { number, extrinsics, events, ..a_block() };
        (block, std::mem::take(&mut self.receipts))
    }
}

/// The rides that a block adds.
fn rides(fold: &mut Fold, raw: &RawBlock) -> Result<Vec<BTreeMap<&'static str, Cell>>, Error> {
    let decoded = block::decode(&PLAN, &REGISTRY, raw).unwrap();
    let versions = fold.apply(REGISTRY.all(), &decoded)?;
    let Some(rows) = versions.get(&REGISTRY.place(RIDES.name).unwrap()) else {
        return Ok(Vec::new());
    };
    assert!(rows.count > 0, "a digest is of entities with rows alone");
    let columns = RIDES.all_columns();
    let mut reader = RowReader::new(&rows.bytes);
    let read = std::iter::from_fn(|| reader.row(&columns))
        .map(|(cells, _)| columns.iter().map(|column| column.name).zip(cells).collect());
    Ok(read.collect())
}

fn fold(whole: bool) -> Fold {
    Fold::empty(&REGISTRY, usize::MAX, whole)
}

/// What a row has to hold of a receipt.
fn cells(receipt: &Receipt) -> Vec<(&'static str, Cell)> {
    let Receipt { company, batch, order, tariff, .. } = receipt;
    let kind = match receipt.kind {
        RideKind::Trip => "Trip",
        RideKind::Cancelled => "Cancelled",
    };
    vec![
        ("id", Cell::Text(format!("{}-{}-{order}", company.0, batch.0))),
        ("batch", Cell::Text(format!("{}-{}", company.0, batch.0))),
        ("order", (*order).into()),
        ("driver", receipt.driver.0.into()),
        ("account", Cell::Bytes(receipt.account)),
        ("kind", kind.into()),
        ("pickup", Cell::Time(i64::try_from(receipt.pickup).unwrap() * 1_000)),
        ("distance_m", receipt.distance_m.into()),
        ("waiting_s", receipt.waiting_s.into()),
        ("surge_permille", u32::from(receipt.surge_permille).into()),
        ("fare", Cell::Money(receipt.fare.into())),
        ("tolls", Cell::Money(receipt.tolls.into())),
        ("driver_share", Cell::Money(receipt.driver_share.into())),
        ("tariff_version", tariff.0.into()),
    ]
}

fn holds(row: &BTreeMap<&'static str, Cell>, receipt: &Receipt) {
    for (name, cell) in cells(receipt) {
        if name == "tariff_version" {
            let Cell::Text(id) = &row["tariff"] else { panic!("{row:?}") };
            assert_eq!(id.rsplit('-').next(), Some(&*receipt.tariff.0.to_string()), "{row:?}");
            continue;
        }
        assert_eq!(row[name], cell, "{name} of {row:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn rides_are_the_chains_receipts_whatever_happens_around_them(deeds in vec(deed(), 1..60)) {
        let (mut model, mut fold, mut number) = (Model::default(), fold(true), 1);
        for deed in deeds.iter().chain([&Deed::NextBlock]) {
            model.act(deed);
            if !matches!(deed, Deed::NextBlock) {
                continue;
            }
            let (raw, mut receipts) = model.close(number);
            let rows = rides(&mut fold, &raw).unwrap();
            number += 1;
            prop_assert_eq!(rows.len(), receipts.len());
            let text = |receipt: &Receipt| (receipt.batch, receipt.order.to_string());
            receipts.sort_by_key(text);
            for (row, receipt) in rows.iter().zip(&receipts) {
                holds(row, receipt);
            }
        }
    }
}

/// A company with a seat and a tariff, and a batch in the second block.
fn two_blocks() -> [RawBlock; 2] {
    let mut model = Model::default();
    let index = any_index();
    model.act(&Deed::Open);
    model.act(&Deed::Propose { city: 1, base: 3, driver_ppm: 700_000 });
    model.act(&Deed::Approve { city: 1, which: index });
    let (first, _) = model.close(1);
    let rides = vec![(index, 500, 10, true), (index, 600, 20, false)];
    model.act(&Deed::Settle { city: 1, rides, spoilt: false });
    let (second, receipts) = model.close(2);
    assert_eq!(receipts.len(), 2);
    [first, second]
}

fn any_index() -> prop::sample::Index {
    use proptest::{strategy::ValueTree, test_runner::TestRunner};
    any::<prop::sample::Index>().new_tree(&mut TestRunner::deterministic()).unwrap().current()
}

/// Why the rides of the second block's batch are not known.
fn unproven(fold: &mut Fold, second: &RawBlock) -> String {
    let decoded = block::decode(&PLAN, &REGISTRY, second).unwrap();
    let why = fold.rides_of(&decoded.settled[0]).unwrap_err();
    assert!(rides(fold, second).unwrap().is_empty());
    assert_eq!((fold.take_unproven(), fold.take_unproven()), (1, 0));
    why
}

#[test]
fn what_does_not_come_out_as_the_chain_says_has_no_rides_and_stops_nothing() {
    let [first, second] = two_blocks();
    let settled = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut fold = fold(true);
        rides(&mut fold, &first).unwrap();
        let mut spoilt = second.clone();
        change(&mut spoilt.events);
        unproven(&mut fold, &spoilt)
    };
    // The event ends with the root and the number of its topics; the sums are before it.
    let root = settled(&|events| *events.iter_mut().rev().nth(1).unwrap() ^= 1);
    assert!(root.contains("the root of its receipts is"), "{root}");
    let sums = settled(&|events| *events.iter_mut().rev().nth(33 + 15).unwrap() ^= 1);
    assert!(sums.contains("its rides come to") && sums.contains("the event says"), "{sums}");
    // Without the tariff and the seat of the first block.
    let unseated = unproven(&mut fold(true), &second);
    assert!(unseated.contains("row 0: no tariff was in force"), "{unseated}");
}

/// What a stranger puts beside a batch, or instead of it, is never taken for it.
#[test]
fn a_strangers_batch_is_not_taken_for_what_was_settled() {
    let [first, second] = two_blocks();
    let mut strange = RideBatch::new(CompanyId(COMPANY), BatchNumber(1), CityCode(1), BEGIN - 100);
    for order in [1, 2] {
        strange.push(&Ride { pickup: BEGIN, ..crate::decode::rides::tests::ride(order) }).unwrap();
    }
    let mut decoy = second.clone();
    decoy.extrinsics.push(bare(&call(&calls::settle(strange))));
    let mut both = fold(true);
    rides(&mut both, &first).unwrap();
    assert_eq!(rides(&mut both, &decoy).unwrap().len(), 2);
    // The company's own call is elsewhere: nothing but the stranger's is in the block.
    decoy.extrinsics[1] = timestamp(1_790_000_000_000);
    let mut whole = fold(true);
    rides(&mut whole, &first).unwrap();
    unproven(&mut whole, &decoy);
    // An index that cannot compare roots does not believe it either.
    assert_eq!(unproven(&mut fold(false), &decoy), "no call of its block carries it");
}

#[test]
fn an_index_that_begins_later_knows_what_was_driven_and_not_what_was_paid() {
    let [_, second] = two_blocks();
    let rows = rides(&mut fold(false), &second).unwrap();
    assert_eq!(rows.len(), 2);
    for row in rows {
        let unknown = ["driver", "account", "tariff", "fare", "tolls", "driver_share", "platform"];
        assert!(unknown.iter().all(|name| row[name] == Cell::Null), "{row:?}");
        assert!(row["order"] != Cell::Null && row["duration_s"] != Cell::Null, "{row:?}");
    }
}

#[test]
fn a_batch_whose_call_is_elsewhere_has_no_rides_and_stops_nothing() {
    let [first, mut second] = two_blocks();
    second.extrinsics.truncate(1);
    let mut fold = fold(true);
    rides(&mut fold, &first).unwrap();
    assert_eq!(unproven(&mut fold, &second), "no call of its block carries it");
}
