//! The service around the engine: decides a group while others are on their way to the disk, and answers when
//! they are there. Crashes whenever the world wants.

use super::{
    chance::Chance,
    disk::{Breach, Disk, Write},
    figures::Figures,
    network::{Reply, Request},
};
use smartlink_orders::{command::Ask, Answer, Archive, Command, Engine, Refusal, Rules, State};
use smartlink_primitives::DriverId;
use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::Arc,
};

/// Writes on their way to the disk, at most.
const ON_THE_WAY: usize = 3;

/// Of a driver's own commands so many answers are remembered, as the document says.
const DUTIES: usize = 16;

pub struct Service {
    rules: Rules,
    breach: Breach,
    /// `None` while it is down.
    engine: Option<Engine>,
    pub disk: Disk,
    pipeline: VecDeque<Write>,
    /// Answers of the group that is being decided.
    replies: Vec<Reply>,
    /// Entries of the log and keys of drivers' own commands that happened or were refused.
    duties: HashMap<DriverId, Vec<(u64, u64)>>,
    /// Those of them that were decided anew once, told or not.
    anew: HashSet<u64>,
    /// Orders that left, on the disk or not yet.
    left: HashMap<u64, Arc<Vec<u8>>>,
    /// The entry at which the snapshot on its way began.
    snapshot: Option<u64>,
    /// What its clock is ahead of the world's, or behind.
    ahead_ms: i64,
}

/// Orders that have left, as the engine finds them.
struct Left<'a>(&'a HashMap<u64, Arc<Vec<u8>>>, &'a Disk);

impl Archive for Left<'_> {
    fn history(&self, order: u64) -> Option<Arc<Vec<u8>>> {
        self.0.get(&order).or_else(|| self.1.archive.get(&order)).cloned()
    }
}

impl Service {
    pub fn new(rules: Rules, breach: Breach) -> Self {
        Self {
            engine: Some(Engine::new(rules.clone())),
            rules,
            breach,
            disk: Disk::default(),
            pipeline: VecDeque::new(),
            replies: Vec::new(),
            duties: HashMap::new(),
            anew: HashSet::new(),
            left: HashMap::new(),
            snapshot: None,
            ahead_ms: 0,
        }
    }

    pub fn engine(&self) -> Option<&Engine> {
        self.engine.as_ref()
    }

    /// The history of an order that has left.
    pub fn left(&self, order: u64) -> Option<Arc<Vec<u8>>> {
        Left(&self.left, &self.disk).history(order)
    }

    fn clock(&self, real_ms: u64) -> u64 {
        real_ms.saturating_add_signed(self.ahead_ms)
    }

    /// Decides a command. With a breach the answer leaves at once.
    pub fn decide(
        &mut self,
        real_ms: u64,
        request: Request,
        figures: &mut Figures,
    ) -> Result<Vec<Reply>, String> {
        let now_ms = self.clock(real_ms);
        let Some(engine) = &mut self.engine else {
            figures.connections_refused += 1;
            return Ok(Vec::new());
        };
        let Request { client, command } = request;
        let before = Before::of(engine, &command.ask);
        let sequence = engine.sequence();
        let answer = engine.apply(now_ms, &command, &Left(&self.left, &self.disk));
        engine.leaving(|gone| {
            self.left.extend(gone.iter().map(|one| (one.order, one.history.clone())));
        });
        let new = engine.sequence() > sequence;
        figures.commands += 1;
        figures.events += engine.sequence() - sequence;
        match answer {
            Ok(_) if new => figures.granted += 1,
            Err(_) if new => figures.refused += 1,
            _ => figures.answered_without_an_entry += 1,
        }
        before.judge(&command.ask, &answer, new, engine.now_ms(), figures)?;
        let revision = match answer {
            Ok(Answer::Order(id)) => engine.order(id).map_or(0, |order| order.revision),
            _ => 0,
        };
        let sequence = engine.sequence();
        let forgotten = self.note_duty(&command, new, sequence);
        let reply = Reply { client, command, answer, revision, forgotten };
        if self.breach == Breach::AnswersBeforeSync {
            return Ok(vec![reply]);
        }
        self.replies.push(reply);
        Ok(Vec::new())
    }

    /// Whether the answer to a driver's own command was forgotten, because so many came after it.
    fn note_duty(&mut self, command: &Command, new: bool, sequence: u64) -> bool {
        let (Ask::OnDuty { driver, .. } | Ask::OffDuty { driver }) = &command.ask else {
            return false;
        };
        let keys = self.duties.entry(*driver).or_default();
        let last = keys.iter().rposition(|(_, key)| *key == command.key);
        if last.is_some_and(|last| keys.len() - last > DUTIES) {
            self.anew.insert(command.key);
        }
        if new {
            keys.push((sequence, command.key));
        }
        self.anew.contains(&command.key)
    }

    /// What is due happens.
    pub fn tick(&mut self, real_ms: u64, figures: &mut Figures) {
        let now_ms = self.clock(real_ms);
        let Some(engine) = &mut self.engine else { return };
        if engine.wake_ms().is_some_and(|wake| wake <= now_ms) {
            let sequence = engine.sequence();
            let tick = Command { key: 0, ask: Ask::Tick };
            let _ = engine.apply(now_ms, &tick, &Left(&self.left, &self.disk));
            engine.leaving(|gone| {
                self.left.extend(gone.iter().map(|one| (one.order, one.history.clone())));
            });
            figures.events += engine.sequence() - sequence;
        }
    }

