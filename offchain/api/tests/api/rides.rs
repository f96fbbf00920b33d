//! Riders and drivers.

use serde_json::{json, Value};
use smartlink_api::Code;
use smartlink_proto::orders::Settlement;

use super::{
    house::{journey, House, MORNING},
    town,
};

/// A rider with an order that is offered to driver 7.
async fn offered(house: &House) -> (String, String, String) {
    let ann = house.rider("ann").await.access;
    let quote = house.ok(&ann, "rider_quote", journey("q")).await;
    let order = quote["id"].as_str().unwrap().to_owned();
    house.ok(&ann, "rider_place", command("p", &order)).await;
    house.book.offer(order.parse().unwrap(), 7);
    let driver = house.wallet(&town::driver()).await.access;
    (ann, driver, order)
}

fn command(key: &str, order: &str) -> Value {
    json!({ "idempotency_key": key, "order": order })
}

#[tokio::test]
async fn a_ride_from_the_quote_to_the_receipt() {
    let house = House::open().await;
    let (ann, driver, order) = offered(&house).await;
    let on_duty = json!({ "idempotency_key": "on", "vehicle": 5 });
    let on_duty = house.ok(&driver, "driver_on_duty", on_duty).await;
    assert_eq!((&on_duty["id"], &on_duty["seat"]), (&json!(7), &json!(3)));
    assert_eq!(on_duty["class"], json!("comfort"));

    let seen = house.ok(&driver, "driver_order", json!({ "order": order })).await;
    assert_eq!(seen["offer"]["attempt"], json!(1));
    let accept = json!({ "idempotency_key": "a", "order": order, "attempt": 1 });
    assert_eq!(house.ok(&driver, "driver_accept", accept).await["state"], json!("accepted"));
    house.ok(&driver, "driver_set_off", command("s", &order)).await;

    let report = json!({ "positions": [
        { "latitude": 22.5, "longitude": 114.1, "at_ms": super::house::MORNING, "heading": 90, "speed": 8.3 },
    ]});
    assert_eq!(house.ok(&driver, "driver_report", report).await["taken"], json!(1));
    let heard = house.dispatcher.positions.lock().unwrap().clone();
    assert_eq!((heard[0].driver, heard[0].latitude_e6, heard[0].speed_dm_s), (7, 22_500_000, 83));
    let track = house.ok(&ann, "rider_track", json!({ "order": order })).await;
    assert_eq!((&track["eta_s"], &track["position"]["latitude"]), (&json!(600), &json!(22.5)));

    house.ok(&driver, "driver_arrive", command("r", &order)).await;
    let code = house.ok(&ann, "rider_order", json!({ "order": order })).await;
    let code = code["start_code"].as_str().unwrap().to_owned();
    let wrong = json!({ "idempotency_key": "w", "order": order, "start_code": "0000" });
    let wrong = house.refused(&driver, "driver_pick_up", wrong).await;
    assert_eq!((wrong.code, wrong.name.as_str()), (Code::Refused.number(), "wrong_code"));
    let pick_up = json!({ "idempotency_key": "u", "order": order, "start_code": code });
    house.ok(&driver, "driver_pick_up", pick_up).await;
    house.ok(&driver, "driver_start", command("t", &order)).await;
    let complete =
        json!({ "idempotency_key": "c", "order": order, "distance_m": 8000, "tolls_fen": 0 });
    let done = house.ok(&driver, "driver_complete", complete).await;
    let seen = house.ok(&ann, "rider_order", json!({ "order": order })).await;
    assert_eq!(done["receipt"], seen["receipt"], "one price for both");
    assert_eq!(seen["receipt"]["total"], json!("25000000"));
    let stars = json!({ "idempotency_key": "f", "order": order, "stars": 5 });
    house.ok(&ann, "rider_rate", stars.clone()).await;
    house.ok(&driver, "driver_rate", stars).await;

    let early = house.refused(&ann, "order_receipt", json!({ "order": order })).await;
    assert_eq!(early.code, Code::NotSettled.number());
    let settlement = Settlement {
        batch: 1,
        row: 0,
        block: 7,
        receipts_root: "0x02".into(),
        held: String::new(),
    };
    house.book.edit(order.parse().unwrap(), |order| order.settlement = Some(settlement));
    for token in [&ann, &driver] {
        let receipt = house.ok(token, "order_receipt", json!({ "order": order })).await;
        assert_eq!(receipt["receipt"]["order"], json!(order));
        assert_eq!(receipt["batch"]["block"], json!(7));
    }
    let owed = house.ok(&driver, "driver_earnings", json!({})).await;
    assert_eq!(owed["balance"], json!("20000000"));
}

