//! `smartlink-offchain call show`: what a call says that another program wrote.

use smartlink_chain::council::{self, Part};

use super::{call::CallSource, report, NodeArgs};
use crate::Error;

/// Shows a call in words.
#[derive(Debug, clap::Args)]
pub struct ShowCall {
    /// The call, SCALE-encoded: a file with the one line 0x..., or 0x... itself.
    #[arg(value_name = "FILE|0x...")]
    call: CallSource,
    #[command(flatten)]
    node: NodeArgs,
}

impl ShowCall {
    /// Shows it.
    ///
    /// # Errors
    /// It cannot be read, or the node does not answer.
    pub async fn perform(self) -> Result<(), Error> {
        let bytes = self.call.read()?;
        let chain = report::connect(&self.node.url).await?;
        let at = council::best(&chain).await?;
        let call = report::read(&at, bytes)?;
        report::print_call(call.words());
        println!("{} bytes, blake2-256 {:?}", call.bytes().len(), call.hash());
        let seats = council::size(&at).await?;
        let needed = Part::needed(call.words()).of(seats);
        println!("If the council is to do it, that takes {needed} votes of {seats}.");
        Ok(())
    }
}
