//! The document says what is.

use std::{collections::BTreeSet, path::PathBuf};

use jsonrpsee::core::client::{ClientT, SubscriptionClientT};
use serde_json::{json, Value};
use smartlink_api::Roles;
use smartlink_proto::orders::Settlement;

use super::{
    depot::{drive, Depot},
    house::{journey, House, Named, Tokens},
    telemetry, town,
};

fn docs(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(name)
}

const UPDATE: &str = "UPDATE_OPENRPC";

#[test]
fn the_checked_in_document_is_of_this_table() {
    let document = smartlink_api::document(&smartlink_api::methods());
    let path = docs("openrpc.json");
    if std::env::var_os(UPDATE).is_some() {
        let text = serde_json::to_string_pretty(&document).unwrap();
        std::fs::write(&path, text + "\n").unwrap();
    }
    let known: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    assert!(known == document, "docs/openrpc.json is not of this table: run with UPDATE_OPENRPC=1");
}

#[test]
fn the_tables_of_the_docs_are_of_this_table() {
    let (begin, end) = ("<!-- methods: begin -->\n", "<!-- methods: end -->");
    let path = docs("api.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let (head, rest) = text.split_once(begin).expect("a mark where the tables begin");
    let (_, tail) = rest.split_once(end).expect("a mark where they end");
    let table = smartlink_api::method_table(&smartlink_api::methods());
    let renewed = format!("{head}{begin}{table}\n{end}{tail}");
    if std::env::var_os(UPDATE).is_some() {
        std::fs::write(&path, &renewed).unwrap();
    }
    let known = std::fs::read_to_string(&path).unwrap();
    assert!(known == renewed, "the tables of docs/api.md are old: run with UPDATE_OPENRPC=1");
}

#[test]
fn every_parameter_and_answer_is_described() {
    let document = smartlink_api::document(&smartlink_api::methods());
    let text = document.to_string();
    for part in text.split("\"$ref\":\"").skip(1) {
        let at = part.split('"').next().unwrap();
        let pointer = at.strip_prefix('#').expect("a place in the document");
        assert!(document.pointer(pointer).is_some(), "{at} is nowhere");
    }
}

/// Whether a value is of a schema, as far as schemas are used here.
fn fits(value: &Value, schema: &Value, document: &Value) -> Result<(), String> {
    if let Some(at) = schema["$ref"].as_str() {
        let found =
            document.pointer(at.trim_start_matches('#')).ok_or(format!("{at} is nowhere"))?;
        return fits(value, found, document);
    }
    for part in schema["allOf"].as_array().into_iter().flatten() {
        fits(value, part, document)?;
    }
    for choice in ["anyOf", "oneOf"] {
        let Some(choices) = schema[choice].as_array() else { continue };
        let fitting = choices.iter().filter(|schema| fits(value, schema, document).is_ok()).count();
        if fitting == 0 || (choice == "oneOf" && fitting > 1) {
            return Err(format!("{value} fits {fitting} of {schema}"));
        }
    }
    if let Some(known) = schema["enum"].as_array() {
        if !known.contains(value) {
            return Err(format!("{value} is none of {known:?}"));
        }
    }
    if schema.get("const").is_some_and(|constant| constant != value) {
        return Err(format!("{value} is not {}", schema["const"]));
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::String(name) => vec![name],
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let is = |name: &&str| match *name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    };
    if !types.is_empty() && !types.iter().any(is) {
        return Err(format!("{value} is no {types:?}"));
    }
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if value.is_object() && value.get(name).is_none() {
            return Err(format!("{name} is missing in {value}"));
        }
    }
    if let (Some(object), Some(properties)) = (value.as_object(), schema["properties"].as_object())
    {
        for (name, value) in object {
            match properties.get(name) {
                Some(schema) => {
                    fits(value, schema, document).map_err(|e| format!("{name}: {e}"))?
                }
                None => return Err(format!("{name} is not described")),
            }
        }
    }
    for item in value.as_array().into_iter().flatten() {
        if schema["items"].is_object() {
            fits(item, &schema["items"], document)?;
        }
    }
    Ok(())
}

/// Tokens by what they are for.
struct Cast {
    rider: String,
    driver: String,
    operator: String,
    spare: String,
    spare_refresh: String,
    account: String,
}

