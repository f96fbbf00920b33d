//! Links to files.

use schemars::JsonSchema;
use serde::Serialize;

use super::{client, READ};
use crate::{
    desk::{Call, Desk},
    refusal::Refusal,
    table::{Effect, Method},
    types::Export,
};

/// The method whose row says who may have files, by a link or without one.
pub(crate) const NAME: &str = "telemetry_export";

pub(super) fn methods() -> Vec<Method> {
    vec![Method::call(
        NAME,
        Effect::Reads,
        READ,
        "A link to a file of tracks, stops or days, for a browser. Good once, for a short time. Programs need none: GET /export takes the same and the access token.",
        link,
    )]
}

/// A link to a file.
#[derive(Serialize, JsonSchema)]
struct Link {
    /// Where it is, at this host and port.
    path: String,
    /// The name that the file will have.
    file_name: String,
    /// Until when a download can be begun, in milliseconds of the Unix epoch.
    expires_at_ms: u64,
}

async fn link(desk: Desk, call: Call, export: Export) -> Result<Link, Refusal> {
    client(&desk)?;
    export.request()?;
    let file_name = export.file_name();
    let caller = call.identity()?.clone();
    let (ticket, expires_at_ms) = desk.tickets.give(caller, export, desk.clock.now_ms())?;
    Ok(Link { path: format!("{}?ticket={ticket}", crate::exports::PATH), file_name, expires_at_ms })
}
