//! Whole lives of orders a second, each step on disk before the next begins.

use std::{
    path::Path,
    sync::{
        atomic::{AtomicBool, Ordering},
        Arc,
    },
    time::{Duration, Instant},
};

use smartlink_orders::{
    command::{Ask, Command, Place, QuoteAsk, Step},
    engine::Answer,
    service::ServiceError,
    Orders, Refusal, Rules,
};
use smartlink_primitives::{
    tariff::InForce, vehicle::VehicleClass, DriverId, Seat, TariffVersion, VehicleId, H256,
};
use smartlink_simulator::load::{self, PhaseReport};

use super::api;
use crate::{
    prices,
    table::{grouped, Table},
    Error,
};

/// Orders that one client moves on together: it sends the next step of all when this one is on disk for all.
const WAVE: usize = 1_000;
/// Clients. While the steps of one are written, those of others are decided.
const CLIENTS: usize = 12;
/// Steps of a life from the quote to the completed trip.
const STEPS: u64 = 9;
/// Entries of the log whose recovery is measured.
const RECOVERED: u64 = 10_000_000;

/// What to measure.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Seconds for which lives are counted.
    pub seconds: u64,
    /// A company to be started, and asked through its API. `None`: that is left out.
    pub through_the_api: Option<api::Plan>,
}

/// Measures the engine with many clients and with one, and how long a restart takes.
///
/// # Errors
/// A step was refused, or the disk failed.
pub async fn run(plan: Plan) -> Result<(), Error> {
    println!("Every step of every order is synced to disk before the next one is sent.");
    let folder = tempfile::tempdir()
        .map_err(|source| Error::Io { what: "making a folder for the store", source })?;
    let many = live_on(&folder.path().join("many"), plan.seconds).await?;
    let alone = alone(&folder.path().join("one"), 5).await?;
    let (entries, replay) = recovery(&folder.path().join("recovery")).await?;
    let asked = match &plan.through_the_api {
        Some(plan) => Some(through_the_api(plan).await?),
        None => None,
    };
    let ratio = many.per_second() / alone.per_second();
    println!("Lives of orders with many clients to one client alone: {ratio:.0} to 1.");
    let mut table =
        Table::new(&["", "lives a second", "steps a second", "a step, median", "99 %", "seconds"]);
    let rows = [
        (format!("{CLIENTS} clients of {WAVE} orders"), &many),
        ("one order at a time".to_owned(), &alone),
    ];
    for (name, measured) in rows {
        table.row([
            name,
            grouped(measured.per_second() as u64),
            grouped((measured.per_second() * STEPS as f64) as u64),
            format!("{:.1} ms", measured.percentile(0.5)),
            format!("{:.1} ms", measured.percentile(0.99)),
            format!("{:.1}", measured.elapsed.as_secs_f64()),
        ]);
    }
    if let Some(asked) = &asked {
        let ms = |part| format!("{:.1} ms", asked.times.quantile_ms(part));
        table.row([
            format!("through the API, {} requests/s", grouped(asked.answered_per_second() as u64)),
            format!("{:.1}", lives_per_second(asked)),
            grouped((lives_per_second(asked) * STEPS as f64) as u64),
            ms(0.5),
            ms(0.99),
            format!("{:.1}", asked.time.as_secs_f64()),
        ]);
    }
    print!("{table}");
    println!("{} rides went into batches and were settled meanwhile.", grouped(many.settled));
    println!(
        "A restart without a snapshot replays {} entries of the log in {:.1} s.",
        grouped(entries),
        replay.as_secs_f64()
    );
    println!("RESULT orders.lifecycles_per_second {:.0} lifecycles/s", many.per_second());
    println!("RESULT orders.ratio_to_one_client {ratio:.1} ratio");
    println!("RESULT orders.step_p99_ms {:.2} ms", many.percentile(0.99));
    let rate = entries as f64 / replay.as_secs_f64();
    if let Some(asked) = &asked {
        println!(
            "RESULT orders.api_lifecycles_per_second {:.1} lifecycles/s",
            lives_per_second(asked)
        );
    }
    println!("RESULT orders.recovery_10m_seconds {:.2} s", RECOVERED as f64 / rate);
    Ok(())
}

