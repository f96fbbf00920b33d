//! How a company's machine becomes a validator: its keys, the calls that make them known, and how it is started.

use super::{
    account::{self, address},
    calls,
    error::Error,
    files::{make_folder, File, Target},
    keys::{self, Keystore, Proven},
    name,
    node_key::{self, Identity},
    place::{absolute, Place},
    said::Said,
    start::{quoted, unit, Start},
};
use codec::Encode;
use pallet_nodes::Label;
use sc_network::{config::MultiaddrWithPeerId, Multiaddr};
use smartlink_primitives::CompanyId;
use smartlink_runtime::{AccountId, RuntimeCall};
use sp_core::bytes;
use std::{
    env,
    fs::{self, Metadata},
    io::{ErrorKind, Read},
    os::unix::fs::MetadataExt,
    path::Path,
};

/// The file of the call by which an account sets its first session keys.
const SET_KEYS: &str = "set-keys.call";
const REGISTER: &str = "register-node.call";
const ADD: &str = "add-validator.call";
const FOUNDER: &str = "validator.toml";
const RUN: &str = "run.sh";
const UNIT: &str = "smartlink-node.service";

/// The most bytes of a file with a call that sets keys. It has less than a thousand.
const MAX_CALL: u64 = 64 * 1024;

/// A validator of a company.
#[derive(Clone, Debug, clap::Args)]
pub struct Join {
    #[clap(flatten)]
    place: Place,

    /// The company that runs it.
    #[arg(long, value_name = "ID", value_parser = clap::value_parser!(u32).range(1..))]
    company: u32,

    /// The validator's own account, which sets the session keys. It needs some money to exist.
    #[arg(long, value_name = "ACCOUNT", value_parser = account::parse)]
    account: AccountId,

    /// How the company calls the machine, 1 to 64 bytes of UTF-8.
    #[arg(long, value_name = "NAME", value_parser = name::parse)]
    label: Label,

    /// Where other nodes reach it, such as /dns/yantian.example/tcp/30333. May be given many times.
    #[arg(long, value_name = "ADDRESS")]
    public_addr: Vec<Multiaddr>,

    /// A node that it asks first for others. May be given many times; the chain's specification names some, too.
    #[arg(long, value_name = "ADDRESS")]
    bootnodes: Vec<MultiaddrWithPeerId>,

    #[clap(flatten)]
    target: Target,
}

/// What was found, or made.
struct Keys {
    session: Proven,
    session_made: bool,
    /// Session keys of others in the same keystore, or of before.
    others: usize,
    node: Identity,
    node_made: bool,
}

impl Join {
    /// Makes the keys that are not there yet, and writes the files.
    ///
    /// # Errors
    /// A file is there that may not be replaced, keys were made elsewhere, or something cannot be read or written.
    /// Then no session keys are made.
    pub fn run(&self) -> Result<String, Error> {
        let config_dir = self.place.config_dir()?;
        let base_path = absolute(&self.place.base_path)?;
        // Before anything is made.
        let kept = kept(&self.target.path(SET_KEYS), &self.account, self.target.force)?;
        make_folder(&base_path)?;
        let owner = metadata(&base_path)?;
        let (node, node_made) = node_key::ensure(&config_dir)?;
        let start = self.start_files(&base_path, &owner)?;
        // They also show that the folder takes files, before keys are made whose call would have no place.
        self.target.write(&[self.calls(&node), start].concat())?;

        let keystore = Keystore::open(&self.place.keystore, &config_dir)?;
        let (session, session_made) = self.session_keys(kept, &keystore)?;
        let others = keystore.others(Some(&session.keys))?.len();
        let keys = Keys { session, session_made, others, node, node_made };
        if session_made {
            // First: without this file nobody knows for whom the keys were made.
            let Proven { keys, proof } = keys.session.clone();
            let call = calls::set_keys(keys, proof);
            self.target.write(&[File::plain(SET_KEYS, calls::line(&call))])?;
        }
        self.target.write(&[File::plain(FOUNDER, self.founder(&keys))])?;
        let secret = metadata(&node_key::file(&config_dir))?;
        let foreign = (secret.uid() != owner.uid()).then_some(owner.uid());
        Ok(self.said(&keys, &config_dir, keystore.path(), owner.uid() == 0, foreign))
    }

