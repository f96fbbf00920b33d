//! The portal as browsers get it, and as those try it who look for more.

use std::{collections::HashMap, fs, net::SocketAddr, path::Path, sync::Arc, time::Duration};

use jsonrpsee::{core::client::ClientT, ws_client::WsClientBuilder};
use serde_json::{json, Value};
use smartlink_api::{Api, ApiConfig, People, Upstream};
use smartlink_proto::{
    dispatch::dispatch_server::DispatchServer, notify::notify_server::NotifyServer,
    orders::orders_server::OrdersServer,
};
use smartlink_service::Transport;
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpSocket,
};

use super::{
    book::Book,
    house::{settings, House},
    mouths::{Dispatcher, Postbox},
    town::Town,
};

/// Longer than anything here takes on a machine that does much else.
const PATIENCE: Duration = Duration::from_secs(60);
/// What browsers say when somebody follows a link.
const LINK: &str = "Accept: text/html,application/xhtml+xml,*/*;q=0.8\r\n";
const SECRET: &str = "the company's key";
const CONTRACT: &str = "0x5FbDB2315678afecb367f032d93F642f64180aa3";

/// What came back.
#[derive(Debug)]
struct Answer {
    status: u16,
    headers: HashMap<String, String>,
    body: String,
}

impl Answer {
    fn of(&self, header: &str) -> &str {
        self.headers.get(header).map_or("", String::as_str)
    }
}

async fn ask(address: SocketAddr, line: &str, headers: &str) -> Answer {
    let mut stream = TcpSocket::new_v4().unwrap().connect(address).await.unwrap();
    let request =
        format!("{line} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{headers}\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut read = Vec::new();
    tokio::time::timeout(PATIENCE, stream.read_to_end(&mut read)).await.unwrap().unwrap();
    let text = String::from_utf8(read).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").expect("a head");
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let pair = |line: &str| {
        line.split_once(": ").map(|(name, value)| (name.to_lowercase(), value.to_owned()))
    };
    Answer { status, headers: lines.filter_map(pair).collect(), body: body.to_owned() }
}

fn put(folder: &Path, name: &str, content: &[u8]) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

/// A portal as a build leaves it, in `dist`, and beside that what is nobody's business.
fn built() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let dist = folder.path().join("dist");
    put(&dist, "index.html", b"<!doctype html><title>portal</title>");
    put(&dist, "favicon.svg", b"<svg/>");
    put(&dist, "assets/app-4f2a.js", b"plain");
    put(&dist, "assets/app-4f2a.js.br", b"brotli");
    put(&dist, "assets/app-4f2a.js.gz", b"gzip");
    put(&dist, "glyphs/Noto Sans/0-255.pbf", b"glyphs");
    put(&dist, ".env", SECRET.as_bytes());
    put(folder.path(), "secret", SECRET.as_bytes());
    std::os::unix::fs::symlink(folder.path().join("secret"), dist.join("link")).unwrap();
    std::os::unix::fs::symlink(folder.path(), dist.join("out")).unwrap();
    folder
}

fn serving(folder: &TempDir) -> impl FnOnce(&mut ApiConfig) + '_ {
    move |config| {
        config.portal.folder = Some(folder.path().join("dist"));
        config.portal.node = Some("ws://127.0.0.1:9944".parse().unwrap());
        config.portal.index = Some("http://127.0.0.1:9630/graphql".parse().unwrap());
        config.portal.ethereum.url = Some("http://127.0.0.1:8545".parse().unwrap());
        config.portal.ethereum.contract = Some(CONTRACT.to_owned());
    }
}

#[tokio::test]
async fn a_browser_gets_the_page_and_learns_where_everything_is() {
    let folder = built();
    let house = House::with(serving(&folder)).await;
    let page = ask(house.address, "GET /", LINK).await;
    assert_eq!((page.status, page.of("content-type")), (200, "text/html; charset=utf-8"));
    assert!(page.body.contains("<title>portal</title>"), "{page:?}");
    assert_eq!(page.of("cache-control"), "no-cache");
    let policy = page.of("content-security-policy");
    let calls = "connect-src 'self' ws://127.0.0.1:9944 http://127.0.0.1:9630 http://127.0.0.1:8545 ws://127.0.0.1:9630;";
    assert!(policy.contains(calls) && policy.contains("frame-ancestors 'none'"), "{policy}");
    assert_eq!(page.of("x-content-type-options"), "nosniff");
    assert_eq!(page.of("referrer-policy"), "no-referrer");
    assert_eq!(page.of("cross-origin-opener-policy"), "same-origin");
    assert!(page.of("permissions-policy").starts_with("geolocation=(self)"));
    assert_eq!(page.of("strict-transport-security"), "", "nobody said that TLS is in front");

    let told = ask(house.address, "GET /portal.json", "").await;
    assert_eq!((told.status, told.of("content-type")), (200, "application/json"));
    assert_eq!(told.of("cache-control"), "no-cache");
    let told: Value = serde_json::from_str(&told.body).unwrap();
    let genesis = format!("0x{}", hex::encode(house.town.genesis()));
    let expected = json!({
        "company": 1,
        "genesis": genesis,
        "node": "ws://127.0.0.1:9944",
        "index": "http://127.0.0.1:9630/graphql",
        "ethereum": { "url": "http://127.0.0.1:8545", "contract": CONTRACT },
        "tiles": null,
    });
    assert_eq!(told, expected);
}

