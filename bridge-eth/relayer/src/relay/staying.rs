//! Whether a transaction that is in a block stays there.

use crate::{
    anchor::{Anchor, View},
    ethereum::{Fees, Receipt},
    Error,
};

/// A transaction that is in a block, with few on top.
pub(super) struct Staying {
    /// The block of the chain that it brought.
    pub block: u32,
    pub nonce: u64,
    pub fees: Fees,
    pub receipt: Receipt,
}

/// What became of it.
pub(super) enum Fate {
    /// It is below as many blocks as are wanted.
    Stays,
    /// It may still leave.
    Open,
    /// Ethereum was reorganised, and it is in no block.
    Left,
}

impl Staying {
    /// Looks where it is now. After it has left, the contract does not have its block, so it is due again.
    pub async fn look(
        &mut self,
        anchor: &Anchor,
        view: &View,
        confirmations: u64,
    ) -> Result<Fate, Error> {
        let on_top = view.at.saturating_sub(self.receipt.block_number);
        let is_held = view.latest >= self.block;
        if is_held && on_top < confirmations {
            return Ok(Fate::Open);
        }
        let (block, transaction) = (self.block, self.receipt.transaction_hash);
        match anchor.ethereum().receipt(transaction).await? {
            Some(receipt) if receipt.block_hash == self.receipt.block_hash => {
                Ok(if is_held { Fate::Stays } else { Fate::Open })
            }
            Some(receipt) if receipt.status == 1 => {
                tracing::info!(block, %transaction, ethereum = receipt.block_number, "it moved to another block");
                self.receipt = receipt;
                Ok(Fate::Open)
            }
            _ => {
                tracing::warn!(block, %transaction, "Ethereum was reorganised, and the transaction left its block");
                Ok(Fate::Left)
            }
        }
    }
}
