//! Tables, their columns, and what a column of a row holds.

use std::fmt;

use super::{block::Hash, value::Value};

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A truth.
    Bool,
    /// 8 bits.
    U8,
    /// 32 bits.
    U32,
    /// 64 bits.
    U64,
    /// An amount in units of 10⁻⁶ CNY: 128 bits.
    Money,
    /// Text. Of bytes that are no UTF-8, what can be read.
    Text,
    /// Text of which there are few: names of pallets, states, kinds.
    Name,
    /// JSON, as [`Value::write_json`] writes it.
    Json,
    /// An account: 32 bytes.
    Account,
    /// A hash: 32 bytes.
    Hash,
    /// Accounts, each once.
    Accounts,
    /// A time. On the chain in seconds, here in milliseconds of the Unix epoch.
    Time,
}

/// A column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Whether it may hold nothing.
    pub nullable: bool,
    /// Whether rows are looked for by it.
    pub indexed: bool,
    /// Whether it is a sum that begins at 0.
    pub sum: bool,
    /// The entity whose id it is.
    pub refers: Option<&'static str>,
}

impl Column {
    /// A column that always holds something.
    pub const fn new(name: &'static str, kind: Kind) -> Self {
        Self { name, kind, nullable: false, indexed: false, sum: false, refers: None }
    }

    /// The same, and it may hold nothing.
    pub const fn optional(self) -> Self {
        Self { nullable: true, ..self }
    }

    /// The same, and rows are looked for by it.
    pub const fn indexed(self) -> Self {
        Self { indexed: true, ..self }
    }

    /// The same, and it is the id of one of these entities.
    pub const fn refers(self, entity: &'static str) -> Self {
        Self { refers: Some(entity), ..self }
    }

    /// An amount that begins at 0 and is added to. It holds nothing once it is not known.
    pub const fn sum(name: &'static str) -> Self {
        Self { sum: true, ..Self::new(name, Kind::Money).optional() }
    }

    /// Its type in ClickHouse.
    pub fn sql_type(&self) -> String {
        let plain = match self.kind {
            Kind::Bool => "Bool",
            Kind::U8 => "UInt8",
            Kind::U32 => "UInt32",
            Kind::U64 => "UInt64",
            Kind::Money => "UInt128",
            Kind::Text | Kind::Name | Kind::Json => "String",
            Kind::Account | Kind::Hash => "FixedString(32)",
            Kind::Accounts => "Array(FixedString(32))",
            Kind::Time => "DateTime64(3, 'UTC')",
        };
        let nullable = match self.nullable {
            true => format!("Nullable({plain})"),
            false => plain.to_owned(),
        };
        match self.kind {
            Kind::Name => format!("LowCardinality({nullable})"),
            _ => nullable,
        }
    }
}

/// A table whose rows are hashed into the digest of their block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Its columns, in the order of the encoding. The block's height is one of them.
    pub columns: &'static [Column],
    /// The name of the column with the block's height.
    pub block: &'static str,
    /// The order of a block's rows.
    pub order: &'static str,
}

/// What a column of a row holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Cell {
    /// Nothing, or nothing that is known.
    #[default]
    Null,
    /// A truth.
    Bool(bool),
    /// An integer of up to 64 bits.
    Number(u64),
    /// An amount.
    Money(u128),
    /// Text, a name, or JSON.
    Text(String),
    /// An account, or a hash.
    Bytes(Hash),
    /// Accounts.
    Accounts(Vec<Hash>),
    /// Milliseconds of the Unix epoch.
    Time(i64),
}

impl From<u32> for Cell {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<u64> for Cell {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl From<bool> for Cell {
    fn from(truth: bool) -> Self {
        Self::Bool(truth)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// The last second of the year 9999.
const LAST_SECOND: i64 = 253_402_300_799;

impl Cell {
    /// What a column of this kind holds of a decoded value. `None`: it cannot hold such a value.
    pub fn of(kind: Kind, value: &Value) -> Option<Self> {
        let cell = match (kind, value) {
            (_, Value::Null) => Self::Null,
            (Kind::Bool, Value::Bool(truth)) => Self::Bool(*truth),
            (Kind::U8, Value::Small(number)) => Self::Number(u8::try_from(*number).ok()?.into()),
            (Kind::U32, Value::Small(number)) => Self::Number(u32::try_from(*number).ok()?.into()),
            (Kind::U64, _) => Self::Number(u64::try_from(integer(value)?).ok()?),
            (Kind::Money, _) => Self::Money(integer(value)?),
            (Kind::Text | Kind::Name, Value::Text(text)) => Self::Text(text.to_string()),
            (Kind::Text | Kind::Name, Value::Bytes(bytes)) => {
                Self::Text(String::from_utf8_lossy(bytes).into_owned())
            }
            (Kind::Json, _) => Self::Text(value.json()),
            (Kind::Account | Kind::Hash, Value::Account(bytes)) => Self::Bytes(*bytes),
            (Kind::Account | Kind::Hash, Value::Bytes(bytes)) => {
                Self::Bytes(bytes.as_slice().try_into().ok()?)
            }
            (Kind::Time, _) => time(integer(value)?),
            _ => return None,
        };
        Some(cell)
    }
}

/// A time of so many seconds. Whoever signs may name a time beyond all times, such as 2⁶⁴ seconds: that is none.
fn time(seconds: u128) -> Cell {
    match i64::try_from(seconds) {
        Ok(seconds) if seconds <= LAST_SECOND => Cell::Time(seconds * 1_000),
        _ => Cell::Null,
    }
}

fn integer(value: &Value) -> Option<u128> {
    match value {
        Value::Small(number) => u128::try_from(*number).ok(),
        Value::Big(number) => Some(*number),
        _ => None,
    }
}

/// A cell that its column cannot hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// The column.
    pub column: &'static str,
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the column {} cannot hold what came for it", self.column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_holds_only_what_fits_it() {
        assert_eq!(Cell::of(Kind::U32, &Value::Small(-1)), None);
        assert_eq!(Cell::of(Kind::U32, &Value::Bool(true)), None);
        assert_eq!(Cell::of(Kind::Time, &Value::Big(2)), Some(Cell::Time(2_000)));
        assert_eq!(Cell::of(Kind::Time, &Value::Bool(true)), None);
        assert_eq!(Cell::of(Kind::Account, &Value::Bytes(vec![1; 31])), None);
    }

    #[test]
    fn a_time_beyond_all_times_is_none_and_stops_nothing() {
        for beyond in [u128::MAX, u128::from(u64::MAX), 253_402_300_800] {
            assert_eq!(Cell::of(Kind::Time, &Value::Big(beyond)), Some(Cell::Null));
        }
        let last = Cell::Time(253_402_300_799_000);
        assert_eq!(Cell::of(Kind::Time, &Value::Big(253_402_300_799)), Some(last));
    }
}
