//! The book of anchors: how it grows, what it forgets, and how it is looked up.

use crate::{Config, Error, Event, Heads, Pages, Pallet};
use codec::{Decode, Encode, MaxEncodedLen};
use frame_support::{
    ensure,
    traits::{Get, UnixTime},
};
use scale_info::TypeInfo;
use smartlink_primitives::{
    receipt::ItemKind,
    telemetry::{Anchor, AnchorHead, AnchorRecord, AnchorRun},
    traits::Witness,
    AnchorNumber, CompanyId, H256,
};
use sp_runtime::{DispatchResult, SaturatedConversion};

/// Anchors in a page.
pub const PAGE_ANCHORS: u32 = 64;

/// Pages that a run may have forgotten: more than the one that it may begin, so that pages beyond a bound
/// that was lowered go away.
const FORGOTTEN_BY_RUN: usize = 2;

/// Records that one declaration may give up: a thousand full batches, more than a day of ten thousand records a
/// second. Who has lost more declares it in pieces.
pub const MAX_LOSS: u64 = 1 << 30;

/// No loss moves the next sequence beyond this one. So the upper half of all sequences is for records alone, and
/// nobody ends a company's anchoring by declaring losses.
pub const LOSSES_END: u64 = u64::MAX / 2;

/// An anchor in its page: company and number are where it stands.
#[derive(Clone, Copy, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo, Debug)]
pub struct KeptAnchor {
    /// Sequence of the first record.
    pub first_sequence: u64,
    /// Records in the batch.
    pub count: u32,
    /// Root of the tree of its records.
    pub root: H256,
    /// When the service closed it, in milliseconds of the Unix epoch.
    pub closed_at_ms: u64,
    /// The block that took it.
    pub block: u32,
}

impl KeptAnchor {
    fn new(anchor: &Anchor, block: u32) -> Self {
        let Anchor { first_sequence, count, root, closed_at_ms, .. } = *anchor;
        Self { first_sequence, count, root, closed_at_ms, block }
    }

    pub(crate) fn record(&self, company: CompanyId, number: AnchorNumber) -> AnchorRecord {
        let Self { first_sequence, count, root, closed_at_ms, block } = *self;
        let anchor = Anchor { company, number, first_sequence, count, root, closed_at_ms };
        AnchorRecord { anchor, block }
    }
}

/// Page and entry of a number from 1 on.
pub(crate) fn place(number: AnchorNumber) -> (u64, usize) {
    let index = number.0.saturating_sub(1);
    let page = u64::from(PAGE_ANCHORS);
    // Below PAGE_ANCHORS.
    (index / page, (index % page) as usize)
}

/// The number of a page's first anchor.
pub(crate) fn first_of(page: u64) -> AnchorNumber {
    AnchorNumber(page.saturating_mul(PAGE_ANCHORS.into()).saturating_add(1))
}

impl<T: Config> Pallet<T> {
    /// How far a company's anchors go.
    pub fn head(company: CompanyId) -> AnchorHead {
        Heads::<T>::get(company)
    }

    /// Whether a run could be anchored now. Gives the head that it would follow.
    ///
    /// # Errors
    /// Why not. The room of the block's checkpoint is not looked at: the next block has another one.
    pub fn check_run(run: &AnchorRun) -> Result<AnchorHead, Error<T>> {
        let head = Self::head(run.company);
        ensure!(run.first >= head.next(), Error::<T>::AnchorRepeated);
        ensure!(run.first == head.next(), Error::<T>::AnchorOutOfOrder);
        run.check().map_err(Error::<T>::Run)?;
        ensure!(run.first_sequence == head.next_sequence, Error::<T>::Gap);
        let now = T::Time::now().as_millis();
        let late = run.batches.iter().position(|batch| u128::from(batch.closed_at_ms) > now);
        match late {
            // At most MAX_RUN, 64.
            Some(place) => Err(Error::<T>::Future { place: place as u8 }),
            None => Ok(head),
        }
    }

