//! Where the contract is, and how far its events are looked for.

use std::{fmt, time::Duration};

use alloy_primitives::Address;

use crate::{
    ethereum::{host, Ethereum},
    AnchorError,
};

/// A node of Ethereum, and the contract on its chain.
#[derive(Clone)]
pub struct Source {
    /// The JSON-RPC of the node, over HTTP. May be secret.
    pub url: String,
    /// The id of the chain that has to answer there (EIP-155). 0: whichever does.
    pub chain_id: u64,
    /// The contract. `None`: it is not deployed yet.
    pub contract: Option<Address>,
    /// How long an answer may take.
    pub patience: Duration,
    /// Blocks whose events are asked for at once.
    pub events_at_once: u64,
    /// Blocks that are looked at for an event.
    pub events_back: u64,
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Source");
        shown.field("url", &host(&self.url)).field("contract", &self.contract);
        shown.finish_non_exhaustive()
    }
}

/// The node of a source, and the id of its chain.
///
/// # Errors
/// There is no answer, or it is on another chain.
pub async fn connect(source: impl Into<Source>) -> Result<(Ethereum, u64), AnchorError> {
    let Source { url, chain_id: wanted, patience, .. } = source.into();
    let ethereum = Ethereum::at(&url, patience)?;
    let found = ethereum.chain_id().await?;
    match wanted != 0 && wanted != found {
        true => Err(AnchorError::OtherEthereum { found, wanted }),
        false => Ok((ethereum, found)),
    }
}
