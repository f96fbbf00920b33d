//! The load generator against the toy: orders move, what is shed is counted apart, and a stall is not left
//! out.

// In a test an unwrap is the assertion.
#![allow(clippy::unwrap_used)]

mod toy;

use std::time::Duration;

use smartlink_simulator::{
    city::City as Places,
    load::{measure, Credentials, Kind, Seat, Target},
    Error,
};
use toy::{City, Fault, Toy};

fn target(toy: &Toy) -> Target {
    let rider = |number| Credentials::Password {
        name: format!("load-{number}"),
        password: "a long password".to_owned(),
    };
    let seat = |number| Seat {
        credentials: Credentials::Wallet { suri: format!("//Load//{number}") },
        vehicle: number,
    };
    let mut target =
        Target::new(&toy.url, (0..6).map(rider).collect(), (1..=6).map(seat).collect());
    target.city = Places::futian();
    target.rate = 400;
    target.warm_up = Duration::from_millis(500);
    target.measured = Duration::from_millis(2_500);
    (target.twice, target.recovery) = (Duration::ZERO, Duration::ZERO);
    target
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fixed_rate_moves_real_orders_to_their_end() {
    let toy = Toy::start(City::new(Fault::None)).await;
    let report = measure(target(&toy)).await.unwrap();
    let measured = report.measured().unwrap();
    assert_eq!((measured.due, measured.missing, measured.not_sent), (1_000, 0, 0), "{report:?}");
    assert_eq!(measured.times.count(), 1_000);
    assert!(measured.completed >= 2, "{} orders were completed", measured.completed);
    assert_eq!(toy.city.states().iter().filter(|state| **state == "completed").count() as u64, {
        report.phases.iter().map(|phase| phase.completed).sum::<u64>()
    });
    let states = measured.kinds.iter().find(|kind| kind.kind == Kind::State).unwrap();
    assert_eq!(states.times.count(), 100);
    assert_eq!(report.connections, 12);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_shed_is_counted_apart_and_sent_again() {
    let toy = Toy::start(City::new(Fault::Sheds)).await;
    let mut target = target(&toy);
    (target.measured, target.twice) = (Duration::from_secs(1), Duration::from_secs(1));
    target.recovery = Duration::from_secs(1);
    let report = measure(target).await.unwrap();
    let twice = report.twice().unwrap();
    assert_eq!(twice.due, 800);
    assert!((0.30..0.37).contains(&twice.shed_share()), "{}", twice.shed_share());
    assert_eq!(twice.errors["overloaded"], twice.shed.count());
    assert_eq!(twice.times.count() + twice.shed.count(), 800);
    // It sheds for ever.
    assert_eq!(report.recovery, Some(smartlink_simulator::load::Recovery::NotSeen));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stall_lengthens_every_request_that_was_due_meanwhile() {
    let toy = Toy::start(City::new(Fault::None)).await;
    let mut target = target(&toy);
    (target.warm_up, target.measured) = (Duration::from_millis(100), Duration::from_secs(2));
    let city = toy.city.clone();
    let stalled = std::thread::spawn(move || city.stall_after(60, Duration::from_millis(500)));
    let report = measure(target).await.unwrap();
    stalled.join().unwrap();
    let times = &report.measured().unwrap().times;
    // Half a second of 400 requests a second: a quarter of all waited, for 250 ms on the mean. A generator
    // that waits for answers would have seen one slow request.
    assert!(
        times.quantile_ms(0.80) > 50.0 && times.max_ms() > 400.0,
        "{}",
        times.quantile_ms(0.80)
    );
    assert!(times.quantile_ms(0.5) < 50.0, "{}", times.quantile_ms(0.5));
}

#[tokio::test]
async fn a_target_without_drivers_is_refused() {
    let toy = Toy::start(City::new(Fault::None)).await;
    let mut target = target(&toy);
    target.drivers.clear();
    assert!(matches!(measure(target).await, Err(Error::Plan { .. })));
}
