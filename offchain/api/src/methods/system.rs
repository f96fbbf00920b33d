//! About the service itself.

use std::{sync::PoisonError, time::Duration};

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{value::RawValue, Value};
use smartlink_proto::{dispatch, notify, orders};

use super::Nothing;
use crate::{
    desk::{Call, Desk},
    openrpc,
    refusal::Refusal,
    table::{to_json, Access, Effect, Method},
};

/// How long a service may take to say that it is there.
const PATIENCE: Duration = Duration::from_millis(500);
/// How long an answer is good.
const ASKED_AGAIN_MS: u64 = 1_000;

pub(super) fn methods() -> Vec<Method> {
    use Access::Anyone;
    use Effect::Reads;
    vec![
        Method::call(
            "system_health",
            Reads,
            Anyone,
            "Whether the services behind the api, and the chain, answer.",
            health,
        ),
        Method::call("system_version", Reads, Anyone, "What runs here, and for whom.", version),
        Method::call("rpc.discover", Reads, Anyone, "This document.", discover),
    ]
}

/// Who answers.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct Health {
    /// Whether all of them do.
    healthy: bool,
    /// Orders.
    orders: bool,
    /// The dispatcher.
    dispatch: bool,
    /// Messages.
    notify: bool,
    /// The chain.
    chain: bool,
    /// Height of its last final block.
    #[serde(skip_serializing_if = "Option::is_none")]
    block: Option<u64>,
}

/// What runs here.
#[derive(Serialize, JsonSchema)]
struct Version {
    /// The crate's version.
    version: &'static str,
    /// The company.
    company: u32,
    /// The hash of block 0: 0x and 64 digits.
    chain: String,
    /// The service's clock, in milliseconds of the Unix epoch.
    now_ms: u64,
}

/// The OpenRPC document.
#[derive(Clone, Serialize, JsonSchema)]
#[serde(transparent)]
struct Document(#[schemars(with = "Value")] Box<RawValue>);

/// Asks everybody at most once a second, whoever asks how often.
async fn health(desk: Desk, _: Call, _: Nothing) -> Result<Health, Refusal> {
    let now = desk.clock.now_ms();
    let known = desk.health.lock().unwrap_or_else(PoisonError::into_inner).clone();
    if let Some((_, health)) = known.filter(|(at, _)| now.saturating_sub(*at) < ASKED_AGAIN_MS) {
        return Ok(health);
    }
    let health = ask(&desk).await;
    *desk.health.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, health.clone()));
    Ok(health)
}

async fn ask(desk: &Desk) -> Health {
    let (mut orders, mut dispatch, mut notify) =
        (desk.upstream.orders(), desk.upstream.dispatch(), desk.upstream.notify());
    // Account 0 is nobody's.
    let channels = notify::GetChannelsRequest { account: 0 };
    let (orders, dispatch, notify, chain) = tokio::join!(
        tokio::time::timeout(PATIENCE, orders.figures(orders::FiguresRequest {})),
        tokio::time::timeout(PATIENCE, dispatch.figures(dispatch::FiguresRequest {})),
        tokio::time::timeout(PATIENCE, notify.get_channels(channels)),
        tokio::time::timeout(PATIENCE, desk.people.height()),
    );
    let block = chain.ok().and_then(Result::ok);
    let (orders, dispatch) = (matches!(orders, Ok(Ok(_))), matches!(dispatch, Ok(Ok(_))));
    // Any word but that it is away shows that it is there.
    let notify = match notify {
        Ok(Ok(_)) => true,
        Ok(Err(status)) => status.code() != tonic::Code::Unavailable,
        Err(_) => false,
    };
    let chain = block.is_some();
    Health {
        healthy: orders && dispatch && notify && chain,
        orders,
        dispatch,
        notify,
        chain,
        block,
    }
}

async fn version(desk: Desk, _: Call, _: Nothing) -> Result<Version, Refusal> {
    Ok(Version {
        version: env!("CARGO_PKG_VERSION"),
        company: desk.config.company,
        chain: format!("0x{}", hex::encode(desk.people.genesis())),
        now_ms: desk.clock.now_ms(),
    })
}

async fn discover(desk: Desk, _: Call, _: Nothing) -> Result<Document, Refusal> {
    if let Some(document) = desk.document.get() {
        return Ok(Document(document.clone()));
    }
    let document = to_json(&openrpc::document(&desk.methods))?;
    Ok(Document(desk.document.get_or_init(|| document).clone()))
}
