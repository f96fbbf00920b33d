//! Batches, treasuries with several signatures, and keys that act for others.

use crate::{Balances, OriginCaller, Runtime, RuntimeCall, RuntimeEvent, System};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{
    parameter_types,
    traits::{ConstU32, InstanceFilter},
};
use scale_info::TypeInfo;
use sp_runtime::traits::BlakeTwo256;

parameter_types! {
    pub const MultisigBase: u128 = super::CNY;
    pub const MultisigFactor: u128 = super::CNY / 10;
    pub const ProxyBase: u128 = super::CNY;
    pub const ProxyFactor: u128 = super::CNY / 10;
}

impl pallet_utility::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type PalletsOrigin = OriginCaller;
    type WeightInfo = pallet_utility::weights::SubstrateWeight<Runtime>;
}

impl pallet_multisig::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type Currency = Balances;
    type DepositBase = MultisigBase;
    type DepositFactor = MultisigFactor;
    type MaxSignatories = ConstU32<50>;
    type WeightInfo = pallet_multisig::weights::SubstrateWeight<Runtime>;
    type BlockNumberProvider = System;
}

/// What a proxy may do for its account. Each kind names what it may: whatever a later runtime brings is
/// closed to it until somebody opens it.
#[derive(
    Copy,
    Clone,
    Eq,
    PartialEq,
    Ord,
    PartialOrd,
    Encode,
    Decode,
    DecodeWithMemTracking,
    Debug,
    MaxEncodedLen,
    TypeInfo,
    Default,
)]
pub enum ProxyType {
    /// Everything.
    #[default]
    Any,
    /// Votes in the council.
    Governance,
    /// Registers vehicles, binds devices and enrols drivers; sells and buys nothing.
    Fleet,
    /// Submits ride batches; moves no money into clearing.
    Settlement,
    /// Makes and checks tariffs.
    Tariffs,
    /// Anchors telemetry; declares no loss.
    Telemetry,
    /// Pays from a treasury: the key of a hot wallet, which is online and may be lost.
    Spending {
        /// The most that goes to somebody in one transfer.
        most: u128,
    },
}

impl InstanceFilter<RuntimeCall> for ProxyType {
    fn filter(&self, call: &RuntimeCall) -> bool {
        use pallet_balances::Call as Balances;
        use pallet_drivers::Call as Drivers;
        use pallet_vehicles::Call as Vehicles;
        match self {
            Self::Any => true,
            Self::Governance => {
                matches!(call, RuntimeCall::Council(_) | RuntimeCall::Preimage(_))
            }
            Self::Fleet => matches!(
                call,
                RuntimeCall::Vehicles(
                    Vehicles::register { .. }
                        | Vehicles::set_plate { .. }
                        | Vehicles::set_status { .. }
                        | Vehicles::bind_device { .. }
                        | Vehicles::unbind_device { .. }
                ) | RuntimeCall::Drivers(Drivers::enrol { .. } | Drivers::set_status { .. })
            ),
            Self::Settlement => {
                matches!(
                    call,
                    RuntimeCall::Settlement(pallet_settlement::Call::settle_batch { .. })
                )
            }
            Self::Tariffs => matches!(call, RuntimeCall::Tariffs(_)),
            Self::Telemetry => {
                matches!(call, RuntimeCall::Telemetry(pallet_telemetry::Call::anchor { .. }))
            }
            // What bounds the sum of many is what lies in the account.
            Self::Spending { most } => matches!(
                call,
                RuntimeCall::Balances(
                    Balances::transfer_keep_alive { value, .. }
                        | Balances::transfer_allow_death { value, .. }
                ) if value <= most
            ),
        }
    }

    fn is_superset(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Any, _) => true,
            (Self::Spending { most }, Self::Spending { most: theirs }) => most >= theirs,
            _ => self == other,
        }
    }
}

impl pallet_proxy::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type Currency = Balances;
    type ProxyType = ProxyType;
    type ProxyDepositBase = ProxyBase;
    type ProxyDepositFactor = ProxyFactor;
    type MaxProxies = ConstU32<32>;
    type WeightInfo = pallet_proxy::weights::SubstrateWeight<Runtime>;
    type MaxPending = ConstU32<32>;
    type CallHasher = BlakeTwo256;
    type AnnouncementDepositBase = ProxyBase;
    type AnnouncementDepositFactor = ProxyFactor;
    type BlockNumberProvider = System;
}
