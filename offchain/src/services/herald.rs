//! Tells riders what becomes of their orders.
//!
//! It follows the orders, and keeps in a file up to where everything was told ([`position`]). When it begins again it
//! asks what became of the orders that it knew, lists those that are newer, and goes on. Whatever it hears
//! twice it tells once, because each message has the key of its fact ([`words`]).
//!
//! ```text
//! Follow ──┐                        ┌─▶ lane ─▶ notify
//!          ├─▶ hear ─▶ what to tell ┼─▶ lane ─▶ notify
//! Get,     │     │                  └─▶ lane ─▶ notify
//! List ────┘     └─▶ position ─▶ file, once the lanes have carried all of it
//! ```

mod lanes;
mod position;
mod words;

use std::{collections::BTreeSet, path::PathBuf, time::Duration};

use futures::{
    stream::{self, BoxStream},
    StreamExt, TryStreamExt,
};
use smartlink_primitives::snowflake::time_ms;
use smartlink_proto::{
    notify::notify_client::NotifyClient,
    orders::{
        change::What, orders_client::OrdersClient, Change, FollowRequest, GetRequest, ListRequest,
        Order, State,
    },
};
use smartlink_service::{CancellationToken, Transport};
use tonic::{Code, Status, Streaming};

use self::{
    lanes::{Lanes, Mark},
    position::{Position, PositionError, PositionFile},
};

/// Time between two attempts to follow.
const PAUSE: Duration = Duration::from_secs(1);
/// How often the position is written, when there is anything new.
const WRITTEN_EVERY: Duration = Duration::from_secs(1);
/// How long messages that are on their way may take when the herald stops. What is not told then is told after the
/// next start.
const GRACE: Duration = Duration::from_secs(3);
/// Orders of a page.
const PAGE: u32 = 500;
/// Orders that are asked for at the same time.
const ASKED: usize = 16;

/// How the herald is set up.
pub(super) struct Setup {
    /// Where the position is kept. It is there.
    pub folder: PathBuf,
    /// How long a quote may wait to be placed, in milliseconds: nobody hears of it before.
    pub quote_valid_ms: u64,
}

struct Herald {
    orders: OrdersClient<Transport>,
    lanes: Lanes,
    file: PositionFile,
    quote_valid_ms: u64,
    /// As the file has it.
    written: Option<Position>,
    /// What was heard, told or not.
    heard: Position,
    /// Whether nothing of the time before is missing in `heard`.
    caught_up: bool,
}

/// Why the herald follows no longer.
enum Ended {
    /// The orders service is away, or has cut it off.
    Orders(Status),
    /// The position cannot be kept.
    Position(PositionError),
}

impl From<Status> for Ended {
    fn from(status: Status) -> Self {
        Self::Orders(status)
    }
}

impl From<PositionError> for Ended {
    fn from(error: PositionError) -> Self {
        Self::Position(error)
    }
}

/// Follows until told to stop.
///
/// # Errors
/// The position cannot be read or written: without it, messages would be lost or old ones sent again.
pub(super) async fn run(
    orders: Transport,
    notify: Transport,
    setup: Setup,
    stop: CancellationToken,
) -> Result<(), PositionError> {
    let file = PositionFile::within(&setup.folder);
    let reading = file.clone();
    let written = on_disk(move || reading.read()).await?;
    let mut herald = Herald {
        orders: OrdersClient::new(orders),
        lanes: Lanes::new(&NotifyClient::new(notify)),
        file,
        quote_valid_ms: setup.quote_valid_ms,
        heard: written.clone().unwrap_or_default(),
        written,
        caught_up: false,
    };
    while !stop.is_cancelled() {
        let ended = tokio::select! {
            ended = herald.follow() => ended,
            () = stop.cancelled() => break,
        };
        match ended {
            Ok(()) => tracing::info!("the orders service has stopped"),
            Err(Ended::Orders(status)) => tracing::warn!(%status, "the orders cannot be followed"),
            Err(Ended::Position(error)) => return Err(error),
        }
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            () = stop.cancelled() => break,
        }
    }
    herald.finish().await
}

impl Herald {
    async fn follow(&mut self) -> Result<(), Ended> {
        self.caught_up = false;
        let mut changes = self.orders.follow(FollowRequest::default()).await?.into_inner();
        self.heard = self.written.clone().unwrap_or_default();
        let open = self.snapshot(&mut changes).await?;
        let mut behind = match &self.written {
            Some(written) => self.behind(written, &open),
            // Nothing of the time before the first start is told. From here on nothing is lost.
            None => {
                self.write(self.heard.clone()).await?;
                stream::empty().boxed()
            }
        };
        let mut beat = tokio::time::interval(WRITTEN_EVERY);
        beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut marked: Option<(Position, Mark)> = None;
        loop {
            tokio::select! {
                change = changes.next() => {
                    let Some(change) = change else { return Ok(()) };
                    self.change(change?).await;
                }
                order = behind.next(), if !self.caught_up => match order {
                    Some(order) => self.hear(&order?, 0).await,
                    None => self.caught_up = true,
                },
                _ = beat.tick(), if self.caught_up => {
                    if let Some((position, _)) = marked.take_if(|(_, mark)| self.lanes.reached(mark)) {
                        self.write(position).await?;
                    }
                    if marked.is_none() && self.written.as_ref() != Some(&self.heard) {
                        marked = Some((self.heard.clone(), self.lanes.mark()));
                    }
                }
            }
        }
    }

