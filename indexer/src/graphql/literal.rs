//! Values of columns, between GraphQL and SQL. What comes from outside becomes SQL here and nowhere else.

use async_graphql::Value;
use chrono::{DateTime, SecondsFormat};

use crate::domain::{value::hex, Cell, Kind};

const TIME: &str = "a time belongs here, such as \"2026-11-29T08:00:00Z\"";
const BYTES: &str = "32 bytes belong here, as 0x and 64 hexadecimal digits";

/// What a column holds, of a value from outside.
///
/// # Errors
/// It is no value of such a column, and what would be.
pub fn cell(kind: Kind, value: &Value) -> Result<Cell, String> {
    match (kind, value) {
        (Kind::Bool, Value::Boolean(truth)) => Ok(Cell::Bool(*truth)),
        (Kind::U8, _) => number(value, u8::MAX.into()),
        (Kind::U32, _) => number(value, u32::MAX.into()),
        (Kind::U64, _) => number(value, u64::MAX),
        (Kind::Money, _) => integer(value, u128::MAX).map(Cell::Money),
        (Kind::Text | Kind::Name | Kind::Json, Value::String(text)) => Ok(Cell::Text(text.clone())),
        (Kind::Account | Kind::Hash | Kind::Accounts, Value::String(text)) => bytes(text),
        (Kind::Time, Value::String(text)) => time(text),
        (Kind::Bool, _) => Err("true or false belongs here".to_owned()),
        (Kind::Time, _) => Err(TIME.to_owned()),
        (Kind::Account | Kind::Hash | Kind::Accounts, _) => Err(BYTES.to_owned()),
        _ => Err("a text belongs here".to_owned()),
    }
}

/// A part of an id or of a cursor, as [`part`] wrote it.
///
/// # Errors
/// It is none of such a column.
pub fn cell_of(kind: Kind, part: &str) -> Result<Cell, String> {
    match kind {
        Kind::Bool => match part {
            "true" => Ok(Cell::Bool(true)),
            "false" => Ok(Cell::Bool(false)),
            _ => Err("true or false belongs here".to_owned()),
        },
        Kind::Time => part.parse().map(Cell::Time).map_err(|_| TIME.to_owned()),
        _ => cell(kind, &Value::String(part.to_owned())),
    }
}

/// A cell as it stands in SQL.
pub fn sql(cell: &Cell) -> String {
    match cell {
        Cell::Null => "NULL".to_owned(),
        Cell::Bool(truth) => u8::from(*truth).to_string(),
        Cell::Number(number) => number.to_string(),
        Cell::Money(amount) => format!("toUInt128('{amount}')"),
        Cell::Text(text) => quoted(text),
        // A column of fixed length is compared with a value of its own type: text of 32 bytes may end with zeros.
        Cell::Bytes(bytes) => format!("toFixedString(unhex('{}'), 32)", &hex(bytes)[2..]),
        Cell::Accounts(accounts) => {
            let accounts = accounts.iter().map(|account| sql(&Cell::Bytes(*account)));
            format!("[{}]", accounts.collect::<Vec<_>>().join(", "))
        }
        Cell::Time(ms) => format!("fromUnixTimestamp64Milli({ms}, 'UTC')"),
    }
}

/// A value from outside as it stands in SQL.
///
/// # Errors
/// It is no value of such a column, and what would be.
pub fn literal(kind: Kind, value: &Value) -> Result<String, String> {
    cell(kind, value).map(|cell| sql(&cell))
}

/// Text as it stands in SQL.
pub fn quoted(text: &str) -> String {
    let mut sql = String::with_capacity(text.len() + 2);
    sql.push('\'');
    for character in text.chars() {
        match character {
            '\'' | '\\' => {
                sql.push('\\');
                sql.push(character);
            }
            // ClickHouse reads these as they are; a log and a trace would not.
            '\n' => sql.push_str("\\n"),
            '\0' => sql.push_str("\\0"),
            character => sql.push(character),
        }
    }
    sql.push('\'');
    sql
}

fn number(value: &Value, most: u64) -> Result<Cell, String> {
    let number = integer(value, most.into())?;
    // No greater than the most.
    Ok(Cell::Number(u64::try_from(number).unwrap_or(most)))
}

