//! How the service is set up, and every bound it keeps.

use std::path::PathBuf;

use lettre::message::Mailbox;
use serde::{Deserialize, Serialize};
use smartlink_service::{
    config::{Check, Reloadable},
    Secret, Validate,
};

const SECOND: u64 = 1_000;
const HOUR: u64 = 3_600 * SECOND;
const DAY: u64 = 24 * HOUR;
/// Neither nothing nor for ever, so that sums of two fit.
const LASTING: std::ops::RangeInclusive<u64> = 1..=365 * DAY;

/// All settings of the service. Every one has a default; with the defaults there is no mail server, and
/// webhooks reach public addresses alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NotifyConfig {
    /// Messages kept for an account, 1 to 100,000. With one more, the oldest leaves; what is read is older
    /// than what is unread, so an unread one leaves only from an inbox of unread ones. It is logged by its id.
    pub inbox_messages: u32,
    /// Deliveries that wait, over all accounts, 1 to 10,000,000. At the bound a delivery is a
    /// dead letter at once, and redelivering one is refused (RESOURCE_EXHAUSTED); the message is in the inbox
    /// all the same.
    pub outbox_deliveries: u32,
    /// Deliveries that wait for one channel of one account, 1 to 1,000,000. At the bound a delivery is a
    /// dead letter at once; the message is in the inbox all the same.
    pub outbox_per_channel: u32,
    /// Dead letters kept, 1 to 10,000,000. With one more, the oldest leaves and is logged.
    pub dead_letters: u32,
    /// How long deliveries under way may go on when the service stops, in milliseconds. What is not finished
    /// then is delivered after the next start.
    pub stop_grace_ms: u64,
    /// Idempotency keys.
    pub keys: KeysConfig,
    /// Streams of new messages.
    pub watch: WatchConfig,
    /// Deliveries at the same time.
    pub workers: WorkersConfig,
    /// When a delivery is tried again.
    pub retry: RetryConfig,
    /// When a destination is left alone.
    pub breaker: BreakerConfig,
    /// The mail server.
    pub smtp: SmtpConfig,
    /// Webhooks.
    pub webhook: WebhookConfig,
}

/// How long a key is remembered: for `kept_ms`, but never more than `count` keys, of which the oldest are
/// forgotten first. A message whose key is forgotten counts as a new one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct KeysConfig {
    /// Milliseconds.
    pub kept_ms: u64,
    /// Keys, 1 to 100,000,000.
    pub count: u32,
}

/// The bounds of `Watch`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WatchConfig {
    /// Streams over all accounts; one more is refused (RESOURCE_EXHAUSTED).
    pub streams: u32,
    /// Streams of one account; one more is refused (RESOURCE_EXHAUSTED).
    pub streams_per_account: u32,
    /// Messages that wait for one stream, 1 to 10,000. A stream that is further behind ends with DATA_LOSS.
    pub buffered: u32,
}

/// How many deliveries run at the same time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WorkersConfig {
    /// Over all destinations, 1 to 10,000.
    pub all: u32,
    /// To the mail server, which is also how many connections it gets, 1 to 1,000.
    pub mail: u32,
    /// To the webhook of one account, 1 to 1,000.
    pub webhook: u32,
}

/// Exponential back-off with full jitter: before attempt n + 1 passes a time drawn evenly from zero to
/// min(`longest_ms`, `first_ms` · 2^(n-1)).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RetryConfig {
    /// Attempts before a delivery is a dead letter, 1 to 1,000.
    pub attempts: u32,
    /// Milliseconds.
    pub first_ms: u64,
    /// Milliseconds. A receiver that asks for more by `retry-after` gets this.
    pub longest_ms: u64,
    /// A delivery that is older is a dead letter, whatever its attempts. Milliseconds.
    pub give_up_after_ms: u64,
}

/// A destination that fails `failures` times in a row is left alone for `open_ms`; then one delivery tries
/// it. When that fails as well, the pause doubles, up to `longest_ms`. Waiting costs a delivery no attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BreakerConfig {
    /// Failures in a row, at least 1.
    pub failures: u32,
    /// Milliseconds.
    pub open_ms: u64,
    /// Milliseconds.
    pub longest_ms: u64,
}

/// How the way to the mail server is protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SmtpTls {
    /// TLS from the first byte (usually port 465).
    Tls,
    /// A plain connection that must become TLS before anything is sent (usually port 587).
    #[default]
    Starttls,
    /// No protection: for a relay on the same machine. A password is refused here.
    Plain,
}

