//! Every change of the store. Only the thread of `commit` calls these, one at a time.

use std::sync::{
    atomic::{AtomicU64, Ordering},
    Arc,
};

use rocksdb::WriteBatch;
use smartlink_proto::notify as proto;

use super::{
    layout::{self, Family, Tables},
    records::{
        AccountRecord, Channel, ChannelsRecord, Counters, DeliveryRecord, KeyPlace, KeyRecord,
        MessageRecord,
    },
    StoreError,
};
use crate::{
    figures::{Figures, Tally},
    NotifyConfig,
};

/// Keys that one command may forget, so that none waits for many.
const FORGOTTEN_AT_ONCE: usize = 8;
/// Messages, or dead letters, that one command may drop: more than one only after the bound was lowered.
const DROPPED_AT_ONCE: u32 = 256;

/// A message that was checked.
#[derive(Clone, Debug)]
pub(crate) struct NewMessage {
    pub(crate) key: String,
    /// SHA-256 of everything else.
    pub(crate) fingerprint: [u8; 32],
    /// Without an id.
    pub(crate) message: MessageRecord,
}

/// What an attempt came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It arrived.
    Delivered,
    /// It failed, and is tried again.
    Again {
        /// When.
        due_ms: u64,
        /// Why it failed.
        error: String,
    },
    /// It is a dead letter.
    GivenUp {
        /// Whether the last attempt counts: a delivery that is merely too old made none.
        attempted: bool,
        /// Why.
        error: String,
        /// When.
        at_ms: u64,
    },
}

/// What the rest of the service hears of when it is durable.
pub(crate) struct Heralds {
    /// A new message.
    pub(crate) message: Box<dyn Fn(&proto::Message) + Send>,
    /// There is something new in the outbox.
    pub(crate) outbox: Arc<tokio::sync::Notify>,
    pub(crate) tally: Arc<Tally>,
}

/// The one writer of the store.
pub(crate) struct Ledger {
    tables: Arc<Tables>,
    counters: Counters,
    config: NotifyConfig,
    heralds: Heralds,
    /// Messages that are written and not yet durable.
    fresh: Vec<proto::Message>,
    /// What has happened and is not yet durable.
    happened: Figures,
    /// The last place of the outbox that is durable.
    durable_place: Arc<AtomicU64>,
    refusing: bool,
    /// Why a change could not be written.
    unwritten: Option<StoreError>,
}

/// A change being prepared: nothing of it is seen before [`Ledger::finish`].
struct Change {
    batch: WriteBatch,
    counters: Counters,
    happens: Figures,
    /// Dead letters with smaller ids are dropped by this change.
    dead_from: u64,
}

impl Ledger {
    pub(crate) fn new(
        tables: Arc<Tables>,
        counters: Counters,
        config: NotifyConfig,
        heralds: Heralds,
        durable_place: Arc<AtomicU64>,
    ) -> Self {
        durable_place.store(counters.last_place, Ordering::Release);
        let (fresh, happened) = (Vec::new(), Figures::default());
        let ledger = Self {
            tables,
            counters,
            config,
            heralds,
            fresh,
            happened,
            durable_place,
            refusing: false,
            unwritten: None,
        };
        ledger.count();
        ledger
    }

    pub(super) fn tables(&self) -> Arc<Tables> {
        Arc::clone(&self.tables)
    }

    /// Why a change since the last sync could not be written, if one could not.
    pub(super) fn unwritten(&mut self) -> Option<StoreError> {
        self.unwritten.take()
    }

    /// From now on every change fails.
    pub(super) fn refuse(&mut self) {
        self.refusing = true;
        self.fresh.clear();
        self.happened = Figures::default();
    }

    /// Tells of what has become durable.
    pub(super) fn publish(&mut self) {
        self.count();
        self.heralds.tally.add(&std::mem::take(&mut self.happened));
        for message in self.fresh.drain(..) {
            (self.heralds.message)(&message);
        }
        let place = self.counters.last_place;
        if self.durable_place.swap(place, Ordering::AcqRel) != place {
            self.heralds.outbox.notify_one();
        }
    }

    fn count(&self) {
        self.heralds.tally.waiting.set(self.counters.waiting.into());
        self.heralds.tally.dead.set(self.counters.dead.into());
    }

    fn change(&self) -> Change {
        let (batch, happens) = (WriteBatch::default(), Figures::default());
        Change { batch, counters: self.counters.clone(), happens, dead_from: 0 }
    }

