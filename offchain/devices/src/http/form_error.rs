//! Why bytes are not reports.

use thiserror::Error;

/// What is wrong with what a device sent. The sentence goes back to the device.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum FormError {
    /// Not the JSON that is documented.
    #[error("the body is not reports in JSON: {0}")]
    Json(String),
    /// A list without anything in it.
    #[error("there is no report in the body: send at least one")]
    Empty,
    /// A parameter of a query, or a field of Traccar's JSON.
    #[error("`{field}` {remedy}")]
    Field {
        /// Its name.
        field: String,
        /// What it must be.
        remedy: String,
    },
    /// Bytes that are no text.
    #[error("the {0} is not UTF-8: encode it as UTF-8")]
    Text(&'static str),
    /// More parameters than anybody sends.
    #[error("there are more than {0} parameters")]
    Parameters(usize),
    /// Compressed bytes that are damaged.
    #[error("the body is not gzip: {0}")]
    Gzip(String),
    /// Too many bytes, after they are decompressed.
    #[error("the body has more than {0} bytes: send it in several parts")]
    TooLarge(usize),
}

impl FormError {
    pub(crate) fn json(error: serde_json::Error) -> Self {
        Self::Json(error.to_string())
    }

    pub(crate) fn field(field: &str, remedy: impl Into<String>) -> Self {
        Self::Field { field: field.to_owned(), remedy: remedy.into() }
    }
}