/// The mail server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SmtpConfig {
    /// Its name. Empty: no mail is sent, and no account can set an e-mail address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the way to it is protected.
    pub tls: SmtpTls,
    /// The user. Empty: no login.
    pub username: String,
    /// The user's password.
    pub password: Secret<String>,
    /// Who mails come from: `SmartLink <notify@example.com>`.
    pub from: String,
    /// Certificates (PEM) of authorities that are trusted besides the public ones.
    pub ca_file: Option<PathBuf>,
    /// For one delivery, connecting included. Milliseconds.
    pub timeout_ms: u64,
}

/// How a gateway for short messages wants them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SmsBody {
    /// `{"phone":"…","text":"…"}`
    #[default]
    Json,
    /// `phone=…&text=…`
    Form,
}

/// Webhooks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WebhookConfig {
    /// For one delivery, connecting and the answer included. Milliseconds.
    pub timeout_ms: u64,
    /// For connecting. Milliseconds.
    pub connect_timeout_ms: u64,
    /// What is read of an answer; the rest is dropped with the connection. Bytes.
    pub response_bytes: u32,
    /// Lets webhooks reach addresses of this machine and of private networks. For development.
    pub allow_private: bool,
    /// Hosts that may have such addresses, written as in the URL (a gateway inside the company).
    pub private_hosts: Vec<String>,
    /// Certificates (PEM) of authorities that are trusted besides the public ones.
    pub ca_file: Option<PathBuf>,
    /// How short messages are written.
    pub sms_body: SmsBody,
    /// Between two messages to one DingTalk robot, which takes 20 a minute. Milliseconds.
    pub dingtalk_interval_ms: u64,
}

impl Default for NotifyConfig {
    fn default() -> Self {
        Self {
            inbox_messages: 1_000,
            outbox_deliveries: 200_000,
            outbox_per_channel: 200,
            dead_letters: 100_000,
            stop_grace_ms: 10 * SECOND,
            keys: KeysConfig::default(),
            watch: WatchConfig::default(),
            workers: WorkersConfig::default(),
            retry: RetryConfig::default(),
            breaker: BreakerConfig::default(),
            smtp: SmtpConfig::default(),
            webhook: WebhookConfig::default(),
        }
    }
}

impl Default for KeysConfig {
    fn default() -> Self {
        Self { kept_ms: 7 * DAY, count: 1_000_000 }
    }
}

impl Default for WatchConfig {
    fn default() -> Self {
        Self { streams: 10_000, streams_per_account: 16, buffered: 64 }
    }
}

impl Default for WorkersConfig {
    fn default() -> Self {
        Self { all: 64, mail: 8, webhook: 4 }
    }
}

impl Default for RetryConfig {
    fn default() -> Self {
        Self { attempts: 12, first_ms: SECOND, longest_ms: HOUR, give_up_after_ms: 3 * DAY }
    }
}

impl Default for BreakerConfig {
    fn default() -> Self {
        Self { failures: 5, open_ms: 30 * SECOND, longest_ms: 600 * SECOND }
    }
}

impl Default for SmtpConfig {
    fn default() -> Self {
        Self {
            host: String::new(),
            port: 587,
            tls: SmtpTls::default(),
            username: String::new(),
            password: Secret::default(),
            from: String::new(),
            ca_file: None,
            timeout_ms: 20 * SECOND,
        }
    }
}

impl Default for WebhookConfig {
    fn default() -> Self {
        Self {
            timeout_ms: 10 * SECOND,
            connect_timeout_ms: 5 * SECOND,
            response_bytes: 16_384,
            allow_private: false,
            private_hosts: Vec::new(),
            ca_file: None,
            sms_body: SmsBody::default(),
            dingtalk_interval_ms: 3 * SECOND,
        }
    }
}

