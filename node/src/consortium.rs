//! A consortium from one TOML file: its companies, their validators and machines, and the parameters of
//! the chain that they start.
//!
//! `read` takes a file apart with the help of `table` and `values`, `known` tells the keys of development, `genesis` and
//! `parameters` make the chain's first state, `presets` are three files to begin with. The file is described in docs/chains.md.

mod error;
mod genesis;
mod known;
mod parameters;
mod presets;
mod read;
mod rules;
mod table;
#[cfg(test)]
mod tests;
mod values;

pub use error::Error;
pub use presets::{preset, NAMES};

use pallet_nodes::{NodeKey, NodeKind};
use sc_network::config::MultiaddrWithPeerId;
use sc_service::ChainType;
use smartlink_primitives::{CompanyKind, Money};
use smartlink_runtime::{configs::parameters::RuntimeParameters, AccountId, SessionKeys};
use std::{fs::File, io::Read, path::Path};

/// Bytes of a file. A full council whose companies register all the machines they may has one MiB.
const MAX_BYTES: u64 = 2 * 1024 * 1024;

/// Who starts a chain, and how. Everything in it was checked.
#[derive(Debug)]
pub struct Consortium {
    /// The file it comes from, as people know it.
    file: String,
    /// Its name for people.
    name: String,
    /// Its name for folders and protocols.
    id: String,
    /// Whether anything depends on the chain.
    kind: ChainType,
    /// Whether strangers get nothing.
    permissioned: bool,
    /// Where nodes that join ask for others.
    bootnodes: Vec<MultiaddrWithPeerId>,
    /// The founders, in the order of their ids.
    companies: Vec<Company>,
    /// The parameters that differ from those of the runtime.
    parameters: Vec<RuntimeParameters>,
}

/// A company that founds the consortium.
#[derive(Debug)]
struct Company {
    name: String,
    kind: CompanyKind,
    /// The account that holds its money.
    treasury: AccountId,
    /// The first administrator, who has the company's seat in the council.
    administrator: AccountId,
    /// In the treasury.
    money: Money,
    /// In the administrator's account.
    administrator_money: Money,
    validators: Vec<Validator>,
    nodes: Vec<Node>,
}

/// A validator of a company.
#[derive(Debug)]
struct Validator {
    account: AccountId,
    /// In its account.
    money: Money,
    keys: SessionKeys,
}

/// A machine of a company.
#[derive(Debug)]
struct Node {
    key: NodeKey,
    kind: NodeKind,
    label: String,
}

impl Consortium {
    /// Reads a file.
    ///
    /// # Errors
    /// The file cannot be read, is no TOML, or describes no consortium. The error names all that is wrong, each with its line.
    pub fn from_file(path: &Path) -> Result<Self, Error> {
        let file = path.display().to_string();
        let unreadable = |source| Error::Unreadable { file: file.clone(), source };
        let mut bytes = Vec::new();
        let open = File::open(path).map_err(unreadable)?;
        open.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
        Self::from_bytes(&file, &bytes)
    }

    /// Reads the content of a file, which errors call `file`.
    ///
    /// # Errors
    /// As [`Self::from_file`].
    pub fn from_bytes(file: &str, bytes: &[u8]) -> Result<Self, Error> {
        if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > MAX_BYTES {
            return Err(Error::TooLarge { file: file.into(), most: MAX_BYTES });
        }
        let text = std::str::from_utf8(bytes)
            .map_err(|why| Error::NoText { file: file.into(), at: why.valid_up_to() })?;
        read::consortium(file, text)
    }
}
