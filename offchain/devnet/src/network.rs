//! Ports and node keys on one machine.

use std::{
    collections::BTreeSet,
    fs,
    hash::{BuildHasher, RandomState},
    net::{Ipv4Addr, TcpListener},
    sync::{Mutex, PoisonError},
};

use crate::DevnetError;

/// Nodes on one machine look for nobody else, and report to nobody.
pub(crate) const ALONE: [&str; 4] =
    ["--no-mdns", "--allow-private-ip", "--no-prometheus", "--no-telemetry"];

/// The validators that development keys exist for: flag, name of the folder, and the peer id that
/// belongs to the node key with the same number (ed25519 key of 32 bytes, big-endian 1, 2, …).
pub(crate) const VALIDATORS: [Validator; 4] = [
    Validator { name: "alice", peer_id: "12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp" },
    Validator { name: "bob", peer_id: "12D3KooWHdiAxVd8uMQR1hGWXccidmfCwLqcMpGwR6QcTP6QRMuD" },
    Validator { name: "charlie", peer_id: "12D3KooWSCufgHzV4fCwRijfH2k3abrpAJxTKxEvN1FDuRXA2U9x" },
    Validator { name: "dave", peer_id: "12D3KooWSsChzF81YDUKpe9Uk5AHV5oqAaXAcWNSPYgoLauUk4st" },
];

/// A machine of nobody's at first: a full node with the node key that comes after the validators'.
pub(crate) const VISITOR: Validator =
    Validator { name: "visitor", peer_id: "12D3KooWSuTq6MG9gPt7qZqLFKkYrfxMewTZhj9nmRHJkPwzWDG2" };

/// The public key of the [`VISITOR`], by which a company registers it.
pub const VISITOR_KEY: [u8; 32] = [
    0xfd, 0xe4, 0xfb, 0xa0, 0x30, 0xad, 0x00, 0x2f, 0x7c, 0x2f, 0x7d, 0x4c, 0x33, 0x1f, 0x49, 0xd1,
    0x3f, 0xb0, 0xec, 0x74, 0x7e, 0xce, 0xeb, 0xec, 0x63, 0x4f, 0x1f, 0xf4, 0xcb, 0xca, 0x9d, 0xef,
];

/// A validator of the development chains.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Validator {
    pub name: &'static str,
    pub peer_id: &'static str,
}

/// The node key of the validator at a place. Known to everybody, like all keys of development.
pub(crate) fn node_key(place: usize) -> String {
    format!("{:064x}", place + 1)
}

/// How a validator is dialled.
pub(crate) fn address(place: usize, port: u16) -> String {
    format!("/ip4/127.0.0.1/tcp/{port}/p2p/{}", VALIDATORS[place].peer_id)
}

/// The least port that a node gets.
const FIRST_PORT: u16 = 20_000;
/// Where Linux lets the ports of outgoing connections begin when nobody changed it.
const EPHEMERAL: u16 = 32_768;
/// Ports that are tried before giving up.
const TRIES: u16 = 1_000;

/// A port that nobody listens on now, and that this process has given to no other node. It lies below those
/// that the system gives to outgoing connections, which could take it before the node does, or while the
/// node is down.
pub fn free_port() -> Result<u16, DevnetError> {
    static GIVEN: Mutex<BTreeSet<u16>> = Mutex::new(BTreeSet::new());
    let mut given = GIVEN.lock().unwrap_or_else(PoisonError::into_inner);
    let below = ephemeral_ports();
    let first = FIRST_PORT.min(below / 2).max(1_024);
    let room = u64::from(below.saturating_sub(first).max(1));
    for try_number in 0..TRIES {
        // Each state of this hasher has other keys: a number at random. Less than 2^16.
        let offset = RandomState::new().hash_one(try_number) % room;
        let port = first.saturating_add(offset as u16);
        if !given.contains(&port) && check_free(port).is_ok() {
            given.insert(port);
            return Ok(port);
        }
    }
    Err(DevnetError::NoPort { tried: TRIES, below })
}

/// The first port that the system gives to outgoing connections.
fn ephemeral_ports() -> u16 {
    let range = fs::read_to_string("/proc/sys/net/ipv4/ip_local_port_range").unwrap_or_default();
    range.split_whitespace().next().and_then(|first| first.parse().ok()).unwrap_or(EPHEMERAL)
}

/// Checks that nobody listens on a port. The node would silently take another one.
pub(crate) fn check_free(port: u16) -> Result<(), DevnetError> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(_) => Ok(()),
        Err(_) => Err(DevnetError::PortOccupied { port }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_occupied_port_is_named() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        let error = check_free(port).unwrap_err();
        assert!(error.to_string().contains(&format!("port {port} is occupied")), "{error}");
        drop(taken);
        assert!(check_free(free_port().unwrap()).is_ok());
    }

    #[test]
    fn ports_differ_and_no_outgoing_connection_takes_them() {
        let ports: BTreeSet<u16> = (0..50).map(|_| free_port().unwrap()).collect();
        assert_eq!(ports.len(), 50);
        assert!(ports.iter().all(|port| *port < ephemeral_ports()), "{ports:?}");
    }

    #[test]
    fn node_keys_are_32_bytes_in_hex() {
        assert_eq!(node_key(0).len(), 64);
        assert!(node_key(3).ends_with("04"));
    }
}
