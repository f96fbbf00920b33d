//! What a runtime's metadata declares, each item with its types.

use std::collections::BTreeMap;

use scale_info::{
    form::PortableForm, Field, PortableRegistry, Type, TypeDef, TypeDefPrimitive, Variant,
};
use smartlink_chain::subxt::{
    ext::frame_decode::extrinsics::ExtrinsicTypeInfo,
    metadata::{Metadata, PalletMetadata, StorageEntryMetadata},
};

use super::{
    shape::{Form, Node, Shapes},
    Part,
};
use crate::decode::metadata;

/// A name, the names and types of what it takes, and the type of its answer.
type Method = (String, Vec<(String, u32)>, u32);

/// What belongs to a pallet.
pub const OF_PALLETS: [Part; 6] =
    [Part::Call, Part::Event, Part::Error, Part::Storage, Part::Constant, Part::ViewFunction];

/// Items by their name.
pub type Items = BTreeMap<String, Item>;

/// Something that is declared.
#[derive(Debug)]
pub struct Item {
    /// Its index, which may change while its name stays.
    pub index: Option<u8>,
    /// Its types.
    pub node: Node,
    /// Its value.
    pub value: Option<Vec<u8>>,
}

/// All that a runtime declares.
#[derive(Debug, Default)]
pub struct Runtime {
    /// Pallets by name.
    pub pallets: Items,
    /// What belongs to a pallet, by part and pallet.
    pub of_pallets: BTreeMap<(Part, String), Items>,
    /// Everything else.
    pub of_all: BTreeMap<Part, Items>,
}

impl Runtime {
    /// Reads metadata, and adds its types to a graph.
    ///
    /// # Errors
    /// It is none.
    pub fn read(bytes: &[u8], shapes: &mut Shapes) -> Result<Self, String> {
        let metadata = metadata::read(bytes)?;
        let mut reader = Reader { types: Types::add(&metadata, shapes), shapes };
        let mut runtime = Self::default();
        for pallet in metadata.pallets() {
            let node = reader.shapes.add("a pallet", Form::Named, Vec::new());
            let item = Item { index: Some(pallet.call_index()), node, value: None };
            runtime.pallets.insert(pallet.name().to_owned(), item);
            for part in OF_PALLETS {
                let items = reader.of_pallet(part, &pallet);
                runtime.of_pallets.insert((part, pallet.name().to_owned()), items);
            }
        }
        runtime.of_all.insert(Part::Api, reader.apis(&metadata));
        runtime.of_all.insert(Part::Extension, reader.extensions(&metadata));
        runtime.of_all.insert(Part::Extrinsic, reader.extrinsic(&metadata)?);
        Ok(runtime)
    }
}

/// Where a runtime's types are in the graph.
struct Types {
    first: Node,
    count: usize,
    /// What stands for a type that is not there.
    unknown: Node,
}

impl Types {
    fn add(metadata: &Metadata, shapes: &mut Shapes) -> Self {
        let registry = metadata.types();
        let unknown = shapes.add("unknown", Form::Named, Vec::new());
        let types = Self { first: shapes.next(), count: registry.types.len(), unknown };
        let outer = metadata.outer_enums();
        let outer = [outer.call_enum_ty(), outer.event_enum_ty(), outer.error_enum_ty()];
        for id in (0_u32..).take(types.count) {
            match registry.resolve(id) {
                // Any change of any pallet is a change of these, and is said where it is.
                Some(ty) if outer.contains(&id) => {
                    shapes.add(name(ty), Form::Named, Vec::new());
                }
                Some(ty) => types.one(ty, registry, shapes),
                None => {
                    shapes.add("unknown", Form::Named, Vec::new());
                }
            }
        }
        types
    }

    fn node(&self, id: u32) -> Node {
        let place = usize::try_from(id).ok().filter(|place| *place < self.count);
        place.map_or(self.unknown, |place| self.first + place)
    }

