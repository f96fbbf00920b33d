//! The peer of settlement: plain transfers of balances, as the node's own pallet makes them.

use smartlink_chain::{calls, submit::sign_immortal, Account, At, Chain};
use smartlink_primitives::Money;

use super::{
    press::{press, wait_until_quiet, Pressure},
    window::{Counted, Window},
};
use crate::{
    background::compute,
    staff::{PATIENCE, PLATFORMS},
    table::grouped,
    Error,
};

/// Accounts that pay each other.
const PAYERS: usize = 256;
/// Payers that one transaction funds.
const FUNDED_AT_ONCE: usize = 64;
/// More transfers a second than the node makes.
const MOST_PER_SECOND: u64 = 4_000;
/// Transfers that wait in the pool.
const DEPTH: u64 = 20_000;

/// Measures transfers a second with a full pool, and waits until the pool is empty again.
pub(super) async fn measure(chain: &Chain, seconds: u64) -> Result<Window, Error> {
    let payers: Vec<Account> = (0..PAYERS)
        .map(|number| Account::from_uri(&format!("//bench//{number}")))
        .collect::<Result<_, _>>()?;
    fund(chain, &payers).await?;
    let transfers = MOST_PER_SECOND * seconds;
    println!("Signing {} transfers ...", grouped(transfers));
    let (at, signers) = (chain.at_finalized().await?, payers.clone());
    let signed = compute(move || sign(&at, &signers, transfers)).await?;
    println!("The node gets them for {seconds} s ...");
    let senders = payers.iter().map(Account::id).collect();
    let pressure = Pressure { signed, senders, depth: DEPTH, counted: Counted::Transfers, seconds };
    let window = press(chain, pressure).await?;
    wait_until_quiet(chain).await?;
    Ok(window)
}

async fn fund(chain: &Chain, payers: &[Account]) -> Result<(), Error> {
    let rich = Account::from_uri(PLATFORMS[0].admin)?;
    for payers in payers.chunks(FUNDED_AT_ONCE) {
        let items =
            payers.iter().map(|payer| calls::transfer_in_batch(payer.id(), Money::yuan(10_000)));
        chain.execute_in_block(&rich, &calls::batch_all(items.collect()), PATIENCE).await?;
    }
    Ok(())
}

fn sign(at: &At, payers: &[Account], transfers: u64) -> Result<Vec<Vec<u8>>, Error> {
    let mut signed = Vec::new();
    for nonce in 0..transfers / payers.len() as u64 {
        for (place, payer) in payers.iter().enumerate() {
            let to = payers[(place + 1) % payers.len()].id();
            signed.push(sign_immortal(at, payer, &calls::transfer(to, Money::fen(1)), nonce)?);
        }
    }
    Ok(signed)
}