/// Lives from the app's quote to the rating, with real offers of the dispatcher: 300 riders and 300 drivers.
async fn through_the_api(plan: &api::Plan) -> Result<PhaseReport, Error> {
    println!("Starting a validator and the services of its company, to live through their API ...");
    let bench = api::target::start(plan).await?;
    let mut target = bench.target.clone();
    (target.measured, target.twice) = (Duration::from_secs(30), Duration::ZERO);
    let report = load::measure(target).await;
    bench.services.stop().await?;
    bench.consortium.stop().await;
    let nothing = || Error::Asked("the load ended before it was measured".to_owned());
    report?.phases.into_iter().nth(1).ok_or_else(nothing)
}

fn lives_per_second(asked: &PhaseReport) -> f64 {
    asked.completed as f64 / asked.time.as_secs_f64()
}

/// What was measured.
struct Measured {
    lives: u64,
    elapsed: Duration,
    steps: Vec<Duration>,
    settled: u64,
}

impl Measured {
    fn per_second(&self) -> f64 {
        self.lives as f64 / self.elapsed.as_secs_f64()
    }

    /// Milliseconds of a step.
    fn percentile(&self, part: f64) -> f64 {
        let place = (self.steps.len() as f64 * part) as usize;
        let step = self.steps.get(place.min(self.steps.len().saturating_sub(1)));
        step.map_or(0.0, |step| step.as_secs_f64() * 1_000.0)
    }
}

fn rules() -> Rules {
    Rules { batch_rows: 20_000, batch_wait_ms: 1_000, ..Rules::default() }
}

async fn start(path: &Path, rules: Rules) -> Result<(Orders, smartlink_orders::Running), Error> {
    let path = path.to_owned();
    let started = tokio::task::spawn_blocking(move || Orders::start(&path, rules)).await;
    let started = started.map_err(|e| Error::Asked(format!("the store was not opened: {e}")))?;
    let (orders, running) = started.map_err(|e| Error::Asked(e.to_string()))?;
    let tariff = InForce { version: TariffVersion(1), from: 0, tariff: prices::shenzhen() };
    send(&orders, vec![Ask::Tariffs(vec![tariff])], 0).await?;
    Ok((orders, running))
}

async fn stop(running: smartlink_orders::Running) -> Result<(), Error> {
    let stopped = tokio::task::spawn_blocking(move || running.stop()).await;
    stopped.map_err(|e| Error::Asked(format!("the service did not stop: {e}")))
}

/// Sends commands that must succeed. Keys are `key`, `key + 1`, … and 0 stays 0.
async fn send(orders: &Orders, asks: Vec<Ask>, key: u64) -> Result<Vec<Answer>, Error> {
    let keyed = |(ask, at): (Ask, u64)| Command { key: if key == 0 { 0 } else { key + at }, ask };
    let commands = asks.into_iter().zip(0u64..).map(keyed).collect();
    let answers = loop {
        match orders.submit_many(Vec::clone(&commands)).await {
            // A full queue is said at once: the wave comes again.
            Err(ServiceError::Overloaded) => tokio::task::yield_now().await,
            other => break other.map_err(|e| Error::Asked(e.to_string()))?,
        }
    };
    let answers: Result<Vec<_>, Refusal> = answers.into_iter().collect();
    answers.map_err(|refusal| Error::Asked(format!("a step was refused: {refusal}")))
}

/// Orders that live side by side, each with a driver of its own.
struct Wave {
    orders: Orders,
    first_driver: u32,
    size: usize,
    key: u64,
    steps: Vec<Duration>,
}

