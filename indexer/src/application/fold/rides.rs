//! Rides that were settled, computed from the tariffs and seats that the index has at that place.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use rustc_hash::{FxHashMap, FxHashSet};
use smartlink_primitives::{
    tariff::{InForce, Tariff},
    CityCode, Seat, TariffVersion,
};

use super::{Fold, Versions};
use crate::{
    decode::Decoded,
    domain::{
        entity::Version,
        receipts::{Holder, Ridden, SettledBatch, Terms},
        rows::RowReader,
        Cell, Column, Entity, Kind,
    },
    entities::{self, RIDES, SEATS, TARIFFS},
    error::Error,
    infra::Index,
    Registry,
};

/// A company and a city.
type Market = (u32, u32);

/// What is known to be in memory of what rides are computed from.
pub(super) struct Rides {
    /// The places of the entities.
    rides: usize,
    seats: usize,
    tariffs: usize,
    /// Of these all tariffs are in memory.
    loaded: FxHashSet<Market>,
    /// The tariffs of these as they are now.
    terms: FxHashMap<Market, Arc<Terms>>,
}

impl Rides {
    /// `None`: rides, or what they are computed from, are not among the entities.
    pub(super) fn of(registry: &Registry) -> Option<Self> {
        let place = |entity: &Entity| registry.place(entity.name);
        Some(Self {
            rides: place(&RIDES)?,
            seats: place(&SEATS)?,
            tariffs: place(&TARIFFS)?,
            loaded: FxHashSet::default(),
            terms: FxHashMap::default(),
        })
    }

    /// Rows are not in memory any more.
    pub(super) fn forget(&mut self) {
        self.loaded.clear();
        self.terms.clear();
    }
}

impl Fold {
    /// Adds what the rides of blocks are computed from to what is asked for: the seats of those who drove, and all tariffs of
    /// the company in the city.
    pub(super) async fn want_of_rides(
        &mut self,
        index: &Index,
        blocks: &[Decoded],
        first: u32,
        wanted: &mut BTreeMap<usize, BTreeSet<String>>,
    ) -> Result<(), Error> {
        let Some(rides) = &mut self.rides else { return Ok(()) };
        let settled = blocks.iter().flat_map(|block| &block.settled);
        let batches = settled.flat_map(|settled| &settled.carried);
        if !self.complete[rides.seats] {
            let seats = batches.clone().flat_map(|batch| {
                let company = batch.company.0;
                batch.seats.iter().map(move |seat| (company, *seat))
            });
            let seats: FxHashSet<(u32, u32)> = seats.collect();
            let ids = seats.into_iter().map(|(company, seat)| format!("{company}-{seat}"));
            let unknown = ids.filter(|id| !self.kept[rides.seats].contains_key(id));
            wanted.entry(rides.seats).or_default().extend(unknown);
        }
        if !self.complete[rides.tariffs] {
            let markets: BTreeSet<Market> =
                batches.map(|batch| (batch.company.0, batch.city.0)).collect();
            for market in markets.into_iter().filter(|market| rides.loaded.insert(*market)) {
                let ids = tariffs_of(index, market, first).await?;
                let unknown =
                    ids.into_iter().filter(|id| !self.kept[rides.tariffs].contains_key(id));
                wanted.entry(rides.tariffs).or_default().extend(unknown);
            }
        }
        Ok(())
    }

    /// Says that an entity changes.
    pub(super) fn changed(&mut self, place: usize) {
        if let Some(rides) = self.rides.as_mut().filter(|rides| rides.tariffs == place) {
            rides.terms.clear();
        }
    }

    /// The rows of a batch that was settled. Where its rides are not known it has none: whatever somebody sends to the chain, the
    /// index goes on, and holds nothing that is not proven.
    pub(super) fn settle(
        &mut self,
        block: &Decoded,
        batch: &SettledBatch,
        versions: &mut Versions,
    ) {
        let Some(place) = self.rides.as_ref().map(|places| places.rides) else { return };
        match self.rides_of(batch) {
            Ok((city, found)) => {
                let rows = versions.entry(place).or_default();
                entities::rides::write(rows, block.number, block.time, batch, city.0, &found);
            }
            Err(why) => {
                self.unproven += 1;
                tracing::error!(
                    block = block.number,
                    company = batch.company,
                    batch = batch.number,
                    why,
                    "the rides of a batch are not in the index"
                );
            }
        }
    }

    fn rides_of(&mut self, batch: &SettledBatch) -> Result<(CityCode, Vec<Ridden>), String> {
        let mut terms = FxHashMap::default();
        for city in batch.carried.iter().map(|carried| carried.city) {
            terms.insert(city.0, self.terms((batch.company, city.0))?);
        }
        let seats = self.seats_of(batch);
        let terms = |city: CityCode| terms.get(&city.0).cloned().unwrap_or_default();
        let holder = |seat: Seat| seats.get(&seat.0).copied().unwrap_or_default();
        batch.rides(self.whole, terms, holder).map_err(|why| why.to_string())
    }

