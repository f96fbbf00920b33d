//! The topics, and who may say and hear what.
//!
//! | Topic | Who | What |
//! | --- | --- | --- |
//! | `smartlink/v1/{identity}/up` | device says, operators hear | one report or a list, JSON |
//! | `smartlink/v1/{identity}/up/batch` | device says | a list, JSON, may be gzip |
//! | `smartlink/v1/{identity}/up/obd` | device says | answers of SAE J1979 |
//! | `smartlink/v1/{identity}/up/event` | device says | a report, or anything, which is kept as it is |
//! | `smartlink/v1/{identity}/up/state` | device says, operators hear | anything short; may be retained |
//! | `smartlink/v1/{identity}/up/answer/{command}` | device says | the answer to a command |
//! | `smartlink/v1/{identity}/down/command` | device hears | commands, JSON |

/// Before every topic.
const ROOT: &str = "smartlink/v1/";

/// The longest identity.
pub(crate) const MAX_IDENTITY: usize = 64;

/// Whether a text can stand in a topic as one level, for one device: no wildcard, no slash, no control character.
pub(crate) fn is_identity(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= MAX_IDENTITY
        && !text.contains(['/', '+', '#'])
        && !text.chars().any(char::is_control)
        && !text.starts_with('$')
}

/// What a device says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Up {
    /// One report or a list.
    Report,
    /// A list that may be compressed.
    Batch,
    /// Answers of the vehicle's own computers.
    Obd,
    /// Something happened.
    Event,
    /// How the device is, for who asks later.
    State,
    /// The answer to the command of this number.
    Answer(u64),
}

/// A topic of a device: its identity, and what it says there. None: there is no such topic.
pub(crate) fn up(topic: &str) -> Option<(&str, Up)> {
    let (identity, said) = topic.strip_prefix(ROOT)?.split_once('/')?;
    let up = match said {
        "up" => Up::Report,
        "up/batch" => Up::Batch,
        "up/obd" => Up::Obd,
        "up/event" => Up::Event,
        "up/state" => Up::State,
        _ => Up::Answer(number(said.strip_prefix("up/answer/")?)?),
    };
    is_identity(identity).then_some((identity, up))
}

/// A number as we write it: no sign, no leading zeros.
fn number(text: &str) -> Option<u64> {
    let number = text.parse().ok()?;
    (text.bytes().all(|byte| byte.is_ascii_digit()) && (text == "0" || !text.starts_with('0')))
        .then_some(number)
}

/// Where a device's reports go.
pub(crate) fn reports_of(identity: &str) -> String {
    format!("{ROOT}{identity}/up")
}

/// Where a device's state stands.
pub(crate) fn state_of(identity: &str) -> String {
    format!("{ROOT}{identity}/up/state")
}

/// Where a device hears its commands.
pub(crate) fn command_of(identity: &str) -> String {
    format!("{ROOT}{identity}/down/command")
}

/// Where a device answers a command.
pub(crate) fn answer_of(identity: &str, command: u64) -> String {
    format!("{ROOT}{identity}/up/answer/{command}")
}

/// All that devices say, for a client of another broker.
pub(crate) const ALL_UP: &str = "smartlink/v1/+/up/#";

/// What somebody may hear.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Heard {
    /// A device its commands.
    Commands,
    /// An operator the reports of one device, or of all.
    Reports(Option<String>),
    /// An operator the states of one device, or of all.
    States(Option<String>),
}

/// Why a filter is not heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotHeard {
    /// It is no filter at all.
    Invalid,
    /// There is nothing that this client may hear by it.
    NotAllowed,
}

/// What a device hears by a filter. It may name its own commands alone, with or without a wildcard below `down`.
pub(crate) fn heard_by_device(identity: &str, filter: &str) -> Result<Heard, NotHeard> {
    well_formed(filter)?;
    let own = filter
        .strip_prefix(ROOT)
        .and_then(|rest| rest.strip_prefix(identity))
        .is_some_and(|rest| matches!(rest, "/down/command" | "/down/#" | "/down/+"));
    own.then_some(Heard::Commands).ok_or(NotHeard::NotAllowed)
}

