//! A small city on a toy of the API: every order comes to its end, repetitions do no harm, and each promise
//! that the toy breaks is seen.

// In a test an unwrap is the assertion.
#![allow(clippy::unwrap_used)]

mod toy;

use std::{future, time::Duration};

use smartlink_simulator::{
    city::City as Places, run, DriverSeat, Error, Follow, Habits, Outcome, Plan, Report, Violation,
};
use toy::{City, Fault, Toy};

/// Minutes become milliseconds.
fn plan(toy: &Toy, seed: u64) -> Plan {
    let drivers = (0..6)
        .map(|number| DriverSeat { suri: format!("//Driver//{number}"), vehicle: number + 1 });
    let mut plan = Plan::new(&toy.url, seed, drivers.collect());
    plan.city = Places::futian();
    (plan.riders, plan.orders, plan.speed_up) = (8, 24, 20_000);
    plan.poll_every = Duration::from_millis(30);
    plan.report_every = Duration::from_millis(100);
    plan.patience = Duration::from_secs(5);
    plan.longest_wait = Duration::from_millis(1_600);
    plan.stuck_after = Duration::from_secs(15);
    plan.wind_down = Duration::from_secs(5);
    plan.connections = 8;
    plan.habits = Habits::calm();
    plan
}

async fn live(plan: Plan) -> Result<Report, Error> {
    run(plan, future::pending(), |_| ()).await
}

