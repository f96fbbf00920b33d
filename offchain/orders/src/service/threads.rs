//! The threads of the service: one decides, one writes, and one writes snapshots down.

use super::{Change, Changed, Outcome, Reply, Request, Shared};
use crate::{
    clock::Clock,
    command::{Ask, Command},
    engine::{Answer, Effects},
    order::Order,
    refusal::Refusal,
    store::{Recovered, Store, StoreError},
    Engine,
};
use std::{
    collections::HashSet,
    io,
    sync::{
        atomic::Ordering,
        mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender},
        Arc,
    },
    thread::JoinHandle,
    time::Duration,
};
use tokio::sync::watch;

/// Commands that are decided before they are written together, at most.
const GROUP: usize = 8_192;
/// Groups on their way to the disk, at most. The engine waits for the disk beyond them.
const ON_THE_WAY: usize = 2;
/// Places for orders that are looked at for a snapshot with each group: about a millisecond's work.
const PIECE: usize = 2_048;
/// The longest time between two looks at deadlines.
const IDLE: Duration = Duration::from_secs(60);

/// What goes to the disk together, and who waits for it.
struct Group {
    effects: Effects,
    replies: Vec<Reply>,
    changes: Vec<Change>,
    piece: Option<Piece>,
}

/// A part of a snapshot.
struct Piece {
    /// The entry of the log that the snapshot ends with.
    sequence: u64,
    /// From 0. How many there are, when this is the end.
    at: u32,
    /// `None`: this is the end.
    bytes: Option<Vec<u8>>,
}

/// A snapshot on its way.
struct Snapshot {
    sequence: u64,
    pieces: u32,
    /// The first piece, until it is handed over.
    head: Option<Vec<u8>>,
}

pub(super) fn start(
    shared: &Arc<Shared>,
    recovered: Recovered,
    store: Arc<Store>,
    clock: Clock,
    requests: Receiver<Request>,
    ended: watch::Sender<Option<Arc<StoreError>>>,
) -> io::Result<Vec<JoinHandle<()>>> {
    let (groups, written) = std::sync::mpsc::sync_channel(ON_THE_WAY);
    let Recovered { engine, replayed } = recovered;
    let snapshot_at = next_snapshot(&engine);
    let snapshot_of = engine.sequence() - replayed;
    let snapshot = None;
    let decider = Decider {
        shared: shared.clone(),
        engine,
        clock,
        groups,
        snapshot_at,
        snapshot_of,
        snapshot,
    };
    let deciding = std::thread::Builder::new()
        .name("orders-engine".into())
        .spawn(move || decider.run(&requests))?;
    // At most the pieces of one snapshot: the next one begins when this one is on disk.
    let (pieces, to_keep) = std::sync::mpsc::channel();
    let (sharing, keeping_in) = (shared.clone(), store.clone());
    let keeping = std::thread::Builder::new()
        .name("orders-snapshot".into())
        .spawn(move || keep_snapshots(&sharing, &keeping_in, &to_keep))?;
    let shared = shared.clone();
    let writing = std::thread::Builder::new().name("orders-writer".into()).spawn(move || {
        let end = write(&shared, &store, &written, &pieces);
        if let Err(error) = end {
            tracing::error!(%error, "the orders service stops: what is answered has to be on disk");
            shared.failed.store(true, Ordering::Release);
            let _ = ended.send(Some(Arc::new(error)));
        }
    })?;
    Ok(vec![deciding, writing, keeping])
}

fn next_snapshot(engine: &Engine) -> u64 {
    match engine.rules().snapshot_every {
        0 => u64::MAX,
        entries => engine.sequence() + entries,
    }
}

/// The writer: until there are no more groups, or the disk refuses one.
fn write(
    shared: &Shared,
    store: &Store,
    groups: &Receiver<Group>,
    pieces: &Sender<Piece>,
) -> Result<(), StoreError> {
    for group in groups {
        store.commit(&group.effects)?;
        // Before the answers: a list that was asked for with this group has to find who left with it.
        store.archive(&group.effects.archived)?;
        shared.left.arrived(&group.effects.archived);
        for reply in group.replies {
            reply();
        }
        if !group.changes.is_empty() {
            // Nobody may be following.
            let _ = shared.changes.send(Arc::new(group.changes));
        }
        if let Some(piece) = group.piece {
            // The other thread lives as long as this one.
            let _ = pieces.send(piece);
        }
    }
    Ok(())
}

