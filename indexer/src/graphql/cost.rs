//! What a request may cost, told before anything is done.
//!
//! The cost is the number of values that the answer may have: a field is one, and a list as many times what is within it as
//! it may have rows. Fragments count where they are spread, so a small text cannot stand for a large answer.

use async_graphql::{
    parser::types::{
        DocumentOperations, ExecutableDocument, Field, OperationDefinition, OperationType,
        Selection, SelectionSet,
    },
    Name, Positioned, Value, Variables,
};

use super::schema::DEEPEST;

/// Rows of a list that does not say how many.
const USUAL: u64 = 100;
/// The price of `__schema` and `__type`: a request has a few of them at most.
const INTROSPECTION: u64 = 20_000;
/// How deep fields of introspection may lie in each other: clients ask for types of types of types.
const DEEPEST_INTROSPECTION: usize = 32;
/// How often its lists may lie in each other: each of them has the whole schema behind it.
const LISTS_IN_LISTS: usize = 3;
/// Its lists.
const LISTS: [&str; 5] = ["types", "fields", "inputFields", "interfaces", "possibleTypes"];
/// The price of a page: somebody has to look for it.
const PAGE: u64 = 10;
/// Rows that are left out for one that is counted.
const SKIPPED: u64 = 100;
/// The price of what may have to look through a table.
const SCAN: u64 = 1_000;
/// The price of a total count, whether a connection is asked for it or not.
const COUNT: u64 = 100;
/// The price of a field of a subscription, which is a question with each block.
const SUBSCRIBED: u64 = 1_000;
/// The price of a proof, for which a node works.
const PROOF: u64 = 5_000;
/// How deep brackets may lie in each other in the text of a request: the parser goes down as deep as they do.
const DEEPEST_TEXT: usize = 64;

