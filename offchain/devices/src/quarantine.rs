//! Devices that nobody knows: shown with what they sent, until somebody enrols them.

use crate::{
    gate::Peer,
    registry::{Details, Identity},
};
use parking_lot::Mutex;
use rustc_hash::FxHashMap;
use serde::Serialize;
use std::{
    collections::{BTreeMap, VecDeque},
    fmt::Write,
};

/// Bytes that are kept of a frame.
const FRAME: usize = 1_024;

/// A device that nobody knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stranger {
    /// What it calls itself.
    pub identity: Identity,
    /// The way by which it came last, and from where.
    pub peer: Peer,
    /// What it said of itself when it registered.
    pub details: Details,
    /// When it came first, as far as the list goes back.
    pub first_ms: u64,
    /// When it came last.
    pub last_ms: u64,
    /// Times that it was refused.
    pub refused: u64,
    /// Why it was refused last.
    pub reason: String,
    /// The newest of what it sent, in hexadecimal digits, the newest last; each up to 1 KiB.
    pub frames: VecDeque<String>,
}

/// The list. In memory: a device that is still there after a restart comes again.
#[derive(Debug)]
pub(crate) struct Quarantine {
    inner: Mutex<Inner>,
    max_devices: usize,
    max_frames: usize,
}

#[derive(Debug, Default)]
struct Inner {
    strangers: FxHashMap<Identity, (u64, Stranger)>,
    /// By when they came last.
    order: BTreeMap<u64, Identity>,
    tick: u64,
}

/// What is noted of a stranger.
pub(crate) struct Note<'a> {
    pub(crate) identity: &'a Identity,
    pub(crate) peer: Peer,
    pub(crate) details: Option<&'a Details>,
    pub(crate) reason: &'a str,
    pub(crate) frame: &'a [u8],
    pub(crate) now_ms: u64,
}

impl Quarantine {
    pub(crate) fn new(max_devices: usize, max_frames: usize) -> Self {
        Self { inner: Mutex::default(), max_devices, max_frames }
    }

    pub(crate) fn note(&self, note: Note<'_>) {
        let Note { identity, peer, details, reason, frame, now_ms } = note;
        let mut inner = self.inner.lock();
        inner.tick += 1;
        let tick = inner.tick;
        let (was, mut stranger) = inner.strangers.remove(identity).unwrap_or_else(|| {
            let stranger = Stranger {
                identity: identity.clone(),
                peer,
                details: Details::default(),
                first_ms: now_ms,
                last_ms: now_ms,
                refused: 0,
                reason: String::new(),
                frames: VecDeque::new(),
            };
            (0, stranger)
        });
        inner.order.remove(&was);
        stranger.peer = peer;
        stranger.last_ms = now_ms;
        stranger.refused += 1;
        stranger.reason = reason.to_owned();
        if let Some(details) = details {
            stranger.details = details.clone();
        }
        if !frame.is_empty() {
            if stranger.frames.len() >= self.max_frames {
                stranger.frames.pop_front();
            }
            stranger.frames.push_back(hexadecimal(&frame[..frame.len().min(FRAME)]));
        }
        if inner.strangers.len() >= self.max_devices {
            if let Some((_, quiet)) = inner.order.pop_first() {
                inner.strangers.remove(&quiet);
            }
        }
        inner.order.insert(tick, identity.clone());
        inner.strangers.insert(identity.clone(), (tick, stranger));
    }

    /// Takes one off the list.
    pub(crate) fn release(&self, identity: &Identity) -> Option<Stranger> {
        let mut inner = self.inner.lock();
        let (tick, stranger) = inner.strangers.remove(identity)?;
        inner.order.remove(&tick);
        Some(stranger)
    }

    pub(crate) fn get(&self, identity: &Identity) -> Option<Stranger> {
        self.inner.lock().strangers.get(identity).map(|(_, stranger)| stranger.clone())
    }

    /// All of them, who came last first.
    pub(crate) fn list(&self, limit: usize) -> Vec<Stranger> {
        let inner = self.inner.lock();
        let newest =
            inner.order.values().rev().filter_map(|identity| inner.strangers.get(identity));
        newest.take(limit).map(|(_, stranger)| stranger.clone()).collect()
    }

    pub(crate) fn len(&self) -> usize {
        self.inner.lock().strangers.len()
    }
}

/// Bytes as hexadecimal digits.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing into a String does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use smartlink_records::Channel;

    fn comes(quarantine: &Quarantine, phone: &str, frame: &[u8], now_ms: u64) {
        let identity = Identity::phone(phone).unwrap();
        let peer = Peer { channel: Channel::Jt808, address: ([10, 0, 0, 1], 4_000).into() };
        let note = Note {
            identity: &identity,
            peer,
            details: None,
            reason: "nobody knows it",
            frame,
            now_ms,
        };
        quarantine.note(note);
    }

    #[test]
    fn the_list_keeps_who_came_last_and_what_they_sent_last() {
        let quarantine = Quarantine::new(2, 2);
        comes(&quarantine, "1", b"\x01", 1);
        comes(&quarantine, "2", b"\x02", 2);
        for frame in [b"\x03", b"\x04"] {
            comes(&quarantine, "1", frame, 3);
        }
        comes(&quarantine, "3", b"", 4);
        let list = quarantine.list(10);
        let phones: Vec<_> = list.iter().map(|stranger| stranger.identity.text()).collect();
        assert_eq!(phones, ["3", "1"], "2 was quiet for longest");
        assert_eq!(list[1].frames, ["03", "04"]);
        assert_eq!((list[1].first_ms, list[1].last_ms, list[1].refused), (1, 3, 3));
        assert!(quarantine.release(&Identity::phone("1").unwrap()).is_some());
        assert_eq!((quarantine.len(), quarantine.list(1).len()), (1, 1));
    }
}
