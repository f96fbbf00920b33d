//! The way to a terminal that is connected.

use super::{Admission, Gate, Peer};
use crate::{
    clock::now_ms,
    commands::{CommandId, Issued},
    state::Connected,
};
use std::sync::atomic::Ordering;

/// What a connection has to do.
#[derive(Clone, Debug)]
pub enum Event {
    /// Send this to the terminal. What it answers goes to [`Gate::settle`].
    Command(Box<Issued>),
    /// End.
    Close(Closing),
}

/// Why a connection has to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closing {
    /// The terminal has a newer connection.
    Replaced,
    /// The terminal was suspended.
    Revoked,
    /// The service stops.
    Stopping,
}

/// The place of one connection. When it is dropped, the terminal is not connected any more, unless a newer connection
/// has taken the place.
#[must_use = "the terminal is connected for as long as this lives"]
pub struct Outlet {
    gate: Gate,
    admission: Admission,
    number: u64,
    /// The last command that this connection was given.
    given: CommandId,
}

impl Outlet {
    pub(super) fn attach(gate: Gate, admission: Admission, peer: Peer) -> Self {
        let seat = &admission.seat;
        let number = {
            let mut connected = seat.connected.lock();
            let number = seat.connection.fetch_add(1, Ordering::AcqRel) + 1;
            match connected.replace(Connected { number, peer, since_ms: now_ms() }) {
                None => gate.inner.seats.online.add(1),
                Some(_) => gate.inner.figures.replaced.add(1),
            }
            number
        };
        seat.wake.notify_waiters();
        Self { gate, admission, number, given: CommandId(0) }
    }

    /// The next thing to do, as soon as there is one. It may be dropped and asked again: nothing is lost. A command is
    /// given once to each connection; one that was not answered is given to the next connection again.
    pub async fn next(&mut self) -> Event {
        self.next_with(true).await
    }

    /// As [`next`](Self::next). Without room for a command none is taken from the queue, and only the end is told: a
    /// connection that can send nothing now has to end all the same, and what it did not send was not sent.
    pub async fn next_with(&mut self, room: bool) -> Event {
        loop {
            let seat = self.admission.seat.clone();
            let woken = seat.wake.notified();
            tokio::pin!(woken);
            // From here on nothing is missed.
            woken.as_mut().enable();
            if let Some(closing) = self.closing() {
                return Event::Close(closing);
            }
            if !room {
                woken.await;
                continue;
            }
            match self.gate.inner.commands.deliver(seat.terminal, self.given, now_ms()) {
                Ok(Some(issued)) => {
                    self.given = issued.id;
                    return Event::Command(Box::new(issued));
                }
                Ok(None) => {}
                Err(error) => {
                    tracing::error!(terminal = seat.terminal.0, %error, "a command stays where it is")
                }
            }
            woken.await;
        }
    }

    /// Whether the connection has to end, and why.
    pub fn closing(&self) -> Option<Closing> {
        let seat = &self.admission.seat;
        if self.gate.inner.stop.is_cancelled() {
            Some(Closing::Stopping)
        } else if seat.connection.load(Ordering::Acquire) != self.number {
            Some(Closing::Replaced)
        } else if seat.revoked.load(Ordering::Acquire) {
            Some(Closing::Revoked)
        } else {
            None
        }
    }
}

impl Drop for Outlet {
    fn drop(&mut self) {
        let mut connected = self.admission.seat.connected.lock();
        if connected.is_some_and(|connected| connected.number == self.number) {
            *connected = None;
            self.gate.inner.seats.online.sub(1);
        }
    }
}
