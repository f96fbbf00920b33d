//! Parameters of a query or of a form (`application/x-www-form-urlencoded`).

use std::borrow::Cow;

use super::FormError;

/// More parameters than any tracker sends.
pub(crate) const MAX_PARAMETERS: usize = 64;

/// A name and its value.
type Pair<'a> = (Cow<'a, str>, Cow<'a, str>);

/// The names and values in their order. A percent sign that no two hexadecimal digits follow stands for itself, as
/// browsers have it.
///
/// # Errors
///
/// What is not UTF-8 once it is decoded; more than [`MAX_PARAMETERS`].
pub(crate) fn pairs(text: &str) -> Result<Vec<Pair<'_>>, FormError> {
    let mut pairs = Vec::new();
    for pair in text.trim().split('&').filter(|pair| !pair.is_empty()) {
        if pairs.len() == MAX_PARAMETERS {
            return Err(FormError::Parameters(MAX_PARAMETERS));
        }
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        pairs.push((decoded(name)?, decoded(value)?));
    }
    Ok(pairs)
}

fn decoded(text: &str) -> Result<Cow<'_, str>, FormError> {
    if !text.contains(['%', '+']) {
        return Ok(Cow::Borrowed(text));
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        match (first, after) {
            (b'+', _) => bytes.push(b' '),
            (b'%', [high, low, beyond @ ..]) => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => {
                    bytes.push(high << 4 | low);
                    rest = beyond;
                }
                _ => bytes.push(b'%'),
            },
            _ => bytes.push(*first),
        }
    }
    String::from_utf8(bytes).map(Cow::Owned).map_err(|_| FormError::Text("query"))
}

fn hex(digit: u8) -> Option<u8> {
    // A hexadecimal digit is below 16.
    char::from(digit).to_digit(16).map(|value| value as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_decoded() {
        let read = pairs("id=van+7&lat=31.2&&note=%E4%BA%AC%2Bx&odd=%zz%4&empty=&bare\n").unwrap();
        let read: Vec<_> =
            read.iter().map(|(name, value)| (name.as_ref(), value.as_ref())).collect();
        assert_eq!(
            read,
            [
                ("id", "van 7"),
                ("lat", "31.2"),
                ("note", "\u{4eac}+x"),
                ("odd", "%zz%4"),
                ("empty", ""),
                ("bare", ""),
            ]
        );
        assert_eq!(pairs("a=%ff"), Err(FormError::Text("query")));
        assert_eq!(pairs(&"a&".repeat(65)), Err(FormError::Parameters(64)));
    }
}
