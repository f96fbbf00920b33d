//! Commands to vehicles: durable from the call until they are answered, expire or fail.
//!
//! ```text
//!            ┌────────── connection lost ──────────┐
//!            ▼                                     │
//! issue ─▶ queued ─▶ (given to the connection) ─▶ sent ─▶ answered
//!            │                                     │
//!            └──────────▶ expired ◀────────────────┤
//!                         failed  ◀────────────────┘  given too often, refused by the terminal's protocol, withdrawn
//! ```
//!
//! A command without an answer is given to the next connection again: a terminal may get one twice, and never misses
//! one before it expires. The first outcome stays.

mod command;
mod index;
mod issued;

pub(crate) use command::bytes_of;
pub use command::{
    Command, Control, MediaSource, Parameter, ParameterValue, Photo, TerminalAction, TextShown,
};
pub use issued::{Answer, CommandId, CommandState, Issued, Outcome};

use crate::{
    config::CommandsConfig,
    store::{
        number_at, pair, Store, StoreError, COMMANDS, COMMANDS_OPEN, COMMAND_IDS, COMMAND_KEYS,
    },
};
use index::Index;
use parking_lot::Mutex;
use rocksdb::{Direction, WriteBatch};
use smartlink_records::TerminalId;
use std::sync::Arc;
use tokio::sync::watch;

/// The most commands of one page.
pub const MAX_PAGE: usize = 1_000;
/// The longest idempotency key.
const MAX_KEY: usize = 128;
/// A command lasts a year at most.
const MAX_LASTING_MS: u64 = 365 * 24 * 3_600_000;

/// Why a command was not taken, or not found.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// There is none.
    #[error("there is no such command: it may be over for so long that it left the list")]
    NoSuchCommand,
    /// There is none.
    #[error("there is no such terminal: look at the list of terminals, or enrol it")]
    NoSuchTerminal,
    /// The key was used for something else.
    #[error("the key was used for another command ({0}): use a new key for each command")]
    KeyTaken(CommandId),
    /// The key is empty or too long.
    #[error("a command's key has 1 to {MAX_KEY} bytes")]
    Key,
    /// It lasts too short or too long.
    #[error("a command lasts from a second to a year")]
    Lasting,
    /// Something of the command is out of bounds.
    #[error("the command's {field} cannot be: {remedy}")]
    Field {
        /// Which.
        field: &'static str,
        /// What it must be.
        remedy: &'static str,
    },
    /// There are as many as there may be.
    #[error("{0} commands of this terminal wait already: wait until they are answered, or withdraw some")]
    TooManyOfTerminal(u32),
    /// There are as many as there may be.
    #[error("{0} commands wait already: wait until they are answered, or withdraw some")]
    TooMany(u32),
    /// The disk.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The commands to one company's vehicles. Clones share them.
#[derive(Clone)]
pub struct Commands {
    inner: Arc<Inner>,
}

struct Inner {
    store: Arc<Store>,
    /// Held by whoever changes a command.
    index: Mutex<Index>,
    changed: watch::Sender<u64>,
    config: CommandsConfig,
}

impl Commands {
    pub(crate) fn open(store: Arc<Store>, config: CommandsConfig) -> Result<Self, StoreError> {
        let last = store.last(COMMAND_IDS)?.map_or(0, |key| number_at(&key, 0));
        let mut index = Index::new(last);
        store.scan(COMMANDS_OPEN, &[], Direction::Forward, |key, value| {
            index.insert(
                TerminalId(number_at(value, 0)),
                CommandId(number_at(key, 0)),
                number_at(value, 8),
            );
            Ok(true)
        })?;
        let inner =
            Inner { store, index: Mutex::new(index), changed: watch::Sender::new(0), config };
        Ok(Self { inner: Arc::new(inner) })
    }

    fn store(&self) -> &Store {
        &self.inner.store
    }

