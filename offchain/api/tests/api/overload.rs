//! More calls than the services behind can do.

use std::{sync::Arc, time::Duration};

use futures::future::join_all;
use jsonrpsee::{core::client::ClientT, ws_client::WsClient};
use serde_json::{json, Value};
use smartlink_api::{Code, Roles};
use tokio::{task::JoinHandle, time::Instant};

use super::house::{journey, outcome, House, Named, Outcome, Refused};

/// Longer than anything here takes on a machine that does much else.
const PATIENCE: Duration = Duration::from_secs(20);

async fn house() -> (House, String, Value) {
    let house = House::with(|config| {
        config.limits.calls_in_flight = 16;
        config.limits.connection_calls = 10;
    })
    .await;
    let ann = house.rider("ann").await.access;
    let order = house.ok(&ann, "rider_quote", journey("q")).await["id"].clone();
    (house, ann, json!({ "order": order }))
}

fn ask(client: &Arc<WsClient>, order: &Value) -> JoinHandle<Outcome> {
    let (client, params) = (client.clone(), Named(order.clone()));
    tokio::spawn(async move { outcome(client.request("rider_order", params).await) })
}

/// Waits until so many calls are answered.
async fn answered(calls: &mut Vec<JoinHandle<Outcome>>, count: usize) -> Vec<Outcome> {
    let all = async {
        let mut answers = Vec::new();
        while answers.len() < count {
            let (answer, _, rest) = futures::future::select_all(std::mem::take(calls)).await;
            answers.push(answer.unwrap());
            *calls = rest;
        }
        answers
    };
    tokio::time::timeout(PATIENCE, all).await.expect("what is too much is refused at once")
}

fn says_what_to_do(refused: &Refused) {
    assert!(refused.data["retry_after_ms"].as_u64().is_some_and(|ms| ms > 0), "{refused:?}");
    assert!(refused.data["remedy"].is_string() && !refused.message.is_empty(), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_connection_cannot_take_all_that_can_be_done_and_nothing_waits_in_a_queue() {
    let (house, ann, order) = house().await;
    let greedy = Arc::new(house.websocket(Some(&ann)).await);
    let (second, third) =
        (Arc::new(house.websocket(Some(&ann)).await), Arc::new(house.websocket(Some(&ann)).await));
    let closed = house.book.doors.acquire_many(1_000_000).await.unwrap();
    // Nobody gets through: ten wait, fifteen are told so while they wait.
    let mut waiting: Vec<_> = (0..25).map(|_| ask(&greedy, &order)).collect();
    for answer in answered(&mut waiting, 15).await {
        let refused = answer.unwrap_err();
        assert_eq!(refused.code, Code::TooManyCalls.number());
        assert!(refused.message.contains("10 calls of this connection"), "{}", refused.message);
        says_what_to_do(&refused);
    }
    // There is room for six more of anybody.
    let mut others: Vec<_> = (0..9).map(|_| ask(&second, &order)).collect();
    for answer in answered(&mut others, 3).await {
        let refused = answer.unwrap_err();
        assert_eq!(
            (refused.code, refused.name.as_str()),
            (Code::Overloaded.number(), "overloaded")
        );
        says_what_to_do(&refused);
    }
    let shed = answered(&mut vec![ask(&third, &order)], 1).await.remove(0).unwrap_err();
    assert_eq!(shed.code, Code::Overloaded.number());
    assert_eq!(house.api.calls_in_flight(), 16);
    drop(closed);
    for call in waiting.into_iter().chain(others) {
        tokio::time::timeout(PATIENCE, call).await.unwrap().unwrap().unwrap();
    }
    ask(&third, &order).await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_thrice_the_rate_a_third_is_done_in_time_and_the_rest_is_refused_at_once() {
    let (house, ann, order) = house().await;
    // Sixteen calls in 50 ms: 320 a second.
    let doors = house.book.doors.clone();
    let slow = tokio::spawn(async move {
        loop {
            let closed = doors.acquire_many(1_000_000).await.unwrap();
            tokio::time::sleep(Duration::from_millis(50)).await;
            drop(closed);
            tokio::task::yield_now().await;
        }
    });
    let clients: Vec<_> =
        join_all((0..4).map(|_| house.websocket(Some(&ann))).collect::<Vec<_>>()).await;
    let clients: Vec<_> = clients.into_iter().map(Arc::new).collect();
    // Ten each 10 ms, whatever comes back.
    let began = Instant::now();
    let mut calls = Vec::new();
    let mut beat = tokio::time::interval(Duration::from_millis(10));
    for round in 0..100 {
        beat.tick().await;
        for call in 0..10 {
            let (client, params) = (clients[(round + call) % 4].clone(), Named(order.clone()));
            calls.push(tokio::spawn(async move {
                let began = Instant::now();
                let answer = outcome(client.request("rider_order", params).await);
                (answer, began.elapsed())
            }));
        }
    }
    let offered_in = began.elapsed();
    let all = tokio::time::timeout(PATIENCE, join_all(calls)).await.expect("an answer to each");
    let answers: Vec<_> = all.into_iter().map(Result::unwrap).collect();
    let (done, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|(answer, _)| answer.is_ok());
    for (answer, _) in &refused {
        let refused = answer.as_ref().unwrap_err();
        let codes = [Code::Overloaded.number(), Code::TooManyCalls.number()];
        assert!(codes.contains(&refused.code), "{refused:?}");
        says_what_to_do(refused);
    }
    // About 320 of 1,000 on an idle machine.
    assert!(done.len() >= 100 && refused.len() >= 100, "{} done of 1,000", done.len());
    let typical = |calls: &[&(Outcome, Duration)]| {
        let mut times: Vec<_> = calls.iter().map(|(_, time)| *time).collect();
        times.sort_unstable();
        times[times.len() / 2]
    };
    let (of_done, of_refused) = (typical(&done), typical(&refused));
    assert!(of_done < offered_in / 2, "no call waits behind all others: {of_done:?}");
    assert!(of_refused <= of_done, "{of_refused:?} to refuse, {of_done:?} to do");
    slow.abort();
    let operator = house.token(Roles::OPERATIONS).await;
    let figures = house.ok(&operator, "ops_figures", json!({})).await;
    assert!(figures["shed"].as_u64().is_some_and(|shed| shed > 0), "{figures}");
}
