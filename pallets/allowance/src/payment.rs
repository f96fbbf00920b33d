//! Fees, as `pallet_transaction_payment` has them taken: out of an allowance, or else in money.

use crate::{Config, Pallet};
use core::marker::PhantomData;
use frame_support::weights::Weight;
use pallet_transaction_payment::{OnChargeTransaction, TxCreditHold};
use smartlink_primitives::CompanyId;
use sp_runtime::{
    traits::{DispatchInfoOf, PostDispatchInfoOf, Saturating},
    transaction_validity::TransactionValidityError,
    SaturatedConversion,
};

/// Takes the fee out of the allowance of the signer's company, if there is one with room for it, and
/// has `Otherwise` take it in money if not. The tip is always money.
pub struct WithinAllowance<Otherwise>(PhantomData<Otherwise>);

/// Who paid a fee before its call was done.
pub enum Paid<Money> {
    /// The allowance of a company; its signer paid the tip.
    Allowance {
        /// Whose allowance.
        company: CompanyId,
        /// How much was drawn.
        fee: u128,
        /// What took the tip remembers of it.
        tip: Money,
    },
    /// The signer paid all of it.
    Money(Money),
}

impl<Money: Default> Default for Paid<Money> {
    fn default() -> Self {
        Self::Money(Money::default())
    }
}

impl<T, Otherwise> TxCreditHold<T> for WithinAllowance<Otherwise>
where
    T: pallet_transaction_payment::Config,
    Otherwise: TxCreditHold<T>,
{
    type Credit = <Otherwise as TxCreditHold<T>>::Credit;
}

impl<T, Otherwise> OnChargeTransaction<T> for WithinAllowance<Otherwise>
where
    T: Config,
    Otherwise: OnChargeTransaction<T>,
{
    type Balance = <Otherwise as OnChargeTransaction<T>>::Balance;
    type LiquidityInfo = Paid<<Otherwise as OnChargeTransaction<T>>::LiquidityInfo>;

    fn withdraw_fee(
        who: &T::AccountId,
        call: &T::RuntimeCall,
        dispatch_info: &DispatchInfoOf<T::RuntimeCall>,
        fee_with_tip: Self::Balance,
        tip: Self::Balance,
    ) -> Result<Self::LiquidityInfo, TransactionValidityError> {
        let fee: u128 = fee_with_tip.saturating_sub(tip).saturated_into();
        match payer::<T>(who, fee) {
            Some(company) => {
                let tip = Otherwise::withdraw_fee(who, call, dispatch_info, tip, tip)?;
                Pallet::<T>::draw(company, fee);
                Ok(Paid::Allowance { company, fee, tip })
            }
            None => Otherwise::withdraw_fee(who, call, dispatch_info, fee_with_tip, tip)
                .map(Paid::Money),
        }
    }

    fn can_withdraw_fee(
        who: &T::AccountId,
        call: &T::RuntimeCall,
        dispatch_info: &DispatchInfoOf<T::RuntimeCall>,
        fee_with_tip: Self::Balance,
        tip: Self::Balance,
    ) -> Result<(), TransactionValidityError> {
        let fee: u128 = fee_with_tip.saturating_sub(tip).saturated_into();
        let in_money = if payer::<T>(who, fee).is_some() { tip } else { fee_with_tip };
        Otherwise::can_withdraw_fee(who, call, dispatch_info, in_money, tip)
    }

    fn correct_and_deposit_fee(
        who: &T::AccountId,
        dispatch_info: &DispatchInfoOf<T::RuntimeCall>,
        post_info: &PostDispatchInfoOf<T::RuntimeCall>,
        corrected_fee_with_tip: Self::Balance,
        tip: Self::Balance,
        liquidity_info: Self::LiquidityInfo,
    ) -> Result<(), TransactionValidityError> {
        let (in_money, info) = match liquidity_info {
            Paid::Money(info) => (corrected_fee_with_tip, info),
            Paid::Allowance { company, fee, tip: info } => {
                let needed: u128 = corrected_fee_with_tip.saturating_sub(tip).saturated_into();
                Pallet::<T>::give_back(company, fee.saturating_sub(needed));
                (tip, info)
            }
        };
        Otherwise::correct_and_deposit_fee(who, dispatch_info, post_info, in_money, tip, info)
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn endow_account(who: &T::AccountId, amount: Self::Balance) {
        Otherwise::endow_account(who, amount);
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn minimum_balance() -> Self::Balance {
        Otherwise::minimum_balance()
    }
}

/// The company whose allowance pays a fee. Nobody has to pay nothing.
fn payer<T: Config>(who: &T::AccountId, fee: u128) -> Option<CompanyId> {
    if fee == 0 {
        return None;
    }
    Pallet::<T>::pays(who, fee)
}

/// What `ChargeTransactionPayment` weighs over [`WithinAllowance`]: what it weighs over money, and
/// what an allowance needs beside it. For `pallet_transaction_payment::Config::WeightInfo`.
pub struct ChargeWeights<T, Otherwise>(PhantomData<(T, Otherwise)>);

impl<T, Otherwise> pallet_transaction_payment::WeightInfo for ChargeWeights<T, Otherwise>
where
    T: Config,
    Otherwise: pallet_transaction_payment::WeightInfo,
{
    fn charge_transaction_payment() -> Weight {
        let allowance = <<T as Config>::WeightInfo as crate::WeightInfo>::charge();
        Otherwise::charge_transaction_payment().saturating_add(allowance)
    }
}