    /// Takes a command on. It is durable when this returns. With the same key and content it is the same command, in
    /// whatever state that is.
    ///
    /// # Errors
    /// The key was used for something else, the command is out of bounds, or too many wait.
    pub fn issue(
        &self,
        terminal: TerminalId,
        key: &str,
        command: Command,
        lasting_ms: u64,
        now_ms: u64,
    ) -> Result<Issued, CommandError> {
        if key.is_empty() || key.len() > MAX_KEY {
            return Err(CommandError::Key);
        }
        if !(1_000..=MAX_LASTING_MS).contains(&lasting_ms) {
            return Err(CommandError::Lasting);
        }
        command.check()?;
        let mut index = self.inner.index.lock();
        if let Some(id) = self.store().get(COMMAND_KEYS, key.as_bytes())? {
            let issued = self.kept(CommandId(number_at(&id, 0)))?;
            let same = issued.terminal == terminal && issued.command == command;
            return if same { Ok(issued) } else { Err(CommandError::KeyTaken(issued.id)) };
        }
        let config = &self.inner.config;
        if index.of(terminal) >= config.open_per_terminal {
            return Err(CommandError::TooManyOfTerminal(config.open_per_terminal));
        }
        if index.len() >= config.open {
            return Err(CommandError::TooMany(config.open));
        }
        let issued = Issued {
            id: index.next_id(),
            terminal,
            key: key.to_owned(),
            command,
            issued_ms: now_ms,
            expires_ms: now_ms.saturating_add(lasting_ms),
            attempts: 0,
            state: CommandState::Queued,
        };
        let mut batch = WriteBatch::default();
        let id = issued.id.0.to_be_bytes();
        batch.put_cf(self.store().family(COMMAND_KEYS), key, id);
        batch.put_cf(self.store().family(COMMAND_IDS), id, terminal.0.to_be_bytes());
        batch.put_cf(self.store().family(COMMANDS_OPEN), id, pair(terminal.0, issued.expires_ms));
        self.put(&mut batch, &issued);
        self.store().write(batch, true)?;
        index.insert(terminal, issued.id, issued.expires_ms);
        self.tell();
        Ok(issued)
    }

