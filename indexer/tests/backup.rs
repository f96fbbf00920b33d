//! A backup of a company's work, taken in two parts, damaged, and put back into another database when the node is gone.

#![allow(clippy::unwrap_used, reason = "in a test an unwrap is the assertion")]

mod support;

use std::{fs, path::Path, time::Instant};

use smartlink_indexer::{
    application::{check, check::Found, Goal},
    backup::Manifest,
    domain::value::hex,
};
use support::{
    bring, command, config, consortium, engine, index, is_whole, said, Platform, Process, PATIENCE,
};

fn manifest(folder: &Path) -> Manifest {
    serde_json::from_slice(&fs::read(folder.join("manifest.json")).unwrap()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_made_again_is_put_back_without_the_node() {
    let Some(running) = engine().await else { return };
    let mut consortium = consortium().await;
    let chain = consortium.chain(0).unwrap();
    let platform = Platform::ready(chain.clone(), 3).await;
    let middle = u32::try_from(platform.settle(1, 30).await).unwrap();
    let end = u32::try_from(platform.settle(2, 20).await).unwrap();
    consortium.wait_finalized(u64::from(end), PATIENCE).await.unwrap();
    let url = consortium.node(0).url();
    let lost = config(&running.engine.url(), &url, "lost");
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().to_str().unwrap();

    // One day's backup, and the next day's, which adds what has come since.
    bring(&lost, Goal::Until(middle)).await.unwrap();
    said(&lost, &["backup", "--to", to]);
    let first = manifest(folder.path());
    assert_eq!((first.first, first.next()), (0, middle + 1));
    let position = bring(&lost, Goal::Until(end)).await.unwrap();
    let told = said(&lost, &["backup", "--to", to]);
    assert_eq!(told.trim(), format!("{end} {}", hex(&position.digest)));
    let second = manifest(folder.path());
    assert_eq!(second.parts[..first.parts.len()], first.parts[..]);
    assert_eq!((second.next(), second.digest), (end + 1, Some(hex(&position.digest))));
    // A third time there is nothing to add.
    assert_eq!(said(&lost, &["backup", "--to", to]), told);
    consortium.kill_9(0);

    // A byte that changed on the disk is found before anything follows from it.
    let part = folder.path().join(&second.parts[0].file);
    let whole = fs::read(&part).unwrap();
    let mut damaged = whole.clone();
    let middle_byte = damaged.len() / 2;
    damaged[middle_byte] ^= 1;
    fs::write(&part, &damaged).unwrap();
    let found = config(&running.engine.url(), &url, "found");
    let refused = command(&found, &["restore", "--from", to], &[]).output().unwrap();
    let why = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success() && why.contains(&second.parts[0].file), "{why}");
    fs::write(&part, &whole).unwrap();

    // Killed in the middle, it may come again.
    let process = Process::start(&found, &["restore", "--from", to], &["fetch.chunk_blocks=1"]);
    let read = index(&found).await;
    let began = Instant::now();
    while read.last_kept().await.unwrap().is_none() {
        assert!(began.elapsed() < PATIENCE, "nothing was restored");
        tokio::task::yield_now().await;
    }
    process.kill();
    let told = said(&found, &["restore", "--from", to]);
    assert!(told.contains("the same as when the backup was made"), "{told}");
    is_whole(&read, end).await;
    let compared = check::compare(&read, &index(&lost).await).await.unwrap();
    assert_eq!(compared, Found::Same { last: end, digest: position.digest });
    assert!(said(&found, &["restore", "--from", to]).contains("the same"));

    // An index that is of no backup is left alone.
    let short = folder.path().join("short");
    let part_of_it = config(&running.engine.url(), &url, "found");
    fs::create_dir(&short).unwrap();
    let mut cut = manifest(folder.path());
    cut.parts.truncate(first.parts.len());
    fs::write(short.join("manifest.json"), serde_json::to_vec(&cut).unwrap()).unwrap();
    let job = ["restore", "--from", short.to_str().unwrap()];
    let refused = command(&part_of_it, &job, &[]).output().unwrap();
    let why = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success() && why.contains("is not of this backup"), "{why}");
    running.engine.stop().await;
}
