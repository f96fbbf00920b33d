//! A copy of the index's rows beside the API, in RocksDB: one row, a list by what rows are looked for, a history, how many
//! there were by the hour; in microseconds, however many ask.
//!
//! ClickHouse is made for questions over many rows, and each costs it milliseconds of a processor, also where one row is the
//! answer. So points and lists come from here, and what asks for more from ClickHouse. The copy follows the index block by
//! block ([`follow`]). How far it has come is written with the rows, in one batch, so that a kill leaves it at one block or
//! another. It holds nothing that is not in ClickHouse: a folder that is removed is filled anew.

pub mod find;
pub mod follow;
pub mod keys;
pub mod tally;

use std::{path::Path, sync::Arc};

use rocksdb::{BlockBasedOptions, Cache, DBCompressionType, Options, WriteBatch, WriteOptions, DB};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use self::tally::Tallies;
use super::shape::{Life, Shape, Shapes};
use crate::{
    config::ApiConfig,
    domain::{block::Hash, digest::keccak, rows::RowReader, value::hex, Cell, Digest},
    error::Error,
};

/// Where it stands how far the copy has come: behind everything else.
const REACHED: &[u8] = &[u8::MAX];
/// Counts what changes about keys, values and tallies.
const LAYOUT: u32 = 1;
/// Files that are open at a time: sockets need some as well.
const MOST_FILES: i32 = 512;
/// Bytes of rows that are written together to a file, at least.
const WRITTEN: usize = 64 << 20;

/// The copy.
#[derive(Clone)]
pub struct Copy {
    db: Arc<DB>,
    shapes: Arc<Shapes>,
}

/// How far it has come, and of which index it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Reached {
    form: String,
    generation: u32,
    first: u32,
    last: u32,
    hash: Hash,
    digest: Digest,
}

/// Rows of a shape as ClickHouse gave them.
struct RowsOf {
    /// The shape's place among all.
    place: usize,
    /// RowBinary.
    bytes: bytes::Bytes,
}

impl Copy {
    /// Opens the copy in its folder, which is made where there is none.
    ///
    /// # Errors
    /// RocksDB does not open it: another process has it, for one.
    pub fn open(config: &ApiConfig, shapes: Arc<Shapes>) -> Result<Self, Error> {
        let mut table = BlockBasedOptions::default();
        table.set_block_cache(&Cache::new_lru_cache(config.cache_bytes));
        table.set_bloom_filter(10.0, false);
        let mut options = Options::default();
        options.create_if_missing(true);
        options.set_block_based_table_factory(&table);
        options.set_compression_type(DBCompressionType::Snappy);
        options.set_write_buffer_size(WRITTEN);
        options.set_max_background_jobs(2);
        options.set_max_open_files(MOST_FILES);
        options.set_keep_log_file_num(4);
        let folder = Path::new(&config.folder);
        let refused = |why: String| {
            Error::Asked(format!(
                "the copy of the index in {} cannot be opened ({why}): end the process that has it, or set `api.folder` to \
                 another folder; one that is removed is filled anew",
                folder.display()
            ))
        };
        std::fs::create_dir_all(folder).map_err(|error| refused(error.to_string()))?;
        let db = DB::open(&options, folder).map_err(|error| refused(error.to_string()))?;
        Ok(Self { db: Arc::new(db), shapes })
    }

