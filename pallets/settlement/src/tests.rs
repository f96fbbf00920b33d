//! Days of rides: paid, refused, withdrawn, proven.

use crate::{mock::*, BatchesOf, CompanyTotals, Error, Event, Pallet};
use codec::Encode;
use frame_support::{assert_noop, assert_ok, traits::fungible::Inspect};
use proptest::prelude::*;
use smartlink_primitives::{
    fare::fare,
    merkle,
    receipt::{ItemKind, Settled},
    ride::{Ride, RideBatch, RideKind, RowFault},
    traits::Seats,
    BatchNumber, CityCode, CompanyId, DriverId, Money as Cny, Seat,
};
use sp_runtime::DispatchError;

type Origin = RuntimeOrigin;

mod authorized;
mod worker;

fn platform() -> Origin {
    Origin::signed(treasury(PLATFORM))
}

/// A chain where the platform has `drivers` and 500,000 CNY in its clearing account.
fn ready(drivers: u32, story: impl FnOnce()) {
    chain().execute_with(|| {
        for number in 0..drivers {
            assert_ok!(Settlement::open(PLATFORM, DriverId(number + 100), &driver(number)));
        }
        assert_ok!(Settlement::fund(platform(), PLATFORM, Cny::yuan(500_000)));
        story();
        assert_ok!(Settlement::check_invariants());
        let clearing = Money::balance(&Pallet::<Test>::clearing_account(PLATFORM));
        let treasuries = Money::balance(&treasury(PLATFORM)) + Money::balance(&treasury(INSURER));
        let ledger = Money::balance(&Pallet::<Test>::ledger_account());
        let drivers: u128 = (0..drivers).map(|n| Money::balance(&driver(n))).sum();
        assert_eq!(clearing + treasuries + ledger + drivers, 2_000_000_000_000);
    });
}

fn ride(order: u64, seat: u32) -> Ride {
    Ride {
        order,
        seat: Seat(seat),
        pickup: DEARER_FROM + 12 * 3600,
        distance_m: 10_000,
        duration_s: 1_200,
        waiting_s: 0,
        tolls_fen: 1_500,
        surge_permille: 1_000,
        kind: RideKind::Trip,
    }
}

fn batch(number: u64, rides: &[Ride]) -> RideBatch {
    let base = rides.iter().map(|r| r.pickup).min().unwrap_or(0);
    let mut batch = RideBatch::new(PLATFORM, BatchNumber(number), CITY, base);
    for ride in rides {
        batch.push(ride).expect("room");
    }
    batch
}

fn settle(number: u64, rides: &[Ride]) -> sp_runtime::DispatchResult {
    Settlement::settle_batch(platform(), batch(number, rides))
}

fn balance(seat: u32) -> Cny {
    Settlement::driver_ledger(PLATFORM, Seat(seat)).expect("a seat").balance
}

fn row(row: u16, why: RowFault) -> Error<Test> {
    Error::Row { row, why }
}

#[test]
fn a_ride_pays_driver_platform_and_insurer() {
    ready(2, || {
        assert_ok!(settle(1, &[ride(1, 1)]));
        // 10 + 8 km × 3.10 + 20 min × 0.50 = 44.80; of it 73.3333 %, 24.6667 % and 2 %; tolls 15.
        assert_eq!(balance(1), Cny(32_853_318 + 15_000_000));
        assert_eq!(balance(0), Cny::ZERO);
        let totals = CompanyTotals::<Test>::get(PLATFORM);
        assert_eq!(totals.gross, Cny(59_800_000));
        assert_eq!(totals.platform, Cny(11_050_682));
        assert_eq!(totals.third_parties, Cny(896_000));
        assert_eq!(Money::balance(&treasury(INSURER)), 1_000_000_896_000);
        System::assert_has_event(
            Event::ThirdPartyPaid {
                company: PLATFORM,
                number: BatchNumber(1),
                to: INSURER,
                amount: Cny(896_000),
            }
            .into(),
        );
    });
}

#[test]
fn each_ride_is_priced_by_the_tariff_of_its_pick_up() {
    ready(1, || {
        let before = Ride { pickup: DEARER_FROM - 1, tolls_fen: 0, ..ride(1, 0) };
        let after = Ride { pickup: DEARER_FROM, ..Ride { order: 2, ..before } };
        assert_ok!(settle(1, &[before, after]));
        // Both are at night (midnight in Shanghai): (10 + 8 × 2.60 + 10) × 1.3 and with 3.10.
        assert_eq!(CompanyTotals::<Test>::get(PLATFORM).gross, Cny(53_040_000 + 58_240_000));
    });
}

