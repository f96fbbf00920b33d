//! How many blocks are read at once: as many as fit into memory together, whatever is in them.
//!
//! An empty block has a kilobyte or two of rows, one that is full of rides has 80 MB. So before several blocks are read,
//! ClickHouse is asked how large each is: how many rows it has, and how long the JSON in them is. The step ends before the block
//! that does not fit. A step of one block is not asked about: it is read, however large it is.

use std::ops::RangeInclusive;

use clickhouse::Row;
use serde::{Deserialize, Serialize};

use super::{schema, Index};
use crate::{
    domain::{tables, Column, Kind},
    error::Error,
};

/// Bytes of rows that are read at once, about. A block that has more is read alone.
const STEP_BYTES: u64 = 32 << 20;
/// Blocks that are read at once, at most, and so the most whose sizes are asked for: full ones may come after empty ones.
const MOST_BLOCKS: u32 = 1_024;
/// Blocks that are read at once in the beginning, at most.
const FIRST_BLOCKS: u32 = 16;
/// Bytes of a text that is an id or a name, about.
const TEXT_BYTES: u64 = 16;

/// The way through an index, step after step.
#[derive(Debug)]
pub struct Stride {
    /// Blocks of the next step, at most.
    blocks: u32,
}

impl Default for Stride {
    fn default() -> Self {
        Self { blocks: FIRST_BLOCKS }
    }
}

impl Stride {
    /// The blocks that are read next, of those that are left.
    ///
    /// # Errors
    /// ClickHouse does not say how large they are.
    pub async fn next(
        &self,
        index: &Index,
        left: RangeInclusive<u32>,
    ) -> Result<RangeInclusive<u32>, Error> {
        index.range_that_fits(self.within(&left)).await
    }

    /// They were read: the next are twice as many, at most.
    pub fn went(&mut self, step: &RangeInclusive<u32>) {
        let blocks = step.end().saturating_sub(*step.start()).saturating_add(1);
        self.blocks = blocks.saturating_mul(2).min(MOST_BLOCKS);
    }

    /// They were not: the next are fewer.
    pub fn failed(&mut self) {
        self.blocks = (self.blocks / 2).max(1);
    }

    fn within(&self, left: &RangeInclusive<u32>) -> RangeInclusive<u32> {
        let first = *left.start();
        first..=(*left.end()).min(first.saturating_add(self.blocks - 1))
    }
}

/// The rows of a block in all tables.
#[derive(Clone, Copy, Debug, Row, Serialize, Deserialize)]
struct SizeRow {
    block: u32,
    /// Bytes, about.
    size: u64,
}

impl Index {
    /// As much of a range as has [`STEP_BYTES`] of rows: at least its first block. ClickHouse is not asked about a block that
    /// is alone.
    async fn range_that_fits(
        &self,
        range: RangeInclusive<u32>,
    ) -> Result<RangeInclusive<u32>, Error> {
        let first = *range.start();
        if *range.end() <= first {
            return Ok(range);
        }
        let plain = tables::ALL.iter();
        let plain = plain.map(|table| sizes(table.name, table.columns, table.block, &range));
        let entities = self.registry().all().iter();
        let entities =
            entities.map(|entity| sizes(entity.name, &entity.all_columns(), "block", &range));
        let all = plain.chain(entities).collect::<Vec<_>>().join(" UNION ALL ");
        let sql =
            format!("SELECT block, sum(size) AS size FROM ({all}) GROUP BY block ORDER BY block");
        let rows = self.store().query(&sql).fetch_all::<SizeRow>();
        let rows = self.store().in_time("sizes of blocks", rows).await?;
        Ok(first..=end_of_step(&range, &rows, STEP_BYTES))
    }
}

/// The question how large the rows of a table are, block by block.
fn sizes(table: &str, columns: &[Column], block: &str, range: &RangeInclusive<u32>) -> String {
    let (first, last, block) = (range.start(), range.end(), schema::quoted(block));
    let fixed: u64 = columns.iter().map(fixed_bytes).sum();
    let lengths: String =
        columns.iter().filter_map(length).map(|of| format!(" + sum({of})")).collect();
    format!(
        "SELECT {block} AS block, count() * {fixed}{lengths} AS size FROM {table} \
         WHERE {block} >= {first} AND {block} <= {last} GROUP BY block"
    )
}

/// Bytes of a column in a row, whatever it holds.
fn fixed_bytes(column: &Column) -> u64 {
    let plain = match column.kind {
        Kind::Bool | Kind::U8 => 1,
        Kind::U32 => 4,
        Kind::U64 | Kind::Time => 8,
        Kind::Money => 16,
        Kind::Account | Kind::Hash => 32,
        Kind::Text | Kind::Name => TEXT_BYTES,
        // Its length in front.
        Kind::Json | Kind::Accounts => 1,
    };
    plain + u64::from(column.nullable)
}

