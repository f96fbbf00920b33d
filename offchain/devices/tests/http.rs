//! Devices that speak HTTP: OsmAnd, Traccar's client, and our own JSON.

#![allow(clippy::unwrap_used, reason = "in a test an unwrap is the assertion")]

mod company;

use company::{Company, KEY};
use flate2::{write::GzEncoder, Compression};
use reqwest::{Client, RequestBuilder, StatusCode};
use smartlink_devices::{
    http::{report_json, HttpConfig, HttpFigures, HttpListener},
    Admission, TerminalState,
};
use smartlink_records::{Channel, Flags, Position, Quantity, Report};
use std::{
    io::Write,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinHandle,
    time::timeout,
};

/// Long enough for anything that happens at all.
const LONG: Duration = Duration::from_secs(20);

const MORNING: u64 = 1_795_420_800_000;

/// A company whose listener for HTTP listens, with a van that is enrolled.
struct House {
    company: Company,
    van: Admission,
    address: SocketAddr,
    figures: Arc<HttpFigures>,
    listener: JoinHandle<()>,
    client: Client,
}

impl House {
    async fn start() -> Self {
        Self::with(|_| {}).await
    }

    async fn with(change: impl FnOnce(&mut HttpConfig)) -> Self {
        let company = Company::start().await;
        let van = company.device("van7");
        let listen = Some(([127, 0, 0, 1], 0).into());
        let mut config = HttpConfig { listen, ..HttpConfig::default() };
        change(&mut config);
        let listener = HttpListener::bind(&config, company.gate().clone()).await.unwrap().unwrap();
        let (address, figures) = (listener.address(), listener.figures());
        let listener = tokio::spawn(listener.run());
        let client = Client::builder().no_proxy().timeout(LONG).build().unwrap();
        Self { company, van, address, figures, listener, client }
    }

    fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(format!("http://{}{path}", self.address))
    }

    fn post(&self, path: &str) -> RequestBuilder {
        self.client.post(format!("http://{}{path}", self.address))
    }

    /// A batch of our own JSON, with the van's key.
    fn batch(&self, body: impl Into<reqwest::Body>) -> RequestBuilder {
        self.post("/v1/reports").basic_auth("van7", Some(KEY)).body(body)
    }

    fn reports(&self) -> Vec<Report> {
        let records = self.company.gate().log().read(1, 1_000).unwrap();
        assert!(records.iter().all(|record| record.terminal == self.van.terminal()));
        assert!(records.iter().all(|record| record.channel == Channel::Http));
        records.into_iter().map(|record| record.report).collect()
    }
}

async fn answer(request: RequestBuilder) -> (StatusCode, String) {
    let response = request.send().await.unwrap();
    (response.status(), response.text().await.unwrap())
}

fn report(time_ms: u64) -> Report {
    let position = Position {
        latitude: 31_230_416,
        longitude: 121_473_701,
        speed: 543,
        ..Position::default()
    };
    Report { time_ms, position: Some(position), flags: Flags::FIXED, ..Report::default() }
}

fn list(reports: &[Report]) -> String {
    let all: Vec<_> = reports.iter().map(report_json::to_json).collect();
    format!("[{}]", all.join(","))
}

#[tokio::test]
async fn a_phone_with_osmand_is_on_the_map() {
    let house = House::start().await;
    let path = format!(
        "/?id=van7&key={}&lat=31.230416&lon=121.473701&timestamp=1795420800&speed=29.32&hdop=0.9",
        KEY.replace(' ', "+")
    );
    assert_eq!(answer(house.get(&path)).await.0, StatusCode::OK);
    assert_eq!(answer(house.post(&path)).await.0, StatusCode::OK);
    let form = path.trim_start_matches("/?").to_owned();
    let posted =
        house.post("/").header("content-type", "application/x-www-form-urlencoded").body(form);
    assert_eq!(answer(posted).await.0, StatusCode::OK);
    let reports = house.reports();
    assert_eq!(reports.len(), 3);
    for seen in reports {
        assert_eq!(seen.reading(Quantity::Dilution), Some(90));
        assert_eq!(Report { readings: Vec::new(), ..seen }, report(MORNING));
    }
    assert_eq!(house.figures.reports.get(), 3);
}

