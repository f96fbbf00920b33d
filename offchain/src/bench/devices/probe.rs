//! How long a position takes from the socket until a query finds it, under load.

use std::{
    collections::VecDeque,
    sync::{atomic::AtomicBool, atomic::Ordering, Arc},
    time::{Duration, Instant},
};

use smartlink_clickhouse::Store;
use smartlink_simulator::terminal::{Identity, Terminal};
use tokio::task::JoinHandle;

use super::{
    load::{phone, Times, STEP_MS},
    stack::Stack,
};
use crate::{road::Drive, Error};

/// Between two positions of the probe.
const EVERY: Duration = Duration::from_millis(100);
/// Between two looks into ClickHouse.
const LOOK: Duration = Duration::from_millis(10);
/// A number that no terminal of the load has.
const PROBE: u32 = 999_999_999;

/// A terminal of its own that is looked for.
pub struct Probe {
    stop: Arc<AtomicBool>,
    task: JoinHandle<Result<Probed, Error>>,
}

/// What the probe saw.
pub struct Probed {
    /// Positions that it sent.
    pub sent: u64,
    /// From before the write to the answer in which a query found it.
    pub times: Times,
}

impl Probe {
    /// Connects, and begins. Terminals are numbered in the order of their registration: so many came before.
    pub async fn start(stack: &Stack, before: u32) -> Result<Self, Error> {
        let identity = Identity { phone: phone(PROBE)?, plate: "B-probe".to_owned(), code: None };
        let connected = Terminal::connect(stack.jt808, identity).await;
        let terminal = connected.map_err(|error| Error::Asked(error.to_string()))?;
        let id = u64::from(before) + 1;
        let stop = Arc::new(AtomicBool::new(false));
        let task = tokio::spawn(look(terminal, stack.store.clone(), id, stop.clone()));
        Ok(Self { stop, task })
    }

    /// Ends when everything that it sent was found.
    pub async fn stop(self) -> Result<Probed, Error> {
        self.stop.store(true, Ordering::Release);
        self.task.await.map_err(|error| Error::Asked(format!("the probe panicked: {error}")))?
    }
}

async fn look(
    mut terminal: Terminal,
    store: Store,
    id: u64,
    stop: Arc<AtomicBool>,
) -> Result<Probed, Error> {
    let mut drive = Drive::new(0, STEP_MS);
    let mut probed = Probed { sent: 0, times: Times::new() };
    let (mut waiting, mut found) = (VecDeque::new(), 0_u64);
    let mut next = Instant::now();
    loop {
        if Instant::now() >= next && !stop.load(Ordering::Acquire) {
            next += EVERY;
            waiting.push_back(Instant::now());
            let reported = terminal.report(&[drive.report()]).await;
            reported.map_err(|error| Error::Asked(error.to_string()))?;
            probed.sent += 1;
        }
        if waiting.is_empty() && stop.load(Ordering::Acquire) {
            return Ok(probed);
        }
        let query = format!("SELECT count() FROM records WHERE vehicle = 0 AND terminal = {id}");
        let count = store.client().query(&query).fetch_one::<u64>().await;
        let count = count.map_err(|error| Error::Asked(format!("{query}: {error}")))?;
        while found < count {
            found += 1;
            if let Some(sent) = waiting.pop_front() {
                probed.times.add(Instant::elapsed(&sent));
            }
        }
        tokio::time::sleep(LOOK).await;
    }
}
