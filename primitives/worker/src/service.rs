//! A company's service, as a worker asks it: within bounds of time and bytes.

use crate::Assignment;
use alloc::{
    format,
    string::{String, ToString},
    vec,
    vec::Vec,
};
use core::fmt;
use smartlink_primitives::CompanyId;
use sp_core::offchain::{Duration, HttpError, Timestamp};
use sp_io::offchain::{http_response_read_body, timestamp};
use sp_runtime::offchain::http::{PendingRequest, Request, Response};

/// How long one answer may take as a whole.
pub const PATIENCE: Duration = Duration::from_millis(2_500);

/// Bytes read at once.
const CHUNK: usize = 64 * 1024;

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Nobody answers at the address.
    Unreachable,
    /// The answer took longer than [`PATIENCE`].
    Slow,
    /// An answer that is none of those agreed upon.
    Status(u16),
    /// The answer has more bytes than this.
    TooLarge(usize),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable => f.write_str(
                "nobody answers: start it, or mend the address that the node was started with",
            ),
            Self::Slow => write!(f, "no answer within {} ms: look at its load", PATIENCE.millis()),
            Self::Status(code) => write!(f, "it answered HTTP {code}: look at its log"),
            Self::TooLarge(most) => write!(f, "its answer has more than {most} bytes"),
        }
    }
}

impl core::error::Error for Failure {}

/// The service of one company.
pub struct Service {
    company: CompanyId,
    url: String,
    /// The largest answer that is read.
    most: usize,
}

impl Service {
    /// The service of an assignment, whose answers have at most `most` bytes. `None` when the address is no
    /// UTF-8.
    pub fn new(assignment: Assignment, most: usize) -> Option<Self> {
        let url = String::from_utf8(assignment.url).ok()?;
        Some(Self { company: assignment.company, url, most })
    }

    /// For whom it works.
    pub fn company(&self) -> CompanyId {
        self.company
    }

    /// What it has at `path`, below `/v1/companies/{company}/`. `None` when it has nothing there yet (HTTP 204).
    ///
    /// # Errors
    /// There is no answer, or none that can be used.
    pub fn get(&self, path: &str) -> Result<Option<Vec<u8>>, Failure> {
        let until = timestamp().add(PATIENCE);
        let url = self.address(path);
        let sent = Request::get(&url).deadline(until).send().map_err(failed)?;
        let response = wait(sent, until)?;
        match response.code {
            200 => self.read(&response, until).map(Some),
            204 => Ok(None),
            code => Err(Failure::Status(code)),
        }
    }

    /// Tells it something, as JSON.
    ///
    /// # Errors
    /// It did not hear it.
    pub fn post(&self, path: &str, json: &str) -> Result<(), Failure> {
        let until = timestamp().add(PATIENCE);
        let url = self.address(path);
        let sent = Request::post(&url, vec![json.as_bytes()])
            .add_header("content-type", "application/json")
            .add_header("content-length", &json.len().to_string())
            .deadline(until)
            .send()
            .map_err(failed)?;
        match wait(sent, until)?.code {
            200..=299 => Ok(()),
            code => Err(Failure::Status(code)),
        }
    }

    fn address(&self, path: &str) -> String {
        format!("{}/v1/companies/{}/{path}", self.url, self.company.0)
    }

    fn read(&self, response: &Response, until: Timestamp) -> Result<Vec<u8>, Failure> {
        let mut body = Vec::new();
        let mut chunk = vec![0; CHUNK];
        loop {
            let read =
                http_response_read_body(response.id, &mut chunk, Some(until)).map_err(failed)?;
            // Never more than was asked for.
            let Some(bytes) = chunk.get(..read as usize).filter(|bytes| !bytes.is_empty()) else {
                return Ok(body);
            };
            if body.len() + bytes.len() > self.most {
                return Err(Failure::TooLarge(self.most));
            }
            body.extend_from_slice(bytes);
        }
    }
}

fn wait(sent: PendingRequest, until: Timestamp) -> Result<Response, Failure> {
    match sent.try_wait(until) {
        Ok(Ok(response)) => Ok(response),
        Ok(Err(_)) => Err(Failure::Unreachable),
        Err(_) => Err(Failure::Slow),
    }
}

fn failed(error: HttpError) -> Failure {
    match error {
        HttpError::DeadlineReached => Failure::Slow,
        HttpError::IoError | HttpError::Invalid => Failure::Unreachable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use parking_lot::RwLock;
    use sp_core::offchain::{testing, OffchainWorkerExt};
    use std::sync::Arc;

    /// A service whose answer to one question is `answer`.
    fn asked(answer: Vec<u8>, most: usize) -> Result<Option<Vec<u8>>, Failure> {
        let (offchain, http): (_, Arc<RwLock<testing::OffchainState>>) =
            testing::TestOffchainExt::new();
        http.write().expect_request(testing::PendingRequest {
            method: "GET".into(),
            uri: "http://127.0.0.1:1/v1/companies/7/anchors/9".into(),
            response: Some(answer),
            sent: true,
            ..Default::default()
        });
        let mut outside = sp_io::TestExternalities::default();
        outside.register_extension(OffchainWorkerExt::new(offchain));
        outside.execute_with(|| {
            let url = b"http://127.0.0.1:1".to_vec();
            let assignment = Assignment { company: CompanyId(7), url };
            Service::new(assignment, most).expect("UTF-8").get("anchors/9")
        })
    }

    #[test]
    fn an_answer_is_read_to_its_end_in_pieces() {
        let long = vec![7; 3 * CHUNK + 1];
        assert_eq!(asked(long.clone(), long.len()), Ok(Some(long)));
    }

    #[test]
    fn an_answer_larger_than_agreed_is_not_kept() {
        assert_eq!(asked(vec![7; 3 * CHUNK], CHUNK + 1), Err(Failure::TooLarge(CHUNK + 1)));
    }
}
