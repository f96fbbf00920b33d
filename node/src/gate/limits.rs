//! The bounds of the gate. `docs/rpc.md` says what happens at each.

use super::rate::Rate;
use std::time::Duration;

/// The largest request without a token, in bytes: an extrinsic of a wallet, with room.
pub const STRANGERS_REQUEST: u32 = 32 * 1024;
/// The largest request of a member, in bytes. A runtime upgrade is larger, and is sent on the node's own machine.
pub const MEMBERS_REQUEST: u32 = 1024 * 1024;
/// The largest response, in bytes.
pub const RESPONSE: u32 = 16 * 1024 * 1024;
/// Requests in a batch.
pub const BATCH: u32 = 32;
/// Subscriptions of a connection.
pub const SUBSCRIPTIONS: u32 = 32;
/// Answers and notifications that wait for a connection to take them.
pub const WAITING: u32 = 64;
/// Bytes of a request's line and headers together.
pub const HEAD: usize = 16 * 1024;
/// From one ping of a WebSocket to the next.
pub const PING: Duration = Duration::from_secs(30);
/// For so long a WebSocket may be silent when it is looked at, which is once in [`PING`].
pub const SILENCE: Duration = Duration::from_secs(60);
/// Looks at a silent WebSocket until it is closed.
pub const SILENT_LOOKS: usize = 3;
/// Threads that answer, and threads that read from the database or run the runtime. The rest of the machine belongs to
/// the validator.
pub const THREADS: usize = 2;
/// See [`THREADS`].
pub const READING_THREADS: usize = 16;
/// Requests of members that read the state at a time. The rest of [`READING_THREADS`] is for short answers.
pub const READS: usize = 12;
/// Of these, requests of one account.
pub const READS_OF_AN_ACCOUNT: usize = 4;

const _: () = assert!(READS_OF_AN_ACCOUNT < READS && READS < READING_THREADS);

/// The bounds that a test may want to reach sooner.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Connections. Half of them are for those who show no token.
    pub connections: usize,
    /// WebSockets and running requests of an account, whatever tokens it shows.
    pub of_an_account: usize,
    /// Requests of a connection that are being answered.
    pub at_a_time: usize,
    /// Requests of members that read the state at a time.
    pub reads: usize,
    /// Of these, requests of one account.
    pub reads_of_an_account: usize,
    /// Requests of a connection without a token.
    pub stranger: Rate,
    /// Requests of all connections without a token together.
    pub strangers: Rate,
    /// Requests of a member's connection.
    pub member: Rate,
    /// Until the head of a request is there, the first one and each further one of a connection.
    pub head: Duration,
    /// Until a request over HTTP is answered, reading it included; and until it is a request's turn to read the state.
    pub answer: Duration,
    /// For so long a connection may speak HTTP. A WebSocket may stay.
    pub http: Duration,
    /// For so long a connection may take nothing of what is sent to it.
    pub stalled: Duration,
    /// For so long a membership is taken as known when a connection or a request comes.
    pub memory: Duration,
    /// From one look at the membership of a WebSocket's account to the next.
    pub round: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 1_000,
            of_an_account: 100,
            at_a_time: 128,
            reads: READS,
            reads_of_an_account: READS_OF_AN_ACCOUNT,
            stranger: Rate { per_second: 20, at_once: 40 },
            strangers: Rate { per_second: 500, at_once: 1_000 },
            member: Rate { per_second: 500, at_once: 1_000 },
            head: Duration::from_secs(10),
            answer: Duration::from_secs(60),
            http: Duration::from_secs(300),
            stalled: Duration::from_secs(30),
            memory: Duration::from_secs(30),
            round: Duration::from_secs(60),
        }
    }
}
