//! What can be set.

mod exports;
mod portal;

pub use exports::Exports;
pub(crate) use portal::PAGE;
pub use portal::{Address, EthereumPortal, NoAddress, Portal, Scheme};

use std::{net::SocketAddr, path::PathBuf};

use serde::{Deserialize, Serialize};
use smartlink_service::origins::is_origin;

use crate::forwarded::{ForwardedBy, Network};

/// Settings of the api. Every value has a default; [`ApiConfig::validate`] says what cannot be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ApiConfig {
    /// Where it listens, for HTTP and WebSocket. Port 0 takes a free one.
    pub listen: SocketAddr,
    /// The one company that this deployment serves.
    pub company: u32,
    /// This machine among those of the company that give ids: 0 to 1023, each its own.
    pub machine: u16,
    /// Folder of the store: accounts, sessions, audit log.
    pub folder: PathBuf,
    /// File with the key that signs tokens, at least 32 bytes. Without it a key is made once and kept
    /// in the store. Several machines behind one address need the same file.
    pub token_key_file: Option<PathBuf>,
    /// Origins of web pages that may call, such as `https://app.example.com`. `*` allows any.
    pub origins: Vec<String>,
    /// Networks of proxies whose word is taken about where a request comes from: `10.0.0.0/8`, `::1`.
    pub trusted_proxies: Vec<Network>,
    /// The header in which they say it: `x-forwarded-for` or `forwarded`. They must add to this one: another would be
    /// the client's own word.
    pub forwarded_by: ForwardedBy,
    /// Whether a commit waits for the disk (survives loss of power) or for the operating system
    /// (survives the end of the process).
    pub sync: bool,
    /// Bounds on what comes in.
    pub limits: Limits,
    /// Logging in.
    pub login: Login,
    /// Codes that confirm an e-mail address or a telephone number.
    pub confirmation: Confirmation,
    /// Files of what vehicles did.
    pub exports: Exports,
    /// The web application.
    pub portal: Portal,
}

/// Codes that confirm an e-mail address or a telephone number before any message goes there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Confirmation {
    /// How long a code is good. At most a day.
    pub code_s: u64,
    /// Attempts at one code. Beyond: `code_unknown`.
    pub attempts: u32,
    /// Codes a second to one account, and to one address or number, and how many at once. Beyond: `too_many_calls`.
    pub code_rate: Rate,
}

/// Bounds on what comes in, and what happens at them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Bytes of a request, or of a message of a WebSocket. Beyond: error -32007, HTTP 413.
    pub body_bytes: u32,
    /// Bytes of an answer. Beyond: error -32008.
    pub answer_bytes: u32,
    /// Calls in a batch. Beyond: error -32010.
    pub batch_calls: u32,
    /// Connections. Beyond: answered with `too_many_connections` and closed.
    pub connections: u32,
    /// Connections of one address (IPv6: of one /64), behind trusted proxies WebSockets and open requests. Beyond:
    /// answered with `too_many_connections` and closed.
    pub connections_per_address: u32,
    /// Calls of one connection that are worked on at the same time. Beyond: `too_many_calls`.
    pub connection_calls: u32,
    /// Subscriptions of a connection. Beyond: error -32006.
    pub subscriptions: u32,
    /// Messages that wait to be read by a connection.
    pub connection_buffer: u32,
    /// How long a subscription waits for room in that buffer before it is closed as `slow_reader`.
    pub slow_reader_ms: u64,
    /// How long a connection may take nothing of what is written to it before it is cut.
    pub stall_ms: u64,
    /// Calls that are worked on at the same time. Beyond: `overloaded`.
    pub calls_in_flight: usize,
    /// How late tasks may run before calls are shed as `overloaded`. 0: never shed by lateness. At most
    /// a minute.
    pub lateness_ms: u32,
    /// How long one call may take. Beyond: `timed_out`. At most ten minutes.
    pub call_ms: u64,
    /// Calls a second of one connection (behind trusted proxies: of one address), and how many at once.
    pub connection_rate: Rate,
    /// Calls a second of one account, and how many at once.
    pub account_rate: Rate,
    /// Verified tokens that are remembered.
    pub remembered_tokens: usize,
    /// Entries of the audit log that may wait for the disk. Beyond: `overloaded`, before anything is done.
    pub audit_queue: usize,
}

