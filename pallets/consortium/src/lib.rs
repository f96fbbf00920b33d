//! # The companies of the consortium
//!
//! Companies join by a vote of the council, and from then on govern themselves: a company's
//! administrator grants roles to accounts, and every other pallet asks [`Companies`] whether an
//! account may do something for a company now.
//!
//! ```text
//!                register_company                  set_active(false)
//!   (council) ────────────────────▶ active company ────────────────▶ suspended: nobody acts for it
//!                                   │            ▲                            │
//!                                   │            └──────── set_active(true) ──┘
//!                       first administrator: every permission, no expiry
//!                                   │
//!                                   │ grant_role                  expires
//!                                   ▼                               │
//!                                 role ────────────────────────────▶ void ──▶ grant_role again
//!                                   │                                 │
//!                                   └────────── revoke_role ──────────┴─────▶ gone
//! ```
//!
//! Rules of roles:
//!
//! * Nobody grants more than the own role permits, nor for longer, and nobody replaces or revokes a
//!   role that permits more or lasts longer than the own.
//! * A company always keeps a role without expiry that may grant roles.
//! * An expired role opens nothing. It counts until it is revoked or granted again.
//!
//! Companies are never removed, so that what refers to one stays readable. Ids start at 1.
//!
//! [`Companies`]: smartlink_primitives::traits::Companies

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
pub use types::{Company, Count, Name, Role};
pub use weights::WeightInfo;

use frame_support::{
    dispatch::DispatchResult,
    ensure,
    traits::{Get, UnixTime},
};
use smartlink_primitives::{
    traits::Companies as CompaniesTrait, CompanyId, CompanyKind, Permissions,
};
use sp_runtime::DispatchError;

