//! GraphiQL: the page in which people try questions. The page itself comes with the program; GraphiQL and React lie in a
//! folder, and are read from there when the server starts.

use std::path::PathBuf;

use axum::{
    body::Bytes,
    extract::{Path, State},
    http::{header, StatusCode},
    response::{IntoResponse, Response},
};

use super::server::Served;

/// The version; `cargo xtask setup` fetches the same.
const VERSION: &str = "3.8.2";

/// Nothing comes from elsewhere, and nothing stands in the page that could run.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
                      img-src 'self' data:; font-src 'self' data:; connect-src 'self' ws: wss:; \
                      worker-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const HTML: &str = "text/html; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";
const TEXT: &str = "text/plain; charset=utf-8";

/// The page.
const INDEX: &[u8] = include_bytes!("../../graphiql/index.html");
/// What it begins with.
const START: &[u8] = include_bytes!("../../graphiql/start.js");
/// Files that are fetched, and what they are.
const FETCHED: [(&str, &str); 4] = [
    ("react.production.min.js", SCRIPT),
    ("react-dom.production.min.js", SCRIPT),
    ("graphiql.min.js", SCRIPT),
    ("graphiql.min.css", STYLE),
];

/// What comes with the program may be another with the next program.
const ASK_AGAIN: &str = "no-cache";
/// What is fetched is asked for by its version.
const KEEP: &str = "public, max-age=31536000, immutable";

/// The files that are fetched, in the order of [`FETCHED`], or why they are not there.
pub struct Files(Result<Vec<Bytes>, String>);

impl Files {
    /// Reads them from a folder. An empty name stands for the developer's cache.
    pub fn read(folder: &str) -> Self {
        let folder = match folder {
            "" => cache(),
            folder => Some(PathBuf::from(folder)),
        };
        let Some(folder) = folder else {
            return Self(Err(missing("HOME is not set")));
        };
        let read = |(name, _): &(&str, &str)| {
            let path = folder.join(name);
            let bytes = std::fs::read(&path).map(Bytes::from);
            bytes.map_err(|error| missing(&format!("{}: {error}", path.display())))
        };
        Self(FETCHED.iter().map(read).collect())
    }
}

/// Where `cargo xtask setup` puts them.
fn cache() -> Option<PathBuf> {
    let home = std::env::var_os("HOME")?;
    Some(PathBuf::from(home).join(".cache/smartlinkdrive/graphiql").join(VERSION))
}

fn missing(why: &str) -> String {
    let names = FETCHED.map(|(name, _)| name).join(", ");
    format!(
        "GraphiQL {VERSION} is not here ({why}): run `cargo xtask setup`, or set `api.graphiql` to a folder with {names}, \
         and start the server again. Questions are answered at /graphql all the same, and the schema is at \
         /schema.graphql.\n"
    )
}

/// The page.
pub async fn page(State(served): State<Served>) -> Response {
    match &served.graphiql.0 {
        Ok(_) => shown(HTML, ASK_AGAIN, Bytes::from_static(INDEX)),
        Err(why) => unavailable(why),
    }
}

/// A file of it.
pub async fn file(State(served): State<Served>, Path(name): Path<String>) -> Response {
    if name == "start.js" {
        return shown(SCRIPT, ASK_AGAIN, Bytes::from_static(START));
    }
    let Some(place) = FETCHED.iter().position(|(known, _)| *known == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match &served.graphiql.0 {
        Ok(files) => shown(FETCHED[place].1, KEEP, files[place].clone()),
        Err(why) => unavailable(why),
    }
}

fn unavailable(why: &str) -> Response {
    let text = shown(TEXT, "no-store", Bytes::copy_from_slice(why.as_bytes()));
    (StatusCode::SERVICE_UNAVAILABLE, text).into_response()
}

fn shown(kind: &'static str, keep: &'static str, bytes: Bytes) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, keep),
    ];
    (headers, bytes).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_asks_for_what_is_served_and_for_nothing_else() {
        let page = std::str::from_utf8(INDEX).unwrap();
        for (name, _) in FETCHED {
            assert!(page.contains(&format!("\"/graphiql/{name}?{VERSION}\"")), "{name}");
        }
        assert!(page.contains("\"/graphiql/start.js\""));
        let scripts = page.matches("<script").count();
        assert_eq!(
            scripts,
            page.matches("<script src=\"/graphiql/").count(),
            "none stands in the page"
        );
        assert!(!page.contains("http:") && !page.contains("https:"));
    }

    #[test]
    fn files_that_are_missing_are_said_with_the_remedy() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().display().to_string();
        let why = Files::read(&path).0.unwrap_err();
        for said in [&*path, "react.production.min.js", "cargo xtask setup", "api.graphiql"] {
            assert!(why.contains(said), "{why}");
        }
        for (name, _) in FETCHED {
            std::fs::write(folder.path().join(name), name).unwrap();
        }
        let files = Files::read(&path).0.unwrap();
        let names: Vec<_> =
            FETCHED.iter().map(|(name, _)| Bytes::from_static(name.as_bytes())).collect();
        assert_eq!(files, names);
    }
}
