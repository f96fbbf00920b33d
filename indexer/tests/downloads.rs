//! An auditor with curl, and nothing else of ours but the check, gets books out of the index over HTTP.

#![allow(clippy::unwrap_used, reason = "in a test an unwrap is the assertion")]

mod support;

use std::{
    fs::{self, Permissions},
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use smartlink_indexer::{application::Goal, IndexerConfig};
use support::{
    bring, command, config, consortium, engine, index, said, Platform, Process, PATIENCE,
};

const ALICE: &str = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
/// Rows whose file is larger than what a socket takes at once, and takes a while to be made.
const MANY: u64 = 1_000_000;

/// Looks until there is something to be found.
fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(began.elapsed() < PATIENCE, "no {what} after {} s", PATIENCE.as_secs());
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// `smartlink-indexer serve` with folders of its own.
struct Served {
    config: IndexerConfig,
    folder: tempfile::TempDir,
    process: Option<Process>,
}

impl Served {
    fn new(config: &IndexerConfig) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("key"), "//Alice\n").unwrap();
        fs::set_permissions(folder.path().join("key"), Permissions::from_mode(0o600)).unwrap();
        Self { config: config.clone(), folder, process: None }
    }

    /// Its settings, with further ones.
    fn settings(&self, more: &[&str]) -> Vec<String> {
        let folder = self.folder.path().display();
        let own = [format!("api.folder={folder}/copy"), format!("exports.folder={folder}/exports")];
        own.into_iter().chain(more.iter().map(|set| (*set).to_owned())).collect()
    }

    /// Starts it, and waits until it answers.
    fn start(&mut self, more: &[&str]) {
        let port = smartlink_devnet::free_port().unwrap();
        self.config.api.listen = format!("127.0.0.1:{port}");
        let settings = self.settings(more);
        let settings: Vec<_> = settings.iter().map(String::as_str).collect();
        self.process = Some(Process::start(&self.config, &["serve"], &settings));
        until("answer", || (self.get("exports").0 != 0).then_some(()));
    }

    fn signing(&self) -> String {
        format!("exports.key={}/key", self.folder.path().display())
    }

    /// kill -9.
    fn kill(&mut self) {
        assert!(self.process.take().unwrap().kill(), "it had ended already");
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}/{path}", self.config.api.listen)
    }

    /// The status and the text at a path. Nothing listens: 0.
    fn get(&self, path: &str) -> (u16, String) {
        curl(&[&self.url(path)])
    }

    fn graphql(&self, query: &str) -> String {
        let query = format!("query={query}");
        let (status, answer) = curl(&["-G", "--data-urlencode", &query, &self.url("graphql")]);
        assert_eq!(status, 200, "{answer}");
        answer
    }

    /// Asks for an export: where it is.
    fn ask(&self, path: &str) -> String {
        let (status, place) =
            curl(&["-o", "/dev/null", "-w", "%{redirect_url}\n%{http_code}", &self.url(path)]);
        assert_eq!(status, 303, "{path}: {:?}", self.get(path));
        place
    }

    /// How far an export is.
    fn status(&self, place: &str) -> serde_json::Value {
        let id = place.rsplit('/').nth(1).unwrap();
        let (status, text) = self.get(&format!("exports/{id}"));
        assert_eq!(status, 200, "{text}");
        serde_json::from_str(&text).unwrap()
    }

    /// The folders of exports that there are.
    fn exports(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.folder.path().join("exports")).unwrap();
        entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect()
    }
}

/// What curl prints, and the status that it ends with.
fn curl(words: &[&str]) -> (u16, String) {
    let mut curl = Command::new("curl");
    curl.args(["-s", "--max-time", "120"]);
    if !words.contains(&"-w") {
        curl.args(["-w", "\n%{http_code}"]);
    }
    let output = curl.args(words).output().expect("curl is there: `cargo xtask setup` installs it");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let (text, status) = text.rsplit_once('\n').unwrap_or(("", &text));
    (status.parse().unwrap(), text.to_owned())
}

