//! The worker in a company's node: rides reach the chain without any person, each exactly once.

// In a test an unwrap is the assertion, in what its stories share as well.
#![allow(clippy::unwrap_used)]

mod support;

use std::{
    collections::BTreeMap,
    future::Future,
    sync::{Arc, Mutex},
};

use axum::{
    body::Bytes,
    extract::{Path, State},
    http::StatusCode,
    routing::{get, post},
    Router,
};
use serde_json::{json, Value};
use smartlink_chain::{queries, subxt::ext::codec::Encode, Chain};
use smartlink_devnet::{Consortium, Options, Worker};
use smartlink_offchain::{day, staff::PLATFORMS};
use smartlink_primitives::{ride::RideBatch, BatchNumber, CompanyId, Money, Seat, H256};
use support::{check_money, node, ride, Platform, PATIENCE};
use tokio::{net::TcpListener, sync::Notify};

/// The secret of the worker's key: `Platform` hires this account for settlement.
const SURI: &str = "//Alice//worker";

/// The company's orders service, as far as a worker sees it.
#[derive(Clone, Default)]
struct Orders(Arc<Desk>);

#[derive(Default)]
struct Desk {
    closed: Mutex<BTreeMap<u64, RideBatch>>,
    refused: Mutex<Vec<(u64, Value)>>,
    heard: Notify,
}

impl Orders {
    /// Serves on a port of its own until the test ends. Gives the address.
    async fn serve(&self) -> String {
        let batch = "/v1/companies/{company}/batches/{number}";
        let routes = Router::new()
            .route(batch, get(Self::give))
            .route(&format!("{batch}/refused"), post(Self::hear))
            .with_state(self.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, routes).await });
        format!("http://{address}")
    }

    async fn give(
        State(orders): State<Self>,
        Path((company, number)): Path<(u32, u64)>,
    ) -> (StatusCode, Vec<u8>) {
        assert_eq!(CompanyId(company), PLATFORMS[0].id);
        match orders.0.closed.lock().unwrap().get(&number) {
            Some(batch) => (StatusCode::OK, batch.encode()),
            None => (StatusCode::NO_CONTENT, Vec::new()),
        }
    }

    async fn hear(
        State(orders): State<Self>,
        Path((_, number)): Path<(u32, u64)>,
        body: Bytes,
    ) -> StatusCode {
        let refusal = serde_json::from_slice(&body).unwrap();
        orders.0.refused.lock().unwrap().push((number, refusal));
        orders.0.heard.notify_one();
        StatusCode::NO_CONTENT
    }

    fn close(&self, batch: RideBatch) {
        self.0.closed.lock().unwrap().insert(batch.number.0, batch);
    }

    /// Waits for the first refusal, and forgets all.
    async fn hears_refusal(&self) -> (u64, Value) {
        within(self.0.heard.notified()).await;
        let mut refused = std::mem::take(&mut *self.0.refused.lock().unwrap());
        assert_eq!(refused.len(), 1, "the same is not said twice: {refused:?}");
        refused.remove(0)
    }
}

async fn within<F: Future>(future: F) -> F::Output {
    tokio::time::timeout(PATIENCE, future).await.expect("it happens in time")
}

/// So many validators, of which the first has the company's worker.
async fn start(validators: usize, orders: &Orders) -> Consortium {
    let url = orders.serve().await;
    let worker = Worker { company: PLATFORMS[0].id, suri: SURI.into(), url, telemetry_url: None };
    let options = Options::new(node()).validators(validators).worker(0, worker);
    let mut consortium = Consortium::start(options).await.unwrap_or_else(|e| panic!("{e}"));
    consortium.wait_finalized(1, PATIENCE).await.unwrap_or_else(|e| panic!("{e}"));
    consortium
}

/// Follows final blocks until the company has this many batches. Gives the height.
async fn settled(chain: &Chain, company: CompanyId, batches: u64) -> u64 {
    let follow = async {
        let mut blocks = chain.finalized_blocks().await.unwrap();
        loop {
            let at = blocks.next().await.unwrap().unwrap().at().await.unwrap();
            let totals = queries::totals(&at, company).await.unwrap();
            assert!(totals.batches <= batches, "{totals:?}");
            if totals.batches == batches {
                return at.block_number();
            }
        }
    };
    within(follow).await
}

