//! Keys of people: who acts for a company, or owns its validator.

use super::{
    account::address,
    error::Error,
    files::{File, Target, SECRET},
    said::Said,
};
use sp_core::{crypto::Pair, sr25519};
use std::path::Path;

/// The words of a new secret: twelve, 128 bits.
const WORDS: usize = 12;

/// Which key is made.
#[derive(Clone, Debug, clap::Args)]
pub struct Key {
    /// What it is for, such as admin or validator: the name of its files.
    #[arg(value_name = "NAME", value_parser = file_name)]
    name: String,

    #[clap(flatten)]
    target: Target,
}

impl Key {
    /// Makes a key, and writes `NAME.secret`, which nobody else may read, and `NAME.address`. A key that is there is kept.
    ///
    /// # Errors
    /// The files cannot be written, or a secret is there that is none.
    pub fn run(&self) -> Result<String, Error> {
        let [secret, public] = [format!("{}.secret", self.name), format!("{}.address", self.name)];
        let path = self.target.path(&secret);
        let there = path.exists() && !self.target.force;
        let pair = match there {
            true => kept(&path)?,
            false => {
                let (pair, phrase, _) = sr25519::Pair::generate_with_phrase(None);
                let words = phrase.split(' ').count();
                // What the library promises by its name.
                debug_assert_eq!(words, WORDS);
                let file =
                    File { name: secret.clone(), content: format!("{phrase}\n"), mode: SECRET };
                self.target.write(&[file])?;
                pair
            }
        };
        let address = address(&pair.public().into());
        let file = File::plain(public, format!("{address}\n"));
        Target { into: self.target.into.clone(), force: true }.write(&[file])?;
        let mut said = Said::new();
        said.line(match there {
            true => format!("{} was there and is kept: {address}", path.display()),
            false => format!("{} has the secret of {address}", path.display()),
        });
        said.line("Whoever has the secret is the account. Write its words down, and keep them away from this machine.");
        Ok(said.into())
    }
}

/// The key whose secret is the first line of a file.
fn kept(path: &Path) -> Result<sr25519::Pair, Error> {
    let text = std::fs::read_to_string(path)
        .map_err(|source| Error::Read { path: path.into(), source })?;
    let secret = text.lines().next().unwrap_or_default().trim();
    sr25519::Pair::from_string(secret, None).map_err(|_| Error::NoSecret(path.into()))
}

/// A name that is a file's, and no other folder's.
fn file_name(text: &str) -> Result<String, String> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    match !text.is_empty() && text.len() <= 64 && text.bytes().all(plain) {
        true => Ok(text.to_owned()),
        false => Err("a name has 1 to 64 letters, digits, - and _".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::company::account;
    use std::{fs, os::unix::fs::PermissionsExt};

    fn key(folder: &Path, force: bool) -> Key {
        Key { name: "admin".into(), target: Target { into: folder.join("ganghang"), force } }
    }

    fn address_in(key: &Key) -> String {
        fs::read_to_string(key.target.path("admin.address")).unwrap().trim().to_owned()
    }

    #[test]
    fn a_key_is_made_once_and_its_secret_is_its_owners() {
        let folder = tempfile::tempdir().unwrap();
        let key = key(folder.path(), false);
        assert!(key.run().unwrap().contains("admin.secret has the secret of 5"));
        let secret = key.target.path("admin.secret");
        assert_eq!(fs::metadata(&secret).unwrap().permissions().mode() & 0o777, SECRET);
        let words = fs::read_to_string(&secret).unwrap();
        assert_eq!(words.split_whitespace().count(), WORDS);
        let pair = sr25519::Pair::from_string(words.trim(), None).unwrap();
        let first = address_in(&key);
        assert_eq!(account::parse(&first), Ok(pair.public().into()));

        assert!(key.run().unwrap().contains("is kept"));
        assert_eq!(address_in(&key), first);
        fs::remove_file(key.target.path("admin.address")).unwrap();
        key.run().unwrap();
        assert_eq!(address_in(&key), first);
    }

    #[test]
    fn another_key_takes_its_place_when_that_is_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let first = key(folder.path(), false);
        first.run().unwrap();
        let before = address_in(&first);
        key(folder.path(), true).run().unwrap();
        assert_ne!(address_in(&first), before);
    }

    #[test]
    fn what_is_no_secret_is_named_and_not_repeated() {
        let folder = tempfile::tempdir().unwrap();
        let key = key(folder.path(), false);
        fs::create_dir_all(&key.target.into).unwrap();
        fs::write(key.target.path("admin.secret"), "correct horse battery").unwrap();
        let error = key.run().unwrap_err().to_string();
        assert!(error.contains("admin.secret") && !error.contains("horse"), "{error}");
        assert!(file_name("../admin").is_err() && file_name("").is_err());
    }
}
