//! What operators look at while it relays: whether it lives, whether it is ready, figures for Prometheus, and where blocks are
//! wanted.
//!
//! | Path | |
//! | --- | --- |
//! | `GET /health/live` | 200: the process answers |
//! | `GET /health/ready` | 200 when both chains were looked at a moment ago and no session is missed, otherwise 503; both say why, in JSON |
//! | `GET /metrics` | Prometheus' text |
//! | `POST /want/{block}` | with `x-smartlink: 1`: asks for a checkpoint from which the block can be proven; says, in JSON, whether there is one |

mod doors;
mod health;
mod metrics;
mod tally;

use std::{net::SocketAddr, sync::Arc};

use axum::{
    extract::{Path, State},
    http::{header::CONTENT_TYPE, HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post},
    Json, Router,
};
use serde::{Deserialize, Serialize};
use smartlink_service::CancellationToken;
use tokio::net::TcpListener;

pub use health::Health;
pub use tally::Tally;

use self::doors::Doors;
use crate::{config::OperationsConfig, relay::Wishes, Error};

/// The header with which a block is wanted. Browsers send none of that name for a page of somebody else, unless they are allowed to.
pub const WANT_HEADER: &str = "x-smartlink";

/// What is looked at.
#[derive(Clone)]
pub struct Operations {
    tally: Arc<Tally>,
    wishes: Wishes,
    config: OperationsConfig,
}

/// What became of a wish.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    /// Whether the contract has a later block, so that this one can be proven from it.
    pub held: bool,
    /// The last block that it has.
    pub latest: u64,
}

impl Operations {
    /// Of a relayer.
    pub fn new(tally: Arc<Tally>, wishes: Wishes, config: OperationsConfig) -> Self {
        Self { tally, wishes, config }
    }

    /// Serves them in the background until it is stopped, where an address is set. The address that it has.
    ///
    /// # Errors
    /// The address cannot be had.
    pub async fn serve(self, stop: CancellationToken) -> Result<Option<SocketAddr>, Error> {
        let listen = self.config.listen.clone();
        if listen.is_empty() {
            return Ok(None);
        }
        let occupied = |error: std::io::Error| {
            Error::Asked(format!(
                "health and metrics cannot be served at {listen} ({error}): set operations.listen to an address that is free, \
                 or to nothing"
            ))
        };
        let listener = TcpListener::bind(&listen).await.map_err(occupied)?;
        let address = listener.local_addr().map_err(occupied)?;
        let routes = Router::new()
            .route("/health/live", get(|| async { "alive\n" }))
            .route("/health/ready", get(ready))
            .route("/metrics", get(figures))
            .route("/want/{block}", post(want))
            .with_state(self);
        tracing::info!(%address, "serving /health/live, /health/ready, /metrics and /want");
        tokio::spawn(async move {
            let serving = axum::serve(Doors::of(listener), routes)
                .with_graceful_shutdown(async move { stop.cancelled().await });
            if let Err(error) = serving.await {
                tracing::error!(%error, "health and metrics are served no more");
            }
        });
        Ok(Some(address))
    }
}

async fn ready(State(operations): State<Operations>) -> Response {
    let health = operations.health();
    let status = match health.ready {
        true => StatusCode::OK,
        false => StatusCode::SERVICE_UNAVAILABLE,
    };
    (status, Json(health)).into_response()
}

async fn figures(State(operations): State<Operations>) -> Response {
    let kind = [(CONTENT_TYPE, "text/plain; version=0.0.4")];
    (kind, metrics::text(&operations.tally)).into_response()
}

/// Blocks beyond what is signed that may be wanted: a ride's block is signed some seconds after it. What a node tells to be signed is
/// not verified here; a wish for what is not is never met, and stands in nobody's way.
const FURTHEST: u64 = 64;

async fn want(
    State(operations): State<Operations>,
    Path(block): Path<u32>,
    headers: HeaderMap,
) -> Response {
    if headers.get(WANT_HEADER).is_none_or(|value| value != "1") {
        let why = format!("send the header {WANT_HEADER}: 1, which no page in a browser can\n");
        return (StatusCode::FORBIDDEN, why).into_response();
    }
    let tally = &operations.tally;
    let signed = Tally::get(&tally.signed_block);
    if u64::from(block) > signed.saturating_add(FURTHEST) {
        let why =
            format!("the chain has signed up to block {signed}, and block {block} is far beyond\n");
        return (StatusCode::BAD_REQUEST, why).into_response();
    }
    let latest = Tally::get(&tally.held_block);
    let held = latest > u64::from(block);
    if !held {
        operations.wishes.want(block);
    }
    let status = if held { StatusCode::OK } else { StatusCode::ACCEPTED };
    (status, Json(Wanted { held, latest })).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Signed;

    #[tokio::test]
    async fn a_block_is_wanted_with_the_header_alone_and_not_far_beyond_what_is_signed() {
        let (tally, wishes) = (Arc::new(Tally::default()), Wishes::default());
        tally.signed(Signed { block: 1_000, set: 7 });
        Tally::set(&tally.held_block, 940);
        let operations =
            Operations::new(tally.clone(), wishes.clone(), OperationsConfig::default());
        let asked = HeaderMap::from_iter([(
            axum::http::HeaderName::from_static(WANT_HEADER),
            axum::http::HeaderValue::from_static("1"),
        )]);
        let status = |block, headers: HeaderMap| {
            let operations = operations.clone();
            async move { want(State(operations), Path(block), headers).await.status() }
        };
        assert_eq!(status(950, HeaderMap::new()).await, StatusCode::FORBIDDEN);
        assert_eq!(status(1_065, asked.clone()).await, StatusCode::BAD_REQUEST);
        assert_eq!(status(939, asked.clone()).await, StatusCode::OK);
        assert_eq!(wishes.open(0), None);
        assert_eq!(status(1_064, asked.clone()).await, StatusCode::ACCEPTED);
        assert_eq!(status(950, asked).await, StatusCode::ACCEPTED);
        assert_eq!(wishes.open(940), Some(950));
    }
}