/// A day in which every method is called once, in an order that makes sense.
fn day(cast: &Cast, order: &str, other: &str) -> Vec<(&'static str, String, Value)> {
    let one = json!({ "order": order });
    let command = |key: &str| json!({ "idempotency_key": key, "order": order });
    let rated = |key: &str| json!({ "idempotency_key": key, "order": order, "stars": 4 });
    let answer =
        |key: &str, order: &str| json!({ "idempotency_key": key, "order": order, "attempt": 1 });
    let place = json!({ "latitude": 22.5, "longitude": 114.0, "radius_m": 5000 });
    let report = json!({ "positions": [{ "latitude": 22.5, "longitude": 114.0, "at_ms": super::house::MORNING }] });
    let cancel =
        json!({ "idempotency_key": "oc", "order": order, "fault": "company", "reason": "storm" });
    let (rider, driver, operator) = (&cast.rider, &cast.driver, &cast.operator);
    let row = |name, token: &String, params: Value| (name, token.clone(), params);
    vec![
        row("system_health", rider, json!({})),
        row("system_version", rider, json!({})),
        row("rpc.discover", rider, json!({})),
        row("auth_whoami", rider, json!({})),
        row(
            "auth_challenge",
            rider,
            json!({ "account": "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY" }),
        ),
        row("auth_refresh", rider, json!({ "refresh_token": cast.spare_refresh })),
        row("auth_logout", &cast.spare, json!({})),
        row("rider_quote", rider, journey("day")),
        row("rider_place", rider, command("p")),
        row("driver_on_duty", driver, json!({ "idempotency_key": "on", "vehicle": 5 })),
        row("driver_state", driver, json!({})),
        row("driver_report", driver, report),
        row("driver_decline", driver, answer("d", other)),
        row("driver_accept", driver, answer("a", order)),
        row("rider_track", rider, one.clone()),
        row("driver_set_off", driver, command("s")),
        row("driver_arrive", driver, command("v")),
        row(
            "driver_pick_up",
            driver,
            json!({ "idempotency_key": "u", "order": order, "start_code": "4711" }),
        ),
        row("driver_start", driver, command("t")),
        row(
            "driver_complete",
            driver,
            json!({ "idempotency_key": "c", "order": order, "distance_m": 1 }),
        ),
        row("driver_rate", driver, rated("r1")),
        row("rider_rate", rider, rated("r2")),
        row("rider_order", rider, one.clone()),
        row("rider_orders", rider, json!({})),
        row("driver_order", driver, one.clone()),
        row("driver_orders", driver, json!({})),
        row("driver_earnings", driver, json!({})),
        row("order_receipt", rider, one.clone()),
        row("fleet_drivers", operator, json!({})),
        row("fleet_orders", operator, json!({})),
        row("fleet_order", operator, one.clone()),
        row("fleet_nearby", operator, place),
        row("ops_orders", operator, json!({ "limit": 1 })),
        row("ops_order", operator, one.clone()),
        row("ops_history", operator, one.clone()),
        row("ops_explain", operator, one.clone()),
        row("ops_drivers", operator, json!({})),
        row("ops_batches", operator, json!({})),
        row("ops_figures", operator, json!({})),
        row("ops_audit", operator, json!({})),
        row("ops_configuration", operator, json!({})),
        row("ops_dead_letters", operator, json!({})),
        row("ops_redeliver", operator, json!({ "id": "4" })),
        row("inbox_list", rider, json!({})),
        row("inbox_mark_read", rider, json!({ "id": "1" })),
        row(
            "inbox_set_channels",
            rider,
            json!({ "email": "ann@example.com", "webhook_shape": "sms" }),
        ),
        row("inbox_channels", rider, json!({})),
        row("inbox_resend_code", rider, json!({ "channel": "email" })),
        row("driver_off_duty", driver, json!({ "idempotency_key": "off" })),
        row(
            "ops_release",
            operator,
            json!({ "idempotency_key": "release", "order": one["order"].clone() }),
        ),
        row("ops_cancel", operator, cancel),
        row("ops_revoke", operator, json!({ "account": cast.account })),
    ]
}

