//! The end without a warning.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
};

use serde_json::json;
use smartlink_api::Code;

use super::house::{journey, House, Tokens};

/// Tells the child where its folder is.
const FOLDER: &str = "SMARTLINK_API_CRASH_FOLDER";

/// Not a test of its own: what the killed process does.
#[tokio::test]
#[ignore = "started by the test below"]
async fn killed_process() {
    let folder = std::env::var(FOLDER).expect("the test below sets it");
    let house = House::with(|config| config.folder = folder.into()).await;
    let (ann, bob) = (house.rider("ann").await, house.rider("bob").await);
    house.ok(&bob.access, "auth_logout", json!({})).await;
    let params = json!({ "refresh_token": ann.refresh });
    let refreshed = Tokens::of(&house.call(None, "auth_refresh", params).await.unwrap());
    for key in ["a", "b", "c"] {
        house.ok(&refreshed.access, "rider_quote", journey(key)).await;
    }
    println!("\n@ {} {} {} {}", ann.refresh, refreshed.access, refreshed.refresh, bob.access);
    std::future::pending::<()>().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_answered_is_there_after_kill_9() {
    let folder = Arc::new(tempfile::tempdir().unwrap());
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "crash::killed_process", "--nocapture"])
        .env(FOLDER, folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let said = lines.map_while(Result::ok).find(|line| line.starts_with("@ ")).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();

    let mut words = said.split(' ').skip(1);
    let mut word = || words.next().unwrap().to_owned();
    let (old, access, refresh, out) = (word(), word(), word(), word());
    let house = reopened(folder.path()).await;
    // Register twice, log out, refresh, three quotes: each noted, and the chain of hashes holds.
    assert_eq!(house.api.verify_audit(), Ok(7));
    house.ok(&access, "auth_whoami", json!({})).await;
    let ended = house.refused(&out, "auth_whoami", json!({})).await;
    assert_eq!(ended.code, Code::SessionRevoked.number());
    house.call(None, "auth_refresh", json!({ "refresh_token": refresh })).await.unwrap();
    let stolen = house.call(None, "auth_refresh", json!({ "refresh_token": old })).await;
    assert_eq!(stolen.unwrap_err().code, Code::RefreshReused.number());
}

async fn reopened(folder: &Path) -> House {
    House::with(|config| config.folder = folder.to_owned()).await
}
