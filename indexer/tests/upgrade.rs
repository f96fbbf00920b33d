//! A chain whose council changes its rules twice, while a company works and indexers follow. One of its events is called
//! otherwise each time: every block is read by the rules of its own time, whoever reads it and when.

#![allow(clippy::unwrap_used, reason = "in a test an unwrap is the assertion")]

#[path = "upgrade/next.rs"]
mod next;
mod support;

use std::{sync::Arc, time::Duration};

use smartlink_chain::{
    api,
    calls::{self, Call},
    council, motions,
    subxt::utils::{Static, H256},
    Account, Chain,
};
use smartlink_indexer::{
    application::{check, check::Found, run, Goal, Tally},
    decode::scale::blake2_256,
    domain::{Entity, Fact, Origin, Patch, Unread},
    entities,
    infra::{store::Position, Index, Node},
    Error, IndexerConfig, Registry,
};
use smartlink_offchain::fleet;
use smartlink_primitives::VehicleId;
use support::{config, consortium_of, engine, said, text, texts, Platform, PATIENCE};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// The name of the event after the first upgrade, and after the second.
const NAMES: [&str; 3] = ["PlateSet", "PlateNew", "NewPlate"];
/// How often it is looked how far an indexer is.
const LOOK: Duration = Duration::from_millis(100);

/// The entity of vehicles, whose file was told the event's later names.
fn vehicles() -> Entity {
    let known = *entities::ALL.iter().find(|entity| entity.name == "vehicles").unwrap();
    let later = NAMES[1..].iter().map(|name| (Origin::Event, "Vehicles", *name));
    let facts: Vec<_> = known.facts.iter().copied().chain(later).collect();
    Entity { facts: facts.leak(), read, ..known }
}

fn read(fact: &Fact<'_>) -> Result<Vec<Patch>, Unread> {
    let known = entities::ALL.iter().find(|entity| entity.name == "vehicles").unwrap();
    let name = if NAMES.contains(&fact.name) { NAMES[0] } else { fact.name };
    (known.read)(&Fact { name, ..*fact })
}

fn told() -> Arc<Registry> {
    let others = entities::ALL.into_iter().filter(|entity| entity.name != "vehicles");
    Arc::new(Registry::of(others.chain([vehicles()]).collect()))
}

async fn open(config: &IndexerConfig) -> Index {
    Index::open(config, told(), 0).await.unwrap_or_else(|error| panic!("{error}"))
}

async fn bring(config: &IndexerConfig, goal: Goal) -> Position {
    let node = (goal != Goal::Kept).then(|| Node::at(&config.node, &config.fetch));
    let (tally, stop) = (Arc::new(Tally::default()), CancellationToken::new());
    let position = run(open(config).await, node, config, goal, tally, stop).await;
    position.unwrap_or_else(|error| panic!("{error}")).unwrap()
}

/// An indexer that follows the chain.
struct Follower {
    index: Index,
    stop: CancellationToken,
    running: JoinHandle<Result<Option<Position>, Error>>,
}

impl Follower {
    async fn start(config: &IndexerConfig) -> Self {
        let (index, stop) = (open(config).await, CancellationToken::new());
        let (following, config, stopped) = (index.clone(), config.clone(), stop.clone());
        let running = tokio::spawn(async move {
            let node = Some(Node::at(&config.node, &config.fetch));
            run(following, node, &config, Goal::Follow, Arc::default(), stopped).await
        });
        Self { index, stop, running }
    }

    /// Waits until it has a block.
    async fn has(&self, block: u64) {
        let reach = async {
            loop {
                let position = self.index.position().await.unwrap();
                if position.is_some_and(|position| u64::from(position.last) >= block) {
                    return;
                }
                tokio::time::sleep(LOOK).await;
            }
        };
        assert!(!self.running.is_finished(), "it follows");
        tokio::time::timeout(PATIENCE, reach).await.unwrap_or_else(|_| panic!("block {block}"));
    }

    async fn stop(self) -> Position {
        self.stop.cancel();
        self.running.await.unwrap().unwrap_or_else(|error| panic!("{error}"));
        self.index.position().await.unwrap().unwrap()
    }
}

fn plate_in_batch(vehicle: VehicleId, plate: &str) -> Call {
    let plate = api::runtime_types::bounded_collections::bounded_vec::BoundedVec(plate.into());
    Call::Vehicles(api::vehicles::Call::set_plate { vehicle: Static(vehicle), plate })
}

/// The council decides that some code may become the chain's: three of four companies vote for it.
async fn decide(chain: &Chain, admin: &Account, code: &[u8]) {
    let authorize =
        Call::System(api::system::Call::authorize_upgrade { code_hash: H256(blake2_256(code)) });
    let [bob, charlie] = ["//Bob", "//Charlie"].map(|uri| Account::from_uri(uri).unwrap());
    let members = [admin.clone(), bob, charlie];
    let carried = council::carry(chain, &members, motions::enact(authorize), PATIENCE).await;
    carried.unwrap_or_else(|error| panic!("{error}"));
}

