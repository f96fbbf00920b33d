//! Stores chunks, one after the other, each once.
//!
//! The order is what makes it exact: first the cut is written down, then its rows are sent under tokens that follow from the
//! cut, `blocks` last of them, then the progress. After any kill the same cut is folded again from the versions before it
//! and sent under the same tokens, of which ClickHouse leaves out what it has.
//!
//! A block of its own, as it comes when the chain is followed, is not written down before: what is not written down is taken
//! for one block after a restart. But the first chunk of a process is, for an earlier process may have been killed so close
//! to writing down another that ClickHouse shows that one only later; of several the last that was written holds.

use std::{sync::Arc, time::Instant};

use super::{fetch::Chunk, fold::Fold, tally::Tally};
use crate::{
    decode::Decoded,
    domain::{digest, tables, Column, Rows},
    error::Error,
    infra::{
        store::{Batch, Lease, Position},
        Index,
    },
};

/// Stores chunks.
pub struct Storer {
    index: Index,
    lease: Arc<Lease>,
    /// Lapses of the lease after which the index was looked at.
    lapses: u64,
    fold: Fold,
    position: Option<Position>,
    columns: Vec<Vec<Column>>,
    blocks: Vec<Column>,
    /// Whether nothing was stored by this process yet.
    fresh: bool,
    tally: Arc<Tally>,
}

/// The rows of a chunk in each table.
#[derive(Default)]
struct Tables {
    blocks: Rows,
    extrinsics: Rows,
    calls: Rows,
    events: Rows,
    entities: Vec<Rows>,
}

impl Storer {
    /// From where the index has come to.
    ///
    /// # Errors
    /// ClickHouse does not say.
    pub async fn new(
        index: Index,
        lease: Arc<Lease>,
        kept_rows: usize,
        tally: Arc<Tally>,
    ) -> Result<Self, Error> {
        let position = index.position().await?;
        let fold = Fold::new(&index, kept_rows).await?;
        let columns = index.registry().all().iter().map(|entity| entity.all_columns()).collect();
        let blocks = tables::BLOCKS.columns.iter().copied().chain([tables::DIGEST]).collect();
        Ok(Self { index, lease, lapses: 0, fold, position, columns, blocks, fresh: true, tally })
    }

    /// How far it has come.
    pub fn position(&self) -> Option<Position> {
        self.position
    }

    /// The height of the next block.
    pub fn next(&self) -> u32 {
        self.position.map_or(self.index.first(), |position| position.last + 1)
    }

    /// Stores a chunk. It is stored when this returns, and begun again when it does not.
    ///
    /// # Errors
    /// It does not follow what is stored, or ClickHouse refuses it.
    pub async fn store(&mut self, chunk: &Chunk, blocks: &[Decoded]) -> Result<(), Error> {
        self.follow(blocks)?;
        self.hold().await?;
        if self.fresh || chunk.cut.count() > 1 {
            self.index.write_cut(&chunk.cut).await?;
            self.fresh = false;
            // Until it was written down, somebody who followed knew nothing of this cut.
            self.hold().await?;
        }
        let folding = Instant::now();
        self.fold.prepare(&self.index, blocks).await?;
        let (tables, position) = self.fold(blocks)?;
        Tally::spent(&self.tally.folding_us, folding);
        let storing = Instant::now();
        let last =
            [Batch { table: tables::BLOCKS.name, columns: &self.blocks, rows: &tables.blocks }];
        let last = self.index.insert(&chunk.cut, &last);
        if chunk.cut.count() > 1 {
            tokio::try_join!(self.keep(chunk), self.insert(chunk, &tables))?;
            last.await?;
        } else {
            // Somebody waits for this one: what nobody reads comes later.
            self.insert(chunk, &tables).await?;
            tracing::debug!(cut = %chunk.cut, inserting = ?storing.elapsed(), "inserted what is beside the block");
            tokio::try_join!(self.keep(chunk), last)?;
        }
        self.index.write_progress(&chunk.cut, &position).await?;
        Tally::spent(&self.tally.storing_us, storing);
        tracing::debug!(
            cut = %chunk.cut, all = ?chunk.begun.elapsed(), folding = ?storing.duration_since(folding),
            storing = ?storing.elapsed(), "stored"
        );
        self.position = Some(position);
        self.count(&tables);
        let made = blocks.last().map_or(0, |block| block.time);
        self.tally.stored(position.last, u64::try_from(made).unwrap_or(0));
        Ok(())
    }

