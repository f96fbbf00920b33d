//! What the city shall do.

use std::{
    fmt,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use crate::{city::City, Error};

/// Riders, drivers and orders of one run, at most: each is a task, or a row in memory.
pub const MOST: u32 = 1_000_000;

/// Nobody looks at the clock more often.
const SHORTEST_GLANCE: Duration = Duration::from_millis(30);

/// A driver's account and vehicle.
#[derive(Clone)]
pub struct DriverSeat {
    /// The secret of her sr25519 key: a phrase, a seed of 0x and 64 digits, or a path like `//Alice`.
    pub suri: String,
    /// The vehicle that she drives.
    pub vehicle: u32,
}

impl fmt::Debug for DriverSeat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DriverSeat").field("vehicle", &self.vehicle).finish_non_exhaustive()
    }
}

/// How riders and drivers learn what changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Follow {
    /// They ask every [`Plan::poll_every`], over the shared connections. The cheapest for thousands.
    Polling,
    /// Each keeps a WebSocket with a subscription, as an app does, and asks less often beside it. The API
    /// knows who speaks by the connection, so these cannot be shared.
    Subscriptions,
}

/// How often people do what, in parts of a thousand.
#[derive(Clone, Copy, Debug)]
pub struct Habits {
    /// Quotes that the rider lets lapse.
    pub quote_lapses: u32,
    /// Quotes that the rider takes too late, when [`Plan::longest_wait`] is enough for that.
    pub place_late: u32,
    /// Orders that the rider cancels before a driver accepted.
    pub cancel_early: u32,
    /// Orders that the rider cancels after a driver accepted.
    pub cancel_late: u32,
    /// Orders whose rider does not come to the pick-up.
    pub no_show: u32,
    /// Trips that are rated, by either side.
    pub rates: u32,
    /// Offers that the driver declines.
    pub declines: u32,
    /// Offers that the driver lets lapse.
    pub lets_lapse: u32,
    /// Offers that the driver accepts after they expired.
    pub accepts_late: u32,
    /// Accepted orders that the driver gives back.
    pub abandons: u32,
    /// Pick-ups at which the driver mistypes the start code once.
    pub wrong_code: u32,
    /// Commands that are sent twice.
    pub sends_twice: u32,
    /// Commands whose connection is lost before the answer, and which are sent again.
    pub loses_connection: u32,
}

impl Default for Habits {
    fn default() -> Self {
        Self {
            quote_lapses: 100,
            place_late: 20,
            cancel_early: 40,
            cancel_late: 30,
            no_show: 20,
            rates: 600,
            declines: 60,
            lets_lapse: 40,
            accepts_late: 20,
            abandons: 20,
            wrong_code: 30,
            sends_twice: 100,
            loses_connection: 20,
        }
    }
}

impl Habits {
    /// People who do nothing but ride and drive.
    pub const fn calm() -> Self {
        Self {
            quote_lapses: 0,
            place_late: 0,
            cancel_early: 0,
            cancel_late: 0,
            no_show: 0,
            rates: 0,
            declines: 0,
            lets_lapse: 0,
            accepts_late: 0,
            abandons: 0,
            wrong_code: 0,
            sends_twice: 0,
            loses_connection: 0,
        }
    }
}

