//! The council of the companies, and what it alone may do.

use crate::{
    AccountId, Balances, BlockNumber, OriginCaller, Preimage, Runtime, RuntimeCall, RuntimeEvent,
    RuntimeHoldReason, RuntimeOrigin, System,
};
use frame_support::{
    parameter_types,
    traits::{
        fungible::HoldConsideration, ConstU32, Contains, EitherOfDiverse, EqualPrivilegeOnly,
        LinearStoragePrice,
    },
    weights::Weight,
};
use frame_system::{EnsureRoot, EnsureWithSuccess};
use pallet_collective::{EnsureProportionAtLeast, EnsureProportionMoreThan};
use pallet_tx_pause::RuntimeCallNameOf;
use sp_runtime::Perbill;

/// The council's instance.
pub type CouncilInstance = pallet_collective::Instance1;

/// Two thirds of the companies.
pub type TwoThirds = EitherOfDiverse<
    EnsureRoot<AccountId>,
    EnsureProportionAtLeast<AccountId, CouncilInstance, 2, 3>,
>;

/// Three quarters of the companies: for what changes the rules themselves.
pub type ThreeQuarters = EitherOfDiverse<
    EnsureRoot<AccountId>,
    EnsureProportionAtLeast<AccountId, CouncilInstance, 3, 4>,
>;

/// More than half of the companies.
pub type Majority = EitherOfDiverse<
    EnsureRoot<AccountId>,
    EnsureProportionMoreThan<AccountId, CouncilInstance, 1, 2>,
>;

/// The most seats of the council, and the most motions that wait for its votes.
pub const MAX_SEATS: u32 = 100;
const MAX_MOTIONS: u32 = 100;

/// Blocks in a minute and in a day.
const MINUTE: BlockNumber = 60_000 / super::SLOT_MILLIS as BlockNumber;
const DAY: BlockNumber = 24 * 60 * MINUTE;

parameter_types! {
    pub const MotionDuration: BlockNumber = 3 * DAY;
    pub MaxProposalWeight: Weight =
        Perbill::from_percent(50) * super::system::RuntimeBlockWeights::get().max_block;
    pub MaxScheduledWeight: Weight =
        Perbill::from_percent(60) * super::system::RuntimeBlockWeights::get().max_block;
    pub const PreimageHold: RuntimeHoldReason =
        RuntimeHoldReason::Preimage(pallet_preimage::HoldReason::Preimage);
    pub const PreimageBase: u128 = super::CNY;
    pub const PreimageByte: u128 = super::CNY / 1000;
    pub const SafeModeDuration: BlockNumber = DAY;
    pub const SafeModeExtension: BlockNumber = DAY;
    pub CouncilWeight: Weight =
        <pallet_collective::weights::SubstrateWeight<Runtime> as pallet_collective::WeightInfo>::set_members(
            MAX_SEATS, MAX_SEATS, MAX_MOTIONS,
        );
    pub const NoDeposit: Option<u128> = None;
    pub const NoRelease: Option<BlockNumber> = None;
}

/// Who does not vote has not agreed.
pub struct AbsentIsNo;

impl pallet_collective::DefaultVote for AbsentIsNo {
    fn default_vote(_: Option<bool>, _: u32, _: u32, _: u32) -> bool {
        false
    }
}

impl pallet_collective::Config<CouncilInstance> for Runtime {
    type RuntimeOrigin = RuntimeOrigin;
    type Proposal = RuntimeCall;
    type RuntimeEvent = RuntimeEvent;
    type MotionDuration = MotionDuration;
    type MaxProposals = ConstU32<MAX_MOTIONS>;
    type MaxMembers = ConstU32<MAX_SEATS>;
    type DefaultVote = AbsentIsNo;
    type WeightInfo = pallet_collective::weights::SubstrateWeight<Runtime>;
    type SetMembersOrigin = TwoThirds;
    type MaxProposalWeight = MaxProposalWeight;
    type DisapproveOrigin = TwoThirds;
    type KillOrigin = TwoThirds;
    type Consideration = ();
}

