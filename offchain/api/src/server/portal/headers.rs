//! What browsers are told on every answer of the portal, so that a page can neither be framed nor call anything but what is
//! configured, whatever gets into it.

use http::{
    header::{
        CONTENT_SECURITY_POLICY, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
        X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
    },
    HeaderMap, HeaderName, HeaderValue,
};

use crate::config::{Address, Portal};

/// What pages may do with the device: drivers say where they are.
const PERMISSIONS: &str = "geolocation=(self), camera=(), microphone=(), payment=(), usb=()";
/// A year.
const BY_TLS_ALONE: &str = "max-age=31536000";

/// The headers of a configuration.
pub fn of(settings: &Portal) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let mut set = |name: HeaderName, value: &'static str| {
        headers.insert(name, HeaderValue::from_static(value));
    };
    set(X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(X_FRAME_OPTIONS, "DENY");
    set(REFERRER_POLICY, "no-referrer");
    set(HeaderName::from_static("permissions-policy"), PERMISSIONS);
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    if settings.tls {
        set(STRICT_TRANSPORT_SECURITY, BY_TLS_ALONE);
    }
    let policy = HeaderValue::from_str(&policy(settings));
    let policy = policy.expect("hosts of addresses are letters, digits and a few signs");
    headers.insert(CONTENT_SECURITY_POLICY, policy);
    headers
}

/// The content security policy (W3C, CSP level 3). `'self'` has the server's own WebSocket in it.
fn policy(settings: &Portal) -> String {
    let of_tiles = settings.tiles.iter().map(Address::origin);
    let images = joined("'self' data: blob:", of_tiles);
    let calls = joined("'self'", called(settings).into_iter());
    [
        "default-src 'self'",
        "script-src 'self'",
        // The component library writes its styles into the page.
        "style-src 'self' 'unsafe-inline'",
        "worker-src 'self' blob:",
        &format!("img-src {images}"),
        &format!("connect-src {calls}"),
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
    .join("; ")
}

/// What a page may call besides the server that it comes from, each once.
fn called(settings: &Portal) -> Vec<String> {
    let Portal { node, index, ethereum, tiles, .. } = settings;
    let called = [node, index, &ethereum.url, tiles].into_iter().flatten().map(Address::origin);
    // The index is asked questions, and subscribed to.
    let called = called.chain(index.as_ref().map(Address::socket_origin));
    let mut once = Vec::new();
    for origin in called {
        if !once.contains(&origin) {
            once.push(origin);
        }
    }
    once
}

fn joined(own: &str, others: impl Iterator<Item = String>) -> String {
    std::iter::once(own.to_owned()).chain(others).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_calls_what_is_configured_and_nothing_else() {
        let address = |text: &str| Some(text.parse().unwrap());
        let mut settings = Portal {
            node: address("ws://10.0.0.1:9944"),
            index: address("https://index.example.com/graphql"),
            ..Portal::default()
        };
        let said = policy(&settings);
        let calls = "connect-src 'self' ws://10.0.0.1:9944 https://index.example.com";
        let sockets = "wss://index.example.com";
        assert!(said.split("; ").any(|part| part == format!("{calls} {sockets}")), "{said}");
        assert!(said.split("; ").any(|part| part == "img-src 'self' data: blob:"), "{said}");
        settings.tiles = address("https://index.example.com/tiles/{z}/{x}/{y}");
        settings.ethereum.url = address("http://127.0.0.1:8545");
        let said = policy(&settings);
        let calls = format!("{calls} http://127.0.0.1:8545 {sockets}");
        assert!(said.split("; ").any(|part| part == calls), "{said}");
        assert!(said.contains("img-src 'self' data: blob: https://index.example.com;"), "{said}");
        for never in ["'unsafe-eval'", "*", "http:;", "script-src 'self' "] {
            assert!(!said.contains(never), "{said}");
        }
        assert!(said.contains("script-src 'self';") && said.contains("frame-ancestors 'none'"));
    }

    #[test]
    fn tls_is_promised_only_where_it_is() {
        let mut settings = Portal::default();
        assert!(!of(&settings).contains_key(STRICT_TRANSPORT_SECURITY));
        settings.tls = true;
        assert_eq!(of(&settings)[STRICT_TRANSPORT_SECURITY], BY_TLS_ALONE);
    }
}