/// So many a second, and so many at once.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// A second.
    pub per_second: f64,
    /// At once.
    pub burst: u32,
}

/// Logging in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Login {
    /// How long a token is good. At most a day.
    pub token_s: u64,
    /// For how long a refresh token that was used up gives the same successor once more, for whom the answer was lost.
    /// At most five minutes; 0: not at all.
    pub refresh_grace_s: u64,
    /// How long a session can be refreshed. At most 400 days.
    pub session_s: u64,
    /// How long a challenge can be answered. At most an hour.
    pub challenge_s: u64,
    /// Challenges that may be open. Beyond: `overloaded`.
    pub challenges: usize,
    /// Sessions of an account. Beyond: the oldest ends.
    pub sessions_per_account: usize,
    /// KiB of memory for hashing a password (argon2id).
    pub argon2_memory_kib: u32,
    /// Passes over that memory.
    pub argon2_passes: u32,
    /// Passwords that are hashed at the same time.
    pub hashing_threads: usize,
    /// Passwords that may wait to be hashed. Beyond: `overloaded`.
    pub hashing_queue: usize,
    /// Attempts a second for one name or wallet, and how many at once.
    pub name_rate: Rate,
    /// Calls a second of one address that begin a session or go on with one, and how many at once.
    pub address_rate: Rate,
}

impl Default for ApiConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 9955)),
            company: 1,
            machine: 0,
            folder: PathBuf::from("data/api"),
            token_key_file: None,
            origins: Vec::new(),
            trusted_proxies: Vec::new(),
            forwarded_by: ForwardedBy::default(),
            sync: true,
            limits: Limits::default(),
            login: Login::default(),
            confirmation: Confirmation::default(),
            exports: Exports::default(),
            portal: Portal::default(),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 64 * 1024,
            answer_bytes: 4 * 1024 * 1024,
            batch_calls: 20,
            connections: 10_000,
            connections_per_address: 1_000,
            connection_calls: 256,
            subscriptions: 32,
            connection_buffer: 256,
            slow_reader_ms: 2_000,
            stall_ms: 30_000,
            calls_in_flight: 1_024,
            lateness_ms: 50,
            call_ms: 5_000,
            connection_rate: Rate { per_second: 2_000.0, burst: 4_000 },
            account_rate: Rate { per_second: 50.0, burst: 100 },
            remembered_tokens: 100_000,
            audit_queue: 4_096,
        }
    }
}

impl Default for Confirmation {
    fn default() -> Self {
        // Three at once, then one in ten minutes.
        let code_rate = Rate { per_second: 1.0 / 600.0, burst: 3 };
        Self { code_s: 900, attempts: 5, code_rate }
    }
}

impl Default for Login {
    fn default() -> Self {
        Self {
            token_s: 600,
            refresh_grace_s: 30,
            session_s: 30 * 24 * 3600,
            challenge_s: 120,
            challenges: 100_000,
            sessions_per_account: 16,
            argon2_memory_kib: 19_456,
            argon2_passes: 2,
            hashing_threads: 1,
            hashing_queue: 32,
            name_rate: Rate { per_second: 0.05, burst: 10 },
            address_rate: Rate { per_second: 1.0, burst: 60 },
        }
    }
}

/// A setting that cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{key} cannot be {value}: {remedy}")]
pub struct ConfigError {
    /// The setting.
    pub key: &'static str,
    /// What it was set to.
    pub value: String,
    /// What to do.
    pub remedy: &'static str,
}

