//! The company's orders service, as a worker sees it: it gives batches, and hears about refused ones.

use super::Assignment;
use alloc::{
    format,
    string::{String, ToString},
    vec,
    vec::Vec,
};
use codec::DecodeAll;
use core::fmt;
use smartlink_primitives::{ride::RideBatch, BatchNumber, CompanyId};
use sp_core::offchain::{Duration, HttpError, Timestamp};
use sp_io::offchain::{http_response_read_body, timestamp};
use sp_runtime::offchain::http::{PendingRequest, Request, Response};

/// How long one answer may take as a whole.
const PATIENCE: Duration = Duration::from_millis(2_500);

/// The largest answer that is read: what an extrinsic may have. A batch of 65,536 rides has 2.3 MB.
const MAX_BODY: usize = 16 * 1024 * 1024;

/// Bytes read at once.
const CHUNK: usize = 64 * 1024;

/// Why there is no answer, or none that can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ServiceError {
    /// Nobody answers at the address.
    Unreachable,
    /// The answer took longer than [`PATIENCE`].
    Slow,
    /// An answer that is none of those agreed upon.
    Status(u16),
    /// The answer is larger than [`MAX_BODY`].
    TooLarge,
    /// The answer is no batch in SCALE.
    NotABatch,
    /// The batch is not the one that was asked for.
    AnotherBatch,
}

impl fmt::Display for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable => f.write_str("nobody answers: start it, or mend --worker-url"),
            Self::Slow => write!(f, "no answer within {} ms: look at its load", PATIENCE.millis()),
            Self::Status(code) => write!(f, "it answered HTTP {code}: look at its log"),
            Self::TooLarge => write!(f, "its answer has more than {MAX_BODY} bytes"),
            Self::NotABatch => f.write_str("its answer is no ride batch in SCALE"),
            Self::AnotherBatch => f.write_str("it gave another batch than the one asked for"),
        }
    }
}

impl core::error::Error for ServiceError {}

/// The service of one company.
pub(super) struct Service {
    company: CompanyId,
    url: String,
}

impl Service {
    /// `None` when the address is no UTF-8.
    pub(super) fn new(assignment: Assignment) -> Option<Self> {
        let url = String::from_utf8(assignment.url).ok()?;
        Some(Self { company: assignment.company, url })
    }

    /// The batch of this number, once it is closed.
    pub(super) fn batch(&self, number: BatchNumber) -> Result<Option<RideBatch>, ServiceError> {
        let until = timestamp().add(PATIENCE);
        let url = self.batch_url(number);
        let sent = Request::get(&url).deadline(until).send().map_err(failed)?;
        let response = wait(sent, until)?;
        match response.code {
            200 => {}
            204 => return Ok(None),
            code => return Err(ServiceError::Status(code)),
        }
        let bytes = read(&response, until)?;
        let batch = RideBatch::decode_all(&mut &bytes[..]).map_err(|_| ServiceError::NotABatch)?;
        if (batch.company, batch.number) != (self.company, number) {
            return Err(ServiceError::AnotherBatch);
        }
        Ok(Some(batch))
    }

    /// Tells the service that the chain does not take a batch. The body is JSON.
    pub(super) fn refuse(&self, number: BatchNumber, body: &str) -> Result<(), ServiceError> {
        let until = timestamp().add(PATIENCE);
        let url = format!("{}/refused", self.batch_url(number));
        let sent = Request::post(&url, vec![body.as_bytes()])
            .add_header("content-type", "application/json")
            .add_header("content-length", &body.len().to_string())
            .deadline(until)
            .send()
            .map_err(failed)?;
        match wait(sent, until)?.code {
            200..=299 => Ok(()),
            code => Err(ServiceError::Status(code)),
        }
    }

    fn batch_url(&self, number: BatchNumber) -> String {
        format!("{}/v1/companies/{}/batches/{}", self.url, self.company.0, number.0)
    }
}

fn wait(sent: PendingRequest, until: Timestamp) -> Result<Response, ServiceError> {
    match sent.try_wait(until) {
        Ok(Ok(response)) => Ok(response),
        Ok(Err(_)) => Err(ServiceError::Unreachable),
        Err(_) => Err(ServiceError::Slow),
    }
}

fn read(response: &Response, until: Timestamp) -> Result<Vec<u8>, ServiceError> {
    let mut body = Vec::new();
    let mut chunk = vec![0; CHUNK];
    loop {
        let read = http_response_read_body(response.id, &mut chunk, Some(until)).map_err(failed)?;
        // Never more than was asked for.
        let Some(bytes) = chunk.get(..read as usize).filter(|bytes| !bytes.is_empty()) else {
            return Ok(body);
        };
        if body.len() + bytes.len() > MAX_BODY {
            return Err(ServiceError::TooLarge);
        }
        body.extend_from_slice(bytes);
    }
}

fn failed(error: HttpError) -> ServiceError {
    match error {
        HttpError::DeadlineReached => ServiceError::Slow,
        HttpError::IoError | HttpError::Invalid => ServiceError::Unreachable,
    }
}
