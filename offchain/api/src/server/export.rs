//! `GET /export`: files over plain HTTP.
//!
//! What is refused before the first byte has its HTTP status and the error as JSON. What breaks later cuts the
//! connection before the last chunk, so that no client takes a part for the whole; HTTP/1.0, which has no chunks, is
//! refused.

use axum::extract::Query;
use futures::StreamExt;
use http::{
    header, request::Parts, HeaderName, HeaderValue, Method, Response, StatusCode, Uri, Version,
};
use http_body_util::StreamBody;
use hyper::body::Frame;
use jsonrpsee::server::{HttpBody, HttpResponse};
use serde::Deserialize;
use std::{net::IpAddr, sync::Arc};

use super::turned_away::body;
use crate::{
    desk::{Desk, Origin},
    exports::Asked,
    places::Place,
    refusal::{Code, Refusal},
    types::{Export, Wanted},
};

const METHODS: &str = "GET, HEAD, OPTIONS";
/// What a web page may read of the answer besides its body.
const EXPOSED: &str = "content-disposition, retry-after";

/// The query of a link.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ticket {
    ticket: String,
}

/// Answers a request. `place` is kept until the last byte.
pub(super) async fn answer(
    desk: &Desk,
    request: Parts,
    origin: Arc<Origin>,
    place: Option<Place<IpAddr>>,
) -> HttpResponse {
    match request.method {
        Method::GET | Method::HEAD => {}
        Method::OPTIONS => return plain(StatusCode::NO_CONTENT, HttpBody::empty()),
        _ => {
            let said = HttpBody::from("files are read by GET\n");
            return plain(StatusCode::METHOD_NOT_ALLOWED, said);
        }
    }
    if request.version < Version::HTTP_11 {
        let said = "HTTP/1.0 cannot tell a part of a file from the whole: use HTTP/1.1, and so have your proxy (nginx: proxy_http_version 1.1)\n";
        return plain(StatusCode::HTTP_VERSION_NOT_SUPPORTED, HttpBody::from(said));
    }
    let asked = asked(&request.uri);
    if request.method == Method::HEAD {
        return match desk.look_at_export(asked, origin) {
            Ok(wanted) => file(&wanted, HttpBody::empty()),
            Err(refusal) => refused(&refusal),
        };
    }
    match desk.begin_export(asked, origin).await {
        Ok(begun) => {
            let wanted = begun.wanted.clone();
            let content = begun.content(desk.clone()).map(move |piece| {
                let _until_the_last = &place;
                piece.map(Frame::data)
            });
            file(&wanted, HttpBody::new(StreamBody::new(content)))
        }
        Err(refusal) => refused(&refusal),
    }
}

/// A ticket and nothing else, or what to export.
fn asked(uri: &Uri) -> Asked {
    let query = uri.query().unwrap_or_default();
    let wrong = |error: axum::extract::rejection::QueryRejection| {
        Refusal::new(Code::InvalidParams, error.body_text())
    };
    if query.split('&').any(|part| part.starts_with("ticket=")) {
        return match Query::<Ticket>::try_from_uri(uri) {
            Ok(Query(Ticket { ticket })) => {
                Asked { ticket: Some(ticket), wanted: Err(Code::TicketUnknown.into()) }
            }
            Err(error) => Asked { ticket: None, wanted: Err(wrong(error)) },
        };
    }
    let export = Query::<Export>::try_from_uri(uri).map_err(wrong);
    Asked { ticket: None, wanted: export.map(|query| Wanted::Telemetry(query.0)) }
}

fn file(wanted: &Wanted, body: HttpBody) -> HttpResponse {
    let mut response = Response::new(body);
    let name = format!("attachment; filename=\"{}\"", wanted.file_name());
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| {
        headers.insert(name, HeaderValue::from_static(value));
    };
    set(header::CONTENT_TYPE, wanted.content_type());
    set(header::CACHE_CONTROL, "no-store");
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    // Names are of letters, digits and a few signs: always a header's value.
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    response
}

fn plain(status: StatusCode, body: HttpBody) -> HttpResponse {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(METHODS));
    response
}

/// The refusal as JSON-RPC tells it, with the status that HTTP has for it.
fn refused(refusal: &Refusal) -> HttpResponse {
    let mut response = Response::new(HttpBody::from(body(refusal)));
    *response.status_mut() = status(refusal.code());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
    if let Some(ms) = refusal.retry_after_ms() {
        headers.insert(header::RETRY_AFTER, ms.div_ceil(1_000).into());
    }
    response
}

fn status(code: Code) -> StatusCode {
    match code {
        Code::InvalidParams | Code::Invalid => StatusCode::BAD_REQUEST,
        Code::Unauthenticated
        | Code::TokenExpired
        | Code::OtherCompany
        | Code::SessionRevoked
        | Code::TicketUnknown => StatusCode::UNAUTHORIZED,
        Code::Forbidden => StatusCode::FORBIDDEN,
        Code::NotFound => StatusCode::NOT_FOUND,
        Code::Refused | Code::Conflict => StatusCode::CONFLICT,
        Code::TooManyCalls | Code::TooManyExports | Code::TooManyConnections => {
            StatusCode::TOO_MANY_REQUESTS
        }
        Code::Overloaded | Code::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Code::TimedOut => StatusCode::GATEWAY_TIMEOUT,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(query: &str) -> Asked {
        asked(&format!("/export?{query}").parse().unwrap())
    }

    #[test]
    fn a_link_has_its_ticket_and_nothing_else() {
        let link = of("ticket=abc");
        assert_eq!(link.ticket.as_deref(), Some("abc"));
        for both in ["ticket=abc&what=track", "what=track&ticket=abc", "ticket=a&ticket=b"] {
            let both = of(both);
            assert_eq!(both.ticket, None);
            assert_eq!(both.wanted.unwrap_err().code(), Code::InvalidParams);
        }
        let plain = of("what=track&format=csv&from_ms=0&until_ms=1");
        assert!(plain.ticket.is_none() && plain.wanted.is_ok());
    }
}
