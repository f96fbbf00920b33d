//! Reads values of any type of the chain into words.

use std::{fmt, marker::PhantomData};

use smartlink_primitives::Money;
use subxt::{
    config::{substrate::BlakeTwo256, Hasher},
    error::DispatchError,
    ext::{
        scale_decode::visitor::{
            decode_with_visitor,
            types::{Array, BitSequence, Composite, Sequence, Str, Tuple, Variant},
            DecodeAsTypeResult, DecodeError, TypeIdFor, Visitor,
        },
        scale_type_resolver::TypeResolver,
    },
    utils::AccountId32,
    ArcMetadata,
};

use super::Words;
use crate::Failure;

/// How deep values may lie in each other: some twenty batches of batches.
const MOST_DEPTH: usize = 64;
/// Items of a list that are kept. Calls in a list are all kept.
const MOST_ITEMS: usize = 64;
/// Bytes that are written as text.
const MOST_TEXT: usize = 256;
/// Bytes that are written as hex: two hashes, or a signature and a byte.
const MOST_HEX: usize = 65;

/// Why bytes cannot be put into words.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// They are not what the metadata says.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// They are, and lie deeper in each other than anybody could read.
    #[error("it is nested more than {} deep", MOST_DEPTH)]
    TooDeep,
    /// They are, and more follow.
    #[error("{0} bytes are left over at its end")]
    LeftOver(usize),
}

/// Reads a value of a type of the metadata: all of the bytes have to be it.
pub fn read(metadata: &ArcMetadata, ty: u32, bytes: &[u8]) -> Result<Words, Unreadable> {
    let mut left = bytes;
    let reader = Reader { metadata, depth: 0, resolver: PhantomData };
    let read = decode_with_visitor(&mut left, ty, metadata.types(), reader)?;
    match left.len() {
        0 => Ok(read.words()),
        some => Err(Unreadable::LeftOver(some)),
    }
}

/// Bytes as people read them: as text in quotation marks if they are that, as hex, or as their count and hash.
fn bytes_in_words(bytes: &[u8]) -> String {
    let text = std::str::from_utf8(bytes).ok();
    let text = text.filter(|text| text.len() <= MOST_TEXT && !text.chars().any(char::is_control));
    match (bytes.len(), text) {
        (0, _) => "nothing".to_owned(),
        // The quotation escapes what would not be seen, or would turn the line around.
        (_, Some(text)) => format!("{text:?}"),
        (1..=MOST_HEX, None) => hex(bytes),
        (count, None) => format!("{count} bytes, blake2-256 {:?}", BlakeTwo256.hash(bytes)),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold("0x".to_owned(), |text, byte| format!("{text}{byte:02x}"))
}

/// What was read, before it is known in what it stands.
enum Read {
    /// A byte, which is a number if it stands alone, and a part of a text or hash otherwise.
    Byte(u8),
    /// Anything else.
    Words(Words),
}

impl Read {
    fn words(self) -> Words {
        match self {
            Self::Byte(byte) => Words::Text(byte.to_string()),
            Self::Words(words) => words,
        }
    }

    fn text(text: impl fmt::Display) -> Self {
        Self::Words(Words::Text(text.to_string()))
    }
}

/// The items of a list, as they come.
#[derive(Default)]
struct Listed {
    bytes: Vec<u8>,
    items: Vec<Words>,
    left_out: usize,
}

impl Listed {
    fn take(&mut self, read: Read) {
        match read {
            Read::Byte(byte) => self.bytes.push(byte),
            // Nobody votes for a call that is not shown because it is the last of many.
            Read::Words(words) if self.items.len() < MOST_ITEMS || !words.members().is_empty() => {
                self.items.push(words);
            }
            Read::Words(_) => self.left_out += 1,
        }
    }

    fn words(self, bytes: impl FnOnce(&[u8]) -> String) -> Words {
        if self.items.is_empty() {
            Words::Text(bytes(&self.bytes))
        } else {
            Words::List { items: self.items, left_out: self.left_out }
        }
    }
}

/// Puts what it sees into words.
struct Reader<'m, R> {
    metadata: &'m ArcMetadata,
    depth: usize,
    resolver: PhantomData<R>,
}

