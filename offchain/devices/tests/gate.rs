//! Who is let in, what is taken, and who is shown.

#![allow(clippy::unwrap_used, reason = "in a test an unwrap is the assertion")]

mod company;

use company::{Company, KEY};
use proptest::{collection::vec, prelude::*};
use smartlink_devices::{
    config::Registration,
    registry::{Details, RegistryError},
    Closing, Credential, Devices, DevicesConfig, Enrolment, Event, Identity, NotAccepted, Refusal,
    TerminalId, TerminalState,
};
use smartlink_records::{Channel, Position, Quantity, Reading, Report};
use smartlink_service::{config::Check, Secret};
use std::collections::BTreeMap;

fn report(time_ms: u64) -> Report {
    let position = Position { latitude: 31_230_416, longitude: 121_473_701, ..Position::default() };
    Report { time_ms, position: Some(position), ..Report::default() }
}

fn key(name: &str, key: &str) -> Credential {
    Credential::Key { identity: name.into(), key: key.as_bytes().to_vec() }
}

#[tokio::test]
async fn a_report_is_taken_as_its_terminals_and_vehicles() {
    let company = Company::start().await;
    let truck = company.device("truck-7");
    let gate = company.gate();
    let receipt = gate.accept(&truck, Channel::Mqtt, vec![report(1), report(2)]).unwrap();
    assert_eq!(receipt.durable().await.unwrap().count, 2);
    gate.bind(truck.terminal(), 42).unwrap();
    gate.accept(&truck, Channel::Http, vec![report(3)]).unwrap().durable().await.unwrap();

    let records = company.devices().log().read(1, 10).unwrap();
    let seen: Vec<_> = records
        .iter()
        .map(|record| (record.report.time_ms, record.vehicle, record.channel))
        .collect();
    assert_eq!(seen, [(1, 0, Channel::Mqtt), (2, 0, Channel::Mqtt), (3, 42, Channel::Http)]);
    assert!(records.iter().all(|record| record.terminal == truck.terminal()));
    let presence = gate.presence(truck.terminal()).unwrap();
    assert_eq!((presence.records, presence.vehicle, presence.connection), (3, 42, None));
}

#[tokio::test]
async fn a_report_that_the_log_cannot_give_back_is_refused_with_those_beside_it() {
    let company = Company::start().await;
    let truck = company.device("truck-7");
    let mut nowhere = report(2);
    nowhere.position = Some(Position { latitude: 90_000_001, ..Position::default() });
    let refused = company.gate().accept(&truck, Channel::Http, vec![report(1), nowhere]);
    assert_eq!(refused.unwrap_err(), NotAccepted::Invalid(1));
    let mut crowded = report(3);
    crowded.readings = vec![Reading::of(Quantity::Fuel, 1); 256];
    let refused = company.gate().accept(&truck, Channel::Http, vec![crowded]);
    assert_eq!(refused.unwrap_err(), NotAccepted::Invalid(0));
    assert_eq!(company.devices().log().next_sequence(), 1);
}

#[tokio::test]
async fn who_is_suspended_is_disconnected_and_refused_until_made_active() {
    let company = Company::start().await;
    let truck = company.device("truck-7");
    let gate = company.gate();
    let mut outlet = gate.attach(&truck, company.peer());
    gate.set_state(truck.terminal(), TerminalState::Suspended).unwrap();
    assert!(matches!(outlet.next().await, Event::Close(Closing::Revoked)));
    let refused = gate.accept(&truck, Channel::Http, vec![report(1)]);
    assert_eq!(refused.unwrap_err(), NotAccepted::Revoked);
    assert_eq!(gate.admit(key("truck-7", KEY), company.peer()).unwrap_err(), Refusal::Suspended);

    gate.set_state(truck.terminal(), TerminalState::Active).unwrap();
    let truck = gate.admit(key("truck-7", KEY), company.peer()).unwrap();
    assert!(gate.accept(&truck, Channel::Http, vec![report(1)]).is_ok());
}

#[tokio::test]
async fn who_is_not_known_is_shown_until_enrolled() {
    let company = Company::start().await;
    let gate = company.gate();
    assert_eq!(gate.admit(key("stranger", KEY), company.peer()).unwrap_err(), Refusal::Unknown);
    let identity = Identity::name("stranger").unwrap();
    gate.note_stranger(&identity, company.peer(), &Refusal::Unknown, b"\x01\x02");
    let shown = gate.quarantined(10);
    assert_eq!((shown.len(), &shown[0].identity, shown[0].refused), (1, &identity, 2));
    assert_eq!(shown[0].frames, ["0102"]);

    let (_, made) = gate.enrol(Enrolment::of(identity, 1)).unwrap();
    let made = made.unwrap();
    assert!(gate.quarantined(10).is_empty());
    gate.admit(key("stranger", made.expose()), company.peer()).unwrap();
    assert_eq!(
        gate.admit(key("stranger", "another key"), company.peer()).unwrap_err(),
        Refusal::WrongKey
    );
}

