//! The types of what is asked with: conditions, orders, heights.

use async_graphql::dynamic::{Enum, InputObject, InputValue, TypeRef};

use super::{filter::ENDS, shape::Shape};
use crate::domain::Kind;

/// Comparisons of what has no order.
const FEW: &[&str] = &["_not", "_in", "_not_in"];
/// Comparisons of what has an order.
const ORDERED: &[&str] = &["_not", "_gt", "_gte", "_lt", "_lte", "_in", "_not_in"];

/// The scalar of a column.
pub fn scalar(name: &str, kind: Kind) -> &'static str {
    match kind {
        _ if name == "id" => TypeRef::ID,
        Kind::Bool => TypeRef::BOOLEAN,
        Kind::U8 | Kind::U32 => TypeRef::INT,
        Kind::U64 | Kind::Money => "BigInt",
        Kind::Text | Kind::Name => TypeRef::STRING,
        Kind::Json => "JSON",
        Kind::Account | Kind::Hash | Kind::Accounts => "Bytes",
        Kind::Time => "DateTime",
    }
}

/// The type of `where` for a shape.
pub fn filter(shape: &Shape) -> InputObject {
    let list = TypeRef::named_nn_list(filter_name(shape));
    let mut object = InputObject::new(filter_name(shape))
        .description(format!("Conditions on {}; all of them have to hold.", shape.many))
        .field(InputValue::new("and", list.clone()).description("All of these hold."))
        .field(InputValue::new("or", list).description("One of these holds."));
    if shape.named("id").is_none() {
        object = compared(object, "id", TypeRef::ID, FEW);
    }
    for (column, name) in shape.columns.iter().zip(&shape.names) {
        let scalar = scalar(name, column.kind);
        object = match column.kind {
            Kind::Accounts => ["_contains", "_not_contains"].iter().fold(object, |object, end| {
                let name = format!("{name}{end}");
                object.field(InputValue::new(name, TypeRef::named_nn_list(scalar)))
            }),
            Kind::Json => ["_contains", "_not_contains"].iter().fold(object, |object, end| {
                let name = format!("{name}{end}");
                object.field(InputValue::new(name, TypeRef::named(TypeRef::STRING)))
            }),
            Kind::Bool => compared(object, name, scalar, &["_not"]),
            Kind::Text | Kind::Name if name != "id" => compared(object, name, scalar, &ENDS),
            _ => compared(object, name, scalar, ORDERED),
        };
        if let Some(whose) = name.strip_suffix("Id").filter(|_| column.refers.is_some()) {
            object = compared(object, whose, TypeRef::ID, FEW);
        }
    }
    object
}

fn compared(object: InputObject, name: &str, scalar: &str, ends: &[&str]) -> InputObject {
    let object = object.field(InputValue::new(name, TypeRef::named(scalar)));
    ends.iter().fold(object, |object, end| {
        let ty = match *end {
            "_in" | "_not_in" => TypeRef::named_nn_list(scalar),
            _ => TypeRef::named(scalar),
        };
        object.field(InputValue::new(format!("{name}{end}"), ty))
    })
}

/// The type of `orderBy` for a shape.
pub fn order(shape: &Shape) -> Enum {
    let own = (shape.named("id").is_none()).then_some("id");
    let columns = shape.columns.iter().zip(&shape.names);
    let ordered = columns.filter(|(column, _)| is_ordered(column.kind)).map(|(_, name)| &**name);
    Enum::new(order_name(shape)).items(own.into_iter().chain(ordered))
}

/// Whether rows can be put in the order of such a column.
pub fn is_ordered(kind: Kind) -> bool {
    !matches!(kind, Kind::Json | Kind::Accounts)
}

/// The name of the type of `where`.
pub fn filter_name(shape: &Shape) -> String {
    format!("{}Filter", shape.type_name)
}

/// The name of the type of `orderBy`.
pub fn order_name(shape: &Shape) -> String {
    format!("{}OrderBy", shape.type_name)
}

/// `block`: the state of which block is asked for.
pub fn height() -> InputObject {
    InputObject::new("BlockHeight")
        .description(
            "The state of which block is asked for: by its height or its hash. One of the three.",
        )
        .field(
            InputValue::new("number", TypeRef::named(TypeRef::INT))
                .description("As of this block."),
        )
        .field(
            InputValue::new("hash", TypeRef::named("Bytes"))
                .description("As of the block with this hash."),
        )
        .field(
            InputValue::new("number_gte", TypeRef::named(TypeRef::INT))
                .description("As of now, and an error where the index has not come to this block."),
        )
}

/// `orderDirection`.
pub fn direction() -> Enum {
    Enum::new("OrderDirection").item("asc").item("desc")
}
