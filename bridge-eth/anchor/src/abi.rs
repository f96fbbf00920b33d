//! Solidity's ABI, as far as the contract needs it: words, bytes, lists of words, and tuples of these.

use std::fmt;

use alloy_primitives::{Bytes, B256};

use crate::artifact::artifact;

/// Bytes of a word.
const WORD: usize = 32;

/// A value as the ABI has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A whole number.
    Number(u64),
    /// A hash.
    Word(B256),
    /// Any bytes.
    Bytes(Bytes),
    /// Any number of hashes.
    Words(Vec<B256>),
    /// Fields.
    Tuple(Vec<Value>),
}

/// A call of the contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The function.
    pub name: &'static str,
    /// What it is called with.
    pub arguments: Vec<Value>,
}

impl Call {
    /// Of a function without arguments.
    pub const fn plain(name: &'static str) -> Self {
        Self { name, arguments: Vec::new() }
    }

    /// The bytes of it.
    pub fn encode(&self) -> Bytes {
        let mut bytes = artifact().selector(self.name).to_vec();
        bytes.extend(encode(&self.arguments));
        bytes.into()
    }
}

/// Values one after the other: what has a fixed length in its place, and of all else where it begins behind them.
pub fn encode(values: &[Value]) -> Vec<u8> {
    let front: usize = values.iter().map(Value::front).sum();
    let (mut head, mut tail) = (Vec::new(), Vec::new());
    for value in values {
        if value.is_dynamic() {
            head.extend(word(front + tail.len()));
            value.write(&mut tail);
        } else {
            value.write(&mut head);
        }
    }
    head.extend(tail);
    head
}

impl Value {
    fn is_dynamic(&self) -> bool {
        match self {
            Self::Number(_) | Self::Word(_) => false,
            Self::Bytes(_) | Self::Words(_) => true,
            Self::Tuple(fields) => fields.iter().any(Self::is_dynamic),
        }
    }

    /// Bytes that it takes in front.
    fn front(&self) -> usize {
        match self {
            Self::Tuple(fields) if !self.is_dynamic() => fields.iter().map(Self::front).sum(),
            _ => WORD,
        }
    }

    fn write(&self, to: &mut Vec<u8>) {
        match self {
            Self::Number(number) => {
                to.extend([0; WORD - 8]);
                to.extend(number.to_be_bytes());
            }
            Self::Word(word) => to.extend(word.0),
            Self::Bytes(bytes) => {
                to.extend(word(bytes.len()));
                to.extend(bytes);
                to.resize(to.len() + bytes.len().next_multiple_of(WORD) - bytes.len(), 0);
            }
            Self::Words(words) => {
                to.extend(word(words.len()));
                words.iter().for_each(|word| to.extend(word.0));
            }
            Self::Tuple(fields) => to.extend(encode(fields)),
        }
    }
}

fn word(number: usize) -> [u8; WORD] {
    let mut word = [0; WORD];
    // A usize has 64 bits at most.
    word[WORD - 8..].copy_from_slice(&(number as u64).to_be_bytes());
    word
}

/// As `cast` takes it.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |values: Vec<String>| values.join(",");
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Word(word) => write!(f, "{word}"),
            Self::Bytes(bytes) => write!(f, "{bytes}"),
            Self::Words(words) => {
                write!(f, "[{}]", list(words.iter().map(B256::to_string).collect()))
            }
            Self::Tuple(fields) => {
                write!(f, "({})", list(fields.iter().map(Self::to_string).collect()))
            }
        }
    }
}

/// The words of an answer of words alone. `None`: it has another length.
pub fn words<const N: usize>(answer: &[u8]) -> Option<[B256; N]> {
    let (words, rest) = answer.as_chunks::<WORD>();
    let words: [[u8; WORD]; N] = words.try_into().ok()?;
    rest.is_empty().then(|| words.map(B256::from))
}

