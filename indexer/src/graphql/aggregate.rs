//! Aggregates: counts, sums, least and greatest, by time and by columns.
//!
//! Of all rows of a table, and of those that a lookup leads to, the copy has tallies by the hour; everything else ClickHouse
//! computes from rows when it is asked for.

use std::{collections::BTreeMap, sync::Arc};

use async_graphql::{
    dynamic::{Enum, Field, FieldFuture, FieldValue, InputValue, Object, ResolverContext, TypeRef},
    Name, Value,
};

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime};

use super::{
    answer::AskError,
    copy::tally::{numbers, Tally, HOUR},
    input::{filter_name, scalar},
    literal::value,
    object::reader,
    query::{at, bounded, direction, from_object, known},
    read::{Reader, Row},
    select::Select,
    shape::{Life, Shape},
};
use crate::{
    domain::{Cell, Column, Kind},
    infra::store::schema,
};

/// Lengths of time, and what ClickHouse calls them.
const INTERVALS: [(&str, &str); 6] = [
    ("minute", "toStartOfMinute(time)"),
    ("hour", "toStartOfHour(time)"),
    ("day", "toStartOfDay(time, 'UTC')"),
    // The Monday before the first week is before the first day that ClickHouse's dates have.
    ("week", "if(time < toDateTime64('1970-01-05 00:00:00', 3, 'UTC'), toDateTime(0, 'UTC'), toDateTime(toMonday(time, 'UTC'), 'UTC'))"),
    ("month", "toDateTime(toStartOfMonth(time, 'UTC'), 'UTC')"),
    ("year", "toDateTime(toStartOfYear(time, 'UTC'), 'UTC')"),
];
/// What is computed of a number.
const SUMS: [(&str, &str); 3] = [("sum", "sum"), ("min", "min"), ("max", "max")];
/// Columns by which rows can be parted, at most.
const MOST_KEYS: usize = 4;

/// What is asked for.
struct Asked {
    select: Select,
    interval: Option<&'static str>,
    keys: Vec<usize>,
    /// Numbers, and which of sum, min and max.
    numbers: Vec<(usize, &'static str)>,
    page: (u32, u32),
    descending: bool,
}

/// The field of a shape: `vehiclesAggregate`.
pub fn field(shape: &Arc<Shape>) -> Field {
    let of = shape.clone();
    let name = format!("{}Aggregate", shape.many);
    let field = Field::new(name, TypeRef::named_nn_list_nn(type_name(shape)), move |ctx| {
        let shape = of.clone();
        FieldFuture::new(async move {
            let asked = asked(&ctx, &shape)?;
            let reader = reader(&ctx)?;
            let tallied = tallied(reader, &shape, &asked)?;
            tokio::task::yield_now().await;
            let rows = match tallied {
                Some(rows) => rows.into(),
                None => {
                    let (sql, columns) = question(&shape, &asked);
                    reader.ask(sql, columns).await?
                }
            };
            let values = rows.iter().map(|row| FieldValue::value(shown(&shape, &asked, row)));
            Ok(Some(FieldValue::list(values.collect::<Vec<_>>())))
        })
    });
    let field = field
        .description(format!(
            "How many {}, and sums over them: by time, by columns, or all together.",
            shape.many
        ))
        .argument(InputValue::new("where", TypeRef::named(filter_name(shape))))
        .argument(
            InputValue::new("interval", TypeRef::named("Interval"))
                .description("The length of the times that they are parted by."),
        );
    let by = TypeRef::named_nn_list(group_name(shape));
    field
        .argument(
            InputValue::new("groupBy", by).description("The columns that they are parted by."),
        )
        .argument(InputValue::new("first", TypeRef::named(TypeRef::INT)).default_value(100))
        .argument(InputValue::new("skip", TypeRef::named(TypeRef::INT)).default_value(0))
        .argument(
            InputValue::new("orderDirection", TypeRef::named("OrderDirection"))
                .description("Of time; without `interval`, of the count."),
        )
        .argument(at())
}

/// `interval`.
pub fn interval() -> Enum {
    INTERVALS.iter().fold(Enum::new("Interval"), |names, (name, _)| names.item(*name))
}

/// The types of a shape's aggregate.
pub fn types(shape: &Shape) -> (Vec<Object>, Enum) {
    let mut object = Object::new(type_name(shape))
        .description(format!("Some of {}, taken together.", shape.many))
        .field(
            from_object("time", TypeRef::named("DateTime"))
                .description("When the time begins that they are of."),
        )
        .field(from_object("count", TypeRef::named_nn("BigInt")).description("How many."));
    let mut groups = Enum::new(group_name(shape));
    for place in grouping(shape) {
        let name = &shape.names[place];
        let column = shape.columns[place];
        if name != "time" {
            groups = groups.item(name);
            object =
                object.field(key_field(name.clone(), TypeRef::named(scalar(name, column.kind))));
        }
    }
    let mut objects = Vec::new();
    if numbers(shape).next().is_some() {
        let name = format!("{}Numbers", shape.type_name);
        let fields = numbers(shape).fold(Object::new(&name), |object, place| {
            object.field(key_field(shape.names[place].clone(), TypeRef::named("BigInt")))
        });
        for (what, _) in SUMS {
            object = object.field(from_object(what, TypeRef::named_nn(&name)));
        }
        objects.push(fields);
    }
    objects.push(object);
    (objects, groups)
}

fn key_field(name: String, ty: TypeRef) -> Field {
    let of = name.clone();
    Field::new(name, ty, move |ctx| FieldFuture::from_value(known(&ctx, &of)))
}

fn type_name(shape: &Shape) -> String {
    format!("{}Aggregate", shape.type_name)
}

fn group_name(shape: &Shape) -> String {
    format!("{}GroupBy", shape.type_name)
}

/// Columns by which rows can be parted: of which there are few values, or by which rows are looked for.
fn grouping(shape: &Shape) -> impl Iterator<Item = usize> + '_ {
    (0..shape.columns.len()).filter(|place| {
        let column = &shape.columns[*place];
        let name = matches!(column.kind, Kind::Name | Kind::Bool | Kind::U8);
        let refers = column.refers.is_some();
        let known = matches!(column.name, "spec" | "authority" | "signer" | "city");
        let looked_for = column.indexed && shape.life != Life::Plain && column.kind != Kind::Text;
        name || refers || known || looked_for
    })
}

