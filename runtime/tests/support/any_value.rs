//! Values of any type of the runtime as SCALE, made out of any bytes.
//!
//! Random bytes are hardly ever a call. Here the type says what is written, as the metadata describes it, and the bytes only
//! choose: which variant, how many elements, which number. Numbers are often those at which something turns: 0, 1, the largest.
//! Words are values that a type or a field has often, because they mean something to the chain: accounts that it knows, ids that
//! it gave.

use codec::{Compact, Encode};
use scale_info::{
    form::PortableForm, meta_type, Field, PortableRegistry, Registry, TypeDef, TypeDefPrimitive,
    TypeInfo, Variant,
};
use std::collections::{BTreeMap, BTreeSet};

/// How deep values may lie in each other.
const MAX_DEPTH: u32 = 64;
/// How deep calls may lie in each other.
const MAX_NESTED: u32 = 3;
/// Elements of a list.
const MAX_ELEMENTS: usize = 3;
/// Bytes of a list of bytes.
const MAX_TEXT: usize = 24;
/// Beyond so many bytes lists get no further element.
const MAX_BYTES: usize = 8 << 10;

/// Bytes that choose. When they are used up there are only zeros, so whatever is made of them ends.
pub struct Bytes<'b>(&'b [u8]);

impl<'b> Bytes<'b> {
    /// All of these bytes.
    pub fn new(bytes: &'b [u8]) -> Self {
        Self(bytes)
    }

    /// Whether only zeros are left.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All that are left.
    pub fn rest(&mut self) -> &'b [u8] {
        std::mem::take(&mut self.0)
    }

    /// The next byte.
    pub fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }

    /// A number below `bound`, which is above 0 and at most 2¹⁶.
    pub fn below(&mut self, bound: usize) -> usize {
        let mut chosen = usize::from(self.byte());
        if bound > 1 << 8 {
            chosen = chosen << 8 | usize::from(self.byte());
        }
        chosen % bound
    }

    /// True once in `times`, and when only zeros are left.
    pub fn once_in(&mut self, times: u8) -> bool {
        self.byte().is_multiple_of(times)
    }

    /// One of a list that is not empty.
    pub fn of<'t, T>(&mut self, list: &'t [T]) -> &'t T {
        &list[self.below(list.len())]
    }
}

/// Bytes that look random and are the same for the same seed (SplitMix64).
pub fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed;
    let next = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = state;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ mixed >> 31).to_le_bytes()
    };
    std::iter::repeat_with(next).flatten().take(length).collect()
}

/// Encoded values by the id of their type.
pub type Words = BTreeMap<u32, Vec<Vec<u8>>>;

/// A variant of the calls.
#[derive(Clone, Debug)]
pub struct CallName {
    /// The pallet's index and the call's.
    pub index: [u8; 2],
    /// `Pallet.call`.
    pub name: String,
}

/// What there is to know of a type whose values are written: one like `RuntimeCall`, whose variants have variants in turn.
#[derive(Clone)]
pub struct Values {
    types: PortableRegistry,
    root: u32,
    words: Words,
    fields: BTreeMap<&'static str, Vec<Vec<u8>>>,
    /// Variants that are not written: their type and index.
    never: BTreeSet<(u32, u8)>,
}

