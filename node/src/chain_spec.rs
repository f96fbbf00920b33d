//! The chains that a node can join: those that come with it, and any that comes as a file.

use crate::consortium::{self, Consortium};
use sc_service::{ChainType, GenericChainSpec, Properties};
use serde_json::Value;
use smartlink_runtime::WASM_BINARY;
use std::path::{Path, PathBuf};

/// The specification of a chain.
pub type ChainSpec = GenericChainSpec;

/// The prefix of addresses.
pub const SS58_PREFIX: u16 = 42;

/// Names the network's protocols on the wire.
const PROTOCOL_ID: &str = "smartlink";

/// Why there is no specification.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The runtime was not compiled to wasm.
    #[error(
        "this binary holds no wasm runtime, so it cannot make the genesis of '{0}': build it again \
         with SKIP_WASM_BUILD unset, or pass --chain with the path of a chain specification"
    )]
    NoWasm(String),

    /// Neither a name we know nor a file.
    #[error(
        "there is no chain '{0}': pass --chain dev, --chain local, --chain {presets}, the path of a consortium's \
         .toml file (docs/chains.md), or that of a chain specification made by \
         `smartlink-node export-chain-spec`",
        presets = consortium::NAMES.join(", --chain ")
    )]
    UnknownChain(String),

    /// A file that is no chain specification.
    #[error(
        "'{path}' is no chain specification ({reason}): make one with \
         `smartlink-node export-chain-spec --chain local --output FILE`"
    )]
    Unreadable {
        /// The file.
        path: String,
        /// What is wrong with it.
        reason: String,
    },

    /// A consortium's file that makes no chain.
    #[error(transparent)]
    Consortium(#[from] consortium::Error),
}

/// One of the chains that come with the binary.
struct Preset {
    name: &'static str,
    id: &'static str,
    kind: ChainType,
    /// The name of its genesis in the runtime.
    genesis: &'static str,
}

const DEVELOPMENT: Preset = Preset {
    name: "SmartLinkDrive development",
    id: "smartlink-dev",
    kind: ChainType::Development,
    genesis: "development",
};

const LOCAL: Preset = Preset {
    name: "SmartLinkDrive local",
    id: "smartlink-local",
    kind: ChainType::Local,
    genesis: "local",
};

/// The specification called `id`: `dev` (one authority), `local` (four companies with one authority
/// each, also when nothing is named), one of `city`, `freight` and `pilot` (node/chains), the path of a
/// consortium's file, which ends in `.toml`, or the path of a JSON file.
pub fn load(id: &str) -> Result<ChainSpec, Error> {
    match id {
        "dev" | "development" => DEVELOPMENT.specification(),
        "" | "local" => LOCAL.specification(),
        path if path.ends_with(".toml") => of(&Consortium::from_file(Path::new(path))?, path),
        other => match consortium::preset(other) {
            Some(text) => {
                of(&Consortium::from_bytes(&format!("{other}.toml"), text.as_bytes())?, other)
            }
            None => from_file(PathBuf::from(other)),
        },
    }
}

/// The chain of a consortium that is known as `id` here.
fn of(consortium: &Consortium, id: &str) -> Result<ChainSpec, Error> {
    // There is no logger yet: a specification is loaded before it, or without one.
    for warning in consortium.warnings() {
        eprintln!("smartlink-node: {warning}");
    }
    let code = WASM_BINARY.ok_or_else(|| Error::NoWasm(id.into()))?;
    Ok(consortium.specification(code)?)
}

fn from_file(path: PathBuf) -> Result<ChainSpec, Error> {
    let shown = path.display().to_string();
    if !path.is_file() {
        return Err(Error::UnknownChain(shown));
    }
    ChainSpec::from_json_file(path).map_err(|reason| Error::Unreadable { path: shown, reason })
}

impl Preset {
    fn specification(&self) -> Result<ChainSpec, Error> {
        let code = WASM_BINARY.ok_or_else(|| Error::NoWasm(self.genesis.into()))?;
        Ok(ChainSpec::builder(code, None)
            .with_name(self.name)
            .with_id(self.id)
            .with_chain_type(self.kind.clone())
            .with_protocol_id(PROTOCOL_ID)
            .with_properties(properties())
            .with_genesis_config_preset_name(self.genesis)
            .build())
    }
}

/// How wallets show amounts and accounts.
pub fn properties() -> Properties {
    Properties::from_iter([
        ("tokenSymbol".to_string(), Value::from("CNY")),
        ("tokenDecimals".to_string(), Value::from(6)),
        ("ss58Format".to_string(), Value::from(SS58_PREFIX)),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_presets_make_a_genesis() {
        if WASM_BINARY.is_none() {
            return;
        }
        for id in ["dev", "local"].into_iter().chain(consortium::NAMES) {
            let json = load(id).unwrap().as_json(true).unwrap();
            assert!(json.contains("\"tokenSymbol\": \"CNY\""), "{id}");
        }
    }

    #[test]
    fn a_chain_that_is_not_there_says_what_to_do() {
        let error = load("/nowhere/consortium.json").err().unwrap().to_string();
        assert!(error.contains("/nowhere/consortium.json"), "{error}");
        assert!(error.contains("--chain local"), "{error}");
        assert!(error.contains("--chain city, --chain freight"), "{error}");
    }

    #[test]
    fn a_consortium_that_is_not_there_says_what_to_do() {
        let error = load("/nowhere/consortium.toml").err().unwrap().to_string();
        assert!(error.contains("'/nowhere/consortium.toml' cannot be read"), "{error}");
        assert!(error.contains("--chain city"), "{error}");
    }
}