fn asked(ctx: &ResolverContext<'_>, shape: &Shape) -> Result<Asked, AskError> {
    let reader = reader(ctx).map_err(|error| AskError::Index(error.message))?;
    let select = Select::read(reader, shape, &ctx.args)?;
    let given = |name: &str| ctx.args.get(name).filter(|value| !value.is_null());
    let interval = match given("interval").map(|value| value.enum_name().map(str::to_owned)) {
        None => None,
        Some(name) => {
            let name =
                name.map_err(|_| AskError::Wrong("interval: a name belongs here".to_owned()))?;
            INTERVALS.iter().find(|(known, _)| *known == name).map(|(known, _)| *known)
        }
    };
    let mut keys = Vec::new();
    if let Some(list) = given("groupBy").and_then(|value| value.list().ok()) {
        keys.extend(list.iter().filter_map(|name| shape.named(name.enum_name().ok()?)));
    }
    keys.sort_unstable();
    keys.dedup();
    if keys.len() > MOST_KEYS {
        return Err(AskError::Wrong(format!("groupBy: at most {MOST_KEYS} columns")));
    }
    let ahead = ctx.look_ahead();
    let sums = SUMS.iter().flat_map(|(what, sql)| {
        let wanted = ahead.field(what);
        numbers(shape)
            .filter(move |place| wanted.field(&shape.names[*place]).exists())
            .map(|place| (place, *sql))
    });
    Ok(Asked {
        select,
        interval,
        keys,
        numbers: sums.collect(),
        page: bounded(ctx)?,
        descending: direction(ctx),
    })
}

/// The question, and the columns of its answer: time, count, keys, numbers.
fn question(shape: &Shape, asked: &Asked) -> (String, Vec<Column>) {
    let mut columns = vec![Column::new("time", Kind::Time), Column::new("count", Kind::U64)];
    let bucket = asked.interval.and_then(|name| INTERVALS.iter().find(|(known, _)| *known == name));
    let time = match bucket {
        Some((_, sql)) => format!("toDateTime64({sql}, 3, 'UTC')"),
        None => "toDateTime64(0, 3, 'UTC')".to_owned(),
    };
    let mut wanted = vec![format!("{time} AS bucket"), "count() AS many".to_owned()];
    let mut by = vec!["bucket".to_owned()];
    for place in &asked.keys {
        let column = shape.columns[*place];
        columns.push(Column { sum: false, ..column });
        wanted.push(schema::quoted(column.name));
        by.push(schema::quoted(column.name));
    }
    for (place, what) in &asked.numbers {
        let name = schema::quoted(shape.columns[*place].name);
        columns.push(Column::new(shape.columns[*place].name, Kind::Money).optional());
        wanted.push(format!("CAST({what}({name}) AS Nullable(UInt128))"));
    }
    let from = asked.select.from(shape, None);
    let direction = if asked.descending { " DESC" } else { "" };
    let order = match asked.interval {
        Some(_) => by.iter().map(|key| format!("{key}{direction}")).collect::<Vec<_>>().join(", "),
        None => format!("many{direction}, {}", by.join(", ")),
    };
    let (first, skip) = asked.page;
    let sql = format!(
        "SELECT {} FROM {from} GROUP BY {} ORDER BY {order} LIMIT {skip}, {first}",
        wanted.join(", "),
        by.join(", ")
    );
    (sql, columns)
}

