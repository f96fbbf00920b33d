//! HTTP: OsmAnd's query and JSON, and our own JSON.
//!
//! | Request | What |
//! | --- | --- |
//! | `GET` or `POST /?id=...&lat=...` | OsmAnd's query, or the same as a form |
//! | `POST /` with JSON | Traccar's client |
//! | `POST /v1/reports` | our own JSON, a batch |
//!
//! A body may be gzip. The device's key comes as `Authorization: Bearer` or `Basic`, as `X-Device-Key`, or as the
//! parameter `key`. The answer 200 says that the records are on disk. `docs/http-devices.md` tells devices how to speak.

mod config;
mod connection;
mod decimal;
mod figures;
mod form_error;
pub(crate) mod inflate;
mod key;
pub(crate) mod moment;
pub mod osmand;
mod query;
pub mod report_json;
mod server;

pub use config::HttpConfig;
pub use figures::HttpFigures;
pub use form_error::FormError;
pub use moment::{END_MS, FIRST_MS};
pub use server::{HttpError, HttpListener};
