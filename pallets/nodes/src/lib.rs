//! # Whose machines may join the network
//!
//! Nobody else reads or joins: the node software accepts only peers whose keys are registered here,
//! by the company that answers for the machine. The node asks [`Pallet::admitted`] at each block and
//! lets go of a peer that is not in the answer any more.
//!
//! ```text
//!                register
//!   (company) ──────────────▶ registered ──┬── unregister (company) ────────────▶ gone
//!                    ▲            │        ├── remove_by_council (council) ─────▶ gone
//!                    └── again ───┘        └── the company is expelled ─────────▶ gone
//!
//!   registered, and the company may act                        ──▶ admitted
//!   registered, suspended or lapsed, a validator in a session  ──▶ admitted
//!   registered, suspended or lapsed, anything else             ──▶ kept out, without any write
//! ```
//!
//! * A key is of one company. Registering it again replaces kind and label.
//! * Suspension and lapse of a membership cut a company's machines off, and their end lets them in
//!   again: what counts is read when it is asked, not written when it changes.
//! * The machines of kind validator are an exception while their company is in the session's set of
//!   validators: finality must not fall with a vote about a membership. It ends with expulsion, which
//!   takes the validators out of the set as well. Whoever expels a company with more than a third
//!   of the validators has to remove validators first, and wait for the session without them.
//! * [`Permissioned`] says whether strangers are kept out at all. Development presets are open:
//!   their nodes make new keys at every start.
//!
//! **Why not `pallet-node-authorization`?** Its well-known nodes belong to accounts and not to members,
//! so nothing happens to them when a membership ends. Its further connections are made pair by
//! pair. It drives the network by an off-chain worker in each node, which is an order to that node and
//! no rule that others can check. Here the chain says who is admitted, and the node obeys.
//!
//! Keys are ed25519, the only kind that the node makes. [`NodeKey`] leads to the bytes of a libp2p peer
//! id and back.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod invariants;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;
mod types;
pub mod weights;

pub use pallet::*;
pub use types::{Label, Node, NodeKey, NodeKind, PeerIdError, Removal, PEER_ID_BYTES};
pub use weights::WeightInfo;

use alloc::vec::Vec;
use frame_support::{
    dispatch::DispatchResult,
    ensure,
    traits::{Contains, Get},
    weights::Weight,
};
use smartlink_primitives::{
    traits::{Companies, Membership},
    CompanyId, Permissions,
};

#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use alloc::string::String;
    use frame_support::pallet_prelude::*;
    use frame_system::pallet_prelude::*;

    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// Who decides about the network: the council of the companies.
        type CouncilOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// The companies whose machines these are.
        type Companies: Companies<Self::AccountId>;

        /// The companies that run a validator in the present session.
        type HasValidators: Contains<CompanyId>;

        /// The most machines that a company may register.
        #[pallet::constant]
        type MaxNodes: Get<u32>;

        /// What the calls weigh.
        type WeightInfo: WeightInfo;
    }

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    /// The machines.
    #[pallet::storage]
    pub type Nodes<T: Config> =
        StorageMap<_, Blake2_128Concat, NodeKey, Node<BlockNumberFor<T>>, OptionQuery>;

    /// The machines of each company.
    #[pallet::storage]
    pub type NodesOf<T: Config> =
        StorageMap<_, Twox64Concat, CompanyId, BoundedVec<NodeKey, T::MaxNodes>, ValueQuery>;

    /// Whether strangers are kept out.
    #[pallet::storage]
    pub type Permissioned<T: Config> = StorageValue<_, bool, ValueQuery>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A company registered a machine, or gave it another kind or label.
        Registered {
            company: CompanyId,
            node: NodeKey,
            kind: NodeKind,
            label: Label,
            since: BlockNumberFor<T>,
        },
        /// A machine is not registered any more.
        Unregistered { company: CompanyId, node: NodeKey, removal: Removal },
        /// The council closed the network to strangers, or opened it.
        PermissionedSet { permissioned: bool },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// Another company has registered this key: give the machine a key of its own.
        TakenNode,
        /// The company has no such machine: look at `NodesOf`.
        UnknownNode,
        /// The company has all the machines that it may have: unregister another one first.
        TooManyNodes,
        /// The label is empty or no UTF-8: send 1 to 64 bytes of UTF-8.
        BadLabel,
        /// No machine is registered, so that nobody could join: register the validators first.
        NobodyRegistered,
    }

    /// The network as it starts.
    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// Whether strangers are kept out.
        pub permissioned: bool,
        /// Key, company, kind and label of each machine. The companies must be there before.
        pub nodes: Vec<(NodeKey, CompanyId, NodeKind, String)>,
        /// Nothing.
        #[serde(skip)]
        pub _config: PhantomData<T>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            for (node, company, kind, label) in &self.nodes {
                let bounded = Label::try_from(label.as_bytes().to_vec()).unwrap_or_default();
                let known = T::Companies::kind(*company).map(|_| ());
                let put = known.and_then(|()| Pallet::<T>::put(*company, *node, *kind, bounded));
                if let Err(error) = put {
                    panic!("node '{label}' of {company} in the genesis: {error:?}");
                }
            }
            if let Err(error) = Pallet::<T>::close(self.permissioned) {
                panic!("a network without nodes in the genesis: {error:?}");
            }
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn integrity_test() {
            assert!(T::MaxNodes::get() > 0, "a company needs a machine");
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_now: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::check_invariants()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Registers a machine of a company, or gives one that it has another kind and label.
        ///
        /// Origin: signed, with the permission to grant roles.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::register())]
        pub fn register(
            origin: OriginFor<T>,
            company: CompanyId,
            node: NodeKey,
            kind: NodeKind,
            label: Label,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            T::Companies::authorise(&who, company, Permissions::ROLES)?;
            Self::put(company, node, kind, label)
        }

        /// Takes a machine of a company out.
        ///
        /// Origin: signed, with the permission to grant roles.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::unregister())]
        pub fn unregister(
            origin: OriginFor<T>,
            company: CompanyId,
            node: NodeKey,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            T::Companies::authorise(&who, company, Permissions::ROLES)?;
            let entry = Nodes::<T>::get(node).ok_or(Error::<T>::UnknownNode)?;
            ensure!(entry.company == company, Error::<T>::UnknownNode);
            Self::remove(company, node, Removal::Company);
            Ok(())
        }

        /// Takes a machine of any company out. The company may register it again.
        ///
        /// Origin: the council.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::remove_by_council())]
        pub fn remove_by_council(origin: OriginFor<T>, node: NodeKey) -> DispatchResult {
            T::CouncilOrigin::ensure_origin(origin)?;
            let entry = Nodes::<T>::get(node).ok_or(Error::<T>::UnknownNode)?;
            Self::remove(entry.company, node, Removal::Council);
            Ok(())
        }

        /// Keeps strangers out, or lets them in.
        ///
        /// Origin: the council.
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::set_permissioned())]
        pub fn set_permissioned(origin: OriginFor<T>, permissioned: bool) -> DispatchResult {
            T::CouncilOrigin::ensure_origin(origin)?;
            Self::close(permissioned)
        }
    }
}