    /// The keys of the call that is there, or new ones.
    fn session_keys(
        &self,
        kept: Option<Proven>,
        keystore: &Keystore,
    ) -> Result<(Proven, bool), Error> {
        if let Some(kept) = kept {
            if keystore.holds(&kept.keys) {
                // With the right password, too.
                keystore.prove(kept.keys.clone(), &self.account)?;
                return Ok((kept, false));
            }
            if !self.target.force {
                return Err(Error::KeysElsewhere {
                    call: self.target.path(SET_KEYS),
                    keystore: keystore.path().into(),
                });
            }
        }
        self.target.must_not_hold(&[SET_KEYS, FOUNDER])?;
        Ok((keystore.make(&self.account)?, true))
    }

    /// What an administrator and the council are asked for.
    fn calls(&self, node: &Identity) -> Vec<File> {
        let company = CompanyId(self.company);
        let register = calls::register_validator_node(company, node.key, self.label.clone());
        let add = calls::add_validator(company, self.account.clone());
        vec![File::plain(REGISTER, calls::line(&register)), File::plain(ADD, calls::line(&add))]
    }

    /// What starts the node.
    fn start_files(&self, base_path: &Path, owner: &Metadata) -> Result<Vec<File>, Error> {
        let program = env::current_exe()
            .map_err(|source| Error::Read { path: "/proc/self/exe".into(), source })?;
        let keystore = &self.place.keystore;
        let keystore_path = keystore.keystore_path.as_deref().map(absolute).transpose()?;
        let password = keystore.password_filename.as_deref().map(absolute).transpose()?;
        let label = name::text(&self.label);
        let script = Start {
            program: &program,
            chain: &self.place.chain_anywhere()?,
            base_path,
            keystore_path: keystore_path.as_deref(),
            password_filename: password.as_deref(),
            label: &label,
            public_addr: &self.public_addr,
            bootnodes: &self.bootnodes,
        }
        .script()?;
        let mut writes = vec![base_path];
        writes.extend(keystore_path.as_deref());
        let run = absolute(&self.target.path(RUN))?;
        let unit = unit(&label, &run, &writes, (owner.uid(), owner.gid()))?;
        Ok(vec![File::program(RUN, script), File::plain(UNIT, unit)])
    }

    /// The lines of a consortium file.
    fn founder(&self, keys: &Keys) -> String {
        let Self { company, account, label, .. } = self;
        let Proven { keys: session, proof } = &keys.session;
        // A name has no control characters: a string of JSON is one of TOML then.
        let label = serde_json::Value::from(name::text(label));
        format!(
            "# A validator of company {company}: below its [[company]] in the consortium's file.\n\
             [[company.validator]]\naccount = \"{}\"\nkeys = \"{}\"\nproof = \"{}\"\n\n\
             [[company.node]]\nid = \"{}\"\nkind = \"validator\"\nlabel = {label}\n",
            address(account),
            bytes::to_hex(&session.encode(), false),
            bytes::to_hex(proof, false),
            keys.node.peer.to_base58(),
        )
    }

