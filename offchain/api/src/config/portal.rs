//! The portal, the web application for companies, operators, drivers and auditors: where its files are, and where the browser
//! finds the rest.

mod address;

pub use address::{Address, NoAddress, Scheme};

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::ConfigError;

/// The page that every view of the portal begins with.
pub(crate) const PAGE: &str = "index.html";
/// What to do where it is missing.
const BUILD: &str = "build the portal with `cargo xtask web` (or `npm ci` and `npm run build` in web/) and set it to the folder \
                     web/dist, or leave it out: then no portal is served";

/// The portal. Without a folder none is served.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Portal {
    /// What was built: `web/dist`. It is read once, at the start.
    pub folder: Option<PathBuf>,
    /// The WebSocket of a node of the chain, as browsers reach it.
    pub node: Option<Address>,
    /// GraphQL of an index of the chain, as browsers reach it.
    pub index: Option<Address>,
    /// Ethereum, for those who verify there.
    pub ethereum: EthereumPortal,
    /// The tiles of a map: an address with `{z}`, `{x}` and `{y}`. None: the map that the portal brings along.
    pub tiles: Option<Address>,
    /// Whether browsers reach the portal over TLS, which a proxy ends before this server. Then they are told to come by TLS alone
    /// (HSTS).
    pub tls: bool,
}

/// A node of Ethereum, and the contract that holds what the validators signed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EthereumPortal {
    /// Its JSON-RPC over HTTP, as browsers reach it. Everybody reads it: one without a key.
    pub url: Option<Address>,
    /// The contract: `0x` and 40 hexadecimal digits.
    pub contract: Option<String>,
}

impl Portal {
    pub(super) fn validate(&self) -> Result<(), ConfigError> {
        let (sockets, web) = (&[Scheme::Ws, Scheme::Wss][..], &[Scheme::Http, Scheme::Https][..]);
        let needed = self.folder.is_some();
        for (key, address, schemes, needed, remedy) in [
            ("portal.node", &self.node, sockets, needed, "set it to ws://host:port of a node"),
            ("portal.index", &self.index, web, needed, "set it to http://host:port/graphql"),
            ("portal.ethereum.url", &self.ethereum.url, web, false, "set it to http://host:port"),
            ("portal.tiles", &self.tiles, web, false, "set it to http://host:port/{z}/{x}/{y}"),
        ] {
            let fits = match address {
                Some(address) => schemes.contains(&address.scheme()),
                None => !needed,
            };
            if !fits {
                let value = address.as_ref().map_or("left out", Address::as_str).to_owned();
                return Err(ConfigError { key, value, remedy });
            }
        }
        self.ethereum.validate()
    }

    /// Whether there is something to serve, where something is to be served.
    ///
    /// # Errors
    /// The folder has no page.
    pub fn look(&self) -> Result<(), ConfigError> {
        match &self.folder {
            Some(folder) if !folder.join(PAGE).is_file() => {
                let value = format!("{}, which has no {PAGE}", folder.display());
                Err(ConfigError { key: "portal.folder", value, remedy: BUILD })
            }
            _ => Ok(()),
        }
    }
}

impl EthereumPortal {
    fn validate(&self) -> Result<(), ConfigError> {
        let key = "portal.ethereum.contract";
        let contract = self.contract.as_deref();
        let value = || contract.unwrap_or("left out").to_owned();
        let remedy = "set it to 0x and the contract's 40 hexadecimal digits";
        let digits = contract.map(|contract| contract.strip_prefix("0x").unwrap_or_default());
        let is_one = |digits: &str| {
            digits.len() == 40 && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
        };
        if self.url.is_some() != contract.is_some() {
            let remedy = "set portal.ethereum.url and portal.ethereum.contract both, or neither";
            return Err(ConfigError { key, value: value(), remedy });
        }
        if digits.is_some_and(|digits| !is_one(digits)) {
            return Err(ConfigError { key, value: value(), remedy });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Option<Address> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn a_portal_has_to_say_where_the_chain_and_its_index_are() {
        assert_eq!(Portal::default().validate(), Ok(()));
        let mut portal = Portal { folder: Some("dist".into()), ..Portal::default() };
        assert_eq!(portal.validate().unwrap_err().key, "portal.node");
        portal.node = address("http://127.0.0.1:9944");
        assert_eq!(portal.validate().unwrap_err().key, "portal.node", "it has to be a WebSocket");
        portal.node = address("ws://127.0.0.1:9944");
        assert_eq!(portal.validate().unwrap_err().key, "portal.index");
        portal.index = address("http://127.0.0.1:9630/graphql");
        assert_eq!(portal.validate(), Ok(()));
    }

    #[test]
    fn ethereum_has_both_of_its_parts() {
        let mut ethereum = EthereumPortal { url: address("http://127.0.0.1:8545"), contract: None };
        assert!(ethereum.validate().unwrap_err().remedy.contains("both"));
        ethereum.contract = Some("0x5FbDB2315678afecb367f032d93F642f64180aa".to_owned());
        assert!(ethereum.validate().unwrap_err().remedy.contains("40"));
        ethereum.contract = Some("0x5FbDB2315678afecb367f032d93F642f64180aa3".to_owned());
        assert_eq!(ethereum.validate(), Ok(()));
        ethereum.url = None;
        assert!(ethereum.validate().unwrap_err().remedy.contains("both"));
    }

    #[test]
    fn a_folder_that_nobody_built_is_named_with_what_builds_it() {
        let folder = tempfile::tempdir().unwrap();
        let portal = Portal { folder: Some(folder.path().to_owned()), ..Portal::default() };
        let error = portal.look().unwrap_err();
        assert_eq!(error.key, "portal.folder");
        assert!(error.remedy.contains("cargo xtask web") && error.remedy.contains("npm run build"));
        std::fs::write(folder.path().join(PAGE), "<!doctype html>").unwrap();
        assert_eq!(portal.look(), Ok(()));
        assert_eq!(Portal::default().look(), Ok(()), "none is asked for");
    }
}
