use super::*;
use crate::domain::{entity::Version, Cell, Change, Kind, Value};
use std::collections::{BTreeMap, BTreeSet};

#[test]
fn names_are_unique_and_nobody_takes_the_names_of_the_rest() {
    let registry = Registry::default();
    let taken = ["raw_blocks", "runtimes", "generations", "cuts", "progress"];
    let mut names: BTreeSet<&str> = tables::ALL.iter().map(|table| table.name).collect();
    names.extend(taken);
    for entity in registry.all() {
        assert!(names.insert(entity.name), "{} is there already", entity.name);
        let mut columns: BTreeSet<&str> = HEAD.iter().map(|column| column.name).collect();
        for column in entity.columns {
            assert!(columns.insert(column.name), "{}.{} twice", entity.name, column.name);
            assert!(
                column.nullable,
                "{}.{} has to be able to hold nothing",
                entity.name, column.name
            );
            assert!(!column.sum || column.kind == Kind::Money);
        }
        assert!(entity.about.ends_with('.') && !entity.facts.is_empty(), "{}", entity.name);
    }
}

#[test]
fn the_form_is_that_of_the_columns_and_of_what_changes_them() {
    let all = Registry::default();
    let fewer = Registry::of(ALL[1..].to_vec());
    assert_ne!(all.form(), fewer.form());
    assert_eq!(all.form(), Registry::default().form());
    const LEARNED: [(Origin, &str, &str); 1] = [(Origin::Event, "Vehicles", "NewPlate")];
    let mut entities = ALL.to_vec();
    entities[0].facts = &LEARNED;
    assert_ne!(all.form(), Registry::of(entities).form());
}

#[test]
fn a_tariff_from_beyond_all_times_is_read_all_the_same() {
    let number = |name: &str, number| (name.into(), Value::Small(number));
    let fields = Value::Record(vec![
        number("company", 1),
        number("city", 440_300),
        number("version", 1),
        ("from".into(), Value::Big(u64::MAX.into())),
        ("tariff".into(), Value::Null),
        ("proposed_by".into(), Value::Account([7; 32])),
    ]);
    let fact = Fact {
        block: 1,
        time: 0,
        index: 0,
        origin: Origin::Event,
        extrinsic: None,
        pallet: "Tariffs",
        name: "Proposed",
        fields: &fields,
    };
    let patches = (tariffs::TARIFFS.read)(&fact).unwrap();
    assert!(patches[0].changes.contains(&("from", Change::Set(Cell::Null))), "{patches:?}");
}

#[test]
fn money_that_is_held_does_not_vanish() {
    let fields = Value::Record(vec![
        ("who".into(), Value::Account([7; 32])),
        ("amount".into(), Value::Big(5)),
    ]);
    let fact = Fact {
        block: 1,
        time: 0,
        index: 0,
        origin: Origin::Event,
        extrinsic: None,
        pallet: "Balances",
        name: "Held",
        fields: &fields,
    };
    let patches = (balances::BALANCES.read)(&fact).unwrap();
    let [patch] = patches.as_slice() else { panic!("{patches:?}") };
    assert!(patch.changes.contains(&("free", Change::Subtract(5))));
    assert!(patch.changes.contains(&("held", Change::Add(5))));
}

fn record<const N: usize>(fields: [(&str, Value); N]) -> Value {
    Value::Record(fields.into_iter().map(|(name, value)| (name.into(), value)).collect())
}

/// An entry of the state with one key.
fn entry(key: Value, value: Value) -> Value {
    record([("keys", Value::List(vec![key])), ("value", value)])
}

fn text(text: &str) -> Value {
    Value::Text(text.into())
}

fn account(byte: u8) -> Value {
    Value::Account([byte; 32])
}

fn hash(byte: u8) -> Value {
    Value::Bytes(vec![byte; 32])
}

/// A name, or a text, as a row holds it.
fn named(text: &str) -> Cell {
    text.into()
}

/// What facts leave of an entity, by id: origin, pallet, name and fields of each.
fn left(entity: &Entity, facts: &[(Origin, &str, &str, Value)]) -> BTreeMap<String, Version> {
    let mut left: BTreeMap<String, Version> = BTreeMap::new();
    for &(origin, pallet, name, ref fields) in facts {
        let fact =
            Fact { block: 1, time: 0, index: 0, origin, extrinsic: None, pallet, name, fields };
        assert!(entity.is_changed_by(&fact), "{} knows no {pallet}.{name}", entity.name);
        for patch in (entity.read)(&fact).unwrap() {
            let unborn = || Version::unborn(entity, true);
            left.entry(patch.id.clone()).or_insert_with(unborn).apply(entity, &patch);
        }
    }
    left
}

