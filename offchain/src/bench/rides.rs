//! Rides settled a second, with batches that were made and signed in advance.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use smartlink_chain::{calls, queries, submit::sign_immortal, Account, At, Chain};
use smartlink_primitives::{
    ride::{Ride, RideKind},
    BatchNumber, CompanyId, Money, TariffVersion,
};

use super::{
    press::{press, wait_until_quiet, Pressure},
    window::{Counted, Window},
};
use crate::{
    background::compute,
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
/// More than any of the rides costs, so that the money for clearing lasts: 48 million rides in two minutes
/// need 864 of the 1,000 million yuan in the company's treasury.
const DEAREST: Money = Money::yuan(18);
/// How often progress is printed.
const PROGRESS_SECONDS: u64 = 5;

/// A company that is ready to settle.
pub(super) struct Prepared {
    staff: Staff,
    roster: Roster,
}

/// Registers drivers, tariff and money for so many seconds.
pub(super) async fn set_up(chain: &Chain, seconds: u64) -> Result<Prepared, Error> {
    let clearing = Money(DEAREST.0 * u128::from(MOST_PER_SECOND * seconds));
    println!(
        "Registering {} drivers, a tariff, and {clearing} for clearing ...",
        grouped(DRIVERS as u64)
    );
    let staff = Staff::new(PLATFORMS[0])?;
    staff.hire(chain).await?;
    let roster = fleet::enrol(chain, &staff, DRIVERS).await?;
    let day = Day::new("a bench".to_owned(), prices::SHENZHEN, prices::shenzhen(), Vec::new())?;
    up::put_in_force(chain, &staff, &day, TariffVersion(1)).await?;
    up::fund(chain, &staff, clearing).await?;
    Ok(Prepared { staff, roster })
}

/// Measures rides a second with a full pool.
pub(super) async fn measure(
    chain: &Chain,
    prepared: &Prepared,
    seconds: u64,
) -> Result<Window, Error> {
    let (company, worker) = (prepared.staff.company.id, prepared.staff.worker.clone());
    let sender = worker.id();
    let at = chain.at_finalized().await?;
    let load = Load {
        company,
        done: queries::totals(&at, company).await?.batches,
        nonce: chain.next_nonce(&worker).await?,
        worker,
        roster: prepared.roster.clone(),
        yesterday: now()?.saturating_sub(86_400),
    };
    let batches = MOST_PER_SECOND * seconds / ROWS;
    println!("Signing {} batches of {} rides ...", grouped(batches), grouped(ROWS));
    let signed = compute(move || load.sign(&at, batches)).await?;
    wait_until_quiet(chain).await?;
    println!("The node gets them for {seconds} s ...");
    let (senders, counted) = (vec![sender], Counted::Rides);
    press(chain, Pressure { signed, senders, depth: DEPTH, counted, seconds }).await
}

/// What the batches are made from.
struct Load {
    company: CompanyId,
    /// Batches that are settled.
    done: u64,
    worker: Account,
    /// Of the worker's next transaction.
    nonce: u64,
    roster: Roster,
    /// Seconds of the Unix epoch.
    yesterday: u64,
}

impl Load {
    /// Signs everything before the node gets the first of it: signing would take the node's processors.
    fn sign(&self, at: &At, batches: u64) -> Result<Vec<Vec<u8>>, Error> {
        let mut numbers = SplitMix::new(1);
        let mut signed = Vec::new();
        let mut printed = Instant::now();
        for index in 0..batches {
            let rides: Vec<Ride> = (0..ROWS)
                .map(|row| {
                    let order = (self.done + index) * ROWS + row + 1;
                    ride(&mut numbers, order, self.yesterday, &self.roster)
                })
                .collect();
            let number = BatchNumber(self.done + index + 1);
            let batch = columns(self.company, number, prices::SHENZHEN, &rides)
                .map_err(|e| Error::Asked(e.to_string()))?;
            let nonce = self.nonce + index;
            signed.push(sign_immortal(at, &self.worker, &calls::settle(batch), nonce)?);
            if printed.elapsed().as_secs() >= PROGRESS_SECONDS {
                printed = Instant::now();
                println!("  {} of {} batches signed", grouped(index + 1), grouped(batches));
            }
        }
        Ok(signed)
    }
}

fn now() -> Result<u64, Error> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    Ok(since
        .map_err(|_| Error::Asked("the clock is before 1970: set it right".to_owned()))?
        .as_secs())
}

/// A short ride of a driver who is picked at random, so that a batch touches every page.
fn ride(numbers: &mut SplitMix, order: u64, from: u64, roster: &Roster) -> Ride {
    let distance_m = 800 + numbers.below(1_200);
    Ride {
        order,
        seat: roster.in_turn(numbers.below(DRIVERS as u32) as usize).seat,
        pickup: from + u64::from(numbers.below(3_600)),
        distance_m,
        duration_s: 120 + distance_m / 6,
        waiting_s: numbers.below(180),
        tolls_fen: 0,
        surge_permille: 1_000,
        kind: RideKind::Trip,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fleet::tests::roster;
    use smartlink_primitives::fare::fare;

    #[test]
    fn the_money_for_clearing_lasts_at_every_hour_of_the_week() {
        let (mut numbers, roster, tariff) = (SplitMix::new(7), roster(3), prices::shenzhen());
        for order in 0..7 * 24 * 20 {
            let hour = 1_781_452_800 + order / 20 * 3_600;
            let fare = fare(&tariff.table, &ride(&mut numbers, order + 1, hour, &roster)).unwrap();
            assert!(u128::from(fare.total()) <= DEAREST.units(), "{fare:?}");
        }
    }
}
