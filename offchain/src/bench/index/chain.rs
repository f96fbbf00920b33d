//! A chain to index, made by a real node: hours of nearly empty blocks on a clock that runs fast, then blocks full of transfers
//! and blocks of settled rides on the machine's own.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use smartlink_devnet::{Clock, Consortium, Options};

use super::{Plan, FIRST_FINALITY, POOL};
use crate::{
    bench::{rides, transfers, window::SLOT},
    table::grouped,
    Error,
};

/// How many times as fast as the machine's the clock of the first part runs.
const TIMES: u32 = 50;
/// How often that part's progress is printed.
const PROGRESS: Duration = Duration::from_secs(10);
/// How long a block of the first part may take on a machine that does much else, on the average.
const PATIENCE_A_BLOCK: Duration = Duration::from_millis(1_000);
/// Seconds of full blocks.
const TRANSFER_SECONDS: u64 = 30;
/// Seconds of rides.
const RIDE_SECONDS: u64 = 20;
/// The file that says what a chain has, written when it is made.
const CONTENTS: &str = "contents";

/// What the blocks of a part are full of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::bench) enum Kind {
    NearlyEmpty,
    Transfers,
    /// Drivers, a tariff and money, before rides can be settled.
    Preparation,
    Rides,
}

/// Blocks of one kind, up to `last`.
#[derive(Clone, Debug)]
pub(in crate::bench) struct Part {
    pub kind: Kind,
    pub what: &'static str,
    pub last: u32,
}

/// A chain.
pub(in crate::bench) struct Made {
    /// The folder of its node.
    pub folder: PathBuf,
    /// Its parts, in order.
    pub parts: Vec<Part>,
}

const KINDS: [(Kind, &str); 4] = [
    (Kind::NearlyEmpty, "nearly empty blocks"),
    (Kind::Transfers, "blocks full of transfers"),
    (Kind::Preparation, "drivers and a tariff"),
    (Kind::Rides, "blocks of settled rides"),
];

/// The chain that an earlier run made, or one that is made now.
///
/// # Errors
/// A node did not do it.
pub(in crate::bench) async fn made(plan: &Plan) -> Result<Made, Error> {
    let folder = plan.chains.join(format!("index-{}", plan.blocks));
    if let Ok(contents) = fs::read_to_string(folder.join(CONTENTS)) {
        println!(
            "The chain in {} is used; remove that folder to have another made.",
            folder.display()
        );
        return Ok(Made { parts: read(&contents)?, folder });
    }
    let failed = |what| move |source| Error::Io { what, source };
    if folder.exists() {
        // Half of one.
        fs::remove_dir_all(&folder).map_err(failed("removing half a chain"))?;
    }
    fs::create_dir_all(&folder).map_err(failed("making a folder for a chain"))?;
    let ends = make(plan, &folder).await?;
    let contents = ends.map(|last| last.to_string()).join(" ");
    fs::write(folder.join(CONTENTS), &contents).map_err(failed("noting a chain"))?;
    Ok(Made { parts: read(&contents)?, folder })
}

/// The parts, of the heights at which they end.
fn read(contents: &str) -> Result<Vec<Part>, Error> {
    let ends: Result<Vec<u32>, _> = contents.split_whitespace().map(str::parse).collect();
    match ends {
        Ok(ends) if ends.len() == KINDS.len() && ends.is_sorted() => Ok(KINDS
            .iter()
            .zip(ends)
            .map(|((kind, what), last)| Part { kind: *kind, what, last })
            .collect()),
        _ => Err(Error::Asked(format!(
            "the kept chain's file `{CONTENTS}` is broken: remove its folder"
        ))),
    }
}

async fn make(plan: &Plan, folder: &Path) -> Result<[u32; 4], Error> {
    let nearly_empty = hurry(plan, folder).await?;
    let options = Options::new(&plan.node).validators(1).base_path(folder).extra_args(POOL);
    let mut node = Consortium::start(options).await?;
    node.wait_finalized(u64::from(nearly_empty) + 1, FIRST_FINALITY).await?;
    let chain = node.chain(0)?;
    let height = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    transfers::measure(&chain, TRANSFER_SECONDS).await?;
    let transfers = height(chain.finalized_number().await?);
    let prepared = rides::set_up(&chain, RIDE_SECONDS).await?;
    let preparation = height(chain.finalized_number().await?);
    rides::measure(&chain, &prepared, RIDE_SECONDS).await?;
    let rides = height(chain.finalized_number().await?);
    node.stop().await;
    Ok([nearly_empty, transfers, preparation, rides])
}

/// Makes the nearly empty blocks. The height of the last final one.
async fn hurry(plan: &Plan, folder: &Path) -> Result<u32, Error> {
    println!(
        "Making {} blocks with a node whose clock runs {TIMES} times as fast, once for this and later runs ...",
        grouped(plan.blocks.into())
    );
    // Even if each block took three slots, it would not overtake the machine's clock.
    let clock = Clock { times: TIMES, behind: SLOT * plan.blocks * 3 };
    let options = Options::new(&plan.node).validators(1).base_path(folder).clock(clock);
    let mut node = Consortium::start(options).await?;
    let (began, mut printed) = (Instant::now(), Instant::now());
    loop {
        node.node_mut(0).check_alive()?;
        let last = node.chain(0)?.finalized_number().await?;
        if last >= u64::from(plan.blocks) {
            node.stop().await;
            return Ok(u32::try_from(last).unwrap_or(u32::MAX));
        }
        if began.elapsed() > FIRST_FINALITY + PATIENCE_A_BLOCK * plan.blocks {
            return Err(Error::Asked(format!(
                "the node made {last} blocks only: look at its log in {}",
                folder.display()
            )));
        }
        if printed.elapsed() > PROGRESS {
            printed = Instant::now();
            println!("  {} blocks are final after {} s", grouped(last), began.elapsed().as_secs());
        }
        tokio::time::sleep(SLOT / TIMES).await;
    }
}
