//! # The companies of the consortium
//!
//! Companies apply with papers that members attest, join by a vote of the council, and from then on
//! govern themselves: a company's administrator grants roles to accounts, and every other pallet
//! asks [`Companies`] whether an account may do something for a company now.
//!
//! ```text
//!              apply                attest_paper (each paper)             admit (council)
//!   applicant ───────▶ application ──────────────────────────▶ attested ─────────────────▶ company
//!                           │
//!                           └── withdraw_application (applicant, council; anybody, once it is old)
//!
//!                    set_active(false)                       until is reached
//!   suspended ◀──────────────────────────── active company ───────────────────▶ lapsed
//!       │     ────────────────────────────▶  │   │   ▲   ▲                        │
//!       │            set_active(true)        │   │   │   └──────── renew ─────────┘
//!       │                                    │   └───┘
//!       └──────────── expel ─────────┬───────┘   renew
//!                                    ▼
//!                                 expelled: for good
//!
//!                       first administrator: every permission, no expiry
//!                                   │
//!                                   │ grant_role                  expires
//!                                   ▼                               │
//!                                 role ────────────────────────────▶ void ──▶ grant_role again
//!                                   │                                 │
//!                                   └────────── revoke_role ──────────┴─────▶ gone
//! ```
//!
//! Rules of applications:
//!
//! * Documents never are on the chain: a paper is the hash of one, and what it is about.
//! * A paper is attested by a member of a kind that the runtime trusts with it, of which the
//!   applicant is no part. Whoever attests it last answers for it.
//! * A treasury is the applicant's own account, or says itself that it is this company's
//!   ([`Pallet::accept_treasury`]): whoever governs a company moves the money of its treasury.
//! * The council admits nobody without papers, nobody with a paper that is not attested, and nobody
//!   whose treasury has not agreed.
//!
//! Rules of membership:
//!
//! * Nobody acts for a company that is suspended, lapsed or expelled. Its money, its vehicles and
//!   its history stay.
//! * The chain reminds of the end of a membership 30, 7 and 1 days before, and tells when it came.
//!   It looks at the beginning of a block, by the time of the block before.
//!
//! Rules of the council:
//!
//! * Its members are the seats of the companies that are active and have not lapsed. A company has
//!   one seat at most, and a seat is of one company.
//! * A lapse counts from the block in which the chain tells it.
//! * It is never empty, because nobody could fill it again. The last of its companies is neither
//!   suspended nor expelled. When the last lapses, the seats of all that lapsed decide, until one of
//!   them is renewed.
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
//! **Genesis.** The founding companies are members without end, and the first administrator of each
//! has a seat. This pallet gives the council its first members, so it must stand before the council
//! in the runtime, and the council's own genesis must name none.
//!
//! [`Companies`]: smartlink_primitives::traits::Companies

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod admission;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod invariants;
#[cfg(test)]
mod mock;
mod seats;
mod terms;
#[cfg(test)]
mod tests;
mod types;
pub mod weights;

pub use pallet::*;
pub use types::{
    Application, ApplicationId, Attested, Company, Count, MaxPapers, Name, Paper, PaperKind,
    Papers, Role, Standing, Submitted, LAPSED, REMINDERS,
};
pub use weights::WeightInfo;

use frame_support::{
    dispatch::DispatchResult,
    ensure,
    traits::{Get, UnixTime},
};
use smartlink_primitives::{
    traits::{Companies as CompaniesTrait, Membership},
    CompanyId, CompanyKind, Permissions, H256,
};
use sp_runtime::DispatchError;

