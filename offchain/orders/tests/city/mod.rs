//! A city in which stories happen: an engine, a clock that the story turns, a shelf for orders that are over,
//! and a chain.
//!
//! After every command the city checks what always has to hold: the engine's books are in order, and an
//! engine that only ever read the log is in the same state.

#![allow(dead_code, reason = "every test program uses its own part of the city")]

pub mod audit;
pub mod chain;
pub mod commands;

use smartlink_orders::{
    batch::Closed, command::Ask, Answer, Archive, Command, Engine, Order, Refusal, Rules, State,
};
use smartlink_primitives::{
    tariff::{FareTable, InForce, SplitPolicy, Tariff, Window},
    DriverId, TariffVersion, VehicleId,
};
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

/// 2024-05-15, a Wednesday, 12:00 in Shenzhen.
pub const NOON_MS: u64 = 1_715_745_600_000;
pub const SECOND: u64 = 1_000;
pub const MINUTE: u64 = 60 * SECOND;
pub const HOUR: u64 = 60 * MINUTE;

/// Orders that are over.
#[derive(Default)]
pub struct Shelf(pub HashMap<u64, Arc<Vec<u8>>>);

impl Archive for Shelf {
    fn history(&self, order: u64) -> Option<Arc<Vec<u8>>> {
        self.0.get(&order).cloned()
    }
}

/// Small numbers, so that stories reach every bound.
pub fn rules() -> Rules {
    Rules {
        batch_rows: 3,
        most_wrong_codes: 3,
        most_per_rider: 2,
        most_offers: 4,
        ..Rules::default()
    }
}

pub fn table() -> FareTable {
    FareTable {
        base: 10_000_000,
        included_m: 2_000,
        per_km: 2_600_000,
        per_minute: 500_000,
        free_waiting_s: 180,
        per_waiting_minute: 800_000,
        minimum: 9_000_000,
        cancellation: 5_000_000,
        rounding: 10_000,
        utc_offset_minutes: 480,
        windows: vec![Window {
            days: 0b111_1111,
            from_minute: 13 * 60,
            until_minute: 15 * 60,
            surcharge_permille: 500,
        }]
        .try_into()
        .unwrap(),
        max_surge_permille: 3_000,
        max_distance_m: 500_000,
        max_duration_s: 12 * 3_600,
        max_waiting_s: 3_600,
        max_tolls_fen: 100_000,
    }
}

/// A tariff in force from a second on.
pub fn in_force(version: u32, from: u64, table: FareTable) -> InForce {
    let split = SplitPolicy {
        driver_ppm: 780_000,
        platform_ppm: 220_000,
        third_parties: Default::default(),
    };
    let tariff = Tariff { table, split };
    tariff.validate().unwrap();
    InForce { version: TariffVersion(version), from, tariff }
}

pub struct City {
    pub engine: Engine,
    pub now: u64,
    pub shelf: Shelf,
    /// What the worker of the chain can fetch: every version of every batch.
    pub closed: BTreeMap<(u64, u32), Closed>,
    pub chain: chain::Chain,
    keys: u64,
    /// Follows by replaying alone.
    mirror: Engine,
    steps: u64,
    taking: Option<Taking>,
}

/// A snapshot that is taken while the city goes on.
struct Taking {
    /// What it has to show in the end: the state at its beginning.
    began: Vec<Vec<u8>>,
    pieces: Vec<Vec<u8>>,
}

impl City {
    /// A city with a tariff, whose chain has settled nothing yet.
    pub fn open() -> Self {
        Self::with(rules())
    }

    pub fn with(rules: Rules) -> Self {
        assert_eq!(rules.validate(), Ok(()));
        let mut city = Self {
            engine: Engine::new(rules.clone()),
            now: NOON_MS,
            shelf: Shelf::default(),
            closed: BTreeMap::new(),
            chain: chain::Chain::default(),
            keys: 0,
            mirror: Engine::new(rules),
            steps: 0,
            taking: None,
        };
        city.put_tariffs(vec![in_force(1, 0, table())]);
        city.ok(Ask::BatchesBegin(1));
        city
    }