#[tokio::test]
async fn why_a_ride_is_held_is_for_the_staff_alone() {
    let house = House::open().await;
    let (ann, driver, order) = offered(&house).await;
    let held = Settlement { held: "the driver has no seat".into(), ..Default::default() };
    house.book.edit(order.parse().unwrap(), |order| order.settlement = Some(held));
    let operator = house.wallet(&town::operator()).await.access;
    let one = json!({ "order": order });
    let seen = house.ok(&operator, "ops_order", one.clone()).await;
    assert_eq!(seen["settlement"], json!({ "held": "the driver has no seat" }));
    for (token, method) in [(&ann, "rider_order"), (&driver, "driver_order")] {
        assert_eq!(house.ok(token, method, one.clone()).await["settlement"], json!(null));
    }
}

#[tokio::test]
async fn a_vehicle_of_another_company_does_not_exist() {
    let house = House::open().await;
    let driver = house.wallet(&town::driver()).await.access;
    let duty = |vehicle: u32| json!({ "idempotency_key": vehicle.to_string(), "vehicle": vehicle });
    let (theirs, none) = (
        house.refused(&driver, "driver_on_duty", duty(8)).await,
        house.refused(&driver, "driver_on_duty", duty(999)).await,
    );
    assert_eq!((theirs.code, &theirs), (Code::NotFound.number(), &none));
    house.ok(&driver, "driver_on_duty", duty(5)).await;
}

#[tokio::test]
async fn a_rider_sees_her_driver_wherever_the_position_came_in_and_no_stale_one() {
    let house = House::open().await;
    let (ann, driver, order) = offered(&house).await;
    let accept = json!({ "idempotency_key": "a", "order": order, "attempt": 1 });
    house.ok(&driver, "driver_accept", accept).await;
    let one = json!({ "order": order });
    assert_eq!(house.ok(&ann, "rider_track", one.clone()).await["position"], json!(null));
    // Reported to the dispatcher by somebody else: another api, or a terminal in the vehicle.
    let position = smartlink_proto::dispatch::Position {
        driver: 7,
        latitude_e6: 22_500_000,
        longitude_e6: 114_000_000,
        at_ms: MORNING,
        heading: 360,
        speed_dm_s: 0,
    };
    house.dispatcher.positions.lock().unwrap().push(position);
    let track = house.ok(&ann, "rider_track", one.clone()).await;
    assert_eq!((&track["position"]["latitude"], &track["eta_s"]), (&json!(22.5), &json!(600)));
    house.pass(60_000);
    let track = house.ok(&ann, "rider_track", one).await;
    assert_eq!((&track["position"], &track["eta_s"]), (&json!(null), &json!(null)));
}

#[tokio::test]
async fn the_start_code_is_for_the_rider_alone() {
    let house = House::open().await;
    let (ann, driver, order) = offered(&house).await;
    let one = json!({ "order": order });
    let seen = house.ok(&ann, "rider_order", one.clone()).await;
    assert_eq!(seen["start_code"], json!("4711"));
    let accept = json!({ "idempotency_key": "a", "order": order, "attempt": 1 });
    let operator = house.wallet(&town::operator()).await.access;
    let mut others = vec![house.ok(&driver, "driver_accept", accept).await];
    for (token, method, params) in [
        (&driver, "driver_order", one.clone()),
        (&driver, "driver_orders", json!({})),
        (&operator, "ops_order", one.clone()),
        (&operator, "ops_orders", json!({})),
        (&operator, "ops_history", one.clone()),
        (&operator, "fleet_orders", json!({})),
    ] {
        others.push(house.ok(token, method, params).await);
    }
    for other in others {
        let text = other.to_string();
        assert!(!text.contains("4711") && !text.contains("start_code"), "{text}");
    }
    let driver_sees = house.ok(&driver, "driver_order", one).await;
    assert!(driver_sees.get("rider").is_none(), "the driver sees no account");
}

#[tokio::test]
async fn staff_finds_orders_by_driver_and_time() {
    let house = House::open().await;
    let operator = house.wallet(&town::operator()).await.access;
    let (_, _, order) = offered(&house).await;
    let bob = house.rider("bob").await.access;
    let other = house.ok(&bob, "rider_quote", journey("other")).await["id"].clone();
    let found = async |query: Value| {
        let mut answers = Vec::new();
        for method in ["ops_orders", "fleet_orders"] {
            let page = house.ok(&operator, method, query.clone()).await;
            let orders = page["orders"].as_array().unwrap().iter();
            answers.push(orders.map(|order| order["id"].clone()).collect::<Vec<_>>());
        }
        assert_eq!(answers[0], answers[1]);
        answers.pop().unwrap()
    };
    let all = vec![other, json!(order)];
    assert_eq!(found(json!({})).await, all);
    assert_eq!(found(json!({ "driver": 7 })).await, [json!(order)]);
    assert!(found(json!({ "driver": 8 })).await.is_empty());
    // The ids of these orders are of the first millisecond of 2020.
    let first = smartlink_primitives::snowflake::EPOCH_MS;
    assert_eq!(found(json!({ "from_ms": first, "until_ms": first + 1 })).await, all);
    assert!(found(json!({ "from_ms": first + 1 })).await.is_empty());
    assert!(found(json!({ "until_ms": first })).await.is_empty());
    let one = house.ok(&operator, "fleet_order", json!({ "order": order })).await;
    assert_eq!(one["id"], json!(order));
    assert!(one.get("rider").is_none(), "the fleet sees no rider");
}