/// Writes snapshots down, until nobody takes any more. The log has all of what is in them: when the disk refuses
/// one, a restart takes longer, and nothing is lost.
fn keep_snapshots(shared: &Shared, store: &Store, pieces: &Receiver<Piece>) {
    let mut given_up = None;
    for Piece { sequence, at, bytes } in pieces {
        let is_last = bytes.is_none();
        if given_up != Some(sequence) {
            let kept = match bytes {
                Some(bytes) => store.keep_piece(sequence, at, &bytes),
                None => store.complete_snapshot(sequence, at),
            };
            if let Err(error) = kept {
                tracing::error!(%error, "the state was not written down");
                given_up = Some(sequence);
            }
        }
        if is_last {
            shared.snapshot_on_its_way.store(false, Ordering::Release);
        }
    }
}

/// The engine thread.
struct Decider {
    shared: Arc<Shared>,
    engine: Engine,
    clock: Clock,
    groups: SyncSender<Group>,
    snapshot_at: u64,
    /// The entry of the last snapshot that was begun, or that this service came up from.
    snapshot_of: u64,
    snapshot: Option<Snapshot>,
}

impl Decider {
    fn run(mut self, requests: &Receiver<Request>) {
        loop {
            let first = match requests.recv_timeout(self.patience()) {
                Ok(request) => Some(request),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => break,
            };
            let mut replies = Vec::new();
            let mut stop = false;
            let mut decided = 0;
            let waiting = || requests.try_recv().ok();
            let mut next = first.or_else(waiting);
            while let Some(request) = next {
                decided += self.decide(request, &mut replies, &mut stop);
                next = if stop || decided >= GROUP { None } else { waiting() };
            }
            self.tick();
            let piece = self.piece(stop);
            if !self.hand_over(replies, piece) {
                break;
            }
            if stop {
                self.finish_snapshot();
                break;
            }
        }
    }

    /// How long the engine has nothing to do by itself.
    fn patience(&self) -> Duration {
        if self.snapshot.is_some() {
            return Duration::ZERO;
        }
        let wake = self.engine.wake_ms().map(|at| at.saturating_sub(self.clock.now_ms()));
        wake.map_or(IDLE, Duration::from_millis).min(IDLE)
    }

    fn tick(&mut self) {
        let now = self.clock.now_ms();
        if self.engine.wake_ms().is_some_and(|at| at <= now) {
            let tick = Command { key: 0, ask: Ask::Tick };
            // A tick is never refused.
            let _ = self.engine.apply(now, &tick, &self.shared.left);
        }
    }

    /// Decides a request. Returns how many commands it was.
    fn decide(&mut self, request: Request, replies: &mut Vec<Reply>, stop: &mut bool) -> usize {
        match request {
            Request::One(command, reply) => {
                let decided = self.apply(self.clock.now_ms(), &command);
                let outcome = decided.and_then(|answer| self.outcome(answer));
                replies.push(Box::new(move || drop(reply.send(outcome))));
                1
            }
            Request::Many(commands, reply) => {
                // All of them came at the same time.
                let now = self.clock.now_ms();
                let answers: Vec<_> =
                    commands.iter().map(|command| self.apply(now, command)).collect();
                replies.push(Box::new(move || drop(reply.send(answers))));
                commands.len()
            }
            Request::Look(look) => {
                replies.push(look(&mut self.engine));
                1
            }
            Request::Stop => {
                *stop = true;
                0
            }
        }
    }

    fn apply(&mut self, now_ms: u64, command: &Command) -> Result<Answer, Refusal> {
        let answer = self.engine.apply(now_ms, command, &self.shared.left);
        // What this command let go must be found by the next one of this group.
        self.engine.leaving(|archived| self.shared.left.leaving(archived));
        answer
    }

