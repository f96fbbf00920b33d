//! What comes in, however strange, and what is noted of it.

use serde_json::json;
use smartlink_api::{table::parse, types, Code, Roles};
use tokio::io::AsyncWriteExt;

use super::{
    house::{journey, House},
    town,
};

#[tokio::test]
async fn who_runs_the_services_sees_what_is_set_and_where_it_was_set() {
    let house = House::open().await;
    let operator = house.token(Roles::OPERATIONS).await;
    let set = house.ok(&operator, "ops_configuration", json!({})).await;
    let by = "environment SMARTLINK_ORDERS__RULES__SEARCH_MS";
    assert_eq!(
        set["settings"],
        json!([
            { "key": "orders.rules.search_ms", "value": "60000", "origin": by, "reloads": true },
            { "key": "peers.orders", "origin": "default", "reloads": false },
        ])
    );
}

#[tokio::test]
async fn every_change_is_noted_with_who_what_and_how_it_ended() {
    let house = House::open().await;
    let ann = house.rider("ann").await;
    let quote = house.ok(&ann.access, "rider_quote", journey("key-1")).await;
    let order = quote["id"].as_str().unwrap();
    let forbidden = json!({ "idempotency_key": "key-2", "order": order, "attempt": 1 });
    house.refused(&ann.access, "driver_accept", forbidden).await;
    let driver = house.wallet(&town::driver()).await;
    house.book.offer(order.parse().unwrap(), 7);
    let pick_up = json!({ "idempotency_key": "key-3", "order": order, "start_code": "9876" });
    house.refused(&driver.access, "driver_pick_up", pick_up).await;

    let operator = house.token(Roles::AUDITOR).await;
    let log = house.ok(&operator, "ops_audit", json!({})).await;
    let entries = log["entries"].as_array().unwrap();
    let short: Vec<_> = entries
        .iter()
        .rev()
        .map(|entry| (entry["method"].as_str().unwrap(), entry["outcome"].as_i64().unwrap()))
        .collect();
    let (refused, forbidden) = (Code::Refused.number().into(), Code::Forbidden.number().into());
    assert_eq!(
        short,
        [
            ("auth_register", 0),
            ("rider_quote", 0),
            ("driver_accept", forbidden),
            ("auth_login", 0),
            ("driver_pick_up", refused),
        ]
    );
    let quoted = &entries[3];
    assert_eq!((&quoted["account"], &quoted["roles"]), (&json!(ann.account), &json!(["rider"])));
    assert_eq!(
        (&quoted["idempotency_key"], &quoted["address"]),
        (&json!("key-1"), &json!("127.0.0.1"))
    );
    assert_eq!(entries[2]["subject"], json!(order));
    assert_eq!(entries[4]["subject"], json!("ann"));
    assert_eq!(entries[4]["account"], json!(ann.account), "who turned out to act");
    let text = log.to_string();
    for secret in ["correct horse", "9876", &driver.access, &driver.refresh, &ann.refresh] {
        assert!(!text.contains(secret), "{secret}");
    }
    let api = &house.api;
    assert_eq!(api.verify_audit(), Ok(5));
    let figures = house.ok(&operator, "ops_figures", json!({})).await;
    assert_eq!(figures["audit_entries"], json!(5));

    let page = house.ok(&operator, "ops_audit", json!({ "limit": 2 })).await;
    assert_eq!(page["next"], json!("4"));
    let of_ann = json!({ "account": ann.account, "method": "rider_quote" });
    assert_eq!(
        house.ok(&operator, "ops_audit", of_ann).await["entries"].as_array().unwrap().len(),
        1
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_begun_is_noted_also_when_the_caller_hangs_up() {
    let house = House::open().await;
    let ann = house.rider("ann").await.access;
    let order = house.ok(&ann, "rider_quote", journey("q")).await["id"].clone();
    let closed = house.book.doors.acquire_many(1_000_000).await.unwrap();
    let body = json!({
        "jsonrpc": "2.0", "id": 1, "method": "rider_place",
        "params": { "idempotency_key": "p", "order": order },
    });
    let body = body.to_string();
    let head = format!(
        "POST / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {ann}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let mut caller = tokio::net::TcpStream::connect(house.address).await.unwrap();
    caller.write_all((head + &body).as_bytes()).await.unwrap();
    // The orders service has the call before the caller is gone.
    while house.api.calls_in_flight() == 0 {
        tokio::task::yield_now().await;
    }
    drop(caller);
    drop(closed);
    let auditor = house.token(Roles::AUDITOR).await;
    let query = json!({ "method": "rider_place" });
    let noted = async {
        loop {
            let page = house.ok(&auditor, "ops_audit", query.clone()).await;
            if let Some(entry) = page["entries"].as_array().unwrap().first() {
                return entry["outcome"].clone();
            }
        }
    };
    let noted = tokio::time::timeout(std::time::Duration::from_secs(20), noted).await;
    assert_eq!(noted.expect("a note"), json!(0));
}

#[tokio::test]
async fn parameters_go_by_name() {
    let house = House::open().await;
    let ann = house.rider("ann").await.access;
    let refused = house.refused(&ann, "rider_order", json!(["1"])).await;
    assert_eq!(refused.code, Code::InvalidParams.number());
    house.ok(&ann, "rider_orders", json!([])).await;
}

#[test]
fn any_text_for_parameters_is_read_or_refused() {
    bolero::check!().for_each(|bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        let _ = parse::<types::Position>(&text);
        let _ = parse::<types::Place>(&text);
    });
}

#[test]
fn any_bytes_for_a_call_are_answered() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let methods: Vec<&str> = smartlink_api::methods().iter().map(|method| method.name).collect();
    let house = runtime.block_on(House::open());
    let token = runtime.block_on(house.token(Roles::RIDER.and(Roles::DRIVER)));
    let all = std::panic::AssertUnwindSafe((&house.api, &methods, &runtime, &token));
    bolero::check!().with_iterations(2_000).for_each(|bytes: &[u8]| {
        let [which, params @ ..] = bytes else { return };
        let params = String::from_utf8_lossy(params);
        let (api, methods, runtime, token) = *all;
        let name = methods[usize::from(*which) % methods.len()];
        let answer = runtime.block_on(api.call(name, &params, Some(token)));
        if let Err(refused) = answer {
            assert_ne!(refused.code(), Code::Internal, "{name}: {params}");
        }
    });
}
