//! Which web pages may ask.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse, Response},
};
use smartlink_service::origins::{Judgement, Origins, REFUSED};

/// What a page may send besides what every page may: questions in JSON, and what goes on with a download.
const SENT: &str = "authorization, content-type, if-none-match, if-range, range";
/// What it may read of an answer besides what every page may.
const READ: &str = "accept-ranges, content-disposition, content-range, etag, retry-after";

/// The origins of a configuration, and GraphiQL, which is served beside.
pub(super) fn origins(named: &[String]) -> Arc<Origins> {
    Arc::new(Origins::new(named, SENT).reading(READ).and_own(true))
}

/// Turns pages of other origins away, before a question is read or a WebSocket is opened.
pub(super) async fn judged(
    State(origins): State<Arc<Origins>>,
    request: Request,
    next: Next,
) -> Response {
    match origins.judge(request.method(), request.headers()) {
        Judgement::Refused => (StatusCode::FORBIDDEN, REFUSED).into_response(),
        Judgement::Asked(headers) => (StatusCode::NO_CONTENT, headers).into_response(),
        Judgement::Proceed(allowed) => {
            let mut response = next.run(request).await;
            allowed.put(response.headers_mut());
            response
        }
    }
}
