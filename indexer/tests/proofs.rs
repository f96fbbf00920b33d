//! What a real chain settles, registers, anchors and holds is proven by files, which the binary checks when the chain is gone.

#![allow(clippy::unwrap_used, reason = "in a test an unwrap is the assertion")]

mod support;

use std::{
    future::Future,
    path::{Path, PathBuf},
    process::{Command, Output},
    time::Duration,
};

use smartlink_chain::{
    api, calls,
    subxt::{ext::frame_decode::storage::encode_storage_key_prefix, utils::H256},
    telemetry, Chain,
};
use smartlink_indexer::{
    proving::{ProveError, Prover},
    IndexerConfig,
};
use smartlink_offchain::fleet;
use smartlink_primitives::{
    keccak,
    telemetry::{AnchorRun, ClosedBatch},
    AnchorNumber, BatchNumber, CompanyId, VehicleId,
};
use smartlink_proofs::{
    roster::{self, address_of_key},
    verify, Bundle, Hash, Item, Trust, Verified,
};
use support::{consortium, Platform, PATIENCE};
use tempfile::TempDir;

/// Asks for a proof until BEEFY has signed what it is about: after each of its signatures.
async fn once_signed<F>(chain: &Chain, prove: impl Fn() -> F) -> Bundle
where
    F: Future<Output = Result<Bundle, ProveError>>,
{
    let mut signatures = chain.beefy_justifications().await.unwrap();
    loop {
        match prove().await {
            Err(error @ (ProveError::NotSigned { .. } | ProveError::NothingSigned { .. })) => {
                let said = error.to_string();
                assert!(error.is_passing() && said.contains("try again in"), "{said}");
                let next = tokio::time::timeout(PATIENCE, signatures.next()).await;
                next.expect("BEEFY signs").unwrap().unwrap();
            }
            answer => return answer.unwrap_or_else(|error| panic!("{error}")),
        }
    }
}

/// A company at work: what it did, and the proofs of it.
struct Story {
    platform: Platform,
    prover: Prover,
    company: CompanyId,
}

impl Story {
    async fn begin(chain: Chain, node: &str) -> Self {
        let platform = Platform::ready(chain, 3).await;
        let config = IndexerConfig { node: node.to_owned(), ..IndexerConfig::default() };
        let company = platform.staff.company.id;
        Self { platform, prover: config.prover(), company }
    }

    fn chain(&self) -> &Chain {
        &self.platform.chain
    }

    async fn receipt(&self) -> Bundle {
        let settled = self.platform.settle(1, 11).await;
        let prove = || self.prover.receipt(self.company, BatchNumber(1), 1_010);
        let bundle = once_signed(self.chain(), prove).await;
        assert_eq!(u64::from(bundle.leaf.parent_number), settled);
        let Item::Receipt(item) = &bundle.item else { panic!("it is a receipt") };
        assert_eq!((item.receipt.order, item.row, item.batch.rides), (1_010, 10, 11));
        // An order of another batch is no order of this one.
        let other = self.prover.receipt(self.company, BatchNumber(1), 2_010).await.unwrap_err();
        assert!(matches!(other, ProveError::Node { code: 20_007, .. }), "{other}");
        assert!(other.to_string().contains("order 2010 cannot be proven"), "{other}");
        bundle
    }

    async fn vehicle(&self) -> Bundle {
        let staff = &self.platform.staff;
        let vehicles = fleet::register(self.chain(), staff, 3).await.unwrap();
        let scrap = calls::scrap_vehicle(vehicles[1]);
        let scrapped = self.chain().execute(&staff.fleet, &scrap, PATIENCE).await.unwrap();
        // The first is as it was registered; the second as it was scrapped.
        let first = once_signed(self.chain(), || self.prover.vehicle(vehicles[0])).await;
        assert!(u64::from(first.leaf.parent_number) < scrapped.number);
        let bundle = once_signed(self.chain(), || self.prover.vehicle(vehicles[1])).await;
        assert_eq!(u64::from(bundle.leaf.parent_number), scrapped.number);
        let Item::Vehicle(item) = &bundle.item else { panic!("it is a vehicle") };
        assert_eq!((item.vehicle.version, item.vehicle.plate.as_str()), (2, ""));
        let none = self.prover.vehicle(VehicleId(4_711)).await.unwrap_err();
        assert!(matches!(none, ProveError::UnknownVehicle(VehicleId(4_711))), "{none}");
        bundle
    }

