//! The indexer: blocks and events a second while it catches up with one local node, and how long after its finality a block is
//! in the index.

mod after;
pub(super) mod chain;
mod indexer;

use std::{net::SocketAddr, path::PathBuf};

use smartlink_clickhouse::{Engine, EngineConfig, Store, StoreConfig};
use smartlink_devnet::{Consortium, Options};

use super::{FIRST_FINALITY, POOL};
use crate::{
    table::{grouped, Table},
    Error,
};
use after::Times;
use indexer::Stretch;

pub(super) use indexer::Indexer;

/// Blocks a second that are reached for, of nearly empty ones.
const BLOCKS_GOAL: f64 = 2_000.0;
/// Events a second that are reached for, of full blocks.
const EVENTS_GOAL: f64 = 50_000.0;
/// Milliseconds from the notice of finality to the row that are reached for.
const AFTER_GOAL: f64 = 100.0;
/// The index's database.
const DATABASE: &str = "bench_index";

/// What to measure.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The node's binary.
    pub node: PathBuf,
    /// The indexer's binary.
    pub indexer: PathBuf,
    /// Nearly empty blocks.
    pub blocks: u32,
    /// Seconds for which the chain is followed.
    pub seconds: u64,
    /// Where chains that were made are kept for later runs.
    pub chains: PathBuf,
}

/// Makes a chain where there is none yet, and measures an index of it.
///
/// # Errors
/// A program does not start or ends, or rows are missing.
pub async fn run(plan: &Plan) -> Result<(), Error> {
    let made = chain::made(plan).await?;
    let folder = tempfile::tempdir()
        .map_err(|source| Error::Io { what: "making a folder for ClickHouse", source })?;
    let engine = Engine::start(EngineConfig {
        path: folder.path().join("data"),
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        ..EngineConfig::default()
    });
    let engine = engine.await.map_err(|error| Error::Asked(error.to_string()))?;
    let options = Options::new(&plan.node).validators(1).base_path(&made.folder).extra_args(POOL);
    println!("Starting the node on that chain, and the embedded ClickHouse ...");
    let mut node = Consortium::start(options).await?;
    let last = made.parts.last().map_or(1, |part| part.last);
    node.wait_finalized(u64::from(last) + 1, FIRST_FINALITY).await?;
    let config =
        StoreConfig { url: engine.url(), database: DATABASE.to_owned(), ..StoreConfig::default() };
    let indexer = Indexer {
        binary: plan.indexer.clone(),
        node: node.node(0).url(),
        store: Store::connect(&config),
        config,
    };
    let mut stretches = Vec::new();
    // Tables are made, and what it takes to read the genesis is not a matter of blocks.
    indexer.bring_to(0).await?;
    for part in &made.parts {
        println!("Indexing {} up to block {} ...", part.what, grouped(part.last.into()));
        let stretch = indexer.bring_to(part.last).await?;
        println!("  {}", stretch.stages);
        stretches.push((part, stretch));
    }
    println!("Following the chain for {} s ...", plan.seconds);
    let times = after::measure(&indexer, &node.chain(0)?, plan.seconds).await?;
    node.stop().await;
    engine.stop().await;
    print(&stretches, &times);
    Ok(())
}

fn print(stretches: &[(&chain::Part, Stretch)], times: &Times) {
    let of = |kind: chain::Kind| {
        stretches.iter().find(|(part, _)| part.kind == kind).map(|(_, stretch)| stretch)
    };
    let blocks = of(chain::Kind::NearlyEmpty).map_or(0.0, Stretch::blocks_per_second);
    let events = of(chain::Kind::Transfers).map_or(0.0, Stretch::events_per_second);
    println!(
        "\n{:.2} of the {} nearly empty blocks a second that are reached for, {:.2} of the {} events a second, \
         and {:.2} of the {AFTER_GOAL:.0} ms (99 %).\n",
        blocks / BLOCKS_GOAL,
        grouped(BLOCKS_GOAL as u64),
        events / EVENTS_GOAL,
        grouped(EVENTS_GOAL as u64),
        times.quantile(0.99) / AFTER_GOAL,
    );
    let mut table = Table::new(&[
        "catching up",
        "blocks",
        "events",
        "seconds",
        "blocks a second",
        "events a second",
        "events a block",
    ]);
    for (part, stretch) in stretches {
        table.row([
            part.what.to_owned(),
            grouped(stretch.blocks),
            grouped(stretch.events),
            format!("{:.2}", stretch.seconds),
            grouped(stretch.blocks_per_second() as u64),
            grouped(stretch.events_per_second() as u64),
            format!("{:.1}", stretch.events as f64 / stretch.blocks.max(1) as f64),
        ]);
    }
    println!("{table}");
    let ms = |part: f64| format!("{:.1} ms", times.quantile(part));
    let mut table = Table::new(&["following", "blocks", "median", "99 %", "longest"]);
    table.row([
        "from the notice of finality to the row in `blocks`".to_owned(),
        grouped(times.count() as u64),
        ms(0.5),
        ms(0.99),
        ms(1.0),
    ]);
    println!("{table}");
    println!("RESULT index.blocks_per_second {blocks:.0} blocks/s");
    println!("RESULT index.events_per_second {events:.0} events/s");
    if let Some(rides) = of(chain::Kind::Rides) {
        println!("RESULT index.ride_blocks_per_second {:.1} blocks/s", rides.blocks_per_second());
    }
    println!("RESULT index.after_finality_median_ms {:.1} ms", times.quantile(0.5));
    println!("RESULT index.after_finality_ms {:.1} ms", times.quantile(0.99));
}
