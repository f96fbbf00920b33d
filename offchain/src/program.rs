//! A program that runs beside this one, and what it says.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

use smartlink_devnet::spawn;
use tokio::{net::TcpStream, time::sleep};

use crate::Error;

/// Time between two looks at it.
const LOOK: Duration = Duration::from_millis(100);

/// A process, which is killed when this is dropped.
#[derive(Debug)]
pub struct Process {
    child: Child,
    name: String,
    /// What it says on its standard output.
    pub out: PathBuf,
    /// What it says on its standard error.
    pub log: PathBuf,
}

impl Process {
    /// Starts it; what it says goes to files of this name.
    pub fn start(mut command: Command, folder: &Path, name: &str) -> Result<Self, Error> {
        let file = |ending: &str| folder.join(format!("{name}.{ending}"));
        let (out, log) = (file("out"), file("log"));
        let create = |path: &Path| {
            File::create(path).map_err(|source| Error::Io { what: "making a log", source })
        };
        command.stdin(Stdio::null()).stdout(create(&out)?).stderr(create(&log)?);
        let binary = PathBuf::from(command.get_program());
        let child = spawn(command).map_err(|error| {
            Error::Asked(format!(
                "{} cannot be started ({error}): name the program itself",
                binary.display()
            ))
        })?;
        Ok(Self { child, name: name.to_owned(), out, log })
    }

    fn ended(&mut self) -> Result<Option<ExitStatus>, Error> {
        self.child.try_wait().map_err(|source| Error::Io { what: "looking at a process", source })
    }

    /// Waits until it listens.
    pub async fn listens(&mut self, port: u16, patience: Duration) -> Result<(), Error> {
        let deadline = Instant::now() + patience;
        while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            match self.ended()? {
                Some(status) => return Err(self.failed(&format!("ended with {status}"))),
                None if Instant::now() >= deadline => {
                    return Err(self.failed(&format!("does not listen after {patience:?}")));
                }
                None => sleep(LOOK).await,
            }
        }
        Ok(())
    }

    /// Waits until it has ended, which has to be well.
    pub async fn finishes(&mut self, patience: Duration) -> Result<(), Error> {
        let deadline = Instant::now() + patience;
        loop {
            match self.ended()? {
                Some(status) if status.success() => return Ok(()),
                Some(status) => return Err(self.failed(&format!("ended with {status}"))),
                None if Instant::now() >= deadline => {
                    return Err(self.failed(&format!("is not done after {patience:?}")));
                }
                None => sleep(LOOK).await,
            }
        }
    }

    /// What it did, and what it said last.
    fn failed(&self, what: &str) -> Error {
        let said = read(&self.log).unwrap_or_default();
        let last = said.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("it said nothing");
        Error::Asked(format!("{} {what}: {} (see {})", self.name, last.trim(), self.log.display()))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // An error means that it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a program wrote.
pub fn read(path: &Path) -> Result<String, Error> {
    fs::read_to_string(path)
        .map_err(|source| Error::Io { what: "reading what a program wrote", source })
}
