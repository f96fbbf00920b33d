//! Whether a runtime's versions follow from what it changes.

use smartlink_indexer::decode::difference::{Change, Difference, Part, Turn};

use crate::Runtime;

/// A rule, and whether it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Whether it does.
    pub holds: bool,
    /// What was found, and what to do where it does not hold.
    pub words: String,
}

impl Rule {
    fn new(holds: bool, words: String) -> Self {
        Self { holds, words }
    }
}

/// All rules about a runtime that comes after `last`, between which `found` is different.
pub fn rules(last: &Runtime, new: &Runtime, found: &Difference) -> Vec<Rule> {
    vec![name(last, new), spec(last, new, found), transactions(last, new, found)]
}

/// A chain takes no code of another name.
fn name(last: &Runtime, new: &Runtime) -> Rule {
    let (was, is) = (&last.version.spec_name, &new.version.spec_name);
    match was == is {
        true => Rule::new(true, format!("spec_name stays {is}")),
        false => Rule::new(
            false,
            format!("spec_name was {was} and is {is}: a chain refuses code of another name"),
        ),
    }
}

/// A chain takes no code whose version has not grown, and whoever keeps metadata keeps it by this version.
fn spec(last: &Runtime, new: &Runtime, found: &Difference) -> Rule {
    let (was, is) = (last.version.spec_version, new.version.spec_version);
    if is > was {
        return Rule::new(true, format!("spec_version went up from {was} to {is}"));
    }
    if is < was {
        return Rule::new(
            false,
            format!("spec_version went down from {was} to {is}: a chain refuses what is older"),
        );
    }
    let other_code = last.code.is_some() && last.code != new.code;
    // Values of constants are those of a build: sessions of tests are shorter.
    let changes = found.changes.iter().any(|change| change.part != Part::Constant);
    match other_code || changes {
        true => Rule::new(
            false,
            format!(
                "spec_version is {is} as before, and the runtime is another: raise it in \
                 runtime/src/lib.rs"
            ),
        ),
        false => Rule::new(
            true,
            format!(
                "spec_version is {is} as before, and nothing is declared otherwise: to see what the \
                 upgrade of a chain changes, give --last with the runtime that it has"
            ),
        ),
    }
}

/// What a transaction says has to mean the same as long as `transaction_version` is the same.
fn transactions(last: &Runtime, new: &Runtime, found: &Difference) -> Rule {
    let (was, is) = (last.version.transaction_version, new.version.transaction_version);
    let reasons: Vec<&Change> = found.changes.iter().filter(|change| breaks(change)).collect();
    if is < was {
        return Rule::new(false, format!("transaction_version went down from {was} to {is}"));
    }
    let because = match reasons.as_slice() {
        [] => "no call and no extension changed its index or its arguments".to_owned(),
        [one] => format!("{} {} was {}", one.part.name(), one.name, one.turn.name()),
        [one, more @ ..] => {
            let first = format!("{} {} was {}", one.part.name(), one.name, one.turn.name());
            format!("{first}, and {} more", more.len())
        }
    };
    match (is > was, reasons.is_empty()) {
        (true, _) => {
            Rule::new(true, format!("transaction_version went up from {was} to {is}: {because}"))
        }
        (false, true) => Rule::new(true, format!("transaction_version stays {is}: {because}")),
        (false, false) => Rule::new(
            false,
            format!(
                "transaction_version has to go up from {was}: {because}; raise it in \
                 runtime/src/lib.rs"
            ),
        ),
    }
}

