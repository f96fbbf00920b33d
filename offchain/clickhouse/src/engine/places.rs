//! Where a statement names its tables: behind FROM and JOIN, in lists of tables, behind INTO FUNCTION, DESCRIBE and AS.
//!
//! What is called there is a function that makes a table (`numbers(3)`); what is called elsewhere is an ordinary one. This
//! goes by keywords, as the engine's parser does. Where it has to guess, it takes a place for a table's.

use super::lexer::{Kind, Token};

/// Functions with a FROM of their own: `extract(DAY FROM x)`.
const WITH_FROM: [&str; 8] =
    ["extract", "trim", "ltrim", "rtrim", "substring", "substr", "mid", "overlay"];
/// Behind these, a comma does not go on to another table.
const AFTER_TABLES: [&str; 14] = [
    "select",
    "where",
    "prewhere",
    "group",
    "having",
    "window",
    "qualify",
    "order",
    "limit",
    "settings",
    "union",
    "except",
    "intersect",
    "format",
];
/// What may come in a table's place without being its name.
const NO_NAMES: [&str; 6] = ["select", "with", "from", "explain", "lateral", "table"];

/// What is known between two brackets.
#[derive(Clone, Copy, Debug, Default)]
struct Level {
    /// A comma goes on to another table.
    tables: bool,
    /// These are the arguments of a function with a FROM of its own.
    arguments: bool,
    /// ORDER BY was read: `WITH FILL FROM` may come.
    ordered: bool,
    /// SELECT was read.
    selects: bool,
    /// Something was read.
    begun: bool,
}

/// Reads tokens in their order, and says of each whether it stands in a table's place.
pub(super) struct Places {
    outer: Vec<Level>,
    level: Level,
    /// The statement makes something, of which the text or the structure may come behind AS.
    creates: bool,
    /// The next token stands in a table's place.
    awaited: bool,
    /// The last token named a table, or a part of its name.
    named: bool,
    /// The last two words, in lower case; a dot, and nothing for other signs and quoted names.
    last: [String; 2],
}

impl Places {
    /// Before the first token of a statement that makes something, or does not.
    pub(super) fn new(creates: bool) -> Self {
        let (outer, level, last) = (Vec::new(), Level::default(), Default::default());
        Self { outer, level, creates, awaited: false, named: false, last }
    }

    /// Whether this token names a table, or calls a function that makes one. All parts of `database.table` do.
    pub(super) fn next(&mut self, token: Token, text: &[u8]) -> bool {
        let here = std::mem::take(&mut self.awaited);
        let word = match token.kind {
            Kind::Word => String::from_utf8_lossy(&text[token.start..token.end]).to_lowercase(),
            Kind::Sign(b'.') => ".".to_owned(),
            _ => String::new(),
        };
        let part = self.last[0] == ".";
        let keyword = !part && (!here || NO_NAMES.contains(&word.as_str()));
        let mut opens = false;
        match token.kind {
            Kind::Sign(b'(' | b'[' | b'{') => {
                opens = true;
                self.open(here);
            }
            Kind::Sign(b')' | b']' | b'}') => self.level = self.outer.pop().unwrap_or_default(),
            Kind::Sign(b',') => self.awaited = self.level.tables,
            Kind::Sign(b'.') => self.awaited = self.named,
            Kind::Word if keyword => self.keyword(&word, here),
            _ => {}
        }
        self.level.begun |= !opens;
        let is_name =
            matches!(token.kind, Kind::Name | Kind::Text) || token.kind == Kind::Word && !keyword;
        self.named = here && is_name;
        self.last.rotate_right(1);
        self.last[0] = word;
        self.named
    }

    /// `(SELECT ...`, or tables in brackets, in a table's place; else anything.
    fn open(&mut self, here: bool) {
        self.outer.push(self.level);
        let arguments = WITH_FROM.contains(&self.last[0].as_str());
        self.level = Level { tables: here, arguments, ..Level::default() };
        self.awaited = here;
    }

