//! Ports and node keys on one machine.

use std::net::{Ipv4Addr, TcpListener};

use crate::DevnetError;

/// The validators that development keys exist for: flag, name of the folder, and the peer id that
/// belongs to the node key with the same number (ed25519 key of 32 bytes, big-endian 1, 2, …).
pub(crate) const VALIDATORS: [Validator; 4] = [
    Validator { name: "alice", peer_id: "12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp" },
    Validator { name: "bob", peer_id: "12D3KooWHdiAxVd8uMQR1hGWXccidmfCwLqcMpGwR6QcTP6QRMuD" },
    Validator { name: "charlie", peer_id: "12D3KooWSCufgHzV4fCwRijfH2k3abrpAJxTKxEvN1FDuRXA2U9x" },
    Validator { name: "dave", peer_id: "12D3KooWSsChzF81YDUKpe9Uk5AHV5oqAaXAcWNSPYgoLauUk4st" },
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

/// A port that nobody listens on now.
pub(crate) fn free_port() -> Result<u16, DevnetError> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(DevnetError::NoPort)?;
    Ok(listener.local_addr().map_err(DevnetError::NoPort)?.port())
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
    fn node_keys_are_32_bytes_in_hex() {
        assert_eq!(node_key(0).len(), 64);
        assert!(node_key(3).ends_with("04"));
    }
}