impl<R: TypeResolver> Reader<'_, R> {
    /// For what is in this.
    fn inside(&self) -> Self {
        Self { metadata: self.metadata, depth: self.depth + 1, resolver: PhantomData }
    }

    fn parts(&self, value: &mut Composite<'_, '_, R>) -> Result<Vec<(String, Words)>, Unreadable> {
        let mut parts = Vec::new();
        loop {
            let name = value.peek_name().unwrap_or_default().to_owned();
            let Some(part) = value.decode_item(self.inside()) else { return Ok(parts) };
            parts.push((name, part?.words()));
        }
    }

    /// An error of the runtime, in the words of its documentation.
    fn failure(&self, bytes: &[u8]) -> Failure {
        match DispatchError::decode_from(bytes, self.metadata.clone()) {
            Ok(error) => error.into(),
            Err(error) => Failure::Runtime(error.to_string()),
        }
    }
}

/// Methods for what is written as it is.
macro_rules! plain {
    ($($method:ident: $ty:ty),*) => {$(
        fn $method<'scale, 'resolver>(
            self,
            value: $ty,
            _: TypeIdFor<Self>,
        ) -> Result<Self::Value<'scale, 'resolver>, Self::Error> {
            Ok(Read::text(value))
        }
    )*};
}

impl<R: TypeResolver> Visitor for Reader<'_, R> {
    type Value<'scale, 'resolver> = Read;
    type Error = Unreadable;
    type TypeResolver = R;

    plain!(
        visit_bool: bool,
        visit_char: char,
        visit_u16: u16,
        visit_u32: u32,
        visit_u64: u64,
        visit_u128: u128,
        visit_i8: i8,
        visit_i16: i16,
        visit_i32: i32,
        visit_i64: i64,
        visit_i128: i128
    );

    fn unchecked_decode_as_type<'scale, 'resolver>(
        self,
        input: &mut &'scale [u8],
        _: TypeIdFor<Self>,
        _: &'resolver Self::TypeResolver,
    ) -> DecodeAsTypeResult<Self, Result<Self::Value<'scale, 'resolver>, Self::Error>> {
        if self.depth <= MOST_DEPTH {
            return DecodeAsTypeResult::Skipped(self);
        }
        // Otherwise what is left would be skipped, which has no bound of its own.
        *input = &[];
        DecodeAsTypeResult::Decoded(Err(Unreadable::TooDeep))
    }

    fn visit_u8<'scale, 'resolver>(
        self,
        value: u8,
        _: TypeIdFor<Self>,
    ) -> Result<Self::Value<'scale, 'resolver>, Self::Error> {
        Ok(Read::Byte(value))
    }

    fn visit_u256<'resolver>(
        self,
        value: &[u8; 32],
        _: TypeIdFor<Self>,
    ) -> Result<Self::Value<'_, 'resolver>, Self::Error> {
        Ok(Read::text(hex(value)))
    }

    fn visit_i256<'resolver>(
        self,
        value: &[u8; 32],
        _: TypeIdFor<Self>,
    ) -> Result<Self::Value<'_, 'resolver>, Self::Error> {
        Ok(Read::text(hex(value)))
    }

    fn visit_str<'scale, 'resolver>(
        self,
        value: &mut Str<'scale>,
        _: TypeIdFor<Self>,
    ) -> Result<Self::Value<'scale, 'resolver>, Self::Error> {
        Ok(Read::text(bytes_in_words(value.as_str()?.as_bytes())))
    }

    fn visit_bitsequence<'scale, 'resolver>(
        self,
        value: &mut BitSequence<'scale>,
        _: TypeIdFor<Self>,
    ) -> Result<Self::Value<'scale, 'resolver>, Self::Error> {
        Ok(Read::text(format!("{} bits", value.decode()?.count())))
    }

    fn visit_sequence<'scale, 'resolver>(
        self,
        value: &mut Sequence<'scale, 'resolver, Self::TypeResolver>,
        _: TypeIdFor<Self>,
    ) -> Result<Self::Value<'scale, 'resolver>, Self::Error> {
        let mut listed = Listed::default();
        while let Some(item) = value.decode_item(self.inside()) {
            match item {
                Ok(item) => listed.take(item),
                Err(error) => {
                    value.decode_item(Drain(PhantomData));
                    return Err(error);
                }
            }
        }
        Ok(Read::Words(listed.words(bytes_in_words)))
    }

    fn visit_array<'scale, 'resolver>(
        self,
        value: &mut Array<'scale, 'resolver, Self::TypeResolver>,
        _: TypeIdFor<Self>,
    ) -> Result<Self::Value<'scale, 'resolver>, Self::Error> {
        let mut listed = Listed::default();
        while let Some(item) = value.decode_item(self.inside()) {
            match item {
                Ok(item) => listed.take(item),
                Err(error) => {
                    value.decode_item(Drain(PhantomData));
                    return Err(error);
                }
            }
        }
        // A key or a hash, not a text by accident.
        Ok(Read::Words(listed.words(hex)))
    }

    fn visit_tuple<'scale, 'resolver>(
        self,
        value: &mut Tuple<'scale, 'resolver, Self::TypeResolver>,
        _: TypeIdFor<Self>,
    ) -> Result<Self::Value<'scale, 'resolver>, Self::Error> {
        let mut parts = Vec::new();
        while let Some(part) = value.decode_item(self.inside()) {
            parts.push((String::new(), part?.words()));
        }
        Ok(Read::Words(Words::Parts { name: String::new(), parts }))
    }

    fn visit_composite<'scale, 'resolver>(
        self,
        value: &mut Composite<'scale, 'resolver, Self::TypeResolver>,
        _: TypeIdFor<Self>,
    ) -> Result<Self::Value<'scale, 'resolver>, Self::Error> {
        let name = value.name().unwrap_or_default();
        let account = value.bytes_from_start().first_chunk::<32>();
        if let (Some(account), "AccountId32") = (account, name) {
            value.skip_decoding()?;
            return Ok(Read::text(AccountId32(*account)));
        }
        let mut parts = self.parts(value)?;
        // A wrapper is what it wraps.
        if let [(unnamed, _)] = &parts[..] {
            if unnamed.is_empty() {
                let words = parts.remove(0).1;
                return Ok(Read::Words(if name == "Money" { money(words) } else { words }));
            }
        }
        Ok(Read::Words(Words::Parts { name: name.to_owned(), parts }))
    }

    fn visit_variant<'scale, 'resolver>(
        self,
        value: &mut Variant<'scale, 'resolver, Self::TypeResolver>,
        _: TypeIdFor<Self>,
    ) -> Result<Self::Value<'scale, 'resolver>, Self::Error> {
        let (of, name) = (value.enum_name().unwrap_or_default(), value.name());
        if of == "DispatchError" {
            let from = value.bytes_from_start();
            value.skip_decoding()?;
            let length = from.len() - value.bytes_from_undecoded().len();
            return Ok(Read::Words(Words::Failed(self.failure(&from[..length]))));
        }
        let mut parts = self.parts(value.fields())?;
        let words = match (of, name, parts.len()) {
            ("RuntimeCall" | "RuntimeEvent", pallet, 1) => member(pallet, parts.remove(0).1),
            ("Option", "None", _) => Words::Text("none".to_owned()),
            ("Result", "Ok", _) => Words::Text("ok".to_owned()),
            ("Option" | "Result" | "MultiAddress", "Some" | "Err" | "Id", 1) => parts.remove(0).1,
            (_, name, 0) => Words::Text(name.to_owned()),
            (_, name, _) => Words::Parts { name: name.to_owned(), parts },
        };
        Ok(Read::Words(words))
    }
}

