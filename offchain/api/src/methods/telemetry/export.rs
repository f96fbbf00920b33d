//! Links to files.

use super::{client, READ};
use crate::{
    desk::{Call, Desk},
    refusal::Refusal,
    table::{Effect, Method},
    types::{Export, Link, Wanted},
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

async fn link(desk: Desk, call: Call, export: Export) -> Result<Link, Refusal> {
    client(&desk)?;
    desk.link(&call, Wanted::Telemetry(export))
}
