//! `live`: the node's blocks that are not final yet, which may still be taken back.

use std::sync::Arc;

use async_graphql::{
    dynamic::{
        Field, FieldFuture, FieldValue, InputValue, Object, ResolverContext, SubscriptionField,
        SubscriptionFieldFuture, TypeRef,
    },
    Value,
};
use futures::stream;

use super::{answer::AskError, literal::value, meta::object, query::from_object};
use crate::{
    domain::{value::hex, Cell, Kind},
    live::{BlockId, LiveBlock, LiveEvent, LiveExtrinsic, LiveHandle, View},
};

const VIEW: &str = "LiveView";
const BLOCK: &str = "LiveBlock";
const ID: &str = "LiveBlockId";
const EXTRINSIC: &str = "LiveExtrinsic";
const EVENT: &str = "LiveEvent";

const ABOUT: &str = "The node's blocks beyond the last final one, up to its best: any of them may still be taken back.";

/// A view, and since when what was taken back is asked for.
#[derive(Clone)]
struct Seen {
    view: Arc<View>,
    since: Option<u64>,
}

/// The field `live` of the query.
pub fn field() -> Field {
    Field::new("live", TypeRef::named_nn(VIEW), |ctx| {
        FieldFuture::new(async move {
            let view = ctx.data::<LiveHandle>()?.view();
            let since = match ctx.args.get("since").filter(|value| !value.is_null()) {
                None => None,
                Some(since) => match super::literal::cell(Kind::U64, since.as_value()) {
                    Ok(Cell::Number(since)) => Some(since),
                    Ok(_) => None,
                    Err(why) => return Err(AskError::Wrong(format!("since: {why}")).into()),
                },
            };
            Ok(Some(FieldValue::owned_any(Seen { view, since })))
        })
    })
    .description(ABOUT)
    .argument(InputValue::new("since", TypeRef::named("BigInt")).description(
        "The revision of the view that was seen before: `retracted` is then what was taken back since.",
    ))
}

/// The subscription `live`: the view as it is, and each that follows. A slow reader gets the last of several.
pub fn subscription() -> SubscriptionField {
    SubscriptionField::new("live", TypeRef::named_nn(VIEW), |ctx| {
        SubscriptionFieldFuture::new(async move {
            let views = ctx.data::<LiveHandle>()?.watch();
            Ok(stream::try_unfold((views, None), |(mut views, since)| async move {
                if since.is_some() && views.changed().await.is_err() {
                    return Ok::<_, async_graphql::Error>(None);
                }
                let view = views.borrow_and_update().clone();
                let seen = Seen { since, view };
                let revision = Some(seen.view.revision);
                Ok(Some((FieldValue::owned_any(seen), (views, revision))))
            }))
        })
    })
    .description(format!(
        "{ABOUT} Now, and each time that it changes; `retracted` is since the view before."
    ))
}

/// Its types.
pub fn types() -> [Object; 5] {
    [view(), id(), block(), extrinsic(), event()]
}

fn view() -> Object {
    Object::new(VIEW)
        .description(ABOUT)
        .field(of("connected", boolean(), |seen: &Seen| seen.view.connected.into()).description("Whether the node is heard. Where it is not, there are no blocks."))
        .field(of("revision", TypeRef::named_nn("BigInt"), |seen: &Seen| seen.view.revision.to_string().into()).description("Grows with every view."))
        .field(of("finalized", TypeRef::named(ID), |seen: &Seen| seen.view.finalized.as_ref().map_or(Value::Null, shown_id)).description("The last final block."))
        .field(of("gap", int(), |seen: &Seen| seen.view.gap.into()).description("Unfinalised blocks below those that are shown."))
        .field(list("blocks", BLOCK, |seen: &Seen| seen.view.blocks.clone()).description("Each is the parent of the next."))
        .field(
            of("retracted", TypeRef::named_nn_list(ID), |seen: &Seen| {
                let retracted = match seen.since {
                    Some(since) => seen.view.retracted_since(since),
                    None => Some(seen.view.retracted.clone()),
                };
                retracted.map_or(Value::Null, |ids| Value::List(ids.iter().map(shown_id).collect()))
            })
            .description("What was taken back. Nothing: it is not known any more, and all that was not final has to be forgotten."),
        )
}

fn id() -> Object {
    Object::new(ID).field(from_object("number", int())).field(from_object("hash", bytes()))
}

