//! Whether the relayer does its work.

use serde::Serialize;

use super::{tally::now, Operations, Tally};

/// How a relayer is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Health {
    /// Whether all is well enough.
    pub ready: bool,
    /// What is wrong, in sentences.
    pub wrong: Vec<String>,
    /// The last block that the contract has.
    pub held: u64,
    /// The last block that was signed.
    pub signed: u64,
    /// Sessions that were begun and are not handed over.
    pub lag_sessions: u64,
    /// Seconds since both chains were looked at.
    pub looked_seconds: u64,
}

impl Operations {
    /// How it is, from what it saw last: nobody is asked.
    pub fn health(&self) -> Health {
        let tally = &self.tally;
        let looked_seconds = now().saturating_sub(Tally::get(&tally.well_at));
        let (lag_sessions, most) = (tally.lag_sessions(), self.config.ready_seconds);
        let mut wrong = Vec::new();
        match Tally::get(&tally.well_at) {
            0 => wrong.push("both chains have not been looked at yet".to_owned()),
            _ if looked_seconds > most => wrong.push(format!(
                "both chains have not been looked at for {looked_seconds} s: the log says which one does not answer"
            )),
            _ => {}
        }
        // One is what a new session begins with.
        if lag_sessions > 1 {
            wrong.push(format!("{lag_sessions} sessions are not handed over"));
        }
        if Tally::get(&tally.at_bound) == 1 {
            wrong.push(
                "more would have to be paid than may be (fees.most_gwei and those beside it): the log says which"
                    .to_owned(),
            );
        }
        Health {
            ready: wrong.is_empty(),
            wrong,
            held: Tally::get(&tally.held_block),
            signed: Tally::get(&tally.signed_block),
            lag_sessions,
            looked_seconds,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{config::OperationsConfig, plan::Signed, relay::Wishes};

    #[test]
    fn a_relayer_is_ready_when_it_looks_and_misses_no_session() {
        let tally = Arc::new(Tally::default());
        let operations =
            Operations::new(tally.clone(), Wishes::default(), OperationsConfig::default());
        assert!(!operations.health().ready);
        tally.signed(Signed { block: 40, set: 3 });
        Tally::set(&tally.held_set, 2);
        assert!(operations.health().ready, "{:?}", operations.health());
        Tally::set(&tally.held_set, 1);
        let health = operations.health();
        assert_eq!((health.ready, health.lag_sessions), (false, 2));
        assert!(health.wrong[0].contains("2 sessions"), "{health:?}");
    }
}
