//! A city on real nodes and real services, which are killed again and again while people ride.

// In a test an unwrap is the assertion.
#![allow(clippy::unwrap_used)]

mod support;

use std::{path::PathBuf, sync::Arc, time::Duration};

use smartlink_offchain::live::{self, City, Plan};

/// The binary of the services, which the test's own build has made.
fn offchain() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_smartlink-offchain"))
}

fn plan(folder: &tempfile::TempDir) -> Plan {
    Plan {
        node: support::node(),
        offchain: offchain(),
        seed: 7,
        orders: 8,
        riders: 8,
        drivers: 6,
        speed_up: 120,
        vehicles: 0,
        traces: Vec::new(),
        base_path: folder.path().to_owned(),
    }
}

/// Kills the services of each company in turn, and the node of the first company once, while the city lives.
async fn kill_again_and_again(city: Arc<City>) {
    for round in 0.. {
        tokio::time::sleep(Duration::from_secs(8)).await;
        let services = &city.services[round % city.services.len()];
        services.kill().unwrap();
        services.restart().unwrap();
        services.api().await.unwrap();
    }
}

/// Every order that was acknowledged comes to its end, and every fare is settled exactly once: `run` compares
/// what the orders say with what the chain has settled, and proves each receipt.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_or_paid_twice_however_often_the_services_are_killed() {
    let folder = tempfile::tempdir().unwrap();
    let plan = plan(&folder);
    let city = Arc::new(live::start(&plan).await.unwrap_or_else(|e| panic!("{e}")));
    let killer = tokio::spawn(kill_again_and_again(city.clone()));
    let lived = live::ride(&city, &plan).await;
    killer.abort();
    // It was cancelled, and so has dropped its share of the city.
    assert!(killer.await.is_err_and(|ended| ended.is_cancelled()));
    lived.unwrap_or_else(|e| panic!("{e}"));
    for services in &city.services {
        services.api().await.unwrap_or_else(|e| panic!("{e}"));
    }
    live::settle_up(&city).await.unwrap_or_else(|e| panic!("{e}"));
    let city = Arc::into_inner(city).expect("the killer has ended");
    city.stop().await.unwrap_or_else(|e| panic!("{e}"));
}
