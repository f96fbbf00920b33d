//! Whose address a request comes from, where proxies stand before this server.
//!
//! A proxy adds the address that it was called from at the right end of a header. Whatever stands further
//! left was there before, and may be the caller's own invention. So the list is read from the right, for as
//! long as it was written by proxies that are trusted; the first address that is none of theirs is the client's.

use std::{
    fmt,
    net::{IpAddr, Ipv6Addr, SocketAddr},
    str::FromStr,
};

use http::HeaderMap;
use serde::{Deserialize, Serialize};

/// Addresses of a header that are looked at, from the right. More proxies than that stand behind each other nowhere.
const HOPS: usize = 32;

/// A network of addresses: `10.0.0.0/8`, `2001:db8::/32`, or one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

/// The header in which proxies say whom they were called by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ForwardedBy {
    /// `X-Forwarded-For: 192.0.2.1, 10.0.0.7`
    #[default]
    XForwardedFor,
    /// `Forwarded: for=192.0.2.1, for="[2001:db8::1]:443"` (RFC 7239).
    Forwarded,
}

/// A text that is no network.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no network of proxies: give an address, or one with 1 to 32 (IPv6: 128) bits, such as 10.0.0.0/8")]
pub struct NoNetwork(String);

impl Network {
    /// Whether an address lies in it.
    pub fn holds(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(mine), IpAddr::V4(other)) => {
                same_bits(mine.to_bits().into(), other.to_bits().into(), 32 - self.bits)
            }
            (IpAddr::V6(mine), IpAddr::V6(other)) => {
                same_bits(mine.to_bits(), other.to_bits(), 128 - self.bits)
            }
            _ => false,
        }
    }
}

/// Whether two numbers are the same without their last `rest` bits, of which there are fewer than 128.
fn same_bits(one: u128, other: u128, rest: u8) -> bool {
    one >> rest == other >> rest
}

impl FromStr for Network {
    type Err = NoNetwork;

    fn from_str(text: &str) -> Result<Self, NoNetwork> {
        let wrong = || NoNetwork(text.to_owned());
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let all = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(all), str::parse).map_err(|_| wrong())?;
        // Nobody means everybody.
        if bits == 0 || bits > all || address != address.to_canonical() {
            return Err(wrong());
        }
        Ok(Self { address, bits })
    }
}

impl TryFrom<String> for Network {
    type Error = NoNetwork;

    fn try_from(text: String) -> Result<Self, NoNetwork> {
        text.parse()
    }
}

impl From<Network> for String {
    fn from(network: Network) -> Self {
        network.to_string()
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.bits)
    }
}

/// Proxies whose word is taken.
#[derive(Clone, Debug)]
pub(crate) struct Proxies {
    trusted: Vec<Network>,
    header: ForwardedBy,
}

impl Proxies {
    pub fn new(trusted: &[Network], header: ForwardedBy) -> Self {
        Self { trusted: trusted.to_vec(), header }
    }

    /// Whether what this address says of others is taken.
    pub fn trusts(&self, address: IpAddr) -> bool {
        self.trusted.iter().any(|network| network.holds(address))
    }

    /// Where a request comes from that `peer` handed over. An address that cannot be read ends the search: then it
    /// is that of the proxy which wrote it.
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer.to_canonical();
        if !self.trusts(client) {
            return client;
        }
        for hop in self.hops(headers) {
            let Some(address) = hop else { break };
            client = address;
            if !self.trusts(client) {
                break;
            }
        }
        client
    }

    /// What the header says, from the right.
    fn hops(&self, headers: &HeaderMap) -> Vec<Option<IpAddr>> {
        let name = match self.header {
            ForwardedBy::XForwardedFor => "x-forwarded-for",
            ForwardedBy::Forwarded => "forwarded",
        };
        let mut hops = Vec::new();
        let lines: Vec<_> = headers.get_all(name).iter().collect();
        for line in lines.into_iter().rev() {
            let Ok(line) = line.to_str() else {
                hops.push(None);
                break;
            };
            match self.header {
                // It knows no quotes: an open one of the client's must not hide what a proxy wrote behind it.
                ForwardedBy::XForwardedFor => {
                    hops.extend(line.rsplit(',').map(|part| node(part.trim())));
                }
                ForwardedBy::Forwarded => {
                    hops.extend(parts(line, ',').into_iter().rev().map(forwarded_for));
                }
            }
            if hops.len() >= HOPS {
                break;
            }
        }
        hops.truncate(HOPS);
        hops
    }
}

