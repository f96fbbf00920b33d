//! Files, fetched as browsers and programs fetch them.

use std::{collections::HashMap, net::SocketAddr, sync::Arc, time::Duration};

use serde_json::{json, Value};
use smartlink_api::{ApiConfig, Code, Roles};
use smartlink_service::{CancellationToken, ClientLimits, GrpcServer, ServeLimits, Transport};
use tokio::{
    io::{copy_bidirectional, AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpSocket, TcpStream},
    task::{JoinHandle, JoinSet},
};

use super::{
    depot::{drive, report, Depot, BEGIN_MS, END_MS},
    devices,
    house::{settings, House, MORNING},
};

/// Longer than anything here takes on a machine that does much else.
const PATIENCE: Duration = Duration::from_secs(60);

/// What came back.
struct Answer {
    status: u16,
    headers: HashMap<String, String>,
    body: Vec<u8>,
    /// Whether the body ended as it should.
    whole: bool,
}

impl Answer {
    fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    /// The error as JSON: status, code and name.
    fn refusal(&self) -> (u16, i64, String) {
        let said: Value = serde_json::from_slice(&self.body).unwrap();
        assert!(said["error"]["data"]["remedy"].is_string(), "{said}");
        let name = said["error"]["data"]["name"].as_str().unwrap().to_owned();
        (self.status, said["error"]["code"].as_i64().unwrap(), name)
    }
}

/// A download under way.
struct Download {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Download {
    /// Sends a request, from a socket with little room for what it does not read.
    async fn begin(address: SocketAddr, line: &str, headers: &str) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(16 * 1024).unwrap();
        let mut stream = socket.connect(address).await.unwrap();
        let request = format!("{line}\r\nHost: x\r\nConnection: close\r\n{headers}\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        Self { stream, read: Vec::new() }
    }

    /// Reads until the file has begun.
    async fn begun(&mut self) {
        let mut part = [0; 4_096];
        while self.read.len() < 4_096 {
            let read = tokio::time::timeout(PATIENCE, self.stream.read(&mut part)).await;
            let read = read.expect("in time").unwrap();
            assert!(read > 0, "{}", String::from_utf8_lossy(&self.read));
            self.read.extend_from_slice(&part[..read]);
        }
        assert!(self.read.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&self.read));
    }

    /// Reads whatever comes.
    async fn rest(mut self) -> Answer {
        // A connection that is cut may end by a reset: what was read before stays read.
        let _ = tokio::time::timeout(PATIENCE, self.stream.read_to_end(&mut self.read))
            .await
            .expect("an end in time");
        let at = self.read.windows(4).position(|four| four == b"\r\n\r\n").expect("a head");
        let (head, body) =
            (String::from_utf8(self.read[..at].to_vec()).unwrap(), &self.read[at + 4..]);
        let mut lines = head.lines();
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers: HashMap<String, String> = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        let chunked = headers.get("transfer-encoding").is_some_and(|how| how == "chunked");
        let (body, whole) = if chunked { unchunked(body) } else { (body.to_vec(), true) };
        Answer { status, headers, body, whole }
    }
}

/// The content of chunks, and whether the last one came (RFC 9112, section 7.1).
fn unchunked(mut bytes: &[u8]) -> (Vec<u8>, bool) {
    let mut content = Vec::new();
    loop {
        let Some(at) = bytes.windows(2).position(|two| two == b"\r\n") else {
            return (content, false);
        };
        let size = std::str::from_utf8(&bytes[..at]).unwrap();
        let size = usize::from_str_radix(size, 16).unwrap();
        bytes = &bytes[at + 2..];
        if size == 0 {
            return (content, bytes == b"\r\n");
        }
        if bytes.len() < size + 2 {
            content.extend_from_slice(&bytes[..size.min(bytes.len())]);
            return (content, false);
        }
        content.extend_from_slice(&bytes[..size]);
        bytes = &bytes[size + 2..];
    }
}

async fn request(house: &House, line: &str, headers: &str) -> Answer {
    Download::begin(house.address, line, headers).await.rest().await
}

fn bearer(token: &str) -> String {
    format!("Authorization: Bearer {token}\r\n")
}

async fn get(house: &House, token: &str, query: &str) -> Answer {
    request(house, &format!("GET /export?{query} HTTP/1.1"), &bearer(token)).await
}

fn span() -> String {
    format!("from_ms={BEGIN_MS}&until_ms={END_MS}")
}

