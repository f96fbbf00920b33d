//! What vehicles do: who looks after them sees it, acts on alerts, and says where and how vehicles may be driven.

mod alerts;
mod export;
mod fences;
mod history;
mod live;
mod rules;

use smartlink_proto::telemetry::{telemetry_client::TelemetryClient, Span};
use smartlink_service::Transport;

use crate::{
    desk::Desk,
    identity::Roles,
    refusal::{Code, Refusal},
    table::{Access, Method},
    types::Whole,
};

pub(crate) use export::NAME as EXPORT;

/// Who acts: those who look after vehicles, and those who run orders.
const STAFF: Roles = Roles::FLEET.and(Roles::OPERATIONS);
/// Those, and who reads everything.
const READERS: Roles = STAFF.and(Roles::AUDITOR);

const ACT: Access = Access::Any(STAFF);
const READ: Access = Access::Any(READERS);

pub(super) fn methods() -> Vec<Method> {
    let mut methods = live::methods();
    methods.extend(history::methods());
    methods.extend(alerts::methods());
    methods.extend(fences::methods());
    methods.extend(rules::methods());
    methods.extend(export::methods());
    methods
}

/// The number of a vehicle.
type VehicleNumber = Whole<1, { u32::MAX }>;

fn client(desk: &Desk) -> Result<TelemetryClient<Transport>, Refusal> {
    desk.upstream.telemetry()
}

/// A span of time.
fn span(from_ms: u64, until_ms: u64) -> Result<Span, Refusal> {
    if from_ms >= until_ms {
        let said = "the span ends before it begins: give from_ms below until_ms";
        return Err(Refusal::new(Code::InvalidParams, said));
    }
    Ok(Span { from_ms, until_ms })
}
