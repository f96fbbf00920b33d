//! What is pushed.

use std::time::Duration;

use jsonrpsee::{
    core::client::{ClientT, Subscription, SubscriptionClientT},
    ws_client::WsClient,
};
use serde_json::{json, Value};
use smartlink_api::{Code, Roles};
use smartlink_proto::orders::State;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::{
    house::{journey, outcome, House, Named},
    town,
};

async fn follow(client: &WsClient, what: &str, params: Value) -> Subscription<Value> {
    let (begin, end) = (format!("{what}_subscribe"), format!("{what}_unsubscribe"));
    client.subscribe(&begin, Named(params), &end).await.unwrap()
}

async fn next(subscription: &mut Subscription<Value>) -> Value {
    let next = tokio::time::timeout(Duration::from_secs(20), subscription.next()).await;
    next.expect("something in time").expect("something").unwrap()
}

async fn placed(house: &House, token: &str) -> String {
    let quote = house.ok(token, "rider_quote", journey("q")).await;
    quote["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_order_is_pushed_as_it_is_and_then_as_it_changes() {
    let house = House::open().await;
    let ann = house.rider("ann").await.access;
    let order = placed(&house, &ann).await;
    let client = house.websocket(Some(&ann)).await;
    let mut changes = follow(&client, "order", json!({ "order": order })).await;
    let first = next(&mut changes).await;
    assert_eq!((&first["kind"], &first["order"]["state"]), (&json!("order"), &json!("quoted")));
    assert_eq!(next(&mut changes).await, json!({ "kind": "caught_up" }));
    house.book.edit(order.parse().unwrap(), |order| order.state = State::Searching as i32);
    let changed = next(&mut changes).await;
    assert_eq!(changed["order"]["state"], json!("searching"));
    assert_eq!(changed["order"]["start_code"], json!("4711"));

    let eve = house.rider("eve").await.access;
    let client = house.websocket(Some(&eve)).await;
    let theirs = client
        .subscribe::<Value, _>(
            "order_subscribe",
            Named(json!({ "order": order })),
            "order_unsubscribe",
        )
        .await;
    let refused = outcome(theirs.map(|_| Value::Null)).unwrap_err();
    assert_eq!(refused.code, Code::NotFound.number());
}

#[tokio::test]
async fn a_change_that_leaves_the_state_is_pushed_as_well() {
    let house = House::open().await;
    let ann = house.rider("ann").await.access;
    let order = placed(&house, &ann).await;
    let id = order.parse().unwrap();
    let before = house.book.edit(id, |order| order.state = State::Completed as i32);
    let client = house.websocket(Some(&ann)).await;
    let mut changes = follow(&client, "order", json!({ "order": order })).await;
    let first = next(&mut changes).await;
    assert_eq!(first["order"]["state"], json!("completed"));
    assert_eq!(next(&mut changes).await, json!({ "kind": "caught_up" }));
    for stars in 1..=2 {
        let rated = house.book.edit(id, |order| order.rating_of_driver = stars);
        assert_eq!(rated.revision, before.revision);
        assert_eq!(next(&mut changes).await["order"]["rating_of_driver"], json!(stars));
    }
}

#[tokio::test]
async fn a_driver_hears_of_offers_and_of_their_end() {
    let house = House::open().await;
    let ann = house.rider("ann").await.access;
    let order = placed(&house, &ann).await;
    let driver = house.wallet(&town::driver()).await.access;
    let client = house.websocket(Some(&driver)).await;
    let mut changes = follow(&client, "driver", json!({})).await;
    assert_eq!(next(&mut changes).await["kind"], json!("caught_up"));
    house.book.offer(order.parse().unwrap(), 7);
    let offer = next(&mut changes).await;
    assert_eq!(offer["order"]["offer"]["attempt"], json!(1));
    assert!(!offer.to_string().contains("4711"));
    house.book.edit(order.parse().unwrap(), |order| {
        order.offer = None;
        order.excluded.push(7);
    });
    assert_eq!(next(&mut changes).await, json!({ "kind": "gone", "order": order }));
}

#[tokio::test]
async fn an_inbox_is_pushed_and_then_what_comes_in() {
    let house = House::open().await;
    let ann = house.rider("ann").await;
    let account = ann.account.parse().unwrap();
    house.postbox.post(account, "welcome");
    let client = house.websocket(Some(&ann.access)).await;
    let mut changes = follow(&client, "inbox", json!({})).await;
    let first = next(&mut changes).await;
    assert_eq!(first["inbox"]["messages"][0]["title"], json!("welcome"));
    house.postbox.post(account + 1, "for somebody else");
    house.postbox.post(account, "on the way");
    assert_eq!(next(&mut changes).await["message"]["title"], json!("on the way"));
}

#[tokio::test]
async fn a_browser_logs_in_on_its_connection() {
    let house = House::open().await;
    let ann = house.rider("ann").await;
    let client = house.websocket(None).await;
    let whoami = || async { outcome(client.request("auth_whoami", Named(json!({}))).await) };
    assert_eq!(whoami().await.unwrap_err().code, Code::Unauthenticated.number());
    let attach = json!({ "access_token": ann.access });
    let attached: Result<Value, _> = client.request("auth_attach", Named(attach.clone())).await;
    assert_eq!(attached.unwrap()["account"], json!(ann.account));
    assert_eq!(whoami().await.unwrap()["account"], json!(ann.account));
    let over_http = house.call(None, "auth_attach", attach).await.unwrap_err();
    assert_eq!(over_http.code, Code::WebSocketOnly.number());
}

#[tokio::test]
async fn a_subscription_ends_with_its_session() {
    let house = House::open().await;
    let operator = house.wallet(&town::operator()).await;
    let client = house.websocket(Some(&operator.access)).await;
    let mut changes = follow(&client, "ops", json!({})).await;
    assert_eq!(next(&mut changes).await["kind"], json!("caught_up"));
    house.ok(&operator.access, "auth_logout", json!({})).await;
    // The client drops a subscription whose last word is an error.
    let end = tokio::time::timeout(Duration::from_secs(20), changes.next()).await.unwrap();
    assert!(end.is_none(), "{end:?}");
}

/// The head of a WebSocket's handshake, and a text in one frame.
fn handshake(house: &House, token: &str) -> String {
    format!(
        "GET / HTTP/1.1\r\nHost: {}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
         Authorization: Bearer {token}\r\n\r\n",
        house.address
    )
}

fn frame(text: &str) -> Vec<u8> {
    let length = u8::try_from(text.len()).unwrap();
    assert!(length < 126);
    // Masked with zeros, as RFC 6455 wants it from clients.
    let mut bytes = vec![0x81, 0x80 | length, 0, 0, 0, 0];
    bytes.extend_from_slice(text.as_bytes());
    bytes
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_does_not_read_is_told_so_and_let_go() {
    let house = House::with(|config| {
        config.limits.slow_reader_ms = 50;
        config.limits.connection_buffer = 4;
    })
    .await;
    let ann = house.rider("ann").await.access;
    let order: u64 = placed(&house, &ann).await.parse().unwrap();
    let operator = house.token(Roles::OPERATIONS).await;
    let mut lazy = TcpStream::connect(house.address).await.unwrap();
    lazy.write_all(handshake(&house, &operator).as_bytes()).await.unwrap();
    lazy.write_all(&frame(r#"{"jsonrpc":"2.0","id":1,"method":"ops_subscribe"}"#)).await.unwrap();
    // It reads that it is subscribed, and then no more.
    let mut seen = Vec::new();
    while !String::from_utf8_lossy(&seen).contains("caught_up") {
        let mut part = [0; 4096];
        let read = lazy.read(&mut part).await.unwrap();
        assert!(read > 0, "{}", String::from_utf8_lossy(&seen));
        seen.extend_from_slice(&part[..read]);
    }
    let long = "far ".repeat(2_000);
    for _ in 0..3_000 {
        house.book.edit(order, |order| order.origin.as_mut().unwrap().name = long.clone());
        tokio::task::yield_now().await;
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    let mut rest = Vec::new();
    let told = async {
        while !String::from_utf8_lossy(&rest[rest.len().saturating_sub(20_000)..])
            .contains("slow_reader")
        {
            let mut part = vec![0; 65_536];
            let read = lazy.read(&mut part).await.unwrap();
            assert!(read > 0, "closed without a reason");
            rest.extend_from_slice(&part[..read]);
        }
    };
    tokio::time::timeout(Duration::from_secs(30), told).await.expect("the reason");
}