/// The rows of the answer from the copy's tallies, as [`question`] has them. `None`: they do not have it.
fn tallied(
    reader: &Reader,
    shape: &Shape,
    asked: &Asked,
) -> Result<Option<Vec<Arc<Row>>>, AskError> {
    let equal = &asked.select.filter.equal;
    let keys: Option<Vec<Cell>> = asked
        .keys
        .iter()
        .map(|place| equal.iter().find(|(own, _)| own == place).map(|(_, cell)| cell.clone()))
        .collect();
    let (Some(keys), false) = (keys, asked.interval == Some("minute")) else { return Ok(None) };
    let Some(tallies) = asked.select.tallied(reader, shape)? else { return Ok(None) };
    let mut times: BTreeMap<i64, Tally> = BTreeMap::new();
    for (hour, tally) in tallies {
        times.entry(begin(asked.interval, hour)).or_default().add(&tally);
    }
    let places: Vec<usize> = numbers(shape).collect();
    let row = |(time, tally): (i64, Tally)| {
        let number = |(place, what): &(usize, &str)| {
            let own = places.iter().position(|own| own == place);
            match (own.and_then(|own| tally.numbers.get(own).copied().flatten()), *what) {
                (None, _) => Ok(Cell::Null),
                (Some(number), "min") => Ok(Cell::Money(number.min)),
                (Some(number), "max") => Ok(Cell::Money(number.max)),
                (Some(number), _) => number.sum.map(Cell::Money).ok_or_else(|| {
                    AskError::Wrong(format!(
                        "the sum of {} is beyond 128 bits: ask for less",
                        shape.names[*place]
                    ))
                }),
            }
        };
        let numbers: Result<Vec<_>, _> = asked.numbers.iter().map(number).collect();
        let cells =
            [Cell::Time(time), Cell::Number(tally.count)].into_iter().chain(keys.iter().cloned());
        Ok(Arc::new(Row { cells: cells.chain(numbers?).collect() }))
    };
    let (first, skip) = (asked.page.0 as usize, asked.page.1 as usize);
    let rows: Result<Vec<_>, _> = match asked.descending {
        true => times.into_iter().rev().skip(skip).take(first).map(row).collect(),
        false => times.into_iter().skip(skip).take(first).map(row).collect(),
    };
    rows.map(Some)
}

/// When the interval that a time is in begins, in milliseconds, as ClickHouse has it. Without an interval all are one.
fn begin(interval: Option<&str>, ms: i64) -> i64 {
    let hours = |hours: i64| ms.div_euclid(hours * HOUR) * hours * HOUR;
    let first_day = |month: fn(u32) -> u32| {
        let time = DateTime::from_timestamp_millis(ms).map(|time| time.date_naive());
        let day = time.and_then(|day| NaiveDate::from_ymd_opt(day.year(), month(day.month()), 1));
        day.map_or(ms, |day| day.and_time(NaiveTime::MIN).and_utc().timestamp_millis())
    };
    match interval {
        None => 0,
        Some("day") => hours(24),
        // The first day of 1970 was a Thursday: the Monday of its week was three days before.
        Some("week") => ((ms + 72 * HOUR).div_euclid(168 * HOUR) * 168 * HOUR - 72 * HOUR).max(0),
        Some("month") => first_day(|month| month),
        Some("year") => first_day(|_| 1),
        Some(_) => hours(1),
    }
}

fn shown(shape: &Shape, asked: &Asked, row: &Row) -> Value {
    let mut cells = row.cells.iter();
    let mut fields = Vec::new();
    let time = cells.next().unwrap_or(&Cell::Null);
    if asked.interval.is_some() {
        fields.push((Name::new("time"), value(Kind::Time, time)));
    }
    fields.push((Name::new("count"), value(Kind::U64, cells.next().unwrap_or(&Cell::Null))));
    for (place, cell) in asked.keys.iter().zip(cells.by_ref()) {
        fields.push((Name::new(&shape.names[*place]), value(shape.columns[*place].kind, cell)));
    }
    let numbers: Vec<_> = asked.numbers.iter().zip(cells).collect();
    for (name, what) in SUMS {
        let own = numbers.iter().filter(|((_, of), _)| *of == what);
        let own = own
            .map(|((place, _), cell)| (Name::new(&shape.names[*place]), value(Kind::Money, cell)));
        fields.push((Name::new(name), Value::Object(own.collect())));
    }
    Value::Object(fields.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_begin_where_people_say_that_they_do() {
        let ms = |text: &str| DateTime::parse_from_rfc3339(text).unwrap().timestamp_millis();
        let sunday = ms("2026-11-29T23:59:59.999Z");
        for (interval, begins) in [
            ("hour", "2026-11-29T23:00:00Z"),
            ("day", "2026-11-29T00:00:00Z"),
            ("week", "2026-11-23T00:00:00Z"),
            ("month", "2026-11-01T00:00:00Z"),
            ("year", "2026-01-01T00:00:00Z"),
        ] {
            assert_eq!(begin(Some(interval), sunday), ms(begins), "{interval}");
            assert_eq!(begin(Some(interval), ms(begins)), ms(begins), "{interval}");
        }
        assert_eq!(begin(Some("week"), sunday + 1), sunday + 1);
        assert_eq!(begin(None, sunday), 0);
        assert_eq!(begin(Some("week"), 0), 0);
        assert_eq!(begin(Some("week"), ms("1970-01-05T00:00:00Z")), ms("1970-01-05T00:00:00Z"));
    }
}
