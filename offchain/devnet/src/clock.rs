//! A clock that runs fast, so that a chain of hours is made in minutes by a real node.
//!
//! The node sees clocks that all tell the same story: the time of day and the time since the start run as much faster, and
//! everything that waits with a time-out waits as much shorter. It makes, seals and finalises its blocks as ever.

use std::{
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use crate::DevnetError;

/// What is put before the node's libraries.
const SOURCE: &str = include_str!("clock.c");

/// A clock for all nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// How many times as fast as the machine's. A node needs some 20 ms for an empty block: at 50, blocks of 2 s have 40.
    pub times: u32,
    /// How far behind the machine's it begins. So far that it does not overtake the machine's: a chain whose last block is in
    /// the future stands still without this clock.
    pub behind: Duration,
}

impl Clock {
    /// Compiles it into a folder, with the C compiler that Rust needs as well. What a node's environment needs.
    pub(crate) fn environment(
        self,
        folder: &Path,
    ) -> Result<Vec<(&'static str, String)>, DevnetError> {
        let (source, library) = (folder.join("clock.c"), folder.join("clock.so"));
        let failed =
            |path: PathBuf| move |source| DevnetError::Path { path, action: "made", source };
        std::fs::write(&source, SOURCE).map_err(failed(source.clone()))?;
        let mut compile = Command::new("cc");
        compile.args(["-O2", "-shared", "-fPIC", "-o"]).arg(&library).arg(&source).arg("-ldl");
        let output = compile.output().map_err(failed(library.clone()))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
            return Err(failed(library)(std::io::Error::other(said)));
        }
        Ok(vec![
            ("LD_PRELOAD", library.to_string_lossy().into_owned()),
            ("SMARTLINK_CLOCK_TIMES", self.times.to_string()),
            ("SMARTLINK_CLOCK_BEHIND", self.behind.as_secs().to_string()),
        ])
    }
}
