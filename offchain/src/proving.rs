//! Proves a record of a vehicle: from ClickHouse alone to the root that the chain has.

use std::{path::PathBuf, time::Duration};

use smartlink_chain::{telemetry, At, Chain};
use smartlink_clickhouse::{Store, StoreConfig};
use smartlink_primitives::{AnchorNumber, CompanyId};
use smartlink_records::Record;
use smartlink_telemetry::proof::{self, RecordProof};

use crate::Error;

/// How long the node may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// What to prove.
#[derive(Clone, Debug)]
pub struct Plan {
    /// ClickHouse.
    pub store: StoreConfig,
    /// The node, for its WebSocket.
    pub node: String,
    /// Whose record.
    pub company: CompanyId,
    /// Which. `None`: any that the chain has a root for.
    pub sequence: Option<u64>,
    /// Where the proof is written to.
    pub out: Option<PathBuf>,
}

/// Proves a record, checks the proof against the chain, and says what it proves.
///
/// # Errors
/// There is no such record, its rows were changed, or the chain has no such root.
pub async fn prove(plan: &Plan) -> Result<(RecordProof, Record), Error> {
    let (chain, at) = final_state(&plan.node).await?;
    let store = Store::connect(&plan.store);
    let sequence = match plan.sequence {
        Some(sequence) => sequence,
        None => any(&store, &at, plan.company).await?,
    };
    let proof = proof::prove(&store, plan.company.0, sequence).await.map_err(asked)?;
    let record = against(&proof, &at).await?;
    drop(chain);
    if let Some(path) = &plan.out {
        let json = serde_json::to_vec_pretty(&proof).map_err(asked)?;
        std::fs::write(path, json)
            .map_err(|source| Error::Io { what: "writing the proof", source })?;
    }
    Ok((proof, record))
}

/// Checks a proof that somebody made against the chain.
///
/// # Errors
/// It does not hold, and where it breaks.
pub async fn check(node: &str, file: &std::path::Path) -> Result<(RecordProof, Record), Error> {
    let json =
        std::fs::read(file).map_err(|source| Error::Io { what: "reading the proof", source })?;
    let proof: RecordProof = serde_json::from_slice(&json)
        .map_err(|error| Error::Asked(format!("{} is no proof: {error}", file.display())))?;
    let (chain, at) = final_state(node).await?;
    let record = against(&proof, &at).await?;
    drop(chain);
    Ok((proof, record))
}

fn asked(error: impl std::error::Error) -> Error {
    Error::Asked(error.to_string())
}

/// The chain as it is final now.
async fn final_state(node: &str) -> Result<(Chain, At), Error> {
    let chain = Chain::connect(node, PATIENCE).await?;
    let at = chain.at_finalized().await?;
    Ok((chain, at))
}

async fn against(proof: &RecordProof, at: &At) -> Result<Record, Error> {
    let (company, number) = (CompanyId(proof.company), AnchorNumber(proof.batch));
    let Some(found) = telemetry::anchor(at, company, number).await? else {
        return Err(Error::Asked(format!(
            "the chain has no root for batch {} of {company} at its final block {}: wait until the worker of the company's \
             node has carried it, or, if it is older than the chain keeps, prove it by the checkpoint of its block",
            proof.batch,
            at.block_number()
        )));
    };
    proof.verify(&found.anchor).map_err(asked)
}

/// A record picked at random of those that the chain has roots for.
async fn any(store: &Store, at: &At, company: CompanyId) -> Result<u64, Error> {
    let none = || {
        Error::Asked(format!(
            "the chain has no root of {company} yet: wait until vehicles have reported, and a batch was closed and carried"
        ))
    };
    let last = telemetry::last_anchor(at, company).await?.ok_or_else(none)?;
    let below = last.anchor.next_sequence();
    let query = "SELECT sequence FROM records WHERE sequence < ? ORDER BY rand() LIMIT 1";
    let found = store.query(query).bind(below).fetch_optional::<u64>().await.map_err(asked)?;
    found.ok_or_else(none)
}

/// What a proof proves, for people.
pub fn told(proof: &RecordProof, record: &Record) -> String {
    let report = &record.report;
    let place = report.position.map_or_else(
        || "without a position".to_owned(),
        |at| {
            format!(
                "at {:.6}, {:.6} with {:.1} km/h",
                f64::from(at.latitude) / 1e6,
                f64::from(at.longitude) / 1e6,
                f64::from(at.speed) / 10.0
            )
        },
    );
    format!(
        "record {} of {} is proven\n  said     {} of vehicle {}, {place}, at {} ms\n  received {} ms by {}\n  in       batch {}, \
         record {} of {}, by {} hashes\n  root     {:?}, which is on chain",
        record.sequence,
        CompanyId(proof.company),
        record.terminal,
        record.vehicle,
        report.time_ms,
        record.received_ms,
        record.channel.name(),
        proof.batch,
        record.sequence - proof.first_sequence + 1,
        proof.count,
        proof.partners.len(),
        proof.root,
    )
}
