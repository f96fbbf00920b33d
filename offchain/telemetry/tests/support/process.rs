//! Processes that can be killed: this very test binary, started again in another role.

use super::{config, log, store, vehicles};
use smartlink_clickhouse::{Engine, EngineConfig};
use smartlink_telemetry::Telemetry;
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
    time::Duration,
};

const ROLE: &str = "SMARTLINK_TELEMETRY_ROLE";
const FOLDER: &str = "SMARTLINK_TELEMETRY_FOLDER";
const ADDRESS: &str = "SMARTLINK_TELEMETRY_ADDRESS";

/// A process in a role. It is killed when this is dropped, and ends by itself when the test ends.
pub struct Process {
    child: Child,
    said: BufReader<ChildStdout>,
}

impl Process {
    /// Starts a role and waits for its first line.
    pub fn start(role: &str, folder: &Path, address: SocketAddr) -> Self {
        let mut child = Command::new(std::env::current_exe().expect("this test has a path"))
            .args(["--exact", "a_role_of_a_story", "--nocapture"])
            .env(ROLE, role)
            .env(FOLDER, folder)
            .env(ADDRESS, address.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("this test starts once more");
        let said = BufReader::new(child.stdout.take().expect("its output is piped"));
        let mut process = Self { child, said };
        while process.line() != "begun" {}
        process
    }

    /// The next line that it says. Lines of the test's harness come as well.
    pub fn line(&mut self) -> String {
        let mut line = String::new();
        let read = self.said.read_line(&mut line).expect("its output is read");
        assert!(read > 0, "the process has ended by itself: {:?}", self.child.wait());
        line.trim().to_owned()
    }

    /// The number in the next line that has one after `word`.
    pub fn number(&mut self, word: &str) -> u64 {
        loop {
            let line = self.line();
            let number = line.strip_prefix(word).and_then(|rest| rest.trim().parse().ok());
            if let Some(number) = number {
                return number;
            }
        }
    }

    /// kill -9. Returns the last number after `word` that it had said.
    pub fn kill(mut self, word: &str) -> Option<u64> {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it was killed");
        let mut rest = String::new();
        let _ = self.said.read_to_string(&mut rest);
        let mut lines = rest.lines().rev();
        lines.find_map(|line| line.strip_prefix(word)?.trim().parse().ok())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An address that nobody has.
pub fn free_address() -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("there is a free port");
    listener.local_addr().expect("it is bound")
}

/// What the test `a_role_of_a_story` does: nothing, unless it was started in a role.
pub fn play() {
    let Ok(role) = std::env::var(ROLE) else { return };
    let folder = PathBuf::from(std::env::var(FOLDER).expect("a role has a folder"));
    let address = std::env::var(ADDRESS).expect("a role has an address");
    let address: SocketAddr = address.parse().expect("an address");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    match role.as_str() {
        "engine" => runtime.block_on(engine(&folder, address)),
        "telemetry" => runtime.block_on(telemetry(&folder, address, true)),
        "rest" => runtime.block_on(telemetry(&folder, address, false)),
        other => panic!("there is no role {other}"),
    }
    std::process::exit(0);
}

fn say(words: &str) {
    let mut out = std::io::stdout();
    writeln!(out, "{words}").expect("somebody listens");
    out.flush().expect("somebody listens");
}

/// Ends when whoever started this is gone.
async fn orphaned() {
    let _ = tokio::task::spawn_blocking(|| std::io::stdin().read(&mut [0])).await;
}

async fn engine(folder: &Path, listen: SocketAddr) {
    let config =
        EngineConfig { path: folder.join("clickhouse"), listen, ..EngineConfig::default() };
    let engine = Engine::start(config).await.expect("the engine starts");
    say("\nbegun");
    orphaned().await;
    drop(engine);
}

/// Takes reports on as fast as the disk has them, or only works off what there is, and says up to where.
async fn telemetry(folder: &Path, address: SocketAddr, more: bool) {
    let (log, _writing) = log(folder);
    let store = store(&format!("http://{address}"));
    let begun = Telemetry::start(config(folder), log.clone(), &store).await;
    let (telemetry, _running) = begun.expect("telemetry starts");
    say("\nbegun");
    let work = async {
        if more {
            let mut second = log.next_sequence() / 10;
            loop {
                let records = vehicles::second(50, second);
                log.append(&records).durable().await.expect("the log takes records");
                say(&format!("acknowledged {}", log.next_sequence()));
                second += 1;
            }
        } else {
            let end = log.next_sequence();
            assert!(telemetry.stored(end).await);
            say(&format!("stored {end}"));
            let mut live = telemetry.live().subscribe(|_| false).1;
            // Ticks go on: there is always a next change.
            while telemetry.figures().unanalysed > 0 || telemetry.figures().waiting > 0 {
                let _ = tokio::time::timeout(Duration::from_millis(100), live.next()).await;
            }
            say(&format!("analysed {end}"));
        }
        std::future::pending::<()>().await;
    };
    tokio::select! {
        () = work => {}
        () = orphaned() => {}
        error = telemetry.failed() => panic!("telemetry failed: {error}"),
    }
}
