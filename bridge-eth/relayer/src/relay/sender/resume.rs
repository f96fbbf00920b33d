//! What a process before this one has sent.

use std::time::Instant;

use super::{
    waiting::{Old, Sent, Waiting},
    Sender,
};
use crate::{
    anchor::read,
    ethereum::{At, Fees, Transaction},
    Error,
};

impl Sender {
    /// Looks for what a process before this one has sent, and goes on with it.
    ///
    /// # Errors
    /// Ethereum does not answer.
    pub async fn resume(&mut self) -> Result<(), Error> {
        let (ethereum, address) = (self.anchor.ethereum(), self.purse.address());
        let nonce = ethereum.nonce(address, At::Latest).await?;
        if ethereum.nonce(address, At::Pending).await? <= nonce {
            return Ok(());
        }
        let at = ethereum.head().await?.number;
        let waiting = ethereum.waiting_of(address).await?;
        let Some(found) = waiting.into_iter().find(|transaction| transaction.nonce == nonce) else {
            tracing::info!(nonce, "a transaction of this key waits, which the node does not show");
            return Ok(());
        };
        self.adopt(found, at)
    }

    /// Goes on with a transaction, if this key has signed it. The node is not believed that.
    fn adopt(&mut self, found: Transaction, at: u64) -> Result<(), Error> {
        let (most, tip) = (found.max_fee_per_gas, found.max_priority_fee_per_gas);
        let Some(fees) = most.zip(tip).map(|(most, tip)| Fees { most, tip }) else { return Ok(()) };
        if !self.purse.has_signed(&found, fees)? {
            tracing::warn!(hash = %found.hash, nonce = found.nonce, "what waits is not as this key signs: it is passed over");
            return Ok(());
        }
        let Transaction { hash, to, nonce, gas, input: data, .. } = found;
        let ours = to == Some(self.anchor.address());
        let Some(brought) = read(&data).ok().filter(|_| ours) else {
            self.outbid.insert(nonce, Old { fees, ..Old::default() });
            return Ok(());
        };
        let block = brought.commitment.block;
        tracing::info!(%hash, nonce, block, "going on with a transaction that waits");
        let (sent, offered) = (vec![Sent { hash, block }], Instant::now());
        let (offered_at, unanswered) = (at, false);
        self.waiting =
            Some(Waiting { block, nonce, gas, data, fees, sent, offered, offered_at, unanswered });
        Ok(())
    }
}
