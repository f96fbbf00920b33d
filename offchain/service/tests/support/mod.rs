//! A service of ours with a small mind: what it is asked by topic tells what it does.

use std::{
    pin::Pin,
    sync::{
        atomic::{AtomicU32, Ordering},
        Arc,
    },
    time::Duration,
};

use futures::{Stream, StreamExt};
use smartlink_proto::notify::{notify_server::Notify, *};
use tonic::{Request, Response, Status};

/// Account 13 falls behind after two of its messages. Sends: `slow` takes a minute, `panic` panics, `away` is unavailable, others are accepted with the length
/// of the body as id. Inboxes are refused, with metadata. A watched account gets three messages and then
/// nothing more.
#[derive(Clone, Default)]
pub struct Mind {
    pub sends: Arc<AtomicU32>,
    /// `away` is over after so many sends.
    pub away_for: u32,
}

type Answer<T> = Result<Response<T>, Status>;

#[tonic::async_trait]
impl Notify for Mind {
    async fn send(&self, request: Request<SendRequest>) -> Answer<SendReply> {
        let nth = self.sends.fetch_add(1, Ordering::SeqCst);
        let request = request.into_inner();
        match request.topic.as_str() {
            "slow" => tokio::time::sleep(Duration::from_secs(60)).await,
            "panic" => panic!("the mind is boggled"),
            "away" if nth < self.away_for => return Err(Status::unavailable("away")),
            _ => {}
        }
        Ok(Response::new(SendReply { id: request.body.len() as u64 }))
    }

    async fn inbox(&self, _: Request<InboxRequest>) -> Answer<InboxPage> {
        let mut refusal = Status::failed_precondition("the inbox is locked: unlock it");
        refusal.metadata_mut().insert("smartlink-refusal", "locked".parse().unwrap());
        Err(refusal)
    }

    async fn mark_read(&self, _: Request<MarkReadRequest>) -> Answer<MarkReadReply> {
        Ok(Response::new(MarkReadReply { unread: 0 }))
    }

    type WatchStream = Pin<Box<dyn Stream<Item = Result<Message, Status>> + Send>>;

    async fn watch(&self, request: Request<WatchRequest>) -> Answer<Self::WatchStream> {
        let account = request.into_inner().account;
        let three = (1..=3).map(move |id| Ok(Message { id, account, ..Message::default() }));
        if account == 13 {
            let behind = Err(Status::data_loss("you fell behind: begin anew"));
            return Ok(Response::new(Box::pin(futures::stream::iter(
                three.take(2).chain([behind]),
            ))));
        }
        let stream = futures::stream::iter(three).chain(futures::stream::pending());
        Ok(Response::new(Box::pin(stream)))
    }

    async fn set_channels(&self, request: Request<SetChannelsRequest>) -> Answer<Channels> {
        Ok(Response::new(request.into_inner().channels.unwrap_or_default()))
    }

    async fn get_channels(&self, _: Request<GetChannelsRequest>) -> Answer<Channels> {
        Ok(Response::new(Channels::default()))
    }

    async fn dead_letters(&self, _: Request<DeadLettersRequest>) -> Answer<DeadLetterPage> {
        Ok(Response::new(DeadLetterPage::default()))
    }

    async fn redeliver(&self, _: Request<RedeliverRequest>) -> Answer<RedeliverReply> {
        Err(Status::not_found("there is no such letter"))
    }
}

/// A message about `topic`.
pub fn about(topic: &str, body: &str) -> SendRequest {
    SendRequest { topic: topic.to_owned(), body: body.to_owned(), ..SendRequest::default() }
}
