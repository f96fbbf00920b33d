//! Who may ask.

use super::exception::{code, Exception};

/// The one user of an engine.
#[derive(Clone)]
pub(super) struct Credentials {
    user: String,
    /// Empty: nobody has to show one.
    password: String,
}

impl Credentials {
    pub(super) fn new(user: &str, password: &str) -> Self {
        Self { user: user.to_owned(), password: password.to_owned() }
    }

    /// Everybody is welcome.
    #[cfg(test)]
    pub(super) fn none() -> Self {
        Self::new("default", "")
    }

    /// Checks what a request shows: a user and a password from its URL or ClickHouse's headers, or else an
    /// Authorization header.
    pub(super) fn check(
        &self,
        user: Option<&str>,
        password: Option<&str>,
        authorization: Option<&str>,
    ) -> Result<(), Exception> {
        if self.password.is_empty() {
            return Ok(());
        }
        let basic = authorization.and_then(basic);
        let (user, password) = match (user, password, &basic) {
            (None, None, Some((user, password))) => (user.as_str(), password.as_str()),
            (user, password, _) => (user.unwrap_or("default"), password.unwrap_or_default()),
        };
        // Both are compared, so that the time tells nothing of which was wrong.
        match same(user, &self.user) & same(password, &self.password) {
            true => Ok(()),
            false => Err(Exception::new(
                code::AUTHENTICATION_FAILED,
                "AUTHENTICATION_FAILED",
                "Authentication failed: the password is incorrect, or there is no user with such name",
            )),
        }
    }
}

/// Compares in a time that depends on the lengths alone.
fn same(shown: &str, expected: &str) -> bool {
    let differences = shown
        .bytes()
        .zip(expected.bytes())
        .fold(0, |differences, (a, b)| std::hint::black_box(differences | (a ^ b)));
    differences == 0 && shown.len() == expected.len()
}

/// User and password of HTTP's basic authentication (RFC 7617).
fn basic(authorization: &str) -> Option<(String, String)> {
    let (scheme, encoded) = authorization.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(from_base64(encoded.trim())?).ok()?;
    let (user, password) = decoded.split_once(':')?;
    Some((user.to_owned(), password.to_owned()))
}

/// Decodes base64 (RFC 4648, 4); `None` if it is none.
fn from_base64(text: &str) -> Option<Vec<u8>> {
    let text = text.trim_end_matches('=');
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    let (mut bits, mut held) = (0_u32, 0);
    for byte in text.bytes() {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(six);
        held += 6;
        if held >= 8 {
            held -= 8;
            // The byte that is complete now; what lies above was handed out before.
            bytes.push((bits >> held & 0xff) as u8);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_and_password_are_shown_in_three_ways() {
        let credentials = Credentials::new("fleet", "sesame");
        assert_eq!(credentials.check(Some("fleet"), Some("sesame"), None), Ok(()));
        // fleet:sesame
        assert_eq!(credentials.check(None, None, Some("Basic ZmxlZXQ6c2VzYW1l")), Ok(()));
        for (user, password, authorization) in [
            (Some("fleet"), Some("sesam"), None),
            (Some("fleet"), Some("sesame!"), None),
            (Some("default"), Some("sesame"), None),
            (Some("fleet"), None, None),
            (None, None, None),
            (None, None, Some("Basic ZmxlZXQ6c2VzYW1")),
            (None, None, Some("Bearer ZmxlZXQ6c2VzYW1l")),
            // What is shown in ClickHouse's way counts.
            (Some("fleet"), Some("wrong"), Some("Basic ZmxlZXQ6c2VzYW1l")),
        ] {
            let refused = credentials.check(user, password, authorization).unwrap_err();
            assert_eq!(refused.code, code::AUTHENTICATION_FAILED);
        }
    }

    #[test]
    fn without_a_password_everybody_may_ask() {
        assert_eq!(Credentials::none().check(Some("anybody"), None, None), Ok(()));
    }
}
