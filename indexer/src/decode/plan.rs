//! The types of a runtime, out of its metadata, in the form in which they are decoded.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use scale_info::{form::PortableForm, Field, PortableRegistry, TypeDef, TypeDefPrimitive};
use smartlink_chain::subxt::{
    ext::frame_decode::{
        extrinsics::ExtrinsicTypeInfo,
        storage::{encode_storage_key_prefix, StorageHasher},
    },
    Metadata,
};

use super::{metadata, DecodeError};

/// How a type is decoded, and what it becomes.
#[derive(Clone, Debug)]
pub enum Type {
    /// A byte that is 0 or 1.
    Bool,
    /// A character.
    Char,
    /// Text.
    Str,
    /// An unsigned integer of so many bytes, 1 to 32.
    Unsigned(usize),
    /// A signed integer of so many bytes, 1 to 32.
    Signed(usize),
    /// An integer of so many bytes in its compact form.
    Compact(usize),
    /// Bytes with their length in front.
    Bytes,
    /// So many bytes.
    FixedBytes(usize),
    /// An account.
    Account,
    /// Items with their number in front.
    List(u32),
    /// So many items.
    Array(u32, usize),
    /// One item of each, without names. None of them: a unit.
    Tuple(Vec<u32>),
    /// Items with names.
    Record(Fields),
    /// A batch of rides: items with names, of which the decoder keeps the bytes as well.
    RideBatch(Fields),
    /// Something in a wrapper without a name.
    Wrapped(u32),
    /// Something or nothing.
    Option(u32),
    /// One of several.
    Variants(Variants),
    /// The outer enum of calls: the pallet by its index.
    Calls(FxHashMap<u8, (Arc<str>, u32)>),
    /// Bits, stored in words of so many bytes.
    Bits(usize),
    /// Nothing that can be decoded.
    Unknown,
}

/// Names and types of fields.
pub type Fields = Vec<(Arc<str>, u32)>;
/// Names by their index.
pub type Names = FxHashMap<u8, Arc<str>>;
/// Variants by their index.
pub type Variants = FxHashMap<u8, Variant>;

/// A variant of an enum.
#[derive(Clone, Debug)]
pub struct Variant {
    /// Its name.
    pub name: Arc<str>,
    /// Names, where they have one, and types of its fields.
    pub fields: Vec<(Option<Arc<str>>, u32)>,
}

/// An entry of the state.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The pallet's name.
    pub pallet: Arc<str>,
    /// The entry's name.
    pub name: Arc<str>,
    /// Bytes of the hash in front of each key, whether the key itself follows, and its type.
    pub keys: Vec<(usize, bool, u32)>,
    /// The type of its value.
    pub value: u32,
}

/// All that it takes to decode blocks of a runtime.
#[derive(Debug)]
pub struct Plan {
    /// The runtime's version.
    pub spec: u32,
    types: Vec<Type>,
    /// The size of a type's values, where all have the same.
    sizes: Vec<Option<usize>>,
    /// The type of an address.
    pub address: u32,
    /// The type of a signature.
    pub signature: u32,
    /// The type of a call.
    pub call: u32,
    /// Names and types of the extensions of a transaction, by the version that it names.
    pub extensions: FxHashMap<u8, Fields>,
    /// The version of extensions of a transaction that names none.
    pub extensions_unnamed: u8,
    /// Pallets and the types of their events, by index.
    pub events: FxHashMap<u8, (Arc<str>, u32)>,
    /// Pallets and the names of their errors, by index.
    pub errors: FxHashMap<u8, (Arc<str>, Names)>,
    /// Entries of the state by the first 32 bytes of their keys.
    pub entries: FxHashMap<[u8; 32], Entry>,
}