    /// Gives the first command of a terminal after `given` to its connection: it is sent. One that was given too often
    /// fails instead.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn deliver(
        &self,
        terminal: TerminalId,
        given: CommandId,
        now_ms: u64,
    ) -> Result<Option<Issued>, CommandError> {
        let mut index = self.inner.index.lock();
        let mut given = given;
        while let Some(id) = index.after(terminal, given) {
            given = id;
            let mut issued = self.kept(id)?;
            if issued.expires_ms <= now_ms {
                self.end(&mut index, &mut issued, CommandState::Expired { at_ms: now_ms })?;
                continue;
            }
            if issued.attempts >= self.inner.config.attempts {
                let why = format!("it was sent {} times and never answered", issued.attempts);
                self.end(&mut index, &mut issued, CommandState::Failed { at_ms: now_ms, why })?;
                continue;
            }
            issued.attempts += 1;
            issued.state = CommandState::Sent { at_ms: now_ms };
            let mut batch = WriteBatch::default();
            self.put(&mut batch, &issued);
            self.store().write(batch, false)?;
            self.tell();
            return Ok(Some(issued));
        }
        Ok(None)
    }

    /// Notes what became of a terminal's command. The first outcome stays: the command is returned as it is then.
    ///
    /// # Errors
    /// There is no such command of this terminal, or the disk refuses.
    pub fn settle(
        &self,
        terminal: TerminalId,
        id: CommandId,
        outcome: Outcome,
        now_ms: u64,
    ) -> Result<Issued, CommandError> {
        let mut index = self.inner.index.lock();
        let mut issued = self.kept(id)?;
        if issued.terminal != terminal {
            return Err(CommandError::NoSuchCommand);
        }
        if issued.state.is_over() {
            return Ok(issued);
        }
        let state = match outcome {
            Outcome::Answered(answer) => {
                CommandState::Answered { at_ms: now_ms, answer: answer.cut() }
            }
            Outcome::Failed(why) => CommandState::Failed { at_ms: now_ms, why },
        };
        self.end(&mut index, &mut issued, state)?;
        Ok(issued)
    }

    /// Takes a command back: it has failed, unless it is over already. A connection that has it already may still send
    /// it.
    ///
    /// # Errors
    /// There is no such command, or the disk refuses.
    pub fn withdraw(&self, id: CommandId, now_ms: u64) -> Result<Issued, CommandError> {
        let terminal = self.command(id)?.terminal;
        self.settle(terminal, id, Outcome::Failed("it was withdrawn".into()), now_ms)
    }

    /// Ends the commands whose time is over. Returns how many.
    ///
    /// # Errors
    /// The disk refuses; what was not ended is, the next time.
    pub fn expire(&self, now_ms: u64) -> Result<u64, CommandError> {
        let mut ended = 0;
        let mut index = self.inner.index.lock();
        while let Some(id) = index.due(now_ms) {
            let mut issued = self.kept(id)?;
            self.end(&mut index, &mut issued, CommandState::Expired { at_ms: now_ms })?;
            ended += 1;
        }
        Ok(ended)
    }

    /// A command.
    ///
    /// # Errors
    /// There is none, or the disk refuses.
    pub fn command(&self, id: CommandId) -> Result<Issued, CommandError> {
        self.kept(id)
    }

    /// Commands of a terminal below one, the newest first, at most [`MAX_PAGE`].
    ///
    /// # Errors
    /// The disk refuses.
    pub fn list(
        &self,
        terminal: TerminalId,
        before: CommandId,
        limit: usize,
    ) -> Result<Vec<Issued>, CommandError> {
        let limit = limit.min(MAX_PAGE);
        let mut page = Vec::new();
        let from = pair(terminal.0, before.0.saturating_sub(1));
        self.store().scan(COMMANDS, &from, Direction::Reverse, |key, value| {
            if number_at(key, 0) == terminal.0 && page.len() < limit {
                page.push(self.store().json("a command", value)?);
                return Ok(true);
            }
            Ok(false)
        })?;
        Ok(page)
    }

    /// How many wait for an answer.
    pub fn open_count(&self) -> u32 {
        self.inner.index.lock().len()
    }

    /// Turns with every change of any command.
    pub fn subscribe(&self) -> watch::Receiver<u64> {
        self.inner.changed.subscribe()
    }

    fn tell(&self) {
        self.inner.changed.send_modify(|changes| *changes = changes.wrapping_add(1));
    }

    fn kept(&self, id: CommandId) -> Result<Issued, CommandError> {
        let terminal = self.store().get(COMMAND_IDS, &id.0.to_be_bytes())?;
        let terminal = number_at(&terminal.ok_or(CommandError::NoSuchCommand)?, 0);
        let value = self.store().get(COMMANDS, &pair(terminal, id.0))?;
        let value = value
            .ok_or_else(|| self.store().damaged(format!("{id}, which is listed and not there")))?;
        Ok(self.store().json("a command", &value)?)
    }

    /// Writes down that a command is over, and lets the oldest that is over leave when there are too many.
    fn end(
        &self,
        index: &mut Index,
        issued: &mut Issued,
        state: CommandState,
    ) -> Result<(), CommandError> {
        issued.state = state;
        let mut batch = WriteBatch::default();
        batch.delete_cf(self.store().family(COMMANDS_OPEN), issued.id.0.to_be_bytes());
        self.put(&mut batch, issued);
        self.prune(index, issued, &mut batch)?;
        self.store().write(batch, false)?;
        index.remove(issued.terminal, issued.id, issued.expires_ms);
        self.tell();
        Ok(())
    }

    fn prune(
        &self,
        index: &Index,
        ended: &Issued,
        batch: &mut WriteBatch,
    ) -> Result<(), StoreError> {
        let most = self.inner.config.kept_per_terminal;
        let (mut over, mut oldest) = (0, None);
        let from = pair(ended.terminal.0, 0);
        self.store().scan(COMMANDS, &from, Direction::Forward, |key, value| {
            if number_at(key, 0) != ended.terminal.0 {
                return Ok(false);
            }
            let id = CommandId(number_at(key, 8));
            if id == ended.id || !index.has(ended.terminal, id) {
                over += 1;
                if oldest.is_none() && id != ended.id {
                    oldest = Some(self.store().json::<Issued>("a command", value)?);
                }
            }
            Ok(true)
        })?;
        if let Some(oldest) = oldest.filter(|_| over > most) {
            batch.delete_cf(self.store().family(COMMANDS), pair(oldest.terminal.0, oldest.id.0));
            batch.delete_cf(self.store().family(COMMAND_IDS), oldest.id.0.to_be_bytes());
            batch.delete_cf(self.store().family(COMMAND_KEYS), oldest.key);
        }
        Ok(())
    }

    fn put(&self, batch: &mut WriteBatch, issued: &Issued) {
        let value = serde_json::to_vec(issued).expect("a command is plain data with string keys");
        batch.put_cf(self.store().family(COMMANDS), pair(issued.terminal.0, issued.id.0), value);
    }
}
