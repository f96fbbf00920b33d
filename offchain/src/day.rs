//! A day of rides, company by company, and its batches.

use smartlink_primitives::{
    merkle,
    ride::{BatchFull, Ride, RideBatch, RideKind},
    snowflake::{SnowflakeError, Snowflakes, EPOCH_MS},
    tariff::Tariff,
    BatchNumber, CityCode, CompanyId, Money,
};

use crate::{fleet::Roster, Error};

/// A ride before a driver and an order are given to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trip {
    /// Who settles it.
    pub company: CompanyId,
    /// Pick-up, or cancellation, in seconds of the Unix epoch.
    pub pickup: u64,
    /// Metres.
    pub distance_m: u32,
    /// Seconds.
    pub duration_s: u32,
    /// Seconds waited for the rider.
    pub waiting_s: u32,
    /// Tolls in fen.
    pub tolls_fen: u32,
    /// Multiplier for demand in thousandths.
    pub surge_permille: u16,
    /// How it ended.
    pub kind: RideKind,
    /// What the source says that it cost, for comparison.
    pub charged: Option<Money>,
}

/// The rides of one company, in the order of time.
#[derive(Clone, Debug)]
pub struct CompanyDay {
    /// The company.
    pub company: CompanyId,
    /// Its rides.
    pub trips: Vec<Trip>,
    orders: Vec<u64>,
}

/// A day of rides in a city.
#[derive(Clone, Debug)]
pub struct Day {
    /// Where the rides come from, for people.
    pub title: String,
    /// The city.
    pub city: CityCode,
    /// The prices of both companies.
    pub tariff: Tariff,
    /// The companies.
    pub companies: Vec<CompanyDay>,
}

impl Day {
    /// Sorts trips by company and time, and gives them order ids.
    ///
    /// # Errors
    /// A pick-up lies after 2089, or 4096 fall into one millisecond.
    pub fn new(
        title: String,
        city: CityCode,
        tariff: Tariff,
        trips: Vec<Trip>,
    ) -> Result<Self, Error> {
        let mut ids: Vec<CompanyId> = trips.iter().map(|trip| trip.company).collect();
        ids.sort_unstable();
        ids.dedup();
        let first = trips.iter().map(|trip| trip.pickup).min().unwrap_or(0);
        let companies = ids
            .into_iter()
            .map(|company| {
                let mut own: Vec<Trip> =
                    trips.iter().filter(|trip| trip.company == company).cloned().collect();
                own.sort_by_key(|trip| trip.pickup);
                let orders = order_ids(company, first, &own)?;
                Ok(CompanyDay { company, trips: own, orders })
            })
            .collect::<Result<_, SnowflakeError>>()?;
        Ok(Self { title, city, tariff, companies })
    }

    /// The number of rides.
    pub fn rides(&self) -> usize {
        self.companies.iter().map(|company| company.trips.len()).sum()
    }

    /// What the source says that all rides cost together. `None` when it does not say.
    pub fn charged(&self) -> Option<Money> {
        self.companies.iter().flat_map(|company| &company.trips).map(|trip| trip.charged).sum()
    }
}

/// Snowflakes at the time of the pick-up. They begin in 2020: rides of older files get the ids that an
/// import at the beginning of that epoch would give them, with the distances in time that they have.
fn order_ids(company: CompanyId, first: u64, trips: &[Trip]) -> Result<Vec<u64>, SnowflakeError> {
    let machine = u16::try_from(company.0).map_err(|_| SnowflakeError::Machine)?;
    let mut ids = Snowflakes::new(machine)?;
    let begin = EPOCH_MS.div_ceil(1000);
    let shift = begin.saturating_sub(first);
    trips.iter().map(|trip| ids.next((trip.pickup + shift) * 1000)).collect()
}

