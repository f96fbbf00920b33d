//! The durable store: what a synced write has put there, and nothing else.
//!
//! The real one ([`smartlink_orders::store`]) writes a group at once: its part of the log, the orders that left the
//! engine, and the batches. A snapshot follows in a write of its own. Breaches of that are here too, so that
//! the simulation can show that it would notice them.

use smartlink_orders::{
    batch::Closed,
    engine::{Archived, Effects, Replay},
    Engine, Rules,
};
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

/// What a service may get wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breach {
    None,
    /// Clients are answered when the engine has decided.
    AnswersBeforeSync,
    /// The worker of the chain is served from the engine's memory.
    ServesBeforeSync,
    /// Orders that are over are written some time after their group.
    ArchivesLater,
    /// A crash leaves the first half of a group's entries on the disk, but not the orders that left by it.
    TearsGroups,
}

/// Something that is written at once.
pub enum Write {
    Group { effects: Effects, replies: Vec<super::network::Reply> },
    Snapshot { sequence: u64, bytes: Vec<u8> },
}

#[derive(Default)]
pub struct Disk {
    snapshot: Option<(u64, Vec<u8>)>,
    log: BTreeMap<u64, Vec<u8>>,
    pub archive: HashMap<u64, Arc<Vec<u8>>>,
    /// The newest version of every batch that is not final.
    pub served: BTreeMap<u64, Closed>,
    /// Written apart, by a breach.
    later: Vec<Archived>,
}

/// An engine as it was.
pub struct Recovered {
    pub engine: Engine,
    pub replayed: u64,
    pub from_snapshot: bool,
}

impl Disk {
    pub fn write_group(&mut self, effects: &Effects, breach: Breach) {
        if effects.events > 0 {
            self.log.insert(effects.first_sequence, effects.log.clone());
        }
        let later = std::mem::take(&mut self.later);
        for archived in later {
            self.archive.insert(archived.order, archived.history);
        }
        if breach == Breach::ArchivesLater {
            self.later.clone_from(&effects.archived);
        } else {
            for archived in &effects.archived {
                self.archive.insert(archived.order, archived.history.clone());
            }
        }
        self.serve(effects);
    }

    pub fn serve(&mut self, effects: &Effects) {
        for closed in &effects.batches {
            self.served.insert(closed.number, closed.clone());
        }
        for settled in &effects.settled {
            self.served.remove(&settled.number);
        }
    }

    /// A snapshot replaces what came before it.
    pub fn write_snapshot(&mut self, sequence: u64, bytes: Vec<u8>) {
        self.snapshot = Some((sequence, bytes));
        self.log = self.log.split_off(&(sequence + 1));
    }

    /// Half of a write, as a disk without check sums would have it.
    pub fn tear(&mut self, effects: &Effects) {
        use codec::Decode;
        let mut rest = &effects.log[..];
        for _ in 0..effects.events.div_ceil(2) {
            let _ = u64::decode(&mut rest).expect("the engine wrote it");
            let _ = smartlink_orders::Event::decode(&mut rest).expect("the engine wrote it");
        }
        let kept = effects.log.len() - rest.len();
        if kept > 0 {
            self.log.insert(effects.first_sequence, effects.log[..kept].to_vec());
        }
    }

    /// What is in memory only is gone.
    pub fn crash(&mut self) {
        self.later.clear();
    }

    pub fn recover(&self, rules: Rules) -> Result<Recovered, String> {
        let mut engine = match &self.snapshot {
            Some((sequence, bytes)) => {
                let engine = Engine::restore(rules, bytes).map_err(|error| error.to_string())?;
                if engine.sequence() != *sequence {
                    return Err("a snapshot is not what it was".to_owned());
                }
                engine
            }
            None => Engine::new(rules),
        };
        let mut replayed = 0;
        for (first, log) in &self.log {
            let entries = engine.replay(*first, log);
            replayed += entries.map_err(|error: Replay| error.to_string())?;
        }
        Ok(Recovered { engine, replayed, from_snapshot: self.snapshot.is_some() })
    }
}