#[tokio::test]
async fn traccars_client_is_on_the_map() {
    let house = House::start().await;
    let body = r#"{"location":{"timestamp":"2026-11-23T08:00:00.000Z","coords":{"latitude":31.230416,
        "longitude":121.473701,"speed":15.08},"battery":{"level":0.5}},"device_id":"van7"}"#;
    let post = || house.post("/").header("content-type", "application/json").body(body);
    assert_eq!(answer(post().bearer_auth(KEY)).await.0, StatusCode::OK);
    assert_eq!(answer(post().header("x-device-key", KEY)).await.0, StatusCode::OK);
    let seen = house.reports().remove(1);
    assert_eq!(seen.reading(Quantity::TerminalCharge), Some(500));
    assert_eq!(Report { readings: Vec::new(), ..seen }, report(MORNING));
    let (status, why) = answer(post().basic_auth("van8", Some(KEY))).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(why.contains("another identity"));
}

#[tokio::test]
async fn a_batch_may_be_gzip_and_is_taken_whole() {
    let house = House::start().await;
    let reports: Vec<_> = (0..100).map(|second| report(MORNING + second * 1000)).collect();
    let wrapped = format!(r#"{{"reports":{}}}"#, list(&reports));
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(wrapped.as_bytes()).unwrap();
    let gzip = house.batch(gzip.finish().unwrap()).header("content-encoding", "gzip");
    assert_eq!(answer(gzip).await.0, StatusCode::OK);
    assert_eq!(house.reports(), reports);
    // For a device that cannot set headers.
    let path = format!("/v1/reports?id=van7&key={}", KEY.replace(' ', "%20"));
    assert_eq!(answer(house.post(&path).body(list(&reports[..1]))).await.0, StatusCode::OK);
    // All or nothing.
    let broken = list(&reports).replace("31.230416", "131.230416");
    let (status, why) = answer(house.batch(broken)).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(why.contains("report 0") && why.contains("latitude"), "{why}");
    assert_eq!(house.reports().len(), 101);
}

#[tokio::test]
async fn the_answer_comes_when_the_disk_has_it() {
    let house = House::with(|config| config.durable_ms = 300).await;
    house.company.gate().log().hold(true);
    let (status, why) = answer(house.batch(list(&[report(MORNING)]))).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{why}");
    assert!(house.reports().is_empty());
    let waiting = tokio::spawn(house.batch(list(&[report(MORNING + 1)])).send());
    let opened = house.get("/nowhere").send().await.unwrap();
    assert_eq!(opened.status(), StatusCode::NOT_FOUND);
    house.company.gate().log().hold(false);
    assert_eq!(waiting.await.unwrap().unwrap().status(), StatusCode::OK);
    // The late one is there as well: the device sends it again, and telemetry knows it.
    assert_eq!(house.reports(), [report(MORNING), report(MORNING + 1)]);
    assert_eq!(house.figures.not_taken.get(), 1);
}

#[tokio::test]
async fn who_does_not_prove_who_they_are_is_told_so() {
    let house = House::start().await;
    let body = list(&[report(MORNING)]);
    let post = || house.post("/v1/reports").body(body.clone());
    for (request, status, word) in [
        (post(), StatusCode::BAD_REQUEST, "identity"),
        (post().header("x-device-id", "van7"), StatusCode::UNAUTHORIZED, "key"),
        (post().basic_auth("van7", Some("wrong")), StatusCode::UNAUTHORIZED, "wrong"),
        (post().basic_auth("van9", Some(KEY)), StatusCode::UNAUTHORIZED, "wrong"),
        (post().basic_auth("van/7", Some(KEY)), StatusCode::BAD_REQUEST, "name"),
        (house.get("/?id=van7&lat=1&lon=2"), StatusCode::UNAUTHORIZED, "key"),
    ] {
        let (answered, why) = answer(request).await;
        assert_eq!(answered, status, "{why}");
        assert!(why.contains(word), "{why}");
    }
    let strangers = house.company.gate().quarantined(10);
    assert_eq!(strangers.len(), 1);
    assert_eq!(strangers[0].identity.text(), "van9");
    let shown = serde_json::to_string(&strangers[0]).unwrap();
    assert!(shown.contains(&hex::encode(&body.as_bytes()[..20])), "what it sent is shown: {shown}");

    house.company.gate().set_state(house.van.terminal(), TerminalState::Suspended).unwrap();
    let (status, _) = answer(house.batch(body.clone())).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(house.reports().is_empty());
    assert_eq!(house.figures.not_admitted.get(), 5);
}

#[tokio::test]
async fn each_bound_has_its_status() {
    let house = House::with(|config| {
        config.body_bytes = 2_000;
        config.reports = 3;
        config.requests_per_second = 1;
        config.request_burst = 4;
    })
    .await;
    let (status, why) = answer(house.batch(" ".repeat(2_001))).await;
    assert_eq!(
        (status, why.contains("2000 bytes")),
        (StatusCode::PAYLOAD_TOO_LARGE, true),
        "{why}"
    );
    let mut bomb = GzEncoder::new(Vec::new(), Compression::best());
    bomb.write_all(&vec![b' '; 1_000_000]).unwrap();
    let bomb = bomb.finish().unwrap();
    assert!(bomb.len() < 2_000);
    assert_eq!(answer(house.batch(bomb)).await.0, StatusCode::PAYLOAD_TOO_LARGE);
    let four: Vec<_> = (0..4).map(|second| report(MORNING + second)).collect();
    let (status, why) = answer(house.batch(list(&four))).await;
    assert_eq!((status, why.contains("more than 3")), (StatusCode::BAD_REQUEST, true), "{why}");
    for _ in 0..3 {
        assert_eq!(answer(house.batch(list(&four[..1]))).await.0, StatusCode::OK);
    }
    let response = house.batch(list(&four[..1])).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(response.headers().contains_key("retry-after"));
    assert_eq!(house.reports().len(), 3);
    assert_eq!((house.figures.bad_requests.get(), house.figures.too_many.get()), (3, 1));
}

#[tokio::test]
async fn a_request_byte_by_byte_is_cut() {
    let house = House::with(|config| {
        config.durable_ms = 100;
        config.request_ms = 400;
        config.connections_per_address = 2;
    })
    .await;
    let mut slow = TcpStream::connect(house.address).await.unwrap();
    let start = Instant::now();
    slow.write_all(b"POST /v1/reports HTTP/1.1\r\nhost: x\r\ncontent-le").await.unwrap();
    let mut rest = Vec::new();
    let _ = timeout(LONG, slow.read_to_end(&mut rest)).await.expect("it is closed in time");
    assert!(start.elapsed() >= Duration::from_millis(390), "{:?}", start.elapsed());

    // A body that does not come is no different.
    let mut slow = TcpStream::connect(house.address).await.unwrap();
    let head = "POST /v1/reports HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n[";
    slow.write_all(head.as_bytes()).await.unwrap();
    let _ = timeout(LONG, slow.read_to_end(&mut rest)).await.expect("it is closed in time");
    assert_eq!(house.figures.slow.get(), 2);
}

#[tokio::test]
async fn one_address_has_so_many_connections() {
    let house = House::with(|config| config.connections_per_address = 1).await;
    let mut first = TcpStream::connect(house.address).await.unwrap();
    first.write_all(b"GET /nowhere HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    let mut bytes = [0; 512];
    let read = timeout(LONG, first.read(&mut bytes)).await.unwrap().unwrap();
    assert!(bytes[..read].starts_with(b"HTTP/1.1 404"));
    let mut second = TcpStream::connect(house.address).await.unwrap();
    let closed = timeout(LONG, second.read(&mut bytes)).await.expect("it is closed in time");
    assert_eq!(closed.unwrap_or(0), 0);
    assert_eq!(house.figures.crowded.get(), 1);
}

#[tokio::test]
async fn when_the_service_stops_the_listener_ends() {
    let mut house = House::start().await;
    assert_eq!(answer(house.batch(list(&[report(MORNING)]))).await.0, StatusCode::OK);
    house.company.stop().await;
    timeout(LONG, house.listener).await.expect("it ends in time").unwrap();
}
