//! One indexer at a time writes an index: two would store the same blocks in other pieces, and rows twice.
//!
//! Who comes writes a row, and goes on to every two seconds; the eldest of those that were heard of within twelve seconds holds
//! the index, by the clock of ClickHouse. Who is not the eldest waits until the eldest is silent for so long, and gives up as
//! soon as the eldest is heard again. Of a process of this machine it is seen at once that it was killed. The holder stores
//! nothing while it could not write its row for eight seconds: a slow machine makes it wait, and when it is heard again it goes
//! on, unless somebody else has come meanwhile.
//!
//! Limits: ClickHouse compares nothing and sets nothing. A holder whose process stands still for twelve seconds in the middle of
//! an insert sends the rest of it when it goes on (another holder begins with the same cut, so under the same token, of which
//! ClickHouse takes one). In a cluster whose replicas are further behind than a second, two may believe for two seconds that
//! they hold it; the younger then stops.

use std::{
    fs,
    time::{Duration, Instant},
};

use clickhouse::Row;
use serde::{Deserialize, Serialize};
use smartlink_clickhouse::{Layout, Store};
use tokio::{sync::watch, task::JoinHandle};

use super::Index;
use crate::error::Error;

/// Who was not heard of for so long holds nothing.
const LEASE: Duration = Duration::from_secs(12);
/// Between two rows of a holder.
const BEAT: Duration = Duration::from_secs(2);
/// A holder that could not write its row for so long stores nothing: before another can begin.
const STOP: Duration = Duration::from_secs(8);
/// How long it waits for that to pass.
const PATIENCE: Duration = Duration::from_secs(120);
/// Between two looks while another holds the index.
const LOOK: Duration = Duration::from_millis(250);
/// How long a row may take to be seen by everybody: by the server that took it.
const SETTLING: Duration = Duration::from_millis(300);
/// The same, in a cluster.
const SETTLING_OF_A_CLUSTER: Duration = Duration::from_secs(1);

/// A process, as other processes of its machine can find it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Person {
    host: String,
    /// Names this run of the machine, and the processes that see each other.
    boot: String,
    process: u32,
    /// When the process began, in ticks since the machine did: numbers of processes come again.
    started: u64,
}

impl Person {
    fn own() -> Self {
        let read = |path: &str| fs::read_to_string(path).unwrap_or_default().trim().to_owned();
        let space = fs::read_link("/proc/self/ns/pid").unwrap_or_default();
        let boot = read("/proc/sys/kernel/random/boot_id");
        let process = std::process::id();
        Self {
            host: read("/proc/sys/kernel/hostname"),
            boot: format!("{boot} {}", space.display()),
            process,
            started: started(process).unwrap_or(0),
        }
    }

    /// Whether it is known to be gone: it was of this machine, and is not there any more.
    fn is_gone(&self, own: &Self) -> bool {
        // Where processes of others are hidden, one that is not seen may live.
        let seen = fs::metadata("/proc/1/stat").is_ok();
        let here = seen && !self.boot.trim().is_empty() && self.boot == own.boot;
        here && started(self.process) != Some(self.started)
    }
}

/// When a process of this machine began. `None`: there is none, or it has ended and is only not yet buried.
fn started(process: u32) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name stands in brackets, and may have any character.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let alive = !matches!(*fields.first()?, "Z" | "X");
    fields.get(19)?.parse().ok().filter(|_| alive)
}

#[derive(Debug, Row, Serialize, Deserialize)]
struct LeaseRow {
    holder: String,
    claimed: u64,
    released: bool,
    host: String,
    boot: String,
    process: u32,
    started: u64,
}

/// Somebody who was heard of lately.
#[derive(Debug, Row, Serialize, Deserialize)]
struct Claim {
    holder: String,
    since: u64,
    beats: u64,
    silent_ms: i64,
    host: String,
    boot: String,
    process: u32,
    started: u64,
    /// ClickHouse's time, in microseconds.
    now: i64,
}

impl Claim {
    fn person(&self) -> Person {
        let (host, boot) = (self.host.clone(), self.boot.clone());
        Person { host, boot, process: self.process, started: self.started }
    }
}

/// The rows of one who writes an index, or wants to.
#[derive(Clone)]
struct Book {
    store: Store,
    holder: String,
    own: Person,
    claimed: u64,
    /// When it was seen to be the eldest, by ClickHouse's clock in microseconds.
    heard: i64,
    rows: u64,
}