impl Plan {
    /// Of metadata with its magic number in front. `entries` are those of the state that are wanted, pallet and name.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn of<'a>(
        spec: u32,
        metadata: &[u8],
        entries: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, DecodeError> {
        let unread = |why: String| DecodeError::Metadata { spec, why };
        let metadata = metadata::read(metadata).map_err(unread)?;
        let signed =
            metadata.extrinsic_signature_info().map_err(|error| unread(error.to_string()))?;
        let call = metadata.outer_enums().call_enum_ty();
        let types = types(&metadata, call);
        let mut sizes = vec![Size::Unknown; types.len()];
        for id in 0..types.len() {
            size(&types, &mut sizes, id, 0);
        }
        let sizes = sizes.into_iter().map(Size::known).collect();
        let named = |pallet: &str| -> Arc<str> { pallet.into() };
        let events = metadata.pallets().filter_map(|pallet| {
            Some((pallet.event_index(), (named(pallet.name()), pallet.event_ty_id()?)))
        });
        let errors = metadata.pallets().filter_map(|pallet| {
            let variants = pallet.error_variants()?.iter();
            let names = variants.map(|variant| (variant.index, named(&variant.name))).collect();
            Some((pallet.error_index(), (named(pallet.name()), names)))
        });
        let extensions = (0..=u8::MAX).filter_map(|version| {
            let extensions = metadata.extrinsic().transaction_extensions_by_version(version)?;
            let extensions =
                extensions.map(|extension| (named(extension.identifier()), extension.extra_ty()));
            Some((version, extensions.collect()))
        });
        let entries = entries.into_iter().filter_map(|(pallet, name)| {
            Some((encode_storage_key_prefix(pallet, name), entry(&metadata, pallet, name)?))
        });
        Ok(Self {
            spec,
            types,
            sizes,
            address: signed.address_id,
            signature: signed.signature_id,
            call,
            extensions: extensions.collect(),
            extensions_unnamed: metadata
                .extrinsic()
                .transaction_extension_version_to_use_for_decoding(),
            events: events.collect(),
            errors: errors.collect(),
            entries: entries.collect(),
        })
    }

    /// A type by its number.
    pub fn get(&self, id: u32) -> &Type {
        let place = usize::try_from(id).unwrap_or(usize::MAX);
        self.types.get(place).unwrap_or(&Type::Unknown)
    }

    /// Whether there is a type of batches of rides.
    pub fn knows_rides(&self) -> bool {
        self.types.iter().any(|ty| matches!(ty, Type::RideBatch(_)))
    }

    /// A type by its number, without the wrappers around it.
    pub fn unwrapped(&self, id: u32) -> &Type {
        let mut found = self.get(id);
        // Wrappers of wrappers that never end stay what they are.
        for _ in 0..8 {
            let Type::Wrapped(inner) = found else { break };
            found = self.get(*inner);
        }
        found
    }

    /// The size of a type's values, if all have the same.
    pub fn size(&self, id: u32) -> Option<usize> {
        let place = usize::try_from(id).unwrap_or(usize::MAX);
        self.sizes.get(place).copied().flatten()
    }
}

fn entry(metadata: &Metadata, pallet: &str, name: &str) -> Option<Entry> {
    let pallet = metadata.pallet_by_name(pallet)?;
    let entry = pallet.storage()?.entry_by_name(name)?;
    let key = |hasher: &StorageHasher| match hasher {
        StorageHasher::Identity => (0, true),
        StorageHasher::Twox64Concat => (8, true),
        StorageHasher::Blake2_128Concat => (16, true),
        StorageHasher::Blake2_128 | StorageHasher::Twox128 => (16, false),
        StorageHasher::Blake2_256 | StorageHasher::Twox256 => (32, false),
    };
    let keys = entry.keys().map(|info| {
        let (hash, follows) = key(&info.hasher);
        (hash, follows, info.key_id)
    });
    Some(Entry {
        pallet: pallet.name().into(),
        name: entry.name().into(),
        keys: keys.collect(),
        value: entry.value_ty(),
    })
}

