//! What a file has, and of what: the text that is signed.
//!
//! JSON in UTF-8 without blanks and without an end of line, keys in the order of the alphabet (RFC 8785): what is said has
//! one text. A text that is another is refused, so a signature over it is one over what it says.

use std::fmt;

use serde::{Deserialize, Serialize};
use smartlink_chain::AccountId32;
use smartlink_proofs::Hash;

use super::{Comparison, Format, Selection, Versions};
use crate::domain::{Column, Kind};

/// The form of manifests that is written here.
const FORM: &str = "smartlink-export-1";
/// Bytes of a manifest, at most: a column or a condition takes a hundred.
pub(super) const LONGEST: u64 = 1 << 20;

/// What a file has, and of what. Fields are in the order of the alphabet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The length of the file.
    pub bytes: u64,
    /// Its columns, in order.
    pub columns: Vec<Heading>,
    /// The conditions that all its rows fulfil.
    pub conditions: Vec<Stated>,
    /// Names this form.
    pub form: String,
    /// The format of the file.
    pub format: Format,
    /// The index that it is of, at its last block.
    pub index: Point,
    /// When it was made, by the clock of who made it: RFC 3339, UTC.
    pub made: String,
    /// Rows of the file.
    pub rows: u64,
    /// The hash of all bytes of the file: 64 small hexadecimal digits.
    pub sha256: String,
    /// The address of who signs this. Nothing: nobody does.
    pub signer: Option<String>,
    /// The table or entity.
    pub table: String,
    /// Which versions of an entity.
    pub versions: Versions,
}

/// A column of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Heading {
    /// What it holds, such as `money`.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Whether it may hold nothing.
    pub nullable: bool,
}

/// A condition as it was said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stated {
    /// The column.
    pub column: String,
    /// How it compares.
    pub comparison: Comparison,
    /// The value.
    pub value: String,
}

/// An index at a block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Point {
    /// The height of the last block whose rows may be in the file.
    pub block: u32,
    /// The index's digest at this block: it stands for every row of all blocks up to it.
    pub digest: Hash,
    /// The first block of the index.
    pub first: u32,
    /// The form of the index.
    pub form: String,
    /// The hash of block 0, which names the chain. Nothing: the index begins later.
    pub genesis: Option<Hash>,
    /// The hash of the last block.
    pub hash: Hash,
    /// When it was made: RFC 3339, UTC.
    pub time: String,
}

/// Why a text is no manifest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it is no manifest of an export ({0})")]
pub struct NoManifest(String);

impl Manifest {
    /// Of a selection; what the file has, when it is made and who signs comes later.
    pub(super) fn begin(selection: &Selection, format: Format, index: Point) -> Self {
        let stated = |condition: &super::Condition| Stated {
            column: condition.column.name.to_owned(),
            comparison: condition.comparison,
            value: condition.value.clone(),
        };
        Self {
            bytes: 0,
            columns: selection.columns.iter().map(Heading::of).collect(),
            conditions: selection.conditions.iter().map(stated).collect(),
            form: FORM.to_owned(),
            format,
            index,
            made: String::new(),
            rows: 0,
            sha256: String::new(),
            signer: None,
            table: selection.source.table.to_owned(),
            versions: selection.versions,
        }
    }

    /// Its one text.
    ///
    /// # Errors
    /// None that is known: it has numbers and texts alone.
    pub fn text(&self) -> Result<Vec<u8>, NoManifest> {
        serde_json::to_vec(self).map_err(|error| NoManifest(error.to_string()))
    }