/// The three files of an export, fetched into a folder as docs/exports.md has it. The first of them.
fn fetch(place: &str, folder: &Path) -> PathBuf {
    let mut curl = Command::new("curl");
    curl.args(["-fsS", "--retry", "60", "--remote-name-all"]).current_dir(folder);
    let files = ["", ".json", ".json.sig"].map(|ending| format!("{place}{ending}"));
    let output = curl.args(files).output().unwrap();
    assert!(output.status.success(), "{place}: {}", String::from_utf8_lossy(&output.stderr));
    folder.join(place.rsplit('/').next().unwrap())
}

/// The exit code of a check, and what it says.
fn check(file: &Path) -> (Option<i32>, String) {
    let mut check = Command::new(env!("CARGO_BIN_EXE_smartlink-indexer"));
    let output = check.arg("export-check").arg(file).args(["--signer", ALICE]).output().unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_auditor_with_curl_fetches_what_export_check_accepts() {
    let Some(running) = engine().await else { return };
    let mut consortium = consortium().await;
    let chain = consortium.chain(0).unwrap();
    let platform = Platform::ready(chain.clone(), 2).await;
    platform.settle(1, 30).await;
    let end = u32::try_from(chain.finalized_number().await.unwrap()).unwrap();
    let config = config(&running.engine.url(), &consortium.node(0).url(), "downloads");
    bring(&config, Goal::Until(end)).await.unwrap();
    consortium.kill_9(0);
    let desk = tempfile::tempdir().unwrap();

    let mut served = Served::new(&config);
    let key = served.signing();
    served.start(&[
        &key,
        "exports.waiting=0",
        "exports.downloads=2",
        "exports.stall_ms=2000",
        "api.queries=1",
        "api.origins=[\"https://portal.example.com\"]",
    ]);
    books_are_signed_and_may_be_checked(&served, desk.path(), end);
    refusals_say_what_to_do(&served);
    pages_of_other_origins_are_turned_away(&served);
    // Questions are answered of all that there was before.
    let query = "{ _meta { block { number } } }";
    until("end of the index", || {
        served.graphql(query).contains(&format!(":{end}}}")).then_some(())
    });
    let insert = format!(
        "INSERT INTO events SELECT {end}, toUInt32(1000000 + number), fromUnixTimestamp64Milli(0, 'UTC'), 0, NULL, 'Test', \
         'Many', concat('{{\"text\":\"粤\\n', toString(cityHash64(number)), '\"}}'), [] FROM numbers({MANY})"
    );
    index(&config).await.store().execute(&insert).await.unwrap();
    large_ones_hold_up_nobody(&served, desk.path());
    a_kill_leaves_nothing_behind(&mut served, desk.path(), end, &key);
    a_folder_has_one_process(&served, &key);
    served.kill();
    bounds_are_refused_by_name(&mut Served::new(&config), &key);
    without_a_key_there_are_none(&mut Served::new(&config));
    running.engine.stop().await;
}

/// CSV and Parquet, the same as the command writes, in one piece and in several.
fn books_are_signed_and_may_be_checked(served: &Served, desk: &Path, end: u32) {
    let asked = "exports/batches.csv?company=1&columns=number,gross";
    let place = served.ask(asked);
    assert!(place.ends_with(&format!("/batches-{end}.csv")), "{place}");
    let file = fetch(&place, desk);
    let (code, told) = check(&file);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("rows     1 of batches") && told.contains("well: it is what"), "{told}");
    assert!(fs::read_to_string(&file).unwrap().starts_with("\u{feff}\"number\",\"gross\"\n1,"));
    let status = served.status(&place);
    assert_eq!((&status["state"], &status["rows"]), (&"ready".into(), &1.into()));
    // The same again is the same file; so it is with the block said.
    assert_eq!(served.ask(asked), place);
    assert_eq!(served.ask(&format!("{asked}&at={end}")), place);

    let parquet = fetch(&served.ask("exports/balances.parquet"), desk);
    assert_eq!(check(&parquet).0, Some(0));
    let csv = fetch(&served.ask("exports/balances.csv?history=true"), desk);
    assert_eq!(check(&csv).0, Some(0));
    let (by_command, key) = (desk.join("command.csv"), served.folder.path().join("key"));
    let words = ["--history", "--to", by_command.to_str().unwrap(), "--key", key.to_str().unwrap()];
    said(&served.config, &[&["export", "balances"][..], &words].concat());
    assert_eq!(fs::read(&by_command).unwrap(), fs::read(&csv).unwrap());

    parts_make_the_whole(served, &csv);
    let mut books = fs::read(&csv).unwrap();
    let place = books.len() / 2;
    books[place] ^= 1;
    fs::write(&csv, books).unwrap();
    let (code, told) = check(&csv);
    assert!(code == Some(2) && told.contains("DIFFERS: the file has the sha256"), "{told}");
}