/// Whether the bytes of a transaction may mean something else after the change, or nothing. A new call or pallet breaks
/// nothing, and neither does another name for the same index and types.
fn breaks(change: &Change) -> bool {
    match change.part {
        Part::Pallet => matches!(change.turn, Turn::Removed | Turn::Moved),
        Part::Call => matches!(change.turn, Turn::Removed | Turn::Moved | Turn::Retyped),
        Part::Extension | Part::Extrinsic => true,
        Part::Event
        | Part::Error
        | Part::Storage
        | Part::Constant
        | Part::ViewFunction
        | Part::Api => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use codec::{Decode, Encode};
    use frame_metadata::{
        v16::{PalletMetadata, RuntimeMetadataV16},
        RuntimeMetadata, RuntimeMetadataPrefixed,
    };
    use scale_info::{form::PortableForm, TypeDef, Variant};
    use smartlink_indexer::decode::difference::difference;

    const REAL: &[u8] = include_bytes!("../../../offchain/chain/metadata.scale");

    /// The real runtime after a change, with these steps of `spec_version` and `transaction_version`.
    fn after(steps: [u32; 2], change: impl FnOnce(&mut RuntimeMetadataV16)) -> Vec<Rule> {
        let RuntimeMetadataPrefixed(_, RuntimeMetadata::V16(mut metadata)) =
            RuntimeMetadataPrefixed::decode(&mut &*REAL).unwrap()
        else {
            panic!("the format that is kept")
        };
        change(&mut metadata);
        let last = Runtime::of_metadata(REAL.to_vec()).unwrap();
        let mut version = last.version.clone();
        version.spec_version += steps[0];
        version.transaction_version += steps[1];
        let system = pallet(&mut metadata, "System");
        let constant = system.constants.iter_mut().find(|constant| constant.name == "Version");
        constant.unwrap().value = version.encode();
        let new = RuntimeMetadataPrefixed::from(metadata).encode();
        let new = Runtime::of_metadata(new).unwrap();
        assert_eq!(new.version, version);
        rules(&last, &new, &difference(&last.metadata, &new.metadata).unwrap())
    }

    fn pallet<'a>(
        of: &'a mut RuntimeMetadataV16,
        name: &str,
    ) -> &'a mut PalletMetadata<PortableForm> {
        of.pallets.iter_mut().find(|pallet| pallet.name == name).unwrap()
    }

    fn calls<'a>(of: &'a mut RuntimeMetadataV16, name: &str) -> &'a mut Vec<Variant<PortableForm>> {
        let id = pallet(of, name).calls.as_ref().unwrap().ty.id;
        let id = usize::try_from(id).unwrap();
        let TypeDef::Variant(calls) = &mut of.types.types[id].ty.type_def else {
            panic!("calls are an enumeration")
        };
        &mut calls.variants
    }

    fn broken(rules: &[Rule]) -> Vec<&str> {
        rules.iter().filter(|rule| !rule.holds).map(|rule| rule.words.as_str()).collect()
    }

    #[test]
    fn what_nothing_changes_keeps_its_versions_or_raises_them() {
        for steps in [[0, 0], [1, 0], [1, 1]] {
            assert!(broken(&after(steps, |_| {})).is_empty(), "{steps:?}");
        }
    }

    #[test]
    fn whatever_is_declared_otherwise_raises_the_specification() {
        let new_error = |of: &mut RuntimeMetadataV16| {
            let id = usize::try_from(pallet(of, "Vehicles").error.as_ref().unwrap().ty.id).unwrap();
            let TypeDef::Variant(errors) = &mut of.types.types[id].ty.type_def else {
                panic!("errors are an enumeration")
            };
            let mut error = errors.variants[0].clone();
            (error.name, error.index) = ("Stolen".to_owned(), 250);
            errors.variants.push(error);
        };
        let rules = after([0, 0], new_error);
        let [words] = broken(&rules)[..] else { panic!("{rules:?}") };
        assert!(words.starts_with("spec_version is "), "{words}");
        assert!(
            broken(&after([1, 0], new_error)).is_empty(),
            "an error is no part of transactions"
        );
    }

    #[test]
    fn another_length_of_sessions_is_that_of_a_build() {
        let longer = |of: &mut RuntimeMetadataV16| {
            let constants = &mut pallet(of, "Babe").constants;
            let epoch = constants.iter_mut().find(|constant| constant.name == "EpochDuration");
            epoch.unwrap().value = 300_u64.encode();
        };
        assert!(broken(&after([0, 0], longer)).is_empty());
    }

    #[test]
    fn a_call_that_means_something_else_raises_the_transactions() {
        let removed: fn(&mut RuntimeMetadataV16) =
            |of| calls(of, "Vehicles").retain(|call| call.name != "set_plate");
        let moved: fn(&mut RuntimeMetadataV16) = |of| {
            let mut calls = calls(of, "Vehicles").iter_mut();
            calls.find(|call| call.name == "set_plate").unwrap().index = 77;
        };
        let retyped: fn(&mut RuntimeMetadataV16) = |of| {
            let mut calls = calls(of, "Vehicles").iter_mut();
            calls.find(|call| call.name == "set_plate").unwrap().fields.clear();
        };
        let pallet_moved: fn(&mut RuntimeMetadataV16) = |of| pallet(of, "Telemetry").index = 200;
        let extension: fn(&mut RuntimeMetadataV16) = |of| {
            of.extrinsic.transaction_extensions[1].identifier = "Other".into();
        };
        for change in [removed, moved, retyped, pallet_moved, extension] {
            let rules = after([1, 0], change);
            let [words] = broken(&rules)[..] else { panic!("{rules:?}") };
            assert!(words.starts_with("transaction_version has to go up from "), "{words}");
            assert!(broken(&after([1, 1], change)).is_empty());
        }
    }

    #[test]
    fn a_new_call_breaks_no_transaction() {
        let added = |of: &mut RuntimeMetadataV16| {
            let calls = calls(of, "Vehicles");
            let mut call = calls[0].clone();
            (call.name, call.index) = ("paint".to_owned(), 250);
            calls.push(call);
        };
        assert!(broken(&after([1, 0], added)).is_empty());
    }

    #[test]
    fn versions_never_go_down_and_the_name_stays() {
        let new = Runtime::of_metadata(REAL.to_vec()).unwrap();
        let mut last = new.clone();
        last.version.spec_version += 1;
        last.version.transaction_version += 1;
        last.version.spec_name = "another".into();
        let rules = rules(&last, &new, &Difference::default());
        assert_eq!(broken(&rules).len(), 3, "{rules:?}");
    }

    #[test]
    fn other_code_of_the_same_version_is_found_out() {
        let mut last = Runtime::of_metadata(REAL.to_vec()).unwrap();
        let mut new = last.clone();
        (last.code, new.code) = (Some([1; 32]), Some([2; 32]));
        assert_eq!(broken(&rules(&last, &new, &Difference::default())).len(), 1);
        new.code = last.code;
        assert!(broken(&rules(&last, &new, &Difference::default())).is_empty());
    }
}
