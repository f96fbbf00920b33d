//! The first step of a tick: which drivers are weighed for which orders.

use std::{collections::HashMap, sync::Arc};

use super::{DispatchEngine, Settings, Standing};
use crate::{
    class::{upgrade_steps, VehicleClass},
    geo::Point,
    grid::Grid,
    hold::UsualApproach,
    market::{Noted, OpenOrder},
    travel::{Journey, Leg},
};

/// What a tick weighs. It holds copies of all that it needs.
#[derive(Clone, Debug)]
pub struct Plan {
    pub(crate) settings: Arc<Settings>,
    pub(crate) tick: u64,
    pub(crate) now_ms: u64,
    pub(crate) rows: Vec<Row>,
    pub(crate) columns: Vec<Column>,
    /// What each column was worth in the last tick.
    pub(crate) prices: Vec<i64>,
    pub(crate) usual: UsualApproach,
}

/// An order.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) order: u64,
    pub(crate) revision: u64,
    pub(crate) class: VehicleClass,
    pub(crate) pickup: Point,
    pub(crate) dropoff: Point,
    pub(crate) waiting_since_ms: u64,
    pub(crate) pickup_at_ms: Option<u64>,
    pub(crate) noted: Option<Noted>,
    pub(crate) rings: u32,
    /// Booked, and too early for any driver.
    pub(crate) rests: bool,
    /// The soonest first.
    pub(crate) pairs: Vec<Pair>,
}

/// A driver.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub(crate) driver: u32,
    pub(crate) from: Point,
    /// 0: she is free.
    pub(crate) free_in_s: u32,
    pub(crate) heading: Option<u16>,
    pub(crate) speed_dm_s: u32,
    pub(crate) rating_permille: Option<u32>,
    pub(crate) idle_since_ms: u64,
    pub(crate) offers: u32,
    pub(crate) accepted: u32,
    pub(crate) abandoned: u32,
    pub(crate) home: Option<Point>,
}

/// A driver who is weighed for an order.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair {
    /// A slot of the fleet while candidates are looked for, a column of the plan from then on.
    pub(crate) column: u32,
    pub(crate) driver: u32,
    /// Metres along the great circle.
    pub(crate) metres: u32,
    /// From where she will be free.
    pub(crate) leg: Leg,
    pub(crate) free_in_s: u32,
    pub(crate) steps: u8,
}

impl Pair {
    /// Seconds from now to the pick-up.
    pub(crate) fn eta_s(&self) -> u32 {
        self.free_in_s.saturating_add(self.leg.duration_s)
    }
}

impl Row {
    /// Milliseconds that the rider has waited: of a booked ride, since the time for which it was booked.
    pub(crate) fn waited_ms(&self, now_ms: u64) -> u64 {
        let since = self.pickup_at_ms.unwrap_or(0).max(self.waiting_since_ms);
        now_ms.saturating_sub(since)
    }
}

impl Plan {
    /// The journeys of all pairs, in the order in which [`Plan::decide`] wants their legs.
    pub fn journeys(&self) -> Vec<Journey> {
        let pairs = self.rows.iter().flat_map(|row| row.pairs.iter().map(move |pair| (row, pair)));
        pairs
            .map(|(row, pair)| Journey {
                from: self.columns[pair.column as usize].from,
                to: row.pickup,
            })
            .collect()
    }

    /// Whether there is nothing to decide.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

/// So few drivers are looked at one by one: that is faster than walking rings.
pub(super) const FEW: usize = 256;

/// What all rows of a plan look at: drivers who can take an order.
struct View<'e> {
    engine: &'e DispatchEngine,
    available: Vec<Available>,
    /// Places in `available`, by where those drivers are or will be free.
    grid: Grid,
    now_ms: u64,
}

struct Available {
    slot: u32,
    driver: u32,
    from: Point,
    class: VehicleClass,
    free_in_s: u32,
}

pub(super) fn plan(engine: &DispatchEngine, now_ms: u64) -> Plan {
    let rows = rows(engine, now_ms);
    let mut plan = Plan {
        settings: Arc::clone(&engine.settings),
        tick: engine.ticks,
        now_ms,
        rows,
        columns: Vec::new(),
        prices: Vec::new(),
        usual: engine.usual,
    };
    if plan.rows.is_empty() {
        return plan;
    }
    let view = View::new(engine, now_ms);
    for row in &mut plan.rows {
        view.search(row);
    }
    view.number_columns(&mut plan);
    plan
}

/// Orders that want a driver and are not being offered, those that wait longest first.
fn rows(engine: &DispatchEngine, now_ms: u64) -> Vec<Row> {
    let open = engine.market.searching().filter(|order| order.reserved_until_ms <= now_ms);
    let mut rows: Vec<Row> = open.map(row).collect();
    let bound = engine.settings.config.candidates.orders_per_tick;
    if rows.len() > bound {
        rows.select_nth_unstable_by_key(bound, |row| (row.waiting_since_ms, row.order));
        rows.truncate(bound);
    }
    rows.sort_unstable_by_key(|row| (row.waiting_since_ms, row.order));
    rows
}

