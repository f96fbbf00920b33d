//! The company's telemetry service, as the worker sees it: it gives anchors, and hears about refused ones.

use alloc::format;
use core::fmt;
use smartlink_primitives::{
    telemetry::{AnchorRun, MAX_RUN_BYTES},
    AnchorNumber,
};
use smartlink_worker::{Assignment, Failure, Service};

/// Why there is no answer, or none that can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TelemetryError {
    /// There is no answer.
    Service(Failure),
    /// The answer is no run of anchors in SCALE.
    NoRun,
    /// The run does not begin with what was asked for.
    AnotherRun,
}

impl From<Failure> for TelemetryError {
    fn from(failure: Failure) -> Self {
        Self::Service(failure)
    }
}

impl fmt::Display for TelemetryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Service(failure) => failure.fmt(f),
            Self::NoRun => f.write_str("its answer is no run of anchors in SCALE"),
            Self::AnotherRun => {
                f.write_str("it gave another run of anchors than the one asked for")
            }
        }
    }
}

impl core::error::Error for TelemetryError {}

/// The telemetry service of one company.
pub(super) struct Telemetry(Service);

impl Telemetry {
    /// `None` when the address is no UTF-8.
    pub(super) fn new(assignment: Assignment) -> Option<Self> {
        Service::new(assignment, MAX_RUN_BYTES).map(Self)
    }

    /// The anchor of this number and those after it, once there is one.
    pub(super) fn run(&self, first: AnchorNumber) -> Result<Option<AnchorRun>, TelemetryError> {
        let Some(bytes) = self.0.get(&format!("anchors/{}", first.0))? else { return Ok(None) };
        let run = AnchorRun::from_scale(&bytes).map_err(|_| TelemetryError::NoRun)?;
        if (run.company, run.first) != (self.0.company(), first) {
            return Err(TelemetryError::AnotherRun);
        }
        Ok(Some(run))
    }

    /// Tells the service that the chain does not take an anchor. The body is JSON.
    pub(super) fn refuse(&self, number: AnchorNumber, body: &str) -> Result<(), TelemetryError> {
        Ok(self.0.post(&format!("anchors/{}/refused", number.0), body)?)
    }
}
