//! What the api role of a company is told of the portal on this machine, so that a browser reaches everything.

use std::path::Path;

/// The settings, as `--set` takes them. `ethereum` is a node and the contract there.
pub fn settings(
    folder: &Path,
    node: &str,
    index: &str,
    ethereum: Option<(&str, &str)>,
) -> Vec<String> {
    let mut settings = vec![
        format!("api.portal.folder={:?}", folder.display().to_string()),
        format!("api.portal.node={node:?}"),
        format!("api.portal.index={index:?}"),
    ];
    if let Some((url, contract)) = ethereum {
        settings.push(format!("api.portal.ethereum.url={url:?}"));
        settings.push(format!("api.portal.ethereum.contract={contract:?}"));
    }
    settings
}

/// The origins that a portal's pages have which is served at a port of this machine.
pub fn origins(port: u16) -> [String; 2] {
    ["127.0.0.1", "localhost"].map(|host| format!("http://{host}:{port}"))
}

#[cfg(test)]
mod tests {
    use smartlink_service::Sources;

    use super::*;
    use crate::services::Services;

    #[test]
    fn services_take_what_they_are_told() {
        let contract = "0x5FbDB2315678afecb367f032d93F642f64180aa3";
        let ethereum = Some(("http://127.0.0.1:8545", contract));
        let (node, index) = ("ws://127.0.0.1:9944", "http://127.0.0.1:9630/graphql");
        let told = settings(Path::new("/a b/\"dist\""), node, index, ethereum);
        let loaded = Sources::new().set(told).load::<Services>().unwrap();
        let portal = &loaded.value().api.portal;
        assert_eq!(portal.folder.as_deref(), Some(Path::new("/a b/\"dist\"")));
        assert_eq!(portal.index.as_ref().map(|index| index.as_str()), Some(index));
        assert_eq!(portal.ethereum.contract.as_deref(), Some(contract));
    }
}
