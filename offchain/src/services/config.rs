//! What can be set of the services. `smartlink-offchain config show` prints all of it.

use std::{net::SocketAddr, path::PathBuf};

use serde::{Deserialize, Serialize};
use smartlink_api::ApiConfig;
use smartlink_clickhouse::{EngineConfig, Policy, StoreConfig};
use smartlink_devices::DevicesConfig;
use smartlink_dispatch::DispatchConfig;
use smartlink_notify::NotifyConfig;
use smartlink_orders::Rules;
use smartlink_primitives::CompanyId;
use smartlink_service::{
    config::{below, Check, Reloadable, Validate},
    Bounds, ClientLimits, ServeLimits,
};
use smartlink_telemetry::TelemetryConfig;

/// A part of the services that can run alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Keeps orders, and serves batches to the node's worker.
    Orders,
    /// Finds drivers.
    Dispatch,
    /// Carries messages to people.
    Notify,
    /// Tells riders what becomes of their orders, through notify.
    Herald,
    /// Answers apps.
    Api,
    /// The embedded ClickHouse. Left out where `store.url` is a cluster's.
    ClickHouse,
    /// Listens to vehicles' terminals.
    Devices,
    /// Carries what vehicles report to ClickHouse and to the node's worker, and finds out what it means. In the process
    /// of devices, whose log it follows.
    Telemetry,
}

/// The services of one company.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Services {
    /// The roles of this process.
    pub roles: Vec<Role>,
    /// The company on the chain.
    pub company: CompanyId,
    /// The company's node, for its WebSocket.
    pub node: String,
    /// The folder below which each role has its own.
    pub data: PathBuf,
    /// Roles of this process for roles of other processes.
    pub grpc: Served,
    /// Roles of other processes.
    pub peers: Peers,
    /// Orders.
    pub orders: OrdersRole,
    /// The dispatcher.
    pub dispatch: DispatchConfig,
    /// Messages.
    pub notify: NotifyConfig,
    /// The API.
    pub api: ApiConfig,
    /// The embedded ClickHouse.
    pub clickhouse: EngineConfig,
    /// Where ClickHouse is. The address is left out where the embedded one runs in this process.
    pub store: StoreConfig,
    /// Terminals.
    pub devices: DevicesConfig,
    /// What they report.
    pub telemetry: TelemetryRole,
    /// How long roles may take to start and to stop.
    pub bounds: Bounds,
}

/// Where roles of this process are reached by gRPC.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Served {
    /// The address. None: roles of this process are for each other alone.
    pub listen: Option<SocketAddr>,
    /// What the server takes upon itself.
    pub limits: ServeLimits,
}

/// Where roles are that do not run in this process.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Peers {
    /// `http://host:port` of the orders role.
    pub orders: Option<String>,
    /// `http://host:port` of the dispatch role.
    pub dispatch: Option<String>,
    /// `http://host:port` of the notify role.
    pub notify: Option<String>,
    /// `http://host:port` of the devices role. None, and not in this process: the API has no terminals.
    pub devices: Option<String>,
    /// `http://host:port` of the telemetry role. None, and not in this process: the API has no telemetry.
    pub telemetry: Option<String>,
    /// The limits of calls to them.
    pub limits: ClientLimits,
}

/// The orders role.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OrdersRole {
    /// Where the settlement worker of the company's node fetches batches: on this machine, because nothing
    /// protects what is said there.
    pub worker_listen: SocketAddr,
    /// The rules by which orders live.
    pub rules: Rules,
}

/// The telemetry role.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TelemetryRole {
    /// Where the worker of the company's node fetches the roots of what was reported: on this machine, because
    /// nothing protects what is said there.
    pub worker_listen: SocketAddr,
    /// The cluster in whose name the tables are made. Empty: a single server, as the embedded one is.
    pub cluster: String,
    /// How long what is in ClickHouse is kept.
    pub kept: Policy,
    /// The way to ClickHouse, and the analysis.
    pub settings: TelemetryConfig,
}

impl Default for TelemetryRole {
    fn default() -> Self {
        Self {
            worker_listen: ([127, 0, 0, 1], 9101).into(),
            cluster: String::new(),
            kept: Policy::default(),
            settings: TelemetryConfig::default(),
        }
    }
}

impl Default for OrdersRole {
    fn default() -> Self {
        Self { worker_listen: ([127, 0, 0, 1], 9100).into(), rules: Rules::default() }
    }
}

impl Default for Services {
    fn default() -> Self {
        Self {
            roles: vec![Role::Orders, Role::Notify, Role::Dispatch, Role::Herald, Role::Api],
            company: CompanyId(1),
            node: "ws://127.0.0.1:9944".to_owned(),
            data: PathBuf::from("data"),
            grpc: Served::default(),
            peers: Peers::default(),
            orders: OrdersRole::default(),
            dispatch: DispatchConfig::default(),
            notify: NotifyConfig::default(),
            api: ApiConfig::default(),
            clickhouse: EngineConfig::default(),
            store: StoreConfig::default(),
            devices: DevicesConfig::default(),
            telemetry: TelemetryRole::default(),
            bounds: Bounds::default(),
        }
    }
}

