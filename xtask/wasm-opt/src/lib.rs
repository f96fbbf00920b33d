//! The few names of the `wasm-opt` crate that `substrate-wasm-builder` uses, answered by the
//! `wasm-opt` program of Debian's package `binaryen`.
//!
//! The original compiles Binaryen from C++, ten core-minutes for two passes. One of them,
//! sign-extension lowering, has nothing to do on code for `wasm32v1-none`, a target without sign
//! extension; the other strips DWARF, which Debian's program does as well.

use std::{fmt, fs, io, path::Path, process::Command};

/// A pass over a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// Removes DWARF sections.
    StripDwarf,
    /// Rewrites sign-extension instructions for engines without them.
    SignextLowering,
}

/// What to do with a module.
#[derive(Clone, Debug)]
pub struct OptimizationOptions {
    mvp: bool,
    debug_info: bool,
    passes: Vec<Pass>,
}

/// Why a module could not be rewritten.
#[derive(Debug)]
pub enum OptimizationError {
    /// The program is missing or failed.
    Program(String),
    /// The module could not be copied.
    Io(io::Error),
}

impl fmt::Display for OptimizationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Program(why) => write!(f, "{why}"),
            Self::Io(why) => write!(f, "cannot copy the wasm module: {why}"),
        }
    }
}

impl std::error::Error for OptimizationError {}

impl OptimizationOptions {
    /// No optimisation besides the passes added.
    pub fn new_opt_level_0() -> Self {
        Self { mvp: false, debug_info: false, passes: Vec::new() }
    }

    /// Only the features of the first WebAssembly release.
    pub fn mvp_features_only(&mut self) -> &mut Self {
        self.mvp = true;
        self
    }

    /// Whether the names of functions stay.
    pub fn debug_info(&mut self, keep: bool) -> &mut Self {
        self.debug_info = keep;
        self
    }

    /// Adds a pass, run in the order of adding.
    pub fn add_pass(&mut self, pass: Pass) -> &mut Self {
        self.passes.push(pass);
        self
    }

    /// Reads the module at `input`, applies the passes, and writes it to `output`.
    pub fn run(
        &self,
        input: impl AsRef<Path>,
        output: impl AsRef<Path>,
    ) -> Result<(), OptimizationError> {
        let (input, output) = (input.as_ref(), output.as_ref());
        if !self.passes.contains(&Pass::StripDwarf) {
            if input != output {
                fs::copy(input, output).map_err(OptimizationError::Io)?;
            }
            return Ok(());
        }
        let mut program = Command::new("wasm-opt");
        program.args(["-O0", "--strip-dwarf"]);
        if self.mvp {
            program.arg("--mvp-features");
        }
        if self.debug_info {
            program.arg("--debuginfo");
        }
        let status = program.arg(input).arg("-o").arg(output).status().map_err(|e| {
            OptimizationError::Program(format!(
                "cannot start wasm-opt ({e}): install Debian's package binaryen"
            ))
        })?;
        if !status.success() {
            return Err(OptimizationError::Program(format!("wasm-opt ended with {status}")));
        }
        Ok(())
    }
}
