//! `runtimes`: which runtimes ran the chain, and what each changed.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use async_graphql::{
    dynamic::{Field, FieldFuture, FieldValue, InputValue, Object, ResolverContext, TypeRef},
    Value,
};
use tokio::sync::Mutex;

use super::{answer::AskError, meta::object, object::reader, query::from_object, read::Reader};
use crate::{
    decode::difference::{difference, Change},
    domain::{digest::keccak, value::hex, Runtime},
};

/// How long what was read is taken for what there is.
const FRESH: Duration = Duration::from_secs(10);

type All = Arc<BTreeMap<u32, Runtime>>;

/// Changes between two versions.
type Changes = Arc<Vec<Change>>;

/// The runtimes that the index keeps, read from time to time: there are few, and each has hundreds of kilobytes. Two are
/// compared once, and one pair at a time.
#[derive(Default)]
pub struct Runtimes {
    known: Mutex<Option<(Instant, All)>>,
    compared: Mutex<BTreeMap<(u32, u32), Changes>>,
}

/// Pairs whose changes are kept, at most.
const MOST_COMPARED: usize = 64;

impl Runtimes {
    async fn read(&self, reader: &Reader) -> Result<All, AskError> {
        let mut known = self.known.lock().await;
        if let Some((_, all)) = known.as_ref().filter(|(since, _)| since.elapsed() < FRESH) {
            return Ok(all.clone());
        }
        let all = reader.index().runtimes().await;
        let all = Arc::new(all.map_err(|error| AskError::of(error, reader.config().query_ms))?);
        *known = Some((Instant::now(), all.clone()));
        Ok(all)
    }

    async fn changes(&self, before: &Runtime, after: &Runtime) -> Result<Changes, AskError> {
        let mut compared = self.compared.lock().await;
        let pair = (before.spec, after.spec);
        if let Some(changes) = compared.get(&pair) {
            return Ok(changes.clone());
        }
        let (before, after) = (before.metadata.clone(), after.metadata.clone());
        let found = tokio::task::spawn_blocking(move || difference(&before, &after)).await;
        let found = found.map_err(|error| AskError::Index(error.to_string()))?;
        let changes = Arc::new(found.map_err(|error| AskError::Index(error.to_string()))?.changes);
        if compared.len() >= MOST_COMPARED {
            compared.clear();
        }
        compared.insert(pair, changes.clone());
        Ok(changes)
    }
}

/// A runtime among all.
struct One {
    all: All,
    spec: u32,
}

/// The field `runtimes`.
pub fn field() -> Field {
    Field::new("runtimes", TypeRef::named_nn_list_nn("Runtime"), |ctx| {
        FieldFuture::new(async move {
            let all = ctx.data::<Runtimes>()?.read(reader(&ctx)?).await?;
            let each =
                all.keys().map(|spec| FieldValue::owned_any(One { all: all.clone(), spec: *spec }));
            Ok(Some(FieldValue::list(each.collect::<Vec<_>>())))
        })
    })
    .description("Runtimes that ran the chain, by version.")
}

/// Its types.
pub fn types() -> [Object; 2] {
    let int = || TypeRef::named_nn(TypeRef::INT);
    let text = || TypeRef::named_nn(TypeRef::STRING);
    let runtime = Object::new("Runtime")
        .field(plain("spec", int(), |runtime| runtime.spec.into()).description("Its version."))
        .field(plain("firstBlock", int(), |runtime| runtime.first.into()).description("The first block that it ran."))
        .field(plain("bytes", int(), |runtime| runtime.metadata.len().into()).description("Bytes of its metadata."))
        .field(
            plain("hash", TypeRef::named_nn("Bytes"), |runtime| Value::String(hex(&keccak(&runtime.metadata))))
                .description("Keccak-256 of its metadata."),
        )
        .field(
            Field::new("changes", TypeRef::named_nn_list_nn("RuntimeChange"), |ctx| {
                FieldFuture::new(async move { Ok(Some(FieldValue::list(changes(&ctx).await?))) })
            })
            .description("What it changed for whoever reads the chain: pallets, calls, events, errors, state, constants, APIs.")
            .argument(
                InputValue::new("since", TypeRef::named(TypeRef::INT))
                    .description("Since this version. Without it, since the one before."),
            ),
        );
    let change = Object::new("RuntimeChange")
        .field(from_object("part", text()).description("pallet, call, event, error, storage, constant, view_function, api, extension, extrinsic."))
        .field(from_object("name", text()).description("Of what: pallet and name."))
        .field(from_object("turn", text()).description("added, removed, renamed, moved, retyped, revalued."))
        .field(from_object("was", TypeRef::named(TypeRef::STRING)))
        .field(from_object("now", TypeRef::named(TypeRef::STRING)));
    [runtime, change]
}

fn plain(name: &'static str, ty: TypeRef, read: fn(&Runtime) -> Value) -> Field {
    Field::new(name, ty, move |ctx| {
        FieldFuture::new(async move { Ok(Some(read(runtime(one(&ctx)?, None)?))) })
    })
}

fn one<'a>(ctx: &ResolverContext<'a>) -> async_graphql::Result<&'a One> {
    ctx.parent_value.try_downcast_ref::<One>()
}

fn runtime(one: &One, spec: Option<u32>) -> Result<&Runtime, AskError> {
    let spec = spec.unwrap_or(one.spec);
    one.all.get(&spec).ok_or_else(|| {
        let known: Vec<_> = one.all.keys().map(u32::to_string).collect();
        AskError::Wrong(format!(
            "since: the index has seen no block of runtime {spec}; it knows the versions {}",
            known.join(", ")
        ))
    })
}

async fn changes<'a>(ctx: &ResolverContext<'_>) -> async_graphql::Result<Vec<FieldValue<'a>>> {
    let one = one(ctx)?;
    let since = match ctx.args.get("since").filter(|value| !value.is_null()) {
        Some(since) => u32::try_from(since.u64()?).ok(),
        None => one.all.range(..one.spec).next_back().map(|(spec, _)| *spec),
    };
    // The first changed nothing.
    let Some(since) = since else { return Ok(Vec::new()) };
    let (before, after) = (runtime(one, Some(since))?, runtime(one, None)?);
    let changes = ctx.data::<Runtimes>()?.changes(before, after).await?;
    Ok(changes.iter().map(|change| FieldValue::value(shown(change))).collect())
}

fn shown(change: &Change) -> Value {
    let text = |text: &Option<String>| {
        text.as_ref().map_or(Value::Null, |text| Value::from(text.as_str()))
    };
    object([
        ("part", change.part.name().into()),
        ("name", change.name.as_str().into()),
        ("turn", change.turn.name().into()),
        ("was", text(&change.was)),
        ("now", text(&change.now)),
    ])
}
