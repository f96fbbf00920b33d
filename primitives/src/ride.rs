//! Rides as a company reports them: what happened, in columns, without amounts.

use crate::{BatchNumber, CityCode, CompanyId, Seat, H256};
use bounded_collections::{BoundedVec, ConstU32};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::fmt;
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// Rows that one batch may have. A row's index fits 16 bits.
pub const MAX_ROWS: u32 = 65_536;

/// One column of a batch.
pub type Column<T> = BoundedVec<T, ConstU32<MAX_ROWS>>;

/// How a ride ended.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum RideKind {
    /// The rider was brought to the destination.
    Trip,
    /// The rider cancelled, or did not come, when the driver was on the way or there.
    Cancelled,
}

impl RideKind {
    /// The byte in a batch's column and in a receipt.
    pub const fn to_byte(self) -> u8 {
        match self {
            Self::Trip => 0,
            Self::Cancelled => 1,
        }
    }

    /// The kind of a byte.
    pub const fn from_byte(byte: u8) -> Option<Self> {
        match byte {
            0 => Some(Self::Trip),
            1 => Some(Self::Cancelled),
            _ => None,
        }
    }
}

/// One ride.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ride {
    /// The order, a Snowflake id of the company.
    pub order: u64,
    /// The driver's seat in the company's ledger.
    pub seat: Seat,
    /// When the rider was picked up, or the ride cancelled, in seconds of the Unix epoch.
    pub pickup: u64,
    /// Metres driven with the rider.
    pub distance_m: u32,
    /// Seconds from pick-up to destination.
    pub duration_s: u32,
    /// Seconds the driver waited for the rider.
    pub waiting_s: u32,
    /// Tolls the driver paid, in fen.
    pub tolls_fen: u32,
    /// The multiplier for demand that the rider accepted, in thousandths: 1000 is none.
    pub surge_permille: u16,
    /// How it ended.
    pub kind: RideKind,
}

/// Closed rides of one company in one city. All columns have the same length, and the orders ascend.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct RideBatch {
    /// The company whose rides these are and who pays for them.
    pub company: CompanyId,
    /// One more than the company's last batch.
    pub number: BatchNumber,
    /// Where: names the tariff.
    pub city: CityCode,
    /// Seconds of the Unix epoch to which the pick-ups are relative.
    pub base_time: u64,
    /// Root of the tree of evidence, one leaf a ride in the order of the rows. Kept for disputes.
    pub evidence_root: H256,
    /// Order ids, ascending.
    pub orders: Column<u64>,
    /// Seats of the drivers.
    pub seats: Column<u32>,
    /// Pick-ups in seconds after `base_time`.
    pub pickups: Column<u32>,
    /// Distances in metres.
    pub distances_m: Column<u32>,
    /// Durations in seconds.
    pub durations_s: Column<u32>,
    /// Waiting in seconds.
    pub waitings_s: Column<u32>,
    /// Tolls in fen.
    pub tolls_fen: Column<u32>,
    /// Multipliers in thousandths.
    pub surges_permille: Column<u16>,
    /// Kinds, as bytes of [`RideKind`].
    pub kinds: Column<u8>,
}

/// What is wrong with a row.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub enum RowFault {
    /// The order id is not higher than the one before.
    OrderOrder,
    /// The company's ledger has no such seat: enrol the driver first.
    UnknownDriver,
    /// The driver does not work for the company now.
    InactiveDriver,
    /// The kind is no byte of `RideKind`.
    Kind,
    /// The pick-up is before the first tariff of the city.
    NoTariff,
    /// The ride ends in the future.
    Future,
    /// Longer than the tariff's limit.
    Distance,
    /// Longer in time than the tariff's limit.
    Duration,
    /// Waited longer than the tariff's limit.
    Waiting,
    /// More tolls than the tariff's limit.
    Tolls,
    /// The multiplier is below 1000 or above the tariff's limit.
    Surge,
    /// A cancelled ride has a distance, a duration or tolls.
    CancelledButDriven,
}

impl fmt::Display for RowFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OrderOrder => {
                "its order id is not higher than the one before: sort by order, without repeats"
            }
            Self::UnknownDriver => {
                "its driver has no seat in the company's ledger: enrol the driver first"
            }
            Self::InactiveDriver => {
                "its driver is not active in the company: settle it when the driver is reinstated"
            }
            Self::Kind => "its kind is unknown: 0 is a trip, 1 a cancelled ride",
            Self::NoTariff => {
                "no tariff was in force at its pick-up: approve one that begins earlier"
            }
            Self::Future => "it ends in the future: check the clock",
            Self::Distance => "its distance is over the tariff's limit",
            Self::Duration => "its duration is over the tariff's limit",
            Self::Waiting => "its waiting is over the tariff's limit",
            Self::Tolls => "its tolls are over the tariff's limit",
            Self::Surge => "its multiplier is below 1000 or over the tariff's limit",
            Self::CancelledButDriven => "a cancelled ride has no distance, duration or tolls",
        })
    }
}

impl core::error::Error for RowFault {}

/// The columns of a batch do not have the same length, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ragged;

