//! What the company's vehicles are, for the analysis.

use std::collections::HashMap;

use smartlink_chain::{
    people,
    vehicles::{self, Change},
    At,
};
use smartlink_primitives::{vehicle::VehicleClass, CompanyId, VehicleId};
use smartlink_telemetry::{analysis::Class, Analyst, CommandError};

use super::ledger::{LedgerError, Mirror};

/// The classes of a company's vehicles, followed.
pub(super) struct Classes {
    pub(super) analyst: Analyst,
    pub(super) company: CompanyId,
}

/// What the rules for driving know a vehicle as. The chain's classes say what a vehicle is for, and never that it
/// is a coach or carries dangerous goods.
///
/// * Heavy on the chain is above 3.5 t, for the rules above 4.5 t: between the two it is judged as the heavier one, by the
///   lower thresholds.
/// * Refrigerated says nothing of the weight. In cities goods are kept cold in light trucks for the most part; their
///   limits of speed are the same, and a light truck that is judged as a heavy one would be called harsh for
///   driving as others of its kind do.
const fn class_of(class: VehicleClass) -> Class {
    match class {
        VehicleClass::Economy | VehicleClass::Comfort | VehicleClass::Premium => Class::Car,
        VehicleClass::Van => Class::Van,
        VehicleClass::LightTruck | VehicleClass::Refrigerated => Class::LightTruck,
        VehicleClass::HeavyTruck => Class::HeavyTruck,
    }
}

impl Classes {
    async fn set(&self, vehicle: VehicleId, class: Class) -> Result<(), LedgerError> {
        match self.analyst.set_class(vehicle.0, class).await {
            // The other vehicles are told all the same.
            Err(CommandError::Fact(refused)) => {
                tracing::warn!(vehicle = vehicle.0, %refused, "a vehicle's class is not known to the analysis");
                Ok(())
            }
            told => Ok(told?),
        }
    }

    /// A vehicle is the company's no more: what is said of such a one is said of nobody.
    async fn forget(&self, vehicle: VehicleId) -> Result<(), LedgerError> {
        self.set(vehicle, Class::default()).await
    }
}

impl Mirror for Classes {
    const WHAT: &'static str = "classes of vehicles";

    /// What it keeps meanwhile is 8 bytes for each vehicle whose class the analysis has or should have otherwise than
    /// as it takes them to be.
    async fn compare(&mut self, at: &At) -> Result<(), LedgerError> {
        let told = self.analyst.all_facts().await?.into_iter();
        let mut told: HashMap<u32, Class> = told
            .filter(|(_, facts)| facts.class != Class::default())
            .map(|(vehicle, facts)| (vehicle, facts.class))
            .collect();
        let mut wrong = Vec::new();
        let mut all = vehicles::vehicles(at).await?;
        while let Some((id, vehicle)) = all.next().await? {
            if vehicle.owner != self.company || vehicle.scrapped {
                continue;
            }
            let class = class_of(vehicle.class);
            if told.remove(&id.0).unwrap_or_default() != class {
                wrong.push((id, class));
            }
        }
        for (vehicle, class) in wrong {
            self.set(vehicle, class).await?;
        }
        for vehicle in told.into_keys() {
            self.forget(VehicleId(vehicle)).await?;
        }
        Ok(())
    }

    async fn take(&mut self, at: &At, change: Change) -> Result<(), LedgerError> {
        match change {
            Change::Registered { vehicle, owner, class } if owner == self.company => {
                self.set(vehicle, class_of(class)).await
            }
            Change::Transferred { vehicle, to, .. } if to == self.company => {
                match people::vehicle(at, vehicle).await? {
                    Some(bought) => self.set(vehicle, class_of(bought.class)).await,
                    None => Ok(()),
                }
            }
            Change::Transferred { vehicle, from, .. } if from == self.company => {
                self.forget(vehicle).await
            }
            // Of whatever company: nothing is said of others' vehicles.
            Change::Scrapped { vehicle } => self.forget(vehicle).await,
            _ => Ok(()),
        }
    }

    async fn ask(&mut self, _at: &At) -> Result<(), LedgerError> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trucks_are_told_from_cars() {
        assert_eq!(class_of(VehicleClass::Economy), Class::Car);
        assert_eq!(class_of(VehicleClass::Van), Class::Van);
        assert_eq!(class_of(VehicleClass::HeavyTruck), Class::HeavyTruck);
        assert_eq!(class_of(VehicleClass::Refrigerated), Class::LightTruck);
    }
}
