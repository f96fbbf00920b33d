//! What a request may cost, told before anything is done.
//!
//! The cost is the number of values that the answer may have: a field is one, and a list as many times what is within it as
//! it may have rows. Fragments count where they are spread, so a small text cannot stand for a large answer.

use async_graphql::{
    parser::types::{
        DocumentOperations, ExecutableDocument, Field, OperationDefinition, OperationType,
        Selection, SelectionSet,
    },
    Positioned, Value, Variables,
};

use super::schema::DEEPEST;

/// Rows of a list that does not say how many.
const USUAL: u64 = 100;
/// The price of `__schema` and `__type`: a request has a few of them at most.
const INTROSPECTION: u64 = 20_000;
/// The price of a proof, for which a node works.
const PROOF: u64 = 5_000;
/// How deep brackets may lie in each other in the text of a request: the parser goes down as deep as they do.
const DEEPEST_TEXT: usize = 64;

/// Whether a text can be given to the parser.
///
/// # Errors
/// It is nested too deep.
pub fn readable(text: &str) -> Result<(), String> {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'\n' => quoted = false,
            b'{' | b'[' | b'(' if !quoted => depth += 1,
            b'}' | b']' | b')' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST_TEXT {
            return Err(format!("brackets lie more than {DEEPEST_TEXT} deep in each other"));
        }
    }
    Ok(())
}

/// What an operation of a document may cost at most.
///
/// # Errors
/// It costs more than `most`, or fields lie too deep.
pub fn cost(
    document: &ExecutableDocument,
    variables: &Variables,
    most: u64,
) -> Result<u64, String> {
    let mut meter = Meter { document, variables, most, visited: 0, subscribed: false };
    let mut dearest = 0;
    // Which of them runs is decided later: each has to be within the bound.
    match &document.operations {
        DocumentOperations::Single(operation) => {
            dearest = meter.operation(&operation.node)?;
        }
        DocumentOperations::Multiple(operations) => {
            for operation in operations.values() {
                dearest = dearest.max(meter.operation(&operation.node)?);
            }
        }
    }
    Ok(dearest)
}

struct Meter<'a> {
    document: &'a ExecutableDocument,
    variables: &'a Variables,
    most: u64,
    /// Selections that were looked at: the work of this itself is bounded as well.
    visited: u64,
    /// Whether the fields of the root come row by row.
    subscribed: bool,
}