impl Wave {
    async fn on_duty(orders: Orders, place: usize, size: usize) -> Result<Self, Error> {
        // At most 12 clients of 1,000.
        let first_driver = (place * size + 1) as u32;
        let asks = (0..size as u32).map(|at| Ask::OnDuty {
            driver: DriverId(first_driver + at),
            vehicle: VehicleId(first_driver + at),
            seat: Seat(first_driver + at - 1),
            class: VehicleClass::Economy,
        });
        send(&orders, asks.collect(), 0).await?;
        let key = (place as u64 + 1) << 48;
        Ok(Self { orders, first_driver, size, key, steps: Vec::new() })
    }

    async fn step(&mut self, asks: Vec<Ask>) -> Result<Vec<Answer>, Error> {
        let began = Instant::now();
        let key = self.key;
        self.key += asks.len() as u64;
        let answers = send(&self.orders, asks, key).await?;
        self.steps.push(began.elapsed());
        Ok(answers)
    }

    /// From the quotes to the completed trips.
    async fn live(&mut self) -> Result<(), Error> {
        let quote = |at: usize| {
            let place = |name: &str| Place {
                latitude_e6: 22_540_000 + i32::try_from(at).unwrap_or_default(),
                longitude_e6: 114_050_000,
                name: name.to_owned(),
            };
            Ask::Quote(Box::new(QuoteAsk {
                rider: u64::from(self.first_driver) + at as u64,
                class: VehicleClass::Economy,
                origin: place("Civic Center"),
                destination: place("Shenzhen North"),
                pickup_at_ms: 0,
                distance_m: 9_000,
                duration_s: 1_200,
                surge_permille: 1_000,
            }))
        };
        let quoted = self.step((0..self.size).map(quote).collect()).await?;
        let ids: Vec<u64> = quoted
            .iter()
            .filter_map(|answer| match answer {
                Answer::Order(id) => Some(*id),
                Answer::Driver(_) | Answer::Done => None,
            })
            .collect();
        let first = self.first_driver;
        let pairs = || ids.iter().copied().zip((first..).map(DriverId));
        let place = |(order, driver): (u64, DriverId)| Ask::Place {
            order,
            rider: driver.0.into(),
            start_code: 1_234,
        };
        self.step(pairs().map(place).collect()).await?;
        let offer = |(order, driver)| Ask::Offer {
            order,
            driver,
            // Quoted and placed.
            revision: 2,
            eta_s: 240,
            forward: false,
        };
        self.step(pairs().map(offer).collect()).await?;
        let accept = |(order, driver)| Ask::Accept { order, driver, attempt: 1 };
        self.step(pairs().map(accept).collect()).await?;
        let step = |step| move |(order, driver)| Ask::Step { order, driver, step };
        self.step(pairs().map(step(Step::SetOff)).collect()).await?;
        self.step(pairs().map(step(Step::Arrive)).collect()).await?;
        let pick_up = |(order, driver)| Ask::PickUp { order, driver, start_code: 1_234 };
        self.step(pairs().map(pick_up).collect()).await?;
        self.step(pairs().map(step(Step::Start)).collect()).await?;
        let complete =
            |(order, driver)| Ask::Complete { order, driver, distance_m: 9_200, tolls_fen: 0 };
        self.step(pairs().map(complete).collect()).await?;
        Ok(())
    }
}

