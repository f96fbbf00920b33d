//! What files make of a chain, and what is said of wrong ones.

use super::*;
use crate::chain_spec;
use codec::Encode;
use frame_support::traits::Get;
use proptest::prelude::*;
use smartlink_primitives::CompanyId;
use smartlink_runtime::{
    configs::parameters::dynamic_params::{allowance, fees, settlement},
    Balances, Nodes, Runtime, WASM_BINARY,
};
use sp_core::{ed25519, sr25519, storage::Storage, Pair};
use sp_io::TestExternalities;
use sp_keyring::Sr25519Keyring;
use sp_keystore::{testing::MemoryKeystore, KeystoreExt};
use sp_runtime::BuildStorage;
use std::fmt::Write;

const CITY: &str = include_str!("../../chains/city.toml");
const FREIGHT: &str = include_str!("../../chains/freight.toml");
const ALICE: &str = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
const ALICE_STASH: &str = "5GNJqTPyNqANBkUVMN1LPPrxXnFouWXoe2wNSmmEoLctxiZY";
const BOB: &str = "5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty";
const BOB_STASH: &str = "5HpG9w8EBLe5XCrbczpwq5TSXvedjrBGCwqxK1iQ7qUsSWFc";
const NODE_1: &str = "12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp";
const NODE_2: &str = "12D3KooWHdiAxVd8uMQR1hGWXccidmfCwLqcMpGwR6QcTP6QRMuD";

fn read(text: &str) -> Consortium {
    Consortium::from_bytes("city.toml", text.as_bytes()).unwrap_or_else(|why| panic!("{why}"))
}

fn refused(text: &str) -> String {
    match Consortium::from_bytes("city.toml", text.as_bytes()) {
        Ok(consortium) => panic!("{consortium:?}"),
        Err(error) => error.to_string(),
    }
}

/// The text with the first `from` replaced.
fn edited(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "'{from}' stands in the file");
    text.replacen(from, to, 1)
}

/// The state in which the chain of a consortium begins.
fn state(consortium: &Consortium, code: &[u8]) -> TestExternalities {
    let specification = consortium.specification(code).unwrap_or_else(|why| panic!("{why}"));
    of_storage(specification.build_storage())
}

fn of_storage(storage: Result<Storage, String>) -> TestExternalities {
    TestExternalities::new(storage.unwrap_or_else(|why| panic!("{why}")))
}

#[test]
fn a_preset_makes_the_genesis_that_its_file_describes() {
    let Some(code) = WASM_BINARY else { return };
    for name in NAMES {
        let consortium = read(preset(name).unwrap());
        state(&consortium, code).execute_with(|| holds(&consortium));
    }
}

/// Checks that the state holds all that the file says.
fn holds(consortium: &Consortium) {
    let mut validators = Vec::new();
    let mut machines = Vec::new();
    for (number, company) in (1..).zip(&consortium.companies) {
        let id = CompanyId(number);
        let there = pallet_consortium::Companies::<Runtime>::get(id).unwrap();
        assert_eq!(there.name.as_slice(), company.name.as_bytes());
        assert_eq!((there.kind, &there.treasury), (company.kind, &company.treasury));
        let seat = pallet_consortium::Seats::<Runtime>::get(id);
        assert_eq!(seat.as_ref(), Some(&company.administrator));
        for validator in &company.validators {
            let keys = pallet_session::NextKeys::<Runtime>::get(&validator.account);
            assert_eq!(keys.as_ref(), Some(&validator.keys));
            validators.push((validator.account.clone(), id));
        }
        for node in &company.nodes {
            let there = pallet_nodes::Nodes::<Runtime>::get(node.key).unwrap();
            assert_eq!((there.company, there.kind), (id, node.kind));
            assert_eq!(there.label.as_slice(), node.label.as_bytes());
            machines.push(node.key);
        }
    }
    let there: Vec<_> = pallet_validators::Validators::<Runtime>::get()
        .into_iter()
        .map(|one| (one.account, one.company))
        .collect();
    assert_eq!(there, validators);
    assert!(
        pallet_consortium::NextCompany::<Runtime>::get().0 as usize > consortium.companies.len()
    );
    machines.sort_unstable();
    assert_eq!(Nodes::admitted(), consortium.permissioned.then_some(machines));
    for (account, amount) in consortium.balances() {
        assert_eq!(Balances::free_balance(&account), amount, "{account}");
    }
    for (key, value) in parameters::storage(&consortium.parameters) {
        assert_eq!(sp_io::storage::get(&key).map(|held| held.to_vec()), Some(value));
    }
}

