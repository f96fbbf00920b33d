//! A batch, from columns to money.

use crate::{
    ledger::BalancePages, row_error, BatchesOf, CompanyTotals, Config, Error, Event, HolderPage,
    Holders, Moves, Pallet, SeatCount,
};
use alloc::{collections::BTreeMap, vec, vec::Vec};
use frame_support::{
    ensure,
    storage::{with_transaction, TransactionOutcome},
    traits::{fungible::Inspect, Get, UnixTime},
};
use smartlink_primitives::{
    fare::fare,
    ledger::PAGE_SEATS,
    merkle,
    receipt::{BatchRecord, ItemKind, Receipt, Settled},
    ride::{Ride, RideBatch, RowFault},
    split::{Shares, MAX_PARTS},
    tariff::{InForce, Schedule},
    traits::{Companies, TariffBook, Witness},
    BatchNumber, CompanyId, Money, Seat, H256,
};
use sp_runtime::{DispatchError, DispatchResult, SaturatedConversion};

/// What the rows of a batch are computed from.
struct Ground<'a, T: Config> {
    batch: &'a RideBatch,
    schedule: Schedule,
    /// The shares of each tariff of the schedule.
    shares: Vec<Shares>,
    seats: u32,
    /// Pages of holders, read when first needed.
    pages: Vec<Option<HolderPage<T>>>,
}

/// A row, computed.
struct Row {
    settled: Settled,
    receipt: Receipt,
    /// Place of the tariff in the schedule.
    tariff: usize,
    /// From when on the driver does not work for the company.
    inactive_since: Option<u64>,
}

impl<'a, T: Config> Ground<'a, T> {
    fn new(batch: &'a RideBatch) -> Result<Self, DispatchError> {
        let schedule = T::Tariffs::schedule(batch.company, batch.city);
        let shares = schedule
            .iter()
            .map(|in_force| in_force.tariff.split.shares())
            .collect::<Result<_, _>>()
            // A tariff is validated before it comes into force.
            .map_err(|_| DispatchError::Corruption)?;
        let seats = SeatCount::<T>::get(batch.company);
        let pages = vec![None; seats.div_ceil(PAGE_SEATS) as usize];
        Ok(Self { batch, schedule, shares, seats, pages })
    }

    fn compute(&mut self, row: usize) -> Result<Row, RowFault> {
        let ride = self.batch.ride(row).ok_or(RowFault::Kind)??;
        let tariff = self.schedule.at(ride.pickup).ok_or(RowFault::NoTariff)?;
        let holder = self.holder(ride.seat)?;
        let (driver, inactive_since) = (holder.driver, holder.inactive_since);
        let account = *holder.account.as_ref();
        let in_force = self.schedule.get(tariff).ok_or(RowFault::NoTariff)?;
        let settled = Self::price(in_force, &self.shares[tariff], ride)?;
        let receipt = Receipt {
            company: self.batch.company,
            batch: self.batch.number,
            order: ride.order,
            driver,
            account,
            tariff: in_force.version,
            kind: ride.kind,
            pickup: ride.pickup,
            distance_m: ride.distance_m,
            duration_s: ride.duration_s,
            waiting_s: ride.waiting_s,
            surge_permille: ride.surge_permille,
            fare: settled.fare.fare,
            tolls: settled.fare.tolls,
            driver_share: settled.driver_share(),
        };
        Ok(Row { settled, receipt, tariff, inactive_since })
    }

    /// Puts back the accounts of seats that changed in this block after an extrinsic.
    fn undo_moves_after(&mut self, extrinsic: u32) {
        let company = self.batch.company;
        // The last first: what stays is the account before the first of them.
        let moves = Moves::<T>::get().into_iter().rev();
        for moved in moves.filter(|m| m.company == company && m.extrinsic > extrinsic) {
            let Ok(_) = self.holder(moved.seat) else { continue };
            let page = self.pages.get_mut(moved.seat.page() as usize).and_then(Option::as_mut);
            if let Some(holder) = page.and_then(|page| page.get_mut(moved.seat.entry())) {
                holder.account = moved.from;
            }
        }
    }

