//! The fields of the query.

use std::sync::Arc;

use async_graphql::{
    dynamic::{Field, FieldFuture, FieldValue, InputValue, Object, ResolverContext, TypeRef},
    Value,
};

use super::{
    answer::AskError,
    input::{filter_name, order_name},
    load::At,
    object::{nodes, reader, Node},
    read::Reader,
    select::{height, Select, Window},
    shape::Shape,
};

/// How many rows a list has unless it is told.
const USUAL: u32 = 100;
/// The most rows that can be skipped. Cursors have no bound.
const MOST_SKIPPED: u32 = 100_000;

/// One row by its id.
pub fn one(shape: &Arc<Shape>) -> Field {
    let of = shape.clone();
    let field = Field::new(&shape.one, TypeRef::named(&shape.type_name), move |ctx| {
        let shape = of.clone();
        FieldFuture::new(async move {
            let reader = reader(&ctx)?;
            let id = match ctx.args.try_get("id")?.as_value() {
                Value::String(id) => id.clone(),
                // An integer is an id as well.
                Value::Number(id) => id.to_string(),
                _ => return Err(AskError::Wrong("id: an id belongs here".to_owned()).into()),
            };
            let at = height(reader, ctx.args.get("block").map(|value| value.as_value()))?;
            let row = match by_hash(reader, &shape, &id, at) {
                Some(select) => select.page(reader, &shape, 1, 0).await?.first().cloned(),
                None => {
                    let parts = id.splitn(shape.id.len(), '-').map(str::to_owned).collect();
                    reader.one(&shape, at, parts).await?
                }
            };
            Ok(row.map(|row| Node { shape, row, at }.value()))
        })
    });
    let hint = match shape.table {
        "blocks" | "extrinsics" => "The id, or the hash.",
        _ => "The id.",
    };
    field
        .description(format!("One by its id. {}", shape.about))
        .argument(InputValue::new("id", TypeRef::named_nn(TypeRef::ID)).description(hint))
        .argument(at())
}

/// Blocks and extrinsics are also known by their hash.
fn by_hash(reader: &Reader, shape: &Shape, id: &str, at: At) -> Option<Select> {
    let known = matches!(shape.table, "blocks" | "extrinsics") && id.starts_with("0x");
    let condition = Value::Object([(async_graphql::Name::new("hash"), Value::from(id))].into());
    let filter = known.then(|| super::filter::Filter::read(shape, Some(&condition)))?;
    let last = reader.tip().last;
    Some(Select { filter: filter.ok()?, at, order: None, descending: false, last })
}

/// A list as The Graph has it.
pub fn many(shape: &Arc<Shape>) -> Field {
    let of = shape.clone();
    let field = Field::new(&shape.many, TypeRef::named_nn_list_nn(&shape.type_name), move |ctx| {
        let shape = of.clone();
        FieldFuture::new(async move {
            let reader = reader(&ctx)?;
            let select = Select::read(reader, &shape, &ctx.args)?;
            let (first, skip) = bounded(&ctx)?;
            let rows = select.page(reader, &shape, first, skip).await?;
            Ok(Some(nodes(&shape, rows.iter().cloned(), select.at)))
        })
    });
    let first = InputValue::new("first", TypeRef::named(TypeRef::INT)).default_value(USUAL);
    let skip = InputValue::new("skip", TypeRef::named(TypeRef::INT)).default_value(0);
    selected(field.description(shape.about).argument(first).argument(skip), shape)
}

