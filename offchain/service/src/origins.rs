//! Which web pages may call a server: judged by the origin that browsers name (RFC 6454, and the Fetch standard's CORS
//! protocol), before anything is done.

use std::net::IpAddr;

use http::{
    header::{
        ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
        ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, HOST,
        ORIGIN, VARY,
    },
    uri::Authority,
    HeaderMap, HeaderValue, Method,
};

/// What a page is told that may not call.
pub const REFUSED: &str =
    "pages of this origin may not call: add it to the setting api.origins of this server\n";

/// The pages that may call a server.
#[derive(Clone, Debug)]
pub struct Origins {
    any: bool,
    named: Vec<String>,
    own: bool,
    sent: &'static str,
    read: Option<&'static str>,
}

/// What becomes of a request.
#[derive(Clone, Debug, PartialEq)]
pub enum Judgement {
    /// Its page may not call: 403 with [`REFUSED`].
    Refused,
    /// A browser asks whether its page may: 204 with these headers.
    Asked(HeaderMap),
    /// It goes on, and its answer gets these headers by [`Allowed::put`].
    Proceed(Allowed),
}

/// What an answer says of who may read it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Allowed {
    origin: Option<HeaderValue>,
    read: Option<&'static str>,
}

impl Origins {
    /// Pages of these origins, such as `https://app.example.com`; `*` allows any. They may send the headers `sent`, a list
    /// with commas.
    pub fn new(named: &[String], sent: &'static str) -> Self {
        let any = named.iter().any(|origin| origin == "*");
        Self { any, named: named.to_vec(), own: false, sent, read: None }
    }

    /// Pages that the server itself serves as well, as far as `serves`.
    #[must_use]
    pub fn and_own(mut self, serves: bool) -> Self {
        self.own = serves;
        self
    }

    /// Pages may read these headers of an answer, a list with commas.
    #[must_use]
    pub fn reading(mut self, headers: &'static str) -> Self {
        self.read = Some(headers);
        self
    }

    /// A page of another origin is turned away before anything is done: a browser sends some requests, and every
    /// WebSocket, without asking first. Programs name no origin.
    pub fn judge(&self, method: &Method, headers: &HeaderMap) -> Judgement {
        let Some(origin) = headers.get(ORIGIN) else {
            return Judgement::Proceed(Allowed::default());
        };
        if !self.allows(origin, headers) {
            return Judgement::Refused;
        }
        let allowed = Allowed { origin: Some(origin.clone()), read: self.read };
        let asks = method == Method::OPTIONS && headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD);
        if !asks {
            return Judgement::Proceed(allowed);
        }
        let mut told = HeaderMap::new();
        allowed.put(&mut told);
        told.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, HEAD, POST"));
        told.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(self.sent));
        told.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("3600"));
        Judgement::Asked(told)
    }

    fn allows(&self, origin: &HeaderValue, headers: &HeaderMap) -> bool {
        self.any
            || self.named.iter().any(|known| known.as_bytes() == origin.as_bytes())
            || (self.own && is_own(origin, headers))
    }
}

impl Allowed {
    /// Puts it on an answer.
    pub fn put(self, headers: &mut HeaderMap) {
        let Some(origin) = self.origin else { return };
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.append(VARY, HeaderValue::from_static("origin"));
        if let Some(read) = self.read {
            headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(read));
        }
    }
}

/// Whether a setting names an origin as browsers write it, or `*`, all of them. One with a path is none, and no page has it.
pub fn is_origin(text: &str) -> bool {
    let host = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
    let plain = |host: &str| host.parse().is_ok_and(|named: Authority| named.as_str() == host);
    text == "*" || host.is_some_and(|host| plain(host) && !host.contains('@'))
}

/// Whether a page is of the server that it calls, which it reached by a number or as `localhost`. A name may be anybody's that
/// was made to point here: names have to be configured.
fn is_own(origin: &HeaderValue, headers: &HeaderMap) -> bool {
    let origin = origin.to_str().unwrap_or_default();
    let Some(page) = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"))
    else {
        return false;
    };
    let called = headers.get(HOST).and_then(|host| host.to_str().ok());
    called == Some(page) && page.parse().is_ok_and(|page: Authority| is_fixed(page.host()))
}

