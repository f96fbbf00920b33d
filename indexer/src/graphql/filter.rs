//! `where`: conditions as The Graph has them, and what they are in SQL.

use async_graphql::{Name, Value};

use super::{
    literal::{cell, cell_of, literal, quoted, sql},
    shape::Shape,
};
use crate::{
    domain::{Cell, Column, Kind},
    infra::store::schema,
};

/// The most values of a list in a condition.
const MOST_VALUES: usize = 1_000;
/// How deep conditions may lie in each other.
const DEEPEST: usize = 8;

/// What is compared, in the names of fields: `plate_contains_nocase`.
pub const ENDS: [&str; 14] = [
    "_not",
    "_gt",
    "_gte",
    "_lt",
    "_lte",
    "_in",
    "_not_in",
    "_contains",
    "_not_contains",
    "_contains_nocase",
    "_starts_with",
    "_starts_with_nocase",
    "_ends_with",
    "_ends_with_nocase",
];

/// Conditions on rows of a shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// Each has to hold.
    pub sql: Vec<String>,
    /// Values that columns have to have, by their place: for what finds rows faster than reading all. Of a list it is one
    /// that has to be in it.
    pub equal: Vec<(usize, Cell)>,
    /// The least and the greatest height.
    pub blocks: (u32, u32),
    /// Whether there is a condition besides `equal` and `blocks`.
    pub more: bool,
    /// Whether rows of what is gone are asked for, or not, in so many words.
    pub removed: bool,
}

impl Default for Filter {
    /// No condition.
    fn default() -> Self {
        let (sql, equal) = (Vec::new(), Vec::new());
        Self { sql, equal, blocks: (0, u32::MAX), more: false, removed: false }
    }
}

impl Filter {
    /// Of what stands in `where`.
    ///
    /// # Errors
    /// A condition makes no sense, named by its field.
    pub fn read(shape: &Shape, value: Option<&Value>) -> Result<Self, String> {
        let mut filter = Self::default();
        // A variable that was not given is nothing, and no condition.
        if let Some(value) = value.filter(|value| **value != Value::Null) {
            filter.object(shape, value, DEEPEST)?;
        }
        Ok(filter)
    }

    /// All conditions as SQL, or `1`.
    pub fn condition(&self) -> String {
        match self.sql.is_empty() {
            true => "1".to_owned(),
            false => self.sql.join(" AND "),
        }
    }

    fn object(&mut self, shape: &Shape, value: &Value, depth: usize) -> Result<(), String> {
        let depth = depth.checked_sub(1).ok_or_else(|| {
            format!("where: conditions lie more than {DEEPEST} deep in each other")
        })?;
        let Value::Object(fields) = value else {
            return Err("where: an object belongs here".to_owned());
        };
        for (name, value) in fields {
            self.field(shape, name, value, depth)?;
        }
        Ok(())
    }

    fn field(
        &mut self,
        shape: &Shape,
        name: &Name,
        value: &Value,
        depth: usize,
    ) -> Result<(), String> {
        if matches!(name.as_str(), "and" | "or") {
            return self.group(shape, name, value, depth);
        }
        let (place, end) = part(shape, name)
            .ok_or_else(|| format!("where: {} has no field {name}", shape.type_name))?;
        let said = |why: String| format!("where: {name}: {why}");
        let is_id = place.is_none_or(|place| shape.names[place] == "id");
        let value = &if is_id { as_id(value) } else { value.clone() };
        let Some(place) = place else {
            self.sql.push(by_id(shape, end, value).map_err(said)?);
            match (end, value) {
                ("", Value::String(id)) => {
                    let cells = key_cells(shape, id).map_err(said)?;
                    self.equal.extend(shape.id.iter().copied().zip(cells));
                }
                _ => self.more = true,
            }
            return Ok(());
        };
        self.removed |= shape.removed() == Some(place);
        let column = &shape.columns[place];
        self.sql.push(compare(column, end, value).map_err(said)?);
        match (end, value) {
            ("", value) if *value != Value::Null => {
                self.equal.push((place, cell(column.kind, value).map_err(said)?));
            }
            ("_contains", Value::List(one)) if column.kind == Kind::Accounts && one.len() == 1 => {
                self.equal.push((place, cell(column.kind, &one[0]).map_err(said)?));
            }
            (end, value) if place == shape.block => match cell(column.kind, value) {
                Ok(Cell::Number(height)) if self.part(end, height) => {}
                _ => self.more = true,
            },
            _ => self.more = true,
        }
        Ok(())
    }

