//! Where the caller's messages go besides the inbox. What leads to a person (a mailbox, a telephone) waits for a
//! code that was sent there.

use schemars::JsonSchema;
use serde::Deserialize;
use smartlink_proto::notify as proto;

use super::Nothing;
use crate::{
    confirmations::{message, new_code, Pending, Record, Target},
    desk::{Call, Desk},
    refusal::{Code, Refusal},
    table::{Access, Effect, Method},
    types::{Channels, Confirmable, PendingChannel, Text, WebhookShape},
    upstream::refusal,
};

pub(super) fn methods() -> Vec<Method> {
    use Access::LoggedIn;
    use Effect::{Changes, Reads};
    vec![
        Method::call(
            "inbox_channels",
            Reads,
            LoggedIn,
            "Where messages go besides the inbox, and what waits to be confirmed.",
            channels,
        ),
        Method::call(
            "inbox_set_channels",
            Changes,
            LoggedIn,
            "Sets where messages go besides the inbox. What is not given is switched off. A new e-mail address or telephone number gets a code, and no message before inbox_confirm.",
            set_channels,
        ),
        Method::call(
            "inbox_confirm",
            Changes,
            LoggedIn,
            "Confirms an e-mail address or telephone number by the code that was sent there: from now on messages go there.",
            confirm,
        ),
        Method::call(
            "inbox_resend_code",
            Changes,
            LoggedIn,
            "Sends a new code to the address or number that waits; the one before is good no longer.",
            resend,
        ),
    ]
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

/// A code that came.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Confirm {
    /// Where it came.
    channel: Confirmable,
    /// Its eight digits.
    code: Text<16>,
}

/// A code that did not come.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Resend {
    /// Where it should have come.
    channel: Confirmable,
}

impl SetChannels {
    /// What holds at once beside what is set already, and what waits for a code.
    fn split(self, set: &proto::Channels) -> (proto::Channels, Vec<Target>) {
        let (mut now, mut later) = (proto::Channels::default(), Vec::new());
        let email = self.email.unwrap_or_default().0;
        if email == set.email {
            now.email = email;
        } else if !email.is_empty() {
            later.push(Target::Email { address: email });
        }
        let shape = self.webhook_shape.map_or(0, WebhookShape::write);
        let url = self.webhook_url.unwrap_or_default().0;
        let secret = self.webhook_secret.unwrap_or_default().0;
        let is_set = url == set.webhook_url && shape == set.webhook_shape;
        if shape == i32::from(proto::WebhookShape::Sms) && !url.is_empty() && !is_set {
            later.push(Target::Sms { url, secret });
        } else {
            (now.webhook_url, now.webhook_shape, now.webhook_secret) = (url, shape, secret);
        }
        (now, later)
    }
}

/// The channels of an account at notify, without the secret.
async fn set_at(desk: &Desk, account: u64) -> Result<proto::Channels, Refusal> {
    let request = proto::GetChannelsRequest { account };
    let reply = desk.upstream.notify().get_channels(request).await.map_err(refusal)?;
    Ok(reply.into_inner())
}

async fn set(
    desk: &Desk,
    account: u64,
    channels: proto::Channels,
) -> Result<proto::Channels, Refusal> {
    let request = proto::SetChannelsRequest { account, channels: Some(channels) };
    let reply = desk.upstream.notify().set_channels(request).await.map_err(refusal)?;
    Ok(reply.into_inner())
}

/// As their owner sees them.
fn shown(desk: &Desk, account: u64, set: proto::Channels) -> Result<Channels, Refusal> {
    let mut channels = Channels::from(set);
    for channel in Confirmable::ALL {
        let record = desk.confirmations.record(account, channel)?;
        let pending = record.and_then(|record| record.pending);
        channels.pending.extend(pending.map(|pending| PendingChannel {
            channel,
            to: pending.target.shown().to_owned(),
            code_expires_at_ms: pending.expires_ms,
        }));
    }
    Ok(channels)
}

async fn channels(desk: Desk, call: Call, _: Nothing) -> Result<Channels, Refusal> {
    let account = call.account()?;
    let set = set_at(&desk, account).await?;
    shown(&desk, account, set)
}

