//! One process of a node.

use std::{
    fs::OpenOptions,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

use smartlink_chain::Chain;

use crate::{diagnosis, network, spawner, DevnetError};

/// How often a starting or stopping process is looked at.
const LOOK: Duration = Duration::from_millis(100);
/// How long a node may take to end when it is asked to.
const STOP_PATIENCE: Duration = Duration::from_secs(20);

/// A node: its folder, its ports, and its process while it runs.
#[derive(Debug)]
pub struct Node {
    pub(crate) name: String,
    /// Who has to answer. `None`: whoever has its port.
    pub(crate) peer_id: Option<&'static str>,
    pub(crate) binary: PathBuf,
    pub(crate) base_path: PathBuf,
    pub(crate) log: PathBuf,
    /// Bytes that the log had before the last launch.
    pub(crate) log_before: u64,
    pub(crate) rpc_port: u16,
    pub(crate) p2p_port: u16,
    pub(crate) args: Vec<String>,
    pub(crate) environment: Vec<(&'static str, String)>,
    pub(crate) child: Option<Child>,
    pub(crate) chain: Option<Chain>,
}

impl Node {
    /// Its name: `alice`, `bob` and so on.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its folder.
    pub fn base_path(&self) -> &Path {
        &self.base_path
    }

    /// Its log.
    pub fn log(&self) -> &Path {
        &self.log
    }

    /// The port of its JSON-RPC.
    pub fn rpc_port(&self) -> u16 {
        self.rpc_port
    }

    /// The address of its JSON-RPC.
    pub fn url(&self) -> String {
        format!("ws://127.0.0.1:{}", self.rpc_port)
    }

    /// How other machines dial it. `None` for a program whose key is its own secret.
    pub fn address(&self) -> Option<String> {
        let peer_id = self.peer_id?;
        Some(format!("/ip4/127.0.0.1/tcp/{}/p2p/{peer_id}", self.p2p_port))
    }

    /// The id of its process while it runs.
    pub fn pid(&self) -> Option<u32> {
        self.child.as_ref().map(Child::id)
    }

    /// A connection to it.
    ///
    /// # Errors
    /// It was stopped.
    pub fn chain(&self) -> Result<Chain, DevnetError> {
        self.chain.clone().ok_or_else(|| DevnetError::Stopped { node: self.name.to_owned() })
    }

    /// Ends with an error as soon as the process has ended by itself.
    ///
    /// # Errors
    /// Says why it ended, from its log.
    pub fn check_alive(&mut self) -> Result<(), DevnetError> {
        let Some(child) = &mut self.child else {
            return Err(DevnetError::Stopped { node: self.name.to_owned() });
        };
        match child.try_wait() {
            Ok(Some(status)) => Err(self.ended(status)),
            _ => Ok(()),
        }
    }

    /// Waits until the process ends by itself, and says why.
    ///
    /// # Errors
    /// It still runs after `patience`.
    pub async fn wait_end(&mut self, patience: Duration) -> Result<DevnetError, DevnetError> {
        let deadline = Instant::now() + patience;
        while Instant::now() < deadline {
            if let Err(why) = self.check_alive() {
                return Ok(why);
            }
            tokio::time::sleep(LOOK).await;
        }
        Err(self.slow(patience))
    }

    fn ended(&mut self, status: ExitStatus) -> DevnetError {
        self.child = None;
        self.chain = None;
        diagnosis::why(self, status)
    }

    /// The port that another program took while the node was starting.
    pub(crate) fn occupied_port(&self) -> u16 {
        match network::check_free(self.rpc_port) {
            Err(_) => self.rpc_port,
            Ok(()) => self.p2p_port,
        }
    }

    /// Starts the process. It does not answer yet.
    pub(crate) fn launch(&mut self) -> Result<(), DevnetError> {
        network::check_free(self.rpc_port)?;
        network::check_free(self.p2p_port)?;
        let unwritable =
            |source| DevnetError::Path { path: self.log.clone(), action: "written", source };
        let log =
            OpenOptions::new().create(true).append(true).open(&self.log).map_err(unwritable)?;
        let errors = log.try_clone().map_err(unwritable)?;
        let log_before = log.metadata().map_err(unwritable)?.len();
        let mut command = Command::new(&self.binary);
        command
            .args(&self.args)
            .envs(self.environment.clone())
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(errors);
        let failed = |source| DevnetError::Spawn { path: self.binary.clone(), source };
        let child = spawner::spawn(command).map_err(failed)?;
        tracing::info!(node = %self.name, pid = child.id(), rpc = self.rpc_port, "started");
        self.child = Some(child);
        self.log_before = log_before;
        Ok(())
    }

    /// Waits until the started process answers.
    pub(crate) async fn connect(&mut self, patience: Duration) -> Result<(), DevnetError> {
        let deadline = Instant::now() + patience;
        while Instant::now() < deadline {
            self.check_alive()?;
            if let Ok(chain) = Chain::connect(&self.url(), Duration::from_secs(5)).await {
                let peer_id = chain.peer_id().await?;
                if self.peer_id.is_some_and(|expected| expected != peer_id) {
                    return Err(DevnetError::Stranger { url: self.url() });
                }
                self.chain = Some(chain);
                return Ok(());
            }
            tokio::time::sleep(LOOK).await;
        }
        Err(self.slow(patience))
    }

    fn slow(&self, patience: Duration) -> DevnetError {
        DevnetError::Slow {
            node: self.name.to_owned(),
            seconds: patience.as_secs(),
            log: self.log.clone(),
            tail: diagnosis::tail(&self.log, self.log_before),
        }
    }

    /// Kills the process at once, as a power cut would.
    pub(crate) fn kill(&mut self) {
        self.chain = None;
        if let Some(mut child) = self.child.take() {
            // An error means that it has ended already.
            let _ = child.kill();
            let _ = child.wait();
            tracing::info!(node = %self.name, "killed");
        }
    }

    /// Asks the process to end, and kills it when it takes too long.
    pub(crate) async fn stop(&mut self) {
        if let Some(child) = &mut self.child {
            if let Ok(pid) = libc::pid_t::try_from(child.id()) {
                // SAFETY: a signal to a child that was not waited for yet, so the id is still its own.
                unsafe { libc::kill(pid, libc::SIGTERM) };
            }
            let deadline = Instant::now() + STOP_PATIENCE;
            while matches!(child.try_wait(), Ok(None)) && Instant::now() < deadline {
                tokio::time::sleep(LOOK).await;
            }
        }
        self.kill();
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.kill();
    }
}
