//! One rider and one driver through an order, answer by answer.

use serde_json::{json, Value};

use super::*;

fn board() -> Board {
    let at = Location::new(22.541, 114.055);
    Board::new(1, vec![at], City::futian(), "economy".to_owned(), 1, "run")
}

/// Sends the next request of a kind, and answers it.
fn exchange(board: &mut Board, kind: Kind, result: Value) -> Value {
    let mut text = Vec::new();
    let sent = board.request(1, kind, 1_781_452_800_000, &mut text);
    let result = serde_json::value::to_raw_value(&result).unwrap();
    board.answered(&sent, Ending::Done(&result));
    serde_json::from_slice(&text).unwrap()
}

fn order(state: &str) -> Value {
    json!({ "id": "9", "state": state, "offer": { "attempt": 2, "driver": 7, "expires_at_ms": 5 } })
}

#[test]
fn an_order_goes_from_quote_to_rating() {
    let mut board = board();
    exchange(&mut board, Kind::Quote, order("quoted"));
    let mut placed = order("searching");
    placed["start_code"] = json!("4711");
    assert_eq!(exchange(&mut board, Kind::Command, placed)["method"], "rider_place");
    exchange(
        &mut board,
        Kind::State,
        json!({ "driver": { "id": 7, "on_duty": true, "offered": "9" } }),
    );
    for (state, method) in [
        ("offered", "driver_order"),
        ("accepted", "driver_accept"),
        ("arriving", "driver_set_off"),
        ("arrived", "driver_arrive"),
        ("picked_up", "driver_pick_up"),
        ("in_trip", "driver_start"),
        ("completed", "driver_complete"),
        ("completed", "rider_rate"),
    ] {
        let request = exchange(&mut board, Kind::Command, order(state));
        assert_eq!(
            (request["method"].as_str(), request["params"]["order"].as_str()),
            (Some(method), Some("9"))
        );
        match method {
            "driver_accept" => assert_eq!(request["params"]["attempt"], 2),
            "driver_pick_up" => assert_eq!(request["params"]["start_code"], "4711"),
            _ => {}
        }
    }
    assert_eq!(board.completed, 1);
    // Both are free for the next one, and a command without an order is a position.
    assert_eq!(exchange(&mut board, Kind::Command, json!({}))["method"], "driver_report");
    exchange(&mut board, Kind::Quote, order("quoted"));
    assert_eq!(exchange(&mut board, Kind::Command, order("searching"))["method"], "rider_place");
}

#[test]
fn what_was_shed_is_sent_again_with_the_same_key() {
    let mut board = board();
    exchange(&mut board, Kind::Quote, order("quoted"));
    let mut texts = Vec::new();
    for _ in 0..2 {
        let mut text = Vec::new();
        let sent = board.request(5, Kind::Command, 0, &mut text);
        board.answered(&sent, Ending::Again);
        texts.push(text);
    }
    assert_eq!(texts[0], texts[1]);
}

#[test]
fn a_code_that_nobody_knows_is_read_by_the_rider() {
    let mut board = board();
    exchange(&mut board, Kind::Quote, order("quoted"));
    exchange(&mut board, Kind::Command, order("searching"));
    let at_work = json!({ "driver": { "id": 7, "on_duty": true, "order": "9" } });
    exchange(&mut board, Kind::State, at_work.clone());
    assert_eq!(exchange(&mut board, Kind::Command, order("arrived"))["method"], "driver_order");
    let mut told = order("arrived");
    told["start_code"] = json!("4711");
    assert_eq!(exchange(&mut board, Kind::Command, told)["method"], "rider_order");
    exchange(&mut board, Kind::State, at_work);
    exchange(&mut board, Kind::Command, order("arrived"));
    let request = exchange(&mut board, Kind::Command, order("picked_up"));
    assert_eq!(request["params"]["start_code"], "4711");
}

#[test]
fn a_refused_command_lets_the_driver_go() {
    let mut board = board();
    let offered = json!({ "driver": { "id": 7, "on_duty": true, "offered": "9" } });
    exchange(&mut board, Kind::State, offered.clone());
    let mut text = Vec::new();
    let sent = board.request(5, Kind::Command, 0, &mut text);
    board.answered(&sent, Ending::Refused);
    exchange(&mut board, Kind::State, offered);
    assert_eq!(exchange(&mut board, Kind::Command, order("offered"))["method"], "driver_order");
}

#[test]
fn every_request_is_json_with_an_id() {
    let mut board = board();
    exchange(&mut board, Kind::Quote, order("quoted"));
    for kind in Kind::ALL {
        let request = exchange(&mut board, kind, json!(null));
        assert_eq!(
            (request["id"].as_u64(), request["jsonrpc"].as_str()),
            (Some(1), Some("2.0")),
            "{kind:?}"
        );
    }
}
