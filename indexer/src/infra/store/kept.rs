//! What is kept for ever: raw blocks, and the metadata of runtimes.

use std::{collections::BTreeMap, fmt, ops::RangeInclusive};

use clickhouse::Row;
use serde::{de::Visitor, Deserialize, Deserializer, Serialize, Serializer};

use super::Index;
use crate::{
    domain::{block::Hash, Cut, RawBlock, Runtime},
    error::Error,
};

/// Bytes, which ClickHouse's String is.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Octets(Vec<u8>);

impl Serialize for Octets {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Octets {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Seen;
        impl Visitor<'_> for Seen {
            type Value = Octets;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("bytes")
            }

            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Octets, E> {
                Ok(Octets(bytes.to_vec()))
            }

            fn visit_byte_buf<E>(self, bytes: Vec<u8>) -> Result<Octets, E> {
                Ok(Octets(bytes))
            }
        }
        from.deserialize_byte_buf(Seen)
    }
}

#[derive(Debug, Row, Serialize, Deserialize)]
struct RawRow {
    number: u32,
    hash: Hash,
    parent: Hash,
    spec: u32,
    header: Octets,
    extrinsics: Vec<Octets>,
    events: Octets,
    state_keys: Vec<Octets>,
    state_values: Vec<Octets>,
}

impl From<&RawBlock> for RawRow {
    fn from(block: &RawBlock) -> Self {
        let octets = |bytes: &Vec<u8>| Octets(bytes.clone());
        Self {
            number: block.number,
            hash: block.hash,
            parent: block.parent,
            spec: block.spec,
            header: octets(&block.header),
            extrinsics: block.extrinsics.iter().map(octets).collect(),
            events: octets(&block.events),
            state_keys: block.state.iter().map(|(key, _)| octets(key)).collect(),
            state_values: block.state.iter().map(|(_, value)| octets(value)).collect(),
        }
    }
}

impl From<RawRow> for RawBlock {
    fn from(row: RawRow) -> Self {
        let keys = row.state_keys.into_iter().map(|key| key.0);
        let values = row.state_values.into_iter().map(|value| value.0);
        Self {
            number: row.number,
            hash: row.hash,
            parent: row.parent,
            spec: row.spec,
            header: row.header.0,
            extrinsics: row.extrinsics.into_iter().map(|extrinsic| extrinsic.0).collect(),
            events: row.events.0,
            state: keys.zip(values).collect(),
        }
    }
}

#[derive(Debug, Row, Serialize, Deserialize)]
struct RuntimeRow {
    spec: u32,
    first: u32,
    metadata: Octets,
}

impl Index {
    /// Keeps raw blocks of a cut.
    ///
    /// # Errors
    /// ClickHouse refuses them. Where it is away it is tried again.
    pub async fn keep(&self, cut: &Cut, blocks: &[RawBlock]) -> Result<(), Error> {
        let rows: Vec<RawRow> = blocks.iter().map(RawRow::from).collect();
        // Raw blocks outlive generations, and so do their tokens.
        let token = format!("raw_blocks-{}-{}", cut.first, cut.last);
        self.insist(|| self.store().insert_rows("raw_blocks", &rows, &token)).await
    }

    /// The raw blocks that are kept of a range, in order, as far as they follow each other without a gap from its first.
    ///
    /// # Errors
    /// ClickHouse does not give them.
    pub async fn kept(&self, range: RangeInclusive<u32>) -> Result<Vec<RawBlock>, Error> {
        let sql = "SELECT number, hash, parent, spec, header, extrinsics, events, state_keys, state_values \
                   FROM raw_blocks WHERE number >= ? AND number <= ? ORDER BY number LIMIT 1 BY number";
        let query = self.store().query(sql).bind(*range.start()).bind(*range.end());
        let rows = self.store().in_time("raw blocks", query.fetch_all::<RawRow>()).await?;
        let follow = range.zip(rows).take_while(|(number, row)| *number == row.number);
        Ok(follow.map(|(_, row)| row.into()).collect())
    }

    /// The height of the last raw block that is kept.
    ///
    /// # Errors
    /// ClickHouse does not say.
    pub async fn last_kept(&self) -> Result<Option<u32>, Error> {
        let sql = "SELECT max(number), count() > 0 FROM raw_blocks";
        let query = self.store().query(sql).fetch_one::<(u32, bool)>();
        let (last, any) = self.store().in_time("the last raw block", query).await?;
        Ok(any.then_some(last))
    }

    /// Keeps the metadata of a runtime.
    ///
    /// # Errors
    /// ClickHouse refuses it. Where it is away it is tried again.
    pub async fn keep_runtime(&self, runtime: &Runtime) -> Result<(), Error> {
        let Runtime { spec, first, metadata } = runtime.clone();
        let row = RuntimeRow { spec, first, metadata: Octets(metadata) };
        let token = format!("runtimes-{spec}");
        self.insist(|| self.store().insert_rows("runtimes", [&row], &token)).await
    }

    /// The runtimes whose metadata is kept, by version.
    ///
    /// # Errors
    /// ClickHouse does not give them.
    pub async fn runtimes(&self) -> Result<BTreeMap<u32, Runtime>, Error> {
        let sql = "SELECT spec, first, metadata FROM runtimes ORDER BY spec, first LIMIT 1 BY spec";
        let query = self.store().query(sql).fetch_all::<RuntimeRow>();
        let rows = self.store().in_time("the metadata of runtimes", query).await?;
        let runtimes = rows.into_iter().map(|RuntimeRow { spec, first, metadata }| {
            (spec, Runtime { spec, first, metadata: metadata.0 })
        });
        Ok(runtimes.collect())
    }
}