    /// Waits for the lease. Where somebody else may have come and gone since, the index has to be as it was left.
    async fn hold(&mut self) -> Result<(), Error> {
        let lapses = self.lease.hold().await?;
        if lapses != self.lapses {
            self.index.is_as_left(self.position.as_ref()).await?;
            self.lapses = lapses;
        }
        Ok(())
    }

    /// Blocks follow each other, and the last one that is stored.
    fn follow(&self, blocks: &[Decoded]) -> Result<(), Error> {
        let mut before = self.position.map(|position| position.hash);
        for (number, block) in (self.next()..).zip(blocks) {
            if let Some(before) = before.filter(|before| block.parent != *before) {
                return Err(Error::fork(block.number, &block.parent, &before));
            }
            if block.number != number {
                let why = format!("block {} came where {number} was expected", block.number);
                return Err(Error::BrokeOff { part: "fetching", why });
            }
            before = Some(block.hash);
        }
        Ok(())
    }

    /// All rows of a chunk, with the digest of each block, and where the index is when they are stored.
    fn fold(&mut self, blocks: &[Decoded]) -> Result<(Tables, Position), Error> {
        let registry = self.index.registry().clone();
        let entities = registry.all();
        let mut tables =
            Tables { entities: vec![Rows::default(); entities.len()], ..Tables::default() };
        let before = self.position.map_or(digest::NONE, |position| position.digest);
        let mut position = Position { last: 0, hash: [0; 32], digest: before };
        for block in blocks {
            let versions = self.fold.apply(entities, block)?;
            let named = versions.iter().map(|(place, rows)| (entities[*place].name, rows));
            let digest = digest::chained(&position.digest, &block.content, named);
            position = Position { last: block.number, hash: block.hash, digest };
            tables.blocks.append(&block.block);
            tables.blocks.bytes.extend_from_slice(&digest);
            tables.extrinsics.append(&block.extrinsics);
            tables.calls.append(&block.calls);
            tables.events.append(&block.events);
            for (place, rows) in &versions {
                tables.entities[*place].append(rows);
            }
        }
        Ok((tables, position))
    }

    async fn keep(&self, chunk: &Chunk) -> Result<(), Error> {
        match chunk.kept {
            true => Ok(()),
            false => self.index.keep(&chunk.cut, &chunk.blocks).await,
        }
    }

    async fn insert(&self, chunk: &Chunk, tables: &Tables) -> Result<(), Error> {
        let plain = [
            (tables::EVENTS, &tables.events),
            (tables::CALLS, &tables.calls),
            (tables::EXTRINSICS, &tables.extrinsics),
        ];
        let plain = plain.iter().map(|(table, rows)| Batch {
            table: table.name,
            columns: table.columns,
            rows,
        });
        let entities = self.index.registry().all().iter().zip(&self.columns);
        let entities = entities.zip(&tables.entities).map(|((entity, columns), rows)| Batch {
            table: entity.name,
            columns,
            rows,
        });
        let batches: Vec<_> = plain.chain(entities).collect();
        self.index.insert(&chunk.cut, &batches).await
    }

    fn count(&mut self, tables: &Tables) {
        let unproven = self.fold.take_unproven();
        let tally = &self.tally;
        Tally::add(&tally.blocks, tables.blocks.count);
        Tally::add(&tally.extrinsics, tables.extrinsics.count);
        Tally::add(&tally.events, tables.events.count);
        Tally::add(&tally.rides_unproven, unproven);
        Tally::add(&tally.versions, tables.entities.iter().map(|rows| rows.count).sum());
        Tally::add(&tally.chunks, 1);
    }
}