fn types(metadata: &Metadata, call: u32) -> Vec<Type> {
    let registry = metadata.types();
    // Numbers are places in the registry; where they are not, nothing is found at the place.
    let numbers = (0_u32..).take(registry.types.len());
    let mut types: Vec<Type> = numbers.map(|id| resolved(registry, id)).collect();
    if let Some(place) = usize::try_from(call).ok().filter(|place| *place < types.len()) {
        let calls = metadata.pallets().filter_map(|pallet| {
            Some((pallet.call_index(), (Arc::from(pallet.name()), pallet.call_ty_id()?)))
        });
        types[place] = Type::Calls(calls.collect());
    }
    types
}

fn resolved(registry: &PortableRegistry, id: u32) -> Type {
    let Some(ty) = registry.resolve(id) else { return Type::Unknown };
    let last = ty.path.segments.last().map(String::as_str);
    match &ty.type_def {
        TypeDef::Composite(_) if last == Some("AccountId32") => Type::Account,
        TypeDef::Composite(composite) => match composed(&composite.fields) {
            Type::Record(fields) if last == Some("RideBatch") => Type::RideBatch(fields),
            composed => composed,
        },
        TypeDef::Variant(variants) => {
            let some = variants.variants.iter().find(|variant| variant.name == "Some");
            match some.and_then(|some| some.fields.first()) {
                Some(field) if last == Some("Option") && ty.path.segments.len() == 1 => {
                    Type::Option(field.ty.id)
                }
                _ => Type::Variants(
                    variants
                        .variants
                        .iter()
                        .map(|variant| {
                            let name = Arc::from(variant.name.as_str());
                            let fields = variant.fields.iter().map(|field| {
                                (field.name.as_ref().map(|name| name.as_str().into()), field.ty.id)
                            });
                            (variant.index, Variant { name, fields: fields.collect() })
                        })
                        .collect(),
                ),
            }
        }
        TypeDef::Sequence(sequence) if is_byte(registry, sequence.type_param.id) => Type::Bytes,
        TypeDef::Sequence(sequence) => Type::List(sequence.type_param.id),
        TypeDef::Array(array) => {
            let length = usize::try_from(array.len).unwrap_or(usize::MAX);
            match is_byte(registry, array.type_param.id) {
                true => Type::FixedBytes(length),
                false => Type::Array(array.type_param.id, length),
            }
        }
        TypeDef::Tuple(tuple) => Type::Tuple(tuple.fields.iter().map(|field| field.id).collect()),
        TypeDef::Primitive(primitive) => match primitive {
            TypeDefPrimitive::Bool => Type::Bool,
            TypeDefPrimitive::Char => Type::Char,
            TypeDefPrimitive::Str => Type::Str,
            TypeDefPrimitive::U8 => Type::Unsigned(1),
            TypeDefPrimitive::U16 => Type::Unsigned(2),
            TypeDefPrimitive::U32 => Type::Unsigned(4),
            TypeDefPrimitive::U64 => Type::Unsigned(8),
            TypeDefPrimitive::U128 => Type::Unsigned(16),
            TypeDefPrimitive::U256 => Type::Unsigned(32),
            TypeDefPrimitive::I8 => Type::Signed(1),
            TypeDefPrimitive::I16 => Type::Signed(2),
            TypeDefPrimitive::I32 => Type::Signed(4),
            TypeDefPrimitive::I64 => Type::Signed(8),
            TypeDefPrimitive::I128 => Type::Signed(16),
            TypeDefPrimitive::I256 => Type::Signed(32),
        },
        TypeDef::Compact(compact) => compacted(registry, compact.type_param.id, 0),
        TypeDef::BitSequence(bits) => {
            match registry.resolve(bits.bit_store_type.id).map(|store| &store.type_def) {
                Some(TypeDef::Primitive(TypeDefPrimitive::U8)) => Type::Bits(1),
                Some(TypeDef::Primitive(TypeDefPrimitive::U16)) => Type::Bits(2),
                Some(TypeDef::Primitive(TypeDefPrimitive::U32)) => Type::Bits(4),
                Some(TypeDef::Primitive(TypeDefPrimitive::U64)) => Type::Bits(8),
                _ => Type::Unknown,
            }
        }
    }
}