impl Validate for NotifyConfig {
    fn validate(&self, check: &mut Check) {
        check.range("inbox_messages", self.inbox_messages, 1..=100_000);
        check.range("outbox_deliveries", self.outbox_deliveries, 1..=10_000_000);
        check.range("outbox_per_channel", self.outbox_per_channel, 1..=1_000_000);
        check.range("dead_letters", self.dead_letters, 1..=10_000_000);
        check.range("stop_grace_ms", self.stop_grace_ms, LASTING);
        check.range("keys.kept_ms", self.keys.kept_ms, LASTING);
        check.range("keys.count", self.keys.count, 1..=100_000_000);
        check.range("watch.streams", self.watch.streams, 1..=1_000_000);
        check.range("watch.streams_per_account", self.watch.streams_per_account, 1..=1_000);
        check.range("watch.buffered", self.watch.buffered, 1..=10_000);
        check.range("workers.all", self.workers.all, 1..=10_000);
        check.range("workers.mail", self.workers.mail, 1..=1_000);
        check.range("workers.webhook", self.workers.webhook, 1..=1_000);
        check.range("retry.attempts", self.retry.attempts, 1..=1_000);
        check.range("retry.first_ms", self.retry.first_ms, LASTING);
        check.range("retry.longest_ms", self.retry.longest_ms, LASTING);
        check.range("retry.give_up_after_ms", self.retry.give_up_after_ms, LASTING);
        check.range("breaker.failures", self.breaker.failures, 1..=1_000);
        check.range("breaker.open_ms", self.breaker.open_ms, LASTING);
        check.range("breaker.longest_ms", self.breaker.longest_ms, LASTING);
        check.within("smtp", &self.smtp);
        check.within("webhook", &self.webhook);
    }
}

impl Validate for SmtpConfig {
    fn validate(&self, check: &mut Check) {
        check.range("timeout_ms", self.timeout_ms, LASTING);
        if self.host.is_empty() {
            return;
        }
        check.require(self.port != 0, "port", "set it to the port of the mail server");
        let mailbox = self.from.parse::<Mailbox>().is_ok();
        let remedy = "set it to who mails come from, as in SmartLink <notify@example.com>";
        check.require(mailbox, "from", remedy);
        let password = !self.password.expose().is_empty();
        let both = self.username.is_empty() != password;
        check.require(both, "username", "set username and password, or leave both empty");
        let hidden = self.tls != SmtpTls::Plain || !password;
        let remedy = "set it to starttls or tls: the password would be readable on the way";
        check.require(hidden, "tls", remedy);
    }
}

impl Validate for WebhookConfig {
    fn validate(&self, check: &mut Check) {
        check.range("timeout_ms", self.timeout_ms, LASTING);
        check.range("connect_timeout_ms", self.connect_timeout_ms, LASTING);
        check.range("response_bytes", self.response_bytes, 1..=1 << 20);
        check.range("dingtalk_interval_ms", self.dingtalk_interval_ms, 0..=HOUR);
    }
}

impl Reloadable for NotifyConfig {
    /// Nothing: store, connections and schedule are made of the settings.
    fn reloadable() -> Vec<String> {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(change: impl FnOnce(&mut NotifyConfig)) -> Vec<String> {
        let mut config = NotifyConfig::default();
        change(&mut config);
        Check::all(&config).into_iter().map(|invalid| invalid.key).collect()
    }

    #[test]
    fn the_defaults_are_valid_and_survive_a_round_trip() {
        let config = NotifyConfig::default();
        assert_eq!(Check::all(&config), []);
        let text = serde_json::to_string(&config).unwrap();
        assert_eq!(serde_json::from_str::<NotifyConfig>(&text).unwrap(), config);
        assert_eq!(serde_json::from_str::<NotifyConfig>("{}").unwrap(), config);
    }

    #[test]
    fn what_cannot_be_is_named() {
        let several = |c: &mut NotifyConfig| {
            c.inbox_messages = 0;
            c.retry.longest_ms = u64::MAX;
        };
        assert_eq!(wrong(several), ["inbox_messages", "retry.longest_ms"]);
        assert_eq!(wrong(|c| c.smtp.host = "mail.example".into()), ["smtp.from"]);
        let mail = |c: &mut NotifyConfig| {
            c.smtp.host = "mail.example".into();
            c.smtp.from = "SmartLink <notify@example.com>".into();
            c.smtp.username = "notify".into();
        };
        assert_eq!(wrong(mail), ["smtp.username"]);
        let readable = |c: &mut NotifyConfig| {
            mail(c);
            c.smtp.password = Secret::new("correct horse".into());
            c.smtp.tls = SmtpTls::Plain;
        };
        assert_eq!(wrong(readable), ["smtp.tls"]);
        assert!(serde_json::from_str::<NotifyConfig>(r#"{"inbox_mesages":5}"#).is_err());
    }

    #[test]
    fn the_password_of_the_mail_server_is_not_printed() {
        let mut config = NotifyConfig::default();
        config.smtp.password = Secret::new("correct horse".into());
        let shown = format!("{config:?} {}", serde_json::to_string(&config).unwrap());
        assert!(!shown.contains("horse"), "{shown}");
    }
}
