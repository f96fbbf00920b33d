//! Decides where the log is cut.

use super::{Builder, Chunk, Step};
use crate::{
    clock::now_ms,
    config::PipelineConfig,
    error::TelemetryError,
    figures::Tally,
    journal::{Batch, Cut, Journal, OpenBatch},
};
use std::{
    sync::{
        atomic::{AtomicU64, Ordering},
        Arc,
    },
    time::Duration,
};
use tokio::{
    sync::{mpsc, watch},
    time::Instant,
};
use tokio_util::sync::CancellationToken;

/// Follows the log and cuts it.
pub(crate) struct Cutter {
    pub(crate) journal: Arc<Journal>,
    pub(crate) config: PipelineConfig,
    pub(crate) tally: Arc<Tally>,
    pub(crate) builder: Builder,
    pub(crate) open: OpenBatch,
    /// The first record of the open batch: the log must keep it.
    pub(crate) keep: Arc<AtomicU64>,
    pub(crate) end: watch::Receiver<u64>,
    pub(crate) steps: mpsc::Sender<Step>,
}

impl Cutter {
    /// Hands on what was cut before, then what comes, until told to stop or nobody takes it any more.
    pub(crate) async fn run(
        mut self,
        unfinished: Vec<Cut>,
        stop: CancellationToken,
    ) -> Result<(), TelemetryError> {
        for cut in unfinished {
            let (builder, chunk) =
                blocking(self.builder, move |builder| builder.again(cut)).await?;
            self.builder = builder;
            if self.steps.send(Step::Chunk(Box::new(chunk))).await.is_err() {
                return Ok(());
            }
        }
        let mut last = Instant::now() - Duration::from_millis(self.config.chunk_ms);
        while !stop.is_cancelled() {
            let full = self.builder.tree.count() >= self.config.batch();
            if full || self.is_old() {
                self = self.close().await?;
                if self.steps.send(Step::Closed).await.is_err() {
                    return Ok(());
                }
                continue;
            }
            tokio::select! {
                biased;
                () = stop.cancelled() => return Ok(()),
                came = self.wait(last) => if !came { continue },
            }
            last = Instant::now();
            let chunk;
            (self, chunk) = self.cut().await?;
            if let Some(chunk) = chunk {
                // Waits while the storer has enough to do: the log holds what comes meanwhile.
                if self.steps.send(Step::Chunk(Box::new(chunk))).await.is_err() {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Whether the open batch has records and is old enough to be closed.
    fn is_old(&self) -> bool {
        self.builder.tree.count() > 0 && now_ms() >= self.open.opened_ms + self.config.batch_ms
    }

    /// Waits until a chunk is to be cut (true), or the open batch closed.
    async fn wait(&mut self, last: Instant) -> bool {
        let Self { config, builder, open, end, .. } = self;
        let due = last + Duration::from_millis(config.chunk_ms);
        let enough = config.chunk_records.min(config.batch_records);
        let waiting = async {
            loop {
                let waits = end.borrow_and_update().saturating_sub(builder.next);
                let now = Instant::now();
                if waits > 0 && (now >= due || waits >= u64::from(enough)) {
                    return;
                }
                let moved = end.changed();
                if waits > 0 {
                    // Either way the loop looks again. The log's sender lives as long as the builder's log.
                    let _ = tokio::time::timeout_at(due, moved).await;
                } else {
                    let _ = moved.await;
                }
            }
        };
        if builder.tree.count() == 0 {
            waiting.await;
            return true;
        }
        let left = (open.opened_ms + config.batch_ms).saturating_sub(now_ms());
        tokio::time::timeout(Duration::from_millis(left), waiting).await.is_ok()
    }

    /// Makes the next chunk and writes its cut down.
    async fn cut(mut self) -> Result<(Self, Option<Chunk>), TelemetryError> {
        let room = self.config.batch() - self.builder.tree.count();
        let most = room.min(usize::try_from(self.config.chunk_records).unwrap_or(usize::MAX));
        let bytes = self.config.chunk_bytes;
        let mut open = self.open;
        if self.builder.tree.count() == 0 {
            open.opened_ms = now_ms();
        }
        let (journal, tally) = (self.journal.clone(), self.tally.clone());
        let (builder, chunk) = blocking(self.builder, move |builder| {
            let began = std::time::Instant::now();
            let chunk = builder.chunk(open.number, most, bytes)?;
            if let Some(chunk) = &chunk {
                journal.cut(&chunk.cut, &open)?;
            }
            Tally::add(&tally.building_us, micros(began));
            Ok(chunk)
        })
        .await?;
        (self.builder, self.open) = (builder, open);
        Ok((self, chunk))
    }

    /// Closes the open batch and opens the next.
    async fn close(mut self) -> Result<Self, TelemetryError> {
        let open = self.open;
        let (journal, tally) = (self.journal.clone(), self.tally.clone());
        let (builder, next) = blocking(self.builder, move |builder| {
            let began = std::time::Instant::now();
            // At most 2^20, by the configuration.
            let count = u32::try_from(builder.tree.count()).unwrap_or(u32::MAX);
            let root = builder.tree.take_root();
            let closed_ms = now_ms();
            let batch = Batch { number: open.number, first: open.first, count, root, closed_ms };
            let next = OpenBatch { number: open.number + 1, first: batch.end(), opened_ms: 0 };
            journal.close(&batch, &next)?;
            Tally::add(&tally.building_us, micros(began));
            Ok(next)
        })
        .await?;
        (self.builder, self.open) = (builder, next);
        self.keep.store(next.first, Ordering::Release);
        Ok(self)
    }
}

fn micros(began: std::time::Instant) -> u64 {
    u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX)
}

/// Works with the builder where blocking is allowed, and gives it back.
async fn blocking<T: Send + 'static>(
    mut builder: Builder,
    work: impl FnOnce(&mut Builder) -> Result<T, TelemetryError> + Send + 'static,
) -> Result<(Builder, T), TelemetryError> {
    let done = tokio::task::spawn_blocking(move || {
        let did = work(&mut builder);
        did.map(|did| (builder, did))
    });
    done.await.map_err(TelemetryError::broke_off("cutting the log"))?
}
