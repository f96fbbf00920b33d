//! `smartlink-indexer verify`: checks a proof, with nothing but the file.

use std::{io::Read, path::PathBuf};

use clap::Args;
use smartlink_indexer::Error;
use smartlink_proofs::{bundle::LONGEST, verify, Bundle, Hash, Trust};

#[derive(Debug, Args)]
pub struct Verify {
    /// The file.
    file: PathBuf,
    /// The root of the set of validators that you trust, from a source that you trust: a node of your own, or the contract on
    /// Ethereum. Without it, the set is taken from the file, and is for you to compare.
    #[arg(long, value_name = "ROOT")]
    trust: Option<Hash>,
    /// The number of that set, where the signatures of one session alone are trusted.
    #[arg(long, value_name = "NUMBER", requires = "trust")]
    set: Option<u64>,
}

/// Checks a proof, and says what it proves.
pub fn perform(asked: &Verify) -> Result<(), Error> {
    let file = asked.file.display();
    let refused = |why: String| Error::Asked(format!("{file} proves nothing: {why}"));
    let text = read(&asked.file).map_err(|error| {
        Error::Asked(format!("{file} cannot be read ({error}): name the file of a proof"))
    })?;
    let bundle = Bundle::parse(&text).map_err(|why| refused(why.to_string()))?;
    let trust = asked.trust.map(|root| Trust { root, id: asked.set });
    let verified = verify(&bundle, trust.as_ref()).map_err(|why| refused(why.to_string()))?;
    print!("{verified}");
    Ok(())
}

/// Reads a file, no further than a bundle may be long.
fn read(file: &PathBuf) -> std::io::Result<Vec<u8>> {
    let mut text = Vec::new();
    std::fs::File::open(file)?.take(LONGEST as u64 + 1).read_to_end(&mut text)?;
    Ok(text)
}
