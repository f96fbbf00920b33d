//! What was answered, by key, so that a repeated command gets the same answer.

use crate::{event::Key, Refusal};

/// Answers of one order or driver.
#[derive(Clone, Debug, Default)]
pub(crate) struct Answers {
    /// A bit for each key, so that most new ones are known to be new without looking.
    bits: u64,
    keys: Vec<Key>,
    /// The answers that are refusals, by place.
    refused: Vec<(u32, Refusal)>,
}

/// Answers that most orders do not outgrow.
const USUAL: usize = 10;

const fn bit(key: Key) -> u64 {
    // Keys are digests: their highest bits are as good as any.
    1 << (key >> 58)
}

impl Answers {
    /// Remembers an answer. Nothing for the key 0, which nobody repeats.
    pub(crate) fn push(&mut self, key: Key, refusal: Option<Refusal>) {
        if key == 0 {
            return;
        }
        if self.keys.is_empty() {
            self.keys.reserve_exact(USUAL);
        }
        self.bits |= bit(key);
        // Refusals are bounded, and other answers by the life of an order: far fewer than 2^32.
        self.refused.extend(refusal.map(|refusal| (self.keys.len() as u32, refusal)));
        self.keys.push(key);
    }

    /// What this key was answered last.
    pub(crate) fn find(&self, key: Key) -> Option<Result<(), Refusal>> {
        if key == 0 || self.bits & bit(key) == 0 {
            return None;
        }
        let place = self.keys.iter().rposition(|known| *known == key)?;
        let refused = self.refused.iter().find(|(at, _)| *at as usize == place);
        Some(refused.map_or(Ok(()), |(_, refusal)| Err(*refusal)))
    }

    /// Whether another key than this one has an answer.
    pub(crate) fn of_others_than(&self, key: Key) -> bool {
        self.keys.iter().any(|known| *known != key)
    }
}
