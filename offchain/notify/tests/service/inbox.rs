//! The inbox, seen by an app.

use futures::StreamExt;
use smartlink_proto::notify::{InboxRequest, MarkReadRequest, SendRequest, WatchRequest};
use tonic::Code;

use crate::{about, quick, within, Client, Delivering};

async fn send(client: &mut Client, account: u64, key: &str) -> u64 {
    client.send(about(account, key)).await.unwrap().into_inner().id
}

#[tokio::test]
async fn a_message_is_there_once_however_often_it_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    let mut service = Delivering::start(folder.path(), quick());
    let id = send(&mut service.client, 7, "arrived").await;
    assert_eq!(send(&mut service.client, 7, "arrived").await, id);
    assert_ne!(send(&mut service.client, 8, "arrived").await, id, "another account's key");
    let other = SendRequest { title: "Something else".into(), ..about(7, "arrived") };
    let refused = service.client.send(other).await.unwrap_err();
    assert_eq!(refused.code(), Code::AlreadyExists);
    service.stop().await;

    let mut service = Delivering::start(folder.path(), quick());
    assert_eq!(send(&mut service.client, 7, "arrived").await, id, "after a restart as well");
    let request = InboxRequest { account: 7, before: 0, limit: 10 };
    let page = service.client.inbox(request).await.unwrap().into_inner();
    assert_eq!((page.messages.len(), page.next, page.unread), (1, 0, 1));
    let message = &page.messages[0];
    assert_eq!((&message.title, &message.body), (&about(7, "").title, &about(7, "").body));
    assert!(!message.read && message.at_ms > 0 && message.order == 1 << 60);
    service.stop().await;
}

#[tokio::test]
async fn what_is_read_stays_read_and_what_comes_later_is_new() {
    let folder = tempfile::tempdir().unwrap();
    let mut service = Delivering::start(folder.path(), quick());
    let client = &mut service.client;
    let first = send(client, 7, "1").await;
    send(client, 7, "2").await;
    for _ in 0..2 {
        let read = client.mark_read(MarkReadRequest { account: 7, up_to: first }).await.unwrap();
        assert_eq!(read.into_inner().unread, 1);
    }
    let all = client.mark_read(MarkReadRequest { account: 7, up_to: u64::MAX }).await.unwrap();
    assert_eq!(all.into_inner().unread, 0);
    send(client, 7, "3").await;
    let request = InboxRequest { account: 7, before: 0, limit: 10 };
    let page = client.inbox(request).await.unwrap().into_inner();
    let read: Vec<bool> = page.messages.iter().map(|message| message.read).collect();
    assert_eq!((read, page.unread), (vec![false, true, true], 1));
    service.stop().await;
}

#[tokio::test]
async fn a_watcher_sees_new_messages_in_order_until_the_service_stops() {
    let folder = tempfile::tempdir().unwrap();
    let mut service = Delivering::start(folder.path(), quick());
    let stream = service.client.watch(WatchRequest { account: 7 }).await.unwrap();
    let mut stream = stream.into_inner();
    let mut sent = Vec::new();
    for key in ["1", "2", "1", "3"] {
        sent.push(send(&mut service.client, 7, key).await);
        send(&mut service.client, 8, key).await;
    }
    sent.remove(2);
    for id in sent {
        assert_eq!(within(stream.next()).await.unwrap().unwrap().id, id);
    }
    service.stop().await;
    let end = within(stream.next()).await.unwrap().unwrap_err();
    assert_eq!(end.code(), Code::Unavailable);
}

#[tokio::test]
async fn what_cannot_be_is_refused_with_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let mut service = Delivering::start(folder.path(), quick());
    let client = &mut service.client;
    let wrong = [
        ("account", SendRequest { account: 0, ..about(7, "k") }),
        ("idempotency_key", about(7, "")),
        ("idempotency_key", about(7, &"k".repeat(65))),
        ("topic", SendRequest { topic: "gossip".into(), ..about(7, "k") }),
        ("title", SendRequest { title: String::new(), ..about(7, "k") }),
        ("title", SendRequest { title: "x".repeat(201), ..about(7, "k") }),
        ("title", SendRequest { title: "x\r\nBcc: all@example.org".into(), ..about(7, "k") }),
        ("body", SendRequest { body: "x".repeat(4_001), ..about(7, "k") }),
    ];
    for (field, request) in wrong {
        let refused = client.send(request).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument);
        assert!(refused.message().starts_with(field), "{}", refused.message());
    }
    for limit in [0, 501] {
        let request = InboxRequest { account: 7, before: 0, limit };
        let refused = client.inbox(request).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument);
    }
    service.stop().await;
}
