//! A chain with machines, and companies that the test suspends and lets validate.

use crate as pallet_nodes;
use crate::{NodeKey, NodeKind};
use frame_support::{
    derive_impl, ensure, parameter_types,
    traits::{ConstU32, Contains},
};
use frame_system::EnsureRoot;
use smartlink_primitives::{traits::Companies, CompanyId, CompanyKind, Permissions};
use sp_runtime::{BuildStorage, DispatchError, DispatchResult};
use std::collections::{BTreeMap, BTreeSet};

type Block = frame_system::mocking::MockBlock<Test>;

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Network: pallet_nodes,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = Block;
}

/// Those who govern the companies of the genesis.
fn founders() -> BTreeMap<CompanyId, u64> {
    BTreeMap::from([(SWIFT, SWIFT_ADMIN), (OXCART, OXCART_ADMIN)])
}

parameter_types! {
    /// Who governs each company.
    pub static Admins: BTreeMap<CompanyId, u64> = founders();
    /// The companies that cannot act: suspended, lapsed or expelled.
    pub static Still: BTreeSet<CompanyId> = BTreeSet::new();
    /// The companies with a validator in the session.
    pub static Validating: BTreeSet<CompanyId> = BTreeSet::new();
}

/// The companies.
pub struct Members;

impl Companies<u64> for Members {
    fn authorise(who: &u64, company: CompanyId, _needs: Permissions) -> DispatchResult {
        Self::kind(company)?;
        ensure!(Admins::get().get(&company) == Some(who), DispatchError::Other("no role"));
        Ok(())
    }

    fn kind(company: CompanyId) -> Result<CompanyKind, DispatchError> {
        Self::treasury(company)?;
        ensure!(Self::may_act(company), DispatchError::Other("suspended"));
        Ok(CompanyKind::Carrier)
    }

    fn treasury(company: CompanyId) -> Result<u64, DispatchError> {
        Admins::get().get(&company).copied().ok_or(DispatchError::Other("unknown company"))
    }

    fn may_act(company: CompanyId) -> bool {
        Admins::get().contains_key(&company) && !Still::get().contains(&company)
    }

    fn role_of(company: CompanyId, who: &u64) -> Option<Permissions> {
        (Admins::get().get(&company) == Some(who)).then_some(Permissions::ALL)
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn found(who: &u64, _kind: CompanyKind) -> Result<CompanyId, DispatchError> {
        Admins::mutate(|admins| {
            let last = admins.keys().next_back().map_or(0, |company| company.0);
            let company = CompanyId(last.saturating_add(1));
            admins.insert(company, *who);
            Ok(company)
        })
    }
}

/// The session's validators.
pub struct Session;

impl Contains<CompanyId> for Session {
    fn contains(company: &CompanyId) -> bool {
        Validating::get().contains(company)
    }
}

impl pallet_nodes::Config for Test {
    type CouncilOrigin = EnsureRoot<u64>;
    type Companies = Members;
    type HasValidators = Session;
    type MaxNodes = ConstU32<3>;
    type WeightInfo = ();
}

/// A ride hailing platform, and who governs it.
pub const SWIFT: CompanyId = CompanyId(1);
pub const SWIFT_ADMIN: u64 = 11;
/// A carrier, and who governs it.
pub const OXCART: CompanyId = CompanyId(2);
pub const OXCART_ADMIN: u64 = 21;

/// A validator of [`SWIFT`] that is there from the beginning.
pub const FIRST: NodeKey = NodeKey([1; 32]);

pub fn genesis() -> RuntimeGenesisConfig {
    RuntimeGenesisConfig {
        network: pallet_nodes::GenesisConfig {
            permissioned: true,
            nodes: vec![(FIRST, SWIFT, NodeKind::Validator, "first".into())],
            ..Default::default()
        },
        ..Default::default()
    }
}

pub fn new_test_ext() -> sp_io::TestExternalities {
    Admins::set(founders());
    Still::set(BTreeSet::new());
    Validating::set(BTreeSet::new());
    let mut ext: sp_io::TestExternalities = genesis().build_storage().expect("it fits").into();
    // Block 0 keeps no events.
    ext.execute_with(|| System::set_block_number(1));
    ext
}

/// Runs a test on a fresh chain, and checks afterwards that the state is sound.
pub fn on_chain(story: impl FnOnce()) {
    new_test_ext().execute_with(|| {
        story();
        Network::check_invariants().expect("the state is sound");
    });
}
