//! Terminals for a company's vehicles: enrolled through the API by the fleet's people, and bound on the chain.

use std::time::Duration;

use serde_json::{json, Value};
use smartlink_chain::{calls, telemetry, Account, Chain};
use smartlink_primitives::{telemetry::DeviceId, CompanyId, VehicleId};
use smartlink_simulator::Person;

use crate::{fleet, road::Fitted, staff::PATIENCE, Error};

/// Bindings in one transaction.
const ITEMS: usize = 100;
/// Terminals of a page.
const PAGE: u32 = 500;
/// Time between two looks at what the services have seen of the chain.
const LOOK: Duration = Duration::from_millis(500);

/// A company's fleet manager, with a wallet and the API.
pub struct FleetManager {
    /// Whose.
    pub company: CompanyId,
    /// Signs for the chain.
    pub wallet: Account,
    /// Asks the API.
    pub person: Person,
}

impl FleetManager {
    /// Enrols a terminal for each vehicle, binds it on the chain, and waits until the services have seen that. Vehicle
    /// number `n` of the company is the one that [`fleet::vehicle`] makes up.
    ///
    /// # Errors
    /// The API or the chain refuses, or the services do not see the bindings in time.
    pub async fn fit(
        &mut self,
        chain: &Chain,
        vehicles: &[VehicleId],
    ) -> Result<Vec<Fitted>, Error> {
        let mut fitted = Vec::with_capacity(vehicles.len());
        let mut bindings = Vec::with_capacity(vehicles.len());
        for (number, vehicle) in (0..).zip(vehicles) {
            let made = fleet::vehicle(self.company, number);
            let plate = made.map_err(|error| Error::Asked(error.to_string()))?.plate;
            let phone = format!("138{:02}{number:06}", self.company.0 % 100);
            let device = self.enrol(&phone, &plate, *vehicle).await?;
            bindings.push(telemetry::bind_device_in_batch(*vehicle, device, None));
            fitted.push(Fitted { phone, plate, trace: None });
        }
        while !bindings.is_empty() {
            let rest = bindings.split_off(bindings.len().min(ITEMS));
            chain.execute(&self.wallet, &calls::batch_all(bindings), PATIENCE).await?;
            bindings = rest;
        }
        let bound = tokio::time::timeout(PATIENCE, self.see_bound(fitted.len())).await;
        bound.map_err(|_| {
            Error::Asked(format!(
                "the services have not seen the bindings of devices after {PATIENCE:?}"
            ))
        })??;
        Ok(fitted)
    }

    /// Enrols one terminal, and says by which name the chain shall know it.
    async fn enrol(
        &mut self,
        phone: &str,
        plate: &str,
        vehicle: VehicleId,
    ) -> Result<DeviceId, Error> {
        let terminal = json!({
            "protocol": "jt808",
            "identity": phone,
            "details": { "plate": plate },
            "vehicle": vehicle.0,
        });
        let enrolled = self.person.ask("devices_enrol", terminal).await?;
        serde_json::from_value(enrolled["terminal"]["device_id"].clone()).map_err(|error| {
            Error::Asked(format!(
                "the API names no device of terminal {phone} ({error}): set devices.chain_salt"
            ))
        })
    }

    /// Waits until so many terminals are bound on the chain, as the services see it.
    async fn see_bound(&mut self, terminals: usize) -> Result<(), Error> {
        loop {
            let (mut bound, mut after) = (0, Value::Null);
            loop {
                let page = json!({ "after": after, "limit": PAGE });
                let page = self.person.ask("devices_list", page).await?;
                let all = page["terminals"].as_array().map_or(&[][..], Vec::as_slice);
                bound +=
                    all.iter().filter(|terminal| !terminal["bound_on_chain"].is_null()).count();
                after = page["next"].clone();
                if after.is_null() {
                    break;
                }
            }
            if bound >= terminals {
                return Ok(());
            }
            tokio::time::sleep(LOOK).await;
        }
    }
}