#[tokio::test]
async fn who_guesses_keys_has_to_wait() {
    let company = Company::with(|config| config.registry.wrong_keys_per_minute = 3).await;
    company.device("truck-7");
    for guess in 0..3 {
        let wrong = company.gate().admit(key("truck-7", &format!("guess {guess}")), company.peer());
        assert_eq!(wrong.unwrap_err(), Refusal::WrongKey);
    }
    let right = company.gate().admit(key("truck-7", KEY), company.peer());
    assert_eq!(right.unwrap_err(), Refusal::TooManyAttempts);
}

#[tokio::test]
async fn a_terminal_registers_and_the_code_before_stays_good_until_the_new_one_is_used() {
    let company = Company::start().await;
    let gate = company.gate();
    let identity = Identity::phone("013800138000").unwrap();
    let (terminal, none) = gate.enrol(Enrolment::of(identity.clone(), 1)).unwrap();
    assert!(none.is_none(), "its code comes with registration");
    let with = |code: &str| {
        let (phone, auth_code) = ("13800138000".to_owned(), code.as_bytes().to_vec());
        gate.admit(Credential::Jt808 { phone, auth_code }, company.peer())
    };
    assert_eq!(with("whatever").unwrap_err(), Refusal::NotRegistered);
    let details = Details { plate: "沪A12345".into(), ..Details::default() };
    let first = gate.register("013800138000", &details, company.peer(), b"").unwrap();
    let first = first.expose();
    assert_eq!(with(first).unwrap().terminal(), terminal.id);
    let second = gate.register("00000000013800138000", &details, company.peer(), b"").unwrap();
    assert!(with(first).is_ok(), "the answer with the second code may be lost");
    assert!(with(second.expose()).is_ok());
    assert_eq!(with(first).unwrap_err(), Refusal::WrongKey);

    let pretender = Details { plate: "沪B99999".into(), ..Details::default() };
    let refused = gate.register("013800138000", &pretender, company.peer(), b"\x7e");
    assert_eq!(refused.unwrap_err(), Refusal::Mismatch);
    assert_eq!(gate.quarantined(1)[0].details.plate, "沪B99999");
    assert_eq!(gate.registry().find(&identity).unwrap().unwrap().name(), "沪A12345");
}

#[tokio::test]
async fn where_registration_is_open_everybody_gets_a_code() {
    let company = Company::with(|config| config.registry.registration = Registration::Open).await;
    let details = Details { model: "T1".into(), ..Details::default() };
    let code = company.gate().register("13900139000", &details, company.peer(), b"").unwrap();
    let auth_code = code.expose().as_bytes().to_vec();
    let credential = Credential::Jt808 { phone: "13900139000".into(), auth_code };
    assert!(company.gate().admit(credential, company.peer()).is_ok());
    assert_eq!(company.gate().registry().count(), 1);
}

#[tokio::test]
async fn a_binding_is_confirmed_for_the_vehicle_that_it_has() {
    let mut company = Company::start().await;
    let terminal = company.device("truck-7").terminal();
    company.gate().bind(terminal, 42).unwrap();
    let registry = company.gate().registry();
    let wrong = registry.confirm_binding(terminal, 41, 100);
    assert!(matches!(wrong, Err(RegistryError::OtherVehicle { bound: 42, confirmed: 41 })));
    assert_eq!(registry.confirm_binding(terminal, 42, 100).unwrap().bound_on_chain, Some(100));
    company.restart().await;
    let registry = company.gate().registry();
    assert_eq!(registry.of_vehicle(42).unwrap()[0].bound_on_chain, Some(100));
    let again = registry.confirm_binding(terminal, 42, 107).unwrap();
    assert_eq!(again.bound_on_chain, Some(100), "since the block in which it was first seen");
    for _ in 0..2 {
        assert_eq!(registry.withdraw_confirmation(terminal).unwrap().bound_on_chain, None);
    }
    assert_eq!(registry.confirm_binding(terminal, 42, 110).unwrap().bound_on_chain, Some(110));
    let moved = company.gate().bind(terminal, 43).unwrap();
    assert_eq!((moved.vehicle, moved.bound_on_chain), (43, None));
    assert!(registry.of_vehicle(42).unwrap().is_empty());
}

