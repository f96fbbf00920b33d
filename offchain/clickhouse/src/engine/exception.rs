//! What ClickHouse says when it refuses or fails, and the HTTP status that goes with it.

use std::fmt;

use http::StatusCode;

/// Codes of ClickHouse that this server gives itself; the engine has many more.
pub mod code {
    /// Something in the request makes no sense.
    pub const BAD_ARGUMENTS: i32 = 36;
    /// A feature of ClickHouse's HTTP interface that is not here.
    pub const NOT_IMPLEMENTED: i32 = 48;
    /// The text is no statement, or more than one.
    pub const SYNTAX_ERROR: i32 = 62;
    /// No format of that name.
    pub const UNKNOWN_FORMAT: i32 = 73;
    /// No setting of that name.
    pub const UNKNOWN_SETTING: i32 = 115;
    /// Compressed data that is damaged.
    pub const CANNOT_DECOMPRESS: i32 = 271;
    /// More queries than may be at a time.
    pub const TOO_MANY_SIMULTANEOUS_QUERIES: i32 = 202;
    /// The peer was silent for too long.
    pub const SOCKET_TIMEOUT: i32 = 209;
    /// The connection broke.
    pub const NETWORK_ERROR: i32 = 210;
    /// More bytes than may be.
    pub const TOO_MANY_BYTES: i32 = 307;
    /// The caller went away, or somebody stopped the query.
    pub const QUERY_WAS_CANCELLED: i32 = 394;
    /// The result is larger than what may be kept.
    pub const TOO_MANY_ROWS_OR_BYTES: i32 = 396;
    /// Not for this caller.
    pub const ACCESS_DENIED: i32 = 497;
    /// Wrong user or password.
    pub const AUTHENTICATION_FAILED: i32 = 516;
    /// The engine did something that it never does.
    pub const LOGICAL_ERROR: i32 = 49;
}

/// ClickHouse's errors: a code and a sentence in its own form, `Code: 60. DB::Exception: ...`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    /// ClickHouse's number of it, or 0 when the engine named none.
    pub code: i32,
    text: String,
}

impl Exception {
    /// One of this server's own.
    pub fn new(code: i32, name: &str, sentence: impl fmt::Display) -> Self {
        Self { code, text: format!("Code: {code}. DB::Exception: {sentence}. ({name})") }
    }

    /// One of the engine's, from its text.
    pub fn from_engine(text: &str) -> Self {
        let code = text
            .strip_prefix("Code: ")
            .and_then(|rest| rest.split(|c: char| !c.is_ascii_digit()).next())
            .and_then(|digits| digits.parse().ok())
            .unwrap_or(0);
        Self { code, text: text.trim_end().to_owned() }
    }

    /// The whole sentence with the engine's version behind it, as a server ends it.
    pub fn sentence(&self, version: &str) -> String {
        match self.text.contains("(version ") {
            true => self.text.clone(),
            false => format!("{} (version {version})", self.text),
        }
    }

    /// The text, as it came.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The status that ClickHouse's server answers with.
    pub fn status(&self) -> StatusCode {
        match self.code {
            194 => StatusCode::UNAUTHORIZED,
            192 | 193 | 497 | 512 | 516 => StatusCode::FORBIDDEN,
            // What the statement or the data says is wrong.
            6 | 25 | 26 | 27 | 38 | 41 | 62 | 72 | 117 | 321 | 36 | 10 | 15 | 43 | 44 | 53
            | 427 | 441 | 675 | 676 | 167 | 168 | 223 | 224 | 271 => StatusCode::BAD_REQUEST,
            // What it names is not there.
            46 | 47 | 50 | 56 | 60 | 63 | 73 | 78 | 81 | 115 | 259 | 336 | 511 => {
                StatusCode::NOT_FOUND
            }
            307 | 661 => StatusCode::PAYLOAD_TOO_LARGE,
            48 => StatusCode::NOT_IMPLEMENTED,
            159 => StatusCode::REQUEST_TIMEOUT,
            76 | 202 | 209 | 439 => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl fmt::Display for Exception {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Exception {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_engines_code_is_read_from_its_sentence() {
        let unknown =
            Exception::from_engine("Code: 60. DB::Exception: Unknown table. (UNKNOWN_TABLE)\n");
        assert_eq!((unknown.code, unknown.status()), (60, StatusCode::NOT_FOUND));
        assert_eq!(
            unknown.sentence("26.7.2.1"),
            "Code: 60. DB::Exception: Unknown table. (UNKNOWN_TABLE) (version 26.7.2.1)"
        );
        let nameless = Exception::from_engine("Invalid or closed connection");
        assert_eq!((nameless.code, nameless.status()), (0, StatusCode::INTERNAL_SERVER_ERROR));
    }
}
