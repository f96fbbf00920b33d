//! `smartlink-offchain up`, run as a user runs it: its nodes end with it, however it ends.

// In a test an unwrap is the assertion, in what its stories share as well.
#![allow(clippy::unwrap_used)]

mod support;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use support::node;

/// How long processes may take to start.
const START: Duration = Duration::from_secs(60);
/// How long they may take to end.
const END: Duration = Duration::from_secs(30);
/// How often they are looked at.
const LOOK: Duration = Duration::from_millis(100);
/// The exit code of a program that was interrupted.
const INTERRUPTED: i32 = 130;

/// A process that cannot be mistaken for a later one with the same id.
#[derive(Debug, PartialEq, Eq)]
struct Process {
    id: u32,
    /// Clock ticks from the machine's start to the process's.
    started: String,
}

/// Parent and process, from `/proc/<id>/stat` (proc_pid_stat(5)). `None` when it has ended.
fn look_at(id: u32) -> Option<(u32, Process)> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The name in parentheses may hold anything; fields 3, 4 and 22 follow it.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let (state, parent, started) = (fields.first()?, fields.get(1)?, fields.get(19)?);
    // A dead process of which nobody took notice yet.
    if *state == "Z" {
        return None;
    }
    Some((parent.parse().ok()?, Process { id, started: (*started).to_owned() }))
}

impl Process {
    fn runs(&self) -> bool {
        look_at(self.id).is_some_and(|(_, now)| now == *self)
    }
}

/// `up`, killed at the latest when the test ends.
struct Up {
    program: Child,
    folder: tempfile::TempDir,
}

impl Up {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let program = Command::new(env!("CARGO_BIN_EXE_smartlink-offchain"))
            .args(["day", "--rides", "200", "--drivers", "8", "--node"])
            .arg(node())
            .arg("--base-path")
            .arg(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        Self { program, folder }
    }

    /// The nodes that it started, as soon as all four write their logs.
    fn nodes(&mut self) -> Vec<Process> {
        let binary = fs::canonicalize(node()).unwrap();
        let deadline = Instant::now() + START;
        loop {
            let nodes = children(self.program.id(), &binary);
            if nodes.len() == 4 && self.logs() == 4 {
                return nodes;
            }
            assert_eq!(self.program.try_wait().unwrap(), None, "it ended by itself");
            assert!(Instant::now() < deadline, "only {nodes:?} run after {START:?}");
            thread::sleep(LOOK);
        }
    }

    fn logs(&self) -> usize {
        let names = ["alice", "bob", "charlie", "dave"];
        let logs = names.map(|name| self.folder.path().join(name).join("node.log"));
        logs.iter().filter(|log| fs::metadata(log).is_ok_and(|log| log.len() > 0)).count()
    }

    fn signal(&self, signal: i32) {
        let id = libc::pid_t::try_from(self.program.id()).unwrap();
        // SAFETY: a signal to a child that was not waited for yet, so the id is still its own.
        assert_eq!(unsafe { libc::kill(id, signal) }, 0);
    }

    fn end(&mut self) -> ExitStatus {
        let deadline = Instant::now() + END;
        loop {
            if let Some(status) = self.program.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < deadline, "it still runs {END:?} after the signal");
            thread::sleep(LOOK);
        }
    }
}

impl Drop for Up {
    fn drop(&mut self) {
        // An error means that it has ended already.
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

/// The children of a process that run this binary.
fn children(of: u32, binary: &Path) -> Vec<Process> {
    let ids = fs::read_dir("/proc").unwrap().filter_map(|entry| {
        let name = entry.ok()?.file_name();
        name.to_str()?.parse::<u32>().ok()
    });
    let runs = |id: u32| fs::read_link(PathBuf::from(format!("/proc/{id}/exe"))).ok();
    ids.filter(|id| runs(*id).as_deref() == Some(binary))
        .filter_map(look_at)
        .filter(|(parent, _)| *parent == of)
        .map(|(_, process)| process)
        .collect()
}

fn assert_all_end(nodes: &[Process]) {
    let deadline = Instant::now() + END;
    loop {
        let left: Vec<&Process> = nodes.iter().filter(|node| node.runs()).collect();
        if left.is_empty() {
            return;
        }
        assert!(Instant::now() < deadline, "{left:?} still run after {END:?}");
        thread::sleep(LOOK);
    }
}

#[test]
fn nodes_end_with_a_program_that_is_asked_to_end() {
    let mut up = Up::start();
    let nodes = up.nodes();
    up.signal(libc::SIGTERM);
    assert_eq!(up.end().code(), Some(INTERRUPTED));
    assert_all_end(&nodes);
}

#[test]
fn nodes_end_with_a_program_that_is_killed() {
    let mut up = Up::start();
    let nodes = up.nodes();
    up.signal(libc::SIGKILL);
    assert_eq!(up.end().code(), None);
    assert_all_end(&nodes);
}