#[tokio::test]
async fn who_follows_the_chain_hears_of_terminals_that_are_bound_elsewhere() {
    let company = Company::start().await;
    let mut moves = company.gate().registry().moves();
    let unbound = company.device("truck-6").terminal();
    let identity = Identity::name("truck-7").unwrap();
    let fitted = Enrolment { vehicle: 42, ..Enrolment::of(identity, 1) };
    company.gate().enrol(fitted.clone()).unwrap();
    let (fitted, _) = company.gate().enrol(fitted).unwrap();
    assert_eq!(moves.try_recv(), Ok(fitted.id));
    assert!(moves.try_recv().is_err(), "what is enrolled again is no news");
    for vehicle in [43, 43, 0, 43] {
        company.gate().bind(fitted.id, vehicle).unwrap();
    }
    company.gate().bind(unbound, 44).unwrap();
    let heard: Vec<_> = std::iter::from_fn(|| moves.try_recv().ok()).collect();
    assert_eq!(
        heard,
        [fitted.id, fitted.id, unbound],
        "what stays, and what is bound to none, is no news"
    );
}

#[tokio::test]
async fn a_salt_that_is_none_is_refused() {
    let mut config =
        DevicesConfig { chain_salt: Secret::new("5a17".into()), ..DevicesConfig::default() };
    let [fault] = &Check::all(&config)[..] else { panic!("one fault") };
    assert!(fault.key == "chain_salt" && fault.remedy.contains("64"), "{fault:?}");
    assert!(Devices::start(config.clone())
        .await
        .is_err_and(|e| e.to_string().contains("chain_salt")));
    config.chain_salt = Secret::new("5a".repeat(32));
    assert!(Check::all(&config).is_empty());
    assert!(!format!("{config:?}").contains("5a5a"), "it is a secret");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// The registry is a map from identities to terminals: numbered from 1 without gaps, each listed once, as bound
    /// last, also after a restart.
    #[test]
    fn the_registry_is_a_map(steps in vec((0..12u8, 0..4u32), 1..30)) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        runtime.block_on(async {
            let mut company = Company::start().await;
            let mut model: BTreeMap<u8, (TerminalId, u32)> = BTreeMap::new();
            for (name, vehicle) in steps {
                let next = TerminalId(model.len() as u64 + 1);
                let of = model.entry(name).or_insert((next, 0));
                let identity = Identity::name(&format!("device-{name}")).unwrap();
                let enrolled = company.gate().enrol(Enrolment::of(identity, 1));
                match enrolled {
                    Ok((terminal, _)) => assert_eq!(terminal.id, of.0),
                    // Bound meanwhile: it is not what was enrolled.
                    Err(RegistryError::Taken { terminal, .. }) => assert_eq!((terminal, of.1 != 0), (of.0, true)),
                    Err(error) => panic!("{error}"),
                }
                company.gate().bind(of.0, vehicle).unwrap();
                of.1 = vehicle;
            }
            company.restart().await;
            let registry = company.gate().registry();
            let listed = registry.list(TerminalId(0), 100).unwrap();
            let listed: Vec<_> = listed.iter().map(|terminal| (terminal.id, terminal.vehicle)).collect();
            let mut expected: Vec<_> = model.values().copied().collect();
            expected.sort();
            assert_eq!(listed, expected);
            for vehicle in 1..4 {
                let bound: Vec<_> = registry.of_vehicle(vehicle).unwrap().iter().map(|terminal| terminal.id).collect();
                let of: Vec<_> = expected.iter().filter(|(_, bound)| *bound == vehicle).map(|(id, _)| *id).collect();
                assert_eq!(bound, of);
            }
        });
    }
}

#[tokio::test]
async fn who_knows_the_number_alone_does_not_register_first() {
    let company = Company::with(|config| config.registry.first_registration_proved = true).await;
    let gate = company.gate();
    let identity = Identity::phone("13800138000").unwrap();
    let (terminal, _) = gate.enrol(Enrolment::of(identity, 1)).unwrap();
    let of = |serial: &str| Details { serial: serial.into(), ..Details::default() };
    let register = |serial: &str| gate.register("13800138000", &of(serial), company.peer(), b"");
    assert_eq!(register("9999999").unwrap_err(), Refusal::Unproved);
    assert_eq!(gate.quarantined(1)[0].details.serial, "9999999");
    gate.expect_registration(terminal.id, of("1234567")).unwrap();
    assert_eq!(register("9999999").unwrap_err(), Refusal::Mismatch);
    let code = register("1234567").unwrap();
    let (phone, auth_code) = ("13800138000".to_owned(), code.expose().as_bytes().to_vec());
    let code = Credential::Jt808 { phone, auth_code };
    let came_in = gate.admit(code.clone(), company.peer()).unwrap();
    gate.expect_registration(terminal.id, of("7654321")).unwrap();
    assert!(!came_in.is_valid(), "who came in by the code before is out");
    assert_eq!(gate.admit(code, company.peer()).unwrap_err(), Refusal::NotRegistered);
    assert!(register("7654321").is_ok());
}