#[test]
fn the_runtime_reads_the_parameters_of_freight_from_its_genesis() {
    let Some(code) = WASM_BINARY else { return };
    state(&read(FREIGHT), code).execute_with(|| {
        assert_eq!(fees::PerSecond::get(), 500_000);
        assert_eq!(fees::PerByte::get(), 1, "the file says nothing of it");
        assert_eq!(settlement::MaxSeats::get(), 16_384);
        assert_eq!(allowance::Max::get(), 25_000_000);
        assert_eq!(allowance::RecoveryPerBlock::get(), 100_000);
    });
    state(&read(CITY), code).execute_with(|| assert_eq!(fees::PerSecond::get(), 1_000_000));
}

#[test]
fn the_city_has_the_validators_of_the_runtimes_preset() {
    let Some(code) = WASM_BINARY else { return };
    let running = || {
        (
            pallet_validators::Validators::<Runtime>::get().into_inner(),
            pallet_session::QueuedKeys::<Runtime>::get(),
            Nodes::admitted(),
        )
    };
    let local = chain_spec::load("local").unwrap().build_storage();
    let there = of_storage(local).execute_with(running);
    assert_eq!(there.1.len(), 4);
    assert_eq!(state(&read(CITY), code).execute_with(running), there);
}

#[test]
fn a_specification_says_what_the_file_says() {
    let Some(code) = WASM_BINARY else { return };
    let specification = read(FREIGHT).specification(code).unwrap();
    assert_eq!(specification.name(), "SmartLinkDrive freight");
    assert_eq!(specification.id(), "freight");
    assert_eq!(specification.protocol_id(), Some("freight"));
    let addresses: Vec<_> = specification.boot_nodes().iter().map(ToString::to_string).collect();
    assert_eq!(addresses, [format!("/ip4/127.0.0.1/tcp/30333/p2p/{NODE_1}")]);
    // Whoever gets the JSON has the same chain.
    let json = specification.as_json(true).unwrap();
    let again = chain_spec::ChainSpec::from_json_bytes(json.into_bytes()).unwrap();
    let [here, there] = [specification, again].map(|one| one.build_storage().unwrap());
    assert!(here.top == there.top, "the JSON makes another genesis");
}

