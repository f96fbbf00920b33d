//! `search`: one box for hashes, heights, accounts, orders, VINs, plates, names, ids.

use std::sync::Arc;

use async_graphql::{
    dynamic::{Field, FieldFuture, FieldValue, InputValue, Object, TypeRef, Union},
    Value,
};

use super::{
    answer::AskError,
    copy::find::{blocks, Wanted},
    literal::{cell, part, quoted},
    load::At,
    object::{reader, Node},
    read::Reader,
    shape::{Life, Shape, Shapes},
};
use crate::{
    domain::{block::Hash, value::hex, Cell, Kind},
    infra::store::schema,
};

/// The longest text that is searched for, in bytes.
const LONGEST: usize = 128;
/// The fewest characters that are searched for within names.
const SHORTEST: usize = 2;

/// Something that was found.
struct Hit {
    node: Node,
    /// The field in which it was found.
    field: String,
    /// What stands there.
    text: String,
}

/// The field `search`.
pub fn field() -> Field {
    let text = InputValue::new("text", TypeRef::named_nn(TypeRef::STRING)).description(
        "A hash, an account (hexadecimal or SS58), a height, an order, an id such as 12-3, or a part of a name, a VIN or a plate.",
    );
    Field::new("search", TypeRef::named_nn_list_nn("SearchHit"), |ctx| {
        FieldFuture::new(async move {
            let text = ctx.args.try_get("text")?.string()?.trim().to_owned();
            let first = ctx.args.try_get("first")?.u64()?.min(100) as usize;
            let hits = search(reader(&ctx)?, &text, first).await?;
            Ok(Some(FieldValue::list(hits.into_iter().map(FieldValue::owned_any))))
        })
    })
    .description("Finds whatever it is: what fits whole comes first, then what contains it.")
    .argument(text)
    .argument(InputValue::new("first", TypeRef::named(TypeRef::INT)).default_value(10))
}

/// Its types.
pub fn types(shapes: &Shapes) -> (Object, Union) {
    let found = shapes
        .all()
        .iter()
        .fold(Union::new("Found"), |union, shape| union.possible_type(&shape.type_name));
    let text = |name: &'static str, read: fn(&Hit) -> String| {
        Field::new(name, TypeRef::named_nn(TypeRef::STRING), move |ctx| {
            FieldFuture::new(async move {
                Ok(Some(Value::String(read(ctx.parent_value.try_downcast_ref::<Hit>()?))))
            })
        })
    };
    let hit = Object::new("SearchHit")
        .field(
            text("type", |hit| hit.node.shape.type_name.clone())
                .description("The name of its type."),
        )
        .field(text("id", |hit| hit.node.id()).description("Its id."))
        .field(
            text("field", |hit| hit.field.clone()).description("The field in which it was found."),
        )
        .field(text("text", |hit| hit.text.clone()).description("What stands there."))
        .field(Field::new("item", TypeRef::named_nn("Found"), |ctx| {
            FieldFuture::new(async move {
                let hit = ctx.parent_value.try_downcast_ref::<Hit>()?;
                let ty = hit.node.shape.type_name.clone();
                Ok(Some(hit.node.clone().value().with_type(ty)))
            })
        }));
    (hit, found)
}

async fn search(reader: &Reader, text: &str, first: usize) -> Result<Vec<Hit>, AskError> {
    if text.is_empty() || text.len() > LONGEST {
        return Err(AskError::Wrong(format!("text: 1 to {LONGEST} bytes belong here")));
    }
    let mut hits = Vec::new();
    if let Some(bytes) = bytes_of(text) {
        hits.extend(by_bytes(reader, bytes, first)?);
    }
    hits.extend(by_id(reader, text).await?);
    if let Ok(number) = text.parse() {
        hits.extend(by_number(reader, number, first)?);
    }
    if hits.len() < first && text.chars().count() >= SHORTEST {
        hits.extend(by_text(reader, text, first).await?);
    }
    hits.truncate(first);
    Ok(hits)
}

/// 32 bytes, hexadecimal or an SS58 address.
fn bytes_of(text: &str) -> Option<Hash> {
    if text.starts_with("0x") {
        return match cell(Kind::Hash, &Value::String(text.to_owned())) {
            Ok(Cell::Bytes(bytes)) => Some(bytes),
            _ => None,
        };
    }
    let account: smartlink_chain::subxt::utils::AccountId32 = text.parse().ok()?;
    Some(account.0)
}

/// Everything that has a number by which rows are looked for: a ride by its order.
fn by_number(reader: &Reader, number: u64, first: usize) -> Result<Vec<Hit>, AskError> {
    by_lookup(reader, &Cell::Number(number), first, |_, kind| kind == Kind::U64)
}