/// A list with cursors, as Relay has it.
pub fn connection(shape: &Arc<Shape>) -> Field {
    let of = shape.clone();
    let name = format!("{}Connection", shape.many);
    let field = Field::new(name, TypeRef::named_nn(connection_name(shape)), move |ctx| {
        let shape = of.clone();
        FieldFuture::new(async move {
            let reader = reader(&ctx)?;
            let select = Select::read(reader, &shape, &ctx.args)?;
            let window = window(&ctx)?;
            let (rows, more) = select.window(reader, &shape, &window).await?;
            let behind = if window.last { window.before.is_some() } else { more };
            let before = if window.last { more } else { window.after.is_some() };
            let cursors = rows.iter().map(|row| select.cursor(&shape, row)).collect();
            Ok(Some(FieldValue::owned_any(Connected {
                shape,
                select,
                rows,
                cursors,
                behind,
                before,
            })))
        })
    });
    let int = |name: &str| InputValue::new(name, TypeRef::named(TypeRef::INT));
    let text = |name: &str| InputValue::new(name, TypeRef::named(TypeRef::STRING));
    let field = field
        .description(format!("With cursors. {}", shape.about))
        .argument(int("first"))
        .argument(text("after"))
        .argument(int("last"))
        .argument(text("before"));
    selected(field, shape)
}

/// Rows of a connection.
struct Connected {
    shape: Arc<Shape>,
    select: Select,
    rows: Vec<Arc<super::read::Row>>,
    cursors: Vec<String>,
    behind: bool,
    before: bool,
}

/// The types of a connection.
pub fn connection_types(shape: &Arc<Shape>) -> [Object; 2] {
    let edge_name = format!("{}Edge", shape.type_name);
    let edge = Object::new(&edge_name)
        .field(Field::new("cursor", TypeRef::named_nn(TypeRef::STRING), |ctx| {
            FieldFuture::new(async move { Ok(Some(Value::String(edge(&ctx)?.0.clone()))) })
        }))
        .field(Field::new("node", TypeRef::named_nn(&shape.type_name), |ctx| {
            FieldFuture::new(async move { Ok(Some(edge(&ctx)?.1.clone().value())) })
        }));
    let connection = Object::new(connection_name(shape))
        .field(Field::new("edges", TypeRef::named_nn_list_nn(&edge_name), |ctx| {
            FieldFuture::new(async move {
                let own = connected(&ctx)?;
                let edges = own.cursors.iter().zip(&own.rows).map(|(cursor, row)| {
                    FieldValue::owned_any(Edge(cursor.clone(), own.node(row)))
                });
                Ok(Some(FieldValue::list(edges.collect::<Vec<_>>())))
            })
        }))
        .field(Field::new("nodes", TypeRef::named_nn_list_nn(&shape.type_name), |ctx| {
            FieldFuture::new(async move {
                let own = connected(&ctx)?;
                Ok(Some(nodes(&own.shape, own.rows.iter().cloned(), own.select.at)))
            })
        }))
        .field(Field::new("pageInfo", TypeRef::named_nn("PageInfo"), |ctx| {
            FieldFuture::new(async move { Ok(Some(connected(&ctx)?.page_info())) })
        }))
        .field(
            Field::new("totalCount", TypeRef::named_nn("BigInt"), |ctx| {
                FieldFuture::new(async move {
                    let own = connected(&ctx)?;
                    let count = own.select.count(reader(&ctx)?, &own.shape).await?;
                    Ok(Some(Value::String(count.to_string())))
                })
            })
            .description("How many there are, on all pages."),
        );
    [edge, connection]
}

/// Where a page lies.
pub fn page_info() -> Object {
    ["hasNextPage", "hasPreviousPage", "startCursor", "endCursor"].into_iter().fold(
        Object::new("PageInfo"),
        |object, name| {
            let ty = match name {
                "startCursor" | "endCursor" => TypeRef::named(TypeRef::STRING),
                _ => TypeRef::named_nn(TypeRef::BOOLEAN),
            };
            object.field(from_object(name, ty))
        },
    )
}

/// A field of an object whose fields are all known.
pub fn from_object(name: &'static str, ty: TypeRef) -> Field {
    Field::new(name, ty, move |ctx| FieldFuture::from_value(known(&ctx, name)))
}

/// What an object whose fields are all known has in one.
pub fn known(ctx: &ResolverContext<'_>, name: &str) -> Option<Value> {
    match ctx.parent_value.as_value() {
        Some(Value::Object(fields)) => {
            fields.get(name).filter(|value| **value != Value::Null).cloned()
        }
        _ => None,
    }
}

struct Edge(String, Node);

