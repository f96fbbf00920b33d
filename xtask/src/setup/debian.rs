//! The target from Debian's Rust, for machines whose rustup reaches no server.
//!
//! Debian packages a recent Rust for its browsers, with the sources of the standard library but
//! without the target. We compile core and alloc from these sources and put them where rustc looks.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{bail, Context, Result};

use crate::{
    apt,
    process::{self, Signals},
    say,
    setup::wasm::{compiles, TARGET},
    workspace::{program, rustc as rustc_in_use, without_traces_of_cargo_run},
};

/// The name under which rustup knows Debian's Rust; `runtime/build.rs` uses it too.
const TOOLCHAIN: &str = "debian";
/// Where Debian's rustc looks for the target.
const LIBRARIES: &str = "/usr/lib/rustlib/wasm32v1-none/lib";
const PACKAGES: [&str; 3] = ["rustc-web", "cargo-web", "rust-web-src"];
/// Debian's linker of the same LLVM, for a toolchain in use that brings none.
const LINKER_PACKAGE: &str = "lld-22";
/// What a crate without std links against. core is last: who sees it may rely on the others.
const CRATES: [&str; 3] = ["libcompiler_builtins-", "liballoc-", "libcore-"];

/// Whether rustup knows Debian's toolchain.
pub fn is_linked() -> bool {
    process::ask(in_toolchain("rustc").arg("--version")).is_some()
}

/// Debian's rustc.
pub fn rustc() -> Command {
    in_toolchain("rustc")
}

/// A linker for wasm: that of the toolchain in use, or Debian's. `runtime/build.rs` looks likewise.
pub fn linker() -> Option<PathBuf> {
    let sysroot = process::ask(rustc_in_use().args(["--print", "sysroot"]))?;
    let verbose = process::ask(rustc_in_use().arg("-vV"))?;
    let host = verbose.lines().find_map(|line| line.strip_prefix("host: "))?;
    let bundled = Path::new(&sysroot).join("lib/rustlib").join(host).join("bin/rust-lld");
    Some(bundled)
        .filter(|path| path.exists())
        .or_else(|| program("rust-lld"))
        .or_else(|| program(LINKER_PACKAGE))
}

/// Installs Debian's Rust and the target in it.
pub fn install() -> Result<()> {
    if program("rustup").is_none() {
        bail!("there is no rustup, which chooses between Debian's Rust and yours: install rustup");
    }
    let mut missing: Vec<_> =
        PACKAGES.into_iter().filter(|name| !apt::is_installed(name)).collect();
    if linker().is_none() {
        missing.push(LINKER_PACKAGE);
    }
    apt::install(&missing)?;
    if !is_linked() {
        let mut link = Command::new("rustup");
        link.args(["toolchain", "link", TOOLCHAIN, "/usr"]);
        process::run(&mut link, Signals::Group)?;
    }
    if !compiles(rustc()) {
        let work = env::temp_dir().join(format!("smartlink-{TARGET}-{}", std::process::id()));
        let installed = compile(&work).and_then(|libraries| replace(&libraries));
        fs::remove_dir_all(&work).ok();
        installed?;
    }
    if !compiles(rustc()) {
        bail!(
            "Debian's rustc does not accept the libraries in {LIBRARIES}: remove them, try again"
        );
    }
    Ok(())
}

/// Compiles core and alloc in the folder `work`; the libraries, in the order of [`CRATES`].
fn compile(work: &Path) -> Result<Vec<PathBuf>> {
    let step = say::step(format!("compiling core and alloc for {TARGET} from Debian's sources"));
    write_empty_crate(work).with_context(|| format!("cannot write to {}", work.display()))?;
    let mut build = in_toolchain("cargo");
    build
        .current_dir(work)
        .args(["build", "--release", "-Z", "build-std=core,alloc", "--target", TARGET])
        // Debian's rustc is a stable one, and building the standard library an unstable feature.
        .env("RUSTC_BOOTSTRAP", "1")
        // The runtime is linked with LTO, which needs the bitcode of every library.
        .env("RUSTFLAGS", "-Cembed-bitcode=yes")
        .env("CARGO_TARGET_DIR", work.join("target"));
    for foreign in ["RUSTC", "RUSTC_WRAPPER", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_TARGET"] {
        build.env_remove(foreign);
    }
    process::run(&mut build, Signals::Group)?;
    let built = work.join("target").join(TARGET).join("release/deps");
    let libraries = CRATES.iter().map(|name| library(&built, name)).collect::<Result<_>>()?;
    step.done();
    Ok(libraries)
}

/// The smallest crate that has cargo build core and alloc.
fn write_empty_crate(work: &Path) -> std::io::Result<()> {
    fs::create_dir_all(work.join("src"))?;
    let manifest = "[package]\nname = \"empty\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\
                    \n[workspace]\n";
    fs::write(work.join("Cargo.toml"), manifest)?;
    fs::write(work.join("src/lib.rs"), "#![no_std]\nextern crate alloc;\n")
}

fn library(folder: &Path, name: &str) -> Result<PathBuf> {
    let entries = fs::read_dir(folder).with_context(|| format!("no {}", folder.display()))?;
    entries
        .flatten()
        .map(|entry| entry.path())
        .find(|path| {
            let file = path.file_name().unwrap_or_default().to_string_lossy();
            file.starts_with(name) && file.ends_with(".rlib")
        })
        .with_context(|| format!("cargo built no {name}*.rlib in {}", folder.display()))
}

/// Puts `libraries` where rustc looks, in the place of any that were there.
fn replace(libraries: &[PathBuf]) -> Result<()> {
    say::note(format!("copying {} libraries to {LIBRARIES}", libraries.len()));
    apt::run_as_root("rm", &["-rf", LIBRARIES])?;
    apt::run_as_root("mkdir", &["-p", LIBRARIES])?;
    for library in libraries {
        let library = library.to_str().context("the temporary folder's name is not text")?;
        apt::run_as_root("cp", &[library, LIBRARIES])?;
    }
    Ok(())
}

fn in_toolchain(program: &str) -> Command {
    let mut command = Command::new("rustup");
    command.args(["run", TOOLCHAIN, program]);
    without_traces_of_cargo_run(&mut command);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_is_found_by_the_start_of_its_name() -> Result<()> {
        let folder = env::temp_dir().join(format!("smartlink-libraries-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("libcore-0123.rlib"), "")?;
        fs::write(folder.join("libcore-0123.rmeta"), "")?;
        let found = library(&folder, "libcore-");
        let missing = library(&folder, "liballoc-");
        fs::remove_dir_all(&folder)?;
        assert!(found?.ends_with("libcore-0123.rlib"));
        assert!(missing.is_err_and(|error| error.to_string().contains("liballoc-")));
        Ok(())
    }
}
