//! What SIGKILL leaves behind: this binary starts itself as a process that sends and delivers, and kills it.

use std::{collections::BTreeSet, path::Path, process::Stdio};

use smartlink_proto::notify::{InboxRequest, WebhookShape};
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
};

use crate::{about, quick, receiver::Receiver, set, until, webhook, within, Delivering};

const FOLDER: &str = "SMARTLINK_NOTIFY_KILLED_IN";
const URL: &str = "SMARTLINK_NOTIFY_KILLED_HOOK";
const ACCOUNTS: u64 = 8;
const ROUNDS: u64 = 5;
const SENDERS: u64 = 4;

/// Sends without end from several tasks, and prints what was acknowledged.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "the process that is killed by the test below"]
async fn a_process_to_kill() {
    let folder = std::env::var(FOLDER).expect("only the test below starts this one");
    let url = std::env::var(URL).unwrap();
    let mut service = Delivering::start(Path::new(&folder), quick());
    for account in 1..=ACCOUNTS {
        let hook = webhook(&url, WebhookShape::Unspecified);
        set(&mut service.client, account, hook).await.unwrap();
    }
    let process = std::process::id();
    let senders = (0..SENDERS).map(|sender| {
        let mut client = service.client.clone();
        tokio::spawn(async move {
            for n in 0_u64.. {
                let account = 1 + (sender + n) % ACCOUNTS;
                let key = format!("{process}-{sender}-{n}");
                let id = client.send(about(account, &key)).await.unwrap().into_inner().id;
                // One write for a line, so that a kill does not cut one.
                println!("\nack {account} {id} {key}");
            }
        })
    });
    futures::future::join_all(senders).await;
}

fn start(folder: &Path, url: &str) -> (Child, Lines<BufReader<ChildStdout>>) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "kill::a_process_to_kill", "--ignored", "--nocapture"])
        .env(FOLDER, folder)
        .env(URL, url)
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    (child, lines)
}

/// Account, message and key of a line that says that a message was accepted.
fn acknowledged(line: &str) -> Option<(u64, u64, String)> {
    let mut words = line.strip_prefix("ack ")?.split(' ');
    Some((words.next()?.parse().ok()?, words.next()?.parse().ok()?, words.next()?.to_owned()))
}

#[tokio::test]
async fn nothing_that_was_acknowledged_is_lost_and_deliveries_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let mut receiver = Receiver::start([]).await;
    let mut accepted = Vec::new();
    for round in 0..ROUNDS {
        receiver.hold.send(false).unwrap();
        let (mut child, mut lines) = start(folder.path(), &receiver.url);
        within(async {
            let mut seen = 0;
            while seen < 40 + 17 * round {
                let line = lines.next_line().await.unwrap().expect("it runs until it is killed");
                if let Some(ack) = acknowledged(&line) {
                    accepted.push(ack);
                    seen += 1;
                }
                if seen == 20 {
                    // From here on deliveries are under way and get no answer.
                    receiver.hold.send(true).unwrap();
                }
            }
        })
        .await;
        child.start_kill().unwrap();
        let status = within(child.wait()).await.unwrap();
        assert!(!status.success(), "it was killed, not done");
        // What it had still written before it died counts too.
        while let Some(line) = within(lines.next_line()).await.unwrap() {
            accepted.extend(acknowledged(&line));
        }
    }
    receiver.hold.send(false).unwrap();

    let mut service = Delivering::start(folder.path(), quick());
    let mut held = BTreeSet::new();
    for account in 1..=ACCOUNTS {
        let mut before = 0;
        loop {
            let request = InboxRequest { account, before, limit: 500 };
            let page = service.client.inbox(request).await.unwrap().into_inner();
            held.extend(page.messages.iter().map(|message| (account, message.id)));
            before = page.next;
            if before == 0 {
                break;
            }
        }
    }
    for (account, id, key) in &accepted {
        assert!(held.contains(&(*account, *id)), "message {id} of {account} is lost");
        let again = service.client.send(about(*account, key)).await.unwrap().into_inner();
        assert_eq!(again.id, *id, "the key {key} is forgotten");
    }

    until(async || service.notify.figures().waiting == 0).await;
    assert_eq!(service.notify.figures().given_up, 0);
    service.stop().await;
    let mut arrived: BTreeSet<(u64, u64)> = BTreeSet::new();
    let mut deliveries: BTreeSet<String> = BTreeSet::new();
    let mut requests = 0;
    while let Ok(got) = receiver.requests.try_recv() {
        let body: serde_json::Value = serde_json::from_str(&got.body).unwrap();
        let number = |field: &str| body[field].as_str().unwrap().parse().unwrap();
        // Nobody answered what came while the receiver was held: it must have come once more.
        if !got.held {
            arrived.insert((number("account"), number("id")));
        }
        deliveries.insert(got.header("smartlink-delivery").to_owned());
        requests += 1;
    }
    assert_eq!(arrived, held, "each message of the inboxes was delivered");
    assert_eq!(deliveries.len(), arrived.len(), "a repeated delivery has the id that it had");
    assert!(requests > deliveries.len(), "the kills cut deliveries off");
}
