//! Why somebody does not get what she asks for, and what to do.

use axum::{
    http::{header, HeaderValue, StatusCode},
    response::{IntoResponse, Response},
};

use super::item::Failure;
use crate::error::Error;

/// Seconds until somebody who waits for an export looks again.
const LOOK_AGAIN: u16 = 2;
/// Seconds until there may be room.
const ROOM: u16 = 30;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refusal {
    #[error(
        "no exports are made here: they are signed, and there is no key. Set exports.key to the file of one (`smartlink-node \
         key generate` makes a key, whose phrase belongs into a file that only the indexer can read, chmod 600), or \
         exports.unsigned to true"
    )]
    NotOffered,
    #[error(transparent)]
    Asked(#[from] Error),
    #[error(
        "whoever asks here has an export made, so it is asked for by GET: a HEAD says what there is of one at the address that \
         GET leads to"
    )]
    NoHead,
    #[error(
        "a page of another site leads here, and no page may have its readers begin exports: open the address by hand, or put \
         the link on a page of this site"
    )]
    OtherSite,
    #[error("too many ask for exports at once: ask again in a moment")]
    Busy,
    #[error("{0} exports are made or wait for it, and no more may wait (exports.waiting): ask again in a minute")]
    Waiting(usize),
    #[error(
        "{0} exports are there, and no more may be (exports.most): ask again in a minute, when one of them may make room"
    )]
    Most(usize),
    #[error(
        "exports take {held} bytes of the disk, and may take {most} (exports.most_bytes): ask for fewer rows or columns, or \
         again in a minute, when others may make room"
    )]
    Full { held: u64, most: u64 },
    #[error(
        "the disk of exports has {free} bytes free, and {reserve} of it are not theirs (exports.reserve_bytes): make room on \
         it, or set exports.folder to another disk"
    )]
    Disk { free: u64, reserve: u64 },
    #[error("there is no such export, or it is no longer kept: ask for it again where you asked for it first, with its block (at)")]
    Unknown,
    #[error("this export has no such file: it has {0}, and the same with .json and, when it is signed, .json.sig behind it")]
    NoFile(String),
    #[error("it is not made yet ({0}): ask again in {LOOK_AGAIN} seconds")]
    NotYet(String),
    #[error("{0} downloads are on their way, and no more may be (exports.downloads): ask again in a minute")]
    Downloads(usize),
    #[error("it could not be made: {}. Ask for it again where you asked for it first", .0.why)]
    Failed(Failure),
    #[error(
        "it was made, and cannot be read ({0}): ask for it again where you asked for it first"
    )]
    Unreadable(std::io::Error),
}

impl Refusal {
    fn status(&self) -> StatusCode {
        match self {
            Self::NotOffered => StatusCode::NOT_IMPLEMENTED,
            Self::Asked(error) => status_of(error),
            Self::Waiting(_) | Self::Most(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Full { .. } | Self::Disk { .. } => StatusCode::INSUFFICIENT_STORAGE,
            Self::NoHead => StatusCode::METHOD_NOT_ALLOWED,
            Self::OtherSite => StatusCode::FORBIDDEN,
            Self::Unknown | Self::NoFile(_) => StatusCode::NOT_FOUND,
            // Not 202: whoever saves the answer would take it for the export. Clients ask again by themselves.
            Self::NotYet(_) | Self::Busy | Self::Downloads(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Failed(failure) => failure.status,
            Self::Unreadable(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Seconds until it may be otherwise.
    fn again(&self) -> Option<u16> {
        match self {
            Self::NotYet(_) | Self::Busy => Some(LOOK_AGAIN),
            Self::Waiting(_) | Self::Most(_) | Self::Downloads(_) => Some(ROOM),
            _ => None,
        }
    }

    /// Whether a bound was reached.
    pub fn is_a_bound(&self) -> bool {
        matches!(
            self,
            Self::Busy
                | Self::Waiting(_)
                | Self::Most(_)
                | Self::Full { .. }
                | Self::Disk { .. }
                | Self::Downloads(_)
        )
    }
}

/// The status of an error: whose fault it is.
pub(super) fn status_of(error: &Error) -> StatusCode {
    match error {
        Error::Asked(_) => StatusCode::BAD_REQUEST,
        Error::Store(error) if error.is_passing() => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = (self.status(), format!("{self}\n")).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        if let Some(seconds) = self.again() {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if matches!(self, Self::NoHead) {
            headers.insert(header::ALLOW, HeaderValue::from_static("GET"));
        }
        if matches!(self, Self::NotYet(_)) {
            // A browser that followed a link looks again by itself.
            headers.insert(header::REFRESH, LOOK_AGAIN.into());
        }
        response
    }
}
