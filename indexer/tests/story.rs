//! A company at work on a real chain, and an index of it in a real engine: all that happened is there, as it was.

#![allow(clippy::unwrap_used, reason = "in a test an unwrap is the assertion")]

mod support;

use std::collections::BTreeMap;

use smartlink_chain::{
    api, calls, queries,
    subxt::utils::{Static, H256},
    telemetry, Account, Chain,
};
use smartlink_indexer::{
    application::{check, check::Found, Goal},
    domain::value::hex,
    infra::Index,
    Error, Registry,
};
use smartlink_offchain::{fleet, staff::PLATFORMS};
use smartlink_primitives::{telemetry::DeviceId, CompanyId, Money};
use support::{bring, config, consortium, engine, index, number, text, texts, Platform, PATIENCE};

/// What happened, as far as the story needs to know it.
struct Happened {
    /// Vehicles of the first company; the second was sold, the third scrapped.
    vehicles: Vec<u32>,
    /// The block in which the first batch was settled.
    settled: u64,
    /// The driver who withdrew everything.
    withdrawn: String,
}

async fn happen(platform: &Platform) -> Happened {
    let (chain, staff) = (&platform.chain, &platform.staff);
    let company = staff.company.id;
    let vehicles = fleet::register(chain, staff, 4).await.unwrap();
    let bind = |key| telemetry::bind_device(vehicles[0], DeviceId(H256([5; 32])), key);
    chain.execute(&staff.fleet, &bind(None), PATIENCE).await.unwrap();
    chain.execute(&staff.fleet, &bind(Some(H256([6; 32]))), PATIENCE).await.unwrap();
    let unbind = telemetry::unbind_device(vehicles[0], DeviceId(H256([5; 32])));
    chain.execute(&staff.fleet, &unbind, PATIENCE).await.unwrap();
    let bob = Account::from_uri(PLATFORMS[1].admin).unwrap();
    let vehicle = || Static(vehicles[1]);
    let offer = api::transactions().vehicles().offer_transfer(
        vehicle(),
        Static(CompanyId(2)),
        Static(Money::yuan(70_000)),
    );
    chain.execute(&staff.admin, &offer, PATIENCE).await.unwrap();
    let accept =
        api::transactions().vehicles().accept_transfer(vehicle(), Static(Money::yuan(70_000)));
    chain.execute(&bob, &accept, PATIENCE).await.unwrap();
    chain.execute(&staff.fleet, &calls::scrap_vehicle(vehicles[2]), PATIENCE).await.unwrap();
    let settled = platform.settle(1, 40).await;
    platform.settle(2, 7).await;
    let driver = fleet::driver_key(&staff.company, 0).unwrap();
    let seat = platform.roster.drivers()[0].seat;
    let pocket = calls::transfer(driver.id(), Money::yuan(10));
    chain.execute(&staff.admin, &pocket, PATIENCE).await.unwrap();
    chain.execute(&driver, &calls::withdraw(company, seat, None), PATIENCE).await.unwrap();
    let revoke = api::transactions().consortium().revoke_role(Static(company), staff.checker.id());
    chain.execute(&staff.admin, &revoke, PATIENCE).await.unwrap();
    // Who is no member pays fees in money.
    let stranger = Account::from_uri("//Ferdie").unwrap();
    let pocket = calls::transfer(stranger.id(), Money::yuan(5));
    chain.execute(&staff.admin, &pocket, PATIENCE).await.unwrap();
    let back = calls::transfer(staff.admin.id(), Money::yuan(1));
    chain.execute(&stranger, &back, PATIENCE).await.unwrap();
    // What fails is in the index as well.
    let refused = calls::scrap_vehicle(vehicles[2]);
    chain.execute(&staff.fleet, &refused, PATIENCE).await.unwrap_err();
    Happened {
        vehicles: vehicles.iter().map(|vehicle| vehicle.0).collect(),
        settled,
        withdrawn: format!("{}-{}", company.0, seat.0),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn all_that_happened_is_in_the_index() {
    let Some(running) = engine().await else { return };
    let mut consortium = consortium().await;
    let chain = consortium.chain(0).unwrap();
    let platform = Platform::ready(chain.clone(), 3).await;
    let happened = happen(&platform).await;
    let last = u32::try_from(chain.finalized_number().await.unwrap()).unwrap();
    let url = consortium.node(0).url();
    let config = config(&running.engine.url(), &url, "story");
    let position = bring(&config, Goal::Until(last)).await.unwrap();
    assert_eq!(position.last, last);
    let index = index(&config).await;
    support::is_whole(&index, last).await;
    it_is_the_chain(&index, &chain, last).await;
    balances_are_the_chains(&index, &chain, last).await;
    entities_have_their_history(&index, &happened).await;
    checkpoints_are_the_chains(&index, &chain, &happened).await;
    things_are_found(&index, &chain).await;
    a_changed_row_is_found(&index).await;

    // Another index, begun later and by chunks of other sizes, is the same.
    let mut later = support::config(&running.engine.url(), &url, "later");
    later.fetch.chunk_blocks = 5;
    bring(&later, Goal::Until(last)).await.unwrap();
    let other = support::index(&later).await;
    let same = check::compare(&index, &other).await.unwrap();
    assert_eq!(same, Found::Same { last, digest: position.digest });

    // And so is the same index, made anew without the node.
    consortium.kill_9(0);
    let renewed = Index::renew(&config, Registry::default().into()).await.unwrap();
    assert_eq!(renewed.position().await.unwrap(), None);
    let again = bring(&config, Goal::Kept).await.unwrap();
    assert_eq!(again, position);
    support::is_whole(&renewed, last).await;
    running.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_of_another_chain_is_refused() {
    let Some(running) = engine().await else { return };
    let mut first = consortium().await;
    first.wait_finalized(2, PATIENCE).await.unwrap();
    let ours = config(&running.engine.url(), &first.node(0).url(), "forked");
    let position = bring(&ours, Goal::Until(2)).await.unwrap();
    first.stop().await;
    // The same genesis, and other blocks.
    let mut second = consortium().await;
    second.wait_finalized(4, PATIENCE).await.unwrap();
    let theirs = config(&running.engine.url(), &second.node(0).url(), "forked");
    let refused = bring(&theirs, Goal::Until(4)).await.unwrap_err();
    assert!(matches!(refused, Error::Fork { number: 3, .. }), "{refused}");
    assert_eq!(index(&ours).await.position().await.unwrap(), Some(position));
    second.stop().await;
    running.engine.stop().await;
}

/// Blocks are the chain's, and each has as many events.
async fn it_is_the_chain(index: &Index, chain: &Chain, last: u32) {
    let hashes = chain.block_hashes(0..=last).await.unwrap();
    let blocks = texts(index, "SELECT lower(hex(hash)) FROM blocks ORDER BY number").await;
    assert_eq!(blocks, hashes.iter().map(|hash| hex(&hash.0)[2..].to_owned()).collect::<Vec<_>>());
    let counts: Vec<u64> = index
        .store()
        .query("SELECT toUInt64(events) FROM blocks ORDER BY number")
        .fetch_all()
        .await
        .unwrap();
    for (number, count) in (0_u64..).zip(counts) {
        let events = chain.at_number(number).await.unwrap().events().fetch().await.unwrap();
        assert_eq!(u64::from(events.len()), count, "block {number}");
    }
    let slots = "SELECT countIf(isNull(slot) OR time = 0) FROM blocks WHERE number > 0";
    assert_eq!(number(index, slots).await, 0);
}

/// What every account has, free and held, is what the chain's state says.
async fn balances_are_the_chains(index: &Index, chain: &Chain, last: u32) {
    let at = chain.at_number(last.into()).await.unwrap();
    let storage = at.storage();
    let mut accounts = storage.iter(api::storage().system().account(), ()).await.unwrap();
    let mut held = BTreeMap::new();
    while let Some(account) = accounts.next().await {
        let account = account.unwrap();
        let id = account.key().unwrap().decode().unwrap().0;
        let data = account.value().decode().unwrap().data;
        held.insert(hex(&id.0), (data.free, data.reserved));
    }
    let sql = "SELECT concat(id, ' ', ifNull(toString(free), 'unknown'), ' ', ifNull(toString(held), 'unknown')) \
               FROM balances_now FINAL WHERE NOT (free = 0 AND held = 0) ORDER BY id";
    let mut indexed = BTreeMap::new();
    for row in texts(index, sql).await {
        let [id, free, held] = row.split(' ').collect::<Vec<_>>().try_into().unwrap();
        let amount = |text: &str| text.parse::<u128>().unwrap_or_else(|_| panic!("{id}: {row}"));
        indexed.insert(id.to_owned(), (amount(free), amount(held)));
    }
    assert!(indexed.len() > 10, "{indexed:?}");
    held.retain(|_, amounts| *amounts != (0, 0));
    assert_eq!(indexed, held);
}

async fn entities_have_their_history(index: &Index, happened: &Happened) {
    let companies =
        "SELECT assumeNotNull(name) FROM companies_now FINAL WHERE company <= 2 ORDER BY company";
    assert_eq!(texts(index, companies).await, ["Shenxing Mobility", "Xinghe Ride"]);
    let [first, sold, scrapped, ..] = happened.vehicles.as_slice() else { panic!("four vehicles") };
    // The life of the one that was sold: registered, offered, bought.
    let history = format!(
        "SELECT concat(toString(assumeNotNull(owner)), ' ', toString(ifNull(offered_to, 0)), ' ', toString(assumeNotNull(revision))) \
         FROM vehicles WHERE id = '{sold}' ORDER BY version"
    );
    assert_eq!(texts(index, &history).await, ["1 0 1", "1 2 1", "2 0 2"]);
    let paid =
        format!("SELECT toString(assumeNotNull(paid)) FROM vehicles_now FINAL WHERE id = '{sold}'");
    assert_eq!(text(index, &paid).await, Money::yuan(70_000).units().to_string());
    let now = format!("SELECT CAST(concat(assumeNotNull(status), '|', assumeNotNull(plate)) AS String) FROM vehicles_now FINAL WHERE id = '{scrapped}'");
    assert_eq!(text(index, &now).await, "Scrapped|");
    let plate = format!(
        "SELECT assumeNotNull(plate) FROM vehicles WHERE id = '{first}' ORDER BY version LIMIT 1"
    );
    assert!(text(index, &plate).await.starts_with("粤B"));
    let device =
        "SELECT concat(toString(isNotNull(key)), toString(removed)) FROM devices ORDER BY version";
    assert_eq!(texts(index, device).await, ["0false", "1false", "1true"]);
    let drivers = "SELECT count() FROM seats_now FINAL WHERE company = 1 AND status = 'Active'";
    assert_eq!(number(index, drivers).await, 3);
    let withdrawn = format!(
        "SELECT toString(assumeNotNull(withdrawn)) FROM seats_now FINAL WHERE id = '{}'",
        happened.withdrawn
    );
    assert_ne!(text(index, &withdrawn).await, "0");
    let roles = "SELECT count() FROM roles_now FINAL WHERE company = 1 AND removed";
    assert_eq!(number(index, roles).await, 1);
    let tariffs = "SELECT CAST(assumeNotNull(state) AS String) FROM tariffs ORDER BY version";
    assert_eq!(texts(index, tariffs).await, ["proposed", "approved"]);
    let batches = "SELECT countIf(gross = drivers + platform + third_parties) FROM batches";
    assert_eq!(number(index, batches).await, 2);
    let shares = "SELECT toBool(ifNull(sum(amount) = (SELECT sum(third_parties) FROM batches), 0)) FROM shares_now FINAL";
    let same: bool = index.store().query(shares).fetch_one().await.unwrap();
    assert!(same, "third parties got what batches say");
}

async fn checkpoints_are_the_chains(index: &Index, chain: &Chain, happened: &Happened) {
    let at = chain.at_number(happened.settled).await.unwrap();
    let root = api::storage().checkpoints().latest_root();
    let root = at.storage().fetch(root, ()).await.unwrap().decode().unwrap();
    let sql = format!(
        "SELECT lower(hex(assumeNotNull(root))) FROM checkpoints WHERE block = {}",
        happened.settled
    );
    assert_eq!(text(index, &sql).await, hex(&root.0)[2..]);
    // Empty blocks prove nothing.
    let proving = number(index, "SELECT count() FROM checkpoints").await;
    assert!(proving >= 3 && proving < number(index, "SELECT count() FROM blocks").await);
    let totals = queries::totals(&at, CompanyId(1)).await.unwrap();
    let gross = format!(
        "SELECT ifNull(toString(sum(gross)), 'unknown') FROM batches WHERE block <= {}",
        happened.settled
    );
    assert_eq!(text(index, &gross).await, totals.gross.units().to_string());
}

async fn things_are_found(index: &Index, chain: &Chain) {
    let failed =
        "SELECT CAST(error AS String) FROM extrinsics WHERE NOT success AND pallet = 'Vehicles'";
    assert!(text(index, failed).await.starts_with("Vehicles."));
    // The members' fees are within their allowances.
    let stranger = hex(&Account::from_uri("//Ferdie").unwrap().id().0);
    let paid = "SELECT lower(hex(assumeNotNull(signer))) FROM extrinsics WHERE isNotNull(signer) AND fee > 0";
    assert_eq!(texts(index, paid).await, [&stranger[2..]]);
    let in_batch = "SELECT count() FROM calls WHERE path LIKE 'calls.%' AND pallet = 'Drivers' AND name = 'enrol'";
    assert_eq!(number(index, in_batch).await, 3);
    let by_name =
        "SELECT count() FROM events WHERE pallet = 'Settlement' AND name = 'BatchSettled'";
    assert_eq!(number(index, by_name).await, 2);
    let alice = Account::from_uri(PLATFORMS[0].admin).unwrap().id();
    let own = hex(&alice.0);
    let by_account =
        format!("SELECT count() FROM extrinsics WHERE signer = unhex('{}')", &own[2..]);
    let nonce = chain.next_nonce(&Account::from_uri(PLATFORMS[0].admin).unwrap()).await.unwrap();
    assert_eq!(number(index, &by_account).await, nonce, "every extrinsic that she sent");
    let hash =
        text(index, "SELECT hex(hash) FROM extrinsics WHERE pallet = 'Settlement' LIMIT 1").await;
    let by_hash = format!("SELECT count() FROM extrinsics WHERE hash = unhex('{hash}')");
    assert_eq!(number(index, &by_hash).await, 1);
}

/// Whoever changes a row is found by the digest, at its block.
async fn a_changed_row_is_found(index: &Index) {
    let last = index.position().await.unwrap().unwrap().last;
    let check = || check::recompute(index, 0..=last, |_| {});
    let digest = index.position().await.unwrap().unwrap().digest;
    assert_eq!(check().await.unwrap(), Found::Same { last, digest });
    let block = number(index, "SELECT toUInt64(max(block)) FROM batches").await;
    for (table, change, back) in [
        ("events", "fields = concat(fields, ' ')", "fields = trimRight(fields)"),
        ("batches", "gross = gross + 1", "gross = gross - 1"),
    ] {
        let alter = |what: &str| {
            format!("ALTER TABLE {table} UPDATE {what} WHERE block = {block} SETTINGS mutations_sync = 2")
        };
        index.store().execute(&alter(change)).await.unwrap();
        let found = check().await.unwrap();
        assert!(
            matches!(found, Found::Differs { block: at, .. } if u64::from(at) == block),
            "{table}: {found}"
        );
        index.store().execute(&alter(back)).await.unwrap();
        assert_eq!(check().await.unwrap(), Found::Same { last, digest });
    }
}