#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use alloc::{boxed::Box, string::String, vec::Vec};
    use frame_support::{
        dispatch::GetDispatchInfo, pallet_prelude::*, traits::UnfilteredDispatchable,
    };
    use frame_system::pallet_prelude::*;

    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// Who decides about members: the council of the companies.
        type CouncilOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// Who may do what no pallet gives to the council: upgrades, and mending of consensus.
        type EnactOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// What can be enacted.
        type RuntimeCall: Parameter
            + UnfilteredDispatchable<RuntimeOrigin = Self::RuntimeOrigin>
            + GetDispatchInfo
            + From<frame_system::Call<Self>>;

        /// The clock by which roles expire.
        type Time: UnixTime;

        /// The most companies there can ever be.
        #[pallet::constant]
        type MaxCompanies: Get<u32>;

        /// The most roles a company may have granted at a time, expired ones included.
        #[pallet::constant]
        type MaxRoles: Get<u32>;

        /// What the calls weigh.
        type WeightInfo: WeightInfo;
    }

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    /// Ids start at 1.
    #[pallet::type_value]
    pub fn FirstCompany() -> CompanyId {
        CompanyId(1)
    }

    /// The id of the company that joins next.
    #[pallet::storage]
    pub type NextCompany<T: Config> = StorageValue<_, CompanyId, ValueQuery, FirstCompany>;

    /// The companies.
    #[pallet::storage]
    pub type Companies<T: Config> =
        StorageMap<_, Twox64Concat, CompanyId, Company<T::AccountId>, OptionQuery>;

    /// Whose treasury an account is.
    #[pallet::storage]
    pub type CompanyOfTreasury<T: Config> =
        StorageMap<_, Blake2_128Concat, T::AccountId, CompanyId, OptionQuery>;

    /// What accounts may do for a company.
    #[pallet::storage]
    pub type Roles<T: Config> = StorageDoubleMap<
        _,
        Twox64Concat,
        CompanyId,
        Blake2_128Concat,
        T::AccountId,
        Role<T::AccountId>,
        OptionQuery,
    >;

    /// How many roles a company has granted.
    #[pallet::storage]
    pub type RoleCount<T: Config> = StorageMap<_, Twox64Concat, CompanyId, Count, ValueQuery>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A company joined.
        CompanyRegistered {
            company: CompanyId,
            name: Name,
            kind: CompanyKind,
            treasury: T::AccountId,
            registered: u64,
        },
        /// The council suspended a company, or let it act again.
        CompanyActivitySet { company: CompanyId, active: bool },
        /// Somebody has a role, in place of any that was there before.
        RoleGranted {
            company: CompanyId,
            who: T::AccountId,
            permissions: Permissions,
            expires: Option<u64>,
            granted_by: T::AccountId,
        },
        /// The council had a call done that needs the highest power, with this result.
        Enacted { result: DispatchResult },
        /// A role is gone.
        RoleRevoked { company: CompanyId, who: T::AccountId, revoked_by: T::AccountId },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The name is empty or no UTF-8: send 1 to 64 bytes of UTF-8.
        BadName,
        /// The chain has all the companies it can have: raise `MaxCompanies` by an upgrade.
        TooManyCompanies,
        /// Another company keeps its money in this account: give the company one of its own.
        TreasuryTaken,
        /// There is no company with this id.
        UnknownCompany,
        /// The council suspended the company: nobody acts for it until the council resumes it.
        Suspended,
        /// The account has no role in the company: have the company's admin grant one.
        NoRole,
        /// The role expired: have the company's admin grant it again.
        RoleExpired,
        /// The role does not permit this: have the company's admin grant a wider one.
        NotPermitted,
        /// Some of the permission bits mean nothing: use those of this version of the chain.
        UnknownPermissions,
        /// A role without permissions is none: revoke it instead.
        EmptyRole,
        /// The expiry is not in the future.
        ExpiryInPast,
        /// More than the granter's own role permits: have somebody with these permissions grant it.
        BeyondOwnPermissions,
        /// Longer than the granter's own role lasts: grant it for a shorter time.
        BeyondOwnExpiry,
        /// The present role permits more or lasts longer than the own: have its granter change it.
        Outranked,
        /// The company has all the roles it can have: revoke expired ones first.
        TooManyRoles,
        /// The last role without expiry that grants roles: grant another one first.
        LastKeeper,
    }

    /// The companies that start the chain.
    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// Name, kind, treasury and first administrator of each, in the order of their ids.
        pub companies: Vec<(String, CompanyKind, T::AccountId, T::AccountId)>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            for (name, kind, treasury, admin) in self.companies.iter().cloned() {
                let bounded = Name::try_from(name.as_bytes().to_vec()).unwrap_or_default();
                let founded = Pallet::<T>::register(bounded, kind, treasury, admin, 0);
                if let Err(error) = founded {
                    panic!("company '{name}' of the genesis: {error:?}");
                }
            }
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        #[cfg(feature = "try-runtime")]
        fn try_state(_now: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::check_invariants()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Admits a company. Its first administrator may do everything, without expiry.
        ///
        /// Origin: the council.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::register_company())]
        pub fn register_company(
            origin: OriginFor<T>,
            name: Name,
            kind: CompanyKind,
            treasury: T::AccountId,
            admin: T::AccountId,
        ) -> DispatchResult {
            T::CouncilOrigin::ensure_origin(origin)?;
            Self::register(name, kind, treasury, admin, Self::now())?;
            Ok(())
        }

        /// Suspends a company, or lets it act again. Its roles, money and vehicles stay.
        ///
        /// Origin: the council.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::set_active())]
        pub fn set_active(
            origin: OriginFor<T>,
            company: CompanyId,
            active: bool,
        ) -> DispatchResult {
            T::CouncilOrigin::ensure_origin(origin)?;
            Companies::<T>::try_mutate(company, |entry| {
                entry.as_mut().ok_or(Error::<T>::UnknownCompany)?.active = active;
                Ok::<_, DispatchError>(())
            })?;
            Self::deposit_event(Event::CompanyActivitySet { company, active });
            Ok(())
        }

        /// Gives somebody a role, in place of any that is there, until `expires`: the first second
        /// of the Unix epoch at which it is void.
        ///
        /// Origin: signed, with the permission to grant roles.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::grant_role())]
        pub fn grant_role(
            origin: OriginFor<T>,
            company: CompanyId,
            who: T::AccountId,
            permissions: Permissions,
            expires: Option<u64>,
        ) -> DispatchResult {
            let granter = ensure_signed(origin)?;
            Self::grant(company, granter, who, permissions, expires)
        }

        /// Takes a role away.
        ///
        /// Origin: signed, with the permission to grant roles.
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::revoke_role())]
        pub fn revoke_role(
            origin: OriginFor<T>,
            company: CompanyId,
            who: T::AccountId,
        ) -> DispatchResult {
            let revoker = ensure_signed(origin)?;
            Self::revoke(company, revoker, who)
        }

        /// Gives somebody all permissions in a company without expiry: for a company that lost the keys
        /// of its administrators, or whose administrator turned against it.
        ///
        /// Origin: the council.
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::appoint_admin())]
        pub fn appoint_admin(
            origin: OriginFor<T>,
            company: CompanyId,
            who: T::AccountId,
        ) -> DispatchResult {
            T::CouncilOrigin::ensure_origin(origin)?;
            ensure!(Companies::<T>::contains_key(company), Error::<T>::UnknownCompany);
            let role =
                Role { permissions: Permissions::ALL, expires: None, granted_by: who.clone() };
            Self::put_role(company, who, role)
        }

        /// Does a call with the highest power there is: a runtime upgrade, a mended consensus. This is
        /// the only way to it; the event says how it went.
        ///
        /// Origin: a large majority of the council.
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::enact().saturating_add(call.get_dispatch_info().call_weight))]
        pub fn enact(
            origin: OriginFor<T>,
            call: Box<<T as Config>::RuntimeCall>,
        ) -> DispatchResult {
            T::EnactOrigin::ensure_origin(origin)?;
            let done = call.dispatch_bypass_filter(frame_system::RawOrigin::Root.into());
            let result = done.map(|_| ()).map_err(|failed| failed.error);
            Self::deposit_event(Event::Enacted { result });
            Ok(())
        }
    }
}