    async fn anchor(&self) -> Bundle {
        let batch =
            |count| ClosedBatch { count, root: keccak(&[1]), closed_at_ms: 1_795_394_400_000 };
        let run = AnchorRun {
            company: self.company,
            first: AnchorNumber(1),
            first_sequence: 1,
            batches: vec![batch(500), batch(300)].try_into().unwrap(),
        };
        let worker = &self.platform.staff.worker;
        self.chain().execute(worker, &telemetry::anchor_run(run), PATIENCE).await.unwrap();
        let prove = || self.prover.anchor(self.company, AnchorNumber(2));
        let bundle = once_signed(self.chain(), prove).await;
        let Item::Anchor(item) = &bundle.item else { panic!("it is an anchor") };
        assert_eq!((item.first_sequence, item.count, item.place.items), (501, 300, 2));
        bundle
    }

    /// Values in their node and behind a hash, and what is not there, each with the value that the node answers.
    async fn state(&self) -> Vec<(&'static str, Bundle)> {
        let mut bundles = Vec::new();
        let key = |pallet, name| encode_storage_key_prefix(pallet, name).to_vec();
        for (name, key, long) in [
            ("next-vehicle", key("Vehicles", "NextVehicle"), Some(false)),
            ("beefy-authorities", key("Beefy", "Authorities"), Some(true)),
            ("nothing", key("Vehicles", "NoSuchThing"), None),
        ] {
            let bundle = once_signed(self.chain(), || self.prover.storage(&key, None)).await;
            let block = bundle.leaf.parent_number;
            let hash = self.chain().block_hashes(block..=block).await.unwrap()[0];
            let mut raw = self.chain().raw_blocks(&[hash], &[key]).await.unwrap();
            let Item::Storage(item) = &bundle.item else { panic!("it is a value") };
            let value = item.value.as_ref().map(|value| value.0.clone());
            assert_eq!(value, raw.remove(0).values.remove(0), "{name}");
            assert_eq!(value.map(|value| value.len() > 32), long, "{name}");
            bundles.push((name, bundle));
        }
        let far = self.prover.storage(b"key", Some(1_000_000)).await.unwrap_err();
        assert!(far.to_string().contains("1000000"), "{far}");
        let long = self.prover.storage(&[0; 1_025], None).await.unwrap_err();
        assert!(matches!(long, ProveError::LongKey { bytes: 1_025, .. }), "{long}");
        bundles
    }

    /// The root of the set that the chain itself has for the block that a bundle's signatures are of.
    async fn set_of_the_chain(&self, verified: &Verified) -> (u64, Hash) {
        let at = self.chain().at_number(verified.signed_block.into()).await.unwrap();
        let set = api::storage().beefy_mmr().beefy_authorities();
        let set = at.storage().fetch(set, ()).await.unwrap().decode().unwrap();
        assert_eq!(set.len as usize, verified.signed_by.validators);
        let root = self.chain().mmr_root(at.block_hash()).await.unwrap();
        assert_eq!(Hash::from(smartlink_primitives::H256(root.0)), verified.mmr_root);
        let H256(root) = set.keyset_commitment;
        (set.id, smartlink_proofs::Fixed(root))
    }
}

/// The binary, which knows no node.
fn check(file: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_smartlink-indexer"));
    command.arg("verify").arg(file).args(args);
    command.output().unwrap()
}

