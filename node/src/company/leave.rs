//! How a validator leaves: the council removes it, it waits, then its company lets go of machine and keys.

use super::{
    account::{self, address},
    calls,
    error::Error,
    files::{File, Target},
    node_key::{self, Identity},
    place,
    said::Said,
    start::quoted,
};
use smartlink_primitives::CompanyId;
use smartlink_runtime::AccountId;
use std::path::PathBuf;

const REMOVE: &str = "remove-validator.call";
const UNREGISTER: &str = "unregister-node.call";

/// Which validator leaves.
#[derive(Clone, Debug, clap::Args)]
pub struct Leave {
    /// The company that runs it.
    #[arg(long, value_name = "ID", value_parser = clap::value_parser!(u32).range(1..))]
    company: u32,

    /// The validator's account.
    #[arg(long, value_name = "ACCOUNT", value_parser = account::parse)]
    account: AccountId,

    /// Its peer id, which its company takes out of the network. Or --chain and --base-path on its machine.
    #[arg(long, value_name = "PEER_ID", value_parser = node_key::parse, conflicts_with = "base_path")]
    peer_id: Option<Identity>,

    /// The chain: a name, or the path of its specification.
    #[arg(long, value_name = "CHAIN", requires = "base_path")]
    chain: Option<String>,

    /// The folder of the node.
    #[arg(long, short = 'd', value_name = "DIR", requires = "chain")]
    base_path: Option<PathBuf>,

    #[clap(flatten)]
    target: Target,
}

impl Leave {
    /// Writes the calls, and says in which order they are sent.
    ///
    /// # Errors
    /// The machine has no node key, or a file is there that may not be replaced.
    pub fn run(&self) -> Result<String, Error> {
        let machine = self.machine()?;
        let remove = calls::remove_validator(self.account.clone());
        let mut files = vec![File::plain(REMOVE, calls::line(&remove))];
        files.extend(machine.map(|machine| {
            let call = calls::unregister_node(CompanyId(self.company), machine.key);
            File::plain(UNREGISTER, calls::line(&call))
        }));
        self.target.write(&files)?;
        Ok(self.said(machine))
    }

    /// Who the machine is on the network, if it was said.
    fn machine(&self) -> Result<Option<Identity>, Error> {
        if let (Some(chain), Some(base_path)) = (&self.chain, &self.base_path) {
            return node_key::read(&place::config_dir(chain, None, base_path)?).map(Some);
        }
        Ok(self.peer_id)
    }

    fn said(&self, machine: Option<Identity>) -> String {
        let at = |name: &str| quoted(&self.target.path(name).display().to_string());
        let account = address(&self.account);
        let mut said = Said::new();
        said.line(format!("Validator {account} of company {} leaves.", self.company));
        let unregister = match machine {
            Some(machine) => format!(
                "Somebody with the permission ROLES in company {} takes {} out of the network: \
                 smartlink-offchain call send {} --key-file FILE",
                self.company,
                machine.peer.to_base58(),
                at(UNREGISTER)
            ),
            None => format!(
                "Somebody with the permission ROLES in company {} takes the machine out of the network, in the \
                 portal; or run this again with --peer-id for the call.",
                self.company
            ),
        };
        said.steps([
            format!(
                "A member of the council proposes it, and two thirds vote for it: smartlink-offchain council \
                 propose {} --key-file FILE. It is refused when of the rest not more than two thirds work.",
                at(REMOVE)
            ),
            "Keep the node running until the session that the event ValidatorRemoved names, the second after \
             the present one: it validates until then, and an absence would be its own. This tells: \
             smartlink-node company status --account "
                .to_owned()
                + &account,
            "Stop the node.".into(),
            unregister,
            "The keystore and the node's folder may be deleted then. The chain keeps the public keys of the account, with \
             which nothing is signed any more."
                .into(),
        ]);
        said.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{fs, path::Path};

    const PEER: &str = "12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp";

    fn leave(folder: &Path, peer_id: Option<Identity>) -> Leave {
        Leave {
            company: 5,
            account: AccountId::from([7; 32]),
            peer_id,
            chain: None,
            base_path: None,
            target: Target { into: folder.join("files"), force: false },
        }
    }

    #[test]
    fn the_calls_are_those_of_this_validator_and_its_machine() {
        let folder = tempfile::tempdir().unwrap();
        let machine = node_key::parse(PEER).unwrap();
        let leave = leave(folder.path(), Some(machine));
        let said = leave.run().unwrap();
        let written = |name: &str| {
            calls::read(&fs::read_to_string(leave.target.path(name)).unwrap()).unwrap()
        };
        assert_eq!(written(REMOVE), calls::remove_validator(leave.account.clone()));
        assert_eq!(written(UNREGISTER), calls::unregister_node(CompanyId(5), machine.key));
        let order = [REMOVE, "Keep the node running", "Stop the node", PEER, "may be deleted"];
        let places: Vec<_> = order.iter().map(|words| said.find(words).unwrap()).collect();
        assert!(places.is_sorted(), "{said}");
    }

    #[test]
    fn an_unknown_machine_is_left_out_and_named() {
        let folder = tempfile::tempdir().unwrap();
        let leave = leave(folder.path(), None);
        let said = leave.run().unwrap();
        assert!(said.contains("--peer-id"), "{said}");
        assert!(!leave.target.path(UNREGISTER).exists());
    }
}
