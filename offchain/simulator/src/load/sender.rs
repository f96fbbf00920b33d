//! The thread that sends what is due.

use std::{
    io,
    sync::Arc,
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use super::{
    kind::{schedule, Kind, Mix},
    state::{Pending, Shared},
    PATIENCE,
};
use crate::{client::now_ms, figures::lock};

/// How often connections that took nothing are tried again, and late answers given up.
const SWEEP_EVERY: Duration = Duration::from_millis(20);

/// Starts the thread. It ends when everything is answered or given up.
pub(super) fn start(shared: Arc<Shared>, mix: Mix, seed: u64) -> io::Result<JoinHandle<()>> {
    let name = "load-sender".to_owned();
    thread::Builder::new().name(name).spawn(move || Sender::new(shared, &mix, seed).send_all())
}

struct Sender {
    shared: Arc<Shared>,
    schedule: Vec<Kind>,
    body: Vec<u8>,
    next_id: u64,
    next_sweep: Instant,
}

impl Sender {
    fn new(shared: Arc<Shared>, mix: &Mix, seed: u64) -> Self {
        let schedule = schedule(mix, seed);
        Self {
            shared,
            schedule,
            body: Vec::with_capacity(512),
            next_id: 1,
            next_sweep: Instant::now(),
        }
    }

    fn send_all(mut self) {
        let mut began = Instant::now();
        for phase in 0..self.shared.phases.len() {
            began = self.phase(phase, began);
        }
        while lock(&self.shared.figures).under_way() > 0
            && began.elapsed() <= PATIENCE + SWEEP_EVERY
        {
            self.sweep();
            thread::sleep(SWEEP_EVERY);
        }
    }

    /// Sends a phase, and says when the next begins: by the clock of the schedule, however late this one is.
    fn phase(&mut self, phase: usize, began: Instant) -> Instant {
        let Some(plan) = self.shared.phases.get(phase).copied() else {
            return began;
        };
        if let Some(tally) = lock(&self.shared.figures).tallies.get_mut(phase) {
            tally.began = Some(began);
        }
        let interval = Duration::from_secs(1).as_nanos() as u64 / u64::from(plan.rate.max(1));
        // At most nine minutes at a million a second.
        let slots = (plan.time.as_secs_f64() * f64::from(plan.rate)) as u64;
        for slot in 0..slots {
            let due = began + Duration::from_nanos(interval * slot);
            self.wait_until(due);
            self.send(phase, due);
        }
        began + plan.time
    }

    /// Sleeps until something is due. The system wakes a thread some 60 microseconds late, which is a part
    /// of what is measured.
    fn wait_until(&mut self, due: Instant) {
        let now = Instant::now();
        if now >= self.next_sweep {
            self.sweep();
        }
        if let Some(left) = due.checked_duration_since(now) {
            thread::sleep(left);
        }
    }

    fn send(&mut self, phase: usize, due: Instant) {
        self.body.clear();
        let id = self.next_id;
        self.next_id += 1;
        // The remainder is below the length, a thousand.
        let kind = self.schedule[(id % self.schedule.len() as u64) as usize];
        let mut figures = lock(&self.shared.figures);
        let sent = figures.board.request(id, kind, now_ms(), &mut self.body);
        let (actor, substitute, room) = (sent.actor, sent.substitute, figures.has_room(sent.actor));
        if let Some(tally) = figures.tallies.get_mut(phase) {
            tally.sent += 1;
            tally.substituted += u64::from(substitute);
        }
        if room {
            if let Some(pending) = figures.pending.get_mut(actor) {
                pending.push_back(Pending { id, due, phase, sent });
            }
        }
        // Not held while writing, for the sake of the thread that reads.
        drop(figures);
        let out = self.shared.outs.get(actor).filter(|_| room);
        let went = out.is_some_and(|out| lock(out).send(&self.body));
        let mut figures = lock(&self.shared.figures);
        if let Some(tally) = figures.tallies.get_mut(phase) {
            tally.lag.add(due.elapsed());
            tally.not_sent += u64::from(!went);
        }
        if room && !went {
            figures.give_up(Some(actor), Instant::now());
        }
    }

    fn sweep(&mut self) {
        let now = Instant::now();
        self.next_sweep = now + SWEEP_EVERY;
        for out in &self.shared.outs {
            let mut out = lock(out);
            if out.waits() {
                out.flush();
            }
        }
        lock(&self.shared.figures).give_up(None, now);
    }
}
