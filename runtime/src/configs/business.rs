//! The business: companies, validators, drivers, vehicles, tariffs, settlement, telemetry, proofs.

use super::{
    governance::{CouncilWeight, ThreeQuarters, TwoThirds},
    parameters::dynamic_params::{
        allowance::{Max, RecoveryPerBlock},
        settlement::MaxSeats,
    },
};
use crate::{
    AccountId, Allowance, Balances, BlockNumber, Checkpoints, Consortium, Council, Drivers, Nodes,
    Runtime, RuntimeCall, Settlement, Tariffs, Timestamp, Validators,
};
use frame_support::{
    parameter_types,
    traits::{ConstU32, ConstU64, Contains},
    PalletId,
};
use smartlink_primitives::{traits::Companies, CompanyId, CompanyKind};

parameter_types! {
    pub const SettlementId: PalletId = PalletId(*b"sl/rides");
    pub const RootRetention: BlockNumber = 43_200;
}

impl pallet_consortium::Config for Runtime {
    type CouncilOrigin = TwoThirds;
    type EnactOrigin = ThreeQuarters;
    type RuntimeCall = RuntimeCall;
    type Sound = super::sound::Sound;
    type Time = Timestamp;
    type Attesters = Attesters;
    type Council = Council;
    type CouncilWeight = CouncilWeight;
    type Observers = (Validators, Nodes, Allowance);
    type ApplicationLife = ConstU64<{ 90 * 86_400 }>;
    type MaxCompanies = ConstU32<1_000>;
    type MaxRoles = ConstU32<10_000>;
    type MaxApplications = ConstU32<100>;
    type MaxSeats = ConstU32<{ super::governance::MAX_SEATS }>;
    type WeightInfo = pallet_consortium::weights::SubstrateWeight<Runtime>;
}

impl pallet_validators::Config for Runtime {
    type CouncilOrigin = TwoThirds;
    type Companies = Consortium;
    type MaxValidators = ConstU32<{ super::consensus::MAX_VALIDATORS }>;
    // Four bear one that fails; the council is warned when fewer are left.
    type MinValidators = ConstU32<1>;
    type SafeValidators = ConstU32<4>;
    type Patience = ConstU32<30>;
    type WeightInfo = pallet_validators::weights::SubstrateWeight<Runtime>;
}

/// The companies whose word about an applicant's papers counts: those that check others by trade, and the platforms, which are all
/// that a young consortium has.
pub struct Attesters;

impl Contains<CompanyKind> for Attesters {
    fn contains(kind: &CompanyKind) -> bool {
        matches!(
            kind,
            CompanyKind::Auditor
                | CompanyKind::Regulator
                | CompanyKind::Insurer
                | CompanyKind::Bank
                | CompanyKind::Platform
        )
    }
}

impl pallet_nodes::Config for Runtime {
    type CouncilOrigin = TwoThirds;
    type Companies = Consortium;
    type HasValidators = InSession;
    type MaxNodes = ConstU32<64>;
    type WeightInfo = pallet_nodes::weights::SubstrateWeight<Runtime>;
}

/// The companies that run a validator of the present session.
pub struct InSession;

impl Contains<CompanyId> for InSession {
    fn contains(company: &CompanyId) -> bool {
        let running = pallet_session::Validators::<Runtime>::get();
        running.iter().any(|account| Validators::company_of(account) == Some(*company))
    }
}

impl pallet_allowance::Config for Runtime {
    type CouncilOrigin = TwoThirds;
    type Companies = Consortium;
    type Staff = StaffBesidesRoles;
    type Max = Max;
    type Recovery = RecoveryPerBlock;
    type WeightInfo = pallet_allowance::weights::SubstrateWeight<Runtime>;
}

/// Who works for a company without a role of it: its drivers, its treasury, and its validators' accounts.
pub struct StaffBesidesRoles;

impl pallet_allowance::StaffOf<AccountId> for StaffBesidesRoles {
    fn works_for(company: CompanyId, who: &AccountId) -> bool {
        Drivers::drives_for(who, company)
            || Consortium::treasury(company).as_ref() == Ok(who)
            || Validators::company_of(who) == Some(company)
    }

    fn owner(who: &AccountId) -> Option<CompanyId> {
        pallet_consortium::CompanyOfTreasury::<Runtime>::get(who)
            .or_else(|| Validators::company_of(who))
    }
}

impl pallet_drivers::Config for Runtime {
    type Companies = Consortium;
    type Seats = Settlement;
    type Observers = Allowance;
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
    // Half of them at most are telemetry's: eight companies that catch up with a full run each. A company may note 256, and
    // up to 896 while nobody else needs the places: as many vehicles as fit a block can be registered in it.
    type MaxItems = ConstU32<1_024>;
    type RootRetention = RootRetention;
}
