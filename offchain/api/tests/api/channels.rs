//! Where messages go besides the inbox: to nobody who did not ask for them.

use std::sync::atomic::Ordering::SeqCst;

use serde_json::{json, Value};
use smartlink_api::{Code, Rate, Roles};

use super::house::House;

fn confirm(channel: &str, code: &str) -> Value {
    json!({ "channel": channel, "code": code })
}

#[tokio::test]
async fn an_e_mail_address_gets_a_code_and_no_message_before_it_came_back() {
    let house = House::open().await;
    let ann = house.rider("ann").await;
    let account: u64 = ann.account.parse().unwrap();
    let ann = ann.access;
    let set = json!({ "email": "ann@example.org" });
    let channels = house.ok(&ann, "inbox_set_channels", set.clone()).await;
    assert_eq!(channels["email"], json!(null));
    assert_eq!(channels["pending"][0]["to"], json!("ann@example.org"));
    house.postbox.post(account, "Your driver is there");
    let sent = house.postbox.sent_to("ann@example.org");
    let code = house.postbox.code();
    assert_eq!(sent.len(), 1, "the code alone: {sent:?}");
    assert_ne!(sent[0].1, account, "nothing of the account goes there");
    // The same again sends nothing again.
    house.ok(&ann, "inbox_set_channels", set).await;
    assert_eq!(house.postbox.code(), code);

    let wrong = house.refused(&ann, "inbox_confirm", confirm("email", "00000000")).await;
    assert_eq!(wrong.code, Code::BadCode.number());
    let channels = house.ok(&ann, "inbox_confirm", confirm("email", &code)).await;
    assert_eq!((&channels["email"], &channels["pending"]), (&json!("ann@example.org"), &json!([])));
    let titles: Vec<_> = house.postbox.sent_to("ann@example.org");
    assert_eq!(titles, [("Your driver is there".to_owned(), account)]);
    // The code is used up, and other channels leave the address as it is.
    let again = house.refused(&ann, "inbox_confirm", confirm("email", &code)).await;
    assert_eq!(again.code, Code::CodeUnknown.number());
    let hook = json!({ "email": "ann@example.org", "webhook_url": "https://example.org", "webhook_secret": "s" });
    let channels = house.ok(&ann, "inbox_set_channels", hook).await;
    assert_eq!((&channels["email"], &channels["pending"]), (&json!("ann@example.org"), &json!([])));
    assert_eq!(channels["webhook_url"], json!("https://example.org"));
    let auditor = house.token(Roles::AUDITOR).await;
    let log = house.ok(&auditor, "ops_audit", json!({})).await.to_string();
    assert!(!log.contains(&code) && log.contains("inbox_confirm"));
}

#[tokio::test]
async fn a_telephone_number_is_confirmed_through_its_gateway() {
    let house = House::open().await;
    let ann = house.rider("ann").await.access;
    let url = "https://sms.example/send?phone=%2B8613800000000";
    let both = json!({ "email": "ann@example.org", "webhook_url": url, "webhook_shape": "sms" });
    let channels = house.ok(&ann, "inbox_set_channels", both).await;
    assert_eq!(channels["webhook_url"], json!(null));
    assert_eq!(channels["pending"].as_array().unwrap().len(), 2);
    let code_of = |address: &str| {
        let sent = house.postbox.sent_to(address);
        sent[0].0.strip_prefix("Your code is ").unwrap().to_owned()
    };
    let (by_mail, by_sms) = (code_of("ann@example.org"), code_of(url));
    let crossed = house.refused(&ann, "inbox_confirm", confirm("email", &by_sms)).await;
    assert_eq!(crossed.code, Code::BadCode.number(), "each has its own");
    let channels = house.ok(&ann, "inbox_confirm", confirm("sms", &by_sms)).await;
    assert_eq!(
        (&channels["webhook_url"], &channels["webhook_shape"]),
        (&json!(url), &json!("sms"))
    );
    let channels = house.ok(&ann, "inbox_confirm", confirm("email", &by_mail)).await;
    assert_eq!(
        (&channels["email"], &channels["webhook_url"]),
        (&json!("ann@example.org"), &json!(url))
    );
}

