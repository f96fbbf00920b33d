//! What reaches past the database, and is refused: files of this machine, other machines, programs.
//!
//! ClickHouse's server fences all that in by its configuration; the embedded engine would serve any file. Engines, and
//! functions that make tables, are taken from lists of those that keep to the database. Of ordinary functions there are
//! more than a thousand, and a list of those that do not.

use super::{
    exception::{code, Exception},
    lexer::{Kind, Lexer, Token},
    places::Places,
};

/// Functions that make tables of nothing but their arguments and the tables of this engine.
const OWN_TABLES: [&str; 16] = [
    "dictionary",
    "generate_series",
    "generaterandom",
    "generateseries",
    "merge",
    "mergetreeindex",
    "mergetreeprojection",
    "null",
    "numbers",
    "numbers_mt",
    "primes",
    "sqlstandardvalues",
    "values",
    "view",
    "zeros",
    "zeros_mt",
];

/// Engines that keep their data in the database itself; beside these, all whose name ends in MergeTree.
const OWN_ENGINES: [&str; 13] = [
    "atomic",
    "buffer",
    "generaterandom",
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
];

/// Functions, engines and kinds of storage that are refused wherever they are called.
const OUTSIDE: &[&str] = &[
    "aiclassify",
    "aiembed",
    "aiextract",
    "aigenerate",
    "aitranslate",
    "azureblobstorage",
    "azureblobstoragecluster",
    "catboostevaluate",
    "cosn",
    "deltalake",
    "eval",
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
    "oss",
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

/// Settings by which files are read or written, addresses asked, or statements hidden in data.
const OUTSIDE_SETTINGS: [&str; 10] = [
    "dialect",
    "format_avro_schema_registry_url",
    "format_schema",
    "format_schema_source",
    "format_template_resultset",
    "format_template_row",
    "input_format_record_errors_file_path",
    INTERPRETED,
    DEDUCED,
    "output_format_schema",
];

/// Whether the data of VALUES may be expressions, and whether their form is learnt from the first.
const INTERPRETED: &str = "input_format_values_interpret_expressions";
const DEDUCED: &str = "input_format_values_deduce_templates_of_expressions";

/// The settings that let the data of VALUES be expressions, or literals alone.
pub(super) fn expressions(allowed: bool) -> [(String, String); 2] {
    [INTERPRETED, DEDUCED].map(|name| (name.to_owned(), u8::from(allowed).to_string()))
}

/// Refuses a setting by which something outside is reached.
pub(super) fn refuse_setting(name: &str) -> Result<(), Exception> {
    match OUTSIDE_SETTINGS.contains(&name) {
        true => Err(outside(&format!("the setting {name}"))),
        false => Ok(()),
    }
}

/// Refuses a statement that reaches past the database.
pub(super) fn refuse(text: &[u8]) -> Result<(), Exception> {
    let tokens: Vec<Token> = seen(text).collect();
    let lexer = Lexer::new(text);
    let begins = |words: &[&str]| {
        tokens.first().is_some_and(|first| words.iter().any(|word| lexer.is(*first, word)))
    };
    if begins(&["BACKUP", "RESTORE"]) {
        return Err(outside("a backup"));
    }
    let creates = begins(&["CREATE", "ATTACH", "REPLACE"]);
    // CREATE OR REPLACE DICTIONARY, at most.
    let dictionary = creates && tokens.iter().take(4).any(|token| lexer.is(*token, "DICTIONARY"));
    let mut places = Places::new(creates);
    let mut queries = false;
    for (at, token) in tokens.iter().enumerate() {
        let follows = |sign| tokens.get(at + 1).is_some_and(|next| next.kind == Kind::Sign(sign));
        let before = |word: &str| at > 0 && lexer.is(tokens[at - 1], word);
        let equals = at > 0 && tokens[at - 1].kind == Kind::Sign(b'=');
        let is_engine = before("ENGINE") || equals && at > 1 && lexer.is(tokens[at - 2], "ENGINE");
        queries |= ["SELECT", "WITH", "FROM"].iter().any(|word| lexer.is(*token, word));
        if places.next(*token, text) {
            refuse_table(*token, text, follows(b'('))?;
        }
        match token.kind {
            Kind::Word | Kind::Name => {}
            // A parameter of the request that stands for a name.
            Kind::Sign(b'{') if is_engine && creates => {
                return Err(outside("an engine by a parameter"));
            }
            _ => continue,
        }
        let word = &text[token.start..token.end];
        let name = bare(word);
        // The default database finds files by such names.
        if token.kind == Kind::Name && word.contains(&b'/') {
            return Err(outside(&name));
        }
        // A name with an escape in it may be any name.
        let hidden = token.kind == Kind::Name && word.contains(&b'\\');
        if (follows(b'(') || is_engine) && (hidden || reaches(&name)) {
            return Err(outside(&name));
        }
        // Without its sign it may be a column that is called so: among other columns, or in a query.
        let is_engine = is_engine && (equals || token.depth == 0 && !queries);
        if creates && is_engine && !is_own_engine(&name) {
            return Err(outside(&format!("ENGINE = {name}")));
        }
        if dictionary && follows(b'(') && name == "source" {
            return Err(outside("a dictionary's SOURCE"));
        }
        if follows(b'(') && equals && name == "disk" {
            return Err(outside("a disk of its own"));
        }
        if before("SYSTEM") && ["shutdown", "kill", "suspend"].contains(&name.as_str()) {
            return Err(outside(&format!("SYSTEM {name}")));
        }
        // Columns may have such a name; a dialect is of no use to the statement that sets it.
        if follows(b'=') && name != "dialect" {
            refuse_setting(&name)?;
        }
    }
    refuse_hidden_calls(&tokens, text)
}

/// Tokens, without some characters beyond ASCII that the engine takes for white space.
fn seen(text: &[u8]) -> impl Iterator<Item = Token> + '_ {
    let seen = |token: &Token| !matches!(token.kind, Kind::Sign(sign) if !sign.is_ascii());
    Lexer::new(text).filter(seen)
}

