//! Which web pages may call.

use http::{header::CONTENT_TYPE, HeaderValue, Request, StatusCode};
use jsonrpsee::server::{HttpBody, HttpResponse};
use smartlink_service::origins::{Allowed, Judgement, Origins, REFUSED};

/// What a page may send besides what every page may.
const SENT: &str = "authorization, content-type";

/// The origins of a configuration, and the portal's own pages where it is served.
pub(super) fn origins(named: &[String], portal: bool) -> Origins {
    Origins::new(named, SENT).and_own(portal)
}

/// What the answer to a request says of who may read it; or the answer itself, where a page may not call or only asks whether
/// it may.
pub(super) fn judge<B>(origins: &Origins, request: &Request<B>) -> Result<Allowed, HttpResponse> {
    match origins.judge(request.method(), request.headers()) {
        Judgement::Proceed(allowed) => Ok(allowed),
        Judgement::Asked(headers) => {
            let mut response = HttpResponse::new(HttpBody::empty());
            *response.status_mut() = StatusCode::NO_CONTENT;
            *response.headers_mut() = headers;
            Err(response)
        }
        Judgement::Refused => {
            let mut response = HttpResponse::new(HttpBody::from(REFUSED));
            *response.status_mut() = StatusCode::FORBIDDEN;
            let kind = HeaderValue::from_static("text/plain; charset=utf-8");
            response.headers_mut().insert(CONTENT_TYPE, kind);
            Err(response)
        }
    }
}
