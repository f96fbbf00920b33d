//! Which commands are not over.

use super::CommandId;
use rustc_hash::FxHashMap;
use smartlink_records::TerminalId;
use std::{collections::BTreeSet, ops::Bound};

#[derive(Debug)]
pub(super) struct Index {
    open: FxHashMap<TerminalId, BTreeSet<CommandId>>,
    by_expiry: BTreeSet<(u64, CommandId)>,
    last: u64,
}

impl Index {
    pub(super) fn new(last: u64) -> Self {
        Self { open: FxHashMap::default(), by_expiry: BTreeSet::new(), last }
    }

    /// The id of the next command. Asked again without an [`insert`](Self::insert), it is the same.
    pub(super) fn next_id(&self) -> CommandId {
        CommandId(self.last + 1)
    }

    pub(super) fn insert(&mut self, terminal: TerminalId, id: CommandId, expires_ms: u64) {
        self.last = self.last.max(id.0);
        self.open.entry(terminal).or_default().insert(id);
        self.by_expiry.insert((expires_ms, id));
    }

    pub(super) fn remove(&mut self, terminal: TerminalId, id: CommandId, expires_ms: u64) {
        self.by_expiry.remove(&(expires_ms, id));
        if let Some(of) = self.open.get_mut(&terminal) {
            of.remove(&id);
            if of.is_empty() {
                self.open.remove(&terminal);
            }
        }
    }

    pub(super) fn has(&self, terminal: TerminalId, id: CommandId) -> bool {
        self.open.get(&terminal).is_some_and(|of| of.contains(&id))
    }

    /// The first of a terminal after one.
    pub(super) fn after(&self, terminal: TerminalId, id: CommandId) -> Option<CommandId> {
        self.open.get(&terminal)?.range((Bound::Excluded(id), Bound::Unbounded)).next().copied()
    }

    /// One whose time is over.
    pub(super) fn due(&self, now_ms: u64) -> Option<CommandId> {
        self.by_expiry.first().filter(|(expires_ms, _)| *expires_ms <= now_ms).map(|(_, id)| *id)
    }

    pub(super) fn of(&self, terminal: TerminalId) -> u32 {
        self.open.get(&terminal).map_or(0, |of| u32::try_from(of.len()).unwrap_or(u32::MAX))
    }

    pub(super) fn len(&self) -> u32 {
        u32::try_from(self.by_expiry.len()).unwrap_or(u32::MAX)
    }
}
