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
            T::Witness::note(ItemKind::TelemetryAnchor, anchor.item())?;
            Self::keep(&anchor, block)?;
            head.last = anchor.number;
            head.next_sequence = anchor.next_sequence();
            head.records = head.records.saturating_add(anchor.count.into());
            Self::deposit_event(Event::Anchored { anchor });
        }
        Heads::<T>::insert(run.company, head);
        Ok(())
    }

    /// Appends to the last page, and forgets the oldest one when a page begins.
    fn keep(anchor: &Anchor, block: u32) -> DispatchResult {
        let (page, entry) = place(anchor.number);
        if entry == 0 {
            if let Some(old) = page.checked_sub(T::RetentionPages::get()) {
                Pages::<T>::remove(anchor.company, old);
            }
        }
        // Pages fill in order, so the last one has room: it holds the anchors below this one alone.
        Pages::<T>::try_append(anchor.company, page, KeptAnchor::new(anchor, block))
            .map_err(|()| Error::<T>::AnchorOutOfOrder.into())
    }

    /// Moves the head over lost records.
    pub(crate) fn skip(company: CompanyId, from: u64, next: u64) -> DispatchResult {
        Heads::<T>::try_mutate(company, |head| {
            ensure!(from == head.next_sequence && next > from, Error::<T>::NoLoss);
            head.next_sequence = next;
            Self::deposit_event(Event::LossDeclared { company, from, next });
            Ok(())
        })
    }

    /// An anchor of a company. `None` when there is none of this number, or it is older than the retention.
    pub fn anchor_record(company: CompanyId, number: AnchorNumber) -> Option<AnchorRecord> {
        if number.0 == 0 {
            return None;
        }
        let (page, entry) = place(number);
        Some(Pages::<T>::get(company, page).get(entry)?.record(company, number))
    }

    /// The anchor of the batch that holds a record. `None` when none does, or it is older than the retention.
    pub fn anchor_of(company: CompanyId, sequence: u64) -> Option<AnchorRecord> {
        let head = Self::head(company);
        let (mut low, mut high) = (Self::first_kept(&head).0, head.last.0);
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
    pub(crate) fn first_kept(head: &AnchorHead) -> AnchorNumber {
        let (last_page, _) = place(head.last);
        first_of(last_page.saturating_add(1).saturating_sub(T::RetentionPages::get()))
    }
}
