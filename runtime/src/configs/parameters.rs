//! What the council may change without a new runtime.

use super::governance::TwoThirds;
use crate::{Runtime, RuntimeEvent};
use frame_support::{
    dynamic_params::{dynamic_pallet_params, dynamic_params},
    traits::AsEnsureOriginWithArg,
};

/// The parameters and their values at genesis.
#[dynamic_params(RuntimeParameters, pallet_parameters::Parameters::<Runtime>)]
pub mod dynamic_params {
    use super::*;

    /// Fees, in units of 10⁻⁶ CNY. More than the bounds in `money` is never charged.
    #[dynamic_pallet_params]
    #[codec(index = 0)]
    pub mod fees {
        /// For a second of a block's time: 1 CNY.
        #[codec(index = 0)]
        pub static PerSecond: u128 = 1_000_000;

        /// For a byte of an extrinsic.
        #[codec(index = 1)]
        pub static PerByte: u128 = 1;
    }

    /// Limits of settlement.
    #[dynamic_pallet_params]
    #[codec(index = 1)]
    pub mod settlement {
        /// Drivers that one company may enrol.
        #[codec(index = 0)]
        pub static MaxSeats: u32 = 65_536;
    }

    /// What a company transacts without fees, in units of 10⁻⁶ CNY of the fees that it would pay.
    #[dynamic_pallet_params]
    #[codec(index = 2)]
    pub mod allowance {
        /// At once: 10 CNY, some six thousand transactions.
        #[codec(index = 0)]
        pub static Max: u128 = 10_000_000;

        /// What comes back in a block: all of it in ten minutes.
        #[codec(index = 1)]
        pub static RecoveryPerBlock: u128 = 33_334;
    }
}

impl pallet_parameters::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeParameters = RuntimeParameters;
    type AdminOrigin = AsEnsureOriginWithArg<TwoThirds>;
    type WeightInfo = ();
}

#[cfg(feature = "runtime-benchmarks")]
impl Default for RuntimeParameters {
    fn default() -> Self {
        Self::Fees(dynamic_params::fees::Parameters::PerByte(
            dynamic_params::fees::PerByte,
            Some(1),
        ))
    }
}
