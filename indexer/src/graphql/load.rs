//! Rows by keys: from the copy, where it has them in order; or from ClickHouse, those of one request and of many together, so
//! that a list with objects in it costs two questions and not a hundred.
//!
//! What ClickHouse is asked for while a question of the same kind waits for its turn joins it.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::sync::oneshot;

use super::{
    answer::AskError,
    copy::find::{blocks, last_version, Wanted},
    literal::{cell_of, part, sql},
    read::{Reader, Row},
    shape::{Life, Shape},
};
use crate::{domain::Cell, infra::store::schema};

/// How long the first key waits for others.
const GATHER: Duration = Duration::from_millis(1);
/// Keys of one question.
const MOST_KEYS: usize = 500;

/// The rows of which state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum At {
    /// As they are.
    Now,
    /// As they were at the end of a block.
    Block(u32),
}

/// Which rows of each key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Page {
    /// At most so many.
    pub first: u32,
    /// After so many.
    pub skip: u32,
    /// From the last on.
    pub descending: bool,
}

/// A kind of question: keys of the same kind are asked for together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Kind {
    /// The table of the shape.
    pub table: &'static str,
    /// The columns that have to have the key's values.
    pub columns: Vec<usize>,
    /// The state.
    pub at: At,
    /// Whether every version is asked for.
    pub history: bool,
    /// Which rows of each key.
    pub page: Page,
}

/// A key: the values of the columns, as they stand in ids.
pub type Key = Vec<String>;

type Answer = Result<Vec<Arc<Row>>, AskError>;
type Waiting = Vec<(Key, oneshot::Sender<Answer>)>;

/// Gathers keys.
#[derive(Default)]
pub struct Loader(Mutex<HashMap<Kind, Waiting>>);

impl Reader {
    /// The row with a key of a shape.
    ///
    /// # Errors
    /// ClickHouse does not answer, or the key is none.
    pub async fn one(&self, shape: &Shape, at: At, key: Key) -> Result<Option<Arc<Row>>, AskError> {
        let page = Page { first: 1, skip: 0, descending: false };
        let columns = shape.id.clone();
        let kind = Kind { table: shape.table, columns, at, history: false, page };
        Ok(self.many(kind, key).await?.into_iter().next())
    }

    /// The rows that have a key in some columns.
    ///
    /// # Errors
    /// ClickHouse does not answer, or the key is none.
    pub async fn many(&self, kind: Kind, key: Key) -> Result<Vec<Arc<Row>>, AskError> {
        let shape = self.shapes().table(kind.table).ok_or_else(|| unknown(kind.table))?;
        // A key that is none fails alone, and not those that it would be asked with.
        let cells = cells(shape, &kind.columns, &key)?;
        if let Some(rows) = self.copied(shape, &kind, &cells)? {
            // Between two looks into the copy others get their turn, and time-outs are noticed.
            tokio::task::yield_now().await;
            return Ok(rows);
        }
        let (send, receive) = oneshot::channel();
        let first = {
            let mut waiting = self.loader().0.lock().unwrap_or_else(PoisonError::into_inner);
            let waiting = waiting.entry(kind.clone()).or_default();
            waiting.push((key, send));
            waiting.len() == 1
        };
        if first {
            let reader = self.clone();
            tokio::spawn(async move {
                tokio::time::sleep(GATHER).await;
                reader.load(kind).await;
            });
        }
        receive.await.map_err(|_| AskError::Index("the question was dropped".to_owned()))?
    }