/// A download that broke off goes on.
fn parts_make_the_whole(served: &Served, file: &Path) {
    let whole = fs::read(file).unwrap();
    let place = served.ask("exports/balances.csv?history=true");
    let part = file.with_extension("part");
    fs::write(&part, &whole[..100]).unwrap();
    let output = part.to_str().unwrap();
    let resumed = curl(&["-C", "-", "-o", output, "-w", "%{http_code}", &place]);
    assert_eq!((resumed.0, fs::read(&part).unwrap()), (206, whole.clone()));
    let take = |range: &str, known: &str| {
        let header = format!("If-Range: {known}");
        let words = ["-r", range, "-H", &header, "-o", output, "-w", "%{http_code}", &place];
        (curl(&words).0, fs::read(&part).unwrap())
    };
    let sha256 = served.status(&place)["sha256"].as_str().unwrap().to_owned();
    assert_eq!(take("10-19", &format!("\"{sha256}\"")), (206, whole[10..20].to_vec()));
    assert_eq!(take("-5", &format!("\"{sha256}\"")), (206, whole[whole.len() - 5..].to_vec()));
    // Whoever has it already is told so.
    let known = format!("If-None-Match: W/\"other\", \"{sha256}\"");
    let words = ["-H", &known, "-o", "/dev/null", "-w", "%{http_code}"];
    assert_eq!(curl(&[&words[..], &[place.as_str()]].concat()).0, 304);
    // Of what has other bytes when it is made again there are parts only for who says of which bytes.
    for other in [format!("{place}.json"), served.ask("exports/balances.parquet")] {
        let words = ["-r", "0-9", "-o", output, "-w", "%{http_code}", &other];
        assert_eq!(curl(&words).0, 200, "{other}");
        assert!(fs::metadata(&part).unwrap().len() > 10);
    }
    // Of another file nothing is added to this one.
    assert_eq!(take("10-19", "\"another\""), (200, whole.clone()));
    let beyond = format!("{}-", whole.len());
    assert_eq!(curl(&["-r", &beyond, "-w", "\n%{http_code}", &place]).0, 416);
}

fn refusals_say_what_to_do(served: &Served) {
    for (path, status, told) in [
        ("exports/cars.csv", 400, "vehicles"),
        ("exports/batches.xlsx", 400, ".parquet"),
        ("exports/batches.csv?compnay=1", 400, "compnay"),
        ("exports/batches.csv?where=gross%3Emuch", 400, "integer"),
        ("exports/batches.csv?at=1000000", 400, "has the blocks 0 to"),
        ("exports/0123456789abcdef0123456789abcdef", 404, "ask for it again"),
        ("exports/0123456789abcdef0123456789abcdef/batches-1.csv", 404, "ask for it again"),
        ("exports/..%2F..%2Fkey", 400, "says no format"),
    ] {
        let (found, text) = served.get(path);
        assert!(found == status && text.contains(told), "{path}: {found} {text}");
    }
    let (status, headers) = curl(&["-I", &served.url("exports/vehicles.csv")]);
    assert!(status == 405 && headers.to_lowercase().contains("allow: get\r"), "{status} {headers}");
    let from = |site: &str| {
        curl(&["-H", &format!("Sec-Fetch-Site: {site}"), &served.url("exports/batches.csv")])
    };
    let (status, told) = from("cross-site");
    assert!(status == 403 && told.contains("another site"), "{status} {told}");
    assert_eq!(from("same-origin").0, 303);
    let place = served.ask("exports/batches.csv");
    assert_eq!(curl(&["--retry", "60", &place]).0, 200);
    assert_eq!(curl(&["-I", &place]).0, 200);
    assert_eq!(curl(&[&place.replace("batches-", "key-")]).0, 404);
}

