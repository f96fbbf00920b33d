//! How the broker is set up, and every bound that it keeps.

use serde::{Deserialize, Serialize};
use smartlink_service::{config::Check, Secret, Validate};
use std::net::SocketAddr;

/// Settings of MQTT.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MqttConfig {
    /// Where the broker listens; nothing for no broker. Port 0 takes a free one.
    pub listen: Option<SocketAddr>,
    /// Connections, at most. One more is closed at once.
    pub connections: u32,
    /// Connections from one address, at most. One more is closed at once.
    pub connections_per_address: u32,
    /// How long the CONNECT may take, in milliseconds. Later, the connection is closed.
    pub connect_ms: u64,
    /// How long a client may take to take what is written to it, in milliseconds. Later, the connection is closed.
    pub write_ms: u64,
    /// The longest keep alive, in seconds. Who asks for more or for none gets this in version 5; in version 3, who
    /// asks for none is closed after one and a half of it.
    pub keep_alive_s: u16,
    /// Bytes of one packet. A longer one ends the connection.
    pub packet_bytes: u32,
    /// Bytes of a compressed payload once it is decompressed. More are refused.
    pub inflated_bytes: u32,
    /// Reports of one message. More are refused.
    pub reports: u32,
    /// Messages of one client that are not yet acknowledged. With as many, nothing more is read; in version 5, one
    /// more ends the connection.
    pub in_flight: u16,
    /// Commands that are on their way to one client. The next waits for an acknowledgement.
    pub commands_in_flight: u16,
    /// Subscriptions of one client. One more is refused.
    pub subscriptions: u32,
    /// Aliases of topics of one client of version 5.
    pub aliases: u16,
    /// Messages of one client in a second, on average. Beyond it, they are read more slowly.
    pub messages_per_second: u32,
    /// Messages of one client that may come at once.
    pub message_burst: u32,
    /// The longest that a session outlives its connection, in seconds.
    pub session_s: u32,
    /// Sessions without connection, at most. With one more, the one that would end first ends.
    pub sessions: u32,
    /// States that are retained, at most. One more is not.
    pub states: u32,
    /// Messages that wait for one operator. With more, the oldest are left out.
    pub operator_queue: u32,
    /// Accounts that may hear reports and states of all devices.
    pub operators: Vec<OperatorAccount>,
    /// A broker of somebody else, to which devices connect instead of or beside ours.
    pub outside: Option<OutsideConfig>,
}

/// Who may hear what devices report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OperatorAccount {
    /// The user name.
    pub name: String,
    /// The password.
    pub key: Secret<String>,
}

/// Another broker. It has to see to it that a device publishes below its own identity alone: what comes is believed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OutsideConfig {
    /// Its host.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// What we call ourselves. With the same name after a restart, what came meanwhile is received.
    pub client_id: String,
    /// The user name, empty for none.
    pub username: String,
    /// The password.
    pub password: Secret<String>,
    /// The group in which several of us share the messages, empty for none: then there may be one of us alone. Brokers
    /// of version 5 know `$share`, and Mosquitto, EMQX and HiveMQ know it in version 3 as well.
    pub share: String,
    /// Seconds between signs of life.
    pub keep_alive_s: u16,
    /// Messages that wait for the disk. With as many, nothing more is read.
    pub in_flight: u16,
    /// The longest wait before it is tried again to connect, in milliseconds. The first is a quarter of a second.
    pub retry_ms: u64,
}

impl Default for MqttConfig {
    fn default() -> Self {
        Self {
            listen: None,
            connections: 20_000,
            connections_per_address: 1_000,
            connect_ms: 10_000,
            write_ms: 10_000,
            keep_alive_s: 1_200,
            packet_bytes: 262_144,
            inflated_bytes: 1_048_576,
            reports: 1_000,
            in_flight: 64,
            commands_in_flight: 8,
            subscriptions: 16,
            aliases: 16,
            messages_per_second: 50,
            message_burst: 500,
            session_s: 86_400,
            sessions: 100_000,
            states: 100_000,
            operator_queue: 4_096,
            operators: Vec::new(),
            outside: None,
        }
    }
}

impl Default for OutsideConfig {
    fn default() -> Self {
        Self {
            host: "127.0.0.1".to_owned(),
            port: 1883,
            client_id: "smartlink-devices".to_owned(),
            username: String::new(),
            password: Secret::default(),
            share: String::new(),
            keep_alive_s: 30,
            in_flight: 1_000,
            retry_ms: 30_000,
        }
    }
}

impl Validate for MqttConfig {
    fn validate(&self, check: &mut Check) {
        check.range("connections", self.connections, 1..=1_000_000);
        check.range("connections_per_address", self.connections_per_address, 1..=1_000_000);
        check.range("connect_ms", self.connect_ms, 100..=600_000);
        check.range("write_ms", self.write_ms, 100..=600_000);
        check.range("keep_alive_s", self.keep_alive_s, 1..=u16::MAX);
        check.range("packet_bytes", self.packet_bytes, 1_024..=16_777_216);
        check.range("inflated_bytes", self.inflated_bytes, 1_024..=67_108_864);
        check.range("reports", self.reports, 1..=100_000);
        check.range("in_flight", self.in_flight, 1..=10_000);
        check.range("commands_in_flight", self.commands_in_flight, 1..=1_000);
        check.range("subscriptions", self.subscriptions, 1..=1_000);
        check.range("aliases", self.aliases, 0..=1_000);
        check.range("messages_per_second", self.messages_per_second, 1..=1_000_000);
        check.range("message_burst", self.message_burst, 1..=1_000_000);
        check.range("session_s", self.session_s, 0..=31_536_000);
        check.range("sessions", self.sessions, 1..=10_000_000);
        check.range("states", self.states, 1..=10_000_000);
        check.range("operator_queue", self.operator_queue, 1..=1_000_000);
        for account in &self.operators {
            let named = !account.name.is_empty() && account.key.expose().len() >= 16;
            check.require(
                named,
                "operators",
                "give each a name, and a key of 16 or more characters",
            );
        }
        if let Some(outside) = &self.outside {
            check.within("outside", outside);
        }
    }
}

impl Validate for OutsideConfig {
    fn validate(&self, check: &mut Check) {
        check.require(!self.host.is_empty(), "host", "set it to the broker's host");
        check.range("port", self.port, 1..=u16::MAX);
        check.require(
            !self.client_id.is_empty() && !self.client_id.starts_with(' '),
            "client_id",
            "set it to a name that no other client of the broker has",
        );
        check.require(
            !self.share.contains(['/', '+', '#']),
            "share",
            "set it to a name without '/', '+' and '#', or leave it empty",
        );
        check.range("keep_alive_s", self.keep_alive_s, 1..=3_600);
        check.range("in_flight", self.in_flight, 1..=65_535);
        check.range("retry_ms", self.retry_ms, 250..=3_600_000);
    }
}