    /// Reads a text.
    ///
    /// # Errors
    /// It is none, or not in its one form.
    pub fn read(text: &[u8]) -> Result<Self, NoManifest> {
        let wrong = |why: &str| Err(NoManifest(why.to_owned()));
        let read: Self =
            // What a stranger wrote into it may command the terminal.
            serde_json::from_slice(text)
                .map_err(|error| NoManifest(error.to_string().escape_debug().to_string()))?;
        if read.form != FORM {
            return Err(NoManifest(format!(
                "its form is {:?}, this program knows {FORM}",
                read.form
            )));
        }
        if read.text()? != text {
            return wrong("it says it in another way than it is written in");
        }
        let columns = read.columns.iter().flat_map(|column| [&column.kind, &column.name]);
        let conditions = read.conditions.iter().map(|condition| &condition.column);
        let well_named = columns
            .chain(conditions)
            .chain([&read.table, &read.index.form])
            .all(|name| is_name(name));
        if !well_named {
            return wrong("a name in it has other characters than names have");
        }
        if read.sha256.len() != 64
            || !read.sha256.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
        {
            return wrong("its sha256 is not 64 small hexadecimal digits");
        }
        if [&read.made, &read.index.time]
            .iter()
            .any(|time| chrono::DateTime::parse_from_rfc3339(time).is_err())
        {
            return wrong("a time in it is none");
        }
        let named = |signer: &String| read.signed_by().is_some_and(|by| by.to_string() == *signer);
        let is_signed_by_somebody = read.signer.as_ref().is_none_or(named);
        match is_signed_by_somebody {
            true => Ok(read),
            false => wrong("its signer is no address"),
        }
    }

    /// The account that signs it.
    pub fn signed_by(&self) -> Option<AccountId32> {
        self.signer.as_ref()?.parse().ok()
    }
}

/// Letters of ASCII, digits and underscores: nothing that moves a terminal's cursor.
fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

impl Heading {
    fn of(column: &Column) -> Self {
        let kind = match column.kind {
            Kind::Bool => "bool",
            Kind::U8 => "u8",
            Kind::U32 => "u32",
            Kind::U64 => "u64",
            Kind::Money => "money",
            Kind::Text => "text",
            Kind::Name => "name",
            Kind::Json => "json",
            Kind::Account => "account",
            Kind::Hash => "hash",
            Kind::Accounts => "accounts",
            Kind::Time => "time",
        };
        Self { kind: kind.to_owned(), name: column.name.to_owned(), nullable: column.nullable }
    }
}

