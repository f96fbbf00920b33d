//! GraphQL over ten million events, under a fixed rate of a real mix of requests, while blocks go on to come.

mod ask;
mod mix;
mod rows;

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use hdrhistogram::Histogram;
use smartlink_clickhouse::{Engine, EngineConfig, Store, StoreConfig};
use smartlink_devnet::{Consortium, Options};
use tokio::task::JoinSet;

use self::{
    ask::Asking,
    mix::{Kind, Mix},
};
use super::{
    index::{self, chain, Indexer},
    FIRST_FINALITY, POOL,
};
use crate::{
    table::{grouped, Table},
    Error,
};

/// What P99 may be, in milliseconds.
const GOAL_P99_MS: f64 = 20.0;
/// The index's database.
const DATABASE: &str = "bench_graphql";
/// Between two blocks.
const BLOCK_TIME: Duration = Duration::from_secs(2);
/// How long the server may take to make its copy.
const FILLED: Duration = Duration::from_secs(3_600);
/// Seconds before what is measured.
const WARM_UP: u64 = 10;

/// What to measure.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The index bench's plan: the chain is made, or was made, by that.
    pub index: index::Plan,
    /// Events of the index, at least.
    pub events: u64,
    /// Requests a second.
    pub rate: u32,
    /// Seconds that are measured.
    pub seconds: u64,
}

/// Indexes a chain, repeats its rows until there are enough, and asks.
///
/// # Errors
/// A program does not start or ends.
pub async fn run(plan: &Plan) -> Result<(), Error> {
    let made = chain::made(&plan.index).await?;
    let folder = tempfile::tempdir()
        .map_err(|source| Error::Io { what: "making a folder for ClickHouse", source })?;
    let engine = Engine::start(EngineConfig {
        path: folder.path().join("data"),
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        ..EngineConfig::default()
    });
    let engine = engine.await.map_err(|error| Error::Asked(error.to_string()))?;
    let options =
        Options::new(&plan.index.node).validators(1).base_path(&made.folder).extra_args(POOL);
    println!("Starting the node on that chain, and the embedded ClickHouse ...");
    let mut node = Consortium::start(options).await?;
    let last = made.parts.last().map_or(1, |part| part.last);
    node.wait_finalized(u64::from(last) + 1, FIRST_FINALITY).await?;
    let config =
        StoreConfig { url: engine.url(), database: DATABASE.to_owned(), ..StoreConfig::default() };
    let store = Store::connect(&config);
    let indexer = Indexer {
        binary: plan.index.indexer.clone(),
        node: node.node(0).url(),
        store: store.clone(),
        config,
    };
    println!("Indexing its {} blocks ...", grouped(last.into()));
    // Tables are made first.
    indexer.bring_to(0).await?;
    indexer.bring_to(last).await?;
    node.stop().await;
    println!("Repeating its rows up to {} events ...", grouped(plan.events));
    let grown = rows::repeat(&store, plan.events).await?;
    let mix = Mix::of(&store, &grown).await?;
    let copies = tempfile::tempdir()
        .map_err(|source| Error::Io { what: "making a folder for the copy", source })?;
    let (mut serving, address) = indexer.serve(copies.path()).await?;
    let asking = Asking::of(address)?;
    let began = Instant::now();
    wait(&asking, grown.last).await?;
    println!("Its copy for points and lists was made in {:.0} s.", began.elapsed().as_secs_f64());
    println!(
        "Asking {} times a second for {} s, over {} events in {} blocks ...",
        grouped(plan.rate.into()),
        plan.seconds,
        grouped(grown.events),
        grouped(grown.last.into()),
    );
    let blocks = tokio::spawn(rows::go_on(store, grown, BLOCK_TIME));
    press(plan.rate, WARM_UP, &mix, &asking).await?;
    let pressed = press(plan.rate, plan.seconds, &mix, &asking).await?;
    blocks.abort();
    let _ = serving.kill().await;
    engine.stop().await;
    print(plan, &pressed);
    Ok(())
}

