//! The caller's messages.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smartlink_proto::notify as proto;

use super::{before, limit, Nothing, Page};
use crate::{
    desk::{Call, Desk},
    refusal::Refusal,
    table::{Access, Effect, Method},
    types::{Channels, Id, Inbox, Text, WebhookShape},
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
        Method::call(
            "inbox_channels",
            Reads,
            LoggedIn,
            "Where messages go besides the inbox.",
            channels,
        ),
        Method::call(
            "inbox_set_channels",
            Changes,
            LoggedIn,
            "Sets where messages go besides the inbox. What is not given is switched off.",
            set_channels,
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

/// Where messages shall go.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SetChannels {
    /// An e-mail address.
    email: Option<Text<254>>,
    /// http or https.
    webhook_url: Option<Text<2000>>,
    /// What the webhook gets. Ours, as JSON, where nothing is said.
    webhook_shape: Option<WebhookShape>,
    /// With what its bodies are signed. Never read back.
    webhook_secret: Option<Text<200>>,
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

async fn channels(desk: Desk, call: Call, _: Nothing) -> Result<Channels, Refusal> {
    let request = proto::GetChannelsRequest { account: call.account()? };
    let reply = desk.upstream.notify().get_channels(request).await.map_err(refusal)?;
    Ok(reply.into_inner().into())
}

async fn set_channels(desk: Desk, call: Call, params: SetChannels) -> Result<Channels, Refusal> {
    let channels = proto::Channels {
        email: params.email.unwrap_or_default().0,
        webhook_url: params.webhook_url.unwrap_or_default().0,
        webhook_shape: params.webhook_shape.map_or(0, WebhookShape::write),
        webhook_secret: params.webhook_secret.unwrap_or_default().0,
    };
    let request = proto::SetChannelsRequest { account: call.account()?, channels: Some(channels) };
    let reply = desk.upstream.notify().set_channels(request).await.map_err(refusal)?;
    Ok(reply.into_inner().into())
}