impl fmt::Display for Manifest {
    /// What it says, a line each. Values that somebody chose are in quotes, with what would command a terminal escaped.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Point { block, digest, first, genesis, hash, time, .. } = &self.index;
        let (rows, table) = (self.rows, &self.table);
        let versions = match self.versions {
            Versions::Last => "",
            Versions::All => ", every version",
        };
        writeln!(f, "rows     {rows} of {table}{versions}")?;
        for Stated { column, comparison, value } in &self.conditions {
            writeln!(f, "where    {column} {} {value:?}", comparison.sign())?;
        }
        match genesis {
            Some(genesis) => writeln!(f, "chain    {genesis}")?,
            None => writeln!(f, "chain    not known: the index begins with block {first}")?,
        }
        writeln!(f, "until    block {block} of {time}, {hash}")?;
        writeln!(f, "digest   {digest}")?;
        writeln!(f, "sha256   {}", self.sha256)?;
        writeln!(f, "made     {}", self.made)?;
        match &self.signer {
            Some(signer) => writeln!(f, "signer   {signer}"),
            None => writeln!(f, "signer   nobody"),
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use proptest::{prelude::*, strategy::ValueTree};
    use std::collections::BTreeMap;

    const ALICE: &str = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";

    fn comparison() -> impl Strategy<Value = Comparison> {
        prop_oneof![Just(Comparison::Equal), Just(Comparison::Different), Just(Comparison::AtMost)]
    }

    /// Any manifest.
    pub fn manifest() -> impl Strategy<Value = Manifest> {
        let name = "[a-z][a-z0-9_]{0,8}";
        let heading = (name, name, any::<bool>()).prop_map(|(kind, name, nullable)| Heading {
            kind,
            name,
            nullable,
        });
        let stated = (name, comparison(), any::<String>())
            .prop_map(|(column, comparison, value)| Stated { column, comparison, value });
        let numbers = any::<(u64, u64, u32, u32, bool, bool)>();
        let hashes = any::<([u8; 32], [u8; 32], [u8; 32])>();
        let lists = (
            proptest::collection::vec(heading, 0..4),
            proptest::collection::vec(stated, 0..4),
            "[0-9a-f]{64}",
        );
        (numbers, hashes, lists).prop_map(|(numbers, hashes, (columns, conditions, sha256))| {
            let (bytes, rows, block, first, signed, history) = numbers;
            let (digest, hash, genesis) = hashes;
            Manifest {
                bytes,
                columns,
                conditions,
                form: FORM.to_owned(),
                format: Format::Csv,
                index: Point {
                    block,
                    digest: smartlink_proofs::Fixed(digest),
                    first,
                    form: "0x12".to_owned(),
                    genesis: (first == 0).then_some(smartlink_proofs::Fixed(genesis)),
                    hash: smartlink_proofs::Fixed(hash),
                    time: "2026-11-29T08:00:00.000Z".to_owned(),
                },
                made: "2026-11-29T09:00:00Z".to_owned(),
                rows,
                sha256,
                signer: signed.then(|| ALICE.to_owned()),
                table: "vehicles".to_owned(),
                versions: if history { Versions::All } else { Versions::Last },
            }
        })
    }

    /// JSON with its keys in the order of the alphabet.
    fn sorted(value: &serde_json::Value) -> String {
        match value {
            serde_json::Value::Object(fields) => {
                let fields: BTreeMap<_, _> = fields.iter().collect();
                let fields =
                    fields.iter().map(|(name, value)| format!("\"{name}\":{}", sorted(value)));
                format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
            }
            serde_json::Value::Array(items) => {
                format!("[{}]", items.iter().map(sorted).collect::<Vec<_>>().join(","))
            }
            plain => plain.to_string(),
        }
    }

    proptest! {
        #[test]
        fn what_was_written_is_read(manifest in manifest()) {
            let text = manifest.text().unwrap();
            prop_assert_eq!(Manifest::read(&text), Ok(manifest));
            let value: serde_json::Value = serde_json::from_slice(&text).unwrap();
            prop_assert_eq!(sorted(&value).into_bytes(), text);
        }

        #[test]
        fn any_text_is_read_or_refused(text in proptest::collection::vec(any::<u8>(), 0..300)) {
            prop_assert!(Manifest::read(&text).is_err());
        }

        #[test]
        fn a_changed_bit_is_refused_or_says_something_else(
            manifest in manifest(), place: proptest::sample::Index, bit in 0_u8..8
        ) {
            let mut text = manifest.text().unwrap();
            let place = place.index(text.len());
            text[place] ^= 1 << bit;
            prop_assert_ne!(Manifest::read(&text), Ok(manifest));
        }

        #[test]
        fn words_of_strangers_do_not_command_the_terminal(manifest in manifest()) {
            let shown = manifest.to_string();
            prop_assert!(shown.chars().all(|c| c == '\n' || !c.is_control()), "{:?}", shown);
        }
    }

    #[test]
    fn what_is_said_has_one_text() {
        let mut runner = proptest::test_runner::TestRunner::deterministic();
        let manifest = manifest().new_tree(&mut runner).unwrap().current();
        let text = String::from_utf8(manifest.text().unwrap()).unwrap();
        for other in [
            format!("{text}\n"),
            text.replacen(':', ": ", 1),
            text.replacen("\"vehicles\"", "\"vehicl\\u0065s\"", 1),
            text.replacen("{\"bytes\"", "{\"bytes\":1,\"bytes\"", 1),
            text.replacen("{\"bytes\"", "{\"byte\":1,\"bytes\"", 1),
            text.replacen("smartlink-export-1", "smartlink-export-2", 1),
            text.replacen("\"vehicles\"", "\"ve\\u001b[2Jhicles\"", 1),
        ] {
            assert_ne!(other, text);
            assert!(Manifest::read(other.as_bytes()).is_err(), "{other}");
        }
    }
}
