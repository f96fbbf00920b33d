//! What kind of statement a text is, and where its data begins.

use super::{
    exception::{code, Exception},
    lexer::{Kind as TokenKind, Lexer, Token},
};

/// Functions, engines and sources that reach past the database: files of this machine, other machines, programs.
///
/// ClickHouse's server fences them in by its configuration; the embedded engine would serve any file.
const OUTSIDE: &[&str] = &[
    "azureblobstorage",
    "azureblobstoragecluster",
    "deltalake",
    "executable",
    "executablepool",
    "externaldistributed",
    "file",
    "filecluster",
    "filesystem",
    "gcs",
    "hdfs",
    "hdfscluster",
    "hive",
    "hudi",
    "iceberg",
    "jdbc",
    "kafka",
    "mongodb",
    "mysql",
    "nats",
    "odbc",
    "postgresql",
    "python",
    "rabbitmq",
    "redis",
    "remote",
    "remotesecure",
    "s3",
    "s3cluster",
    "sqlite",
    "url",
    "urlcluster",
    "ytsaurus",
];

/// Families of such functions and engines, which have a member for each kind of storage: `icebergS3`, `deltaLakeLocal`.
/// No member has an underscore in its name, as tables may: `remote_controls`.
const OUTSIDE_FAMILIES: &[&str] =
    &["arrowflight", "azure", "deltalake", "hdfs", "hudi", "iceberg", "paimon", "remote", "s3"];

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
}

/// Reads the text of a request, or as much of its beginning as there is.
pub(super) fn read(text: &[u8]) -> Result<Statement, Exception> {
    let mut tokens = Lexer::new(text);
    let Some(first) = tokens.next() else {
        return Err(syntax("the query is empty: send it as `query`, or as the body"));
    };
    let lexer = Lexer::new(text);
    let statement = match lexer.is(first, "INSERT") {
        true => insert(text)?,
        false => other(text, first)?,
    };
    refuse_outside(&text[..statement.data.max(statement.end)])?;
    Ok(statement)
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
            return Ok(Statement { kind, end, data, format: None, clauses: end });
        } else if lexer.is(token, "FORMAT") && !selects {
            let Some(name) = tokens.next_if(|next| next.kind == TokenKind::Word) else { continue };
            let format = String::from_utf8_lossy(&text[name.start..name.end]).into_owned();
            let (end, data) = (token.start, begin_of_data(text, name.end));
            let kind = Kind::Insert { format };
            return Ok(Statement { kind, end, data, format: None, clauses: end });
        }
    }
    whole(text, Kind::Other, None)
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
    Ok(Statement { kind, end: text.len(), data: text.len(), format, clauses })
}

/// Refuses what reaches past the database.
fn refuse_outside(text: &[u8]) -> Result<(), Exception> {
    // The engine takes some characters beyond ASCII for white space.
    let seen = |token: &Token| !matches!(token.kind, TokenKind::Sign(sign) if !sign.is_ascii());
    let lexer = Lexer::new(text);
    let mut tokens = Lexer::new(text).filter(seen).peekable();
    let creates = ["CREATE", "ATTACH", "REPLACE"];
    let first = Lexer::new(text).find(seen);
    let creates = first.is_some_and(|first| creates.iter().any(|word| lexer.is(first, word)));
    // CREATE OR REPLACE DICTIONARY, at most.
    let mut head = Lexer::new(text).filter(seen).take(4);
    let dictionary = creates && head.any(|token| lexer.is(token, "DICTIONARY"));
    // What the word before announces.
    let (mut engine, mut system, mut equals) = (false, false, false);
    while let Some(token) = tokens.next() {
        let word = &text[token.start..token.end];
        let called = tokens.peek().is_some_and(|t| t.kind == TokenKind::Sign(b'('));
        match token.kind {
            // The default database finds files by such names.
            TokenKind::Name if word.contains(&b'/') => {
                return Err(outside(&String::from_utf8_lossy(word)));
            }
            TokenKind::Word | TokenKind::Name => {
                let name = bare(word);
                let of_a_family = !name.contains('_')
                    && OUTSIDE_FAMILIES.iter().any(|family| name.starts_with(family));
                let reaches = of_a_family || OUTSIDE.contains(&name.as_str());
                // A name with an escape in it may be any name.
                let hidden = token.kind == TokenKind::Name && word.contains(&b'\\');
                if (called || engine) && (reaches || hidden) {
                    return Err(outside(&name));
                }
                if creates && engine && equals && !is_own_engine(&name) {
                    return Err(outside(&format!("ENGINE = {name}")));
                }
                if dictionary && called && name == "source" {
                    return Err(outside("a dictionary's SOURCE"));
                }
                if system && ["shutdown", "kill", "suspend"].contains(&name.as_str()) {
                    return Err(outside(&format!("SYSTEM {name}")));
                }
            }
            TokenKind::Sign(b'=') if engine => {
                equals = true;
                continue;
            }
            // A parameter of the request that stands for a name.
            TokenKind::Sign(b'{') if engine && creates => {
                return Err(outside("an engine by a parameter"));
            }
            _ => {}
        }
        equals = false;
        (engine, system) = (lexer.is(token, "ENGINE"), lexer.is(token, "SYSTEM"));
    }
    refuse_hidden_calls(text)
}