fn block() -> Object {
    type Block = Arc<LiveBlock>;
    let known = |read: fn(&crate::live::Contents) -> Value| {
        move |block: &Block| block.contents.as_ref().map_or(Value::Null, read)
    };
    Object::new(BLOCK)
        .description("A block that may still be taken back.")
        .field(of("number", int(), |block: &Block| block.id.number.into()))
        .field(of("hash", bytes(), |block: &Block| hex(&block.id.hash).into()))
        .field(of("parentHash", bytes(), |block: &Block| hex(&block.parent).into()))
        .field(of(
            "time",
            TypeRef::named("DateTime"),
            known(|contents| value(Kind::Time, &Cell::Time(contents.time))),
        ))
        .field(of(
            "slot",
            TypeRef::named("BigInt"),
            known(|contents| contents.slot.map_or(Value::Null, |slot| slot.to_string().into())),
        ))
        .field(of(
            "authority",
            TypeRef::named(TypeRef::INT),
            known(|contents| contents.authority.map_or(Value::Null, Value::from)),
        ))
        .field(of("spec", TypeRef::named(TypeRef::INT), known(|contents| contents.spec.into())))
        .field(
            of("leftOut", TypeRef::named(TypeRef::STRING), |block: &Block| match &block.contents {
                Ok(_) => Value::Null,
                Err(why) => why.to_string().into(),
            })
            .description("Why its contents are not shown, where they are not."),
        )
        .field(list("extrinsics", EXTRINSIC, |block: &Block| {
            block.contents.as_ref().map(|contents| contents.extrinsics.clone()).unwrap_or_default()
        }))
        .field(list("events", EVENT, |block: &Block| {
            block.contents.as_ref().map(|contents| contents.events.clone()).unwrap_or_default()
        }))
}

fn extrinsic() -> Object {
    Object::new(EXTRINSIC)
        .field(of("hash", bytes(), |own: &LiveExtrinsic| hex(&own.hash).into()))
        .field(of("signer", TypeRef::named("Bytes"), |own: &LiveExtrinsic| {
            own.signer.as_ref().map_or(Value::Null, |signer| hex(signer).into())
        }))
        .field(of("pallet", text(), |own: &LiveExtrinsic| own.pallet.as_str().into()))
        .field(of("name", text(), |own: &LiveExtrinsic| own.name.as_str().into()))
        .field(of("success", boolean(), |own: &LiveExtrinsic| own.success.into()))
        .field(of("error", text(), |own: &LiveExtrinsic| own.error.as_str().into()))
}

fn event() -> Object {
    Object::new(EVENT)
        .field(of("extrinsicPlace", TypeRef::named(TypeRef::INT), |own: &LiveEvent| {
            own.extrinsic.map_or(Value::Null, Value::from)
        }))
        .field(of("pallet", text(), |own: &LiveEvent| own.pallet.as_str().into()))
        .field(of("name", text(), |own: &LiveEvent| own.name.as_str().into()))
        .field(of("fields", TypeRef::named_nn("JSON"), |own: &LiveEvent| {
            value(Kind::Json, &Cell::Text(own.fields.clone()))
        }))
}

fn int() -> TypeRef {
    TypeRef::named_nn(TypeRef::INT)
}

fn text() -> TypeRef {
    TypeRef::named_nn(TypeRef::STRING)
}

fn boolean() -> TypeRef {
    TypeRef::named_nn(TypeRef::BOOLEAN)
}

fn bytes() -> TypeRef {
    TypeRef::named_nn("Bytes")
}

fn shown_id(id: &BlockId) -> Value {
    object([("number", id.number.into()), ("hash", hex(&id.hash).into())])
}

/// A field that is read of its parent.
fn of<T: Send + Sync + 'static>(
    name: &str,
    ty: TypeRef,
    read: impl Fn(&T) -> Value + Send + Sync + 'static,
) -> Field {
    Field::new(name, ty, move |ctx| match parent::<T>(&ctx) {
        Ok(parent) => {
            FieldFuture::from_value(Some(read(parent)).filter(|value| *value != Value::Null))
        }
        Err(error) => FieldFuture::new(async move { Err::<Option<Value>, _>(error) }),
    })
}

/// A list of what has fields of its own.
fn list<T, E>(name: &str, ty: &str, read: impl Fn(&T) -> Vec<E> + Send + Sync + 'static) -> Field
where
    T: Send + Sync + 'static,
    E: Send + Sync + 'static,
{
    Field::new(name, TypeRef::named_nn_list_nn(ty), move |ctx| {
        let items = parent::<T>(&ctx).map(&read);
        FieldFuture::new(async move {
            let items = items?.into_iter().map(FieldValue::owned_any);
            Ok(Some(FieldValue::list(items.collect::<Vec<_>>())))
        })
    })
}

fn parent<'a, T: Send + Sync + 'static>(ctx: &ResolverContext<'a>) -> async_graphql::Result<&'a T> {
    ctx.parent_value.try_downcast_ref::<T>()
}