    fn one(&self, ty: &Type<PortableForm>, registry: &PortableRegistry, shapes: &mut Shapes) {
        let alone = |id: u32| vec![(String::new(), self.node(id))];
        let (form, parts) = match &ty.type_def {
            TypeDef::Composite(composite) => (Form::Composed, self.fields("", &composite.fields)),
            TypeDef::Variant(variants) => {
                let each = variants.variants.iter();
                let form = each
                    .clone()
                    .map(|variant| (variant.index, variant.name.clone(), variant.fields.len()));
                let parts = each.flat_map(|variant| self.fields(&variant.name, &variant.fields));
                (Form::Variants(form.collect()), parts.collect())
            }
            TypeDef::Sequence(sequence) => (Form::List, alone(sequence.type_param.id)),
            TypeDef::Array(array) => (Form::Array(array.len), alone(array.type_param.id)),
            TypeDef::Tuple(tuple) => {
                let parts = tuple.fields.iter().map(|field| (String::new(), self.node(field.id)));
                (Form::Composed, parts.collect())
            }
            TypeDef::Primitive(primitive) => {
                shapes.add(primitive_name(primitive), Form::Named, Vec::new());
                return;
            }
            TypeDef::Compact(compact) => (Form::Compact, alone(compact.type_param.id)),
            TypeDef::BitSequence(bits) => {
                let order = registry.resolve(bits.bit_order_type.id).map_or("", name);
                let parts = vec![(order.to_owned(), self.node(bits.bit_store_type.id))];
                shapes.add("bits", Form::Composed, parts);
                return;
            }
        };
        shapes.add(name(ty), form, parts);
    }

    /// Fields, named after what they belong to.
    fn fields(&self, of: &str, fields: &[Field<PortableForm>]) -> Vec<(String, Node)> {
        let label = |field: &Field<PortableForm>| match (of, field.name.as_deref()) {
            (of, None) => of.to_owned(),
            ("", Some(name)) => name.to_owned(),
            (of, Some(name)) => format!("{of}.{name}"),
        };
        fields.iter().map(|field| (label(field), self.node(field.ty.id))).collect()
    }
}

/// The last part of a type's path: modules are moved without anybody noticing.
fn name(ty: &Type<PortableForm>) -> &str {
    ty.path.segments.last().map_or("", String::as_str)
}

fn primitive_name(primitive: &TypeDefPrimitive) -> &'static str {
    match primitive {
        TypeDefPrimitive::Bool => "bool",
        TypeDefPrimitive::Char => "char",
        TypeDefPrimitive::Str => "str",
        TypeDefPrimitive::U8 => "u8",
        TypeDefPrimitive::U16 => "u16",
        TypeDefPrimitive::U32 => "u32",
        TypeDefPrimitive::U64 => "u64",
        TypeDefPrimitive::U128 => "u128",
        TypeDefPrimitive::U256 => "u256",
        TypeDefPrimitive::I8 => "i8",
        TypeDefPrimitive::I16 => "i16",
        TypeDefPrimitive::I32 => "i32",
        TypeDefPrimitive::I64 => "i64",
        TypeDefPrimitive::I128 => "i128",
        TypeDefPrimitive::I256 => "i256",
    }
}

/// Reads items one kind after the other.
struct Reader<'a> {
    types: Types,
    shapes: &'a mut Shapes,
}