fn composed(fields: &[Field<PortableForm>]) -> Type {
    match fields {
        [only] if only.name.is_none() => Type::Wrapped(only.ty.id),
        fields => {
            let named = fields
                .iter()
                .map(|field| Some((Arc::from(field.name.as_ref()?.as_str()), field.ty.id)));
            match named.collect::<Option<Fields>>() {
                Some(named) if !named.is_empty() => Type::Record(named),
                _ => Type::Tuple(fields.iter().map(|field| field.ty.id).collect()),
            }
        }
    }
}

fn is_byte(registry: &PortableRegistry, id: u32) -> bool {
    registry
        .resolve(id)
        .is_some_and(|ty| matches!(ty.type_def, TypeDef::Primitive(TypeDefPrimitive::U8)))
}

/// A compact integer, however it is wrapped.
fn compacted(registry: &PortableRegistry, id: u32, depth: u32) -> Type {
    let wrapped = |id: u32| match depth {
        // Wrappers of wrappers that never end.
        8.. => Type::Unknown,
        depth => compacted(registry, id, depth + 1),
    };
    match registry.resolve(id).map(|ty| &ty.type_def) {
        Some(TypeDef::Primitive(TypeDefPrimitive::U8)) => Type::Compact(1),
        Some(TypeDef::Primitive(TypeDefPrimitive::U16)) => Type::Compact(2),
        Some(TypeDef::Primitive(TypeDefPrimitive::U32)) => Type::Compact(4),
        Some(TypeDef::Primitive(TypeDefPrimitive::U64)) => Type::Compact(8),
        Some(TypeDef::Primitive(TypeDefPrimitive::U128)) => Type::Compact(16),
        Some(TypeDef::Composite(composite)) => match composite.fields.as_slice() {
            [] => Type::Tuple(Vec::new()),
            [only] => wrapped(only.ty.id),
            _ => Type::Unknown,
        },
        Some(TypeDef::Tuple(tuple)) => match tuple.fields.as_slice() {
            [] => Type::Tuple(Vec::new()),
            [only] => wrapped(only.id),
            _ => Type::Unknown,
        },
        _ => Type::Unknown,
    }
}

/// What is known of a type's size so far.
#[derive(Clone, Copy, PartialEq)]
enum Size {
    Unknown,
    Varies,
    Is(usize),
}

impl Size {
    fn known(self) -> Option<usize> {
        match self {
            Self::Is(size) => Some(size),
            _ => None,
        }
    }
}

/// The size of a type's values. Types that hold themselves, and those nested too deep, vary.
fn size(types: &[Type], sizes: &mut [Size], id: usize, depth: u32) -> Size {
    if depth > 64 || id >= types.len() {
        return Size::Varies;
    }
    if sizes[id] != Size::Unknown {
        return sizes[id];
    }
    let mut of = |id: u32, times: usize| {
        let place = usize::try_from(id).unwrap_or(usize::MAX);
        size(types, sizes, place, depth + 1).known().and_then(|size| size.checked_mul(times))
    };
    let found = match &types[id] {
        Type::Bool => Some(1),
        Type::Char => Some(4),
        Type::Unsigned(bytes) | Type::Signed(bytes) | Type::FixedBytes(bytes) => Some(*bytes),
        Type::Account => Some(32),
        Type::Array(item, times) => of(*item, *times),
        Type::Wrapped(inner) => of(*inner, 1),
        Type::Tuple(ids) => ids.iter().try_fold(0, |sum: usize, id| sum.checked_add(of(*id, 1)?)),
        Type::Record(fields) => {
            fields.iter().try_fold(0, |sum: usize, (_, id)| sum.checked_add(of(*id, 1)?))
        }
        _ => None,
    };
    sizes[id] = found.map_or(Size::Varies, Size::Is);
    sizes[id]
}
