//! What a real node has beyond the last final block is seen as it comes, leaves when it is final, and is taken back when
//! another branch is better.

#![allow(clippy::unwrap_used, reason = "in a test an unwrap is the assertion")]

mod support;

use std::{
    collections::BTreeSet,
    io::{Read, Write},
    net::TcpStream,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use smartlink_chain::{calls, Account, Chain};
use smartlink_devnet::{free_port, Consortium, Options};
use smartlink_indexer::{
    config::FetchConfig,
    infra::Node,
    live::{BlockId, LeftOut, Live, LiveBlock, LiveConfig, LiveHandle, View},
};
use smartlink_offchain::staff::PLATFORMS;
use smartlink_primitives::Money;
use support::{consortium, node, PATIENCE};
use tempfile::TempDir;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

fn start(url: &str, config: &LiveConfig, stop: &CancellationToken) -> LiveHandle {
    Live::start(&Node::at(url, &FetchConfig::default()), config, stop.clone())
}

/// As by default, and quick to notice.
fn config() -> LiveConfig {
    LiveConfig { silence_ms: 1_000, retry_most_ms: 200, ..LiveConfig::default() }
}

/// What each view has to be, whatever happens.
fn is_sound(view: &View) {
    let Some(finalized) = view.finalized else { return assert!(!view.connected) };
    assert!(view.connected || view.blocks.is_empty());
    let gap = view.gap;
    let first = finalized.number + gap + 1;
    for (number, block) in (first..).zip(&view.blocks) {
        assert_eq!(block.id.number, number, "{view:?}");
    }
    for pair in view.blocks.windows(2) {
        assert_eq!(pair[1].parent, pair[0].id.hash, "{view:?}");
    }
    if let Some(block) = view.blocks.first().filter(|_| gap == 0) {
        assert_eq!(block.parent, finalized.hash, "{view:?}");
    }
    assert!(!view.retracted.iter().any(|id| view.blocks.iter().any(|block| block.id == *id)));
}

/// Looks at each view until it has what is wanted.
async fn until<T>(
    views: &mut watch::Receiver<Arc<View>>,
    what: &str,
    mut look: impl FnMut(&View) -> Option<T>,
) -> T {
    let looking = async {
        loop {
            let view = views.borrow_and_update().clone();
            is_sound(&view);
            if let Some(found) = look(&view) {
                return found;
            }
            views.changed().await.unwrap();
        }
    };
    let found = tokio::time::timeout(PATIENCE, looking).await;
    found.unwrap_or_else(|_| panic!("no {what} after {} s", PATIENCE.as_secs()))
}

/// The block of a view with an extrinsic that somebody signed, and that ended so.
fn block_with(view: &View, signer: [u8; 32], success: bool) -> Option<Arc<LiveBlock>> {
    let holds = |block: &&Arc<LiveBlock>| {
        block.contents.as_ref().is_ok_and(|contents| {
            let mut extrinsics = contents.extrinsics.iter();
            extrinsics.any(|one| one.signer == Some(signer) && one.success == success)
        })
    };
    view.blocks.iter().find(holds).cloned()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_is_seen_before_it_is_final_and_then_leaves() {
    let mut consortium = consortium().await;
    let chain = consortium.chain(0).unwrap();
    let stop = CancellationToken::new();
    let live = start(&consortium.node(0).url(), &config(), &stop);
    let mut views = live.watch();
    let [alice, bob] = [0, 1].map(|place| Account::from_uri(PLATFORMS[place].admin).unwrap());
    let signer = alice.id().0;
    let pay = calls::transfer(bob.id(), Money::yuan(10));
    let paid = chain.submit(&alice, &pay).await.unwrap();
    let seen = until(&mut views, "payment", |view| block_with(view, signer, true)).await;
    let included = paid.finalized(PATIENCE).await.unwrap();
    assert_eq!(seen.id.hash, included.block.0, "what was seen is what became final");
    assert_eq!(u64::from(seen.id.number), included.number);
    it_is_the_chains(&seen, &chain).await;
    let contents = seen.contents.as_ref().unwrap();
    let place = contents.extrinsics.iter().position(|one| one.signer == Some(signer)).unwrap();
    let extrinsic = &contents.extrinsics[place];
    assert_eq!((&*extrinsic.pallet, &*extrinsic.name), ("Balances", "transfer_keep_alive"));
    assert_eq!(extrinsic.error, "");
    let transfer = contents.events.iter().find(|event| {
        (&*event.pallet, &*event.name) == ("Balances", "Transfer")
            && event.extrinsic == u32::try_from(place).ok()
    });
    let fields: serde_json::Value = serde_json::from_str(&transfer.unwrap().fields).unwrap();
    assert_eq!(fields["amount"], Money::yuan(10).units().to_string(), "{fields}");

    // It is final, so it is gone from the view. What fails is seen as well.
    until(&mut views, "finality", |view| {
        view.finalized.filter(|last| last.number >= seen.id.number)
    })
    .await;
    let too_much = calls::transfer(bob.id(), Money::yuan(1_000_000_000_000));
    chain.submit(&alice, &too_much).await.unwrap();
    let seen = until(&mut views, "refusal", |view| block_with(view, signer, false)).await;
    let contents = seen.contents.as_ref().unwrap();
    let failed = contents.extrinsics.iter().find(|one| one.signer == Some(signer)).unwrap();
    assert_eq!(failed.error, "Arithmetic.Underflow");

    // The node is away: nothing is shown. It comes back, and so does the view.
    let before = live.view();
    consortium.kill_9(0);
    let away = until(&mut views, "word that the node is away", |view| {
        (!view.connected).then(|| view.clone())
    })
    .await;
    assert!(away.blocks.is_empty() && away.retracted.is_empty());
    assert_eq!(away.retracted_since(before.revision), None, "whoever saw blocks forgets them");
    consortium.restart(0).await.unwrap();
    until(&mut views, "block after that", |view| {
        view.blocks.last().filter(|block| block.contents.is_ok()).cloned()
    })
    .await;
    assert!(live.failures() > 0);

    stop.cancel();
    until(&mut views, "end", |view| (!view.connected).then_some(())).await;
    let began = Instant::now();
    while !live.has_ended() {
        assert!(began.elapsed() < PATIENCE);
        tokio::task::yield_now().await;
    }
    consortium.stop().await;
}

/// A block has what the node says of it.
async fn it_is_the_chains(block: &LiveBlock, chain: &Chain) {
    let contents = block.contents.as_ref().unwrap();
    let at = chain.at(block.id.hash.into()).await.unwrap();
    let events = at.events().fetch().await.unwrap();
    let expected = events.iter().map(|event| {
        let event = event.unwrap();
        (event.pallet_name().to_owned(), event.event_name().to_owned())
    });
    let shown = contents.events.iter().map(|event| (event.pallet.clone(), event.name.clone()));
    assert_eq!(shown.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
    assert!(contents.time > 0 && contents.slot.is_some() && contents.authority == Some(0));
}

/// A validator beside those of a consortium, with keys that it shares with one of them: it makes a chain of its own until
/// somebody connects the two.
struct Twin {
    process: Child,
    url: String,
    address: String,
    _folder: TempDir,
}

impl Drop for Twin {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Twin {
    async fn start() -> (Self, Chain) {
        let folder = tempfile::tempdir().unwrap();
        let [rpc, p2p] = [(); 2].map(|()| free_port().unwrap());
        let mut command = Command::new(node());
        let listen = format!("/ip4/127.0.0.1/tcp/{p2p}");
        command.args(["--dev", "--no-grandpa", "--base-path"]).arg(folder.path());
        command.args(["--node-key", &format!("{:064x}", 77), "--listen-addr", &listen]);
        command.args(["--rpc-port", &rpc.to_string(), "--rpc-methods", "unsafe"]);
        command.args(["--state-pruning", "archive", "--blocks-pruning", "archive"]);
        command.args(["--no-mdns", "--allow-private-ip", "--no-prometheus", "--no-telemetry"]);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let process = smartlink_devnet::spawn(command).unwrap();
        let url = format!("ws://127.0.0.1:{rpc}");
        let mut twin = Self { process, url, address: listen, _folder: folder };
        let began = Instant::now();
        let chain = loop {
            match Chain::connect(&twin.url, Duration::from_secs(5)).await {
                Ok(chain) => break chain,
                Err(error) => assert!(began.elapsed() < PATIENCE, "{error}"),
            }
            assert!(twin.process.try_wait().unwrap().is_none(), "the second node ended");
            tokio::time::sleep(Duration::from_millis(200)).await;
        };
        twin.address.push_str(&format!("/p2p/{}", chain.peer_id().await.unwrap()));
        (twin, chain)
    }
}

/// Connects a node with another, as its operator would.
fn connect(url: &str, peer: &str) {
    let address = url.trim_start_matches("ws://");
    let body = serde_json::json!({
        "jsonrpc": "2.0", "id": 1, "method": "system_addReservedPeer", "params": [peer],
    });
    let body = body.to_string();
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    write!(
        stream,
        "POST / HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.contains("\"result\":null"), "{answer}");
}

/// Follows a node until blocks are taken back. All that it showed before, and the view that took them back.
async fn reorganised(
    views: &mut watch::Receiver<Arc<View>>,
    mut before: Arc<View>,
) -> (BTreeSet<(u32, [u8; 32])>, Vec<BlockId>, View) {
    let mut had = BTreeSet::new();
    until(views, "reorganisation", |view| {
        let retracted = view.retracted_since(before.revision).unwrap();
        if !retracted.is_empty() {
            return Some((std::mem::take(&mut had), retracted, view.clone()));
        }
        had.extend(view.blocks.iter().map(|block| (block.id.number, block.id.hash)));
        before = Arc::new(view.clone());
        None
    })
    .await
}

/// Two validators with the same keys make two chains from the same genesis, of which nothing becomes final. When they meet,
/// one of them gives its whole chain up for the other's.
#[tokio::test(flavor = "multi_thread")]
async fn when_another_branch_is_better_the_view_says_what_was_taken_back() {
    let (twin, twins) = Twin::start().await;
    let stop = CancellationToken::new();
    let theirs = start(&twin.url, &config(), &stop);
    let mut their_views = theirs.watch();
    until(&mut their_views, "third block", |view| view.blocks.get(2).cloned()).await;

    let options = Options::new(node()).validators(1).extra_args(["--no-grandpa"]);
    let consortium = Consortium::start(options).await.unwrap_or_else(|error| panic!("{error}"));
    let chain = consortium.chain(0).unwrap();
    let url = consortium.node(0).url();
    let ours = start(&url, &config(), &stop);
    let mut our_views = ours.watch();
    bounds_are_kept(&url, &stop).await;
    let ([our_view, their_view], genesis) = ([ours.view(), theirs.view()], chain.genesis());
    for view in [&our_view, &their_view] {
        is_sound(view);
        assert_eq!(view.finalized, Some(BlockId { number: 0, hash: genesis.0 }));
        assert_eq!((view.gap, view.blocks.iter().all(|block| block.contents.is_ok())), (0, true));
    }
    assert_ne!(our_view.blocks[0].id, their_view.blocks[0].id, "two chains");

    connect(&url, &twin.address);
    let ((had, retracted, view), other) = tokio::select! {
        ours = reorganised(&mut our_views, our_view) => (ours, &twins),
        theirs = reorganised(&mut their_views, their_view) => (theirs, &chain),
    };
    // All that was shown was taken back, from the top to the first.
    let numbers: Vec<u32> = retracted.iter().map(|id| id.number).collect();
    let count = u32::try_from(numbers.len()).unwrap();
    assert_eq!(numbers, (1..=count).rev().collect::<Vec<_>>());
    let taken: BTreeSet<_> = retracted.iter().map(|id| (id.number, id.hash)).collect();
    assert!(had.len() >= 3 && taken.is_superset(&had), "{retracted:?}");
    // What is shown is the other's chain: its beginning, for both go on meanwhile.
    let first = view.blocks.first().unwrap().id;
    let hashes = other.block_hashes(1..=1).await.unwrap();
    assert_eq!(first, BlockId { number: 1, hash: hashes[0].0 });
    assert!(view.blocks.iter().all(|block| block.contents.is_ok()));
    stop.cancel();
    consortium.stop().await;
}

/// Of more blocks than may be shown the highest are, of those that may be decoded again, and the rest is said.
async fn bounds_are_kept(url: &str, stop: &CancellationToken) {
    let small = LiveConfig { shown: 3, decoded: 2, ..config() };
    let live = start(url, &small, stop);
    let view = until(&mut live.watch(), "more blocks than are shown", |view| {
        (view.gap > 0).then(|| view.clone())
    })
    .await;
    let left_out: Vec<_> = view.blocks.iter().map(|block| block.contents.as_ref().err()).collect();
    assert_eq!(left_out, [Some(&LeftOut::Blocks), None, None]);
}