/// Refuses what stands in a table's place and is no table of this engine.
fn refuse_table(token: Token, text: &[u8], called: bool) -> Result<(), Exception> {
    let word = &text[token.start..token.end];
    match token.kind {
        // The engine takes it for a file's name.
        Kind::Text => Err(outside(&format!("the file {}", String::from_utf8_lossy(word)))),
        _ if called && !OWN_TABLES.contains(&bare(word).as_str()) => {
            Err(outside(&format!("the table function {}", bare(word))))
        }
        _ => Ok(()),
    }
}

fn reaches(name: &str) -> bool {
    let of_a_family =
        !name.contains('_') && OUTSIDE_FAMILIES.iter().any(|family| name.starts_with(family));
    of_a_family || OUTSIDE.contains(&name)
}

/// Refuses `{name:Identifier}(...)`, but for the columns of an insert: nobody knows what it calls.
fn refuse_hidden_calls(tokens: &[Token], text: &[u8]) -> Result<(), Exception> {
    let lexer = Lexer::new(text);
    for (at, pair) in tokens.windows(2).enumerate() {
        let calls = pair[0].kind == Kind::Sign(b'}') && pair[1].kind == Kind::Sign(b'(');
        let named = at > 0 && lexer.is(tokens[at - 1], "Identifier");
        if !(calls && named) {
            continue;
        }
        let opened = tokens[..at].iter().rposition(|token| token.kind == Kind::Sign(b'{'));
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

fn is_own_engine(name: &str) -> bool {
    name.ends_with("mergetree") || OWN_ENGINES.contains(&name)
}

pub(super) fn outside(what: &str) -> Exception {
    let sentence =
        format!("{what} is not served: the embedded engine reads and writes its own tables only");
    Exception::new(code::ACCESS_DENIED, "ACCESS_DENIED", sentence)
}

#[cfg(test)]
mod tests;
