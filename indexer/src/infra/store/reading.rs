//! Reading rows back: those that entities have now, and those of blocks for their digest.

use std::{collections::BTreeMap, ops::RangeInclusive};

use clickhouse::Row;
use serde::{Deserialize, Serialize};

use super::{schema, Index};
use crate::{
    domain::{
        block::Hash, digest, entity::Version, entity::HEAD, rows::RowReader, tables, Cell, Column,
        Digest, Entity, Rows,
    },
    error::Error,
};

#[derive(Debug, Row, Serialize, Deserialize)]
struct DigestRow {
    number: u32,
    digest: Digest,
}

/// Ids that are asked for at once: a query's text is read by ClickHouse up to a quarter of a megabyte.
const IDS_AT_ONCE: usize = 1_000;

/// The rows of a block in all tables, as ClickHouse has them.
#[derive(Clone, Debug, Default)]
pub struct BlockRows {
    /// Its rows in `blocks`, without the digest: one.
    pub block: Rows,
    /// The hash of the block before, as its row says.
    pub parent: Hash,
    /// Its hash.
    pub hash: Hash,
    /// The digest that is stored.
    pub digest: Digest,
    /// Its rows in the other tables, by the place of the table in [`tables::ALL`].
    pub tables: BTreeMap<usize, Rows>,
    /// Its rows of entities, by the entity's place.
    pub entities: BTreeMap<usize, Rows>,
}

impl BlockRows {
    /// The digest that its rows have.
    pub fn digest(&self, before: &Digest, entities: &[Entity]) -> Digest {
        let none = Rows::default();
        let plain = tables::ALL.iter().enumerate().map(|(place, table)| {
            let rows = match place {
                0 => &self.block,
                place => self.tables.get(&place).unwrap_or(&none),
            };
            (table.name, rows)
        });
        let content = digest::content(plain);
        let entities = self.entities.iter().map(|(place, rows)| (entities[*place].name, rows));
        digest::chained(before, &content, entities)
    }
}

impl Index {
    /// The last versions of some ids before a block, of those that have any.
    ///
    /// # Errors
    /// ClickHouse does not give them.
    pub async fn versions(
        &self,
        entity: &Entity,
        ids: &[String],
        before: u32,
    ) -> Result<BTreeMap<String, Version>, Error> {
        let columns = entity.all_columns();
        let mut found = BTreeMap::new();
        for ids in ids.chunks(IDS_AT_ONCE) {
            let sql = format!(
                "SELECT {} FROM {} WHERE id IN ? AND block < ? ORDER BY id, version DESC LIMIT 1 BY id",
                schema::listed(&columns),
                entity.name
            );
            let query = self.store().query(&sql).bind(ids).bind(before);
            let bytes = self.bytes(entity.name, query).await?;
            let mut reader = RowReader::new(&bytes);
            while let Some((cells, _)) = reader.row(&columns) {
                let (id, version) =
                    versioned(cells).ok_or_else(|| Error::Differs(unreadable(entity.name)))?;
                found.insert(id, version);
            }
            if !reader.rest().is_empty() {
                return Err(Error::Differs(unreadable(entity.name)));
            }
        }
        Ok(found)
    }

    /// Whether a table has no row.
    ///
    /// # Errors
    /// ClickHouse does not say.
    pub async fn is_empty(&self, table: &str) -> Result<bool, Error> {
        let sql = format!("SELECT count() FROM (SELECT 1 FROM {table} LIMIT 1)");
        let rows = self.store().query(&sql).fetch_one::<u64>();
        Ok(self.store().in_time(&sql, rows).await? == 0)
    }

