//! Webhooks, seen by the receiver.

use std::time::{SystemTime, UNIX_EPOCH};

use smartlink_notify::{signature, NotifyConfig, WebhookConfig};
use smartlink_proto::notify::{GetChannelsRequest, RedeliverRequest, WebhookShape};
use tonic::Code;

use crate::{
    about, dead_letters, quick,
    receiver::{Receiver, Says},
    set, until, webhook, within, Delivering, SECRET,
};

fn now_ms() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() as u64
}

#[tokio::test]
async fn a_receiver_can_check_who_signed_a_message() {
    let folder = tempfile::tempdir().unwrap();
    let mut receiver = Receiver::start([]).await;
    let mut service = Delivering::start(folder.path(), quick());
    let hook = webhook(&receiver.url, WebhookShape::Unspecified);
    let set_to = set(&mut service.client, 7, hook).await.unwrap();
    assert_eq!(set_to.webhook_secret, "", "the secret is never read back");
    let id = service.client.send(about(7, "arrived")).await.unwrap().into_inner().id;

    let got = receiver.next().await;
    let signed = got.header(signature::HEADER);
    let verdict = signature::verify(SECRET, signed, got.body.as_bytes(), now_ms(), 10_000);
    assert_eq!(verdict, Ok(()));
    let other = signature::verify("other", signed, got.body.as_bytes(), now_ms(), 10_000);
    assert!(other.is_err());
    let body: serde_json::Value = serde_json::from_str(&got.body).unwrap();
    assert_eq!(body["id"], id.to_string());
    assert_eq!(body["account"], "7");
    assert_eq!(body["order"], (1_u64 << 60).to_string(), "whole, not rounded to a double");
    assert_eq!(body["title"], about(7, "").title);
    assert_eq!(body["body"], about(7, "").body);
    assert_eq!(body["delivery"], got.header("smartlink-delivery"));
    service.stop().await;
    assert!(receiver.requests.try_recv().is_err(), "once is enough");
}

#[tokio::test]
async fn a_failing_receiver_gets_the_same_delivery_until_it_takes_it() {
    let folder = tempfile::tempdir().unwrap();
    let script = [500, 502, 404, 200].map(Says::status);
    let mut receiver = Receiver::start(script).await;
    let mut service = Delivering::start(folder.path(), quick());
    let hook = webhook(&receiver.url, WebhookShape::Unspecified);
    set(&mut service.client, 7, hook).await.unwrap();
    service.client.send(about(7, "arrived")).await.unwrap();
    let first = receiver.next().await;
    for _ in 0..3 {
        let again = receiver.next().await;
        assert_eq!(again.header("smartlink-delivery"), first.header("smartlink-delivery"));
        assert_eq!(again.body, first.body);
    }
    until(async || service.notify.figures().delivered == 1).await;
    let figures = service.notify.figures();
    assert_eq!((figures.retried, figures.given_up, figures.waiting), (3, 0, 0));
    service.stop().await;
}

#[tokio::test]
async fn a_receiver_that_never_takes_it_gets_a_bounded_number_and_then_a_redelivery() {
    let folder = tempfile::tempdir().unwrap();
    let mut receiver = Receiver::start([Says::status(500)]).await;
    let mut config = quick();
    config.retry.attempts = 7;
    let mut service = Delivering::start(folder.path(), config);
    let hook = webhook(&receiver.url, WebhookShape::Unspecified);
    set(&mut service.client, 7, hook).await.unwrap();
    let id = service.client.send(about(7, "arrived")).await.unwrap().into_inner().id;
    let mut deliveries = Vec::new();
    for _ in 0..7 {
        deliveries.push(receiver.next().await.header("smartlink-delivery").to_owned());
    }
    until(async || service.notify.figures().given_up == 1).await;
    let dead = dead_letters(&mut service.client).await.remove(0);
    assert_eq!((dead.attempts, dead.channel.as_str()), (7, "webhook"));
    assert_eq!(dead.last_error, "the receiver answered 500");
    assert_eq!(dead.message.unwrap().id, id);

    receiver.now_says(Says::status(200));
    for _ in 0..2 {
        service.client.redeliver(RedeliverRequest { id: dead.id }).await.unwrap();
    }
    deliveries.push(receiver.next().await.header("smartlink-delivery").to_owned());
    deliveries.dedup();
    assert_eq!(deliveries.len(), 1, "one delivery, one id");
    until(async || service.notify.figures().delivered == 1).await;
    assert!(dead_letters(&mut service.client).await.is_empty());
    let unknown = service.client.redeliver(RedeliverRequest { id: 999 }).await.unwrap_err();
    assert_eq!(unknown.code(), Code::NotFound);
    service.stop().await;
    assert!(receiver.requests.try_recv().is_err(), "the second redelivery changed nothing");
}

