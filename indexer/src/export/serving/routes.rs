//! Exports over HTTP.
//!
//! | `GET` | |
//! | --- | --- |
//! | `/exports` | who signs, how many there are, and the bounds: JSON |
//! | `/exports/batches.csv?company=3` | has it made, or finds it: 303 to its file. No `HEAD`, and no links from other sites |
//! | `/exports/ID` | how far it is: JSON |
//! | `/exports/ID/batches-5000.csv`, with `.json`, `.json.sig` | the files; 503 until they are there |

use std::{io, path::PathBuf, sync::Arc, time::Duration};

use axum::{
    extract::{rejection::QueryRejection, Path, Query, State as Shared},
    http::{header, HeaderMap, HeaderName, Method, StatusCode},
    response::{IntoResponse, Response},
    routing::get,
    Json, Router,
};
use tokio::fs::File;

use super::{
    asked::Asked,
    body::body,
    item::{Item, Piece, State},
    range::Part,
    Exports, Figures, Refusal,
};
use crate::{
    error::Error,
    export::{Format, Key, Manifest},
};

/// How long whoever fetches a file waits for it to be made before she is told to ask again. Proxies give up after 30 or 60
/// seconds.
const WAIT: Duration = Duration::from_secs(10);

impl Exports {
    /// The paths at which they are asked for and fetched; where none are offered, they say so.
    pub fn routes(exports: Option<Self>) -> Router {
        Router::new()
            .route("/exports", get(about))
            .route("/exports/{name}", get(asked_or_status))
            .route("/exports/{id}/{file}", get(fetched))
            .with_state(exports)
    }

    /// What is counted of requests that are refused.
    fn counted<T>(&self, result: Result<T, Refusal>) -> Result<T, Refusal> {
        result.inspect_err(|refusal| {
            if refusal.is_a_bound() {
                Figures::add(&self.0.figures.refused, 1);
            }
        })
    }
}

type Offered = Shared<Option<Exports>>;

fn offered(exports: Option<Exports>) -> Result<Exports, Refusal> {
    exports.ok_or(Refusal::NotOffered)
}

async fn about(Shared(exports): Offered) -> Result<Response, Refusal> {
    let exports = offered(exports)?;
    exports.sweep(&mut exports.items());
    let (figures, config) = (&exports.0.figures, &exports.0.config);
    let signer = exports.0.key.as_ref().map(|key| Key::account(key).to_string());
    Ok(told(&serde_json::json!({
        "signer": signer,
        "waiting": Figures::get(&figures.waiting),
        "making": Figures::get(&figures.making),
        "kept": Figures::get(&figures.kept),
        "bytes": Figures::get(&figures.bytes),
        "most": config.most,
        "most_bytes": config.most_bytes,
        "keep_s": config.keep_s,
    })))
}

async fn asked_or_status(
    Shared(exports): Offered,
    Path(name): Path<String>,
    method: Method,
    headers: HeaderMap,
    parameters: Result<Query<Vec<(String, String)>>, QueryRejection>,
) -> Result<Response, Refusal> {
    let exports = offered(exports)?;
    // No id has a dot.
    if !name.contains('.') {
        let status = exports.find(&name)?.status(exports.keep());
        return Ok(told(&status));
    }
    // From here on something may be begun.
    if method == Method::HEAD {
        return Err(Refusal::NoHead);
    }
    // A page that asks by itself names its origin, which has been judged; a link names none.
    let link = !headers.contains_key(header::ORIGIN);
    if link && headers.get("sec-fetch-site").is_some_and(|site| site == "cross-site") {
        return Err(Refusal::OtherSite);
    }
    let Query(parameters) = parameters
        .map_err(|error| Error::Asked(format!("the parameters cannot be read: {error}")))?;
    let asked = Asked::read(&name, &parameters)?;
    let item = exports.counted(exports.ask(&asked).await)?;
    // Relative, so that it is right behind a proxy that serves this below a path of its own.
    let place = format!("{}/{}", item.id, item.name());
    let status = told(&item.status(exports.keep()));
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, place)], status).into_response())
}

fn told(what: &impl serde::Serialize) -> Response {
    ([(header::CACHE_CONTROL, "no-store")], Json(what)).into_response()
}

