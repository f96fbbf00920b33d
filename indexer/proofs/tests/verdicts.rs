//! The verifier in the browser (`web/src/proof`) and this one say the same: both are held to one table.

#![allow(clippy::unwrap_used, reason = "in a test an unwrap is the assertion")]

use std::path::{Path, PathBuf};

use serde::Deserialize;
use smartlink_proofs::{bundle::sealed, verify, Bundle, Hash, Trust};

/// A bundle, as it is or changed under a new seal, and what is said of it.
#[derive(Deserialize)]
struct Case {
    name: String,
    /// The file, from the repository's root.
    of: String,
    /// Pieces of the text without its seal, each with what stands there instead.
    change: Vec<(String, String)>,
    trust: Option<Hash>,
    set: Option<String>,
    /// Why it proves nothing, or how that begins. Nothing: it proves what it says.
    says: Option<String>,
}

fn file(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

impl Case {
    fn text(&self) -> String {
        let whole = std::fs::read_to_string(file(&self.of)).unwrap();
        if self.change.is_empty() {
            return whole;
        }
        let (front, _seal) = whole.rsplit_once(",\"seal\":\"").unwrap();
        let mut body = format!("{front}}}");
        for (from, to) in &self.change {
            assert!(body.contains(from), "{}: {} has no {from}", self.name, self.of);
            body = body.replacen(from, to, 1);
        }
        sealed(&body)
    }

    fn trust(&self) -> Option<Trust> {
        let id = self.set.as_ref().map(|number| number.parse().unwrap());
        self.trust.map(|root| Trust { root, id })
    }

    fn verdict(&self) -> Result<(), String> {
        let bundle = Bundle::parse(self.text().as_bytes()).map_err(|error| error.to_string())?;
        let verified = verify(&bundle, self.trust().as_ref()).map_err(|why| why.to_string())?;
        assert_eq!(verified.trusted, self.trust.is_some(), "{}", self.name);
        Ok(())
    }
}

#[test]
fn the_verdicts_of_the_browser_are_those_of_rust() {
    let table = std::fs::read(file("web/src/proof/fixtures/verdicts.json")).unwrap();
    let cases: Vec<Case> = serde_json::from_slice(&table).unwrap();
    assert!(cases.len() > 100, "only {}", cases.len());
    for case in &cases {
        let verdict = case.verdict();
        let as_told = match (&case.says, &verdict) {
            (None, Ok(())) => true,
            (Some(says), Err(why)) => why.starts_with(says.as_str()),
            _ => false,
        };
        assert!(as_told, "{}: {verdict:?}, and the table has {:?}", case.name, case.says);
    }
}
