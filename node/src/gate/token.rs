//! The token by which a member shows at the gate who it is: signed by a key of its own, kept nowhere.
//!
//! It is two parts with a dot between, each in base64url without padding (RFC 4648, section 5):
//!
//! 1. 73 bytes, which are SCALE of the version (u8, 1), the account (32 bytes), the hash of the chain's genesis (32
//!    bytes) and the end (u64, little-endian, seconds of the Unix epoch);
//! 2. 64 bytes, the account's sr25519 signature (context `substrate`) of `<Bytes>smartlink rpc PART</Bytes>` in ASCII,
//!    where PART is the first part as it stands in the token. Wallets in a browser put `<Bytes>` around what they sign.

mod command;

pub use command::TokenCommand;

use base64::{engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL, Engine};
use codec::{Decode, DecodeAll, Encode};
use smartlink_runtime::{AccountId, Hash};
use sp_core::{sr25519, Pair};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The version of what is signed.
const VERSION: u8 = 1;
/// Characters of a token: 98, a dot, 86.
const LENGTH: usize = 185;
/// Hours for which a token may be good: seven days.
pub const MOST_HOURS: u64 = 7 * 24;
/// The same in seconds.
const LONGEST: u64 = MOST_HOURS * 3_600;

/// What is signed.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
struct Claims {
    version: u8,
    account: AccountId,
    genesis: Hash,
    expires: u64,
}

/// A token that was read, and is good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Whose it is.
    pub account: AccountId,
    /// The first second of the Unix epoch at which it is void.
    pub expires: u64,
}

/// Why a token is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    #[error("this is no token, which is two parts in base64url with a dot between, {LENGTH} characters in all")]
    Shape,
    #[error("the token has version {version}, and this node knows version {VERSION}")]
    Version { version: u8 },
    #[error("the token is not signed by its account's sr25519 key")]
    Signature,
    #[error("the token is for another chain, whose genesis is {genesis:?}")]
    OtherChain { genesis: Hash },
    #[error("the token expired {ago} s ago")]
    Expired { ago: u64 },
    #[error(
        "the token is good for {hours} hours more, and may be good for {MOST_HOURS}: a shorter one does less harm in \
         wrong hands"
    )]
    TooLong { hours: u64 },
}

/// What an account signs.
fn signed(part: &str) -> String {
    format!("<Bytes>smartlink rpc {part}</Bytes>")
}

/// Makes a token that is good until `expires`, in seconds of the Unix epoch.
pub fn make(pair: &sr25519::Pair, genesis: Hash, expires: u64) -> String {
    let claims = Claims { version: VERSION, account: pair.public().into(), genesis, expires };
    let part = BASE64URL.encode(claims.encode());
    let signature = pair.sign(signed(&part).as_bytes());
    format!("{part}.{}", BASE64URL.encode(signature.to_raw()))
}

/// Reads a token for the chain with this genesis, at `now` in seconds of the Unix epoch. Whether its account works for a
/// company is another question.
pub fn read(text: &str, genesis: Hash, now: u64) -> Result<Token, TokenError> {
    if text.len() != LENGTH {
        return Err(TokenError::Shape);
    }
    let (part, signature) = text.split_once('.').ok_or(TokenError::Shape)?;
    let claims = BASE64URL.decode(part).map_err(|_| TokenError::Shape)?;
    let signature = BASE64URL.decode(signature).map_err(|_| TokenError::Shape)?;
    let signature: [u8; 64] = signature.try_into().map_err(|_| TokenError::Shape)?;
    if let Some(version) = claims.first().copied().filter(|version| *version != VERSION) {
        return Err(TokenError::Version { version });
    }
    let claims = Claims::decode_all(&mut &claims[..]).map_err(|_| TokenError::Shape)?;
    let key: [u8; 32] = claims.account.clone().into();
    let (key, signature) =
        (sr25519::Public::from_raw(key), sr25519::Signature::from_raw(signature));
    if !sr25519::Pair::verify(&signature, signed(part), &key) {
        return Err(TokenError::Signature);
    }
    if claims.genesis != genesis {
        return Err(TokenError::OtherChain { genesis: claims.genesis });
    }
    let Some(left) = claims.expires.checked_sub(now).filter(|left| *left > 0) else {
        return Err(TokenError::Expired { ago: now.saturating_sub(claims.expires) });
    };
    if left > LONGEST {
        return Err(TokenError::TooLong { hours: left.div_ceil(3_600) });
    }
    Ok(Token { account: claims.account, expires: claims.expires })
}

