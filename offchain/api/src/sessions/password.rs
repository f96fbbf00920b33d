//! Passwords: argon2id, a few at a time, beside the threads that answer.

use std::sync::{
    atomic::{AtomicUsize, Ordering::Relaxed},
    Arc,
};

use argon2::{
    password_hash::{PasswordHash, SaltString},
    Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version,
};
use tokio::sync::Semaphore;

use super::random;
use crate::{
    config::Login,
    refusal::{Code, Refusal},
};

/// Characters of the shortest and of the longest password.
const LENGTH: std::ops::RangeInclusive<usize> = 10..=200;
/// Bytes of the shortest and of the longest name.
const NAME: std::ops::RangeInclusive<usize> = 3..=32;

/// Checks a name: 3 to 32 small letters, digits, dots, dashes and underscores, a letter first.
pub(crate) fn check_name(name: &str) -> Result<(), Refusal> {
    let mut bytes = name.bytes();
    let begins = bytes.next().is_some_and(|byte| byte.is_ascii_lowercase());
    let goes_on = bytes.all(|byte| {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'_')
    });
    if begins && goes_on && NAME.contains(&name.len()) {
        return Ok(());
    }
    let rule = "a name has 3 to 32 small letters, digits, dots, dashes and underscores, and begins with a letter";
    Err(Refusal::new(Code::InvalidParams, rule))
}

/// Checks that a password is neither too short nor too long.
pub(crate) fn check_password(password: &str) -> Result<(), Refusal> {
    if LENGTH.contains(&password.chars().count()) {
        return Ok(());
    }
    Err(Refusal::new(Code::InvalidParams, "a password has 10 to 200 characters"))
}

/// Hashes and checks passwords. A bounded number waits; beyond, `overloaded`.
pub(crate) struct Passwords {
    argon: Arc<Argon2<'static>>,
    /// A hash of nothing that anybody knows: checking against it costs as much as any other.
    nobody: Arc<str>,
    threads: Arc<Semaphore>,
    waiting: AtomicUsize,
    queue: usize,
}

struct Waiting<'a>(&'a AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Relaxed);
    }
}

impl Passwords {
    /// # Errors
    /// The settings are none that argon2 takes.
    pub fn new(login: &Login) -> Result<Self, argon2::Error> {
        let params = Params::new(login.argon2_memory_kib, login.argon2_passes, 1, None)?;
        let argon = Arc::new(Argon2::new(Algorithm::Argon2id, Version::V0x13, params));
        let secret = hex::encode(random::bytes::<16>());
        let nobody = hash(&argon, &secret).map_err(|_| argon2::Error::OutputTooShort)?;
        Ok(Self {
            argon,
            nobody: nobody.into(),
            threads: Arc::new(Semaphore::new(login.hashing_threads)),
            waiting: AtomicUsize::new(0),
            queue: login.hashing_queue.saturating_add(login.hashing_threads),
        })
    }

    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Argon2<'static>) -> T + Send + 'static,
    ) -> Result<T, Refusal> {
        let before = self.waiting.fetch_add(1, Relaxed);
        let _waiting = Waiting(&self.waiting);
        if before >= self.queue {
            let refusal = Refusal::new(Code::Overloaded, "too many people log in at this moment");
            return Err(refusal.retry_after(1_000));
        }
        let permit = self.threads.clone().acquire_owned().await.map_err(|_| Code::Internal)?;
        let argon = self.argon.clone();
        let done = tokio::task::spawn_blocking(move || {
            let done = work(&argon);
            drop(permit);
            done
        });
        done.await.map_err(|_| Code::Internal.into())
    }

    /// The hash of a new password, as a PHC string.
    pub async fn hash(&self, password: String) -> Result<String, Refusal> {
        let hashed = self.work(move |argon| hash(argon, &password)).await?;
        hashed.map_err(|_| Code::Internal.into())
    }

    /// Whether a password is the one of this hash. Without a hash it takes as long, and is not.
    pub async fn check(&self, password: String, hash: Option<String>) -> Result<bool, Refusal> {
        let known = hash.is_some();
        let nobody = self.nobody.clone();
        let fits = self.work(move |argon| {
            let hash = hash.as_deref().unwrap_or(&nobody);
            PasswordHash::new(hash)
                .is_ok_and(|hash| argon.verify_password(password.as_bytes(), &hash).is_ok())
        });
        Ok(fits.await? && known)
    }
}

fn hash(argon: &Argon2<'_>, password: &str) -> Result<String, argon2::password_hash::Error> {
    let salt = SaltString::encode_b64(&random::bytes::<16>())?;
    Ok(argon.hash_password(password.as_bytes(), &salt)?.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quick() -> Login {
        Login { argon2_memory_kib: 64, argon2_passes: 1, ..Default::default() }
    }

    #[tokio::test]
    async fn a_password_fits_its_own_hash_alone() {
        let passwords = Passwords::new(&quick()).unwrap();
        let hash = passwords.hash("correct horse".into()).await.unwrap();
        assert!(hash.starts_with("$argon2id$") && !hash.contains("horse"));
        assert!(passwords.check("correct horse".into(), Some(hash.clone())).await.unwrap());
        assert!(!passwords.check("wrong horse!".into(), Some(hash)).await.unwrap());
        assert!(!passwords.check("correct horse".into(), None).await.unwrap());
    }

    #[tokio::test]
    async fn who_does_not_fit_into_the_queue_is_refused_at_once() {
        let login = Login { hashing_queue: 0, hashing_threads: 1, ..quick() };
        let passwords = Passwords::new(&login).unwrap();
        let held = passwords.threads.clone().acquire_owned().await.unwrap();
        let first = passwords.hash("correct horse".into());
        tokio::pin!(first);
        assert!(futures::poll!(&mut first).is_pending());
        let second = passwords.hash("correct horse".into()).await.unwrap_err();
        assert_eq!(second.code(), Code::Overloaded);
        drop(held);
        assert!(first.await.is_ok());
    }

    #[test]
    fn names_and_passwords_have_rules() {
        for good in ["ann", "li.wei-88", "a_b"] {
            assert!(check_name(good).is_ok(), "{good}");
        }
        for bad in ["", "ab", "Ann", "8ann", "ann b", "anñ", &"a".repeat(33)] {
            assert!(check_name(bad).is_err(), "{bad}");
        }
        assert!(check_password("1234567890").is_ok());
        assert!(check_password("123456789").is_err());
    }
}
