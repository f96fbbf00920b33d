//! A configuration from all its layers, and while the process runs.

// In a test an unwrap is the assertion.
#![allow(clippy::unwrap_used)]

use std::{collections::BTreeMap, fs, path::PathBuf, time::Duration};

use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use smartlink_service::{
    config::{below, Check, ConfigError, Origin, Reload, Reloadable},
    CancellationToken, Secret, Sources, Validate, Watched,
};
use tempfile::TempDir;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Config {
    roles: Vec<String>,
    orders: Orders,
    api: Api,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Orders {
    store: PathBuf,
    batch_rows: u32,
    surge: f64,
    booked: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Api {
    token: Secret<String>,
    title: String,
    osrm_url: Option<String>,
    companies: BTreeMap<String, u32>,
    mode: Mode,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Mode {
    #[default]
    Open,
    Closed,
}

impl Default for Orders {
    fn default() -> Self {
        Self { store: "/var/lib/orders".into(), batch_rows: 20_000, surge: 1.0, booked: true }
    }
}

impl Validate for Config {
    fn validate(&self, check: &mut Check) {
        check.within("orders", &self.orders);
        check.within("api", &self.api);
    }
}

impl Validate for Orders {
    fn validate(&self, check: &mut Check) {
        check.range("batch_rows", self.batch_rows, 1..=65_536);
        check.require(self.surge >= 1.0, "surge", "set it to 1 or more");
    }
}

impl Validate for Api {
    fn validate(&self, check: &mut Check) {
        check.token("token", &self.token);
    }
}

impl Reloadable for Config {
    fn reloadable() -> Vec<String> {
        let orders = vec!["batch_rows".to_owned(), "surge".to_owned()];
        let api = vec!["token".to_owned(), "companies".to_owned()];
        below("orders", orders).chain(below("api", api)).collect()
    }
}

/// A folder with a configuration file.
struct Folder(TempDir);

impl Folder {
    fn with(text: &str) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        folder.write("smartlink.toml", text);
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        // As editors and orchestrators do: never half a file.
        let new = self.path(&format!("{name}.new"));
        fs::write(&new, text).unwrap();
        fs::rename(new, self.path(name)).unwrap();
    }

    fn sources(&self) -> Sources {
        Sources::new().file(self.path("smartlink.toml"))
    }
}

fn variables(given: &[(&str, &str)]) -> Vec<(String, String)> {
    given.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn refusal(sources: &Sources) -> String {
    sources.load::<Config>().unwrap_err().to_string()
}

#[test]
fn without_anything_the_defaults_hold() {
    let loaded = Sources::new().load::<Config>().unwrap();
    assert_eq!(**loaded.value(), Config::default());
    assert_eq!(loaded.origin("orders.batch_rows"), Some(&Origin::Default));
    let missing = Sources::new().file_if_there("/nowhere/smartlink.toml").load::<Config>().unwrap();
    assert_eq!(**missing.value(), Config::default());
    let error = refusal(&Sources::new().file("/nowhere/smartlink.toml"));
    assert!(error.starts_with("/nowhere/smartlink.toml cannot be read"), "{error}");
}

#[test]
fn each_layer_wins_over_those_before_it() {
    #[derive(Serialize)]
    struct Flags {
        roles: Option<Vec<String>>,
        orders: BTreeMap<String, bool>,
    }
    let folder = Folder::with(
        "roles = ['orders']\n[orders]\nbatch_rows = 1\nsurge = 2\nstore = '/data'\n[api]\ncompanies.didi = 3\n",
    );
    let flags = Flags { roles: None, orders: BTreeMap::from([("booked".to_owned(), false)]) };
    let sources = folder
        .sources()
        .environment(variables(&[
            ("SMARTLINK_ORDERS__BATCH_ROWS", "2"),
            ("SMARTLINK_ORDERS__SURGE", "3"),
            ("SMARTLINK_API__TITLE", "2026"),
            ("SMARTLINK_API__OSRM_URL", "http://osrm"),
            ("SMARTLINK_API__MODE", "closed"),
            ("SMARTLINK_NODE", "/usr/bin/smartlink-node"),
            ("PATH", "/bin"),
        ]))
        .flags(&flags)
        .unwrap()
        .set(["orders.batch_rows=4".to_owned(), "api.companies.ctrip=5".to_owned()]);
    let loaded = sources.load::<Config>().unwrap();
    let config = loaded.value();
    assert_eq!(config.roles, ["orders"]);
    assert_eq!((config.orders.batch_rows, config.orders.surge), (4, 3.0));
    assert_eq!(config.orders.store, PathBuf::from("/data"));
    assert!(!config.orders.booked);
    assert_eq!(
        config.api.title, "2026",
        "text that looks like a number is text where text is meant"
    );
    assert_eq!(config.api.osrm_url.as_deref(), Some("http://osrm"));
    assert_eq!(config.api.mode, Mode::Closed);
    let companies = BTreeMap::from([("didi".to_owned(), 3), ("ctrip".to_owned(), 5)]);
    assert_eq!(config.api.companies, companies);

    let origins = ["orders.store", "orders.surge", "orders.booked", "orders.batch_rows"];
    let origins = origins.map(|key| loaded.origin(key).unwrap().to_string());
    assert!(origins[0].ends_with("smartlink.toml line 5"), "{}", origins[0]);
    assert_eq!(origins[1], "environment SMARTLINK_ORDERS__SURGE");
    assert_eq!(origins[2], "flag --orders-booked");
    assert_eq!(origins[3], "flag --set orders.batch_rows");
}

proptest! {
    /// For any key, and any set of layers that set it, the last of them has its way.
    #[test]
    fn the_last_layer_that_sets_a_key_wins(
        rows in prop::array::uniform4(prop::option::of(1u32..=65_536)),
        titles in prop::array::uniform4(prop::option::of("[a-z0-9 .=\"\\\\]{0,12}")),
    ) {
        let mut file = String::new();
        if let Some(rows) = rows[0] {
            file += &format!("orders.batch_rows = {rows}\n");
        }
        if let Some(title) = &titles[0] {
            file += &format!("api.title = {}\n", toml_edit::Value::from(title.as_str()));
        }
        let folder = Folder::with(&file);
        let mut given = Vec::new();
        if let Some(rows) = rows[1] {
            given.push(("SMARTLINK_ORDERS__BATCH_ROWS".to_owned(), rows.to_string()));
        }
        if let Some(title) = &titles[1] {
            given.push(("SMARTLINK_API__TITLE".to_owned(), quoted_if_needed(title)));
        }
        let flags = BTreeMap::from([
            ("orders", BTreeMap::from([("batch_rows", rows[2].map(|rows| rows.to_string().parse::<u32>().unwrap()))])),
        ]);
        let titled = BTreeMap::from([("api", BTreeMap::from([("title", titles[2].clone())]))]);
        let mut set = Vec::new();
        if let Some(rows) = rows[3] {
            set.push(format!("orders.batch_rows={rows}"));
        }
        if let Some(title) = &titles[3] {
            set.push(format!("api.title={}", quoted_if_needed(title)));
        }
        #[derive(Serialize)]
        struct Both<A: Serialize, B: Serialize> {
            #[serde(flatten)]
            rows: A,
            #[serde(flatten)]
            title: B,
        }
        let both = Both { rows: flags, title: titled };
        let sources = folder.sources().environment(given).flags(&both).unwrap().set(set);
        let loaded = sources.load::<Config>().unwrap();
        let last = |values: [Option<String>; 4]| values.into_iter().flatten().next_back();
        let expected_rows = rows.iter().flatten().next_back().copied().unwrap_or(20_000);
        prop_assert_eq!(loaded.value().orders.batch_rows, expected_rows);
        prop_assert_eq!(&loaded.value().api.title, &last(titles).unwrap_or_default());

        // What is shown is the same configuration.
        let shown = Folder::with(&loaded.show());
        let again = shown.sources().load::<Config>().unwrap();
        prop_assert_eq!(again.value(), loaded.value());
    }
}

/// Text as TOML, so that no word is taken for something else.
fn quoted_if_needed(text: &str) -> String {
    toml_edit::Value::from(text).to_string()
}

#[test]
fn an_unknown_key_names_the_nearest_one_and_where_it_stands() {
    let folder =
        Folder::with("[orders]\nstore = '/data'\nbatch_row = 500\n\n[dispatch]\ntick_ms = 5\n");
    let sources = folder
        .sources()
        .environment(variables(&[("SMARTLINK_ORDER__SURGE", "2")]))
        .set(["api.tokn=sesame-open-thyself".to_owned()]);
    let error = refusal(&sources);
    let lines: Vec<_> = error.lines().collect();
    assert_eq!(lines.len(), 4, "all of them are told: {error}");
    assert!(lines[1].starts_with("orders.batch_row = 500 ("), "{error}");
    assert!(lines[1].contains("smartlink.toml line 3): there is no such key"), "{error}");
    assert!(lines[1].ends_with("the nearest one is orders.batch_rows"), "{error}");
    assert!(lines[0].contains("dispatch.tick_ms") && lines[0].contains("line 6"), "{error}");
    assert_eq!(
        lines[2],
        "order.surge = 2 (environment SMARTLINK_ORDER__SURGE): there is no such key; the nearest one is orders.surge"
    );
    assert!(lines[3].ends_with("the nearest one is api.token"), "{error}");
}

#[test]
fn a_value_that_cannot_be_is_told_with_key_layer_value_and_remedy() {
    let folder = Folder::with("[orders]\nbatch_rows = 'many'\n");
    let error = refusal(&folder.sources());
    assert!(error.starts_with("orders.batch_rows = \"many\" ("), "{error}");
    assert!(
        error.ends_with("smartlink.toml line 2): it must be u32; its default is 20000"),
        "{error}"
    );

    let below_zero =
        Sources::new().environment(variables(&[("SMARTLINK_ORDERS__BATCH_ROWS", "-5")]));
    assert_eq!(
        refusal(&below_zero),
        "orders.batch_rows = -5 (environment SMARTLINK_ORDERS__BATCH_ROWS): it must be u32; its default is 20000"
    );
    let too_many =
        Sources::new().set(["orders.batch_rows=70000".to_owned(), "orders.surge=0.5".to_owned()]);
    assert_eq!(
        refusal(&too_many),
        "orders.batch_rows = 70000 (flag --set orders.batch_rows): it cannot be that; set it to something from 1 to 65536\n\
         orders.surge = 0.5 (flag --set orders.surge): it cannot be that; set it to 1 or more"
    );
    let mode = refusal(&Sources::new().set(["api.mode=ajar".to_owned()]));
    assert!(mode.contains("it must be open or closed; its default is \"open\""), "{mode}");
    let table = refusal(&Sources::new().set(["orders=5".to_owned()]));
    assert!(
        table.starts_with("orders = 5 (flag --set orders): it must be struct Orders"),
        "{table}"
    );

    let syntax = Folder::with("[orders]\nbatch_rows = = 5\n");
    let error = refusal(&syntax.sources());
    assert!(error.contains("smartlink.toml line 2 is not TOML"), "{error}");
    let error = refusal(&Sources::new().set(["orders.batch_rows".to_owned()]));
    assert!(error.contains("write --set key=value"), "{error}");
}

#[test]
fn secrets_are_read_and_never_shown() {
    let folder = Folder::with("");
    folder.write("token", "sesame-open-thyself\n");
    let path = folder.path("token").display().to_string();
    let sources = folder.sources().environment(variables(&[("SMARTLINK_API__TOKEN_FILE", &path)]));
    let loaded = sources.load::<Config>().unwrap();
    assert_eq!(loaded.value().api.token.expose(), "sesame-open-thyself");
    let settings = format!("{:?}", loaded.settings());
    let told = [loaded.show(), settings, format!("{loaded:?}"), format!("{sources:?}")].concat();
    assert!(!told.contains("sesame"), "{told}");
    assert!(told.contains("token = \"***\""), "{told}");
    assert!(
        told.contains(&format!("# {path}, named by environment SMARTLINK_API__TOKEN_FILE")),
        "{told}"
    );

    let stronger = sources.clone().set(["api.token=abracadabra-12345".to_owned()]);
    assert_eq!(stronger.load::<Config>().unwrap().value().api.token.expose(), "abracadabra-12345");
    let short = refusal(&sources.clone().set(["api.token=sesame".to_owned()]));
    assert!(short.starts_with("api.token = *** (") && !short.contains("sesame"), "{short}");
    let number = refusal(&folder_with_number().sources());
    assert!(!number.contains("12345678"), "{number}");
    let both = variables(&[("SMARTLINK_API__TOKEN_FILE", &path), ("SMARTLINK_API__TOKEN", "x")]);
    let both = refusal(&Sources::new().environment(both));
    assert!(both.contains("api.token is set beside it; leave one of them out"), "{both}");
    let nowhere = refusal(&Sources::new().set(["api.token_file=/nowhere/token".to_owned()]));
    assert!(nowhere.starts_with("/nowhere/token cannot be read"), "{nowhere}");
}

/// A token that is not text.
fn folder_with_number() -> Folder {
    Folder::with("api.token = 12345678901234567\n")
}

#[test]
fn what_holds_is_told_by_key_with_what_may_change_while_it_runs() {
    let sources = Sources::new().set(["orders.batch_rows=500".to_owned()]);
    let settings = sources.load::<Config>().unwrap().settings();
    let of = |key: &str| settings.iter().find(|setting| setting.key == key).unwrap();
    let rows = of("orders.batch_rows");
    assert_eq!(rows.value.as_deref(), Some("500"));
    assert_eq!(rows.origin.to_string(), "flag --set orders.batch_rows");
    let reloadable = Config::reloadable();
    for setting in &settings {
        let below =
            |key: &String| setting.key == *key || setting.key.starts_with(&format!("{key}."));
        assert_eq!(setting.reloads, reloadable.iter().any(below), "{}", setting.key);
    }
    assert!(settings.iter().any(|setting| setting.reloads));
    assert!(settings.iter().any(|setting| !setting.reloads));
}

#[test]
fn what_holds_is_shown_with_its_layers() {
    let folder = Folder::with("[orders]\nstore = '/data'\n");
    let sources = folder.sources().set(["api.companies.didi=3".to_owned()]);
    let shown = sources.load::<Config>().unwrap().show();
    let path = folder.path("smartlink.toml");
    let lines: Vec<String> =
        shown.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(
        lines,
        [
            "roles = [] # default",
            "",
            "[api]",
            "mode = \"open\" # default",
            "# osrm_url = # default",
            "title = \"\" # default",
            "token = \"\" # default",
            "",
            "[api.companies]",
            "didi = 3 # flag --set api.companies.didi",
            "",
            "[orders]",
            "batch_rows = 20000 # default",
            "booked = true # default",
            &format!("store = \"/data\" # {} line 2", path.display()),
            "surge = 1.0 # default",
        ]
    );
}

#[test]
fn a_change_is_applied_where_it_may_be_and_reported_where_it_may_not() {
    let folder = Folder::with("[orders]\nbatch_rows = 1\nstore = '/data'\n");
    let watched = Watched::<Config>::load(folder.sources()).unwrap();
    let mut values = watched.subscribe();
    assert_eq!(watched.reload(), Reload::Unchanged);

    folder.write("smartlink.toml", "[orders]\nbatch_rows = 2\nstore = '/other'\nbooked = false\n");
    let restart = vec!["orders.booked".to_owned(), "orders.store".to_owned()];
    let changed = vec!["orders.batch_rows".to_owned()];
    assert_eq!(watched.reload(), Reload::Applied { changed, restart: restart.clone() });
    let orders = &watched.current().orders;
    assert_eq!((orders.batch_rows, orders.booked), (2, true));
    assert_eq!(orders.store, PathBuf::from("/data"), "the old store until a restart");
    assert!(values.has_changed().unwrap());
    assert_eq!(values.borrow_and_update().orders.batch_rows, 2);
    assert_eq!(watched.reload(), Reload::Applied { changed: vec![], restart });
    assert!(!values.has_changed().unwrap());

    folder.write("smartlink.toml", "[orders]\nstore = '/data'\n[api]\ncompanies.didi = 3\n");
    let changed =
        vec!["api.companies".into(), "api.companies.didi".into(), "orders.batch_rows".into()];
    let Reload::Applied { changed: mut told, restart } = watched.reload() else {
        panic!("it is sound")
    };
    told.sort();
    assert_eq!((told, restart), (changed, vec![]));
    assert_eq!(watched.current().orders.batch_rows, 20_000, "the default again");
    assert_eq!(watched.current().api.companies["didi"], 3);
}

#[test]
fn what_is_not_sound_as_a_whole_is_rolled_back() {
    let folder = Folder::with("[orders]\nbatch_rows = 1\n");
    let watched = Watched::<Config>::load(folder.sources()).unwrap();
    let wrong = [
        "[orders]\nbatch_rows = 2\nsurge = 0.1\n",
        "[orders]\nbatch_rows = 2\nstor = '/data'\n",
        "[orders]\nbatch_rows = 2\nbooked = 'perhaps'\n",
        "[orders\n",
    ];
    for text in wrong {
        folder.write("smartlink.toml", text);
        let Reload::RolledBack(why) = watched.reload() else { panic!("{text}") };
        assert!(why.contains("smartlink.toml"), "{why}");
        assert_eq!(watched.current().orders.batch_rows, 1);
    }
    fs::remove_file(folder.path("smartlink.toml")).unwrap();
    assert!(matches!(watched.reload(), Reload::RolledBack(_)));
    folder.write("smartlink.toml", "[orders]\nbatch_rows = 3\n");
    assert!(matches!(watched.reload(), Reload::Applied { .. }));
    assert_eq!(watched.current().orders.batch_rows, 3);
}

#[test]
fn only_keys_that_exist_are_declared_reloadable() {
    #[derive(Debug, Default, Serialize, Deserialize)]
    struct Drifted {
        batch_rows: u32,
    }
    impl Validate for Drifted {
        fn validate(&self, _: &mut Check) {}
    }
    impl Reloadable for Drifted {
        fn reloadable() -> Vec<String> {
            vec!["batch_row".to_owned()]
        }
    }
    let error = Watched::<Drifted>::load(Sources::new()).unwrap_err();
    assert!(matches!(error, ConfigError::Reloadable(key) if key == "batch_row"));
}

#[tokio::test]
async fn a_process_follows_its_files_and_sighup() {
    let folder = Folder::with("[orders]\nbatch_rows = 1\n");
    folder.write("token", "sesame-open-thyself\n");
    let path = folder.path("token").display().to_string();
    let sources = folder.sources().set([format!("api.token_file={path}")]);
    let watched = Watched::<Config>::load(sources).unwrap();
    let (mut values, mut reloads) = (watched.subscribe(), watched.reloads());
    let stop = CancellationToken::new();
    let following = tokio::spawn(watched.clone().follow(stop.clone()));

    folder.write("smartlink.toml", "[orders]\nbatch_rows = 22\n");
    let soon = Duration::from_secs(30);
    let changed =
        tokio::time::timeout(soon, values.wait_for(|config| config.orders.batch_rows == 22));
    changed.await.unwrap().unwrap();
    folder.write("token", "abracadabra-12345-6\n");
    let changed = values.wait_for(|config| config.api.token.expose() == "abracadabra-12345-6");
    tokio::time::timeout(soon, changed).await.unwrap().unwrap();

    // Nothing is different, and it is read because it was asked to.
    reloads.mark_unchanged();
    // SAFETY: raise takes a number and touches no memory; `follow` handles the signal since its first look.
    assert_eq!(unsafe { libc::raise(libc::SIGHUP) }, 0);
    tokio::time::timeout(soon, reloads.changed()).await.unwrap().unwrap();
    assert_eq!(*reloads.borrow(), Reload::Unchanged);

    stop.cancel();
    following.await.unwrap().unwrap();
}