fn integer(value: &Value, most: u128) -> Result<u128, String> {
    let number = match value {
        Value::Number(number) => number.as_u64().map(u128::from),
        Value::String(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().ok(),
        _ => None,
    };
    match number {
        Some(number) if number <= most => Ok(number),
        _ => Err(format!("an integer from 0 to {most} belongs here")),
    }
}

fn bytes(text: &str) -> Result<Cell, String> {
    let wrong = || BYTES.to_owned();
    let digits = text.strip_prefix("0x").filter(|digits| digits.len() == 64).ok_or_else(wrong)?;
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(digits.as_bytes().chunks(2)) {
        let digit = |place: usize| char::from(pair[place]).to_digit(16);
        let (high, low) = digit(0).zip(digit(1)).ok_or_else(wrong)?;
        // Two digits of 16 are below 256.
        *byte = (high << 4 | low) as u8;
    }
    Ok(Cell::Bytes(bytes))
}

fn time(text: &str) -> Result<Cell, String> {
    let time = DateTime::parse_from_rfc3339(text).map_err(|_| TIME.to_owned())?;
    Ok(Cell::Time(time.timestamp_millis()))
}

/// What GraphQL shows of a cell.
pub fn value(kind: Kind, cell: &Cell) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Bool(truth) => Value::Boolean(*truth),
        Cell::Number(number) if kind == Kind::U64 => Value::String(number.to_string()),
        Cell::Number(number) => Value::from(*number),
        Cell::Money(amount) => Value::String(amount.to_string()),
        Cell::Text(text) if kind == Kind::Json => {
            let json = serde_json::from_str(text).ok().and_then(|json| Value::from_json(json).ok());
            json.unwrap_or_else(|| Value::String(text.clone()))
        }
        Cell::Text(text) => Value::String(text.clone()),
        Cell::Bytes(bytes) => Value::String(hex(bytes)),
        Cell::Accounts(accounts) => {
            Value::List(accounts.iter().map(|account| Value::String(hex(account))).collect())
        }
        Cell::Time(ms) => DateTime::from_timestamp_millis(*ms).map_or(Value::Null, |time| {
            Value::String(time.to_rfc3339_opts(SecondsFormat::Millis, true))
        }),
    }
}

/// The part that a cell has in an id.
pub fn part(cell: &Cell) -> String {
    match cell {
        Cell::Null => String::new(),
        Cell::Bool(truth) => truth.to_string(),
        Cell::Number(number) => number.to_string(),
        Cell::Money(amount) => amount.to_string(),
        Cell::Text(text) => text.clone(),
        Cell::Bytes(bytes) => hex(bytes),
        Cell::Accounts(_) => String::new(),
        Cell::Time(ms) => ms.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What ClickHouse reads between quotes: a backslash takes the next character along.
    fn read(sql: &str) -> Option<String> {
        let mut characters = sql.strip_prefix('\'')?.strip_suffix('\'')?.chars();
        let mut text = String::new();
        while let Some(character) = characters.next() {
            match character {
                '\'' => return None,
                '\\' => text.push(match characters.next()? {
                    'n' => '\n',
                    '0' => '\0',
                    other => other,
                }),
                other => text.push(other),
            }
        }
        Some(text)
    }

    proptest! {
        #[test]
        fn no_text_gets_out_of_its_quotes(text in any::<String>()) {
            prop_assert_eq!(read(&quoted(&text)), Some(text));
        }

        #[test]
        fn what_is_shown_is_taken_again(number: u64, amount: u128, bytes: [u8; 32], ms in 0_i64..4_000_000_000_000) {
            for (kind, cell) in [
                (Kind::U64, Cell::Number(number)),
                (Kind::Money, Cell::Money(amount)),
                (Kind::Hash, Cell::Bytes(bytes)),
                (Kind::Time, Cell::Time(ms)),
            ] {
                prop_assert_eq!(super::cell(kind, &value(kind, &cell)), Ok(cell.clone()));
                prop_assert_eq!(cell_of(kind, &part(&cell)), Ok(cell.clone()));
                let known = [number.to_string(), amount.to_string(), hex(&bytes)[2..].to_owned(), ms.to_string()];
                let sql = sql(&cell);
                prop_assert!(known.iter().any(|known| sql.contains(known)), "{}", sql);
            }
        }
    }

    #[test]
    fn what_does_not_fit_says_what_would() {
        let refused = |kind, value: Value| literal(kind, &value).unwrap_err();
        assert!(refused(Kind::U32, (1_u64 << 32).into()).contains("4294967295"));
        assert!(refused(Kind::Hash, "0x12".into()).contains("64 hexadecimal digits"));
        assert!(refused(Kind::Hash, Value::String(format!("0x{}", "'".repeat(64)))).contains("0x"));
        assert!(refused(Kind::Time, "yesterday".into()).contains("2026-"));
        assert!(refused(Kind::Money, "1 OR 1".into()).contains("integer"));
    }
}
