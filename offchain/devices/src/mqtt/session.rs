//! What is remembered of a client while it is away: in memory, so that a restart of the service begins new sessions.
//! Nothing is lost by that: records are in the log, commands in the gate; a message of exactly once that was not yet
//! released may be taken twice.

use parking_lot::Mutex;
use rustc_hash::FxHashMap;
use smartlink_records::TerminalId;
use std::{sync::Arc, time::Duration};
use tokio::time::Instant;

use super::{
    packet::{Qos, Reason, Will},
    topic::{heard_by_device, Heard, NotHeard},
};
use crate::gate::{Admission, Receipt};

/// The state of one client.
#[derive(Debug, Default)]
pub(crate) struct Session {
    /// What it hears, by which filter, and how.
    filters: Vec<(String, Heard, Qos)>,
    /// Messages of exactly once that came and were not released, with the receipt of their records.
    received: FxHashMap<u16, Option<Arc<Receipt>>>,
}

impl Session {
    /// How it hears its commands, if it does.
    pub(crate) fn commands(&self) -> Option<Qos> {
        let commands = self.filters.iter().filter(|(_, heard, _)| *heard == Heard::Commands);
        commands.map(|(_, _, qos)| *qos).max()
    }

    /// Adds filters of a device, and says what is granted of each.
    pub(crate) fn subscribe(
        &mut self,
        identity: &str,
        filters: Vec<(String, Qos)>,
        most: usize,
    ) -> Vec<Result<Qos, Reason>> {
        let mut granted = Vec::with_capacity(filters.len());
        for (filter, wanted) in filters {
            granted.push(self.hear(identity, filter, wanted, most));
        }
        granted
    }

    fn hear(
        &mut self,
        identity: &str,
        filter: String,
        wanted: Qos,
        most: usize,
    ) -> Result<Qos, Reason> {
        let heard = heard_by_device(identity, &filter).map_err(|not| match not {
            NotHeard::Invalid => Reason::FilterInvalid,
            NotHeard::NotAllowed => Reason::NotAuthorized,
        })?;
        let qos = wanted.min(Qos::AtLeastOnce);
        if let Some(present) = self.filters.iter_mut().find(|(present, _, _)| *present == filter) {
            present.2 = qos;
            return Ok(qos);
        }
        if self.filters.len() >= most {
            return Err(Reason::Quota);
        }
        self.filters.push((filter, heard, qos));
        Ok(qos)
    }

    /// Takes filters away, and says which there were.
    pub(crate) fn unsubscribe(&mut self, filters: &[String]) -> Vec<bool> {
        let mut known = Vec::with_capacity(filters.len());
        for filter in filters {
            let before = self.filters.len();
            self.filters.retain(|(present, _, _)| present != filter);
            known.push(self.filters.len() < before);
        }
        known
    }

    /// The receipt of a message of exactly once that came before.
    pub(crate) fn received(&self, packet: u16) -> Option<Option<Arc<Receipt>>> {
        self.received.get(&packet).cloned()
    }

    /// Remembers a message of exactly once. `None` is one without records.
    pub(crate) fn receive(&mut self, packet: u16, receipt: Option<Arc<Receipt>>) {
        self.received.insert(packet, receipt);
    }

    /// Forgets one, and says whether it came.
    pub(crate) fn release(&mut self, packet: u16) -> bool {
        self.received.remove(&packet).is_some()
    }

    /// How many were not released.
    pub(crate) fn unreleased(&self) -> usize {
        self.received.len()
    }
}

/// What is said later, unless its device comes back.
#[derive(Debug)]
pub(crate) struct Testament {
    /// Who says it.
    pub(crate) admission: Admission,
    /// Its identity.
    pub(crate) identity: String,
    /// What.
    pub(crate) will: Will,
}

/// The sessions of all devices.
#[derive(Debug)]
pub(crate) struct Sessions {
    most_away: usize,
    longest: Duration,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    all: FxHashMap<TerminalId, Entry>,
    /// How many of them have no connection.
    away: usize,
    /// How many connections there have been.
    connections: u64,
}

#[derive(Debug)]
struct Entry {
    session: Arc<Mutex<Session>>,
    /// The connection whose it is.
    connection: u64,
    /// When it ends; `None` while it is connected.
    ends_at: Option<Instant>,
    testament: Option<(Instant, Testament)>,
}

/// A session that a connection has.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) session: Arc<Mutex<Session>>,
    /// The number of the connection.
    pub(crate) connection: u64,
    /// Whether the session was there before.
    pub(crate) present: bool,
    /// The will of an earlier connection that is said now because its session ends.
    pub(crate) testament: Option<Testament>,
}

impl Sessions {
    pub(crate) fn new(most_away: usize, longest: Duration) -> Self {
        Self { most_away, longest, inner: Mutex::default() }
    }

    /// How long a session lasts for which a client asks.
    pub(crate) fn lasting(&self, wanted_s: u32) -> Duration {
        Duration::from_secs(wanted_s.into()).min(self.longest)
    }

    /// Takes the session of a terminal, or begins one.
    pub(crate) fn open(&self, terminal: TerminalId, clean: bool) -> Opened {
        let mut inner = self.inner.lock();
        inner.connections += 1;
        let connection = inner.connections;
        let former = inner.all.remove(&terminal);
        if former.as_ref().is_some_and(|entry| entry.ends_at.is_some()) {
            inner.away -= 1;
        }
        let (session, present, testament) = match former {
            // A client that comes back takes a will back that waits.
            Some(entry) if !clean => (entry.session, true, None),
            Some(entry) => (Arc::default(), false, entry.testament.map(|(_, will)| will)),
            None => (Arc::default(), false, None),
        };
        let entry = Entry { session: session.clone(), connection, ends_at: None, testament: None };
        inner.all.insert(terminal, entry);
        Opened { session, connection, present, testament }
    }

