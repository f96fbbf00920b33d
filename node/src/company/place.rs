//! Where a node has its chain and its keys on this machine, as sc-cli lays them out.

use super::error::Error;
use crate::chain_spec;
use sc_cli::KeystoreParams;
use sc_service::config::BasePath;
use std::path::{self, Path, PathBuf};

/// Where a node has its chain and its keys.
#[derive(Clone, Debug, clap::Args)]
pub struct Place {
    /// The chain: a name, or the path of its specification.
    #[arg(long, value_name = "CHAIN")]
    pub chain: String,

    /// The id that the chain will have. For founders, whose chain has no specification yet: --chain says where it
    /// will lie.
    #[arg(long, value_name = "ID", value_parser = chain_id)]
    pub chain_id: Option<String>,

    /// The folder of the node. It is made when it is not there.
    #[arg(long, short = 'd', value_name = "DIR")]
    pub base_path: PathBuf,

    #[clap(flatten)]
    pub keystore: KeystoreParams,
}

impl Place {
    /// The folder of the chain in the node's.
    pub fn config_dir(&self) -> Result<PathBuf, Error> {
        config_dir(&self.chain, self.chain_id.as_deref(), &self.base_path)
    }

    /// What the node is told after --chain, wherever it is started.
    pub fn chain_anywhere(&self) -> Result<String, Error> {
        let path = Path::new(&self.chain);
        if self.chain_id.is_some() || path.is_file() {
            return Ok(text(&absolute(path)?)?.to_owned());
        }
        Ok(self.chain.clone())
    }
}

/// The folder of a chain in a node's folder. With `chain_id` the specification need not be there.
pub fn config_dir(chain: &str, chain_id: Option<&str>, base_path: &Path) -> Result<PathBuf, Error> {
    let base = BasePath::new(absolute(base_path)?);
    if let Some(id) = chain_id {
        return Ok(base.config_dir(id));
    }
    let spec = chain_spec::load(chain).map_err(|error| Error::Chain(error.to_string()))?;
    Ok(base.config_dir(spec.id()))
}

/// A path that means the same wherever a program starts. It need not be there.
pub fn absolute(path: &Path) -> Result<PathBuf, Error> {
    path::absolute(path).map_err(|source| Error::Read { path: path.into(), source })
}

/// A path as the line of a script can hold it.
pub fn text(path: &Path) -> Result<&str, Error> {
    path.to_str()
        .filter(|text| !text.chars().any(char::is_control))
        .ok_or_else(|| Error::Path(path.into()))
}

/// The id of a chain, which names a folder.
fn chain_id(text: &str) -> Result<String, String> {
    let named = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if text.is_empty() || text.len() > 64 || !text.bytes().all(named) {
        return Err(format!(
            "'{text}' is no id of a chain: write 1 to 64 letters, digits, - or _, such as bay-area"
        ));
    }
    Ok(text.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt};

    #[test]
    fn keys_lie_where_the_node_looks_for_them() {
        let config = config_dir("later.json", Some("bay-area"), Path::new("/srv/node")).unwrap();
        assert_eq!(config, Path::new("/srv/node/chains/bay-area"));
    }

    #[test]
    fn a_chain_that_is_not_there_is_named_and_founders_are_told_what_to_do() {
        let error = config_dir("/nowhere/bay.json", None, Path::new("/srv/node")).unwrap_err();
        let error = error.to_string();
        assert!(error.contains("/nowhere/bay.json") && error.contains("--chain-id"), "{error}");
    }

    #[test]
    fn an_id_cannot_lead_out_of_the_folder() {
        assert_eq!(chain_id("bay-area_2"), Ok("bay-area_2".into()));
        for wrong in ["", "..", "a/b", "a b", &"x".repeat(65)] {
            assert!(chain_id(wrong).unwrap_err().contains("no id of a chain"), "{wrong}");
        }
    }

    #[test]
    fn a_path_that_no_script_can_hold_is_refused() {
        assert_eq!(text(Path::new("/srv/a b'c")).unwrap(), "/srv/a b'c");
        for wrong in [OsStr::from_bytes(b"/srv/\xff"), OsStr::new("/srv/a\nb")] {
            let error = text(Path::new(wrong)).unwrap_err().to_string();
            assert!(error.contains("/srv/") && error.contains("script"), "{error}");
        }
    }
}