/// Settles what is closed, as the chain would. Ends when told to, with the number of rides.
async fn settle(orders: Orders, stop: Arc<AtomicBool>) -> Result<u64, Error> {
    let mut settled = 0;
    while !stop.load(Ordering::Acquire) {
        let open = orders.look(|engine| {
            let first = engine.batches().open().iter().next();
            first.and_then(|(number, open)| {
                let current = open.current()?;
                Some((*number, current.evidence_root, current.orders.len() as u64))
            })
        });
        match open.await {
            Ok(Some((number, evidence_root, rides))) => {
                let root = H256::repeat_byte(1);
                let ask =
                    Ask::BatchSettled { number, evidence_root, block: 1, receipts_root: root };
                send(&orders, vec![ask], 0).await?;
                settled += rides;
            }
            Ok(None) | Err(ServiceError::Overloaded) => {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            Err(error) => return Err(Error::Asked(error.to_string())),
        }
    }
    Ok(settled)
}

/// Many clients at the same time. Completed rides also go into batches, are settled as the chain would, and
/// leave for the archive: that is counted in.
async fn live_on(path: &Path, seconds: u64) -> Result<Measured, Error> {
    let (orders, running) = start(path, rules()).await?;
    send(&orders, vec![Ask::BatchesBegin(1)], 0).await?;
    let stop_settling = Arc::new(AtomicBool::new(false));
    let settling = tokio::spawn(settle(orders.clone(), stop_settling.clone()));
    let until = Instant::now() + Duration::from_secs(seconds);
    let began = Instant::now();
    let clients = (0..CLIENTS).map(|place| {
        let orders = orders.clone();
        tokio::spawn(async move {
            let mut wave = Wave::on_duty(orders, place, WAVE).await?;
            let mut lives = 0;
            while Instant::now() < until {
                wave.live().await?;
                lives += WAVE as u64;
            }
            Ok::<_, Error>((lives, wave.steps))
        })
    });
    let mut measured =
        Measured { lives: 0, elapsed: Duration::ZERO, steps: Vec::new(), settled: 0 };
    for client in futures::future::join_all(clients).await {
        let ended = client.map_err(|e| Error::Asked(format!("a client ended early: {e}")))?;
        let (lives, steps) = ended?;
        measured.lives += lives;
        measured.steps.extend(steps);
    }
    measured.elapsed = began.elapsed();
    measured.steps.sort_unstable();
    stop_settling.store(true, Ordering::Release);
    let settled = settling.await.map_err(|e| Error::Asked(format!("settling ended: {e}")))?;
    measured.settled = settled?;
    stop(running).await?;
    Ok(measured)
}

/// The peer: one client that waits for the disk at every step of one order.
async fn alone(path: &Path, seconds: u64) -> Result<Measured, Error> {
    let (orders, running) = start(path, rules()).await?;
    let mut wave = Wave::on_duty(orders, 0, 1).await?;
    let (began, mut lives) = (Instant::now(), 0);
    while began.elapsed() < Duration::from_secs(seconds) {
        wave.live().await?;
        lives += 1;
    }
    let elapsed = began.elapsed();
    let mut steps = wave.steps;
    steps.sort_unstable();
    stop(running).await?;
    Ok(Measured { lives, elapsed, steps, settled: 0 })
}

/// Fills a log, ends without a snapshot, and opens it again.
async fn recovery(path: &Path) -> Result<(u64, Duration), Error> {
    let rules = Rules { snapshot_every: 0, ..rules() };
    let (orders, running) = start(path, rules.clone()).await?;
    send(&orders, vec![Ask::BatchesBegin(1)], 0).await?;
    let stop_settling = Arc::new(AtomicBool::new(false));
    let settling = tokio::spawn(settle(orders.clone(), stop_settling.clone()));
    let mut waves = Vec::new();
    for place in 0..CLIENTS {
        waves.push(Wave::on_duty(orders.clone(), place, WAVE).await?);
    }
    loop {
        let entries = orders.look(|engine| engine.sequence()).await;
        if entries.map_err(|e| Error::Asked(e.to_string()))? >= RECOVERED {
            break;
        }
        futures::future::try_join_all(waves.iter_mut().map(Wave::live)).await?;
    }
    stop_settling.store(true, Ordering::Release);
    settling.await.map_err(|e| Error::Asked(format!("settling ended: {e}")))??;
    // The store is closed when nobody holds the service any more.
    drop((waves, orders));
    stop(running).await?;
    let began = Instant::now();
    let (orders, running) = start(path, rules).await?;
    let took = began.elapsed();
    let entries = orders.look(|engine| engine.sequence()).await;
    let entries = entries.map_err(|e| Error::Asked(e.to_string()))?;
    stop(running).await?;
    Ok((entries, took))
}