    fn finish(&mut self, change: Change) -> Result<(), StoreError> {
        if self.refusing {
            return Err(StoreError::Broken);
        }
        let Change { mut batch, counters, happens, .. } = change;
        self.tables.put(&mut batch, Family::Counters, layout::COUNTERS, &counters);
        if let Err(error) = self.tables.write(batch) {
            self.unwritten = Some(error.clone());
            return Err(error);
        }
        self.counters = counters;
        self.happened.absorb(&happens);
        Ok(())
    }

    fn account(&self, account: u64) -> Result<AccountRecord, StoreError> {
        Ok(self.tables.get(Family::Accounts, layout::number(account))?.unwrap_or_default())
    }

    /// Accepts a message; its id. The same key of the same account gives the same id and changes nothing.
    pub(crate) fn send(&mut self, new: NewMessage) -> Result<u64, StoreError> {
        let NewMessage { key, fingerprint, mut message } = new;
        let (number, now) = (message.account, message.at_ms);
        let place_of_key = layout::send_key(number, &key);
        if let Some(known) = self.known(&place_of_key, now)? {
            self.happened.repeated += 1;
            return if known.fingerprint == fingerprint {
                Ok(known.id)
            } else {
                Err(StoreError::KeyTaken { key, id: known.id })
            };
        }
        let mut change = self.change();
        let mut account = self.account(number)?;
        message.id = change.next_id();
        self.deliver_outside(&mut change, &mut account, &message)?;
        self.tables.put(
            &mut change.batch,
            Family::Messages,
            layout::message(number, message.id),
            &message,
        );
        account.held += 1;
        account.unread += 1;
        account.newest = message.id;
        if account.held == 1 {
            account.oldest = message.id;
        }
        self.drop_oldest(&mut change, number, &mut account)?;
        self.remember(&mut change, place_of_key, message.id, now, &fingerprint)?;
        change.happens.accepted += 1;
        self.tables.put(&mut change.batch, Family::Accounts, layout::number(number), &account);
        self.finish(change)?;
        let id = message.id;
        self.fresh.push(message.into_message(false));
        Ok(id)
    }

    /// Puts a delivery into the outbox for each channel of the account, or makes a dead letter of it where there is no
    /// room: the message is accepted all the same.
    fn deliver_outside(
        &self,
        change: &mut Change,
        account: &mut AccountRecord,
        message: &MessageRecord,
    ) -> Result<(), StoreError> {
        let key = layout::number(message.account);
        let channels: ChannelsRecord = self.tables.get(Family::Channels, key)?.unwrap_or_default();
        let email = (!channels.email.is_empty()).then_some(Channel::Email);
        let webhook = (!channels.webhook_url.is_empty()).then_some(Channel::Webhook);
        for channel in email.into_iter().chain(webhook) {
            let delivery = DeliveryRecord {
                id: change.next_id(),
                message: Some(message.clone()),
                channel: channel.into(),
                due_ms: message.at_ms,
                since_ms: message.at_ms,
                ..DeliveryRecord::default()
            };
            let (here, all) = (self.config.outbox_per_channel, self.config.outbox_deliveries);
            let full = if *account.waiting(channel) >= here {
                let name = channel.name();
                Some(format!("{here} deliveries by {name} waited for this account already"))
            } else if change.counters.waiting >= all {
                Some(format!("{all} deliveries waited already, which is all that the outbox holds"))
            } else {
                None
            };
            if let Some(error) = full {
                self.bury(change, DeliveryRecord { last_error: error, ..delivery }, message.at_ms)?;
            } else {
                self.enqueue(change, account, &delivery)?;
            }
        }
        Ok(())
    }

    fn enqueue(
        &self,
        change: &mut Change,
        account: &mut AccountRecord,
        delivery: &DeliveryRecord,
    ) -> Result<(), StoreError> {
        let most = self.config.outbox_deliveries;
        if change.counters.waiting >= most {
            return Err(StoreError::OutboxFull { deliveries: most });
        }
        change.counters.waiting += 1;
        change.counters.last_place += 1;
        *account.waiting(delivery.channel()) += 1;
        let place = layout::number(change.counters.last_place);
        self.tables.put(&mut change.batch, Family::Outbox, place, delivery);
        Ok(())
    }

