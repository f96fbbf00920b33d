//! What is paid: how much is offered for gas, whether the account has it, and the signature.

use std::{sync::Arc, time::Instant};

use alloy_primitives::{Address, Bytes, B256, U256};

use super::allowance::Allowance;
use crate::{
    anchor::Anchor,
    config::{FeesConfig, GWEI},
    ethereum::{gas_with_margin, Bounds, EthereumError, Fees, Key, Order, Receipt, Transaction},
    operations::Tally,
    Error,
};

/// A key, and what may be paid with it.
pub(super) struct Purse {
    anchor: Anchor,
    key: Key,
    bounds: Bounds,
    most_gas: u64,
    day: Allowance,
    most_gwei_a_day: u64,
    tally: Arc<Tally>,
}

impl Purse {
    /// Of a key.
    pub fn new(anchor: Anchor, key: Key, fees: &FeesConfig, tally: Arc<Tally>) -> Self {
        let FeesConfig { most_gas, most_gwei_a_day, .. } = *fees;
        let day = Allowance::new(u128::from(most_gwei_a_day) * GWEI);
        Self { anchor, key, bounds: Bounds::from(fees), most_gas, day, most_gwei_a_day, tally }
    }

    /// The account.
    pub fn address(&self) -> Address {
        self.key.address()
    }

    /// What the account has, in wei.
    pub async fn balance(&self) -> Result<U256, Error> {
        let balance = self.anchor.ethereum().balance(self.address()).await?;
        let in_gwei = balance / U256::from(GWEI);
        Tally::set(&self.tally.balance_gwei, in_gwei.saturating_to());
        Ok(balance)
    }

    /// What to offer for a unit of gas now.
    ///
    /// # Errors
    /// It is more than may be, or Ethereum does not answer.
    pub async fn offer(&self) -> Result<Fees, Error> {
        let (base, offer) = self.wanted().await?;
        offer.ok_or(Error::Expensive {
            base_gwei: gwei(base.saturating_add(GWEI - 1)),
            most_gwei: gwei(self.bounds.most),
        })
    }

    /// What to offer so that it replaces what offers `old`. `None`: it would be more than may be.
    pub async fn over(&self, old: Fees) -> Result<Option<Fees>, Error> {
        let (_, now) = self.wanted().await?;
        Ok(Fees::over(old, now, &self.bounds))
    }

    /// That what waits under a nonce cannot be replaced.
    pub fn stuck(&self, nonce: u64) -> Error {
        Tally::set(&self.tally.at_bound, 1);
        let (most_gwei, most_tip_gwei) = (gwei(self.bounds.most), gwei(self.bounds.tip));
        Error::Stuck { nonce, most_gwei, most_tip_gwei }
    }

    /// The gas to allow where the node estimates so much.
    ///
    /// # Errors
    /// It is more than may be.
    pub fn gas(&self, estimated: u64) -> Result<u64, Error> {
        gas_with_margin(estimated, self.most_gas).ok_or_else(|| {
            Tally::set(&self.tally.at_bound, 1);
            Error::MuchGas { estimated, most: self.most_gas, bound: "fees.most_gas" }
        })
    }

    /// Notes what a transaction in a block has cost.
    pub fn paid(&mut self, receipt: &Receipt) {
        let price = receipt.effective_gas_price.unwrap_or_default();
        self.tally.paid(receipt.gas_used, price);
        self.day.pay(u128::from(receipt.gas_used).saturating_mul(price), Instant::now());
    }

    /// Checks that a transaction may cost what it may within the day.
    ///
    /// # Errors
    /// It may not.
    pub fn check_day(&self, gas: u64, fees: Fees) -> Result<(), Error> {
        let costs = u128::from(gas).saturating_mul(fees.most);
        self.day.check(costs, Instant::now()).map_err(|rest| {
            Tally::set(&self.tally.at_bound, 1);
            Error::DayIsPaid { most_gwei: self.most_gwei_a_day, seconds: rest.as_secs() }
        })
    }

    /// Checks that a transaction may cost what it may within the day, and that the account has it.
    ///
    /// # Errors
    /// It may not or has not, or Ethereum does not answer.
    pub async fn check(&self, gas: u64, fees: Fees) -> Result<(), Error> {
        self.check_day(gas, fees)?;
        let (has, wanted) = (self.balance().await?, U256::from(gas) * U256::from(fees.most));
        if has < wanted {
            return Err(Error::Poor { address: self.address(), has, wanted });
        }
        Ok(())
    }

    /// Signs a call of the contract, and sends it: its hash, and whether the node took it. That it has it already is well.
    ///
    /// # Errors
    /// The key cannot sign.
    pub async fn send(
        &self,
        nonce: u64,
        gas: u64,
        fees: Fees,
        data: Bytes,
    ) -> Result<(B256, Result<(), EthereumError>), Error> {
        let (chain_id, to) = (self.anchor.chain_id(), Some(self.anchor.address()));
        let (hash, signed) = self.key.sign(Order { chain_id, nonce, gas, fees, to, data })?;
        let sent = match self.anchor.ethereum().send(&signed).await {
            Err(error) if !error.is_known() => Err(error),
            _ => Ok(()),
        };
        Ok((hash, sent))
    }

    /// Whether this key has signed a transaction as the node tells it. Signing is deterministic (RFC 6979), so that it has the same
    /// hash again if all that was told is true.
    ///
    /// # Errors
    /// The key cannot sign.
    pub fn has_signed(&self, told: &Transaction, fees: Fees) -> Result<bool, Error> {
        let Transaction { to, nonce, gas, input: data, .. } = told.clone();
        let chain_id = self.anchor.chain_id();
        let (hash, _) = self.key.sign(Order { chain_id, nonce, gas, fees, to, data })?;
        Ok(hash == told.hash)
    }

    /// What a block wants for a unit of gas, about, and what to offer. `None`: it is more than may be.
    async fn wanted(&self) -> Result<(u128, Option<Fees>), Error> {
        let head = self.anchor.ethereum().head().await?;
        let base = head.base_fee_per_gas.ok_or_else(|| {
            Error::Ethereum(EthereumError::Garbled {
                host: self.anchor.ethereum().host(),
                method: "eth_getBlockByNumber",
                reason: "blocks of this chain have no base fee, which EIP-1559 gave them"
                    .to_owned(),
            })
        })?;
        let offer = Fees::for_base(base, self.anchor.ethereum().tip().await?, &self.bounds);
        Tally::set(&self.tally.at_bound, offer.is_none().into());
        Ok((base, offer))
    }
}

fn gwei(wei: u128) -> u64 {
    u64::try_from(wei / GWEI).unwrap_or(u64::MAX)
}
