//! The order of the pool among companies.

use crate::{Config, Pallet};
use codec::{Decode, DecodeWithMemTracking, Encode};
use core::marker::PhantomData;
use frame_support::{
    dispatch::{DispatchClass, DispatchInfo, PostDispatchInfo},
    weights::Weight,
};
use frame_system::ensure_signed;
use pallet_transaction_payment::Pallet as TransactionPayment;
use scale_info::TypeInfo;
use sp_runtime::{
    traits::{DispatchInfoOf, Dispatchable, TransactionExtension, ValidateResult},
    transaction_validity::{
        TransactionPriority, TransactionSource, TransactionValidityError, ValidTransaction,
    },
    SaturatedConversion,
};

/// What one step of what is left of an allowance adds to a transaction's priority.
pub const STEP: TransactionPriority = 1 << 20;

/// In how many steps what is left of an allowance is told.
pub const LEVELS: u64 = 64;

/// Lets the pool prefer companies that have much of their allowance left, so that a flood by one
/// does not delay another: block by block, as its allowance runs out, it falls behind all that used
/// less, and at the end behind its own allowance, where it pays money. It changes the order of
/// the pool alone, and says nothing of what is valid.
///
/// A transaction that an allowance pays gets [`STEP`] for each 64th of the allowance that is left;
/// one that money pays gets nothing. It adds to the priority of `ChargeTransactionPayment`;
/// the sum saturates. How large a step is follows from that one:
///
/// * Without a tip, the priority of a normal transaction is the number of its like that fill a block. A
///   signed transaction has more than 100 bytes, so that is less than 2¹⁷ for blocks of 12 MiB, and
///   less than 2²⁰ up to 100 MiB. So one step outweighs every difference in size: a company with
///   more left goes first, whatever it sends.
/// * A tip of `t` units is worth `t` times that number. All 64 steps are 2²⁶, which a transaction of which
///   5,000 fill a block outbids by 13,422 units, a hundredth of a CNY. Who is in a hurry can say so in
///   money, with an allowance or without.
/// * An operational transaction gets a virtual tip of five times its fee: with a second of a block for 1 CNY,
///   from about 5·10⁶ on, which is more than any normal one without a tip, and less than 2²⁶. No
///   step can be both above the one and far below the other. So every operational transaction gets all
///   64 steps, whoever pays it: the distance between the classes stays what it is without this
///   extension, and no allowance lifts a normal transaction over an operational one.
///
/// The pool asks again for what waits when there is a new block, so a flood keeps the place of its
/// first transactions for about a block. In a block, priorities mean nothing: nothing is read there.
#[derive(Encode, Decode, DecodeWithMemTracking, Clone, Eq, PartialEq, Default, TypeInfo)]
#[scale_info(skip_type_params(T))]
pub struct Fair<T: Config + Send + Sync>(PhantomData<T>);

impl<T: Config + Send + Sync> Fair<T> {
    /// The extension. It has nothing in it.
    pub fn new() -> Self {
        Self(PhantomData)
    }

    /// What is added for a transaction of `who` with this fee.
    pub fn boost(who: &T::AccountId, fee: u128) -> TransactionPriority {
        let Some(company) = Pallet::<T>::payer(who) else { return 0 };
        let (left, max, _) = Pallet::<T>::left(company);
        if left < fee {
            return 0;
        }
        STEP.saturating_mul(level(left, max))
    }
}

/// How many 64ths of `max` are left. Both are brought below 2¹²² first.
pub(crate) fn level(left: u128, max: u128) -> u64 {
    let (left, max) = if max >> 122 == 0 { (left, max) } else { (left >> 6, max >> 6) };
    let parts = left.saturating_mul(LEVELS.into()).checked_div(max).unwrap_or(0);
    parts.saturated_into::<u64>().min(LEVELS)
}

impl<T: Config + Send + Sync> TransactionExtension<T::RuntimeCall> for Fair<T>
where
    T::RuntimeCall: Dispatchable<Info = DispatchInfo, PostInfo = PostDispatchInfo>,
{
    const IDENTIFIER: &'static str = "Fair";
    type Implicit = ();
    type Val = ();
    type Pre = ();

    fn weight(&self, _call: &T::RuntimeCall) -> Weight {
        <<T as Config>::WeightInfo as crate::WeightInfo>::fair()
    }

    fn validate(
        &self,
        origin: T::RuntimeOrigin,
        _call: &T::RuntimeCall,
        info: &DispatchInfoOf<T::RuntimeCall>,
        len: usize,
        _implicit: (),
        _inherited_implication: &impl Encode,
        source: TransactionSource,
    ) -> ValidateResult<(), T::RuntimeCall> {
        let priority = match (source, ensure_signed(origin.clone())) {
            (TransactionSource::InBlock, _) | (_, Err(_)) => 0,
            (_, Ok(_)) if info.class == DispatchClass::Operational => STEP.saturating_mul(LEVELS),
            (_, Ok(who)) => {
                let bytes = len.saturated_into::<u32>();
                let fee = TransactionPayment::<T>::compute_fee(bytes, info, 0u32.into());
                Self::boost(&who, fee.saturated_into::<u128>())
            }
        };
        Ok((ValidTransaction { priority, ..Default::default() }, (), origin))
    }

    fn prepare(
        self,
        _val: (),
        _origin: &T::RuntimeOrigin,
        _call: &T::RuntimeCall,
        _info: &DispatchInfoOf<T::RuntimeCall>,
        _len: usize,
    ) -> Result<(), TransactionValidityError> {
        Ok(())
    }
}

impl<T: Config + Send + Sync> core::fmt::Debug for Fair<T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Fair")
    }
}
