//! Which terminals there are, what they prove themselves with, and to which vehicles they belong.
//!
//! A terminal is known by its [`Identity`]: a phone number for JT/T 808, a name for MQTT and HTTP. It proves itself by
//! its key, of which only a salted hash is kept; with JT/T 808 the key is the authentication code that registration
//! gave it.

mod keys;
mod salt;
mod terminal;

pub use keys::new_key;
pub use salt::{ChainSalt, SaltError};
pub use terminal::{Details, Enrolment, Identity, IdentityError, Terminal, TerminalState};

use crate::store::{number_at, pair, Store, StoreError, IDENTITIES, SEEN, TERMINALS, VEHICLES};
use keys::{KeyHash, KEY_BYTES};
use parking_lot::Mutex;
use rocksdb::{Direction, WriteBatch};
use serde::{Deserialize, Serialize};
use smartlink_records::TerminalId;
use smartlink_service::Secret;
use std::sync::Arc;
use tokio::sync::broadcast;

/// The most terminals of one page.
pub const MAX_PAGE: usize = 1_000;
/// Terminals that were bound to another vehicle and that a follower has not heard of yet. One that is further behind is
/// told so, and looks through all.
const MOVES: usize = 4_096;

/// Why the registry did not do it.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// There is none.
    #[error("there is no such terminal: look at the list of terminals, or enrol it")]
    NoSuchTerminal,
    /// The identity is taken.
    #[error(
        "{identity} is enrolled already as {terminal}: change that one, or use another identity"
    )]
    Taken {
        /// Whose.
        identity: Identity,
        /// By which.
        terminal: TerminalId,
    },
    /// There are as many terminals as there may be.
    #[error("the registry holds {0} terminals, as many as it may: raise registry.terminals")]
    Full(u64),
    /// The key is too easily guessed, or too long.
    #[error("a key has {min} to {max} bytes: give such a key, or none to have one made", min = KEY_BYTES.start(), max = KEY_BYTES.end())]
    Key,
    /// A text is too long.
    #[error("the terminal's {field} has more than {max} bytes: shorten it")]
    Long {
        /// Which.
        field: &'static str,
        /// The bound.
        max: usize,
    },
    /// Confirmed for another vehicle than it is bound to.
    #[error("the terminal is bound to vehicle {bound}, not to {confirmed}: bind it first")]
    OtherVehicle {
        /// What is bound.
        bound: u32,
        /// What was confirmed.
        confirmed: u32,
    },
    /// The disk.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A terminal as it is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Kept {
    terminal: Terminal,
    key: Option<KeyHash>,
    /// A code that was given by a registration whose answer may be lost: the terminal may use either.
    #[serde(default)]
    next_key: Option<KeyHash>,
}

/// The registry of one company's terminals. Clones share it.
#[derive(Clone)]
pub struct Registry {
    inner: Arc<Inner>,
}

struct Inner {
    store: Arc<Store>,
    /// Held by whoever changes a terminal. Holds the last id, and how many there are.
    last: Mutex<u64>,
    max_terminals: u64,
    moves: broadcast::Sender<TerminalId>,
}

/// What became of a key that a terminal showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyCheck {
    /// It is its key.
    Right,
    /// It is another.
    Wrong,
    /// The terminal has none: it was enrolled for registration and has not registered.
    None,
}

/// A terminal that was enrolled, and its key when one was made for it.
pub type Enrolled = (Terminal, Option<Secret<String>>);

impl Registry {
    pub(crate) fn open(store: Arc<Store>, max_terminals: u64) -> Result<Self, StoreError> {
        let last = store.last(TERMINALS)?.map_or(0, |key| number_at(&key, 0));
        let (last, moves) = (Mutex::new(last), broadcast::Sender::new(MOVES));
        Ok(Self { inner: Arc::new(Inner { store, last, max_terminals, moves }) })
    }

    fn store(&self) -> &Store {
        &self.inner.store
    }

    /// Enrols a terminal. Returns its key when one was made: it is not shown again. Asked again with the same
    /// content, the terminal is returned as it is.
    ///
    /// # Errors
    /// The identity belongs to a terminal that was enrolled with other content, a text or key is out of bounds, or
    /// the registry is full.
    pub fn enrol(
        &self,
        enrolment: Enrolment,
        now_ms: u64,
    ) -> Result<(Terminal, Option<Secret<String>>), RegistryError> {
        let mut enrolled = self.enrol_many(vec![enrolment], now_ms)?;
        Ok(enrolled.pop().expect("as many are returned as were given"))
    }

