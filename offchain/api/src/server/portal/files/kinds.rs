//! What kind of file a name promises: browsers are told not to guess.

/// Endings, and the types that IANA knows for them.
const KINDS: [(&str, &str); 27] = [
    ("html", "text/html; charset=utf-8"),
    ("js", "text/javascript; charset=utf-8"),
    ("mjs", "text/javascript; charset=utf-8"),
    ("css", "text/css; charset=utf-8"),
    ("json", "application/json"),
    ("map", "application/json"),
    ("geojson", "application/geo+json"),
    ("webmanifest", "application/manifest+json"),
    ("svg", "image/svg+xml"),
    ("png", "image/png"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("webp", "image/webp"),
    ("avif", "image/avif"),
    ("gif", "image/gif"),
    ("ico", "image/x-icon"),
    ("woff2", "font/woff2"),
    ("woff", "font/woff"),
    ("ttf", "font/ttf"),
    ("otf", "font/otf"),
    ("wasm", "application/wasm"),
    ("pbf", "application/x-protobuf"),
    ("txt", "text/plain; charset=utf-8"),
    ("csv", "text/csv; charset=utf-8"),
    ("xml", "application/xml"),
    ("pdf", "application/pdf"),
    ("gz", "application/gzip"),
];

/// The type of a file.
pub fn of(path: &str) -> &'static str {
    let name = path.rsplit('/').next().unwrap_or(path);
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
    let known = KINDS.iter().find(|(known, _)| *known == ending);
    known.map_or("application/octet-stream", |(_, kind)| kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_promise_a_kind() {
        assert_eq!(of("/index.html"), "text/html; charset=utf-8");
        assert_eq!(of("/assets/app-D3f.js"), "text/javascript; charset=utf-8");
        assert_eq!(of("/fonts/Noto Sans/0-255.pbf"), "application/x-protobuf");
        assert_eq!(of("/LOGO.SVG"), "image/svg+xml");
        for unknown in ["/LICENSE", "/a.b/c", "/x.exe"] {
            assert_eq!(of(unknown), "application/octet-stream", "{unknown}");
        }
    }
}
