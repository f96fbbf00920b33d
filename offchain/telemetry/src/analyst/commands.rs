//! What people and programs ask of the analysis.

use super::{Told, Worker};
use crate::{
    analysis::{
        alert::{Alert, AlertChange, AlertError},
        class::{Capacities, Class, Fact, FactError, VehicleFacts},
        rules::{RuleBook, RuleError, RuleSet},
    },
    error::{QueryError, TelemetryError},
    geofences::FenceChange,
    journal::{EntryKey, Put},
};
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot, watch};

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
    Tell(Told, Answer<Result<Option<Alert>, AlertError>>),
    Alert(u64, Option<u32>, Answer<Option<Alert>>),
    Define(Box<Definition>, Answer<()>),
    Store(Box<AlertChange>, Answer<EntryKey>),
    Set(u32, Fact, Answer<Result<(), FactError>>),
    Facts(u32, Answer<VehicleFacts>),
    AllFacts(Answer<Vec<(u32, VehicleFacts)>>),
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
    /// That cannot be told of the vehicle.
    #[error(transparent)]
    Fact(#[from] FactError),
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
    rules: watch::Receiver<RuleBook>,
}

pub(crate) fn channel(rules: watch::Receiver<RuleBook>) -> (Analyst, mpsc::Receiver<Command>) {
    let (commands, asked) = mpsc::channel(COMMANDS);
    (Analyst { commands, rules }, asked)
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

    /// The company's rules, as they apply now.
    pub fn rules(&self) -> RuleBook {
        self.rules.borrow().clone()
    }

    /// Tells what a vehicle is. The same again changes nothing, here and below.
    ///
    /// # Errors
    /// It is no vehicle or one too many, or the analysis has stopped.
    pub async fn set_class(&self, vehicle: u32, class: Class) -> Result<(), CommandError> {
        self.set(vehicle, Fact::Class(class)).await
    }

    /// Tells who drives a vehicle: another driver ends the trip, and begins a new time at the wheel.
    ///
    /// # Errors
    /// It is no vehicle or one too many, or the analysis has stopped.
    pub async fn set_driver(&self, vehicle: u32, driver: Option<u32>) -> Result<(), CommandError> {
        self.set(vehicle, Fact::Driver(driver)).await
    }

    /// Replaces what a vehicle can hold. When this returns it is on disk.
    ///
    /// # Errors
    /// No vehicle can hold that, it is no vehicle or one too many, or the analysis has stopped.
    pub async fn set_capacities(
        &self,
        vehicle: u32,
        capacities: Capacities,
    ) -> Result<(), CommandError> {
        self.set(vehicle, Fact::Capacities(capacities)).await
    }

    /// What was told of a vehicle; the defaults when nothing was.
    ///
    /// # Errors
    /// The analysis has stopped.
    pub async fn facts(&self, vehicle: u32) -> Result<VehicleFacts, CommandError> {
        let (reply, answer) = oneshot::channel();
        self.ask(Command::Facts(vehicle, reply)).await?;
        answer.await.map_err(|_| CommandError::Stopped)
    }

    /// What was told of all vehicles of which something was, in no order.
    ///
    /// # Errors
    /// The analysis has stopped.
    pub async fn all_facts(&self) -> Result<Vec<(u32, VehicleFacts)>, CommandError> {
        let (reply, answer) = oneshot::channel();
        self.ask(Command::AllFacts(reply)).await?;
        answer.await.map_err(|_| CommandError::Stopped)
    }

    async fn set(&self, vehicle: u32, fact: Fact) -> Result<(), CommandError> {
        let (reply, done) = oneshot::channel();
        self.ask(Command::Set(vehicle, fact, reply)).await?;
        Ok(done.await.map_err(|_| CommandError::Stopped)??)
    }

    pub(crate) async fn define(&self, definition: Definition) -> Result<(), CommandError> {
        let (reply, done) = oneshot::channel();
        self.ask(Command::Define(Box::new(definition), reply)).await?;
        done.await.map_err(|_| CommandError::Stopped)
    }

    /// An alert, when it is followed: of a vehicle when that is known, which is found faster.
    pub(crate) async fn alert(
        &self,
        alert: u64,
        vehicle: Option<u32>,
    ) -> Result<Option<Alert>, CommandError> {
        let (reply, answer) = oneshot::channel();
        self.ask(Command::Alert(alert, vehicle, reply)).await?;
        answer.await.map_err(|_| CommandError::Stopped)
    }

    /// Returns the alert as it is then, when it is told of one.
    pub(crate) async fn tell(&self, told: Told) -> Result<Option<Alert>, CommandError> {
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
            // Whoever asked may have gone, here and below.
            Command::Alert(alert, vehicle, reply) => {
                let _ = reply.send(self.analysis.alert(alert, vehicle).cloned());
            }
            Command::Store(change, reply) => {
                let key = self.next_entry;
                self.outcome.alerts.push(*change);
                self.settle(None, true)?;
                let _ = reply.send(key);
            }
            Command::Set(vehicle, fact, reply) => {
                let answer = self.set(vehicle, fact)?;
                let _ = reply.send(answer);
            }
            Command::Facts(vehicle, reply) => {
                let _ = reply.send(self.analysis.facts(vehicle));
            }
            Command::AllFacts(reply) => {
                let _ = reply.send(self.analysis.all_facts().collect());
            }
            Command::Define(definition, reply) => {
                self.snapshot(Some(&definition))?;
                match *definition {
                    Definition::Rules(book, rules) => {
                        self.analysis.set_rules(rules);
                        self.rules.send_replace(book);
                    }
                    Definition::Fences(change) => self.analysis.set_fences(change.index),
                }
                let _ = reply.send(());
            }
        }
        Ok(())
    }

    /// Tells the analysis a fact, and writes it down when it is new: the same again leaves no trace in the journal.
    pub(super) fn set(
        &mut self,
        vehicle: u32,
        fact: Fact,
    ) -> Result<Result<(), FactError>, TelemetryError> {
        match self.analysis.changes(vehicle, fact) {
            Ok(false) => Ok(Ok(())),
            Ok(true) => {
                // What chain and orders say is told again after a power failure, what a person said is not.
                let synced = matches!(fact, Fact::Capacities(_));
                // No alert is asked for.
                let _ = self.input(Told::Fact { vehicle, fact }, synced)?;
                Ok(Ok(()))
            }
            Err(refused) => Ok(Err(refused)),
        }
    }
}
