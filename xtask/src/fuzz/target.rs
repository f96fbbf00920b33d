//! The targets, as they stand in the sources.

use std::{
    fmt, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::workspace::Workspace;

/// Where outside bytes are taken. The pallets get them decoded, from the runtime.
const FOLDERS: [&str; 4] = ["indexer", "offchain", "primitives", "runtime"];
/// How a target begins. In two pieces, because this file holds none.
const MARK: &str = concat!("bolero", "::check!");

/// A test that takes any bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Target {
    /// The folder of its package.
    pub package: PathBuf,
    /// Its file, below the root of the workspace.
    place: PathBuf,
    /// Its file.
    file: PathBuf,
    /// The name of its function.
    pub function: String,
}

/// What cargo compiles a target into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binary {
    /// Its first file.
    pub root: PathBuf,
    /// How cargo is told to build it.
    pub flags: Vec<String>,
    /// The modules from there to the target's file.
    pub modules: Vec<String>,
}

/// All targets, in the order of their files.
pub fn all(workspace: &Workspace) -> Result<Vec<Target>> {
    let mut targets = Vec::new();
    for folder in FOLDERS {
        walk(&workspace.root, &workspace.root.join(folder), None, &mut targets)?;
    }
    targets.sort();
    Ok(targets)
}

fn walk(
    root: &Path,
    folder: &Path,
    package: Option<&Path>,
    targets: &mut Vec<Target>,
) -> Result<()> {
    let package = if folder.join("Cargo.toml").is_file() { Some(folder) } else { package };
    let read = || format!("cannot read {}", folder.display());
    for entry in fs::read_dir(folder).with_context(read)? {
        let path = entry.with_context(read)?.path();
        if path.is_dir() {
            walk(root, &path, package, targets)?;
        } else if let (Some("rs"), Some(package)) =
            (path.extension().and_then(|extension| extension.to_str()), package)
        {
            let text = fs::read_to_string(&path)
                .with_context(|| format!("cannot read {}", path.display()))?;
            targets.extend(functions(&text).map(|function| Target {
                package: package.to_owned(),
                place: path.strip_prefix(root).unwrap_or(&path).to_owned(),
                file: path.clone(),
                function: function.to_owned(),
            }));
        }
    }
    Ok(())
}

/// The functions in which the mark stands.
fn functions(text: &str) -> impl Iterator<Item = &str> {
    let mut function = None;
    text.lines().filter_map(move |line| {
        let line = line.trim_start();
        if let Some(rest) = line.strip_prefix("fn ").or(line.strip_prefix("async fn ")) {
            function = rest.split(['(', '<']).next();
        }
        function.filter(|_| !line.starts_with("//") && line.contains(MARK))
    })
}

impl Target {
    /// The binary that it is compiled into.
    pub fn binary(&self) -> Result<Binary> {
        let inside = self.file.strip_prefix(&self.package)?;
        let mut names: Vec<String> = inside
            .with_extension("")
            .components()
            .map(|part| part.as_os_str().to_string_lossy().into_owned())
            .collect();
        let kind = names.remove(0);
        let (root, flags) = if kind == "tests" {
            let name = names.remove(0);
            // A test with modules may be a folder of its own.
            let file = format!("tests/{name}.rs");
            let is_file = self.package.join(&file).is_file();
            let root = if is_file { file } else { format!("tests/{name}/main.rs") };
            (root, vec!["--test".to_owned(), name])
        } else {
            ("src/lib.rs".to_owned(), vec!["--lib".to_owned()])
        };
        // A file `mod.rs` is the module of its folder, and `lib.rs` or `main.rs` the root.
        names.retain(|name| !["mod", "lib", "main"].contains(&name.as_str()));
        let root = self.package.join(root);
        anyhow::ensure!(root.is_file(), "{self} belongs to no library and no test of its package");
        Ok(Binary { root, flags, modules: names })
    }

    /// The folder of its corpus, if there is one.
    pub fn corpus(&self) -> Result<PathBuf> {
        let folder = self.file.parent().context("a file lies in a folder")?.join("__fuzz__");
        let mut modules = self.binary()?.modules;
        modules.push(String::new());
        let begin = modules.join("__");
        let found = fs::read_dir(&folder).into_iter().flatten().flatten().find(|entry| {
            let name = entry.file_name();
            let rest = name.to_str().and_then(|name| name.strip_prefix(&begin));
            let rest = rest.and_then(|rest| rest.strip_suffix(&self.function));
            rest.is_some_and(|between| between.is_empty() || between.ends_with("__"))
        });
        Ok(found.map_or(folder, |entry| entry.path()).join("corpus"))
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place.display(), self.function)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_the_function_around_the_mark() {
        let text = format!(
            "fn before() {{}}\n    #[test]\n    fn bytes() {{\n        {MARK}().x();\n    }}\n\
             // {MARK}\nfn after() {{}}\n"
        );
        assert_eq!(functions(&text).collect::<Vec<_>>(), ["bytes"]);
    }

    #[test]
    fn the_targets_of_the_workspace_are_found_with_their_binaries() -> Result<()> {
        let targets = all(&Workspace::find()?)?;
        let target = |function: &str| {
            targets.iter().find(|target| target.function == function).context("a target")
        };
        let stream = target("streams_of_anybody_never_panic_and_what_is_found_comes_back")?;
        assert_eq!(stream.to_string().split(':').next(), Some("offchain/jt808/tests/stream.rs"));
        let binary = stream.binary()?;
        assert_eq!(binary.flags, ["--test", "stream"]);
        assert!(binary.modules.is_empty() && binary.root.ends_with("jt808/tests/stream.rs"));

        let wire = target("hostile_introductions_break_nothing")?.binary()?;
        assert_eq!(wire.modules, ["mqtt", "wire", "tests"]);
        assert_eq!(wire.flags, ["--lib"]);
        assert!(wire.root.ends_with("offchain/devices/src/lib.rs"));

        let folder = target("any_bytes_for_a_call_are_answered")?.binary()?;
        assert_eq!(
            (folder.modules, folder.flags),
            (vec!["calls".to_owned()], vec!["--test".to_owned(), "api".to_owned()])
        );
        assert!(folder.root.ends_with("offchain/api/tests/api/main.rs"));

        for target in &targets {
            target.binary()?;
        }
        Ok(())
    }
}
