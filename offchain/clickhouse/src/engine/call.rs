//! What a request asks for, apart from its body.

use std::collections::HashSet;

use http::{
    header::{ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE},
    request::Parts,
    HeaderMap, Method,
};

use super::{
    credentials::Credentials,
    encoding::Encoding,
    exception::{code, Exception},
    input::Wrapping,
    multipart, outside,
    statement::{Kind, Statement},
    stitch::Stitcher,
};

/// Parameters of ClickHouse's HTTP interface that mean nothing here and harm nothing.
const IDLE: &[&str] =
    &["quota_key", "session_timeout", "session_check", "stacktrace", "client_protocol_version"];

/// The longest query id.
const LONGEST_ID: usize = 128;

/// A request, read.
#[derive(Clone, Debug)]
pub(super) struct Call {
    /// The caller's id for it, or one of ours.
    pub(super) id: String,
    /// The statement, or its beginning, from the URL or a form.
    pub(super) query: String,
    pub(super) database: Option<String>,
    /// The format of the answer when the statement names none.
    pub(super) format: String,
    /// Settings for this statement alone, known by name.
    pub(super) settings: Vec<(String, String)>,
    /// Values for `{name:Type}`.
    pub(super) parameters: Vec<(String, String)>,
    pub(super) wrapping: Wrapping,
    /// The body is in ClickHouse's own compressed form.
    pub(super) decompress: bool,
    pub(super) encoding: Encoding,
    /// How much of the answer is kept before the first byte is sent.
    pub(super) buffer: usize,
    /// The answer is kept until it is whole.
    pub(super) wait: bool,
    /// The boundary, when the body is a form.
    pub(super) boundary: Option<String>,
}

/// Reads the URL and the headers; `settings` are the names that the engine knows.
pub(super) fn read(
    parts: &Parts,
    settings: &HashSet<String>,
    credentials: &Credentials,
) -> Result<Call, Exception> {
    let pairs = pairs(parts)?;
    let named = |name: &str| pairs.iter().rev().find(|(n, _)| n == name).map(|(_, v)| v.as_str());
    let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
    credentials.check(
        named("user").or_else(|| header("x-clickhouse-user")),
        named("password").or_else(|| header("x-clickhouse-key")),
        parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()),
    )?;
    let mut call = Call {
        id: id(named("query_id"))?,
        query: named("query").unwrap_or_default().to_owned(),
        database: named("database")
            .or_else(|| header("x-clickhouse-database"))
            .filter(|name| !name.is_empty())
            .map(str::to_owned),
        format: named("default_format")
            .or_else(|| header("x-clickhouse-format"))
            .unwrap_or("TabSeparated")
            .to_owned(),
        settings: Vec::new(),
        parameters: Vec::new(),
        wrapping: Wrapping::of(text(&parts.headers, CONTENT_ENCODING))?,
        decompress: flag(named("decompress")),
        encoding: encoding(
            &parts.headers,
            flag(named("compress")),
            named("enable_http_compression"),
        ),
        buffer: named("buffer_size").and_then(|n| n.parse().ok()).unwrap_or(1 << 20),
        wait: flag(named("wait_end_of_query")),
        boundary: multipart::boundary(text(&parts.headers, CONTENT_TYPE)).map(str::to_owned),
    };
    if !call.format.bytes().all(|byte| byte.is_ascii_alphanumeric()) || call.format.len() > 64 {
        let sentence = format!("the format {:?} is not known", call.format);
        return Err(Exception::new(code::UNKNOWN_FORMAT, "UNKNOWN_FORMAT", sentence));
    }
    for (name, value) in &pairs {
        call.take(name, value, settings)?;
    }
    // A GET changes nothing; it may still have settings of its own.
    if matches!(parts.method, Method::GET | Method::HEAD) {
        call.settings.retain(|(name, _)| name != "readonly");
        call.settings.push(("readonly".to_owned(), "2".to_owned()));
    }
    Ok(call)
}

