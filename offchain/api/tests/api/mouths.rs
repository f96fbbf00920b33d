//! A small dispatcher and a small notifier in memory.

use std::{
    collections::HashMap,
    sync::{
        atomic::{AtomicBool, Ordering::SeqCst},
        Arc, Mutex,
    },
};

use futures::{stream::BoxStream, StreamExt};
use smartlink_proto::{
    dispatch::{self, dispatch_server::Dispatch},
    notify::{self, notify_server::Notify},
};
use tokio::sync::broadcast;
use tonic::{Request, Response, Status};

type Answer<T> = Result<Response<T>, Status>;

/// Takes positions, and reckons every journey as ten minutes.
#[derive(Clone, Default)]
pub struct Dispatcher {
    pub positions: Arc<Mutex<Vec<dispatch::Position>>>,
}

#[tonic::async_trait]
impl Dispatch for Dispatcher {
    async fn report(
        &self,
        request: Request<dispatch::ReportRequest>,
    ) -> Answer<dispatch::ReportReply> {
        let positions = request.into_inner().positions;
        let taken = positions.len() as u32;
        self.positions.lock().unwrap().extend(positions);
        Ok(Response::new(dispatch::ReportReply { taken }))
    }

    async fn explain(
        &self,
        request: Request<dispatch::ExplainRequest>,
    ) -> Answer<dispatch::Explanation> {
        let part = dispatch::CostPart { name: "eta".into(), cost: 60_000 };
        let candidate = dispatch::Candidate {
            driver: 7,
            distance_m: 500,
            eta_s: 60,
            cost: 60_000,
            parts: vec![part],
            binding: String::new(),
        };
        let decision = dispatch::Decision {
            tick: 1,
            at_ms: 1,
            orders_in_tick: 1,
            drivers_in_tick: 1,
            rings: 1,
            outcome: dispatch::Outcome::Offered as i32,
            driver: 7,
            candidates: vec![candidate],
            reason: "the nearest".into(),
        };
        let order = request.into_inner().order;
        Ok(Response::new(dispatch::Explanation { order, decisions: vec![decision] }))
    }

    async fn nearby(&self, _: Request<dispatch::NearbyRequest>) -> Answer<dispatch::NearbyReply> {
        let positions = self.positions.lock().unwrap().clone();
        Ok(Response::new(dispatch::NearbyReply { positions }))
    }

    async fn position(
        &self,
        request: Request<dispatch::PositionRequest>,
    ) -> Answer<dispatch::PositionReply> {
        let driver = request.into_inner().driver;
        let positions = self.positions.lock().unwrap();
        let own = positions.iter().filter(|position| position.driver == driver);
        let position = own.max_by_key(|position| position.at_ms).cloned();
        Ok(Response::new(dispatch::PositionReply { position }))
    }

    async fn travel(&self, _: Request<dispatch::TravelRequest>) -> Answer<dispatch::TravelReply> {
        let reply = dispatch::TravelReply {
            distance_m: 5_000,
            duration_s: 600,
            source: "great-circle".into(),
        };
        Ok(Response::new(reply))
    }

    async fn figures(
        &self,
        _: Request<dispatch::FiguresRequest>,
    ) -> Answer<dispatch::FiguresReply> {
        Ok(Response::new(dispatch::FiguresReply { ticks: 9, ..Default::default() }))
    }
}

/// Keeps messages of one page.
#[derive(Clone)]
pub struct Postbox {
    messages: Arc<Mutex<Vec<notify::Message>>>,
    channels: Arc<Mutex<HashMap<u64, notify::Channels>>>,
    /// Accepts no message.
    pub closed: Arc<AtomicBool>,
    new: broadcast::Sender<notify::Message>,
}

impl Postbox {
    pub fn new() -> Self {
        let (new, _) = broadcast::channel(100);
        let (messages, channels, closed) = (Arc::default(), Arc::default(), Arc::default());
        Self { messages, channels, closed, new }
    }

    /// What went out to an e-mail address or a webhook: title and account.
    pub fn sent_to(&self, address: &str) -> Vec<(String, u64)> {
        let channels = self.channels.lock().unwrap();
        let messages = self.messages.lock().unwrap();
        let there = messages.iter().filter(|message| {
            channels.get(&message.account).is_some_and(|channels| {
                channels.email == address || channels.webhook_url == address
            })
        });
        there.map(|message| (message.title.clone(), message.account)).collect()
    }