impl<T: Config> Pallet<T> {
    /// The present time in seconds of the Unix epoch.
    fn now() -> u64 {
        T::Time::now().as_secs()
    }

    /// Admits a company with its first administrator.
    pub(crate) fn register(
        name: Name,
        kind: CompanyKind,
        treasury: T::AccountId,
        admin: T::AccountId,
        registered: u64,
    ) -> Result<CompanyId, DispatchError> {
        ensure!(is_name(&name), Error::<T>::BadName);
        ensure!(!CompanyOfTreasury::<T>::contains_key(&treasury), Error::<T>::TreasuryTaken);
        let company = NextCompany::<T>::get();
        ensure!(company.0 <= T::MaxCompanies::get(), Error::<T>::TooManyCompanies);
        let next = company.0.checked_add(1).ok_or(Error::<T>::TooManyCompanies)?;

        NextCompany::<T>::put(CompanyId(next));
        CompanyOfTreasury::<T>::insert(&treasury, company);
        Companies::<T>::insert(
            company,
            Company {
                name: name.clone(),
                kind,
                treasury: treasury.clone(),
                active: true,
                registered,
            },
        );
        Self::deposit_event(Event::CompanyRegistered { company, name, kind, treasury, registered });

        let role = Role { permissions: Permissions::ALL, expires: None, granted_by: admin.clone() };
        Self::put_role(company, admin, role)?;
        Ok(company)
    }

    fn grant(
        company: CompanyId,
        granter: T::AccountId,
        who: T::AccountId,
        permissions: Permissions,
        expires: Option<u64>,
    ) -> DispatchResult {
        ensure!(permissions.is_known(), Error::<T>::UnknownPermissions);
        ensure!(!permissions.is_empty(), Error::<T>::EmptyRole);
        ensure!(expires.is_none_or(|expires| expires > Self::now()), Error::<T>::ExpiryInPast);

        let own = Self::role_for(company, &granter, Permissions::ROLES)?;
        ensure!(own.permissions.contains(permissions), Error::<T>::BeyondOwnPermissions);
        ensure!(own.outlasts(expires), Error::<T>::BeyondOwnExpiry);
        if let Some(present) = Roles::<T>::get(company, &who) {
            ensure!(own.covers(present.permissions, present.expires), Error::<T>::Outranked);
        }
        Self::put_role(company, who, Role { permissions, expires, granted_by: granter })
    }