/// What browsers do for a page of a portal, and for one of somebody else's.
fn pages_of_other_origins_are_turned_away(served: &Served) {
    let from = |origin: &str, path: &str, words: &[&str]| {
        let (origin, url) = (format!("Origin: {origin}"), served.url(path));
        curl(&[&["-i", "-H", &origin, "-H", "Sec-Fetch-Site: cross-site"], words, &[&url]].concat())
    };
    let (portal, evil) = ("https://portal.example.com", "https://evil.example");
    let question = [
        "-H",
        "Content-Type: application/json",
        "-d",
        "{\"query\":\"{ _meta { block { number } } }\"}",
    ];
    let socket = ["-H", "Connection: Upgrade", "-H", "Upgrade: websocket"];
    let key =
        ["-H", "Sec-WebSocket-Version: 13", "-H", "Sec-WebSocket-Key: c21hcnRsaW5rZHJpdmUhIQ=="];
    let may = format!("access-control-allow-origin: {portal}");
    let (status, told) = from(portal, "graphql", &question);
    assert!(status == 200 && told.contains(&may), "{status} {told}");
    let asking = ["-X", "OPTIONS", "-H", "Access-Control-Request-Method: POST"];
    let (status, told) = from(portal, "graphql", &asking);
    assert!(status == 204 && told.contains("access-control-allow-headers: "), "{status} {told}");
    let (status, told) = from(portal, "exports/batches.csv", &[]);
    assert!(status == 303 && told.contains("content-disposition"), "{status} {told}");
    // A WebSocket that the origin does not fail fails by its protocol.
    let (status, told) = from(portal, "graphql", &[&socket[..], &key].concat());
    assert!(status == 400 && told.contains("graphql-transport-ws"), "{status} {told}");
    for words in [&question[..], &asking, &[&socket[..], &key].concat(), &[]] {
        for path in ["graphql", "exports/batches.csv", "schema.graphql"] {
            let (status, told) = from(evil, path, words);
            assert!(status == 403 && told.contains("api.origins"), "{path}: {status} {told}");
            assert!(!told.contains("access-control-allow-origin"), "{told}");
        }
    }
    // GraphiQL, which is served beside.
    let own = format!("http://{}", served.config.api.listen);
    assert_eq!(from(&own, "graphql", &question).0, 200);
}

/// While a large one is made, questions are answered, and one more is refused; who takes nothing is given up.
fn large_ones_hold_up_nobody(served: &Served, desk: &Path) {
    let place = served.ask("exports/events.csv");
    let (status, told) = served.get("exports/vehicles.csv");
    assert!(status == 429 && told.contains("exports.waiting"), "{status} {told}");
    let answer = served.graphql("{ transfers(orderBy: amount, first: 1) { amount } }");
    assert!(answer.contains("\"amount\""), "{answer}");
    assert_eq!(served.status(&place)["state"], "making", "it was made too fast to tell");
    let file = fetch(&place, desk);
    let (code, told) = check(&file);
    assert_eq!(code, Some(0), "{told}");
    let length = fs::metadata(&file).unwrap().len();
    assert!(length > 50 << 20);

    let path = place.split_once(&served.config.api.listen).unwrap().1;
    let idle = || {
        let mut stream = TcpStream::connect(&served.config.api.listen).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: test\r\n\r\n").unwrap();
        stream.read_exact(&mut [0; 12]).unwrap();
        stream
    };
    let streams = [idle(), idle()];
    let head = || curl(&["-r", "0-0", &place]);
    let (status, told) = head();
    assert!(status == 503 && told.contains("exports.downloads"), "{status} {told}");
    until("end of idle downloads", || (head().0 == 206).then_some(()));
    // What was on its way to them ends before the whole: their connections are over, and not only their places.
    for mut stream in streams {
        let mut rest = Vec::new();
        let end = stream.read_to_end(&mut rest).map_err(|error| error.kind());
        assert!(matches!(end, Ok(_) | Err(ErrorKind::ConnectionReset)), "{end:?}");
        assert!((rest.len() as u64) < length, "the whole was sent to who took nothing");
    }
}