#[tokio::test]
async fn a_code_is_good_for_a_few_attempts_and_a_quarter_of_an_hour() {
    let house = House::open().await;
    let ann = house.rider("ann").await.access;
    house.ok(&ann, "inbox_set_channels", json!({ "email": "ann@example.org" })).await;
    let code = house.postbox.code();
    for _ in 0..5 {
        let wrong = house.refused(&ann, "inbox_confirm", confirm("email", "00000000")).await;
        assert_eq!(wrong.code, Code::BadCode.number());
    }
    // Not even by starting the service again.
    let house = house.reopen().await;
    let tried_out = house.refused(&ann, "inbox_confirm", confirm("email", &code)).await;
    assert_eq!(tried_out.code, Code::CodeUnknown.number());
    house.ok(&ann, "inbox_resend_code", json!({ "channel": "email" })).await;
    let code = house.postbox.code();
    house.pass(900_000);
    let bob = json!({ "name": "ann", "password": "correct horse" });
    let ann = house.call(None, "auth_password", bob).await.unwrap()["access_token"].clone();
    let ann = ann.as_str().unwrap();
    let old = house.refused(ann, "inbox_confirm", confirm("email", &code)).await;
    assert_eq!(old.code, Code::CodeUnknown.number());
    house.ok(ann, "inbox_resend_code", json!({ "channel": "email" })).await;
    house.ok(ann, "inbox_confirm", confirm("email", &house.postbox.code())).await;
}

#[tokio::test]
async fn nobody_is_flooded_with_codes() {
    let house = House::with(|config| {
        config.confirmation.code_rate = Rate { per_second: 0.01, burst: 2 };
    })
    .await;
    let victim = json!({ "email": "victim@example.org" });
    let mut outcomes = Vec::new();
    for name in ["ann", "bob", "eve"] {
        let token = house.rider(name).await.access;
        outcomes.push(house.call(Some(&token), "inbox_set_channels", victim.clone()).await);
    }
    let refused = outcomes.pop().unwrap().unwrap_err();
    assert_eq!(refused.code, Code::TooManyCalls.number());
    assert!(refused.data["retry_after_ms"].is_u64());
    assert!(outcomes.iter().all(Result::is_ok));
    let max = house.rider("max").await.access;
    house.ok(&max, "inbox_set_channels", json!({ "email": "max@example.org" })).await;
    house.ok(&max, "inbox_resend_code", json!({ "channel": "email" })).await;
    let refused = house.refused(&max, "inbox_resend_code", json!({ "channel": "email" })).await;
    assert_eq!(refused.code, Code::TooManyCalls.number());
}

#[tokio::test]
async fn what_could_not_be_sent_or_set_waits_for_nothing() {
    let house = House::open().await;
    let ann = house.rider("ann").await.access;
    let wrong = house.refused(&ann, "inbox_set_channels", json!({ "email": "no address" })).await;
    assert_eq!(wrong.code, Code::Invalid.number());
    let none = house.refused(&ann, "inbox_resend_code", json!({ "channel": "email" })).await;
    assert_eq!(none.code, Code::CodeUnknown.number());
    house.postbox.closed.store(true, SeqCst);
    let set = json!({ "email": "ann@example.org" });
    let unsent = house.refused(&ann, "inbox_set_channels", set).await;
    assert_eq!(unsent.code, Code::Unavailable.number());
    house.postbox.closed.store(false, SeqCst);
    house.ok(&ann, "inbox_resend_code", json!({ "channel": "email" })).await;
    let code = house.postbox.code();
    // Who thinks better of it is not written to.
    let channels = house.ok(&ann, "inbox_set_channels", json!({})).await;
    assert_eq!(channels["pending"], json!([]));
    let gone = house.refused(&ann, "inbox_confirm", confirm("email", &code)).await;
    assert_eq!(gone.code, Code::CodeUnknown.number());
}
