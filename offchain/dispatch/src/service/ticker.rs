//! Ticks: plans, decides, makes the offers, and writes down why.

use std::{
    future::Future,
    sync::{atomic::Ordering, Arc},
    time::Duration,
};

use futures::{stream, StreamExt};
use smartlink_proto::{orders::OfferRequest, refusal::name_of};
use tokio::{
    task::spawn_blocking,
    time::{interval, timeout, Instant, MissedTickBehavior},
};
use tonic::Status;

use super::{news, now_ms, RunError, Shared};
use crate::{decision::Decision, engine::Offer};

/// Ticks until the shutdown. A tick that takes longer than its time makes the ones that it overruns fall out.
pub(super) async fn tick(
    shared: &Arc<Shared>,
    shutdown: impl Future<Output = ()> + Send,
) -> Result<(), RunError> {
    let mut ticks = interval(Duration::from_millis(shared.config.tick_ms));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        tokio::select! {
            biased;
            () = &mut shutdown => return Ok(()),
            _ = ticks.tick() => {},
        }
        if *shared.ready.borrow() {
            tick_once(shared).await.map_err(RunError::Tick)?;
        } else {
            // Vehicles drive on while orders are not followed: what they report is read all the same.
            shared.with_engine(|_| ()).await.map_err(RunError::Tick)?;
        }
    }
}

async fn tick_once(shared: &Arc<Shared>) -> Result<(), tokio::task::JoinError> {
    let started = Instant::now();
    let plan = shared.with_engine(|engine| engine.plan(now_ms())).await?;
    if !plan.is_empty() {
        let legs = if shared.by_great_circle {
            None
        } else {
            Some(shared.travel.legs(&plan.journeys()).await)
        };
        let verdict = spawn_blocking(move || plan.decide(legs)).await?;
        let tick = shared.with_engine(|engine| engine.commit(verdict, now_ms())).await?;
        let refused = make(shared, &tick.offers).await;
        write_down(shared, tick.decisions, refused).await?;
    }
    let took_us = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
    shared.last_tick_us.store(took_us, Ordering::Relaxed);
    Ok(())
}

/// Makes all offers, so many at once, and waits for the answers. Gives the decisions about those that were not taken.
async fn make(shared: &Arc<Shared>, offers: &[Offer]) -> Vec<Decision> {
    let answers: Vec<_> = offers.iter().map(|offer| make_one(shared, *offer)).collect();
    let answers = stream::iter(answers).buffer_unordered(shared.config.orders.offers_at_once);
    answers.filter_map(std::future::ready).collect().await
}

async fn make_one(shared: &Arc<Shared>, offer: Offer) -> Option<Decision> {
    let limit = Duration::from_millis(shared.config.orders.offer_timeout_ms);
    let answer = timeout(limit, shared.orders.make_offer(request(&offer))).await;
    let answer = answer.unwrap_or_else(|_| {
        Err(Status::deadline_exceeded(format!("no answer to the offer within {limit:?}")))
    });
    let reason = match answer.map(|order| news::order(order, now_ms())) {
        Ok(Ok(news)) => {
            shared.tell(move |engine| engine.taken(&offer, news)).await;
            return None;
        }
        // It was taken, and what it led to comes by the stream of changes.
        Ok(Err(error)) => error.to_string(),
        Err(status) => refusal(&status),
    };
    tracing::debug!(order = offer.order, driver = offer.driver, reason, "offer not taken");
    Some(shared.tell(move |engine| engine.refused(&offer, reason, now_ms())).await)
}

fn request(offer: &Offer) -> OfferRequest {
    OfferRequest {
        // The same offer again has the same key: at most 54 bytes.
        idempotency_key: format!("d/{}/{}/{}", offer.order, offer.revision, offer.driver),
        order: offer.order,
        driver: offer.driver,
        eta_s: offer.eta_s,
        revision: offer.revision,
        forward: offer.forward,
    }
}

fn refusal(status: &Status) -> String {
    let name = name_of(status).map(|name| format!("{name}: ")).unwrap_or_default();
    format!("{name}{} ({:?})", status.message(), status.code())
}

/// Decisions are for explanation: when they cannot be written, dispatching goes on.
async fn write_down(
    shared: &Arc<Shared>,
    mut decisions: Vec<Decision>,
    refused: Vec<Decision>,
) -> Result<(), tokio::task::JoinError> {
    decisions.extend(refused);
    if decisions.is_empty() || shared.config.decisions.per_order == 0 {
        return Ok(());
    }
    let writer = Arc::clone(shared);
    let written = spawn_blocking(move || writer.log.append(decisions, now_ms())).await?;
    if let Err(error) = written {
        tracing::error!(%error, "decisions were not kept");
    }
    Ok(())
}
