//! The schema, made of the shapes.

use std::sync::Arc;

use async_graphql::{
    dynamic::{Object, Scalar, Schema, SchemaBuilder, SchemaError},
    Value,
};

use super::{
    aggregate, answer::Errors, input, live, meta, object, query, runtimes, search, shape::Shapes,
    subscription,
};
use crate::entities::Registry;

/// The most fields that may lie in each other; of introspection no field is counted.
pub const DEEPEST: usize = 16;

/// The schema of some shapes, before it is given a [`super::Reader`] as its data.
pub fn build(shapes: &Shapes) -> SchemaBuilder {
    let mut queries = Object::new("Query")
        .field(meta::field())
        .field(search::field())
        .field(runtimes::field())
        .field(live::field());
    let mut schema = Schema::build("Query", None, Some("Subscription")).extension(Errors);
    for scalar in scalars() {
        schema = schema.register(scalar);
    }
    schema = schema
        .register(input::height())
        .register(input::direction())
        .register(aggregate::interval())
        .register(query::page_info());
    for object in meta::types().into_iter().chain(runtimes::types()).chain(live::types()) {
        schema = schema.register(object);
    }
    let (hit, found) = search::types(shapes);
    schema = schema.register(hit).register(found);
    for shape in shapes.all() {
        queries = queries
            .field(query::one(shape))
            .field(query::many(shape))
            .field(query::connection(shape))
            .field(aggregate::field(shape));
        schema = schema
            .register(object::object(shapes, shape))
            .register(input::filter(shape))
            .register(input::order(shape));
        for object in query::connection_types(shape) {
            schema = schema.register(object);
        }
        let (objects, groups) = aggregate::types(shape);
        schema = schema.register(groups);
        for object in objects {
            schema = schema.register(object);
        }
    }
    schema.register(queries).register(subscription::subscription(shapes))
}

/// The text of the schema: what `indexer/schema.graphql` has to be.
///
/// # Errors
/// The shapes make no schema.
pub fn sdl() -> Result<String, SchemaError> {
    let shapes = Arc::new(Shapes::of(&Registry::default()));
    Ok(build(&shapes).finish()?.sdl())
}

fn scalars() -> [Scalar; 4] {
    let text = |value: &Value| matches!(value, Value::String(_));
    [
        Scalar::new("BigInt")
            .description("An integer of up to 128 bits, as a decimal string. Money is in units of 10⁻⁶ CNY.")
            .validator(|value| matches!(value, Value::String(_) | Value::Number(_))),
        Scalar::new("Bytes")
            .description("32 bytes: a hash, or an account; 0x and 64 hexadecimal digits.")
            .validator(text),
        Scalar::new("DateTime")
            .description("A time in UTC with milliseconds, such as 2026-11-29T08:00:00.000Z.")
            .validator(text),
        Scalar::new("JSON").description(
            "What the chain's types hold: integers up to 32 bits are numbers, larger ones decimal strings, bytes 0x….",
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_that_is_checked_in_is_the_schema() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/schema.graphql");
        let sdl = sdl().unwrap();
        if std::env::var_os("SMARTLINK_WRITE_SCHEMA").is_some() {
            std::fs::write(file, &sdl).unwrap();
        }
        let kept = std::fs::read_to_string(file).unwrap_or_default();
        assert!(
            kept == sdl,
            "indexer/schema.graphql is not the schema any more: if that is meant, run this test with \
             SMARTLINK_WRITE_SCHEMA=1, and look at what changed for those who use it"
        );
    }
}