#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use alloc::{boxed::Box, string::String, vec::Vec};
    use frame_support::{
        dispatch::GetDispatchInfo,
        pallet_prelude::*,
        traits::{ChangeMembers, Contains, InitializeMembers, UnfilteredDispatchable},
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

        /// What of it may be enacted: not what would stop the chain, were it only by a mistyped number. It looks into calls
        /// that have others in them.
        type Sound: Contains<<Self as Config>::RuntimeCall>;

        /// The clock by which roles expire and memberships lapse.
        type Time: UnixTime;

        /// What companies may attest the papers of applicants.
        type Attesters: Contains<CompanyKind>;

        /// The council: told its members whenever they change. Nobody else may change them.
        type Council: ChangeMembers<Self::AccountId> + InitializeMembers<Self::AccountId>;

        /// The most that it weighs to tell the council its members.
        type CouncilWeight: Get<Weight>;

        /// Who wants to know of members and their people.
        type Observers: Membership<Self::AccountId>;

        /// Seconds after which anybody may close an application.
        #[pallet::constant]
        type ApplicationLife: Get<u64>;

        /// The most applications at a time.
        #[pallet::constant]
        type MaxApplications: Get<u32>;

        /// The most companies with a seat in the council. The council must have room for as many.
        #[pallet::constant]
        type MaxSeats: Get<u32>;

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

    /// The id of the application that comes next.
    #[pallet::storage]
    pub type NextApplication<T: Config> = StorageValue<_, ApplicationId, ValueQuery>;

    /// Those who want to join, at most `MaxApplications`.
    #[pallet::storage]
    pub type Applications<T: Config> =
        CountedStorageMap<_, Twox64Concat, ApplicationId, Application<T::AccountId>, OptionQuery>;

    /// The open application of an account.
    #[pallet::storage]
    pub type ApplicationOf<T: Config> =
        StorageMap<_, Blake2_128Concat, T::AccountId, ApplicationId, OptionQuery>;

    /// The open applications whose treasury agreed to be it. Not those whose applicant it is.
    #[pallet::storage]
    pub type AcceptedTreasuries<T: Config> =
        StorageMap<_, Twox64Concat, ApplicationId, (), OptionQuery>;

    /// The account that votes for a company, at most `MaxSeats`. It is a member of the council while
    /// the company is active and has not lapsed.
    #[pallet::storage]
    pub type Seats<T: Config> =
        CountedStorageMap<_, Twox64Concat, CompanyId, T::AccountId, OptionQuery>;

    /// For which company an account votes.
    #[pallet::storage]
    pub type CompanyOfSeat<T: Config> =
        StorageMap<_, Blake2_128Concat, T::AccountId, CompanyId, OptionQuery>;

    /// The members of the council as it was told them last, sorted.
    #[pallet::storage]
    pub type Seated<T: Config> = StorageValue<_, BoundedVec<T::AccountId, T::MaxSeats>, ValueQuery>;

    /// A time that never comes.
    #[pallet::type_value]
    pub fn Never() -> u64 {
        u64::MAX
    }

    /// The next second at which a company has to be told something. Nothing is due before.
    #[pallet::storage]
    pub type NextLook<T: Config> = StorageValue<_, u64, ValueQuery, Never>;

    /// How many notices of the end of its membership a company was given: one for each of
    /// [`REMINDERS`], and [`LAPSED`] when the lapse was told.
    #[pallet::storage]
    pub type Reminded<T: Config> = StorageMap<_, Twox64Concat, CompanyId, u8, ValueQuery>;

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
        /// Somebody wants to join with a company.
        Applied {
            application: ApplicationId,
            name: Name,
            kind: CompanyKind,
            treasury: T::AccountId,
            applicant: T::AccountId,
            papers: Papers,
            applied: u64,
        },
        /// An application is closed without admission, by this account or by the council (`None`).
        ApplicationClosed { application: ApplicationId, by: Option<T::AccountId> },
        /// Somebody attested a paper of an application for a company, in place of `before`.
        PaperAttested {
            application: ApplicationId,
            index: u32,
            company: CompanyId,
            by: T::AccountId,
            before: Option<CompanyId>,
        },
        /// The council admitted a company. Its application is gone, and this stays of it.
        Admitted {
            company: CompanyId,
            application: ApplicationId,
            until: Option<u64>,
            papers: Attested,
        },
        /// The council expelled a company for good. The reason is the hash of a document.
        CompanyExpelled { company: CompanyId, reason: H256 },
        /// The council set the end of a membership: the first second at which it is void.
        MembershipRenewed { company: CompanyId, until: Option<u64> },
        /// A membership ends in this many days or fewer, if it is not renewed.
        MembershipEnding { company: CompanyId, until: u64, days: u32 },
        /// A membership ended. Nobody acts for the company until it is renewed.
        MembershipLapsed { company: CompanyId },
        /// Another account votes for a company, or none any more.
        SeatMoved { company: CompanyId, from: Option<T::AccountId>, to: Option<T::AccountId> },
        /// The account that an application names as its treasury agreed to be it.
        TreasuryAccepted { application: ApplicationId, treasury: T::AccountId },
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
        /// The council expelled the company, which is final: its people must apply with a new one.
        Expelled,
        /// The membership of the company lapsed: ask the council to renew it.
        MembershipLapsed,
        /// The application has no papers: show at least one.
        NoPapers,
        /// The account has an open application: withdraw it first.
        AlreadyApplied,
        /// There are all the applications there can be: wait, or close one that is old.
        TooManyApplications,
        /// There is no application with this id: it was closed, or never made.
        UnknownApplication,
        /// The application is of another account, and not old enough for anybody to close it.
        NotApplicant,
        /// The application has no paper with this index: count from zero.
        UnknownPaper,
        /// Companies of this kind attest no papers: have one attest that may.
        NotAttester,
        /// The applicant has a role in the attesting company: have another company attest.
        OwnApplication,
        /// The company attested this paper already: nothing is left to do.
        AlreadyAttested,
        /// A paper of the application is not attested: have a member attest it first.
        PaperNotAttested,
        /// The account votes for a company already: name another account.
        SeatTaken,
        /// The council has all the seats it can have: admit the company without one.
        TooManySeats,
        /// The company has no seat in the council: ask the council for one.
        NoSeat,
        /// The role ends some day: have somebody with every permission without expiry do it.
        NotKeeper,
        /// The council would have no member left: let another company be seated first.
        LastSeat,
        /// The call would stop the chain, because a delay in it is too long: propose it with a shorter one.
        Unsound,
        /// The treasury is another account than the applicant's, and has not agreed: have it send `accept_treasury`.
        TreasuryNotAccepted,
        /// The application names another treasury: send it from the account that it names.
        NotTreasury,
        /// The treasury agreed already, or applied itself: nothing is left to do.
        AlreadyAccepted,
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
                let seat = admin.clone();
                let founded = Pallet::<T>::register(bounded, kind, treasury, admin, 0, None)
                    .and_then(|company| Pallet::<T>::seat(company, seat));
                if let Err(error) = founded {
                    panic!("company '{name}' of the genesis: {error:?}");
                }
            }
            Pallet::<T>::open_council();
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        /// Tells what is due about the ends of memberships, by the time of the block before.
        fn on_initialize(_now: BlockNumberFor<T>) -> Weight {
            let next = NextLook::<T>::get();
            // A chain without ends of memberships need not ask for the time.
            if next == Never::get() {
                return T::DbWeight::get().reads(1);
            }
            let checked = T::DbWeight::get().reads(2);
            let now = Self::now();
            if now < next {
                return checked;
            }
            checked.saturating_add(Self::look(now))
        }

        fn integrity_test() {
            assert!(T::MaxSeats::get() > 0, "a council needs a seat");
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_now: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::check_invariants()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        // Index 0 was `register_company`, by which the council admitted without an application. It
        // stays free.

        /// Suspends a company, or lets it act again. Its roles, money and vehicles stay. While it is
        /// suspended, it has no vote in the council.
        ///
        /// Origin: the council.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::set_active().saturating_add(Pallet::<T>::reseat_weight()))]
        pub fn set_active(
            origin: OriginFor<T>,
            company: CompanyId,
            active: bool,
        ) -> DispatchResult {
            T::CouncilOrigin::ensure_origin(origin)?;
            Self::suspend_or_resume(company, active)
        }

        /// Gives somebody a role, in place of any that is there, until `expires`: the first second
        /// of the Unix epoch at which it is void.
        ///
        /// Origin: signed, with the permission to grant roles.
        #[pallet::call_index(2)]
        #[pallet::weight(
            T::WeightInfo::grant_role().saturating_add(T::Observers::change_weight())
        )]
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
        #[pallet::weight(
            T::WeightInfo::revoke_role().saturating_add(T::Observers::change_weight())
        )]
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
        #[pallet::weight(
            T::WeightInfo::appoint_admin().saturating_add(T::Observers::change_weight())
        )]
        pub fn appoint_admin(
            origin: OriginFor<T>,
            company: CompanyId,
            who: T::AccountId,
        ) -> DispatchResult {
            T::CouncilOrigin::ensure_origin(origin)?;
            Self::not_expelled(company)?;
            let role =
                Role { permissions: Permissions::ALL, expires: None, granted_by: who.clone() };
            Self::put_role(company, who, role)
        }

        /// Does a call with the highest power there is: a runtime upgrade, a mended consensus. This is
        /// the only way to it; the event says how it went. What would stop the chain is not done.
        ///
        /// Origin: a large majority of the council.
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::enact().saturating_add(call.get_dispatch_info().call_weight))]
        pub fn enact(
            origin: OriginFor<T>,
            call: Box<<T as Config>::RuntimeCall>,
        ) -> DispatchResult {
            T::EnactOrigin::ensure_origin(origin)?;
            ensure!(T::Sound::contains(&*call), Error::<T>::Unsound);
            let done = call.dispatch_bypass_filter(frame_system::RawOrigin::Root.into());
            let result = done.map(|_| ()).map_err(|failed| failed.error);
            Self::deposit_event(Event::Enacted { result });
            Ok(())
        }

        /// Applies to join with a company whose first administrator the caller will be. Of each paper
        /// only the hash is sent: the documents go to those who attest them. A treasury that is not the
        /// caller's account has to agree by [`Pallet::accept_treasury`].
        ///
        /// Origin: signed.
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::apply())]
        pub fn apply(
            origin: OriginFor<T>,
            name: Name,
            kind: CompanyKind,
            treasury: T::AccountId,
            papers: Papers,
        ) -> DispatchResult {
            let applicant = ensure_signed(origin)?;
            Self::open_application(name, kind, treasury, applicant, papers)
        }

        /// Closes an application.
        ///
        /// Origin: signed by the applicant, or the council; signed by anybody when the application
        /// is older than `ApplicationLife`.
        #[pallet::call_index(7)]
        #[pallet::weight(T::WeightInfo::withdraw_application())]
        pub fn withdraw_application(
            origin: OriginFor<T>,
            application: ApplicationId,
        ) -> DispatchResult {
            let by = match T::CouncilOrigin::try_origin(origin) {
                Ok(_) => None,
                Err(origin) => Some(ensure_signed(origin)?),
            };
            Self::close_application(application, by)
        }

        /// Attests a paper of an application in the name of a company, which answers for it from now
        /// on, in place of any that attested it before.
        ///
        /// Origin: signed, with the permission to attest.
        #[pallet::call_index(8)]
        #[pallet::weight(T::WeightInfo::attest_paper())]
        pub fn attest_paper(
            origin: OriginFor<T>,
            application: ApplicationId,
            index: u32,
            company: CompanyId,
        ) -> DispatchResult {
            let by = ensure_signed(origin)?;
            Self::attest(application, index, company, by)
        }

        /// Admits a company whose papers are attested and whose treasury agreed, until `until`: the first
        /// second of the Unix epoch at which its membership is void. The applicant may do everything for it, without
        /// expiry, and votes for it in the council if it has a seat.
        ///
        /// Origin: the council.
        #[pallet::call_index(9)]
        #[pallet::weight(
            T::WeightInfo::admit()
                .saturating_add(T::Observers::change_weight())
                .saturating_add(Pallet::<T>::reseat_weight())
        )]
        pub fn admit(
            origin: OriginFor<T>,
            application: ApplicationId,
            until: Option<u64>,
            seat: bool,
        ) -> DispatchResult {
            T::CouncilOrigin::ensure_origin(origin)?;
            Self::admit_applicant(application, until, seat)
        }

        /// Expels a company for good, for a reason whose document has this hash. All its roles are
        /// void at once, and it loses its seat in the council. Its money stays its own.
        ///
        /// Origin: the council.
        #[pallet::call_index(10)]
        #[pallet::weight(
            T::WeightInfo::expel()
                .saturating_add(T::Observers::fall_weight())
                .saturating_add(Pallet::<T>::reseat_weight())
        )]
        pub fn expel(origin: OriginFor<T>, company: CompanyId, reason: H256) -> DispatchResult {
            T::CouncilOrigin::ensure_origin(origin)?;
            Self::expel_company(company, reason)
        }

        /// Sets the end of a membership: the first second of the Unix epoch at which it is void.
        /// A company that lapsed can act again.
        ///
        /// Origin: the council.
        #[pallet::call_index(11)]
        #[pallet::weight(T::WeightInfo::renew().saturating_add(Pallet::<T>::reseat_weight()))]
        pub fn renew(
            origin: OriginFor<T>,
            company: CompanyId,
            until: Option<u64>,
        ) -> DispatchResult {
            T::CouncilOrigin::ensure_origin(origin)?;
            Self::renew_until(company, until)
        }

        /// Lets another account vote for a company. The council does it for a company that lost the
        /// key, and gives a seat to one that has none.
        ///
        /// Origin: signed, with every permission and without expiry; or the council.
        #[pallet::call_index(12)]
        #[pallet::weight(T::WeightInfo::move_seat().saturating_add(Pallet::<T>::reseat_weight()))]
        pub fn move_seat(
            origin: OriginFor<T>,
            company: CompanyId,
            to: T::AccountId,
        ) -> DispatchResult {
            match T::CouncilOrigin::try_origin(origin) {
                Ok(_) => {
                    Self::not_expelled(company)?;
                }
                Err(origin) => {
                    let who = ensure_signed(origin)?;
                    Self::may_move_seat(company, &who)?;
                }
            }
            Self::seat(company, to)?;
            Self::reseat();
            Ok(())
        }

        /// Agrees to be the treasury of the company that an application is about. Without it somebody could join with
        /// an account of others, and spend what is in it.
        ///
        /// Origin: signed, by the account that the application names.
        #[pallet::call_index(13)]
        #[pallet::weight(T::WeightInfo::accept_treasury())]
        pub fn accept_treasury(origin: OriginFor<T>, application: ApplicationId) -> DispatchResult {
            let treasury = ensure_signed(origin)?;
            Self::agree(application, treasury)
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
        until: Option<u64>,
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
                standing: Standing::Active,
                registered,
                until,
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
        T::Observers::left(company, &who);
        Self::deposit_event(Event::RoleRevoked { company, who, revoked_by: revoker });
        Ok(())
    }

    /// Writes a role over any present one.
    fn put_role(company: CompanyId, who: T::AccountId, role: Role<T::AccountId>) -> DispatchResult {
        let present = Roles::<T>::get(company, &who);
        Self::recount(company, present.as_ref(), Some(&role))?;
        Roles::<T>::insert(company, &who, &role);
        if present.is_none() {
            T::Observers::joined(company, &who);
        }
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
        let entry = Self::not_expelled(company)?;
        ensure!(entry.standing == Standing::Active, Error::<T>::Suspended);
        // The time is asked only where there is an end: there is none while the genesis is built.
        let lapsed = entry.until.is_some_and(|until| until <= Self::now());
        ensure!(!lapsed, Error::<T>::MembershipLapsed);
        Ok(entry)
    }

    /// The company, if it was not expelled.
    fn not_expelled(company: CompanyId) -> Result<Company<T::AccountId>, Error<T>> {
        let entry = Companies::<T>::get(company).ok_or(Error::<T>::UnknownCompany)?;
        ensure!(entry.standing != Standing::Expelled, Error::<T>::Expelled);
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

    fn may_act(company: CompanyId) -> bool {
        Self::active(company).is_ok()
    }

    fn role_of(company: CompanyId, who: &T::AccountId) -> Option<Permissions> {
        Self::role_for(company, who, Permissions::NONE).ok().map(|role| role.permissions)
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn found(who: &T::AccountId, kind: CompanyKind) -> Result<CompanyId, DispatchError> {
        let name = Name::truncate_from(b"Founded for a benchmark".to_vec());
        Self::register(name, kind, who.clone(), who.clone(), 0, None)
    }
}
