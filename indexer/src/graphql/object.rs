//! The types of rows, with the objects that they lead to.

use std::sync::Arc;

use async_graphql::{
    dynamic::{Field, FieldFuture, FieldValue, InputValue, Object, ResolverContext, TypeRef},
    Value,
};

use super::{
    answer::AskError,
    input::scalar,
    literal::{part, value},
    load::{At, Key, Kind, Page},
    proof,
    query::{bounded, direction},
    read::{Reader, Row},
    shape::{Life, Shape, Shapes},
};
use crate::domain::{Cell, Kind as Holds};

/// A row that GraphQL walks on from.
#[derive(Clone)]
pub struct Node {
    /// What it is.
    pub shape: Arc<Shape>,
    /// Its cells.
    pub row: Arc<Row>,
    /// The state that it was asked for in.
    pub at: At,
}

impl Node {
    /// As a value whose type is known from the field.
    pub fn value<'a>(self) -> FieldValue<'a> {
        FieldValue::owned_any(self)
    }

    /// What it has in a column, by the name in the table.
    pub fn cell(&self, column: &str) -> &Cell {
        self.shape.column(column).map_or(&Cell::Null, |place| &self.row.cells[place])
    }

    /// Its id.
    pub fn id(&self) -> String {
        let parts = self.shape.id.iter().map(|place| part(&self.row.cells[*place]));
        parts.collect::<Vec<_>>().join("-")
    }
}

/// What a type has besides its columns.
enum Link {
    /// One row of another shape, by its id.
    One { name: String, to: Arc<Shape>, parts: fn(&Node, usize) -> Option<Key>, by: usize },
    /// Several rows of another shape, by columns of theirs.
    Many { name: String, to: Arc<Shape>, columns: Vec<usize>, parts: fn(&Node) -> Option<Key> },
}

/// The type of a shape.
pub fn object(shapes: &Shapes, shape: &Arc<Shape>) -> Object {
    let mut object = Object::new(&shape.type_name).description(shape.about);
    if shape.named("id").is_none() {
        let id = |ctx: ResolverContext<'_>| Ok(Some(Value::String(node(&ctx)?.id())));
        object = object.field(plain("id", TypeRef::named_nn(TypeRef::ID), id));
    }
    for (place, (column, name)) in shape.columns.iter().zip(&shape.names).enumerate() {
        let scalar = scalar(name, column.kind);
        let ty = match (column.kind, column.nullable) {
            (Holds::Accounts, _) => TypeRef::named_nn_list_nn(scalar),
            (_, true) => TypeRef::named(scalar),
            (_, false) => TypeRef::named_nn(scalar),
        };
        let kind = column.kind;
        object = object.field(plain(name, ty, move |ctx| {
            Ok(Some(value(kind, &node(&ctx)?.row.cells[place])))
        }));
    }
    for link in links(shapes, shape) {
        object = object.field(field(link));
    }
    if let Some(proof) = proof::field(shape) {
        object = object.field(proof);
    }
    match shape.life {
        Life::Changing => object.field(history(shape)),
        _ => object,
    }
}

fn plain<F>(name: &str, ty: TypeRef, read: F) -> Field
where
    F: Fn(ResolverContext<'_>) -> async_graphql::Result<Option<Value>> + Send + Sync + 'static,
{
    Field::new(name, ty, move |ctx| match read(ctx) {
        // Nothing is no value of a scalar.
        Ok(value) => FieldFuture::from_value(value.filter(|value| *value != Value::Null)),
        Err(error) => FieldFuture::new(async move { Err::<Option<Value>, _>(error) }),
    })
}

/// The row that a field is asked of.
pub fn node<'a>(ctx: &ResolverContext<'a>) -> async_graphql::Result<&'a Node> {
    ctx.parent_value.try_downcast_ref::<Node>()
}

fn links(shapes: &Shapes, shape: &Arc<Shape>) -> Vec<Link> {
    let mut links = Vec::new();
    let table = |name| shapes.table(name).cloned();
    if shape.table == "blocks" {
        for to in ["extrinsics", "calls", "events"].into_iter().filter_map(table) {
            let parts = |node: &Node| Some(vec![part(node.cell("number"))]);
            links.push(Link::Many { name: to.many.clone(), columns: vec![to.block], to, parts });
        }
    } else if let Some(to) = table("blocks") {
        let parts = |node: &Node, by: usize| Some(vec![part(&node.row.cells[by])]);
        links.push(Link::One { name: "block".into(), to, parts, by: shape.block });
    }
    if shape.table == "extrinsics" {
        for to in ["calls", "events"].into_iter().filter_map(table) {
            let columns =
                ["block", "extrinsic"].iter().filter_map(|name| to.column(name)).collect();
            let parts =
                |node: &Node| Some(vec![part(node.cell("block")), part(node.cell("place"))]);
            links.push(Link::Many { name: to.many.clone(), columns, to, parts });
        }
    }
    if let (Some(by), Some(to)) = (shape.column("extrinsic"), table("extrinsics")) {
        let parts = |node: &Node, by: usize| match &node.row.cells[by] {
            Cell::Null => None,
            place => Some(vec![part(node.cell("block")), part(place)]),
        };
        links.push(Link::One { name: "extrinsic".into(), to, parts, by });
    }
    for (by, column) in shape.columns.iter().enumerate() {
        let Some(to) = column.refers.and_then(|name| shapes.table(name)).cloned() else { continue };
        let name = shape.names[by].trim_end_matches("Id").to_owned();
        let parts = |node: &Node, by: usize| match &node.row.cells[by] {
            Cell::Null => None,
            id => Some(vec![part(id)]),
        };
        links.push(Link::One { name, to, parts, by });
    }
    // What a company owns lies on the account of its treasury.
    if let ("companies", Some(to)) = (shape.table, table("entries")) {
        let columns = to.column("account").into_iter().collect();
        let parts =
            |node: &Node| Some(vec![part(node.cell("treasury"))]).filter(|key| !key[0].is_empty());
        links.push(Link::Many { name: to.many.clone(), columns, to, parts });
    }
    links.extend(back(shapes, shape));
    links
}

