//! The files of the portal, read once: names that are asked for are looked up, and never become paths.

mod kinds;

use std::{
    collections::HashMap,
    fs, io,
    path::{Path, PathBuf},
};

use http::HeaderValue;
use hyper::body::Bytes;
use sha2::{Digest, Sha256};

use super::Coding;
use crate::config::PAGE;

/// Files of a portal, at most.
const MOST_FILES: usize = 20_000;
/// Bytes of all of them, at most.
const MOST_BYTES: u64 = 512 << 20;

/// Why a portal cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum PortalError {
    /// A file cannot be read.
    #[error("the portal's {path} cannot be read ({source}): make it readable, or build the portal anew with `cargo xtask web`")]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The page is not there.
    #[error("the portal's folder {folder} has no {PAGE}: build the portal with `cargo xtask web`")]
    NoPage {
        /// The folder.
        folder: PathBuf,
    },
    /// There is more than a portal has.
    #[error(
        "{folder} has more than {MOST_FILES} files or {} MiB, which is no portal: set portal.folder to web/dist", MOST_BYTES >> 20
    )]
    TooMuch {
        /// The folder.
        folder: PathBuf,
    },
}

/// Files by the paths under which they are asked for.
#[derive(Debug)]
pub struct Files {
    by_path: HashMap<String, File>,
    bytes: u64,
}

/// A file in its forms.
#[derive(Debug)]
pub struct File {
    /// Its type.
    pub kind: &'static str,
    /// As it is.
    pub plain: Form,
    brotli: Option<Form>,
    gzip: Option<Form>,
}

/// Bytes, and the tag that names them.
#[derive(Clone, Debug)]
pub struct Form {
    pub bytes: Bytes,
    pub tag: HeaderValue,
}

impl Form {
    fn new(bytes: Vec<u8>) -> Self {
        // Sixteen bytes of a hash: nobody makes two files of one tag by accident.
        let tag = format!("\"{}\"", hex::encode(&Sha256::digest(&bytes)[..16]));
        let tag = HeaderValue::from_str(&tag);
        let tag = tag.expect("hexadecimal digits between quotes are a value");
        Self { bytes: bytes.into(), tag }
    }
}

impl File {
    /// A file that is not packed.
    pub fn new(kind: &'static str, bytes: Vec<u8>) -> Self {
        Self { kind, plain: Form::new(bytes), brotli: None, gzip: None }
    }

    /// Its packed form, if it was built.
    pub fn coded(&self, coding: Coding) -> Option<&Form> {
        match coding {
            Coding::Brotli => self.brotli.as_ref(),
            Coding::Gzip => self.gzip.as_ref(),
        }
    }

    fn put(&mut self, coding: Coding, form: Form) {
        match coding {
            Coding::Brotli => self.brotli = Some(form),
            Coding::Gzip => self.gzip = Some(form),
        }
    }
}

impl Files {
    /// Reads a folder and those in it. Links are not followed, wherever they lead, and what is hidden is left out.
    pub fn read(folder: &Path) -> Result<Self, PortalError> {
        let unreadable = |path: &Path| {
            let path = path.to_owned();
            move |source| PortalError::Unreadable { path, source }
        };
        let mut files = Self { by_path: HashMap::new(), bytes: 0 };
        let mut packed = Vec::new();
        let mut folders = vec![(folder.to_owned(), String::new())];
        let mut seen = 0;
        while let Some((folder_on_disk, prefix)) = folders.pop() {
            for entry in fs::read_dir(&folder_on_disk).map_err(unreadable(&folder_on_disk))? {
                let entry = entry.map_err(unreadable(&folder_on_disk))?;
                let path = entry.path();
                seen += 1;
                let kind = entry.file_type().map_err(unreadable(&path))?;
                let Some(name) = entry.file_name().to_str().and_then(shown) else {
                    tracing::debug!(path = %path.display(), "left out of the portal: its name is hidden, or no text");
                    continue;
                };
                let name = format!("{prefix}/{name}");
                if kind.is_dir() {
                    folders.push((path, name));
                } else if kind.is_file() {
                    let length = entry.metadata().map_err(unreadable(&path))?.len();
                    files.bytes += length;
                    if files.bytes <= MOST_BYTES {
                        let bytes = fs::read(&path).map_err(unreadable(&path))?;
                        packed.extend(files.take(name, bytes));
                    }
                } else {
                    tracing::warn!(path = %path.display(), "left out of the portal: it is a link, or no file");
                }
                if seen > MOST_FILES || files.bytes > MOST_BYTES {
                    return Err(PortalError::TooMuch { folder: folder.to_owned() });
                }
            }
        }
        packed.into_iter().for_each(|one| files.join(one));
        if files.get(&format!("/{PAGE}")).is_none() {
            return Err(PortalError::NoPage { folder: folder.to_owned() });
        }
        Ok(files)
    }