/// What an operator hears by a filter.
pub(crate) fn heard_by_operator(filter: &str) -> Result<Heard, NotHeard> {
    well_formed(filter)?;
    let heard = |rest: &str| {
        let (whose, what) = rest.split_once('/')?;
        let whose = match whose {
            "+" => None,
            identity => Some(is_identity(identity).then(|| identity.to_owned())?),
        };
        match what {
            "up" => Some(Heard::Reports(whose)),
            "up/state" => Some(Heard::States(whose)),
            _ => None,
        }
    };
    filter.strip_prefix(ROOT).and_then(heard).ok_or(NotHeard::NotAllowed)
}

/// The rules of MQTT for filters: section 4.7.1 of either version.
fn well_formed(filter: &str) -> Result<(), NotHeard> {
    let levels: Vec<_> = filter.split('/').collect();
    let last = levels.len() - 1;
    let wild = |at: usize, level: &str| match level {
        "+" => true,
        "#" => at == last,
        _ => !level.contains(['+', '#']),
    };
    let holds = !filter.is_empty()
        && !filter.contains('\0')
        && levels.iter().enumerate().all(|(at, level)| wild(at, level));
    holds.then_some(()).ok_or(NotHeard::Invalid)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_says_what_is_its_own() {
        assert_eq!(up("smartlink/v1/van7/up"), Some(("van7", Up::Report)));
        assert_eq!(up("smartlink/v1/van7/up/batch"), Some(("van7", Up::Batch)));
        assert_eq!(up("smartlink/v1/van7/up/answer/12"), Some(("van7", Up::Answer(12))));
        assert_eq!(up(&answer_of("van7", u64::MAX)), Some(("van7", Up::Answer(u64::MAX))));
        assert_eq!(up(&state_of("van7")), Some(("van7", Up::State)));
        for topic in [
            "",
            "smartlink/v1/van7",
            "smartlink/v1/van7/down/command",
            "smartlink/v1//up",
            "smartlink/v1/+/up",
            "smartlink/v1/van7/up/",
            "smartlink/v1/van7/up/answer/",
            "smartlink/v1/van7/up/answer/012",
            "smartlink/v1/van7/up/answer/+1",
            "smartlink/v2/van7/up",
            "/smartlink/v1/van7/up",
            "$SYS/up",
        ] {
            assert_eq!(up(topic), None, "{topic}");
        }
    }

    #[test]
    fn a_device_hears_its_own_commands_alone() {
        for filter in ["smartlink/v1/van7/down/command", "smartlink/v1/van7/down/#"] {
            assert_eq!(heard_by_device("van7", filter), Ok(Heard::Commands));
        }
        for filter in [
            "smartlink/v1/van8/down/command",
            "smartlink/v1/van77/down/command",
            "smartlink/v1/+/down/command",
            "smartlink/v1/van7/up",
            "smartlink/v1/van7/#",
            "#",
            "+/v1/van7/down/command",
            "$share/g/smartlink/v1/van7/down/command",
            "$SYS/#",
        ] {
            assert_eq!(heard_by_device("van7", filter), Err(NotHeard::NotAllowed), "{filter}");
        }
        for filter in ["", "a/#/b", "a+/b", "#/", "smartlink/v1/van7/down/\0"] {
            assert_eq!(heard_by_device("van7", filter), Err(NotHeard::Invalid), "{filter:?}");
        }
    }

    #[test]
    fn an_operator_hears_reports_and_states() {
        assert_eq!(heard_by_operator("smartlink/v1/+/up"), Ok(Heard::Reports(None)));
        assert_eq!(
            heard_by_operator("smartlink/v1/van7/up/state"),
            Ok(Heard::States(Some("van7".to_owned())))
        );
        for filter in
            ["#", "smartlink/v1/+/down/command", "smartlink/v1/+/up/#", "smartlink/v1/+/+"]
        {
            assert_eq!(heard_by_operator(filter), Err(NotHeard::NotAllowed), "{filter}");
        }
    }

    #[test]
    fn hostile_topics_belong_to_nobody_else() {
        bolero::check!().for_each(|bytes: &[u8]| {
            let text = String::from_utf8_lossy(bytes);
            for topic in [
                text.to_string(),
                format!("smartlink/v1/{text}"),
                format!("smartlink/v1/van7/{text}"),
            ] {
                if let Some((identity, _)) = up(&topic) {
                    assert!(is_identity(identity));
                    assert!(topic.starts_with(&format!("smartlink/v1/{identity}/up")));
                }
                if heard_by_device("van7", &topic).is_ok() {
                    assert!(topic.starts_with("smartlink/v1/van7/down/"));
                }
                let _ = heard_by_operator(&topic);
            }
        });
    }
}
