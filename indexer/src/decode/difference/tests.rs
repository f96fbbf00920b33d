//! The metadata of the real runtime against itself, and against what it would be after a change.

use std::sync::LazyLock;

use codec::{Compact, Decode, Encode};
use scale_info::{form::PortableForm, TypeDef, TypeDefVariant, Variant};
use smartlink_chain::subxt::ext::frame_metadata::{
    v16::{PalletMetadata, RuntimeMetadataV16},
    RuntimeMetadata, RuntimeMetadataPrefixed,
};

use super::*;

const BYTES: &[u8] = include_bytes!("../../../../offchain/chain/metadata.scale");
static REAL: LazyLock<RuntimeMetadataV16> =
    LazyLock::new(|| match RuntimeMetadataPrefixed::decode(&mut &*BYTES).unwrap().1 {
        RuntimeMetadata::V16(metadata) => metadata,
        other => panic!("version {}", other.version()),
    });

/// What is different after a change of the real metadata.
fn after(change: impl FnOnce(&mut RuntimeMetadataV16)) -> Vec<String> {
    let mut changed = REAL.clone();
    change(&mut changed);
    let new = RuntimeMetadataPrefixed::from(changed).encode();
    let there = difference(BYTES, &new).unwrap();
    let back = difference(&new, BYTES).unwrap();
    assert_eq!(there.changes.len(), back.changes.len(), "{there}{back}");
    there.changes.iter().map(Change::to_string).collect()
}

fn pallet<'a>(of: &'a mut RuntimeMetadataV16, name: &str) -> &'a mut PalletMetadata<PortableForm> {
    of.pallets.iter_mut().find(|pallet| pallet.name == name).unwrap()
}

fn variants(of: &mut RuntimeMetadataV16, id: u32) -> &mut Vec<Variant<PortableForm>> {
    match &mut of.types.types[id as usize].ty.type_def {
        TypeDef::Variant(TypeDefVariant { variants }) => variants,
        other => panic!("{other:?}"),
    }
}

fn events<'a>(of: &'a mut RuntimeMetadataV16, name: &str) -> &'a mut Vec<Variant<PortableForm>> {
    let id = pallet(of, name).event.as_ref().unwrap().ty.id;
    variants(of, id)
}

fn event<'a>(events: &'a mut [Variant<PortableForm>], name: &str) -> &'a mut Variant<PortableForm> {
    events.iter_mut().find(|event| event.name == name).unwrap()
}

#[test]
fn a_runtime_differs_in_nothing_from_itself() {
    assert_eq!(difference(BYTES, BYTES).unwrap(), Difference::default());
    assert_eq!(Difference::default().to_string(), "no difference\n");
    assert!(after(|_| {}).is_empty());
}

#[test]
fn a_renamed_event_is_one_change() {
    let rename = |of: &mut RuntimeMetadataV16| {
        event(events(of, "Vehicles"), "PlateSet").name = "PlateNew".to_owned();
    };
    assert_eq!(after(rename), ["~ event Vehicles.PlateNew: was called PlateSet"]);
}

#[test]
fn what_comes_and_goes_and_moves_is_said_once() {
    let gone = after(|of| events(of, "Vehicles").retain(|event| event.name != "PlateSet"));
    assert_eq!(gone.len(), 1, "{gone:?}");
    assert!(gone[0].starts_with("- event Vehicles.PlateSet: (vehicle: VehicleId("), "{gone:?}");
    let moved = after(|of| event(events(of, "Vehicles"), "PlateSet").index = 77);
    assert!(moved[0].starts_with("~ event Vehicles.PlateSet: its index was "), "{moved:?}");
    assert!(moved[0].ends_with(", is 77"), "{moved:?}");
    assert_eq!(moved.len(), 1, "{moved:?}");
    let pallet_gone = after(|of| of.pallets.retain(|pallet| pallet.name != "Telemetry"));
    assert_eq!(pallet_gone.len(), 1, "{pallet_gone:?}");
    assert!(pallet_gone[0].starts_with("- pallet Telemetry: a pallet (index "), "{pallet_gone:?}");
    let pallet_renamed = after(|of| pallet(of, "Telemetry").name = "Records".to_owned());
    assert_eq!(pallet_renamed, ["~ pallet Records: was called Telemetry"]);
    let pallet_moved = after(|of| pallet(of, "Telemetry").index = 200);
    assert_eq!(pallet_moved.len(), 1, "{pallet_moved:?}");
    let extension = after(|of| of.extrinsic.transaction_extensions[1].identifier = "Other".into());
    assert_eq!(extension.len(), 3, "{extension:?}");
}

