//! Rides that a real chain settled are in the index with the amounts that the node's own receipts have, however their batch
//! came to be settled.

#![allow(clippy::unwrap_used, reason = "in a test an unwrap is the assertion")]

mod support;

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    time::{Duration, Instant},
};

use serde_json::{json, Value};
use smartlink_chain::{api, calls, Account, Chain, Static};
use smartlink_indexer::{application::Goal, Registry};
use smartlink_offchain::{day, fleet, prices};
use smartlink_primitives::{
    receipt::ReceiptProof,
    ride::{Ride, RideBatch, RideKind},
    BatchNumber, CompanyId, Money,
};
use smartlink_proofs::{verify, Bundle, Item};
use support::{bring, config, consortium, engine, is_whole, Platform, Process, PATIENCE};

/// The company's.
const COMPANY: CompanyId = CompanyId(1);

/// A batch of rides of all kinds. A cancelled one is every third.
fn batch(platform: &Platform, number: u64, rides: u64) -> RideBatch {
    let ride = |row: u64| {
        let trip = row % 3 != 2;
        let driven = |number: u32| if trip { number } else { 0 };
        let small = u32::try_from(row).unwrap();
        Ride {
            // Those of the first batch have two digits, then three: as text they are in another order.
            order: (number - 1) * 10_000 + 95 + row,
            seat: platform.roster.in_turn(small as usize).seat,
            pickup: 1_781_452_800 + row * 1_800,
            distance_m: driven(2_500 + small * 997),
            duration_s: driven(400 + small * 61),
            waiting_s: small * 50,
            tolls_fen: driven(small % 4 * 500),
            surge_permille: 1_000 + u16::try_from(row % 5).unwrap() * 150,
            kind: if trip { RideKind::Trip } else { RideKind::Cancelled },
        }
    };
    let rides: Vec<Ride> = (0..rides).map(ride).collect();
    day::batch(COMPANY, BatchNumber(number), prices::SHENZHEN, &rides).unwrap()
}

/// Batches come in every way there is; a driver moves to another account in between.
async fn settle(platform: &Platform) {
    let (chain, staff) = (&platform.chain, &platform.staff);
    let submit = calls::settle(batch(platform, 1, 11));
    chain.execute(&staff.worker, &submit, PATIENCE).await.unwrap();
    let driver = fleet::driver_key(&staff.company, 0).unwrap();
    let pocket = calls::transfer(driver.id(), Money::yuan(10));
    chain.execute(&staff.admin, &pocket, PATIENCE).await.unwrap();
    let moved = Account::from_uri("//rides//moved").unwrap();
    let moves = api::transactions().drivers().set_account(moved.id());
    chain.execute(&driver, &moves, PATIENCE).await.unwrap();
    // The second fails at first, and is mended behind it in the same transaction, where the third is as well.
    let mut wrong = batch(platform, 2, 7);
    wrong.surges_permille[3] = 999;
    let settles = [wrong, batch(platform, 2, 7), batch(platform, 3, 1)];
    let settles = settles.map(|batch| {
        calls::Call::Settlement(api::settlement::Call::settle_batch { batch: Static(batch) })
    });
    let together = api::transactions().utility().force_batch(settles.into());
    chain.execute(&staff.worker, &together, PATIENCE).await.unwrap();
}

/// What the index answers over HTTP.
struct Asked(SocketAddr);

impl Asked {
    fn post(&self, query: &str) -> Option<Value> {
        let body = json!({ "query": query }).to_string();
        let mut stream = TcpStream::connect(self.0).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        write!(
            stream,
            "POST /graphql HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
             Connection: close\r\n\r\n{body}",
            body.len()
        )
        .ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        serde_json::from_str(answer.split_once("\r\n\r\n")?.1).ok()
    }

    fn ask(&self, query: &str) -> Value {
        let answer = self.post(query).unwrap_or_else(|| panic!("no answer to {query}"));
        assert_eq!(answer.get("errors"), None, "{query}");
        answer["data"].clone()
    }

