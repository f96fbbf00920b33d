//! What kind of statement a text is, and where its data begins.

use super::{
    exception::{code, Exception},
    lexer::{Kind as TokenKind, Lexer, Token},
    outside::{self, outside},
};

/// How a statement is run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// It reads rows, which may be very many.
    Select,
    /// It is followed by data in a format.
    Insert {
        /// The format of the data.
        format: String,
    },
    /// Everything else; its answer is small.
    Other,
}

/// A statement apart from its data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Statement {
    pub(super) kind: Kind,
    /// Where its text ends. An insert's lies before its FORMAT or VALUES.
    pub(super) end: usize,
    /// Where its data begins; the length of the text if it has none.
    pub(super) data: usize,
    /// The format that it asks for, of a statement that answers.
    pub(super) format: Option<String>,
    /// Where its FORMAT stands, or where its last word ends if it has none.
    pub(super) clauses: usize,
    /// It is an INSERT, with data or with a SELECT.
    pub(super) inserts: bool,
}

impl Statement {
    /// Whether its data may be expressions, which the engine would evaluate.
    pub(super) fn has_expressions(&self) -> bool {
        matches!(&self.kind, Kind::Insert { format } if format.eq_ignore_ascii_case("Values"))
    }
}

/// Reads the text of a request, or as much of its beginning as there is.
pub(super) fn read(text: &[u8]) -> Result<Statement, Exception> {
    let mut tokens = Lexer::new(text);
    let Some(first) = tokens.next() else {
        return Err(syntax("the query is empty: send it as `query`, or as the body"));
    };
    let lexer = Lexer::new(text);
    let inserts = lexer.is(first, "INSERT");
    let statement = match inserts {
        true => insert(text)?,
        false => other(text, first)?,
    };
    outside::refuse(&text[..statement.data.max(statement.end)])?;
    Ok(Statement { inserts, ..statement })
}

/// An INSERT: `INSERT INTO [TABLE|FUNCTION] name ... FORMAT x data`, `... VALUES data`, `... SELECT ...`.
fn insert(text: &[u8]) -> Result<Statement, Exception> {
    let lexer = Lexer::new(text);
    let mut tokens = Lexer::new(text).peekable();
    let mut selects = false;
    tokens.next();
    while tokens.next_if(|t| ["INTO", "TABLE"].iter().any(|word| lexer.is(*t, word))).is_some() {}
    // The table may have the name of a keyword.
    tokens.next();
    while tokens.next_if(|t| t.kind == TokenKind::Sign(b'.')).is_some() {
        tokens.next();
    }
    while let Some(token) = tokens.next() {
        // The engine would take the data for nothing, and acknowledge it.
        if lexer.is(token, "input")
            && tokens.peek().is_some_and(|next| next.kind == TokenKind::Sign(b'('))
        {
            let sentence = "input() is not served by the embedded engine: insert into a table, and select from it";
            return Err(Exception::new(code::NOT_IMPLEMENTED, "NOT_IMPLEMENTED", sentence));
        }
        if token.depth > 0 {
            continue;
        }
        if lexer.is(token, "SELECT") || lexer.is(token, "WITH") {
            selects = true;
        } else if lexer.is(token, "INFILE") {
            return Err(outside("INFILE"));
        } else if lexer.is(token, "VALUES") && !selects {
            let kind = Kind::Insert { format: "Values".to_owned() };
            let (end, data) = (token.start, token.end);
            return Ok(with_data(kind, end, data));
        } else if lexer.is(token, "FORMAT") && !selects {
            let Some(name) = tokens.next_if(|next| next.kind == TokenKind::Word) else { continue };
            let format = String::from_utf8_lossy(&text[name.start..name.end]).into_owned();
            let (end, data) = (token.start, begin_of_data(text, name.end));
            let kind = Kind::Insert { format };
            return Ok(with_data(kind, end, data));
        }
    }
    whole(text, Kind::Other, None)
}

fn with_data(kind: Kind, end: usize, data: usize) -> Statement {
    Statement { kind, end, data, format: None, clauses: end, inserts: true }
}

/// ClickHouse's rule: after the blanks behind the format's name, and after the line's end if there is one.
fn begin_of_data(text: &[u8], after: usize) -> usize {
    let rest = &text[after..];
    let blanks = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\x0c')).count();
    let line_end = match &rest[blanks..] {
        [b'\r', b'\n', ..] => 2,
        [b'\n', ..] => 1,
        _ => 0,
    };
    after + blanks + line_end
}