impl Book {
    async fn open(store: &Store) -> Result<Self, Error> {
        let now = store.query("SELECT toUnixTimestamp64Micro(now64(6))").fetch_one::<i64>();
        let now = store.in_time("the time", now).await?;
        Ok(Self {
            store: store.clone(),
            holder: format!("{:016x}", fastrand::u64(..)),
            own: Person::own(),
            claimed: u64::try_from(now).unwrap_or(0),
            heard: now,
            rows: 0,
        })
    }

    async fn write(&mut self, released: bool) -> Result<(), Error> {
        let (holder, own) = (self.holder.clone(), self.own.clone());
        self.row(holder, self.claimed, own, released).await
    }

    async fn row(
        &mut self,
        holder: String,
        claimed: u64,
        of: Person,
        released: bool,
    ) -> Result<(), Error> {
        self.rows += 1;
        let token = format!("leases-{}-{}", self.holder, self.rows);
        let Person { host, boot, process, started } = of;
        let row = LeaseRow { holder, claimed, released, host, boot, process, started };
        Ok(self.store.insert_rows("leases", [&row], &token).await?)
    }

    /// Those who were heard of within the length of a lease, the eldest first.
    async fn claims(&self) -> Result<Vec<Claim>, Error> {
        let sql = "SELECT holder, min(claimed) AS since, count() AS beats, \
                   dateDiff('millisecond', max(seen), now64(6, 'UTC')) AS silent_ms, \
                   any(host) AS host, any(boot) AS boot, any(process) AS process, any(started) AS started, \
                   toUnixTimestamp64Micro(now64(6)) AS now \
                   FROM leases WHERE seen > now64(6, 'UTC') - INTERVAL 5 MINUTE \
                   GROUP BY holder HAVING NOT max(released) AND silent_ms < ? ORDER BY since, holder";
        let most = i64::try_from(LEASE.as_millis()).unwrap_or(i64::MAX);
        let claims = self.store.query(sql).bind(most).fetch_all::<Claim>();
        Ok(self.store.in_time("who writes the index", claims).await?)
    }

