//! The relayer as a process of its own.

use std::{
    fs::File,
    path::PathBuf,
    process::{Child, Command, Output, Stdio},
    time::Duration,
};

use smartlink_bridge::BridgeConfig;
use smartlink_devnet::{free_port, spawn};
use tempfile::TempDir;

use super::until;

/// A running relayer, which is killed when this is dropped.
pub struct Process {
    child: Child,
    log: PathBuf,
    port: u16,
    _folder: TempDir,
}

/// The binary with a command, configured by variables: nothing secret stands in the list of processes.
pub fn command(config: &BridgeConfig, job: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_smartlink-bridge"));
    let (ethereum, turns) = (&config.ethereum, &config.turns);
    command
        .args(job)
        // `SMARTLINK_NODE` names the node's binary, so this one is a flag.
        .args(["--set", &format!("node=\"{}\"", config.node)])
        .env("SMARTLINK_ETHEREUM__URL", ethereum.url())
        .env("SMARTLINK_ETHEREUM__CONTRACT", &ethereum.contract)
        .env("SMARTLINK_ETHEREUM__CONFIRMATIONS", ethereum.confirmations.to_string())
        .env("SMARTLINK_ETHEREUM__POLL_MS", ethereum.poll_ms.to_string())
        .env("SMARTLINK_ETHEREUM__RETRY_MOST_MS", ethereum.retry_most_ms.to_string())
        .env("SMARTLINK_KEY__SECRET", format!("\"{}\"", config.key.secret.expose()))
        .env("SMARTLINK_POLICY__EVERY_BLOCKS", config.policy.every_blocks.to_string())
        .env("SMARTLINK_POLICY__ASKED_PAUSE_MS", config.policy.asked_pause_ms.to_string())
        .env("SMARTLINK_FEES__BUMP_AFTER_MS", config.fees.bump_after_ms.to_string())
        .env("SMARTLINK_TURNS__RELAYERS", turns.relayers.to_string())
        .env("SMARTLINK_TURNS__STEP_MS", turns.step_ms.to_string())
        .env("SMARTLINK_OPERATIONS__LISTEN", &config.operations.listen);
    if let Some(place) = turns.place {
        command.env("SMARTLINK_TURNS__PLACE", place.to_string());
    }
    command
}

/// What a command of the binary does.
pub fn output(config: &BridgeConfig, job: &[&str]) -> Output {
    command(config, job).output().unwrap()
}

/// What a command says, which has to end well.
pub fn said(config: &BridgeConfig, job: &[&str]) -> (String, String) {
    let output = output(config, job);
    let (out, errors) = (words(&output.stdout), words(&output.stderr));
    assert!(output.status.success(), "{job:?}: {out}{errors}");
    (out, errors)
}

pub fn words(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

impl Process {
    /// Starts to relay, with figures on a port of its own.
    pub fn start(config: &BridgeConfig) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        let port = free_port().unwrap();
        let mut config = config.clone();
        config.operations.listen = format!("127.0.0.1:{port}");
        let mut command = command(&config, &["run"]);
        command.env("RUST_LOG", "warn,smartlink_bridge=debug").stdin(Stdio::null());
        command.stdout(Stdio::null()).stderr(File::create(&log).unwrap());
        Self { child: spawn(command).unwrap(), log, port, _folder: folder }
    }

    /// Where figures are, and blocks are wanted.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// Waits until its log says something.
    pub async fn says(&self, what: &str, patience: Duration) -> String {
        until(&format!("the relayer says \"{what}\""), patience, || async {
            let log = self.log();
            log.lines().find(|line| line.contains(what)).map(str::to_owned)
        })
        .await
    }

    /// A figure of Prometheus.
    pub async fn figure(&self, name: &str) -> f64 {
        let page = reqwest::get(format!("{}/metrics", self.url())).await.unwrap();
        let page = page.text().await.unwrap();
        let name = format!("smartlink_bridge_{name} ");
        let line = page.lines().find_map(|line| line.strip_prefix(&name));
        line.unwrap_or_else(|| panic!("{name}: {page}")).parse().unwrap()
    }

    /// kill -9. What it has logged.
    pub fn kill(mut self) -> String {
        assert!(self.child.try_wait().unwrap().is_none(), "it has ended by itself: {}", self.log());
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.log()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            eprintln!("--- what a relayer logged\n{}", self.log());
        }
    }
}
