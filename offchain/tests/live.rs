//! A city on real nodes and real services, which are killed again and again while people ride.

// In a test an unwrap is the assertion.
#![allow(clippy::unwrap_used)]

mod support;
#[path = "../../bridge-eth/relayer/tests/support/tool.rs"]
mod tool;

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
    time::Duration,
};

use serde_json::{json, Value};
use smartlink_chain::Chain;
use smartlink_offchain::{
    ethereum::{Proven, Tools},
    live::{self, City, Plan},
};
use support::PATIENCE;
use tool::tool;

/// The binary of the services, which the test's own build has made.
fn offchain() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_smartlink-offchain"))
}

/// Another binary of the workspace, which lies beside that in the target folder.
fn beside(name: &str) -> PathBuf {
    let found = offchain().with_file_name(name);
    assert!(
        found.is_file(),
        "this test runs the real {name}, and there is none at {}: build the workspace first",
        found.display()
    );
    found
}

/// A portal of one page: what it is like is for the tests of the portal.
fn portal(folder: &Path) -> PathBuf {
    let portal = folder.join("portal");
    std::fs::create_dir_all(&portal).unwrap();
    std::fs::write(portal.join("index.html"), "<!doctype html><title>portal</title>").unwrap();
    portal
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
        ethereum: Some(Tools { anvil: tool("anvil"), bridge: beside("smartlink-bridge") }),
        indexer: Some(beside("smartlink-indexer")),
        portal: Some(portal(folder.path())),
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

/// What a browser does that opens the portal of a company: it gets the page, learns where everything is, asks the index as a
/// page of that origin, and reaches a node of the chain and Ethereum. Pages of others may not ask.
async fn a_browser_reaches_everything(portal: &str, company: u32, contract: &str) {
    let client = reqwest::Client::new();
    let page = client.get(portal).header("accept", "text/html").send().await.unwrap();
    assert!(page.headers().contains_key("content-security-policy"), "{page:?}");
    assert!(page.text().await.unwrap().contains("<title>portal</title>"));
    let told = client.get(format!("{portal}/portal.json")).send().await.unwrap();
    let told: Value = told.json().await.unwrap();
    assert_eq!(told["company"], company, "{told}");
    assert_eq!(told["ethereum"]["contract"], contract, "{told}");
    let text = |value: &Value| value.as_str().unwrap().to_owned();

    let node = Chain::connect(&text(&told["node"]), PATIENCE).await.unwrap();
    let end = node.finalized_number().await.unwrap();
    let ask = |origin: &str| {
        let question =
            json!({ "query": "{ _meta { block { number } } company(id: \"1\") { name } }" });
        client.post(text(&told["index"])).header("origin", origin).json(&question).send()
    };
    let reached = async {
        loop {
            let answer = ask(portal).await.unwrap();
            assert_eq!(answer.headers()["access-control-allow-origin"], portal);
            let answer: Value = answer.json().await.unwrap();
            if answer["data"]["_meta"]["block"]["number"].as_u64() >= Some(end) {
                return answer;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    };
    let answer = tokio::time::timeout(PATIENCE, reached).await;
    let answer = answer.unwrap_or_else(|_| panic!("the index does not come to block {end}"));
    assert!(answer["data"]["company"]["name"].is_string(), "{answer}");
    assert_eq!(ask("http://evil.example").await.unwrap().status(), 403);

    let code = json!({ "jsonrpc": "2.0", "id": 1, "method": "eth_getCode", "params": [contract, "latest"] });
    let ethereum = client.post(text(&told["ethereum"]["url"])).header("origin", portal);
    let answer: Value = ethereum.json(&code).send().await.unwrap().json().await.unwrap();
    assert!(answer["result"].as_str().is_some_and(|code| code.len() > 2), "{answer}");
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
    let addresses = city.addresses().await.unwrap_or_else(|e| panic!("{e}"));
    for (line, (services, company)) in
        addresses.lines().zip(city.services.iter().zip(&smartlink_offchain::staff::PLATFORMS))
    {
        let portal = format!("http://{}", services.api().await.unwrap_or_else(|e| panic!("{e}")));
        assert!(line.contains("portal") && line.contains(&format!("{portal}/")), "{addresses}");
        a_browser_reaches_everything(&portal, company.id.0, &proven[0].contract).await;
    }
    let city = Arc::into_inner(city).expect("the killer has ended");
    city.stop().await.unwrap_or_else(|e| panic!("{e}"));
}