#[tokio::test]
async fn anothers_order_is_not_found() {
    let house = House::open().await;
    let (_, driver, order) = offered(&house).await;
    let eve = house.rider("eve").await.access;
    house.book.edit(order.parse().unwrap(), |order| order.offer = None);
    let missing = house.refused(&eve, "rider_order", json!({ "order": "999" })).await;
    assert_eq!(missing.code, Code::NotFound.number());
    let one = json!({ "order": order });
    for (token, method, params) in [
        (&eve, "rider_order", one.clone()),
        (&eve, "rider_track", one.clone()),
        (&eve, "rider_place", command("x", &order)),
        (&eve, "rider_cancel", command("y", &order)),
        (&eve, "order_receipt", one.clone()),
        (&driver, "driver_order", one.clone()),
        (&driver, "driver_set_off", command("z", &order)),
        (&driver, "order_receipt", one.clone()),
    ] {
        assert_eq!(house.refused(token, method, params).await, missing, "{method}");
    }
    let own = house.ok(&eve, "rider_orders", json!({})).await;
    assert_eq!(own["orders"], json!([]));
}

#[tokio::test]
async fn a_repeated_command_has_one_effect_and_keys_of_two_people_never_meet() {
    let house = House::open().await;
    let (ann, bob) = (house.rider("ann").await.access, house.rider("bob").await.access);
    let first = house.ok(&ann, "rider_quote", journey("same")).await;
    assert_eq!(house.ok(&ann, "rider_quote", journey("same")).await, first);
    let bobs = house.ok(&bob, "rider_quote", journey("same")).await;
    assert_ne!(bobs["id"], first["id"]);
}

#[tokio::test]
async fn degrees_are_rounded_once_and_nonsense_is_told_apart() {
    let house = House::open().await;
    let ann = house.rider("ann").await.access;
    let quote = house.ok(&ann, "rider_quote", journey("q")).await;
    assert_eq!(quote["origin"]["latitude"], json!(22.543096));
    let mut beyond = journey("b");
    beyond["origin"]["latitude"] = json!(91);
    let mut unknown = journey("u");
    unknown["hurry"] = json!(true);
    let numbers = json!({ "order": 1 });
    for (method, params, says) in [
        ("rider_quote", beyond, "latitude"),
        ("rider_quote", unknown, "hurry"),
        ("rider_order", numbers, "an id"),
        ("rider_orders", json!({ "limit": 501 }), "from 1 to 500"),
        ("rider_place", json!({ "order": "1" }), "idempotency_key"),
        ("rider_place", json!({ "order": "1", "idempotency_key": "" }), "1 to 40"),
    ] {
        let refused = house.refused(&ann, method, params).await;
        assert_eq!(refused.code, Code::InvalidParams.number());
        assert!(refused.message.contains(says), "{}", refused.message);
    }
}

#[tokio::test]
async fn a_vehicle_must_be_there_in_service_and_for_riders() {
    let house = House::open().await;
    let driver = house.wallet(&town::driver()).await.access;
    for (vehicle, code) in [(99, Code::NotFound), (7, Code::Refused), (6, Code::Invalid)] {
        let params = json!({ "idempotency_key": "k", "vehicle": vehicle });
        assert_eq!(house.refused(&driver, "driver_on_duty", params).await.code, code.number());
    }
    assert_eq!(house.ok(&driver, "driver_state", json!({})).await["driver"], Value::Null);
}

#[tokio::test]
async fn operations_see_that_nothing_goes_to_the_chain_any_more() {
    let house = House::open().await;
    let operator = house.wallet(&town::operator()).await.access;
    assert_eq!(house.ok(&operator, "ops_figures", json!({})).await["halted"], json!(false));
    house.book.halted.store(true, std::sync::atomic::Ordering::SeqCst);
    assert_eq!(house.ok(&operator, "ops_figures", json!({})).await["halted"], json!(true));
}
