//! What facts make of entities: version after version.

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
};

/// Rows of entities, by the place of the entity.
pub type Versions = BTreeMap<usize, Rows>;

/// The last versions of entities that facts were about lately.
pub struct Fold {
    kept: Vec<FxHashMap<String, Version>>,
    /// Entities of which all rows are in memory: nothing has to be asked for.
    complete: Vec<bool>,
    most: usize,
    whole: bool,
}

impl Fold {
    /// Of an index, with at most about so many rows in memory.
    ///
    /// # Errors
    /// ClickHouse does not say which entities have rows.
    pub async fn new(index: &Index, most: usize) -> Result<Self, Error> {
        let mut complete = Vec::new();
        for entity in index.registry().all() {
            complete.push(index.is_empty(entity.name).await?);
        }
        let kept = vec![FxHashMap::default(); complete.len()];
        Ok(Self { kept, complete, most, whole: index.first() == 0 })
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
        }
        let mut wanted: BTreeMap<usize, BTreeSet<&str>> = BTreeMap::new();
        for changes in blocks.iter().flat_map(|block| &block.changes) {
            let place = changes.entity;
            if self.complete[place] || index.registry().entity(place).once {
                continue;
            }
            let unknown = changes.patches.iter().map(|patch| &*patch.id);
            let unknown = unknown.filter(|id| !self.kept[place].contains_key(*id));
            wanted.entry(place).or_default().extend(unknown);
        }
        for (place, ids) in wanted {
            let ids: Vec<String> = ids.into_iter().map(str::to_owned).collect();
            let entity = index.registry().entity(place);
            self.kept[place].extend(index.versions(entity, &ids, first).await?);
        }
        Ok(())
    }

    /// The rows that a block adds to entities. Blocks come in order.
    ///
    /// # Errors
    /// A column cannot hold what came for it.
    pub fn apply(&mut self, entities: &[Entity], block: &Decoded) -> Result<Versions, Error> {
        let mut versions = Versions::new();
        for changes in &block.changes {
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
