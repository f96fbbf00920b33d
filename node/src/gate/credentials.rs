//! Where a request has its token.

use super::refusal::Refusal;
use hyper::header::{HeaderMap, HeaderValue, AUTHORIZATION};

/// The token that a request shows: in its header, or for a WebSocket, whose headers a browser does not let anybody set, in its
/// address. `None`: it shows none. What is there and cannot be read is refused, never taken for none.
pub fn shown(
    headers: &HeaderMap,
    query: Option<&str>,
    websocket: bool,
) -> Result<Option<String>, Refusal> {
    let in_header = headers.get_all(AUTHORIZATION).iter().map(bearer);
    let parts = query.unwrap_or_default().split('&');
    let in_address = parts.filter_map(|part| part.strip_prefix("token=")).map(|token| {
        if websocket {
            Ok(token.to_owned())
        } else {
            Err(Refusal::InAddress)
        }
    });
    let mut shown = in_header.chain(in_address);
    let first = shown.next().transpose()?;
    match shown.next() {
        Some(_) => Err(Refusal::Several),
        None => Ok(first),
    }
}

/// The token of an Authorization header. The scheme's name may be written as one likes (RFC 9110).
fn bearer(header: &HeaderValue) -> Result<String, Refusal> {
    let text = header.to_str().map_err(|_| Refusal::Header)?;
    let (scheme, token) = text.split_once(' ').ok_or(Refusal::Header)?;
    if scheme.eq_ignore_ascii_case("bearer") {
        Ok(token.trim().to_owned())
    } else {
        Err(Refusal::Header)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(values: &[&'static str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(AUTHORIZATION, HeaderValue::from_static(value));
        }
        headers
    }

    #[test]
    fn a_token_is_in_the_header() {
        for value in ["Bearer abc.def", "bearer abc.def", "BEARER  abc.def"] {
            let found = shown(&headers(&[value]), None, false).unwrap();
            assert_eq!(found.as_deref(), Some("abc.def"));
        }
    }

    #[test]
    fn a_token_in_the_address_is_for_websocket_alone() {
        let none = headers(&[]);
        let found = shown(&none, Some("a=b&token=abc.def"), true).unwrap();
        assert_eq!(found.as_deref(), Some("abc.def"));
        assert!(matches!(shown(&none, Some("token=abc.def"), false), Err(Refusal::InAddress)));
    }

    #[test]
    fn who_shows_nothing_has_no_token() {
        for query in [None, Some(""), Some("tokens=abc"), Some("mytoken=abc")] {
            assert_eq!(shown(&headers(&[]), query, true).unwrap(), None);
        }
    }

    #[test]
    fn what_cannot_be_read_is_refused_and_never_taken_for_none() {
        for value in ["", "Bearer", "Basic abc", "abc.def"] {
            assert!(matches!(shown(&headers(&[value]), None, true), Err(Refusal::Header)));
        }
        let empty = shown(&headers(&["Bearer "]), None, true).unwrap();
        assert_eq!(empty.as_deref(), Some(""), "an empty token is none of the good ones");
    }

    #[test]
    fn two_tokens_are_refused() {
        let (one, two) = (headers(&["Bearer a"]), headers(&["Bearer a", "Bearer a"]));
        assert!(matches!(shown(&two, None, true), Err(Refusal::Several)));
        assert!(matches!(shown(&one, Some("token=a"), true), Err(Refusal::Several)));
        assert!(matches!(
            shown(&headers(&[]), Some("token=a&token=b"), true),
            Err(Refusal::Several)
        ));
    }
}
