//! Clients as others write them, on the index of a chain with a company at work: urql, graphql-ws, graphql-js, and GraphiQL
//! in a browser. What they do is in `tests/clients`.

#![allow(clippy::unwrap_used, reason = "in a test an unwrap is the assertion")]

mod support;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Output, Stdio},
    sync::Arc,
    time::Duration,
};

use smartlink_chain::{api, calls, subxt::utils::Static, Account};
use smartlink_indexer::{
    application::{run, Goal, Tally},
    domain::{digest::keccak, value::hex},
    graphql::Server,
    infra::Node,
};
use smartlink_offchain::{fleet, staff::PLATFORMS};
use smartlink_primitives::{CompanyId, Money};
use support::{config, consortium, engine, index, Platform, PATIENCE};
use tempfile::TempDir;
use tokio::process::Command;
use tokio_util::sync::CancellationToken;

/// How long the clients may take, and fetching them.
const CLIENTS: Duration = Duration::from_secs(420);

#[tokio::test(flavor = "multi_thread")]
async fn clients_of_others_find_what_the_index_promises() {
    let Some(running) = engine().await else { return };
    let Some(clients) = clients().await else { return };
    let consortium = consortium().await;
    let platform = Platform::ready(consortium.chain(0).unwrap(), 3).await;
    work(&platform).await;
    let mut config = config(&running.engine.url(), &consortium.node(0).url(), "clients");
    let folder = tempfile::tempdir().unwrap();
    config.api.listen = "127.0.0.1:0".to_owned();
    config.api.folder = folder.path().display().to_string();
    let stop = CancellationToken::new();
    let index = index(&config).await;
    let server = Server::bind(index.clone(), &config, Arc::default(), stop.clone()).await.unwrap();
    let url = format!("http://{}", server.local_addr().unwrap());
    let node = Node::at(&config.node, &config.fetch);
    let tally = Arc::new(Tally::default());
    let following = run(index.clone(), Some(node), &config, Goal::Follow, tally, stop.clone());
    let last = u32::try_from(platform.chain.finalized_number().await.unwrap()).unwrap();
    let mut tip = server.tip();
    let asking = async {
        let reached = tip.wait_for(|tip| tip.last.is_some_and(|reached| reached >= last));
        let reached = tokio::time::timeout(PATIENCE, reached).await;
        drop(
            reached.unwrap_or_else(|_| panic!("the index does not come to block {last}")).unwrap(),
        );
        let output = clients.run(&url).await;
        stop.cancel();
        output
    };
    let (followed, served, output) = tokio::join!(following, server.serve(), asking);
    let (out, errors) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}{errors}the index: {followed:?}");
    followed.unwrap();
    served.unwrap();
    consortium.stop().await;
    running.engine.stop().await;
}

/// Vehicles come, are sold and scrapped; rides are settled; a role is taken back; something fails.
async fn work(platform: &Platform) {
    let (chain, staff) = (&platform.chain, &platform.staff);
    let vehicles = fleet::register(chain, staff, 4).await.unwrap();
    let sold = || Static(vehicles[1]);
    let price = || Static(Money::yuan(70_000));
    let offer =
        api::transactions().vehicles().offer_transfer(sold(), Static(CompanyId(2)), price());
    chain.execute(&staff.admin, &offer, PATIENCE).await.unwrap();
    let bob = Account::from_uri(PLATFORMS[1].admin).unwrap();
    let accept = api::transactions().vehicles().accept_transfer(sold(), price());
    chain.execute(&bob, &accept, PATIENCE).await.unwrap();
    chain.execute(&staff.fleet, &calls::scrap_vehicle(vehicles[2]), PATIENCE).await.unwrap();
    platform.settle(1, 40).await;
    platform.settle(2, 7).await;
    let company = Static(staff.company.id);
    let revoke = api::transactions().consortium().revoke_role(company, staff.checker.id());
    chain.execute(&staff.admin, &revoke, PATIENCE).await.unwrap();
    let refused = calls::scrap_vehicle(vehicles[2]);
    chain.execute(&staff.fleet, &refused, PATIENCE).await.unwrap_err();
}

/// The clients, with the packages that they stand on.
struct Clients {
    folder: TempDir,
}

/// The clients; `None`, and said loudly, without Node.js.
async fn clients() -> Option<Clients> {
    for program in ["node", "npm"] {
        let found = Command::new(program).arg("--version").output().await;
        if found.is_ok_and(|output| output.status.success()) {
            continue;
        }
        let missing = format!("there is no {program}: run `cargo xtask setup`");
        let all = std::env::var_os("SMARTLINK_REQUIRE_ALL").is_some_and(|all| all == "1");
        assert!(!all, "SMARTLINK_REQUIRE_ALL=1 is set, but {missing}");
        eprintln!("\n!!! SKIPPED, NOTHING WAS TESTED: {missing}\n");
        return None;
    }
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients");
    let packages = packages(&own).await;
    // Node.js looks for packages beside the file that wants them.
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in scripts(&own, Path::new("")) {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    std::os::unix::fs::symlink(packages, folder.path().join("node_modules")).unwrap();
    Some(Clients { folder })
}

/// The scripts in a folder and in those within it, by their paths.
fn scripts(root: &Path, within: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(root.join(within)).unwrap() {
        let name = within.join(entry.unwrap().file_name());
        let path = root.join(&name);
        if path.is_dir() && !name.ends_with("node_modules") {
            found.extend(scripts(root, &name));
        } else if path.extension().is_some_and(|end| end == "js" || end == "json") {
            found.insert(name, fs::read(&path).unwrap());
        }
    }
    found
}

/// The folder with the packages of the lock file, which are fetched once.
async fn packages(own: &Path) -> PathBuf {
    let home = std::env::var_os("HOME").expect("HOME is set");
    let lock = fs::read(own.join("package-lock.json")).unwrap();
    let cache = Path::new(&home).join(".cache/smartlinkdrive/clients");
    let folder = cache.join(&hex(&keccak(&lock))[2..18]);
    let modules = folder.join("node_modules");
    if modules.is_dir() {
        return modules;
    }
    // What an interrupted attempt left is not in the way.
    fs::create_dir_all(&cache).unwrap();
    let work = tempfile::tempdir_in(&cache).unwrap();
    for name in ["package.json", "package-lock.json"] {
        fs::copy(own.join(name), work.path().join(name)).unwrap();
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]).current_dir(work.path());
    let output = ends(npm).await;
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "the clients' packages cannot be fetched: {errors}");
    fs::create_dir_all(&folder).unwrap();
    // Another test may have been first; either is whole.
    if let Err(error) = fs::rename(work.path().join("node_modules"), &modules) {
        assert!(modules.is_dir(), "the clients' packages cannot be put into the cache: {error}");
    }
    modules
}

impl Clients {
    /// Lets them ask the server at an address.
    async fn run(&self, url: &str) -> Output {
        let mut node = Command::new("node");
        node.args(["--test-reporter=spec", "run.js"])
            .current_dir(self.folder.path())
            .env("SMARTLINK_GRAPHQL", url)
            .env("SMARTLINK_DOCUMENT", concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/graphql.md"));
        ends(node).await
    }
}

/// What a program says that has to come to an end.
async fn ends(mut program: Command) -> Output {
    program.stdin(Stdio::null()).kill_on_drop(true);
    let output = tokio::time::timeout(CLIENTS, program.output()).await;
    output.unwrap_or_else(|_| panic!("no end after {} s: {program:?}", CLIENTS.as_secs())).unwrap()
}