    /// Parts blocks at a height. Whether that is what is compared.
    fn part(&mut self, end: &str, height: u64) -> bool {
        let height = u32::try_from(height).unwrap_or(u32::MAX);
        let none = (1, 0);
        let (first, last) = match end {
            "_gte" => (height, u32::MAX),
            "_lte" => (0, height),
            "_gt" => height.checked_add(1).map_or(none, |first| (first, u32::MAX)),
            "_lt" => height.checked_sub(1).map_or(none, |last| (0, last)),
            _ => return false,
        };
        self.blocks = (self.blocks.0.max(first), self.blocks.1.min(last));
        true
    }

    fn group(
        &mut self,
        shape: &Shape,
        name: &Name,
        value: &Value,
        depth: usize,
    ) -> Result<(), String> {
        let items = match value {
            Value::Null => return Ok(()),
            Value::List(items) => items,
            _ => return Err(format!("where: {name}: a list of conditions belongs here")),
        };
        if items.len() > MOST_VALUES {
            return Err(format!("where: {name}: more than {MOST_VALUES} conditions"));
        }
        let mut sql = Vec::new();
        for item in items {
            let mut inner = Self::default();
            inner.object(shape, item, depth)?;
            self.removed |= inner.removed;
            sql.push(format!("({})", inner.condition()));
        }
        // Of no condition all hold, and none does.
        let none = if name.as_str() == "and" { "1" } else { "0" };
        let word = if name.as_str() == "and" { " AND " } else { " OR " };
        self.sql.push(if sql.is_empty() {
            none.to_owned()
        } else {
            format!("({})", sql.join(word))
        });
        self.more = true;
        Ok(())
    }
}

/// Integers are ids as well.
fn as_id(value: &Value) -> Value {
    match value {
        Value::Number(number) => Value::String(number.to_string()),
        Value::List(items) => Value::List(items.iter().map(as_id).collect()),
        value => value.clone(),
    }
}

/// The column and the comparison in a field's name. `id` has no column of its own in tables.
fn part<'a>(shape: &Shape, name: &'a str) -> Option<(Option<usize>, &'a str)> {
    // The longest ends first: `_not_in` ends with `_in`.
    let mut ends = ENDS;
    ends.sort_by_key(|end| std::cmp::Reverse(end.len()));
    let of = |field: &str| match shape.named(field) {
        Some(place) => Some(Some(place)),
        None if field == "id" => Some(None),
        None => referring(shape, field).map(Some),
    };
    if let Some(place) = of(name) {
        return Some((place, ""));
    }
    ends.iter().find_map(|end| {
        let field = name.strip_suffix(end)?;
        Some((of(field)?, &name[field.len()..]))
    })
}

/// The column behind the object of this name: `owner` is that of `ownerId`.
pub fn referring(shape: &Shape, name: &str) -> Option<usize> {
    let place = shape.named(&format!("{name}Id"))?;
    shape.columns[place].refers.is_some().then_some(place)
}