async fn house(depot: &Depot) -> House {
    let telemetry = depot.transport();
    House::behind(|upstream| upstream.with_telemetry(telemetry)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_file_comes_whole_with_its_name_and_its_kind() {
    let depot = Depot::open().await;
    let house = house(&depot).await;
    let auditor = house.token(Roles::AUDITOR).await;
    let drive = drive();
    depot.report(&drive).await;
    let (span, days) = (span(), "from_day=2026-06-01&until_day=2026-06-02");
    let file = |what: &str, format: &str, when: &str| {
        let query = format!("what={what}&format={format}&{when}&vehicles=5,6");
        let (house, auditor) = (&house, &auditor);
        async move {
            let answer = get(house, auditor, &query).await;
            assert!(answer.status == 200 && answer.whole, "{query}: {}", answer.status);
            answer
        }
    };
    let csv = file("track", "csv", &span).await;
    assert_eq!(csv.text().lines().count(), drive.len() + 1);
    assert_eq!(csv.headers["content-type"], "text/csv; charset=utf-8");
    assert_eq!(
        csv.headers["content-disposition"],
        "attachment; filename=\"track_20260601T000000Z_20260601T010000Z.csv\""
    );
    let map = file("track", "geojson", &format!("{span}&datum=gcj02")).await;
    let features: Value = serde_json::from_slice(&map.body).unwrap();
    assert_eq!(features["features"].as_array().unwrap().len(), drive.len());
    let east = features["features"][0]["geometry"]["coordinates"][0].as_f64().unwrap();
    assert!((114.004..114.006).contains(&east), "{east}");
    let gpx = file("track", "gpx", &span).await;
    assert_eq!(gpx.text().matches("<trkpt").count(), drive.len());
    assert_eq!(gpx.headers["content-type"], "application/gpx+xml");
    for (what, when) in [
        ("track", span.as_str()),
        ("stops", span.as_str()),
        ("mileage", days),
        ("behaviour", days),
        ("energy", days),
    ] {
        let parquet = file(what, "parquet", when).await.body;
        assert!(parquet.starts_with(b"PAR1") && parquet.ends_with(b"PAR1"), "{what}");
        let csv = file(what, "csv", when).await;
        assert!(csv.text().lines().count() >= 1, "{what}");
    }
    let mileage = file("mileage", "csv", days).await;
    assert_eq!(mileage.text().lines().count(), 2, "{}", mileage.text());

    // Each is in the audit log, with what it was of.
    let noted = house.ok(&auditor, "ops_audit", json!({ "method": "GET /export" })).await;
    let entries = noted["entries"].as_array().unwrap();
    assert_eq!(entries.len(), 14);
    let subject = "mileage_2026-06-01_2026-06-02.csv of 2 vehicles, 5 to 6";
    assert_eq!((&entries[0]["subject"], &entries[0]["account"]), (&json!(subject), &json!("99")));
    depot.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_is_good_once_for_a_minute_and_for_what_it_was_made() {
    let depot = Depot::open().await;
    let house = house(&depot).await;
    let auditor = house.token(Roles::AUDITOR).await;
    let drive = drive();
    depot.report(&drive).await;
    let asked =
        json!({ "what": "track", "format": "csv", "from_ms": BEGIN_MS, "until_ms": END_MS });
    let link = || async {
        let link = house.ok(&auditor, "telemetry_export", asked.clone()).await;
        link["path"].as_str().unwrap().to_owned()
    };
    let follow = |method: &'static str, path: String| {
        let house = &house;
        async move { request(house, &format!("{method} {path} HTTP/1.1"), "").await }
    };
    let path = link().await;
    // Who only looks does not use it up.
    let head = follow("HEAD", path.clone()).await;
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert!(head.headers["content-disposition"].ends_with(".csv\""));
    let file = follow("GET", path.clone()).await;
    assert!(file.status == 200 && file.whole);
    assert_eq!(file.text().lines().count(), drive.len() + 1);
    let unknown = (401, i64::from(Code::TicketUnknown.number()), "ticket_unknown".to_owned());
    assert_eq!(follow("GET", path).await.refusal(), unknown, "it was used");
    let old = link().await;
    house.pass(60_000);
    assert_eq!(follow("GET", old).await.refusal(), unknown, "it is old");
    let other = format!("GET {}&what=stops HTTP/1.1", link().await);
    let other = request(&house, &other, &bearer(&auditor)).await;
    assert_eq!(other.status, 400, "a link says nothing else");
    let late = link().await;
    house.ok(&auditor, "auth_logout", json!({})).await;
    assert_eq!(follow("GET", late).await.refusal().2, "session_revoked");
    depot.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_not_and_what_cannot_be_is_told_before_the_first_byte() {
    let depot = Depot::open().await;
    let house = house(&depot).await;
    let span = span();
    let track = format!("what=track&format=csv&{span}");
    for (role, name) in Roles::NAMES {
        let token = house.token(role).await;
        let expected = match Roles::FLEET.and(Roles::OPERATIONS).and(Roles::AUDITOR).meets(role) {
            true => 200,
            false => 403,
        };
        let answer = get(&house, &token, &track).await;
        assert_eq!(answer.status, expected, "{name}");
        if expected == 403 {
            assert_eq!(answer.refusal().1, i64::from(Code::Forbidden.number()), "{name}");
        }
    }
    let line = format!("GET /export?{track} HTTP/1.1");
    let nobody = request(&house, &line, "").await.refusal();
    assert_eq!(nobody, (401, i64::from(Code::Unauthenticated.number()), "unauthenticated".into()));
    let fleet = house.token(Roles::FLEET).await;
    for wrong in [
        String::new(),
        "what=track&format=csv".to_owned(),
        format!("what=track&format=pdf&{span}"),
        format!("what=energy&format=gpx&{span}"),
        format!("{track}&vehicles=five"),
        format!("{track}&company=2"),
    ] {
        let (status, code, _) = get(&house, &fleet, &wrong).await.refusal();
        assert_eq!((status, code), (400, i64::from(Code::InvalidParams.number())), "{wrong}");
    }
    let authorised = bearer(&fleet);
    let old = request(&house, &format!("GET /export?{track} HTTP/1.0"), &authorised).await;
    assert_eq!(old.status, 505);
    let post = request(&house, &format!("POST /export?{track} HTTP/1.1"), &authorised).await;
    assert_eq!((post.status, post.headers["allow"].as_str()), (405, "GET, HEAD, OPTIONS"));
    let options = request(&house, "OPTIONS /export HTTP/1.1", "").await;
    assert_eq!((options.status, options.headers["allow"].as_str()), (204, "GET, HEAD, OPTIONS"));
    let evil = format!("{authorised}Origin: https://evil.example\r\n");
    assert_eq!(request(&house, &line, &evil).await.status, 403);
    depot.close().await;

    let alone = House::open().await;
    let fleet = alone.token(Roles::FLEET).await;
    let (status, code, _) = get(&alone, &fleet, &track).await.refusal();
    assert_eq!((status, code), (503, i64::from(Code::Unavailable.number())), "without telemetry");
}

/// A network between two processes, which can be cut.
struct Wire {
    address: SocketAddr,
    carrying: JoinHandle<()>,
}

impl Wire {
    async fn to(target: SocketAddr) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let carrying = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            loop {
                let (mut near, _) = listener.accept().await.unwrap();
                connections.spawn(async move {
                    let mut far = TcpStream::connect(target).await.unwrap();
                    // Its end is whoever's that ends it.
                    let _ = copy_bidirectional(&mut near, &mut far).await;
                });
            }
        });
        Self { address, carrying }
    }

    /// All connections end, and there are no new ones.
    fn cut(&self) {
        self.carrying.abort();
    }
}