/// The time, in seconds of the Unix epoch.
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GENESIS: Hash = Hash::repeat_byte(7);
    const NOW: u64 = 1_800_000_000;

    fn alice() -> sr25519::Pair {
        sr25519::Pair::from_string("//Alice", None).unwrap()
    }

    #[test]
    fn a_token_is_what_the_documentation_says() {
        let token = make(&alice(), GENESIS, NOW + 60);
        let (part, signature) = token.split_once('.').unwrap();
        let mut bytes = vec![1];
        bytes.extend(alice().public().to_raw());
        bytes.extend([7; 32]);
        bytes.extend((NOW + 60).to_le_bytes());
        assert_eq!(BASE64URL.decode(part).unwrap(), bytes);
        assert_eq!((part.len(), signature.len(), token.len()), (98, 86, LENGTH));
        let message = [&b"<Bytes>smartlink rpc "[..], part.as_bytes(), b"</Bytes>"].concat();
        let signature: [u8; 64] = BASE64URL.decode(signature).unwrap().try_into().unwrap();
        let signature = sr25519::Signature::from_raw(signature);
        assert!(sr25519::Pair::verify(&signature, message, &alice().public()));
        let read = read(&token, GENESIS, NOW).unwrap();
        assert_eq!(read, Token { account: alice().public().into(), expires: NOW + 60 });
    }

    #[test]
    fn a_token_is_good_until_its_second_and_for_seven_days_at_most() {
        let at = |expires: u64| read(&make(&alice(), GENESIS, expires), GENESIS, NOW);
        assert_eq!(at(NOW), Err(TokenError::Expired { ago: 0 }));
        assert_eq!(at(NOW - 9), Err(TokenError::Expired { ago: 9 }));
        assert!(at(NOW + 1).is_ok());
        assert!(at(NOW + LONGEST).is_ok());
        assert_eq!(at(NOW + LONGEST + 1), Err(TokenError::TooLong { hours: 169 }));
        assert!(matches!(at(u64::MAX), Err(TokenError::TooLong { .. })));
        assert_eq!(at(0), Err(TokenError::Expired { ago: NOW }));
    }

    #[test]
    fn a_token_for_another_chain_is_none() {
        let other = Hash::repeat_byte(8);
        let token = make(&alice(), other, NOW + 60);
        let found = read(&token, GENESIS, NOW);
        assert_eq!(found, Err(TokenError::OtherChain { genesis: other }));
    }

    #[test]
    fn whoever_changes_a_byte_has_no_token() {
        let token = make(&alice(), GENESIS, NOW + 60);
        for place in 0..token.len() {
            let mut changed = token.clone().into_bytes();
            changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert!(read(&changed, GENESIS, NOW).is_err(), "byte {place}");
        }
    }

    #[test]
    fn whoever_signs_for_another_account_has_no_token() {
        let bob = sr25519::Pair::from_string("//Bob", None).unwrap();
        let alices = make(&alice(), GENESIS, NOW + 60);
        let part = alices.split_once('.').unwrap().0;
        let signature = BASE64URL.encode(bob.sign(signed(part).as_bytes()).to_raw());
        let forged = format!("{part}.{signature}");
        assert_eq!(read(&forged, GENESIS, NOW), Err(TokenError::Signature));
        // What was signed for another purpose is none either.
        let elsewhere = BASE64URL.encode(alice().sign(part.as_bytes()).to_raw());
        let found = read(&format!("{part}.{elsewhere}"), GENESIS, NOW);
        assert_eq!(found, Err(TokenError::Signature));
    }

    #[test]
    fn what_has_another_shape_or_version_is_none() {
        let token = make(&alice(), GENESIS, NOW + 60);
        let (part, signature) = token.split_once('.').unwrap();
        let swapped = format!("{signature}.{part}");
        for wrong in ["", ".", part, &swapped, &format!("{token}="), &format!(" {token}")] {
            assert_eq!(read(wrong, GENESIS, NOW), Err(TokenError::Shape), "{wrong}");
        }
        let mut bytes = BASE64URL.decode(part).unwrap();
        bytes[0] = 2;
        let next = format!("{}.{signature}", BASE64URL.encode(bytes));
        assert_eq!(read(&next, GENESIS, NOW), Err(TokenError::Version { version: 2 }));
    }
}