    /// Hears of all that is open when the stream begins.
    async fn snapshot(&mut self, changes: &mut Streaming<Change>) -> Result<BTreeSet<u64>, Status> {
        let mut open = BTreeSet::new();
        while let Some(change) = changes.next().await {
            match change? {
                Change { what: Some(What::CaughtUp(_)), at_ms, .. } => {
                    self.heard.until_ms = self.heard.until_ms.max(at_ms);
                    return Ok(open);
                }
                Change { what: Some(What::Order(order)), at_ms, .. } => {
                    open.insert(order.id);
                    self.hear(&order, at_ms).await;
                }
                _ => {}
            }
        }
        Err(Status::unavailable("the orders service stopped before it had told all that is open"))
    }

    async fn change(&mut self, change: Change) {
        match change.what {
            Some(What::Order(order)) => self.hear(&order, change.at_ms).await,
            _ => self.heard.until_ms = self.heard.until_ms.max(change.at_ms),
        }
    }

    async fn hear(&mut self, order: &Order, at_ms: u64) {
        self.heard.note(order.id, words::is_over(order), at_ms);
        let messages = words::about(order);
        if !messages.is_empty() {
            self.lanes.tell(order.id, messages).await;
        }
    }

    /// What may have ended since a position was written: what was open then and is not now, and what began since, or
    /// was a quote then.
    fn behind(
        &self,
        written: &Position,
        open: &BTreeSet<u64>,
    ) -> BoxStream<'static, Result<Order, Status>> {
        let gone: Vec<u64> = written.open.difference(open).copied().collect();
        let since_ms = written.until_ms.saturating_sub(self.quote_valid_ms);
        tracing::info!(known = gone.len(), since_ms, "asking what happened meanwhile");
        let orders = self.orders.clone();
        let known = stream::iter(gone)
            .map(move |order| get(orders.clone(), order))
            .buffer_unordered(ASKED)
            .try_filter_map(async |order| Ok(order));
        known.chain(ended_since(self.orders.clone(), since_ms)).boxed()
    }

    async fn write(&mut self, position: Position) -> Result<(), PositionError> {
        let file = self.file.clone();
        let position = on_disk(move || file.write(&position).map(|()| position)).await?;
        self.written = Some(position);
        Ok(())
    }

    /// Writes the position once more, if all was told within a short time.
    async fn finish(mut self) -> Result<(), PositionError> {
        if self.caught_up && tokio::time::timeout(GRACE, self.lanes.drained()).await.is_ok() {
            let heard = self.heard.clone();
            self.write(heard).await?;
        }
        Ok(())
    }
}

/// An order. `None`: it is kept no longer.
async fn get(mut orders: OrdersClient<Transport>, order: u64) -> Result<Option<Order>, Status> {
    match orders.get(GetRequest { order }).await {
        Ok(reply) => Ok(Some(reply.into_inner())),
        Err(status) if status.code() == Code::NotFound => {
            tracing::warn!(
                order,
                "an order is known no longer: its rider is not told how it ended"
            );
            Ok(None)
        }
        Err(status) => Err(status),
    }
}

/// Orders that began since then and have ended, the newest first.
fn ended_since(
    orders: OrdersClient<Transport>,
    since_ms: u64,
) -> impl futures::Stream<Item = Result<Order, Status>> + Send + 'static {
    let pages = stream::try_unfold(Some(0), move |before| {
        let mut orders = orders.clone();
        async move {
            let Some(before) = before else { return Ok(None) };
            let request = ListRequest { before, limit: PAGE, ..ListRequest::default() };
            let page = orders.list(request).await?.into_inner();
            // An id tells when its order was quoted, and no page has any id that is smaller than `next`.
            let next = Some(page.next).filter(|next| *next > 0 && time_ms(*next) >= since_ms);
            let listed = page.orders.into_iter();
            let ended = listed
                .filter(move |order| time_ms(order.id) >= since_ms && has_ended(order))
                .map(Ok::<_, Status>);
            Ok::<_, Status>(Some((stream::iter(ended), next)))
        }
    });
    pages.try_flatten()
}

/// Whether the snapshot of a stream has left it out.
fn has_ended(order: &Order) -> bool {
    words::is_over(order) || order.state() == State::Completed
}

/// Reads or writes the file beside the threads that wait for the network.
async fn on_disk<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, PositionError> + Send + 'static,
) -> Result<T, PositionError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| PositionError::Broken(error.to_string()))?
}

#[cfg(test)]
mod tests;