    /// Waits until this is the eldest.
    async fn become_eldest(&mut self) -> Result<(), Error> {
        self.write(false).await?;
        let (mut written, mut seen) = (Instant::now(), None::<(String, u64)>);
        loop {
            let claims = self.claims().await?;
            let Some(eldest) = claims.into_iter().next() else {
                // What was written is that old already.
                self.write(false).await?;
                continue;
            };
            if eldest.holder == self.holder {
                self.heard = eldest.now;
                return Ok(());
            }
            let person = eldest.person();
            if person.is_gone(&self.own) {
                tracing::info!(process = person.process, "who wrote this index was killed");
                self.row(eldest.holder, eldest.since, person, true).await?;
                continue;
            }
            match &seen {
                Some((holder, beats)) if *holder == eldest.holder && eldest.beats > *beats => {
                    self.write(true).await?;
                    return Err(self.occupied(&person));
                }
                Some((holder, _)) if *holder == eldest.holder => {}
                _ => {
                    tracing::info!(
                        host = person.host,
                        process = person.process,
                        "another wrote this index a moment ago; whether it still does is seen in a few seconds"
                    );
                    seen = Some((eldest.holder, eldest.beats));
                }
            }
            if written.elapsed() >= BEAT {
                self.write(false).await?;
                written = Instant::now();
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    fn occupied(&self, other: &Person) -> Error {
        Error::Asked(format!(
            "another indexer writes the database {} (process {} on {}): stop that one, or name another database; if it was \
             killed, try again in {} s",
            self.store.database(),
            other.process,
            other.host,
            LEASE.as_secs()
        ))
    }

    /// Writes a row as long as nobody else is the eldest. How it ended.
    async fn keep(mut self, state: &watch::Sender<State>) -> Error {
        loop {
            tokio::time::sleep(BEAT).await;
            let asked = Instant::now();
            // An error passes; until it does, nothing is stored.
            if let Err(error) = self.write(false).await {
                tracing::warn!(%error, "the lease of the index was not renewed, it is tried again");
                continue;
            }
            let claims = match self.claims().await {
                Ok(claims) => claims,
                Err(error) => {
                    tracing::warn!(%error, "nobody says who writes the index");
                    continue;
                }
            };
            let Some(first) = claims.first() else { continue };
            if first.holder != self.holder {
                return self.occupied(&first.person());
            }
            // Who was silent for long may have been followed, by somebody who is there, or who has gone again. That is judged by
            // ClickHouse's clock: this machine's own may have stood still.
            let lapsed = u128::try_from(first.now.saturating_sub(self.heard))
                .is_ok_and(|silent| silent > STOP.as_micros());
            if let Some(other) = claims.get(1).filter(|_| lapsed) {
                return self.occupied(&other.person());
            }
            self.heard = first.now;
            state.send_modify(|state| {
                state.renewed = asked;
                state.lapses += u64::from(lapsed);
            });
        }
    }
}

struct State {
    /// When the last row was sent that was written, and nobody else was heard of.
    renewed: Instant,
    /// How often that was so late that somebody else may have written meanwhile.
    lapses: u64,
    /// Who has the index now.
    lost: Option<String>,
}

/// The right to write an index. It is given back by [`Lease::release`], and runs out in seconds when it is dropped.
pub struct Lease {
    book: Book,
    state: watch::Receiver<State>,
    keeping: JoinHandle<()>,
}

impl Lease {
    /// Takes the lease of an index; waits for one that runs out.
    ///
    /// # Errors
    /// Another indexer holds it, or ClickHouse does not answer.
    pub async fn take(store: &Store, layout: &Layout) -> Result<Self, Error> {
        let mut book = Book::open(store).await?;
        book.become_eldest().await?;
        // An elder one may have written its row and not be seen yet.
        tokio::time::sleep(match layout {
            Layout::Single => SETTLING,
            Layout::Cluster(_) => SETTLING_OF_A_CLUSTER,
        })
        .await;
        let renewed = Instant::now();
        book.become_eldest().await?;
        let (own, state) = watch::channel(State { renewed, lapses: 0, lost: None });
        // Its rows have other tokens than the one that gives the lease back.
        let keeper = Book { rows: u64::from(u32::MAX), ..book.clone() };
        let keeping = tokio::spawn(async move {
            let why = keeper.keep(&own).await.to_string();
            own.send_modify(|state| state.lost = Some(why));
        });
        Ok(Self { book, state, keeping })
    }

    /// Waits until it is known to hold, which it is but where a row could not be written in time. To be asked before anything
    /// is stored. How often somebody else may have written the index since it was taken, and be gone again.
    ///
    /// # Errors
    /// Somebody else has the index, or it is not known for two minutes.
    pub async fn hold(&self) -> Result<u64, Error> {
        let mut state = self.state.clone();
        let known = state.wait_for(|state| state.lost.is_some() || state.renewed.elapsed() <= STOP);
        let held = match tokio::time::timeout(PATIENCE, known).await {
            Ok(Ok(state)) => match &state.lost {
                Some(why) => Err(Error::Asked(why.clone())),
                None => Ok(state.lapses),
            },
            // Who keeps it ends with it alone, or by a panic.
            Ok(Err(_)) => Err(broken("it is not kept any more".to_owned())),
            Err(_) => Err(broken(format!(
                "it could not be renewed for {} s: is ClickHouse overloaded?",
                PATIENCE.as_secs()
            ))),
        };
        held
    }

    /// Gives it back.
    pub async fn release(mut self) {
        self.keeping.abort();
        if let Err(error) = self.book.write(true).await {
            tracing::warn!(%error, "the lease of the index was not given back: it runs out in seconds");
        }
    }
}

fn broken(why: String) -> Error {
    Error::BrokeOff { part: "the lease of the index", why }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.keeping.abort();
    }
}

impl Index {
    /// Takes the right to write this index.
    ///
    /// # Errors
    /// Another indexer has it.
    pub async fn lease(&self) -> Result<Lease, Error> {
        Lease::take(&self.store, &self.layout).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_found_on_its_machine_and_missed_when_it_ends() {
        let own = Person::own();
        assert!(own.started > 0 && !own.boot.trim().is_empty());
        assert!(!own.is_gone(&own));
        let mut child = std::process::Command::new("sleep").arg("60").spawn().unwrap();
        let started = started(child.id()).unwrap();
        let other = Person { process: child.id(), started, ..own.clone() };
        assert!(!other.is_gone(&own));
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(other.is_gone(&own));
        // Another machine's processes are not known.
        let stranger = Person { boot: "another".into(), ..other };
        assert!(!stranger.is_gone(&own));
    }
}