/// What one holds in columns.
fn cells<const N: usize>(entity: &Entity, version: &Version, columns: [&str; N]) -> [Cell; N] {
    columns.map(|column| version.cells[entity.column(column).unwrap()].clone())
}

#[test]
fn a_company_joins_lapses_is_renewed_and_falls() {
    let company = || ("company", Value::Small(5));
    let born = record([
        company(),
        ("name", Value::Bytes(b"Xinghe Ride".to_vec())),
        ("kind", text("Platform")),
        ("treasury", account(1)),
        ("registered", Value::Big(100)),
    ]);
    let until = |until| record([company(), ("application", Value::Small(0)), ("until", until)]);
    let active = |active| record([company(), ("active", Value::Bool(active))]);
    let seat = |to| record([company(), ("from", Value::Null), ("to", to)]);
    let story = [
        ("CompanyRegistered", born),
        ("Admitted", until(Value::Big(900))),
        ("SeatMoved", seat(account(2))),
        ("CompanyActivitySet", active(false)),
        ("CompanyActivitySet", active(true)),
        ("MembershipLapsed", record([company()])),
        ("MembershipRenewed", until(Value::Null)),
        ("CompanyExpelled", record([company(), ("reason", hash(9))])),
        ("SeatMoved", seat(Value::Null)),
    ];
    let story = story.map(|(name, fields)| (Origin::Event, "Consortium", name, fields));
    let after = |facts: usize| {
        let left = left(&companies::COMPANIES, &story[..facts]);
        let columns = ["standing", "active", "until", "lapsed", "reason", "seat"];
        assert!(!left["5"].removed && left.len() == 1);
        cells(&companies::COMPANIES, &left["5"], columns)
    };
    let (yes, no, nothing) = (Cell::Bool(true), Cell::Bool(false), Cell::Null);
    let (end, seat) = (Cell::Time(900_000), Cell::Bytes([2; 32]));
    let member = [named("Active"), yes.clone(), end.clone(), no.clone(), nothing.clone(), seat];
    let [.., seat] = member.clone();
    assert_eq!(after(3), member);
    let suspended =
        [named("Suspended"), no.clone(), end.clone(), no.clone(), nothing.clone(), seat.clone()];
    assert_eq!(after(4), suspended);
    assert_eq!(after(5), member);
    // The council still thinks well of it.
    let lapsed = [named("Active"), yes.clone(), end, yes.clone(), nothing.clone(), seat.clone()];
    assert_eq!(after(6), lapsed);
    let renewed = [named("Active"), yes, nothing.clone(), no.clone(), nothing.clone(), seat];
    assert_eq!(after(7), renewed);
    let reason = Cell::Bytes([9; 32]);
    let fallen = [named("Expelled"), no.clone(), nothing.clone(), no, reason, nothing];
    assert_eq!(after(9), fallen);
}

#[test]
fn founders_and_their_seats_come_in_any_order() {
    let founder = record([
        ("name", Value::Bytes(b"Shenxing Mobility".to_vec())),
        ("kind", text("Platform")),
        ("treasury", account(1)),
        ("standing", text("Active")),
        ("registered", Value::Big(0)),
        ("until", Value::Null),
    ]);
    let founder = (Origin::State, "Consortium", "Companies", entry(Value::Small(1), founder));
    let seat = (Origin::State, "Consortium", "Seats", entry(Value::Small(1), account(2)));
    let one = left(&companies::COMPANIES, &[founder.clone(), seat.clone()]);
    assert_eq!(one, left(&companies::COMPANIES, &[seat, founder]));
    let columns = ["company", "standing", "active", "until", "lapsed", "seat"];
    assert_eq!(
        cells(&companies::COMPANIES, &one["1"], columns),
        [
            Cell::Number(1),
            named("Active"),
            Cell::Bool(true),
            Cell::Null,
            Cell::Bool(false),
            Cell::Bytes([2; 32])
        ]
    );
}

