//! Balances and fees.

use super::parameters::dynamic_params::fees;
use crate::{
    AccountId, Authorship, Balance, Balances, Consortium, Runtime, RuntimeEvent,
    RuntimeFreezeReason, RuntimeHoldReason, System, Validators,
};
use frame_support::{
    parameter_types,
    traits::{tokens::imbalance::ResolveTo, ConstU32, ConstU8, Get, TypedGet},
    weights::{constants::WEIGHT_REF_TIME_PER_SECOND, Weight, WeightToFee},
    PalletId,
};
use pallet_allowance::{ChargeWeights, WithinAllowance};
use pallet_transaction_payment::{ConstFeeMultiplier, FungibleAdapter, Multiplier};
use smartlink_primitives::{money::UNITS_PER_YUAN, traits::Companies};
use sp_runtime::traits::{AccountIdConversion, One};

/// One CNY in the chain's units.
pub const CNY: Balance = UNITS_PER_YUAN;

/// The most that a second of a block's time costs, whatever the council set. A vote takes about a millisecond, so it costs one CNY
/// then. Without a bound, a fee that was set by mistake could be one that nobody can pay, who would set it back.
pub const MAX_PER_SECOND: Balance = 1_000 * CNY;

/// The most that a byte of an extrinsic costs, whatever the council set, for the same reason: two or three CNY more for a vote.
pub const MAX_PER_BYTE: Balance = CNY / 100;

parameter_types! {
    pub FeeMultiplier: Multiplier = Multiplier::one();
    /// Holds fees of blocks whose author is no longer known.
    pub const OrphanFees: PalletId = PalletId(*b"sl/feesx");
}

impl pallet_balances::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeHoldReason = RuntimeHoldReason;
    type RuntimeFreezeReason = RuntimeFreezeReason;
    type WeightInfo = pallet_balances::weights::SubstrateWeight<Runtime>;
    type Balance = Balance;
    type DustRemoval = ();
    // One unit: nothing below it exists, so no account ever leaves dust, and no money is lost.
    type ExistentialDeposit = frame_support::traits::ConstU128<1>;
    type AccountStore = System;
    type ReserveIdentifier = [u8; 8];
    type FreezeIdentifier = RuntimeFreezeReason;
    type MaxLocks = ConstU32<16>;
    type MaxReserves = ConstU32<16>;
    type MaxFreezes = ConstU32<16>;
    type DoneSlashHandler = ();
}

impl pallet_transaction_payment::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    // Fees are never burnt: all money in existence stays what the banks issued.
    type OnChargeTransaction =
        WithinAllowance<FungibleAdapter<Balances, ResolveTo<AuthorsCompany, Balances>>>;
    type WeightToFee = FeeForTime;
    type LengthToFee = FeeForBytes;
    type FeeMultiplierUpdate = ConstFeeMultiplier<FeeMultiplier>;
    type OperationalFeeMultiplier = ConstU8<5>;
    type WeightInfo =
        ChargeWeights<Runtime, pallet_transaction_payment::weights::SubstrateWeight<Runtime>>;
}

/// The treasury of the company whose validator makes the block.
pub struct AuthorsCompany;

impl TypedGet for AuthorsCompany {
    type Type = AccountId;

    fn get() -> AccountId {
        Authorship::author()
            .and_then(|author| Validators::company_of(&author))
            .and_then(|company| Consortium::treasury(company).ok())
            .unwrap_or_else(|| OrphanFees::get().into_account_truncating())
    }
}

/// The fee for the time that an extrinsic takes.
pub struct FeeForTime;

impl WeightToFee for FeeForTime {
    type Balance = Balance;

    fn weight_to_fee(weight: &Weight) -> Balance {
        let per_second = fees::PerSecond::get().min(MAX_PER_SECOND);
        per_second.saturating_mul(weight.ref_time().into())
            / Balance::from(WEIGHT_REF_TIME_PER_SECOND)
    }
}

/// The fee for the bytes of an extrinsic. The weight's time stands for bytes here.
pub struct FeeForBytes;

impl WeightToFee for FeeForBytes {
    type Balance = Balance;

    fn weight_to_fee(bytes: &Weight) -> Balance {
        fees::PerByte::get().min(MAX_PER_BYTE).saturating_mul(bytes.ref_time().into())
    }
}