#[tokio::test]
async fn links_into_the_application_show_the_page_and_other_names_are_unknown() {
    let folder = built();
    let house = House::with(serving(&folder)).await;
    for view in ["/explorer/blocks/17", "/fleet/vehicles?page=2", "/fleet/%E8%BD%A6"] {
        let shown = ask(house.address, &format!("GET {view}"), LINK).await;
        assert_eq!((shown.status, shown.of("cache-control")), (200, "no-cache"), "{view}");
        assert!(shown.body.contains("<title>portal</title>"), "{view}");
    }
    // A script that asks for what is not there must not take the page for it.
    for (path, headers) in [
        ("/explorer/blocks/17", "Accept: */*\r\n"),
        ("/assets/app-old.js", LINK),
        ("/assets/", LINK),
    ] {
        let unknown = ask(house.address, &format!("GET {path}"), headers).await;
        assert_eq!((unknown.status, unknown.of("cache-control")), (404, "no-store"), "{path}");
        assert!(unknown.of("content-security-policy").contains("default-src 'self'"));
    }
    let glyphs = ask(house.address, "GET /glyphs/Noto%20Sans/0-255.pbf", "").await;
    assert_eq!((glyphs.status, glyphs.body.as_str()), (200, "glyphs"));
    assert_eq!(glyphs.of("content-type"), "application/x-protobuf");
}

