//! Compiles the runtime to wasm with whichever toolchain of this machine can.
//!
//! That is the toolchain in use, if it has the target `wasm32v1-none`. Where rustup cannot download
//! it, `cargo xtask setup` installs the target in Debian's Rust, and that compiles the wasm alone.

#[cfg(not(feature = "std"))]
fn main() {}

#[cfg(feature = "std")]
fn main() {
    if let Err(error) = toolchain::choose() {
        println!("cargo::error={error}");
        return;
    }
    // The target directory may lie outside of the workspace, from where its Cargo.lock is not found.
    std::env::set_var("WASM_BUILD_WORKSPACE_HINT", concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    // The builder makes a workspace of its own, whose profiles know nothing of this one's: arithmetic would wrap around in
    // the wasm, where natively it panics. What it appends to RUSTFLAGS stands behind what its profile says.
    let builder = substrate_wasm_builder::WasmBuilder::init_with_defaults()
        .append_to_rust_flags("-C overflow-checks=on");
    #[cfg(feature = "metadata-hash")]
    let builder = builder.enable_metadata_hash("CNY", 6);
    builder.build();
}

#[cfg(feature = "std")]
mod toolchain {
    use std::{
        env, fs,
        path::{Path, PathBuf},
        process::Command,
    };

    const TARGET: &str = "wasm32v1-none";
    /// The name that `cargo xtask setup` gives to Debian's Rust.
    const DEBIAN: &str = "debian";
    /// Read by substrate-wasm-builder.
    const TOOLCHAIN: &str = "WASM_BUILD_TOOLCHAIN";
    /// Read by the cargo that compiles the wasm.
    const LINKER: &str = "CARGO_TARGET_WASM32V1_NONE_LINKER";
    /// With any of these set, substrate-wasm-builder compiles no wasm.
    const SKIPS: [&str; 3] = ["SKIP_WASM_BUILD", "SKIP_SMARTLINK_RUNTIME_WASM_BUILD", "DOCS_RS"];

    /// Leaves the choice to substrate-wasm-builder where the toolchain in use has the target or the
    /// developer chose one, and otherwise points it to Debian's.
    pub fn choose() -> Result<(), String> {
        println!("cargo::rerun-if-env-changed={TOOLCHAIN}");
        println!("cargo::rerun-if-env-changed={LINKER}");
        let skipped = SKIPS.iter().any(|name| env::var_os(name).is_some());
        if skipped || env::var_os(TOOLCHAIN).is_some() || has_target(in_use()) {
            return Ok(());
        }
        if !has_target(debian()) {
            return Err(format!(
                "the runtime needs the Rust target {TARGET}, which no toolchain here has: run \
                 `cargo xtask setup`, or `rustup target add {TARGET}`"
            ));
        }
        if env::var_os(LINKER).is_none() {
            let linker = linker().ok_or(
                "the runtime's wasm needs a linker, and there is no rust-lld here: run \
                 `cargo xtask setup`, or install Debian's package lld-22",
            )?;
            env::set_var(LINKER, linker);
        }
        env::set_var(TOOLCHAIN, DEBIAN);
        Ok(())
    }

    fn in_use() -> Command {
        Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
    }

    fn debian() -> Command {
        let mut rustc = Command::new("rustup");
        rustc.args(["run", DEBIAN, "rustc"]);
        rustc
    }

    fn has_target(mut rustc: Command) -> bool {
        ask(rustc.args(["--print", "target-libdir", "--target", TARGET]))
            .and_then(|folder| fs::read_dir(folder).ok())
            .is_some_and(|files| {
                files
                    .flatten()
                    .any(|file| file.file_name().to_string_lossy().starts_with("libcore-"))
            })
    }

    /// The linker of the toolchain in use, or Debian's.
    fn linker() -> Option<PathBuf> {
        let host = env::var("HOST").ok()?;
        ask(in_use().args(["--print", "sysroot"]))
            .map(|sysroot| Path::new(&sysroot).join("lib/rustlib").join(host).join("bin/rust-lld"))
            .filter(|linker| linker.exists())
            .or_else(|| in_path("rust-lld"))
            .or_else(|| in_path("lld-22"))
    }

    fn in_path(name: &str) -> Option<PathBuf> {
        env::split_paths(&env::var_os("PATH")?)
            .map(|folder| folder.join(name))
            .find(|p| p.is_file())
    }

    fn ask(command: &mut Command) -> Option<String> {
        let output = command.output().ok().filter(|output| output.status.success())?;
        Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
    }
}
