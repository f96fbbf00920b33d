//! Refusals as gRPC statuses.

use crate::{commands::CommandError, media::MediaError, registry::RegistryError};
use smartlink_proto::refusal::named;
use tonic::Status;

/// The disk's own words are for the log: they hold paths.
fn disk(error: &dyn std::error::Error) -> Status {
    tracing::error!(%error, "devices cannot be read or kept");
    Status::internal("the disk refuses: the service's log says why")
}

pub(super) fn of_registry(error: RegistryError) -> Status {
    let sentence = error.to_string();
    match error {
        RegistryError::NoSuchTerminal => Status::not_found(sentence),
        RegistryError::Taken { .. } => named(Status::already_exists(sentence), "identity_taken"),
        RegistryError::Full(_) => named(Status::failed_precondition(sentence), "registry_full"),
        RegistryError::OtherVehicle { .. } => {
            named(Status::failed_precondition(sentence), "other_vehicle")
        }
        RegistryError::Key | RegistryError::Long { .. } => Status::invalid_argument(sentence),
        RegistryError::Store(error) => disk(&error),
        #[allow(unreachable_patterns, reason = "what else may be wrong is in what was asked")]
        _ => Status::invalid_argument(sentence),
    }
}

pub(super) fn of_command(error: CommandError) -> Status {
    let sentence = error.to_string();
    match error {
        CommandError::NoSuchCommand | CommandError::NoSuchTerminal => Status::not_found(sentence),
        CommandError::KeyTaken(_) => named(Status::already_exists(sentence), "key_taken"),
        CommandError::TooManyOfTerminal(_) | CommandError::TooMany(_) => {
            named(Status::failed_precondition(sentence), "too_many_commands")
        }
        CommandError::Key | CommandError::Lasting | CommandError::Field { .. } => {
            Status::invalid_argument(sentence)
        }
        CommandError::Store(error) => disk(&error),
    }
}

pub(super) fn of_media(error: MediaError) -> Status {
    let sentence = error.to_string();
    match error {
        MediaError::NoSuchItem => Status::not_found(sentence),
        MediaError::Large { .. } => Status::invalid_argument(sentence),
        MediaError::File { .. } | MediaError::Store(_) => disk(&error),
    }
}