fn compare(column: &Column, end: &str, value: &Value) -> Result<String, String> {
    let name = schema::quoted(column.name);
    let one = || literal(column.kind, value);
    if column.kind == Kind::Accounts {
        // All of none, and none of none, are there.
        let none = matches!(value, Value::List(accounts) if accounts.is_empty());
        return match end {
            "_contains" | "_not_contains" if none => Ok("1".to_owned()),
            "_contains" => Ok(format!("hasAll({name}, [{}])", listed(column.kind, value)?)),
            "_not_contains" => Ok(format!("NOT hasAny({name}, [{}])", listed(column.kind, value)?)),
            _ => Err("of a list only _contains and _not_contains are known".to_owned()),
        };
    }
    if *value == Value::Null {
        return match end {
            "" => Ok(format!("isNull({name})")),
            "_not" => Ok(format!("isNotNull({name})")),
            _ => Err("nothing can be equal, or not, and no more".to_owned()),
        };
    }
    let text = |template: fn(&str, &str) -> String| match value {
        Value::String(text) => Ok(template(&name, &quoted(text))),
        _ => Err("a text belongs here".to_owned()),
    };
    Ok(match end {
        "" => format!("{name} = {}", one()?),
        // What is not known is another thing as well.
        "_not" if column.nullable => format!("ifNull({name} != {}, 1)", one()?),
        "_not" => format!("{name} != {}", one()?),
        "_gt" => format!("{name} > {}", one()?),
        "_gte" => format!("{name} >= {}", one()?),
        "_lt" => format!("{name} < {}", one()?),
        "_lte" => format!("{name} <= {}", one()?),
        "_in" => format!("{name} IN ({})", listed(column.kind, value)?),
        "_not_in" => format!("ifNull({name} NOT IN ({}), 1)", listed(column.kind, value)?),
        "_contains" => text(|name, text| format!("position({name}, {text}) > 0"))?,
        "_not_contains" => text(|name, text| format!("ifNull(position({name}, {text}), 0) = 0"))?,
        "_contains_nocase" => {
            text(|name, text| format!("positionCaseInsensitiveUTF8({name}, {text}) > 0"))?
        }
        "_starts_with" => text(|name, text| format!("startsWith({name}, {text})"))?,
        "_starts_with_nocase" => {
            text(|name, text| format!("startsWith(lowerUTF8({name}), lowerUTF8({text}))"))?
        }
        "_ends_with" => text(|name, text| format!("endsWith({name}, {text})"))?,
        _ => text(|name, text| format!("endsWith(lowerUTF8({name}), lowerUTF8({text}))"))?,
    })
}

fn listed(kind: Kind, value: &Value) -> Result<String, String> {
    let items = match value {
        Value::List(items) => items.as_slice(),
        one => std::slice::from_ref(one),
    };
    if items.len() > MOST_VALUES {
        return Err(format!("a list of at most {MOST_VALUES} values belongs here"));
    }
    let literals: Result<Vec<_>, _> = items.iter().map(|item| literal(kind, item)).collect();
    let literals = literals?;
    // A list of nothing holds nothing.
    Ok(if literals.is_empty() { "NULL".to_owned() } else { literals.join(", ") })
}

/// Conditions on an id that consists of several columns.
fn by_id(shape: &Shape, end: &str, value: &Value) -> Result<String, String> {
    let one = |value: &Value| match value {
        Value::String(id) => key_of(shape, id),
        _ => Err("an id belongs here".to_owned()),
    };
    let columns: Vec<_> =
        shape.id.iter().map(|place| schema::quoted(shape.columns[*place].name)).collect();
    let columns = columns.join(", ");
    let many = |value: &Value| -> Result<String, String> {
        let Value::List(ids) = value else { return Err("a list of ids belongs here".to_owned()) };
        if ids.len() > MOST_VALUES {
            return Err(format!("a list of at most {MOST_VALUES} ids belongs here"));
        }
        let keys: Result<Vec<_>, _> = ids.iter().map(one).collect();
        Ok(keys?.join(", "))
    };
    let empty = matches!(value, Value::List(ids) if ids.is_empty());
    match end {
        // Of no id none is one.
        "_in" if empty => Ok("0".to_owned()),
        "_not_in" if empty => Ok("1".to_owned()),
        "" => Ok(format!("({columns}) = {}", one(value)?)),
        "_not" => Ok(format!("({columns}) != {}", one(value)?)),
        "_in" => Ok(format!("({columns}) IN ({})", many(value)?)),
        "_not_in" => Ok(format!("({columns}) NOT IN ({})", many(value)?)),
        _ => Err("of an id only _not, _in and _not_in are known".to_owned()),
    }
}

