//! Tickets: what a link shows in the place of an access token, because a browser that follows a link sets no header.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use super::random;
use crate::{
    identity::Identity,
    refusal::{Code, Refusal},
};

/// Tickets that were given and not yet used. In memory: after a restart new ones are asked for. A ticket is good once,
/// for the one thing that it was given for, and no longer than the access token of whoever asked for it.
#[derive(Debug)]
pub(crate) struct Tickets<T> {
    life_ms: u64,
    most: usize,
    open: Mutex<HashMap<[u8; 32], Ticket<T>>>,
}

/// What a ticket is good for.
#[derive(Clone, Debug)]
pub(crate) struct Ticket<T> {
    pub caller: Arc<Identity>,
    pub what: T,
    expires_ms: u64,
}

impl<T: Clone> Tickets<T> {
    /// `most` at a time, each good for `life_s`.
    pub fn new(life_s: u64, most: usize) -> Self {
        Self { life_ms: life_s.saturating_mul(1_000), most, open: Mutex::default() }
    }

    /// A ticket, and until when it can be used.
    ///
    /// # Errors
    /// As many are open as may be.
    pub fn give(
        &self,
        caller: Arc<Identity>,
        what: T,
        now_ms: u64,
    ) -> Result<(String, u64), Refusal> {
        let expires_ms = now_ms.saturating_add(self.life_ms).min(caller.expires_ms);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.len() >= self.most {
            open.retain(|_, ticket| ticket.expires_ms > now_ms);
        }
        if open.len() >= self.most {
            let refusal = Refusal::new(Code::Overloaded, "too many links wait to be used");
            return Err(refusal.retry_after(1_000));
        }
        let (text, hash) = random::token();
        open.insert(hash, Ticket { caller, what, expires_ms });
        Ok((text, expires_ms))
    }

    /// What a ticket is good for. It stays so.
    ///
    /// # Errors
    /// It is unknown, old, or used.
    pub fn look(&self, text: &str, now_ms: u64) -> Result<Ticket<T>, Refusal> {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let ticket = open.get(&random::hash(text)).filter(|ticket| ticket.expires_ms > now_ms);
        ticket.cloned().ok_or_else(|| Code::TicketUnknown.into())
    }

    /// What a ticket was good for. It is used up.
    ///
    /// # Errors
    /// It is unknown, old, or used.
    pub fn take(&self, text: &str, now_ms: u64) -> Result<Ticket<T>, Refusal> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let ticket = open.remove(&random::hash(text)).filter(|ticket| ticket.expires_ms > now_ms);
        ticket.ok_or_else(|| Code::TicketUnknown.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::Roles;

    fn caller(expires_ms: u64) -> Arc<Identity> {
        Arc::new(Identity { account: 7, roles: Roles::FLEET, driver: None, session: 1, expires_ms })
    }

    #[test]
    fn a_ticket_is_good_once_and_no_longer_than_its_owners_token() {
        let tickets = Tickets::new(60, 2);
        let (text, expires_ms) = tickets.give(caller(1_000_000), "track", 1_000).unwrap();
        assert_eq!(expires_ms, 61_000);
        assert_eq!(tickets.look(&text, 2_000).unwrap().what, "track");
        let taken = tickets.take(&text, 2_000).unwrap();
        assert_eq!((taken.what, taken.caller.account), ("track", 7));
        assert_eq!(tickets.take(&text, 2_000).unwrap_err().code(), Code::TicketUnknown);
        assert_eq!(tickets.look("guessed", 2_000).unwrap_err().code(), Code::TicketUnknown);
        let (text, expires_ms) = tickets.give(caller(30_000), "track", 1_000).unwrap();
        assert_eq!(expires_ms, 30_000);
        assert_eq!(tickets.take(&text, 30_000).unwrap_err().code(), Code::TicketUnknown);
    }

    #[test]
    fn as_many_are_open_as_may_be_and_old_ones_make_room() {
        let tickets = Tickets::new(60, 2);
        for now_ms in [1_000, 30_000] {
            tickets.give(caller(1_000_000), (), now_ms).unwrap();
        }
        let full = tickets.give(caller(1_000_000), (), 40_000).unwrap_err();
        assert_eq!(full.code(), Code::Overloaded);
        assert!(tickets.give(caller(1_000_000), (), 61_000).is_ok());
    }
}