    /// The rows of the copy. `None`: they are not there in such an order, or too many.
    fn copied(
        &self,
        shape: &Shape,
        kind: &Kind,
        cells: &[Cell],
    ) -> Result<Option<Vec<Arc<Row>>>, AskError> {
        let Kind { at, history, page: Page { first, skip, descending }, .. } = *kind;
        let (first, skip) = (first as usize, skip as usize);
        let copy = self.copy();
        let rows = match cells {
            [Cell::Text(id)] if history => {
                let last = match at {
                    At::Now => u64::MAX,
                    At::Block(block) => last_version(block),
                };
                copy.history(shape, id, last, descending, skip, first)
            }
            _ if kind.columns == shape.id => {
                let row = copy.one(shape, at, cells);
                row.map(|row| Some(row.into_iter().skip(skip).take(first).collect()))
            }
            _ if shape.life == Life::Changing && at != At::Now => Ok(None),
            _ => {
                let equal: Vec<_> =
                    kind.columns.iter().copied().zip(cells.iter().cloned()).collect();
                copy.list(
                    shape,
                    &Wanted { descending, skip, first, ..Wanted::of(&equal, blocks(at)) },
                )
            }
        };
        rows.map_err(|error| AskError::of(error, self.config().query_ms))
    }

    /// Asks for everything that has gathered.
    async fn load(&self, kind: Kind) {
        let waiting = {
            let mut waiting = self.loader().0.lock().unwrap_or_else(PoisonError::into_inner);
            waiting.remove(&kind).unwrap_or_default()
        };
        let mut waiting = waiting.into_iter().peekable();
        while waiting.peek().is_some() {
            let some: Waiting = waiting.by_ref().take(MOST_KEYS).collect();
            let answer = self.together(&kind, &some).await;
            for (key, send) in some {
                let own = match &answer {
                    Ok(rows) => Ok(rows.get(&key).cloned().unwrap_or_default()),
                    Err(error) => Err(error.clone()),
                };
                // Who asked may have gone.
                let _ = send.send(own);
            }
        }
    }

    async fn together(
        &self,
        kind: &Kind,
        waiting: &Waiting,
    ) -> Result<BTreeMap<Key, Vec<Arc<Row>>>, AskError> {
        let shape = self.shapes().table(kind.table).ok_or_else(|| unknown(kind.table))?;
        let mut keys: Vec<&Key> = waiting.iter().map(|(key, _)| key).collect();
        keys.sort_unstable();
        keys.dedup();
        let sql = question(shape, kind, &keys)?;
        let rows = self.read(&sql, &shape.columns).await?;
        let mut by_key: BTreeMap<Key, Vec<Arc<Row>>> = BTreeMap::new();
        for row in rows.iter() {
            let key = kind.columns.iter().map(|place| part(&row.cells[*place])).collect();
            by_key.entry(key).or_default().push(row.clone());
        }
        Ok(by_key)
    }
}

fn unknown(table: &str) -> AskError {
    AskError::Index(format!("there is no table {table}"))
}

/// The cells of a key.
fn cells(shape: &Shape, columns: &[usize], key: &Key) -> Result<Vec<Cell>, AskError> {
    let cells =
        columns.iter().zip(key).map(|(place, part)| cell_of(shape.columns[*place].kind, part));
    match cells.collect::<Result<Vec<_>, _>>() {
        Ok(cells) if cells.len() == columns.len() => Ok(cells),
        Ok(_) => Err(AskError::Wrong(format!("an id of {} has more parts", shape.many))),
        Err(why) => Err(AskError::Wrong(format!("an id of {}: {why}", shape.many))),
    }
}

/// A key as SQL has it.
fn tuple(shape: &Shape, columns: &[usize], key: &Key) -> Result<String, AskError> {
    let literals: Vec<_> = cells(shape, columns, key)?.iter().map(sql).collect();
    Ok(format!("({})", literals.join(", ")))
}

