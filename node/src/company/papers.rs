//! The papers that an applicant shows. Only their hashes go to the chain.

use super::error::Error;
use pallet_consortium::{Paper, PaperKind, Papers};
use smartlink_primitives::keccak;
use std::{
    fs,
    io::Read,
    path::{Path, PathBuf},
};

/// What papers are about, and how it is written.
const KINDS: [(&str, PaperKind); 5] = [
    ("business-licence", PaperKind::BusinessLicence),
    ("transport-licence", PaperKind::TransportLicence),
    ("tax-certificate", PaperKind::TaxCertificate),
    ("data-security-review", PaperKind::DataSecurityReview),
    ("other", PaperKind::Other),
];

/// The most MiB of a paper: beyond it, somebody named an archive by mistake.
const MAX_MIB: u64 = 64;

/// A paper on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaperFile {
    /// What it is about.
    pub kind: PaperKind,
    /// The document.
    pub path: PathBuf,
}

/// Why a text names no paper.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum PaperError {
    /// No kind, or no file.
    #[error("'{0}' names no paper: write KIND=FILE, such as business-licence=licence.pdf")]
    Form(String),
    /// A kind that the chain does not know.
    #[error("there is no kind of paper '{kind}': write one of {}", names())]
    Kind {
        /// What was written.
        kind: String,
    },
}

/// The paper that `KIND=FILE` names.
pub fn parse(text: &str) -> Result<PaperFile, PaperError> {
    let (written, path) = text.split_once('=').ok_or_else(|| PaperError::Form(text.into()))?;
    if path.is_empty() {
        return Err(PaperError::Form(text.into()));
    }
    let known = KINDS.iter().find(|(name, _)| *name == written);
    let (_, kind) = known.ok_or_else(|| PaperError::Kind { kind: written.into() })?;
    Ok(PaperFile { kind: *kind, path: path.into() })
}

/// How a kind of paper is written.
pub fn kind_name(kind: PaperKind) -> &'static str {
    KINDS.iter().find(|(_, known)| *known == kind).map_or("other", |(name, _)| name)
}

fn names() -> String {
    KINDS.map(|(name, _)| name).join(", ")
}

/// What the chain keeps of the papers, in their order.
pub fn hashed(files: &[PaperFile]) -> Result<Papers, Error> {
    let mut papers: Vec<Paper> = Vec::new();
    for PaperFile { kind, path } in files {
        let paper = Paper { kind: *kind, hash: keccak(&content(path)?) };
        if papers.contains(&paper) {
            return Err(Error::SamePaper(path.clone()));
        }
        papers.push(paper);
    }
    let count = papers.len();
    match Papers::try_from(papers) {
        Ok(papers) if count > 0 => Ok(papers),
        _ => Err(Error::PaperCount(count)),
    }
}

/// The bytes of a document.
fn content(path: &Path) -> Result<Vec<u8>, Error> {
    let unreadable = |source| Error::Read { path: path.into(), source };
    let file = fs::File::open(path).map_err(unreadable)?;
    let most = MAX_MIB * 1024 * 1024;
    let mut bytes = Vec::new();
    file.take(most + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    match bytes.len() as u64 {
        0 => Err(Error::EmptyPaper(path.into())),
        length if length > most => Err(Error::LargePaper { path: path.into(), most: MAX_MIB }),
        _ => Ok(bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paper_is_the_keccak_hash_of_its_document_and_what_it_is_about() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("licence = a.pdf");
        fs::write(&path, "abc").unwrap();
        let named = parse(&format!("business-licence={}", path.display())).unwrap();
        let papers = hashed(&[named]).unwrap();
        assert_eq!(papers[0].kind, PaperKind::BusinessLicence);
        // Keccak-256 of "abc", from the reference of the Keccak team.
        assert_eq!(
            format!("{:x}", papers[0].hash),
            "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"
        );
    }

    #[test]
    fn every_kind_has_a_name_that_is_read() {
        for (name, kind) in KINDS {
            assert_eq!(parse(&format!("{name}=a.pdf")).unwrap().kind, kind);
            assert_eq!(kind_name(kind), name);
        }
    }

    #[test]
    fn what_names_no_paper_is_refused_with_what_may_be_written() {
        for (text, words) in [
            ("licence.pdf", "KIND=FILE"),
            ("other=", "KIND=FILE"),
            ("licence=a.pdf", "business-licence, transport-licence"),
        ] {
            let error = parse(text).unwrap_err().to_string();
            assert!(error.contains(words), "{text}: {error}");
        }
    }

    #[test]
    fn papers_that_are_nothing_missing_repeated_or_too_many_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let paper = |name: &str, content: &str| {
            let path = folder.path().join(name);
            fs::write(&path, content).unwrap();
            PaperFile { kind: PaperKind::Other, path }
        };
        let missing = PaperFile { kind: PaperKind::Other, path: folder.path().join("gone.pdf") };
        let many: Vec<_> = (0..17).map(|n| paper(&format!("{n}.pdf"), &n.to_string())).collect();
        let cases = [
            (vec![paper("empty.pdf", "")], "empty.pdf' is empty"),
            (vec![missing], "gone.pdf' cannot be read"),
            (vec![paper("a.pdf", "same"), paper("b.pdf", "same")], "b.pdf' is shown twice"),
            (many, "there are 17 papers"),
            (vec![], "there are 0 papers"),
        ];
        for (files, words) in cases {
            let error = hashed(&files).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        }
    }

    #[test]
    fn a_document_beyond_the_bound_is_not_read_to_its_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("archive.pdf");
        // A hole: it takes no room on the disk.
        fs::File::create(&path).unwrap().set_len(MAX_MIB * 1024 * 1024 + 1).unwrap();
        let error = hashed(&[PaperFile { kind: PaperKind::Other, path }]).unwrap_err().to_string();
        assert!(error.contains("more than 64 MiB"), "{error}");
    }
}
