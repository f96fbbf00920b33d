//! The copy follows the index: it reads the rows of blocks that it has not, and writes them.

use super::{Copy, Reached, RowsOf};
use crate::{
    domain::{block::Hash, rows::RowReader, Cell, Digest},
    error::Error,
    graphql::{
        shape::{Life, Shape},
        tip::Tip,
    },
    infra::{
        store::{schema, Stride},
        Index,
    },
};

/// How the copy goes on: behind the index, from one step to the next.
pub struct Follower {
    copy: Copy,
    /// How many blocks are read at once.
    stride: Stride,
    /// Whether what the copy has was compared with the index since it was opened.
    compared: bool,
}

impl Follower {
    /// Of a copy that was just opened.
    pub fn new(copy: Copy) -> Self {
        Self { copy, stride: Stride::default(), compared: false }
    }

    /// How far the copy has come, if it is one of this index: what is seen before the first step.
    ///
    /// # Errors
    /// ClickHouse does not say whether it is.
    pub async fn begin(&mut self, index: &Index, to: &Tip) -> Result<Tip, Error> {
        let own = self.own(index, to).await?;
        Ok(own.map_or(Tip { last: None, behind: true, ..*to }, |own| Tip {
            last: Some(own.last),
            hash: own.hash,
            digest: own.digest,
            behind: Some(own.last) < to.last,
            ..*to
        }))
    }

    /// One step towards where the index is. `None`: it is there.
    ///
    /// # Errors
    /// ClickHouse does not give the rows, or RocksDB does not take them. The next step is a smaller one.
    pub async fn step(&mut self, index: &Index, to: &Tip) -> Result<Option<Tip>, Error> {
        let stepped = self.go_on(index, to).await;
        if stepped.is_err() {
            self.stride.failed();
        }
        stepped
    }

    async fn go_on(&mut self, index: &Index, to: &Tip) -> Result<Option<Tip>, Error> {
        let Some(end) = to.last else { return Ok(None) };
        let own = self.own(index, to).await?;
        let first = own.as_ref().map_or(to.first, |own| own.last.saturating_add(1));
        if first > end {
            return Ok(None);
        }
        let step = self.stride.next(index, first..=end).await?;
        let last = *step.end();
        let rows = self.read(index, first, last).await?;
        let edge = edge(&self.copy, &rows, first, last)?;
        if own.is_some_and(|own| own.hash != edge.parent) {
            self.copy.clear()?;
            return Err(Error::Differs(format!(
                "the copy ends with another block than that which {first} follows: the index was made anew, and so is the copy"
            )));
        }
        let (form, generation) = (self.copy.form(index.form()), to.generation);
        let Edge { hash, digest, .. } = edge;
        let reached = Reached { form, generation, first: to.first, last, hash, digest };
        let copy = self.copy.clone();
        let writing = tokio::task::spawn_blocking(move || copy.write(&rows, &reached));
        writing.await.map_err(|error| broke_off(&error.to_string()))??;
        self.stride.went(&step);
        Ok(Some(Tip { last: Some(last), hash, digest, behind: last < end, ..*to }))
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
        let reached = self.copy.reached()?;
        if let Some(reached) = reached.filter(|reached| {
            let form = reached.form == self.copy.form(index.form());
            form && reached.generation == to.generation && reached.first == to.first
        }) {
            if self.compared || is_at(index, &reached).await? {
                self.compared = true;
                return Ok(Some(reached));
            }
        }
        tracing::info!(folder = ?self.copy.db.path(), "the copy is empty or of another index, and is made anew");
        self.copy.clear()?;
        self.compared = true;
        Ok(None)
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

/// What rows of `blocks` say of the ends of a range.
struct Edge {
    /// The block before the first.
    parent: Hash,
    /// The hash of the last.
    hash: Hash,
    /// Its digest.
    digest: Digest,
}

fn edge(copy: &Copy, rows: &[RowsOf], first: u32, last: u32) -> Result<Edge, Error> {
    let missing = || {
        Error::Differs(format!(
            "the index has not the blocks {first} to {last}, and says that it has come to them: `smartlink-indexer digest \
             --check` looks for more"
        ))
    };
    let shapes = copy.shapes.all();
    let of = rows.iter().find(|of| shapes[of.place].table == "blocks").ok_or_else(missing)?;
    let shape = &shapes[of.place];
    let place = |name: &str| shape.column(name).ok_or_else(missing);
    let (hash, parent, digest) = (place("hash")?, place("parent")?, place("digest")?);
    let (mut before, mut end) = (None, None);
    let mut reader = RowReader::new(&of.bytes);
    while let Some((cells, _)) = reader.row(&shape.columns) {
        let Cell::Number(number) = cells[shape.block] else { continue };
        if number == u64::from(first) {
            before = Some(cells[parent].clone());
        }
        if number == u64::from(last) {
            end = Some((cells[hash].clone(), cells[digest].clone()));
        }
    }
    match (before, end) {
        (Some(Cell::Bytes(parent)), Some((Cell::Bytes(hash), Cell::Bytes(digest)))) => {
            Ok(Edge { parent, hash, digest })
        }
        _ => Err(missing()),
    }
}

fn broke_off(why: &str) -> Error {
    Error::BrokeOff { part: "the copy of the index", why: why.to_owned() }
}