fn question(shape: &Shape, kind: &Kind, keys: &[&Key]) -> Result<String, AskError> {
    let name = |place: &usize| schema::quoted(shape.columns[*place].name);
    let columns = kind.columns.iter().map(name).collect::<Vec<_>>().join(", ");
    let tuples: Result<Vec<_>, _> =
        keys.iter().map(|key| tuple(shape, &kind.columns, key)).collect();
    let wanted = format!("({columns}) IN ({})", tuples?.join(", "));
    let source = source(shape, kind, &wanted);
    let direction = if kind.page.descending { " DESC" } else { "" };
    let order = match kind.history {
        true => format!("version{direction}"),
        false => {
            let key = shape.key.iter().map(name);
            key.map(|column| format!("{column}{direction}")).collect::<Vec<_>>().join(", ")
        }
    };
    let Page { first, skip, .. } = kind.page;
    let page = if skip == 0 { format!("{first}") } else { format!("{skip}, {first}") };
    Ok(format!(
        "SELECT {} FROM {source} ORDER BY {order} LIMIT {page} BY {columns}",
        schema::listed(&shape.columns)
    ))
}

/// Where rows of a state are, with the condition on them.
fn source(shape: &Shape, kind: &Kind, wanted: &str) -> String {
    let block = schema::quoted(shape.columns[shape.block].name);
    let until = match kind.at {
        At::Now => String::new(),
        At::Block(number) => format!(" AND {block} <= {number}"),
    };
    // What is gone is not among what others have; who asks for it by its id is told.
    let by_id = kind.columns == shape.id;
    let there = match shape.removed() {
        Some(_) if !by_id && !kind.history => " AND NOT removed",
        _ => "",
    };
    match (shape.life, kind.at, kind.history) {
        (Life::Changing, At::Now, false) => format!("{} FINAL WHERE {wanted}{there}", shape.now),
        (Life::Changing, At::Block(_), false) => {
            let inner = if by_id { format!("{wanted}{until}") } else { format!("1{until}") };
            let versions = format!(
                "(SELECT * FROM {} WHERE {inner} ORDER BY id, version DESC LIMIT 1 BY id)",
                shape.table
            );
            format!("{versions} WHERE {wanted}{there}")
        }
        _ => format!("{} WHERE {wanted}{until}{there}", shape.table),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{entities::Registry, graphql::shape::Shapes};

    fn sql(table: &str, columns: &[&str], at: At, history: bool, keys: &[&[&str]]) -> String {
        let shapes = Shapes::of(&Registry::default());
        let shape = shapes.table(table).unwrap();
        let columns = columns.iter().map(|name| shape.column(name).unwrap()).collect();
        let page = Page { first: 2, skip: 0, descending: true };
        let kind = Kind { table: shape.table, columns, at, history, page };
        let keys: Vec<Key> =
            keys.iter().map(|key| key.iter().map(|part| (*part).to_owned()).collect()).collect();
        let sql = question(shape, &kind, &keys.iter().collect::<Vec<_>>()).unwrap();
        sql.split_once(" FROM ").unwrap().1.to_owned()
    }

    #[test]
    fn keys_of_one_kind_are_one_question() {
        assert_eq!(
            sql("events", &["block"], At::Now, false, &[&["7"], &["9"]]),
            "events WHERE (`block`) IN ((7), (9)) ORDER BY `block` DESC, `place` DESC LIMIT 2 BY `block`"
        );
        assert_eq!(
            sql("vehicles", &["id"], At::Now, false, &[&["1"]]),
            "vehicles_now FINAL WHERE (`id`) IN (('1')) ORDER BY `id` DESC LIMIT 2 BY `id`"
        );
        assert_eq!(
            sql("vehicles", &["owner"], At::Block(5), false, &[&["1"]]),
            "(SELECT * FROM vehicles WHERE 1 AND `block` <= 5 ORDER BY id, version DESC LIMIT 1 BY id) \
             WHERE (`owner`) IN ((1)) AND NOT removed ORDER BY `id` DESC LIMIT 2 BY `owner`"
        );
        assert_eq!(
            sql("vehicles", &["id"], At::Now, true, &[&["1"]]),
            "vehicles WHERE (`id`) IN (('1')) ORDER BY version DESC LIMIT 2 BY `id`"
        );
    }
}
