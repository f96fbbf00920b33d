//! Who changed what: append-only, each entry with the hash of the one before, so that a change of the
//! past shows.
//!
//! An entry is JSON. Its hash is SHA-256 over its bytes as they are stored. The hash of the last entry is
//! shown by `ops_figures`: who notes it elsewhere can tell later that nothing before it was changed, even
//! by somebody who rewrote the whole store.

use std::sync::{Mutex, PoisonError};

use rocksdb::Direction;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    store::{key, table, Store, StoreError},
    types::{AuditEntry, AuditPage, Id},
};

/// Entries that one query may read.
const READ_AT_MOST: usize = 10_000;
/// By how much the machine's clock may have been set back: within it, entries of a span are found out of order.
const CLOCK_SET_BACK_MS: u64 = 60 * 60 * 1_000;

/// What is noted of a change.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Entry {
    /// From 1 on. Given by the log.
    pub sequence: u64,
    pub at_ms: u64,
    /// 0: nobody was logged in.
    pub account: u64,
    pub roles: Vec<String>,
    pub method: String,
    pub subject: Option<String>,
    pub idempotency_key: Option<String>,
    pub outcome: i32,
    pub address: String,
    pub request: String,
    /// Hex. Given by the log.
    pub previous: String,
}

/// The last entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Head {
    pub sequence: u64,
    pub hash: [u8; 32],
}

impl Head {
    /// Puts an entry behind this one. Gives its number and its bytes.
    pub fn append(&mut self, mut entry: Entry) -> (u64, Vec<u8>) {
        entry.sequence = self.sequence + 1;
        entry.previous = hex::encode(self.hash);
        let bytes = serde_json::to_vec(&entry).expect("strings and numbers are always JSON");
        *self = Self { sequence: entry.sequence, hash: Sha256::digest(&bytes).into() };
        (entry.sequence, bytes)
    }

    pub fn encode(&self) -> Vec<u8> {
        [&self.sequence.to_be_bytes()[..], &self.hash].concat()
    }

    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let (sequence, hash) = bytes.split_first_chunk::<8>()?;
        Some(Self { sequence: u64::from_be_bytes(*sequence), hash: hash.try_into().ok()? })
    }
}

/// The head as the writing thread leaves it and everybody reads it.
#[derive(Debug)]
pub(crate) struct Chain(Mutex<Head>);

impl Chain {
    pub fn new(head: Head) -> Self {
        Self(Mutex::new(head))
    }

    pub fn head(&self) -> Head {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn set(&self, head: Head) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = head;
    }
}

/// What is wrong with an audit log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuditFault {
    /// A number is missing or follows where it should not.
    #[error("entry {expected} of the audit log is missing: entries were taken out")]
    Missing {
        /// The number that should be here.
        expected: u64,
    },
    /// An entry does not carry the hash of the one before.
    #[error(
        "entry {sequence} of the audit log does not follow the one before it: that one was changed"
    )]
    Broken {
        /// The entry that shows it.
        sequence: u64,
    },
    /// The last entry is not the one that was noted as last.
    #[error("the audit log ends with entry {found} and not with {expected} as it was written: its end was changed or cut off")]
    Head {
        /// The last entry there is.
        found: u64,
        /// The last one that was written.
        expected: u64,
    },
    /// An entry cannot be read.
    #[error("entry {sequence} of the audit log cannot be read: it was changed")]
    Unreadable {
        /// The entry.
        sequence: u64,
    },
    /// The store failed.
    #[error("{0}")]
    Store(String),
}

