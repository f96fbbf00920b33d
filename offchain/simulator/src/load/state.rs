//! What the sending and the receiving thread share.

use std::{
    collections::{BTreeMap, VecDeque},
    io::{self, ErrorKind, Write},
    net::TcpStream,
    sync::Mutex,
    time::Instant,
};

use super::{
    board::{Board, Ending, Sent},
    kind::Kind,
    Phase, PATIENCE, SLOW,
};
use crate::{
    client::{is_shed, AnswerError, Refusal},
    figures::{count_name, Times},
    websocket::{pong_frame, text_frame},
};

/// Requests that may wait for their answers on one connection. What is due beyond is counted as not sent.
const MOST_PENDING: usize = 512;
/// Bytes that may wait for a connection which takes no more.
const MOST_BACKLOG: usize = 64 << 10;

/// A request on its way.
#[derive(Debug)]
pub(super) struct Pending {
    pub id: u64,
    pub due: Instant,
    pub phase: usize,
    pub sent: Sent,
}

/// What was counted in one second of a phase.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Second {
    pub answered: u64,
    pub slow: u64,
    pub shed: u64,
}

/// What was counted in a phase.
#[derive(Debug, Default)]
pub(super) struct PhaseTally {
    pub began: Option<Instant>,
    pub sent: u64,
    pub substituted: u64,
    pub not_sent: u64,
    pub missing: u64,
    pub completed: u64,
    /// Answers that were not shed, all kinds.
    pub times: Times,
    pub shed: Times,
    pub kinds: [Times; Kind::ALL.len()],
    /// From due to written: what the generator itself adds.
    pub lag: Times,
    pub refusals: BTreeMap<String, u64>,
    pub seconds: Vec<Second>,
}

impl PhaseTally {
    fn second(&mut self, due: Instant) -> Option<&mut Second> {
        let second = due.checked_duration_since(self.began?)?.as_secs();
        // A phase lasts for minutes.
        let second = usize::try_from(second).ok()?;
        if second >= self.seconds.len() {
            self.seconds.resize(second + 1, Second::default());
        }
        self.seconds.get_mut(second)
    }
}

/// All that changes.
#[derive(Debug)]
pub(super) struct Figures {
    pub board: Board,
    pub pending: Vec<VecDeque<Pending>>,
    pub tallies: Vec<PhaseTally>,
}

/// What both threads share.
#[derive(Debug)]
pub(super) struct Shared {
    pub phases: Vec<Phase>,
    pub figures: Mutex<Figures>,
    /// One for each actor.
    pub outs: Vec<Mutex<Out>>,
}

impl Figures {
    /// Whether a connection may have one more request.
    pub(super) fn has_room(&self, actor: usize) -> bool {
        self.pending.get(actor).is_some_and(|pending| pending.len() < MOST_PENDING)
    }

    /// An answer arrived.
    pub(super) fn answered(
        &mut self,
        actor: usize,
        id: u64,
        error: Option<AnswerError>,
        ending: Ending<'_>,
        at: Instant,
    ) {
        let Some(pending) = self.pending.get_mut(actor) else { return };
        // Answers come nearly in the order of the requests.
        let Some(place) = pending.iter().position(|pending| pending.id == id) else { return };
        let Some(pending) = pending.remove(place) else { return };
        let time = at.saturating_duration_since(pending.due);
        let refusal = error.map(Refusal::from);
        let shed = refusal.as_ref().is_some_and(|refusal| is_shed(&refusal.name));
        let ending = match &refusal {
            Some(refusal) if refusal.passes() => Ending::Again,
            Some(_) => Ending::Refused,
            None => ending,
        };
        let before = self.board.completed;
        self.board.answered(&pending.sent, ending);
        let completed = self.board.completed - before;
        let Some(tally) = self.tallies.get_mut(pending.phase) else { return };
        tally.completed += completed;
        if let Some(refusal) = &refusal {
            count_name(&mut tally.refusals, &refusal.name);
        }
        if shed {
            tally.shed.add(time);
        } else {
            tally.times.add(time);
            tally.kinds[pending.sent.kind as usize].add(time);
        }
        if let Some(second) = tally.second(pending.due) {
            second.answered += 1;
            second.shed += u64::from(shed);
            second.slow += u64::from(!shed && time > SLOW);
        }
    }

    /// Gives up what was due too long ago, or everything of a connection that ended. Counted as missing and
    /// as slow, so that nothing gets better by being lost.
    pub(super) fn give_up(&mut self, actor: Option<usize>, now: Instant) {
        for (place, queue) in self.pending.iter_mut().enumerate() {
            let ended = actor == Some(place);
            let late = |pending: &Pending| now.saturating_duration_since(pending.due) > PATIENCE;
            while let Some(pending) = queue.pop_front_if(|pending| ended || late(pending)) {
                self.board.answered(&pending.sent, Ending::Again);
                let Some(tally) = self.tallies.get_mut(pending.phase) else { continue };
                tally.missing += 1;
                tally.times.add(PATIENCE.max(now.saturating_duration_since(pending.due)));
                if let Some(second) = tally.second(pending.due) {
                    second.answered += 1;
                    second.slow += 1;
                }
            }
        }
    }

    /// Requests on their way.
    pub(super) fn under_way(&self) -> usize {
        self.pending.iter().map(VecDeque::len).sum()
    }
}

/// The sending side of a connection.
#[derive(Debug)]
pub(super) struct Out {
    stream: TcpStream,
    backlog: Vec<u8>,
    ended: bool,
}

impl Out {
    /// A stream that does not block.
    pub(super) fn new(stream: TcpStream) -> Self {
        Self { stream, backlog: Vec::new(), ended: false }
    }

    /// Sends a text, or keeps it until the connection takes it. `false`: it does not go out.
    pub(super) fn send(&mut self, text: &[u8]) -> bool {
        if self.ended || self.backlog.len() > MOST_BACKLOG {
            return false;
        }
        text_frame(text, &mut self.backlog);
        self.flush();
        !self.ended
    }

    /// Answers a ping.
    pub(super) fn pong(&mut self, payload: &[u8]) {
        if self.backlog.len() <= MOST_BACKLOG {
            pong_frame(payload, &mut self.backlog);
            self.flush();
        }
    }

    /// Nothing more goes out.
    pub(super) fn end(&mut self) {
        self.ended = true;
    }

    /// Whether bytes wait.
    pub(super) fn waits(&self) -> bool {
        !self.backlog.is_empty() && !self.ended
    }

    /// Sends what waits, as far as the connection takes it.
    pub(super) fn flush(&mut self) {
        while !self.backlog.is_empty() && !self.ended {
            match (&self.stream).write(&self.backlog) {
                Ok(written) => {
                    self.backlog.drain(..written);
                    self.ended = written == 0;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => {
                    self.ended = !waits_for_room(&error);
                    return;
                }
            }
        }
    }
}

fn waits_for_room(error: &io::Error) -> bool {
    error.kind() == ErrorKind::WouldBlock
}
