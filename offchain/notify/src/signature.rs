//! How a receiver knows that a webhook is ours.
//!
//! The header `smartlink-signature` is `t=<ms>,v1=<hex>`: the time of the attempt in milliseconds of the Unix
//! epoch, and the HMAC-SHA256 (RFC 2104) over that number in decimal, a full stop, and the body as it was
//! sent, with the account's secret as the key. A receiver refuses a time that is too far from its own, so
//! that nobody can repeat an old request.

use hmac::{Hmac, Mac};
use sha2::Sha256;

/// The name of the header.
pub const HEADER: &str = "smartlink-signature";

/// Why a signature does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// The header is not `t=<ms>,v1=<hex>`.
    #[error("the signature is not t=<ms>,v1=<64 hexadecimal digits>: drop the request")]
    Malformed,
    /// The time is too far from the receiver's.
    #[error("the signature was made at {at_ms} ms, too far from now: check the clock, or drop it")]
    Stale {
        /// When it says that it was made.
        at_ms: u64,
    },
    /// Body, time or secret are others.
    #[error("the signature is not of this body by this secret: drop the request")]
    Wrong,
}

/// The value of the header for a body that is sent at `at_ms`.
#[must_use]
pub fn sign(secret: &str, at_ms: u64, body: &[u8]) -> String {
    let mac = mac(secret, at_ms, body).finalize().into_bytes();
    format!("t={at_ms},v1={}", hex::encode(mac))
}

/// Checks the value of the header as a receiver should: in constant time, and against a time that may be
/// off by `tolerance_ms`.
///
/// # Errors
/// It is malformed, too old or too new, or not of this body by this secret.
pub fn verify(
    secret: &str,
    header: &str,
    body: &[u8],
    now_ms: u64,
    tolerance_ms: u64,
) -> Result<(), SignatureError> {
    let (at_ms, code) = parse(header).ok_or(SignatureError::Malformed)?;
    mac(secret, at_ms, body).verify_slice(&code).map_err(|_| SignatureError::Wrong)?;
    if now_ms.abs_diff(at_ms) > tolerance_ms {
        return Err(SignatureError::Stale { at_ms });
    }
    Ok(())
}

fn parse(header: &str) -> Option<(u64, [u8; 32])> {
    let (at, code) = header.strip_prefix("t=")?.split_once(",v1=")?;
    // `parse` would take a plus sign as well.
    if !at.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let mut bytes = [0; 32];
    hex::decode_to_slice(code, &mut bytes).ok()?;
    Some((at.parse().ok()?, bytes))
}

fn mac(secret: &str, at_ms: u64, body: &[u8]) -> Hmac<Sha256> {
    let mut mac = keyed(secret);
    mac.update(at_ms.to_string().as_bytes());
    mac.update(b".");
    mac.update(body);
    mac
}

/// HMAC-SHA256 with a secret as the key.
pub(crate) fn keyed(secret: &str) -> Hmac<Sha256> {
    Hmac::new_from_slice(secret.as_bytes()).expect("HMAC takes keys of any length (RFC 2104, 2)")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_code_is_the_one_openssl_computes() {
        // printf '1700000000000.{"a":1}' | openssl dgst -sha256 -hmac secret
        let code = "4ef2732b0d632a6897af3a6d02a6de287f60d6c5f15dabdb0ceb045a34e3c5a7";
        let signed = sign("secret", 1_700_000_000_000, br#"{"a":1}"#);
        assert_eq!(signed, format!("t=1700000000000,v1={code}"));
    }

    proptest! {
        #[test]
        fn what_was_signed_holds_and_nothing_else(
            secret: String, body: Vec<u8>, other: Vec<u8>, at in 0..u64::MAX / 2, late in 0..20_000_u64,
        ) {
            let header = sign(&secret, at, &body);
            let verdict = verify(&secret, &header, &body, at + late, 10_000);
            let stale = Err(SignatureError::Stale { at_ms: at });
            prop_assert_eq!(verdict, if late <= 10_000 { Ok(()) } else { stale });
            if other != body {
                let verdict = verify(&secret, &header, &other, at, 10_000);
                prop_assert_eq!(verdict, Err(SignatureError::Wrong));
            }
            let wrong = verify(&format!("{secret}x"), &header, &body, at, 10_000);
            prop_assert_eq!(wrong, Err(SignatureError::Wrong));
        }
    }

    #[test]
    fn any_header_is_an_answer() {
        bolero::check!().for_each(|bytes| {
            let header = String::from_utf8_lossy(bytes);
            assert!(verify("secret", &header, b"{}", 0, u64::MAX).is_err());
        });
    }
}