impl Call {
    /// Puts the pieces of the statement's answer together, if they can be.
    pub(super) fn stitcher(&self, statement: &Statement) -> Option<Stitcher> {
        // Types as numbers have headings of their own kind.
        let binary = "output_format_binary_encode_types_in_binary_format";
        if self.settings.iter().any(|(setting, value)| setting == binary && value != "0") {
            return None;
        }
        Stitcher::of(statement.format.as_deref().unwrap_or(&self.format))
    }

    /// Whether the statement's answer is one document.
    pub(super) fn is_document(&self, statement: &Statement) -> bool {
        statement.kind == Kind::Select && self.stitcher(statement).is_none()
    }

    /// Takes a parameter of the URL.
    fn take(
        &mut self,
        name: &str,
        value: &str,
        settings: &HashSet<String>,
    ) -> Result<(), Exception> {
        if let Some(parameter) = name.strip_prefix("param_") {
            self.parameters.push((parameter.to_owned(), value.to_owned()));
            return Ok(());
        }
        match name {
            "query"
            | "database"
            | "default_format"
            | "query_id"
            | "user"
            | "password"
            | "compress"
            | "decompress"
            | "buffer_size"
            | "wait_end_of_query"
            | "enable_http_compression"
            | "http_zlib_compression_level" => Ok(()),
            idle if IDLE.contains(&idle) => Ok(()),
            "session_id" | "role" => {
                let sentence = format!(
                    "{name} is not served by the embedded engine: every request stands alone"
                );
                Err(Exception::new(code::NOT_IMPLEMENTED, "NOT_IMPLEMENTED", sentence))
            }
            setting if settings.contains(setting) && !value.contains('\0') => {
                outside::refuse_setting(setting)?;
                self.settings.push((setting.to_owned(), value.to_owned()));
                Ok(())
            }
            unknown => {
                let sentence = format!(
                    "Setting {unknown} is neither a builtin setting nor known to this interface"
                );
                Err(Exception::new(code::UNKNOWN_SETTING, "UNKNOWN_SETTING", sentence))
            }
        }
    }

    /// Takes the fields of a form: the statement and its parameters.
    pub(super) fn take_form(&mut self, fields: multipart::Fields) -> Result<(), Exception> {
        for (name, value) in fields {
            let value = String::from_utf8(value).map_err(|_| {
                let sentence = format!("the field {name} of the form is not UTF-8");
                Exception::new(code::BAD_ARGUMENTS, "BAD_ARGUMENTS", sentence)
            })?;
            match name.strip_prefix("param_") {
                Some(parameter) => self.parameters.push((parameter.to_owned(), value)),
                None if name == "query" => self.query.push_str(&value),
                None => {
                    let sentence =
                        format!("a form holds `query` and `param_...`, and not the field {name}");
                    return Err(Exception::new(code::BAD_ARGUMENTS, "BAD_ARGUMENTS", sentence));
                }
            }
        }
        Ok(())
    }
}

/// The parameters of the URL, decoded.
fn pairs(parts: &Parts) -> Result<Vec<(String, String)>, Exception> {
    axum::extract::Query::try_from_uri(&parts.uri).map(|axum::extract::Query(pairs)| pairs).map_err(
        |error| {
            let sentence = format!("the parameters of the URL cannot be read: {error}");
            Exception::new(code::BAD_ARGUMENTS, "BAD_ARGUMENTS", sentence)
        },
    )
}

/// The caller's id, or one that nobody else has.
fn id(given: Option<&str>) -> Result<String, Exception> {
    match given.filter(|id| !id.is_empty()) {
        None => Ok(super::unique()),
        Some(id) if id.len() <= LONGEST_ID && id.bytes().all(|byte| byte.is_ascii_graphic()) => {
            Ok(id.to_owned())
        }
        Some(_) => Err(Exception::new(
            code::BAD_ARGUMENTS,
            "BAD_ARGUMENTS",
            "query_id is up to 128 visible ASCII characters",
        )),
    }
}

fn flag(value: Option<&str>) -> bool {
    value.is_some_and(|value| value == "1" || value.eq_ignore_ascii_case("true"))
}

