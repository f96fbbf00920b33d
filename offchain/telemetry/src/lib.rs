//! From records to answers: cleaning, detection, trips, scores, alerts, and roots for the chain.
//!
//! ```text
//!            ┌─▶ pipeline ─▶ ClickHouse: records, batches ─▶ anchors ─▶ node's worker ─▶ chain
//!  log of ───┤                                    └─────────▶ proof of any record
//!  records   │
//!            └─▶ analyst ──▶ live: where every vehicle is
//!                 (analysis)  outbox ─▶ ClickHouse: alerts, trips, stops ─▶ queries, exports
//! ```
//!
//! The log is the truth: both readers follow it by themselves, each from where its journal says, and neither waits for
//! the other. A record leaves the log when both have done with it and ClickHouse has it.

#![deny(missing_docs)]

pub mod analysis;
mod analyst;
mod anchor;
pub mod anchor_http;
mod carrier;
mod clock;
mod config;
mod error;
pub mod export;
mod figures;
mod findings;
pub mod geofences;
pub mod grpc;
pub mod journal;
pub mod live;
mod pipeline;
pub mod proof;
pub mod queries;
mod retry;
pub mod rows;
mod service;
mod tree;

pub use analyst::{Analyst, CommandError};
pub use anchor::{anchor, AnchorRefusal, Anchors};
pub use config::{AnalysisConfig, PipelineConfig, QueryConfig, TelemetryConfig};
pub use error::{QueryError, TelemetryError};
pub use figures::{Delay, Figures, Trouble};
pub use service::{Running, Telemetry};
pub use tree::Tree;