    /// Leaves a session at the end of a connection. Returns the wills that are to be said at once.
    pub(crate) fn leave(
        &self,
        terminal: TerminalId,
        connection: u64,
        lasting: Duration,
        testament: Option<Testament>,
        now: Instant,
    ) -> Vec<Testament> {
        let mut inner = self.inner.lock();
        let Some(entry) = inner.all.get_mut(&terminal) else {
            return testament.into_iter().collect();
        };
        // A newer connection has the session: the will is said, unless it would have waited for that.
        if entry.connection != connection {
            return testament.into_iter().filter(|testament| testament.will.delay_s == 0).collect();
        }
        if lasting.is_zero() {
            inner.all.remove(&terminal);
            return testament.into_iter().collect();
        }
        entry.ends_at = Some(now + lasting);
        let mut at_once = Vec::new();
        if let Some(testament) = testament {
            match Duration::from_secs(testament.will.delay_s.into()).min(lasting) {
                Duration::ZERO => at_once.push(testament),
                delay => entry.testament = Some((now + delay, testament)),
            }
        }
        inner.away += 1;
        if inner.away > self.most_away {
            at_once.extend(inner.end_first());
        }
        at_once
    }

    /// Ends what is over, and returns the wills that are due.
    pub(crate) fn sweep(&self, now: Instant) -> Vec<Testament> {
        let mut due = Vec::new();
        let mut inner = self.inner.lock();
        let mut ended = 0;
        inner.all.retain(|_, entry| {
            if entry.testament.as_ref().is_some_and(|(at, _)| *at <= now) {
                due.extend(entry.testament.take().map(|(_, testament)| testament));
            }
            let over = entry.ends_at.is_some_and(|at| at <= now);
            ended += usize::from(over);
            !over
        });
        inner.away -= ended;
        due
    }
}

impl Inner {
    /// Ends the session without connection that would end first, and returns its will.
    fn end_first(&mut self) -> Option<Testament> {
        let away = self.all.iter().filter_map(|(id, entry)| Some((entry.ends_at?, *id)));
        let (_, first) = away.min()?;
        let entry = self.all.remove(&first)?;
        self.away -= 1;
        entry.testament.map(|(_, testament)| testament)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOWN: &str = "smartlink/v1/van7/down/command";

    fn sessions(most: usize) -> Sessions {
        Sessions::new(most, Duration::from_secs(100))
    }

    #[test]
    fn a_session_lasts_until_its_time_is_over() {
        let sessions = sessions(10);
        let (van, start) = (TerminalId(7), Instant::now());
        let opened = sessions.open(van, false);
        assert!(!opened.present);
        let granted =
            opened.session.lock().subscribe("van7", vec![(DOWN.to_owned(), Qos::ExactlyOnce)], 1);
        assert_eq!(granted, [Ok(Qos::AtLeastOnce)]);
        opened.session.lock().receive(9, None);
        sessions.leave(van, opened.connection, sessions.lasting(u32::MAX), None, start);

        sessions.sweep(start + Duration::from_secs(99));
        let opened = sessions.open(van, false);
        assert!(opened.present);
        assert_eq!(opened.session.lock().commands(), Some(Qos::AtLeastOnce));
        assert!(opened.session.lock().release(9));
        assert!(!opened.session.lock().release(9));
        sessions.leave(van, opened.connection, Duration::from_secs(5), None, start);

        sessions.sweep(start + Duration::from_secs(5));
        assert!(!sessions.open(van, false).present);
    }

    #[test]
    fn an_older_connection_does_not_end_the_session_of_a_newer() {
        let sessions = sessions(10);
        let van = TerminalId(7);
        let older = sessions.open(van, true);
        let newer = sessions.open(van, false);
        assert!(newer.present);
        sessions.leave(van, older.connection, Duration::ZERO, None, Instant::now());
        assert!(sessions.open(van, false).present);
        assert!(!sessions.open(van, true).present);
    }

    #[test]
    fn with_one_too_many_the_first_to_end_ends() {
        let sessions = sessions(2);
        let now = Instant::now();
        for (id, lasting) in [(1, 50), (2, 10), (3, 30)] {
            let opened = sessions.open(TerminalId(id), false);
            sessions.leave(
                TerminalId(id),
                opened.connection,
                Duration::from_secs(lasting),
                None,
                now,
            );
        }
        let present = [1, 2, 3].map(|id| sessions.open(TerminalId(id), false).present);
        assert_eq!(present, [true, false, true]);
    }

    #[test]
    fn filters_are_bounded_and_replaced() {
        let mut session = Session::default();
        let own = |end: &str| (format!("smartlink/v1/van7/down/{end}"), Qos::AtMostOnce);
        let others = ("smartlink/v1/van8/down/command".to_owned(), Qos::AtMostOnce);
        let granted =
            session.subscribe("van7", vec![own("command"), others, own("#"), own("+")], 2);
        assert_eq!(
            granted,
            [
                Ok(Qos::AtMostOnce),
                Err(Reason::NotAuthorized),
                Ok(Qos::AtMostOnce),
                Err(Reason::Quota)
            ]
        );
        let again = session.subscribe("van7", vec![(DOWN.to_owned(), Qos::AtLeastOnce)], 2);
        assert_eq!(again, [Ok(Qos::AtLeastOnce)]);
        assert_eq!(session.commands(), Some(Qos::AtLeastOnce));
        assert_eq!(session.unsubscribe(&[DOWN.to_owned(), "x".to_owned()]), [true, false]);
        assert_eq!(session.commands(), Some(Qos::AtMostOnce));
    }
}