    fn outcome(&self, answer: Answer) -> Result<Outcome, Refusal> {
        Ok(match answer {
            Answer::Order(id) => Outcome::Order(Box::new(self.find(id)?)),
            Answer::Driver(id) => {
                let driver = self.engine.driver(id).ok_or(Refusal::NoSuchDriver)?;
                Outcome::Driver(driver.clone())
            }
            Answer::Done => Outcome::Done,
        })
    }

    fn find(&self, id: u64) -> Result<Order, Refusal> {
        use crate::engine::Archive;
        if let Some(order) = self.engine.order(id) {
            return Ok(order.clone());
        }
        let history = self.shared.left.history(id).ok_or(Refusal::NoSuchOrder)?;
        Order::restore(id, &history).map_err(|_| Refusal::NoSuchOrder)
    }

    /// Gives what was decided to the writer. Returns whether there is one.
    fn hand_over(&mut self, replies: Vec<Reply>, piece: Option<Piece>) -> bool {
        self.engine.leaving(|archived| self.shared.left.leaving(archived));
        let effects = self.engine.take_effects();
        let nothing = effects.events == 0 && effects.archived.is_empty();
        if nothing && replies.is_empty() && piece.is_none() {
            return true;
        }
        let changes = self.changes(&effects);
        self.groups.send(Group { effects, replies, changes, piece }).is_ok()
    }

    /// The next piece of the snapshot, if there is one on its way or one has become due.
    fn piece(&mut self, stop: bool) -> Option<Piece> {
        if self.snapshot.is_none() {
            let rules = self.engine.rules();
            // At the end as well, unless there is one of this very entry: the pieces of two would get mixed.
            let ends = stop && self.engine.sequence() > self.snapshot_of;
            let due = self.engine.sequence() >= self.snapshot_at || ends;
            if rules.snapshot_every == 0 || !due {
                return None;
            }
            if self.shared.snapshot_on_its_way.swap(true, Ordering::AcqRel) {
                // The disk has not taken the last one yet: at the next group, or, at the end, not at all.
                return None;
            }
            self.snapshot_at = next_snapshot(&self.engine);
            let sequence = self.engine.sequence();
            self.snapshot_of = sequence;
            let head = Some(self.engine.begin_snapshot());
            self.snapshot = Some(Snapshot { sequence, pieces: 0, head });
        }
        let snapshot = self.snapshot.as_mut()?;
        let (sequence, at) = (snapshot.sequence, snapshot.pieces);
        let bytes = snapshot.head.take().or_else(|| self.engine.next_piece(PIECE));
        match bytes {
            Some(_) => snapshot.pieces += 1,
            None => self.snapshot = None,
        }
        Some(Piece { sequence, at, bytes })
    }

    /// Hands the rest of the snapshot over.
    fn finish_snapshot(&mut self) {
        while self.snapshot.is_some() {
            let piece = self.piece(false);
            if !self.hand_over(Vec::new(), piece) {
                break;
            }
        }
    }

    /// What followers hear of a group: everything that it changed, once, as it is after it.
    fn changes(&self, effects: &Effects) -> Vec<Change> {
        if self.shared.changes.receiver_count() == 0 {
            return Vec::new();
        }
        let (sequence, at_ms) = (self.engine.sequence(), self.engine.now_ms());
        let mut seen = HashSet::new();
        let orders = effects.orders.iter().filter(|id| seen.insert(**id));
        let orders = orders.filter_map(|id| self.find(*id).ok());
        let mut changes: Vec<_> = orders
            .map(|order| Change { sequence, at_ms, what: Changed::Order(Arc::new(order)) })
            .collect();
        let mut seen = HashSet::new();
        let drivers = effects.drivers.iter().filter(|id| seen.insert(**id));
        let drivers = drivers.filter_map(|id| self.engine.driver(*id).cloned());
        changes.extend(drivers.map(|driver| Change {
            sequence,
            at_ms,
            what: Changed::Driver(driver),
        }));
        changes
    }
}
