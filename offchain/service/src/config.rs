//! Configuration in layers: defaults, a TOML file, the environment, flags. What comes later wins, key by key.
//!
//! A configuration is a plain type with defaults for everything:
//!
//! ```
//! use serde::{Deserialize, Serialize};
//! use smartlink_service::config::{Check, Sources, Validate};
//!
//! #[derive(Serialize, Deserialize)]
//! #[serde(default, deny_unknown_fields)]
//! struct Orders {
//!     /// Rides in a batch.
//!     batch_rows: u32,
//! }
//!
//! impl Default for Orders {
//!     fn default() -> Self {
//!         Self { batch_rows: 20_000 }
//!     }
//! }
//!
//! impl Validate for Orders {
//!     fn validate(&self, check: &mut Check) {
//!         check.range("batch_rows", self.batch_rows, 1..=65_536);
//!     }
//! }
//!
//! let variables = [("SMARTLINK_BATCH_ROWS".to_owned(), "500".to_owned())];
//! let loaded = Sources::new().environment(variables).load::<Orders>()?;
//! assert_eq!(loaded.value().batch_rows, 500);
//! # Ok::<(), smartlink_service::config::ConfigError>(())
//! ```
//!
//! The keys that there are come from the defaults: whatever else is set is an error that names the nearest
//! key. A key whose default is an empty table or nothing (`None`) takes anything below it that its type takes.

mod error;
mod layer;
mod leaves;
mod loaded;
mod reloadable;
mod secret;
mod sources;
mod validate;
mod watched;

pub use error::{ConfigError, Fault};
pub use leaves::Origin;
pub use loaded::{Loaded, Setting};
pub use reloadable::{below, Reloadable};
pub use secret::Secret;
pub use sources::Sources;
pub use validate::{Check, Invalid, Validate};
pub use watched::{Reload, Watched};