impl pallet_preimage::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type WeightInfo = pallet_preimage::weights::SubstrateWeight<Runtime>;
    type Currency = Balances;
    type ManagerOrigin = Majority;
    type Consideration = HoldConsideration<
        AccountId,
        Balances,
        PreimageHold,
        LinearStoragePrice<PreimageBase, PreimageByte, u128>,
    >;
}

impl pallet_scheduler::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeOrigin = RuntimeOrigin;
    type PalletsOrigin = OriginCaller;
    type RuntimeCall = RuntimeCall;
    type MaximumWeight = MaxScheduledWeight;
    type ScheduleOrigin = TwoThirds;
    type OriginPrivilegeCmp = EqualPrivilegeOnly;
    type MaxScheduledPerBlock = ConstU32<50>;
    type WeightInfo = pallet_scheduler::weights::SubstrateWeight<Runtime>;
    type Preimages = Preimage;
    type BlockNumberProvider = System;
}

/// What goes on when everything else stands still: consensus, and the council that ends the stand.
pub struct Lifeline;

impl Contains<RuntimeCall> for Lifeline {
    fn contains(call: &RuntimeCall) -> bool {
        matches!(
            call,
            RuntimeCall::System(_)
                | RuntimeCall::Timestamp(_)
                | RuntimeCall::Babe(_)
                | RuntimeCall::Grandpa(_)
                | RuntimeCall::Beefy(_)
                | RuntimeCall::Session(_)
                | RuntimeCall::Council(_)
                | RuntimeCall::Preimage(_)
                | RuntimeCall::Scheduler(_)
                | RuntimeCall::SafeMode(_)
                | RuntimeCall::TxPause(_)
                | RuntimeCall::Validators(_)
                | RuntimeCall::Consortium(_)
                | RuntimeCall::Nodes(_)
                | RuntimeCall::Parameters(_)
                // The members of the council vote through these; what is inside is filtered again.
                | RuntimeCall::Utility(_)
                | RuntimeCall::Multisig(_)
                | RuntimeCall::Proxy(_)
        )
    }
}

impl pallet_safe_mode::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type WhitelistedCalls = Lifeline;
    type EnterDuration = SafeModeDuration;
    type ExtendDuration = SafeModeExtension;
    // Nobody buys a stand: the council alone decides.
    type EnterDepositAmount = NoDeposit;
    type ExtendDepositAmount = NoDeposit;
    type ForceEnterOrigin = EnsureWithSuccess<Majority, AccountId, SafeModeDuration>;
    type ForceExtendOrigin = EnsureWithSuccess<Majority, AccountId, SafeModeExtension>;
    type ForceExitOrigin = Majority;
    type ForceDepositOrigin = TwoThirds;
    type Notify = ();
    type ReleaseDelay = NoRelease;
    type WeightInfo = pallet_safe_mode::weights::SubstrateWeight<Runtime>;
}

/// Calls that cannot be paused, by the names of their pallets.
pub struct NeverPaused;

impl Contains<RuntimeCallNameOf<Runtime>> for NeverPaused {
    fn contains((pallet, _): &RuntimeCallNameOf<Runtime>) -> bool {
        const NAMES: [&[u8]; 14] = [
            b"System",
            b"Timestamp",
            b"Babe",
            b"Grandpa",
            b"Beefy",
            b"Session",
            b"Council",
            b"Consortium",
            b"Nodes",
            b"Validators",
            b"TxPause",
            b"SafeMode",
            b"Multisig",
            b"Proxy",
        ];
        NAMES.contains(&pallet.as_slice())
    }
}

impl pallet_tx_pause::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type PauseOrigin = Majority;
    type UnpauseOrigin = Majority;
    type WhitelistedCalls = NeverPaused;
    type MaxNameLen = ConstU32<256>;
    type WeightInfo = pallet_tx_pause::weights::SubstrateWeight<Runtime>;
}
