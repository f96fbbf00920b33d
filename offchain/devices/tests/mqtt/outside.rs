//! A fleet whose devices connect to Mosquitto, and we to it.

use super::{company::Company, enrol, mosquitto::program, said, until, KEY, LONG, MORNING};
use smartlink_devices::{
    mqtt::{MqttConfig, MqttFigures, Outside, OutsideConfig},
    Command, Credential, Gate,
};
use std::{net::TcpListener, path::Path, sync::Arc};
use tokio::{
    net::TcpStream,
    process::Child,
    task::JoinHandle,
    time::{sleep, timeout, Duration},
};

/// Somebody else's broker.
struct Mosquitto {
    port: u16,
    process: Child,
}

impl Mosquitto {
    async fn start(port: u16, folder: &Path) -> Self {
        let config = folder.join("mosquitto.conf");
        let text = format!(
            "listener {port} 127.0.0.1\nallow_anonymous true\npersistence true\n\
             persistence_location {}/\nautosave_on_changes true\nautosave_interval 1\nuser root\n",
            folder.display()
        );
        std::fs::write(&config, text).unwrap();
        let mut process = program("mosquitto");
        process.arg("-c").arg(&config);
        let process = process.spawn().unwrap();
        let listening = async {
            while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
                sleep(Duration::from_millis(20)).await;
            }
        };
        timeout(LONG, listening).await.expect("mosquitto listens in time");
        Self { port, process }
    }

    async fn publish(&self, topic: &str, payload: &str) {
        let mut process = program("mosquitto_pub");
        let port = self.port.to_string();
        process.args(["-h", "127.0.0.1", "-p", &port, "-q", "1", "-t", topic, "-m", payload]);
        let output = timeout(LONG, process.output()).await.expect("it ends in time").unwrap();
        assert!(output.status.success(), "{output:?}");
    }

    async fn kill(mut self) {
        self.process.kill().await.unwrap();
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

struct Client {
    figures: Arc<MqttFigures>,
    task: JoinHandle<()>,
}

/// Our client of a broker on a port. The broker vouches for the device; the test knows its key.
fn client(gate: &Gate, port: u16) -> Client {
    let outside = OutsideConfig { port, retry_ms: 250, ..OutsideConfig::default() };
    let config = MqttConfig { outside: Some(outside), ..MqttConfig::default() };
    let figures = Arc::new(MqttFigures::default());
    let admitting = gate.clone();
    let vouch = Arc::new(move |identity: &str, peer| {
        let key = KEY.as_bytes().to_vec();
        admitting.admit(Credential::Key { identity: identity.to_owned(), key }, peer)
    });
    let outside = Outside::new(&config, gate.clone(), vouch, figures.clone()).unwrap();
    Client { figures, task: tokio::spawn(outside.run()) }
}

impl Client {
    async fn connected(&self, times: u64) {
        until("we hear", || self.figures.outside_connected.get() >= times).await;
    }
}

fn times(gate: &Gate) -> Vec<u64> {
    let records = gate.log().read(1, 1_000).unwrap();
    records.iter().map(|record| record.report.time_ms / 1000).collect()
}

#[tokio::test]
async fn what_a_device_tells_another_broker_is_in_our_log() {
    let folder = tempfile::tempdir().unwrap();
    let mosquitto = Mosquitto::start(free_port(), folder.path()).await;
    let company = Company::start().await;
    let gate = company.gate();
    let van = enrol(gate, "van7");
    let client = client(gate, mosquitto.port);
    client.connected(1).await;
    mosquitto.publish("smartlink/v1/van7/up", &said(MORNING)).await;
    // What can never be taken is not sent for ever.
    mosquitto.publish("smartlink/v1/van7/up", "no JSON").await;
    mosquitto.publish("smartlink/v1/nobody/up", &said(MORNING)).await;
    mosquitto.publish("smartlink/v1/van7/up/else", &said(MORNING)).await;
    mosquitto.publish("smartlink/v1/van7/up", &said(MORNING + 1)).await;
    until("both records are there", || times(gate) == [MORNING, MORNING + 1]).await;
    assert_eq!(client.figures.outside_refused.get(), 3);

    // A command goes out once the device was heard.
    let subscribe = |ends: &'static [&'static str]| {
        let mut process = program("mosquitto_sub");
        let port = mosquitto.port.to_string();
        process.args(["-h", "127.0.0.1", "-p", &port, "-q", "1", "-c", "-i", "van7"]);
        process.args(["-t", "smartlink/v1/van7/down/command"]).args(ends);
        async move { timeout(LONG, process.output()).await.expect("it ends in time").unwrap() }
    };
    assert!(subscribe(&["-E"]).await.status.success(), "the broker keeps what comes from now on");
    let issued = gate.command(van, "key", Command::QueryPosition, None).unwrap();
    let output = subscribe(&["-C", "1", "-W", "20"]).await;
    let command: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(command["id"], issued.id.0);
    let answer = format!("smartlink/v1/van7/up/answer/{}", issued.id.0);
    mosquitto.publish(&answer, r#"{"done":false,"content":"no fix"}"#).await;
    until("the answer is there", || gate.commands().command(issued.id).unwrap().state.is_over())
        .await;
}

#[tokio::test]
async fn what_comes_while_we_are_away_or_the_disk_is_behind_is_not_lost() {
    let folder = tempfile::tempdir().unwrap();
    let port = free_port();
    let mosquitto = Mosquitto::start(port, folder.path()).await;
    let company = Company::start().await;
    let gate = company.gate();
    enrol(gate, "van7");
    let first = client(gate, port);
    first.connected(1).await;
    mosquitto.publish("smartlink/v1/van7/up", &said(MORNING)).await;
    until("the record is there", || times(gate) == [MORNING]).await;

    // We are killed while the disk is behind: the broker keeps what it has no acknowledgement for.
    gate.log().hold(true);
    mosquitto.publish("smartlink/v1/van7/up", &said(MORNING + 1)).await;
    until("it came", || first.figures.messages.get() == 2).await;
    first.task.abort();
    let _ = first.task.await;
    mosquitto.publish("smartlink/v1/van7/up", &said(MORNING + 2)).await;
    gate.log().hold(false);
    let second = client(gate, port);
    // The one that was on its way comes again: telemetry knows what came twice.
    until("all records are there", || {
        let mut all = times(gate);
        all.dedup();
        all == [MORNING, MORNING + 1, MORNING + 2]
    })
    .await;

    // The broker is killed and comes back. What it had kept comes before it confirms that we hear.
    second.connected(1).await;
    mosquitto.kill().await;
    let mosquitto = Mosquitto::start(port, folder.path()).await;
    second.connected(2).await;
    mosquitto.publish("smartlink/v1/van7/up", &said(MORNING + 3)).await;
    until("the next record is there", || times(gate).last() == Some(&(MORNING + 3))).await;
}