    /// Anchors all batches of a run, or none: on an error the caller undoes what was done.
    pub(crate) fn anchor_run(run: &AnchorRun) -> DispatchResult {
        let mut head = Self::check_run(run)?;
        let block = frame_system::Pallet::<T>::block_number().saturated_into();
        for anchor in run.anchors() {
            T::Witness::note(run.company, ItemKind::TelemetryAnchor, anchor.item())?;
            Self::keep(&anchor, block)?;
            head.last = anchor.number;
            head.next_sequence = anchor.next_sequence();
            head.records = head.records.saturating_add(anchor.count.into());
            Self::deposit_event(Event::Anchored { anchor });
        }
        Heads::<T>::insert(run.company, head);
        Self::forget(run.company, &head);
        Ok(())
    }

    /// Appends to the last page.
    fn keep(anchor: &Anchor, block: u32) -> DispatchResult {
        let (page, _) = place(anchor.number);
        // Pages fill in order, so the last one has room: it holds the anchors below this one alone.
        Pages::<T>::try_append(anchor.company, page, KeptAnchor::new(anchor, block))
            .map_err(|()| Error::<T>::AnchorOutOfOrder.into())
    }

    /// Forgets the oldest pages that are more than the retention, a few at a time. There are several of them only
    /// after the retention was lowered; there is none for a while after it was raised.
    fn forget(company: CompanyId, head: &AnchorHead) {
        let (last_page, _) = place(head.last);
        let Some(too_old) = last_page.checked_sub(T::RetentionPages::get()) else { return };
        if Pages::<T>::contains_key(company, too_old) {
            let oldest = Self::oldest_page(company, too_old);
            for page in (oldest..=too_old).take(FORGOTTEN_BY_RUN) {
                Pages::<T>::remove(company, page);
            }
        }
    }

    /// The oldest page of a company, which has the page `known`. Pages are kept without holes, so each look
    /// leaves half of them: 24 looks find one of sixteen million.
    fn oldest_page(company: CompanyId, known: u64) -> u64 {
        let (mut low, mut high) = (0, known);
        while low < high {
            let middle = low + (high - low) / 2;
            match Pages::<T>::contains_key(company, middle) {
                true => high = middle,
                false => low = middle.saturating_add(1),
            }
        }
        low
    }

    /// Moves the head over lost records.
    pub(crate) fn skip(company: CompanyId, from: u64, next: u64) -> DispatchResult {
        Heads::<T>::try_mutate(company, |head| {
            ensure!(from == head.next_sequence && next > from, Error::<T>::NoLoss);
            // `next` is greater: it was looked at above.
            ensure!(next.saturating_sub(from) <= MAX_LOSS, Error::<T>::LossTooLarge);
            ensure!(next <= LOSSES_END, Error::<T>::LossTooFar);
            head.next_sequence = next;
            Self::deposit_event(Event::LossDeclared { company, from, next });
            Ok(())
        })
    }

    /// An anchor of a company. `None` when there is none of this number, or it is forgotten.
    pub fn anchor_record(company: CompanyId, number: AnchorNumber) -> Option<AnchorRecord> {
        if number.0 == 0 {
            return None;
        }
        let (page, entry) = place(number);
        Some(Pages::<T>::get(company, page).get(entry)?.record(company, number))
    }

    /// The anchor of the batch that holds a record. `None` when none does, or it is forgotten.
    pub fn anchor_of(company: CompanyId, sequence: u64) -> Option<AnchorRecord> {
        let head = Self::head(company);
        let (mut low, mut high) = (Self::first_kept(company, &head).0, head.last.0);
        while low <= high {
            let middle = low + (high - low) / 2;
            let record = Self::anchor_record(company, AnchorNumber(middle))?;
            if sequence < record.anchor.first_sequence {
                high = middle.saturating_sub(1);
            } else if record.anchor.index_of(sequence).is_some() {
                return Some(record);
            } else {
                low = middle.saturating_add(1);
            }
        }
        None
    }

    /// The oldest number that is kept, when any is.
    pub(crate) fn first_kept(company: CompanyId, head: &AnchorHead) -> AnchorNumber {
        let (last_page, _) = place(head.last);
        first_of(Self::oldest_page(company, last_page))
    }
}
