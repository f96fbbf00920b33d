//! Rides settled in batches.
//!
//! ```text
//!  treasury ──fund──▶ clearing account          batch n+1 (columns, no amounts)
//!                          │                        │ fare and split of every row, recomputed
//!                          │◀───────────────────────┘
//!                          ├──▶ ledger account ═ Σ pages ──withdraw──▶ driver
//!                          ├──▶ the platform's treasury
//!                          └──▶ treasuries of third parties
//! ```
//!
//! A company's batches carry what happened, never what it costs. The chain computes the fare and the
//! split of every row from the tariff in force at pick-up, and refuses the whole batch if one row is
//! out of bounds. Drivers are credited in pages: one storage value holds the balances of
//! [`PAGE_SEATS`] drivers. Each other party gets one sum a batch. The root over the receipts goes
//! into the block's checkpoint.
//!
//! Batch numbers of a company are strictly sequential: a repeated batch is refused, a lost one is seen.
//!
//! A batch comes in one of two ways:
//!
//! ```text
//!  a person or a program of the company ── settle_batch, signed, pays the fee ─────────────┐
//!                                                                                          ├─▶ all rows or none
//!  orders service ─▶ worker in the company's node ── settle_by_worker, authorized, free ──▶┘
//!                    key `slwk`, dry run, retries
//! ```
//!
//! [`worker`] carries batches without any person; [`authorization`] decides which of them enter a block.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

pub mod authorization;
mod batch;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod ledger;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;
pub mod weights;
pub mod worker;

use codec::DecodeWithMemTracking;
use frame_support::{
    pallet_prelude::*,
    traits::{
        fungible::{Inspect, Mutate},
        tokens::Preservation,
        UnixTime,
    },
    PalletId,
};
use frame_system::{offchain::CreateAuthorizedTransaction, pallet_prelude::*};
use smartlink_primitives::{
    ledger::{Totals, PAGE_SEATS},
    receipt::BatchRecord,
    ride::{RideBatch, RowFault, MAX_ROWS},
    traits::{Companies, TariffBook, Witness},
    BatchNumber, CompanyId, DriverId, Money, Permissions, Seat, H256,
};
use sp_core::sr25519;
use sp_runtime::traits::AccountIdConversion;

pub use pallet::*;
pub use weights::WeightInfo;

/// A driver's place in a company's ledger.
#[derive(
    Clone, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Debug,
)]
pub struct SeatHolder<AccountId> {
    /// The driver.
    pub driver: DriverId,
    /// Where withdrawals go.
    pub account: AccountId,
    /// From when on, in seconds of the Unix epoch, the seat takes no rides. Rides picked up before are
    /// settled all the same: they were driven.
    pub inactive_since: Option<u64>,
}

/// A seat that got another account in the present block.
#[derive(Clone, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo, Debug)]
pub struct Move<AccountId> {
    /// The extrinsic that did it.
    pub extrinsic: u32,
    /// Whose ledger.
    pub company: CompanyId,
    /// Which seat.
    pub seat: Seat,
    /// The account until then.
    pub from: AccountId,
}

/// Seats that can get another account in one block.
pub type MaxMoves = ConstU32<256>;

/// Who sits in the seats of a page. Read by every batch, written when drivers come and go.
pub type HolderPage<T> =
    BoundedVec<SeatHolder<<T as frame_system::Config>::AccountId>, ConstU32<PAGE_SEATS>>;

/// What the seats of a page may withdraw. Written by every batch.
pub type BalancePage = BoundedVec<Money, ConstU32<PAGE_SEATS>>;

#[frame_support::pallet]
pub mod pallet {
    use super::*;

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config:
        frame_system::Config<
            RuntimeEvent: From<Event<Self>>,
            RuntimeCall: From<Call<Self>>,
            AccountId: AsRef<[u8; 32]> + From<[u8; 32]>,
        > + CreateAuthorizedTransaction<
            Call<Self>,
            RuntimeCall = <Self as frame_system::Config>::RuntimeCall,
        >
    {
        /// Who may act for a company, and where its money is.
        type Companies: Companies<Self::AccountId>;
        /// What a ride costs.
        type Tariffs: TariffBook;
        /// Where batches are proven to the outside.
        type Witness: Witness;
        /// The settlement currency: CNY in units of 10⁻⁶.
        type Currency: Mutate<Self::AccountId, Balance = u128>;
        /// The time of the block.
        type Time: UnixTime;
        /// Names the ledger account and the clearing accounts.
        #[pallet::constant]
        type PalletId: Get<PalletId>;
        /// Seats that one company may open. Not a constant: a runtime may let its council change it.
        type MaxSeats: Get<u32>;
        /// Batches of a company whose record is kept.
        #[pallet::constant]
        type BatchRetention: Get<u64>;
        /// What the calls cost.
        type WeightInfo: WeightInfo;
    }

