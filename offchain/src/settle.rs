//! Sends a company's batches, several in flight, and checks each against its recomputation.

use std::{collections::VecDeque, time::Duration};

use smartlink_chain::{
    api::settlement::events::BatchSettled, calls, submit::LIFETIME, Account, Chain, Included,
    Pending,
};
use smartlink_primitives::{ride::RideBatch, BatchNumber, Money};

use crate::{
    error::differs,
    recompute::{CompanyExpected, Expected},
    Error,
};

/// Batches of one company that may be in flight.
const IN_FLIGHT: usize = 4;
/// How long a batch may take until it is final: finality may lag by minutes on a small machine.
const PATIENCE: Duration = Duration::from_secs(600);
const _: () = assert!(PATIENCE.as_secs() < LIFETIME.as_secs());

/// A batch that is final, and is what it must be.
#[derive(Clone, Copy, Debug)]
pub struct SettledBatch {
    /// Its number.
    pub number: BatchNumber,
    /// Its rides.
    pub rides: u64,
    /// What riders paid.
    pub gross: Money,
    /// The height of its block.
    pub block: u64,
    /// Time from sending to the first block.
    pub in_block_after: Duration,
    /// Time from sending until its block was final.
    pub final_after: Duration,
}

/// Settles batches that follow on each other, and reports each when it is final.
///
/// # Errors
/// The chain refused a batch, or settled it otherwise than recomputed.
pub async fn settle(
    chain: &Chain,
    worker: &Account,
    batches: Vec<RideBatch>,
    expected: &CompanyExpected,
    mut report: impl FnMut(&SettledBatch),
) -> Result<Vec<SettledBatch>, Error> {
    let mut settled = Vec::with_capacity(batches.len());
    let mut waiting = batches.into_iter().zip(&expected.batches);
    let mut in_flight: VecDeque<(BatchNumber, &Expected, Pending)> = VecDeque::new();
    loop {
        while in_flight.len() < IN_FLIGHT {
            let Some((batch, expected)) = waiting.next() else {
                break;
            };
            let number = batch.number;
            in_flight.push_back((
                number,
                expected,
                chain.submit(worker, &calls::settle(batch)).await?,
            ));
        }
        let Some((number, expected, pending)) = in_flight.pop_front() else {
            return Ok(settled);
        };
        let included = pending.finalized(PATIENCE).await?;
        let batch = check(number, expected, &included)?;
        report(&batch);
        settled.push(batch);
    }
}

/// Compares what the chain says of a batch with its recomputation.
///
/// # Errors
/// Names the first figure that differs.
pub fn check(
    number: BatchNumber,
    expected: &Expected,
    included: &Included,
) -> Result<SettledBatch, Error> {
    let event: BatchSettled = included.event("Settlement::BatchSettled")?;
    let sums = &expected.sums;
    same(number, "number", event.number.0 .0, number.0)?;
    same(number, "count of rides", u64::from(event.rides), sums.rides)?;
    same(number, "gross", event.gross.0, sums.gross)?;
    same(number, "drivers' part", event.drivers.0, sums.drivers)?;
    same(number, "platform's part", event.platform.0, sums.platform)?;
    same(number, "third parties' part", event.third_parties.0, sums.third_parties)?;
    if event.receipts_root != expected.receipts_root {
        let (chain, own) =
            (format!("{:?}", event.receipts_root), format!("{:?}", expected.receipts_root));
        return Err(differs(&format!("{number}: root of the receipts"), chain, own));
    }
    Ok(SettledBatch {
        number,
        rides: sums.rides,
        gross: sums.gross,
        block: included.number,
        in_block_after: included.in_block_after,
        final_after: included.final_after.unwrap_or(included.in_block_after),
    })
}

fn same<T: PartialEq + std::fmt::Display>(
    number: BatchNumber,
    what: &str,
    chain: T,
    own: T,
) -> Result<(), Error> {
    if chain == own {
        Ok(())
    } else {
        Err(differs(&format!("{number}: {what}"), chain, own))
    }
}
