//! The Rust target that the chain's runtime is compiled for.

use std::{env, path::Path, process::Command};

use anyhow::{Context, Result};

use crate::{
    process, say,
    setup::{add_component, debian},
    workspace::{program, rustc},
};

/// The target without an operating system that the chain's executor runs.
pub const TARGET: &str = "wasm32v1-none";

/// Where the target was found. `runtime/build.rs` looks in the same two places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// In the toolchain in use.
    InUse,
    /// In Debian's toolchain, which then compiles the runtime's wasm and nothing else.
    Debian,
}

/// Looks for a toolchain that compiles for the target.
pub fn find() -> Option<Found> {
    if compiles(rustc()) {
        return Some(Found::InUse);
    }
    let debian = debian::is_linked() && compiles(debian::rustc()) && debian::linker().is_some();
    debian.then_some(Found::Debian)
}

/// The compiler that `runtime/build.rs` chooses for the wasm.
pub fn compiler() -> Option<Command> {
    if let Some(chosen) = env::var_os("WASM_BUILD_TOOLCHAIN") {
        let mut rustup = Command::new("rustup");
        rustup.arg("run").arg(chosen).arg("rustc");
        return Some(rustup);
    }
    Some(match find()? {
        Found::InUse => rustc(),
        Found::Debian => debian::rustc(),
    })
}

/// Installs the target: by rustup, or where rustup cannot download it, from Debian's sources of Rust.
pub fn install() -> Result<()> {
    if program("rustup").is_some() {
        if add_component(&["target", "add", TARGET]).is_some() && compiles(rustc()) {
            return Ok(());
        }
        say::note("going on with Debian's Rust, which brings the sources of the target");
    }
    debian::install().with_context(|| {
        format!("cannot install the target {TARGET}: `rustup target add {TARGET}` would be enough")
    })
}

/// Whether `rustc` has core and alloc for the target, compiled by itself: files of another version
/// may lie in the right place and be refused.
pub fn compiles(mut rustc: Command) -> bool {
    let output = std::env::temp_dir().join(format!("smartlink-probe-{}", std::process::id()));
    if std::fs::create_dir_all(&output).is_err() {
        return false;
    }
    let answer = compile_probe(&mut rustc, &output);
    std::fs::remove_dir_all(&output).ok();
    answer
}

fn compile_probe(rustc: &mut Command, folder: &Path) -> bool {
    let source = folder.join("probe.rs");
    let written = std::fs::write(&source, "#![no_std]\nextern crate alloc;\n").is_ok();
    rustc.args(["--crate-type=lib", "--emit=metadata", "--target", TARGET, "--out-dir"]);
    written && process::ask(rustc.arg(folder).arg(source)).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_compiler_that_cannot_is_found_out() {
        assert!(!compiles(Command::new("false")));
        assert!(!compiles(Command::new("smartlink-no-such-compiler")));
    }
}
