//! Batches of rides that a block settled: what its events say, with what its calls carry.
//!
//! A call may lie in others however deep, fail, or be carried without being done. So nothing is concluded from calls: what
//! was settled is what events say, and of several batches of a company under one number the root tells which it was.

use std::sync::Arc;

use smartlink_primitives::{
    ride::{Column, RideBatch},
    BatchNumber, CityCode, CompanyId,
};

use super::{
    extrinsic::Extrinsic,
    plan::{Plan, Type},
    scale::{Decoder, Passed, Why},
};
use crate::domain::{
    receipts::{SettledBatch, Sums},
    Fact, Unread, Value,
};

/// Reads a batch as it was passed to a call, by the types of the block's runtime.
///
/// # Errors
/// A column is missing, or is of another kind.
pub fn batch(plan: &Plan, passed: &Passed<'_>) -> Result<RideBatch, Why> {
    let Type::RideBatch(fields) = plan.get(passed.ty) else {
        return Err("it is no batch of rides".to_owned());
    };
    let mut decoder = Decoder::new(plan, passed.bytes);
    let mut batch = RideBatch::new(CompanyId(0), BatchNumber(0), CityCode(0), 0);
    let mut read = 0;
    for (name, id) in fields {
        let columns = &mut decoder;
        let known = match &**name {
            "company" => integer(columns, *id).map(|company| batch.company = CompanyId(company)),
            "number" => integer(columns, *id).map(|number| batch.number = BatchNumber(number)),
            "city" => integer(columns, *id).map(|city| batch.city = CityCode(city)),
            "base_time" => integer(columns, *id).map(|time| batch.base_time = time),
            "orders" => column(columns, *id, &mut batch.orders),
            "seats" => column(columns, *id, &mut batch.seats),
            "pickups" => column(columns, *id, &mut batch.pickups),
            "distances_m" => column(columns, *id, &mut batch.distances_m),
            "durations_s" => column(columns, *id, &mut batch.durations_s),
            "waitings_s" => column(columns, *id, &mut batch.waitings_s),
            "tolls_fen" => column(columns, *id, &mut batch.tolls_fen),
            "surges_permille" => column(columns, *id, &mut batch.surges_permille),
            "kinds" => column(columns, *id, &mut batch.kinds),
            // The root of the evidence, which no receipt has, and whatever a later runtime adds.
            _ => {
                decoder.value(*id)?;
                continue;
            }
        };
        known.map_err(|why| format!("{name}: {why}"))?;
        read += 1;
    }
    match read {
        FIELDS => Ok(batch),
        _ => Err("a batch of rides of that runtime has other columns".to_owned()),
    }
}

/// Fields of a batch that receipts are made of.
const FIELDS: usize = 13;

fn integer<T: TryFrom<u128>>(decoder: &mut Decoder<'_>, id: u32) -> Result<T, Why> {
    let integer = match decoder.value(id)? {
        Value::Small(number) => u128::try_from(number).ok(),
        Value::Big(number) => Some(number),
        _ => None,
    };
    integer
        .and_then(|number| number.try_into().ok())
        .ok_or_else(|| "it is another kind of number".to_owned())
}

fn column<T: TryFrom<u64>>(
    decoder: &mut Decoder<'_>,
    id: u32,
    to: &mut Column<T>,
) -> Result<(), Why> {
    let numbers = decoder.numbers(id)?.into_iter().map(T::try_from);
    let numbers = numbers.collect::<Result<Vec<_>, _>>();
    let numbers = numbers.map_err(|_| "its numbers are wider than they were".to_owned())?;
    *to = numbers.try_into().map_err(|_| "it is longer than columns may be".to_owned())?;
    Ok(())
}

/// Batches that calls of a block carry, each with the extrinsic.
pub type Carried = Vec<(u32, Arc<RideBatch>)>;

/// Reads every batch that a block's calls carry.
///
/// # Errors
/// The extrinsic whose batch cannot be read, and why.
pub fn carried(plan: &Plan, extrinsics: &[Extrinsic<'_>]) -> Result<Carried, (u32, Why)> {
    if !plan.knows_rides() {
        return Err((0, "the runtime settles rides, and has no type RideBatch".to_owned()));
    }
    let mut carried = Vec::new();
    for (place, extrinsic) in (0_u32..).zip(extrinsics) {
        for passed in &extrinsic.rides {
            let batch = batch(plan, passed).map_err(|why| (place, why))?;
            carried.push((place, Arc::new(batch)));
        }
    }
    Ok(carried)
}

/// The most batches of one company and number that are looked at. A call may carry as many as fit a block, and fail.
const CANDIDATES: usize = 16;

/// What the event of a settled batch says, with the batches that may be the one: of its own extrinsic, and only where that
/// carries none of others, in which anybody may put a batch of anybody's.
///
/// # Errors
/// The event is another than is known.
pub fn settled(fact: &Fact<'_>, carried: &Carried) -> Result<SettledBatch, Unread> {
    let (company, number) = (fact.u32("company")?, fact.integer("number")?);
    let number = u64::try_from(number).map_err(|_| fact.unread("its number is too large"))?;
    let root = match fact.field("receipts_root")? {
        Value::Bytes(root) => <[u8; 32]>::try_from(root.as_slice()).ok(),
        _ => None,
    };
    let count = usize::try_from(fact.u32("rides")?).ok();
    let fits = |batch: &RideBatch| {
        (batch.company, batch.number) == (CompanyId(company), BatchNumber(number))
            && batch.rows().ok() == count
            // As the chain demands of what it settles.
            && batch.orders.windows(2).all(|pair| pair[0] < pair[1])
    };
    let of = |own: bool| {
        let mut candidates: Vec<Arc<RideBatch>> = Vec::new();
        for (place, batch) in carried {
            let there = (Some(*place) == fact.extrinsic) == own;
            if there && candidates.len() < CANDIDATES && fits(batch) && !candidates.contains(batch)
            {
                candidates.push(batch.clone());
            }
        }
        candidates
    };
    let own = of(true);
    Ok(SettledBatch {
        fact: fact.index,
        extrinsic: fact.extrinsic,
        company,
        number,
        sums: Sums {
            gross: fact.integer("gross")?,
            drivers: fact.integer("drivers")?,
            platform: fact.integer("platform")?,
            third_parties: fact.integer("third_parties")?,
        },
        receipts_root: root.ok_or_else(|| fact.unread("its receipts_root is no hash"))?,
        own: !own.is_empty(),
        carried: if own.is_empty() { of(false) } else { own },
    })
}

#[cfg(test)]
pub(crate) mod tests;
