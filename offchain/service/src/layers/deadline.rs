//! Until when an answer is wanted.

use std::{
    task::{Context, Poll},
    time::Duration,
};

use http::{HeaderMap, HeaderValue};
use tokio::time::Instant;
use tonic::Status;
use tower::{Layer, Service, ServiceExt};

use super::{Answer, Answering, Call, Callee};

const HEADER: &str = "grpc-timeout";

/// Until when the caller waits for the answer, among the extensions of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallDeadline(pub Instant);

/// Ends calls whose time is over with DEADLINE_EXCEEDED and drops what was done for them.
///
/// The time is the shortest of what this layer allows, what an outer one has left
/// ([`CallDeadline`]), and what the caller says in the header `grpc-timeout`; the header then tells the
/// next service what is left. It covers a call until its first answer: a stream that has begun is not cut.
#[derive(Clone, Copy, Debug)]
pub struct DeadlineLayer {
    longest: Option<Duration>,
}

impl DeadlineLayer {
    /// At most this long, whatever the caller says.
    pub fn new(longest: Duration) -> Self {
        Self { longest: Some(longest) }
    }

    /// As long as the caller says; without limit when nobody says anything.
    pub fn of_the_caller() -> Self {
        Self { longest: None }
    }
}

impl<S> Layer<S> for DeadlineLayer {
    type Service = Deadline<S>;

    fn layer(&self, inner: S) -> Deadline<S> {
        Deadline { inner, longest: self.longest }
    }
}

/// The service of [`DeadlineLayer`].
#[derive(Clone, Debug)]
pub struct Deadline<S> {
    inner: S,
    longest: Option<Duration>,
}

impl<S: Callee> Service<Call> for Deadline<S> {
    type Response = Answer;
    type Error = Status;
    type Future = Answering;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Status>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut call: Call) -> Answering {
        let now = Instant::now();
        let deadline = [
            self.longest.and_then(|longest| now.checked_add(longest)),
            call.extensions().get::<CallDeadline>().map(|deadline| deadline.0),
            parse_grpc_timeout(call.headers()).and_then(|timeout| now.checked_add(timeout)),
        ];
        let inner = self.inner.clone();
        let Some(deadline) = deadline.into_iter().flatten().min() else {
            return Box::pin(inner.oneshot(call));
        };
        call.extensions_mut().insert(CallDeadline(deadline));
        let left = deadline.saturating_duration_since(now);
        call.headers_mut().insert(HEADER, header_of(left));
        Box::pin(async move {
            match tokio::time::timeout_at(deadline, inner.oneshot(call)).await {
                Ok(answer) => answer,
                Err(_) => Err(Status::deadline_exceeded(format!(
                    "no answer within {} ms; whether the call was carried out is not known, so repeat \
                     it with the same idempotency key",
                    left.as_millis()
                ))),
            }
        })
    }
}

/// The header for what is left, rounded up so that the callee does not give up before its caller does.
fn header_of(left: Duration) -> HeaderValue {
    // The header holds eight digits.
    let milliseconds = left.as_micros().div_ceil(1_000);
    let text = if milliseconds < 100_000_000 {
        format!("{milliseconds}m")
    } else {
        format!("{}S", milliseconds.div_ceil(1_000).min(99_999_999))
    };
    HeaderValue::from_str(&text).expect("digits and a letter are a header's value")
}

/// How long the caller waits, by the header `grpc-timeout`: one to eight digits and a unit of H, M, S, m, u
/// or n (gRPC over HTTP/2, "Timeout"). `None` when there is none, or none that can be read.
pub fn parse_grpc_timeout(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(HEADER)?.to_str().ok()?;
    let unit = text.chars().next_back()?;
    let digits = text.get(..text.len().checked_sub(unit.len_utf8())?)?;
    if digits.is_empty() || digits.len() > 8 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let amount = digits.parse::<u64>().ok()?;
    match unit {
        'H' => Some(Duration::from_secs(amount * 3_600)),
        'M' => Some(Duration::from_secs(amount * 60)),
        'S' => Some(Duration::from_secs(amount)),
        'm' => Some(Duration::from_millis(amount)),
        'u' => Some(Duration::from_micros(amount)),
        'n' => Some(Duration::from_nanos(amount)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn headers(value: HeaderValue) -> HeaderMap {
        HeaderMap::from_iter([(http::header::HeaderName::from_static(HEADER), value)])
    }

    proptest! {
        #[test]
        fn what_is_left_is_never_told_shorter(micros in 0u64..90_000_000_000_000) {
            let left = Duration::from_micros(micros);
            let told = parse_grpc_timeout(&headers(header_of(left))).unwrap();
            prop_assert!(told >= left && told - left < Duration::from_secs(2));
        }
    }

    #[test]
    fn any_header_is_read_or_refused() {
        bolero::check!().for_each(|bytes: &[u8]| {
            if let Ok(value) = HeaderValue::from_bytes(bytes) {
                if let Some(timeout) = parse_grpc_timeout(&headers(value)) {
                    assert!(timeout <= Duration::from_secs(99_999_999 * 3_600));
                    assert!(bytes.len() <= 9);
                }
            }
        });
    }
}
