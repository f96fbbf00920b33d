//! Whether a file is what somebody signed. Nothing is asked of a network, nor of an index.

use std::{fmt, fs::File, path::Path};

use smartlink_chain::AccountId32;

use super::{
    content::{Content, Found},
    key::is_signed,
    manifest::{Manifest, LONGEST},
    target::{manifest_of, read_short, signature_of},
};
use crate::error::Error;

/// Bytes of a signature's file, at most.
const LONGEST_SIGNATURE: u64 = 1_024;

/// Who has to have signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Vouching {
    /// This account.
    By(AccountId32),
    /// Whoever the manifest names: it is for a person to know the address.
    Anybody,
    /// Nobody has to.
    Nobody,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// What the manifest says, if it is one.
    pub manifest: Option<Manifest>,
    /// What is not as it should be.
    pub differences: Vec<Difference>,
}

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Difference {
    /// The manifest was changed.
    #[error("the manifest: {0}")]
    Manifest(String),
    /// Nobody vouches for it.
    #[error("nobody signed it, so whoever had it may have changed file and manifest alike")]
    Unsigned,
    /// The signature is not there.
    #[error("the signature is not there: {0}")]
    NoSignature(String),
    /// The signature is not that of its signer over the manifest as it is.
    #[error("the signature is not that of {0} over this manifest: one of the two was changed")]
    Signature(AccountId32),
    /// Somebody else signed.
    #[error("it is signed by {found}, and not by {wanted}")]
    Signer {
        /// Who did.
        found: AccountId32,
        /// Who should have.
        wanted: AccountId32,
    },
    /// The file has another length.
    #[error("the file has {found} bytes, and not {wanted}")]
    Bytes {
        /// What it has.
        found: u64,
        /// What it had.
        wanted: u64,
    },
    /// The file has other bytes.
    #[error("the file has the sha256 {found}, and not {wanted}: it was changed")]
    Hash {
        /// What it has.
        found: String,
        /// What it had.
        wanted: String,
    },
    /// The file has another number of rows.
    #[error("the file has {found} rows, and not {wanted}")]
    Rows {
        /// What it has.
        found: u64,
        /// What it had.
        wanted: u64,
    },
    /// The file is not of its format.
    #[error("the file: {0}")]
    Form(String),
}

/// Checks a file by the manifest and the signature beside it.
///
/// # Errors
/// File or manifest are not there, or cannot be read.
pub fn check(file: &Path, vouching: &Vouching) -> Result<Checked, Error> {
    let mut content =
        File::open(file).map_err(|error| unreadable(file, &error, "name the file of an export"))?;
    let manifest_file = manifest_of(file);
    let text = read_short(&manifest_file, LONGEST).map_err(|error| {
        unreadable(
            &manifest_file,
            &error,
            "the manifest of an export lies beside it, copy it there",
        )
    })?;
    let manifest = match Manifest::read(&text) {
        Ok(manifest) => manifest,
        Err(why) => {
            let differences = vec![Difference::Manifest(why.to_string())];
            return Ok(Checked { manifest: None, differences });
        }
    };
    let mut differences = signed(file, &manifest, &text, vouching);
    let found = Content::of(&mut content, manifest.format)
        .map_err(|error| unreadable(file, &error, "copy it once more"))?;
    differences.extend(same(found, &manifest));
    Ok(Checked { manifest: Some(manifest), differences })
}

fn signed(file: &Path, manifest: &Manifest, text: &[u8], vouching: &Vouching) -> Vec<Difference> {
    let Some(signer) = manifest.signed_by() else {
        return match vouching {
            Vouching::Nobody => Vec::new(),
            _ => vec![Difference::Unsigned],
        };
    };
    let mut differences = Vec::new();
    match vouching {
        Vouching::By(wanted) if *wanted != signer => {
            let found = signer;
            differences.push(Difference::Signer { found, wanted: *wanted });
        }
        _ => {}
    }
    let file = signature_of(file);
    match read_short(&file, LONGEST_SIGNATURE) {
        Err(error) => {
            differences.push(Difference::NoSignature(format!("{}: {error}", file.display())));
        }
        Ok(signature) => {
            let signature = String::from_utf8(signature).unwrap_or_default();
            if !is_signed(text, &signature, &signer) {
                differences.push(Difference::Signature(signer));
            }
        }
    }
    differences
}

fn same(found: Found, manifest: &Manifest) -> Vec<Difference> {
    let Found { bytes, sha256, rows } = found;
    let mut differences = Vec::new();
    if bytes != manifest.bytes {
        differences.push(Difference::Bytes { found: bytes, wanted: manifest.bytes });
    }
    if sha256 != manifest.sha256 {
        differences.push(Difference::Hash { found: sha256, wanted: manifest.sha256.clone() });
    }
    match rows {
        Ok(rows) if rows != manifest.rows => {
            differences.push(Difference::Rows { found: rows, wanted: manifest.rows });
        }
        Ok(_) => {}
        Err(why) => differences.push(Difference::Form(why)),
    }
    differences
}