    /// Makes a dead letter of a delivery, and drops the oldest ones when there are too many.
    fn bury(
        &self,
        change: &mut Change,
        mut delivery: DeliveryRecord,
        at_ms: u64,
    ) -> Result<(), StoreError> {
        delivery.given_up_at_ms = at_ms;
        let (id, account, channel) = (delivery.id, delivery.account(), delivery.channel().name());
        let error = &delivery.last_error;
        tracing::warn!(id, account, channel, error, "a delivery is given up");
        change.happens.given_up += 1;
        self.tables.put(&mut change.batch, Family::Dead, layout::number(id), &delivery);
        change.counters.dead += 1;
        let over = change.counters.dead.saturating_sub(self.config.dead_letters);
        if over > 0 {
            let limit = over.min(DROPPED_AT_ONCE) as usize;
            // What this change has dropped already is still in the table.
            let range = (&layout::number(change.dead_from)[..], &layout::number(u64::MAX)[..]);
            let oldest = self.tables.ascending::<DeliveryRecord>(Family::Dead, range, limit)?;
            for (id, dead) in oldest {
                let account = dead.account();
                tracing::warn!(
                    id,
                    account,
                    "the oldest dead letter is dropped, there are too many"
                );
                change.happens.dropped_dead += 1;
                self.tables.delete(&mut change.batch, Family::Dead, layout::number(id));
                change.counters.dead -= 1;
                change.dead_from = id + 1;
            }
        }
        Ok(())
    }

    /// Drops the oldest messages of an inbox that holds too many.
    fn drop_oldest(
        &self,
        change: &mut Change,
        number: u64,
        account: &mut AccountRecord,
    ) -> Result<(), StoreError> {
        let over = account.held.saturating_sub(self.config.inbox_messages).min(DROPPED_AT_ONCE);
        if over == 0 {
            return Ok(());
        }
        let (from, to) =
            (layout::message(number, account.oldest), layout::message(number, u64::MAX));
        let limit = over as usize;
        let rows: Vec<(u64, MessageRecord)> =
            self.tables.ascending(Family::Messages, (&from, &to), limit)?;
        for (id, _) in rows {
            let read = id <= account.read_up_to;
            tracing::info!(account = number, id, read, "a message leaves a full inbox");
            self.tables.delete(&mut change.batch, Family::Messages, layout::message(number, id));
            account.held -= 1;
            account.oldest = id + 1;
            if read {
                change.happens.dropped_read += 1;
            } else {
                account.unread -= 1;
                change.happens.dropped_unread += 1;
            }
        }
        Ok(())
    }

    /// What is remembered of a command with this key.
    fn known(&self, key: &[u8], now_ms: u64) -> Result<Option<KeyRecord>, StoreError> {
        let known: Option<KeyRecord> = self.tables.get(Family::Keys, key)?;
        Ok(known.filter(|known| !self.expired(known.at_ms, now_ms)))
    }

    fn expired(&self, at_ms: u64, now_ms: u64) -> bool {
        now_ms.saturating_sub(at_ms) > self.config.keys.kept_ms
    }

    fn remember(
        &self,
        change: &mut Change,
        key: Vec<u8>,
        id: u64,
        at_ms: u64,
        fingerprint: &[u8],
    ) -> Result<(), StoreError> {
        self.forget(change, at_ms)?;
        change.counters.keys += 1;
        change.counters.last_key += 1;
        let place = change.counters.last_key;
        let record = KeyRecord { place, id, at_ms, fingerprint: fingerprint.to_vec() };
        self.tables.put(&mut change.batch, Family::Keys, &key, &record);
        let entry = KeyPlace { at_ms, key };
        self.tables.put(&mut change.batch, Family::KeyOrder, layout::number(place), &entry);
        Ok(())
    }

    /// Forgets the oldest keys: those beyond the bound, and a few of those that are too old.
    fn forget(&self, change: &mut Change, now_ms: u64) -> Result<(), StoreError> {
        let (first, last) = (change.counters.first_key, change.counters.last_key);
        let range = (&layout::number(first)[..], &layout::number(last)[..]);
        let oldest: Vec<(u64, KeyPlace)> =
            self.tables.ascending(Family::KeyOrder, range, FORGOTTEN_AT_ONCE)?;
        for (place, entry) in oldest {
            let full = change.counters.keys >= self.config.keys.count;
            if !full && !self.expired(entry.at_ms, now_ms) {
                break;
            }
            self.tables.delete(&mut change.batch, Family::KeyOrder, layout::number(place));
            // A key that was used again after its time has a later place, and stays.
            let record: Option<KeyRecord> = self.tables.get(Family::Keys, &entry.key)?;
            if record.is_some_and(|record| record.place == place) {
                self.tables.delete(&mut change.batch, Family::Keys, &entry.key);
            }
            change.counters.keys -= 1;
            change.counters.first_key = place + 1;
        }
        Ok(())
    }

