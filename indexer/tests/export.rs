//! An accountant gets a company's books out of the index: whole, signed, and the same whoever asks for them when.

#![allow(clippy::unwrap_used, reason = "in a test an unwrap is the assertion")]

mod support;

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use smartlink_chain::queries;
use smartlink_indexer::{
    application::Goal,
    domain::value::hex,
    export::{Manifest, Versions},
    IndexerConfig,
};
use smartlink_offchain::fleet;
use smartlink_primitives::CompanyId;
use support::{
    bring, command, config, consortium, engine, index, number, said, text, Platform, Process,
    PATIENCE,
};

const ALICE: &str = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
const BOB: &str = "5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty";
/// More than any answer of an API has.
const MANY: u64 = 600_000;

/// The accountant's desk: a folder with a key.
struct Desk {
    config: IndexerConfig,
    folder: tempfile::TempDir,
}

impl Desk {
    fn new(config: IndexerConfig) -> Self {
        let desk = Self { config, folder: tempfile::tempdir().unwrap() };
        fs::write(desk.path("key"), "//Alice\n").unwrap();
        fs::set_permissions(desk.path("key"), Permissions::from_mode(0o600)).unwrap();
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn job<'a>(&self, words: &[&'a str], to: &'a str, key: &'a str) -> Vec<&'a str> {
        let mut job = vec!["export"];
        job.extend(words);
        job.extend(["--to", to, "--key", key]);
        job
    }

    /// Makes an export, and what its manifest says.
    fn export(&self, name: &str, words: &[&str]) -> Manifest {
        let (to, key) = (self.path(name), self.path("key"));
        let to = to.to_str().unwrap();
        let printed = said(&self.config, &self.job(words, to, key.to_str().unwrap()));
        let manifest = self.manifest(name);
        assert_eq!(printed.trim(), format!("{}  {to}", manifest.sha256));
        assert_eq!(manifest.signer.as_deref(), Some(ALICE));
        manifest
    }

    fn manifest(&self, name: &str) -> Manifest {
        Manifest::read(&fs::read(self.path(&format!("{name}.json"))).unwrap()).unwrap()
    }

    /// The rows of a CSV file whose texts have neither commas nor quotes nor ends of lines.
    fn rows(&self, name: &str) -> Vec<Vec<String>> {
        let text = fs::read_to_string(self.path(name)).unwrap();
        let lines = text.strip_prefix('\u{feff}').unwrap().lines().skip(1);
        let row =
            |line: &str| line.split(',').map(|field| field.trim_matches('"').to_owned()).collect();
        lines.map(row).collect()
    }

    /// Why an export is refused.
    fn refused(&self, words: &[&str]) -> String {
        let to = self.path("refused.csv");
        let job = [&["export", "--to", to.to_str().unwrap()], words].concat();
        let output = command(&self.config, &job, &[]).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{words:?}");
        assert!(!to.exists());
        String::from_utf8_lossy(&output.stderr).into_owned()
    }

    /// The exit code of a check, and what it says.
    fn check(&self, name: &str, words: &[&str]) -> (Option<i32>, String) {
        let mut check = Command::new(env!("CARGO_BIN_EXE_smartlink-indexer"));
        let output = check.arg("export-check").arg(self.path(name)).args(words).output().unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_companys_books_are_whole_signed_and_checked_without_a_network() {
    let Some(running) = engine().await else { return };
    let mut consortium = consortium().await;
    let chain = consortium.chain(0).unwrap();
    let platform = Platform::ready(chain.clone(), 2).await;
    let middle = u32::try_from(chain.finalized_number().await.unwrap()).unwrap();
    let registering = fleet::register(&chain, &platform.staff, 2);
    let (settled, registered) = tokio::join!(platform.settle(1, 30), registering);
    assert_eq!(registered.unwrap().len(), 2);
    let end = u32::try_from(chain.finalized_number().await.unwrap()).unwrap();
    assert!(u64::from(middle) < settled && settled <= u64::from(end));
    let hashes = chain.block_hashes(0..=end).await.unwrap();
    let at = chain.at_number(end.into()).await.unwrap();
    let totals = queries::totals(&at, CompanyId(1)).await.unwrap();
    let desk = Desk::new(config(&running.engine.url(), &consortium.node(0).url(), "books"));
    let earlier = bring(&desk.config, Goal::Until(middle)).await.unwrap();
    let before = desk.export("middle.csv", &["balances"]);
    let later = bring(&desk.config, Goal::Until(end)).await.unwrap();
    consortium.kill_9(0);

    // The index went on, and money moved. What was at a block stays the same, byte for byte.
    let again = desk.export("again.csv", &["balances", "--at", &middle.to_string()]);
    assert_eq!((before.index.block, before.index.digest.0), (middle, earlier.digest));
    assert_eq!(Manifest { made: before.made.clone(), ..again }, before);
    let bytes = |name: &str| fs::read(desk.path(name)).unwrap();
    assert_eq!(bytes("middle.csv"), bytes("again.csv"));
    assert!(before.rows > 10 && before.sha256 != desk.export("now.csv", &["balances"]).sha256);

    the_books_are_the_chains(&desk, &totals.gross.units().to_string());
    let all = desk.manifest("batches.csv");
    assert_eq!(all.index.digest.0, later.digest);
    let expected = [all.index.genesis.unwrap(), all.index.hash].map(|hash| hex(&hash.0));
    assert_eq!(expected, [0, end].map(|height| hex(&hashes[usize::try_from(height).unwrap()].0)));
    what_people_read_is_intact(&desk).await;
    refusals_say_what_to_do(&desk);
    many_rows_survive_a_kill(&desk, end).await;
    running.engine.stop().await;
    checks_need_nothing_but_the_files(&desk);
}

/// What the batches add up to is what the chain says.
fn the_books_are_the_chains(desk: &Desk, gross: &str) {
    let words = ["batches", "--company", "1", "--columns", "number,gross"];
    let manifest = desk.export("batches.csv", &words);
    let rows = desk.rows("batches.csv");
    assert_eq!((manifest.rows, rows.len()), (1, 1));
    let sum: u128 = rows.iter().map(|row| row[1].parse::<u128>().unwrap()).sum();
    assert_eq!(sum.to_string(), gross);
    let kinds = manifest.columns.iter().map(|column| &*column.kind);
    assert!(kinds.eq(["u64", "money"]));
    // Of another company there is none, and that is an export as well.
    assert_eq!(desk.export("others.csv", &["batches", "--company", "2"]).rows, 0);
    let large = ["batches", "--where", &format!("gross>{gross}")];
    assert_eq!(desk.export("large.csv", &large).rows, 0);
}

/// Plates, accounts, times and what is not known, as people and their programs read them.
async fn what_people_read_is_intact(desk: &Desk) {
    let index = index(&desk.config).await;
    let words = ["vehicles", "--columns", "id,plate,time,price,removed"];
    let manifest = desk.export("vehicles.csv", &words);
    assert_eq!((manifest.rows, manifest.versions), (2, Versions::Last));
    let bytes = fs::read(desk.path("vehicles.csv")).unwrap();
    assert!(
        bytes.starts_with("\u{feff}\"id\",\"plate\",\"time\",\"price\",\"removed\"\n".as_bytes())
    );
    let rows = desk.rows("vehicles.csv");
    let [id, plate, time, price, removed] = &rows[0][..] else { panic!("{rows:?}") };
    let sql = format!("SELECT assumeNotNull(plate) FROM vehicles_now FINAL WHERE id = '{id}'");
    assert_eq!(*plate, text(&index, &sql).await);
    assert!(plate.starts_with("粤B"), "{plate}");
    assert!(time.len() == 24 && time.starts_with("20") && time.ends_with('Z'), "{time}");
    assert_eq!((&**price, &**removed), ("", "false"));
    // A quote of SQL is a quote in a plate.
    let quoted = ["vehicles", "--where", "plate=x' OR 1=1 -- ?"];
    assert_eq!(desk.export("quoted.csv", &quoted).rows, 0);
    let plate = format!("plate={plate}");
    assert_eq!(desk.export("one.csv", &["vehicles", "--where", &plate]).rows, 1);

    let mine = format!("from={ALICE}");
    let sent =
        desk.export("sent.csv", &["transfers", "--where", &mine, "--columns", "from,amount"]);
    assert!(sent.rows > 0);
    assert!(desk
        .rows("sent.csv")
        .iter()
        .all(|row| row[0].len() == 66 && row[0].starts_with("0xd43593")));
    let history = desk.export("history.csv", &["balances", "--history"]);
    assert_eq!(history.rows, number(&index, "SELECT count() FROM balances").await);
    let present = desk.export("balances.parquet", &["balances"]);
    assert_eq!(present.rows, number(&index, "SELECT count() FROM balances_now FINAL").await);
    assert!(history.rows > present.rows);
}

fn refusals_say_what_to_do(desk: &Desk) {
    let key = desk.path("key");
    let signed =
        |words: &[&str]| desk.refused(&[words, &["--key", key.to_str().unwrap()]].concat());
    assert!(desk.refused(&["batches"]).contains("--unsigned"));
    assert!(signed(&["trips"]).contains("batches"));
    assert!(signed(&["batches", "--columns", "colour"]).contains("gross"));
    assert!(signed(&["batches", "--where", "gross>much"]).contains("integer"));
    assert!(signed(&["batches", "--since", "yesterday"]).contains("time"));
    assert!(signed(&["batches", "--at", "1000000"]).contains("has the blocks 0 to"));
    fs::set_permissions(&key, Permissions::from_mode(0o644)).unwrap();
    assert!(signed(&["batches"]).contains("chmod 600"));
    fs::set_permissions(&key, Permissions::from_mode(0o600)).unwrap();
    fs::write(desk.path("refused.csv.json"), "{}").unwrap();
    assert!(signed(&["batches"]).contains("no export"));
}

/// More rows than any list has, killed in the middle and made again.
async fn many_rows_survive_a_kill(desk: &Desk, end: u32) {
    let index = index(&desk.config).await;
    let there = number(&index, "SELECT count() FROM events").await;
    let insert = format!(
        "INSERT INTO events SELECT {end}, toUInt32(1000000 + number), fromUnixTimestamp64Milli(0, 'UTC'), 0, NULL, 'Test', \
         'Many', concat('{{\"text\":\"粤\\n', toString(cityHash64(number)), '\"}}'), [] FROM numbers({MANY})"
    );
    index.store().execute(&insert).await.unwrap();
    let (to, key) = (desk.path("events.csv"), desk.path("key"));
    let job = desk.job(&["events"], to.to_str().unwrap(), key.to_str().unwrap());
    let process = Process::start(&desk.config, &job, &[]);
    let begun = desk.path("events.csv.begun");
    let began = Instant::now();
    while fs::metadata(&begun).map_or(0, |about| about.len()) < 1 << 20 {
        assert!(began.elapsed() < PATIENCE, "nothing was written");
        tokio::task::yield_now().await;
    }
    assert!(process.kill(), "it had ended already");
    assert!(begun.exists() && !to.exists());
    let manifest = desk.export("events.csv", &["events"]);
    assert_eq!(manifest.rows, there + MANY);
    assert!(!begun.exists());
    assert_eq!(desk.export("events.parquet", &["events"]).rows, there + MANY);
}

fn checks_need_nothing_but_the_files(desk: &Desk) {
    for name in ["batches.csv", "vehicles.csv", "balances.parquet", "events.csv", "events.parquet"]
    {
        let (code, said) = desk.check(name, &["--signer", ALICE]);
        assert_eq!(code, Some(0), "{name}: {said}");
        assert!(said.contains(&format!("well: it is what {ALICE} signed")), "{said}");
    }
    let (code, said) = desk.check("batches.csv", &["--signer", BOB]);
    assert!(code == Some(2) && said.contains(BOB), "{said}");
    // A copy elsewhere is as good, under another name as well.
    for ending in ["", ".json", ".json.sig"] {
        let copy = |name: &str| desk.path(&format!("{name}{ending}"));
        fs::copy(copy("batches.csv"), copy("copy.csv")).unwrap();
    }
    assert_eq!(desk.check("copy.csv", &[]).0, Some(0));
    // Somebody earned a little more.
    let path = desk.path("copy.csv");
    let mut books = fs::read(&path).unwrap();
    let place = books.iter().rposition(u8::is_ascii_digit).unwrap();
    books[place] ^= 1;
    fs::write(&path, &books).unwrap();
    let (code, said) = desk.check("copy.csv", &[]);
    assert!(code == Some(2) && said.contains("DIFFERS: the file has the sha256"), "{said}");
    // And wrote it into the manifest, without the key.
    let forged = sha256(&path);
    let manifest = desk.path("copy.csv.json");
    let text = fs::read_to_string(&manifest).unwrap();
    let own = desk.manifest("copy.csv").sha256;
    fs::write(&manifest, text.replace(&own, &forged)).unwrap();
    let (code, said) = desk.check("copy.csv", &[]);
    assert!(code == Some(2) && said.contains("DIFFERS: the signature is not that of"), "{said}");
    // Nor does it help to say that nobody signed.
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, text.replace(&format!("\"{ALICE}\""), "null")).unwrap();
    let (code, said) = desk.check("copy.csv", &[]);
    assert!(code == Some(2) && said.contains("nobody signed it"), "{said}");
    assert_eq!(desk.check("copy.csv", &["--unsigned"]).0, Some(0));
}

/// The hash as the accountant's own tool computes it.
fn sha256(path: &Path) -> String {
    let output = Command::new("sha256sum").arg(path).output().unwrap();
    String::from_utf8(output.stdout).unwrap()[..64].to_owned()
}