    /// Enrols many terminals, all or none, by one write.
    ///
    /// # Errors
    /// As [`enrol`](Self::enrol).
    pub fn enrol_many(
        &self,
        enrolments: Vec<Enrolment>,
        now_ms: u64,
    ) -> Result<Vec<Enrolled>, RegistryError> {
        let mut last = self.inner.last.lock();
        let mut next = *last;
        let mut batch = WriteBatch::default();
        let mut enrolled = Vec::with_capacity(enrolments.len());
        let mut of_batch: rustc_hash::FxHashMap<Identity, Terminal> = Default::default();
        for enrolment in enrolments {
            enrolment.check()?;
            let present = match of_batch.get(&enrolment.identity) {
                Some(terminal) => Some(terminal.clone()),
                None => self.kept_by(&enrolment.identity)?.map(|kept| kept.terminal),
            };
            if let Some(terminal) = present {
                if !terminal.is_as(&enrolment) {
                    let (identity, terminal) = (enrolment.identity, terminal.id);
                    return Err(RegistryError::Taken { identity, terminal });
                }
                enrolled.push((terminal, None));
                continue;
            }
            if next >= self.inner.max_terminals {
                return Err(RegistryError::Full(self.inner.max_terminals));
            }
            next += 1;
            let made = enrolment.makes_key().then(new_key);
            let key = made
                .as_ref()
                .or(enrolment.key.as_ref())
                .map(|key| KeyHash::of(key.expose().as_bytes()));
            let terminal = enrolment.terminal(TerminalId(next), now_ms);
            batch.put_cf(
                self.store().family(IDENTITIES),
                terminal.identity.key(),
                next.to_be_bytes(),
            );
            self.put(&mut batch, &Kept { terminal: terminal.clone(), key, next_key: None });
            of_batch.insert(terminal.identity.clone(), terminal.clone());
            enrolled.push((terminal, made));
        }
        self.store().write(batch, true)?;
        let new = *last + 1..=next;
        *last = next;
        drop(last);
        let fitted = enrolled.iter().map(|(terminal, _)| terminal);
        for terminal in fitted.filter(|one| new.contains(&one.id.0) && one.vehicle != 0) {
            self.moved(terminal.id);
        }
        Ok(enrolled)
    }

    /// A terminal.
    ///
    /// # Errors
    /// There is none, or the disk refuses.
    pub fn terminal(&self, id: TerminalId) -> Result<Terminal, RegistryError> {
        let mut terminal = self.kept(id)?.terminal;
        terminal.last_seen_ms = self.seen(id)?;
        Ok(terminal)
    }

