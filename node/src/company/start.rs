//! How a validator is started: a script, and a unit of systemd around it.

use super::{error::Error, place::text};
use sc_network::{config::MultiaddrWithPeerId, Multiaddr};
use std::path::Path;

/// The most characters of a node's name, less one than sc-cli bounds them.
const MAX_NAME: usize = 63;

/// What a validator is started with.
#[derive(Clone, Debug)]
pub struct Start<'a> {
    /// This program.
    pub program: &'a Path,
    /// What stands after --chain.
    pub chain: &'a str,
    /// The folder of the node.
    pub base_path: &'a Path,
    /// The keystore, if it is not at its usual place.
    pub keystore_path: Option<&'a Path>,
    /// The file with the keystore's password.
    pub password_filename: Option<&'a Path>,
    /// How the company calls the machine.
    pub label: &'a str,
    /// Where others reach it.
    pub public_addr: &'a [Multiaddr],
    /// Whom it asks first for others.
    pub bootnodes: &'a [MultiaddrWithPeerId],
}

impl Start<'_> {
    /// The script that starts it. Further arguments are handed on.
    ///
    /// # Errors
    /// A path is no UTF-8, or has control characters.
    pub fn script(&self) -> Result<String, Error> {
        let mut arguments = vec![
            "exec".to_owned(),
            quoted(text(self.program)?),
            "--validator".into(),
            option("--chain", self.chain),
            option("--base-path", text(self.base_path)?),
            option("--name", &node_name(self.label)),
        ];
        if let Some(path) = self.keystore_path {
            arguments.push(option("--keystore-path", text(path)?));
        }
        if let Some(path) = self.password_filename {
            arguments.push(option("--password-filename", text(path)?));
        }
        arguments
            .extend(self.public_addr.iter().map(|at| option("--public-addr", &at.to_string())));
        arguments.extend(self.bootnodes.iter().map(|at| option("--bootnodes", &at.to_string())));
        arguments.push("\"$@\"".into());
        Ok(format!(
            "#!/bin/sh\n# Starts the validator {}. Its RPC is reached from this machine alone.\n{}\n",
            quoted(self.label),
            arguments.join(" \\\n    ")
        ))
    }
}

/// The unit that keeps a script running for whom the node's folder belongs to.
///
/// # Errors
/// A path is no UTF-8, or has control characters.
pub fn unit(
    label: &str,
    script: &Path,
    writes: &[&Path],
    (user, group): (u32, u32),
) -> Result<String, Error> {
    let script = argument(text(script)?, "$");
    let writes: Result<Vec<_>, Error> =
        writes.iter().map(|path| Ok(argument(text(path)?, ""))).collect();
    let writes = writes?.join(" ");
    // A line that ends with one would take in the next.
    let label = label.replace('\\', "/").replace('%', "%%");
    Ok(format!(
        "[Unit]
Description=SmartLinkDrive validator {label}
Wants=network-online.target
After=network-online.target time-sync.target

[Service]
ExecStart=/bin/sh {script}
User={user}
Group={group}
Restart=always
RestartSec=5
TimeoutStopSec=60
LimitNOFILE=65536
UMask=0077

# It writes to its own folder and nowhere else, and gets no further rights. MemoryDenyWriteExecute is not here: the
# runtime is compiled while the node runs.
ReadWritePaths={writes}
ProtectSystem=strict
ProtectHome=read-only
PrivateTmp=yes
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
NoNewPrivileges=yes
CapabilityBoundingSet=
RestrictSUIDSGID=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
LockPersonality=yes
SystemCallArchitectures=native

[Install]
WantedBy=multi-user.target
"
    ))
}

/// An option and its value in one word, for a shell. The value may begin with a dash then.
fn option(name: &str, value: &str) -> String {
    format!("{name}={}", quoted(value))
}

/// A word that a shell takes as it is.
pub fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// A word that systemd takes as it is (systemd.syntax, systemd.unit: specifiers). In a command line a dollar begins a
/// variable as well; elsewhere it is itself.
fn argument(word: &str, doubled: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in word.chars() {
        match letter {
            '"' | '\\' => quoted.push('\\'),
            '%' => quoted.push('%'),
            letter if doubled.contains(letter) => quoted.push(letter),
            _ => {}
        }
        quoted.push(letter);
    }
    quoted.push('"');
    quoted
}

