//! What the worker in the company's node asks for: batches of records, and what the chain has against them.

use crate::{
    anchor::{AnchorRefusal, Anchors},
    clock::now_ms,
    journal::JournalError,
};
use axum::{
    body::Bytes,
    extract::{DefaultBodyLimit, Path, State},
    http::{header::CONTENT_TYPE, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post},
    Router,
};
use serde::Deserialize;

/// A refusal is a few hundred bytes.
const MOST_BODY: usize = 64 * 1024;
/// Characters of a reason that are kept.
const LONGEST_REASON: usize = 200;

/// The routes for the node's worker.
///
/// `GET /v1/companies/{company}/anchors/{number}` answers an `AnchorRun` in SCALE that begins with that number, or 204
/// when there is nothing yet. `POST .../refused` says why the chain does not take it.
pub fn routes(anchors: Anchors) -> Router {
    Router::new()
        .route("/v1/companies/{company}/anchors/{number}", get(run))
        .route("/v1/companies/{company}/anchors/{number}/refused", post(refused))
        .layer(DefaultBodyLimit::max(MOST_BODY))
        .with_state(anchors)
}

async fn run(
    State(anchors): State<Anchors>,
    Path((company, number)): Path<(u32, u64)>,
) -> Response {
    if company != anchors.company() {
        return other_company(company);
    }
    let found = tokio::task::spawn_blocking(move || anchors.run(number)).await;
    match found {
        Ok(Ok(Some(run))) => ([(CONTENT_TYPE, "application/octet-stream")], run).into_response(),
        Ok(Ok(None)) => StatusCode::NO_CONTENT.into_response(),
        Ok(Err(error)) => unavailable(&error),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

/// What the worker posts. What it says beside the reason is of no use here.
#[derive(Debug, Deserialize)]
struct Refused {
    reason: String,
    fault: Option<String>,
}

async fn refused(
    State(anchors): State<Anchors>,
    Path((company, number)): Path<(u32, u64)>,
    body: Bytes,
) -> Response {
    if company != anchors.company() {
        return other_company(company);
    }
    let told: Refused = match serde_json::from_slice(&body) {
        Ok(told) => told,
        Err(error) => {
            let message = format!("the body is no refusal: {error}");
            return (StatusCode::BAD_REQUEST, message).into_response();
        }
    };
    let reason = match &told.fault {
        Some(fault) => format!("{}: {fault}", told.reason),
        None => told.reason,
    };
    let reason = reason.chars().take(LONGEST_REASON).collect();
    anchors.refused(AnchorRefusal { number, reason, at_ms: now_ms() });
    StatusCode::NO_CONTENT.into_response()
}

fn other_company(company: u32) -> Response {
    let message =
        format!("company {company} has another telemetry service: check --worker-company");
    (StatusCode::NOT_FOUND, message).into_response()
}

fn unavailable(error: &JournalError) -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, error.to_string()).into_response()
}
