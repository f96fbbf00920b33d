//! The key that a request shows.

use base64::{engine::general_purpose::STANDARD, Engine as _};
use http::{header::AUTHORIZATION, HeaderMap};

/// The header in which a device may show its key.
const KEY_HEADER: &str = "x-device-key";

/// The header in which a device that posts our own JSON may say who it is.
const IDENTITY_HEADER: &str = "x-device-id";

/// What a request shows. Nothing of it is believed yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) identity: Option<String>,
    pub(crate) key: Option<Vec<u8>>,
}

/// Reads `Authorization: Basic` (identity and key) or `Bearer` (key), `X-Device-Key` and `X-Device-Id`. What cannot
/// be read is not there.
pub(crate) fn shown(headers: &HeaderMap) -> Shown {
    let text = |name: &str| headers.get(name)?.to_str().ok().map(str::to_owned);
    let mut shown =
        Shown { identity: text(IDENTITY_HEADER), key: text(KEY_HEADER).map(String::into_bytes) };
    let Some((scheme, rest)) = headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '))
    else {
        return shown;
    };
    if scheme.eq_ignore_ascii_case("bearer") {
        shown.key = Some(rest.trim().as_bytes().to_vec());
    } else if scheme.eq_ignore_ascii_case("basic") {
        let decoded = STANDARD.decode(rest.trim()).ok();
        let pair = decoded.as_deref().and_then(|pair| {
            let colon = pair.iter().position(|byte| *byte == b':')?;
            Some((std::str::from_utf8(&pair[..colon]).ok()?, &pair[colon + 1..]))
        });
        if let Some((identity, key)) = pair {
            shown.identity = Some(identity.to_owned());
            shown.key = Some(key.to_vec());
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn a_key_is_shown_in_one_of_three_ways() {
        let of = |pairs: &[(&'static str, &'static str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.insert(*name, HeaderValue::from_static(value));
            }
            shown(&headers)
        };
        let both = Shown { identity: Some("van7".to_owned()), key: Some(b"s:3".to_vec()) };
        assert_eq!(of(&[("authorization", "Basic dmFuNzpzOjM=")]), both);
        assert_eq!(of(&[("authorization", "bearer s:3"), ("x-device-id", "van7")]), both);
        assert_eq!(of(&[("x-device-key", "s:3"), ("x-device-id", "van7")]), both);
        for odd in ["Basic", "Basic %%%", "Basic dmFuNw==", "Digest x"] {
            assert_eq!(of(&[("authorization", odd)]), Shown::default(), "{odd}");
        }
    }

    #[test]
    fn hostile_headers_show_no_more_than_they_hold() {
        bolero::check!().for_each(|bytes: &[u8]| {
            let mut headers = HeaderMap::new();
            let names = [AUTHORIZATION.as_str(), KEY_HEADER, IDENTITY_HEADER];
            for (name, line) in names.into_iter().zip(bytes.split(|byte| *byte == b'\n')) {
                headers.extend(
                    HeaderValue::from_bytes(line)
                        .ok()
                        .map(|value| (http::HeaderName::from_static(name), value)),
                );
            }
            let Shown { identity, key } = shown(&headers);
            assert!(identity.map_or(0, |identity| identity.len()) <= bytes.len());
            assert!(key.map_or(0, |key| key.len()) <= bytes.len());
        });
    }
}