/// Bytes of a column beside those, as ClickHouse counts them: of what may be long.
fn length(column: &Column) -> Option<String> {
    let length = match column.kind {
        Kind::Json => format!("length({})", schema::quoted(column.name)),
        Kind::Accounts => format!("length({}) * 32", schema::quoted(column.name)),
        _ => return None,
    };
    Some(match column.nullable {
        true => format!("ifNull({length}, 0)"),
        false => length,
    })
}

/// The last block of a range up to which there are no more than `most` bytes, at least the first. Blocks that have no row are
/// not in the sizes, and their heights grow.
fn end_of_step(range: &RangeInclusive<u32>, sizes: &[SizeRow], most: u64) -> u32 {
    let mut sum = 0_u64;
    let beyond = sizes.iter().find(|of| {
        sum = sum.saturating_add(of.size);
        sum > most
    });
    beyond.map_or(*range.end(), |of| of.block.saturating_sub(1).max(*range.start()))
}

#[cfg(test)]
mod tests {
    use proptest::{collection::btree_map, prelude::*};

    use super::*;
    use crate::{
        domain::{Cell, Rows},
        entities::Registry,
    };

    const MOST: u64 = 100;

    /// All steps through blocks of these sizes.
    fn steps(range: RangeInclusive<u32>, sizes: &[(u32, u64)]) -> Vec<RangeInclusive<u32>> {
        let (mut stride, mut steps) = (Stride::default(), Vec::new());
        let mut left = range;
        while !left.is_empty() {
            let asked = stride.within(&left);
            let within = sizes.iter().filter(|(block, _)| asked.contains(block));
            let within: Vec<_> =
                within.map(|(block, size)| SizeRow { block: *block, size: *size }).collect();
            let step = *asked.start()..=end_of_step(&asked, &within, MOST);
            stride.went(&step);
            left = step.end() + 1..=*left.end();
            steps.push(step);
        }
        steps
    }

    #[test]
    fn steps_of_light_blocks_grow_and_full_blocks_are_read_alone() {
        assert_eq!(steps(0..=200, &[]), [0..=15, 16..=47, 48..=111, 112..=200]);
        let full = [(20, 101), (21, 5_000), (22, 60), (23, 40), (24, 1)];
        assert_eq!(
            steps(0..=30, &full),
            [0..=15, 16..=19, 20..=20, 21..=21, 22..=23, 24..=27, 28..=30]
        );
        let light = steps(0..=100_000, &[]);
        assert!(light.iter().all(|step| step.end() - step.start() < MOST_BLOCKS));
    }

    #[test]
    fn what_failed_is_tried_with_fewer_blocks_until_one_is_left() {
        let mut stride = Stride::default();
        let tried = std::iter::from_fn(|| {
            let blocks = stride.within(&(7..=u32::MAX)).count();
            stride.failed();
            Some(blocks)
        });
        assert_eq!(tried.take(6).collect::<Vec<_>>(), [16, 8, 4, 2, 1, 1]);
    }

    proptest! {
        #[test]
        fn steps_go_over_every_block_once_and_have_what_fits_or_one_block(
            first in 0..5_u32,
            length in 1..200_u32,
            sizes in btree_map(0..205_u32, 0..150_u64, 0..100),
        ) {
            let range = first..=first + length - 1;
            let sizes: Vec<_> = sizes.into_iter().collect();
            let steps = steps(range.clone(), &sizes);
            let gone: Vec<u32> = steps.iter().cloned().flatten().collect();
            prop_assert_eq!(gone, range.collect::<Vec<_>>());
            for step in steps {
                let within = sizes.iter().filter(|(block, _)| step.contains(block));
                let bytes: u64 = within.map(|(_, size)| size).sum();
                prop_assert!(bytes <= MOST || step.start() == step.end(), "{:?} has {}", step, bytes);
            }
        }
    }

    /// What is asked of ClickHouse follows the encoding in which the rows come.
    #[test]
    fn rows_without_json_have_the_bytes_that_their_columns_say() {
        let text = "x".repeat(TEXT_BYTES as usize - 1);
        for entity in Registry::default().all() {
            let mut rows = Rows::default();
            let mut row = rows.row();
            let columns = entity.all_columns();
            for column in &columns {
                let cell = match column.kind {
                    Kind::Bool => Cell::Bool(true),
                    Kind::U8 | Kind::U32 | Kind::U64 => Cell::Number(1),
                    Kind::Money => Cell::Money(1),
                    Kind::Text | Kind::Name => Cell::Text(text.clone()),
                    Kind::Json => Cell::Text(String::new()),
                    Kind::Account | Kind::Hash => Cell::Bytes([1; 32]),
                    Kind::Accounts => Cell::Accounts(Vec::new()),
                    Kind::Time => Cell::Time(1),
                };
                row.cell(column, &cell).unwrap();
            }
            let told: u64 = columns.iter().map(fixed_bytes).sum();
            assert_eq!(rows.bytes.len() as u64, told, "{}", entity.name);
        }
    }
}
