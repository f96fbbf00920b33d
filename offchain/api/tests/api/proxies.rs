//! Clients behind a proxy.

use std::net::SocketAddr;

use serde_json::{json, Value};
use smartlink_api::{ApiConfig, Code, Rate, Roles};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::house::House;

fn behind_a_proxy(config: &mut ApiConfig) {
    config.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    config.login.address_rate = Rate { per_second: 0.001, burst: 2 };
}

/// A request as a proxy hands it over: what it answers, status line and body.
async fn handed_over(address: SocketAddr, header: &str, body: &Value) -> (String, Value) {
    let body = body.to_string();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST / HTTP/1.1\r\nHost: x\r\n{header}\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all((head + &body).as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.lines().next().unwrap().to_owned(), serde_json::from_str(body).unwrap())
}

async fn tries_to_log_in(house: &House, from: &str) -> Option<i64> {
    let body = json!({
        "jsonrpc": "2.0", "id": 1, "method": "auth_password",
        "params": { "name": "nobody", "password": "correct horse" },
    });
    let (_, answer) = handed_over(house.address, &format!("X-Forwarded-For: {from}"), &body).await;
    answer["error"]["code"].as_i64()
}

#[tokio::test]
async fn each_client_behind_a_proxy_has_her_own_attempts() {
    let house = House::with(behind_a_proxy).await;
    let (wrong, throttled) = (
        Some(i64::from(Code::BadCredentials.number())),
        Some(i64::from(Code::TooManyCalls.number())),
    );
    for outcome in [wrong, wrong, throttled] {
        assert_eq!(tries_to_log_in(&house, "192.0.2.1").await, outcome);
    }
    assert_eq!(tries_to_log_in(&house, "192.0.2.2").await, wrong, "somebody else");
    let invented = "203.0.113.77, 192.0.2.1";
    assert_eq!(tries_to_log_in(&house, invented).await, throttled, "her own invention");
    // Whoever has an address of IPv6 has all of its /64.
    for (from, outcome) in
        [("2001:db8::1", wrong), ("2001:db8::2", wrong), ("2001:db8::3:4", throttled)]
    {
        assert_eq!(tries_to_log_in(&house, from).await, outcome, "{from}");
    }
    assert_eq!(tries_to_log_in(&house, "2001:db8:0:1::1").await, wrong, "the next house");
}

#[tokio::test]
async fn without_trust_a_header_changes_nothing() {
    let house = House::with(|config| {
        behind_a_proxy(config);
        config.trusted_proxies = vec!["10.0.0.0/8".parse().unwrap()];
    })
    .await;
    let throttled = Some(i64::from(Code::TooManyCalls.number()));
    let mut outcomes = Vec::new();
    for from in ["192.0.2.1", "192.0.2.2", "192.0.2.3"] {
        outcomes.push(tries_to_log_in(&house, from).await);
    }
    assert_eq!(outcomes.pop(), Some(throttled));
}

#[tokio::test]
async fn the_audit_log_has_the_clients_address() {
    let house = House::with(behind_a_proxy).await;
    let body = json!({
        "jsonrpc": "2.0", "id": 1, "method": "auth_register",
        "params": { "name": "ann", "password": "correct horse" },
    });
    let (_, answer) = handed_over(house.address, "X-Forwarded-For: 2001:db8::7", &body).await;
    assert!(answer["result"].is_object(), "{answer}");
    let auditor = house.token(Roles::AUDITOR).await;
    let log = house.ok(&auditor, "ops_audit", json!({})).await;
    assert_eq!(log["entries"][0]["address"], json!("2001:db8::7"));
}

#[tokio::test]
async fn websockets_behind_a_proxy_are_counted_by_client() {
    let house = House::with(|config| {
        behind_a_proxy(config);
        config.limits.connections_per_address = 1;
    })
    .await;
    let handshake = async |from: &str| {
        let mut stream = TcpStream::connect(house.address).await.unwrap();
        let head = format!(
            "GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: {from}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut first = [0; 12];
        stream.read_exact(&mut first).await.unwrap();
        (String::from_utf8(first.to_vec()).unwrap(), stream)
    };
    let (switched, ann) = handshake("192.0.2.1").await;
    assert_eq!(switched, "HTTP/1.1 101");
    let (refused, mut stream) = handshake("192.0.2.1").await;
    assert_eq!(refused, "HTTP/1.1 429");
    let mut rest = String::new();
    stream.read_to_string(&mut rest).await.unwrap();
    assert!(rest.contains("too_many_connections"), "{rest}");
    let (switched, _bob) = handshake("192.0.2.2").await;
    assert_eq!(switched, "HTTP/1.1 101", "somebody else");
    // A request beside her WebSocket is one too many as well, until that has gone.
    let version = json!({ "jsonrpc": "2.0", "id": 1, "method": "system_version" });
    let ask = async || handed_over(house.address, "X-Forwarded-For: 192.0.2.1", &version).await.0;
    assert_eq!(ask().await, "HTTP/1.1 429 Too Many Requests");
    drop(ann);
    let gone = async {
        while ask().await != "HTTP/1.1 200 OK" {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(10), gone).await.unwrap();
}