impl ApiConfig {
    /// Checks that the values fit each other.
    ///
    /// # Errors
    /// The first setting that cannot be, with what it may be.
    pub fn validate(&self) -> Result<(), ConfigError> {
        let (limits, login) = (&self.limits, &self.login);
        let at_least = |key: &'static str, value: u64, least: u64, remedy: &'static str| {
            if value >= least {
                return Ok(());
            }
            Err(ConfigError { key, value: value.to_string(), remedy })
        };
        at_least("company", self.company.into(), 1, "companies are numbered from 1 on")?;
        let highest = u64::from(smartlink_primitives::snowflake::MACHINES) - 1;
        if u64::from(self.machine) > highest {
            let value = self.machine.to_string();
            return Err(ConfigError { key: "machine", value, remedy: "set 0 to 1023" });
        }
        if let Some(wrong) = self.origins.iter().find(|origin| !is_origin(origin)) {
            let remedy = "write each as https://host or https://host:port, with nothing behind it, or * for all";
            return Err(ConfigError { key: "origins", value: wrong.clone(), remedy });
        }
        self.bounded()?;
        self.exports.validate()?;
        self.portal.validate()?;
        let one = "set at least 1";
        at_least("limits.body_bytes", limits.body_bytes.into(), 1_024, "set at least 1024")?;
        at_least("limits.answer_bytes", limits.answer_bytes.into(), 65_536, "set at least 65536")?;
        at_least("limits.batch_calls", limits.batch_calls.into(), 1, one)?;
        at_least("limits.connections", limits.connections.into(), 1, one)?;
        let own = limits.connections_per_address.into();
        at_least("limits.connections_per_address", own, 1, one)?;
        at_least("limits.connection_calls", limits.connection_calls.into(), 1, one)?;
        at_least("confirmation.code_s", self.confirmation.code_s, 1, one)?;
        at_least("confirmation.attempts", self.confirmation.attempts.into(), 1, one)?;
        at_least("limits.connection_buffer", limits.connection_buffer.into(), 1, one)?;
        at_least("limits.slow_reader_ms", limits.slow_reader_ms, 1, one)?;
        at_least("limits.stall_ms", limits.stall_ms, 100, "set at least 100")?;
        at_least("limits.calls_in_flight", limits.calls_in_flight as u64, 1, one)?;
        at_least("limits.call_ms", limits.call_ms, 1, one)?;
        at_least(
            "limits.remembered_tokens",
            limits.remembered_tokens as u64,
            16,
            "set at least 16",
        )?;
        at_least("limits.audit_queue", limits.audit_queue as u64, 1, one)?;
        at_least("login.token_s", login.token_s, 1, one)?;
        at_least("login.session_s", login.session_s, login.token_s, "not below login.token_s")?;
        at_least("login.challenge_s", login.challenge_s, 1, one)?;
        at_least("login.challenges", login.challenges as u64, 1, one)?;
        at_least("login.sessions_per_account", login.sessions_per_account as u64, 1, one)?;
        let memory = u64::from(login.argon2_memory_kib);
        at_least(
            "login.argon2_memory_kib",
            memory,
            8,
            "argon2 needs at least 8; 19456 is advised",
        )?;
        at_least("login.argon2_passes", login.argon2_passes.into(), 1, one)?;
        at_least("login.hashing_threads", login.hashing_threads as u64, 1, one)?;
        for (key, rate) in [
            ("limits.connection_rate", limits.connection_rate),
            ("limits.account_rate", limits.account_rate),
            ("login.name_rate", login.name_rate),
            ("login.address_rate", login.address_rate),
            ("confirmation.code_rate", self.confirmation.code_rate),
        ] {
            let sound = rate.per_second.is_finite() && rate.per_second > 0.0 && rate.burst > 0;
            if !sound {
                let value = format!("{} a second, {} at once", rate.per_second, rate.burst);
                return Err(ConfigError { key, value, remedy: "both numbers must be above zero" });
            }
        }
        Ok(())
    }

