//! The services of a company as a process of their own, as an operator would run them.

use std::{
    fs::File,
    io::{self, BufRead, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Mutex, MutexGuard, PoisonError},
    thread::JoinHandle,
    time::Duration,
};

use smartlink_devnet::free_port;
use smartlink_primitives::CompanyId;
use tokio::sync::watch;

use crate::Error;

/// How long the services may take until the API answers. They wait for the node.
const PATIENCE: Duration = Duration::from_secs(120);

/// How to start the services of a company on this machine.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The services' binary.
    pub binary: PathBuf,
    /// Whose.
    pub company: CompanyId,
    /// The WebSocket of the company's node.
    pub node: String,
    /// Data and log.
    pub folder: PathBuf,
    /// Where it listens. The node is told the worker's address before the services run, and apps keep the
    /// API's when they run again.
    pub ports: Ports,
    /// Further `--set`.
    pub set: Vec<String>,
}

/// Ports of this machine.
#[derive(Clone, Copy, Debug)]
pub struct Ports {
    /// For the node's worker.
    pub worker: u16,
    /// JSON-RPC.
    pub api: u16,
    /// gRPC.
    pub grpc: u16,
    /// For the node's worker, roots of what vehicles reported.
    pub anchors: u16,
    /// JT/T 808 over TCP and UDP.
    pub jt808: u16,
    /// The embedded ClickHouse.
    pub clickhouse: u16,
}

impl Ports {
    /// Some that nobody uses.
    ///
    /// # Errors
    /// There are none.
    pub fn free() -> Result<Self, Error> {
        let (worker, api, grpc) = (free_port()?, free_port()?, free_port()?);
        let (anchors, jt808, clickhouse) = (free_port()?, free_port()?, free_port()?);
        Ok(Self { worker, api, grpc, anchors, jt808, clickhouse })
    }

    /// The embedded ClickHouse.
    pub fn clickhouse_url(self) -> String {
        format!("http://127.0.0.1:{}", self.clickhouse)
    }

    /// Where the node's worker finds roots of what vehicles reported.
    pub fn anchors_url(self) -> String {
        format!("http://127.0.0.1:{}", self.anchors)
    }

    /// Where the node's worker finds batches.
    pub fn worker_url(self) -> String {
        format!("http://127.0.0.1:{}", self.worker)
    }
}

/// Running services. They end with whoever started them.
#[derive(Debug)]
pub struct ServicesProcess {
    setup: Setup,
    started: Mutex<Started>,
    said: watch::Sender<Addresses>,
}

/// A process, and the thread that reads what it says until it has ended.
#[derive(Debug)]
struct Started {
    child: Child,
    output: Option<JoinHandle<()>>,
}

impl Started {
    /// Waits until the process has ended, and all that it said was read.
    fn wait(&mut self) -> io::Result<ExitStatus> {
        let status = self.child.wait()?;
        if let Some(Err(_)) = self.output.take().map(JoinHandle::join) {
            return Err(io::Error::other("the thread that reads its output has panicked"));
        }
        Ok(status)
    }
}

/// Where roles listen, as they said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Addresses {
    /// JSON-RPC.
    pub api: Option<SocketAddr>,
    /// gRPC.
    pub grpc: Option<SocketAddr>,
    /// JT/T 808 over TCP.
    pub jt808: Option<SocketAddr>,
    /// The embedded ClickHouse.
    pub clickhouse: Option<SocketAddr>,
    /// The output has ended, and so has the process.
    pub ended: bool,
}

impl ServicesProcess {
    /// Starts them. They may not answer yet: [`ServicesProcess::api`] waits.
    ///
    /// # Errors
    /// The binary cannot be started, or the log not be written.
    pub fn start(setup: Setup) -> Result<Self, Error> {
        let said = watch::Sender::new(Addresses::default());
        let started = Mutex::new(spawn(&setup, &said)?);
        Ok(Self { setup, started, said })
    }

    /// The log.
    pub fn log(&self) -> PathBuf {
        log(&self.setup.folder)
    }

    /// The address of the API, as soon as it answers.
    ///
    /// # Errors
    /// The process ended, or says nothing for long.
    pub async fn api(&self) -> Result<SocketAddr, Error> {
        self.wait("API", |addresses| addresses.api).await
    }

    /// The address of gRPC.
    ///
    /// # Errors
    /// The process ended, or says nothing for long.
    pub async fn grpc(&self) -> Result<SocketAddr, Error> {
        self.wait("gRPC", |addresses| addresses.grpc).await
    }

    /// Where terminals connect.
    ///
    /// # Errors
    /// The process ended, or says nothing for long.
    pub async fn jt808(&self) -> Result<SocketAddr, Error> {
        self.wait("JT/T 808", |addresses| addresses.jt808).await
    }

    /// The address of the embedded ClickHouse.
    ///
    /// # Errors
    /// The process ended, or says nothing for long.
    pub async fn clickhouse(&self) -> Result<SocketAddr, Error> {
        self.wait("ClickHouse", |addresses| addresses.clickhouse).await
    }

    /// Where terminals connect, and the embedded ClickHouse, as far as those roles run.
    pub fn on_the_road(&self) -> (Option<SocketAddr>, Option<SocketAddr>) {
        let said = self.said.borrow();
        (said.jt808, said.clickhouse)
    }

