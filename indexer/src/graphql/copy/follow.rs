//! The copy follows the index: it reads the rows of blocks that it has not, and writes them.

use super::{Copy, Reached, RowsOf};
use crate::{
    domain::{block::Hash, rows::RowReader, Cell, Digest},
    error::Error,
    graphql::{
        shape::{Life, Shape},
        tip::Tip,
    },
    infra::{store::schema, Index},
};

/// Blocks that are read at once, at most.
const MOST_BLOCKS: u32 = 4_096;
/// Bytes of rows that are read at once, about: a step of blocks that are full is made smaller.
const STEP_BYTES: usize = 32 << 20;

/// How the copy goes on: behind the index, from one step to the next.
pub struct Follower {
    copy: Copy,
    /// Blocks of the next step.
    step: u32,
    /// Whether what the copy has was compared with the index since it was opened.
    compared: bool,
}

impl Follower {
    /// Of a copy that was just opened.
    pub fn new(copy: Copy) -> Self {
        Self { copy, step: MOST_BLOCKS, compared: false }
    }

    /// How far the copy has come, if it is one of this index: what is seen before the first step.
    ///
    /// # Errors
    /// ClickHouse does not say whether it is.
    pub async fn begin(&mut self, index: &Index, to: &Tip) -> Result<Tip, Error> {
        let own = self.own(index, to).await?;
        Ok(own.map_or(Tip { last: None, ..*to }, |own| Tip {
            last: Some(own.last),
            hash: own.hash,
            digest: own.digest,
            ..*to
        }))
    }

    /// One step towards where the index is. `None`: it is there.
    ///
    /// # Errors
    /// ClickHouse does not give the rows, or RocksDB does not take them.
    pub async fn step(&mut self, index: &Index, to: &Tip) -> Result<Option<Tip>, Error> {
        let Some(last) = to.last else { return Ok(None) };
        let first = match self.own(index, to).await? {
            Some(reached) => reached.last.saturating_add(1),
            None => to.first,
        };
        if first > last {
            return Ok(None);
        }
        let last = last.min(first.saturating_add(self.step - 1));
        let rows = self.read(index, first, last).await?;
        let (hash, digest) = end_of(&self.copy, &rows, last)?;
        let (form, generation) = (index.form().to_owned(), to.generation);
        let reached = Reached { form, generation, first: to.first, last, hash, digest };
        let bytes: usize = rows.iter().map(|of| of.bytes.len()).sum();
        let copy = self.copy.clone();
        let writing =
            tokio::task::spawn_blocking(move || copy.write(&rows, &reached).map(|()| reached));
        let reached = writing.await.map_err(|error| broke_off(&error.to_string()))??;
        self.step = match bytes {
            0..STEP_BYTES => self.step.saturating_mul(2).min(MOST_BLOCKS),
            _ => (self.step / 2).max(1),
        };
        Ok(Some(Tip {
            last: Some(reached.last),
            hash: reached.hash,
            digest: reached.digest,
            ..*to
        }))
    }

    /// Puts everything on the disk.
    ///
    /// # Errors
    /// RocksDB cannot.
    pub fn end(self) -> Result<(), Error> {
        self.copy.flush()
    }

    /// How far the copy has come, if it is one of this index. One of another is emptied.
    async fn own(&mut self, index: &Index, to: &Tip) -> Result<Option<Reached>, Error> {
        let Some(reached) = self.copy.reached() else {
            // Without it whatever there is is nobody's.
            if !self.compared {
                self.copy.clear()?;
                self.compared = true;
            }
            return Ok(None);
        };
        let named = reached.form == index.form()
            && reached.generation == to.generation
            && reached.first == to.first;
        let same = named && (self.compared || is_at(index, &reached).await?);
        self.compared = true;
        match same {
            true => Ok(Some(reached)),
            false => {
                tracing::info!(folder = ?self.copy.db.path(), "the copy is of another index, and is made anew");
                self.copy.clear()?;
                Ok(None)
            }
        }
    }

    /// The rows of some blocks, of shapes that have any.
    async fn read(&self, index: &Index, first: u32, last: u32) -> Result<Vec<RowsOf>, Error> {
        let shapes = self.copy.shapes.all();
        let within = |shape: &Shape| {
            let block = schema::quoted(shape.columns[shape.block].name);
            format!("{} WHERE {block} >= {first} AND {block} <= {last}", shape.table)
        };
        // One question for all first: in most blocks most shapes have no row.
        let any = shapes.iter().enumerate().map(|(place, shape)| {
            format!("SELECT toUInt8({place}) AS place FROM {} LIMIT 1", within(shape))
        });
        let any = any.collect::<Vec<_>>().join(" UNION ALL ");
        let found = index.row_binary(&any).await?;
        let mut rows = Vec::new();
        for place in found.iter().map(|place| usize::from(*place)) {
            let Some(shape) = shapes.get(place) else { continue };
            let order = match shape.life {
                Life::Plain => schema::quoted(shape.columns[shape.block].name),
                _ => "version, id".to_owned(),
            };
            let sql = format!(
                "SELECT {} FROM {} ORDER BY {order}",
                schema::listed(&shape.columns),
                within(shape)
            );
            rows.push(RowsOf { place, bytes: index.row_binary(&sql).await? });
        }
        Ok(rows)
    }
}

/// Whether the index has the block that the copy ends with.
async fn is_at(index: &Index, reached: &Reached) -> Result<bool, Error> {
    let digests = index.digests(reached.last..=reached.last).await?;
    Ok(digests.get(&reached.last) == Some(&reached.digest))
}

/// What the row of the last block says: its hash and its digest.
fn end_of(copy: &Copy, rows: &[RowsOf], last: u32) -> Result<(Hash, Digest), Error> {
    let missing = || {
        Error::Differs(format!(
            "the index has no block {last}, and says that it has come to it: `smartlink-indexer digest --check` looks for more"
        ))
    };
    let shapes = copy.shapes.all();
    let of = rows.iter().find(|of| shapes[of.place].table == "blocks").ok_or_else(missing)?;
    let shape = &shapes[of.place];
    let place = |name: &str| shape.column(name).ok_or_else(missing);
    let (number, hash, digest) = (shape.block, place("hash")?, place("digest")?);
    let mut reader = RowReader::new(&of.bytes);
    while let Some((cells, _)) = reader.row(&shape.columns) {
        if cells[number] != Cell::Number(last.into()) {
            continue;
        }
        if let (Cell::Bytes(hash), Cell::Bytes(digest)) = (&cells[hash], &cells[digest]) {
            return Ok((*hash, *digest));
        }
    }
    Err(missing())
}

fn broke_off(why: &str) -> Error {
    Error::BrokeOff { part: "the copy of the index", why: why.to_owned() }
}
