//! The client of OSRM against a real HTTP server that speaks the JSON that OSRM documents. OSRM itself needs a map and is
//! not installed here.

// In a test an unwrap is the assertion.
#![allow(clippy::unwrap_used)]

mod support;

use std::sync::{
    atomic::{AtomicBool, AtomicUsize, Ordering},
    Arc,
};

use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    routing::get,
    Json, Router,
};
use serde::Deserialize;
use serde_json::{json, Value};
use smartlink_dispatch::{
    config::OsrmConfig,
    geo::Point,
    travel::{GreatCircle, Journey, Leg, Osrm, Source, TravelTimes},
};
use support::place;

const ROADS: GreatCircle = GreatCircle { detour_permille: 1_000, speed_m_per_h: 36_000 };

/// A town where roads are twice as long as the great circle and a tenth of a kilometre takes a second, and where
/// nobody comes to the south.
#[derive(Clone, Default)]
struct Town {
    requests: Arc<AtomicUsize>,
    coordinates: Arc<AtomicUsize>,
    broken: Arc<AtomicBool>,
}

#[derive(Deserialize)]
struct TableQuery {
    sources: String,
    destinations: String,
    annotations: String,
}

fn points(coordinates: &str) -> Vec<Point> {
    let e6 = |degrees: &str| (degrees.parse::<f64>().unwrap() * 1e6).round() as i32;
    coordinates
        .split(';')
        .map(|pair| {
            let (longitude, latitude) = pair.split_once(',').unwrap();
            Point::new(e6(latitude), e6(longitude)).unwrap()
        })
        .collect()
}

fn indices(list: &str) -> Vec<usize> {
    list.split(';').map(|index| index.parse().unwrap()).collect()
}

fn leg(from: &Point, to: &Point) -> Option<(f64, f64)> {
    let metres = f64::from(from.metres_to(to)) * 2.0;
    (to.latitude_e6() >= 22_500_000).then_some((metres, metres / 100.0))
}

impl Town {
    fn ask(&self, coordinates: usize) -> Result<(), StatusCode> {
        self.requests.fetch_add(1, Ordering::SeqCst);
        self.coordinates.fetch_max(coordinates, Ordering::SeqCst);
        if self.broken.load(Ordering::SeqCst) {
            return Err(StatusCode::BAD_GATEWAY);
        }
        Ok(())
    }
}

async fn table(
    State(town): State<Town>,
    Path(coordinates): Path<String>,
    Query(query): Query<TableQuery>,
) -> Result<Json<Value>, StatusCode> {
    let places = points(&coordinates);
    town.ask(places.len())?;
    assert_eq!(query.annotations, "duration,distance");
    let rows = |pick: fn((f64, f64)) -> f64| -> Vec<Vec<Option<f64>>> {
        let row = |from: usize| {
            let cells = indices(&query.destinations).into_iter();
            cells.map(|to| leg(&places[from], &places[to]).map(pick)).collect()
        };
        indices(&query.sources).into_iter().map(row).collect()
    };
    Ok(Json(json!({
        "code": "Ok",
        "durations": rows(|(_, seconds)| seconds),
        "distances": rows(|(metres, _)| metres),
        "sources": [],
        "destinations": [],
    })))
}

async fn route(
    State(town): State<Town>,
    Path(coordinates): Path<String>,
) -> Result<(StatusCode, Json<Value>), StatusCode> {
    let places = points(&coordinates);
    town.ask(places.len())?;
    Ok(match leg(&places[0], &places[1]) {
        Some((distance, duration)) => (
            StatusCode::OK,
            Json(json!({
                "code": "Ok",
                "routes": [{ "distance": distance, "duration": duration, "weight": duration, "legs": [] }],
                "waypoints": [],
            })),
        ),
        None => (
            StatusCode::BAD_REQUEST,
            Json(json!({ "code": "NoRoute", "message": "Impossible route between points" })),
        ),
    })
}

