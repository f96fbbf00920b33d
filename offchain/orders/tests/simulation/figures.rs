//! How often what happened: a fault that never happens proves nothing.

use std::fmt;

macro_rules! figures {
    ($($name:ident),* $(,)?) => {
        #[derive(Clone, Debug, Default)]
        pub struct Figures {
            $(pub $name: u64,)*
        }

        impl Figures {
            pub fn add(&mut self, other: &Self) {
                $(self.$name += other.$name;)*
            }

            /// # Panics
            /// Something never happened.
            pub fn everything_happened(&self) {
                $(assert!(self.$name > 0, "{} never happened", stringify!($name).replace('_', " "));)*
            }
        }

        impl fmt::Display for Figures {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                $(writeln!(f, "{:>10}  {}", self.$name, stringify!($name).replace('_', " "))?;)*
                Ok(())
            }
        }
    };
}

figures! {
    steps,
    commands,
    granted,
    refused,
    answered_without_an_entry,
    retries,
    events,
    crashes,
    groups_lost,
    commands_lost,
    groups_on_disk_without_an_answer,
    groups_on_the_way_when_it_crashed,
    restarts_from_a_snapshot,
    restarts_without_a_snapshot,
    entries_replayed,
    clock_set_back,
    clock_set_forward,
    messages_doubled,
    messages_lost,
    messages_overtaken,
    connections_refused,
    late_accepts_refused,
    offers_lapsed,
    orders_placed,
    orders_given_back,
    orders_expired,
    booked_rides,
    next_orders,
    trips_completed,
    fees,
    batches_closed,
    rows_refused,
    rides_released,
    older_versions_settled,
    copies_submitted,
    forks,
    batches_final,
    rides_charged,
    answers_asked_for_again,
}
