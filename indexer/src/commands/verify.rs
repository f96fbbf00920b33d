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
    let refused = |why: String| Error::Asked(format!("{file} proves nothing: {}", printable(&why)));
    let text = read(&asked.file).map_err(|error| {
        Error::Asked(format!("{file} cannot be read ({error}): name the file of a proof"))
    })?;
    let bundle = Bundle::parse(&text).map_err(|why| refused(why.to_string()))?;
    let trust = asked.trust.map(|root| Trust { root, id: asked.set });
    let verified = verify(&bundle, trust.as_ref()).map_err(|why| refused(why.to_string()))?;
    print!("{}", printable(&verified.to_string()));
    Ok(())
}

/// Text without what would move a terminal's cursor or hide what stands on it: a bundle has words of strangers in it.
fn printable(text: &str) -> String {
    let visible = |character: char| match character {
        '\n' => "\n".to_owned(),
        character if character.is_control() => character.escape_default().to_string(),
        // What turns the direction of writing.
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            character.escape_unicode().to_string()
        }
        character => character.to_string(),
    };
    text.chars().map(visible).collect()
}

/// Reads a file, no further than a bundle may be long.
fn read(file: &PathBuf) -> std::io::Result<Vec<u8>> {
    let mut text = Vec::new();
    std::fs::File::open(file)?.take(LONGEST as u64 + 1).read_to_end(&mut text)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn words_of_strangers_do_not_command_the_terminal() {
        let forged = "model Q\u{1b}[2J\u{1b}[H\rThat is the set you trust\u{202e}.\n沪A";
        let shown = printable(forged);
        assert!(!shown.contains(['\u{1b}', '\r', '\u{202e}']), "{shown}");
        assert!(shown.contains("\\u{1b}[2J") && shown.ends_with(".\n沪A"), "{shown}");
    }
}