    /// Asks until there is an answer that fits.
    async fn until(&self, query: &str, fits: impl Fn(&Value) -> bool) -> Value {
        let began = Instant::now();
        loop {
            let answer = self.post(query);
            if let Some(answer) = answer.as_ref().filter(|answer| fits(answer)) {
                return answer["data"].clone();
            }
            assert!(began.elapsed() < PATIENCE, "{query}: {answer:?}");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
}

const RIDE: &str = "id companyId batchId row order driverId account tariffId kind pickup distanceM durationS waitingS \
                    surgePermille fare tolls driverShare platform thirdParties blockNumber \
                    company { name } batch { number } driver { driver } tariff { city } extrinsic { pallet }";

#[tokio::test(flavor = "multi_thread")]
async fn rides_are_what_the_nodes_receipts_say() {
    let Some(running) = engine().await else { return };
    let mut consortium = consortium().await;
    let chain = consortium.chain(0).unwrap();
    let platform = Platform::ready(chain.clone(), 3).await;
    settle(&platform).await;
    let last = u32::try_from(chain.finalized_number().await.unwrap()).unwrap();
    let mut config = config(&running.engine.url(), &consortium.node(0).url(), "rides");
    let position = bring(&config, Goal::Until(last)).await.unwrap();
    let index = support::index(&config).await;
    is_whole(&index, last).await;
    let address = SocketAddr::from(([127, 0, 0, 1], smartlink_devnet::free_port().unwrap()));
    config.api.listen = address.to_string();
    let folder = tempfile::tempdir().unwrap();
    let folder = format!("api.folder=\"{}\"", folder.path().display());
    let _serving = Process::start(&config, &["serve"], &[&folder]);
    let asked = Asked(address);
    let there = "{ ridesConnection(first: 1) { totalCount } }";
    asked.until(there, |answer| answer["data"]["ridesConnection"]["totalCount"] == "19").await;

    let rides = asked.ask(&format!("{{ rides(first: 1000) {{ {RIDE} }} }}"));
    let rides = rides["rides"].as_array().unwrap();
    assert_eq!(rides.len(), 11 + 7 + 1);
    for ride in rides {
        it_is_the_nodes_receipt(&chain, ride).await;
    }
    accounts_are_those_of_their_time(rides);
    they_are_found(&asked, rides);
    sums_are_the_batches(&asked);
    a_ride_proves_itself(&asked, &rides[4]).await;

    // Made anew without the node they are the same.
    consortium.kill_9(0);
    config.api.listen = String::new();
    let registry = Registry::default().into();
    smartlink_indexer::infra::Index::renew(&config, registry).await.unwrap();
    assert_eq!(bring(&config, Goal::Kept).await.unwrap(), position);
    running.engine.stop().await;
}

fn number<T: std::str::FromStr>(value: &Value) -> T {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    text.parse().unwrap_or_else(|_| panic!("{value} is no number"))
}

/// Every field is that of the receipt which the node proves.
async fn it_is_the_nodes_receipt(chain: &Chain, ride: &Value) {
    let batch = BatchNumber(number(&ride["batch"]["number"]));
    let proof = chain.receipt_proof(COMPANY, batch, number(&ride["order"])).await.unwrap();
    let ReceiptProof { receipt, row, batch: record, .. } = proof;
    assert_eq!(ride["id"], format!("1-{}-{}", batch.0, receipt.order));
    assert_eq!(ride["batchId"], format!("1-{}", batch.0));
    assert_eq!(ride["row"], row, "{ride}");
    assert_eq!(
        (&ride["driverId"], &ride["driver"]["driver"]),
        (&receipt.driver.0.into(), &receipt.driver.0.into())
    );
    let account: String = receipt.account.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(ride["account"], format!("0x{account}"), "{ride}");
    assert_eq!(ride["tariffId"], format!("1-{}-{}", record.city.0, receipt.tariff.0));
    assert_eq!(ride["tariff"]["city"], record.city.0);
    let kind = match receipt.kind {
        RideKind::Trip => "Trip",
        RideKind::Cancelled => "Cancelled",
    };
    assert_eq!(ride["kind"], kind);
    let pickup = ride["pickup"].as_str().unwrap();
    let pickup = chrono::DateTime::parse_from_rfc3339(pickup).unwrap().timestamp();
    assert_eq!(u64::try_from(pickup).unwrap(), receipt.pickup);
    for (field, value) in [
        ("distanceM", receipt.distance_m.into()),
        ("durationS", receipt.duration_s.into()),
        ("waitingS", receipt.waiting_s.into()),
        ("surgePermille", receipt.surge_permille.into()),
        ("fare", receipt.fare),
        ("tolls", receipt.tolls),
        ("driverShare", receipt.driver_share),
    ] {
        assert_eq!(number::<u64>(&ride[field]), value, "{field} of {ride}");
    }
    let parts = ["driverShare", "platform", "thirdParties"].map(|part| number::<u64>(&ride[part]));
    assert_eq!(receipt.fare + receipt.tolls, parts.iter().sum::<u64>(), "{ride}");
    assert_eq!(ride["blockNumber"], record.block);
    assert_eq!(ride["company"]["name"], "Shenxing Mobility");
    let by = if batch.0 == 1 { "Settlement" } else { "Utility" };
    assert_eq!(ride["extrinsic"]["pallet"], by);
}

/// The driver who moved has another account in the later batches.
fn accounts_are_those_of_their_time(rides: &[Value]) {
    let first = rides.iter().find(|ride| ride["id"] == "1-1-95").unwrap();
    let first = &first["driverId"];
    let mut accounts: Vec<_> = rides
        .iter()
        .filter(|ride| ride["driverId"] == *first)
        .map(|ride| &ride["account"])
        .collect();
    accounts.dedup();
    assert_eq!(accounts.len(), 2, "before, and after");
}

fn they_are_found(asked: &Asked, rides: &[Value]) {
    let ride = &rides[12];
    let (id, order) = (ride["id"].as_str().unwrap(), ride["order"].as_str().unwrap());
    for text in [order, id] {
        let found = asked.ask(&format!(
            "{{ search(text: \"{text}\") {{ type id field item {{ ... on Ride {{ order fare }} }} }} }}"
        ));
        let hit = &found["search"][0];
        assert_eq!((&hit["type"], &hit["id"]), (&json!("Ride"), &ride["id"]), "{text}: {found}");
        assert_eq!((&hit["item"]["order"], &hit["item"]["fare"]), (&ride["order"], &ride["fare"]));
    }
    let (driver, batch) = (&ride["driverId"], ride["batchId"].as_str().unwrap());
    let lists = asked.ask(&format!(
        "{{ ride(id: \"{id}\") {{ id }} byOrder: rides(where: {{ order: \"{order}\" }}) {{ id }} \
         byBatch: rides(where: {{ batch: \"{batch}\" }}) {{ batchId }} \
         byDriver: rides(where: {{ driver: \"{driver}\" }}) {{ driverId }} \
         dear: rides(where: {{ fare_gte: \"{fare}\" }}) {{ fare }} \
         batch(id: \"{batch}\") {{ rideCount rides {{ id }} }} driver(id: \"{driver}\") {{ rides {{ id }} }} \
         company(id: \"1\") {{ rides(first: 3, orderDirection: desc) {{ blockNumber }} }} }}",
        fare = ride["fare"].as_str().unwrap(),
    ));
    assert_eq!(lists["ride"]["id"], *id);
    assert_eq!(lists["byOrder"], json!([{ "id": id }]));
    let of = |field: &str| rides.iter().filter(|other| other[field] == ride[field]).count();
    let count = |list: &Value| list.as_array().unwrap().len();
    assert_eq!(count(&lists["byBatch"]), of("batchId"));
    assert_eq!(count(&lists["byDriver"]), of("driverId"));
    assert_eq!(count(&lists["batch"]["rides"]), of("batchId"));
    assert_eq!(lists["batch"]["rideCount"], of("batchId"));
    assert_eq!(count(&lists["driver"]["rides"]), of("driverId"));
    assert_eq!(count(&lists["company"]["rides"]), 3);
    let fare = |ride: &Value| number::<u64>(&ride["fare"]);
    let dear = rides.iter().filter(|other| fare(other) >= fare(ride)).count();
    assert_eq!(count(&lists["dear"]), dear);
}

/// What rides come to by hours is what batches say, by what the copy has counted as well as by what ClickHouse counts.
fn sums_are_the_batches(asked: &Asked) {
    let sums = asked.ask(
        "{ batchesAggregate { sum { rideCount gross drivers platform thirdParties } } \
           counted: ridesAggregate(where: { company: \"1\" }) { count sum { fare tolls driverShare platform thirdParties } } \
           read: ridesAggregate(where: { fare_gte: \"0\" }) { count sum { fare tolls driverShare platform thirdParties } } \
           hours: ridesAggregate(interval: hour) { count } \
           kinds: ridesAggregate(groupBy: [kind, driverId]) { kind driverId count sum { fare distanceM } } }",
    );
    let batches = &sums["batchesAggregate"][0]["sum"];
    assert_eq!(sums["counted"], sums["read"]);
    let rides = &sums["counted"][0];
    assert_eq!(rides["count"], "19");
    assert_eq!(batches["rideCount"], "19");
    let sum = |field: &str| number::<u64>(&rides["sum"][field]);
    assert_eq!(sum("fare") + sum("tolls"), number::<u64>(&batches["gross"]));
    assert_eq!(rides["sum"]["driverShare"], batches["drivers"]);
    assert_eq!(rides["sum"]["platform"], batches["platform"]);
    assert_eq!(rides["sum"]["thirdParties"], batches["thirdParties"]);
    let count = |groups: &Value| -> u64 {
        groups.as_array().unwrap().iter().map(|group| number::<u64>(&group["count"])).sum()
    };
    assert_eq!((count(&sums["hours"]), count(&sums["kinds"])), (19, 19));
}

/// The proof of a ride verifies, and says what the ride says.
async fn a_ride_proves_itself(asked: &Asked, ride: &Value) {
    let query = format!("{{ ride(id: {}) {{ proof }} }}", ride["id"]);
    let proven = asked.until(&query, |answer| answer.get("errors").is_none()).await;
    let bundle = Bundle::parse(proven["ride"]["proof"].as_str().unwrap().as_bytes()).unwrap();
    verify(&bundle, None).unwrap();
    let Item::Receipt(item) = &bundle.item else { panic!("it is a receipt") };
    assert_eq!(item.receipt.order, number::<u64>(&ride["order"]));
    assert_eq!(item.receipt.fare, number::<u64>(&ride["fare"]));
    assert_eq!(item.receipt.driver_share, number::<u64>(&ride["driverShare"]));
}
