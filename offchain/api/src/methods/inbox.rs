//! The caller's messages.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smartlink_proto::notify as proto;

use super::{before, limit, Page};
use crate::{
    desk::{Call, Desk},
    refusal::Refusal,
    table::{Access, Effect, Method},
    types::{Id, Inbox},
    upstream::refusal,
};

pub(super) fn methods() -> Vec<Method> {
    use Access::LoggedIn;
    use Effect::{Changes, Reads};
    vec![
        Method::call(
            "inbox_list",
            Reads,
            LoggedIn,
            "The caller's messages, the newest first.",
            list,
        ),
        Method::call(
            "inbox_mark_read",
            Changes,
            LoggedIn,
            "Marks a message, and all older ones, as read.",
            mark_read,
        ),
    ]
}

/// A message.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct MarkRead {
    /// This one and all older ones.
    id: Id,
}

/// What is left.
#[derive(Serialize, JsonSchema)]
struct Unread {
    /// Messages that were not read.
    unread: u32,
}

async fn list(desk: Desk, call: Call, params: Page) -> Result<Inbox, Refusal> {
    let (before, limit) = (before(params.before), limit(params.limit));
    let request = proto::InboxRequest { account: call.account()?, before, limit };
    let reply = desk.upstream.notify().inbox(request).await.map_err(refusal)?;
    Ok(reply.into_inner().into())
}

async fn mark_read(desk: Desk, call: Call, params: MarkRead) -> Result<Unread, Refusal> {
    let request = proto::MarkReadRequest { account: call.account()?, up_to: params.id.0 };
    let reply = desk.upstream.notify().mark_read(request).await.map_err(refusal)?;
    Ok(Unread { unread: reply.into_inner().unread })
}
