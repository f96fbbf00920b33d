//! How the pallets know each other: each takes in its `Config` what it needs, as one of these.

use crate::{
    receipt::ItemKind,
    ride::RowFault,
    tariff::{Schedule, TariffError},
    telemetry::RunFault,
    vin::VinError,
    CityCode, CompanyId, CompanyKind, DriverId, Permissions, Seat, H256,
};
use core::ops::BitOr;
use frame_support::{traits::PalletError, weights::Weight};
use sp_runtime::{DispatchError, DispatchResult};

/// The companies of the consortium. The pallet `consortium` is one.
pub trait Companies<AccountId> {
    /// Whether `who` may do all of `needs` for `company` now.
    ///
    /// # Errors
    /// The company is unknown or cannot act, the role is missing, too narrow, or expired.
    fn authorise(who: &AccountId, company: CompanyId, needs: Permissions) -> DispatchResult;

    /// What a company does.
    ///
    /// # Errors
    /// The company is unknown, or cannot act: it is suspended or expelled, or its membership lapsed.
    fn kind(company: CompanyId) -> Result<CompanyKind, DispatchError>;

    /// The account that holds a company's money.
    ///
    /// # Errors
    /// The company is unknown.
    fn treasury(company: CompanyId) -> Result<AccountId, DispatchError>;

    /// Whether a company may act now: it is known, neither suspended nor expelled, and its
    /// membership has not lapsed.
    fn may_act(company: CompanyId) -> bool {
        Self::kind(company).is_ok()
    }

    /// What `who` may do for `company` now. `None`: nothing.
    fn role_of(company: CompanyId, who: &AccountId) -> Option<Permissions> {
        let held = (0..u32::BITS)
            .map(|bit| Permissions(1 << bit))
            .filter(|one| one.is_known() && Self::authorise(who, company, *one).is_ok())
            .fold(Permissions::NONE, BitOr::bitor);
        Some(held).filter(|held| !held.is_empty())
    }

    /// Makes `who` able to do everything for a new company with treasury `who`. For benchmarks.
    #[cfg(feature = "runtime-benchmarks")]
    fn found(who: &AccountId, kind: CompanyKind) -> Result<CompanyId, DispatchError>;
}

/// Who wants to know of members and their people. The pallet `consortium` tells it at once, while
/// it changes them; what an observer does must not fail.
///
/// That a company is suspended or lapsed is asked of [`Companies`], at the time when it matters:
/// both pass. That it fell is told, because it is final.
pub trait Membership<AccountId> {
    /// An account that had no role in a company has one. Also told while the genesis is built.
    fn joined(_company: CompanyId, _who: &AccountId) {}

    /// An account has no role in a company any more: it was revoked. Not told of roles that
    /// expire, nor of those of a company that fell.
    fn left(_company: CompanyId, _who: &AccountId) {}

    /// The membership of a company ended without renewal. It can be renewed.
    fn lapsed(_company: CompanyId) {}

    /// A company was expelled. All its roles are void for ever.
    fn fell(_company: CompanyId) {}

    /// The most that one of `joined`, `left` and `lapsed` weighs.
    fn change_weight() -> Weight {
        Weight::zero()
    }

    /// The most that `fell` weighs.
    fn fall_weight() -> Weight {
        Weight::zero()
    }
}

/// Nobody wants to know.
impl<AccountId> Membership<AccountId> for () {}

/// Several want to know, and are told in their order.
macro_rules! several_observers {
    ($($observer:ident),+) => {
        impl<AccountId, $($observer: Membership<AccountId>),+> Membership<AccountId>
            for ($($observer,)+)
        {
            fn joined(company: CompanyId, who: &AccountId) {
                $($observer::joined(company, who);)+
            }

            fn left(company: CompanyId, who: &AccountId) {
                $($observer::left(company, who);)+
            }

            fn lapsed(company: CompanyId) {
                $($observer::lapsed(company);)+
            }

            fn fell(company: CompanyId) {
                $($observer::fell(company);)+
            }

            fn change_weight() -> Weight {
                Weight::zero()$(.saturating_add($observer::change_weight()))+
            }

            fn fall_weight() -> Weight {
                Weight::zero()$(.saturating_add($observer::fall_weight()))+
            }
        }
    };
}

several_observers!(A);
several_observers!(A, B);
several_observers!(A, B, C);
several_observers!(A, B, C, D);