    /// Marks messages up to one as read; how many are unread then.
    pub(crate) fn mark_read(&mut self, number: u64, up_to: u64) -> Result<u32, StoreError> {
        let mut account = self.account(number)?;
        let up_to = up_to.min(account.newest);
        if up_to <= account.read_up_to {
            return Ok(account.unread);
        }
        let from = layout::message(number, account.oldest.max(account.read_up_to + 1));
        let to = layout::message(number, up_to);
        let rows: Vec<(u64, MessageRecord)> =
            self.tables.ascending(Family::Messages, (&from, &to), account.unread as usize)?;
        let read = u32::try_from(rows.len()).expect("at most as many as are unread, a u32");
        account.unread -= read;
        account.read_up_to = up_to;
        let mut change = self.change();
        self.tables.put(&mut change.batch, Family::Accounts, layout::number(number), &account);
        self.finish(change)?;
        Ok(account.unread)
    }

    /// Sets the channels of an account.
    pub(crate) fn set_channels(
        &mut self,
        number: u64,
        record: &ChannelsRecord,
    ) -> Result<(), StoreError> {
        let mut change = self.change();
        self.tables.put(&mut change.batch, Family::Channels, layout::number(number), record);
        self.finish(change)
    }

    /// Puts a dead letter back into the outbox. Once more after that changes nothing.
    pub(crate) fn redeliver(&mut self, id: u64, now_ms: u64) -> Result<(), StoreError> {
        let key = layout::redeliver_key(id);
        let dead: Option<DeliveryRecord> = self.tables.get(Family::Dead, layout::number(id))?;
        let Some(dead) = dead else {
            let known = self.known(&key, now_ms)?;
            return known.map(drop).ok_or(StoreError::NoDeadLetter { id });
        };
        let mut change = self.change();
        let number = dead.account();
        let mut account = self.account(number)?;
        let delivery = DeliveryRecord {
            attempts: 0,
            due_ms: now_ms,
            since_ms: now_ms,
            given_up_at_ms: 0,
            ..dead
        };
        self.enqueue(&mut change, &mut account, &delivery)?;
        self.tables.delete(&mut change.batch, Family::Dead, layout::number(id));
        change.counters.dead -= 1;
        self.remember(&mut change, key, id, now_ms, &[])?;
        self.tables.put(&mut change.batch, Family::Accounts, layout::number(number), &account);
        self.finish(change)
    }

    /// Notes what an attempt of the delivery at `place` came to. Once more changes nothing.
    pub(crate) fn conclude(&mut self, place: u64, outcome: Outcome) -> Result<(), StoreError> {
        let key = layout::number(place);
        let delivery: Option<DeliveryRecord> = self.tables.get(Family::Outbox, key)?;
        let Some(mut delivery) = delivery else { return Ok(()) };
        let mut change = self.change();
        if let Outcome::Again { due_ms, error } = outcome {
            delivery.attempts += 1;
            delivery.due_ms = due_ms;
            delivery.last_error = error;
            self.tables.put(&mut change.batch, Family::Outbox, key, &delivery);
            change.happens.retried += 1;
            return self.finish(change);
        }
        let number = delivery.account();
        let mut account = self.account(number)?;
        *account.waiting(delivery.channel()) -= 1;
        change.counters.waiting -= 1;
        self.tables.put(&mut change.batch, Family::Accounts, layout::number(number), &account);
        self.tables.delete(&mut change.batch, Family::Outbox, key);
        match outcome {
            Outcome::GivenUp { attempted, error, at_ms } => {
                delivery.attempts += u32::from(attempted);
                delivery.last_error = error;
                self.bury(&mut change, delivery, at_ms)?;
            }
            Outcome::Delivered | Outcome::Again { .. } => change.happens.delivered += 1,
        }
        self.finish(change)
    }
}

impl Change {
    fn next_id(&mut self) -> u64 {
        self.counters.last_id += 1;
        self.counters.last_id
    }
}