#[test]
fn a_wrong_file_is_refused_with_a_sentence_that_names_place_and_remedy() {
    let long_name = format!("name = \"{}\"", "x".repeat(65));
    let bob = format!("treasury = \"{BOB}\"");
    let bobs_keys = "keys = \"0x8eaf0415";
    let table: &[(&str, &str, &[&str])] = &[
        (
            "name = \"SmartLinkDrive city\"",
            "",
            &["city.toml, name: it is missing", "docs/chains.md"],
        ),
        (
            "name = \"SmartLinkDrive city\"",
            "nonsense here",
            &["city.toml line 13 is not TOML", "correct"],
        ),
        ("name =", "nam =", &["city.toml line 13, nam: there is no such key", "name, id, kind"]),
        ("id = \"city\"", "id = \"My City\"", &["id: it cannot name folders", "a-z, 0-9"]),
        ("kind = \"local\"", "kind = \"lokal\"", &["kind: unknown variant `lokal`", "`live`"]),
        ("kind = \"local\"", "kind = 1", &["kind: it is of type integer", "in double quotes"]),
        (
            "permissioned = true",
            "permissioned = \"yes\"",
            &["it is of type string", "true or false"],
        ),
        ("/p2p/12D3", "/q2q/12D3", &["bootnodes: number 1: it is no address of a node", "/dns/"]),
        ("[\"/ip4", "[7, \"/ip4", &["bootnodes: number 1: it is of type integer", "double quotes"]),
        (
            "name = \"Xinghe Ride\"",
            "name = \"Shenxing Mobility\"",
            &[
                "company 2 'Shenxing Mobility', name: the same name stands at",
                "company 1 'Shenxing Mobility', name (line",
                "write each once",
            ],
        ),
        (
            "name = \"Xinghe Ride\"",
            "name = \" \"",
            &["company 2 ' ', name: it is empty", "1 to 64 bytes"],
        ),
        (
            "name = \"Xinghe Ride\"",
            &long_name,
            &["name: it is too long with 65 bytes", "1 to 64 bytes"],
        ),
        (
            "name = \"Xinghe Ride\"",
            "name = \"X\\n\"",
            &["company 2 'X\\n', name: it has characters", "one line"],
        ),
        (
            "kind = \"carrier\"",
            "kind = \"bus\"",
            &[
                "company 3 'Huayun Fleet', kind: unknown variant `bus`",
                "`carrier`",
                "write one of those",
            ],
        ),
        (
            &bob,
            "treasury = \"15oF4uVJwmo4TdGW7VfQxNLavjCXviqxT9S1MgbjMNHr6Sp5\"",
            &[
                "company 2 'Xinghe Ride', treasury: it is an address of prefix 0",
                "this chain has 42: write 5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY if",
            ],
        ),
        (&bob, "treasury = \"5F\"", &["treasury: it is no address", "begins with 5, or 0x and 64"]),
        (&bob, "treasury = \"0xab\"", &["treasury: it has 1 bytes", "64 hexadecimal digits"]),
        (&bob, "", &["company 2 'Xinghe Ride', treasury: it is missing"]),
        (&bob, &format!("treasury = \"{ALICE}\""), &["the same treasury stands at company 1"]),
        (
            &format!("administrator = \"{BOB}\""),
            &format!("administrator = \"{ALICE}\""),
            &["company 2 'Xinghe Ride', administrator: the same administrator stands at company 1"],
        ),
        (
            "money = \"1000000000.00\"",
            "money = 1000000000.0",
            &["money: it is of type float", "double quotes"],
        ),
        (
            "money = \"1000000000.00\"",
            "money = \"1.0000001\"",
            &["more than 6 decimals", "\"1000.00\""],
        ),
        (
            "money = \"1000000000.00\"",
            "money = \"10000000000000.01\"",
            &["more money than there is", "at most ¥"],
        ),
        (
            "money = \"1000000000.00\"",
            "money = \"10000000000000.00\"",
            &["company: their accounts hold more money than there is", "together"],
        ),
        (
            BOB_STASH,
            ALICE_STASH,
            &[
                "company 2 'Xinghe Ride', validator 1, account: the same validator stands at",
                "company 1 'Shenxing Mobility', validator 1, account (line",
            ],
        ),
        (
            bobs_keys,
            "keys = \"8eaf0415",
            &["'Xinghe Ride', validator 1, keys: it does not begin with 0x"],
        ),
        (
            bobs_keys,
            "keys = \"0x0415",
            &["validator 1, keys: they are no session keys: 127 bytes", "company join"],
        ),
        (bobs_keys, "keys = \"0x8eaf041", &["validator 1, keys: it is no hexadecimal"]),
        (
            bobs_keys,
            "proof = \"0x00\"\n  keys = \"0x8eaf0415",
            &[
                "company 2 'Xinghe Ride', validator 1, proof: it does not prove",
                "one run of `smartlink-node company join`",
            ],
        ),
        (
            "  [[company.validator]]",
            "  [[company.validators]]",
            &["company 1 'Shenxing Mobility', validators: there is no such key", "validator, node"],
        ),
        (
            "[[company.node]]\n  id",
            "[[company.node]]\n  peer",
            &["node 1, peer: there is no such key", "node 1, id: it is"],
        ),
        (
            NODE_2,
            NODE_1,
            &["company 2 'Xinghe Ride', node 1, id: the same node stands at company 1"],
        ),
        (
            NODE_2,
            "12D3",
            &["company 2 'Xinghe Ride', node 1, id: it is no peer id", "generate-node-key"],
        ),
        (
            NODE_2,
            "QmSk5HQbn6LhUwDiNMseVUjuRYhEtYj4aUZ6WfWoGURpdV",
            &["no peer id of an ed25519 key"],
        ),
        (
            "kind = \"validator\"",
            "kind = \"seed\"",
            &["node 1, kind: unknown variant `seed`", "`reader`"],
        ),
        (
            "  label = \"Huayun Fleet\"\n",
            "",
            &["company 3 'Huayun Fleet', node 1, label: it is missing"],
        ),
        ("[[company]] # 1\n", "[[company]] # 1\nvalidator = 5\n", &["is not TOML"]),
        (
            "permissioned = true",
            "parameters = 5",
            &["parameters: it is of type integer", "[parameters]"],
        ),
    ];
    for (from, to, words) in table {
        let error = refused(&edited(CITY, from, to));
        for word in words.iter() {
            assert!(error.contains(word), "{from} -> {to}: '{word}' is not in\n{error}");
        }
        assert!(error.contains("city.toml"), "{error}");
    }
}