impl Values {
    /// Values of a type, without any words.
    pub fn of<T: TypeInfo + 'static>() -> Self {
        let mut registry = Registry::new();
        let root = registry.register_type(&meta_type::<T>()).id;
        let (words, fields, never) = Default::default();
        Self { types: registry.into(), root, words, fields, never }
    }

    /// Values that a type has often, besides those that it was given before. Its path ends with `path`.
    pub fn word<V: Encode>(mut self, path: &str, values: impl IntoIterator<Item = V>) -> Self {
        let values: Vec<_> = values.into_iter().map(|value| value.encode()).collect();
        for id in self.ids(path) {
            self.words.entry(id).or_default().extend(values.iter().cloned());
        }
        self
    }

    /// Values that a field of this name has often. They must be of its type, wherever the name stands.
    pub fn field<V: Encode>(
        mut self,
        name: &'static str,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        let values = values.into_iter().map(|value| value.encode());
        self.fields.entry(name).or_default().extend(values);
        self
    }

    /// Leaves a call out, wherever calls are written.
    pub fn never(mut self, pallet: &str, call: &str) -> Self {
        let calls = self.variants(self.root).iter().find(|variant| variant.name == pallet);
        let calls = calls.unwrap_or_else(|| panic!("no pallet is called {pallet}")).fields[0].ty.id;
        let left_out = self.variants(calls).iter().find(|variant| variant.name == call);
        let left_out = left_out.unwrap_or_else(|| panic!("{pallet} has no call {call}")).index;
        self.never.insert((calls, left_out));
        self
    }

    /// All calls that are not left out.
    pub fn calls(&self) -> Vec<CallName> {
        let mut all = Vec::new();
        for pallet in self.variants(self.root) {
            let calls = pallet.fields[0].ty.id;
            for call in self.variants(calls) {
                if !self.never.contains(&(calls, call.index)) {
                    let name = format!("{}.{}", pallet.name, call.name);
                    all.push(CallName { index: [pallet.index, call.index], name });
                }
            }
        }
        all
    }

    /// A value, with words besides those that are known for good. `None` when the bytes choose none that keeps the bounds.
    pub fn write(&self, more: &Words, bytes: &mut Bytes<'_>) -> Option<Vec<u8>> {
        let mut writer = Writer { values: self, more, bytes, out: Vec::new(), nested: 0 };
        writer.value(self.root, 0).then_some(writer.out)
    }

    /// This call, with any arguments. `None` when the bytes choose none that keep the bounds.
    pub fn write_call(&self, [pallet, call]: [u8; 2], bytes: &mut Bytes<'_>) -> Option<Vec<u8>> {
        let by_index =
            |ty: u32, index: u8| self.variants(ty).iter().find(|variant| variant.index == index);
        let calls = by_index(self.root, pallet)?.fields[0].ty.id;
        let arguments = &by_index(calls, call)?.fields;
        let (more, out) = (&Words::new(), vec![pallet, call]);
        let mut writer = Writer { values: self, more, bytes, out, nested: 1 };
        writer.fields(arguments, 0).then_some(writer.out)
    }

    /// The types whose path ends with `path`.
    pub fn ids(&self, path: &str) -> Vec<u32> {
        let end = format!("::{path}");
        let types = self.types.types.iter();
        let found = types.filter(|entry| entry.ty.path.to_string().ends_with(&end));
        let ids: Vec<_> = found.map(|entry| entry.id).collect();
        assert!(!ids.is_empty(), "no type is called {path}");
        ids
    }

    fn definition(&self, ty: u32) -> &TypeDef<PortableForm> {
        &self.types.resolve(ty).expect("a registry has all types that it names").type_def
    }

    fn variants(&self, ty: u32) -> &[Variant<PortableForm>] {
        match self.definition(ty) {
            TypeDef::Variant(all) => &all.variants,
            _ => &[],
        }
    }
}

/// Writes one value.
struct Writer<'v, 'b, 'c> {
    values: &'v Values,
    more: &'v Words,
    bytes: &'c mut Bytes<'b>,
    out: Vec<u8>,
    /// Calls around what is written now.
    nested: u32,
}

impl<'v> Writer<'v, '_, '_> {
    /// Writes a value of a type. False, and nothing is written, when there is none within the bounds.
    fn value(&mut self, ty: u32, depth: u32) -> bool {
        let is_call = ty == self.values.root;
        if depth > MAX_DEPTH || is_call && self.nested >= MAX_NESTED {
            return false;
        }
        let words = [self.values.words.get(&ty), self.more.get(&ty)];
        if words.into_iter().any(|words| self.word(words)) {
            return true;
        }
        let before = self.out.len();
        self.nested += u32::from(is_call);
        let written = self.by_definition(ty, depth + 1);
        self.nested -= u32::from(is_call);
        if !written {
            self.out.truncate(before);
        }
        written
    }

    /// Mostly one of the words, if there are any.
    fn word(&mut self, words: Option<&'v Vec<Vec<u8>>>) -> bool {
        let Some(words) = words.filter(|words| !words.is_empty()) else { return false };
        if self.bytes.once_in(8) {
            return false;
        }
        let word: &Vec<u8> = self.bytes.of(words);
        self.out.extend_from_slice(word);
        true
    }

    fn by_definition(&mut self, ty: u32, depth: u32) -> bool {
        match self.values.definition(ty) {
            TypeDef::Composite(all) => self.fields(&all.fields, depth),
            TypeDef::Variant(all) => self.variant(ty, &all.variants, depth),
            TypeDef::Sequence(list) => self.list(list.type_param.id, depth),
            TypeDef::Array(array) => self.array(array.type_param.id, array.len, depth),
            TypeDef::Tuple(all) => all.fields.iter().all(|field| self.value(field.id, depth)),
            TypeDef::Primitive(primitive) => self.primitive(primitive),
            TypeDef::Compact(compact) => self.compact(compact.type_param.id),
            // None of them.
            TypeDef::BitSequence(_) => {
                self.out.push(0);
                true
            }
        }
    }

