//! The workspace: where it lies, where it builds, and cargo run in it.

use std::{
    env,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

use crate::{
    process::{self, Signals},
    say,
};

/// What every build for development and tests is told: the whole workspace, with sessions of a minute
/// instead of ten.
///
/// The whole workspace is named even where a few packages are wanted: cargo chooses the features of a
/// dependency by the packages named, and with the same names everywhere nothing is compiled twice,
/// neither the pallets nor the runtime's wasm.
pub const EVERYTHING: [&str; 3] = ["--workspace", "--features", "smartlink-node/fast-epochs"];

/// The binaries that commands and tests start.
const BINARIES: [&str; 4] =
    ["smartlink-node", "smartlink-offchain", "smartlink-indexer", "smartlink-bridge"];

/// A test of a crate with few dependencies.
const A_SMALL_TEST: &str = "stream";

/// The workspace of this checkout.
pub struct Workspace {
    /// The folder of the workspace's manifest.
    pub root: PathBuf,
    /// Where cargo puts what it builds.
    pub target: PathBuf,
}

impl Workspace {
    /// The workspace that this command was started from.
    pub fn find() -> Result<Self> {
        // At run time, because one target directory may serve several checkouts.
        let xtask = env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = xtask
            .parent()
            .with_context(|| format!("{} lies in no workspace", xtask.display()))?
            .to_owned();
        let mut metadata = cargo();
        metadata.current_dir(&root).args(["metadata", "--no-deps", "--offline"]);
        let json = process::ask(metadata.args(["--format-version", "1"])).with_context(|| {
            format!("cargo metadata failed in {}: run it there to see why", root.display())
        })?;
        let target = string_field(&json, "target_directory")
            .context("cargo metadata names no target_directory")?;
        Ok(Self { root, target: target.into() })
    }

    /// The validator, once [`Workspace::build`] has run.
    pub fn node(&self) -> PathBuf {
        self.target.join("debug/smartlink-node")
    }

    /// The services, once [`Workspace::build`] has run.
    pub fn offchain(&self) -> PathBuf {
        self.target.join("debug/smartlink-offchain")
    }

    /// The indexer, once [`Workspace::build`] has run.
    pub fn indexer(&self) -> PathBuf {
        self.target.join("debug/smartlink-indexer")
    }

    /// The relayer of the bridge, once [`Workspace::build`] has run.
    pub fn bridge(&self) -> PathBuf {
        self.target.join("debug/smartlink-bridge")
    }

    /// cargo, in the root of the workspace.
    pub fn cargo(&self, subcommand: &str) -> Command {
        let mut command = cargo();
        command.current_dir(&self.root).arg(subcommand);
        command
    }

    /// Builds the validator, the services, the indexer and the bridge.
    pub fn build(&self) -> Result<()> {
        let first = if self.node().exists() { "" } else { "; the first time takes half an hour" };
        let step = say::step(format!("building {}{first}", BINARIES.join(", ")));
        self.build_binaries(&BINARIES)?;
        step.done();
        Ok(())
    }

    /// Builds a program that is no part of the product. Returns where it lies.
    pub fn tool(&self, name: &str) -> Result<PathBuf> {
        let step = say::step(format!("building {name}"));
        self.build_binaries(&[name])?;
        step.done();
        Ok(self.target.join("debug").join(name))
    }

    fn build_binaries(&self, names: &[&str]) -> Result<()> {
        let mut build = self.cargo("build");
        build.args(EVERYTHING);
        for name in names {
            build.args(["--bin", name]);
        }
        // With a test beside them cargo chooses the features that tests need of dependencies. Without one it would choose
        // fewer, and the tests would compile tokio, FRAME and all that stands on them a second time.
        build.args(["--test", A_SMALL_TEST]);
        process::run(&mut build, Signals::Group)
    }

    /// The names of our pallets' folders, in order: `settlement` is package `pallet-settlement`.
    pub fn pallets(&self) -> Result<Vec<String>> {
        let folder = self.root.join("pallets");
        let read = || format!("cannot read {}", folder.display());
        let mut pallets = Vec::new();
        for entry in fs::read_dir(&folder).with_context(read)? {
            let path = entry.with_context(read)?.path();
            if let (true, Some(name)) = (path.join("Cargo.toml").exists(), path.file_name()) {
                pallets.push(name.to_string_lossy().into_owned());
            }
        }
        pallets.sort();
        Ok(pallets)
    }
}

/// The cargo that runs us, as a developer would start it.
pub fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    without_traces_of_cargo_run(&mut command);
    command
}

