//! Rides on a real chain: settled to the last unit, proven, and refused when they are wrong.

// In a test an unwrap is the assertion, in what its stories share as well.
#![allow(clippy::unwrap_used)]

mod support;

use std::time::{SystemTime, UNIX_EPOCH};

use smartlink_chain::{calls, queries};
use smartlink_offchain::{
    account::{check_company, CompanyAccount},
    day::Day,
    fleet::{self, driver_key},
    prices,
    recompute::CompanyExpected,
    settle,
    staff::{Staff, PLATFORMS},
    trips, up, withdrawal,
};
use smartlink_primitives::{BatchNumber, Money, Permissions, Seat, TariffVersion};
use support::{account_of, assert_refused, check_money, ride, shared, start, Platform, PATIENCE};

/// The real trips of March 2019, of both companies, end to end.
#[tokio::test(flavor = "multi_thread")]
async fn real_trips_are_settled_to_the_last_unit() {
    let Some(file) = shared("nyc-taxi-trips.csv") else {
        return;
    };
    let trips = trips::read(&file).unwrap_or_else(|e| panic!("{e}"));
    let day = Day::new("real trips".into(), prices::NEW_YORK, prices::new_york(), trips).unwrap();
    assert_eq!(day.rides(), 6_433);
    assert_eq!(day.charged(), Some(Money(84_214_870_000)));
    let consortium = start(1).await;
    let chain = consortium.chain(0).unwrap();
    let first = chain.finalized_number().await.unwrap();
    let mut accounts = Vec::new();
    for (company, own) in PLATFORMS.into_iter().zip(&day.companies) {
        let staff = Staff::new(company).unwrap();
        staff.hire(&chain).await.unwrap();
        let roster = fleet::enrol(&chain, &staff, 40).await.unwrap();
        fleet::register(&chain, &staff, 5).await.unwrap();
        let batches = own.batches(day.city, BatchNumber(1), 1_000, &roster).unwrap();
        let expected =
            CompanyExpected::new(company.id, &batches, &day.tariff, TariffVersion(1), &roster)
                .unwrap();
        up::put_in_force(&chain, &staff, &day, TariffVersion(1)).await.unwrap();
        up::fund(&chain, &staff, expected.sums.gross).await.unwrap();
        settle::settle(&chain, &staff.worker, batches, &expected, |_| {})
            .await
            .unwrap_or_else(|e| panic!("{e}"));
        accounts.push(CompanyAccount { name: company.name, roster, expected });
    }
    let at = chain.at_finalized().await.unwrap();
    for account in &accounts {
        check_company(&at, account).await.unwrap_or_else(|e| panic!("{e}"));
    }
    for number in first..=at.block_number() {
        check_money(&chain.at_number(number).await.unwrap()).await;
    }
    let supply = check_money(&at).await;
    let owed: u128 = accounts.iter().map(|account| account.expected.sums.drivers.units()).sum();
    assert_eq!(supply.ledgers, Money(owed), "the ledgers hold what drivers earned");
    consortium.stop().await;
}

/// A ride is settled and proven, and the driver withdraws what she earned to her own account.
#[tokio::test(flavor = "multi_thread")]
async fn a_driver_takes_her_money_home() {
    let consortium = start(1).await;
    let platform = Platform::ready(consortium.chain(0).unwrap(), 3, Money::yuan(10_000)).await;
    a_receipt_is_proven_to_the_checkpoint_and_a_forged_one_is_not(&platform).await;

    let (chain, company) = (&platform.chain, platform.staff.company);
    let driver = platform.roster.in_turn(0);
    let (key, stranger) = (driver_key(&company, 0).unwrap(), driver_key(&company, 1).unwrap());
    assert_eq!(key.id(), driver.account);
    let ledger = queries::driver_ledger(&platform.at().await, company.id, driver.driver).await;
    let owed = ledger.unwrap().expect("she has a seat").balance;
    assert!(owed > Money::ZERO);

    let pocket = calls::transfer(stranger.id(), Money::yuan(1));
    chain.execute_in_block(&platform.staff.admin, &pocket, PATIENCE).await.unwrap();
    let theft = calls::withdraw(company.id, driver.seat, None);
    let theft = chain.execute_in_block(&stranger, &theft, PATIENCE).await;
    assert_refused(theft, "Settlement", "NotYourSeat");

    let home = withdrawal::take_home(chain, &platform.staff, driver, &key, owed).await;
    let home = home.unwrap_or_else(|e| panic!("{e}"));
    assert_eq!((home.driver, home.amount), (driver.driver, owed));
    assert_eq!(home.fee, Money::ZERO, "her company's allowance bears the fee");
    let again = calls::withdraw(company.id, driver.seat, None);
    let again = chain.execute_in_block(&key, &again, PATIENCE).await;
    assert_refused(again, "Settlement", "NothingToMove");
    consortium.stop().await;
}

async fn a_receipt_is_proven_to_the_checkpoint_and_a_forged_one_is_not(platform: &Platform) {
    let batch = platform.batch(1, 7);
    let order = batch.orders[4];
    let chain = &platform.chain;
    let settled =
        chain.execute(&platform.staff.worker, &calls::settle(batch), PATIENCE).await.unwrap();
    let root = queries::checkpoint_root(&chain.at(settled.block).await.unwrap()).await.unwrap();

    let proof = chain.receipt_proof(platform.company(), BatchNumber(1), order).await.unwrap();
    assert_eq!((proof.receipt.order, u64::from(proof.batch.block)), (order, settled.number));
    assert_eq!(proof.verify(root), Ok(()));

    let mut richer = proof.clone();
    richer.receipt.driver_share += 1;
    assert!(richer.verify(root).is_err());
    let mut elsewhere = proof.clone();
    elsewhere.row += 1;
    assert!(elsewhere.verify(root).is_err());
    let mut shorter = proof.clone();
    shorter.receipt_partners.pop();
    assert!(shorter.verify(root).is_err());
    let mut other_batch = proof.clone();
    other_batch.batch.rides += 1;
    assert!(other_batch.verify(root).is_err());
    assert!(chain.receipt_proof(platform.company(), BatchNumber(1), order + 100).await.is_err());
}

