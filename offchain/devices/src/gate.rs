//! What every listener asks: who is this, take this, what is there for it.

mod attempts;
mod outlet;
mod refusal;
mod registering;

pub use crate::log::{Appended, Receipt};
pub use outlet::{Closing, Event, Outlet};
pub use refusal::{NotAccepted, Refusal};

use crate::{
    clock::now_ms,
    commands::{Command, CommandError, CommandId, Commands, Issued, Outcome},
    config::{DevicesConfig, Registration},
    log::Log,
    media::Media,
    quarantine::{Note, Quarantine, Stranger},
    registry::{
        ChainSalt, Enrolment, Identity, KeyCheck, Registry, RegistryError, Terminal, TerminalState,
    },
    state::{Presence, Seat, Seats},
    tally::Count,
};
use attempts::{Attempts, Tried};
use serde::Serialize;
use smartlink_records::{Channel, Record, Report, TerminalId, MAX_ATTACHMENT, MAX_READINGS};
use smartlink_service::{CancellationToken, Secret};
use std::{
    fmt,
    net::SocketAddr,
    sync::{atomic::Ordering, Arc},
};

/// Who is on the other end of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Peer {
    /// By what way.
    pub channel: Channel,
    /// From where.
    pub address: SocketAddr,
}

/// What somebody shows to be let in.
#[derive(Clone, PartialEq, Eq)]
pub enum Credential {
    /// JT/T 808's authentication, 0x0102.
    Jt808 {
        /// The phone number of the header, with or without leading zeros.
        phone: String,
        /// The code that registration gave.
        auth_code: Vec<u8>,
    },
    /// A device with a key: MQTT and HTTP.
    Key {
        /// The device's name.
        identity: String,
        /// Its key.
        key: Vec<u8>,
    },
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Jt808 { phone, .. } => write!(f, "Jt808 {{ phone: {phone:?}, auth_code: *** }}"),
            Self::Key { identity, .. } => write!(f, "Key {{ identity: {identity:?}, key: *** }}"),
        }
    }
}

/// A terminal that was let in. Clones are of the same one, and see when it is bound to another vehicle or suspended.
#[derive(Clone, Debug)]
pub struct Admission {
    seat: Arc<Seat>,
}

impl Admission {
    /// Which terminal.
    pub fn terminal(&self) -> TerminalId {
        self.seat.terminal
    }

    /// The vehicle to which it is bound now, 0 for none.
    pub fn vehicle(&self) -> u32 {
        self.seat.vehicle.load(Ordering::Relaxed)
    }

    /// Whose it is.
    pub fn company(&self) -> u32 {
        self.seat.company
    }

    /// What people call it: the plate, or what it calls itself.
    pub fn name(&self) -> &str {
        &self.seat.name
    }

    /// Whether it may still send.
    pub fn is_valid(&self) -> bool {
        !self.seat.revoked.load(Ordering::Acquire)
    }

    /// Notes that it was heard, for a message that has no record: a heartbeat.
    pub fn heard(&self) {
        self.seat.last_seen_ms.store(now_ms(), Ordering::Relaxed);
    }
}

/// What the gate has done since the service started.
#[derive(Debug, Default)]
pub struct GateFigures {
    /// Terminals that were let in (`smartlink_devices_admitted_total`).
    pub admitted: Count,
    /// Those that were not (`smartlink_devices_refused_total`).
    pub refused: Count,
    /// Records that were taken on (`smartlink_devices_records_total`).
    pub records: Count,
    /// Records that were not (`smartlink_devices_records_refused_total`).
    pub records_refused: Count,
    /// Connections that ended because the terminal had a newer one.
    pub replaced: Count,
}

/// The gate. Clones share it.
#[derive(Clone)]
pub struct Gate {
    inner: Arc<Inner>,
}

struct Inner {
    log: Log,
    registry: Registry,
    commands: Commands,
    media: Media,
    seats: Seats,
    quarantine: Quarantine,
    attempts: Attempts,
    figures: GateFigures,
    registration: Registration,
    first_registration_proved: bool,
    company: u32,
    salt: Option<ChainSalt>,
    lasting_ms: u64,
    stop: CancellationToken,
}

