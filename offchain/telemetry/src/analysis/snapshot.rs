//! The state, written down and read again.
//!
//! ```text
//! "SLDA", version 1, what follows: 1 all vehicles, 2 one │ the vehicles │ check, 8 bytes
//! ```
//!
//! Rules and fences are not in it: they have a home of their own. A state may be kept as a whole, or vehicle by vehicle
//! where only those are written that have changed.

use std::sync::Arc;

use super::{
    alert::mix,
    durable::{Durable, Input},
    fence::Fences,
    rules::RuleSet,
    vehicle::Vehicle,
    Analysis,
};

const HEAD: [u8; 5] = *b"SLDA\x01";
const ALL: u8 = 1;
const ONE: u8 = 2;

/// Why bytes are no state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotError {
    /// Of another program.
    #[error("these bytes are no state of this version of the analysis: analyse the log anew, from its beginning")]
    Version,
    /// Changed or cut.
    #[error("the state is damaged (byte {0}): use an older one, or analyse the log anew")]
    Damaged(usize),
}

fn check(bytes: &[u8]) -> u64 {
    bytes.chunks(8).fold(bytes.len() as u64, |sum, chunk| {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        mix(sum ^ u64::from_le_bytes(word))
    })
}

fn begin(what: u8) -> Vec<u8> {
    let mut bytes = HEAD.to_vec();
    bytes.push(what);
    bytes
}

fn sealed(mut bytes: Vec<u8>) -> Vec<u8> {
    let sum = check(&bytes);
    bytes.extend_from_slice(&sum.to_le_bytes());
    bytes
}

/// What is between head and check.
fn opened(bytes: &[u8], what: u8) -> Result<&[u8], SnapshotError> {
    let damaged = SnapshotError::Damaged(bytes.len());
    if !bytes.starts_with(&HEAD) {
        return Err(SnapshotError::Version);
    }
    let (content, sum) = bytes.split_last_chunk::<8>().ok_or(damaged)?;
    if check(content) != u64::from_le_bytes(*sum) || content.get(HEAD.len()) != Some(&what) {
        return Err(damaged);
    }
    content.get(HEAD.len() + 1..).ok_or(damaged)
}

impl Analysis {
    /// The state of all vehicles. The same state has the same bytes.
    pub fn snapshot(&self) -> Vec<u8> {
        let mut bytes = begin(ALL);
        let mut vehicles: Vec<_> = self.vehicles.iter().collect();
        vehicles.sort_unstable_by_key(|(id, _)| **id);
        (vehicles.len() as u64).put(&mut bytes);
        for (id, vehicle) in vehicles {
            id.put(&mut bytes);
            vehicle.put(&mut bytes);
        }
        sealed(bytes)
    }

    /// The state of one vehicle. None when it is not known.
    pub fn snapshot_of(&self, vehicle: u32) -> Option<Vec<u8>> {
        let mut bytes = begin(ONE);
        vehicle.put(&mut bytes);
        self.vehicles.get(&vehicle)?.put(&mut bytes);
        Some(sealed(bytes))
    }

    /// Goes on where a [`snapshot`](Self::snapshot) was made.
    ///
    /// # Errors
    /// The bytes are damaged, or of another version.
    pub fn restore(
        rules: impl Into<Arc<RuleSet>>,
        fences: impl Into<Arc<Fences>>,
        bytes: &[u8],
    ) -> Result<Self, SnapshotError> {
        let mut analysis = Self::new(rules);
        analysis.set_fences(fences);
        let mut input = Input::new(opened(bytes, ALL)?);
        analysis.read(&mut input).map_err(SnapshotError::Damaged)?;
        Ok(analysis)
    }

    /// Takes one vehicle as [`snapshot_of`](Self::snapshot_of) wrote it, in the place of what is known of it.
    ///
    /// # Errors
    /// The bytes are damaged, or of another version: then nothing changes.
    pub fn restore_vehicle(&mut self, bytes: &[u8]) -> Result<u32, SnapshotError> {
        let mut input = Input::new(opened(bytes, ONE)?);
        let (id, vehicle) =
            <(u32, Box<Vehicle>)>::take(&mut input).map_err(|at| SnapshotError::Damaged(at.0))?;
        if input.left() > 0 {
            return Err(SnapshotError::Damaged(input.damaged().0));
        }
        self.vehicles.insert(id, vehicle);
        Ok(id)
    }

    fn read(&mut self, input: &mut Input<'_>) -> Result<(), usize> {
        let count = u64::take(input).map_err(|damaged| damaged.0)?;
        for _ in 0..count {
            let (id, vehicle) = <(u32, Box<Vehicle>)>::take(input).map_err(|damaged| damaged.0)?;
            self.vehicles.insert(id, vehicle);
        }
        if input.left() > 0 {
            return Err(input.damaged().0);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{class::Fact, Outcome};

    fn restored(bytes: &[u8]) -> Result<Analysis, SnapshotError> {
        Analysis::restore(RuleSet::default(), Fences::default(), bytes)
    }

    #[test]
    fn damage_is_seen() {
        let mut analysis = Analysis::new(RuleSet::default());
        analysis.set_fact(5, Fact::Driver(Some(7)), &mut Outcome::default()).unwrap();
        let whole = analysis.snapshot();
        assert_eq!(restored(&whole).unwrap().snapshot(), whole);
        for place in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[place] ^= 0x10;
            assert!(restored(&damaged).is_err(), "byte {place}");
            assert!(restored(&whole[..place]).is_err());
        }
    }

    #[test]
    fn vehicles_can_be_kept_one_by_one() {
        let mut analysis = Analysis::new(RuleSet::default());
        analysis.set_fact(5, Fact::Driver(Some(7)), &mut Outcome::default()).unwrap();
        let one = analysis.snapshot_of(5).unwrap();
        let mut other = Analysis::new(RuleSet::default());
        assert_eq!(other.restore_vehicle(&one), Ok(5));
        assert_eq!(other.snapshot(), analysis.snapshot());
        assert!(analysis.snapshot_of(6).is_none());
        assert!(restored(&one).is_err(), "one vehicle is not all");
    }

    #[test]
    fn no_bytes_are_more_than_refused() {
        // With a right check, so that what is behind it is reached.
        bolero::check!().with_iterations(5_000).for_each(|bytes: &[u8]| {
            let mut all = begin(ALL);
            all.extend_from_slice(bytes);
            if let Ok(analysis) = restored(&sealed(all)) {
                let again = analysis.snapshot();
                assert_eq!(restored(&again).unwrap().snapshot(), again);
            }
        });
    }
}