/// A statement without data.
fn other(text: &[u8], first: Token) -> Result<Statement, Exception> {
    let lexer = Lexer::new(text);
    let selects = first.kind == TokenKind::Sign(b'(')
        || ["SELECT", "WITH", "FROM"].iter().any(|word| lexer.is(first, word));
    let mut format = None;
    let mut tokens = Lexer::new(text).peekable();
    while let Some(token) = tokens.next() {
        if lexer.is(token, "INTO") && tokens.peek().is_some_and(|next| lexer.is(*next, "OUTFILE")) {
            return Err(outside("INTO OUTFILE"));
        }
        if token.depth == 0 && lexer.is(token, "FORMAT") {
            if let Some(name) = tokens.next_if(|next| next.kind == TokenKind::Word) {
                let name = String::from_utf8_lossy(&text[name.start..name.end]).into_owned();
                format = Some((token.start, name));
            }
        }
    }
    whole(text, if selects { Kind::Select } else { Kind::Other }, format)
}

/// A statement that is all of the text; refused if there is more than one.
fn whole(text: &[u8], kind: Kind, format: Option<(usize, String)>) -> Result<Statement, Exception> {
    let mut ended = false;
    let mut last = 0;
    for token in Lexer::new(text) {
        match token.kind {
            TokenKind::Sign(b';') => ended = true,
            _ if ended => {
                return Err(syntax(
                    "multi-statements are not allowed: send one statement in a request",
                ))
            }
            _ => last = token.end,
        }
    }
    let (clauses, format) = match format {
        Some((at, name)) => (at, Some(name)),
        None => (last, None),
    };
    let end = text.len();
    Ok(Statement { kind, end, data: end, format, clauses, inserts: false })
}

fn syntax(sentence: &str) -> Exception {
    Exception::new(code::SYNTAX_ERROR, "SYNTAX_ERROR", sentence)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> (Kind, &str, &str) {
        let statement = read(text.as_bytes()).unwrap();
        (statement.kind, &text[..statement.end], &text[statement.data..])
    }

    fn of(format: &str) -> Kind {
        Kind::Insert { format: format.into() }
    }

    #[test]
    fn the_data_of_an_insert_begins_behind_its_format() {
        assert_eq!(
            parts("INSERT INTO db.t (a, `b;`) SETTINGS x = 1 FORMAT RowBinary\n\x01;"),
            (of("RowBinary"), "INSERT INTO db.t (a, `b;`) SETTINGS x = 1 ", "\x01;")
        );
        assert_eq!(parts("insert into t format CSV 1,2"), (of("CSV"), "insert into t ", "1,2"));
        assert_eq!(parts("INSERT INTO t FORMAT CSV"), (of("CSV"), "INSERT INTO t ", ""));
        assert_eq!(
            parts("INSERT INTO format (values) VALUES (1), ('; x')"),
            (of("Values"), "INSERT INTO format (values) ", " (1), ('; x')")
        );
        assert_eq!(parts("INSERT INTO t FORMAT TSV \r\n1\n").2, "1\n");
        assert_eq!(parts("INSERT INTO TABLE t SELECT 1").0, Kind::Other);
        let input = read(b"INSERT INTO t SELECT a FROM input('a UInt8') FORMAT CSV\n1\n");
        assert_eq!(input.unwrap_err().code, code::NOT_IMPLEMENTED);
    }

    #[test]
    fn what_answers_rows_is_told_from_the_rest_and_its_format_is_found() {
        for text in [
            "SELECT 1",
            "with 1 as x select x",
            "(SELECT 1) UNION ALL SELECT 2",
            "-- a\nFROM t SELECT a",
        ] {
            assert_eq!(parts(text).0, Kind::Select, "{text}");
        }
        for text in ["SHOW TABLES", "DESCRIBE TABLE t", "CREATE TABLE t (a Int8)", "garbage"] {
            assert_eq!(parts(text).0, Kind::Other, "{text}");
        }
        let format = |text: &str| read(text.as_bytes()).unwrap().format;
        assert_eq!(format("SELECT 1 FORMAT JSON;").as_deref(), Some("JSON"));
        assert_eq!(format("SELECT 1 FORMAT JSON SETTINGS a = 1").as_deref(), Some("JSON"));
        assert_eq!(format("SELECT format('{}', 'FORMAT CSV') AS f"), None);
        let clauses = |text: &'static str| &text[read(text.as_bytes()).unwrap().clauses..];
        assert_eq!(clauses("SELECT 1 FORMAT JSON SETTINGS a = 1"), "FORMAT JSON SETTINGS a = 1");
        assert_eq!(clauses("SELECT 1 -- all\n ; "), " -- all\n ; ");
    }

    #[test]
    fn one_statement_in_a_request() {
        assert_eq!(parts("SELECT ';' ; ; -- the end").0, Kind::Select);
        for text in ["SELECT 1; SELECT 2", "SELECT 1; garbage", "DROP TABLE t;;x"] {
            assert_eq!(read(text.as_bytes()).unwrap_err().code, code::SYNTAX_ERROR, "{text}");
        }
        assert_eq!(read(b" -- nothing").unwrap_err().code, code::SYNTAX_ERROR);
    }

    #[test]
    fn any_bytes_are_read_or_refused() {
        bolero::check!().for_each(|bytes: &[u8]| {
            if let Ok(statement) = read(bytes) {
                assert!(statement.end <= statement.data && statement.data <= bytes.len());
            }
        });
    }
}
