//! `_meta`: how far the index is.

use async_graphql::{
    dynamic::{Field, FieldFuture, FieldValue, Object, TypeRef},
    Name, Value,
};
use chrono::{DateTime, SecondsFormat};

use super::{
    answer::AskError,
    load::At,
    object::reader,
    query::{at, from_object},
    read::Reader,
    select::height,
    tip::Tip,
};
use crate::{domain::value::hex, domain::Cell};

/// `_meta`, by the names that The Graph's users know, and the digest.
pub fn field() -> Field {
    Field::new("_meta", TypeRef::named("_Meta_"), |ctx| {
        FieldFuture::new(async move {
            let reader = reader(&ctx)?;
            let at = height(reader, ctx.args.get("block").map(|value| value.as_value()))?;
            let tip = reader.tip();
            let number = match at {
                At::Block(number) => Some(number),
                At::Now => tip.last,
            };
            Ok(Some(FieldValue::value(meta(reader, &tip, number).await?)))
        })
    })
    .description("How far the index is, and which one it is.")
    .argument(at())
}

/// Its types.
pub fn types() -> [Object; 2] {
    let int = || TypeRef::named_nn(TypeRef::INT);
    let block = Object::new("_Block_")
        .field(from_object("number", int()))
        .field(from_object("hash", TypeRef::named("Bytes")))
        .field(from_object("parentHash", TypeRef::named("Bytes")))
        .field(
            from_object("timestamp", TypeRef::named(TypeRef::INT))
                .description("Seconds of the Unix epoch."),
        )
        .field(from_object("time", TypeRef::named("DateTime")));
    let meta = Object::new("_Meta_")
        .field(
            from_object("block", TypeRef::named("_Block_"))
                .description("The last block of the index, or the one that was asked for."),
        )
        .field(from_object("firstBlock", int()).description("The first block of the index."))
        .field(
            from_object("deployment", TypeRef::named_nn(TypeRef::STRING))
                .description("The form of the index, and how often it was begun anew."),
        )
        .field(from_object("digest", TypeRef::named("Bytes")).description(
            "Stands for every row up to the block: two indexes with the same digest are the same.",
        ))
        .field(
            from_object("hasIndexingErrors", TypeRef::named_nn(TypeRef::BOOLEAN))
                .description("Never: what cannot be decoded stops the indexer."),
        );
    [block, meta]
}

/// What `_meta` shows of a block.
///
/// # Errors
/// ClickHouse does not answer.
pub async fn meta(reader: &Reader, tip: &Tip, number: Option<u32>) -> Result<Value, AskError> {
    let shape = reader.shapes().table("blocks").cloned();
    let shape = shape.ok_or_else(|| AskError::Index("there is no table of blocks".to_owned()))?;
    let row = match number {
        Some(number) => reader.one(&shape, At::Now, vec![number.to_string()]).await?,
        None => None,
    };
    let cell = |name: &str| match (&row, shape.column(name)) {
        (Some(row), Some(place)) => &row.cells[place],
        _ => &Cell::Null,
    };
    let bytes = |name: &str| match cell(name) {
        Cell::Bytes(bytes) => Value::String(hex(bytes)),
        _ => Value::Null,
    };
    let ms = match cell("time") {
        Cell::Time(ms) => Some(*ms),
        _ => None,
    };
    let time = ms.and_then(DateTime::from_timestamp_millis);
    let time = time.map(|time| Value::String(time.to_rfc3339_opts(SecondsFormat::Millis, true)));
    let block = object([
        ("number", number.map_or(Value::Null, Value::from)),
        ("hash", bytes("hash")),
        ("parentHash", bytes("parent")),
        ("timestamp", ms.map_or(Value::Null, |ms| Value::from(ms / 1_000))),
        ("time", time.unwrap_or(Value::Null)),
    ]);
    let form = reader.index().form();
    Ok(object([
        ("block", if row.is_none() { Value::Null } else { block }),
        ("firstBlock", Value::from(tip.first)),
        ("deployment", Value::String(format!("{form}-{}", tip.generation))),
        ("digest", bytes("digest")),
        ("hasIndexingErrors", Value::Boolean(false)),
    ]))
}

/// An object of these fields.
pub fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    Value::Object(fields.into_iter().map(|(name, value)| (Name::new(name), value)).collect())
}
