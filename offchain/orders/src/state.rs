//! The states of an order, and the one table of what leads from which to which.
//!
//! The engine asks this table before it does anything; `docs/orders.md` shows it, and a test keeps the two
//! the same.

use codec::{Decode, Encode};
use std::fmt;

/// Where an order is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Encode, Decode)]
#[repr(u8)]
pub enum State {
    /// A price that holds for a time. Nobody has ordered yet.
    Quoted = 1,
    /// Ordered for later.
    Booked = 2,
    /// A driver is looked for.
    Searching = 3,
    /// A driver was asked.
    Offered = 4,
    /// A driver will come; she may finish another trip first.
    Accepted = 5,
    /// The driver is on her way to the pick-up.
    Arriving = 6,
    /// The driver waits at the pick-up.
    Arrived = 7,
    /// The rider is in the vehicle: the start code was right.
    PickedUp = 8,
    /// On the way to the destination.
    InTrip = 9,
    /// At the destination. The fare is known.
    Completed = 10,
    /// The chain has settled the fare, finally.
    Settled = 11,
    /// Ended before the trip, by somebody.
    Cancelled = 12,
    /// Ended by time: nobody ordered, or no driver was found.
    Expired = 13,
}

impl State {
    /// All states, in the order of an order's life.
    pub const ALL: [Self; 13] = [
        Self::Quoted,
        Self::Booked,
        Self::Searching,
        Self::Offered,
        Self::Accepted,
        Self::Arriving,
        Self::Arrived,
        Self::PickedUp,
        Self::InTrip,
        Self::Completed,
        Self::Settled,
        Self::Cancelled,
        Self::Expired,
    ];

    /// The name that the API uses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Quoted => "quoted",
            Self::Booked => "booked",
            Self::Searching => "searching",
            Self::Offered => "offered",
            Self::Accepted => "accepted",
            Self::Arriving => "arriving",
            Self::Arrived => "arrived",
            Self::PickedUp => "picked_up",
            Self::InTrip => "in_trip",
            Self::Completed => "completed",
            Self::Settled => "settled",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
        }
    }

    /// Whether nothing but a rating, or the settlement of a fee, can happen any more.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Completed | Self::Settled | Self::Cancelled | Self::Expired)
    }

    /// Whether a driver is bound to the order.
    pub const fn has_driver(self) -> bool {
        matches!(
            self,
            Self::Accepted | Self::Arriving | Self::Arrived | Self::PickedUp | Self::InTrip
        )
    }

    /// Whether somebody waits for the service: placed, and not over.
    pub const fn is_active(self) -> bool {
        !matches!(self, Self::Quoted) && !self.is_over()
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What changes the state of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Action {
    /// The rider takes the quote.
    Place,
    /// The time of a booked ride comes near.
    Search,
    /// The dispatcher asks a driver.
    Offer,
    /// The driver says yes.
    Accept,
    /// The driver says no.
    Decline,
    /// The driver said nothing in time.
    Lapse,
    /// The driver drives to the pick-up.
    SetOff,
    /// The driver is there.
    Arrive,
    /// The driver entered the start code.
    PickUp,
    /// The trip begins.
    Start,
    /// The trip ends.
    Complete,
    /// The driver gives the order back.
    Abandon,
    /// The rider ends it.
    CancelByRider,
    /// The driver ends it, because the rider does not come.
    CancelByDriver,
    /// The company ends it.
    CancelByCompany,
    /// Time ends it.
    Expire,
    /// The chain has settled it.
    Settle,
}

impl Action {
    /// The name for people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Place => "place",
            Self::Search => "search",
            Self::Offer => "offer",
            Self::Accept => "accept",
            Self::Decline => "decline",
            Self::Lapse => "lapse",
            Self::SetOff => "set off",
            Self::Arrive => "arrive",
            Self::PickUp => "pick up",
            Self::Start => "start",
            Self::Complete => "complete",
            Self::Abandon => "abandon",
            Self::CancelByRider => "cancel (rider)",
            Self::CancelByDriver => "cancel (driver)",
            Self::CancelByCompany => "cancel (company)",
            Self::Expire => "expire",
            Self::Settle => "settle",
        }
    }

    const fn bit(self) -> u32 {
        1 << self as u8
    }
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Transition {
    /// The state before.
    pub from: State,
    /// What happens.
    pub action: Action,
    /// Who does it.
    pub who: &'static str,
    /// The state after.
    pub to: State,
    /// What else has to hold, or happens.
    pub note: &'static str,
}

const fn row(
    from: State,
    action: Action,
    who: &'static str,
    to: State,
    note: &'static str,
) -> Transition {
    Transition { from, action, who, to, note }
}

