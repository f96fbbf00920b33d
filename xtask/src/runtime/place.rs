//! Where the runtime is built: a folder that has the same name on every machine.
//!
//! The compiler writes the paths of sources into the code, for panics, and cargo those of the workspace's crates into
//! the names of symbols, by which the linker orders them. So sources, target and cargo's own folder, which the crates of
//! others lie in, are reached by the same paths everywhere.

use std::{
    env,
    fs::{self, DirBuilder, File, TryLockError},
    io,
    os::unix::fs::{symlink, DirBuilderExt, MetadataExt},
    path::{Path, PathBuf},
};

use anyhow::{bail, ensure, Context, Result};

use crate::{
    process::{self, Signals},
    say,
    workspace::Workspace,
};

/// Outlives a restart of the machine, and is there on every Linux.
const FOLDER: &str = "/var/tmp/smartlinkdrive-runtime";
/// What is sent to the chain, below the target directory.
const CODE: &str = "release/wbuild/smartlink-runtime/smartlink_runtime.compact.compressed.wasm";

/// The folder, as long as nobody else builds in it.
#[derive(Debug)]
pub struct Place {
    root: PathBuf,
    /// Locked until it is dropped.
    _lock: File,
}

impl Place {
    /// Takes the folder, and makes it where it is not there.
    pub fn take() -> Result<Self> {
        Self::at(Path::new(FOLDER))
    }

    fn at(root: &Path) -> Result<Self> {
        let name = root.display();
        match DirBuilder::new().mode(0o700).create(root) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                return Err(error).with_context(|| format!("cannot make {name}"));
            }
            _ => {}
        }
        // Anybody may make folders beside it: what somebody else put there is not built.
        let found = fs::symlink_metadata(root).with_context(|| format!("cannot look at {name}"))?;
        // SAFETY: the call has no arguments and cannot fail.
        let own = found.is_dir() && found.uid() == unsafe { libc::geteuid() };
        ensure!(own && found.mode() & 0o022 == 0, "{name} is not yours alone: remove it");
        let lock = File::create(root.join("lock"));
        let lock = lock.with_context(|| format!("cannot write in {name}"))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { root: root.to_owned(), _lock: lock }),
            Err(TryLockError::WouldBlock) => {
                bail!("another `cargo xtask runtime` builds in {name}")
            }
            Err(TryLockError::Error(error)) => {
                Err(error).with_context(|| format!("cannot lock {name}/lock"))
            }
        }
    }

    /// Where the sources go.
    pub fn sources(&self) -> PathBuf {
        self.root.join("sources")
    }

    /// Builds the runtime from the sources that lie there. Returns what is sent to the chain.
    pub fn build(&self, workspace: &Workspace) -> Result<PathBuf> {
        let target = self.root.join("target");
        let step = say::step("building the runtime, twice: the second has the hash of the first");
        // The runtime's build script makes the wasm; of what runs on this machine a check is enough.
        let mut build = workspace.cargo("check");
        for (name, _) in env::vars_os() {
            if name.to_str().is_some_and(changes_the_code) {
                build.env_remove(name);
            }
        }
        build
            .current_dir(self.sources())
            .args(["--release", "--locked", "--package", "smartlink-runtime"])
            .args(["--features", "metadata-hash"])
            .env("CARGO_HOME", self.cargo_home()?)
            .env("CARGO_TARGET_DIR", &target);
        process::run(&mut build, Signals::Group)
            .context("the runtime was not built: see above why")?;
        let code = target.join(CODE);
        ensure!(code.is_file(), "the build left no {}", code.display());
        step.done();
        Ok(code)
    }

    /// cargo's folder by its name here.
    fn cargo_home(&self) -> Result<PathBuf> {
        let home = || env::var_os("HOME").map(|home| Path::new(&home).join(".cargo"));
        let real = env::var_os("CARGO_HOME").map(PathBuf::from).or_else(home);
        let real = real.context("neither CARGO_HOME nor HOME is set: set HOME")?;
        let link = self.root.join("cargo");
        if fs::read_link(&link).is_ok_and(|found| found == real) {
            return Ok(link);
        }
        // A link to another folder, or none.
        fs::remove_file(&link).ok();
        symlink(&real, &link).with_context(|| format!("cannot make {} a link", link.display()))?;
        Ok(link)
    }
}

/// Whether a variable of the environment may change what the compiler makes. The toolchain that somebody chose is said
/// with the hash, and how many jobs run changes nothing.
fn changes_the_code(name: &str) -> bool {
    const NAMES: [&str; 11] = [
        "RUSTFLAGS",
        "CARGO_ENCODED_RUSTFLAGS",
        "CARGO_INCREMENTAL",
        "RUSTC_BOOTSTRAP",
        "RUSTC_WRAPPER",
        "RUSTC_WORKSPACE_WRAPPER",
        "RUNTIME_METADATA_HASH",
        "SUBSTRATE_RUNTIME_TARGET",
        "SKIP_WASM_BUILD",
        "SKIP_SMARTLINK_RUNTIME_WASM_BUILD",
        "DOCS_RS",
    ];
    const BEGINNINGS: [&str; 5] = [
        "CARGO_BUILD_",
        "CARGO_PROFILE_",
        "CARGO_TARGET_WASM32V1_NONE_",
        "WASM_BUILD_",
        "WASM_TARGET_",
    ];
    const HARMLESS: [&str; 2] = ["CARGO_BUILD_JOBS", "WASM_BUILD_TOOLCHAIN"];
    let changes = NAMES.contains(&name) || BEGINNINGS.iter().any(|begin| name.starts_with(begin));
    changes && !HARMLESS.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn one_builds_at_a_time_in_a_folder_that_is_ones_own() -> Result<()> {
        let root = env::temp_dir().join(format!("smartlink-place-{}", std::process::id()));
        let first = Place::at(&root)?;
        let second = Place::at(&root);
        assert!(second.is_err_and(|error| error.to_string().contains("another")));
        drop(first);
        drop(Place::at(&root)?);

        fs::set_permissions(&root, fs::Permissions::from_mode(0o777))?;
        let open = Place::at(&root);
        assert!(open.is_err_and(|error| error.to_string().contains("not yours alone")));
        fs::remove_dir_all(&root)?;
        symlink(env::temp_dir(), &root)?;
        let link = Place::at(&root);
        fs::remove_file(&root)?;
        assert!(link.is_err_and(|error| error.to_string().contains("not yours alone")));
        Ok(())
    }

    #[test]
    fn what_changes_the_code_is_left_out_of_the_environment() {
        for changing in ["RUSTFLAGS", "CARGO_PROFILE_RELEASE_LTO", "WASM_BUILD_RUSTFLAGS"] {
            assert!(changes_the_code(changing), "{changing}");
        }
        for harmless in ["CARGO_BUILD_JOBS", "WASM_BUILD_TOOLCHAIN", "CC", "PATH", "HTTP_PROXY"] {
            assert!(!changes_the_code(harmless), "{harmless}");
        }
    }
}
