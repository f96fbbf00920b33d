//! What each ride of a settled batch paid to whom, computed anew.
//!
//! A batch's call has what was driven, its event the sums and the root of the receipts. So receipts are computed from what
//! the chain computed them from, the tariffs and the seats of that moment, with the chain's own functions, and are taken only
//! when sums and root are those of the event.

use std::{fmt, ops::Range, sync::Arc};

use smartlink_primitives::{
    fare::fare,
    merkle,
    receipt::{Receipt, Settled},
    ride::{Ride, RideBatch, RowFault},
    split::Shares,
    tariff::{InForce, Schedule, TariffError},
    CityCode, DriverId, Seat, TariffVersion, H256,
};

use super::{block::Hash, parts::side_by_side};

/// A batch that a block settled: what its event says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettledBatch {
    /// The event's place in the block.
    pub fact: u32,
    /// The extrinsic in which it was settled.
    pub extrinsic: Option<u32>,
    /// Whose rides they are.
    pub company: u32,
    /// Its number.
    pub number: u64,
    /// What riders paid, and the parts of it.
    pub sums: Sums,
    /// The root of the receipts.
    pub receipts_root: Hash,
    /// What calls of the block carry under this company and number: of several, one was settled.
    pub carried: Vec<Arc<RideBatch>>,
    /// Whether they are of the event's own extrinsic. Others may carry whatever they like.
    pub own: bool,
}

/// Sums over the rides of a batch, in units of 10⁻⁶ CNY.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// What riders paid, tolls included.
    pub gross: u128,
    /// The drivers' part, tolls included.
    pub drivers: u128,
    /// The platform's part.
    pub platform: u128,
    /// Everybody else's part.
    pub third_parties: u128,
}

/// The tariffs of a company in a city.
#[derive(Clone, Debug, Default)]
pub struct Terms {
    schedule: Schedule,
    /// The shares of each.
    shares: Vec<Shares>,
}

impl Terms {
    /// Of tariffs that are in force, each until the next begins.
    ///
    /// # Errors
    /// The shares of one are none.
    pub fn new(tariffs: Vec<InForce>) -> Result<Self, TariffError> {
        let schedule = Schedule::new(tariffs);
        let shares = schedule.iter().map(|one| one.tariff.split.shares()).collect::<Result<_, _>>();
        Ok(Self { shares: shares?, schedule })
    }

    /// What a ride costs and who gets what of it. `None`: no tariff of that time is known.
    fn price(&self, ride: Ride) -> Result<Option<(TariffVersion, Settled)>, RowFault> {
        let Some(place) = self.schedule.at(ride.pickup) else { return Ok(None) };
        let (Some(one), Some(shares)) = (self.schedule.get(place), self.shares.get(place)) else {
            return Ok(None);
        };
        let fare = fare(&one.tariff.table, &ride)?;
        Ok(Some((one.version, Settled::new(ride, fare, shares))))
    }
}

/// Who sits in a seat, as far as it is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Holder {
    /// The driver.
    pub driver: Option<u32>,
    /// The driver's account.
    pub account: Option<Hash>,
}

/// What a ride paid to whom, in units of 10⁻⁶ CNY.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paid {
    /// The version of the tariff.
    pub tariff: TariffVersion,
    /// What the rider paid without tolls.
    pub fare: u64,
    /// Tolls.
    pub tolls: u64,
    /// What the driver got, tolls included.
    pub driver_share: u64,
    /// The platform's part.
    pub platform: u128,
    /// Everybody else's part.
    pub third_parties: u128,
}

/// A ride of a batch, with what is known of its receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ridden {
    /// Its row in the batch.
    pub row: u32,
    /// What was driven.
    pub ride: Ride,
    /// Who drove.
    pub holder: Holder,
    /// What it cost.
    pub paid: Option<Paid>,
}

/// Why rides do not come out as the chain says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Mismatch {
    /// Its columns differ in length, or are empty.
    #[error("its columns differ in length, or are empty")]
    Ragged,
    /// A row cannot be settled.
    #[error("row {row}: {fault}")]
    Row {
        /// Its place, from 0.
        row: u32,
        /// What is wrong.
        fault: RowFault,
    },
    /// The sums are others.
    #[error("its rides come to {0}, and the event says {1}")]
    Sums(Sums, Sums),
    /// The root is another.
    #[error("the root of its receipts is {0:?}, and the event says {1:?}")]
    Root(H256, H256),
}

/// Why the rides of a batch are not known.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unproven {
    /// The call that settled it is not in the block: it was scheduled, or voted on earlier.
    #[error("no call of its block carries it")]
    Elsewhere,
    /// The index begins later than what a root could be compared with, and several may be the one.
    #[error(
        "several calls carry one that may be it, and the index does not begin early enough to tell"
    )]
    Ambiguous,
    /// What is carried does not come out as the event says.
    #[error(transparent)]
    Differs(#[from] Mismatch),
}

impl fmt::Display for Sums {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { gross, drivers, platform, third_parties } = self;
        write!(
            f,
            "{gross} ({drivers} to drivers, {platform} to the platform, {third_parties} to others)"
        )
    }
}

