//! Lists: which rows, in which order, from where to where.

use async_graphql::{dynamic::ObjectAccessor, Value};

use super::{
    answer::AskError,
    copy::{
        find::{self, Wanted},
        tally::Tally,
    },
    cursor::Cursor,
    filter::Filter,
    literal::{cell_of, part, sql},
    load::At,
    read::{Reader, Row, RowsRead},
    shape::{Life, Shape},
    tip::Tip,
};
use crate::{
    domain::{Cell, Column, Kind},
    infra::store::schema,
};

/// Rows of a shape.
#[derive(Clone, Debug)]
pub struct Select {
    /// Their conditions.
    pub filter: Filter,
    /// The state of which block.
    pub at: At,
    /// The column that they are ordered by; nothing: the key.
    pub order: Option<usize>,
    /// From the last on.
    pub descending: bool,
    /// The last block of which everybody is told: ClickHouse may have more already.
    pub last: Option<u32>,
}

/// What a connection asks for.
#[derive(Clone, Debug, Default)]
pub struct Window {
    /// At most so many.
    pub count: u32,
    /// Behind this.
    pub after: Option<String>,
    /// Before this.
    pub before: Option<String>,
    /// The last of them, not the first.
    pub last: bool,
}

impl Select {
    /// Of arguments: `where`, `orderBy`, `orderDirection`, `block`.
    ///
    /// # Errors
    /// They make no sense.
    pub fn read(
        reader: &Reader,
        shape: &Shape,
        args: &ObjectAccessor<'_>,
    ) -> Result<Self, AskError> {
        let filter = Filter::read(shape, args.get("where").map(|value| value.as_value()));
        let filter = filter.map_err(AskError::Wrong)?;
        let order = match args.get("orderBy").filter(|order| !order.is_null()) {
            None => None,
            Some(order) => match order.enum_name() {
                Ok("id") if shape.named("id").is_none() => None,
                Ok(name) => shape.named(name),
                Err(_) => return Err(AskError::Wrong("orderBy: a name belongs here".to_owned())),
            },
        };
        // The key is an order that needs no column of its own; and time goes on with the height.
        let by_key = |place: &usize| {
            let by_time = shape.life != Life::Changing && shape.columns[*place].name == "time";
            by_time || shape.key.first() == Some(place)
        };
        let order = order.filter(|place| !by_key(place));
        let direction = args.get("orderDirection").filter(|direction| !direction.is_null());
        let descending = direction.is_some_and(|direction| direction.enum_name() == Ok("desc"));
        let at = height(reader, args.get("block").map(|value| value.as_value()))?;
        Ok(Self { filter, at, order, descending, last: reader.tip().last })
    }

    /// So many rows after so many.
    ///
    /// # Errors
    /// ClickHouse does not answer.
    pub async fn page(
        &self,
        reader: &Reader,
        shape: &Shape,
        first: u32,
        skip: u32,
    ) -> Result<RowsRead, AskError> {
        let (equal, blocks) = (&self.filter.equal, self.blocks());
        let (taken, left) = (first as usize, skip as usize);
        let wanted = Wanted {
            descending: self.descending,
            skip: left,
            first: taken,
            ..Wanted::of(equal, blocks)
        };
        let copied = self.copied(reader, shape, &wanted)?;
        // Between two looks into the copy others get their turn, and time-outs are noticed.
        tokio::task::yield_now().await;
        if let Some(rows) = copied {
            return Ok(rows.into());
        }
        let limit = if skip == 0 { format!("{first}") } else { format!("{skip}, {first}") };
        let from = self.from(shape, None);
        reader
            .rows(
                shape,
                &format!("{from} ORDER BY {} LIMIT {limit}", self.ordered(shape, self.descending)),
            )
            .await
    }

    /// The rows of a window, in order, and whether there are more beyond its end.
    ///
    /// # Errors
    /// ClickHouse does not answer, or a cursor is none.
    pub async fn window(
        &self,
        reader: &Reader,
        shape: &Shape,
        window: &Window,
    ) -> Result<(Vec<std::sync::Arc<Row>>, bool), AskError> {
        let mut conditions = Vec::new();
        let (mut after, mut before) = (None, None);
        for (text, behind) in [(&window.after, true), (&window.before, false)] {
            let Some(text) = text else { continue };
            let cursor = Cursor::read(text, self.order_name(shape)).map_err(AskError::Wrong)?;
            let greater = behind != self.descending;
            conditions.push(self.beyond(shape, &cursor, greater)?);
            let side = if greater { &mut after } else { &mut before };
            *side = Some(key_of(shape, &cursor)?);
        }
        let descending = self.descending != window.last;
        let count = window.count as usize;
        let (after, before) = (after.as_deref(), before.as_deref());
        let (equal, blocks) = (&self.filter.equal, self.blocks());
        let wanted =
            Wanted { after, before, descending, first: count + 1, ..Wanted::of(equal, blocks) };
        let copied = self.copied(reader, shape, &wanted)?;
        tokio::task::yield_now().await;
        let rows: RowsRead = match copied {
            Some(rows) => rows.into(),
            None => {
                let beyond = conditions.join(" AND ");
                let more = u64::from(window.count) + 1;
                let from = self.from(shape, (!beyond.is_empty()).then_some(&*beyond));
                let sql =
                    format!("{from} ORDER BY {} LIMIT {more}", self.ordered(shape, descending));
                reader.rows(shape, &sql).await?
            }
        };
        let mut own: Vec<_> = rows.iter().take(count).cloned().collect();
        if window.last {
            own.reverse();
        }
        Ok((own, rows.len() > count))
    }

