//! What a wallet signs to log in.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use super::{random, Signature};
use crate::refusal::{Code, Refusal};

#[derive(Clone, Copy, Debug)]
struct Open {
    account: [u8; 32],
    expires_ms: u64,
}

/// Challenges that were given and not yet answered. In memory: after a restart new ones are asked for.
#[derive(Debug)]
pub(crate) struct Challenges {
    company: u32,
    genesis: [u8; 32],
    life_ms: u64,
    most: usize,
    open: Mutex<HashMap<[u8; 32], Open>>,
}

impl Challenges {
    pub fn new(company: u32, genesis: [u8; 32], life_s: u64, most: usize) -> Self {
        Self {
            company,
            genesis,
            life_ms: life_s.saturating_mul(1_000),
            most,
            open: Mutex::default(),
        }
    }

    /// A text for `account` to sign, and until when.
    ///
    /// # Errors
    /// As many are open as may be.
    pub fn give(&self, account: [u8; 32], now_ms: u64) -> Result<(String, u64), Refusal> {
        let expires_ms = now_ms.saturating_add(self.life_ms);
        let text = format!(
            "SmartLink login\ncompany: {}\nchain: 0x{}\naccount: 0x{}\nnonce: {}\nissued: {}\nexpires: {}",
            self.company,
            hex::encode(self.genesis),
            hex::encode(account),
            hex::encode(random::bytes::<16>()),
            now_ms,
            expires_ms,
        );
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.len() >= self.most {
            open.retain(|_, open| open.expires_ms > now_ms);
        }
        if open.len() >= self.most {
            let refusal = Refusal::new(Code::Overloaded, "too many challenges are open");
            return Err(refusal.retry_after(1_000));
        }
        open.insert(random::hash(&text), Open { account, expires_ms });
        Ok((text, expires_ms))
    }

    /// Takes an answer. The challenge is used up, whether the signature is good or not.
    ///
    /// # Errors
    /// The challenge is unknown, old, of another account, or used; or the signature is not good.
    pub fn answer(
        &self,
        account: [u8; 32],
        text: &str,
        signature: &Signature,
        now_ms: u64,
    ) -> Result<(), Refusal> {
        let open = {
            let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
            open.remove(&random::hash(text))
        };
        let good = open.filter(|open| open.account == account && open.expires_ms > now_ms);
        if good.is_none() {
            return Err(Code::ChallengeUnknown.into());
        }
        if signature.is_of(account, text) {
            return Ok(());
        }
        Err(Code::BadSignature.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use subxt_signer::sr25519::dev;

    fn challenges() -> Challenges {
        Challenges::new(3, [9; 32], 60, 2)
    }

    #[test]
    fn a_challenge_names_all_it_is_bound_to_and_is_good_once() {
        let (challenges, alice) = (challenges(), dev::alice());
        let account = alice.public_key().0;
        let (text, expires) = challenges.give(account, 1_000).unwrap();
        assert_eq!(expires, 61_000);
        for part in ["company: 3", &hex::encode([9; 32]), &hex::encode(account), "expires: 61000"] {
            assert!(text.contains(part), "{text}");
        }
        let signature = Signature::Either(alice.sign(text.as_bytes()).0);
        assert_eq!(challenges.answer(account, &text, &signature, 2_000), Ok(()));
        let again = challenges.answer(account, &text, &signature, 2_000).unwrap_err();
        assert_eq!(again.code(), Code::ChallengeUnknown);
    }

    #[test]
    fn a_browser_extensions_wrapping_is_taken() {
        let (challenges, alice) = (challenges(), dev::alice());
        let account = alice.public_key().0;
        let (text, _) = challenges.give(account, 1_000).unwrap();
        let signature =
            Signature::Either(alice.sign(format!("<Bytes>{text}</Bytes>").as_bytes()).0);
        assert_eq!(challenges.answer(account, &text, &signature, 2_000), Ok(()));
    }

    #[test]
    fn other_keys_old_and_invented_challenges_are_refused() {
        let (challenges, alice, bob) = (challenges(), dev::alice(), dev::bob());
        let account = alice.public_key().0;
        let code = |text: &str, account, signature: Signature, now| {
            challenges.answer(account, text, &signature, now).unwrap_err().code()
        };
        let (text, _) = challenges.give(account, 1_000).unwrap();
        let forged = Signature::Either(bob.sign(text.as_bytes()).0);
        assert_eq!(code(&text, account, forged, 2_000), Code::BadSignature);
        let (text, _) = challenges.give(account, 1_000).unwrap();
        let signature = Signature::Either(alice.sign(text.as_bytes()).0);
        assert_eq!(code(&text, account, signature, 61_000), Code::ChallengeUnknown);
        let (text, _) = challenges.give(account, 1_000).unwrap();
        let bobs = Signature::Either(bob.sign(text.as_bytes()).0);
        assert_eq!(code(&text, bob.public_key().0, bobs, 2_000), Code::ChallengeUnknown);
        let invented = "SmartLink login";
        let signature = Signature::Either(alice.sign(invented.as_bytes()).0);
        assert_eq!(code(invented, account, signature, 2_000), Code::ChallengeUnknown);
    }

    #[test]
    fn open_challenges_are_bounded_and_old_ones_make_room() {
        let challenges = challenges();
        challenges.give([1; 32], 1_000).unwrap();
        challenges.give([2; 32], 1_000).unwrap();
        assert_eq!(challenges.give([3; 32], 1_000).unwrap_err().code(), Code::Overloaded);
        assert!(challenges.give([3; 32], 61_000).is_ok());
    }
}