    /// How far it has come. `None`: it is empty, or of a program whose words are others.
    fn reached(&self) -> Result<Option<Reached>, Error> {
        let bytes = self.db.get(REACHED).map_err(refused)?;
        Ok(bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
    }

    /// Names what it holds of an index: what rows are looked for by and what is added up are not in the index's own form.
    fn form(&self, index: &str) -> String {
        let mut text = format!("{index} {LAYOUT}\n");
        for shape in self.shapes.all() {
            let numbers: Vec<_> = tally::numbers(shape).collect();
            text.push_str(&format!(
                "{} {:?} {:?} {numbers:?}\n",
                shape.table, shape.key, shape.lookups
            ));
        }
        hex(&keccak(text.as_bytes())[..16])
    }

    /// Writes rows, and how far the copy has come with them. Without RocksDB's own log: what a kill takes of the last rows
    /// it takes of how far the copy has come as well, and they are read again.
    ///
    /// All of it is in memory at once, and what was written stays there in up to two of RocksDB's tables that are not in files
    /// yet. The most there can be is one block that is full of rides, for several are read only where they are small together
    /// ([`Stride`](crate::infra::store::Stride)): 283,000 rides are 71 MB of rows, and with what they are looked for by, and a
    /// tally for each if all drivers are others, a batch of 230 MB. Several such blocks in a row take about a gigabyte.
    fn write(&self, rows: &[RowsOf], reached: &Reached) -> Result<(), Error> {
        let mut batch = WriteBatch::default();
        let mut tallies = Tallies::default();
        for of in rows {
            let shape = &self.shapes.all()[of.place];
            // There are a few dozen shapes.
            let table = of.place as u8;
            let mut written = FxHashMap::default();
            let mut reader = RowReader::new(&of.bytes);
            while let Some((cells, bytes)) = reader.row(&shape.columns) {
                self.put(&mut batch, &mut written, shape, table, &cells, bytes)?;
                tallies.count(table, shape, &cells);
            }
            if !reader.rest().is_empty() {
                return Err(Error::Differs(format!(
                    "rows of {} are not of the columns that they should be of",
                    shape.table
                )));
            }
        }
        tallies.put(self, &mut batch)?;
        let reached =
            serde_json::to_vec(reached).map_err(|error| Error::Differs(error.to_string()))?;
        batch.put(REACHED, reached);
        self.write_batch(batch)
    }

    fn put(
        &self,
        batch: &mut WriteBatch,
        written: &mut FxHashMap<String, Vec<Cell>>,
        shape: &Shape,
        table: u8,
        cells: &[Cell],
        bytes: &[u8],
    ) -> Result<(), Error> {
        let own = keys::row(table, shape, cells);
        let entries = |cells: &[Cell]| -> Vec<Vec<u8>> {
            let lookups = shape.lookups.iter().enumerate();
            let places = lookups.flat_map(|(number, lookup)| {
                keys::places(table, number as u8, lookup, cells, keys::found)
            });
            let key = &own[2..];
            places.map(|place| [&place, key].concat()).collect()
        };
        if let (Life::Changing, [Cell::Text(id), Cell::Number(version), ..]) = (shape.life, cells) {
            batch.put(keys::version(table, id, *version), bytes);
            // What the version before was looked for by.
            let before = match written.insert(id.clone(), cells.to_vec()) {
                Some(before) => Some(before),
                None => {
                    let before = self.db.get_pinned(&own).map_err(refused)?;
                    before.and_then(|bytes| {
                        RowReader::new(&bytes).row(&shape.columns).map(|(cells, _)| cells)
                    })
                }
            };
            before.iter().flat_map(|before| entries(before)).for_each(|entry| batch.delete(entry));
        }
        batch.put(&own, bytes);
        entries(cells).into_iter().for_each(|entry| batch.put(entry, []));
        Ok(())
    }

    /// Everything that was there is removed, in one piece.
    fn clear(&self) -> Result<(), Error> {
        let mut batch = WriteBatch::default();
        batch.delete_range([0_u8].as_slice(), REACHED);
        batch.delete(REACHED);
        self.write_batch(batch)
    }

    fn write_batch(&self, batch: WriteBatch) -> Result<(), Error> {
        let mut options = WriteOptions::default();
        options.disable_wal(true);
        self.db.write_opt(batch, &options).map_err(refused)
    }

    /// Puts on the disk what is in memory, so that it has not to be read again after a start.
    fn flush(&self) -> Result<(), Error> {
        self.db.flush().map_err(refused)
    }

    /// The number of a shape in keys. There are a few dozen.
    fn number(&self, shape: &Shape) -> u8 {
        let place = self.shapes.all().iter().position(|own| own.table == shape.table);
        place.unwrap_or_default() as u8
    }
}

fn refused(error: rocksdb::Error) -> Error {
    Error::BrokeOff { part: "the copy of the index", why: error.to_string() }
}

#[cfg(test)]
mod tests;