impl<T: Config> Pallet<T> {
    /// The keys of all machines that may join now, in order. `None`: everybody may.
    ///
    /// Reads the list of every company, and the kinds of the machines of those that cannot act. For a
    /// runtime API.
    pub fn admitted() -> Option<Vec<NodeKey>> {
        if !Permissioned::<T>::get() {
            return None;
        }
        let mut admitted = Vec::new();
        for (company, nodes) in NodesOf::<T>::iter() {
            if T::Companies::may_act(company) {
                admitted.extend(nodes);
            } else if T::HasValidators::contains(&company) {
                admitted.extend(nodes.into_iter().filter(Self::is_validator));
            }
        }
        admitted.sort_unstable();
        Some(admitted)
    }

    /// Whether a machine is registered as a validator's.
    fn is_validator(node: &NodeKey) -> bool {
        Nodes::<T>::get(node).is_some_and(|entry| entry.kind == NodeKind::Validator)
    }

    /// Writes a machine of a company, over any present one of the same company.
    pub(crate) fn put(
        company: CompanyId,
        node: NodeKey,
        kind: NodeKind,
        label: Label,
    ) -> DispatchResult {
        ensure!(is_label(&label), Error::<T>::BadLabel);
        let since = match Nodes::<T>::get(node) {
            Some(present) => {
                ensure!(present.company == company, Error::<T>::TakenNode);
                present.since
            }
            None => {
                NodesOf::<T>::try_mutate(company, |nodes| nodes.try_push(node))
                    .map_err(|_| Error::<T>::TooManyNodes)?;
                frame_system::Pallet::<T>::block_number()
            }
        };
        Nodes::<T>::insert(node, Node { company, kind, label: label.clone(), since });
        Self::deposit_event(Event::Registered { company, node, kind, label, since });
        Ok(())
    }

    /// Takes a machine out of its company.
    fn remove(company: CompanyId, node: NodeKey, removal: Removal) {
        NodesOf::<T>::mutate_exists(company, |entry| {
            let mut nodes = entry.take().unwrap_or_default();
            nodes.retain(|other| *other != node);
            *entry = (!nodes.is_empty()).then_some(nodes);
        });
        Nodes::<T>::remove(node);
        Self::deposit_event(Event::Unregistered { company, node, removal });
    }

    /// Keeps strangers out, or lets them in.
    fn close(permissioned: bool) -> DispatchResult {
        let somebody = NodesOf::<T>::iter_keys().next().is_some();
        ensure!(somebody || !permissioned, Error::<T>::NobodyRegistered);
        Permissioned::<T>::put(permissioned);
        Self::deposit_event(Event::PermissionedSet { permissioned });
        Ok(())
    }
}

/// Whether bytes are a label: UTF-8, and not empty.
fn is_label(bytes: &[u8]) -> bool {
    core::str::from_utf8(bytes).is_ok_and(|label| !label.trim().is_empty())
}

impl<T: Config> Membership<T::AccountId> for Pallet<T> {
    /// The machines of a company that was expelled go with it. At most `MaxNodes`.
    fn fell(company: CompanyId) {
        for node in NodesOf::<T>::take(company) {
            Nodes::<T>::remove(node);
            let removal = Removal::Expulsion;
            Self::deposit_event(Event::Unregistered { company, node, removal });
        }
    }

    fn fall_weight() -> Weight {
        T::WeightInfo::fell(T::MaxNodes::get())
    }
}