/// Methods that the story calls by its helpers, or by a connection of its own.
const ELSEWHERE: [&str; 11] = [
    "auth_login",
    "auth_register",
    "auth_password",
    "auth_attach",
    "inbox_confirm",
    "rider_cancel",
    "driver_abandon",
    "driver_no_show",
    "order_subscribe",
    "driver_subscribe",
    "ops_subscribe",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_method_answers_as_the_document_says() {
    let ((garage, devices), depot) = (super::devices::garage().await, Depot::open().await);
    let telemetry = depot.transport();
    let house =
        House::behind(|upstream| upstream.with_devices(devices).with_telemetry(telemetry)).await;
    let ann = house.rider("ann").await;
    let (spare, other) = (house.rider("spare").await, house.rider("other").await);
    house.postbox.post(ann.account.parse().unwrap(), "welcome");
    let rider = ann.access.clone();
    let driver = house.wallet(&town::driver()).await.access;
    let mut ids = Vec::new();
    for key in ["1", "2", "3", "4", "5"] {
        let quote = house.ok(&rider, "rider_quote", journey(key)).await;
        ids.push(quote["id"].as_str().unwrap().to_owned());
    }
    let cast = Cast {
        rider,
        driver,
        operator: house.token(Roles::OPERATIONS).await,
        spare: other.access,
        spare_refresh: spare.refresh,
        account: ann.account,
    };
    let document = house.call(None, "rpc.discover", json!({})).await.unwrap();
    assert_eq!(document, smartlink_api::document(&smartlink_api::methods()));
    let method = |name: &str| -> Value {
        let methods = document["methods"].as_array().unwrap();
        methods.iter().find(|method| method["name"] == name).unwrap().clone()
    };
    let answered = |name: &str, answer: &Value| {
        let described = method(name);
        fits(answer, &described["result"]["schema"], &document)
            .unwrap_or_else(|wrong| panic!("{name}: {wrong}"));
    };
    let mut called: BTreeSet<&str> = BTreeSet::new();
    house.book.offer(ids[1].parse().unwrap(), 7);
    let settlement = Settlement {
        batch: 1,
        row: 0,
        block: 7,
        receipts_root: "0x02".into(),
        held: String::new(),
    };
    for (name, token, params) in day(&cast, &ids[0], &ids[1]) {
        if name == "driver_accept" {
            house.book.offer(ids[0].parse().unwrap(), 7);
        }
        if name == "order_receipt" {
            let settlement = settlement.clone();
            house.book.edit(ids[0].parse().unwrap(), |order| order.settlement = Some(settlement));
        }
        for param in method(name)["params"].as_array().unwrap() {
            let given = params.get(param["name"].as_str().unwrap());
            assert!(given.is_some() || param["required"] == json!(false), "{name}: {param}");
            if let Some(given) = given {
                fits(given, &param["schema"], &document)
                    .unwrap_or_else(|wrong| panic!("{name}: {wrong}"));
            }
        }
        let answer = house.ok(&token, name, params).await;
        answered(name, &answer);
        called.insert(name);
    }
    let confirm = json!({ "channel": "email", "code": house.postbox.code() });
    let ann = json!({ "name": "ann", "password": "correct horse" });
    let ann = Tokens::of(&house.call(None, "auth_password", ann).await.unwrap());
    answered("inbox_confirm", &house.ok(&ann.access, "inbox_confirm", confirm).await);
    let dora = house.wallet(&town::driver()).await.access;
    let rita = house.rider("rita").await.access;
    for (order, method, token) in
        [(&ids[2], "driver_abandon", &dora), (&ids[3], "driver_no_show", &dora)]
    {
        house.book.offer(order.parse().unwrap(), 7);
        let accept = json!({ "idempotency_key": method, "order": order, "attempt": 1 });
        house.ok(token, "driver_accept", accept).await;
        let params = json!({ "idempotency_key": format!("{method}2"), "order": order });
        answered(method, &house.ok(token, method, params).await);
    }
    let own = house.ok(&rita, "rider_quote", journey("own")).await;
    let params = json!({ "idempotency_key": "x", "order": own["id"], "reason": "changed my mind" });
    answered("rider_cancel", &house.ok(&rita, "rider_cancel", params).await);
    answered("auth_login", &house.try_wallet(&town::driver()).await.unwrap());
    let password = json!({ "name": "rita", "password": "correct horse" });
    answered("auth_password", &house.call(None, "auth_password", password).await.unwrap());
    let fresh = json!({ "name": "fred", "password": "correct horse" });
    answered("auth_register", &house.call(None, "auth_register", fresh).await.unwrap());

    let operator = house.token(Roles::OPERATIONS.and(Roles::DRIVER).and(Roles::RIDER)).await;
    let client = house.websocket(None).await;
    let attach = json!({ "access_token": operator });
    answered("auth_attach", &client.request("auth_attach", Named(attach)).await.unwrap());
    house.postbox.post(99, "welcome");
    for (name, params) in [
        ("order_subscribe", json!({ "order": ids[0] })),
        ("driver_subscribe", json!({})),
        ("ops_subscribe", json!({})),
        ("inbox_subscribe", json!({})),
    ] {
        let described = method(name);
        let end = described["x-subscription"]["unsubscribe"].as_str().unwrap();
        let mut pushed = client.subscribe::<Value, _>(name, Named(params), end).await.unwrap();
        let first = pushed.next().await.unwrap().unwrap();
        fits(&first, &described["x-subscription"]["pushes"], &document)
            .unwrap_or_else(|wrong| panic!("{name}: {wrong}"));
        called.insert(name);
    }
    let fleet = house.token(Roles::FLEET).await;
    assert_eq!(garage.photograph(1, b"a photo"), 1);
    let words = json!({ "kind": "text", "text": "slow down" });
    let send = json!({ "idempotency_key": "k", "terminal": "1", "command": words });
    for (name, params) in [
        ("devices_strangers", json!({})),
        ("devices_enrol", json!({ "protocol": "key", "identity": "van-5", "vehicle": 5 })),
        ("devices_renew_key", json!({ "terminal": "1" })),
        ("devices_list", json!({})),
        ("devices_get", json!({ "terminal": "1" })),
        ("devices_send", send),
        ("devices_command", json!({ "id": "1" })),
        ("devices_withdraw", json!({ "id": "1" })),
        ("devices_commands", json!({ "terminal": "1" })),
        ("devices_media", json!({ "terminal": "1" })),
        ("devices_medium", json!({ "terminal": "1", "medium": "1" })),
        ("devices_expect", json!({ "terminal": "1", "details": { "serial": "7654321" } })),
        ("devices_bind", json!({ "terminal": "1" })),
        ("devices_set_state", json!({ "terminal": "1", "state": "suspended" })),
    ] {
        answered(name, &house.ok(&fleet, name, params).await);
        called.insert(name);
    }
    garage.close().await;
    depot.report(&drive()).await;
    assert!(depot.telemetry.ready(1).await);
    let alerts = house.ok(&fleet, "telemetry_alerts", json!({ "kinds": ["emergency"] })).await;
    answered("telemetry_alerts", &alerts);
    called.insert("telemetry_alerts");
    let emergency = &alerts["alerts"][0]["id"];
    let about_it = ["telemetry_alert", "telemetry_acknowledge", "telemetry_close"];
    let about_it = about_it.map(|name| (name, json!({ "alert": emergency })));
    let proof = ("telemetry_prove", json!({ "sequence": "1" }));
    for (name, params) in telemetry::day().into_iter().chain(about_it).chain([proof]) {
        answered(name, &house.ok(&fleet, name, params).await);
        called.insert(name);
    }
    let client = house.websocket(Some(&fleet)).await;
    let described = method("telemetry_subscribe");
    let mut pushed = client
        .subscribe::<Value, _>("telemetry_subscribe", Named(json!({})), "telemetry_unsubscribe")
        .await
        .unwrap();
    let first = pushed.next().await.unwrap().unwrap();
    assert_eq!(first["vehicle"]["vehicle"], json!(5));
    fits(&first, &described["x-subscription"]["pushes"], &document).unwrap();
    called.insert("telemetry_subscribe");
    depot.close().await;
    called.extend(ELSEWHERE);
    let all: BTreeSet<&str> = smartlink_api::methods().iter().map(|method| method.name).collect();
    assert_eq!(called, all, "the day calls every method of the table");
}
