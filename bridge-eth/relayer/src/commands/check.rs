//! `smartlink-bridge check`: lets the contract check a bundle, whoever made it.

use std::{io::Read, path::PathBuf};

use clap::Args;
use smartlink_bridge::{
    anchor::{ethereum::printable, Anchor},
    proof::checked,
    Error,
};
use smartlink_proofs::{bundle::LONGEST, Bundle};

use crate::{Configured, Outcome};

#[derive(Debug, Args)]
pub struct Check {
    /// The file of the bundle.
    file: PathBuf,
    #[command(flatten)]
    configured: Configured,
}

pub async fn perform(asked: &Check) -> Result<Outcome, Error> {
    let config = asked.configured.load()?;
    let bundle = read(asked)?;
    let anchor = Anchor::open(&config.ethereum).await?;
    let proven = checked(&anchor, bundle).await.map_err(|why| refused(asked, &why.to_string()))?;
    println!(
        "Contract {} on Ethereum's chain {} has the root of block {}, and has checked the proof. Proven:",
        anchor.address(),
        anchor.chain_id(),
        proven.bundle.commitment.block
    );
    println!("  {}.", printable(&proven.bundle.item.claim()));
    Ok(Outcome::Done)
}

/// Reads the file, no further than a bundle may be long.
fn read(asked: &Check) -> Result<Bundle, Error> {
    let mut text = Vec::new();
    let file = std::fs::File::open(&asked.file);
    let read = file.and_then(|file| file.take(LONGEST as u64 + 1).read_to_end(&mut text));
    read.map_err(|error| {
        let file = asked.file.display();
        Error::Asked(format!("{file} cannot be read ({error}): name the file of a bundle"))
    })?;
    Bundle::parse(&text).map_err(|why| refused(asked, &why.to_string()))
}

fn refused(asked: &Check, why: &str) -> Error {
    Error::Asked(format!("{} proves nothing: {}", asked.file.display(), printable(why)))
}
