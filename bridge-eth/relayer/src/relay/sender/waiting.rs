//! A transaction that waits to be in a block: found there, given up, or raised.

use std::time::Instant;

use alloy_primitives::{Bytes, B256};

use super::{Sender, Staying, MOST_STAYING};
use crate::{
    anchor::{AnchorError, View},
    ethereum::{At, Fees, Receipt},
    operations::Tally,
    Error,
};

/// Transactions under one nonce that are looked for, at most. The oldest is forgotten.
const MOST_SENT: usize = 32;

/// A transaction that was sent, or may have been.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sent {
    pub hash: B256,
    /// The block that it brings.
    pub block: u32,
}

/// What waits under a nonce, or may, and is to be replaced.
#[derive(Clone, Debug, Default)]
pub(super) struct Old {
    pub fees: Fees,
    pub sent: Vec<Sent>,
    /// Ethereum was reorganised under it.
    pub left_a_block: bool,
}

/// A transaction that waits to be in a block.
#[derive(Clone, Debug)]
pub(super) struct Waiting {
    /// The block that it brings.
    pub block: u32,
    pub nonce: u64,
    pub gas: u64,
    pub data: Bytes,
    pub fees: Fees,
    /// It, and those that it replaces: any of them may get into a block.
    pub sent: Vec<Sent>,
    pub offered: Instant,
    /// The last block of Ethereum then.
    pub offered_at: u64,
    /// Nobody has said whether the node has it.
    pub unanswered: bool,
}

impl From<Waiting> for Old {
    fn from(waiting: Waiting) -> Self {
        Self { fees: waiting.fees, sent: waiting.sent, left_a_block: false }
    }
}

/// Notes a transaction among those under its nonce.
pub(super) fn note(sent: &mut Vec<Sent>, one: Sent) {
    if sent.len() >= MOST_SENT {
        sent.remove(0);
    }
    sent.push(one);
}

impl Waiting {
    /// Notes what replaces it, and those before.
    fn replaced(&mut self, hash: B256, fees: Fees) {
        note(&mut self.sent, Sent { hash, block: self.block });
        self.fees = fees;
    }
}

impl Sender {
    /// Looks after what waits: whether it goes on waiting.
    pub(super) async fn look_after_waiting(&mut self, view: &View) -> Result<bool, Error> {
        if self.waiting.is_none() || self.is_mined().await? {
            return Ok(false);
        }
        self.still_waits(view).await
    }

