//! SciPy's solver, in a Python of its own.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use tokio::{io::AsyncWriteExt, process::Command, time::timeout};

use super::Timing;
use crate::Error;

/// What Python runs.
const SCRIPT: &str = include_str!("../dispatch_scipy.py");
/// How long it may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// A Python that has SciPy.
pub(super) struct Scipy {
    python: PathBuf,
}

impl Scipy {
    /// SciPy of this Python.
    pub(super) fn new(python: &Path) -> Self {
        Self { python: python.to_owned() }
    }

    /// Solves a square problem so often.
    ///
    /// # Errors
    /// Python did not start, took too long, or has no SciPy.
    pub(super) async fn solve(
        &self,
        size: u32,
        rounds: usize,
        costs: &[i64],
    ) -> Result<Timing, Error> {
        let solved = timeout(PATIENCE, self.answer(size, rounds, costs)).await;
        let answer = solved.map_err(|_| {
            Error::Asked(format!("SciPy had not solved it after {} s", PATIENCE.as_secs()))
        })??;
        let mut words = answer.split_whitespace();
        let version = words.next();
        let timing = (|| {
            let (median, least) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
            Some(Timing { median, least, optimum: words.next()?.parse().ok()? })
        })();
        timing.filter(|_| version.is_some()).ok_or_else(|| {
            Error::Asked(format!("SciPy answered '{answer}' instead of times and an optimum"))
        })
    }

    async fn answer(&self, size: u32, rounds: usize, costs: &[i64]) -> Result<String, Error> {
        let io = |what| move |source| Error::Io { what, source };
        let mut python = Command::new(&self.python)
            .args(["-c", SCRIPT, &size.to_string(), &rounds.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .kill_on_drop(true)
            .spawn()
            .map_err(io("starting Python"))?;
        let bytes: Vec<u8> = costs.iter().flat_map(|cost| cost.to_le_bytes()).collect();
        if let Some(mut input) = python.stdin.take() {
            // A Python that failed at once no longer reads; its end says more than the broken pipe.
            input.write_all(&bytes).await.ok();
        }
        let output = python.wait_with_output().await.map_err(io("waiting for Python"))?;
        if !output.status.success() {
            let python = self.python.display();
            let said = format!("{python} ended with {}: see above; it needs SciPy", output.status);
            return Err(Error::Asked(said));
        }
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }
}
