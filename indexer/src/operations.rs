//! What operators look at while the chain is followed: whether it lives, whether it is ready, and figures for Prometheus.
//!
//! | Path | |
//! | --- | --- |
//! | `/health/live` | 200: the process answers |
//! | `/health/ready` | 200 when node and ClickHouse answer and the index is not too far behind, otherwise 503; both say why, in JSON |
//! | `/metrics` | Prometheus' text |

mod health;
mod metrics;

use std::{sync::Arc, time::Duration};

use axum::{
    extract::State,
    http::{header::CONTENT_TYPE, StatusCode},
    response::{IntoResponse, Response},
    routing::get,
    Json, Router,
};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

pub use health::Health;

use crate::{
    application::Tally,
    config::OperationsConfig,
    error::Error,
    export::Figures,
    infra::{Index, Node},
};

/// What is looked at.
#[derive(Clone)]
pub struct Operations {
    tally: Arc<Tally>,
    exports: Arc<Figures>,
    index: Index,
    node: Node,
    config: OperationsConfig,
}

impl Operations {
    /// Of an index that follows a node, and of the exports that are made of it.
    pub fn new(
        tally: Arc<Tally>,
        exports: Arc<Figures>,
        index: Index,
        node: Node,
        config: OperationsConfig,
    ) -> Self {
        Self { tally, exports, index, node, config }
    }

    /// Serves them in the background until it is stopped, where an address is set. The address that it has.
    ///
    /// # Errors
    /// The address cannot be had.
    pub async fn serve(
        self,
        stop: CancellationToken,
    ) -> Result<Option<std::net::SocketAddr>, Error> {
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
            .with_state(self);
        tracing::info!(%address, "serving /health/live, /health/ready and /metrics");
        tokio::spawn(async move {
            let serving = axum::serve(listener, routes)
                .with_graceful_shutdown(async move { stop.cancelled().await });
            if let Err(error) = serving.await {
                tracing::error!(%error, "health and metrics are served no more");
            }
        });
        Ok(Some(address))
    }

    /// How long each of node and ClickHouse may take to answer a look.
    fn patience(&self) -> Duration {
        Duration::from_millis(self.config.answer_ms)
    }
}

async fn ready(State(operations): State<Operations>) -> Response {
    let health = operations.health().await;
    let status = match health.ready {
        true => StatusCode::OK,
        false => StatusCode::SERVICE_UNAVAILABLE,
    };
    (status, Json(health)).into_response()
}

async fn figures(State(operations): State<Operations>) -> Response {
    let kind = [(CONTENT_TYPE, "text/plain; version=0.0.4")];
    let Operations { tally, exports, index, node, .. } = &operations;
    (kind, metrics::text(tally, exports, index, node)).into_response()
}
