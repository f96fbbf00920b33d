//! Messages to people.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smartlink_proto::notify as proto;

use super::Id;

/// A message to an account.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Message {
    /// Its id.
    pub id: Id,
    /// order, money, papers or system.
    pub topic: String,
    /// One line.
    pub title: String,
    /// The text.
    pub body: String,
    /// The order it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<Id>,
    /// When it came, in milliseconds of the Unix epoch.
    pub at_ms: u64,
    /// Whether it was marked as read.
    pub read: bool,
}

/// A page of the inbox, the newest first.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Inbox {
    /// The messages.
    pub messages: Vec<Message>,
    /// `before` of the next page. Missing: there are no more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<Id>,
    /// Messages that were not read, in the whole inbox.
    pub unread: u32,
}

/// What a subscription to the inbox pushes.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum InboxChange {
    /// The newest messages at the beginning.
    Inbox {
        /// The first page.
        inbox: Inbox,
    },
    /// A new message.
    Message {
        /// The message.
        message: Message,
    },
}

super::order::named! {
    /// What a webhook gets.
    WebhookShape = WebhookShapeProto {
        /// The message as JSON, signed by the header smartlink-signature.
        Json,
        /// What a robot of a DingTalk group takes.
        Dingtalk,
        /// One line of text, for a gateway of short messages.
        Sms,
    }
}

/// The proto's names, with the unspecified one named after what it means.
#[derive(Clone, Copy)]
enum WebhookShapeProto {
    Json = 0,
    Dingtalk = 1,
    Sms = 2,
}

impl TryFrom<i32> for WebhookShapeProto {
    type Error = ();

    fn try_from(number: i32) -> Result<Self, ()> {
        match proto::WebhookShape::try_from(number).map_err(|_| ())? {
            proto::WebhookShape::Unspecified => Ok(Self::Json),
            proto::WebhookShape::Dingtalk => Ok(Self::Dingtalk),
            proto::WebhookShape::Sms => Ok(Self::Sms),
        }
    }
}

/// What is confirmed by a code before messages go there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Confirmable {
    /// An e-mail address.
    Email,
    /// A telephone number, reached by a webhook of the shape `sms`.
    Sms,
}

impl Confirmable {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Email, Self::Sms];
}

/// An address that gets no message before its code came back.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct PendingChannel {
    /// What it is.
    pub channel: Confirmable,
    /// The address, or the webhook that reaches the number.
    pub to: String,
    /// Until when its code is good, in milliseconds of the Unix epoch.
    pub code_expires_at_ms: u64,
}

/// Where messages go besides the inbox.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Channels {
    /// The e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The webhook's address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webhook_url: Option<String>,
    /// What it gets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webhook_shape: Option<WebhookShape>,
    /// What waits for its code.
    pub pending: Vec<PendingChannel>,
}

/// A delivery that was given up.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct DeadLetter {
    /// Its id.
    pub id: Id,
    /// To whom.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<Id>,
    /// What was to be delivered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<Message>,
    /// email or webhook.
    pub channel: String,
    /// How often it was tried.
    pub attempts: u32,
    /// What went wrong the last time.
    pub last_error: String,
    /// When it was given up, in milliseconds of the Unix epoch.
    pub given_up_at_ms: u64,
}

/// A page of deliveries that were given up, the newest first.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct DeadLetters {
    /// The deliveries.
    pub letters: Vec<DeadLetter>,
    /// `before` of the next page. Missing: there are no more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<Id>,
}

impl From<proto::Message> for Message {
    fn from(message: proto::Message) -> Self {
        Self {
            id: Id(message.id),
            topic: message.topic,
            title: message.title,
            body: message.body,
            order: Id::known(message.order),
            at_ms: message.at_ms,
            read: message.read,
        }
    }
}

impl From<proto::InboxPage> for Inbox {
    fn from(page: proto::InboxPage) -> Self {
        let messages = page.messages.into_iter().map(Message::from).collect();
        Self { messages, next: Id::known(page.next), unread: page.unread }
    }
}

impl From<proto::Channels> for Channels {
    fn from(channels: proto::Channels) -> Self {
        let set = |text: String| (!text.is_empty()).then_some(text);
        Self {
            webhook_shape: WebhookShape::read(channels.webhook_shape),
            email: set(channels.email),
            webhook_url: set(channels.webhook_url),
            pending: Vec::new(),
        }
    }
}

impl From<proto::DeadLetterPage> for DeadLetters {
    fn from(page: proto::DeadLetterPage) -> Self {
        let letters = page.letters.into_iter().map(|letter| DeadLetter {
            id: Id(letter.id),
            account: letter.message.as_ref().and_then(|message| Id::known(message.account)),
            message: letter.message.map(Message::from),
            channel: letter.channel,
            attempts: letter.attempts,
            last_error: letter.last_error,
            given_up_at_ms: letter.given_up_at_ms,
        });
        Self { letters: letters.collect(), next: Id::known(page.next) }
    }
}