/// An application with two papers.
fn applied(application: i64) -> Value {
    let paper = |kind, byte| record([("kind", text(kind)), ("hash", hash(byte))]);
    let papers = vec![paper("BusinessLicence", 7), paper("TaxCertificate", 8)];
    record([
        ("application", Value::Small(application)),
        ("name", Value::Bytes(b"Xinghe Ride".to_vec())),
        ("kind", text("Platform")),
        ("treasury", account(1)),
        ("applicant", account(2)),
        ("papers", Value::List(papers)),
        ("applied", Value::Big(50)),
    ])
}

#[test]
fn an_application_is_open_until_it_is_admitted_or_closed() {
    let event = |name, fields| (Origin::Event, "Consortium", name, fields);
    let about = |application| ("application", Value::Small(application));
    let admitted = record([
        ("company", Value::Small(5)),
        about(0),
        ("until", Value::Null),
        ("papers", Value::List(vec![])),
    ]);
    let facts = [
        event("Applied", applied(0)),
        event("Applied", applied(1)),
        event("Applied", applied(2)),
        event("Applied", applied(3)),
        event("Admitted", admitted),
        event("ApplicationClosed", record([about(1), ("by", account(2))])),
        event("ApplicationClosed", record([about(2), ("by", Value::Null)])),
    ];
    let left = left(&applications::APPLICATIONS, &facts);
    let shown = |id: &str| {
        let columns = ["state", "closed_by", "company"];
        (left[id].removed, cells(&applications::APPLICATIONS, &left[id], columns))
    };
    assert_eq!(shown("0"), (false, [named("admitted"), Cell::Null, Cell::Number(5)]));
    assert_eq!(shown("1"), (true, [named("closed"), Cell::Bytes([2; 32]), Cell::Null]));
    assert_eq!(shown("2"), (true, [named("closed"), Cell::Null, Cell::Null]));
    assert_eq!(shown("3"), (false, [named("open"), Cell::Null, Cell::Null]));
    let columns = ["name", "kind", "applicant", "applied"];
    assert_eq!(
        cells(&applications::APPLICATIONS, &left["3"], columns),
        [named("Xinghe Ride"), named("Platform"), Cell::Bytes([2; 32]), Cell::Time(50_000)]
    );
}

#[test]
fn a_treasury_agrees_by_its_word_or_by_applying_itself() {
    let Value::Record(mut own) = applied(1) else { panic!("a record") };
    let treasury = own.iter_mut().find(|(name, _)| &**name == "treasury").unwrap();
    treasury.1 = account(2);
    let accepted = record([("application", Value::Small(2)), ("treasury", account(1))]);
    let event = |name, fields| (Origin::Event, "Consortium", name, fields);
    let facts = [
        event("Applied", applied(0)),
        event("Applied", Value::Record(own)),
        event("Applied", applied(2)),
        event("TreasuryAccepted", accepted),
    ];
    let left = left(&applications::APPLICATIONS, &facts);
    let shown = |id: &str| {
        let columns = ["treasury", "treasury_accepted", "state"];
        cells(&applications::APPLICATIONS, &left[id], columns)
    };
    let treasury = |byte| Cell::Bytes([byte; 32]);
    assert_eq!(shown("0"), [treasury(1), Cell::Bool(false), named("open")]);
    assert_eq!(shown("1"), [treasury(2), Cell::Bool(true), named("open")]);
    assert_eq!(shown("2"), [treasury(1), Cell::Bool(true), named("open")]);
}

#[test]
fn who_attests_a_paper_last_answers_for_it() {
    let attested = |company, by| {
        record([
            ("application", Value::Small(3)),
            ("index", Value::Small(1)),
            ("company", Value::Small(company)),
            ("by", account(by)),
            ("before", Value::Null),
        ])
    };
    let facts = [
        (Origin::Event, "Consortium", "Applied", applied(3)),
        (Origin::Event, "Consortium", "PaperAttested", attested(9, 4)),
        (Origin::Event, "Consortium", "PaperAttested", attested(10, 5)),
    ];
    let left = left(&papers::PAPERS, &facts);
    let columns = ["application", "place", "kind", "hash", "company", "attested_by"];
    let shown = |id: &str| cells(&papers::PAPERS, &left[id], columns);
    assert_eq!(left.len(), 2);
    assert_eq!(
        shown("3-0"),
        [
            Cell::Number(3),
            Cell::Number(0),
            named("BusinessLicence"),
            Cell::Bytes([7; 32]),
            Cell::Null,
            Cell::Null
        ]
    );
    assert_eq!(
        shown("3-1"),
        [
            Cell::Number(3),
            Cell::Number(1),
            named("TaxCertificate"),
            Cell::Bytes([8; 32]),
            Cell::Number(10),
            Cell::Bytes([5; 32])
        ]
    );
}

