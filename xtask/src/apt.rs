//! Debian packages: which are missing, and installing them.

use std::{env, fs, path::Path, process::Command};

use anyhow::{bail, Context, Result};

use crate::{
    process::{self, Signals},
    say,
    workspace::program,
};

/// A package of Debian's and how to see that what it brings is there.
pub struct Package {
    /// Its name in apt.
    pub name: &'static str,
    /// What we need it for.
    pub purpose: &'static str,
    probe: Probe,
}

enum Probe {
    Program(&'static str),
    /// Installed according to dpkg; where there is no dpkg, whatever the function finds.
    Library(fn() -> bool),
}

/// What building the workspace needs.
pub const PACKAGES: [Package; 12] = [
    Package { name: "clang", purpose: "compiles RocksDB", probe: Probe::Program("clang") },
    Package {
        name: "libclang-dev",
        purpose: "reads RocksDB's headers",
        probe: Probe::Library(has_libclang),
    },
    Package {
        name: "protobuf-compiler",
        purpose: "the network protocol's messages",
        probe: Probe::Program("protoc"),
    },
    Package {
        name: "libssl-dev",
        purpose: "saves compiling OpenSSL",
        probe: Probe::Library(has_openssl),
    },
    Package { name: "pkg-config", purpose: "finds OpenSSL", probe: Probe::Program("pkg-config") },
    Package {
        name: "binaryen",
        purpose: "strips the runtime's wasm",
        probe: Probe::Program("wasm-opt"),
    },
    Package {
        name: "mosquitto",
        purpose: "the MQTT broker that devices are tested with, and measured beside",
        probe: Probe::Program("mosquitto"),
    },
    Package {
        name: "mosquitto-clients",
        purpose: "the MQTT clients that devices are tested with",
        probe: Probe::Program("mosquitto_pub"),
    },
    Package {
        name: "nodejs",
        purpose: "builds and tests the portal, runs the clients that the index is tested with",
        probe: Probe::Program("node"),
    },
    Package { name: "npm", purpose: "fetches what they are made of", probe: Probe::Program("npm") },
    Package {
        name: "chromium-headless-shell",
        purpose: "the browser that the portal and the index's page are tested in",
        probe: Probe::Program("chromium-headless-shell"),
    },
    Package {
        name: "fonts-noto-cjk",
        purpose: "Chinese in that browser",
        probe: Probe::Library(has_chinese_font),
    },
];

impl Package {
    /// Whether what the package brings is on this machine.
    pub fn is_there(&self) -> bool {
        match self.probe {
            Probe::Program(name) => program(name).is_some(),
            Probe::Library(_) if program("dpkg-query").is_some() => is_installed(self.name),
            Probe::Library(found) => found(),
        }
    }
}

/// The command that installs `packages`, for a developer to type.
pub fn remedy(packages: &[&str]) -> String {
    format!("sudo apt-get install -y --no-install-recommends {}", packages.join(" "))
}

/// Installs `packages`.
pub fn install(packages: &[&str]) -> Result<()> {
    if packages.is_empty() {
        return Ok(());
    }
    let manual = remedy(packages);
    if program("apt-get").is_none() {
        bail!("missing {}: there is no apt-get here, install them your way", packages.join(", "));
    }
    let step = say::step(format!("installing {} with apt-get", packages.join(", ")));
    let options = ["-q", "-o", "DPkg::Lock::Timeout=120", "-o", "Acquire::Retries=3"];
    // Old lists are good enough when the network is away; what cannot be fetched fails below.
    if let Err(error) = run_as_root("apt-get", &[&options, &["update"][..]].concat()) {
        say::note(format!("going on with the package lists that are here ({error:#})"));
    }
    let install: [&[&str]; 3] = [&options, &["install", "-y", "--no-install-recommends"], packages];
    run_as_root("apt-get", &install.concat())
        .with_context(|| format!("cannot install packages: see above, or run `{manual}`"))?;
    step.done();
    Ok(())
}

/// Runs `program` as root: directly if we are, through sudo otherwise.
pub fn run_as_root(program_name: &str, arguments: &[&str]) -> Result<()> {
    // SAFETY: geteuid has no preconditions and cannot fail.
    let root = unsafe { libc::geteuid() } == 0;
    let noninteractive = "DEBIAN_FRONTEND=noninteractive";
    let mut command = match (root, program("sudo")) {
        (true, _) => Command::new("env"),
        (false, Some(sudo)) => {
            let mut command = Command::new(sudo);
            command.arg("env");
            command
        }
        (false, None) => bail!(
            "this needs root and there is no sudo: run as root `{program_name} {}`",
            arguments.join(" ")
        ),
    };
    command.args([noninteractive, program_name]).args(arguments);
    process::run(&mut command, Signals::Shared)
}

/// Whether dpkg has the package.
pub fn is_installed(package: &str) -> bool {
    process::ask(Command::new("dpkg-query").args(["-W", "-f=${Status}\\n", package]))
        .is_some_and(|status| status.lines().any(|line| line == "install ok installed"))
}

fn has_openssl() -> bool {
    process::ask(Command::new("pkg-config").args(["--exists", "openssl"])).is_some()
}

fn has_libclang() -> bool {
    env::var_os("LIBCLANG_PATH").is_some()
        || ["/usr/lib", "/usr/lib64", "/usr/local/lib"].iter().any(|folder| {
            holds_libclang(Path::new(folder))
                || fs::read_dir(folder)
                    .into_iter()
                    .flatten()
                    .flatten()
                    .any(|e| holds_libclang(&e.path()) || holds_libclang(&e.path().join("lib")))
        })
}

fn holds_libclang(folder: &Path) -> bool {
    fs::read_dir(folder).into_iter().flatten().flatten().any(|entry| {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        name.starts_with("libclang.so") || name.starts_with("libclang-") && name.contains(".so")
    })
}

/// Whether there is any font with Chinese, as fontconfig says.
fn has_chinese_font() -> bool {
    process::ask(Command::new("fc-list").args([":lang=zh-cn", "family"]))
        .is_some_and(|families| !families.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_remedy_can_be_pasted() {
        assert_eq!(
            remedy(&["clang", "binaryen"]),
            "sudo apt-get install -y --no-install-recommends clang binaryen"
        );
    }

    #[test]
    fn nothing_missing_installs_nothing() {
        assert!(install(&[]).is_ok());
    }
}
