//! Readings by the names of their quantities.

use serde::{
    de::{Error as _, MapAccess, SeqAccess, Visitor},
    Deserialize, Deserializer, Serialize, Serializer,
};
use smartlink_records::{Quantity, Reading, MAX_READINGS};
use std::fmt;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    quantity: String,
    #[serde(default)]
    instance: u8,
    value: i64,
}

/// An object, unless a quantity comes twice: then a list.
pub(super) fn serialize<S: Serializer>(readings: &[Reading], to: S) -> Result<S::Ok, S::Error> {
    let key = |reading: &Reading| (reading.quantity, reading.instance);
    // The order of an object's members is nothing that a reader has to keep; so only what is in order is one.
    if readings.windows(2).all(|pair| key(&pair[0]) < key(&pair[1])) {
        return to.collect_map(readings.iter().map(|reading| (name(reading), reading.value)));
    }
    to.collect_seq(readings.iter().map(|reading| Entry {
        quantity: reading.quantity.name().to_owned(),
        instance: reading.instance,
        value: reading.value,
    }))
}

fn name(reading: &Reading) -> String {
    match reading.instance {
        0 => reading.quantity.name().to_owned(),
        instance => format!("{}.{instance}", reading.quantity.name()),
    }
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Reading>, D::Error> {
    from.deserialize_any(Readings)
}

struct Readings;

impl<'de> Visitor<'de> for Readings {
    type Value = Vec<Reading>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "readings as an object or a list")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
        let mut readings: Vec<Reading> = Vec::new();
        while let Some(key) = object.next_key::<String>()? {
            bound(&readings)?;
            let (name, instance) = key.split_once('.').unwrap_or((&key, "0"));
            let instance = instance.parse().map_err(|_| {
                A::Error::custom(format_args!(
                    "`readings.{key}` must end in an instance from 0 to 255"
                ))
            })?;
            let quantity = quantity(name)?;
            let value = object.next_value().map_err(|error| {
                A::Error::custom(format_args!(
                    "`readings.{key}` must be a whole number, in {}: {error}",
                    quantity.unit()
                ))
            })?;
            if readings.iter().any(|other| other.quantity == quantity && other.instance == instance)
            {
                return Err(A::Error::custom(format_args!("`readings.{key}` is there twice")));
            }
            readings.push(Reading { quantity, instance, value });
        }
        // Members have no order, readings have one.
        readings.sort_by_key(|reading| (reading.quantity, reading.instance));
        Ok(readings)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut readings = Vec::new();
        while let Some(entry) = list.next_element::<Entry>()? {
            bound(&readings)?;
            let quantity = quantity(&entry.quantity)?;
            readings.push(Reading { quantity, instance: entry.instance, value: entry.value });
        }
        Ok(readings)
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }
}

fn bound<E: serde::de::Error>(readings: &[Reading]) -> Result<(), E> {
    if readings.len() == MAX_READINGS {
        return Err(E::custom(format_args!("`readings` are more than {MAX_READINGS}")));
    }
    Ok(())
}

fn quantity<E: serde::de::Error>(name: &str) -> Result<Quantity, E> {
    Quantity::ALL
        .iter()
        .find(|quantity| quantity.name() == name)
        .copied()
        .ok_or_else(|| E::custom(format_args!("`readings` have no quantity {name:?}")))
}