/// The parts of a text between separators that do not stand in quotes.
fn parts(text: &str, separator: char) -> Vec<&str> {
    let (mut quoted, mut escaped) = (false, false);
    text.split(|letter| {
        let was_escaped = escaped;
        escaped = quoted && !was_escaped && letter == '\\';
        if letter == '"' && !was_escaped {
            quoted = !quoted;
        }
        letter == separator && !quoted
    })
    .collect()
}

/// The address in an element of `Forwarded`.
fn forwarded_for(element: &str) -> Option<IpAddr> {
    for pair in parts(element, ';') {
        let Some((name, value)) = pair.trim().split_once('=') else { continue };
        if name.trim().eq_ignore_ascii_case("for") {
            // No address has anything in it that would have to be escaped.
            return node(value.trim().trim_matches('"'));
        }
    }
    None
}

/// An address, alone or with a port; IPv6 in brackets or bare.
fn node(text: &str) -> Option<IpAddr> {
    let address = if let Ok(address) = text.parse::<IpAddr>() {
        address
    } else if let Ok(socket) = text.parse::<SocketAddr>() {
        socket.ip()
    } else {
        text.strip_prefix('[')?.strip_suffix(']')?.parse::<Ipv6Addr>().ok()?.into()
    };
    Some(address.to_canonical())
}

