//! `smartlink-node company token`: makes a token on the member's own machine. The secret goes nowhere.

use super::{make, now, MOST_HOURS};
use crate::{chain_spec, service::HostFunctions};
use codec::Encode;
use sc_executor::WasmExecutor;
use smartlink_runtime::{opaque::Block, AccountId, Hash};
use sp_core::{sr25519, Pair};
use sp_runtime::{
    traits::{Hash as _, HashingFor},
    BuildStorage,
};
use std::{
    fs::File,
    io::{stdin, IsTerminal, Read},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

/// Bytes of a secret at most. A phrase of 24 words with a path has some 250.
const LARGEST: u64 = 1_024;
/// The bits of a file's mode by which others than its owner do something with it.
const OTHERS: u32 = 0o077;

/// Whose token, for which chain, and for how long.
#[derive(Clone, Debug, clap::Args)]
pub struct TokenCommand {
    /// The file with the account's secret: a phrase with or without a path, a seed as 0x…, or //Alice on a chain for
    /// development. Nobody but its owner may use it (chmod 600). Left out, the secret is read from the standard input,
    /// which is a pipe.
    ///
    /// The account needs an sr25519 key and a role in a company, and no money.
    #[arg(long, value_name = "FILE")]
    pub account_file: Option<PathBuf>,

    /// The chain for which it is good: dev, local, or the path of a chain specification.
    #[arg(long, value_name = "CHAIN")]
    pub chain: String,

    /// For so many hours it is good.
    #[arg(
        long, value_name = "HOURS", default_value_t = 12,
        value_parser = clap::value_parser!(u64).range(1..=MOST_HOURS)
    )]
    pub hours: u64,
}

/// Why there is no token. Does not repeat the secret.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    #[error(
        "the secret cannot be read from {from} ({source}): see to the file and its permissions"
    )]
    Unreadable { from: String, source: std::io::Error },
    #[error(
        "{from} is a file that others can use (mode {mode:03o}), so its secret is none: run chmod 600 {from}"
    )]
    Open { from: String, mode: u32 },
    #[error(
        "the standard input is a terminal, which would show the secret: name a file with --account-file, or send \
         the secret through a pipe"
    )]
    Terminal,
    #[error("{from} holds more than {LARGEST} bytes, which is no secret: write the phrase alone into it")]
    Large { from: String },
    #[error(
        "{from} holds no secret: write a phrase, a seed as 0x…, or a path such as //Alice into it"
    )]
    Empty { from: String },
    #[error(
        "what {from} holds gives no key ({reason}): write a phrase, a seed as 0x…, or a path such as //Alice into it"
    )]
    Secret { from: String, reason: String },
    #[error(transparent)]
    Chain(#[from] chain_spec::Error),
    #[error(
        "the genesis of '{chain}' cannot be made ({reason}): pass the chain specification that the nodes of the \
         chain were started with"
    )]
    Genesis { chain: String, reason: String },
}

impl TokenCommand {
    /// Prints the token, and nothing else, to the standard output.
    pub fn run(&self) -> sc_cli::Result<()> {
        let (account, token) =
            self.token().map_err(|error| sc_cli::Error::Application(Box::new(error)))?;
        eprintln!("A token of {account}, good for {} hours:", self.hours);
        println!("{token}");
        Ok(())
    }

    fn token(&self) -> Result<(AccountId, String), CommandError> {
        let pair = self.pair()?;
        let expires = now() + self.hours * 3_600;
        Ok((pair.public().into(), make(&pair, genesis(&self.chain)?, expires)))
    }

    fn pair(&self) -> Result<sr25519::Pair, CommandError> {
        let (from, secret) = match &self.account_file {
            Some(path) => {
                let from = format!("'{}'", path.display());
                let file = open(&from, path)?;
                let secret = read(&from, file)?;
                (from, secret)
            }
            None => {
                let from = "the standard input".to_owned();
                refuse_terminal(&stdin())?;
                let secret = read(&from, stdin())?;
                (from, secret)
            }
        };
        let secret = secret.trim();
        if secret.is_empty() {
            return Err(CommandError::Empty { from });
        }
        sr25519::Pair::from_string(secret, None)
            .map_err(|reason| CommandError::Secret { from, reason: format!("{reason:?}") })
    }
}

fn unreadable(from: &str) -> impl FnOnce(std::io::Error) -> CommandError + '_ {
    move |source| CommandError::Unreadable { from: from.to_owned(), source }
}

/// Opens the file of a secret, which nobody but its owner may use in any way.
fn open(from: &str, path: &Path) -> Result<File, CommandError> {
    let file = File::open(path).map_err(unreadable(from))?;
    let mode = file.metadata().map_err(unreadable(from))?.permissions().mode();
    if mode & OTHERS == 0 {
        Ok(file)
    } else {
        Err(CommandError::Open { from: from.to_owned(), mode: mode & 0o777 })
    }
}

/// A terminal would show what is typed.
fn refuse_terminal(source: &impl IsTerminal) -> Result<(), CommandError> {
    if source.is_terminal() {
        Err(CommandError::Terminal)
    } else {
        Ok(())
    }
}