    /// Batches whose rides are not known, since this was asked last.
    pub fn take_unproven(&mut self) -> usize {
        std::mem::take(&mut self.unproven)
    }

    /// Who sits in the seats that occur in a batch.
    fn seats_of(&self, batch: &SettledBatch) -> FxHashMap<u32, Holder> {
        let Some(rides) = &self.rides else { return FxHashMap::default() };
        let (kept, company) = (&self.kept[rides.seats], batch.company);
        let mut holders = FxHashMap::default();
        for seat in batch.carried.iter().flat_map(|carried| carried.seats.iter()) {
            let holder = || kept.get(&format!("{company}-{seat}")).map(holder).unwrap_or_default();
            holders.entry(*seat).or_insert_with(holder);
        }
        holders
    }

    /// The tariffs of a company in a city as they are now.
    fn terms(&mut self, market: Market) -> Result<Arc<Terms>, String> {
        let Some(rides) = &mut self.rides else { return Ok(Arc::default()) };
        if let Some(terms) = rides.terms.get(&market) {
            return Ok(terms.clone());
        }
        let mut known = Vec::new();
        for version in self.kept[rides.tariffs].values() {
            known.extend(in_force(version, market)?);
        }
        known.sort_by_key(|(from, ..)| *from);
        // Of a tariff that was proposed before the index begins only the approval may be known: what began earlier is not.
        let unknown = known.iter().rposition(|(.., tariff)| tariff.is_none());
        let known = known.into_iter().skip(unknown.map_or(0, |place| place + 1));
        let tariffs = known.filter_map(|(from, version, tariff)| {
            Some(InForce { version: TariffVersion(version), from, tariff: tariff? })
        });
        let terms = Terms::new(tariffs.collect()).map_err(|error| error.to_string())?;
        Ok(rides.terms.entry(market).or_insert(Arc::new(terms)).clone())
    }
}

/// Ids of all tariffs of a company in a city that there were before a block.
async fn tariffs_of(
    index: &Index,
    (company, city): Market,
    before: u32,
) -> Result<Vec<String>, Error> {
    let name = TARIFFS.name;
    let sql = format!(
        "SELECT DISTINCT id FROM {name} WHERE company = {company} AND city = {city} AND block < {before}"
    );
    let bytes = index.row_binary(&sql).await?;
    let columns = [Column::new("id", Kind::Text)];
    let mut reader = RowReader::new(&bytes);
    let rows = std::iter::from_fn(|| reader.row(&columns));
    let ids = rows.filter_map(|(cells, _)| match cells.into_iter().next() {
        Some(Cell::Text(id)) => Some(id),
        _ => None,
    });
    Ok(ids.collect())
}

/// A column of an entity's row.
fn cell<'a>(entity: &Entity, version: &'a Version, column: &str) -> &'a Cell {
    entity.column(column).and_then(|place| version.cells.get(place)).unwrap_or(&Cell::Null)
}

fn holder(seat: &Version) -> Holder {
    let driver = match cell(&SEATS, seat, "driver") {
        Cell::Number(driver) => u32::try_from(*driver).ok(),
        _ => None,
    };
    let account = match cell(&SEATS, seat, "account") {
        Cell::Bytes(account) => Some(*account),
        _ => None,
    };
    Holder { driver, account }
}

/// A tariff that is in force: since when, which version, and what it says, where that is known.
type Known = (u64, u32, Option<Tariff>);

/// `None`: it is of another market, or is not in force.
fn in_force(version: &Version, (company, city): Market) -> Result<Option<Known>, String> {
    let of = |column| cell(&TARIFFS, version, column);
    let approved = matches!(of("state"), Cell::Text(state) if state == "approved");
    let own = *of("company") == Cell::from(company) && *of("city") == Cell::from(city);
    if version.removed || !approved || !own {
        return Ok(None);
    }
    let (Cell::Time(from), Cell::Number(number)) = (of("from"), of("number")) else {
        return Ok(None);
    };
    let (Ok(from), Ok(number)) = (u64::try_from(from / 1_000), u32::try_from(*number)) else {
        return Ok(None);
    };
    let tariff = match of("tariff") {
        Cell::Text(json) => Some(tariff(json).map_err(|error| {
            format!("version {number} of the tariff in city {city} cannot be read ({error})")
        })?),
        _ => None,
    };
    Ok(Some((from, number, tariff)))
}

/// A tariff as it stands in the index: what has more than 32 bits is text.
fn tariff(json: &str) -> Result<Tariff, serde_json::Error> {
    serde_json::from_value(with_numbers(serde_json::from_str(json)?))
}

fn with_numbers(value: serde_json::Value) -> serde_json::Value {
    use serde_json::Value;
    match value {
        Value::String(text) => match text.parse::<u64>() {
            Ok(number) => number.into(),
            Err(_) => Value::String(text),
        },
        Value::Array(items) => items.into_iter().map(with_numbers).collect(),
        Value::Object(fields) => {
            fields.into_iter().map(|(name, value)| (name, with_numbers(value))).collect()
        }
        value => value,
    }
}

#[cfg(test)]
mod tests;
