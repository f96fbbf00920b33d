//! Measures the chain on this machine, beside its peer in the same run.

mod press;
mod rides;
mod transfers;
mod window;

use std::{path::PathBuf, time::Duration};

use smartlink_chain::{queries, Chain};
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
    println!("The node is {}: {}.", plan.node.display(), version(plan).await?);
    let consortium = start(plan, 1).await?;
    let chain = consortium.chain(0)?;
    println!("Sessions of {} slots.", queries::session_slots(&chain.at_finalized().await?)?);
    let prepared = rides::set_up(&chain, plan.seconds).await?;
    let transfers = watched(consortium, |chain| async move {
        transfers::measure(&chain, TRANSFER_SECONDS).await
    });
    let (consortium, transfers) = transfers.await?;
    let alone = rides::measure(&chain, &prepared, plan.seconds).await;
    let (consortium, alone) = explained(consortium, alone)?;
    consortium.stop().await;
    let together = match plan.validators {
        0 | 1 => None,
        validators => Some(several(plan, validators).await?),
    };
    print(plan, &transfers, &alone, together.as_ref());
    Ok(())
}