/// Checks every entry. Gives their number.
pub(crate) fn verify(store: &Store) -> Result<u64, AuditFault> {
    let mut head = Head::default();
    let mut fault = None;
    let scanned = store.scan(&key(table::AUDIT, 0), Direction::Forward, |at, bytes| {
        let sequence = sequence_of(at);
        if sequence != head.sequence + 1 {
            fault = Some(AuditFault::Missing { expected: head.sequence + 1 });
            return false;
        }
        match serde_json::from_slice::<Entry>(bytes) {
            Ok(entry) if entry.previous != hex::encode(head.hash) || entry.sequence != sequence => {
                fault = Some(AuditFault::Broken { sequence });
            }
            Ok(_) => head = Head { sequence, hash: Sha256::digest(bytes).into() },
            Err(_) => fault = Some(AuditFault::Unreadable { sequence }),
        }
        fault.is_none()
    });
    scanned.map_err(|error: StoreError| AuditFault::Store(error.to_string()))?;
    let written = store.audit_head();
    match fault {
        Some(fault) => Err(fault),
        None if head != written => {
            Err(AuditFault::Head { found: head.sequence, expected: written.sequence })
        }
        None => Ok(head.sequence),
    }
}

fn sequence_of(key: &[u8]) -> u64 {
    key.get(1..9).and_then(|bytes| bytes.try_into().ok()).map_or(0, u64::from_be_bytes)
}

/// What is looked for.
#[derive(Clone, Debug)]
pub(crate) struct Query {
    /// Entries before this one. 0: from the newest on.
    pub before: u64,
    pub limit: usize,
    pub account: Option<u64>,
    pub method: Option<String>,
    /// Entries from this millisecond of the Unix epoch on.
    pub from_ms: u64,
    /// Entries before this millisecond.
    pub until_ms: u64,
}

/// A page of the log, the newest first.
pub(crate) fn page(store: &Store, query: &Query) -> Result<AuditPage, StoreError> {
    let below = if query.before == 0 { u64::MAX } else { query.before };
    let newest = below.min(first_at(store, query.until_ms.saturating_add(CLOCK_SET_BACK_MS))?) - 1;
    let (mut entries, mut read, mut last) = (Vec::new(), 0, 0);
    let over = query.from_ms.saturating_sub(CLOCK_SET_BACK_MS);
    store.scan(&key(table::AUDIT, newest), Direction::Reverse, |at, bytes| {
        (read, last) = (read + 1, sequence_of(at));
        if let Ok(entry) = serde_json::from_slice::<Entry>(bytes) {
            let wanted = query.account.is_none_or(|account| account == entry.account)
                && query.method.as_ref().is_none_or(|method| *method == entry.method)
                && (query.from_ms..query.until_ms).contains(&entry.at_ms);
            if entry.at_ms < over {
                last = 0;
                return false;
            }
            if wanted {
                entries.push(shown(entry));
            }
        }
        entries.len() < query.limit && read < READ_AT_MOST
    })?;
    Ok(AuditPage { entries, next: (last > 1).then_some(Id(last)) })
}

/// The first entry that was noted at a time or later. One past the last where none was.
fn first_at(store: &Store, time_ms: u64) -> Result<u64, StoreError> {
    let (mut first, mut end) = (1, store.audit_head().sequence + 1);
    while first < end {
        let middle = first + (end - first) / 2;
        let bytes = store.get(&key(table::AUDIT, middle))?;
        let entry = bytes.and_then(|bytes| serde_json::from_slice::<Entry>(&bytes).ok());
        // One that cannot be read hides nothing: the search goes on to later ones.
        if entry.is_none_or(|entry| entry.at_ms < time_ms) {
            first = middle + 1;
        } else {
            end = middle;
        }
    }
    Ok(first)
}

