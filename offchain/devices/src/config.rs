//! How the role is set up, and every bound that the gate keeps. Each listener has a part of its own.

use crate::{http::HttpConfig, jt808::Jt808Config, mqtt::MqttConfig, registry::ChainSalt};
use serde::{Deserialize, Serialize};
use smartlink_service::{config::Check, Secret, Validate};
use std::path::PathBuf;

const MIB: u64 = 1 << 20;
const MINUTE: u64 = 60_000;
const DAY: u64 = 24 * 60 * MINUTE;

/// All settings of the role. Every one has a default.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DevicesConfig {
    /// The folder of log, registry and media.
    pub path: PathBuf,
    /// The company whose terminals these are, as the chain numbers it.
    pub company: u32,
    /// The company's secret by which terminals have names on the chain: 64 hexadecimal digits, the same for as long as
    /// terminals are bound on the chain. Empty: they have none, and nobody sees what is bound there.
    pub chain_salt: Secret<String>,
    /// The log of records.
    pub log: LogConfig,
    /// The registry of terminals.
    pub registry: RegistryConfig,
    /// Commands to vehicles.
    pub commands: CommandsConfig,
    /// Photos, sound and video that terminals upload.
    pub media: MediaConfig,
    /// The listener for JT/T 808.
    pub jt808: Jt808Config,
    /// The broker for MQTT, and the client of another.
    pub mqtt: MqttConfig,
    /// The listener for HTTP.
    pub http: HttpConfig,
    /// How long connections may take to end when the service stops, in milliseconds.
    pub stop_grace_ms: u64,
}

impl Default for DevicesConfig {
    fn default() -> Self {
        Self {
            path: PathBuf::from("devices"),
            company: 1,
            chain_salt: Secret::default(),
            log: LogConfig::default(),
            registry: RegistryConfig::default(),
            commands: CommandsConfig::default(),
            media: MediaConfig::default(),
            jt808: Jt808Config::default(),
            mqtt: MqttConfig::default(),
            http: HttpConfig::default(),
            stop_grace_ms: 8_000,
        }
    }
}

impl Validate for DevicesConfig {
    fn validate(&self, check: &mut Check) {
        check.require(!self.path.as_os_str().is_empty(), "path", "set it to a folder that is kept");
        check.range("company", self.company, 1..=u32::MAX);
        check.require(
            ChainSalt::parse(self.chain_salt.expose()).is_ok(),
            "chain_salt",
            "give 64 hexadecimal digits that nobody can guess, as `openssl rand -hex 32` makes them, or leave it out",
        );
        check.within("log", &self.log);
        check.within("registry", &self.registry);
        check.within("commands", &self.commands);
        check.within("media", &self.media);
        check.within("jt808", &self.jt808);
        check.within("mqtt", &self.mqtt);
        check.within("http", &self.http);
        check.range("stop_grace_ms", self.stop_grace_ms, 0..=10 * MINUTE);
    }
}

/// The log of records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogConfig {
    /// Bytes that may wait for the disk. Beyond it, records are refused as overloaded and terminals send them again.
    pub waiting_bytes: u64,
    /// Bytes of records that may be kept until telemetry has taken them. Beyond it, records are refused, and terminals
    /// keep them. A position has about 90 bytes: the default holds an hour of 200,000 a second.
    pub max_bytes: u64,
    /// From the beginning of one write to that of the next passes at least so much time, in microseconds: more
    /// records share a write, and each is acknowledged so much later.
    pub linger_us: u64,
}

impl Default for LogConfig {
    fn default() -> Self {
        Self { waiting_bytes: 64 * MIB, max_bytes: 64 << 30, linger_us: 2_000 }
    }
}

impl Validate for LogConfig {
    fn validate(&self, check: &mut Check) {
        check.range("waiting_bytes", self.waiting_bytes, MIB..=4_096 * MIB);
        check.range("max_bytes", self.max_bytes, 16 * MIB..=1 << 50);
        check.range("linger_us", self.linger_us, 0..=1_000_000);
    }
}