fn read(from: &str, source: impl Read) -> Result<String, CommandError> {
    let mut secret = String::new();
    source.take(LARGEST + 1).read_to_string(&mut secret).map_err(unreadable(from))?;
    if secret.len() as u64 > LARGEST {
        return Err(CommandError::Large { from: from.to_owned() });
    }
    Ok(secret)
}

/// The hash of a chain's first block, as a node makes it from the same specification.
fn genesis(chain: &str) -> Result<Hash, CommandError> {
    let failed = |reason: String| CommandError::Genesis { chain: chain.to_owned(), reason };
    let storage = chain_spec::load(chain)?.build_storage().map_err(failed)?;
    let executor = WasmExecutor::<HostFunctions>::builder().build();
    let version =
        sc_service::resolve_state_version_from_wasm::<_, HashingFor<Block>>(&storage, &executor)
            .map_err(|error| failed(error.to_string()))?;
    let root = |pairs| HashingFor::<Block>::trie_root(pairs, version);
    let children = storage.children_default.into_values().map(|child| {
        let key = child.child_info.prefixed_storage_key().into_inner();
        (key, root(child.data.into_iter().collect()).encode())
    });
    let state = root(storage.top.into_iter().chain(children).collect());
    let block = sc_service::construct_genesis_block::<Block>(state, version);
    Ok(block.header.hash())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::token;
    use clap::Parser;
    use std::{fs, io::Write};

    #[derive(clap::Parser)]
    struct Line {
        #[clap(flatten)]
        command: TokenCommand,
    }

    fn parse(arguments: &[&str]) -> Result<TokenCommand, clap::Error> {
        Line::try_parse_from(["token"].iter().chain(arguments)).map(|line| line.command)
    }

    /// A command whose secret is this.
    fn with(secret: &[u8]) -> (tempfile::NamedTempFile, TokenCommand) {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(secret).unwrap();
        let account_file = Some(file.path().to_owned());
        (file, TokenCommand { account_file, chain: "dev".into(), hours: 12 })
    }

    #[test]
    fn hours_are_one_to_seven_days() {
        assert_eq!(parse(&["--chain", "dev"]).unwrap().hours, 12);
        assert_eq!(parse(&["--chain", "dev", "--hours", "168"]).unwrap().hours, 168);
        assert!(parse(&["--chain", "dev", "--hours", "169"]).is_err());
        assert!(parse(&["--chain", "dev", "--hours", "0"]).is_err());
        assert!(parse(&[]).is_err(), "without a chain");
    }

    #[test]
    fn a_token_is_of_the_secrets_account_and_of_the_chain() {
        if smartlink_runtime::WASM_BINARY.is_none() {
            return;
        }
        let (_file, command) = with(b"//Alice\n");
        let (account, text) = command.token().unwrap();
        let alice = sr25519::Pair::from_string("//Alice", None).unwrap();
        assert_eq!(account, alice.public().into());
        let dev = genesis("dev").unwrap();
        let read = token::read(&text, dev, now()).unwrap();
        assert_eq!(read.account, account);
        assert!((now() + 11 * 3_600..=now() + 12 * 3_600).contains(&read.expires));
        assert_ne!(dev, genesis("local").unwrap());
    }

    #[test]
    fn what_is_no_secret_is_refused_without_repeating_it() {
        let said = |secret: &[u8]| {
            let (_file, command) = with(secret);
            command.pair().err().unwrap().to_string()
        };
        assert!(said(b" \n").contains("holds no secret"), "an empty one would be everybody's");
        let wrong = said(b"hunter2 hunter2");
        assert!(wrong.contains("gives no key") && !wrong.contains("hunter2"), "{wrong}");
        assert!(said(&[b'a'; 2_000]).contains("more than 1024 bytes"));
        assert!(said(&[0xff, 0xfe]).contains("cannot be read"));
        let (file, command) = with(b"//Alice");
        fs::remove_file(file.path()).unwrap();
        let missing = command.pair().err().unwrap().to_string();
        assert!(missing.contains(&file.path().display().to_string()), "{missing}");
    }

    #[test]
    fn a_file_that_others_can_use_is_refused_with_the_remedy() {
        let (file, command) = with(b"//Alice");
        let set = |mode| fs::set_permissions(file.path(), fs::Permissions::from_mode(mode));
        for mode in [0o644, 0o640, 0o604, 0o620, 0o711] {
            set(mode).unwrap();
            let refused = command.pair().err().unwrap().to_string();
            assert!(
                refused.contains(&format!("chmod 600 '{}'", file.path().display())),
                "{refused}"
            );
            assert!(refused.contains(&format!("mode {mode:o}")), "{refused}");
            assert!(!refused.contains("//Alice"), "{refused}");
        }
        for mode in [0o600, 0o400] {
            set(mode).unwrap();
            assert!(command.pair().is_ok(), "{mode:o}");
        }
    }

    #[test]
    fn a_secret_is_not_read_where_it_would_be_shown() {
        // A terminal that nobody types at: its other end.
        let pair = File::options().read(true).write(true).open("/dev/ptmx");
        let refused = refuse_terminal(&pair.unwrap()).unwrap_err().to_string();
        assert!(refused.contains("--account-file") && refused.contains("pipe"), "{refused}");
        assert!(refuse_terminal(&tempfile::tempfile().unwrap()).is_ok());
    }
}
