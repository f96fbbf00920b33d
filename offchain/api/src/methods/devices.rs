//! Terminals in vehicles: who looks after vehicles enrols them, binds them and tells them what to do.

use schemars::JsonSchema;
use serde::Deserialize;
use smartlink_proto::devices as proto;

use super::{before, limit};
use crate::{
    desk::{Call, Desk},
    identity::Roles,
    refusal::{Code, Refusal},
    table::{Access, Effect, Method},
    types::{
        Command, Commands, Details, Enrolled, Id, Instruction, Key, Link, Media, Protocol,
        Strangers, Terminal, TerminalState, Terminals, Text, Wanted, Whole,
    },
    upstream::{away, refusal},
};

/// The method whose row says who may have uploads.
pub(crate) const MEDIUM: &str = "devices_medium";

/// The longest that a command may wait for its answer: a week, in seconds.
const WEEK_S: u32 = 604_800;

pub(super) fn methods() -> Vec<Method> {
    use Effect::{Changes, Reads};
    let fleet = Roles::FLEET;
    let staff = fleet.and(Roles::OPERATIONS);
    let (keep, act, read) =
        (Access::Any(fleet), Access::Any(staff), Access::Any(staff.and(Roles::AUDITOR)));
    vec![
        Method::call("devices_list", Reads, read, "Terminals, in the order of their numbers.", list),
        Method::call("devices_get", Reads, read, "A terminal: whether it is connected, in which vehicle it is, whether it may work.", get),
        Method::call("devices_strangers", Reads, read, "Devices that were refused because nobody knows them, who came last first.", strangers),
        Method::call("devices_enrol", Changes, keep, "Makes a terminal known. The key that is made for a device of MQTT or HTTP is answered this once. The same again gives the same terminal.", enrol),
        Method::call("devices_renew_key", Changes, keep, "A new key for a terminal, answered this once. Who came in by the old one is disconnected.", renew_key),
        Method::call("devices_set_state", Changes, keep, "Lets a terminal work, or not. One that may not is disconnected.", set_state),
        Method::call(
            "devices_expect",
            Changes,
            keep,
            "Says what a terminal of JT/T 808 has to show when it registers. The code it had is void and it is disconnected: so a registration by somebody else is undone.",
            expect,
        ),
        Method::call("devices_bind", Changes, keep, "Binds a terminal to a vehicle of the company, from its next record on, or to none.", bind),
        Method::call("devices_send", Changes, act, "Tells a terminal something, now or when it is connected again.", send),
        Method::call("devices_command", Reads, read, "A command, and what became of it.", command),
        Method::call("devices_commands", Reads, read, "Commands of a terminal, the newest first.", commands),
        Method::call("devices_withdraw", Changes, act, "Takes a command back. One that is over stays as it is.", withdraw),
        Method::call("devices_media", Reads, read, "Photos, sound and films of a terminal, the newest first.", media),
        Method::call(MEDIUM, Reads, read, "A link to a photo, sound or film. Good once, for a short time.", medium),
    ]
}

/// A page of terminals.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct TerminalsPage {
    /// `next` of the page before. Missing: from the first on.
    after: Option<Id>,
    /// How many, at most. 50 where nothing is said.
    limit: Option<Whole<1, 500>>,
    /// Only those of this vehicle, all on one page.
    vehicle: Option<Whole<1, { u32::MAX }>>,
}

/// One terminal.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct OneTerminal {
    /// Its number.
    terminal: Id,
}

/// How many.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct HowMany {
    /// How many, at most. 50 where nothing is said.
    limit: Option<Whole<1, 500>>,
}

/// An upload of a terminal.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct OneMedium {
    /// The terminal.
    terminal: Id,
    /// The upload's `id`.
    medium: Id,
}

