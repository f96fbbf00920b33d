//! Commands to vehicles, from the call to the answer.

#![allow(clippy::unwrap_used, reason = "in a test an unwrap is the assertion")]

mod company;

use company::Company;
use proptest::{collection::vec, prelude::*};
use smartlink_devices::{
    commands::{CommandError, CommandState},
    config::CommandsConfig,
    Answer, Closing, Command, CommandId, Event, Outcome, TerminalId,
};

fn done() -> Outcome {
    Outcome::Answered(Answer { done: true, ..Answer::default() })
}

fn call_home() -> Command {
    Command::Call { number: "10086".into(), listen: false }
}

fn given(event: Event) -> smartlink_devices::Issued {
    match event {
        Event::Command(issued) => *issued,
        Event::Close(closing) => panic!("the connection was closed: {closing:?}"),
    }
}

#[tokio::test]
async fn a_command_waits_for_its_vehicle_and_comes_back_with_the_answer() {
    let company = Company::start().await;
    let truck = company.device("truck-7");
    let gate = company.gate();
    let issued = gate.command(truck.terminal(), "call-1", call_home(), None).unwrap();
    assert_eq!(issued.state, CommandState::Queued);
    let again = gate.command(truck.terminal(), "call-1", call_home(), None).unwrap();
    assert_eq!(again, issued, "the same key is the same command");
    let other = gate.command(truck.terminal(), "call-1", Command::QueryPosition, None);
    assert!(matches!(other, Err(CommandError::KeyTaken(id)) if id == issued.id));

    let mut outlet = gate.attach(&truck, company.peer());
    let sent = given(outlet.next().await);
    assert_eq!((sent.id, sent.attempts), (issued.id, 1));
    gate.settle(&truck, sent.id, done()).unwrap();
    let late = gate.settle(&truck, sent.id, Outcome::Failed("too late".into())).unwrap();
    assert!(matches!(late.state, CommandState::Answered { .. }), "the first outcome stays");
    assert_eq!(gate.commands().list(truck.terminal(), CommandId(u64::MAX), 10).unwrap(), [late]);
}

#[tokio::test]
async fn a_command_that_was_not_answered_is_given_to_the_next_connection() {
    let company = Company::start().await;
    let truck = company.device("truck-7");
    let issued = company.gate().command(truck.terminal(), "k", call_home(), None).unwrap();
    let mut first = company.gate().attach(&truck, company.peer());
    assert_eq!(given(first.next().await).id, issued.id);

    let mut second = company.gate().attach(&truck, company.peer());
    assert!(matches!(first.next().await, Event::Close(Closing::Replaced)));
    drop(first);
    assert_eq!(company.gate().online(), 1, "the newer connection is there");
    assert_eq!(given(second.next().await).attempts, 2);
    drop(second);
    assert_eq!(company.gate().online(), 0);
}

#[tokio::test]
async fn a_command_for_a_connected_vehicle_goes_out_at_once() {
    let company = Company::start().await;
    let truck = company.device("truck-7");
    let mut outlet = company.gate().attach(&truck, company.peer());
    let gate = company.gate().clone();
    let terminal = truck.terminal();
    let caller =
        tokio::spawn(async move { gate.command(terminal, "k", call_home(), None).unwrap() });
    let sent = given(outlet.next().await);
    assert_eq!(sent.id, caller.await.unwrap().id);
}

#[tokio::test]
async fn commands_survive_a_restart() {
    let mut company = Company::start().await;
    let truck = company.device("truck-7");
    let queued = company.gate().command(truck.terminal(), "a", call_home(), None).unwrap();
    let answered = company.gate().command(truck.terminal(), "b", call_home(), None).unwrap();
    company.gate().settle(&truck, answered.id, done()).unwrap();
    company.restart().await;

    let truck = company.device("truck-7");
    let gate = company.gate();
    assert_eq!(gate.commands().open_count(), 1);
    assert_eq!(given(gate.attach(&truck, company.peer()).next().await).id, queued.id);
    assert!(gate.commands().command(answered.id).unwrap().state.is_over());
    let again = gate.command(truck.terminal(), "b", call_home(), None).unwrap();
    assert_eq!(again.id, answered.id, "a key is remembered");
    assert!(gate.command(truck.terminal(), "c", call_home(), None).unwrap().id > answered.id);
}

#[tokio::test]
async fn a_vehicle_has_only_so_many_commands_waiting() {
    let commands =
        CommandsConfig { open_per_terminal: 2, kept_per_terminal: 2, ..Default::default() };
    let company = Company::with(|config| config.commands = commands).await;
    let truck = company.device("truck-7");
    let issue = |key: &str| company.gate().command(truck.terminal(), key, call_home(), None);
    let first = issue("1").unwrap();
    issue("2").unwrap();
    assert!(matches!(issue("3"), Err(CommandError::TooManyOfTerminal(2))));
    company.gate().commands().withdraw(first.id, 1).unwrap();
    for key in ["3", "4", "5"] {
        let issued = issue(key).unwrap();
        company.gate().settle(&truck, issued.id, done()).unwrap();
    }
    let kept = company.gate().commands().list(truck.terminal(), CommandId(u64::MAX), 10).unwrap();
    let keys: Vec<_> = kept.iter().map(|issued| issued.key.as_str()).collect();
    assert_eq!(keys, ["5", "4", "2"], "two that are over, and the one that waits");
    assert!(matches!(
        company.gate().commands().command(first.id),
        Err(CommandError::NoSuchCommand)
    ));
}