impl SettledBatch {
    /// The city of what was settled, and its rides, each with its receipt. Where the index is `whole` everything before is known.
    ///
    /// # Errors
    /// Nothing that was carried is known to be it.
    pub fn rides(
        &self,
        whole: bool,
        terms: impl Fn(CityCode) -> Arc<Terms>,
        holder: impl Fn(Seat) -> Holder + Sync,
    ) -> Result<(CityCode, Vec<Ridden>), Unproven> {
        let (mut refused, mut unproven) = (None, Vec::new());
        for batch in &self.carried {
            match self.computed(batch, whole, &terms(batch.city), &holder) {
                Ok((rides, true)) => return Ok((batch.city, rides)),
                // Without a root to compare with, it is the batch if it is where it was settled, and no other can be.
                Ok((rides, false)) if self.own => unproven.push((batch.city, rides)),
                Ok(_) => {}
                Err(why) => refused = Some(why),
            }
        }
        match (unproven.pop(), unproven.is_empty(), refused) {
            (Some(rides), true, _) => Ok(rides),
            (Some(_), false, _) => Err(Unproven::Ambiguous),
            (None, _, Some(why)) => Err(why.into()),
            (None, _, None) => Err(Unproven::Elsewhere),
        }
    }

    /// The rides of a batch, and whether they are proven to be those that were settled.
    fn computed(
        &self,
        batch: &RideBatch,
        whole: bool,
        terms: &Terms,
        holder: &(impl Fn(Seat) -> Holder + Sync),
    ) -> Result<(Vec<Ridden>, bool), Mismatch> {
        let count = batch.rows().map_err(|_| Mismatch::Ragged)?;
        let parts = side_by_side(count, |rows| part(batch, rows, whole, terms, holder));
        let (mut rides, mut leaves) = (Vec::with_capacity(count), Vec::with_capacity(count));
        for part in parts {
            let (more, others) = part?;
            rides.extend(more);
            leaves.extend(others);
        }
        if leaves.len() < count {
            return Ok((rides, false));
        }
        let mut sums = Sums::default();
        rides.iter().filter_map(|ride| ride.paid.as_ref()).for_each(|paid| sums.add(paid));
        let (root, said) = (merkle::root(leaves), H256(self.receipts_root));
        match (root == said, sums == self.sums) {
            (true, true) => Ok((rides, true)),
            (false, _) => Err(Mismatch::Root(root, said)),
            (true, false) => Err(Mismatch::Sums(sums, self.sums)),
        }
    }
}

/// The rides of some rows, and the leaves of those of which the whole receipt is known.
fn part(
    batch: &RideBatch,
    rows: Range<usize>,
    whole: bool,
    terms: &Terms,
    holder: impl Fn(Seat) -> Holder,
) -> Result<(Vec<Ridden>, Vec<H256>), Mismatch> {
    let (mut rides, mut leaves) = (Vec::with_capacity(rows.len()), Vec::with_capacity(rows.len()));
    for place in rows {
        // A batch has at most 65,536.
        let row = place as u32;
        let wrong = |fault| Mismatch::Row { row, fault };
        // Below the common length there is a ride in every row.
        let ride = batch.ride(place).unwrap_or(Err(RowFault::Kind)).map_err(wrong)?;
        let (priced, holder) = (terms.price(ride).map_err(wrong)?, holder(ride.seat));
        let paid = priced.as_ref().map(|(tariff, settled)| paid(*tariff, settled));
        match (priced, holder) {
            (Some((tariff, settled)), Holder { driver: Some(driver), account: Some(account) }) => {
                leaves.push(receipt(batch, &settled, tariff, driver, account).leaf(row));
            }
            (None, _) if whole => return Err(wrong(RowFault::NoTariff)),
            _ if whole => return Err(wrong(RowFault::UnknownDriver)),
            _ => {}
        }
        rides.push(Ridden { row, ride, holder, paid });
    }
    Ok((rides, leaves))
}

impl Sums {
    /// One ride more.
    fn add(&mut self, paid: &Paid) {
        // 2¹⁶ rides of 64 bits each.
        self.gross += u128::from(paid.fare) + u128::from(paid.tolls);
        self.drivers += u128::from(paid.driver_share);
        self.platform += paid.platform;
        self.third_parties += paid.third_parties;
    }
}

fn paid(tariff: TariffVersion, settled: &Settled) -> Paid {
    let [_, platform, third @ ..] = settled.parts;
    Paid {
        tariff,
        fare: settled.fare.fare,
        tolls: settled.fare.tolls,
        driver_share: settled.driver_share(),
        platform,
        third_parties: third.iter().sum(),
    }
}

fn receipt(
    batch: &RideBatch,
    settled: &Settled,
    tariff: TariffVersion,
    driver: u32,
    account: Hash,
) -> Receipt {
    let ride = &settled.ride;
    Receipt {
        company: batch.company,
        batch: batch.number,
        order: ride.order,
        driver: DriverId(driver),
        account,
        tariff,
        kind: ride.kind,
        pickup: ride.pickup,
        distance_m: ride.distance_m,
        duration_s: ride.duration_s,
        waiting_s: ride.waiting_s,
        surge_permille: ride.surge_permille,
        fare: settled.fare.fare,
        tolls: settled.fare.tolls,
        driver_share: settled.driver_share(),
    }
}