/// Refuses `{name:Identifier}(...)`, but for the columns of an insert: nobody knows what it calls.
fn refuse_hidden_calls(text: &[u8]) -> Result<(), Exception> {
    let lexer = Lexer::new(text);
    let seen = |token: &Token| !matches!(token.kind, TokenKind::Sign(sign) if !sign.is_ascii());
    let tokens: Vec<Token> = Lexer::new(text).filter(seen).collect();
    for (at, pair) in tokens.windows(2).enumerate() {
        let calls = pair[0].kind == TokenKind::Sign(b'}') && pair[1].kind == TokenKind::Sign(b'(');
        let named = at > 0 && lexer.is(tokens[at - 1], "Identifier");
        if !(calls && named) {
            continue;
        }
        let opened = tokens[..at].iter().rposition(|t| t.kind == TokenKind::Sign(b'{'));
        let before = opened.and_then(|opened| opened.checked_sub(1)).map(|before| tokens[before]);
        let of_a_table = |token| ["INTO", "TABLE"].iter().any(|word| lexer.is(token, word));
        if !before.is_some_and(of_a_table) {
            return Err(outside("a function by a parameter"));
        }
    }
    Ok(())
}

/// A name without its quotes, in lower case.
fn bare(word: &[u8]) -> String {
    let name = String::from_utf8_lossy(word).to_lowercase();
    name.trim_matches(['`', '"', '“', '”']).to_owned()
}

/// Whether an engine keeps its data in the database itself.
fn is_own_engine(name: &str) -> bool {
    const OWN: [&str; 13] = [
        "atomic",
        "buffer",
        "join",
        "log",
        "materializedview",
        "memory",
        "merge",
        "null",
        "set",
        "stripelog",
        "tinylog",
        "view",
        "generaterandom",
    ];
    name.ends_with("mergetree") || OWN.contains(&name)
}

fn syntax(sentence: &str) -> Exception {
    Exception::new(code::SYNTAX_ERROR, "SYNTAX_ERROR", sentence)
}

fn outside(what: &str) -> Exception {
    let sentence =
        format!("{what} is not served: the embedded engine reads and writes its own tables only");
    Exception::new(code::ACCESS_DENIED, "ACCESS_DENIED", sentence)
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
    fn nothing_outside_the_database_is_reached() {
        for text in [
            "SELECT * FROM file('/etc/passwd', 'LineAsString')",
            "SELECT * FROM URL ('http://127.0.0.1')",
            "INSERT INTO FUNCTION file('x.csv') SELECT 1",
            "INSERT INTO FUNCTION s3('x') VALUES (1)",
            "INSERT INTO t FROM INFILE 'x' FORMAT CSV",
            "CREATE TABLE t (a Int8) ENGINE = File(CSV)",
            "CREATE TABLE t (a Int8) ENGINE MySQL",
            "SELECT 1 INTO OUTFILE 'x'",
            "SELECT * FROM `/etc/passwd`",
            "SELECT * FROM default.\"../x\"",
            "SYSTEM SHUTDOWN",
            "SELECT * FROM `file`('/etc/passwd')",
            "SELECT * FROM “file”('/etc/passwd')",
            "SELECT * FROM file\u{a0}('/etc/passwd')",
            "SELECT * FROM `fi\\x6ce`('/etc/passwd')",
            "SELECT * FROM {f:Identifier}('/etc/passwd')",
            "INSERT INTO FUNCTION {f:Identifier}('x') VALUES (1)",
            "SELECT * FROM icebergLocal('/etc')",
            "SELECT * FROM deltaLakeLocal('/etc')",
            "CREATE TABLE t ENGINE = IcebergS3('http://127.0.0.1')",
            "CREATE TABLE t (a Int8) ENGINE = `File`(CSV)",
            "CREATE TABLE t (a Int8) ENGINE = NewKindOfStore('x')",
            "CREATE TABLE t (a Int8) ENGINE = {e:Identifier}",
            "CREATE DICTIONARY d (a Int8) PRIMARY KEY a SOURCE(HTTP(URL 'http://127.0.0.1'))",
        ] {
            let refused = read(text.as_bytes()).unwrap_err();
            assert_eq!(refused.code, code::ACCESS_DENIED, "{text}");
        }
        assert!(read(b"SELECT file FROM t WHERE a = url AND b = 'file(x)' -- file(x)").is_ok());
        assert!(read(b"INSERT INTO t VALUES ('file(', 1)").is_ok());
        for text in [
            "SELECT {a:Identifier} FROM {t:Identifier} WHERE b = ‘file(x)’",
            "INSERT INTO {t:Identifier} (a, b) VALUES (1, 2)",
            "INSERT INTO remote_controls (a, b) VALUES (1, 2)",
            "CREATE TABLE t (a Int8) ENGINE = ReplacingMergeTree ORDER BY a",
            "CREATE TABLE t (a Int8) ENGINE=Memory",
            "SELECT name FROM system.tables WHERE engine = name",
            "SELECT `count`(a), domain(x) FROM t",
        ] {
            assert!(read(text.as_bytes()).is_ok(), "{text}");
        }
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