#[test]
fn a_second_validator_of_the_same_session_keys_is_refused_key_by_key() {
    let keys = |text: &str, company: usize| {
        let line = text.lines().filter(|line| line.contains("keys = ")).nth(company);
        line.unwrap().trim().to_string()
    };
    let error = refused(&edited(CITY, &keys(CITY, 1), &keys(CITY, 0)));
    for what in ["BABE", "GRANDPA", "BEEFY", "authority discovery"] {
        assert!(
            error.contains(&format!("keys: the same {what} key stands at company 1")),
            "{error}"
        );
    }
}

#[test]
fn wrong_parameters_are_refused_with_their_group() {
    let table: &[(&str, &[&str])] = &[
        (
            "[parameters.fees]\nper_hour = \"1\"",
            &["parameters, fees, per_hour", "per_second, per_byte"],
        ),
        (
            "[parameters.fee]\n",
            &["parameters, fee: there is no such key", "fees, settlement, allowance"],
        ),
        ("[parameters]\nfees = \"1\"", &["parameters, fees: it is of type string", "[fees]"]),
        ("[parameters.fees]\nper_byte = 1", &["per_byte: it is of type integer", "double quotes"]),
        ("[parameters.settlement]\nmax_seats = 0", &["max_seats: it is 0", "from 1 to"]),
        ("[parameters.settlement]\nmax_seats = \"9\"", &["it is of type string", "a whole number"]),
    ];
    for (add, words) in table {
        let error = refused(&format!("{CITY}\n{add}\n"));
        for word in words.iter() {
            assert!(error.contains(word), "{add}: '{word}' is not in\n{error}");
        }
    }
}

#[test]
fn all_faults_are_told_at_once_and_not_without_end() {
    let error = refused(&CITY.replace("money = ", "mony = "));
    assert_eq!(error.lines().count(), 8, "{error}");
    let error = refused(&"[[company]]\n".repeat(9));
    assert_eq!(error.lines().count(), 21, "{error}");
    // Three keys of the chain, four of each company, and that nothing is left of the companies is told by those.
    assert!(error.ends_with("and 19 more"), "{error}");
}

#[test]
fn what_is_no_text_or_too_much_is_refused() {
    let error = Consortium::from_bytes("x.toml", b"name = \"\xff\"").unwrap_err().to_string();
    assert!(error.contains("'x.toml' is no UTF-8 text from byte 8 on"), "{error}");
    let large = vec![b' '; 2 * 1024 * 1024 + 1];
    let error = Consortium::from_bytes("x.toml", &large).unwrap_err().to_string();
    assert!(error.contains("has more than 2097152 bytes"), "{error}");
}

/// The public key of the machine with this number.
fn machine(number: u32) -> String {
    let mut seed = [7; 32];
    seed[..4].copy_from_slice(&number.to_le_bytes());
    format!("0x{}", hex::encode(ed25519::Pair::from_seed(&seed).public().0))
}

/// A file of companies with so many validators and machines each. The keys are nobody's.
fn generated(companies: u32, validators: u32, machines: u32) -> String {
    let mut text = String::from("name = \"Many\"\nid = \"many\"\nkind = \"local\"\n");
    for company in 1..=companies {
        let owner = 1_000_000 * company;
        write!(
            text,
            "[[company]]\nname = \"Company {company}\"\nkind = \"carrier\"\nmoney = \"1\"\n\
             treasury = \"0x{owner:064x}\"\nadministrator = \"0x{owner:064x}\"\n"
        )
        .unwrap();
        for validator in 1..=validators {
            let key = owner + validator;
            write!(
                text,
                "[[company.validator]]\naccount = \"0x{key:064x}\"\n\
                 keys = \"0x{key:064x}{key:064x}{key:066x}{key:064x}\"\n"
            )
            .unwrap();
        }
        for number in 1..=machines {
            let key = machine(owner + number);
            write!(text, "[[company.node]]\nid = \"{key}\"\nkind = \"full\"\nlabel = \"M\"\n")
                .unwrap();
        }
    }
    text
}

