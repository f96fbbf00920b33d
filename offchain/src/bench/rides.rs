//! Rides settled a second, with batches that were made and signed in advance.

use std::time::{SystemTime, UNIX_EPOCH};

use smartlink_chain::{calls, queries, submit::sign_immortal, Chain};
use smartlink_primitives::{
    ride::{Ride, RideKind},
    BatchNumber, Money, TariffVersion,
};

use super::{
    press::{press, Pressure},
    window::{Counted, Window},
};
use crate::{
    day::{columns, Day},
    fleet::{self, Roster},
    prices,
    prng::SplitMix,
    staff::{Staff, PLATFORMS},
    table::grouped,
    up, Error,
};

/// Rows in a batch.
const ROWS: u64 = 20_000;
/// Drivers: sixteen pages of the ledger.
const DRIVERS: usize = 4_096;
/// More rides a second than the chain settles.
const MOST_PER_SECOND: u64 = 400_000;
/// Batches that wait in the pool.
const DEPTH: u64 = 80;
/// What the company has for clearing: 37 yuan for each ride of a minute at that rate.
const CLEARING: Money = Money::yuan(900_000_000);

/// A company that is ready to settle.
pub(super) struct Prepared {
    staff: Staff,
    roster: Roster,
}

/// Registers drivers, tariff and money.
pub(super) async fn set_up(chain: &Chain) -> Result<Prepared, Error> {
    println!(
        "Registering {} drivers, a tariff, and {CLEARING} for clearing ...",
        grouped(DRIVERS as u64)
    );
    let staff = Staff::new(PLATFORMS[0])?;
    staff.hire(chain).await?;
    let roster = fleet::enrol(chain, &staff, DRIVERS).await?;
    let day = Day::new("a bench".to_owned(), prices::SHENZHEN, prices::shenzhen(), Vec::new())?;
    up::put_in_force(chain, &staff, &day, TariffVersion(1)).await?;
    up::fund(chain, &staff, CLEARING).await?;
    Ok(Prepared { staff, roster })
}

/// Measures rides a second with a full pool.
pub(super) async fn measure(
    chain: &Chain,
    prepared: &Prepared,
    seconds: u64,
) -> Result<Window, Error> {
    let signed = sign(chain, prepared, MOST_PER_SECOND * seconds / ROWS).await?;
    let (batches, rides) = (signed.len() as u64, signed.len() as u64 * ROWS);
    println!("{} batches of together {} rides are signed;", grouped(batches), grouped(rides));
    println!("the node gets them for {seconds} s ...");
    press(chain, Pressure { signed, depth: DEPTH, counted: Counted::Rides, seconds }).await
}

async fn sign(chain: &Chain, prepared: &Prepared, batches: u64) -> Result<Vec<Vec<u8>>, Error> {
    let at = chain.at_finalized().await?;
    let (company, worker) = (prepared.staff.company.id, &prepared.staff.worker);
    let done = queries::totals(&at, company).await?.batches;
    let nonce = chain.next_nonce(worker).await?;
    let yesterday = now()?.saturating_sub(86_400);
    let mut numbers = SplitMix::new(1);
    let mut signed = Vec::new();
    for index in 0..batches {
        let rides: Vec<Ride> = (0..ROWS)
            .map(|row| ride(&mut numbers, (done + index) * ROWS + row, yesterday, &prepared.roster))
            .collect();
        let number = BatchNumber(done + index + 1);
        let batch = columns(company, number, prices::SHENZHEN, &rides)
            .map_err(|e| Error::Asked(e.to_string()))?;
        signed.push(sign_immortal(&at, worker, &calls::settle(batch), nonce + index)?);
    }
    Ok(signed)
}

fn now() -> Result<u64, Error> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    Ok(since
        .map_err(|_| Error::Asked("the clock is before 1970: set it right".to_owned()))?
        .as_secs())
}

/// A short ride of a driver who is picked at random, so that a batch touches every page.
fn ride(numbers: &mut SplitMix, order: u64, from: u64, roster: &Roster) -> Ride {
    let distance_m = 800 + numbers.below(7_000);
    Ride {
        order: order + 1,
        seat: roster.in_turn(numbers.below(DRIVERS as u32) as usize).seat,
        pickup: from + u64::from(numbers.below(3_600)),
        distance_m,
        duration_s: 120 + distance_m / 6,
        waiting_s: numbers.below(240),
        tolls_fen: 0,
        surge_permille: 1_000,
        kind: RideKind::Trip,
    }
}