/// What a city sees whose toy has a fault.
async fn seen(fault: Fault, change: impl FnOnce(&mut Plan)) -> Vec<Violation> {
    let toy = Toy::start(City::new(fault).quotes_for(400)).await;
    let mut plan = plan(&toy, 3);
    change(&mut plan);
    match live(plan).await {
        Err(Error::Broken(report)) => report.seen,
        Err(other) => panic!("{fault:?}: {other}"),
        Ok(report) => panic!("{fault:?} was not seen: {report}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_order_of_a_calm_city_is_completed() {
    let toy = Toy::start(City::new(Fault::None)).await;
    let report = live(plan(&toy, 1)).await.unwrap();
    assert_eq!(report.outcome(Outcome::Completed), 24, "{report}");
    assert_eq!((report.placed, report.violations), (24, 0));
    assert!(report.to_arrival.count() >= 20 && report.methods["rider_place"].times.count() == 24);
}

#[tokio::test(flavor = "multi_thread")]
async fn by_subscription_they_learn_the_same() {
    let toy = Toy::start(City::new(Fault::None)).await;
    let mut plan = plan(&toy, 1);
    plan.follow = Follow::Subscriptions;
    // Asking beside it is so rare that without pushes the orders would not end in time.
    plan.poll_every = Duration::from_secs(60);
    plan.stuck_after = Duration::from_secs(20);
    let report = live(plan).await.unwrap();
    assert_eq!(report.outcome(Outcome::Completed), 24, "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn people_who_change_their_minds_leave_no_order_without_an_end() {
    let toy = Toy::start(City::new(Fault::None).quotes_for(300)).await;
    let mut plan = plan(&toy, 2);
    plan.orders = 60;
    plan.habits = Habits {
        quote_lapses: 100,
        place_late: 100,
        cancel_early: 100,
        cancel_late: 100,
        no_show: 100,
        rates: 500,
        declines: 100,
        lets_lapse: 100,
        accepts_late: 100,
        abandons: 150,
        wrong_code: 200,
        sends_twice: 500,
        loses_connection: 100,
    };
    let report = live(plan).await.unwrap();
    assert_eq!(report.outcomes.values().sum::<u64>(), 60, "{report}");
    for outcome in [Outcome::Vanished, Outcome::Stuck, Outcome::Unfinished] {
        assert_eq!(report.outcome(outcome), 0, "{report}");
    }
    let over = ["completed", "cancelled", "expired"];
    assert!(toy.city.states().iter().all(|state| over.contains(state)), "{:?}", toy.city.states());
    let (repeated, late) = toy.city.repeated_and_late();
    assert!(repeated > 50 && late > 0, "{repeated} repeated, {late} late");
    assert!(
        report.late_refused > 0 && report.declined > 0 && report.outcome(Outcome::QuoteLapsed) > 0
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_sheds_is_asked_again() {
    let toy = Toy::start(City::new(Fault::Sheds)).await;
    let report = live(plan(&toy, 1)).await.unwrap();
    assert_eq!(report.outcome(Outcome::Completed), 24, "{report}");
    assert!(report.errors["overloaded"] > 50, "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_says_stop_gets_a_report() {
    let toy = Toy::start(City::new(Fault::None)).await;
    let mut plan = plan(&toy, 1);
    // Trips of hours: nothing ends by itself.
    (plan.speed_up, plan.wind_down) = (1, Duration::from_millis(100));
    plan.pause = Duration::ZERO;
    let city = toy.city.clone();
    let placed = async {
        while city.states().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let report = run(plan, placed, |_| ()).await.unwrap();
    assert!(report.stopped && report.outcome(Outcome::Completed) == 0, "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_order_is_seen() {
    let seen = seen(Fault::LosesAnOrder, |_| ()).await;
    assert!(
        seen.iter().all(|one| matches!(one, Violation::Vanished { .. })) && seen.len() == 1,
        "{seen:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_acceptance_that_succeeds_is_seen() {
    let seen = seen(Fault::AcceptsLate, |plan| plan.habits.accepts_late = 1_000).await;
    assert!(seen
        .iter()
        .any(|one| matches!(one, Violation::LateAccept { late_ms, .. } if *late_ms > 1_000)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_driver_is_seen() {
    // The other driver has to look while the ride lasts: on a busy machine not every one does.
    let seen = seen(Fault::TwoDrivers, |plan| plan.orders = 96).await;
    assert!(seen.iter().any(|one| matches!(one, Violation::TwoDrivers { .. })), "{seen:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_price_is_seen() {
    let seen = seen(Fault::TwoPrices, |_| ()).await;
    let differs = |one: &Violation| matches!(one, Violation::PriceDiffers { first, second, .. } if first.abs_diff(*second) == 1);
    assert_eq!(seen.iter().filter(|one| differs(one)).count(), 24, "{seen:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_code_in_the_wrong_hands_is_seen() {
    let leaked = seen(Fault::LeaksCode, |_| ()).await;
    assert!(leaked.iter().any(|one| matches!(one, Violation::CodeLeaked { .. })), "{leaked:?}");
    let guessed = seen(Fault::AnyCode, |plan| plan.habits.wrong_code = 1_000).await;
    assert!(guessed.iter().any(|one| matches!(one, Violation::WrongCode { .. })), "{guessed:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_answer_to_the_same_command_is_seen() {
    let seen = seen(Fault::TwoAnswers, |plan| plan.habits.sends_twice = 1_000).await;
    assert!(seen.iter().any(|one| matches!(one, Violation::TwoAnswers { .. })), "{seen:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quote_that_is_taken_too_late_is_seen() {
    let seen = seen(Fault::TakesLateQuotes, |plan| plan.habits.place_late = 1_000).await;
    assert!(seen.iter().any(|one| matches!(one, Violation::LatePlace { .. })), "{seen:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_that_is_none_is_seen() {
    let few = |plan: &mut Plan| {
        (plan.orders, plan.stuck_after) = (8, Duration::from_secs(2));
        plan.habits.rates = 1_000;
    };
    let seen = seen(Fault::Reopens, few).await;
    assert!(seen.iter().any(|one| matches!(one, Violation::EndChanged { .. })), "{seen:?}");
}

#[tokio::test]
async fn a_driver_without_a_key_is_named_before_anything_begins() {
    let toy = Toy::start(City::new(Fault::None)).await;
    let mut plan = plan(&toy, 1);
    plan.drivers[2].suri = "no such secret".to_owned();
    let error = live(plan).await.unwrap_err().to_string();
    assert!(error.contains("driver 2") && !error.contains("no such secret"), "{error}");
}
