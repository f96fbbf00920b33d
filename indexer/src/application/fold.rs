//! What facts make of entities: version after version.

mod rides;

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use crate::{
    decode::Decoded,
    domain::{
        entity::{self, Version, HEAD},
        Entity, Rows,
    },
    error::Error,
    infra::Index,
    Registry,
};

use self::rides::Rides;

/// Rows of entities, by the place of the entity.
pub type Versions = BTreeMap<usize, Rows>;

/// The last versions of entities that facts were about lately.
pub struct Fold {
    kept: Vec<FxHashMap<String, Version>>,
    /// Entities of which all rows are in memory: nothing has to be asked for.
    complete: Vec<bool>,
    most: usize,
    whole: bool,
    /// What rides are computed from, where they are among the entities.
    rides: Option<Rides>,
    /// Batches whose rides are not known.
    unproven: usize,
}

impl Fold {
    /// Of an index, with at most about so many rows in memory.
    ///
    /// # Errors
    /// ClickHouse does not say which entities have rows.
    pub async fn new(index: &Index, most: usize) -> Result<Self, Error> {
        let mut fold = Self::empty(index.registry(), most, index.first() == 0);
        for (place, entity) in index.registry().all().iter().enumerate() {
            fold.complete[place] = index.is_empty(entity.name).await?;
        }
        Ok(fold)
    }

    /// Of an index without rows. `whole`: it begins with the first block.
    fn empty(registry: &Registry, most: usize, whole: bool) -> Self {
        let count = registry.all().len();
        let kept = vec![FxHashMap::default(); count];
        Self {
            kept,
            complete: vec![true; count],
            most,
            whole,
            rides: Rides::of(registry),
            unproven: 0,
        }
    }

    /// Makes sure that what blocks change is in memory, as it was before the first of them.
    ///
    /// # Errors
    /// ClickHouse does not give the rows.
    pub async fn prepare(&mut self, index: &Index, blocks: &[Decoded]) -> Result<(), Error> {
        let Some(first) = blocks.first().map(|block| block.number) else { return Ok(()) };
        if self.kept.iter().map(FxHashMap::len).sum::<usize>() > self.most {
            self.kept.iter_mut().for_each(FxHashMap::clear);
            self.complete.fill(false);
            self.rides.iter_mut().for_each(Rides::forget);
        }
        let mut wanted: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
        for changes in blocks.iter().flat_map(|block| &block.changes) {
            let place = changes.entity;
            if self.complete[place] || index.registry().entity(place).once {
                continue;
            }
            let unknown = changes.patches.iter().map(|patch| &patch.id);
            let unknown = unknown.filter(|id| !self.kept[place].contains_key(*id));
            wanted.entry(place).or_default().extend(unknown.cloned());
        }
        self.want_of_rides(index, blocks, first, &mut wanted).await?;
        for (place, ids) in wanted {
            let ids: Vec<String> = ids.into_iter().collect();
            let entity = index.registry().entity(place);
            self.kept[place].extend(index.versions(entity, &ids, first).await?);
            // What is not there has not to be asked for again.
            for id in ids {
                let unborn = || Version::unborn(entity, self.whole);
                self.kept[place].entry(id).or_insert_with(unborn);
            }
        }
        Ok(())
    }

    /// The rows that a block adds to entities. Blocks come in order.
    ///
    /// # Errors
    /// A column cannot hold what came for it.
    pub fn apply(&mut self, entities: &[Entity], block: &Decoded) -> Result<Versions, Error> {
        let mut versions = Versions::new();
        let mut settled = block.settled.iter().peekable();
        for changes in &block.changes {
            // What a batch is computed from is what there was at its own place among the facts.
            while let Some(batch) = settled.next_if(|batch| batch.fact < changes.fact) {
                self.settle(block, batch, &mut versions);
            }
            self.changed(changes.entity);
            let entity = &entities[changes.entity];
            let rows = versions.entry(changes.entity).or_default();
            for patch in &changes.patches {
                let unborn = || Version::unborn(entity, self.whole);
                let mut born_whole;
                let version = match entity.once {
                    true => {
                        born_whole = unborn();
                        &mut born_whole
                    }
                    false => {
                        let kept = &mut self.kept[changes.entity];
                        kept.entry(patch.id.clone()).or_insert_with(unborn)
                    }
                };
                version.apply(entity, patch);
                (version.block, version.fact) = (block.number, changes.fact);
                write(rows, entity, &patch.id, block.time, version)?;
            }
        }
        for batch in settled {
            self.settle(block, batch, &mut versions);
        }
        Ok(versions)
    }
}

/// Writes a version as a row.
fn write(
    rows: &mut Rows,
    entity: &Entity,
    id: &str,
    time: i64,
    version: &Version,
) -> Result<(), Error> {
    let mut row = rows.row();
    row.text(id)
        .u64(entity::version(version.block, version.fact))
        .u32(version.block)
        .u32(version.fact)
        .time(time)
        .bool(version.removed);
    debug_assert_eq!(HEAD.len(), 6);
    for (column, cell) in entity.columns.iter().zip(&version.cells) {
        row.cell(column, cell).map_err(|misfit| {
            Error::Differs(format!("{} {id} in block {}: {misfit}", entity.name, version.block))
        })?;
    }
    Ok(())
}