    fn fields(&mut self, fields: &'v [Field<PortableForm>], depth: u32) -> bool {
        let values = self.values;
        fields.iter().all(|field| {
            let words = field.name.as_deref().and_then(|name| values.fields.get(name));
            self.word(words) || self.value(field.ty.id, depth)
        })
    }

    /// Writes the variant that is chosen, or the first after it that there is a value of.
    fn variant(&mut self, ty: u32, all: &'v [Variant<PortableForm>], depth: u32) -> bool {
        let Some(last) = all.len().checked_sub(1) else { return false };
        let (first, before) = (self.bytes.below(last + 1), self.out.len());
        all.iter().cycle().skip(first).take(all.len()).any(|variant| {
            if self.values.never.contains(&(ty, variant.index)) {
                return false;
            }
            self.out.truncate(before);
            self.out.push(variant.index);
            self.fields(&variant.fields, depth)
        })
    }

    /// Writes as many elements as are chosen, or as there are values of.
    fn list(&mut self, element: u32, depth: u32) -> bool {
        let outside = std::mem::take(&mut self.out);
        let mut count = 0u32;
        if self.is_byte(element) {
            let length = self.bytes.below(MAX_TEXT + 1);
            self.text(length);
            count = length as u32;
        } else {
            for _ in 0..self.bytes.below(MAX_ELEMENTS + 1) {
                if outside.len() + self.out.len() > MAX_BYTES || !self.value(element, depth) {
                    break;
                }
                count += 1;
            }
        }
        let elements = std::mem::replace(&mut self.out, outside);
        Compact(count).encode_to(&mut self.out);
        self.out.extend(elements);
        true
    }

    fn array(&mut self, element: u32, length: u32, depth: u32) -> bool {
        if self.is_byte(element) {
            self.text(length as usize);
            return true;
        }
        (0..length).all(|_| self.value(element, depth))
    }

    fn is_byte(&self, ty: u32) -> bool {
        matches!(self.values.definition(ty), TypeDef::Primitive(TypeDefPrimitive::U8))
    }

    /// Bytes: mostly the same one, which leaves the others to choose something else.
    fn text(&mut self, length: usize) {
        if self.bytes.once_in(4) {
            self.out.extend((0..length).map(|_| self.bytes.byte()));
        } else {
            let byte = self.bytes.byte();
            self.out.extend(std::iter::repeat_n(byte, length));
        }
    }

    fn primitive(&mut self, primitive: &TypeDefPrimitive) -> bool {
        match primitive {
            TypeDefPrimitive::Bool => self.out.push(self.bytes.byte() & 1),
            TypeDefPrimitive::Char => u32::from('a').encode_to(&mut self.out),
            TypeDefPrimitive::Str => "".encode_to(&mut self.out),
            numeric => {
                let width = width(numeric);
                let number = self.number(width.min(16)).to_le_bytes();
                let number = number.into_iter().chain(std::iter::repeat(0));
                self.out.extend(number.take(width));
            }
        }
        true
    }

    /// A number in short form. It may lie in wrappers; what has no bytes at all has none here either.
    fn compact(&mut self, ty: u32) -> bool {
        match self.values.definition(ty) {
            TypeDef::Primitive(primitive) => {
                let number = self.number(width(primitive).min(16));
                Compact(number).encode_to(&mut self.out);
                true
            }
            TypeDef::Composite(wrapper) if wrapper.fields.len() == 1 => {
                self.compact(wrapper.fields[0].ty.id)
            }
            TypeDef::Tuple(all) => all.fields.is_empty(),
            _ => false,
        }
    }

    /// A number of so many bytes, 1 to 16.
    fn number(&mut self, width: usize) -> u128 {
        let largest = u128::MAX >> (128 - 8 * width);
        match self.bytes.byte() % 8 {
            0 => 0,
            1 => 1,
            2 => largest,
            // The largest with a sign, and the first that is negative then.
            3 => (largest >> 1) + u128::from(self.bytes.byte() & 1),
            4 => 10u128.pow(u32::from(self.bytes.byte()) % 39).min(largest),
            5 | 6 => u128::from(self.bytes.byte() % 8),
            _ => (0..width).fold(0u128, |number, _| number << 8 | u128::from(self.bytes.byte())),
        }
    }
}

