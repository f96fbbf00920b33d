//! The portal: the files of the web application, what its browser may know (`/portal.json`), and the headers that keep its
//! pages from anything else.
//!
//! All files are in memory, by the names under which they are asked for. No request becomes a path of the file system.

mod coding;
mod files;
mod headers;

use std::{
    net::IpAddr,
    pin::Pin,
    task::{Context, Poll},
};

use http::{
    header::{
        ACCEPT, ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE,
        ETAG, IF_NONE_MATCH, VARY,
    },
    request::Parts,
    HeaderMap, HeaderValue, Method, StatusCode,
};
use hyper::body::{Body, Bytes, Frame, SizeHint};
use jsonrpsee::server::{HttpBody, HttpResponse};
use percent_encoding::percent_decode_str;

use crate::{
    config::{Portal as Settings, PAGE},
    places::Place,
};
use coding::Coding;
use files::{File, Files, Form};

pub use files::PortalError;

/// What browsers keep for a year: a build names these files after what is in them.
const BUILT: &str = "/assets/";
const KEPT: &str = "public, max-age=31536000, immutable";
/// What they ask about each time, and get again when it is another one.
const ASKED: &str = "no-cache";
/// Where the browser learns where everything else is.
const ABOUT: &str = "/portal.json";

/// The portal, ready to be served.
#[derive(Debug)]
pub(super) struct Portal {
    files: Files,
    headers: HeaderMap,
}

impl Portal {
    /// Reads it, if there is one. `genesis` is the hash of block 0.
    pub fn open(
        settings: &Settings,
        company: u32,
        genesis: [u8; 32],
    ) -> Result<Option<Self>, PortalError> {
        let Some(folder) = &settings.folder else { return Ok(None) };
        let mut files = Files::read(folder)?;
        let about = about(settings, company, genesis);
        files.put(ABOUT, File::new("application/json", about.into_bytes()));
        tracing::info!(folder = %folder.display(), files = files.len(), bytes = files.bytes(), "the portal is read");
        Ok(Some(Self { files, headers: headers::of(settings) }))
    }

    /// Answers a GET or a HEAD. `place` is kept until the last byte.
    pub fn answer(&self, request: &Parts, place: Option<Place<IpAddr>>) -> HttpResponse {
        let mut response = match self.find(request) {
            Some((path, file)) => file_of(request, path, file, place),
            None => nothing(),
        };
        let headers = response.headers_mut();
        for (name, value) in &self.headers {
            headers.insert(name, value.clone());
        }
        response
    }

    /// The file of a path; or the page, of which the application shows the view that the path names.
    fn find(&self, request: &Parts) -> Option<(&str, &File)> {
        let page = format!("/{PAGE}");
        // What is no text is the name of no file.
        let path = percent_decode_str(request.uri.path()).decode_utf8().ok()?;
        let asked = if path == "/" { &page } else { &*path };
        if let Some(found) = self.files.get(asked) {
            return Some(found);
        }
        let reads = reads_pages(request.headers.get(ACCEPT));
        let is_view = reads && !path.starts_with(BUILT) && is_plain(&path);
        is_view.then(|| self.files.get(&page)).flatten()
    }
}

/// What the browser may know.
fn about(settings: &Settings, company: u32, genesis: [u8; 32]) -> String {
    let ethereum = settings.ethereum.url.as_ref().zip(settings.ethereum.contract.as_ref());
    let ethereum = ethereum
        .map(|(url, contract)| serde_json::json!({ "url": url.as_str(), "contract": contract }));
    serde_json::json!({
        "company": company,
        "genesis": format!("0x{}", hex::encode(genesis)),
        "node": settings.node,
        "index": settings.index,
        "ethereum": ethereum,
        "tiles": settings.tiles,
    })
    .to_string()
}

/// Whether a client says that it shows pages, as browsers do when somebody follows a link. Scripts that ask for data do not.
fn reads_pages(accept: Option<&HeaderValue>) -> bool {
    let accept = accept.and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    accept
        .split(',')
        .any(|kind| kind.split(';').next().is_some_and(|kind| kind.trim() == "text/html"))
}

