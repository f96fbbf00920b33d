//! How HTTP is set up, and every bound that it keeps.

use serde::{Deserialize, Serialize};
use smartlink_service::{config::Check, Validate};
use std::net::SocketAddr;

/// Settings of the listener for HTTP.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HttpConfig {
    /// Where it listens; nothing for no listener. Port 0 takes a free one. TLS is for the proxy before it.
    pub listen: Option<SocketAddr>,
    /// Connections, at most. One more is closed at once.
    pub connections: u32,
    /// Connections from one address, at most. One more is closed at once. Behind a proxy all come from one.
    pub connections_per_address: u32,
    /// How long a connection may say nothing between two requests, in milliseconds. Later, it is closed.
    pub idle_ms: u64,
    /// How long a request may take from its first byte to its answer, in milliseconds. Later, it is closed.
    pub request_ms: u64,
    /// How long records may wait for the disk, in milliseconds. Later, the answer is 503.
    pub durable_ms: u64,
    /// Bytes of one body, before it is decompressed and after. More are answered 413.
    pub body_bytes: u32,
    /// Reports of one body. More are answered 400.
    pub reports: u32,
    /// Requests of one device in a second, on average. Beyond it, they are answered 429.
    pub requests_per_second: u32,
    /// Requests of one device that may come at once.
    pub request_burst: u32,
}

impl Default for HttpConfig {
    fn default() -> Self {
        Self {
            listen: None,
            connections: 10_000,
            connections_per_address: 1_000,
            idle_ms: 60_000,
            request_ms: 30_000,
            durable_ms: 10_000,
            body_bytes: 1_048_576,
            reports: 5_000,
            requests_per_second: 20,
            request_burst: 200,
        }
    }
}

impl Validate for HttpConfig {
    fn validate(&self, check: &mut Check) {
        check.range("connections", self.connections, 1..=1_000_000);
        check.range("connections_per_address", self.connections_per_address, 1..=1_000_000);
        check.range("idle_ms", self.idle_ms, 100..=3_600_000);
        check.range("request_ms", self.request_ms, 100..=600_000);
        check.range("durable_ms", self.durable_ms, 10..=self.request_ms);
        check.range("body_bytes", self.body_bytes, 1_024..=67_108_864);
        check.range("reports", self.reports, 1..=100_000);
        check.range("requests_per_second", self.requests_per_second, 1..=1_000_000);
        check.range("request_burst", self.request_burst, 1..=1_000_000);
    }
}
