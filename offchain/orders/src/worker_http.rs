//! What the worker in the company's node asks for: closed batches, and what the chain has against them.
//! `docs/worker.md` describes it.

use crate::{
    command::{Ask, Command},
    service::{Orders, ServiceError},
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
use smartlink_primitives::H256;
use std::str::FromStr;

/// A refusal is a few hundred bytes.
const MOST_BODY: usize = 64 * 1024;

/// The routes for the node's worker.
pub fn routes(orders: Orders) -> Router {
    Router::new()
        .route("/v1/companies/{company}/batches/{number}", get(batch))
        .route("/v1/companies/{company}/batches/{number}/refused", post(refused))
        .layer(DefaultBodyLimit::max(MOST_BODY))
        .with_state(orders)
}

async fn batch(
    State(orders): State<Orders>,
    Path((company, number)): Path<(u32, u64)>,
) -> Response {
    let found = orders
        .look(move |engine| (engine.rules().company.0 == company).then(|| engine.closed(number)));
    match found.await {
        Ok(Some(Some(closed))) if !closed.bytes.is_empty() => {
            ([(CONTENT_TYPE, "application/octet-stream")], closed.bytes).into_response()
        }
        Ok(Some(_)) => StatusCode::NO_CONTENT.into_response(),
        Ok(None) => other_company(company),
        Err(error) => unavailable(&error),
    }
}

/// What the worker posts, as `docs/worker.md` has it.
#[derive(Debug, Deserialize)]
struct Refused {
    evidence_root: Option<String>,
    reason: String,
    row: Option<u32>,
    fault: Option<String>,
}

async fn refused(
    State(orders): State<Orders>,
    Path((company, number)): Path<(u32, u64)>,
    body: Bytes,
) -> Response {
    match orders.look(|engine| engine.rules().company.0).await {
        Ok(own) if own == company => {}
        Ok(_) => return other_company(company),
        Err(error) => return unavailable(&error),
    }
    let told: Refused = match serde_json::from_slice(&body) {
        Ok(told) => told,
        Err(error) => return wrong(format!("the body is no refusal: {error}")),
    };
    let root = told.evidence_root.as_deref().map(H256::from_str).transpose();
    let Ok(root) = root else {
        return wrong("evidence_root: give 0x and 64 hexadecimal digits, or null".to_owned());
    };
    let reason = match &told.fault {
        Some(fault) => format!("{}: {fault}", told.reason),
        None => told.reason.clone(),
    };
    let reason: String = reason.chars().take(200).collect();
    tracing::warn!(company, number, row = told.row, %reason, "the chain does not take a batch");
    // Without a root it is about what was answered, not about a batch: the log has it.
    let Some(evidence_root) = root else { return StatusCode::NO_CONTENT.into_response() };
    let ask = Ask::BatchRefused { number, evidence_root, row: told.row, reason };
    match orders.submit(Command { key: 0, ask }).await {
        Ok(_) => StatusCode::NO_CONTENT.into_response(),
        Err(ServiceError::Refused(refusal)) => {
            (StatusCode::CONFLICT, refusal.to_string()).into_response()
        }
        Err(error) => unavailable(&error),
    }
}

fn wrong(message: String) -> Response {
    (StatusCode::BAD_REQUEST, message).into_response()
}

fn other_company(company: u32) -> Response {
    let message = format!("company {company} has another orders service: check --worker-company");
    (StatusCode::NOT_FOUND, message).into_response()
}

fn unavailable(error: &ServiceError) -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, error.to_string()).into_response()
}