#[tokio::test(flavor = "multi_thread")]
async fn rides_are_settled_without_any_person_and_a_wrong_row_is_reported() {
    let orders = Orders::default();
    let consortium = start(1, &orders).await;
    let platform = Platform::ready(consortium.chain(0).unwrap(), 2, Money::yuan(10_000)).await;
    let (chain, company) = (&platform.chain, platform.company());
    let hired = platform.staff.worker.id();
    let before = queries::account(&platform.at().await, hired).await.unwrap();

    (1..=3).for_each(|number| orders.close(platform.batch(number, 4)));
    settled(chain, company, 3).await;
    let at = chain.at_finalized().await.unwrap();
    let totals = queries::totals(&at, company).await.unwrap();
    assert_eq!((totals.batches, totals.rides), (3, 12));
    let after = queries::account(&at, hired).await.unwrap();
    assert_eq!((after.nonce, after.free), (before.nonce, before.free), "nobody signed or paid");
    check_money(&at).await;
    a_ride_of_the_worker_is_proven(&platform).await;

    let seat = platform.roster.in_turn(0).seat;
    let wrong = [ride(4_000, seat), ride(4_001, seat), ride(4_002, Seat(4_000))];
    let mut wrong = day::batch(company, BatchNumber(4), platform.city, &wrong).unwrap();
    wrong.evidence_root = H256::repeat_byte(0xab);
    orders.close(wrong);
    let refusal = json!({
        "evidence_root": format!("0x{}", "ab".repeat(32)),
        "reason": "Row",
        "row": 2,
        "fault": "UnknownDriver",
    });
    assert_eq!(orders.hears_refusal().await, (4, refusal));
    assert_eq!(platform.totals().await.batches, 3);
    orders.close(platform.batch(4, 2));
    settled(chain, company, 4).await;
    assert_eq!(platform.totals().await.rides, 14);
    consortium.stop().await;
}

async fn a_ride_of_the_worker_is_proven(platform: &Platform) {
    let (chain, company) = (&platform.chain, platform.company());
    let number = BatchNumber(2);
    let record = queries::batch(&platform.at().await, company, number).await.unwrap().unwrap();
    let at = chain.at_number(record.block.into()).await.unwrap();
    let root = queries::checkpoint_root(&at).await.unwrap();
    let proof = chain.receipt_proof(company, number, 2_003).await.unwrap();
    assert_eq!(proof.verify(root), Ok(()));
    assert_eq!((proof.receipt.order, proof.row), (2_003, 3));
}

/// The node that carries the batches loses its power in the middle, twice: what it was sending arrives once.
#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_is_killed_in_the_middle_settles_each_batch_exactly_once() {
    const BATCHES: u64 = 12;
    let orders = Orders::default();
    let mut consortium = start(4, &orders).await;
    let platform = Platform::ready(consortium.chain(1).unwrap(), 2, Money::yuan(10_000)).await;
    let company = platform.company();
    (1..=BATCHES).for_each(|number| orders.close(platform.batch(number, number)));
    for least in [1, 6] {
        let mut blocks = platform.chain.best_blocks().await.unwrap();
        let reach = async {
            loop {
                let at = blocks.next().await.unwrap().unwrap().at().await.unwrap();
                if queries::totals(&at, company).await.unwrap().batches >= least {
                    return;
                }
            }
        };
        within(reach).await;
        consortium.kill_9(0);
        consortium.restart(0).await.unwrap_or_else(|e| panic!("{e}"));
    }
    let height = settled(&platform.chain, company, BATCHES).await;
    let height = consortium.wait_finalized(height + 2, PATIENCE).await.unwrap();
    let rides = BATCHES * (BATCHES + 1) / 2;
    for place in 0..consortium.len() {
        let at = consortium.chain(place).unwrap().at_number(height).await.unwrap();
        let totals = queries::totals(&at, company).await.unwrap();
        assert_eq!((totals.batches, totals.rides), (BATCHES, rides), "on node {place}");
        check_money(&at).await;
    }
    assert_eq!(count_settled(&platform.chain, height, company).await, BATCHES);
    assert_eq!(*orders.0.refused.lock().unwrap(), []);
    consortium.stop().await;
}

/// Batches of a company by the events of all blocks: a number that settled twice would count twice.
async fn count_settled(chain: &Chain, height: u64, company: CompanyId) -> u64 {
    let mut numbers = Vec::new();
    for block in 1..=height {
        let at = chain.at_number(block).await.unwrap();
        for number in 1..=queries::totals(&at, company).await.unwrap().batches {
            let record = queries::batch(&at, company, BatchNumber(number)).await.unwrap().unwrap();
            if u64::from(record.block) == block {
                numbers.push(number);
            }
        }
    }
    assert!(numbers.windows(2).all(|pair| pair[1] == pair[0] + 1), "{numbers:?}");
    numbers.len() as u64
}
