//! The durable store: what a synced write has put there, and what has reached files of its own.
//!
//! The real one ([`smartlink_orders::store`]) syncs a group at once: its part of the log and the batches. Orders that
//! left the engine are beside it in memory, until they are flushed; a crash loses them, and the log brings
//! them back. A snapshot counts with its end, for which they are flushed before. Breaches of that are here
//! too, so that the simulation can show that it would notice them.

use smartlink_orders::{
    batch::Closed,
    engine::{Effects, Replay},
    Engine, Order, Rules,
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
    /// A snapshot ends, and the log goes, while orders that left are in memory alone.
    ForgetsToFlush,
    /// A restart does not bring orders back that left the engine.
    ForgetsWhoLeft,
}

/// Something that is written at once.
pub enum Write {
    Group {
        effects: Effects,
        replies: Vec<super::network::Reply>,
    },
    /// A piece of a snapshot, or its end.
    Piece {
        sequence: u64,
        bytes: Option<Vec<u8>>,
    },
}

#[derive(Default)]
pub struct Disk {
    snapshot: Option<(u64, Vec<Vec<u8>>)>,
    /// Pieces of the snapshot that does not count yet.
    pieces: Vec<Vec<u8>>,
    log: BTreeMap<u64, Vec<u8>>,
    /// Orders that left, as everybody finds them.
    pub archive: HashMap<u64, Arc<Vec<u8>>>,
    /// Those of them that a crash leaves.
    flushed: HashMap<u64, Arc<Vec<u8>>>,
    /// The newest version of every batch that is not final.
    pub served: BTreeMap<u64, Closed>,
}

/// An engine as it was.
pub struct Recovered {
    pub engine: Engine,
    pub replayed: u64,
    pub from_snapshot: bool,
}

impl Disk {
    pub fn write_group(&mut self, effects: &Effects) {
        if effects.events > 0 {
            self.log.insert(effects.first_sequence, effects.log.clone());
            // Memory is full now and then.
            if effects.first_sequence.is_multiple_of(5) {
                self.flush();
            }
        }
        self.archive(effects);
        self.serve(effects);
    }

    fn archive(&mut self, effects: &Effects) {
        let archived = effects.archived.iter();
        self.archive.extend(archived.map(|one| (one.order, one.history.clone())));
    }

    fn flush(&mut self) {
        self.flushed.clone_from(&self.archive);
    }

    pub fn serve(&mut self, effects: &Effects) {
        for closed in &effects.batches {
            self.served.insert(closed.number, closed.clone());
        }
        for settled in &effects.settled {
            self.served.remove(&settled.number);
        }
    }

    /// A piece of a snapshot. With its end it replaces what came before it.
    pub fn write_piece(&mut self, sequence: u64, bytes: Option<Vec<u8>>, breach: Breach) {
        if let Some(bytes) = bytes {
            return self.pieces.push(bytes);
        }
        if breach != Breach::ForgetsToFlush {
            self.flush();
        }
        self.snapshot = Some((sequence, std::mem::take(&mut self.pieces)));
        self.log = self.log.split_off(&(sequence + 1));
    }

    /// What is in memory only is gone.
    pub fn crash(&mut self) {
        self.archive.clone_from(&self.flushed);
        self.pieces.clear();
    }

    pub fn recover(&mut self, rules: Rules, breach: Breach) -> Result<Recovered, String> {
        let mut engine = match &self.snapshot {
            Some((sequence, pieces)) => {
                let engine = Engine::restore(rules, pieces).map_err(|error| error.to_string())?;
                if engine.sequence() != *sequence {
                    return Err("a snapshot is not what it was".to_owned());
                }
                engine
            }
            None => Engine::new(rules),
        };
        let mut replayed = 0;
        for (first, log) in self.log.clone() {
            let entries = engine.replay(first, &log);
            replayed += entries.map_err(|error: Replay| error.to_string())?;
            let effects = engine.take_effects();
            if breach != Breach::ForgetsWhoLeft {
                self.archive(&effects);
            }
            for (id, entry) in effects.late {
                let Some(history) = self.archive.get(&id) else { continue };
                let mut order = Order::restore(id, history).map_err(|error| error.to_string())?;
                if order.take_late(entry) {
                    self.archive.insert(id, Arc::new(order.history().to_vec()));
                }
            }
        }
        Ok(Recovered { engine, replayed, from_snapshot: self.snapshot.is_some() })
    }
}