    fn price(in_force: &InForce, shares: &Shares, ride: Ride) -> Result<Settled, RowFault> {
        let fare = fare(&in_force.tariff.table, &ride)?;
        Ok(Settled::new(ride, fare, shares))
    }

    fn holder(&mut self, seat: Seat) -> Result<&crate::SeatHolder<T::AccountId>, RowFault> {
        if seat.0 >= self.seats {
            return Err(RowFault::UnknownDriver);
        }
        let company = self.batch.company;
        let page = self.pages.get_mut(seat.page() as usize).ok_or(RowFault::UnknownDriver)?;
        page.get_or_insert_with(|| Holders::<T>::get(company, seat.page()))
            .get(seat.entry())
            .ok_or(RowFault::UnknownDriver)
    }
}

/// What a batch moves.
struct Sums {
    drivers: u128,
    platform: u128,
    third: BTreeMap<CompanyId, u128>,
}

impl Sums {
    /// From the parts of each tariff's rides, and the tolls.
    fn new(schedule: &Schedule, parts: &[[u128; MAX_PARTS]], tolls: u128) -> Self {
        let mut sums = Self { drivers: tolls, platform: 0, third: BTreeMap::new() };
        for (in_force, parts) in schedule.iter().zip(parts) {
            sums.drivers += parts[0];
            sums.platform += parts[1];
            for (share, part) in in_force.tariff.split.third_parties.iter().zip(&parts[2..]) {
                *sums.third.entry(share.company).or_default() += part;
            }
        }
        sums
    }

    fn third_parties(&self) -> u128 {
        self.third.values().sum()
    }

    fn gross(&self) -> u128 {
        self.drivers + self.platform + self.third_parties()
    }
}

impl<T: Config> Pallet<T> {
    /// The number that a company's next batch must have.
    pub fn next_number(company: CompanyId) -> BatchNumber {
        BatchNumber(CompanyTotals::<T>::get(company).batches.saturating_add(1))
    }

    /// Settles all rows of a batch, or none.
    pub(crate) fn settle(batch: &RideBatch) -> DispatchResult {
        let next = Self::next_number(batch.company);
        ensure!(batch.number >= next, Error::<T>::BatchRepeated);
        ensure!(batch.number == next, Error::<T>::BatchOutOfOrder);
        Self::settle_rows(batch)
    }

    /// Whether a batch could be settled now, if its number were the next. Changes nothing.
    pub(crate) fn try_rows(batch: &RideBatch) -> DispatchResult {
        with_transaction(|| TransactionOutcome::Rollback(Self::settle_rows(batch)))
    }

    /// Settles all rows of a batch, whatever its number. On an error the caller undoes what was done.
    pub(crate) fn settle_rows(batch: &RideBatch) -> DispatchResult {
        let company = batch.company;
        let mut totals = CompanyTotals::<T>::get(company);
        let rows = batch.rows().map_err(|_| Error::<T>::RaggedColumns)?;

        let mut ground = Ground::<T>::new(batch)?;
        let mut credits = BalancePages::<T>::new(company, ground.pages.len());
        let mut parts = vec![[0u128; MAX_PARTS]; ground.shares.len()];
        let (mut tolls, mut last_order) = (0u128, None);
        let mut leaves = Vec::with_capacity(rows);
        let now = T::Time::now().as_secs();
        for row in 0..rows {
            let fail = |why| row_error::<T>(row, why);
            let Row { settled, receipt, tariff, inactive_since } =
                ground.compute(row).map_err(fail)?;
            let ride = &settled.ride;
            ensure!(last_order < Some(ride.order), fail(RowFault::OrderOrder));
            last_order = Some(ride.order);
            let worked = inactive_since.is_none_or(|since| ride.pickup < since);
            ensure!(worked, fail(RowFault::InactiveDriver));
            let end = ride.pickup.saturating_add(ride.duration_s.into());
            ensure!(end <= now, fail(RowFault::Future));
            credits.credit(ride.seat, settled.driver_share().into())?;
            // Cannot overflow: 2¹⁶ rows of at most MAX_FARE, 10¹³, each.
            for (sum, part) in parts[tariff].iter_mut().zip(&settled.parts) {
                *sum += part;
            }
            tolls += u128::from(settled.fare.tolls);
            // At most MAX_ROWS, which fits.
            leaves.push(receipt.leaf(row as u32));
        }

        let sums = Sums::new(&ground.schedule, &parts, tolls);
        credits.write();
        Self::pay_parties(batch, &sums)?;
        let record = BatchRecord {
            company,
            number: batch.number,
            city: batch.city,
            block: frame_system::Pallet::<T>::block_number().saturated_into(),
            rides: leaves.len() as u32,
            receipts_root: merkle::root(leaves),
            evidence_root: batch.evidence_root,
            gross: Money(sums.gross()),
            drivers: Money(sums.drivers),
            platform: Money(sums.platform),
            third_parties: Money(sums.third_parties()),
        };
        totals.add(&record).ok_or(Error::<T>::Overflow)?;
        CompanyTotals::<T>::insert(company, totals);
        Self::keep(record)
    }