/// Bytes of a number; 0 of what is none.
fn width(primitive: &TypeDefPrimitive) -> usize {
    match primitive {
        TypeDefPrimitive::U8 | TypeDefPrimitive::I8 => 1,
        TypeDefPrimitive::U16 | TypeDefPrimitive::I16 => 2,
        TypeDefPrimitive::U32 | TypeDefPrimitive::I32 => 4,
        TypeDefPrimitive::U64 | TypeDefPrimitive::I64 => 8,
        TypeDefPrimitive::U128 | TypeDefPrimitive::I128 => 16,
        TypeDefPrimitive::U256 | TypeDefPrimitive::I256 => 32,
        TypeDefPrimitive::Bool | TypeDefPrimitive::Char | TypeDefPrimitive::Str => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use codec::DecodeAll;
    use smartlink_runtime::{AccountId, RuntimeCall};

    /// How often each call is tried.
    const TRIES: u64 = 32;

    fn decoded(written: &[u8]) -> Option<RuntimeCall> {
        RuntimeCall::decode_all(&mut &written[..]).ok()
    }

    /// Without words, which could be wrong. A call that is never written has an argument without values; one that never decodes
    /// is described by the metadata as it is not.
    #[test]
    fn every_call_of_every_pallet_is_written_and_decodes() {
        let values = Values::of::<RuntimeCall>();
        let calls = values.calls();
        assert!(calls.len() > 120, "there are {} calls only", calls.len());
        let (mut unwritten, mut undecoded) = (Vec::new(), Vec::new());
        let (mut all, mut good) = (0, 0);
        for CallName { index, name } in calls {
            let write = |seed| values.write_call(index, &mut Bytes::new(&noise(seed, 1_024)));
            let written: Vec<_> = (0..TRIES).filter_map(write).collect();
            let decoded = written.iter().filter_map(|written| decoded(written));
            let decoded = decoded.filter(|call| call.encode()[..2] == index).count();
            (all, good) = (all + written.len(), good + decoded);
            match (written.len(), decoded) {
                (0, _) => unwritten.push(name),
                (_, 0) => undecoded.push(name),
                _ => {}
            }
        }
        println!("{good} of {all} decode; never: {undecoded:?}; never written: {unwritten:?}");
        assert_eq!((unwritten, undecoded), (vec![], vec![]));
    }

    #[test]
    fn what_is_chosen_keeps_the_bounds_and_ends() {
        let values = Values::of::<RuntimeCall>();
        for seed in 0..500 {
            // More than enough bytes, none, and one byte for ever: the deepest and the longest there is.
            let last = (seed % 256) as u8;
            for bytes in [noise(seed, 1 << 16), Vec::new(), vec![last; 1 << 16]] {
                let written =
                    values.write(&Words::new(), &mut Bytes::new(&bytes)).unwrap_or_default();
                assert!(written.len() < 8 * MAX_BYTES, "{} bytes of seed {seed}", written.len());
            }
        }
    }

    #[test]
    fn a_call_that_is_left_out_is_not_written() {
        let values = Values::of::<RuntimeCall>().never("System", "remark");
        let calls = values.calls();
        assert!(calls.iter().all(|call| call.name != "System.remark"));
        assert!(calls.iter().any(|call| call.name == "System.remark_with_event"));
        // All zeros choose the first call of the first pallet.
        let written =
            values.write(&Words::new(), &mut Bytes::new(&[])).expect("the next call is there");
        let call = decoded(&written).expect("it decodes");
        assert!(!matches!(call, RuntimeCall::System(frame_system::Call::remark { .. })));
    }

    #[test]
    fn words_are_mostly_taken() {
        let somebody = AccountId::from([42; 32]);
        let values = Values::of::<RuntimeCall>().word("AccountId32", [somebody.clone()]);
        let call = values.calls().into_iter().find(|call| call.name == "Drivers.set_account");
        let index = call.expect("the call is there").index;
        let is_somebody = |seed: &u64| {
            let written = values.write_call(index, &mut Bytes::new(&noise(*seed, 64)));
            let expected = RuntimeCall::Drivers(pallet_drivers::Call::set_account {
                account: somebody.clone(),
            });
            written.as_deref().and_then(decoded) == Some(expected)
        };
        let taken = (0..100).filter(is_somebody).count();
        assert!((60..100).contains(&taken), "{taken} of 100");
    }

    #[test]
    fn noise_is_the_same_for_a_seed() {
        assert_eq!(noise(7, 100), noise(7, 100));
        assert_eq!(noise(7, 100)[..50], noise(7, 50));
        assert_ne!(noise(7, 100), noise(8, 100));
    }
}