fn encoding(headers: &HeaderMap, compress: bool, http_compression: Option<&str>) -> Encoding {
    match (compress, http_compression.is_none() || flag(http_compression)) {
        (true, _) => Encoding::Blocks,
        (false, true) => Encoding::of_accept(text(headers, ACCEPT_ENCODING)),
        (false, false) => Encoding::Plain,
    }
}

fn text(headers: &HeaderMap, name: http::HeaderName) -> &str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn call(method: &str, uri: &str, headers: &[(&str, &str)]) -> Result<Call, Exception> {
        let mut request = Request::builder().method(method).uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let known = ["max_threads", "readonly", "dialect"].map(String::from).into_iter().collect();
        let (parts, ()) = request.body(()).unwrap().into_parts();
        read(&parts, &known, &Credentials::none())
    }

    #[test]
    fn a_request_is_read_from_url_and_headers() {
        let uri = "/?query=SELECT%20%7Ba%3AUInt8%7D&param_a=1&max_threads=2&database=d+b&compress=1&query_id=x";
        let read =
            call("POST", uri, &[("x-clickhouse-format", "JSON"), ("accept-encoding", "lz4")]);
        let read = read.unwrap();
        assert_eq!((read.query.as_str(), read.id.as_str()), ("SELECT {a:UInt8}", "x"));
        assert_eq!(read.database.as_deref(), Some("d b"));
        assert_eq!((read.format.as_str(), read.encoding), ("JSON", Encoding::Blocks));
        assert_eq!(read.parameters, [("a".to_owned(), "1".to_owned())]);
        assert_eq!(read.settings, [("max_threads".to_owned(), "2".to_owned())]);
    }

    #[test]
    fn a_get_is_read_only_whatever_it_says() {
        let read = call("GET", "/?query=x&readonly=0", &[]).unwrap();
        assert_eq!(read.settings, [("readonly".to_owned(), "2".to_owned())]);
    }

    #[test]
    fn what_is_not_known_is_refused() {
        for (uri, expected) in [
            ("/?max_treads=1", code::UNKNOWN_SETTING),
            ("/?max_threads=1%00", code::UNKNOWN_SETTING),
            ("/?session_id=a", code::NOT_IMPLEMENTED),
            ("/?dialect=prql", code::ACCESS_DENIED),
            ("/?default_format=A%20B", code::UNKNOWN_FORMAT),
            ("/?query_id=a%0Ab", code::BAD_ARGUMENTS),
        ] {
            assert_eq!(call("POST", uri, &[]).unwrap_err().code, expected, "{uri}");
        }
        let brotli = call("POST", "/", &[("content-encoding", "br")]);
        assert_eq!(brotli.unwrap_err().code, code::NOT_IMPLEMENTED);
    }

    #[test]
    fn compression_can_be_declined() {
        let encoding = |uri| call("POST", uri, &[("accept-encoding", "gzip")]).unwrap().encoding;
        assert_eq!(encoding("/"), Encoding::Gzip);
        assert_eq!(encoding("/?enable_http_compression=0"), Encoding::Plain);
    }

    #[test]
    fn any_url_and_headers_are_read_or_refused() {
        let known: HashSet<_> = ["max_threads", "readonly"].map(String::from).into();
        let names = [
            "authorization",
            "content-type",
            "content-encoding",
            "accept-encoding",
            "x-clickhouse-user",
            "x-clickhouse-key",
            "x-clickhouse-database",
            "x-clickhouse-format",
        ];
        let judges = [Credentials::none(), Credentials::new("fleet", "sesame")];
        bolero::check!().for_each(|bytes: &[u8]| {
            let mut lines = bytes.split(|byte| *byte == b'\n');
            let mut request = Request::builder().method("GET").uri(lines.next().unwrap_or(b"/"));
            for (name, line) in names.iter().zip(lines) {
                request = request.header(*name, line);
            }
            let Ok(request) = request.body(()) else { return };
            let (parts, ()) = request.into_parts();
            for judge in &judges {
                if let Ok(call) = read(&parts, &known, judge) {
                    assert!(call.id.len() <= LONGEST_ID && call.format.len() <= 64);
                    let read_only = ("readonly".to_owned(), "2".to_owned());
                    assert_eq!(call.settings.last(), Some(&read_only));
                }
            }
        });
    }
}
