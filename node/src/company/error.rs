//! Why a command of a company did not do what was asked.

use std::{io, path::PathBuf};

/// Why a command of a company did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A folder that cannot be made.
    #[error(
        "the folder '{path}' cannot be made ({source}): name one that you may write to, after --into or \
         --base-path"
    )]
    Folder {
        /// Which one.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file that is there.
    #[error(
        "'{0}' is there already with other content: look at it, then choose another folder with --into, or \
         replace it with --force"
    )]
    Exists(PathBuf),
    /// A file that cannot be written.
    #[error(
        "'{path}' cannot be written ({source}): make room, or name a folder that you may write to"
    )]
    Write {
        /// Which one.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file or a folder that cannot be read.
    #[error("'{path}' cannot be read ({source}): check its name and whose it is")]
    Read {
        /// Which one.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A name that cannot stand in a script.
    #[error(
        "the path {0:?} cannot stand in a script: use one of UTF-8 without control characters"
    )]
    Path(PathBuf),

    /// A file without a secret.
    #[error("the first line of '{0}' is no secret: move the file away, or make a new one in its place with --force")]
    NoSecret(PathBuf),
    /// A paper that is nothing.
    #[error("the paper '{0}' is empty: name the document itself")]
    EmptyPaper(PathBuf),
    /// A paper that is too large.
    #[error(
        "the paper '{path}' has more than {most} MiB: name the document itself, or a smaller copy"
    )]
    LargePaper {
        /// Which one.
        path: PathBuf,
        /// The most, in MiB.
        most: u64,
    },
    /// A paper that was named twice.
    #[error("the paper '{0}' is shown twice for the same: leave one out")]
    SamePaper(PathBuf),
    /// More papers than the chain takes.
    #[error("there are {0} papers, and an application has 1 to 16: put several into one document")]
    PaperCount(usize),
    /// An end that is over.
    #[error("--until {0} is not in the future: name a later day, or leave it out for a membership without end")]
    Past(String),
    /// No clock.
    #[error("the clock of this machine stands before 1970: set it")]
    Clock,

    /// No chain.
    #[error("{0}; founders, whose chain has no specification yet, pass --chain-id as well")]
    Chain(String),
    /// The password of the keystore.
    #[error("the password of the keystore cannot be read ({0}): check --password-filename")]
    Password(String),
    /// A keystore that takes no keys.
    #[error(
        "the keystore '{path}' takes no keys ({reason}): check whose it is, and that there is room"
    )]
    Keystore {
        /// Which one.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// A keystore that is not there, or without keys.
    #[error(
        "there are no session keys in '{0}': check --chain, --base-path and --keystore-path; \
         `smartlink-node company join` makes the first"
    )]
    NoSessionKeys(PathBuf),
    /// Keys that do not sign.
    #[error(
        "the keystore '{0}' does not sign with its session keys: give the password with which they were made, \
         by --password-filename"
    )]
    DoesNotSign(PathBuf),
    /// Keys that were made elsewhere.
    #[error(
        "the session keys in '{call}' are not in the keystore '{keystore}': run this on the machine that made \
         them, with its --base-path, or make others with --force"
    )]
    KeysElsewhere {
        /// The file with the call.
        call: PathBuf,
        /// The keystore that lacks them.
        keystore: PathBuf,
    },
    /// A file that holds another call.
    #[error(
        "'{path}' does not set session keys that belong to {account}: choose another folder with --into, or \
         replace it with --force"
    )]
    OtherCall {
        /// The file with the call.
        path: PathBuf,
        /// Whose keys were expected.
        account: String,
    },
    /// No identity on the network.
    #[error(
        "there is no node key '{0}': check --chain and --base-path, or give the peer id with --peer-id"
    )]
    NoNodeKey(PathBuf),
    /// A file that is no identity.
    #[error("'{path}' is no node key ({source}): it has 64 hexadecimal digits, or 32 bytes")]
    NodeKey {
        /// Which one.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },

    /// No answer.
    #[error(
        "the node at {url} does not answer {method} ({reason}): check that it runs, and --node"
    )]
    Node {
        /// Where it was asked.
        url: String,
        /// What it was asked.
        method: &'static str,
        /// What went wrong.
        reason: String,
    },
    /// An answer that takes too long.
    #[error(
        "the node at {url} took longer than {seconds} seconds: try again when it is less busy"
    )]
    Slow {
        /// Where it was asked.
        url: String,
        /// How long it had.
        seconds: u64,
    },
    /// A state that this binary does not understand.
    #[error(
        "the chain keeps {what} in another form than this binary knows ({reason}): use the smartlink-node of \
         the chain's own version"
    )]
    OtherForm {
        /// What was read.
        what: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// No such company.
    #[error("there is no company {0} on this chain: look at the id in the portal, or in the event Admitted")]
    UnknownCompany(u32),
    /// Not all is well.
    #[error("not all is well: see what needs attention above ({0})")]
    Attention(usize),
    /// No runtime for asking.
    #[error("this process cannot ask over the network ({0}): check the limits of the system")]
    Runtime(io::Error),
    /// A report that cannot be shown.
    #[error("the report cannot be written as JSON ({0}): leave --json out")]
    Json(serde_json::Error),
}

impl From<Error> for sc_cli::Error {
    fn from(error: Error) -> Self {
        Self::Application(Box::new(error))
    }
}
