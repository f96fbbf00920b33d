//! kill -9 of the indexer, in loops, while it catches up and while it follows: no gap, no double, the same digest as that of
//! an index that was made in one piece.

#![allow(clippy::unwrap_used, reason = "in a test an unwrap is the assertion")]

mod support;

use std::time::Duration;

use smartlink_chain::{calls, Account, Chain};
use smartlink_indexer::{
    application::{check, check::Found, Goal},
    infra::Index,
    IndexerConfig,
};
use smartlink_offchain::{fleet, staff::PLATFORMS};
use smartlink_primitives::Money;
use support::{bring, config, consortium, engine, index, said, Platform, Process, PATIENCE};

/// A number below `below` that nobody could foresee.
fn chance(below: u64) -> u64 {
    use std::hash::{BuildHasher, Hasher};
    std::collections::hash_map::RandomState::new().build_hasher().finish() % below
}

/// Money goes to and fro until this is dropped.
fn traffic(chain: Chain) -> tokio::task::JoinHandle<()> {
    tokio::spawn(async move {
        let from = Account::from_uri(PLATFORMS[1].admin).unwrap();
        for turn in 0_u64.. {
            let to =
                fleet::driver_account(&PLATFORMS[1], usize::try_from(turn % 5).unwrap()).unwrap();
            let items = (0..4).map(|_| calls::transfer_in_batch(to, Money::yuan(1 + turn % 3)));
            let sent =
                chain.execute_in_block(&from, &calls::batch_all(items.collect()), PATIENCE).await;
            // The node is gone when the test ends.
            if sent.is_err() {
                return;
            }
        }
    })
}

async fn last(index: &Index) -> Option<u32> {
    index.position().await.unwrap().map(|position| position.last)
}

/// How far an index is: its last block, and whether a chunk is begun behind that and not ended.
async fn state(index: &Index) -> (Option<u32>, bool) {
    let last = last(index).await;
    let next = last.map_or(0, |last| last + 1);
    (last, index.pending(next).await.unwrap().is_some())
}

/// Waits until a process that was just started writes: has begun a chunk, or ended one, or ended itself.
async fn writes(process: &mut Process, index: &Index, before: (Option<u32>, bool)) {
    let writes = async {
        while process.runs() && state(index).await == before {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::time::timeout(PATIENCE, writes).await.expect("the indexer writes");
}

/// How often it was killed, and how often in the middle of a chunk.
#[derive(Default)]
struct Kills {
    all: u32,
    halves: u32,
}

impl Kills {
    /// Starts a job, and kills it as many milliseconds after it began to write.
    async fn one(&mut self, config: &IndexerConfig, index: &Index, job: &[&str], after: u64) {
        let before = state(index).await;
        let chunk = format!("fetch.chunk_blocks={}", 1 + self.all % 4);
        let mut process = Process::start(config, job, &[&chunk]);
        writes(&mut process, index, before).await;
        tokio::time::sleep(Duration::from_millis(after)).await;
        self.all += u32::from(process.kill());
        self.halves += u32::from(state(index).await.1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_indexer_may_be_killed_at_any_moment() {
    let Some(running) = engine().await else { return };
    let mut consortium = consortium().await;
    let chain = consortium.chain(0).unwrap();
    let platform = Platform::ready(chain.clone(), 3).await;
    let traffic = traffic(chain.clone());
    platform.settle(1, 30).await;
    let url = consortium.node(0).url();
    let killed = config(&running.engine.url(), &url, "killed");
    let read = index(&killed).await;
    let mut kills = Kills::default();
    // Catching up: one block or a few in a chunk, killed somewhere in them. Each time the chunks are of another size, and a
    // chunk that was begun keeps its own.
    for round in 0..14 {
        let job = if round % 2 == 0 { "backfill" } else { "follow" };
        kills.one(&killed, &read, &[job], chance(200)).await;
    }
    // Following, in step with the chain, killed in each of its blocks.
    for _ in 0..6 {
        kills.one(&killed, &read, &["follow"], chance(400)).await;
    }
    // And once at least as soon as a chunk is seen that is begun.
    let seen = async {
        while kills.all < 8 || kills.halves == 0 {
            kills.one(&killed, &read, &["follow"], 0).await;
        }
    };
    tokio::time::timeout(PATIENCE, seen).await.expect("a chunk that is begun is seen");
    println!("{} kills, {} of them in the middle of a chunk", kills.all, kills.halves);
    traffic.abort();
    let end = u32::try_from(chain.finalized_number().await.unwrap()).unwrap();
    let to = end.to_string();
    said(&killed, &["backfill", "--to", &to]);
    // A chunk that was begun may reach beyond.
    let end = last(&read).await.unwrap();
    support::is_whole(&read, end).await;
    assert!(said(&killed, &["digest", "--check"]).starts_with("the same up to"));
    // In one piece, begun when all was over.
    let piece = config(&running.engine.url(), &url, "piece");
    let position = bring(&piece, Goal::Until(end)).await.unwrap();
    let compared = check::compare(&read, &index(&piece).await).await.unwrap();
    assert_eq!(compared, Found::Same { last: end, digest: position.digest });
    let other = format!("{} --compare {} --database piece", "digest", running.engine.url());
    let job: Vec<&str> = other.split(' ').collect();
    assert!(said(&killed, &job).starts_with("the same up to"));
    // Killed while it is made anew from the raw blocks, it goes on where it was: with the node away.
    consortium.kill_9(0);
    let mut process = Process::start(&killed, &["reindex"], &["fetch.chunk_blocks=2"]);
    writes(&mut process, &read, (Some(end), false)).await;
    tokio::time::sleep(Duration::from_millis(chance(300))).await;
    process.kill();
    let until = end.to_string();
    said(&killed, &["backfill", "--to", &until]);
    let again = index(&killed).await;
    support::is_whole(&again, end).await;
    assert_eq!(again.position().await.unwrap(), Some(position));
    running.engine.stop().await;
}
