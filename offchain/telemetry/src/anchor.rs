//! Batches for the chain.

use crate::{
    figures::Tally,
    journal::{Batch, Journal, JournalError},
};
use bytes::Bytes;
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use smartlink_primitives::{
    telemetry::{Anchor, AnchorRun, MAX_RUN},
    AnchorNumber, CompanyId,
};
use std::sync::{atomic::Ordering, Arc};
use tokio::sync::watch;

/// What the node's worker is answered: the batches that may go to the chain, and what the chain has against one.
#[derive(Clone)]
pub struct Anchors {
    inner: Arc<Inner>,
}

struct Inner {
    company: u32,
    journal: Arc<Journal>,
    ready: watch::Receiver<u64>,
    kept: u64,
    tally: Arc<Tally>,
    refusal: Mutex<Option<AnchorRefusal>>,
    /// Batches below this are forgotten.
    forgotten: Mutex<u64>,
}

/// What the chain has against a batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnchorRefusal {
    /// The batch's number.
    pub number: u64,
    /// What the worker said.
    pub reason: String,
    /// When, by this service's clock.
    pub at_ms: u64,
}

impl Anchors {
    pub(crate) fn new(
        company: u32,
        journal: Arc<Journal>,
        ready: watch::Receiver<u64>,
        kept: u64,
        tally: Arc<Tally>,
    ) -> Self {
        let inner = Inner {
            company,
            journal,
            ready,
            kept,
            tally,
            refusal: Mutex::default(),
            forgotten: Mutex::default(),
        };
        Self { inner: Arc::new(inner) }
    }

    /// The company.
    pub fn company(&self) -> u32 {
        self.inner.company
    }

    /// The last batch that may go to the chain, 0 when there is none.
    pub fn ready(&self) -> u64 {
        *self.inner.ready.borrow()
    }

    /// One batch, when it may go to the chain: its rows and itself are in ClickHouse.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn anchor(&self, number: u64) -> Result<Option<Anchor>, JournalError> {
        if number == 0 || number > self.ready() {
            return Ok(None);
        }
        Ok(self.inner.journal.batch(number)?.map(|batch| self.of(&batch)))
    }

    /// What the worker is answered who asks for a number: the batches from it on, as many as there are and one call
    /// carries. None when there is nothing yet. Who asks for a number has all before it on chain: what is far behind
    /// is forgotten here.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn run(&self, number: u64) -> Result<Option<Bytes>, JournalError> {
        let ready = self.ready();
        if number > ready {
            // A worker asks for the one that comes next at the most: anything higher is no sign of what the chain has.
            if number == ready + 1 {
                self.asked(number)?;
            }
            return Ok(None);
        }
        if number == 0 {
            return Ok(None);
        }
        let most = usize::try_from((ready - number + 1).min(MAX_RUN.into())).unwrap_or(1);
        let batches = self.inner.journal.batches(number, most)?;
        // The journal may have forgotten it: a chain that is asked for it anew has been begun anew.
        if batches.first().is_none_or(|batch| batch.number != number) {
            return Ok(None);
        }
        self.asked(number)?;
        let anchors: Vec<_> = batches.iter().map(|batch| self.of(batch)).collect();
        let run = AnchorRun::of(&anchors).expect(
            "batches are numbered one after the other, follow each other in the log, and have 1 to 2^20 records; qed",
        );
        Ok(Some(run.to_scale().into()))
    }

    fn of(&self, batch: &Batch) -> Anchor {
        anchor(self.inner.company, batch)
    }

    /// All batches before this one are on chain.
    fn asked(&self, number: u64) -> Result<(), JournalError> {
        self.inner.tally.anchored.store(number.saturating_sub(1), Ordering::Relaxed);
        let below = number.saturating_sub(self.inner.kept);
        let mut forgotten = self.inner.forgotten.lock();
        // Now and then is enough.
        if below > *forgotten + self.inner.kept / 8 {
            self.inner.journal.forget_batches(below)?;
            *forgotten = below;
        }
        Ok(())
    }

    /// Notes what the chain has against a batch, for those who look.
    pub fn refused(&self, refusal: AnchorRefusal) {
        tracing::warn!(number = refusal.number, reason = %refusal.reason, "the chain does not take a batch of records");
        *self.inner.refusal.lock() = Some(refusal);
    }

    /// What the chain has against a batch, the last that was heard.
    pub fn refusal(&self) -> Option<AnchorRefusal> {
        self.inner.refusal.lock().clone()
    }
}

/// A batch as the chain knows it.
pub fn anchor(company: u32, batch: &Batch) -> Anchor {
    Anchor {
        company: CompanyId(company),
        number: AnchorNumber(batch.number),
        first_sequence: batch.first,
        count: batch.count,
        root: batch.root,
        closed_at_ms: batch.closed_ms,
    }
}