/// The variant of a pallet's own enum, with the pallet.
fn member(pallet: &str, own: Words) -> Words {
    let pallet = pallet.to_owned();
    match own {
        Words::Parts { name, parts } => Words::Member { pallet, name, parts },
        Words::Text(name) => Words::Member { pallet, name, parts: Vec::new() },
        other => Words::Member { pallet, name: String::new(), parts: vec![(String::new(), other)] },
    }
}

/// An amount of money, with its sign.
fn money(units: Words) -> Words {
    match &units {
        Words::Text(digits) => match digits.parse() {
            Ok(units) => Words::Text(Money(units).to_string()),
            Err(_) => units,
        },
        _ => units,
    }
}

/// Takes all that is left: what cannot be read is not skipped item by item either.
struct Drain<R>(PhantomData<R>);

impl<R: TypeResolver> Visitor for Drain<R> {
    type Value<'scale, 'resolver> = ();
    type Error = DecodeError;
    type TypeResolver = R;

    fn unchecked_decode_as_type<'scale, 'resolver>(
        self,
        input: &mut &'scale [u8],
        _: TypeIdFor<Self>,
        _: &'resolver Self::TypeResolver,
    ) -> DecodeAsTypeResult<Self, Result<Self::Value<'scale, 'resolver>, Self::Error>> {
        *input = &[];
        DecodeAsTypeResult::Decoded(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        calls,
        testing::{encoded, metadata},
        words::of_call,
    };

    #[test]
    fn all_calls_of_a_batch_are_kept_and_known() {
        let some = |_| calls::Call::Session(crate::api::session::Call::purge_keys);
        let mut calls: Vec<_> = (0..MOST_ITEMS + 10).map(some).collect();
        calls.push(calls::Call::SafeMode(crate::api::safe_mode::Call::force_exit));
        let batch = calls::Call::Utility(crate::api::utility::Call::batch { calls });
        let words = of_call(&metadata(), &encoded(&batch)).unwrap();
        let members = words.members();
        assert_eq!(members.len(), 1 + MOST_ITEMS + 11);
        assert_eq!(members[0], ("Utility", "batch"));
        assert_eq!(members.last(), Some(&("SafeMode", "force_exit")));
    }

    #[test]
    fn what_is_nested_without_end_is_refused_and_not_followed() {
        let batch = calls::Call::Utility(crate::api::utility::Call::batch { calls: Vec::new() });
        let head = encoded(&batch);
        for items in [1_u8, 2, 60] {
            let mut bytes = Vec::new();
            for _ in 0..1_000_000 {
                // The count of a list in SCALE, below 64.
                bytes.extend([head[0], head[1], items << 2]);
            }
            let error = of_call(&metadata(), &bytes).unwrap_err();
            assert!(matches!(error, Unreadable::TooDeep), "{error}");
        }
    }

    #[test]
    fn bytes_that_are_no_call_are_refused() {
        let call = encoded(&calls::transfer_in_batch(AccountId32([7; 32]), Money(1)));
        let metadata = metadata();
        assert!(of_call(&metadata, &[]).is_err());
        assert!(of_call(&metadata, &[0xff, 0]).is_err());
        assert!(of_call(&metadata, &call[..call.len() - 1]).is_err());
        let more = of_call(&metadata, &[&call[..], &[0]].concat()).unwrap_err();
        assert!(matches!(more, Unreadable::LeftOver(1)), "{more}");
    }

    #[test]
    fn text_cannot_turn_a_line_around() {
        assert_eq!(bytes_in_words("粤B10101".as_bytes()), "\"粤B10101\"");
        assert_eq!(bytes_in_words("a\u{202e}b".as_bytes()), "\"a\\u{202e}b\"");
        assert_eq!(bytes_in_words(b"a\nb"), "0x610a62");
        assert_eq!(bytes_in_words(&[0xff; 2]), "0xffff");
    }
}