/// What happens when a terminal that nobody enrolled registers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Registration {
    /// It is told that it is not known, and listed.
    #[default]
    Known,
    /// It is told so, may stay connected, and what it sends is listed and refused.
    Quarantine,
    /// It is enrolled and given a code. For networks in which only own terminals are.
    Open,
}

/// The registry of terminals.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RegistryConfig {
    /// Terminals, at most. One more is refused.
    pub terminals: u64,
    /// What happens when a terminal that nobody enrolled registers.
    pub registration: Registration,
    /// Whether an enrolled terminal that registers for the first time must show a serial, VIN or plate that it was
    /// enrolled with. Otherwise whoever knows its phone number and registers first is taken for it.
    pub first_registration_proved: bool,
    /// Unknown devices that are listed, at most. With one more, the one that was quiet for longest leaves the list.
    pub quarantined: u32,
    /// Frames that are kept of each unknown device, the newest, up to 1 KiB of each.
    pub quarantined_frames: u32,
    /// Wrong keys from one address in a minute. Beyond it, the address is refused until the minute is over.
    pub wrong_keys_per_minute: u32,
}

impl Default for RegistryConfig {
    fn default() -> Self {
        Self {
            terminals: 1_000_000,
            registration: Registration::default(),
            first_registration_proved: false,
            quarantined: 1_000,
            quarantined_frames: 8,
            wrong_keys_per_minute: 60,
        }
    }
}

impl Validate for RegistryConfig {
    fn validate(&self, check: &mut Check) {
        check.range("terminals", self.terminals, 1..=100_000_000);
        check.range("quarantined", self.quarantined, 1..=100_000);
        check.range("quarantined_frames", self.quarantined_frames, 1..=100);
        check.range("wrong_keys_per_minute", self.wrong_keys_per_minute, 1..=1_000_000);
    }
}

/// Commands to vehicles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CommandsConfig {
    /// Commands of one terminal that are neither answered nor expired. One more is refused.
    pub open_per_terminal: u32,
    /// The same, of all terminals.
    pub open: u32,
    /// Commands of one terminal that are over and kept. With one more, the oldest leaves.
    pub kept_per_terminal: u32,
    /// How often a command is given to a connection without an answer before it has failed.
    pub attempts: u32,
    /// How long a command lasts when its caller does not say, in milliseconds.
    pub lasting_ms: u64,
}

impl Default for CommandsConfig {
    fn default() -> Self {
        Self {
            open_per_terminal: 64,
            open: 100_000,
            kept_per_terminal: 200,
            attempts: 5,
            lasting_ms: DAY,
        }
    }
}

impl Validate for CommandsConfig {
    fn validate(&self, check: &mut Check) {
        check.range("open_per_terminal", self.open_per_terminal, 1..=10_000);
        check.range("open", self.open, 1..=10_000_000);
        check.range("kept_per_terminal", self.kept_per_terminal, 1..=100_000);
        check.range("attempts", self.attempts, 1..=1_000);
        check.range("lasting_ms", self.lasting_ms, 1_000..=365 * DAY);
    }
}

/// Photos, sound and video that terminals upload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MediaConfig {
    /// Bytes of one upload. A larger one is refused.
    pub item_bytes: u64,
    /// Bytes of all uploads. With more, the oldest are deleted.
    pub total_bytes: u64,
}

impl Default for MediaConfig {
    fn default() -> Self {
        Self { item_bytes: 8 * MIB, total_bytes: 4_096 * MIB }
    }
}

impl Validate for MediaConfig {
    fn validate(&self, check: &mut Check) {
        check.range("item_bytes", self.item_bytes, 1_024..=1_024 * MIB);
        check.range("total_bytes", self.total_bytes, self.item_bytes..=1 << 50);
    }
}
