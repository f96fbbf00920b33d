use super::*;
use crate::company::keys::tests::params;
use pallet_nodes::NodeKind;
use smartlink_runtime::SessionKeys;
use std::{os::unix::fs::PermissionsExt, path::PathBuf};

/// A founder's machine, whose folders have names that scripts stumble over.
fn join(folder: &Path) -> Join {
    Join {
        place: Place {
            chain: folder.join("bay area.json").display().to_string(),
            chain_id: Some("bay-area".into()),
            base_path: folder.join("it's a node"),
            keystore: params(None),
        },
        company: 5,
        account: AccountId::from([7; 32]),
        label: name::parse("Yantian \"1\"").unwrap(),
        public_addr: vec![],
        bootnodes: vec![],
        target: Target { into: folder.join("gang hang"), force: false },
    }
}

fn call(join: &Join, name: &str) -> RuntimeCall {
    calls::read(&read(join, name)).unwrap()
}

fn read(join: &Join, name: &str) -> String {
    fs::read_to_string(join.target.path(name)).unwrap()
}

fn session_keys(join: &Join) -> (SessionKeys, Vec<u8>) {
    match call(join, SET_KEYS) {
        RuntimeCall::Session(pallet_session::Call::set_keys { keys, proof }) => (keys, proof),
        other => panic!("{other:?}"),
    }
}

fn keystore(join: &Join) -> PathBuf {
    join.place.base_path.join("chains/bay-area/keystore")
}

#[test]
fn a_validator_gets_keys_that_its_node_holds_and_calls_that_make_them_known() {
    let folder = tempfile::tempdir().unwrap();
    let join = join(folder.path());
    let said = join.run().unwrap();

    let (keys, proof) = session_keys(&join);
    let proven = Proven { keys: keys.clone(), proof };
    assert!(proven.holds_for(&join.account));
    let config_dir = join.place.config_dir().unwrap();
    assert!(Keystore::look(None, &config_dir).unwrap().holds(&keys));
    let node = node_key::read(&config_dir).unwrap();
    let (company, label) = (CompanyId(5), join.label.clone());
    assert_eq!(
        call(&join, REGISTER),
        RuntimeCall::Nodes(pallet_nodes::Call::register {
            company,
            node: node.key,
            kind: NodeKind::Validator,
            label
        })
    );
    assert_eq!(call(&join, ADD), calls::add_validator(company, join.account.clone()));

    for (_, name, public) in keys::named(&keys) {
        let line = format!("{name:<20} {}  new", bytes::to_hex(&public, false));
        assert!(said.contains(&line), "{said}");
    }
    assert!(said.contains(&node.peer.to_base58()), "{said}");
}

#[test]
fn a_founders_lines_are_toml_that_says_the_same_as_the_calls() {
    let folder = tempfile::tempdir().unwrap();
    let join = join(folder.path());
    let said = join.run().unwrap();
    assert!(said.contains("validator.toml") && said.contains("no secret"), "{said}");
    let toml = read(&join, FOUNDER);
    let value = |key: &str| {
        let line = toml.lines().find_map(|line| line.strip_prefix(&format!("{key} = ")));
        let text: String = serde_json::from_str(line.unwrap()).unwrap();
        text
    };
    let (keys, proof) = session_keys(&join);
    assert_eq!(value("account"), address(&join.account));
    assert_eq!(value("keys"), bytes::to_hex(&keys.encode(), false));
    assert_eq!(value("proof"), bytes::to_hex(&proof, false));
    assert_eq!(value("kind"), "validator");
    assert_eq!(value("label"), "Yantian \"1\"");
    let node = node_key::read(&join.place.config_dir().unwrap()).unwrap();
    assert_eq!(value("id"), node.peer.to_base58());
    let tables: Vec<_> = toml.lines().filter(|line| line.starts_with('[')).collect();
    assert_eq!(tables, ["[[company.validator]]", "[[company.node]]"]);
}

#[test]
fn the_script_runs_and_names_the_paths_whole() {
    let folder = tempfile::tempdir().unwrap();
    let join = join(folder.path());
    join.run().unwrap();
    let mode = fs::metadata(join.target.path(RUN)).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o755);
    let script = read(&join, RUN);
    let base = format!("--base-path='{}/it'\\''s a node'", folder.path().display());
    assert!(script.contains(&base), "{script}");
    assert!(script.contains(&format!("--chain='{}/bay area.json'", folder.path().display())));
    let unit = read(&join, UNIT);
    let started = format!("ExecStart=/bin/sh \"{}/gang hang/run.sh\"", folder.path().display());
    assert!(unit.contains(&started), "{unit}");
}

#[test]
fn twice_keeps_the_keys_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let mut join = join(folder.path());
    join.run().unwrap();
    let first = session_keys(&join);
    let before = fs::read_dir(keystore(&join)).unwrap().count();
    for force in [false, true] {
        join.target.force = force;
        let said = join.run().unwrap();
        assert!(said.contains("kept") && said.contains("rotate-keys"), "{said}");
        assert!(!said.contains("  new"), "{said}");
        assert_eq!(session_keys(&join), first);
        assert_eq!(fs::read_dir(keystore(&join)).unwrap().count(), before);
    }
}

#[test]
fn what_would_be_replaced_stops_it_before_keys_are_made() {
    let folder = tempfile::tempdir().unwrap();
    let mut join = join(folder.path());
    join.run().unwrap();
    let before = fs::read_dir(keystore(&join)).unwrap().count();
    // Another company's number changes two calls.
    join.company = 6;
    let error = join.run().unwrap_err().to_string();
    assert!(error.contains("register-node.call") && error.contains("--force"), "{error}");
    // Without the call nobody knows that there are keys, but their lines are there.
    join.company = 5;
    fs::remove_file(join.target.path(SET_KEYS)).unwrap();
    let error = join.run().unwrap_err().to_string();
    assert!(error.contains("validator.toml"), "{error}");
    assert_eq!(fs::read_dir(keystore(&join)).unwrap().count(), before);
}

#[test]
fn keys_of_another_account_or_machine_are_not_taken_for_these() {
    let folder = tempfile::tempdir().unwrap();
    let mut join = join(folder.path());
    join.run().unwrap();
    join.account = AccountId::from([8; 32]);
    let error = join.run().unwrap_err().to_string();
    assert!(error.contains("set-keys.call") && error.contains(&address(&join.account)), "{error}");

    join.account = AccountId::from([7; 32]);
    fs::remove_dir_all(keystore(&join)).unwrap();
    let error = join.run().unwrap_err().to_string();
    assert!(error.contains("are not in the keystore"), "{error}");
    join.target.force = true;
    let said = join.run().unwrap();
    assert!(said.contains("  new"), "{said}");
    let config_dir = join.place.config_dir().unwrap();
    assert!(Keystore::look(None, &config_dir).unwrap().holds(&session_keys(&join).0));
}