/// A long track: much more than fits on the way to who does not read it.
async fn long_track(depot: &Depot) -> usize {
    let (vehicles, seconds) = (50, 2_000);
    let all: Vec<_> = (0..seconds)
        .flat_map(|second| (1..=vehicles).map(move |vehicle| (vehicle, second)))
        .map(|(vehicle, second)| report(vehicle, second, second as f64 * 15.0, 54))
        .collect();
    depot.report(&all).await;
    all.len()
}

async fn house_with(telemetry: Transport, tweak: impl FnOnce(&mut ApiConfig)) -> House {
    let folder = Arc::new(tempfile::tempdir().unwrap());
    let now = Arc::new(MORNING.into());
    House::made(folder, now, tweak, |upstream| upstream.with_telemetry(telemetry)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_breaks_off_is_seen_to_be_no_whole_file() {
    let depot = Depot::open().await;
    let fixes = long_track(&depot).await;
    let server = GrpcServer::new(ServeLimits::default())
        .service(depot.server())
        .bind(([127, 0, 0, 1], 0).into())
        .await
        .unwrap();
    let wire = Wire::to(server.local_addr()).await;
    let stop = CancellationToken::new();
    let serving = tokio::spawn(server.serve(stop.clone()));
    let url = format!("http://{}", wire.address);
    let telemetry = Transport::connect(&url, &ClientLimits::default()).unwrap();
    let house = house_with(telemetry, |_| {}).await;
    let (fleet, auditor) = (house.token(Roles::FLEET).await, house.token(Roles::AUDITOR).await);
    let line = format!("GET /export?what=track&format=csv&{} HTTP/1.1", span());
    let begin = |token: &str| {
        let headers = bearer(token);
        let (address, line) = (house.address, line.clone());
        async move {
            let mut download = Download::begin(address, &line, &headers).await;
            download.begun().await;
            download
        }
    };
    let whole = begin(&fleet).await.rest().await;
    assert!(whole.whole);
    assert_eq!(whole.text().lines().count(), fixes + 1);

    // Her session is ended by whoever looks after accounts.
    let ended = begin(&auditor).await;
    house.ok(&auditor, "auth_logout", json!({})).await;
    let ended = ended.rest().await;
    assert!(!ended.whole && ended.body.len() < whole.body.len());

    // The network between api and telemetry is gone.
    let broken = begin(&fleet).await;
    wire.cut();
    let broken = broken.rest().await;
    assert!(!broken.whole && broken.body.len() < whole.body.len());
    assert!(whole.body.starts_with(&broken.body));
    stop.cancel();
    serving.await.unwrap().unwrap();
    depot.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_does_not_read_is_cut_and_gives_the_place_back() {
    let depot = Depot::open().await;
    let fixes = long_track(&depot).await;
    let house = house_with(depot.transport(), |config| {
        config.exports.per_account = 1;
        config.limits.stall_ms = 2_000;
    })
    .await;
    let fleet = house.token(Roles::FLEET).await;
    let query = format!("what=track&format=csv&{}", span());
    let line = format!("GET /export?{query} HTTP/1.1");
    let mut lazy = Download::begin(house.address, &line, &bearer(&fleet)).await;
    lazy.begun().await;
    let full = get(&house, &fleet, &query).await;
    let expected = (429, i64::from(Code::TooManyExports.number()), "too_many_exports".to_owned());
    assert_eq!(full.refusal(), expected);
    assert!(full.headers["retry-after"].parse::<u64>().unwrap() >= 1);
    // It has its place until it was cut.
    let next = async {
        loop {
            let next = get(&house, &fleet, &query).await;
            match next.status {
                429 => tokio::time::sleep(Duration::from_millis(50)).await,
                _ => return next,
            }
        }
    };
    let next = tokio::time::timeout(PATIENCE, next).await.expect("a place in time");
    assert!(next.status == 200 && next.whole);
    assert_eq!(next.text().lines().count(), fixes + 1);
    assert!(!lazy.rest().await.whole);
    // What a bound stopped is not in the audit log.
    let auditor = house.token(Roles::AUDITOR).await;
    let noted = house.ok(&auditor, "ops_audit", json!({ "method": "GET /export" })).await;
    assert_eq!(noted["entries"].as_array().unwrap().len(), 2);
    depot.close().await;
}

#[test]
fn the_bounds_of_exports_are_checked() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = settings(folder.path());
    config.exports.wait_s = 0;
    assert_eq!(config.validate().unwrap_err().key, "exports.wait_s");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_photo_that_a_vehicle_took_is_looked_at_by_a_link() {
    let (house, garage) = devices::house().await;
    let fleet = house.token(Roles::FLEET).await;
    let auditor = house.token(Roles::AUDITOR).await;
    let van = json!({ "protocol": "key", "identity": "van-5", "vehicle": 5 });
    let enrolled = house.ok(&fleet, "devices_enrol", van).await;
    let terminal = enrolled["terminal"]["id"].as_str().unwrap().to_owned();
    let content: Vec<u8> = (0..200_000_u32).map(|at| at as u8).collect();
    let photo = garage.photograph(terminal.parse().unwrap(), &content).to_string();

    let one = json!({ "terminal": terminal, "medium": photo });
    let link = house.ok(&auditor, "devices_medium", one.clone()).await;
    assert_eq!(link["file_name"], json!(format!("terminal_{terminal}_{photo}.jpg")));
    let line = format!("GET {} HTTP/1.1", link["path"].as_str().unwrap());
    let answer = request(&house, &line, "").await;
    assert_eq!((answer.status, answer.headers["content-type"].as_str()), (200, "image/jpeg"));
    assert!(answer.whole && answer.body == content);
    let used = request(&house, &line, "").await;
    assert_eq!(used.refusal().2, "ticket_unknown", "a link is good once");
    let noted = house.ok(&auditor, "ops_audit", json!({ "method": "GET /export" })).await;
    let about = format!("medium {photo} of terminal {terminal}");
    assert_eq!(noted["entries"][0]["subject"], json!(about));

    for missing in [
        json!({ "terminal": terminal, "medium": "99" }),
        json!({ "terminal": "2", "medium": photo }),
    ] {
        let refused = house.refused(&fleet, "devices_medium", missing.clone()).await;
        assert_eq!(refused.code, Code::NotFound.number(), "{missing}");
    }
    let finance = house.token(Roles::FINANCE).await;
    let refused = house.refused(&finance, "devices_medium", one).await;
    assert_eq!(refused.code, Code::Forbidden.number());
    garage.close().await;
}
