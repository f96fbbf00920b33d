//! A chain with nothing but the companies.

use crate as pallet_consortium;
use core::time::Duration;
use frame_support::{
    derive_impl, parameter_types,
    storage::unhashed,
    traits::{
        ChangeMembers, ConstU32, ConstU64, Contains, Everything, InitializeMembers, UnixTime,
    },
    weights::Weight,
};
use frame_system::EnsureRoot;
use smartlink_primitives::{traits::Membership, CompanyId, CompanyKind};
use sp_runtime::BuildStorage;

type Block = frame_system::mocking::MockBlock<Test>;

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Consortium: pallet_consortium,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = Block;
}

parameter_types! {
    /// The time in seconds of the Unix epoch.
    pub static Now: u64 = 1_700_000_000;
}

/// A clock that stands where the test puts it.
pub struct Clock;

impl UnixTime for Clock {
    fn now() -> Duration {
        Duration::from_secs(Now::get())
    }
}

/// A council that keeps its members in the state, and is told of every change.
pub struct Council;

const MEMBERS: &[u8] = b"members of the council";

impl Council {
    pub fn members() -> Vec<u64> {
        unhashed::get_or_default(MEMBERS)
    }
}

impl InitializeMembers<u64> for Council {
    fn initialize_members(members: &[u64]) {
        unhashed::put(MEMBERS, &members.to_vec());
    }
}

impl ChangeMembers<u64> for Council {
    fn change_members_sorted(incoming: &[u64], outgoing: &[u64], sorted_new: &[u64]) {
        let mut members = Self::members();
        members.retain(|member| !outgoing.contains(member));
        members.extend(incoming);
        members.sort();
        assert_eq!(members, sorted_new, "the council was told a change that is none");
        unhashed::put(MEMBERS, &members);
    }
}

/// What observers are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    Joined(CompanyId, u64),
    Left(CompanyId, u64),
    Lapsed(CompanyId),
    Fell(CompanyId),
}

parameter_types! {
    /// What the observers were told since the genesis.
    pub static Told: Vec<Said> = Vec::new();
}

/// An observer that remembers.
pub struct Observer;

impl Membership<u64> for Observer {
    fn joined(company: CompanyId, who: &u64) {
        Told::mutate(|told| told.push(Said::Joined(company, *who)));
    }

    fn left(company: CompanyId, who: &u64) {
        Told::mutate(|told| told.push(Said::Left(company, *who)));
    }

    fn lapsed(company: CompanyId) {
        Told::mutate(|told| told.push(Said::Lapsed(company)));
    }

    fn fell(company: CompanyId) {
        Told::mutate(|told| told.push(Said::Fell(company)));
    }

    fn change_weight() -> Weight {
        Weight::from_parts(1, 0)
    }
}

/// Carriers attest nothing.
pub struct Attesters;

impl Contains<CompanyKind> for Attesters {
    fn contains(kind: &CompanyKind) -> bool {
        !matches!(kind, CompanyKind::Carrier)
    }
}

impl pallet_consortium::Config for Test {
    type CouncilOrigin = EnsureRoot<u64>;
    type EnactOrigin = EnsureRoot<u64>;
    type RuntimeCall = RuntimeCall;
    type Sound = Everything;
    type Time = Clock;
    type Attesters = Attesters;
    type Council = Council;
    type CouncilWeight = ();
    type Observers = (Observer, ());
    type ApplicationLife = ConstU64<1_000>;
    type MaxApplications = ConstU32<2>;
    type MaxSeats = ConstU32<4>;
    type MaxCompanies = ConstU32<5>;
    type MaxRoles = ConstU32<4>;
    type WeightInfo = ();
}

/// A ride hailing platform.
pub const SWIFT: CompanyId = CompanyId(1);
/// A carrier.
pub const OXCART: CompanyId = CompanyId(2);

/// Treasury and first administrator of [`SWIFT`].
pub const SWIFT_TREASURY: u64 = 10;
pub const SWIFT_ADMIN: u64 = 11;
/// Treasury and first administrator of [`OXCART`].
pub const OXCART_TREASURY: u64 = 20;
pub const OXCART_ADMIN: u64 = 21;

pub fn new_test_ext() -> sp_io::TestExternalities {
    let companies = vec![
        ("Swift 迅达".into(), CompanyKind::Platform, SWIFT_TREASURY, SWIFT_ADMIN),
        ("Oxcart".into(), CompanyKind::Carrier, OXCART_TREASURY, OXCART_ADMIN),
    ];
    let genesis = RuntimeGenesisConfig {
        consortium: pallet_consortium::GenesisConfig { companies },
        ..Default::default()
    };
    let mut ext: sp_io::TestExternalities = genesis.build_storage().expect("it fits").into();
    // Block 0 keeps no events.
    ext.execute_with(|| System::set_block_number(1));
    Told::set(Vec::new());
    ext
}

/// Runs a test on a fresh chain, and checks afterwards that the state is sound.
pub fn on_chain(story: impl FnOnce()) {
    new_test_ext().execute_with(|| {
        story();
        Consortium::check_invariants().expect("the state is sound");
        let seated = pallet_consortium::Seated::<Test>::get();
        assert_eq!(Council::members(), seated.into_inner());
    });
}