impl CompanyDay {
    /// Cuts the rides into batches of at most `rows`, numbered from `first`, with drivers of the roster
    /// in turn.
    ///
    /// # Errors
    /// The rides span more than 136 years, or `rows` is more than a batch takes.
    pub fn batches(
        &self,
        city: CityCode,
        first: BatchNumber,
        rows: usize,
        roster: &Roster,
    ) -> Result<Vec<RideBatch>, BatchFull> {
        let rides: Vec<Ride> =
            (0..self.trips.len()).map(|place| self.ride(place, roster)).collect();
        let batches = rides.chunks(rows.max(1)).enumerate().map(|(index, rides)| {
            let number = BatchNumber(first.0 + index as u64);
            batch(self.company, number, city, rides)
        });
        batches.collect()
    }

    fn ride(&self, place: usize, roster: &Roster) -> Ride {
        let trip = &self.trips[place];
        Ride {
            order: self.orders[place],
            seat: roster.in_turn(place).seat,
            pickup: trip.pickup,
            distance_m: trip.distance_m,
            duration_s: trip.duration_s,
            waiting_s: trip.waiting_s,
            tolls_fen: trip.tolls_fen,
            surge_permille: trip.surge_permille,
            kind: trip.kind,
        }
    }
}

/// A batch of rides whose orders ascend, with the root of what the platform keeps of them.
///
/// # Errors
/// There are too many rides for one batch, or they span more than 136 years.
pub fn batch(
    company: CompanyId,
    number: BatchNumber,
    city: CityCode,
    rides: &[Ride],
) -> Result<RideBatch, BatchFull> {
    let mut batch = columns(company, number, city, rides)?;
    batch.evidence_root = evidence_root(rides);
    Ok(batch)
}

/// A batch of rides whose orders ascend, without a root of evidence.
///
/// # Errors
/// There are too many rides for one batch, or they span more than 136 years.
pub fn columns(
    company: CompanyId,
    number: BatchNumber,
    city: CityCode,
    rides: &[Ride],
) -> Result<RideBatch, BatchFull> {
    let base_time = rides.iter().map(|ride| ride.pickup).min().unwrap_or(0);
    let mut batch = RideBatch::new(company, number, city, base_time);
    for ride in rides {
        batch.push(ride)?;
    }
    Ok(batch)
}

/// The root over what a platform keeps of each ride. Here that is the order's id: the routes and
/// recordings that a real platform hashes are not part of this data.
fn evidence_root(rides: &[Ride]) -> smartlink_primitives::H256 {
    let leaves =
        rides.iter().zip(0u32..).map(|(ride, row)| merkle::leaf(row, &ride.order.to_be_bytes()));
    merkle::root(leaves.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{fleet::tests::roster, prices};

    fn trip(company: u32, pickup: u64) -> Trip {
        Trip {
            company: CompanyId(company),
            pickup,
            distance_m: 3_000,
            duration_s: 600,
            waiting_s: 0,
            tolls_fen: 0,
            surge_permille: 1000,
            kind: RideKind::Trip,
            charged: Some(Money::yuan(1)),
        }
    }

    #[test]
    fn orders_ascend_with_time_even_before_the_epoch_of_snowflakes() {
        let trips = [30, 10, 10, 20].map(|second| trip(1, 1_553_000_000 + second)).to_vec();
        let day = Day::new("test".into(), CityCode(36_061), prices::new_york(), trips).unwrap();
        let batches = day.companies[0].batches(day.city, BatchNumber(1), 3, &roster(2)).unwrap();
        assert_eq!(batches.iter().map(|b| b.rows().unwrap()).collect::<Vec<_>>(), [3, 1]);
        let orders: Vec<u64> = batches.iter().flat_map(|b| b.orders.iter().copied()).collect();
        assert!(orders.windows(2).all(|pair| pair[0] < pair[1]), "{orders:?}");
        assert_eq!(batches[1].number, BatchNumber(2));
    }

    #[test]
    fn every_trip_is_in_one_company() {
        let day = Day::new(
            "test".into(),
            CityCode(1),
            prices::shenzhen(),
            vec![trip(2, 1_800_000_000), trip(1, 1_800_000_000), trip(2, 1_800_000_001)],
        )
        .unwrap();
        assert_eq!(day.companies.iter().map(|c| c.trips.len()).collect::<Vec<_>>(), [1, 2]);
        assert_eq!((day.rides(), day.charged()), (3, Some(Money::yuan(3))));
    }
}
