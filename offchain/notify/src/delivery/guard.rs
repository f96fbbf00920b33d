//! Keeps webhooks away from addresses that only this machine or this network can reach.
//!
//! Whoever may set a webhook must not reach a database or a metadata service through it (server-side request
//! forgery). The address is checked where it is used: a literal one before each request, a name by the
//! resolver of the connection itself, so that a name which answers differently the second time gains
//! nothing.

use std::{
    collections::HashSet,
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

use reqwest::{
    dns::{Addrs, Name, Resolve, Resolving},
    Url,
};

use crate::WebhookConfig;

/// An address that a webhook may not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "webhooks may not reach {host}, whose address is not public: give a public one, or let the operator \
     add the host to notify.webhook.private_hosts"
)]
pub(crate) struct Refused {
    host: String,
}

/// Decides which hosts a webhook may reach.
#[derive(Debug)]
pub(crate) struct Guard {
    allow_private: bool,
    private_hosts: HashSet<String>,
}

impl Guard {
    pub(crate) fn new(config: &WebhookConfig) -> Self {
        let private_hosts = config.private_hosts.iter().map(|host| host.to_ascii_lowercase());
        Self { allow_private: config.allow_private, private_hosts: private_hosts.collect() }
    }

    /// Checks a URL whose host is an address; a name passes, it is checked when it is resolved.
    pub(crate) fn check(&self, url: &Url) -> Result<(), Refused> {
        let host = url.host_str().unwrap_or_default();
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        match bare.parse::<IpAddr>() {
            Ok(address) => self.check_address(host, address),
            Err(_) => Ok(()),
        }
    }

    fn check_address(&self, host: &str, address: IpAddr) -> Result<(), Refused> {
        if self.allow_private || self.private_hosts.contains(host) || is_public(address) {
            Ok(())
        } else {
            Err(Refused { host: host.to_owned() })
        }
    }
}

/// The resolver of the connections of webhooks.
pub(crate) struct GuardedResolver(pub(crate) Arc<Guard>);

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = Arc::clone(&self.0);
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let found: Vec<SocketAddr> =
                tokio::net::lookup_host((host.as_str(), 0)).await?.collect();
            // One private address among public ones is as bad as one alone.
            for address in &found {
                guard.check_address(&host, address.ip())?;
            }
            if found.is_empty() {
                return Err(io::Error::other(format!("{host} has no address")).into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// Whether the whole Internet means the same machine by an address (the special-purpose registries of IANA,
/// RFC 6890 and its successors).
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = match a {
        // This network, private, loopback.
        0 | 10 | 127 => true,
        // Shared by carriers.
        100 => b & 0xc0 == 64,
        // Link-local, with the metadata services of clouds.
        169 => b == 254,
        172 => b & 0xf0 == 16,
        // Protocol assignments, documentation, 6to4 relays, private.
        192 => (b == 0 && (c == 0 || c == 2)) || (b == 88 && c == 99) || b == 168,
        // Benchmarks, documentation.
        198 => b & 0xfe == 18 || (b == 51 && c == 100),
        203 => b == 0 && c == 113,
        // Multicast, reserved, broadcast.
        224.. => true,
        _ => false,
    };
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let s = address.segments();
    if let Some(inner) = carried_v4(s) {
        return is_public_v4(inner);
    }
    // Only 2000::/3 is given out; of it, 2001::/23 (Teredo, ORCHID and others) and the prefixes for
    // documentation (2001:db8::/32, 3fff::/20) are special.
    let given_out = s[0] & 0xe000 == 0x2000;
    let special = (s[0] == 0x2001 && (s[1] < 0x200 || s[1] == 0xdb8))
        || (s[0] == 0x3fff && s[1] & 0xf000 == 0);
    given_out && !special
}

/// The IPv4 address inside an IPv6 one, where a gateway would send the packet on to it: mapped (::ffff:0:0/96),
/// NAT64 (64:ff9b::/96), 6to4 (2002::/16).
fn carried_v4(s: [u16; 8]) -> Option<Ipv4Addr> {
    let joined = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match s {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            Some(joined(high, low))
        }
        [0x2002, high, low, ..] => Some(joined(high, low)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn public(address: &str) -> bool {
        is_public(address.parse().unwrap())
    }

    #[test]
    fn addresses_of_this_machine_and_of_private_networks_are_not_public() {
        let private = [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.0.9",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.0.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.7",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::7f00:1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "2002:c0a8:1::1",
            "3fff::1",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ];
        for address in private {
            assert!(!public(address), "{address}");
        }
        let reachable = [
            "1.1.1.1",
            "100.63.0.1",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.1.0.1",
            "198.20.0.1",
            "223.5.5.5",
            "2400:3200::1",
            "2606:4700::1111",
            "::ffff:1.1.1.1",
            "64:ff9b::101:101",
            "2002:101:101::1",
        ];
        for address in reachable {
            assert!(public(address), "{address}");
        }
    }

    proptest! {
        #[test]
        fn the_ways_around_ipv4_lead_to_the_same_answer(bits: u32) {
            let v4 = Ipv4Addr::from(bits);
            let (high, low) = ((bits >> 16) as u16, (bits & 0xffff) as u16);
            let ways = [
                v4.to_ipv6_mapped(),
                Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, high, low),
                Ipv6Addr::new(0x2002, high, low, 0, 0, 0, 0, 1),
            ];
            for way in ways {
                prop_assert_eq!(is_public(way.into()), is_public(v4.into()), "{}", way);
            }
            if v4.is_private() || v4.is_loopback() || v4.is_link_local() || v4.is_multicast() {
                prop_assert!(!is_public(v4.into()));
            }
        }
    }

    #[test]
    fn a_host_that_the_operator_named_may_be_private() {
        let config = WebhookConfig {
            private_hosts: vec!["127.0.0.1".into(), "[::1]".into(), "SMS.Company".into()],
            ..WebhookConfig::default()
        };
        let guard = Guard::new(&config);
        let check = |url: &str| guard.check(&url.parse().unwrap());
        assert_eq!(check("http://127.0.0.1:8080/x"), Ok(()));
        assert_eq!(check("http://[::1]/"), Ok(()));
        assert!(check("http://127.0.0.2/").is_err());
        let home = Ipv4Addr::LOCALHOST.into();
        assert_eq!(guard.check_address("sms.company", home), Ok(()));
        assert!(guard.check_address("other.company", home).is_err());
    }

    #[tokio::test]
    async fn a_name_is_judged_by_what_it_resolves_to() {
        let resolver = GuardedResolver(Arc::new(Guard::new(&WebhookConfig::default())));
        let refused = resolver.resolve("localhost".parse().unwrap()).await.err().unwrap();
        assert!(refused.downcast_ref::<Refused>().is_some(), "{refused}");
    }
}