    /// The last code that was sent.
    pub fn code(&self) -> String {
        let messages = self.messages.lock().unwrap();
        let mut codes = messages.iter().filter_map(|one| one.title.strip_prefix("Your code is "));
        codes.next_back().expect("a code was sent").to_owned()
    }

    pub fn post(&self, account: u64, title: &str) {
        let mut messages = self.messages.lock().unwrap();
        let id = messages.len() as u64 + 1;
        let message = notify::Message {
            id,
            account,
            topic: "system".into(),
            title: title.into(),
            body: "…".into(),
            order: 0,
            at_ms: 1,
            read: false,
        };
        messages.push(message.clone());
        let _ = self.new.send(message);
    }
}

#[tonic::async_trait]
impl Notify for Postbox {
    async fn send(&self, request: Request<notify::SendRequest>) -> Answer<notify::SendReply> {
        if self.closed.load(SeqCst) {
            return Err(Status::unavailable("closed"));
        }
        let request = request.into_inner();
        self.post(request.account, &request.title);
        Ok(Response::new(notify::SendReply { id: 1 }))
    }

    async fn inbox(&self, request: Request<notify::InboxRequest>) -> Answer<notify::InboxPage> {
        let account = request.into_inner().account;
        let messages = self.messages.lock().unwrap();
        let messages: Vec<_> =
            messages.iter().rev().filter(|message| message.account == account).cloned().collect();
        let unread = messages.iter().filter(|message| !message.read).count() as u32;
        Ok(Response::new(notify::InboxPage { messages, next: 0, unread }))
    }

    async fn mark_read(
        &self,
        request: Request<notify::MarkReadRequest>,
    ) -> Answer<notify::MarkReadReply> {
        let request = request.into_inner();
        for message in self.messages.lock().unwrap().iter_mut() {
            message.read |= message.account == request.account && message.id <= request.up_to;
        }
        Ok(Response::new(notify::MarkReadReply { unread: 0 }))
    }

    type WatchStream = BoxStream<'static, Result<notify::Message, Status>>;

    async fn watch(&self, request: Request<notify::WatchRequest>) -> Answer<Self::WatchStream> {
        let account = request.into_inner().account;
        let new = self.new.subscribe();
        let messages = futures::stream::unfold(new, |mut new| async {
            new.recv().await.ok().map(|message| (message, new))
        });
        let own =
            messages.filter(move |message| futures::future::ready(message.account == account));
        Ok(Response::new(own.map(Ok).boxed()))
    }

    async fn set_channels(
        &self,
        request: Request<notify::SetChannelsRequest>,
    ) -> Answer<notify::Channels> {
        let request = request.into_inner();
        let channels = request.channels.unwrap_or_default();
        if !channels.email.is_empty() && !channels.email.contains('@') {
            return Err(Status::invalid_argument("the e-mail address is not one"));
        }
        let channels = notify::Channels { webhook_secret: String::new(), ..channels };
        self.channels.lock().unwrap().insert(request.account, channels.clone());
        Ok(Response::new(channels))
    }

    async fn get_channels(
        &self,
        request: Request<notify::GetChannelsRequest>,
    ) -> Answer<notify::Channels> {
        let channels = self.channels.lock().unwrap();
        let channels = channels.get(&request.into_inner().account).cloned();
        Ok(Response::new(channels.unwrap_or_default()))
    }

    async fn dead_letters(
        &self,
        _: Request<notify::DeadLettersRequest>,
    ) -> Answer<notify::DeadLetterPage> {
        let letter = notify::DeadLetter {
            id: 4,
            message: None,
            channel: "email".into(),
            attempts: 9,
            last_error: "refused".into(),
            given_up_at_ms: 1,
        };
        Ok(Response::new(notify::DeadLetterPage { letters: vec![letter], next: 0 }))
    }

    async fn redeliver(
        &self,
        request: Request<notify::RedeliverRequest>,
    ) -> Answer<notify::RedeliverReply> {
        match request.into_inner().id {
            4 => Ok(Response::new(notify::RedeliverReply {})),
            _ => Err(Status::not_found("no such letter")),
        }
    }
}
