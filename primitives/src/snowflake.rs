//! Ids that many machines give without asking each other, in the order of time: Snowflake, as Twitter
//! described it in 2010. 41 bits of milliseconds, 10 bits of machine, 12 bits of sequence.

/// Milliseconds of the Unix epoch at which the platform's ids begin: 2020-01-01T00:00:00Z. They last
/// 69 years from there.
pub const EPOCH_MS: u64 = 1_577_836_800_000;

const MACHINE_BITS: u32 = 10;
const SEQUENCE_BITS: u32 = 12;
const LAST_SEQUENCE: u64 = (1 << SEQUENCE_BITS) - 1;
const LAST_TICK: u64 = (1 << 41) - 1;

/// The number of machines that can give ids side by side.
pub const MACHINES: u16 = 1 << MACHINE_BITS;

/// Gives the ids of one machine.
#[derive(Clone, Debug)]
pub struct Snowflakes {
    machine: u64,
    last_tick: u64,
    sequence: u64,
}

/// Why no id was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SnowflakeError {
    /// The machine's number is 1024 or more.
    Machine,
    /// The time is before 2020 or after 2089.
    Time,
    /// 4096 ids were given in this millisecond: ask again in the next.
    Exhausted,
}

impl core::fmt::Display for SnowflakeError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Machine => "a machine's number is 0 to 1023: give each machine its own",
            Self::Time => "the clock is before 2020 or after 2089: set it right",
            Self::Exhausted => "4096 ids were given in this millisecond: ask again in the next",
        })
    }
}

impl core::error::Error for SnowflakeError {}

impl Snowflakes {
    /// Ids of machine `machine`, which no other machine may use at the same time.
    pub fn new(machine: u16) -> Result<Self, SnowflakeError> {
        if machine >= MACHINES {
            return Err(SnowflakeError::Machine);
        }
        Ok(Self { machine: machine.into(), last_tick: 0, sequence: 0 })
    }

    /// Goes on after an id that this machine gave before a restart. Smaller ones change nothing.
    pub const fn after(&mut self, id: u64) {
        if id > self.last() {
            self.last_tick = id >> (MACHINE_BITS + SEQUENCE_BITS);
            self.sequence = id & LAST_SEQUENCE;
        }
    }

    /// The last id that was given. With sequence 0 at the beginning of the epoch: none was.
    pub const fn last(&self) -> u64 {
        self.last_tick << (MACHINE_BITS + SEQUENCE_BITS)
            | self.machine << SEQUENCE_BITS
            | self.sequence
    }

    /// The next id at the time `now_ms`, in milliseconds of the Unix epoch. Ids of one machine always
    /// grow: when the clock goes back, they stay in the last millisecond until it has caught up.
    pub fn next(&mut self, now_ms: u64) -> Result<u64, SnowflakeError> {
        let tick =
            now_ms.checked_sub(EPOCH_MS).filter(|t| *t <= LAST_TICK).ok_or(SnowflakeError::Time)?;
        if tick > self.last_tick {
            (self.last_tick, self.sequence) = (tick, 0);
        } else if self.sequence == LAST_SEQUENCE {
            return Err(SnowflakeError::Exhausted);
        } else {
            self.sequence += 1;
        }
        Ok(self.last())
    }
}

/// The time at which an id was given, in milliseconds of the Unix epoch.
pub const fn time_ms(id: u64) -> u64 {
    (id >> (MACHINE_BITS + SEQUENCE_BITS)) + EPOCH_MS
}

/// The least id that can be given at a time, in milliseconds of the Unix epoch: all ids from then on are as large or
/// larger, all before are smaller. 0 before 2020, and the largest id from 2089 on.
pub const fn first_at(time_ms: u64) -> u64 {
    let tick = time_ms.saturating_sub(EPOCH_MS);
    if tick > LAST_TICK {
        u64::MAX
    } else {
        tick << (MACHINE_BITS + SEQUENCE_BITS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn ids_of_a_machine_grow_whatever_the_clock_does(
            machine in 0..MACHINES,
            times in proptest::collection::vec(EPOCH_MS + 1..EPOCH_MS + 50, 1..500),
        ) {
            let mut ids = Snowflakes::new(machine).unwrap();
            let given: Vec<u64> = times.iter().filter_map(|t| ids.next(*t).ok()).collect();
            prop_assert!(given.windows(2).all(|w| w[0] < w[1]));
            prop_assert!(given.iter().all(|id| (id >> 12 & 1023) == u64::from(machine)));
        }

        #[test]
        fn a_time_parts_the_ids_before_it_from_those_since(
            machine in 0..MACHINES,
            given in EPOCH_MS..EPOCH_MS + LAST_TICK,
            asked in EPOCH_MS..EPOCH_MS + LAST_TICK,
        ) {
            let mut ids = Snowflakes::new(machine).unwrap();
            ids.sequence = LAST_SEQUENCE;
            // The first millisecond of all gives nothing when its ids are used up.
            let Ok(id) = ids.next(given) else { return Ok(()) };
            for time in [asked, given, given + 1] {
                prop_assert_eq!(id >= first_at(time), given >= time);
            }
            prop_assert_eq!((first_at(0), first_at(u64::MAX)), (0, u64::MAX));
        }
    }

    #[test]
    fn ids_go_on_after_a_restart_with_the_clock_set_back() {
        let mut before = Snowflakes::new(7).unwrap();
        let last = (0..10).map(|_| before.next(EPOCH_MS + 500).unwrap()).last().unwrap();
        let mut after = Snowflakes::new(7).unwrap();
        after.after(last);
        assert_eq!(after.last(), last);
        assert!(after.next(EPOCH_MS + 5).unwrap() > last);
        after.after(1);
        assert!(after.next(EPOCH_MS + 5).unwrap() > last + 1);
    }

    #[test]
    fn a_millisecond_has_4096_ids() {
        let mut ids = Snowflakes::new(7).unwrap();
        for _ in 0..4096 {
            assert_eq!(time_ms(ids.next(EPOCH_MS + 5).unwrap()), EPOCH_MS + 5);
        }
        assert_eq!(ids.next(EPOCH_MS + 5), Err(SnowflakeError::Exhausted));
        assert!(ids.next(EPOCH_MS + 6).is_ok());
        assert_eq!(ids.next(EPOCH_MS - 1), Err(SnowflakeError::Time));
        assert!(Snowflakes::new(MACHINES).is_err());
    }
}