    fn keyword(&mut self, word: &str, here: bool) {
        let [last, before] = self.last.each_ref().map(String::as_str);
        // What is made is named first, and its text comes last.
        let whole = self.creates && self.outer.is_empty();
        let alias = last == "as" && !whole;
        let level = &mut self.level;
        match word {
            "from" => {
                let compares = last == "distinct" && matches!(before, "is" | "not");
                let fills = last == "fill" && before == "with" && level.ordered;
                let argument = level.arguments && level.begun;
                self.awaited = !(alias || compares || fills || argument);
                level.tables |= self.awaited;
            }
            "join" => {
                // ARRAY JOIN has expressions.
                self.awaited = last != "array";
                level.tables = self.awaited;
            }
            "function" => self.awaited = matches!(last, "into" | "table"),
            "describe" | "desc" => {
                self.awaited = last.is_empty() && self.outer.is_empty() && !level.begun
            }
            "as" => self.awaited = whole && !level.selects,
            "lateral" | "table" => self.awaited = here,
            _ => {}
        }
        if word == "with" && !level.begun {
            // A query, and no argument: `trim(WITH ... FROM ...`.
            level.arguments = false;
        }
        if AFTER_TABLES.contains(&word) && !alias {
            level.tables = false;
        }
        level.ordered |= word == "order";
        if word == "select" {
            *level = Level { selects: true, arguments: false, ordered: false, ..*level };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::lexer::Lexer, *};

    /// What stands in tables' places.
    fn tables(text: &str) -> Vec<&str> {
        let bytes = text.as_bytes();
        let first = Lexer::new(bytes).next().unwrap();
        let mut places = Places::new(Lexer::new(bytes).is(first, "CREATE"));
        Lexer::new(bytes)
            .filter(|token| places.next(*token, bytes))
            .map(|token| &text[token.start..token.end])
            .collect()
    }

    #[test]
    fn tables_are_found_where_they_are_named() {
        for (text, expected) in [
            ("SELECT a, f(b) FROM t WHERE c IN (SELECT d FROM u)", vec!["t", "u"]),
            ("SELECT * FROM d.t AS a, f(1) AS b LEFT JOIN g(2) ON a.x = h(b), i(3) WHERE j(4), k(5)", vec!["d", "t", "f", "g", "i"]),
            ("SELECT * FROM t ARRAY JOIN range(3) AS a, range(b) AS c JOIN u USING (v)", vec!["t", "u"]),
            ("SELECT * FROM (SELECT 1, f(2)), (g(3) AS a JOIN h(4) ON i(5))", vec!["g", "h"]),
            ("WITH a AS (SELECT * FROM f(1)) FROM a, g(2) SELECT h(3), i(4)", vec!["f", "a", "g"]),
            ("SELECT * FROM t UNION ALL SELECT f(1), g(2) FROM h(3)", vec!["t", "h"]),
            ("SELECT 1 AS from, f(2) AS where FROM t AS limit, g(3)", vec!["t", "g"]),
            ("SELECT * FROM system.settings, f(1)", vec!["system", "settings", "f"]),
            ("INSERT INTO t (a, b) SELECT * FROM f(1)", vec!["f"]),
            ("INSERT INTO FUNCTION f(1) SELECT 2", vec!["f"]),
            ("INSERT INTO TABLE FUNCTION f(1) VALUES (2)", vec!["f"]),
            ("DESCRIBE TABLE f(1)", vec!["f"]),
            ("DESC f(1)", vec!["f"]),
            ("SELECT a FROM t ORDER BY a DESC, f(1)", vec!["t"]),
            ("CREATE TABLE t (a UInt8 DEFAULT f(1)) ENGINE = Memory AS g(2)", vec!["g"]),
            ("CREATE VIEW v AS FROM f(1) SELECT a AS g, h(2)", vec!["f"]),
            ("CREATE VIEW v AS SELECT f(1) AS g", vec![]),
            ("CREATE VIEW v AS WITH a AS (SELECT 1) SELECT (2) FROM a", vec!["a"]),
            ("CREATE FUNCTION f AS (a, b) -> g(a)", vec!["a", "b"]),
            ("ATTACH TABLE t FROM 'x' (a UInt8)", vec!["'x'"]),
            ("EXPLAIN SELECT * FROM t FORMAT JSON", vec!["t"]),
        ] {
            assert_eq!(tables(text), expected, "{text}");
        }
    }

    #[test]
    fn not_every_from_is_followed_by_a_table() {
        for text in [
            "SELECT extract(DAY FROM toDate(a)), trim(BOTH 'a' FROM lower(b)), substring(c FROM f(1) FOR 2)",
            "SELECT a IS DISTINCT FROM f(1), a IS NOT DISTINCT FROM g(2)",
            "SELECT a ORDER BY a WITH FILL FROM f(1) TO g(2)",
            "SELECT t.from, f(1)",
        ] {
            assert_eq!(tables(text), [""; 0], "{text}");
        }
        for text in [
            "INSERT INTO trim (FROM f(1) SELECT *)",
            "INSERT INTO trim (WITH 1 AS a FROM f(1) SELECT a)",
            "INSERT INTO trim (SELECT a FROM f(1))",
            "SELECT trim(a FROM b), fill FROM f(1)",
            "WITH 1 AS with SELECT with fill FROM f(1)",
            "SELECT DISTINCT distinct FROM f(1)",
        ] {
            assert_eq!(tables(text), ["f"], "{text}");
        }
    }

    #[test]
    fn any_bytes_have_places() {
        bolero::check!().for_each(|bytes: &[u8]| {
            let mut places = Places::new(true);
            Lexer::new(bytes).for_each(|token| {
                places.next(token, bytes);
            });
        });
    }
}