/// Makes the decided code the chain's, between two pieces of work in the same block. Returns the block.
async fn enact(
    chain: &Chain,
    platform: &Platform,
    code: Vec<u8>,
    vehicle: VehicleId,
    plates: [&str; 2],
) -> u64 {
    let [before, after] = plates.map(|plate| plate_in_batch(vehicle, plate));
    let apply = Call::System(api::system::Call::apply_authorized_upgrade { code });
    let batch = calls::batch_all(vec![before, apply, after]);
    let done = chain.execute(&platform.staff.admin, &batch, PATIENCE).await.unwrap();
    done.event::<api::system::events::CodeUpdated>("CodeUpdated").unwrap();
    done.number
}

/// The code that the chain runs now.
async fn code(chain: &Chain) -> Vec<u8> {
    chain.at_finalized().await.unwrap().storage().runtime_wasm_code().await.unwrap()
}

/// The version that the chain's state has written down as the last runtime's.
async fn written_down(chain: &Chain, block: u64) -> u32 {
    let at = chain.at_number(block).await.unwrap();
    let last = at.storage().fetch(api::storage().system().last_runtime_upgrade(), ()).await;
    last.unwrap().decode().unwrap().spec_version
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chain_that_changes_its_rules_twice_is_indexed_by_those_of_each_block() {
    let Some(running) = engine().await else { return };
    let mut consortium = consortium_of(4).await;
    let chain = consortium.chain(0).unwrap();
    let (clickhouse, url) = (running.engine.url(), consortium.node(0).url());
    let followed = config(&clickhouse, &url, "followed");
    let follower = Follower::start(&followed).await;
    let platform = Platform::ready(chain.clone(), 2).await;
    let vehicle = fleet::register(&chain, &platform.staff, 1).await.unwrap()[0];
    let set = |plate: &'static str| {
        let call = calls::batch_all(vec![plate_in_batch(vehicle, plate)]);
        let (chain, fleet) = (&chain, &platform.staff.fleet);
        async move { chain.execute(fleet, &call, PATIENCE).await.unwrap().number }
    };
    platform.settle(1, 10).await;
    let first = set("粤B10101").await;
    follower.has(first).await;

    let version = u8::try_from(chain.at_finalized().await.unwrap().spec_version()).unwrap();

    // The first upgrade happens while the indexer is away.
    let stopped = follower.stop().await;
    let new = next::runtime(&code(&chain).await, version, (NAMES[0], NAMES[1]));
    decide(&chain, &platform.staff.admin, &new).await;
    let enacted = enact(&chain, &platform, new, vehicle, ["粤B10102", "粤B10103"]).await;
    let second = set("粤B10201").await;
    assert_eq!(written_down(&chain, second).await, u32::from(version) + 1);
    assert!(u64::from(stopped.last) < enacted && enacted < second);
    let follower = Follower::start(&followed).await;
    follower.has(second).await;
    platform.settle(2, 10).await;

    // The second while it follows.
    let new = next::runtime(&code(&chain).await, version + 1, (NAMES[1], NAMES[2]));
    decide(&chain, &platform.staff.admin, &new).await;
    let again = enact(&chain, &platform, new, vehicle, ["粤B10202", "粤B10203"]).await;
    follower.has(again).await;
    let third = set("粤B10301").await;
    assert_eq!(written_down(&chain, third).await, u32::from(version) + 2);
    let last = platform.settle(3, 10).await;
    follower.has(last).await;
    // No validator was restarted, and each has gone over to the new rules.
    consortium.wait_finalized(last, PATIENCE).await.unwrap_or_else(|error| panic!("{error}"));
    for place in 0..consortium.len() {
        let chain = consortium.chain(place).unwrap();
        assert_eq!(written_down(&chain, last).await, u32::from(version) + 2, "validator {place}");
    }
    let position = follower.stop().await;
    let last = position.last;

    let index = open(&followed).await;
    support::is_whole(&index, last).await;
    let enacted = [enacted, again].map(|block| u32::try_from(block).unwrap());
    let specs = [0, 1, 2].map(|further| u32::from(version) + further);
    blocks_have_the_runtime_that_ran_them(&index, specs, enacted, last).await;
    events_have_the_name_of_their_time(&index, [first, second, third], enacted).await;
    let plates = format!(
        "SELECT assumeNotNull(plate) FROM vehicles WHERE id = '{}' ORDER BY version",
        vehicle.0
    );
    let history = texts(&index, &plates).await;
    let [_, history @ ..] = history.as_slice() else { panic!("registered") };
    let set = ["粤B10101", "粤B10102", "粤B10103", "粤B10201", "粤B10202", "粤B10203", "粤B10301"];
    assert_eq!(history, set);
    assert!(said(&followed, &["digest", "--check"]).starts_with("the same up to"));

    // One that begins later, by chunks in which the runtime changes, and one made anew without the node.
    let mut later = config(&clickhouse, &url, "later");
    later.fetch.chunk_blocks = 1_024;
    assert_eq!(bring(&later, Goal::Until(last)).await, position);
    let same = check::compare(&index, &open(&later).await).await.unwrap();
    assert_eq!(same, Found::Same { last, digest: position.digest });
    let untold = config(&clickhouse, &url, "untold");
    a_program_that_was_not_told_is_found(&untold, &index, specs, second).await;
    consortium.kill_9(0);
    Index::renew(&followed, told()).await.unwrap();
    assert_eq!(bring(&followed, Goal::Kept).await, position);
    assert_eq!(texts(&index, &plates).await.len(), 1 + set.len());
    running.engine.stop().await;
}

