//! How the listener is set up, and every bound it keeps.

use serde::{Deserialize, Serialize};
use smartlink_service::{config::Check, Validate};
use std::net::SocketAddr;

const SECOND: u64 = 1_000;
const HOUR: u64 = 3_600 * SECOND;

/// The listener for JT/T 808. A connection that goes beyond a bound is closed and counted, unless it says otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Jt808Config {
    /// Where to listen for TCP; nothing to not listen. Port 0 takes a free one.
    pub tcp: Option<SocketAddr>,
    /// Where to listen for UDP; nothing to not listen.
    pub udp: Option<SocketAddr>,
    /// Connections of TCP, at most.
    pub connections: u32,
    /// Connections of TCP from one address (IPv6: from one /64). Operators of mobile networks put many terminals
    /// behind one address.
    pub connections_per_address: u32,
    /// Connections that the system keeps until they are accepted.
    pub backlog: u32,
    /// Terminals of UDP that are remembered. With one more, the one that was quiet for longest is forgotten, and has
    /// to authenticate again.
    pub udp_peers: u32,
    /// Until the first whole frame, in milliseconds.
    pub first_frame_ms: u64,
    /// Until a connection has authenticated, in milliseconds.
    pub authenticate_ms: u64,
    /// Between two frames, in milliseconds. Terminals send heartbeats every few minutes at least.
    pub idle_ms: u64,
    /// Until a terminal takes what is sent to it, in milliseconds.
    pub write_ms: u64,
    /// Frames a second of one connection, sustained; twice as many at once. Beyond it, the connection is not read for
    /// a while: nothing is lost.
    pub frames_per_second: u32,
    /// Bytes that are no frames, or bad frames. Beyond it, when they are more than half of what came.
    pub garbage_bytes: u32,
    /// Bytes of the packages of one message that are put together again. A larger message costs itself.
    pub message_bytes: u32,
    /// Until the next package of a message, in milliseconds. Then the missing ones are asked for, three times, before
    /// the message is forgotten.
    pub package_ms: u64,
    /// What a tyre's pressure in item 0x05 of a position counts, in Pa: the standard says 1, in which no byte can tell
    /// a tyre's pressure.
    pub tyre_unit_pa: u32,
    /// Until a terminal answers a command, in milliseconds. Then it is sent again; before attempt n + 1 passes n + 1
    /// times the time before attempt n.
    pub answer_ms: u64,
    /// How often a command is sent on one connection.
    pub answer_attempts: u32,
}

impl Default for Jt808Config {
    fn default() -> Self {
        Self {
            tcp: Some(([127, 0, 0, 1], 7_808).into()),
            udp: None,
            connections: 100_000,
            connections_per_address: 20_000,
            backlog: 4_096,
            udp_peers: 20_000,
            first_frame_ms: 10 * SECOND,
            authenticate_ms: 60 * SECOND,
            idle_ms: 600 * SECOND,
            write_ms: 10 * SECOND,
            frames_per_second: 500,
            garbage_bytes: 16_384,
            message_bytes: 2 << 20,
            package_ms: 10 * SECOND,
            tyre_unit_pa: 1,
            answer_ms: 10 * SECOND,
            answer_attempts: 3,
        }
    }
}

impl Validate for Jt808Config {
    fn validate(&self, check: &mut Check) {
        check.range("connections", self.connections, 1..=1_000_000);
        check.range("connections_per_address", self.connections_per_address, 1..=1_000_000);
        check.range("backlog", self.backlog, 1..=65_535);
        check.range("udp_peers", self.udp_peers, 1..=1_000_000);
        check.range("first_frame_ms", self.first_frame_ms, 100..=HOUR);
        check.range("authenticate_ms", self.authenticate_ms, self.first_frame_ms..=HOUR);
        check.range("idle_ms", self.idle_ms, SECOND..=24 * HOUR);
        check.range("write_ms", self.write_ms, 100..=HOUR);
        check.range("frames_per_second", self.frames_per_second, 1..=1_000_000);
        check.range("garbage_bytes", self.garbage_bytes, 1..=1 << 30);
        check.range("message_bytes", self.message_bytes, 1_024..=1 << 30);
        check.range("package_ms", self.package_ms, 100..=HOUR);
        check.range("tyre_unit_pa", self.tyre_unit_pa, 1..=1_000_000);
        check.range("answer_ms", self.answer_ms, 100..=HOUR);
        check.range("answer_attempts", self.answer_attempts, 1..=100);
    }
}