    /// Seats that a company has opened.
    #[pallet::storage]
    pub type SeatCount<T> = StorageMap<_, Twox64Concat, CompanyId, u32, ValueQuery>;

    /// Who sits where: company and page.
    #[pallet::storage]
    pub type Holders<T: Config> =
        StorageDoubleMap<_, Twox64Concat, CompanyId, Twox64Concat, u32, HolderPage<T>, ValueQuery>;

    /// What is owed to whom: company and page.
    #[pallet::storage]
    pub type Balances<T> =
        StorageDoubleMap<_, Twox64Concat, CompanyId, Twox64Concat, u32, BalancePage, ValueQuery>;

    /// The running totals of each company.
    #[pallet::storage]
    pub type CompanyTotals<T> = StorageMap<_, Twox64Concat, CompanyId, Totals, ValueQuery>;

    /// Seats that got another account in this block, in order: what receipts of batches before it say.
    #[pallet::storage]
    pub type Moves<T: Config> =
        StorageValue<_, BoundedVec<Move<T::AccountId>, MaxMoves>, ValueQuery>;

    /// The last batches of each company.
    #[pallet::storage]
    #[pallet::storage_prefix = "Batches"]
    pub type BatchesOf<T> =
        StorageDoubleMap<_, Twox64Concat, CompanyId, Twox64Concat, BatchNumber, BatchRecord>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A driver has a seat in a company's ledger.
        SeatOpened { company: CompanyId, seat: Seat, driver: DriverId, account: T::AccountId },
        /// A seat takes rides picked up before `inactive_since`, or all of them.
        SeatActive { company: CompanyId, seat: Seat, inactive_since: Option<u64> },
        /// Withdrawals from a seat go to another account.
        SeatAccount { company: CompanyId, seat: Seat, account: T::AccountId },
        /// Money went from a company's treasury to its clearing account.
        Funded { company: CompanyId, amount: Money },
        /// Money went back from a company's clearing account to its treasury.
        Released { company: CompanyId, amount: Money },
        /// A batch was settled. `gross = drivers + platform + third_parties`.
        BatchSettled {
            company: CompanyId,
            number: BatchNumber,
            rides: u32,
            gross: Money,
            drivers: Money,
            platform: Money,
            third_parties: Money,
            receipts_root: H256,
        },
        /// A third party got its share of a batch.
        ThirdPartyPaid { company: CompanyId, number: BatchNumber, to: CompanyId, amount: Money },
        /// A driver took money out of the ledger.
        Withdrawn { company: CompanyId, seat: Seat, account: T::AccountId, amount: Money },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// A row cannot be settled: mend that row and submit the batch again under its number.
        Row {
            /// Its index, from 0.
            row: u16,
            /// What is wrong.
            why: RowFault,
        },
        /// A batch of this number was settled before: it is done, go on with the next number.
        BatchRepeated,
        /// A batch before this one is missing: submit the number after the last settled one first.
        BatchOutOfOrder,
        /// The columns have different lengths, or no rows: build the batch again.
        RaggedColumns,
        /// The clearing account holds less than the batch costs: fund it, then submit again.
        ClearingUnfunded,
        /// The treasury holds less than that: name a smaller amount.
        TreasuryUnfunded,
        /// The company has opened all its seats: ask the council for a higher limit.
        SeatsExhausted,
        /// The company's ledger has no such seat: look it up by `smartlink_driverLedger`.
        UnknownSeat,
        /// The seat belongs to another account: sign with the driver's own.
        NotYourSeat,
        /// The seat holds less than that: name a smaller amount, or none for everything.
        NotOwed,
        /// There is nothing to move: name an amount above zero.
        NothingToMove,
        /// Many drivers change their accounts in this block: submit again, for the next one.
        TooManyMoves,
        /// A sum left the range of amounts.
        Overflow,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn on_initialize(_: BlockNumberFor<T>) -> Weight {
            Moves::<T>::kill();
            T::DbWeight::get().writes(1)
        }

