//! Brings a city to life, and sees it to its end.

use std::{
    future::Future,
    pin::pin,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{
    sync::{mpsc, watch},
    task::JoinSet,
    time::MissedTickBehavior,
};

use crate::{
    client::{Address, Client},
    driver::Driver,
    figures::Meter,
    plan::Plan,
    progress::Progress,
    report::Report,
    rider::Rider,
    witness::Outcome,
    world::{Stage, World},
    Error,
};

/// Between two reports of progress.
const PROGRESS_EVERY: Duration = Duration::from_secs(2);

/// Runs a plan until every order has ended, or until `shutdown`: then nothing new is begun, and what is
/// open may go on for [`Plan::wind_down`].
///
/// `progress` is called every two seconds; [`crate::on_terminal`] shows it.
///
/// # Errors
/// The plan cannot be carried out, somebody could not log in, or a promise of the API did not hold:
/// [`Error::Broken`] then carries the whole report.
pub async fn run(
    plan: Plan,
    shutdown: impl Future<Output = ()>,
    mut progress: impl FnMut(&Progress),
) -> Result<Report, Error> {
    plan.validate()?;
    let address = Address::parse(&plan.api_url)?;
    let meter = Arc::new(Meter::default());
    let client = Client::new(address, plan.connections, plan.request_timeout, meter.clone());
    let (stage, watched) = watch::channel(Stage::Alive);
    let world = Arc::new(World::new(plan, client, meter, watched));
    let began = Instant::now();
    let mut live = pin!(live(world.clone(), stage));
    let mut shutdown = pin!(shutdown);
    let (mut ticks, mut stopped) = (tokio::time::interval(PROGRESS_EVERY), false);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let outcome = loop {
        tokio::select! {
            outcome = live.as_mut() => break outcome,
            () = shutdown.as_mut(), if !stopped => {
                stopped = true;
                world.stop.notify_one();
            }
            _ = ticks.tick() => progress(&Progress::of(&world, began.elapsed())),
        }
    };
    outcome?;
    progress(&Progress::of(&world, began.elapsed()));
    let report = Report::of(&world, began.elapsed(), stopped);
    if report.violations > 0 {
        return Err(Error::Broken(Box::new(report)));
    }
    Ok(report)
}

/// Drivers go on duty, riders order, and when they are done the drivers go home.
async fn live(world: Arc<World>, stage: watch::Sender<Stage>) -> Result<(), Error> {
    let mut drivers = go_on_duty(&world).await?;
    let mut riders = JoinSet::new();
    for (rider, orders) in shares(&world.plan) {
        riders.spawn(Rider::new(world.clone(), rider, orders).live());
    }
    let total = riders.len();
    let mut finished = 0;
    let mut first_error = None;
    let mut deadline = pin!(wind_down(&world, &stage));
    loop {
        tokio::select! {
            ended = riders.join_next() => match ended {
                None => break,
                Some(ended) => {
                    finished += 1;
                    if let Err(error) = ended? {
                        first_error.get_or_insert(error);
                        // One who cannot begin does not keep the others from it.
                        stage.send_replace(Stage::Winding);
                    }
                }
            },
            () = deadline.as_mut() => {
                riders.abort_all();
                break;
            }
        }
    }
    (finished..total).for_each(|_| world.tally.ended(Outcome::Unfinished));
    stage.send_replace(Stage::Over);
    let home = async { while drivers.join_next().await.is_some() {} };
    if tokio::time::timeout(world.plan.wind_down, home).await.is_err() {
        tracing::warn!("some drivers did not get home in time");
        drivers.abort_all();
    }
    first_error.map_or(Ok(()), Err)
}

/// Ends when somebody said stop and the time after that is over.
async fn wind_down(world: &World, stage: &watch::Sender<Stage>) {
    world.stop.notified().await;
    stage.send_replace(Stage::Winding);
    tokio::time::sleep(world.plan.wind_down).await;
}

/// All drivers, working. Nobody begins before all are on duty.
async fn go_on_duty(world: &Arc<World>) -> Result<JoinSet<()>, Error> {
    let mut drivers = JoinSet::new();
    let (ready, mut begun) = mpsc::channel(64);
    for (place, seat) in (0u32..).zip(&world.plan.drivers) {
        drivers.spawn(Driver::new(world.clone(), place, seat)?.work(ready.clone()));
    }
    drop(ready);
    while let Some(begun) = begun.recv().await {
        begun?;
    }
    Ok(drivers)
}

/// Riders with the number of quotes that each asks for.
fn shares(plan: &Plan) -> impl Iterator<Item = (u32, u32)> {
    let riders = plan.riders.max(1);
    let (each, more) = (plan.orders / riders, plan.orders % riders);
    (0..plan.riders)
        .map(move |rider| (rider, each + u32::from(rider < more)))
        .filter(|(_, orders)| *orders > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_order_has_a_rider(riders in 1u32..500, orders in 0u32..5_000) {
            let mut plan = Plan::new("http://127.0.0.1:1", 1, Vec::new());
            (plan.riders, plan.orders) = (riders, orders);
            prop_assert_eq!(shares(&plan).map(|(_, orders)| orders).sum::<u32>(), orders);
            let most = shares(&plan).map(|(_, orders)| orders).max().unwrap_or(0);
            prop_assert!(shares(&plan).all(|(_, orders)| orders + 1 >= most));
        }
    }
}
