//! Rides that were settled, with their receipts.

use std::fmt::Write;

use smartlink_primitives::ride::RideKind;

use crate::domain::{
    entity::{self, HEAD},
    parts::side_by_side,
    receipts::{Ridden, SettledBatch},
    rows::{RowWriter, Rows},
    Column, Entity, Fact, Kind, Origin, Patch, Unread,
};

pub const RIDES: Entity = Entity {
    name: "rides",
    about: "Settled rides and what each paid to whom: fare + tolls = driver share + platform + third parties. The id is \
            company-number of the batch-order.",
    columns: &[
        Column::new("company", Kind::U32).optional().indexed().refers("companies"),
        Column::new("batch", Kind::Text).optional().indexed().refers("batches"),
        // Its place in the batch: what its receipt is proven by.
        Column::new("row", Kind::U32).optional(),
        Column::new("order", Kind::U64).optional().indexed(),
        Column::new("seat", Kind::U32).optional(),
        Column::new("driver", Kind::U32).optional().indexed().refers("drivers"),
        // The driver's account when it was settled.
        Column::new("account", Kind::Account).optional(),
        Column::new("city", Kind::U32).optional(),
        Column::new("tariff", Kind::Text).optional().refers("tariffs"),
        // Trip or Cancelled.
        Column::new("kind", Kind::Name).optional(),
        Column::new("pickup", Kind::Time).optional(),
        Column::new("distance_m", Kind::U32).optional(),
        Column::new("duration_s", Kind::U32).optional(),
        Column::new("waiting_s", Kind::U32).optional(),
        Column::new("surge_permille", Kind::U32).optional(),
        Column::new("fare", Kind::Money).optional(),
        Column::new("tolls", Kind::Money).optional(),
        // With the tolls.
        Column::new("driver_share", Kind::Money).optional(),
        Column::new("platform", Kind::Money).optional(),
        Column::new("third_parties", Kind::Money).optional(),
        Column::new("extrinsic", Kind::U32).optional(),
    ],
    facts: &[(Origin::Event, "Settlement", "BatchSettled")],
    once: true,
    read,
};

/// The event has the sums alone. Rows are made where the tariffs and seats of that moment are known ([`write`]): they are too
/// many for patches, of which none would ever meet another.
fn read(_: &Fact<'_>) -> Result<Vec<Patch>, Unread> {
    Ok(Vec::new())
}

/// Writes the rows of a batch, in the order of their ids.
pub fn write(
    rows: &mut Rows,
    block: u32,
    time: i64,
    batch: &SettledBatch,
    city: u32,
    rides: &[Ridden],
) {
    let (company, number) = (batch.company, batch.number);
    let named = Names {
        version: entity::version(block, batch.fact),
        batch: format!("{company}-{number}"),
        city,
        tariffs: format!("{company}-{city}-"),
    };
    let rides = ordered(rides);
    let parts = side_by_side(rides.len(), |part| {
        let mut rows = Rows::default();
        written(&mut rows, block, time, batch, &named, &rides[part]);
        rows
    });
    parts.iter().for_each(|part| rows.append(part));
}

/// Writes some of the rows of a batch.
fn written(
    rows: &mut Rows,
    block: u32,
    time: i64,
    batch: &SettledBatch,
    named: &Names,
    rides: &[&Ridden],
) {
    let mut id = format!("{}-", named.batch);
    let (stem, mut tariff) = (id.len(), String::new());
    for ride in rides {
        id.truncate(stem);
        push(&mut id, ride.ride.order);
        tariff.clear();
        if let Some(paid) = &ride.paid {
            tariff.push_str(&named.tariffs);
            push(&mut tariff, paid.tariff.0.into());
        }
        let mut row = rows.row();
        row.text(&id).u64(named.version).u32(block).u32(batch.fact).time(time).bool(false);
        debug_assert_eq!(HEAD.len(), 6);
        cells(&mut row, batch, named, &tariff, ride);
    }
}

/// What the rows of a batch have in common.
struct Names {
    version: u64,
    batch: String,
    city: u32,
    /// What the ids of its tariffs begin with.
    tariffs: String,
}

/// The columns of [`RIDES`].
fn cells(row: &mut RowWriter<'_>, batch: &SettledBatch, named: &Names, tariff: &str, of: &Ridden) {
    let Ridden { row: place, ride, holder, paid } = of;
    let kind = match ride.kind {
        RideKind::Trip => "Trip",
        RideKind::Cancelled => "Cancelled",
    };
    // The chain settles nothing that ends in the future.
    let pickup = i64::try_from(ride.pickup).ok().and_then(|seconds| seconds.checked_mul(1_000));
    let paid = paid.as_ref();
    number(row, Some(batch.company));
    text(row, Some(&named.batch));
    number(row, Some(*place));
    row.optional(Some(ride.order), |row, order| {
        row.u64(order);
    });
    number(row, Some(ride.seat.0));
    number(row, holder.driver);
    row.optional(holder.account, |row, account| {
        row.raw(&account);
    });
    number(row, Some(named.city));
    text(row, paid.map(|_| tariff));
    text(row, Some(kind));
    row.optional(pickup, |row, pickup| {
        row.time(pickup);
    });
    number(row, Some(ride.distance_m));
    number(row, Some(ride.duration_s));
    number(row, Some(ride.waiting_s));
    number(row, Some(ride.surge_permille.into()));
    money(row, paid.map(|paid| paid.fare.into()));
    money(row, paid.map(|paid| paid.tolls.into()));
    money(row, paid.map(|paid| paid.driver_share.into()));
    money(row, paid.map(|paid| paid.platform));
    money(row, paid.map(|paid| paid.third_parties));
    number(row, batch.extrinsic);
}

fn number(row: &mut RowWriter<'_>, number: Option<u32>) {
    row.optional(number, |row, number| {
        row.u32(number);
    });
}

fn money(row: &mut RowWriter<'_>, amount: Option<u128>) {
    row.optional(amount, |row, amount| {
        row.money(amount);
    });
}

fn text(row: &mut RowWriter<'_>, text: Option<&str>) {
    row.optional(text, |row, text| {
        row.text(text);
    });
}

fn push(to: &mut String, number: u64) {
    // A string takes everything.
    let _ = write!(to, "{number}");
}

/// Rides in the order of their orders as text, as rows are read back. Numbers of as many digits are in it already.
fn ordered(rides: &[Ridden]) -> Vec<&Ridden> {
    let digits = |ride: &Ridden| ride.ride.order.checked_ilog10();
    let mut ordered: Vec<_> = rides.iter().collect();
    if rides.first().map(digits) != rides.last().map(digits) {
        ordered.sort_by_cached_key(|ride| ride.ride.order.to_string());
    }
    ordered
}

#[cfg(test)]
mod tests;