    fn said(
        &self,
        keys: &Keys,
        config_dir: &Path,
        keystore: &Path,
        root: bool,
        foreign: Option<u32>,
    ) -> String {
        let made = |made: bool| if made { "new" } else { "kept" };
        let mut said = Said::new();
        said.line(format!(
            "Validator '{}' of company {}, account {}\n",
            name::text(&self.label),
            self.company,
            address(&self.account)
        ));
        for (_, name, public) in keys::named(&keys.session.keys) {
            let public = bytes::to_hex(&public, false);
            said.line(format!("  {name:<20} {public}  {}", made(keys.session_made)));
        }
        let peer = keys.node.peer.to_base58();
        said.line(format!("  {:<20} {peer}  {}\n", "peer id", made(keys.node_made)));
        said.line(format!(
            "The secrets are on this machine alone: session keys in {}, the node's in {}.",
            keystore.display(),
            node_key::file(config_dir).display()
        ));
        if !keys.session_made {
            said.line(
                "The session keys were made before, and are kept. Others makes \
                 `smartlink-node company rotate-keys`.",
            );
        } else if keys.others > 0 {
            said.line(format!(
                "The keystore holds {} further session keys, which stay as they are.",
                keys.others
            ));
        }
        if root {
            said.line(
                "The node's folder belongs to root, so the unit runs as root: make a user for it (useradd --system \
                 smartlink), give it the folder (chown -R), and run this again.",
            );
        }
        if let Some(user) = foreign {
            said.line(format!(
                "The keys belong to you, and the node's folder to user {user}, as whom the unit runs: give them to \
                 that user (chown -R {user} {}).",
                quoted(&config_dir.display().to_string())
            ));
        }
        if self.place.keystore.password.is_some() || self.place.keystore.password_interactive {
            said.line(
                "The keystore has a password, which stands in no script: write it to a file with mode 0600, \
                 and run this again with --password-filename, or start run.sh with it.",
            );
        }
        match self.place.chain_id {
            Some(_) => said.steps(self.steps_of_founder()),
            None => said.steps(self.steps()),
        }
        said.into()
    }

    /// For a company that joins a chain.
    fn steps(&self) -> Vec<String> {
        let at = |name: &str| quoted(&self.target.path(name).display().to_string());
        let Self { company, account, place, .. } = self;
        let account = address(account);
        vec![
            format!(
                "Somebody with the permission ROLES in company {company} registers the machine: \
                 smartlink-offchain call send {} --key-file FILE",
                at(REGISTER)
            ),
            format!(
                "Start the node when that is final, and let it catch up: {}, or as a service: sudo cp {} \
                 /etc/systemd/system/ && sudo systemctl enable --now smartlink-node",
                at(RUN),
                at(UNIT)
            ),
            format!(
                "{account} sets the keys: smartlink-offchain call send {} --key-file FILE. It is nobody's staff \
                 yet, and pays this fee itself: give it some money before.",
                at(SET_KEYS)
            ),
            format!(
                "A member of the council proposes the validator, and two thirds vote for it: \
                 smartlink-offchain council propose {} --key-file FILE",
                at(ADD)
            ),
            format!(
                "It validates from the session after next. This says so: smartlink-node company status \
                 --company {company} --account {account} --chain {} --base-path {}",
                quoted(&place.chain),
                quoted(&place.base_path.display().to_string())
            ),
        ]
    }

    /// For a company that starts a chain with others.
    fn steps_of_founder(&self) -> Vec<String> {
        let at = |name: &str| quoted(&self.target.path(name).display().to_string());
        vec![
            format!(
                "Give {} to whoever puts the consortium's file together. It holds no secret.",
                at(FOUNDER)
            ),
            format!(
                "When everybody has the same specification of the chain, put it at {}.",
                quoted(&self.place.chain)
            ),
            format!("Start the node with the others': {}", at(RUN)),
            "The calls are of no use to a founder: its machine and its keys are in the genesis."
                .into(),
        ]
    }
}

fn metadata(path: &Path) -> Result<Metadata, Error> {
    fs::metadata(path).map_err(|source| Error::Read { path: path.into(), source })
}

/// The session keys that a file sets for an account. `None`: there is no file, or it is of something else and may
/// be replaced.
fn kept(path: &Path, account: &AccountId, force: bool) -> Result<Option<Proven>, Error> {
    let unreadable = |source| Error::Read { path: path.into(), source };
    let file = match fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(error)),
    };
    let mut bytes = Vec::new();
    file.take(MAX_CALL).read_to_end(&mut bytes).map_err(unreadable)?;
    let call = std::str::from_utf8(&bytes).ok().and_then(calls::read);
    let proven = match call {
        Some(RuntimeCall::Session(pallet_session::Call::set_keys { keys, proof })) => {
            Some(Proven { keys, proof }).filter(|proven| proven.holds_for(account))
        }
        _ => None,
    };
    match proven {
        None if !force => Err(Error::OtherCall { path: path.into(), account: address(account) }),
        proven => Ok(proven),
    }
}

#[cfg(test)]
mod tests;
