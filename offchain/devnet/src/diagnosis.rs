//! Reads in a node's log why it ended.

use std::{
    fs::File,
    io::{Read, Seek, SeekFrom},
    path::Path,
    process::ExitStatus,
};

use crate::{DevnetError, Node};

/// Lines of a log that an error shows.
const TAIL_LINES: usize = 15;
/// How much of the end of a log is read.
const TAIL_BYTES: u64 = 64 * 1024;

/// The last lines of a log, from the byte `since` on.
pub(crate) fn tail(log: &Path, since: u64) -> String {
    let text = end_of(log, since).unwrap_or_else(|error| format!("(it cannot be read: {error})"));
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(TAIL_LINES)..].join("\n")
}

fn end_of(log: &Path, since: u64) -> std::io::Result<String> {
    let mut file = File::open(log)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(TAIL_BYTES).max(since)))?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Why a node ended, by what its log got since it was launched: an older launch ended for its own reason.
pub(crate) fn why(node: &Node, status: ExitStatus) -> DevnetError {
    let text = end_of(node.log(), node.log_before).unwrap_or_default();
    if no_space(&text) || disk_is_full(node.base_path()) {
        return DevnetError::DiskFull {
            node: node.name().to_owned(),
            path: node.base_path().to_owned(),
            log: node.log().to_owned(),
        };
    }
    if text.contains("Address already in use") || text.contains("AddrInUse") {
        return DevnetError::PortOccupied { port: node.occupied_port() };
    }
    DevnetError::Exited {
        node: node.name().to_owned(),
        status: status.to_string(),
        log: node.log().to_owned(),
        tail: tail(node.log(), node.log_before),
    }
}

fn no_space(text: &str) -> bool {
    ["No space left", "StorageFull", "os error 28"].iter().any(|sign| text.contains(sign))
}

/// Less room than this, and a disk is full for a database: a mebibyte.
const NO_ROOM: u64 = 1 << 20;

/// A full disk often has no room for the log line that would say so.
fn disk_is_full(path: &Path) -> bool {
    use std::os::unix::ffi::OsStrExt;
    let Ok(path) = std::ffi::CString::new(path.as_os_str().as_bytes()) else {
        return false;
    };
    // SAFETY: an all-zero statvfs is a valid value of it.
    let mut stat: libc::statvfs = unsafe { std::mem::zeroed() };
    // SAFETY: `path` ends with a zero byte and `stat` outlives the call.
    let answered = unsafe { libc::statvfs(path.as_ptr(), &mut stat) == 0 };
    answered && stat.f_bavail.saturating_mul(stat.f_frsize) < NO_ROOM
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_end_of_a_log_is_shown() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("node.log");
        let lines: Vec<String> = (0..100).map(|n| format!("line {n}")).collect();
        std::fs::write(&log, lines.join("\n")).unwrap();
        let end = tail(&log, 0);
        assert!(end.starts_with("line 85") && end.ends_with("line 99"), "{end}");
    }

    #[test]
    fn what_an_earlier_launch_wrote_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("node.log");
        let earlier = "No space left on device\n";
        std::fs::write(&log, format!("{earlier}Imported #7")).unwrap();
        assert_eq!(tail(&log, earlier.len() as u64), "Imported #7");
    }

    #[test]
    fn a_full_disk_is_recognised_in_the_words_of_rocksdb() {
        assert!(no_space("IO error: No space left on device: While appending to file: 000014.log"));
        assert!(!no_space("Imported #7"));
    }
}
