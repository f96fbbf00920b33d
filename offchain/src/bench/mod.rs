//! Measures the chain on this machine, beside its peer in the same run.

pub mod api;
pub mod day;
pub mod devices;
pub mod dispatch;
pub mod graphql;
pub mod index;
pub mod orders;
mod press;
mod rides;
mod transfers;
mod window;

use std::{path::PathBuf, time::Duration};

use smartlink_chain::queries;
use smartlink_devnet::{Consortium, Options};

use crate::{
    table::{grouped, Table},
    Error,
};
use window::Window;

/// The longest measurement: its batches are signed in advance, and take 1.7 GB of memory.
pub const MOST_SECONDS: u64 = 120;
/// Seconds for which transfers are measured.
const TRANSFER_SECONDS: u64 = 25;
/// How long nodes may take from their start to the first final block.
const FIRST_FINALITY: Duration = Duration::from_secs(120);
/// Limits of the node's pool: load that waits must not be turned away.
const POOL: [&str; 4] = ["--pool-limit", "200000", "--pool-kbytes", "4000000"];

/// What to measure.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The node's binary.
    pub node: PathBuf,
    /// Seconds for which settlement is measured, at most [`MOST_SECONDS`].
    pub seconds: u64,
    /// Also measures so many validators together on this machine, when more than one.
    pub validators: usize,
}

/// Measures settlement against transfers on one authority, then settlement on several.
///
/// # Errors
/// A node did not start or refused the load, or too little was included.
pub async fn settle(plan: &Plan) -> Result<(), Error> {
    println!("The node is {}, {}.", plan.node.display(), version(plan).await?);
    let (transfers, alone) = one(plan).await?;
    let together = match plan.validators {
        0 | 1 => None,
        validators => Some(several(plan, validators).await?),
    };
    print(plan, &transfers, &alone, together.as_ref());
    Ok(())
}

/// What the node's binary says of itself.
async fn version(plan: &Plan) -> Result<String, Error> {
    let output = tokio::process::Command::new(&plan.node).arg("--version").output().await;
    let output =
        output.map_err(|source| Error::Io { what: "asking the node's version", source })?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Transfers, then rides, on the same single authority.
async fn one(plan: &Plan) -> Result<(Window, Window), Error> {
    let mut consortium = start(plan, 1).await?;
    let chain = consortium.chain(0)?;
    let slots = queries::session_slots(&chain.at_finalized().await?)?;
    println!("Its chain has sessions of {slots} blocks.");
    let both = async {
        let prepared = rides::set_up(&chain, plan.seconds).await?;
        let transfers = transfers::measure(&chain, TRANSFER_SECONDS).await?;
        Ok((transfers, rides::measure(&chain, &prepared, plan.seconds).await?))
    };
    let both = both.await;
    let both = unless_ended(&mut consortium, both)?;
    consortium.stop().await;
    Ok(both)
}

/// Rides on several validators that share this machine.
async fn several(plan: &Plan, validators: usize) -> Result<Window, Error> {
    let mut consortium = start(plan, validators).await?;
    let chain = consortium.chain(0)?;
    let window = async {
        let prepared = rides::set_up(&chain, plan.seconds).await?;
        rides::measure(&chain, &prepared, plan.seconds).await
    };
    let window = window.await;
    let window = unless_ended(&mut consortium, window)?;
    consortium.stop().await;
    Ok(window)
}

/// A node that ended is the reason why a measurement failed.
fn unless_ended<T>(consortium: &mut Consortium, outcome: Result<T, Error>) -> Result<T, Error> {
    if outcome.is_err() {
        consortium.keep_folder();
        for place in 0..consortium.len() {
            consortium.node_mut(place).check_alive()?;
        }
    }
    outcome
}

async fn start(plan: &Plan, validators: usize) -> Result<Consortium, Error> {
    println!("Starting {validators} validator{} ...", if validators == 1 { "" } else { "s" });
    let options = Options::new(&plan.node).validators(validators).extra_args(POOL);
    let mut consortium = Consortium::start(options).await?;
    consortium.wait_finalized(1, FIRST_FINALITY).await?;
    Ok(consortium)
}

fn print(plan: &Plan, transfers: &Window, alone: &Window, together: Option<&Window>) {
    let ratio = alone.per_second() / transfers.per_second();
    println!("\nSettled rides to balance transfers, on the same node: {ratio:.1} to 1.\n");
    let mut table = Table::new(&[
        "",
        "a second",
        "seconds",
        "blocks",
        "empty blocks",
        "a block",
        "kB a block",
        "weight used",
    ]);
    let mut add = |name: String, window: &Window| {
        table.row([
            name,
            grouped(window.per_second() as u64),
            format!("{:.1}", window.seconds()),
            grouped(window.blocks),
            grouped(window.empty_blocks),
            grouped(window.items_per_block() as u64),
            grouped((window.bytes_per_block() / 1000.0) as u64),
            format!("{:.1} %", 100.0 * window.weight_used()),
        ]);
    };
    add("rides settled, one validator".to_owned(), alone);
    add("balance transfers, one validator".to_owned(), transfers);
    if let Some(window) = together {
        add(format!("rides settled, {} validators on this machine", plan.validators), window);
    }
    println!("{table}");
    println!("RESULT settle.ratio_to_transfers {ratio:.2} ratio");
    println!("RESULT settle.rides_per_second {:.0} rides/s", alone.per_second());
    if let Some(window) = together {
        let (validators, rides) = (plan.validators, window.per_second());
        println!("RESULT settle.rides_per_second_{validators} {rides:.0} rides/s");
    }
    println!("RESULT settle.transfers_per_second {:.1} tx/s", transfers.per_second());
}
