//! What this process has seen and done.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{SystemTime, UNIX_EPOCH},
};

use crate::{anchor::View, config::GWEI, plan::Signed};

/// Figures of this process. All are read while others write.
#[derive(Debug, Default)]
pub struct Tally {
    /// The last block that the contract has.
    pub held_block: AtomicU64,
    /// The number of its current set.
    pub held_set: AtomicU64,
    /// The last block that the chain's validators signed.
    pub signed_block: AtomicU64,
    /// The number of the set that did.
    pub signed_set: AtomicU64,
    /// The last block of Ethereum.
    pub ethereum_block: AtomicU64,
    /// What the key's account has, in gwei.
    pub balance_gwei: AtomicU64,
    /// Whether a transaction waits to be in a block: 0 or 1.
    pub waiting: AtomicU64,
    /// Whether more would have to be paid than a bound of `fees` allows: 0 or 1.
    pub at_bound: AtomicU64,
    /// When both chains were looked at last, in seconds since 1970.
    pub well_at: AtomicU64,
    /// Checkpoints that were sent.
    pub sent: AtomicU64,
    /// Of these, how many are in a block.
    pub mined: AtomicU64,
    /// Of these, how many are below as many blocks as are wanted.
    pub confirmed: AtomicU64,
    /// Of those in a block, how many did nothing, because somebody else was faster.
    pub reverted: AtomicU64,
    /// Checkpoints that somebody else brought first, at no cost.
    pub lost: AtomicU64,
    /// Transactions that left a block again.
    pub reorganised: AtomicU64,
    /// Replacements that offered more.
    pub bumped: AtomicU64,
    /// Answers of the node that would not have passed.
    pub refused: AtomicU64,
    /// Looks that failed and were made again.
    pub failed: AtomicU64,
    /// Gas that was paid for.
    pub gas: AtomicU64,
    /// What was paid, in gwei.
    pub paid_gwei: AtomicU64,
}

impl Tally {
    /// A figure.
    pub fn get(figure: &AtomicU64) -> u64 {
        figure.load(Ordering::Relaxed)
    }

    /// Sets a figure.
    pub fn set(figure: &AtomicU64, value: u64) {
        figure.store(value, Ordering::Relaxed);
    }

    /// Adds to a figure.
    pub fn add(figure: &AtomicU64, more: u64) {
        figure.fetch_add(more, Ordering::Relaxed);
    }

    /// What the contract holds.
    pub fn held(&self, view: &View) {
        Self::set(&self.held_block, view.latest.into());
        Self::set(&self.held_set, view.current.id);
        Self::set(&self.ethereum_block, view.at);
    }

    /// What was signed last. Both chains have been looked at then.
    pub fn signed(&self, signed: Signed) {
        Self::set(&self.signed_block, signed.block.into());
        Self::set(&self.signed_set, signed.set);
        Self::set(&self.well_at, now());
    }

    /// What a transaction in a block cost.
    pub fn paid(&self, gas: u64, wei_a_unit: u128) {
        Self::add(&self.gas, gas);
        let gwei = u128::from(gas).saturating_mul(wei_a_unit) / GWEI;
        Self::add(&self.paid_gwei, u64::try_from(gwei).unwrap_or(u64::MAX));
    }

    /// Blocks that were signed and are not held.
    pub fn lag_blocks(&self) -> u64 {
        Self::get(&self.signed_block).saturating_sub(Self::get(&self.held_block))
    }

    /// Sessions that were begun and are not handed over.
    pub fn lag_sessions(&self) -> u64 {
        Self::get(&self.signed_set).saturating_sub(Self::get(&self.held_set))
    }
}

/// Seconds since 1970.
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}
