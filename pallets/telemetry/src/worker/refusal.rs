//! Why the chain does not take anchors, as the company's service hears it.

use super::service::TelemetryError;
use crate::{Config, Error};
use alloc::{
    format,
    string::{String, ToString},
};
use codec::Encode;
use smartlink_primitives::{
    telemetry::{AnchorHead, AnchorRun, RunFault},
    AnchorNumber, H256,
};
use sp_io::hashing::blake2_256;

/// Why the chain does not take a run of anchors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    /// Which version of the run: the root of its first batch. `None` when the answer was no run.
    root: Option<H256>,
    /// What is wrong.
    reason: &'static str,
    /// Which batch of the run is wrong, from 0.
    place: Option<u8>,
    /// The sequence with which the chain's next batch begins.
    next_sequence: Option<u64>,
}

impl Refusal {
    /// What a dry run said.
    pub(super) fn of<T: Config>(run: &AnchorRun, why: Error<T>, head: &AnchorHead) -> Self {
        let (reason, place) = match why {
            Error::Run(RunFault::Empty) => ("Empty", None),
            Error::Run(RunFault::Records { place }) => ("Records", Some(place)),
            Error::Run(_) => ("Range", None),
            Error::Future { place } => ("Future", Some(place)),
            Error::Gap => ("Gap", None),
            Error::AnchorRepeated => ("AnchorRepeated", None),
            _ => ("AnchorOutOfOrder", None),
        };
        let root = run.batches.first().map(|batch| batch.root);
        Self { root, reason, place, next_sequence: Some(head.next_sequence) }
    }

    /// The service's answer was not the run that was asked for.
    pub(super) fn answer(wrong: TelemetryError) -> Self {
        let reason = match wrong {
            TelemetryError::AnotherRun => "AnotherRun",
            _ => "NoRun",
        };
        Self { root: None, reason, place: None, next_sequence: None }
    }

    /// `{"root":"0x…","reason":"Gap","place":null,"next_sequence":17}`; what does not apply is `null`. Every
    /// string is a name of this runtime or hexadecimal: nothing needs escaping.
    pub(super) fn to_json(&self) -> String {
        let null = || "null".to_string();
        let root = self.root.map_or_else(null, |root| format!("\"{root:?}\""));
        let place = self.place.map_or_else(null, |place| place.to_string());
        let next = self.next_sequence.map_or_else(null, |next| next.to_string());
        let reason = self.reason;
        format!(
            "{{\"root\":{root},\"reason\":\"{reason}\",\"place\":{place},\"next_sequence\":{next}}}"
        )
    }

    /// Tells this refusal from others.
    pub(super) fn hash(&self, number: AnchorNumber) -> [u8; 32] {
        (number, self.to_json()).using_encoded(blake2_256)
    }
}