/// The seats of drivers in companies' ledgers. The pallet `settlement` keeps them.
pub trait Seats<AccountId> {
    /// Gives a driver a seat in a company's ledger.
    ///
    /// # Errors
    /// The company has all the seats that it may have.
    fn open(
        company: CompanyId,
        driver: DriverId,
        account: &AccountId,
    ) -> Result<Seat, DispatchError>;

    /// Lets a seat take new rides, or not. Its balance stays.
    ///
    /// # Errors
    /// There is no such seat.
    fn set_active(company: CompanyId, seat: Seat, active: bool) -> DispatchResult;

    /// Where withdrawals from a seat go from now on.
    ///
    /// # Errors
    /// There is no such seat.
    fn set_account(company: CompanyId, seat: Seat, account: &AccountId) -> DispatchResult;
}

/// The drivers. The pallet `drivers` is one.
pub trait Drivers<AccountId> {
    /// The seat of a driver in the ledger of a company.
    fn seat(driver: DriverId, company: CompanyId) -> Option<Seat>;
}

/// The tariffs in force. The pallet `tariffs` is one.
pub trait TariffBook {
    /// All approved tariffs of a company in a city.
    fn schedule(company: CompanyId, city: CityCode) -> Schedule;

    /// Puts a tariff in force from the beginning of time. For benchmarks.
    #[cfg(feature = "runtime-benchmarks")]
    fn put(company: CompanyId, city: CityCode, tariff: crate::tariff::Tariff);
}

/// Collects what a block proves to the outside. The pallet `checkpoints` is one.
pub trait Witness {
    /// Adds an item of a company to this block's checkpoint.
    ///
    /// # Errors
    /// The block has all the items that it may have, or that it may have of this company: submit again in the next block.
    fn note(company: CompanyId, kind: ItemKind, item: H256) -> DispatchResult;
}

// What is wrong with an input travels inside the pallets' errors, which have four bytes in all.
impl PalletError for RowFault {
    const MAX_ENCODED_SIZE: usize = 1;
}

impl PalletError for TariffError {
    const MAX_ENCODED_SIZE: usize = 1;
}

impl PalletError for RunFault {
    const MAX_ENCODED_SIZE: usize = 2;
}

impl PalletError for VinError {
    const MAX_ENCODED_SIZE: usize = 2;
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A company whose clerk may run its fleet and read everything.
    struct OneClerk;

    impl Companies<u64> for OneClerk {
        fn authorise(who: &u64, _company: CompanyId, needs: Permissions) -> DispatchResult {
            let held = Permissions::FLEET | Permissions::AUDIT;
            if *who == 1 && held.contains(needs) {
                Ok(())
            } else {
                Err(DispatchError::BadOrigin)
            }
        }

        fn kind(company: CompanyId) -> Result<CompanyKind, DispatchError> {
            if company == CompanyId(1) {
                Ok(CompanyKind::Carrier)
            } else {
                Err(DispatchError::CannotLookup)
            }
        }

        fn treasury(_company: CompanyId) -> Result<u64, DispatchError> {
            Err(DispatchError::CannotLookup)
        }

        #[cfg(feature = "runtime-benchmarks")]
        fn found(_who: &u64, _kind: CompanyKind) -> Result<CompanyId, DispatchError> {
            Err(DispatchError::CannotLookup)
        }
    }

    #[test]
    fn a_role_is_all_that_is_authorised() {
        let held = Permissions::FLEET | Permissions::AUDIT;
        assert_eq!(OneClerk::role_of(CompanyId(1), &1), Some(held));
        assert_eq!(OneClerk::role_of(CompanyId(1), &2), None);
        assert!(OneClerk::may_act(CompanyId(1)));
        assert!(!OneClerk::may_act(CompanyId(2)));
    }

    /// An observer whose every call weighs one.
    struct Light;

    impl Membership<u64> for Light {
        fn change_weight() -> Weight {
            Weight::from_parts(1, 0)
        }

        fn fall_weight() -> Weight {
            Weight::from_parts(10, 1)
        }
    }

    #[test]
    fn several_observers_weigh_what_all_of_them_weigh() {
        let change = <(Light, (), Light) as Membership<u64>>::change_weight();
        assert_eq!(change, Weight::from_parts(2, 0));
        let fall = <(Light, Light, Light, ()) as Membership<u64>>::fall_weight();
        assert_eq!(fall, Weight::from_parts(30, 3));
    }
}