#[test]
fn a_machine_goes_and_comes_back() {
    let known = |kind: &str| {
        [
            ("company", Value::Small(1)),
            ("kind", text(kind)),
            ("label", Value::Bytes(b"rack 4".to_vec())),
            ("since", Value::Small(0)),
        ]
    };
    let again = |kind: &str| {
        let [company, kind, label, since] = known(kind);
        record([company, ("node", hash(6)), kind, label, since])
    };
    let gone =
        record([("company", Value::Small(1)), ("node", hash(6)), ("removal", text("Council"))]);
    let story = [
        (Origin::State, "Nodes", "Nodes", entry(hash(6), record(known("Validator")))),
        (Origin::Event, "Nodes", "Registered", again("Full")),
        (Origin::Event, "Nodes", "Unregistered", gone),
        (Origin::Event, "Nodes", "Registered", again("Reader")),
    ];
    let id = format!("0x{}", "06".repeat(32));
    let after = |facts: usize| {
        let left = left(&machines::MACHINES, &story[..facts]);
        let columns = ["node", "kind", "label", "removal"];
        let [node, label] = [Cell::Bytes([6; 32]), named("rack 4")];
        let [own_node, kind, own_label, removal] = cells(&machines::MACHINES, &left[&id], columns);
        assert_eq!([own_node, own_label], [node, label]);
        (left[&id].removed, kind, removal)
    };
    assert_eq!(after(1), (false, named("Validator"), Cell::Null));
    assert_eq!(after(2), (false, named("Full"), Cell::Null));
    assert_eq!(after(3), (true, named("Full"), named("Council")));
    assert_eq!(after(4), (false, named("Reader"), Cell::Null));
}

#[test]
fn an_allowance_of_its_own_ends_when_the_common_one_holds_again() {
    let set = |allowance| record([("company", Value::Small(1)), ("allowance", allowance)]);
    let own = record([("max", Value::Big(700)), ("recovery_per_block", Value::Big(3))]);
    let story = [own, Value::Null].map(|allowance| {
        let name = "AllowanceSet";
        (Origin::Event, "Allowance", name, set(allowance))
    });
    let own = &left(&allowances::ALLOWANCES, &story[..1])["1"];
    let columns = ["company", "max", "recovery_per_block"];
    assert_eq!(
        cells(&allowances::ALLOWANCES, own, columns),
        [Cell::Number(1), Cell::Money(700), Cell::Money(3)]
    );
    assert!(!own.removed && left(&allowances::ALLOWANCES, &story)["1"].removed);
}

#[test]
fn an_account_draws_on_one_company() {
    let draws = |company| record([("who", account(2)), ("company", Value::Small(company))]);
    let story = [
        (Origin::State, "Allowance", "Draws", entry(account(2), Value::Small(1))),
        (Origin::Event, "Allowance", "DrawsSet", draws(4)),
        (Origin::Event, "Allowance", "DrawsEnded", draws(4)),
    ];
    let id = format!("0x{}", "02".repeat(32));
    let after = |facts: usize| {
        let left = left(&draws::DRAWS, &story[..facts]);
        let [account, company] = cells(&draws::DRAWS, &left[&id], ["account", "company"]);
        assert_eq!((left.len(), account), (1, Cell::Bytes([2; 32])));
        (left[&id].removed, company)
    };
    assert_eq!(after(1), (false, Cell::Number(1)));
    assert_eq!(after(2), (false, Cell::Number(4)));
    assert_eq!(after(3), (true, Cell::Number(4)));
}

#[test]
fn an_offence_has_a_name() {
    let offended = record([
        ("account", account(2)),
        ("company", Value::Small(1)),
        ("session", Value::Small(12)),
        ("severity", Value::Small(10_000_000)),
        ("kind", text("Unavailable")),
    ]);
    let facts = [(Origin::Event, "Validators", "Offended", offended)];
    let left = left(&validators::VALIDATORS, &facts);
    let columns = ["state", "offence", "offence_session", "severity"];
    assert_eq!(
        cells(&validators::VALIDATORS, &left[&format!("0x{}", "02".repeat(32))], columns),
        [named("disabled"), named("Unavailable"), Cell::Number(12), Cell::Number(10_000_000)]
    );
}