    pub fn put_tariffs(&mut self, tariffs: Vec<InForce>) {
        self.chain.tariffs = tariffs.clone();
        self.ok(Ask::Tariffs(tariffs));
    }

    /// A command with a key of its own.
    pub fn say(&mut self, ask: Ask) -> Result<Answer, Refusal> {
        let key = self.key();
        self.say_as(key, ask)
    }

    pub fn key(&mut self) -> u64 {
        self.keys += 1;
        // Spread over all bits, as digests are.
        self.keys.wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }

    pub fn say_as(&mut self, key: u64, ask: Ask) -> Result<Answer, Refusal> {
        let answer = self.engine.apply(self.now, &Command { key, ask }, &self.shelf);
        self.keep();
        answer
    }

    pub fn ok(&mut self, ask: Ask) {
        let shown = format!("{ask:?}");
        self.say(ask).unwrap_or_else(|refusal| panic!("{shown}: {refusal}"));
    }

    /// Time passes, and everything happens when it is due.
    pub fn wait(&mut self, ms: u64) {
        let until = self.now + ms;
        while let Some(wake) = self.engine.wake_ms().filter(|wake| *wake <= until) {
            self.now = self.now.max(wake);
            self.say_as(0, Ask::Tick).unwrap();
        }
        self.now = until;
    }

    /// Time passes, but the service is too busy to look at what is due.
    pub fn skip(&mut self, ms: u64) {
        self.now += ms;
    }

    /// The engine ends, and one comes up from its snapshot.
    pub fn restart(&mut self) {
        let bytes = self.engine.snapshot();
        self.engine = Engine::restore(self.engine.rules().clone(), &bytes).unwrap();
        self.taking = None;
    }

    /// Keeps what a command led to, and checks what always has to hold.
    fn keep(&mut self) {
        let effects = self.engine.take_effects();
        assert_eq!(effects.first_sequence + u64::from(effects.events), self.engine.sequence() + 1);
        if effects.events > 0 {
            let replayed = self.mirror.replay(effects.first_sequence, &effects.log);
            assert_eq!(replayed, Ok(effects.events.into()));
        }
        for archived in effects.archived {
            self.shelf.0.insert(archived.order, archived.history);
        }
        for closed in effects.batches {
            let last = self.closed.insert((closed.number, closed.version), closed);
            assert_eq!(last, None, "a version is made once");
        }
        self.compare();
        audit::audit(&self.engine).unwrap_or_else(|wrong| panic!("{wrong}"));
    }

    /// The engine that only read the log is in the same state.
    fn compare(&mut self) {
        // What nothing followed from is not in the log: the mirror hears only the time of it.
        let again = Ask::Tariffs(self.engine.schedule().iter().cloned().collect());
        let command = Command { key: 0, ask: again };
        let _ = self.mirror.apply(self.engine.now_ms(), &command, &Shelf::default());
        let bytes = self.engine.snapshot();
        assert!(bytes == self.mirror.snapshot(), "replaying leads to another state");
        self.steps += 1;
        self.take_a_piece(&bytes);
        if self.steps.is_multiple_of(3) {
            // From here on it is one that came up from a snapshot.
            let rules = self.engine.rules().clone();
            self.mirror = Engine::restore(rules, &bytes).unwrap();
            assert!(bytes == self.mirror.snapshot(), "a snapshot leads to another state");
        }
        if self.mirror.rules() != self.engine.rules() {
            self.mirror.set_rules(self.engine.rules().clone());
        }
    }

    /// A snapshot shows the state in which it began, whatever happened since.
    fn take_a_piece(&mut self, now: &[Vec<u8>]) {
        let Some(taking) = &mut self.taking else {
            let pieces = vec![self.engine.begin_snapshot()];
            self.taking = Some(Taking { began: now.to_vec(), pieces });
            return;
        };
        if let Some(piece) = self.engine.next_piece(512) {
            return taking.pieces.push(piece);
        }
        let restored = Engine::restore(self.engine.rules().clone(), &taking.pieces).unwrap();
        assert!(restored.snapshot() == taking.began, "a snapshot shows what came after it");
        self.taking = None;
    }

