//! The server of `proto/smartlink/notify.proto`.

use std::{future::Future, path::Path, pin::Pin, sync::Arc};

use futures::Stream;
use sha2::{Digest, Sha256};
use smartlink_proto::notify::{
    self as proto, notify_server, Channels, DeadLetterPage, DeadLettersRequest, GetChannelsRequest,
    InboxPage, InboxRequest, MarkReadReply, MarkReadRequest, Message, RedeliverReply,
    RedeliverRequest, SendReply, SendRequest, SetChannelsRequest, WatchRequest,
};
use smartlink_service::config::Check;
use tonic::{Request, Response, Status};

use crate::{
    channels::{self, ChannelsError},
    clock::now_ms,
    delivery::{self, guard::Guard, Courier},
    figures::{Figures, Tally},
    store::{ChannelsRecord, Heralds, MessageRecord, NewMessage, Store, StoreError},
    watch::Watchers,
    NotifyConfig, NotifyError,
};

const TOPICS: [&str; 4] = ["order", "money", "papers", "system"];
const LONGEST_KEY: usize = 64;
const LONGEST_TITLE: usize = 200;
const LONGEST_BODY: usize = 4_000;
const LONGEST_PAGE: u32 = 500;

/// The service. Clones are the same one.
#[derive(Clone)]
pub struct Notify {
    inner: Arc<Inner>,
}

struct Inner {
    store: Arc<Store>,
    watchers: Arc<Watchers>,
    guard: Arc<Guard>,
    courier: Arc<Courier>,
    /// Rung when there is something new in the outbox.
    news: Arc<tokio::sync::Notify>,
    tally: Arc<Tally>,
    /// Held by the one future that carries deliveries.
    carrying: tokio::sync::Mutex<()>,
    has_mail: bool,
}

