//! What happened in a block, or holds at its end.

use super::{value::Value, Unread};

/// Where a fact comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// An event of the block.
    Event,
    /// An entry of the block's state: all entries of block 0, which has no events, and a few of every block.
    State,
}

/// Something that happened in a block, or that holds at its end.
#[derive(Clone, Copy, Debug)]
pub struct Fact<'a> {
    /// The block's height.
    pub block: u32,
    /// The block's time, in milliseconds of the Unix epoch. 0 in block 0.
    pub time: i64,
    /// Its place among the facts of the block: that of the event, and behind all events for entries of the state.
    pub index: u32,
    /// Where it comes from.
    pub origin: Origin,
    /// The extrinsic in which it happened.
    pub extrinsic: Option<u32>,
    /// The pallet's name.
    pub pallet: &'a str,
    /// The event's name, or the entry's.
    pub name: &'a str,
    /// The event's fields; of an entry the record of `keys`, a list, and `value`.
    pub fields: &'a Value,
}

impl<'a> Fact<'a> {
    /// A field, which has to be there.
    ///
    /// # Errors
    /// It is not: this runtime's event is another than the entity knows.
    pub fn field(&self, name: &'static str) -> Result<&'a Value, Unread> {
        self.fields.get(name).ok_or_else(|| self.unread(format!("it has no field {name}")))
    }

    /// A field that is an integer of up to 32 bits.
    ///
    /// # Errors
    /// It is not there, or something else.
    pub fn u32(&self, name: &'static str) -> Result<u32, Unread> {
        match self.field(name)? {
            Value::Small(number) => u32::try_from(*number).map_err(|_| self.not(name, "32 bits")),
            _ => Err(self.not(name, "an integer of 32 bits")),
        }
    }

    /// A field that is an integer.
    ///
    /// # Errors
    /// It is not there, or something else.
    pub fn integer(&self, name: &'static str) -> Result<u128, Unread> {
        match self.field(name)? {
            Value::Big(number) => Ok(*number),
            Value::Small(number) => {
                u128::try_from(*number).map_err(|_| self.not(name, "not negative"))
            }
            _ => Err(self.not(name, "an integer")),
        }
    }

    /// A field that is an account, as text: what accounts are called as ids.
    ///
    /// # Errors
    /// It is not there, or something else.
    pub fn account(&self, name: &'static str) -> Result<String, Unread> {
        match self.field(name)? {
            Value::Account(account) => Ok(super::value::hex(account)),
            _ => Err(self.not(name, "an account")),
        }
    }

    /// One of the keys of an entry of the state.
    ///
    /// # Errors
    /// The entry has fewer.
    pub fn key(&self, place: usize) -> Result<&'a Value, Unread> {
        match self.field("keys")? {
            Value::List(keys) => {
                keys.get(place).ok_or_else(|| self.unread(format!("it has no key {place}")))
            }
            _ => Err(self.not("keys", "a list")),
        }
    }

    /// The same fact, seen as another record: of an entry's value, for one.
    pub fn seen_as(self, fields: &'a Value) -> Self {
        Self { fields, ..self }
    }

    /// Why it cannot be read.
    pub fn unread(&self, why: impl Into<String>) -> Unread {
        let Self { block, pallet, name, .. } = *self;
        Unread { block, fact: format!("{pallet}.{name}"), why: why.into() }
    }

    fn not(&self, name: &str, what: &str) -> Unread {
        self.unread(format!("its field {name} is not {what}"))
    }
}
