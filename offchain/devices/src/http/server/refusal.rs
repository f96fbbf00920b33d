//! Why a request is not answered 200, and what it is answered.

use axum::response::{IntoResponse, Response};
use http::{
    header::{RETRY_AFTER, WWW_AUTHENTICATE},
    HeaderValue, StatusCode,
};
use thiserror::Error;

use crate::{
    gate::{NotAccepted, Refusal},
    http::{FormError, HttpFigures},
};

/// Why a request did not lead to records on disk.
#[derive(Debug, Error)]
pub(super) enum Refused {
    /// What came is in no documented form.
    #[error(transparent)]
    Form(FormError),
    /// The body did not come whole.
    #[error("the body broke off: send the request again")]
    Broken,
    /// Nobody said whose the reports are.
    #[error("there is no identity: give it by Authorization: Basic, by X-Device-Id, or as the parameter `id`")]
    NoIdentity,
    /// Two identities.
    #[error("the headers say another identity than the reports: give one")]
    Identities,
    /// No key.
    #[error(
        "there is no key: give it by Authorization, by X-Device-Key, or as the parameter `key`"
    )]
    NoKey,
    /// The gate refuses.
    #[error("{}", told(.0))]
    NotAdmitted(Refusal),
    /// Too often.
    #[error("too many requests of this device: send several reports in one, to /v1/reports")]
    TooMany,
    /// The gate did not take the reports.
    #[error(transparent)]
    NotAccepted(NotAccepted),
    /// The disk is late.
    #[error("the disk did not have the reports in time: send them again")]
    Late,
}

/// What a device is told. Whether it was the identity or the key is for operators to know.
fn told(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Unknown
        | Refusal::NotRegistered
        | Refusal::Mismatch
        | Refusal::Unproved
        | Refusal::WrongKey => "the identity or the key is wrong".to_owned(),
        Refusal::Full | Refusal::Disk(_) => "the service cannot look: try again later".to_owned(),
        Refusal::Identity(_)
        | Refusal::Suspended
        | Refusal::Quarantined
        | Refusal::TooManyAttempts => refusal.to_string(),
    }
}

impl Refused {
    fn status(&self) -> StatusCode {
        match self {
            Self::Form(FormError::TooLarge(_)) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Form(_) | Self::Broken | Self::NoIdentity | Self::Identities => {
                StatusCode::BAD_REQUEST
            }
            Self::NoKey => StatusCode::UNAUTHORIZED,
            Self::NotAdmitted(refusal) => match refusal {
                Refusal::Identity(_) => StatusCode::BAD_REQUEST,
                Refusal::Unknown
                | Refusal::NotRegistered
                | Refusal::Mismatch
                | Refusal::Unproved
                | Refusal::WrongKey => StatusCode::UNAUTHORIZED,
                Refusal::Suspended | Refusal::Quarantined => StatusCode::FORBIDDEN,
                Refusal::TooManyAttempts => StatusCode::TOO_MANY_REQUESTS,
                Refusal::Full | Refusal::Disk(_) => StatusCode::SERVICE_UNAVAILABLE,
            },
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::NotAccepted(NotAccepted::Revoked) => StatusCode::FORBIDDEN,
            Self::NotAccepted(NotAccepted::Invalid(_)) => StatusCode::BAD_REQUEST,
            Self::NotAccepted(NotAccepted::Unwritten(_)) | Self::Late => {
                StatusCode::SERVICE_UNAVAILABLE
            }
        }
    }

    /// Adds it to the figure of its kind.
    pub(super) fn count(&self, figures: &HttpFigures) {
        let figure = match self.status() {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => &figures.not_admitted,
            StatusCode::TOO_MANY_REQUESTS => &figures.too_many,
            StatusCode::SERVICE_UNAVAILABLE => &figures.not_taken,
            _ => &figures.bad_requests,
        };
        figure.add(1);
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let status = self.status();
        let mut response = (status, format!("{self}\n")).into_response();
        let header = match status {
            StatusCode::UNAUTHORIZED => (WWW_AUTHENTICATE, "Basic realm=\"devices\", Bearer"),
            StatusCode::TOO_MANY_REQUESTS => (RETRY_AFTER, "10"),
            StatusCode::SERVICE_UNAVAILABLE => (RETRY_AFTER, "2"),
            _ => return response,
        };
        response.headers_mut().insert(header.0, HeaderValue::from_static(header.1));
        response
    }
}