    fn revoke(company: CompanyId, revoker: T::AccountId, who: T::AccountId) -> DispatchResult {
        let own = Self::role_for(company, &revoker, Permissions::ROLES)?;
        let present = Roles::<T>::get(company, &who).ok_or(Error::<T>::NoRole)?;
        ensure!(own.covers(present.permissions, present.expires), Error::<T>::Outranked);

        Self::recount(company, Some(&present), None)?;
        Roles::<T>::remove(company, &who);
        Self::deposit_event(Event::RoleRevoked { company, who, revoked_by: revoker });
        Ok(())
    }

    /// Writes a role over any present one.
    fn put_role(company: CompanyId, who: T::AccountId, role: Role<T::AccountId>) -> DispatchResult {
        let present = Roles::<T>::get(company, &who);
        Self::recount(company, present.as_ref(), Some(&role))?;
        Roles::<T>::insert(company, &who, &role);
        Self::deposit_event(Event::RoleGranted {
            company,
            who,
            permissions: role.permissions,
            expires: role.expires,
            granted_by: role.granted_by,
        });
        Ok(())
    }

    /// Keeps the count of a company's roles when `present` gives way to `next`.
    fn recount(
        company: CompanyId,
        present: Option<&Role<T::AccountId>>,
        next: Option<&Role<T::AccountId>>,
    ) -> DispatchResult {
        let one_if = |condition: bool| u32::from(condition);
        let keeps = |role: Option<&Role<T::AccountId>>| one_if(role.is_some_and(Role::is_keeper));

        let Count { roles, keepers } = RoleCount::<T>::get(company);
        let roles =
            roles.saturating_add(one_if(next.is_some())).saturating_sub(one_if(present.is_some()));
        let keepers = keepers.saturating_add(keeps(next)).saturating_sub(keeps(present));
        ensure!(roles <= T::MaxRoles::get(), Error::<T>::TooManyRoles);
        ensure!(keepers > 0, Error::<T>::LastKeeper);
        RoleCount::<T>::insert(company, Count { roles, keepers });
        Ok(())
    }

    /// The company, if it may act.
    fn active(company: CompanyId) -> Result<Company<T::AccountId>, Error<T>> {
        let entry = Companies::<T>::get(company).ok_or(Error::<T>::UnknownCompany)?;
        ensure!(entry.active, Error::<T>::Suspended);
        Ok(entry)
    }

    /// The role by which `who` may do all of `needs` now.
    fn role_for(
        company: CompanyId,
        who: &T::AccountId,
        needs: Permissions,
    ) -> Result<Role<T::AccountId>, Error<T>> {
        Self::active(company)?;
        let role = Roles::<T>::get(company, who).ok_or(Error::<T>::NoRole)?;
        ensure!(!role.has_expired(Self::now()), Error::<T>::RoleExpired);
        ensure!(role.permissions.contains(needs), Error::<T>::NotPermitted);
        Ok(role)
    }
}

/// Whether bytes are a name: UTF-8, and not empty.
fn is_name(bytes: &[u8]) -> bool {
    core::str::from_utf8(bytes).is_ok_and(|name| !name.trim().is_empty())
}

impl<T: Config> CompaniesTrait<T::AccountId> for Pallet<T> {
    fn authorise(who: &T::AccountId, company: CompanyId, needs: Permissions) -> DispatchResult {
        Self::role_for(company, who, needs)?;
        Ok(())
    }

    fn kind(company: CompanyId) -> Result<CompanyKind, DispatchError> {
        Ok(Self::active(company)?.kind)
    }

    fn treasury(company: CompanyId) -> Result<T::AccountId, DispatchError> {
        Ok(Companies::<T>::get(company).ok_or(Error::<T>::UnknownCompany)?.treasury)
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn found(who: &T::AccountId, kind: CompanyKind) -> Result<CompanyId, DispatchError> {
        let name = Name::truncate_from(b"Founded for a benchmark".to_vec());
        Self::register(name, kind, who.clone(), who.clone(), 0)
    }
}