#[tokio::test]
async fn what_no_terminal_can_be_told_is_refused() {
    let company = Company::start().await;
    let truck = company.device("truck-7");
    let wrong = [
        Command::Text { text: String::new(), shown: Default::default() },
        Command::Raw { message: 0x0200, body: String::new() },
        Command::Raw { message: 0x8300, body: "abc".into() },
        Command::SetParameters { parameters: Vec::new() },
        Command::Custom { name: String::new(), payload: serde_json::Value::Null },
    ];
    for command in wrong {
        let refused = company.gate().command(truck.terminal(), "k", command.clone(), None);
        assert!(matches!(refused, Err(CommandError::Field { .. })), "{command:?}");
    }
    let nobody = company.gate().command(TerminalId(99), "k", call_home(), None);
    assert!(matches!(nobody, Err(CommandError::NoSuchTerminal)));
}

#[test]
fn a_command_is_json_that_people_can_write() {
    let text = r#"{"kind":"text","text":"drive carefully"}"#;
    let command: Command = serde_json::from_str(text).unwrap();
    assert!(
        matches!(&command, Command::Text { text, shown } if text == "drive carefully" && shown.speak)
    );
    let photo: Command = serde_json::from_str(r#"{"kind":"take_photo","channel":2}"#).unwrap();
    assert!(matches!(photo, Command::TakePhoto(photo) if photo.channel == 2 && photo.count == 1));
    assert!(serde_json::from_str::<Command>(r#"{"kind":"text","text":"x","colour":1}"#).is_err());
    let all = [
        command,
        Command::Control { control: smartlink_devices::commands::Control::Unlock },
        Command::QueryParameters { ids: vec![1, 0x55] },
        Command::Custom { name: "reboot".into(), payload: serde_json::json!({ "in_s": 5 }) },
    ];
    for command in all {
        let text = serde_json::to_string(&command).unwrap();
        assert_eq!(serde_json::from_str::<Command>(&text).unwrap(), command);
    }
}

#[derive(Clone, Debug)]
enum Step {
    Issue { key: u8, lasting_s: u64 },
    Connect,
    Deliver,
    Answer(u8),
    Wait(u64),
    Restart,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (0..12u8, 1..40u64).prop_map(|(key, lasting_s)| Step::Issue { key, lasting_s }),
        2 => Just(Step::Connect),
        5 => Just(Step::Deliver),
        3 => (0..12u8).prop_map(Step::Answer),
        3 => (1..20u64).prop_map(Step::Wait),
        1 => Just(Step::Restart),
    ];
    vec(step, 1..60)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// What is over stays as it is; nothing is sent after its time; nothing that waits is forgotten by a restart; and
    /// what waits was given to each connection once, in the order in which it was issued.
    #[test]
    fn a_command_only_goes_forward(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        runtime.block_on(async {
            let mut company = Company::start().await;
            let terminal = company.device("truck-7").terminal();
            // Ahead of the wall, by which the role itself lets commands expire.
            let (mut now, mut given) = (smartlink_devices::clock::now_ms() + 3_600_000, CommandId(0));
            let mut over = std::collections::BTreeMap::new();
            for step in steps {
                let commands = company.gate().commands().clone();
                match step {
                    Step::Issue { key, lasting_s } => {
                        let _ = commands.issue(terminal, &key.to_string(), call_home(), lasting_s * 1_000, now);
                    }
                    Step::Connect => given = CommandId(0),
                    Step::Deliver => {
                        if let Some(sent) = commands.deliver(terminal, given, now).unwrap() {
                            assert!(sent.id > given && sent.expires_ms > now && sent.attempts <= 5);
                            assert!(!over.contains_key(&sent.id));
                            given = sent.id;
                        }
                    }
                    Step::Answer(key) => {
                        let all = commands.list(terminal, CommandId(u64::MAX), 100).unwrap();
                        if let Some(issued) = all.iter().find(|issued| issued.key == key.to_string()) {
                            commands.settle(terminal, issued.id, done(), now).unwrap();
                        }
                    }
                    Step::Wait(seconds) => {
                        now += seconds * 1_000;
                        commands.expire(now).unwrap();
                    }
                    Step::Restart => {
                        drop(commands);
                        company.restart().await;
                        given = CommandId(0);
                    }
                }
                let commands = company.gate().commands();
                let all = commands.list(terminal, CommandId(u64::MAX), 100).unwrap();
                let open = all.iter().filter(|issued| !issued.state.is_over()).count();
                assert_eq!(open, commands.open_count() as usize);
                for issued in all.into_iter().filter(|issued| issued.state.is_over()) {
                    let before = over.entry(issued.id).or_insert_with(|| issued.clone());
                    assert_eq!(*before, issued);
                }
            }
        });
    }
}
