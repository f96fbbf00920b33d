//! Which terminals are connected, and when each was last heard.

use crate::{gate::Peer, registry::Terminal, tally::Count};
use parking_lot::{Mutex, RwLock};
use serde::Serialize;
use smartlink_records::{Channel, TerminalId};
use std::{
    collections::BTreeMap,
    net::SocketAddr,
    ops::Bound,
    sync::{
        atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering},
        Arc,
    },
};
use tokio::sync::Notify;

/// The most terminals of one page.
pub const MAX_PAGE: usize = 1_000;

/// A terminal that was heard since the service started, as everybody who serves it sees it.
#[derive(Debug)]
pub(crate) struct Seat {
    pub(crate) terminal: TerminalId,
    pub(crate) company: u32,
    pub(crate) name: String,
    pub(crate) vehicle: AtomicU32,
    pub(crate) revoked: AtomicBool,
    pub(crate) last_seen_ms: AtomicU64,
    pub(crate) records: Count,
    /// Turned when there may be a command, or the connection may have to end.
    pub(crate) wake: Notify,
    /// How many connections there have been: the newest has this number.
    pub(crate) connection: AtomicU64,
    pub(crate) connected: Mutex<Option<Connected>>,
}

/// The connection that a terminal has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Connected {
    pub(crate) number: u64,
    pub(crate) peer: Peer,
    pub(crate) since_ms: u64,
}

/// What is known of a terminal now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Presence {
    /// Which.
    pub terminal: TerminalId,
    /// What people call it.
    pub name: String,
    /// The vehicle to which it is bound, 0 for none.
    pub vehicle: u32,
    /// Its connection, when it has one. HTTP has none.
    pub connection: Option<Connection>,
    /// When it was last heard.
    pub last_seen_ms: u64,
    /// Records since the service started.
    pub records: u64,
}

/// A connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Connection {
    /// By what way.
    pub channel: Channel,
    /// From where.
    pub address: SocketAddr,
    /// Since when.
    pub since_ms: u64,
}

impl Seat {
    fn new(terminal: &Terminal) -> Self {
        Self {
            terminal: terminal.id,
            company: terminal.company,
            name: terminal.name().to_owned(),
            vehicle: AtomicU32::new(terminal.vehicle),
            revoked: AtomicBool::new(false),
            last_seen_ms: AtomicU64::new(0),
            records: Count::default(),
            wake: Notify::new(),
            connection: AtomicU64::new(0),
            connected: Mutex::new(None),
        }
    }

    fn presence(&self) -> Presence {
        let connected = *self.connected.lock();
        Presence {
            terminal: self.terminal,
            name: self.name.clone(),
            vehicle: self.vehicle.load(Ordering::Relaxed),
            connection: connected.map(|connected| Connection {
                channel: connected.peer.channel,
                address: connected.peer.address,
                since_ms: connected.since_ms,
            }),
            last_seen_ms: self.last_seen_ms.load(Ordering::Relaxed),
            records: self.records.get(),
        }
    }
}

/// The seats of all terminals that were heard since the service started: as many as the registry has, at most.
#[derive(Debug, Default)]
pub(crate) struct Seats {
    seats: RwLock<BTreeMap<TerminalId, Arc<Seat>>>,
    pub(crate) online: Count,
    expelled: AtomicU64,
}

impl Seats {
    /// The seat of a terminal; a new one is as the registry has it.
    pub(crate) fn of(&self, terminal: &Terminal) -> Arc<Seat> {
        if let Some(seat) = self.get(terminal.id) {
            return seat;
        }
        let mut seats = self.seats.write();
        seats.entry(terminal.id).or_insert_with(|| Arc::new(Seat::new(terminal))).clone()
    }

    /// The seat of a terminal that was heard.
    pub(crate) fn get(&self, id: TerminalId) -> Option<Arc<Seat>> {
        self.seats.read().get(&id).cloned()
    }

    /// Ends whatever connection a terminal has: it has to prove anew who it is, and gets a new seat.
    pub(crate) fn expel(&self, id: TerminalId) {
        let removed = {
            let mut seats = self.seats.write();
            // Who takes a seat after this sees it.
            self.expelled.fetch_add(1, Ordering::AcqRel);
            seats.remove(&id)
        };
        if let Some(seat) = removed {
            seat.revoked.store(true, Ordering::Release);
            seat.wake.notify_waiters();
        }
    }

    /// Turns when anybody is expelled.
    pub(crate) fn expelled(&self) -> u64 {
        self.expelled.load(Ordering::Acquire)
    }

    pub(crate) fn presence(&self, id: TerminalId) -> Option<Presence> {
        self.get(id).map(|seat| seat.presence())
    }

    /// Terminals after one that were heard since the service started, or those that are connected.
    pub(crate) fn list(&self, after: TerminalId, connected: bool, limit: usize) -> Vec<Presence> {
        let seats = self.seats.read();
        let after = seats.range((Bound::Excluded(after), Bound::Unbounded));
        let all = after.map(|(_, seat)| seat.presence());
        let wanted = all.filter(|presence| !connected || presence.connection.is_some());
        wanted.take(limit.min(MAX_PAGE)).collect()
    }

    /// Who was heard after a time, and when.
    pub(crate) fn heard_after(&self, at_ms: u64) -> Vec<(TerminalId, u64)> {
        let seats = self.seats.read();
        let heard =
            seats.values().map(|seat| (seat.terminal, seat.last_seen_ms.load(Ordering::Relaxed)));
        heard.filter(|(_, seen)| *seen > at_ms).collect()
    }

    /// Wakes every connection, to see that the service stops.
    pub(crate) fn wake_all(&self) {
        for seat in self.seats.read().values() {
            seat.wake.notify_waiters();
        }
    }
}