/// By what an address is counted: whoever has one address of IPv6 has all of its /64 (RFC 6177).
pub(crate) fn counted(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(six) => Ipv6Addr::from_bits(six.to_bits() >> 64 << 64).into(),
        four => four,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;
    use proptest::prelude::*;

    fn proxies(header: ForwardedBy) -> Proxies {
        let trusted: Vec<Network> =
            ["10.0.0.0/8", "2001:db8:1::/48", "127.0.0.1"].map(|text| text.parse().unwrap()).into();
        Proxies::new(&trusted, header)
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn said(header: ForwardedBy, peer: &str, name: &'static str, lines: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(name, HeaderValue::from_str(line).unwrap());
        }
        proxies(header).client(ip(peer), &headers).to_string()
    }

    #[test]
    fn a_proxy_is_believed_and_nobody_else() {
        let x = |peer: &str, lines: &[&str]| {
            said(ForwardedBy::XForwardedFor, peer, "x-forwarded-for", lines)
        };
        assert_eq!(x("10.1.2.3", &["192.0.2.1"]), "192.0.2.1");
        assert_eq!(x("::ffff:10.1.2.3", &["192.0.2.1"]), "192.0.2.1", "on a socket of both kinds");
        assert_eq!(x("203.0.113.9", &["192.0.2.1"]), "203.0.113.9", "no proxy of ours");
        assert_eq!(x("10.1.2.3", &[]), "10.1.2.3", "the proxy itself asks");
        let invented = "127.0.0.1, 8.8.8.8, 192.0.2.1, 10.9.9.9";
        assert_eq!(x("10.1.2.3", &[invented]), "192.0.2.1", "two proxies behind each other");
        assert_eq!(x("10.1.2.3", &["8.8.8.8", "192.0.2.1"]), "192.0.2.1", "two lines");
        assert_eq!(x("10.1.2.3", &["10.0.0.1, 10.0.0.2"]), "10.0.0.1", "a machine of our own");
        assert_eq!(x("10.1.2.3", &["192.0.2.1, unknown"]), "10.1.2.3", "what nobody can read");
        assert_eq!(x("10.1.2.3", &["192.0.2.1:5678"]), "192.0.2.1", "with a port");
        assert_eq!(x("10.1.2.3", &["[2001:db8::7]:80"]), "2001:db8::7");
        let other = said(ForwardedBy::XForwardedFor, "10.1.2.3", "forwarded", &["for=192.0.2.1"]);
        assert_eq!(other, "10.1.2.3", "a header that our proxies do not write");
    }

    #[test]
    fn the_header_of_the_rfc_is_read_with_its_quotes() {
        let f = |lines: &[&str]| said(ForwardedBy::Forwarded, "10.1.2.3", "forwarded", lines);
        assert_eq!(f(&["for=192.0.2.60;proto=http;by=203.0.113.43"]), "192.0.2.60");
        assert_eq!(f(&[r#"For="[2001:db8:cafe::17]:4711""#]), "2001:db8:cafe::17");
        assert_eq!(f(&["for=8.8.8.8, for=192.0.2.43;host=x, for=10.0.0.1"]), "192.0.2.43");
        assert_eq!(f(&[r#"for=192.0.2.43;host="a,for=8.8.8.8;""#]), "192.0.2.43");
        assert_eq!(f(&["for=192.0.2.43, for=_hidden"]), "10.1.2.3");
        assert_eq!(f(&["proto=https"]), "10.1.2.3");
    }

    #[test]
    fn networks_are_read_as_they_are_written() {
        for text in ["10.0.0.0/8", "2001:db8::/32", "127.0.0.1/32", "::1/128"] {
            assert_eq!(text.parse::<Network>().unwrap().to_string(), text);
        }
        for wrong in
            ["", "10.0.0.0/33", "0.0.0.0/0", "::/0", "ten", "10.0.0.0/", "::ffff:10.0.0.0/8"]
        {
            assert_eq!(wrong.parse::<Network>(), Err(NoNetwork(wrong.into())), "{wrong}");
        }
        let net: Network = "192.168.4.0/22".parse().unwrap();
        assert!(net.holds(ip("192.168.7.255")) && !net.holds(ip("192.168.8.0")));
        assert!(!net.holds(ip("::1")));
    }

    #[test]
    fn neighbours_in_a_64_count_as_one() {
        assert_eq!(counted(ip("2001:db8:1:2:3:4:5:6")), ip("2001:db8:1:2::"));
        assert_eq!(counted(ip("2001:db8:1:2::9")), counted(ip("2001:db8:1:2:ffff::1")));
        assert_ne!(counted(ip("2001:db8:1:3::9")), counted(ip("2001:db8:1:2::9")));
        assert_eq!(counted(ip("::ffff:192.0.2.1")), ip("192.0.2.1"));
    }

    proptest! {
        #[test]
        fn whatever_a_client_writes_itself_changes_nothing(
            invented in "[ -~]{0,80}", four in any::<u32>(), proxies_behind in 0..3usize,
        ) {
            let client = IpAddr::from(std::net::Ipv4Addr::from_bits(four));
            prop_assume!(!proxies(ForwardedBy::XForwardedFor).trusts(client));
            let mut line = format!("{invented}, {client}");
            for proxy in 0..proxies_behind {
                line += &format!(", 10.0.0.{proxy}");
            }
            let seen = said(ForwardedBy::XForwardedFor, "10.1.2.3", "x-forwarded-for", &[&line]);
            prop_assert_eq!(seen, client.to_string());
        }
    }

    #[test]
    fn any_header_is_read_to_an_end() {
        bolero::check!().for_each(|bytes: &[u8]| {
            let [rfc, value @ ..] = bytes else { return };
            let Ok(value) = HeaderValue::from_bytes(value) else { return };
            let (header, name) = if rfc % 2 == 1 {
                (ForwardedBy::Forwarded, "forwarded")
            } else {
                (ForwardedBy::XForwardedFor, "x-forwarded-for")
            };
            let headers = HeaderMap::from_iter([(name.parse().unwrap(), value)]);
            let all = proxies(header);
            let client = all.client(ip("10.1.2.3"), &headers);
            assert!(client == client.to_canonical());
        });
    }
}
