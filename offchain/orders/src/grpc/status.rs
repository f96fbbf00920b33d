//! Refusals as gRPC statuses.

use crate::{service::ServiceError, Refusal};
use tonic::{metadata::MetadataValue, Code, Status};

/// The metadata with the name of the refusal.
pub const REFUSAL: &str = "smartlink-refusal";

/// The status of an error: its sentence, and for a refusal its name in the metadata.
pub(super) fn of(error: ServiceError) -> Status {
    let sentence = error.to_string();
    match error {
        ServiceError::Refused(refusal) => {
            let mut status = Status::new(code(refusal), sentence);
            status.metadata_mut().insert(REFUSAL, MetadataValue::from_static(refusal.name()));
            status
        }
        ServiceError::Overloaded => Status::resource_exhausted(sentence),
        ServiceError::Stopped => Status::unavailable(sentence),
    }
}

const fn code(refusal: Refusal) -> Code {
    match refusal {
        Refusal::NoSuchOrder | Refusal::NoSuchDriver | Refusal::NoSuchBatch => Code::NotFound,
        Refusal::Beyond(_) | Refusal::PickupTime | Refusal::Stars => Code::InvalidArgument,
        Refusal::Full => Code::ResourceExhausted,
        Refusal::Clock => Code::Internal,
        _ => Code::FailedPrecondition,
    }
}
