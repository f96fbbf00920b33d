//! One world by one seed: what happens next, until everybody is home.

use super::{
    chance::Chance,
    clients::{Client, View, Who},
    disk::Breach,
    figures::Figures,
    network::{Message, Network, Reply, Request},
    service::Service,
    settling::Worker,
    witness::Witness,
};
use crate::city::{audit, chain::Chain, in_force, table, NOON_MS};
use smartlink_orders::{command::Ask, Command, Rules};
use smartlink_primitives::tariff::InForce;
use std::collections::VecDeque;

/// Steps in which everything may fail.
const WILD: u64 = 4_000;
/// Rounds in which nothing fails, until all is settled.
const CALM: u64 = 3_000;
/// What is shown when something is wrong.
const TRAIL: usize = 50;
/// The client of what the worker of the chain tells.
const WORKER: usize = usize::MAX;

pub struct World {
    seed: u64,
    chance: Chance,
    real_ms: u64,
    service: Service,
    network: Network,
    clients: Vec<Client>,
    worker: Worker,
    witness: Witness,
    figures: Figures,
    trail: VecDeque<String>,
    calm: bool,
}

fn rules() -> Rules {
    Rules {
        quote_valid_ms: 60_000,
        search_ms: 90_000,
        offer_valid_ms: 12_000,
        most_offers: 5,
        booked_lead_ms: 120_000,
        second_thoughts_ms: 8_000,
        late_ms: 60_000,
        no_show_ms: 5_000,
        most_wrong_codes: 2,
        most_per_rider: 2,
        most_open: 24,
        batch_rows: 3,
        batch_wait_ms: 10_000,
        ..Rules::default()
    }
}

fn tariffs() -> Vec<InForce> {
    vec![in_force(1, 0, table())]
}

impl World {
    pub fn new(seed: u64, breach: Breach) -> Self {
        let rules = rules();
        assert_eq!(rules.validate(), Ok(()));
        let chain = Chain::new(tariffs());
        Self {
            seed,
            chance: Chance::new(seed),
            real_ms: NOON_MS + 50 * 60_000,
            service: Service::new(rules, breach),
            network: Network::default(),
            clients: Client::all(),
            worker: Worker::new(chain),
            witness: Witness::default(),
            figures: Figures::default(),
            trail: VecDeque::new(),
            calm: false,
        }
    }

    pub fn figures(&self) -> &Figures {
        &self.figures
    }

    /// The last steps.
    fn trail(&self) -> String {
        self.trail.iter().fold(String::new(), |text, step| text + step + "\n")
    }

    fn note(&mut self, step: String) {
        if self.trail.len() >= TRAIL {
            self.trail.pop_front();
        }
        self.trail.push_back(format!("{:>5} {} {step}", self.figures.steps, self.real_ms));
    }

    /// Lives the whole seed.
    ///
    /// # Errors
    /// What should never be.
    pub fn run(&mut self) -> Result<(), String> {
        for _ in 0..WILD {
            self.step()?;
        }
        self.calm_down()?;
        for round in 0..CALM {
            if self.round()? {
                return self.end();
            }
            if round + 1 == CALM {
                return Err(self.still_open());
            }
        }
        Ok(())
    }

    fn step(&mut self) -> Result<(), String> {
        self.figures.steps += 1;
        if self.service.engine().is_none() && self.chance.once_in(8) {
            self.restart()?;
        }
        match self.chance.below(128) {
            0..=37 => self.client()?,
            38..=83 => self.deliver()?,
            84..=93 => self.service.hand_over(false),
            94..=104 => self.sync()?,
            105..=113 => self.pass_time(),
            114..=115 => self.carry(),
            116..=117 => self.complain(),
            118 => self.worker.finalize(&mut self.figures)?,
            119..=121 => self.tell(),
            122 => self.tell_tariffs(),
            123 => self.figures.forks += u64::from(self.worker.chain.fork()),
            124 => self.worker.whim(&mut self.chance),
            125 => self.ask_again(),
            126 => self.service.hand_over(true),
            _ => self.crash(),
        }
        self.check()
    }

    fn check(&self) -> Result<(), String> {
        self.service.engine().map_or(Ok(()), audit::audit)
    }

    fn crash(&mut self) {
        if self.service.engine().is_some() && self.chance.once_in(2) {
            self.note("crash".to_owned());
            self.service.crash(&mut self.chance, &mut self.figures);
        }
    }

    fn restart(&mut self) -> Result<(), String> {
        self.service.restart(&mut self.chance, &mut self.figures)?;
        let sequence = self.service.engine().map(|engine| engine.sequence());
        self.note(format!("restart at entry {sequence:?}"));
        self.witness.nothing_is_lost(&self.service)
    }

    fn pass_time(&mut self) {
        let ms = match self.chance.below(40) {
            0 => 20_000 + self.chance.below(60_000),
            1..=9 => self.chance.below(20),
            _ => self.chance.below(4_000),
        };
        self.real_ms += ms;
        self.service.tick(self.real_ms, &mut self.figures);
    }

    fn client(&mut self) -> Result<(), String> {
        let own = self.chance.index(self.clients.len());
        self.client_acts(own);
        Ok(())
    }