#[test]
fn the_bounds_of_the_chain_hold_and_what_fills_them_is_taken() {
    read(&generated(100, 1, 1));
    read(&generated(1, 100, 64));
    let table = [
        (generated(0, 0, 0), "company: there is none; write a table [[company]]"),
        (
            generated(2, 0, 1),
            "company: no company has a validator; write a table [[company.validator]]",
        ),
        (generated(101, 1, 1), "company: there are 101 of them; the council has 100 seats"),
        (generated(1, 101, 1), "company: they have 101 validators; all together may have 100"),
        (
            generated(1, 1, 65),
            "company 1 'Company 1', node: there are 65 of them; a company registers at most 64",
        ),
        (generated(2, 1, 0), "permissioned: strangers are kept out, but no machine is registered"),
    ];
    for (text, words) in table {
        let error = refused(&text);
        assert!(error.contains(words), "'{words}' is not in\n{error}");
    }
}

/// Four companies with keys of their own, each proven.
fn live() -> String {
    let mut text =
        String::from("name = \"Bay Area Mobility\"\nid = \"bay-area\"\nkind = \"live\"\n");
    for company in 1..=4_u8 {
        let [owner, account] = [[company; 32], [company + 100; 32]]
            .map(|seed| sr25519::Pair::from_seed(&seed).public());
        let mut keystore = TestExternalities::new_empty();
        keystore.register_extension(KeystoreExt::new(MemoryKeystore::new()));
        // The bytes that the runtime checks: those of the account.
        let made = keystore.execute_with(|| SessionKeys::generate(&account.0.encode(), None));
        write!(
            text,
            "[[company]]\nname = \"Company {company}\"\nkind = \"platform\"\n\
             treasury = \"0x{owner}\"\nadministrator = \"0x{owner}\"\nadministrator_money = \"10\"\n\
             [[company.validator]]\naccount = \"0x{account}\"\nkeys = \"0x{keys}\"\nproof = \"0x{proof}\"\n\
             [[company.node]]\nid = \"{machine}\"\nkind = \"validator\"\nlabel = \"One\"\n",
            owner = hex::encode(owner.0),
            account = hex::encode(account.0),
            keys = hex::encode(made.keys.encode()),
            proof = hex::encode(made.proof.encode()),
            machine = machine(company.into()),
        )
        .unwrap();
    }
    text
}

/// The lines of a file that begin with a key, in their order.
fn lines<'a>(text: &'a str, key: &str) -> Vec<&'a str> {
    text.lines().filter(|line| line.starts_with(key)).collect()
}

#[test]
fn a_live_chain_wants_proofs_keeps_strangers_out_and_takes_no_key_that_everybody_knows() {
    let live = live();
    let consortium = read(&live);
    assert_eq!(consortium.kind, ChainType::Live);
    assert_eq!(consortium.warnings(), Vec::<String>::new());

    let [proof, treasury] = ["proof", "treasury"].map(|key| lines(&live, key)[0]);
    let [account, keys, node] = ["account", "keys", "id = \"0x"].map(|key| lines(&live, key)[0]);
    let alices_keys = lines(&CITY.replace("  keys", "keys"), "keys")[0].to_string();
    let bootnode =
        format!("kind = \"live\"\nbootnodes = [\"/ip4/10.0.0.1/tcp/30333/p2p/{NODE_2}\"]");
    let stash = Sr25519Keyring::FerdieStash.to_account_id();
    let secret = |name: &str| format!("everybody knows the secret of this key ({name})");
    let table: [(&str, String, String); 9] = [
        (proof, "".into(), "validator 1, proof: it is missing, and in a live chain".into()),
        (proof, lines(&live, "proof")[1].into(), "validator 1, proof: it does not prove".into()),
        (
            "kind = \"live\"",
            "kind = \"live\"\npermissioned = false".into(),
            "keeps strangers out".into(),
        ),
        (treasury, format!("treasury = \"{ALICE}\""), secret("//Alice")),
        (treasury, format!("treasury = \"{stash}\""), secret("//Ferdie//stash")),
        (account, format!("account = \"{BOB_STASH}\""), secret("//Bob//stash")),
        (keys, alices_keys, secret("//Alice")),
        (node, format!("id = \"{NODE_1}\""), secret("node key 1")),
        ("kind = \"live\"", bootnode, format!("bootnodes: {}", secret("node key 2"))),
    ];
    for (from, to, words) in table {
        let error = refused(&edited(&live, from, &to));
        assert!(error.contains(&words), "{from} -> {to}: '{words}' is not in\n{error}");
    }
}

