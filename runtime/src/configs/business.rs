//! The business: companies, validators, drivers, vehicles, tariffs, settlement, telemetry, proofs.

use super::{
    governance::{ThreeQuarters, TwoThirds},
    parameters::dynamic_params::settlement::MaxSeats,
};
use crate::{
    Balances, BlockNumber, Checkpoints, Consortium, Runtime, RuntimeCall, Settlement, Tariffs,
    Timestamp,
};
use frame_support::{
    parameter_types,
    traits::{ConstU32, ConstU64},
    PalletId,
};

parameter_types! {
    pub const SettlementId: PalletId = PalletId(*b"sl/rides");
    pub const RootRetention: BlockNumber = 43_200;
}

impl pallet_consortium::Config for Runtime {
    type CouncilOrigin = TwoThirds;
    type EnactOrigin = ThreeQuarters;
    type RuntimeCall = RuntimeCall;
    type Time = Timestamp;
    type MaxCompanies = ConstU32<1_000>;
    type MaxRoles = ConstU32<10_000>;
    type WeightInfo = pallet_consortium::weights::SubstrateWeight<Runtime>;
}

impl pallet_validators::Config for Runtime {
    type CouncilOrigin = TwoThirds;
    type Companies = Consortium;
    type MaxValidators = ConstU32<{ super::consensus::MAX_VALIDATORS }>;
    // Four bear one that fails; a chain that starts with fewer can only grow.
    type MinValidators = ConstU32<4>;
    type WeightInfo = pallet_validators::weights::SubstrateWeight<Runtime>;
}

impl pallet_drivers::Config for Runtime {
    type Companies = Consortium;
    type Seats = Settlement;
    type MaxEmployers = ConstU32<16>;
    type WeightInfo = pallet_drivers::weights::SubstrateWeight<Runtime>;
}

impl pallet_vehicles::Config for Runtime {
    type Companies = Consortium;
    type Currency = Balances;
    type Witness = Checkpoints;
    type WeightInfo = pallet_vehicles::weights::SubstrateWeight<Runtime>;
}

impl pallet_tariffs::Config for Runtime {
    type Companies = Consortium;
    type Time = Timestamp;
    type MaxVersions = ConstU32<32>;
    type MaxProposals = ConstU32<16>;
    type WeightInfo = pallet_tariffs::weights::SubstrateWeight<Runtime>;
}

impl pallet_settlement::Config for Runtime {
    type Companies = Consortium;
    type Tariffs = Tariffs;
    type Witness = Checkpoints;
    type Currency = Balances;
    type Time = Timestamp;
    type PalletId = SettlementId;
    type MaxSeats = MaxSeats;
    type BatchRetention = ConstU64<1_000_000>;
    type WeightInfo = pallet_settlement::weights::SubstrateWeight<Runtime>;
}

impl pallet_telemetry::Config for Runtime {
    type Companies = Consortium;
    type Witness = Checkpoints;
    type Time = Timestamp;
    // A million anchors of a company, 60 MB: two years at one a minute, four months at one in ten seconds.
    type RetentionPages = ConstU64<16_384>;
    type WeightInfo = pallet_telemetry::weights::SubstrateWeight<Runtime>;
}

impl pallet_checkpoints::Config for Runtime {
    // Half of them at most are telemetry's: eight companies that catch up with a full run each.
    type MaxItems = ConstU32<1_024>;
    type RootRetention = RootRetention;
}
