//! Terminals looked after through the api, by a devices role as it is.

use serde_json::json;
use smartlink_api::{Code, Roles};
use smartlink_devices::{grpc::Grpc, http::HttpConfig, media::Item, Devices, DevicesConfig};
use smartlink_proto::devices::devices_server::DevicesServer;
use smartlink_records::TerminalId;
use smartlink_service::Transport;
use tempfile::TempDir;

use super::house::House;

/// The devices of a house, in a folder that goes with them.
pub struct Garage {
    devices: Devices,
    _folder: TempDir,
}

impl Garage {
    /// A photo of a terminal comes in. Gives its id.
    pub fn photograph(&self, terminal: u64, content: &[u8]) -> u64 {
        let photo = Item {
            id: 0,
            terminal: TerminalId(terminal),
            vehicle: 5,
            number: 1,
            kind: 0,
            format: 0,
            event: 3,
            channel: 1,
            time_ms: 1,
            received_ms: 2,
            bytes: 0,
        };
        self.devices.gate().media().keep(photo, content).unwrap().id
    }

    pub async fn close(self) {
        self.devices.stop().await;
    }
}

/// Devices, whose listener for HTTP is at a free port, and the way to them.
pub async fn garage() -> (Garage, Transport) {
    let folder = tempfile::tempdir().unwrap();
    let free = Some(([127, 0, 0, 1], 0).into());
    let mut config = DevicesConfig { path: folder.path().to_owned(), ..DevicesConfig::default() };
    (config.jt808.tcp, config.jt808.udp) = (None, None);
    config.http = HttpConfig { listen: free, ..HttpConfig::default() };
    let devices = Devices::start(config).await.unwrap();
    let server = DevicesServer::new(Grpc::new(devices.gate().clone()));
    (Garage { devices, _folder: folder }, Transport::in_process(server))
}

/// A house with devices.
pub async fn house() -> (House, Garage) {
    let (garage, devices) = garage().await;
    (House::behind(|upstream| upstream.with_devices(devices)).await, garage)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_fleet_enrols_a_van_tells_it_something_and_an_auditor_reads_along() {
    let (house, garage) = house().await;
    let fleet = house.token(Roles::FLEET).await;
    let auditor = house.token(Roles::AUDITOR).await;
    let van = json!({ "protocol": "key", "identity": "van-5", "vehicle": 5 });
    let enrolled = house.ok(&fleet, "devices_enrol", van.clone()).await;
    assert!(enrolled["key"].as_str().unwrap().len() >= 16);
    let again = house.ok(&fleet, "devices_enrol", van).await;
    assert_eq!((&again["key"], &again["terminal"]), (&json!(null), &enrolled["terminal"]));
    let terminal = enrolled["terminal"]["id"].clone();

    let text = json!({
        "idempotency_key": "k1",
        "terminal": terminal,
        "command": { "kind": "text", "text": "前方拥堵" },
    });
    let sent = house.ok(&fleet, "devices_send", text.clone()).await;
    assert_eq!((&sent["state"], &sent["command"]["text"]), (&json!("queued"), &json!("前方拥堵")));
    assert_eq!(
        house.ok(&fleet, "devices_send", text).await,
        sent,
        "the same key, the same command"
    );
    let read = house.ok(&auditor, "devices_command", json!({ "id": sent["id"] })).await;
    assert_eq!(read, sent);
    let withdrawn = house.ok(&fleet, "devices_withdraw", json!({ "id": sent["id"] })).await;
    assert_eq!(withdrawn["state"], json!("failed"));

    let suspended = json!({ "terminal": terminal, "state": "suspended" });
    house.ok(&fleet, "devices_set_state", suspended).await;
    let list = house.ok(&auditor, "devices_list", json!({ "vehicle": 5 })).await;
    assert_eq!(list["terminals"][0]["state"], json!("suspended"));
    assert_eq!(list["terminals"][0]["vehicle"], json!(5));

    let theirs = json!({ "protocol": "key", "identity": "van-8", "vehicle": 8 });
    let refused = house.refused(&fleet, "devices_enrol", theirs).await;
    assert_eq!(refused.code, Code::NotFound.number(), "another company's vehicle");
    let unbound = house.ok(&fleet, "devices_bind", json!({ "terminal": terminal })).await;
    assert_eq!(unbound["vehicle"], json!(null));
    garage.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deployment_without_terminals_says_so() {
    let house = House::open().await;
    let fleet = house.token(Roles::FLEET).await;
    let refused = house.refused(&fleet, "devices_list", json!({})).await;
    assert_eq!(refused.code, Code::Unavailable.number());
    assert!(refused.message.contains("peers.devices"), "{}", refused.message);
}