#[tokio::test]
async fn a_webhook_that_is_gone_or_leads_elsewhere_is_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    let gone = Receiver::start([Says::status(410)]).await;
    let mut target = Receiver::start([]).await;
    let leads = Receiver::start([Says::Elsewhere(target.url.clone())]).await;
    let mut config = quick();
    config.retry.attempts = 2;
    let mut service = Delivering::start(folder.path(), config);
    for (account, url) in [(1, &gone.url), (2, &leads.url)] {
        set(&mut service.client, account, webhook(url, WebhookShape::Unspecified)).await.unwrap();
        service.client.send(about(account, "arrived")).await.unwrap();
    }
    until(async || service.notify.figures().given_up == 2).await;
    let mut letters = dead_letters(&mut service.client).await;
    letters.sort_by_key(|dead| dead.message.as_ref().map(|message| message.account));
    assert_eq!((letters[0].attempts, letters[1].attempts), (1, 2));
    assert!(letters[1].last_error.contains("302"), "{}", letters[1].last_error);
    assert!(target.requests.try_recv().is_err());
    service.stop().await;
}

#[tokio::test]
async fn an_answer_without_end_is_read_to_the_bound_and_a_slow_one_is_cut() {
    let folder = tempfile::tempdir().unwrap();
    let endless = Receiver::start([Says::Endless]).await;
    let mut silent = Receiver::start([]).await;
    silent.hold.send(true).unwrap();
    let mut config = quick();
    config.webhook.timeout_ms = 300;
    config.retry.attempts = 2;
    let mut service = Delivering::start(folder.path(), config);
    for (account, url) in [(1, &endless.url), (2, &silent.url)] {
        set(&mut service.client, account, webhook(url, WebhookShape::Unspecified)).await.unwrap();
        service.client.send(about(account, "arrived")).await.unwrap();
    }
    silent.next().await;
    until(async || service.notify.figures().given_up == 1).await;
    assert_eq!(service.notify.figures().delivered, 1);
    let dead = dead_letters(&mut service.client).await.remove(0);
    assert_eq!(dead.message.unwrap().account, 2);
    assert!(dead.last_error.contains("timed out"), "{}", dead.last_error);
    service.stop().await;
}

#[tokio::test]
async fn a_receiver_that_asks_for_time_gets_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut receiver = Receiver::start([Says::Later(3_600), Says::status(200)]).await;
    let mut config = quick();
    config.retry.longest_ms = 250;
    let mut service = Delivering::start(folder.path(), config);
    let hook = webhook(&receiver.url, WebhookShape::Unspecified);
    set(&mut service.client, 7, hook).await.unwrap();
    service.client.send(about(7, "arrived")).await.unwrap();
    receiver.next().await;
    let asked = std::time::Instant::now();
    receiver.next().await;
    let waited = asked.elapsed().as_millis();
    assert!(waited >= 200, "{waited} ms: as long as it asks, within the longest pause");
    service.stop().await;
}