#[tokio::test]
async fn a_build_is_kept_for_ever_in_the_smallest_form_that_the_browser_takes() {
    let folder = built();
    let house = House::with(serving(&folder)).await;
    let get = |headers: &'static str| ask(house.address, "GET /assets/app-4f2a.js", headers);
    let mut tags = Vec::new();
    for (taken, coding, body) in [
        ("", "", "plain"),
        ("Accept-Encoding: gzip, deflate\r\n", "gzip", "gzip"),
        ("Accept-Encoding: gzip, deflate, br, zstd\r\n", "br", "brotli"),
    ] {
        let answer = get(taken).await;
        assert_eq!((answer.of("content-encoding"), answer.body.as_str()), (coding, body));
        assert_eq!(answer.of("content-type"), "text/javascript; charset=utf-8");
        assert_eq!(answer.of("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(answer.of("vary"), "accept-encoding");
        tags.push(answer.of("etag").to_owned());
    }
    let again = format!("Accept-Encoding: br\r\nIf-None-Match: {}\r\n", tags[2]);
    let same = ask(house.address, "GET /assets/app-4f2a.js", &again).await;
    assert_eq!((same.status, same.body.as_str(), same.of("etag")), (304, "", tags[2].as_str()));
    assert_eq!(same.of("x-content-type-options"), "nosniff");
    let other = format!("If-None-Match: {}\r\n", tags[2]);
    let other = ask(house.address, "GET /assets/app-4f2a.js", &other).await;
    assert_eq!((other.status, other.body.as_str()), (200, "plain"), "that is of another form");
    let head = ask(house.address, "HEAD /", LINK).await;
    let length = fs::metadata(folder.path().join("dist/index.html")).unwrap().len().to_string();
    assert_eq!((head.status, head.of("content-length"), head.body.as_str()), (200, &*length, ""));
}

#[tokio::test]
async fn nothing_outside_of_what_was_built_is_ever_answered() {
    let folder = built();
    let house = House::with(serving(&folder)).await;
    let secret = folder.path().join("secret");
    for path in [
        "/../secret",
        "/%2e%2e/secret",
        "/%2E%2E%2Fsecret",
        "/..%2fsecret",
        "/%252e%252e/secret",
        "/assets/../../secret",
        "/assets/..%2f..%2fsecret",
        "/..\\secret",
        "/..%5csecret",
        "/.%00./secret",
        "/secret%00.js",
        "/index.html%00",
        "/%c0%ae%c0%ae/secret",
        "/%ff",
        "//secret",
        "/link",
        "/out/secret",
        "/.env",
        "/%2eenv",
        &format!("/{}", secret.display()),
        &format!("/%2f{}", secret.display()),
        "http://elsewhere/../secret",
    ] {
        for headers in ["", LINK] {
            let answer = ask(house.address, &format!("GET {path}"), headers).await;
            assert!(!answer.body.contains(SECRET), "{path}");
            let page = answer.status == 200 && answer.body.contains("<title>portal</title>");
            assert!(answer.status == 404 || answer.status == 400 || page, "{path}: {answer:?}");
            // What climbs, or hides what it is, is not even a view of the application.
            let odd = ["..", "%2e%2e", "%2E", "%00", "%5c", "\\", "%ff", "%c0"];
            if odd.iter().any(|odd| path.contains(odd)) && !path.contains("%252e") {
                assert!(!page, "{path}");
            }
        }
    }
    for listing in ["/glyphs", "/glyphs/", "/assets"] {
        assert_eq!(ask(house.address, &format!("GET {listing}"), "").await.status, 404);
    }
}

#[tokio::test]
async fn beside_the_portal_everything_else_is_where_it_was() {
    let folder = built();
    let house = House::with(serving(&folder)).await;
    let own = format!("http://{}", house.address);
    // The portal's own page calls, and so does nobody else's.
    let body = r#"{"jsonrpc":"2.0","id":1,"method":"system_version","params":{}}"#;
    for (origin, status) in [(own.as_str(), 200), ("http://evil.example", 403)] {
        let headers = format!(
            "Origin: {origin}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n",
            body.len()
        );
        let answer = ask(house.address, "POST /", &format!("{headers}\r\n{body}")).await;
        assert_eq!(answer.status, status, "{origin}: {answer:?}");
    }
    let mut headers = jsonrpsee::http_client::HeaderMap::new();
    headers.insert("origin", own.parse().unwrap());
    let socket = WsClientBuilder::default().set_headers(headers);
    let socket = socket.build(format!("ws://{}", house.address)).await.unwrap();
    socket.request::<Value, _>("system_version", jsonrpsee::rpc_params![]).await.unwrap();
    let export = ask(house.address, "GET /export?what=track", LINK).await;
    assert_eq!((export.status, export.of("content-type")), (401, "application/json"));
    assert_eq!(ask(house.address, "DELETE /", "").await.status, 405);

    let without = House::open().await;
    for path in ["/", "/index.html", "/portal.json"] {
        let answer = ask(without.address, &format!("GET {path}"), LINK).await;
        assert_eq!(answer.status, 405, "no portal is configured: {answer:?}");
    }
}

#[tokio::test]
async fn a_file_on_its_way_has_a_place_among_the_connections_of_its_address() {
    let folder = built();
    // More than sockets hold.
    put(&folder.path().join("dist"), "large.bin", &vec![7; 32 << 20]);
    let house = House::with(|config| {
        serving(&folder)(config);
        config.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
        config.limits.connections_per_address = 1;
    })
    .await;
    let from = "X-Forwarded-For: 192.0.2.1\r\n";
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(16 * 1024).unwrap();
    let mut slow = socket.connect(house.address).await.unwrap();
    let request = format!("GET /large.bin HTTP/1.1\r\nHost: x\r\n{from}\r\n");
    slow.write_all(request.as_bytes()).await.unwrap();
    let mut begun = [0; 12];
    slow.read_exact(&mut begun).await.unwrap();
    assert_eq!(&begun, b"HTTP/1.1 200");
    assert_eq!(ask(house.address, "GET /", from).await.status, 429);
    let neighbour = "X-Forwarded-For: 192.0.2.2\r\n";
    assert_eq!(ask(house.address, "GET /", neighbour).await.status, 200);
    drop(slow);
    let free = async { while ask(house.address, "GET /", from).await.status != 200 {} };
    tokio::time::timeout(PATIENCE, free).await.expect("a place again");
}

#[tokio::test]
async fn behind_tls_browsers_are_told_to_come_by_tls_alone() {
    let folder = built();
    let house = House::with(|config| {
        serving(&folder)(config);
        config.portal.tls = true;
    })
    .await;
    let page = ask(house.address, "GET /", LINK).await;
    assert_eq!(page.of("strict-transport-security"), "max-age=31536000");
}

#[test]
fn a_portal_that_nobody_built_is_said_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = settings(folder.path());
    config.portal.folder = Some(folder.path().join("dist"));
    config.portal.node = Some("ws://127.0.0.1:9944".parse().unwrap());
    config.portal.index = Some("http://127.0.0.1:9630/graphql".parse().unwrap());
    let upstream = Upstream::new(
        Transport::in_process(OrdersServer::new(Book::new())),
        Transport::in_process(DispatchServer::new(Dispatcher::default())),
        Transport::in_process(NotifyServer::new(Postbox::new())),
    );
    let opened = Api::open(config, upstream, Arc::new(Town::new()), Arc::new(Vec::new));
    let error = opened.err().expect("there is nothing to serve").to_string();
    assert!(error.contains("portal.folder") && error.contains("cargo xtask web"), "{error}");
}