    /// Takes a file; one that is packed is given back until all are there.
    fn take(&mut self, path: String, bytes: Vec<u8>) -> Option<Packed> {
        let coding = Coding::ALL.into_iter().find(|coding| path.ends_with(coding.ending()));
        if let Some(coding) = coding {
            return Some(Packed { path, coding, bytes });
        }
        self.by_path.insert(path.clone(), File::new(kinds::of(&path), bytes));
        None
    }

    /// Puts a packed file to the one that it is of; without that it is a file like others.
    fn join(&mut self, packed: Packed) {
        let Packed { path, coding, bytes } = packed;
        let plain = path.strip_suffix(coding.ending()).and_then(|of| self.by_path.get_mut(of));
        match plain {
            Some(file) => file.put(coding, Form::new(bytes)),
            None => self.put(&path, File::new(kinds::of(&path), bytes)),
        }
    }

    /// Puts a file at a path.
    pub fn put(&mut self, path: &str, file: File) {
        self.by_path.insert(path.to_owned(), file);
    }

    /// The file at a path, and the path.
    pub fn get(&self, path: &str) -> Option<(&str, &File)> {
        self.by_path.get_key_value(path).map(|(path, file)| (path.as_str(), file))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.by_path.len()
    }

    /// Bytes of all that was read.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }
}

/// A packed file.
struct Packed {
    path: String,
    coding: Coding,
    bytes: Vec<u8>,
}

/// A name that is not hidden.
fn shown(name: &str) -> Option<String> {
    (!name.starts_with('.')).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(folder: &Path, name: &str, content: &str) {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    #[test]
    fn a_folder_is_what_was_built_and_nothing_else() {
        let (outside, built) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        put(outside.path(), "secret", "secret");
        let built = built.path();
        put(built, "index.html", "page");
        put(built, "assets/app.js", "plain");
        put(built, "assets/app.js.br", "brotli");
        put(built, "assets/app.js.gz", "gzip");
        put(built, "list.gz", "alone");
        put(built, ".env", "hidden");
        put(built, ".vite/manifest.json", "hidden");
        std::os::unix::fs::symlink(outside.path().join("secret"), built.join("link")).unwrap();
        std::os::unix::fs::symlink(outside.path(), built.join("folder")).unwrap();
        let files = Files::read(built).unwrap();
        let mut paths: Vec<_> = files.by_path.keys().map(String::as_str).collect();
        paths.sort_unstable();
        assert_eq!(paths, ["/assets/app.js", "/index.html", "/list.gz"]);
        let (_, app) = files.get("/assets/app.js").unwrap();
        assert_eq!(&app.coded(Coding::Brotli).unwrap().bytes[..], b"brotli");
        assert_eq!(&app.coded(Coding::Gzip).unwrap().bytes[..], b"gzip");
        assert_ne!(app.coded(Coding::Gzip).unwrap().tag, app.plain.tag);
        assert!(files.get("/index.html").unwrap().1.coded(Coding::Brotli).is_none());
    }

    #[test]
    fn a_folder_without_a_page_is_none() {
        let folder = tempfile::tempdir().unwrap();
        put(folder.path(), "other.html", "");
        let error = Files::read(folder.path()).unwrap_err().to_string();
        assert!(error.contains("cargo xtask web"), "{error}");
        let error = Files::read(&folder.path().join("none")).unwrap_err().to_string();
        assert!(error.contains("none"), "{error}");
    }
}