#[tokio::test]
async fn a_robot_of_dingtalk_reads_markdown_signed_in_the_query() {
    let folder = tempfile::tempdir().unwrap();
    let answer = |code| Says::This(200, format!(r#"{{"errcode":{code},"errmsg":"said"}}"#));
    let mut receiver = Receiver::start([answer(310_000), answer(0)]).await;
    let mut service = Delivering::start(folder.path(), quick());
    let url = format!("{}?access_token=letmein", receiver.url);
    set(&mut service.client, 7, webhook(&url, WebhookShape::Dingtalk)).await.unwrap();
    service.client.send(about(7, "arrived")).await.unwrap();
    let first = receiver.next().await;
    let query = first.uri.query().unwrap();
    assert!(query.starts_with("access_token=letmein&timestamp="), "{query}");
    assert!(query.contains("&sign="), "{query}");
    let body: serde_json::Value = serde_json::from_str(&first.body).unwrap();
    assert_eq!(body["msgtype"], "markdown");
    let text = body["markdown"]["text"].as_str().unwrap();
    assert!(text.starts_with("#### 您的司机已到达\n\n京A12345"), "{text}");
    receiver.next().await;
    until(async || service.notify.figures().delivered == 1).await;
    assert_eq!(service.notify.figures().retried, 1, "errcode 310000 is a failure");
    service.stop().await;
}

#[tokio::test]
async fn an_error_does_not_tell_what_opens_a_webhook() {
    let folder = tempfile::tempdir().unwrap();
    let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = closed.local_addr().unwrap();
    drop(closed);
    let mut config = quick();
    config.retry.attempts = 1;
    let mut service = Delivering::start(folder.path(), config);
    let url = format!("http://{address}/robot/send?access_token=letmein");
    set(&mut service.client, 7, webhook(&url, WebhookShape::Dingtalk)).await.unwrap();
    service.client.send(about(7, "arrived")).await.unwrap();
    until(async || service.notify.figures().given_up == 1).await;
    let error = dead_letters(&mut service.client).await.remove(0).last_error;
    assert!(error.contains("refused") && !error.contains("letmein"), "{error}");
    service.stop().await;
}

#[tokio::test]
async fn a_gateway_for_short_messages_gets_number_and_text() {
    let folder = tempfile::tempdir().unwrap();
    let mut receiver = Receiver::start([]).await;
    let mut service = Delivering::start(folder.path(), quick());
    let url = format!("{}?lang=zh&phone=%2B8613800000000", receiver.url);
    set(&mut service.client, 7, webhook(&url, WebhookShape::Sms)).await.unwrap();
    service.client.send(about(7, "arrived")).await.unwrap();
    let got = receiver.next().await;
    assert_eq!(got.uri.query(), Some("lang=zh"), "no number in access logs");
    let body: serde_json::Value = serde_json::from_str(&got.body).unwrap();
    assert_eq!(body["phone"], "+8613800000000");
    assert_eq!(body["text"], "您的司机已到达 京A12345, Driver Li at the north gate");
    let signed = got.header(signature::HEADER);
    let verdict = signature::verify(SECRET, signed, got.body.as_bytes(), now_ms(), 10_000);
    assert_eq!(verdict, Ok(()));
    service.stop().await;
}

#[tokio::test]
async fn a_webhook_cannot_reach_into_the_private_network() {
    let folder = tempfile::tempdir().unwrap();
    let mut receiver = Receiver::start([]).await;
    let config = NotifyConfig { webhook: WebhookConfig::default(), ..quick() };
    let mut service = Delivering::start(folder.path(), config);
    let hook = webhook(&receiver.url, WebhookShape::Unspecified);
    let refused = set(&mut service.client, 7, hook).await.unwrap_err();
    assert_eq!(refused.code(), Code::PermissionDenied);

    // A name is judged when it is resolved, at the delivery.
    let named = receiver.url.replace("127.0.0.1", "localhost");
    set(&mut service.client, 7, webhook(&named, WebhookShape::Unspecified)).await.unwrap();
    service.client.send(about(7, "arrived")).await.unwrap();
    until(async || service.notify.figures().given_up == 1).await;
    let dead = dead_letters(&mut service.client).await.remove(0);
    assert_eq!(dead.attempts, 1);
    assert!(dead.last_error.contains("may not reach localhost"), "{}", dead.last_error);
    service.stop().await;
    assert!(receiver.requests.try_recv().is_err());
}

#[tokio::test]
async fn a_dead_receiver_does_not_hold_up_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let mut dead = Receiver::start([]).await;
    dead.hold.send(true).unwrap();
    let mut alive = Receiver::start([]).await;
    let mut config = quick();
    config.workers.webhook = 2;
    let mut service = Delivering::start(folder.path(), config);
    for (account, url) in [(1, &dead.url), (2, &alive.url)] {
        set(&mut service.client, account, webhook(url, WebhookShape::Unspecified)).await.unwrap();
    }
    for n in 0..20 {
        service.client.send(about(1, &n.to_string())).await.unwrap();
    }
    dead.next().await;
    dead.next().await;
    for n in 0..20 {
        service.client.send(about(2, &n.to_string())).await.unwrap();
    }
    for _ in 0..20 {
        alive.next().await;
    }
    assert!(dead.requests.try_recv().is_err(), "no more than two at a time");
    dead.hold.send(false).unwrap();
    for _ in 0..18 {
        dead.next().await;
    }
    service.stop().await;
}

#[tokio::test]
async fn a_webhook_keeps_its_secret_while_it_stays_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let mut receiver = Receiver::start([]).await;
    let mut service = Delivering::start(folder.path(), quick());
    let hook = webhook(&receiver.url, WebhookShape::Unspecified);
    set(&mut service.client, 7, hook).await.unwrap();
    let read = service.client.get_channels(GetChannelsRequest { account: 7 }).await.unwrap();
    let read = read.into_inner();
    assert_eq!((read.webhook_url.as_str(), read.webhook_secret.as_str()), (&*receiver.url, ""));
    set(&mut service.client, 7, read).await.unwrap();
    service.client.send(about(7, "arrived")).await.unwrap();
    let got = receiver.next().await;
    let signed = got.header(signature::HEADER);
    let verdict = signature::verify(SECRET, signed, got.body.as_bytes(), now_ms(), 10_000);
    assert_eq!(verdict, Ok(()));
    let mut other = webhook(&format!("{}/other", receiver.url), WebhookShape::Unspecified);
    other.webhook_secret = String::new();
    let refused = set(&mut service.client, 7, other).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument, "another webhook has none");
    service.stop().await;
}