/// One run of the city.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Where the API is, as `http://host:port`.
    pub api_url: String,
    /// Determines who wants to go where and who does what.
    pub seed: u64,
    /// Names what this run sends: the same city may be run again on a service that remembers the keys of
    /// the run before. At most 16 characters.
    pub run: String,
    /// Riders.
    pub riders: u32,
    /// Drivers.
    pub drivers: Vec<DriverSeat>,
    /// Quotes that all riders together ask for.
    pub orders: u32,
    /// How many times faster than a real city this one moves. Not the service's own times: how long an
    /// offer holds is what the service says.
    pub speed_up: u32,
    /// Where people are and want to go.
    pub city: City,
    /// What people do.
    pub habits: Habits,
    /// Classes of vehicles that riders ask for, as the API names them.
    pub classes: Vec<String>,
    /// HTTP connections that everybody shares, at most.
    pub connections: usize,
    /// How changes are learned.
    pub follow: Follow,
    /// Time between two questions of the same person.
    pub poll_every: Duration,
    /// Time between two positions of a driver.
    pub report_every: Duration,
    /// The mean time between two orders of a rider, in the city's time.
    pub pause: Duration,
    /// How long a rider lets a driver be looked for.
    pub patience: Duration,
    /// How long somebody waits on purpose for an offer or a quote to expire, and a driver for a rider who
    /// does not come.
    pub longest_wait: Duration,
    /// After this time an order has no end: that is reported as a broken promise.
    pub stuck_after: Duration,
    /// How long to wait for one answer.
    pub request_timeout: Duration,
    /// How long a request is repeated that the service could not take.
    pub give_up: Duration,
    /// How long open orders may go on after the caller said stop.
    pub wind_down: Duration,
    /// How long the riders wait in the end for the settlement of their trips. Zero: not at all.
    pub settle_within: Duration,
}

impl Plan {
    /// A plan with everything at its default: an ordinary day in Shenzhen, sixty times as fast.
    pub fn new(api_url: impl Into<String>, seed: u64, drivers: Vec<DriverSeat>) -> Self {
        Self {
            api_url: api_url.into(),
            seed,
            run: this_moment(),
            riders: 100,
            drivers,
            orders: 200,
            speed_up: 60,
            city: City::shenzhen(),
            habits: Habits::default(),
            classes: vec!["economy".to_owned()],
            connections: 64,
            follow: Follow::Polling,
            poll_every: Duration::from_secs(1),
            report_every: Duration::from_secs(2),
            pause: Duration::from_secs(600),
            patience: Duration::from_secs(120),
            longest_wait: Duration::from_secs(30),
            stuck_after: Duration::from_secs(900),
            request_timeout: Duration::from_secs(10),
            give_up: Duration::from_secs(60),
            wind_down: Duration::from_secs(120),
            settle_within: Duration::ZERO,
        }
    }

    /// Checks what the types do not.
    pub(crate) fn validate(&self) -> Result<(), Error> {
        let wrong = |what: String, remedy| Err(Error::Plan { what, remedy });
        if self.riders > MOST || self.orders > MOST || self.drivers.len() > MOST as usize {
            return wrong("the city is too large".to_owned(), "give at most a million of each");
        }
        if self.orders > 0 && (self.riders == 0 || self.drivers.is_empty()) {
            return wrong(
                "nobody can order, or nobody can drive".to_owned(),
                "give riders and drivers",
            );
        }
        if self.speed_up == 0 || self.connections == 0 {
            return wrong("speed_up or connections is 0".to_owned(), "give 1 or more");
        }
        if self.poll_every.is_zero() || self.report_every.is_zero() {
            return wrong("poll_every or report_every is 0".to_owned(), "give some milliseconds");
        }
        if self.classes.is_empty() || self.run.is_empty() || self.run.len() > 16 {
            return wrong(
                "classes is empty, or run is empty or long".to_owned(),
                "give a class of vehicles, and a run of 1 to 16 characters",
            );
        }
        Ok(())
    }

    /// How often people look at the clock who wait for something: often enough for the city's time.
    pub(crate) fn glance(&self) -> Duration {
        self.city_time(20.0).max(SHORTEST_GLANCE).min(self.poll_every)
    }

    /// How long something takes here that takes `seconds` in a real city.
    pub(crate) fn city_time(&self, seconds: f64) -> Duration {
        Duration::from_secs_f64((seconds / f64::from(self.speed_up)).clamp(0.0, 86_400.0))
    }
}

/// A name that differs from run to run.
fn this_moment() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    format!("{:x}", since.as_millis())
}