#[test]
fn a_batch_settles_once_and_in_order() {
    ready(1, || {
        assert_noop!(settle(2, &[ride(1, 0)]), Error::<Test>::BatchOutOfOrder);
        assert_ok!(settle(1, &[ride(1, 0)]));
        assert_noop!(settle(1, &[ride(1, 0)]), Error::<Test>::BatchRepeated);
        assert_noop!(settle(3, &[ride(2, 0)]), Error::<Test>::BatchOutOfOrder);
        assert_noop!(settle(0, &[ride(2, 0)]), Error::<Test>::BatchRepeated);
        assert_ok!(settle(2, &[ride(2, 0)]));
        assert_eq!(CompanyTotals::<Test>::get(PLATFORM).batches, 2);
    });
}

#[test]
fn one_bad_row_refuses_the_batch_and_is_named() {
    ready(3, || {
        let bad = |change: fn(&mut Ride)| {
            let mut rides = [ride(1, 0), ride(2, 1), ride(3, 2)];
            change(&mut rides[1]);
            settle(1, &rides)
        };
        assert_noop!(bad(|r| r.seat = Seat(3)), row(1, RowFault::UnknownDriver));
        assert_noop!(bad(|r| r.seat = Seat(u32::MAX)), row(1, RowFault::UnknownDriver));
        assert_noop!(bad(|r| r.order = 1), row(1, RowFault::OrderOrder));
        assert_noop!(bad(|r| r.order = 9), row(2, RowFault::OrderOrder));
        assert_noop!(bad(|r| r.distance_m = 500_001), row(1, RowFault::Distance));
        assert_noop!(bad(|r| r.surge_permille = 3_001), row(1, RowFault::Surge));
        assert_noop!(bad(|r| r.pickup = NOW), row(1, RowFault::Future));
        assert_noop!(bad(|r| r.pickup = 1_699_999_999), row(1, RowFault::NoTariff));
        assert_noop!(bad(|r| r.kind = RideKind::Cancelled), row(1, RowFault::CancelledButDriven));

        let mut unknown_kind = batch(1, &[ride(1, 0)]);
        unknown_kind.kinds[0] = 7;
        assert_noop!(Settlement::settle_batch(platform(), unknown_kind), row(0, RowFault::Kind));
        let mut ragged = batch(1, &[ride(1, 0)]);
        ragged.tolls_fen.clear();
        assert_noop!(Settlement::settle_batch(platform(), ragged), Error::<Test>::RaggedColumns);
        assert_noop!(settle(1, &[]), Error::<Test>::RaggedColumns);
    });
}

#[test]
fn the_named_row_fits_the_error() {
    let rides: Vec<_> = (0..65_536).map(|i| ride(i + 1, 0)).collect();
    ready(1, || {
        let mut rides = rides;
        rides[65_535].seat = Seat(1);
        assert_noop!(settle(1, &rides), row(65_535, RowFault::UnknownDriver));
    });
    assert!(row(u16::MAX, RowFault::CancelledButDriven).encode().len() <= 4);
}

#[test]
fn a_suspended_driver_takes_no_rides_but_keeps_the_money() {
    ready(2, || {
        assert_ok!(settle(1, &[ride(1, 0)]));
        assert_ok!(Settlement::set_active(PLATFORM, Seat(0), false));
        let now = Ride { pickup: NOW, duration_s: 0, ..ride(2, 0) };
        assert_noop!(settle(2, &[now]), row(0, RowFault::InactiveDriver));
        // What she drove before is hers.
        assert_ok!(settle(2, &[ride(2, 0)]));
        assert_ok!(Settlement::withdraw(Origin::signed(driver(0)), PLATFORM, Seat(0), None));
        assert_ok!(Settlement::set_active(PLATFORM, Seat(0), true));
        assert_ok!(settle(3, &[Ride { order: 3, ..now }]));
    });
}

#[test]
fn an_unfunded_clearing_account_settles_nothing() {
    ready(1, || {
        assert_ok!(Settlement::release(platform(), PLATFORM, Cny::fen(49_994_021)));
        assert_noop!(settle(1, &[ride(1, 0)]), Error::<Test>::ClearingUnfunded);
        assert_ok!(Settlement::fund(platform(), PLATFORM, Cny::fen(1)));
        assert_ok!(settle(1, &[ride(1, 0)]));
        assert_eq!(Money::balance(&Pallet::<Test>::clearing_account(PLATFORM)), 0);
        let release = Settlement::release(platform(), PLATFORM, Cny(1));
        assert_eq!(release, Err(Error::<Test>::ClearingUnfunded.into()));
        assert_noop!(
            Settlement::fund(platform(), PLATFORM, Cny::yuan(1_000_000)),
            Error::<Test>::TreasuryUnfunded
        );
        assert_noop!(
            Settlement::fund(platform(), PLATFORM, Cny::ZERO),
            Error::<Test>::NothingToMove
        );
    });
}

