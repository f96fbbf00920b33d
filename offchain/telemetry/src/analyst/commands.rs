//! What people and programs ask of the analysis.

use super::{Told, Worker};
use crate::{
    analysis::{
        alert::{AlertChange, AlertError},
        class::VehicleFacts,
        rules::{RuleBook, RuleError, RuleSet},
    },
    error::{QueryError, TelemetryError},
    geofences::FenceChange,
    journal::{EntryKey, Put},
};
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};

/// Commands that may wait. Whoever gives one more waits for a place.
pub(crate) const COMMANDS: usize = 64;

/// Something that applies from a place in the log on, for good.
pub(crate) enum Definition {
    /// Rules.
    Rules(RuleBook, Arc<RuleSet>),
    /// Geofences that came, changed or went.
    Fences(FenceChange),
}

impl Definition {
    /// What is written with the snapshot.
    pub(super) fn puts(&self) -> Vec<Put> {
        match self {
            Self::Rules(book, _) => vec![Put::rules(book)],
            Self::Fences(change) => change.puts.clone(),
        }
    }
}

type Answer<T> = oneshot::Sender<T>;

/// What the thread is asked.
pub(crate) enum Command {
    Tell(Told, Answer<Result<(), AlertError>>),
    Define(Box<Definition>, Answer<()>),
    Store(Box<AlertChange>, Answer<EntryKey>),
}

/// Why a command was not done.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The alert does not take it.
    #[error(transparent)]
    Alert(#[from] AlertError),
    /// The rules make no sense.
    #[error(transparent)]
    Rules(#[from] RuleError),
    /// There is no such alert.
    #[error("there is no alert {0}: list alerts to see which there are")]
    NoAlert(u64),
    /// The stored alert cannot be read.
    #[error(transparent)]
    Query(Box<QueryError>),
    /// The analysis has stopped.
    #[error("the analysis has stopped: try again when it runs; the command may come twice")]
    Stopped,
}

/// The analysis, as others see it. Clones are the same one.
#[derive(Clone)]
pub struct Analyst {
    commands: mpsc::Sender<Command>,
}

pub(crate) fn channel() -> (Analyst, mpsc::Receiver<Command>) {
    let (commands, asked) = mpsc::channel(COMMANDS);
    (Analyst { commands }, asked)
}

impl Analyst {
    /// Replaces the company's rules. When this returns they apply to every record from here on, and are on disk.
    ///
    /// # Errors
    /// They make no sense, or the analysis has stopped.
    pub async fn set_rules(&self, book: RuleBook) -> Result<(), CommandError> {
        let set = Arc::new(book.compile()?);
        self.define(Definition::Rules(book, set)).await
    }

    /// Tells what is known of a vehicle from elsewhere: its class, and who drives it. The same again changes nothing.
    ///
    /// # Errors
    /// The analysis has stopped.
    pub async fn set_vehicle(&self, vehicle: u32, facts: VehicleFacts) -> Result<(), CommandError> {
        self.tell(Told::Vehicle { vehicle, facts }).await
    }

    pub(crate) async fn define(&self, definition: Definition) -> Result<(), CommandError> {
        let (reply, done) = oneshot::channel();
        self.ask(Command::Define(Box::new(definition), reply)).await?;
        done.await.map_err(|_| CommandError::Stopped)
    }

    pub(crate) async fn tell(&self, told: Told) -> Result<(), CommandError> {
        let (reply, done) = oneshot::channel();
        self.ask(Command::Tell(told, reply)).await?;
        Ok(done.await.map_err(|_| CommandError::Stopped)??)
    }

    /// Writes down an alert that the analysis does not follow, as it is now. Returns the number of the finding.
    pub(crate) async fn store(&self, change: AlertChange) -> Result<EntryKey, CommandError> {
        let (reply, done) = oneshot::channel();
        self.ask(Command::Store(Box::new(change), reply)).await?;
        done.await.map_err(|_| CommandError::Stopped)
    }

    async fn ask(&self, command: Command) -> Result<(), CommandError> {
        self.commands.send(command).await.map_err(|_| CommandError::Stopped)
    }
}

impl Worker {
    pub(super) fn command(&mut self, command: Command) -> Result<(), TelemetryError> {
        match command {
            Command::Tell(told, reply) => {
                let answer = self.input(told, true)?;
                // Whoever asked may have gone.
                let _ = reply.send(answer);
            }
            Command::Store(change, reply) => {
                let key = self.next_entry;
                self.outcome.alerts.push(*change);
                self.settle(None, true)?;
                let _ = reply.send(key);
            }
            Command::Define(definition, reply) => {
                self.snapshot(Some(&definition))?;
                match *definition {
                    Definition::Rules(_, rules) => self.analysis.set_rules(rules),
                    Definition::Fences(change) => self.analysis.set_fences(change.index),
                }
                let _ = reply.send(());
            }
        }
        Ok(())
    }
}