/// Whether the application could have made a path: those that climb, or that some system reads otherwise, are nobody's link.
fn is_plain(path: &str) -> bool {
    !path.chars().any(|one| one.is_control() || one == '\\')
        && !path.split('/').any(|part| part == ".." || part == ".")
}

fn file_of(request: &Parts, path: &str, file: &File, place: Option<Place<IpAddr>>) -> HttpResponse {
    let headers = &request.headers;
    let (coding, form) = chosen(file, headers);
    let known = headers.get(IF_NONE_MATCH).is_some_and(|known| names(known, &form.tag));
    let mut response = if known {
        let mut response = HttpResponse::new(HttpBody::empty());
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response
    } else {
        HttpResponse::new(match request.method {
            Method::HEAD => HttpBody::empty(),
            _ => HttpBody::new(Sending { bytes: Some(form.bytes.clone()), _place: place }),
        })
    };
    let headers = response.headers_mut();
    if !known {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(file.kind));
        headers.insert(CONTENT_LENGTH, form.bytes.len().into());
        if let Some(coding) = coding {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static(coding.name()));
        }
    }
    let keep = if path.starts_with(BUILT) { KEPT } else { ASKED };
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(keep));
    headers.insert(ETAG, form.tag.clone());
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    response
}

/// The form of a file that a client takes: the smallest that was built.
fn chosen<'a>(file: &'a File, headers: &HeaderMap) -> (Option<Coding>, &'a Form) {
    let taken = headers.get(ACCEPT_ENCODING).and_then(|taken| taken.to_str().ok());
    let taken = taken.unwrap_or_default();
    let coded = Coding::ALL.into_iter().find_map(|coding| {
        let form = file.coded(coding)?;
        coding.is_taken(taken).then_some((Some(coding), form))
    });
    coded.unwrap_or((None, &file.plain))
}

/// Whether an `If-None-Match` names a tag (RFC 9110, section 13.1.2). No tag of ours has a comma.
fn names(known: &HeaderValue, tag: &HeaderValue) -> bool {
    let (Ok(known), Ok(tag)) = (known.to_str(), tag.to_str()) else { return false };
    known.split(',').map(str::trim).any(|one| one == "*" || one.trim_start_matches("W/") == tag)
}

fn nothing() -> HttpResponse {
    let mut response = HttpResponse::new(HttpBody::from("the portal has no such file\n"));
    *response.status_mut() = StatusCode::NOT_FOUND;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The bytes of a file on their way, and the place among the connections of an address that they have until the end.
struct Sending {
    bytes: Option<Bytes>,
    _place: Option<Place<IpAddr>>,
}

impl Body for Sending {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        Poll::Ready(self.bytes.take().map(|bytes| Ok(Frame::data(bytes))))
    }

    fn size_hint(&self) -> SizeHint {
        let left = self.bytes.as_ref().map_or(0, Bytes::len);
        SizeHint::with_exact(left as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_that_follows_a_link_reads_pages_and_a_script_does_not() {
        let reads = |accept: &'static str| reads_pages(Some(&HeaderValue::from_static(accept)));
        assert!(reads("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"));
        assert!(reads("application/json, text/html;q=0.5"));
        assert!(!reads("*/*") && !reads("application/json") && !reads("text/html5"));
        assert!(!reads_pages(None));
    }

    #[test]
    fn links_of_the_application_are_plain() {
        for path in ["/explorer/blocks/17", "/fleet/\u{8f66}", "/a..b", "/.well-known/x"] {
            assert!(is_plain(path), "{path}");
        }
        for path in ["/..", "/a/../b", "/./a", "/a\\b", "/a\0", "/a\n"] {
            assert!(!is_plain(path), "{path:?}");
        }
    }

    #[test]
    fn who_has_a_form_names_its_tag() {
        let (known, tag) = (HeaderValue::from_static, HeaderValue::from_static("\"a-br\""));
        for one in ["\"a-br\"", "W/\"a-br\"", "\"b\", \"a-br\"", "*"] {
            assert!(names(&known(one), &tag), "{one}");
        }
        for one in ["", "a-br", "\"a\"", "\"a-gzip\""] {
            assert!(!names(&known(one), &tag), "{one}");
        }
    }
}