/// Whether nobody can have a host point elsewhere.
fn is_fixed(host: &str) -> bool {
    let number = host.trim_start_matches('[').trim_end_matches(']');
    number.parse::<IpAddr>().is_ok() || host == "localhost"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(origin: Option<&str>, host: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, host.parse().unwrap());
        headers.insert(ACCESS_CONTROL_REQUEST_METHOD, HeaderValue::from_static("POST"));
        if let Some(origin) = origin {
            headers.insert(ORIGIN, origin.parse().unwrap());
        }
        headers
    }

    fn origins(named: &[&str]) -> Origins {
        let named: Vec<String> = named.iter().map(|origin| (*origin).to_owned()).collect();
        Origins::new(&named, "content-type").reading("etag")
    }

    #[test]
    fn known_pages_may_and_others_are_turned_away() {
        let known = origins(&["https://app.example.com"]);
        let app = headers(Some("https://app.example.com"), "api.example.com");
        let Judgement::Asked(told) = known.judge(&Method::OPTIONS, &app) else { panic!("asked") };
        assert_eq!(told[ACCESS_CONTROL_ALLOW_HEADERS], "content-type");
        assert_eq!(told[ACCESS_CONTROL_ALLOW_ORIGIN], "https://app.example.com");
        let Judgement::Proceed(allowed) = known.judge(&Method::POST, &app) else { panic!("may") };
        let mut answer = HeaderMap::new();
        answer.insert(VARY, HeaderValue::from_static("accept-encoding"));
        allowed.put(&mut answer);
        assert_eq!(answer[ACCESS_CONTROL_EXPOSE_HEADERS], "etag");
        assert_eq!(answer.get_all(VARY).iter().count(), 2, "what it varied by before stays");
        let evil = headers(Some("https://evil.example"), "api.example.com");
        assert_eq!(known.judge(&Method::POST, &evil), Judgement::Refused);
        assert_eq!(origins(&[]).judge(&Method::GET, &evil), Judgement::Refused);
        assert!(matches!(origins(&["*"]).judge(&Method::POST, &evil), Judgement::Proceed(_)));
        let program = headers(None, "api.example.com");
        let goes_on = Judgement::Proceed(Allowed::default());
        assert_eq!(origins(&[]).judge(&Method::POST, &program), goes_on);
    }

    #[test]
    fn settings_name_origins_as_browsers_do() {
        for origin in ["*", "https://app.example.com", "http://127.0.0.1:9955", "http://[::1]:80"] {
            assert!(is_origin(origin), "{origin}");
        }
        for other in [
            "",
            "app.example.com",
            "https://",
            "https://a/",
            "https://a/b",
            "ws://a",
            "https://u@a",
        ] {
            assert!(!is_origin(other), "{other}");
        }
    }

    #[test]
    fn own_pages_may_where_nobody_can_have_their_name_point_here() {
        let may = |origin: &str, host: &str| {
            let judged = |own| {
                let origins = origins(&[]).and_own(own);
                origins.judge(&Method::POST, &headers(Some(origin), host)) != Judgement::Refused
            };
            assert!(!judged(false), "nothing is served to {origin}");
            judged(true)
        };
        assert!(may("http://127.0.0.1:9955", "127.0.0.1:9955"));
        assert!(may("http://localhost:9955", "localhost:9955"));
        assert!(may("http://[::1]:9955", "[::1]:9955"));
        assert!(may("https://192.0.2.7", "192.0.2.7"));
        for (origin, host) in [
            ("http://127.0.0.1:9955", "127.0.0.1:9956"),
            ("http://evil.example:9955", "evil.example:9955"),
            ("http://localhost.evil.example", "localhost.evil.example"),
            ("http://127.0.0.1.evil.example", "127.0.0.1.evil.example"),
            ("http://127.0.0.1@evil.example", "127.0.0.1@evil.example"),
            ("null", "127.0.0.1:9955"),
            ("file://127.0.0.1:9955", "127.0.0.1:9955"),
        ] {
            assert!(!may(origin, host), "{origin} at {host}");
        }
    }
}