impl Gate {
    pub(crate) fn new(
        config: &DevicesConfig,
        log: Log,
        registry: Registry,
        commands: Commands,
        media: Media,
        salt: Option<ChainSalt>,
        stop: CancellationToken,
    ) -> Self {
        let size = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
        let of = &config.registry;
        let inner = Inner {
            log,
            registry,
            commands,
            media,
            seats: Seats::default(),
            quarantine: Quarantine::new(size(of.quarantined), size(of.quarantined_frames)),
            attempts: Attempts::new(of.wrong_keys_per_minute),
            figures: GateFigures::default(),
            registration: of.registration,
            first_registration_proved: of.first_registration_proved,
            company: config.company,
            salt,
            lasting_ms: config.commands.lasting_ms,
            stop,
        };
        Self { inner: Arc::new(inner) }
    }

    /// Lets somebody in who proves who they are. It reads from the disk's cache and takes microseconds.
    ///
    /// # Errors
    /// See [`Refusal`]: each has an answer in every protocol.
    pub fn admit(&self, credential: Credential, peer: Peer) -> Result<Admission, Refusal> {
        let admitted = self.judge(&credential, peer);
        self.count(&admitted);
        if let Err(refusal) = &admitted {
            tracing::debug!(?credential, address = %peer.address, %refusal, "not let in");
        }
        admitted
    }

    /// Lets a device in for whose identity somebody else vouches, who has checked its key: a broker of ours.
    ///
    /// # Errors
    /// Nobody knows the device, or it may not work.
    pub fn admit_vouched(&self, name: &str, peer: Peer) -> Result<Admission, Refusal> {
        let identity = Identity::name(name)?;
        let known = self.inner.registry.find(&identity)?;
        let admitted = self.seat(&identity, peer, known);
        self.count(&admitted);
        admitted
    }

    fn count(&self, admitted: &Result<Admission, Refusal>) {
        match admitted {
            Ok(admission) => {
                self.inner.figures.admitted.add(1);
                admission.heard();
            }
            Err(_) => self.inner.figures.refused.add(1),
        }
    }

    fn judge(&self, credential: &Credential, peer: Peer) -> Result<Admission, Refusal> {
        let (identity, key) = match credential {
            Credential::Jt808 { phone, auth_code } => (Identity::phone(phone)?, auth_code),
            Credential::Key { identity, key } => (Identity::name(identity)?, key),
        };
        let now_ms = now_ms();
        let attempts = &self.inner.attempts;
        let tried = Tried { address: peer.address.ip(), identity: Some(&identity) };
        if attempts.too_many(tried, now_ms) {
            return Err(Refusal::TooManyAttempts);
        }
        let expelled = self.inner.seats.expelled();
        let known = self.inner.registry.check_key(&identity, key)?;
        let unknown = Tried { identity: None, ..tried };
        if known.is_none() && attempts.too_many(unknown, now_ms) {
            return Err(Refusal::TooManyAttempts);
        }
        let refused = match &known {
            None => Refusal::Unknown,
            Some((_, KeyCheck::Wrong)) => Refusal::WrongKey,
            Some((_, KeyCheck::None)) => Refusal::NotRegistered,
            Some((_, KeyCheck::Right)) => {
                let admission = self.seat(&identity, peer, known.map(|(terminal, _)| terminal))?;
                if self.inner.seats.expelled() == expelled {
                    return Ok(admission);
                }
                // Somebody's key was renewed meanwhile, perhaps this one's.
                match self.inner.registry.check_key(&identity, key)? {
                    Some((_, KeyCheck::Right)) => return Ok(admission),
                    _ => Refusal::WrongKey,
                }
            }
        };
        match refused {
            Refusal::NotRegistered => {}
            Refusal::Unknown => attempts.failed(unknown, now_ms),
            _ => attempts.failed(tried, now_ms),
        }
        if refused == Refusal::Unknown {
            self.stranger(&identity, peer, None, &refused, &[]);
        }
        Err(refused)
    }

    /// The place of a terminal that has proved who it is.
    fn seat(
        &self,
        identity: &Identity,
        peer: Peer,
        terminal: Option<Terminal>,
    ) -> Result<Admission, Refusal> {
        let refusal = match terminal.as_ref().map(|terminal| terminal.state) {
            Some(TerminalState::Suspended) => return Err(Refusal::Suspended),
            Some(TerminalState::Quarantined) => Refusal::Quarantined,
            Some(TerminalState::Active) | None => Refusal::Unknown,
        };
        match terminal.filter(|terminal| terminal.state == TerminalState::Active) {
            Some(terminal) => Ok(Admission { seat: self.inner.seats.of(&terminal) }),
            None => {
                self.stranger(identity, peer, None, &refusal, &[]);
                Err(refusal)
            }
        }
    }