    /// Rows of the copy. `None`: they are not there in such an order, or more is asked of them, or of too many.
    fn copied(
        &self,
        reader: &Reader,
        shape: &Shape,
        wanted: &Wanted<'_>,
    ) -> Result<Option<Vec<std::sync::Arc<Row>>>, AskError> {
        let past = shape.life == Life::Changing && self.at != At::Now;
        if past || self.filter.more || self.order.is_some() {
            return Ok(None);
        }
        let rows = reader.copy().list(shape, wanted);
        rows.map_err(|error| AskError::of(error, reader.config().query_ms))
    }

    /// The blocks whose rows are meant.
    fn blocks(&self) -> (u32, u32) {
        let (first, last) = find::blocks(self.at);
        (first.max(self.filter.blocks.0), last.min(self.filter.blocks.1))
    }

    /// Rows by the hour, how many and their sums, where the copy has that.
    ///
    /// # Errors
    /// RocksDB does not give them.
    pub fn tallied(
        &self,
        reader: &Reader,
        shape: &Shape,
    ) -> Result<Option<Vec<(i64, Tally)>>, AskError> {
        let filter = &self.filter;
        if filter.more || filter.blocks != (0, u32::MAX) || self.at != At::Now {
            return Ok(None);
        }
        let tallies = reader.copy().tallies(shape, &filter.equal);
        tallies.map_err(|error| AskError::of(error, reader.config().query_ms))
    }

    /// How many rows there are.
    ///
    /// # Errors
    /// ClickHouse does not answer.
    pub async fn count(&self, reader: &Reader, shape: &Shape) -> Result<u64, AskError> {
        if let Some(tallies) = self.tallied(reader, shape)? {
            return Ok(tallies.iter().map(|(_, tally)| tally.count).sum());
        }
        let column = Column::new("count", Kind::U64);
        let rows =
            reader.ask(format!("SELECT count() FROM {}", self.from(shape, None)), vec![column]);
        match rows.await?.first().map(|row| &row.cells[0]) {
            Some(Cell::Number(count)) => Ok(*count),
            _ => Err(AskError::Index("a count has no number".to_owned())),
        }
    }

    /// The cursor of a row.
    pub fn cursor(&self, shape: &Shape, row: &Row) -> String {
        let value = self.order.and_then(|place| match &row.cells[place] {
            Cell::Null => None,
            cell => Some(serde_json::Value::String(part(cell))),
        });
        let key = shape.key.iter().map(|place| part(&row.cells[*place])).collect();
        Cursor { order: self.order_name(shape).to_owned(), value, key }.text()
    }

