use proptest::prelude::*;

use super::*;

fn limits() -> impl Strategy<Value = BreakerLimits> {
    (1u64..50, 1u32..20, 1u32..=100, 1u64..2_000, 1u32..5).prop_map(
        |(tenths, min_calls, failure_percent, open_ms, probes)| BreakerLimits {
            window_ms: tenths * 100,
            min_calls,
            failure_percent,
            open_ms,
            probes,
        },
    )
}

#[derive(Clone, Copy, Debug)]
enum Step {
    /// Time passes, in milliseconds.
    Pass(u64),
    /// A call asks.
    Ask,
    /// One of the calls under way ends.
    End(prop::sample::Index, Outcome),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let outcome = prop_oneof![
        2 => Just(Outcome::Success),
        3 => Just(Outcome::Failure),
        1 => Just(Outcome::Abandoned),
    ];
    let step = prop_oneof![
        1 => (0u64..700).prop_map(Step::Pass),
        3 => Just(Step::Ask),
        3 => (any::<prop::sample::Index>(), outcome).prop_map(|(index, outcome)| Step::End(index, outcome)),
    ];
    prop::collection::vec(step, 1..400)
}

/// The circuit by its definition: everything that happened is kept, and looked through each time.
struct Model {
    limits: BreakerLimits,
    state: CircuitState,
    since: u64,
    /// Calls that ended since the circuit closed: when, and whether they failed.
    ended: Vec<(u64, bool)>,
    probing: u32,
    succeeded: u32,
    era: u32,
}

impl Model {
    fn enter(&mut self, state: CircuitState, now: u64) {
        self.state = state;
        self.since = now;
        self.era += 1;
        self.ended.clear();
        (self.probing, self.succeeded) = (0, 0);
    }

    fn admits(&mut self, now: u64) -> bool {
        if self.state == CircuitState::Open {
            if now < self.since + self.limits.open_ms {
                return false;
            }
            self.enter(CircuitState::HalfOpen, now);
        }
        if self.state == CircuitState::HalfOpen {
            if self.probing + self.succeeded == self.limits.probes {
                return false;
            }
            self.probing += 1;
        }
        true
    }

    fn ends(&mut self, outcome: Outcome, now: u64) {
        match (self.state, outcome) {
            (CircuitState::Open, _) => panic!("a call of an open circuit ended"),
            (CircuitState::Closed, Outcome::Abandoned) => {}
            (CircuitState::Closed, _) => {
                self.ended.push((now, outcome == Outcome::Failure));
                let part = self.limits.window_ms / 10;
                let age = |at: u64| (now - self.since) / part - (at - self.since) / part;
                let recent: Vec<bool> = self
                    .ended
                    .iter()
                    .filter(|(at, _)| age(*at) < 10)
                    .map(|(_, failed)| *failed)
                    .collect();
                let failed = recent.iter().filter(|failed| **failed).count();
                if recent.len() >= self.limits.min_calls as usize
                    && failed * 100 >= recent.len() * self.limits.failure_percent as usize
                {
                    self.enter(CircuitState::Open, now);
                }
            }
            (CircuitState::HalfOpen, Outcome::Failure) => self.enter(CircuitState::Open, now),
            (CircuitState::HalfOpen, Outcome::Abandoned) => self.probing -= 1,
            (CircuitState::HalfOpen, Outcome::Success) => {
                self.probing -= 1;
                self.succeeded += 1;
                if self.succeeded == self.limits.probes {
                    self.enter(CircuitState::Closed, now);
                }
            }
        }
    }
}

proptest! {
    #[test]
    fn the_circuit_does_what_its_definition_says(limits in limits(), steps in steps()) {
        let start = Instant::now();
        let mut circuit = Circuit::new(limits.clone(), start);
        let mut model = Model {
            limits,
            state: CircuitState::Closed,
            since: 0,
            ended: Vec::new(),
            probing: 0,
            succeeded: 0,
            era: 0,
        };
        let mut now = 0;
        let mut running: Vec<(Ticket, u32)> = Vec::new();
        for step in steps {
            let at = start + Duration::from_millis(now);
            match step {
                Step::Pass(ms) => now += ms,
                Step::Ask => match circuit.admit(at) {
                    Admission::Pass(ticket) => {
                        prop_assert!(model.admits(now));
                        running.push((ticket, model.era));
                    }
                    Admission::Refuse(_) => prop_assert!(!model.admits(now)),
                },
                Step::End(_, _) if running.is_empty() => {}
                Step::End(index, outcome) => {
                    let (ticket, era) = running.swap_remove(index.index(running.len()));
                    circuit.record(ticket, outcome, at);
                    if era == model.era {
                        model.ends(outcome, now);
                    }
                }
            }
            prop_assert_eq!(circuit.state(), model.state);
        }
    }

    #[test]
    fn who_waits_as_told_finds_an_open_circuit_half_open(limits in limits()) {
        let now = Instant::now();
        let mut circuit = Circuit::new(limits.clone(), now);
        for _ in 0..limits.min_calls {
            let Admission::Pass(ticket) = circuit.admit(now) else { break };
            circuit.record(ticket, Outcome::Failure, now);
        }
        prop_assert_eq!(circuit.state(), CircuitState::Open);
        let Admission::Refuse(wait) = circuit.admit(now) else { panic!("it is open") };
        prop_assert!(matches!(circuit.admit(now + wait), Admission::Pass(_)));
        prop_assert_eq!(circuit.state(), CircuitState::HalfOpen);
    }
}

/// A service that says UNAVAILABLE while it is down, and answers after a second.
async fn call(layer: &BreakerLayer, down: bool) -> Result<Answer, Status> {
    let service = tower::service_fn(move |_: Call| async move {
        tokio::time::sleep(Duration::from_secs(1)).await;
        if down {
            Err(Status::unavailable("down"))
        } else {
            Ok(Answer::default())
        }
    });
    layer.layer(service).oneshot(Call::default()).await
}

#[tokio::test(start_paused = true)]
async fn a_service_that_fails_is_left_alone_and_then_tried() {
    let limits = BreakerLimits {
        window_ms: 60_000,
        min_calls: 4,
        failure_percent: 50,
        open_ms: 5_000,
        probes: 2,
    };
    let layer = BreakerLayer::new("orders", limits);
    for down in [false, false, true, true] {
        assert_eq!(call(&layer, down).await.is_err(), down);
    }
    assert_eq!(layer.state(), CircuitState::Open);

    let asked = Instant::now();
    let refused = call(&layer, false).await.unwrap_err();
    assert_eq!(asked.elapsed(), Duration::ZERO, "it is refused without being tried");
    assert_eq!(refused.code(), Code::Unavailable);
    assert!(refused.message().contains("try again in 5000 ms"), "{}", refused.message());

    tokio::time::advance(Duration::from_secs(5)).await;
    // A caller who goes away before the answer proves nothing, and gives the place back.
    let impatient = tokio::time::timeout(Duration::from_millis(10), call(&layer, false)).await;
    assert!(impatient.is_err());
    assert_eq!(layer.state(), CircuitState::HalfOpen);
    let (first, second, third) =
        tokio::join!(call(&layer, false), call(&layer, false), call(&layer, false));
    assert!(first.is_ok() && second.is_ok());
    assert!(third.is_err(), "only two are tried");
    assert_eq!(layer.state(), CircuitState::Closed);
}