fn shown(entry: Entry) -> AuditEntry {
    AuditEntry {
        sequence: Id(entry.sequence),
        at_ms: entry.at_ms,
        account: Id::known(entry.account),
        roles: entry.roles,
        method: entry.method,
        subject: entry.subject,
        idempotency_key: entry.idempotency_key,
        outcome: entry.outcome,
        address: entry.address,
        request: entry.request,
        previous: entry.previous,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    fn entry(account: u64) -> Entry {
        Entry {
            sequence: 0,
            at_ms: 1,
            account,
            roles: vec!["rider".into()],
            method: "rider_place".into(),
            subject: Some("7".into()),
            idempotency_key: None,
            outcome: 0,
            address: "127.0.0.1".into(),
            request: "1-1".into(),
            previous: String::new(),
        }
    }

    fn all() -> Query {
        let (account, method) = (None, None);
        Query { before: 0, limit: 50, account, method, from_ms: 0, until_ms: u64::MAX }
    }

    async fn noted(store: &Store, accounts: &[u64]) {
        for account in accounts {
            store.reserve_audit().unwrap().append(entry(*account)).await.unwrap();
        }
    }

    #[tokio::test]
    async fn a_change_of_the_past_shows_wherever_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), false, 16).unwrap();
        noted(&store, &[1, 2, 3, 4]).await;
        assert_eq!(verify(&store), Ok(4));

        let second = store.get(&key(table::AUDIT, 2)).unwrap().unwrap();
        let forged =
            String::from_utf8(second.clone()).unwrap().replace("rider_place", "rider_quote");
        store.commit_now(vec![(key(table::AUDIT, 2), Some(forged.into_bytes()))]).unwrap();
        assert_eq!(verify(&store), Err(AuditFault::Broken { sequence: 3 }));

        store.commit_now(vec![(key(table::AUDIT, 2), None)]).unwrap();
        assert_eq!(verify(&store), Err(AuditFault::Missing { expected: 2 }));

        store.commit_now(vec![(key(table::AUDIT, 2), Some(second))]).unwrap();
        assert_eq!(verify(&store), Ok(4));
        store.commit_now(vec![(key(table::AUDIT, 4), None)]).unwrap();
        assert_eq!(verify(&store), Err(AuditFault::Head { found: 3, expected: 4 }));
    }

    #[tokio::test]
    async fn pages_follow_the_cursor_and_the_filter() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), false, 16).unwrap();
        noted(&store, &[1, 2, 1, 2, 1]).await;
        let mut query = Query { limit: 2, account: Some(1), ..all() };
        let first = page(&store, &query).unwrap();
        let numbers: Vec<u64> = first.entries.iter().map(|entry| entry.sequence.0).collect();
        assert_eq!((numbers, first.next), (vec![5, 3], Some(Id(3))));
        query.before = 3;
        let rest = page(&store, &query).unwrap();
        assert_eq!((rest.entries.len(), rest.entries[0].sequence, rest.next), (1, Id(1), None));
    }

    #[tokio::test]
    async fn a_span_of_time_has_its_entries_and_no_others() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), false, 16).unwrap();
        let hour = CLOCK_SET_BACK_MS;
        // The clock went back once, by less than an hour.
        let times = [hour, 2 * hour, 4 * hour, 4 * hour - 1, 6 * hour, 9 * hour];
        for at_ms in times {
            let entry = Entry { at_ms, ..entry(1) };
            store.reserve_audit().unwrap().append(entry).await.unwrap();
        }
        let within = |from_ms, until_ms| {
            let query = Query { limit: 50, from_ms, until_ms, ..all() };
            let found = page(&store, &query).unwrap();
            assert_eq!(found.next, None);
            found.entries.iter().map(|entry| entry.sequence.0).collect::<Vec<_>>()
        };
        for from in times {
            for until in times {
                let within_it =
                    times.iter().enumerate().filter(|(_, at)| (from..until).contains(at));
                let expected: Vec<u64> =
                    within_it.map(|(place, _)| place as u64 + 1).rev().collect();
                assert_eq!(within(from, until), expected, "{from} to {until}");
            }
        }
        assert_eq!(within(0, 0), Vec::<u64>::new());
    }

    #[tokio::test]
    async fn the_log_goes_on_where_it_was_after_opening_again() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), false, 16).unwrap();
        noted(&store, &[1, 2]).await;
        drop(store);
        let store = Store::open(folder.path(), false, 16).unwrap();
        noted(&store, &[3]).await;
        assert_eq!(verify(&store), Ok(3));
    }
}