    /// Checks the upper bounds: beyond them times overflow, and queues and semaphores cannot be made.
    fn bounded(&self) -> Result<(), ConfigError> {
        let (limits, login) = (&self.limits, &self.login);
        let (thousand, million) = ("set at most 1000", "set at most 1000000");
        let (minute, ten) = ("set at most 60000, a minute", "set at most 600000, ten minutes");
        for (key, value, most, remedy) in [
            ("limits.connections", u64::from(limits.connections), 1_000_000, million),
            (
                "limits.connections_per_address",
                limits.connections_per_address.into(),
                1_000_000,
                million,
            ),
            ("limits.connection_calls", limits.connection_calls.into(), 1_000_000, million),
            (
                "confirmation.code_s",
                self.confirmation.code_s,
                24 * 3_600,
                "set at most 86400, a day",
            ),
            ("confirmation.attempts", self.confirmation.attempts.into(), 100, "set at most 100"),
            ("login.refresh_grace_s", login.refresh_grace_s, 300, "set at most 300, five minutes"),
            ("limits.connection_buffer", limits.connection_buffer.into(), 1_000_000, million),
            ("limits.slow_reader_ms", limits.slow_reader_ms, 600_000, ten),
            ("limits.stall_ms", limits.stall_ms, 600_000, ten),
            ("limits.calls_in_flight", limits.calls_in_flight as u64, 1_000_000, million),
            ("limits.lateness_ms", limits.lateness_ms.into(), 60_000, minute),
            ("limits.call_ms", limits.call_ms, 600_000, ten),
            ("limits.audit_queue", limits.audit_queue as u64, 1_000_000, million),
            ("login.token_s", login.token_s, 24 * 3_600, "set at most 86400, a day"),
            (
                "login.session_s",
                login.session_s,
                400 * 24 * 3_600,
                "set at most 34560000, 400 days",
            ),
            ("login.challenge_s", login.challenge_s, 3_600, "set at most 3600, an hour"),
            ("login.hashing_threads", login.hashing_threads as u64, 1_000, thousand),
            ("login.hashing_queue", login.hashing_queue as u64, 1_000_000, million),
        ] {
            if value > most {
                return Err(ConfigError { key, value: value.to_string(), remedy });
            }
        }
        Ok(())
    }
}

/// What the layers of configuration ask: the first setting that cannot be.
impl smartlink_service::Validate for ApiConfig {
    fn validate(&self, check: &mut smartlink_service::config::Check) {
        if let Err(error) = ApiConfig::validate(self) {
            check.require(false, error.key, error.remedy);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_fit_and_what_cannot_be_is_named() {
        assert_eq!(ApiConfig::default().validate(), Ok(()));
        let error = ApiConfig { machine: 1024, ..Default::default() }.validate().unwrap_err();
        assert_eq!((error.key, error.value.as_str()), ("machine", "1024"));
        let mut config = ApiConfig::default();
        config.limits.account_rate.per_second = f64::NAN;
        assert_eq!(config.validate().unwrap_err().key, "limits.account_rate");
    }

    #[test]
    fn times_that_would_overflow_and_queues_that_cannot_be_made_are_named() {
        type Set = fn(&mut ApiConfig);
        let too_much: [(&str, Set); 12] = [
            ("login.session_s", |config| config.login.session_s = u64::MAX),
            ("login.session_s", |config| config.login.session_s = 400 * 24 * 3_600 + 1),
            ("login.token_s", |config| config.login.token_s = 24 * 3_600 + 1),
            ("login.challenge_s", |config| config.login.challenge_s = u64::MAX),
            ("login.refresh_grace_s", |config| config.login.refresh_grace_s = u64::MAX),
            ("confirmation.code_s", |config| config.confirmation.code_s = u64::MAX),
            ("confirmation.attempts", |config| config.confirmation.attempts = u32::MAX),
            ("login.hashing_threads", |config| config.login.hashing_threads = usize::MAX),
            ("limits.call_ms", |config| config.limits.call_ms = u64::MAX),
            ("limits.lateness_ms", |config| config.limits.lateness_ms = u32::MAX),
            ("limits.stall_ms", |config| config.limits.stall_ms = u64::MAX),
            ("limits.audit_queue", |config| config.limits.audit_queue = usize::MAX),
        ];
        for (key, set) in too_much {
            let mut config = ApiConfig::default();
            set(&mut config);
            let error = config.validate().unwrap_err();
            assert_eq!(error.key, key, "{error}");
        }
        let mut longest = ApiConfig::default();
        (longest.login.session_s, longest.login.token_s) = (400 * 24 * 3_600, 24 * 3_600);
        assert_eq!(longest.validate(), Ok(()));
    }
}
