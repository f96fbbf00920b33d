//! An address that browsers may call.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Bytes of one, at most.
const LONGEST: usize = 2_048;

/// An address that browsers may call: `wss://node.example.com`, `https://index.example.com/graphql`. It has no user and no
/// password, and its host is of letters, digits, dots, hyphens, or a number: it may stand in a policy as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Address {
    text: String,
    scheme: Scheme,
    /// Host and port.
    host: String,
}

/// How an address is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// HTTP.
    Http,
    /// HTTP over TLS.
    Https,
    /// WebSocket.
    Ws,
    /// WebSocket over TLS.
    Wss,
}

/// A text that is no such address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no address for browsers: give one such as ws://host:port or https://host/path, without user and password")]
pub struct NoAddress(String);

impl Scheme {
    const ALL: [(&'static str, Self); 4] =
        [("http", Self::Http), ("https", Self::Https), ("ws", Self::Ws), ("wss", Self::Wss)];

    /// That of WebSockets at the same host.
    fn of_sockets(self) -> Self {
        match self {
            Self::Http | Self::Ws => Self::Ws,
            Self::Https | Self::Wss => Self::Wss,
        }
    }
}

impl Address {
    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// How it is called.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// Scheme, host and port: a source of a content security policy.
    pub fn origin(&self) -> String {
        format!("{}://{}", self.scheme, self.host)
    }

    /// The same for WebSockets at that host.
    pub fn socket_origin(&self) -> String {
        format!("{}://{}", self.scheme.of_sockets(), self.host)
    }
}

/// Host and port that can be nothing else, in a policy as well.
fn is_host(text: &str) -> bool {
    let (host, port) = match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((number, port)) => (number.parse::<std::net::Ipv6Addr>().is_ok(), port),
        None => {
            let end = text.find(':').unwrap_or(text.len());
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'-';
            (end > 0 && text[..end].bytes().all(plain), &text[end..])
        }
    };
    let digits = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit());
    let port = match port.strip_prefix(':') {
        Some(port) => digits(port) && port.parse::<u16>().is_ok(),
        None => port.is_empty(),
    };
    host && port
}

impl FromStr for Address {
    type Err = NoAddress;

    fn from_str(text: &str) -> Result<Self, NoAddress> {
        let wrong = || NoAddress(text.to_owned());
        let (scheme, rest) = text.split_once("://").ok_or_else(wrong)?;
        let scheme = Scheme::ALL.into_iter().find(|(name, _)| *name == scheme);
        let (_, scheme) = scheme.ok_or_else(wrong)?;
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let visible = text.bytes().all(|byte| byte.is_ascii_graphic());
        if !is_host(host) || !visible || text.len() > LONGEST {
            return Err(wrong());
        }
        Ok(Self { text: text.to_owned(), scheme, host: host.to_owned() })
    }
}

impl TryFrom<String> for Address {
    type Error = NoAddress;

    fn try_from(text: String) -> Result<Self, NoAddress> {
        text.parse()
    }
}

impl From<Address> for String {
    fn from(address: Address) -> Self {
        address.text
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = Self::ALL.into_iter().find(|(_, one)| one == self);
        f.write_str(name.map_or("", |(name, _)| name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_know_their_origin() {
        for (text, origin, sockets) in [
            ("ws://127.0.0.1:9944", "ws://127.0.0.1:9944", "ws://127.0.0.1:9944"),
            ("http://[::1]:9630/graphql", "http://[::1]:9630", "ws://[::1]:9630"),
            ("https://i.example.com/graphql", "https://i.example.com", "wss://i.example.com"),
            (
                "https://t.example.com/{z}/{x}/{y}?k=1",
                "https://t.example.com",
                "wss://t.example.com",
            ),
        ] {
            let address: Address = text.parse().unwrap();
            assert_eq!((address.as_str(), address.origin().as_str()), (text, origin));
            assert_eq!(address.socket_origin(), sockets);
        }
    }

    #[test]
    fn what_could_slip_into_a_policy_is_none() {
        for text in [
            "",
            "127.0.0.1:9944",
            "ftp://example.com",
            "http://",
            "http:///graphql",
            "http://*",
            "https://*.example.com",
            "http://a b",
            "http://a;script-src",
            "http://a,b",
            "http://user:key@example.com",
            "http://example.com:",
            "http://example.com:+80",
            "http://example.com:99999",
            "http://[::1",
            "http://[::1]x",
            "http://[zone]",
            "https://example.com/\u{7f}",
            "https://example.com/\r\nX: y",
            "https://example.com/\u{4e2d}",
        ] {
            assert!(text.parse::<Address>().is_err(), "{text}");
        }
        assert!(format!("http://a/{}", "x".repeat(LONGEST)).parse::<Address>().is_err());
    }
}