#[tokio::test]
async fn a_stop_lets_deliveries_under_way_finish_and_keeps_the_rest() {
    let folder = tempfile::tempdir().unwrap();
    let mut receiver = Receiver::start([]).await;
    receiver.hold.send(true).unwrap();
    let mut config = quick();
    config.workers.webhook = 1;
    let mut service = Delivering::start(folder.path(), config.clone());
    let hook = webhook(&receiver.url, WebhookShape::Unspecified);
    set(&mut service.client, 7, hook).await.unwrap();
    for key in ["a", "b"] {
        service.client.send(about(7, key)).await.unwrap();
    }
    let first = receiver.next().await;
    let notify = service.notify.clone();
    let stopping = tokio::spawn(service.stop());
    receiver.hold.send(false).unwrap();
    within(stopping).await.unwrap();
    assert_eq!((notify.figures().delivered, notify.figures().waiting), (1, 1));
    drop(notify);

    let service = Delivering::start(folder.path(), config);
    let second = receiver.next().await;
    assert_ne!(second.header("smartlink-delivery"), first.header("smartlink-delivery"));
    until(async || service.notify.figures().waiting == 0).await;
    service.stop().await;
    assert!(receiver.requests.try_recv().is_err());
}

#[tokio::test]
async fn a_delivery_that_outlasts_the_stop_comes_again_after_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut receiver = Receiver::start([]).await;
    receiver.hold.send(true).unwrap();
    let config = NotifyConfig { stop_grace_ms: 20, ..quick() };
    let mut service = Delivering::start(folder.path(), config.clone());
    let hook = webhook(&receiver.url, WebhookShape::Unspecified);
    set(&mut service.client, 7, hook).await.unwrap();
    service.client.send(about(7, "a")).await.unwrap();
    let first = receiver.next().await;
    service.stop().await;
    receiver.hold.send(false).unwrap();
    let service = Delivering::start(folder.path(), config);
    let again = receiver.next().await;
    assert_eq!(again.header("smartlink-delivery"), first.header("smartlink-delivery"));
    until(async || service.notify.figures().waiting == 0).await;
    service.stop().await;
}