/// rustc of the toolchain in use.
pub fn rustc() -> Command {
    let mut command = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    without_traces_of_cargo_run(&mut command);
    command
}

/// Removes what `cargo run` put into our environment: inside a build it would be taken for that of
/// another package, and make build scripts run again that had nothing to do.
pub fn without_traces_of_cargo_run(command: &mut Command) {
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(is_trace_of_cargo_run) {
            command.env_remove(name);
        }
    }
    let Some(path) = env::var_os("LD_LIBRARY_PATH") else { return };
    match library_path_without_rust(&path) {
        Some(path) => command.env("LD_LIBRARY_PATH", path),
        None => command.env_remove("LD_LIBRARY_PATH"),
    };
}

fn is_trace_of_cargo_run(name: &str) -> bool {
    name == "CARGO"
        || name == "OUT_DIR"
        || name == "CARGO_PRIMARY_PACKAGE"
        || ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_"]
            .iter()
            .any(|prefix| name.starts_with(prefix))
}

/// cargo puts the folders of the build and of the toolchain before what was there.
fn library_path_without_rust(path: &OsString) -> Option<OsString> {
    let foreign = |folder: &PathBuf| {
        let built = folder.ends_with("deps") || folder.ends_with("debug");
        !built && !folder.components().any(|part| part.as_os_str() == "rustlib")
    };
    let kept: Vec<_> = env::split_paths(path).filter(foreign).collect();
    env::join_paths(kept).ok().filter(|path| !path.is_empty())
}

/// The value of the first string field `name` in `json`, which cargo writes without white space.
pub fn string_field(json: &str, name: &str) -> Option<String> {
    let mark = format!("\"{name}\":\"");
    let mut rest = json[json.find(&mark)? + mark.len()..].chars();
    let mut value = String::new();
    loop {
        match rest.next()? {
            '"' => return Some(value),
            // Other escapes stand for control characters, which no path of ours has.
            '\\' => value.push(rest.next().filter(|c| matches!(c, '"' | '\\' | '/'))?),
            c => value.push(c),
        }
    }
}

/// The program named `name` in PATH.
pub fn program(name: &str) -> Option<PathBuf> {
    // Daemons lie where not every login looks.
    let daemons = ["/usr/local/sbin", "/usr/sbin"].map(PathBuf::from);
    let path = env::var_os("PATH")?;
    let folders = env::split_paths(&path).chain(daemons);
    folders.map(|folder| folder.join(name)).find(|program| program.is_file())
}

/// The folder of the developer's that outlives checkouts: tools and their builds.
pub fn cache() -> Result<PathBuf> {
    let home = env::var_os("HOME").context("HOME is not set: set it to your home folder")?;
    Ok(Path::new(&home).join(".cache/smartlinkdrive"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_target_directory_is_read_from_cargos_metadata() {
        let json = r#"{"packages":[],"target_directory":"/tmp/a \"b\"/c","version":1}"#;
        assert_eq!(string_field(json, "target_directory").as_deref(), Some("/tmp/a \"b\"/c"));
        assert_eq!(string_field(json, "build_directory"), None);
        assert_eq!(string_field(r#"{"a":"unfinished"#, "a"), None);
    }

    #[test]
    fn settings_stay_and_traces_go() {
        for gone in ["CARGO_PKG_NAME", "CARGO_MANIFEST_DIR", "CARGO"] {
            assert!(is_trace_of_cargo_run(gone));
        }
        for kept in ["CARGO_TARGET_DIR", "CARGO_HOME", "CARGO_TERM_COLOR", "CC", "RUSTFLAGS"] {
            assert!(!is_trace_of_cargo_run(kept));
        }
    }

    #[test]
    fn the_library_path_keeps_what_the_developer_set() {
        let path = "/t/debug/build:/t/debug/deps:/t/debug:/r/lib/rustlib/x/lib:/opt/lib".into();
        let kept = library_path_without_rust(&path);
        assert_eq!(kept, Some("/t/debug/build:/opt/lib".into()));
        assert_eq!(library_path_without_rust(&"/t/debug/deps".into()), None);
    }

    #[test]
    fn the_workspace_is_this_one() -> Result<()> {
        let workspace = Workspace::find()?;
        assert!(workspace.root.join("xtask/src/workspace.rs").exists());
        assert!(workspace.pallets()?.contains(&"settlement".to_owned()));
        Ok(())
    }
}
