//! Refusals as gRPC statuses.

use crate::{
    analysis::{alert::AlertError, class::FactError, FenceError},
    error::QueryError,
    geofences::GeofenceError,
    proof::ProveError,
    CommandError,
};
use smartlink_clickhouse::StoreError;
use smartlink_proto::refusal::named;
use tonic::Status;

/// Others' own words are for the log: they hold statements and paths.
fn away(error: &dyn std::error::Error) -> Status {
    tracing::warn!(%error, "ClickHouse does not answer");
    Status::unavailable(
        "ClickHouse does not answer at present: try again; the service's log says why",
    )
}

fn fault(error: &dyn std::error::Error) -> Status {
    tracing::error!(%error, "telemetry cannot answer");
    Status::internal("telemetry cannot answer that: the service's log says why")
}

fn late(milliseconds: u64) -> Status {
    Status::deadline_exceeded(format!(
        "ClickHouse needs longer than {milliseconds} ms: ask for a shorter time or fewer vehicles at once"
    ))
}

pub(super) fn of_query(error: QueryError) -> Status {
    match error {
        QueryError::Asked(sentence) => Status::invalid_argument(sentence),
        QueryError::Stopped => Status::unavailable(error.to_string()),
        QueryError::Late { milliseconds }
        | QueryError::Store(StoreError::Late { milliseconds, .. }) => late(milliseconds),
        QueryError::Broken(error) => away(&error),
        QueryError::Store(error) if error.is_passing() => away(&error),
        QueryError::Store(_)
        | QueryError::Unreadable { .. }
        | QueryError::Row(_)
        | QueryError::Journal(_) => fault(&error),
    }
}

pub(super) fn of_command(error: CommandError) -> Status {
    let sentence = error.to_string();
    match error {
        CommandError::Alert(AlertError::Closed(_)) => {
            named(Status::failed_precondition(sentence), "alert_closed")
        }
        CommandError::Alert(AlertError::Name(_)) => Status::invalid_argument(sentence),
        CommandError::Alert(AlertError::NotFollowed(_)) => fault(&error),
        CommandError::Rules(_) => named(Status::invalid_argument(sentence), "rule"),
        CommandError::Fact(FactError::TooManyVehicles(_)) => {
            named(Status::failed_precondition(sentence), "too_many_vehicles")
        }
        CommandError::Fact(FactError::NoVehicle | FactError::Capacities(_)) => {
            Status::invalid_argument(sentence)
        }
        CommandError::NoAlert(_) => Status::not_found(sentence),
        CommandError::Query(error) => of_query(*error),
        CommandError::Stopped => Status::unavailable(sentence),
    }
}

pub(super) fn of_geofence(error: GeofenceError) -> Status {
    let sentence = error.to_string();
    match error {
        GeofenceError::TooMany(..) | GeofenceError::Fence(FenceError::TooMany(_)) => {
            named(Status::failed_precondition(sentence), "too_many_geofences")
        }
        GeofenceError::Fence(_) => named(Status::invalid_argument(sentence), "geofence"),
        GeofenceError::Version { .. } => {
            named(Status::failed_precondition(sentence), "other_version")
        }
        GeofenceError::Command(error) => of_command(error),
    }
}

/// What ClickHouse has of a batch is not what was in it: nobody can prove anything with it.
pub(super) fn of_proof(error: ProveError) -> Status {
    let sentence = error.to_string();
    match error {
        ProveError::NoBatch(_) => named(Status::not_found(sentence), "no_batch"),
        ProveError::Missing { .. } => named(Status::data_loss(sentence), "missing"),
        ProveError::Twice { .. } => named(Status::data_loss(sentence), "twice"),
        ProveError::Changed { .. } | ProveError::Batch(_) => {
            named(Status::data_loss(sentence), "changed")
        }
        ProveError::Query(QueryError::Row(_)) => named(Status::data_loss(sentence), "changed"),
        ProveError::Query(error) => of_query(error),
    }
}

pub(super) fn too_many_streams(most: usize) -> Status {
    named(
        Status::resource_exhausted(format!(
            "{most} tracks and files are on their way already: try again when one of them has ended"
        )),
        "too_many_streams",
    )
}

/// A follower that was too slow.
pub(super) fn behind() -> Status {
    named(
        Status::data_loss("you are too far behind and have missed changes: begin again"),
        "behind",
    )
}

pub(super) fn stopped() -> Status {
    of_query(QueryError::Stopped)
}
