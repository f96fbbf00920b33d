//! What anchoring costs, by the anchors of a call.

use crate::{
    authorization::payload, worker::WorkerKey, AnchorPage, Call, Config, Heads, KeptAnchor, Pages,
    Pallet, PAGE_ANCHORS,
};
use alloc::vec;
use frame_benchmarking::v2::*;
use frame_support::{
    pallet_prelude::TransactionSource,
    traits::{Authorize, Get},
};
use frame_system::RawOrigin;
use smartlink_primitives::{
    telemetry::{AnchorHead, AnchorRun, ClosedBatch, MAX_RECORDS, MAX_RUN},
    traits::Companies,
    AnchorNumber, CompanyId, CompanyKind, H256,
};
use sp_core::sr25519;
use sp_runtime::RuntimeAppPublic;

/// The next anchors of a company, closed at the beginning of time.
fn run<T: Config>(company: CompanyId, anchors: u32) -> AnchorRun {
    let head = Pallet::<T>::head(company);
    let batch = ClosedBatch { count: MAX_RECORDS, root: H256::repeat_byte(0xab), closed_at_ms: 0 };
    AnchorRun {
        company,
        first: head.next(),
        first_sequence: head.next_sequence,
        batches: vec![batch; anchors as usize].try_into().unwrap_or_default(),
    }
}

/// So many anchors in a page.
fn page(anchors: u32) -> AnchorPage {
    let kept = KeptAnchor {
        first_sequence: 1,
        count: 1,
        root: H256::repeat_byte(0xcd),
        closed_at_ms: 0,
        block: 1,
    };
    AnchorPage::truncate_from(vec![kept; anchors as usize])
}

/// The oldest page of a [`crowded`] company.
const OLDEST: u64 = 1 << 20;

/// A company with more pages than it may have, after a million that are forgotten; the last of them is full but
/// for one anchor. Every run has the oldest two looked for and forgotten, and the second anchor begins a page. Of
/// the pages between there are only those that are looked at.
fn crowded<T: Config>(owner: &T::AccountId) -> Result<CompanyId, BenchmarkError> {
    let company = T::Companies::found(owner, CompanyKind::Platform)?;
    let pages = T::RetentionPages::get();
    let last_page = OLDEST.saturating_add(1).saturating_add(pages);
    let full = last_page.saturating_add(1).saturating_mul(PAGE_ANCHORS.into());
    let last = AnchorNumber(full.saturating_sub(1));
    for old in OLDEST..=OLDEST + 2 {
        Pages::<T>::insert(company, old, page(PAGE_ANCHORS));
    }
    Pages::<T>::insert(company, last_page, page(PAGE_ANCHORS - 1));
    Heads::<T>::insert(company, AnchorHead { last, next_sequence: 1_000, records: 999 });
    Ok(company)
}

/// A key and a signature of nobody: the dispatch looks at neither.
fn nobodys() -> (sr25519::Public, sr25519::Signature) {
    (sr25519::Public::from_raw([0; 32]), sr25519::Signature::from_raw([0; 64]))
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn anchor(n: Linear<1, MAX_RUN>) -> Result<(), BenchmarkError> {
        let owner: T::AccountId = whitelisted_caller();
        let company = crowded::<T>(&owner)?;
        let run = run::<T>(company, n);
        let last = run.anchors().last().map(|taken| taken.number);
        #[extrinsic_call]
        _(RawOrigin::Signed(owner), run);
        assert_eq!(Some(Pallet::<T>::head(company).last), last);
        assert!(!Pages::<T>::contains_key(company, OLDEST + 1), "two pages are forgotten");
        Ok(())
    }

    #[benchmark]
    fn anchor_by_worker(n: Linear<1, MAX_RUN>) -> Result<(), BenchmarkError> {
        let owner: T::AccountId = whitelisted_caller();
        let company = crowded::<T>(&owner)?;
        let run = run::<T>(company, n);
        let last = run.anchors().last().map(|taken| taken.number);
        let (worker, signature) = nobodys();
        #[extrinsic_call]
        _(RawOrigin::Authorized, run, worker, signature);
        assert_eq!(Some(Pallet::<T>::head(company).last), last);
        Ok(())
    }

    #[benchmark]
    fn authorize_anchor_by_worker(n: Linear<1, MAX_RUN>) -> Result<(), BenchmarkError> {
        let key = WorkerKey::generate_pair(None);
        let worker = sr25519::Public::from(key.clone());
        let owner = T::AccountId::from(worker.0);
        let company = T::Companies::found(&owner, CompanyKind::Platform)?;
        let run = run::<T>(company, n);
        let signature = key.sign(&payload::<T>(&run)).ok_or("the keystore signs")?;
        let signature = sr25519::Signature::from(signature);
        let call = Call::<T>::anchor_by_worker { run, worker, signature };
        #[block]
        {
            call.authorize(TransactionSource::InBlock).ok_or("the call authorizes itself")??;
        }
        Ok(())
    }

    #[benchmark]
    fn declare_loss() -> Result<(), BenchmarkError> {
        let owner: T::AccountId = whitelisted_caller();
        let company = T::Companies::found(&owner, CompanyKind::Platform)?;
        #[extrinsic_call]
        _(RawOrigin::Signed(owner), company, 1, 100);
        assert_eq!(Pallet::<T>::head(company).next_sequence, 100);
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::chain(), crate::mock::Test);
}
