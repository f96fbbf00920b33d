//! Conditions on columns. What comes from outside is read by the kind of its column; into SQL goes only what it was read as.

use async_graphql::Value;
use serde::{Deserialize, Serialize};
use smartlink_chain::AccountId32;

use super::Source;
use crate::{
    domain::{value::hex, Column, Kind},
    error::Error,
    graphql::literal::literal,
    infra::store::schema::quoted,
};

/// How a column compares with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Comparison {
    /// It is the value; of a list: the value is in it.
    #[serde(rename = "=")]
    Equal,
    /// It is not, or holds nothing.
    #[serde(rename = "!=")]
    Different,
    /// It is less.
    #[serde(rename = "<")]
    Less,
    /// It is less, or the same.
    #[serde(rename = "<=")]
    AtMost,
    /// It is more.
    #[serde(rename = ">")]
    More,
    /// It is more, or the same.
    #[serde(rename = ">=")]
    AtLeast,
}

/// All of them, those that begin like another before it.
const ALL: [Comparison; 6] = [
    Comparison::Different,
    Comparison::AtMost,
    Comparison::AtLeast,
    Comparison::Equal,
    Comparison::Less,
    Comparison::More,
];

impl Comparison {
    /// As it is written.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::Different => "!=",
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::More => ">",
            Self::AtLeast => ">=",
        }
    }

    /// Whether it asks which of two comes first.
    fn orders(self) -> bool {
        !matches!(self, Self::Equal | Self::Different)
    }
}

/// A condition, as it was said and as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The column.
    pub column: Column,
    /// How it compares.
    pub comparison: Comparison,
    /// The value, as it was said.
    pub value: String,
    /// The value in SQL.
    literal: String,
}

impl Condition {
    /// Reads `column=value`; `!=`, `<`, `<=`, `>` and `>=` as well.
    ///
    /// # Errors
    /// It is none, there is no such column, or it cannot hold such a value.
    pub fn read(source: &Source, text: &str) -> Result<Self, Error> {
        let wrong = || {
            Error::Asked(format!(
                "{text:?} is no condition: write a column, one of = != < <= > >= and a value, such as company=3"
            ))
        };
        let at = text.find(['=', '!', '<', '>']).ok_or_else(wrong)?;
        let (column, rest) = text.split_at(at);
        let comparison = ALL.into_iter().find(|known| rest.starts_with(known.sign()));
        let comparison = comparison.ok_or_else(wrong)?;
        let value = &rest[comparison.sign().len()..];
        let column = source.column(column.trim())?;
        // No name begins so: somebody wrote == or a blank, and would be told that there are no rows.
        if column.kind == Kind::Name && value.starts_with(['=', ' ']) {
            return Err(wrong());
        }
        Self::of(column, comparison, value)
    }

    /// Of a column and a value.
    ///
    /// # Errors
    /// The column cannot be compared so, or cannot hold such a value.
    pub fn of(column: Column, comparison: Comparison, value: &str) -> Result<Self, Error> {
        let name = column.name;
        let counts =
            matches!(column.kind, Kind::U8 | Kind::U32 | Kind::U64 | Kind::Money | Kind::Time);
        if comparison.orders() && !counts {
            return Err(Error::Asked(format!(
                "{name} is no number and no time: compare it with = or !="
            )));
        }
        let literal = literal(column.kind, &typed(column.kind, value))
            .map_err(|why| Error::Asked(format!("{name}{}{value}: {why}", comparison.sign())))?;
        Ok(Self { column, comparison, value: value.to_owned(), literal })
    }