    /// What was decided goes on its way to the disk, perhaps with a snapshot behind it.
    pub fn hand_over(&mut self, snapshot: bool) {
        let Some(engine) = &mut self.engine else { return };
        if self.pipeline.len() >= ON_THE_WAY {
            return;
        }
        let effects = engine.take_effects();
        if self.breach == Breach::ServesBeforeSync {
            self.disk.serve(&effects);
        }
        let replies = std::mem::take(&mut self.replies);
        if effects.events > 0 || !effects.archived.is_empty() || !replies.is_empty() {
            self.pipeline.push_back(Write::Group { effects, replies });
        }
        if snapshot && self.snapshot.is_none() {
            self.snapshot = Some(engine.sequence());
            let (sequence, bytes) = (engine.sequence(), Some(engine.begin_snapshot()));
            self.pipeline.push_back(Write::Piece { sequence, bytes });
        } else if let Some(sequence) = self.snapshot {
            let bytes = engine.next_piece(512);
            if bytes.is_none() {
                self.snapshot = None;
            }
            self.pipeline.push_back(Write::Piece { sequence, bytes });
        }
    }

    /// The oldest write reaches the disk. Returns whom to answer.
    pub fn sync(&mut self, figures: &mut Figures) -> Vec<Reply> {
        match self.pipeline.pop_front() {
            None => Vec::new(),
            Some(Write::Group { effects, replies }) => {
                self.disk.write_group(&effects);
                figures.batches_closed += effects.batches.len() as u64;
                replies
            }
            Some(Write::Piece { sequence, bytes }) => {
                self.disk.write_piece(sequence, bytes, self.breach);
                Vec::new()
            }
        }
    }

    pub fn is_synced(&self) -> bool {
        self.pipeline.is_empty() && self.replies.is_empty()
    }

    /// The process is killed. Of what is on the way some may have reached the disk, in its order; nobody hears of it.
    pub fn crash(&mut self, chance: &mut Chance, figures: &mut Figures) {
        if self.engine.take().is_none() {
            return;
        }
        figures.crashes += 1;
        figures.groups_on_the_way_when_it_crashed += u64::from(!self.pipeline.is_empty());
        let written = chance.index(self.pipeline.len() + 1);
        for _ in 0..written {
            figures.groups_on_disk_without_an_answer += 1;
            drop(self.sync(figures));
        }
        figures.groups_lost += self.pipeline.len() as u64;
        let lost = self.pipeline.iter().map(|write| match write {
            Write::Group { replies, .. } => replies.len() as u64,
            Write::Piece { .. } => 0,
        });
        figures.commands_lost += lost.sum::<u64>() + self.replies.len() as u64;
        self.pipeline.clear();
        self.replies.clear();
        self.left.clear();
        self.snapshot = None;
        self.disk.crash();
    }

    /// It comes up again, with a clock that may have been set meanwhile.
    pub fn restart(&mut self, chance: &mut Chance, figures: &mut Figures) -> Result<(), String> {
        let recovered = self.disk.recover(self.rules.clone(), self.breach)?;
        figures.entries_replayed += recovered.replayed;
        if recovered.from_snapshot {
            figures.restarts_from_a_snapshot += 1;
        } else {
            figures.restarts_without_a_snapshot += 1;
        }
        let step = match chance.below(12) {
            0..=3 => 0,
            11 => 300_000,
            _ => 30_000,
        };
        if step > 0 {
            let to = chance.below(2 * step).cast_signed() - step.cast_signed();
            figures.clock_set_back += u64::from(to < self.ahead_ms);
            figures.clock_set_forward += u64::from(to > self.ahead_ms);
            self.ahead_ms = to;
        }
        for keys in self.duties.values_mut() {
            keys.retain(|(sequence, _)| *sequence <= recovered.engine.sequence());
        }
        self.engine = Some(recovered.engine);
        Ok(())
    }
}

/// The order as it was before a command, to judge by.
struct Before {
    state: Option<State>,
    offer: Option<smartlink_orders::order::Offer>,
    excluded: Vec<DriverId>,
}

impl Before {
    fn of(engine: &Engine, ask: &Ask) -> Self {
        let order = ask.order().and_then(|id| engine.order(id));
        Self {
            state: order.map(|order| order.state),
            offer: order.and_then(|order| order.offer),
            excluded: order.map(|order| order.excluded.clone()).unwrap_or_default(),
        }
    }

    /// Whether the engine was right, said apart from it.
    fn judge(
        self,
        ask: &Ask,
        answer: &Result<Answer, Refusal>,
        new: bool,
        now_ms: u64,
        figures: &mut Figures,
    ) -> Result<(), String> {
        match (ask, answer) {
            (Ask::Accept { order, driver, attempt }, Ok(_)) if new => {
                let stands = self.state == Some(State::Offered)
                    && self.offer.is_some_and(|offer| {
                        offer.driver == *driver
                            && offer.attempt == *attempt
                            && now_ms < offer.expires_ms
                    });
                if !stands {
                    return Err(format!("{driver} accepted order {order} late"));
                }
            }
            (Ask::Accept { .. }, Err(Refusal::OfferGone)) => figures.late_accepts_refused += 1,
            (Ask::Offer { order, driver, .. }, Ok(_)) if new && self.excluded.contains(driver) => {
                return Err(format!("order {order} was offered to {driver} again"));
            }
            (Ask::Place { .. }, Ok(_)) if new => figures.orders_placed += 1,
            (Ask::Release { .. }, Ok(_)) if new => figures.rides_released += 1,
            _ => {}
        }
        Ok(())
    }
}
