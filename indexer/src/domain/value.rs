//! What was decoded, whatever its type: JSON with types that JSON has not.
//!
//! Its JSON depends on nothing but the value: fields stand in the order of their declaration. So rows have the same
//! bytes, and blocks the same digest, on every machine and with every version of every library.

use std::{fmt::Write, sync::Arc};

use super::block::Hash;

/// A decoded value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// `None`, or a unit.
    Null,
    /// A truth.
    Bool(bool),
    /// An integer of up to 32 bits. In JSON a number.
    Small(i64),
    /// An integer of 64 bits and more. In JSON a decimal string: JavaScript's numbers would lose digits.
    Big(u128),
    /// A signed integer of 64 bits and more. In JSON a decimal string.
    BigSigned(i128),
    /// Text, and the name of a variant without fields.
    Text(Arc<str>),
    /// Bytes. In JSON `0x` and hexadecimal digits.
    Bytes(Vec<u8>),
    /// An account.
    Account(Hash),
    /// Values one after the other.
    List(Vec<Value>),
    /// Values with names, in the order of their declaration. A variant with fields is a record of one field.
    Record(Vec<(Arc<str>, Value)>),
    /// A call of the runtime.
    Call(Box<Call>),
    /// Items or bytes that are too many to be shown: how many, and the blake2b-256 of their encoding.
    Omitted {
        /// `items` or `bytes`.
        what: &'static str,
        /// How many.
        count: u64,
        /// The blake2b-256 of their encoding, without the length in front.
        hash: Hash,
    },
}

/// A call of the runtime, wherever it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The pallet's name.
    pub pallet: Arc<str>,
    /// The call's name.
    pub name: Arc<str>,
    /// Its arguments: a record.
    pub args: Value,
}

impl Value {
    /// A field of a record.
    pub fn get(&self, name: &str) -> Option<&Value> {
        match self {
            Self::Record(fields) => {
                fields.iter().find(|(field, _)| **field == *name).map(|(_, value)| value)
            }
            _ => None,
        }
    }

    /// As JSON.
    pub fn json(&self) -> String {
        let mut text = String::new();
        self.write_json(&mut text);
        text
    }

    /// Appends its JSON.
    pub fn write_json(&self, to: &mut String) {
        match self {
            Self::Null => to.push_str("null"),
            Self::Bool(true) => to.push_str("true"),
            Self::Bool(false) => to.push_str("false"),
            Self::Small(number) => write(to, format_args!("{number}")),
            Self::Big(number) => write(to, format_args!("\"{number}\"")),
            Self::BigSigned(number) => write(to, format_args!("\"{number}\"")),
            Self::Text(text) => write_text(text, to),
            Self::Bytes(bytes) => write_bytes(bytes, to),
            Self::Account(account) => write_bytes(account, to),
            Self::List(items) => {
                write_all(to, ['[', ']'], items, |item, to| item.write_json(to));
            }
            Self::Record(fields) => {
                write_all(to, ['{', '}'], fields, |(name, value), to| {
                    write_text(name, to);
                    to.push(':');
                    value.write_json(to);
                });
            }
            Self::Call(call) => {
                write(to, format_args!("{{\"call\":\"{}.{}\",\"args\":", call.pallet, call.name));
                call.args.write_json(to);
                to.push('}');
            }
            Self::Omitted { what, count, hash } => {
                write(to, format_args!("{{\"omitted_{what}\":{count},\"blake2_256\":"));
                write_bytes(hash, to);
                to.push('}');
            }
        }
    }

    /// Shows every account in it, in order.
    pub fn accounts(&self, see: &mut impl FnMut(&Hash)) {
        match self {
            Self::Account(account) => see(account),
            Self::List(items) => items.iter().for_each(|item| item.accounts(see)),
            Self::Record(fields) => fields.iter().for_each(|(_, value)| value.accounts(see)),
            Self::Call(call) => call.args.accounts(see),
            _ => {}
        }
    }
}

fn write(to: &mut String, text: std::fmt::Arguments<'_>) {
    // A string takes everything.
    let _ = to.write_fmt(text);
}

fn write_all<T>(
    to: &mut String,
    [open, close]: [char; 2],
    items: &[T],
    write: impl Fn(&T, &mut String),
) {
    to.push(open);
    for (place, item) in items.iter().enumerate() {
        if place > 0 {
            to.push(',');
        }
        write(item, to);
    }
    to.push(close);
}

/// `0x` and hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 + bytes.len() * 2);
    push_hex(bytes, &mut text);
    text
}

fn push_hex(bytes: &[u8], to: &mut String) {
    const DIGITS: [u8; 16] = *b"0123456789abcdef";
    to.push_str("0x");
    for byte in bytes {
        to.push(DIGITS[usize::from(byte >> 4)].into());
        to.push(DIGITS[usize::from(byte & 15)].into());
    }
}

fn write_bytes(bytes: &[u8], to: &mut String) {
    to.push('"');
    push_hex(bytes, to);
    to.push('"');
}

fn write_text(text: &str, to: &mut String) {
    to.push('"');
    for character in text.chars() {
        match character {
            '"' => to.push_str("\\\""),
            '\\' => to.push_str("\\\\"),
            character if character < ' ' => write(to, format_args!("\\u{:04x}", character as u32)),
            character => to.push(character),
        }
    }
    to.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::Bool),
            any::<i32>().prop_map(|n| Value::Small(n.into())),
            any::<u128>().prop_map(Value::Big),
            any::<i128>().prop_map(Value::BigSigned),
            any::<String>().prop_map(|text| Value::Text(text.into())),
            any::<Vec<u8>>().prop_map(Value::Bytes),
            any::<[u8; 32]>().prop_map(Value::Account),
        ];
        leaf.prop_recursive(4, 32, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::List),
                proptest::collection::vec((any::<String>(), inner.clone()), 0..4).prop_map(
                    |fields| {
                        let fields = fields.into_iter().map(|(name, value)| (name.into(), value));
                        Value::Record(fields.collect())
                    }
                ),
                inner.prop_map(|args| {
                    Value::Call(Box::new(Call { pallet: "P".into(), name: "c".into(), args }))
                }),
            ]
        })
    }

    proptest! {
        #[test]
        fn its_json_is_json(value in any_value()) {
            let text = value.json();
            let read: Result<serde_json::Value, _> = serde_json::from_str(&text);
            prop_assert!(read.is_ok(), "{text}");
        }
    }

    #[test]
    fn numbers_that_javascript_would_lose_are_strings() {
        let record = Value::Record(vec![
            ("b".into(), Value::Big(u128::MAX)),
            ("a".into(), Value::Small(-1)),
            ("text".into(), Value::Text("沪A\"\\\n".into())),
        ]);
        let expected = "{\"b\":\"340282366920938463463374607431768211455\",\"a\":-1,\
                        \"text\":\"沪A\\\"\\\\\\u000a\"}";
        assert_eq!(record.json(), expected);
    }
}
