use std::sync::{
    atomic::{AtomicU32, Ordering},
    Mutex,
};

use http_body_util::{BodyExt, StreamBody};
use proptest::prelude::*;

use super::*;
use crate::layers::{BreakerLayer, BreakerLimits, DeadlineLayer};

/// A service that refuses with `code` so many times, then answers; what it was sent is kept.
#[derive(Clone)]
struct Flaky {
    code: Code,
    failures: u32,
    in_headers: bool,
    calls: Arc<AtomicU32>,
    sent: Arc<Mutex<Vec<Bytes>>>,
}

impl Flaky {
    fn new(code: Code, failures: u32) -> Self {
        Self { code, failures, in_headers: false, calls: Arc::default(), sent: Arc::default() }
    }

    fn calls(&self) -> u32 {
        self.calls.load(Ordering::Relaxed)
    }
}

impl Service<Call> for Flaky {
    type Response = Answer;
    type Error = Status;
    type Future = Answering;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Status>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, call: Call) -> Answering {
        let this = self.clone();
        Box::pin(async move {
            let body = call.into_body().collect().await.unwrap().to_bytes();
            this.sent.lock().unwrap().push(body);
            let nth = this.calls.fetch_add(1, Ordering::Relaxed);
            let status = Status::new(this.code, "not now");
            match nth < this.failures {
                true if this.in_headers => Ok(status.into_http()),
                true => Err(status),
                false => Ok(Answer::default()),
            }
        })
    }
}

fn message(text: &'static str) -> Call {
    Call::new(Body::new(Full::new(Bytes::from_static(text.as_bytes()))))
}

fn code(answer: Result<Answer, Status>) -> Code {
    match answer {
        Ok(answer) => code_of(&answer).unwrap_or(Code::Ok),
        Err(status) => status.code(),
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_unavailable_is_sent_again_as_it_was() {
    for in_headers in [false, true] {
        let flaky = Flaky { in_headers, ..Flaky::new(Code::Unavailable, 3) };
        let retry = RetryLayer::new(RetryLimits::default()).layer(flaky.clone());
        assert_eq!(code(retry.oneshot(message("book")).await), Code::Ok);
        assert_eq!(*flaky.sent.lock().unwrap(), vec![Bytes::from_static(b"book"); 4]);
    }
}

#[tokio::test(start_paused = true)]
async fn attempts_end_and_the_last_outcome_stands() {
    let flaky = Flaky::new(Code::Unavailable, 100);
    let retry = RetryLayer::new(RetryLimits { attempts: 3, ..RetryLimits::default() });
    assert_eq!(code(retry.layer(flaky.clone()).oneshot(message("x")).await), Code::Unavailable);
    assert_eq!(flaky.calls(), 3);
}

#[tokio::test(start_paused = true)]
async fn no_other_outcome_is_repeated() {
    for number in 1..=16 {
        let flaky = Flaky::new(Code::from_i32(number), 1);
        let retry = RetryLayer::new(RetryLimits::default()).layer(flaky.clone());
        let _ = retry.oneshot(message("x")).await;
        let expected = if number == Code::Unavailable as i32 { 2 } else { 1 };
        assert_eq!(flaky.calls(), expected, "{:?}", Code::from_i32(number));
    }
}

#[tokio::test(start_paused = true)]
async fn a_large_request_and_a_stream_pass_once_and_whole() {
    let limits = RetryLimits { keep_bytes: 8, ..RetryLimits::default() };
    let flaky = Flaky::new(Code::Unavailable, 1);
    let retry = RetryLayer::new(limits.clone()).layer(flaky.clone());
    assert_eq!(code(retry.oneshot(message("nine bytes")).await), Code::Unavailable);
    assert_eq!(*flaky.sent.lock().unwrap(), [Bytes::from_static(b"nine bytes")]);

    let flaky = Flaky::new(Code::Unavailable, 1);
    let retry = RetryLayer::new(limits).layer(flaky.clone());
    let stream = futures::stream::unfold(0u8, |nth| async move {
        tokio::time::sleep(Duration::from_secs(u64::from(nth))).await;
        (nth < 3).then(|| (Ok::<_, Status>(Frame::data(Bytes::from(vec![nth]))), nth + 1))
    });
    let call = Call::new(Body::new(StreamBody::new(stream)));
    assert_eq!(code(retry.oneshot(call).await), Code::Unavailable);
    assert_eq!(*flaky.sent.lock().unwrap(), [Bytes::from_static(&[0, 1, 2])]);
}

#[tokio::test(start_paused = true)]
async fn retries_keep_to_the_deadline() {
    let flaky = Flaky::new(Code::Unavailable, 1_000);
    let limits = RetryLimits {
        attempts: 20,
        pause_ms: 400,
        longest_pause_ms: 400,
        ..RetryLimits::default()
    };
    let deadline = DeadlineLayer::new(Duration::from_secs(1));
    let service = deadline.layer(RetryLayer::new(limits).layer(flaky.clone()));
    let start = Instant::now();
    let outcome = code(service.oneshot(message("x")).await);
    assert_eq!(outcome, Code::Unavailable, "the last outcome, not a wait for nothing");
    assert!(start.elapsed() <= Duration::from_secs(1));
    assert!(flaky.calls() < 20);
}

#[tokio::test(start_paused = true)]
async fn what_an_open_circuit_refuses_is_not_repeated() {
    let flaky = Flaky::new(Code::Unavailable, 1_000);
    let breaker =
        BreakerLayer::new("x", BreakerLimits { min_calls: 2, ..BreakerLimits::default() });
    let limits = RetryLimits { attempts: 10, ..RetryLimits::default() };
    let service = RetryLayer::new(limits).layer(breaker.layer(flaky.clone()));
    assert_eq!(code(service.oneshot(message("x")).await), Code::Unavailable);
    assert_eq!(flaky.calls(), 2, "the circuit opened with the second");
}

#[tokio::test(start_paused = true)]
async fn when_everything_fails_retries_stay_a_share_of_the_calls() {
    let flaky = Flaky::new(Code::Unavailable, u32::MAX);
    // Pauses so short that no call of the thousand is forgotten before the last.
    let limits = RetryLimits { pause_ms: 1, longest_pause_ms: 1, ..RetryLimits::default() };
    let layer = RetryLayer::new(limits);
    for _ in 0..1_000 {
        let _ = layer.layer(flaky.clone()).oneshot(message("x")).await;
    }
    // 20 % of the calls, and the hundred that are always allowed.
    assert_eq!(flaky.calls(), 1_000 + 200 + 100);
}

proptest! {
    #[test]
    fn pauses_grow_to_their_bound_and_not_beyond(
        attempts in 1u32..20,
        pause_ms in 1u64..1_000,
        longest_pause_ms in 1_000u64..60_000,
    ) {
        let limits =
            RetryLimits { attempts: 20, pause_ms, longest_pause_ms, ..RetryLimits::default() };
        let pause = RetryLayer::new(limits).shared.pause(attempts, None).unwrap();
        let longest = (pause_ms << (attempts - 1)).min(longest_pause_ms);
        prop_assert!(pause <= Duration::from_millis(longest));
    }
}