    async fn wait(
        &self,
        what: &str,
        of: impl Fn(&Addresses) -> Option<SocketAddr>,
    ) -> Result<SocketAddr, Error> {
        let mut addresses = self.said.subscribe();
        let said = addresses.wait_for(|said| of(said).is_some() || said.ended);
        let said = tokio::time::timeout(PATIENCE, said).await;
        let found = said.ok().and_then(Result::ok).and_then(|said| of(&said));
        found.ok_or_else(|| {
            Error::Asked(format!(
                "the services of {} do not serve their {what}: see {}",
                self.setup.company,
                self.log().display()
            ))
        })
    }

    /// Kills them as a power cut would, and waits until they are gone.
    ///
    /// # Errors
    /// The system does not let us.
    pub fn kill(&self) -> Result<(), Error> {
        let failed = |source| Error::Io { what: "killing the services", source };
        let mut started = self.started();
        started.child.kill().map_err(failed)?;
        started.wait().map_err(failed)?;
        Ok(())
    }

    /// Starts them again on the same data, where they were before. They have to be gone.
    ///
    /// # Errors
    /// As [`ServicesProcess::start`].
    pub fn restart(&self) -> Result<(), Error> {
        let mut started = self.started();
        self.said.send_replace(Addresses::default());
        *started = spawn(&self.setup, &self.said)?;
        Ok(())
    }

    fn started(&self) -> MutexGuard<'_, Started> {
        // Nothing panics while it is held.
        self.started.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells them to stop, and waits until they have.
    ///
    /// # Errors
    /// They do not stop well.
    pub async fn stop(self) -> Result<(), Error> {
        let log = self.log();
        let stopped = tokio::task::spawn_blocking(move || {
            let mut started = self.started();
            // SAFETY: sends a signal to a child that was not waited for, so its number is not another's.
            unsafe { libc::kill(started.child.id().cast_signed(), libc::SIGTERM) };
            started.wait()
        });
        let status = stopped.await.map_err(Error::Thread)?;
        let status =
            status.map_err(|source| Error::Io { what: "stopping the services", source })?;
        if status.success() {
            Ok(())
        } else {
            let log = log.display();
            Err(Error::Asked(format!("the services stopped with {status}: see {log}")))
        }
    }
}

impl Drop for ServicesProcess {
    fn drop(&mut self) {
        let mut started = self.started();
        // Both fail only when it has ended.
        let _ = started.child.kill();
        let _ = started.wait();
    }
}

fn log(folder: &Path) -> PathBuf {
    folder.join("services.log")
}

fn spawn(setup: &Setup, said: &watch::Sender<Addresses>) -> Result<Started, Error> {
    let failed = |source| Error::Io { what: "starting the services", source };
    std::fs::create_dir_all(&setup.folder).map_err(failed)?;
    let log = File::options().create(true).append(true).open(log(&setup.folder)).map_err(failed)?;
    let mut command = Command::new(&setup.binary);
    let data = setup.folder.join("data");
    let mut set = vec![
        format!("company={}", setup.company.0),
        format!("node={:?}", setup.node),
        format!("data={:?}", data.display().to_string()),
        format!("orders.worker_listen=\"127.0.0.1:{}\"", setup.ports.worker),
        format!("orders.rules.machine={}", setup.company.0),
        format!("api.machine={}", setup.company.0),
        format!("api.listen=\"127.0.0.1:{}\"", setup.ports.api),
        format!("grpc.listen=\"127.0.0.1:{}\"", setup.ports.grpc),
        format!("telemetry.worker_listen=\"127.0.0.1:{}\"", setup.ports.anchors),
        format!("clickhouse.listen=\"127.0.0.1:{}\"", setup.ports.clickhouse),
        format!("devices.jt808.tcp=\"127.0.0.1:{}\"", setup.ports.jt808),
        format!("devices.jt808.udp=\"127.0.0.1:{}\"", setup.ports.jt808),
    ];
    set.extend(setup.set.iter().cloned());
    command.arg("serve");
    for one in set {
        command.args(["--set", &one]);
    }
    command.env("RUST_LOG", std::env::var("RUST_LOG").unwrap_or_else(|_| "info".to_owned()));
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log);
    let mut child = smartlink_devnet::spawn(command).map_err(failed)?;
    let said = said.clone();
    let output = child.stdout.take().map(BufReader::new);
    // Ends with the output, which ends with the process.
    let reading = std::thread::Builder::new().name("services-output".to_owned());
    let output = reading.spawn(move || listen(output, &said)).map_err(failed)?;
    Ok(Started { child, output: Some(output) })
}

/// Reads the lines with which roles say where they listen.
fn listen(output: Option<impl BufRead>, said: &watch::Sender<Addresses>) {
    for line in output.into_iter().flat_map(BufRead::lines).map_while(io::Result::ok) {
        if let Some((role, address)) = line.split_once(' ') {
            let address = address.parse().ok();
            said.send_modify(|addresses| match role {
                "api" => addresses.api = address,
                "grpc" => addresses.grpc = address,
                "jt808" => addresses.jt808 = address,
                "clickhouse" => addresses.clickhouse = address,
                _ => {}
            });
        }
    }
    said.send_modify(|addresses| addresses.ended = true);
}