    /// In SQL, of rows that are named `source`.
    pub(super) fn sql(&self) -> String {
        let (name, literal) = (format!("source.{}", quoted(self.column.name)), &self.literal);
        let list = self.column.kind == Kind::Accounts;
        match self.comparison {
            Comparison::Equal if list => format!("has({name}, {literal})"),
            Comparison::Different if list => format!("NOT has({name}, {literal})"),
            // Of nothing SQL would say neither: whoever excludes a value wants all other rows.
            Comparison::Different => format!("NOT ifNull({name} = {literal}, 0)"),
            comparison => format!("{name} {} {literal}", comparison.sign()),
        }
    }
}

/// A text as the kind wants it: truths are written in words, and accounts as addresses too.
fn typed(kind: Kind, text: &str) -> Value {
    match (kind, text) {
        (Kind::Bool, "true") => Value::Boolean(true),
        (Kind::Bool, "false") => Value::Boolean(false),
        (Kind::Account | Kind::Accounts, address) => match address.parse::<AccountId32>() {
            Ok(account) => Value::String(hex(&account.0)),
            Err(_) => Value::String(address.to_owned()),
        },
        (_, text) => Value::String(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entities::Registry;
    use proptest::prelude::*;

    const ALICE: &str = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
    const KEY: &str = "0xd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d";

    fn read(table: &str, text: &str) -> Result<Condition, String> {
        let source = Source::find(&Registry::default(), table).unwrap();
        Condition::read(&source, text).map_err(|error| error.to_string())
    }

    fn sql(table: &str, text: &str) -> String {
        read(table, text).unwrap().sql()
    }

    #[test]
    fn conditions_are_read_by_the_kind_of_their_column() {
        assert_eq!(sql("batches", "company=3"), "source.`company` = 3");
        assert_eq!(sql("batches", "gross>=1000000"), "source.`gross` >= toUInt128('1000000')");
        assert_eq!(sql("vehicles", "plate=粤B12345"), "source.`plate` = '粤B12345'");
        assert_eq!(
            sql("vehicles", "status!=Scrapped"),
            "NOT ifNull(source.`status` = 'Scrapped', 0)"
        );
        assert_eq!(sql("extrinsics", "success=false"), "source.`success` = 0");
        assert!(sql("events", &format!("accounts={ALICE}")).starts_with("has(source.`accounts`, "));
        // A value may have signs of its own.
        assert_eq!(read("vehicles", "model=a>=b").unwrap().value, "a>=b");
    }

    #[test]
    fn an_address_is_its_account() {
        let (address, key) = (format!("from={ALICE}"), format!("from={KEY}"));
        assert_eq!(sql("transfers", &address), sql("transfers", &key));
        // It stays in the manifest as it was said.
        assert_eq!(read("transfers", &address).unwrap().value, ALICE);
    }

    #[test]
    fn what_makes_no_sense_is_refused_by_name() {
        for (table, text, said) in [
            ("batches", "company", "no condition"),
            ("batches", "company!3", "no condition"),
            ("batches", "colour=3", "\"colour\""),
            ("batches", "company=three", "company=three"),
            ("vehicles", "plate>A", "= or !="),
            ("transfers", "from=Alice", "0x"),
            ("events", "time>=yesterday", "time"),
            ("batches", "company=3 OR 1=1", "company=3 OR 1=1"),
            ("vehicles", "status==InService", "is no condition"),
            ("vehicles", "status= InService", "is no condition"),
        ] {
            let refused = read(table, text).unwrap_err();
            assert!(refused.contains(said), "{text}: {refused}");
        }
    }

    proptest! {
        #[test]
        fn no_value_of_a_text_becomes_sql(value in any::<String>()) {
            let sql = sql("vehicles", &format!("plate={value}"));
            let text = sql.strip_prefix("source.`plate` = '").and_then(|rest| rest.strip_suffix('\'')).unwrap();
            // Every quote within is behind a backslash that is behind none itself.
            let mut escaped = false;
            for character in text.chars() {
                prop_assert!(character != '\'' || escaped, "{}", sql);
                escaped = character == '\\' && !escaped;
            }
            prop_assert!(!escaped, "{}", sql);
        }
    }
}
