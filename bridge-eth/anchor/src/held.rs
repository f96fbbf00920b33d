//! The last checkpoint that the contract has, and where on Ethereum it is.

use alloy_primitives::B256;
use smartlink_proofs::{Bundle, Ethereum as Place, Fixed, Hash};

use crate::{
    abi::number,
    ethereum::{EthereumError, Event},
    Anchor, AnchorError, Set,
};

/// The last checkpoint that the contract has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The block of the chain.
    pub block: u32,
    /// The root of its MMR, as the event has it.
    pub root: Hash,
    /// The set that signed it.
    pub set: Set,
    /// Where it is.
    pub place: Place,
}

impl Held {
    /// Whether the leaf about a block is in the MMR of the one that it is of.
    pub const fn covers(&self, block: u32) -> bool {
        block < self.block
    }

    /// Writes where it is into a bundle of the same commitment.
    ///
    /// # Errors
    /// The bundle has another root: the contract is of another chain, or the node of Ethereum lies.
    pub fn name_in(&self, bundle: &mut Bundle, signed: Hash) -> Result<(), AnchorError> {
        let same = bundle.commitment.block == self.block && bundle.commitment.set == self.set.id;
        if !same || signed != self.root {
            let (height, held) = (self.block, self.root);
            return Err(AnchorError::OtherRoot { height, held, signed });
        }
        bundle.ethereum = Some(self.place.clone());
        Ok(())
    }
}

impl Anchor {
    /// The last checkpoint that it has, and the transaction that brought it. `None`: it has none yet.
    ///
    /// # Errors
    /// There is no answer, the event is not found, or it is another one's.
    pub async fn held(&self) -> Result<Option<Held>, AnchorError> {
        let view = self.view().await?;
        if view.latest == 0 {
            return Ok(None);
        }
        let event = self.event_of(view.latest).await?;
        let set = view.current;
        let (block, root, by) = said(&event).ok_or_else(|| EthereumError::Garbled {
            host: self.ethereum().host(),
            method: "eth_getLogs",
            reason: "it is no event of a checkpoint".to_owned(),
        })?;
        if block != u64::from(view.latest) || by != set.id {
            return Err(AnchorError::OtherEvent {
                host: self.ethereum().host(),
                height: view.latest,
                set: set.id,
                found: block,
                by,
            });
        }
        let place = Place {
            chain_id: self.chain_id(),
            contract: Fixed(self.address().into_array()),
            transaction: Fixed(event.transaction_hash.0),
            block: event.block_number,
        };
        Ok(Some(Held { block: view.latest, root, set, place }))
    }
}

/// What the event of a checkpoint says: block, root and set, all of them topics.
fn said(event: &Event) -> Option<(u64, Hash, u64)> {
    let [_, block, root, set]: [B256; 4] = event.topics.as_slice().try_into().ok()?;
    Some((number(&block)?, Fixed(root.0), number(&set)?))
}
