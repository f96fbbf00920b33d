//! What kinds of requests there are, and how often each comes.

use crate::prng::SplitMix;

/// A kind of request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// `driver_report`: one position.
    Report,
    /// `rider_order`: the rider looks at her order.
    Order,
    /// `rider_track`: the rider looks where her driver is.
    Track,
    /// `driver_state`: the driver asks what she has to do.
    State,
    /// `rider_quote`: what a ride would cost.
    Quote,
    /// The commands of an order's life: `rider_place`, `driver_accept`, `driver_set_off`, `driver_arrive`,
    /// `driver_pick_up`, `driver_start`, `driver_complete`, `rider_rate`, and `driver_order`, with which a
    /// driver looks at an offer.
    Command,
    /// `inbox_list`: the rider looks into her inbox.
    Inbox,
}

/// How many of a thousand requests are of which kind.
pub type Mix = [(Kind, u32); 7];

/// What apps ask in a city: positions above all.
pub const MIX: Mix = [
    (Kind::Report, 550),
    (Kind::Order, 100),
    (Kind::Track, 100),
    (Kind::State, 100),
    (Kind::Quote, 60),
    (Kind::Command, 80),
    (Kind::Inbox, 10),
];

/// Lives of orders, and next to nothing beside them.
pub const LIVES: Mix = [
    (Kind::Report, 40),
    (Kind::Order, 0),
    (Kind::Track, 0),
    (Kind::State, 160),
    (Kind::Quote, 75),
    (Kind::Command, 725),
    (Kind::Inbox, 0),
];

impl Kind {
    /// All kinds, as they are numbered.
    pub const ALL: [Self; 7] = [
        Self::Report,
        Self::Order,
        Self::Track,
        Self::State,
        Self::Quote,
        Self::Command,
        Self::Inbox,
    ];

    /// For people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Report => "driver_report",
            Self::Order => "rider_order",
            Self::Track => "rider_track",
            Self::State => "driver_state",
            Self::Quote => "rider_quote",
            Self::Command => "life cycle",
            Self::Inbox => "inbox_list",
        }
    }
}

/// A thousand kinds with exactly their shares, shuffled by Fisher and Yates.
pub(super) fn schedule(mix: &Mix, seed: u64) -> Vec<Kind> {
    let mut kinds: Vec<Kind> = mix
        .iter()
        .flat_map(|(kind, permille)| std::iter::repeat_n(*kind, *permille as usize))
        .collect();
    let mut dice = SplitMix::new(seed);
    for place in (1..kinds.len()).rev() {
        // Below a thousand.
        kinds.swap(place, dice.below(place as u32 + 1) as usize);
    }
    kinds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thousand_requests_have_exactly_the_mix() {
        for mix in [MIX, LIVES] {
            let kinds = schedule(&mix, 7);
            assert_eq!(kinds.len(), 1_000);
            for (kind, permille) in mix {
                assert_eq!(kinds.iter().filter(|one| **one == kind).count(), permille as usize);
            }
            assert_ne!(kinds, schedule(&mix, 8));
        }
    }
}