async fn set_channels(desk: Desk, call: Call, params: SetChannels) -> Result<Channels, Refusal> {
    let account = call.account()?;
    let _claim = desk.confirmations.claim(account)?;
    let (now, later) = params.split(&set_at(&desk, account).await?);
    // First what may be refused, then what changes, and then the codes.
    let mut new = Vec::new();
    for target in later.iter().cloned() {
        let record = desk.confirmations.record(account, target.kind())?;
        let waits = record.as_ref().and_then(|record| record.pending.as_ref());
        // The same again: a code is on its way.
        if waits.is_some_and(|waits| waits.target == target) {
            continue;
        }
        let postbox = match record {
            Some(record) => record.postbox,
            None => desk.sessions.new_id()?,
        };
        desk.confirmations.count(account, &target, desk.clock.now_ms())?;
        set(&desk, postbox, target.within(proto::Channels::default())).await?;
        new.push((postbox, target));
    }
    let set = set(&desk, account, now).await?;
    for kind in Confirmable::ALL {
        if !later.iter().any(|target| target.kind() == kind) {
            withdraw(&desk, account, kind).await?;
        }
    }
    for (postbox, target) in new {
        send_code(&desk, account, postbox, target).await?;
    }
    shown(&desk, account, set)
}

/// Sends a new code, which takes the place of any before it. Without one that was handed over nothing can be confirmed.
async fn send_code(desk: &Desk, account: u64, postbox: u64, target: Target) -> Result<(), Refusal> {
    let (kind, code) = (target.kind(), new_code());
    let life_s = desk.confirmations.config.code_s;
    let hash = desk.passwords.hash(code.clone()).await?;
    let expires_ms = desk.clock.now_ms().saturating_add(life_s.saturating_mul(1_000));
    let mut pending = Pending { target, hash, expires_ms, attempts: 0 };
    let record = Record { postbox, pending: Some(pending.clone()) };
    desk.confirmations.keep(account, kind, &record).await?;
    let message = message(postbox, &code, life_s.div_ceil(60));
    if let Err(status) = desk.upstream.notify().send(message).await {
        // Another one is asked for by inbox_resend_code.
        pending.hash.clear();
        let record = Record { postbox, pending: Some(pending) };
        desk.confirmations.keep(account, kind, &record).await?;
        return Err(refusal(status));
    }
    Ok(())
}

/// Nothing waits any more.
async fn withdraw(desk: &Desk, account: u64, kind: Confirmable) -> Result<(), Refusal> {
    let record = desk.confirmations.record(account, kind)?;
    let Some(record) = record.filter(|record| record.pending.is_some()) else { return Ok(()) };
    let record = Record { pending: None, ..record };
    desk.confirmations.keep(account, kind, &record).await?;
    set(desk, record.postbox, proto::Channels::default()).await?;
    Ok(())
}

/// What waits for a code of this kind.
fn waiting(desk: &Desk, account: u64, kind: Confirmable) -> Result<(u64, Pending), Refusal> {
    let record = desk.confirmations.record(account, kind)?;
    let waiting = record.and_then(|record| Some((record.postbox, record.pending?)));
    waiting.ok_or_else(|| Code::CodeUnknown.into())
}

async fn confirm(desk: Desk, call: Call, params: Confirm) -> Result<Channels, Refusal> {
    let (account, kind) = (call.account()?, params.channel);
    let _claim = desk.confirmations.claim(account)?;
    let (postbox, mut pending) = waiting(&desk, account, kind)?;
    let tried_out = pending.attempts >= desk.confirmations.config.attempts;
    let over = pending.expires_ms <= desk.clock.now_ms();
    if tried_out || over || pending.hash.is_empty() {
        return Err(Code::CodeUnknown.into());
    }
    pending.attempts += 1;
    let record = Record { postbox, pending: Some(pending.clone()) };
    desk.confirmations.keep(account, kind, &record).await?;
    if !desk.passwords.check(params.code.0, Some(pending.hash)).await? {
        return Err(Code::BadCode.into());
    }
    // Before it stops waiting: whoever is cut off between the two confirms once more.
    let now = pending.target.within(set_at(&desk, account).await?);
    let set = set(&desk, account, now).await?;
    withdraw(&desk, account, kind).await?;
    shown(&desk, account, set)
}

async fn resend(desk: Desk, call: Call, params: Resend) -> Result<Channels, Refusal> {
    let (account, kind) = (call.account()?, params.channel);
    let _claim = desk.confirmations.claim(account)?;
    let (postbox, pending) = waiting(&desk, account, kind)?;
    desk.confirmations.count(account, &pending.target, desk.clock.now_ms())?;
    // A process that was killed may have kept the address and not told notify.
    set(&desk, postbox, pending.target.within(proto::Channels::default())).await?;
    send_code(&desk, account, postbox, pending.target).await?;
    let set = set_at(&desk, account).await?;
    shown(&desk, account, set)
}
