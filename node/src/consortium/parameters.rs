//! The parameters of the runtime that a file may set, and how the genesis holds them.
//!
//! `pallet_parameters` has no genesis of its own: its values are written into the storage of the genesis, as the council's votes
//! write them into that of the chain.

use super::{
    table::{text, Section},
    values,
};
use codec::Encode;
use frame_support::traits::dynamic_params::AggregatedKeyValue;
use smartlink_runtime::{
    configs::parameters::{
        dynamic_params::{allowance, fees, settlement},
        RuntimeParameters,
    },
    Runtime,
};

/// How a value is written in the file, and which parameter it makes.
enum Form {
    /// An amount of money, given in units of 10⁻⁶ CNY.
    Money(fn(u128) -> RuntimeParameters),
    /// A number of things.
    Count(fn(u32) -> RuntimeParameters),
}

/// A parameter as the file names it.
struct Setting {
    group: &'static str,
    key: &'static str,
    form: Form,
}

/// All of them, in the order of the runtime.
static SETTINGS: [Setting; 5] = [
    Setting {
        group: "fees",
        key: "per_second",
        form: Form::Money(|units| {
            RuntimeParameters::Fees(fees::Parameters::PerSecond(fees::PerSecond, Some(units)))
        }),
    },
    Setting {
        group: "fees",
        key: "per_byte",
        form: Form::Money(|units| {
            RuntimeParameters::Fees(fees::Parameters::PerByte(fees::PerByte, Some(units)))
        }),
    },
    Setting {
        group: "settlement",
        key: "max_seats",
        form: Form::Count(|seats| {
            RuntimeParameters::Settlement(settlement::Parameters::MaxSeats(
                settlement::MaxSeats,
                Some(seats),
            ))
        }),
    },
    Setting {
        group: "allowance",
        key: "max",
        form: Form::Money(|units| {
            RuntimeParameters::Allowance(allowance::Parameters::Max(allowance::Max, Some(units)))
        }),
    },
    Setting {
        group: "allowance",
        key: "recovery_per_block",
        form: Form::Money(|units| {
            RuntimeParameters::Allowance(allowance::Parameters::RecoveryPerBlock(
                allowance::RecoveryPerBlock,
                Some(units),
            ))
        }),
    },
];

/// The parameters that the table `[parameters]` sets, if there is one. What is wrong is noted.
pub fn read(root: &Section<'_>) -> Vec<RuntimeParameters> {
    let Some(parameters) = root.section("parameters") else { return Vec::new() };
    let mut groups: Vec<_> = SETTINGS.iter().map(|setting| setting.group).collect();
    groups.dedup();
    parameters.only(&groups);
    groups.iter().flat_map(|group| of_group(&parameters, group)).collect()
}

fn of_group(parameters: &Section<'_>, group: &str) -> Vec<RuntimeParameters> {
    let Some(section) = parameters.section(group) else { return Vec::new() };
    let settings = move || SETTINGS.iter().filter(move |setting| setting.group == group);
    let keys: Vec<_> = settings().map(|setting| setting.key).collect();
    section.only(&keys);
    settings()
        .filter(|setting| section.has(setting.key))
        .filter_map(|setting| setting.taken(&section))
        .collect()
}

impl Setting {
    fn taken(&self, section: &Section<'_>) -> Option<RuntimeParameters> {
        match self.form {
            Form::Money(make) => {
                let amount = section.required(self.key, text(values::money))?;
                Some(make(amount.units()))
            }
            Form::Count(make) => section.required(self.key, values::count).map(make),
        }
    }
}

/// The keys and values by which the storage holds parameters.
pub fn storage(parameters: &[RuntimeParameters]) -> impl Iterator<Item = (Vec<u8>, Vec<u8>)> + '_ {
    parameters.iter().cloned().filter_map(|parameter| {
        let (key, value) = parameter.into_parts();
        let place = pallet_parameters::Parameters::<Runtime>::hashed_key_for(key);
        value.map(|value| (place, value.encode()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use frame_support::traits::Get;
    use scale_info::{TypeDef, TypeInfo};
    use sp_core::storage::Storage;

    /// The names of the variants of an enum, and what each holds.
    fn variants(of: &scale_info::Type) -> Vec<(String, Option<scale_info::Type>)> {
        let TypeDef::Variant(variants) = &of.type_def else { panic!("{of:?} is no enum") };
        let held = |variant: &scale_info::Variant| {
            variant.fields.first().map(|field| field.ty.type_info())
        };
        variants.variants.iter().map(|one| (one.name.to_string(), held(one))).collect()
    }

    /// `PerSecond` is `per_second`.
    fn snake(name: &str) -> String {
        let mut snake = String::new();
        for letter in name.chars() {
            if letter.is_uppercase() && !snake.is_empty() {
                snake.push('_');
            }
            snake.extend(letter.to_lowercase());
        }
        snake
    }

    #[test]
    fn every_parameter_of_the_runtime_can_be_set_by_its_name() {
        type Key = <RuntimeParameters as AggregatedKeyValue>::Key;
        let mut named = Vec::new();
        for (group, keys) in variants(&Key::type_info()) {
            for (key, _) in variants(&keys.unwrap()) {
                named.push((snake(&group), snake(&key)));
            }
        }
        let settings: Vec<_> =
            SETTINGS.iter().map(|one| (one.group.to_string(), one.key.to_string())).collect();
        assert_eq!(settings, named);
    }

    #[test]
    fn the_runtime_reads_what_the_storage_holds() {
        let make = |setting: &Setting| match setting.form {
            Form::Money(make) => make(123_456),
            Form::Count(make) => make(99),
        };
        let parameters: Vec<_> = SETTINGS.iter().map(make).collect();
        let held = Storage { top: storage(&parameters).collect(), ..Default::default() };
        sp_io::TestExternalities::new(held).execute_with(|| {
            assert_eq!(fees::PerSecond::get(), 123_456);
            assert_eq!(fees::PerByte::get(), 123_456);
            assert_eq!(settlement::MaxSeats::get(), 99);
            assert_eq!(allowance::Max::get(), 123_456);
            assert_eq!(allowance::RecoveryPerBlock::get(), 123_456);
        });
        sp_io::TestExternalities::new_empty().execute_with(|| {
            assert_ne!(fees::PerSecond::get(), 123_456);
        });
    }
}
