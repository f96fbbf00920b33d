//! Messages to people: an inbox for each account, e-mail, and webhooks.
//!
//! [`Notify`] is the service. [`Notify::open`] gives it from a folder and a [`NotifyConfig`]; it is the
//! server of `proto/smartlink/notify.proto` itself, and [`Notify::deliver`] is the future that carries what
//! was accepted to the outside, for as long as the role runs.
//!
//! ```text
//! Send ─▶ store (one sync for many) ─┬─▶ reply, Watch
//!                                    └─▶ outbox ─▶ schedule ─▶ mail server, webhook
//!                                           ▲          │ again, later
//!                                           └──────────┤ given up
//!                         Redeliver ◀── dead letters ◀─┘
//! ```
//!
//! * Accepted is durable: a reply follows the sync of the write-ahead log.
//! * A message is delivered at least once. The delivery's id stays the same over retries, restarts and
//!   redelivery, so that a receiver can drop what it has.
//! * Every queue has a bound, and [`NotifyConfig`] says what happens at it.

#![deny(missing_docs)]

mod channels;
mod clock;
mod config;
mod delivery;
mod figures;
mod service;
pub mod signature;
mod store;
mod watch;

pub use config::{
    BreakerConfig, KeysConfig, NotifyConfig, RetryConfig, SmsBody, SmtpConfig, SmtpTls,
    WatchConfig, WebhookConfig, WorkersConfig,
};
pub use delivery::NotifyError;
pub use figures::Figures;
pub use service::Notify;
pub use store::StoreError;
