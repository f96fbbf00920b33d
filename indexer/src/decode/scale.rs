//! SCALE values by a runtime's types.

use std::sync::Arc;

use smartlink_chain::subxt::config::{substrate::BlakeTwo256, Hasher};

use super::plan::{Plan, Type, Variant};
use crate::domain::{
    block::Hash,
    value::{Call, Value},
};

/// How deep values may be nested. The chain itself takes calls in calls 256 deep; each is up to three values here.
pub const DEEPEST: usize = 1_024;
/// Bytes of one value that are shown. More are counted and hashed.
pub const BYTES_SHOWN: usize = 1_024;
/// Items of a list of values of one size that are shown. More are counted and hashed.
pub const ITEMS_SHOWN: usize = 1_024;

/// A sentence on what is wrong.
pub type Why = String;

/// Decodes values from bytes.
pub struct Decoder<'a> {
    plan: &'a Plan,
    input: &'a [u8],
    depth: usize,
    passed: Vec<Passed<'a>>,
}

/// A batch of rides as it was passed to a call. Its columns are too long for a [`Value`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passed<'a> {
    /// Its type.
    pub ty: u32,
    /// Its bytes.
    pub bytes: &'a [u8],
}

/// The hash by which extrinsics, calls and long values are named.
pub fn blake2_256(bytes: &[u8]) -> Hash {
    BlakeTwo256.hash(bytes).0
}

impl<'a> Decoder<'a> {
    /// Of bytes.
    pub fn new(plan: &'a Plan, input: &'a [u8]) -> Self {
        Self { plan, input, depth: 0, passed: Vec::new() }
    }