#[test]
fn a_driver_withdraws_what_is_hers_and_no_more() {
    ready(2, || {
        assert_ok!(settle(1, &[ride(1, 0), ride(2, 1)]));
        let owed = balance(1);
        let withdraw = |who, seat, amount| {
            Settlement::withdraw(Origin::signed(driver(who)), PLATFORM, Seat(seat), amount)
        };
        assert_noop!(withdraw(0, 1, None), Error::<Test>::NotYourSeat);
        assert_noop!(withdraw(1, 2, None), Error::<Test>::UnknownSeat);
        assert_noop!(withdraw(1, 1, Some(Cny(owed.0 + 1))), Error::<Test>::NotOwed);
        assert_noop!(withdraw(1, 1, Some(Cny::ZERO)), Error::<Test>::NothingToMove);
        assert_ok!(withdraw(1, 1, Some(Cny(1))));
        assert_ok!(withdraw(1, 1, None));
        assert_eq!(Money::balance(&driver(1)), owed.0);
        assert_noop!(withdraw(1, 1, None), Error::<Test>::NothingToMove);
    });
}

#[test]
fn only_the_companys_own_people_move_its_money() {
    ready(1, || {
        let stranger = Origin::signed(treasury(INSURER));
        let money = Cny::yuan(1);
        assert_noop!(Settlement::fund(stranger.clone(), PLATFORM, money), DispatchError::BadOrigin);
        assert_noop!(
            Settlement::release(stranger.clone(), PLATFORM, money),
            DispatchError::BadOrigin
        );
        assert_noop!(
            Settlement::settle_batch(stranger, batch(1, &[ride(1, 0)])),
            DispatchError::BadOrigin
        );
        let mut elsewhere = batch(1, &[ride(1, 0)]);
        elsewhere.city = CityCode(110_000);
        assert_noop!(Settlement::settle_batch(platform(), elsewhere), row(0, RowFault::NoTariff));
    });
}

#[test]
fn a_receipt_is_proven_by_the_batch_that_was_noted() {
    ready(40, || {
        let rides: Vec<_> = (0..40).map(|i| ride(u64::from(i) * 3 + 1, i)).collect();
        let batch = batch(1, &rides);
        assert_ok!(Settlement::settle_batch(platform(), batch.clone()));
        let record = BatchesOf::<Test>::get(PLATFORM, BatchNumber(1)).expect("kept");
        assert_eq!(Notes::take(), [(ItemKind::RideBatch, record.item())]);

        let (receipt, row, partners, _) = Settlement::prove_receipt(&batch, 0, 3 * 17 + 1).unwrap();
        assert_eq!((receipt.driver, receipt.account), (DriverId(117), *driver(17).as_ref()));
        let bytes = receipt.to_bytes();
        let root = &record.receipts_root;
        assert_eq!(merkle::verify(&bytes, row, record.rides, &partners, root), Ok(()));

        assert!(Settlement::prove_receipt(&batch, 0, 2).is_err());
        let mut forged = batch.clone();
        forged.distances_m[0] += 1_000;
        assert!(Settlement::prove_receipt(&forged, 0, 1).is_err());
    });
}

#[test]
fn a_new_account_in_the_same_block_spoils_no_proof() {
    ready(3, || {
        let at = |extrinsic: u32| System::set_extrinsic_index(extrinsic);
        let move_to = |seat, to| Settlement::set_account(PLATFORM, Seat(seat), &driver(to));
        let rides = [ride(1, 0), ride(2, 1), ride(3, 2)];
        let (first, second) = (batch(1, &rides), batch(2, &rides));
        at(1);
        assert_ok!(move_to(0, 20));
        at(2);
        assert_ok!(Settlement::settle_batch(platform(), first.clone()));
        at(3);
        assert_ok!(move_to(0, 21));
        assert_ok!(move_to(1, 22));
        at(4);
        assert_ok!(Settlement::settle_batch(platform(), second.clone()));
        at(5);
        assert_ok!(move_to(0, 0));
        let paid = |batch, extrinsic, order| {
            Settlement::prove_receipt(batch, extrinsic, order).map(|proven| proven.0.account)
        };
        assert_eq!(paid(&first, 2, 1), Ok(*driver(20).as_ref()));
        assert_eq!(paid(&first, 2, 2), Ok(*driver(1).as_ref()));
        assert_eq!(paid(&second, 4, 1), Ok(*driver(21).as_ref()));
        assert_eq!(paid(&second, 4, 2), Ok(*driver(22).as_ref()));
        assert_eq!(paid(&second, 4, 3), Ok(*driver(2).as_ref()));
    });
}