fn words(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_chain_has_is_proven_by_a_file() {
    let mut consortium = consortium().await;
    let url = consortium.node(0).url();
    let story = Story::begin(consortium.chain(0).unwrap(), &url).await;
    let mut bundles = vec![
        ("receipt", story.receipt().await),
        ("vehicle", story.vehicle().await),
        ("anchor", story.anchor().await),
    ];
    bundles.extend(story.state().await);
    let mut trust = None;
    for (name, bundle) in &bundles {
        let verified = verify(bundle, None).unwrap_or_else(|error| panic!("{name}: {error}"));
        let by = verified.signed_by;
        assert_eq!(story.set_of_the_chain(&verified).await, (by.id, by.root), "{name}");
        trust = Some(Trust::from(by.root));
    }
    let trust = trust.unwrap();

    // By the binary as well, into a file.
    let folder = tempfile::tempdir().unwrap();
    let written = folder.path().join("written.json");
    let order = ["prove", "receipt", "--company", "1", "--batch", "1", "--order", "1003", "--out"];
    let mut command = Command::new(env!("CARGO_BIN_EXE_smartlink-indexer"));
    let set = format!("node=\"{url}\"");
    let made = command.args(order).arg(&written).args(["--set", &set]).output().unwrap();
    assert!(made.status.success(), "{}", words(&made.stderr));

    // The chain is gone, and what is said of it stays proven.
    consortium.kill_9(0);
    let root = trust.root.to_string();
    let written = check(&written, &["--trust", &root]);
    assert!(words(&written.stdout).contains("order 1003"), "{}", words(&written.stdout));
    for (name, bundle) in &bundles {
        it_is_proven_to_who_trusts_the_set(name, bundle, &folder, &trust);
        no_flipped_byte_is_taken(name, bundle, &folder, &trust);
    }
    keep(&bundles);
}

fn file(folder: &TempDir, text: &[u8]) -> PathBuf {
    let file = folder.path().join("proof.json");
    std::fs::write(&file, text).unwrap();
    file
}

fn it_is_proven_to_who_trusts_the_set(
    name: &str,
    bundle: &Bundle,
    folder: &TempDir,
    trust: &Trust,
) {
    let file = file(folder, bundle.to_text().as_bytes());
    let believed = check(&file, &["--trust", &trust.root.to_string()]);
    let said = words(&believed.stdout);
    assert!(believed.status.success(), "{name}: {said}{}", words(&believed.stderr));
    assert!(said.contains("That is the set you trust. Proven:"), "{name}: {said}");
    println!("{said}");

    let unnamed = check(&file, &[]);
    assert!(unnamed.status.success());
    let said = words(&unnamed.stdout);
    assert!(
        said.contains("taken from the bundle") && said.contains(&trust.root.to_string()),
        "{said}"
    );

    // Of another chain, whose validators are others.
    let other = roster::root(&[smartlink_proofs::Fixed([7; 20])]).unwrap().to_string();
    let refused = check(&file, &["--trust", &other]);
    assert_eq!(refused.status.code(), Some(1));
    let said = words(&refused.stderr);
    assert!(said.contains("of another chain") && said.contains(&other), "{name}: {said}");
}

fn no_flipped_byte_is_taken(name: &str, bundle: &Bundle, folder: &TempDir, trust: &Trust) {
    let text = bundle.to_text().into_bytes();
    let flipped = |at: usize| {
        let mut flipped = text.clone();
        flipped[at] ^= 1 << (at % 8);
        flipped
    };
    for at in 0..text.len() {
        assert!(Bundle::parse(&flipped(at)).is_err(), "{name}: byte {at}");
    }
    let root = trust.root.to_string();
    for at in (0..text.len()).step_by(text.len() / 8) {
        let refused = check(&file(folder, &flipped(at)), &["--trust", &root]);
        assert_eq!(refused.status.code(), Some(1), "{name}: byte {at}");
        assert!(words(&refused.stderr).contains("proves nothing"), "{}", words(&refused.stderr));
    }
}

/// Where a folder is named, the bundles are left there: they are what the parser's fuzzing begins with.
fn keep(bundles: &[(&str, Bundle)]) {
    let Some(folder) = std::env::var_os("SMARTLINK_KEEP_PROOFS") else { return };
    for (name, bundle) in bundles {
        std::fs::write(Path::new(&folder).join(name), bundle.to_text()).unwrap();
    }
}

/// More proofs at a time than are configured are refused, and one that takes too long is given up.
#[tokio::test(flavor = "multi_thread")]
async fn a_prover_has_bounds() {
    // Somebody who listens, and never answers.
    let mute = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let mut config = IndexerConfig {
        node: format!("ws://{}", mute.local_addr().unwrap()),
        ..IndexerConfig::default()
    };
    config.proofs.at_a_time = 1;
    config.proofs.waiting = 1;
    config.proofs.patience_ms = 400;
    let prover = config.prover();
    let ask = || async { prover.vehicle(VehicleId(1)).await.unwrap_err() };
    let began = std::time::Instant::now();
    let (first, second, third) = tokio::join!(ask(), ask(), ask());
    assert!(matches!(first, ProveError::TimedOut { .. }), "{first}");
    assert!(matches!(second, ProveError::TimedOut { .. }), "{second}");
    assert!(matches!(third, ProveError::Busy { limit: 2 }), "{third}");
    assert!(began.elapsed() < Duration::from_secs(5));
    // Places come back.
    assert!(matches!(ask().await, ProveError::TimedOut { .. }));
}

/// The keys that sign for BEEFY are those of which the set's root is made.
#[test]
fn an_address_is_that_of_its_key() {
    // The generator of secp256k1, whose secret is 1 (the address is that of Ethereum's tools).
    let key = "0x0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798";
    let key: smartlink_proofs::Fixed<33> = key.parse().unwrap();
    let address = address_of_key(&key.0).unwrap();
    assert_eq!(address.to_string(), "0x7e5f4552091a69125d5dfcb7b8c2659029395bdf");
}