    /// The terminal of an identity.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn find(&self, identity: &Identity) -> Result<Option<Terminal>, RegistryError> {
        let Some(kept) = self.kept_by(identity)? else { return Ok(None) };
        let mut terminal = kept.terminal;
        terminal.last_seen_ms = self.seen(terminal.id)?;
        Ok(Some(terminal))
    }

    /// Terminals after one, by their ids, at most [`MAX_PAGE`].
    ///
    /// # Errors
    /// The disk refuses.
    pub fn list(&self, after: TerminalId, limit: usize) -> Result<Vec<Terminal>, RegistryError> {
        let limit = limit.min(MAX_PAGE);
        let mut page = Vec::new();
        let from = after.0.saturating_add(1).to_be_bytes();
        self.store().scan(TERMINALS, &from, Direction::Forward, |_, value| {
            if page.len() < limit {
                page.push(self.store().json::<Kept>("a terminal", value)?.terminal);
            }
            Ok(page.len() < limit)
        })?;
        for terminal in &mut page {
            terminal.last_seen_ms = self.seen(terminal.id)?;
        }
        Ok(page)
    }

    /// The terminals of a vehicle, at most [`MAX_PAGE`].
    ///
    /// # Errors
    /// The disk refuses.
    pub fn of_vehicle(&self, vehicle: u32) -> Result<Vec<Terminal>, RegistryError> {
        let mut ids = Vec::new();
        let from = pair(vehicle.into(), 0);
        self.store().scan(VEHICLES, &from, Direction::Forward, |key, _| {
            let of_it = number_at(key, 0) == u64::from(vehicle) && ids.len() < MAX_PAGE;
            if of_it {
                ids.push(TerminalId(number_at(key, 8)));
            }
            Ok(of_it)
        })?;
        ids.into_iter().map(|id| self.terminal(id)).collect()
    }

    /// How many terminals there are.
    pub fn count(&self) -> u64 {
        *self.inner.last.lock()
    }

    /// Lets a terminal work, or not.
    ///
    /// # Errors
    /// There is none, or the disk refuses.
    pub fn set_state(
        &self,
        id: TerminalId,
        state: TerminalState,
    ) -> Result<Terminal, RegistryError> {
        self.change(id, |kept| {
            kept.terminal.state = state;
            Ok(())
        })
    }

    /// Binds a terminal to a vehicle of the chain, or with 0 to none. Another vehicle than before has to be confirmed
    /// anew.
    ///
    /// # Errors
    /// There is none, or the disk refuses.
    pub fn bind(&self, id: TerminalId, vehicle: u32) -> Result<Terminal, RegistryError> {
        let mut moved = false;
        let terminal = self.change(id, |kept| {
            moved = kept.terminal.vehicle != vehicle;
            if moved {
                kept.terminal.vehicle = vehicle;
                kept.terminal.bound_on_chain = None;
            }
            Ok(())
        })?;
        if moved && vehicle != 0 {
            self.moved(id);
        }
        Ok(terminal)
    }

    /// Terminals that are bound to another vehicle from now on, as they are: whether the chain has the same is not known
    /// then.
    pub fn moves(&self) -> broadcast::Receiver<TerminalId> {
        self.inner.moves.subscribe()
    }

    fn moved(&self, id: TerminalId) {
        // Nobody may follow.
        let _ = self.inner.moves.send(id);
    }

    /// Notes that the chain has the binding as well, as it was seen in a block. When that was seen before, the block of
    /// then stays. Lost with the machine's power, not with the process: who follows the chain looks through all when it
    /// begins.
    ///
    /// # Errors
    /// The terminal is bound to another vehicle, there is none, or the disk refuses.
    pub fn confirm_binding(
        &self,
        id: TerminalId,
        vehicle: u32,
        block: u32,
    ) -> Result<Terminal, RegistryError> {
        let known = self.terminal(id)?;
        if known.vehicle == vehicle && known.bound_on_chain.is_some() {
            return Ok(known);
        }
        self.change_with(id, false, |kept| {
            let bound = kept.terminal.vehicle;
            if bound != vehicle {
                return Err(RegistryError::OtherVehicle { bound, confirmed: vehicle });
            }
            kept.terminal.bound_on_chain = Some(block);
            Ok(())
        })
    }

    /// Notes that the chain does not have the binding, or has it no more. As durable as a confirmation.
    ///
    /// # Errors
    /// There is no such terminal, or the disk refuses.
    pub fn withdraw_confirmation(&self, id: TerminalId) -> Result<Terminal, RegistryError> {
        let known = self.terminal(id)?;
        if known.bound_on_chain.is_none() {
            return Ok(known);
        }
        self.change_with(id, false, |kept| {
            kept.terminal.bound_on_chain = None;
            Ok(())
        })
    }

    /// Changes what is written on the terminal and its vehicle.
    ///
    /// # Errors
    /// A text is too long, there is none, or the disk refuses.
    pub fn describe(&self, id: TerminalId, details: Details) -> Result<Terminal, RegistryError> {
        details.check()?;
        self.change(id, |kept| {
            kept.terminal.details = details;
            Ok(())
        })
    }

    /// Gives a terminal a new key; the old one is of no use any more.
    ///
    /// # Errors
    /// There is none, or the disk refuses.
    pub fn renew_key(&self, id: TerminalId) -> Result<Secret<String>, RegistryError> {
        let key = new_key();
        self.change(id, |kept| {
            kept.key = Some(KeyHash::of(key.expose().as_bytes()));
            kept.next_key = None;
            Ok(())
        })?;
        Ok(key)
    }

    /// Whether a terminal has ever been given a key or code.
    pub(crate) fn has_key(&self, id: TerminalId) -> Result<bool, RegistryError> {
        let kept = self.kept(id)?;
        Ok(kept.key.is_some() || kept.next_key.is_some())
    }

    /// Takes a terminal's keys, and says what it has to show when it registers.
    pub(crate) fn expect_registration(
        &self,
        id: TerminalId,
        details: Details,
    ) -> Result<Terminal, RegistryError> {
        details.check()?;
        self.change(id, |kept| {
            kept.terminal.details = details;
            (kept.key, kept.next_key) = (None, None);
            Ok(())
        })
    }

    /// Gives a terminal that registers its authentication code. The one before stays good until the new one is used:
    /// the answer may be lost.
    pub(crate) fn give_code(
        &self,
        id: TerminalId,
        details: &Details,
    ) -> Result<Secret<String>, RegistryError> {
        let code = new_key();
        // Should the machine forget it, the one before is good, and the terminal registers again.
        self.change_with(id, false, |kept| {
            kept.next_key = Some(KeyHash::of(code.expose().as_bytes()));
            kept.terminal.details.fill_from(details);
            Ok(())
        })?;
        Ok(code)
    }

    /// The terminal of an identity, and whether a key is its key.
    pub(crate) fn check_key(
        &self,
        identity: &Identity,
        key: &[u8],
    ) -> Result<Option<(Terminal, KeyCheck)>, RegistryError> {
        let Some(kept) = self.kept_by(identity)? else { return Ok(None) };
        let right = |hash: &Option<KeyHash>| hash.as_ref().is_some_and(|hash| hash.is_of(key));
        let check = if right(&kept.next_key) {
            // The new code arrived: from now on it is the only one. Should the machine forget that, both are good.
            self.change_with(kept.terminal.id, false, |now| {
                if now.next_key == kept.next_key {
                    now.key = now.next_key.take();
                }
                Ok(())
            })?;
            KeyCheck::Right
        } else if right(&kept.key) {
            KeyCheck::Right
        } else if kept.key.is_none() && kept.next_key.is_none() {
            KeyCheck::None
        } else {
            KeyCheck::Wrong
        };
        Ok(Some((kept.terminal, check)))
    }

    /// Notes when terminals were last heard. Lost with the machine's power, not with the process.
    pub(crate) fn saw(
        &self,
        seen: impl IntoIterator<Item = (TerminalId, u64)>,
    ) -> Result<(), StoreError> {
        let mut batch = WriteBatch::default();
        for (id, at_ms) in seen {
            batch.put_cf(self.store().family(SEEN), id.0.to_be_bytes(), at_ms.to_be_bytes());
        }
        self.store().write(batch, false)
    }

    fn seen(&self, id: TerminalId) -> Result<u64, StoreError> {
        Ok(self.store().get(SEEN, &id.0.to_be_bytes())?.map_or(0, |value| number_at(&value, 0)))
    }

    fn kept(&self, id: TerminalId) -> Result<Kept, RegistryError> {
        let value = self.store().get(TERMINALS, &id.0.to_be_bytes())?;
        Ok(self.store().json("a terminal", &value.ok_or(RegistryError::NoSuchTerminal)?)?)
    }

    fn kept_by(&self, identity: &Identity) -> Result<Option<Kept>, RegistryError> {
        let Some(id) = self.store().get(IDENTITIES, &identity.key())? else { return Ok(None) };
        self.kept(TerminalId(number_at(&id, 0))).map(Some)
    }

    fn change(
        &self,
        id: TerminalId,
        change: impl FnOnce(&mut Kept) -> Result<(), RegistryError>,
    ) -> Result<Terminal, RegistryError> {
        self.change_with(id, true, change)
    }

    fn change_with(
        &self,
        id: TerminalId,
        sync: bool,
        change: impl FnOnce(&mut Kept) -> Result<(), RegistryError>,
    ) -> Result<Terminal, RegistryError> {
        let _one_at_a_time = self.inner.last.lock();
        let mut kept = self.kept(id)?;
        let before = kept.terminal.vehicle;
        change(&mut kept)?;
        let mut batch = WriteBatch::default();
        if before != 0 && before != kept.terminal.vehicle {
            batch.delete_cf(self.store().family(VEHICLES), pair(before.into(), id.0));
        }
        self.put(&mut batch, &kept);
        self.store().write(batch, sync)?;
        Ok(kept.terminal)
    }

    fn put(&self, batch: &mut WriteBatch, kept: &Kept) {
        let terminal = &kept.terminal;
        let value = serde_json::to_vec(kept).expect("a terminal is plain data with string keys");
        batch.put_cf(self.store().family(TERMINALS), terminal.id.0.to_be_bytes(), value);
        if terminal.vehicle != 0 {
            batch.put_cf(
                self.store().family(VEHICLES),
                pair(terminal.vehicle.into(), terminal.id.0),
                [],
            );
        }
    }
}
