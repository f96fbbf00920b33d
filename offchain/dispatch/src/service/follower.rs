//! Follows the orders service: a snapshot, then every change, and all of it anew when the stream breaks.

use std::{sync::Arc, time::Duration};

use futures::{stream::BoxStream, StreamExt};
use smartlink_proto::orders::{change::What, Change};
use tokio::time::timeout;
use tonic::Status;

use super::{news, now_ms, Shared};
use crate::{
    engine::DispatchEngine,
    market::{DriverNews, OrderNews},
};

/// Follows for ever. Between attempts it pauses, each time twice as long up to a bound, with jitter.
pub(super) async fn follow(shared: &Arc<Shared>) {
    let config = &shared.config.orders;
    let mut pause_ms = config.retry_ms;
    loop {
        let reason = follow_once(shared).await;
        if shared.ready.send_replace(false) {
            pause_ms = config.retry_ms;
        }
        tracing::warn!(%reason, pause_ms, "orders are no longer followed, no offers until they are");
        tokio::time::sleep(Duration::from_millis(jittered(pause_ms))).await;
        pause_ms = (pause_ms * 2).min(config.retry_most_ms);
    }
}

/// Between half and all of a pause, by the clock's last digits.
fn jittered(pause_ms: u64) -> u64 {
    let nanos = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let nanos = nanos.map_or(0, |since| u64::from(since.subsec_nanos()));
    pause_ms / 2 + nanos % (pause_ms / 2 + 1)
}

/// Follows until the stream ends. Says why it did.
async fn follow_once(shared: &Arc<Shared>) -> String {
    let silence = Duration::from_millis(shared.config.orders.silence_ms);
    let mut changes = match timeout(silence, shared.orders.changes()).await {
        Ok(Ok(changes)) => changes,
        Ok(Err(status)) => return status.to_string(),
        Err(_) => return format!("no stream of changes within {silence:?}"),
    };
    let mut snapshot = Snapshot::default();
    loop {
        let change = match next(&mut changes, silence).await {
            Ok(change) => change,
            Err(reason) => return reason,
        };
        let caught_up = *shared.ready.borrow();
        match change.what {
            Some(What::CaughtUp(_)) if !caught_up => {
                std::mem::take(&mut snapshot).apply(shared).await
            }
            Some(what) if caught_up => apply(shared, what, change.at_ms).await,
            Some(what) => snapshot.take(shared, what, change.at_ms),
            None => {
                tracing::warn!(sequence = change.sequence, "a change of a kind that is not known")
            }
        }
    }
}

async fn next(
    changes: &mut BoxStream<'static, Result<Change, Status>>,
    silence: Duration,
) -> Result<Change, String> {
    match timeout(silence, changes.next()).await {
        Ok(Some(Ok(change))) => Ok(change),
        Ok(Some(Err(status))) => Err(status.to_string()),
        Ok(None) => Err("the stream of changes ended".to_owned()),
        Err(_) => Err(format!("no change within {silence:?}")),
    }
}

/// What is open when a stream begins. No more of it is kept than the engine takes.
#[derive(Default)]
struct Snapshot {
    orders: Vec<OrderNews>,
    drivers: Vec<DriverNews>,
    beyond: usize,
}

impl Snapshot {
    fn take(&mut self, shared: &Shared, what: What, at_ms: u64) {
        let candidates = &shared.config.candidates;
        match read(what, at_ms) {
            Some(News::Order(news)) if self.orders.len() < candidates.orders => {
                self.orders.push(news)
            }
            Some(News::Driver(news)) if self.drivers.len() < candidates.drivers => {
                self.drivers.push(news)
            }
            Some(_) => self.beyond += 1,
            None => {}
        }
    }

    async fn apply(self, shared: &Arc<Shared>) {
        let (orders, drivers) = (self.orders.len(), self.drivers.len());
        let resync = move |engine: &mut DispatchEngine| engine.resync(self.orders, self.drivers);
        let beyond = self.beyond + shared.tell(resync).await;
        if beyond > 0 {
            tracing::error!(beyond, "orders and drivers beyond the bounds are not dispatched: raise candidates.orders or candidates.drivers");
        }
        tracing::info!(orders, drivers, "orders are followed");
        shared.ready.send_replace(true);
    }
}

enum News {
    Order(OrderNews),
    Driver(DriverNews),
}

fn read(what: What, at_ms: u64) -> Option<News> {
    let at_ms = if at_ms == 0 { now_ms() } else { at_ms };
    let news = match what {
        What::Order(order) => news::order(order, at_ms).map(News::Order),
        What::Driver(driver) => news::driver(driver).map(News::Driver),
        What::CaughtUp(_) => return None,
    };
    news.inspect_err(|error| tracing::error!(%error, "news that cannot be read is left out")).ok()
}

async fn apply(shared: &Arc<Shared>, what: What, at_ms: u64) {
    let Some(news) = read(what, at_ms) else { return };
    let take = move |engine: &mut DispatchEngine| match news {
        News::Order(news) => engine.order(news),
        News::Driver(news) => engine.driver(news),
    };
    if !shared.tell(take).await {
        tracing::error!("an order or a driver beyond the bounds is not dispatched: raise candidates.orders or candidates.drivers");
    }
}
