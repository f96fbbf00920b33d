//! Addresses of nodes: what of them may be shown, and which are of this machine.

use std::net::IpAddr;

use reqwest::Url;

/// A node's address without user, path and query, which may be secret.
pub fn host(url: &str) -> String {
    let Ok(url) = url.parse::<Url>() else { return "an address that cannot be read".to_owned() };
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}://{}{port}", url.scheme(), url.host_str().unwrap_or("?"))
}

/// Whether an address is of this machine.
pub fn is_local(url: &str) -> bool {
    let Ok(url) = url.parse::<Url>() else { return false };
    let Some(host) = url.host_str() else { return false };
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_secret_is_not_shown() {
        let shown = host("wss://user:word@node.example:9944/0123456789abcdef?key=secret");
        assert_eq!(shown, "wss://node.example:9944");
        assert_eq!(host("no address"), "an address that cannot be read");
    }

    #[test]
    fn this_machine_is_told_from_others() {
        for local in ["http://127.0.0.1:8545", "http://localhost:8545/a", "http://[::1]:8545"] {
            assert!(is_local(local), "{local}");
        }
        for other in ["https://eth.example", "http://10.0.0.1:8545", "http://localhost.example"] {
            assert!(!is_local(other), "{other}");
        }
    }
}
