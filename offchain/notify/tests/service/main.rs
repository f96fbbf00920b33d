//! The service against a real mail server, a real HTTP receiver, and SIGKILL.

// In a test an unwrap is the assertion.
#![allow(clippy::unwrap_used)]

mod disk;
mod inbox;
mod kill;
mod mail;
mod mail_server;
mod receiver;
mod webhooks;

use std::{future::Future, path::Path, time::Duration};

use smartlink_notify::{BreakerConfig, Notify, NotifyConfig, RetryConfig, WebhookConfig};
use smartlink_proto::notify::{
    notify_client::NotifyClient, notify_server::NotifyServer, Channels, DeadLetter,
    DeadLettersRequest, SendRequest, SetChannelsRequest, WebhookShape,
};
use tokio::{sync::oneshot, task::JoinHandle};
use tonic::Status;

type Client = NotifyClient<NotifyServer<Notify>>;

const SECRET: &str = "correct horse battery staple";

/// A service that reaches receivers of this machine, and is quick to try again.
fn quick() -> NotifyConfig {
    NotifyConfig {
        retry: RetryConfig { first_ms: 1, longest_ms: 20, ..RetryConfig::default() },
        breaker: BreakerConfig { open_ms: 5, longest_ms: 20, ..BreakerConfig::default() },
        webhook: WebhookConfig {
            private_hosts: vec!["127.0.0.1".into()],
            dingtalk_interval_ms: 0,
            ..WebhookConfig::default()
        },
        ..NotifyConfig::default()
    }
}

/// The service while it delivers.
struct Delivering {
    client: Client,
    notify: Notify,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Delivering {
    fn start(folder: &Path, config: NotifyConfig) -> Self {
        let notify = Notify::open(folder, config).unwrap();
        let client = NotifyClient::new(NotifyServer::new(notify.clone()));
        let (stop, stopped) = oneshot::channel::<()>();
        let deliver = notify.deliver(async move {
            let _ = stopped.await;
        });
        let task = tokio::spawn(deliver);
        Self { client, notify, stop, task }
    }

    /// Stops, and gives the folder free.
    async fn stop(self) {
        self.stop.send(()).unwrap();
        within(self.task).await.unwrap();
    }
}

/// A test that hangs says where.
async fn within<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(20), future).await.expect("it takes too long")
}

/// Waits until the answer to a question is yes. What is asked changes by messages over sockets and by
/// threads, which give no notice.
async fn until(mut yes: impl AsyncFnMut() -> bool) {
    within(async {
        while !yes().await {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    })
    .await;
}

fn about(account: u64, key: &str) -> SendRequest {
    SendRequest {
        idempotency_key: key.into(),
        account,
        topic: "order".into(),
        title: "您的司机已到达".into(),
        body: "京A12345, Driver Li\nat the north gate".into(),
        order: 1 << 60,
    }
}

async fn set(client: &mut Client, account: u64, channels: Channels) -> Result<Channels, Status> {
    let request = SetChannelsRequest { account, channels: Some(channels) };
    client.set_channels(request).await.map(tonic::Response::into_inner)
}

fn webhook(url: &str, shape: WebhookShape) -> Channels {
    Channels {
        webhook_url: url.into(),
        webhook_shape: shape.into(),
        webhook_secret: SECRET.into(),
        ..Channels::default()
    }
}

async fn dead_letters(client: &mut Client) -> Vec<DeadLetter> {
    let request = DeadLettersRequest { before: 0, limit: 500 };
    client.dead_letters(request).await.unwrap().into_inner().letters
}
