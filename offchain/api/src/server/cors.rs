//! Which web pages may call.

use http::{
    header::{
        ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
        ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN, VARY,
    },
    HeaderMap, HeaderValue, Method, Request, StatusCode,
};
use jsonrpsee::server::{HttpBody, HttpResponse};

/// The origins that may call.
#[derive(Debug)]
pub(super) struct Cors {
    any: bool,
    origins: Vec<String>,
}

/// What becomes of a request.
pub(super) enum Judgement {
    /// It is answered with this.
    Answer(Box<HttpResponse>),
    /// It goes on, and its answer names this origin as allowed.
    Proceed(Option<HeaderValue>),
}

impl Cors {
    pub fn new(origins: &[String]) -> Self {
        Self { any: origins.iter().any(|origin| origin == "*"), origins: origins.to_vec() }
    }

    fn allows(&self, origin: &HeaderValue) -> bool {
        self.any || self.origins.iter().any(|known| known.as_bytes() == origin.as_bytes())
    }

    /// A page of another origin is turned away before anything is done: a browser sends some requests,
    /// and every WebSocket, without asking first.
    pub fn judge<B>(&self, request: &Request<B>) -> Judgement {
        let Some(origin) = request.headers().get(ORIGIN) else {
            return Judgement::Proceed(None);
        };
        if !self.allows(origin) {
            return answer(StatusCode::FORBIDDEN, "this origin may not call\n");
        }
        let asks = request.method() == Method::OPTIONS
            && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD);
        if !asks {
            return Judgement::Proceed(Some(origin.clone()));
        }
        let mut response = empty();
        let headers = response.headers_mut();
        allow(headers, origin.clone());
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, HEAD, POST"));
        let taken = HeaderValue::from_static("authorization, content-type");
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, taken);
        headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("3600"));
        Judgement::Answer(Box::new(response))
    }
}

fn empty() -> HttpResponse {
    let mut response = HttpResponse::new(HttpBody::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
}

fn answer(status: StatusCode, said: &'static str) -> Judgement {
    let mut response = HttpResponse::new(HttpBody::from(said));
    *response.status_mut() = status;
    Judgement::Answer(Box::new(response))
}

/// Names an origin as allowed.
pub(super) fn allow(headers: &mut HeaderMap, origin: HeaderValue) {
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(VARY, HeaderValue::from_static("origin"));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(origins: &[&str], method: Method, origin: Option<&str>) -> Judgement {
        let origins: Vec<String> = origins.iter().map(|origin| (*origin).to_owned()).collect();
        let mut request = Request::builder().method(method);
        if let Some(origin) = origin {
            request = request.header(ORIGIN, origin).header(ACCESS_CONTROL_REQUEST_METHOD, "POST");
        }
        Cors::new(&origins).judge(&request.body(()).unwrap())
    }

    fn status(judgement: Judgement) -> Option<StatusCode> {
        match judgement {
            Judgement::Answer(response) => Some(response.status()),
            Judgement::Proceed(_) => None,
        }
    }

    #[test]
    fn known_pages_may_and_others_are_turned_away() {
        let known = &["https://app.example.com"][..];
        let app = Some("https://app.example.com");
        assert_eq!(status(judged(known, Method::OPTIONS, app)), Some(StatusCode::NO_CONTENT));
        assert!(matches!(judged(known, Method::POST, app), Judgement::Proceed(Some(_))));
        let evil = Some("https://evil.example");
        assert_eq!(status(judged(known, Method::POST, evil)), Some(StatusCode::FORBIDDEN));
        assert_eq!(status(judged(&[], Method::GET, evil)), Some(StatusCode::FORBIDDEN));
        assert!(matches!(judged(&["*"], Method::POST, evil), Judgement::Proceed(Some(_))));
        assert!(matches!(judged(&[], Method::POST, None), Judgement::Proceed(None)), "an app");
    }
}
