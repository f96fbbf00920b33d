//! How a validator changes its session keys, while its node runs.

use super::{
    account::{self, address},
    calls,
    error::Error,
    files::{File, Target},
    keys::{self, Keystore},
    place::Place,
    said::Said,
    start::quoted,
};
use smartlink_runtime::AccountId;
use sp_core::bytes;

/// The file of the call by which an account sets other session keys.
const ROTATE: &str = "rotate-keys.call";

/// Whose session keys are changed.
#[derive(Clone, Debug, clap::Args)]
pub struct Rotate {
    #[clap(flatten)]
    place: Place,

    /// The validator's account, which sets the session keys.
    #[arg(long, value_name = "ACCOUNT", value_parser = account::parse)]
    account: AccountId,

    #[clap(flatten)]
    target: Target,
}

impl Rotate {
    /// Makes keys beside those that are there, and writes the call that sets them.
    ///
    /// # Errors
    /// The call of a rotation before is still there, or there are no keys yet. Then none are made.
    pub fn run(&self) -> Result<String, Error> {
        let config_dir = self.place.config_dir()?;
        self.target.must_not_hold(&[ROTATE])?;
        // It must be there: what it lacks, `join` makes.
        let there = Keystore::look(self.place.keystore.keystore_path.as_deref(), &config_dir)?;
        if there.others(None)?.is_empty() {
            return Err(Error::NoSessionKeys(there.path().into()));
        }
        let keystore = Keystore::open(&self.place.keystore, &config_dir)?;
        let made = keystore.make(&self.account)?;
        let before = keystore.others(Some(&made.keys))?;
        let call = calls::set_keys(made.keys.clone(), made.proof);
        self.target.write(&[File::plain(ROTATE, calls::line(&call))])?;

        let account = address(&self.account);
        let mut said = Said::new();
        said.line(format!("New session keys for {account}\n"));
        for (_, name, public) in keys::named(&made.keys) {
            said.line(format!("  {name:<20} {}", bytes::to_hex(&public, false)));
        }
        said.line(format!(
            "\nThey are in {}, where the running node finds them. The keys of before are there, too:",
            keystore.path().display()
        ));
        before.iter().for_each(|file| said.line(format!("  {file}")));
        said.steps([
            format!(
                "{account} sets the new keys: smartlink-offchain call send {} --key-file FILE",
                quoted(&self.target.path(ROTATE).display().to_string())
            ),
            format!(
                "The old ones validate until the session after next. Keep them until this says that the keys \
                 are in use: smartlink-node company status --account {account} --chain {} --base-path {}",
                quoted(&self.place.chain),
                quoted(&self.place.base_path.display().to_string())
            ),
            "Then the files of the old keys may be deleted.".into(),
        ]);
        Ok(said.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::company::keys::tests::params;
    use smartlink_runtime::RuntimeCall;
    use std::{fs, path::Path};

    fn rotate(folder: &Path) -> Rotate {
        Rotate {
            place: Place {
                chain: "bay.json".into(),
                chain_id: Some("bay".into()),
                base_path: folder.join("node"),
                keystore: params(None),
            },
            account: AccountId::from([7; 32]),
            target: Target { into: folder.join("files"), force: false },
        }
    }

    #[test]
    fn others_are_made_and_those_of_before_stay_and_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let mut rotate = rotate(folder.path());
        let config_dir = rotate.place.config_dir().unwrap();
        let keystore = Keystore::open(&params(None), &config_dir).unwrap();
        let first = keystore.make(&rotate.account).unwrap();
        let old = keystore.others(None).unwrap();

        let said = rotate.run().unwrap();
        for file in &old {
            assert!(said.contains(file) && keystore.path().join(file).is_file(), "{said}");
        }
        let line = fs::read_to_string(rotate.target.path(ROTATE)).unwrap();
        let Some(RuntimeCall::Session(pallet_session::Call::set_keys { keys, proof })) =
            calls::read(&line)
        else {
            panic!("{line}")
        };
        assert_ne!(keys, first.keys);
        assert!(keystore.holds(&keys) && keystore.holds(&first.keys));
        assert!(keys::Proven { keys, proof }.holds_for(&rotate.account));

        // Whoever has not sent the call yet is not given others.
        let error = rotate.run().unwrap_err().to_string();
        assert!(error.contains("rotate-keys.call") && error.contains("--force"), "{error}");
        assert_eq!(keystore.others(None).unwrap().len(), 8);
        rotate.target.force = true;
        rotate.run().unwrap();
        assert_eq!(keystore.others(None).unwrap().len(), 12);
    }

    #[test]
    fn without_keys_there_is_nothing_to_rotate_and_none_are_made() {
        let folder = tempfile::tempdir().unwrap();
        let rotate = rotate(folder.path());
        let error = rotate.run().unwrap_err().to_string();
        assert!(error.contains("no session keys") && error.contains("company join"), "{error}");
        assert!(!rotate.place.base_path.exists() && !rotate.target.into.exists());
        Keystore::open(&params(None), &rotate.place.config_dir().unwrap()).unwrap();
        assert!(rotate.run().is_err());
    }
}