        fn offchain_worker(block: BlockNumberFor<T>) {
            worker::run::<T>(block);
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::check_invariants()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Moves money from the company's treasury to its clearing account, from which batches are paid.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::fund())]
        pub fn fund(origin: OriginFor<T>, company: CompanyId, amount: Money) -> DispatchResult {
            let who = ensure_signed(origin)?;
            T::Companies::authorise(&who, company, Permissions::FINANCE)?;
            let treasury = T::Companies::treasury(company)?;
            let room = T::Currency::reducible_balance(
                &treasury,
                Preservation::Preserve,
                frame_support::traits::tokens::Fortitude::Polite,
            );
            ensure!(amount != Money::ZERO, Error::<T>::NothingToMove);
            ensure!(amount.units() <= room, Error::<T>::TreasuryUnfunded);
            let clearing = Self::clearing_account(company);
            T::Currency::transfer(&treasury, &clearing, amount.units(), Preservation::Preserve)?;
            Self::deposit_event(Event::Funded { company, amount });
            Ok(())
        }

        /// Moves money back from the company's clearing account to its treasury.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::release())]
        pub fn release(origin: OriginFor<T>, company: CompanyId, amount: Money) -> DispatchResult {
            let who = ensure_signed(origin)?;
            T::Companies::authorise(&who, company, Permissions::FINANCE)?;
            let treasury = T::Companies::treasury(company)?;
            ensure!(amount != Money::ZERO, Error::<T>::NothingToMove);
            Self::pay_from_clearing(company, &treasury, amount)?;
            Self::deposit_event(Event::Released { company, amount });
            Ok(())
        }

        /// Settles a batch of rides: all of its rows, or none.
        #[pallet::call_index(2)]
        #[pallet::weight(batch_weight::<T>(batch))]
        pub fn settle_batch(origin: OriginFor<T>, batch: RideBatch) -> DispatchResult {
            let who = ensure_signed(origin)?;
            T::Companies::authorise(&who, batch.company, Permissions::SETTLEMENT)?;
            Self::settle(&batch)
        }

        /// Takes `amount`, or everything, out of the ledger, to the driver's account.
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::withdraw())]
        pub fn withdraw(
            origin: OriginFor<T>,
            company: CompanyId,
            seat: Seat,
            amount: Option<Money>,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::pay_out(&who, company, seat, amount)
        }

        /// Settles a batch of rides that a worker of the company signed: all of its rows, or none. Free,
        /// and only as an authorized transaction: [`authorization`] says which batches are let in.
        #[pallet::call_index(4)]
        #[pallet::weight(worker_weight::<T>(batch))]
        #[pallet::authorize(Self::authorize_worker)]
        #[pallet::weight_of_authorize(T::WeightInfo::authorize_settle_by_worker(rows(batch)))]
        pub fn settle_by_worker(
            origin: OriginFor<T>,
            batch: RideBatch,
            _worker: sr25519::Public,
            _signature: sr25519::Signature,
        ) -> DispatchResult {
            ensure_authorized(origin)?;
            Self::settle(&batch)
        }
    }
}

/// The weight of a batch that somebody pays for.
fn batch_weight<T: Config>(batch: &RideBatch) -> Weight {
    T::WeightInfo::settle_batch(rows(batch), pages(batch))
}

/// The weight of a batch that a worker sent.
fn worker_weight<T: Config>(batch: &RideBatch) -> Weight {
    T::WeightInfo::settle_by_worker(rows(batch), pages(batch))
}

/// The rows of a batch.
fn rows(batch: &RideBatch) -> u32 {
    // At most MAX_ROWS, a u32.
    batch.orders.len() as u32
}

/// The pages that a batch may touch, at most.
fn pages(batch: &RideBatch) -> u32 {
    let last_page = batch.seats.iter().max().map_or(0, |seat| Seat(*seat).page());
    last_page.saturating_add(1).min(rows(batch))
}

impl<T: Config> Pallet<T> {
    /// Holds what is owed to all drivers. Its balance is the sum of all pages.
    pub fn ledger_account() -> T::AccountId {
        T::PalletId::get().into_account_truncating()
    }

    /// Holds what a company has set aside for its next batches.
    pub fn clearing_account(company: CompanyId) -> T::AccountId {
        T::PalletId::get().into_sub_account_truncating((*b"clearing", company))
    }

    /// Moves money out of a company's clearing account.
    fn pay_from_clearing(company: CompanyId, to: &T::AccountId, amount: Money) -> DispatchResult {
        if amount == Money::ZERO {
            return Ok(());
        }
        let clearing = Self::clearing_account(company);
        ensure!(T::Currency::balance(&clearing) >= amount.units(), Error::<T>::ClearingUnfunded);
        T::Currency::transfer(&clearing, to, amount.units(), Preservation::Expendable)?;
        Ok(())
    }
}

/// The error of a row.
pub(crate) fn row_error<T: Config>(row: usize, why: RowFault) -> DispatchError {
    // Rows are at most MAX_ROWS = 2¹⁶, so an index fits.
    const _: () = assert!(MAX_ROWS <= 1 << 16);
    Error::<T>::Row { row: row as u16, why }.into()
}