    fn order_name<'a>(&self, shape: &'a Shape) -> &'a str {
        let by_key = if shape.life == Life::Once { "version" } else { "id" };
        self.order.map_or(by_key, |place| &shape.names[place])
    }

    /// `ORDER BY`: nothing comes behind everything.
    fn ordered(&self, shape: &Shape, descending: bool) -> String {
        let direction = if descending { " DESC" } else { "" };
        let mut by = Vec::new();
        if let Some(place) = self.order {
            let name = schema::quoted(shape.columns[place].name);
            if shape.columns[place].nullable {
                by.push(format!("isNull({name}){direction}"));
            }
            by.push(format!("{name}{direction}"));
        }
        for place in &shape.key {
            by.push(format!("{}{direction}", schema::quoted(shape.columns[*place].name)));
        }
        by.join(", ")
    }

    /// The condition for rows on one side of a cursor.
    fn beyond(&self, shape: &Shape, cursor: &Cursor, greater: bool) -> Result<String, AskError> {
        let wrong = || {
            AskError::Wrong("a cursor belongs here, as `cursor` or `endCursor` gave it".to_owned())
        };
        let sign = if greater { '>' } else { '<' };
        let (mut names, mut values) = (Vec::new(), Vec::new());
        let key = key_of(shape, cursor)?;
        if let Some(place) = self.order {
            let column = &shape.columns[place];
            let name = schema::quoted(column.name);
            let value = match &cursor.value {
                None => None,
                Some(serde_json::Value::String(text)) => {
                    Some(sql(&cell_of(column.kind, text).map_err(|_| wrong())?))
                }
                Some(_) => return Err(wrong()),
            };
            if column.nullable {
                names.push(format!("isNull({name})"));
                values.push(u8::from(value.is_none()).to_string());
            }
            // Among those that have nothing there, the key alone decides.
            if let Some(value) = value {
                names.push(if column.nullable { format!("assumeNotNull({name})") } else { name });
                values.push(value);
            }
        }
        for (place, cell) in shape.key.iter().zip(&key) {
            names.push(schema::quoted(shape.columns[*place].name));
            values.push(sql(cell));
        }
        // The first column alone, once more: of tuples ClickHouse finds no part of the table.
        let coarse = match self.order {
            None => format!("{} {sign}= {} AND ", names[0], values[0]),
            Some(_) => String::new(),
        };
        Ok(format!("{coarse}({}) {sign} ({})", names.join(", "), values.join(", ")))
    }

    /// `table WHERE …`.
    pub fn from(&self, shape: &Shape, beyond: Option<&str>) -> String {
        let mut conditions = self.filter.sql.clone();
        conditions.extend(beyond.map(str::to_owned));
        if shape.removed().is_some() && !self.filter.removed {
            conditions.push("NOT removed".to_owned());
        }
        let block = schema::quoted(shape.columns[shape.block].name);
        let source = match (shape.life, self.at) {
            (Life::Changing, At::Now) => format!("{} FINAL", shape.now),
            (Life::Changing, At::Block(number)) => format!(
                "(SELECT * FROM {} WHERE {block} <= {number} ORDER BY id, version DESC LIMIT 1 BY id)",
                shape.table
            ),
            (_, At::Block(number)) => {
                conditions.push(format!("{block} <= {number}"));
                shape.table.to_owned()
            }
            (_, At::Now) => {
                conditions.push(self.last.map_or("0".to_owned(), |last| format!("{block} <= {last}")));
                shape.table.to_owned()
            }
        };
        match conditions.is_empty() {
            true => format!("{source} WHERE 1"),
            false => format!("{source} WHERE {}", conditions.join(" AND ")),
        }
    }
}

/// The key that a cursor stands at.
fn key_of(shape: &Shape, cursor: &Cursor) -> Result<Vec<Cell>, AskError> {
    let wrong =
        || AskError::Wrong("a cursor belongs here, as `cursor` or `endCursor` gave it".to_owned());
    if cursor.key.len() != shape.key.len() {
        return Err(wrong());
    }
    let cells = shape.key.iter().zip(&cursor.key);
    let cells =
        cells.map(|(place, part)| cell_of(shape.columns[*place].kind, part).map_err(|_| wrong()));
    cells.collect()
}

/// The state that `block` asks for.
///
/// # Errors
/// The index does not have it.
pub fn height(reader: &Reader, value: Option<&Value>) -> Result<At, AskError> {
    let now = || match reader.tip() {
        // What ClickHouse has beyond what everybody is told of is not now.
        Tip { behind: true, last: Some(last), .. } => At::Block(last),
        _ => At::Now,
    };
    let Some(Value::Object(fields)) = value else { return Ok(now()) };
    let wrong = |why: String| AskError::Wrong(format!("block: {why}"));
    let mut given = fields.iter().filter(|(_, value)| **value != Value::Null);
    let (Some((name, value)), None) = (given.next(), given.next()) else {
        return Err(wrong("one of number, hash and number_gte belongs here".to_owned()));
    };
    let tip = reader.tip();
    let last = tip.last.ok_or_else(|| wrong("the index is empty".to_owned()))?;
    let number = match name.as_str() {
        "hash" => {
            let hash = super::literal::cell(Kind::Hash, value).map_err(wrong)?;
            height_of(reader, hash)?
                .ok_or_else(|| wrong("no final block of the index has this hash".to_owned()))?
        }
        _ => match value {
            Value::Number(number) => number.as_u64().and_then(|number| u32::try_from(number).ok()),
            _ => None,
        }
        .ok_or_else(|| wrong("a height belongs here".to_owned()))?,
    };
    if number > last {
        return Err(wrong(format!(
            "block {number} is not indexed yet: the index has come to {last}"
        )));
    }
    if number < tip.first {
        return Err(wrong(format!("the index begins with block {}", tip.first)));
    }
    Ok(if name.as_str() == "number_gte" { now() } else { At::Block(number) })
}

/// The height of the block with a hash.
fn height_of(reader: &Reader, hash: Cell) -> Result<Option<u32>, AskError> {
    let missing = || AskError::Index("there is no table of blocks".to_owned());
    let shape = reader.shapes().table("blocks").ok_or_else(missing)?;
    let place = shape.column("hash").ok_or_else(missing)?;
    let equal = [(place, hash)];
    let found = reader
        .copy()
        .list(shape, &Wanted { first: 1, ..Wanted::of(&equal, find::blocks(At::Now)) });
    let found = found.map_err(|error| AskError::of(error, reader.config().query_ms))?;
    Ok(found.unwrap_or_default().first().and_then(|row| match row.cells[shape.block] {
        Cell::Number(number) => u32::try_from(number).ok(),
        _ => None,
    }))
}
