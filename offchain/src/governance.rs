//! What people of a company sign by hand: any call ([`send`]), and the work of the council ([`council`]).
//!
//! Other programs write calls; here they are shown in words, by the metadata of the chain that is asked, signed with a key from a
//! file, and followed until it is known what they did.

mod ask;
mod call;
pub mod council;
mod key;
mod report;
pub mod send;
pub mod show;

pub use council::Council;
pub use send::SendCall;
pub use show::ShowCall;

use std::path::PathBuf;

use crate::Error;

/// What is done with a call that another program wrote.
#[derive(Debug, clap::Subcommand)]
pub enum CallJob {
    /// Shows it in words.
    Show(ShowCall),
    /// Shows it in words, asks, signs it, sends it, and prints what it did.
    ///
    /// Waits until its block is final; then prints the block and each event. Ends with 1 when nothing was sent, or the call or one
    /// in it failed, with the chain's sentence.
    Send(SendCall),
}

impl CallJob {
    /// Does it.
    ///
    /// # Errors
    /// It was not done, or failed. The sentence says which.
    pub async fn perform(self) -> Result<(), Error> {
        match self {
            Self::Show(show) => show.perform().await,
            Self::Send(send) => send.perform().await,
        }
    }
}

/// The node that is asked.
#[derive(Clone, Debug, clap::Args)]
struct NodeArgs {
    /// The node's WebSocket.
    #[arg(long = "node", value_name = "URL", default_value = "ws://127.0.0.1:9944")]
    url: String,
}

/// Who signs.
#[derive(Clone, Debug, clap::Args)]
struct KeyArgs {
    /// A file whose first line is the secret of the account that signs: a phrase, a seed 0x..., or a path such as //Alice.
    /// Nobody but its owner may read it.
    #[arg(long = "key-file", value_name = "FILE")]
    file: PathBuf,
    /// Sends without asking. Needed where there is no terminal to ask on.
    #[arg(long)]
    yes: bool,
}