/// A number of a word. `None`: it has more than 64 bits.
pub fn number(word: &B256) -> Option<u64> {
    let (front, number) = word.0.split_last_chunk::<8>()?;
    front.iter().all(|byte| *byte == 0).then(|| u64::from_be_bytes(*number))
}

/// Reads what a function was called with.
pub struct Arguments<'a>(&'a [u8]);

impl<'a> Arguments<'a> {
    /// Of a function of this name. `None`: another one was called.
    pub fn of(name: &str, call: &'a [u8]) -> Option<Self> {
        let (selector, arguments) = call.split_first_chunk::<4>()?;
        (*selector == artifact().selector(name)).then_some(Self(arguments))
    }

    /// The argument at a place, if it is bytes.
    pub fn bytes(&self, place: usize) -> Option<&'a [u8]> {
        let (length, rest) = self.behind(place)?;
        rest.get(..length)
    }

    /// The argument at a place, if it is a list of words.
    pub fn words(&self, place: usize) -> Option<Vec<B256>> {
        let (length, rest) = self.behind(place)?;
        let (words, _) = rest.get(..length.checked_mul(WORD)?)?.as_chunks::<WORD>();
        Some(words.iter().map(B256::from).collect())
    }

    /// The length of what is dynamic, and what follows that.
    fn behind(&self, place: usize) -> Option<(usize, &'a [u8])> {
        let at = |from: &'a [u8]| {
            let (word, rest) = from.split_first_chunk::<WORD>()?;
            Some((usize::try_from(number(&B256::from(*word))?).ok()?, rest))
        };
        let (offset, _) = at(self.0.get(place.checked_mul(WORD)?..)?)?;
        at(self.0.get(offset..)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of Solidity's specification: a list of words, bytes, and numbers between them.
    #[test]
    fn offsets_lead_behind_what_is_in_front() {
        let values = [
            Value::Number(0x123),
            Value::Words(vec![B256::left_padding_from(&[4]), B256::left_padding_from(&[5])]),
            Value::Word(B256::repeat_byte(0x31)),
            Value::Bytes(b"Hello, world!".to_vec().into()),
        ];
        let bytes = encode(&values);
        let at = |place: usize| number(&B256::from_slice(&bytes[place * 32..place * 32 + 32]));
        assert_eq!([at(0), at(1), at(3)], [Some(0x123), Some(0x80), Some(0xe0)]);
        assert_eq!([at(4), at(5), at(6), at(7)], [Some(2), Some(4), Some(5), Some(13)]);
        assert_eq!(&bytes[8 * 32..8 * 32 + 13], b"Hello, world!");
        assert_eq!(bytes.len(), 9 * 32);
        let arguments = Arguments(&bytes);
        assert_eq!(arguments.bytes(3), Some(&b"Hello, world!"[..]));
        assert_eq!(arguments.words(1).unwrap().len(), 2);
        assert_eq!(arguments.bytes(9), None);
    }

    #[test]
    fn a_tuple_with_bytes_in_it_stands_behind_and_one_of_words_in_its_place() {
        let fixed = Value::Tuple(vec![Value::Number(1), Value::Number(2)]);
        assert_eq!(encode(&[fixed.clone(), Value::Number(3)]).len(), 3 * 32);
        let moving = Value::Tuple(vec![Value::Number(1), Value::Bytes(vec![9].into())]);
        let bytes = encode(&[moving, fixed]);
        assert_eq!(number(&B256::from_slice(&bytes[..32])), Some(3 * 32));
        // Offsets within a tuple are counted from its own beginning.
        assert_eq!(number(&B256::from_slice(&bytes[4 * 32..5 * 32])), Some(2 * 32));
    }

    #[test]
    fn values_are_written_as_cast_takes_them() {
        let word = B256::repeat_byte(0xab);
        let tuple = Value::Tuple(vec![
            Value::Number(940),
            Value::Bytes(vec![1, 2].into()),
            Value::Words(vec![word, word]),
            Value::Words(Vec::new()),
        ]);
        assert_eq!(tuple.to_string(), format!("(940,0x0102,[{word},{word}],[])"));
    }
}