/// Every change of state that there is.
pub const TABLE: [Transition; 36] = {
    use Action::*;
    use State::*;
    [
        row(Quoted, Place, "rider", Searching, "the quote still holds, and is for now"),
        row(Quoted, Place, "rider", Booked, "the quote still holds, and names a time"),
        row(Quoted, Expire, "time", Expired, "nobody ordered while the quote held"),
        row(Booked, Search, "time", Searching, "the pick-up is near"),
        row(Booked, CancelByRider, "rider", Cancelled, "free"),
        row(Booked, CancelByCompany, "company", Cancelled, "free"),
        row(
            Searching,
            Offer,
            "dispatcher",
            Offered,
            "the driver is free or about to be, and not excluded",
        ),
        row(Searching, Expire, "time", Expired, "nobody was found in time, or everybody was asked"),
        row(Searching, CancelByRider, "rider", Cancelled, "free"),
        row(Searching, CancelByCompany, "company", Cancelled, "free"),
        row(Offered, Accept, "driver", Accepted, "this very offer still stands"),
        row(Offered, Decline, "driver", Searching, "the driver is excluded from now on"),
        row(Offered, Lapse, "time", Searching, "the driver is excluded from now on"),
        row(Offered, CancelByRider, "rider", Cancelled, "free; the offer is gone"),
        row(Offered, CancelByCompany, "company", Cancelled, "free; the offer is gone"),
        row(Accepted, SetOff, "driver", Arriving, "no other trip is unfinished"),
        row(Accepted, Abandon, "driver", Searching, "the driver's fault; she is excluded"),
        row(
            Accepted,
            CancelByRider,
            "rider",
            Cancelled,
            "the rider's fault after the time for second thoughts, the driver's when she is late",
        ),
        row(Accepted, CancelByCompany, "company", Cancelled, "the company says whose fault"),
        row(Arriving, Arrive, "driver", Arrived, "waiting counts from here"),
        row(Arriving, Abandon, "driver", Searching, "the driver's fault; she is excluded"),
        row(Arriving, CancelByRider, "rider", Cancelled, "as when accepted"),
        row(Arriving, CancelByCompany, "company", Cancelled, "the company says whose fault"),
        row(Arrived, PickUp, "driver", PickedUp, "with the rider's start code"),
        row(Arrived, Abandon, "driver", Searching, "the driver's fault; she is excluded"),
        row(Arrived, CancelByRider, "rider", Cancelled, "the rider's fault, waiting is charged"),
        row(
            Arrived,
            CancelByDriver,
            "driver",
            Cancelled,
            "the rider did not come in time: the rider's fault, waiting is charged",
        ),
        row(Arrived, CancelByCompany, "company", Cancelled, "the company says whose fault"),
        row(PickedUp, Start, "driver", InTrip, ""),
        row(
            PickedUp,
            Complete,
            "driver",
            Completed,
            "the trip was not started by hand: it counts from the pick-up",
        ),
        row(PickedUp, CancelByCompany, "company", Cancelled, "an emergency: free"),
        row(InTrip, Complete, "driver", Completed, "the fare is computed, and capped"),
        row(InTrip, CancelByCompany, "company", Cancelled, "an emergency: free"),
        row(Completed, Settle, "chain", Settled, "the batch with the ride is final"),
        row(Quoted, CancelByRider, "rider", Cancelled, "free: the quote is given up"),
        row(Quoted, CancelByCompany, "company", Cancelled, "free: the quote is withdrawn"),
    ]
};

/// The table as a set of actions a state.
const ALLOWED: [u32; 14] = {
    let mut allowed = [0; 14];
    let mut at = 0;
    while at < TABLE.len() {
        let row = TABLE[at];
        allowed[row.from as usize] |= row.action.bit();
        at += 1;
    }
    allowed
};

/// Whether the table has a row for this.
pub const fn allows(from: State, action: Action) -> bool {
    ALLOWED[from as usize] & action.bit() != 0
}

/// The table in Markdown, as `docs/orders.md` shows it.
pub fn markdown() -> String {
    let mut text =
        String::from("| From | What | Who | To | Note |\n| --- | --- | --- | --- | --- |\n");
    for from in State::ALL {
        for row in TABLE.iter().filter(|row| row.from == from) {
            let (action, to) = (row.action.name(), row.to.name());
            text.push_str(&format!("| {from} | {action} | {} | {to} | {} |\n", row.who, row.note));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_can_be_reached_and_every_open_one_can_end() {
        for state in State::ALL {
            let reached = state == State::Quoted || TABLE.iter().any(|row| row.to == state);
            assert!(reached, "{state} is never reached");
            let left = TABLE.iter().any(|row| row.from == state);
            assert_eq!(left, !state.is_over() || state == State::Completed, "{state}");
        }
    }

    #[test]
    fn no_row_stands_twice_and_none_leaves_an_end() {
        for (at, row) in TABLE.iter().enumerate() {
            let same = |other: &Transition| {
                (other.from, other.action, other.to) == (row.from, row.action, row.to)
            };
            assert!(!TABLE[at + 1..].iter().any(same), "{row:?} stands twice");
            assert!(allows(row.from, row.action));
        }
        assert!(!allows(State::Cancelled, Action::Accept));
        assert!(!allows(State::Settled, Action::Settle));
    }

    /// `UPDATE_DOCS=1` writes the table into the document.
    #[test]
    fn the_document_shows_this_table() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/orders.md");
        let text = std::fs::read_to_string(path).expect("docs/orders.md is in the repository");
        let (begin, end) = ("<!-- states: begin -->\n", "<!-- states: end -->");
        let (head, rest) = text.split_once(begin).expect("docs/orders.md marks the table");
        let (shown, tail) = rest.split_once(end).expect("docs/orders.md marks the table's end");
        if std::env::var_os("UPDATE_DOCS").is_some() {
            let new = format!("{head}{begin}{}{end}{tail}", markdown());
            std::fs::write(path, new).expect("docs/orders.md can be written");
        } else {
            assert_eq!(shown, markdown(), "run this test with UPDATE_DOCS=1");
        }
    }
}