    /// The batches of rides among the values that were read, in their order.
    pub fn passed(self) -> Vec<Passed<'a>> {
        self.passed
    }

    /// What was not read.
    pub fn rest(&self) -> &'a [u8] {
        self.input
    }

    /// The next value of a type.
    ///
    /// # Errors
    /// The bytes are not of that type. What was read of them is gone.
    pub fn value(&mut self, id: u32) -> Result<Value, Why> {
        if self.depth >= DEEPEST {
            return Err(format!("values are nested deeper than {DEEPEST}"));
        }
        self.depth += 1;
        let value = self.of_type(id);
        self.depth -= 1;
        value
    }

    fn of_type(&mut self, id: u32) -> Result<Value, Why> {
        let plan = self.plan;
        Ok(match plan.get(id) {
            Type::Bool => match self.byte()? {
                0 => Value::Bool(false),
                1 => Value::Bool(true),
                other => return Err(format!("{other} is no truth")),
            },
            Type::Char => {
                let code = self.unsigned(4)?;
                let character = u32::try_from(code).ok().and_then(char::from_u32);
                let character = character.ok_or_else(|| format!("{code} is no character"))?;
                Value::Text(character.to_string().into())
            }
            Type::Str => {
                let bytes = self.bytes()?;
                let text = std::str::from_utf8(bytes).map_err(|e| e.to_string())?;
                Value::Text(text.into())
            }
            Type::Unsigned(32) => shown(self.backwards(32)?),
            Type::Unsigned(bytes) => number(*bytes, self.unsigned(*bytes)?),
            Type::Signed(32) => shown(self.backwards(32)?),
            Type::Signed(bytes) => self.signed(*bytes)?,
            Type::Compact(bytes) => number(*bytes, self.compact_of(*bytes)?),
            Type::Bytes => shown(self.bytes()?.to_vec()),
            Type::FixedBytes(length) => shown(self.take(*length)?.to_vec()),
            Type::Account => Value::Account(self.array()?),
            Type::List(item) => self.list(*item)?,
            Type::Array(item, length) => self.items(*item, *length)?,
            Type::Tuple(ids) => self.tuple(ids)?,
            Type::Record(fields) => self.fields(fields)?,
            Type::RideBatch(fields) => {
                let before = self.input;
                let value = self.fields(fields)?;
                let bytes = &before[..before.len() - self.input.len()];
                self.passed.push(Passed { ty: id, bytes });
                value
            }
            Type::Wrapped(inner) => self.value(*inner)?,
            Type::Option(inner) => match self.byte()? {
                0 => Value::Null,
                1 => self.value(*inner)?,
                other => return Err(format!("{other} is neither none nor some")),
            },
            Type::Variants(variants) => {
                let variant = self.variant(variants)?;
                self.variant_value(variant)?
            }
            Type::Calls(pallets) => {
                let index = self.byte()?;
                let Some((pallet, calls)) = pallets.get(&index) else {
                    return Err(format!("no pallet with calls has the index {index}"));
                };
                let (name, args) = self.named(*calls)?;
                Value::Call(Box::new(Call { pallet: pallet.clone(), name, args }))
            }
            Type::Bits(word) => {
                let bits = self.compact()?;
                let bits = usize::try_from(bits).map_err(|_| "too many bits".to_owned())?;
                let bytes = bits.div_ceil(8).next_multiple_of(*word);
                let bytes = shown(self.take(bytes)?.to_vec());
                let bits = Value::Small(i64::try_from(bits).unwrap_or(i64::MAX));
                Value::Record(vec![("bits".into(), bits), ("bytes".into(), bytes)])
            }
            Type::Unknown => return Err(format!("the metadata has no type {id}")),
        })
    }

    /// A variant of an enum, by name, and its fields as a record: a pallet's event, or call.
    ///
    /// # Errors
    /// The bytes are none.
    pub fn named(&mut self, id: u32) -> Result<(Arc<str>, Value), Why> {
        let plan = self.plan;
        let Type::Variants(variants) = plan.get(id) else {
            return Err(format!("the type {id} has no variants"));
        };
        let variant = self.variant(variants)?;
        Ok((variant.name.clone(), self.record(variant)?))
    }

    fn variant(&mut self, variants: &'a super::plan::Variants) -> Result<&'a Variant, Why> {
        let index = self.byte()?;
        variants.get(&index).ok_or_else(|| format!("no variant has the index {index}"))
    }

    fn variant_value(&mut self, variant: &Variant) -> Result<Value, Why> {
        let fields = match variant.fields.as_slice() {
            [] => return Ok(Value::Text(variant.name.clone())),
            [(None, only)] => self.value(*only)?,
            fields if fields.iter().all(|(name, _)| name.is_none()) => {
                let items = fields.iter().map(|(_, id)| self.value(*id));
                Value::List(items.collect::<Result<_, Why>>()?)
            }
            _ => self.record(variant)?,
        };
        Ok(Value::Record(vec![(variant.name.clone(), fields)]))
    }

    /// The fields of a variant with their names; those without have their number.
    fn record(&mut self, variant: &Variant) -> Result<Value, Why> {
        let fields = variant.fields.iter().enumerate().map(|(place, (name, id))| {
            let name = name.clone().unwrap_or_else(|| place.to_string().into());
            Ok((name, self.value(*id)?))
        });
        Ok(Value::Record(fields.collect::<Result<_, Why>>()?))
    }

    fn fields(&mut self, fields: &[(Arc<str>, u32)]) -> Result<Value, Why> {
        let fields = fields.iter().map(|(name, id)| Ok((name.clone(), self.value(*id)?)));
        Ok(Value::Record(fields.collect::<Result<_, Why>>()?))
    }

    fn tuple(&mut self, ids: &[u32]) -> Result<Value, Why> {
        match ids {
            [] => Ok(Value::Null),
            [only] => self.value(*only),
            ids => {
                let items = ids.iter().map(|id| self.value(*id));
                Ok(Value::List(items.collect::<Result<_, Why>>()?))
            }
        }
    }

    fn list(&mut self, item: u32) -> Result<Value, Why> {
        let count = self.compact()?;
        let count = usize::try_from(count).map_err(|_| "a list is too long".to_owned())?;
        self.items(item, count)
    }

    fn items(&mut self, item: u32, count: usize) -> Result<Value, Why> {
        let size = self.plan.size(item);
        if let Some(size) = size.filter(|_| count > ITEMS_SHOWN) {
            let bytes = size.checked_mul(count).ok_or("a list is too long")?;
            let hash = blake2_256(self.take(bytes)?);
            return Ok(Value::Omitted { what: "items", count: count as u64, hash });
        }
        // An item takes a byte at least, or it is of a size that is known, and there are few.
        if size.is_none() && count > self.input.len() {
            return Err(format!("a list of {count} items in {} bytes", self.input.len()));
        }
        let mut items = Vec::with_capacity(count.min(ITEMS_SHOWN));
        for _ in 0..count {
            items.push(self.value(item)?);
        }
        Ok(Value::List(items))
    }

    /// The next value, of a type that is a list of unsigned integers of up to 64 bits: all of them, however many.
    ///
    /// # Errors
    /// The type is another, or there are fewer bytes.
    pub fn numbers(&mut self, id: u32) -> Result<Vec<u64>, Why> {
        let plan = self.plan;
        let width = match plan.unwrapped(id) {
            Type::Bytes => 1,
            Type::List(item) => match plan.unwrapped(*item) {
                Type::Unsigned(bytes @ 1..=8) => *bytes,
                _ => return Err("it is no list of integers of up to 64 bits".to_owned()),
            },
            _ => return Err("it is no list".to_owned()),
        };
        let count = self.compact()?;
        let bytes = usize::try_from(count).ok().and_then(|count| count.checked_mul(width));
        let bytes = self.take(bytes.ok_or("a list is too long")?)?;
        Ok(bytes.chunks_exact(width).map(little_endian).collect())
    }

    /// A single byte.
    ///
    /// # Errors
    /// There is none.
    pub fn byte(&mut self) -> Result<u8, Why> {
        Ok(self.take(1)?[0])
    }

    /// So many bytes.
    ///
    /// # Errors
    /// There are fewer.
    pub fn take(&mut self, count: usize) -> Result<&'a [u8], Why> {
        match self.input.split_at_checked(count) {
            Some((taken, rest)) => {
                self.input = rest;
                Ok(taken)
            }
            None => Err(format!("{count} bytes were expected where {} are left", self.input.len())),
        }
    }

    /// Bytes with their length in front.
    ///
    /// # Errors
    /// There are fewer.
    pub fn bytes(&mut self) -> Result<&'a [u8], Why> {
        let length = self.compact()?;
        self.take(usize::try_from(length).map_err(|_| "a length is too large".to_owned())?)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Why> {
        let taken = self.take(N)?;
        taken.try_into().map_err(|_| "a wrong length".to_owned())
    }

    fn backwards(&mut self, count: usize) -> Result<Vec<u8>, Why> {
        Ok(self.take(count)?.iter().rev().copied().collect())
    }

    /// An unsigned integer of up to 16 bytes.
    ///
    /// # Errors
    /// There are fewer bytes.
    pub fn unsigned(&mut self, bytes: usize) -> Result<u128, Why> {
        let taken = self.take(bytes)?;
        let mut wide = [0; 16];
        wide.get_mut(..bytes).ok_or("an integer of too many bytes")?.copy_from_slice(taken);
        Ok(u128::from_le_bytes(wide))
    }

    fn signed(&mut self, bytes: usize) -> Result<Value, Why> {
        let unsigned = self.unsigned(bytes)?;
        let unused = 128_usize.saturating_sub(bytes * 8);
        // The sign of the narrow integer becomes that of the wide one.
        let signed = (unsigned << unused).cast_signed() >> unused;
        Ok(match i64::try_from(signed) {
            Ok(small) if bytes <= 4 => Value::Small(small),
            _ => Value::BigSigned(signed),
        })
    }

    /// An integer in its compact form, of any width up to 128 bits.
    ///
    /// # Errors
    /// There is none, or it is not in its shortest form.
    pub fn compact(&mut self) -> Result<u128, Why> {
        codec::Decode::decode(&mut self.input)
            .map(|codec::Compact(number): codec::Compact<u128>| number)
            .map_err(|_| "no compact integer".to_owned())
    }

    fn compact_of(&mut self, bytes: usize) -> Result<u128, Why> {
        let number = self.compact()?;
        match bytes {
            16.. => Ok(number),
            bytes if number >> (bytes * 8) == 0 => Ok(number),
            bytes => Err(format!("the compact integer {number} does not fit {bytes} bytes")),
        }
    }
}

/// An integer of up to 8 bytes.
fn little_endian(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

fn number(bytes: usize, number: u128) -> Value {
    match i64::try_from(number) {
        Ok(small) if bytes <= 4 => Value::Small(small),
        _ => Value::Big(number),
    }
}

fn shown(bytes: Vec<u8>) -> Value {
    match bytes.len() {
        0..=BYTES_SHOWN => Value::Bytes(bytes),
        count => Value::Omitted { what: "bytes", count: count as u64, hash: blake2_256(&bytes) },
    }
}
