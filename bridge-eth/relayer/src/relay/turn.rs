//! Whose turn it is, where several relayers share the work: nobody asks anybody, and each waits for a moment of its own.
//!
//! With places, the first turn goes round from one checkpoint to the next. Without, each key draws its moment from its address
//! and what the contract holds, so that it is another one each time. Whoever comes too late sees that from the contract.

use std::time::{Duration, Instant};

use alloy_primitives::{keccak256, Address};

use crate::{anchor::View, config::TurnsConfig};

/// A wait for one's own moment.
#[derive(Clone, Copy, Debug)]
pub struct Turn {
    /// What the contract held when it began.
    held: (u32, u64),
    at: Instant,
}

impl Turn {
    /// The turn of `address` to bring what follows on what the contract holds, which became due now.
    pub fn begin(config: &TurnsConfig, address: Address, view: &View) -> Self {
        Self { held: held(view), at: Instant::now() + delay(config, address, view) }
    }

    /// Whether it is about what the contract still holds.
    pub fn is_about(&self, view: &View) -> bool {
        self.held == held(view)
    }

    /// Whether its moment has come.
    pub fn has_come(&self) -> bool {
        Instant::now() >= self.at
    }

    /// How long it is until then.
    pub fn remaining(&self) -> Duration {
        self.at.saturating_duration_since(Instant::now())
    }
}

const fn held(view: &View) -> (u32, u64) {
    (view.latest, view.current.id)
}

/// How long a relayer lets others go first.
pub fn delay(config: &TurnsConfig, address: Address, view: &View) -> Duration {
    let step = Duration::from_millis(config.step_ms);
    if config.relayers <= 1 {
        return Duration::ZERO;
    }
    // What all relayers see alike.
    let held = [&view.latest.to_be_bytes()[..], &view.current.id.to_be_bytes()].concat();
    match config.place {
        Some(place) => {
            let round = drawn(&held) % u64::from(config.relayers);
            let turns = (u64::from(place) + round) % u64::from(config.relayers);
            step * u32::try_from(turns).unwrap_or(config.relayers)
        }
        None => {
            let whole = step * config.relayers;
            let drawn = drawn(&[address.as_slice(), &held].concat());
            // 53 bits, which a float has exactly.
            whole.mul_f64((drawn >> 11) as f64 / (1_u64 << 53) as f64)
        }
    }
}

/// A number drawn from bytes: the same for everybody.
fn drawn(bytes: &[u8]) -> u64 {
    let hash = keccak256(bytes);
    let mut first = [0; 8];
    first.copy_from_slice(&hash[..8]);
    u64::from_be_bytes(first)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use smartlink_proofs::Fixed;

    use super::*;
    use crate::anchor::Set;

    fn view(latest: u32) -> View {
        let set = |id| Set { id, length: 4, root: Fixed([7; 32]) };
        View { at: 1, latest, current: set(7), next: set(8) }
    }

    #[test]
    fn with_places_nobody_has_the_same_moment_and_the_first_turn_goes_round() {
        let step = 20_000;
        let delays = |latest| {
            let of = |place| {
                let config = TurnsConfig { relayers: 3, place: Some(place), step_ms: step };
                delay(&config, Address::ZERO, &view(latest)).as_millis()
            };
            [of(0), of(1), of(2)]
        };
        let mut first = BTreeSet::new();
        for latest in 0..100 {
            let mut of_all = delays(latest);
            first.insert(of_all.iter().position(|delay| *delay == 0));
            of_all.sort_unstable();
            assert_eq!(of_all, [0, 20_000, 40_000]);
        }
        assert_eq!(first.len(), 3);
    }

    #[test]
    fn without_places_moments_are_drawn_anew_for_each_checkpoint() {
        let config = TurnsConfig { relayers: 4, place: None, step_ms: 10_000 };
        let of = |key: u8, latest| delay(&config, Address::repeat_byte(key), &view(latest));
        let drawn: BTreeSet<_> =
            (0..50).flat_map(|latest| [of(1, latest), of(2, latest)]).collect();
        assert_eq!(drawn.len(), 100);
        assert!(drawn.iter().all(|delay| *delay <= Duration::from_secs(40)));
        assert_eq!(of(1, 3), of(1, 3));
    }

    #[test]
    fn alone_one_does_not_wait() {
        let turn = Turn::begin(&TurnsConfig::default(), Address::ZERO, &view(3));
        assert!(turn.has_come() && turn.is_about(&view(3)) && !turn.is_about(&view(4)));
    }
}
