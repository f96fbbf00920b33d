//! How a status says which refusal it is: services do by it what they would not do by a sentence.

use tonic::{metadata::MetadataValue, Status};

/// The metadata with the name.
const NAME: &str = "smartlink-refusal";

/// A status that names its refusal.
pub fn named(mut status: Status, name: &'static str) -> Status {
    status.metadata_mut().insert(NAME, MetadataValue::from_static(name));
    status
}

/// The refusal that a status names.
pub fn name_of(status: &Status) -> Option<&str> {
    status.metadata().get(NAME).and_then(|name| name.to_str().ok())
}