    /// Takes on what a terminal reports: all, in this order, or nothing. It is in the log when the receipt says so,
    /// and only then may it be acknowledged.
    ///
    /// One call for everything that one read from the socket brought costs least.
    pub fn accept(
        &self,
        admission: &Admission,
        channel: Channel,
        reports: Vec<Report>,
    ) -> Result<Receipt, NotAccepted> {
        let inner = &*self.inner;
        let count = reports.len() as u64;
        let refused = |why| {
            inner.figures.records_refused.add(count);
            Err(why)
        };
        if !admission.is_valid() {
            return refused(NotAccepted::Revoked);
        }
        if let Some(index) = reports.iter().position(|report| !fits(report)) {
            return refused(NotAccepted::Invalid(index));
        }
        let seat = &admission.seat;
        let (terminal, vehicle, received_ms) = (seat.terminal, admission.vehicle(), now_ms());
        let receipt = inner.log.append_with(|append| {
            for report in reports {
                // The log gives the sequence.
                append.record(&Record {
                    sequence: 0,
                    terminal,
                    vehicle,
                    received_ms,
                    channel,
                    report,
                });
            }
        });
        if let Some(Err(why)) = receipt.known() {
            return refused(why.into());
        }
        seat.last_seen_ms.store(received_ms, Ordering::Relaxed);
        seat.records.add(count);
        inner.figures.records.add(count);
        Ok(receipt)
    }

    /// Makes a connection the one of its terminal: commands come to it, and an older connection is told to close.
    pub fn attach(&self, admission: &Admission, peer: Peer) -> Outlet {
        Outlet::attach(self.clone(), admission.clone(), peer)
    }

    /// Notes what somebody sent who was refused, for the list of unknown devices.
    pub fn note_stranger(&self, identity: &Identity, peer: Peer, refusal: &Refusal, frame: &[u8]) {
        self.stranger(identity, peer, None, refusal, frame);
    }

    fn stranger(
        &self,
        identity: &Identity,
        peer: Peer,
        details: Option<&crate::registry::Details>,
        refusal: &Refusal,
        frame: &[u8],
    ) {
        let reason = refusal.to_string();
        let note = Note { identity, peer, details, reason: &reason, frame, now_ms: now_ms() };
        self.inner.quarantine.note(note);
    }

    /// Devices that were refused because nobody knows them, who came last first.
    pub fn quarantined(&self, limit: usize) -> Vec<Stranger> {
        self.inner.quarantine.list(limit)
    }

    /// How many there are.
    pub fn quarantined_count(&self) -> usize {
        self.inner.quarantine.len()
    }

    /// Enrols a terminal, and takes it off the list of unknown devices; what it said of itself fills what the enrolment
    /// leaves open.
    ///
    /// # Errors
    /// See [`Registry::enrol`].
    pub fn enrol(
        &self,
        mut enrolment: Enrolment,
    ) -> Result<(Terminal, Option<Secret<String>>), RegistryError> {
        let stranger = self.inner.quarantine.get(&enrolment.identity);
        if let Some(stranger) = &stranger {
            enrolment.details.fill_from(&stranger.details);
        }
        let enrolled = self.inner.registry.enrol(enrolment, now_ms())?;
        self.inner.quarantine.release(&enrolled.0.identity);
        Ok(enrolled)
    }

    /// Lets a terminal work, or not; one that may not is disconnected.
    ///
    /// # Errors
    /// See [`Registry::set_state`].
    pub fn set_state(
        &self,
        id: TerminalId,
        state: TerminalState,
    ) -> Result<Terminal, RegistryError> {
        let terminal = self.inner.registry.set_state(id, state)?;
        if state == TerminalState::Active {
            self.inner.quarantine.release(&terminal.identity);
        }
        // Also where there is no seat: the terminal may just be being let in.
        let seat = self.inner.seats.of(&terminal);
        seat.revoked.store(state != TerminalState::Active, Ordering::Release);
        seat.wake.notify_waiters();
        Ok(terminal)
    }

    /// Gives a terminal a new key. Who came in by the old one is disconnected.
    ///
    /// # Errors
    /// See [`Registry::renew_key`].
    pub fn renew_key(&self, id: TerminalId) -> Result<Secret<String>, RegistryError> {
        let key = self.inner.registry.renew_key(id)?;
        self.inner.seats.expel(id);
        Ok(key)
    }