/// The town's server, which ends with the test's runtime, and a client of it.
async fn town(change: impl FnOnce(&mut OsrmConfig)) -> (Town, Osrm) {
    let town = Town::default();
    let router = Router::new()
        .route("/table/v1/driving/{coordinates}", get(table))
        .route("/route/v1/driving/{coordinates}", get(route))
        .with_state(town.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    let mut config = OsrmConfig { url, timeout_ms: 5_000, ..OsrmConfig::default() };
    change(&mut config);
    (town, Osrm::new(config, ROADS).unwrap())
}

fn journeys(count: i32) -> Vec<Journey> {
    // Ten vehicles for each pick-up.
    let journey = |n: i32| Journey { from: place(n * 37, 2_000 + n), to: place(n / 10 * 500, 100) };
    (0..count).map(journey).collect()
}

fn by_road(journey: &Journey) -> Leg {
    let (metres, seconds) = leg(&journey.from, &journey.to).unwrap();
    Leg { distance_m: metres as u32, duration_s: seconds.round() as u32 }
}

#[tokio::test]
async fn many_journeys_are_asked_for_in_few_tables() {
    let (town, osrm) = town(|config| config.coordinates = 40).await;
    let journeys = journeys(100);
    let answer = osrm.legs(&journeys).await;
    assert_eq!((answer.source, answer.note), (Source::Osrm, None));
    assert_eq!(answer.legs, journeys.iter().map(by_road).collect::<Vec<_>>());
    assert!(town.requests.load(Ordering::SeqCst) <= 6);
    assert!(town.coordinates.load(Ordering::SeqCst) <= 40);
}

#[tokio::test]
async fn one_journey_is_a_route() {
    let (_, osrm) = town(|_| {}).await;
    let one = &journeys(1)[..1];
    assert_eq!(osrm.legs(one).await.legs, [by_road(&one[0])]);
    let nowhere = [Journey { from: place(0, 100), to: place(0, -100) }];
    let answer = osrm.legs(&nowhere).await;
    assert_eq!(answer.legs, ROADS.all(&nowhere));
    assert_eq!(answer.source, Source::GreatCircle);
    assert_eq!(answer.note.unwrap(), "1 of 1 journeys by great circle: osrm knows no way");
}

#[tokio::test]
async fn where_there_is_no_way_the_great_circle_counts() {
    let (_, osrm) = town(|_| {}).await;
    let mut journeys = journeys(10);
    journeys[3].to = place(0, -1_000);
    let answer = osrm.legs(&journeys).await;
    assert_eq!(answer.legs[3], ROADS.leg(&journeys[3].from, &journeys[3].to));
    assert_eq!(answer.legs[4], by_road(&journeys[4]));
    assert_eq!(answer.note.unwrap(), "1 of 10 journeys by great circle: osrm knows no way");
}

#[tokio::test]
async fn beyond_the_bound_of_requests_the_great_circle_counts() {
    let (town, osrm) =
        town(|config| (config.coordinates, config.requests_per_tick) = (11, 3)).await;
    let journeys = journeys(100);
    let answer = osrm.legs(&journeys).await;
    assert_eq!(town.requests.load(Ordering::SeqCst), 3);
    assert_eq!(answer.source, Source::Osrm);
    let note = answer.note.unwrap();
    assert!(note.contains("requests were beyond travel.osrm.requests_per_tick"), "{note}");
}

#[tokio::test]
async fn a_server_that_fails_is_left_alone_and_asked_again_later() {
    let (town, osrm) = town(|config| (config.failures, config.pause_ms) = (2, 100)).await;
    town.broken.store(true, Ordering::SeqCst);
    let journeys = journeys(5);
    for _ in 0..5 {
        let answer = osrm.legs(&journeys).await;
        assert_eq!(answer.legs, ROADS.all(&journeys));
        let note = answer.note.unwrap();
        assert!(note.starts_with("5 of 5 journeys by great circle: osrm"), "{note}");
    }
    assert_eq!(town.requests.load(Ordering::SeqCst), 2, "after two failures nobody asks");
    town.broken.store(false, Ordering::SeqCst);
    let recovered = async {
        while osrm.legs(&journeys).await.source != Source::Osrm {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(10), recovered).await.unwrap();
}

#[tokio::test]
async fn a_server_that_is_not_there_costs_no_more_than_the_time_out() {
    // A port that was free a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let config = OsrmConfig { url: format!("http://127.0.0.1:{port}"), ..OsrmConfig::default() };
    let osrm = Osrm::new(config, ROADS).unwrap();
    let answer = osrm.legs(&journeys(3)).await;
    assert_eq!(answer.legs, ROADS.all(&journeys(3)));
    assert!(answer.note.unwrap().contains("osrm did not answer"));
}

#[test]
fn an_address_that_is_none_is_refused_at_the_start() {
    let config = OsrmConfig { url: "roads:5000".to_owned(), ..OsrmConfig::default() };
    let error = Osrm::new(config, ROADS).unwrap_err().to_string();
    assert!(error.contains("travel.osrm.url") && error.contains("http://host:port"), "{error}");
}
