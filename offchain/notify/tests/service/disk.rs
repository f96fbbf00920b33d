//! A disk that takes no more: this binary starts itself as a process that may write files of a bounded size alone.

use std::path::Path;

use tokio::process::Command;
use tonic::Code;

use crate::{about, quick, within, Delivering};

const FOLDER: &str = "SMARTLINK_NOTIFY_DISK_FULL_IN";
/// In blocks of 512 bytes.
const BLOCKS: u32 = 4_096;

/// Sends until the disk takes no more, and prints what was acknowledged and how it ended.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "the process that is started by the test below"]
async fn a_process_with_a_full_disk() {
    let folder = std::env::var(FOLDER).expect("only the test below starts this one");
    let mut service = Delivering::start(Path::new(&folder), quick());
    let notify = service.notify.clone();
    let failed = tokio::spawn(async move { notify.failed().await });
    let mut accepted = 0;
    let refused = loop {
        let mut large = about(1, &accepted.to_string());
        large.body = "x".repeat(4_000);
        match service.client.send(large).await {
            Ok(_) => accepted += 1,
            Err(status) => break status,
        }
    };
    let error = within(failed).await.unwrap();
    let again = service.client.send(about(1, "later")).await.unwrap_err();
    println!("\n@ {accepted} {:?} {:?} {error}", refused.code(), again.code());
}

#[tokio::test]
async fn a_full_disk_ends_the_service_and_nothing_that_was_acknowledged_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    // A write beyond the bound fails instead of killing the process.
    let script = format!("trap '' XFSZ; ulimit -f {BLOCKS}; exec \"$0\" \"$@\"");
    let child = Command::new("sh")
        .args(["-c", &script])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "disk::a_process_with_a_full_disk", "--ignored", "--nocapture"])
        .env(FOLDER, folder.path())
        .kill_on_drop(true)
        .output();
    let output = within(child).await.unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let last = said.lines().find_map(|line| line.strip_prefix("@ ")).unwrap_or_else(|| {
        panic!("{said}{}", String::from_utf8_lossy(&output.stderr));
    });
    let words: Vec<&str> = last.split(' ').collect();
    let accepted: u32 = words[0].parse().unwrap();
    assert!(accepted > 100, "{last}");
    let internal = format!("{:?}", Code::Internal);
    assert_eq!((words[1], words[2]), (internal.as_str(), internal.as_str()), "{last}");
    // Afterwards, on a disk with room, all of it is there.
    let mut service = Delivering::start(folder.path(), quick());
    let request = smartlink_proto::notify::InboxRequest { account: 1, before: 0, limit: 1 };
    let page = service.client.inbox(request).await.unwrap().into_inner();
    assert!(page.unread >= accepted, "{} of {accepted}", page.unread);
    service.client.send(about(1, "later")).await.unwrap();
    service.stop().await;
}