/// Everything that has a value in a column by which rows are looked for, of the kinds that fit.
fn by_lookup(
    reader: &Reader,
    value: &Cell,
    first: usize,
    fits: impl Fn(&Shape, Kind) -> bool,
) -> Result<Vec<Hit>, AskError> {
    let mut hits = Vec::new();
    for shape in reader.shapes().all() {
        let columns = shape.lookups.iter().filter_map(|lookup| match lookup.as_slice() {
            [place] => Some(*place),
            _ => None,
        });
        for place in columns.filter(|place| fits(shape, shape.columns[*place].kind)) {
            let equal = [(place, value.clone())];
            let wanted = Wanted { first, ..Wanted::of(&equal, blocks(At::Now)) };
            let rows = reader.copy().list(shape, &wanted);
            let rows = rows.map_err(|error| AskError::of(error, reader.config().query_ms))?;
            hits.extend(rows.iter().flatten().filter_map(|row| hit(shape, row, place)));
        }
    }
    Ok(hits)
}

/// Everything that has a hash or an account: in every column by which rows are looked for. Of what moves money, and of what
/// an account signed, there are many: an account's page lists them.
fn by_bytes(reader: &Reader, bytes: Hash, first: usize) -> Result<Vec<Hit>, AskError> {
    let fits = |shape: &Shape, kind| {
        kind == Kind::Hash || (kind == Kind::Account && shape.life == Life::Changing)
    };
    let mut hits = by_lookup(reader, &Cell::Bytes(bytes), first, fits)?;
    if let Some(balances) = reader.shapes().table("balances") {
        let id = [Cell::Text(hex(&bytes))];
        let row = reader.copy().one(balances, At::Now, &id);
        let row = row.map_err(|error| AskError::of(error, reader.config().query_ms))?;
        hits.extend(row.and_then(|row| hit(balances, &row, balances.column("account")?)));
    }
    Ok(hits)
}

fn present(shape: &Shape) -> String {
    match shape.life {
        Life::Changing => format!("{} FINAL", shape.now),
        _ => shape.now.clone(),
    }
}

/// What has this id: a height, or the number of a company or vehicle, or several joined.
async fn by_id(reader: &Reader, text: &str) -> Result<Vec<Hit>, AskError> {
    let numbers = !text.is_empty() && text.split('-').all(|part| part.parse::<u64>().is_ok());
    if !numbers {
        return Ok(Vec::new());
    }
    let parts = text.split('-').count();
    let fits = |shape: &&Arc<Shape>| match shape.life {
        Life::Plain => shape.id.len() == parts,
        Life::Once | Life::Changing => true,
    };
    let shapes: Vec<_> = reader.shapes().all().iter().filter(fits).collect();
    let asked = shapes.iter().map(|shape| async move {
        let key = text.splitn(shape.id.len(), '-').map(str::to_owned).collect();
        // A number that is too large for the column is no id of it.
        reader.one(shape, At::Now, key).await.or_else(|error| match error {
            AskError::Wrong(_) => Ok(None),
            error => Err(error),
        })
    });
    let found = futures::future::try_join_all(asked).await?;
    let hits = shapes.into_iter().zip(found).filter_map(|(shape, row)| {
        let node = Node { shape: shape.clone(), row: row?, at: At::Now };
        Some(Hit { field: "id".to_owned(), text: node.id(), node })
    });
    Ok(hits.collect())
}

/// What contains the text in a name, VIN or plate: what begins with it comes first, the shortest before the longer.
async fn by_text(reader: &Reader, text: &str, first: usize) -> Result<Vec<Hit>, AskError> {
    let shapes = reader.shapes().all().iter();
    let columns = shapes.flat_map(|shape| shape.searched.iter().map(move |place| (shape, *place)));
    let columns: Vec<_> = columns.collect();
    let literal = quoted(text);
    let literal = &literal;
    let asked = columns.iter().map(|(shape, place)| async move {
        let name = schema::quoted(shape.columns[*place].name);
        let found = format!("positionCaseInsensitiveUTF8({name}, {literal})");
        let from = format!(
            "{} WHERE {found} > 0 AND NOT removed ORDER BY {found}, length({name}), id LIMIT {first}",
            present(shape)
        );
        reader.rows(shape, &from).await
    });
    let answers = futures::future::try_join_all(asked).await?;
    let mut hits = Vec::new();
    for ((shape, place), rows) in columns.into_iter().zip(answers) {
        hits.extend(rows.iter().filter_map(|row| hit(shape, row, place)));
    }
    hits.sort_by_key(|hit| hit.text.len());
    Ok(hits)
}

fn hit(shape: &Arc<Shape>, row: &Arc<super::read::Row>, place: usize) -> Option<Hit> {
    let text = part(&row.cells[place]);
    let node = Node { shape: shape.clone(), row: row.clone(), at: At::Now };
    Some(Hit { node, field: shape.names.get(place)?.clone(), text })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_are_known_in_both_spellings() {
        let alice = "d43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d";
        let known = |text: &str| bytes_of(text).map(|bytes| hex(&bytes));
        assert_eq!(known(&format!("0x{alice}")), Some(format!("0x{alice}")));
        let spelled = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
        assert_eq!(known(spelled), Some(format!("0x{alice}")));
        assert_eq!(bytes_of("0x12"), None);
        assert_eq!(bytes_of("沪A12345"), None);
    }
}
