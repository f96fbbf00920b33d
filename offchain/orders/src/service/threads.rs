//! The two threads of the service.

use super::{Change, Changed, Outcome, Reply, Request, Shared};
use crate::{
    clock::Clock,
    command::{Ask, Command},
    engine::{Answer, Effects, Snapshot},
    order::Order,
    refusal::Refusal,
    store::{Store, StoreError},
    Engine,
};
use std::{
    collections::HashSet,
    io,
    sync::{
        atomic::Ordering,
        mpsc::{Receiver, RecvTimeoutError, SyncSender},
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
/// The longest time between two looks at deadlines.
const IDLE: Duration = Duration::from_secs(60);

/// What goes to the disk together, and who waits for it.
struct Group {
    effects: Effects,
    replies: Vec<Reply>,
    changes: Vec<Change>,
    snapshot: Option<Snapshot>,
}

pub(super) fn start(
    shared: &Arc<Shared>,
    engine: Engine,
    store: Arc<Store>,
    clock: Clock,
    requests: Receiver<Request>,
    ended: watch::Sender<Option<Arc<StoreError>>>,
) -> io::Result<Vec<JoinHandle<()>>> {
    let (groups, written) = std::sync::mpsc::sync_channel(ON_THE_WAY);
    let snapshot_at = next_snapshot(&engine);
    let decider = Decider { shared: shared.clone(), engine, clock, groups, snapshot_at };
    let deciding = std::thread::Builder::new()
        .name("orders-engine".into())
        .spawn(move || decider.run(&requests))?;
    let shared = shared.clone();
    let writing = std::thread::Builder::new().name("orders-writer".into()).spawn(move || {
        let end = write(&shared, &store, &written);
        if let Err(error) = end {
            tracing::error!(%error, "the orders service stops: what is answered has to be on disk");
            shared.failed.store(true, Ordering::Release);
            let _ = ended.send(Some(Arc::new(error)));
        }
    })?;
    Ok(vec![deciding, writing])
}

fn next_snapshot(engine: &Engine) -> u64 {
    match engine.rules().snapshot_every {
        0 => u64::MAX,
        entries => engine.sequence() + entries,
    }
}

/// The writer: until there are no more groups, or the disk refuses one.
fn write(shared: &Shared, store: &Store, groups: &Receiver<Group>) -> Result<(), StoreError> {
    for group in groups {
        store.commit(&group.effects)?;
        shared.left.arrived(&group.effects.archived);
        for reply in group.replies {
            reply();
        }
        if !group.changes.is_empty() {
            // Nobody may be following.
            let _ = shared.changes.send(Arc::new(group.changes));
        }
        if let Some(snapshot) = group.snapshot {
            // The log has all of it: a restart takes longer, and nothing is lost.
            if let Err(error) = store.keep_snapshot(&snapshot) {
                tracing::error!(%error, "the state was not written down");
            }
        }
    }
    Ok(())
}

/// The engine thread.
struct Decider {
    shared: Arc<Shared>,
    engine: Engine,
    clock: Clock,
    groups: SyncSender<Group>,
    snapshot_at: u64,
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
            if !self.hand_over(replies, stop) || stop {
                break;
            }
        }
    }

    /// How long the engine has nothing to do by itself.
    fn patience(&self) -> Duration {
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
                let decided = self.apply(&command);
                let outcome = decided.and_then(|answer| self.outcome(answer));
                replies.push(Box::new(move || drop(reply.send(outcome))));
                1
            }
            Request::Many(commands, reply) => {
                let answers: Vec<_> = commands.iter().map(|command| self.apply(command)).collect();
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

    fn apply(&mut self, command: &Command) -> Result<Answer, Refusal> {
        let answer = self.engine.apply(self.clock.now_ms(), command, &self.shared.left);
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
    fn hand_over(&mut self, replies: Vec<Reply>, stop: bool) -> bool {
        self.engine.leaving(|archived| self.shared.left.leaving(archived));
        let effects = self.engine.take_effects();
        let due = self.engine.sequence() >= self.snapshot_at;
        let wanted = self.engine.rules().snapshot_every > 0;
        let snapshot = (wanted && (due || stop)).then(|| {
            self.snapshot_at = next_snapshot(&self.engine);
            self.engine.snapshot()
        });
        let nothing = effects.events == 0 && effects.archived.is_empty();
        if nothing && replies.is_empty() && snapshot.is_none() {
            return true;
        }
        let changes = self.changes(&effects);
        self.groups.send(Group { effects, replies, changes, snapshot }).is_ok()
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
