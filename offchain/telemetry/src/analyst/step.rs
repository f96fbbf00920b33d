//! One step of the analysis, and what is written down of it.

use super::{Definition, Worker};
use crate::{
    analysis::{
        alert::{Alert, AlertError},
        class::Fact,
    },
    error::TelemetryError,
    figures::Tally,
    findings,
    journal::{Input, Position, Progress},
};
use serde::{Deserialize, Serialize};
use smartlink_records::Record;
use std::{sync::atomic::Ordering, time::Instant};

/// What the analysis is told beside the records. Kept in the journal as JSON: names are never changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Told {
    /// Time passes.
    Tick { now_ms: u64 },
    /// A person knows of an alert.
    Acknowledge { alert: u64, by: String, at_ms: u64 },
    /// A person closed an alert.
    Close { alert: u64, by: String, at_ms: u64 },
    /// Something is known of a vehicle from elsewhere.
    Fact { vehicle: u32, fact: Fact },
}

impl Worker {
    /// Analyses what the log has, at most one step of it.
    pub(super) fn step(&mut self) -> Result<(), TelemetryError> {
        let began = Instant::now();
        self.observe(self.config.step_records)?;
        let took = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
        Tally::add(&self.tally.analysing_us, took);
        self.settle(None, false)
    }

    /// Tells the analysis something, and writes that down with what came of it. The inner error is the analysis's own:
    /// it was told and refused.
    pub(super) fn input(
        &mut self,
        what: Told,
        synced: bool,
    ) -> Result<Result<Option<Alert>, AlertError>, TelemetryError> {
        let told = self.tell(&what);
        let number = self.position.input;
        self.position.input += 1;
        let input = Input { at: self.position.sequence, what };
        self.settle(Some((number, &input)), synced)?;
        Ok(told)
    }

    /// Returns the alert as it is then, when it was told of one.
    pub(super) fn tell(&mut self, told: &Told) -> Result<Option<Alert>, AlertError> {
        let Self { analysis, outcome, .. } = self;
        match told {
            Told::Tick { now_ms } => {
                analysis.tick(*now_ms, outcome);
                Ok(None)
            }
            Told::Acknowledge { alert, by, at_ms } => {
                analysis.acknowledge(*alert, by, *at_ms, outcome).map(Some)
            }
            Told::Close { alert, by, at_ms } => {
                analysis.close(*alert, by, *at_ms, outcome).map(Some)
            }
            Told::Fact { vehicle, fact } => {
                // It was asked before it was written down.
                let _ = analysis.set_fact(*vehicle, *fact, outcome);
                Ok(None)
            }
        }
    }

    /// Gives the next records to the analysis. Returns how many.
    pub(super) fn observe(&mut self, most: usize) -> Result<u64, TelemetryError> {
        let Self { log, analysis, outcome, reached_ms, position, .. } = self;
        let next = log.visit(position.sequence, most, |sequence, bytes| {
            let record = Record::decode(sequence, bytes);
            let record = record.map_err(|error| log.damaged(sequence, error))?;
            *reached_ms = record.received_ms.max(*reached_ms);
            analysis.observe(&record, outcome);
            Ok(())
        })?;
        let observed = next - position.sequence;
        position.sequence = next;
        Ok(observed)
    }

    /// Writes down what was found, then shows it.
    pub(super) fn settle(
        &mut self,
        input: Option<(u64, &Input<Told>)>,
        synced: bool,
    ) -> Result<(), TelemetryError> {
        findings::entries(&self.outcome, &mut self.entries);
        self.tally.count(&self.outcome.counts);
        // A step without findings is taken again after a restart, and finds nothing again.
        if input.is_some() || !self.entries.is_empty() {
            let position: Position = self.position;
            let found = self.entries.as_slice();
            let step = Progress { position, input, found, synced };
            let count = self.entries.len() as u64;
            // Counted before the carrier can see them.
            Tally::add(&self.tally.waiting, count);
            self.journal.progress(&step, self.next_entry)?;
            self.next_entry += count;
            Tally::add(&self.tally.found, count);
            if count > 0 {
                self.news.notify_one();
            }
        }
        self.live.changed(self.analysis.take_changed(), &self.outcome.alerts);
        self.entries.clear();
        self.outcome.clear();
        self.tally.analysed.store(self.position.sequence, Ordering::Relaxed);
        Ok(())
    }

    /// Keeps the analysis as it is, together with a definition that takes effect from here on. What the analysis finds
    /// by the old definition and by the new is never mixed in a replay.
    pub(super) fn snapshot(&mut self, with: Option<&Definition>) -> Result<(), TelemetryError> {
        let began = Instant::now();
        let bytes = self.analysis.snapshot();
        let also = with.map(Definition::puts).unwrap_or_default();
        self.journal.keep_snapshot(self.position, &bytes, &also)?;
        self.keep.store(self.position.sequence, Ordering::Release);
        let (bytes, took) = (bytes.len(), began.elapsed());
        tracing::debug!(sequence = self.position.sequence, bytes, ?took, "the analysis is kept");
        Ok(())
    }
}
