//! Computes what the chain computes, a second time and without it: fares, shares, sums, every
//! driver's balance, and the root of the receipts.

use std::{collections::BTreeMap, ops::AddAssign};

use smartlink_primitives::{
    fare::fare,
    merkle,
    receipt::{Receipt, Settled},
    ride::{RideBatch, RowFault},
    split::Shares,
    tariff::{Tariff, TariffError},
    CompanyId, Money, Seat, TariffVersion, H256,
};

use crate::fleet::Roster;

/// Why rides cannot be computed.
#[derive(Debug, thiserror::Error)]
pub enum RecomputeError {
    /// The tariff is none.
    #[error("the tariff is wrong: {0}")]
    Tariff(TariffError),
    /// The columns have different lengths, or none.
    #[error("the columns of a batch differ in length, or are empty")]
    Ragged,
    /// A ride is out of bounds.
    #[error("row {row} of a batch: {fault}")]
    Row {
        /// The row, from 0.
        row: usize,
        /// What is wrong.
        fault: RowFault,
    },
}

/// Sums over rides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// Rides.
    pub rides: u64,
    /// What riders paid, tolls included.
    pub gross: Money,
    /// The drivers' part, tolls included.
    pub drivers: Money,
    /// The platform's part.
    pub platform: Money,
    /// The part of all others.
    pub third_parties: Money,
    /// The tolls in `gross`.
    pub tolls: Money,
}

impl AddAssign for Sums {
    fn add_assign(&mut self, other: Self) {
        self.rides += other.rides;
        self.gross += other.gross;
        self.drivers += other.drivers;
        self.platform += other.platform;
        self.third_parties += other.third_parties;
        self.tolls += other.tolls;
    }
}

/// A batch as it must come out.
#[derive(Clone, Debug)]
pub struct Expected {
    /// Its sums.
    pub sums: Sums,
    /// What each driver gets.
    pub seats: BTreeMap<Seat, Money>,
    /// The root of the tree of receipts.
    pub receipts_root: H256,
}

/// Computes a batch by the tariff of this version.
///
/// # Errors
/// Names the row that is out of bounds, or the fault of the tariff.
pub fn batch(
    batch: &RideBatch,
    tariff: &Tariff,
    version: TariffVersion,
    roster: &Roster,
) -> Result<Expected, RecomputeError> {
    let shares = tariff.split.shares().map_err(RecomputeError::Tariff)?;
    let rows = batch.rows().map_err(|_| RecomputeError::Ragged)?;
    let mut expected =
        Expected { sums: Sums::default(), seats: BTreeMap::new(), receipts_root: H256::zero() };
    let mut leaves = Vec::with_capacity(rows);
    for (row, index) in (0..rows).zip(0u32..) {
        let fault = |fault| RecomputeError::Row { row, fault };
        let settled = settled(batch, row, tariff, &shares).map_err(fault)?;
        let receipt =
            receipt(batch, &settled, version, roster).ok_or(fault(RowFault::UnknownDriver))?;
        leaves.push(receipt.leaf(index));
        *expected.seats.entry(settled.ride.seat).or_default() += Money(receipt.driver_share.into());
        expected.sums += sums(&settled);
    }
    expected.receipts_root = merkle::root(leaves);
    Ok(expected)
}

fn settled(
    batch: &RideBatch,
    row: usize,
    tariff: &Tariff,
    shares: &Shares,
) -> Result<Settled, RowFault> {
    // Below the common length there is a ride in every row.
    let ride = batch.ride(row).unwrap_or(Err(RowFault::Kind))?;
    Ok(Settled::new(ride, fare(&tariff.table, &ride)?, shares))
}

fn sums(settled: &Settled) -> Sums {
    let [_, platform, third @ ..] = settled.parts;
    Sums {
        rides: 1,
        gross: Money(settled.fare.total().into()),
        drivers: Money(settled.driver_share().into()),
        platform: Money(platform),
        third_parties: Money(third.iter().sum()),
        tolls: Money(settled.fare.tolls.into()),
    }
}

fn receipt(
    batch: &RideBatch,
    settled: &Settled,
    version: TariffVersion,
    roster: &Roster,
) -> Option<Receipt> {
    let driver = roster.in_seat(settled.ride.seat)?;
    Some(Receipt {
        company: batch.company,
        batch: batch.number,
        order: settled.ride.order,
        driver: driver.driver,
        account: driver.account.0,
        tariff: version,
        kind: settled.ride.kind,
        pickup: settled.ride.pickup,
        distance_m: settled.ride.distance_m,
        duration_s: settled.ride.duration_s,
        waiting_s: settled.ride.waiting_s,
        surge_permille: settled.ride.surge_permille,
        fare: settled.fare.fare,
        tolls: settled.fare.tolls,
        driver_share: settled.driver_share(),
    })
}

/// What a company's batches must come to together.
#[derive(Clone, Debug)]
pub struct CompanyExpected {
    /// The company.
    pub company: CompanyId,
    /// Each batch.
    pub batches: Vec<Expected>,
    /// Their sums.
    pub sums: Sums,
    /// What each driver gets in all of them.
    pub seats: BTreeMap<Seat, Money>,
}

impl CompanyExpected {
    /// Computes all batches of a company.
    ///
    /// # Errors
    /// Names the row that is out of bounds, or the fault of the tariff.
    pub fn new(
        company: CompanyId,
        batches: &[RideBatch],
        tariff: &Tariff,
        version: TariffVersion,
        roster: &Roster,
    ) -> Result<Self, RecomputeError> {
        let each = batches.iter().map(|one| batch(one, tariff, version, roster));
        let batches: Vec<Expected> = each.collect::<Result<_, _>>()?;
        let (mut sums, mut seats) = (Sums::default(), BTreeMap::<Seat, Money>::new());
        for one in &batches {
            sums += one.sums;
            for (seat, money) in &one.seats {
                *seats.entry(*seat).or_default() += *money;
            }
        }
        Ok(Self { company, batches, sums, seats })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{city, fleet::tests::roster};
    use smartlink_primitives::BatchNumber;

    #[test]
    fn nothing_appears_or_disappears_between_riders_and_those_who_are_paid() {
        let (day, roster) = (city::day(5, 2_000).unwrap(), roster(40));
        for company in &day.companies {
            let batches = company.batches(day.city, BatchNumber(1), 300, &roster).unwrap();
            let whole = CompanyExpected::new(
                company.company,
                &batches,
                &day.tariff,
                TariffVersion(1),
                &roster,
            )
            .unwrap();
            let Sums { rides, gross, drivers, platform, third_parties, .. } = whole.sums;
            assert_eq!(rides, company.trips.len() as u64);
            assert_eq!(gross.units(), drivers.units() + platform.units() + third_parties.units());
            assert_eq!(whole.seats.values().copied().sum::<Money>(), drivers);
        }
    }

    #[test]
    fn a_row_out_of_bounds_is_named() {
        let (day, roster) = (city::day(5, 100).unwrap(), roster(1));
        let mut batches = day.companies[0].batches(day.city, BatchNumber(1), 100, &roster).unwrap();
        batches[0].surges_permille[3] = 999;
        let error = batch(&batches[0], &day.tariff, TariffVersion(1), &roster).unwrap_err();
        assert!(matches!(error, RecomputeError::Row { row: 3, fault: RowFault::Surge }), "{error}");
    }
}