fn edge<'a>(ctx: &ResolverContext<'a>) -> async_graphql::Result<&'a Edge> {
    ctx.parent_value.try_downcast_ref::<Edge>()
}

fn connected<'a>(ctx: &ResolverContext<'a>) -> async_graphql::Result<&'a Connected> {
    ctx.parent_value.try_downcast_ref::<Connected>()
}

impl Connected {
    fn node(&self, row: &Arc<super::read::Row>) -> Node {
        Node { shape: self.shape.clone(), row: row.clone(), at: self.select.at }
    }

    fn page_info<'a>(&self) -> FieldValue<'a> {
        let cursor =
            |cursor: Option<&String>| cursor.map_or(Value::Null, |text| Value::from(text.as_str()));
        let name = async_graphql::Name::new;
        FieldValue::value(Value::Object(
            [
                (name("hasNextPage"), Value::Boolean(self.behind)),
                (name("hasPreviousPage"), Value::Boolean(self.before)),
                (name("startCursor"), cursor(self.cursors.first())),
                (name("endCursor"), cursor(self.cursors.last())),
            ]
            .into(),
        ))
    }
}

fn connection_name(shape: &Shape) -> String {
    format!("{}Connection", shape.type_name)
}

fn selected(field: Field, shape: &Shape) -> Field {
    field
        .argument(InputValue::new("where", TypeRef::named(filter_name(shape))))
        .argument(InputValue::new("orderBy", TypeRef::named(order_name(shape))))
        .argument(InputValue::new("orderDirection", TypeRef::named("OrderDirection")))
        .argument(at())
}

/// The argument `block`.
pub fn at() -> InputValue {
    InputValue::new("block", TypeRef::named("BlockHeight"))
        .description("As of this block, not as of now.")
}

/// `first` and `skip`.
///
/// # Errors
/// They are beyond their bounds.
pub fn bounded(ctx: &ResolverContext<'_>) -> Result<(u32, u32), AskError> {
    let most = reader(ctx).map_or(1_000, |reader| reader.config().most_rows);
    let first = number(ctx, "first", most)?.unwrap_or(USUAL.min(most));
    let skip = number(ctx, "skip", MOST_SKIPPED)?.unwrap_or(0);
    Ok((first, skip))
}

/// `orderDirection: desc`.
pub fn direction(ctx: &ResolverContext<'_>) -> bool {
    let direction = ctx.args.get("orderDirection").filter(|direction| !direction.is_null());
    direction.is_some_and(|direction| direction.enum_name().is_ok_and(|name| name == "desc"))
}

fn number(ctx: &ResolverContext<'_>, name: &str, most: u32) -> Result<Option<u32>, AskError> {
    let Some(value) = ctx.args.get(name).filter(|value| !value.is_null()) else { return Ok(None) };
    let number = value.u64().ok().and_then(|number| u32::try_from(number).ok());
    match number.filter(|number| *number <= most) {
        Some(number) => Ok(Some(number)),
        None => {
            let more = if name == "skip" {
                "; cursors (the fields that end with Connection) go further"
            } else {
                ""
            };
            Err(AskError::Wrong(format!("{name}: a number from 0 to {most} belongs here{more}")))
        }
    }
}

fn window(ctx: &ResolverContext<'_>) -> Result<Window, AskError> {
    let most = reader(ctx).map_or(1_000, |reader| reader.config().most_rows);
    let text = |name: &str| match ctx.args.get(name).filter(|value| !value.is_null()) {
        None => Ok(None),
        Some(value) => match value.string() {
            Ok(text) => Ok(Some(text.to_owned())),
            Err(_) => Err(AskError::Wrong(format!("{name}: a cursor belongs here"))),
        },
    };
    let (first, last) = (number(ctx, "first", most)?, number(ctx, "last", most)?);
    if first.is_some() && last.is_some() {
        return Err(AskError::Wrong("first and last: only one of them belongs here".to_owned()));
    }
    let count = first.or(last).unwrap_or(USUAL.min(most));
    Ok(Window { count, after: text("after")?, before: text("before")?, last: last.is_some() })
}
