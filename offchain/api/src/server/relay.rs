//! Carries what a subscription pushes to its subscriber, until one of them ends.

use std::{sync::Arc, time::Duration};

use futures::StreamExt;
use jsonrpsee::{
    core::server::SubscriptionCloseResponse, server::SendTimeoutError, PendingSubscriptionSink,
    SubscriptionMessage, SubscriptionSink,
};

use crate::{
    desk::{Call, Desk, Origin},
    refusal::{Code, Refusal},
    table::{Later, Method, Pushes},
};

/// How often it is looked whether the subscriber's token is still good.
const LOOK: Duration = Duration::from_secs(1);

/// A subscription from its beginning to its end. The reason why it ends is its last notification.
pub(super) async fn relay(
    desk: &Desk,
    method: &Method,
    begin: impl FnOnce(Desk, Call) -> Result<Later<Pushes>, Refusal> + Send,
    pending: PendingSubscriptionSink,
    origin: Option<Arc<Origin>>,
) -> SubscriptionCloseResponse {
    let begun = match origin {
        Some(origin) => begun(desk, method, begin, origin).await,
        None => Err(Code::Internal.into()),
    };
    let (call, pushes) = match begun {
        Ok(begun) => begun,
        Err(refusal) => {
            pending.reject(refusal).await;
            return SubscriptionCloseResponse::None;
        }
    };
    // Who is gone needs no reason.
    let Ok(sink) = pending.accept().await else { return SubscriptionCloseResponse::None };
    let Some(reason) = carry(desk, &call, pushes, &sink).await else {
        return SubscriptionCloseResponse::None;
    };
    match SubscriptionMessage::from_json(&reason.closing()) {
        Ok(said) => SubscriptionCloseResponse::NotifErr(said),
        Err(_) => SubscriptionCloseResponse::None,
    }
}

async fn begun(
    desk: &Desk,
    method: &Method,
    begin: impl FnOnce(Desk, Call) -> Result<Later<Pushes>, Refusal> + Send,
    origin: Arc<Origin>,
) -> Result<(Call, Pushes), Refusal> {
    let entered = desk.enter(method, origin)?;
    Desk::authorise(method, &entered.call)?;
    let pushes = desk.in_time(begin(desk.clone(), entered.call.clone())?).await?;
    Ok((entered.call, pushes))
}

/// Pushes until there is a reason to end. `None`: the subscriber ended it.
async fn carry(
    desk: &Desk,
    call: &Call,
    mut pushes: Pushes,
    sink: &SubscriptionSink,
) -> Option<Refusal> {
    let patience = Duration::from_millis(desk.config.limits.slow_reader_ms);
    let mut look = tokio::time::interval(LOOK);
    loop {
        let item = tokio::select! {
            () = sink.closed() => return None,
            _ = look.tick() => {
                // A token attached meanwhile prolongs what an older one began.
                let attached = call.origin.connection.attached();
                let identity = attached.or_else(|| call.caller.clone())?;
                match desk.sessions.check(&identity) {
                    Ok(()) => continue,
                    Err(refusal) => return Some(refusal),
                }
            }
            item = pushes.next() => item,
        };
        let json = match item {
            Some(Ok(json)) => json,
            Some(Err(refusal)) => return Some(refusal),
            None => return Some(Code::Ended.into()),
        };
        let Ok(message) = SubscriptionMessage::from_json(&json) else {
            return Some(Code::Internal.into());
        };
        match sink.send_timeout(message, patience).await {
            Ok(()) => {}
            Err(SendTimeoutError::Timeout(_)) => return Some(Code::SlowReader.into()),
            Err(SendTimeoutError::Closed(_)) => return None,
        }
    }
}
