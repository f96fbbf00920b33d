//! What is too much.

use std::time::Duration;

use jsonrpsee::core::client::{BatchResponse, ClientT};
use jsonrpsee::core::params::BatchRequestBuilder;
use serde_json::{json, Value};
use smartlink_api::{Code, Rate, Roles};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::house::{journey, outcome, House};

#[tokio::test]
async fn guessing_passwords_is_slowed_down_by_name() {
    let house = House::with(|config| {
        config.login.name_rate = Rate { per_second: 0.1, burst: 3 };
    })
    .await;
    house.rider("ann").await;
    let guess = json!({ "name": "ann", "password": "wrong horse!" });
    let mut codes = Vec::new();
    for _ in 0..4 {
        codes.push(house.call(None, "auth_password", guess.clone()).await.unwrap_err());
    }
    let last = codes.pop().unwrap();
    assert_eq!(last.code, Code::TooManyCalls.number());
    assert!(last.data["retry_after_ms"].as_u64().is_some_and(|ms| ms > 0 && ms <= 10_000));
    // Somebody else is not slowed down by it.
    house.rider("bob").await;
    house.pass(20_000);
    let right = json!({ "name": "ann", "password": "correct horse" });
    house.call(None, "auth_password", right).await.unwrap();
    // Neither what a throttle stopped nor guesses fill the audit log.
    let operator = house.token(Roles::OPERATIONS).await;
    let query = json!({ "method": "auth_password" });
    let noted = house.ok(&operator, "ops_audit", query).await;
    assert_eq!(noted["entries"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn who_is_not_known_neither_fills_the_audit_log_nor_tries_for_ever() {
    let house = House::with(|config| {
        config.login.address_rate = Rate { per_second: 0.001, burst: 6 };
    })
    .await;
    let ann = house.rider("ann").await;
    for (method, params) in [
        ("auth_refresh", json!({ "refresh_token": "made up" })),
        ("auth_refresh", json!({ "refresh_token": 7 })),
        ("auth_login", json!({})),
        ("auth_register", json!({ "name": "bob" })),
    ] {
        let refused = house.call(None, method, params).await.unwrap_err();
        assert_ne!(refused.code, Code::TooManyCalls.number(), "{method}");
    }
    assert_eq!(house.api.verify_audit(), Ok(1), "ann's registration");
    let refresh = json!({ "refresh_token": ann.refresh });
    house.call(None, "auth_refresh", refresh.clone()).await.unwrap();
    // Counted before anything else is looked at: what cannot be read, too.
    for params in [refresh.clone(), json!({ "what": "ever" })] {
        let refused = house.call(None, "auth_refresh", params).await.unwrap_err();
        assert_eq!(refused.code, Code::TooManyCalls.number());
    }
    let operator = house.token(Roles::OPERATIONS).await;
    let figures = house.ok(&operator, "ops_figures", json!({})).await;
    assert_eq!(
        (&figures["unidentified"], &figures["audit_entries"]),
        (&json!(4), &json!(2)),
        "{figures}"
    );
    // A copied refresh token ends a session: that is noted, with whose it was.
    house.pass(1_000_000);
    let stolen = house.call(None, "auth_refresh", refresh).await.unwrap_err();
    assert_eq!(stolen.code, Code::RefreshReused.number());
    let operator = house.token(Roles::OPERATIONS).await;
    let last = house.ok(&operator, "ops_audit", json!({ "limit": 1 })).await["entries"][0].clone();
    assert_eq!(
        (&last["account"], &last["outcome"]),
        (&json!(ann.account), &json!(Code::RefreshReused.number()))
    );
}

#[tokio::test]
async fn an_account_that_calls_too_often_waits() {
    let house = House::with(|config| {
        config.limits.account_rate = Rate { per_second: 1.0, burst: 3 };
    })
    .await;
    let ann = house.rider("ann").await.access;
    for _ in 0..3 {
        house.ok(&ann, "auth_whoami", json!({})).await;
    }
    let refused = house.refused(&ann, "auth_whoami", json!({})).await;
    assert_eq!(refused.code, Code::TooManyCalls.number());
    house.pass(refused.data["retry_after_ms"].as_u64().unwrap());
    house.ok(&ann, "auth_whoami", json!({})).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_does_not_fit_is_shed_at_once_and_the_rest_is_done() {
    let house = House::with(|config| config.limits.calls_in_flight = 4).await;
    let ann = house.rider("ann").await.access;
    let order = house.ok(&ann, "rider_quote", journey("q")).await["id"].clone();
    // The orders service lets nobody through for a while.
    let closed = house.book.doors.acquire_many(1_000_000).await.unwrap();
    let one = json!({ "order": order });
    let open: Vec<_> = (0..4)
        .map(|_| {
            let (client, params) = (house.http(Some(&ann)), super::house::Named(one.clone()));
            tokio::spawn(async move { outcome(client.request("rider_order", params).await) })
        })
        .collect();
    let shed = loop {
        let answer = tokio::time::timeout(
            Duration::from_secs(5),
            house.call(Some(&ann), "auth_whoami", json!({})),
        );
        match answer.await.expect("no call waits in a queue") {
            // The four were not all there yet.
            Ok(_) => tokio::task::yield_now().await,
            Err(refused) => break refused,
        }
    };
    assert_eq!((shed.code, shed.name.as_str()), (Code::Overloaded.number(), "overloaded"));
    assert!(shed.data["retry_after_ms"].is_u64());
    drop(closed);
    for call in open {
        call.await.unwrap().unwrap();
    }
    house.ok(&ann, "auth_whoami", json!({})).await;
}

#[tokio::test]
async fn a_call_that_takes_too_long_is_told_so() {
    let house = House::with(|config| config.limits.call_ms = 50).await;
    let ann = house.token(Roles::RIDER).await;
    let _closed = house.book.doors.acquire_many(1_000_000).await.unwrap();
    let refused = house.refused(&ann, "rider_order", json!({ "order": "1" })).await;
    assert_eq!(refused.code, Code::TimedOut.number());
}

#[tokio::test]
async fn what_is_too_large_is_not_read() {
    let house = House::with(|config| config.limits.body_bytes = 4_096).await;
    let mut stream = TcpStream::connect(house.address).await.unwrap();
    let body = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"{}"}}"#, "x".repeat(5_000));
    let head = format!(
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(body.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
}

#[tokio::test]
async fn a_batch_is_bounded_and_works_within_the_bound() {
    let house = House::with(|config| config.limits.batch_calls = 3).await;
    let client = house.http(None);
    let batch = |calls: usize| {
        let mut batch = BatchRequestBuilder::new();
        for _ in 0..calls {
            batch.insert("system_version", jsonrpsee::rpc_params![]).unwrap();
        }
        batch
    };
    let answers: BatchResponse<'_, Value> = client.batch_request(batch(3)).await.unwrap();
    assert_eq!(answers.num_successful_calls(), 3);
    let refused: Result<BatchResponse<'_, Value>, _> = client.batch_request(batch(4)).await;
    assert!(refused.is_err());
}

#[tokio::test]
async fn one_connection_too_many_is_told_so_and_closed() {
    for per_address in [false, true] {
        let house = House::with(|config| match per_address {
            true => config.limits.connections_per_address = 1,
            false => config.limits.connections = 1,
        })
        .await;
        let first = house.websocket(None).await;
        let _: Value = first.request("system_version", jsonrpsee::rpc_params![]).await.unwrap();
        let mut second = TcpStream::connect(house.address).await.unwrap();
        second
            .write_all(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}")
            .await
            .unwrap();
        let mut answer = String::new();
        second.read_to_string(&mut answer).await.unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 429") && head.contains("retry-after: 1"), "{head}");
        let error = serde_json::from_str::<Value>(body).unwrap()["error"].clone();
        assert_eq!(error["code"], json!(Code::TooManyConnections.number()));
        assert!(error["data"]["retry_after_ms"].is_u64() && error["data"]["remedy"].is_string());
        assert_eq!(error["message"].as_str().unwrap().contains("address"), per_address);
        // There is room again when the first has gone.
        drop(first);
        let come_again = async {
            loop {
                let (client, none) = (house.http(None), jsonrpsee::rpc_params![]);
                if client.request::<Value, _>("system_version", none).await.is_ok() {
                    break;
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(10), come_again).await.unwrap();
    }
}

#[tokio::test]
async fn a_page_of_an_unknown_origin_is_turned_away() {
    let house = House::with(|config| config.origins = vec!["https://app.example.com".into()]).await;
    let status = |origin: &'static str, method: &'static str| {
        let address = house.address;
        async move {
            let mut stream = TcpStream::connect(address).await.unwrap();
            let head = format!(
                "{method} / HTTP/1.1\r\nHost: x\r\nOrigin: {origin}\r\nAccess-Control-Request-Method: POST\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            );
            stream.write_all(head.as_bytes()).await.unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.unwrap();
            answer
        }
    };
    let allowed = status("https://app.example.com", "OPTIONS").await;
    assert!(allowed.starts_with("HTTP/1.1 204"), "{allowed}");
    assert!(allowed.contains("access-control-allow-origin: https://app.example.com"), "{allowed}");
    let refused = status("https://evil.example", "POST").await;
    assert!(refused.starts_with("HTTP/1.1 403"), "{refused}");
}