    /// An order, wherever it is.
    pub fn order(&self, id: u64) -> Order {
        if let Some(order) = self.engine.order(id) {
            return order.clone();
        }
        let history = self.shelf.history(id).unwrap_or_else(|| panic!("order {id} is nowhere"));
        let order = Order::restore(id, &history).unwrap();
        audit::walk(&order).unwrap();
        order
    }

    pub fn state(&self, id: u64) -> State {
        self.order(id).state
    }

    /// A driver on duty with a vehicle of her own.
    pub fn driver(&mut self, id: u32) -> DriverId {
        self.ok(commands::on_duty(id, VehicleId(100 + id)));
        DriverId(id)
    }

    /// A price for ten kilometres now.
    pub fn quote(&mut self, rider: u64) -> u64 {
        self.quote_for(commands::quote(rider))
    }

    pub fn quote_for(&mut self, ask: smartlink_orders::command::QuoteAsk) -> u64 {
        match self.say(Ask::Quote(Box::new(ask))) {
            Ok(Answer::Order(id)) => id,
            other => panic!("no quote: {other:?}"),
        }
    }

    /// An order that a driver is looked for.
    pub fn searched(&mut self, rider: u64) -> u64 {
        let id = self.quote(rider);
        self.ok(commands::place(id, rider));
        id
    }

    pub fn offer(&mut self, order: u64, driver: DriverId) -> Result<Answer, Refusal> {
        let revision = self.order(order).revision;
        self.say(Ask::Offer { order, driver, revision, eta_s: 240, forward: true })
    }

    /// The offer that stands, taken.
    pub fn accept(&mut self, order: u64, driver: DriverId) -> Result<Answer, Refusal> {
        let attempt = self.order(order).attempts;
        self.say(Ask::Accept { order, driver, attempt })
    }

    /// An order that a driver has accepted.
    pub fn accepted(&mut self, rider: u64, driver: DriverId) -> u64 {
        let id = self.searched(rider);
        self.offer(id, driver).unwrap();
        self.accept(id, driver).unwrap();
        id
    }

    /// An order whose driver waits.
    pub fn arrived(&mut self, rider: u64, driver: DriverId) -> u64 {
        let id = self.accepted(rider, driver);
        self.ok(commands::set_off(id, driver));
        self.wait(4 * MINUTE);
        self.ok(commands::arrive(id, driver));
        id
    }

    /// An order whose rider sits in the vehicle.
    pub fn picked_up(&mut self, rider: u64, driver: DriverId) -> u64 {
        let id = self.arrived(rider, driver);
        self.ok(commands::pick_up(id, driver, commands::CODE));
        id
    }

    /// A whole trip of ten kilometres in 20 minutes.
    pub fn trip(&mut self, rider: u64, driver: DriverId) -> u64 {
        let id = self.picked_up(rider, driver);
        self.ok(commands::start(id, driver));
        self.wait(20 * MINUTE);
        self.ok(commands::complete(id, driver, 10_000));
        id
    }

    /// The version of a batch that is served.
    pub fn served(&self, number: u64) -> Closed {
        let closed = self.engine.closed(number).unwrap_or_else(|| panic!("no batch {number}"));
        assert_eq!(self.closed.get(&(number, closed.version)), Some(&closed), "served as closed");
        closed
    }

    /// The chain settles a version of a batch, finally, and the worker tells so.
    pub fn settle(&mut self, number: u64, version: u32) {
        let bytes = self.closed[&(number, version)].bytes.clone();
        self.chain.submit(&bytes, |_| false).unwrap();
        for settled in self.chain.finalize().unwrap() {
            self.ok(settled.told());
        }
    }

    /// The chain refuses a row of the version that is served, and the worker tells so.
    pub fn refuse(&mut self, number: u64, row: u32) {
        let evidence_root = chain::decode(&self.served(number).bytes).evidence_root;
        let reason = "its driver is not active".to_owned();
        self.ok(Ask::BatchRefused { number, evidence_root, row: Some(row), reason });
    }
}
