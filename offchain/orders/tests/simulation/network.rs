//! Messages come late, twice, in another order, or never.

use super::{chance::Chance, figures::Figures};
use smartlink_orders::{Answer, Command, Refusal};

/// A command on its way to the service.
#[derive(Clone, Debug)]
pub struct Request {
    pub client: usize,
    pub command: Command,
}

/// An answer on its way back.
#[derive(Clone, Debug)]
pub struct Reply {
    pub client: usize,
    pub command: Command,
    pub answer: Result<Answer, Refusal>,
    /// How far the order had come.
    pub revision: u64,
    /// Too many of the driver's own commands came since the same key was answered.
    pub forgotten: bool,
}

#[derive(Clone, Debug)]
pub enum Message {
    Request(Request),
    Reply(Reply),
    /// A batch on its way to the chain.
    Batch(Vec<u8>),
}

#[derive(Default)]
pub struct Network {
    on_the_way: Vec<(u64, Message)>,
    sent: u64,
    /// Nothing is lost or doubled any more.
    pub calm: bool,
}

/// Messages on the way, at most: beyond them new ones are lost.
const MOST: usize = 400;

impl Network {
    pub fn send(&mut self, message: Message, chance: &mut Chance, figures: &mut Figures) {
        if !self.calm && (chance.once_in(12) || self.on_the_way.len() >= MOST) {
            figures.messages_lost += 1;
            return;
        }
        let copies = if !self.calm && chance.once_in(8) { 2 } else { 1 };
        figures.messages_doubled += copies - 1;
        for _ in 0..copies {
            self.sent += 1;
            self.on_the_way.push((self.sent, message.clone()));
        }
    }

    /// What arrives next: mostly one of the oldest, sometimes any.
    pub fn deliver(&mut self, chance: &mut Chance, figures: &mut Figures) -> Option<Message> {
        if self.on_the_way.is_empty() {
            return None;
        }
        let reach = match chance.below(10) {
            _ if self.calm => 1,
            0 => self.on_the_way.len(),
            1..=4 => 1,
            _ => self.on_the_way.len().min(4),
        };
        let at = chance.index(reach);
        let (number, message) = self.on_the_way.remove(at);
        if self.on_the_way[..at].iter().any(|(earlier, _)| *earlier < number) {
            figures.messages_overtaken += 1;
        }
        Some(message)
    }

    pub fn is_empty(&self) -> bool {
        self.on_the_way.is_empty()
    }
}
