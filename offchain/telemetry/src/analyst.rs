//! Reads the log a second time, for what it means.
//!
//! One thread follows the log by itself, gives every record to the [`Analysis`], and writes what was found into the
//! journal's outbox, from where it is carried to ClickHouse. Beside the records the analysis is told that time passes,
//! what people did with alerts, and what is known of vehicles; all that is written down with its place between two records. So a restart,
//! from the last snapshot, comes to the same findings and leaves out those that are in the outbox already.
//!
//! Rules and geofences take effect together with a snapshot, in one write: a replay never crosses such a change.

mod commands;
mod step;
#[cfg(test)]
mod tests;

pub(crate) use commands::{channel, Command, Definition};
pub use commands::{Analyst, CommandError};
pub(crate) use step::Told;

use crate::{
    analysis::{rules::RuleBook, Analysis, Outcome},
    clock::now_ms,
    config::AnalysisConfig,
    error::TelemetryError,
    figures::Tally,
    journal::{Entry, Input, Journal, Position},
    live::Live,
};
use smartlink_devices::log::Log;
use std::{
    sync::{
        atomic::{AtomicU64, Ordering},
        Arc,
    },
    time::{Duration, Instant},
};
use tokio::{
    runtime::Handle,
    sync::{mpsc, watch},
};
use tokio_util::sync::CancellationToken;

/// Records come in groups a thousand times a second; so long they are left to gather.
const GATHER: Duration = Duration::from_millis(20);
/// A record that was received so long ago is in the log, or never will be.
const UNDER_WAY_MS: u64 = 2_000;
/// Inputs that are read at once in a replay.
const PAGE: usize = 10_000;

/// What the thread works with.
pub(crate) struct Worker {
    pub(crate) log: Log,
    pub(crate) journal: Arc<Journal>,
    pub(crate) config: AnalysisConfig,
    pub(crate) tally: Arc<Tally>,
    pub(crate) live: Live,
    pub(crate) analysis: Analysis,
    /// The company's rules, for those who ask.
    pub(crate) rules: watch::Sender<RuleBook>,
    /// Where it is.
    pub(crate) position: Position,
    pub(crate) outcome: Outcome,
    /// When the newest record was received.
    pub(crate) reached_ms: u64,
    pub(crate) entries: Vec<Entry>,
    /// The number of the next finding.
    pub(crate) next_entry: u64,
    /// The sequence from which a restart reads: the log must keep it.
    pub(crate) keep: Arc<AtomicU64>,
    /// Rung when there is something in the outbox.
    pub(crate) news: Arc<tokio::sync::Notify>,
    pub(crate) next_tick_ms: u64,
    pub(crate) next_snapshot_ms: u64,
}

/// Why the thread woke up.
enum Woken {
    Command(Command),
    Records,
    Time,
    Stop,
}

impl Worker {
    /// Gives the analysis once more what came after its snapshot. False when told to stop before that was done: then the
    /// analysis is nowhere, and must not be kept.
    fn replay(&mut self, stop: &CancellationToken) -> Result<bool, TelemetryError> {
        let began = Instant::now();
        let found = self.journal.found()?;
        let (first, end) = (self.log.first_sequence()?, self.log.next_sequence());
        if self.position.sequence < first && self.position.sequence < end {
            return Err(TelemetryError::LogIsShorter { first, needed: self.position.sequence });
        }
        if end < found.sequence {
            return Err(TelemetryError::LogIsOlder { end, next: found.sequence });
        }
        loop {
            let inputs: Vec<(u64, Input<Told>)> = self.journal.inputs(self.position.input, PAGE)?;
            let Some((last, _)) = inputs.last() else { break };
            let last = *last;
            for (number, input) in inputs {
                if !self.observe_until(input.at, stop)? {
                    return Ok(false);
                }
                // Whoever asked was answered then.
                let _ = self.tell(&input.what);
                self.position.input = number + 1;
            }
            tracing::debug!(last, "inputs of the analysis were replayed");
        }
        if !self.observe_until(found.sequence, stop)? {
            return Ok(false);
        }
        // All of it is in the outbox, or was.
        self.outcome.clear();
        self.analysis.take_changed();
        self.live.reset(self.analysis.last_states());
        self.tally.analysed.store(self.position.sequence, Ordering::Relaxed);
        tracing::info!(
            analysed = self.position.sequence,
            vehicles = self.live.len(),
            took_ms = began.elapsed().as_millis(),
            "the analysis is as it was"
        );
        Ok(true)
    }

