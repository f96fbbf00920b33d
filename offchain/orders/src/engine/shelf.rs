//! Where the engine keeps its orders: slots that never move, found by the order's id.
//!
//! A snapshot is taken while orders go on changing. From its beginning on, an order that it does not have yet
//! is copied before it changes for the first time; the others are copied a few at a time. So it shows all
//! orders as they were when it began, and nobody waits for it.

use crate::order::Order;
use rustc_hash::FxHashMap;

/// Slots that are made together.
const BLOCK: usize = 1_024;

/// An order and its history, as a snapshot has them.
pub(super) type Kept = (u64, Vec<u8>);

#[derive(Default)]
struct Slot {
    order: Option<Order>,
    /// The last snapshot that needs nothing more of this slot.
    seen: u32,
}

/// The orders that are here.
#[derive(Default)]
pub(super) struct Shelf {
    places: FxHashMap<u64, u32>,
    blocks: Vec<Vec<Slot>>,
    free: Vec<u32>,
    /// Counts snapshots.
    snapshot: u32,
    taking: Option<Taking>,
}

/// A snapshot on its way.
#[derive(Default)]
struct Taking {
    /// The next slot to look at.
    next: usize,
    /// Copies of what has changed or left since the beginning.
    copied: Vec<Kept>,
}

impl Shelf {
    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    pub(super) fn contains(&self, id: u64) -> bool {
        self.places.contains_key(&id)
    }

    fn slot(&self, place: u32) -> &Slot {
        &self.blocks[place as usize / BLOCK][place as usize % BLOCK]
    }

    pub(super) fn get(&self, id: u64) -> Option<&Order> {
        self.slot(*self.places.get(&id)?).order.as_ref()
    }

    /// The slot of a place, of which the snapshot on its way has what it needs.
    fn slot_to_change(&mut self, place: u32) -> &mut Slot {
        let slot = &mut self.blocks[place as usize / BLOCK][place as usize % BLOCK];
        if let Some(taking) = &mut self.taking {
            if slot.seen != self.snapshot {
                slot.seen = self.snapshot;
                taking.copied.extend(slot.order.as_ref().map(kept));
            }
        }
        slot
    }

    pub(super) fn get_mut(&mut self, id: u64) -> Option<&mut Order> {
        let place = *self.places.get(&id)?;
        self.slot_to_change(place).order.as_mut()
    }

    pub(super) fn insert(&mut self, order: Order) {
        let id = order.id;
        let place = self.free.pop().unwrap_or_else(|| self.grow());
        self.slot_to_change(place).order = Some(order);
        self.places.insert(id, place);
    }

    /// Makes a block of slots, and returns the first of them.
    fn grow(&mut self) -> u32 {
        // The rules bound open orders far below 2^32.
        let first = (self.blocks.len() * BLOCK) as u32;
        self.blocks.push(std::iter::repeat_with(Slot::default).take(BLOCK).collect());
        self.free.extend((first + 1..first + BLOCK as u32).rev());
        first
    }

    pub(super) fn remove(&mut self, id: u64) -> Option<Order> {
        let place = self.places.remove(&id)?;
        self.free.push(place);
        self.slot_to_change(place).order.take()
    }

    pub(super) fn values(&self) -> impl Iterator<Item = &Order> {
        self.blocks.iter().flatten().filter_map(|slot| slot.order.as_ref())
    }

    /// All orders as they are now are in the snapshot that begins.
    pub(super) fn begin_snapshot(&mut self) {
        self.snapshot = self.snapshot.wrapping_add(1);
        self.taking = Some(Taking::default());
    }

    /// Up to `slots` slots of the snapshot on its way, with what changed in others. `None`: all were shown.
    pub(super) fn next_of_snapshot(&mut self, slots: usize) -> Option<Vec<Kept>> {
        let taking = self.taking.as_mut()?;
        let mut orders = std::mem::take(&mut taking.copied);
        let end = (taking.next + slots).min(self.blocks.len() * BLOCK);
        if taking.next >= end && orders.is_empty() {
            self.taking = None;
            return None;
        }
        for place in taking.next..end {
            let slot = &mut self.blocks[place / BLOCK][place % BLOCK];
            if slot.seen != self.snapshot {
                slot.seen = self.snapshot;
                orders.extend(slot.order.as_ref().map(kept));
            }
        }
        taking.next = end;
        Some(orders)
    }
}

fn kept(order: &Order) -> Kept {
    (order.id, order.history().to_vec())
}
