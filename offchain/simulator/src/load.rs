//! A fixed rate of requests of a real mix, measured from when each was due.
//!
//! **Open loop.** The times of all requests are set in advance: the k-th of a phase is due k / rate after
//! its beginning, whether or not the service keeps up. A latency is counted from that time to the arrival of
//! the answer, so a stall of the service, of the network or of this generator lengthens every request that
//! was due meanwhile: nothing is left out (what is called coordinated omission).
//!
//! **Connections.** One WebSocket for each rider and driver, as apps have, with as many requests under way
//! on it as come. That is the cheapest there is: no headers for each request, no token to be verified for
//! each, and a slow answer does not hold up the next one, as it would with HTTP/1.1.
//!
//! **The mix**, of a thousand requests: see [`Kind`]. Orders are real: quotes are placed, offers of the
//! dispatcher accepted, trips driven to their end as fast as the share of commands allows. A command that
//! no order is ready for is replaced by a position, and that is counted.
//!
//! **Thrift.** The service shares its cores with the generator, so that one sends from one thread and reads
//! in another, writes requests into buffers that stay, and reads of an answer only its id and whether it is
//! an error, except where a life cycle needs more.

mod board;
mod kind;
mod receiver;
mod report;
mod sender;
mod set_up;
mod state;

use std::{fmt, sync::Arc, time::Duration};

pub use kind::{Kind, Mix, LIVES, MIX};
pub use report::{KindReport, PhaseReport, Recovery, Report};

use crate::{city::City, client::Address, Error};

/// How long an answer is waited for. Later ones are counted as missing.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);
/// An answer that is slower than this is a slow one, in the search for the recovery.
pub const SLOW: Duration = Duration::from_millis(10);

/// How somebody logs in.
#[derive(Clone)]
pub enum Credentials {
    /// By name and password. Who is not known yet is registered. A password costs the service tens of
    /// milliseconds, and its throttle for one address must allow as many logins as there are riders.
    Password {
        /// 3 to 32 small letters, digits and `.-_`.
        name: String,
        /// 10 characters or more.
        password: String,
    },
    /// By a signature of the sr25519 key of a phrase, a seed of 0x and 64 digits, or a path like `//Alice`.
    Wallet {
        /// The secret.
        suri: String,
    },
    /// An access token that is good for the whole measurement.
    Token {
        /// The token.
        access_token: String,
    },
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Password { .. } => "Password",
            Self::Wallet { .. } => "Wallet",
            Self::Token { .. } => "Token",
        })
    }
}

/// A driver with her vehicle.
#[derive(Clone, Debug)]
pub struct Seat {
    /// How she logs in.
    pub credentials: Credentials,
    /// The vehicle that she drives.
    pub vehicle: u32,
}

/// What is measured, and how.
#[derive(Clone, Debug)]
pub struct Target {
    /// Where the API is, as `http://host:port`.
    pub url: String,
    /// Determines the order of kinds, and who goes where.
    pub seed: u64,
    /// Each has a connection. At 5,000 requests a second and the mix as it is, 50 orders a second come to
    /// their end: with 300 riders and 300 drivers each takes part in one every six seconds.
    pub riders: Vec<Credentials>,
    /// Each has a connection.
    pub drivers: Vec<Seat>,
    /// Where people are.
    pub city: City,
    /// The class of vehicles that is asked for.
    pub class: String,
    /// What is asked.
    pub mix: Mix,
    /// Requests a second.
    pub rate: u32,
    /// Before anything is counted.
    pub warm_up: Duration,
    /// At `rate`.
    pub measured: Duration,
    /// At twice the `rate`. Zero: left out, with the recovery.
    pub twice: Duration,
    /// At `rate` again.
    pub recovery: Duration,
}

impl Target {
    /// 5,000 requests a second for a minute, then twice as many for 15 s, then 15 s of recovery.
    pub fn new(url: impl Into<String>, riders: Vec<Credentials>, drivers: Vec<Seat>) -> Self {
        Self {
            url: url.into(),
            seed: 1,
            riders,
            drivers,
            city: City::shenzhen(),
            class: "economy".to_owned(),
            mix: MIX,
            rate: 5_000,
            warm_up: Duration::from_secs(10),
            measured: Duration::from_secs(60),
            twice: Duration::from_secs(15),
            recovery: Duration::from_secs(15),
        }
    }

    fn phases(&self) -> Vec<Phase> {
        let phase = |name, rate, time| Phase { name, rate, time };
        let mut phases = vec![
            phase("warm-up", self.rate, self.warm_up),
            phase("measured", self.rate, self.measured),
            phase("twice the load", self.rate.saturating_mul(2), self.twice),
            phase("recovery", self.rate, self.recovery),
        ];
        phases.truncate(if self.twice.is_zero() { 2 } else { 4 });
        phases
    }

    fn validate(&self) -> Result<(), Error> {
        let wrong = |what: &str, remedy| Err(Error::Plan { what: what.to_owned(), remedy });
        if self.mix.iter().map(|(_, permille)| permille).sum::<u32>() != 1_000 {
            return wrong("the mix is not of a thousand", "give thousandths that add up");
        }
        if self.riders.is_empty() || self.drivers.is_empty() {
            return wrong("there are no riders, or no drivers", "give some hundred of each");
        }
        if self.rate == 0 || self.rate > 1_000_000 {
            return wrong("the rate is 0 or above a million", "give requests a second");
        }
        let total: Duration = self.phases().iter().map(|phase| phase.time).sum();
        if self.measured.is_zero() || total > Duration::from_secs(540) {
            return wrong(
                "nothing is measured, or for longer than nine minutes",
                "tokens last for ten",
            );
        }
        Ok(())
    }
}

/// A time with one rate.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Phase {
    pub name: &'static str,
    pub rate: u32,
    pub time: Duration,
}

/// Logs everybody in, connects, and measures.
///
/// # Errors
/// Somebody could not log in or connect, or the target makes no sense. What the API answers under load is
/// no error here but what the report is about.
pub async fn measure(target: Target) -> Result<Report, Error> {
    target.validate()?;
    let address = Address::parse(&target.url)?;
    let (board, tokens) = set_up::log_in(&target, &address).await?;
    let (shared, streams) = set_up::connect(&address, board, &tokens, target.phases()).await?;
    let shared = Arc::new(shared);
    let stop = receiver::start(shared.clone(), streams)?;
    let sender = sender::start(shared.clone(), target.mix, target.seed)?;
    let sent = tokio::task::spawn_blocking(move || sender.join()).await?;
    stop.stop();
    if sent.is_err() {
        return Err(Error::Thread(std::io::Error::other("the sending thread panicked")));
    }
    Ok(report::of(&shared))
}
