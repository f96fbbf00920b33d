//! Mosquitto's clients, which devices are built like.

use super::{said, until, House, KEY, LONG, MORNING};
use smartlink_devices::{commands::CommandState, Command};
use std::process::{Output, Stdio};
use tokio::{process::Command as Process, time::timeout};

/// A program of Mosquitto.
pub fn program(name: &str) -> Process {
    let places = ["/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin"];
    let found = places.iter().map(|place| format!("{place}/{name}"));
    let path =
        found.into_iter().find(|path| std::path::Path::new(path).exists()).unwrap_or_else(|| {
            panic!(
                "{name} is not installed: run `cargo xtask setup`, or \
             `sudo apt-get install -y --no-install-recommends mosquitto mosquitto-clients`"
            )
        });
    let mut process = Process::new(path);
    process.kill_on_drop(true).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    process
}

impl House {
    fn mosquitto(&self, name: &str, version: &str, identity: &str) -> Process {
        let mut process = program(name);
        let port = self.address.port().to_string();
        process.args(["-h", "127.0.0.1", "-p", &port, "-V", version, "-i", identity]);
        process.args(["-u", identity, "-P", KEY]);
        process
    }
}

async fn finished(mut process: Process) -> Output {
    timeout(LONG, process.output()).await.expect("it ends in time").unwrap()
}

#[tokio::test]
async fn mosquitto_publishes_in_both_versions_and_all_qualities() {
    let house = House::start().await;
    house.enrol("van7");
    let mut expected = Vec::new();
    for version in ["mqttv31", "mqttv311", "mqttv5"] {
        for qos in ["0", "1", "2"] {
            let time = MORNING + expected.len() as u64;
            expected.push(time);
            let mut publish = house.mosquitto("mosquitto_pub", version, "van7");
            publish.args(["-t", "smartlink/v1/van7/up", "-q", qos, "-m", &said(time)]);
            let output = finished(publish).await;
            assert!(output.status.success(), "{version} {qos}: {output:?}");
            // What is at most once is not waited for by anybody.
            house.has(expected.len() as u64).await;
        }
    }
    assert_eq!(house.times(), expected);
    assert_eq!(house.figures.protocol_errors.get(), 0);
    until("all are gone", || house.gate().online() == 0).await;
}

#[tokio::test]
async fn mosquitto_is_told_what_it_may_not() {
    let house = House::start().await;
    house.enrol("van7");
    let mut publish = house.mosquitto("mosquitto_pub", "mqttv5", "van7");
    publish.args(["-t", "smartlink/v1/van8/up", "-q", "1", "-m", &said(MORNING)]);
    let output = finished(publish).await;
    let said_to_user = String::from_utf8_lossy(&output.stderr).to_lowercase();
    assert!(said_to_user.contains("not authorized"), "{output:?}");
    for version in ["mqttv311", "mqttv5"] {
        let mut publish = house.mosquitto("mosquitto_pub", version, "van9");
        publish.args(["-t", "smartlink/v1/van9/up", "-q", "1", "-m", &said(MORNING)]);
        let output = finished(publish).await;
        assert!(!output.status.success());
        let said_to_user = String::from_utf8_lossy(&output.stderr).to_lowercase();
        assert!(said_to_user.contains("bad user name"), "{version}: {output:?}");
    }
    assert!(house.times().is_empty());
}

#[tokio::test]
async fn mosquitto_gets_a_command_and_answers_it() {
    let house = House::start().await;
    let van = house.enrol("van7");
    for version in ["mqttv311", "mqttv5"] {
        let issued = house.gate().command(van, version, Command::QueryPosition, None).unwrap();
        let mut subscribe = house.mosquitto("mosquitto_sub", version, "van7");
        subscribe.args(["-t", "smartlink/v1/van7/down/command", "-q", "1", "-C", "1", "-W", "20"]);
        let output = finished(subscribe).await;
        assert!(output.status.success(), "{output:?}");
        let command: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(command["id"], issued.id.0);
        let mut answer = house.mosquitto("mosquitto_pub", version, "van7");
        let topic = format!("smartlink/v1/van7/up/answer/{}", issued.id.0);
        answer.args(["-t", &topic, "-q", "1", "-m", r#"{"done":true}"#]);
        assert!(finished(answer).await.status.success());
        let state = house.gate().commands().command(issued.id).unwrap().state;
        assert!(matches!(state, CommandState::Answered { .. }), "{state:?}");
    }
}

#[tokio::test]
async fn many_lines_of_mosquitto_arrive_in_their_order() {
    let house = House::with(|config| config.messages_per_second = 100_000).await;
    house.enrol("van7");
    let lines: String = (0..1_000).map(|second| said(MORNING + second) + "\n").collect();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lines");
    std::fs::write(&path, lines).unwrap();
    let mut publish = house.mosquitto("mosquitto_pub", "mqttv5", "van7");
    publish.args(["-t", "smartlink/v1/van7/up", "-q", "2", "-l"]);
    publish.stdin(std::fs::File::open(&path).unwrap());
    let output = finished(publish).await;
    assert!(output.status.success(), "{output:?}");
    assert_eq!(house.times(), (MORNING..MORNING + 1_000).collect::<Vec<_>>());
}
