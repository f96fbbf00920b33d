//! Ids, money, keys and texts. 64-bit numbers are decimal strings, because JavaScript's numbers lose
//! digits above 2^53.

use std::{borrow::Cow, fmt};

use schemars::{json_schema, JsonSchema, Schema, SchemaGenerator};
use serde::{de, Deserialize, Deserializer, Serialize, Serializer};

struct Parsed<T> {
    expecting: &'static str,
    parse: fn(&str) -> Option<T>,
}

impl<T> de::Visitor<'_> for Parsed<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expecting)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        (self.parse)(text).ok_or_else(|| E::custom(format_args!("not {}", self.expecting)))
    }
}

fn whole(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let canonical = digits && (text == "0" || !text.starts_with('0'));
    if canonical {
        text.parse().ok()
    } else {
        None
    }
}

/// The id of an order, an account, a message: a number of 64 bits, as a decimal string.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(pub u64);

impl Id {
    /// `None` for zero, which means that there is none.
    pub fn known(id: u64) -> Option<Self> {
        (id != 0).then_some(Self(id))
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let parse = |text: &str| whole(text).filter(|id| *id != 0).map(Self);
        deserializer
            .deserialize_str(Parsed { expecting: "an id: a decimal string above zero", parse })
    }
}

impl JsonSchema for Id {
    fn schema_name() -> Cow<'static, str> {
        "Id".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": "^[1-9][0-9]{0,19}$",
            "description": "A 64-bit id, as a decimal string."
        })
    }
}

/// An amount in units of 10^-6 CNY, as a decimal string.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Money(pub u128);

impl From<u64> for Money {
    fn from(units: u64) -> Self {
        Self(units.into())
    }
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl JsonSchema for Money {
    fn schema_name() -> Cow<'static, str> {
        "Money".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": "^(0|[1-9][0-9]{0,38})$",
            "description": "An amount in units of 10^-6 CNY, as a decimal string."
        })
    }
}

/// What tells a repeated command from a new one: 1 to 40 visible ASCII characters, chosen by the
/// caller. Keys of different accounts never meet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key(String);

/// Bytes of the longest key that a caller may choose. With the account in front it fits the 64 bytes
/// that services take.
pub const KEY_BYTES: usize = 40;

impl Key {
    /// The key as services get it: bound to the account.
    pub fn of(&self, account: u64) -> String {
        format!("{account:x}.{}", self.0)
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let parse = |text: &str| {
            let visible = text.bytes().all(|byte| byte.is_ascii_graphic());
            let fits = (1..=KEY_BYTES).contains(&text.len());
            (visible && fits).then(|| Self(text.to_owned()))
        };
        let expecting = "an idempotency key: 1 to 40 visible ASCII characters";
        deserializer.deserialize_str(Parsed { expecting, parse })
    }
}

impl JsonSchema for Key {
    fn schema_name() -> Cow<'static, str> {
        "Key".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": "^[!-~]{1,40}$",
            "description": "Tells a repeated command from a new one. Chosen by the caller, for each command its own."
        })
    }
}

/// A text of at most `BYTES` bytes without control characters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text<const BYTES: usize>(pub String);

impl<'de, const BYTES: usize> Deserialize<'de> for Text<BYTES> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bounded<const BYTES: usize>;
        impl<const BYTES: usize> de::Visitor<'_> for Bounded<BYTES> {
            type Value = Text<BYTES>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "a text of at most {BYTES} bytes without control characters")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
                if text.len() > BYTES || text.chars().any(char::is_control) {
                    return Err(E::custom(format_args!(
                        "not a text of at most {BYTES} bytes without control characters"
                    )));
                }
                Ok(Text(text.to_owned()))
            }
        }
        deserializer.deserialize_str(Bounded)
    }
}

impl<const BYTES: usize> Serialize for Text<BYTES> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<const BYTES: usize> JsonSchema for Text<BYTES> {
    fn schema_name() -> Cow<'static, str> {
        format!("Text{BYTES}").into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "maxLength": BYTES })
    }
}

/// A whole number from `LEAST` to `MOST`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Whole<const LEAST: u32, const MOST: u32>(pub u32);

impl<'de, const LEAST: u32, const MOST: u32> Deserialize<'de> for Whole<LEAST, MOST> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = u32::deserialize(deserializer)?;
        if !(LEAST..=MOST).contains(&number) {
            return Err(de::Error::custom(format_args!("{number} is not from {LEAST} to {MOST}")));
        }
        Ok(Self(number))
    }
}

impl<const LEAST: u32, const MOST: u32> JsonSchema for Whole<LEAST, MOST> {
    fn schema_name() -> Cow<'static, str> {
        format!("Whole{LEAST}To{MOST}").into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "minimum": LEAST, "maximum": MOST })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_id_comes_back_as_it_went(id in 1..=u64::MAX) {
            let json = serde_json::to_string(&Id(id)).unwrap();
            prop_assert_eq!(&json, &format!("\"{id}\""));
            prop_assert_eq!(serde_json::from_str::<Id>(&json).unwrap(), Id(id));
        }

        #[test]
        fn a_key_bound_to_any_account_fits_a_service(account: u64, key in "[!-~]{1,40}") {
            let json = serde_json::to_string(&key).unwrap();
            let bound = serde_json::from_str::<Key>(&json).unwrap().of(account);
            prop_assert!(bound.len() <= 64);
            prop_assert!(bound.ends_with(&key));
        }
    }

    #[test]
    fn an_id_has_one_spelling() {
        for bad in ["\"0\"", "\"01\"", "\"+1\"", "\"\"", "1", "\"18446744073709551616\"", "\"1 \""]
        {
            assert!(serde_json::from_str::<Id>(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn texts_and_numbers_are_bounded() {
        assert!(serde_json::from_str::<Text<3>>("\"abc\"").is_ok());
        assert!(serde_json::from_str::<Text<3>>("\"abcd\"").is_err());
        assert!(serde_json::from_str::<Text<3>>("\"a\\n\"").is_err());
        assert!(serde_json::from_str::<Whole<1, 5>>("5").is_ok());
        assert!(serde_json::from_str::<Whole<1, 5>>("0").is_err());
        assert!(serde_json::from_str::<Whole<1, 5>>("2.5").is_err());
    }
}