/// A terminal that is to be known.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Enrol {
    /// How it talks.
    protocol: Protocol,
    /// What it calls itself: a phone number of up to 20 digits, or a name of letters, digits, '.', '_', ':' and '-'.
    identity: Text<128>,
    /// What is written on it.
    #[serde(default)]
    details: Details,
    /// The vehicle of the company that it is in. Missing: none yet.
    vehicle: Option<Whole<1, { u32::MAX }>>,
}

/// Whether a terminal may work.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SetState {
    /// The terminal.
    terminal: Id,
    /// Whether it may.
    state: TerminalState,
}

/// What a terminal is to show.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Expect {
    /// The terminal.
    terminal: Id,
    /// What is written on it, all of it anew. Its serial or VIN tells it from others.
    details: Details,
}

/// A terminal in a vehicle.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Bind {
    /// The terminal.
    terminal: Id,
    /// The vehicle. Missing: none.
    vehicle: Option<Whole<1, { u32::MAX }>>,
}

/// Something to tell a terminal.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Send {
    /// Tells this command from others.
    idempotency_key: Key,
    /// Which terminal.
    terminal: Id,
    /// What to do.
    command: Instruction,
    /// Seconds that it waits for an answer. Missing: as the service is configured.
    lasting_s: Option<Whole<1, WEEK_S>>,
}

/// One command.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct OneCommand {
    /// Its number.
    id: Id,
}

/// A page of what a terminal has.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct PageOfTerminal {
    /// The terminal.
    terminal: Id,
    /// `next` of the page before. Missing: from the newest on.
    before: Option<Id>,
    /// How many, at most. 50 where nothing is said.
    limit: Option<Whole<1, 500>>,
}

/// The number of a vehicle that is the company's. Another's does not exist here.
pub(super) async fn ours(
    desk: &Desk,
    vehicle: Option<Whole<1, { u32::MAX }>>,
) -> Result<u32, Refusal> {
    let Some(Whole(vehicle)) = vehicle else { return Ok(0) };
    let known = desk.people.vehicle(vehicle).await.map_err(away)?;
    match known.filter(|known| known.owner.0 == desk.config.company) {
        Some(_) => Ok(vehicle),
        None => {
            let said =
                format!("the company has no vehicle {vehicle}: register it on the chain first");
            Err(Refusal::new(Code::NotFound, said))
        }
    }
}

async fn list(desk: Desk, _: Call, params: TerminalsPage) -> Result<Terminals, Refusal> {
    let request = proto::ListRequest {
        after: before(params.after),
        limit: limit(params.limit),
        vehicle: params.vehicle.map_or(0, |vehicle| vehicle.0),
    };
    let reply = desk.upstream.devices()?.list(request).await.map_err(refusal)?;
    Ok(reply.into_inner().into())
}

async fn get(desk: Desk, _: Call, params: OneTerminal) -> Result<Terminal, Refusal> {
    let request = proto::TerminalRequest { terminal: params.terminal.0 };
    let reply = desk.upstream.devices()?.get(request).await.map_err(refusal)?;
    Ok(reply.into_inner().into())
}

async fn strangers(desk: Desk, _: Call, params: HowMany) -> Result<Strangers, Refusal> {
    let request = proto::StrangersRequest { limit: limit(params.limit) };
    let reply = desk.upstream.devices()?.strangers(request).await.map_err(refusal)?;
    Ok(reply.into_inner().into())
}

async fn enrol(desk: Desk, _: Call, params: Enrol) -> Result<Enrolled, Refusal> {
    let mut devices = desk.upstream.devices()?;
    let request = proto::EnrolRequest {
        protocol: params.protocol.write(),
        identity: params.identity.0,
        details: Some(params.details.write()),
        vehicle: ours(&desk, params.vehicle).await?,
        key: String::new(),
    };
    Ok(devices.enrol(request).await.map_err(refusal)?.into_inner().into())
}

