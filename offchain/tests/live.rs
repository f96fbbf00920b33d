//! A city on real nodes and real services, which are killed again and again while people ride.

// In a test an unwrap is the assertion.
#![allow(clippy::unwrap_used)]

mod support;
#[path = "../../bridge-eth/relayer/tests/support/tool.rs"]
mod tool;

use std::{path::PathBuf, process::Command, sync::Arc, time::Duration};

use smartlink_offchain::{
    ethereum::{Proven, Tools},
    live::{self, City, Plan},
};
use tool::tool;

/// The binary of the services, which the test's own build has made.
fn offchain() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_smartlink-offchain"))
}

/// The bridge's binary, which lies beside the tests in the target folder.
fn bridge() -> PathBuf {
    let found = offchain().with_file_name("smartlink-bridge");
    assert!(
        found.is_file(),
        "this test runs the real bridge, and there is none at {}: build the workspace first",
        found.display()
    );
    found
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
        ethereum: Some(Tools { anvil: tool("anvil"), bridge: bridge() }),
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

/// The account's last line says so; and whoever types the line before it has the contract check it again.
fn assert_on_ethereum(proven: &Proven) {
    let told = proven.to_string();
    let lines: Vec<&str> = told.lines().collect();
    let [.., typed, last] = &lines[..] else { panic!("{told}") };
    let order = proven.order.to_string();
    let says = format!("Order {order} is proven on Ethereum: contract {}", proven.contract);
    assert!(last.starts_with(&says), "{last}");
    assert!(proven.bundle.is_file() && proven.block > 0, "{last}");
    let cast = tool("cast");
    let path = format!("{}:{}", cast.parent().unwrap().display(), std::env::var("PATH").unwrap());
    let mut shell = Command::new("sh");
    shell.args(["-c", typed]).env("PATH", path).env("ETH_RPC_URL", &proven.url);
    let answer = shell.output().unwrap();
    let (out, errors) =
        (String::from_utf8_lossy(&answer.stdout), String::from_utf8_lossy(&answer.stderr));
    assert!(answer.status.success() && out.contains(&order), "{out}{errors}");
}

/// Every order that was acknowledged comes to its end, and every fare is settled exactly once: `settle_up` compares
/// what the orders say with what the chain has settled, and proves each receipt, and one of each company on Ethereum.
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
    let proven = live::settle_up(&city).await.unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(proven.len(), city.services.len(), "each company has settled a ride");
    proven.iter().for_each(assert_on_ethereum);
    let city = Arc::into_inner(city).expect("the killer has ended");
    city.stop().await.unwrap_or_else(|e| panic!("{e}"));
}
