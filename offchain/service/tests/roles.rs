//! Roles start in order and stop in reverse, whatever they do.

// In a test an unwrap is the assertion.
#![allow(clippy::unwrap_used)]

use std::{
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use futures::channel::mpsc;
use smartlink_service::{Bounds, CancellationToken, Readiness, RoleContext, Runner, RunnerError};
use tokio::time::Instant;

/// What happened, in order.
#[derive(Clone, Default)]
struct Diary(Arc<Mutex<Vec<String>>>);

impl Diary {
    fn note(&self, what: impl Into<String>) {
        self.0.lock().unwrap().push(what.into());
    }

    fn read(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

/// A role as it should be, which takes a while to start and to stop.
fn sound(
    diary: &Diary,
    name: &'static str,
) -> impl FnOnce(RoleContext) -> futures::future::BoxFuture<'static, io::Result<()>> + Send + 'static
{
    let diary = diary.clone();
    move |role| {
        Box::pin(async move {
            diary.note(format!("{name} starts"));
            tokio::time::sleep(Duration::from_secs(1)).await;
            role.ready.set(true);
            role.stop.cancelled().await;
            tokio::time::sleep(Duration::from_secs(1)).await;
            diary.note(format!("{name} stopped"));
            Ok(())
        })
    }
}

fn bounds() -> Bounds {
    Bounds { start_ms: 10_000, role_stop_ms: 5_000, stop_ms: 8_000 }
}

#[tokio::test(start_paused = true)]
async fn roles_start_in_order_and_stop_in_reverse() {
    let diary = Diary::default();
    let (signal, signals) = mpsc::unbounded();
    let last = Readiness::new();
    let runner = Runner::new(bounds())
        .role("orders", sound(&diary, "orders"))
        .role("dispatch", sound(&diary, "dispatch"))
        .role_with("api", last.clone(), sound(&diary, "api"));
    let run = tokio::spawn(runner.run_with(signals));
    last.ready().await;
    signal.unbounded_send(()).unwrap();
    run.await.unwrap().unwrap();
    assert_eq!(
        diary.read(),
        [
            "orders starts",
            "dispatch starts",
            "api starts",
            "api stopped",
            "dispatch stopped",
            "orders stopped"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn the_first_failure_stops_the_others_and_is_told_with_its_role() {
    let diary = Diary::default();
    let (_signal, signals) = mpsc::unbounded();
    let outcome = Runner::new(bounds())
        .role("orders", sound(&diary, "orders"))
        .role("dispatch", |role: RoleContext| async move {
            role.ready.set(true);
            tokio::time::sleep(Duration::from_secs(9)).await;
            Err(io::Error::other("the map is lost"))
        })
        .role("api", sound(&diary, "api"))
        .run_with(signals)
        .await;
    assert_eq!(outcome.unwrap_err().to_string(), "dispatch failed: the map is lost");
    assert_eq!(diary.read(), ["orders starts", "api starts", "api stopped", "orders stopped"]);
}

#[tokio::test(start_paused = true)]
async fn a_panic_ends_the_process_with_a_sentence() {
    let diary = Diary::default();
    let (_signal, signals) = mpsc::unbounded();
    let outcome = Runner::new(bounds())
        .role("orders", sound(&diary, "orders"))
        .role("dispatch", |role: RoleContext| async move {
            role.ready.set(true);
            tokio::task::yield_now().await;
            if role.ready.is_ready() {
                panic!("no such driver");
            }
            io::Result::Ok(())
        })
        .run_with(signals)
        .await;
    let sentence = outcome.unwrap_err().to_string();
    assert!(sentence.starts_with("dispatch panicked (no such driver)"), "{sentence}");
    assert_eq!(diary.read(), ["orders starts", "orders stopped"]);
}

#[tokio::test(start_paused = true)]
async fn a_role_that_fails_to_start_keeps_those_after_it_from_starting() {
    let diary = Diary::default();
    let (_signal, signals) = mpsc::unbounded();
    let stuck = |_: RoleContext| std::future::pending::<io::Result<()>>();
    let outcome = Runner::new(bounds())
        .role("orders", sound(&diary, "orders"))
        .role("dispatch", stuck)
        .role("api", sound(&diary, "api"))
        .run_with(signals)
        .await;
    assert!(matches!(outcome, Err(RunnerError::NotReady { role: "dispatch", ms: 10_000 })));
    assert_eq!(diary.read(), ["orders starts", "orders stopped"]);

    let (_signal, signals) = mpsc::unbounded();
    let at_once = |_: RoleContext| std::future::ready(io::Result::Ok(()));
    let outcome = Runner::new(bounds()).role("notify", at_once).run_with(signals).await;
    assert!(matches!(outcome, Err(RunnerError::Ended { role: "notify" })));
}

#[tokio::test(start_paused = true)]
async fn a_signal_while_roles_start_stops_those_that_did() {
    let diary = Diary::default();
    let (signal, signals) = mpsc::unbounded();
    signal.unbounded_send(()).unwrap();
    let runner = Runner::new(bounds())
        .role("orders", sound(&diary, "orders"))
        .role("dispatch", sound(&diary, "dispatch"));
    runner.run_with(signals).await.unwrap();
    assert!(!diary.read().contains(&"dispatch starts".to_owned()), "{:?}", diary.read());
}

#[tokio::test(start_paused = true)]
async fn a_role_that_does_not_stop_is_cut_off_and_those_before_it_stop() {
    struct Dropped(Diary);
    impl Drop for Dropped {
        fn drop(&mut self) {
            self.0.note("dispatch dropped");
        }
    }
    let diary = Diary::default();
    let (signal, signals) = mpsc::unbounded();
    let (ready, dropped) = (Readiness::new(), Dropped(diary.clone()));
    let runner = Runner::new(bounds()).role("orders", sound(&diary, "orders")).role_with(
        "dispatch",
        ready.clone(),
        move |role: RoleContext| async move {
            let _dropped = dropped;
            role.ready.set(true);
            std::future::pending::<io::Result<()>>().await
        },
    );
    let run = tokio::spawn(runner.run_with(signals));
    ready.ready().await;
    signal.unbounded_send(()).unwrap();
    let outcome = run.await.unwrap();
    assert!(matches!(outcome, Err(RunnerError::NotStopped { role: "dispatch" })), "{outcome:?}");
    assert_eq!(diary.read(), ["orders starts", "dispatch dropped", "orders stopped"]);
}

#[tokio::test(start_paused = true)]
async fn bounds_hold_for_each_role_and_for_all() {
    let (signal, signals) = mpsc::unbounded();
    let last = Readiness::new();
    let deaf = |role: RoleContext| async move {
        role.ready.set(true);
        std::future::pending::<io::Result<()>>().await
    };
    let runner = Runner::new(bounds()).role("orders", deaf).role("dispatch", deaf).role_with(
        "api",
        last.clone(),
        deaf,
    );
    let run = tokio::spawn(runner.run_with(signals));
    last.ready().await;
    let told = Instant::now();
    signal.unbounded_send(()).unwrap();
    let outcome = run.await.unwrap();
    assert!(matches!(outcome, Err(RunnerError::NotStopped { role: "api" })), "{outcome:?}");
    assert_eq!(
        told.elapsed(),
        Duration::from_secs(8),
        "five for the first, the rest for the others"
    );
}

#[tokio::test(start_paused = true)]
async fn a_second_signal_stops_at_once() {
    let diary = Diary::default();
    let (signal, signals) = mpsc::unbounded();
    let (deaf_ready, told) = (Readiness::new(), CancellationToken::new());
    let noticed = told.clone();
    let runner = Runner::new(bounds()).role("orders", sound(&diary, "orders")).role_with(
        "dispatch",
        deaf_ready.clone(),
        move |role: RoleContext| async move {
            role.ready.set(true);
            role.stop.cancelled().await;
            noticed.cancel();
            std::future::pending::<io::Result<()>>().await
        },
    );
    let run = tokio::spawn(runner.run_with(signals));
    deaf_ready.ready().await;
    signal.unbounded_send(()).unwrap();
    told.cancelled().await;
    let second = Instant::now();
    signal.unbounded_send(()).unwrap();
    let outcome = run.await.unwrap();
    assert!(matches!(outcome, Err(RunnerError::Forced { role: "dispatch" })), "{outcome:?}");
    assert_eq!(second.elapsed(), Duration::ZERO);
    assert_eq!(diary.read(), ["orders starts"], "orders was not told to stop any more");
}

#[tokio::test]
async fn sigterm_stops_a_process() {
    let ready = Readiness::new();
    let runner =
        Runner::new(bounds()).role_with("orders", ready.clone(), |role: RoleContext| async move {
            role.ready.set(true);
            role.stop.cancelled().await;
            io::Result::Ok(())
        });
    let run = tokio::spawn(runner.run());
    ready.ready().await;
    // SAFETY: raise takes a number and touches no memory; the runner handles the signal from before the role was ready.
    assert_eq!(unsafe { libc::raise(libc::SIGTERM) }, 0);
    run.await.unwrap().unwrap();
}