async fn renew_key(desk: Desk, _: Call, params: OneTerminal) -> Result<Enrolled, Refusal> {
    let request = proto::TerminalRequest { terminal: params.terminal.0 };
    let reply = desk.upstream.devices()?.renew_key(request).await.map_err(refusal)?;
    Ok(reply.into_inner().into())
}

async fn set_state(desk: Desk, _: Call, params: SetState) -> Result<Terminal, Refusal> {
    let (terminal, state) = (params.terminal.0, params.state.write());
    let request = proto::SetStateRequest { terminal, state };
    let reply = desk.upstream.devices()?.set_state(request).await.map_err(refusal)?;
    Ok(reply.into_inner().into())
}

async fn expect(desk: Desk, _: Call, params: Expect) -> Result<Terminal, Refusal> {
    let details = Some(params.details.write());
    let request = proto::ExpectRegistrationRequest { terminal: params.terminal.0, details };
    let reply = desk.upstream.devices()?.expect_registration(request).await.map_err(refusal)?;
    Ok(reply.into_inner().into())
}

async fn bind(desk: Desk, _: Call, params: Bind) -> Result<Terminal, Refusal> {
    let mut devices = desk.upstream.devices()?;
    let vehicle = ours(&desk, params.vehicle).await?;
    let request = proto::BindRequest { terminal: params.terminal.0, vehicle };
    Ok(devices.bind(request).await.map_err(refusal)?.into_inner().into())
}

async fn send(desk: Desk, call: Call, params: Send) -> Result<Command, Refusal> {
    let request = proto::SendRequest {
        terminal: params.terminal.0,
        idempotency_key: params.idempotency_key.of(call.account()?),
        command_json: serde_json::Value::Object(params.command.0).to_string(),
        lasting_ms: params.lasting_s.map_or(0, |seconds| u64::from(seconds.0) * 1_000),
    };
    let reply = desk.upstream.devices()?.send(request).await.map_err(refusal)?;
    Ok(reply.into_inner().into())
}

async fn command(desk: Desk, _: Call, params: OneCommand) -> Result<Command, Refusal> {
    let request = proto::CommandRequest { command: params.id.0 };
    let reply = desk.upstream.devices()?.get_command(request).await.map_err(refusal)?;
    Ok(reply.into_inner().into())
}

async fn commands(desk: Desk, _: Call, params: PageOfTerminal) -> Result<Commands, Refusal> {
    let request = proto::ListCommandsRequest {
        terminal: params.terminal.0,
        before: before(params.before),
        limit: limit(params.limit),
    };
    let reply = desk.upstream.devices()?.list_commands(request).await.map_err(refusal)?;
    Ok(reply.into_inner().into())
}

async fn withdraw(desk: Desk, _: Call, params: OneCommand) -> Result<Command, Refusal> {
    let request = proto::CommandRequest { command: params.id.0 };
    let reply = desk.upstream.devices()?.withdraw(request).await.map_err(refusal)?;
    Ok(reply.into_inner().into())
}

async fn media(desk: Desk, _: Call, params: PageOfTerminal) -> Result<Media, Refusal> {
    let request = proto::ListMediaRequest {
        terminal: params.terminal.0,
        before: before(params.before),
        limit: limit(params.limit),
    };
    let reply = desk.upstream.devices()?.list_media(request).await.map_err(refusal)?;
    Ok(reply.into_inner().into())
}

async fn medium(desk: Desk, call: Call, params: OneMedium) -> Result<Link, Refusal> {
    // The newest of those up to this one is this one, if it is there.
    let before = params.medium.0.saturating_add(1);
    let request = proto::ListMediaRequest { terminal: params.terminal.0, before, limit: 1 };
    let page = desk.upstream.devices()?.list_media(request).await.map_err(refusal)?;
    let found = Media::from(page.into_inner()).media.into_iter().next();
    let medium = found.filter(|medium| medium.id == params.medium).ok_or(Code::NotFound)?;
    desk.link(&call, Wanted::Medium(medium))
}
