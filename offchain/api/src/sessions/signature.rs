//! Signatures of wallets: of the three kinds that accounts of the chain have.

use jsonwebtoken::{Algorithm, DecodingKey};
use subxt_signer::{ecdsa, sr25519};

use crate::refusal::{Code, Refusal};

/// What a wallet in a browser puts around a text before it signs it, so that no text is a transaction.
const WRAP: (&[u8], &[u8]) = (b"<Bytes>", b"</Bytes>");

/// A signature as a wallet gives it. Some wallets put a byte before it that says its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Signature {
    /// 64 bytes do not say of which of the two kinds they are.
    Either([u8; 64]),
    Ed25519([u8; 64]),
    Sr25519([u8; 64]),
    /// An account of this kind is a hash of its key, so the key comes along.
    Ecdsa {
        signature: [u8; 65],
        public: [u8; 33],
    },
}

impl Signature {
    /// Reads a signature in hex, and the key where it is needed.
    ///
    /// # Errors
    /// It has another length than signatures have, or the key is missing.
    pub fn parse(signature: &str, public: Option<&str>) -> Result<Self, Refusal> {
        let rule =
            "a signature is 0x and 128 hex digits, or 130 of ecdsa with public_key, which has 66; \
                    a byte before it may say its kind";
        let wrong = || Refusal::new(Code::InvalidParams, rule);
        let bytes = |text: &str| hex::decode(text.strip_prefix("0x").unwrap_or(text));
        let found = bytes(signature).map_err(|_| wrong())?;
        let public = match public {
            Some(public) => {
                let public = bytes(public).map_err(|_| wrong())?;
                Some(<[u8; 33]>::try_from(public.as_slice()).map_err(|_| wrong())?)
            }
            None => None,
        };
        if let Some(public) = public {
            let found = if found.len() == 66 { found.strip_prefix(&[2]) } else { Some(&found[..]) };
            let signature = found.and_then(|found| found.try_into().ok()).ok_or_else(wrong)?;
            return Ok(Self::Ecdsa { signature, public });
        }
        if let Ok(signature) = found.as_slice().try_into() {
            return Ok(Self::Either(signature));
        }
        let (kind, rest) = found.split_first().ok_or_else(wrong)?;
        let rest = rest.try_into().map_err(|_| wrong())?;
        match kind {
            0 => Ok(Self::Ed25519(rest)),
            1 => Ok(Self::Sr25519(rest)),
            _ => Err(wrong()),
        }
    }

    /// Whether `account` signed this text, as it is or wrapped.
    pub fn is_of(&self, account: [u8; 32], text: &str) -> bool {
        let plain = text.as_bytes();
        self.verifies(account, plain) || self.verifies(account, &[WRAP.0, plain, WRAP.1].concat())
    }

    fn verifies(&self, account: [u8; 32], message: &[u8]) -> bool {
        match self {
            Self::Either(signature) => {
                by_sr25519(account, message, *signature) || by_ed25519(account, message, signature)
            }
            Self::Ed25519(signature) => by_ed25519(account, message, signature),
            Self::Sr25519(signature) => by_sr25519(account, message, *signature),
            Self::Ecdsa { signature, public } => {
                let key = ecdsa::PublicKey(*public);
                let signature = ecdsa::Signature(*signature);
                ecdsa::verify(&signature, message, &key) && key.to_account_id().0 == account
            }
        }
    }
}

fn by_sr25519(account: [u8; 32], message: &[u8], signature: [u8; 64]) -> bool {
    sr25519::verify(&sr25519::Signature(signature), message, &sr25519::PublicKey(account))
}

/// ring's verification, by the door that JWTs have to it.
fn by_ed25519(account: [u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
    let key = DecodingKey::from_ed_der(&account);
    let signature = base64url(signature);
    jsonwebtoken::crypto::verify(&signature, message, &key, Algorithm::EdDSA).unwrap_or(false)
}

/// Without padding (RFC 4648, 5), as JWTs are written.
pub(super) fn base64url(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let bits = three.iter().fold(0_u32, |bits, byte| (bits << 8) | u32::from(*byte));
        let bits = bits << (8 * (3 - three.len()));
        for letter in 0..=three.len() {
            // Six bits are below 64.
            text.push(LETTERS[((bits >> (18 - 6 * letter)) & 63) as usize].into());
        }
    }
    text
}

/// Keys that the stories sign with too.
#[cfg(test)]
#[path = "../../tests/api/signing.rs"]
mod signing;

#[cfg(test)]
mod tests {
    use super::{
        signing::{from_base64url, signed_by_ecdsa, signed_by_ed25519, PUBLIC},
        *,
    };

    #[test]
    fn the_rfcs_own_signature_is_verified() {
        // Over the empty message.
        let signature = "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b";
        let account: [u8; 32] = hex::decode(PUBLIC).unwrap().try_into().unwrap();
        let parsed = Signature::parse(signature, None).unwrap();
        assert!(parsed.is_of(account, ""));
        assert!(!parsed.is_of(account, "x"));
    }

    #[test]
    fn each_kind_is_told_from_the_others_and_wrapped_texts_are_taken() {
        let text = "SmartLink login";
        let wrapped = format!("<Bytes>{text}</Bytes>");
        for signed in [text, &wrapped] {
            let (account, signature) = signed_by_ed25519(signed);
            let plain = Signature::parse(&hex::encode(&signature), None).unwrap();
            let marked =
                Signature::parse(&format!("0x00{}", hex::encode(&signature)), None).unwrap();
            let other =
                Signature::parse(&format!("0x01{}", hex::encode(&signature)), None).unwrap();
            assert!(plain.is_of(account, text) && marked.is_of(account, text));
            assert!(!other.is_of(account, text) && !plain.is_of(account, "another text"));

            let (account, public, signature) = signed_by_ecdsa(signed);
            let key = hex::encode(public);
            let plain = Signature::parse(&hex::encode(signature), Some(&key)).unwrap();
            let marked = format!("02{}", hex::encode(signature));
            let marked = Signature::parse(&marked, Some(&format!("0x{key}"))).unwrap();
            assert_eq!(plain, marked);
            assert!(plain.is_of(account, text) && !plain.is_of(account, "another text"));
            // Whoever brings a key of her own is not the account.
            let mallory = ecdsa::dev::bob();
            let forged = Signature::Ecdsa {
                signature: mallory.sign(signed.as_bytes()).0,
                public: mallory.public_key().0,
            };
            assert!(!forged.is_of(account, text));
        }
    }

    #[test]
    fn any_text_for_a_signature_is_read_or_refused() {
        bolero::check!().for_each(|bytes: &[u8]| {
            let [how, length, rest @ ..] = bytes else { return };
            let text = |bytes: &[u8]| match how & 1 {
                1 => String::from_utf8_lossy(bytes).into_owned(),
                _ => hex::encode(bytes),
            };
            let (signature, public) = rest.split_at(rest.len().min(usize::from(*length)));
            let public = (how & 2 == 2).then(|| text(public));
            if let Ok(parsed) = Signature::parse(&text(signature), public.as_deref()) {
                assert!(!parsed.is_of([7; 32], "SmartLink login"));
            }
        });
    }

    #[test]
    fn base64_is_written_as_the_rfc_has_it() {
        for (bytes, text) in
            [("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(base64url(bytes.as_bytes()), text);
            assert_eq!(from_base64url(text), bytes.as_bytes());
        }
        assert_eq!(base64url(&[0xfb, 0xff]), "-_8");
    }
}
