//! Devices that speak MQTT: to our own broker, and through somebody else's.

#![allow(clippy::unwrap_used, reason = "in a test an unwrap is the assertion")]

#[path = "mqtt/bounds.rs"]
mod bounds;
#[path = "mqtt/client.rs"]
mod client;
mod company;
#[path = "mqtt/mosquitto.rs"]
mod mosquitto;
#[path = "mqtt/outside.rs"]
mod outside;
#[path = "mqtt/stories.rs"]
mod stories;

use company::{Company, KEY};
use smartlink_devices::{
    mqtt::{Broker, MqttConfig, MqttFigures},
    Enrolment, Gate, Identity, TerminalId,
};
use smartlink_records::{Record, Report};
use smartlink_service::Secret;
use std::{net::SocketAddr, sync::Arc, time::Duration};
use tokio::{
    task::JoinHandle,
    time::{sleep, timeout},
};

/// Long enough for anything that happens at all.
const LONG: Duration = Duration::from_secs(20);

/// A report of a van, with a time that names it.
fn said(seconds: u64) -> String {
    format!(
        r#"{{"time":{seconds},"position":{{"latitude":31.230416,"longitude":121.473701,"speed":54.3}},"flags":["ignition"]}}"#
    )
}

const MORNING: u64 = 1_795_420_800;

/// A company whose broker listens.
struct House {
    company: Company,
    address: SocketAddr,
    figures: Arc<MqttFigures>,
    broker: JoinHandle<()>,
}

impl House {
    async fn start() -> Self {
        Self::with(|_| {}).await
    }

    async fn with(change: impl FnOnce(&mut MqttConfig)) -> Self {
        let company = Company::start().await;
        Self::of(company, change).await
    }

    async fn of(company: Company, change: impl FnOnce(&mut MqttConfig)) -> Self {
        let listen = Some(([127, 0, 0, 1], 0).into());
        let mut config = MqttConfig { listen, ..MqttConfig::default() };
        change(&mut config);
        let broker = Broker::bind(&config, company.gate().clone()).await.unwrap().unwrap();
        let (address, figures) = (broker.address(), broker.figures());
        Self { company, address, figures, broker: tokio::spawn(broker.run()) }
    }

    fn gate(&self) -> &Gate {
        self.company.gate()
    }

    /// Enrols a device, without any connection.
    fn enrol(&self, name: &str) -> TerminalId {
        enrol(self.gate(), name)
    }

    fn records(&self) -> Vec<Record> {
        self.gate().log().read(1, 1_000_000).unwrap()
    }

    /// The times of the records, in seconds.
    fn times(&self) -> Vec<u64> {
        self.records().iter().map(|record| record.report.time_ms / 1000).collect()
    }

    fn reports(&self) -> Vec<Report> {
        self.records().into_iter().map(|record| record.report).collect()
    }

    /// Waits until the log has a number of records.
    async fn has(&self, count: u64) {
        let mut end = self.gate().log().subscribe();
        let reached = async {
            while self.gate().log().next_sequence() <= count || *end.borrow_and_update() < count {
                end.changed().await.unwrap();
            }
        };
        timeout(LONG, reached).await.expect("the log has as many records in time");
    }
}

fn enrol(gate: &Gate, name: &str) -> TerminalId {
    let key = Some(Secret::new(KEY.to_owned()));
    let enrolment = Enrolment { key, ..Enrolment::of(Identity::name(name).unwrap(), 1) };
    gate.enrol(enrolment).unwrap().0.id
}

/// Asks until it holds: for what no event tells.
async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let asked = async {
        while !holds() {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(LONG, asked).await.unwrap_or_else(|_| panic!("in time: {what}"));
}
