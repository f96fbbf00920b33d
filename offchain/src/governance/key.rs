//! Secrets that are kept in files, which nobody but their owner may read.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, Read},
    os::unix::fs::PermissionsExt,
    path::Path,
};

use smartlink_chain::Account;

use crate::Error;

/// The longest line of a secret, in bytes.
const MOST_BYTES: u64 = 1_024;
/// The bits of a file's mode by which others than its owner do something with it.
const OTHERS: u32 = 0o077;

/// The account whose secret is the first line of a file.
///
/// # Errors
/// There is no such file, others can read it, or the line is no secret. The error does not repeat the line.
pub fn account(file: &Path) -> Result<Account, Error> {
    let asked = |why: String| Error::Asked(format!("{}: {why}", file.display()));
    // Before it is opened: a pipe would be waited for.
    let regular = fs::metadata(file).map_err(|error| asked(error.to_string()))?.is_file();
    if !regular {
        return Err(asked("this is no regular file: write the secret to one".to_owned()));
    }
    let opened = File::open(file).map_err(|error| asked(error.to_string()))?;
    let mode = opened.metadata().map_err(|error| asked(error.to_string()))?.permissions().mode();
    if mode & OTHERS != 0 {
        let name = file.display();
        let why = format!(
            "others can read this secret (mode {:03o}): run chmod 600 {name}",
            mode & 0o777
        );
        return Err(asked(why));
    }
    let mut line = String::new();
    let read = BufReader::new(opened.take(MOST_BYTES)).read_line(&mut line);
    read.map_err(|_| asked("its first line is no text: write the secret there".to_owned()))?;
    match line.trim() {
        "" => Err(asked("its first line is empty: write the secret there".to_owned())),
        secret => Account::from_uri(secret).map_err(|error| asked(error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8], mode: u32) -> Result<Account, Error> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("admin.secret");
        fs::write(&file, text).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
        account(&file)
    }

    #[test]
    fn the_first_line_is_the_secret() {
        let alice = read(b"//Alice\nof the company's administrator\n", 0o600).unwrap();
        assert_eq!(alice.id(), Account::from_uri("//Alice").unwrap().id());
        let phrase = "bottom drive obey lake curtain smoke basket hold race lonely fit walk";
        let root = read(format!("  {phrase}  \n").as_bytes(), 0o400).unwrap();
        assert_eq!(root.id(), Account::from_uri(phrase).unwrap().id());
        let seed = format!("0x{}", "07".repeat(32));
        assert!(read(seed.as_bytes(), 0o600).is_ok());
    }

    #[test]
    fn a_file_that_others_can_read_is_refused_with_the_remedy() {
        for mode in [0o644, 0o640, 0o604, 0o660] {
            let error = read(b"//Alice\n", mode).unwrap_err().to_string();
            assert!(error.contains("chmod 600") && error.contains(&format!("{mode:o}")), "{error}");
        }
    }

    #[test]
    fn what_is_no_secret_is_not_repeated() {
        let error = read(b"correct horse battery staple\n", 0o600).unwrap_err().to_string();
        assert!(error.contains("write a seed phrase") && !error.contains("horse"), "{error}");
        assert!(read(b"\n//Alice\n", 0o600).unwrap_err().to_string().contains("is empty"));
        assert!(read(b"\xff\xfe\n", 0o600).unwrap_err().to_string().contains("no text"));
    }

    #[test]
    fn a_file_that_is_none_is_named() {
        let folder = tempfile::tempdir().unwrap();
        assert!(account(folder.path()).unwrap_err().to_string().contains("no regular file"));
        let missing = account(Path::new("nowhere.secret")).unwrap_err().to_string();
        assert!(missing.starts_with("nowhere.secret: "), "{missing}");
    }
}
