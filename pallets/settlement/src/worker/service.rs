//! The company's orders service, as the worker sees it: it gives batches, and hears about refused ones.

use alloc::format;
use codec::DecodeAll;
use core::fmt;
use smartlink_primitives::{ride::RideBatch, BatchNumber};
use smartlink_worker::{Assignment, Failure, Service};

/// The largest answer that is read: what an extrinsic may have. A batch of 65,536 rides has 2.3 MB.
const MAX_BODY: usize = 16 * 1024 * 1024;

/// Why there is no answer, or none that can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OrdersError {
    /// There is no answer.
    Service(Failure),
    /// The answer is no batch in SCALE.
    NotABatch,
    /// The batch is not the one that was asked for.
    AnotherBatch,
}

impl From<Failure> for OrdersError {
    fn from(failure: Failure) -> Self {
        Self::Service(failure)
    }
}

impl fmt::Display for OrdersError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Service(failure) => failure.fmt(f),
            Self::NotABatch => f.write_str("its answer is no ride batch in SCALE"),
            Self::AnotherBatch => f.write_str("it gave another batch than the one asked for"),
        }
    }
}

impl core::error::Error for OrdersError {}

/// The orders service of one company.
pub(super) struct Orders(Service);

impl Orders {
    /// `None` when the address is no UTF-8.
    pub(super) fn new(assignment: Assignment) -> Option<Self> {
        Service::new(assignment, MAX_BODY).map(Self)
    }

    /// The batch of this number, once it is closed.
    pub(super) fn batch(&self, number: BatchNumber) -> Result<Option<RideBatch>, OrdersError> {
        let Some(bytes) = self.0.get(&format!("batches/{}", number.0))? else { return Ok(None) };
        let batch = RideBatch::decode_all(&mut &bytes[..]).map_err(|_| OrdersError::NotABatch)?;
        if (batch.company, batch.number) != (self.0.company(), number) {
            return Err(OrdersError::AnotherBatch);
        }
        Ok(Some(batch))
    }

    /// Tells the service that the chain does not take a batch. The body is JSON.
    pub(super) fn refuse(&self, number: BatchNumber, body: &str) -> Result<(), OrdersError> {
        Ok(self.0.post(&format!("batches/{}/refused", number.0), body)?)
    }
}