async fn fetched(
    Shared(exports): Offered,
    Path((id, file)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let exports = offered(exports)?;
    let item = exports.find(&id)?;
    let Some((piece, path)) = item.piece(&file) else {
        return Err(Refusal::NoFile(item.name()));
    };
    let manifest = match item.ended(WAIT).await {
        State::Ready(manifest) => manifest,
        State::Failed(failure) => return Err(Refusal::Failed(failure)),
        state => return Err(Refusal::NotYet(state.told())),
    };
    let sending = Sending { piece, path, file, manifest };
    exports.counted(sending.send(&exports, item, &headers).await)
}

/// A file that is sent.
struct Sending {
    piece: Piece,
    path: PathBuf,
    file: String,
    manifest: Box<Manifest>,
}

impl Sending {
    async fn send(
        self,
        exports: &Exports,
        item: Arc<Item>,
        headers: &HeaderMap,
    ) -> Result<Response, Refusal> {
        let tag = self.tag();
        if text(headers, header::IF_NONE_MATCH).is_some_and(|known| names(known, &tag)) {
            let about = [(header::ETAG, tag), (header::CACHE_CONTROL, "no-cache".to_owned())];
            return Ok((StatusCode::NOT_MODIFIED, about).into_response());
        }
        let download = exports.download(item)?;
        let file = File::open(&self.path).await.map_err(unreadable)?;
        let length = file.metadata().await.map_err(unreadable)?.len();
        let (status, from, send) = match self.part(headers, &tag, length) {
            Part::All => (StatusCode::OK, 0, length),
            Part::Bytes(first, last) => (StatusCode::PARTIAL_CONTENT, first, last - first + 1),
            Part::Beyond => {
                let there = [(header::CONTENT_RANGE, format!("bytes */{length}"))];
                return Ok((StatusCode::RANGE_NOT_SATISFIABLE, there).into_response());
            }
        };
        let stall = Duration::from_millis(exports.0.config.stall_ms);
        let figures = exports.0.figures.clone();
        let body = body(file, (from, send), stall, figures, download).await;
        let body = body.map_err(unreadable)?;
        let mut response = (status, self.headers(tag, send), body).into_response();
        if status == StatusCode::PARTIAL_CONTENT {
            let range = format!("bytes {from}-{}/{length}", from + send - 1);
            // Digits and signs alone.
            if let Ok(range) = range.parse() {
                response.headers_mut().insert(header::CONTENT_RANGE, range);
            }
        }
        Ok(response)
    }

    /// Names its bytes. Manifest and signature say when they were made, so they have those of this export alone.
    fn tag(&self) -> String {
        let Manifest { sha256, made, .. } = &*self.manifest;
        match self.piece {
            Piece::Rows => format!("\"{sha256}\""),
            Piece::Manifest => format!("\"{sha256}-{made}-manifest\""),
            Piece::Signature => format!("\"{sha256}-{made}-signature\""),
        }
    }

    fn part(&self, headers: &HeaderMap, tag: &str, length: u64) -> Part {
        match (text(headers, header::RANGE), text(headers, header::IF_RANGE)) {
            // The bytes of all others may differ when they are made again: parts of two would make a whole of none.
            (Some(range), None) if self.is_always_the_same() => Part::read(range, length),
            // It goes on with these bytes, and not with others.
            (Some(range), Some(known)) if known == tag => Part::read(range, length),
            _ => Part::All,
        }
    }

    /// Whether all that are made at this address have the same bytes.
    fn is_always_the_same(&self) -> bool {
        self.piece == Piece::Rows && self.manifest.format == Format::Csv
    }

    fn headers(&self, tag: String, length: u64) -> [(HeaderName, String); 7] {
        let kind = match (self.piece, self.manifest.format) {
            (Piece::Rows, Format::Csv) => "text/csv; charset=utf-8",
            (Piece::Rows, Format::Parquet) => "application/vnd.apache.parquet",
            (Piece::Manifest, _) => "application/json",
            (Piece::Signature, _) => "text/plain; charset=utf-8",
        };
        [
            (header::CONTENT_TYPE, kind.to_owned()),
            (header::CONTENT_LENGTH, length.to_string()),
            (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", self.file)),
            (header::ACCEPT_RANGES, "bytes".to_owned()),
            (header::ETAG, tag),
            (header::CACHE_CONTROL, "no-cache".to_owned()),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        ]
    }
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// Whether an `If-None-Match` names a tag (RFC 9110, section 13.1.2). No tag of ours has a comma.
fn names(known: &str, tag: &str) -> bool {
    known.split(',').map(str::trim).any(|one| one == "*" || one.trim_start_matches("W/") == tag)
}

/// What is gone is no longer kept.
fn unreadable(error: io::Error) -> Refusal {
    match error.kind() {
        io::ErrorKind::NotFound => Refusal::Unknown,
        _ => Refusal::Unreadable(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_names_what_it_has() {
        for known in ["\"a\"", "W/\"a\"", "\"b\", \"a\"", "*"] {
            assert!(names(known, "\"a\""), "{known}");
        }
        for known in ["", "a", "\"b\"", "\"ab\""] {
            assert!(!names(known, "\"a\""), "{known}");
        }
    }

    #[test]
    fn what_is_gone_is_no_longer_kept() {
        assert!(matches!(unreadable(io::ErrorKind::NotFound.into()), Refusal::Unknown));
        let denied = unreadable(io::ErrorKind::PermissionDenied.into());
        assert!(matches!(denied, Refusal::Unreadable(_)));
    }
}
