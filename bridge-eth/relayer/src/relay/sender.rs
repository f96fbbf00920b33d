//! One transaction at a time: sent, raised until it is in a block, and watched until it stays there.
//!
//! The nonce is always the first that no block has. So what waits under it, from this process or from one before it, is
//! replaced by what is due now, or is what is due.

mod resume;
mod waiting;

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
    time::{Duration, Instant},
};

use alloy_primitives::Bytes;

use self::waiting::{note, Old, Sent, Waiting};
use super::{
    purse::Purse,
    staying::{Fate, Staying},
};
use crate::{
    anchor::{Anchor, View},
    config::FeesConfig,
    ethereum::{At, EthereumError, Key},
    operations::Tally,
    Error,
};

/// Transactions that are watched until they stay, at most. The oldest is forgotten, the contract's state is not.
const MOST_STAYING: usize = 64;

/// Sends checkpoints.
pub struct Sender {
    anchor: Anchor,
    purse: Purse,
    bump_after: Duration,
    confirmations: u64,
    tally: Arc<Tally>,
    waiting: Option<Waiting>,
    /// What has to be outbid under each nonce that no block has.
    outbid: BTreeMap<u64, Old>,
    staying: VecDeque<Staying>,
}

impl Sender {
    /// Sends with a key what the contract is to take.
    pub fn new(
        anchor: Anchor,
        key: Key,
        fees: &FeesConfig,
        confirmations: u64,
        tally: Arc<Tally>,
    ) -> Self {
        Self {
            purse: Purse::new(anchor.clone(), key, fees, tally.clone()),
            anchor,
            bump_after: Duration::from_millis(fees.bump_after_ms),
            confirmations,
            tally,
            waiting: None,
            outbid: BTreeMap::new(),
            staying: VecDeque::new(),
        }
    }

    /// Looks after what was sent. Whether something still waits to be in a block, so that nothing else may be sent.
    ///
    /// # Errors
    /// Ethereum does not answer.
    pub async fn look(&mut self, view: &View) -> Result<bool, Error> {
        self.look_after_staying(view).await?;
        let waits = self.look_after_waiting(view).await?;
        Tally::set(&self.tally.waiting, waits.into());
        Ok(waits)
    }

    /// The state in which what is sent is tried: with what the node knows to come, so that a transaction of another relayer that
    /// waits counts as well. Where one of this key left a block, and may wait again, it would look like somebody else's.
    pub fn trial(&self) -> At {
        match self.outbid.values().any(|old| old.left_a_block) {
            true => At::Latest,
            false => At::Pending,
        }
    }

    /// Sends a call of the contract that brings a block, after the block `at` of Ethereum.
    ///
    /// # Errors
    /// It would fail, costs too much, or Ethereum does not take it.
    pub async fn send(&mut self, block: u32, data: Bytes, at: u64) -> Result<(), Error> {
        let address = self.purse.address();
        let nonce = self.anchor.ethereum().nonce(address, At::Latest).await?;
        let gas = self.purse.gas(self.anchor.estimate(address, data.clone()).await?)?;
        // Those below are in blocks. Should one leave it, that is seen where it is watched.
        self.outbid = self.outbid.split_off(&nonce);
        let fees = match self.outbid.get(&nonce) {
            Some(old) => {
                let over = self.purse.over(old.fees).await?;
                over.ok_or_else(|| self.purse.stuck(nonce))?
            }
            None => self.purse.offer().await?,
        };
        self.purse.check(gas, fees).await?;
        let (hash, answer) = self.purse.send(nonce, gas, fees, data.clone()).await?;
        if let Err(error) = answer.as_ref() {
            if error.is_a_no() {
                return Err(self.refused(nonce, Old { fees, ..Old::default() }, error).await);
            }
        }
        Tally::add(&self.tally.sent, 1);
        let mut sent = self.outbid.remove(&nonce).unwrap_or_default().sent;
        note(&mut sent, Sent { hash, block });
        let (offered, unanswered) = (Instant::now(), answer.is_err());
        self.waiting = Some(Waiting {
            block,
            nonce,
            gas,
            data,
            fees,
            sent,
            offered,
            offered_at: at,
            unanswered,
        });
        // Without an answer nobody knows whether the node has it, and it is sent again.
        answer?;
        tracing::info!(block, %hash, nonce, gas, most_wei = fees.most, tip_wei = fees.tip, "sent");
        Ok(())
    }

    /// The node does not take a transaction. Where something waits under its nonce, more has to be offered the next time.
    async fn refused(&mut self, nonce: u64, old: Old, error: &EthereumError) -> Error {
        let address = self.purse.address();
        // Not every client says that as it is known here.
        let pending = self.anchor.ethereum().nonce(address, At::Pending).await;
        if error.is_outbid() || pending.is_ok_and(|pending| pending > nonce) {
            let outbid = self.outbid.entry(nonce).or_default();
            outbid.fees = old.fees;
            outbid.sent.extend(old.sent);
        }
        error.clone().into()
    }

    /// Looks at the account's balance, for who watches the figures.
    ///
    /// # Errors
    /// Ethereum does not answer.
    pub async fn look_at_balance(&self) -> Result<(), Error> {
        self.purse.balance().await.map(|_| ())
    }

    async fn look_after_staying(&mut self, view: &View) -> Result<(), Error> {
        for mut staying in std::mem::take(&mut self.staying) {
            match staying.look(&self.anchor, view, self.confirmations).await {
                Ok(Fate::Stays) => Tally::add(&self.tally.confirmed, 1),
                Ok(Fate::Open) => self.staying.push_back(staying),
                Ok(Fate::Left) => self.left(&staying),
                Err(error) => {
                    self.staying.push_back(staying);
                    tracing::debug!(%error, "it is looked after later");
                }
            }
        }
        Ok(())
    }

    /// A transaction left its block. The node may have put it back into its pool, or not; and whatever waits under a later nonce
    /// cannot come before its own nonce has one.
    fn left(&mut self, staying: &Staying) {
        Tally::add(&self.tally.reorganised, 1);
        let sent = vec![Sent { hash: staying.receipt.transaction_hash, block: staying.block }];
        self.outbid.insert(staying.nonce, Old { fees: staying.fees, sent, left_a_block: true });
        if let Some(waiting) = self.waiting.take_if(|waiting| waiting.nonce > staying.nonce) {
            let (nonce, block) = (waiting.nonce, waiting.block);
            tracing::info!(
                block,
                nonce,
                first = staying.nonce,
                "given up: an earlier one is first"
            );
            self.outbid.insert(nonce, Old { left_a_block: true, ..Old::from(waiting) });
        }
    }
}
