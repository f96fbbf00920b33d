//! The rules by which alerts are made, what proves a record, and how telemetry itself does.

use schemars::JsonSchema;
use serde::Deserialize;
use smartlink_proto::{refusal::name_of, telemetry as proto};
use tonic::{Code as Grpc, Status};

use super::{client, ACT, READ};
use crate::{
    desk::{Call, Desk},
    methods::Nothing,
    refusal::{Code, Refusal},
    table::{Effect, Method},
    types::{Id, Json, JsonObject, RuleBook},
    upstream::refusal,
};

pub(super) fn methods() -> Vec<Method> {
    use Effect::{Changes, Reads};
    vec![
        Method::call(
            "telemetry_rules",
            Reads,
            READ,
            "The company's rules, and what follows from them for every class of vehicle.",
            rules,
        ),
        Method::call(
            "telemetry_set_rules",
            Changes,
            ACT,
            "Replaces the company's rules. They apply from the next record on.",
            set_rules,
        ),
        Method::call(
            "telemetry_prove",
            Reads,
            READ,
            "The proof that a record was reported and is in a batch whose root is on the chain. docs/anchors.md says how it is checked.",
            prove,
        ),
        Method::call(
            "telemetry_figures",
            Reads,
            READ,
            "How far behind telemetry is, and what troubles it: figures by name (docs/telemetry.md).",
            figures,
        ),
    ]
}

/// The company's rules.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SetRules {
    /// What differs from the defaults (docs/telemetry.md): `{"rules": {...}, "classes": {"car": {...}}}`.
    book: JsonObject,
}

/// A record.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct OneRecord {
    /// Its place in the log.
    sequence: Id,
}

async fn rules(desk: Desk, _: Call, _: Nothing) -> Result<RuleBook, Refusal> {
    let reply = client(&desk)?.get_rules(proto::RulesRequest {}).await.map_err(refusal)?;
    reply.into_inner().try_into()
}

async fn set_rules(desk: Desk, _: Call, params: SetRules) -> Result<RuleBook, Refusal> {
    let request = proto::SetRulesRequest { book_json: params.book.text() };
    let reply = client(&desk)?.set_rules(request).await.map_err(refusal)?;
    reply.into_inner().try_into()
}

async fn prove(desk: Desk, _: Call, params: OneRecord) -> Result<Json, Refusal> {
    let request = proto::ProveRequest { sequence: params.sequence.0 };
    let reply = client(&desk)?.prove(request).await.map_err(unproven)?;
    Json::read(reply.into_inner().proof_json)
}

/// Why a record cannot be proven: whoever asks has to know whether to wait, or that what was kept is damaged.
fn unproven(status: Status) -> Refusal {
    let code = match status.code() {
        Grpc::NotFound => Code::NotFound,
        Grpc::DataLoss => Code::Refused,
        _ => return refusal(status),
    };
    let refused = Refusal::new(code, status.message().to_owned());
    match name_of(&status) {
        Some(name) => refused.named(name.to_owned()),
        None => refused,
    }
}

async fn figures(desk: Desk, _: Call, _: Nothing) -> Result<Json, Refusal> {
    let reply = client(&desk)?.get_figures(proto::FiguresRequest {}).await.map_err(refusal)?;
    Json::read(reply.into_inner().figures_json)
}