fn unreadable(path: &Path, error: &std::io::Error, remedy: &str) -> Error {
    Error::Asked(format!("{} cannot be read ({error}): {remedy}", path.display()))
}

impl fmt::Display for Checked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(manifest) = &self.manifest {
            write!(f, "{manifest}")?;
        }
        self.differences.iter().try_for_each(|difference| writeln!(f, "DIFFERS: {difference}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::{target::Target, Format, Key};
    use proptest::{prelude::*, strategy::ValueTree};
    use std::{
        fs::{self, Permissions},
        os::unix::fs::PermissionsExt,
        path::PathBuf,
    };

    /// An export of three rows in a folder of its own.
    struct Export {
        folder: tempfile::TempDir,
        signer: Option<AccountId32>,
    }

    impl Export {
        fn new(signed: bool) -> Self {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("books.csv");
            let mut target = Target::begin(&file, Format::Csv, false).unwrap();
            target.write("\"id\",\"plate\"\n1,\"粤B1\"\n2,\"a\nb\"\n3,\n".as_bytes()).unwrap();
            let found = target.end(Format::Csv).unwrap();
            let key = key(folder.path(), "//Alice");
            let mut runner = proptest::test_runner::TestRunner::deterministic();
            let tree = crate::export::manifest::tests::manifest().new_tree(&mut runner).unwrap();
            let signer = signed.then(|| key.account());
            let manifest = Manifest {
                bytes: found.bytes,
                rows: found.rows.unwrap(),
                sha256: found.sha256,
                signer: signer.as_ref().map(ToString::to_string),
                ..tree.current()
            };
            let text = manifest.text().unwrap();
            let signature = signed.then(|| key.sign(&text));
            target.name(&text, signature.as_deref()).unwrap();
            Self { folder, signer }
        }

        fn file(&self) -> PathBuf {
            self.folder.path().join("books.csv")
        }

        fn check(&self, vouching: &Vouching) -> Vec<Difference> {
            check(&self.file(), vouching).unwrap().differences
        }
    }

    fn key(folder: &Path, secret: &str) -> Key {
        let path = folder.join("key");
        fs::write(&path, secret).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
        let key = Key::read(&path).unwrap();
        fs::remove_file(&path).unwrap();
        key
    }

    #[test]
    fn an_export_is_what_was_signed() {
        let export = Export::new(true);
        let alice = export.signer.unwrap();
        for vouching in [Vouching::By(alice), Vouching::Anybody, Vouching::Nobody] {
            assert_eq!(export.check(&vouching), [], "{vouching:?}");
        }
        let wanted = key(export.folder.path(), "//Bob").account();
        let found = export.check(&Vouching::By(wanted));
        assert!(
            matches!(&found[..], [Difference::Signer { wanted: bob, .. }] if *bob == wanted),
            "{found:?}"
        );
    }

    #[test]
    fn nobody_is_enough_when_that_is_said() {
        let export = Export::new(false);
        assert_eq!(export.check(&Vouching::Nobody), []);
        assert_eq!(export.check(&Vouching::Anybody), [Difference::Unsigned]);
        // A signature that is taken away does not make it unsigned.
        let signed = Export::new(true);
        fs::remove_file(signature_of(&signed.file())).unwrap();
        let found = signed.check(&Vouching::Nobody);
        assert!(matches!(&found[..], [Difference::NoSignature(_)]), "{found:?}");
    }

    #[test]
    fn every_difference_has_its_name() {
        let export = Export::new(true);
        let mut longer = fs::read(export.file()).unwrap();
        longer.extend_from_slice("4,\"粤B4\"\n".as_bytes());
        fs::write(export.file(), &longer).unwrap();
        let checked = check(&export.file(), &Vouching::Anybody).unwrap();
        let said = checked.to_string();
        let length = format!("has {} bytes, and not {}", longer.len(), longer.len() - 10);
        for part in [length.as_str(), "it was changed", "has 4 rows, and not 3"] {
            assert!(said.contains(part), "{said}");
        }
        longer.pop();
        fs::write(export.file(), &longer).unwrap();
        let said = check(&export.file(), &Vouching::Anybody).unwrap().to_string();
        assert!(said.contains("in the middle of a line"), "{said}");
        fs::remove_file(manifest_of(&export.file())).unwrap();
        let missing = check(&export.file(), &Vouching::Anybody).unwrap_err().to_string();
        assert!(missing.contains("books.csv.json") && missing.contains("beside it"), "{missing}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn a_changed_bit_is_found_in_every_file(
            which in 0_usize..3, place: proptest::sample::Index, bit in 0_u8..8
        ) {
            let export = Export::new(true);
            let file = export.file();
            let path = [file.clone(), manifest_of(&file), signature_of(&file)][which].clone();
            let mut bytes = fs::read(&path).unwrap();
            let place = place.index(bytes.len());
            bytes[place] ^= 1 << bit;
            fs::write(&path, &bytes).unwrap();
            prop_assert!(!export.check(&Vouching::Anybody).is_empty(), "{}", path.display());
        }
    }
}
