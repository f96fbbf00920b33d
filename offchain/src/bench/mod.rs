//! Measures the chain on this machine, beside its peer in the same run.

mod press;
mod rides;
mod transfers;
mod window;

use std::path::PathBuf;

use smartlink_devnet::{Consortium, Options};

use crate::{
    table::{grouped, Table},
    Error,
};
use window::Window;

/// Seconds for which transfers are measured.
const TRANSFER_SECONDS: u64 = 25;
/// Limits of the node's pool: load that waits must not be turned away.
const POOL: [&str; 4] = ["--pool-limit", "200000", "--pool-kbytes", "4000000"];

/// What to measure.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The node's binary.
    pub node: PathBuf,
    /// Seconds for which settlement is measured.
    pub seconds: u64,
    /// Also measures so many validators together on this machine, when more than one.
    pub validators: usize,
}

/// Measures settlement against transfers on one authority, and settlement on several.
///
/// # Errors
/// A node did not start or refused the load, or nothing was included.
pub async fn settle(plan: &Plan) -> Result<(), Error> {
    let mut consortium = start(plan, 1).await?;
    let chain = consortium.chain(0)?;
    let prepared = rides::set_up(&chain).await?;
    let transfers = transfers::measure(&chain, TRANSFER_SECONDS).await?;
    consortium.node_mut(0).check_alive()?;
    let alone = rides::measure(&chain, &prepared, plan.seconds).await?;
    consortium.stop().await;
    let together = match plan.validators {
        0 | 1 => None,
        validators => Some(several(plan, validators).await?),
    };
    print(plan, &transfers, &alone, together.as_ref());
    Ok(())
}

async fn several(plan: &Plan, validators: usize) -> Result<Window, Error> {
    let consortium = start(plan, validators).await?;
    let chain = consortium.chain(0)?;
    let prepared = rides::set_up(&chain).await?;
    let window = rides::measure(&chain, &prepared, plan.seconds).await?;
    consortium.stop().await;
    Ok(window)
}

async fn start(plan: &Plan, validators: usize) -> Result<Consortium, Error> {
    println!("Starting {validators} validator{} ...", if validators == 1 { "" } else { "s" });
    let options = Options::new(&plan.node).validators(validators).extra_args(POOL);
    let mut consortium = Consortium::start(options).await?;
    consortium.wait_finalized(1, std::time::Duration::from_secs(120)).await?;
    Ok(consortium)
}

fn print(plan: &Plan, transfers: &Window, alone: &Window, together: Option<&Window>) {
    let ratio = alone.per_second() / transfers.per_second();
    println!("\nSettled rides to balance transfers, on the same node: {ratio:.1} to 1.\n");
    let mut table = Table::new(&["", "a second", "seconds", "blocks", "in all", "empty blocks"]);
    let mut add = |name: String, window: &Window| {
        table.row([
            name,
            grouped(window.per_second() as u64),
            format!("{:.1}", window.seconds()),
            grouped(window.blocks),
            grouped(window.items),
            grouped(window.empty_blocks),
        ]);
    };
    add("rides settled, one validator".to_owned(), alone);
    add("balance transfers, one validator".to_owned(), transfers);
    if let Some(window) = together {
        add(format!("rides settled, {} validators", plan.validators), window);
    }
    println!("{table}");
    println!("RESULT settle.ratio_to_transfers {ratio:.2} ratio");
    println!("RESULT settle.rides_per_second {:.0} rides/s", alone.per_second());
    println!("RESULT settle.transfers_per_second {:.1} tx/s", transfers.per_second());
    if let Some(window) = together {
        println!(
            "RESULT settle.rides_per_second_{} {:.0} rides/s",
            plan.validators,
            window.per_second()
        );
    }
}