    /// All rows of blocks of a range, in order. Blocks that are not there are left out.
    ///
    /// # Errors
    /// ClickHouse does not give them, or a row cannot be read.
    pub async fn rows(&self, range: RangeInclusive<u32>) -> Result<Vec<BlockRows>, Error> {
        let first = *range.start();
        let count = range.clone().count();
        let mut blocks = vec![BlockRows::default(); count];
        let place = |number: u32| usize::try_from(number.checked_sub(first)?).ok();
        let columns: Vec<_> =
            tables::BLOCKS.columns.iter().copied().chain([tables::DIGEST]).collect();
        self.each(
            tables::BLOCKS.name,
            &columns,
            ["number", "number"],
            &range,
            |number, row, cells| {
                let Some(block) = place(number).and_then(|place| blocks.get_mut(place)) else {
                    return;
                };
                // The digest is last, and not a part of what it is over.
                block.block.bytes.extend_from_slice(&row[..row.len() - 32]);
                block.block.count += 1;
                if let [_, Cell::Bytes(hash), Cell::Bytes(parent), .., Cell::Bytes(digest)] = cells
                {
                    (block.hash, block.parent, block.digest) = (*hash, *parent, *digest);
                }
            },
        )
        .await?;
        for (table_place, table) in tables::ALL.iter().enumerate().skip(1) {
            let order = [table.block, table.order];
            self.each(table.name, table.columns, order, &range, |number, row, _| {
                let Some(block) = place(number).and_then(|place| blocks.get_mut(place)) else {
                    return;
                };
                push(block.tables.entry(table_place).or_default(), row);
            })
            .await?;
        }
        for (entity_place, entity) in self.registry().clone().all().iter().enumerate() {
            let columns = entity.all_columns();
            let order = ["block", "version, id"];
            self.each(entity.name, &columns, order, &range, |number, row, _| {
                let Some(block) = place(number).and_then(|place| blocks.get_mut(place)) else {
                    return;
                };
                push(block.entities.entry(entity_place).or_default(), row);
            })
            .await?;
        }
        Ok(blocks.into_iter().filter(|block| block.block.count > 0).collect())
    }

    /// Shows every row of a table in a range of blocks with the block's height, in order.
    async fn each(
        &self,
        table: &str,
        columns: &[Column],
        [block, order]: [&str; 2],
        range: &RangeInclusive<u32>,
        mut see: impl FnMut(u32, &[u8], &[Cell]),
    ) -> Result<(), Error> {
        let sql = format!(
            "SELECT {} FROM {table} WHERE {block} >= ? AND {block} <= ? ORDER BY {order}",
            schema::listed(columns)
        );
        let query = self.store().query(&sql).bind(*range.start()).bind(*range.end());
        let bytes = self.bytes(table, query).await?;
        let height = columns.iter().position(|column| column.name == block);
        let mut reader = RowReader::new(&bytes);
        while let Some((cells, row)) = reader.row(columns) {
            let number = match height.map(|height| &cells[height]) {
                Some(Cell::Number(number)) => u32::try_from(*number).ok(),
                _ => None,
            };
            see(number.ok_or_else(|| Error::Differs(unreadable(table)))?, row, &cells);
        }
        match reader.rest() {
            [] => Ok(()),
            _ => Err(Error::Differs(unreadable(table))),
        }
    }

    async fn bytes(
        &self,
        table: &str,
        query: clickhouse::query::Query,
    ) -> Result<bytes::Bytes, Error> {
        let reading = async { query.fetch_bytes("RowBinary")?.collect().await };
        Ok(self.store().in_time(&format!("rows of {table}"), reading).await?)
    }

    /// What a question answers, in RowBinary.
    ///
    /// # Errors
    /// ClickHouse does not answer it.
    pub async fn row_binary(&self, sql: &str) -> Result<bytes::Bytes, Error> {
        let query = self.store().client().query_raw(sql);
        let reading = async { query.fetch_bytes("RowBinary")?.collect().await };
        Ok(self.store().in_time(sql, reading).await?)
    }

    /// The digests of some blocks, by height.
    ///
    /// # Errors
    /// ClickHouse does not give them.
    pub async fn digests(
        &self,
        range: RangeInclusive<u32>,
    ) -> Result<BTreeMap<u32, Digest>, Error> {
        let sql =
            "SELECT number, digest FROM blocks WHERE number >= ? AND number <= ? ORDER BY number";
        let query = self.store().query(sql).bind(*range.start()).bind(*range.end());
        let digests = query.fetch_all::<DigestRow>();
        let digests = self.store().in_time("digests of blocks", digests).await?;
        Ok(digests.into_iter().map(|row| (row.number, row.digest)).collect())
    }
}

fn push(rows: &mut Rows, row: &[u8]) {
    rows.bytes.extend_from_slice(row);
    rows.count += 1;
}

fn unreadable(table: &str) -> String {
    format!(
        "rows of {table} are not of the columns that they should be of: was the table changed by hand? \
         `smartlink-indexer reindex` makes it anew"
    )
}

/// A row of an entity apart: id, and the rest.
fn versioned(cells: Vec<Cell>) -> Option<(String, Version)> {
    let mut cells = cells.into_iter();
    let mut head = cells.by_ref().take(HEAD.len());
    let Some(Cell::Text(id)) = head.next() else { return None };
    let [_, Cell::Number(block), Cell::Number(fact), _, Cell::Bool(removed)] =
        <[Cell; 5]>::try_from(head.collect::<Vec<_>>()).ok()?
    else {
        return None;
    };
    let (block, fact) = (u32::try_from(block).ok()?, u32::try_from(fact).ok()?);
    Some((id, Version { block, fact, removed, cells: cells.collect() }))
}