/// The name that a node goes by: sc-cli takes none with `\`, `.` or `@`, and none that begins as an address does.
fn node_name(label: &str) -> String {
    label
        .chars()
        .take(MAX_NAME)
        .map(|letter| if matches!(letter, '\\' | '.' | '@' | ':') { '-' } else { letter })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Cli;
    use clap::Parser;
    use std::{
        fs,
        os::unix::fs::{MetadataExt, PermissionsExt},
        process::Command,
    };

    #[test]
    fn a_shell_hands_every_value_to_the_node_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("it's a node");
        fs::write(&program, "#!/bin/sh\nprintf '%s\\n' \"$@\"\n").unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        let node =
            "/ip4/10.0.0.1/tcp/30333/p2p/12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp";
        let start = Start {
            program: &program,
            chain: "/srv/O'Brien & $HOME/chain.json",
            base_path: Path::new("/srv/a  b`c`"),
            keystore_path: Some(Path::new("/srv/\"keys\"")),
            password_filename: Some(Path::new("/srv/*.pass")),
            label: "-Yan'tian.1",
            public_addr: &["/dns/yantian.example/tcp/30333".parse().unwrap()],
            bootnodes: &[node.parse().unwrap()],
        };
        let script = folder.path().join("run.sh");
        fs::write(&script, start.script().unwrap()).unwrap();
        let run =
            Command::new("/bin/sh").arg(&script).args(["--rpc-port", "9955"]).output().unwrap();
        let heard = String::from_utf8(run.stdout).unwrap();
        let bootnode = format!("--bootnodes={node}");
        let expected = [
            "--validator",
            "--chain=/srv/O'Brien & $HOME/chain.json",
            "--base-path=/srv/a  b`c`",
            "--name=-Yan'tian-1",
            "--keystore-path=/srv/\"keys\"",
            "--password-filename=/srv/*.pass",
            "--public-addr=/dns/yantian.example/tcp/30333",
            &bootnode,
            "--rpc-port",
            "9955",
        ];
        assert_eq!(heard.lines().collect::<Vec<_>>(), expected);

        let words = ["smartlink-node"].into_iter().chain(heard.lines());
        let run = Cli::try_parse_from(words).unwrap().run;
        assert!(run.validator);
        assert_eq!(run.name.as_deref(), Some("-Yan'tian-1"));
        assert_eq!(run.shared_params.base_path.as_deref(), Some(start.base_path));
        assert_eq!(run.network_params.bootnodes, start.bootnodes);
        assert_eq!(run.network_params.public_addr, start.public_addr);
    }

    #[test]
    fn a_unit_quotes_paths_as_systemd_reads_them_and_runs_as_the_folders_owner() {
        let folder = tempfile::tempdir().unwrap();
        let owner = fs::metadata(folder.path()).unwrap();
        let unit = unit(
            "100 % ready",
            Path::new("/srv/a b/50%\"$x\\/run.sh"),
            &[Path::new("/srv/node $x"), Path::new("/srv/keys")],
            (owner.uid(), owner.gid()),
        )
        .unwrap();
        let lines: Vec<_> = unit.lines().collect();
        for line in [
            "Description=SmartLinkDrive validator 100 %% ready",
            r#"ExecStart=/bin/sh "/srv/a b/50%%\"$$x\\/run.sh""#,
            r#"ReadWritePaths="/srv/node $x" "/srv/keys""#,
            &format!("User={}", owner.uid()),
            "Restart=always",
            "NoNewPrivileges=yes",
        ] {
            assert!(lines.contains(&line), "{line} is not in\n{unit}");
        }
    }

    #[test]
    fn a_node_goes_by_a_name_that_it_takes() {
        assert_eq!(node_name("Yantian 1"), "Yantian 1");
        assert_eq!(node_name("ops@yantian.example"), "ops-yantian-example");
        assert_eq!(node_name("https://a"), "https-//a");
        assert_eq!(node_name(&"x".repeat(64)).len(), 63);
    }

    #[test]
    fn a_path_that_no_script_can_hold_is_refused() {
        let wrong = Path::new("/srv/a\nb");
        assert!(unit("a", wrong, &[], (0, 0)).is_err());
        assert!(unit("a", Path::new("/srv"), &[wrong], (0, 0)).is_err());
    }
}