impl Meter<'_> {
    fn operation(&mut self, operation: &OperationDefinition) -> Result<u64, String> {
        self.subscribed = operation.ty == OperationType::Subscription;
        self.set(&operation.selection_set.node, 0)
    }

    fn set(&mut self, set: &SelectionSet, depth: usize) -> Result<u64, String> {
        if depth > DEEPEST {
            return Err(format!(
                "fields lie more than {DEEPEST} deep in each other: ask in several requests"
            ));
        }
        let mut sum = 0_u64;
        for selection in &set.items {
            self.visited += 1;
            if self.visited > self.most {
                return Err(self.too_dear());
            }
            sum = sum.saturating_add(match &selection.node {
                Selection::Field(field) => self.field(field, depth)?,
                Selection::InlineFragment(fragment) => {
                    self.set(&fragment.node.selection_set.node, depth + 1)?
                }
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    match self.document.fragments.get(name) {
                        Some(fragment) => self.set(&fragment.node.selection_set.node, depth + 1)?,
                        None => 0,
                    }
                }
            });
            if sum > self.most {
                return Err(self.too_dear());
            }
        }
        Ok(sum)
    }

    fn field(&mut self, field: &Positioned<Field>, depth: usize) -> Result<u64, String> {
        let field = &field.node;
        // Introspection is as large as the schema, whoever asks, and nested as deep as its client pleases.
        if field.name.node.starts_with("__") {
            let leaf = field.selection_set.node.items.is_empty();
            return Ok(if leaf { 1 } else { INTROSPECTION });
        }
        let within = self.set(&field.selection_set.node, depth + 1)?;
        let leaf = field.selection_set.node.items.is_empty();
        if leaf && field.name.node == "proof" {
            return Ok(PROOF);
        }
        let rows = match leaf {
            true => 1,
            false if self.subscribed && depth == 0 => 1,
            false => self.rows(field),
        };
        Ok(rows.saturating_mul(within.max(1)).saturating_add(u64::from(!leaf)))
    }

    /// How many rows a field with fields in it may have.
    fn rows(&self, field: &Field) -> u64 {
        let named = ["first", "last"].into_iter().find_map(|name| self.argument(field, name));
        let name = field.name.node.as_str();
        // What has a page of its own without saying so; and what only passes on the page of what it is in.
        let list = name.ends_with('s') && !matches!(name, "edges" | "nodes");
        let list = list
            || name.ends_with("Connection")
            || name.ends_with("Aggregate")
            || name == "history";
        named.unwrap_or(if list { USUAL } else { 1 })
    }

    fn argument(&self, field: &Field, name: &str) -> Option<u64> {
        let value = field.get_argument(name)?.node.clone();
        let value = value.into_const_with(|variable| {
            Ok::<_, std::convert::Infallible>(
                self.variables.get(&variable).cloned().unwrap_or(Value::Null),
            )
        });
        match value {
            Ok(Value::Number(number)) => Some(number.as_u64().unwrap_or(0)),
            _ => None,
        }
    }

    fn too_dear(&self) -> String {
        format!(
            "the answer may have more than {} values: ask for fewer rows (first) or fewer fields",
            self.most
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_graphql::parser::parse_query;

    fn of(text: &str) -> Result<u64, String> {
        cost(&parse_query(text).unwrap(), &Variables::default(), 50_000)
    }

    #[test]
    fn rows_within_rows_multiply() {
        assert_eq!(of("{ vehicle(id: 1) { plate vin } }"), Ok(3));
        assert_eq!(of("{ vehicles(first: 10) { plate owner { name } } }"), Ok(31));
        assert_eq!(of("{ blocks(first: 10) { events(first: 20) { name } } }"), Ok(10 * 21 + 1));
        assert_eq!(
            of("{ vehiclesConnection(first: 10) { totalCount edges { node { plate } } } }"),
            Ok(41)
        );
        assert!(of("{ blocks { events { accounts } calls { name } } }").is_ok());
        assert_eq!(of("subscription { vehicles { plate owner { name } } }"), Ok(4));
        let deep = (0..30).fold("name".to_owned(), |inner, _| format!("ofType {{ {inner} }}"));
        assert_eq!(of(&format!("{{ __type(name: \"Block\") {{ {deep} }} }}")), Ok(INTROSPECTION));
        assert!(of("{ vehicles(first: 20) { proof } }").is_err());
        assert!(of("{ blocks(first: 1000) { events(first: 1000) { name } } }")
            .unwrap_err()
            .contains("first"));
        let variables = Variables::from_json(serde_json::json!({"n": 1000}));
        let text = "query ($n: Int) { blocks(first: $n) { events(first: $n) { name } } }";
        assert!(cost(&parse_query(text).unwrap(), &variables, 50_000).is_err());
    }

    #[test]
    fn a_small_text_does_not_stand_for_a_large_answer() {
        let mut text = "{ ...f0 }".to_owned();
        for level in 0..14 {
            text +=
                &format!(" fragment f{level} on Query {{ ...f{0} ...f{0} ...f{0} }}", level + 1);
        }
        text += " fragment f14 on Query { _meta { digest } }";
        assert!(of(&text).is_err());
        let around = "{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }";
        assert!(of(around).unwrap_err().contains("deep"));
        assert!(readable(&"{a".repeat(30_000)).is_err());
        assert!(readable("{ search(text: \"{{{{[[[[((((\") { id } }").is_ok());
    }

    #[test]
    fn any_text_is_measured_or_refused() {
        bolero::check!().for_each(|bytes: &[u8]| {
            let text = String::from_utf8_lossy(bytes);
            if readable(&text).is_ok() {
                if let Ok(document) = parse_query(&*text) {
                    let _ = cost(&document, &Variables::default(), 1_000);
                }
            }
        });
    }
}