/// Whether a text can be given to the parser. It is read as the parser reads it: what stands in texts and comments is no
/// bracket, and a text that does not end is refused, for the parser would look for another way to read it.
///
/// # Errors
/// It is nested too deep, or a text in it does not end.
pub fn readable(text: &str) -> Result<(), String> {
    let mut depth = 0_usize;
    let mut rest = text.as_bytes();
    while let Some((byte, more)) = rest.split_first() {
        rest = match byte {
            b'#' => &more[more.iter().position(is_end_of_line).unwrap_or(more.len())..],
            b'"' => after_text(rest).ok_or("a text in quotes does not end")?,
            _ => more,
        };
        match byte {
            b'{' | b'[' | b'(' => depth += 1,
            b'}' | b']' | b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST_TEXT {
            return Err(format!("brackets lie more than {DEEPEST_TEXT} deep in each other"));
        }
    }
    Ok(())
}

fn is_end_of_line(byte: &u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

/// What comes behind a text in quotes, simple or threefold ones. `None`: it does not end.
fn after_text(text: &[u8]) -> Option<&[u8]> {
    const BLOCK: &[u8] = b"\"\"\"";
    if let Some(mut rest) = text.strip_prefix(BLOCK) {
        loop {
            if let Some(behind) = rest.strip_prefix(BLOCK) {
                return Some(behind);
            }
            let escaped = rest.first() == Some(&b'\\') && rest[1..].starts_with(BLOCK);
            rest = rest.get(if escaped { 1 + BLOCK.len() } else { 1 }..)?;
        }
    }
    let mut rest = text.get(1..)?;
    loop {
        rest = match rest.first()? {
            b'"' => return rest.get(1..),
            b'\\' => rest.get(2..)?,
            byte if is_end_of_line(byte) => return None,
            _ => rest.get(1..)?,
        };
    }
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
    let defaults = Vec::new();
    let mut meter = Meter { document, variables, defaults, most, visited: 0, subscribed: false };
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
    /// What variables are that were not given.
    defaults: Vec<(Name, Value)>,
    most: u64,
    /// Selections that were looked at: the work of this itself is bounded as well.
    visited: u64,
    /// Whether the fields of the root come row by row.
    subscribed: bool,
}

impl Meter<'_> {
    fn operation(&mut self, operation: &OperationDefinition) -> Result<u64, String> {
        self.subscribed = operation.ty == OperationType::Subscription;
        let defaults = operation.variable_definitions.iter().filter_map(|definition| {
            let definition = &definition.node;
            Some((definition.name.node.clone(), definition.default_value.as_ref()?.node.clone()))
        });
        self.defaults = defaults.collect();
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

    /// Looks at what is asked of the schema itself: that has one price, and bounds of its own.
    fn introspection(
        &mut self,
        set: &SelectionSet,
        depth: usize,
        lists: usize,
    ) -> Result<(), String> {
        if depth > DEEPEST_INTROSPECTION || lists > LISTS_IN_LISTS {
            return Err(
                "the schema is asked for too deep: ask for a type by its name (__type)".to_owned()
            );
        }
        for selection in &set.items {
            self.visited += 1;
            if self.visited > self.most {
                return Err(self.too_dear());
            }
            match &selection.node {
                Selection::Field(field) => {
                    let list = LISTS.contains(&field.node.name.node.as_str());
                    let lists = lists + usize::from(list);
                    self.introspection(&field.node.selection_set.node, depth + 1, lists)?;
                }
                Selection::InlineFragment(fragment) => {
                    self.introspection(&fragment.node.selection_set.node, depth + 1, lists)?;
                }
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) =
                        self.document.fragments.get(&spread.node.fragment_name.node)
                    {
                        self.introspection(&fragment.node.selection_set.node, depth + 1, lists)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn field(&mut self, field: &Positioned<Field>, depth: usize) -> Result<u64, String> {
        let field = &field.node;
        // Introspection is as large as the schema, whoever asks.
        if field.name.node.starts_with("__") {
            self.introspection(&field.selection_set.node, 0, 0)?;
            let leaf = field.selection_set.node.items.is_empty();
            return Ok(if leaf { 1 } else { INTROSPECTION });
        }
        let within = self.set(&field.selection_set.node, depth + 1)?;
        let leaf = field.selection_set.node.items.is_empty();
        let name = field.name.node.as_str();
        let (rows, own) = match leaf {
            true => (1, 0),
            false if self.subscribed && depth == 0 => (1, SUBSCRIBED),
            false => self.rows(field),
        };
        let own = match name {
            "proof" if leaf => PROOF,
            "search" => SCAN,
            name if name.ends_with("Aggregate") => SCAN,
            // It may be asked for its total count.
            name if name.ends_with("Connection") => own + COUNT,
            _ => own,
        };
        Ok(rows.saturating_mul(within.max(1)).saturating_add(own))
    }

    /// How many rows a field with fields in it may have, and what it costs to look for them.
    fn rows(&self, field: &Field) -> (u64, u64) {
        let named = ["first", "last"].into_iter().find_map(|name| self.argument(field, name));
        let name = field.name.node.as_str();
        // What has a page of its own without saying so; and what only passes on the page of what it is in.
        let list = name.ends_with('s') && !matches!(name, "edges" | "nodes");
        let list = list
            || name.ends_with("Connection")
            || name.ends_with("Aggregate")
            || name == "history";
        let list = list || name == "search";
        let skipped = self.argument(field, "skip").unwrap_or(0) / SKIPPED;
        match (named, list) {
            (None, false) => (1, 1),
            (named, _) => (named.unwrap_or(USUAL), PAGE + skipped),
        }
    }

    fn argument(&self, field: &Field, name: &str) -> Option<u64> {
        let value = field.get_argument(name)?.node.clone();
        let value = value.into_const_with(|variable| {
            Ok::<_, std::convert::Infallible>(
                self.variables
                    .get(&variable)
                    .or_else(|| self.default(&variable))
                    .cloned()
                    .unwrap_or(Value::Null),
            )
        });
        match value {
            Ok(Value::Number(number)) => Some(number.as_u64().unwrap_or(0)),
            _ => None,
        }
    }

    fn default(&self, variable: &Name) -> Option<&Value> {
        self.defaults.iter().find(|(name, _)| name == variable).map(|(_, value)| value)
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
        assert_eq!(of("{ vehicles(first: 10) { plate owner { name } } }"), Ok(40));
        assert_eq!(
            of("{ blocks(first: 10) { events(first: 20) { name } } }"),
            Ok(10 * (20 + 10) + 10)
        );
        assert_eq!(
            of("{ vehiclesConnection(first: 10) { edges { node { plate } } } }"),
            Ok(10 * 3 + 10 + 100)
        );
        assert!(of("{ blocks { events { accounts } calls { name } } }").is_ok());
        assert_eq!(of("subscription { vehicles { plate owner { name } } }"), Ok(1_003));
        assert!(of(&format!(
            "subscription {{ {} }}",
            (0..60).map(|n| format!("a{n}: blocks {{ id }} ")).collect::<String>()
        ))
        .is_err());
        assert_eq!(of("{ events(first: 1, skip: 99999) { id } }"), Ok(1 + 10 + 999));
        assert!(of("{ companiesConnection { totalCount } }").is_ok());
        assert_eq!(of("{ eventsAggregate(first: 1) { count } }"), Ok(1 + 1_000));
        let deep = (0..30).fold("name".to_owned(), |inner, _| format!("ofType {{ {inner} }}"));
        assert_eq!(of(&format!("{{ __type(name: \"Block\") {{ {deep} }} }}")), Ok(INTROSPECTION));
        assert!(of("{ vehicles(first: 20) { proof } }").is_err());
        assert!(of("{ blocks(first: 1000) { events(first: 1000) { name } } }")
            .unwrap_err()
            .contains("first"));
        let defaults =
            "query ($n: Int = 1000) { blocks(first: $n) { events(first: $n) { name } } }";
        assert!(of(defaults).is_err());
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
    fn the_schema_is_no_way_around() {
        let mut text = "{ __schema { ...f0 } }".to_owned();
        for level in 0..28 {
            let spread = format!("...f{} ", level + 1).repeat(10);
            text += &format!(" fragment f{level} on __Schema {{ {spread} }}");
        }
        text += " fragment f28 on __Schema { description }";
        assert!(of(&text).is_err());
        let lists = "types { fields { type { fields { type { fields { name } } } } } }";
        assert!(of(&format!("{{ __schema {{ {lists} }} }}")).unwrap_err().contains("__type"));
        assert_eq!(
            of("{ __schema { types { fields { args { name } type { ofType { name } } } } } }"),
            Ok(INTROSPECTION)
        );
    }

    #[test]
    fn what_the_parser_reads_as_brackets_is_counted() {
        let deep = "{a".repeat(60_000);
        for before in
            ["#\"\\\n", "#\"\r", "{a(b:\"\"\"\n\"\"\")", "\"x\" ", "\"\"\"\\\"\"\" \"\"\""]
        {
            assert!(readable(&format!("{before}{deep}")).is_err(), "{before:?}");
        }
        // Where a text does not end, the parser would read on in another way.
        for endless in ["[\"\"\"x\" [[[[", "\"a\n\"", "\"\\\"", "\""] {
            assert!(readable(endless).unwrap_err().contains("does not end"), "{endless:?}");
        }
        assert!(readable("{ a(b: \"\"\"{{{ \\\"\"\" [[\"\"\") } # {{{{").is_ok());
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
