//! Who is on duty with which vehicle, from the orders to the analysis.

use std::{collections::HashMap, convert::Infallible, future::pending};

use smartlink_proto::orders::{
    change::What, orders_client::OrdersClient, Change, Driver, FollowRequest,
};
use smartlink_service::Transport;
use smartlink_telemetry::{Analyst, CommandError};
use tonic::{Status, Streaming};

use super::super::roles::PAUSE;

/// Why the orders are not followed now.
#[derive(Debug, thiserror::Error)]
enum Ended {
    #[error("the orders service said: {0}")]
    Orders(#[from] Status),
    #[error("the orders service has stopped")]
    Stopped,
    #[error(transparent)]
    Analysis(#[from] CommandError),
}

/// Tells the analysis who drives, as the orders know it, until dropped. While the orders are away, who drove last is taken
/// to drive on: nobody goes on or off duty then. Where there are no orders, nobody is known to drive.
pub(super) async fn follow(orders: Option<Transport>, analyst: Analyst) -> Infallible {
    let mut duties = Duties { analyst, by_driver: HashMap::new() };
    let Some(orders) = orders else {
        while let Err(error) = duties.compare().await {
            tracing::warn!(%error, "drivers of before are not forgotten yet");
            tokio::time::sleep(PAUSE).await;
        }
        return pending().await;
    };
    let mut orders = OrdersClient::new(orders);
    loop {
        let Err(ended) = duties.follow(&mut orders).await;
        tracing::warn!(%ended, "who drives is not followed");
        tokio::time::sleep(PAUSE).await;
    }
}

/// Vehicles by the drivers on duty. Nobody is on duty with two, and no vehicle has two on duty: the orders see to it.
struct Duties {
    analyst: Analyst,
    by_driver: HashMap<u32, u32>,
}

impl Duties {
    async fn follow(&mut self, orders: &mut OrdersClient<Transport>) -> Result<Infallible, Ended> {
        let mut changes = orders.follow(FollowRequest::default()).await?.into_inner();
        self.by_driver.clear();
        loop {
            match next(&mut changes).await?.what {
                Some(What::Driver(driver)) => {
                    self.by_driver.extend(vehicle(&driver).map(|vehicle| (driver.id, vehicle)));
                }
                Some(What::CaughtUp(_)) => break,
                Some(What::Order(_)) | None => {}
            }
        }
        self.compare().await?;
        loop {
            if let Some(What::Driver(driver)) = next(&mut changes).await?.what {
                self.take(&driver).await?;
            }
        }
    }

    /// Brings the analysis to what is known. Who left goes before who came, so that no trip is hers that is not.
    async fn compare(&self) -> Result<(), CommandError> {
        let told: HashMap<u32, u32> = self
            .analyst
            .all_facts()
            .await?
            .into_iter()
            .filter_map(|(vehicle, facts)| Some((vehicle, facts.driver?)))
            .collect();
        for (vehicle, driver) in &told {
            if self.by_driver.get(driver) != Some(vehicle) {
                self.set(*vehicle, None).await?;
            }
        }
        for (driver, vehicle) in &self.by_driver {
            if told.get(vehicle) != Some(driver) {
                self.set(*vehicle, Some(*driver)).await?;
            }
        }
        Ok(())
    }

    async fn take(&mut self, driver: &Driver) -> Result<(), CommandError> {
        let now = vehicle(driver);
        let before = self.by_driver.get(&driver.id).copied();
        if before == now {
            return Ok(());
        }
        if let Some(left) = before {
            self.by_driver.remove(&driver.id);
            self.set(left, None).await?;
        }
        if let Some(taken) = now {
            self.by_driver.insert(driver.id, taken);
            self.set(taken, Some(driver.id)).await?;
        }
        Ok(())
    }

    async fn set(&self, vehicle: u32, driver: Option<u32>) -> Result<(), CommandError> {
        match self.analyst.set_driver(vehicle, driver).await {
            // The other vehicles are told all the same.
            Err(CommandError::Fact(refused)) => {
                tracing::warn!(vehicle, %refused, "who drives is not known to the analysis");
                Ok(())
            }
            told => told,
        }
    }
}

async fn next(changes: &mut Streaming<Change>) -> Result<Change, Ended> {
    changes.message().await?.ok_or(Ended::Stopped)
}

/// The vehicle with which a driver is on duty.
fn vehicle(driver: &Driver) -> Option<u32> {
    Some(driver.vehicle).filter(|vehicle| driver.on_duty && *vehicle != 0)
}