    fn client_acts(&mut self, own: usize) {
        let (now_ms, calm) = (self.real_ms, self.calm);
        let view = self.service.engine().map(|engine| {
            let batches = engine.batches();
            let empty = batches
                .open()
                .values()
                .any(|open| open.current().is_none_or(|version| version.orders.is_empty()));
            // A number whose rides are all held waits for another ride.
            let more = empty && batches.due() == 0;
            View { engine, now_ms, calm, more }
        });
        let acted = self.clients[own].act(own, view.as_ref(), &mut self.chance);
        if let Some((request, again)) = acted {
            self.figures.retries += u64::from(again);
            self.send(Message::Request(request));
        }
    }

    fn send(&mut self, message: Message) {
        self.network.send(message, &mut self.chance, &mut self.figures);
    }

    fn deliver(&mut self) -> Result<(), String> {
        let message = self.network.deliver(&mut self.chance, &mut self.figures);
        match message {
            None => Ok(()),
            Some(Message::Request(request)) => self.decide(request),
            Some(Message::Reply(reply)) => {
                if let Some(client) = self.clients.get_mut(reply.client) {
                    client.hear(&reply);
                }
                Ok(())
            }
            Some(Message::Batch(bytes)) => {
                self.worker.arrive(&bytes, &self.service, &mut self.figures);
                Ok(())
            }
        }
    }

    fn decide(&mut self, request: Request) -> Result<(), String> {
        let shown = format!("{:?} asks {:?}", self.who(request.client), request.command);
        self.note(shown);
        let replies = self.service.decide(self.real_ms, request, &mut self.figures)?;
        self.answer(replies)
    }

    fn who(&self, client: usize) -> Option<Who> {
        self.clients.get(client).map(|client| client.who)
    }

    fn sync(&mut self) -> Result<(), String> {
        let replies = self.service.sync(&mut self.figures);
        self.answer(replies)
    }

    /// From here on it counts as told, whether it arrives or not.
    fn answer(&mut self, replies: Vec<Reply>) -> Result<(), String> {
        for reply in replies {
            self.note(format!("{:?} is told {:?}", reply.command.key, reply.answer));
            self.witness.hear(&reply, &self.service)?;
            if reply.client != WORKER {
                self.send(Message::Reply(reply));
            }
        }
        Ok(())
    }

    fn carry(&mut self) {
        let batch = self.worker.carry(&self.service, &mut self.chance, &mut self.figures);
        if let Some(batch) = batch {
            self.send(batch);
        }
    }

    fn complain(&mut self) {
        let command = self.worker.complain(&self.service, &mut self.figures);
        self.worker_sends(command);
    }

    fn tell(&mut self) {
        let command = self.worker.tell(&self.service, &mut self.chance);
        self.worker_sends(command);
    }

    fn tell_tariffs(&mut self) {
        self.worker_sends(Some(Command { key: 0, ask: Ask::Tariffs(tariffs()) }));
    }

    fn worker_sends(&mut self, command: Option<Command>) {
        if let Some(command) = command {
            self.send(Message::Request(Request { client: WORKER, command }));
        }
    }

    /// Somebody asks again what was answered long ago.
    fn ask_again(&mut self) {
        let at = self.chance.any() as usize;
        if let Some(command) = self.witness.some(at).cloned() {
            self.send(Message::Request(Request { client: WORKER, command }));
        }
    }

    /// Nothing fails from here on.
    fn calm_down(&mut self) -> Result<(), String> {
        self.calm = true;
        self.network.calm = true;
        self.worker.calm_down();
        if self.service.engine().is_none() {
            self.restart()?;
        }
        Ok(())
    }

    /// Everybody does something, and all of it gets through. Returns whether all is over.
    fn round(&mut self) -> Result<bool, String> {
        self.figures.steps += 1;
        self.real_ms += 2_000;
        self.service.tick(self.real_ms, &mut self.figures);
        self.tell_tariffs();
        for own in 0..self.clients.len() {
            self.client_acts(own);
        }
        self.carry();
        self.tell();
        while !self.network.is_empty() || !self.service.is_synced() {
            self.deliver()?;
            self.service.hand_over(false);
            self.sync()?;
        }
        self.worker.finalize(&mut self.figures)?;
        self.check()?;
        let engine = self.service.engine().ok_or("nobody crashes it now")?;
        let open = engine.orders().count() > 0 || !engine.batches().open().is_empty();
        let waits = self.clients.iter().any(Client::waits);
        Ok(!open && !waits && self.worker.chain.is_final())
    }

    fn still_open(&self) -> String {
        let Some(engine) = self.service.engine() else { return "the service is down".to_owned() };
        let orders: Vec<_> = engine
            .orders()
            .map(|order| (order.id, order.state.name(), &order.settlement))
            .collect();
        let batches = engine.batches().open();
        let next = self.worker.chain.next();
        format!("not everything ends: {orders:?}, {batches:?}, the chain waits for {next}")
    }

    /// All is over: what was told holds.
    fn end(&mut self) -> Result<(), String> {
        self.witness.nothing_is_lost(&self.service)?;
        let charged = &self.worker.chain.charged;
        self.witness.every_order_is_settled(&self.service, charged, &mut self.figures)?;
        let again: Vec<_> = self.witness.answered().map(|(command, _)| command.clone()).collect();
        for command in again {
            self.figures.answers_asked_for_again += 1;
            self.decide(Request { client: WORKER, command })?;
            self.service.hand_over(false);
            self.sync()?;
        }
        self.check()
    }
}

impl Drop for World {
    /// A panic says where it came from, too.
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("seed {}\n{}", self.seed, self.trail());
        }
    }
}
