//! A disk that takes no more.

use std::process::Command;

use serde_json::json;
use smartlink_api::Code;

use super::house::House;

/// Tells the child where its folder is.
const FOLDER: &str = "SMARTLINK_API_FULL_FOLDER";
/// In blocks of 512 bytes.
const BLOCKS: u32 = 512;

/// Not a test of its own: a process that may write files of a bounded size alone. It registers riders until that
/// fails.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "started by the test below"]
async fn full_process() {
    let folder = std::env::var(FOLDER).expect("the test below sets it");
    let house = House::with(|config| {
        (config.folder, config.sync) = (folder.into(), true);
    })
    .await;
    let mut registered = 0;
    let refused = loop {
        let params = json!({ "name": format!("rider-{registered}"), "password": "correct horse" });
        match house.call(None, "auth_register", params).await {
            Ok(_) => registered += 1,
            Err(refused) => break refused,
        }
    };
    let error = house.api.failed().await;
    let params = json!({ "name": "later", "password": "correct horse" });
    let again = house.call(None, "auth_register", params).await.unwrap_err();
    println!("\n@ {registered} {} {} {error}", refused.code, again.code);
}

#[tokio::test]
async fn a_full_disk_ends_the_service_and_nothing_that_was_answered_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    // A write beyond the bound fails instead of killing the process.
    let script = format!("trap '' XFSZ; ulimit -f {BLOCKS}; exec \"$0\" \"$@\"");
    let output = Command::new("sh")
        .args(["-c", &script])
        .arg(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "disk::full_process", "--nocapture"])
        .env(FOLDER, folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let last = said.lines().find_map(|line| line.strip_prefix("@ ")).unwrap_or_else(|| {
        panic!("{said}{}", String::from_utf8_lossy(&output.stderr));
    });
    let words: Vec<&str> = last.split(' ').collect();
    let registered: u32 = words[0].parse().unwrap();
    assert!(registered > 20, "{last}");
    let unavailable = Code::Unavailable.number().to_string();
    assert_eq!((words[1], words[2]), (unavailable.as_str(), unavailable.as_str()), "{last}");
    let house = House::with(|config| config.folder = folder.path().into()).await;
    let noted = house.api.verify_audit().unwrap();
    assert!(noted >= registered.into(), "{noted} of {registered}");
    let name = format!("rider-{}", registered - 1);
    let params = json!({ "name": name, "password": "correct horse" });
    house.call(None, "auth_password", params).await.unwrap();
}