#[test]
fn a_gift_to_the_ledger_account_breaks_nothing() {
    ready(1, || {
        let ledger = Pallet::<Test>::ledger_account();
        assert_ok!(Money::transfer_allow_death(platform(), ledger, 1));
        assert_ok!(settle(1, &[ride(1, 0)]));
        assert_ok!(Settlement::withdraw(Origin::signed(driver(0)), PLATFORM, Seat(0), None));
    });
}

#[test]
fn old_batch_records_make_room() {
    ready(1, || {
        for number in 1..=5 {
            assert_ok!(settle(number, &[ride(number, 0)]));
        }
        let kept: Vec<u64> = BatchesOf::<Test>::iter().map(|(_, number, _)| number.0).collect();
        assert_eq!(kept.len(), 3);
        assert!(kept.iter().all(|number| *number > 2));
    });
}

#[test]
fn seats_run_out_at_the_limit() {
    chain().execute_with(|| {
        let company = CompanyId(9);
        crate::SeatCount::<Test>::insert(company, MaxSeats::get());
        let open = Settlement::open(company, DriverId(1), &driver(1));
        assert_eq!(open, Err(Error::<Test>::SeatsExhausted.into()));
        assert_eq!(
            Settlement::set_active(company, Seat(5), true),
            Err(Error::<Test>::UnknownSeat.into())
        );
    });
}

prop_compose! {
    fn any_ride()(
        seat in 0u32..600, back_s in 50_000u64..2_000_000, distance_m in 0u32..60_000, duration_s in 0u32..9_000,
        waiting_s in 0u32..900, tolls_fen in 0u32..5_000, surge_permille in 1000u16..=3000, kind in 0u8..8,
    ) -> Ride {
        let driven = u32::from(kind != 0);
        Ride {
            order: 0, seat: Seat(seat), pickup: NOW - back_s, waiting_s, surge_permille,
            distance_m: distance_m * driven, duration_s: duration_s * driven, tolls_fen: tolls_fen * driven,
            kind: if kind == 0 { RideKind::Cancelled } else { RideKind::Trip },
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Whatever rides are settled and withdrawn, in whatever batches: every balance is what a plain
    /// recomputation says, and no unit appears or disappears (`ready` adds all accounts up).
    #[test]
    fn the_ledger_is_what_anybody_recomputes(
        days in proptest::collection::vec(proptest::collection::vec(any_ride(), 1..40), 1..5),
        withdrawn in proptest::collection::vec((0u32..600, 0u128..80_000_000), 0..10),
    ) {
        ready(600, || {
            let (mut owed, mut platform, mut gross) = (vec![0u128; 600], 0, 0);
            let schedule = schedule();
            let mut order = 0;
            for (number, mut rides) in (1..).zip(days) {
                for ride in &mut rides {
                    order += 1;
                    ride.order = order;
                    let tariff = &schedule.get(schedule.at(ride.pickup).unwrap()).unwrap().tariff;
                    let fare = fare(&tariff.table, ride).unwrap();
                    let settled = Settled::new(*ride, fare, &tariff.split.shares().unwrap());
                    owed[ride.seat.0 as usize] += u128::from(settled.driver_share());
                    platform += settled.parts[1];
                    gross += u128::from(fare.total());
                }
                assert_ok!(settle(number, &rides));
            }
            for (seat, amount) in withdrawn {
                let who = Origin::signed(driver(seat));
                let paid = Settlement::withdraw(who, PLATFORM, Seat(seat), Some(Cny(amount)));
                if paid.is_ok() {
                    owed[seat as usize] -= amount;
                }
            }
            for (seat, owed) in (0..).zip(owed) {
                assert_eq!(balance(seat), Cny(owed));
            }
            let totals = CompanyTotals::<Test>::get(PLATFORM);
            assert_eq!((totals.gross, totals.platform), (Cny(gross), Cny(platform)));
        });
    }
}