impl RideBatch {
    /// A batch without rows.
    pub fn new(company: CompanyId, number: BatchNumber, city: CityCode, base_time: u64) -> Self {
        Self {
            company,
            number,
            city,
            base_time,
            evidence_root: H256::zero(),
            orders: Default::default(),
            seats: Default::default(),
            pickups: Default::default(),
            distances_m: Default::default(),
            durations_s: Default::default(),
            waitings_s: Default::default(),
            tolls_fen: Default::default(),
            surges_permille: Default::default(),
            kinds: Default::default(),
        }
    }

    /// Adds a row. Refuses a ride before `base_time` or more than 136 years after it, and the row after
    /// [`MAX_ROWS`]; nothing is added then.
    pub fn push(&mut self, ride: &Ride) -> Result<(), BatchFull> {
        let offset = ride.pickup.checked_sub(self.base_time).ok_or(BatchFull::Time)?;
        let offset = u32::try_from(offset).map_err(|_| BatchFull::Time)?;
        if self.orders.len() >= MAX_ROWS as usize {
            return Err(BatchFull::Rows);
        }
        let full = |_| BatchFull::Rows;
        self.orders.try_push(ride.order).map_err(full)?;
        self.seats.try_push(ride.seat.0).map_err(|_| BatchFull::Rows)?;
        self.pickups.try_push(offset).map_err(|_| BatchFull::Rows)?;
        self.distances_m.try_push(ride.distance_m).map_err(|_| BatchFull::Rows)?;
        self.durations_s.try_push(ride.duration_s).map_err(|_| BatchFull::Rows)?;
        self.waitings_s.try_push(ride.waiting_s).map_err(|_| BatchFull::Rows)?;
        self.tolls_fen.try_push(ride.tolls_fen).map_err(|_| BatchFull::Rows)?;
        self.surges_permille.try_push(ride.surge_permille).map_err(|_| BatchFull::Rows)?;
        self.kinds.try_push(ride.kind.to_byte()).map_err(|_| BatchFull::Rows)
    }

    /// The number of rows, if every column has it.
    pub fn rows(&self) -> Result<usize, Ragged> {
        let rows = self.orders.len();
        let others = [
            self.seats.len(),
            self.pickups.len(),
            self.distances_m.len(),
            self.durations_s.len(),
            self.waitings_s.len(),
            self.tolls_fen.len(),
            self.surges_permille.len(),
            self.kinds.len(),
        ];
        if rows == 0 || others.iter().any(|len| *len != rows) {
            return Err(Ragged);
        }
        Ok(rows)
    }

    /// The ride in a row. `None` beyond the shortest column.
    pub fn ride(&self, row: usize) -> Option<Result<Ride, RowFault>> {
        let Some(kind) = RideKind::from_byte(*self.kinds.get(row)?) else {
            return Some(Err(RowFault::Kind));
        };
        Some(Ok(Ride {
            order: *self.orders.get(row)?,
            seat: Seat(*self.seats.get(row)?),
            pickup: self.base_time.saturating_add((*self.pickups.get(row)?).into()),
            distance_m: *self.distances_m.get(row)?,
            duration_s: *self.durations_s.get(row)?,
            waiting_s: *self.waitings_s.get(row)?,
            tolls_fen: *self.tolls_fen.get(row)?,
            surge_permille: *self.surges_permille.get(row)?,
            kind,
        }))
    }
}

/// Why a ride does not go into a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchFull {
    /// The batch has [`MAX_ROWS`] rows: begin the next.
    Rows,
    /// The pick-up is before the batch's base time, or 136 years after it.
    Time,
}

impl fmt::Display for BatchFull {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rows => write!(f, "the batch has {MAX_ROWS} rows: begin the next one"),
            Self::Time => write!(
                f,
                "the pick-up is before the batch's base time: begin a batch at the earliest ride"
            ),
        }
    }
}

impl core::error::Error for BatchFull {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fare::tests::any_ride;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn rides_come_out_of_the_columns_as_they_went_in(rides in proptest::collection::vec(any_ride(), 1..50)) {
            let mut batch = RideBatch::new(CompanyId(1), BatchNumber(1), CityCode(440300), 1_500_000_000);
            for ride in &rides {
                batch.push(ride).unwrap();
            }
            let back = RideBatch::decode(&mut &batch.encode()[..]).unwrap();
            prop_assert_eq!(back.rows(), Ok(rides.len()));
            for (row, ride) in rides.iter().enumerate() {
                prop_assert_eq!(back.ride(row), Some(Ok(*ride)));
            }
            prop_assert_eq!(back.ride(rides.len()), None);
        }
    }

    #[test]
    fn ragged_columns_are_found() {
        let mut batch = RideBatch::new(CompanyId(1), BatchNumber(1), CityCode(1), 0);
        assert_eq!(batch.rows(), Err(Ragged));
        batch.orders.try_push(1).unwrap();
        assert_eq!(batch.rows(), Err(Ragged));
    }

    /// Bytes from outside never panic, and never make more rows than the bound.
    #[test]
    fn any_bytes_decode_within_the_bound_or_fail() {
        bolero::check!().for_each(|bytes: &[u8]| {
            if let Ok(batch) = RideBatch::decode(&mut &bytes[..]) {
                assert!(batch.orders.len() <= MAX_ROWS as usize);
                for row in 0..batch.rows().unwrap_or(0) {
                    let _ = batch.ride(row).expect("a row below the common length");
                }
            }
        });
    }
}