fn row(open: &OpenOrder) -> Row {
    Row {
        order: open.news.order,
        revision: open.news.revision,
        class: open.news.class,
        pickup: open.news.pickup,
        dropoff: open.news.dropoff,
        waiting_since_ms: open.waiting_since_ms,
        pickup_at_ms: open.news.pickup_at_ms,
        noted: open.noted,
        rings: 0,
        rests: false,
        pairs: Vec::new(),
    }
}

impl<'e> View<'e> {
    fn new(engine: &'e DispatchEngine, now_ms: u64) -> Self {
        let mut grid = engine.fleet.grid().emptied();
        let mut available = Vec::new();
        for (slot, position) in (0_u32..).zip(engine.fleet.slots()) {
            let Some(position) = position else { continue };
            let (class, from, free_in_s) = match engine.standing(position, now_ms) {
                Standing::Free { class } => (class, position.at, 0),
                Standing::Finishing { class, from, free_in_s } => (class, from, free_in_s),
                Standing::Not(_) => continue,
            };
            // Fewer than there are slots.
            grid.insert(available.len() as u32, &from);
            available.push(Available { slot, driver: position.driver, from, class, free_in_s });
        }
        Self { engine, available, grid, now_ms }
    }

    /// Widens rings around the pick-up until enough drivers are within them, or the outermost is reached.
    fn search(&self, row: &mut Row) {
        let config = &self.engine.settings.config.candidates;
        let excluded = self.engine.market.open(row.order).map_or(&[][..], |o| &o.news.excluded);
        let mut pairs = Vec::new();
        if self.available.len() <= FEW {
            pairs.extend(
                self.available.iter().filter_map(|driver| self.pair(driver, row, excluded)),
            );
            row.rings = config.outermost_m.div_ceil(config.cell_m);
        } else {
            let mut rings = self.grid.rings(&row.pickup);
            loop {
                let within = rings.widen(|place| {
                    let driver = &self.available[place as usize];
                    pairs.extend(self.pair(driver, row, excluded));
                });
                let settled = pairs.iter().filter(|pair: &&Pair| pair.metres <= within).count();
                if settled >= config.per_order || within >= config.outermost_m {
                    break;
                }
            }
            row.rings = rings.walked();
        }
        pairs.sort_unstable_by_key(|pair| (pair.eta_s(), pair.driver));
        pairs.truncate(config.per_order);
        row.rests = self.rests(row, &pairs);
        row.pairs = pairs;
    }

    fn pair(&self, available: &Available, row: &Row, excluded: &[u32]) -> Option<Pair> {
        let settings = &self.engine.settings;
        let metres = available.from.metres_to(&row.pickup);
        if metres > settings.config.candidates.outermost_m
            || excluded.binary_search(&available.driver).is_ok()
        {
            return None;
        }
        Some(Pair {
            steps: upgrade_steps(row.class, available.class)?,
            column: available.slot,
            driver: available.driver,
            metres,
            leg: settings.roads.stretch(metres),
            free_in_s: available.free_in_s,
        })
    }

    /// Whether a booked order needs nobody yet: the soonest driver would be there too early.
    fn rests(&self, row: &Row, pairs: &[Pair]) -> bool {
        let (Some(booked_ms), Some(soonest)) = (row.pickup_at_ms, pairs.first()) else {
            return false;
        };
        let early_s = self.engine.settings.config.hold.booked_early_s;
        let ahead_ms = (u64::from(soonest.eta_s()) + u64::from(early_s)) * 1000;
        self.now_ms.saturating_add(ahead_ms) < booked_ms
    }

    /// Gives the drivers of all pairs their columns, in the order of their ids.
    fn number_columns(&self, plan: &mut Plan) {
        let pairs = plan.rows.iter().flat_map(|row| &row.pairs);
        let mut slots: Vec<(u32, u32)> = pairs.map(|pair| (pair.driver, pair.column)).collect();
        slots.sort_unstable();
        slots.dedup();
        let numbers: HashMap<u32, u32> =
            (0..).zip(&slots).map(|(n, (_, slot))| (*slot, n)).collect();
        for pair in plan.rows.iter_mut().flat_map(|row| &mut row.pairs) {
            pair.column = numbers[&pair.column];
        }
        plan.columns = slots.iter().filter_map(|(_, slot)| self.column(*slot)).collect();
        plan.prices =
            plan.columns.iter().map(|column| self.engine.prices.of(column.driver)).collect();
    }

    /// `None` only for an empty slot, of which there is no pair.
    fn column(&self, slot: u32) -> Option<Column> {
        let position = self.engine.fleet.slot(slot)?;
        let news = self.engine.market.of(position.driver)?;
        // Slots ascend in `available`.
        let place = self.available.binary_search_by_key(&slot, |available| available.slot).ok()?;
        let Available { from, free_in_s, .. } = self.available[place];
        Some(Column {
            driver: position.driver,
            from,
            free_in_s,
            heading: position.heading.filter(|_| free_in_s == 0),
            speed_dm_s: position.speed_dm_s,
            rating_permille: news.rating_permille,
            idle_since_ms: news.idle_since_ms,
            offers: news.offers,
            accepted: news.accepted,
            abandoned: news.abandoned,
            home: self.engine.settings.homes.get(&position.driver).copied(),
        })
    }
}