#[test]
fn a_proof_counts_in_any_chain_when_it_is_there() {
    let local = edited(&live(), "kind = \"live\"", "kind = \"local\"");
    read(&local);
    let proofs = lines(&local, "proof");
    let error = refused(&edited(&local, proofs[0], proofs[1]));
    assert!(error.contains("it does not prove"), "{error}");
    read(&edited(&local, proofs[0], ""));
}

#[test]
fn what_is_hardly_meant_is_warned_of() {
    assert_eq!(read(CITY).warnings(), Vec::<String>::new());
    assert_eq!(read(FREIGHT).warnings(), Vec::<String>::new());
    let few = read(preset("pilot").unwrap()).warnings();
    assert_eq!(few.len(), 1, "{few:?}");
    assert!(
        few[0].contains("validators: 1 in all; with fewer than 4 the chain stands still"),
        "{few:?}"
    );
    let poor = read(&edited(FREIGHT, "administrator_money = \"10.00\"\n", "")).warnings();
    assert_eq!(poor.len(), 1, "{poor:?}");
    assert!(
        poor[0].contains("company 3 'Yuanmao Trading': the administrator has no money"),
        "{poor:?}"
    );
    let lonely = read(&edited(CITY, "kind = \"validator\"", "kind = \"full\"")).warnings();
    assert_eq!(lonely.len(), 1, "{lonely:?}");
    assert!(
        lonely[0].contains("it has 1 in its tables [[company.validator]], and machines"),
        "{lonely:?}"
    );
}

#[test]
fn accounts_may_be_written_in_hexadecimal_and_tables_inline() {
    let hexadecimal = format!("0x{}", hex::encode(Sr25519Keyring::Bob.to_raw_public()));
    let text = CITY.replace(&format!("\"{BOB}\""), &format!("\"{hexadecimal}\""));
    assert_eq!(read(&text).companies[1].treasury, read(CITY).companies[1].treasury);
    let inline = format!(
        "name = \"A\"\nid = \"a\"\nkind = \"local\"\ncompany = [{{ name = \"B\", kind = \"bank\", treasury = \"{ALICE}\", \
         administrator = \"{BOB}\", node = [{{ id = \"{NODE_1}\", kind = \"full\", label = \"C\" }}] }}]\n"
    );
    let error = refused(&inline);
    assert_eq!(error, "city.toml line 4, company: no company has a validator; write a table [[company.validator]] below one \
        company at least");
}

/// Reads bytes to an end. What is wrong is said, and in which file.
fn reads_to_an_end(bytes: &[u8]) -> Result<(), TestCaseError> {
    if let Err(error) = Consortium::from_bytes("any.toml", bytes) {
        let said = error.to_string();
        prop_assert!(said.contains("any.toml") && said.len() > 20, "{}", said);
    }
    Ok(())
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..2048)) {
        reads_to_an_end(&bytes)?;
    }

    #[test]
    fn a_file_with_anything_in_any_place_is_read_or_refused(
        at in 0..FREIGHT.len(), cut in 0..60_usize, put in "(\\PC|[\\[\\]\"\n=.#{}]){0,24}",
    ) {
        let (before, after) = FREIGHT.as_bytes().split_at(at);
        let after = after.get(cut..).unwrap_or_default();
        reads_to_an_end(&[before, put.as_bytes(), after].concat())?;
    }
}
