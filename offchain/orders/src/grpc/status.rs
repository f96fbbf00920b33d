//! Refusals as gRPC statuses.

use crate::{service::ServiceError, Refusal};
use smartlink_proto::refusal::named;
use tonic::{Code, Status};

/// The status of an error: its sentence, and for a refusal its name in the metadata.
pub(super) fn of(error: ServiceError) -> Status {
    let sentence = error.to_string();
    match error {
        ServiceError::Refused(refusal) => {
            named(Status::new(code(refusal), sentence), refusal.name())
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