    /// Moves one sum to each party.
    fn pay_parties(batch: &RideBatch, sums: &Sums) -> DispatchResult {
        let (company, number) = (batch.company, batch.number);
        let clearing = T::Currency::balance(&Self::clearing_account(company));
        ensure!(sums.gross() <= clearing, Error::<T>::ClearingUnfunded);
        Self::pay_from_clearing(company, &Self::ledger_account(), Money(sums.drivers))?;
        let treasury = T::Companies::treasury(company)?;
        Self::pay_from_clearing(company, &treasury, Money(sums.platform))?;
        for (to, amount) in sums.third.iter().filter(|(_, amount)| **amount > 0) {
            let (to, amount) = (*to, Money(*amount));
            Self::pay_from_clearing(company, &T::Companies::treasury(to)?, amount)?;
            Self::deposit_event(Event::ThirdPartyPaid { company, number, to, amount });
        }
        Ok(())
    }

    /// Keeps the record of a settled batch, forgets one beyond the retention, and tells everybody.
    fn keep(record: BatchRecord) -> DispatchResult {
        T::Witness::note(record.company, ItemKind::RideBatch, record.item())?;
        Self::deposit_event(Event::BatchSettled {
            company: record.company,
            number: record.number,
            rides: record.rides,
            gross: record.gross,
            drivers: record.drivers,
            platform: record.platform,
            third_parties: record.third_parties,
            receipts_root: record.receipts_root,
        });
        if let Some(old) = record.number.0.checked_sub(T::BatchRetention::get()) {
            BatchesOf::<T>::remove(record.company, BatchNumber(old));
        }
        BatchesOf::<T>::insert(record.company, record.number, record);
        Ok(())
    }

    /// The receipt of an order in a batch that extrinsic `extrinsic` of this block settled, its row, and the partners that prove it by
    /// the batch's receipts root. Recomputed: the chain keeps the root alone.
    ///
    /// # Errors
    /// A sentence: the order is not in the batch, the batch was not settled, or it is not the one that
    /// was settled.
    pub fn prove_receipt(
        batch: &RideBatch,
        extrinsic: u32,
        order: u64,
    ) -> Result<(Receipt, u32, Vec<H256>, BatchRecord), &'static str> {
        let record = BatchesOf::<T>::get(batch.company, batch.number)
            .ok_or("the batch was not settled, or its record is older than the retention")?;
        let row = batch
            .orders
            .binary_search(&order)
            .map_err(|_| "the order is not in this batch: look up the batch that settled it")?;
        let mut ground =
            Ground::<T>::new(batch).map_err(|_| "a tariff of the city does not decode")?;
        ground.undo_moves_after(extrinsic);
        let mut leaves = Vec::with_capacity(batch.orders.len());
        let mut found = None;
        for at in 0..batch.orders.len() {
            let computed =
                ground.compute(at).map_err(|_| "the batch is not the one that was settled")?;
            leaves.push(computed.receipt.leaf(at as u32));
            if at == row {
                found = Some(computed.receipt);
            }
        }
        let receipt = found.ok_or("the order is not in this batch")?;
        let row = row as u32;
        let partners = merkle::proof(leaves.clone(), row).ok_or("the batch has no such row")?;
        if merkle::root(leaves) != record.receipts_root {
            return Err("the batch is not the one that was settled");
        }
        Ok((receipt, row, partners, record))
    }
}