#[test]
fn a_change_of_a_type_is_said_where_it_is_used_and_where_it_is() {
    // The state of a vehicle is in calls, events, entries of the state, and behind other types.
    let changed = after(|of| {
        let status = of
            .types
            .types
            .iter()
            .find(|ty| ty.ty.path.segments.last().is_some_and(|name| name == "VehicleStatus"));
        let status = status.unwrap().id;
        event(variants(of, status), "Scrapped").name = "Recycled".to_owned();
    });
    let expected = [
        "~ call Vehicles.set_status: was status: VehicleStatus with Scrapped = ",
        "~ event Vehicles.StatusSet: was status: VehicleStatus with Scrapped = ",
        "~ storage Vehicles.Vehicles: was value or nothing.status: VehicleStatus with Scrapped = ",
    ];
    for start in expected {
        assert!(changed.iter().any(|change| change.starts_with(start)), "{start} {changed:#?}");
    }
    assert!(changed.iter().all(|change| change.contains(", is ") && change.contains("Recycled")));
    // Nothing of other pallets but what anybody may ask about vehicles: calls of all pallets are no part of every call.
    let others = changed.iter().filter(|change| !change.contains("Vehicle"));
    assert_eq!(others.count(), 0, "{changed:#?}");
}

#[test]
fn values_hashers_and_answers_are_compared() {
    let value = after(|of| {
        let constants = &mut pallet(of, "Babe").constants;
        let epoch = constants.iter_mut().find(|constant| constant.name == "EpochDuration");
        epoch.unwrap().value = 77_u64.encode();
    });
    assert_eq!(value.len(), 1);
    assert!(value[0].ends_with(", is 0x4d00000000000000"), "{value:?}");
    let api = after(|of| {
        let core = of.apis.iter_mut().find(|api| api.name == "Core").unwrap();
        core.methods.retain(|method| method.name != "version");
    });
    assert_eq!(api.len(), 1);
    assert!(api[0].starts_with("- api Core.version: (answer: RuntimeVersion("), "{api:?}");
    let hasher = after(|of| {
        use smartlink_chain::subxt::ext::frame_metadata::v16::{StorageEntryType, StorageHasher};
        let storage = pallet(of, "Vehicles").storage.as_mut().unwrap();
        let entry = storage.entries.iter_mut().find(|entry| entry.name == "Vehicles").unwrap();
        let StorageEntryType::Map { hashers, .. } = &mut entry.ty else { panic!("a map") };
        assert_ne!(hashers[0], StorageHasher::Blake2_128Concat);
        hashers[0] = StorageHasher::Blake2_128Concat;
    });
    assert_eq!(hasher.len(), 1, "{hasher:?}");
    assert!(hasher[0].contains("is (key by Blake2_128Concat: VehicleId("), "{hasher:?}");
}

#[test]
fn it_is_serialised_in_words() {
    let mut new = REAL.clone();
    event(events(&mut new, "Vehicles"), "PlateSet").name = "PlateNew".to_owned();
    let new = RuntimeMetadataPrefixed::from(new).encode();
    let json = serde_json::to_string(&difference(BYTES, &new).unwrap()).unwrap();
    let expected = r#"{"changes":[{"part":"event","name":"Vehicles.PlateNew","turn":"renamed","was":"PlateSet","now":"PlateNew"}]}"#;
    assert_eq!(json, expected);
    for part in read::OF_PALLETS {
        assert_eq!(serde_json::to_value(part).unwrap(), part.name());
    }
    for turn in
        [Turn::Added, Turn::Removed, Turn::Renamed, Turn::Moved, Turn::Retyped, Turn::Revalued]
    {
        assert_eq!(serde_json::to_value(turn).unwrap(), turn.name());
    }
}

#[test]
fn what_is_no_metadata_is_refused_by_name() {
    let error = difference(BYTES, &BYTES[..9_000]).unwrap_err();
    assert_eq!(error.which, "new");
    assert!(difference(&[], BYTES).unwrap_err().to_string().contains("the old metadata"));
}

/// Metadata that is nearly right, or nothing of the kind, is compared or refused.
#[test]
fn no_metadata_makes_it_panic() {
    bolero::check!().with_iterations(150).for_each(|bytes: &[u8]| {
        let _ = difference(bytes, bytes);
        let mut spoilt = BYTES.to_vec();
        for change in bytes.chunks_exact(4) {
            let place = u32::from_le_bytes([change[0], change[1], change[2], 0]) as usize;
            let place = place % spoilt.len();
            spoilt[place] = change[3];
        }
        let _ = difference(BYTES, &spoilt);
        // A list that is longer than it says, and one that ends.
        let length = Compact(u32::try_from(bytes.len()).unwrap_or(0)).encode();
        let _ = difference(&[&BYTES[..5], &length, bytes].concat(), &spoilt[..spoilt.len() / 2]);
    });
}