impl Notify {
    /// Opens the service on a folder, which is made when it is not there. Nothing is delivered before
    /// [`Notify::deliver`] is polled. The folder belongs to one process, and can be opened again when the
    /// last clone of the service and its streams are gone.
    ///
    /// # Errors
    /// A setting that cannot be, a folder that cannot be opened, certificates that cannot be read.
    pub fn open(path: impl AsRef<Path>, config: NotifyConfig) -> Result<Self, NotifyError> {
        if let Some(invalid) = Check::all(&config).into_iter().next() {
            return Err(NotifyError::Config(invalid));
        }
        let tally = Arc::<Tally>::default();
        let watchers = Watchers::new(config.watch.clone(), Arc::clone(&tally));
        let news = Arc::<tokio::sync::Notify>::default();
        let heard = Arc::clone(&watchers);
        let heralds = Heralds {
            message: Box::new(move |message| heard.publish(message)),
            outbox: Arc::clone(&news),
            tally: Arc::clone(&tally),
        };
        let guard = Arc::new(Guard::new(&config.webhook));
        let store = Arc::new(Store::open(path.as_ref(), &config, heralds)?);
        let courier = Courier::new(Arc::clone(&store), Arc::clone(&guard), &config)?;
        let inner = Inner {
            store,
            watchers,
            guard,
            courier: Arc::new(courier),
            news,
            tally,
            carrying: tokio::sync::Mutex::default(),
            has_mail: !config.smtp.host.is_empty(),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Carries deliveries until `stop` is ready. Then the streams of `Watch` end with UNAVAILABLE,
    /// deliveries under way may finish within `stop_grace_ms`, and the future is ready. Everything else
    /// of the service goes on working. A second one waits until the first has ended.
    pub fn deliver(
        &self,
        stop: impl Future<Output = ()> + Send,
    ) -> impl Future<Output = ()> + Send {
        let inner = Arc::clone(&self.inner);
        async move {
            let _carrying = inner.carrying.lock().await;
            inner.watchers.open();
            let watchers = Arc::clone(&inner.watchers);
            let stop = async move {
                stop.await;
                watchers.close();
            };
            delivery::run(Arc::clone(&inner.courier), Arc::clone(&inner.news), stop).await;
        }
    }

    /// Ends when the disk has failed, with what it said: from then on nothing is accepted, and only a restart can
    /// tell what is on it.
    pub async fn failed(&self) -> StoreError {
        self.inner.store.failed().await
    }

    /// What the service has done since it was opened.
    #[must_use]
    pub fn figures(&self) -> Figures {
        self.inner.tally.figures()
    }

    /// Reads the store without holding up other tasks.
    async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<Response<T>, Status> {
        let store = Arc::clone(&self.inner.store);
        let done = tokio::task::spawn_blocking(move || read(&store)).await;
        let done = done.map_err(|error| Status::internal(format!("reading broke off: {error}")))?;
        Ok(Response::new(done.map_err(status)?))
    }
}

#[tonic::async_trait]
impl notify_server::Notify for Notify {
    async fn send(&self, request: Request<SendRequest>) -> Result<Response<SendReply>, Status> {
        let new = checked(request.into_inner(), now_ms())?;
        let id = self.inner.store.send(new).await.map_err(status)?;
        Ok(Response::new(SendReply { id }))
    }

    async fn inbox(&self, request: Request<InboxRequest>) -> Result<Response<InboxPage>, Status> {
        let InboxRequest { account, before, limit } = request.into_inner();
        let (account, limit) = (an_account(account)?, a_limit(limit)?);
        self.read(move |store| store.inbox(account, before, limit)).await
    }

    async fn mark_read(
        &self,
        request: Request<MarkReadRequest>,
    ) -> Result<Response<MarkReadReply>, Status> {
        let MarkReadRequest { account, up_to } = request.into_inner();
        let account = an_account(account)?;
        let unread = self.inner.store.mark_read(account, up_to).await.map_err(status)?;
        Ok(Response::new(MarkReadReply { unread }))
    }

    type WatchStream = Pin<Box<dyn Stream<Item = Result<Message, Status>> + Send>>;

    async fn watch(
        &self,
        request: Request<WatchRequest>,
    ) -> Result<Response<Self::WatchStream>, Status> {
        let account = an_account(request.into_inner().account)?;
        Ok(Response::new(Box::pin(self.inner.watchers.watch(account)?)))
    }

    async fn set_channels(
        &self,
        request: Request<SetChannelsRequest>,
    ) -> Result<Response<Channels>, Status> {
        let SetChannelsRequest { account, channels } = request.into_inner();
        let (account, mut new) = (an_account(account)?, channels.unwrap_or_default());
        let old = self.read(move |store| store.channels(account)).await?.into_inner();
        keep_secret(&old, &mut new);
        channels::Channels::parse(&new, &self.inner.guard).map_err(refused)?;
        if !new.email.is_empty() && !self.inner.has_mail {
            let why = "no mail server is configured: set notify.smtp, or leave the e-mail empty";
            return Err(Status::failed_precondition(why));
        }
        let record = ChannelsRecord::from(new.clone());
        self.inner.store.set_channels(account, record).await.map_err(status)?;
        Ok(Response::new(shown(new)))
    }

    async fn get_channels(
        &self,
        request: Request<GetChannelsRequest>,
    ) -> Result<Response<Channels>, Status> {
        let account = an_account(request.into_inner().account)?;
        self.read(move |store| store.channels(account).map(shown)).await
    }

    async fn dead_letters(
        &self,
        request: Request<DeadLettersRequest>,
    ) -> Result<Response<DeadLetterPage>, Status> {
        let DeadLettersRequest { before, limit } = request.into_inner();
        let limit = a_limit(limit)?;
        self.read(move |store| store.dead_letters(before, limit)).await
    }

    async fn redeliver(
        &self,
        request: Request<RedeliverRequest>,
    ) -> Result<Response<RedeliverReply>, Status> {
        let id = request.into_inner().id;
        self.inner.store.redeliver(id, now_ms()).await.map_err(status)?;
        Ok(Response::new(RedeliverReply {}))
    }
}

/// Checks a message, and gives it its time.
fn checked(request: SendRequest, now: u64) -> Result<NewMessage, Status> {
    let SendRequest { idempotency_key: key, account, topic, title, body, order } = request;
    an_account(account)?;
    bounded("idempotency_key", &key, 1, LONGEST_KEY)?;
    bounded("title", &title, 1, LONGEST_TITLE)?;
    bounded("body", &body, 0, LONGEST_BODY)?;
    if title.chars().any(char::is_control) {
        return Err(Status::invalid_argument(
            "title has a control character: write it in one line",
        ));
    }
    if !TOPICS.contains(&topic.as_str()) {
        let known = TOPICS.join(", ");
        return Err(Status::invalid_argument(format!("topic is {topic:?}: give one of {known}")));
    }
    let mut hash = Sha256::new();
    for text in [&topic, &title, &body] {
        // The length before each, so that no two messages are written the same.
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text);
    }
    hash.update(order.to_be_bytes());
    let fingerprint = hash.finalize().into();
    let message = MessageRecord { id: 0, account, topic, title, body, order, at_ms: now };
    Ok(NewMessage { key, fingerprint, message })
}

fn bounded(name: &str, text: &str, least: usize, most: usize) -> Result<(), Status> {
    let found = text.len();
    if (least..=most).contains(&found) {
        return Ok(());
    }
    Err(Status::invalid_argument(format!("{name} has {found} bytes: give {least} to {most}")))
}

fn an_account(account: u64) -> Result<u64, Status> {
    if account == 0 {
        return Err(Status::invalid_argument("account is 0: give the account's number"));
    }
    Ok(account)
}

fn a_limit(limit: u32) -> Result<u32, Status> {
    if (1..=LONGEST_PAGE).contains(&limit) {
        return Ok(limit);
    }
    Err(Status::invalid_argument(format!("limit is {limit}: give 1 to {LONGEST_PAGE}")))
}

/// Who changes something else about a webhook has not read its secret, and need not know it.
fn keep_secret(old: &Channels, new: &mut Channels) {
    let same = old.webhook_url == new.webhook_url && old.webhook_shape == new.webhook_shape;
    if same && new.webhook_secret.is_empty() {
        new.webhook_secret.clone_from(&old.webhook_secret);
    }
}

fn shown(channels: proto::Channels) -> proto::Channels {
    proto::Channels { webhook_secret: String::new(), ..channels }
}

fn refused(error: ChannelsError) -> Status {
    match error {
        ChannelsError::Refused(_) => Status::permission_denied(error.to_string()),
        _ => Status::invalid_argument(error.to_string()),
    }
}

fn status(error: StoreError) -> Status {
    let said = error.to_string();
    match error {
        StoreError::Busy { .. } | StoreError::OutboxFull { .. } => Status::resource_exhausted(said),
        StoreError::KeyTaken { .. } => Status::already_exists(said),
        StoreError::NoDeadLetter { .. } => Status::not_found(said),
        _ => {
            tracing::error!(error = said, "a command failed");
            Status::internal(said)
        }
    }
}