    /// Observes records that were observed before. False when told to stop before.
    fn observe_until(
        &mut self,
        sequence: u64,
        stop: &CancellationToken,
    ) -> Result<bool, TelemetryError> {
        while self.position.sequence < sequence {
            if stop.is_cancelled() {
                return Ok(false);
            }
            let left = sequence - self.position.sequence;
            let most = usize::try_from(left).unwrap_or(usize::MAX).min(self.config.step_records);
            if self.observe(most)? == 0 {
                return Err(TelemetryError::LogIsOlder {
                    end: self.position.sequence,
                    next: sequence,
                });
            }
            self.outcome.clear();
        }
        Ok(true)
    }

    /// Follows the log until told to stop.
    pub(crate) fn run(
        mut self,
        handle: &Handle,
        mut commands: mpsc::Receiver<Command>,
        mut end: watch::Receiver<u64>,
        stop: &CancellationToken,
    ) -> Result<(), TelemetryError> {
        if !self.replay(stop)? {
            return Ok(());
        }
        let now = now_ms();
        (self.next_tick_ms, self.next_snapshot_ms) = (now, now + self.config.snapshot_ms);
        loop {
            let woken = handle.block_on(self.wait(&mut commands, &mut end, stop));
            match woken {
                Woken::Command(command) => self.command(command)?,
                Woken::Records => self.step()?,
                Woken::Time => self.time()?,
                Woken::Stop => return self.snapshot(None),
            }
        }
    }

    async fn wait(
        &self,
        commands: &mut mpsc::Receiver<Command>,
        end: &mut watch::Receiver<u64>,
        stop: &CancellationToken,
    ) -> Woken {
        let due = self.next_tick_ms.min(self.next_snapshot_ms).saturating_sub(now_ms());
        let time = tokio::time::sleep(Duration::from_millis(due));
        let records = async {
            if self.tally.waiting.load(Ordering::Relaxed) >= self.config.waiting {
                // The outbox is full: the log holds the records until ClickHouse has taken some.
                return std::future::pending().await;
            }
            let next = self.position.sequence;
            // The log outlives this thread, and so does the sender of its end.
            let _ = end.wait_for(|end| *end > next).await;
            let behind = end.borrow().saturating_sub(next);
            if usize::try_from(behind).unwrap_or(usize::MAX) < self.config.step_records {
                tokio::time::sleep(GATHER).await;
            }
        };
        tokio::select! {
            biased;
            () = stop.cancelled() => Woken::Stop,
            Some(command) = commands.recv() => Woken::Command(command),
            () = time => Woken::Time,
            () = records => Woken::Records,
        }
    }

    /// The time that the log has reached: no record that comes later was received before it.
    fn now(&self, wall_ms: u64) -> u64 {
        if self.log.next_sequence() > self.position.sequence {
            return self.reached_ms;
        }
        self.reached_ms.max(wall_ms.saturating_sub(UNDER_WAY_MS))
    }

    fn time(&mut self) -> Result<(), TelemetryError> {
        let now = now_ms();
        if now >= self.next_tick_ms {
            self.next_tick_ms = now + self.config.tick_ms;
            let now_ms = self.now(now);
            // Nobody is told.
            let _ = self.input(Told::Tick { now_ms }, false)?;
        }
        if now >= self.next_snapshot_ms {
            self.next_snapshot_ms = now + self.config.snapshot_ms;
            self.snapshot(None)?;
        }
        Ok(())
    }
}
