//! What always holds of the anchors.

use crate::{
    book::{place, PAGE_ANCHORS},
    Config, Heads, Pages, Pallet,
};
use frame_support::ensure;
use smartlink_primitives::{
    telemetry::{AnchorHead, MAX_RECORDS},
    CompanyId,
};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// Every company has pages without holes, filled up to its head, and sequences ascend in them without
    /// overlapping. How many pages there are is not looked at: it may be any number after a runtime upgrade
    /// changed the retention. Reads everything: for tests, try-runtime and auditors.
    ///
    /// # Errors
    /// Which of it does not hold.
    pub fn check_invariants() -> Result<(), TryRuntimeError> {
        let mut pages = 0usize;
        for (company, head) in Heads::<T>::iter() {
            pages = pages.saturating_add(Self::check_company(company, &head)?);
        }
        ensure!(
            Pages::<T>::iter_keys().count() == pages,
            "a page is kept that is nobody's, or older than a hole"
        );
        Ok(())
    }

    /// Gives the number of pages that the company has.
    fn check_company(company: CompanyId, head: &AnchorHead) -> Result<usize, TryRuntimeError> {
        if head.last.0 == 0 {
            ensure!(head.records == 0, "a company without anchors has records");
            return Ok(0);
        }
        let (first_page, _) = place(Self::first_kept(company, head));
        let (last_page, last_entry) = place(head.last);
        // Sequences start at 1: nothing is before the first batch.
        let (mut next_sequence, mut pages, mut records) = (1u64, 0usize, 0u64);
        for page in first_page..=last_page {
            let kept = Pages::<T>::get(company, page);
            let expected = if page == last_page { last_entry + 1 } else { PAGE_ANCHORS as usize };
            ensure!(
                kept.len() == expected,
                "a page has other anchors than its company's head says"
            );
            for anchor in &kept {
                ensure!(
                    (1..=MAX_RECORDS).contains(&anchor.count),
                    "a batch has too few or many records"
                );
                ensure!(
                    anchor.first_sequence >= next_sequence,
                    "a batch begins inside the one before"
                );
                next_sequence = anchor.first_sequence.saturating_add(anchor.count.into());
                records = records.saturating_add(anchor.count.into());
            }
            pages += 1;
        }
        ensure!(next_sequence <= head.next_sequence, "a company's head is behind its anchors");
        ensure!(records <= head.records, "a company's head has fewer records than its anchors");
        ensure!(
            first_page > 0 || records == head.records,
            "a company's head has records of no anchor"
        );
        Ok(pages)
    }
}
