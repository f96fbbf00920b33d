//! Flags and alarms by their names.

use serde::{de::Error as _, Deserialize, Deserializer};
use smartlink_records::{Alarms, Flags};

pub(super) fn flags<'de, D: Deserializer<'de>>(from: D) -> Result<Flags, D::Error> {
    Vec::<String>::deserialize(from)?.iter().try_fold(Flags::NONE, |flags, name| {
        named(Flags::NAMED, name)
            .map(|flag| flags | flag)
            .ok_or_else(|| D::Error::custom(format_args!("`flags` has no {name:?}")))
    })
}

pub(super) fn alarms<'de, D: Deserializer<'de>>(from: D) -> Result<Alarms, D::Error> {
    Vec::<String>::deserialize(from)?.iter().try_fold(Alarms::NONE, |alarms, name| {
        named(Alarms::NAMED, name)
            .map(|alarm| alarms | alarm)
            .ok_or_else(|| D::Error::custom(format_args!("`alarms` has no {name:?}")))
    })
}

fn named<T: Copy>(all: &[(T, &str)], name: &str) -> Option<T> {
    all.iter().find(|(_, known)| *known == name).map(|(bit, _)| *bit)
}