/// Waits until the server has come to a block.
async fn wait(asking: &Asking, last: u32) -> Result<(), Error> {
    let began = Instant::now();
    loop {
        match asking.last().await {
            Ok(Some(reached)) if reached >= u64::from(last) => return Ok(()),
            Ok(_) if began.elapsed() < FILLED => {}
            Ok(reached) => {
                return Err(Error::Asked(format!("its copy has come to block {reached:?} only")))
            }
            Err(error) => return Err(Error::Asked(error)),
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

/// Times of a stretch, in microseconds from when a request was due.
struct Pressed {
    all: Histogram<u64>,
    kinds: Vec<(Kind, Histogram<u64>)>,
    /// Answers that were errors, with the first of them.
    errors: u64,
    first_error: Option<String>,
}

/// From a microsecond to a minute; what takes longer counts as a minute.
fn empty() -> Histogram<u64> {
    Histogram::new_with_bounds(1, 60_000_000, 3)
        .expect("three significant digits are supported; qed")
}

/// Asks at a fixed rate: each request when it is due, whether those before were answered or not.
async fn press(rate: u32, seconds: u64, mix: &Mix, asking: &Asking) -> Result<Pressed, Error> {
    let begin = Instant::now();
    let mut answers = JoinSet::new();
    let mut pressed = Pressed {
        all: empty(),
        kinds: Kind::ALL.iter().map(|kind| (*kind, empty())).collect(),
        errors: 0,
        first_error: None,
    };
    for number in 0..u64::from(rate) * seconds {
        let due = begin + Duration::from_nanos(number * 1_000_000_000 / u64::from(rate));
        tokio::time::sleep_until(due.into()).await;
        let (kind, body) = mix.request();
        let asking = asking.clone();
        answers.spawn(async move { (kind, asking.ask(body).await.map(drop), due.elapsed()) });
        while let Some(answer) = answers.try_join_next() {
            pressed.take(answer.map_err(broken)?);
        }
    }
    while let Some(answer) = answers.join_next().await {
        pressed.take(answer.map_err(broken)?);
    }
    Ok(pressed)
}

fn broken(error: tokio::task::JoinError) -> Error {
    Error::Asked(format!("a request broke off: {error}"))
}

impl Pressed {
    fn take(&mut self, (kind, answer, took): (Kind, Result<(), String>, Duration)) {
        let us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.all.saturating_record(us);
        if let Some((_, times)) = self.kinds.iter_mut().find(|(known, _)| *known == kind) {
            times.saturating_record(us);
        }
        if let Err(error) = answer {
            self.errors += 1;
            self.first_error.get_or_insert(error);
        }
    }
}

fn print(plan: &Plan, pressed: &Pressed) {
    let ms = |times: &Histogram<u64>, part: f64| times.value_at_quantile(part) as f64 / 1_000.0;
    let p99 = ms(&pressed.all, 0.99);
    println!(
        "\nP99 at {} requests a second is {p99:.1} ms, {:.2} of the {GOAL_P99_MS:.0} ms that are reached for.\n",
        grouped(plan.rate.into()),
        p99 / GOAL_P99_MS,
    );
    let mut table = Table::new(&["asked for", "requests", "median", "99 %", "99.9 %", "longest"]);
    let whole = [("all", &pressed.all)];
    let kinds = pressed.kinds.iter().map(|(kind, times)| (kind.name(), times));
    for (name, times) in whole.into_iter().chain(kinds) {
        table.row([
            name.to_owned(),
            grouped(times.len()),
            format!("{:.2} ms", ms(times, 0.5)),
            format!("{:.2} ms", ms(times, 0.99)),
            format!("{:.2} ms", ms(times, 0.999)),
            format!("{:.1} ms", times.max() as f64 / 1_000.0),
        ]);
    }
    println!("{table}");
    println!("{} answers were errors.", grouped(pressed.errors));
    if let Some(error) = &pressed.first_error {
        println!("The first: {error}");
    }
    println!("RESULT graphql.p99_ms {p99:.2} ms");
    println!("RESULT graphql.p50_ms {:.2} ms", ms(&pressed.all, 0.5));
    println!("RESULT graphql.errors {} answers", pressed.errors);
}