    /// Says what a terminal of JT/T 808 has to show when it registers from now on. Whatever code it had is void, and
    /// who came in by it is disconnected: so a registration by somebody else is undone.
    ///
    /// # Errors
    /// A text is too long, there is no such terminal, or the disk refuses.
    pub fn expect_registration(
        &self,
        id: TerminalId,
        details: crate::registry::Details,
    ) -> Result<Terminal, RegistryError> {
        let terminal = self.inner.registry.expect_registration(id, details)?;
        self.inner.seats.expel(id);
        self.inner.quarantine.release(&terminal.identity);
        Ok(terminal)
    }

    /// Binds a terminal to a vehicle, from its next record on; with 0 to none.
    ///
    /// # Errors
    /// See [`Registry::bind`].
    pub fn bind(&self, id: TerminalId, vehicle: u32) -> Result<Terminal, RegistryError> {
        let terminal = self.inner.registry.bind(id, vehicle)?;
        self.inner.seats.of(&terminal).vehicle.store(vehicle, Ordering::Relaxed);
        Ok(terminal)
    }

    /// Gives a command to a terminal. It is durable when this returns, and goes out when the terminal is connected.
    /// With the same key and content it is the same command.
    ///
    /// # Errors
    /// See [`Commands::issue`]; or there is no such terminal.
    pub fn command(
        &self,
        terminal: TerminalId,
        key: &str,
        command: Command,
        lasting_ms: Option<u64>,
    ) -> Result<Issued, CommandError> {
        self.inner.registry.terminal(terminal).map_err(|error| match error {
            RegistryError::Store(error) => CommandError::Store(error),
            _ => CommandError::NoSuchTerminal,
        })?;
        let lasting_ms = lasting_ms.unwrap_or(self.inner.lasting_ms);
        let issued = self.inner.commands.issue(terminal, key, command, lasting_ms, now_ms())?;
        if let Some(seat) = self.inner.seats.get(terminal) {
            seat.wake.notify_waiters();
        }
        Ok(issued)
    }

    /// Notes what became of a command, as its terminal says. The first outcome stays.
    ///
    /// # Errors
    /// The command is another terminal's or there is none, or the disk refuses.
    pub fn settle(
        &self,
        admission: &Admission,
        id: CommandId,
        outcome: Outcome,
    ) -> Result<Issued, CommandError> {
        self.inner.commands.settle(admission.terminal(), id, outcome, now_ms())
    }

    /// What is known of a terminal now. `None`: it was not heard since the service started.
    pub fn presence(&self, id: TerminalId) -> Option<Presence> {
        self.inner.seats.presence(id)
    }

    /// Terminals after one, by their ids, at most 1,000: those that are connected, or all that were heard since the
    /// service started.
    pub fn presences(&self, after: TerminalId, connected: bool, limit: usize) -> Vec<Presence> {
        self.inner.seats.list(after, connected, limit)
    }

    /// How many terminals are connected.
    pub fn online(&self) -> u64 {
        self.inner.seats.online.get()
    }

    /// The company whose devices these are.
    pub fn company(&self) -> u32 {
        self.inner.company
    }

    /// By what terminals have names on the chain. `None`: they have none.
    pub fn chain_salt(&self) -> Option<&ChainSalt> {
        self.inner.salt.as_ref()
    }

    /// The registry.
    pub fn registry(&self) -> &Registry {
        &self.inner.registry
    }

    /// The commands.
    pub fn commands(&self) -> &Commands {
        &self.inner.commands
    }

    /// The media.
    pub fn media(&self) -> &Media {
        &self.inner.media
    }

    /// The log.
    pub fn log(&self) -> &Log {
        &self.inner.log
    }

    /// What it has done.
    pub fn figures(&self) -> &GateFigures {
        &self.inner.figures
    }

    /// When this is cancelled, listeners end.
    pub fn stopping(&self) -> &CancellationToken {
        &self.inner.stop
    }

    /// Writes down who was heard after a time.
    pub(crate) fn keep_seen(&self, after_ms: u64) -> Result<(), crate::store::StoreError> {
        self.inner.registry.saw(self.inner.seats.heard_after(after_ms))
    }

    pub(crate) fn wake_all(&self) {
        self.inner.seats.wake_all();
    }
}

/// Whether a report can be read again from the log. Every listener sees to it; one that would not would stop whoever
/// reads the log.
fn fits(report: &Report) -> bool {
    report.readings.len() <= MAX_READINGS
        && report.position.is_none_or(|position| position.check().is_ok())
        && report
            .attachment
            .as_ref()
            .is_none_or(|attachment| attachment.bytes.len() <= MAX_ATTACHMENT)
}