fn a_kill_leaves_nothing_behind(served: &mut Served, desk: &Path, end: u32, key: &str) {
    let asked = format!("exports/events.csv?at={end}&where=name=Many");
    let place = served.ask(&asked);
    let begun = || {
        let grows = |folder: &PathBuf| {
            let begun = folder.join(format!("events-{end}.csv.begun"));
            fs::metadata(begun).is_ok_and(|about| about.len() > 1 << 20)
        };
        served.exports().iter().any(grows).then_some(())
    };
    until("file that is being written", begun);
    served.kill();
    assert!(served.exports().len() > 4);
    served.start(&[key]);
    assert_eq!(served.exports(), Vec::<PathBuf>::new());
    // Who asks for it again finds it where it was.
    let again = served.ask(&asked);
    let path = |place: &str| place.splitn(4, '/').nth(3).unwrap().to_owned();
    assert_eq!(path(&again), path(&place));
    let whole = tempfile::tempdir_in(desk).unwrap();
    let file = fetch(&again, whole.path());
    let (code, told) = check(&file);
    assert!(code == Some(0) && told.contains(&format!("{MANY} of events")), "{told}");
}

fn a_folder_has_one_process(served: &Served, key: &str) {
    let other = tempfile::tempdir().unwrap();
    let copy = format!("api.folder={}", other.path().display());
    let mut config = served.config.clone();
    config.api.listen = "127.0.0.1:0".to_owned();
    let settings = served.settings(&[key, &copy]);
    let settings: Vec<_> = settings.iter().map(String::as_str).collect();
    let output = command(&config, &["serve"], &settings).output().unwrap();
    let why = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(1) && why.contains("exports.folder"), "{why}");
}

fn bounds_are_refused_by_name(served: &mut Served, key: &str) {
    served.start(&[key, "exports.most_bytes=1048576", "exports.most=1", "exports.keep_s=3"]);
    let place = served.ask("exports/events.csv");
    let (status, told) = curl(&["--retry", "60", &place]);
    assert!(status == 507 && told.contains("exports.most_bytes"), "{status} {told}");
    assert_eq!(served.status(&place)["state"], "failed");
    assert_eq!(served.exports(), Vec::<PathBuf>::new());
    // What failed makes room, what was made does not.
    let small = served.ask("exports/batches.csv");
    let (status, told) = served.get("exports/vehicles.csv");
    assert!(status == 429 && told.contains("exports.most"), "{status} {told}");
    assert_eq!(curl(&["--retry", "60", &small]).0, 200);
    // Whoever fetches it keeps it, whoever looks how far it is does not.
    let id = small.rsplit('/').nth(1).unwrap();
    let look = || served.get(&format!("exports/{id}")).0;
    until("end of what is kept", || (look() == 404).then_some(()));
    assert_eq!(curl(&[&small]).0, 404);
    until("empty folder", || served.exports().is_empty().then_some(()));
    served.ask("exports/vehicles.csv");
    served.kill();
    // More than any disk has is not theirs.
    served.start(&[key, "exports.reserve_bytes=1125899906842624"]);
    let (status, told) = served.get("exports/vehicles.csv");
    assert!(status == 507 && told.contains("exports.reserve_bytes"), "{status} {told}");
    served.kill();
}

fn without_a_key_there_are_none(served: &mut Served) {
    served.start(&[]);
    for path in ["exports", "exports/batches.csv"] {
        let (status, told) = served.get(path);
        assert!(status == 501 && told.contains("exports.key"), "{status} {told}");
    }
    assert!(!served.folder.path().join("exports").exists());
    served.kill();
    served.start(&["exports.unsigned=true"]);
    let place = served.ask("exports/batches.csv");
    assert_eq!(curl(&["--retry", "60", &format!("{place}.json")]).0, 200);
    assert_eq!(curl(&[&format!("{place}.json.sig")]).0, 404);
}