/// The values of the columns that an id consists of.
///
/// # Errors
/// It is no id of this shape, and how one is made.
pub fn key_cells(shape: &Shape, id: &str) -> Result<Vec<Cell>, String> {
    let parts: Vec<&str> = match shape.id.len() {
        1 => vec![id],
        count => id.splitn(count, '-').collect(),
    };
    if parts.len() != shape.id.len() {
        let names: Vec<_> = shape.id.iter().map(|place| shape.columns[*place].name).collect();
        return Err(format!("an id of {} is {}", shape.many, names.join("-")));
    }
    shape
        .id
        .iter()
        .zip(parts)
        .map(|(place, part)| cell_of(shape.columns[*place].kind, part))
        .collect()
}

/// The same as a tuple of SQL.
fn key_of(shape: &Shape, id: &str) -> Result<String, String> {
    let literals: Vec<_> = key_cells(shape, id)?.iter().map(sql).collect();
    Ok(format!("({})", literals.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{entities::Registry, graphql::shape::Shapes};
    use async_graphql::value;

    fn filter(table: &str, value: Value) -> Result<Filter, String> {
        let shapes = Shapes::of(&Registry::default());
        Filter::read(shapes.table(table).unwrap(), Some(&value))
    }

    #[test]
    fn the_graphs_users_find_their_conditions() {
        let found = filter(
            "vehicles",
            value!({"owner": "1", "plate_contains_nocase": "沪a'", "price_not": null, "status_in": ["InService"]}),
        )
        .unwrap();
        assert_eq!(
            found.condition(),
            "`owner` = 1 AND positionCaseInsensitiveUTF8(`plate`, '沪a\\'') > 0 AND isNotNull(`price`) AND \
             `status` IN ('InService')"
        );
        assert_eq!(found.equal, [(7, Cell::Number(1))]);
        assert!(found.more && found.blocks == (0, u32::MAX));
        let heights =
            filter("events", value!({"blockNumber_gt": 4, "blockNumber_lte": 9, "id": "7-1"}))
                .unwrap();
        assert_eq!((heights.blocks, heights.more), ((5, 9), false));
        assert_eq!(heights.equal, [(0, Cell::Number(7)), (1, Cell::Number(1))]);
        assert_eq!(filter("events", value!({"blockNumber_lt": 0})).unwrap().blocks, (1, 0));
        assert_eq!(
            filter("events", value!({"and": null, "or": null})),
            filter("events", value!(null))
        );
        let either =
            filter("events", value!({"or": [{"pallet": "Vehicles"}, {"name": "Transfer"}]}));
        assert_eq!(
            either.unwrap().condition(),
            "((`pallet` = 'Vehicles') OR (`name` = 'Transfer'))"
        );
        assert_eq!(filter("vehicles", value!({"id": 1})), filter("vehicles", value!({"id": "1"})));
        assert_eq!(filter("events", value!({"id_in": []})).unwrap().condition(), "0");
        assert_eq!(filter("events", value!({"accounts_contains": []})).unwrap().condition(), "1");
        let ids = filter("events", value!({"id_in": ["7-1", "9-0"]})).unwrap();
        assert_eq!(ids.condition(), "(`block`, `place`) IN ((7, 1), (9, 0))");
    }

    #[test]
    fn a_condition_that_makes_no_sense_is_named() {
        for (table, wrong, said) in [
            ("vehicles", value!({"colour": "red"}), "has no field colour"),
            ("vehicles", value!({"ownerId": "x"}), "where: ownerId: an integer"),
            ("events", value!({"id": "7"}), "block-place"),
            ("events", value!({"accounts_contains": ["0x1"]}), "64 hexadecimal"),
            ("vehicles", value!({"price_gt": null}), "nothing can be equal"),
        ] {
            let error = filter(table, wrong).unwrap_err();
            assert!(error.contains(said), "{error}");
        }
        let deep = (0..20).fold(value!({}), |inner, _| value!({"and": [inner]}));
        assert!(filter("events", deep).unwrap_err().contains("deep"));
    }
}