impl Reader<'_> {
    /// Something that is declared with types.
    fn item(&mut self, parts: Vec<(String, Node)>) -> Item {
        Item { index: None, node: self.shapes.add("", Form::Composed, parts), value: None }
    }

    fn of_pallet(&mut self, part: Part, pallet: &PalletMetadata<'_>) -> Items {
        match part {
            Part::Call => self.variants(pallet.call_variants()),
            Part::Event => self.variants(pallet.event_variants()),
            Part::Error => self.variants(pallet.error_variants()),
            Part::Storage => {
                let entries = pallet.storage().map_or(&[][..], |storage| storage.entries());
                entries.iter().map(|entry| (entry.name().to_owned(), self.entry(entry))).collect()
            }
            Part::Constant => {
                let constant = |constant: &smartlink_chain::subxt::metadata::ConstantMetadata| {
                    let node = self.types.node(constant.ty());
                    let value = Some(constant.value().to_vec());
                    (constant.name().to_owned(), Item { index: None, node, value })
                };
                pallet.constants().map(constant).collect()
            }
            _ => {
                let functions = pallet.view_functions().map(|function| {
                    let inputs = function.inputs().map(|input| (input.name.to_string(), input.id));
                    (function.name().to_owned(), inputs.collect(), function.output_ty())
                });
                self.methods(functions.collect())
            }
        }
    }

    fn variants(&mut self, variants: Option<&[Variant<PortableForm>]>) -> Items {
        let each = variants.unwrap_or_default().iter().map(|variant| {
            let parts = self.types.fields("", &variant.fields);
            let item = Item { index: Some(variant.index), ..self.item(parts) };
            (variant.name.clone(), item)
        });
        each.collect()
    }

    fn entry(&mut self, entry: &StorageEntryMetadata) -> Item {
        let keys = entry
            .keys()
            .map(|key| (format!("key by {:?}", key.hasher), self.types.node(key.key_id)));
        let mut parts: Vec<_> = keys.collect();
        let value = match entry.default_value() {
            Some(_) => "value",
            None => "value or nothing",
        };
        parts.push((value.to_owned(), self.types.node(entry.value_ty())));
        Item { value: entry.default_value().map(<[u8]>::to_vec), ..self.item(parts) }
    }

    fn methods(&mut self, methods: Vec<Method>) -> Items {
        let each = methods.into_iter().map(|(name, inputs, output)| {
            let inputs = inputs.into_iter().map(|(name, id)| (name, self.types.node(id)));
            let output = ("answer".to_owned(), self.types.node(output));
            let parts = inputs.chain([output]).collect();
            (name, self.item(parts))
        });
        each.collect()
    }

    fn apis(&mut self, metadata: &Metadata) -> Items {
        let methods = metadata.runtime_api_traits().flat_map(|api| {
            let of = api.name().to_owned();
            api.methods().map(move |method| {
                let inputs = method.inputs().map(|input| (input.name.to_string(), input.id));
                (format!("{of}.{}", method.name()), inputs.collect(), method.output_ty())
            })
        });
        self.methods(methods.collect())
    }

    fn extensions(&mut self, metadata: &Metadata) -> Items {
        let mut items = Items::new();
        for version in 0..=u8::MAX {
            let extensions = metadata.extrinsic().transaction_extensions_by_version(version);
            for extension in extensions.into_iter().flatten() {
                let parts = vec![
                    ("carried".to_owned(), self.types.node(extension.extra_ty())),
                    ("signed".to_owned(), self.types.node(extension.additional_ty())),
                ];
                items.insert(extension.identifier().to_owned(), self.item(parts));
            }
        }
        items
    }

    fn extrinsic(&mut self, metadata: &Metadata) -> Result<Items, String> {
        let signed = metadata.extrinsic_signature_info().map_err(|error| error.to_string())?;
        let extrinsic = metadata.extrinsic();
        let mut items = Items::new();
        for (name, id) in [("address", signed.address_id), ("signature", signed.signature_id)] {
            let item = Item { index: None, node: self.types.node(id), value: None };
            items.insert(name.to_owned(), item);
        }
        let versions = extrinsic.supported_versions().iter().map(u8::to_string);
        self.says(&mut items, "versions", versions);
        for version in 0..=u8::MAX {
            let Some(extensions) = extrinsic.transaction_extensions_by_version(version) else {
                continue;
            };
            let names = extensions.map(|extension| extension.identifier().to_owned());
            self.says(&mut items, &format!("extensions of version {version}"), names);
        }
        Ok(items)
    }

    /// An item that a list of names says.
    fn says(&mut self, items: &mut Items, name: &str, words: impl Iterator<Item = String>) {
        let words = words.collect::<Vec<_>>().join(", ");
        let node = self.shapes.add(&words, Form::Named, Vec::new());
        items.insert(name.to_owned(), Item { index: None, node, value: None });
    }
}
