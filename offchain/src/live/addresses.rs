//! Where everything is reached, for programs: tests, scripts, and whoever starts a city and goes on from there.

use std::{fs, path::Path};

use serde::Serialize;

use super::City;
use crate::{staff::PLATFORMS, Error};

/// The document.
#[derive(Debug, Serialize)]
struct Addresses<'a> {
    companies: Vec<Platform<'a>>,
    /// WebSockets of the validators, each in its company's place.
    nodes: Vec<String>,
    /// Where GraphQL is asked.
    index: Option<String>,
    ethereum: Option<Contract<'a>>,
}

/// A company with services.
#[derive(Debug, Serialize)]
struct Platform<'a> {
    company: u32,
    name: &'a str,
    /// The API. The same address serves the portal, if there is one.
    api: String,
    portal: Option<String>,
}

/// A node of Ethereum, and the contract there.
#[derive(Debug, Serialize)]
struct Contract<'a> {
    url: &'a str,
    contract: &'a str,
}

impl City {
    /// Writes where everything is reached to this file, as JSON. Who waits for the file finds all of it or none.
    ///
    /// # Errors
    /// Services have ended, or the file cannot be written.
    pub async fn write_addresses(&self, file: &Path) -> Result<(), Error> {
        let mut companies = Vec::new();
        for (company, services) in PLATFORMS.iter().zip(&self.services) {
            let api = format!("http://{}", services.api().await?);
            let portal = self.portal.then(|| format!("{api}/"));
            companies.push(Platform { company: company.id.0, name: company.name, api, portal });
        }
        let nodes = 0..self.consortium.len();
        let addresses = Addresses {
            companies,
            nodes: nodes.map(|place| self.consortium.node(place).url()).collect(),
            index: self.index.as_ref().map(|index| index.url()),
            ethereum: self.ethereum.as_ref().map(|ethereum| {
                let (url, contract) = ethereum.contract();
                Contract { url, contract }
            }),
        };
        write(&addresses, file)
    }
}

/// Under another name first.
fn write(addresses: &Addresses<'_>, file: &Path) -> Result<(), Error> {
    let failed = |source| Error::Io { what: "writing the file of --addresses", source };
    let text = serde_json::to_string_pretty(addresses).map_err(|error| failed(error.into()))?;
    let half = file.with_extension("part");
    fs::write(&half, text).map_err(failed)?;
    fs::rename(&half, file).map_err(failed)
}

#[cfg(test)]
mod tests {
    use serde_json::{json, Value};

    use super::*;

    #[test]
    fn a_program_reads_where_everything_is() {
        let (url, contract) =
            ("http://127.0.0.1:8545", "0x5FbDB2315678afecb367f032d93F642f64180aa3");
        let api = "http://127.0.0.1:30167";
        let company =
            Platform { company: 1, name: "A", api: api.into(), portal: Some(format!("{api}/")) };
        let addresses = Addresses {
            companies: vec![company],
            nodes: vec!["ws://127.0.0.1:9944".into()],
            index: None,
            ethereum: Some(Contract { url, contract }),
        };
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("addresses.json");
        write(&addresses, &file).unwrap();
        let read: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
        let portal = "http://127.0.0.1:30167/";
        assert_eq!(
            read,
            json!({
                "companies": [{ "company": 1, "name": "A", "api": api, "portal": portal }],
                "nodes": ["ws://127.0.0.1:9944"],
                "index": null,
                "ethereum": { "url": url, "contract": contract },
            })
        );
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no half file stays");
    }

    #[test]
    fn a_folder_that_is_not_there_is_named() {
        let addresses = Addresses { companies: vec![], nodes: vec![], index: None, ethereum: None };
        let error = write(&addresses, Path::new("/no-such-folder/addresses.json")).unwrap_err();
        assert!(error.to_string().contains("--addresses"), "{error}");
    }
}
