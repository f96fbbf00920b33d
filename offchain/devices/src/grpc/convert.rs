//! Messages from outside as what the registry takes, and back.

use super::wrong;
use crate::{
    commands::{Command, CommandState, Issued},
    gate::Gate,
    media::Item,
    quarantine::Stranger,
    registry::{Details, Identity, Terminal, TerminalState},
};
use serde::Serialize;
use smartlink_proto::devices as proto;
use tonic::Status;

pub(super) fn identity(protocol: i32, identity: &str) -> Result<Identity, Status> {
    let identity = match proto::Protocol::try_from(protocol) {
        Ok(proto::Protocol::Jt808) => Identity::phone(identity),
        Ok(proto::Protocol::Key) => Identity::name(identity),
        _ => return Err(wrong("protocol: give jt808 or key")),
    };
    identity.map_err(|error| wrong(error.to_string()))
}

pub(super) fn details(details: proto::Details) -> Result<Details, Status> {
    let plate_colour = u8::try_from(details.plate_colour)
        .ok()
        .filter(|colour| *colour <= 9)
        .ok_or_else(|| wrong("plate_colour: give 0 to 9, by JT/T 415"))?;
    Ok(Details {
        plate: details.plate,
        plate_colour,
        vin: details.vin,
        manufacturer: details.manufacturer,
        model: details.model,
        serial: details.serial,
        ..Details::default()
    })
}

fn shown(details: Details) -> proto::Details {
    proto::Details {
        plate: details.plate,
        plate_colour: details.plate_colour.into(),
        vin: details.vin,
        manufacturer: details.manufacturer,
        model: details.model,
        serial: details.serial,
    }
}

fn named(identity: Identity) -> (i32, String) {
    match identity {
        Identity::Phone(digits) => (proto::Protocol::Jt808.into(), digits),
        Identity::Name(name) => (proto::Protocol::Key.into(), name),
    }
}

/// A terminal, with what is known of it now.
pub(super) fn terminal(gate: &Gate, terminal: Terminal) -> proto::Terminal {
    let presence = gate.presence(terminal.id);
    let heard_ms = presence.as_ref().map_or(0, |presence| presence.last_seen_ms);
    let connection = presence.and_then(|presence| presence.connection);
    let device_id = gate.chain_salt().map(|salt| salt.device_id(&terminal.identity));
    let (protocol, identity) = named(terminal.identity);
    let state = match terminal.state {
        TerminalState::Active => proto::State::Active,
        TerminalState::Suspended => proto::State::Suspended,
        TerminalState::Quarantined => proto::State::Quarantined,
    };
    proto::Terminal {
        id: terminal.id.0,
        protocol,
        identity,
        details: Some(shown(terminal.details)),
        vehicle: terminal.vehicle,
        bound_on_chain: terminal.bound_on_chain.unwrap_or(0),
        state: state.into(),
        created_ms: terminal.created_ms,
        last_seen_ms: terminal.last_seen_ms.max(heard_ms),
        connection: connection.map(|connection| proto::Connection {
            channel: connection.channel.name().to_owned(),
            address: connection.address.to_string(),
            since_ms: connection.since_ms,
        }),
        device_id: device_id.map_or_else(String::new, |id| format!("{:?}", id.0)),
    }
}

pub(super) fn stranger(stranger: Stranger) -> proto::Stranger {
    let (protocol, identity) = named(stranger.identity);
    proto::Stranger {
        protocol,
        identity,
        channel: stranger.peer.channel.name().to_owned(),
        address: stranger.peer.address.to_string(),
        details: Some(shown(stranger.details)),
        first_ms: stranger.first_ms,
        last_ms: stranger.last_ms,
        refused: stranger.refused,
        reason: stranger.reason,
        frames: stranger.frames.into(),
    }
}

/// A command of its JSON. Serde lets kinds without fields have any: here nothing may stand beside what the kind takes.
pub(super) fn instruction(text: &str) -> Result<Command, Status> {
    let unreadable =
        |error: serde_json::Error| wrong(format!("command: {error}; docs/devices.md lists them"));
    let command: Command = serde_json::from_str(text).map_err(unreadable)?;
    let given: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(text).map_err(unreadable)?;
    let taken = serde_json::to_value(&command).map_err(unreadable)?;
    match given.keys().find(|name| taken.get(name.as_str()).is_none()) {
        None => Ok(command),
        Some(name) => {
            let name: String = name.chars().take(64).collect();
            Err(wrong(format!("command: this kind takes no `{name}`; docs/devices.md lists them")))
        }
    }
}

fn json(value: &impl Serialize) -> Result<String, Status> {
    serde_json::to_string(value).map_err(|error| {
        tracing::error!(%error, "a command is no JSON");
        Status::internal("the command cannot be shown: the service's log says why")
    })
}

pub(super) fn command(issued: Issued) -> Result<proto::Command, Status> {
    use proto::CommandState as State;
    let (state, at_ms, answer_json, why) = match issued.state {
        CommandState::Queued => (State::Queued, 0, String::new(), String::new()),
        CommandState::Sent { at_ms } => (State::Sent, at_ms, String::new(), String::new()),
        CommandState::Answered { at_ms, answer } => {
            (State::Answered, at_ms, json(&answer)?, String::new())
        }
        CommandState::Expired { at_ms } => (State::Expired, at_ms, String::new(), String::new()),
        CommandState::Failed { at_ms, why } => (State::Failed, at_ms, String::new(), why),
    };
    Ok(proto::Command {
        id: issued.id.0,
        terminal: issued.terminal.0,
        idempotency_key: issued.key,
        command_json: json(&issued.command)?,
        issued_ms: issued.issued_ms,
        expires_ms: issued.expires_ms,
        attempts: issued.attempts,
        state: state.into(),
        at_ms,
        answer_json,
        why,
    })
}

pub(super) fn medium(item: Item) -> proto::Medium {
    proto::Medium {
        id: item.id,
        terminal: item.terminal.0,
        vehicle: item.vehicle,
        number: item.number,
        kind: item.kind.into(),
        format: item.format.into(),
        event: item.event.into(),
        channel: item.channel.into(),
        time_ms: item.time_ms,
        received_ms: item.received_ms,
        bytes: item.bytes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_instructions_are_refused_or_shown_as_they_were_read() {
        bolero::check!().for_each(|bytes: &[u8]| {
            if let Ok(command) = instruction(&String::from_utf8_lossy(bytes)) {
                let again = instruction(&json(&command).unwrap()).unwrap();
                // What a device's own command takes may hold fractions, whose last digit JSON does not keep.
                assert!(again == command || matches!(command, Command::Custom { .. }));
            }
        });
    }
}