    /// Whether it is in a block, and then it waits no more.
    async fn is_mined(&mut self) -> Result<bool, Error> {
        let Some(waiting) = &self.waiting else { return Ok(false) };
        for sent in waiting.sent.iter().rev() {
            if let Some(receipt) = self.anchor.ethereum().receipt(sent.hash).await? {
                let block = sent.block;
                self.mined(block, receipt);
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn mined(&mut self, block: u32, receipt: Receipt) {
        let Some(Waiting { nonce, fees, .. }) = self.waiting.take() else { return };
        self.outbid.remove(&nonce);
        self.purse.paid(&receipt);
        Tally::set(&self.tally.at_bound, 0);
        Tally::add(&self.tally.mined, 1);
        let (transaction, gas) = (receipt.transaction_hash, receipt.gas_used);
        if receipt.status != 1 {
            Tally::add(&self.tally.reverted, 1);
            tracing::warn!(block, %transaction, gas, "somebody else was faster, and this one did nothing");
            return;
        }
        tracing::info!(block, %transaction, gas, ethereum = receipt.block_number, "the contract has it");
        self.staying.push_back(Staying { block, nonce, fees, receipt });
        if self.staying.len() > MOST_STAYING {
            self.staying.pop_front();
        }
    }

    /// It is in no block: whether it goes on waiting.
    async fn still_waits(&mut self, view: &View) -> Result<bool, Error> {
        let Some(waiting) = &self.waiting else { return Ok(false) };
        let nonce = waiting.nonce;
        if view.latest >= waiting.block {
            self.lost();
            return Ok(false);
        }
        let used = self.anchor.ethereum().nonce(self.purse.address(), At::Latest).await?;
        if used > nonce {
            // It may have come into a block since it was looked for.
            if !self.is_mined().await? {
                tracing::warn!(
                    nonce,
                    "another transaction has this nonce: the key is used by somebody else as well, which delays both"
                );
                self.waiting = None;
            }
            return Ok(false);
        }
        if waiting.unanswered {
            return self.send_again().await;
        }
        if waiting.offered.elapsed() < self.bump_after || view.at <= waiting.offered_at {
            return Ok(true);
        }
        let (from, data) = (Some(self.purse.address()), waiting.data.clone());
        match self.anchor.attempt(from, data, At::Latest).await {
            Ok(_) => self.raise(view.at).await.map(|()| true),
            // Somebody else's may have been first, or itself.
            Err(AnchorError::Reverted(_)) => {
                if !self.is_mined().await? {
                    self.lost();
                }
                Ok(false)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Somebody else has brought it. What follows replaces it, so that it costs nothing; if nothing does, it costs a revert.
    fn lost(&mut self) {
        let Some(waiting) = self.waiting.take() else { return };
        tracing::info!(block = waiting.block, nonce = waiting.nonce, "somebody else was faster");
        Tally::add(&self.tally.lost, 1);
        Tally::set(&self.tally.at_bound, 0);
        self.outbid.insert(waiting.nonce, waiting.into());
    }

    /// Sends the same once more, after nobody has answered: whether it waits.
    async fn send_again(&mut self) -> Result<bool, Error> {
        let Some(waiting) = &mut self.waiting else { return Ok(false) };
        let Waiting { block, nonce, gas, fees, .. } = *waiting;
        let (hash, answer) = self.purse.send(nonce, gas, fees, waiting.data.clone()).await?;
        match answer {
            Ok(()) => tracing::info!(block, %hash, nonce, "sent once more"),
            // It has come into a block.
            Err(error) if error.is_of_a_used_nonce() => {}
            Err(error) if error.is_a_no() => {
                let old = self.waiting.take().map(Old::from).unwrap_or_default();
                return Err(self.refused(nonce, old, &error).await);
            }
            Err(error) => return Err(error.into()),
        }
        waiting.unanswered = false;
        Ok(true)
    }

    /// Offers more for what waits.
    async fn raise(&mut self, at: u64) -> Result<(), Error> {
        let Some(waiting) = &mut self.waiting else { return Ok(()) };
        (waiting.offered, waiting.offered_at) = (Instant::now(), at);
        let Waiting { block, nonce, gas, .. } = *waiting;
        let over = self.purse.over(waiting.fees).await?;
        let Some(fees) = over.filter(|fees| self.purse.check_day(gas, *fees).is_ok()) else {
            Tally::set(&self.tally.at_bound, 1);
            tracing::warn!(
                block,
                nonce,
                "it offers what may be paid (fees.most_gwei, fees.most_tip_gwei, fees.most_gwei_a_day), and waits"
            );
            return Ok(());
        };
        let (hash, answer) = self.purse.send(nonce, gas, fees, waiting.data.clone()).await?;
        match answer {
            Ok(()) => {
                waiting.replaced(hash, fees);
                Tally::add(&self.tally.bumped, 1);
                tracing::info!(block, %hash, most_wei = fees.most, "it offers more");
            }
            // It may be in a block by now.
            Err(error) if error.is_of_a_used_nonce() => {}
            Err(error) if error.is_outbid() => waiting.fees = fees,
            Err(error) if error.is_a_no() => return Err(error.into()),
            // The node may have it.
            Err(error) => {
                waiting.replaced(hash, fees);
                waiting.unanswered = true;
                return Err(error.into());
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_replaces_is_looked_for_with_those_before_up_to_a_bound() {
        let mut waiting = Waiting {
            block: 940,
            nonce: 5,
            gas: 90_000,
            data: Bytes::new(),
            fees: Fees { most: 2, tip: 1 },
            sent: vec![Sent { hash: B256::ZERO, block: 936 }],
            offered: Instant::now(),
            offered_at: 7,
            unanswered: false,
        };
        for raised in 1..=40_u8 {
            let fees = Fees { most: 2 + u128::from(raised), tip: 1 };
            waiting.replaced(B256::repeat_byte(raised), fees);
        }
        assert_eq!(waiting.sent.len(), MOST_SENT);
        assert!(waiting.sent.iter().all(|sent| sent.block == 940));
        let old = Old::from(waiting);
        assert_eq!(old.fees, Fees { most: 42, tip: 1 });
        assert_eq!(old.sent.last().map(|sent| sent.hash), Some(B256::repeat_byte(40)));
    }
}
