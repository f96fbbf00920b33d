//! What stands in the store, in protobuf, so that a later version can add fields.

use smartlink_proto::notify as proto;

/// Where a delivery goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, prost::Enumeration)]
#[repr(i32)]
pub(crate) enum Channel {
    /// The account's e-mail address.
    Email = 0,
    /// The account's webhook.
    Webhook = 1,
}

impl Channel {
    /// As it is called in `DeadLetter.channel`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Webhook => "webhook",
        }
    }
}

/// A message. Its account and id are its key in the inbox.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct MessageRecord {
    #[prost(uint64, tag = "1")]
    pub(crate) id: u64,
    #[prost(uint64, tag = "2")]
    pub(crate) account: u64,
    #[prost(string, tag = "3")]
    pub(crate) topic: String,
    #[prost(string, tag = "4")]
    pub(crate) title: String,
    #[prost(string, tag = "5")]
    pub(crate) body: String,
    #[prost(uint64, tag = "6")]
    pub(crate) order: u64,
    #[prost(uint64, tag = "7")]
    pub(crate) at_ms: u64,
}

impl MessageRecord {
    pub(crate) fn into_message(self, read: bool) -> proto::Message {
        let Self { id, account, topic, title, body, order, at_ms } = self;
        proto::Message { id, account, topic, title, body, order, at_ms, read }
    }
}

/// What is counted for an account.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct AccountRecord {
    /// Messages in the inbox.
    #[prost(uint32, tag = "1")]
    pub(crate) held: u32,
    /// Of them, not read.
    #[prost(uint32, tag = "2")]
    pub(crate) unread: u32,
    /// Messages with this id and smaller ones are read.
    #[prost(uint64, tag = "3")]
    pub(crate) read_up_to: u64,
    /// The id of the last message.
    #[prost(uint64, tag = "4")]
    pub(crate) newest: u64,
    /// No message in the inbox has a smaller id: where the search for the oldest begins.
    #[prost(uint64, tag = "5")]
    pub(crate) oldest: u64,
    /// Deliveries that wait, by channel.
    #[prost(uint32, tag = "6")]
    pub(crate) waiting_email: u32,
    #[prost(uint32, tag = "7")]
    pub(crate) waiting_webhook: u32,
}

impl AccountRecord {
    pub(crate) fn waiting(&mut self, channel: Channel) -> &mut u32 {
        match channel {
            Channel::Email => &mut self.waiting_email,
            Channel::Webhook => &mut self.waiting_webhook,
        }
    }
}

/// The channels of an account, as they were set.
#[derive(Clone, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub(crate) struct ChannelsRecord {
    #[prost(string, tag = "1")]
    pub(crate) email: String,
    #[prost(string, tag = "2")]
    pub(crate) webhook_url: String,
    #[prost(int32, tag = "3")]
    pub(crate) webhook_shape: i32,
    #[prost(string, tag = "4")]
    pub(crate) webhook_secret: String,
}

impl std::fmt::Debug for ChannelsRecord {
    /// The secret and the URL, which often contains one, stay inside.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChannelsRecord").finish_non_exhaustive()
    }
}

impl From<proto::Channels> for ChannelsRecord {
    fn from(channels: proto::Channels) -> Self {
        let proto::Channels { email, webhook_url, webhook_shape, webhook_secret } = channels;
        Self { email, webhook_url, webhook_shape, webhook_secret }
    }
}

impl From<ChannelsRecord> for proto::Channels {
    fn from(record: ChannelsRecord) -> Self {
        let ChannelsRecord { email, webhook_url, webhook_shape, webhook_secret } = record;
        Self { email, webhook_url, webhook_shape, webhook_secret }
    }
}

/// What came of a command with this key.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct KeyRecord {
    /// Its place in the order of keys.
    #[prost(uint64, tag = "1")]
    pub(crate) place: u64,
    /// The message or delivery.
    #[prost(uint64, tag = "2")]
    pub(crate) id: u64,
    #[prost(uint64, tag = "3")]
    pub(crate) at_ms: u64,
    /// SHA-256 of the command.
    #[prost(bytes = "vec", tag = "4")]
    pub(crate) fingerprint: Vec<u8>,
}

/// A place in the order of keys.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct KeyPlace {
    #[prost(uint64, tag = "1")]
    pub(crate) at_ms: u64,
    #[prost(bytes = "vec", tag = "2")]
    pub(crate) key: Vec<u8>,
}

/// A delivery, waiting or given up.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct DeliveryRecord {
    /// Stays the same for ever.
    #[prost(uint64, tag = "1")]
    pub(crate) id: u64,
    #[prost(message, optional, tag = "2")]
    pub(crate) message: Option<MessageRecord>,
    #[prost(enumeration = "Channel", tag = "3")]
    pub(crate) channel: i32,
    /// Failed attempts since it was put into the outbox.
    #[prost(uint32, tag = "4")]
    pub(crate) attempts: u32,
    /// When the next attempt may begin.
    #[prost(uint64, tag = "5")]
    pub(crate) due_ms: u64,
    /// When it was put into the outbox.
    #[prost(uint64, tag = "6")]
    pub(crate) since_ms: u64,
    #[prost(string, tag = "7")]
    pub(crate) last_error: String,
    #[prost(uint64, tag = "8")]
    pub(crate) given_up_at_ms: u64,
}

impl DeliveryRecord {
    pub(crate) fn account(&self) -> u64 {
        self.message.as_ref().map_or(0, |message| message.account)
    }

    pub(crate) fn into_dead_letter(self, read: bool) -> proto::DeadLetter {
        proto::DeadLetter {
            id: self.id,
            channel: self.channel().name().to_owned(),
            attempts: self.attempts,
            last_error: self.last_error,
            given_up_at_ms: self.given_up_at_ms,
            message: self.message.map(|message| message.into_message(read)),
        }
    }
}

/// What is counted for all.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct Counters {
    /// The layout of the store.
    #[prost(uint32, tag = "1")]
    pub(crate) format: u32,
    /// Drawn at random when the store was made, so that ids of deliveries differ between stores.
    #[prost(fixed64, tag = "2")]
    pub(crate) store: u64,
    /// The last id of a message or a delivery.
    #[prost(uint64, tag = "3")]
    pub(crate) last_id: u64,
    /// The last place in the outbox.
    #[prost(uint64, tag = "4")]
    pub(crate) last_place: u64,
    /// Deliveries in the outbox.
    #[prost(uint32, tag = "5")]
    pub(crate) waiting: u32,
    #[prost(uint32, tag = "6")]
    pub(crate) dead: u32,
    /// The last place in the order of keys.
    #[prost(uint64, tag = "7")]
    pub(crate) last_key: u64,
    /// No smaller place is taken.
    #[prost(uint64, tag = "8")]
    pub(crate) first_key: u64,
    /// Places taken.
    #[prost(uint32, tag = "9")]
    pub(crate) keys: u32,
}
