//! The identity of a node on the network, which is the ed25519 key in its folder.

use super::{
    error::Error,
    files::{make_folder, put, SECRET},
};
use pallet_nodes::NodeKey;
use sc_network::{
    config::{ed25519::SecretKey, NodeKeyConfig, Secret},
    PeerId,
};
use sp_core::bytes;
use std::path::{Path, PathBuf};

/// The folder of the network in the chain's, and the key in it, as sc-cli calls them.
const FILE: [&str; 2] = ["network", "secret_ed25519"];

/// Who a node is on the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Its public key, as the chain has it.
    pub key: NodeKey,
    /// The same, as the network has it.
    pub peer: PeerId,
}

impl Identity {
    /// Who has this key. What is no point of the curve is nobody's.
    fn of(key: NodeKey) -> Option<Self> {
        Some(Self { key, peer: PeerId::from_ed25519(&key.0)? })
    }
}

/// Where the key of a node lies in the chain's folder.
pub fn file(config_dir: &Path) -> PathBuf {
    config_dir.join(FILE[0]).join(FILE[1])
}

/// The identity of the node, which is made when it has none. Whether it was made.
///
/// # Errors
/// The folder takes no file, or holds one that is no key.
pub fn ensure(config_dir: &Path) -> Result<(Identity, bool), Error> {
    let path = file(config_dir);
    let made = !path.exists();
    if made {
        make_folder(&config_dir.join(FILE[0]))?;
        // In hexadecimal, which `smartlink-node key inspect-node-key` reads too.
        let secret = bytes::to_hex(SecretKey::generate().as_ref(), false);
        put(&path, secret.trim_start_matches("0x").as_bytes(), SECRET)?;
    }
    Ok((read(config_dir)?, made))
}

/// The identity of the node.
///
/// # Errors
/// There is no key, or it is none.
pub fn read(config_dir: &Path) -> Result<Identity, Error> {
    let path = file(config_dir);
    // The node's own reader would make one.
    if !path.is_file() {
        return Err(Error::NoNodeKey(path));
    }
    let pair = NodeKeyConfig::Ed25519(Secret::File(path.clone()))
        .into_keypair()
        .map_err(|source| Error::NodeKey { path, source })?;
    let public = pair.public();
    Ok(Identity { key: NodeKey(public.to_bytes()), peer: public.to_peer_id() })
}

/// The identity that a peer id names.
pub fn parse(text: &str) -> Result<Identity, String> {
    text.parse::<PeerId>()
        .ok()
        .and_then(|peer| Identity::of(NodeKey::from_peer_id(&peer.to_bytes()).ok()?))
        .ok_or_else(|| {
            format!(
                "'{text}' is no peer id of an ed25519 key: it begins with 12D3KooW, and \
                 `smartlink-node key inspect-node-key` prints it"
            )
        })
}

/// The peer id of a key of the chain.
pub fn peer_id(key: NodeKey) -> String {
    // Nobody has a key that is no point of the curve, but somebody may have registered it.
    Identity::of(key).map_or_else(|| bytes::to_hex(&key.0, false), |known| known.peer.to_base58())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{fs, os::unix::fs::PermissionsExt};

    /// The peer id of the node key 1 of development networks.
    const FIRST: &str = "12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp";

    #[test]
    fn a_node_gets_an_identity_once_and_only_its_owner_reads_it() {
        let folder = tempfile::tempdir().unwrap();
        let (first, made) = ensure(folder.path()).unwrap();
        assert!(made);
        assert_eq!(ensure(folder.path()).unwrap(), (first, false));
        let path = folder.path().join("network/secret_ed25519");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read(&path).unwrap().len(), 64);
        assert_eq!(first.peer.to_bytes(), first.key.to_peer_id());
    }

    #[test]
    fn a_key_that_is_there_is_kept_in_both_forms_that_nodes_know() {
        let mut secret = [0; 32];
        secret[31] = 1;
        for content in [secret.to_vec(), format!("{:064x}", 1).into_bytes()] {
            let folder = tempfile::tempdir().unwrap();
            fs::create_dir(folder.path().join("network")).unwrap();
            fs::write(file(folder.path()), &content).unwrap();
            let (identity, made) = ensure(folder.path()).unwrap();
            assert_eq!((identity.peer.to_base58().as_str(), made), (FIRST, false));
            assert_eq!(fs::read(file(folder.path())).unwrap(), content);
            assert_eq!(parse(FIRST), Ok(identity));
            assert_eq!(peer_id(identity.key), FIRST);
        }
    }

    #[test]
    fn no_key_and_a_broken_one_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let none = read(folder.path()).unwrap_err().to_string();
        assert!(none.contains("secret_ed25519") && none.contains("--peer-id"), "{none}");
        fs::create_dir(folder.path().join("network")).unwrap();
        fs::write(file(folder.path()), "half a k").unwrap();
        let broken = ensure(folder.path()).unwrap_err().to_string();
        assert!(broken.contains("is no node key") && broken.contains("32 bytes"), "{broken}");
        assert!(parse("QmSk5HQbn6LhUwDiNMseVUjuRYhEtYj4aUZ6WfWoGURpdV")
            .unwrap_err()
            .contains("ed25519"));
    }
}