/// What is wrong is refused by name, and changes nothing.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_refused_by_name() {
    let consortium = start(1).await;
    let platform = Platform::without_money(consortium.chain(0).unwrap(), 2).await;
    wrong_batches_are_refused_and_change_nothing(&platform).await;
    a_row_that_is_refused_is_named_with_its_fault(&platform).await;
    a_vehicle_with_a_wrong_vin_is_refused(&platform).await;
    a_role_ends_when_it_expires(&platform).await;
    check_money(&platform.at().await).await;
    consortium.stop().await;
}

async fn wrong_batches_are_refused_and_change_nothing(platform: &Platform) {
    let unfunded = platform.settle(platform.batch(1, 3)).await;
    assert_refused(unfunded, "Settlement", "ClearingUnfunded");
    up::fund(&platform.chain, &platform.staff, Money::yuan(10_000)).await.unwrap();
    platform.settle(platform.batch(1, 3)).await.unwrap_or_else(|e| panic!("{e}"));
    let before = platform.totals().await;
    assert_eq!((before.batches, before.rides), (1, 3));

    assert_refused(platform.settle(platform.batch(1, 3)).await, "Settlement", "BatchRepeated");
    assert_refused(platform.settle(platform.batch(3, 3)).await, "Settlement", "BatchOutOfOrder");

    let mut stranger = platform.batch(2, 3);
    stranger.seats[1] = Seat(4_000).0;
    assert_refused(platform.settle(stranger).await, "Settlement", "Row");
    let mut far = platform.batch(2, 3);
    far.distances_m[2] = platform.tariff.table.max_distance_m + 1;
    assert_refused(platform.settle(far).await, "Settlement", "Row");
    let mut unsorted = platform.batch(2, 3);
    unsorted.orders[2] = unsorted.orders[1];
    assert_refused(platform.settle(unsorted).await, "Settlement", "Row");
    let mut ragged = platform.batch(2, 3);
    ragged.kinds.pop();
    assert_refused(platform.settle(ragged).await, "Settlement", "RaggedColumns");

    assert_eq!(platform.totals().await, before);
    check_money(&platform.at().await).await;
    platform.settle(platform.batch(2, 3)).await.unwrap_or_else(|e| panic!("{e}"));
}

async fn a_row_that_is_refused_is_named_with_its_fault(platform: &Platform) {
    let rides = [ride(1, platform.roster.in_turn(0).seat), ride(2, Seat(77))];
    let batch =
        smartlink_offchain::day::batch(platform.company(), BatchNumber(3), platform.city, &rides)
            .unwrap();
    let error = platform.settle(batch).await.expect_err("seat 77 is nobody's");
    assert!(error.to_string().contains("UnknownDriver"), "{error}");
}

async fn a_role_ends_when_it_expires(platform: &Platform) {
    let before = platform.totals().await;
    let (chain, company) = (&platform.chain, platform.company());
    let temporary = account_of("//Alice//temporary");
    let soon = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() + 12;
    let hired = calls::batch_all(vec![
        calls::transfer_in_batch(temporary.id(), Money::yuan(100)),
        calls::grant_role_in_batch(company, temporary.id(), Permissions::SETTLEMENT, Some(soon)),
    ]);
    chain.execute_in_block(&platform.staff.admin, &hired, PATIENCE).await.unwrap();
    let mut blocks = chain.best_blocks().await.unwrap();
    loop {
        let block = tokio::time::timeout(PATIENCE, blocks.next())
            .await
            .expect("blocks come")
            .unwrap()
            .unwrap();
        if queries::timestamp_ms(&block.at().await.unwrap()).await.unwrap() > (soon + 1) * 1000 {
            break;
        }
    }
    let late =
        chain.execute_in_block(&temporary, &calls::settle(platform.batch(3, 2)), PATIENCE).await;
    assert_refused(late, "Consortium", "RoleExpired");
    let nobody = chain
        .execute_in_block(&platform.staff.maker, &calls::settle(platform.batch(3, 2)), PATIENCE)
        .await;
    assert_refused(nobody, "Consortium", "NotPermitted");
    assert_eq!(platform.totals().await, before);
}

async fn a_vehicle_with_a_wrong_vin_is_refused(platform: &Platform) {
    let (chain, staff) = (&platform.chain, &platform.staff);
    let mut vehicle = fleet::vehicle(staff.company.id, 7).unwrap();
    vehicle.vin[16] = if vehicle.vin[16] == b'1' { b'2' } else { b'1' };
    let call = calls::register_vehicle(staff.company.id, vehicle);
    let outcome = chain.execute_in_block(&staff.fleet, &call, PATIENCE).await;
    assert_refused(outcome, "Vehicles", "Vin");
    let good = fleet::vehicle(staff.company.id, 7).unwrap();
    let call = calls::register_vehicle(staff.company.id, good.clone());
    chain.execute_in_block(&staff.fleet, &call, PATIENCE).await.unwrap();
    let twice = chain
        .execute_in_block(&staff.fleet, &calls::register_vehicle(staff.company.id, good), PATIENCE)
        .await;
    assert_refused(twice, "Vehicles", "VinTaken");
}