impl Services {
    /// Whether a role runs in this process.
    pub fn has(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    fn needs(&self, role: Role) -> bool {
        match role {
            Role::Orders => {
                self.has(Role::Dispatch) || self.has(Role::Herald) || self.has(Role::Api)
            }
            Role::Notify => self.has(Role::Herald) || self.has(Role::Api),
            Role::Dispatch => self.has(Role::Api),
            Role::Herald | Role::Api | Role::ClickHouse | Role::Devices | Role::Telemetry => false,
        }
    }
}

impl Validate for Services {
    fn validate(&self, check: &mut Check) {
        check.require(!self.roles.is_empty(), "roles", "name at least one role");
        check.require(self.company.0 > 0, "company", "companies are numbered from 1 on");
        let socket = self.node.starts_with("ws://") || self.node.starts_with("wss://");
        check.require(socket, "node", "set it to the node's WebSocket: ws://host:port");
        let peers = [
            (Role::Orders, "peers.orders", &self.peers.orders),
            (Role::Dispatch, "peers.dispatch", &self.peers.dispatch),
            (Role::Notify, "peers.notify", &self.peers.notify),
            (Role::Devices, "peers.devices", &self.peers.devices),
            (Role::Telemetry, "peers.telemetry", &self.peers.telemetry),
        ];
        for (role, key, peer) in peers {
            let reached = self.has(role) || peer.is_some() || !self.needs(role);
            check.require(reached, key, "set it to http://host:port, or add the role to roles");
            let twice = self.has(role) && peer.is_some();
            check.require(!twice, key, "leave it out: the role runs in this process");
        }
        let local = self.grpc.listen.is_none_or(|address| address.ip().is_loopback());
        let guarded = !self.grpc.limits.token.expose().is_empty();
        check.require(
            local || guarded,
            "grpc.limits.token",
            "set one: whoever reaches grpc.listen can act as any rider and driver",
        );
        check.require(
            self.orders.worker_listen.ip().is_loopback(),
            "orders.worker_listen",
            "set an address of this machine, 127.0.0.1:9100: nothing protects what is said there",
        );
        check.require(
            self.telemetry.worker_listen.ip().is_loopback(),
            "telemetry.worker_listen",
            "set an address of this machine, 127.0.0.1:9101: nothing protects what is said there",
        );
        check.require(
            !self.has(Role::Telemetry) || self.has(Role::Devices),
            "roles",
            "add devices: telemetry follows its log, in one process with it",
        );
        check.within("clickhouse", &self.clickhouse);
        check.within("store", &self.store);
        check.within("devices", &self.devices);
        check.within("telemetry.kept", &self.telemetry.kept);
        check.within("telemetry.settings", &self.telemetry.settings);
        check.within("grpc.limits", &self.grpc.limits);
        check.within("peers.limits", &self.peers.limits);
        check.within("bounds", &self.bounds);
        check.within("notify", &self.notify);
        if let Err(error) = self.orders.rules.validate() {
            let key = format!("orders.rules.{}", error.key);
            check.require(false, &key, format!("give {}", error.remedy));
        }
        if let Err(error) = self.dispatch.validate() {
            check.require(false, "dispatch", error.to_string());
        }
        if let Err(error) = self.api.validate() {
            check.require(false, &format!("api.{}", error.key), error.remedy);
        }
    }
}

impl Reloadable for Services {
    /// The rules of the orders: everything else is taken at the start.
    fn reloadable() -> Vec<String> {
        const RULES: [&str; 11] = [
            "quote_valid_ms",
            "search_ms",
            "offer_valid_ms",
            "most_offers",
            "booked_lead_ms",
            "second_thoughts_ms",
            "late_ms",
            "no_show_ms",
            "cap_permille",
            "most_per_rider",
            "batch_wait_ms",
        ];
        below("orders.rules", RULES.map(str::to_owned).to_vec()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use smartlink_service::Sources;

    #[test]
    fn the_defaults_are_sound_and_a_missing_peer_is_named() {
        assert!(Sources::new().load::<Services>().is_ok());
        let alone = Sources::new().set(["roles=[\"api\"]".to_owned()]);
        let error = alone.load::<Services>().unwrap_err().to_string();
        for key in ["peers.orders", "peers.dispatch", "peers.notify"] {
            assert!(error.contains(key), "{error}");
        }
    }

    #[test]
    fn a_salt_that_is_none_is_named_and_not_repeated() {
        let wrong = Sources::new().set(["devices.chain_salt=\"5a17\"".to_owned()]);
        let error = wrong.load::<Services>().unwrap_err().to_string();
        assert!(error.contains("devices.chain_salt") && error.contains("64"), "{error}");
        assert!(!error.contains("5a17"), "{error}");
    }

    #[test]
    fn a_rule_that_makes_no_sense_is_named_with_its_key() {
        let wrong = Sources::new().set(["orders.rules.batch_rows=0".to_owned()]);
        let error = wrong.load::<Services>().unwrap_err().to_string();
        assert!(error.contains("orders.rules.batch_rows"), "{error}");
        let unknown = Sources::new().set(["orders.rules.batch_row=5".to_owned()]);
        let error = unknown.load::<Services>().unwrap_err().to_string();
        assert!(error.contains("batch_rows"), "{error}");
    }
}