/// The block that enacts an upgrade is run by the runtime before; and each runtime is kept with the first block it ran.
async fn blocks_have_the_runtime_that_ran_them(
    index: &Index,
    specs: [u32; 3],
    enacted: [u32; 2],
    last: u32,
) {
    let [before, between, after] = specs;
    let [first, second] = enacted;
    let ran =
        "SELECT concat(toString(spec), ' ', toString(min(number)), ' ', toString(max(number))) \
               FROM blocks GROUP BY spec ORDER BY spec";
    let expected = [
        format!("{before} 0 {first}"),
        format!("{between} {} {second}", first + 1),
        format!("{after} {} {last}", second + 1),
    ];
    assert_eq!(texts(index, ran).await, expected);
    let kept = index.runtimes().await.unwrap();
    let kept: Vec<_> = kept.values().map(|runtime| (runtime.spec, runtime.first)).collect();
    // The genesis is run by nobody, and read by the runtime in its own state.
    assert_eq!(kept, [(before, 0), (between, first + 1), (after, second + 1)]);
}

async fn events_have_the_name_of_their_time(index: &Index, set: [u64; 3], enacted: [u32; 2]) {
    let names = "SELECT concat(toString(block), ' ', name) FROM events \
                 WHERE pallet = 'Vehicles' AND name IN ('PlateSet', 'PlateNew', 'NewPlate') ORDER BY block, place";
    let at = |block: u64, name: usize| format!("{block} {}", NAMES[name]);
    let [first, second] = enacted.map(u64::from);
    // Two in each block that enacts: before the code was exchanged, and after.
    let expected = [
        at(set[0], 0),
        at(first, 0),
        at(first, 0),
        at(set[1], 1),
        at(second, 1),
        at(second, 1),
        at(set[2], 2),
    ];
    assert_eq!(texts(index, names).await, expected);
    let updated = "SELECT toString(block) FROM events WHERE pallet = 'System' AND name = 'CodeUpdated' ORDER BY block";
    assert_eq!(texts(index, updated).await, enacted.map(|block| block.to_string()));
    let uploaded = "SELECT toString(count()) FROM calls WHERE name = 'apply_authorized_upgrade' AND path = 'calls.1'";
    assert_eq!(text(index, uploaded).await, "2");
}

/// The program as it was before anybody named what has become of the event: it goes on, the difference of the runtimes
/// says what it misses, and its digest shows since when.
async fn a_program_that_was_not_told_is_found(
    config: &IndexerConfig,
    told: &Index,
    specs: [u32; 3],
    missed: u64,
) {
    let last = told.position().await.unwrap().unwrap().last.to_string();
    said(config, &["backfill", "--to", &last]);
    let untold = Index::read_only(config, Registry::default().into()).await.unwrap();
    let found = check::compare(told, &untold).await.unwrap();
    assert!(
        matches!(found, Found::Differs { block, .. } if u64::from(block) == missed),
        "{found}, not at {missed}"
    );
    let listed = said(config, &["runtimes"]);
    let versions: Vec<_> =
        listed.lines().skip(1).filter_map(|line| line.split_whitespace().next()).collect();
    let [before, between, after] = specs.map(|spec| spec.to_string());
    assert_eq!(versions, [&before, &between, &after], "{listed}");
    let said_of = |old: &str, new: &str| {
        let text = said(config, &["runtimes", "--diff", old, new]);
        text.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let first = said_of(&before, &between);
    assert_eq!(first.len(), 3, "{first:#?}");
    assert_eq!(first[0], "~ event Vehicles.PlateNew: was called PlateSet");
    assert!(first[1].starts_with("~ constant System.Version: its value was 0x"), "{first:#?}");
    assert!(first[2].starts_with("! vehicles follows Vehicles.PlateSet"), "{first:#?}");
    let second = said_of(&between, &after);
    assert_eq!(second.len(), 2, "{second:#?}");
    assert_eq!(second[0], "~ event Vehicles.NewPlate: was called PlateNew");
}
