//! Batches are found wherever calls carry them, and read by the runtime's types.

use codec::{Compact, Encode};
use proptest::prelude::*;
use smartlink_chain::calls;
use smartlink_primitives::{
    ride::{Ride, RideBatch, RideKind},
    BatchNumber, CityCode, CompanyId, Seat,
};

use super::{batch, carried};
use crate::{
    decode::{
        block, extrinsic,
        tests::{a_block, an_event, bare, call, during, events, index, PLAN},
    },
    domain::{entity::Unread, RawBlock},
    Registry,
};

pub(crate) fn ride(order: u64) -> Ride {
    Ride {
        order,
        seat: Seat(2),
        pickup: 1_781_452_800,
        distance_m: 3_000,
        duration_s: 600,
        waiting_s: 30,
        tolls_fen: 5,
        surge_permille: 1_100,
        kind: RideKind::Trip,
    }
}

fn a_batch(number: u64, orders: std::ops::Range<u64>) -> RideBatch {
    let mut batch =
        RideBatch::new(CompanyId(1), BatchNumber(number), CityCode(440_300), 1_781_452_800);
    orders.for_each(|order| batch.push(&ride(order)).unwrap());
    batch
}

/// The event of a settled batch, in an extrinsic.
pub(crate) fn batch_settled(
    extrinsic: u32,
    number: u64,
    root: [u8; 32],
    sums: [u128; 4],
) -> Vec<u8> {
    let fields = (1_u32, number, 3_u32, sums, root).encode();
    an_event(&during(extrinsic), "Settlement", "BatchSettled", &fields)
}

/// Calls in a batch of calls.
pub(crate) fn together(calls: &[Vec<u8>]) -> Vec<u8> {
    let head = index("Utility", "force_batch");
    [head.to_vec(), Compact(calls.len() as u32).encode(), calls.concat()].concat()
}

/// A call for somebody else.
fn for_another(call: &[u8]) -> Vec<u8> {
    let head = index("Proxy", "proxy");
    [head.to_vec(), vec![0], vec![7; 32], vec![0], call.to_vec()].concat()
}

#[test]
fn a_batch_comes_out_of_a_call_as_it_went_in() {
    // More rides than a value shows.
    let sent = a_batch(7, 1..3_001);
    let bytes = bare(&call(&calls::settle(sent.clone())));
    let decoded = extrinsic::decode(&PLAN, &bytes).unwrap();
    assert!(decoded.call.args.json().contains("omitted_items"));
    let [passed] = decoded.rides.as_slice() else { panic!("one batch is carried") };
    assert_eq!(batch(&PLAN, passed).unwrap(), sent);
}

#[test]
fn what_was_settled_is_found_wherever_a_call_carries_it() {
    let settle = |number, orders| call(&calls::settle(a_batch(number, orders)));
    // Batch 3 failed, was mended and settled; batch 4 goes for another, deeper; batch 5 is carried and never done.
    let first = together(&[settle(3, 1..4), settle(3, 10..13)]);
    let second = together(&[for_another(&together(&[settle(4, 20..23)])), settle(5, 30..33)]);
    let block = RawBlock {
        extrinsics: vec![a_block().extrinsics[0].clone(), bare(&first), bare(&second)],
        events: events(&[
            batch_settled(1, 3, [3; 32], [9, 7, 2, 0]),
            batch_settled(2, 4, [4; 32], [8, 6, 1, 1]),
        ]),
        ..a_block()
    };
    let decoded = block::decode(&PLAN, &Registry::default(), &block).unwrap();
    let found: Vec<_> = decoded
        .settled
        .iter()
        .map(|settled| {
            let carried = settled.carried.iter().map(|batch| batch.orders[0]);
            (settled.fact, settled.extrinsic, settled.number, carried.collect::<Vec<_>>())
        })
        .collect();
    assert_eq!(found, [(0, Some(1), 3, vec![1, 10]), (1, Some(2), 4, vec![20])]);
    assert_eq!(decoded.settled[1].sums.third_parties, 1);
    // Where nobody asks for rides none are looked for.
    let unasked = block::decode(&PLAN, &Registry::of(Vec::new()), &block).unwrap();
    assert!(unasked.settled.is_empty());
}

#[test]
fn an_event_of_another_form_is_refused_by_name() {
    let decoded = crate::decode::event::decode(&PLAN, &a_block().events).unwrap();
    let fact = crate::domain::Fact {
        block: 7,
        time: 0,
        index: 0,
        origin: crate::domain::Origin::Event,
        extrinsic: None,
        pallet: "Settlement",
        name: "BatchSettled",
        fields: &decoded[0].fields,
    };
    let Unread { fact, why, .. } = super::settled(&fact, &Vec::new()).unwrap_err();
    assert_eq!((&*fact, &*why), ("Settlement.BatchSettled", "it has no field company"));
}

proptest! {
    /// Bytes that were spoilt are refused, or are another batch: nothing panics.
    #[test]
    fn spoilt_batches_end_nothing(at: prop::sample::Index, byte: u8) {
        let mut bytes = call(&calls::settle(a_batch(7, 1..9)));
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let bytes = bare(&bytes);
        if let Ok(decoded) = extrinsic::decode(&PLAN, &bytes) {
            let _ = carried(&PLAN, &[decoded]);
        }
    }
}