/// What refers to a shape, seen from there: `vehicles` of a company are those that it owns, `vehiclesByOfferedTo` those
/// that are offered to it.
fn back(shapes: &Shapes, shape: &Arc<Shape>) -> Vec<Link> {
    let mut links = Vec::new();
    for to in shapes.all() {
        let referring = to.columns.iter().enumerate();
        let referring =
            referring.filter(|(_, column)| column.refers == Some(shape.table) && column.indexed);
        for (count, (place, column)) in referring.enumerate() {
            let name = match count {
                0 => to.many.clone(),
                _ => format!("{}By{}", to.many, super::shape::pascal(column.name)),
            };
            let parts = |node: &Node| Some(vec![node.id()]);
            links.push(Link::Many { name, to: to.clone(), columns: vec![place], parts });
        }
    }
    links
}

fn field(link: Link) -> Field {
    match link {
        Link::One { name, to, parts, by } => {
            let ty = TypeRef::named(&to.type_name);
            Field::new(name, ty, move |ctx| {
                let to = to.clone();
                FieldFuture::new(async move {
                    let from = node(&ctx)?;
                    let Some(key) = parts(from, by) else { return Ok(None) };
                    let row = reader(&ctx)?.one(&to, from.at, key).await?;
                    Ok(row.map(|row| Node { shape: to.clone(), row, at: from.at }.value()))
                })
            })
        }
        Link::Many { name, to, columns, parts } => {
            let ty = TypeRef::named_nn_list_nn(&to.type_name);
            let field = Field::new(name, ty, move |ctx| {
                let (to, columns) = (to.clone(), columns.clone());
                FieldFuture::new(async move {
                    let from = node(&ctx)?;
                    let Some(key) = parts(from) else {
                        return Ok(Some(FieldValue::list(Vec::<FieldValue<'_>>::new())));
                    };
                    let page = page(&ctx)?;
                    let kind = Kind { table: to.table, columns, at: from.at, history: false, page };
                    let rows = reader(&ctx)?.many(kind, key).await?;
                    Ok(Some(nodes(&to, rows, from.at)))
                })
            });
            paged(field)
        }
    }
}

/// All versions of one.
fn history(shape: &Arc<Shape>) -> Field {
    let to = shape.clone();
    let field = Field::new("history", TypeRef::named_nn_list_nn(&shape.type_name), move |ctx| {
        let to = to.clone();
        FieldFuture::new(async move {
            let from = node(&ctx)?;
            let page = page(&ctx)?;
            let kind =
                Kind { table: to.table, columns: to.id.clone(), at: from.at, history: true, page };
            let rows = reader(&ctx)?.many(kind, vec![from.id()]).await?;
            Ok(Some(nodes(&to, rows, from.at)))
        })
    });
    paged(field.description("Every version, from the first on: each as a change left it."))
}

fn paged(field: Field) -> Field {
    field
        .argument(InputValue::new("first", TypeRef::named(TypeRef::INT)).default_value(100))
        .argument(InputValue::new("skip", TypeRef::named(TypeRef::INT)).default_value(0))
        .argument(InputValue::new("orderDirection", TypeRef::named("OrderDirection")))
}

fn page(ctx: &ResolverContext<'_>) -> Result<Page, AskError> {
    let (first, skip) = bounded(ctx)?;
    Ok(Page { first, skip, descending: direction(ctx) })
}

/// Rows as a list.
pub fn nodes<'a>(
    shape: &Arc<Shape>,
    rows: impl IntoIterator<Item = Arc<Row>>,
    at: At,
) -> FieldValue<'a> {
    let nodes = rows.into_iter().map(|row| Node { shape: shape.clone(), row, at }.value());
    FieldValue::list(nodes.collect::<Vec<_>>())
}

/// What reads the index.
pub fn reader<'a>(ctx: &ResolverContext<'a>) -> async_graphql::Result<&'a Reader> {
    ctx.data::<Reader>()
}
